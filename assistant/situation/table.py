"""A table of statistics as read: variables with their categories, a value for each combination, and its origin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from assistant.errors import AssistantError
from assistant.text import collapse, shortened

CELLS = 300_000  # StatFin gives at most 120,000 at a time; a table of one municipality has a few thousand
NAME_CHARS = 300  # of a title, a source or a label


class TableError(AssistantError):
    """A file holds no table that can be used; the others of the same call still can."""


class Gone(Enum):
    """Why a cell has no number, by the signs of Statistics Finland."""

    WITHHELD = "withheld"
    MISSING = "missing"


# Zero in official tables; in anybody else's it may be a cell that was left out: `grid.with_nil` tells them apart.
NIL = "-"
SIGNS = {
    "": Gone.MISSING, ".": Gone.MISSING, "..": Gone.MISSING, "na": Gone.MISSING, "n/a": Gone.MISSING,
    "...": Gone.WITHHELD, "…": Gone.WITHHELD, "*": Gone.WITHHELD, "**": Gone.WITHHELD, "***": Gone.WITHHELD,
    "x": Gone.WITHHELD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Category:
    """One value of a variable."""

    code: str  # empty where the file has labels only
    label: str


@dataclass(frozen=True, slots=True)
class Variable:
    """What a table is divided by."""

    name: str  # "Kieli", "Year"; empty where the file does not name it
    categories: tuple[Category, ...]
    code: str = ""
    role: str = ""  # "time", "geo" or "metric" where the file says so


Datum = float | Gone


@dataclass(frozen=True, slots=True)
class Table:
    """One table. What `data` does not hold was not in the file."""

    file: str
    title: str
    variables: tuple[Variable, ...]
    data: Mapping[tuple[int, ...], Datum]  # place of the category of each variable → value
    source: str | None = None
    table_id: str | None = None
    updated: str | None = None  # ISO date
    url: str | None = None
    percent: bool = False  # whether the numbers carry a per cent sign


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a table comes from, as far as its file says."""

    source: str | None = None
    table_id: str | None = None
    updated: str | None = None
    url: str | None = None


_LABELS = {
    "source": r"(?:source|sources|lähde|lähteet|källa|källor)",
    "updated": r"(?:latest update|last updated?|updated|viimeisin päivitys|päivitetty|senaste uppdatering|uppdaterad)",
    "table_id": r"(?:internal reference code|reference code|sisäinen viitekoodi|viitekoodi|intern referenskod"
    r"|referenskod|table id|taulukon tunnus|tabellkod|matrix|matriisi)",
}
_LABELLED = {name: re.compile(rf"^{words}\s*:\s*(.*)$", re.IGNORECASE | re.DOTALL) for name, words in _LABELS.items()}
_PX_ID = re.compile(r"\b(?:stat\w+?_)?[a-z]+_pxt?_([0-9a-z]{3,8})\b|\b([0-9]{2,3}[a-z]{1,2})\.px\b", re.IGNORECASE)
TITLE_ID = re.compile(r"^([0-9]{2,3}[a-z]{1,2})\s*(?:--|–|—|:|-)\s+", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"']+")


def origin(title: str, notes: Sequence[str]) -> Origin:
    """What the lines around a table say of its source; a label may stand alone on the line before."""
    found: dict[str, str] = {}
    for n, note in enumerate(notes):
        for name, pattern in _LABELLED.items():
            if name not in found and (match := pattern.match(note)):
                said = collapse(match[1]) or next(iter(notes[n + 1 : n + 2]), "")
                if said and not any(p.match(said) for p in _LABELLED.values()):
                    found[name] = said
    text = "\n".join([title, *notes])
    url = _URL.search(text)
    return Origin(
        clipped(found["source"]) if "source" in found else None,
        _table_id(found.get("table_id", ""), title, text),
        iso_day(found.get("updated", "")),
        url.group().rstrip(".,;)") if url else None,
    )


def _table_id(said: str, title: str, text: str) -> str | None:
    for match in (_PX_ID.search(said), TITLE_ID.match(title)):
        if match:
            return next(group for group in match.groups() if group).lower()
    if said:
        return clipped(said.removesuffix(".px"), 40)
    match = _PX_ID.search(text)
    return next(group for group in match.groups() if group).lower() if match else None


def short_id(table_id: str) -> str:
    """A table id as it is cited: "11rm" of "statfin_vaerak_pxt_11rm.px"."""
    return _table_id(table_id, "", table_id) or table_id


def iso_day(text: str) -> str | None:
    """The day in "20240426 08:00", "2024-04-26T05:00:00Z" or "26.4.2024"; None where there is none."""
    for pattern, order in (
        (r"\b(\d{4})-?(\d{2})-?(\d{2})(?!\d)", (1, 2, 3)),
        (r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b", (3, 2, 1)),
    ):
        if match := re.search(pattern, text):
            year, month, day = (int(match[n]) for n in order)
            try:
                return date(year, month, day).isoformat()
            except ValueError:
                return None
    return None


def clipped(text: str, chars: int = NAME_CHARS) -> str:
    """A text of a file on one line, without what cannot be printed, and not longer than it may be."""
    return shortened("".join(c if c.isprintable() else " " for c in text), chars)
