"""A checklist answered from the municipality's own documents: worked through row by row, and put right by people."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import export
from assistant.checklist import checklist_named, checklists
from assistant.errors import AssistantError
from assistant.export import labels
from assistant.own import own_sources
from assistant.shown import page_of, place_in, told_currency
from assistant.text import collapse
from assistant.types import ChecklistAnswer, Citation, ItemAnswer, ItemStatus, Override, Statement, Support
from assistant.web import rendering
from assistant.web.page import DOWNLOAD, Page, html
from assistant.web.pieces import escape, moment, source_link
from assistant.words import Words

_FIRST = "plan"
_SIGNS = {ItemStatus.MET: "✓", ItemStatus.PARTLY: "◐", ItemStatus.NO_EVIDENCE: "○"}  # beside words, never alone
_OVERRIDDEN = "by-a-person"  # the filter for items that a person has spoken of
_WHO_CHARS = 100
_FORMATS = ("docx", "csv")

# Gradio changes the list in place, node by node, so a row that the filter moves would take over what was typed into
# the one that stood there, and lose its open parts. Both are kept here, and put back after each change: what was typed
# by municipality and item, the open parts by item.
_KEEPS_WHAT_WAS_TYPED = """
const typed = {}, opened = new Set();
let who = "";
const read = (form) => Object.fromEntries(new FormData(form));
const place = (form) => `${element.querySelector("[data-of]").dataset.of} ${form.dataset.item}`;
element.addEventListener("toggle", ({ target }) => {
  if (target.dataset.key) opened[target.open ? "add" : "delete"](target.dataset.key);
}, true);
element.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-item]");
  if (!form) return;
  typed[place(form)] = read(form);
  who = form.elements.who.value;
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const status = event.submitter?.value === "back" ? "" : form.elements.status.value;
  trigger("say", { ...read(form), status, item: form.dataset.item });
});
const putBack = () => {
  const said = element.querySelector("[data-said]");
  if (said) delete typed[place(said.closest("form"))];
  element.querySelectorAll("details[data-key]").forEach((part) => { part.open = opened.has(part.dataset.key); });
  element.querySelectorAll("form[data-item]").forEach((form) => {
    const { status, note = "", who: by = who } = typed[place(form)] ?? {};
    form.elements.status.value = status ?? form.dataset.status;
    form.elements.note.value = note;
    form.elements.who.value = by;
  });
  said?.closest("details").querySelector("summary").focus();
};
watch("value", putBack);
putBack();
"""

_log = logging.getLogger(__name__)


def build_checklist(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    backend, say = page.backend, page.say
    html(f"<h2>{escape(say('checklist.heading'))}</h2><p>{escape(say('checklist.about'))}</p>", "checklist-about")
    name = gr.Radio(
        choices=[(labels.checklist_title(one.id, one.title, say), one.id) for one in checklists().values()],
        value=_FIRST,
        label=say("checklist.which"),
        elem_id="checklist-name",
    )
    with gr.Row(elem_id="checklist-actions"):
        answer_button = gr.Button(say("checklist.answer"), variant="primary", min_width=320, elem_id="checklist-answer")
        exports = [
            gr.Button(say(f"checklist.export-{suffix}"), min_width=180, elem_id=f"checklist-{suffix}")
            for suffix in _FORMATS
        ]
        file = gr.DownloadButton(visible="hidden", elem_id="checklist-file")
    result = html("", "checklist-result")
    summary = html("", "checklist-summary")
    with gr.Row(elem_id="checklist-filters", visible=False) as filters:
        shown = gr.Radio(
            choices=[
                (say("checklist.all"), ""),
                *((say(f"plans.item-status.{status}"), status.value) for status in reversed(ItemStatus)),
                (say("checklist.by-a-person"), _OVERRIDDEN),
            ],
            value="",
            label=say("checklist.filter"),
            elem_id="checklist-filter",
            min_width=300,
        )
        search = gr.Textbox(value="", label=say("checklist.search"), elem_id="checklist-search", min_width=200, scale=0)
    listing = gr.HTML("", elem_id="checklist-list", apply_default_css=False, js_on_load=_KEEPS_WHAT_WAS_TYPED)

    def kept(municipality: str | None, checklist: str) -> tuple[str, ChecklistAnswer] | None:
        """The answer as kept, with people's word as it is now."""
        whose = page.whose(municipality)
        found = backend.planning.workbook.checklist(whose, checklist)
        if found is None:
            return None
        at, answer = found
        said = backend.planning.workbook.overrides(whose, checklist)
        return at, replace(answer, items=tuple(replace(item, override=said.get(item.id)) for item in answer.items))

    def histories(municipality: str | None, answer: ChecklistAnswer) -> dict[str, list[tuple[Override, bool]]]:
        history = backend.planning.workbook.override_history
        whose = page.whose(municipality)
        return {item.id: history(whose, answer.checklist, item.id) for item in answer.items}

    def draw(
        municipality: str | None, checklist: str, status: str, words: str, told: tuple[str, str] = ("", "")
    ) -> tuple[Any, Any, Any]:
        """Summary, filters and list; `told` is an item and what to say in its row."""
        try:
            found = kept(municipality, checklist)
            if found is None:
                own = own_sources(backend.sources(), page.whose(municipality))
                return "", gr.Row(visible=False), _empty(say, checklist, len(own))
            at, answer = found
            chosen = [i for i in answer.items if i.id == told[0] or _fits(say, answer, i, status, words)]
            languages = {s.source_id: s.language for s in backend.sources()}
            rows = _listing(say, replace(answer, items=tuple(chosen)), histories(municipality, answer), languages, told)
            count = say("checklist.rows", shown=len(chosen), total=len(answer.items))
            counted = f"<p class='rows' role='status'>{escape(count)}</p>"
            return _summary(say, at, answer), gr.Row(visible=True), f"{counted}{rows}"
        except AssistantError as error:
            return "", gr.Row(visible=False), rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("The checklist %s could not be shown", checklist)
            return "", gr.Row(visible=False), rendering.message(say("page.failed"), error=True)

    def show(municipality: str | None, checklist: str, status: str, words: str) -> tuple[Any, ...]:
        return ("", *draw(municipality, checklist, status, words))

    def answer(
        municipality: str | None, as_of: str | None, checklist: str, status: str, words: str
    ) -> Iterator[tuple[Any, ...]]:
        waiting = say("checklist.answering", count=len(checklist_named(checklist).items))
        if page.models_status() == "loading":
            waiting = f"{waiting} {say('ask.still-loading')}"
        yield rendering.message(waiting), gr.skip(), gr.skip(), gr.skip(), gr.Button(interactive=False)
        ready = gr.Button(interactive=True)
        try:
            backend.planning.checklist(checklist, municipality=page.whose(municipality), as_of=page.day(as_of))
        except AssistantError as error:
            problem = say.message(str(error))
        except Exception:
            _log.exception("The checklist %s could not be answered", checklist)
            problem = say("page.failed")
        else:
            done = rendering.message(say("checklist.answered"))
            yield done, *draw(municipality, checklist, status, words), ready
            return
        yield rendering.message(problem, error=True), gr.skip(), gr.skip(), gr.skip(), ready

    def override(
        municipality: str | None, checklist: str, status: str, words: str, event: gr.EventData
    ) -> tuple[Any, Any, Any]:
        given = {key: str(getattr(event, key, "")).strip() for key in ("item", "status", "note", "who")}
        item = given["item"]
        try:
            problem = _problem(say, given)
            if not problem:
                backend.planning.override(
                    checklist,
                    item,
                    given["status"],
                    municipality=page.whose(municipality),
                    note=given["note"],
                    who=collapse(given["who"])[:_WHO_CHARS],
                )
        except AssistantError as error:
            problem = say.message(str(error))
        except Exception:
            _log.exception("What a person says of %s could not be kept", item)
            problem = say("page.failed")
        if problem:
            return draw(municipality, checklist, status, words, (item, rendering.message(problem, error=True)))
        said = say("checklist.said" if given["status"] else "checklist.taken-back")
        told = f"<div data-said>{rendering.message(said)}</div>"
        return draw(municipality, checklist, status, words, (item, told))

    def exported(municipality: str | None, checklist: str, suffix: str) -> tuple[Any, Any]:
        try:
            found = kept(municipality, checklist)
            if found is None:
                return gr.DownloadButton(value=None), rendering.message(say("checklist.nothing-to-export"), error=True)
            with tempfile.TemporaryDirectory(prefix="kotoapuri-") as folder:
                path = Path(folder) / f"{_file_name(say, found[1])}.{suffix}"
                export.write_checklist(found[1], path, say=say)
                # Gradio serves this folder, and empties it by itself.
                served = gr.processing_utils.save_file_to_cache(path, file.GRADIO_CACHE)
            return gr.DownloadButton(value=served), rendering.message(say("checklist.exported"))
        except AssistantError as error:
            return gr.DownloadButton(value=None), rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("The checklist %s could not be exported", checklist)
            return gr.DownloadButton(value=None), rendering.message(say("page.failed"), error=True)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    wanted = [page.municipality, name, shown, search]
    drawn = [summary, filters, listing]
    gr.on(
        [tab.select, page.municipality.change, name.change], show, inputs=wanted, outputs=[result, *drawn],
        queue=False, trigger_mode="always_last", **quiet,
    )  # fmt: skip
    gr.on(
        [shown.change, search.change], draw, inputs=wanted, outputs=drawn, queue=False, trigger_mode="always_last",
        **quiet,
    )  # fmt: skip
    answer_button.click(
        answer,
        inputs=[page.municipality, page.as_of, name, shown, search],
        outputs=[result, *drawn, answer_button],
        **quiet,
    )
    listing.say(override, inputs=wanted, outputs=drawn, queue=False, **quiet)
    for suffix, button in zip(_FORMATS, exports, strict=True):

        def write(municipality: str | None, checklist: str, suffix: str = suffix) -> tuple[Any, Any]:
            return exported(municipality, checklist, suffix)

        button.click(write, inputs=[page.municipality, name], outputs=[file, result], **quiet).success(
            fn=None, js=DOWNLOAD, inputs=file, api_visibility="private"
        )


