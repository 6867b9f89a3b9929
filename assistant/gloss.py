"""An English gloss of a Finnish or Swedish question, word by word: the default embedding model reads English only.

Dictionary-based translation of queries, with compounds split into words that the lexicon has (Pirkola, SIGIR 1998, did
so for Finnish). It needs no grammar: what is asked about is enough to find English statements, and to tell that a
question is about something else. The data are corpus/glossary.jsonl (official terms first) and corpus/lexicon.jsonl.
Nothing of a gloss is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from assistant.glossary import equivalents, rows_of
from assistant.text import is_stop_word, stem, tokens, words

_BEGINNING = 5  # letters that forms of one word share at least
_ENDING = 2  # letters of a stem that may differ: "hyväksyy", "hyväksyä"
_LEAST_PART = 3  # letters of a part of a compound
_LONGEST_TERM = 5  # words
_LONGEST_COMPOUND = 60  # letters; nobody's word, and slow to cut, beyond
_LINKS = {"fi": ("n", "s"), "sv": ("s", "e", "o")}  # between the parts of a compound: "kunnanhallitus", "kommunplan"


def gloss(text: str, language: str) -> str:
    """What a text says, as English words in its order; names and numbers stay, what the lexicon lacks is left out."""
    lexicon = _lexicon(language)
    said = [(word, token) for token in tokens(text) for word in words(token)]
    found: list[str] = []
    i = 0
    while i < len(said):
        length, english = lexicon.term([word for word, _ in said[i : i + _LONGEST_TERM]])
        if not length:
            word, token = said[i]
            name = i > 0 and token[:1].isupper()  # "Mallikylä" is no compound
            known = lexicon.whole(word) if name else lexicon.english(word)
            length, english = 1, () if is_stop_word(word, language) else known
            if not english and (name or any(c.isdigit() for c in word)):
                english = (token,)
        found += english
        i += length
    return " ".join(found)


def in_other_words(text: str, language: str, target: str) -> list[str]:
    """What `equivalents` gives, and for English what the gloss says."""
    found = equivalents(text, language, target)
    return found + gloss(text, language).split() if target == "en" != language else found


class _Lexicon:
    """Words of one language with their English."""

    def __init__(self, rows: Iterable[dict[str, tuple[str, ...]]], language: str) -> None:
        self._language = language
        self._forms: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._beginnings: dict[str, list[tuple[str, str]]] = {}
        self._terms: dict[tuple[str, ...], str] = {}
        for row in rows:
            for form in row[language] if row["en"] else ():
                self._add(tuple(words(form)), row["en"][0])

    def _add(self, form: tuple[str, ...], english: str) -> None:
        stems = tuple(stem(word, self._language) for word in form)
        if len(form) > 1:
            self._terms.setdefault(stems, english)
        elif form:
            self._forms.setdefault(form[0], english)
            self._stems.setdefault(stems[0], english)
            self._beginnings.setdefault(stems[0][:_BEGINNING], []).append((stems[0], english))

    def term(self, said: list[str]) -> tuple[int, tuple[str, ...]]:
        """How many of the next words are a term of several words, and its English."""
        stems = [stem(word, self._language) for word in said]
        for n in range(len(stems), 1, -1):
            if english := self._terms.get(tuple(stems[:n])):
                return n, (english,)
        return 0, ()

    @lru_cache(4096)  # noqa: B019  lexicons live as long as the program
    def english(self, word: str) -> tuple[str, ...]:
        """The English of a word in any form, or of the parts of a compound; empty where it is not known."""
        if known := self.whole(word):
            return known
        if len(word) > _LONGEST_COMPOUND:
            return ()
        for cut in range(len(word) - _LEAST_PART, _LEAST_PART - 1, -1):
            first, rest = self._part(word[:cut]), word[cut:]
            if first and (others := self.english(rest)):
                return (first, *others)
        return ()

    def _part(self, word: str) -> str | None:
        """Of a word that is not the last of a compound: as it stands, or with a letter that links."""
        linked = word[:-1] if len(word) > _LEAST_PART + 1 and word.endswith(_LINKS[self._language]) else word
        return self._forms.get(word) or self._forms.get(linked) or self._stems.get(word)

    def whole(self, word: str) -> tuple[str, ...]:
        """The English of a word in any form, not cut up."""
        said = stem(word, self._language)
        if same := self._forms.get(word) or self._stems.get(said):
            return (same,)
        for known, english in self._beginnings.get(said[:_BEGINNING], ()) if len(said) >= _BEGINNING else ():
            n = max(_BEGINNING, max(len(known), len(said)) - _ENDING)
            if len(known) >= _BEGINNING and known[:n] == said[:n]:
                return (english,)
        return ()


@cache
def _lexicon(language: str) -> _Lexicon:
    return _Lexicon([*rows_of("glossary.jsonl"), *rows_of("lexicon.jsonl")], language)
