"""Sentences as municipal documents put them, against the needs that they speak of.

    python -m eval.needs [--language en|fi|sv]      on eval/cases, written without a look at terms and examples
    python -m eval.needs --fit          weights for assistant/matching.py and own_evidence.py, from
                                        prompts/needs/examples.jsonl

A sentence is tried alone, under no heading, against all needs. It must be found for its own where it shows it, is
planned or denied, with that standing; and not where it only looks like it.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from assistant.embedding import SentenceTransformerEmbedder
from assistant.matching import (
    ENOUGH,
    WITH_MEANING,
    WITHOUT_MEANING,
    OwnPassage,
    matched,
    sentences,
    signs,
)
from assistant.needs import needs
from assistant.own_evidence import GlossingMatcher, glossed
from assistant.settings import PROJECT_ROOT, Settings
from assistant.types import Kind, Passage, Source, UnitKind

CASES = PROJECT_ROOT / "eval" / "cases"
EXAMPLES = PROJECT_ROOT / "prompts" / "needs" / "examples.jsonl"
_TITLES = {"en": "Plan for integration", "fi": "Kotoutumisen edistämisen suunnitelma", "sv": "Plan för integration"}
AS_OF = "2026-11-22"
Rows = list[dict[str, str]]
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class Tried:
    """One sentence with what was found for its own need."""

    wanted: str  # "shown", "planned", "denied" or "other"
    got: str
    needs: int  # for how many needs it was found


def read(path: Path, language: str | None = None) -> Rows:
    """Sentences, of one language where asked."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if language in (None, row.get("language", language))]


def own_passages(rows: Rows, language: str, vectors: NDArray[np.float32]) -> list[OwnPassage]:
    """Each sentence as a document of its own."""
    passages = []
    for n, row in enumerate(rows):
        kind = UnitKind.ROW if " | " in row["text"] else UnitKind.SENTENCE
        source = Source(f"s{n}", Kind.OWN, _TITLES[language], language=language)
        passage = Passage(f"s{n}:0-1", f"s{n}", 0, len(row["text"]), row["text"], kind, 0, 0)
        passages.append(OwnPassage(passage, source, vectors[n]))
    return passages


def embed(embedder: SentenceTransformerEmbedder, texts: Sequence[str]) -> NDArray[np.float32]:
    """Vectors of sentences, (n, dim)."""
    return np.concatenate([embedder.embed_passages(texts[i : i + 64])[0] for i in range(0, len(texts), 64)])


def try_all(rows: Rows, language: str, embedder: SentenceTransformerEmbedder) -> list[Tried]:
    """Every sentence against all needs."""
    own = own_passages(rows, language, embed(embedder, [row["text"] for row in rows]))
    matcher = GlossingMatcher(own, partial(embed, embedder), as_of=AS_OF)
    found = {need.id: {s.passage.id: s for s in matcher.find(need)} for need in needs().values()}
    tried = []
    for row, one in zip(rows, own, strict=True):
        shown = found[row["need"]].get(one.passage.id)
        got = shown.standing.name.lower() if shown else "other"
        tried.append(Tried(row["wanted"], got, sum(one.passage.id in of_need for of_need in found.values())))
    return tried


def fit(embedder: SentenceTransformerEmbedder, languages: Sequence[str]) -> tuple[NDArray[np.float64], float]:
    """Weights and average precision over all pairs of a sentence and a need, each sentence left out in turn."""
    features, labels = [], []
    for language in languages:
        rows = read(EXAMPLES, language)
        texts = [row["text"] for row in rows]
        own = own_passages(rows, language, embed(embedder, texts))
        place = {text: n for n, text in enumerate(sentences(language))}
        without = [place.get(text) if row["wanted"] != "other" else None for row, text in zip(rows, texts, strict=True)]
        meaning = np.stack([o.vector for o in own]) @ embed(embedder, sentences("en")).T if language == "en" else None
        seen = signs(texts, language, meaning, without=without)
        terms = np.array([[matched(need, o, language)[1:] for need in needs().values()] for o in own])
        features.append(np.concatenate([seen, terms], axis=-1).reshape(-1, seen.shape[-1] + 2))
        ids = list(needs())
        labels.append(
            np.array([[row["wanted"] != "other" and row["need"] == need for need in ids] for row in rows]).ravel()
        )
    x, y = np.concatenate(features), np.concatenate(labels)
    model = LogisticRegression(C=1, max_iter=1000).fit(x, y)
    return np.concatenate([model.coef_[0], model.intercept_]), average_precision_score(y, model.decision_function(x))


