"""The vector index: Chroma over the store, holding passage ids and vectors only.

It can always be rebuilt from the store, and is when it is missing, damaged or behind. One process writes at a time;
the caller holds the workspace's lock for everything that is named here as writing.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.embedding import Embedder, Vectors
from assistant.errors import IndexStale
from assistant.store import Store
from assistant.types import Passage, UnitKind

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

_log = logging.getLogger(__name__)

_COLLECTION = "passages"
_CHROMA_BATCH = 2_000  # Chroma takes at most 5,461
_EMBED_BATCH = 64  # vectors are kept after each batch, so that a killed `add` resumes where it was
_CONTEXT_CHARS = 240  # headings and lead-in before the text: more pushes the text out of the model's 256 tokens


def embedded_text(passage: Passage) -> str:
    """The words that stand for a passage in vector space: the end of its context, then its text."""
    context = passage.context
    if len(context) > _CONTEXT_CHARS:
        context = context[-_CONTEXT_CHARS:].partition(" ")[2]
    return f"{context}: {passage.text}" if context else passage.text


def text_hash(text: str) -> str:
    """Identifies the words that were embedded."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class VectorIndex:
    """Dense search over the passages of one workspace."""

    def __init__(self, folder: Path, store: Store, embedder: Embedder) -> None:
        """`folder` belongs to Chroma alone; nothing is opened before the first search or change."""
        self._folder = folder
        self._store = store
        self._embedder = embedder
        self._collection: Collection | None = None
        self._generation = -1  # of the store, when the collection was opened
        self._lock = threading.Lock()

    def check_model(self) -> None:
        """Raise IndexStale where the workspace was indexed with another embedding model."""
        made_with = self._store.get("embedding")
        if made_with is not None and made_with != self._embedder.fingerprint:
            raise IndexStale(
                "This workspace was indexed with another embedding model. Set KOTOAPURI_EMBEDDING_MODEL and its prefixes "
                "as they were, or rebuild the index with: python -m assistant rebuild"
            )

    # Writing: the caller holds the workspace's lock.

    def embed(self, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None) -> None:
        """Make and keep the vectors of passages that are not in the store yet; changes nothing that can be searched."""
        searchable = _searchable(passages)
        for i in range(0, len(searchable), _EMBED_BATCH):
            self.vectors(searchable[i : i + _EMBED_BATCH])
            if progress:
                progress(min(i + _EMBED_BATCH, len(searchable)), len(searchable))

    def update(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Embed and index every source that is not yet; resumes after a kill.

        Args:
            progress: Called with (passages done, passages in all).
        """
        pending = self._store.without_vectors()
        if not pending:
            return
        self.check_model()
        self._store.put("embedding", self._embedder.fingerprint)
        by_source = {source_id: _searchable(self._store.passages(source_id)) for source_id in pending}
        total, done = sum(map(len, by_source.values())), 0
        for source_id, passages in by_source.items():
            self.embed(passages, lambda n, _: progress(done + n, total) if progress else None)  # noqa: B023
            done += len(passages)
            self._upsert(passages)
            self._store.mark_vectors([source_id], ready=True)

    def remove(self, passage_ids: Sequence[str]) -> None:
        """Take passages out."""
        collection = self._open()
        for i in range(0, len(passage_ids), _CHROMA_BATCH):
            collection.delete(ids=list(passage_ids[i : i + _CHROMA_BATCH]))
        self._generation = self._store.generation

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Make the index anew from the store, with the embedding model of now."""
        with self._lock:
            self._close()
            shutil.rmtree(self._folder, ignore_errors=True)
        self._store.mark_vectors([s.source_id for s in self._store.sources()], ready=False)
        self._store.put("embedding", self._embedder.fingerprint)
        self.update(progress)

    def heal(self) -> None:
        """Rebuild the index from the store where Chroma's files are missing, damaged or not what the store says."""
        pending = set(self._store.without_vectors())
        ready = [s for s in self._store.sources() if s.source_id not in pending]
        expected = sum(len(_searchable(self._store.passages(s.source_id))) for s in ready)
        try:
            if self._open().count() == expected or pending:
                return
        except Exception as error:  # Chroma raises its own, sqlite's and Rust's errors for a damaged folder
            _log.warning("The vector index cannot be read and is rebuilt: %s", error)
        if self._store.get("embedding") in (None, self._embedder.fingerprint):
            self.rebuild()

    # Reading.

    def search(self, query_vectors: Vectors, *, k: int) -> list[list[tuple[str, float]]]:
        """Nearest passages of each query vector.

        Args:
            query_vectors: (n_queries, dim) float32, unit length.
            k: How many for each.

        Returns:
            For each query (passage id, cosine), best first. Empty lists where the index cannot be read: the caller
            still has the full text.
        """
        try:
            collection = self._open()
            n = min(k, collection.count())
            if not n:
                return [[] for _ in query_vectors]
            found = collection.query(query_embeddings=query_vectors, n_results=n, include=["distances"])
        except Exception as error:  # see is_whole
            _log.warning("The vector index cannot be read, answering from the full text: %s", error)
            return [[] for _ in query_vectors]
        return [
            [(passage_id, 1.0 - distance) for passage_id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    def vectors(self, passages: Sequence[Passage]) -> dict[str, Vectors]:
        """Vectors of passages by passage id, (dim,) float32 each; what is not in the store yet is embedded and kept."""
        texts = {passage.id: embedded_text(passage) for passage in passages}
        hashes = {passage_id: text_hash(text) for passage_id, text in texts.items()}
        fingerprint = self._embedder.fingerprint
        known = self._store.vectors(fingerprint, list(dict.fromkeys(hashes.values())))
        missing = {hashes[p]: texts[p] for p in texts if hashes[p] not in known}
        if missing:
            new = dict(zip(missing, self._embedder.embed_passages(list(missing.values())), strict=True))
            self._store.put_vectors(fingerprint, new)
            known.update(new)
        return {passage_id: known[key] for passage_id, key in hashes.items()}

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._lock:
            self._close()

    def _upsert(self, passages: Sequence[Passage]) -> None:
        collection = self._open()
        vectors = self.vectors(passages)
        for i in range(0, len(passages), _CHROMA_BATCH):
            part = passages[i : i + _CHROMA_BATCH]
            collection.upsert(ids=[p.id for p in part], embeddings=np.stack([vectors[p.id] for p in part]))
        self._generation = self._store.generation

    def _open(self) -> Collection:
        with self._lock:
            generation = self._store.generation
            if self._collection is not None and self._generation != generation:
                self._close()  # another process changed the files: what is in memory stays frozen otherwise
            if self._collection is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._collection = _client(self._folder).get_or_create_collection(
                    _COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
                )
                self._generation = generation
            return self._collection

    def _close(self) -> None:
        if self._collection is not None:
            self._collection = None
            from chromadb.api.shared_system_client import SharedSystemClient

            # Chroma keeps one system per path and process; without this a new client would see the old files.
            system = SharedSystemClient._identifier_to_system.pop(str(self._folder), None)
            if system is not None:
                system.stop()


def _searchable(passages: Sequence[Passage]) -> list[Passage]:
    return [p for p in passages if p.kind is not UnitKind.INSTRUCTION]


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
