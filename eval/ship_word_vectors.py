"""Makes corpus/word_vectors.npz, by which the copying check knows what is said in other words.

    python -m eval.ship_word_vectors

The input embeddings of the packaged model, weighted by how much a token tells in the bundled corpus, without the two
directions that all its sentences share, cut to the next 64 principal ones, in eight bits. It need not be made anew when
facts change.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from assistant.copying.meaning import WORD_VECTORS
from assistant.corpus import bundled_documents
from assistant.embedding import SentenceTransformerEmbedder, bert
from assistant.settings import Settings

_SHARED, _KEPT = 2, 64  # directions


def main() -> None:
    """Write the file."""
    model: Any = SentenceTransformerEmbedder(Settings(embedding_model="plain")).models()[0]
    table = bert(model).embeddings.word_embeddings.weight.detach().numpy().astype(np.float64)
    counts: Counter[int] = Counter()
    sentences = []
    for _, document in bundled_documents():
        for block in document.blocks:
            text = document.text[block.start : block.end]
            ids = model.tokenizer(text, add_special_tokens=False)["input_ids"]
            counts.update(set(ids))
            sentences.append(ids)
    n = len(sentences)
    weights = np.array([np.log((n + 1) / (counts[token] + 0.5)) for token in range(len(table))])
    table = (table - table[list(counts)].mean(axis=0)) * weights[:, None]
    means = np.array([table[ids].sum(axis=0) / weights[ids].sum() for ids in sentences if ids])
    mean = means.mean(axis=0)
    directions = np.linalg.svd(means - mean, full_matrices=False)[2][_SHARED : _SHARED + _KEPT].T
    projected = table @ directions
    scales = np.abs(projected).max(axis=1) / 127
    numbers = np.round(projected / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    np.savez_compressed(
        WORD_VECTORS, numbers=numbers, scales=scales.astype(np.float32),
        mean=(mean @ directions).astype(np.float32), weights=weights.astype(np.float32),
    )  # fmt: skip
    print(f"{WORD_VECTORS.name}: {WORD_VECTORS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
