"""Two of the added documents that give different figures or days in answer to one question.

Minutes say that a post begins on 1 August 2026, the staff plan says 1 January 2027: each quote is sound, and an answer
from either alone misleads. Only what a question asks for is compared, a number or a day, and only between sentences
that are on its matter and speak of the same time; law and guidance on the day are `currency`'s and `notices`' to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.question import EXPECTED, MONTH_NUMBERS
from assistant.text import content_stems
from assistant.types import Citation, Evidence, Hit, Kind, Notice, Question, UnitKind, WarningCode

_WITHIN = 12  # hits: what is ranked lower is hardly on the matter
_ON_THE_MATTER = 0.5  # share of the words of the question, weighed equally, that a sentence shares, headings included
_ASKS_WHEN = re.compile(
    r"\b(?:when|what (?:date|day|month|time)|which (?:date|day|month)|by when|until when|"
    r"milloin|minä päivänä|mistä alkaen|mihin mennessä|när|vilken dag|från och med när)\b",
    re.IGNORECASE,
)
_MONTHS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_DAYS = (
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>20\d\d)\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? )?(?P<name>{_MONTHS})\w*,? (?P<year>20\d\d)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<name>{_MONTHS}) (?P<day>\d{{1,2}}),? (?P<year>20\d\d)\b", re.IGNORECASE),
)
_YEAR = re.compile(r"(?<![\d./-])20\d\d(?![\d/])")
_BRACKETS = re.compile(r"\([^()]*\)")
_NUMBER = re.compile(
    r"(?P<before>€|eur|euroa?)?\s?"
    r"(?<![\w.,/§-])(?P<number>\d{1,3}(?:[\s\u00a0\u202f.,]\d{3})+|\d+(?:[.,]\d+)?)(?![\w/-])\s?"
    r"(?P<after>%|per cent|percent|prosent\w+|procent|€|eur\b|euro\w*|hours?|tunti\w*|tuntia|timmar|days?|päivä\w*|"
    r"dagar?|weeks?|viikko\w*|veck\w+|months?|kuukau\w+|månad\w*|years?|vuotta|vuoden|år\b|times|kertaa|gånger)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|over|more than|nearly|almost|less than|under|up to|at least|at most|"
    r"noin|yli|lähes|melkein|alle|vähintään|enintään|ungefär|cirka|ca|omkring|över|nästan|drygt|knappt|minst|högst)\.?\s?$",
    re.IGNORECASE,
)
_UNITS = (
    ("%", ("%", "per", "pros", "proc")), ("euros", ("€", "eur")), ("hours", ("hour", "tunti", "timm")),
    ("days", ("day", "päiv", "dag")), ("weeks", ("week", "viik", "veck")), ("months", ("month", "kuuk", "måna")),
    ("years", ("year", "vuotta", "vuoden", "år")), ("times", ("time", "kerta", "gång")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two passages of different documents that answer a question differently."""

    one: Hit
    other: Hit
    says: tuple[str, str]  # what each gives, as it is written


def disagreements(evidence: Evidence) -> Iterator[Disagreement]:
    """Passages of other documents that give another value for what the question asks than the best document does."""
    question = evidence.question
    wanted = _wanted(question)
    best: dict[str, tuple[float, Hit]] = {}  # by document: the sentence that is most on the matter, and how much
    for hit in evidence.hits[:_WITHIN] if wanted else ():
        alike = _on_the_matter(hit, question) if _is_comparable(hit) and _values(hit, wanted) else 0.0
        if alike >= _ON_THE_MATTER and alike > best.get(hit.source.source_id, (0.0, hit))[0]:
            best[hit.source.source_id] = (alike, hit)
    given = [hit for _, hit in best.values()]
    for hit in given[1:]:
        first = given[0]
        said, says = _values(first, wanted), _values(hit, wanted)
        units = sorted({unit for unit, _ in said} & {unit for unit, _ in says})
        if units and not set(said) & set(says) and _speak_of_one_time(first, hit, wanted):
            yield Disagreement(first, hit, (_written(said, units[0]), _written(says, units[0])))


