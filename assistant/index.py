"""The vector index: Chroma over the store, holding passage ids and vectors only.

It can always be rebuilt from the store, and is when it is missing, damaged or behind. One process writes at a time;
the caller holds the workspace's lock for everything that is named here as writing.

Chroma trusts its files: a damaged one ends the process with a segmentation fault, and a lost one leaves a handful of
vectors without a word. So the writer keeps a seal of them in the store, and files that do not match it are not opened.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import secrets
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import background_matters
from assistant.embedding import Embedder, Vectors
from assistant.errors import AssistantError, IndexStale, WorkspaceError
from assistant.shipped import shipped_vectors
from assistant.store import Store
from assistant.tokens import TokenCode, token_code
from assistant.types import Passage, UnitKind

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

_log = logging.getLogger(__name__)

_COLLECTION = "passages"
_CHROMA_BATCH = 2_000  # Chroma takes at most 5,461
_EMBED_BATCH = 64  # vectors are kept after each batch, so that a killed `add` resumes where it was
# 200 instead of Chroma's 100: of the true nearest 60 among 25,000 passages, 99 % are found instead of 96 %, in 3 ms.
_HNSW: CreateCollectionConfiguration = {"hnsw": {"space": "cosine", "ef_search": 200}}
_SEAL = "vector_files"  # in the store; empty while a change is under way that cannot be resumed
_FULL = re.compile(r"disk is full|No space left on device")  # as SQLite and the system say it
_FORMERLY = re.compile(r" \((?:until|since|from) \d[^()]*\)")
_CONTEXT_CHARS = 240  # headings and lead-in before the text: more pushes the text out of the model's 256 tokens


def embedded_text(passage: Passage) -> str:
    """The words that stand for a passage in vector space: the end of its context, then its text."""
    context, text = passage.context, without_former_names(passage.text) if passage.fact else passage.text
    if len(context) > _CONTEXT_CHARS:
        context = context[-_CONTEXT_CHARS:].partition(" ")[2]
    return f"{context}: {text}" if context else text


def token_text(passage: Passage) -> str:
    """The words whose tokens stand for a passage: those of `embedded_text`, but a fact stands alone."""
    return without_former_names(passage.text) if passage.fact else embedded_text(passage)


def without_former_names(text: str) -> str:
    """A fact without "(until 31 December 2025 the ELY Centre)": the old name would draw every question that uses it."""
    return _FORMERLY.sub("", text)


def text_hash(text: str) -> str:
    """Identifies the words that were embedded."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def query_hash(text: str) -> str:
    """The same of words that were embedded as a query."""
    return text_hash(f"query: {text}")


@dataclass(frozen=True, slots=True)
class FactVectors:
    """The bundled corpus in vector space."""

    passages: list[Passage]
    vectors: Vectors  # (n_passages, dim)
    owners: NDArray[np.int64]  # (n_questions,) which passage each stored question belongs to
    questions: Vectors  # (n_questions, dim)


class _Damaged(Exception):
    """Chroma's files are not those that were sealed."""


