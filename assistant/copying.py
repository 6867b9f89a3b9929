"""What a text shares, word for word, with the programmes of other municipalities.

A run of words counts from eight on: shorter ones are phrases that everybody uses. Runs that also stand in law or in
guidance are listed apart, since quoting the Act is no copying. Words are compared without case, punctuation and line
breaks. Changed words and paraphrase are not found yet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.types import CopyingCheck, Kind, Match, Notice, Source, WarningCode

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
# Eight: the only rule on copying that peers have (a verbatim run from a cited source), and above common formulas.
RUN_WORDS = 8


@dataclass(frozen=True, slots=True)
class Compared:
    """A source that a text is compared with."""

    source: Source
    text: str


@dataclass(frozen=True, slots=True)
class _Words:
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def grams(self) -> dict[tuple[str, ...], list[int]]:
        """Where each run of RUN_WORDS words begins."""
        found: dict[tuple[str, ...], list[int]] = {}
        for n in range(len(self.keys) - RUN_WORDS + 1):
            found.setdefault(self.keys[n : n + RUN_WORDS], []).append(n)
        return found


def _words(text: str) -> _Words:
    found = [(unicodedata.normalize("NFKC", m[0]).casefold(), m.span()) for m in _WORD.finditer(text)]
    return _Words(tuple(key for key, _ in found), tuple(span for _, span in found))


def check_copying(text: str, programmes: Sequence[Compared], common: Sequence[Compared]) -> CopyingCheck:
    """Find what a text shares with programmes of other municipalities.

    Args:
        text: To be checked.
        programmes: Of other municipalities.
        common: Law and guidance: what stands there too is no copying.
    """
    said = _words(text)
    shared = _covered(said, [_words(one.text) for one in common])
    matches: list[Match] = []
    apart: list[Match] = []
    for one in programmes:
        theirs = _words(one.text)
        for begin, length, at in _runs(said, theirs):
            match = _match(text, said, begin, length, one, theirs, at)
            (apart if all(shared[begin : begin + length]) else matches).append(match)
    copied = {n for m in matches for n in range(m.start, m.end)}
    return CopyingCheck(
        characters=len(text),
        copied_characters=len(copied),
        share=len(copied) / len(text) if text else 0.0,
        matches=tuple(sorted(matches, key=lambda m: m.start)),
        shared_with_law_or_guidance=tuple(sorted(apart, key=lambda m: m.start)),
        warnings=_warnings(matches),
    )


def _runs(said: _Words, theirs: _Words) -> list[tuple[int, int, int]]:
    """(begin in the text, words, begin in the source) of each longest common run, left to right, not overlapping."""
    grams: Mapping[tuple[str, ...], list[int]] = theirs.grams()
    found = []
    n = 0
    while n <= len(said.keys) - RUN_WORDS:
        best, where = 0, 0
        for at in grams.get(said.keys[n : n + RUN_WORDS], ()):
            length = RUN_WORDS
            while said.keys[n + length : n + length + 1] and said.keys[n + length] == (
                theirs.keys[at + length] if at + length < len(theirs.keys) else None
            ):
                length += 1
            if length > best:
                best, where = length, at
        if best:
            found.append((n, best, where))
        n += max(best, 1)
    return found


def _covered(said: _Words, common: Sequence[_Words]) -> list[bool]:
    """Which words stand in a run that law or guidance holds too."""
    covered = [False] * len(said.keys)
    for theirs in common:
        for begin, length, _ in _runs(said, theirs):
            covered[begin : begin + length] = [True] * length
    return covered


def _match(text: str, said: _Words, begin: int, length: int, one: Compared, theirs: _Words, at: int) -> Match:
    start, end = said.spans[begin][0], said.spans[begin + length - 1][1]
    source_start, source_end = theirs.spans[at][0], theirs.spans[at + length - 1][1]
    return Match(
        start, end, text[start:end], one.source.source_id, one.source.municipality or "",
        one.text[source_start:source_end], "verbatim",
    )  # fmt: skip


def _warnings(matches: Sequence[Match]) -> tuple[Notice, ...]:
    whose = ", ".join(dict.fromkeys(m.municipality for m in matches))
    if not matches:
        return ()
    message = (
        f"{len(matches)} passage(s) stand word for word in a programme of {whose}. Write them in your own words, or "
        "mark them as a quotation with its source."
    )
    return (Notice(WarningCode.COPYING, message),)


def is_common(source: Source) -> bool:
    """Whether what stands in a source may stand anywhere."""
    return source.kind in (Kind.LAW, Kind.GUIDANCE)
