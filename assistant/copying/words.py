"""A text as the words that are compared: freed of what hides a copy, cut into units, each word with its place.

What hides a copy and is undone: case, punctuation, line breaks, hyphenation at a line's end, soft hyphens and other
invisible characters, letters of other alphabets that look alike. Numbers and names keep their place but are told apart,
since swapping them makes no text one's own.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.passages import sentence_spans
from assistant.text import LANGUAGES, is_stop_word, latin, stem

Hashes = NDArray[np.uint32]
Numbers = NDArray[np.int32]

WORD, STOP, NUMBER, NAME = range(4)  # kinds of words

_INVISIBLE = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u034f\u180e"
_MARKS = "\u0300-\u036f"
# A word goes on after invisible characters, combining marks, a hyphen inside it, and a hyphen at the end of a line.
_WORD = re.compile(
    rf"[^\W_](?:[^\W_]|[{_MARKS}{_INVISIBLE}]|[-‐‑'’.,:](?=\d)(?<=\d.)|['’‐‑-](?=[^\W\d_])"
    rf"|[-‐‑\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_A-ZÅÄÖ]))*"
)
_HIDDEN = re.compile(rf"[{_INVISIBLE}]|[-‐‑][ \t]*\r?\n[ \t]*")
_JOINS = re.compile(r"[-‐‑'’]")
_DIGITS_IN_WORD = str.maketrans("013", "oie")
_BLOCK = re.compile(r"\s*(?:[-*•◦▪–—+]\s+|\d{1,3}[.)]\s+|[a-zåäö]\)\s+|#{1,6}\s+|\||>)")
_SENTENCE_END = (".", "!", "?", ":", ";", ",", "…", ".”", '."', ".)")
_HEADING_CHARS = 80


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order."""

    starts: Numbers  # (n_words,) characters into the text
    ends: Numbers  # exclusive
    keys: Hashes  # hash of each word's plain form
    stems: Hashes  # hash of its stem, in the language of its unit
    kinds: NDArray[np.uint8]
    units: Numbers  # (n_units + 1,) first word of each sentence, list item or line of a table; then n_words
    languages: NDArray[np.uint8]  # (n_units,) index into text.LANGUAGES

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def n_units(self) -> int:
        """How many units."""
        return len(self.units) - 1

    def span(self, unit: int) -> tuple[int, int]:
        """(start, end) of a unit in the text."""
        return int(self.starts[self.units[unit]]), int(self.ends[self.units[unit + 1] - 1])

    def unit_of(self) -> Numbers:
        """Of each word the number of its unit."""
        return np.repeat(np.arange(len(self.units) - 1, dtype=np.int32), np.diff(self.units))


def read_words(text: str) -> Words:
    """The words of a text."""
    rows: list[tuple[int, int, int, int, int]] = []
    units, languages = [0], []
    found = [[(m.start(), m.end(), m[0]) for m in _WORD.finditer(text, *span)] for span in _unit_spans(text)]
    names = _names(found)
    language = LANGUAGES[0]
    for unit in found:
        plain_words = [plain(word) for _, _, word in unit]
        language = _language(plain_words) or language
        for n, ((start, end, word), said) in enumerate(zip(unit, plain_words, strict=True)):
            kind = _kind(word, said, language, is_name=said in names and (n > 0 or word[:1].isupper()))
            stemmed = said if kind == NUMBER else stem(said, language)
            rows.append((start, end, hashed(said), hashed(stemmed), kind))
        if len(rows) > units[-1]:
            units.append(len(rows))
            languages.append(LANGUAGES.index(language))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    return Words(
        np.array(columns[0], dtype=np.int32), np.array(columns[1], dtype=np.int32),
        np.array(columns[2], dtype=np.uint32), np.array(columns[3], dtype=np.uint32),
        np.array(columns[4], dtype=np.uint8), np.array(units, dtype=np.int32),
        np.array(languages, dtype=np.uint8),
    )  # fmt: skip


