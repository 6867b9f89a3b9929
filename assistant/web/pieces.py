"""What answers, drafts and checklists are drawn from: statements, citation marks, warnings."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable

from assistant.types import Answer, ChecklistAnswer, Notice, SectionDraft, Statement, Support
from assistant.web import strings

Reply = Answer | SectionDraft | ChecklistAnswer


def escape(text: object) -> str:
    """Text as HTML that shows it and does nothing else."""
    return html.escape(str(text), quote=True)


def statement_html(turn: int, statement: Statement, answer: Reply, cited: set[int]) -> str:
    """Paragraphs and lists with their marks; `cited` gathers the citations whose mark has an id already."""
    marks = marks_html(turn, statement.citations, answer, cited)
    parts: list[str] = []
    lines = [line.strip() for line in statement.text.splitlines() if line.strip()] or [""]
    for is_item, group in itertools.groupby(lines, key=lambda line: line.startswith("- ")):
        texts = list(group)
        items = "".join(f"<li>{escape(text.removeprefix('- '))}</li>" for text in texts)
        parts.append(f"<ul>{items}</ul>" if is_item else f"<p>{escape(' '.join(texts))}</p>")
    end = "</li></ul>" if parts[-1].endswith("</li></ul>") else "</p>"
    parts[-1] = f"{parts[-1].removesuffix(end)} {marks}{end}"
    # A statement without a citation that resolves is shown as unsupported, whatever it says of itself.
    if statement.support == Support.UNSUPPORTED or not marks:
        return f"<div class='unsupported'><b>{strings.UNSUPPORTED}</b>{''.join(parts)}</div>"
    return "".join(parts)


def marks_html(turn: int, ids: Iterable[int], answer: Reply, cited: set[int]) -> str:
    by_id = {citation.id: citation for citation in answer.citations}
    links = []
    for citation in (by_id[number] for number in ids if number in by_id):
        anchor = "" if citation.id in cited else f" id='mark-{turn}-{citation.id}'"
        cited.add(citation.id)
        name = escape(strings.CITATION.format(id=citation.id, title=citation.title))
        href = f"#cite-{turn}-{citation.id}"
        links.append(f"<a class='mark' href='{href}'{anchor} aria-label='{name}' title='{name}'>[{citation.id}]</a>")
    return "<span class='marks'>" + " ".join(links) + "</span>" if links else ""


def notice_html(turn: int, notice: Notice, answer: Reply) -> str:
    marks = marks_html(turn, notice.citations, answer, {citation.id for citation in answer.citations})
    label = escape(strings.WARNINGS[notice.code])
    return (
        f"<div role='note' class='notice' aria-label='{label}'><b>{label}</b>"
        f"<p>{escape(notice.message)} {marks}</p></div>"
    )
