"""The command line keeps its promises: exit codes, one-line messages, JSON and nothing else, and a quick --help."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_cases import Run, command_runner, one_line

from assistant.assistant import Assistant
from assistant.errors import IndexStale
from assistant.settings import PROJECT_ROOT
from assistant.types import Answer

GUIDE = """\
# Guide to integration planning

The municipal council approves the integration plan every fourth year.

The cooperation group includes:

- the school
- the parish
"""
QUESTION = "Who approves the integration plan?"

run = pytest.fixture(command_runner)


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


@pytest.fixture
def filled(run: Run, guide: Path) -> Run:
    """As `run`, with the guide added."""
    assert run("add", guide, "--kind", "guidance").exit_code == 0
    return run


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT_ROOT, env={**os.environ, **environment}, capture_output=True,
        text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


# Answers.


def test_answer_is_printed_with_its_sources(filled: Run) -> None:
    result = filled("ask", QUESTION)
    assert result.exit_code == 0
    assert "The municipal council approves the integration plan every fourth year. [1]" in result.stdout
    assert "[1] Guide to integration planning (" in result.stdout
    assert result.stderr == ""


def test_json_of_an_answer_has_the_fields_of_the_interface(filled: Run) -> None:
    result = filled("ask", QUESTION, "--as-of", "2026-11-21", "--language", "en", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert set(answer) >= {
        "question", "as_of", "language", "writer", "abstained", "statements", "citations", "warnings",
    }  # fmt: skip
    assert (answer["question"], answer["as_of"], answer["abstained"]) == (QUESTION, "2026-11-21", False)
    assert set(answer["statements"][0]) >= {"text", "citations", "support"}
    assert set(answer["citations"][0]) >= {
        "id", "source_id", "kind", "title", "publisher", "url", "municipality", "pinpoint", "quote", "written",
        "law_basis", "currency", "digest",
    }  # fmt: skip
    assert answer["citations"][0]["kind"] == "guidance"


def test_abstention_is_no_error(filled: Run) -> None:
    result = filled("ask", "How do I bake bread with rye?")
    assert result.exit_code == 0
    assert result.stdout.startswith("Not found")
    answer = json.loads(filled("ask", "How do I bake bread with rye?", "--json").stdout)
    assert answer["abstained"]
    assert [warning["code"] for warning in answer["warnings"]] == ["not-established"]
    assert set(answer["warnings"][0]) >= {"code", "message", "citations"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "?"], "empty"),
        (["ask", QUESTION, "--as-of", "tomorrow"], "YYYY-MM-DD"),
        (["ask", QUESTION, "--language", "de"], "en, fi or sv"),
        (["remove", "nothing-like-it"], "nothing-like-it"),
        (["add", "absent.md", "--kind", "guidance"], "absent.md"),
        (["add", "absent.md", "--kind", "rumour"], "law, guidance, own, programme"),
        (["add", "absent.md", "--kind", "programme"], "--municipality"),
        (["ask", "--batch", "absent.jsonl", "--out", "out.jsonl"], "absent.jsonl"),
    ],
)
def test_problem_with_what_was_given_is_one_line_and_exit_code_1(run: Run, arguments: list[str], said: str) -> None:
    assert said in one_line(run(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", QUESTION, "--batch", "in.jsonl", "--out", "out.jsonl"],
        ["ask", "--batch", "in.jsonl"],
        ["ask", QUESTION, "--out", "out.jsonl"],
        ["ask", QUESTION, "--no-such-option"],
        ["add", "guide.md"],
        ["add", "--kind", "guidance"],
        ["remove"],
        ["no-such-command"],
    ],
)
def test_wrong_usage_is_exit_code_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Usage" in result.stderr


def test_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTOAPURI_CORPUS", "some")
    assert one_line(run("sources")).startswith("KOTOAPURI_CORPUS cannot be used")


def test_workspace_that_is_a_file_is_refused(run: Run, guide: Path) -> None:
    assert str(guide) in one_line(run("sources", "--workspace", guide))


# Batches.


def test_batch_keeps_order_and_ids(filled: Run, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "z", "question": QUESTION, "as_of": "2024-06-01"},
        {"id": 7, "question": "How do I bake bread with rye?"},
        {"id": "a", "question": "Kuka kuuluu yhteistyöryhmään?", "language": "fi"},
    ]
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text("\ufeff" + "\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    result = filled("ask", "--batch", questions, "--out", answers)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    found = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in found] == ["z", 7, "a"]
    assert [row["question"] for row in found] == [row["question"] for row in rows]
    assert [row["abstained"] for row in found] == [False, True, False]
    assert (found[0]["as_of"], found[2]["language"]) == ("2024-06-01", "fi")
    one = json.loads(filled("ask", QUESTION, "--as-of", "2024-06-01", "--json").stdout)
    assert {key: value for key, value in found[0].items() if key != "id"} == one


LONG = "Who approves the plan? " * 200


@pytest.mark.parametrize(
    ("line", "known", "said"),
    [
        ("not json", None, "Not a JSON object"),
        ('{"id": "2", "question": "Who?"', None, "Not a JSON object"),
        ('["id", "question"]', None, "Not a JSON object"),
        ("[" * 100_000, None, "Not a JSON object"),
        ('{"question": "Who?"}', None, "No id"),
        ('{"id": ["2"], "question": "Who?"}', None, "No id"),
        ('{"id": NaN, "question": "Who?"}', None, "No id"),
        ('{"id": "2"}', "2", "No question"),
        ('{"id": 2, "question": 5}', 2, "No question"),
        ('{"id": "2", "question": null}', "2", "No question"),
        ('{"id": "2", "question": "Who?", "as_of": 2026}', "2", '"as_of" is no text'),
        ('{"id": "2", "question": "Who?", "language": ["en"]}', "2", '"language" is no text'),
        ('{"id": "2", "question": ""}', "2", "empty"),
        ('{"id": "2", "question": "?"}', "2", "empty"),
        (json.dumps({"id": "2", "question": LONG}), "2", "the limit is 4,000"),
        ('{"id": "2", "question": "Who?", "as_of": "soon"}', "2", "YYYY-MM-DD"),
        ('{"id": "2", "question": "Who?", "language": "de"}', "2", "'de'"),
        (r'{"id": "\ud800", "question": "?"}', "\ud800", "empty"),
    ],
)
def test_bad_line_of_a_batch_is_named_and_the_others_are_answered(
    filled: Run, tmp_path: Path, line: str, known: str | int | None, said: str
) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    good = json.dumps({"id": "same", "question": QUESTION})
    questions.write_text(f"{good}\n\n{line}\n{good}\n", encoding="utf-8")
    message = one_line(filled("ask", "--batch", questions, "--out", answers))
    assert message.startswith("in.jsonl, line 3: ")
    assert said in message
    first, bad, last = [json.loads(row) for row in answers.read_text(encoding="utf-8").splitlines()]
    assert set(bad) == {"id", "error"}
    assert bad["id"] == known
    assert said in bad["error"]
    assert first == last  # an id may stand twice
    assert (first["id"], first["abstained"]) == ("same", False)
    assert not list(tmp_path.glob(".*"))


def test_every_bad_line_of_a_batch_is_named(filled: Run, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text("one\ntwo\n" + json.dumps({"id": 3, "question": QUESTION}) + "\nfour", encoding="utf-8")
    result = filled("ask", "--batch", questions, "--out", answers)
    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.partition(":")[0] for line in result.stderr.splitlines()] == [f"in.jsonl, line {n}" for n in (1, 2, 4)]
    rows = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [None, None, 3, None]
    assert ["error" in row for row in rows] == [True, True, False, True]


def test_line_separator_within_a_question_does_not_end_its_line(filled: Run, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    row = {"id": "1", "question": QUESTION.replace(" ", "\u2028", 1)}
    questions.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert filled("ask", "--batch", questions, "--out", answers).exit_code == 0
    assert not json.loads(answers.read_text(encoding="utf-8"))["abstained"]


@pytest.mark.parametrize(("option", "value"), [("--as-of", "soon"), ("--language", "de")])
def test_bad_option_of_a_batch_is_one_problem(filled: Run, tmp_path: Path, option: str, value: str) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text((json.dumps({"id": "1", "question": QUESTION}) + "\n") * 2, encoding="utf-8")
    assert value in one_line(filled("ask", "--batch", questions, "--out", answers, option, value))
    assert not answers.exists()


def test_questions_that_cannot_be_read_are_told_of(filled: Run, tmp_path: Path) -> None:
    answers = tmp_path / "out.jsonl"
    (tmp_path / "latin.jsonl").write_bytes('{"id": "1", "question": "Kuka hyväksyy?"}'.encode("latin-1"))
    for questions, said in ((tmp_path / "absent.jsonl", "No such file"), (tmp_path, "directory"), ("latin", "UTF-8")):
        path = tmp_path / "latin.jsonl" if questions == "latin" else questions
        assert said in one_line(filled("ask", "--batch", path, "--out", answers))
    assert not answers.exists()


def test_answers_are_not_written_over_the_questions_or_a_folder(filled: Run, tmp_path: Path) -> None:
    questions = tmp_path / "in.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION}), encoding="utf-8")
    before = questions.read_text(encoding="utf-8")
    for out in (questions, tmp_path / "workspace" / ".." / "in.jsonl", tmp_path):
        assert "--out" in one_line(filled("ask", "--batch", questions, "--out", out))
    assert questions.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(
    ("end", "said"), [(KeyboardInterrupt(), "Stopped."), (IndexStale("Run rebuild."), "Run rebuild.")]
)
def test_batch_that_ends_early_leaves_the_old_answers(
    filled: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: BaseException, said: str
) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    questions.write_text((json.dumps({"id": "1", "question": QUESTION}) + "\n") * 3, encoding="utf-8")
    answers.write_text("as it was", encoding="utf-8")
    ask, asked = Assistant.ask, []

    def stop_at_the_second(self: Assistant, question: str, **options: Any) -> Answer:
        asked.append(answers.read_text(encoding="utf-8"))
        if len(asked) == 2:
            raise end
        return ask(self, question, **options)

    monkeypatch.setattr(Assistant, "ask", stop_at_the_second)
    assert one_line(filled("ask", "--batch", questions, "--out", answers)) == said
    assert asked == ["as it was"] * 2
    assert answers.read_text(encoding="utf-8") == "as it was"
    assert not list(tmp_path.glob(".*"))


def test_answers_that_cannot_be_written_are_told_of(filled: Run, tmp_path: Path) -> None:
    questions = tmp_path / "in.jsonl"
    questions.write_text(json.dumps({"id": "1", "question": QUESTION}), encoding="utf-8")
    assert "--out" in one_line(filled("ask", "--batch", questions, "--out", tmp_path / "absent" / "out.jsonl"))


# Documents.


def test_added_sources_are_listed_and_removed(run: Run, guide: Path) -> None:
    added = run("add", guide, "--kind", "own", "--municipality", "Mallikylä", "--written", "2025-06", "--json")
    (file,) = json.loads(added.stdout)["files"]
    assert (file["source_id"], file["status"]) == ("guide", "added")
    (source,) = json.loads(run("sources", "--json").stdout)
    assert set(source) >= {
        "source_id", "kind", "title", "publisher", "url", "municipality", "language", "written", "law_basis",
        "valid_from", "valid_to", "digest", "passages",
    }  # fmt: skip
    assert (source["kind"], source["municipality"], source["written"]) == ("own", "Mallikylä", "2025-06")
    assert "own of Mallikylä" in run("sources").stdout
    assert run("remove", "guide").exit_code == 0
    assert json.loads(run("sources", "--json").stdout) == []
    assert "Nothing is indexed yet" in run("sources").stdout


@pytest.mark.parametrize("as_json", [False, True])
def test_bad_files_are_named_and_good_ones_kept(run: Run, guide: Path, tmp_path: Path, as_json: bool) -> None:
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    arguments = ["--kind", "guidance", *(["--json"] if as_json else [])]
    result = run("add", tmp_path / "empty.md", guide, tmp_path / "absent.md", *arguments)
    assert result.exit_code == 1
    first, second = result.stderr.splitlines()
    assert "empty.md" in first
    assert "absent.md" in second
    if as_json:
        assert [file["status"] for file in json.loads(result.stdout)["files"]] == ["failed", "added", "failed"]
    assert [source["source_id"] for source in json.loads(run("sources", "--json").stdout)] == ["guide"]


def test_option_goes_before_the_environment(run: Run, guide: Path, tmp_path: Path) -> None:
    assert run("add", guide, "--kind", "guidance", "--workspace", tmp_path / "other").exit_code == 0
    assert json.loads(run("sources", "--json").stdout) == []
    assert len(json.loads(run("sources", "--json", "--workspace", tmp_path / "other").stdout)) == 1


def test_rebuilt_index_answers_as_before(filled: Run) -> None:
    before = filled("ask", QUESTION, "--json").stdout
    assert filled("rebuild").exit_code == 0
    assert filled("ask", QUESTION, "--json").stdout == before


# The process.


HEAVY = ("chromadb", "gradio", "langchain", "langchain_core", "numpy", "pydantic", "sentence_transformers", "torch")
PRINT_HEAVY = f"\nprint([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"


def test_help_is_quick_and_imports_no_model_library() -> None:
    program = (
        "import sys; sys.argv = ['kotoapuri', '--help']\n"
        "from assistant.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code"
    )
    times = []
    for _ in range(3):  # the best of three: other programs run on this machine too
        began = time.perf_counter()
        result = python("-c", program + PRINT_HEAVY)
        times.append(time.perf_counter() - began)
        assert (result.returncode, result.stderr) == (0, "[]\n")
        assert "ask" in result.stdout
        assert "sources" in result.stdout
    assert min(times) < 1.5


def test_import_of_the_package_is_light() -> None:
    assert python("-c", "import sys, assistant" + PRINT_HEAVY).stderr == "[]\n"


def test_program_ends_with_a_line_and_no_traceback(tmp_path: Path) -> None:
    settings = {"KOTOAPURI_WORKSPACE": str(tmp_path / "workspace"), "KOTOAPURI_CORPUS": "none"}
    result = python("-m", "assistant", "add", str(tmp_path / "ääkköset.md"), "--kind", "law", **settings)
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "ääkköset.md" in line
    usage = python("-m", "assistant", "add", "--kind", "law", **settings)
    assert (usage.returncode, usage.stdout) == (2, "")
    listed = python("-m", "assistant", "sources", "--json", **settings)
    assert (listed.returncode, listed.stdout.strip(), listed.stderr) == (0, "[]", "")
