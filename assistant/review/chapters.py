"""What each kind of chapter asks of its sentences: money a sum, follow-up a day and a body, a measure an owner.

A chapter on money in which no sum stands leaves the money open, whatever its words; so with the others. That holds for
wordings that no list of phrases knows. A chapter that settles its matter once may tell of it at length.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.review.plan_text import Plan, Unit, has_figure
from assistant.review.sentences import Raw, at

_FEW_WORDS = 3  # below which a sentence or item only names a matter


def chapter_findings(plan: Plan) -> Iterator[Raw]:
    """All findings of this kind, in no order."""
    for chapter in plan.chapters:
        own = [u for u in chapter.prose if u in plan.reviewed]
        prose = [u for u in own if not _tells_else(plan, u)]
        roles = chapter.roles
        if "followup" in roles and not any(is_followed(plan, u) for u in chapter.units):
            # "As the Act requires" says neither who nor when.
            on_it = [u for u in own if u in prose or (plan.shows(u, "monitors") and plan.shows(u, "law"))]
            yield from (at("follow-up-loose", u) for u in on_it if _is_on_followup(plan, u))
        if "money" in roles and not any(has_figure(u.text) for u in chapter.units):
            # "Requires no appropriations" denies no duty here.
            yield from (at("money-left-open", u) for u in own if u in prose or plan.shows(u, "money_word"))
        if "language" in roles and not plan.tells_language_path and plan.any_shows(chapter.units, "second_language"):
            yield from (at("language-path", u) for u in prose)
        if not roles & {"situation", "law", "followup", "money"}:
            actions = [u for u in own if plan.shows(u, "action")]
            bare = [u for u in actions if not _tells_else(plan, u) and not _is_settled(plan, u)]
            if 2 * len(bare) > len(actions):
                yield from (at("measure-unsettled", u) for u in bare)


def _tells_else(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence gives a figure, tells of the law, the past or what the plan is, or only introduces."""
    return (
        has_figure(unit.text)
        or len(unit.text.split()) < _FEW_WORDS
        or unit.text.endswith(":")
        or plan.is_history(unit)
        or plan.any_shows([unit], "law", "no_duty", "purpose")
    )


def _is_settled(plan: Plan, unit: Unit) -> bool:
    return bool(plan.local_names(unit)) or any(
        plan.dated(u) or has_figure(u.text) or plan.any_shows([u], "post", "unit", "counted_in_words")
        for u in plan.paragraph(unit)
    )


def is_followed(plan: Plan, unit: Unit) -> bool:
    """Whether a unit tells who gets to know how the plan goes, and when."""
    around = plan.paragraph(unit)
    return (
        plan.shows(unit, "reports_to")
        and ("followup" in plan.chapter(unit).roles or _is_on_plan(plan, unit))
        and (plan.any_shows(around, "monitors", "report", "indicator") or not plan.shows(unit, "review"))
        and not plan.shows(unit, "if_needed")
        and any(plan.dated(u) or plan.shows(u, "rhythm") for u in around)
        and not plan.shows(unit, "two_yearly")
    )


def _is_on_plan(plan: Plan, unit: Unit) -> bool:
    """Whether a paragraph is on how the plan or its goals go, and not on a report of one measure."""
    roles = plan.chapter(unit).roles
    if roles & {"law", "situation"} or plan.shows(unit, "was_decided"):
        return False
    if "measures" in roles:
        return plan.any_shows([unit], "monitors", "report") and plan.any_shows([unit], "document", "goals")
    return plan.any_shows(plan.paragraph(unit), "goals", "indicator", "report")


def _is_on_followup(plan: Plan, unit: Unit) -> bool:
    """Whether a sentence without a day or a rhythm is on follow-up, and not on how the plan is made known."""
    if plan.dated(unit) or (plan.shows(unit, "rhythm") and not plan.shows(unit, "two_yearly")):
        return False
    return plan.shows(unit, "monitors") or not plan.any_shows([unit], "communication", "was_decided")


def is_sum(plan: Plan, unit: Unit) -> bool:
    """Whether a unit gives euros or working time for the work itself; prices and compensation are none."""
    return (
        (plan.shows(unit, "money") or any(plan.signs.signs["money"].search(c) for c in unit.columns))
        and has_figure(unit.text)
        and not plan.any_shows([unit], "reimbursement", "hours", "price")
    )
