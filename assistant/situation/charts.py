"""Which plots a picture has, and what they show and say; `plots.py` draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.situation.sentences import (
    GROUPS,
    SMALL,
    Choice,
    Chosen,
    at,
    compared_ages,
    divided,
    earlier,
    latest,
    whole,
)
from assistant.situation.wording import Wording
from assistant.types import Observation, Plot, PlotLine, Series, Showing, SituationTable

_BARS = 8  # languages or countries in one plot
_YEARS = 16  # in one trend; older ones say little of a plan's time


def charts(choice: Choice, place: str, wording: Wording, *, heading: str) -> list[Plot]:
    """The plots of a picture, in the order of its sentences.

    Args:
        choice: Of tables.
        place: The municipality.
        wording: Of the language.
        heading: Of the block of the section where they stand.
    """
    return list(_Charts(choice, place, wording, heading).all())


def source_line(table: SituationTable, wording: Wording) -> str:
    """What stands under a plot."""
    return wording.say("source_line", origin=origin_words(table, wording))


def origin_words(table: SituationTable, wording: Wording) -> str:
    """Source, table and date of a table in one line."""
    parts = [table.source or ""]
    parts += [wording.say("origin_table", id=table.table_id)] if table.table_id else []
    parts += [wording.say("origin_updated", day=wording.day(table.date))] if table.date else []
    parts.append(wording.say("origin_added", file=table.file, day=wording.day(table.added)))
    return ", ".join(part for part in parts if part)


class _Charts:
    def __init__(self, choice: Choice, place: str, wording: Wording, heading: str) -> None:
        self._choice, self._place, self._words, self._heading = choice, place, wording, heading

    def all(self) -> Iterator[Plot]:
        # The definitions tell much the same over the years: one trend is enough, of the first that there is.
        first = next((g for g in self._choice.groups() if self._choice.get("residents", g)), "")
        for group in self._choice.groups():
            if group == first and (chosen := self._choice.get("residents", group)):
                yield from self._trend(chosen, "trend", "trend_sub")
            for by in ("language", "country"):
                yield from self._largest(group, by)
            yield from self._ages(group)
            yield from self._activities(group)
        yield from self._rates()
        yield from self._moves()
        done = {"residents", "employment-rate", "immigration", "emigration", "net-immigration"}
        done |= {"share"} if first else set()
        for (measure, group, by), chosen in self._choice.chosen.items():
            if measure not in done and not by and not (group == "all" and self._has_group(measure)):
                yield from self._trend(chosen, "trend", "trend_sub_other")

    def _has_group(self, measure: str) -> bool:
        return any(self._choice.get(measure, group) for group in GROUPS)

    def _plot(
        self, id: str, kind: str, title: str, subtitle: str, labels: Sequence[str], lines: Sequence[PlotLine],
        table: SituationTable, unit: str = "",
    ) -> Plot:  # fmt: skip
        words = self._words
        values = "; ".join(
            f"{f'{line.name}: ' if len(lines) > 1 else ''}"
            + ", ".join(
                f"{label}: {self._value(line, n, unit)}" for n, label in enumerate(labels)
            )
            for line in lines
        )  # fmt: skip
        alt = words.say("plots.alt", kind=words[f"plots.alt_{kind}"], title=title, subtitle=subtitle, values=values)
        return Plot(
            id, kind, title, subtitle, alt, source_line(table, words), tuple(labels), tuple(lines), unit=unit,
            language=words.language, heading=self._heading,
        )  # fmt: skip

    def _value(self, line: PlotLine, n: int, unit: str) -> str:
        value = line.values[n]
        if value is None:
            return line.marks[n]
        return self._words.number(value, decimals=1 if unit else 0) + (f" {unit}" if unit else "")

    def _line(self, name: str, observations: Sequence[Observation]) -> PlotLine:
        return PlotLine(
            name, tuple(o.value for o in observations), tuple(self._words.mark(o) for o in observations)
        )  # fmt: skip

    def _trend(self, chosen: Chosen, title: str, subtitle: str) -> Iterator[Plot]:
        series = chosen.first
        recent = _recent(series)
        known = [o for o in recent if o.value is not None]
        if len(known) < 3:
            return
        percent = series.unit == "per cent"
        name = self._name(series)
        words = self._words
        said = words.say(
            f"plots.{'rate' if percent else title}", Short=_capital(name), Name=_capital(name),
            m=words.observed(known[0], series.unit), first=known[0].period,
            n=words.observed(known[-1], series.unit), last=known[-1].period,
        )  # fmt: skip
        below = words.say(f"plots.{subtitle}", place=self._place, first=recent[0].period, last=recent[-1].period)
        yield self._plot(
            f"trend-{series.measure}-{series.group}", "trend", said, below, [o.period for o in recent],
            [self._line(name, recent)], chosen.table, "%" if percent else "",
        )  # fmt: skip

    def _name(self, series: Series) -> str:
        return str(self._words[f"short.{series.group}" if series.measure == "residents" else f"names.{series.measure}"])

    def _largest(self, group: str, by: str) -> Iterator[Plot]:
        chosen = self._choice.get("residents", group, by)
        if chosen is None:
            return
        period, parts = divided(chosen)
        parts = parts[:_BARS]
        if len(parts) < 2:
            return
        words = self._words
        labels = [_capital(words.name(s.category, by)) for s, _ in parts]
        short = words[f"short.{group}"]
        lines = [PlotLine(period, tuple(o.value for _, o in parts), ("",) * len(parts))]
        before = [earlier(s, period) for s, _ in parts]
        if any(b and b[1] and b[0].value is not None for b in before):
            year = f"{int(period[:4]) - 5}"
            past = [b[0] if b and b[1] else Observation(year, None, Showing.MISSING) for b in before]
            lines.append(self._line(words.say("plots.bars_past", year=year), past))
        title = words.say(
            "plots.bars", name=labels[0], named=words.name(parts[0][0].category, by),
            division=words[f"division.{group}"], n=words.number(parts[0][1].value or 0),
        )  # fmt: skip
        below = words.say("plots.bars_sub", short=short, short_cap=_capital(short), place=self._place, last=period)
        yield self._plot(f"largest-{group}", "bars", title, below, labels, lines, chosen.table)

    def _ages(self, group: str) -> Iterator[Plot]:
        chosen = self._choice.get("residents", group, "age")
        if chosen is None:
            return
        words, short = self._words, self._words[f"short.{group}"]
        period, parts = divided(chosen)
        labels = [s.category if not s.category.endswith("–") else f"{s.category[:-1]}+" for s in chosen.series]
        if compared := compared_ages(chosen):
            series, a, b, _ = max(compared, key=lambda one: abs(one[1] - one[2]))
            lines = [
                PlotLine(_capital(short), tuple(round(one[1], 1) for one in compared), ("",) * len(compared)),
                PlotLine(_capital(words["plots.of_all"]), tuple(round(one[2], 1) for one in compared),
                         ("",) * len(compared)),
            ]  # fmt: skip
            last = series.category.endswith("–")
            title = words.say(
                "plots.age_shares_last" if last else "plots.age_shares", band=series.category.rstrip("–"),
                **words.group(group), a=words.number(a, decimals=1), b=words.number(b, decimals=1),
            )  # fmt: skip
            below = words.say("plots.age_shares_sub", place=self._place, last=period)
            yield self._plot(f"ages-{group}", "bars", title, below, labels, lines, chosen.table, "%")
        elif len(parts) >= 2:
            observations = [at(s, period) or Observation(period, None, Showing.MISSING) for s in chosen.series]
            series, most = parts[0]
            last = series.category.endswith("–")
            title = words.say(
                "plots.age_counts_last" if last else "plots.age_counts", **words.group(group),
                band=series.category.rstrip("–"), n=words.number(most.value or 0),
            )  # fmt: skip
            below = words.say(
                "plots.age_counts_sub", short=short, short_cap=_capital(short), place=self._place, last=period
            )
            yield self._plot(
                f"ages-{group}", "bars", title, below, labels, [self._line(period, observations)], chosen.table
            )

    def _activities(self, group: str) -> Iterator[Plot]:
        chosen = self._choice.get("residents", group, "activity")
        if chosen is None or (total := whole(chosen)) is None:
            return
        words, short = self._words, self._words[f"short.{group}"]
        period, _ = divided(chosen)
        all_, observations = at(total, period), [at(s, period) for s in chosen.series]
        shown = [(s, o) for s, o in zip(chosen.series, observations, strict=True) if o is not None]
        employed = next((o.value for s, o in shown if s.category == "employed"), None)
        if all_ is None or all_.value is None or employed is None or len(shown) < 2:
            return
        title = words.say("plots.activity", n=words.number(employed), m=words.number(all_.value), **words.group(group))
        below = words.say("plots.activity_sub", short=short, short_cap=_capital(short), place=self._place, last=period)
        labels = [_capital((words.words.get("activity_labels") or words["activities"])[s.category]) for s, _ in shown]
        line = self._line(period, [o for _, o in shown])
        yield self._plot(f"activities-{group}", "bars", title, below, labels, [line], chosen.table)

    def _rates(self) -> Iterator[Plot]:
        """Employment rates of one table together; of groups of one definition only, beside all residents."""
        for group in (*GROUPS, "all"):
            chosen = self._choice.get("employment-rate", group)
            headcount = self._choice.get("residents", group)
            if chosen is None or (headcount and (latest(headcount.first).value or 0) < SMALL and group != "all"):
                continue
            every = self._choice.get("employment-rate", "all")
            beside = [every] if every and group != "all" and every.table.id == chosen.table.id else []
            series = [chosen.first, *(one.first for one in beside)]
            recent = [_recent(s) for s in series]
            known = [o for o in recent[0] if o.value is not None]
            if len(known) < 3 or len({len(r) for r in recent}) > 1:
                continue
            words = self._words
            who = words[f"short.{group}"] if group != "all" else words["plots.of_all"]
            title = words.say(
                "plots.rate", Name=_capital(f"{words['names.employment-rate']}, {who}"),
                m=words.observed(known[0], "per cent"), first=known[0].period,
                n=words.observed(known[-1], "per cent"), last=known[-1].period,
            )  # fmt: skip
            below = words.say(
                "plots.trend_sub_other", place=self._place, first=recent[0][0].period, last=recent[0][-1].period
            )
            names = [who, *(words["plots.of_all"] for _ in beside)]
            lines = [self._line(_capital(name), r) for name, r in zip(names, recent, strict=True)]
            labels = [o.period for o in recent[0]]
            yield self._plot(f"rate-{group}", "trend", title, below, labels, lines, chosen.table, "%")
            return

    def _moves(self) -> Iterator[Plot]:
        both = [self._choice.get(measure, "all") for measure in ("immigration", "emigration")]
        known = [one for one in both if one is not None]
        if not known or len({one.table.id for one in known}) > 1:
            return
        recent = [_recent(one.first) for one in known]
        if len(recent[0]) < 3 or len({tuple(o.period for o in r) for r in recent}) > 1:
            return
        words, now = self._words, recent[0][-1]
        if now.value is None:
            return
        known_moves = [o for o in recent[0] if o.value is not None]
        peak = max(known_moves, key=lambda o: o.value or 0)
        title = words.say(
            "plots.moves" if peak == now else "plots.moves_peak", n=words.observed(now, "moves"), last=now.period,
            m=words.observed(peak, "moves"), peak=peak.period,
        )  # fmt: skip
        below = words.say("plots.moves_sub", place=self._place, first=recent[0][0].period, last=now.period)
        lines = [self._line(_capital(self._name(one.first)), r) for one, r in zip(known, recent, strict=True)]
        labels = [o.period for o in recent[0]]
        yield self._plot("moves", "trend", title, below, labels, lines, known[0].table)


def _recent(series: Series) -> list[Observation]:
    """One observation for each of the last years, also where there is none; of months, that of the last one."""
    last = series.observations[-1].period
    known = {o.period: o for o in series.observations if o.period[4:] == last[4:]}
    years = range(max(int(min(known)[:4]), int(last[:4]) - _YEARS + 1), int(last[:4]) + 1)
    periods = [f"{year}{last[4:]}" for year in years]
    return [known.get(period, Observation(period, None, Showing.MISSING)) for period in periods]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
