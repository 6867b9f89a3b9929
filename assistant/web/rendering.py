"""The conversation as HTML: answers with what can be done with them, citations, earlier conversations.

All text comes from people, documents or models, so everything passes `escape`; no Markdown is read, and the only
address that becomes a link is the http(s) one of a source. Citation marks are plain links to `#cite-<turn>-<id>`, the
card of that citation in the source panel; `page.js` only makes following them smoother.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.conversations import Conversation, Feedback
from assistant.plan import plans
from assistant.shown import link_words, page_of, told_currency, told_kind, told_publisher
from assistant.types import (
    Answer,
    ChecklistAnswer,
    Citation,
    SectionDraft,
    Statement,
    Support,
    Surroundings,
    WarningCode,
)
from assistant.web.draft_html import checklist_html, draft_html
from assistant.web.pages import page_picture_url
from assistant.web.pieces import Reply, escape, lang, moment, notice_html, statement_html, told_html
from assistant.words import Words

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
    at: str = ""  # ISO date and time, UTC, at which the answer was kept; empty where it was not
    problem: str = ""  # what kept it from being kept, or what was to be done with it from being done
    feedback: Feedback | None = None
    choosing: bool = False  # whether the section is being chosen that its statements go into
    done: str = ""  # what came of that


def transcript(say: Words, exchanges: Sequence[Exchange], *, shown: int | None = None, waiting: str = "") -> str:
    """The conversation.

    Args:
        exchanges: Oldest first.
        shown: How many statements of the last answer to show; None for the whole answer with its warnings.
        waiting: What stands in place of an answer that has not come yet.
    """
    last = len(exchanges) - 1
    turns = (_turn(say, e, shown if i == last else None, waiting) for i, e in enumerate(exchanges))
    welcome = "" if exchanges else f"<p class='welcome'>{say('ask.welcome')}</p>"
    # Not live: while an answer grows, each piece of it would be read out. `spoken` tells it once it is whole.
    log = f"<div role='log' aria-live='off' aria-label='{say('ask.conversation')}'>{welcome}{''.join(turns)}</div>"
    return f"<h2 class='heard'>{say('ask.conversation')}</h2>{log}"


def source_panel(say: Words, exchanges: Sequence[Exchange]) -> str:
    """The citations of every answer, as cards; the style sheet shows those of the last, or the one linked to."""
    answered = [e for e in exchanges if e.answer]
    sections = []
    for exchange in answered:
        latest = " latest" if exchange is answered[-1] else ""
        answer = exchange.answer
        assert answer is not None
        pairs = itertools.zip_longest(answer.citations, exchange.surroundings[: len(answer.citations)])
        cards = "".join(card(say, exchange.number, c, s, answer.as_of) for c, s in pairs)
        empty = "" if cards else f"<p class='empty'>{say('answer.sources-none')}</p>"
        many = len(answer.citations) > MANY_CITATIONS
        hint = f"<p class='empty'>{say('answer.sources-many', n=len(answer.citations))}</p>" if many else ""
        sections.append(f"<div class='cards{latest}{' many' if many else ''}'>{hint}{cards}{empty}</div>")
    body = "".join(sections) or f"<div><p class='empty'>{say('answer.sources-empty')} {say('ask.languages')}</p></div>"
    return f"<h2>{say('answer.sources')}</h2>{body}"


def spoken(text: str = "", *, shown: bool = False) -> str:
    """The region that tells what has come, to those who do not see it; text of answers is told whole and once."""
    return f"<p role='status' class='{'' if shown else 'heard'}'>{escape(text)}</p>"


def in_words(say: Words, exchange: Exchange) -> str:
    """An answer as it is read out."""
    answer = exchange.answer
    if exchange.error or answer is None:
        return f"{say('ask.not-answered')}. {say.message(exchange.error)}"
    if isinstance(answer, SectionDraft):
        return say("ask.spoken-draft", title=answer.title, n=len(answer.placeholders))
    if isinstance(answer, ChecklistAnswer):
        return say("ask.spoken-checklist", title=answer.title)
    if answer.abstained:
        return f"{say('answer.not-found')}. {' '.join(_reasons(say, answer))}"
    labels = [say.of("answer.warning", notice.code) for notice in answer.warnings]
    told = [statement.text for statement in answer.statements]
    return " ".join([*told, say("ask.spoken-sources", n=len(answer.citations)), *(f"{label}." for label in labels)])


def suggestions(say: Words, heading: str, questions: Sequence[str], earlier: Conversation | None = None) -> str:
    """Questions to choose from, and the conversation that one can go on with."""
    rows = "".join(f"<li>{_button('question', question, value=question)}</li>" for question in questions)
    if earlier:
        text = say("ask.continue", date=moment(say, earlier.latest)["date"], title=earlier.title)
        rows += f"<li>{_button('open', text, value=earlier.id)}</li>"
    return f"<h3>{escape(heading)}</h3><ul>{rows}</ul>" if rows else ""


def history(say: Words, found: Sequence[Conversation], *, searched: bool) -> str:
    """Earlier conversations, each to be opened or removed."""
    if not found:
        return f"<p role='status' class='empty'>{say('ask.history-none' if searched else 'ask.history-empty')}</p>"
    rows = []
    for one in found:
        facts = (moment(say, one.latest)["date"], one.municipality, say("ask.history-questions", n=one.questions))
        small = " · ".join(escape(fact) for fact in facts if fact)
        remove = _button(
            "remove",
            say("ask.history-remove"),
            value=one.id,
            name=say("ask.history-remove-one", title=one.title),
            confirm=say("ask.history-confirm", title=one.title),
        )
        rows.append(f"<li><div>{_button('open', one.title, value=one.id)}<small>{small}</small></div>{remove}</li>")
    return f"<p role='status'>{say('ask.history-found', n=len(found))}</p><ul>{''.join(rows)}</ul>"


def _button(
    action: str, text: str, *, value: object = "", name: str = "", confirm: str = "", pressed: bool | None = None
) -> str:
    """A button of which `page.js` tells the component it stands in: what to do, with what, after which question."""
    attributes = f" data-do='{action}' data-value='{escape(value)}'"
    attributes += f" aria-label='{escape(name)}'" if name else ""
    attributes += f" data-confirm='{escape(confirm)}'" if confirm else ""
    attributes += f" aria-pressed='{str(pressed).lower()}'" if pressed is not None else ""
    return f"<button type='button' class='act'{attributes}>{escape(text)}</button>"


def message(text: str, *, error: bool = False) -> str:
    """A line that says what came of an action."""
    return f"<p role='{'alert' if error else 'status'}' class='{'failed' if error else ''}'>{escape(text)}</p>"


def _turn(say: Words, exchange: Exchange, shown: int | None, waiting: str) -> str:
    answer = exchange.answer
    if exchange.error:
        told = f"<b>{say('ask.not-answered')}</b><p>{told_html(say, exchange.error)}</p>"
        body = f"<div role='note' class='notice failed'>{told}</div>"
    elif answer is None:
        body = f"<p class='waiting'>{escape(waiting or say('ask.searching'))}</p>"
    elif isinstance(answer, SectionDraft):
        body = draft_html(say, exchange.number, answer)
    elif isinstance(answer, ChecklistAnswer):
        body = checklist_html(say, exchange.number, answer)
    else:
        body = _answer(say, exchange, answer, shown)
    return (
        f"<article class='turn' id='turn-{exchange.number}' tabindex='-1'>"
        f"<h3><span>{say('ask.you-asked')}</span> <b class='asked'>{escape(exchange.question)}</b></h3>{body}</article>"
    )


def _answer(say: Words, exchange: Exchange, answer: Answer, shown: int | None) -> str:
    turn = exchange.number
    cited: set[int] = set()
    languages = _languages(exchange, answer)
    statements = "".join(
        statement_html(say, turn, s, answer, cited, language=_language(s, answer, languages))
        for s in answer.statements[:shown]
    )
    text = f"{_foreign(say, answer, languages)}<div class='answer'>{statements}</div>"
    if shown is not None:
        return text
    notices = answer.warnings
    if answer.abstained:
        notices = tuple(n for n in notices if n.code != WarningCode.NOT_ESTABLISHED)
        told = "".join(f"<p>{reason}</p>" for reason in _reasons(say, answer, draw=told_html))
        text = f"<div class='abstained'><b>{say('answer.not-found')}</b>{told}</div>"
    law = say("answer.law-as-of", date=say.date(answer.as_of))
    extractive = answer.writer == "extractive"
    writer = say("answer.writer-extractive") if extractive else say("answer.writer-model", writer=answer.writer)
    made = [law] if answer.abstained else [law, writer]
    if exchange.at:
        made.append(say("ask.answered-at", **moment(say, exchange.at)))
    made_html = ". ".join(escape(part.rstrip(".")) for part in made)
    told = "".join(notice_html(say, turn, n, answer) for n in notices)
    return f"{text}{told}<p class='made'>{made_html}.</p>{_tools(say, exchange, answer)}"


def _foreign(say: Words, answer: Answer, languages: Mapping[int, str]) -> str:
    """Says of an answer in English to a question in another language why it is, and what can be done about it."""
    ours = {c.id for c in answer.citations if c.digest and languages.get(c.id) == "en"}
    quoted = (s for s in answer.statements if s.support == Support.QUOTED)
    if answer.language == "en" or not any(ours.intersection(s.citations) for s in quoted):
        return ""
    told = escape(say(f"answer.in-english.{answer.language}"))
    # Only Finnish texts of Acts are fetched.
    fetch = f" <button type='button' class='act' data-fetch>{escape(say('sources.fetch'))}</button>"
    return f"<p class='foreign'>{told}{fetch if answer.language == 'fi' else ''}</p>"


def _reasons(say: Words, answer: Answer, *, draw: Callable[[Words, str], str] = Words.message) -> list[str]:
    """Why nothing was answered."""
    reasons = [draw(say, n.message) for n in answer.warnings if n.code == WarningCode.NOT_ESTABLISHED]
    return reasons or [say("answer.not-found-plain")]


def _languages(exchange: Exchange, answer: Answer) -> dict[int, str]:
    """The language of each quote; our own summaries are in English also where their source has gone."""
    pairs = itertools.zip_longest(answer.citations, exchange.surroundings[: len(answer.citations)])
    return {c.id: s.source.language if s else "en" if c.digest else "" for c, s in pairs}


def _language(statement: Statement, answer: Answer, languages: Mapping[int, str]) -> str:
    if statement.support != Support.QUOTED:
        return answer.language
    return next((languages[id] for id in statement.citations if languages.get(id)), answer.language)


def _tools(say: Words, exchange: Exchange, answer: Answer) -> str:
    """What can be done with an answer: say whether it helped, put it into the draft."""
    turn, said = exchange.number, exchange.feedback
    parts = []
    if exchange.at:
        pressed = (bool(said and said.helpful), bool(said and not said.helpful))
        parts.append(f"<span>{say('ask.helped')}</span>")
        parts += [
            _button(action, say(f"ask.{action}"), value=turn, pressed=on)
            for action, on in zip(("helpful", "not-right"), pressed, strict=True)
        ]
    if not answer.abstained:
        parts.append(_button("choose", say("ask.put"), value=turn))
    row = f"<div class='tools' role='group' aria-label='{say('ask.about')}'>{''.join(parts)}</div>" if parts else ""
    return f"{row}{_note(say, turn, said)}{_sections(say, turn) if exchange.choosing else ''}{_outcome(say, exchange)}"


def _note(say: Words, turn: int, said: Feedback | None) -> str:
    if said is None:
        return ""
    if said.note:
        return f"<p class='kept'>{escape(say('ask.thanks-note', note=said.note))}</p>"
    field = f"<label for='note-{turn}'>{say('ask.note-label')}</label><textarea id='note-{turn}' rows='2'></textarea>"
    save = _button("note", say("ask.note-send"), value=turn)
    return f"<p class='kept'>{say('ask.thanks')}</p><div class='form' data-form>{field}{save}</div>"


def _sections(say: Words, turn: int) -> str:
    groups = []
    for plan in plans().values():
        options = "".join(
            f"<option value='{section.id}'>{escape(title_of(say, 'section', section.id, section.title))}</option>"
            for section in plan.sections
        )
        groups.append(f"<optgroup label='{escape(title_of(say, 'plan', plan.id, plan.title))}'>{options}</optgroup>")
    label = f"<label for='section-{turn}'>{say('ask.put-section')}</label>"
    field = f"{label}<select id='section-{turn}'>{''.join(groups)}</select>"
    buttons = _button("put", say("ask.put-there"), value=turn) + _button("close", say("ask.put-cancel"), value=turn)
    return f"<div class='form' data-form>{field}<div>{buttons}</div></div>"


def _outcome(say: Words, exchange: Exchange) -> str:
    done = f"<p class='kept'>{escape(exchange.done)}</p>" if exchange.done else ""
    if not exchange.problem:
        return done
    unkept = "" if exchange.at else f"{say('ask.not-kept')} "
    return f"{done}<p class='failed'>{unkept}{told_html(say, exchange.problem)}</p>"


def title_of(say: Words, group: str, id: str, english: str) -> str:
    """A title of a plan's data in the reader's language; in English where there is no translation."""
    title = say.of(f"plans.{group}", id)
    return english if title == id else title


def card(say: Words, turn: int | str, citation: Citation, surroundings: Surroundings | None, as_of: str) -> str:
    """A citation in the source panel: its quote in its place, and what a reader must know of the source."""
    key = f"{turn}-{citation.id}"
    stale = "" if citation.currency.may_hold else " class='stale'"
    facts = {
        "municipality": citation.municipality,
        "publisher": told_publisher(citation, say),
        "pinpoint": citation.pinpoint,
        "written": say.date(citation.written),
        "law-basis": _act(say, citation.law_basis),
    }
    source_language = surroundings.source.language if surroundings else "en" if citation.digest else ""
    other = lang(say, source_language)
    foreign = {"publisher": other, "pinpoint": other}
    rows = "".join(
        f"<dt>{say.of('answer.field', name)}</dt><dd{foreign.get(name, '')}>{escape(fact)}</dd>"
        for name, fact in facts.items()
        if fact
    )
    currency = escape(
        say(f"answer.currency.{told_currency(citation)}", date=say.date(as_of), day=say.date(citation.ends))
    )
    rows += f"<dt>{say('answer.field.currency')}</dt><dd{stale}>{currency}</dd>"
    before, quote, after = (
        (surroundings.before, surroundings.quote, surroundings.after) if surroundings else ("", citation.quote, "")
    )
    # Where the context was cut, it begins or ends with a whole word.
    if len(before) >= CONTEXT_CHARS:
        before = f"… {before.partition(' ')[2]}"
    if len(after) >= CONTEXT_CHARS:
        after = f"{after.rpartition(' ')[0]} …"
    language = f" lang='{escape(surroundings.source.language)}'" if surroundings else ""
    url = page_of(citation)
    look_up = (
        f"<button type='button' class='act' data-document='{escape(citation.source_id)}' data-at='{citation.start}'>"
        f"{say('answer.look-up')}</button> "
        if surroundings
        else ""
    )
    name = f"{escape(link_words(citation, say))} <small>({say('page.new-tab')})</small>"
    link = f"<a href='{escape(url)}' target='_blank' rel='noopener noreferrer'>{name}</a>" if url else ""
    kind = told_kind(citation)
    digest = f"<p class='digest'>{say('answer.digest')}</p>" if citation.digest and kind != "advice" else ""
    masked = surroundings is not None and surroundings.source.personal_data
    notes = f"{digest}<p class='digest'>{say('answer.masked')}</p>" if masked else digest
    return (
        f"<article class='card {citation.kind}' id='cite-{key}' tabindex='-1' aria-labelledby='title-{key}'>"
        f"<h3 id='title-{key}'>[{citation.id}] <span{other}>{escape(citation.title)}</span></h3>"
        f"<p class='kind'>{say.of('answer.kind', kind)}</p>{notes}"
        f"<blockquote{language} aria-label='{say('answer.quote-in-place')}'>"
        f"{escape(before)}<mark>{escape(quote)}</mark>{escape(after)}</blockquote>"
        f"<dl>{rows}</dl>{_page_picture(say, citation, surroundings)}"
        f"<p class='links'>{link} {look_up}<a href='#mark-{key}'>{say('answer.back')}</a></p></article>"
    )


def _page_picture(say: Words, citation: Citation, surroundings: Surroundings | None) -> str:
    url = page_picture_url(citation, surroundings.source if surroundings else None)
    if not url:
        return ""
    alt = escape(say("answer.page-picture", page=citation.page or "", title=citation.title))
    picture = f"<img src='{escape(url)}' alt='{alt}' loading='lazy'>"
    return f"<details><summary>{say('answer.show-page')}</summary>{picture}</details>"


def _act(say: Words, law_basis: str | None) -> str:
    return say("answer.act", number=law_basis) if law_basis else ""
