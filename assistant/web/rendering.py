"""Records as HTML: answers, citations, warnings and lists of sources.

All text comes from people, documents or models, so everything passes `escape`; no Markdown is read, and the only
address that becomes a link is the http(s) one of a source. Citation marks are plain links to `#cite-<turn>-<id>`, the
card of that citation in the source panel; `page.js` only makes following them smoother.
"""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from assistant.types import (
    Added,
    Answer,
    Citation,
    Kind,
    Notice,
    Source,
    Statement,
    Support,
    Surroundings,
    WarningCode,
)
from assistant.web import strings

CONTEXT_CHARS = 240  # of a source before and after a quote


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a visitor and what came of it; pending while it has neither answer nor error."""

    number: int  # from 1 in a conversation
    question: str
    answer: Answer | None = None
    surroundings: tuple[Surroundings | None, ...] = ()  # one per citation; None where the source is gone
    error: str = ""


def escape(text: object) -> str:
    """Text as HTML that shows it and does nothing else."""
    return html.escape(str(text), quote=True)


def header() -> str:
    """The name, and what the app does and does not do."""
    return f"<header><h1>{strings.NAME}</h1><p>{strings.TAGLINE}</p><p class='limits'>{strings.LIMITS}</p></header>"


def transcript(exchanges: Sequence[Exchange], *, shown: int | None = None, waiting: str = strings.SEARCHING) -> str:
    """The conversation.

    Args:
        exchanges: Oldest first.
        shown: How many statements of the last answer to show; None for the whole answer with its warnings.
        waiting: What stands in place of an answer that has not come yet.
    """
    last = len(exchanges) - 1
    turns = (_turn(e, shown if i == last else None, waiting) for i, e in enumerate(exchanges))
    welcome = "" if exchanges else f"<p class='welcome'>{strings.WELCOME}</p>"
    log = f"<div role='log' aria-live='polite' aria-label='{strings.CONVERSATION}'>{welcome}{''.join(turns)}</div>"
    return f"<h2 class='heard'>{strings.CONVERSATION}</h2>{log}"


def source_panel(exchanges: Sequence[Exchange]) -> str:
    """The citations of every answer, as cards; the style sheet shows those of the last, or the one linked to."""
    answered = [e for e in exchanges if e.answer]
    sections = []
    for exchange in answered:
        latest = " latest" if exchange is answered[-1] else ""
        answer = exchange.answer
        assert answer is not None
        pairs = itertools.zip_longest(answer.citations, exchange.surroundings[: len(answer.citations)])
        cards = "".join(_card(exchange.number, c, s, answer.as_of) for c, s in pairs)
        empty = "" if cards else f"<p class='empty'>{strings.SOURCES_NONE}</p>"
        sections.append(f"<div class='cards{latest}'>{cards}{empty}</div>")
    body = "".join(sections) or f"<div><p class='empty'>{strings.SOURCES_EMPTY}</p></div>"
    return f"<h2>{strings.SOURCES}</h2>{body}"


def message(text: str, *, error: bool = False) -> str:
    """A line that says what came of an action."""
    return f"<p role='{'alert' if error else 'status'}' class='{'failed' if error else ''}'>{escape(text)}</p>"


def added_files(files: Iterable[Added]) -> str:
    """What became of each file given to `add`."""
    return f"<div role='status'>{_files(files, strings.STATUSES)}</div>"


def fetched_texts(files: Sequence[Added], *, stopped: bool = False) -> str:
    """What became of each official text: how many, then those that failed, and the others folded away."""
    failed = [file for file in files if file.status == "failed"]
    rest = [file for file in files if file.status != "failed"]
    summary = strings.FETCHED.format(
        new=sum(file.status == "new" for file in files),
        changed=sum(file.status == "changed" for file in files),
        unchanged=sum(file.status == "unchanged" for file in files),
        failed=len(failed),
    )
    lines = [strings.FETCH_STOPPED] if stopped else []
    lines += [summary] if files else []
    lines += [strings.FETCH_OFFLINE] if failed and not rest else []
    told = "".join(f"<p>{escape(line)}</p>" for line in lines)
    folded = "".join(
        f"<details{' open' if some is failed and rest else ''}><summary>{escape(label)}</summary>"
        f"{_files(some, strings.FETCH_STATUSES)}</details>"
        for label, some in ((strings.FETCH_NOT, failed), (strings.FETCH_DONE, rest))
        if some
    )
    return f"<div role='status'>{told}</div>{folded}"


def _files(files: Iterable[Added], labels: Mapping[str, str]) -> str:
    rows = []
    for file in files:
        counted = file.status == "added" or not file.message
        detail = strings.PASSAGES.format(count=file.passages) if counted else file.message
        label = labels.get(file.status, file.status)
        name = escape(file.title or file.path.rsplit("/", 1)[-1])
        lines = "".join(f"<br>{escape(line)}" for line in (detail, *(w.message for w in file.warnings)))
        rows.append(f"<li class='{escape(file.status)}'><b>{escape(label)}</b>: {name}{lines}</li>")
    return f"<ul class='added-files'>{''.join(rows)}</ul>"


def source_table(sources: Sequence[Source]) -> str:
    """The indexed sources."""
    if not sources:
        return f"<p class='empty'>{strings.INDEXED_NONE}</p>"
    rows = []
    for source in sources:
        facts = (source.municipality, source.publisher, readable_date(source.written), _act(source.law_basis))
        small = " · ".join(escape(fact) for fact in (strings.KINDS[source.kind], *facts) if fact)
        digest = f"<small>{strings.DIGEST}</small>" if source.digest else ""
        masked = f"<small>{strings.MASKED}</small>" if source.personal_data else ""
        rows.append(
            f"<tr><th scope='row'><span lang='{escape(source.language)}'>{escape(source.title)}</span>"
            f"<small>{small}</small>{digest}{masked}</th><td>{source.passages}</td></tr>"
        )
    head = "".join(f"<th scope='col'>{column}</th>" for column in strings.COLUMNS)
    return f"<table class='sources'><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def readable_date(written: str | None) -> str:
    """An ISO date as people write it; what is no whole date stays as it is."""
    try:
        day = date.fromisoformat(written or "")
    except ValueError:
        return written or ""
    return f"{day.day} {day:%B %Y}"


def web_address(url: str | None) -> str | None:
    """An address that may become a link: http or https with a host; None for everything else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _turn(exchange: Exchange, shown: int | None, waiting: str) -> str:
    answer = exchange.answer
    if exchange.error:
        body = (
            f"<div role='note' class='notice failed'><b>{strings.NOT_ANSWERED}</b><p>{escape(exchange.error)}</p></div>"
        )
    elif answer is None:
        body = f"<p class='waiting'>{escape(waiting)}</p>"
    else:
        body = _answer(exchange.number, answer, shown)
    return (
        f"<article class='turn' id='turn-{exchange.number}' tabindex='-1'>"
        f"<h3><span>{strings.YOU_ASKED}</span> {escape(exchange.question)}</h3>{body}</article>"
    )


