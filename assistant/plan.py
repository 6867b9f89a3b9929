"""The sections of a plan as data (prompts/plans/): what law and guidance say of each, and what to find out.

Two plans: `plan`, planning under section 45 of Act 681/2023 as in force, which asks for planning and development and
for no separate document; and `programme-1386`, the ten elements of the older checklist, for those who update one.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from assistant.errors import AssistantError, CorpusError
from assistant.settings import PROJECT_ROOT

_FOLDER = PROJECT_ROOT / "prompts" / "plans"
DEFAULT = "plan"

STATUSES = ("duty", "recommended", "good-practice", "old-law")  # who asks for the content of a section


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a section with the needs that stand under it."""

    heading: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a plan."""

    plan: str
    id: str
    title: str
    purpose: str
    status: str  # one of STATUSES
    requires: tuple[str, ...]  # fact ids: the law
    recommends: tuple[str, ...]  # fact ids: guidance
    objectives: bool  # whether it has a table of objectives
    indicators: tuple[str, ...]  # fact ids: examples of indicators
    queries: Mapping[str, tuple[str, ...]]  # by language
    parts: tuple[Part, ...]
    titled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language: terms of a title on its theme
    theme: str = ""  # the need that a text of such a title answers, whatever its words

    @property
    def needs(self) -> list[str]:
        """Ids of all needs in reading order."""
        return [need for part in self.parts for need in part.needs]


@dataclass(frozen=True, slots=True)
class Plan:
    """The sections of one plan, in order."""

    id: str
    title: str
    law_basis: str
    about: str
    sections: tuple[Section, ...]


@cache
def plans() -> dict[str, Plan]:
    """All plans by id, the default one first; raises CorpusError with the place where the data are wrong."""
    found = {path.stem: _plan(path.stem, path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))}
    return {DEFAULT: found[DEFAULT], **found}


def plan_named(name: str) -> Plan:
    """A plan; raises AssistantError with the names there are."""
    if name not in plans():
        raise AssistantError(f"There is no plan {name!r}. Use one of: {', '.join(plans())}.")
    return plans()[name]


def section_named(name: str) -> Section:
    """A section by id or title; raises AssistantError with the nearest names."""
    every = [section for plan in plans().values() for section in plan.sections]
    wanted = " ".join(name.split()).casefold()
    for section in every:
        if wanted in (section.id, section.title.casefold()):
            return section
    ids = [section.id for section in every]
    near = difflib.get_close_matches(wanted, ids, n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    shown = name if len(name) <= 60 else f"{name[:57]}..."
    raise AssistantError(f"There is no section {shown!r}.{hint} The command `draft --list` names them all.")


def _plan(name: str, text: str) -> Plan:
    try:
        row = tomllib.loads(text)
        sections = tuple(_section(name, one) for one in row["section"])
        return Plan(name, row["title"], row["law_basis"], row["about"], sections)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorpusError(f"prompts/plans/{name}.toml: {error}. Give it the fields of the other plan.") from error


def _section(plan: str, row: Mapping[str, Any]) -> Section:
    if row["status"] not in STATUSES:
        raise ValueError(f"section {row['id']}: the status {row['status']!r} is none of {', '.join(STATUSES)}")
    return Section(
        plan=plan, id=row["id"], title=row["title"], purpose=row["purpose"], status=row["status"],
        requires=_texts(row["requires"]), recommends=_texts(row["recommends"]), objectives=bool(row["objectives"]),
        indicators=_texts(row["indicators"]), queries={x: _texts(row["queries"][x]) for x in ("en", "fi", "sv")},
        parts=tuple(Part(part["heading"], _texts(part["needs"])) for part in row["part"]),
        titled={x: _texts(terms) for x, terms in row.get("titled", {}).items()}, theme=row.get("theme", ""),
    )  # fmt: skip


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{values!r} is no list of texts")
    return tuple(values)
