"""How a section is put together: what is asked, own words under their headings, gaps, tables of objectives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plan_cases import DAY, HERE, open_assistant

from assistant.assistant import Assistant
from assistant.citing import Citing, Numbering
from assistant.matching import OwnPassage, Shown
from assistant.needs import needs
from assistant.own import OwnText, typed_notes
from assistant.plan import Part, section_named
from assistant.standing import Standing
from assistant.types import BlockRole, Currency, Hit, Kind, Passage, Source, UnitKind
from assistant.verification import SourceText, Span
from assistant.writing.section import (
    Gap,
    RawBlock,
    Row,
    Table,
    asked_blocks,
    columns,
    objective_columns,
    objectives_block,
    own_blocks,
    quote,
    row_gap,
    shown_by_tables,
    states_objective,
)

SECTION = replace(
    section_named("good-relations"),
    parts=(Part("Relations", ("group-relations",)), Part("Measures", ("good-relations-measures", "majority-measures"))),
)
TYPED = typed_notes("Meetings are held.\n\nA choir sings.\n\nNo mediation is offered.\n\nThe aim is trust.", HERE, DAY)
assert TYPED is not None
NOTES: SourceText = TYPED
MEETINGS, CHOIR, NO_MEDIATION, AIM = NOTES.passages


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_assistant(tmp_path_factory.mktemp("section") / "workspace", corpus="none") as opened:
        yield opened


@pytest.fixture(scope="module")
def citing(assistant: Assistant) -> Citing:
    return Citing(assistant._store, assistant.sources, [NOTES])


def shown(passage: Passage, standing: Standing = Standing.SHOWN, score: float = 1.0) -> Shown:
    return Shown(passage, NOTES.source, standing, score)


def blocks(found: Mapping[str, Sequence[Shown]], citing: Citing, *, brief: bool = False) -> list[RawBlock]:
    return own_blocks(SECTION, needs(), found, citing, may_be_said=lambda passage: True, brief=brief)


def texts(block: RawBlock) -> list[str]:
    return [one.text for one in block.content if not isinstance(one, Table | Row)]


# What is asked.


def hit(passage: Passage, kind: Kind) -> Hit:
    return Hit(passage, replace(NOTES.source, kind=kind), 1.0, currency=Currency.CURRENT)


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        ("duty", "What the law requires"),
        ("old-law", "What Act 1386/2010 required"),
        ("recommended", "Law that bears on this section"),
        ("good-practice", "Law that bears on this section"),
    ],
)
def test_law_near_a_section_is_no_requirement_of_it(citing: Citing, status: str, heading: str) -> None:
    section = replace(SECTION, status=status)
    (block,) = asked_blocks(section, [hit(MEETINGS, Kind.LAW)], [], citing)
    assert (block.heading, block.role) == (heading, BlockRole.REQUIREMENTS)


def test_law_that_is_not_in_force_yet_is_no_requirement(citing: Citing) -> None:
    later = replace(hit(CHOIR, Kind.LAW), currency=Currency.NOT_IN_FORCE_YET)
    found = asked_blocks(SECTION, [hit(MEETINGS, Kind.LAW), later], [], citing)
    assert [(block.heading, texts(block)) for block in found] == [
        ("What the law requires", ["Meetings are held."]), ("Law that is not in force yet", ["A choir sings."])
    ]  # fmt: skip


def test_law_and_guidance_are_blocks_of_their_own(citing: Citing) -> None:
    found = asked_blocks(SECTION, [hit(MEETINGS, Kind.LAW)], [hit(CHOIR, Kind.GUIDANCE)], citing)
    assert [block.role for block in found] == [BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS]
    assert [texts(block) for block in found] == [["Meetings are held."], ["A choir sings."]]


def test_block_that_would_be_empty_is_left_out(citing: Citing) -> None:
    assert asked_blocks(SECTION, [], [], citing) == []


# Own words and gaps.


def test_every_need_that_nothing_answers_is_a_gap_under_its_heading(citing: Citing) -> None:
    found = blocks({}, citing)
    assert [block.heading for block in found] == ["Relations", "Measures"]
    gaps = [one for block in found for one in block.content]
    assert all(isinstance(gap, Gap) for gap in gaps)
    ids = [gap.placeholder.id for gap in gaps if isinstance(gap, Gap)]
    assert ids == [f"good-relations.{need}" for need in SECTION.needs]
    assert all(gap.placeholder.mark in gap.text for gap in gaps if isinstance(gap, Gap))


def test_need_that_a_passage_answers_has_no_gap(citing: Citing) -> None:
    _, measures = blocks({"good-relations-measures": [shown(MEETINGS)]}, citing)
    assert texts(measures)[0] == "Meetings are held."
    assert [one.placeholder.id for one in measures.content if isinstance(one, Gap)] == [
        "good-relations.majority-measures"
    ]


def test_denial_is_quoted_and_leaves_the_gap(citing: Citing) -> None:
    _, measures = blocks({"good-relations-measures": [shown(NO_MEDIATION, Standing.DENIED)]}, citing)
    assert texts(measures)[0] == "No mediation is offered."
    assert [one.placeholder.id for one in measures.content if isinstance(one, Gap)] == [
        "good-relations.good-relations-measures", "good-relations.majority-measures"
    ]  # fmt: skip


def test_what_shows_a_need_is_not_mixed_with_what_denies_it(citing: Citing) -> None:
    both = [shown(MEETINGS), shown(NO_MEDIATION, Standing.DENIED)]
    _, measures = blocks({"good-relations-measures": both}, citing)
    assert "No mediation is offered." not in texts(measures)


def test_passage_that_answers_two_needs_is_said_once(citing: Citing) -> None:
    both = {"good-relations-measures": [shown(MEETINGS)], "majority-measures": [shown(MEETINGS)]}
    _, measures = blocks(both, citing)
    assert texts(measures) == ["Meetings are held."]


def test_passages_stand_in_the_order_of_their_document_and_one_is_enough_in_brief(citing: Citing) -> None:
    found = {"good-relations-measures": [shown(CHOIR, score=1.5), shown(MEETINGS)]}
    assert texts(blocks(found, citing)[1])[:2] == ["Meetings are held.", "A choir sings."]
    assert [text for text in texts(blocks(found, citing, brief=True)[1]) if "TO FILL" not in text] == ["A choir sings."]


# Tables.

TABLE = """# Figures

