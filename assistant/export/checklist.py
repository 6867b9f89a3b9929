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
from assistant.export import labels
from assistant.export._text import clean, one_line
from assistant.export._writer import WordWriter, cells_of, set_borders, shade
from assistant.export.markdown import MarkdownNotes, escape, pipe_table, statement_text, warning_list
from assistant.export.word import write_warnings
from assistant.types import ChecklistAnswer, Citation, ItemAnswer, ItemStatus, Statement
from assistant.words import Words

_CSV_COLUMNS = (
    "id", "group", "item", "law", "law-note", "status", "person", "note", "who", "when", "evidence", "asked", "missing",
    "next-step", "section",
)  # fmt: skip
# Excel, LibreOffice and Google Sheets take a cell for a formula that begins so, full-width forms included; white space
# and invisible characters before it are skipped by some (OWASP, "CSV Injection").
_FORMULA = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠−﹢﹣﹦﹫]|[\t\r\n]")
_FILLS = {ItemStatus.MET: "E3F0E3", ItemStatus.PARTLY: "FFF3D1", ItemStatus.NO_EVIDENCE: "F1F1F1"}
_COLUMNS = ("item", "status", "evidence", "missing-and-next")


def checklist_csv(answer: ChecklistAnswer, say: Words) -> bytes:
    """One row for each item, for Excel as it is set up in Finland: semicolons, UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([say(f"export.csv.{column}") for column in _CSV_COLUMNS])
    for item in answer.items:
        by = item.override
        row = (
            item.id, labels.group_title(item.group, say), labels.item_text(item, say), _law(item, say),
            labels.law_note(item, say), _status(item.status, say), _status(by.status, say) if by else "",
            by.note if by else "", by.who if by else "", by.at if by else "",
            "\n".join(_evidence(item.statements, answer.citations, say)),
            "\n".join(_evidence(item.asked, answer.citations, say)),
            "\n".join(labels.questions(item.missing, say)), labels.next_step(item, say), item.section,
        )  # fmt: skip
        writer.writerow([guarded(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: what could be one gets an apostrophe in front."""
    cell = clean(text)
    # Tested before cleaning too: a control character that is taken out must not hide what follows it.
    return f"'{cell}" if _FORMULA.match(cell) or _FORMULA.match(text) else cell


def checklist_text(answer: ChecklistAnswer, say: Words) -> str:
    """The checklist as Markdown."""
    notes = MarkdownNotes(say)
    title = _title(answer, say)
    parts = [f"# {escape(title)}"]
    parts.append("\n".join(f"- {name}: {escape(value)}" for name, value in _facts(answer, say)))
    counted = [(label, str(n)) for label, n in words.counts(answer, say)]
    parts += [pipe_table((say("export.status"), say("export.items")), counted), say("export.no-evidence")]
    for group, items in _groups(answer, say):
        parts += [f"## {escape(group)}"] if group else []
        for item in items:
            parts += _item_text(item, answer.citations, notes)
    parts += warning_list(words.warnings_once([(title, answer.warnings)], say), 1, say)
    parts += [f"### {say('export.reading')}", say("export.digest")]
    if definitions := notes.definitions():
        parts += [f"## {say('export.sources')}", *definitions]
    return "\n\n".join(parts) + "\n"


def checklist_document(answer: ChecklistAnswer, say: Words) -> bytes:
    """The checklist as a Word file, on its side: a table for each group, its header repeated on each page."""
    municipality, title = one_line(answer.municipality or ""), _title(answer, say)
    writer = WordWriter(
        title=f"{municipality}: {title}" if municipality else title,
        author=municipality,
        footer=words.footer(municipality, title),
        placeholders={},
        marks={},
        say=say,
        landscape=True,
    )
    place = writer.document
    writer.paragraph(place, title, "Title").runs[0].font.size = Pt(22)
    facts = writer.table([1, 7])
    set_borders(facts, "FFFFFF")
    counted = " · ".join(f"{label}: {count}" for label, count in words.counts(answer, say))
    for name, value in (*_facts(answer, say), (say("export.result"), counted)):
        cells = cells_of(writer.row(facts))
        writer.paragraph(cells[0], name, "Cover Text", bold=True)
        writer.paragraph(cells[1], value, "Cover Text")
    writer.gap()
    writer.paragraph(place, say("export.no-evidence"), "Note")
    columns = [say(f"export.{column}") for column in _COLUMNS]
    for group, items in _groups(answer, say):
        if group:
            writer.heading(group, 1, numbered=False)
        table = writer.table([7.4, 4.4, 7.0, 6.9], columns)
        for item in items:
            _item_row(writer, table, item, answer.citations)
        writer.gap()
    write_warnings(writer, words.warnings_once([(title, answer.warnings)], say), 1)
    writer.heading(say("export.reading"), 2)
    writer.paragraph(place, say("export.digest"), "Body Text")
    return writer.content()


