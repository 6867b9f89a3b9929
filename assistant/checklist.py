"""A checklist answered from the municipality's own documents: what shows each item, what is asked, what comes next.

The items are data (prompts/checklists/). An item is met where passages show everything that it needs, partly met where
they show some of it, or that it is only planned or begun, and without evidence otherwise: that nothing was found never
says that nothing was done.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Any

from assistant.citing import Citing, Numbering
from assistant.errors import AssistantError, CorpusError
from assistant.matching import Shown
from assistant.needs import Need, alternatives, needs
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing
from assistant.text import LANGUAGES, normalise
from assistant.types import Draft, ItemAnswer, ItemStatus, Override, Passage, Statement, UnitKind
from assistant.verification import verify_draft
from assistant.writing import extractive

_FOLDER = PROJECT_ROOT / "prompts" / "checklists"
_LAWS = ("duty", "general law", "advice", "never in force", "old law")
_PASSAGES = 2  # that show one need
_PARTS = PROJECT_ROOT / "prompts" / "parts.toml"
# Share of an item's parts that what shows it must name: "education, leisure, business and housing" are examples, and
# "Kela and the employment area" without the county are not all. Set by agreement in
# `python -m eval.checklists`, halves dev and dev2.
_ENOUGH_PARTS = 0.75
# Log odds: below the first, what a denial or a nearer plan outweighs counts for less; how much nearer than a denial
# something must be to be shown; how much nearer a plan must be to make a plan of it. Set by agreement in
# `python -m eval.checklists`, halves dev and dev2.
_SURE, _BESIDE, _NEARER_PLAN = 2.0, 0.5, 1.5


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a checklist."""

    id: str
    text: str
    group: str
    law: str  # one of _LAWS: what stands behind the item today
    law_note: str
    asks: tuple[str, ...]  # fact ids
    needs: tuple[str, ...]
    section: str
    next_step: str
    parts: tuple[str, ...] = ()  # ids of prompts/parts.toml: what it names one by one


@dataclass(frozen=True, slots=True)
class Checklist:
    """A published checklist, in our words."""

    id: str
    title: str
    law_basis: str
    url: str
    items: tuple[Item, ...]


@cache
def checklists() -> dict[str, Checklist]:
    """All checklists by id; raises CorpusError with the place where the data are wrong."""
    return {
        path.stem: _checklist(path.stem, path.read_text(encoding="utf-8")) for path in sorted(_FOLDER.glob("*.toml"))
    }


def checklist_named(name: str) -> Checklist:
    """A checklist; raises AssistantError with the names there are."""
    wanted = " ".join(name.split()).casefold()
    for one in checklists().values():
        if wanted in (one.id, one.title.casefold()):
            return one
    shown = name if len(name) <= 60 else f"{name[:57]}..."
    raise AssistantError(f"There is no checklist {shown!r}. Use one of: {', '.join(checklists())}.")


def _checklist(name: str, text: str) -> Checklist:
    try:
        row = tomllib.loads(text)
        items = tuple(_item(item, group["title"]) for group in row["group"] for item in group["item"])
        return Checklist(name, row["title"], row["law_basis"], row["url"], items)
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"prompts/checklists/{name}.toml: {error}. Give it the fields of the others.") from error


def _item(row: Mapping[str, Any], group: str) -> Item:
    if row["law"] not in _LAWS:
        raise ValueError(f"item {row['id']}: {row['law']!r} is none of {', '.join(_LAWS)}")
    unknown = [need for need in row["needs"] if need not in needs()]
    if unknown:
        raise ValueError(f"item {row['id']}: there is no need {unknown[0]!r}")
    return Item(
        row["id"], row["text"], group, row["law"], row["law_note"], tuple(row["asks"]), tuple(row["needs"]),
        row["section"], row["next_step"], _known_parts(row),
    )  # fmt: skip


def _known_parts(row: Mapping[str, Any]) -> tuple[str, ...]:
    unknown = [part for part in row.get("parts", ()) if part not in part_patterns()]
    if unknown:
        raise ValueError(f"item {row['id']}: there is no part {unknown[0]!r}")
    return tuple(row.get("parts", ()))


