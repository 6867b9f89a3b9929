"""Makes the vectors that ship with the corpus, or checks that they are those of the facts as they stand.

    python -m eval.ship_vectors [--check]

Run it after every change of corpus/facts, of corpus/background.txt or of the query adapter; CI checks.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from assistant.corpus import background_matters, bundled_documents
from assistant.embedding import Embedder, SentenceTransformerEmbedder
from assistant.index import embedded_text, query_hash, text_hash
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.shipped import SHIPPED, shipped_vectors, write_vectors
from assistant.types import Passage

_SAMPLE = 60  # of each kind, made again and compared
_LEAST_COSINE = 0.999  # eight bits a number cost less than this


def facts() -> list[Passage]:
    """All facts of the corpus."""
    return [p for source, document in bundled_documents() for p in split_document(document, source.source_id)]


def wanted(passages: Sequence[Passage]) -> tuple[dict[str, str], dict[str, str]]:
    """Text hash -> text of all that is embedded, as passages and as queries."""
    asked = [q for p in passages if p.fact for questions in p.fact.questions.values() for q in questions]
    texts = {text_hash(text): text for text in map(embedded_text, passages)}
    return texts, {query_hash(text): text for text in [*asked, *background_matters()[0]]}


def faults(passages: Sequence[Passage], embedder: Embedder, path: Path, *, sample: int = _SAMPLE) -> Iterator[str]:
    """What is missing or stale in a file of vectors, one line each."""
    texts, asked = wanted(passages)
    for what, fingerprint, by_hash, embed in (
        ("fact", embedder.fingerprint, texts, embedder.embed_passages),
        ("question", embedder.query_fingerprint, asked, embedder.embed_queries),
    ):
        shipped = shipped_vectors(fingerprint, path)
        yield from (f"no vector of the {what} {by_hash[key][:80]!r}" for key in by_hash if key not in shipped)
        there = sorted(key for key in by_hash if key in shipped)
        chosen = random.Random(0).sample(there, min(sample, len(there)))
        for key, vector in zip(chosen, embed([by_hash[key] for key in chosen]) if chosen else (), strict=True):
            if float(np.dot(vector, shipped[key])) < _LEAST_COSINE:
                yield f"another vector than the model's of the {what} {by_hash[key][:80]!r}"


def main() -> None:
    """Write, or check and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(Settings(embedding_model="default"))
    passages = facts()
    if options.check:
        found = list(faults(passages, embedder, options.out))
        print("\n".join([*found[:20], f"{len(found)} faults in the vectors of {len(passages):,} facts"]))
        sys.exit(bool(found))
    texts, asked = wanted(passages)
    vectors = {embedder.fingerprint: dict(zip(texts, embedder.embed_passages(list(texts.values())), strict=True))}
    of_queries = dict(zip(asked, embedder.embed_queries(list(asked.values())), strict=True))
    vectors[embedder.query_fingerprint] = vectors.get(embedder.query_fingerprint, {}) | of_queries
    write_vectors(vectors, options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB for {len(passages):,} facts")


if __name__ == "__main__":
    main()
