"""The review command: what it prints, clean JSON, and one line on what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_cases import Run, command_runner, one_line, printed
from docx import Document as WordDocument
from pypdf import PdfWriter
from review_cases import GOOD_SV

DAY = "2026-11-22"
WEAK = """# Mallikylän kotouttamisohjelma 2025–2028

Kunnanvaltuusto hyväksyi ohjelman 14.9.2026.

## Toimenpiteet

Työllisyyttä edistetään. TE-toimisto palvelee kaikkia työnhakijoita Mallikylässä, ja kunta tukee heitä tässä työssä.
"""

run = pytest.fixture(command_runner)


@pytest.fixture
def weak(tmp_path: Path) -> Path:
    path = tmp_path / "ohjelma.md"
    path.write_text(WEAK, encoding="utf-8")
    return path


def test_json_has_the_fields_of_the_interface(run: Run, weak: Path) -> None:
    review = printed(run("review", weak, "--as-of", DAY, "--json"))
    assert {"findings", "warnings", "citations", "characters", "text"} <= set(review)
    assert review["characters"] == len(review["text"])
    assert review["findings"]
    for finding in review["findings"]:
        assert {"weakness", "start", "end", "text", "why", "what_to_do", "citations", "title", "severity"} <= set(
            finding
        )
        assert 1 <= finding["weakness"] <= 16
        assert finding["text"] == review["text"][finding["start"] : finding["end"]]
        assert finding["severity"] in ("duty", "advice")
    assert {"vague-measure", "ended-body", "begins-before-decision"} <= {f["kind"] for f in review["findings"]}


def test_findings_are_printed_with_passage_reason_and_advice(run: Run, weak: Path) -> None:
    result = run("review", weak, "--municipality", "Mallikylä", "--as-of", DAY)
    assert result.exit_code == 0, result.stderr
    assert "findings on 2026-11-22" in result.stdout
    assert "> TE-toimisto palvelee kaikkia" in result.stdout
    assert "ended on 31 December 2024" in result.stdout
    assert "To do: " in result.stdout


def test_day_changes_what_is_found(run: Run, weak: Path) -> None:
    review = printed(run("review", weak, "--as-of", "2024-06-01", "--json"))
    assert "ended-body" not in {f["kind"] for f in review["findings"]}


def test_word_file_is_reviewed_with_its_tables(run: Run, tmp_path: Path) -> None:
    word = WordDocument()
    word.add_heading("Mallikylän suunnitelma", 0)
    word.add_heading("Toimenpiteet", 1)
    word.add_paragraph(
        "Kunta ja sen asukkaat ovat se mistä tässä on kyse, ja heitä varten me olemme täällä nyt ja aina."
    )
    table = word.add_table(rows=2, cols=3)
    for row, cells in zip(
        table.rows, (("Toimenpide", "Vastuu", "Mittari"), ("Kielikahvila", "Kaikki", "Kävijämäärä")), strict=True
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    word.save(str(tmp_path / "suunnitelma.docx"))
    review = printed(run("review", tmp_path / "suunnitelma.docx", "--as-of", DAY, "--json"))
    assert {"owner-general", "indicator-activity"} <= {f["kind"] for f in review["findings"]}


def test_good_plan_is_told_to_be_so(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(GOOD_SV, encoding="utf-8")
    result = run("review", path, "--as-of", DAY)
    assert result.exit_code == 0, result.stderr
    assert ": 0 findings on" in result.stdout
    assert "No known weakness was found" in result.stdout


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.md", b"", "the file is empty"),
        ("blank.txt", b"\n \n---\n", "no text in it"),
        ("long.txt", b"Kunta edistaa kotoutumista. " * 40_000, "characters; at most 600,000 are reviewed"),
        ("short.txt", b"Kotoutumista edistetaan.", "fewer than 20 words"),
        ("noise.txt", bytes(range(256)) * 4, "neither text nor a format that is read"),
        ("plan.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
        ("plan.xlsx", b"PK\x03\x04nothing", "plan.xlsx"),
    ],
)
def test_bad_file_is_refused_in_one_line(run: Run, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert says in one_line(run("review", tmp_path / name))


def test_missing_file_and_folder_are_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    assert "no such file" in one_line(run("review", tmp_path / "none.docx"))
    assert "a folder" in one_line(run("review", tmp_path))


def test_scanned_pdf_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(tmp_path / "scan.pdf")
    assert "no text layer" in one_line(run("review", tmp_path / "scan.pdf"))


def test_control_characters_in_a_file_are_left_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(WEAK.replace("TE-toimisto", "TE-\u200btoimisto\u202e"), encoding="utf-8")
    review = printed(run("review", path, "--as-of", DAY, "--json"))
    assert "ended-body" in {f["kind"] for f in review["findings"]}


def test_bad_day_is_refused_in_one_line(run: Run, weak: Path) -> None:
    assert "Write it as YYYY-MM-DD" in one_line(run("review", weak, "--as-of", "tomorrow"))


def test_no_file_is_wrong_usage(run: Run) -> None:
    assert run("review").exit_code == 2
