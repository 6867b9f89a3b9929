"""Other words for what a question says: official terms across languages, and the everyday words of coordinators.

Serves retrieval only: nothing of it is shown. The data are corpus/glossary.jsonl (official terms, with outdated ones
mapped to current ones) and corpus/synonyms.jsonl (rows of words that a question may swap).
"""

from __future__ import annotations

import json
from functools import cache

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.text import LANGUAGES, stems

_LETTERS = 3

_Stems = tuple[str, ...]


@cache
def rows_of(file: str) -> tuple[dict[str, tuple[str, ...]], ...]:
    """The rows of a file of corpus/: the words of each language; raises CorpusError where it cannot be read."""
    path = PROJECT_ROOT / "corpus" / file
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return tuple({x: (*row.get(x, ()), *row.get("abbreviation", ())) for x in LANGUAGES} for row in rows)
    except (OSError, ValueError, TypeError) as error:
        raise CorpusError(f"corpus/{file} cannot be read ({error}). Install Kotoapuri again.") from error


@cache
def _terms(file: str, language: str) -> dict[str, tuple[tuple[_Stems, int], ...]]:
    """First letters of a term -> the terms that begin so, with their rows."""
    found: dict[str, list[tuple[_Stems, int]]] = {}
    for n, row in enumerate(rows_of(file)):
        for term in row[language]:
            if key := tuple(stems(term, language)):
                found.setdefault(key[0][:_LETTERS], []).append((key, n))
    return {first: tuple(terms) for first, terms in found.items()}


def _same(said: _Stems, key: _Stems, language: str) -> bool:
    if language == "en" or len(said) != len(key):
        return said == key
    return all(a == b or _same_but_for_the_end(a, b) for a, b in zip(said, key, strict=True))


def _same_but_for_the_end(a: str, b: str) -> bool:
    """Whether stems are of one word: "hyväksyy" and "hyväksyä"; not "kommun" and "kommunallag"."""
    n = max(5, max(len(a), len(b)) - 2)
    return min(len(a), len(b)) >= 5 and a[:n] == b[:n]


def equivalents(text: str, language: str, target: str, *, whole: bool = False) -> list[str]:
    """Words of the target language that mean what words of a text mean, in order of appearance.

    Args:
        text: A question.
        language: Of the text: en, fi or sv.
        target: The language of the words wanted. The same as `language` gives synonyms; another gives terms.
        whole: Whether the text must be one official term: what "section" means says nothing of "section 48", and
            everyday words are left out.
    """
    said = stems(text, language)
    found: dict[str, None] = {}
    for file in ("glossary.jsonl",) if whole else ("glossary.jsonl", "synonyms.jsonl"):
        terms, rows = _terms(file, language), rows_of(file)
        for i, first in enumerate(said):
            for key, n in terms.get(first[:_LETTERS], ()):
                if _same(tuple(said[i : i + len(key)]), key, language) and not (whole and len(key) < len(said)):
                    found.update(dict.fromkeys(word for word in rows[n][target] if tuple(stems(word, target)) != key))
    return list(found)
