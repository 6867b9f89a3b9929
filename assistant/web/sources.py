"""The sources: what is indexed, a document to read, adding files, fetching the official texts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.types import OFFICIAL, Added, AddReport, Kind, Source
from assistant.web import rendering
from assistant.web.page import Page, html
from assistant.web.pieces import escape
from assistant.web.source_html import (
    AT_ONCE,
    Taking,
    document_head,
    fetched_texts,
    files_being_added,
    found_passages,
    reading,
    source_list,
)
from assistant.words import Words

MAX_FILES = 20  # at a time: embedding takes seconds a file, and a visitor waits
_KINDS = (Kind.OWN, Kind.GUIDANCE, Kind.LAW, Kind.PROGRAMME)
_ACTS = ("681/2023", "1386/2010")
FILE_TYPES = [".pdf", ".docx", ".html", ".htm", ".md", ".txt", ".xml"]
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

# A row of the list opens its document, for a citation at the place of its quote; a button of the document shows
# another part of it.
_OPENS = """element.addEventListener("click", (event) => {
  const row = event.target.closest("button.open");
  if (!row) return;
  window.kotoapuriOpened = row.dataset.source;
  trigger("open", { source: row.dataset.source, at: Number(row.dataset.at ?? -1) });
  delete row.dataset.at;
});"""
_TURNS = """element.addEventListener("click", (event) => {
  const button = event.target.closest("button.go");
  if (button) trigger("turn", { start: Number(button.dataset.start), at: button.dataset.at ?? "" });
});
element.addEventListener("error", (event) => {
  const picture = event.target;
  if (!(picture instanceof HTMLImageElement)) return;
  fetch(picture.src).then((answer) => answer.text()).then((why) => {
    picture.replaceWith(Object.assign(document.createElement("p"), { className: "failed", textContent: why }));
  });
}, true);"""
# Gradio has drawn the other part of the tab a moment after the answer is there.
_FOCUS = "() => setTimeout(() => {{ {what} }}, 100)"
_TO_TITLE = _FOCUS.format(
    what="(document.querySelector('#reading [tabindex]') ?? document.getElementById('document-title'))?.focus()"
)
_TO_ROW = """() => setTimeout(() => {
  const rows = [...document.querySelectorAll("#indexed button.open")];
  const row = rows.find((one) => one.dataset.source === window.kotoapuriOpened);
  if (row) row.closest("details").open = true;
  (row ?? document.getElementById("indexed-heading"))?.focus();
}, 100)"""
_TO_PLACE = _FOCUS.format(
    what="(document.querySelector('#reading [tabindex]') ?? document.getElementById('reading-heading'))?.focus()"
)

_log = logging.getLogger(__name__)


def build_sources(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    backend, settings, say = page.backend, page.settings, page.say
    chosen = gr.State("")  # id of the document that is open
    searched = gr.State(False)  # whether what is shown of it is what a search found

    with gr.Row(elem_id="documents") as overview:
        with gr.Column(scale=3, min_width=300):
            html(
                f"<h2 id='indexed-heading' tabindex='-1'>{escape(say('sources.indexed-heading'))}</h2>"
                f"<p>{escape(say('sources.indexed-about'))}</p>",
                "indexed-about",
            )
            said = html("", "sources-said")
            with gr.Row(elem_id="source-filters"):
                words = gr.Textbox(value="", label=say("sources.search"), elem_id="source-words", min_width=200)
                kind_shown = gr.Dropdown(
                    choices=[
                        (say("sources.all-kinds"), ""),
                        *((say(f"sources.kind-of-one.{one}"), one.value) for one in _KINDS),
                    ],
                    value="",
                    label=say("sources.filter-kind"),
                    elem_id="source-kind",
                    min_width=200,
                )
            listing = gr.HTML("", elem_id="indexed", apply_default_css=False, js_on_load=_OPENS)
        with gr.Column(scale=2, min_width=300):
            hint = say("sources.files-hint", files=MAX_FILES, megabytes=settings.max_file_mb)
            html(f"<h2>{escape(say('sources.add-heading'))}</h2><p>{escape(hint)}</p>", "add-about")
            files = gr.File(
                label=say("sources.files-label"),
                file_count="multiple",
                file_types=FILE_TYPES,
                height=150,
                elem_id="files",
            )
            kind, municipality, written, law_basis = _fields(say, "add")
            with gr.Row():
                add_button = gr.Button(say("sources.add"), variant="primary", elem_id="add", min_width=150)
                stop_add = gr.Button(say("sources.add-stop"), visible=False, elem_id="stop-add", min_width=150)
            added = html("", "added")
            with gr.Column(visible=settings.corpus == "bundled"):
                about = f"<h2>{escape(say('sources.fetch-heading'))}</h2><p>{escape(say('sources.fetch-hint'))}</p>"
                html(about, "fetch-about")
                with gr.Row():
                    fetch_button = gr.Button(say("sources.fetch"), elem_id="fetch", min_width=150)
                    stop_fetch = gr.Button(
                        say("sources.fetch-stop"), visible=False, elem_id="stop-fetch", min_width=150
                    )
                fetched = html("", "fetched")

    with gr.Column(visible=False, elem_id="document") as one:
        back = gr.Button(say("sources.back"), elem_id="back-to-sources", size="sm")
        head = html("", "document-head")
        with gr.Row(visible=False, elem_id="document-actions") as actions:
            correct_button = gr.Button(say("sources.correct"), elem_id="correct", min_width=150)
            remove_button = gr.Button(say("sources.remove"), elem_id="remove", min_width=150)
        with gr.Column(visible=False, elem_id="removing") as removing:
            question = html("", "removing-question")
            with gr.Row():
                really = gr.Button(say("sources.remove-really"), variant="stop", elem_id="remove-really", min_width=150)
                keep = gr.Button(say("sources.keep"), elem_id="keep", min_width=150)
        with gr.Column(visible=False, elem_id="correcting") as correcting:
            html(f"<h3>{escape(say('sources.correct-heading'))}</h3>", "correct-heading")
            title = gr.Textbox(value="", label=say("sources.title-label"), elem_id="correct-title")
            kind_now, municipality_now, written_now, law_now = _fields(say, "correct")
            with gr.Row():
                save = gr.Button(say("sources.save"), variant="primary", elem_id="save-correction", min_width=150)
                cancel = gr.Button(say("sources.cancel"), elem_id="cancel-correction", min_width=150)
        told = html("", "document-said")
        html(f"<h3 id='reading-heading' tabindex='-1'>{escape(say('sources.text-heading'))}</h3>", "text-heading")
        find = gr.Textbox(
            value="", label=say("sources.find"), info=say("sources.find-hint"), elem_id="find-in-document"
        )
        text = gr.HTML("", elem_id="reading", apply_default_css=False, js_on_load=_TURNS)

    def show(words: str, kind: str, as_of: str | None) -> str:
        try:
            return source_list(say, backend.sources(), day=_day(page, as_of), kind=kind, words=words)
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("The sources could not be listed")
            return rendering.message(say("page.failed"), error=True)

    shown = [words, kind_shown, page.as_of]

    # One document.

    def source_named(source_id: str) -> Source | None:
        return next((s for s in backend.sources() if s.source_id == source_id), None)

    unchanged = (gr.skip(),) * 7

    def open_document(as_of: str | None, event: gr.EventData) -> tuple[Any, ...]:
        """Show a document in place of the list."""
        try:
            source = source_named(str(getattr(event, "source", "")))
            if source is None:
                return rendering.message(say("sources.gone"), error=True), gr.skip(), gr.skip(), gr.skip(), *unchanged
            passages = backend.passages(source.source_id)
            offset = getattr(event, "at", -1)
            here = next((p.position for p in passages if p.start <= offset < p.end), None)
            content = reading(say, source, passages, start=(here or 0) // AT_ONCE * AT_ONCE, at=here)
        except AssistantError as error:
            problem = say.message(str(error))
            return rendering.message(problem, error=True), gr.skip(), gr.skip(), gr.skip(), *unchanged
        except Exception:
            _log.exception("A document could not be shown")
            return rendering.message(say("page.failed"), error=True), gr.skip(), gr.skip(), gr.skip(), *unchanged
        return (
            "", source.source_id, gr.Row(visible=False), gr.Column(visible=True),
            document_head(say, source, _day(page, as_of)), gr.Row(visible=_is_added(source)), "", "", content,
            gr.Column(visible=False), False,
        )  # fmt: skip

    listing.open(
        open_document,
        inputs=page.as_of,
        outputs=[said, chosen, overview, one, head, actions, told, find, text, removing, searched],
        queue=False,
        **_QUIET,
    ).success(lambda: gr.Column(visible=False), outputs=correcting, queue=False, **_QUIET).success(
        fn=None, js=_TO_TITLE, api_visibility="private"
    )

    def turn(source_id: str, event: gr.EventData) -> tuple[Any, ...]:
        start, at = getattr(event, "start", 0), str(getattr(event, "at", ""))
        return "", _read(source_id, start if isinstance(start, int) and start >= 0 else 0, at), False

    def search(source_id: str, words: str, searched: bool) -> tuple[Any, Any]:
        if not words.strip() and not searched:
            return gr.skip(), gr.skip()  # emptied because something else is shown already
        return _read(source_id, 0, "", words), bool(words.strip())

    def _read(source_id: str, start: int, at: str, words: str = "") -> str:
        try:
            source = source_named(source_id)
            if source is None:
                return rendering.message(say("sources.gone"), error=True)
            passages = backend.passages(source_id)
            if words.strip():
                return found_passages(say, source, passages, words)
            return reading(say, source, passages, start=start, at=int(at) if at.isdigit() else None)
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("%s could not be read", source_id)
            return rendering.message(say("page.failed"), error=True)

    text.turn(turn, inputs=chosen, outputs=[find, text, searched], queue=False, **_QUIET).success(
        fn=None, js=_TO_PLACE, api_visibility="private"
    )
    # Gradio's `input` misses what is pasted.
    find.change(
        search,
        inputs=[chosen, find, searched],
        outputs=[text, searched],
        queue=False,
        trigger_mode="always_last",
        **_QUIET,
    )

    def to_list(words: str, kind: str, as_of: str | None) -> tuple[Any, ...]:
        return gr.Row(visible=True), gr.Column(visible=False), show(words, kind, as_of)

    back.click(to_list, inputs=shown, outputs=[overview, one, listing], queue=False, **_QUIET).success(
        fn=None, js=_TO_ROW, api_visibility="private"
    )

    # Correcting and removing.

    def begin_correcting(source_id: str) -> tuple[Any, ...]:
        source = source_named(source_id)
        if source is None:
            return (*(gr.skip(),) * 7, rendering.message(say("sources.gone"), error=True))
        return (
            source.title, source.kind.value, source.municipality or "", source.written or "", source.law_basis or "",
            gr.Column(visible=True), gr.Column(visible=False), "",
        )  # fmt: skip

    correct_button.click(
        begin_correcting,
        inputs=chosen,
        outputs=[title, kind_now, municipality_now, written_now, law_now, correcting, removing, told],
        queue=False,
        **_QUIET,
    ).success(
        fn=None,
        js=_FOCUS.format(what="document.querySelector('#correct-title :is(input, textarea)')?.focus()"),
        api_visibility="private",
    )

    def correct(
        source_id: str, title: str, kind: str, municipality: str, written: str, law_basis: str,
        as_of: str | None, whose: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        try:
            source = backend.describe(
                source_id, title=title, kind=kind, municipality=municipality.strip() or None,
                written=written.strip() or None, law_basis=law_basis or None,
            )  # fmt: skip
        except AssistantError as error:
            problem = say.message(str(error))
        except Exception:
            _log.exception("%s could not be corrected", source_id)
            problem = say("page.failed")
        else:
            shown = document_head(say, source, _day(page, as_of))
            return rendering.message(say("sources.corrected")), shown, gr.Column(visible=False), *page.refresh(whose)
        return rendering.message(problem, error=True), *(gr.skip(),) * 4

    save.click(
        correct,
        inputs=[
            chosen, title, kind_now, municipality_now, written_now, law_now, page.as_of, page.municipality
        ],
        outputs=[told, head, correcting, page.municipality, page.status],
        **_QUIET,
    )  # fmt: skip
    to_correct = _FOCUS.format(what="document.getElementById('correct')?.focus()")
    cancel.click(
        lambda: (gr.Column(visible=False), ""), outputs=[correcting, told], queue=False, **_QUIET
    ).success(fn=None, js=to_correct, api_visibility="private")  # fmt: skip

    def ask_first(source_id: str) -> tuple[Any, ...]:
        source = source_named(source_id)
        name = source.title if source else source_id
        asked = say("sources.remove-question", title=name)
        return f"<p role='alert'>{escape(asked)}</p>", gr.Column(visible=True), gr.Column(visible=False), ""

    remove_button.click(
        ask_first, inputs=chosen, outputs=[question, removing, correcting, told], queue=False, **_QUIET
    ).success(
        fn=None, js=_FOCUS.format(what="document.getElementById('keep')?.focus()"), api_visibility="private"
    )  # fmt: skip
    keep.click(lambda: gr.Column(visible=False), outputs=removing, queue=False, **_QUIET).success(
        fn=None, js=_FOCUS.format(what="document.getElementById('remove')?.focus()"), api_visibility="private"
    )

    def remove(source_id: str, words: str, kind: str, as_of: str | None, whose: str | None) -> tuple[Any, ...]:
        try:
            backend.remove(source_id)
        except AssistantError as error:
            problem = say.message(str(error))
        except Exception:
            _log.exception("%s could not be taken out", source_id)
            problem = say("page.failed")
        else:
            done = rendering.message(say("sources.removed"))
            return "", done, gr.Column(visible=False), *to_list(words, kind, as_of), *page.refresh(whose)
        return rendering.message(problem, error=True), *(gr.skip(),) * 7

    really.click(
        remove,
        inputs=[chosen, *shown, page.municipality],
        outputs=[told, said, removing, overview, one, listing, page.municipality, page.status],
        **_QUIET,
    ).success(fn=None, js=_TO_ROW, api_visibility="private")

    # Adding.

    stops: dict[str, threading.Event] = {}  # of the visitors who are adding or fetching now

    def add(
        uploads: Sequence[str] | None, kind: str, municipality: str, written: str, law_basis: str,
        whose: str | None, words: str, kind_shown: str, as_of: str | None, request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:  # fmt: skip
        nothing = (gr.skip(),) * 3
        paths = [Path(upload) for upload in uploads or ()]
        name = municipality.strip() or (page.whose(whose) if kind == Kind.OWN else None)
        problem = _problem(say, paths, kind, name, settings.max_file_mb)
        if problem:
            yield rendering.message(problem, error=True), gr.skip(), gr.skip(), gr.skip(), *nothing
            return
        stopping = stops[f"add {request.session_hash}"] = threading.Event()
        yield (
            files_being_added(say, [Taking(mask_text(path.name)) for path in paths]), gr.skip(),
            gr.Button(interactive=False), gr.Button(say("sources.add-stop"), visible=True, interactive=True), *nothing,
        )  # fmt: skip
        work = partial(
            backend.add,
            paths,
            kind=kind,
            municipality=name,
            written=written.strip() or None,
            law_basis=law_basis or None,
            stopped=stopping.is_set,
        )
        taken: list[Taking] = [Taking(mask_text(path.name)) for path in paths]
        problem = ""
        try:
            for stand in _taking(list(taken), work):
                taken = stand
                yield files_being_added(say, taken), *(gr.skip(),) * 3, *nothing
        except AssistantError as error:
            problem = rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("Documents could not be added")
            problem = rendering.message(say("sources.add-failed"), error=True)
        finally:
            stops.pop(f"add {request.session_hash}", None)
        done = [path for path, file in zip(paths, taken, strict=True) if file.became]
        left = [str(path) for path in paths if path not in done]
        for path in done:  # the workspace has what it needs; an upload is not kept twice
            path.unlink(missing_ok=True)
        report = files_being_added(say, taken, stopped=True) if done or not problem else ""
        yield (
            problem + report, left or None, gr.Button(interactive=True), gr.Button(visible=False),
            show(words, kind_shown, as_of), *page.refresh(whose),
        )  # fmt: skip

    add_button.click(
        add,
        inputs=[files, kind, municipality, written, law_basis, page.municipality, *shown],
        outputs=[added, files, add_button, stop_add, listing, page.municipality, page.status],
        concurrency_limit=8,
        **_QUIET,
    )

    def stop(what: str, request: gr.Request) -> gr.Button:
        # Said on the button: this answer may come after the last one of the work, which it must not overwrite.
        if stopping := stops.get(f"{what} {request.session_hash}"):
            stopping.set()
        return gr.Button(say("sources.add-stopping" if what == "add" else "sources.fetch-stopping"), interactive=False)

    def stop_adding(request: gr.Request) -> gr.Button:
        return stop("add", request)

    def stop_fetching(request: gr.Request) -> gr.Button:
        return stop("fetch", request)

    stop_add.click(stop_adding, outputs=stop_add, queue=False, **_QUIET)
    stop_fetch.click(stop_fetching, outputs=stop_fetch, queue=False, **_QUIET)

    # The official texts.

    def fetch(words: str, kind_shown: str, as_of: str | None, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        stopping = stops[f"fetch {request.session_hash}"] = threading.Event()
        yield (
            rendering.message(say("sources.fetch-begins")), gr.Button(interactive=False),
            gr.Button(say("sources.fetch-stop"), visible=True, interactive=True), gr.skip(),
        )  # fmt: skip
        told: SimpleQueue[tuple[int, str]] = SimpleQueue()
        result = ""
        try:
            with ThreadPoolExecutor(max_workers=1) as worker:
                total = 0

                def report(done: int, of: int, what: str) -> None:
                    nonlocal total
                    total = of
                    told.put((done, what))

                working = worker.submit(partial(backend.sync, progress=report, stopped=stopping.is_set))
                for done, what in _until(working, told):
                    if done < total:
                        line = say("sources.fetching", what=say.message(what), number=done + 1, total=total)
                        yield rendering.message(line), gr.skip(), gr.skip(), gr.skip()
            result = fetched_texts(say, working.result().files, stopped=stopping.is_set())
        except AssistantError as error:
            result = rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("The official texts could not be fetched")
            result = rendering.message(say("sources.fetch-failed"), error=True)
        finally:
            stops.pop(f"fetch {request.session_hash}", None)
        yield result, gr.Button(interactive=True), gr.Button(visible=False), show(words, kind_shown, as_of)

    fetch_button.click(
        fetch, inputs=shown, outputs=[fetched, fetch_button, stop_fetch, listing], concurrency_limit=8, **_QUIET
    )

    gr.on([tab.select, page.municipality.change], show, inputs=shown, outputs=listing, queue=False, **_QUIET)
    gr.on(
        [words.change, kind_shown.change], show, inputs=shown, outputs=listing, queue=False, trigger_mode="always_last",
        **_QUIET,
    )  # fmt: skip


def _fields(say: Words, name: str) -> tuple[gr.Radio, gr.Textbox, gr.Textbox, gr.Dropdown]:
    """What one tells of a document: kind, municipality, when it was written, under which Act."""
    kind = gr.Radio(
        choices=[(say(f"sources.kind.{one}"), one.value) for one in _KINDS],
        value=Kind.OWN.value,
        label=say("sources.kind-label"),
        elem_id=f"{name}-kind",
    )
    municipality = gr.Textbox(
        value="",
        label=say("sources.municipality-label"),
        info=say("sources.municipality-hint"),
        elem_id=f"{name}-municipality",
    )
    with gr.Row():
        written = gr.Textbox(
            value="",
            label=say("sources.written-label"),
            info=say("sources.written-hint"),
            elem_id=f"{name}-written",
            min_width=200,
        )
        law_basis = gr.Dropdown(
            choices=[
                (say("sources.law-basis-unknown"), ""),
                *((say("answer.act", number=act), act) for act in _ACTS),
            ],
            value="",
            label=say("sources.law-basis-label"),
            info=say("sources.law-basis-hint"),
            elem_id=f"{name}-law-basis",
            min_width=200,
        )
    return kind, municipality, written, law_basis


def _day(page: Page, as_of: str | None) -> str:
    return page.day(as_of) or date.today().isoformat()


def _is_added(source: Source) -> bool:
    """Whether somebody added it, so that it may be corrected and removed."""
    return not source.bundled and not source.source_id.endswith(OFFICIAL)


def _taking(files: list[Taking], work: Callable[..., AddReport]) -> Iterator[list[Taking]]:
    """Add files in a thread: how each of them stands, whenever that changes; raises what `work` raises."""
    told: SimpleQueue[tuple[int, str] | Added] = SimpleQueue()
    at = 0

    def report(done: int, total: int, what: str) -> None:
        told.put((done, what))

    with ThreadPoolExecutor(max_workers=1) as worker:
        working = worker.submit(work, progress=report, each=told.put)
        for news in _until(working, told):
            if isinstance(news, Added):
                files[at] = replace(files[at], became=news)
                at += 1
            elif news[0] < len(files) and files[news[0]].became is None:
                files[news[0]] = replace(files[news[0]], doing=news[1])
            yield list(files)
    working.result()


def _until(working: Future[Any], told: SimpleQueue[Any]) -> Iterator[Any]:
    """What is told until the work has ended."""
    while not (working.done() and told.empty()):
        try:
            yield told.get(timeout=0.1)
        except Empty:
            continue


def _problem(say: Words, paths: Sequence[Path], kind: str, municipality: str | None, max_file_mb: int) -> str:
    """What keeps these files from being added; empty when nothing does."""
    if not paths:
        return say("sources.no-files")
    if len(paths) > MAX_FILES:
        return say("sources.too-many-files", count=len(paths), files=MAX_FILES)
    for path in paths:
        if path.stat().st_size > max_file_mb * 1_000_000:
            return say("sources.file-too-large", name=mask_text(path.name), megabytes=max_file_mb)
    if kind == Kind.PROGRAMME and not municipality:
        return say("sources.municipality-missing")
    return ""
