"""Fits the copying check on the development cases: what a window tells, and from when on a passage counts.

    python -m eval.fit_copying [--rounds N]

Prints the constants of assistant/copying/stretches.py and other_words.py. Beside the cases it uses texts in which
nothing was taken over: each programme held against the others, the documents of the made-up municipalities, and the
plans for the review.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from assistant.copying import Comparison, read_meaning, read_words
from assistant.copying.stretches import LIMITS, Limits
from assistant.copying.windows import WINDOW, Pointer
from assistant.settings import PROJECT_ROOT
from assistant.types import Match
from eval.copying import Planted, cases, compared, embed, programmes, score

_STEPS = {
    "passage": (0.6, 0.9, 1.2, 1.5, 2.0),
    "windows": (1.0, 2.0, 3.0),
    "window": (-0.5, 0.0, 0.5),
    "alone_weight": (24.0, 28.0, 32.0, 36.0),
    "alone": (0.55, 0.6, 0.65, 0.7),
    "weight": (34.0, 42.0, 50.0, 60.0),
    "mean": (0.36, 0.42, 0.46, 0.5),
    "unit": (0.5, 0.6, 0.7, 0.8),
    "edge": (0.34, 0.38, 0.42, 0.46),
    "seed": (0.26, 0.3, 0.34),
    "run_weight": (14.0, 17.0, 20.0),
}
_FALSE = 0.5  # what an accused text without anything taken over costs, beside a degree's whole plagdet


def silent_texts() -> list[tuple[str, frozenset[str]]]:
    """(text, ids of programmes that it is not held against), in which nothing was taken over."""
    found = [(text, frozenset([source_id])) for source_id, (_, text) in programmes().items()]
    folders = ("tests/data/municipalities", "eval/cases/review/dev")
    paths = [p for f in folders for p in sorted((PROJECT_ROOT / f).glob("**/*")) if p.suffix in (".md", ".txt")]
    return found + [(p.read_text("utf-8"), frozenset()) for p in paths if p.parent.name != "others"]


def pointers(text: str, planted: Sequence[Planted], comparison: Comparison) -> list[tuple[Pointer, bool]]:
    """The windows of a text, and whether each points to where it was taken from; of planted ones only the right."""
    collection = comparison.collection
    said = read_words(text)
    found = []
    for pointer in collection.windows.point(said, read_meaning(text, said), np.ones(said.n_units, dtype=bool)):
        start, end = said.span(pointer.unit)[0], said.span(min(pointer.unit + WINDOW, said.n_units) - 1)[1]
        of = collection.text_of_unit(pointer.other)
        words = collection.texts[of]
        unit = pointer.other - int(collection.unit_from[of])
        there = words.span(unit)[0], words.span(min(unit + WINDOW, words.n_units) - 1)[1]
        touched = [p for p in planted if min(end, p.end) - max(start, p.start) > 0]
        right = any(
            comparison.programmes[of].source.source_id == p.source_id
            and there[0] < p.source_end and p.source_start < there[1]
            and min(end, p.end) - max(start, p.start) > 0.6 * (end - start)
            for p in touched
        )  # fmt: skip
        if right or not touched:
            found.append((pointer, right))
    return found


def fit_pointer(trial: _Trial) -> None:
    """Print the weights of a pointer's features."""
    from sklearn.linear_model import LogisticRegression

    rows = [
        row
        for case, comparison in zip(trial.cases, trial.of_case, strict=True)
        if case.degree in ("paraphrase", "translation", "original")
        for row in pointers(case.text, case.planted, comparison)
    ]
    for (text, _), comparison in zip(trial.silent, trial.of_silent, strict=True):
        rows += pointers(text, (), comparison)
    features = np.array([pointer.features() for pointer, _ in rows])
    right = np.array([r for _, r in rows])
    model = LogisticRegression(C=30, class_weight="balanced").fit(features, right)
    print(f"_POINTER = {tuple(round(float(x), 1) for x in model.coef_[0])}")
    print(f"_POINTER_FROM = {float(model.intercept_[0]):.1f}  (n {len(right)}, right {right.sum()})")


