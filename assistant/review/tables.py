"""What the tables of a plan show: owners, indicators, measures, resources and times, column by column.

All rows of one table that show the same are one finding, from the first to the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.review.plan_text import DATE, PERIOD, YEAR, Plan, Unit, has_figure, is_empty, told
from assistant.review.sentences import Raw, at, ended_bodies, is_open, is_specific, is_vague
from assistant.text import content_stems, normalise

_SHORT_CELL = 3  # words; "Participants" alone is a count of them
_COLUMNS = ("owner", "measure", "goal", "indicator", "baseline", "time", "resource")


def table_findings(plan: Plan) -> Iterator[Raw]:
    """All findings on tables, in no order."""
    rows = [u for u in plan.units if u.is_row]
    for _, group in groupby(rows, key=lambda u: u.table):
        yield from _table(plan, list(group))


def _table(plan: Plan, rows: Sequence[Unit]) -> Iterator[Raw]:
    place = _places(plan, rows[0].columns)
    found: dict[str, list[Unit]] = {}
    for row in rows:
        for kind in _row(plan, row, place):
            found.setdefault(kind, []).append(row)
    for kind, some in found.items():
        count = f" (in {len(some)} of {len(rows)} rows)" if len(rows) > 1 else ""
        verb = is_vague(plan, some[0].said) if kind == "vague-measure" else ""
        details = {"rows": count, "verb": told(verb), **_body(plan, kind, some)}
        yield replace(at(kind, *some), details=details)
    yield from _resources(plan, rows, place)
    yield from _past(plan, rows, place)
    yield from _repeated(plan, rows, place)


def _places(plan: Plan, columns: Sequence[str]) -> dict[str, int]:
    """Which column is what; the first that fits."""
    found: dict[str, int] = {}
    for n, column in enumerate(columns):
        for name in _COLUMNS:
            sign = plan.signs.signs[f"{name}_column"]
            # The first column names the row, and tells of no resources.
            if name not in found and n not in found.values() and sign.search(column) and (n or name != "resource"):
                found[name] = n
    return found


def cell(row: Unit, place: dict[str, int], name: str) -> str | None:
    """A cell by what its column is; None where there is no such column."""
    n = place.get(name)
    return row.cells[n] if n is not None and n < len(row.cells) else None


def _row(plan: Plan, row: Unit, place: dict[str, int]) -> Iterator[str]:
    owner, indicator = cell(row, place, "owner"), cell(row, place, "indicator")
    if owner is not None:
        yield from _owner(plan, row, owner, in_plan="measure" in place or "goal" in place)
    if indicator is not None:
        yield from _indicator(plan, row, indicator, place)
    if "goal" in place and "baseline" not in place and not any(has_figure(text) for text in row.cells):
        yield "goal-without-figure"
    named = [text for name in ("measure", "goal") if (text := cell(row, place, name))]
    if not named and ("owner" in place or "indicator" in place):
        named = list(row.cells[:1])  # "Step", "What": the first column names what is done
    is_settled = owner is not None and is_specific(plan, owner) and _is_timed(plan, cell(row, place, "time"))
    counts = any(has_figure(text) for text in row.cells[1:])
    if not is_settled and not counts and any(is_vague(plan, normalise(text)) for text in named):
        yield "vague-measure"


def _owner(plan: Plan, row: Unit, owner: str, *, in_plan: bool) -> Iterator[str]:
    said = normalise(owner)
    if not in_plan and plan.signs.signs["owner_column"].search(said):
        return  # a table on follow-up: "the owners" are those of the measures
    if is_empty(owner) or is_open(plan, said):
        yield "owner-open"
    elif plan.signs.signs["association"].search(said) and (
        plan.shows(row, "statutory_task") or plan.shows(row, "reach")
    ):
        yield "association-duty"
    elif not is_specific(plan, owner):
        yield "owner-general"
    if plan.shows(row, "health_checks") and not plan.shows(row, "county") and not is_specific(plan, owner):
        yield "county-task"
    if ended_bodies(plan, row) and any(sign.search(said) for sign in plan.signs.ended.values()):
        yield "owner-ended"


def _is_timed(plan: Plan, time: str | None) -> bool:
    if time is None:
        return False
    said = normalise(time)
    return not PERIOD.search(time) and bool(YEAR.search(time) or plan.signs.signs["month"].search(said))


def _indicator(plan: Plan, row: Unit, indicator: str, place: dict[str, int]) -> Iterator[str]:
    said = normalise(indicator)
    if is_empty(indicator) or plan.signs.signs["put_off"].search(said) or plan.signs.signs["open_cell"].search(said):
        yield "indicator-open"
    elif plan.signs.signs["national"].search(said):
        yield "indicator-national"
    elif (
        len(said.split()) <= _SHORT_CELL or any(plan.signs.signs[n].search(said) for n in ("activity_count", "counts"))
    ) and not plan.signs.signs["outcome"].search(said):
        baseline = cell(row, place, "baseline")
        if not (baseline and has_figure(baseline)) and not has_figure(indicator):
            yield "indicator-activity"


def _body(plan: Plan, kind: str, rows: Sequence[Unit]) -> dict[str, str]:
    if kind != "owner-ended":
        return {}
    bodies = {s.term: s.successor for row in rows for s in ended_bodies(plan, row)}
    return {"body": ", ".join(bodies), "successor": ", ".join(filter(None, bodies.values()))}


def _resources(plan: Plan, rows: Sequence[Unit], place: dict[str, int]) -> Iterator[Raw]:
    cells = [(row, cell(row, place, "resource")) for row in rows]
    bare = [row for row, text in cells if text is not None and not _is_resource(plan, text)]
    if bare:
        yield at("resource-column", *bare, rows=f" in {len(bare)} of {len(rows)} rows")


def _is_resource(plan: Plan, text: str) -> bool:
    """Whether a cell gives a sum or working time, or says when another payer agreed."""
    return has_figure(text) or bool(DATE.search(text)) or plan.signs.signs["money"].search(normalise(text)) is not None


def _past(plan: Plan, rows: Sequence[Unit], place: dict[str, int]) -> Iterator[Raw]:
    if not place.keys() & {"owner", "measure", "goal"}:
        return  # a table of figures, which are of years gone by
    for row in rows:
        time = cell(row, place, "time")
        years = [y for match in PERIOD.findall(time or "") for y in match] or YEAR.findall(time or "")
        if years and max(years) < plan.as_of[:4]:
            yield at("past-measure", row, period=told(time or ""))


def _repeated(plan: Plan, rows: Sequence[Unit], place: dict[str, int]) -> Iterator[Raw]:
    """Rows whose measure is another row's with a word added: "Language café", "Language café for the young"."""
    seen: list[tuple[set[str], str]] = []
    again: list[Unit] = []
    of = ""
    for row in rows:
        text = cell(row, place, "measure")
        stems = set(content_stems(text or "", plan.language))
        for before, words in seen:
            few = min(before, stems, key=len)
            if few and few <= (before | stems) and few <= before and few <= stems and max(map(len, few)) >= 6:
                again.append(row)
                of = of or words
                break
        if text:
            seen.append((stems, text))
    if again:
        yield at("same-measure", *again, elsewhere=f"“{told(of)}”")
