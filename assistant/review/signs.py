"""What the checks look for, as data of prompts/review/: signs by language, rules made of signs, kinds of findings.

A sign is a list of words and phrases. "kehit*" takes any ending, "*päällikkö" any beginning, "(a|b)" either, a lone "*"
stands for up to three words and "..." for any number.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.text import normalise

FOLDER = PROJECT_ROOT / "prompts" / "review"
LANGUAGES = ("en", "fi", "sv")
SEVERITIES = ("duty", "advice")
_PIECES = re.compile(r"\([^)]*\)\S*|\S+")


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that shows every sign of `all` and none of `unless` is a finding."""

    kind: str
    all: tuple[str, ...]
    unless: tuple[str, ...] = ()
    around: tuple[str, ...] = ()  # one of these in the whole paragraph
    unless_around: tuple[str, ...] = ()  # none of these there
    figure: bool | None = None  # True: only with a figure; False: only without one
    history: bool = True  # whether what is told of the past is left alone
    roles: tuple[str, ...] = ()  # only in chapters on these
    not_roles: tuple[str, ...] = ()
    rows: bool = True  # whether rows of tables are looked at
    in_order: bool = False  # whether the second sign stands right after the first: who is what


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding. `why` and `what_to_do` may hold {details} that the check fills in."""

    id: str
    weakness: int
    title: str
    severity: str  # one of SEVERITIES: whether the law asks for it
    why: str
    what_to_do: str
    cites: tuple[str, ...]  # ids of facts of the bundled corpus
    doubted: bool = False  # whether it goes by words alone, so that it must also read like the weakness (`learnt`)


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs of one language, as patterns for normalised text."""

    language: str
    headings: Mapping[str, re.Pattern[str]]  # what a chapter is about
    signs: Mapping[str, re.Pattern[str]]
    themes: Mapping[str, re.Pattern[str]]  # in the order in which they are told
    common_names: frozenset[str]  # normalised: capitalised words that are no local names
    municipality: tuple[str, ...]  # expressions with {name}, for text as written
    ended: Mapping[str, re.Pattern[str]]  # term of corpus/successions.jsonl -> how a plan names it


@cache
def signs(language: str) -> Signs:
    """The signs of a language; raises CorpusError where the file is damaged."""
    path = FOLDER / f"{language}.toml"
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
        names = row["names"]
        return Signs(
            language,
            _patterns(row["headings"]),
            _patterns(row["signs"]),
            _patterns(row["themes"]),
            frozenset(names["common"]),
            tuple(names["municipality"]),
            _patterns(row["ended"]),
        )
    except (OSError, ValueError, KeyError, TypeError, re.error) as error:
        raise CorpusError(f"prompts/review/{path.name}: {error!r}. Give it the fields of the others.") from error


@cache
def rules() -> tuple[Rule, ...]:
    """All rules; raises CorpusError where one names a kind or a sign that there is not."""
    path = FOLDER / "rules.toml"
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
        found = tuple(_rule(row) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"prompts/review/rules.toml: {error!r}. Give each rule the fields of the others.") from error
    for rule in found:
        for language in LANGUAGES:
            known = signs(language)
            unknown = [s for s in (*rule.all, *rule.unless, *rule.around, *rule.unless_around) if s not in known.signs]
            unknown += [r for r in (*rule.roles, *rule.not_roles) if r not in known.headings]
            unknown += [rule.kind] if rule.kind not in kinds() else []
            if unknown:
                raise CorpusError(
                    f"prompts/review/rules.toml: {unknown[0]!r} is not known ({language}). Mend the name."
                )
    return found


def _rule(row: Mapping[str, Any]) -> Rule:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return Rule(**values)


@cache
def kinds() -> dict[str, Kind]:
    """All kinds of findings by id; raises CorpusError with the place where the data are wrong."""
    path = FOLDER / "kinds.toml"
    try:
        return {row["id"]: _kind(row) for row in tomllib.loads(path.read_text(encoding="utf-8"))["kind"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"prompts/review/kinds.toml: {error!r}. Give each kind the fields of the others.") from error


def _kind(row: Mapping[str, Any]) -> Kind:
    kind = Kind(**{**row, "cites": tuple(row["cites"])})
    if kind.severity not in SEVERITIES or not 1 <= kind.weakness <= 16:
        raise ValueError(f"{kind.id}: severity or weakness")
    return kind


def _patterns(table: Mapping[str, Sequence[str]]) -> dict[str, re.Pattern[str]]:
    return {name: pattern(phrases) for name, phrases in table.items()}


def pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """A pattern for normalised text that matches any of these words and phrases; nothing where there are none."""
    open_start = [p for p in phrases if p.startswith("*") and not p.startswith("* ")]
    rest = [p for p in phrases if p not in open_start]
    # Word starts are looked for once, not in every alternative: a plan has two thousand sentences.
    parts = [rf"(?<!\w)(?:{'|'.join(map(_phrase, rest))})"] if rest else []
    parts += [rf"(?:{'|'.join(_phrase(p[1:]) for p in open_start)})"] if open_start else []
    return re.compile("|".join(parts) or r"(?!)")


def _phrase(phrase: str) -> str:
    pieces = _PIECES.findall(normalise(phrase))
    while len(pieces) > 1 and pieces[-1] == "*":  # "ten *": whatever follows
        pieces.pop()
    made = ""
    for n, piece in enumerate(pieces):
        if piece == "*":
            made += r"(?:[\w%§]+\W+){0,3}?"
        elif piece == "...":
            made += r"(?:.*\W)?"
        else:
            made += _piece(piece) + (r"\W+" if n + 1 < len(pieces) else "")
    return made + (r"(?!\w)" if pieces[-1][-1].isalnum() or pieces[-1][-1] in ")*" else "")


def _piece(piece: str) -> str:
    if piece.startswith("("):
        body, _, ending = piece.partition(")")
        inner = "|".join(
            r"\W+".join(_piece(word) for word in alternative.split()) for alternative in body[1:].split("|")
        )
        return rf"(?:{inner})" + (_piece(ending) if ending.strip("*") else r"\w*" if ending else "")
    start = r"\w*" if piece.startswith("*") else ""
    word = re.escape(piece.strip("*")).replace(r"\-", r"[\s-]?")
    return start + word + (r"\w*" if piece.endswith("*") else "")
