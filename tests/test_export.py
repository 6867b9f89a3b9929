"""Files that go to other people: whole, readable, with every source at the foot, and nothing in them that acts."""

from __future__ import annotations

import csv
import html
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document as open_word
from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from plan_cases import MALLIKYLA, add, open_assistant
from pypdf import PdfReader

from assistant.documents import read_document
from assistant.errors import AssistantError
from assistant.export import labels, plan_markdown, write_checklist, write_plan
from assistant.export._text import copying_summary
from assistant.export.checklist import guarded
from assistant.needs import needs
from assistant.own import NOTES
from assistant.plan import section_named
from assistant.settings import Settings
from assistant.shown import (
    FILE_MARK,
    copied_statements,
    readable_date,
    source_line,
    their_words,
    web_address,
    with_gaps_together,
)
from assistant.types import (
    BlockRole,
    Cell,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Currency,
    DraftBlock,
    Example,
    ItemAnswer,
    ItemStatus,
    Kind,
    Match,
    Notice,
    Override,
    Placeholder,
    Profile,
    SectionDraft,
    Statement,
    StatementState,
    Support,
    WarningCode,
)
from assistant.words import LANGUAGES, catalogue, words
from assistant.writing.section import row_gap

KEKSILA = """# Integration programme of Keksilä 2022–2025

The dialogue evenings of the harbour sauna bring dockers, pensioners and newcomers round one kettle every other \
Thursday. Forty volunteers have been trained by the parish to calm quarrels in stairwells and laundry rooms before \
they grow. The stokers' choir sings in seven languages at the feast of the first ice.
"""
TITLE = "Integration plan 2027–2029"
COLUMNS = ("Objective", "Why", "Measures", "Responsible", "With whom", "When", "Indicator", "Money")
HOSTILE = (
    "A\x00\x08\ud800b " + "x" * 3000 + " {{x}} {0} %s <script>alert(1)</script> שלום [a](javascript:alert(1)) "
    "\u202eevil ]]> & \ufffe"
)
OWNER = Placeholder("relations.objective-1-owner", "Who is responsible?", "The management group", "The budget book")
COORDINATOR = Placeholder("relations.coordinator", "Who coordinates?", "Head of administration", "Board minutes")
OWNER_SHOWN, COORDINATOR_SHOWN = "[TO FILL: who is responsible]", "[TO FILL: who coordinates]"
PROFILE = Profile(
    "Mallikylä", plan_from="2027-01-01", plan_to="2029-12", contact="Maija Meikäläinen, maija@mallikyla.example"
)


def citation(number: int = 1, **fields: Any) -> Citation:
    """A citation of the law in force but for the fields given."""
    law = Citation(
        id=number, source_id="act-681-2023", kind=Kind.LAW, title="Act 681/2023 on integration",
        publisher="Statute Book of Finland", url="https://finlex.fi/fi/lainsaadanto/2023/681", municipality=None,
        pinpoint="section 45(1)", quote="The municipality plans.", written="2023-04-14", law_basis="681/2023",
        currency=Currency.CURRENT, digest=True, start=0, end=20,
    )  # fmt: skip
    return replace(law, **fields)


def statement(text: str, *numbers: int, support: Support = Support.SUPPORTED) -> Statement:
    return Statement(text, numbers, support)


STRATEGY = citation(
    2, source_id="strategy", kind=Kind.OWN, title="Municipal strategy", publisher="Mallikylä", url=None,
    pinpoint="Values", page=12, written="2025-11", law_basis=None, digest=False,
)  # fmt: skip
OLD = citation(
    3, source_id="programme-2021", kind=Kind.OWN, title="Programme of 2021", publisher=None, url=None, pinpoint="",
    written="2021", law_basis="1386/2010", currency=Currency.OUTDATED, digest=False,
)  # fmt: skip


def section(**fields: Any) -> SectionDraft:
    """A section with everything that a section can hold, but for the fields given."""
    objective = [Cell("Language training within two months", (2,)), *(Cell(name) for name in COLUMNS[1:])]
    objective[3] = Cell(OWNER.mark)
    whole = SectionDraft(
        section="relations",
        title="Good relations",
        municipality="Mallikylä",
        as_of="2026-11-21",
        writer="extractive",
        blocks=(
            DraftBlock(
                "What the law requires",
                BlockRole.REQUIREMENTS,
                (statement("The planning covers:\n- the strategy\n- the budget.", 1),),
            ),
            DraftBlock(
                "The situation",
                BlockRole.OWN,
                (
                    statement("A tenth speak another language.", 2, 1),
                    statement(f"The work is led by {COORDINATOR.mark}, who reports."),
                    statement("Everyone gets a letter.", support=Support.UNSUPPORTED),
                    statement("Mallikylä has:\n- a guidance point\n- interpreters", 2),
                ),
            ),
            DraftBlock("Figures", BlockRole.OWN, (), ("Figure", "2025"), ((Cell("Residents", (2,)), Cell("12,340")),)),
            DraftBlock("Objectives", BlockRole.OBJECTIVES, (statement("One", 2),), COLUMNS, (tuple(objective),)),
        ),
        placeholders=(COORDINATOR, OWNER),
        citations=(citation(), STRATEGY, OLD),
        warnings=(Notice(WarningCode.TERM_CHANGED, "ELY Centres ended in 2025."),),
        status="duty",
        examples=(
            Example(
                "vaasa", "Vaasa", "Programme", "2023", "page 24", "https://vaasa.fi/p", "A larger, bilingual city."
            ),
        ),
    )
    return replace(whole, **fields)


def with_statements(
    *statements: Statement, citations: Sequence[Citation] = (citation(), STRATEGY, OLD)
) -> SectionDraft:
    return section(
        blocks=(DraftBlock("Text", BlockRole.OWN, statements),),
        citations=tuple(citations),
        placeholders=(),
        examples=(),
    )


def word(folder: Path, *sections: SectionDraft, profile: Profile | None = PROFILE) -> WordDocument:
    path = folder / "plan.docx"
    write_plan(sections, path, title=TITLE, profile=profile, plan_about="How we promote integration")
    return open_word(str(path))


def notes_part(document: WordDocument) -> Any:
    return next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/footnotes"))


def notes(document: WordDocument) -> dict[str, str]:
    """The text of each footnote by its id, without the separators."""
    root = parse_xml(notes_part(document).blob)
    return {
        note.get(qn("w:id")): text_in(note) for note in root.iter(qn("w:footnote")) if note.get(qn("w:type")) is None
    }


def references(element: BaseOxmlElement) -> list[str]:
    return [ref.get(qn("w:id")) for ref in element.iter(qn("w:footnoteReference"))]


