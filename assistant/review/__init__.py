"""A municipality's plan held against the sixteen known weaknesses of such plans, in Finnish, Swedish and English.

The checks are rules, and what they look for is data of prompts/review/: no model is asked. Each finding names the
passage, what is missing there, what to do, and facts of the bundled corpus that say why. A plan without findings may
still be a bad one: whether a goal is wise or a figure right is not looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import Citing, Numbering
from assistant.errors import AssistantError
from assistant.legal_claims import StatuteFacts
from assistant.review.chapters import chapter_findings
from assistant.review.claims import claim_findings
from assistant.review.findings import Facts, joined, worded
from assistant.review.learnt import weighed
from assistant.review.plan_text import Plan
from assistant.review.sentences import Raw, sentence_findings
from assistant.review.tables import table_findings
from assistant.review.whole import is_part, whole_findings
from assistant.shown import FILE_MARK
from assistant.types import Document, Notice, Passage, Review, UnitKind, WarningCode

__all__ = ["checked", "read_plan", "review_plan"]

_MOST_CHARS = 600_000  # about 250 pages: no plan is that long, and the time to review grows with the length
_LEAST_WORDS = 20


def read_plan(document: Document, *, municipality: str | None, others: Sequence[str], as_of: str) -> Plan:
    """A document as a plan.

    Args:
        document: As read.
        municipality: Whose plan it is; found out from the text where it is not told.
        others: Names of other municipalities.
        as_of: ISO date on which the law is taken.

    Raises:
        AssistantError: It is too long or too short for a plan; says what to do.
    """
    if len(document.text) > _MOST_CHARS:
        raise AssistantError(
            f"The text holds {len(document.text):,} characters; at most {_MOST_CHARS:,} are reviewed. Review the plan "
            "without its annexes, or chapter by chapter."
        )
    if len(document.text.split()) < _LEAST_WORDS:
        raise AssistantError(
            f"The text holds fewer than {_LEAST_WORDS} words, too few to review. Give a whole plan or a chapter of it."
        )
    return Plan(document, municipality=municipality, others=others, as_of=as_of)


def checked(plan: Plan, facts: Sequence[Passage] = ()) -> list[Raw]:
    """What the checks found: neighbours joined, in reading order, what is missing last.

    Args:
        plan: As `read_plan` gives it.
        facts: Those of the bundled corpus; without them no claim on the Act is held against it.
    """
    found = [*sentence_findings(plan), *chapter_findings(plan), *table_findings(plan), *whole_findings(plan)]
    found += claim_findings(plan, StatuteFacts(facts), found)
    return joined(weighed(plan, found))


def review_plan(plan: Plan, *, facts: Sequence[Passage], citing: Citing) -> Review:
    """Check a plan and word and cite what was found.

    Args:
        plan: As `read_plan` gives it.
        facts: Those of the bundled corpus; without them nothing is cited.
        citing: The sources.
    """
    numbering = Numbering()
    cited = Facts(facts, citing, numbering)
    findings = tuple(worded(plan, raw, cited.of) for raw in checked(plan, facts))
    return Review(
        title=plan.document.title, municipality=plan.municipality or None, as_of=plan.as_of, language=plan.language,
        characters=len(plan.text), findings=findings, citations=numbering.citations(citing, plan.as_of),
        warnings=tuple(_warnings(plan, has_facts=bool(facts))), text=plan.text,
    )  # fmt: skip


def _warnings(plan: Plan, *, has_facts: bool) -> list[Notice]:
    found = []
    if not has_facts:
        message = "The bundled corpus is left out, so the findings cite nothing. Set KOTOAPURI_CORPUS=bundled."
        found.append(Notice(WarningCode.NOT_ESTABLISHED, message))
    if n := len(plan.document.masked):
        message = (
            f"{n} personal identity code{'s' if n > 1 else ''} or account number{'s' if n > 1 else ''} found in the "
            "text and masked. Check whether the file may be kept and shared as it is."
        )
        found.append(Notice(WarningCode.PERSONAL_DATA, message))
    if any(p.kind is UnitKind.INSTRUCTION for p in plan.passages):
        message = "The text holds sentences that address an assistant. They were neither followed nor reviewed."
        found.append(Notice(WarningCode.INSTRUCTIONS_IN_SOURCE, message))
    if n := len(set(FILE_MARK.findall(plan.text))):
        message = (
            f"{n} open point{'s' if n > 1 else ''} of a draft, [TO FILL: ...], {'are' if n > 1 else 'is'} still to be "
            "filled in. Sentences with such a mark were not reviewed."
        )
        found.append(Notice(WarningCode.NOT_ESTABLISHED, message))
    if is_part(plan):
        message = "The text is too short for a whole plan, so what a plan as a whole would lack was not looked at."
        found.append(Notice(WarningCode.NOT_ESTABLISHED, message))
    return found
