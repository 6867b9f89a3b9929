"""The situation picture: figures out of files and typed by hand, what they show with its source, and into the plan."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.personal_data import mask_text
from assistant.shown import page_of
from assistant.situation.picture import unsourced
from assistant.situation.plots import svg
from assistant.types import (
    Citation,
    Figure,
    Notice,
    Plot,
    SectionDraft,
    SituationTable,
    Statement,
    Support,
    WarningCode,
)
from assistant.web import rendering
from assistant.web.ask import WHO
from assistant.web.backend import Backend
from assistant.web.page import Page, date_field, html
from assistant.web.pieces import escape, lang, source_link
from assistant.words import Words

SECTION = "situation-picture"
MAX_FILES = 20  # at a time
FILE_TYPES = [".csv", ".txt", ".tsv", ".xlsx", ".json"]
_DRAWN = 64  # plots kept as drawn: one takes a tenth of a second and 40 kB

# The button that was pressed, or the form that was sent, goes with its row: the focus moves to the line that says what
# came of it.
_REMOVES = """
element.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-number]");
  if (button) trigger("remove", { number: button.dataset.number });
});
element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  trigger("submit", { number: form.dataset.table, ...Object.fromEntries(new FormData(form)) });
});
watch("value", () => element.querySelector("[data-told]")?.focus());
"""

_log = logging.getLogger(__name__)


def build_situation(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    backend, say = page.backend, page.say
    html(f"<h2>{escape(say('situation.heading'))}</h2><p>{escape(say('situation.about'))}</p>", "situation-about")
    with gr.Row(elem_id="situation"):
        with gr.Column(scale=2, min_width=300):
            hint = say("situation.files-hint", files=MAX_FILES)
            html(f"<h3>{escape(say('situation.add-heading'))}</h3><p>{escape(hint)}</p>", "situation-add-about")
            files = gr.File(
                label=say("situation.files"), file_count="multiple", file_types=FILE_TYPES, height=150,
                elem_id="situation-files",
            )  # fmt: skip
            html(f"<p>{escape(say('situation.origin'))}</p>", "situation-origin")
            with gr.Row():
                source = gr.Textbox(value="", label=say("situation.source"), min_width=220)
                table_id = gr.Textbox(value="", label=say("situation.table-id"), min_width=140)
            with gr.Row():
                url = gr.Textbox(value="", label=say("situation.url"), placeholder="https://", min_width=220)
                updated = date_field(say("situation.updated"), "situation-updated")
            add_button = gr.Button(say("situation.add"), variant="primary", elem_id="situation-add")
            result = html("", "situation-result")
            html(f"<h3>{escape(say('situation.tables'))}</h3>", "situation-tables-heading")
            tables = gr.HTML("", elem_id="situation-tables", apply_default_css=False, js_on_load=_REMOVES)
            typed = f"<h3>{escape(say('situation.figures'))}</h3><p>{escape(say('situation.figures-about'))}</p>"
            html(typed, "situation-figures-heading")
            figures = gr.HTML("", elem_id="situation-figures", apply_default_css=False, js_on_load=_REMOVES)
            fields = [
                gr.Textbox(
                    value="", label=say(f"situation.figure-{name}"), info=say(f"situation.figure-{name}-hint"),
                    elem_id=f"figure-{name}",
                )
                for name in ("name", "value", "date", "source", "note")
            ]  # fmt: skip
            figure_button = gr.Button(say("situation.figure-add"), elem_id="figure-add")
            figure_result = html("", "situation-figure-result")
        with gr.Column(scale=3, min_width=300):
            html(f"<h3>{escape(say('situation.picture'))}</h3>", "situation-picture-heading")
            insert_button = gr.Button(say("situation.insert"), variant="primary", visible=False, elem_id="insert")
            insert_result = html("", "situation-insert-result")
            picture = html("", "situation-picture")

    def lists(municipality: str | None, told: Mapping[str, str] | None = None) -> tuple[str, str]:
        """The tables and the figures; `told` says by "tables" or "figures" what came of an action there."""
        told = told or {}
        try:
            whose = page.whose(municipality)
            return (
                _told(told.get("tables", "")) + _tables(say, backend.municipalities.tables(whose)),
                _told(told.get("figures", "")) + _figures(say, backend.municipalities.figures(whose)),
            )
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), ""
        except Exception:
            _log.exception("Tables and figures could not be listed")
            return rendering.message(say("page.failed"), error=True), ""

    def pictured(municipality: str | None) -> tuple[str, Any]:
        """What the figures show, and the button that puts it into the plan."""
        try:
            whose = page.whose(municipality)
            if not backend.municipalities.tables(whose):
                return _empty(say), gr.Button(visible=False)
            draft = backend.planning.situation(whose, language=say.language)
            asked = {unsourced(table) for table in backend.municipalities.tables(whose) if table.source is None}
            # Beside the table its source can be given: there it is said, and only there.
            draft = replace(draft, warnings=tuple(notice for notice in draft.warnings if notice not in asked))
            return _picture(say, draft), gr.Button(visible=bool(draft.blocks))
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), gr.Button(visible=False)
        except Exception:
            _log.exception("The situation picture could not be drawn")
            return rendering.message(say("page.failed"), error=True), gr.Button(visible=False)

    def show(municipality: str | None) -> tuple[Any, ...]:
        return ("", "", "", *lists(municipality), *pictured(municipality))

    def add(
        uploads: Sequence[str] | None,
        source: str,
        table_id: str,
        url: str,
        updated: str | None,
        municipality: str | None,
    ) -> Iterator[tuple[Any, ...]]:
        paths = [Path(upload) for upload in uploads or ()]
        untouched = (gr.skip(),) * 6
        problem = _problem(say, paths, table_id)
        if problem:
            yield rendering.message(problem, error=True), gr.skip(), *untouched
            return
        rows: list[str] = []
        failed = 0
        for number, path in enumerate(paths, 1):
            reading = say("situation.reading", what=mask_text(path.name), number=number, total=len(paths))
            yield f"{rendering.message(reading)}{_rows(rows)}", gr.skip(), *untouched
            try:
                (one,) = backend.municipalities.add_tables(
                    [path],
                    municipality=page.whose(municipality),
                    source=source.strip() or None,
                    table=table_id.strip() or None,
                    url=url.strip() or None,
                    date_=(updated or "").strip() or None,
                )
            except AssistantError as error:  # of what was typed, or of the workspace: it holds for every file
                problem = say.message(str(error))
                break
            except Exception:
                _log.exception("A file of figures could not be read")
                problem = say("page.failed")
                break
            failed += isinstance(one, AssistantError)
            rows.append(_read(say, path, one))
            path.unlink(missing_ok=True)  # the workbook has what it needs
        if problem:
            rest = [str(path) for path in paths if path.exists()]
            shown = f"{rendering.message(problem, error=True)}{_rows(rows)}"
            yield shown, rest, *lists(municipality), *pictured(municipality), gr.skip(), gr.skip()
            return
        good = len(rows) - failed
        key = ("added" if good > 1 else "added-one") if not failed else "added-some" if good else "added-none"
        done = say(f"situation.{key}")
        shown = f"{rendering.message(done, error=failed > 0)}{_rows(rows)}"
        bar = page.refresh(municipality)
        now = municipality or getattr(bar[0], "value", None)
        yield shown, None, *lists(now), *pictured(now), *bar

    def remove_table(municipality: str | None, event: gr.EventData) -> tuple[Any, ...]:
        said = _done(say, say("situation.table-removed"), lambda: backend.municipalities.remove_table(_number(event)))
        return (*lists(municipality, {"tables": said}), *pictured(municipality), *page.refresh(municipality))

    def tell_source(municipality: str | None, event: gr.EventData) -> tuple[Any, ...]:
        given = {name: str(event._data.get(name) or "").strip() for name in ("source", "table", "url", "date")}

        def tell() -> None:
            backend.municipalities.tell_source(
                _number(event), source=given["source"], table=given["table"] or None, url=given["url"] or None,
                date_=given["date"] or None,
            )  # fmt: skip

        said = _done(say, say("situation.source-told"), tell)
        return (*lists(municipality, {"tables": said}), *pictured(municipality), *page.refresh(municipality))

    def remove_figure(municipality: str | None, event: gr.EventData) -> tuple[str, str]:
        whose = page.whose(municipality)
        said = _done(
            say, say("situation.figure-removed"), lambda: backend.municipalities.remove_figure(whose, _number(event))
        )
        return lists(municipality, {"figures": said})

    def add_figure(
        municipality: str | None, name: str, value: str, date: str, source: str, note: str
    ) -> tuple[Any, ...]:
        given = {"name": name, "value": value, "date": date, "source": source, "note": note}
        kept = False

        def keep() -> None:
            nonlocal kept
            backend.municipalities.add_figure(page.whose(municipality), **given)
            kept = True

        said = _done(say, say("situation.figure-added"), keep)
        cleared = ("",) * len(given) if kept else (gr.skip(),) * len(given)
        return (said, lists(municipality)[1], *cleared)

    def insert(municipality: str | None) -> Iterator[tuple[Any, ...]]:
        still = (gr.skip(), gr.skip())
        yield rendering.message(say("situation.inserting")), gr.Button(interactive=False), *still
        ready = gr.Button(interactive=True)
        try:
            said = _insert(say, backend, page.whose(municipality))
        except AssistantError as error:
            yield rendering.message(say.message(str(error)), error=True), ready, *still
        except Exception:
            _log.exception("The situation picture could not be put into the plan")
            yield rendering.message(say("page.failed"), error=True), ready, *still
        else:
            yield rendering.message(said), ready, *page.refresh(municipality)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    bar = [page.municipality, page.status]
    drawn = [tables, figures, picture, insert_button]
    gr.on(
        [tab.select, page.municipality.change], show, inputs=page.municipality,
        outputs=[result, figure_result, insert_result, *drawn], queue=False, trigger_mode="always_last", **quiet,
    )  # fmt: skip
    add_button.click(
        add, inputs=[files, source, table_id, url, updated, page.municipality], outputs=[result, files, *drawn, *bar],
        **quiet,
    )  # fmt: skip
    tables.remove(remove_table, inputs=page.municipality, outputs=[*drawn, *bar], queue=False, **quiet)
    tables.submit(tell_source, inputs=page.municipality, outputs=[*drawn, *bar], queue=False, **quiet)
    figures.remove(remove_figure, inputs=page.municipality, outputs=[tables, figures], queue=False, **quiet)
    figure_button.click(
        add_figure, inputs=[page.municipality, *fields], outputs=[figure_result, figures, *fields], queue=False, **quiet
    )
    insert_button.click(insert, inputs=page.municipality, outputs=[insert_result, insert_button, *bar], **quiet)


def _problem(say: Words, paths: Sequence[Path], table_id: str) -> str:
    """What keeps these files from being read; empty when nothing does."""
    if not paths:
        return say("situation.no-files")
    if len(paths) > MAX_FILES:
        return say("situation.too-many-files", count=len(paths), files=MAX_FILES)
    return say("situation.one-table-id") if table_id.strip() and len(paths) > 1 else ""


def _number(event: gr.EventData) -> int:
    """The number on the button that was pressed; 0, which nothing has, for anything else that a browser may send."""
    given = str(getattr(event, "number", ""))
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _done(say: Words, said: str, act: Callable[[], object]) -> str:
    """Do something, and a line that says what came of it."""
    try:
        act()
    except AssistantError as error:
        return rendering.message(say.message(str(error)), error=True)
    except Exception:
        _log.exception("Figures could not be changed")
        return rendering.message(say("page.failed"), error=True)
    return rendering.message(said)


def _insert(say: Words, backend: Backend, municipality: str | None) -> str:
    """Draft the section with the figures as they are, as it was asked for the last time; says which version it is."""
    earlier = backend.kept_drafts.versions(SECTION, municipality=municipality)
    if not earlier:
        backend.planning.draft(SECTION, municipality=municipality, who=WHO, language=say.language)
        return say("situation.inserted", section=say(f"plans.section.{SECTION}"))
    last = earlier[-1]
    backend.planning.draft(
        SECTION, municipality=municipality, notes=last.draft.notes, wishes=last.draft.wishes, who=WHO, base=last.number,
        language=say.language,
    )  # fmt: skip
    number = backend.kept_drafts.versions(SECTION, municipality=municipality)[-1].number
    section = say(f"plans.section.{SECTION}")
    return say("situation.inserted-again", section=section, number=number, earlier=last.number)


# What became of files, and what is kept.


def _told(line: str) -> str:
    return f"<div data-told tabindex='-1'>{line}</div>" if line else ""


def _rows(rows: Sequence[str]) -> str:
    return f"<ul class='read'>{''.join(rows)}</ul>" if rows else ""


def _read(say: Words, path: Path, one: SituationTable | AssistantError) -> str:
    """What became of one file."""
    if isinstance(one, AssistantError):
        told = f"<b>{escape(say('situation.not-read'))}</b>: {escape(say.message(str(one)))}"
        return f"<li class='failed'>{told}</li>"
    return f"<li><b>{escape(mask_text(path.name))}</b>{_of_table(say, one)}</li>"


def _of_table(say: Words, table: SituationTable) -> str:
    """What was read from a table, what was not used and why."""
    lines = [f"<li>{escape(line)}</li>" for line in _series(say, table)]
    name = escape(say("situation.shows", count=len(lines)))
    read = f"<details><summary>{name}</summary><ul>{''.join(lines)}</ul></details>" if lines else ""
    notes = [say("situation.not-used", what=say.message(line)) for line in table.not_used]
    notes += [say("situation.withheld", count=table.withheld)] if table.withheld else []
    notes += [say("situation.kept-back", count=table.kept_back)] if table.kept_back else []
    left_out = "".join(f"<p class='left-out'>{escape(note)}</p>" for note in notes)
    return f"{read}{left_out}"


def _source_form(say: Words, table: SituationTable) -> str:
    """That the source of a table is not known, and where it can be given; empty where it is."""
    if table.source is not None:
        return ""
    fields = "".join(
        f"<label for='told-{name}-{table.id}'>{escape(say(f'situation.{key}'))}</label>"
        f"<input id='told-{name}-{table.id}' name='{name}' type='{kind}' maxlength='300'/>"
        for name, key, kind in (
            ("source", "source", "text"), ("table", "table-id", "text"), ("url", "url", "text"),
            ("date", "updated", "date"),
        )
    )  # fmt: skip
    button = f"<button type='submit'>{escape(say('situation.source-tell'))}</button>"
    return (
        f"<form class='notice' data-table='{table.id}' novalidate><p>{escape(say('situation.source-unknown'))}</p>"
        f"{fields}{button}</form>"
    )


def _series(say: Words, table: SituationTable) -> list[str]:
    """A line for each measure, group and division."""
    found: dict[tuple[str, str, str, bool], list[str]] = {}
    counts: dict[tuple[str, str, str, bool], int] = {}
    for one in table.series:
        key = (one.measure, one.group, one.by, one.whole_country)
        found.setdefault(key, []).extend(o.period for o in one.observations)
        counts[key] = counts.get(key, 0) + 1
    lines = []
    for (measure, group, by, country), periods in found.items():
        first, last = min(periods), max(periods)
        parts = [f"{say.of('situation.measure', measure)}: {say.of('situation.group', group)}"]
        parts += [say(f"situation.by.{by}", count=counts[measure, group, by, country])] if by else []
        parts += [first if first == last else f"{first}–{last}"]
        parts += [say("situation.whole-country")] if country else []
        lines.append(", ".join(parts))
    return lines


def _origin(say: Words, table: SituationTable) -> str:
    parts = [table.source or say("situation.source-missing")]
    parts += [say("situation.table", id=table.table_id)] if table.table_id else []
    parts += [say("situation.updated-on", date=say.date(table.date))] if table.date else []
    parts += [say("situation.from-file", file=table.file, date=say.date(table.added))]
    return ", ".join(parts)


def _tables(say: Words, tables: Sequence[SituationTable]) -> str:
    if not tables:
        return f"<p class='empty'>{escape(say('situation.tables-none'))}</p>"
    rows = []
    for table in tables:
        name = escape(table.title or table.file)
        whose = f" · {escape(table.municipality)}" if table.municipality else ""
        rows.append(
            f"<li><b>{table.id}. {name}</b>{whose}<small>{escape(_origin(say, table))}</small>{_of_table(say, table)}"
            f"{_source_form(say, table)}{_button(say, table.id, table.title or table.file)}</li>"
        )
    return f"<ul class='kept'>{''.join(rows)}</ul>"


def _figures(say: Words, figures: Sequence[Figure]) -> str:
    if not figures:
        return f"<p class='empty'>{escape(say('situation.figures-none'))}</p>"
    rows = []
    for figure in figures:
        note = f"<small>{escape(figure.note)}</small>" if figure.note else ""
        about = f"{say.date(figure.date)} · {figure.source}"
        rows.append(
            f"<li>{escape(figure.name)}: <b>{escape(figure.value)}</b><small>{escape(about)}</small>{note}"
            f"{_button(say, figure.id, figure.name)}</li>"
        )
    return f"<ul class='kept'>{''.join(rows)}</ul>"


def _button(say: Words, number: int, what: str) -> str:
    name = escape(say("situation.remove-named", what=what))
    return (
        f"<button type='button' data-number='{number}' aria-label='{name}'>{escape(say('situation.remove'))}</button>"
    )


# The picture.


def _empty(say: Words) -> str:
    steps = "".join(f"<li>{escape(say(f'situation.empty-{n}'))}</li>" for n in range(1, 4))
    return f"<div class='empty'><p>{escape(say('situation.empty'))}</p><ol>{steps}</ol></div>"


def _picture(say: Words, draft: SectionDraft) -> str:
    """Plots and sentences, each with its source, and what limits them."""
    numbers: dict[str, int] = {}
    by_id = {citation.id: citation for citation in draft.citations}
    for citation in draft.citations:
        numbers.setdefault(citation.source_id, len(numbers) + 1)
    notices = "".join(_notice(say, notice) for notice in draft.warnings)
    plots = "".join(_plot(say, plot) for plot in draft.plots)
    blocks = []
    for block in draft.blocks:
        heading = say.of("plans.heading", block.heading)
        statements = "".join(_statement(say, s, by_id, numbers) for s in block.statements)
        blocks.append(f"<section><h4>{escape(heading)}</h4>{statements}</section>")
    first = {numbers[c.source_id]: c for c in reversed(draft.citations)}
    sources = "".join(_source(say, number, first[number]) for number in sorted(first))
    listed = f"<section><h4>{escape(say('situation.sources'))}</h4><ol>{sources}</ol></section>" if sources else ""
    return f"{notices}<div>{plots}{''.join(blocks)}</div>{listed}"


def _notice(say: Words, notice: Notice) -> str:
    left_out = notice.code == WarningCode.NOT_ESTABLISHED
    label = say("situation.left-out") if left_out else say.of("answer.warning", notice.code)
    return f"<div role='note' class='notice'><b>{escape(label)}</b><p>{escape(say.message(notice.message))}</p></div>"


def _plot(say: Words, plot: Plot) -> str:
    words = f"<details><summary>{escape(say('situation.in-words'))}</summary><p>{escape(plot.alt)}</p></details>"
    return (
        f"<figure><img src='{_image(plot)}' alt='{escape(plot.alt)}'/>"
        f"<figcaption>{escape(plot.source)}{words}</figcaption></figure>"
    )


@lru_cache(maxsize=_DRAWN)
def _image(plot: Plot) -> str:
    """A plot as an address that holds it: the names inside an SVG would meet those of the next in one page."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg(plot).encode()).decode()}"


