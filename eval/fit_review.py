"""Learns, from labelled sentences, which sentences of a plan show which weakness; makes prompts/review/learnt.npz.

    python -m eval.fit_review [--check]

Logistic regression for each weakness, over prompts/review/sentences.jsonl and the plans of eval/cases/review that are
for tuning. From when on a sentence counts is fitted with each author's texts held out: the least log odds at which
`_PRECISION` of what is found is planted; a weakness that never gets there is left to the rules. Prints what would be
found of the held-out authors. `--check` compares what ships with what would be made.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from assistant.documents import as_document
from assistant.review import read_plan
from assistant.review.learnt import LEARNT, WEAKNESSES, Learnt, counted, features_of, judged, weighted
from assistant.review.plan_text import Plan
from assistant.review.signs import FOLDER, LANGUAGES
from eval.review import AS_OF, TUNING, plans, span_of

SENTENCES = FOLDER / "sentences.jsonl"
_C = 10.0  # of 1 to 30 what finds most of authors held out; without idf less at each
_PRECISION = 0.5  # of what is found in texts by an author held out
_BLAMED = 1  # sentences of all good plans that a weakness may be found in
_LEAST_ODDS = 0.5  # of what counts, even where less would do in the plans at hand
_LEAST_FOUND = 3  # below which a precision says nothing
_SAME = 0.02  # how far weights made again may differ: sixteen bits, and another order of sums


@dataclass(frozen=True, slots=True)
class _Row:
    author: str
    language: str
    features: list[str]
    weak: frozenset[int]
    good: str = ""  # the name of the good plan in which it stands


def rows() -> list[_Row]:
    """Every labelled sentence: of plans for tuning, and single ones."""
    return [*_of_plans(), *_single()]


def _of_plans() -> Iterator[_Row]:
    for half in TUNING:
        for case, plan in plans(half):
            planted = [(p["weakness"], span_of(p["quote"], plan.text)) for p in case["planted"] if p.get("quote")]
            for unit in judged(plan):
                weak = {w for w, span in planted if span and unit.start < span[1] and span[0] < unit.end}
                good = "" if case["planted"] else case["file"]
                yield _Row(half, plan.language, features_of(plan, unit), frozenset(weak), good)


def _single() -> Iterator[_Row]:
    labelled = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip()]
    for language in LANGUAGES:
        mine = [row for row in labelled if row["language"] == language]
        plan, ends = _as_plan(mine)
        for unit in judged(plan):
            row = mine[int(np.searchsorted(ends, unit.start, side="right"))]
            yield _Row(row["author"], language, features_of(plan, unit), frozenset(row["weak"]))


def _as_plan(labelled: Sequence[dict[str, str]]) -> tuple[Plan, NDArray[np.int64]]:
    """Sentences as chapters of one plan, and where each chapter ends."""
    text, ends = "# Mallikylä\n\n", []
    for row in labelled:
        cells = f"| {row['text']} |\n|{'---|' * len(row['text'].split(' | '))}\n| {row['text']} |"
        text += f"## {row['heading']}\n\n{cells if ' | ' in row['text'] else row['text']}\n\n"
        ends.append(len(text))
    document = as_document(text)
    return read_plan(document, municipality="Mallikylä", others=(), as_of=AS_OF), np.array(ends)


def fitted(train: Sequence[_Row]) -> Learnt:
    """The models, without the least log odds."""
    hashed = counted([row.features for row in train])
    idf = (np.log((1 + hashed.shape[0]) / (1 + hashed.getnnz(axis=0))) + 1).astype(np.float16).astype(np.float32)
    matrix = weighted(hashed, idf)
    weights, intercepts = [], []
    for weakness in WEAKNESSES:
        wanted = np.array([weakness in row.weak for row in train])
        model = LogisticRegression(C=_C, max_iter=1_000, class_weight="balanced").fit(matrix, wanted)
        weights.append(model.coef_[0])
        intercepts.append(model.intercept_[0])
    halved = np.array(weights, dtype=np.float16).T.astype(np.float32)
    return Learnt(
        idf, halved, np.array(intercepts, dtype=np.float32), np.full(len(WEAKNESSES), np.inf, dtype=np.float32)
    )


def held_out(every: Sequence[_Row]) -> NDArray[np.float64]:
    """Log odds of each row by models that know nothing of its author, (n_rows, 16)."""
    scores = np.zeros((len(every), len(WEAKNESSES)))
    authors = np.array([row.author for row in every])
    for author in sorted({row.author for row in every}):
        model = fitted([row for row in every if row.author != author])
        of = np.flatnonzero(authors == author).tolist()
        scores[of] = model.log_odds([every[n].features for n in of])
    return scores


def least(scores: NDArray[np.float64], wanted: NDArray[np.bool_], good: NDArray[np.bool_]) -> float:
    """The least log odds from which on enough of what is found is wanted; infinite where none is.

    Args:
        scores: Log odds of each row.
        wanted: Which rows show the weakness.
        good: Which rows are of good plans.
    """
    order = np.argsort(-scores, kind="stable")
    right, blamed = np.cumsum(wanted[order]), np.cumsum((good & ~wanted)[order])
    enough = (right >= _PRECISION * np.arange(1, len(order) + 1)) & (right >= _LEAST_FOUND) & (blamed <= _BLAMED)
    at = np.flatnonzero(enough)
    return max(_LEAST_ODDS, float(scores[order[at[-1]]]) - 1e-6) if len(at) else float("inf")


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write, or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_review", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with what ships, write nothing")
    options = parser.parse_args(arguments)
    every = rows()
    learnt = fitted(every)
    if options.check:
        off = float(np.abs(Learnt.read().weights - learnt.weights).max())
        print(f"{len(every)} sentences; weights differ by {off:.3f} at most")
        if off > _SAME:
            print(f"{LEARNT.name} is not of these sentences. Run: python -m eval.fit_review", file=sys.stderr)
        return int(off > _SAME)
    # Of single sentences more are weak than of any plan, so the plans alone tell how much of what is found is weak.
    of_plans = [row for row in every if row.author in TUNING]
    scores = held_out(every)[: len(of_plans)]
    for n, weakness in enumerate(WEAKNESSES):
        wanted = np.array([weakness in row.weak for row in of_plans])
        learnt.least[n] = least(scores[:, n], wanted, np.array([bool(row.good) for row in of_plans]))
        found = scores[:, n] > learnt.least[n]
        print(f"{weakness}: {int(wanted.sum())} weak, found {found[wanted].mean():.0%}, least {learnt.least[n]:.2f}")
    blamed = Counter(
        row.good for row, odds in zip(of_plans, scores, strict=True) for n in np.flatnonzero(odds > learnt.least)
        if row.good and n not in row.weak
    )  # fmt: skip
    names = sorted({row.good for row in of_plans if row.good})
    print("sentences of good plans blamed: " + ", ".join(f"{name} {blamed[name]}" for name in names))
    learnt.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
