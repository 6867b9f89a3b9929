"""The words and the numbers of a situation picture; prompts/situation/wording.toml has them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.text import collapse, normalise
from assistant.types import Observation, Showing

_LANGUAGES = ("en", "fi", "sv")  # in the order of the rows of names


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    language: str
    words: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        """A word or a table of words; "sentences.residents" is inside one."""
        found: Any = self.words
        for part in name.split("."):
            found = found[part]
        return found

    def say(self, template: str, /, **values: object) -> str:
        """A template with its places filled."""
        return collapse(str(self[template]).format(**values))

    def where(self, municipality: str | None) -> dict[str, str]:
        """The municipality as templates take it: its name, and where that is."""
        place = municipality or str(self["municipality"])
        here = str(self.words.get("here" if municipality else "here_unnamed", ""))
        return {"place": place, "here": here.format(place=place)}

    def group(self, group: str) -> dict[str, str]:
        """The short name of a group, and the forms of it that this language needs."""
        short = str(self[f"short.{group}"])
        return {"short": short, "Short": short[:1].upper() + short[1:], **self.words.get("forms", {}).get(group, {})}

    def number(self, value: float, *, decimals: int = 0) -> str:
        """A number as it is printed: "1,234" and "5.2", or "1 234" and "5,2" with spaces that do not break."""
        text = f"{abs(value):,.{decimals}f}".replace(",", "\0").replace(".", self["decimal"])
        return ("−" if value < 0 and text.strip("0,.\0") else "") + text.replace("\0", self["group"])

    def observed(self, observation: Observation, unit: str) -> str:
        """An observation as a sentence says it: one that has a value, or is too small to have one."""
        if observation.value is not None:
            return self.number(observation.value, decimals=1 if unit == "per cent" else 0)
        return str(self["few"])

    def mark(self, observation: Observation) -> str:
        """What a plot says in the place of a value that is not shown; empty where it is."""
        names = {
            Showing.FEW: "few_mark",
            Showing.HIDDEN: "hidden_mark",
            Showing.WITHHELD: "withheld_mark",
            Showing.MISSING: "missing_mark",
        }
        return str(self[names[observation.shown]]) if observation.value is None else ""

    def when(self, period: str, *, end: bool) -> str:
        """The time that opens a sentence; `end` where figures are of the last day of a year."""
        if len(period) > 4:
            return self.say("when_month", year=period[:4], month=self["months"][int(period[5:7]) - 1])
        return self.say("when_end" if end else "when_in", year=period)

    def day(self, iso: str | None) -> str:
        """A day as it is written."""
        try:
            day = date.fromisoformat(iso or "")
        except ValueError:
            return iso or ""
        return self.say("day", day=day.day, month=self["months"][day.month - 1], n=day.month, year=day.year)

    def listed(self, texts: Sequence[str]) -> str:
        """Members of a list in one line."""
        if len(texts) < 2:
            return "".join(texts)
        return f"{', '.join(texts[:-1])} {self['and']} {texts[-1]}"

    def name(self, label: str, by: str) -> str:
        """A language or country in this language, where it is known; else as the table has it."""
        return _names(by, self.language).get(_named(label, by), label)


@cache
def wording(language: str = "en") -> Wording:
    """The words of a language."""
    return Wording(language, {**_data()[language]})


def is_named(label: str, by: str) -> bool:
    """Whether a label of a table is the name of a "language" or "country" that is known."""
    return bool(_named(label, by))


def facts_for(what: str) -> tuple[str, ...]:
    """Ids of facts of the corpus on what such figures mean."""
    return tuple(_data()["facts"].get(what, ()))


def need_for(what: str) -> str:
    """The need that such a sentence answers; empty for none."""
    return str(_data()["needs"].get(what, ""))


@cache
def _data() -> dict[str, Any]:
    path = PROJECT_ROOT / "prompts" / "situation" / "wording.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error


def _named(label: str, by: str) -> str:
    """The name in a label by which it is known, without "kieli" or "speakers" and a second name; empty for none."""
    known = _names(by, "en")
    said = normalise(label)
    first = re.sub(r"^[a-z]{2,3} (?=\w)", "", re.split(r"[,/(]", said)[0]).strip()  # "ru venäjä"
    bare = re.sub(r"n?[ -]?kieli(?:set|nen)?$|n kieli$| (?:language|speakers|speaking)$| språket$", "", first)
    return next((name for name in (said, first, bare, re.sub(r"språkiga$", "a", first)) if name in known), "")


@cache
def _names(by: str, language: str) -> dict[str, str]:
    at = _LANGUAGES.index(language)
    return {normalise(name): row[at] for row in _data()["names"].get(by, ()) for name in row}
