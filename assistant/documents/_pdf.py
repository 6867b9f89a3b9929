"""PDF text by pypdf: lines with their place and size, joined to paragraphs again; runs in the child process.

Tables are found by `_pdf_tables` and read as rows. The order of the rest is that of the file, which is right for most
text and wrong for some columns. Images are not recognised.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import Any

from assistant.documents._canonical import Builder, canonical, finish, join_cells
from assistant.documents._pdf_drawing import Drawing, report_shows_apart
from assistant.documents._pdf_tables import Table, find_tables
from assistant.documents._text import Group, Line, group_lines, join_wrapped
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
        pages = [_read_page(page, number) for number, page in enumerate(reader.pages)]
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
    letters = "".join(line.text for page in pages for line in page.lines)
    if not any(character.isalnum() for character in letters):
        raise DocumentError(f"{name}: no text layer (scanned?). Run OCR on it, and add the result.")
    garbled = sum(character == "\ufffd" or "\ue000" <= character <= "\uf8ff" for character in letters)
    if garbled > _MAX_GARBLED * len(letters):
        raise DocumentError(f"{name}: the letters of the text layer cannot be told. Run OCR on it, and add the result.")
    return _document(pages, name, title if title and not _NO_TITLE.search(title) else None)


class _Placed:
    """A line as it is being read, with the y coordinate and the parts that only this module needs."""

    __slots__ = ("bold", "number", "parts", "sizes", "text", "x", "y")

    def __init__(self, number: int) -> None:
        self.number = number
        self.text = ""
        self.parts: list[tuple[str, range]] = []  # text, and which pieces of the drawing it holds
        self.x = self.y = 0.0
        self.sizes: Counter[float] = Counter()
        self.bold = 0


@dataclass(slots=True)
class _Page:
    """The lines of a page that have text, read one after the other, and what is drawn there."""

    placed: list[_Placed]
    lines: list[Line]  # one for each of `placed`
    drawing: Drawing


def _read_page(page: Any, number: int) -> _Page:
    from pypdf.generic import NameObject

    drawing = Drawing(page)
    contents = page.get("/Contents")
    report_shows_apart(page)
    placed = _placed(page, drawing)
    if drawing.has_right_to_left:  # its words come in the wrong order when they are reported apart
        page[NameObject("/Contents")] = contents
        drawing = Drawing(page)
        placed = _placed(page, drawing)
    kept = [line for line in placed if canonical(line.text).strip()]
    return _Page(kept, _page_lines(kept, number), drawing)


def _placed(page: Any, drawing: Drawing) -> list[_Placed]:
    placed = [_Placed(0)]

    def visit(text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        text = text.replace("\x7f", "•")  # where WinAnsiEncoding has its bullet
        scale = abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5
        for index, part in enumerate(text.split("\n")):
            if index:
                placed.append(_Placed(len(placed)))
            line = placed[-1]
            if part.strip() and not line.text.strip():
                line.x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                line.y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            line.text += part
            letters = len(part.strip())
            line.sizes[round(size * scale, 1)] += letters
            line.bold += letters if font and _BOLD.search(str(font.get("/BaseFont", ""))) else 0
            known = len(drawing.pieces)
            drawing.show(part, cm, tm, font, size * scale, line.number)
            line.parts.append((part, range(known, len(drawing.pieces))))

    page.extract_text(visitor_text=visit, visitor_operand_before=drawing.visit)
    return placed


def _page_lines(kept: Sequence[_Placed], number: int) -> list[Line]:
    """The lines of a page. `weight` holds the size of the type for now, a hundredth more where it is bold."""
    drops = [a.y - b.y for a, b in pairwise(kept) if a.y - b.y > 1]
    pitch = median(drops) if drops else 0.0
    result: list[Line] = []
    for index, line in enumerate(kept):
        size = line.sizes.most_common(1)[0][0]
        drop = kept[index - 1].y - line.y if index else 0.0
        gap = drop > 1.3 * max(pitch, size * 1.15)
        bold = line.bold > 0.8 * len(line.text.strip())
        text = _one_line(line.text)
        result.append(Line(text, round(line.x, 1), gap, weight=size + (0.01 if bold else 0.0), page=number))
    return result


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", canonical(text)).strip()


def _with_tables(page: _Page, tables: Sequence[Table]) -> list[Line]:
    """The lines of a page with those of tables replaced by rows."""
    waiting: dict[int, list[Line]] = {}  # rows by the first line of their table
    taken: set[int] = set()
    for table in tables:
        rows = [tuple(_one_line(cell) for cell in row) for row in table.rows]
        lines = [Line(_one_line(table.title), 0, gap=True)] if table.title else []
        lines += [
            Line(join_cells(row), 0, gap=index == 0 and not table.goes_on, cells=row)
            for index, row in enumerate(rows)
            if any(row)
        ]
        waiting.setdefault(min(piece.line for piece in table.pieces), []).extend(lines)
        taken.update(piece.order for piece in table.pieces)
    result: list[Line] = []
    for placed, line in zip(page.placed, page.lines, strict=True):
        for row in waiting.get(placed.number, []):
            row.page = line.page
            result.append(row)
        rest = [text for text, pieces in placed.parts if not pieces or not taken.issuperset(pieces)]
        if len(rest) < len(placed.parts):
            line.text = _one_line("".join(rest))
        if line.text:
            line.gap = line.gap or bool(result and result[-1].cells)
            result.append(line)
    return result


def _join_pages(pages: Sequence[list[Line]], edges: set[int]) -> None:
    """Let a table go on over a page break: a header that stands there again is a leftover, half a row is joined."""
    last: Line | None = None
    header: tuple[str, ...] = ()
    for lines in pages:
        at_top = True
        for line in [line for line in lines if id(line) not in edges]:
            if at_top and line.cells and last is not None and last.cells:
                if line.cells == header:
                    edges.add(id(line))
                    continue
                line.gap = line.gap and len(line.cells) != len(header)
                cut = not line.gap and len(line.cells) == len(last.cells) and last.cells != header
                if cut and all(cell[0].islower() for cell in line.cells if cell):
                    cells = zip(last.cells, line.cells, strict=True)
                    last.cells = tuple(join_wrapped(a, b) if b else a for a, b in cells)
                    last.text = join_cells(last.cells)
                    lines[:] = [other for other in lines if other is not line]
                    at_top = False
                    continue
            if line.cells and line.gap:
                header = line.cells
            at_top = False
            last = line


def _document(read: Sequence[_Page], name: str, title: str | None) -> Document:
    """Join lines over pages to blocks, set running headers and footers apart, and note where pages start."""
    edges = _edges([page.lines for page in read])
    pages: list[list[Line]] = []
    tables: list[Table] = []
    for page in read:
        margins = [placed.number for placed, line in zip(page.placed, page.lines, strict=True) if id(line) in edges]
        tables = find_tables(page.drawing, margins, tables[-1] if tables else None)
        pages.append(_with_tables(page, tables))
    _join_pages(pages, edges)
    body = [line for lines in pages for line in lines if id(line) not in edges]
    if not body:  # pages that repeat each other hold no running headers
        edges = set()
        body = [line for lines in pages for line in lines]
    sizes: Counter[float] = Counter()
    for line in body:
        sizes[line.weight] += 0 if line.cells else len(line.text)
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
    _part_tables(groups)
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


def _part_tables(groups: Sequence[Group]) -> None:
    """A table right below another one gets another level, so that each keeps its header."""
    for before, group in pairwise(groups):
        if before.kind is group.kind is BlockKind.ROW:
            group.level = 3 - before.level if group.lines[0].gap else before.level


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
        text = join_wrapped(text, line.text)
        offsets.setdefault(line.page, len(text) - len(line.text))
    start = builder.add(group.kind, text, level=group.level, mark=group.lines[0].mark.strip())
    if start is not None:
        for page, offset in offsets.items():
            starts.setdefault(page, start + offset)
