"""Drafts in a person's hands: what is accepted, changed, left out or put in stands, and its citations hold."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from plan_cases import DAY, HERE, MALLIKYLA, MEETINGS, OTHER, PROGRAMME, add, open_assistant
from web_fakes import citation

from assistant import editing
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.planning import Planning
from assistant.shown import copied_statements
from assistant.types import (
    Answer,
    BlockRole,
    Cell,
    DraftBlock,
    Placeholder,
    SectionDraft,
    Statement,
    StatementState,
    Support,
    Version,
    WarningCode,
)

SECTION = "good-relations"
GAP = Placeholder("good-relations.x", "How?", "Somebody", "Somewhere")
TEXT = "Village evenings are held at Myllytupa. They are free of charge."


def draft(*statements: Statement, rows: Sequence[Sequence[Cell]] = ()) -> SectionDraft:
    """A section with one block of prose, and a table of two columns where rows are given."""
    blocks = [DraftBlock("Own", BlockRole.OWN, statements)]
    if rows:
        words = tuple(Statement(f"Aim: {a.text}; Who: {b.text}", a.citations, Support.SUPPORTED) for a, b in rows)
        blocks.append(DraftBlock("Table", BlockRole.OBJECTIVES, words, ("Aim", "Who"), tuple(map(tuple, rows))))
    return SectionDraft(
        SECTION,
        "Good relations",
        HERE,
        DAY,
        "extractive",
        tuple(blocks),
        (GAP,),
        (citation(1), citation(2, quote="Trust")),
    )


PLAIN = draft(
    Statement(TEXT, (1,), Support.QUOTED),
    Statement(f"Groups get on {GAP.mark}.", (), Support.UNSUPPORTED),
    rows=[(Cell("Trust", (2,)), Cell(GAP.mark))],
)


def as_said(text: str, numbers: Sequence[int]) -> tuple[tuple[int, ...], Support]:
    """Lets stand what is a part of TEXT, with all its citations."""
    return (tuple(numbers), Support.SUPPORTED) if numbers and text in TEXT else ((), Support.UNSUPPORTED)


# Accepting, leaving out, taking back.


def test_open_question_cannot_be_accepted_and_is_not_counted_as_a_statement() -> None:
    found = editing.accept(PLAIN, [(0, 0), (0, 1), (1, 0)])
    assert [s.state for s in found.blocks[0].statements] == [StatementState.ACCEPTED, StatementState.DRAFTED]
    assert editing.standing(found) == editing.Standing(1, 1, 1)


def test_what_is_left_out_is_in_no_file_and_its_question_is_no_longer_open() -> None:
    found = editing.leave_out(editing.leave_out(PLAIN, (0, 1)), (1, 0))
    assert found.placeholders == ()
    assert found.closed == (GAP,)
    assert [len(block.statements) for block in editing.finished(found).blocks] == [1]
    back = editing.undo(found, (0, 1))
    assert back.placeholders == (GAP,)
    assert editing.finished(PLAIN) is PLAIN


@pytest.mark.parametrize("place", [(0, 9), (7, 0), (-1, 0), (0, -1)])
def test_statement_that_is_not_there_is_told(place: tuple[int, int]) -> None:
    for call in (
        lambda: editing.accept(PLAIN, [place]),
        lambda: editing.undo(PLAIN, place),
        lambda: editing.words_at(PLAIN, place),
    ):
        with pytest.raises(AssistantError, match="Open the section again"):
            call()


# Other words.


def test_sentence_that_holds_keeps_its_citation_and_one_that_does_not_stands_as_own_words() -> None:
    found = editing.reword(PLAIN, (0, 0), ["They are free of charge. Coffee is served."], as_said)
    first, second = found.blocks[0].statements[:2]
    assert (first.text, first.citations, first.own_words) == ("They are free of charge.", (1,), False)
    assert (second.text, second.citations, second.own_words) == ("Coffee is served.", (), True)
    assert second.continues
    assert first.state is second.state is StatementState.ACCEPTED
    assert editing.undo(found, (0, 0)) == PLAIN


def test_words_that_return_to_the_quote_have_their_citation_again() -> None:
    found = editing.reword(PLAIN, (0, 0), ["Nothing of it."], as_said)
    assert found.blocks[0].statements[0].citations == ()
    again = editing.reword(found, (0, 0), ["They are free of charge."], as_said)
    assert again.blocks[0].statements[0].citations == (1,)
    assert editing.reword(again, (0, 0), [TEXT], as_said) == PLAIN


def test_list_in_other_words_is_own_words_whole() -> None:
    found = editing.reword(PLAIN, (0, 0), ["They are free of charge.\n- and warm"], as_said)
    assert found.blocks[0].statements[0].own_words
    assert len(found.blocks[0].statements) == 2


@pytest.mark.parametrize("role", [BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS])
def test_own_words_never_stand_under_what_law_or_guidance_says(role: BlockRole) -> None:
    law = replace(PLAIN, blocks=(replace(PLAIN.blocks[0], role=role, heading="What the law requires"),))
    with pytest.raises(AssistantError, match=r"What the law requires.*they do not say: “Coffee is served\.”"):
        editing.reword(law, (0, 0), ["They are free of charge. Coffee is served."], as_said)
    shorter = editing.reword(law, (0, 0), ["They are free of charge."], as_said)
    assert shorter.blocks[0].statements[0].citations == (1,)


@pytest.mark.parametrize(("texts", "words"), [(["  \n "], "Nothing is left"), (["x" * 5_001], "5,001 characters")])
def test_empty_or_endless_text_is_refused(texts: list[str], words: str) -> None:
    with pytest.raises(AssistantError, match=words):
        editing.reword(PLAIN, (0, 0), texts, as_said)


def test_answered_question_stands_in_its_sentence_as_own_words() -> None:
    text = editing.filled_in(editing.words_at(PLAIN, (0, 1)), GAP.id, " well, says the youth work. ")
    found = editing.reword(editing.leave_out(PLAIN, (1, 0)), (0, 1), [text], as_said)
    statement = found.blocks[0].statements[1]
    assert statement.text == "Groups get on well, says the youth work."
    assert statement.own_words
    assert found.closed == (GAP,)
    with pytest.raises(AssistantError, match="no longer open"):
        editing.filled_in(statement.text, GAP.id, "again")
    with pytest.raises(AssistantError, match="Nothing was typed"):
        editing.filled_in(GAP.mark, GAP.id, " ")


def test_answer_that_is_a_whole_sentence_takes_the_place_of_the_one_begun() -> None:
    text = f"Much is known. Groups get on {GAP.mark}. More follows."
    answered = editing.filled_in(text, GAP.id, "In May 2026 the groups got on well.")
    assert answered == "Much is known. In May 2026 the groups got on well. More follows."
    assert editing.filled_in(text, GAP.id, "Well.") == "Much is known. Groups get on Well. More follows."


def test_changed_cell_of_a_row_is_own_words_and_the_other_cells_keep_the_citation() -> None:
    filled = draft(Statement(TEXT, (1,), Support.QUOTED), rows=[(Cell("Trust", (2,)), Cell("Culture services"))])
    found = editing.reword(filled, (1, 0), ["More trust", "Culture services"], as_said)
    cells = found.blocks[1].rows[0]
    assert cells == (Cell("More trust", (), own_words=True), Cell("Culture services", (2,)))
    assert found.blocks[1].statements[0].text == "Aim: More trust; Who: Culture services"
    assert found.blocks[1].statements[0].citations == (2,)
    assert editing.undo(found, (1, 0)).blocks[1] == filled.blocks[1]
    same = editing.reword(filled, (1, 0), ["Trust", "Culture services"], as_said)
    assert same.blocks[1] == filled.blocks[1]
    with pytest.raises(AssistantError, match="2 cells"):
        editing.reword(filled, (1, 0), ["one"], as_said)


def test_question_of_a_row_that_is_not_answered_stays_open() -> None:
    found = editing.reword(PLAIN, (1, 0), ["More trust", ""], as_said)
    assert found.blocks[1].rows[0][1].text == GAP.mark
    assert found.blocks[1].statements[0].state is StatementState.DRAFTED
    assert found.placeholders == (GAP,)


# Into a new draft.


def test_what_was_decided_stands_in_the_new_draft_and_its_citations_resolve() -> None:
    old = editing.reword(PLAIN, (0, 0), ["They are free of charge. Coffee is served."], as_said)
    old = editing.reword(old, (1, 0), ["Trust", "Culture services"], as_said)
    new = replace(
        draft(
            Statement("Something else.", (1,), Support.QUOTED),
            Statement(TEXT, (2,), Support.QUOTED),
            rows=[(Cell("Trust", (1,)), Cell(GAP.mark))],
        ),
        citations=(citation(1, quote="Something else."), citation(2)),
    )
    found = editing.carried_over(old, new)
    texts = [s.text for s in found.blocks[0].statements]
    assert texts == ["Something else.", "They are free of charge.", "Coffee is served."]
    assert found.blocks[1].rows[0][1] == Cell("Culture services", (), own_words=True)
    by_id = {c.id: c for c in found.citations}
    assert len(by_id) == len(found.citations)
    assert by_id[found.blocks[0].statements[1].citations[0]].quote == citation(1).quote
    assert found.placeholders == ()


def test_statement_whose_part_is_gone_gets_its_part_back_and_what_was_left_out_stays_out() -> None:
    old = editing.leave_out(editing.accept(PLAIN, [(0, 0)]), (1, 0))
    new = replace(draft(), blocks=(DraftBlock("New", BlockRole.OWN, PLAIN.blocks[0].statements[1:]), PLAIN.blocks[1]))
    found = editing.carried_over(old, new)
    assert [block.heading for block in found.blocks] == ["New", "Table", "Own"]
    assert found.blocks[1].statements[0].state is StatementState.LEFT_OUT
    assert found.blocks[2].statements == editing.accept(PLAIN, [(0, 0)]).blocks[0].statements[:1]
    assert editing.carried_over(PLAIN, new) is new


# Versions beside each other.


def test_words_that_changed_between_versions_are_told_word_by_word() -> None:
    newer = editing.reword(PLAIN, (0, 0), [TEXT.replace("Village", "Weekly")], as_said)
    parts = [part for change in editing.compare(PLAIN, newer) for part in change.parts]
    assert ("removed", "Village") in parts
    assert ("added", "Weekly") in parts
    assert ("same", " evenings are held at Myllytupa.") in parts
    assert editing.compare(PLAIN, editing.accept(PLAIN, [(0, 0)])) == []
    assert editing.compare(PLAIN, editing.leave_out(PLAIN, (0, 0))) == [editing.Change("Own", (("removed", TEXT),))]


# With the documents.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with open_assistant(folder / "workspace", corpus="none") as assistant:
        add(assistant, folder, [*MALLIKYLA, PROGRAMME])
    return folder / "workspace"


@pytest.fixture
def assistant(made: Path, tmp_path: Path) -> Iterator[Assistant]:
    shutil.copytree(made, tmp_path / "workspace")
    with open_assistant(tmp_path / "workspace", corpus="none") as opened:
        yield opened


@pytest.fixture
def planning(assistant: Assistant) -> Planning:
    return assistant.planning


@pytest.fixture
def first(planning: Planning) -> Version:
    return planning.redraft(SECTION, as_of=DAY, who="Aino")


def place_of(version: Version, words: str) -> editing.Place:
    """Where a statement with these words stands."""
    return next(
        (b, n) for b, block in enumerate(version.draft.blocks) for n, s in enumerate(block.statements)
        if words in s.text
    )  # fmt: skip


def at(version: Version, place: editing.Place) -> Statement:
    return version.draft.blocks[place[0]].statements[place[1]]


def test_edited_statement_is_checked_against_its_quotes(planning: Planning, first: Version) -> None:
    place = place_of(first, MEETINGS)
    shorter = planning.reword(
        SECTION, place, [f"{MEETINGS} The number of visitors doubles in 2027."], who="Aino", seen=first.number
    )
    assert at(shorter, place).text == MEETINGS
    assert at(shorter, place).citations == at(first, place).citations
    more = at(shorter, (place[0], place[1] + 1))
    assert (more.own_words, more.citations) == (True, ())
    wrong = planning.reword(
        SECTION, place, [MEETINGS.replace("every week", "every day")], who="Aino", seen=shorter.number
    )
    assert at(wrong, place).own_words
    assert at(wrong, place).citations == ()
    assert [v.why for v in planning.versions(SECTION)] == ["drafted", "edited", "edited"]
    assert at(planning.undo(SECTION, place, who="Aino", seen=wrong.number), place) == at(first, place)


def test_own_words_that_follow_another_programme_are_found_at_once(planning: Planning, first: Version) -> None:
    place = place_of(first, MEETINGS)
    theirs = (
        "Neighbourhood mediation by Sovintola is in use in all rental areas and supports good relations between "
        "population groups."
    )
    found = planning.reword(SECTION, place, [theirs], who="Aino", seen=first.number)
    assert place in copied_statements(found.draft)
    out = planning.leave_out(SECTION, place, who="Aino", seen=found.number)
    assert place not in copied_statements(out.draft)
    assert theirs not in repr(planning.for_export())


def test_open_question_is_answered_in_place(planning: Planning, first: Version) -> None:
    gap = next(p for p in first.draft.placeholders if "objective" not in p.id)
    place = place_of(first, gap.mark)
    found = planning.fill_in(SECTION, place, gap.id, "asked of everybody in 2027", who="Aino", seen=first.number)
    assert "asked of everybody in 2027" in at(found, place).text
    assert at(found, place).own_words
    assert gap in found.draft.closed
    with pytest.raises(AssistantError, match="no longer open"):
        planning.fill_in(SECTION, place, gap.id, "again", who="Aino", seen=found.number)


def test_two_tabs_on_one_section_lose_nothing(planning: Planning, first: Version) -> None:
    place = place_of(first, MEETINGS)
    other = place_of(first, first.draft.placeholders[0].mark)
    mine = planning.accept(SECTION, [place], who="Aino", seen=first.number)
    theirs = planning.leave_out(SECTION, other, who="Eero", seen=first.number)
    assert theirs.beside == (mine.number,)
    assert at(theirs, place).state is StatementState.ACCEPTED
    assert at(theirs, other).state is StatementState.LEFT_OUT
    clash = planning.reword(SECTION, other, ["All is well."], who="Aino", seen=first.number)
    assert clash.beside == (mine.number, theirs.number)
    assert at(clash, other).text == "All is well."
    assert len(planning.versions(SECTION)) == 4


def test_heads_of_versions_are_those_of_the_versions(planning: Planning, first: Version) -> None:
    planning.accept(SECTION, [place_of(first, MEETINGS)], who="Aino", seen=1)
    planning.leave_out(SECTION, place_of(first, MEETINGS), who="Eero", seen=1)
    planning.redraft("basis", as_of=DAY, who="Aino")
    heads = planning.workbook.heads(HERE, "plan", SECTION)
    assert [(h.number, h.at, h.who, h.why, h.beside) for h in heads] == [
        (v.number, v.at, v.who, v.why, v.beside) for v in planning.versions(SECTION)
    ]
    assert [(h.section, h.number) for h in planning.workbook.heads(HERE, "plan")] == [("basis", 1), (SECTION, 3)]
    assert planning.workbook.heads("Keksilä", "plan") == []


@pytest.mark.parametrize("seen", [0, 7, 2**70])
def test_version_that_is_not_there_is_told(planning: Planning, first: Version, seen: int) -> None:
    with pytest.raises(AssistantError, match="has no version"):
        planning.accept(SECTION, [(0, 0)], who="Aino", seen=seen)


def test_redrafting_keeps_what_was_decided(planning: Planning, first: Version) -> None:
    place = place_of(first, MEETINGS)
    edited = planning.reword(SECTION, place, ["We meet on Tuesdays."], who="Aino", seen=first.number)
    again = planning.redraft(
        SECTION, notes="A new square was opened in 2026.", as_of=DAY, who="Aino", base=edited.number
    )
    assert at(again, place_of(again, "We meet on Tuesdays.")).own_words
    assert "A new square was opened in 2026." in repr(again.draft.blocks)
    numbers = {c.id for c in again.draft.citations}
    assert {n for b in again.draft.blocks for s in b.statements for n in s.citations} <= numbers


def test_rest_of_the_plan_is_drafted_section_by_section_until_it_is_stopped(planning: Planning, first: Version) -> None:
    told: list[str] = []
    some = planning.draft_rest(
        as_of=DAY, who="Aino", progress=lambda done, total, what: told.append(f"{done}/{total}"),
        stopped=lambda: len(told) >= 2,
    )  # fmt: skip
    assert len(some) == 2
    assert first.draft.section not in {v.draft.section for v in some}
    rest = planning.draft_rest(as_of=DAY, who="Aino")
    assert planning.draft_rest(as_of=DAY, who="Aino") == []
    assert len(planning.for_export()) == 1 + len(some) + len(rest)


# Answers into the draft.


def answer(assistant: Assistant, *words: str) -> Answer:
    """An answer of statements that quote the passages which hold these words."""
    statements, citations = [], []
    for n, wanted in enumerate(words, start=1):
        passage = next(
            p for s in assistant.sources() for p in assistant.planning._store.passages(s.source_id) if wanted in p.text
        )
        citations.append(assistant.cite(passage, as_of=DAY, number=n))
        statements.append(Statement(passage.text, (n,), Support.QUOTED))
    return Answer("Q?", DAY, "en", "extractive", False, tuple(statements), tuple(citations))


def test_answer_is_put_at_the_end_of_the_section_with_its_citations(assistant: Assistant) -> None:
    given = answer(assistant, "coordinated by the education branch, whose", "812 foreign-language residents, 6.4")
    version = assistant.planning.put_into_draft(SECTION, given, who="Aino")
    assert [v.number for v in assistant.planning.versions(SECTION)] == [1, 2]  # it was drafted first
    block = version.draft.blocks[-1]
    assert block.heading == editing.FROM_ANSWERS
    assert [s.text for s in block.statements] == [s.text for s in given.statements]
    by_id = {c.id: c for c in version.draft.citations}
    assert len(by_id) == len(version.draft.citations)
    assert [by_id[s.citations[0]].quote for s in block.statements] == [c.quote for c in given.citations]
    again = assistant.planning.put_into_draft(SECTION, given, who="Aino", statements=[1])
    assert again.draft.blocks[-1] == block
    redrafted = assistant.planning.redraft(SECTION, as_of=DAY, who="Aino")
    assert [s.text for s in redrafted.draft.blocks[-1].statements] == [s.text for s in given.statements]


def test_words_of_another_municipality_are_refused(assistant: Assistant) -> None:
    planning = assistant.planning
    given = answer(assistant, "coordinated by the education branch, whose")
    foreign = answer(assistant, "Kotikolo")
    with pytest.raises(AssistantError, match=OTHER):
        planning.put_into_draft(SECTION, foreign, who="Aino")
    mixed = replace(
        given,
        statements=(given.statements[0], replace(foreign.statements[0], citations=(9,))),
        citations=(given.citations[0], replace(foreign.citations[0], id=9)),
    )
    with pytest.raises(AssistantError, match=OTHER):
        planning.put_into_draft(SECTION, mixed, who="Aino", statements=[0, 1])
    assert planning.versions(SECTION) == []
    version = planning.put_into_draft(SECTION, mixed, who="Aino")
    assert "Kotikolo" not in repr(version.draft.blocks)
    assert any(w.code is WarningCode.OTHER_MUNICIPALITY and OTHER in w.message for w in version.draft.warnings)


def test_statement_without_source_and_answer_without_statement_are_refused(assistant: Assistant) -> None:
    planning = assistant.planning
    bare = Answer("Q?", DAY, "en", "extractive", False, (Statement("So it is.", (), Support.UNSUPPORTED),))
    with pytest.raises(AssistantError, match="has no source"):
        planning.put_into_draft(SECTION, bare, who="Aino")
    for given, chosen in ((replace(bare, statements=()), None), (bare, [4]), (bare, [])):
        with pytest.raises(AssistantError, match="nothing to put"):
            planning.put_into_draft(SECTION, given, who="Aino", statements=chosen)


def test_answer_whose_source_has_gone_is_refused(assistant: Assistant) -> None:
    given = answer(assistant, "coordinated by the education branch, whose")
    assistant.planning.redraft(SECTION, as_of=DAY, who="Aino")
    assistant.remove(given.citations[0].source_id)
    with pytest.raises(AssistantError, match="was taken out"):
        assistant.planning.put_into_draft(SECTION, given, who="Aino")
