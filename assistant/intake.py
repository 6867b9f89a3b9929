"""Takes documents in: what somebody adds, the official texts that `sync` downloaded, the facts of the bundled corpus.

A document is read, split and dated, its vectors are made, and only then is it kept: whole, or not at all. The caller
holds the workspace's lock, and brings the vector index up to date afterwards.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from assistant import corpus, currency
from assistant.documents import read_document
from assistant.errors import AssistantError, DocumentError, WorkspaceError
from assistant.index import VectorIndex
from assistant.notices import document_notices
from assistant.originals import Originals
from assistant.passages import split_document
from assistant.personal_data import mask_text
from assistant.settings import Settings
from assistant.store import Store
from assistant.text import collapse
from assistant.types import OFFICIAL, Added, Document, Kind, Source, UnitKind

if TYPE_CHECKING:
    from assistant.sync import Fetched, Progress

_Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """The way into one workspace."""

    store: Store
    index: VectorIndex
    originals: Originals
    settings: Settings

    def add(self, path: Path, described: Source, report: _Report) -> Added:
        """Take in a file that somebody adds; a bad one is reported."""
        name, stem = mask_text(path.name), mask_text(path.stem)
        try:
            document = read_document(path, settings=self.settings)
            warnings = document_notices(name, document)
            # The same words in another role, or of another municipality, are another source.
            content_hash = _hash(_role(described), document.text)
            if known := self.store.source_with_content(content_hash):
                message = f"the same content is there already as {known.source_id}"
                return Added(str(path), known.source_id, known.title, known.passages, "unchanged", message, warnings)
            named = replace(described, source_id=self._free_id(stem), title=described.title or document.title or stem)
            source = self._keep(path, document, named, content_hash, name, report)
        except DocumentError as error:
            return Added(str(path), None, name, 0, "failed", str(error))
        older = _slug(stem)
        message = f"{older} has the same file name; remove it if this one replaces it"
        return Added(
            str(path), source.source_id, source.title, source.passages, "added",
            "" if source.source_id == older else message, warnings,
        )  # fmt: skip

    def add_official(self, row: corpus.ManifestRow, fetched: Fetched, report: _Report) -> Added:
        """Take in a downloaded text, in place of the one of before, which stays where this one is of no use."""
        if fetched.path is None or fetched.status == "failed":
            return Added(str(fetched.path or ""), None, row.title, 0, "failed", fetched.message)
        described, path = row.official(), str(fetched.path)
        try:
            document = read_document(fetched.path, settings=self.settings)
            warnings = document_notices(fetched.path.name, document)
            content_hash = _hash(described.source_id, document.text)
            # Asked for what is unchanged too: the last run may have been stopped before it came to this.
            if known := self.store.source_with_content(content_hash):
                return Added(path, known.source_id, known.title, known.passages, "unchanged", warnings=warnings)
            status = "changed" if self.store.has_source(described.source_id) else "new"
            titled = replace(described, title=described.title or document.title)
            source = self._keep(fetched.path, document, titled, content_hash, fetched.path.name, report)
        except DocumentError as error:
            return Added(path, None, row.title, 0, "failed", f"{row.source_id}: {error}")
        return Added(path, source.source_id, source.title, source.passages, status, warnings=warnings)

    def add_corpus(self, report: Progress) -> None:
        """Take in the bundled corpus, in place of the one of before; its vectors ship with it."""
        documents = list(corpus.bundled_documents())
        for source in self.store.sources(bundled=True):
            self.store.remove(source.source_id)
        for n, (source, document) in enumerate(documents):
            report(n, len(documents), source.title)
            source_id = self._free_id(source.source_id)
            passages = split_document(document, source_id)
            self.store.add(
                replace(source, source_id=source_id), document, passages, content_hash=_hash("bundled", document.text)
            )
        self.store.put("corpus", corpus.corpus_digest())

    def describe(self, source_id: str, described: Source) -> Source:
        """Correct what is known of a source that somebody added; its text is not read again.

        Raises:
            SourceNotFound: There is none of this id.
            WorkspaceError: It belongs to the bundled corpus, which knows better.
            AssistantError: The same content is there in this role already, or the title is empty.
        """
        known = self.store.source(source_id)
        if known.bundled or source_id.endswith(OFFICIAL):
            raise WorkspaceError(
                f"{source_id} is described by the bundled corpus and cannot be changed. Add your own copy instead."
            )
        if not described.title:
            raise AssistantError("The title is empty. Write what the document is called.")
        text = self.store.text(source_id)
        content_hash = _hash(_role(described), text)
        same = self.store.source_with_content(content_hash)
        if same and same.source_id != source_id:
            raise AssistantError(
                f"The same content is there already as {same.source_id} ({same.title}). Remove one of the two."
            )
        told = replace(
            known, kind=described.kind, title=collapse(described.title), municipality=described.municipality,
            written=described.written, law_basis=described.law_basis, valid_from=None, valid_to=None, early=False,
        )  # fmt: skip
        source = currency.dated(told, text)
        self.store.describe((source, content_hash))
        return source

    def unnamed(self, municipality: str) -> tuple[list[tuple[Source, str]], list[Source]]:
        """Own documents that name no municipality, as they would be under its name, and those that it has already.

        Returns:
            Of those that may move, the source as it would be and its content hash; and those that stay.
        """
        moves, stays = [], []
        for source in self.store.sources(bundled=False):
            if source.kind is Kind.OWN and not source.municipality:
                named = replace(source, municipality=municipality)
                content_hash = _hash(_role(named), self.store.text(source.source_id))
                if self.store.source_with_content(content_hash):
                    stays.append(source)
                else:
                    moves.append((named, content_hash))
        return moves, stays

    def _keep(
        self, path: Path, document: Document, described: Source, content_hash: str, name: str, report: _Report
    ) -> Source:
        passages = split_document(document, described.source_id)
        if all(p.kind is UnitKind.INSTRUCTION for p in passages):
            raise DocumentError(f"{name}: nothing in it can be quoted. Check that it holds text in sentences.")
        title, language = collapse(described.title), document.language
        source = currency.dated(
            replace(
                described,
                title=title,
                language=language,
                passages=len(passages),
                personal_data=len(document.masked),
            ),
            document.text,
        )
        # Vectors first: once the document is in the store, it is there whole, and a kill before that leaves nothing.
        self.index.embed(passages, lambda done, total: report(f"{name}: {done} of {total} passages"))
        original = self._keep_original(path, document)
        if replaced := self.store.add(
            source, document, passages, content_hash=content_hash, original=original, in_place=True
        ):
            self.index.remove(replaced)
        return replace(source, original=original is not None)

    def _keep_original(self, path: Path, document: Document) -> str | None:
        """Keep a PDF whose pages may be shown; before the store names it, so that what it names is always there."""
        if path.suffix.lower() != ".pdf" or document.masked:
            return None
        try:
            return self.originals.keep(path.read_bytes())
        except OSError as error:
            raise DocumentError(f"{mask_text(path.name)}: it went while it was read. Add it again.") from error

    def _free_id(self, stem: str) -> str:
        base = _slug(stem)
        candidates = (base if n == 1 else f"{base}-{n}" for n in count(1))
        return next(c for c in candidates if not self.store.has_source(c))


def described(
    kind: Kind | str,
    *,
    municipality: str | None,
    title: str | None,
    url: str | None,
    written: str | None,
    law_basis: str | None,
    n: int,
) -> Source:
    """What somebody says of the `n` files to add, as a source; raises AssistantError where it makes no sense."""
    if kind not in list(Kind):
        raise AssistantError(f"The kind {kind!r} is not known. Use one of: {', '.join(Kind)}.")
    if n == 0:
        raise AssistantError("No file was given. Name one or more files to add.")
    if kind == Kind.PROGRAMME and not municipality:
        raise AssistantError("A programme needs the municipality it belongs to: --municipality NAME.")
    if title and n > 1:
        raise AssistantError("One title for several files: add them one by one, or leave --title out.")
    if url and not re.match(r"https?://[^\s]+$", url):
        raise AssistantError(f"The address {url!r} is none. Write it in full, beginning with https://.")
    if law_basis not in (None, "681/2023", "1386/2010"):
        raise AssistantError(f"The law basis {law_basis!r} is not known. Use 681/2023 or 1386/2010.")
    if written is not None and not _is_date(written):
        raise AssistantError(f"The date {written!r} is none. Write it as YYYY, YYYY-MM or YYYY-MM-DD.")
    title = mask_text(title or "")
    return Source("", Kind(kind), title, url=url, municipality=municipality, written=written, law_basis=law_basis)


def _role(source: Source) -> str:
    return f"{source.kind}\0{source.municipality or ''}"


def _hash(role: str, text: str) -> str:
    return hashlib.sha256(f"{role}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _is_date(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) != 7 else f"{text}-01")
    except ValueError:
        return False
    return True


def _slug(stem: str) -> str:
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "document"