def disagreement_notice(found: Disagreement, citations: Sequence[Citation]) -> Notice:
    """The warning that names both, and which is newer where both have a date."""
    one, other = found.one.source, found.other.source
    message = (
        f"The documents disagree: {one.title} says {found.says[0]}, {other.title} says {found.says[1]}. "
        f"{_newer(found)}Find out which is right before you use either."
    )
    ids = {found.one.passage.source_id, found.other.passage.source_id}
    cited = tuple(c.id for c in citations if c.source_id in ids)
    return Notice(WarningCode.CONFLICTING_SOURCES, message, cited)


def _newer(found: Disagreement) -> str:
    dates = [(h.source.written or "", h.source.title) for h in (found.one, found.other)]
    if not all(day for day, _ in dates) or dates[0][0] == dates[1][0]:
        return ""
    day, title = max(dates)
    return f"The newer is {title} ({day}). "


def _wanted(question: Question) -> str:
    """What kind of value the question asks for: "day", "number" or nothing."""
    if any(_ASKS_WHEN.search(part) for part in question.parts):
        return "day"
    return "number" if any(EXPECTED["a number"][0].search(part) for part in question.parts) else ""


def _is_comparable(hit: Hit) -> bool:
    kinds = (Kind.OWN, Kind.GUIDANCE)
    return not hit.source.bundled and hit.source.kind in kinds and hit.passage.kind is not UnitKind.LEAD_IN


def _on_the_matter(hit: Hit, question: Question) -> float:
    """The share of the words of the question that a passage and its headings share in some form."""
    language = hit.source.language
    asked = {s for part in question.parts for s in content_stems(_YEAR.sub(" ", part), language)}
    said = {*content_stems(hit.passage.text, language), *content_stems(" ".join(hit.passage.headings), language)}
    return sum(any(_is_near(a, b) for b in said) for a in asked) / len(asked) if asked else 0.0


def _values(hit: Hit, wanted: str) -> dict[tuple[str, str], str]:
    """What a passage gives of what is wanted: (unit, value) → as it is written."""
    return _days(hit.passage.text) if wanted == "day" else _numbers(hit.passage.text)


def _is_near(a: str, b: str) -> bool:
    """Whether two stems are forms of one word, or one is part of a compound of the other."""
    shorter = min(len(a), len(b))
    return a == b or (shorter >= 5 and (a[:shorter] == b[:shorter] or a in b or b in a))


def _days(text: str) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = int(parts["month"]) if parts.get("month") else MONTH_NUMBERS[str(parts["name"]).lower()]
            try:
                day = date(int(parts["year"]), month, int(parts["day"] or 1))
            except ValueError:
                continue
            found["day" if parts["day"] else "month", day.isoformat()] = match[0]
    return found


def _numbers(text: str) -> dict[tuple[str, str], str]:
    plain = _BRACKETS.sub(" ", text)
    for pattern in (*_DAYS, _YEAR):
        plain = pattern.sub(" ", plain)
    found: dict[tuple[str, str], str] = {}
    for match in _NUMBER.finditer(plain):
        if _ABOUT.search(plain, 0, match.start("number")):
            continue  # "about 800" and 812 do not disagree
        unit = _unit(match["after"] or "") or _unit(match["before"] or "")
        value = re.sub(r"[\s\u00a0\u202f](?=\d{3})|[.,](?=\d{3}\b)", "", match["number"]).replace(",", ".")
        found[unit, value] = " ".join(match[0].split())
    return found


def _unit(word: str) -> str:
    return next((unit for unit, starts in _UNITS if word and word.lower().startswith(starts)), "")


def _speak_of_one_time(one: Hit, other: Hit, wanted: str) -> bool:
    """Whether two passages are of one municipality, and their figures of the same years."""
    if (one.source.municipality or "") != (other.source.municipality or ""):
        return False
    years = [frozenset(_YEAR.findall(h.passage.text)) for h in (one, other)]
    return wanted == "day" or years[0] == years[1]


def _written(values: dict[tuple[str, str], str], unit: str) -> str:
    return ", ".join(dict.fromkeys(text for (of, _), text in values.items() if of == unit))
