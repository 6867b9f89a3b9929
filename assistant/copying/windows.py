"""Which stretches say the same in other words: windows of three units, each held against the one that is most alike.

How alike two windows are tells little: all plans speak of the same matters. What tells is how much more alike the best
window is than the best anywhere else, and that neighbouring windows point to the same place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from assistant.copying.meaning import Meaning
from assistant.copying.weights import Weights
from assistant.copying.words import STOP, Words
from assistant.embedding import unit_length

WINDOW = 3  # units
_LOOKED_AT = 200  # windows whose words are compared, of those nearest by vector
_BLOCK = 40_000
_SAME = 0.9  # cosine of two windows of the collection that say the same, so that one is no rival of the other
_RIVALS = 10

Matrix = Any  # scipy's sparse matrix


@dataclass(frozen=True, slots=True)
class Pointer:
    """A window of the text and the window of the collection that is most like it."""

    unit: int  # first of the window
    other: int  # first of the window in the collection
    cosine: float  # of the vectors
    words: float  # cosine over the stems that they share
    concepts: float  # the same over their English
    lead: float  # over the best elsewhere
    lead_over_ten: float  # over the mean of the best ten elsewhere

    def features(self) -> tuple[float, ...]:
        """For the weights."""
        return (self.cosine, self.words, self.concepts, self.lead, self.lead_over_ten)


class Windows:
    """The windows of some texts."""

    def __init__(self, texts: Sequence[tuple[Words, Meaning]], weights: Weights) -> None:
        """Take texts, and how much a stem tells."""
        self._weights = weights
        counts = [words.n_units for words, _ in texts]
        self.text_of = np.repeat(np.arange(len(texts)), counts)
        self._band = sparse.block_diag([_band(n) for n in counts], format="csr") if texts else sparse.csr_matrix((0, 0))
        vectors = np.concatenate([m.vectors for _, m in texts]) if texts else np.zeros((0, 1), dtype=np.float32)
        self.vectors = unit_length(self._band @ vectors)
        self._stems, self._words = self._matrix(
            [(w.stems[w.kinds != STOP], _counts(w.units, w.kinds != STOP)) for w, _ in texts]
        )
        self._concept_stems, self._concepts = self._matrix([(m.concepts, np.diff(m.units)) for _, m in texts])

    def _matrix(self, parts: Sequence[tuple[NDArray[Any], NDArray[Any]]]) -> tuple[NDArray[Any], Matrix]:
        """(stems sorted, (n_windows, n_stems) weights, rows of unit length)."""
        every = np.concatenate([stems for stems, _ in parts]) if parts else np.zeros(0, dtype=np.uint32)
        counts = np.concatenate([n for _, n in parts]) if parts else np.zeros(0, dtype=np.int64)
        stems, columns = np.unique(every, return_inverse=True)
        rows = np.repeat(np.arange(len(counts)), counts)
        values = self._weights.of(every)
        units = sparse.csr_matrix((values, (rows, columns)), shape=(len(counts), max(len(stems), 1)))
        return stems, _unit_rows(self._band @ units)

    def point(self, said: Words, meaning: Meaning, wanted: NDArray[np.bool_]) -> Iterator[Pointer]:
        """The best window of each wanted unit of a text.

        Args:
            said: The text.
            meaning: Of its units.
            wanted: (n_units,) at which units a window is to begin.
        """
        here = Windows([(said, meaning)], self._weights)
        chosen = np.flatnonzero(wanted)
        if not len(chosen) or not len(self.vectors):
            return
        words = _in_columns(here._words[chosen], here._stems, self._stems, self._words.shape[1])
        concepts = _in_columns(
            here._concepts[chosen], here._concept_stems, self._concept_stems, self._concepts.shape[1]
        )
        for n, candidates in enumerate(self._nearest(here.vectors[chosen])):
            if not len(candidates):
                continue
            cosine = self.vectors[candidates] @ here.vectors[chosen[n]]
            shared = _dots(self._words, candidates, words[n])
            meant = _dots(self._concepts, candidates, concepts[n])
            total = cosine + shared + meant
            best = int(total.argmax())
            at = int(candidates[best])
            elsewhere = (self.text_of[candidates] != self.text_of[at]) | (np.abs(candidates - at) >= WINDOW)
            elsewhere &= self.vectors[candidates] @ self.vectors[at] < _SAME
            rivals = np.sort(total[elsewhere])[::-1][:_RIVALS]
            if not len(rivals):
                rivals = np.zeros(1)
            yield Pointer(
                int(chosen[n]), at, float(cosine[best]), float(shared[best]), float(meant[best]),
                float(total[best] - rivals[0]), float(total[best] - rivals.mean()),
            )  # fmt: skip

    def _nearest(self, queries: NDArray[np.float32]) -> list[NDArray[np.int64]]:
        """Windows nearest to each query, at least so many as are looked at where there are, unordered."""
        n = len(self.vectors)
        if n <= _LOOKED_AT:
            return [np.arange(n)] * len(queries)
        # A sample tells from which cosine on the nearest lie; sorting all of them would take most of the time.
        sample = queries @ self.vectors[:: max(1, n // 20_000)].T
        share = min(1.0, 1.5 * _LOOKED_AT / n)
        least = np.quantile(sample, 1 - share, axis=1).astype(np.float32)[:, None]
        found: list[list[NDArray[np.int64]]] = [[] for _ in queries]
        for start in range(0, n, _BLOCK):
            block = queries @ self.vectors[start : start + _BLOCK].T
            rows, columns = np.nonzero(block >= least)
            cuts = np.searchsorted(rows, np.arange(len(queries) + 1))
            for query in range(len(queries)):
                found[query].append(columns[cuts[query] : cuts[query + 1]] + start)
        return [np.concatenate(parts) for parts in found]


def _band(n: int) -> Matrix:
    """(n, n): row k sums units k to k + 2; the last rows those that are left."""
    return sparse.diags([np.ones(max(n - k, 0)) for k in range(min(WINDOW, n))], range(min(WINDOW, n)), shape=(n, n))


def _counts(units: NDArray[Any], telling: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many telling words each unit holds."""
    return np.asarray(np.diff(np.concatenate([[0], np.cumsum(telling)])[units]), dtype=np.int64)


def _unit_rows(matrix: Matrix) -> Matrix:
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.repeat(1 / np.maximum(norms, 1e-9), np.diff(matrix.indptr))
    return sparse.csr_matrix((matrix.data * scale, matrix.indices, matrix.indptr), shape=matrix.shape)


def _in_columns(rows: Matrix, stems: NDArray[Any], columns: NDArray[Any], n: int) -> NDArray[np.float32]:
    """Rows over `stems` as dense rows over the stems of the collection, (n_rows, n) float32."""
    found = np.zeros((rows.shape[0], n), dtype=np.float32)
    if not len(columns) or not len(stems):
        return found
    at = np.minimum(np.searchsorted(columns, stems), len(columns) - 1)
    known = columns[at] == stems
    dense = rows.toarray()
    found[:, at[known]] = dense[:, : len(stems)][:, known]
    return found


def _dots(matrix: Matrix, rows: NDArray[np.int64], dense: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(matrix[rows] @ dense)