def _item_row(writer: WordWriter, table: Table, item: ItemAnswer, citations: Sequence[Citation]) -> None:
    say = writer.say
    missing, step = labels.questions(item.missing, say), labels.next_step(item, say)
    said = [item.text, *(s.text for s in (*item.asked, *item.statements)), *missing, step]
    asked, status, evidence, next_step = cells_of(writer.row(table, text_chars=max(map(len, said)) * 2))
    heading = asked.add_paragraph(style="Table Text")
    heading.add_run(f"{one_line(item.id)}  ").bold = True
    heading.add_run(one_line(labels.item_text(item, say)))
    if law := _law(item, say, whole=True):
        writer.paragraph(asked, law, "Note")
    for statement in item.asked:
        writer.statement(asked, statement, citations, "Ground Text")
    shade(status, _FILLS[item.status])
    writer.paragraph(status, _status(item.status, say), "Table Text", bold=True)
    if by := words.override_words(item, say):
        writer.paragraph(status, by, "Table Text")
    for statement in item.statements:
        writer.statement(evidence, statement, citations, "Table Text")
    for question in missing:
        writer.paragraph(next_step, question, "Table Bullet")
    if step.strip():
        writer.paragraph(next_step, step, "Table Text")
    for cell in (evidence, next_step):
        if not cell.paragraphs:  # a cell without a paragraph makes the file unreadable
            writer.paragraph(cell, "–", "Table Text")


def _item_text(item: ItemAnswer, citations: Sequence[Citation], notes: MarkdownNotes) -> list[str]:
    say = notes.say
    parts = [f"### {escape(item.id)} {escape(labels.item_text(item, say))}"]
    if law := _law(item, say, whole=True):
        parts.append(f"*{escape(law)}*")
    parts += [statement_text(statement, citations, notes) for statement in item.asked]
    parts.append(f"**{_status(item.status, say)}**")
    if by := words.override_words(item, say):
        parts.append(escape(by))
    parts += [statement_text(statement, citations, notes) for statement in item.statements]
    if item.missing:
        asked = (f"- {escape(question)}" for question in labels.questions(item.missing, say))
        parts.append(f"{say('export.missing')}\n\n" + "\n".join(asked))
    step = labels.next_step(item, say)
    return [*parts, say("export.next-step", text=escape(step))] if step.strip() else parts


def _title(answer: ChecklistAnswer, say: Words) -> str:
    return one_line(labels.checklist_title(answer.checklist, answer.title, say))


def _status(status: ItemStatus, say: Words) -> str:
    return say.of("plans.item-status", status)


def _facts(answer: ChecklistAnswer, say: Words) -> list[tuple[str, str]]:
    facts = (
        (say("export.municipality"), one_line(answer.municipality or "")),
        (say("export.date"), say.date(date.today().isoformat())),
        (say("export.law-as-of"), words.law_as_of([answer.as_of], say)),
    )
    return words.told_facts(facts)


def _groups(answer: ChecklistAnswer, say: Words) -> Iterable[tuple[str, list[ItemAnswer]]]:
    """The items by group, in the order given."""
    for group, items in groupby(answer.items, key=lambda item: one_line(item.group)):
        yield labels.group_title(group, say), list(items)


def _law(item: ItemAnswer, say: Words, *, whole: bool = False) -> str:
    law = one_line(item.law)
    key = law.replace(" ", "-")
    name = say.of("export.law", key)
    law = law[:1].upper() + law[1:] if name == key else name
    note = one_line(labels.law_note(item, say)) if whole else ""
    return f"{law}: {note}" if law and note else law or note


def _evidence(statements: Iterable[Statement], citations: Sequence[Citation], say: Words) -> list[str]:
    """Each quote with its source and page; a statement without a source stands as it is, and says so."""
    found = []
    for statement in statements:
        if words.is_unsupported(statement, citations):
            found.append(f"{say('export.unsupported')} {one_line(statement.text)}")
        for citation in words.cited(statement.citations, citations):
            source = words.source_words(citation, say)
            where = ", ".join(part for part in (source.title, source.place) if part)
            found.append(f"{say('export.quoted', text=one_line(citation.quote))} ({where})")
    return list(dict.fromkeys(found))