| Municipality | Residents |
|---|---|
| Mallikylä | 9,700 residents |
| Naapurila | 83,460 residents |
"""


@pytest.fixture(scope="module")
def table(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> list[Passage]:
    """The rows of a table of two municipalities."""
    path: Path = tmp_path_factory.mktemp("table") / "figures.md"
    path.write_text(TABLE, encoding="utf-8")
    assistant.add([path], kind="own", municipality=HERE)
    return [p for p in assistant._store.passages("figures") if p.kind is UnitKind.ROW]


def test_row_of_a_table_brings_the_rows_that_are_of_this_municipality(
    assistant: Assistant, table: list[Passage]
) -> None:
    citing = Citing(assistant._store, assistant.sources)
    (source,) = assistant.sources()
    section = replace(SECTION, parts=(Part("Population", ("immigrant-numbers",)),))
    found = {"immigrant-numbers": [Shown(table[0], source, Standing.SHOWN, 1.0)]}
    for may_be_said, rows in ((lambda p: True, 2), (lambda p: "Naapurila" not in p.text, 1)):
        own = own_blocks(section, needs(), found, citing, may_be_said=may_be_said, brief=False)
        (one,) = [c for c in own[0].content if isinstance(c, Table)]
        assert (one.caption, one.columns) == ("Figures", ("Municipality", "Residents"))
        assert len(one.rows) == rows


def test_table_that_is_no_text_of_a_plan_leaves_the_gap(assistant: Assistant, table: list[Passage]) -> None:
    citing = Citing(assistant._store, assistant.sources)
    (source,) = assistant.sources()
    found = {"group-relations": [Shown(table[0], source, Standing.SHOWN, 1.0)]}
    own = own_blocks(SECTION, needs(), found, citing, may_be_said=lambda p: True, brief=False)
    (gap,) = own[0].content
    assert isinstance(gap, Gap)
    assert gap.placeholder.id == "good-relations.group-relations"


# Objectives.

AIM_COLUMN = "Change aimed at"


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("Objective | Measure | Responsible | Schedule", [AIM_COLUMN, "Measure", "Responsible party", "Timetable"]),
        ("Target | Measure | Who | When", [AIM_COLUMN, "Measure", "Responsible party", "Timetable"]),
        (
            "Goal | Action | In charge | Budget | Indicator | Baseline | Target value | Data source",
            [AIM_COLUMN, "Measure", "Responsible party", "Resources", "Indicator", "Baseline", "Target", "Source"],
        ),
        (
            "Tavoite | Toimenpide | Vastuutaho | Aikataulu | Mittari | Lähtötaso | Tavoitetaso",
            [AIM_COLUMN, "Measure", "Responsible party", "Timetable", "Indicator", "Baseline", "Target"],
        ),
        (
            "Mål | Åtgärd | Ansvarig | Tidtabell | Indikator",
            [AIM_COLUMN, "Measure", "Responsible party", "Timetable", "Indicator"],
        ),
        ("Measure | Responsible", ["Measure", "Responsible party"]),
        # Headings that ask.
        ("What we want | What is done | By whom", [AIM_COLUMN, "Measure", "Responsible party"]),
        (
            "Mitä halutaan | Mitä teemme | Kuka | Miten mitataan",
            [AIM_COLUMN, "Measure", "Responsible party", "Indicator"],
        ),
        ("Vi vill | Vi gör | Vem", [AIM_COLUMN, "Measure", "Responsible party"]),
        # Tables of figures, not of objectives.
        ("Language | Speakers", []),
        ("Language | Target", []),
        ("Year | Residents | Share", []),
        ("", []),
    ],
)
def test_headings_of_a_table_tell_whether_it_is_one_of_objectives(headings: str, expected: list[str]) -> None:
    assert list(objective_columns(headings).values()) == expected
    assert set(expected) <= set(columns())


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The goal is that everyone finds a home.", True),
        ("en", "By 2028 the employment rate will rise.", True),
        ("fi", "Tavoitteena on, että jokainen löytää kodin.", True),
        ("sv", "Målet är att alla hittar ett hem.", True),
        ("en", "Everyone found a home.", False),
        ("fi", "Jokainen löysi kodin.", False),
    ],
)
def test_sentence_that_states_an_objective_is_recognised(language: str, text: str, expected: bool) -> None:
    passage = Passage("x:0-1", "x", 0, len(text), text, UnitKind.SENTENCE, 0, 0)
    assert states_objective(passage, language) is expected
    assert not states_objective(replace(passage, kind=UnitKind.LEAD_IN), language)


def row(text: str, lead_in: str = "Objective | Measure | Responsible | Indicator") -> Passage:
    return Passage(f"x:{len(text)}", "x", 0, len(text), text, UnitKind.ROW, 0, 0, lead_in=lead_in)


SOURCE = Source("x", Kind.OWN, "Plan")


def test_cells_stand_in_their_columns_and_empty_ones_are_left_open() -> None:
    block = objectives_block([(row("Trust grows | Evenings | - | "), SOURCE)], None)
    (one,) = block.content
    assert isinstance(one, Row)
    assert one.cells == {"Change aimed at": "Trust grows", "Measure": "Evenings"}


def test_indicator_is_proposed_only_where_the_document_names_none(citing: Citing) -> None:
    example = quote("typed:notes", MEETINGS.text, MEETINGS.start, MEETINGS.end)
    named, unnamed = row("Trust grows | Evenings | Library | Visits"), row("Work is found | Coaching | Library | -")
    rows = [r for r in objectives_block([(named, SOURCE), (unnamed, SOURCE)], example).content if isinstance(r, Row)]
    assert [r.indicator for r in rows] == [None, example]


def test_same_objective_is_told_once_and_the_table_says_more() -> None:
    text = "The objective is that trust between residents grows in village evenings."
    sentence = Passage("x:0-9", "x", 0, 9, text, UnitKind.SENTENCE, 0, 0)
    said = row("Trust between residents grows | Village evenings | Library | Visits")
    (one,) = objectives_block([(sentence, SOURCE), (said, SOURCE)], None).content
    assert isinstance(one, Row)
    assert one.cells["Responsible party"] == "Library"


def test_no_objective_is_one_row_to_fill_in() -> None:
    assert objectives_block([], None).content == (Row({}, None, None),)


def test_question_on_an_objective_names_what_is_missing() -> None:
    gap = row_gap(SECTION, 2, ["Resources", "Target"], "Trust grows")
    assert gap.id == "good-relations.objective-2"
    assert "“Trust grows”: resources, target?" in gap.question
    assert row_gap(SECTION, 1, ["Target"], "").question == "What is the target?"
    assert len(row_gap(SECTION, 1, ["Target"], "x" * 900).question) < 200


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Library", Standing.SHOWN), ("To be decided", Standing.DENIED), ("-", Standing.DENIED), ("", Standing.DENIED)],
)
def test_column_of_a_table_shows_what_it_is_for_unless_the_cell_is_open(cell: str, expected: Standing) -> None:
    vector = np.zeros(1, dtype=np.float32)
    one = OwnPassage(row(f"Trust grows | Evenings | {cell} | Visits"), SOURCE, vector)
    found = shown_by_tables([one])
    assert [s.standing for s in found["responsible-parties"]] == [expected]
    assert [s.standing for s in found["objectives-set"]] == [Standing.SHOWN]
    assert shown_by_tables([OwnPassage(row("Somali | 120", "Language | Speakers"), SOURCE, vector)]) == {}


# Citations of what was typed.


def test_typed_source_is_cited_like_a_document(citing: Citing) -> None:
    numbering = Numbering()
    span = Span(NOTES.source.source_id, AIM.start, AIM.end, AIM.text)
    assert (numbering.of([span, span]), numbering.of([span])) == ((1, 1), (1,))
    (citation,) = numbering.citations(citing, DAY)
    assert (citation.kind, citation.quote, citation.municipality) == (Kind.OWN, "The aim is trust.", HERE)
    assert citing.source_text("typed:notes") == NOTES
    assert citing.source_text("no-such-source") is None
    assert citing.group("typed:notes", AIM.group) == [AIM]
    assert OwnText(HERE, (), (NOTES,)).ids == {"typed:notes"}


def test_note_that_is_near_to_a_need_stands_under_its_part_and_what_is_asked_stays_open(citing: Citing) -> None:
    found = own_blocks(
        SECTION, needs(), {}, citing, may_be_said=lambda passage: True, notes=[CHOIR, AIM],
        near={CHOIR.id: "good-relations-measures"}, brief=False,
    )  # fmt: skip
    assert [block.heading for block in found] == ["Relations", "Measures", "Also noted"]
    assert texts(found[1])[-1] == "A choir sings."
    assert len([one for one in found[1].content if isinstance(one, Gap)]) == 2
    assert texts(found[2]) == ["The aim is trust."]
