"""What a PDF page shows and draws: text with its place, and straight lines, as pypdf walks through the page.

pypdf does not tell how wide text is, so widths are estimated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MAX_RULES = 3_000  # a page with more is a map or a drawing
_THICK = 4.0  # a filled box thinner than this is a line

_SHOWS = frozenset((b"Tj", b"TJ", b"'", b'"'))
_STROKES = frozenset((b"S", b"s", b"B", b"B*", b"b", b"b*"))
_FILLS = frozenset((b"f", b"F", b"f*"))
_FORM_END = b"FormEnd"  # no operator of PDF: put in after a form, so that what is drawn in it can be told
_TURNS = {90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}  # of the page as shown
_NARROW = frozenset("iljtfrI.,:;!|'()[]/-· ")
_WIDE = frozenset("mwMWABCDEFGHKNOPQRSTUVXYZÄÖÅ%—…@&")
_MONOSPACED = re.compile(r"cour|mono|consol", re.I)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")

Rule = tuple[bool, float, float, float]  # of a line: whether it runs across, its coordinate, from, to


@dataclass(slots=True)
class Piece:
    """Text shown by one operator; `x` to `end` and the baseline `y` in points as the page is seen."""

    text: str
    x: float
    y: float
    end: float
    size: float
    line: int  # which line of the plain reading holds it
    order: int  # in the file


def report_shows_apart(page: Any) -> None:
    """Make pypdf report each shown text by itself: it reports what it has at a `cm`, also at one that does nothing.

    An array of text that moves by more than an em within is cut there.
    """
    from pypdf.generic import ArrayObject, ContentStream, NameObject

    try:
        contents = ContentStream(page["/Contents"].get_object(), page.pdf, "bytes")
    except (AttributeError, KeyError):  # an empty page
        return
    same = ([1, 0, 0, 1, 0, 0], b"cm")
    operations: list[tuple[Any, bytes]] = []
    for operands, operator in contents.operations:
        if operator == b"TJ" and operands and isinstance(operands[0], list):
            start = 0
            for index, item in enumerate(operands[0]):
                if index and isinstance(item, (int, float)) and item < -1000:
                    operations += (same, ([ArrayObject(operands[0][start:index])], operator))
                    start = index
            operations += (same, ([ArrayObject(operands[0][start:])] if start else operands, operator))
            continue
        if operator in _SHOWS:
            operations.append(same)
        operations.append((operands, operator))
        if operator == b"Do":
            operations.append(([], _FORM_END))
    contents.operations = operations
    page[NameObject("/Contents")] = contents


class Drawing:
    """Collects what a page shows and draws, as pypdf walks through it."""

    def __init__(self, page: Any) -> None:
        self.pieces: list[Piece] = []
        self.has_right_to_left = False
        self.rules: list[Rule] = []
        self._path: list[list[tuple[float, float]]] = []
        self._forms = 0
        self._gap = 0.0  # ems that the text to come is moved by
        self._space = False
        self._origin = 0.0  # where the text that pypdf reported last would start by its matrix
        rotation = page.rotation
        self._turn = _TURNS.get(rotation % 360 if isinstance(rotation, int) else 0, (1, 0, 0, 1))

    def visit(self, operator: bytes, operands: Any, cm: Sequence[float], tm: Sequence[float]) -> None:
        """Take note of lines and boxes; pypdf calls this before every operation."""
        if operator in _SHOWS:
            first = operands[0][0] if operator == b"TJ" and operands and operands[0] else 0
            self._gap = -float(first) / 1000 if isinstance(first, (int, float)) else 0.0
        elif operator == b"Do":
            self._forms += 1
        elif operator == _FORM_END:
            self._forms -= 1
        elif operator in (b"m", b"l", b"re", b"h"):
            self._draw(operator, operands, cm)
        elif operator in (b"c", b"v", b"y"):
            self._path.append([])  # a curve: what it joins is not closed
        elif operator in _STROKES or operator in _FILLS:
            if operator in (b"s", b"b", b"b*"):
                self._draw(b"h", operands, cm)
            if not self._forms and len(self.rules) <= MAX_RULES:
                for path in self._path:
                    self._paint(path, filled=operator in _FILLS)
            self._path = []
        elif operator == b"n":
            self._path = []

    def _draw(self, operator: bytes, operands: Any, cm: Sequence[float]) -> None:
        if operator == b"h":
            if self._path and self._path[-1]:
                self._path[-1].append(self._path[-1][0])
            return
        try:
            numbers = [float(number) for number in operands]
            if operator == b"re":
                x, y, w, h = numbers
                corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)]
                self._path.append([self._place(corner, cm) for corner in corners])
                return
            x, y = numbers
        except (TypeError, ValueError):
            return
        if operator == b"m" or not self._path:
            self._path.append([])
        self._path[-1].append(self._place((x, y), cm))

    def _place(self, point: tuple[float, float], cm: Sequence[float]) -> tuple[float, float]:
        a, b, c, d = self._turn
        x, y = point[0] * cm[0] + point[1] * cm[2] + cm[4], point[0] * cm[1] + point[1] * cm[3] + cm[5]
        return x * a + y * c, x * b + y * d

    def _paint(self, path: Sequence[tuple[float, float]], *, filled: bool) -> None:
        """Rules out of a painted path: its straight sides, or the middle of a filled box that is thin."""
        sides = [(p, q) for p, q in pairwise(path) if p != q]
        if filled and sides and all(abs(p[0] - q[0]) < 0.5 or abs(p[1] - q[1]) < 0.5 for p, q in sides):
            (x0, x1), (y0, y1) = ((min(values), max(values)) for values in zip(*path, strict=True))
            if min(x1 - x0, y1 - y0) < _THICK:
                middle = (x0 + x1) / 2, (y0 + y1) / 2
                across = x1 - x0 > y1 - y0
                sides = [((x0, middle[1]), (x1, middle[1])) if across else ((middle[0], y0), (middle[0], y1))]
        elif filled:
            return
        for (x0, y0), (x1, y1) in sides:
            if abs(y0 - y1) < 0.5 and abs(x0 - x1) > _THICK:
                self.rules.append((True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) < 0.5 and abs(y0 - y1) > _THICK:
                self.rules.append((False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def show(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float, line: int) -> None:
        """Take note of text that pypdf reports, `size` in points on the page."""
        self.has_right_to_left = self.has_right_to_left or bool(_RIGHT_TO_LEFT.search(text))
        if not text.strip():
            self._space = self._space or bool(text)
            return
        text = " " + text if self._space else text
        self._space = False
        a, _, c, _ = self._turn
        across, up = tm[0] * cm[0] + tm[1] * cm[2], tm[0] * cm[1] + tm[1] * cm[3]
        if self._forms or across * a + up * c <= 0.9 * abs(across + up) or size <= 0:
            return
        start, y = self._place((tm[4], tm[5]), cm)
        last = self.pieces[-1] if self.pieces else None
        if last is not None and (last.line, last.y) == (line, y) and start <= self._origin:
            start = last.end + self._gap * size  # pypdf does not move on after showing text
        else:
            self._origin = start
        letter = 0.6 * size if font and _MONOSPACED.search(str(font.get("/BaseFont", ""))) else 0.0
        for match in re.finditer(r" ?\S+(?: {1,2}\S+)* ?", text):
            x = start + _width(text[: match.start()], size, letter)
            end = x + _width(match[0].rstrip(), size, letter)
            self.pieces.append(Piece(match[0], x, y, end, size, line, len(self.pieces)))


def _width(text: str, size: float, letter: float) -> float:
    """About how wide text is in a usual typeface, or in one where every letter is `letter` wide."""
    if letter:
        return letter * len(text)
    narrow, wide = sum(c in _NARROW for c in text), sum(c in _WIDE for c in text)
    return size * (0.29 * narrow + 0.7 * wide + 0.53 * (len(text) - narrow - wide))
