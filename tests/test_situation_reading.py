"""Tables are read as PxWeb and people write them; what cannot be used is told in one line."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from situation_cases import HERE, LANGUAGES, TOTAL, YEARS, ages_xlsx, json_stat, origins_json, px_csv, rates_csv, write

from assistant.settings import Settings
from assistant.situation.reading import read_table
from assistant.situation.table import Gone, Table, TableError


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Table]:
    """Reads a text, or a file that a test has written, as a table."""

    def read_file(content: str | bytes | Path, name: str = "table.csv", encoding: str = "utf-8") -> Table:
        path = content if isinstance(content, Path) else tmp_path / name
        if isinstance(content, str):
            write(path, content, encoding)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        return read_table(path, settings=Settings(workspace=tmp_path))

    return read_file


def value(table: Table, *labels: str) -> object:
    """The value at these labels, in any order."""
    place = []
    for variable in table.variables:
        found = [n for n, c in enumerate(variable.categories) if c.label in labels]
        place.append(found[0] if found else 0)
    return table.data[tuple(place)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_px_csv_reads_in_every_usual_encoding_and_separator(
    read: Callable[..., Table], encoding: str, delimiter: str
) -> None:
    table = read(px_csv(delimiter=delimiter), encoding=encoding)
    assert value(table, "venäjä", "2025") == LANGUAGES["venäjä"][-1]
    assert table.source == "Tilastokeskus, väestörakenne"
    assert (table.table_id, table.updated) == ("11rm", "2026-04-02")
    assert [c.label for v in table.variables if v.role == "time" for c in v.categories] == YEARS


def test_excel_with_labels_once_and_two_rows_of_heads(read: Callable[..., Table], tmp_path: Path) -> None:
    table = read(ages_xlsx(tmp_path / "a.xlsx"))
    assert value(table, "2025", "Ulkomaalaistaustaiset", "25 - 34") == 310
    assert value(table, "2020", "Yhteensä", "0 - 4") is Gone.MISSING
    assert (table.table_id, table.updated, table.source) == ("11rt", "2026-04-02", "Tilastokeskus, väestörakenne")


def test_excel_with_merged_heads(read: Callable[..., Table], tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Residents by sex"], [], ["Area", 2024, None, 2025, None], [None, "Males", "Females", "Males", "Females"],
        [HERE, 10, 11, 12, 13],
    ):  # fmt: skip
        sheet.append(row)
    for cells in ("A3:A4", "B3:C3", "D3:E3"):
        sheet.merge_cells(cells)
    book.save(tmp_path / "m.xlsx")
    table = read(tmp_path / "m.xlsx")
    assert value(table, HERE, "2025", "Females") == 13
    assert value(table, HERE, "2024", "Females") == 11


def test_excel_percent_format_is_per_cent(read: Callable[..., Table], tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Area", "Year", "Employment rate"])
    sheet.append([HERE, 2024, 0.5834])
    sheet["C2"].number_format = "0.0%"
    book.save(tmp_path / "p.xlsx")
    assert value(read(tmp_path / "p.xlsx")) == 58.34


def test_json_stat_reads_with_source_and_table_id(read: Callable[..., Table]) -> None:
    table = read(origins_json(), "t.json")
    assert value(table, HERE, "Väestö 31.12.", "2025") == TOTAL[-1]
    assert (table.table_id, table.updated, table.source) == ("159t", "2026-04-02", "Tilastokeskus, väestörakenne")


def test_json_stat_values_as_dict_and_categories_as_list(read: Callable[..., Table]) -> None:
    text = json_stat(
        {"Kieli": {"a": "suomi", "b": "arabia"}, "Vuosi": {"2024": "2024"}}, {"0": 7}, label="x", time="Vuosi"
    )
    data = json.loads(text)
    data["dimension"]["Kieli"]["category"]["index"] = ["a", "b"]
    del data["dimension"]["Vuosi"]["category"]["index"]  # one category needs no index
    data["status"] = {"1": "..."}
    table = read(json.dumps(data), "t.json")
    assert value(table, "suomi") == 7
    assert value(table, "arabia") is Gone.WITHHELD


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("..", Gone.MISSING), ("...", Gone.WITHHELD), (".", Gone.MISSING), ("***", Gone.WITHHELD), ("", Gone.MISSING),
        ("1 234", 1234), ("1\u00a0234", 1234), ("1\u202f234", 1234), ("12,5", 12.5), ("-3", -3), ("−3", -3), ("5 %", 5),
    ],
)  # fmt: skip
def test_cell_is_a_number_or_known_to_be_missing(read: Callable[..., Table], cell: str, wanted: object) -> None:
    assert value(read(f"Alue;Vuosi;Luku\nX;2024;{cell}\nY;2024;8\n"), "X") == wanted


@pytest.mark.parametrize(("source", "wanted"), [("\nLähde: Tilastokeskus\n", 0), ("", Gone.MISSING)])
def test_dash_is_zero_in_official_tables_only(read: Callable[..., Table], source: str, wanted: object) -> None:
    assert value(read(f"Alue;Vuosi;Luku\nX;2024;-\nY;2024;8\n{source}"), "X") == wanted


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [(("1,234", "12,345"), 1234), (("0,125", "3,5"), 0.125), (("1,5", "2,25"), 1.5), (("1.234,5", "2,5"), 1234.5)],
)
def test_comma_is_read_from_all_figures_together(
    read: Callable[..., Table], numbers: tuple[str, str], wanted: float
) -> None:
    assert value(read(f"Alue;Vuosi;Luku\nX;2024;{numbers[0]}\nY;2024;{numbers[1]}\n"), "X") == wanted


def test_decimal_commas_do_not_divide_columns(read: Callable[..., Table]) -> None:
    assert value(read(rates_csv()), "Yhteensä", "2014") == 71.2


def bomb(path: Path) -> Path:
    """A small Excel file that would unpack to 200 MB."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return path


