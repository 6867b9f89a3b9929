"""A drafted section or a whole plan as a Word file.

The municipality's own text stands in the body. What law and guidance ask, and what other municipalities do, stands in
boxes that can be cut. Each objective is a small table of two columns: eight columns beside each other are too narrow to
read on A4, upright or on its side, and the questions that wait in them are longer than the cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph

from assistant.export import _text as words
from assistant.export import labels
from assistant.export._text import one_line
from assistant.export._writer import WordWriter, cells_of, keep_together, set_borders, shade
from assistant.shown import GAP_MARK, Copied, copied_statements, with_gaps_together
from assistant.types import BlockRole, Citation, DraftBlock, Profile, SectionDraft
from assistant.words import Words

_BOXES = {  # colour behind, colour of the bar; both kinds also say in words what they are
    BlockRole.REQUIREMENTS: ("EDF1F7", "3B5B8C"),
    BlockRole.RECOMMENDATIONS: ("EFF5EE", "5E7F4E"),
    BlockRole.SUGGESTIONS: ("F5F5F5", "7F7F7F"),
}
_EXAMPLES_BOX = ("FAF5EA", "B08A3C")
_WIDE = 4  # columns that still have room beside each other
_PAGE_CHARS = 2000  # an objective with more text than about a page cannot stay on one


def plan_document(
    sections: Sequence[SectionDraft], *, title: str, profile: Profile | None, plan_about: str = "", say: Words
) -> bytes:
    """The file; one section has its head on the first page, a whole plan a title page and a table of contents."""
    municipality = one_line(profile.name) if profile else words.municipality_of(sections)
    title = one_line(title) or words.section_title(sections[0], say)
    points = words.open_points(sections, say)
    writer = WordWriter(
        title=f"{municipality}: {title}" if municipality else title,
        author=municipality,
        footer=words.footer(municipality, title, say("export.draft")),
        say=say,
        placeholders={p.id: p for section in sections for p in section.placeholders},
        marks=words.marks_of(sections, say),
    )
    whole = len(sections) > 1
    facts = _facts(sections, profile, say)
    shown_title = (
        "" if not whole and title == words.section_title(sections[0], say) else title
    )  # its heading says it already
    _head(writer, municipality, shown_title, one_line(plan_about), facts, whole=whole)
    if whole:
        writer.document.sections[0].different_first_page_header_footer = True
        entries = [(f"{n}\t{words.section_title(s, say)}", f"_Toc{n:08}") for n, s in enumerate(sections, start=1)]
        entries.append((f"\t{say('export.notes')}", "_Toc99999999"))
        writer.contents(say("export.contents"), entries, say("export.contents-hint"))
    for number, section in enumerate(sections, start=1):
        _section(writer, section, number, whole=whole)
    _closing(writer, sections, points)
    return writer.content()


def _facts(sections: Sequence[SectionDraft], profile: Profile | None, say: Words) -> list[tuple[str, str]]:
    period = words.period(profile.plan_from, profile.plan_to, say) if profile else ""
    facts = (
        (say("export.plan-period"), period),
        (say("export.date"), say.date(date.today().isoformat())),
        (say("export.law-as-of"), words.law_as_of((section.as_of for section in sections), say)),
        (say("export.contact"), one_line(profile.contact) if profile else ""),
    )
    return words.told_facts(facts)


def _head(
    writer: WordWriter, municipality: str, title: str, about: str, facts: Sequence[tuple[str, str]], *, whole: bool
) -> None:
    place = writer.document
    if municipality:
        name = writer.paragraph(place, municipality, "Subtitle", bold=True)
        if whole:
            name.runs[0].font.size = Pt(16)
    if title:
        heading = writer.paragraph(place, title, "Title")
        if not whole:
            heading.runs[0].font.size = Pt(22)
    if about:
        writer.paragraph(place, about, "Subtitle")
    badge = writer.paragraph(place, writer.say("export.draft").upper(), "Cover Text", bold=True)
    badge.runs[0].font.color.rgb = RGBColor(0x9C, 0x1C, 0x1C)
    badge.paragraph_format.space_before, badge.paragraph_format.space_after = Pt(6), Pt(12 if whole else 6)
    if whole:
        place.paragraphs[0].paragraph_format.space_before = Pt(150)
    table = writer.table([1, 3])
    set_borders(table, "FFFFFF")
    for label, value in facts:
        cells = cells_of(writer.row(table))
        writer.paragraph(cells[0], label, "Cover Text", bold=True)
        writer.paragraph(cells[1], value, "Cover Text")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the statements of one block follow."""

    section: int  # from 0
    copied: Sequence[Sequence[Copied]]  # one for each statement

    def of_row(self, number: int) -> Sequence[Copied]:
        """Of a row of a table, by the statement that stands for it."""
        return self.copied[number] if number < len(self.copied) else ()