def text_in(element: BaseOxmlElement) -> str:
    return "".join(t.text or "" for t in element.iter(qn("w:t")))


def body_text(document: WordDocument) -> str:
    return text_in(document.element.body)


# The Word file


def test_headings_are_real_and_in_order(tmp_path: Path) -> None:
    document = word(tmp_path, section(), section(title="Housing"))
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert found[:6] == [
        ("Heading 1", "Good relations"),
        ("Heading 2", "What the law requires"),
        ("Heading 2", "The situation"),
        ("Heading 2", "Figures"),
        ("Heading 2", "Objectives"),
        ("Heading 2", "Examples from other municipalities"),
    ]
    assert [text for style, text in found if style == "Heading 1"] == [
        "Good relations",
        "Housing",
        "Notes on this draft",
    ]
    assert [p.text for p in document.paragraphs if p.style and p.style.name == "Title"] == [TITLE]


def test_title_page_says_whose_draft_it_is_and_for_when(tmp_path: Path) -> None:
    text = body_text(word(tmp_path, section(), section(title="Housing")))
    for said in ("Mallikylä", "How we promote integration", "DRAFT, NOT APPROVED", "1 January 2027 – December 2029",
                 "21 November 2026", "Maija Meikäläinen"):  # fmt: skip
        assert said in text


def test_without_a_profile_the_municipality_of_the_draft_stands(tmp_path: Path) -> None:
    document = word(tmp_path, section(), profile=None)
    assert document.paragraphs[0].text == "Mallikylä"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_told_has_no_line_at_the_head(tmp_path: Path, language: str) -> None:
    say = words(language)
    draft = section(municipality=None)
    for name, profile in (("a.docx", None), ("b.docx", Profile("Mallikylä"))):
        write_plan([draft, draft], tmp_path / name, title=TITLE, profile=profile, say=say)
        document = open_word(str(tmp_path / name))
        assert document.paragraphs[0].text == (profile.name if profile else TITLE)
        facts = [row.cells[0].text for row in document.tables[0].rows]
        assert facts == [say("export.date"), say("export.law-as-of")]
    text = plan_markdown([draft, draft], title=TITLE, profile=None, say=say)
    for label in ("municipality", "plan-period", "contact"):
        assert f"- {say(f'export.{label}')}:" not in text


def test_one_section_needs_no_contents_and_a_plan_has_them_filled_in(tmp_path: Path) -> None:
    assert "TOC" not in word(tmp_path, section()).element.xml
    body = word(tmp_path, section(), section(title="Housing")).element.body
    block = next(body.iter(qn("w:sdt")))
    assert next(block.iter(qn("w:instrText"))).text.strip().startswith("TOC ")
    links = list(block.iter(qn("w:hyperlink")))
    assert [text_in(link) for link in links] == ["1Good relations", "2Housing", "Notes on this draft"]
    bookmarks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert {link.get(qn("w:anchor")) for link in links} <= bookmarks


@pytest.mark.parametrize("title", ["", "Good relations"])
def test_one_section_under_its_own_title_says_it_once(title: str, tmp_path: Path) -> None:
    write_plan([section()], tmp_path / "one.docx", title=title, profile=None)
    document = open_word(str(tmp_path / "one.docx"))
    assert [p.text for p in document.paragraphs].count("Good relations") == 1
    text = plan_markdown([section()], title=title, profile=None)
    assert text.startswith("# Good relations\n")
    assert "## Good relations" not in text


def test_language_properties_and_page_numbers_are_set(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == (f"Mallikylä: {TITLE}", "Mallikylä", "en-GB")
    assert properties.last_modified_by == "Mallikylä"
    assert "python-docx" not in properties.comments
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert next(defaults.iter(qn("w:lang"))).get(qn("w:val")) == "en-GB"
    fields = [t.text.strip() for t in document.sections[0].footer._element.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]
    page = document.sections[0]
    assert page.page_width is not None
    assert page.page_height is not None
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)