def _answer(turn: int, answer: Answer, shown: int | None) -> str:
    cited: set[int] = set()
    statements = "".join(_statement(turn, s, answer, cited) for s in answer.statements[:shown])
    text = f"<div class='answer' lang='{escape(answer.language)}'>{statements}</div>"
    if shown is not None:
        return text
    notices = answer.warnings
    if answer.abstained:
        reasons = [n.message for n in notices if n.code == WarningCode.NOT_ESTABLISHED] or [strings.NOT_FOUND_PLAIN]
        notices = tuple(n for n in notices if n.code != WarningCode.NOT_ESTABLISHED)
        text = (
            f"<div class='abstained'><b>{strings.NOT_FOUND}</b>{''.join(f'<p>{escape(r)}</p>' for r in reasons)}</div>"
        )
    law = strings.LAW_AS_OF.format(date=readable_date(answer.as_of))
    extractive = answer.writer == "extractive"
    writer = strings.WRITER_EXTRACTIVE if extractive else strings.WRITER_MODEL.format(writer=answer.writer)
    made = escape(law) if answer.abstained else f"{escape(law)}. {escape(writer)}"
    return f"{text}{''.join(_notice(turn, n, answer) for n in notices)}<p class='made'>{made}</p>"


def _statement(turn: int, statement: Statement, answer: Answer, cited: set[int]) -> str:
    """Paragraphs and lists with their marks; `cited` gathers the citations whose mark has an id already."""
    marks = _marks(turn, statement.citations, answer, cited)
    parts: list[str] = []
    lines = [line.strip() for line in statement.text.splitlines() if line.strip()] or [""]
    for is_item, group in itertools.groupby(lines, key=lambda line: line.startswith("- ")):
        texts = list(group)
        items = "".join(f"<li>{escape(text.removeprefix('- '))}</li>" for text in texts)
        parts.append(f"<ul>{items}</ul>" if is_item else f"<p>{escape(' '.join(texts))}</p>")
    end = "</li></ul>" if parts[-1].endswith("</li></ul>") else "</p>"
    parts[-1] = f"{parts[-1].removesuffix(end)} {marks}{end}"
    # A statement without a citation that resolves is shown as unsupported, whatever it says of itself.
    if statement.support == Support.UNSUPPORTED or not marks:
        return f"<div class='unsupported'><b>{strings.UNSUPPORTED}</b>{''.join(parts)}</div>"
    return "".join(parts)


