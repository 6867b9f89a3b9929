"""Which of the passages found go before others: readable official texts, examples only if asked, what is in force.

Nothing is scored here: how well a passage matches is retrieval's, and what official words stand for official's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.currency import NEW_ACT_FROM
from assistant.types import OFFICIAL, Currency, Hit, Kind, Question

# What is not in force gives way to what is, unless that scores this far below; and stays beside it only this near.
_SPEAKS_WITHIN = 4.0
_BESIDE_WITHIN, _BESIDE_AT_MOST = 0.3, 2
_UNDATED = 1.5  # what it counts against a passage that it has no date, where the question is about a day long past
_NAMED = 2.0  # what it counts that a programme is of the municipality that is asked about
_ASKS_EXAMPLES = re.compile(
    r"\b(?:examples?|other (?:municipalit|town|cit)\w+|elsewhere|another (?:municipality|town|city)|neighbour\w*|"
    r"which (?:municipalit|town|cit)\w+|programmes? of|published programmes?|somebody else|esimerk\w+|"
    r"mui(?:ssa|lla|den) kun\w+|muut kunnat|naapuri\w*|exempel|andra kommun\w*|grannkommun\w*)\b",
    re.IGNORECASE,
)


def in_order(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """All of what follows, one after the other."""
    hits = _examples_if_asked(_readable_first(hits, question), question)
    return in_force_first(_of_that_time(hits, question), question)


def _of_that_time(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """On a day of the former Act, what is known to have applied then goes before what has no date."""
    if question.as_of >= NEW_ACT_FROM:
        return list(hits)
    nearer = [replace(h, score=h.score - _UNDATED) if h.currency is Currency.UNKNOWN else h for h in hits]
    return sorted(nearer, key=lambda h: -h.score)


def in_force_first(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """Leave out what is not in force on the day where something in force speaks; order is kept.

    What never came into force or is only planned stays beside it where it matches nearly as well: the reader may have
    heard of it. What the question itself asks for by its Act is wanted as it is.
    """
    if not hits:
        return []
    wanted = [h for h in hits if h.currency.may_hold or _is_asked_for(h, question)]
    if not wanted or wanted[0].score < hits[0].score - _SPEAKS_WITHIN:
        return list(hits)
    beside = [
        h
        for h in hits
        if (h.currency is Currency.NEVER_IN_FORCE or (h.passage.fact and h.passage.fact.pending))
        and h.score >= hits[0].score - _BESIDE_WITHIN
    ][:_BESIDE_AT_MOST]
    return sorted([*wanted, *(h for h in beside if h not in wanted)], key=lambda h: -h.score)


def _is_asked_for(hit: Hit, question: Question) -> bool:
    """Whether a question wants what is not in force as it is: by its Act, or as it was enacted."""
    if hit.currency is Currency.NEVER_IN_FORCE:
        return question.enacted
    before = question.as_of < NEW_ACT_FROM
    return hit.source.law_basis in question.acts and (hit.currency is Currency.OUTDATED or before)


def _readable_first(hits: Sequence[Hit], question: Question) -> list[Hit]:
    """Without official texts in another language than the question's, where anything else was found.

    Our digest says in English what they say, and links to them.
    """
    readable = [h for h in hits if not h.source.source_id.endswith(OFFICIAL) or h.source.language == question.language]
    return readable or list(hits)


def _examples_if_asked(hits: list[Hit], question: Question) -> list[Hit]:
    """Other municipalities' programmes only where the question asks for examples, or for that municipality first.

    Where nothing else was found, they stay.
    """
    said = question.search_text.lower()
    named = {h.source.municipality for h in hits if h.source.municipality and h.source.municipality.lower() in said}
    if named:
        nearer = [replace(h, score=h.score + _NAMED) if h.source.municipality in named else h for h in hits]
        return sorted(nearer, key=lambda h: -h.score)
    others = [h for h in hits if h.source.kind is not Kind.PROGRAMME]
    return hits if _ASKS_EXAMPLES.search(said) or not others else others


def order_by_role(kind: Kind) -> int:
    """Law before guidance before the municipality's own documents before other municipalities' programmes."""
    return (Kind.LAW, Kind.GUIDANCE, Kind.OWN, Kind.PROGRAMME).index(kind)
