"""`check-copying` says what a file shares and where, prints clean JSON, and tells of a bad file in one line."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_cases import Run, command_runner, one_line, printed
from test_copying import OURS, THEIRS


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a workspace that holds the programme of Naapurila."""
    run = command_runner(tmp_path, monkeypatch)
    theirs = tmp_path / "naapurila.txt"
    theirs.write_text(f"Integration Programme of Naapurila\n\n{THEIRS}\n", encoding="utf-8")
    assert run("add", theirs, "--kind", "programme", "--municipality", "Naapurila").exit_code == 0
    return run


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.md"
    path.write_text(f"# Plan\n\n{OURS}\n\n{THEIRS}\n", encoding="utf-8")
    return path


def test_finding_stands_with_its_source_and_what_to_do(run: Run, plan: Path) -> None:
    result = run("check-copying", plan)
    assert result.exit_code == 0
    assert "Word for word" in result.stdout
    assert "Naapurila, Integration Programme of Naapurila" in result.stdout
    assert "mark the words as a quotation" in result.stdout


def test_json_holds_the_fields_of_the_contract(run: Run, plan: Path) -> None:
    found = printed(run("check-copying", plan, "--json"))
    assert {"characters", "copied_characters", "share", "matches", "shared_with_law_or_guidance", "warnings"} <= set(
        found
    )
    text = plan.read_text(encoding="utf-8")
    (match,) = found["matches"]
    wanted = {"start", "end", "text", "source_id", "municipality", "source_text", "degree"}
    assert wanted <= set(match)
    assert text[match["start"] : match["end"]] == match["text"]
    assert found["characters"] == len(text)
    assert found["warnings"][0]["code"] == "copying"


def test_own_text_shares_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(OURS, encoding="utf-8")
    result = run("check-copying", path)
    assert "0.0% of the text" in result.stdout
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.md", None, "no such file"),
        ("empty.md", b"", "empty"),
        ("picture.docx", b"\x89PNG\r\n\x1a\n", "PNG"),
        ("blank.txt", b"  \n \n", "blank.txt"),
        ("damaged.pdf", b"%PDF-1.7 nothing follows", "damaged.pdf"),
        ("table.xlsx", b"PK\x03\x04nothing", "table.xlsx"),
    ],
)
def test_bad_file_is_told_in_one_line(run: Run, tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert said in one_line(run("check-copying", path))


def test_folder_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    assert "folder" in one_line(run("check-copying", tmp_path))


def test_without_programmes_it_says_that_nothing_was_compared(run: Run, plan: Path) -> None:
    assert run("remove", "naapurila").exit_code == 0
    assert "nothing was compared" in run("check-copying", plan).stdout
