"""Makes the vectors that ship with the corpus, or checks that they are those of the facts as they stand.

    python -m eval.ship_vectors [--check | --anew]

Run it after every change of corpus/facts, corpus/background.txt, prompts/needs, prompts/plans or of the query adapter;
CI checks. Texts that have their vectors keep them, so that a few changed facts take seconds; --anew makes all again.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from assistant.corpus import background_matters, bundled_documents
from assistant.embedding import Embedder, SentenceTransformerEmbedder, Vectors
from assistant.index import embedded_text, query_hash, text_hash, token_text
from assistant.matching import sentences
from assistant.passages import split_document
from assistant.plan import plans
from assistant.settings import Settings
from assistant.shipped import SHIPPED, shipped_vectors, write_vectors
from assistant.tokens import SHIPPED_TOKENS, principal_axes, token_code, write_tokens
from assistant.types import Passage

_SAMPLE = 60  # of each kind, made again and compared
_LEAST_COSINE = 0.999  # eight bits a number cost less than this
_TOKENS_OFF = 0.1  # of unit length, on average over a fact: what the step of assistant/tokens.py takes at most


def facts() -> list[Passage]:
    """All facts of the corpus."""
    return [p for source, document in bundled_documents() for p in split_document(document, source.source_id)]


def wanted(passages: Sequence[Passage]) -> tuple[dict[str, str], dict[str, str]]:
    """Text hash -> text of all that is embedded, as passages and as queries."""
    asked = [q for p in passages if p.fact for questions in p.fact.questions.values() for q in questions]
    # Sentences that passages of own documents are compared with.
    of_plans = [t for plan in plans().values() for s in plan.sections for t in (s.title, *s.queries["en"])]
    texts = {text_hash(text): text for text in [*map(embedded_text, passages), *sentences("en"), *of_plans]}
    return texts, {query_hash(text): text for text in [*asked, *background_matters()[0]]}


def faults(passages: Sequence[Passage], embedder: Embedder, path: Path, *, sample: int = _SAMPLE) -> Iterator[str]:
    """What is missing or stale in a file of vectors, one line each."""
    texts, asked = wanted(passages)
    for what, fingerprint, by_hash, embed in (
        ("fact", embedder.fingerprint, texts, lambda chosen: embedder.embed_passages(chosen)[0]),
        ("question", embedder.query_fingerprint, asked, embedder.embed_queries),
    ):
        shipped = shipped_vectors(fingerprint, path)
        yield from (f"no vector of the {what} {by_hash[key][:80]!r}" for key in by_hash if key not in shipped)
        there = sorted(key for key in by_hash if key in shipped)
        chosen = random.Random(0).sample(there, min(sample, len(there)))
        for key, vector in zip(chosen, embed([by_hash[key] for key in chosen]) if chosen else (), strict=True):
            if float(np.dot(vector, shipped[key])) < _LEAST_COSINE:
                yield f"another vector than the model's of the {what} {by_hash[key][:80]!r}"


def token_faults(
    passages: Sequence[Passage], embedder: Embedder, path: Path, *, sample: int = _SAMPLE
) -> Iterator[str]:
    """The same of a file of token vectors."""
    code = token_code(embedder.fingerprint, path)
    texts = {text_hash(text): text for text in map(token_text, passages)}
    yield from (f"no token vectors of the fact {texts[key][:80]!r}" for key in texts if key not in code.shipped)
    there = sorted(key for key in texts if key in code.shipped)
    chosen = random.Random(0).sample(there, min(sample, len(there)))
    made = embedder.embed_passages([texts[key] for key in chosen])[1] if chosen else ()
    for key, tokens in zip(chosen, made, strict=True):
        try:
            kept = code.decode(code.shipped[key])
        except ValueError:
            kept = tokens[:0]
        cosines = (code.turned(tokens) * kept).sum(axis=1) if len(kept) == len(tokens) else np.zeros(1)
        if abs(float(cosines.mean()) - 1) > _TOKENS_OFF:
            yield f"other token vectors than the model's of the fact {texts[key][:80]!r}"


def _all(
    texts: Mapping[str, str], fingerprint: str, there: Path, embed: Callable[[list[str]], Iterable[Vectors]]
) -> dict[str, Vectors]:
    """The vectors of texts, by hash: those of a file, and new ones of what it has not."""
    kept = shipped_vectors(fingerprint, there) if there.name else {}
    new = [key for key in texts if key not in kept]
    made = dict(zip(new, embed([texts[key] for key in new]) if new else (), strict=True))
    return {key: made[key] if key in made else kept[key] for key in texts}


def main() -> None:
    """Write, or check and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--anew", action="store_true", help="make those again that there are")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--tokens", type=Path, default=SHIPPED_TOKENS)
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder(Settings(embedding_model="default"))
    passages = facts()
    if options.check:
        found = [*faults(passages, embedder, options.out), *token_faults(passages, embedder, options.tokens)]
        print("\n".join([*found[:20], f"{len(found)} faults in the vectors of {len(passages):,} facts"]))
        sys.exit(bool(found))
    texts, asked = wanted(passages)
    there = Path() if options.anew else options.out
    vectors = {
        embedder.fingerprint: _all(texts, embedder.fingerprint, there, lambda new: embedder.embed_passages(new)[0])
    }
    of_queries = _all(asked, embedder.query_fingerprint, there, embedder.embed_queries)
    vectors[embedder.query_fingerprint] = vectors.get(embedder.query_fingerprint, {}) | of_queries
    write_vectors(vectors, options.out)
    by_hash = {text_hash(text): text for text in map(token_text, passages)}
    # Axes stay as they are once learnt: what workspaces keep was made with them.
    code = token_code(embedder.fingerprint, options.tokens)
    kept = {} if options.anew else {key: code.shipped[key] for key in by_hash if key in code.shipped}
    new = [key for key in by_hash if key not in kept]
    tokens = dict(zip(new, embedder.embed_passages([by_hash[key] for key in new])[1] if new else (), strict=True))
    axes = principal_axes(np.concatenate(list(tokens.values()))) if code.axes is None else code.axes
    write_tokens(embedder.fingerprint, axes, tokens, options.tokens, kept=kept)
    for path in (options.out, options.tokens):
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB for {len(passages):,} facts")


if __name__ == "__main__":
    main()
