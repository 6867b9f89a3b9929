"""What single sentences and list items of a plan show: figures, goals, vague measures, ended bodies, false duties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from assistant.currency import Succession, successions
from assistant.review.plan_text import COUNTS_NOTHING, YEAR, Plan, Unit, has_figure, is_empty, told
from assistant.review.signs import Rule, rules
from assistant.text import content_stems, normalise
from assistant.types import UnitKind

_STEM = 9  # letters by which an outdated word is found again in another case
_FEW_WORDS = 3  # below which an item only names a matter
_LONGEST_VAGUE = 40  # words: a longer sentence says something beside
_NEXT = 20  # characters between who and what is done to them
_SHORT = 14  # words: a longer sentence on everybody names something
_FOLLOWING = 1  # sentences after a vague one that may say more
_FEW_STEMS = 3  # below which two measures are not known to be the same
_NUMBER = re.compile(r"(?<![\d.,])\d[\d.,]*\d|(?<![\d.,])\d")
# Tasks that bodies had under the repealed Act, and rules of it that have signs of their own.
_OLD_TASKS = ("old_approval", "reimbursement", "agreement", "training", "client_plan", "monitors", "initial_assessment")
_TOLD_ELSEWHERE = ("old_act", "initial_assessment", "family_plan", "old_compensation", "after_care")
_SECTION = re.compile(r"\bsections?\s\d|\d\s?§", re.IGNORECASE)
_OTHER_ACT = re.compile(r"\b(?!(?:1386/2010|681/2023|1100/2024))\d{1,4}/(?:19|20)\d\d\b")
_OF_THE_ACT = ("repealed-parts", "old-act", "duty-council")  # kinds that sections of another Act do not show
_LARGE_COUNT = re.compile(r"(?<![\d.,])(?!(?:19|20)\d\d(?!\d))[1-9]\d{2}")  # no year
_QUOTED = re.compile(r"[\"“”»]")
_OF_ONE_GOAL = re.compile(r"^\W*(?:goal|objective|aim|tavoite|päämäärä|mål)\s?\d", re.IGNORECASE)
_LABEL = re.compile(r"([^\W\d_][\w ]{2,25}):\s*([^.:;]+)")  # "Responsible: the library and partners"
_LABELLED = re.compile(r"(?:\d[\d.]* )?[A-ZÅÄÖ][^.:!?]{2,40}[.:] ?(?:[A-ZÅÄÖ]|$)")  # "Hem och resor. Bolaget ..."
_RATE = re.compile(r"%|\bprosen|\bprocent|\bper ?cent|percentage", re.IGNORECASE)
_AGE = re.compile(r"(?:under|over|aged|alle|yli|under|över|ålder\w*|\btable|\bluku|\bnro)\s*$")
# A count of people in two digits: not a share, a sum, an age, a year or a part of a larger number.
_SMALL_COUNT = re.compile(
    r"(?<![\d.,–-])(?<!\d\s)([1-9]\d?)(?![\d.,–-]*\d|\s\d{3}"
    r"|\s(?:to|till)\s\d+\s?(?:%|per|procent)"
    r"|\s?(?:%|€|prosen|procent|per ?cent|euro|vuo|year|år\b|-vuo|-year|-år))\s+(?=\w)"
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A finding before it is worded: its kind, where it stands and what the wording needs."""

    kind: str
    start: int = 0  # start = end = 0: something is missing from the whole plan
    end: int = 0
    details: dict[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()  # of the chapter in which it stands
    first: int = 0  # positions of the first and the last unit that show it
    last: int = 0
    places: tuple[tuple[int, int], ...] = ()  # start and end of each unit that shows it
    also: tuple[Raw, ...] = ()  # others that were joined with it
    cites: tuple[str, ...] = ()  # ids of facts beside those of its kind


def at(kind: str, unit: Unit, *more: Unit, missing: tuple[str, ...] = (), **details: str) -> Raw:
    """A finding on a unit, or from it to the last of several in one chapter."""
    units = (unit, *more)
    return Raw(
        kind, min(u.start for u in units), max(u.end for u in units), details, missing, unit.headings,
        min(u.position for u in units), max(u.position for u in units),
        tuple(sorted({(u.start, u.end) for u in units})),
    )  # fmt: skip


def sentence_findings(plan: Plan) -> Iterator[Raw]:
    """All findings on single sentences and list items, in no order."""
    for unit in plan.units:
        for rule in rules():
            if _applies(plan, rule, unit):
                yield from _worded(plan, rule, unit)
    yield from _figures(plan)
    yield from _goals(plan)
    yield from _small_rates(plan)
    yield from _vague(plan)
    yield from _unsettled(plan)
    yield from _repeated(plan)
    yield from _ended_bodies(plan)
    yield from _ended_terms(plan)
    yield from _old_sections(plan)
    yield from _owners(plan)
    yield from _indicators(plan)
    yield from _language_paths(plan)
    yield from _for_money(plan)
    yield from _truisms(plan)
    yield from _old_words(plan)


def _applies(plan: Plan, rule: Rule, unit: Unit) -> bool:
    if unit.is_row and not rule.rows:
        return False
    if not all(plan.shows(unit, sign) for sign in rule.all) or any(plan.shows(unit, sign) for sign in rule.unless):
        return False
    if rule.in_order and not _in_order(plan, rule, unit):
        return False
    if rule.kind in _OF_THE_ACT and _OTHER_ACT.search(unit.text):
        return False
    if rule.figure is not None and has_figure(unit.text) is not rule.figure:
        return False
    if rule.history and plan.is_history(unit):
        return False
    if rule.around and not plan.any_shows(plan.paragraph(unit), *rule.around):
        return False
    if rule.unless_around and plan.any_shows(plan.paragraph(unit), *rule.unless_around):
        return False
    roles = plan.chapter(unit).roles
    return not (rule.roles and not roles & set(rule.roles)) and not roles & set(rule.not_roles)


def _in_order(plan: Plan, rule: Rule, unit: Unit) -> bool:
    first, second = (plan.signs.signs[name] for name in rule.all)
    ends = [match.end() for match in first.finditer(unit.said)]
    return any(0 <= match.start() - end <= _NEXT for match in second.finditer(unit.said) for end in ends)


def _worded(plan: Plan, rule: Rule, unit: Unit) -> Iterator[Raw]:
    if rule.kind == "label-words":
        match = plan.signs.signs["label"].search(unit.said)
        yield at(rule.kind, unit, word=match.group() if match else "")
    elif rule.kind in ("refugees-only", "others-left-out"):
        yield at(rule.kind, unit, missing=("all-immigrants",))
    elif rule.kind == "immigrants-not-heard":
        yield at(rule.kind, unit, missing=("immigrants-participation",))
    else:
        yield at(rule.kind, unit)


# Weakness 1.


def _figures(plan: Plan) -> Iterator[Raw]:
    """Figures of the situation without year or source, and claims on it without a figure."""
    for chapter in plan.chapters:
        if "situation" not in chapter.roles:
            continue
        stated = any(plan.shows(u, "figures_from") and plan.shows(u, "source") and plan.dated(u) for u in chapter.units)
        sourced = plan.any_shows(chapter.units, "source")
        for unit in chapter.prose:
            if plan.any_shows([unit], "goal", "forecast", "two_sources", "counts_instead", "trigger", "no_duty"):
                continue
            around = plan.paragraph(unit)
            if any(u.position == unit.position - 1 and _counts_heard(plan, u) for u in around):
                continue  # what those said whom the plan has just counted
            if any(u.is_note for u in around) and not has_figure(unit.text):
                continue
            if has_figure(unit.text):
                if stated or not plan.any_shows([unit], "people", "residents"):
                    continue
                # A date is that of the figures in its sentence, and of what the next sentence tells.
                if not any(
                    plan.dated(u) and (u.is_note or has_figure(u.text) or u.position == unit.position - 1)
                    for u in (unit, *around)
                ):
                    yield at("figure-undated", unit)
                elif not plan.any_shows(around, "source") and not sourced and not any(u.is_note for u in around):
                    yield at("figure-unsourced", unit)
            elif (
                plan.any_shows([unit], "compares", "hearsay")
                or (plan.shows(unit, "weak_state") and plan.any_shows([unit], "people", "rate"))
                or (plan.shows(unit, "growth") and not _is_shown_next(plan, unit, dated=True))
                or (
                    plan.shows(unit, "many")
                    and plan.any_shows([unit], "people", "persons", "residents", "rate")
                    and not plan.dated(unit)
                    and not plan.shows(unit, "counted_in_words")
                    and not _is_shown_next(plan, unit, dated=False)
                )
                or _tells_unshown(plan, unit)
            ) and not (unit.text.endswith(":") or (plan.dated(unit) and plan.shows(unit, "source"))):
                yield at("size-without-figure", unit)


def _counts_heard(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence tells how many people were heard, in a paragraph that tells when."""
    return plan.shows(unit, "hearing_word") and has_figure(unit.text) and any(map(plan.dated, plan.paragraph(unit)))


def _tells_unshown(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence tells of people in a paragraph that holds neither a figure nor a year."""
    around = plan.paragraph(unit)
    return (
        plan.shows(unit, "people")
        and not plan.any_shows([unit], "purpose", "law", "counted_in_words")
        and not any(has_figure(u.text) or plan.dated(u) or plan.shows(u, "source") for u in around)
    )


def _is_shown_next(plan: Plan, unit: Unit, *, dated: bool) -> bool:
    """Whether the next sentence of the paragraph gives a figure: "It has grown. In 2025 there were 612"."""
    following = [u for u in plan.paragraph(unit) if u.position == unit.position + 1]
    return any(has_figure(u.text) and (plan.dated(u) or not dated) for u in following)


def _goals(plan: Plan) -> Iterator[Raw]:
    """Goals that no figure explains and nothing measures."""
    measured = plan.any_shows(plan.units, "baseline") or any(
        plan.signs.signs["baseline_column"].search(c) for u in plan.units for c in u.columns
    )
    for chapter in plan.chapters:
        if chapter.roles & {"law", "followup", "money", "situation"}:
            continue
        heading = chapter.headings[-1] if chapter.headings else ""  # items right under the title have none
        listed = "measures" in chapter.roles and _says_goals(plan, heading)
        # "Now: ..", "Change: ..", "What we do: ..": the chapter of one goal is one paragraph in pieces.
        of_one = chapter.units if _OF_ONE_GOAL.search(heading) else ()
        for unit in chapter.prose:
            says_change = bool(is_vague(plan, unit.said)) or plan.shows(unit, "comparative")
            is_goal = plan.shows(unit, "goal") or (listed and (bool(unit.lead_in) or says_change))
            if not is_goal or unit.text.endswith(":") or plan.shows(unit, "law") or plan.shows(unit, "denies"):
                continue
            around = of_one or plan.paragraph(unit)
            if any(has_figure(u.text) for u in around):
                if (
                    plan.shows(unit, "from_to")
                    and not plan.any_shows(around, "source")
                    and not _tells_start(plan, unit)
                ):
                    yield at("figure-undated", unit)
                continue
            if any(has_figure(u.text) and u.is_row for u in chapter.units):
                continue
            yield at("goal-without-figure", unit)
            if not measured:
                yield at("goal-without-indicator", unit)


def _tells_start(plan: Plan, unit: Unit) -> bool:
    """Whether the figure that a goal starts from has its year here, or stands dated in another place."""
    numbers = _NUMBER.findall(unit.text)
    return len(YEAR.findall(unit.text)) > 1 or any(
        u is not unit and number in _NUMBER.findall(u.text) and any(plan.dated(n) for n in plan.paragraph(u))
        for u in plan.units
        for number in numbers[:1]
    )


def _says_goals(plan: Plan, heading: str) -> bool:
    return plan.signs.signs["goal_column"].search(heading.casefold()) is not None


# Weakness 2.


def _small_rates(plan: Plan) -> Iterator[Raw]:
    """Percentages of a group of a few dozen people, and later rates of the same group."""
    groups: set[str] = set()
    for unit in plan.units:
        if not _RATE.search(unit.text) or not has_figure(unit.text) or plan.shows(unit, "of_population"):
            continue
        count = _small_group(plan, unit)
        if count:
            groups |= {name[:5] for name in plan.local_names(unit)}
            yield at("rate-small-group", unit, count=count)
            if not plan.dated(unit) and not unit.is_row:
                yield at("figure-undated", unit)
        elif any(name[:5] in groups for name in plan.local_names(unit)):
            yield at("rate-small-group", unit, count="the same few dozen")


def _small_group(plan: Plan, unit: Unit) -> str:
    for match in _SMALL_COUNT.finditer(unit.text):
        if match.group(1) == "1" or COUNTS_NOTHING.match(unit.text, match.start(1)):
            continue  # "1 June 2026"
        after = unit.said[match.end() : match.end() + 45]
        if plan.signs.signs["persons"].search(" ".join(after.split()[:3])):
            return match.group(1)
        if plan.shows(unit, "rate") and not unit.is_row and not _AGE.search(unit.said[: match.start()]):
            return match.group(1)
    if _LARGE_COUNT.search(unit.text):
        return ""
    in_words = plan.signs.signs["small_count"].search(unit.said) or _few_in_words(plan, unit)
    return in_words.group() if in_words else ""


def _few_in_words(plan: Plan, unit: Unit) -> re.Match[str] | None:
    """A number below fifty in words with people after it: "of the twenty-four adults"."""
    for match in plan.signs.signs["few_in_words"].finditer(unit.said):
        if plan.signs.signs["persons"].search(" ".join(unit.said[match.end() :].split()[:2])):
            return match
    return None


# Weakness 3.


def is_vague(plan: Plan, said: str) -> str:
    """The words that promise nothing alone; empty where there are none."""
    match = plan.signs.signs["vague"].search(said) or plan.signs.signs["vague_start"].match(said.lstrip(" -•*"))
    return match.group() if match else ""


def _vague(plan: Plan) -> Iterator[Raw]:
    for unit in plan.units:
        if unit.is_row or unit.text.endswith("?") or len(unit.text.split()) > _LONGEST_VAGUE:
            continue
        verb = is_vague(plan, unit.said) or _comparative(plan, unit)
        if not verb or _says_more(plan, unit):
            continue
        yield at("vague-measure", unit, verb=told(verb))


def _comparative(plan: Plan, unit: Unit) -> str:
    """A comparison that says nothing of how much: "runs more smoothly"; in chapters on measures only."""
    if "measures" not in plan.chapter(unit).roles:
        return ""
    match = plan.signs.signs["comparative"].search(unit.said)
    return match.group() if match else ""


def _unsettled(plan: Plan) -> Iterator[Raw]:
    """Items and labelled paragraphs on measures that name neither owner, date, figure nor place."""
    for unit in plan.units:
        if (
            not (unit.kind is UnitKind.ITEM or _LABELLED.match(unit.text))
            or unit.is_row
            or plan.paragraph(unit)[0] is not unit
            or "measures" not in plan.chapter(unit).roles
            or is_vague(plan, unit.said)
        ):
            continue
        if sum(len(u.text.split()) for u in plan.paragraph(unit)) >= _FEW_WORDS and not any(
            _says_more(plan, u) or plan.shows(u, "unit") for u in plan.paragraph(unit)
        ):
            yield at("measure-unsettled", *plan.paragraph(unit))


def _says_more(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence or the one after it gives a date, a figure, a name or an owner, or is no measure."""
    if plan.any_shows(
        [unit], "counted_in_words", "law", "purpose", "post", "money", "no_money", "project_only", "denies", "monitors"
    ):
        return True
    if plan.is_history(unit) or plan.local_names(unit) or "situation" in plan.chapter(unit).roles:
        return True
    following = [u for u in plan.paragraph(unit) if 0 <= u.position - unit.position <= _FOLLOWING]
    return any(has_figure(u.text) or (plan.dated(u) and not plan.shows(u, "whole_period")) for u in following)


def _repeated(plan: Plan) -> Iterator[Raw]:
    """Measures that stand in several chapters, or in several rows of one table."""
    seen: list[tuple[set[str], Unit]] = []
    for unit in plan.units:
        if unit.is_row or not is_vague(plan, unit.said) or len(unit.text.split()) > _LONGEST_VAGUE:
            continue
        stems = set(content_stems(unit.text, plan.language))
        same = next((u for s, u in seen if u.headings != unit.headings and _is_same(stems, s)), None)
        if same:
            yield at("same-measure", unit, elsewhere=f"“{told(same.text)}”")
        seen.append((stems, unit))


def _is_same(a: set[str], b: set[str]) -> bool:
    few, many = sorted((a, b), key=len)
    return len(few) >= _FEW_STEMS and len(few & many) >= 0.75 * len(few) and len(few & many) >= 0.4 * len(many)


# Weakness 4.


def _owners(plan: Plan) -> Iterator[Raw]:
    """Owners named after a label: "Responsible: the municipality and its partners"."""
    for unit in plan.units:
        for label, owner in () if unit.is_row else _LABEL.findall(unit.text):
            if plan.signs.signs["owner_column"].search(normalise(label)) and not is_specific(plan, owner):
                yield at("owner-general", unit, rows="")


def _indicators(plan: Plan) -> Iterator[Raw]:
    """Indicators named after a label without a figure or an outcome: "Indicator: guides handed out"."""
    for unit in plan.units:
        for label, indicator in () if unit.is_row else _LABEL.findall(unit.text):
            if (
                plan.signs.signs["indicator_column"].fullmatch(normalise(label))
                and not has_figure(unit.text)
                and not plan.any_shows([unit], "outcome", "result_count", "put_off", "denies")
                and len(indicator.split()) <= _SHORT
            ):
                yield at("indicator-activity", unit, rows="")


def is_specific(plan: Plan, owner: str) -> bool:
    """Whether an owner is a post, a unit, an association or a name, and not "the municipality and its partners"."""
    said = normalise(owner)
    if is_empty(owner) or is_open(plan, said):
        return False
    if plan.signs.signs["post"].search(said):
        return True
    rest = plan.signs.signs["generic_owner"].sub(" ", said)
    return not is_empty(rest) and (
        any(plan.signs.signs[name].search(said) for name in ("unit", "association"))
        or any(c.isupper() for c in owner.lstrip()[1:])
    )


def is_open(plan: Plan, said: str) -> bool:
    """Whether a cell of a table says that its matter is still open."""
    return any(plan.signs.signs[name].search(said) for name in ("open_cell", "negation", "put_off"))


# Weakness 13.


def _language_paths(plan: Plan) -> Iterator[Raw]:
    """What a plan that names no provider, place or level of Swedish says of it, to the end of the paragraph."""
    if plan.tells_language_path:
        return
    block = -1
    for unit in plan.units:
        if unit.is_row:
            if plan.shows(unit, "second_language_path") and plan.any_shows([unit], "vague", "open_cell"):
                yield at("language-path", unit)
            continue
        if _speaks_of_path(plan, unit):
            block = unit.block
        if unit.block == block and not has_figure(unit.text) and not plan.any_shows([unit], "money", "law", "post"):
            yield at("language-path", unit)


def _speaks_of_path(plan: Plan, unit: Unit) -> bool:
    return (
        plan.any_shows([unit], "either_language", "second_language", "second_language_path", "language_choice")
        and plan.any_shows(plan.paragraph(unit), "of_language_path")
        and not plan.any_shows([unit], "mother_tongue", "no_duty")
        and not plan.is_history(unit)
        and "law" not in plan.chapter(unit).roles
        and (plan.shows(unit, "training") or "situation" not in plan.chapter(unit).roles)
    )


# Weakness 6.


def _for_money(plan: Plan) -> Iterator[Raw]:
    """What a plan gives as reason right after it has told of compensation: "For this reason it is renewed now"."""
    for before, unit in pairwise(plan.units):
        if (
            unit.headings == before.headings
            and plan.shows(before, "reimbursement")
            and plan.shows(unit, "therefore")
            and plan.shows(unit, "document")
        ):
            yield at("for-reimbursement", unit)


# Weakness 8.


def _truisms(plan: Plan) -> Iterator[Raw]:
    """Short sentences on everybody or on what is good that name nothing: "In our municipality all know each other"."""
    for unit in plan.units:
        if unit.is_row or unit.lead_in or not plan.shows(unit, "universal") or _QUOTED.search(unit.text):
            continue
        if not _FEW_WORDS < len(unit.text.split()) <= _SHORT or any(has_figure(u.text) for u in plan.paragraph(unit)):
            continue
        if not _says_more(plan, unit) and not plan.any_shows([unit], "unit", "negation", "goal"):
            yield at("slogan", unit)


# Weakness 16.


def _old_sections(plan: Plan) -> Iterator[Raw]:
    """Sections without an Act in a plan that names only the repealed one: they are its sections."""
    if not plan.has("old_act") or "681/2023" in plan.text:
        return
    for unit in plan.units:
        if _SECTION.search(unit.text) and not _OTHER_ACT.search(unit.text) and not plan.shows(unit, "decided"):
            yield at("old-act", unit)


# Weaknesses 12 and 15.


def _ended_bodies(plan: Plan) -> Iterator[Raw]:
    for unit in plan.units:
        for succession in ended_bodies(plan, unit):
            if plan.any_shows([unit], "carries", "owner_words") and not unit.is_row:
                yield at("owner-ended", unit, body=succession.term, successor=succession.successor)
            successor = succession.successor or "ask the Economic Development Centre of your area"
            found = at("ended-body", unit, body=succession.term, message=succession.message, successor=successor)
            yield found
            if plan.any_shows([unit], *_OLD_TASKS):
                yield replace(found, kind="old-division")


def _ended_terms(plan: Plan) -> Iterator[Raw]:
    """Rules and terms that have ended, other than bodies and those for which there are signs."""
    for unit in plan.units:
        if plan.is_history(unit) or plan.any_shows([unit], "old_word", "old_document", "no_duty", *_TOLD_ELSEWHERE):
            continue
        stems = f" {' '.join(content_stems(unit.text, plan.language))} "
        for s in successions():
            if (
                s.term not in plan.signs.ended
                and plan.as_of > s.ended
                and any(variant in stems for variant in _variants(s.term, plan.language))
            ):
                yield at(
                    "ended-term", unit, body=s.term, message=s.message, successor=s.successor or "the Act in force"
                )
                break


@lru_cache(maxsize=256)
def _variants(term: str, language: str) -> tuple[str, ...]:
    """The names of several words that a plan may give to what has ended, as stems."""
    succession = next(s for s in successions() if s.term == term)
    named = (content_stems(name, language) for name in (term.partition(" (")[0], *succession.variants))
    return tuple(f" {' '.join(stems)} " for stems in named if len(stems) > 1)


def ended_bodies(plan: Plan, unit: Unit) -> list[Succession]:
    """The bodies that a unit names as working, though they had ended."""
    if plan.is_history(unit) or (plan.shows(unit, "past") and not plan.shows(unit, "present")):
        return []
    known = {s.term: s for s in successions()}
    return [
        known[term]
        for term, sign in plan.signs.ended.items()
        if plan.as_of > known[term].ended and sign.search(unit.said) and not _names(unit.said, known[term].successor)
    ]


def _names(said: str, successor: str) -> bool:
    name = successor.partition(" (")[0].casefold()
    return bool(name) and name in said


def _old_words(plan: Plan) -> Iterator[Raw]:
    for unit in plan.units:
        if plan.is_history(unit) or plan.is_of_the_past(unit):
            continue
        for sign in ("old_word", "old_document"):
            match = plan.signs.signs[sign].search(unit.said)
            if match:
                yield at("old-word", unit, word=match.group(), message=message_on(match.group()))
                break


def message_on(word: str) -> str:
    """What the corpus says of an outdated word."""
    stem = word[:_STEM]
    return next(
        (s.message for s in successions() if any(v.casefold().startswith(stem) for v in (s.term, *s.variants))),
        "Act 681/2023 uses another word.",
    )
