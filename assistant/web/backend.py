"""What the web app asks of the package: the part of `Assistant` that it calls, so that tests can hand in another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant.types import AddReport, Answer, ChecklistAnswer, Citation, SectionDraft, Source, Surroundings, Turn


class Backend(Protocol):
    """`Assistant`, as far as the web app knows it. Called from several threads at once."""

    def reply(
        self, text: str, *, as_of: str | None = None, conversation: Sequence[Turn] = (), who: str
    ) -> Answer | SectionDraft | ChecklistAnswer:
        """Answer a question, or do what is asked for."""

    def add(
        self,
        paths: Sequence[Path],
        *,
        kind: str,
        municipality: str | None = None,
        title: str | None = None,
        url: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> AddReport:
        """Read, split and index documents."""

    def sync(
        self,
        source_ids: Sequence[str] = (),
        *,
        progress: Callable[[int, int, str], None] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> AddReport:
        """Download and index the official texts that the corpus names."""

    def sources(self) -> list[Source]:
        """List what is indexed."""

    def remove(self, source_id: str) -> None:
        """Take one source out."""

    def surroundings(self, citation: Citation, *, chars: int = 400) -> Surroundings:
        """Show a quote in its place."""

    def warm_up(self) -> None:
        """Load the models."""

    def close(self) -> None:
        """Let go of the workspace."""
