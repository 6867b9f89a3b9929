"""What only the whole plan or a whole chapter shows: its period, whose text it is, what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from assistant.review.chapters import is_followed, is_sum
from assistant.review.plan_text import (
    DATE,
    PERIOD,
    YEAR,
    Chapter,
    Plan,
    Unit,
    has_figure,
    same_place,
)
from assistant.review.sentences import Raw, at, is_specific, message_on
from assistant.text import normalise

_RUN_SENTENCES, _RUN_WORDS = 3, 30  # the shortest stretch without anything local that is a finding
# No filler: a sentence that counts in words, names a post, money or the law, or says what is not or what the plan is.
_SETTLED = ("counted_in_words", "post", "money", "law", "programme", "old_act", "denies", "purpose")
_WHOLE_WORDS = 300  # below which a text is a part of a plan
_CONTACTS = 2  # in one chapter, from which it is a list of them
_CATALOGUE = 3  # contacts, prices and benefits
_MANY_MEASURES = 25
_LATE_MONTH = 5  # from which a decision in the first year of the period is late
_GAP_ENDS = 2022  # a plan that ended by then left years in which the law of the time asked for one
_HOURS = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?[-–]\s?\d{1,2}(?:[.:]\d\d)?(?![\d.]*\d)")
_TELEPHONE = re.compile(r"\+?\d[\d ]{6,}\d")
_MAIL = re.compile(r"\S+@\S+\.\w+|\bwww\.|https?://")
_WRITTEN_DATE = re.compile(r"(\d{1,2})\.?\s+([a-zåäö]+)\s+(20\d\d)", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(20\d\d)")
_MONTHS = (
    ("january", "januari", "tammikuuta"), ("february", "februari", "helmikuuta"), ("march", "mars", "maaliskuuta"),
    ("april", "april", "huhtikuuta"), ("may", "maj", "toukokuuta"), ("june", "juni", "kesäkuuta"),
    ("july", "juli", "heinäkuuta"), ("august", "augusti", "elokuuta"), ("september", "september", "syyskuuta"),
    ("october", "oktober", "lokakuuta"), ("november", "november", "marraskuuta"),
    ("december", "december", "joulukuuta"),
)  # fmt: skip
_BEGINNING = 12  # units in which a plan tells who decided it and when


def whole_findings(plan: Plan) -> Iterator[Raw]:
    """All findings on the plan and its chapters, in no order."""
    yield from _time(plan)
    yield from _generic(plan)
    yield from _national(plan)
    yield from _other_municipalities(plan)
    yield from _catalogue(plan)
    yield from _reimbursement_chapters(plan)
    yield from _staff(plan)
    yield from _name_of_plan(plan)
    yield from _forecasts(plan)
    yield from _absences(plan)
    yield from _themes(plan)


# Weakness 7.


def dates(text: str) -> list[str]:
    """The full dates of a text as ISO dates, in reading order."""
    return [day for _, _, day in _placed_dates(text)]


def _placed_dates(text: str) -> list[tuple[int, int, str]]:
    """The full dates of a text, each with where it begins and ends."""
    found = []
    for match in (*_SHORT_DATE.finditer(text), *_WRITTEN_DATE.finditer(text)):
        day, word, year = match.groups()
        month = next((n for n, names in enumerate(_MONTHS, start=1) if word.casefold() in names), 0)
        month = int(word) if word.isdigit() else month
        if month:
            found.append((match.start(), match.end(), f"{year}-{month:02}-{int(day):02}"))
    return sorted(found)


def period(plan: Plan) -> tuple[int, int] | None:
    """The first and the last year of the plan's period, from its title or its beginning."""
    beginning = plan.units[:_BEGINNING]
    headings = dict.fromkeys(h for u in beginning for h in u.headings)
    # An earlier plan is told of too: "In 2020–2024 the programme of the repealed Act was followed".
    told = (u.text for u in beginning if not plan.shows(u, "previous") and not plan.shows(u, "old_act"))
    for text in (plan.document.title, *headings, *told):
        for first, last in PERIOD.findall(text):
            years = int(first), int(last if len(last) == 4 else first[:2] + last)
            if 0 < years[1] - years[0] <= 12:
                return years
    return None


