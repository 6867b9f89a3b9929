"""Fits how passages of own documents are weighed beside their rivals, on the keys of the development municipalities.

    python -m eval.fit_evidence

A key quotes the passages that its status rests on: those speak of the item's need, and the others of the documents do
not. Prints the average precision over all pairs of a passage and a need, each municipality left out in turn, and the
constants for assistant/own_evidence.py; it changes nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from assistant.checklist import checklists
from assistant.needs import needs
from assistant.own_evidence import GlossingMatcher, OwnEvidence
from assistant.text import normalise
from eval.checklists import HALVES, MORE_HALVES, keys, opened

_PENALTY = 0.01  # C of the regression: weaker ones agreed with fewer items of a municipality left out
_QUOTED_WHOLE = 25  # letters from which a passage within a longer quote counts
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of a passage and a need of one municipality that its key judges."""

    municipality: str
    signs: Array  # (n_pairs, n_signs)
    speaks: Array  # (n_pairs,) 1 where the key quotes the passage for the need


def pairs(municipality: str, folder: Path) -> Pairs:
    """Weigh a municipality's documents against its key."""
    with opened(municipality, folder) as (assistant, name):
        planning = assistant.planning
        own, day = planning._municipalities.own_text(name, "", None)
        evidence: OwnEvidence = planning._drafter.own_evidence(own, day)
    matcher: GlossingMatcher = evidence._matcher
    scores = matcher.signs[..., 0]
    speaks = np.full(scores.shape, np.nan)
    place = {need: n for n, need in enumerate(needs())}
    items = {item.id: item for checklist in checklists().values() for item in checklist.items}
    judged = [(items[key["item"]].needs, key["because"]) for key in keys(municipality)]
    speaks[:, [place[need] for asked, _ in judged for need in asked]] = 0
    said = [_words(o.passage.text) for o in matcher._own]
    for asked, because in judged:
        for row in _quoted(because, said) if asked else ():
            best = max(asked, key=lambda need, row=row: scores[row, place[need]])  # type: ignore[misc]
            speaks[row, place[best]] = 1
            for need in asked:  # of the others nobody can tell
                if need != best and speaks[row, place[need]] == 0:
                    speaks[row, place[need]] = np.nan
    known = ~np.isnan(speaks)
    return Pairs(municipality, matcher.signs[known], speaks[known])


def _words(text: str) -> str:
    return re.sub(r"\W+", " ", normalise(text)).strip()


def _quoted(because: str, said: list[str]) -> Iterator[int]:
    for part in re.split(r"; | \.\.\. ", because):
        quote = _words(re.sub(r"^\S*?\d\d\S*: ", "", part))
        for n, text in enumerate(said if quote else ()):
            if quote in text or (len(text) > _QUOTED_WHOLE and text in quote):
                yield n


def fit(data: list[Pairs]) -> Array:
    """Weights of the signs and a constant."""
    x, y = np.concatenate([one.signs for one in data]), np.concatenate([one.speaks for one in data])
    mean, spread = x.mean(axis=0), x.std(axis=0)
    model = LogisticRegression(C=_PENALTY, max_iter=3000).fit((x - mean) / spread, y)
    weights = model.coef_[0] / spread
    return np.array([*weights, model.intercept_[0] - weights @ mean])


def main() -> None:
    """Fit and print."""
    names = [m for half, of_half in (HALVES | MORE_HALVES).items() if half.startswith("dev") for m in of_half]
    with tempfile.TemporaryDirectory() as folder:
        data = [pairs(municipality, Path(folder)) for municipality in names]
    for one in data:
        weights = fit([other for other in data if other is not one])
        precision = average_precision_score(one.speaks, one.signs @ weights[:-1] + weights[-1])
        alone = average_precision_score(one.speaks, one.signs[:, 0])
        print(f"{one.municipality}: {precision:.3f}, without rivals {alone:.3f} ({int(one.speaks.sum())} pairs)")
    print(f"WITH_RIVALS = np.array({[round(float(w), 2) for w in fit(data)]})")


if __name__ == "__main__":
    main()
