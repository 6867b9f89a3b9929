"""What the reader of an answer is warned of: the state of its sources, changed names, what verification did.

Only words and their order are decided here; what is current, changed or unsupported is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from assistant import currency
from assistant.types import Citation, Currency, Kind, Notice, Statement, WarningCode
from assistant.verification import Verdict


def source_notices(
    as_of: str,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    *,
    early: Collection[str],
    instructing: Collection[str],
) -> Iterator[Notice]:
    """Warnings that the sources of an answer call for.

    Args:
        as_of: ISO date on which the law is taken.
        statements: Of the answer.
        citations: Of the answer.
        early: Ids of sources written on Act 681/2023 before it began.
        instructing: Ids of sources that hold sentences which address an assistant.
    """
    if outdated := [c for c in citations if c.currency is Currency.OUTDATED]:
        basis = next((c.law_basis for c in outdated if c.law_basis), None)
        law = f"under Act {basis}, which is no longer in force" if basis else "for a time that is over"
        message = f"{_titles(outdated)} was written {law} on {as_of}. Check what applies now before you use it."
        yield _notice(WarningCode.OUTDATED_SOURCE, message, outdated)
    if never := [c for c in citations if c.currency is Currency.NEVER_IN_FORCE]:
        message = f"{_titles(never)} describes rules that were changed before they began and have never been in force."
        yield _notice(WarningCode.NEVER_IN_FORCE, message, never)
    if before := [c for c in citations if c.source_id in early]:
        message = (
            f"{_titles(before)} was written before Act 681/2023 began. Act 1100/2024 had by then rewritten section "
            "45 of Act 681/2023 (planning) and repealed its section 48 (cooperation group), so duties that the "
            "page describes may never have come into force. Check each against the Act as in force."
        )
        yield _notice(WarningCode.NEVER_IN_FORCE, message, before)
    if not_yet := [c for c in citations if c.currency is Currency.NOT_IN_FORCE_YET]:
        yield _notice(WarningCode.NOT_IN_FORCE_YET, f"{_titles(not_yet)} was not in force yet on {as_of}.", not_yet)
    if others := [c for c in citations if c.kind is Kind.PROGRAMME]:
        whose = ", ".join(dict.fromkeys(f"{c.municipality or c.title} ({c.written or 'undated'})" for c in others))
        message = (
            f"This is an example from another municipality's programme: {whose}. Situations and needs differ, so "
            "do not copy its text, figures or measures."
        )
        yield _notice(WarningCode.OTHER_MUNICIPALITY, message, others)
    yield from _changes(statements, as_of)
    for source_id in dict.fromkeys(c.source_id for c in citations if c.source_id in instructing):
        cited = [c for c in citations if c.source_id == source_id]
        message = (
            f"{cited[0].title} holds sentences that address an assistant. They were not followed and are not quoted; "
            "check where the document comes from."
        )
        yield _notice(WarningCode.INSTRUCTIONS_IN_SOURCE, message, cited)


def _notice(code: WarningCode, message: str, citations: Sequence[Citation]) -> Notice:
    return Notice(code, message, tuple(c.id for c in citations))


def _titles(citations: Sequence[Citation]) -> str:
    return "; ".join(dict.fromkeys(f"“{c.title}”" for c in citations))


def _changes(statements: Sequence[Statement], as_of: str) -> list[Notice]:
    found: dict[str, tuple[currency.Succession, list[int]]] = {}
    for statement in statements:
        for change in currency.changed_terms(statement.text, as_of):
            found.setdefault(change.term, (change, []))[1].extend(statement.citations)
    return [
        Notice(WarningCode.TERM_CHANGED, change.message, tuple(dict.fromkeys(numbers)))
        for change, numbers in found.values()
    ]


def fallback_notice(writer: str, why: str) -> Notice:
    """Says that the extractive writer took over from a chat model, and why."""
    return Notice(
        WarningCode.UNSUPPORTED,
        f"{why.rstrip('.')}. The answer below was put together from the sources' own sentences instead of by {writer}.",
    )


def verification_notices(verdict: Verdict) -> list[Notice]:
    """Says what verification replaced or left out; empty where it did neither."""
    notices = []
    repaired = [v for v in verdict.statements if v.repaired]
    if repaired:
        why = "; ".join(dict.fromkeys(v.repaired.value for v in repaired if v.repaired))
        notices.append(
            Notice(
                WarningCode.UNSUPPORTED,
                f"{len(repaired)} statement(s) did not agree with their sources ({why}) and stand here in the sources' "
                "own words.",
            )
        )
    if verdict.dropped:
        why = "; ".join(dict.fromkeys(fault.value for _, fault in verdict.dropped))
        notices.append(Notice(WarningCode.UNSUPPORTED, f"{len(verdict.dropped)} statement(s) were left out: {why}."))
    return notices