def _time(plan: Plan) -> Iterator[Raw]:
    years = period(plan)
    decision = next(((u, day) for u in plan.units[:_BEGINNING] for day in _days_after(plan, u, "decided")), None)
    if decision and (begin := _begins(plan, years)) and _is_late(decision[1], begin):
        told = {"begin": f" ({_when(begin)})", "decision": f" ({_when(decision[1])})"}
        yield replace(at("begins-before-decision", decision[0]), details=told)
        start = plan.text.find(plan.document.title)
        if start >= 0 and years and PERIOD.search(plan.document.title):
            yield Raw("begins-before-decision", start, start + len(plan.document.title), told)
        for unit in plan.units:
            if begin in _days_after(plan, unit, "in_force_from"):
                yield at("begins-before-decision", unit, begin="", decision=f" ({_when(decision[1])})")
    if years and str(years[1]) < plan.as_of[:4]:
        yield Raw("period-over", details={"period": f"{years[0]}–{years[1]}", "as_of": plan.as_of})
    for unit in plan.units:
        ends = [int(last if len(last) == 4 else first[:2] + last) for first, last in PERIOD.findall(unit.text)]
        if plan.shows(unit, "term") and ends and str(max(ends)) < plan.as_of[:4] and not plan.shows(unit, "previous"):
            yield at("term-over", unit, period=str(max(ends)))
        if plan.any_shows([unit], "programme", "document", "old_document") and plan.shows(unit, "previous"):
            ended = max(ends, default=max(map(int, YEAR.findall(unit.text)), default=0))
            if years and 2000 < ended <= _GAP_ENDS and ended + 1 < years[0]:
                yield at("gap-years", unit, gap=f" ({ended + 1}–{years[0] - 1})")


def _begins(plan: Plan, years: tuple[int, int] | None) -> str | None:
    """The first day of the period where it is told, else its first year."""
    for unit in plan.units:
        days = [] if plan.any_shows([unit], "previous", "law") else _days_after(plan, unit, "in_force_from")
        if days and (not years or days[0][:4] <= str(years[0])):
            return days[0]
    return str(years[0]) if years else None


def _days_after(plan: Plan, unit: Unit, sign: str) -> list[str]:
    """The dates of a unit that belong to one of the signs of its decision and its beginning."""
    found = []
    both = {name: plan.signs.signs[name] for name in ("decided", "in_force_from")}
    for start, end, day in _placed_dates(unit.said):
        before = {n: max((m.start() for m in s.finditer(unit.said[:start])), default=-1) for n, s in both.items()}
        whose = max(before, key=lambda name: before[name])
        if both["in_force_from"].match(unit.said[end:].lstrip()):  # "1.1.2026 alkaen"
            whose = "in_force_from"
        elif before[whose] < 0:
            whose = next((name for name, s in both.items() if s.search(unit.said[end:])), "")
        if whose == sign:
            found.append(day)
    return found


def _is_late(decision: str, begin: str) -> bool:
    if len(begin) == 4:
        return decision[:4] > begin or (decision[:4] == begin and int(decision[5:7]) >= _LATE_MONTH)
    return decision > begin


def _when(day: str) -> str:
    return day if len(day) == 4 else f"{int(day[8:])}.{int(day[5:7])}.{day[:4]}"


# Weakness 8.


def _generic(plan: Plan) -> Iterator[Raw]:
    for run in generic_runs(plan):
        yield at("generic-chapter", *run)


