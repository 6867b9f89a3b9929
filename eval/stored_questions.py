"""What the stored questions of the corpus bring: ranking of facts with and without them.

    python -m eval.stored_questions [--half dev|test]

Both ways have weights of their own, fitted on the development half. A fact is right for a question where it holds one
of its vital facts and is of a source that the case names.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from assistant import Assistant, corpus, retrieval
from assistant.settings import Settings
from assistant.types import Block, Document, Source
from eval import bundled
from eval.fit import Asked, Example, examples, fit_ranking


@contextmanager
def opened(*, with_questions: bool) -> Iterator[Assistant]:
    """An assistant over the bundled corpus, whose facts have their stored questions or none."""
    documents = corpus.bundled_documents

    def stripped() -> Iterator[tuple[Source, Document]]:
        for source, document in documents():
            blocks = tuple(map(_without_questions, document.blocks))
            yield source, document if with_questions else replace(document, blocks=blocks)

    with (
        patch.object(corpus, "bundled_documents", stripped),
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(workspace=folder, settings=Settings(corpus="bundled")) as assistant,
    ):
        yield assistant


def _without_questions(block: Block) -> Block:
    return replace(block, fact=replace(block.fact, questions={})) if block.fact else block


def asked(half: str) -> list[Asked]:
    """The questions of one half that have vital facts."""
    return [(case.question, True, case.is_right) for case in bundled.load_cases("corpus", half) if case.vital]


def ndcg(data: Sequence[Example], weights: retrieval.Array, *, k: int = 10) -> float:
    """Mean nDCG@k, every right fact counting the same (Järvelin & Kekäläinen, TOIS 2002)."""
    discounts = 1 / np.log2(np.arange(2, k + 2))
    values = []
    for e in data:
        best = np.argsort(-(e.found.features @ weights), kind="stable")[:k]
        ideal = discounts[: int(min(k, e.gold.sum()))].sum()
        values.append(float(e.gold[best] @ discounts[: len(best)] / ideal) if ideal else 0.0)
    return float(np.mean(values))


def success(data: Sequence[Example], weights: retrieval.Array, *, k: int = 5) -> float:
    """Share of questions with a right fact among the first k."""
    ranked = [e.gold[np.argsort(-(e.found.features @ weights), kind="stable")[:k]] for e in data]
    return float(np.mean([right.sum() > 0 for right in ranked]))


def main() -> None:
    """Measure both ways and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("dev", "test"), default="dev")
    options = parser.parse_args()
    for with_questions in (False, True):
        with opened(with_questions=with_questions) as assistant:
            weights = fit_ranking([e for e in examples(assistant, asked("dev"), retrieval.FACTS) if e.answerable])
            data = examples(assistant, asked(options.half), retrieval.FACTS)
        name = "with stored questions" if with_questions else "without stored questions"
        print(f"{name:26} nDCG@10 {ndcg(data, weights):.3f}  S@5 {success(data, weights):.3f}  n = {len(data)}")


if __name__ == "__main__":
    main()
