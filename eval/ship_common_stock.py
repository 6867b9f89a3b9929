"""Makes corpus/common_stock.npz: what everybody may write, and how common words are in the field.

    python -m eval.ship_common_stock [OFFICIAL_TEXT...] [--check]

Official texts are those of Acts and of official guidance (.md, .txt). Of them and of the bundled corpus, which drafts
quote, only hashes of runs of stems are kept, and in how many sentences each stem stands. Without official texts their
part stays as it is and that of the corpus is made anew: run it so after every change of corpus/facts or prompts/needs.
CI checks that it is fresh.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.copying.common import STOCK, stock_grams
from assistant.copying.words import STOP, Words, read_words
from assistant.corpus import bundled_documents
from assistant.matching import sentences
from assistant.text import LANGUAGES

Arrays = dict[str, NDArray[Any]]


def arrays(part: str, quotable: Sequence[Words], beside: Sequence[Words] = ()) -> Arrays:
    """One part of the file: runs of texts that may be repeated, and counts of stems in these and in others."""
    counts: Counter[int] = Counter()
    total = 0
    for words in (*quotable, *beside):
        for first, last in zip(words.units[:-1], words.units[1:], strict=True):
            counts.update(set(words.stems[first:last][words.kinds[first:last] != STOP].tolist()))
            total += 1
    stems = np.array(sorted(counts), dtype=np.uint32)
    return {
        f"{part}.grams": stock_grams(quotable), f"{part}.stems": stems,
        f"{part}.counts": np.array([counts[int(s)] for s in stems], dtype=np.uint32),
        f"{part}.sentences": np.array(total),
    }  # fmt: skip


def corpus_arrays() -> Arrays:
    """The part of the bundled corpus and of the needs."""
    documents = [document for _, document in bundled_documents()]
    return arrays("corpus", [read_words(d.text) for d in documents], list(_beside(documents)))


def _beside(documents: Sequence[Any]) -> Iterator[Words]:
    for document in documents:
        facts = [b.fact for b in document.blocks if b.fact]
        yield read_words("\n\n".join(q for fact in facts for asked in fact.questions.values() for q in asked))
    for language in LANGUAGES:
        yield read_words("\n\n".join(sentences(language)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 1 where --check finds the file stale."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="change nothing; say whether the file is fresh")
    chosen = parser.parse_args(arguments)
    made = corpus_arrays()
    kept: Arrays = {}
    if STOCK.is_file():
        with np.load(STOCK, allow_pickle=False) as file:
            kept = {name: file[name] for name in file.files}
    if chosen.check:
        fresh = all(name in kept and np.array_equal(kept[name], array) for name, array in made.items())
        print(f"{STOCK.name} is {'fresh' if fresh else 'stale: run python -m eval.ship_common_stock'}")
        return 0 if fresh else 1
    official = {name: array for name, array in kept.items() if name.startswith("official.")}
    if chosen.texts:
        official = arrays("official", [read_words(p.read_text(encoding="utf-8")) for p in chosen.texts])
    if not official:
        parser.error("There is no part of the official texts to keep. Name the files of Acts and guidance.")
    np.savez_compressed(STOCK, **official, **made)  # type: ignore[arg-type]
    print(f"{STOCK.name}: {STOCK.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
