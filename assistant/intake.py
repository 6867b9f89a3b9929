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
from assistant.errors import AssistantError, DocumentError
from assistant.index import VectorIndex
from assistant.notices import document_notices
from assistant.passages import split_document
from assistant.personal_data import mask_text
from assistant.settings import Settings
from assistant.store import Store
from assistant.text import collapse
from assistant.types import Added, Document, Kind, Source, UnitKind

if TYPE_CHECKING:
    from assistant.sync import Fetched, Progress

_Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """The way into one workspace."""

    store: Store
    index: VectorIndex
    settings: Settings

    def add(self, path: Path, described: Source, report: _Report) -> Added:
        """Take in a file that somebody adds; a bad one is reported."""
        name, stem = mask_text(path.name), mask_text(path.stem)
        try:
            document = read_document(path, settings=self.settings)
            warnings = document_notices(name, document)
            # The same words in another role, or of another municipality, are another source.
            content_hash = _hash(f"{described.kind}\0{described.municipality or ''}", document)
            if known := self.store.source_with_content(content_hash):
                message = f"the same content is there already as {known.source_id}"
                return Added(str(path), known.source_id, known.title, known.passages, "unchanged", message, warnings)
            named = replace(described, source_id=self._free_id(stem), title=described.title or document.title or stem)
            source = self._keep(document, named, content_hash, name, report)
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
            content_hash = _hash(described.source_id, document)
            # Asked for what is unchanged too: the last run may have been stopped before it came to this.
            if known := self.store.source_with_content(content_hash):
                return Added(path, known.source_id, known.title, known.passages, "unchanged", warnings=warnings)
            status = "changed" if self.store.has_source(described.source_id) else "new"
            titled = replace(described, title=described.title or document.title)
            source = self._keep(document, titled, content_hash, fetched.path.name, report)
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
                replace(source, source_id=source_id), document, passages, content_hash=_hash("bundled", document)
            )
        self.store.put("corpus", corpus.corpus_digest())

    def _keep(self, document: Document, described: Source, content_hash: str, name: str, report: _Report) -> Source:
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
        if replaced := self.store.add(source, document, passages, content_hash=content_hash, in_place=True):
            self.index.remove(replaced)
        return source

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


def _hash(role: str, document: Document) -> str:
    return hashlib.sha256(f"{role}\0{document.text}".encode("utf-8", "surrogatepass")).hexdigest()


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
