"""Whether quotes support a statement, worked out without the assistant's own check: a second opinion, by other rules.

A sentence is supported where it is a sentence of the quotes. Otherwise it is compared with the sentence of the quotes
that shares most words with it: its numbers must all stand there, it must deny where that denies and bind as that binds
(must, should, may), and all its words must stand there in some form; where most of them do, that is half a support.
No model judges: models are right about support in some 75 to 80 cases of 100 (AttributionBench, Li et al., 2024).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from assistant.passages import sentence_spans
from assistant.text import is_stop_word, normalise, words

_PARTLY = 0.8  # share of the words of a sentence
_STEM = 6  # letters in which forms of a word agree
_NEGATION = re.compile(
    r"\b(?:not?|never|none|neither|nor|nothing|nobody|without|cannot|ei|eivät|eikä|älä|ilman|inte|ej|ingen|inga|utan)\b"
    r"|n't\b"
)
_MODALS = {
    "must": re.compile(
        r"\b(?:must|shall|(?:has|have|had) to|(?:is|are|was|were) (?:required|obliged)|tulee|pitää|täytyy|"
        r"on velvollinen|ska|skall|måste)\b"
    ),
    "should": re.compile(r"\b(?:should|ought|recommend\w*|tulisi|pitäisi|suosit\w+|bör|rekommender\w*)\b"),
    "may": re.compile(r"\b(?:may|can|could|might|voi|voidaan|saa|saavat|får|kan|kunde)\b"),
}
_NUMBER = re.compile(r"\d+(?:[.,/:]\d+)*")
_NUMERALS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve half twice "
    "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen "
    "ett två tre fyra fem sex sju åtta nio tio".split()
)
_LIST_MARK = re.compile(r"^\s*(?:[-•–*]|\d+[.)])\s+")


def support(statement: str, quotes: Sequence[str]) -> float:
    """How far quotes bear a statement: 1, 0.5 or 0, the lowest of its sentences."""
    if _plain(statement) and _plain(statement) == _plain(" ".join(quotes)):
        return 1.0  # the quotes from first to last; white space may have gone that told lines and items apart
    bases = [sentence for quote in quotes for sentence in sentences(quote)]
    return min((_level(said, bases) for said in sentences(statement)), default=0.0)


@cache
def _sentences(text: str) -> tuple[str, ...]:
    lines = (_LIST_MARK.sub("", line) for line in text.splitlines())
    return tuple(line[start:end] for line in lines for start, end in sentence_spans(line))


def sentences(text: str) -> tuple[str, ...]:
    """Sentences and list items of a text."""
    return _sentences(text)


def is_supported(statement: str, quotes: Sequence[str]) -> bool:
    """Whether quotes bear the whole statement."""
    return support(statement, quotes) == 1.0


def precise(statement: str, quotes: Sequence[str]) -> list[bool]:
    """Which quotes are of use: alone enough, or needed beside the others (ALCE: Gao et al., EMNLP 2023).

    None is of use to a statement that all of them together do not bear.
    """
    if not is_supported(statement, quotes):
        return [False] * len(quotes)
    return [
        is_supported(statement, [quote]) or not is_supported(statement, [*quotes[:n], *quotes[n + 1 :]])
        for n, quote in enumerate(quotes)
    ]


def _level(said: str, bases: Sequence[str]) -> float:
    plain = _plain(said)
    if any(plain == _plain(base) for base in bases):
        return 1.0
    # A line of a quote that is cut into items may be told as one sentence, and the other way round.
    whole = " ".join(map(_plain, bases))
    if f" {plain} " in f" {whole} " and not _cut(plain, bases):
        return 1.0
    content = _content(said)
    base = max(bases, key=lambda b: len(content & _content(b)), default="")
    share = len(content & _content(base)) / len(content) if content else 0.0
    if share < _PARTLY or not _agree(normalise(said), normalise(base)):
        return 0.0
    return 1.0 if share == 1 else 0.5


def _cut(plain: str, bases: Iterable[str]) -> bool:
    """Whether only a part of one sentence is told: what is left out may limit it."""
    return any(plain in _plain(base) for base in bases)


def _agree(said: str, base: str) -> bool:
    if not _numbers(said) <= _numbers(base) or bool(_NEGATION.search(said)) != bool(_NEGATION.search(base)):
        return False
    told = {name for name, pattern in _MODALS.items() if pattern.search(said)}
    there = {name for name, pattern in _MODALS.items() if pattern.search(base)}
    return told <= there and bool(told) == bool(there)


def _numbers(text: str) -> set[str]:
    return {*_NUMBER.findall(text), *(word for word in words(text) if word in _NUMERALS)}


@cache
def _plain(text: str) -> str:
    return " ".join(words(text))


@cache
def _content(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in words(text) if not is_stop_word(word, "en"))
