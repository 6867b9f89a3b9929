"""Sentences about the figures of a municipality, each resting on one table, with both figures of every share.

Nothing is added up here over tables, and no number is said that a series does not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.situation.indicators import mapping
from assistant.situation.wording import Wording, need_for
from assistant.types import Observation, Series, Showing, SituationTable

SMALL = 100  # people below which shares and rates say little: indicators are then given as counts
_LARGEST = 5  # languages or countries named
# The order in which they come.
GROUPS = ("foreign-language", "foreign-background", "first-generation", "born-abroad", "foreign-citizens")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, the table that it rests on, and the need of a plan that it answers."""

    table: int
    text: str
    need: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Series of one table, by what they are of; of several tables on one matter the newest is chosen."""

    table: SituationTable
    series: tuple[Series, ...]  # of the municipality: of one measure, group and division

    @property
    def first(self) -> Series:
        """What all of them have in common can be read from any."""
        return self.series[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is shown of all tables."""

    chosen: dict[tuple[str, str, str], Chosen]  # by measure, group and division
    passed_over: tuple[str, ...]  # titles of tables of which nothing is shown, as a newer one says the same

    def get(self, measure: str, group: str, by: str = "") -> Chosen | None:
        """The series on a matter."""
        return self.chosen.get((measure, group, by))

    def groups(self) -> list[str]:
        """The groups that something is shown of."""
        return [g for g in GROUPS if any(key[1] == g for key in self.chosen)]


def choose(tables: Sequence[SituationTable]) -> Choice:
    """The newest table on each matter, so that no trend is made of two."""
    found: dict[tuple[str, str, str], Chosen] = {}
    sound = [table for table in tables if table.source is not None]
    kept_back = {_matter(s, o): o.shown for t in sound for s in t.series for o in s.observations if _is_few(o)}
    for table in (replace(t, series=tuple(_without(s, kept_back) for s in t.series)) for t in sound):
        by_key: dict[tuple[str, str, str], list[Series]] = {}
        for series in table.series:
            if not series.whole_country and any(o.value is not None or _is_few(o) for o in series.observations):
                by_key.setdefault((series.measure, series.group, series.by), []).append(series)
        for key, of_key in by_key.items():
            chosen = Chosen(table, tuple(of_key))
            if key not in found or _age(chosen) >= _age(found[key]):
                found[key] = chosen
    used = {chosen.table.id for chosen in found.values()}
    return Choice(found, tuple(t.title or t.file for t in sound if t.id not in used))


def _matter(series: Series, observation: Observation) -> tuple[object, ...]:
    """What an observation is of, whichever table it stands in."""
    whose = (series.measure, series.group, series.by, series.category, series.limits, series.whole_country)
    return *whose, observation.period


def _without(series: Series, kept_back: Mapping[tuple[object, ...], Showing]) -> Series:
    """A series less what another table may not show: two tables side by side tell more than each alone."""
    observations = tuple(
        replace(o, value=None, shown=kept_back[_matter(series, o)])
        if o.value is not None and _matter(series, o) in kept_back
        else o
        for o in series.observations
    )
    return replace(series, observations=observations)


def _is_told(observation: Observation) -> bool:
    return observation.value is not None or observation.shown is Showing.FEW


def _is_few(observation: Observation) -> bool:
    return observation.shown in (Showing.FEW, Showing.HIDDEN)


def _age(chosen: Chosen) -> tuple[bool, str, int, str]:
    """Which table is better: one of the whole group, then by its last year, how many years it has, its date."""
    periods = [o.period for o in chosen.first.observations]
    return not chosen.first.limits, periods[-1], len(periods), chosen.table.date or ""


def sentences(choice: Choice, municipality: str | None, wording: Wording, *, whole_country: bool = False) -> list[Said]:
    """What the figures show, from the number of residents to services.

    Args:
        choice: Of tables.
        municipality: By name; None where the workspace names none.
        wording: Of the language.
        whole_country: Whether shares are set beside those of the whole country, where a table has them.
    """
    return list(_Sentences(choice, wording.where(municipality), wording, whole_country).all())


