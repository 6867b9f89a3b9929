"""Rows of cells, of a CSV file or a sheet of Excel, to a table: where its header is, what its columns hold.

PxWeb writes a title, an empty line, one header row for each variable in the columns (a label once, then blanks), the
variables of the rows on the left (a label once, then blanks), and after the table notes, source and date. People write
the same with less. What can be read in two ways is refused and never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

from assistant.situation.table import (
    CELLS,
    NIL,
    SIGNS,
    Category,
    Datum,
    Table,
    TableError,
    Variable,
    clipped,
    origin,
)

Row = tuple[int, list[str]]  # number as the file counts, cells without white space around them

YEAR = r"(?:19|20)\d\d"
_PERIOD = re.compile(
    rf"(?<![\d.,])(?:\d{{1,2}}\.\d{{1,2}}\.)?{YEAR}(?:M\d\d|Q[1-4]|(?:-\d\d){{1,2}})?\*?(?![\d,]|\.\d)", re.IGNORECASE
)
_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009'](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[-−–+]?\d+(?:[.,]\d+)*\s*%?")
_META = re.compile(r"^[^:]{2,40}:\s*$|^(?:©|\*|\()")


@dataclass(frozen=True, slots=True)
class _Style:
    """How the numbers of one file are written."""

    decimal: str  # "," or "."
    grouping: str  # the other one, or empty


def table_of(rows: Sequence[Row], name: str, *, title: str = "") -> Table:
    """The one table among the rows.

    Args:
        rows: All rows of the file or sheet, empty ones too.
        name: Of the file, for messages.
        title: Used where no line above the table gives one.

    Raises:
        TableError: There is none, there are two, or a cell cannot be read; says which row.
    """
    if not any(_is_number(cell) for _, cells in rows for cell in cells):
        raise TableError(f"{name}: there are no numbers in it. Export the table with its figures.")
    above, header, body, below = _parts(rows, name)
    stubs = _stub_columns(header, body)
    values = [n for n in range(max(len(cells) for _, cells in body)) if n not in stubs and _is_used(n, body)]
    if not values:
        raise TableError(f"{name}: no column holds figures beside their labels. Export the table with its figures.")
    columns, places = _column_variables(header, values)
    style = _style([cells[n] for _, cells in body for n in values if n < len(cells)], name)
    found, row_variables = _values(body, stubs, values, places, style, name)
    for variable, categories in zip(_stub_names(header, stubs), row_variables, strict=True):
        columns = [*columns, Variable(variable, tuple(categories))]
    lines = [cell for _, cells in above for cell in cells if cell]
    notes = [cell for _, cells in below for cell in cells if cell]
    first = lines[0] if lines else title
    of_file = origin(first, [*lines, *notes])
    percent = any("%" in cells[n] for _, cells in body for n in values if n < len(cells))
    return Table(
        name, clipped(first), tuple(columns), found, source=of_file.source, table_id=of_file.table_id,
        updated=of_file.updated, url=of_file.url, percent=percent,
    )  # fmt: skip


# Where the table is.


def _parts(rows: Sequence[Row], name: str) -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """What stands above the table, its header rows, its body, what stands below."""
    for start in range(len(rows)):
        header = _header_at(rows, start)
        end = start + len(header)
        if header and end < len(rows) and _is_data(rows[end]):
            body, below = _body(rows, end, header, name)
            return list(rows[:start]), header, body, below
    raise TableError(
        f"{name}: no row of headings stands right above rows of figures. Export the table with its headings, one row "
        "of figures below the other."
    )


def _header_at(rows: Sequence[Row], start: int) -> list[Row]:
    """The rows of a header that would begin here."""
    header: list[Row] = []
    for row in rows[start:]:
        if not _is_header(row, header):
            break
        header.append(row)
    return header


def _body(rows: Sequence[Row], start: int, header: Sequence[Row], name: str) -> tuple[list[Row], list[Row]]:
    """The rows of figures, and what stands below them."""
    body: list[Row] = []
    after = start
    half = max(sum(map(bool, cells)) for _, cells in header) / 2
    for n in range(start, len(rows)):
        between = [row for row in rows[after:n] if any(row[1])]
        # Below the table, a note with a comma and a number in it is no row of figures.
        if not _is_data(rows[n]) or (after < n and sum(map(bool, rows[n][1])) < half):
            continue
        if other := next((row for row in between if _is_wide(row) and not _is_metadata(row)), None):
            raise TableError(
                f"{name}: there are two tables in it, at rows {header[0][0]} and {other[0]}. Save each in a file of "
                "its own."
            )
        if between:
            raise TableError(
                f"{name}, row {between[0][0]}: {clipped(' '.join(between[0][1]), 40)!r} stands between rows of figures "
                "and has none itself. Give each row its own labels."
            )
        body.append(rows[n])
        after = n + 1
    return body, list(rows[after:])


def _is_wide(row: Row) -> bool:
    return sum(map(bool, row[1])) >= 2


def _is_metadata(row: Row) -> bool:
    """Whether a row is a note in two cells, such as "Source:" and its name."""
    filled = [cell for cell in row[1] if cell]
    return bool(_META.match(filled[0])) and len(filled) == 2 and not _is_number(filled[1])


def _is_header(row: Row, before: Sequence[Row]) -> bool:
    """Whether a row names columns: words and years only, and years in one row only."""
    cells = row[1]
    filled = [cell for cell in cells if cell]
    if not filled or _is_metadata(row) or any(_is_figure(cell) and not _PERIOD.fullmatch(cell) for cell in filled):
        return False
    if not before:
        return len(filled) >= 2 or not cells[0]  # a title stands alone, in the first column
    if _has_years(row) and any(map(_has_years, before)):
        return False
    # After a header whose first column has a name, a row with something there is the first of the body.
    return not (cells[0] and any(cells_before[0] for _, cells_before in before))


def _has_years(row: Row) -> bool:
    return any(_PERIOD.fullmatch(cell) for cell in row[1])


def _is_data(row: Row) -> bool:
    """Whether a row has a label and a figure, or a sign in its place."""
    cells = row[1]
    filled = [cell for cell in cells if cell]
    return len(filled) >= 2 and not _is_metadata(row) and any(_is_figure(cell) for cell in cells[1:] if cell)


def _is_figure(cell: str) -> bool:
    return _is_number(cell) or cell == NIL or cell.casefold() in SIGNS or cell.casefold() in _NOT_FINITE


_NOT_FINITE = frozenset(
    ("nan", "inf", "-inf", "infinity", "-infinity", "#n/a", "#div/0!", "#value!", "#ref!", "#name?")
)


# What its columns hold.

_STUB_NAMES = re.compile(
    r"^(?:alue|area|region|område|kunta|municipality|kommun|vuosi|year|år|kuukausi|month|månad|ikä|age|ålder|kieli"
    r"|language|språk|sukupuoli|sex|gender|kön|koodi|code|kod|time)\w*",
    re.IGNORECASE,
)


def _stub_columns(header: Sequence[Row], body: Sequence[Row]) -> list[int]:
    """The columns that hold labels: by name, or because most of their cells are no figures."""
    found = []
    for n in range(max(len(cells) for _, cells in body)):
        cells = [row[n] for _, row in body if n < len(row) and row[n]]
        named = next((row[n] for _, row in reversed(header) if n < len(row) and row[n]), "")
        words = sum(not _is_figure(cell) for cell in cells)
        years = (
            n == 0 and bool(named) and all(re.fullmatch(YEAR, cell) for cell in cells) and len({*cells}) == len(cells)
        )
        # PxWeb leaves the names of the left columns out of Excel files: ages stand there under nothing.
        if cells and (
            years or words * 2 > len(cells) or not named or (_STUB_NAMES.match(named) and not _PERIOD.search(named))
        ):
            found.append(n)
    return found


def _stub_names(header: Sequence[Row], stubs: Sequence[int]) -> list[str]:
    names = []
    for n in stubs:
        said = [cells[n] for _, cells in header if n < len(cells) and cells[n]]
        names.append(clipped(said[-1]) if said else "")
    return names


def _is_used(n: int, body: Sequence[Row]) -> bool:
    return any(n < len(cells) and cells[n] for _, cells in body)


def _column_variables(header: Sequence[Row], values: Sequence[int]) -> tuple[list[Variable], list[tuple[int, ...]]]:
    """The variables that the header rows tell, and of each value column its place in them."""
    levels = []
    for at, (_, cells) in enumerate(header):
        labels = [cells[n] if n < len(cells) else "" for n in values]
        if at < len(header) - 1 or any(labels):  # a label stands once above the columns that it is for
            for k in range(1, len(labels)):
                labels[k] = labels[k] or (labels[k - 1] if at < len(header) - 1 else "")
        levels.append(labels)
    split: list[list[str]] = []
    for labels in levels:
        periods = [_PERIOD.findall(label) for label in labels]
        if labels and all(len(found) == 1 for found in periods):
            split.append([found[0] for found in periods])
            rest = [clipped(_PERIOD.sub(" ", label)).strip(" ,") for label in labels]
        else:
            rest = [clipped(label) for label in labels]
        if any(rest):
            split.append(rest)
    variables, places = [], [[] for _ in values]  # type: tuple[list[Variable], list[list[int]]]
    for labels in split:
        categories = list(dict.fromkeys(labels))
        time = all(_PERIOD.fullmatch(c) for c in categories)
        variables.append(Variable("", tuple(Category("", c) for c in categories), role="time" if time else ""))
        for place, label in zip(places, labels, strict=True):
            place.append(categories.index(label))
    return variables, [tuple(place) for place in places]


def _values(
    body: Sequence[Row], stubs: Sequence[int], values: Sequence[int], places: Sequence[tuple[int, ...]], style: _Style,
    name: str,
) -> tuple[dict[tuple[int, ...], Datum], list[list[Category]]]:  # fmt: skip
    """Each figure at its place, and the categories of each column of labels."""
    known: list[dict[str, int]] = [{} for _ in stubs]
    above = [""] * len(stubs)
    found: dict[tuple[int, ...], Datum] = {}
    if len(body) * len(values) > CELLS:
        raise TableError(
            f"{name}: {len(body) * len(values):,} cells, more than the {CELLS:,} that are read. Choose only your "
            "municipality in PxWeb."
        )
    for number, cells in body:
        labels = [clipped(cells[n]) if n < len(cells) else "" for n in stubs]
        labels = [label or up for label, up in zip(labels, above, strict=True)]
        above = labels
        row_place = tuple(k.setdefault(label, len(k)) for k, label in zip(known, labels, strict=True))
        for n, place in zip(values, places, strict=True):
            key = (*place, *row_place)
            if key in found and not any(labels):
                raise TableError(
                    f"{name}, row {number}: no column says what its rows are of. Give the table a column of labels, "
                    "such as years under the heading Year."
                )
            if key in found:
                raise TableError(
                    f"{name}, row {number}: a second figure for {clipped(', '.join(filter(None, labels)), 60)!r}. "
                    "Leave one of them out, or give each row all its labels."
                )
            found[key] = _datum(cells[n] if n < len(cells) else "", style, f"{name}, row {number}")
    return found, [[Category("", label) for label in k] for k in known]


# What its figures are.


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(_SPACES.sub("", cell)) is not None


def _style(cells: Sequence[str], name: str) -> _Style:
    """Whether a comma divides thousands or decimals, told from all figures of the file together."""
    plain = [_SPACES.sub("", cell).rstrip("% ").lstrip("-−–+") for cell in cells if _is_number(cell)]
    marks = {mark for cell in plain for mark in ",." if mark in cell}
    if len(marks) == 2:
        last = {max(",.", key=cell.rfind) for cell in plain if "," in cell and "." in cell}
        if len(last) == 1:
            decimal = last.pop()
            return _Style(decimal, "," if decimal == "." else ".")
        grouped = [mark for mark in ",." if all(_is_grouped(cell, mark) for cell in plain if mark in cell)]
        if len(grouped) != 1 or last:
            _ambiguous(name, next(cell for cell in plain if "," in cell))
        return _Style("." if grouped == [","] else ",", grouped[0])
    for mark in marks:
        with_mark = [cell for cell in plain if mark in cell]
        if not all(_is_grouped(cell, mark) for cell in with_mark):
            if any(cell.count(mark) > 1 for cell in with_mark):
                _ambiguous(name, with_mark[0])
            return _Style(mark, "")
        # "1,234" is an English thousand. "1.234" is none in Finnish or English, and no usual decimal either.
        if mark == ".":
            _ambiguous(name, with_mark[0])
        return _Style(".", ",")
    return _Style(".", "")


def _is_grouped(cell: str, mark: str) -> bool:
    return re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(mark)}\d{{3}})+", cell) is not None


def _ambiguous(name: str, cell: str) -> NoReturn:
    raise TableError(
        f"{name}: {cell!r} can be read in two ways. Save the table with no thousands separator and one decimal sign."
    )


def _datum(cell: str, style: _Style, where: str) -> Datum:
    if cell == NIL:
        return 0.0  # `with_nil` has made it a missing one where it is no sign of official statistics
    if (gone := SIGNS.get(cell.casefold())) is not None:
        return gone
    plain = _SPACES.sub("", cell).rstrip("% ").replace("−", "-").replace("–", "-")
    if style.grouping:
        plain = plain.replace(style.grouping, "")
    try:
        value = float(plain.replace(style.decimal, "."))
    except ValueError:
        value = math.nan
    if not _is_number(cell) or not math.isfinite(value):
        raise TableError(f"{where}: {clipped(cell, 30)!r} is no number. Write a figure there, or leave the cell empty.")
    return value


def with_nil(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with "-" as the zero that it is in official tables, or else as a cell that was left out."""
    text = "\n".join(cell for _, cells in rows for cell in cells if len(cell) > 8)
    official = re.search(r"tilastokeskus|statistics finland|statistikcentralen|_pxt_", text, re.IGNORECASE)
    for number, cells in rows:
        yield number, cells if official else ["" if n and cell == NIL else cell for n, cell in enumerate(cells)]
