"""Two sources that answer one question differently.

Minutes say that a post begins on 1 August 2026, the staff plan says 1 January 2027: each quote is sound, and an answer
from either alone misleads. Compared is what a question asks for, a number, a day or a person, between sentences that
are on its matter and speak of the same time; and whether one sentence denies what another says. Two added documents are
held against each other, and numbers and days of added guidance against the law in force; what has ended or never began
is `currency`'s and `notices`' to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.lexicon import NEGATIONS, NUMBERS, tokens, unit_of
from assistant.question import EXPECTED, MONTH_NUMBERS, people_in
from assistant.text import content_stems, shortened
from assistant.types import Citation, Currency, Evidence, Hit, Kind, Notice, Question, UnitKind, WarningCode

_WITHIN = 12  # hits: what is ranked lower is hardly on the matter
_THE_SAME = 0.8  # share of their words that two sentences share of which one denies the other
_SHOWN = 120  # characters of such a sentence in the warning
_ON_THE_MATTER = 0.5  # share of the words of the question, weighed equally, that a sentence shares, headings included
_ASKS_WHEN = re.compile(
    r"\b(?:when|what (?:date|day|month|time)|which (?:date|day|month)|by when|until when|"
    r"milloin|minä päivänä|mistä alkaen|mihin mennessä|när|vilken dag|från och med när)\b",
    re.IGNORECASE,
)
_ASKS_WHO = re.compile(r"\b(?:who|whom|kuka|ketkä|kenelle|keneltä|kenen|vem|vilka)\b", re.IGNORECASE)
_ASKS_HOW_SOON = re.compile(
    r"\b(?:how (?:soon|fast|quickly)|within what time|(?:what|which) age|missä ajassa|kuinka (?:pian|nopeasti)|"
    r"minkä ikäi\w+|hur snart|inom vilken tid|vilken ålder|hur gam\w+)\b",
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
_A_TIME = re.compile(
    r"(?:(?<=within )an?|(?<=inom )e(?:n|tt)|\bone|\byhden) (?=(?:hour|day|week|month|year|tunnin|päivän|viikon|"
    r"kuukauden|vuoden|timme|dag|vecka|månad|år)\b)",
    re.IGNORECASE,
)
# "One" is a pronoun more often than a number.
_NUMBER_WORD = re.compile(
    rf"\b(?:{'|'.join(sorted((w for w, n in NUMBERS.items() if n not in '01'), key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|over|more than|nearly|almost|less than|under|up to|at least|at most|"
    r"noin|yli|lähes|melkein|alle|vähintään|enintään|ungefär|cirka|ca|omkring|över|nästan|drygt|knappt|minst|högst)\.?\s?$",
    re.IGNORECASE,
)


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
        one_time = _may_be_held_against(first, hit) and _speak_of_one_time(first, hit, wanted)
        if units and one_time and not set(said) & set(says):
            yield Disagreement(first, hit, (_written(said, units[0]), _written(says, units[0])))
    # The digest denies much that nobody has claimed: what it says of a duty is `legal_claims`' to judge.
    added = [h for h in evidence.hits[:_WITHIN] if _is_comparable(h) and not h.source.bundled]
    if denied := _denial(added, question):
        yield denied


def _denial(hits: Sequence[Hit], question: Question) -> Disagreement | None:
    """The first two sentences of different documents of which one denies what the other says."""
    said = [(h, {*content_stems(h.passage.text, h.source.language)}) for h in hits]
    on_it = [(h, stems) for h, stems in said if stems and _on_the_matter(h, question) >= _ON_THE_MATTER]
    for n, (one, stems) in enumerate(on_it):
        for other, others in on_it[n + 1 :]:
            alike = len(stems & others) / max(min(len(stems), len(others)), 1)
            if (
                alike >= _THE_SAME
                and _denies(one) != _denies(other)
                and one.source.source_id != other.source.source_id
                and _speak_of_one_time(one, other, "number")
            ):
                return Disagreement(one, other, (_first_words(one), _first_words(other)))
    return None


def _denies(hit: Hit) -> bool:
    return any(token.key in NEGATIONS for token in tokens(hit.passage.text, hit.source.language))


def _first_words(hit: Hit) -> str:
    return f"“{shortened(' '.join(hit.passage.text.split()).rstrip('.'), _SHOWN)}”"


def disagreement_notice(found: Disagreement, citations: Sequence[Citation]) -> Notice:
    """The warning that names both, and which holds or is newer where that is known."""
    one, other = found.one.source, found.other.source
    if one.bundled or other.bundled:
        law, page = (one, other) if one.bundled else (other, one)
        holds, says = found.says if one.bundled else reversed(found.says)
        message = (
            f"{page.title} says {says}, the law in force as our digest has it says {holds}: {law.title}. The law "
            "holds. Check the official text before you use either."
        )
    else:
        message = (
            f"The documents disagree: {one.title} says {found.says[0]}, {other.title} says {found.says[1]}. "
            f"{_newer(found)}Find out which is right before you use either."
        )
    ids = {found.one.passage.source_id, found.other.passage.source_id}
    cited = tuple(c.id for c in citations if c.source_id in ids)
    return Notice(WarningCode.CONFLICTING_SOURCES, message, cited)


def _may_be_held_against(one: Hit, other: Hit) -> bool:
    """Two added documents, or added guidance and the law: what a municipality does need not be what the law asks."""
    kinds = {h.source.kind for h in (one, other)}
    return not any(h.source.bundled for h in (one, other)) or kinds == {Kind.LAW, Kind.GUIDANCE}


def _newer(found: Disagreement) -> str:
    dates = [(h.source.written or "", h.source.title) for h in (found.one, found.other)]
    if not all(day for day, _ in dates) or dates[0][0] == dates[1][0]:
        return ""
    day, title = max(dates)
    return f"The newer is {title} ({day}). "


def _wanted(question: Question) -> str:
    """What kind of value the question asks for: "day", "name", "number" or nothing."""
    if any(_ASKS_WHEN.search(part) for part in question.parts):
        return "day"
    if any(_ASKS_WHO.search(part) for part in question.parts):
        return "name"
    asks_number = (EXPECTED["a number"][0], _ASKS_HOW_SOON)
    return "number" if any(asks.search(part) for part in question.parts for asks in asks_number) else ""


def _is_comparable(hit: Hit) -> bool:
    if hit.source.bundled:
        return hit.source.kind is Kind.LAW and hit.currency is Currency.CURRENT
    kinds = (Kind.OWN, Kind.GUIDANCE)
    return hit.source.kind in kinds and hit.passage.kind is not UnitKind.LEAD_IN


def _on_the_matter(hit: Hit, question: Question) -> float:
    """The share of the words of the question that a passage and its headings share in some form."""
    language = hit.source.language
    asked = {s for part in question.parts for s in content_stems(_YEAR.sub(" ", part), language)}
    said = {*content_stems(hit.passage.text, language), *content_stems(" ".join(hit.passage.headings), language)}
    return sum(any(_is_near(a, b) for b in said) for a in asked) / len(asked) if asked else 0.0


def _values(hit: Hit, wanted: str) -> dict[tuple[str, str], str]:
    """What a passage gives of what is wanted: (unit, value) → as it is written."""
    read = {"day": _days, "name": _names, "number": _numbers}[wanted]
    return read(hit.passage.text)


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


def _names(text: str) -> dict[tuple[str, str], str]:
    return {("name", name): name for name in people_in(text)}


def _numbers(text: str) -> dict[tuple[str, str], str]:
    plain = _A_TIME.sub("1 ", _NUMBER_WORD.sub(lambda m: NUMBERS[m[0].lower()], _BRACKETS.sub(" ", text)))
    for pattern in (*_DAYS, _YEAR):
        plain = pattern.sub(" ", plain)
    found: dict[tuple[str, str], str] = {}
    for match in _NUMBER.finditer(plain):
        if _ABOUT.search(plain, 0, match.start("number")):
            continue  # "about 800" and 812 do not disagree
        unit = unit_of(match["after"] or "") or unit_of(match["before"] or "")
        value = re.sub(r"[\s\u00a0\u202f](?=\d{3})|[.,](?=\d{3}\b)", "", match["number"]).replace(",", ".")
        found[unit, value] = " ".join(match[0].split())
    return found


def _speak_of_one_time(one: Hit, other: Hit, wanted: str) -> bool:
    """Whether two passages are of one municipality, and their figures of the same years."""
    if (one.source.municipality or "") != (other.source.municipality or ""):
        return False
    years = [frozenset(_YEAR.findall(h.passage.text)) for h in (one, other)]
    return wanted == "day" or years[0] == years[1]


def _written(values: dict[tuple[str, str], str], unit: str) -> str:
    return ", ".join(dict.fromkeys(text for (of, _), text in values.items() if of == unit))
