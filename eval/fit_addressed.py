"""Learns, from labelled sentences, which sentences of a document speak to a machine; makes prompts/addressed.npz.

    python -m eval.fit_addressed [--check]

Logistic regression on the n-grams that `assistant.addressed.features` counts, over prompts/addressed.jsonl (orders to
a machine in many disguises, and near twins that are said to people) and, as harmless ones, the facts of the corpus and
the sentences of prompts/needs. Prints recall and false alarms with each disguise held out together with its twins, at
the threshold in use; `--check` compares what ships with what would be made. Run it after a change of the sentences.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from assistant.addressed import LEARNT, LEAST, SENTENCES, Learnt, features, names_machine
from assistant.corpus import bundled_documents
from assistant.matching import sentences
from assistant.passages import sentence_spans
from assistant.text import LANGUAGES
from eval.seed_pages import CASES

_PLANS = ("review/dev", "copying/programmes")
_C = 10.0  # 50 finds as many held-out orders and takes more ordinary sentences for one
_FOLDS = 5
_SAME = 0.02  # how far weights made again may differ: sixteen bits, and another order of sums


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit and write, or check; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_addressed", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with what ships, write nothing")
    options = parser.parse_args(arguments)
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = [row["text"] for row in rows]
    addressed = np.array([row["addressed"] for row in rows])
    ordinary = _ordinary()
    learnt = _fitted(texts, addressed, ordinary)
    if options.check:
        shipped = Learnt.read()
        off = float(np.abs(shipped.weights - learnt.weights).max())
        print(f"{len(rows)} sentences; weights differ by {off:.3f} at most")
        if off > _SAME:
            print(f"{LEARNT.name} is not of these sentences. Run: python -m eval.fit_addressed", file=sys.stderr)
        return int(off > _SAME)
    learnt.write()
    groups = [row["why"].removeprefix("twin: ") for row in rows]
    held_out = np.zeros(len(rows))
    for train, test in GroupKFold(_FOLDS, shuffle=True, random_state=0).split(texts, addressed, groups):
        model = _fitted([texts[i] for i in train], addressed[train], ordinary)
        held_out[test] = model.scores([texts[i] for i in test])
    kept = ordinary[::2]
    strange = _fitted(texts, addressed, ordinary[1::2]).scores(kept) > LEAST
    for language in LANGUAGES:
        of = np.array([row["language"] == language for row in rows])
        found, alarms = (held_out[of & addressed] > LEAST), (held_out[of & ~addressed] > LEAST)
        twins = f"near twins taken for one {alarms.mean():.1%} of {alarms.size}"
        print(f"{language}: found {found.mean():.1%} of {found.size}, {twins}")
    print(f"ordinary sentences taken for one: {strange.mean():.2%} of {strange.size}")
    return 0


def _fitted(texts: Sequence[str], addressed: NDArray[np.bool_], ordinary: Sequence[str]) -> Learnt:
    wanted = np.r_[addressed, np.zeros(len(ordinary), dtype=bool)]
    model = LogisticRegression(C=_C, max_iter=2_000).fit(features([*texts, *ordinary]), wanted)
    return Learnt(model.coef_[0].astype(np.float16).astype(np.float32), float(model.intercept_[0]))


def _ordinary() -> list[str]:
    """Sentences that nobody planted: of the corpus, of prompts/needs, of plans and programmes made up to tune on."""
    texts = [document.text for _, document in bundled_documents()]
    texts += [path.read_text(encoding="utf-8") for folder in _PLANS for path in sorted((CASES / folder).glob("*.md"))]
    lines = [line.strip("#*•- \t") for text in texts for line in text.splitlines()]
    found = {line[a:b] for line in lines for a, b in sentence_spans(line)}
    found |= {text for language in LANGUAGES for text in sentences(language)}
    return sorted(text for text in found if len(text.split()) > 3 and not names_machine(text))


if __name__ == "__main__":
    sys.exit(main())
