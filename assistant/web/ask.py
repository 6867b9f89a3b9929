"""The conversation, the source panel beside it, and the conversations of before: layout and callbacks."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import gradio as gr
from gradio.context import Context

from assistant.conversations import Asked, Conversation
from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.plan import section_named
from assistant.text import collapse
from assistant.types import Answer, ChecklistAnswer, SectionDraft, Surroundings, Turn
from assistant.web import rendering
from assistant.web.backend import Backend
from assistant.web.page import Page, html
from assistant.web.pieces import Reply, escape
from assistant.web.rendering import Exchange
from assistant.words import Words

WHO = "the web app"  # whose versions drafts of the chat are: nobody logs in
KEPT_EXCHANGES = 30  # a longer conversation shows its end, so that a page stays light; the workbook has all of it
STEP_S = 0.02  # between two statements, so that the eye sees an answer grow
EXAMPLES = 5

_log = logging.getLogger(__name__)

_SHOW_NEWEST = """() => {
  document.getElementById("sources").scrollTop = 0;
  const turn = [...document.querySelectorAll(".turn")].pop();
  const box = turn?.getBoundingClientRect();
  if (box && (box.top < 0 || box.bottom > innerHeight)) turn.scrollIntoView({ block: "start" });
}"""
# Whoever comes back goes on where the conversation ended.
_SHOW_OPENED = """() => {
  const turn = [...document.querySelectorAll(".turn")].pop();
  turn?.focus({ preventScroll: true });
  turn?.scrollIntoView({ block: "start" });
}"""
# After a removal the button that had the focus is gone, and with it the place of whoever uses the keyboard.
_SHOW_LIST = "() => document.querySelector('#history-search textarea, #history-search input')?.focus()"

# Likewise after what was done to an answer; the section is what comes next where one is to be chosen.
_KEEP_PLACE = """() => {
  const { did, turn } = document.querySelector("#conversation [data-did]")?.dataset ?? {};
  const place = document.getElementById(turn);
  if (did === "choose") place?.querySelector("select")?.focus();
  else if (document.activeElement === document.body) place?.querySelector(".tools button")?.focus();
}"""

# A button of ours, by what it does: a question is asked, a conversation opened, the rest is done to an answer or row.
_BUTTONS = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (!button || (button.dataset.confirm && !confirm(button.dataset.confirm))) return;
  const field = button.closest("[data-form]")?.querySelector("textarea, select");
  const told = { action: button.dataset.do, value: button.dataset.value, text: field ? field.value : "" };
  Object.assign(element.dataset, { did: told.action, turn: button.closest(".turn")?.id ?? "" });
  trigger({ question: "submit", open: "select", put: "select" }[told.action] || "click", told);
});"""


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation of one visitor; its id is empty until the first question."""

    id: str = ""
    exchanges: tuple[Exchange, ...] = ()
    begun: int = 0  # the number of the last question that was sent; a stopped one leaves its number unused

    @property
    def answered(self) -> tuple[Exchange, ...]:
        """Without a question that is still waiting."""
        return tuple(e for e in self.exchanges if e.answer or e.error)

    @property
    def waiting(self) -> Exchange | None:
        """The question that is still waiting."""
        return next((e for e in self.exchanges[-1:] if not (e.answer or e.error)), None)

    def find(self, number: object) -> Exchange | None:
        """The exchange of a number, which comes from the browser and may be anything."""
        return next((e for e in self.answered if str(e.number) == str(number)), None)

    def with_changed(self, changed: Exchange) -> Talk:
        """The same with one exchange changed."""
        return replace(self, exchanges=tuple(changed if e.number == changed.number else e for e in self.exchanges))


def build_ask(page: Page, tab: gr.Tab) -> None:
    """Lay out the conversation inside the tab that is being built."""
    backend, say = page.backend, page.say
    workbook = backend.planning.workbook
    talks = gr.State(Talk(), time_to_live=24 * 3600)
    lost, back = escape(say("ask.lost")), escape(say("ask.connected"))
    html(f"<p role='alert' id='lost' data-lost='{lost}' data-back='{back}'></p>", "connection")
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=3, min_width=300):
            conversation = _buttons(rendering.transcript(say, ()), "conversation")
            spoken = html(rendering.spoken(), "spoken")
            question = gr.Textbox(
                "",
                label=say("ask.question-label"),
                placeholder=say("ask.question-placeholder"),
                info=say("ask.question-hint"),
                lines=1,
                max_lines=8,
                elem_id="question",
            )
            with gr.Row(elem_id="controls"):
                ask_button = gr.Button(say("ask.send"), variant="primary", min_width=110, elem_id="ask")
                stop_button = gr.Button(
                    say("ask.stop"), variant="secondary", min_width=110, visible=False, elem_id="stop"
                )
                new_button = gr.Button(say("ask.new-conversation"), variant="secondary", min_width=150, elem_id="new")
            offered = _buttons(rendering.suggestions(say, say("ask.start"), _examples(say)), "suggestions")
            with gr.Accordion(say("ask.history"), open=False, elem_id="history"):
                search = gr.Textbox("", label=say("ask.history-search"), max_lines=1, elem_id="history-search")
                listed = _buttons("", "history-list")
        with gr.Column(scale=2, min_width=300, elem_id="sources"):
            panel = html(rendering.source_panel(say, ()), "panel")

    stopped: set[tuple[str, int]] = set()  # questions whose answers nobody waits for any more

    def ask(text: str, law_as_of: str | None, municipality: str | None, talk: Talk) -> Iterator[dict[Any, Any]]:
        if not text.strip():
            gr.Info(say("ask.empty-question"))
            yield {question: gr.skip()}
            return
        earlier = talk.answered[-KEPT_EXCHANGES + 1 :]
        if talk.waiting:  # the newest question is the one that is wanted; the one before it stays to be seen
            stopped.add((talk.id, talk.waiting.number))
            earlier = (*earlier, replace(talk.waiting, error=say("ask.overtaken")))[-KEPT_EXCHANGES + 1 :]
        number = max(talk.begun, *(e.number for e in talk.exchanges), 0) + 1
        pending = Exchange(number=number, question=mask_text(text.strip()))
        talk = Talk(talk.id or uuid4().hex, (*earlier, pending), number)
        waiting = say("ask.searching")
        if page.models_status() == "loading":
            waiting = f"{waiting} {say('ask.still-loading')}"
        yield {
            conversation: rendering.transcript(say, talk.exchanges, waiting=waiting),
            talks: talk,
            question: "",
            offered: "",
            spoken: rendering.spoken(waiting),
            stop_button: gr.Button(visible=True),
        }
        done = _answer(page, pending, text.strip(), page.day(law_as_of), earlier)
        if (talk.id, pending.number) in stopped:
            stopped.discard((talk.id, pending.number))
            return
        done = _kept(backend, talk, done, page.whose(municipality))
        talk = replace(talk, exchanges=(*earlier, done))
        if isinstance(done.answer, Answer):
            for n in range(1, len(done.answer.statements)):
                yield {conversation: rendering.transcript(say, talk.exchanges, shown=n)}
                time.sleep(STEP_S)
        yield {
            conversation: rendering.transcript(say, talk.exchanges),
            panel: rendering.source_panel(say, talk.exchanges),
            talks: talk,
            spoken: rendering.spoken(rendering.in_words(say, done)),
            stop_button: gr.Button(visible=False),
            **({question: text} if done.error else {}),
        }

    def ask_offered(
        law_as_of: str | None, municipality: str | None, talk: Talk, event: gr.EventData
    ) -> Iterator[dict[Any, Any]]:
        yield from ask(str(event._data.get("value", "")), law_as_of, municipality, talk)

    def stop(typed: str, talk: Talk) -> dict[Any, Any]:
        pending = talk.waiting
        if pending is None:
            return {stop_button: gr.Button(visible=False)}
        stopped.add((talk.id, pending.number))
        talk = replace(talk, exchanges=talk.answered)
        return {
            conversation: rendering.transcript(say, talk.exchanges),
            talks: talk,
            question: typed if typed.strip() else pending.question,
            spoken: rendering.spoken(say("ask.stopped"), shown=True),
            stop_button: gr.Button(visible=False),
        }

    def afterwards(words: str, talk: Talk) -> tuple[str, str]:
        """What can be asked next, and the list with the new answer: worked out once the answer itself is there."""
        return _offers(page, talk), _history(page, words)

    def start_again(talk: Talk) -> dict[Any, Any]:
        if talk.waiting:
            stopped.add((talk.id, talk.waiting.number))
        return {
            conversation: rendering.transcript(say, ()),
            panel: rendering.source_panel(say, ()),
            talks: Talk(),
            question: "",
            spoken: rendering.spoken(),
            stop_button: gr.Button(visible=False),
        }

    def open_earlier(talk: Talk, event: gr.EventData) -> dict[Any, Any]:
        try:
            id = str(event._data.get("value", ""))
            found = workbook.conversation(id)[-KEPT_EXCHANGES:]
            opened = Talk(id, tuple(_exchange(backend, asked) for asked in found))
        except AssistantError as error:
            return {spoken: rendering.spoken(say.message(str(error)), shown=True)}
        except Exception:
            _log.exception("A conversation could not be opened")
            return {spoken: rendering.spoken(say("page.failed"), shown=True)}
        if talk.waiting:
            stopped.add((talk.id, talk.waiting.number))
        return {
            conversation: rendering.transcript(say, opened.exchanges),
            panel: rendering.source_panel(say, opened.exchanges),
            talks: opened,
            spoken: rendering.spoken(say("ask.history-opened", title=found[0].question)),
            stop_button: gr.Button(visible=False),
        }

    def remove(words: str, talk: Talk, event: gr.EventData) -> dict[Any, Any]:
        id = str(event._data.get("value", ""))
        try:
            workbook.remove_conversation(id)
        except AssistantError as error:
            return {spoken: rendering.spoken(say.message(str(error)), shown=True)}
        except Exception:
            _log.exception("A conversation could not be removed")
            return {spoken: rendering.spoken(say("page.failed"), shown=True)}
        changed = start_again(talk) if talk.id == id else {}
        told = rendering.spoken(say("ask.history-removed"))
        return {**changed, listed: _history(page, words), spoken: told}

    def act(municipality: str | None, talk: Talk, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        action, given = event._data.get("action"), event._data.get("text") or ""
        exchange = talk.find(event._data.get("value"))
        if exchange is None or not isinstance(exchange.answer, Answer):
            yield {spoken: gr.skip()}
            return
        choosing = action == "choose" or (exchange.choosing and action not in ("put", "close"))
        exchange = replace(exchange, choosing=choosing, done="", problem="")
        shown: dict[Any, Any] = {}
        try:
            if action in ("helpful", "not-right") and exchange.at:
                helpful = action == "helpful"
                said = workbook.keep_feedback(talk.id, exchange.number, helpful=helpful)
                exchange = replace(exchange, feedback=said)
                shown[spoken] = rendering.spoken(say("ask.thanks"))
            elif action == "note" and exchange.feedback and given.strip():
                helpful = exchange.feedback.helpful
                said = workbook.keep_feedback(talk.id, exchange.number, helpful=helpful, note=given)
                exchange = replace(exchange, feedback=said)
                shown[spoken] = rendering.spoken(say("ask.thanks-note", note=said.note))
            elif action == "put":
                exchange = replace(exchange, done=say("ask.putting"))
                yield {conversation: rendering.transcript(say, talk.with_changed(exchange).exchanges)}
                exchange = _put_into_draft(page, exchange, given, municipality)
                shown[spoken] = rendering.spoken(exchange.done)
                shown[page.municipality], shown[page.status] = page.refresh(municipality)
        except AssistantError as error:
            exchange = replace(exchange, done="", problem=str(error))
            shown[spoken] = rendering.spoken(say.message(str(error)))
        except Exception:
            _log.exception("%s could not be done to an answer", action)
            exchange = replace(exchange, done="", problem=say("page.failed"))
            shown[spoken] = rendering.spoken(say("page.failed"))
        talk = talk.with_changed(exchange)
        yield {**shown, conversation: rendering.transcript(say, talk.exchanges), talks: talk}

    quietly: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    seen = [conversation, panel, talks, question, offered, spoken, stop_button]
    typed = gr.on(
        [question.submit, ask_button.click],
        ask,
        inputs=[question, page.as_of, page.municipality, talks],
        outputs=seen,
        concurrency_id="ask",
        trigger_mode="multiple",  # "once" drops what is sent while a stopped question has not ended on the server
        **quietly,
    )
    chosen = offered.submit(
        ask_offered, inputs=[page.as_of, page.municipality, talks], outputs=seen, concurrency_id="ask", **quietly
    )
    asking = [typed, chosen]
    stopping = stop_button.click(stop, inputs=[question, talks], outputs=seen, cancels=asking, queue=False, **quietly)
    anew = new_button.click(start_again, inputs=talks, outputs=seen, cancels=asking, queue=False, **quietly)
    opening = [
        opener.select(open_earlier, inputs=talks, outputs=seen, cancels=asking, queue=False, **quietly)
        for opener in (listed, offered)
    ]
    for event in asking:
        event.then(fn=None, js=_SHOW_NEWEST, api_visibility="private")
    for event in opening:
        event.then(fn=None, js=_SHOW_OPENED, api_visibility="private")
    for event in (*asking, stopping, anew, *opening):
        event.then(afterwards, inputs=[search, talks], outputs=[offered, listed], **quietly)
    removing = listed.click(remove, inputs=[search, talks], outputs=[*seen, listed], queue=False, **quietly)
    removing.then(fn=None, js=_SHOW_LIST, api_visibility="private")
    acted = [conversation, talks, spoken, page.municipality, page.status]
    # One at a time, as each changes what the one before has left; what takes long, drafting, keeps nobody waiting.
    judging = conversation.click(act, inputs=[page.municipality, talks], outputs=acted, concurrency_limit=1, **quietly)
    putting = conversation.select(act, inputs=[page.municipality, talks], outputs=acted, **quietly)
    for event in (judging, putting):
        event.then(fn=None, js=_KEEP_PLACE, api_visibility="private")
    search.change(  # `input` misses what is pasted
        lambda words: _history(page, words), inputs=search, outputs=listed, queue=False, trigger_mode="always_last",
        **quietly,
    )  # fmt: skip
    # Not `gr.on` without a trigger: that runs at every change of its inputs too, which is each answer once more.
    assert Context.root_block is not None
    Context.root_block.load(afterwards, inputs=[search, talks], outputs=[offered, listed], queue=False, **quietly)
    tab.select(lambda words: _history(page, words), inputs=search, outputs=listed, queue=False, **quietly)


def _buttons(value: str, elem_id: str) -> gr.HTML:
    """HTML of our own making whose buttons tell what is to be done."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=_BUTTONS)


