"""The bundled corpus: our own digest of law and guidance, fact by fact, with its manifest.

Each source becomes a document whose headings are pinpoints and whose paragraphs are facts. The questions that a fact
answers stand in the same files; they are for search and are never shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import CorpusError, SourceNotFound
from assistant.settings import PROJECT_ROOT
from assistant.types import OFFICIAL, Block, BlockKind, Document, Fact, Kind, Source

CORPUS = PROJECT_ROOT / "corpus"


class ManifestRow(BaseModel):
    """One source of corpus/manifest.jsonl; corpus/README.md tells what each field means."""

    model_config = ConfigDict(extra="ignore")

    source_id: str
    kind: Kind
    title: str
    publisher: str | None = None
    url: str | None = None
    language: str = "en"
    written: str | None = None
    law_basis: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    never_in_force: bool = False
    municipality: str | None = None
    pending: bool = False
    title_original: str | None = None
    download: str | None = None  # address of the official text

    def digest(self) -> Source:
        """Our digest, as a source."""
        return Source(
            source_id=self.source_id, kind=self.kind, title=self.title, publisher=self.publisher, url=self.url,
            language=self.language, written=self.written, law_basis=self.law_basis, valid_from=self.valid_from,
            valid_to=self.valid_to, digest=True, never_in_force=self.never_in_force, bundled=True,
            municipality=self.municipality,
        )  # fmt: skip

    def official(self) -> Source:
        """The official text, before it was read: valid as long as the digest, its title where that is known."""
        return replace(
            self.digest(), source_id=f"{self.source_id}{OFFICIAL}", title=self.title_original or "", digest=False,
            bundled=False,
        )  # fmt: skip


class FactRow(BaseModel):
    """One fact of corpus/facts/SOURCE_ID.jsonl."""

    model_config = ConfigDict(extra="ignore")

    id: str
    heading: str
    text: str
    questions: dict[str, tuple[str, ...]] = {}
    source_url: str | None = None
    pinpoint: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    never_in_force: bool = False
    currency_note: str | None = None
    certainty: str = "not established"

    def fact(self, *, pending: bool) -> Fact:
        """All but the words."""
        return Fact(
            self.id, self.questions, self.certainty, self.source_url, self.pinpoint, self.valid_from, self.valid_to,
            self.never_in_force, pending, self.currency_note,
        )  # fmt: skip


def corpus_digest(folder: Path = CORPUS) -> str:
    """Identifies the content of the corpus; raises CorpusError where it is missing."""
    digest = hashlib.sha256()
    files = [folder / "manifest.jsonl", *sorted((folder / "facts").glob("*.jsonl"))]
    for path in files:
        digest.update(path.name.encode() + b"\0" + _read(path).encode() + b"\0")
    return digest.hexdigest()[:32]


def manifest(folder: Path = CORPUS) -> dict[str, ManifestRow]:
    """The rows of the manifest by source id."""
    return {row.source_id: row for row in _rows(folder / "manifest.jsonl", ManifestRow)}


def official_texts(source_ids: Sequence[str] = ()) -> dict[str, ManifestRow]:
    """The rows that name an official text to download, or those asked for; raises SourceNotFound where one does not."""
    rows = {row.source_id: row for row in manifest().values() if row.download}
    for source_id in source_ids:
        if source_id not in rows:
            raise SourceNotFound(
                f"The corpus names no official text for {source_id!r}. The command `sources` lists its sources."
            )
    return {source_id: rows[source_id] for source_id in source_ids or rows}


def bundled_documents(folder: Path = CORPUS) -> Iterator[tuple[Source, Document]]:
    """Every source of the corpus with its facts as a document, in the order of the manifest.

    Raises:
        CorpusError: A file is missing or a row is damaged; names the file and the line.
    """
    for row in manifest(folder).values():
        source = row.digest()
        facts = _rows(folder / "facts" / f"{row.source_id}.jsonl", FactRow)
        yield source, _document(source, facts, pending=row.pending)


def background_matters(folder: Path = CORPUS) -> tuple[list[str], int]:
    """Matters of corpus/background.txt that the sources are not about, and how many of them, the first, are far off.

    The others are near the field: guidance does not answer them, the facts of the corpus may.
    """
    lines = [line.strip() for line in _read(folder / "background.txt").splitlines()]
    matters = [line for line in lines if line and not line.startswith("#")]
    far = [line for line in matters if not line.startswith("~")]
    return [*far, *(line[1:].strip() for line in matters if line.startswith("~"))], len(far)


def _document(source: Source, facts: Iterator[FactRow], *, pending: bool) -> Document:
    text = ""
    blocks: list[Block] = []

    def put(kind: BlockKind, words: str, level: int, fact: Fact | None = None) -> None:
        nonlocal text
        start = len(text)
        text += words + "\n\n"
        blocks.append(Block(kind, start, start + len(words), level, fact))

    put(BlockKind.HEADING, source.title, 1)
    heading = ""
    for fact in facts:
        if fact.heading != heading:
            heading = fact.heading
            put(BlockKind.HEADING, heading, 2)
        put(BlockKind.FACT, " ".join(fact.text.split()), 1, fact.fact(pending=pending))
    return Document(source.title, text, tuple(blocks), source.language)


def _rows(path: Path, model: type[Any]) -> Iterator[Any]:
    for number, line in enumerate(_read(path).splitlines(), start=1):
        if line.strip():
            try:
                yield model.model_validate(json.loads(line))
            except (ValueError, ValidationError) as error:
                reason = str(error).splitlines()[0]
                raise CorpusError(
                    f"corpus/{path.name}, line {number}: {reason}. Mend the line or install again."
                ) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"corpus/{path.name} cannot be read ({error}). Install Kotoapuri again.") from error
