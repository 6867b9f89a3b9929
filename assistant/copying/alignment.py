"""Which stretches of a text follow which stretches of another: seeds, joined to passages, weighed.

As the best systems of PAN's text alignment task do (Sanchez-Perez, Gelbukh & Sidorov, CLEF 2014): sentences that are
alike are seeds, seeds that lie near each other in both texts become one passage, and a passage counts by what it shares
in all. What everybody may write (see `common`) weighs nothing. Where the words differ, windows that say the same (see
`windows`) take the place of seeds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from difflib import SequenceMatcher
from math import log

import numpy as np
from numpy.typing import NDArray

from assistant.copying.collection import RUN_WORDS, Collection
from assistant.copying.meaning import Meaning
from assistant.copying.windows import WINDOW
from assistant.copying.words import NAME, NUMBER, STOP, WORD, Words
from assistant.embedding import Vectors

Embed = Callable[[Sequence[int], Sequence[int]], tuple[Vectors, Vectors]]

_CANDIDATES = 10  # sentences of the collection that are looked at for each of the text's
_LEAST_SHARED = 0.22  # of the weight of a sentence's telling words, for it to be looked at
_LEAST_STEMS = 3  # that two sentences share, to be a seed
_LEAST_WORDS, _LEAST_WINDOW = 4, 14  # telling words of a unit and of a window: rows of tables say too little
_OF_BEST = 0.4
_MOSTLY_RUN = 0.9  # share of a sentence's weight
_NEAR, _NEAR_THERE = 2, 4  # sentences between two seeds of one passage, here and in the source


# Fitted on the development half of eval/cases/copying (eval/copying.py prints the figures).
@dataclass(frozen=True, slots=True)
class Limits:
    """From when on a passage counts."""

    seed: float = 0.30  # likeness of two sentences
    edge: float = 0.38  # likeness of the first and the last sentence of a passage of several
    alone: float = 0.65  # likeness of a single sentence that stands for itself
    alone_weight: float = 32.0  # what it shares
    mean: float = 0.36  # mean likeness of a passage of several sentences
    weight: float = 60.0
    run_weight: float = 14.0  # what a run of the same words shares
    excused: float = 0.6  # share of the weight that everybody may write, from which a passage is no copy
    window: float = -0.5  # log-odds from which a window that says the same takes part in a passage
    windows: float = 1.0  # the sum of what a passage's windows have above that
    unit: float = 0.7  # likeness in meaning of a sentence at the edge of such a passage
    passage: float = 1.6  # log-odds of the whole


# Log-odds that a window says what the one says that it points to: eval/fit_copying.py, on the development half.
_POINTER = (6.3, -1.6, 11.1, 10.4, -5.1)
_POINTER_FROM = -6.7
# Log-odds that a passage does, by Features in their order.
_PASSAGE = (1.11, 2.52, 10.88)
_PASSAGE_FROM = -12.18
# Units at most that the embedding model looks at, of the likeliest candidates: it takes most of the time, and a text of
# sixty pages that was not copied from beginning to end has fewer.
_EMBEDDED = 150

LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A stretch of the text, in words, and the one of a source that it follows."""

    text: int  # number of the source in the collection
    first: int
    last: int  # inclusive
    source_first: int  # words of the collection
    source_last: int
    degree: str
    weight: float  # of what it shares
    excused: float  # share of that weight that everybody may write, 0 to 1
    features: Features | None = None  # of a paraphrase


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of two stretches that may say the same."""

    odds: float  # log of the sum of what their windows say
    units: float  # log of how many there are here
    whole: float  # cosine of the mean vectors of both, by the embedding model

    @staticmethod
    def of(odds: float, here: Vectors, there: Vectors) -> Features:
        """Of the vectors of the units of both, (n, dim)."""
        a, b = here.mean(axis=0), there.mean(axis=0)
        whole = float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-9))
        return Features(log(odds), log(len(here)), whole)

    def log_odds(self) -> float:
        """Log-odds that they do."""
        return _PASSAGE_FROM + float(np.dot(_PASSAGE, astuple(self)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: int
    here: list[int]
    there: list[int]  # units of the collection
    odds: float


@dataclass(slots=True)
class _Seed:
    unit: int
    other: int  # unit of the collection
    likeness: float


def align(
    said: Words,
    meaning: Meaning,
    collection: Collection,
    excused: NDArray[np.bool_],
    embed: Embed,
    limits: Limits = LIMITS,
) -> list[Aligned]:
    """The stretches of a text that follow a text of the collection, in order, not overlapping.

    Args:
        said: The text.
        meaning: Of its units.
        collection: What it is compared with.
        excused: (n_words,) which words stand in what everybody may write.
        embed: Vectors of units of the text and of units of the collection, by the embedding model.
        limits: From when on a stretch counts.
    """
    if not len(said) or not collection.n_units:
        return []
    alignment = _Alignment(said, collection, excused, limits)
    found = [a for passage in alignment.passages() if (a := alignment.judged(passage))]
    found += alignment.runs_alone()
    found = _apart(found)
    return _apart([*found, *alignment.in_other_words(meaning, found, embed)])


class _Alignment:
    def __init__(self, said: Words, collection: Collection, excused: NDArray[np.bool_], limits: Limits) -> None:
        self.said, self.collection, self.excused, self.limits = said, collection, excused, limits
        self.weights = collection.weights.of(said.stems)
        self.weights[said.kinds == STOP] = 0
        self.unit_of = said.unit_of()
        self.runs = _longest_runs(said, collection)
        self._there: dict[int, dict[int, float]] = {}
        self._here: dict[int, dict[int, float]] = {}

    def _own(self, unit: int) -> dict[int, float]:
        """Stem -> weight of a sentence of the text."""
        if unit not in self._here:
            span = slice(self.said.units[unit], self.said.units[unit + 1])
            self._here[unit] = {
                int(s): float(w) for s, w in zip(self.said.stems[span], self.weights[span], strict=True) if w
            }
        return self._here[unit]

    def _other(self, unit: int) -> dict[int, float]:
        if unit not in self._there:
            c = self.collection
            span = slice(c.units[unit], c.units[unit + 1])
            stems = c.stems[span][c.kinds[span] != STOP]
            self._there[unit] = dict(zip(stems.tolist(), c.weights.of(stems).tolist(), strict=True))
        return self._there[unit]

    def seeds(self) -> dict[int, list[_Seed]]:
        """Of each text of the collection the sentences that are alike."""
        found: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
        for unit, candidates in enumerate(self.collection.alike(self.said, k=_CANDIDATES, least=_LEAST_SHARED)):
            for other, _ in candidates:
                likeness = self._likeness(unit, other)
                if likeness >= self.limits.seed:
                    found[self.collection.text_of_unit(other)][unit, other] = likeness
        unit_of_there = np.searchsorted(self.collection.units, [at for _, _, at in self.runs], side="right") - 1
        for (begin, length, at), _ in zip(self.runs, unit_of_there, strict=True):
            for n in range(length):
                unit = int(self.unit_of[begin + n])
                other = int(np.searchsorted(self.collection.units, at + n, side="right")) - 1
                text = self.collection.text_of_unit(other)
                if (unit, other) not in found[text]:
                    likeness = self._likeness(unit, other)
                    if likeness >= self.limits.seed:
                        found[text][unit, other] = likeness
        return {
            text: [_Seed(unit, other, likeness) for (unit, other), likeness in sorted(pairs.items())]
            for text, pairs in found.items()
        }

    def _likeness(self, unit: int, other: int, *, alone: bool = False) -> float:
        """How much of two sentences is the same, 0 to 1.

        A sentence that was cut in two or joined counts too, unless it stands alone.
        """
        a, b = self._own(unit), self._other(other)
        names_a, names_b = self._swappable(unit), self._swappable_there(other)
        both = a.keys() & b.keys()
        if len(both) < _LEAST_STEMS:
            return 0.0
        shared = sum(a[s] for s in both)
        whole_a = sum(w for s, w in a.items() if s in b or s not in names_a)
        whole_b = sum(w for s, w in b.items() if s in a or s not in names_b)
        if not whole_a or not whole_b:
            return 0.0
        dice = 2 * shared / (whole_a + whole_b)
        contained = shared / min(whole_a, whole_b)
        size = min(len(a), len(b))
        return dice if alone or size < 4 else max(dice, 0.8 * contained)

    def _swappable(self, unit: int) -> set[int]:
        span = slice(self.said.units[unit], self.said.units[unit + 1])
        kinds = self.said.kinds[span]
        return set(self.said.stems[span][(kinds == NAME) | (kinds == NUMBER)].tolist())

    def _swappable_there(self, unit: int) -> set[int]:
        c = self.collection
        span = slice(c.units[unit], c.units[unit + 1])
        kinds = c.kinds[span]
        return set(c.stems[span][(kinds == NAME) | (kinds == NUMBER)].tolist())

    def passages(self) -> list[tuple[int, list[_Seed]]]:
        """(text, its seeds that lie near each other in both)."""
        found = []
        for text, seeds in self.seeds().items():
            found += [(text, group) for group in _groups(seeds, near=(_NEAR, _NEAR_THERE))]
        return found

    def judged(self, passage: tuple[int, list[_Seed]]) -> Aligned | None:
        """The stretch, if it counts."""
        text, seeds = passage
        best: dict[int, _Seed] = {}
        for seed in sorted(seeds, key=lambda s: -s.likeness):
            best.setdefault(seed.unit, seed)
        while len(best) > 1 and (edges := [u for u in (min(best), max(best)) if best[u].likeness < self.limits.edge]):
            del best[edges[0]]
        there = _kept_together({s.other: s.likeness for s in seeds if s.unit in best}, self.limits.edge)
        stems_there = set().union(*(self._other(o) for o in there))
        weight = free = 0.0
        for unit in best:
            for n in range(self.said.units[unit], self.said.units[unit + 1]):
                if int(self.said.stems[n]) in stems_there:
                    weight += float(self.weights[n])
                    free += float(self.weights[n]) * (not self.excused[n])
        if not weight:
            return None
        mean = sum(s.likeness for s in best.values()) / len(best)
        limits = self.limits
        excused = 1 - free / weight
        counted = weight if excused >= limits.excused else free
        if len(best) == 1:
            mean = max(self._likeness(s.unit, s.other, alone=True) for s in best.values())
            if mean < limits.alone or counted < limits.alone_weight:
                return None
            if self._in_runs(next(iter(best))) >= _MOSTLY_RUN * weight:
                return None  # the run of the same words stands for itself
        elif mean < limits.mean or counted < limits.weight:
            return None
        first, last = int(self.said.units[min(best)]), int(self.said.units[max(best) + 1]) - 1
        source_first = int(self.collection.units[min(there)])
        source_last = int(self.collection.units[max(there) + 1]) - 1
        return Aligned(
            text, first, last, source_first, source_last,
            self.degree(first, last, source_first, source_last), counted, excused,
        )  # fmt: skip

    def _in_runs(self, unit: int) -> float:
        """The weight of a unit's words that belong to a run of the same words."""
        first, last = int(self.said.units[unit]), int(self.said.units[unit + 1])
        inside = (range(max(b, first), min(b + length, last)) for b, length, _ in self.runs)
        return float(sum(self.weights[n] for words in inside for n in words))

    def runs_alone(self) -> list[Aligned]:
        """Runs of the same words, wherever they stand."""
        found = []
        for begin, length, at in self.runs:
            weights = self.weights[begin : begin + length]
            weight = float(weights.sum())
            free = float(weights[~self.excused[begin : begin + length]].sum())
            if not weight:
                continue
            excused = 1 - free / weight
            counted = weight if excused >= self.limits.excused else free
            if counted >= self.limits.run_weight:
                found.append(
                    Aligned(
                        self.collection.text_of_word(at),
                        begin,
                        begin + length - 1,
                        at,
                        at + length - 1,
                        "verbatim",
                        counted,
                        excused,
                    )
                )
        return found

    def in_other_words(self, meaning: Meaning, known: Sequence[Aligned], embed: Embed) -> list[Aligned]:
        """Passages that say the same in other words, apart from the known ones."""
        candidates = self._candidates(meaning, known)
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
            likeness = self.collection.meant_alike(meaning, one.here, one.there) + a @ b.T
            kept = _trimmed(likeness.max(axis=1), self.limits.unit)
            kept_there = _trimmed(likeness.max(axis=0), self.limits.unit)
            if not len(kept) or not len(kept_there):
                continue
            features = Features.of(one.odds, a[kept], b[kept_there])
            if (odds := features.log_odds()) < self.limits.passage:
                continue
            units, others = [one.here[n] for n in kept], [one.there[n] for n in kept_there]
            found.append(
                Aligned(
                    one.text,
                    int(self.said.units[units[0]]),
                    int(self.said.units[units[-1] + 1]) - 1,
                    int(self.collection.units[others[0]]),
                    int(self.collection.units[others[-1] + 1]) - 1,
                    "paraphrase",
                    odds,
                    0.0,
                    features,
                )
            )
        return found

    def _candidates(self, meaning: Meaning, known: Sequence[Aligned]) -> list[_Candidate]:
        """Stretches whose windows point to one place."""
        excused = self.excused.copy()
        for one in known:
            excused[one.first : one.last + 1] = True
        n_units = self.said.n_units
        said = (self.said.kinds == WORD) & ~self.excused
        telling = np.bincount(self.unit_of, said, minlength=n_units)
        free = np.bincount(self.unit_of, excused, minlength=n_units) < self.limits.excused * np.diff(self.said.units)
        free &= telling >= _LEAST_WORDS
        # A window that holds a known or excused unit would point to where that one points.
        begins = free & (np.convolve(telling, np.ones(WINDOW))[WINDOW - 1 :] >= _LEAST_WINDOW)
        for n in range(1, WINDOW):
            begins[: n_units - n] &= free[n:]
        pointing: dict[int, list[_Seed]] = defaultdict(list)
        for pointer in self.collection.windows.point(self.said, meaning, begins):
            odds = _POINTER_FROM + float(np.dot(_POINTER, pointer.features()))
            if odds >= self.limits.window:
                pointing[self.collection.text_of_unit(pointer.other)].append(_Seed(pointer.unit, pointer.other, odds))
        found = []
        for text, seeds in pointing.items():
            end = int(self.collection.unit_from[text + 1])
            for group in _groups(seeds, near=(_NEAR, WINDOW)):
                odds = sum(s.likeness - self.limits.window for s in group)
                if odds >= self.limits.windows:
                    there = sorted({u for s in group for u in range(s.other, min(s.other + WINDOW, end))})
                    here = sorted({u for s in group for u in range(s.unit, min(s.unit + WINDOW, n_units))})
                    found.append(_Candidate(text, here, there, odds))
        return found

    def degree(self, first: int, last: int, source_first: int, source_last: int) -> str:
        """How near a stretch stands to its source."""
        here = self.said.keys[first : last + 1].tolist()
        there = self.collection.keys[source_first : source_last + 1].tolist()
        blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
        same = sum(b.size for b in blocks if b.size >= 3) / max(len(here), 1)
        if same >= 0.9:
            return "verbatim"
        telling = self.said.kinds[first : last + 1] == 0
        stems = set(self.collection.stems[source_first : source_last + 1].tolist())
        said = [int(s) in stems for s, t in zip(self.said.stems[first : last + 1], telling, strict=True) if t]
        return "near" if said and sum(said) / len(said) >= 0.5 else "paraphrase"