def _answer(page: Page, pending: Exchange, question: str, as_of: str | None, earlier: Sequence[Exchange]) -> Exchange:
    conversation = [_turn(e) for e in earlier if e.answer]
    try:
        answer = page.backend.reply(question, as_of=as_of, conversation=conversation, who=WHO)
        return replace(pending, answer=answer, surroundings=_surroundings(page.backend, answer))
    except AssistantError as error:
        return replace(pending, error=str(error))
    except Exception:
        _log.exception("A question could not be answered")
        return replace(pending, error=page.say("ask.unexpected"))


def _kept(backend: Backend, talk: Talk, done: Exchange, municipality: str | None) -> Exchange:
    """The exchange as the workbook has it; with what went wrong where it could not be kept."""
    reply = done.answer
    if reply is None:
        return done
    asked = Asked(
        done.question,
        answer=reply if isinstance(reply, Answer) else None,
        draft=reply if isinstance(reply, SectionDraft) else None,
        checklist=reply if isinstance(reply, ChecklistAnswer) else None,
    )
    try:
        kept = backend.planning.workbook.keep_asked(talk.id, asked, municipality=municipality)
    except AssistantError as error:
        _log.warning("%s", error)
        return replace(done, problem=str(error))
    return replace(done, number=kept.number, at=kept.at)