@cache
def part_patterns() -> dict[str, Mapping[str, re.Pattern[str]]]:
    """What items name one by one: by id and language, a pattern for normalised text."""
    try:
        rows = tomllib.loads(_PARTS.read_text(encoding="utf-8"))
        return {part: {x: alternatives(terms[x]) for x in LANGUAGES} for part, terms in rows.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{_PARTS.name}: {error!r}. Give each part its words in en, fi and sv.") from error


def names_enough(item: Item, found: Sequence[Sequence[Shown]], citing: Citing) -> bool:
    """Whether the passages that show an item's needs name enough of its parts, all of them together.

    An item of a list or a row of a table speaks with the others of it: "- leisure services", "family | 74".
    """
    said: list[tuple[str, str]] = []
    for s in (s for shown in found for s in shown if s.standing is Standing.SHOWN):
        p = s.passage
        together = citing.group(p.source_id, p.group) if p.kind in (UnitKind.ITEM, UnitKind.ROW) else [p]
        said.append((normalise(" ".join([p.lead_in, *(q.text for q in together)])), s.source.language))
    named = [
        part for part in item.parts if any(part_patterns()[part][language].search(text) for text, language in said)
    ]
    return len(named) >= _ENOUGH_PARTS * len(item.parts)


def beside_denials(found: Sequence[Shown], parts_asked: Sequence[str] = ()) -> list[Shown]:
    """What speaks of one need, with what is left of it beside denials and plans, best first.

    A denial takes all from what is weaker, if that is not sure of itself: "no group has been set up" beside a passage
    that only mentions groups. From what is sure, or names another part of the item, it takes a part: "companies were
    not invited" beside "associations and schools were invited". A plan that is nearer to the matter does so too.
    """
    denied = [s for s in found if s.standing is Standing.DENIED]
    denial = max((s.score for s in denied), default=-inf)
    plan = max((s.score for s in found if s.standing is Standing.PLANNED), default=-inf)
    gone = {part for s in denied for part in parts_asked if _names(s, part)}
    left = []
    for s in found:
        how = s.standing
        if how > Standing.DENIED and s.score < min(_SURE, denial):
            others = any(_names(s, part) for part in parts_asked if part not in gone)
            how = Standing.PLANNED if others else Standing.DENIED
        elif how is Standing.SHOWN and (s.score < denial + _BESIDE or s.score < min(_SURE, plan - _NEARER_PLAN)):
            how = Standing.PLANNED
        left.append(replace(s, standing=how))
    return sorted(left, key=lambda s: (-s.standing, -s.score))


def _names(shown: Shown, part: str) -> bool:
    said = normalise(f"{shown.passage.lead_in} {shown.passage.text}")
    return part_patterns()[part][shown.source.language].search(said) is not None


def status_of(found: Sequence[Sequence[Shown]]) -> ItemStatus:
    """The status of an item from what speaks of each of its needs, best first."""
    best = [shown[0].standing if shown else Standing.DENIED for shown in found]
    if best and min(best) is Standing.SHOWN:
        return ItemStatus.MET
    return ItemStatus.PARTLY if best and max(best) > Standing.DENIED else ItemStatus.NO_EVIDENCE


def answer_item(
    item: Item,
    found: Sequence[Sequence[Shown]],
    asked: Sequence[Passage],
    citing: Citing,
    numbering: Numbering,
    override: Override | None,
) -> ItemAnswer:
    """Answer one item.

    Args:
        item: Of a checklist.
        found: For each of its needs what speaks of it, each with what it says alone.
        asked: Facts of law or guidance that ask for it.
        citing: The sources.
        numbering: Of the citations of the whole checklist.
        override: What a person has said of it.
    """
    found = [beside_denials(shown, item.parts) for shown in found]
    statements = [s for shown in found for s in _quoted(_best(shown), citing, numbering)]
    status = status_of(found)
    if status is ItemStatus.MET and not names_enough(item, found, citing):
        status = ItemStatus.PARTLY
    if status is not ItemStatus.NO_EVIDENCE and not statements:
        status = ItemStatus.NO_EVIDENCE  # what cannot be quoted shows nothing
    open_needs = [needs()[n] for n, shown in zip(item.needs, found, strict=True) if _is_open(shown)]
    return ItemAnswer(
        id=item.id, text=item.text, status=status, statements=tuple(dict.fromkeys(statements)),
        next_step=_next_step(item, status, open_needs), group=item.group, law=item.law, law_note=item.law_note,
        asked=tuple(_quoted(asked, citing, numbering)), section=item.section,
        missing=tuple(need.asks for need in open_needs), override=override,
    )  # fmt: skip


def _is_open(shown: Sequence[Shown]) -> bool:
    return not shown or shown[0].standing is not Standing.SHOWN


def _best(shown: Sequence[Shown]) -> list[Passage]:
    return [s.passage for s in shown if s.standing is shown[0].standing][:_PASSAGES]


def _quoted(passages: Sequence[Passage], citing: Citing, numbering: Numbering) -> list[Statement]:
    drafted = [s for p in passages for s in extractive.quote_passages([p], citing.group, citing.text)]
    return [
        numbering.statement(v)
        for v in verify_draft(Draft(extractive.NAME, tuple(drafted)), citing.source_text).statements
    ]


def _next_step(item: Item, status: ItemStatus, open_needs: Sequence[Need]) -> str:
    if status is ItemStatus.MET:
        return "Check that the passages still hold, and refer to them in the plan."
    if status is ItemStatus.NO_EVIDENCE or not open_needs:
        return item.next_step
    still = " ".join(dict.fromkeys(need.asks for need in open_needs))
    return f"Still open: {still} {item.next_step}"
