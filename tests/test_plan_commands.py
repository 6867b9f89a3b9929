"""The commands around a plan keep the promises of every command: one line on what is wrong, exit codes, clean JSON."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from command_cases import Run, command_runner, one_line, printed
from plan_cases import COORDINATOR, DAY, HERE, MALLIKYLA, MEETINGS, NAAPURILA, made_with

from assistant.checklist import checklists
from assistant.plan import plans
from assistant.words import words

SECTION = "good-relations"

run = pytest.fixture(command_runner)
made = made_with(*MALLIKYLA)


@pytest.fixture
def filled(run: Run, made: Path, tmp_path: Path) -> Run:
    """As `run`, with the documents of Mallikylä."""
    shutil.copytree(made, tmp_path / "workspace")
    return run


# Drafts.


def test_sections_are_named_without_a_workspace(run: Run, tmp_path: Path) -> None:
    result = run("draft", "--list")
    assert result.exit_code == 0
    for plan in plans().values():
        assert f"--plan {plan.id}" in result.stdout
        for section in plan.sections:
            assert f"{section.id}: {section.title} ({section.status})" in result.stdout
    rows = printed(run("draft", "--list", "--json"))
    assert [row["section"] for row in rows] == [s.id for plan in plans().values() for s in plan.sections]
    assert not (tmp_path / "workspace").exists()


def test_json_of_a_draft_has_the_fields_of_the_interface(filled: Run) -> None:
    result = filled("draft", SECTION, "--as-of", DAY, "--notes", "Trust is 71 per cent.", "--json")
    draft = printed(result)
    assert set(draft) >= {
        "section", "title", "municipality", "as_of", "writer", "blocks", "placeholders", "citations", "warnings",
        "copying",
    }  # fmt: skip
    assert (draft["section"], draft["municipality"], draft["as_of"]) == (SECTION, HERE, DAY)
    assert draft["writer"] == "extractive"
    for block in draft["blocks"]:
        assert set(block) >= {"heading", "statements"}
        assert all(set(statement) >= {"text", "citations", "support"} for statement in block["statements"])
    for placeholder in draft["placeholders"]:
        assert set(placeholder) >= {"id", "question", "who_knows", "where_to_find"}
        assert f"[TO FILL: {placeholder['id']}]" in result.stdout
    assert set(draft["citations"][0]) >= {
        "id", "source_id", "kind", "title", "publisher", "url", "municipality", "pinpoint", "quote", "written",
        "law_basis", "currency", "digest",
    }  # fmt: skip
    assert any(s["text"] == MEETINGS and s["support"] == "quoted" for b in draft["blocks"] for s in b["statements"])


def test_draft_is_printed_as_text_and_kept_as_a_version(filled: Run) -> None:
    result = filled("draft", SECTION)
    assert result.exit_code == 0
    assert result.stdout.startswith("# Good relations between population groups")
    assert MEETINGS in result.stdout
    (version,) = printed(filled("versions", SECTION, "--json"))
    assert (version["number"], version["why"]) == (1, "drafted")
    assert version["draft"]["section"] == SECTION


@pytest.mark.parametrize("name", ["plan.docx", "plan.md", "PLAN.MD"])
def test_whole_plan_is_written_to_a_file(filled: Run, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    result = filled("draft", "--all", "--as-of", DAY, "--out", out)
    assert result.exit_code == 0, result.stderr
    assert f"written: {out}, {len(plans()['plan'].sections)} sections, " in result.stdout
    assert out.stat().st_size > 5_000
    assert out.read_bytes()[:2] == (b"PK" if name.endswith("docx") else b"# ")


def test_json_of_the_whole_plan_is_a_list_and_the_file_is_written_too(filled: Run, tmp_path: Path) -> None:
    out = tmp_path / "old.md"
    drafts = printed(filled("draft", "--all", "--plan", "programme-1386", "--out", out, "--json"))
    assert [draft["section"] for draft in drafts] == [s.id for s in plans()["programme-1386"].sections]
    assert out.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["draft", "good-relation"], "Did you mean good-relations"),
        (["draft", "x" * 3000], "draft --list"),
        (["draft", SECTION, "--municipality", "Uusikylä"], HERE),
        (["draft", SECTION, "--as-of", "soon"], "soon"),
        (["draft", SECTION, "--notes", "x" * 100_000], "100,000 characters"),
        (["draft", SECTION, "--out", "plan.pdf"], ".docx or .md"),
        (["draft", SECTION, "--out", "plan"], ".docx or .md"),
        (["draft", SECTION, "--out", "no-such-folder/plan.docx"], "no-such-folder"),
        (["draft", "--all", "--plan", "strategy"], "plan, programme-1386"),
        (["versions", "nothing"], "draft --list"),
        (["versions", SECTION, "--back", "7"], "version 7"),
        (["versions", SECTION, "--out", "plan.txt"], ".docx or .md"),
        (["checklist", "everything"], "plan, programme-1386, service-package"),
        (["checklist", "plan", "--municipality", "Uusikylä"], HERE),
        (["checklist", "plan", "--out", "list.xlsx"], ".csv"),
        (["checklist", "plan", "--override", "plan-1.2=done", "--note", "Why."], "met, partly, no-evidence"),
        (["checklist", "plan", "--override", "no-such=met", "--note", "Why."], "no-such"),
        (["checklist", "plan", "--override", "plan-1.2=met"], "note"),
        (["municipality", "Uusikylä"], "--population"),
        (["figures", "--add", "Residents"], "no value"),
        (["figures", "--add", "Residents=many", "--date", "2025", "--source", "Count"], "no digit"),
        (["figures", "--add", "Residents=9,700", "--date", "yesterday", "--source", "Count"], "no date"),
        (["figures", "--add", "Residents=9,700", "--date", "2025"], "no source"),
        (["figures", "--add", f"{'x' * 301}=1", "--date", "2025", "--source", "Count"], "301 characters"),
        (["figures", "--remove", "99"], "99"),
    ],
)
def test_what_the_user_gave_wrong_is_told_in_one_line(
    filled: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    line = one_line(filled(*arguments))
    assert told in line
    assert len(line) < 600


@pytest.mark.parametrize(
    "arguments",
    [
        ["draft"],
        ["draft", SECTION, "--all"],
        ["draft", SECTION, "--colour", "red"],
        ["checklist"],
        ["checklist", "plan", "--override", "plan-1.2"],
        ["versions"],
        ["versions", SECTION, "--back", "first"],
        ["municipality", "--population", "9700"],
        ["municipality", HERE, "--population", "many"],
        ["figures", "--remove", "first"],
    ],
)
def test_wrong_usage_exits_with_two(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


def test_bad_place_for_a_file_is_told_before_anything_is_drafted(filled: Run) -> None:
    one_line(filled("draft", SECTION, "--out", "no-such-folder/plan.docx"))
    assert printed(filled("versions", SECTION, "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["draft", SECTION], "The workspace is empty"),
        (["draft", "--all", "--municipality", HERE], "The workspace is empty"),
        (["checklist", "plan"], "no document"),
        (["checklist", "plan", "--municipality", HERE], f"no document of {HERE}"),
    ],
)
def test_empty_workspace_is_told_in_one_line(run: Run, arguments: list[str], told: str) -> None:
    line = one_line(run(*arguments))
    assert told in line
    assert "--kind own" in line


def test_several_municipalities_have_to_be_told_apart(filled: Run, tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text(NAAPURILA, encoding="utf-8")
    assert filled("add", tmp_path / "other.md", "--kind", "own", "--municipality", "Naapurila").exit_code == 0
    for arguments in (["draft", SECTION], ["checklist", "plan"], ["figures"], ["versions", SECTION]):
        line = one_line(filled(*arguments))
        assert HERE in line
        assert "Naapurila" in line
    assert filled("draft", SECTION, "--municipality", HERE).exit_code == 0


# Versions.


def test_going_back_makes_an_older_version_the_newest(filled: Run, tmp_path: Path) -> None:
    assert "No version is kept yet" in filled("versions", SECTION).stdout
    filled("draft", SECTION, "--as-of", DAY)
    filled("draft", SECTION, "--as-of", DAY, "--notes", "Mediation is in use in all rental areas.")
    out = tmp_path / "back.md"
    result = filled("versions", SECTION, "--back", "1", "--out", out)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["1", "2", "3"]
    assert "back to version 1" in lines[2]
    first, _, third = printed(filled("versions", SECTION, "--json"))
    assert third["draft"] == first["draft"]
    assert "Mediation" not in out.read_text(encoding="utf-8")


# Checklists.


def test_checklists_are_named_without_a_workspace(run: Run, tmp_path: Path) -> None:
    result = run("checklist", "--list")
    assert all(f"{one.id}: {one.title}" in result.stdout for one in checklists().values())
    rows = printed(run("checklist", "--list", "--json"))
    assert [(row["checklist"], row["items"]) for row in rows] == [
        (one.id, len(one.items)) for one in checklists().values()
    ]
    assert not (tmp_path / "workspace").exists()


def test_json_of_a_checklist_has_the_fields_of_the_interface(filled: Run) -> None:
    answer = printed(filled("checklist", "plan", "--as-of", DAY, "--json"))
    assert set(answer) >= {"checklist", "title", "municipality", "as_of", "items", "citations", "warnings"}
    assert (answer["checklist"], answer["municipality"], answer["as_of"]) == ("plan", HERE, DAY)
    assert [item["id"] for item in answer["items"]] == [item.id for item in checklists()["plan"].items]
    for item in answer["items"]:
        assert set(item) >= {"id", "text", "status", "statements", "next_step"}
        assert item["status"] in ("met", "partly", "no-evidence")
        assert item["statements"] or item["status"] != "met"
    by_id = {item["id"]: item for item in answer["items"]}
    assert by_id["plan-1.1"]["status"] == "met"
    assert [s["text"] for s in by_id["plan-1.1"]["statements"]] == [COORDINATOR]


def test_checklist_is_printed_with_its_evidence(filled: Run) -> None:
    result = filled("checklist", "plan")
    assert result.exit_code == 0
    assert "[x] plan-1.1 " in result.stdout
    assert f"        {COORDINATOR} [" in result.stdout
    assert "        Next: " in result.stdout


def test_word_of_a_person_is_printed_beside_and_can_be_taken_back(filled: Run) -> None:
    given = filled("checklist", "plan", "--override", "plan-1.2=met", "--note", "Board, 3 March.", "--json")
    (item,) = [item for item in printed(given)["items"] if item["id"] == "plan-1.2"]
    assert item["status"] == "no-evidence"
    assert (item["override"]["status"], item["override"]["note"]) == ("met", "Board, 3 March.")
    assert "Board, 3 March." in filled("checklist", "plan").stdout
    back = filled("checklist", "plan", "--override", "plan-1.2=", "--json")
    assert all(item["override"] is None for item in printed(back)["items"])


@pytest.mark.parametrize("name", ["list.csv", "list.docx", "list.md"])
def test_checklist_is_written_to_a_file(filled: Run, tmp_path: Path, name: str) -> None:
    result = filled("checklist", "plan", "--out", tmp_path / name)
    n = len(checklists()["plan"].items)
    assert (result.exit_code, result.stdout) == (0, f"written: {tmp_path / name}, {n} items\n")
    if name == "list.csv":
        text = (tmp_path / name).read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        assert [row[0] for row in rows[1:]] == [item.id for item in checklists()["plan"].items]


@pytest.mark.parametrize(("language", "title"), [("fi", "Tavoitteet ja toimenpiteet"), ("sv", "Mål och åtgärder")])
def test_file_is_written_in_the_language_asked_for(filled: Run, tmp_path: Path, language: str, title: str) -> None:
    assert filled("draft", SECTION, "--out", str(tmp_path / "d.md"), "--language", language).exit_code == 0
    assert f"### {title}" in (tmp_path / "d.md").read_text(encoding="utf-8")
    assert filled("checklist", "plan", "--out", str(tmp_path / "c.csv"), "--language", language).exit_code == 0
    assert words(language)("plans.item-status.met") in (tmp_path / "c.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("arguments", [("--language", "fi"), ("--language", "de", "--out", "d.md")])
def test_language_that_cannot_be_is_wrong_usage(run: Run, arguments: list[str]) -> None:
    assert run("draft", SECTION, *arguments).exit_code == 2
    assert run("checklist", "plan", *arguments).exit_code == 2


def test_note_that_is_a_formula_is_none_in_the_table(filled: Run, tmp_path: Path) -> None:
    note = "=HYPERLINK(A1)"
    out = tmp_path / "list.csv"
    assert filled("checklist", "plan", "--override", "plan-1.2=met", "--note", note, "--out", out).exit_code == 0
    text = out.read_text(encoding="utf-8-sig")
    assert f'"\'{note}"' in text
    assert f'"{note}"' not in text


# What the municipality tells of itself.


def test_municipality_tells_of_itself_bit_by_bit(run: Run) -> None:
    assert "No municipality is told of yet" in run("municipality").stdout
    assert run("municipality", HERE, "--population", "9700", "--contact", "aino@mallikyla.example").exit_code == 0
    (profile,) = printed(run("municipality", "--json"))
    assert (profile["name"], profile["population"]) == (HERE, 9700)
    shown = run("municipality", HERE, "--languages", "Finnish").stdout
    assert shown.splitlines()[0] == HERE
    assert "population: 9700" in shown
    assert "languages: Finnish" in shown


def test_figures_are_added_listed_and_taken_out(filled: Run) -> None:
    assert "No figure is kept yet" in filled("figures").stdout
    given = ("figures", "--add", "Residents=9,700", "--date", "2025-12-31", "--source", "Statistics Finland")
    assert filled(*given).stdout == "1: Residents: 9,700 (2025-12-31; Statistics Finland)\n"
    (figure,) = printed(filled("figures", "--json"))
    assert (figure["id"], figure["name"], figure["value"]) == (1, "Residents", "9,700")
    assert printed(filled("figures", "--remove", "1", "--json")) == []


def test_versions_are_of_whoever_runs_the_program(filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise KeyError("no account")  # as in some containers

    monkeypatch.setattr("getpass.getuser", nobody)
    assert filled("draft", SECTION).exit_code == 0
    assert printed(filled("versions", SECTION, "--json"))[0]["who"] == "unknown"