def _problem(say: Words, given: Mapping[str, str]) -> str:
    """What a person's word still lacks; empty when nothing."""
    lacks = ["note"] if given["status"] and not given["note"] else []
    lacks += [] if given["who"] else ["who"]
    return say(f"checklist.{'-and-'.join(lacks)}-missing") if lacks else ""


def _file_name(say: Words, answer: ChecklistAnswer) -> str:
    parts = (answer.municipality or "", say("checklist.heading"), answer.checklist)
    return "-".join(word for part in parts for word in re.findall(r"\w+", part.lower()))


def _step(say: Words, item: ItemAnswer) -> str:
    """What to do about an item, without the questions that are open of it: those stand apart."""
    found = say.of("plans.step", item.id)
    return item.next_step if found == item.id else found


def _status(item: ItemAnswer) -> ItemStatus:
    return item.override.status if item.override else item.status


def _fits(say: Words, answer: ChecklistAnswer, item: ItemAnswer, status: str, words: str) -> bool:
    """Whether the filter shows an item: its status, and every word somewhere in its row."""
    if status == _OVERRIDDEN and item.override is None:
        return False
    if status and status != _OVERRIDDEN and _status(item) != status:
        return False
    numbers = {n for s in (*item.statements, *item.asked) for n in s.citations}
    cited = (c for c in answer.citations if c.id in numbers)
    override = item.override
    texts = (
        item.id, labels.item_text(item, say), _step(say, item), labels.law_note(item, say),
        labels.group_title(item.group, say), say.of("plans.section", item.section),
        *labels.questions(item.missing, say),
        *(f"{c.title} {c.quote}" for c in cited), f"{override.note} {override.who}" if override else "",
    )  # fmt: skip
    text = " ".join(texts).casefold()
    return all(word in text for word in words.casefold().split())


