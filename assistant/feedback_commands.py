"""The command around readers' feedback on answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.console import Workspace, open_assistant


def add_feedback_commands(app: typer.Typer) -> None:
    """Put the command on the program."""
    app.command()(feedback)


def feedback(
    out: Annotated[Path, typer.Option("--out", help="A .jsonl file in a folder for: python -m eval --cases FOLDER.")],
    workspace: Workspace = None,
) -> None:
    """Write what readers said of answers as cases for the evaluation suite."""
    from assistant.conversations import write_feedback

    with open_assistant(workspace) as assistant:
        n = write_feedback(assistant.planning.workbook.judged(), out)
    print(f"{n} judged {'answer' if n == 1 else 'answers'} in {out}")
