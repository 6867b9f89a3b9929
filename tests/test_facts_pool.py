"""The facts of the bundled corpus are found by their stored questions, and answered for the day asked about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import HashedWords

from assistant import Assistant, corpus
from assistant.precedence import in_force_first
from assistant.question import read_question
from assistant.settings import Settings
from assistant.types import Answer, Block, Currency, Hit, Kind, Passage, Source, UnitKind, WarningCode

ROWS: list[dict[str, Any]] = [
    {"source_id": "new-act", "kind": "law", "title": "New Act 681/2023", "law_basis": "681/2023"},
    {"source_id": "old-act", "kind": "law", "title": "Old Act 1386/2010", "law_basis": "1386/2010"},
    {"source_id": "reform", "kind": "guidance", "title": "Reform", "pending": True},
]
FACTS: dict[str, list[dict[str, Any]]] = {
    "new-act": [
        {
            "text": "Nobody has to sign our paper: section 45 of Act 681/2023 lays down no council approval of a plan.",
            "questions": {
                "en": ["Does anybody have to sign off our paper on newcomers?"],
                "fi": ["Pitääkö valtuuston hyväksyä suunnitelma?"],
                "sv": ["Måste fullmäktige godkänna planen?"],
            },
            "valid_from": "2025-01-01",
        },
        {
            "text": "Section 45 of Act 681/2023 as enacted asked for a report every two years, which never began.",
            "questions": {"en": ["When is our next report due?"]},
            "never_in_force": True,
        },
        {
            "text": "The yearly sum of section 61 of Act 681/2023 is EUR 2,052 a person.",
            "questions": {"en": ["How much money do we get a year?"]},
            "valid_from": "2025-01-01",
            "certainty": "not established",
            "currency_note": "Sums after 2025 were not seen.",
        },
    ],
    "old-act": [
        {
            "text": "Section 32 of Act 1386/2010 had the council approve the programme document every four years.",
            "questions": {"en": ["Does the council have to approve our paper on newcomers?"]},
            "valid_from": "2011-09-01",
            "valid_to": "2024-12-31",
        },
    ],
    "reform": [
        {
            "text": "The Government aims to remove municipal integration duties from 1 January 2027.",
            "questions": {"en": ["Are the duties of towns going to end?"]},
        },
    ],
}


@pytest.fixture
def assistant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    folder = tmp_path / "corpus"
    (folder / "facts").mkdir(parents=True)
    (folder / "background.txt").write_text("building permits\n", encoding="utf-8")
    (folder / "manifest.jsonl").write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    for source_id, facts in FACTS.items():
        rows = [
            {"id": f"{source_id}/{n}", "heading": f"Part {n}", "certainty": "statute text seen", "questions": {}} | fact
            for n, fact in enumerate(facts, start=1)
        ]
        (folder / "facts" / f"{source_id}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    documents, digest = corpus.bundled_documents, corpus.corpus_digest
    monkeypatch.setattr(corpus, "bundled_documents", lambda: documents(folder))
    monkeypatch.setattr(corpus, "corpus_digest", lambda: digest(folder))
    monkeypatch.setattr("assistant.retrieval.is_enough", lambda found: True)
    settings = Settings(workspace=tmp_path / "workspace", corpus="bundled", model="")
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        yield opened


def text_of(answer: Answer) -> str:
    return "\n".join(statement.text for statement in answer.statements)


@pytest.mark.parametrize(
    "question",
    [
        "Does anybody have to sign off our paper on newcomers?",
        "Pitääkö valtuuston hyväksyä suunnitelma?",
        "Måste fullmäktige godkänna planen?",
    ],
)
def test_fact_is_found_by_a_question_stored_with_it(assistant: Assistant, question: str) -> None:
    evidence = assistant.retrieve(question, as_of="2026-11-22")
    assert evidence.hits[0].passage.text.startswith("Nobody has to sign our paper")


def test_stored_question_is_never_shown(assistant: Assistant) -> None:
    answer = assistant.ask("Does anybody have to sign off our paper on newcomers?", as_of="2026-11-22")
    shown = text_of(answer) + " ".join(c.quote for c in answer.citations) + " ".join(w.message for w in answer.warnings)
    assert "sign off" not in shown


@pytest.mark.parametrize(
    ("as_of", "there", "not_there"),
    [("2026-11-22", "no council approval", "every four years"), ("2024-06-01", "every four years", "no council")],
)
def test_law_of_the_day_answers(assistant: Assistant, as_of: str, there: str, not_there: str) -> None:
    answer = assistant.ask("Does the council have to approve our paper on newcomers?", as_of=as_of)
    first = answer.statements[0].text
    assert there in first
    assert not_there not in first
    assert answer.citations[0].currency is Currency.CURRENT


def test_day_named_in_the_question_is_the_day_of_the_answer(assistant: Assistant) -> None:
    answer = assistant.ask("Did the council have to approve our paper on newcomers in 2023?")
    assert answer.as_of == "2023-12-31"
    assert "every four years" in answer.statements[0].text


def test_repealed_act_that_is_named_is_answered_with_a_warning(assistant: Assistant) -> None:
    answer = assistant.ask("What did Act 1386/2010 say of the council and the programme document?", as_of="2026-11-22")
    assert "every four years" in text_of(answer)
    assert WarningCode.OUTDATED_SOURCE in {w.code for w in answer.warnings}


def test_rule_that_never_began_is_said_to_be_one(assistant: Assistant) -> None:
    answer = assistant.ask("When is our next report due?", as_of="2026-11-22")
    (cited,) = [c for c in answer.citations if "every two years" in c.quote]
    assert cited.currency is Currency.NEVER_IN_FORCE
    assert WarningCode.NEVER_IN_FORCE in {w.code for w in answer.warnings}


def test_rule_that_ended_and_that_the_question_rests_on_stands_last_and_is_named(assistant: Assistant) -> None:
    asked = "We take our paper on newcomers to the council for approval every four years, by whom is it signed?"
    answer = assistant.ask(asked, as_of="2026-11-22")
    assert "every four years" in answer.statements[-1].text
    assert "every four years" not in answer.statements[0].text
    (warning,) = [w for w in answer.warnings if w.code is WarningCode.OUTDATED_SOURCE]
    assert "2024-12-31" in warning.message
    assert warning.citations == answer.statements[-1].citations
    neutral = assistant.ask("Who signs our paper on newcomers for the council?", as_of="2026-11-22")
    assert WarningCode.OUTDATED_SOURCE not in {w.code for w in neutral.warnings}


def test_section_that_never_began_is_answered_however_little_else_is_asked(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.retrieval.is_enough", lambda found: False)
    monkeypatch.setattr("assistant.currency._never_begun", lambda: frozenset({"61"}))
    assert assistant.retrieve("Is section 61 our duty?", as_of="2026-11-22").sufficient
    assert not assistant.retrieve("Is section 61 our duty?", as_of="2024-06-01").sufficient
    assert not assistant.retrieve("Is section 45 our duty?", as_of="2026-11-22").sufficient


def test_aim_is_no_law(assistant: Assistant) -> None:
    answer = assistant.ask("Are the duties of towns going to end?", as_of="2026-11-22")
    assert WarningCode.NOT_IN_FORCE_YET in {w.code for w in answer.warnings}


def test_what_is_not_established_is_said_to_be_so(assistant: Assistant) -> None:
    answer = assistant.ask("How much money do we get a year?", as_of="2026-11-22")
    (warning,) = [w for w in answer.warnings if w.code is WarningCode.NOT_ESTABLISHED]
    assert "Sums after 2025 were not seen." in warning.message


def hit(currency: Currency, score: float, *, law_basis: str | None = None) -> Hit:
    name = f"{currency}{score}"
    passage = Passage(f"{name}:0-1", name, 0, 1, "x", UnitKind.SENTENCE, 0, 0)
    return Hit(passage, Source(name, Kind.LAW, name, law_basis=law_basis), score, currency=currency)


CURRENT, OUTDATED, NEVER = Currency.CURRENT, Currency.OUTDATED, Currency.NEVER_IN_FORCE


@pytest.mark.parametrize(
    ("hits", "kept"),
    [
        ([], []),
        ([(OUTDATED, -1.0), (CURRENT, -2.0)], [(CURRENT, -2.0)]),
        ([(OUTDATED, -1.0), (CURRENT, -9.0)], [(OUTDATED, -1.0), (CURRENT, -9.0)]),  # nothing current speaks of it
        ([(OUTDATED, -1.0)], [(OUTDATED, -1.0)]),
        ([(CURRENT, -1.0), (NEVER, -1.2)], [(CURRENT, -1.0), (NEVER, -1.2)]),
        ([(CURRENT, -1.0), (NEVER, -1.5)], [(CURRENT, -1.0)]),
    ],
)
def test_what_is_in_force_speaks_first(hits: list[tuple[Currency, float]], kept: list[tuple[Currency, float]]) -> None:
    question = read_question("What applies?", max_chars=100)
    found = in_force_first([hit(*x) for x in hits], question)
    assert [(h.currency, h.score) for h in found] == kept


def test_act_named_in_the_question_is_wanted() -> None:
    question = read_question("What did Act 1386/2010 ask for?", max_chars=100)
    old, new = hit(OUTDATED, -1.0, law_basis="1386/2010"), hit(CURRENT, -2.0)
    assert in_force_first([old, new], question) == [old, new]


def test_facts_without_stored_questions_are_found_by_their_words(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = corpus.bundled_documents

    def bare(block: Block) -> Block:
        return replace(block, fact=replace(block.fact, questions={})) if block.fact else block

    monkeypatch.setattr(
        corpus,
        "bundled_documents",
        lambda: ((source, replace(d, blocks=tuple(map(bare, d.blocks)))) for source, d in documents()),
    )
    evidence = assistant.retrieve("What is the yearly sum of section 61 of Act 681/2023?", as_of="2026-11-22")
    assert evidence.hits[0].passage.text.startswith("The yearly sum")
