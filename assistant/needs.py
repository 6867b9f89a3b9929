"""What the writers of a plan must find out of their municipality, and which passages of its own documents show it.

A need is data (prompts/needs/): a question to the person, statements such as a document would make, and the words by
which a passage on the matter is known, in three languages. A passage shows a need where it holds words of every group,
or most of them and means nearly what one of the statements says; how it puts the thing (so, planned, denied) is
`standing`'s to say. Words alone decide first because an official must be able to see why an item counts as met.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing, is_unknown, standing
from assistant.text import normalise
from assistant.types import Passage, Source, UnitKind

_FOLDER = PROJECT_ROOT / "prompts" / "needs"
_LANGUAGES = ("en", "fi", "sv")
_QUOTABLE = (UnitKind.SENTENCE, UnitKind.ITEM, UnitKind.ROW, UnitKind.TAIL)

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
    denials_show: bool = False  # "there is no service for ..." answers it: what is missing, which form was chosen

    @cached_property
    def patterns(self) -> dict[str, tuple[re.Pattern[str], ...]]:
        """A pattern for each group of terms, by language; for normalised text."""
        return {x: tuple(alternatives(group) for group in groups) for x, groups in self.terms.items()}

    @cached_property
    def exceptions(self) -> dict[str, re.Pattern[str]]:
        """By language; for normalised text."""
        return {x: alternatives(phrases) for x, phrases in self.unless.items() if phrases}


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage that speaks of a need, and what it says."""

    passage: Passage
    source: Source
    standing: Standing
    score: float  # orders the passages of one need; higher is closer


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
    for path in sorted(_FOLDER.glob("*.toml")):
        try:
            rows = tomllib.loads(path.read_text(encoding="utf-8"))["need"]
        except (OSError, ValueError, KeyError) as error:
            raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error
        for row in rows:
            need = _need(row, path.name)
            if need.id in found:
                raise CorpusError(f"{path.name}: the need {need.id!r} is there twice. Rename one of them.")
            found[need.id] = need
    return found


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


@dataclass(frozen=True, slots=True)
class OwnPassage:
    """A passage of the municipality's own documents with what matching needs of it."""

    passage: Passage
    source: Source
    vector: NDArray[np.float32]  # (dim,), unit length
    before: str = ""  # what stands before it in its paragraph: "They were made in spring" speaks of that


# A passage that lacks the words of one group counts where it means nearly what a statement says (cosine of passage
# vectors): of 12 such on the development municipality, 10 were on the matter.
_NEAR = 0.66
_LABEL_WORDS = 4
_DOUBT = 0.05  # how much weaker a denial may be than what it denies, to be believed beside it


def find_shown(
    need: Need, own: Sequence[OwnPassage], says: NDArray[np.float32], *, as_of: str, multilingual: bool = False
) -> list[Shown]:
    """The passages that speak of a need: those that show it first, then planned, then denied; best first.

    Args:
        need: What is looked for.
        own: Passages of the municipality's own documents.
        says: (n, dim) float32, unit length: the vectors of the need's English statements.
        as_of: ISO date; what a later year brings is not there yet.
        multilingual: Whether the vectors mean something in Finnish and Swedish too.
    """
    found = []
    for one in own:
        if one.passage.kind not in _QUOTABLE:
            continue
        language = one.source.language
        spans, share, own_share = _matched(need, one, language)
        if not own_share or is_label(one.passage):
            continue
        cosine = float((says @ one.vector).max()) if multilingual or language == "en" else 0.0
        if share < 1 and not (share >= 0.5 and cosine >= _NEAR):
            continue
        if need.number and not has_figure(one.passage.text):
            continue
        how = standing(one.passage.text, language, named=spans, as_of=as_of, plans_show=need.plans_show)
        if need.denials_show and how is Standing.DENIED and not is_unknown(one.passage.text, language):
            how = Standing.SHOWN
        found.append(Shown(one.passage, one.source, how, cosine + 0.3 * own_share + 0.2 * share))
    return _weighed(found)


def _weighed(found: Sequence[Shown]) -> list[Shown]:
    """In order, where a denial that is as near as what shows the need takes something from it.

    "Companies were not invited" beside "associations and schools were invited" leaves a part; "no group has been set
    up" beside a passage that only mentions groups leaves nothing.
    """
    ordered = sorted(found, key=lambda s: (-s.standing, -s.score))
    denial = max((s.score for s in found if s.standing is Standing.DENIED), default=None)
    if denial is None:
        return ordered
    for n, one in enumerate(ordered):
        if one.standing > Standing.DENIED and one.score + _DOUBT < denial:
            ordered[n] = replace(one, standing=Standing.DENIED)
        elif one.standing is Standing.SHOWN and one.score - _DOUBT < denial:
            ordered[n] = replace(one, standing=Standing.PLANNED)
    return sorted(ordered, key=lambda s: (-s.standing, -s.score))


def _matched(need: Need, one: OwnPassage, language: str) -> tuple[list[tuple[int, int]], float, float]:
    """Where a passage names the matter, the share of groups in it and around it, and in its own words alone."""
    text = normalise(one.passage.text)
    around = normalise(f"{one.passage.context} {one.source.title} {one.before}")
    exception = need.exceptions.get(language)
    if exception and exception.search(text):
        return [], 0.0, 0.0
    patterns = need.patterns[language]
    inside = [match.span() for pattern in patterns if (match := pattern.search(text))]
    beside = sum(1 for pattern in patterns if not pattern.search(text) and pattern.search(around))
    return inside, (len(inside) + beside) / len(patterns), len(inside) / len(patterns)


def is_label(passage: Passage) -> bool:
    """Whether a passage only names a matter ("Homes.") and says nothing of it."""
    return (
        passage.kind is UnitKind.SENTENCE and len(passage.text.split()) < _LABEL_WORDS and not has_figure(passage.text)
    )


def has_figure(text: str) -> bool:
    """Whether a text says how many, apart from dates, years and sections."""
    return _FIGURE.search(_DATES.sub(" ", normalise(text))) is not None
