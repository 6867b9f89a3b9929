"""What answers, drafts and checklists are drawn from: statements, citation marks, warnings."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from assistant.shown import web_address
from assistant.types import Answer, ChecklistAnswer, Notice, SectionDraft, Statement, Support
from assistant.words import Words

Reply = Answer | SectionDraft | ChecklistAnswer


def escape(text: object) -> str:
    """Text as HTML that shows it and does nothing else."""
    return html.escape(str(text), quote=True)


def lang(say: Words, language: str) -> str:
    """The attribute that says of a text that it is in another language than the page; empty where it is in the same."""
    return f" lang='{escape(language)}'" if language and language != say.language else ""


def told_html(say: Words, message: str) -> str:
    """A message of the program in the reader's language, or in English and marked as such."""
    told = say.message(message)
    english = lang(say, "en") if told == message else ""
    return f"<span{english}>{escape(told)}</span>" if english else escape(told)


def moment(say: Words, at: str) -> dict[str, str]:
    """Day and time of day in Finland of a moment kept in UTC; where the machine knows no time zones, in UTC."""
    zone: tzinfo = UTC
    name = "UTC"
    with suppress(ZoneInfoNotFoundError):
        zone, name = ZoneInfo("Europe/Helsinki"), say("page.finnish-time")
    there = datetime.fromisoformat(at).astimezone(zone)
    separator = ":" if say.language == "en" else "."
    return {"date": say.date(there.date().isoformat()), "time": f"{there:%H{separator}%M} ({name})"}


def decimal(say: Words, number: float) -> str:
    """A number with one decimal as people write it in this language."""
    return f"{number:.1f}" if say.language == "en" else f"{number:.1f}".replace(".", ",")


def statement_html(
    say: Words, turn: int, statement: Statement, answer: Reply, cited: set[int], *, language: str = ""
) -> str:
    """Paragraphs and lists with their marks.

    Args:
        cited: Gathers the citations whose mark has an id already.
        language: Of the statement, where that is known.
    """
    marks = marks_html(say, turn, statement.citations, answer, cited)
    other = lang(say, language)
    if other:
        marks = f"<span lang='{say.language}'>{marks}</span>" if marks else ""
    parts: list[str] = []
    lines = [line.strip() for line in statement.text.splitlines() if line.strip()] or [""]
    for is_item, group in itertools.groupby(lines, key=lambda line: line.startswith("- ")):
        texts = list(group)
        items = "".join(f"<li>{escape(text.removeprefix('- '))}</li>" for text in texts)
        parts.append(f"<ul{other}>{items}</ul>" if is_item else f"<p{other}>{escape(' '.join(texts))}</p>")
    end = "</li></ul>" if parts[-1].endswith("</li></ul>") else "</p>"
    parts[-1] = f"{parts[-1].removesuffix(end)} {marks}{end}"
    # A statement without a citation that resolves is shown as unsupported, whatever it says of itself.
    if statement.support == Support.UNSUPPORTED or not marks:
        return f"<div class='unsupported'><b>{say('answer.unsupported')}</b>{''.join(parts)}</div>"
    return "".join(parts)


def marks_html(say: Words, turn: int, ids: Iterable[int], answer: Reply, cited: set[int]) -> str:
    by_id = {citation.id: citation for citation in answer.citations}
    links = []
    for citation in (by_id[number] for number in ids if number in by_id):
        anchor = "" if citation.id in cited else f" id='mark-{turn}-{citation.id}'"
        cited.add(citation.id)
        name = escape(say("answer.citation", id=citation.id, title=citation.title))
        href = f"#cite-{turn}-{citation.id}"
        links.append(f"<a class='mark' href='{href}'{anchor} aria-label='{name}' title='{name}'>[{citation.id}]</a>")
    return "<span class='marks'>" + " ".join(links) + "</span>" if links else ""


def notice_html(say: Words, turn: int, notice: Notice, answer: Reply) -> str:
    marks = marks_html(say, turn, notice.citations, answer, {citation.id for citation in answer.citations})
    label = escape(say.of("answer.warning", notice.code))
    return (
        f"<div role='note' class='notice' aria-label='{label}'><b>{label}</b>"
        f"<p>{told_html(say, notice.message)} {marks}</p></div>"
    )


def source_link(say: Words, title: str, address: str | None) -> str:
    """A title that leads to where the source stands, where it has an address that may become a link."""
    url = web_address(address)
    if not url:
        return escape(title)
    return (
        f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{escape(title)} "
        f"<small>({escape(say('page.new-tab'))})</small></a>"
    )
