"""Drafts in a person's hands: each change is checked and kept, two tabs lose nothing, answers go into a draft."""

from __future__ import annotations

from dataclasses import replace

import plan_cases
import pytest
from plan_cases import DAY, HERE, MALLIKYLA, MEETINGS, OTHER, PROGRAMME

from assistant import editing
from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.kept_drafts import KeptDrafts
from assistant.planning import Planning
from assistant.shown import copied_statements
from assistant.types import (
    Answer,
    Statement,
    StatementState,
    Support,
    Version,
    WarningCode,
)

SECTION = "good-relations"

made = plan_cases.made_with(*MALLIKYLA, PROGRAMME)
assistant = pytest.fixture(plan_cases.copy_of_made)
planning = pytest.fixture(plan_cases.planning_of)
kept_drafts = pytest.fixture(plan_cases.kept_drafts_of)


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


def test_edited_statement_is_checked_against_its_quotes(kept_drafts: KeptDrafts, first: Version) -> None:
    place = place_of(first, MEETINGS)
    shorter = kept_drafts.reword(
        SECTION, place, [f"{MEETINGS} The number of visitors doubles in 2027."], who="Aino", seen=first.number
    )
    assert at(shorter, place).text == MEETINGS
    assert at(shorter, place).citations == at(first, place).citations
    more = at(shorter, (place[0], place[1] + 1))
    assert (more.own_words, more.citations) == (True, ())
    wrong = kept_drafts.reword(
        SECTION, place, [MEETINGS.replace("every week", "every day")], who="Aino", seen=shorter.number
    )
    assert at(wrong, place).own_words
    assert at(wrong, place).citations == ()
    assert [v.why for v in kept_drafts.versions(SECTION)] == ["drafted", "edited", "edited"]
    assert at(kept_drafts.undo(SECTION, place, who="Aino", seen=wrong.number), place) == at(first, place)


def test_own_words_that_follow_another_programme_are_found_at_once(kept_drafts: KeptDrafts, first: Version) -> None:
    place = place_of(first, MEETINGS)
    theirs = (
        "Neighbourhood mediation by Sovintola is in use in all rental areas and supports good relations between "
        "population groups."
    )
    found = kept_drafts.reword(SECTION, place, [theirs], who="Aino", seen=first.number)
    assert place in copied_statements(found.draft)
    out = kept_drafts.leave_out(SECTION, place, who="Aino", seen=found.number)
    assert place not in copied_statements(out.draft)
    assert theirs not in repr(kept_drafts.for_export())


def test_open_question_is_answered_in_place(kept_drafts: KeptDrafts, first: Version) -> None:
    gap = next(p for p in first.draft.placeholders if "objective" not in p.id)
    place = place_of(first, gap.mark)
    found = kept_drafts.fill_in(SECTION, place, gap.id, "asked of everybody in 2027", who="Aino", seen=first.number)
    assert "asked of everybody in 2027" in at(found, place).text
    assert at(found, place).own_words
    assert gap in found.draft.closed
    with pytest.raises(AssistantError, match="no longer open"):
        kept_drafts.fill_in(SECTION, place, gap.id, "again", who="Aino", seen=found.number)


def test_two_tabs_on_one_section_lose_nothing(kept_drafts: KeptDrafts, first: Version) -> None:
    place = place_of(first, MEETINGS)
    other = place_of(first, first.draft.placeholders[0].mark)
    mine = kept_drafts.accept(SECTION, [place], who="Aino", seen=first.number)
    theirs = kept_drafts.leave_out(SECTION, other, who="Eero", seen=first.number)
    assert theirs.beside == (mine.number,)
    assert at(theirs, place).state is StatementState.ACCEPTED
    assert at(theirs, other).state is StatementState.LEFT_OUT
    clash = kept_drafts.reword(SECTION, other, ["All is well."], who="Aino", seen=first.number)
    assert clash.beside == (mine.number, theirs.number)
    assert at(clash, other).text == "All is well."
    assert len(kept_drafts.versions(SECTION)) == 4


def test_heads_of_versions_are_those_of_the_versions(
    planning: Planning, kept_drafts: KeptDrafts, first: Version
) -> None:
    kept_drafts.accept(SECTION, [place_of(first, MEETINGS)], who="Aino", seen=1)
    kept_drafts.leave_out(SECTION, place_of(first, MEETINGS), who="Eero", seen=1)
    planning.redraft("basis", as_of=DAY, who="Aino")
    heads = planning.workbook.heads(HERE, "plan", SECTION)
    assert [(h.number, h.at, h.who, h.why, h.beside) for h in heads] == [
        (v.number, v.at, v.who, v.why, v.beside) for v in kept_drafts.versions(SECTION)
    ]
    assert [(h.section, h.number) for h in planning.workbook.heads(HERE, "plan")] == [("basis", 1), (SECTION, 3)]
    assert planning.workbook.heads("Keksilä", "plan") == []


