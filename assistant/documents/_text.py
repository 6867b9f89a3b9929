"""Plain text: headings, paragraphs and nested lists out of lines; the same rules serve the lines of a PDF.

A line stands for itself unless the text is hard-wrapped; then lines that fill the column are joined. What is a heading
follows from where a line stands (alone, something after it) and how it ends. The text itself is never changed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from assistant.documents._boilerplate import is_leftover
from assistant.documents._canonical import canonical, finish
from assistant.types import Block, BlockKind, Document

_BULLET = re.compile(r"(?:[•◦▪▫●○■□‣⁃∙·–—*+➢➤►▶✓✔❖-]|o(?=\s+\S))(?:\s+|$)")
_NUMBER = re.compile(r"(?:\(?(\d{1,3}(?: ?[a-z])?|[a-zåäö]|[ivx]{2,4})\)|(\d{1,3})\.)(?:\s+|$)")
_MONTH = re.compile(r"(?:\w+kuu(?:ta|n|ssa)?|janu|febr|mars|apri|maj|juni|juli|augu|sept|okto|nove|dece)", re.I)
_SECTION_NUMBER = re.compile(
    r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[A-ZÅÄÖ])|(\d{1,3} ?[a-z]?) §(?=\s|$)|\d{1,2} luku\b"
)
_RULE = re.compile(r"[-=_*~#+.·–—•\s]*")  # an empty line, or one drawn across the page
_NOTE = re.compile(r"(?:NOTE|N\.B\.|NB|HUOM|OBS|TÄRKEÄÄ|VIKTIGT|IMPORTANT)\b", re.I)
# A line that ends in one of these goes on in the list below it.
_OPEN_END = re.compile(
    r"\b(?:the|an?|of|to|and|or|in|for|by|with|their|its|as|is|are|must|shall|will|should|includes?|ja|tai|sekä|että|on"
    r"|ovat|voi|tulee|joka|jotka|kuten|sisältää|och|eller|att|den|det|de|för|som|av|med|till|i|på|en|ett|är|ska|kan|omfattar"
    r"|\w+(?:taan|tään|daan|dään))$",
    re.I,
)
_STOPS = (".", ":", "!", "?", ";")
_SENTENCE_END = (*_STOPS, ",", "…")
_HEADING_CHARS = 120
_NUMBERED_HEADING_CHARS = 170
_WRAPPED_CHARS = 110  # text with longer lines is not hard-wrapped


@dataclass(slots=True)
class Line:
    """One line, without its bullet or number."""

    text: str
    indent: float
    gap: bool  # whether space (an empty line) stands before it
    mark: str = ""
    start: int = 0  # of `text` in the whole
    weight: float = 0.0  # how much larger or bolder than the running text it is set; 0 where the format does not tell
    page: int = 0
    cells: tuple[str, ...] = ()  # of a table row, whose text they make


@dataclass(slots=True)
class Group:
    """Lines that make one block."""

    lines: list[Line]
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 1
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.text = " ".join(line.text for line in self.lines)


def read_text(raw: str, name: str) -> Document:
    """Read plain text; every span is a span of the text as it stands."""
    text = canonical(raw)
    blocks = [
        Block(group.kind, group.lines[0].start, group.lines[-1].start + len(group.lines[-1].text), group.level)
        for group in group_lines(_lines(text))
    ]
    return finish(text, blocks, name)


def _lines(text: str) -> list[Line]:
    lines: list[Line] = []
    gap, start = True, 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if _BULLET.fullmatch(stripped):  # a bullet alone: its text is on the next line
            lines.append(Line("", _indent(raw), gap, stripped, start))
            gap = False
        elif _RULE.fullmatch(stripped):
            gap = True
        else:
            lines.append(Line(stripped, _indent(raw), gap, "", start + raw.index(stripped)))
            gap = False
        start += len(raw) + 1
    return lines


def _indent(raw: str) -> int:
    expanded = raw.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def split_mark(text: str, *, bullets_only: bool = False) -> tuple[str, str]:
    """A bullet or list number (without the space after it) and the rest."""
    match = _BULLET.match(text) or (None if bullets_only else _NUMBER.match(text))
    return (match.group().strip(), text[match.end() :]) if match else ("", text)


def group_lines(lines: Sequence[Line], *, printed: bool = False) -> list[Group]:
    """Join lines to blocks and tell what each is.

    Args:
        lines: In reading order, bullets and numbers still in the text.
        printed: Whether they come from a typeset page: hard-wrapped always, and in proportional type.
    """
    marked = _marked(lines)
    width = _wrap_width(marked, printed=printed) * (0.8 if printed else 0.9)
    runs: list[list[Line]] = []
    for line in marked:
        if runs and _continues(runs[-1], line, width):
            runs[-1].append(line)
        else:
            runs.append([line])
    groups = [Group(run) for run in runs]
    sized = any(line.weight > 1 for line in marked)
    outside = [line for line in marked if not line.cells]
    spaced = sum(line.gap for line in outside) > 0.1 * len(outside)
    depths: list[float] = []
    has_title = started = False
    for index, group in enumerate(groups):
        _classify(groups, index, sized=sized, spaced=spaced, started=started, has_title=has_title)
        started = started or group.kind is not BlockKind.BOILERPLATE
        has_title = has_title or group.kind is BlockKind.HEADING
        first = group.lines[0]
        if group.kind is not BlockKind.ITEM:
            depths = depths if depths and first.indent > depths[0] else []
            continue
        while depths and first.indent < depths[-1] - 0.5:
            depths.pop()
        if not depths or first.indent > depths[-1] + 0.5:
            depths.append(first.indent)
        group.level = len(depths)
    return groups


def _marked(lines: Sequence[Line]) -> list[Line]:
    """Take bullets and list numbers off the lines and keep them as marks."""
    result: list[Line] = []
    last_number = 0
    for line in lines:
        mark = ""
        if line.cells:
            result.append(line)
            continue
        if not line.mark and (match := _BULLET.match(line.text)):
            mark = match.group()
        elif not line.mark and (match := _NUMBER.match(line.text)) and not _MONTH.match(line.text, match.end()):
            digits = re.sub(r"\D", "", match.group())
            number = int(digits) if digits else 0
            # In running text a line may begin with "5. kohdan" by chance; a list counts on or begins anew.
            if line.gap or not result or not digits or number in (1, last_number, last_number + 1):
                mark = match.group()
                last_number = number
        if result and result[-1].mark and not result[-1].text and not mark and not line.mark:
            result[-1].text, result[-1].start, result[-1].mark = line.text, line.start, "•"  # a bullet on its own line
            continue
        start = line.start + len(mark)
        text = line.text[len(mark) :]
        result.append(Line(text, line.indent, line.gap, line.mark or mark, start, line.weight, line.page))
    return [line for line in result if line.text]


def join_wrapped(text: str, line: str) -> str:
    """Append a line; a hyphen at the line end goes where the word goes on in lower case.

    It stays in "EU-/kansalainen", "kotoutumis-/ja työllisyyspalvelut", and between like vowels, where Finnish
    spelling asks for it ("linja-/auto").
    """
    if not re.search(r"\w[-–/]$", text):
        return f"{text} {line}" if text else line
    if re.match(r"(?:ja|tai|sekä|eli|och|eller|samt|and|or)\b", line):
        return f"{text} {line}"
    word_goes_on = re.search(r"[a-zåäöéü]-$", text) and re.match(r"[a-zåäöéü]", line)
    like_vowels = text[-2] == line[:1] and line[:1] in "aeiouyäö"
    return text[:-1] + line if word_goes_on and not like_vowels else text + line


def _wrap_width(lines: Sequence[Line], *, printed: bool) -> float:
    """The column that the text is wrapped to, in characters; infinite where it is not hard-wrapped."""
    lengths = sorted(len(line.text) for line in lines if not line.cells)
    width = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    if printed:
        return max(width, 40)
    # Where lines are wrapped, most that have a next one end inside a sentence.
    ends = [a.text.endswith(_STOPS) for a, b in pairwise(lines) if not (b.gap or b.mark)]
    too_long = sum(length > _WRAPPED_CHARS for length in lengths) > 0.05 * len(lengths)
    return width if width >= 55 and not too_long and sum(ends) <= 0.6 * len(ends) else float("inf")


def _continues(before: Sequence[Line], line: Line, width: float) -> bool:
    """Whether a line goes on with the block before it."""
    last = before[-1]
    if line.cells or last.cells or line.mark or line.gap or abs(line.weight - last.weight) > 0.1:
        return False
    if last.weight > 1.1:  # a heading set large, over several lines
        return not re.match(_SECTION_NUMBER, line.text)
    hangs = bool(before[0].mark) and line.indent > before[0].indent + 0.5
    next_word = line.text.split(maxsplit=1)[0]
    needed = width * 1.12 if last.text.endswith(_STOPS) else width  # a sentence that ends here may end a paragraph
    full = len(last.text) + 1 + len(next_word) >= needed
    mid_sentence = width < float("inf") and line.text[:1].islower() and not last.text.endswith(_STOPS)
    return hangs or (full and not last.text.endswith(":")) or mid_sentence


def _classify(
    groups: Sequence[Group], index: int, *, sized: bool, spaced: bool, started: bool, has_title: bool
) -> None:
    """Set the kind, and the rank of a heading."""
    group = groups[index]
    first = group.lines[0]
    following = groups[index + 1] if index + 1 < len(groups) else None
    previous = groups[index - 1] if index else None
    numbered = bool(re.match(r"\d+\.\s", first.mark)) and _is_numbered_heading(groups, index)
    if first.cells:
        group.kind = BlockKind.ROW
    elif is_leftover(group.text):
        group.kind = BlockKind.BOILERPLATE
    elif first.mark and not numbered:
        group.kind = BlockKind.ITEM
    elif " | " in group.text and any(g is not None and " | " in g.text for g in (previous, following)):
        group.kind = BlockKind.ROW
    elif numbered or _is_heading(group, previous, following, sized=sized, spaced=spaced, started=started):
        group.kind = BlockKind.HEADING
        if numbered:  # the number is part of a heading, unlike that of an item
            first.start -= len(first.mark)
            first.text = first.mark + first.text
        if first.weight > 1:
            group.level = int(1000 - 10 * first.weight)  # the larger, the higher
        elif has_title:
            section = _SECTION_NUMBER.match(group.text)
            group.level = 1001 + ((section.group(1) or "").count(".") if section else 0)


def _is_numbered_heading(groups: Sequence[Group], index: int) -> bool:
    """Whether "4. Something" is a heading and not an item: it stands alone, and what follows is its content."""
    group = groups[index]
    if index + 1 == len(groups) or len(group.text) > _NUMBERED_HEADING_CHARS or not group.text[:1].isupper():
        return False
    following = groups[index + 1]
    if group.lines[0].weight > 1.1:
        return True
    if re.match(r"\d+[.)]$", following.lines[0].mark) or group.text.endswith((".", "!", "?", ";", ",")):
        return False
    if following.lines[0].mark:
        return group.lines[0].gap and following.lines[0].gap
    return group.lines[0].gap or len(following.text) > len(group.text)


def _is_heading(
    group: Group, previous: Group | None, following: Group | None, *, sized: bool, spaced: bool, started: bool
) -> bool:
    """Whether an unmarked block is a heading: short, alone, not a sentence, and with something below it."""
    text, first = group.text, group.lines[0]
    if following is None or len(text) > _HEADING_CHARS or _NOTE.match(text) or not re.match(r"[^\Wa-zåäö_]", text):
        return False
    if first.weight > 1.05:
        return not text.endswith((".", ";", ",")) or bool(_SECTION_NUMBER.match(text))
    if text.endswith(":") and not started and not following.lines[0].mark:
        return True
    if text.endswith(_SENTENCE_END) or len(group.lines) > 1:
        return False
    if _SECTION_NUMBER.match(text):
        return first.gap or len(following.text) > len(text)
    if sized:  # headings of this document are set larger or bolder: this is not one
        return False
    if following.lines[0].mark:
        sentence_goes_on = following.text[:1].islower() and len(text.split()) > 3
        return not sentence_goes_on and not _OPEN_END.search(text) and (first.gap or not spaced)
    if spaced and started:
        after_heading = previous is not None and previous.kind is BlockKind.HEADING
        prose_below = following.text.endswith((".", ":")) and len(following.text) > len(text)
        return (first.gap and prose_below) or ((first.gap or after_heading) and following.lines[0].gap)
    return following.lines[0].gap or len(following.text) > _HEADING_CHARS or following.text.endswith((".", ":"))