def _marks(turn: int, ids: Iterable[int], answer: Answer, cited: set[int]) -> str:
    by_id = {citation.id: citation for citation in answer.citations}
    links = []
    for citation in (by_id[number] for number in ids if number in by_id):
        anchor = "" if citation.id in cited else f" id='mark-{turn}-{citation.id}'"
        cited.add(citation.id)
        name = escape(strings.CITATION.format(id=citation.id, title=citation.title))
        href = f"#cite-{turn}-{citation.id}"
        links.append(f"<a class='mark' href='{href}'{anchor} aria-label='{name}' title='{name}'>[{citation.id}]</a>")
    return "<span class='marks'>" + " ".join(links) + "</span>" if links else ""


def _notice(turn: int, notice: Notice, answer: Answer) -> str:
    marks = _marks(turn, notice.citations, answer, {citation.id for citation in answer.citations})
    label = escape(strings.WARNINGS[notice.code])
    return (
        f"<div role='note' class='notice' aria-label='{label}'><b>{label}</b>"
        f"<p>{escape(notice.message)} {marks}</p></div>"
    )


def _card(turn: int, citation: Citation, surroundings: Surroundings | None, as_of: str) -> str:
    key = f"{turn}-{citation.id}"
    stale = "" if citation.currency.may_hold else " class='stale'"
    facts = {
        "municipality": citation.municipality,
        "publisher": citation.publisher,
        "pinpoint": citation.pinpoint,
        "written": readable_date(citation.written),
        "law_basis": _act(citation.law_basis),
    }
    rows = "".join(f"<dt>{strings.FIELDS[name]}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items() if fact)
    currency = escape(strings.CURRENCIES[citation.currency].format(date=readable_date(as_of)))
    rows += f"<dt>{strings.FIELDS['currency']}</dt><dd{stale}>{currency}</dd>"
    before, quote, after = (
        (surroundings.before, surroundings.quote, surroundings.after) if surroundings else ("", citation.quote, "")
    )
    # Where the context was cut, it begins or ends with a whole word.
    if len(before) >= CONTEXT_CHARS:
        before = f"… {before.partition(' ')[2]}"
    if len(after) >= CONTEXT_CHARS:
        after = f"{after.rpartition(' ')[0]} …"
    language = f" lang='{escape(surroundings.source.language)}'" if surroundings else ""
    url = web_address(citation.url)
    page = strings.OFFICIAL_PAGE if citation.kind in (Kind.LAW, Kind.GUIDANCE) else strings.ORIGINAL_PAGE
    name = f"{page} <small>({strings.NEW_TAB})</small>"
    link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else ""
    digest = f"<p class='digest'>{strings.DIGEST}</p>" if citation.digest else ""
    masked = surroundings is not None and surroundings.source.personal_data
    notes = f"{digest}<p class='digest'>{strings.MASKED}</p>" if masked else digest
    return (
        f"<article class='card {citation.kind}' id='cite-{key}' tabindex='-1' aria-labelledby='title-{key}'>"
        f"<h3 id='title-{key}'>[{citation.id}] {escape(citation.title)}</h3>"
        f"<p class='kind'>{strings.KINDS[citation.kind]}</p>{notes}"
        f"<blockquote{language} aria-label='{strings.QUOTE_IN_PLACE}'>"
        f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</blockquote>"
        f"<dl>{rows}</dl><p class='links'>{link} <a href='#mark-{key}'>{strings.BACK}</a></p></article>"
    )


def _act(law_basis: str | None) -> str:
    return strings.ACT.format(number=law_basis) if law_basis else ""
