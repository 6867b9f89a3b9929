"""Rules that a question takes for those of its day and that are not: "We invoice 700 euros for each person assessed."

An answer from the law in force is right there and still leaves the reader with a wrong rule in mind. Scores alone do
not tell such a question: on most matters the rule that has ended lies as near as the one that took its place. What
tells is what only the one of another time says, a time or a sum; or that the question itself speaks of how things were
done.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.currency import NEW_ACT, NEW_ACT_FROM, OLD_ACT
from assistant.legal_claims import amounts
from assistant.types import Currency, Hit, Kind, Question

# How far below the best passage in force a rule of another time may score that shares a time or sum with the question.
# Where the question only says that something was so, nothing else binds the two. Both were set by looking at hits of
# development questions (wanted are within 1.8 of the one, 0.7 of the other), not by a sweep.
_WITHIN, _AS_BEFORE_WITHIN = 2.0, 1.1
# A passage in force that gives the same time or sum makes it one of the day, also this far below: the nearest seen that
# is on something else lies 0.5 below (one development question).
_HOLDS_WITHIN = 0.4
# Clauses of a passage in force that tell of the law before it, and of one of the former law that tell of what follows.
_OF_BEFORE = re.compile(
    rf"{OLD_ACT}|\b(?:not?|never|nor|no longer|old|former|formerly|as enacted|instead of|went from|was cut|became|"
    r"(?:until|before) (?:(?:31 December|the end of|1 January) )?20(?:2[0-5])|in 20(?:1\d|2[0-4]))\b",
    re.IGNORECASE,
)
_OF_NOW = re.compile(
    rf"{NEW_ACT}|\b(?:since|from) 1 January 2025\b|\b(?:now|today|present|not?|never|nor)\b", re.IGNORECASE
)
_CLAUSES = re.compile(r"[.;:]\s|,\s")
# "It was always they who bought them", "näin tehtiin 2016", "så gjorde man förr".
_AS_BEFORE = re.compile(
    r"\b(?:was|were|did|had|have|has|(?<!may )(?<!can )(?<!must )(?<!do )we|they|it) always\b"
    r"|\balways (?:been|was|were|had|did)\b"
    r"|\bas (?:ever|before|always)\b|(?<!\bare )(?<!\bis )(?<!\bbe )\bused to\b|\buntil now\b"
    r"|\b(?:näin|niin|silloin|ennen|aiemmin|aikaisemmin) (?:on |oli )?\w+t(?:iin|u|y)\b|\b(?:on|oli) aina\b"
    r"|\baina (?:ennenkin|ollut|tehty)\b|\btähän (?:asti|saakka)\b|\bennen vanhaan\b"
    r"|\b(?:har|hade|var) alltid\b|\balltid (?:varit|gjort|haft)\b|\bhittills\b|\bförr i tiden\b|\bså gjorde\b",
    re.IGNORECASE,
)
Amount = tuple[float, str, bool]


def premise(hits: Sequence[Hit], question: Question) -> Hit | None:
    """The rule of another time that a question takes for one of its day; None where there is none.

    Args:
        hits: All that were found, in force on the day or not, best first.
        question: As read.
    """
    current = [h for h in hits if h.currency.may_hold]
    if OLD_ACT in question.acts or not current:
        return None  # what is asked for by its Act is answered as that
    is_past = question.as_of >= NEW_ACT_FROM  # whether what the question may rest on is over, or else to come
    others = [h for h in hits if _is_rule_of(h, is_past=is_past) and h.score >= current[0].score - _WITHIN]
    shared = {
        amount
        for amount in amounts(question.text, question.language)
        if (nearest := next((h for h in others if amount in _given(h, now=not is_past)), None))
        and not any(h.score >= nearest.score - _HOLDS_WITHIN and _gives(h, amount, now=is_past) for h in current)
    }
    if shared:
        return max(
            (h for h in others if shared & _given(h, now=not is_past)),
            key=lambda h: (len(shared & _given(h, now=not is_past)), h.score),
        )
    if is_past and _AS_BEFORE.search(question.text):
        return next((h for h in others if h.score >= current[0].score - _AS_BEFORE_WITHIN), None)
    return None


def _is_rule_of(hit: Hit, *, is_past: bool) -> bool:
    """Whether a passage of the corpus tells a rule of the former Act that is over, or of the present one to come."""
    wanted = Currency.OUTDATED if is_past else Currency.NOT_IN_FORCE_YET
    of_old_act = hit.source.law_basis == OLD_ACT
    is_rule = hit.source.bundled and hit.source.kind in (Kind.LAW, Kind.GUIDANCE)
    return is_rule and hit.currency is wanted and of_old_act == is_past


def _given(hit: Hit, *, now: bool) -> set[Amount]:
    """Times and sums that a passage gives of the present law, or of the one before it."""
    return set(_amounts_of(hit.passage.text, hit.source.language, now))


def _gives(hit: Hit, amount: Amount, *, now: bool) -> bool:
    """Whether a passage gives a time or sum; one that does not come round again in the question may in the passage."""
    return any(found[:2] == amount[:2] and found[2] >= amount[2] for found in _given(hit, now=now))


@lru_cache(maxsize=4096)
def _amounts_of(text: str, language: str, now: bool) -> frozenset[Amount]:
    other = _OF_BEFORE if now else _OF_NOW
    return frozenset(a for part in _CLAUSES.split(text) if not other.search(part) for a in amounts(part, language))
