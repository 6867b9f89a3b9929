"""What tests of the commands share: running one in a workspace of its own, and what it said."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import HashedWords
from typer.testing import CliRunner, Result

from assistant.__main__ import app

Run = Callable[..., Result]


def command_runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a workspace of its own without the corpus, with the small embedding model.

    The fixture `run` of a test module: as it is, or with something in the workspace.
    """
    for name in [name for name in os.environ if name.startswith("KOTOAPURI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KOTOAPURI_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("KOTOAPURI_CORPUS", "none")
    monkeypatch.setattr("assistant.assistant.SentenceTransformerEmbedder", lambda settings: HashedWords())

    def run_command(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return run_command


def one_line(result: Result) -> str:
    """The message on standard error of a command that failed for what the user gave."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert "Traceback" not in line
    return line


def printed(result: Result) -> Any:
    """The JSON on standard output of a command that did what it was asked."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)
