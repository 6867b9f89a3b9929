"""The words of a workspace's documents, kept beside them, and what a draft of a municipality is compared with.

What is kept can always be made again: a file that is missing or damaged is.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
import zipfile
from collections.abc import Callable, Collection, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path

import numpy as np

from assistant.citing import pinpoint
from assistant.copying import Compared, Comparison
from assistant.copying.meaning import Meaning, read_meaning
from assistant.copying.words import Words, read_words
from assistant.embedding import Embedder, SentenceTransformerEmbedder, Vectors
from assistant.settings import Settings
from assistant.store import Store
from assistant.types import Kind, Source

_VERSION = 1  # of what `read_words` and `read_meaning` make
_WORDS = tuple(field.name for field in fields(Words))
_MEANING = tuple(field.name for field in fields(Meaning))
# A municipality may repeat its own earlier plan; a memo of its own may itself have been copied from somebody.
_PLAN = re.compile(r"programme|program\b|\bplan\b|ohjelma|suunnitelma|integrationsplan|strateg", re.IGNORECASE)

_PLAIN = Settings(embedding_model="plain")

_log = logging.getLogger(__name__)


class Comparisons:
    """What texts are compared with in one workspace."""

    def __init__(self, store: Store, sources: Callable[[], Sequence[Source]], embedder: Embedder, folder: Path) -> None:
        """`folder` holds the words of documents and nothing else."""
        self._store, self._sources, self._folder = store, sources, folder
        # What is alike was learnt with the packaged model.
        self._embedder = embedder if embedder.english_only else SentenceTransformerEmbedder(_PLAIN)
        self._held: tuple[object, Comparison] | None = None
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Keep the words of documents whose words are not kept yet, and forget those of documents that are gone."""
        wanted = {self._path(key) for key in self._store.content_hashes().values()}
        for source in self._sources():
            if not source.bundled:
                self._read(source)
        with contextlib.suppress(OSError):
            for path in set(self._folder.glob("*.npz")) - wanted:
                path.unlink(missing_ok=True)

    def of(self, own: Collection[str]) -> Comparison:
        """What a text of a municipality is compared with; `own` are the ids of the sources that speak for it."""
        with self._lock:
            hashes = self._store.content_hashes()
            key = (tuple(sorted(hashes.items())), frozenset(own))
            if self._held is None or self._held[0] != key:
                self._held = key, self._made(own)
            return self._held[1]

    def _made(self, own: Collection[str]) -> Comparison:
        sources = self._sources()
        programmes = [
            Compared(s, *self._read(s), partial(self._store.text, s.source_id), partial(self._pinpoint, s.source_id))
            for s in sources
            if s.kind is Kind.PROGRAMME and s.source_id not in own and not s.digest
        ]
        if not programmes:
            return Comparison([], embed=self._embed)
        # The bundled corpus ships as stock.
        common = [self._read(s)[0] for s in sources if s.kind in (Kind.LAW, Kind.GUIDANCE) and not s.bundled]
        earlier = [self._read(s)[0] for s in sources if s.source_id in own and _is_plan(s)]
        return Comparison(programmes, common, earlier, embed=self._embed)

    def _pinpoint(self, source_id: str, start: int, end: int) -> str:
        inside = [p for p in self._store.passages(source_id) if p.start < end and p.end > start]
        return pinpoint(inside, digest=False)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)[0]

    def _read(self, source: Source) -> tuple[Words, Meaning]:
        path = self._path(self._store.content_hashes()[source.source_id])
        try:
            with np.load(path, allow_pickle=False) as file:
                return (
                    Words(*(file[f"words.{name}"] for name in _WORDS)),
                    Meaning(*(file[f"meaning.{name}"] for name in _MEANING)),
                )
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            _log.warning("The words of %s cannot be read and are made again: %s", source.source_id, error)
        text = self._store.text(source.source_id)
        words = read_words(text)
        meaning = read_meaning(text, words)
        self._keep(path, source, words, meaning)
        return words, meaning

    def _keep(self, path: Path, source: Source, words: Words, meaning: Meaning) -> None:
        half = path.with_name(f".{path.name}.{os.getpid()}.part")
        arrays = {f"words.{name}": getattr(words, name) for name in _WORDS}
        arrays |= {f"meaning.{name}": getattr(meaning, name) for name in _MEANING}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                np.savez(file, **arrays)
            half.replace(path)
        except OSError as error:  # a check needs no free disk
            _log.info("The words of %s cannot be kept: %s", source.source_id, error)
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)

    def _path(self, content_hash: str) -> Path:
        return self._folder / f"{content_hash[:32]}-{_VERSION}.npz"


def _is_plan(source: Source) -> bool:
    return source.kind is Kind.PROGRAMME or _PLAN.search(f"{source.title} {source.source_id}") is not None
