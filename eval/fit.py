"""Fits the weights of retrieval on the development questions, and shows what each signal is worth.

    python -m eval.fit documents [--pages DIR]
    python -m eval.fit facts
    python -m eval.fit foreign

Ranking: one softmax over the candidates of each question, the passages that hold a gold fact sharing the target, with a
ridge penalty (listwise, as ListNet: Cao et al., ICML 2007). Abstention: logistic regression on (best cosine, coverage)
over the questions that the rules of names and quantities let through. Prints cross-validated figures and the constants
for assistant/retrieval.py; it changes nothing.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant import Assistant, retrieval
from assistant.question import mend_word, read_question
from assistant.settings import Settings
from assistant.types import Passage
from eval import added_law, bundled
from eval.seed_pages import HALVES, PAGES, load_cases
from eval.suite.cases import load_shipped

Array = NDArray[np.float64]
Asked = tuple[str, bool, Callable[[Passage], bool]]  # a question, whether it is answered, and by which passages
_RIDGE = 0.05
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """One question with its candidates."""

    answerable: bool
    found: retrieval.Candidates
    gold: Array  # (n_passages,) 1 where a passage holds a fact asked for
    ruled_out: bool  # by a name or number that no source mentions, or a quantity without a number


def examples(assistant: Assistant, asked: Sequence[Asked], scoring: retrieval.Scoring) -> list[Example]:
    """Run the searches of every question."""
    store, retriever, embedder = assistant._store, assistant._retriever, assistant._embedder
    vocabulary = store.vocabulary("en")
    sources = {s.source_id: s for s in assistant.sources()}
    result = []
    for text, answerable, holds in asked:
        question = read_question(text, max_chars=10_000, mend=lambda word: mend_word(word, vocabulary, embedder.knows))
        found = next((c for c in retriever.candidates(question, sources) if c.scoring is scoring), None)
        if found is None:
            continue
        gold = np.array([float(answerable and holds(p)) for p in found.passages])
        hits = sorted(retriever._hits(found, question, sources), key=lambda hit: -hit.score)
        ruled_out = bool(retriever._missing(question, sources)) or retriever.lacks_expected(
            question, hits, retrieval.programme_places(sources.values())
        )
        result.append(Example(answerable, found, gold, ruled_out))
    return result


def fit_ranking(data: Sequence[Example], *, first: bool = False, ridge: float = _RIDGE) -> Array:
    """Weights of the signals, (n_features,); of those for all candidates only, where `first`."""
    usable = [e for e in data if e.gold.sum()]
    n = len(data[0].found.scoring.features) - 2 * first

    def loss(w: Array) -> tuple[float, Array]:
        total, gradient = ridge * float(w @ w), 2 * ridge * w
        for e in usable:
            scores = e.found.features[:, :n] @ w
            top = scores.max()
            p = np.exp(scores - top)
            target = e.gold / e.gold.sum()
            total += float(np.log(p.sum()) + top - target @ scores) / len(usable)
            gradient = gradient + e.found.features[:, :n].T @ (p / p.sum() - target) / len(usable)
        return total, gradient

    return np.asarray(minimize(loss, np.zeros(n), jac=True).x)


def gold_in_top(data: Sequence[Example], weights: Array, *, k: int = 8) -> float:
    """Share of gold passages among the best k, over all questions."""
    found = total = 0.0
    for e in data:
        best = np.argsort(-(e.found.features @ weights), kind="stable")[:k]
        found += e.gold[best].sum()
        total += min(k, e.gold.sum())
    return found / total


def cross_validated(data: Sequence[Example], columns: Sequence[int]) -> float:
    """`gold_in_top` with weights fitted on the other folds; only the named signals."""
    mask = np.zeros(len(data[0].found.scoring.features))
    mask[list(columns)] = 1
    masked = [
        Example(e.answerable, replace(e.found, features=e.found.features * mask), e.gold, e.ruled_out) for e in data
    ]
    order = np.random.default_rng(0).permutation(len(masked))
    shares = []
    for fold in range(_FOLDS):
        test = [masked[i] for i in order[fold::_FOLDS]]
        train = [masked[i] for n, i in enumerate(order) if n % _FOLDS != fold]
        shares.append(gold_in_top(test, fit_ranking(train)))
    return float(np.mean(shares))


def fit_enough(data: Sequence[Example], *, ridge: float = 1e-5) -> Array:
    """Weights of `retrieval.strength` and a constant, of a logistic line; both classes weigh the same."""
    rows = [e for e in data if not e.ruled_out]
    x = np.array([[*retrieval.strength(e.found), 1.0] for e in rows])
    y = np.array([float(e.answerable) for e in rows])
    weight = np.where(y > 0, 0.5 / y.sum(), 0.5 / (1 - y).sum())

    def loss(w: Array) -> tuple[float, Array]:
        margin = x @ w
        p = 1 / (1 + np.exp(-margin))
        slope = np.array([*w[:-1], 0.0])
        total = float(weight @ np.logaddexp(0, np.where(y > 0, -margin, margin)) + ridge * slope @ slope)
        return total, x.T @ (weight * (p - y)) + 2 * ridge * slope

    return np.asarray(minimize(loss, np.zeros(x.shape[1]), jac=True).x)


def asked_of_pages() -> list[Asked]:
    """The development questions over the five pages."""
    cases = [case for half in HALVES if half.startswith("dev") for case in load_cases(half)]
    return [(c.question, c.answerable, lambda p, c=c: any(f.stands_in(p.text) for f in c.facts)) for c in cases]  # type: ignore[misc]


def asked_of_facts() -> list[Asked]:
    """The development questions over the bundled corpus, and those that have nothing to do with the field."""
    cases = [
        case
        for name in ("corpus", "traps", "warnings")
        for half in ("dev", "dev2", "dev3")
        for case in bundled.load_cases(name, half)
    ]
    asked = [(c.question, True, c.is_right) for c in cases if c.vital]
    # What the field is asked about and no fact answers draws the line, beside questions as people mistype them.
    at_the_edge = [
        (c.question, c.behaviour == "answer", c.is_right)
        for c in load_shipped("dev").cases
        if c.file in ("abstention", "robustness") and c.language == "en"
        if len(c.turns) == 1 and _has_words(c.question)
    ]
    far = [c.question for half in ("dev2", "dev3", "dev4") for c in load_cases(half) if not c.answerable and c.is_far]
    return [*asked, *at_the_edge, *((question, False, lambda p: False) for question in far)]


def _has_words(question: str) -> bool:
    return any(c.isalpha() for c in question)


def asked_in_other_languages() -> list[Asked]:
    """Finnish and Swedish development questions over the bundled corpus, and those that have nothing to do with it."""
    asked: list[Asked] = []
    for half in ("dev", "dev2"):
        asked += [(c.question, True, c.is_right) for c in bundled.load_cases("languages", half)]
        asked += [
            (row["question"], True, partial(_is_of_section, row["section"])) for row in added_law.load_cases(half)
        ]
        asked += [(c.question, False, lambda p: False) for c in bundled.load_cases("far", half)]
    return asked


def _is_of_section(sections: Sequence[str], passage: Passage) -> bool:
    """Whether a fact is of a section of Act 681/2023, in whichever Act its wording stands."""
    return passage.source_id == "act-681-2023" and any(
        bundled.names_section(passage.fact.pinpoint if passage.fact else "", section) for section in sections
    )


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pool", choices=("documents", "facts", "foreign"))
    parser.add_argument("--pages", type=Path, default=PAGES)
    options = parser.parse_args()
    facts = options.pool != "documents"
    if not facts and not list(options.pages.glob("*.txt")):
        sys.exit(f"No .txt pages in {options.pages}. Name the folder that holds them with --pages.")
    scoring, asked = {
        "documents": (retrieval.DOCUMENTS, asked_of_pages),
        "facts": (retrieval.FACTS, asked_of_facts),
        "foreign": (retrieval.FACTS_FOREIGN, asked_in_other_languages),
    }[options.pool]
    settings = Settings(corpus="bundled" if facts else "none")
    with tempfile.TemporaryDirectory() as folder, Assistant.open(workspace=folder, settings=settings) as assistant:
        if not facts:
            assistant.add(sorted(options.pages.glob("*.txt")), kind="guidance")
        data = examples(assistant, asked(), scoring)
    answerable = [e for e in data if e.answerable]
    everything = range(len(scoring.features))
    print(f"gold passages among the best 8, {_FOLDS} folds, n = {len(answerable)} questions")
    print(f"  as they stand      {gold_in_top(answerable, scoring.weights):.3f}")
    print(f"  all signals        {cross_validated(answerable, everything):.3f}")
    for i, name in enumerate(scoring.features):
        print(f"  without {name:16} {cross_validated(answerable, [j for j in everything if j != i]):.3f}")
    print("first   =", np.round(fit_ranking(answerable, first=True), 2).tolist())
    print("weights =", np.round(fit_ranking(answerable), 2).tolist())
    enough = fit_enough(data)
    print("enough  =", np.round(enough, 2).tolist())
    print("threshold  refused of answerable  abstained of out of scope")
    for threshold in np.linspace(-2, 2, 17):
        abstains = [e.ruled_out or np.dot([*retrieval.strength(e.found), 1.0], enough) < threshold for e in data]
        refused = np.mean([a for a, e in zip(abstains, data, strict=True) if e.answerable])
        right = np.mean([a for a, e in zip(abstains, data, strict=True) if not e.answerable])
        print(f"{threshold:9.2f}  {refused:21.3f}  {right:25.3f}")


if __name__ == "__main__":
    main()
