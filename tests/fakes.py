"""A small embedding model for tests: no weights, the same vectors every time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from assistant.embedding import Vectors
from assistant.text import words

DIMENSIONS = 128


class HashedWords:
    """Bags of hashed words, unit length: texts that share words are near each other."""

    @property
    def fingerprint(self) -> str:
        """Identifies this way of making vectors."""
        return "hashed-words-128"

    @property
    def query_fingerprint(self) -> str:
        """The same."""
        return self.fingerprint

    @property
    def english_only(self) -> bool:
        """It takes any words."""
        return False

    def embed_passages(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of passages and of their words."""
        return self.embed_queries(texts), [self.embed_queries(words(text)) for text in texts]

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of queries."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in words(text):
                row[int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest()) % DIMENSIONS] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)

    def embed_question(self, texts: Sequence[str]) -> tuple[Vectors, list[Vectors]]:
        """Vectors of queries and of their words."""
        return self.embed_passages(texts)

    def knows(self, word: str) -> bool:
        """Whether the model would know a word: any in lower case."""
        return word.islower()
