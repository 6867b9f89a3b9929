"""What the child processes of test_crash.py do; they are killed, refused or starved while they do it."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from fakes import HashedWords

from assistant.assistant import Assistant
from assistant.embedding import Vectors
from assistant.errors import AssistantError
from assistant.settings import Settings

QUESTION = "Who arranges the swimming lessons?"


class WaitingHashedWords(HashedWords):
    """Embeds passages once a file is there, so that somebody can come in between."""

    def __init__(self, go: Path) -> None:
        self._go = go

    def embed_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of passages, after a while."""
        while not self._go.exists():
            time.sleep(0.01)
        return super().embed_passages(texts)


def page(name: str, n_passages: int, *, seed: int = 0) -> str:
    """Markdown with a heading, sentences and a list; every passage has words of its own."""
    draw = random.Random(f"{name}:{seed}")
    who = ["The youth service", "The library", "The parish", "The sports club", "The housing office", "The school"]
    what = ["swimming lessons", "language cafés", "homework clubs", "bicycle courses", "house visits", "choir evenings"]
    words = [f"{name}{n:04}" for n in range(n_passages)]
    lines = [f"# Activities of {name}", ""]
    for n, word in enumerate(words):
        if n % 20 == 12:
            lines += ["", f"In {word} these are arranged:", ""]
        elif n % 20 > 12:
            lines += [f"- {draw.choice(what)} in {word} for {draw.randrange(2, 90)} residents"]
        else:
            lines += ["" if n % 20 == 0 else " ", f"{draw.choice(who)} arranges the {draw.choice(what)} in {word}."]
    return "\n".join(lines) + "\n"


def open_workspace(workspace: Path, embedder: HashedWords | None = None) -> Assistant:
    """The workspace with the small embedding model and without the bundled corpus."""
    settings = Settings(workspace=workspace, corpus="none")
    return Assistant.open(settings=settings, embedder=embedder or HashedWords())


def add_and_remove_for_ever(
    workspace: Path, paths: Sequence[Path], seed: int, together: bool, tell: Connection
) -> None:
    """Add what is not there, remove what is, in random order; tell before and after each change."""
    draw = random.Random(seed)
    with open_workspace(workspace) as assistant:
        tell.send(("ready", ()))
        while True:
            there = {source.source_id for source in assistant.sources()}
            absent = [path for path in paths if path.stem not in there]
            if absent and (together or len(there) < 2 or draw.random() < 0.6):
                wanted = absent if together else [draw.choice(absent)]
                tell.send(("adding", tuple(path.stem for path in wanted)))
                report = assistant.add(wanted, kind="guidance")
                tell.send(("added", tuple(str(file.source_id) for file in report.files)))
            else:
                source_id = draw.choice(sorted(there))
                tell.send(("removing", (source_id,)))
                assistant.remove(source_id)
                tell.send(("removed", (source_id,)))


def add_when_told(workspace: Path, path: Path, go: Path, tell: Connection) -> None:
    """Add one document, holding the workspace from the beginning and ending once `go` is there."""
    with open_workspace(workspace, WaitingHashedWords(go)) as assistant:
        tell.send("adding")
        assistant.add([path], kind="guidance")
    tell.send("added")


def try_without_permission(workspace: Path, path: Path, tell: Connection) -> None:
    """Open a workspace and add to it as a user who may not write there; tell what the user is told."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    try:
        with open_workspace(workspace) as assistant:
            assistant.add([path], kind="guidance")
        tell.send("added")
    except AssistantError as error:
        tell.send(f"{type(error).__name__}: {error}")
    except BaseException as error:
        tell.send(f"unexpected {type(error).__name__}: {error}")
