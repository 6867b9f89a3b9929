"""The example municipality, Esimerkkilä, which a first visitor can try everything with and take out again.

Its documents are in corpus/example/, ours and made up. Nothing is noted of what was put in: a document of the example
is known by its title and its municipality, so that an example that was put in halfway can be taken out as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from assistant.errors import AssistantError, CorpusError
from assistant.municipalities import Municipalities
from assistant.planning import Planning
from assistant.settings import PROJECT_ROOT
from assistant.types import AddReport, Holding, Kind, Source

_FOLDER = PROJECT_ROOT / "corpus" / "example"
_ABOUT_DOCUMENTS = ("title", "written", "law_basis")
_ABOUT_TABLES = {"source": "source", "table": "table", "date": "date_"}


class Workspace(Protocol):
    """`Assistant`, as far as the example needs it."""

    @property
    def planning(self) -> Planning:
        """The municipality's plan."""

    @property
    def municipalities(self) -> Municipalities:
        """What each told of itself."""

    def add(
        self,
        paths: Sequence[Path],
        *,
        kind: str,
        municipality: str | None = None,
        title: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
    ) -> AddReport:
        """Read, split and index documents."""

    def sources(self) -> list[Source]:
        """What is indexed."""

    def remove(self, source_id: str) -> None:
        """Take one source out."""


@dataclass(frozen=True, slots=True)
class _Example:
    profile: dict[str, Any]
    documents: tuple[dict[str, str], ...]
    tables: tuple[dict[str, str], ...]

    @property
    def titles(self) -> set[tuple[str, str]]:
        """(municipality, title) of each document."""
        return {(row.get("municipality", self.profile["name"]), row["title"]) for row in self.documents}


@cache
def _example() -> _Example:
    path = _FOLDER / "example.toml"
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Example(row["profile"], tuple(row["document"]), tuple(row["table"]))
    except (OSError, ValueError, KeyError) as error:
        raise CorpusError(
            f"corpus/example/example.toml cannot be used ({error}). Install the program again."
        ) from error


def name() -> str:
    """Of the municipality."""
    return str(_example().profile["name"])


def is_new(workspace: Workspace) -> bool:
    """Whether nobody has told this workspace of a municipality yet, nor added a document of one."""
    return not workspace.municipalities.known() and not any(
        source.kind in (Kind.OWN, Kind.PROGRAMME) and not source.bundled for source in workspace.sources()
    )


def is_in(workspace: Workspace) -> bool:
    """Whether the example, or a part of it, is in the workspace."""
    wanted = _example()
    return workspace.planning.workbook.profile(wanted.profile["name"]) is not None or bool(_ids(workspace))


def holding(workspace: Workspace) -> Holding:
    """What goes when the example is taken out."""
    ids = set(_ids(workspace))
    titles = tuple(source.title for source in workspace.sources() if source.source_id in ids)
    return replace(workspace.planning.workbook.holding(name()), documents=titles)


def put_in(workspace: Workspace, *, progress: Callable[[int, int, str], None] | None = None) -> None:
    """Put the example into a workspace; what is there of it already is left as it is.

    Args:
        workspace: Any; the example stands beside what else is in it.
        progress: Called with (done, total, title) before each document.

    Raises:
        AssistantError: A document or table could not be taken in; the rest is left out.
    """
    wanted = _example()
    for n, row in enumerate(wanted.documents):
        if progress:
            progress(n, len(wanted.documents), row["title"])
        about = {key: row[key] for key in _ABOUT_DOCUMENTS if key in row}
        whose = row.get("municipality", wanted.profile["name"])
        report = workspace.add([_FOLDER / row["file"]], kind=row["kind"], municipality=whose, **about)
        if report.failed:
            raise AssistantError(report.failed[0].message)
    for row in wanted.tables:
        about = {given: row[key] for key, given in _ABOUT_TABLES.items()}
        path, whose = _FOLDER / row["file"], wanted.profile["name"]
        (added,) = workspace.municipalities.add_tables([path], municipality=whose, **about)
        if isinstance(added, AssistantError):
            raise added
    # Last: `is_in` and the page tell by the profile that all of it is there.
    workspace.municipalities.tell(**wanted.profile)


def take_out(workspace: Workspace) -> None:
    """Take the example out of a workspace, with all that was drafted or decided for its municipality.

    Raises:
        AssistantError: Another process writes to the workspace; what is left can be taken out later.
    """
    for source_id in _ids(workspace):
        workspace.remove(source_id)
    workspace.planning.workbook.forget(name())


def _ids(workspace: Workspace) -> list[str]:
    titles = _example().titles
    return [s.source_id for s in workspace.sources() if not s.bundled and (s.municipality, s.title) in titles]
