"""What a table tells of one municipality, by one definition at a time; the words are prompts/situation/mapping.toml.

Of other municipalities nothing is taken, of the whole country only what stands beside. Nothing is estimated: where a
part is withheld or missing, so is what would be added up from it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import product

from assistant.errors import CorpusError
from assistant.own import same_name
from assistant.settings import PROJECT_ROOT
from assistant.situation.disclosure import protect
from assistant.situation.table import Category, Datum, Gone, Table, TableError, Variable, clipped
from assistant.situation.wording import is_named
from assistant.text import collapse, normalise
from assistant.types import Observation, Series, Showing

_OPEN_END = 200  # years of age
_DIVIDES = ("age", "sex", "activity")
_CODE = re.compile(r"^(?:[A-ZÅÄÖ]{1,4}\d{1,4}|\d{3})\s+(?=\S)")
_NUMBER_OF = re.compile(r"^(?:antal(?:et)?|number of|lukumäärä|määrä)[:,]? (?=\w)")
_AGE = re.compile(
    r"^(?:alle|under)\s+(\d{1,3})\b.*$|^(\d{1,3})\s*(?:(-|–|\+)\s*(\d{1,3})?)?\s*(?:v\b.*|vuotiaat.*|vuotta.*|years?.*|år.*)?$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a table tells, ready to be shown."""

    municipality: str | None
    series: tuple[Series, ...]
    not_used: tuple[str, ...]
    withheld: int
    kept_back: int


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the mapping."""

    indicator: str  # "g-01" of the guidance, or a block of the situation picture: "S1"
    unit: str
    negative: bool = False
    break_at: str = ""  # the year from which its figures do not compare with those before


@dataclass(frozen=True, slots=True)
class _Group:
    variable: str
    by: str
    sum: re.Pattern[str]
    parts: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Mapping:
    variables: dict[str, re.Pattern[str]]
    labels: dict[str, re.Pattern[str]]
    groups: dict[str, _Group]
    contents: tuple[tuple[re.Pattern[str], str, str], ...]  # pattern, measure, group
    measures: dict[str, Measure]
    divisions: dict[str, dict[str, re.Pattern[str]]]
    bands: tuple[tuple[tuple[int, int], ...], ...]


@cache
def mapping() -> _Mapping:
    """prompts/situation/mapping.toml, read."""
    path = PROJECT_ROOT / "prompts" / "situation" / "mapping.toml"
    try:
        row = tomllib.loads(path.read_text(encoding="utf-8"))
        return _Mapping(
            {name: re.compile(words) for name, words in row["variables"].items()},
            {name: re.compile(words) for name, words in row["labels"].items()},
            {
                name: _Group(g["variable"], g["by"], re.compile(g["sum"]), tuple(map(re.compile, g["parts"])))
                for name, g in row["groups"].items()
            },
            tuple((re.compile(c["match"]), c["measure"], c["group"]) for c in row["contents"]),
            {name: Measure(**values) for name, values in row["measures"].items()},
            {
                "sex": {name: re.compile(words) for name, words in row["sexes"].items()},
                "activity": {name: re.compile(words) for name, words in row["activities"].items()},
            },
            tuple(tuple((low, high) for low, high in row["ages"][name]) for name in ("bands", "coarse")),
        )
    except (OSError, ValueError, KeyError, TypeError, re.error) as error:
        raise CorpusError(f"{path.name} cannot be read ({error}). Restore it from the distribution.") from error


def read_indicators(table: Table, municipality: str | None, *, given: bool) -> Found:
    """What a table tells of a municipality.

    Args:
        table: As read.
        municipality: Whose plan is written; None where the workspace does not know it.
        given: Whether a person named it for this table, so that a table without areas may be taken as its own.

    Raises:
        TableError: Nothing was recognised, the municipality is not in it, or a figure cannot be; one line.
    """
    return _Reader(table, municipality).found(given=given)


def described_series(series: Sequence[Series]) -> list[str]:
    """What was recognised, a line for each measure, group and division."""
    found: dict[tuple[str, str, str, bool], list[Series]] = {}
    for one in series:
        found.setdefault((one.measure, one.group, one.by, one.whole_country), []).append(one)
    lines = []
    for (measure, group, by, country), same in found.items():
        periods = sorted({o.period for s in same for o in s.observations})
        span = periods[0] if len(periods) == 1 else f"{periods[0]}–{periods[-1]}"
        indicator = mapping().measures[measure].indicator
        divided = f", by {by} ({len(same)})" if by else ""
        where = ", whole country" if country else ""
        lines.append(f"{measure}, {group}{divided}, {span}{where} ({indicator})")
    return lines


def plain(label: str) -> str:
    """A label as labels are compared: lower case, without the code before it."""
    return collapse(normalise(_CODE.sub("", label.lstrip("-–. "))))


@dataclass(frozen=True, slots=True)
class _Pick:
    """Categories of one variable: those added up, and those taken off."""

    plus: tuple[int, ...]
    minus: tuple[int, ...] = ()
    how: str = ""


@dataclass(slots=True)
class _Reader:
    table: Table
    municipality: str | None
    roles: dict[str, int] = field(default_factory=dict)  # what a variable is → its place
    fixed: dict[int, _Pick] = field(default_factory=dict)  # of variables that divide nothing
    periods: list[tuple[str, int | None, bool]] = field(default_factory=list)  # period, category, preliminary
    not_used: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def found(self, *, given: bool) -> Found:
        self._assign_roles()
        self._read_periods()
        name, own, country = self._areas(self.municipality, given=given)
        self._fix_unknown()
        series: list[Series] = []
        for place, whole in ((own, False), (country, True)):
            if place is not None or not whole:
                where = {self.roles["area"]: _Pick((place,))} if "area" in self.roles and place is not None else {}
                series += [replace(one, whole_country=whole) for one in self._series(where)]
        if not series:
            names = ", ".join(
                name for v in self.table.variables for name in ([v.name] if v.name else _labels(v)) if name
            )
            raise TableError(
                f"{self.table.file}: no indicator was recognised in it (columns: {clipped(names, 120)}). It needs a "
                "column of areas, one of years and one that says whom or what it counts: residents by language, "
                "citizenship, country of birth or origin, main type of activity, employment rate, early childhood "
                "education or migration. For example: Area;Year;Population;Foreign-language residents, and below it "
                "Esimerkkilä;2025;9400;612."
            )
        gone = sum(o.shown in (Showing.WITHHELD, Showing.MISSING) for s in series if not s.whole_country
                   for o in s.observations)  # fmt: skip
        shown = protect(series)
        many = ("language", "country")
        kept = [s for s in shown if s.by not in many or any(o.shown is Showing.YES for o in s.observations)]
        if n := len(shown) - len(kept):
            self.not_used.append(f"languages or countries with no figure that may be shown in any year: {n}")
        return Found(name, tuple(kept), tuple(dict.fromkeys(self.not_used)), gone, len(shown) - len(kept))

    # Which variable is which.

    def _assign_roles(self) -> None:
        for n, variable in enumerate(self.table.variables):
            role = self._named(variable) or self._by_values(variable)
            if role and role not in self.roles:
                self.roles[role] = n
        if "contents" not in self.roles:
            # What PxWeb writes into the heads of columns has no name.
            rest = [n for n, v in enumerate(self.table.variables) if n not in self.roles.values() and not v.name]
            if rest:
                self.roles["contents"] = rest[0]

    def _named(self, variable: Variable) -> str:
        if variable.role in ("time", "geo", "metric"):
            return {"time": "time", "geo": "area", "metric": "contents"}[variable.role]
        for text in (variable.name, variable.code):
            said = normalise(text)
            for role, pattern in mapping().variables.items():
                if said and pattern.match(said):
                    return role
        return ""

    def _by_values(self, variable: Variable) -> str:
        """What the categories of a variable without a name tell of it."""
        labels = [plain(c.label) for c in variable.categories]
        if all(re.match(r"(?:19|20)\d\d", label) for label in labels):
            return "time"
        if any(re.match(r"KU\d{3}\b", c.label) or _is(c, "country") or same_name(_area_name(c), self.municipality)
               for c in variable.categories) and "area" not in self.roles:  # fmt: skip
            return "area"
        if all(_age(label) or _is_total(c) for label, c in zip(labels, variable.categories, strict=True)):
            return "age"
        for role, names in mapping().divisions.items():
            if sum(any(p.fullmatch(label) for p in names.values()) for label in labels) >= 2:
                return role
        if any(_content(label)[1] == "all" for label in labels):
            return "contents"  # "Population", beside groups: no language of that name
        title = normalise(self.table.title)
        for group in mapping().groups.values():
            known = sum(any(p.fullmatch(label) for p in (group.sum, *group.parts)) for label in labels)
            if known >= 2 or (known and mapping().variables[group.variable].search(title)):
                return group.variable
        return ""

    def _read_periods(self) -> None:
        file = self.table.file
        if "time" not in self.roles:
            years = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.table.title))
            if len(years) != 1:
                raise TableError(
                    f"{file}: it does not say which year its figures are of. Export it with the variable Year (Vuosi)."
                )
            self.periods = [(years.pop(), None, False)]
            return
        for n, category in enumerate(self.table.variables[self.roles["time"]].categories):
            label = category.label
            if (read := _period(label)) is None:
                raise TableError(
                    f"{file}: {clipped(label, 30)!r} stands among the years and is none. Export only years, or only "
                    "months."
                )
            self.periods.append((read, n, "*" in label))
        if len({len(period) for period, _, _ in self.periods}) > 1:
            raise TableError(f"{file}: years and months stand mixed. Export only years, or only months.")
        if len({period for period, _, _ in self.periods}) < len(self.periods):
            raise TableError(f"{file}: a year stands twice in it. Leave one of them out.")
        self.periods.sort()

    def _areas(self, municipality: str | None, *, given: bool) -> tuple[str | None, int | None, int | None]:
        """Whose table it is, the place of its own area, and that of the whole country."""
        file = self.table.file
        if "area" not in self.roles:
            if not (municipality and (given or _tells_of(f"{self.table.title} {file}", municipality))):
                raise TableError(
                    f"{file}: it does not say of which area it is. Export it with the variable Area (Alue), or say "
                    "whose it is with --municipality NAME."
                )
            return municipality, None, None
        areas = self.table.variables[self.roles["area"]].categories
        country = next((n for n, c in enumerate(areas) if _is(c, "country")), None)
        if municipality is not None:
            own = next((n for n, c in enumerate(areas) if same_name(_area_name(c), municipality)), None)
            if own is None:
                names = ", ".join(_area_name(c) for c in areas[:4]) + (" and others" if len(areas) > 4 else "")
                raise TableError(
                    f"{file}: it tells of {clipped(names, 120)} and not of {municipality}. Export the table with "
                    f"{municipality} in it."
                )
            return municipality, own, country
        towns = [n for n, c in enumerate(areas) if not _is(c, "country") and not _is(c, "region")]
        if len(towns) != 1:
            raise TableError(
                f"{file}: it holds {len(towns)} municipalities. Say which is yours with --municipality NAME."
            )
        return _area_name(areas[towns[0]]), towns[0], country

    def _fix_unknown(self) -> None:
        """Take the total of what is not recognised; without one a figure could be of anything."""
        known = set(self.roles.values())
        for n, variable in enumerate(self.table.variables):
            if n in known:
                continue
            name = variable.name or "a row of column heads"
            total = _total(variable)
            if len(variable.categories) == 1:
                self.fixed[n] = _Pick((0,))
                label = variable.categories[0].label
                if total is None and label:
                    self.limits.append(label)
            elif total is not None:
                self.fixed[n] = _Pick((total,))
                self.not_used.append(f"{name}: not recognised; its total is used.")
            else:
                labels = ", ".join(c.label for c in variable.categories[:3])
                raise TableError(
                    f"{self.table.file}: what {clipped(name, 60)!r} ({clipped(labels, 80)} …) divides by was not "
                    "recognised, and it has no total. Export the table without it, or with its total."
                )

    # Series.

    def _series(self, where: Mapping[int, _Pick]) -> Iterator[Series]:
        contents = self.roles.get("contents")
        categories = self.table.variables[contents].categories if contents is not None else (Category("", ""),)
        emitted: set[tuple[str, str, str, str]] = set()
        for n, category in enumerate(categories):
            measure, group = self._measure(category.label, alone=len(categories) == 1)
            if not measure:
                self.not_used.append(f"{category.label or self.table.title or 'The figures'}: not recognised.")
                continue
            picks = {**self.fixed, **where, **({contents: _Pick((n,))} if contents is not None else {})}
            for series in self._of_measure(measure, group, picks):
                key = (series.measure, series.group, series.by, series.category)
                if key not in emitted:  # all residents stand in a table of language and again in one of origin
                    emitted.add(key)
                    yield series

    def _measure(self, label: str, *, alone: bool) -> tuple[str, str]:
        """What a column counts; of a lone column the title may say it."""
        told = [label, self.table.title] if alone else [label]
        for text in told:
            if (found := _content(_NUMBER_OF.sub("", plain(text)))) != ("", ""):
                return found
        # "Lukumäärä", "Number" beside a variable of residents, in a table that does not name them.
        if alone and any(g.variable in self.roles for g in mapping().groups.values()) and not self.table.percent:
            return "residents", "all"
        return "", ""

    def _of_measure(self, measure: str, group: str, picks: Mapping[int, _Pick]) -> Iterator[Series]:
        adds = mapping().measures[measure].unit != "per cent"
        rest = dict(picks)
        for role in _DIVIDES:
            if role in self.roles and (pick := self._whole(role, adds=adds)):
                rest[self.roles[role]] = pick
            elif role in self.roles:
                name = self.table.variables[self.roles[role]].name or role
                self.not_used.append(f"{name}: it has no total, and its parts do not make one.")
        grouped = [name for name, g in mapping().groups.items() if g.variable in self.roles and self._has(name)]
        if "background" in self.roles and "foreign-background" not in grouped:
            grouped.append("foreign-background")
        if not grouped or group != "all":
            for name in grouped:
                if (pick := self._all_of(name)) is None:
                    return
                rest[self._variable(name)] = pick
            yield from self._divided(measure, group, rest, adds=adds)
            return
        for name in grouped:
            others = {self._variable(other): self._all_of(other) for other in grouped if other != name}
            if "background" in self.roles and self.roles["background"] != self._variable(name):
                others[self.roles["background"]] = self._total_of(self.roles["background"])
            if any(pick is None for pick in others.values()):
                self.not_used.append(
                    f"{self.table.variables[self._variable(name)].name}: the other groups have no total."
                )
                continue
            base = rest | {n: pick for n, pick in others.items() if pick}
            yield from self._of_group(measure, name, base, adds=adds)

    def _has(self, group: str) -> bool:
        """Whether a group may be in the table; one that only some tables have, only where its row is."""
        known = mapping().groups[group]
        categories = self.table.variables[self.roles[known.variable]].categories
        return bool(known.parts) or any(known.sum.fullmatch(plain(c.label)) for c in categories)

    def _of_group(self, measure: str, name: str, base: Mapping[int, _Pick], *, adds: bool) -> Iterator[Series]:
        group, variable = mapping().groups[name], self._variable(name)
        if total := self._all_of(name):
            yield from self._divided(measure, "all", {**base, variable: total}, adds=adds)
        if foreign := self._foreign(name, adds=adds):
            yield from self._divided(measure, name, {**base, variable: foreign}, adds=adds)
        categories = self.table.variables[variable].categories
        individual = self._individual(name) if group.by else []
        individual = self._told(individual, group.by, base, variable, (total, foreign), adds=adds)
        for n in individual:
            label = clipped(_CODE.sub("", categories[n].label), 80)
            yield from self._one(measure, name, group.by, label, {**base, variable: _Pick((n,))})
        if foreign is None and not individual:
            self.not_used.append(f"{self.table.variables[variable].name}: neither a sum nor what to work it out from.")
        if "background" in self.roles and name == "foreign-background" and self.roles["background"] != variable:
            place = self.roles["background"]
            for n in self._individual(name, place):
                label = clipped(_CODE.sub("", self.table.variables[place].categories[n].label), 80)
                picks = {**base, variable: total or foreign or _Pick((0,)), place: _Pick((n,))}
                yield from self._one(measure, name, "country", label, picks)

    def _told(
        self, rows: Sequence[int], by: str, base: Mapping[int, _Pick], variable: int, sums: Sequence[_Pick | None], *,
        adds: bool,
    ) -> list[int]:  # fmt: skip
        """Of rows taken for single languages or countries, those that are: no total under a name that is not known.

        `sums` are all residents and the whole group, where the table has them.
        """
        categories = self.table.variables[variable].categories
        counts = {n: self._counts({**base, variable: _Pick((n,))}) for n in rows}
        everyone, group = (self._counts({**base, variable: pick}) if pick else [] for pick in sums)
        told = []
        for n in rows:
            others = [sum(c) for c in zip(*(counts[m] for m in rows if m != n), strict=True)]
            is_sum = (
                any(a == b > 0 for a, b in zip(counts[n], everyone, strict=False))
                or any(a > b > 0 for a, b in zip(counts[n], group, strict=False))
                or (len(rows) > 2 and any(counts[n]) and counts[n] == others)
            )
            known = is_named(plain(categories[n].label), by)
            if known or (by != "language" and not (is_sum and adds)):
                told.append(n)
            else:
                self.not_used.append(f"{clipped(categories[n].label, 80)}: not recognised.")
        return told

    def _counts(self, picks: Mapping[int, _Pick]) -> list[float]:
        """The figure of each period; 0 where there is none."""
        if any(n not in picks and n != self.roles.get("time") for n in range(len(self.table.variables))):
            return []
        every = [{**picks, self.roles["time"]: _Pick((n,))} if n is not None else picks for _, n, _ in self.periods]
        return [0.0 if isinstance(value := self._value(at), Gone) else value for at in every]

    def _divided(self, measure: str, group: str, picks: dict[int, _Pick], *, adds: bool) -> Iterator[Series]:
        """A group as a whole, then by age, sex and activity."""
        yield from self._one(measure, group, "", "", picks)
        for role in (role for role in _DIVIDES if role in self.roles):
            for label, pick in self._parts(role, adds=adds):
                yield from self._one(measure, group, role, label, {**picks, self.roles[role]: pick})

    def _one(self, measure: str, group: str, by: str, category: str, picks: Mapping[int, _Pick]) -> Iterator[Series]:
        """The series of these categories; none where it is open which of a variable are meant."""
        if any(n not in picks and n != self.roles.get("time") for n in range(len(self.table.variables))):
            return
        facts = mapping().measures[measure]
        observations = []
        for period, place, preliminary in self.periods:
            at = {**picks, self.roles["time"]: _Pick((place,))} if place is not None else dict(picks)
            value = self._value(at)
            if isinstance(value, Gone):
                gone = Showing.WITHHELD if value is Gone.WITHHELD else Showing.MISSING
                observations.append(Observation(period, None, gone, preliminary))
                continue
            self._check(value, facts, period)
            observations.append(Observation(period, value, Showing.YES, preliminary))
        how = next((pick.how for pick in picks.values() if pick.how), "")
        limits = [*self.limits, *self._limits(by)]
        yield Series(measure, group, by, category, facts.unit, tuple(observations), how=how, limits="; ".join(limits))

    def _value(self, picks: Mapping[int, _Pick]) -> Datum:
        every = [picks[n] for n in range(len(self.table.variables))]
        total = 0.0
        gone: Gone | None = None
        signed = [[(n, 1) for n in pick.plus] + [(n, -1) for n in pick.minus] for pick in every]
        for place in product(*signed):
            datum = self.table.data.get(tuple(n for n, _ in place), Gone.MISSING)
            if isinstance(datum, Gone):
                gone = datum if gone is not Gone.WITHHELD else gone
                continue
            sign = 1
            for _, one in place:
                sign *= one
            total += sign * datum
        return gone if gone is not None else total

    def _check(self, value: float, facts: Measure, period: str) -> None:
        where = f"{self.table.file}, {period}"
        if facts.unit == "per cent":
            if not 0 <= value <= 100:
                raise TableError(f"{where}: {value:g} per cent cannot be. Check the column, or export it again.")
        elif value < 0 and not facts.negative:
            raise TableError(f"{where}: {value:g} {facts.unit} cannot be. Check the figures, or export them again.")
        elif value != int(value):
            raise TableError(
                f"{where}: {value:g} is no whole number of {facts.unit}. Check how the decimals are written."
            )

    # Categories.

    def _variable(self, group: str) -> int:
        return self.roles.get(mapping().groups[group].variable, self.roles.get("background", -1))

    def _total_of(self, place: int) -> _Pick | None:
        variable = self.table.variables[place]
        if (total := _total(variable)) is not None:
            return _Pick((total,))
        return _Pick((0,)) if len(variable.categories) == 1 else None

    def _all_of(self, group: str) -> _Pick | None:
        """All residents, whatever the group."""
        if (total := _total(self.table.variables[self._variable(group)])) is not None:
            return _Pick((total,))
        place, known = self._variable(group), mapping().groups[group]
        labels = [plain(c.label) for c in self.table.variables[place].categories]
        sums = [n for n, label in enumerate(labels) if known.sum.fullmatch(label)]
        parts = [self._part(labels, pattern) for pattern in known.parts]
        if len(sums) == 1 and all(part is not None for part in parts):
            return _Pick((*sums, *(part for part in parts if part is not None)), how="sum-of-parts")
        return None

    def _foreign(self, group: str, *, adds: bool) -> _Pick | None:
        """The group as a whole: its own row, or all residents less the others."""
        known = mapping().groups[group]
        variable = self.table.variables[self._variable(group)]
        labels = [plain(c.label) for c in variable.categories]
        if (ready := next((n for n, label in enumerate(labels) if known.sum.fullmatch(label)), None)) is not None:
            return _Pick((ready,))
        parts = [self._part(labels, pattern) for pattern in known.parts]
        others = [n for n, c in enumerate(variable.categories) if _is(c, "other")]
        if len(others) == 1 and all(p is not None for p in parts) and not self._individual(group):
            return _Pick((others[0],))
        total = _total(variable)
        if not adds or total is None:
            return None
        if any(part is None for part in parts):
            if any(part is not None for part in parts):
                self.not_used.append(
                    f"{variable.name}: a language or country is missing without which the rest cannot be worked out."
                )
            return None
        return _Pick((total,), tuple(p for p in parts if p is not None), how=f"rest-{group}")

    def _part(self, labels: Sequence[str], pattern: re.Pattern[str]) -> int | None:
        return next((n for n, label in enumerate(labels) if pattern.fullmatch(label)), None)

    def _individual(self, group: str, place: int | None = None) -> list[int]:
        """The single languages or countries."""
        known = mapping().groups[group]
        groups = [p for g in mapping().groups.values() if g.variable == known.variable for p in (g.sum, *g.parts)]
        variable = self.table.variables[self._variable(group) if place is None else place]
        return [
            n
            for n, c in enumerate(variable.categories)
            if not _is_total(c)
            and not any(_is(c, kind) for kind in ("sums", "unknown", "other"))
            and not any(p.fullmatch(plain(c.label)) for p in groups)
        ]

    def _whole(self, role: str, *, adds: bool) -> _Pick | None:
        """All categories of age, sex or activity together; None where the table does not have them all."""
        place = self.roles[role]
        variable = self.table.variables[place]
        if pick := self._total_of(place):
            return pick
        labels = [plain(c.label) for c in variable.categories]
        if not adds:
            return None
        if role == "sex" and len(labels) == 2 and len(list(self._parts("sex", adds=True))) == 2:
            return _Pick((0, 1))
        if role == "age" and (every := _cover(labels, 0, _OPEN_END)):
            return _Pick(tuple(every))
        return None

    def _parts(self, role: str, *, adds: bool) -> Iterator[tuple[str, _Pick]]:
        """The categories that divide a group, under names of ours."""
        variable = self.table.variables[self.roles[role]]
        labels = [plain(c.label) for c in variable.categories]
        if len(labels) == 1:
            return
        if role == "age":
            for bands in mapping().bands if adds else ():
                covers = [_cover(labels, low, high) for low, high in bands]
                if all(covers):
                    for (low, high), cover in zip(bands, covers, strict=True):
                        yield f"{low}–{high if high < _OPEN_END else ''}", _Pick(tuple(cover))
                    return
            self.not_used.append(f"{variable.name or 'Age'}: its ages do not add up to the groups that are shown.")
            return
        for name, pattern in mapping().divisions[role].items():
            if (n := self._part(labels, pattern)) is not None:
                yield name, _Pick((n,))

    def _limits(self, by: str) -> list[str]:
        """Of a variable with one category that is no total, that category: "15–74"."""
        found = []
        for role in _DIVIDES:
            if role in self.roles and role != by:
                variable = self.table.variables[self.roles[role]]
                if len(variable.categories) == 1 and not _is_total(variable.categories[0]):
                    found.append(clipped(f"{variable.name}: {variable.categories[0].label}", 80))
        return found


def _content(said: str) -> tuple[str, str]:
    """The measure and group that a name tells of; a measure of "" is one that is not used."""
    for pattern, measure, group in mapping().contents:
        if said and pattern.search(said):
            return measure, group
    return "", ""


def _labels(variable: Variable) -> list[str]:
    return [category.label for category in variable.categories]


def _is(category: Category, kind: str) -> bool:
    return mapping().labels[kind].fullmatch(plain(category.label)) is not None


def _is_total(category: Category) -> bool:
    return category.code.upper() == "SSS" or _is(category, "total")


def _total(variable: Variable) -> int | None:
    return next((n for n, c in enumerate(variable.categories) if _is_total(c)), None)


def _area_name(category: Category) -> str:
    return collapse(_CODE.sub("", category.label))


def _tells_of(text: str, municipality: str) -> bool:
    return normalise(municipality) in normalise(text.replace("_", " "))


def _period(label: str) -> str | None:
    """A year, or a month as "2026-07"; None for anything else."""
    text = re.sub(r"^\d{1,2}\.\d{1,2}\.(?=\d{4})", "", collapse(label).rstrip("*").strip())
    if re.fullmatch(r"(?:19|20)\d\d(?:-(?:12-31|01-01))?", text):
        return text[:4]
    if match := re.fullmatch(r"((?:19|20)\d\d)(?:M|-)(0[1-9]|1[0-2])(?:-\d\d)?", text, re.IGNORECASE):
        return f"{match[1]}-{match[2]}"
    return None


def _age(label: str) -> tuple[int, int] | None:
    """First and last year of a group of ages."""
    match = _AGE.match(label)
    if match is None:
        return None
    if match[1]:
        return 0, int(match[1]) - 1
    low = int(match[2])
    high = int(match[4]) if match[4] else _OPEN_END if match[3] else low
    return (low, high) if low <= high else None


def _cover(labels: Sequence[str], low: int, high: int) -> list[int]:
    """Groups of ages that together are exactly this one, the narrowest first; empty where there are none."""
    spans = {n: span for n, label in enumerate(labels) if (span := _age(label))}
    reached, chosen = low, []
    while reached <= high:
        fitting = [(end, n) for n, (start, end) in spans.items() if start == reached and end <= high]
        if not fitting:
            return []
        end, n = min(fitting)
        chosen.append(n)
        reached = end + 1
    return chosen
