"""A plan as the checks read it: sentences, list items and table rows, each with its chapter, paragraph and figures.

Offsets are those of the document's text. What a chapter is about follows from its headings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from assistant.passages import split_document
from assistant.review.asides import find_asides
from assistant.review.signs import Signs, signs
from assistant.shown import FILE_MARK
from assistant.text import collapse, normalise
from assistant.types import BlockKind, Document, Passage, UnitKind

_MONTHS = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|januari|februari|mars"
    r"|maj|juni|juli|augusti|oktober|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)(?:kuu\w*)?"
)
YEAR = re.compile(r"(?<![\d.,/])(?:19|20)\d\d(?![\d/]|[.,]\d{3})")
_ANY_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?!\d)")  # of dates too
PERIOD = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)?\d\d)(?!\d)")
DATE = re.compile(r"(?<!\d)\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:19|20)\d\d)?")
# Digits that count nothing: dates, years, Acts and sections, times of day, numbers of tables and chapters, telephones.
COUNTS_NOTHING = re.compile(
    r"\b\d{1,4}/(?:19|20)\d\d\b|(?<!\d)(?:19|20)\d\d\s*[-–—/]\s*(?:(?:19|20)?\d\d)(?!\d)"
    r"|(?<!\d)\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4})?|(?<![\d.,])(?:19|20)\d\d(?![\d]|[.,]\d)"
    r"|§+\s*\d+|\d+(?:\s?[a-z])?(?:(?:[-–,\s]|ja|och|and)+\d+)*\s?§"
    r"|\b(?:sections?|ss?\.|chapters?|tables?|annex|page|act|no|goals?|objectives?|luku|luvun|luvut|luvussa|taulukko"
    r"|taulu\w*|kuvio?|liite|sivu|tavoite|kapitel|tabell|bilaga|sida|mål)\s?\d+[\w.()]*"
    rf"|\b\d{{1,2}}\.?\s+{_MONTHS}\b|\b\d{{1,2}}[.:]\d\d\b|\+?\d{{2,4}}[\s-]\d{{3}}[\s-]\d{{3,4}}\b|\b20-64\w*"
    r"|\b20–64[-\w]*|\b[abs][12](?:\.\d)?\b|covid-19",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<![\w.])[A-ZÅÄÖ][\w'’&-]+")
# What the longer of two cases of a name has after the part that they share: up to two letters of the stem and an
# ending. "Keksintökatu" is no case of "Keksilä".
_ENDING = re.compile(
    r"[a-zåäö]{0,2}(?:n|s|an|än|en|in|on|un|yn|ön|ss[aä]|st[aä]|ll[aä]|lt[aä]|lle|n[aä]|t[aä]|ksi|tt[aä])|[aä]?"
)
_NUMBERING = re.compile(r"^\d{1,2}\.(?:\d{1,2}\.?)*\s+(?=[A-ZÅÄÖ])")
_ITEMS = 3  # from which a chapter is one on measures
_LABEL = re.compile(r"([A-ZÅÄÖ][^.:!?\n]{2,30})[.:] (?=[A-ZÅÄÖ])")
_NO_WORD = re.compile(r"[\W_]*")


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One sentence, list item or table row."""

    position: int
    start: int
    end: int
    text: str
    said: str  # normalised
    kind: UnitKind
    headings: tuple[str, ...]  # without the title of the document
    block: int  # which paragraph, item or row it is of
    lead_in: str  # what introduces a list
    cells: tuple[str, ...] = ()  # of a table row
    columns: tuple[str, ...] = ()  # the names of its columns, normalised
    table: int = -1  # rows of one table share a number
    is_note: bool = False  # a source line, footnote or caption: tells of the block before it

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return bool(self.cells)


@dataclass(frozen=True, slots=True, eq=False)
class Chapter:
    """What stands under one heading, up to the next."""

    headings: tuple[str, ...]
    units: tuple[Unit, ...]
    roles: frozenset[str]  # names of Signs.headings

    @property
    def prose(self) -> list[Unit]:
        """Sentences and list items, without rows of tables and notes."""
        return [u for u in self.units if not u.is_row and not u.is_note]