def generic_runs(plan: Plan) -> Iterator[list[Unit]]:
    """Stretches of a chapter in which nothing local stands."""
    others = plan.other_municipalities
    for chapter in plan.chapters:
        run: list[Unit] = []
        for unit in [*chapter.prose, None]:
            if unit is not None and not _is_local(plan, unit, others):
                run.append(unit)
                continue
            if len(run) >= _RUN_SENTENCES and sum(len(u.text.split()) for u in run) >= _RUN_WORDS:
                yield run
            run = []


def _is_local(plan: Plan, unit: Unit, others: Sequence[str]) -> bool:
    if has_figure(unit.text) or plan.dated(unit):
        return True
    if plan.any_shows([unit], *_SETTLED) or any(u.is_note for u in plan.paragraph(unit)):
        return True
    return any(not any(same_place(name, other) for other in others) for name in plan.local_names(unit))


def _national(plan: Plan) -> Iterator[Raw]:
    has_own = has_local_figures(plan)
    for unit in plan.units:
        if unit.is_row or not plan.shows(unit, "national") or plan.any_shows([unit], "law", "measured_by", "goal"):
            continue
        tells = has_figure(unit.text) or plan.any_shows([unit], "compares", "growth", "per_cent")
        if not tells or not plan.any_shows([unit], "people", "describes") or _names_own(plan, unit):
            continue
        beside = [u for u in plan.paragraph(unit) if u is not unit and _names_own(plan, u) and has_figure(u.text)]
        if not beside:
            yield at("national-figure", unit)
            if not has_own:
                yield at("figure-not-local", unit)


def _names_own(plan: Plan, unit: Unit) -> bool:
    return any(plan.is_own(word) for word in re.findall(r"[A-ZÅÄÖ][\wåäö'’-]+", unit.text))


def _other_municipalities(plan: Plan) -> Iterator[Raw]:
    for name in plan.other_municipalities:
        units = [u for u in plan.units if any(same_place(word, name) for word in plan.local_names(u))]
        alone = [u for u in units if not plan.shows(u, "partner") and not plan.is_history(u)]
        if len(alone) * 2 <= len(units):
            continue  # a partner of this municipality
        for unit in alone:
            yield at("other-municipality", unit, name=name)
            if plan.shows(unit, "monitors"):
                yield at("follow-up-loose", unit)
            owner = [c for c, column in zip(unit.cells, unit.columns, strict=False) if _is_owner(plan, column)]
            if any(normalise(name)[:5] in normalise(c) for c in owner):
                yield at("owner-elsewhere", unit, name=name)


def _is_owner(plan: Plan, column: str) -> bool:
    return plan.signs.signs["owner_column"].search(column) is not None


# Weakness 9.


def _catalogue(plan: Plan) -> Iterator[Raw]:
    for chapter in plan.chapters:
        contacts = [u for u in chapter.prose if _is_contact(plan, u)]
        paragraphs = [list(units) for _, units in groupby(chapter.prose, key=lambda u: u.block)]
        for parts in (paragraphs, *([[u] for u in paragraph] for paragraph in paragraphs)):
            if _is_catalogue(plan, parts):
                yield at("contacts", *(u for part in parts for u in part))
        if len(contacts) >= _CONTACTS:
            yield at("contacts", *contacts)
        elif contacts and sum(1 for _ in _HOURS.finditer(contacts[0].text)) >= _CONTACTS:
            yield at("contacts", contacts[0])
        for unit in chapter.prose:
            if _is_on_benefit(plan, unit):
                yield at("benefits", unit)


def _is_catalogue(plan: Plan, parts: Sequence[Sequence[Unit]]) -> bool:
    """Whether at least half of some paragraphs or sentences are opening hours, telephones, prices and benefits."""
    listed = [
        part for part in parts
        if any(_is_contact(plan, u) for u in part) or plan.any_shows(part, "benefit", "price")
        or (plan.any_shows(part, "telephone") and _TELEPHONE.search(" ".join(u.text for u in part)))
    ]  # fmt: skip
    return len(listed) >= _CATALOGUE and 2 * len(listed) >= len(parts)


