"""Stretches that say the same in other words.

Windows that point to one place are candidates; how sure the windows are, how long the stretch is and how near both come
to each other for the embedding model tell whether it was taken over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.copying.collection import Collection
from assistant.copying.meaning import Meaning
from assistant.copying.stretches import Aligned, Limits, Seed, groups
from assistant.copying.windows import WINDOW
from assistant.copying.words import WORD, Words
from assistant.embedding import Vectors

# Vectors of units of a text and of units of the collection, by the embedding model.
Embed = Callable[[Sequence[int], Sequence[int]], tuple[Vectors, Vectors]]

_LEAST_WORDS, _LEAST_WINDOW = 4, 14  # telling words of a unit and of a window: rows of tables say too little
_NEAR = 2  # units between two windows of one passage
_OF_BEST = 0.4  # a unit that is less alike than this share of the best is only a neighbour
# Log-odds that a window says what the one says that it points to: eval/fit_copying.py, on the development cases.
_POINTER = (7.7, 2.4, 9.3, 11.2, -7.1)
_POINTER_FROM = -7.2
# Log-odds that a passage does, by the log of what its windows have, the log of its units and the cosine of both whole.
_PASSAGE = (1.06, 2.47, 13.4)
_PASSAGE_FROM = -13.85
# Units at most that the embedding model looks at, of the likeliest candidates: it takes most of the time, and a text of
# sixty pages that was not copied from beginning to end has fewer.
_EMBEDDED = 150


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: int
    here: list[int]
    there: list[int]  # units of the collection
    odds: float


def in_other_words(
    said: Words,
    meaning: Meaning,
    collection: Collection,
    excused: NDArray[np.bool_],
    known: Sequence[Aligned],
    embed: Embed,
    limits: Limits,
) -> list[Aligned]:
    """Stretches of a text that say what one of the collection says; they may overlap.

    Args:
        said: The text.
        meaning: Of its units.
        collection: What it is compared with.
        excused: (n_words,) which words stand in what everybody may write.
        known: Stretches that follow the collection in its words: nothing more is looked for there.
        embed: Gives the vectors of units.
        limits: From when on a stretch counts.
    """
    candidates = _candidates(said, meaning, collection, excused, known, limits)
    candidates = sorted(candidates, key=lambda c: -c.odds)
    sizes = np.cumsum([len(c.here) + len(c.there) for c in candidates])
    candidates = [c for c, size in zip(candidates, sizes, strict=True) if size <= _EMBEDDED]
    here = sorted({u for c in candidates for u in c.here})
    there = sorted({u for c in candidates for u in c.there})
    if not candidates:
        return []
    vectors_here, vectors_there = embed(here, there)
    row, column = {u: n for n, u in enumerate(here)}, {u: n for n, u in enumerate(there)}
    found = []
    for one in candidates:
        a, b = vectors_here[[row[u] for u in one.here]], vectors_there[[column[u] for u in one.there]]
        likeness = collection.meant_alike(meaning, one.here, one.there) + a @ b.T
        kept = _trimmed(likeness.max(axis=1), limits.unit)
        kept_there = _trimmed(likeness.max(axis=0), limits.unit)
        if not len(kept) or not len(kept_there):
            continue
        features = (log(one.odds), log(len(kept)), _cosine(a[kept].mean(axis=0), b[kept_there].mean(axis=0)))
        if (odds := _PASSAGE_FROM + float(np.dot(_PASSAGE, features))) < limits.passage:
            continue
        units, others = [one.here[n] for n in kept], [one.there[n] for n in kept_there]
        found.append(
            Aligned(
                one.text,
                int(said.units[units[0]]),
                int(said.units[units[-1] + 1]) - 1,
                int(collection.units[others[0]]),
                int(collection.units[others[-1] + 1]) - 1,
                "paraphrase",
                odds,
                0.0,
                features,
            )
        )
    return found


def _candidates(
    said: Words,
    meaning: Meaning,
    collection: Collection,
    excused: NDArray[np.bool_],
    known: Sequence[Aligned],
    limits: Limits,
) -> list[_Candidate]:
    """Stretches whose windows point to one place."""
    n_units, unit_of = said.n_units, said.unit_of()
    telling = np.bincount(unit_of, (said.kinds == WORD) & ~excused, minlength=n_units)
    excused = excused.copy()
    for one in known:
        excused[one.first : one.last + 1] = True
    free = np.bincount(unit_of, excused, minlength=n_units) < limits.excused * np.diff(said.units)
    free &= telling >= _LEAST_WORDS
    # A window that holds a known or excused unit would point to where that one points.
    begins = free & (np.convolve(telling, np.ones(WINDOW))[WINDOW - 1 :] >= _LEAST_WINDOW)
    for n in range(1, WINDOW):
        begins[: n_units - n] &= free[n:]
    pointing: dict[int, list[Seed]] = defaultdict(list)
    for pointer in collection.windows.point(said, meaning, begins):
        odds = _POINTER_FROM + float(np.dot(_POINTER, pointer.features()))
        if odds >= limits.window:
            pointing[collection.text_of_unit(pointer.other)].append(Seed(pointer.unit, pointer.other, odds))
    found = []
    for text, seeds in pointing.items():
        end = int(collection.unit_from[text + 1])
        for group in groups(seeds, near=(_NEAR, WINDOW)):
            odds = sum(s.likeness - limits.window for s in group)
            if odds >= limits.windows:
                there = sorted({u for s in group for u in range(s.other, min(s.other + WINDOW, end))})
                here = sorted({u for s in group for u in range(s.unit, min(s.unit + WINDOW, n_units))})
                found.append(_Candidate(text, here, there, odds))
    return found


def _trimmed(likeness: NDArray[np.float32], least: float) -> NDArray[np.int64]:
    """The units from the first to the last that is alike enough."""
    alike = np.flatnonzero(likeness >= max(least, _OF_BEST * float(likeness.max())))
    return np.arange(alike[0], alike[-1] + 1) if len(alike) else alike


def _cosine(a: Vectors, b: Vectors) -> float:
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))