def _empty(say: Words, checklist: str, documents: int) -> str:
    """What to do before there is an answer: answer it, or first add documents."""
    if documents:
        lines = f"<p>{escape(say('checklist.empty-answer', documents=documents))}</p>"
    else:
        wanted = "".join(f"<li>{escape(say(f'checklist.wanted-{n}'))}</li>" for n in range(1, 5))
        lines = f"<p>{escape(say('checklist.empty-add'))}</p><ul>{wanted}</ul>"
    items = say("checklist.empty-items", count=len(checklist_named(checklist).items))
    return f"<div class='empty'><h3>{escape(say('checklist.empty-heading'))}</h3>{lines}<p>{escape(items)}</p></div>"


def _summary(say: Words, at: str, answer: ChecklistAnswer) -> str:
    """How far it is, as a bar and in words; when it was answered; the warnings."""
    counts = {status: sum(_status(item) is status for item in answer.items) for status in ItemStatus}
    people = sum(item.override is not None for item in answer.items)
    told = [f"{say(f'plans.item-status.{status}')}: {n}" for status, n in counts.items()]
    parts = "".join(f"<span class='{status}' style='flex-grow: {n}'></span>" for status, n in counts.items() if n)
    legend = "".join(
        f"<li class='{status}'><span aria-hidden='true'>{_SIGNS[status]}</span> {escape(text)}</li>"
        for status, text in zip(counts, told, strict=True)
    )
    legend += f"<li>{escape(say('checklist.of-people', count=people))}</li>" if people else ""
    when = moment(say, at)
    made = f"{say('checklist.answered-on', **when)} {say('answer.law-as-of', date=say.date(answer.as_of))}."
    notices = "".join(
        f"<div role='note' class='notice'><b>{escape(say.of('answer.warning', n.code))}</b>"
        f"<p>{escape(say.message(n.message))}</p></div>"
        for n in answer.warnings
    )
    return (
        f"<div class='progress-bar' role='img' aria-label='{escape('; '.join(told))}'>{parts}</div>"
        f"<ul class='legend'>{legend}</ul><p class='made'>{escape(made)} {escape(say('checklist.no-evidence'))}</p>"
        f"{notices}"
    )