def fit_gloss(embedder: SentenceTransformerEmbedder) -> tuple[NDArray[np.float64], float]:
    """Weights as `own_evidence.WITH_GLOSS` has them, and average precision over five folds of the examples."""
    english = embed(embedder, sentences("en"))
    features, labels, folds = [], [], []
    for language in ("fi", "sv"):
        rows = read(EXAMPLES, language)
        texts = [row["text"] for row in rows]
        own = own_passages(rows, language, np.zeros((len(rows), 1), dtype=np.float32))
        glosses = [glossed(one) for one in own]
        said = [one.passage.text for one in glosses]
        place = {text: n for n, text in enumerate(sentences(language))}
        known = [row["wanted"] != "other" for row in rows]
        without = [place[text] if k else None for k, text in zip(known, texts, strict=True)]
        here = signs(texts, language, None, without=without), own, language, WITHOUT_MEANING
        there = signs(said, "en", embed(embedder, said) @ english.T), glosses, "en", WITH_MEANING
        features.append(np.stack([_scores(*here), _scores(*there)], axis=-1).reshape(-1, 2))
        right = [[k and row["need"] == need for need in needs()] for k, row in zip(known, rows, strict=True)]
        labels.append(np.array(right).ravel())
        folds.append(np.repeat(np.arange(len(rows)) % _FOLDS, len(needs())))
    x, y, fold = np.concatenate(features), np.concatenate(labels), np.concatenate(folds)
    found = np.zeros(len(y))
    for n in range(_FOLDS):
        found[fold == n] = LogisticRegression().fit(x[fold != n], y[fold != n]).decision_function(x[fold == n])
    model = LogisticRegression().fit(x, y)
    return np.concatenate([model.coef_[0], model.intercept_]), average_precision_score(y, found)


def _scores(
    seen: NDArray[np.float64], own: Sequence[OwnPassage], language: str, weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Log odds as `matching.weighed` gives them, from signs in which a sentence was left out for itself."""
    terms = np.array([[matched(need, one, language)[1:] for need in needs().values()] for one in own])
    return np.asarray(np.concatenate([seen, terms], axis=-1) @ weights[:-1] + weights[-1])


def main() -> None:
    """Try, or fit, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--language", choices=("en", "fi", "sv"), default="en")
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(Settings())
    if options.fit:
        for name, languages in (("WITH_MEANING", ("en",)), ("WITHOUT_MEANING", ("fi", "sv"))):
            weights, precision = fit(embedder, languages)
            print(f"{name} = np.array({[round(float(w), 2) for w in weights]})  # average precision {precision:.3f}")
        weights, precision = fit_gloss(embedder)
        print(f"WITH_GLOSS = np.array({[round(float(w), 2) for w in weights]})  # average precision {precision:.3f}")
        return
    tried = try_all(read(CASES / f"needs-{options.language}.jsonl"), options.language, embedder)
    for wanted in ("shown", "planned", "denied", "other"):
        became = Counter(one.got for one in tried if one.wanted == wanted)
        n = sum(became.values())
        print(f"{wanted} ({n}): " + ", ".join(f"{got} {count / n:.0%}" for got, count in became.most_common()))
    print(f"needs found for a sentence: {np.mean([one.needs for one in tried]):.2f} (line at {ENOUGH})")


if __name__ == "__main__":
    main()
