"""Text that speaks to a machine instead of to a reader: instructions hidden in a document are data and no orders.

A net of words and not a judge: it looks for who is addressed (an assistant, a model, a program that answers), for the
marks of a chat, for orders on answers ("in every answer", "tell the reader that") and for what only an attacker asks
(keys, hidden instructions, another role), in English, Finnish and Swedish; the words are in prompts/addressed.toml.
Letters that look alike, invisible characters and letters set apart are undone first. What is caught is kept, warned of,
and never searched or quoted.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache

from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT
from assistant.text import latin

_SPACED = re.compile(r"(?<!\S)(?:\S[ \t]{1,4}){7,}\S(?!\S)")
_TURNED = re.compile("[\u202d\u202e\u2067]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u034f\u180e]")

_DATA = PROJECT_ROOT / "prompts" / "addressed.toml"


@cache
def _addressed() -> re.Pattern[str]:
    try:
        data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        words = {name: f"(?:{row})" for name, row in data["words"].items()}
        patterns = [_filled(pattern, words) for pattern in data["patterns"]["search"]]
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
    except (OSError, ValueError, KeyError, re.error) as error:
        raise AssistantError(f"prompts/{_DATA.name} cannot be read ({error}). Install Kotoapuri again.") from error


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda m: words[m[1]], pattern)


def addresses_machine(text: str) -> bool:
    """Whether a sentence speaks to a machine that answers."""
    plain = _plain(text)
    turned = plain[::-1] if _TURNED.search(text) else ""  # written backwards, to be shown forwards
    return any(_addressed().search(said) for said in (plain, turned)) or _misspelt(plain)


def _misspelt(text: str) -> bool:
    """Whether words come near to "ignore" and "instructions" without being spelt so."""
    from rapidfuzz.distance import DamerauLevenshtein

    words = re.findall(r"[a-z]{4,14}", text)
    near = {
        wanted for wanted in _FUZZY for word in words
        if word[0] == wanted[0] and word != wanted and abs(len(word) - len(wanted)) <= 2
        and DamerauLevenshtein.distance(word, wanted, score_cutoff=2) <= 2
    }  # fmt: skip
    return len(near) >= 2 and "instructions" in near


_FUZZY = ("ignore", "previous", "instructions", "disregard", "assistant")


def _plain(text: str) -> str:
    """A text in the letters that it shows, on one line."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = _SPACED.sub(lambda m: re.sub(r"[ \t]{2,}", "\0", m[0]).replace(" ", "").replace("\0", " "), text)
    return " ".join(latin(text).replace("’", "'").split())
