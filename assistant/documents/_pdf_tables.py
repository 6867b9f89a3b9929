"""Tables on a PDF page: cells between ruling lines or shaded boxes, and figures in columns below a header.

A PDF holds no tables, only text at places and lines that are drawn. Three things are taken for a table: a grid of
lines, bands between lines with gutters through all of them, and figures below one another under a header. Where that
is not sure (prose in columns, contents with page numbers, forms, charts) nothing is found and the text is read as
lines. The width of text is an estimate; a grid needs none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.documents._pdf_drawing import MAX_RULES, Drawing, Piece, Rule
from assistant.documents._text import join_wrapped

_NEAR = 3.5  # points within which lines meet: border widths, and the gaps between borders drawn cell by cell
_SHORT = 7.0  # a line no longer than this separates no text: a tick, a dash
_MAX_PIECES = 20_000
_MAX_SQUARES = 10_000
_GUTTER = 6.0  # points without text between columns that no line separates
_HEADER_CHARS = 90  # of a header cell, where only gutters tell the columns
_CELL_CHARS = 700

_FIGURE = re.compile(
    r"[-–−+±<>≤≥~]?\s?\d[\d\s.,:/–-]*(?:%|‰|€|M€|t€|k€|\*{1,2}|h|pv|kk|htv)?(?:\s?[%€*])?|[-–—.…]{1,3}|n/a"
)
_YEAR = re.compile(
    r"(?:(?:19|20)\d\d|\d{1,2}/(?:19|20)\d\d)(?:\s?[-–/]\s?(?:\d\d){1,2})?\s?(?:\*|\(?[a-zåäö]{1,3}\.?\)?)?"
)
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|_{4,}")


@dataclass(slots=True)
class Table:
    """Rows of cells, the header first unless the table goes on from the page before."""

    rows: list[list[str]]
    pieces: list[Piece]
    title: str = ""  # text over the whole width above the rows
    edges: tuple[float, ...] = ()  # of the columns of a grid
    goes_on: bool = False


@dataclass(slots=True)
class _Lattice:
    """Lines that meet: interval lists by coordinate."""

    across: list[tuple[float, float, float]]  # (y, x from, x to)
    down: list[tuple[float, float, float]]  # (x, y from, y to)


def find_tables(drawing: Drawing, margin_lines: Iterable[int], before: Table | None) -> list[Table]:
    """The tables of the page from top to bottom.

    Args:
        margin_lines: Lines that are running headers and footers; they make no table, and no row of figures.
        before: The last table of the page before: a grid of the same columns goes on with it.
    """
    if drawing.has_right_to_left or len(drawing.rules) > MAX_RULES or len(drawing.pieces) > _MAX_PIECES:
        return []
    margins = set(margin_lines)
    found: list[Table] = []
    taken: set[int] = set()

    def add(table: Table | None) -> bool:
        if table is None or margins.issuperset(piece.line for piece in table.pieces):
            return False
        found.append(table)
        taken.update(piece.order for piece in table.pieces)
        return True

    loose: list[tuple[float, float, float]] = []
    for lattice in _lattices(drawing.rules):
        if not add(_from_grid(lattice, [piece for piece in drawing.pieces if piece.order not in taken], before)):
            loose += lattice.across
    for band in _stacks(loose):
        add(_from_bands(band, [piece for piece in drawing.pieces if piece.order not in taken]))
    rest = [piece for piece in drawing.pieces if piece.order not in taken and piece.line not in margins]
    for table in _from_figures(rest):
        add(table)
    return sorted(found, key=lambda table: -max(piece.y for piece in table.pieces))


def _clusters(values: Iterable[float]) -> list[float]:
    """Coordinates, those near one another as one, ascending."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][0] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


