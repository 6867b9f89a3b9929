"""JSON-stat 2 as PxWeb exports it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import product
from typing import Any

from assistant.situation.table import (
    CELLS,
    NIL,
    SIGNS,
    Category,
    Datum,
    Gone,
    Origin,
    Table,
    TableError,
    Variable,
    clipped,
    iso_day,
    origin,
    short_id,
)

_EXPORT = "Export the table again from PxWeb as JSON-stat 2."


def read_json_stat(text: str, name: str) -> Table:
    """Read one data set.

    Raises:
        TableError: It is no JSON, another JSON, or its values do not fit its dimensions; one line.
    """
    try:
        data = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        what = str(error).partition(":")[0]
        raise TableError(f"{name}: this is no JSON that can be read ({what}). {_EXPORT}") from error
    if not isinstance(data, dict) or data.get("class") != "dataset" or not isinstance(data.get("dimension"), dict):
        known = isinstance(data, dict) and ("dataset" in data or {"columns", "data"} <= data.keys())
        what = "another JSON of PxWeb" if known else "JSON, but no data set of JSON-stat 2"
        raise TableError(f"{name}: this is {what}. {_EXPORT}")
    try:
        return _table(data, name)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise TableError(
            f"{name}: the JSON-stat in it is damaged ({type(error).__name__}: {error}). {_EXPORT}"
        ) from error


def _no_number(text: str) -> float:
    raise ValueError(f"it holds {text}, which is no number")


def _table(data: Mapping[str, Any], name: str) -> Table:
    ids, sizes = list(data["id"]), list(data["size"])
    roles = {code: role for role, codes in (data.get("role") or {}).items() for code in codes}
    variables = tuple(_variable(code, data["dimension"][code], roles.get(code, "")) for code in ids)
    if [len(v.categories) for v in variables] != sizes or not ids:
        raise TableError(
            f"{name}: the sizes in it ({' × '.join(map(str, sizes))[:60]}) do not match its categories. {_EXPORT}"
        )
    n = math.prod(sizes)
    if n > CELLS:
        raise TableError(
            f"{name}: {n:,} cells, more than the {CELLS:,} that are read. Choose only your municipality in PxWeb."
        )
    values, status = data["value"], data.get("status") or {}
    if isinstance(values, list) and len(values) != n:
        raise TableError(f"{name}: its sizes ask for {n:,} values and it holds {len(values):,}. {_EXPORT}")
    if isinstance(values, dict) and any(not (key.isdecimal() and int(key) < n) for key in values):
        raise TableError(f"{name}: it holds values beyond its {n:,} places. {_EXPORT}")
    found: dict[tuple[int, ...], Datum] = {}
    for at, place in enumerate(product(*map(range, sizes))):
        value = values[at] if isinstance(values, list) else values.get(str(at))
        found[place] = _datum(value, _status(status, at), name)
    of_file = _origin(data)
    title = clipped(str(data.get("label") or ""))
    return Table(
        name, title, variables, found, source=of_file.source, table_id=of_file.table_id, updated=of_file.updated,
        url=of_file.url,
    )  # fmt: skip


def _variable(code: str, dimension: Mapping[str, Any], role: str) -> Variable:
    category = dimension["category"]
    labels = category.get("label") or {}
    index = category.get("index")
    if index is None:
        codes = list(labels)
    elif isinstance(index, dict):
        codes = sorted(index, key=lambda one: int(index[one]))
    else:
        codes = [str(one) for one in index]
    categories = tuple(Category(one, clipped(str(labels.get(one, one)))) for one in codes)
    return Variable(clipped(str(dimension.get("label") or code)), categories, str(code), role)


def _status(status: Any, at: int) -> str:
    if isinstance(status, str):
        return status
    if isinstance(status, list):
        return str(status[at] or "") if at < len(status) else ""
    return str(status.get(str(at)) or "")


def _datum(value: Any, status: str, name: str) -> Datum:
    if value is None:
        if status == NIL:
            return 0.0
        return SIGNS.get(status.strip().casefold(), Gone.MISSING)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TableError(f"{name}: {str(value)[:20]!r} is no number. {_EXPORT}")
    return float(value)


def _origin(data: Mapping[str, Any]) -> Origin:
    px = (data.get("extension") or {}).get("px") or {}
    link = next(iter(_links(data)), None)
    of_notes = origin(str(data.get("label") or ""), [str(note) for note in data.get("note") or []])
    table_id = px.get("tableid") or px.get("matrix")
    source = data.get("source")
    return Origin(
        clipped(str(source)) if source else of_notes.source,
        short_id(str(table_id)) if table_id else of_notes.table_id,
        iso_day(str(data.get("updated") or "")),
        str(data["href"]) if data.get("href") else link or of_notes.url,
    )


def _links(data: Mapping[str, Any]) -> list[str]:
    links = data.get("link") or {}
    return [str(one["href"]) for group in links.values() for one in group if "href" in one]
