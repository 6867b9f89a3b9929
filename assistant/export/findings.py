"""What the review and the copying check found, as a table for Excel."""

from __future__ import annotations

import csv
import io
import re

from assistant.export.checklist import guarded
from assistant.shown import source_line
from assistant.text import collapse
from assistant.types import CopyingCheck, Finding, Match, Review
from assistant.words import Words, words

_COLUMNS = ("number", "kind", "what", "where", "text", "why", "what-to-do", "source")


def findings_csv(say: Words, review: Review | None, copying: CopyingCheck | None) -> bytes:
    """One row for each finding, for Excel as it is set up in Finland: semicolons, UTF-8 with a byte order mark.

    Args:
        say: Language of the fixed words.
        review: None where the plan was not reviewed.
        copying: None where the plan was not compared.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([say(f"review.column.{name}") for name in _COLUMNS])
    rows = [_finding(say, n, f, review) for n, f in enumerate(review.findings, start=1)] if review else []
    rows += [_match(say, n, m) for n, m in enumerate(copying.matches, start=1)] if copying else []
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def finding_title(say: Words, finding: Finding) -> str:
    """What kind of weakness it is, in the reader's language; as the review says it where the words know none."""
    told, english = (one.of("plans.weakness", finding.kind) for one in (say, words("en")))
    if say.language == "en" or english == finding.kind:
        return finding.title
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(english))
    found = re.fullmatch(rf"{pattern}(?: \(and (?P<more>\d+) more\))?", finding.title)
    if found is None:
        return finding.title
    title = told.format(**{field: say.name(value or "") for field, value in found.groupdict().items()})
    return say("review.and-more", title=title, n=found["more"]) if found["more"] else title


def _finding(say: Words, number: int, finding: Finding, review: Review) -> tuple[str, ...]:
    cited = [
        f"“{collapse(c.quote)}” ({source_line(c.title, c.pinpoint)})"
        for c in review.citations
        if c.id in finding.citations
    ]
    where = say("review.characters", start=finding.start, end=finding.end) if finding.end else say("review.whole-plan")
    return (
        str(number), say(f"review.severity.{finding.severity}"), finding_title(say, finding), where,
        collapse(finding.text), say.message(finding.why), say.message(finding.what_to_do), "\n".join(cited),
    )  # fmt: skip


def _match(say: Words, number: int, match: Match) -> tuple[str, ...]:
    theirs = f"“{collapse(match.source_text)}” ({match.municipality}: {source_line(match.title, match.pinpoint)})"
    return (
        say("review.copy-number", number=number), say("review.severity.copying"), say(f"review.degree.{match.degree}"),
        say("review.characters", start=match.start, end=match.end), collapse(match.text), say("review.copying-why"),
        say.message(match.what_to_do), theirs,
    )  # fmt: skip
