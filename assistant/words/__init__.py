"""Every fixed word that the program shows a person, in English, Finnish and Swedish: screens, Word files, messages.

One TOML file an area, a table a text with the three languages beside each other. What programs read (`--json`, the
command line, exceptions) is English; a screen turns it into the reader's language last of all, through `message`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "English", "fi": "Suomi", "sv": "Svenska"}

_MONTHS = "January February March April May June July August September October November December".split()
_FOLDER = Path(__file__).parent
_MESSAGES = "messages"  # the file whose rows are found by their English words, not by a key


class Words:
    """The texts of one language.

    >>> words("fi")("ask.send")
    'Kysy'
    """

    def __init__(self, language: str) -> None:
        """Use `words`, which keeps them."""
        self.language = language
        self._texts = {key: row[language] for key, row in catalogue().items()}
        self._names = {row["en"]: row[language] for row in _message_rows() if "{" not in row["en"]}
        self._messages = [] if language == "en" else [(_pattern(row["en"]), row[language]) for row in _message_rows()]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key such as "ask.send", with its {fields} filled; raises KeyError for an unknown one."""
        text = self._texts[key]
        return text.format(**values) if values else text

    def of(self, group: str, one: str) -> str:
        """The text of one value of a group, such as of("answer.kind", "law"); the value itself where there is none."""
        return self._texts.get(f"{group}.{one}", one)

    def date(self, written: str | None) -> str:
        """An ISO date, month or year as people write it in this language; anything else as it stands."""
        text = " ".join((written or "").split())
        if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
            month = int(match[2])
            return f"{_MONTHS[month - 1]} {match[1]}" if self.language == "en" else f"{month}/{match[1]}"
        try:
            day = date.fromisoformat(text[:10] if re.match(r"\d{4}-\d\d-\d\dT", text) else text)
        except ValueError:
            return text
        if "-" not in text:
            return text
        return (
            f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
            if self.language == "en"
            else f"{day.day}.{day.month}.{day.year}"
        )

    def message(self, text: str) -> str:
        """A message of the program in this language; in English where no row of messages.toml fits it."""
        for pattern, translation in self._messages:
            found = pattern.fullmatch(text)
            if found:
                return translation.format(**{field: self.name(value) for field, value in found.groupdict().items()})
        return text

    def name(self, text: str) -> str:
        """A name or sentence that a message of the program holds, or several of them joined, in this language."""
        if text in self._names:
            return self._names[text]
        for between, pattern in ((", ", ", "), ("; ", "; "), (" ", r"(?<=\.) (?=[A-Z])")):
            parts = re.split(pattern, text)
            if all(part in self._names for part in parts):
                return between.join(self._names[part] for part in parts)
        return text


@cache
def words(language: str) -> Words:
    """The texts of a language of `LANGUAGES`."""
    return Words(language)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every text by its key ("file.table"), each by language."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        if path.stem != _MESSAGES:
            rows = tomllib.loads(path.read_text(encoding="utf-8"))
            found |= {f"{path.stem}.{key}": row for key, row in _rows(rows)}
    return found


def _rows(tables: Mapping[str, Any], within: str = "") -> list[tuple[str, dict[str, str]]]:
    rows: list[tuple[str, dict[str, str]]] = []
    for name, table in tables.items():
        key = f"{within}{name}"
        rows += [(key, table)] if "en" in table else _rows(table, f"{key}.")
    return rows


@cache
def _message_rows() -> list[dict[str, str]]:
    """Templates of messages: each field of the English one, {name}, stands in the others too."""
    path = _FOLDER / f"{_MESSAGES}.toml"
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["message"]) if path.exists() else []


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    named = (f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    return re.compile("".join(named), re.DOTALL)