def _is_on_benefit(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence tells of benefits, and not of people who get one."""
    named = {m.group()[:6] for m in plan.signs.signs["benefit"].finditer(unit.said)}
    return len(named) > 2 or (bool(named) and plan.shows(unit, "pays") and not plan.any_shows([unit], "law", "post"))


def _is_contact(plan: Plan, unit: Unit) -> bool:
    if _MAIL.search(unit.text) or (plan.shows(unit, "telephone") and _TELEPHONE.search(unit.text)):
        return True
    return plan.shows(unit, "hours") and bool(_HOURS.search(DATE.sub(" ", PERIOD.sub(" ", unit.text))))


# Weakness 6.


def _reimbursement_chapters(plan: Plan) -> Iterator[Raw]:
    before_situation = not is_part(plan)
    for chapter in plan.chapters:
        before_situation = before_situation and "situation" not in chapter.roles
        if chapter.headings and plan.signs.signs["reimbursement"].search(normalise(chapter.headings[-1])):
            yield at("reimbursement-chapter", *chapter.units)
        elif before_situation:
            told = [u for u in chapter.prose if plan.shows(u, "reimbursement") and not plan.shows(u, "no_duty")]
            last = max((u.position for u in told), default=-1)
            run = [u for u in chapter.prose if len(told) > 1 and told[0].position <= u.position <= last + 1]
            yield from (at("reimbursement-first", u) for u in run if u in told or has_figure(u.text))


# Weakness 14.


def _staff(plan: Plan) -> Iterator[Raw]:
    for unit in plan.units:
        if plan.shows(unit, "beside_duties") and plan.any_shows([unit], "post", "carries", "owner_words", "programme"):
            yield at("beside-duties", unit)
    count, told = measures(plan)
    if count < _MANY_MEASURES:
        return
    few = [
        u for u in plan.units
        if plan.shows(u, "small_staff") and not plan.is_history(u)
        and plan.any_shows([u], "post", "carries", "owner_words", "programme", "document", "measures")
    ]  # fmt: skip
    counts = [u for u in plan.units if told in u.said and plan.any_shows([u], "measures_counted", "measures_in_words")]
    for unit in (*few, *(counts[:1] if few else ())):
        yield at("small-staff", unit, count=told)


def measures(plan: Plan) -> tuple[int, str]:
    """How many measures the plan holds, at least, and in what words.

    Counted are rows of tables with measures and items in chapters on them; or the plan says how many there are.
    """
    rows = sum(1 for u in plan.units if any(plan.signs.signs["measure_column"].search(c) for c in u.columns))
    items = len({u.block for c in plan.chapters if "measures" in c.roles for u in c.prose if u.lead_in})
    said = [
        int(n)
        for u in plan.units
        if plan.shows(u, "measures_counted")
        for n, what in re.findall(r"(?<![\d.,])(\d{1,3})\s+((?:\w+\s+){0,1}\w+)", u.said)
        if plan.signs.signs["measures_counted"].search(what)
    ]
    in_words = [m for u in plan.units if (m := plan.signs.signs["measures_in_words"].search(u.said))]
    most = max([rows + items, *(n for n in said if n < 200)])
    return (_MANY_MEASURES, in_words[0].group()) if in_words and most < _MANY_MEASURES else (most, str(most))


# Weakness 16.


def _name_of_plan(plan: Plan) -> Iterator[Raw]:
    title = plan.document.title
    for text in dict.fromkeys([title, *(h for chapter in plan.chapters for h in chapter.headings)]):
        start = plan.text.find(text)
        old = plan.signs.signs["old_word"].search(normalise(text)) if start >= 0 else None
        if old:
            yield Raw("old-word", start, start + len(text), {"word": old.group(), "message": message_on(old.group())})
    years = period(plan)
    match = plan.signs.signs["programme"].search(normalise(title))
    if match and (years is None or years[1] >= 2025) and not plan.has("programme_apart"):
        start = plan.text.find(title)
        yield Raw("title-old", max(start, 0), max(start, 0) + len(title) if start >= 0 else 0, {"name": match.group()})


# Weakness 15.


def _forecasts(plan: Plan) -> Iterator[Raw]:
    if has_trigger(plan):
        return
    for unit in plan.units:
        if unit.is_row or not _foretells(plan, unit):
            continue
        around = plan.neighbours(unit, 2, 3)
        if not plan.any_shows(around, "two_sources"):
            yield at("one-forecast", unit)
            yield from (at("one-forecast", u) for u in around if u.start > unit.start and plan.shows(u, "sized_by"))


def _foretells(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence tells how many people or jobs there will be."""
    if not has_figure(unit.text) or plan.any_shows([unit], "money", "goal", "law"):
        return False
    if not plan.shows(unit, "arrivals") or plan.is_measured([unit]):
        return False
    if not plan.any_shows([unit], "people", "residents", "persons", "to_come"):
        return False
    ahead = (
        any(year > plan.as_of[:4] for year in YEAR.findall(unit.text))
        and not plan.chapter(unit).roles & {"measures", "money", "followup", "law"}
        and plan.shows(unit, "foresees")
    )
    return plan.shows(unit, "forecast") or ahead


# What the whole plan lacks.


def _absences(plan: Plan) -> Iterator[Raw]:
    """What stands nowhere; of a short text, which is no whole plan, nothing is said."""
    if is_part(plan):
        return
    if not has_local_figures(plan):
        yield Raw("no-situation-figures", missing=("situation-figures",))
    measured = any(
        (plan.shows(u, "from_to") and has_figure(u.text)) or plan.is_measured(plan.paragraph(u)) for u in plan.units
    )
    if not measured and not plan.has("indicator", "measured_by") and not _has_column(plan, "indicator", "baseline"):
        yield Raw("no-indicators", missing=("indicators",))
    elif not measured and not plan.has("baseline") and not _has_column(plan, "baseline"):
        yield Raw("no-baseline", missing=("baseline",))
    if not any(is_sum(plan, u) for u in plan.units):
        yield Raw("no-money", missing=("money",))
    if not _has_owner(plan):
        yield Raw("no-owners", missing=("owners",))
    if not any(is_followed(plan, u) for u in plan.units):
        yield Raw("no-follow-up", missing=("monitoring",))
    if not any(
        plan.any_shows([u], "review", "whole_review") and plan.dated(u) and not plan.is_history(u)
        and (n < _BEGINNING or "followup" in plan.chapter(u).roles or plan.any_shows(plan.paragraph(u), "document"))
        for n, u in enumerate(plan.units)
    ):  # fmt: skip
        yield Raw("no-review", missing=("review-date",))
    if not has_trigger(plan):
        yield Raw("no-trigger", missing=("revision-trigger",))
    speaks_of_it = any(
        plan.any_shows([u], "second_language", "bilingual", "both_languages")
        and not plan.any_shows([u], "mother_tongue", "national", "denies")
        for u in plan.units
    )
    if speaks_of_it and not plan.tells_language_path:
        yield Raw("no-language-path", missing=("swedish-path",))


def has_trigger(plan: Plan) -> bool:
    """Whether the plan says in which events it is opened before its time."""
    return any(
        plan.shows(u, "trigger")
        or (
            plan.any_shows([u], "review")
            and plan.any_shows(plan.paragraph(u), "document")
            and plan.shows(u, "conditional")
            and not plan.shows(u, "if_needed")
        )
        for u in plan.units
    )


def has_local_figures(plan: Plan) -> bool:
    """Whether the plan holds a figure of its own on its people, with a year and a source in its chapter."""
    return any(
        has_figure(u.text) and plan.any_shows([u], "people", "residents") and _is_supported(plan, u)
        for u in plan.units
        if not plan.shows(u, "national")
    )


def _is_supported(plan: Plan, unit: Unit) -> bool:
    around = plan.paragraph(unit)
    chapter = plan.chapter(unit)
    return any(plan.dated(u) for u in around) and plan.any_shows(chapter.units, "source")


def _has_column(plan: Plan, *names: str) -> bool:
    return any(plan.signs.signs[f"{name}_column"].search(c) for u in plan.units for c in u.columns for name in names)


def _has_owner(plan: Plan) -> bool:
    for unit in plan.units:
        if unit.is_row:
            owner = next(
                (
                    c for c, name in zip(unit.cells, unit.columns, strict=False) if _is_owner(plan, name)
                ), None,
            )  # fmt: skip
            others = plan.other_municipalities
            if owner and is_specific(plan, owner) and not any(normalise(o)[:5] in normalise(owner) for o in others):
                return True
        elif plan.shows(unit, "post") and plan.any_shows([unit], "owner_words", "month", "money", "carries"):
            return True
    return False


# Weakness 10.


def is_part(plan: Plan) -> bool:
    """Whether a text is too short for a whole plan, such as one chapter of it."""
    return len(plan.text.split()) < _WHOLE_WORDS


def _themes(plan: Plan) -> Iterator[Raw]:
    if is_part(plan):
        return
    said = [u.said for u in plan.units if _deals_with_themes(plan, u)]
    passed_on = [chapter for chapter in plan.chapters if _passes_on(plan, chapter.prose)]
    said += [normalise(h) for chapter in plan.chapters if chapter not in passed_on for h in chapter.headings]
    said.append(normalise(plan.document.title))
    missing = [theme for theme, sign in plan.signs.themes.items() if not any(sign.search(text) for text in said)]
    yield from _left_out(plan, passed_on)
    for theme, kind in (("good-relations", "good-relations-missing"), ("service-package", "service-package-missing")):
        if theme in missing:
            yield Raw(kind, missing=(theme,))
    rest = [theme for theme in missing if theme not in ("good-relations", "service-package")]
    if rest:
        names = ", ".join(theme.replace("-", " ") for theme in rest)
        yield Raw("themes-missing", details={"themes": names}, missing=tuple(rest))


def _left_out(plan: Plan, passed_on: Sequence[Chapter]) -> Iterator[Raw]:
    """Themes of which the plan only says that they are none of its own."""
    dealt = [u for u in plan.units if _deals_with_themes(plan, u) and "situation" not in plan.chapter(u).roles]
    for unit in plan.units:
        if not plan.shows(unit, "left_out"):
            continue
        own = [normalise(unit.headings[-1])] if plan.chapter(unit) in passed_on and unit.headings else []
        for theme, sign in plan.signs.themes.items():
            if any(sign.search(text) for text in own) or (
                sign.search(unit.said) and not any(sign.search(u.said) for u in dealt)
            ):
                yield at("themes-missing", unit, missing=(theme,), themes=theme.replace("-", " "))


def _passes_on(plan: Plan, units: Sequence[Unit]) -> bool:
    """Whether all that a chapter says is that its matter is left out."""
    return bool(units) and all(plan.shows(u, "left_out") for u in units)


def _deals_with_themes(plan: Plan, unit: Unit) -> bool:
    """Whether a unit may show that the plan deals with a theme; none does that passes on or leaves out."""
    if plan.any_shows([unit], "left_out", "slogan") or _is_contact(plan, unit) or _is_on_benefit(plan, unit):
        return False
    if plan.shows(unit, "manage_alone") and plan.shows(unit, "other_groups"):
        return False
    roles = plan.chapter(unit).roles
    if "situation" in roles:
        return any(has_figure(u.text) or plan.dated(u) for u in plan.paragraph(unit))
    return unit.is_row or "law" not in roles or has_figure(unit.text)
