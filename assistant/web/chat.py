"""The conversation and the source panel beside it: layout and callbacks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.settings import Settings, is_remote
from assistant.types import Answer, SectionDraft, Surroundings, Turn
from assistant.web import rendering, strings
from assistant.web.backend import Backend
from assistant.web.pieces import Reply
from assistant.web.rendering import Exchange

KEPT_EXCHANGES = 30  # a longer conversation forgets its beginning, so that a page stays light
STEP_S = 0.02  # between two statements, so that the eye sees an answer grow

_log = logging.getLogger(__name__)

# The browser's own date field: Gradio's has no accessible name and no picker on a phone.
_DATE_FIELD = f"<label for='law-date'>{strings.AS_OF_LABEL}</label><input type='date' id='law-date'>"
_DATE_CHANGES = "element.querySelector('input').addEventListener('change', (e) => { props.value = e.target.value; });"
_SHOW_NEWEST = """() => {
  document.getElementById("sources").scrollTop = 0;
  const turn = [...document.querySelectorAll(".turn")].pop();
  const box = turn?.getBoundingClientRect();
  if (box && (box.top < 0 || box.bottom > innerHeight)) turn.scrollIntoView({ block: "start" });
}"""


def build_chat(backend: Backend, settings: Settings, models_status: Callable[[], str]) -> None:
    """Lay out the conversation inside the Blocks that are being built.

    Args:
        backend: Answers the questions.
        settings: Say whether a chat model is set, and so where text goes.
        models_status: "loading", "ready" or "failed: ...".
    """
    exchanges = gr.State((), time_to_live=24 * 3600)
    with gr.Row(elem_id="desk"):
        with gr.Column(scale=3, min_width=300):
            conversation = _html(rendering.transcript(()), "conversation")
            with gr.Column(elem_id="examples") as example_box:
                examples = [gr.Button(text, variant="secondary", size="md") for text in strings.EXAMPLES]
            question = gr.Textbox(
                label=strings.QUESTION_LABEL,
                placeholder=strings.QUESTION_PLACEHOLDER,
                info=strings.QUESTION_HINT,
                lines=1,
                max_lines=8,
                elem_id="question",
            )
            with gr.Row(elem_id="controls"):
                as_of = gr.HTML(
                    "",
                    html_template=_DATE_FIELD,
                    js_on_load=_DATE_CHANGES,
                    elem_id="as-of",
                    apply_default_css=False,
                )
                ask_button = gr.Button(strings.ASK, variant="primary", min_width=110, elem_id="ask")
                new_button = gr.Button(strings.NEW_CONVERSATION, variant="secondary", min_width=150)
            if settings.model:
                gr.HTML(rendering.message(_model_notice(settings)), elem_id="model-notice", js_on_load=None)
        with gr.Column(scale=2, min_width=300, elem_id="sources"):
            panel = _html(rendering.source_panel(()), "panel")

    def ask(
        text: str, law_as_of: str | None, earlier: tuple[Exchange, ...], event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        if event.target in examples:
            text = event.target.value
        if not text.strip():
            gr.Info(strings.EMPTY_QUESTION)
            yield (gr.skip(),) * 5
            return
        pending = Exchange(number=earlier[-1].number + 1 if earlier else 1, question=mask_text(text.strip()))
        kept = earlier[-KEPT_EXCHANGES + 1 :]
        waiting = strings.SEARCHING
        if models_status() == "loading":
            waiting = f"{waiting} {strings.STILL_LOADING}"
        shown = rendering.transcript((*kept, pending), waiting=waiting)
        yield shown, gr.skip(), gr.skip(), "", gr.Column(visible=False)
        done = _answer(backend, pending, text.strip(), law_as_of, kept)
        now = (*kept, done)
        if isinstance(done.answer, Answer):
            for n in range(1, len(done.answer.statements)):
                yield rendering.transcript(now, shown=n), gr.skip(), gr.skip(), gr.skip(), gr.skip()
                time.sleep(STEP_S)
        returned = text if done.error else gr.skip()
        yield rendering.transcript(now), rendering.source_panel(now), now, returned, gr.skip()

    def start_again() -> tuple[Any, ...]:
        return rendering.transcript(()), rendering.source_panel(()), (), "", gr.Column(visible=True)

    outputs = [conversation, panel, exchanges, question, example_box]
    asking = gr.on(
        [question.submit, ask_button.click, *(example.click for example in examples)],
        ask,
        inputs=[question, as_of, exchanges],
        outputs=outputs,
        show_progress="hidden",
        api_visibility="private",
        concurrency_id="ask",
    )
    asking.then(fn=None, js=_SHOW_NEWEST, api_visibility="private")
    new_button.click(
        start_again, outputs=outputs, cancels=[asking], queue=False, show_progress="hidden", api_visibility="private"
    )


def _answer(
    backend: Backend, pending: Exchange, question: str, as_of: str | None, earlier: tuple[Exchange, ...]
) -> Exchange:
    conversation = [_turn(e) for e in earlier if e.answer]
    try:
        day = (as_of or "").strip() or None
        answer = backend.reply(question, as_of=day, conversation=conversation, who=strings.WHO)
        return replace(pending, answer=answer, surroundings=_surroundings(backend, answer))
    except AssistantError as error:
        return replace(pending, error=str(error))
    except Exception:
        _log.exception("A question could not be answered")
        return replace(pending, error=strings.UNEXPECTED)


def _turn(exchange: Exchange) -> Turn:
    reply = exchange.answer
    return Turn(
        exchange.question,
        reply if isinstance(reply, Answer) else None,
        reply if isinstance(reply, SectionDraft) else None,
    )


def _surroundings(backend: Backend, answer: Reply) -> tuple[Surroundings | None, ...]:
    found: list[Surroundings | None] = []
    for citation in answer.citations:
        try:
            found.append(backend.surroundings(citation, chars=rendering.CONTEXT_CHARS))
        except AssistantError as error:  # taken out in the meantime; the quote itself is still in the answer
            _log.warning("No surroundings for %s: %s", citation.source_id, error)
            found.append(None)
    return tuple(found)


def _html(value: str, elem_id: str) -> gr.HTML:
    """HTML of our own making: no style of Gradio's, no script."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _model_notice(settings: Settings) -> str:
    if not is_remote(settings):
        return strings.MODEL_LOCAL.format(model=settings.model)
    provider = settings.model.partition(":")[0]
    host = urlsplit(settings.model_base_url).hostname
    recipient = f"{provider} ({host})" if host else provider
    return strings.MODEL_REMOTE.format(recipient=recipient, model=settings.model)
