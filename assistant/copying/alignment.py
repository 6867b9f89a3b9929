"""Which stretches of a text follow which stretches of another: seeds, joined to passages, weighed.

As the best systems of PAN's text alignment task do (Sanchez-Perez, Gelbukh & Sidorov, CLEF 2014): sentences that are
alike are seeds, seeds that lie near each other in both texts become one passage, and a passage counts by what it shares
in all. What everybody may write (see `common`) weighs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.copying.collection import Collection
from assistant.copying.meaning import Meaning
from assistant.copying.other_words import Embed, in_other_words
from assistant.copying.same_words import in_same_words
from assistant.copying.stretches import LIMITS, Aligned, Limits
from assistant.copying.words import STOP, Words


def align(
    said: Words,
    meaning: Meaning,
    collection: Collection,
    excused: NDArray[np.bool_],
    embed: Embed,
    limits: Limits = LIMITS,
) -> list[Aligned]:
    """The stretches of a text that follow a text of the collection, in order, not overlapping.

    Args:
        said: The text.
        meaning: Of its units.
        collection: What it is compared with.
        excused: (n_words,) which words stand in what everybody may write.
        embed: Vectors of units of the text and of units of the collection, by the embedding model.
        limits: From when on a stretch counts.
    """
    if not len(said) or not collection.n_units:
        return []
    weights = collection.weights.of(said.stems)
    weights[said.kinds == STOP] = 0
    found = _apart(in_same_words(said, collection, excused, weights, limits))
    return _apart([*found, *in_other_words(said, meaning, collection, excused, found, embed, limits)])


def _apart(found: Sequence[Aligned]) -> list[Aligned]:
    """Those that a weightier one does not hold for the most part; what is no copy gives way to what is."""
    taken: set[int] = set()
    kept = []
    for one in sorted(found, key=lambda a: (a.excused >= LIMITS.excused, -a.weight, a.first)):
        words = range(one.first, one.last + 1)
        if sum(n in taken for n in words) > 0.5 * len(words):
            continue
        taken.update(words)
        kept.append(one)
    return sorted(kept, key=lambda a: a.first)