def _groups(seeds: Sequence[_Seed], *, near: tuple[int, int]) -> list[list[_Seed]]:
    """Seeds that lie near each other, here and in the source, directly or through others."""
    groups: list[list[_Seed]] = []
    for seed in seeds:
        joined = [
            g for g in groups
            if any(abs(seed.unit - o.unit) <= near[0] and abs(seed.other - o.other) <= near[1] for o in g)
        ]  # fmt: skip
        groups = [g for g in groups if g not in joined] + [[seed, *(s for g in joined for s in g)]]
    return groups


def _kept_together(likeness: dict[int, float], least: float) -> list[int]:
    """Units of the source from the first to the last that is alike enough; all where none is."""
    alike = sorted(u for u, value in likeness.items() if value >= least) or sorted(likeness)
    return [u for u in sorted(likeness) if alike[0] <= u <= alike[-1]]


def _trimmed(likeness: NDArray[np.float32], least: float) -> NDArray[np.int64]:
    """The units from the first to the last that is alike enough."""
    # Of the best too: a unit that is half as alike as the others is only their neighbour.
    alike = np.flatnonzero(likeness >= max(least, _OF_BEST * float(likeness.max())))
    return np.arange(alike[0], alike[-1] + 1) if len(alike) else alike


def _longest_runs(said: Words, collection: Collection) -> list[tuple[int, int, int]]:
    """(first word, how many words, first word in the collection) of the longest runs, in order, not overlapping."""
    starts = collection.runs(said)
    ends = collection.word_from[1:]
    found = []
    n = 0
    for begin in sorted(starts):
        if begin < n:
            continue
        best, where = 0, 0
        for at in starts[begin]:
            limit = min(len(said) - begin, int(ends[collection.text_of_word(at)]) - at)
            same = said.keys[begin : begin + limit] == collection.keys[at : at + limit]
            length = limit if same.all() else int(np.argmin(same))
            if length > best:
                best, where = length, at
        if best >= RUN_WORDS:
            found.append((begin, best, where))
            n = begin + best
    return found


def _apart(found: Sequence[Aligned]) -> list[Aligned]:
    """The weightiest first, each cut down to words that no weightier one holds."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda a: (a.excused >= LIMITS.excused, -a.weight, a.first)):
        words = range(one.first, one.last + 1)
        if sum(n in taken for n in words) > 0.5 * len(words):
            continue
        taken.update(words)
        kept.append(one)
    return sorted(kept, key=lambda a: a.first)
