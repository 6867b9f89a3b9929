"""Which passages of a municipality's own documents speak of which need, and how they put it.

Three kinds of signs are weighed: words of every group of the need's terms; how near a passage comes to the sentences
that are known to speak of the need, by its letters (TF-IDF of character n-grams), its stems and its meaning (vectors);
and whether it comes nearer to them than to those of every other need, which counts most: a sentence on coordination is
near to twenty needs and belongs to one. The weights are fitted on prompts/needs/examples.jsonl, each sentence left out
in turn (`python -m eval.needs --fit`). How a passage puts the thing, so, planned or denied, is `standing`'s to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.needs import Need, needs, says_how_many
from assistant.standing import Standing, is_unknown, standing
from assistant.text import content_stems, normalise
from assistant.types import Passage, Source, UnitKind

Array = NDArray[np.float64]

_QUOTABLE = (UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.ROW, UnitKind.TAIL)
_LABEL_WORDS = 4  # a shorter sentence without a figure only names a matter: "Homes."

VIEWS = ("letters", "stems", "meaning")
# For each view: cosine to the nearest sentence of the need, how much nearer than to any other need, 1 / rank of the
# need; then the share of groups of terms in the passage and around it, and in the passage alone; then a constant.
WITH_MEANING = np.array([0.44, 4.08, 0.67, 1.31, 4.85, 0.43, 2.56, 5.33, 0.82, 0.9, 1.76, -5.11])
WITHOUT_MEANING = np.array([3.0, 7.14, 1.47, 0.61, 4.37, -0.19, 1.96, 1.83, -5.05])
ENOUGH = -1.2  # log odds above which a passage counts as evidence; within noise of the best, and false "met" cost most
# For a draft, which a person reads and edits, a passage also counts below that where no need is nearer to it: of those
# between these lines on the development municipality, two of three were on the matter.
ENOUGH_FOR_A_DRAFT = -2.5
_BESIDE, _AGAINST = 0.5, 1.0  # how much weaker a denial may be to take a part, how much stronger to take all


@dataclass(frozen=True, slots=True)
class OwnPassage:
    """A passage of the municipality's own documents with what matching needs of it."""

    passage: Passage
    source: Source
    vector: NDArray[np.float32]  # (dim,), unit length
    before: str = ""  # what stands before it in its paragraph: "They were made in spring" speaks of that


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that speaks of a need, and what it says."""

    passage: Passage
    source: Source
    standing: Standing
    score: float  # log odds that it speaks of the need


@dataclass(frozen=True, slots=True)
class _Wordings:
    """The sentences that speak of needs, in one language."""

    owners: NDArray[np.int64]  # (n,) which need each is of
    letters: Any  # vectoriser and (n, n_features) sparse, rows of unit length
    stems: Any


@cache
def _wordings(language: str) -> _Wordings:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, owners = _sentences(language)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
    stems = TfidfVectorizer(analyzer=lambda text: content_stems(text, language), sublinear_tf=True, dtype=np.float32)
    return _Wordings(owners, (letters, letters.fit_transform(texts)), (stems, stems.fit_transform(texts)))


def _sentences(language: str) -> tuple[list[str], NDArray[np.int64]]:
    pairs = [(text, n) for n, need in enumerate(needs().values()) for text in need.wordings(language)]
    return [text for text, _ in pairs], np.array([n for _, n in pairs])


def sentences(language: str) -> list[str]:
    """All sentences of a language that are known to speak of a need, in the order of needs."""
    return _sentences(language)[0]


def sentence_owners(language: str) -> NDArray[np.int64]:
    """Of which need, by its place among all, each of `sentences` speaks, (n_sentences,)."""
    return _sentences(language)[1]


def signs(
    texts: Sequence[str],
    language: str,
    meaning: NDArray[np.float32] | None,
    *,
    without: Sequence[int | None] | None = None,
) -> Array:
    """What speaks for each need in each text, but for terms.

    Args:
        texts: Of passages.
        language: en, fi or sv.
        meaning: (n_texts, n_sentences) cosines of their vectors to those of `sentences`; None without them.
        without: For each text the sentence that it is, which is left out; for fitting.

    Returns:
        (n_texts, n_needs, 3 * n_views), views and signs in the order of the weights.
    """
    known = _wordings(language)
    views = [(vectoriser.transform(texts) @ matrix.T).toarray() for vectoriser, matrix in (known.letters, known.stems)]
    if meaning is not None:
        views.append(meaning)
    parts = []
    for view in views:
        cosines = np.array(view, dtype=np.float64)
        for row, left_out in enumerate(without or ()):
            if left_out is not None:
                cosines[row, left_out] = -1
        nearest = np.full((len(texts), len(needs())), -1.0)
        for n in range(nearest.shape[1]):
            mine = known.owners == n
            if mine.any():
                nearest[:, n] = cosines[:, mine].max(axis=1)
        ordered = np.sort(nearest, axis=1)
        best = ordered[:, -1:]
        rival = np.where(nearest == best, ordered[:, -2:-1], best)
        rank = (nearest[:, None, :] > nearest[:, :, None]).sum(axis=2)
        parts += [nearest, nearest - rival, 1 / (1 + rank)]
    return np.stack(parts, axis=-1)


class Matcher:
    """The passages of one municipality's documents against all needs."""

    def __init__(self, own: Sequence[OwnPassage], sentence_vectors: NDArray[np.float32], *, as_of: str) -> None:
        """Weigh every passage for every need.

        Args:
            own: Passages.
            sentence_vectors: Of `sentences("en")`, (n, dim) float32, unit length.
            as_of: ISO date; what a later year brings is not there yet.
        """
        self._as_of = as_of
        self._own = [o for o in own if o.passage.kind in _QUOTABLE and not is_label(o.passage)]
        self._rows = {o.passage.id: n for n, o in enumerate(self._own)}
        self._scores = np.zeros((len(self._own), len(needs())))
        for language in sorted({o.source.language for o in self._own}):
            rows = [n for n, o in enumerate(self._own) if o.source.language == language]
            some = [self._own[n] for n in rows]
            meaning = None
            if language == "en":
                meaning = np.stack([o.vector for o in some]) @ sentence_vectors.T
            self._scores[rows] = weighed(some, language, meaning)

    def find(self, need: Need, *, for_draft: bool = False) -> list[Shown]:
        """The passages that speak of a need, in no order."""
        n = list(needs()).index(need.id)
        nearest = self._scores.argmax(axis=1) == n
        return self._above(need, self._scores[:, n], np.where(nearest & for_draft, ENOUGH_FOR_A_DRAFT, ENOUGH))

    def _above(self, need: Need, scores: Array, lines: Array) -> list[Shown]:
        """The passages whose scores, (n_passages,), reach their lines, with what each says of the need."""
        found = []
        for one, score, line in zip(self._own, scores, lines, strict=True):
            if score >= line and (shown := self.shown(need, one, float(score))):
                found.append(shown)
        return found

    def shown(self, need: Need, one: OwnPassage, score: float) -> Shown | None:
        """What a passage says of a need that it speaks of; None where it lacks the figure or word that is asked for."""
        text, language = one.passage.text, one.source.language
        if (need.number and not says_how_many(text)) or (need.named and not _names(need, one)):
            return None
        spans, _, _ = matched(need, one, language)
        how = standing(text, language, named=spans, as_of=self._as_of, plans_show=need.plans_show)
        if need.denials_show and how is Standing.DENIED and not is_unknown(text, language):
            how = Standing.SHOWN
        return Shown(one.passage, one.source, how, score)

    def scores(self, passage: Passage) -> dict[str, float]:
        """Log odds that a passage speaks of each need, by id; of what is no text, the least there are."""
        row = self._rows.get(passage.id)
        return (
            dict.fromkeys(needs(), -inf)
            if row is None
            else dict(zip(needs(), map(float, self._scores[row]), strict=True))
        )