class _Trial:
    """Everything that limits are tried on."""

    def __init__(self) -> None:
        self.cases = [*cases("dev"), *cases("dev2")]
        indexed = {i: compared(i, m, t) for i, (m, t) in programmes().items()}
        self.of_case = [
            Comparison(
                [*indexed.values(), *(compared(f"added-{n}", m, t) for n, (m, t) in enumerate(c.added))],
                own=[read_words(c.own)] if c.own else [], embed=embed,
            )
            for c in self.cases
        ]  # fmt: skip
        self.silent = silent_texts()
        self.of_silent = [
            Comparison([c for i, c in indexed.items() if i not in without], embed=embed) for _, without in self.silent
        ]

    def value(self, limits: Limits) -> tuple[float, str]:
        """How good limits are, and why."""
        found = [(c, comparison.check(c.text, limits)) for c, comparison in zip(self.cases, self.of_case, strict=True)]
        degrees = {d: score([(c, r.matches) for c, r in found if c.degree == d]).plagdet
                   for d in ("verbatim", "hidden", "light", "paraphrase")}  # fmt: skip
        accused = sum(bool(r.matches) for c, r in found if c.silent)
        wrong = [m for (t, _), c in zip(self.silent, self.of_silent, strict=True) for m in c.check(t, limits).matches]
        characters = sum(m.end - m.start for m in wrong) / sum(len(t) for t, _ in self.silent)
        total = sum(degrees.values()) - _FALSE * (accused / 45) - 20 * characters - 0.02 * len(wrong)
        told = " ".join(f"{d} {v:.3f}" for d, v in degrees.items())
        return total, f"{told} accused {accused} wrong {len(wrong)} {characters:.2%}"


def fit_passage(trial: _Trial) -> None:
    """Print the weights of a passage's features."""
    from sklearn.linear_model import LogisticRegression

    every = replace(LIMITS, passage=-1e9)
    rows: list[tuple[tuple[float, ...], bool]] = []
    for case, comparison in zip(trial.cases, trial.of_case, strict=True):
        if case.degree in ("paraphrase", "translation", "original"):
            for one, match in comparison.matches(case.text, every):
                if one.features:
                    rows.append((one.features, any(_follows(match, p) for p in case.planted)))
    for (text, _), comparison in zip(trial.silent, trial.of_silent, strict=True):
        rows += [(o.features, False) for o, _ in comparison.matches(text, every) if o.features]
    features, right = np.array([f for f, _ in rows]), np.array([r for _, r in rows])
    scale = features.std(axis=0)
    model = LogisticRegression(C=1, class_weight="balanced").fit(features / scale, right)
    print(f"_PASSAGE = {tuple(round(float(x), 2) for x in model.coef_[0] / scale)}")
    print(f"_PASSAGE_FROM = {float(model.intercept_[0]):.2f}  (n {len(right)}, right {right.sum()})")


def _follows(match: Match, planted: Planted) -> bool:
    shared = min(match.end, planted.end) - max(match.start, planted.start)
    return match.source_id == planted.source_id and shared > 0.4 * (planted.end - planted.start)


def fit_limits(trial: _Trial, rounds: int) -> None:
    """Print the limits, one improved after the other."""
    best = LIMITS
    value, told = trial.value(best)
    print(f"{value:.3f} {told}")
    for _ in range(rounds):
        for name, steps in _STEPS.items():
            for step in steps:
                tried = replace(best, **{name: step})
                now, words = trial.value(tried)
                if now > value + 1e-4:
                    best, value, told = tried, now, words
                    print(f"{name} {step}: {value:.3f} {told}", flush=True)
    print(best)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args(arguments)
    trial = _Trial()
    fit_pointer(trial)
    fit_passage(trial)
    if chosen.rounds:
        fit_limits(trial, chosen.rounds)


if __name__ == "__main__":
    main()
