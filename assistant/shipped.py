"""The vectors that ship with the bundled corpus, so that the first answer need not wait for them.

One part for each side of the model, keyed by its fingerprint: facts as passages; stored questions and background
matters as queries. eval/ship_vectors.py writes it, and checks in CI that it is fresh.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.corpus import CORPUS
from assistant.embedding import Vectors

SHIPPED = CORPUS / "vectors.npz"

_log = logging.getLogger(__name__)


class Shipped(Mapping[str, Vectors]):
    """Vectors by text hash: kept in eight bits a number, given at unit length."""

    def __init__(self, keys: Sequence[str], numbers: NDArray[np.int8]) -> None:
        self._rows = {key: n for n, key in enumerate(keys)}
        self._numbers = numbers

    def __getitem__(self, key: str) -> Vectors:
        vector = self._numbers[self._rows[key]].astype(np.float32)
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@cache
def shipped_vectors(fingerprint: str, path: Path = SHIPPED) -> Shipped:
    """Those of one model; none where the file is not there, is damaged or knows another model only."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if f"{fingerprint}.keys" in file.files:
                keys = [key.tobytes().hex() for key in file[f"{fingerprint}.keys"]]
                return Shipped(keys, file[f"{fingerprint}.numbers"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("The vectors of the corpus cannot be read and are made again, which takes a while: %s", error)
    return Shipped([], np.zeros((0, 1), dtype=np.int8))


def write_vectors(vectors: Mapping[str, Mapping[str, Vectors]], path: Path = SHIPPED) -> None:
    """Write vectors, by fingerprint and text hash, for `shipped_vectors`."""
    arrays: dict[str, NDArray[Any]] = {}
    for fingerprint, by_hash in vectors.items():
        stacked = np.stack(list(by_hash.values()))
        numbers = np.round(stacked * (127 / np.abs(stacked).max(axis=1, keepdims=True)))
        arrays[f"{fingerprint}.keys"] = np.array([np.frombuffer(bytes.fromhex(key), dtype=np.uint8) for key in by_hash])
        arrays[f"{fingerprint}.numbers"] = numbers.astype(np.int8)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    shipped_vectors.cache_clear()
