"""What a source is worth on a day: validity, and names of bodies and things that have changed since it was written.

The data are in corpus/successions.jsonl and in the manifest; this module only compares dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.types import Currency, Source

# Act 1386/2010 ended and Act 681/2023 began: Act 681/2023, section 101.
NEW_ACT_FROM = "2025-01-01"
_PERIODS = {"1386/2010": ("2011-09-01", "2024-12-31"), "681/2023": (NEW_ACT_FROM, None)}
_OLD, _NEW = "1386/2010", "681/2023"
# The plan document of Act 1386/2010. Under Act 681/2023 the same English words name a package of services, but pages
# written under it name that Act too.
_OLD_DOCUMENT = re.compile(r"\b(?:municipal integration programmes?|kotouttamisohjelma\w*)\b", re.IGNORECASE)
# "which will enter into force on 1 January 2025": written before that day.
_BEFORE_NEW_ACT = re.compile(
    r"(?:will enter into force|enters into force|tulee voimaan|träder i kraft)[^.]{0,30}?"
    r"(?:1 January 2025|1\.1\.2025|1 januari 2025|1\. tammikuuta 2025|2025 alusta)"
)


@dataclass(frozen=True, slots=True)
class Succession:
    """A body or term that ended, and what took its place."""

    term: str
    variants: tuple[str, ...]
    ended: str  # ISO date, its last day
    since: str | None  # ISO date, first day of the successor
    successor: str
    message: str  # for the reader
    exceptions: tuple[str, ...] = ()  # longer names that contain a variant and are not outdated


def currency(source: Source, as_of: str) -> Currency:
    """What a source is worth on a day (ISO date)."""
    if source.never_in_force:
        return Currency.NEVER_IN_FORCE
    start, end = _PERIODS.get(source.law_basis or "", (None, None))
    start, end = source.valid_from or start, source.valid_to or end
    if end and as_of > end:
        return Currency.OUTDATED
    if start and as_of < start:
        return Currency.NOT_IN_FORCE_YET
    return Currency.CURRENT if start or end else Currency.UNKNOWN


def law_basis_of(text: str) -> str | None:
    """The Act under which a text was written, as far as the text tells: "681/2023", "1386/2010" or None."""
    if _NEW in text:
        return _NEW
    if (
        _OLD in text
        or _OLD_DOCUMENT.search(text)
        or any(s.ended < NEW_ACT_FROM and _pattern(s).search(text) for s in successions())
    ):
        return _OLD
    return None


def written_before_new_act(source: Source, text: str) -> bool:
    """Whether guidance on Act 681/2023 was written before it began, and so may describe duties that never did.

    Act 1100/2024 rewrote section 45 and repealed sections 13(3), 15, 17, 21 and 48 before 1 January 2025.
    """
    if source.law_basis != _NEW or source.digest:
        return False
    return source.written < NEW_ACT_FROM if source.written else _BEFORE_NEW_ACT.search(text) is not None


def changed_terms(text: str, as_of: str) -> list[Succession]:
    """The bodies and terms in a text that had ended by a day; not those whose successor the text names beside them."""
    return [
        s
        for s in successions()
        if as_of > s.ended and _pattern(s).search(_without(text, s.exceptions)) and not _names_successor(text, s)
    ]


def _names_successor(text: str, succession: Succession) -> bool:
    name = succession.successor.partition(" (")[0].lower()
    return bool(name) and name in text.lower()


def _without(text: str, exceptions: Sequence[str]) -> str:
    for exception in exceptions:
        text = re.sub(re.escape(exception), " ", text, flags=re.IGNORECASE)
    return text


@cache
def successions() -> tuple[Succession, ...]:
    """All successions of the corpus; raises CorpusError where the file is missing or damaged."""
    path = PROJECT_ROOT / "corpus" / "successions.jsonl"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return tuple(
            Succession(
                row["term"], tuple(row["variants"]), row["ended"], row["since"], row["successor"] or "", row["message"],
                tuple(row.get("exceptions") or ()),
            )
            for row in rows
            if row["ended"]
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path.name} of the corpus cannot be read ({error!r}). Install Kotoapuri again.") from error


@cache
def _pattern(succession: Succession) -> re.Pattern[str]:
    names = sorted({succession.term, *succession.variants}, key=len, reverse=True)
    # Upper-case names keep their case: "VALKO" and "valko" are not the same word.
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?!\w)")