def latest(series: Series) -> Observation:
    """The last observation that has a value or is too small to show."""
    return next(
        (o for o in reversed(series.observations) if o.value is not None or _is_few(o)), series.observations[-1]
    )


def at(series: Series | None, period: str) -> Observation | None:
    """The observation of a period."""
    return next((o for o in series.observations if o.period == period), None) if series else None


def earlier(series: Series, period: str) -> tuple[Observation, bool] | None:
    """What to compare a period with, and whether it is five years before: else the first year of the table."""
    wanted = f"{int(period[:4]) - 5}{period[4:]}"
    if (before := at(series, wanted)) and (before.value is not None or before.shown is Showing.FEW):
        return before, True
    same_month = [o for o in series.observations if o.period < period and o.period[4:] == period[4:]]
    first = next((o for o in same_month if o.value is not None), None)
    return (first, False) if first else None


def of_all(chosen: Chosen, series: Series) -> Series | None:
    """All residents of the same table, with the same limits and division."""
    return next(
        (
            s for s in chosen.table.series
            if (s.measure, s.by, s.category, s.limits, s.whole_country)
            == (series.measure, series.by, series.category, series.limits, series.whole_country) and s.group == "all"
        ),
        None,
    )  # fmt: skip


def whole(chosen: Chosen) -> Series | None:
    """The group of a divided series as a whole, of the same table."""
    one = chosen.first
    return next(
        (
            s for s in chosen.table.series
            if (s.measure, s.group, s.by, s.limits, s.whole_country) == (one.measure, one.group, "", one.limits, False)
        ),
        None,
    )  # fmt: skip


def divided(chosen: Chosen) -> tuple[str, list[tuple[Series, Observation]]]:
    """The last period of a division that has figures, and its parts that are shown, largest first."""
    period = max(latest(s).period for s in chosen.series)
    parts = [(s, o) for s in chosen.series if (o := at(s, period)) and o.value is not None]
    return period, sorted(parts, key=lambda pair: -(pair[1].value or 0))


@dataclass(frozen=True, slots=True)
class _Division:
    """A group divided, in the last period that has figures."""

    chosen: Chosen
    total: Series  # the group as a whole
    period: str
    now: Observation  # of the whole
    count: float
    parts: list[tuple[Series, Observation]]  # those too small to show too, in the order of the table
    places: dict[str, object]  # of a template: how many, of which group, where and when