def _listing(
    say: Words,
    answer: ChecklistAnswer,
    histories: Mapping[str, Sequence[tuple[Override, bool]]],
    languages: Mapping[str, str],
    told: tuple[str, str],
) -> str:
    """The items, a table for each group."""
    if not answer.items:
        return f"<p class='empty'>{escape(say('checklist.none-fits'))}</p>"
    columns = "".join(
        f"<th role='columnheader' scope='col'>{escape(say(f'checklist.column.{name}'))}</th>"
        for name in ("item", "status", "work")
    )
    citations = {citation.id: citation for citation in answer.citations}
    tables = []
    for number, (group, items) in enumerate(groupby(answer.items, key=lambda item: item.group), 1):
        rows = "".join(
            _row(say, item, citations, histories.get(item.id, ()), languages, told[1] if told[0] == item.id else "")
            for item in items
        )
        # The roles are those that a table has anyway; a phone shows its rows as blocks, which would take them away.
        tables.append(
            f"<section><h3 id='checklist-group-{number}'>{escape(labels.group_title(group, say))}</h3>"
            f"<table role='table' aria-labelledby='checklist-group-{number}'><thead role='rowgroup'>"
            f"<tr role='row'>{columns}</tr></thead><tbody role='rowgroup'>{rows}</tbody></table></section>"
        )
    return f"<div data-of='{escape(answer.municipality or '')}'>{''.join(tables)}</div>"


def _row(
    say: Words,
    item: ItemAnswer,
    citations: Mapping[int, Citation],
    history: Sequence[tuple[Override, bool]],
    languages: Mapping[str, str],
    told: str,
) -> str:
    number = item.id.partition("-")[2]
    note = f": {escape(labels.law_note(item, say))}" if item.law_note else ""
    law = f"<p class='law'><b>{escape(say.of('checklist.law', item.law.replace(' ', '-')))}</b>{note}</p>"
    name = f"<span class='number'>{escape(number)}</span> {escape(labels.item_text(item, say))}"
    missing = [f"<li>{escape(question)}</li>" for question in labels.questions(item.missing, say)]
    denied = item.status is ItemStatus.NO_EVIDENCE  # then its passages are those that deny the point
    folded = (
        ("denied" if denied else "evidence", _statements(say, item.statements, citations, languages)),
        ("asked", _statements(say, item.asked, citations, languages)),
        ("missing", [f"<ul>{''.join(missing)}</ul>"] if missing else []),
    )
    parts = "".join(
        _folded(
            item, part, say(f"checklist.{part}", count=len(missing if part == "missing" else found)), "".join(found)
        )
        for part, found in folded
        if found
    )
    own = _folded(item, "own", say("checklist.own-word"), f"{_form(say, item, told)}{_history(say, history)}")
    return (
        f"<tr role='row' class='{_status(item)}'><th role='rowheader' scope='row'>{name}{law}</th>"
        f"<td role='cell'>{_standing(say, item)}</td><td role='cell'>{_next(say, item)}{parts}{own}</td></tr>"
    )


def _folded(item: ItemAnswer, part: str, label: str, content: str) -> str:
    key = f"{item.id}:{part}"
    about = f"<span class='heard'> {escape(item.id.partition('-')[2])}</span>"
    return f"<details data-key='{escape(key)}'><summary>{escape(label)}{about}</summary>{content}</details>"


def _sign(say: Words, status: ItemStatus) -> str:
    name = escape(say(f"plans.item-status.{status}"))
    return f"<span class='sign {status}'><span aria-hidden='true'>{_SIGNS[status]}</span> {name}</span>"


