"""PDF text by pypdf: lines with their place and size, joined to paragraphs again; runs in the child process.

Reading order is the order of the file, which is right for most text and wrong for some tables and columns. Images are
not recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import Any

from assistant.documents._canonical import Builder, canonical, finish
from assistant.documents._text import Group, Line, group_lines
from assistant.errors import DocumentError
from assistant.types import BlockKind, Document

_PAGE_NUMBER = re.compile(
    r"(?:(?:sivu|sida|page|s\.|p\.)\s*)?[-–]?\s*\d{1,4}\s*(?:(?:/|\(|of|av)\s*\d{1,4}\s*\)?)?\s*[-–]?", re.I
)
_NO_TITLE = re.compile(r"\.\w{2,4}$|^microsoft|untitled|anonymous|nimetön|namnlös", re.I)
_BOLD = re.compile(r"bold|black|heavy|CMBX", re.I)
_EDGE_LINES = 3  # how many lines at the top and bottom of a page may be running headers and footers
_MAX_GARBLED = 0.2  # share of characters without a Unicode value above which a text layer is useless


def read_pdf(content: bytes, name: str) -> Document:
    """Read the text layer of a PDF."""
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError(f"{name}: protected with a password. Remove the password and add the file again.")
        pages = [_page_lines(page, number) for number, page in enumerate(reader.pages)]
        title = reader.metadata.title if reader.metadata else None
    except DocumentError:
        raise
    except LimitReachedError as error:
        raise DocumentError(
            f"{name}: unpacks to more than is safe to read. Print it to a new PDF, or split it."
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # malformed files reach pypdf's depths as KeyError, TypeError, RecursionError and others
        raise DocumentError(f"{name}: a damaged PDF. Open it in a PDF viewer and save it again.") from error
    if not pages:
        raise DocumentError(f"{name}: the PDF has no pages. Save it again from where it was made.")
    letters = "".join(line.text for lines in pages for line in lines)
    if not any(character.isalnum() for character in letters):
        raise DocumentError(f"{name}: no text layer (scanned?). Run OCR on it, and add the result.")
    garbled = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in letters)
    if garbled > _MAX_GARBLED * len(letters):
        raise DocumentError(f"{name}: the letters of the text layer cannot be told. Run OCR on it, and add the result.")
    return _document(pages, name, title if title and not _NO_TITLE.search(title) else None)


class _Placed:
    """A line as it is being read, with the y coordinate that only this module needs."""

    __slots__ = ("bold", "sizes", "text", "x", "y")

    def __init__(self) -> None:
        self.text = ""
        self.x = self.y = 0.0
        self.sizes: Counter[float] = Counter()
        self.bold = 0


def _page_lines(page: Any, number: int) -> list[Line]:
    """The lines of a page. `weight` holds the size of the type for now, a hundredth more where it is bold."""
    placed = [_Placed()]

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        text = text.replace("\x7f", "•")  # where WinAnsiEncoding has its bullet
        scale = abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
        for index, part in enumerate(text.split("\n")):
            if index:
                placed.append(_Placed())
            line = placed[-1]
            if part.strip() and not line.text.strip():
                line.x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                line.y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            line.text += part
            letters = len(part.strip())
            line.sizes[round(size * scale, 1)] += letters
            line.bold += letters if font and _BOLD.search(str(font.get("/BaseFont", ""))) else 0

    page.extract_text(visitor_text=visit)
    kept = [line for line in placed if canonical(line.text).strip()]
    drops = [a.y - b.y for a, b in pairwise(kept) if a.y - b.y > 1]
    pitch = median(drops) if drops else 0.0
    result: list[Line] = []
    for index, line in enumerate(kept):
        size = line.sizes.most_common(1)[0][0]
        drop = kept[index - 1].y - line.y if index else 0.0
        gap = drop > 1.3 * max(pitch, size * 1.15)
        bold = line.bold > 0.8 * len(line.text.strip())
        text = re.sub(r"\s+", " ", canonical(line.text)).strip()
        result.append(Line(text, round(line.x, 1), gap, weight=size + (0.01 if bold else 0.0), page=number))
    return result


def _document(pages: Sequence[list[Line]], name: str, title: str | None) -> Document:
    """Join lines over pages to blocks, set running headers and footers apart, and note where pages start."""
    edges = _edges(pages)
    body = [line for lines in pages for line in lines if id(line) not in edges]
    if not body:  # pages that repeat each other hold no running headers
        edges = set()
        body = [line for lines in pages for line in lines]
    sizes: Counter[float] = Counter()
    for line in body:
        sizes[line.weight] += len(line.text)
    normal = max(0.1, sizes.most_common(1)[0][0])
    for line in body:  # 1.1 is bold running text; 12 % larger is a heading, less is a matter of measure
        ratio = line.weight / normal
        line.weight = (
            round(ratio, 2) if ratio >= 1.12 else 1.08 if _is_bold(line.weight) and not _is_bold(normal) else 0.0
        )
    builder = Builder()
    starts: dict[int, int] = {}
    leftovers = {number: [line.text for line in lines if id(line) in edges] for number, lines in enumerate(pages)}
    groups = group_lines(body, printed=True)
    _raise_title(groups)
    for group in groups:
        for number in sorted(n for n in leftovers if n < group.lines[0].page):
            for text in leftovers.pop(number):
                builder.add(BlockKind.BOILERPLATE, text)
        _add_group(group, builder, starts)
    for number in sorted(leftovers):
        for text in leftovers[number]:
            builder.add(BlockKind.BOILERPLATE, text)
    text = builder.text
    page_starts = [len(text)] * len(pages)
    for number in reversed(range(len(pages))):  # an empty page starts where the next one does
        page_starts[number] = starts.get(number, page_starts[number + 1] if number + 1 < len(pages) else len(text))
    return finish(text, builder.blocks, name, title=title, page_starts=[0, *page_starts[1:]])


def _is_bold(weight: float) -> bool:
    return round(weight * 100) % 10 == 1


def _raise_title(groups: Sequence[Group]) -> None:
    """The largest heading of the first page is the title where it stands among the first blocks."""
    page = groups[0].lines[0].page
    first = [group for group in groups[:3] if group.kind is BlockKind.HEADING and group.lines[0].page == page]
    if first:
        title = min(first, key=lambda group: group.level)
        if not re.match(r"\d", title.text):
            title.level = 0


def _edges(pages: Sequence[list[Line]]) -> set[int]:
    """Ids of the lines that are page numbers, or that stand at the edge of at least three pages, or of both of two."""
    seen: dict[str, set[int]] = {}
    candidates: list[tuple[str, Line]] = []
    edges: set[int] = set()
    for number, lines in enumerate(pages):
        for line in {id(line): line for line in (*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:])}.values():
            if _PAGE_NUMBER.fullmatch(line.text):
                edges.add(id(line))
            elif len(line.text) <= 150:
                # A page number counts on with the pages; another number ("Aim 2") does not, and makes lines differ.
                numbers = list(re.finditer(r"\b\d{1,4}\b", line.text))[:4]
                counted = [f"{line.text[: m.start()]}#{int(m[0]) - number}{line.text[m.end() :]}" for m in numbers]
                for text in (line.text, *counted):
                    key = f"{line.weight:.0f} {text}"
                    seen.setdefault(key, set()).add(number)
                    candidates.append((key, line))
    needed = max(2, min(3, len(pages)))
    return edges | {id(line) for key, line in candidates if len(seen[key]) >= needed}


def _add_group(group: Group, builder: Builder, starts: dict[int, int]) -> None:
    """Write the lines of a block as running text and note where pages start in it."""
    text = ""
    offsets: dict[int, int] = {}
    for line in group.lines:
        text = _joined(text, line.text)
        offsets.setdefault(line.page, len(text) - len(line.text))
    start = builder.add(group.kind, text, level=group.level, mark=group.lines[0].mark.strip())
    if start is not None:
        for page, offset in offsets.items():
            starts.setdefault(page, start + offset)


def _joined(text: str, line: str) -> str:
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
