"""How long the copying check takes, and what memory, as programmes become more.

    python -m eval.bench_copying [--pages 60] [--programmes 10 100 300]

Programmes are made of the sentences of the made-up ones with most of their words changed, so that all speak of the
same matters and none is another; the text that is checked follows one of them in a tenth of its sentences. Reading the
words of a programme happens once, when it is added; what a check takes is everything after that, files included.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from assistant.copying.workspace import Comparisons
from assistant.embedding import SentenceTransformerEmbedder
from assistant.passages import sentence_spans
from assistant.settings import Settings
from assistant.store import Store
from assistant.types import Document, Kind, Source
from eval.copying import programmes

_PAGE_CHARS = 2_500
_CHANGED = 0.7


def _pool() -> tuple[list[list[str]], list[str]]:
    texts = [text for _, text in programmes().values()]
    sentences = [text[a:b].split() for text in texts for a, b in sentence_spans(text) if b - a > 40]
    return sentences, sorted({w for s in sentences for w in s if len(w) > 4})


def _programme(chance: random.Random, pages: int, sentences: list[list[str]], words: list[str]) -> str:
    paragraphs, chars = [], 0
    while chars < pages * _PAGE_CHARS:
        some = [[chance.choice(words) if chance.random() < _CHANGED else w for w in chance.choice(sentences)]
                for _ in range(5)]  # fmt: skip
        paragraphs.append(" ".join(" ".join(s).rstrip(".") + "." for s in some))
        chars += len(paragraphs[-1])
    return "\n\n".join(paragraphs)


def measure(n: int, pages: int, folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    """Print the times of one size."""
    chance = random.Random(n)
    sentences, words = _pool()
    store = Store(folder / "bench.sqlite")
    first = ""
    for k in range(n):
        text = _programme(chance, pages, sentences, words)
        first = first or text
        source = Source(f"programme-{k}", Kind.PROGRAMME, f"Programme {k}", municipality=f"Kunta{k}")
        store.add(source, Document(source.title, text, (), "en"), [], content_hash=f"{k:032}")
    comparisons = Comparisons(store, store.sources, embedder, folder / "words")
    started = time.perf_counter()
    comparisons.prepare()
    prepared = time.perf_counter() - started
    text = _programme(random.Random(-1), pages, sentences, words)
    taken = first[: len(text) // 10]
    text = f"{text[: len(text) // 2]}\n\n{taken}\n\n{text[len(text) // 2 : -len(taken)]}"
    embedder.load()
    times = []
    for _ in range(2):
        started = time.perf_counter()
        found = comparisons.of(set()).check(text)
        times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{n:4} programmes of {pages} pages: words read in {prepared:.1f} s ({prepared / n:.2f} s each), check of "
        f"{pages} pages {times[0]:.1f} s, again {times[1]:.1f} s, peak memory {peak:,.0f} MB, share found "
        f"{found.share:.1%}",
        flush=True,
    )
    store.close()


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--programmes", type=int, nargs="+", default=[10, 100, 300])
    chosen = parser.parse_args(arguments)
    embedder = SentenceTransformerEmbedder(Settings(embedding_model="plain"))
    for n in chosen.programmes:
        with tempfile.TemporaryDirectory() as folder:
            measure(n, chosen.pages, Path(folder), embedder)


if __name__ == "__main__":
    main()
