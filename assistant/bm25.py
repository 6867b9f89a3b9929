"""Full-text scores of candidates: BM25 and coverage over bags of stems, across languages by the glossary.

The search over the whole store is SQLite's; here the few hundred candidates of one question are compared anew, because
only they carry headings, whole lists and stored questions apart.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.gloss import in_other_words
from assistant.store import Store
from assistant.text import content_stems

_SYNONYM = 0.4  # what a synonym counts beside the word itself
_FINNISH_LETTERS = 7  # "kotoutumissuunnitelma" and "kotouttamisohjelma" differ in the seventh
_BAGS = 16_000  # kept, of 1 kB each: of all facts, with contexts and stored questions, 10,000; the rest of documents
_PREFIX_LETTERS = 6  # a Finnish stem this long or longer also finds words that begin with all but its last two letters


def search_terms(text: str, language: str, asked_in: str) -> list[str]:
    """The stems by which passages of a language are searched; a long Finnish stem also as a beginning.

    Args:
        text: The question.
        language: Of the passages.
        asked_in: The language of the question. Where it is another, the glossary's terms come along.
    """
    terms = list(dict.fromkeys(content_stems(text, language)))
    if language != asked_in:
        terms += [stem for term in in_other_words(text, asked_in, language) for stem in content_stems(term, language)]
    if language == "fi":
        # Consonant gradation and compounds: "kotouttamissuunnitelma", "suunnitelman", "suunnitelmat".
        terms += [f"{t[:-2]}*" for t in terms if len(t) >= _PREFIX_LETTERS]
    return terms


@lru_cache(maxsize=_BAGS)
def bag_of(text: str, language: str) -> Mapping[str, int]:
    """How often each content stem stands in a text, by which candidates are scored; kept, so read-only.

    Every question is compared with hundreds of the same facts: stemming them anew took a third as long again.
    """
    return Counter(beginning(stem, language) for stem in content_stems(text, language))


def beginning(stem: str, language: str) -> str:
    """What stays the same of a Finnish word in its forms and compounds, roughly: its first letters."""
    return stem[:_FINNISH_LETTERS] if language == "fi" else stem


class Bm25:
    """BM25 (k1 1.2, b 0.5) of a question in bags of stems, one a candidate, with frequencies of the whole store."""

    def __init__(self, store: Store, languages: Sequence[str], asked_in: str, *, of: str = "passages") -> None:
        """`languages` are those of the candidates' bags; `of` names the index that tells how frequent a stem is."""
        self._store = store
        self._languages = languages
        self._asked_in = asked_in
        self._of = of
        self._count = {language: max(1, store.count(language)) for language in set(languages)}
        self._weights: dict[tuple[str, str, float], dict[str, float]] = {}

    def bm25(self, text: str, bags: Sequence[Mapping[str, int]]) -> NDArray[np.float64]:
        """Score of a text in each bag."""
        lengths = np.array([sum(bag.values()) for bag in bags], dtype=float)
        damping = 1.2 * (1 - 0.5 + 0.5 * lengths / max(1.0, lengths.mean()))
        scores = np.zeros(len(bags))
        for i, bag in enumerate(bags):
            for term, weight in self._idf(text, self._languages[i]).items():
                if n := bag.get(term, 0):
                    scores[i] += weight * n * 2.2 / (n + damping[i])
        return scores

    def coverage(self, text: str, *bags: Sequence[Mapping[str, int]]) -> NDArray[np.float64]:
        """Share of a text's content words, weighted by idf, that stand in any of a candidate's bags."""
        result = np.zeros(len(self._languages))
        idfs = {language: self._idf(text, language, synonym=0.0) for language in set(self._languages)}
        totals = {language: sum(idf.values()) for language, idf in idfs.items()}
        for i, (language, *own) in enumerate(zip(self._languages, *bags, strict=True)):
            if total := totals[language]:
                there = sum(weight for term, weight in idfs[language].items() if any(term in bag for bag in own))
                result[i] = there / total
        return result

    def _idf(self, text: str, language: str, *, synonym: float = _SYNONYM) -> dict[str, float]:
        if (text, language, synonym) in self._weights:
            return self._weights[text, language, synonym]
        n = self._count[language]
        weights: dict[str, float] = {}
        factors = dict.fromkeys(content_stems(text, language), 1.0) if language == self._asked_in else {}
        for term in in_other_words(text, self._asked_in, language):
            for stem in content_stems(term, language):
                factors.setdefault(stem, synonym if language == self._asked_in else 1.0)
        for term in content_stems(text, language):
            factors.setdefault(term, 1.0)  # names and numbers are the same in all languages
        for stem, factor in factors.items():
            term = beginning(stem, language)
            df = self._store.frequency(term if term == stem else f"{term}*", language, of=self._of)
            if df or language == self._asked_in:
                weights[term] = max(weights.get(term, 0.0), factor * math.log(1 + max(0.0, n - df + 0.5) / (df + 0.5)))
        self._weights[text, language, synonym] = weights
        return weights
