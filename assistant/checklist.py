"""A checklist answered from the municipality's own documents: what shows each item, what is asked, what comes next.

The items are data (prompts/checklists/). An item is met where passages show everything that it needs, partly met where
they show some of it, or that it is only planned or begun, and without evidence otherwise: that nothing was found never
says that nothing was done.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.citing import Citing, Numbering
from assistant.errors import AssistantError, CorpusError
from assistant.matching import Shown
from assistant.needs import Need, needs
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing
from assistant.types import Draft, ItemAnswer, ItemStatus, Override, Passage, Statement
from assistant.verification import verify_draft
from assistant.writing import extractive

_FOLDER = PROJECT_ROOT / "prompts" / "checklists"
_LAWS = ("duty", "general law", "advice", "never in force", "old law")
_PASSAGES = 2  # that show one need


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
        row["section"], row["next_step"],
    )  # fmt: skip


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
        found: For each of its needs what speaks of it, best first.
        asked: Facts of law or guidance that ask for it.
        citing: The sources.
        numbering: Of the citations of the whole checklist.
        override: What a person has said of it.
    """
    statements = [s for shown in found for s in _quoted(_best(shown), citing, numbering)]
    status = status_of(found)
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
