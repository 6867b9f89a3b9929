"""What a change makes of a draft: what is accepted, changed or left out stands, and its citations hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from plan_cases import DAY, HERE
from web_fakes import citation

from assistant import editing
from assistant.differences import Difference, differences
from assistant.errors import AssistantError
from assistant.types import (
    BlockRole,
    Cell,
    DraftBlock,
    Placeholder,
    SectionDraft,
    Statement,
    StatementState,
    Support,
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


def test_question_of_a_row_names_what_is_still_open_of_it_and_no_more() -> None:
    gap = Placeholder("good-relations.objective-1", "What are these: change aimed at, measure, target?", "All", "Plans")
    columns = ("Change aimed at", "Measure", "Target")
    row = tuple(Cell(gap.mark) for _ in columns)
    block = DraftBlock("Table", BlockRole.OBJECTIVES, (Statement(gap.mark, (), Support.UNSUPPORTED),), columns, (row,))
    open_row = replace(draft(), blocks=(block,), placeholders=(gap,))
    found = editing.reword(open_row, (0, 0), ["More trust", "", ""], as_said)
    assert [p.question for p in found.placeholders] == [
        "What are these of the objective “More trust”: measure, target?"
    ]
    found = editing.reword(found, (0, 0), ["More trust", "Café", ""], as_said)
    assert [p.question for p in found.placeholders] == ["What is the target of the objective “More trust”?"]
    assert [p.question for p in editing.undo(found, (0, 0)).placeholders] == [gap.question]


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
    parts = [part for change in differences(PLAIN, newer) for part in change.parts]
    assert ("removed", "Village") in parts
    assert ("added", "Weekly") in parts
    assert ("same", " evenings are held at Myllytupa.") in parts
    assert differences(PLAIN, editing.accept(PLAIN, [(0, 0)])) == []
    assert differences(PLAIN, editing.leave_out(PLAIN, (0, 0))) == [Difference("Own", (("removed", TEXT),))]
