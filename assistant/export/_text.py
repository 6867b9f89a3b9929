"""The words of an exported file, whatever its format: sources, days, marks to fill in, warnings, open points.

Text comes from people, documents or models. `clean` makes it safe for XML; each format escapes the rest itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant import editing
from assistant.export import labels
from assistant.own import NOTES
from assistant.shown import (
    FILE_MARK,
    GAP_MARK,
    Copied,
    page_of,
    place_in,
    source_line,
    their_words,
    told_currency,
    told_kind,
    told_publisher,
    web_address,
)
from assistant.types import (
    NOT_ESTABLISHED,
    BlockRole,
    ChecklistAnswer,
    Citation,
    Currency,
    DraftBlock,
    ItemAnswer,
    ItemStatus,
    Kind,
    Match,
    Notice,
    Placeholder,
    Plot,
    SectionDraft,
    Statement,
    Support,
)
from assistant.words import Words

GROUNDS = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS, BlockRole.SUGGESTIONS)  # each has a lead, export.ground
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# What XML 1.0 forbids, and the controls that make a reader see another order than the one written.
_REMOVED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_FOOTER_CHARS = 40  # of each of its parts: three of them and the page number share a line
_BEGINNING_CHARS = 80  # of a passage in the list of those that follow other programmes
_ADDRESS_CHARS = 90  # longer addresses are shown by their site alone; about a line of a footnote


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a list item of a statement."""

    text: str
    is_item: bool


@dataclass(frozen=True, slots=True)
class SourceWords:
    """What a note says of a source; every part is cleaned and may be empty but the title."""

    title: str
    place: str  # pinpoint and page
    details: tuple[str, ...]  # sentences without their full stop
    cautions: tuple[str, ...]  # those of the details that every mention repeats
    url: str | None  # only where it may become a link
    key: tuple[str, str | None]  # two citations with one key name one source


@dataclass(frozen=True, slots=True)
class CopiedPassage:
    """A passage of the draft that follows another programme, as the list of all of them tells it."""

    beginning: str  # in quotation marks
    section: str  # title
    source: str  # municipality, title and place
    degree: str
    key: tuple[int, int]  # number of the section and of the match in it, from 0


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One point to fill in, with the title of its section."""

    placeholder: Placeholder
    section: str
    mark: str  # as it stands in the text of the file


def clean(text: object) -> str:
    """Text that XML can hold: newline as the one line end, no controls; half a surrogate pair becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", _REMOVED.sub("", _LINE_ENDS.sub("\n", str(text))))


def one_line(text: object) -> str:
    """Clean text with white space collapsed."""
    return " ".join(clean(text).split())


def lines_of(text: str) -> list[Line]:
    """The paragraphs and list items of a statement; lines that are no items run together, as on the screen."""
    found = [line.strip() for line in clean(text).split("\n") if line.strip()]
    lines: list[Line] = []
    for is_item, group in groupby(found, key=lambda line: line.startswith("- ")):
        texts = [one_line(line.removeprefix("- ")) for line in group]
        lines += [Line(t, True) for t in texts] if is_item else [Line(" ".join(texts), False)]
    return lines


def marks_of(sections: Sequence[SectionDraft], say: Words) -> dict[str, str]:
    """How each open point is marked in a file, by its id: with what is missing; with the id where no record tells."""
    missing = {id: id for one in sections for text in _texts(one) for id in GAP_MARK.findall(one_line(text))}
    missing |= {one.id: labels.gap_words(one, say) for section in sections for one in section.placeholders}
    return {id: f"[{say('export.to-fill')}: {text}]" for id, text in missing.items()}


def in_words(text: str, marks: Mapping[str, str]) -> str:
    """A text with its marks as they stand in a file."""
    return GAP_MARK.sub(lambda match: marks.get(one_line(match[1]), match[0]), text)


def split_marks(text: str) -> list[tuple[str, str | None]]:
    """A text cut at its marks: (stretch, None) and (mark, what it holds), in order; that is an id, or words already."""
    parts: list[tuple[str, str | None]] = []
    end = 0
    for match in FILE_MARK.finditer(text):
        parts += [(text[end : match.start()], None), (match.group(), match.group(1))]
        end = match.end()
    parts.append((text[end:], None))
    return [part for part in parts if part[0]]


def has_mark(text: str) -> bool:
    """Whether something in a text is still to fill in."""
    return bool(GAP_MARK.search(text))


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for char in text[:1000]:
        if (direction := unicodedata.bidirectional(char)) in ("L", "R", "AL"):
            return direction != "L"
    return False


