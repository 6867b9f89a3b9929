"""A file of figures to a table: CSV in any usual encoding and separator, Excel, JSON-stat 2.

What a file is its content tells. Nothing is computed from formulas: Excel's own result stands, and where there is none
the file is refused. Sizes are limited before anything is unpacked.
"""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from assistant.documents._encoding import decode
from assistant.errors import DocumentError
from assistant.personal_data import mask_text
from assistant.settings import Settings
from assistant.situation.grid import Row, table_of, with_nil
from assistant.situation.json_stat import read_json_stat
from assistant.situation.table import CELLS, Table, TableError, clipped

_ACCEPTED = "CSV, Excel (.xlsx) or JSON-stat 2"
_UNPACKED = 40_000_000  # bytes of an Excel file, unpacked: twice what 300,000 cells need
_MEMBERS = 2_000
_COLUMNS = 2_000
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"<", "a page or XML file"),
)


def read_table(path: Path, *, settings: Settings) -> Table:
    """Read the one table of a file.

    Raises:
        TableError: The file cannot be read or holds no table that can be used; one line with what to do.
    """
    name = clipped(mask_text(path.name), 100) or "file"
    content = _content(path, name, settings)
    for start, what in _FOREIGN:
        if content.lstrip().startswith(start):
            raise TableError(f"{name}: this is {what}, which is not read. Save the table as {_ACCEPTED}.")
    if content.startswith(b"PK"):
        return _read_excel(content, name)
    try:
        text = decode(content, name)
    except DocumentError as error:
        raise TableError(
            f"{name}: neither text in a known encoding nor Excel. Save the table as {_ACCEPTED}, text in UTF-8."
        ) from error
    if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return read_json_stat(text.lstrip("\ufeff"), name)
    return _read_csv(text, name)


def _content(path: Path, name: str, settings: Settings) -> bytes:
    limit = settings.max_file_mb * 1_000_000
    try:
        information = path.stat()
        if not stat.S_ISREG(information.st_mode):
            raise TableError(f"{name}: this is no ordinary file. Name the files of tables one by one.")
        if information.st_size > limit:
            raise TableError(
                f"{name}: larger than {settings.max_file_mb} MB. Choose only your municipality and the years that you "
                "need, or raise KOTOAPURI_MAX_FILE_MB."
            )
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "invalid path"
        raise TableError(f"{name}: cannot be opened ({reason}). Check the path, or copy the file.") from error
    if not content.strip():
        raise TableError(f"{name}: the file is empty. Export or download it again.")
    return content


# CSV.


def _read_csv(text: str, name: str) -> Table:
    rows = list(_csv_rows(text, name))
    return table_of(list(with_nil(rows)), name)


def _csv_rows(text: str, name: str) -> Iterator[Row]:
    delimiter = _delimiter(text, name)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    n_cells = 0
    try:
        for cells in reader:
            n_cells += len(cells)
            if n_cells > 4 * CELLS or len(cells) > _COLUMNS:
                raise TableError(_too_much(name))
            if len(cells) == 1 and cells[0].lower().startswith("sep="):
                continue
            yield reader.line_num, [" ".join(cell.split()) for cell in cells] or [""]
    except csv.Error as error:
        raise TableError(f"{name}, row {reader.line_num}: {error}. Save the table again as CSV.") from error


def _too_much(name: str) -> str:
    return f"{name}: more than the {CELLS:,} cells that are read. Choose only your municipality in PxWeb."