def test_every_citation_has_a_footnote_and_every_reference_a_note(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    found, refs = notes(document), references(document.element.body)
    # Requirements 1, situation 2 + 1, list 1, table 1, objective 1.
    assert refs == [str(n) for n in range(1, 7)]
    assert list(found) == refs
    styles = {style.style_id for style in document.styles}
    assert {"FootnoteText", "FootnoteReference", "Hyperlink"} <= styles
    with zipfile.ZipFile(tmp_path / "plan.docx") as package:
        assert b"wordprocessingml.footnotes+xml" in package.read("[Content_Types].xml")
        assert b'w:type="separator"' in package.read("word/footnotes.xml")
        assert b"<w:footnotePr>" in package.read("word/settings.xml")


def test_a_footnote_says_what_the_source_is_and_links_to_it(tmp_path: Path) -> None:
    document = word(tmp_path, with_statements(statement("One.", 1), statement("Two.", 2), statement("Three.", 3)))
    assert list(notes(document).values()) == [
        " Act 681/2023 on integration, section 45(1). Statute Book of Finland, 14 April 2023. Our digest. "
        "finlex.fi/fi/lainsaadanto/2023/681",
        " Municipal strategy, Values, page 12. Mallikylä, November 2025.",
        " Programme of 2021. 2021, written under Act 1386/2010. Outdated: written under a repealed Act, or its facts "
        "have changed.",
    ]
    targets = [rel.target_ref for rel in notes_part(document).rels.values()]
    assert targets == ["https://finlex.fi/fi/lainsaadanto/2023/681"]


def test_a_source_cited_again_gets_a_short_note_that_points_to_the_first(tmp_path: Path) -> None:
    elsewhere = citation(4, pinpoint="section 45(3)", start=30, end=60)
    draft = with_statements(
        statement("One.", 1), statement("Two.", 1), statement("Three.", 4), citations=(citation(), elsewhere)
    )
    first, again, other = notes(word(tmp_path, draft)).values()
    assert "Statute Book" in first
    assert again == " Act 681/2023 on integration, section 45(1) (see note 1)."
    assert other == " Act 681/2023 on integration, section 45(3) (see note 1)."


def test_what_speaks_against_a_source_is_said_in_every_note(tmp_path: Path) -> None:
    found = notes(word(tmp_path, with_statements(statement("One.", 3), statement("Two.", 3))))
    assert all("Outdated" in text for text in found.values())


def test_cutting_the_boxes_leaves_no_note_that_points_into_them(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    box = document.tables[1]
    inside = set(references(box._tbl))
    assert inside == {"1"}
    for number, text in notes(document).items():
        if number not in inside:
            assert "see note 1)" not in text


def test_requirements_stand_in_a_shaded_box_in_smaller_type(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    box = document.tables[1]
    assert "What the law says" in box.rows[0].cells[0].text
    cell = box.rows[1].cells[0]
    assert [p.text for p in cell.paragraphs] == ["The planning covers:", "the strategy", "the budget."]
    assert cell._tc.tcPr is not None
    assert cell._tc.tcPr.find(qn("w:shd")).get(qn("w:fill")) == "EDF1F7"
    small, body = document.styles["Ground Text"].font.size, document.styles["Body Text"].font.size
    assert small is not None
    assert body is not None
    assert small < body


def test_list_lines_are_list_items(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    items = [p.text for p in document.paragraphs if p.style and p.style.name == "List Bullet"]
    assert items[:2] == ["a guidance point", "interpreters"]
    assert document.styles["List Bullet"].element.pPr.numPr is not None


def test_marks_are_highlighted_and_commented(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    paragraph = next(p for p in document.paragraphs if COORDINATOR_SHOWN in p.text)
    marked = [r.text for r in paragraph.runs if r.font.highlight_color == WD_COLOR_INDEX.YELLOW]
    assert marked == [COORDINATOR_SHOWN]
    comments = list(document.comments)
    assert [c.text for c in comments] == [
        "Who coordinates?\nWho knows: Head of administration\nWhere to find it: Board minutes",
        "Who is responsible?\nWho knows: The management group\nWhere to find it: The budget book",
    ]
    assert {c.author for c in comments} == {"Kotoapuri"}
    anchors = [e.get(qn("w:id")) for e in document.element.body.iter(qn("w:commentReference"))]
    assert anchors == ["0", "1"]


def test_unsupported_statements_are_marked_and_those_with_a_mark_to_fill_in_are_not(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    flagged = [p.text for p in document.paragraphs if p.text.startswith("Not supported by a source: ")]
    assert flagged == ["Not supported by a source: Everyone gets a letter."]


def test_a_statement_whose_citation_does_not_resolve_is_marked(tmp_path: Path) -> None:
    assert "Not supported by a source: One." in body_text(word(tmp_path, with_statements(statement("One.", 99))))


def test_a_narrow_table_keeps_its_columns_and_repeats_its_header(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Figure")
    assert [[c.text for c in row.cells] for row in table.rows] == [["Figure", "2025"], ["Residents", "12,340"]]
    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert any(p.text == "Table 1. Figures" and p.style and p.style.name == "Caption" for p in document.paragraphs)


def test_an_objective_of_many_columns_is_a_table_of_its_own(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Objective 1")
    rows = [[c.text for c in row.cells] for row in table.rows[1:]]
    told = [name for name in COLUMNS if name != COLUMNS[3]]
    assert [name for name, _ in rows] == [*told, COLUMNS[3]]  # what is still to fill in comes last
    assert rows[0][1] == "Language training within two months"
    assert rows[-1][1] == OWNER_SHOWN


def test_cells_with_one_and_the_same_gap_are_one_line() -> None:
    row = [Cell("More people in work", (1,)), Cell(OWNER.mark), Cell("2027"), Cell(OWNER.mark)]
    together = with_gaps_together(["Change aimed at", "Measure", "Timetable", "Resources"], row)
    assert [(name, cell.text) for name, cell in together] == [
        ("Change aimed at", "More people in work"),
        ("Timetable", "2027"),
        ("Measure, resources", OWNER.mark),
    ]


def test_an_unsupported_row_is_marked(tmp_path: Path) -> None:
    block = DraftBlock(
        "Figures", BlockRole.OWN, (statement("Row", support=Support.UNSUPPORTED),), ("Figure",), ((Cell("Residents"),),)
    )
    assert "Not supported by a source: Residents" in body_text(word(tmp_path, section(blocks=(block,))))


def test_examples_stand_in_a_box_with_their_caution(tmp_path: Path) -> None:
    document = word(tmp_path, section())
    box = next(t for t in document.tables if "other municipalities write" in t.rows[0].cells[0].text)
    assert [p.text for p in box.rows[1].cells[0].paragraphs] == [
        "Vaasa: Programme (2023), page 24",
        "A larger, bilingual city. vaasa.fi/p",
    ]


def test_the_last_page_names_each_warning_once_and_every_open_point(tmp_path: Path) -> None:
    only = Notice(WarningCode.OUTDATED_SOURCE, "A source is old.")
    first = section(warnings=(*section().warnings, only))
    document = word(tmp_path, first, section(title="Housing"))
    text = body_text(document)
    assert text.count("ELY Centres ended in 2025.") == 1
    assert "A source is old. (In: Good relations.)" in text
    table = document.tables[-1]
    assert [c.text for c in table.rows[0].cells] == ["In the text", "Question", "Who knows", "Where to find it"]
    assert [[c.text for c in row.cells] for row in table.rows[2:]] == [
        [mark, p.question, p.who_knows, p.where_to_find]
        for mark, p in ((COORDINATOR_SHOWN, COORDINATOR), (OWNER_SHOWN, OWNER))
    ]
    assert "“Our digest” means" in text
    assert "no language model wrote it" in text


def test_a_mark_without_a_record_is_an_open_point_too(tmp_path: Path) -> None:
    document = word(tmp_path, with_statements(statement("Led by [TO FILL: a.b].")))
    assert document.tables[-1].rows[1].cells[0].text == "[TO FILL: a.b]"


# Hostile content


def test_hostile_text_neither_breaks_the_file_nor_acts(tmp_path: Path) -> None:
    draft = section(
        title=HOSTILE,
        blocks=(
            DraftBlock(HOSTILE, BlockRole.OWN, (statement(HOSTILE, 1), statement("مرحبا بكم", 1))),
            DraftBlock("T", BlockRole.OBJECTIVES, (), COLUMNS, (tuple(Cell(HOSTILE) for _ in COLUMNS),)),
        ),
        citations=(citation(title=HOSTILE, url="javascript:alert(1)"),),
        warnings=(Notice(WarningCode.COPYING, HOSTILE),),
        placeholders=(Placeholder("x.y", HOSTILE, HOSTILE, HOSTILE),),
        examples=(Example("e", HOSTILE, HOSTILE, "20xx", HOSTILE, "file:///etc/passwd", HOSTILE),),
    )
    document = word(tmp_path, draft, profile=Profile(HOSTILE, contact=HOSTILE))
    text = body_text(document)
    assert "{{x}} {0} %s <script>alert(1)</script>" in text
    assert "\x00" not in text
    assert "A\ufffdb" in text
    assert not [r for r in notes_part(document).rels.values() if r.is_external]
    assert not [r for r in document.part.rels.values() if r.is_external]
    arabic = next(p for p in document.paragraphs if p.text.startswith("مرحبا"))
    assert arabic._p.pPr is not None
    assert arabic._p.pPr.find(qn("w:bidi")) is not None
    assert arabic.runs[0].font.rtl
    markdown = plan_markdown([draft], title=HOSTILE, profile=Profile(HOSTILE))
    assert "<script>" not in markdown.replace("\\<script\\>", "")
    assert "](javascript" not in markdown.replace("\\](javascript", "")
    write_checklist(checklist(text=HOSTILE, id=HOSTILE, group=HOSTILE, next_step=HOSTILE), tmp_path / "c.docx")
    write_checklist(checklist(text=HOSTILE, id=HOSTILE, group=HOSTILE, next_step=HOSTILE), tmp_path / "c.csv")


def test_two_thousand_citations_are_two_thousand_notes(tmp_path: Path) -> None:
    citations = [citation(n, source_id=f"s{n % 700}", pinpoint=f"section {n}") for n in range(1, 2001)]
    draft = with_statements(*(statement(f"Statement {n}.", n) for n in range(1, 2001)), citations=citations)
    document = word(tmp_path, draft)
    assert references(document.element.body) == [str(n) for n in range(1, 2001)]
    found = notes(document)
    assert len(found) == 2000
    assert "section 2000 (see note 600)" in found["2000"]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://", "https://a b", "//a.fi", "http://[",
     "https://a.fi/\x00", "https://a.fi/\ud800", "https://me:secret@a.fi", "https://a.fi/>x", ""],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str) -> None:
    assert web_address(url) is None


def test_dates_are_shown_as_exactly_as_they_are_known() -> None:
    written = ("2025-11-03", "2025-11", "2025", "2026-11-20T10:11:12Z", "spring 2025", "2025-13", None)
    assert [readable_date(text) for text in written] == [
        "3 November 2025", "November 2025", "2025", "20 November 2026", "spring 2025", "2025-13", "",
    ]  # fmt: skip


# Markdown


def test_markdown_holds_the_same_as_the_word_file() -> None:
    text = plan_markdown([section(), section(title="Housing")], title=TITLE, profile=PROFILE, plan_about="About")
    assert text.startswith(f"# {TITLE}\n\n**Draft, not approved**\n\nAbout\n\n- Municipality: Mallikylä\n")
    assert "> - the budget.[^1]" in text
    assert f"The work is led by **{COORDINATOR_SHOWN}**, who reports." in text
    assert "**Not supported by a source:** Everyone gets a letter." in text
    assert "| Residents[^2] | 12,340 |" in text
    assert (
        "> **Vaasa: Programme (2023), page 24.** A larger, bilingual city. [vaasa.fi/p](<https://vaasa.fi/p>)" in text
    )
    assert text.count("ELY Centres") == 1
    assert re.findall(r"^\[\^(\d+)\]:", text, re.MULTILINE) == ["1", "2"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("4.2 Housing", "4.2 Housing"),
        ("a | b", "a \\| b"),
        ("![x](http://a.fi)", "!\\[x\\](http://a.fi)"),
        ("<b>", "\\<b\\>"),
        ("&lt;", "\\&lt;"),
    ],
)
def test_markdown_of_a_text_shows_the_text(given: str, shown: str) -> None:
    assert f"\n\n{shown}[^1]\n" in plan_markdown([with_statements(statement(given, 1))], title="T", profile=None)


# The checklist


def checklist(**fields: Any) -> ChecklistAnswer:
    """A checklist of one item that a person settled otherwise, but for the fields given, and one that is shown."""
    settled = ItemAnswer(
        id="plan-1.1", text="The coordinator is named", status=ItemStatus.NO_EVIDENCE, statements=(),
        next_step="Name a deputy.", group="Responsible parties", law="advice", law_note="section 45(1) names no holder",
        asked=(statement("The municipality is responsible.", 1),), missing=("Who stands in?",), section="coordination",
        override=Override(ItemStatus.MET, "Decided on 3 November", "Anna Korhonen", "2026-11-20T10:11:12Z"),
    )  # fmt: skip
    shown = replace(
        settled, id="plan-1.2", status=ItemStatus.MET, override=None, missing=(),
        statements=(statement("We plan.", 2, support=Support.QUOTED),),
    )  # fmt: skip
    citations = (citation(), replace(STRATEGY, quote="We plan."))
    warnings = (Notice(WarningCode.OUTDATED_SOURCE, "A source is old."),)
    items = (replace(settled, **fields), shown)
    return ChecklistAnswer("plan", "Planning", "Mallikylä", "2026-11-21", items, citations, warnings)


def csv_rows(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_csv_has_a_row_for_each_item(tmp_path: Path) -> None:
    write_checklist(checklist(), tmp_path / "c.csv")
    settled, shown = csv_rows(tmp_path / "c.csv")
    assert list(settled) == [
        "Id", "Group", "Item", "Law", "Law, more exactly", "What the documents show", "A person says",
        "Note of the person", "Who", "When", "Evidence", "What is asked", "What is missing", "Next step",
        "Section of the plan",
    ]  # fmt: skip
    assert list(settled.values()) == [
        "plan-1.1", "Responsible parties", "The coordinator is named", "Advice", "section 45(1) names no holder",
        "No evidence found", "Shown", "Decided on 3 November", "Anna Korhonen", "2026-11-20T10:11:12Z", "",
        "“The municipality plans.” (Act 681/2023 on integration, section 45(1))", "Who stands in?", "Name a deputy.",
        "coordination",
    ]  # fmt: skip
    assert shown["Evidence"] == "“We plan.” (Municipal strategy, Values, page 12)"
    assert shown["A person says"] == ""


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1", "＋1", "－1",
     "＠a", "\n=1", "\x00=1", "\u202e=1", "−1"],
)  # fmt: skip
def test_a_cell_that_could_be_a_formula_is_guarded(cell: str, tmp_path: Path) -> None:
    assert guarded(cell).startswith("'")
    write_checklist(checklist(text=cell, next_step=cell), tmp_path / "c.csv")
    row = csv_rows(tmp_path / "c.csv")[0]
    assert row["Item"].startswith("'")
    assert row["Next step"].startswith("'")


@pytest.mark.parametrize("cell", ["", "plan-1.1", "“=1”", "a=1", "3 November"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell


def test_checklist_in_word_keeps_documents_and_person_apart(tmp_path: Path) -> None:
    write_checklist(checklist(), tmp_path / "c.docx")
    document = open_word(str(tmp_path / "c.docx"))
    table = document.tables[1]
    assert [p.text for p in table.rows[1].cells[1].paragraphs] == [
        "No evidence found",
        "A person says: shown. Anna Korhonen, 20 November 2026. Decided on 3 November.",
    ]
    assert table.rows[2].cells[2].text == "We plan."
    assert list(notes(document)) == references(document.element.body) == ["1", "2", "3"]
    assert all(cell.paragraphs for row in table.rows for cell in row.cells)
    assert "It does not say that it was not done." in body_text(document)


def test_checklist_in_markdown(tmp_path: Path) -> None:
    write_checklist(checklist(), tmp_path / "c.md")
    text = (tmp_path / "c.md").read_text(encoding="utf-8")
    assert "### plan-1.1 The coordinator is named\n\n*Advice: section 45(1) names no holder*" in text
    assert "**No evidence found**\n\nA person says: shown." in text
    assert "We plan.[^2]" in text


# The copying check of a draft


def copied(draft: SectionDraft, *stretches: str, compared_with: int = 2, degree: str = "near") -> SectionDraft:
    """The draft with a copying check that found these stretches of its text."""
    text = "\n\n".join(s.text for block in draft.blocks for s in block.statements)
    where = {"title": "Programme 2022–2025", "pinpoint": "9 Good relations", "what_to_do": "Say yours."}
    matches = []
    for stretch in stretches:
        start = text.index(stretch)
        match = Match(start, start + len(stretch), stretch, "naapurila", "Naapurila", f"Theirs: {stretch}", degree)
        matches.append(replace(match, **where))  # type: ignore[arg-type]
    found = sum(len(stretch) for stretch in stretches)
    check = CopyingCheck(len(text), found, found / len(text), tuple(matches), compared_with=compared_with)
    return replace(draft, copying=check)


def lined(document: WordDocument) -> list[str]:
    """The texts of all paragraphs with the double line at their left."""
    return [
        text_in(p)
        for p in document.element.body.iter(qn("w:p"))
        if p.pPr is not None and p.pPr.find(qn("w:pBdr")) is not None
    ]


ACROSS = (  # the last words of one statement, a list, and the question between them
    f"another language.\n\nThe work is led by {COORDINATOR.mark}, who reports.\n\nEveryone gets a letter.\n\n"
    "Mallikylä has:\n- a guidance point"
)


def test_matches_are_told_of_the_statements_they_touch_and_not_of_open_questions() -> None:
    found = copied_statements(copied(section(), "The planning covers:", ACROSS, "a letter."))
    assert {at: [(c.number, c.again) for c in some] for at, some in found.items()} == {
        (0, 0): [(0, False)],
        (1, 0): [(1, False)],
        (1, 2): [(1, True), (2, False)],
        (1, 3): [(1, True)],
    }


def test_white_space_and_stops_alone_touch_nothing() -> None:
    draft = with_statements(statement("One.", 1), statement("Two.", 1))
    assert list(copied_statements(copied(draft, ".\n\nTwo"))) == [(0, 1)]
    assert copied_statements(section()) == {}


def test_a_long_passage_of_theirs_is_shown_by_its_beginning() -> None:
    draft = copied(with_statements(statement("word " * 400, 1)), "word " * 400)
    assert draft.copying is not None
    shown = their_words(draft.copying.matches[0])
    assert shown.endswith("word …")
    assert len(shown) <= 602


def test_copied_statements_have_a_line_and_a_comment_in_word(tmp_path: Path) -> None:
    document = word(tmp_path, copied(section(), "The planning covers:", ACROSS))
    assert lined(document) == [
        "The planning covers:", "the strategy", "the budget.", "A tenth speak another language.\u2002",
        "Not supported by a source: Everyone gets a letter.", "Mallikylä has:", "a guidance point", "interpreters",
    ]  # fmt: skip
    about = "Follows the programme of Naapurila (Programme 2022–2025, 9 Good relations), lightly edited:"
    said = [c.text for c in document.comments if c.text.startswith("Follows")]
    assert said == [
        f"{about}\n“Theirs: The planning covers:”\nWhat to do: Say yours.",
        f"{about}\n“Theirs: {' '.join(ACROSS.split())}”\nWhat to do: Say yours.",
        f"{about} the same passage as above.",
        f"{about} the same passage as above.",
    ]
    anchors = [e.get(qn("w:id")) for e in document.element.body.iter(qn("w:commentReference"))]
    assert len(anchors) == len(set(anchors)) == len(list(document.comments))


def test_rows_that_follow_another_programme_are_marked(tmp_path: Path) -> None:
    aim, figures = "Change: Language training", "Figure: Residents; 2025: 12,340"
    objective = (Cell("Language training", (2,)), *(Cell(OWNER.mark) for _ in COLUMNS[1:]))
    blocks = (
        DraftBlock("Figures", BlockRole.OWN, (statement(figures, 2),), ("Figure", "2025"),
                   ((Cell("Residents", (2,)), Cell("12,340")),)),
        DraftBlock("Objectives", BlockRole.OBJECTIVES, (statement(f"{aim}; By: {OWNER.mark}", 2),), COLUMNS,
                   (objective,)),
    )  # fmt: skip
    draft = copied(section(blocks=blocks), figures, aim)
    document = word(tmp_path, draft)
    assert lined(document) == ["Residents", "12,340", "Language training"]
    assert len([c for c in document.comments if c.text.startswith("Follows")]) == 2
    text = plan_markdown([draft], title=TITLE, profile=None)
    assert "| Residents[^1] | 12,340 |\n\n> Row 1. Follows the programme of Naapurila (" in text


def test_copied_statement_has_its_line_below_it_in_markdown() -> None:
    text = plan_markdown([copied(section(), "The planning covers:", ACROSS)], title=TITLE, profile=None)
    about = "Follows the programme of Naapurila (Programme 2022–2025, 9 Good relations), lightly edited:"
    assert (
        f"> - the budget.[^1]\n>\n> > {about} “Theirs: The planning covers:” What to do: Say yours.\n\n### The sit"
        in text
    )
    assert f"**Not supported by a source:** Everyone gets a letter.\n\n> {about} the same passage as above.\n\n" in text


def test_last_page_tells_the_share_and_every_passage(tmp_path: Path) -> None:
    drafts = [copied(section(), ACROSS, degree="verbatim"), copied(section(title="Housing"), compared_with=3)]
    characters = sum(draft.copying.characters for draft in drafts if draft.copying)
    said = (
        f"{100 * len(ACROSS) / characters:.1f} % of {characters} characters of the drafted text follow programmes of "
        "other municipalities; compared with 2 to 3 programmes."
    )
    document = word(tmp_path, *drafts)
    assert said in [p.text for p in document.paragraphs]
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "In the text" and len(t.rows) == 2)
    cells = [text_in(cell._tc) for cell in table.rows[1].cells]
    assert cells == [
        f"“another language. The work is led by {COORDINATOR_SHOWN}, who reports. …”", "Good relations",
        "Naapurila: Programme 2022–2025, 9 Good relations", "Word for word",
    ]  # fmt: skip
    (link,) = table._tbl.iter(qn("w:hyperlink"))
    (mark,) = (
        m for m in document.element.body.iter(qn("w:bookmarkStart")) if m.get(qn("w:name")) == link.get(qn("w:anchor"))
    )
    assert "A tenth speak" in text_in(mark.getparent())
    text = plan_markdown(drafts, title=TITLE, profile=None)
    assert f"### Copying check\n\n{said}\n\n| In the text | Section | Programme | How |" in text
    assert f"| {cells[2]} | {cells[3]} |" in text


@pytest.mark.parametrize(
    ("drafts", "said"),
    [
        ([copied(section(), compared_with=1)],
         "0.0 % of 229 characters of the drafted text follow programmes of other municipalities; compared with 1 "
         "programme."),
        ([copied(section(), compared_with=0)],
         "No programme of another municipality is in the workspace, so nothing was compared."),
        ([section()], "The text was not compared with programmes of other municipalities."),
        ([copied(section()), section(title="Situation")], "Not compared: Situation."),
        ([copied(with_statements(statement("abc " * 2500, 1)), "abc")], "Less than 0.1 % of 10,000 characters"),
    ],
)  # fmt: skip
def test_what_was_compared_is_said_also_where_nothing_was_found(drafts: list[SectionDraft], said: str) -> None:
    shown = plan_markdown(drafts, title=TITLE, profile=None).partition("### Copying check\n\n")[2]
    assert said in shown.partition("###")[0]


def test_notes_that_copy_another_programme_are_marked_in_both_files(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        add(assistant, tmp_path / "in", [*MALLIKYLA, ("keksila.md", KEKSILA, "programme", "Keksilä")])
        draft = assistant.draft("good-relations", municipality="Mallikylä", notes=KEKSILA.partition("\n\n")[2])
        assistant.planning.export_plan([draft], tmp_path / "plan.docx")
        assistant.planning.export_plan([draft], tmp_path / "plan.md")
    document = open_word(str(tmp_path / "plan.docx"))
    noted = KEKSILA.partition("\n\n")[2].strip()
    assert " ".join(lined(document)) == noted
    assert any(c.text.startswith("Follows the programme of Keksilä") for c in document.comments)
    assert "2 passages follow the programme of Keksilä" in body_text(document)
    assert "> Follows the programme of Keksilä" in (tmp_path / "plan.md").read_text(encoding="utf-8")


# Writing the file


def refusal(path: Path) -> str:
    with pytest.raises(AssistantError) as caught:
        write_plan([section()], path, title=TITLE, profile=None)
    line = str(caught.value)
    assert "\n" not in line
    return line


@pytest.mark.parametrize("name", ["plan.pdf", "plan", "plan.doc", "plan.docx.zip"])
def test_another_suffix_is_refused(name: str, tmp_path: Path) -> None:
    assert refusal(tmp_path / name) == "Name a file that ends in .docx or .md."
    with pytest.raises(AssistantError, match=r"ends in \.docx, \.csv or \.md"):
        write_checklist(checklist(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_suffix_in_capitals_is_understood(tmp_path: Path) -> None:
    write_plan([section()], tmp_path / "PLAN.DOCX", title=TITLE, profile=None)
    assert open_word(str(tmp_path / "PLAN.DOCX")).paragraphs


def test_nothing_to_write_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="draft a section first"):
        write_plan([], tmp_path / "plan.docx", title=TITLE, profile=None)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    assert "does not exist. Make it first" in refusal(tmp_path / "no" / "plan.docx")
    (tmp_path / "folder.docx").mkdir()
    assert "is a folder. Name a file in it." in refusal(tmp_path / "folder.docx")
    (tmp_path / "file").write_text("x")
    assert "is a file and not a folder" in refusal(tmp_path / "file" / "plan.docx")
    assert "too long" in refusal(tmp_path / f"{'n' * 300}.docx")
    assert "no name that a file can have" in refusal(tmp_path / "a\x00b.docx")


def test_a_line_end_in_a_name_does_not_break_the_message(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "a\nb" / "plan.docx")


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("plan.docx", ".~lock.plan.docx#"),  # LibreOffice
        ("plan.docx", "~$plan.docx"),  # Word
        ("toolong.docx", "~$oolong.docx"),  # Word, a name of seven letters
        ("koto-plan.docx", "~$to-plan.docx"),  # Word, a longer one
        ("plan.md", ".~lock.plan.md#"),
    ],
)
def test_a_file_that_is_open_elsewhere_is_left_alone(name: str, lock: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"old")
    (tmp_path / lock).write_bytes(b"")
    line = refusal(tmp_path / name)
    assert "seems to be open in another program. Close it there" in line
    assert lock in line
    assert (tmp_path / name).read_bytes() == b"old"


def test_a_lock_left_behind_without_its_file_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / ".~lock.plan.md#").write_bytes(b"")
    write_plan([section()], tmp_path / "plan.md", title=TITLE, profile=None)
    assert (tmp_path / "plan.md").exists()


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (PermissionError(13, "Access is denied"), "cannot be replaced: it is open in another program"),
        (OSError(28, "No space left on device"), "is full"),
        (OSError(5, "Input/output error"), r"could not be written \(Input/output error\)"),
    ],
)
def test_a_failed_replacement_leaves_the_old_file_and_nothing_else(
    error: OSError, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> Path:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    assert re.search(line, refusal(path))
    assert [p.name for p in tmp_path.iterdir()] == ["plan.docx"]
    assert path.read_bytes() == b"old"


def test_a_read_only_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", fail)  # a real one does not stop the superuser
    assert "cannot be written to. Choose another folder" in refusal(tmp_path / "plan.md")
    assert not list(tmp_path.iterdir())


def test_a_write_protected_file_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plan.md").write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "is write-protected" in refusal(tmp_path / "plan.md")


def test_a_failure_while_the_content_is_made_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.export import word as module

    def fail(*args: object, **options: object) -> bytes:
        raise RuntimeError("no content")

    (tmp_path / "plan.docx").write_bytes(b"old")
    monkeypatch.setattr(module, "plan_document", fail)
    with pytest.raises(RuntimeError):
        write_plan([section()], tmp_path / "plan.docx", title=TITLE, profile=None)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions, and links need a privilege")
def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_plan([section()], link, title=TITLE, profile=None)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text(encoding="utf-8").startswith(f"# {TITLE}")


# As it is printed


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_prints_headings_notes_at_the_foot_and_the_last_page(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    write_plan([section(), section(title="Housing")], path, title=TITLE, profile=PROFILE)
    own_profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", own_profile, "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(tmp_path / "plan.pdf").pages]
    assert TITLE in pages[0]
    assert "DRAFT, NOT APPROVED" in pages[0]
    assert "1 Good relations 2 Housing Notes on this draft" in pages[1]
    first = pages[2]
    assert "Good relations" in first
    assert "Objective 1" in first
    # The note stands after all of the body of its page, and before the footer.
    note = first.index("Act 681/2023 on integration, section 45(1). Statute Book of Finland")
    assert first.index("Everyone gets a letter.") < note < first.index("Page 3 of")
    assert "Municipal strategy, Values, page 12 (see note 2)." in " ".join(pages)
    assert "Error" not in " ".join(pages)
    last = pages[-1]
    for said in ("ELY Centres ended in 2025.", "Who coordinates?", "“Our digest” means", f"Page {len(pages)} of"):
        assert said in last


# Other languages.


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_word_file_in_another_language_has_none_of_our_english(language: str, tmp_path: Path) -> None:
    say = words(language)
    drafts = [section(section="good-relations", title="Good relations between population groups"), section()]
    write_plan(drafts, tmp_path / "p.docx", title=TITLE, profile=PROFILE, say=say)
    write_plan(drafts, tmp_path / "p.md", title=TITLE, profile=PROFILE, say=say)
    write_checklist(checklist(), tmp_path / "c.docx", say=say)
    write_checklist(checklist(), tmp_path / "c.md", say=say)
    write_checklist(checklist(), tmp_path / "c.csv", say=say)
    english = {
        row["en"] for key, row in catalogue().items()
        if key.startswith("export.") and len(row["en"]) > 12 and "{" not in row["en"]
    }  # fmt: skip
    for path in tmp_path.iterdir():
        text = whole_text(path)
        assert not [one for one in english if one in text], path.name
    written = whole_text(tmp_path / "p.docx")
    assert say("plans.section.good-relations") in written
    assert say.of("plans.heading", "What the law requires") in written
    assert say("export.page") in written
    assert "A tenth speak another language." in written  # a quote stays in the language of its source
    assert say("plans.item-status.no-evidence") in whole_text(tmp_path / "c.csv")


def whole_text(path: Path) -> str:
    """The text of an exported file with its notes, comments and footers, without tags."""
    if path.suffix != ".docx":
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as archive:
        parts = [archive.read(n).decode() for n in archive.namelist() if re.match(r"word/[a-z]+\d?\.xml", n)]
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", "\n".join(parts))))


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB"), ("fi", "fi-FI"), ("sv", "sv-FI")])
def test_word_checks_the_spelling_in_the_language_of_the_file(language: str, locale: str, tmp_path: Path) -> None:
    write_plan([section()], tmp_path / "p.docx", title="", profile=PROFILE, say=words(language))
    document = open_word(str(tmp_path / "p.docx"))
    assert document.core_properties.language == locale
    defaults = document.styles.element.find(qn("w:docDefaults"))
    assert {one.get(qn("w:val")) for one in defaults.iter(qn("w:lang"))} == {locale}


def test_text_of_an_older_version_stays_as_it_was() -> None:
    item = checklist().items[0]
    say = words("fi")
    assert labels.item_text(item, say) == item.text
    now = replace(item, text=words("en")("plans.item.plan-1.1"), next_step=words("en")("plans.step.plan-1.1"))
    assert labels.item_text(now, say) == say("plans.item.plan-1.1")
    assert labels.next_step(now, say) == say("plans.step.plan-1.1")
    still = replace(now, next_step=f"Still open: Who stands in? {now.next_step}")
    assert labels.next_step(still, say) == f"Vielä avoinna: Who stands in? {say('plans.step.plan-1.1')}"


def test_columns_of_a_documents_own_table_keep_their_names() -> None:
    say = words("sv")
    ours = DraftBlock("Objectives and measures", BlockRole.OBJECTIVES, (), ("Measure", "Source"), ())
    assert labels.columns(ours, say) == ("Åtgärd", "Källa")
    assert labels.columns(replace(ours, role=BlockRole.OWN), say) == ("Measure", "Source")


def test_numbers_and_days_are_written_as_in_the_language() -> None:
    checked = section(copying=CopyingCheck(12_345, 1_235, 0.1, (), compared_with=2))
    assert copying_summary([checked], words("fi"))[0].startswith("10,0 % luonnoksen 12\u00a0345 merkistä")
    assert copying_summary([checked], words("en"))[0].startswith("10.0 % of 12,345 characters")
    assert "21.11.2026" in plan_markdown([section()], title="", profile=None, say=words("fi"))


@pytest.mark.parametrize(
    ("missing", "aim", "told"),
    [
        (["Indicator"], "", "Vielä avoinna: mittari"),
        (["Responsible party", "Timetable"], "", "Vielä avoinna: vastuutaho, aikataulu"),
        (["Target"], "Kielitaito paranee", "Vielä avoinna tavoitteesta ”Kielitaito paranee”: tavoitetaso"),
        (["Measure", "Source"], "Trust grows", "Vielä avoinna tavoitteesta ”Trust grows”: toimenpide, lähde"),
    ],
)
def test_open_columns_of_an_objective_are_named_in_the_language(missing: list[str], aim: str, told: str) -> None:
    asked = row_gap(section_named("good-relations"), 1, missing, aim)
    question, who, where = labels.placeholder_words(asked, words("fi"))
    assert question == told
    assert who != asked.who_knows
    assert where != asked.where_to_find
    assert labels.placeholder_words(asked, words("en")) == (asked.question, asked.who_knows, asked.where_to_find)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_stands_in_words_without_its_id_and_a_review_counts_it(tmp_path: Path, language: str) -> None:
    say, need = words(language), needs()["coordinator"]
    one = Placeholder("basis.coordinator", need.asks, need.who_knows, need.where_to_find)
    row = row_gap(section_named("good-relations"), 1, ["Measure", "Baseline"], "People meet [often]\nand gladly")
    table = DraftBlock(
        "Objectives", BlockRole.OBJECTIVES, (statement(f"Measure: {row.mark}"),), ("Measure", "Baseline"),
        ((Cell(row.mark), Cell(row.mark)),),
    )  # fmt: skip
    prose = DraftBlock("Own", BlockRole.OWN, (statement(need.missing.replace("[TO FILL]", one.mark)),))
    draft = section(blocks=(prose, table), placeholders=(one, row))
    write_plan([draft], tmp_path / "plan.docx", title=TITLE, profile=PROFILE, say=say)
    texts = [
        plan_markdown([draft], title=TITLE, profile=PROFILE, say=say),
        read_document(tmp_path / "plan.docx", settings=Settings()).text,
    ]
    asked = say(f"needs.ask.{need.asks}").rstrip("?")
    for text in texts:
        assert f"{say('export.to-fill')}: {asked[0].lower()}{asked[1:]}]" in text
        columns = ", ".join(say.of("plans.column", name).lower() for name in ("Measure", "Baseline"))
        assert f"{say('export.to-fill')}: {columns}]" in text
        assert one.id not in text
        assert row.id not in text
        assert len(set(FILE_MARK.findall(text))) == 2  # what a review of the file counts


@pytest.mark.parametrize("language", LANGUAGES)
def test_mark_that_a_person_typed_is_in_the_language_of_the_file_too(tmp_path: Path, language: str) -> None:
    say = words(language)
    typed = replace(statement("The sauna costs [TO FILL: the  price]."), own_words=True)
    table = DraftBlock("Own", BlockRole.OWN, (), ("Figure",), ((Cell("[TO FILL: the sum]"),),))
    draft = section(blocks=(DraftBlock("Own", BlockRole.OWN, (typed,)), table), placeholders=())
    write_plan([draft], tmp_path / "plan.docx", title=TITLE, profile=PROFILE, say=say)
    document = open_word(str(tmp_path / "plan.docx"))
    links = [text_in(link) for link in document.element.body.iter(qn("w:hyperlink"))]
    text = read_document(tmp_path / "plan.docx", settings=Settings()).text
    markdown = plan_markdown([draft], title=TITLE, profile=PROFILE, say=say)
    for missing in ("the price", "the sum"):
        mark = f"[{say('export.to-fill')}: {missing}]"
        assert text.count(mark) == markdown.count(mark) == 2  # where it stands, and in the list of open points
        assert mark in links
    assert (say("export.to-fill") == "TO FILL") is ("TO FILL" in text + markdown)


def test_sentence_to_fill_in_is_ours_and_keeps_its_mark() -> None:
    need = needs()["coordinator"]
    mark = Placeholder("basis.coordinator", need.asks, "", "").mark
    text = need.missing.replace("[TO FILL]", mark)
    assert labels.gap_text(text, words("sv")) == f"Planeringen av integrationsfrämjandet samordnas av {mark}."
    assert labels.gap_text(text, words("en")) == text
    assert labels.gap_text(f"Typed by a person: {mark}", words("sv")) == f"Typed by a person: {mark}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_typed_words_are_marked_in_files_and_the_last_page_says_what_they_are(tmp_path: Path, language: str) -> None:
    say = words(language)
    typed = Statement("The sauna is open to all.", (), Support.UNSUPPORTED, own_words=True)
    row = (Cell("More trust", own_words=True), Cell("Choir", (2,)))
    table = DraftBlock("Own", BlockRole.OWN, (), ("Aim", "Measure"), (row,))
    draft = section(blocks=(DraftBlock("Own", BlockRole.OWN, (typed,)), table), placeholders=())
    write_plan([draft], tmp_path / "plan.docx", title=TITLE, profile=PROFILE, say=say)
    text = body_text(open_word(str(tmp_path / "plan.docx")))
    markdown = plan_markdown([draft], title=TITLE, profile=PROFILE, say=say)
    own = say("export.own-words")
    for shown in (text, markdown.replace("\\", "")):
        assert f"The sauna is open to all. {own}" in shown
        assert f"More trust {own}" in shown
        assert f"Choir {own}" not in shown
        assert say("export.writer-own-words") in shown
        assert say("export.writer-extractive") not in shown


def test_text_without_typed_words_speaks_of_none(tmp_path: Path) -> None:
    text = body_text(word(tmp_path, section()))
    assert words("en")("export.own-words") not in text
    assert words("en")("export.writer-extractive") in text


def test_what_nobody_has_accepted_and_sources_of_unknown_age_are_told_where_no_warning_is(tmp_path: Path) -> None:
    taken = replace(statement("We sing.", 1), state=StatementState.ACCEPTED)
    unknown = citation(source_id="page", currency=Currency.UNKNOWN)
    draft = replace(with_statements(taken, statement("We meet.", 2), citations=[unknown, STRATEGY]), warnings=())
    text = body_text(word(tmp_path, draft))
    markdown = plan_markdown([draft], title=TITLE, profile=PROFILE)
    for shown in (text, markdown):
        assert "Statements that nobody has accepted yet: 1 of 2." in shown
        assert "not known whether they are current: 1 of 2." in shown
        assert "There are no warnings." not in shown
    settled = replace(with_statements(taken, citations=[citation(), STRATEGY]), warnings=())
    assert "There are no warnings." in body_text(word(tmp_path, settled))


@pytest.mark.parametrize(
    ("title", "pinpoint", "shown"),
    [
        ("Good relations work", "Good relations work", "Good relations work"),
        ("Good relations work", "Good relations work, page 3", "Good relations work, page 3"),
        ("Good relations work", "Good relations workshops", "Good relations work, Good relations workshops"),
        ("Strategy", "Values", "Strategy, Values"),
        ("Strategy", "", "Strategy"),
    ],
)
def test_heading_that_is_the_title_is_not_said_twice(tmp_path: Path, title: str, pinpoint: str, shown: str) -> None:
    assert source_line(title, pinpoint) == shown
    one = replace(STRATEGY, title=title, pinpoint=pinpoint, page=None)
    (note,) = notes(word(tmp_path, with_statements(statement("We meet.", 2), citations=[one]))).values()
    assert note.strip().startswith(f"{shown}. ")


def test_note_on_what_was_typed_says_so_and_names_no_place(tmp_path: Path) -> None:
    typed = replace(STRATEGY, source_id=NOTES, title="Notes typed for this draft", pinpoint="beginning", page=None)
    (note,) = notes(word(tmp_path, with_statements(statement("We meet.", 2), citations=[typed]))).values()
    assert "Typed by a person for this draft" in note
    assert "beginning" not in note
