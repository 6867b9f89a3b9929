"""Stretches that say the same in the same words, or in words that were edited a little.

Sentences that share much of the weight of their words are seeds; a run of the same words counts wherever it stands.
Names and numbers may have been swapped, so that they count where they agree and are left out where they do not.
"""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from assistant.copying.collection import RUN_WORDS, Collection
from assistant.copying.stretches import Aligned, Limits, Seed, groups
from assistant.copying.words import NAME, NUMBER, STOP, WORD, Words

_CANDIDATES = 10  # sentences of the collection that are looked at for each of the text's
_LEAST_SHARED = 0.22  # of the weight of a sentence's telling words, for it to be looked at
_LEAST_STEMS = 3  # that two sentences share, to be a seed
_CONTAINED, _CONTAINED_STEMS = 0.8, 4  # what it is worth that one sentence lies in the other, from so many stems on
_MOSTLY_RUN = 0.9  # share of a sentence's weight that one run of the same words holds, so that the run stands for it
_NEAR, _NEAR_THERE = 2, 4  # sentences between two seeds of one passage, here and in the source
_SAME, _SAME_RUN = 0.9, 3  # share of words in runs of so many, from which a stretch is word for word
_EDITED = 0.5  # share of telling stems, from which it was edited and not said anew


def in_same_words(
    said: Words, collection: Collection, excused: NDArray[np.bool_], weights: NDArray[np.float32], limits: Limits
) -> list[Aligned]:
    """Stretches of a text that follow one of the collection in its words; they may overlap.

    Args:
        said: The text.
        collection: What it is compared with.
        excused: (n_words,) which words stand in what everybody may write.
        weights: (n_words,) how much each word tells.
        limits: From when on a stretch counts.
    """
    search = _Search(said, collection, excused, weights, limits)
    return [a for passage in search.passages() if (a := search.judged(passage))] + search.runs_alone()


class _Search:
    def __init__(
        self,
        said: Words,
        collection: Collection,
        excused: NDArray[np.bool_],
        weights: NDArray[np.float32],
        limits: Limits,
    ) -> None:
        self.said, self.collection, self.excused, self.weights, self.limits = said, collection, excused, weights, limits
        self.unit_of = said.unit_of()
        self.runs = _longest_runs(said, collection)
        self._here: dict[int, dict[int, float]] = {}
        self._there: dict[int, dict[int, float]] = {}

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

    def seeds(self) -> dict[int, list[Seed]]:
        """Of each text of the collection the sentences that are alike."""
        pairs = {
            (unit, other)
            for unit, candidates in enumerate(self.collection.alike(self.said, k=_CANDIDATES, least=_LEAST_SHARED))
            for other, _ in candidates
        }
        for begin, length, at in self.runs:
            there = np.searchsorted(self.collection.units, np.arange(at, at + length), side="right") - 1
            pairs |= set(zip(self.unit_of[begin : begin + length].tolist(), there.tolist(), strict=True))
        found: dict[int, list[Seed]] = defaultdict(list)
        for unit, other in sorted(pairs):
            likeness = self._likeness(unit, other)
            if likeness >= self.limits.seed:
                found[self.collection.text_of_unit(other)].append(Seed(unit, other, likeness))
        return found

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
        if alone or min(len(a), len(b)) < _CONTAINED_STEMS:
            return dice
        return max(dice, _CONTAINED * shared / min(whole_a, whole_b))

    def _swappable(self, unit: int) -> set[int]:
        span = slice(self.said.units[unit], self.said.units[unit + 1])
        kinds = self.said.kinds[span]
        return set(self.said.stems[span][(kinds == NAME) | (kinds == NUMBER)].tolist())

    def _swappable_there(self, unit: int) -> set[int]:
        c = self.collection
        span = slice(c.units[unit], c.units[unit + 1])
        kinds = c.kinds[span]
        return set(c.stems[span][(kinds == NAME) | (kinds == NUMBER)].tolist())

    def passages(self) -> list[tuple[int, list[Seed]]]:
        """(text, its seeds that lie near each other in both)."""
        found = []
        for text, seeds in self.seeds().items():
            found += [(text, group) for group in groups(seeds, near=(_NEAR, _NEAR_THERE))]
        return found

    def judged(self, passage: tuple[int, list[Seed]]) -> Aligned | None:
        """The stretch, if it counts."""
        text, seeds = passage
        best: dict[int, Seed] = {}
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

    def degree(self, first: int, last: int, source_first: int, source_last: int) -> str:
        """How near a stretch stands to its source."""
        here = self.said.keys[first : last + 1].tolist()
        there = self.collection.keys[source_first : source_last + 1].tolist()
        blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
        same = sum(b.size for b in blocks if b.size >= _SAME_RUN) / max(len(here), 1)
        if same >= _SAME:
            return "verbatim"
        telling = self.said.kinds[first : last + 1] == WORD
        stems = set(self.collection.stems[source_first : source_last + 1].tolist())
        said = [int(s) in stems for s, t in zip(self.said.stems[first : last + 1], telling, strict=True) if t]
        return "near" if said and sum(said) / len(said) >= _EDITED else "paraphrase"


def _kept_together(likeness: dict[int, float], least: float) -> list[int]:
    """Units of the source from the first to the last that is alike enough; all where none is."""
    alike = sorted(u for u, value in likeness.items() if value >= least) or sorted(likeness)
    return [u for u in sorted(likeness) if alike[0] <= u <= alike[-1]]


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