def _merged(rules: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Rules on one line that touch or overlap become one."""
    coordinates = _clusters(rule[0] for rule in rules)
    edges = [(a + b) / 2 for a, b in pairwise(coordinates)]
    placed = sorted((coordinates[bisect_right(edges, at)], start, end) for at, start, end in rules)
    result: list[tuple[float, float, float]] = []
    for at, start, end in placed:
        if result and result[-1][0] == at and start - result[-1][2] <= _NEAR:
            result[-1] = (at, result[-1][1], max(end, result[-1][2]))
        else:
            result.append((at, start, end))
    return [rule for rule in result if rule[2] - rule[1] > _SHORT]


def _labels(count: int, pairs: Iterable[tuple[int, int]]) -> list[int]:
    """A label for each of `count` things, the same for all that the pairs connect."""
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for one, other in pairs:
        parent[root(one)] = root(other)
    return [root(index) for index in range(count)]


def _lattices(rules: Sequence[Rule]) -> list[_Lattice]:
    """Groups of rules that meet."""
    across = _merged([rule[1:] for rule in rules if rule[0]])
    down = _merged([rule[1:] for rule in rules if not rule[0]])
    if len(across) * len(down) > 400_000:
        return []

    def meetings() -> Iterator[tuple[int, int]]:
        for index, (y, x0, x1) in enumerate(across):
            for number, (x, y0, y1) in enumerate(down, start=len(across)):
                if x0 - _NEAR <= x <= x1 + _NEAR and y0 - _NEAR <= y <= y1 + _NEAR:
                    yield index, number

    found: dict[int, _Lattice] = {}
    for index, label in enumerate(_labels(len(across) + len(down), meetings())):
        lattice = found.setdefault(label, _Lattice([], []))
        if index < len(across):
            lattice.across.append(across[index])
        else:
            lattice.down.append(down[index - len(across)])
    return list(found.values())


def _from_grid(lattice: _Lattice, pieces: Sequence[Piece], before: Table | None) -> Table | None:
    """The table in a grid: text between the same lines is one cell, also over several rows or columns."""
    if not lattice.down or not lattice.across:
        return None
    ends_across = [x for _, *ends in lattice.across for x in ends]  # a table may be open at its sides
    ends_down = [y for _, *ends in lattice.down for y in ends]
    xs = _clusters([x for x, _, _ in lattice.down] + [min(ends_across), max(ends_across)])
    ys = _clusters([y for y, _, _ in lattice.across] + [min(ends_down), max(ends_down)])[::-1]
    width, height = len(xs) - 1, len(ys) - 1
    edges = before.edges if before is not None else ()
    goes_on = len(xs) == len(edges) and all(abs(x - y) <= _NEAR for x, y in zip(xs, edges, strict=True))
    if width < 2 or height < (1 if goes_on else 2) or width * height > _MAX_SQUARES:
        return None

    def open_sides() -> Iterator[tuple[int, int]]:
        for column in range(1, width):
            walls = [(a, b) for x, a, b in lattice.down if abs(x - xs[column]) <= _NEAR]
            for row in range(height):
                middle = (ys[row] + ys[row + 1]) / 2
                if not any(a <= middle <= b for a, b in walls):
                    yield row * width + column - 1, row * width + column
        for row in range(1, height):
            walls = [(a, b) for y, a, b in lattice.across if abs(y - ys[row]) <= _NEAR]
            for column in range(width):
                middle = (xs[column] + xs[column + 1]) / 2
                if not any(a <= middle <= b for a, b in walls):
                    yield (row - 1) * width + column, row * width + column

    labels = _labels(width * height, open_sides())
    if not _are_boxes(labels, width):
        return None
    squares = [labels[row * width : (row + 1) * width] for row in range(height)]
    right = {label: xs[column + 1] for row in squares for column, label in enumerate(row)}
    cells: dict[int, list[Piece]] = {label: [] for label in labels}
    falling = [-y for y in ys]
    inside: list[Piece] = []
    for piece in pieces:
        column = bisect_right(xs, piece.x + 1.5) - 1
        row = bisect_right(falling, -(piece.y + 0.3 * piece.size)) - 1
        if 0 <= column < width and 0 <= row < height:
            cells[squares[row][column]].append(piece)
            inside.append(piece)
    # Where lines go through text they do not separate it: a chart, or words underlined.
    beyond = [right[label] for label, content in cells.items() for _ in content]
    placed = [piece for content in cells.values() for piece in content]
    over = sum(p.end - x > max(15, 0.25 * (p.end - p.x)) for p, x in zip(placed, beyond, strict=True))
    struck = sum(
        any(p.y + 0.1 * p.size < y < p.y + 0.5 * p.size and a < (p.x + p.end) / 2 < b for y, a, b in lattice.across)
        for p in placed
    )
    if over + struck > 0.1 * len(placed):
        return None
    squares = _without_empty(squares, cells, columns=not goes_on)
    table = _table(squares, cells, inside, goes_on=goes_on)
    if table is not None and len(squares[0]) == width:
        table.edges = tuple(xs)
    return table


def _are_boxes(labels: Sequence[int], width: int) -> bool:
    """Whether the squares of every cell fill a rectangle; `width` is how many stand in a row."""
    places: dict[int, list[tuple[int, int]]] = {}
    for index, label in enumerate(labels):
        places.setdefault(label, []).append(divmod(index, width))
    for cell in places.values():
        (top, *_, bottom), (left, *_, right) = ((sorted(axis) * 2) for axis in zip(*cell, strict=True))
        if len(cell) != (bottom - top + 1) * (right - left + 1):
            return False
    return True


def _without_empty(squares: list[list[int]], cells: dict[int, list[Piece]], *, columns: bool) -> list[list[int]]:
    """Leave out rows, and columns, that hold nothing of their own, such as those between the lines of a double rule."""

    def kept(rows: list[list[int]]) -> list[list[int]]:
        result: list[list[int]] = []
        for index, row in enumerate(rows):
            beside = (result[-1] if result else [], rows[index + 1] if index + 1 < len(rows) else [])
            if any(
                cells[label] and not any(other and other[place] == label for other in beside)
                for place, label in enumerate(row)
            ):
                result.append(row)
        return result

    rows = kept([row for row, above in zip(squares, [[], *squares], strict=False) if row != above])
    if not columns:
        return rows
    return [list(row) for row in zip(*kept([list(column) for column in zip(*rows, strict=True)]), strict=True)]


def _table(
    squares: list[list[int]], cells: dict[int, list[Piece]], pieces: list[Piece], *, goes_on: bool
) -> Table | None:
    """Cells to rows of text. A cell over several rows or columns belongs to each; headers in two rows become one."""
    text = {label: _cell_text(content) for label, content in cells.items()}
    title: list[str] = []
    while squares and len(set(squares[0])) == 1 and not goes_on:
        title.append(text[squares[0][0]])
        squares = squares[1:]
    filled = [len({label for label in row if text[label]}) for row in squares]
    if not squares or (not goes_on and (filled[0] < 2 or sum(count >= 2 for count in filled) < 2)):
        return None
    used = {label for row in squares for label in row}
    # A form to fill in, a calendar or a chart is empty for the most part.
    if not goes_on and sum(bool(text[label]) for label in used) < 0.4 * len(used):
        return None
    rows: list[list[str]] = []
    first, *others = squares
    spans = {label for a, label in pairwise(first) if a == label}
    if spans and others and all(text[b] and a != b for a, b in zip(first, others[0], strict=True) if a in spans):
        rows.append([text[a] if a == b else f"{text[a]} {text[b]}" for a, b in zip(first, others[0], strict=True)])
        squares = others[1:]
    for row in squares:
        if len(set(row)) == 1:
            rows.append([text[row[0]]])
        elif (split := _figure_rows([cells[label] for label in row])) is not None:
            rows += split
        else:
            rows.append([text[label] for label in row])
    return Table(rows, pieces, " ".join(filter(None, title)), goes_on=goes_on)


def _lines(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces by their baselines, from the top, each from the left."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: -p.y):
        if lines and lines[-1][0].y - piece.y <= 0.45 * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda p: (round(p.x, 1), p.order)) for line in lines]


def _text(line: Sequence[Piece]) -> str:
    """The text on one baseline; between pieces that follow one another in the file pypdf has told the spaces."""
    parts = [line[0].text]
    for last, piece in pairwise(line):
        apart = piece.order != last.order + 1 or piece.line != last.line
        gap = apart and piece.x - last.end > 0.15 * piece.size
        note = piece.size < 0.8 * last.size and last.text[-1].isdigit()  # the number of a note is none of the figure
        parts.append(" " + piece.text if gap or note else piece.text)
    return " ".join("".join(parts).split())


def _cell_text(pieces: Sequence[Piece]) -> str:
    result = ""
    for line in _lines(pieces):
        result = join_wrapped(result, _text(line))
    return result


def _figure_rows(cells: Sequence[Sequence[Piece]]) -> list[list[str]] | None:
    """Several rows out of one band where no line separates them: each has its figures on a baseline of its own."""
    lines = [_lines(cell) for cell in cells]
    full = [cell for cell in lines if cell]
    if len(full) < 2 or len(full[0]) < 2:
        return None
    baselines = [[line[0].y for line in cell] for cell in full]
    if any(len(b) != len(baselines[0]) for b in baselines):
        return None
    if any(abs(a - b) > 2 for other in baselines for a, b in zip(baselines[0], other, strict=True)):
        return None
    if not any(all(_FIGURE.fullmatch(_text(line)) for line in cell) for cell in lines[1:] if cell):
        return None
    return [[_text(cell[index]) if cell else "" for cell in lines] for index in range(len(full[0]))]


def _stacks(rules: Sequence[tuple[float, float, float]]) -> list[tuple[list[float], float, float]]:
    """Four lines or more across the same width: their heights from the top, and where they start and end."""
    stacks: list[tuple[list[float], float, float]] = []
    for y, x0, x1 in sorted(rules, reverse=True):
        for ys, start, end in stacks:
            if abs(x0 - start) <= _NEAR and abs(x1 - end) <= _NEAR:
                ys.append(y)
                break
        else:
            if len(stacks) < 100:
                stacks.append(([y], x0, x1))
    return [stack for stack in stacks if len(stack[0]) >= 4]


def _from_bands(stack: tuple[list[float], float, float], pieces: Sequence[Piece]) -> Table | None:
    """The table between lines across it: a band is a row, and columns are where every band leaves a gutter."""
    ys, start, end = stack
    bands: list[list[Piece]] = [[] for _ in ys[1:]]
    falling = [-y for y in ys]
    for piece in pieces:
        row = bisect_right(falling, -(piece.y + 0.3 * piece.size)) - 1
        if 0 <= row < len(bands) and start - _NEAR <= piece.x < end:
            bands[row].append(piece)
    bands = [band for band in bands if band]
    inside = [piece for band in bands for piece in band]
    parted = [band for band in bands if any(len(_segments(line)) > 1 for line in _lines(band))]
    if len(parted) < 3 or bands[0] is not parted[0]:
        return None
    starts = _column_starts([piece for band in parted for piece in band])
    if len(starts) < 2:
        return None
    rows: list[list[str]] = []
    for band in bands:
        cells = _by_column(band, starts)
        if not any(band is other for other in parted):
            rows.append([_cell_text(band)] if cells[0] and not any(cells[1:]) else [_cell_text(cell) for cell in cells])
        else:
            rows += _figure_rows(cells) or [[_cell_text(cell) for cell in cells]]
    header, *others = [row for row in rows if len(row) > 1]
    if not all(header[1:]) or max(map(len, header)) > _HEADER_CHARS:
        return None
    filled = [bool(cell) for row in others for cell in row]
    if sum(filled) < 0.6 * len(filled) or max(len(cell) for row in rows for cell in row) > _CELL_CHARS:
        return None
    return Table(rows, inside)


def _segments(line: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces on one baseline in runs, parted where the space is wider than between words."""
    runs: list[list[Piece]] = []
    for piece in line:
        figure = _FIGURE.fullmatch(piece.text.strip())
        if runs and piece.x - runs[-1][-1].end < (0.6 if figure else 1.0) * piece.size:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def _column_starts(pieces: Iterable[Piece]) -> list[float]:
    """Where columns start: after stretches that no piece covers."""
    starts: list[float] = []
    reach = float("-inf")
    for piece in sorted(pieces, key=lambda p: p.x):
        if piece.x - reach >= _GUTTER:
            starts.append(piece.x)
        reach = max(reach, piece.x + 0.95 * (piece.end - piece.x))
    return starts


def _by_column(pieces: Iterable[Piece], starts: Sequence[float]) -> list[list[Piece]]:
    cells: list[list[Piece]] = [[] for _ in starts]
    for piece in pieces:
        cells[max(0, bisect_right(starts, piece.x + 0.5) - 1)].append(piece)
    return cells


def _from_figures(pieces: Iterable[Piece]) -> Iterator[Table]:
    """Tables without lines: rows that end in figures, in the same columns, below a row that names those columns."""
    rows = _figure_lines(pieces)
    index = 0
    while index < len(rows):
        end = index
        while end < len(rows) and _is_figure_row(rows[end]) and (end == index or _drop(rows, end) <= 3.2):
            end += 1
        if end - index >= 2 and (found := _figures_below_header(rows, index, end)) is not None:
            yield found
        index = max(end, index + 1)


_Row = list[list[Piece]]  # runs of pieces from the left


def _figure_lines(pieces: Iterable[Piece]) -> list[_Row]:
    """Lines in runs; a line that only begins or ends the label of a row of figures is joined to it."""
    rows: list[_Row] = []
    for line in _lines(pieces):
        row = _segments(line)
        if rows and _drop([rows[-1], row], 1) <= 1.5 and abs(rows[-1][0][0].x - row[0][0].x) <= _NEAR:
            above_is_label = len(rows[-1]) == 1 and _is_figure_row(row)
            is_label = len(row) == 1 and _is_figure_row(rows[-1])
            if (above_is_label or is_label) and _text(row[0])[:1].islower():
                label = rows[-1][0] + row[0]
                rows[-1] = [label, *rows[-1][1:], *row[1:]]
                continue
        rows.append(row)
    return rows


def _drop(rows: Sequence[_Row], index: int) -> float:
    """How far a row stands below the one before it, by its size of type; 1.2 is usual."""
    piece = rows[index][0][0]
    return (min(p.y for run in rows[index - 1] for p in run) - piece.y) / piece.size


def _is_figure_row(row: _Row) -> bool:
    return (
        len(row) > 1
        and all(_FIGURE.fullmatch(_text(run)) for run in row[1:])
        and not any(_LEADERS.search(_text(run)) for run in row)
    )


def _figures_below_header(rows: Sequence[_Row], index: int, end: int) -> Table | None:
    """The table whose rows of figures are `index` to `end`; its header is the first of them, or the line above."""
    top = index if all(_YEAR.fullmatch(_text(run)) for run in rows[index][1:]) else index - 1
    if top < 0 or (top < index and _drop(rows, index) > 3.2):
        return None
    body = rows[top + 1 : end]
    columns = _columns(run for row in body for run in row)
    if len(columns) < 2 or len(body) < (2 if len(columns) > 2 else 3):
        return None
    if any(start - before < _GUTTER for (_, before), (start, _) in pairwise(columns)):
        return None
    header = _header(rows[top], columns)
    if header is None or not all(header[1:]) or any(_LEADERS.search(cell) for cell in header):
        return None
    if top and len(rows[top - 1]) > 1 and _drop(rows, top) <= 1.5 and (above := _header(rows[top - 1], columns)):
        header = [f"{a} {b}".strip() for a, b in zip(above, header, strict=True)]
        top -= 1
    starts = [start for start, _ in columns]
    cells = [[_cell_text(cell) for cell in _by_column([p for run in row for p in run], starts)] for row in body]
    if _is_contents(cells) or sum(not cell for row in cells for cell in row[1:]) > 0.3 * len(body) * len(starts):
        return None
    return Table([header, *cells], [piece for row in rows[top:end] for run in row for piece in run])


def _columns(runs: Iterable[Sequence[Piece]]) -> list[tuple[float, float]]:
    """From where to where runs stand above one another."""
    columns: list[tuple[float, float]] = []
    for start, end in sorted((min(p.x for p in run), max(p.end for p in run)) for run in runs):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return columns


def _header(row: _Row, columns: Sequence[tuple[float, float]]) -> list[str] | None:
    """The row as names of columns; None where a run stands over none of them, over two, or two over one."""
    header = [""] * len(columns)
    for run in row:
        over = [i for i, (start, end) in enumerate(columns) if run[0].x < end + 3 and run[-1].end > start - 3]
        if len(over) != 1 or header[over[0]]:
            return None
        header[over[0]] = _text(run)
    return header


def _is_contents(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the figures may be page numbers: one column of whole numbers that never fall, and not beside years."""
    numbers = [row[-1] for row in rows]
    if len(rows[0]) != 2 or not all(re.fullmatch(r"\d{1,3}", number) for number in numbers):
        return False
    rising = all(int(a) <= int(b) for a, b in pairwise(numbers))
    return rising and not all(_YEAR.fullmatch(row[0]) for row in rows)