def period(start: str | None, end: str | None, say: Words) -> str:
    """The time of a plan in words; empty where neither end is known."""
    if start and end:
        return f"{say.date(start)} – {say.date(end)}"
    if start:
        return say("export.period-from", start=say.date(start))
    return say("export.period-to", end=say.date(end)) if end else ""


def shown_address(url: str) -> str:
    """An address as a note shows it."""
    short = re.sub(r"^https?://(?:www\.)?", "", url).rstrip("/")
    return short if len(short) <= _ADDRESS_CHARS else f"{short.partition('/')[0]}/…"


def source_words(citation: Citation, say: Words) -> SourceWords:
    """What a note says of a citation."""
    title, place = one_line(citation.title), one_line(place_in(citation.title, citation.pinpoint))
    if citation.source_id == NOTES:
        title, place = say("export.typed-notes"), ""
    if citation.page and not re.search(rf"\b(?:p\.|page|sivu|sida|s\.)\s*{citation.page}\b", place, re.IGNORECASE):
        page = say("export.source-page", page=citation.page)
        place = f"{place}, {page}" if place else page
    published = [one_line(told_publisher(citation, say)), say.date(citation.written)]
    basis = one_line(citation.law_basis or "")
    if basis and basis not in title:
        published.append(say("export.written-under", act=basis))
    details = [", ".join(part for part in published if part)]
    cautions = []
    if citation.kind is Kind.PROGRAMME:
        whose = one_line(citation.municipality or "")
        cautions.append(say("export.example-from", whose=whose) if whose else say("export.example-from-another"))
    worth = told_currency(citation)
    if not citation.currency.may_hold:
        cautions.append(say(f"export.currency.{worth}", day=say.date(citation.ends)))
    elif citation.currency is Currency.UNKNOWN and citation.kind is not Kind.OWN and worth != "advice":
        details.append(say(f"export.currency.{worth}"))
    if citation.certainty == NOT_ESTABLISHED:
        cautions.append(say("export.not-established"))
    details += [*cautions, one_line(citation.note or "").rstrip(".")]
    kind = told_kind(citation)
    if kind != citation.kind:
        details.append(say.of("answer.kind", kind))
    if citation.digest and kind != "advice":
        details.append(say("export.our-digest"))
    url = page_of(citation)
    shown = tuple(detail[:1].upper() + detail[1:] for detail in details if detail)
    return SourceWords(title, place, shown, tuple(cautions), url, (citation.source_id, url))


def cited(numbers: Iterable[int], citations: Sequence[Citation]) -> list[Citation]:
    """The citations that numbers name, each once; a number that names none is left out."""
    by_id = {citation.id: citation for citation in citations}
    return [by_id[number] for number in dict.fromkeys(numbers) if number in by_id]


def is_unsupported(statement: Statement, citations: Sequence[Citation]) -> bool:
    """Whether a statement is to be marked: without a citation that resolves it is, whatever it says of itself.

    A person's own words are neither sourced nor a fault.
    """
    if statement.own_words or has_mark(statement.text):
        return False
    return statement.support is Support.UNSUPPORTED or not cited(statement.citations, citations)


def unsupported_rows(block: DraftBlock, citations: Sequence[Citation]) -> set[int]:
    """The rows of a table to mark, by the statement that stands for each."""
    if len(block.statements) != len(block.rows):
        return set()
    return {
        number
        for number, (row, statement) in enumerate(zip(block.rows, block.statements, strict=True))
        if statement.support is Support.UNSUPPORTED
        and not statement.own_words
        and not any(has_mark(cell.text) for cell in row)
    }


def example_words(section: SectionDraft, say: Words) -> list[tuple[str, str, str | None]]:
    """Of each example its heading words, its caution, and an address where there is one."""
    found = []
    for example in section.examples:
        written = f" ({say.date(example.written) or say('export.undated')})"
        place = f", {one_line(example.pinpoint)}" if example.pinpoint else ""
        heading = f"{one_line(example.municipality)}: {one_line(example.title)}{written}{place}"
        found.append((heading, one_line(say.message(example.caution)), web_address(example.url)))
    return found


