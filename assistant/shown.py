"""How dates and addresses are shown, on screen and in files."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

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
