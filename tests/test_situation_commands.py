"""The commands of the situation picture: one line on what is wrong, exit codes, clean JSON, nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_cases import Run, command_runner, one_line, printed
from situation_cases import FOREIGN, HERE, OTHER, ages_xlsx, origins_json, px_csv, write
from test_situation_reading import BAD_FILES


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `situation` with arguments in a workspace of its own, without the corpus."""
    run = command_runner(tmp_path, monkeypatch)
    return lambda *arguments: run("situation", *arguments)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Residents by language."""
    return write(tmp_path / "11rm.csv", px_csv())


def test_add_list_show_remove(run: Run, table: Path) -> None:
    made = run("add", table, "--municipality", HERE)
    assert made.exit_code == 0, made.output
    assert "shows residents, foreign-language, 2014–2025 (g-01)" in made.stdout
    (kept,) = printed(run("list", "--json"))
    assert (kept["municipality"], kept["table_id"], kept["date"]) == (HERE, "11rm", "2026-04-02")
    shown = run("show")
    assert f"had {FOREIGN[-1]} residents" in shown.stdout
    assert run("remove", kept["id"]).exit_code == 0
    assert "No table is kept yet" in run("list").stdout
    assert "situation add" in one_line(run("show"))


def test_show_json_is_a_section_and_holds_no_image(run: Run, table: Path) -> None:
    run("add", table, "--municipality", HERE)
    shown = run("show", "--json")
    draft = printed(shown)
    assert draft["section"] == "situation-picture"
    assert draft["plots"][0]["lines"][0]["values"][-1] == FOREIGN[-1]
    assert len(shown.stdout) < 60_000


def test_bad_file_is_named_and_the_good_one_kept(run: Run, table: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", "a;b\nc;d\n")
    result = run("add", bad, table, "--municipality", HERE)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("bad.csv: ")
    assert len(printed(run("list", "--json"))) == 1


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES, ids=[name for name, _, _ in BAD_FILES])
def test_nothing_of_a_bad_file_is_kept(
    run: Run, tmp_path: Path, name: str, content: str | bytes | Callable[[Path], Path], message: str
) -> None:
    path = tmp_path / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = run("add", path, "--municipality", HERE, "--json")
    assert result.exit_code == 1
    assert result.stderr.strip().count("\n") == 0
    assert message in result.stderr
    assert json.loads(result.stdout) == []
    assert printed(run("list", "--json")) == []


def test_row_of_another_municipality_is_never_taken(run: Run, tmp_path: Path) -> None:
    result = run("add", write(tmp_path / "o.csv", px_csv(municipality=OTHER)), "--municipality", HERE)
    assert f"tells of {OTHER} and not of {HERE}" in one_line(result)


def test_municipality_of_the_first_table_is_that_of_the_next(run: Run, table: Path, tmp_path: Path) -> None:
    assert run("add", table).exit_code == 0  # the only one in it
    result = run("add", write(tmp_path / "t.json", origins_json()))
    assert result.exit_code == 0, result.output
    assert {t["municipality"] for t in printed(run("list", "--json"))} == {HERE}


def test_table_without_a_source_is_kept_to_look_at_and_told(run: Run, tmp_path: Path) -> None:
    path = ages_xlsx(tmp_path / "a.xlsx", source=False)
    result = run("add", path, "--municipality", HERE)
    assert result.exit_code == 1
    assert "--source" in result.stderr
    assert "source not known" in run("list").stdout
    again = run("add", path, "--source", "Tilastokeskus", "--date", "2026-04-02", "--url", "https://stat.fi/", "--json")
    assert again.exit_code == 0, again.output
    (kept,) = printed(run("list", "--json"))
    assert (kept["source"], kept["date"], kept["url"]) == ("Tilastokeskus", "2026-04-02", "https://stat.fi/")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--date", "2.4.2026"], "--date '2.4.2026' is no day"),
        (["--url", "javascript:alert(1)"], "is no web address"),
        (["--table", "11rm", "SECOND"], "--table goes with one file"),
    ],
)
def test_option_that_makes_no_sense_is_told(run: Run, table: Path, options: list[str], message: str) -> None:
    result = run("add", table, *(str(table) if one == "SECOND" else one for one in options))
    assert message in one_line(result)


def test_unknown_number_is_told(run: Run) -> None:
    for number in ("7", "9" * 30):
        assert "No table has the number" in one_line(run("remove", number))


@pytest.mark.parametrize(
    ("out", "message"),
    [("none/p.docx", "does not exist"), ("p.pdf", ".docx or .md, or a folder"), ("none/f", "not exist")],
)
def test_place_that_cannot_be_written_is_told_first(
    run: Run, table: Path, tmp_path: Path, out: str, message: str
) -> None:
    run("add", table)
    assert message in one_line(run("show", "--out", tmp_path / out))


def test_show_writes_word_markdown_and_folder(run: Run, table: Path, tmp_path: Path) -> None:
    run("add", table)
    for name in ("p.docx", "p.md", "folder"):
        result = run("show", "--out", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith("written: ")
    assert (tmp_path / "p-largest-foreign-language.png").is_file()
    assert (tmp_path / "folder" / "situation-picture.md").is_file()