def weighed(own: Sequence[OwnPassage], language: str, meaning: NDArray[np.float32] | None) -> Array:
    """Log odds that each passage speaks of each need, (n_passages, n_needs); all passages of one language."""
    seen = signs([o.passage.text for o in own], language, meaning)
    terms = np.array([[matched(need, o, language)[1:] for need in needs().values()] for o in own])
    weights = WITHOUT_MEANING if meaning is None else WITH_MEANING
    scores = np.concatenate([seen, terms], axis=-1) @ weights[:-1] + weights[-1]
    return np.asarray(scores, dtype=np.float64)


def matched(need: Need, one: OwnPassage, language: str) -> tuple[list[tuple[int, int]], float, float]:
    """Where a passage names the matter, the share of groups in it and around it, and in its own words alone."""
    text = normalise(one.passage.text)
    exception = need.exceptions.get(language)
    if exception and exception.search(text):
        return [], 0.0, 0.0
    patterns = need.patterns[language]
    inside = [match.span() for pattern in patterns if (match := pattern.search(text))]
    if not inside:
        return [], 0.0, 0.0
    around = normalise(f"{one.passage.context} {one.source.title} {one.before}")
    beside = sum(1 for pattern in patterns if not pattern.search(text) and pattern.search(around))
    return inside, (len(inside) + beside) / len(patterns), len(inside) / len(patterns)


def _names(need: Need, one: OwnPassage) -> bool:
    """Whether a passage, its headings or the head of its table hold a word of the first group of a need's terms."""
    said = normalise(f"{one.passage.context} {one.passage.text}")
    return need.patterns[one.source.language][0].search(said) is not None


def is_label(passage: Passage) -> bool:
    """Whether a passage only names a matter ("Homes.") and says nothing of it."""
    return (
        passage.kind is UnitKind.SENTENCE
        and len(passage.text.split()) < _LABEL_WORDS
        and not says_how_many(passage.text)
    )


def in_order(found: Sequence[Shown]) -> list[Shown]:
    """What shows a need first, then planned, then denied, each best first.

    A denial that is as near as what shows the need takes something from it.

    "Companies were not invited" beside "associations and schools were invited" leaves a part; "no group has been set
    up" beside a passage that only mentions groups leaves nothing.
    """
    ordered = sorted(found, key=lambda s: (-s.standing, -s.score))
    denial = max((s.score for s in found if s.standing is Standing.DENIED), default=None)
    if denial is None:
        return ordered
    for n, one in enumerate(ordered):
        if one.standing > Standing.DENIED and one.score + _AGAINST < denial:
            ordered[n] = replace(one, standing=Standing.DENIED)
        elif one.standing is Standing.SHOWN and one.score - _BESIDE < denial:
            ordered[n] = replace(one, standing=Standing.PLANNED)
    return sorted(ordered, key=lambda s: (-s.standing, -s.score))