class VectorIndex:
    """Dense search over the passages of one workspace."""

    def __init__(self, folder: Path, store: Store, embedder: Embedder) -> None:
        """`folder` belongs to Chroma alone; nothing is opened before the first search or change."""
        self._folder = folder
        self._store = store
        self._embedder = embedder
        self._collection: Collection | None = None
        self._background: tuple[Vectors, int] | None = None
        self._facts: tuple[int, FactVectors] | None = None  # generation of the store, and what is there
        self._seal: str | None = None  # of the files that the collection was opened from
        self._lock = threading.Lock()

    def check_model(self) -> None:
        """Raise IndexStale where the workspace was indexed with another embedding model."""
        made_with = self._store.get("embedding")
        if made_with is not None and made_with != self._embedder.fingerprint:
            raise IndexStale(
                "This workspace was indexed with another embedding model. Set KOTOAPURI_EMBEDDING_MODEL and its "
                "prefixes as they were, or rebuild the index with: python -m assistant rebuild"
            )

    # Writing: the caller holds the workspace's lock.

    def embed(self, passages: Sequence[Passage], progress: Callable[[int, int], None] | None = None) -> None:
        """Make and keep the vectors of passages that are not in the store yet; changes nothing that can be searched."""
        texts = {text_hash(text): text for text in map(embedded_text, _searchable(passages))}
        known = self._store.has_vectors(self._embedder.fingerprint, list(texts))
        known &= self._store.has_vectors(self.token_code.fingerprint, list(texts))
        missing = {key: text for key, text in texts.items() if key not in known}
        done = len(known)
        for vectors, tokens in self._embed(missing):
            self._put(vectors, tokens)
            done += len(vectors)
            if progress:
                progress(done, len(texts))

    def update(self, progress: Callable[[int, int], None] | None = None, *, at_least: int = 1) -> None:
        """Embed and index every source that is not yet; resumes after a kill.

        Args:
            progress: Called with (passages done, passages in all).
            at_least: Do nothing while fewer passages wait; Chroma takes many at once in the time of a few.

        Raises:
            IndexStale: The workspace was indexed with another embedding model.
            WorkspaceError: The index cannot be written; the documents are safe in the store.
        """
        total = self._store.count_searchable(ready=False)
        if not total or total < at_least:
            return
        self.check_model()
        if self._store.get("embedding") is None:
            self._store.put("embedding", self._embedder.fingerprint)
        done = 0
        batch: dict[str, list[Passage]] = {}
        pending = self._store.without_vectors()
        for source_id in pending:
            passages = batch[source_id] = _searchable(self._store.passages(source_id))
            self.embed(passages, lambda n, _: progress(done + n, total) if progress else None)  # noqa: B023
            done += len(passages)
            if source_id == pending[-1] or sum(map(len, batch.values())) >= _CHROMA_BATCH:
                self._upsert([p for passages in batch.values() for p in passages])
                self._store.mark_vectors(list(batch), ready=True)
                batch = {}

    def remove(self, passages: Sequence[Passage]) -> None:
        """Take passages out that are no longer in the store; what fails here is mended at the next change."""
        passages = _searchable(passages)
        # The same words in another document, or in the one that took this one's place, keep their vectors.
        kept = {
            text_hash(text)
            for p in self._store.passages_with_text(p.text for p in passages)
            for text in (embedded_text(p), token_text(p))
        }
        gone = {text_hash(text) for p in passages for text in (embedded_text(p), token_text(p))}
        self._store.drop_vectors(list(gone - kept))
        ids = [p.id for p in passages]
        try:
            collection = self._open()
            self._store.put(_SEAL, "")
            for i in range(0, len(ids), _CHROMA_BATCH):
                collection.delete(ids=ids[i : i + _CHROMA_BATCH])
        except Exception as error:  # see heal
            _log.warning("The vector index cannot be changed and will be rebuilt: %s", error)
            self._store.put(_SEAL, "")
            return
        self._put_seal()

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Make the index anew from the store, with the embedding model of now."""
        self._store.put(_SEAL, "")
        self._store.mark_vectors([s.source_id for s in self._store.sources()], ready=False)
        self._store.put("embedding", self._embedder.fingerprint)
        with self._lock:
            self._close()
            try:
                if self._folder.is_dir():
                    shutil.rmtree(self._folder)
                else:
                    self._folder.unlink(missing_ok=True)
            except OSError as error:
                raise WorkspaceError(
                    f"The vector index {self._folder} cannot be deleted ({error.strerror}). "
                    "End the programs that use this workspace, then run: python -m assistant rebuild"
                ) from error
        self._put_seal()
        self.update(progress)

    @property
    def is_unfinished(self) -> bool:
        """Whether a change was cut short that only `heal` mends."""
        return self._store.get(_SEAL) == ""

    def heal(self) -> None:
        """Rebuild the index from the store where Chroma's files are missing, damaged or not what the store says.

        Called first by whoever has just got the workspace's lock: what this process has in memory may be behind.

        Raises:
            WorkspaceError: The disk is full; nothing was changed.
        """
        self.close()
        least = self._store.count_searchable(ready=True)
        most = least + self._store.count_searchable(ready=False)
        if not most and self._store.get(_SEAL) is None:
            return
        try:
            if least <= self._open().count() <= most:
                return
        except Exception as error:  # Chroma raises its own, sqlite's and Rust's errors for a damaged folder
            if _FULL.search(str(error)):  # it writes when it opens its files, which may be whole
                raise WorkspaceError(
                    f"Nothing was changed in the workspace {self._folder.parent}: the disk is full. "
                    "Check that the disk has free space and that the folder can be written, then try again."
                ) from error
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
        found = None
        for last in (False, True):
            try:
                if not self._store.get(_SEAL):
                    break  # nothing is indexed yet, or it is being rebuilt
                found = self._open().query(query_embeddings=query_vectors, n_results=k, include=["distances"])
                break
            except Exception as error:  # see heal
                if last:
                    _log.warning("The vector index cannot be read, answering from the full text: %s", error)
                self.close()  # the first time it may be that another thread has just reopened it
        if found is None:
            return [[] for _ in query_vectors]
        return [
            [(passage_id, 1.0 - distance) for passage_id, distance in zip(ids, distances, strict=True)]
            for ids, distances in zip(found["ids"], found["distances"] or [], strict=True)
        ]

    def vectors(self, passages: Sequence[Passage]) -> dict[str, Vectors]:
        """Vectors of passages by passage id, (dim,) float32 each; what is not in the store yet is embedded and kept."""
        texts = {passage.id: embedded_text(passage) for passage in passages}
        hashes = {passage_id: text_hash(text) for passage_id, text in texts.items()}
        known = self._known(self._embedder.fingerprint, list(dict.fromkeys(hashes.values())))
        missing = {hashes[p]: texts[p] for p in texts if hashes[p] not in known}
        for vectors, tokens in self._embed(missing):
            known |= vectors
            self._try_to_put(vectors, tokens)
        return {passage_id: known[key] for passage_id, key in hashes.items()}

    @property
    def token_code(self) -> TokenCode:
        """How the token vectors of passages are kept, and questions must be turned to be compared with them."""
        return token_code(self._embedder.fingerprint)

    def tokens(self, passages: Sequence[Passage]) -> list[Vectors]:
        """Token vectors of passages, (n_tokens, dim) float32 each, turned; what is not there yet is made and kept."""
        code = self.token_code
        texts = {text_hash(text): text for text in map(token_text, passages)}
        kept = {key: code.shipped[key] for key in texts if key in code.shipped}
        kept |= self._store.tokens(code.fingerprint, [key for key in texts if key not in kept])
        known: dict[str, Vectors] = {}
        for key, encoded in kept.items():
            try:
                known[key] = code.decode(encoded)
            except ValueError as error:
                _log.warning("Token vectors of %r are damaged and made again: %s", texts[key][:80], error)
        for vectors, tokens in self._embed({key: text for key, text in texts.items() if key not in known}):
            known |= {key: code.decode(encoded) for key, encoded in tokens.items()}
            self._try_to_put(vectors, tokens)
        return [known[text_hash(token_text(passage))] for passage in passages]

    def _embed(self, texts: Mapping[str, str]) -> Iterator[tuple[dict[str, Vectors], dict[str, bytes]]]:
        """Vectors and encoded token vectors by text hash, made in one pass, a batch at a time."""
        hashes, code = list(texts), self.token_code
        for i in range(0, len(hashes), _EMBED_BATCH):
            batch = hashes[i : i + _EMBED_BATCH]
            vectors, tokens = self._embedder.embed_passages([texts[key] for key in batch])
            encoded = [code.encode(found) for found in tokens]
            yield dict(zip(batch, vectors, strict=True)), dict(zip(batch, encoded, strict=True))

    def _put(self, vectors: Mapping[str, Vectors], tokens: Mapping[str, bytes]) -> None:
        self._store.put_vectors({self._embedder.fingerprint: vectors, self.token_code.fingerprint: tokens})

    def _try_to_put(self, vectors: Mapping[str, Vectors], tokens: Mapping[str, bytes]) -> None:
        try:
            self._put(vectors, tokens)
        except WorkspaceError as error:  # an answer needs no free disk
            _log.info("Vectors were made and cannot be kept: %s", error)

    def _known(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, Vectors]:
        """Vectors that need not be made: those that ship with the corpus, and those kept in the store."""
        shipped = shipped_vectors(fingerprint)
        known = {key: shipped[key] for key in hashes if key in shipped}
        return known | self._store.vectors(fingerprint, [key for key in hashes if key not in known])

    def statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of statements, to be compared with passages, (n, dim) float32; what is new is embedded and kept."""
        hashes = [text_hash(text) for text in texts]
        known = self._known(self._embedder.fingerprint, list(dict.fromkeys(hashes)))
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        for vectors, tokens in self._embed(missing):
            known |= vectors
            self._try_to_put(vectors, tokens)
        return np.stack([known[key] for key in hashes])

    def background(self, *, far: bool) -> Vectors:
        """Vectors of the matters in corpus/background.txt, or of the far ones only; (n, dim) float32, unit length."""
        if self._background is None:
            matters, n_far = background_matters()
            self._background = self._of_queries(matters), n_far
        vectors, n_far = self._background
        return vectors[:n_far] if far else vectors

    def facts(self) -> FactVectors:
        """The facts of the bundled corpus and the questions stored with them.

        They are few and change together, so they are compared one by one and Chroma does not hold them.
        """
        generation = self._store.generation
        held = self._facts
        if held is None or held[0] != generation:
            passages = self._store.facts()
            by_id = self.vectors(passages)
            asked = [
                (n, question)
                for n, p in enumerate(passages)
                for questions in (p.fact.questions.values() if p.fact else ())
                for question in questions
            ]
            vectors = np.stack([by_id[p.id] for p in passages]) if passages else np.zeros((0, 1), dtype=np.float32)
            questions = self._of_queries([question for _, question in asked]) if asked else vectors[:0]
            facts = FactVectors(passages, vectors, np.array([n for n, _ in asked], dtype=int), questions)
            held = self._facts = generation, facts
        return held[1]

    def _of_queries(self, texts: Sequence[str]) -> Vectors:
        fingerprint = self._embedder.query_fingerprint
        hashes = [query_hash(text) for text in texts]
        known = self._known(fingerprint, list(dict.fromkeys(hashes)))
        if missing := {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}:
            new = dict(zip(missing, self._embedder.embed_queries(list(missing.values())), strict=True))
            known |= new
            with contextlib.suppress(WorkspaceError):  # a workspace that cannot be written still answers
                self._store.put_vectors({fingerprint: new})
        return np.stack([known[key] for key in hashes])

    def close(self) -> None:
        """Let go of Chroma's files."""
        with self._lock:
            self._close()

    def _upsert(self, passages: Sequence[Passage]) -> None:
        try:
            collection = self._open()
            for i in range(0, len(passages), _CHROMA_BATCH):
                part = passages[i : i + _CHROMA_BATCH]
                vectors = self.vectors(part)
                collection.upsert(ids=[p.id for p in part], embeddings=np.stack([vectors[p.id] for p in part]))
        except AssistantError:
            raise
        except Exception as error:  # see heal
            self.close()
            raise WorkspaceError(
                f"The vector index {self._folder} cannot be written ({error}). The documents are kept: check that the "
                "disk has free space, then run: python -m assistant rebuild"
            ) from error
        self._put_seal()

    def _open(self) -> Collection:
        with self._lock:
            seal = self._store.get(_SEAL)
            if self._collection is not None and self._seal != seal:
                self._close()  # another process changed the files: what is in memory stays frozen otherwise
            if self._collection is None:
                self._check_files(seal)
                self._folder.mkdir(parents=True, exist_ok=True)
                self._collection = _client(self._folder).get_or_create_collection(
                    _COLLECTION, configuration=_HNSW, embedding_function=None
                )
                self._seal = seal
            return self._collection

    # The seal: size, time and digest of each of Chroma's own files, and a word that changes with every change.

    def _put_seal(self) -> None:
        with self._lock:
            before = _sealed(self._store.get(_SEAL))
            files: dict[str, list[object]] = {}
            for name, path in self._vector_files().items():
                size, time = path.stat().st_size, path.stat().st_mtime_ns
                same = before.get(name, [])[:2] == [size, time]
                files[name] = before[name] if same else [size, time, _digest(path)]
            seal = json.dumps({"change": secrets.token_hex(8), "files": files})
            self._store.put(_SEAL, seal)
            if self._collection is not None:
                self._seal = seal

    def _check_files(self, seal: str | None) -> None:
        if seal is None:
            return
        if not seal:
            raise _Damaged("a change of it was cut short")
        sealed, there = _sealed(seal), self._vector_files()
        if sealed.keys() != there.keys():
            raise _Damaged(f"files of {self._folder} are missing or new")
        for name, (size, time, digest) in sealed.items():
            stat = there[name].stat()
            # Another time and the same content: the workspace was copied or restored.
            if stat.st_size != size or (stat.st_mtime_ns != time and _digest(there[name]) != digest):
                raise _Damaged(f"{there[name]} was altered")

    def _vector_files(self) -> dict[str, Path]:
        """The files beside Chroma's database, which guards itself.

        Chroma reads them once there is a pickle with them, from about 1,000 vectors. Before that every process, readers
        too, makes them anew.
        """
        folders = [pickle.parent for pickle in sorted(self._folder.glob("*/index_metadata.pickle"))]
        return {f"{folder.name}/{path.name}": path for folder in folders for path in sorted(folder.iterdir())}

    def _close(self) -> None:
        self._collection = None
        if "chromadb" not in sys.modules:
            return
        from chromadb.api.shared_system_client import SharedSystemClient

        # Chroma keeps one system per path and process, even one whose start failed; a new client would be given it.
        system = SharedSystemClient._identifier_to_system.pop(str(self._folder), None)
        SharedSystemClient._identifier_to_refcount.pop(str(self._folder), None)
        if system is not None:
            with suppress(AttributeError):  # it never started
                system.stop()


def _searchable(passages: Sequence[Passage]) -> list[Passage]:
    return [p for p in passages if p.kind is not UnitKind.INSTRUCTION]


def _sealed(seal: str | None) -> dict[str, list[object]]:
    return dict(json.loads(seal)["files"]) if seal else {}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()[:32]


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    return chromadb.PersistentClient(path=str(folder), settings=ChromaSettings(anonymized_telemetry=False))
