"""Conversations are kept as they were, found again and removed; feedback becomes cases that the suite can read."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_cases import Run, command_runner, one_line
from fakes import HashedWords
from web_fakes import GUIDANCE, QUOTE, abstention, citation, cited_answer

from assistant import workbook
from assistant.assistant import Assistant
from assistant.conversations import Asked, Feedback, Judged, evaluation_case, write_feedback
from assistant.corpus import bundled_documents
from assistant.errors import AssistantError, WorkspaceError
from assistant.follow_ups import near_questions
from assistant.settings import Settings
from assistant.types import (
    Answer,
    ChecklistAnswer,
    Evidence,
    Fact,
    Passage,
    Question,
    SectionDraft,
    Statement,
    Support,
    Turn,
    UnitKind,
)
from assistant.workbook import Workbook
from eval.suite.cases import load_folder

TALK, OTHER = "0" * 32, "1" * 32
CODE = "131052-308T"  # the example of the DVV
DRAFT = SectionDraft("good-relations", "Good relations", "Mallikylä", "2026-11-22", "extractive", ())

run = pytest.fixture(command_runner)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Workbook]:
    book = Workbook(tmp_path / "workspace" / "workbook.sqlite")
    yield book
    book.close()


def ask(book: Workbook, question: str, talk: str = TALK, answer: Answer | None = None) -> Asked:
    answer = answer or cited_answer(question)
    return book.keep_asked(talk, Asked(question, answer=answer), municipality="Mallikylä")


def test_conversation_comes_back_as_it_was_also_when_opened_again(book: Workbook) -> None:
    first = ask(book, "Must we plan?")
    second = book.keep_asked(TALK, Asked("Draft the section on good relations", draft=DRAFT), municipality=None)
    third = book.keep_asked(
        TALK, Asked("Checklist", checklist=ChecklistAnswer("a", "A", None, "2026-11-22", ())), municipality=None
    )
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    book.close()
    again = Workbook(book.path)
    assert again.conversation(TALK) == [first, second, third]
    (listed,) = again.conversations()
    assert (listed.title, listed.municipality, listed.questions) == ("Must we plan?", "Mallikylä", 3)
    assert listed.latest == third.at
    again.close()


def test_newest_conversation_is_listed_first_and_a_long_question_is_cut(
    book: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter(f"2026-11-22T08:00:0{n}+00:00" for n in range(9))
    monkeypatch.setattr(workbook, "_now", lambda: next(times))
    ask(book, "word " * 60)
    ask(book, "second", OTHER)
    assert [one.id for one in book.conversations()] == [OTHER, TALK]
    ask(book, "again")
    first = book.conversations()[0]
    assert first.id == TALK
    assert len(first.title) <= 90


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 2),
        ("   ", 2),
        ("KYSYMYS", 1),
        ("hyvät suhteet", 1),
        ("general OBLIGATION", 2),  # in the answers
        ("hyvät obligation", 1),
        ("kysymys puuttuu", 0),
        ("100 %", 0),
        ("_", 0),
        ("'; DROP TABLE asked; --", 0),
        ("\ud800", 0),  # half a character, which a paste may bring
    ],
)
def test_conversations_are_found_by_all_words(book: Workbook, words: str, found: int) -> None:
    ask(book, "Kysymys: hyvät  suhteet?")
    ask(book, "Something else", OTHER)
    assert len(book.conversations(words)) == found


def test_removed_conversation_is_gone_with_its_feedback(book: Workbook) -> None:
    ask(book, "secret words")
    ask(book, "kept", OTHER)
    book.keep_feedback(TALK, 1, helpful=True, note="secret note")
    book.remove_conversation(TALK)
    assert [one.id for one in book.conversations()] == [OTHER]
    assert book.judged() == []
    with pytest.raises(AssistantError, match="not there any more"):
        book.conversation(TALK)
    with pytest.raises(AssistantError, match="not kept"):
        book.keep_feedback(TALK, 1, helpful=True)


def test_identity_codes_are_masked_in_all_that_is_kept(book: Workbook) -> None:
    ask(book, f"Does {CODE} count?")
    book.keep_feedback(TALK, 1, helpful=False, note=f"It was {CODE}.")
    book.close()
    with sqlite3.connect(book.path) as connection:
        kept = "\n".join(connection.iterdump())
    assert "308T" not in kept
    assert "\\u2588" in kept


def test_latest_word_on_an_answer_counts(book: Workbook) -> None:
    ask(book, "Must we plan?")
    book.keep_feedback(TALK, 1, helpful=False, note="No.")
    latest = book.keep_feedback(TALK, 1, helpful=True, note="  Yes,\n after all. ")
    assert (latest.helpful, latest.note) == (True, "Yes, after all.")
    assert book.conversation(TALK)[0].feedback == latest
    (judged,) = book.judged()
    assert judged.asked.feedback == latest


def test_two_tabs_that_go_on_with_one_conversation_lose_no_answer(book: Workbook) -> None:
    threads = [threading.Thread(target=ask, args=(book, f"question {n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = book.conversation(TALK)
    assert [one.number for one in kept] == list(range(1, 9))
    assert {one.question for one in kept} == {f"question {n}" for n in range(8)}


def test_workbook_of_an_older_format_gets_its_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "workbook.sqlite"
    with monkeypatch.context() as older:
        older.setattr(workbook, "_STEPS", workbook._STEPS[:2])
        Workbook(path).close()
    book = Workbook(path)
    ask(book, "Must we plan?")
    assert len(book.conversations()) == 1
    book.close()


def test_damaged_record_is_told_in_one_line(book: Workbook) -> None:
    ask(book, "Must we plan?")
    book.close()
    with sqlite3.connect(book.path) as connection:
        connection.execute("UPDATE asked SET record = '{'")
    with pytest.raises(WorkspaceError, match="cannot be used"):
        book.conversation(TALK)


# Cases for the suite.


def _said(helpful: bool, note: str = "") -> Feedback:
    return Feedback(helpful, note, "2026-11-22T08:00:00+00:00")


def _bundled_quote() -> str:
    _, document = next(bundled_documents())
    block = next(block for block in document.blocks if block.fact)
    return document.text[block.start : block.end]


def test_helpful_answer_becomes_a_case_that_the_suite_reads(tmp_path: Path) -> None:
    quote = _bundled_quote()
    answer = replace(cited_answer("And who?"), citations=(citation(1, quote=quote), citation(2, quote=quote[:40])))
    asked = Asked("And who?", 2, "2026-11-22T08:00:00+00:00", answer, feedback=_said(True, "Right."))
    assert write_feedback([Judged(TALK, asked, ("Must we plan?",))], tmp_path / "mine.jsonl") == 1
    found = load_folder(tmp_path)
    assert found.invalid == []
    (case,) = found.cases
    assert case.turns == ("Must we plan?", "And who?")
    assert (case.behaviour, case.as_of, case.language) == ("answer", "2026-11-22", "en")
    assert case.vital[0].pattern.search(quote)
    assert [nugget.vital for nugget in case.nuggets] == [True, False, False]
    assert "Right." in case.why


@pytest.mark.parametrize(
    ("answer", "helpful", "behaviour"),
    [
        (cited_answer("?"), False, "any"),  # what would have been right, nobody said
        (abstention("?"), True, "abstain"),
        (abstention("?"), False, "answer"),
        (
            replace(
                cited_answer("?"),
                citations=(citation(1, source=replace(GUIDANCE, digest=False)),),
                statements=(Statement(QUOTE, (1,), Support.QUOTED),),
            ),
            True,
            "any",  # the suite has no documents but ours
        ),
    ],
)
def test_case_expects_no_more_than_was_said(tmp_path: Path, answer: Answer, helpful: bool, behaviour: str) -> None:
    asked = Asked("?", 1, "2026-11-22T08:00:00+00:00", answer, feedback=_said(helpful, "A note."))
    case = evaluation_case(Judged(TALK, asked))
    assert case["behaviour"] == behaviour
    assert case["vital"] == ()
    assert case["why"].endswith("A note.")
    write_feedback([Judged(TALK, asked)], tmp_path / "mine.jsonl")
    assert load_folder(tmp_path).invalid == []


def test_command_writes_the_feedback_of_a_workspace(run: Run, book: Workbook, tmp_path: Path) -> None:
    out = tmp_path / "cases" / "mine.jsonl"
    assert "No answer has been judged yet." in one_line(run("feedback", "--out", out))
    ask(book, "Must we plan?")
    book.keep_feedback(TALK, 1, helpful=False)
    assert "Name another file with --out." in one_line(run("feedback", "--out", out))
    assert "cannot be written" in one_line(run("feedback", "--out", tmp_path))
    out.parent.mkdir()
    result = run("feedback", "--out", out)
    assert result.exit_code == 0
    assert "1 judged answer in" in result.stdout
    (row,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert row["kind"] == "feedback, not right"
    assert row["cited"] == [GUIDANCE.source_id] * 2
    assert list(out.parent.iterdir()) == [out]


# Questions to go on with.


def fact(position: int, question: str, *, heading: str = "Plan", **changes: object) -> Passage:
    known = Fact(f"s/{position}", {"en": ("key words", question)}, "official guidance")
    start = position * 10
    return Passage(
        f"s:{start}-{start + 9}", "koto24-planning", start, start + 9, "x" * 9, UnitKind.SENTENCE, position, position,
        headings=("Title", heading), fact=replace(known, **changes),  # type: ignore[arg-type]
    )  # fmt: skip


FACTS = [
    fact(0, "What does the cited one say?"),
    fact(1, "Which duty stands beside it?"),
    fact(2, "Who pays for interpreters?", heading="Money"),
    fact(3, "Which objectives are recorded?"),
    fact(4, "When was the old law repealed?", valid_to="2024-12-31"),
    fact(5, "What would the bill change?", pending=True),
    fact(6, "What is still open?", certainty="not established"),
    fact(7, "What never began?", never_in_force=True),
]
CITED = replace(
    cited_answer("Must municipalities plan?"), citations=(replace(citation(1), start=0, end=9),), statements=()
)


def test_questions_come_from_facts_beside_the_cited_ones() -> None:
    assert list(near_questions(CITED, FACTS, ())) == ["Which duty stands beside it?", "Which objectives are recorded?"]
    found = list(near_questions(CITED, FACTS, [FACTS[2], FACTS[3], FACTS[0]]))
    assert found == ["Which objectives are recorded?", "Who pays for interpreters?", "Which duty stands beside it?"]


@pytest.mark.parametrize("asked", ["Which DUTY stands beside it", "What duty is it that stands beside?"])
def test_question_that_was_asked_is_not_offered_again(asked: str) -> None:
    assert list(near_questions(CITED, FACTS, (), asked=[asked])) == ["Which objectives are recorded?"]
    assert list(near_questions(replace(CITED, question=asked), FACTS, ())) == ["Which objectives are recorded?"]


def test_no_question_is_offered_in_another_language_or_without_the_corpus(tmp_path: Path) -> None:
    assert list(near_questions(replace(CITED, language="sv"), FACTS, ())) == []
    with Assistant(Settings(workspace=tmp_path, corpus="none"), embedder=HashedWords()) as assistant:
        assert assistant.follow_ups(CITED) == []


@pytest.mark.model
@pytest.mark.parametrize(
    "question",
    [
        "Who should take part in preparing the plan?",
        "Pitääkö kunnalla edelleen olla kotouttamisohjelma erillisenä asiakirjana?",
        "Hur bör planen följas upp?",
    ],
)
def test_questions_that_are_offered_are_answered_in_the_same_language(shipped: Assistant, question: str) -> None:
    answer = shipped.ask(question)
    conversation = [Turn(question, answer)]
    offered = shipped.follow_ups(answer, conversation=conversation)
    assert 2 <= len(offered) <= 3
    for follow_up in offered:
        given = shipped.ask(follow_up, conversation=conversation)
        assert not given.abstained, follow_up
        assert given.language == answer.language


@pytest.mark.model
def test_question_is_searched_once_for_its_answer_and_the_questions_near_it(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question, searched = "Who should take part in preparing the plan?", []
    search = shipped._retriever.retrieve

    def counted(read: Question, **options: Any) -> Evidence:
        searched.append(read.text)
        return search(read, **options)

    monkeypatch.setattr(shipped._retriever, "retrieve", counted)
    answer = shipped.ask(question)
    offered = shipped.follow_ups(answer)
    assert searched.count(question) == 1
    assert len(searched) == len(set(searched)) > len(offered) > 0
    shipped._found.clear()  # an answer that the program gave before it was started again
    assert shipped.follow_ups(answer) == offered
    assert searched.count(question) == 2


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(workspace=tmp_path_factory.mktemp("workspace")) as assistant:
        yield assistant