def _exchange(backend: Backend, asked: Asked) -> Exchange:
    reply = asked.answer or asked.draft or asked.checklist
    return Exchange(
        asked.number,
        asked.question,
        reply,
        _surroundings(backend, reply) if reply else (),
        at=asked.at,
        feedback=asked.feedback,
    )


def _put_into_draft(page: Page, exchange: Exchange, section: str, municipality: str | None) -> Exchange:
    assert isinstance(exchange.answer, Answer)
    wanted = section_named(section)
    version = page.backend.kept_drafts.put_into_draft(
        wanted.id, exchange.answer, municipality=page.whose(municipality), who=WHO
    )
    title = rendering.title_of(page.say, "section", wanted.id, wanted.title)
    return replace(exchange, done=page.say("ask.put-done", section=title, number=version.number))


def _offers(page: Page, talk: Talk) -> str:
    """Questions to go on with: near the last answer, or to start from."""
    say, last = page.say, talk.exchanges[-1] if talk.exchanges else None
    if last is None:
        earlier = _conversations(page, "")
        return rendering.suggestions(say, say("ask.start"), _examples(say), earlier[0] if earlier else None)
    if not isinstance(last.answer, Answer):
        return ""
    try:
        conversation = [_turn(e) for e in talk.answered if e.answer]
        questions = page.backend.follow_ups(last.answer, conversation=conversation)
    except AssistantError as error:
        _log.warning("No questions to go on with: %s", error)
        return ""
    return rendering.suggestions(say, say("ask.next"), questions)