@pytest.mark.parametrize("seen", [0, 7, 2**70])
def test_version_that_is_not_there_is_told(kept_drafts: KeptDrafts, first: Version, seen: int) -> None:
    with pytest.raises(AssistantError, match="has no version"):
        kept_drafts.accept(SECTION, [(0, 0)], who="Aino", seen=seen)


def test_redrafting_keeps_what_was_decided(planning: Planning, kept_drafts: KeptDrafts, first: Version) -> None:
    place = place_of(first, MEETINGS)
    edited = kept_drafts.reword(SECTION, place, ["We meet on Tuesdays."], who="Aino", seen=first.number)
    again = planning.redraft(
        SECTION, notes="A new square was opened in 2026.", as_of=DAY, who="Aino", base=edited.number
    )
    assert at(again, place_of(again, "We meet on Tuesdays.")).own_words
    assert "A new square was opened in 2026." in repr(again.draft.blocks)
    numbers = {c.id for c in again.draft.citations}
    assert {n for b in again.draft.blocks for s in b.statements for n in s.citations} <= numbers


def test_rest_of_the_plan_is_drafted_section_by_section_until_it_is_stopped(
    planning: Planning, kept_drafts: KeptDrafts, first: Version
) -> None:
    told: list[str] = []
    some = planning.draft_rest(
        as_of=DAY, who="Aino", progress=lambda done, total, what: told.append(f"{done}/{total}"),
        stopped=lambda: len(told) >= 2,
    )  # fmt: skip
    assert len(some) == 2
    assert first.draft.section not in {v.draft.section for v in some}
    rest = planning.draft_rest(as_of=DAY, who="Aino")
    assert planning.draft_rest(as_of=DAY, who="Aino") == []
    assert len(kept_drafts.for_export()) == 1 + len(some) + len(rest)


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
    version = assistant.kept_drafts.put_into_draft(SECTION, given, who="Aino")
    assert [v.number for v in assistant.kept_drafts.versions(SECTION)] == [1, 2]  # it was drafted first
    block = version.draft.blocks[-1]
    assert block.heading == editing.FROM_ANSWERS
    assert [s.text for s in block.statements] == [s.text for s in given.statements]
    by_id = {c.id: c for c in version.draft.citations}
    assert len(by_id) == len(version.draft.citations)
    assert [by_id[s.citations[0]].quote for s in block.statements] == [c.quote for c in given.citations]
    again = assistant.kept_drafts.put_into_draft(SECTION, given, who="Aino", statements=[1])
    assert again.draft.blocks[-1] == block
    redrafted = assistant.planning.redraft(SECTION, as_of=DAY, who="Aino")
    assert [s.text for s in redrafted.draft.blocks[-1].statements] == [s.text for s in given.statements]


def test_words_of_another_municipality_are_refused(assistant: Assistant) -> None:
    kept_drafts = assistant.kept_drafts
    given = answer(assistant, "coordinated by the education branch, whose")
    foreign = answer(assistant, "Kotikolo")
    with pytest.raises(AssistantError, match=OTHER):
        kept_drafts.put_into_draft(SECTION, foreign, who="Aino")
    mixed = replace(
        given,
        statements=(given.statements[0], replace(foreign.statements[0], citations=(9,))),
        citations=(given.citations[0], replace(foreign.citations[0], id=9)),
    )
    with pytest.raises(AssistantError, match=OTHER):
        kept_drafts.put_into_draft(SECTION, mixed, who="Aino", statements=[0, 1])
    assert kept_drafts.versions(SECTION) == []
    version = kept_drafts.put_into_draft(SECTION, mixed, who="Aino")
    assert "Kotikolo" not in repr(version.draft.blocks)
    assert any(w.code is WarningCode.OTHER_MUNICIPALITY and OTHER in w.message for w in version.draft.warnings)


def test_statement_without_source_and_answer_without_statement_are_refused(assistant: Assistant) -> None:
    kept_drafts = assistant.kept_drafts
    bare = Answer("Q?", DAY, "en", "extractive", False, (Statement("So it is.", (), Support.UNSUPPORTED),))
    with pytest.raises(AssistantError, match="has no source"):
        kept_drafts.put_into_draft(SECTION, bare, who="Aino")
    for given, chosen in ((replace(bare, statements=()), None), (bare, [4]), (bare, [])):
        with pytest.raises(AssistantError, match="nothing to put"):
            kept_drafts.put_into_draft(SECTION, given, who="Aino", statements=chosen)


def test_answer_whose_source_has_gone_is_refused(assistant: Assistant) -> None:
    given = answer(assistant, "coordinated by the education branch, whose")
    assistant.planning.redraft(SECTION, as_of=DAY, who="Aino")
    assistant.remove(given.citations[0].source_id)
    with pytest.raises(AssistantError, match="was taken out"):
        assistant.kept_drafts.put_into_draft(SECTION, given, who="Aino")