def _section(writer: WordWriter, section: SectionDraft, number: int, *, whole: bool) -> None:
    say = writer.say
    heading = writer.heading(labels.section_title(section, say), 1, numbered=whole, bookmark=f"_Toc{number:08}")
    if whole and number == 1:
        heading.paragraph_format.page_break_before = True
    if status := labels.section_status(section, say):
        writer.paragraph(writer.document, status, "Note").paragraph_format.keep_with_next = True
    copied = copied_statements(section)
    for at, block in enumerate(section.blocks):
        found = _Found(number - 1, [copied.get((at, n), []) for n in range(len(block.statements))])
        if block.heading.strip():
            writer.heading(labels.heading(block.heading, say), 2)
        if block.rows:
            _table(writer, block, section.citations, found)
        elif not block.statements:
            writer.paragraph(writer.document, say("export.no-text"), "Note")
        elif box := _BOXES.get(block.role):
            _box(writer, block, section.citations, *box, found)
        else:
            for statement, some in zip(block.statements, found.copied, strict=True):
                shown = writer.statement(writer.document, statement, section.citations, "Body Text")
                writer.copied(shown, some, found.section)
        for plot in words.plots_below(section, block):
            writer.plot(plot)
    if section.examples:
        _examples(writer, section)


def _box(
    writer: WordWriter, block: DraftBlock, citations: Sequence[Citation], fill: str, edge: str, found: _Found
) -> None:
    box = writer.box(fill, edge, writer.say.of("export.ground", block.role))
    for statement, some in zip(block.statements, found.copied, strict=True):
        cell = writer.box_cell(box, fill, text_chars=len(statement.text))
        writer.copied(writer.statement(cell, statement, citations, "Ground Text"), some, found.section)
    writer.gap()


def _examples(writer: WordWriter, section: SectionDraft) -> None:
    writer.heading(writer.say("export.examples"), 2)
    fill, edge = _EXAMPLES_BOX
    box = writer.box(fill, edge, writer.say("export.examples-lead"))
    for heading, caution, url in words.example_words(section, writer.say):
        cell = writer.box_cell(box, fill, text_chars=len(heading) + len(caution))
        paragraph = writer.paragraph(cell, heading, "Ground Text", bold=True)
        if caution or url:
            paragraph.paragraph_format.keep_with_next = True
            paragraph = writer.paragraph(cell, caution, "Ground Text")
        if url:
            paragraph.add_run(" " if caution else "")
            writer.web_link(paragraph, url)
    writer.gap()


def _table(writer: WordWriter, block: DraftBlock, citations: Sequence[Citation], found: _Found) -> None:
    flagged = words.unsupported_rows(block, citations)
    columns = labels.columns(block, writer.say)
    if len(columns) > _WIDE:
        for number, row in enumerate(block.rows):
            key = "export.objective-of" if len(block.rows) > 1 else "export.objective"
            name = writer.say(key, column=columns[0], number=number + 1, count=len(block.rows))
            table = writer.table([1, 3], [name], span=True)
            shown: list[Paragraph] = []
            for at, (column, cell) in enumerate(with_gaps_together(columns, row)):
                cells = cells_of(writer.row(table, text_chars=len(cell.text)))
                shade(cells[0], "F4F6F9")
                writer.paragraph(cells[0], column, "Table Heading")
                paragraphs = writer.cell_text(
                    cells[1], cell, citations, flagged=at == 0 and number in flagged, bold=at == 0
                )
                shown += [] if GAP_MARK.fullmatch(cell.text.strip()) else paragraphs
            writer.copied(shown, found.of_row(number), found.section)
            if sum(len(cell.text) for cell in row) < _PAGE_CHARS:
                keep_together(table)
            writer.gap()
        return
    writer.caption(labels.heading(block.heading, writer.say))
    table = writer.table([1] * len(columns), columns)
    for number, row in enumerate(block.rows):
        cells = cells_of(writer.row(table, text_chars=max(len(cell.text) for cell in row)))
        shown = []
        for at, (target, cell) in enumerate(zip(cells, row, strict=False)):
            flag = at == 0 and number in flagged
            shown += writer.cell_text(target, cell, citations, flagged=flag)
        writer.copied(shown, found.of_row(number), found.section)
    writer.gap()