def _statement(say: Words, statement: Statement, by_id: Mapping[int, Citation], numbers: Mapping[str, int]) -> str:
    lines = [line.strip() for line in statement.text.splitlines() if line.strip()]
    text = " ".join(line for line in lines if not line.startswith("- "))
    items = "".join(f"<li>{escape(line.removeprefix('- '))}</li>" for line in lines if line.startswith("- "))
    cited = [by_id[n] for n in statement.citations if n in by_id]
    marks = {numbers[c.source_id]: c.title for c in cited}
    names = {n: escape(say("answer.citation", id=n, title=title)) for n, title in marks.items()}
    links = " ".join(
        f"<a class='mark' href='#situation-source-{n}' aria-label='{name}'>[{n}]</a>" for n, name in names.items()
    )
    other = lang(say, "en" if any(c.digest for c in cited) else "")
    spoken = f"<span{other}>{escape(text)}</span>" if other else escape(text)
    shown = f"<p>{spoken} {links}</p>{f'<ul>{items}</ul>' if items else ''}"
    if statement.support == Support.UNSUPPORTED or not cited:
        return f"<div class='unsupported'><b>{escape(say('answer.unsupported'))}</b>{shown}</div>"
    return shown


def _source(say: Words, number: int, citation: Citation) -> str:
    title = source_link(say, citation.title, page_of(citation))
    facts = (citation.publisher, say.date(citation.written))
    about = "".join(f", {escape(fact)}" for fact in facts if fact)
    return f"<li id='situation-source-{number}' tabindex='-1'>{title}{about}</li>"
