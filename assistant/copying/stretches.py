"""What alignment speaks of: stretches of two texts that are alike, and from when on they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


# Fitted on the development cases of eval/cases/copying (eval/fit_copying.py).
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
    passage: float = 1.75  # log-odds of the whole


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
    features: tuple[float, ...] = ()  # of a paraphrase: what its log-odds were made of


@dataclass(frozen=True, slots=True)
class Seed:
    """Two units, or the first ones of two windows, that are alike."""

    unit: int
    other: int  # unit of the collection
    likeness: float


def groups(seeds: Sequence[Seed], *, near: tuple[int, int]) -> list[list[Seed]]:
    """Seeds that lie near each other, here and in the source, directly or through others."""
    groups: list[list[Seed]] = []
    for seed in seeds:
        joined = [
            g for g in groups
            if any(abs(seed.unit - o.unit) <= near[0] and abs(seed.other - o.other) <= near[1] for o in g)
        ]  # fmt: skip
        groups = [g for g in groups if g not in joined] + [[seed, *(s for g in joined for s in g)]]
    return groups
