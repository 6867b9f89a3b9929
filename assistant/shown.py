"""How dates, addresses and gaps of tables are shown, on screen and in files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from assistant.types import Cell

GAP_MARK = re.compile(r"\[TO FILL: ([^\[\]\n]{1,200})\]")
_MONTHS = "January February March April May June July August September October November December".split()


def readable_date(written: str | None) -> str:
    """An ISO date, month or year as people write it; anything else as it stands."""
    text = " ".join((written or "").split())
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        month = int(match[2])
        return f"{_MONTHS[month - 1]} {match[1]}" if 1 <= month <= 12 else text
    try:
        day = date.fromisoformat(text[:10] if re.match(r"\d{4}-\d\d-\d\dT", text) else text)
    except ValueError:
        return text
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if "-" in text else text


def web_address(url: str | None) -> str | None:
    """An address that may become a link: http or https with a host, no white space; None for everything else."""
    if not url or len(url) > 2000 or re.search(r"[\s\x00-\x20\x7f-\x9f<>\"\ud800-\udfff\\^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and not parts.username else None


def with_gaps_together(columns: Sequence[str], row: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """Cells with their columns, in order; those that hold nothing but one and the same gap become one, at the end."""
    told: list[tuple[str, Cell]] = []
    gaps: dict[str, list[str]] = {}
    for column, cell in zip(columns, row, strict=False):
        if GAP_MARK.fullmatch(cell.text.strip()):
            gaps.setdefault(cell.text.strip(), []).append(column)
        else:
            told.append((column, cell))
    for mark, named in gaps.items():
        rest = [name[:1].lower() + name[1:] for name in named[1:]]
        told.append((", ".join([named[0], *rest]), Cell(mark)))
    return told
