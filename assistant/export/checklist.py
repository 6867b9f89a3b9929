"""An answered checklist as a Word file, a table for Excel, or Markdown.

What the documents show and what a person says of it stand apart everywhere.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from docx.shared import Pt
from docx.table import Table

from assistant.export import _text as words
from assistant.export._text import clean, one_line
from assistant.export._writer import WordWriter, cells_of, set_borders, shade
from assistant.export.labels import ITEM_STATUSES
from assistant.export.markdown import MarkdownNotes, escape, pipe_table, statement_text, warning_list
from assistant.export.word import write_warnings
from assistant.shown import readable_date
from assistant.types import ChecklistAnswer, Citation, ItemAnswer, ItemStatus, Statement

CSV_COLUMNS = (
    "Id", "Group", "Item", "Law", "Law, more exactly", "What the documents show", "A person says", "Note of the person",
    "Who", "When", "Evidence", "What is asked", "What is missing", "Next step", "Section of the plan",
)  # fmt: skip
# Excel, LibreOffice and Google Sheets take a cell for a formula that begins so, full-width forms included; white space
# and invisible characters before it are skipped by some (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠−﹢﹣﹦﹫]|[\t\r\n]")
_FILLS = {ItemStatus.MET: "E3F0E3", ItemStatus.PARTLY: "FFF3D1", ItemStatus.NO_EVIDENCE: "F1F1F1"}
_COLUMNS = ("Item", "Status", "Evidence in the documents", "Missing, and what to do next")


def checklist_csv(answer: ChecklistAnswer) -> bytes:
    """One row for each item, for Excel as it is set up in Finland: semicolons, UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for item in answer.items:
        by = item.override
        row = (
            item.id, item.group, item.text, _law(item), item.law_note, ITEM_STATUSES[item.status],
            ITEM_STATUSES[by.status] if by else "", by.note if by else "", by.who if by else "", by.at if by else "",
            "\n".join(_evidence(item.statements, answer.citations)),
            "\n".join(_evidence(item.asked, answer.citations)),
            "\n".join(item.missing), item.next_step, item.section,
        )  # fmt: skip
        writer.writerow([guarded(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: what could be one gets an apostrophe in front."""
    cell = clean(text)
    # Tested before cleaning too: a control character that is taken out must not hide what follows it.
    return f"'{cell}" if _FORMULA.match(cell) or _FORMULA.match(text) else cell


def checklist_text(answer: ChecklistAnswer) -> str:
    """The checklist as Markdown."""
    notes = MarkdownNotes()
    parts = [f"# {escape(answer.title)}"]
    parts.append("\n".join(f"- {name}: {escape(value)}" for name, value in _facts(answer)))
    parts += [pipe_table(("Status", "Items"), [(label, str(n)) for label, n in words.counts(answer)])]
    parts.append(words.NO_EVIDENCE_MEANS)
    for group, items in _groups(answer):
        parts += [f"## {escape(group)}"] if group else []
        for item in items:
            parts += _item_text(item, answer.citations, notes)
    parts += warning_list(words.warnings_once([(answer.title, answer.warnings)]), 1)
    parts += [f"### {words.READING}", words.DIGEST]
    if definitions := notes.definitions():
        parts += ["## Sources", *definitions]
    return "\n\n".join(parts) + "\n"


def checklist_document(answer: ChecklistAnswer) -> bytes:
    """The checklist as a Word file, on its side: a table for each group, its header repeated on each page."""
    municipality, title = one_line(answer.municipality or ""), one_line(answer.title)
    writer = WordWriter(
        title=f"{municipality}: {title}" if municipality else title,
        author=municipality,
        footer=words.footer(municipality, title),
        placeholders={},
        landscape=True,
    )
    place = writer.document
    writer.paragraph(place, title, "Title").runs[0].font.size = Pt(22)
    facts = writer.table([1, 7])
    set_borders(facts, "FFFFFF")
    counted = " · ".join(f"{label}: {count}" for label, count in words.counts(answer))
    for name, value in (*_facts(answer), ("Result", counted)):
        cells = cells_of(writer.row(facts))
        writer.paragraph(cells[0], name, "Cover Text", bold=True)
        writer.paragraph(cells[1], value, "Cover Text")
    writer.gap()
    writer.paragraph(place, words.NO_EVIDENCE_MEANS, "Note")
    for group, items in _groups(answer):
        if group:
            writer.heading(group, 1, numbered=False)
        table = writer.table([7.4, 4.4, 7.0, 6.9], _COLUMNS)
        for item in items:
            _item_row(writer, table, item, answer.citations)
        writer.gap()
    write_warnings(writer, words.warnings_once([(title, answer.warnings)]), 1)
    writer.heading(words.READING, 2)
    writer.paragraph(place, words.DIGEST, "Body Text")
    return writer.content()


def _item_row(writer: WordWriter, table: Table, item: ItemAnswer, citations: Sequence[Citation]) -> None:
    said = [item.text, *(s.text for s in (*item.asked, *item.statements)), *item.missing, item.next_step]
    asked, status, evidence, next_step = cells_of(writer.row(table, text_chars=max(map(len, said)) * 2))
    heading = asked.add_paragraph(style="Table Text")
    heading.add_run(f"{one_line(item.id)}  ").bold = True
    heading.add_run(one_line(item.text))
    if law := _law(item, whole=True):
        writer.paragraph(asked, law, "Note")
    for statement in item.asked:
        writer.statement(asked, statement, citations, "Ground Text")
    shade(status, _FILLS[item.status])
    writer.paragraph(status, ITEM_STATUSES[item.status], "Table Text", bold=True)
    if by := words.override_words(item):
        writer.paragraph(status, by, "Table Text")
    for statement in item.statements:
        writer.statement(evidence, statement, citations, "Table Text")
    for question in item.missing:
        writer.paragraph(next_step, question, "Table Bullet")
    if item.next_step.strip():
        writer.paragraph(next_step, item.next_step, "Table Text")
    for cell in (evidence, next_step):
        if not cell.paragraphs:  # a cell without a paragraph makes the file unreadable
            writer.paragraph(cell, "–", "Table Text")


def _item_text(item: ItemAnswer, citations: Sequence[Citation], notes: MarkdownNotes) -> list[str]:
    parts = [f"### {escape(item.id)} {escape(item.text)}"]
    if law := _law(item, whole=True):
        parts.append(f"*{escape(law)}*")
    parts += [statement_text(statement, citations, notes) for statement in item.asked]
    parts.append(f"**{ITEM_STATUSES[item.status]}**")
    if by := words.override_words(item):
        parts.append(escape(by))
    parts += [statement_text(statement, citations, notes) for statement in item.statements]
    if item.missing:
        parts.append("Missing:\n\n" + "\n".join(f"- {escape(question)}" for question in item.missing))
    return [*parts, f"Next step: {escape(item.next_step)}"] if item.next_step.strip() else parts


def _facts(answer: ChecklistAnswer) -> list[tuple[str, str]]:
    return [
        ("Municipality", one_line(answer.municipality or "") or words.NOT_GIVEN),
        ("Date", readable_date(date.today().isoformat())),
        ("Law as of", words.law_as_of([answer.as_of])),
    ]


def _groups(answer: ChecklistAnswer) -> Iterable[tuple[str, list[ItemAnswer]]]:
    """The items by group, in the order given."""
    for group, items in groupby(answer.items, key=lambda item: one_line(item.group)):
        yield group, list(items)


def _law(item: ItemAnswer, *, whole: bool = False) -> str:
    law = one_line(item.law)
    law = law[:1].upper() + law[1:]
    note = one_line(item.law_note) if whole else ""
    return f"{law}: {note}" if law and note else law or note


def _evidence(statements: Iterable[Statement], citations: Sequence[Citation]) -> list[str]:
    """Each quote with its source and page; a statement without a source stands as it is, and says so."""
    found = []
    for statement in statements:
        if words.is_unsupported(statement, citations):
            found.append(f"{words.UNSUPPORTED} {one_line(statement.text)}")
        for citation in words.cited(statement.citations, citations):
            source = words.source_words(citation)
            where = ", ".join(part for part in (source.title, source.place) if part)
            found.append(f"“{one_line(citation.quote)}” ({where})")
    return list(dict.fromkeys(found))