def warnings_once(parts: Iterable[tuple[str, Sequence[Notice]]], say: Words) -> list[tuple[str, list[str]]]:
    """Each warning once, with the titles of the parts that give it, in order of first appearance."""
    found: dict[str, list[str]] = {}
    for title, notices in parts:
        for notice in notices:
            titles = found.setdefault(one_line(say.message(notice.message)), [])
            if title not in titles:
                titles.append(title)
    return [(message, titles) for message, titles in found.items() if message]


def unsettled(sections: Sequence[SectionDraft], say: Words) -> list[str]:
    """What a person has still to look at, beside the warnings: what nobody has accepted, sources of unknown age."""
    counts = [editing.standing(section) for section in sections]
    total, accepted = sum(c.statements for c in counts), sum(c.accepted for c in counts)
    found = [say("export.not-accepted", count=total - accepted, total=total)] if accepted < total else []
    sources = {c.source_id: c for section in sections for c in section.citations}
    unknown = [c for c in sources.values() if c.currency is Currency.UNKNOWN and c.kind is not Kind.OWN]
    return found + ([say("export.unknown-age", count=len(unknown), total=len(sources))] if unknown else [])


def copied_words(copied: Copied, say: Words) -> list[str]:
    """What is said beside a statement that follows another programme: a sentence, their words, what to do.

    Their words stand once: beside later statements on the same passage there is the sentence alone.
    """
    match = copied.match
    whose, where = _programme(match, say)
    place = f" ({where})" if where else ""
    said = say("export.follows", whose=f"{whose}{place}", degree=say.of("plans.copying", match.degree))
    if copied.again:
        return [say("export.follows-again", said=said)]
    to_do = say("export.what-to-do", text=one_line(say.message(match.what_to_do)))
    return [f"{said}:", say("export.quoted", text=one_line(their_words(match))), to_do]


def _programme(match: Match, say: Words) -> tuple[str, str]:
    """Whose programme it is, and its title with the place in it."""
    where = one_line(source_line(match.title, match.pinpoint))
    return one_line(match.municipality) or say("export.another-municipality"), where


def copying_summary(sections: Sequence[SectionDraft], say: Words) -> list[str]:
    """How much of the drafted text follows programmes of other municipalities, and what was not compared."""
    checks = [section.copying for section in sections if section.copying]
    compared = [check for check in checks if check.compared_with]
    if not compared:
        return [say("export.not-compared") if checks else say("export.not-checked")]
    characters = sum(check.characters for check in compared)
    copied = sum(check.copied_characters for check in compared)
    share = copied / characters if characters else 0.0
    shown = _number(100 * share, say, decimals=1)
    if copied and shown == _number(0, say, decimals=1):
        shown = say("export.share-least", share=_number(0.1, say, decimals=1))
    counts = sorted({check.compared_with for check in compared})  # sections may be of different days
    first, last = counts[0], counts[-1]
    programmes = str(last) if first == last else say("export.counts-to", first=first, last=last)
    words = {"share": shown, "characters": _number(characters, say), "programmes": programmes}
    said = [say("export.share-one", **words) if last == 1 else say("export.share", **words)]
    if left := [section_title(s, say) for s in sections if not (s.copying and s.copying.compared_with)]:
        said.append(say("export.sections-not-compared", titles="; ".join(left)))
    return said


def _number(value: float, say: Words, *, decimals: int = 0) -> str:
    """A number as it is printed: "1,234.5", or "1 234,5" with a space that does not break."""
    text = f"{value:,.{decimals}f}"
    return text if say.language == "en" else text.translate({ord(","): "\u00a0", ord("."): ","})


def section_title(section: SectionDraft, say: Words) -> str:
    """The title of a section on one line."""
    return one_line(labels.section_title(section, say))


def copying_columns(say: Words) -> tuple[str, ...]:
    """The columns of the list of passages that follow other programmes."""
    return tuple(say(f"export.copying-{what}") for what in ("text", "section", "programme", "how"))


def open_columns(say: Words) -> tuple[str, ...]:
    """The columns of the list of open points."""
    return tuple(say(f"export.open-{what}") for what in ("text", "question", "who", "where"))


def copied_passages(sections: Sequence[SectionDraft], say: Words) -> list[CopiedPassage]:
    """Every passage that follows another programme, in the order of the text."""
    found = []
    marks = marks_of(sections, say)
    for n, section in enumerate(sections):
        for at, match in enumerate(section.copying.matches if section.copying else ()):
            text = in_words(one_line(match.text), marks)
            beginning = text if len(text) <= _BEGINNING_CHARS else f"{text[:_BEGINNING_CHARS].rsplit(' ', 1)[0]} …"
            source = ": ".join(part for part in _programme(match, say) if part)
            degree = say.of("plans.copying", match.degree)
            degree = degree[:1].upper() + degree[1:]
            beginning = say("export.quoted", text=beginning)
            found.append(CopiedPassage(beginning, section_title(section, say), source, degree, (n, at)))
    return found


