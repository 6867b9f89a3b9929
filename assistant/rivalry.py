"""How much passages speak of needs, told beside the other passages of the same documents and beside the other needs.

What a document says of a need is often said in words that no known sentence has; it is then still nearer to the need
than the rest of the document is. So the log odds that `matching` gives are weighed with their ranks, and with what a
ridge regression on the stems of all known sentences makes of the passage: of Finnish and Swedish ones those of the
English gloss, so that the three languages teach each other. In long documents something is near to everything, so their
length counts against each passage. The weights, of `own_evidence`, are fitted on the keys of made-up municipalities
(`python -m eval.fit_evidence`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.gloss import gloss
from assistant.matching import sentence_owners, sentences
from assistant.needs import needs
from assistant.text import LANGUAGES, content_stems

Array = NDArray[np.float64]

# Passages below which a rank among them counts for less: of three sentences one is always the nearest. The weights were
# fitted on municipalities with some fifty and more. Of their documents cut into pieces of twelve passages, 173 of 230
# "met" are so by the key of the whole; 163 of 216 without ranks, 922 of 1,633 with ranks that count in full.
_ENOUGH_TO_RANK = 50
_RIDGE = 0.6  # of 0.3 and 0.6 the better; letters and vectors beside the stems brought no more


@cache
def _taught() -> tuple[Any, Array]:
    """A vectoriser of English text, and the weights of its stems, (n_stems, n_needs)."""
    from scipy.linalg import solve
    from sklearn.feature_extraction.text import TfidfVectorizer

    said = [text if x == "en" else english(text, x) for x in LANGUAGES for text in sentences(x)]
    owners = np.concatenate([sentence_owners(x) for x in LANGUAGES])
    vectoriser = TfidfVectorizer(analyzer=lambda text: content_stems(text, "en"), sublinear_tf=True, min_df=2)
    stems = vectoriser.fit_transform(said)
    wanted = np.full((len(said), len(needs())), -1 / len(needs()))
    wanted[np.arange(len(said)), owners] += 1
    known = (stems.T @ stems).toarray() + _RIDGE * np.eye(stems.shape[1])
    return vectoriser, np.asarray(solve(known, stems.T @ wanted, assume_a="pos"))


def english(text: str, language: str) -> str:
    """A text as its gloss says it; itself where no word of it is known."""
    return text if language == "en" else gloss(text, language) or text


def taught(texts: Sequence[str]) -> Array:
    """What the known sentences make of English texts or glosses, (n_texts, n_needs); higher speaks more of the need."""
    if not texts:
        return np.zeros((0, len(needs())))
    vectoriser, weights = _taught()
    return np.asarray(vectoriser.transform(texts) @ weights)


def beside_rivals(scores: Array, learnt: Array) -> Array:
    """The signs of each pair of a passage and a need, (n_passages, n_needs, n_signs).

    Args:
        scores: Log odds as `matching.weighed` gives them, (n_passages, n_needs), of all passages of a municipality.
        learnt: The same of `taught`.
    """
    length = np.full(scores.shape, np.log(max(1, len(scores))))
    return np.stack([*_signs(scores), *_signs(learnt), length], axis=-1)


def _signs(values: Array) -> list[Array]:
    """The values; how far each is above its best rival and 1 / rank, among passages and then among needs."""
    ahead, rank = _against(values)
    rank = rank * min(1.0, len(values) / _ENOUGH_TO_RANK)
    return [values, ahead, rank, *(sign.T for sign in _against(values.T))]


def _against(values: Array) -> list[Array]:
    """How far each value is above the best other one of its column, and 1 / rank in the column."""
    if not values.size:
        return [values, values]
    ordered = np.sort(values, axis=0)
    best = ordered[-1:]
    second = ordered[-2:-1] if len(values) > 1 else best
    rival = np.where(values == best, second, best)
    # The rank counts what is greater, so that equals share the better one.
    ranks = [
        len(values) - np.searchsorted(column, value, side="right")
        for column, value in zip(ordered.T, values.T, strict=True)
    ]
    return [values - rival, 1 / (1 + np.stack(ranks, axis=1))]