def _closing(writer: WordWriter, sections: Sequence[SectionDraft], points: Sequence[words.OpenPoint]) -> None:
    """Warnings, open points and how to read the notes: what must be settled before this is a plan."""
    place, say = writer.document, writer.say
    heading = writer.heading(say("export.notes"), 1, numbered=False, bookmark="_Toc99999999")
    heading.paragraph_format.page_break_before = True
    told = ((words.section_title(s, say), s.warnings) for s in sections)
    write_warnings(writer, words.warnings_once(told, say), len(sections), words.unsettled(sections, say))
    _copying(writer, sections)
    writer.heading(say("export.open"), 2)
    if points:
        writer.paragraph(place, say("export.open-lead"), "Note").paragraph_format.keep_with_next = True
        table = writer.table([4.2, 5.2, 3.2, 3.4], words.open_columns(say))
        for number, point in enumerate(points):
            asked = point.placeholder
            if len(sections) > 1 and (number == 0 or points[number - 1].section != point.section):
                writer.band(table, point.section)
            texts = (asked.question, asked.who_knows, asked.where_to_find)
            cells = cells_of(writer.row(table, text_chars=max(map(len, texts)) * 2))  # narrow columns
            writer.mark_link(cells[0], asked.id, point.mark)
            for cell, text in zip(cells[1:], texts, strict=True):
                writer.paragraph(cell, text or "–", "Table Text")
        writer.gap()
    else:
        writer.paragraph(place, say("export.open-none"), "Body Text")
    writer.heading(say("export.reading"), 2)
    for text in (say("export.check"), say("export.digest"), words.writers(sections, say)):
        writer.paragraph(place, text, "Body Text")


def _copying(writer: WordWriter, sections: Sequence[SectionDraft]) -> None:
    say = writer.say
    writer.heading(say("export.copying"), 2)
    for text in words.copying_summary(sections, say):
        writer.paragraph(writer.document, text, "Body Text")
    if not (passages := words.copied_passages(sections, say)):
        return
    writer.paragraph(writer.document, say("export.copying-lead"), "Note").paragraph_format.keep_with_next = True
    table = writer.table([5.2, 3.2, 5.6, 2.2], words.copying_columns(say))
    for passage in passages:
        cells = cells_of(writer.row(table))
        writer.copied_link(cells[0], passage)
        for cell, text in zip(cells[1:], (passage.section, passage.source, passage.degree), strict=True):
            writer.paragraph(cell, text, "Table Text")
    writer.gap()


def write_warnings(
    writer: WordWriter, warnings: Sequence[tuple[str, list[str]]], parts: int, unsettled: Sequence[str] = ()
) -> None:
    """Each warning once, where only some parts give it with which; before them what is unsettled."""
    writer.heading(writer.say("export.warnings"), 2)
    for text in unsettled:
        writer.paragraph(writer.document, text, "List Bullet")
    if not warnings and not unsettled:
        writer.paragraph(writer.document, writer.say("export.no-warnings"), "Body Text")
    for message, titles in warnings:
        paragraph = writer.paragraph(writer.document, message, "List Bullet")
        if len(titles) < parts:
            run = paragraph.add_run(f" {writer.say('export.only-in', titles='; '.join(titles))}")
            run.font.color.rgb = RGBColor(0x55, 0x55, 0x55)