def large(path: Path) -> Path:
    """A file of 200 MB that takes no room on disk."""
    with path.open("wb") as file:
        file.write(b"Alue;Vuosi\n")
        file.truncate(200_000_000)
    return path


def formulas(path: Path) -> Path:
    """An Excel file whose formula was never worked out."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Vuosi", "Väestö"], [2024, 12], [2025, "=B2+1"]):
        sheet.append(row)
    book.save(path)
    return path


def two_sheets(path: Path) -> Path:
    """An Excel file with figures on two sheets."""
    book = Workbook()
    for sheet in (book.active, book.create_sheet("Toinen")):
        assert sheet is not None
        sheet.append(["Vuosi", "Väestö"])
        sheet.append([2024, 12])
    book.save(path)
    return path


GOOD = "Alue;Vuosi;Väestö\nX;2024;8\n"
ONE = json_stat({"Vuosi": {"2024": "2024"}}, [1], label="x", time="Vuosi")
BAD_FILES: list[tuple[str, str | bytes | Callable[[Path], Path], str]] = [
    ("empty.csv", b"", "is empty"),
    ("blank.csv", " \n\n", "is empty"),
    ("binary.csv", bytes(range(256)) * 40, "neither text"),
    ("ebcdic.csv", "Alue;Vuosi;Väestö 31.12.\nX;2024;8\n".encode("cp037") * 20, "neither text"),
    ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or password-protected Excel"),
    ("page.csv", "<html><table><tr><td>1</td></tr></table></html>", "a page or XML"),
    ("cut.xlsx", b"PK\x03\x04" + b"x" * 200, "damaged Excel"),
    ("bomb.xlsx", bomb, "unpacked it is larger"),
    ("large.csv", large, "larger than 50 MB"),
    ("formula.xlsx", formulas, "cell B3: a formula without its result"),
    ("sheets.xlsx", two_sheets, "several sheets hold figures"),
    ("prose.csv", "Tämä on kirje.\nSiinä ei ole taulukkoa 3.\n", "no semicolon"),
    ("words.csv", "a;b\nc;d\n", "no numbers"),
    ("nan.csv", "Alue;Vuosi;Väestö\nX;2024;NaN\nY;2024;8\n", "'NaN' is no number"),
    ("inf.csv", "Alue;Vuosi;Väestö\nX;2024;inf\nY;2024;8\n", "'inf' is no number"),
    ("typo.csv", "Alue;Vuosi;Väestö\nX;2024;12a\nY;2024;8\nZ;2024;9\n", "row 2: '12a' is no number"),
    ("two.csv", f"{GOOD}\nAlue;Vuosi;Työlliset\nX;2024;5\n", "two tables in it, at rows 1 and 4"),
    ("twice.csv", f"{GOOD}X;2024;9\n", "a second figure for"),
    ("dots.csv", "Alue;Vuosi;Väestö\nX;2024;1.234\n", "can be read in two ways"),
    ("band.csv", "Alue;Vuosi;Väestö\nX;2024;8\nMiehet;;\nX;2025;4\n", "'Miehet' stands between rows"),
    ("cells.csv", "Alue;" + ";".join(f"c{n}" for n in range(1_000)) + "\n" + ("X;" + "1;" * 999 + "1\n") * 1_000,
     "more than the 300,000 that are read"),
    ("list.json", "[1, 2]", "no data set of JSON-stat 2"),
    ("broken.json", '{"class": "dataset", ', "no JSON that can be read"),
    ("nan.json", '{"class": "dataset", "value": [NaN]}', "NaN"),
    ("px.json", '{"columns": [], "data": []}', "another JSON of PxWeb"),
    ("size.json", json_stat({"Vuosi": {"2024": "2024", "2025": "2025"}}, [1], label="x", time="Vuosi"),
     "its sizes ask for 2 values and it holds 1"),
    ("inf.json", ONE.replace('"value": [1]', '"value": [1e999]'), "is no number"),
    ("text.json", ONE.replace('"value": [1]', '"value": ["1"]'), "is no number"),
    ("huge.json", ONE.replace('"size": [1]', '"size": [2]'), "do not match its categories"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_bad_file_is_told_in_one_line(
    tmp_path: Path, name: str, content: str | bytes | Callable[[Path], Path], message: str
) -> None:
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(TableError) as told:
        read_table(path, settings=Settings(workspace=tmp_path))
    assert message in str(told.value)
    assert str(told.value).startswith(name)
    assert "\n" not in str(told.value)


def test_million_cells_of_json_stat_are_refused(read: Callable[..., Table]) -> None:
    years = {str(n): str(n) for n in range(1_000)}
    with pytest.raises(TableError, match="1,000,000 cells"):
        read(json_stat({"a": years, "b": years}, [1] * 1_000_000, label="x", time="a"), "t.json")


def test_folder_and_missing_file_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(TableError):
            read_table(path, settings=Settings(workspace=tmp_path))
