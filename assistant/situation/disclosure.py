"""Takes counts under five out of series, and what would tell them: a total less the others is a count too.

A count is safe where nobody who adds and subtracts what is shown comes to it, or nearer to it than a few. Where that
fails, the smallest of what is shown goes too, and in the end the total (complementary suppression, as statistical
offices do it by hand for small tables).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.types import Observation, Series, Showing

FEW = 5  # counts below are not shown
_NET = {"net-immigration": ("immigration", "emigration")}  # what a net number is the difference of
_WIDTH = 3  # how far apart the lowest and the highest value must be that a count under five may have, as seen


@dataclass(frozen=True, slots=True)
class _Family:
    """A total and disjoint parts of it; they need not be all."""

    total: int  # places in the list of series
    parts: tuple[int, ...]


def protect(series: Sequence[Series]) -> list[Series]:
    """The series with what may not be shown taken out; of each period by itself."""
    periods = sorted({o.period for s in series for o in s.observations})
    values = [{o.period: o.value for o in s.observations} for s in series]
    hidden: list[dict[str, Showing]] = [{} for _ in series]
    families = list(_families(series))
    for period in periods:
        at = [one.get(period) for one in values]
        told = _hidden(series, at, families)
        for n, showing in told.items():
            hidden[n][period] = showing
    return [
        replace(s, observations=tuple(_shown(o, h.get(o.period)) for o in s.observations))
        for s, h in zip(series, hidden, strict=True)
    ]


def _shown(observation: Observation, hidden: Showing | None) -> Observation:
    return replace(observation, value=None, shown=hidden) if hidden else observation


def _families(series: Sequence[Series]) -> Iterator[_Family]:
    """Which series are parts of which."""
    for n, one in enumerate(series):
        if one.unit == "per cent":
            continue
        same = [m for m, s in enumerate(series) if s.unit != "per cent" and _kin(s, one)]
        if one.by == "":
            for by in dict.fromkeys(series[m].by for m in same if series[m].by):
                parts = tuple(m for m in same if series[m].group == one.group and series[m].by == by)
                if parts:
                    yield _Family(n, parts)
        if one.group == "all":
            for m in same:
                other = series[m]
                if other.group != "all" and (other.by, other.category) == (one.by, one.category):
                    yield _Family(n, (m,))


def _kin(a: Series, b: Series) -> bool:
    return a is not b and (a.measure, a.whole_country, a.limits) == (b.measure, b.whole_country, b.limits)


def _hidden(
    series: Sequence[Series], values: Sequence[float | None], families: Sequence[_Family]
) -> dict[int, Showing]:
    """What of one period may not be shown."""
    hidden = {
        n: Showing.FEW
        for n, (s, v) in enumerate(zip(series, values, strict=True))
        # A net number counts nobody.
        if v is not None and s.unit != "per cent" and s.measure not in _NET and v < FEW
    }
    changed = True
    while changed:
        changed = False
        for family in families:
            if not _is_safe(family, values, hidden):
                left = [n for n in family.parts if n not in hidden and values[n] is not None]
                victim = min(left, key=lambda n: values[n] or 0, default=family.total)
                if victim not in hidden:
                    hidden[victim] = Showing.HIDDEN
                    changed = True
    for n, s in enumerate(series):
        if s.measure in _NET and any(series[m].measure in _NET[s.measure] for m in hidden):
            hidden[n] = Showing.HIDDEN
        if s.measure == "share" and (value := values[n]) is not None:
            own, all_ = (_headcount(series, group, s) for group in (s.group, "all"))
            base = values[all_] if all_ is not None else None
            if own in hidden or (base is not None and value / 100 * base < FEW):
                hidden[n] = Showing.HIDDEN
    return hidden


def _headcount(series: Sequence[Series], group: str, like: Series) -> int | None:
    """The place of the number of a group that a share is the share of."""
    wanted = ("residents", group, "", like.whole_country)
    return next((n for n, s in enumerate(series) if (s.measure, s.group, s.by, s.whole_country) == wanted), None)


def _is_safe(family: _Family, values: Sequence[float | None], hidden: dict[int, Showing]) -> bool:
    """Whether no count under five, shown or not, can be worked out from the total and the parts that are shown."""
    total = values[family.total]
    parts = {n: v for n in family.parts if (v := values[n]) is not None}
    if total is None or not parts:
        return True
    rest = total - sum(parts.values())
    if rest < 0:  # not parts of it after all, such as people counted in two groups
        return True
    few = [n for n in parts if hidden.get(n) is Showing.FEW]
    others = [n for n in parts if hidden.get(n) is Showing.HIDDEN]
    if family.total in hidden:
        return bool(few or others or rest)  # the parts must not add up to it
    if not few and not others:
        return rest == 0 or rest >= FEW
    unknown = len(few) + len(others) + (rest > 0)
    seen = total - sum(v for n, v in parts.items() if n not in hidden)  # what is left of the total, as a reader sees it
    if unknown < 2 or seen < FEW:
        return False
    if not few:
        return True
    highest = min(FEW - 1, seen - FEW * len(others))
    lowest = 0 if others or rest > 0 else max(0, seen - (FEW - 1) * (len(few) - 1))
    return highest - lowest >= _WIDTH
