"""Below the bar: a way to add a municipality, and to move to it what was made before one was named."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from assistant import example
from assistant.errors import AssistantError
from assistant.own import same_name
from assistant.personal_data import mask_text
from assistant.plan import section_named
from assistant.text import collapse
from assistant.types import Holding, Profile
from assistant.web import rendering
from assistant.web.draft_editor import title_of
from assistant.web.page import Page, html
from assistant.web.pieces import escape
from assistant.words import Words

_NAME_CHARS = 100
_TO_NAME = "() => setTimeout(() => document.querySelector('#municipality-name :is(textarea, input)')?.focus(), 150)"
_TO_BUTTON = "() => document.querySelector('button#municipality-add')?.focus()"
# The button that was pressed is gone once all is moved: what came of it takes the focus.
_TO_RESULT = "() => setTimeout(() => document.querySelector('#whose-result [tabindex]')?.focus(), 150)"

_log = logging.getLogger(__name__)


def build_whose(page: Page, add: gr.Button) -> None:
    """Lay out what stands below the bar; `add` is the button in the bar that opens the form."""
    say = page.say
    with gr.Row(visible=False, elem_id="municipality-form") as form:
        name = gr.Textbox(
            label=say("page.municipality-name"), max_length=_NAME_CHARS, elem_id="municipality-name", min_width=200
        )
        keep = gr.Button(say("page.municipality-keep"), variant="primary", min_width=90, elem_id="municipality-keep")
        leave = gr.Button(say("page.municipality-leave"), min_width=90, elem_id="municipality-leave")
    with gr.Row(visible=False, elem_id="unnamed") as offer:
        told = html("", "unnamed-told")
        move = gr.Button("", min_width=120, elem_id="unnamed-move")
    result = html("", "whose-result")
    offered = [offer, told, move]

    def show(chosen: str | None) -> tuple[Any, ...]:
        try:
            moves = _movable(page, chosen)
        except AssistantError:  # the tabs say what is wrong with the workspace
            moves = Holding()
        line = escape(say("page.unnamed", what=held_words(say, moves)))
        return (
            gr.Row(visible=bool(moves)),
            f"<p>{line}</p>" if moves else "",
            gr.Button(say("page.unnamed-move", name=chosen or "")),
        )

    def added(typed: str) -> tuple[Any, ...]:
        try:
            kept = _keep(page, typed)
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), *(gr.skip(),) * 4
        except Exception:
            _log.exception("A municipality could not be added")
            return rendering.message(say("page.failed"), error=True), *(gr.skip(),) * 4
        line = _focusable(say("page.municipality-added", name=kept))
        return line, gr.Row(visible=False), "", *page.refresh(kept)

    def moved(chosen: str | None, times: int) -> tuple[Any, ...]:
        before = Holding()
        try:
            before = _movable(page, chosen)
            if not before:
                return "", *show(chosen), gr.skip(), gr.skip()
            moves, stays = page.backend.name_unnamed(str(page.whose(chosen)))
        except AssistantError as error:
            return stopped(chosen, times, before, say.message(str(error)))
        except Exception:
            _log.exception("What is kept under no municipality could not be moved")
            return stopped(chosen, times, before, None)
        lines = [say("page.unnamed-moved", name=chosen, what=held_words(say, moves))]
        if stays:
            lines.append(say("page.unnamed-stays", name=chosen, what="; ".join(_names(say, stays))))
        return _focusable(" ".join(lines)), *show(chosen), page.refresh(chosen)[1], times + 1

    def stopped(chosen: str | None, times: int, before: Holding, reason: str | None) -> tuple[Any, ...]:
        """What came of a move that failed, part of which may be kept; with no reason by a fault of the program."""
        try:
            left = _movable(page, chosen)
        except AssistantError:  # what failed is told already
            left = before
        if left == before:
            line = reason or say("page.failed")
            return rendering.message(line, error=True), *show(chosen), gr.skip(), gr.skip()
        why = reason or say("page.unnamed-fault")  # the other line says that nothing was changed
        what = held_words(say, _without(before, left))
        if left:
            line = say("page.unnamed-partly", name=chosen, what=what, left=held_words(say, left), why=why)
        else:
            line = f"{say('page.unnamed-moved', name=chosen, what=what)} {why}"
        return rendering.message(line, error=True), *show(chosen), page.refresh(chosen)[1], times + 1

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    add.click(lambda: (gr.Row(visible=True), ""), outputs=[form, result], queue=False, **quiet).then(
        fn=None, js=_TO_NAME, api_visibility="private"
    )
    leave.click(lambda: (gr.Row(visible=False), "", ""), outputs=[form, name, result], queue=False, **quiet).then(
        fn=None, js=_TO_BUTTON, api_visibility="private"
    )
    gr.on(
        [keep.click, name.submit], added, inputs=name, outputs=[result, form, name, page.municipality, page.status],
        **quiet,
    ).then(fn=None, js=_TO_RESULT, api_visibility="private")  # fmt: skip
    move.click(
        moved, inputs=[page.municipality, page.moved], outputs=[result, *offered, page.status, page.moved],
        concurrency_limit=1, **quiet,
    ).then(fn=None, js=_TO_RESULT, api_visibility="private")  # fmt: skip
    page.municipality.input(lambda: "", outputs=result, queue=False, **quiet)  # told of another one
    page.municipality.change(show, inputs=page.municipality, outputs=offered, queue=False, **quiet)


def held_words(say: Words, held: Holding) -> str:
    """How much is kept of a municipality, in words; empty where nothing is."""
    counts = {
        "sections": len(held.sections), "documents": len(held.documents), "figures": held.figures,
        "tables": held.tables, "checklists": len(held.checklists),
    }  # fmt: skip
    return ", ".join(say(f"page.held{'-one' if n == 1 else ''}.{key}", n=n) for key, n in counts.items() if n)


def _without(held: Holding, left: Holding) -> Holding:
    """What is held and not left."""
    return Holding(
        tuple(one for one in held.sections if one not in left.sections),
        tuple(one for one in held.checklists if one not in left.checklists),
        held.figures - left.figures,
        held.tables - left.tables,
        tuple(one for one in held.documents if one not in left.documents),
    )


def _focusable(line: str) -> str:
    return f"<p role='status' tabindex='-1'>{escape(line)}</p>"


def _keep(page: Page, typed: str) -> str:
    """Keep a municipality of this name, where none is known by it yet; gives the name as it is known."""
    name = mask_text(collapse(typed))[:_NAME_CHARS]
    if not name:
        raise AssistantError(page.say("settings.name-missing"))
    known = next((one for one in page.backend.municipalities.known() if same_name(one, name)), None)
    if known is None:
        page.backend.planning.workbook.save_profile(Profile(name))
    return known or name


def _movable(page: Page, chosen: str | None) -> Holding:
    """What may move to the chosen municipality; nothing to the example, which is taken out with all that it has."""
    whose = page.whose(chosen)
    return Holding() if whose is None or same_name(whose, example.name()) else page.backend.unnamed(whose)[0]


def _names(say: Words, held: Holding) -> list[str]:
    sections = [title_of(say, section_named(section)) for _, section in held.sections]
    return [*sections, *(say.of("plans.checklist", one) for one in held.checklists), *held.documents]
