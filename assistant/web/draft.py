"""The plan: its sections, the editor of one, its versions, the export."""

from __future__ import annotations

import logging
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import gradio as gr

from assistant import editing
from assistant.drafting import DEFAULT_WISHES
from assistant.editing import Place
from assistant.errors import AssistantError
from assistant.export import labels
from assistant.plan import DEFAULT, Section, plan_named, plans, section_named
from assistant.shown import copied_statements
from assistant.types import BlockRole, SectionDraft, Surroundings, Version, VersionHead
from assistant.web import draft_editor, rendering
from assistant.web.ask import WHO
from assistant.web.backend import Backend
from assistant.web.page import DOWNLOAD, NAME, Page, html
from assistant.words import Words

_SCRIPT = Path(__file__).with_name("draft.js").read_text(encoding="utf-8")
_FORMATS = ("docx", "md")
_SCOPES = ("section", "plan")
_KNOWN = 2_000  # versions whose state is remembered
_REMEMBERED = 200  # versions of one visitor's own, so that theirs are not told to them as somebody else's

_log = logging.getLogger(__name__)

_GROUND = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS)
_UNCHANGED = (gr.skip(),) * 6  # outline, editor, side, versions, what was not used, how far the section is


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor has open."""

    plan: str = DEFAULT
    section: str = ""  # the first of the plan


@dataclass(slots=True)
class _Visitor:
    """What the tab remembers of one open page."""

    stopping: threading.Event
    saved: list[tuple[str, str, int]]  # (municipality, section, version)


def build_draft(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    say = page.say
    work = _Work(page)
    chosen = gr.State(Chosen(), time_to_live=24 * 3600)
    with gr.Row(elem_id="draft-desk"):
        with gr.Column(scale=2, min_width=250, elem_id="draft-left"):
            plan = gr.Dropdown(
                choices=[(say.of("plans.plan", name), name) for name in plans()],
                value=DEFAULT,
                label=say("draft.plan-label"),
                elem_id="draft-plan",
            )
            outline = _acting("draft-outline")
            draft_all = gr.Button(say("draft.draft-all"), variant="secondary", elem_id="draft-all")
            cancel = gr.Button(say("draft.cancel"), variant="secondary", visible=False, elem_id="draft-cancel")
        with gr.Column(scale=5, min_width=300, elem_id="draft-middle"):
            with gr.Row(elem_id="draft-export-bar"):
                what = gr.Dropdown(
                    choices=[(say(f"draft.export-{one}"), one) for one in _SCOPES],
                    value=_SCOPES[0],
                    label=say("draft.export-what"),
                    min_width=150,
                    elem_id="draft-export-what",
                )
                kind = gr.Dropdown(
                    choices=[(say(f"draft.format.{one}"), one) for one in _FORMATS],
                    value=_FORMATS[0],
                    label=say("draft.export-format"),
                    min_width=120,
                    elem_id="draft-export-format",
                )
                make = gr.Button(say("draft.export"), variant="primary", min_width=110, elem_id="draft-export")
                standing = html("", "draft-standing", min_width=200)
                download = gr.DownloadButton(visible="hidden", elem_id="draft-download")
            exported = html("", "draft-exported")
            # Kept in the browser: whoever has chosen once exports with one press.
            chosen_before = gr.BrowserState([_SCOPES[0], _FORMATS[0]], storage_key="kotoapuri-export", secret=NAME)
            told = html("", "draft-told")
            editor = _acting("draft-editor")
            versions = _acting("draft-versions")
        with gr.Column(scale=3, min_width=280, elem_id="draft-right"):
            side = html("", "draft-side")
            unused = _acting("draft-unused")

    shown = [outline, editor, side, versions, unused, standing]
    every = [chosen, told, *shown, page.municipality, page.status]
    hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    given = [chosen, page.municipality, page.as_of]
    # "once" would drop the look of a section that is opened while another one's takes its seconds.
    unused.look(work.look, inputs=given[:2], outputs=unused, trigger_mode="always_last", **hidden)
    for acting in (outline, editor, versions, unused):
        acting.quick(work.quick, inputs=given, outputs=every, queue=False, **hidden)
        acting.long(work.long, inputs=given, outputs=every, **hidden)
    gr.on(
        [tab.select, page.municipality.change, page.moved.change],
        work.open,
        inputs=given[:2],
        outputs=[told, *shown],
        queue=False,
        **hidden,
    )
    plan.input(
        work.choose_plan, inputs=[plan, page.municipality], outputs=[chosen, told, *shown], queue=False, **hidden
    )
    draft_all.click(
        work.draft_all,
        inputs=given,
        outputs=[told, *shown, draft_all, cancel, page.municipality, page.status],
        **hidden,
    )
    cancel.click(work.stop, outputs=cancel, queue=False, **hidden)
    # What was said of an export is over once anything is drafted or changed.
    for event in (
        *(event for acting in (outline, editor, versions, unused) for event in (acting.quick, acting.long)),
        draft_all.click, plan.input, page.municipality.change,
    ):  # fmt: skip
        event(fn=None, js="() => ''", outputs=exported, api_visibility="private")
    if root := gr.context.Context.root_block:
        root.unload(work.forget)
    make.click(
        work.export, inputs=[chosen, page.municipality, what, kind], outputs=[exported, download], **hidden
    ).success(fn=None, js=DOWNLOAD, inputs=download, api_visibility="private")
    gr.on(
        [what.input, kind.input],
        lambda *both: list(both),
        inputs=[what, kind],
        outputs=chosen_before,
        queue=False,
        **hidden,
    )
    # With no trigger named: when the page loads.
    gr.on(fn=_chosen_before, inputs=chosen_before, outputs=[what, kind], queue=False, **hidden)


def _acting(elem_id: str) -> gr.HTML:
    """HTML of our own making whose buttons are events: "quick" for what is done at once, "long" for drafting.

    "look" is the one for what takes seconds and changes nothing.
    """
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=_SCRIPT)


class _Work:
    """The callbacks of one page, and what they remember of its visitors."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._visitors: dict[str, _Visitor] = {}
        self._known: dict[tuple[str | None, str, VersionHead], draft_editor.State] = {}

    @property
    def _backend(self) -> Backend:
        return self._page.backend

    @property
    def _say(self) -> Words:
        return self._page.say

    # What is shown.

    def open(self, chosen: Chosen, municipality: str | None) -> tuple[Any, ...]:
        """The tab as it is now."""
        try:
            return "", *self._show(chosen, municipality)
        except AssistantError as error:
            return self._failed(error), *_UNCHANGED
        except Exception:
            _log.exception("The drafts could not be shown")
            return rendering.message(self._say("page.failed"), error=True), *_UNCHANGED

    def choose_plan(self, plan: str, municipality: str | None) -> tuple[Any, ...]:
        """Another plan, at its first section."""
        chosen = Chosen(plan if plan in plans() else DEFAULT)
        return chosen, *self.open(chosen, municipality)

    def _show(
        self,
        chosen: Chosen,
        municipality: str | None,
        *,
        done: str = "",
        compared: str = "",
        show_versions: bool = False,
    ) -> tuple[Any, ...]:
        """The section with all that stands around it; `done` is the token of what was typed and is saved."""
        say, whose = self._say, self._page.whose(municipality)
        plan, section = plan_named(chosen.plan), _section(chosen)
        book = self._backend.planning.workbook
        version = book.draft(whose, plan.id, section.id)
        places = self._surroundings(version.draft) if version else ()
        return (
            draft_editor.outline_html(say, plan, self._states(whose, plan.id, version), section.id),
            draft_editor.editor_html(say, section, version, whose, places, done=done),
            draft_editor.side_html(say, version, places),
            draft_editor.versions_html(
                say, book.heads(whose, plan.id, section.id), compared, is_open=show_versions or bool(compared)
            ),
            self._unused(whose, version, wait=False),
            draft_editor.standing_html(say, version),
        )

    def _unused(self, whose: str | None, version: Version | None, *, wait: bool) -> str:
        """What own documents say and the text does not; without `wait` as far as that is known already."""
        if version is None:
            return ""
        try:
            found = self._backend.kept_drafts.unused(version.draft, wait=wait)
        except AssistantError:
            if wait:
                raise
            found = None  # the draft is shown all the same, and whoever opens the box is told what is wrong
        return draft_editor.unused_html(self._say, version.draft, whose, found)

    def look(self, chosen: Chosen, municipality: str | None) -> str:
        """Look through the own documents for what is not in the text."""
        section = _section(chosen)
        try:
            whose = self._page.whose(municipality)
            version = self._backend.planning.workbook.draft(whose, chosen.plan, section.id)
            return self._unused(whose, version, wait=True)
        except AssistantError as error:
            return self._failed(error)
        except Exception:
            _log.exception("The own documents could not be looked through")
            return rendering.message(self._say("page.failed"), error=True)

    def _states(self, whose: str | None, plan: str, shown: Version | None) -> dict[str, draft_editor.State]:
        """What the outline tells of each drafted section; of versions seen before it is remembered."""
        book, found = self._backend.planning.workbook, {}
        for head in book.heads(whose, plan):
            key = (whose, plan, head)
            if key not in self._known:
                is_shown = shown is not None and (shown.draft.section, shown.number) == (head.section, head.number)
                version = shown if is_shown else book.draft(whose, plan, head.section, head.number)
                if version is None:
                    continue  # taken out just now, with all of its municipality
                if len(self._known) >= _KNOWN:
                    self._known.clear()
                self._known[key] = draft_editor.state_of(version.draft)
            found[head.section] = self._known[key]
        return found

    def _surroundings(self, draft: SectionDraft) -> tuple[Surroundings | None, ...]:
        found: list[Surroundings | None] = []
        for citation in draft.citations:
            try:
                found.append(self._backend.surroundings(citation, chars=rendering.CONTEXT_CHARS))
            except AssistantError:  # typed notes and figures have no text around them, and a source may be gone
                found.append(None)
        return tuple(found)

    def _failed(self, error: AssistantError) -> str:
        return rendering.message(self._say.message(str(error)), error=True)

    # What is done at once.

    def quick(
        self, chosen: Chosen, municipality: str | None, as_of: str | None, event: gr.EventData, request: gr.Request
    ) -> tuple[Any, ...]:
        """One button of the outline, the editor or the versions; gives what every output becomes."""
        asked = _Asked(event._data)
        unchanged = gr.skip()
        try:
            if asked.section:
                section = section_named(asked.section)
                chosen = Chosen(section.plan, section.id)
            if asked.do == "open":
                return chosen, "", *self._show(chosen, municipality), unchanged, unchanged
            if asked.do == "compare":
                compared = self._compare(chosen, municipality, asked)
                return chosen, "", *self._show(chosen, municipality, compared=compared), unchanged, unchanged
            before = self._version(chosen, municipality, asked.version)
            version = self._do(chosen, municipality, asked)
            self._remember(request, municipality, version)
            told = self._told(request, municipality, asked, before, version)
            shown = self._show(chosen, municipality, done=asked.token, show_versions=asked.do == "back")
            return chosen, told, *shown, unchanged, unchanged  # as many sections are drafted as before
        except AssistantError as error:
            told = self._failed(error)
        except Exception:
            _log.exception("A change of a draft failed")
            told = rendering.message(self._say("page.failed"), error=True)
        return chosen, told, *self._again(chosen, municipality, asked.token), unchanged, unchanged

    def _again(self, chosen: Chosen, municipality: str | None, token: str) -> tuple[Any, ...]:
        """The section as it is kept, after something failed: what was typed stays in its box."""
        try:
            return self._show(chosen, municipality, done=f"failed:{token}")
        except Exception:
            return _UNCHANGED  # what failed is told already

    def _do(self, chosen: Chosen, municipality: str | None, asked: _Asked) -> Version:
        kept = self._backend.kept_drafts
        section = _section(chosen).id
        who: dict[str, Any] = {"municipality": self._page.whose(municipality), "who": WHO}
        if asked.do == "back":
            return kept.go_back(section, asked.number("number"), **who)
        who["seen"] = asked.version
        if asked.do == "accept-part":
            seen = self._version(chosen, municipality, asked.version)
            b = asked.number("block")
            if seen is None or not 0 <= b < len(seen.draft.blocks):
                raise AssistantError("This part is not in the section any more. Open the section again.")
            block = seen.draft.blocks[b]
            places = [(b, n) for n, unit in editing.units(block) if not editing.decided(unit)]
            return kept.accept(section, places, **who)
        if asked.do == "accept":
            return kept.accept(section, [asked.place], **who)
        if asked.do == "put":
            return kept.put_in_passage(section, asked.text("passage"), **who)
        if asked.do == "leave-out":
            return kept.leave_out(section, asked.place, **who)
        if asked.do == "undo":
            return kept.undo(section, asked.place, **who)
        if asked.do == "fill":
            seen = self._version(chosen, municipality, asked.version)
            sentence = labels.gap_text(editing.words_at(seen.draft, asked.place), self._say) if seen else None
            return kept.fill_in(
                section, asked.place, asked.text("gap"), asked.text("answer"), sentence=sentence, **who
            )  # fmt: skip
        if asked.do == "save":
            return kept.reword(section, asked.place, asked.texts, **who)
        raise AssistantError(f"The page asked for {asked.do[:40]!r}, which there is not. Load the page again.")

    def _version(self, chosen: Chosen, municipality: str | None, number: int) -> Version | None:
        book, whose = self._backend.planning.workbook, self._page.whose(municipality)
        return book.draft(whose, chosen.plan, _section(chosen).id, number)

    def _compare(self, chosen: Chosen, municipality: str | None, asked: _Asked) -> str:
        old, new = (self._version(chosen, municipality, asked.number(which)) for which in ("older", "newer"))
        if old is None or new is None:
            raise AssistantError("This version is not there any more. Open the section again.")
        return draft_editor.compared_html(self._say, old, new)

    def _told(
        self, request: gr.Request, municipality: str | None, asked: _Asked, before: Version | None, version: Version
    ) -> str:
        """What came of a change: what it lost its citations for, whom it follows, who saved beside it."""
        say = self._say
        if asked.do == "back":
            lines = [say("draft.went-back", number=version.number, old=asked.number("number"))]
        elif asked.do in ("save", "fill"):
            lines = self._told_of_words(asked.place, asked.do == "save", version)
        elif asked.do == "put":
            stood = {s.text for block in before.draft.blocks for s in block.statements} if before else set()
            where = (b.heading for b in version.draft.blocks if any(s.text not in stood for s in b.statements))
            lines = [say("draft.put-in", heading=labels.heading(next(where, ""), say), number=version.number)]
        else:
            lines = []
        lines += self._told_of_others(request, municipality, asked, before, version)
        return rendering.message(" ".join(lines)) if lines else ""

    def _told_of_words(self, place: Place, was_edited: bool, version: Version) -> list[str]:
        say, draft = self._say, version.draft
        block = draft.blocks[place[0]]
        unit = editing.unit_at(block, place[1])
        cells = block.rows[place[1]] if place[1] < len(block.rows) else ()
        own = any(s.own_words for s in unit) or any(cell.own_words for cell in cells)
        key = "draft.saved" if not own or not was_edited else "draft.saved-own"
        heading = labels.heading(block.heading, say)
        if own and block.role in _GROUND:
            lines = [say("draft.saved-own-ground", number=version.number, heading=heading)]
        else:
            lines = [say(key, number=version.number)]
        for match in _followed(draft, place, len(unit)):
            lines.append(say("draft.saved-copied", whose=match or say("draft.copied-from-another")))
        return lines

    def _told_of_others(
        self, request: gr.Request, municipality: str | None, asked: _Asked, before: Version | None, version: Version
    ) -> list[str]:
        say, whose = self._say, municipality or ""
        mine = self._visitor(request).saved
        section = version.draft.section
        others = [n for n in version.beside if (whose, section, n) not in mine]
        if not others:
            return []
        book = self._backend.planning.workbook
        found = [v for n in others if (v := book.draft(version.draft.municipality, version.draft.plan, section, n))]
        names = ", ".join(
            say("draft.beside-one", number=v.number, why=draft_editor.why_of(say, v.why),
                when=draft_editor.when_of(say, v.at))
            for v in found
        )  # fmt: skip
        newest = found[-1].draft if found else None
        places = [asked.place] if asked.has_place else []
        joined = before and newest and all(editing.same_at(before.draft, newest, place) for place in places)
        return [say("draft.beside-joined" if joined else "draft.beside-apart", others=names, number=version.number)]

    def _visitor(self, request: gr.Request) -> _Visitor:
        key = str(request.session_hash)
        return self._visitors.setdefault(key, _Visitor(threading.Event(), []))

    def forget(self, request: gr.Request) -> None:
        """Let go of a visitor whose page is closed; what they are drafting goes on."""
        self._visitors.pop(str(request.session_hash), None)

    def _remember(self, request: gr.Request, municipality: str | None, version: Version) -> None:
        saved = self._visitor(request).saved
        saved.append((municipality or "", version.draft.section, version.number))
        del saved[:-_REMEMBERED]

    # What takes seconds.

    def long(
        self, chosen: Chosen, municipality: str | None, as_of: str | None, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Draft the section that is open, anew or otherwise than it was."""
        asked, say = _Asked(event._data), self._say
        unchanged = gr.skip()
        try:
            section = section_named(asked.section)
            chosen = Chosen(section.plan, section.id)
            title = draft_editor.title_of(say, section)
            yield chosen, rendering.message(say("draft.drafting-one", title=title)), *_UNCHANGED, unchanged, unchanged
            seen = self._version(chosen, municipality, asked.version)
            wishes = seen.draft.wishes if seen else DEFAULT_WISHES
            if asked.do == "indicator":
                wishes = replace(wishes, indicator=wishes.indicator + 1)
            elif asked.do in ("shorter", "longer"):
                wishes = replace(wishes, brief=asked.do == "shorter")
            version = self._backend.planning.redraft(
                section.id, municipality=self._page.whose(municipality), notes=asked.text("notes"),
                as_of=self._page.day(as_of), wishes=wishes, who=WHO, base=asked.version or None,
                language=say.language,
            )  # fmt: skip
            before = _decided(seen.draft) if seen else 0
            key = "draft.drafted-kept" if before else "draft.drafted"
            lines = [say(key, number=version.number, n=before)]
            lines += self._told_of_others(request, municipality, asked, None, version)
            self._remember(request, municipality, version)
            told = rendering.message(" ".join(lines))
            shown = self._show(chosen, municipality, done=asked.token)
            yield chosen, told, *shown, *self._page.refresh(municipality)
        except AssistantError as error:
            yield chosen, self._failed(error), *self._again(chosen, municipality, asked.token), unchanged, unchanged
        except Exception:
            _log.exception("A section could not be drafted")
            told = rendering.message(say("page.failed"), error=True)
            yield chosen, told, *self._again(chosen, municipality, asked.token), unchanged, unchanged

    def draft_all(
        self, chosen: Chosen, municipality: str | None, as_of: str | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Draft every section that has no draft, telling each; each is kept as soon as it is there."""
        say, page, unchanged = self._say, self._page, gr.skip()
        stopping = self._visitor(request).stopping
        stopping.clear()
        said: SimpleQueue[tuple[int, int, str] | None] = SimpleQueue()
        yield (
            unchanged,
            *_UNCHANGED,
            gr.Button(interactive=False),
            gr.Button(say("draft.cancel"), visible=True, interactive=True),
            unchanged,
            unchanged,
        )
        told = rendering.message(say("page.failed"), error=True)
        try:
            with ThreadPoolExecutor(max_workers=1) as worker:
                working = worker.submit(
                    self._backend.planning.draft_rest, chosen.plan, municipality=page.whose(municipality),
                    as_of=page.day(as_of), who=WHO, progress=lambda *told: said.put(told), stopped=stopping.is_set,
                    language=say.language,
                )  # fmt: skip
                working.add_done_callback(lambda _: said.put(None))
                while (step := said.get()) is not None:
                    number, total, title = step
                    title = draft_editor.title_of(say, section_named(title))
                    line = rendering.message(say("draft.drafting", number=number + 1, total=total, title=title))
                    shown = self._show(chosen, municipality)
                    yield line, *shown, unchanged, unchanged, unchanged, page.refresh(municipality)[1]
                versions = working.result()
            for version in versions:
                self._remember(request, municipality, version)
            key = "cancelled" if stopping.is_set() else "drafted-all" if versions else "draft-all-none"
            told = rendering.message(say(f"draft.{key}", n=len(versions)))
        except AssistantError as error:
            told = self._failed(error)
        except Exception:
            _log.exception("The sections could not be drafted")
        yield (
            told,
            *self._again(chosen, municipality, ""),
            gr.Button(interactive=True),
            gr.Button(visible=False),
            *page.refresh(municipality),
        )

    def stop(self, request: gr.Request) -> gr.Button:
        """Stop after the section that is being written."""
        self._visitor(request).stopping.set()
        return gr.Button(self._say("draft.cancelling"), interactive=False)

    # The export.

    def export(self, chosen: Chosen, municipality: str | None, what: str, kind: str) -> tuple[Any, Any]:
        """Make a file of the section or plan, and say first what in it follows other programmes."""
        say, planning = self._say, self._backend.planning
        section = _section(chosen)
        try:
            whose = self._page.whose(municipality)
            drafts = self._backend.kept_drafts.for_export(
                chosen.plan, municipality=whose, section=section.id if what == "section" else ""
            )
            if not drafts:
                return rendering.message(say("draft.export-nothing"), error=True), gr.DownloadButton(value=None)
            parts = (drafts[0].municipality or "", section.id if what == "section" else chosen.plan)
            stem = "-".join(word for part in parts for word in re.findall(r"\w+", part.lower()))
            name = f"{stem}.{kind if kind in _FORMATS else 'docx'}"
            path = Path(tempfile.mkdtemp(dir=os.environ.get("GRADIO_TEMP_DIR"))) / name
            if kind == "md":
                path.write_text(planning.markdown(drafts, language=say.language), encoding="utf-8")
            else:
                planning.export_plan(drafts, path, language=say.language)
        except AssistantError as error:
            return self._failed(error), gr.DownloadButton(value=None)
        except Exception:
            _log.exception("A file could not be made")
            return rendering.message(say("page.failed"), error=True), gr.DownloadButton(value=None)
        lines = [say("draft.export-ready", name=name)]
        if copied := [draft for draft in drafts if draft.copying and draft.copying.matches]:
            names = (draft_editor.title_of(say, section_named(draft.section)) for draft in copied)
            titles = ", ".join(say("export.quoted", text=name) for name in names)
            lines.insert(0, say("draft.export-copying", titles=titles))
        if points := sum(len(draft.placeholders) for draft in drafts):
            lines.append(say("draft.export-open", n=points))
        told = "".join(rendering.message(line) for line in lines)
        return told, gr.DownloadButton(value=str(path))


def _chosen_before(kept: Any) -> tuple[Any, Any]:
    """What was exported as last, as the browser has kept it: anything may stand there."""
    what, kind = kept if isinstance(kept, list) and len(kept) == 2 else (None, None)
    return what if what in _SCOPES else gr.skip(), kind if kind in _FORMATS else gr.skip()


class _Asked:
    """What a button of the page sent: whatever a browser may send, as what the callbacks take."""

    def __init__(self, data: Any) -> None:
        self._data: dict[str, Any] = data if isinstance(data, dict) else {}
        self.do, self.section, self.token = (self.text(name) for name in ("do", "section", "token"))
        self.version = self.number("version")

    def text(self, name: str) -> str:
        """A text; empty where it is none."""
        value = self._data.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number; 0 where it is none."""
        value = self._data.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else 0

    @property
    def texts(self) -> Sequence[str]:
        """What was typed into the boxes of one statement."""
        value = self._data.get("texts")
        texts = value if isinstance(value, list) and value else [""]
        return [text if isinstance(text, str) else "" for text in texts]

    @property
    def has_place(self) -> bool:
        """Whether it is about one statement."""
        return bool(self.text("place"))

    @property
    def place(self) -> Place:
        """The statement that it is about; raises AssistantError where it names none."""
        block, _, statement = self.text("place").partition("-")
        if not (block.isdecimal() and statement.isdecimal()):
            raise AssistantError("The page did not say which statement is meant. Load the page again.")
        return int(block), int(statement)


def _section(chosen: Chosen) -> Section:
    return section_named(chosen.section) if chosen.section else plan_named(chosen.plan).sections[0]


def _decided(draft: SectionDraft) -> int:
    return sum(editing.decided(unit) for block in draft.blocks for _, unit in editing.units(block))


def _followed(draft: SectionDraft, place: Place, size: int) -> list[str]:
    """The municipalities whose programmes a statement follows."""
    found = copied_statements(draft)
    b, n = place
    return list(dict.fromkeys(one.match.municipality for at in range(n, n + size) for one in found.get((b, at), ())))