class Plan:
    """A plan to be reviewed."""

    def __init__(self, document: Document, *, municipality: str | None, others: Sequence[str], as_of: str) -> None:
        """Read a plan.

        Args:
            document: As read.
            municipality: Whose plan it is; found out from the text where it is not told.
            others: Names of other municipalities.
            as_of: ISO date of the review.
        """
        self.document, self.as_of = document, as_of
        self.language = document.language
        self.signs: Signs = signs(document.language)
        self.others = tuple(others)
        self._shown: dict[tuple[int, str], bool] = {}
        self.passages = split_document(document, "plan")
        read = self._units([p for p in self.passages if p.kind is not UnitKind.INSTRUCTION])
        self._with_notes = [u for u in read if not FILE_MARK.search(u.text)]
        self.units = [u for u in self._with_notes if not u.is_note]
        self.told_municipality = municipality

    @property
    def text(self) -> str:
        """The whole text."""
        return self.document.text

    # Reading.

    def _units(self, passages: Sequence[Passage]) -> Iterator[Unit]:
        blocks = self.document.blocks
        starts = [b.start for b in blocks]
        titles = {b.start for b in blocks if b.kind is BlockKind.HEADING}
        asides = find_asides(self.document, self.signs)
        table = -1
        before = -1  # the last block that is no note
        for p in passages:
            block = bisect_right(starts, p.start) - 1
            if p.start in titles or block in asides.left_out:
                continue
            is_note = block in asides.notes
            before = before if is_note else block
            is_row = blocks[block].kind is BlockKind.ROW
            if is_row and p.kind is UnitKind.LEAD_IN:  # the names of the columns
                table += 1
                continue
            headings = tuple(h for h in p.headings if h != self.document.title)
            if not is_row and not any(self._is_heading(h) for h in headings):
                headings += self._label(blocks[block].start)
            yield Unit(
                p.position, p.start, p.end, p.text, normalise(p.text), p.kind, headings, before if is_note else block,
                "" if is_row else p.lead_in,
                _cells(p.text) if is_row else (),
                tuple(map(normalise, _cells(p.lead_in))) if is_row else (),
                table if is_row else -1, is_note,
            )  # fmt: skip

    def _label(self, start: int) -> tuple[str, ...]:
        """What a paragraph is called that begins with a heading of its own: "Money. The sums are in the budget"."""
        match = _LABEL.match(self.text, start)
        return (match.group(1),) if match and self._is_heading(match.group(1)) else ()

    def _is_heading(self, text: str) -> bool:
        """Whether a heading tells what its chapter is about."""
        return any(sign.search(normalise(text)) for sign in self.signs.headings.values())

    @cached_property
    def reviewed(self) -> set[Unit]:
        """The units that are the plan's own text, without notes and open points."""
        return set(self.units)

    @cached_property
    def chapters(self) -> list[Chapter]:
        """In reading order."""
        found = []
        for headings, run in groupby(self._with_notes, key=lambda u: u.headings):
            roles = {
                role
                for role, sign in self.signs.headings.items()
                if any(sign.search(normalise(heading)) for heading in headings)
            }
            # "Relations between population groups" is no chapter on the population.
            if any(self.signs.themes["good-relations"].search(normalise(heading)) for heading in headings):
                roles.discard("situation")
            if any(self.signs.signs["taking_part"].search(normalise(heading)) for heading in headings):
                roles.discard("situation")
            if "followup" in roles:  # "How we keep track of the situation"
                roles.discard("situation")
            if any(self.signs.themes["own-language-and-culture"].search(normalise(heading)) for heading in headings):
                roles.discard("language")
            units = tuple(run)
            if not roles and self._holds_measures(units):
                roles = {"measures"}
            found.append(Chapter(headings, units, frozenset(roles)))
        return found

    def _holds_measures(self, units: Sequence[Unit]) -> bool:
        """Whether most items of a chapter, whatever its heading, have an owner and a date or a figure."""
        items = [list(run) for _, run in groupby((u for u in units if u.kind is UnitKind.ITEM), key=lambda u: u.block)]
        settled = [
            item for item in items
            if self.any_shows(item, "post") and any(self.dated(u) or has_figure(u.text) for u in item)
        ]  # fmt: skip
        return len(settled) >= _ITEMS and 2 * len(settled) >= len(items)

    @cached_property
    def _chapter_of(self) -> dict[int, Chapter]:
        return {u.position: chapter for chapter in self.chapters for u in chapter.units}

    @cached_property
    def _block_of(self) -> dict[int, list[Unit]]:
        found: dict[int, list[Unit]] = {}
        for u in self._with_notes:
            found.setdefault(u.block, []).append(u)
        return found

    @cached_property
    def _place(self) -> dict[int, int]:
        return {u.position: n for n, u in enumerate(self.units)}

    def chapter(self, unit: Unit) -> Chapter:
        """The chapter in which a unit stands."""
        return self._chapter_of[unit.position]

    def paragraph(self, unit: Unit) -> list[Unit]:
        """The sentences of the same paragraph or list item, and its notes."""
        return self._block_of[unit.block]

    def neighbours(self, unit: Unit, before: int, after: int) -> list[Unit]:
        """A unit with those around it in the same chapter."""
        n = self._place[unit.position]
        return [u for u in self.units[max(0, n - before) : n + after + 1] if u.headings == unit.headings]

    # What a unit shows.

    def shows(self, unit: Unit, sign: str) -> bool:
        """Whether a unit shows a sign."""
        key = (unit.position, sign)
        if key not in self._shown:
            self._shown[key] = self.signs.signs[sign].search(unit.said) is not None
        return self._shown[key]

    def any_shows(self, units: Sequence[Unit], *names: str) -> bool:
        """Whether any of these units shows any of these signs."""
        return any(self.shows(u, sign) for u in units for sign in names)

    def has(self, *names: str) -> bool:
        """Whether any unit of the plan shows any of these signs."""
        return self.any_shows(self.units, *names)

    def dated(self, unit: Unit) -> bool:
        """Whether a unit names a year, day or month."""
        return bool(YEAR.search(unit.text) or DATE.search(unit.text)) or self.shows(unit, "month")

    def is_measured(self, units: Sequence[Unit]) -> bool:
        """Whether figures stand with a year that is over and with one to come: where a goal starts and ends."""
        years = {y for u in units if has_figure(u.text) for y in _ANY_YEAR.findall(u.text)}
        this = self.as_of[:4]
        return bool(years) and min(years) <= this < max(years)

    def is_history(self, unit: Unit) -> bool:
        """Whether a unit tells of what was, or of what took its place."""
        if self.shows(unit, "history"):
            return True
        # The year of a row is that of a measure, which may be overdue.
        return not unit.is_row and self.is_of_the_past(unit) and not PERIOD.search(unit.text)

    def is_of_the_past(self, unit: Unit) -> bool:
        """Whether all years that a unit names, those of periods too, are before the Act in force."""
        years = _ANY_YEAR.findall(unit.text)
        return bool(years) and max(years) < "2025"

    def local_names(self, unit: Unit) -> list[str]:
        """Capitalised words that look like local names; without those of this municipality, and at a beginning."""
        found = []
        for match in _CAPITAL.finditer(unit.text):
            word = match.group()
            said = normalise(word)
            at_beginning = unit.text[: match.start()].strip(" \"'“”»(–•-")[-1:] in ("", ".", "!", "?")
            if at_beginning and word not in self.inside:
                continue
            if said in self.signs.common_names or said.partition("-")[0] in self.signs.common_names:
                continue
            if self.is_own(word) or len(word) < 3:
                continue
            found.append(word)
        return found

    @cached_property
    def inside(self) -> set[str]:
        """Capitalised words that stand inside some sentence: those are names wherever they stand."""
        return {
            m.group() for u in self.units for m in _CAPITAL.finditer(u.text)
            if u.text[: m.start()].strip(" \"'“”»(–•-") and u.text[: m.start()].rstrip()[-1:] not in ".:!?|;"
        }  # fmt: skip

    @cached_property
    def tells_language_path(self) -> bool:
        """Whether the plan names a provider, a place or a level of training in the second national language."""
        return any(
            self.shows(u, "second_language") and self.shows(u, "taught_where")
            and self.any_shows([u], "training", "course_level")
            and not self.any_shows([u], "put_off", "vague", "no_swedish", "hours")
            for u in self.units
        )  # fmt: skip

    # Whose plan it is.

    @cached_property
    def municipality(self) -> str:
        """The municipality, as told or as the text names it most; empty where neither tells."""
        if self.told_municipality:
            return self.told_municipality
        counts: dict[str, int] = {}
        title = self.document.title
        for text, weight in ((title, 5), *((u.text, 1) for u in self.units)):
            for name in municipality_names(text, self.signs):
                if name in self.inside or name in title:  # not "Successful" of "Successful cities"
                    counts[name] = counts.get(name, 0) + weight
        for word in _CAPITAL.findall(title):
            is_common = len(word) <= 3 or normalise(word) in self.signs.common_names
            if not is_common and word not in counts and any(same_place(word, other) for other in self.inside):
                counts[word] = 5
        for name in counts:
            stem = name[: max(4, len(name) - 2)]
            counts[name] += self.text.count(stem)
        return max(counts, key=lambda name: counts[name], default="")

    @cached_property
    def other_municipalities(self) -> list[str]:
        """Names of other municipalities that the plan names, as it writes them."""
        found: dict[str, None] = {}
        for unit in self.units:
            for name in municipality_names(unit.text, self.signs):
                if not self.is_own(name) and name in self.inside:
                    found.setdefault(name)
        for name in self.others:
            if not self.is_own(name) and any(same_place(word, name) for word in self.inside):
                found.setdefault(name)
        return list(found)

    def is_own(self, word: str) -> bool:
        """Whether a word is the name of this municipality, in any case."""
        return any(same_place(word, part) for part in re.split(r",| and | ja | och |[\s/]+", self.municipality) if part)