def _standing(say: Words, item: ItemAnswer) -> str:
    """The status; where a person has spoken, their word first and the documents' apart from it."""
    override = item.override
    if override is None:
        return _sign(say, item.status)
    when = f"{override.who}, {moment(say, override.at)['date']}"
    return (
        f"<div class='said'><small>{escape(say('checklist.person-says'))}</small>{_sign(say, override.status)}"
        f"<p>{escape(override.note)}</p><small>{escape(when)}</small></div>"
        f"<p class='apart'><small>{escape(say('checklist.documents-say'))}</small>{_sign(say, item.status)}</p>"
    )


def _next(say: Words, item: ItemAnswer) -> str:
    met = _status(item) is ItemStatus.MET
    step = say("checklist.next-met") if met else _step(say, item)
    section = say.of("plans.section", item.section)
    where = f"<p class='where'>{escape(say('checklist.section', section=section))}</p>" if item.section else ""
    return f"<p><b>{escape(say('checklist.next'))}</b> {escape(step)}</p>{where}"


def _statements(
    say: Words, statements: Sequence[Statement], citations: Mapping[int, Citation], languages: Mapping[str, str]
) -> list[str]:
    """Each passage in its words, with its document and place; one that nothing supports says so."""
    parts = []
    for statement in statements:
        cited = [citations[n] for n in statement.citations if n in citations]
        if statement.support == Support.UNSUPPORTED or not cited:
            parts.append(
                f"<div class='unsupported'><b>{escape(say('answer.unsupported'))}</b>"
                f"<p>{escape(statement.text)}</p></div>"
            )
        parts += [_quote(say, citation, languages.get(citation.source_id, "")) for citation in cited]
    return list(dict.fromkeys(parts))


def _quote(say: Words, citation: Citation, language: str) -> str:
    title = source_link(say, citation.title, page_of(citation))
    place = "".join(
        f", {escape(part)}"
        for part in (place_in(citation.title, citation.pinpoint), say.date(citation.written))
        if part
    )
    stale = ""
    if not citation.currency.may_hold:
        words = say(f"export.currency.{told_currency(citation)}", day=say.date(citation.ends))
        stale = f"<br><b class='stale'>{escape(words)}</b>"
    lang = f" lang='{escape(language)}'" if language else ""
    digest = f"<br><b class='stale'>{escape(say('answer.digest'))}</b>" if citation.digest else ""
    return (
        f"<figure><blockquote{lang}>{escape(citation.quote)}</blockquote>"
        f"<figcaption>{title}{place}{digest}{stale}</figcaption></figure>"
    )


def _form(say: Words, item: ItemAnswer, told: str) -> str:
    """Where a person sets the status; the script of the list sends it."""
    key = escape(item.id.replace(".", "-"))
    status = _status(item)
    options = "".join(f"<option value='{one}'>{escape(say(f'plans.item-status.{one}'))}</option>" for one in ItemStatus)
    back = ""
    if item.override:
        back = f"<button type='submit' name='act' value='back'>{escape(say('checklist.take-back'))}</button>"
    return (
        f"<form data-item='{escape(item.id)}' data-status='{status}' novalidate autocomplete='on'>"
        f"<label for='status-{key}'>{escape(say('checklist.own-status'))}</label>"
        f"<select id='status-{key}' name='status'>{options}</select>"
        f"<label for='note-{key}'>{escape(say('checklist.own-note'))}</label>"
        f"<textarea id='note-{key}' name='note' rows='2'></textarea>"
        f"<label for='who-{key}'>{escape(say('checklist.own-who'))}</label>"
        f"<input id='who-{key}' name='who' autocomplete='name' maxlength='{_WHO_CHARS}'/>"
        f"<p class='buttons'><button type='submit' name='act' value='say' class='main'>"
        f"{escape(say('checklist.own-save'))}</button>{back}</p>{told}</form>"
    )


def _history(say: Words, history: Sequence[tuple[Override, bool]]) -> str:
    if not history:
        return ""
    rows = []
    for override, back in reversed(history):
        when = moment(say, override.at)
        what = say("checklist.was-taken-back") if back else say(f"plans.item-status.{override.status}")
        note = f"<br>{escape(override.note)}" if override.note else ""
        rows.append(
            f"<li><b>{escape(what)}</b> · {escape(override.who)} · {escape(when['date'])} {when['time']}{note}</li>"
        )
    return f"<h4>{escape(say('checklist.history'))}</h4><ol class='history'>{''.join(rows)}</ol>"
