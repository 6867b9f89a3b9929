"""A reviewed text as HTML: the list of what was found, and the text with each place marked.

The filter works in the browser, on what is there: it hides entries of the list and the marks that belong to none other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from assistant.export.findings import finding_title
from assistant.shown import link_words, page_of, source_line, their_words
from assistant.text import shortened
from assistant.types import Block, BlockKind, Citation, CopyingCheck, Document, Finding, Match, Notice, Review
from assistant.web.pieces import decimal, escape
from assistant.words import Words

COPYING = "copying"  # beside the severities of findings
_SHOWN = 320  # characters of a passage in the list; the whole of it is marked in the text
_EXCUSES = ("common", "own", "quotation")

FILTER = """
const choices = () => [...element.querySelectorAll("select")];
const apply = () => {
  const [kind, severity] = choices().map((one) => one.value);
  const entries = [...element.querySelectorAll("[data-entry]")];
  const hidden = new Set();
  entries.forEach((one) => {
    one.hidden = Boolean((kind && one.dataset.kind !== kind) || (severity && one.dataset.severity !== severity));
    if (one.hidden) hidden.add(one.dataset.entry);
  });
  element.querySelectorAll("[data-for]").forEach((mark) => {
    mark.classList.toggle("off", mark.dataset.for.split(" ").every((key) => hidden.has(key)));
  });
  const told = element.querySelector("[data-told]");
  if (told) told.textContent = told.dataset.told.replace("{n}", entries.length - hidden.size);
};
element.addEventListener("change", apply);
watch("value", apply);
"""


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of the text that an entry of the list is about."""

    start: int
    end: int
    key: str  # of the entry
    number: str  # as shown
    name: str
    css: str


def found_html(say: Words, document: Document, review: Review | None, copying: CopyingCheck | None) -> str:
    """Summary, list and text; what could not be checked is None."""
    places = [*_review_places(say, review), *_copying_places(say, copying)]
    entries = [*_findings(say, document, review), *_matches(say, document, copying)]
    listed = f"<ol class='entries'>{''.join(entries)}</ol>" if entries else ""
    found = f"<h2 id='review-list'>{escape(say('review.found'))}</h2>{_summary(say, review, copying)}"
    shown = f"<h2 id='review-text'>{escape(say('review.text'))}</h2>"
    return (
        f"<div class='columns'><section class='list' aria-labelledby='review-list'>{found}"
        f"{_filter(say, review, copying)}{listed}{_shared(say, copying)}{_notices(say, review, copying)}</section>"
        f"<section class='text' aria-labelledby='review-text'>{shown}"
        f"<div class='plan' lang='{escape(document.language)}'>{_text(document, places)}</div></section></div>"
    )


def percent(say: Words, share: float) -> str:
    """A share as people write it in this language."""
    return f"{decimal(say, 100 * share)}{'%' if say.language == 'en' else ' %'}"


# The list.


def _summary(say: Words, review: Review | None, copying: CopyingCheck | None) -> str:
    lines = []
    if review:
        duties = sum(finding.severity == "duty" for finding in review.findings)
        counts = {"n": len(review.findings), "duties": duties, "advice": len(review.findings) - duties}
        lines.append(say("review.count", **counts) if review.findings else say("review.none"))
    if copying and not copying.compared_with:
        lines.append(say("review.nothing-to-compare"))
    elif copying:
        key = "review.share" if copying.matches else "review.no-copying"
        counts = {"programmes": copying.compared_with, "n": len(copying.matches)}
        lines.append(say(key, share=percent(say, copying.share), **counts))
    return f"<div class='summary' role='status'>{''.join(f'<p>{escape(line)}</p>' for line in lines)}</div>"


def _filter(say: Words, review: Review | None, copying: CopyingCheck | None) -> str:
    findings = review.findings if review else ()
    matches = copying.matches if copying else ()
    total = len(findings) + len(matches)
    if total < 2:
        return ""
    counts = Counter(finding.kind for finding in findings)
    titles = {finding.kind: finding_title(say, finding) for finding in reversed(findings)}
    kinds = [(kind, f"{titles[kind]} ({n})") for kind, n in counts.most_common()]
    kinds += [(COPYING, f"{say('review.copied-passages')} ({len(matches)})")] if matches else []
    severities = Counter(finding.severity for finding in findings) + Counter({COPYING: len(matches)})
    grades = [(one, f"{say(f'review.severity.{one}')} ({n})") for one, n in sorted(severities.items(), reverse=True)]
    told = say("review.shown", total=total)
    return (
        f"<div class='filter'>{_select(say, 'kind', kinds)}{_select(say, 'severity', grades)}"
        f"<p role='status' data-told='{escape(told)}'>{escape(told.replace('{n}', str(total)))}</p></div>"
    )


