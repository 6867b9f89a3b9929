"""What a plan claims of Act 681/2023 that has no ground in our digest of it, beside the duties that rules know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.legal_claims import StatuteFacts, claim_in, may_claim
from assistant.review.plan_text import Plan
from assistant.review.sentences import Raw, at
from assistant.review.signs import kinds

_OF_THE_LAW = 16  # the weakness


def claim_findings(plan: Plan, statute: StatuteFacts, found: Sequence[Raw]) -> Iterator[Raw]:
    """Sentences that lay on the Act what it does not say.

    Args:
        plan: The plan.
        statute: What is known of the Act.
        found: What the other checks found: a sentence that they blame for its law is not blamed again.
    """
    told = [place for raw in found if kinds()[raw.kind].weakness == _OF_THE_LAW for place in raw.places]
    said = [unit.text for unit in plan.units]
    for n, unit in enumerate(plan.units):
        if (unit.start, unit.end) in told or plan.is_history(unit) or not may_claim(unit.text):
            continue
        named = (plan.document.title, *unit.headings)
        claim = claim_in(unit.text, plan.language, statute, before=said[:n], named=named, is_guidance=False)
        if claim:
            cites = (claim.denied_by.fact.id,) if claim.denied_by and claim.denied_by.fact else ()
            yield replace(at("no-ground", unit), cites=cites)
