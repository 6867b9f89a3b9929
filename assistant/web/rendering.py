"""Records as HTML: answers, citations, warnings and lists of sources.

All text comes from people, documents or models, so everything passes `escape`; no Markdown is read, and the only
address that becomes a link is the http(s) one of a source. Citation marks are plain links to `#cite-<turn>-<id>`, the
card of that citation in the source panel; `page.js` only makes following them smoother.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.shown import readable_date, web_address
from assistant.types import (
    Added,
    Answer,
    ChecklistAnswer,
    Citation,
    Kind,
    SectionDraft,
    Source,
    Surroundings,
    WarningCode,
)
from assistant.web import strings
from assistant.web.drafts import checklist_html, draft_html
from assistant.web.pieces import Reply, escape, notice_html, statement_html

MANY_CITATIONS = 40  # above that the panel shows a card only when its number is chosen
CONTEXT_CHARS = 240  # of a source before and after a quote


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question of a visitor and what came of it; pending while it has neither answer nor error."""

    number: int  # from 1 in a conversation
    question: str
    answer: Reply | None = None
    surroundings: tuple[Surroundings | None, ...] = ()  # one per citation; None where the source is gone
    error: str = ""


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
        many = len(answer.citations) > MANY_CITATIONS
        hint = f"<p class='empty'>{strings.SOURCES_MANY.format(n=len(answer.citations))}</p>" if many else ""
        sections.append(f"<div class='cards{latest}{' many' if many else ''}'>{hint}{cards}{empty}</div>")
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


def _turn(exchange: Exchange, shown: int | None, waiting: str) -> str:
    answer = exchange.answer
    if exchange.error:
        body = (
            f"<div role='note' class='notice failed'><b>{strings.NOT_ANSWERED}</b><p>{escape(exchange.error)}</p></div>"
        )
    elif answer is None:
        body = f"<p class='waiting'>{escape(waiting)}</p>"
    elif isinstance(answer, SectionDraft):
        body = draft_html(exchange.number, answer)
    elif isinstance(answer, ChecklistAnswer):
        body = checklist_html(exchange.number, answer)
    else:
        body = _answer(exchange.number, answer, shown)
    return (
        f"<article class='turn' id='turn-{exchange.number}' tabindex='-1'>"
        f"<h3><span>{strings.YOU_ASKED}</span> {escape(exchange.question)}</h3>{body}</article>"
    )


def _answer(turn: int, answer: Answer, shown: int | None) -> str:
    cited: set[int] = set()
    statements = "".join(statement_html(turn, s, answer, cited) for s in answer.statements[:shown])
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
    return f"{text}{''.join(notice_html(turn, n, answer) for n in notices)}<p class='made'>{made}</p>"


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
