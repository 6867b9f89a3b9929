"""A plan held against its known weaknesses and against other municipalities' programmes."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.documents import as_document
from assistant.errors import AssistantError
from assistant.export.findings import findings_csv
from assistant.plan import DEFAULT, plan_named
from assistant.types import BlockRole, CopyingCheck, Document, Kind, Review, SectionDraft
from assistant.web import rendering
from assistant.web.page import DOWNLOAD, Page, html
from assistant.web.pieces import escape
from assistant.web.review_html import FILTER, found_html
from assistant.web.sources import FILE_TYPES

_WAYS = ("upload", "typed", "drafts")
_OWN_ROLES = (BlockRole.OWN, BlockRole.OBJECTIVES)  # the others say what law and guidance ask, not what the plan says
_NO_FILE = (gr.skip(), gr.skip())

_SHOW_FOUND = "() => document.getElementById('review-list')?.scrollIntoView({ block: 'start' })"

_log = logging.getLogger(__name__)


def build_review(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    backend, say = page.backend, page.say
    table = gr.State(b"", time_to_live=24 * 3600)  # what was found, for the file
    html(f"<h2>{escape(say('review.heading'))}</h2><p>{escape(say('review.about'))}</p>", "review-about")
    way = gr.Radio(
        choices=[(say(f"review.way.{one}"), one) for one in _WAYS],
        value=_WAYS[0],
        label=say("review.way-label"),
        elem_id="review-way",
    )
    file = gr.File(
        label=say("review.file-label"), file_count="single", file_types=FILE_TYPES, height=180, elem_id="review-upload"
    )
    text = gr.Textbox(
        label=say("review.text-label"), lines=8, max_lines=20, visible=False, elem_id="review-typed", max_length=700_000
    )
    note = html("", "review-note")
    with gr.Row(elem_id="review-actions"):
        check_button = gr.Button(say("review.check"), variant="primary", min_width=220, elem_id="review-check")
        stop_button = gr.Button(say("review.stop"), min_width=120, visible=False, elem_id="review-stop")
        export_button = gr.Button(say("review.export"), min_width=220, visible=False, elem_id="review-export")
        download = gr.DownloadButton(visible="hidden", elem_id="review-file")
    result = html("", "review-result")
    found = gr.HTML("", elem_id="review-found", apply_default_css=False, js_on_load=FILTER)

    def prepare(chosen: str, municipality: str | None) -> tuple[Any, Any, str]:
        """What to give, and what there is to compare with."""
        return gr.File(visible=chosen == "upload"), gr.Textbox(visible=chosen == "typed"), noted(chosen, municipality)

    def noted(chosen: str, municipality: str | None) -> str:
        try:
            lines = [] if _others(page, municipality) else [say("review.no-programmes")]
            if chosen == "drafts":
                done, total = len(_drafts(page, municipality)), len(plan_named(DEFAULT).sections)
                lines.insert(0, say("review.drafts", done=done, total=total) if done else say("review.no-drafts"))
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True)
        return "".join(f"<p>{escape(line)}</p>" for line in lines)

    def given(chosen: str, upload: str | None, typed: str, municipality: str | None) -> Document:
        if chosen == "upload":
            if not upload:
                raise AssistantError(say("review.no-file"))
            return backend.read(Path(upload))
        if chosen == "typed":
            if not typed.strip():
                raise AssistantError(say("review.no-text"))
            return as_document(typed)
        drafts = _drafts(page, municipality)
        if not drafts:
            raise AssistantError(say("review.no-drafts"))
        return as_document(_plan_text(drafts))

    def check(
        chosen: str, upload: str | None, typed: str, municipality: str | None, as_of: str | None
    ) -> Iterator[tuple[Any, ...]]:
        busy = gr.Button(interactive=False), gr.Button(visible=True)
        ready = gr.Button(interactive=True), gr.Button(visible=False)
        yield rendering.message(say("review.reading")), gr.skip(), gr.skip(), *busy, gr.skip()
        problems: list[str] = []
        review: Review | None = None
        copying: CopyingCheck | None = None
        try:
            document = given(chosen, upload, typed, municipality)
            waiting = say("review.reviewing")
            if page.models_status() == "loading":
                waiting = f"{waiting} {say('ask.still-loading')}"
            yield rendering.message(waiting), *(gr.skip(),) * 5
            try:
                review = backend.review(document, municipality=page.whose(municipality), as_of=page.day(as_of))
            except AssistantError as error:  # too short or too long for a review; the words can still be compared
                problems.append(str(error))
            yield rendering.message(say("review.comparing")), *(gr.skip(),) * 5
            copying = backend.planning.check_copying(document.text, municipality=page.whose(municipality))
        except AssistantError as error:
            problems.append(str(error))
        except Exception:
            _log.exception("A text could not be checked")
            problems.append(say("page.failed"))
        told = "".join(rendering.message(say.message(problem), error=True) for problem in problems)
        if review is None and copying is None:
            # What was found in the text before this one goes: below an error it would read as found in this one.
            yield told, "", b"", *ready, gr.Button(visible=False)
            return
        told += rendering.message(say("review.checked"))
        shown = found_html(say, document, review, copying)
        yield told, shown, findings_csv(say, review, copying), *ready, gr.Button(visible=True)

    def stopped() -> tuple[Any, ...]:
        return rendering.message(say("review.stopped")), gr.Button(interactive=True), gr.Button(visible=False)

    def exported(content: bytes) -> tuple[Any, Any]:
        if not content:
            return gr.DownloadButton(value=None), rendering.message(say("review.nothing-to-export"), error=True)
        try:
            with tempfile.TemporaryDirectory(prefix="kotoapuri-") as folder:
                path = Path(folder) / f"{say('review.file-name')}.csv"
                path.write_bytes(content)
                # Gradio serves this folder, and empties it by itself.
                served = gr.processing_utils.save_file_to_cache(path, download.GRADIO_CACHE)
        except OSError:
            _log.exception("What was found could not be written to a file")
            return gr.DownloadButton(value=None), rendering.message(say("page.failed"), error=True)
        return gr.DownloadButton(value=served), rendering.message(say("review.exported"))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    way.change(prepare, inputs=[way, page.municipality], outputs=[file, text, note], queue=False, **quiet)
    gr.on(
        [tab.select, page.municipality.change], noted, inputs=[way, page.municipality], outputs=note, queue=False,
        **quiet,
    )  # fmt: skip
    checking = check_button.click(
        check,
        inputs=[way, file, text, page.municipality, page.as_of],
        outputs=[result, found, table, check_button, stop_button, export_button],
        concurrency_limit=2,
        trigger_mode="multiple",  # a run that was stopped ends with the step it is in, and must not hold up the next
        **quiet,
    )
    checking.then(fn=None, js=_SHOW_FOUND, api_visibility="private")
    stop_button.click(stopped, outputs=[result, check_button, stop_button], cancels=[checking], queue=False, **quiet)
    export_button.click(exported, inputs=table, outputs=[download, result], **quiet).success(
        fn=None, js=DOWNLOAD, inputs=download, api_visibility="private"
    )


def _others(page: Page, municipality: str | None) -> bool:
    """Whether a programme of another municipality is there to compare with."""
    whose = page.whose(municipality)
    return any(s.kind is Kind.PROGRAMME and not s.digest and s.municipality != whose for s in page.backend.sources())


def _drafts(page: Page, municipality: str | None) -> list[SectionDraft]:
    """The newest draft of each section, in the order of the plan."""
    plan = plan_named(DEFAULT)
    kept = page.backend.planning.workbook.latest_drafts(page.whose(municipality), plan.id)
    by_section = {version.draft.section: version.draft for version in kept}
    return [by_section[section.id] for section in plan.sections if section.id in by_section]


def _plan_text(drafts: Sequence[SectionDraft]) -> str:
    """What the plan itself says, as Markdown: without what law, guidance and we say of each section."""
    lines = [f"# {plan_named(DEFAULT).title}"]
    for draft in drafts:
        lines.append(f"## {draft.title}")
        for block in draft.blocks:
            if block.role not in _OWN_ROLES:
                continue
            lines.append(f"### {block.heading}")
            if block.columns:
                rows = (block.columns, *([cell.text for cell in row] for row in block.rows))
                lines.append("\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in row)} |" for row in rows))
            else:
                lines += [statement.text for statement in block.statements]
    return "\n\n".join(lines)