@dataclass(slots=True)
class _Sentences:
    choice: Choice
    where: Mapping[str, str]  # the municipality, as templates take it
    words: Wording
    whole_country: bool

    def all(self) -> Iterator[Said]:
        for group in self.choice.groups():
            yield from self._total("residents", group)
            if not self.choice.get("residents", group):
                yield from self._total("share", group)
            for by in ("language", "country"):
                yield from self._largest(group, by)
            yield from self._ages(group)
            yield from self._sexes(group)
            yield from self._activities(group)
        if not self.choice.groups():
            yield from self._total("residents", "all")
        done = {"residents", "share"}
        for measure, group, by in self.choice.chosen:
            if measure not in done and not by:
                # Children of all languages stand in the sentence on those of one group.
                if group == "all" and any(self.choice.get(measure, g) for g in GROUPS) and self._adds(measure):
                    continue
                yield from self._total(measure, group)

    def _adds(self, measure: str) -> bool:
        return mapping().measures[measure].unit != "per cent"

    def _total(self, measure: str, group: str) -> Iterator[Said]:
        chosen = self.choice.get(measure, group)
        if chosen is None:
            return
        series, now = chosen.first, latest(chosen.first)
        if now.shown is Showing.HIDDEN or (series.unit == "per cent" and measure != "share" and self._is_small(group)):
            return  # what the figures cannot show says why
        text = self.words.say(
            f"sentences.{measure}", when=self.words.when(now.period, end=measure in ("residents", "share")),
            **self.where, **self.words.group(group), count=self.words.observed(now, series.unit),
            who=self.words[f"who.{group}"],
            whose=self.words[f"whose.{group}"], share=self._share(chosen, now), past=self._past(series, now),
        )  # fmt: skip
        if measure == "residents" and self.whole_country:
            text = _joined(text, self._country(chosen, now.period))
        yield Said(chosen.table.id, self._limited(text, series, now), self._need(measure, group))

    def _need(self, measure: str, group: str) -> str:
        return "" if group == "all" else need_for(measure)

    def _is_small(self, group: str) -> bool:
        """Whether a group is known to be so small that its rates say little."""
        chosen = self.choice.get("residents", group)
        if chosen is None or group == "all":
            return False
        now = latest(chosen.first)
        return now.value is None or now.value < SMALL

    def _share(self, chosen: Chosen, now: Observation) -> str:
        if chosen.first.group == "all" or chosen.first.unit == "per cent" or now.value is None:
            return ""
        total = at(of_all(chosen, chosen.first), now.period)
        if total is None or total.value is None or total.value < SMALL:
            return ""
        template = "share_of_children" if chosen.first.measure == "early-childhood-education" else "share"
        share = self.words.number(100 * now.value / total.value, decimals=1)
        return str(self.words[template]).format(share=share, total=self.words.number(total.value))

    def _past(self, series: Series, now: Observation) -> str:
        before = earlier(series, now.period)
        if before is None:
            return ""
        observation, five = before
        count = self.words.observed(observation, series.unit)
        return str(self.words["past_five" if five else "past"]).format(year=observation.period[:4], count=count)

    def _country(self, chosen: Chosen, period: str) -> str:
        key = (chosen.first.measure, chosen.first.group, "")
        series = {
            s.group: s for s in chosen.table.series if s.whole_country and (s.measure, s.by) == (key[0], "")
        }  # fmt: skip
        count, total = at(series.get(key[1]), period), at(series.get("all"), period)
        if not (count and total and count.value is not None and total.value):
            return ""
        share = self.words.number(100 * count.value / total.value, decimals=1)
        return str(self.words["country"]).format(
            share=share, count=self.words.number(count.value), total=self.words.number(total.value)
        )

    def _limited(self, sentence: str, series: Series, now: Observation) -> str:
        """A sentence with what its figures are limited to inside it, so that no quote of it goes without."""
        limits = [self.words.say("limited", limits=series.limits)] if series.limits else []
        limits += [self.words.say("preliminary")] if now.preliminary else []
        return _joined(sentence, f" ({'; '.join(limits)})" if limits else "")

    def _rest(self, shown: Sequence[tuple[Series, Observation]]) -> str:
        """That parts of a division are left out, where they are."""
        return "" if all(_is_told(o) for _, o in shown) else f" {self.words.say('not_all')}"

    def _largest(self, group: str, by: str) -> Iterator[Said]:
        chosen = self.choice.get("residents", group, by)
        if chosen is None:
            return
        period, parts = divided(chosen)
        parts = parts[:_LARGEST]
        if not parts:
            return
        named = [f"{self.words.name(s.category, by)} ({self.words.number(o.value or 0)})" for s, o in parts]
        one = self.words.words.get("division_one", {}).get(group, "")
        text = self.words.say(
            "largest" if len(named) > 1 else "largest_one", when=self.words.when(period, end=True), **self.where,
            division=self.words[f"divisions.{group}"], division_one=one, of=self.words[f"of.{group}"],
            list=self.words.listed(named),
        )  # fmt: skip
        yield Said(chosen.table.id, self._limited(text, *parts[0]), need_for(by))

    def _division(self, group: str, by: str) -> _Division | None:
        """Residents of a group by age, sex or activity; None where a table does not tell how many there are in all."""
        chosen = self.choice.get("residents", group, by)
        if chosen is None or (total := whole(chosen)) is None:
            return None
        period, _ = divided(chosen)
        now = at(total, period)
        parts = [(s, o) for s in chosen.series if (o := at(s, period))]
        if now is None or now.value is None or not any(o.value is not None for _, o in parts):
            return None
        places: dict[str, object] = {
            "total": self.words.number(now.value), "year": period, **self.words.group(group), **self.where,
        }  # fmt: skip
        return _Division(chosen, total, period, now, now.value, parts, places)

    def _ages(self, group: str) -> Iterator[Said]:
        if (one := self._division(group, "age")) is None:
            return
        items = [
            self.words.say(
                "age_item_last" if s.category.endswith("–") else "age_item", band=s.category.rstrip("–"),
                count=self.words.observed(o, s.unit),
            )
            for s, o in one.parts
            if _is_told(o)
        ]  # fmt: skip
        text = self.words.say("ages", **one.places, list=self.words.listed(items))
        told = self._limited(text, one.total, one.now) + self._rest(one.parts)
        yield Said(one.chosen.table.id, told, need_for("age"))
        if (compared := compared_ages(one.chosen)) is None:
            return
        series, a, b, (n, m, x, y) = max(compared, key=lambda band: abs(band[1] - band[2]))
        text = self.words.say(
            "age_compare_last" if series.category.endswith("–") else "age_compare",
            when=self.words.when(one.period, end=True), band=series.category.rstrip("–"), **self.where,
            **self.words.group(group), a=self.words.number(a, decimals=1), b=self.words.number(b, decimals=1),
            n=self.words.number(n), m=self.words.number(m), x=self.words.number(x), y=self.words.number(y),
        )  # fmt: skip
        yield Said(one.chosen.table.id, text, need_for("age"))

    def _sexes(self, group: str) -> Iterator[Said]:
        if (one := self._division(group, "sex")) is None:
            return
        counts = {s.category: self.words.number(o.value) for s, o in one.parts if o.value is not None}
        if set(counts) != {"men", "women"}:
            return
        text = self.words.say("sexes", **one.places, **counts)
        yield Said(one.chosen.table.id, text, need_for("sex"))

    def _activities(self, group: str) -> Iterator[Said]:
        if (one := self._division(group, "activity")) is None:
            return
        items = [
            f"{self.words.observed(o, s.unit)} {self.words[f'activities.{s.category}']}"
            for s, o in one.parts
            if _is_told(o)
        ]
        text = self.words.say("activity_list", **one.places, list=self.words.listed(items))
        employed = next((o.value for s, o in one.parts if s.category == "employed"), None)
        if employed is not None and one.count >= SMALL:
            share = self.words.number(100 * employed / one.count, decimals=1)
            counts = {"count": self.words.number(employed), "total": self.words.number(one.count)}
            text = _joined(text, str(self.words["activity_share"]).format(share=share, **counts))
        told = self._limited(text, one.total, one.now) + self._rest(one.parts)
        yield Said(one.chosen.table.id, told, need_for("activity"))


def _joined(sentence: str, more: str) -> str:
    """A sentence with more before its full stop."""
    return f"{sentence.removesuffix('.')}{more}."


def compared_ages(chosen: Chosen) -> list[tuple[Series, float, float, tuple[float, float, float, float]]] | None:
    """Shares of each group of ages among a group and among all residents, in per cent, with the four counts.

    None where the group is too small for shares, or one of the counts is not shown.
    """
    total = whole(chosen)
    if total is None or chosen.first.group == "all":
        return None
    period, _ = divided(chosen)
    all_total = of_all(chosen, total)
    found = []
    for series in chosen.series:
        n, m = at(series, period), at(total, period)
        x, y = at(of_all(chosen, series), period), at(all_total, period)
        if not (n and m and x and y) or None in (n.value, m.value, x.value, y.value):
            return None
        counts = (n.value or 0.0, m.value or 0.0, x.value or 0.0, y.value or 0.0)
        if counts[1] < SMALL or not counts[3]:
            return None
        found.append((series, 100 * counts[0] / counts[1], 100 * counts[2] / counts[3], counts))
    return found