def _select(say: Words, name: str, choices: Sequence[tuple[str, str]]) -> str:
    options = "".join(f"<option value='{escape(value)}'>{escape(label)}</option>" for value, label in choices)
    return (
        f"<label>{escape(say(f'review.filter-{name}'))}<select><option value=''>{escape(say('review.all'))}</option>"
        f"{options}</select></label>"
    )


def _findings(say: Words, document: Document, review: Review | None) -> Iterator[str]:
    for n, finding in enumerate(review.findings if review else (), start=1):
        assert review is not None
        cited = [c for c in review.citations if c.id in finding.citations]
        quoted = "".join(
            f"<blockquote lang='{escape(document.language)}'>{escape(text)}</blockquote>"
            for text in _meant(finding, document.text)
        )
        yield (
            f"{_head(say, f'review-{n}', str(n), finding_title(say, finding), finding.kind, finding.severity)}"
            f"<p class='kind'>{escape(_where(say, document, finding))}</p>{quoted}"
            f"<p>{escape(say.message(finding.why))}</p>"
            f"<p><b>{escape(say('review.what-to-do'))}</b> {escape(say.message(finding.what_to_do))}</p>"
            f"{_grounds(say, cited)}{_to_place(say, f'review-{n}', str(n)) if finding.end else ''}</li>"
        )


def _matches(say: Words, document: Document, copying: CopyingCheck | None) -> Iterator[str]:
    for n, match in enumerate(copying.matches if copying else (), start=1):
        number = say("review.copy-number", number=n)
        page = document.page_of(match.start)
        kind = " · ".join([say("review.severity.copying"), *([say("review.page", n=page)] if page else [])])
        yield (
            f"{_head(say, f'copy-{n}', number, say(f'review.degree.{match.degree}'), COPYING, COPYING)}"
            f"<p class='kind'>{escape(kind)}</p>{_beside(say, document, match)}"
            f"<p><b>{escape(say('review.what-to-do'))}</b> {escape(say.message(match.what_to_do))}</p>"
            f"{_to_place(say, f'copy-{n}', number)}</li>"
        )


def _head(say: Words, key: str, number: str, title: str, kind: str, severity: str) -> str:
    return (
        f"<li class='entry {escape(severity)}' id='{key}' tabindex='-1' data-entry='{key}' data-kind='{escape(kind)}' "
        f"data-severity='{escape(severity)}'><h3><span class='number'>{escape(number)}</span> {escape(title)}</h3>"
    )


def _to_place(say: Words, key: str, number: str) -> str:
    name = escape(say("review.to-place-name", number=number))
    return f"<p><a href='#place-{key}' aria-label='{name}'>{escape(say('review.to-place'))}</a></p>"


def _where(say: Words, document: Document, finding: Finding) -> str:
    severity = say(f"review.severity.{finding.severity}")
    if not finding.end:
        return f"{severity} · {say('review.whole-plan')}"
    page = document.page_of(finding.start)
    return f"{severity} · {say('review.page', n=page)}" if page else severity


def _meant(finding: Finding, text: str) -> list[str]:
    """What is meant, shortened: each of its places as far as there is room, or the whole stretch."""
    shown: list[str] = []
    left = _SHOWN
    for start, end in finding.places or ((finding.start, finding.end),):
        if left > 0 and (words := shortened(text[start:end], left)):
            shown.append(words)
            left -= len(words)
    return shown


def _grounds(say: Words, citations: Sequence[Citation]) -> str:
    if not citations:
        return ""
    rows = "".join(
        f"<li><blockquote>{escape(c.quote)}</blockquote><small>{escape(source_line(c.title, c.pinpoint))} "
        f"{_link(say, c)}</small></li>"
        for c in citations
    )
    return f"<details><summary>{escape(say('review.grounds', n=len(citations)))}</summary><ul>{rows}</ul></details>"


def _link(say: Words, citation: Citation) -> str:
    url = page_of(citation)
    if not url:
        return ""
    name = f"{link_words(citation, say)} ({say('page.new-tab')})"
    return f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{escape(name)}</a>"


def _beside(say: Words, document: Document, match: Match) -> str:
    """Both texts, one under the other, each said to be whose."""
    source = source_line(match.title, match.pinpoint)
    yours, theirs = say("review.yours"), say("review.theirs", municipality=match.municipality)
    return (
        f"<p class='whose'>{escape(yours)}</p><blockquote lang='{escape(document.language)}'>"
        f"{escape(shortened(match.text, _SHOWN))}</blockquote>"
        f"<p class='whose'>{escape(theirs)}</p><blockquote class='theirs'>{escape(their_words(match))}"
        f"<small>{escape(source)}</small></blockquote>"
    )