def _conversations(page: Page, words: str) -> list[Conversation]:
    try:
        return page.backend.planning.workbook.conversations(words)
    except AssistantError as error:
        _log.warning("The conversations cannot be listed: %s", error)
        return []


def _history(page: Page, words: str) -> str:
    try:
        found = page.backend.planning.workbook.conversations(words)
    except AssistantError as error:
        return rendering.message(page.say.message(str(error)), error=True)
    return rendering.history(page.say, found, searched=bool(words.strip()))


def _turn(exchange: Exchange) -> Turn:
    reply = exchange.answer
    return Turn(
        exchange.question,
        reply if isinstance(reply, Answer) else None,
        reply if isinstance(reply, SectionDraft) else None,
    )


def _surroundings(backend: Backend, answer: Reply) -> tuple[Surroundings | None, ...]:
    """Each quote in its place; None where the source has gone or changed since, and the answer has the quote alone."""
    found: list[Surroundings | None] = []
    for citation in answer.citations:
        try:
            place = backend.surroundings(citation, chars=rendering.CONTEXT_CHARS)
            found.append(place if collapse(place.quote) == collapse(citation.quote) else None)
        except AssistantError as error:
            _log.warning("No surroundings for %s: %s", citation.source_id, error)
            found.append(None)
    return tuple(found)


def _examples(say: Words) -> list[str]:
    return [say(f"ask.example-{n}") for n in range(1, EXAMPLES + 1)]
