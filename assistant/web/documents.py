"""The documents: adding files, fetching the official texts, what is indexed, taking one out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.settings import Settings
from assistant.types import Added, AddReport, Kind
from assistant.web import rendering, strings
from assistant.web.backend import Backend

MAX_FILES = 20  # at a time: embedding takes seconds a file, and a visitor waits
FILE_TYPES = [".pdf", ".docx", ".html", ".htm", ".md", ".txt", ".xml"]

_log = logging.getLogger(__name__)

_SKIP_LIST = (gr.skip(), gr.skip())  # the list of sources and what can be taken out stay as they are


def build_documents(backend: Backend, settings: Settings) -> None:
    """Lay out the documents inside the Blocks that are being built, and fill the list when the page loads."""
    with gr.Accordion(strings.DOCUMENTS, open=False, elem_id="documents"), gr.Row():
        with gr.Column(scale=2, min_width=300):
            hint = strings.FILES_HINT.format(files=MAX_FILES, megabytes=settings.max_file_mb)
            gr.HTML(f"<h2>{strings.ADD_HEADING}</h2><p>{hint}</p>", apply_default_css=False, js_on_load=None)
            files = gr.File(
                label=strings.FILES_LABEL,
                file_count="multiple",
                file_types=FILE_TYPES,
                height=150,
                elem_id="files",
            )
            kind = gr.Radio(
                choices=[(label, value.value) for label, value in strings.KIND_CHOICES],
                value=Kind.OWN.value,
                label=strings.KIND_LABEL,
            )
            municipality = gr.Textbox(label=strings.MUNICIPALITY_LABEL, info=strings.MUNICIPALITY_HINT)
            with gr.Row():
                written = gr.Textbox(label=strings.WRITTEN_LABEL, info=strings.WRITTEN_HINT, min_width=200)
                law_basis = gr.Dropdown(
                    choices=list(strings.LAW_BASIS_CHOICES),
                    value="",
                    label=strings.LAW_BASIS_LABEL,
                    info=strings.LAW_BASIS_HINT,
                    min_width=200,
                )
            add_button = gr.Button(strings.ADD, variant="primary", elem_id="add")
            result = gr.HTML("", elem_id="added", apply_default_css=False, js_on_load=None)
            with gr.Column(visible=settings.corpus == "bundled"):
                about = f"<h2>{strings.FETCH_HEADING}</h2><p>{strings.FETCH_HINT}</p>"
                gr.HTML(about, apply_default_css=False, js_on_load=None)
                fetch_button = gr.Button(strings.FETCH, variant="secondary", elem_id="fetch")
                stop_button = gr.Button(strings.FETCH_STOP, variant="secondary", visible=False, elem_id="stop-fetch")
                fetched = gr.HTML("", elem_id="fetched", apply_default_css=False, js_on_load=None)
        with gr.Column(scale=3, min_width=300):
            gr.HTML(f"<h2>{strings.INDEXED_HEADING}</h2>", apply_default_css=False, js_on_load=None)
            table = gr.HTML("", elem_id="indexed", apply_default_css=False, js_on_load=None)
            chosen = gr.Dropdown(choices=[], value=None, label=strings.REMOVE_LABEL, elem_id="removable")
            remove_button = gr.Button(strings.REMOVE, variant="secondary", elem_id="remove")
            removed = gr.HTML("", apply_default_css=False, js_on_load=None)

    def show_sources() -> tuple[str, Any]:
        try:
            sources = backend.sources()
        except AssistantError as error:
            return rendering.message(str(error), error=True), gr.skip()
        removable = [(f"{s.title} ({s.source_id})", s.source_id) for s in sources if not s.bundled]
        return rendering.source_table(sources), gr.Dropdown(choices=removable, value=None)

    def add(
        uploads: Sequence[str] | None, kind: str, municipality: str, written: str, law_basis: str
    ) -> Iterator[tuple[Any, ...]]:
        paths = [Path(upload) for upload in uploads or ()]
        problem = _problem(paths, kind, municipality, settings.max_file_mb)
        if problem:
            yield rendering.message(problem, error=True), gr.skip(), gr.skip(), gr.skip()
            return
        work = partial(
            backend.add,
            paths,
            kind=kind,
            municipality=municipality.strip() or None,
            written=written.strip() or None,
            law_basis=law_basis or None,
        )
        for shown, done in _told(work, strings.ADDING, rendering.added_files, strings.ADD_FAILED):
            if not done:
                yield shown, gr.skip(), gr.skip(), gr.skip()
                continue
            for path in paths:  # the workspace has what it needs; an upload is not kept twice
                path.unlink(missing_ok=True)
            yield shown, None, *show_sources()

    stopping = threading.Event()  # one run at a time, whoever started it

    def fetch() -> Iterator[tuple[Any, ...]]:
        stopping.clear()
        yield (
            rendering.message(strings.FETCH_BEGINS),
            gr.Button(interactive=False),
            gr.Button(strings.FETCH_STOP, visible=True, interactive=True),
            *_SKIP_LIST,
        )
        work = partial(backend.sync, stopped=stopping.is_set)

        def results(files: Sequence[Added]) -> str:
            return rendering.fetched_texts(files, stopped=stopping.is_set())

        for shown, _ in _told(work, strings.FETCHING, results, strings.FETCH_FAILED):
            yield shown, gr.skip(), gr.skip(), *_SKIP_LIST
        yield gr.skip(), gr.Button(interactive=True), gr.Button(visible=False), *show_sources()

    def stop() -> gr.Button:
        # Said on the button: this answer may come after the last one of `fetch`, which it must not overwrite.
        stopping.set()
        return gr.Button(strings.FETCH_STOPPING, interactive=False)

    def remove(source_id: str | None) -> tuple[Any, ...]:
        if not source_id:
            return rendering.message(strings.NOTHING_TO_REMOVE, error=True), gr.skip(), gr.skip()
        try:
            backend.remove(source_id)
        except AssistantError as error:
            return rendering.message(str(error), error=True), *show_sources()
        except Exception:
            _log.exception("%s could not be taken out", source_id)
            return rendering.message(strings.REMOVE_FAILED, error=True), *show_sources()
        return rendering.message(strings.REMOVED), *show_sources()

    add_button.click(
        add,
        inputs=[files, kind, municipality, written, law_basis],
        outputs=[result, files, table, chosen],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
    )
    fetch_button.click(
        fetch,
        outputs=[fetched, fetch_button, stop_button, table, chosen],
        show_progress="hidden",
        api_visibility="private",
        concurrency_limit=1,
    )
    stop_button.click(stop, outputs=stop_button, show_progress="hidden", queue=False, api_visibility="private")
    remove_button.click(remove, inputs=chosen, outputs=[removed, table, chosen], api_visibility="private")
    gr.on(
        fn=show_sources, outputs=[table, chosen], show_progress="hidden", queue=False, api_visibility="private"
    )  # with no trigger named: when the page loads


def _told(
    work: Callable[..., AddReport], wording: str, results: Callable[[Sequence[Added]], str], failed: str
) -> Iterator[tuple[str, bool]]:
    """Do something with many files in a thread: what to show meanwhile, then what came of it.

    Args:
        work: Takes `progress`.
        wording: Of a step: {what}, {number} of {total}.
        results: Shows what became of the files.
        failed: What to say where something unforeseen went wrong.

    Yields:
        What to show, and whether it is done and has succeeded.
    """
    said: SimpleQueue[str | None] = SimpleQueue()

    def report_progress(done: int, total: int, what: str) -> None:
        if done < total:
            said.put(wording.format(what=what, number=done + 1, total=total))

    with ThreadPoolExecutor(max_workers=1) as worker:
        working = worker.submit(work, progress=report_progress)
        working.add_done_callback(lambda _: said.put(None))
        for line in iter(said.get, None):
            yield rendering.message(line), False
    try:
        yield results(working.result().files), True
    except AssistantError as error:
        yield rendering.message(str(error), error=True), False
    except Exception:
        _log.exception("Documents could not be taken in")
        yield rendering.message(failed, error=True), False


def _problem(paths: Sequence[Path], kind: str, municipality: str, max_file_mb: int) -> str:
    """What keeps these files from being added; empty when nothing does."""
    if not paths:
        return strings.NO_FILES
    if len(paths) > MAX_FILES:
        return strings.TOO_MANY_FILES.format(count=len(paths), files=MAX_FILES)
    for path in paths:
        if path.stat().st_size > max_file_mb * 1_000_000:
            return strings.FILE_TOO_LARGE.format(name=mask_text(path.name), megabytes=max_file_mb)
    if kind == Kind.PROGRAMME and not municipality.strip():
        return strings.MUNICIPALITY_MISSING
    return ""