def stem_hashes(text: str, language: str) -> tuple[int, ...]:
    """Hashes of the stems of all words of a text in a known language."""
    return tuple(hashed(stem(plain(m[0]), language)) for m in _WORD.finditer(text))


@lru_cache(200_000)
def plain(word: str) -> str:
    """A word without case, marks that do not show, and hyphens; letters that look Latin are Latin."""
    word = unicodedata.normalize("NFC", latin(unicodedata.normalize("NFKC", _HIDDEN.sub("", word))))
    if any(c.isalpha() for c in word) and any(c in "013" for c in word) and sum(c.isdigit() for c in word) == 1:
        word = word.translate(_DIGITS_IN_WORD)
    return _JOINS.sub("", word.removesuffix("'s").removesuffix("’s")) or word


@lru_cache(400_000)
def hashed(word: str) -> int:
    """32 bits that stand for a word, the same in every process; never 0."""
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) or 1


def gram_hashes(values: Hashes, n: int) -> NDArray[np.uint64]:
    """A hash of each run of `n` values, (len(values) - n + 1,)."""
    if len(values) < n:
        return np.zeros(0, dtype=np.uint64)
    found = np.zeros(len(values) - n + 1, dtype=np.uint64)
    for i in range(n):
        # A polynomial over 64 bits; overflow is meant.
        found = found * np.uint64(0x9E3779B97F4A7C15) + values[i : len(values) - n + 1 + i].astype(np.uint64)
        found ^= found >> np.uint64(29)
    return found


def _unit_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each sentence, list item and line of a table; headings are everybody's and are left out."""
    for start, end in _block_spans(text):
        if not _is_heading(text[start:end].strip()):
            yield from sentence_spans(text, start, end)


def _block_spans(text: str) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    end, before = 0, ""
    for line in re.finditer(r"[^\n\u2028\u2029\f\v]+", text):
        words = line[0].strip()
        if begin is not None and (
            not words
            or "\n" in text[end : line.start()].replace("\r", "").removeprefix("\n")
            or _BLOCK.match(line[0])
            or _ends_block(before, words)
        ):
            yield begin, end
            begin = None
        if words:
            begin = line.start() if begin is None else begin
            end, before = line.end(), words
    if begin is not None:
        yield begin, end


def _ends_block(line: str, following: str) -> bool:
    """Whether a line stands for itself: a heading, or an item that no mark begins."""
    return (
        len(line) < _HEADING_CHARS
        and not line.endswith((*_SENTENCE_END, "-", "‐", "\u00ad"))
        and following[:1].isupper()
    ) or line.startswith(("#", "|"))


def _is_heading(block: str) -> bool:
    return block.startswith("#") or (
        len(block) < _HEADING_CHARS
        and "\n" not in block
        and not _BLOCK.match(block.lstrip("0123456789. "))
        and not block.endswith(_SENTENCE_END)
    )


def _names(units: list[list[tuple[int, int, str]]]) -> set[str]:
    """Plain forms of the words that are written with a capital letter within a sentence and never without."""
    inside = {
        plain(w) for unit in units for _, _, w in unit[1:] if w[:1].isupper() and not (len(w) > 4 and w.isupper())
    }
    lower = {plain(w) for unit in units for _, _, w in unit if w[:1].islower()}
    return inside - lower


def _language(words: list[str]) -> str | None:
    """The language whose stop words a unit holds most of; None where nothing tells."""
    counts = {language: sum(is_stop_word(word, language) for word in words) for language in LANGUAGES}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] and list(counts.values()).count(counts[best]) == 1 else None


def _kind(word: str, said: str, language: str, *, is_name: bool) -> int:
    if any(c.isdigit() for c in said):
        return NUMBER
    if is_stop_word(said, language):
        return STOP
    return NAME if is_name and word[:1].isupper() else WORD
