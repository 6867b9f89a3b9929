"""How alike two questions are worded: TF-IDF over character n-grams, which see through inflection and compounds.

The default embedding model knows English only; this is what finds a stored Finnish or Swedish question from another
wording of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.text import content_words

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

_LENGTHS = (3, 5)  # of the n-grams, which do not cross words


class Wordings:
    """The stored questions of one language."""

    def __init__(self, texts: Sequence[str], language: str) -> None:
        self._language = language
        self._vectorizer: TfidfVectorizer | None = None
        self._matrix: Any = None  # (n_texts, n_grams), sparse, rows of unit length
        if texts:
            from sklearn.feature_extraction.text import TfidfVectorizer

            self._vectorizer = TfidfVectorizer(
                analyzer="char_wb", ngram_range=_LENGTHS, sublinear_tf=True, dtype=np.float32
            )
            self._matrix = self._vectorizer.fit_transform([self._plain(text) for text in texts])

    def similarities(self, asked: Sequence[str]) -> NDArray[np.float64]:
        """Highest cosine of each stored text to any of the texts asked, 0 to 1; (n_texts,)."""
        if self._vectorizer is None:
            return np.zeros(0)
        queries = self._vectorizer.transform([self._plain(text) for text in asked])
        return np.asarray((self._matrix @ queries.T).toarray().max(axis=1), dtype=np.float64)

    def _plain(self, text: str) -> str:
        return " ".join(content_words(text, self._language))
