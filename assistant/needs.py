"""What the writers of a plan must find out of their municipality: data of prompts/needs/.

A need is a question to the person, statements such as a document would make, and the words by which a passage on the
matter is known, in three languages. Which passages speak of it is `matching`'s to say.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.text import normalise

_FOLDER = PROJECT_ROOT / "prompts" / "needs"
_LANGUAGES = ("en", "fi", "sv")

GAP = re.compile(r"\[TO FILL(?:: [^\]]*)?\]")  # in `missing`, with or without a hint
# A figure that says how many: not a year, a date, a section or an Act.
_FIGURE = re.compile(
    r"(?<![\d/§.])(?!(?:19|20)\d\d\b)(?!\d{1,2}\.\d{1,2}\.)(?!\d+/\d{4})\d[\d\s.,]*(?:\s?%|\b)(?!\s*§)"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|a (?:third|quarter|half|fifth|tenth)|per cent|dozen)\b"
    r"|\b(?:yksi|kaksi|kolme|neljä|viisi|kuusi|puolet|kolmannes|neljännes|prosenttia)\b"
    r"|\b(?:en|två|tre|fyra|fem|sex|hälften|en tredjedel|en fjärdedel|procent) "
)
_DATES = re.compile(
    r"\b\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|\b\d{1,2}\. \w+kuuta\b|\b\d{1,2} (?:januari|februari|mars|maj|juni|juli|augusti|oktober)\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:\d{4})?|\bsections? \d+|\bs\. \d+|\bpage \d+|\btable \d+"
)


@dataclass(frozen=True)
class Need:
    """One thing to find out, as prompts/needs/ gives it."""

    id: str
    asks: str
    who_knows: str
    where_to_find: str
    missing: str  # a sentence of a municipal document with one GAP in it
    says: Mapping[str, tuple[str, ...]]  # by language, as a document would put it
    terms: Mapping[str, tuple[tuple[str, ...], ...]]  # by language: groups of alternatives
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language: it is another matter
    number: bool = False  # only a passage with a figure shows it
    plans_show: bool = False  # what is looked for lies in the future: an objective, a measure
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language: sentences that speak of it
    named: bool = False  # only a passage with a word of the first group of terms, in it or around it, shows it
    denials_show: bool = False  # "there is no service for ..." answers it: what is missing, which form was chosen

    def wordings(self, language: str) -> tuple[str, ...]:
        """All sentences of a language that speak of it."""
        return self.says[language] + self.examples.get(language, ())

    @cached_property
    def patterns(self) -> dict[str, tuple[re.Pattern[str], ...]]:
        """A pattern for each group of terms, by language; for normalised text."""
        return {x: tuple(alternatives(group) for group in groups) for x, groups in self.terms.items()}

    @cached_property
    def exceptions(self) -> dict[str, re.Pattern[str]]:
        """By language; for normalised text."""
        return {x: alternatives(phrases) for x, phrases in self.unless.items() if phrases}


def alternatives(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for normalised text that matches any of these words and phrases.

    "coordinat*" takes any ending, and a lone "*" inside a phrase stands for up to three words.
    """
    return re.compile("|".join(_phrase(normalise(phrase)) for phrase in phrases))


def _phrase(phrase: str) -> str:
    """A phrase as a pattern: "coordinat*" any ending, a lone "*" up to three words."""
    parts = [r"(?:\w+\W+){0,3}?" if word == "*" else _word(word) for word in phrase.split()]
    pattern = r"\W+".join(parts).replace(r"\W+(?:\w+\W+){0,3}?\W+", r"\W+(?:\w+\W+){0,3}?")
    return rf"\b{pattern}(?!\w)"


def _word(word: str) -> str:
    """A hyphen may be a space or nothing: "early-stage", "early stage"."""
    return re.escape(word.rstrip("*")).replace(r"\-", r"[\s-]?") + (r"\w*" if word[-1] == "*" else "")


@cache
def needs() -> dict[str, Need]:
    """All needs by id; raises CorpusError with the place where the data are wrong."""
    found: dict[str, Need] = {}
    examples = _examples()
    for path in sorted(_FOLDER.glob("*.toml")):
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8"))["need"]
        except (OSError, ValueError, KeyError) as error:
            raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error
        for row in rows:
            need = _need(row | {"examples": examples.get(row.get("id"), {})}, path.name)
            if need.id in found:
                raise CorpusError(f"{path.name}: the need {need.id!r} is there twice. Rename one of them.")
            found[need.id] = need
    return found


def taught(language: str) -> list[tuple[str, str]]:
    """Example sentences of a language with how they put their matter, where that is plain: "shown", "denied" ...

    Those of needs that plans or denials show are left out: there the same words mean another thing.
    """
    plain = {need.id for need in needs().values() if not (need.plans_show or need.denials_show)}
    return [
        (row["text"], row["wanted"])
        for row in _example_rows()
        if row["language"] == language and row["wanted"] != "other" and row["need"] in plain
    ]


def _examples() -> dict[str, dict[str, tuple[str, ...]]]:
    """Sentences that speak of a need, by need and language; what is on another matter is for measuring only."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _example_rows():
        if row["wanted"] != "other":
            of_need = found.setdefault(row["need"], {})
            of_need[row["language"]] = (*of_need.get(row["language"], ()), row["text"])
    return found


@cache
def _example_rows() -> tuple[dict[str, str], ...]:
    path = _FOLDER / "examples.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return tuple({key: row[key] for key in ("need", "language", "wanted", "text")} for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error


def _need(row: Mapping[str, object], name: str) -> Need:
    where = f"{name}, need {row.get('id')!r}"
    try:
        values = dict(row)
        for key in ("says", "unless"):
            by_language = values.get(key, {})
            values[key] = {x: tuple(texts) for x, texts in by_language.items()}  # type: ignore[attr-defined]
        values["terms"] = {x: tuple(map(tuple, groups)) for x, groups in row["terms"].items()}  # type: ignore[attr-defined]
        need = Need(**values)  # type: ignore[arg-type]
        complete = all(need.says[x] and all(need.terms[x]) for x in _LANGUAGES)
    except (TypeError, KeyError, AttributeError) as error:
        raise CorpusError(f"{where}: {error}. Give it the fields of the others in that file.") from error
    if not complete or len(GAP.findall(need.missing)) != 1:
        raise CorpusError(f"{where}: statements or terms of a language, or the one [TO FILL], are missing. Add them.")
    return need


def says_how_many(text: str) -> bool:
    """Whether a text says how many, in digits or in words ("two thirds"), apart from dates, years and sections.

    For what a municipality has told of itself; `has_figure` of the review, which asks a plan for figures, takes digits.
    """
    return _FIGURE.search(_DATES.sub(" ", normalise(text))) is not None
