"""The texts that a draft is compared with, as one searchable whole.

Three ways in: every run of eight words, every sentence by the stems that it shares, and windows by what they say. All
are plain arrays made from the words of each text, so that a hundred programmes are ready in a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from assistant.copying.meaning import Meaning
from assistant.copying.weights import Weights
from assistant.copying.windows import Windows
from assistant.copying.words import STOP, WORD, Hashes, Words, gram_hashes
from assistant.embedding import unit_length

# Eight: the only rule on copying that peers have (a verbatim run from a cited source), and above common formulas.
RUN_WORDS = 8
# Of stems that a large share of all sentences hold, nothing follows, and they cost most.
_COMMON_SHARE, _COMMON_FROM = 0.02, 20_000


class Collection:
    """Texts one after the other; words and units are numbered through."""

    def __init__(
        self, texts: Sequence[tuple[Words, Meaning]], background: tuple[Hashes, NDArray[np.int64], int]
    ) -> None:
        """Take texts, and (stems sorted, in how many sentences each, of how many) of the field at large."""
        self.texts = [words for words, _ in texts]
        self.meanings = [meaning for _, meaning in texts]
        self.word_from = np.cumsum([0, *(len(t) for t in self.texts)])
        self.unit_from = np.cumsum([0, *(t.n_units for t in self.texts)])
        self._background = background

    @property
    def n_units(self) -> int:
        """Of all texts."""
        return int(self.unit_from[-1])

    @cached_property
    def keys(self) -> Hashes:
        """Of all words."""
        return _joined([t.keys for t in self.texts])

    @cached_property
    def stems(self) -> Hashes:
        """Of all words."""
        return _joined([t.stems for t in self.texts])

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """Of all words."""
        return np.concatenate([t.kinds for t in self.texts]) if self.texts else np.zeros(0, dtype=np.uint8)

    @cached_property
    def units(self) -> NDArray[np.int64]:
        """(n_units + 1,) first word of each unit; then the number of words."""
        parts = [t.units[:-1] + offset for t, offset in zip(self.texts, self.word_from, strict=False)]
        return np.concatenate([*parts, self.word_from[-1:]]).astype(np.int64)

    def text_of_unit(self, unit: int) -> int:
        """Which text a unit belongs to."""
        return int(np.searchsorted(self.unit_from, unit, side="right")) - 1

    def text_of_word(self, word: int) -> int:
        """Which text a word belongs to."""
        return int(np.searchsorted(self.word_from, word, side="right")) - 1

    @cached_property
    def _postings(self) -> tuple[Hashes, Any]:
        """(stems sorted, (n_stems, n_units) sparse matrix of which unit holds which)."""
        telling = self.kinds != STOP
        unit_of = np.repeat(np.arange(self.n_units), np.diff(self.units))[telling]
        stems, columns = np.unique(self.stems[telling], return_inverse=True)
        ones = np.ones(len(columns), dtype=np.float32)
        matrix = sparse.csr_matrix((ones, (columns, unit_of)), shape=(len(stems), self.n_units))
        matrix.data[:] = 1  # a stem that a unit holds twice
        return stems, matrix

    @cached_property
    def weights(self) -> Weights:
        """Of the stems of the field and of these texts."""
        known, counts, total = self._background
        stems, matrix = self._postings
        every = np.union1d(known, stems)
        n = np.zeros(len(every))
        n[np.searchsorted(every, known)] += counts
        n[np.searchsorted(every, stems)] += np.diff(matrix.indptr)
        total += self.n_units
        values = np.log((total + 1) / (n + 0.5)).astype(np.float32)
        return Weights(every.astype(np.uint32), values, float(np.log((total + 1) / 0.5)))

    @cached_property
    def windows(self) -> Windows:
        """Of all texts, to be found by what they say."""
        return Windows(list(zip(self.texts, self.meanings, strict=True)), self.weights)

    def meant_alike(self, meaning: Meaning, here: Sequence[int], there: Sequence[int]) -> NDArray[np.float32]:
        """How alike units of a text and units here are in what they say: cosine plus shared concepts.

        Args:
            meaning: Of the text.
            here: Units of it.
            there: Units of the collection, of one text.

        Returns:
            (n_here, n_there) float32, -1 to 2.
        """
        text = self.text_of_unit(there[0])
        other, offset = self.meanings[text], int(self.unit_from[text])
        theirs = [u - offset for u in there]
        cosine = unit_length(meaning.vectors[list(here)]) @ unit_length(other.vectors[theirs]).T
        concepts = np.array([[self._share(meaning, h, other, t) for t in theirs] for h in here], dtype=np.float32)
        return np.asarray(cosine + concepts, dtype=np.float32)

    def _share(self, a: Meaning, here: int, b: Meaning, there: int) -> float:
        mine = np.unique(a.concepts[a.units[here] : a.units[here + 1]])
        theirs = np.unique(b.concepts[b.units[there] : b.units[there + 1]])
        norm = np.linalg.norm(self.weights.of(mine)) * np.linalg.norm(self.weights.of(theirs))
        shared = self.weights.of(np.intersect1d(mine, theirs))
        return float((shared**2).sum() / norm) if norm else 0.0

    @cached_property
    def _grams(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """(hashes of runs sorted, first word of each)."""
        parts, places = [], []
        for text, offset in zip(self.texts, self.word_from, strict=False):
            hashes = gram_hashes(text.keys, RUN_WORDS)
            parts.append(hashes)
            places.append(np.arange(len(hashes)) + offset)
        hashes = np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        return hashes[order], (np.concatenate(places) if places else np.zeros(0, dtype=np.int64))[order]

    def runs(self, said: Words, *, at_most: int = 50) -> dict[int, list[int]]:
        """Of each word of a text at which a run begins that stands here too: where, at most so many places."""
        hashes, places = self._grams
        wanted = gram_hashes(said.keys, RUN_WORDS)
        first, last = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
        return {
            int(n): places[first[n] : min(last[n], first[n] + at_most)].tolist() for n in np.flatnonzero(last > first)
        }

    def alike(self, said: Words, *, k: int, least: float) -> list[list[tuple[int, float]]]:
        """Of each unit of a text the units here that share most of it.

        Args:
            said: The text.
            k: How many at most.
            least: The least share, 0 to 1, of the weight of its telling words.

        Returns:
            For each unit (unit of the collection, share), best first.
        """
        stems, matrix = self._postings
        if not len(stems) or not len(said):
            return [[] for _ in range(len(said.units) - 1)]
        telling = said.kinds != STOP
        at = np.minimum(np.searchsorted(stems, said.stems), len(stems) - 1)
        known = telling & (stems[at] == said.stems)
        if self.n_units > _COMMON_FROM:
            known &= np.diff(matrix.indptr)[at] < _COMMON_SHARE * self.n_units
        weights = self.weights.of(said.stems)
        unit_of = said.unit_of()
        # Names and numbers may have been swapped, so that their absence says nothing.
        whole = np.bincount(unit_of, weights * (said.kinds == WORD), minlength=len(said.units) - 1)
        query = sparse.csr_matrix(
            (weights[known], (unit_of[known], at[known])), shape=(len(said.units) - 1, len(stems))
        )
        shared = (query @ matrix).tocsr()
        found = []
        for n in range(len(said.units) - 1):
            scores = shared.data[shared.indptr[n] : shared.indptr[n + 1]]
            units = shared.indices[shared.indptr[n] : shared.indptr[n + 1]]
            best = np.argpartition(-scores, k)[:k] if len(scores) > k else np.arange(len(scores))
            best = best[np.argsort(-scores[best], kind="stable")]
            norm = max(float(whole[n]), 1e-6)
            found.append([(int(units[b]), float(scores[b]) / norm) for b in best if scores[b] / norm >= least])
        return found


def _joined(parts: Sequence[Hashes]) -> Hashes:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint32)
