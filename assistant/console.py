"""What the commands share: opening the workspace, errors in one line, JSON, a bar of progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.types import Notice

Workspace = Annotated[
    Path | None, typer.Option("--workspace", help="Folder of the index and documents (KOTOAPURI_WORKSPACE).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
LANGUAGE_HELP = "en, fi or sv; the question's own by default."


@contextmanager
def open_assistant(workspace: Path | None) -> Iterator[Assistant]:
    """An open assistant; a problem with what the user gave becomes one line and exit code 1."""
    from pydantic import ValidationError

    from assistant.assistant import Assistant
    from assistant.errors import AssistantError

    try:
        with Assistant.open(workspace=workspace) as assistant:
            yield assistant
    except AssistantError as error:
        fail(str(error))
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"KOTOAPURI_{str(first['loc'][0]).upper()} cannot be used: {first['msg']}.")
    except KeyboardInterrupt:
        fail("Stopped.")


def fail(message: str) -> None:
    say(message)
    raise typer.Exit(1)


def say(message: str) -> None:
    print(" ".join(message.split()), file=sys.stderr)


def print_notes(warnings: Sequence[Notice]) -> None:
    """Print what to mind of a result, each with the numbers of what it is about."""
    if warnings:
        print("\nNote")
    for warning in warnings:
        marks = "".join(f"[{n}]" for n in warning.citations)
        print(f"- {warning.message} {marks}".rstrip())


def print_json(record: object) -> None:
    from assistant.types import as_json

    print(json.dumps(as_json(record), ensure_ascii=False, indent=2))


@contextmanager
def progress(total: int | None) -> Iterator[Callable[..., None]]:
    """A bar on standard error where that is a terminal; nothing otherwise, so that logs and pipes stay clean."""
    if not sys.stderr.isatty():
        yield lambda what, done=None: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = [BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}")]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)

        def advance(what: str, done: int | None = None) -> None:
            if done is None:
                bar.update(task, advance=1, description=what)
            else:
                bar.update(task, completed=done, description=what)

        yield advance