def _cells(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.split("|"))


def same_place(a: str, b: str) -> bool:
    """Whether two words may be one name in different cases: "Naapurilan", "Naapurila".

    Neither need be the basic form, from which `names_municipality` of `own` starts: the names of units and villages of
    a plan are known as it writes them. With that in its place a plan of 16 in eval/cases/review gets other findings.
    """
    a, b = (normalise(word).partition("'")[0].partition("-")[0].rstrip(".") for word in (a, b))
    n = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    tails = sorted((a[n:], b[n:]), key=len)
    return n >= max(3, len(a) - 5, len(b) - 7) and len(tails[0]) <= 3 and bool(_ENDING.fullmatch(tails[1]))


def municipality_names(text: str, known: Signs) -> list[str]:
    """Names that a text gives to a municipality, as it writes them."""
    found = []
    for expression in known.municipality:
        for match in re.finditer(expression.replace("{name}", r"[A-ZÅÄÖ][\wåäöÅÄÖ-]{3,}"), text):
            name = next(group for group in match.groups() if group)
            if normalise(name) not in known.common_names:
                found.append(name)
    return found


@lru_cache(maxsize=20_000)
def has_figure(text: str) -> bool:
    """Whether a text counts something in digits: no year, date, section, time or number of a chapter.

    The figure that a plan owes is one to be followed: "two thirds" is none, but for `says_how_many` of `needs`.
    """
    return any(c.isdigit() for c in COUNTS_NOTHING.sub(" ", _NUMBERING.sub("", text)))


def is_empty(cell: str) -> bool:
    """Whether a cell of a table holds no word."""
    return _NO_WORD.fullmatch(cell) is not None


def told(text: str) -> str:
    """A stretch of a plan as a message quotes it."""
    plain = collapse(text)
    return plain if len(plain) <= 90 else f"{plain[:87].rstrip()}..."