def _shared(say: Words, copying: CopyingCheck | None) -> str:
    """What is shared and is no copying, folded away, by why it is none."""
    shared = copying.shared_with_law_or_guidance if copying else ()
    if not shared:
        return ""
    groups = []
    for excuse in _EXCUSES:
        rows = "".join(f"<li>{escape(shortened(m.text, _SHOWN))}</li>" for m in shared if m.excuse == excuse)
        groups.append(f"<h3>{escape(say(f'review.excuse.{excuse}'))}</h3><ul>{rows}</ul>" if rows else "")
    summary = escape(say("review.shared", n=len(shared)))
    return f"<details class='shared'><summary>{summary}</summary>{''.join(groups)}</details>"


def _notices(say: Words, review: Review | None, copying: CopyingCheck | None) -> str:
    # That nothing was compared is told in the summary.
    notices: list[Notice] = [*(review.warnings if review else ())]
    notices += copying.warnings if copying and copying.compared_with else ()
    return "".join(
        f"<div role='note' class='notice'><b>{escape(say.of('answer.warning', notice.code))}</b>"
        f"<p>{escape(say.message(notice.message))}</p></div>"
        for notice in notices
    )


# The text.


def _review_places(say: Words, review: Review | None) -> Iterator[_Place]:
    for n, finding in enumerate(review.findings if review else (), start=1):
        spans = finding.places or ((finding.start, finding.end),)
        name = say("review.mark", number=n, title=finding_title(say, finding))
        for start, end in spans if finding.end else ():
            yield _Place(start, end, f"review-{n}", str(n), name, finding.severity)


def _copying_places(say: Words, copying: CopyingCheck | None) -> Iterator[_Place]:
    for n, match in enumerate(copying.matches if copying else (), start=1):
        number = say("review.copy-number", number=n)
        name = say("review.mark", number=number, title=say(f"review.degree.{match.degree}"))
        yield _Place(match.start, match.end, f"copy-{n}", number, name, COPYING)


def _text(document: Document, places: Sequence[_Place]) -> str:
    """The blocks of a text with the places marked; a place that runs over several blocks is marked in each."""
    seen: set[str] = set()
    begun: set[_Place] = set()
    parts = []
    ordered = sorted(places, key=lambda place: (place.start, -place.end))
    starts = [place.start for place in ordered]
    for is_item, group in groupby(document.blocks, key=lambda block: block.kind is BlockKind.ITEM):
        inner = []
        for block in group:
            before = ordered[: bisect_right(starts, block.end)]
            inside = [place for place in before if place.end > block.start and place.start < block.end]
            inner.append(_block(document.text, block, inside, seen, begun))
        parts.append(f"<ul>{''.join(inner)}</ul>" if is_item else "".join(inner))
    return "".join(parts)


def _block(text: str, block: Block, inside: Sequence[_Place], seen: set[str], begun: set[_Place]) -> str:
    tag = {BlockKind.HEADING: "h3", BlockKind.ITEM: "li"}.get(block.kind, "p")
    css = " class='row'" if block.kind is BlockKind.ROW else ""
    cuts = sorted(
        {block.start, block.end}
        | {edge for place in inside for edge in (place.start, place.end) if block.start < edge < block.end}
    )
    pieces = []
    for start, end in pairwise(cuts):
        here = [place for place in inside if place.start < end and place.end > start]
        words = escape(text[start:end])
        if not here:
            pieces.append(words)
            continue
        numbers = "".join(_number(place, seen) for place in here if place not in begun)
        begun.update(here)
        css_of = " ".join(dict.fromkeys(place.css for place in here))
        keys = " ".join(dict.fromkeys(place.key for place in here))
        pieces.append(f"{numbers}<mark class='{escape(css_of)}' data-for='{keys}'>{words}</mark>")
    return f"<{tag}{css}>{''.join(pieces)}</{tag}>"


def _number(place: _Place, seen: set[str]) -> str:
    """The link from a place to its entry; the first place of an entry is where the entry leads."""
    anchor = "" if place.key in seen else f" id='place-{place.key}'"
    seen.add(place.key)
    return (
        f"<a class='number {escape(place.css)}' href='#{place.key}'{anchor} data-for='{place.key}' "
        f"aria-label='{escape(place.name)}'>{escape(place.number)}</a>"
    )
