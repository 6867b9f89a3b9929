"""What a first visitor sees above the tabs: an example to try everything with, and what is not done here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import gradio as gr

from assistant import example
from assistant.errors import AssistantError
from assistant.web import rendering
from assistant.web.page import Page, html
from assistant.web.pieces import escape
from assistant.web.whose import held_words
from assistant.words import Words

_QUESTIONS = 3
_LIMITS = 4

# A question goes into the box of the tab Ask, where one can still change it.
_TO_ASK = """
element.addEventListener("click", ({ target }) => {
  const chosen = target.closest("button[data-question]");
  if (!chosen) return;
  document.getElementById("tab-ask-button")?.click();
  const box = document.querySelector("#question textarea, #question input");
  if (!box) return;
  const kind = box.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(box, chosen.dataset.question);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
});
"""

_log = logging.getLogger(__name__)


def build_first_visit(page: Page) -> None:
    """Lay out the box; it shows itself in a workspace that holds nothing yet, or the example."""
    say = page.say
    with gr.Column(visible=False, elem_id="first-visit") as box:
        about = gr.HTML("", elem_id="first-visit-about", apply_default_css=False, js_on_load=_TO_ASK)
        with gr.Row(elem_id="first-visit-actions"):
            put_in = gr.Button(say("example.put-in"), variant="primary", min_width=340, elem_id="example-in")
            take_out = gr.Button(say("example.take-out"), visible=False, min_width=220, elem_id="example-out")
        removal = build_removal(page, take_out, "example")
        result = html("", "first-visit-result")
    begun = gr.State(False)  # whether the example was put in on this visit: then its box stays open

    def show(opened: bool = False) -> tuple[Any, ...]:
        try:
            is_in, is_new = example.is_in(page.backend), example.is_new(page.backend)
        except AssistantError:  # the tabs say what is wrong with the workspace
            is_in, is_new = False, False
        return (
            gr.Column(visible=is_in or is_new),
            _about(say, is_in=is_in, opened=opened),
            gr.Button(visible=not is_in, interactive=True),
            gr.Button(visible=is_in, interactive=True),
        )

    shown = [box, about, put_in, take_out]
    outputs = [result, *shown, begun, page.municipality, page.status]

    def fill(chosen: str | None) -> Iterator[tuple[Any, ...]]:
        for line, outcome in filling(page):
            if outcome is None:
                yield line, gr.skip(), gr.skip(), gr.Button(interactive=False), *(gr.skip() for _ in range(4))
            else:
                yield line, *show(outcome), outcome, *page.refresh(example.name() if outcome else chosen)

    def empty(chosen: str | None) -> tuple[Any, ...]:
        return emptied(page), *show(False), False, *page.refresh(chosen)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    put_in.click(fill, inputs=page.municipality, outputs=outputs, concurrency_limit=1, **quiet)
    removal(empty, outputs)
    page.municipality.change(show, inputs=begun, outputs=shown, queue=False, **quiet)
    gr.on(fn=show, inputs=begun, outputs=shown, queue=False, **quiet)  # with no trigger named: when the page loads


def build_removal(
    page: Page, take_out: gr.Button, name: str, *shown_anew: Callable[..., Any]
) -> Callable[[Callable[..., Any], list[Any]], None]:
    """Ask in place before the example is taken out, and say what goes.

    Args:
        page: That it is on.
        take_out: The button that asks for it, and gives way to the question.
        name: That the ids of the question begin with.
        shown_anew: Events on which the button is shown anew, beside a change of the municipality.

    Returns:
        Called with what is done once somebody says yes, and its outputs. It takes the chosen municipality.
    """
    say = page.say
    with gr.Row(visible=False, elem_id=f"{name}-ask", elem_classes=["example-ask"]) as question:
        about = html("", f"{name}-ask-about")
        yes = gr.Button(say("example.take-out-yes"), variant="primary", min_width=140, elem_id=f"{name}-out-yes")
        no = gr.Button(say("example.take-out-no"), min_width=120, elem_id=f"{name}-out-no")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    def to(*ids: str) -> dict[str, Any]:
        """The focus goes to where one goes on, as the button that had it is gone: the first of these that is shown."""
        wanted = [*(f"button#{one}" for one in ids), "#municipality input"]
        find = f"{wanted}.map((one) => document.querySelector(one)).find((one) => one?.offsetParent)"
        return {"fn": None, "js": f"() => setTimeout(() => {find}?.focus(), 150)", "api_visibility": "private"}

    def ask() -> tuple[Any, Any, Any]:
        try:
            what = held_words(say, example.holding(page.backend))
        except AssistantError as error:
            told = rendering.message(say.message(str(error)), error=True)
        else:
            asked = say("example.take-out-asks", what=what) if what else say("example.take-out-asks-rest")
            told = f"<p role='status'>{escape(asked)}</p>"
        return gr.Row(visible=True), told, gr.Button(visible=False)

    def close() -> tuple[Any, Any]:
        return gr.Row(visible=False), ""

    def keep() -> tuple[Any, Any, Any]:
        return *close(), gr.Button(visible=True)

    shown = [question, about, take_out]
    take_out.click(ask, outputs=shown, queue=False, **quiet).then(**to(f"{name}-out-no"))
    no.click(keep, outputs=shown, queue=False, **quiet).then(**to(f"{name}-out"))
    # Where the button is shown anew, what was counted before is asked no more.
    gr.on([page.municipality.change, *shown_anew], close, outputs=shown[:2], queue=False, **quiet)

    def when_yes(do: Callable[..., Any], outputs: list[Any]) -> None:
        done = yes.click(do, inputs=page.municipality, outputs=outputs, concurrency_limit=1, **quiet)
        done.then(close, outputs=shown[:2], queue=False, **quiet).then(**to(f"{name}-in", f"{name}-out"))

    return when_yes


def filling(page: Page) -> Iterator[tuple[str, bool | None]]:
    """Put the example in: what to show meanwhile, then whether it is in."""
    say = page.say
    yield rendering.message(say("example.putting-in")), None
    for title, problem in _steps(lambda progress: example.put_in(page.backend, progress=progress)):
        if title:
            yield rendering.message(say("example.reading", title=title)), None
        elif problem is None:
            yield rendering.message(say("example.is-in")), True
        elif isinstance(problem, AssistantError):
            yield rendering.message(say.message(str(problem)), error=True), False
        else:
            yield rendering.message(say("page.failed"), error=True), False


def emptied(page: Page) -> str:
    """Take the example out: what came of it."""
    try:
        example.take_out(page.backend)
    except AssistantError as error:
        return rendering.message(page.say.message(str(error)), error=True)
    except Exception:
        _log.exception("The example could not be taken out")
        return rendering.message(page.say("page.failed"), error=True)
    return rendering.message(page.say("example.is-out"))


def _steps(
    work: Callable[[Callable[[int, int, str], None]], None],
) -> Iterator[tuple[str, Exception | None]]:
    """Do something in a thread: the title of each step, then an empty one with what went wrong, or None."""
    said: SimpleQueue[str | None] = SimpleQueue()
    with ThreadPoolExecutor(max_workers=1) as worker:
        working = worker.submit(work, lambda done, total, title: said.put(title))
        working.add_done_callback(lambda _: said.put(None))
        for title in iter(said.get, None):
            yield title, None
    problem = working.exception()
    if problem is not None and not isinstance(problem, Exception):
        raise problem
    if problem is not None and not isinstance(problem, AssistantError):
        _log.error("The example could not be put in", exc_info=problem)
    yield "", problem


def _about(say: Words, *, is_in: bool, opened: bool) -> str:
    if not is_in:  # the tab Ask, which stands open below, has questions to start from
        limits = "".join(f"<li>{escape(say(f'example.limit-{n}'))}</li>" for n in range(1, _LIMITS + 1))
        return (
            f"<h2>{escape(say('example.heading-new'))}</h2><p>{escape(say('example.about-new'))}</p>"
            f"<details><summary>{escape(say('example.limits'))}</summary><ul class='limits'>{limits}</ul></details>"
        )
    questions = "".join(
        f"<li><button type='button' data-question='{escape(text)}'>{escape(text)}</button></li>"
        for text in (say(f"example.question-{n}") for n in range(1, _QUESTIONS + 1))
    )
    asked = f"<h3>{escape(say('example.questions'))}</h3><ul class='questions'>{questions}</ul>"
    tries = f"<h3>{escape(say('example.tries'))}</h3><p>{escape(say('example.tries-about'))}</p>"
    about = f"<p>{escape(say('example.about-in'))}</p><div class='parts'><div>{asked}</div><div>{tries}</div></div>"
    return (  # folded away on later visits: it is about how to begin
        f"<details{' open' if opened else ''}><summary><h2>{escape(say('example.heading-in'))}</h2></summary>"
        f"{about}</details>"
    )
