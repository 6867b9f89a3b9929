"""What the web app asks of the package: the part of `Assistant` that it calls, so that tests can hand in another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from assistant.kept_drafts import KeptDrafts
from assistant.municipalities import Municipalities
from assistant.planning import Planning
from assistant.settings import Settings
from assistant.types import (
    Added,
    AddReport,
    Answer,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Document,
    Evidence,
    Holding,
    ModelTrial,
    Passage,
    Review,
    SectionDraft,
    Source,
    Surroundings,
    Turn,
)


class Backend(Protocol):
    """`Assistant`, as far as the web app knows it. Called from several threads at once."""

    settings: Settings  # with the chat model that writes now
    workspace: Path

    @property
    def planning(self) -> Planning:
        """The municipality's plan: drafts, checklists, files."""

    @property
    def kept_drafts(self) -> KeptDrafts:
        """Drafts in a person's hands."""

    @property
    def municipalities(self) -> Municipalities:
        """Which there are, what each told of itself, and its figures."""

    def with_model(self, model: str, base_url: str = "") -> Settings:
        """The settings with another chat model, which is neither asked nor put to use."""

    def try_model(self, model: str, base_url: str = "", *, timeout_s: float = 20.0) -> ModelTrial:
        """Ask a chat model one made-up question."""

    def use_model(self, model: str, base_url: str = "") -> None:
        """Let another chat model write from now on, until the program ends."""

    def reply(
        self, text: str, *, as_of: str | None = None, conversation: Sequence[Turn] = (), who: str
    ) -> Answer | SectionDraft | ChecklistAnswer:
        """Answer a question, or do what is asked for."""

    def follow_ups(self, answer: Answer, *, conversation: Sequence[Turn] = (), k: int = 3) -> list[str]:
        """Questions near an answer that are answered too."""

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
        each: Callable[[Added], None] = lambda added: None,
        stopped: Callable[[], bool] = lambda: False,
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

    def describe(
        self,
        source_id: str,
        *,
        title: str,
        kind: str,
        municipality: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
    ) -> Source:
        """Correct what is known of a document that was added."""

    def unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """What is kept under no municipality and may move to this one, and what it has already."""

    def name_unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """Move what is kept under no municipality to this one."""

    def passages(self, source_id: str) -> list[Passage]:
        """All passages of a source in reading order."""

    def page_picture(self, source_id: str, page: int, quote: str = "") -> bytes:
        """A page of a PDF that was added, with a quote marked on it."""

    # For programs.

    def ask(self, question: str, *, as_of: str | None = None, language: str | None = None) -> Answer:
        """Answer a question."""

    def retrieve(
        self, question: str, *, as_of: str | None = None, language: str | None = None, k: int = 60
    ) -> Evidence:
        """Find passages for a question."""

    def cite(self, passage: Passage, *, as_of: str, number: int = 1) -> Citation:
        """A passage as a citation."""

    def draft(self, section: str, **options: Any) -> SectionDraft:
        """Draft a section of a plan."""

    def checklist(self, name: str, **options: Any) -> ChecklistAnswer:
        """Answer a checklist."""

    def check_copying(self, text: str, *, municipality: str | None = None) -> CopyingCheck:
        """Find what a text shares with programmes of others."""

    def surroundings(self, citation: Citation, *, chars: int = 400) -> Surroundings:
        """Show a quote in its place."""

    def read(self, path: Path | str) -> Document:
        """Read a file without adding it."""

    def review(self, text: str | Document, *, municipality: str | None = None, as_of: str | None = None) -> Review:
        """Hold a plan against the known weaknesses of such plans."""

    def warm_up(self) -> None:
        """Load the models."""

    def close(self) -> None:
        """Let go of the workspace."""