def _delimiter(text: str, name: str) -> str:
    """The sign that divides the most lines into the most cells, as many in each."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:200]
    if declared := re.match(r"sep=(.)$", lines[0].lstrip("\ufeff"), re.IGNORECASE) if lines else None:
        return declared[1]
    best, most = "", 0
    for delimiter in ";\t,|":
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        wide = [width for width in widths if width > 1]
        # Wide rows count for more: Finnish decimals divide every row in two.
        same = max((wide.count(width) * (width - 1) for width in set(wide)), default=0)
        if same > most:
            best, most = delimiter, same
    if not best:
        raise TableError(
            f"{name}: no semicolon, tab or comma divides its lines into cells. Save the table as {_ACCEPTED}."
        )
    return best


# Excel.


def _read_excel(content: bytes, name: str) -> Table:
    _check_archive(content, name)
    found: list[tuple[str, list[Row]]] = []
    for sheet, rows in _sheets(content, name):
        if any(sum(map(_has_digit, cells)) for _, cells in rows) and any(sum(map(bool, c)) > 1 for _, c in rows):
            found.append((sheet, rows))
    if len(found) > 1:
        names = ", ".join(clipped(sheet, 40) for sheet, _ in found[:4])
        raise TableError(f"{name}: several sheets hold figures ({names}). Save the one to use as a file of its own.")
    if not found:
        raise TableError(f"{name}: there are no numbers in it. Export the table with its figures.")
    return table_of(list(with_nil(found[0][1])), name, title=found[0][0])


def _has_digit(cell: str) -> bool:
    return any(map(str.isdigit, cell))


def _check_archive(content: bytes, name: str) -> None:
    """Refuse what is no Excel file, and archives made to exhaust the machine, from their directory alone."""
    try:
        members = ZipFile(io.BytesIO(content)).infolist()
    except (BadZipFile, ValueError, OverflowError, OSError, NotImplementedError) as error:
        raise TableError(f"{name}: a damaged Excel file. Open it in Excel and save it again as .xlsx.") from error
    if not any(member.filename.startswith("xl/worksheets/") for member in members):
        raise TableError(f"{name}: a ZIP archive, but no Excel file. Save the table as {_ACCEPTED}.")
    if len(members) > _MEMBERS or sum(member.file_size for member in members) > _UNPACKED:
        raise TableError(f"{name}: unpacked it is larger than {_UNPACKED // 1_000_000} MB. Save only the table itself.")


def _sheets(content: bytes, name: str) -> Iterator[tuple[str, list[Row]]]:
    """Visible sheets with their rows; a formula without a kept result is told with its cell."""
    from openpyxl import load_workbook

    try:
        results = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        for sheet, written in zip(results.worksheets, formulas.worksheets, strict=True):
            if sheet.sheet_state == "visible":
                yield str(sheet.title), _sheet_rows(sheet, written, name)
    except TableError:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers raise on a damaged file
        what = clipped(f"{type(error).__name__}: {error}", 80)
        raise TableError(
            f"{name}: Excel's file cannot be read ({what}). Open it in Excel and save it again."
        ) from error


def _sheet_rows(sheet: Any, written: Any, name: str) -> list[Row]:
    for one in (sheet, written):
        one.reset_dimensions()  # what a file says of its size need not be so
    rows: list[Row] = []
    n_cells = 0
    for number, (cells, sources) in enumerate(zip(sheet.iter_rows(), written.iter_rows(), strict=True), start=1):
        texts = []
        for cell, source in zip(cells, sources, strict=True):
            if source.data_type == "f" and cell.value is None:
                raise TableError(
                    f"{name}, cell {source.coordinate}: a formula without its result. Open the file in Excel and save "
                    "it, or put the value in its place."
                )
            texts.append(_excel_text(cell))
        n_cells += sum(map(bool, texts))
        if n_cells > CELLS or len(texts) > _COLUMNS:
            raise TableError(_too_much(name))
        if any(texts) or (rows and any(rows[-1][1])):
            rows.append((number, texts or [""]))
    return rows


def _excel_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = "%" in str(cell.number_format or "").partition(";")[0]
        value = round(value * 100, 6) if percent else value
        # Four decimals: with three, "1.234" could be taken for a thousand.
        text = str(int(value)) if value == int(value) else f"{value:.4f}"
        return f"{text}%" if percent else text
    return " ".join(str(value).split())
