"""What everybody may write: statutes, official guidance, official names. Sharing it is no copying.

The wording of the Acts, of official guidance and of the bundled corpus travels as hashes of runs of stems
(corpus/common_stock.npz, made by eval/ship_common_stock.py), so that it is known without being reproduced; what a
workspace holds of law and guidance is added. Names are those of the glossary and of corpus/common_names.txt.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.copying.words import Hashes, Words, gram_hashes, stem_hashes
from assistant.corpus import CORPUS
from assistant.errors import CorpusError
from assistant.glossary import rows_of
from assistant.text import LANGUAGES

STOCK = CORPUS / "common_stock.npz"
_NAMES = CORPUS / "common_names.txt"
STOCK_WORDS = 5  # a run of stems; shorter ones are anybody's
_LONGEST_NAME = 8


_PARTS = ("official", "corpus")


@dataclass(frozen=True, slots=True)
class Stock:
    """What ships: runs that everybody may repeat, and in how many sentences of the field a stem stands."""

    grams: NDArray[np.uint64]  # sorted
    stems: Hashes  # sorted
    counts: NDArray[np.int64]
    sentences: int


@cache
def shipped_stock(path: Path = STOCK) -> Stock:
    """The stock as it ships; raises CorpusError where it cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            stems, at = np.unique(np.concatenate([file[f"{p}.stems"] for p in _PARTS]), return_inverse=True)
            counts = np.bincount(at, np.concatenate([file[f"{p}.counts"] for p in _PARTS])).astype(np.int64)
            grams = np.unique(np.concatenate([file[f"{p}.grams"] for p in _PARTS]))
            return Stock(grams, stems, counts, sum(int(file[f"{p}.sentences"]) for p in _PARTS))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CorpusError(f"corpus/{path.name} cannot be read ({error}). Install Kotoapuri again.") from error


def stock_grams(texts: Sequence[Words]) -> NDArray[np.uint64]:
    """The runs of texts that may be repeated, sorted."""
    parts = [gram_hashes(text.stems, STOCK_WORDS) for text in texts]
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)


def covered(said: Words, grams: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which words stand in a run that the stock holds, (n_words,)."""
    found = np.zeros(len(said), dtype=bool)
    hashes = gram_hashes(said.stems, STOCK_WORDS)
    if not len(hashes) or not len(grams):
        return found
    at = np.minimum(np.searchsorted(grams, hashes), len(grams) - 1)
    for n in np.flatnonzero(grams[at] == hashes):
        found[n : n + STOCK_WORDS] = True
    return found


def named(said: Words) -> NDArray[np.bool_]:
    """Which words belong to an official name, (n_words,)."""
    names = _names()
    stems = said.stems.tolist()
    found = np.zeros(len(said), dtype=bool)
    n = 0
    while n < len(stems):
        longest = next(
            (size for size in range(min(_LONGEST_NAME, len(stems) - n), 0, -1) if tuple(stems[n : n + size]) in names),
            0,
        )
        found[n : n + longest] = True
        n += max(longest, 1)
    return found


def formal(text: str, said: Words, names: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words belong to a table of contents or to the definition of an official term, (n_words,)."""
    found = np.zeros(len(said), dtype=bool)
    for start, end in _contents(text):
        found |= (said.starts >= start) & (said.ends <= end)
    for unit in range(said.n_units):
        first, last = said.units[unit], said.units[unit + 1]
        start, end = said.span(unit)
        if _lists(text[start:end], names[first:last]):
            found[first:last] = True
        if names[first : first + _SUBJECT].any() and _DEFINES.search(text, start, min(end, start + _SUBJECT * 14)):
            found[first:last] = True
    return found


_SUBJECT = 6  # words within which a definition names its term
_WHO_EN = r"(?:person|people|resident|foreigner|citizen|child|minor|young person|someone|anyone|those)s?"
_DEFINES = re.compile(
    rf":\s+(?:an? |the )?{_WHO_EN}\b|\b(?:means?|refers? to|denotes?|stands for|is defined as|is used of)\b"
    rf"|\b(?:is|are) (?:an? )?(?:\w+ )?{_WHO_EN} (?:who|whose|with|to whom|that)\b"
    r"|\btarkoit(?:etaan|taa|tavat)\b|\bviit(?:taa|ataan)\b|\bmääritellään\b"
    r"|:\s+(?:henkilö|ihminen|ulkomaalainen|lapsi)\b"
    r"|\b(?:on|ovat) (?:\w+ )?(?:henkilö|ihminen|ihmisiä|ulkomaalainen|ulkosuomalainen|lapsi|alaikäinen)\b"
    r"|\bavse[rs]\b|\bmenas\b|\bbetyder\b|\bdefinieras\b|:\s+(?:en )?(?:person|människa|utlänning)\b"
    r"|\bär (?:en |ett )?(?:\w+ )?(?:person|människa|utlänning|utlandsfinländare|barn) (?:som|vars|med)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<!\S)\d{1,2}(?:\.\d{1,2}){0,3}\.?[ \t]{1,4}(?=[A-ZÅÄÖ])")
_ENDS_SENTENCE = re.compile(r"[^\W\d_][.!?;]\s")
_HEADINGS, _HEADING_CHARS = 4, 110  # that make a table of contents; of one, with its page


def _contents(text: str) -> list[tuple[int, int]]:
    """(start, end) of each run of numbered headings with no sentence between them."""
    starts = [m.start() for m in _NUMBERED.finditer(text)]
    runs: list[list[int]] = []
    for start in starts:
        before = text[runs[-1][-1] : start] if runs else ""
        if runs and len(before) <= _HEADING_CHARS and not _ENDS_SENTENCE.search(before):
            runs[-1].append(start)
        else:
            runs.append([start])
    return [(run[0], _heading_end(text, run[-1])) for run in runs if len(run) >= _HEADINGS]


def _heading_end(text: str, start: int) -> int:
    stop = re.compile(r"[\n.!?]").search(text, start + 5, start + _HEADING_CHARS)
    return stop.start() if stop else min(len(text), start + _HEADING_CHARS)


def _lists(sentence: str, names: NDArray[np.bool_]) -> bool:
    """Whether a sentence does little but list bodies, partners or languages."""
    items = re.split(r"[,;]| (?:and|ja|sekä|och|samt) ", sentence)
    return len(items) >= _ITEMS and names.mean() >= _NAMED and max(len(i.split()) for i in items[1:]) <= _ITEM_WORDS


_ITEMS, _ITEM_WORDS, _NAMED = 5, 7, 0.25


@cache
def _names() -> frozenset[tuple[int, ...]]:
    """Names by the hashes of their stems."""
    try:
        lines = _NAMES.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CorpusError(f"corpus/{_NAMES.name} cannot be read ({error}). Install Kotoapuri again.") from error
    names = [line for line in lines if line.strip() and not line.startswith("#")]
    names += [name for row in rows_of("glossary.jsonl") for language in LANGUAGES for name in row[language]]
    # Stemming leaves "kiintiöpakolainen" and "kiintiöpakolaisella" apart.
    names += [f"{name[:-3]}sella" for name in names if name.endswith("nen")]
    return frozenset(stems for name in names for language in LANGUAGES if (stems := stem_hashes(name, language)))