def plots_below(section: SectionDraft, block: DraftBlock) -> list[Plot]:
    """The plots that stand below a block: those that name its heading; the last block takes what names none."""
    headings = {one.heading for one in section.blocks}
    last = block is section.blocks[-1]
    return [p for p in section.plots if p.heading == block.heading or (last and p.heading not in headings)]


def open_points(sections: Sequence[SectionDraft], say: Words) -> list[OpenPoint]:
    """What is still to fill in, each once; a mark in the text that no record explains is among them."""
    found: dict[str, OpenPoint] = {}
    marks = marks_of(sections, say)
    for section in sections:
        title = section_title(section, say)
        for one in section.placeholders:
            translated = Placeholder(one.id, *labels.placeholder_words(one, say))
            found.setdefault(one.id, OpenPoint(translated, title, marks[one.id]))
        for text in _texts(section):
            for mark, id in split_marks(one_line(text)):
                if id is not None:
                    unexplained = Placeholder(id, say("export.open-unexplained"), "", "")
                    found.setdefault(id, OpenPoint(unexplained, title, in_words(mark, marks)))
    return list(found.values())


def _texts(section: SectionDraft) -> Iterable[str]:
    for block in section.blocks:
        yield from (statement.text for statement in block.statements)
        yield from (cell.text for row in block.rows for cell in row)


def municipality_of(sections: Sequence[SectionDraft]) -> str:
    """The municipality that the sections name, or nothing."""
    return next((one_line(section.municipality) for section in sections if section.municipality), "")


def footer(*parts: str) -> str:
    """What stands at the foot of each page, on one line."""
    return " · ".join(part if len(part) <= _FOOTER_CHARS else f"{part[:_FOOTER_CHARS]}…" for part in parts if part)


def told_facts(facts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The facts at the head of a file without those that nobody has told."""
    return [(name, value) for name, value in facts if value]


def law_as_of(days: Iterable[str], say: Words) -> str:
    """The day, or the first and the last, on which the law was taken; empty where none is known."""
    known = sorted({day for day in days if day})
    if not known:
        return ""
    first, last = say.date(known[0]), say.date(known[-1])
    return first if first == last else f"{first} – {last}"


def writers(sections: Sequence[SectionDraft], say: Words) -> str:
    """Who put the text together."""
    models = sorted({one_line(section.writer) for section in sections if section.writer != "extractive"})
    typed = f"{say('export.writer-own-words')} " if any(_has_own_words(section) for section in sections) else ""
    return typed + _writer(sections, models, say, rest=bool(typed))


def _has_own_words(section: SectionDraft) -> bool:
    return any(
        any(s.own_words for s in block.statements) or any(cell.own_words for row in block.rows for cell in row)
        for block in section.blocks
    )


def _writer(sections: Sequence[SectionDraft], models: Sequence[str], say: Words, *, rest: bool) -> str:
    if not models:
        return say("export.writer-extractive-own") if rest else say("export.writer-extractive")
    names = f" {say('export.and')} ".join(models)
    whole = all(section.writer != "extractive" for section in sections)
    return say("export.writer-model", models=names) if whole else say("export.writer-part", models=names)


def counts(answer: ChecklistAnswer, say: Words) -> list[tuple[str, int]]:
    """How many items stand at each status, a person's word before the documents', and of how many a person spoke."""
    standing = [item.override.status if item.override else item.status for item in answer.items]
    rows = [(say.of("plans.item-status", one), standing.count(one)) for one in ItemStatus]
    if changed := sum(item.override is not None for item in answer.items):
        rows.append((say("export.changed"), changed))
    return rows


def override_words(item: ItemAnswer, say: Words) -> str:
    """A person's word on an item in one line; empty where there is none."""
    if item.override is None:
        return ""
    given = item.override
    who_and_when = ", ".join(part for part in (one_line(given.who), say.date(given.at)) if part)
    status = say("export.person-says", status=say.of("plans.item-status", given.status).lower())
    said = [status, who_and_when, one_line(given.note)]
    return " ".join(part if part.endswith(".") else f"{part}." for part in said if part)
