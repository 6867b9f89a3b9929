"""What a text shares with the programmes of other municipalities, and how much of that everybody may share.

    text → words → alike passages (verbatim, near, paraphrase) → less what law, guidance, names, own text and marked
    quotations account for → CopyingCheck

`words` undoes what hides a copy; `collection` holds what a text is compared with; `same_words` finds what was copied or
edited, `other_words` what was said anew, by `meaning` and `windows`, and `alignment` puts both together; `common` knows
what everybody may write, `quotations` what is marked as somebody else's; `workspace` keeps all beside the documents.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from assistant.copying.alignment import align
from assistant.copying.collection import RUN_WORDS, Collection
from assistant.copying.common import covered, formal, named, shipped_stock, stock_grams
from assistant.copying.meaning import Meaning, in_english, read_meaning
from assistant.copying.quotations import Quotations
from assistant.copying.stretches import LIMITS, Aligned, Limits
from assistant.copying.words import Words, read_words
from assistant.embedding import Vectors
from assistant.types import CopyingCheck, Match, Notice, Source, WarningCode

__all__ = ["RUN_WORDS", "Compared", "Comparison", "Meaning", "Words", "read_meaning", "read_words"]

_ADVICE = {
    "verbatim": "Say what holds in your own municipality, or mark the words as a quotation and name their source.",
    "near": "Other names, numbers and words do not make it yours. Write it from your situation, or quote the source.",
    "paraphrase": "It says the same in other words. Keep only what your municipality has decided itself, and where you "
    "follow the model on purpose, name it.",
}
_SAME_TEXT = 0.8  # share of a text's runs that an own document holds, from which that document is the text itself


@dataclass(frozen=True, slots=True)
class Compared:
    """A source that texts are compared with."""

    source: Source
    words: Words
    meaning: Meaning
    text: Callable[[], str]
    pinpoint: Callable[[int, int], str] = lambda start, end: ""  # of a stretch of the text


class Comparison:
    """Everything that a text is compared with; made once, used for many texts."""

    def __init__(
        self,
        programmes: Sequence[Compared],
        common: Sequence[Words] = (),
        own: Sequence[Words] = (),
        *,
        embed: Callable[[Sequence[str]], Vectors],
    ) -> None:
        """Take programmes of other municipalities, law and guidance beside what ships, own documents, and a model.

        `embed` gives vectors of English by the packaged model, (n_texts, dim) of unit length.
        """
        self._embed = embed
        stock = shipped_stock()
        self.programmes = programmes
        self.collection = Collection(
            [(p.words, p.meaning) for p in programmes], (stock.stems, stock.counts, stock.sentences)
        )
        self._common = np.union1d(stock.grams, stock_grams(common))
        self._own = [stock_grams([words]) for words in own]

    def check(self, text: str, limits: Limits = LIMITS) -> CopyingCheck:
        """Find what a text shares."""
        found = [match for _, match in self.matches(text, limits)]
        matches = [m for m in found if not m.excuse]
        copied = {n for m in matches for n in range(m.start, m.end)}
        return CopyingCheck(
            characters=len(text), copied_characters=len(copied), share=len(copied) / len(text) if text else 0.0,
            matches=tuple(matches), shared_with_law_or_guidance=tuple(m for m in found if m.excuse),
            warnings=_warnings(matches), compared_with=len(self.programmes),
        )  # fmt: skip

    def matches(self, text: str, limits: Limits = LIMITS) -> list[tuple[Aligned, Match]]:
        """Every stretch that stands in a programme too, in order; what is no copying says why."""
        if not self.programmes:
            return []
        said = read_words(text)
        names = named(said)
        common = covered(said, self._common) | names | formal(text, said, names)
        own = self._own_words(said)
        quotations = Quotations(text, said, [p.source.municipality or "" for p in self.programmes])
        reasons = {"common": common, "own": own, "quotation": quotations.words}
        excused = common | own | quotations.words
        embed = partial(self._vectors, text, said)
        found = []
        for one in align(said, read_meaning(text, said), self.collection, excused, embed, limits):
            match = self._match(text, said, one)
            shares = {why: float(words[one.first : one.last + 1].mean()) for why, words in reasons.items()}
            why = max(shares, key=lambda reason: shares[reason])
            misattributed = why == "quotation" and not quotations.names(match.start, match.end, match.municipality)
            if one.excused >= limits.excused and not misattributed:
                match = replace(match, excuse=why, what_to_do="")
            found.append((one, match))
        return found

    def _vectors(self, text: str, said: Words, here: Sequence[int], there: Sequence[int]) -> tuple[Vectors, Vectors]:
        texts = in_english(text, said, here)
        for unit in there:
            one = self.collection.text_of_unit(unit)
            programme = self.programmes[one]
            texts += in_english(programme.text(), programme.words, [unit - int(self.collection.unit_from[one])])
        vectors = self._embed(texts)
        return vectors[: len(here)], vectors[len(here) :]

    def _own_words(self, said: Words) -> NDArray[np.bool_]:
        """Which words stand in a document of the municipality's own that is not this very text."""
        found = np.zeros(len(said), dtype=bool)
        for grams in self._own:
            here = covered(said, grams)
            if len(here) and here.mean() < _SAME_TEXT:
                found |= here
        return found

    def _match(self, text: str, said: Words, one: Aligned) -> Match:
        there = self.programmes[one.text]
        offset = int(self.collection.word_from[one.text])
        theirs = there.text()
        start, end = int(said.starts[one.first]), _with_stop(text, int(said.ends[one.last]))
        source_start = int(there.words.starts[one.source_first - offset])
        source_end = _with_stop(theirs, int(there.words.ends[one.source_last - offset]))
        return Match(
            start, end, text[start:end], there.source.source_id, there.source.municipality or "",
            theirs[source_start:source_end], one.degree, source_start, source_end, there.source.title,
            there.pinpoint(source_start, source_end), _ADVICE[one.degree],
        )  # fmt: skip


def _with_stop(text: str, end: int) -> int:
    """The end of a stretch with the stop that closes its last sentence."""
    return end + 1 if text[end : end + 1] in (".", "!", "?", "…") else end


def _warnings(matches: Sequence[Match]) -> tuple[Notice, ...]:
    if not matches:
        return ()
    whose = ", ".join(dict.fromkeys(m.municipality for m in matches))
    n = len(matches)
    message = (
        f"{n} passage{'s follow' if n > 1 else ' follows'} the programme of {whose}. Write {'them' if n > 1 else 'it'} "
        f"from your own municipality's situation, or mark {'them' if n > 1 else 'it'} as a quotation with its source."
    )
    return (Notice(WarningCode.COPYING, message),)
