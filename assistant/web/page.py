"""The page: its header, the bar that says whose plan and which law, the tabs. One language each time it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import gradio as gr

from assistant.errors import AssistantError
from assistant.plan import DEFAULT, plan_named
from assistant.settings import Settings, is_remote
from assistant.web.backend import Backend
from assistant.web.pieces import escape
from assistant.words import LANGUAGES, Words

NAME = "Kotoapuri"
_HERE = " aria-current='true'"
# The browser's own date field: Gradio's has no accessible name and no picker on a phone.
_DATE_FIELD = "<label for='{name}'>{label}</label><input type='date' id='{name}'>"
_DATE_CHANGES = "element.querySelector('input').addEventListener('change', (e) => { props.value = e.target.value; });"
# Hands a file that was just made to the visitor: the value of a hidden download button, nothing where none was made.
DOWNLOAD = """(file) => {
  if (file) Object.assign(document.createElement("a"), { href: file.url, download: file.orig_name }).click();
}"""


@dataclass(frozen=True, slots=True)
class Page:
    """What every tab is built with."""

    backend: Backend
    settings: Settings
    say: Words
    models_status: Callable[[], str]  # "loading", "ready" or "failed: ..."
    municipality: gr.Dropdown  # whose plan; its value is "" for a workspace that names none
    moved: gr.State  # changes once something has moved to the chosen municipality: what is shown of it is drawn anew
    as_of: gr.HTML  # ISO date on which the law is taken, or "" for the day that the question names, or today
    refresh: Callable[[str | None], tuple[Any, Any]]  # the chosen municipality → what `municipality` and `status` show
    status: gr.HTML  # how far the plan is
    writer: gr.HTML  # who writes, and whether text leaves this machine: `writer_html` of the settings

    def whose(self, chosen: str | None) -> str | None:
        """The value of the municipality's dropdown as the package takes it."""
        return (chosen or "").strip() or None

    def day(self, chosen: str | None) -> str | None:
        """The value of the date field as the package takes it."""
        return (chosen or "").strip() or None


def html(value: str, elem_id: str, **options: Any) -> gr.HTML:
    """HTML of our own making: no style of Gradio's, no script."""
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None, **options)


def date_field(label: str, name: str) -> gr.HTML:
    """A date as the browser lets one choose it; its value is an ISO date or empty."""
    return gr.HTML(
        "",
        html_template=_DATE_FIELD.format(name=name, label=escape(label)),
        js_on_load=_DATE_CHANGES,
        elem_id=f"{name}-field",
        elem_classes=["date-field"],
        apply_default_css=False,
    )


def build_page(backend: Backend, settings: Settings, say: Words, models_status: Callable[[], str]) -> gr.Blocks:
    """Build the whole page in one language."""
    from assistant.web.ask import build_ask
    from assistant.web.checklist import build_checklist
    from assistant.web.draft import build_draft
    from assistant.web.first_visit import build_first_visit
    from assistant.web.review import build_review
    from assistant.web.settings import build_settings
    from assistant.web.situation import build_situation
    from assistant.web.sources import build_sources
    from assistant.web.whose import build_whose

    tabs = (
        ("ask", build_ask),
        ("draft", build_draft),
        ("checklist", build_checklist),
        ("situation", build_situation),
        ("review", build_review),
        ("sources", build_sources),
        ("settings", build_settings),
    )
    with gr.Blocks(title=say("page.name"), analytics_enabled=False, delete_cache=(3600, 3600)) as blocks:
        html(_header(say), "header")
        with gr.Row(elem_id="bar"):
            municipality = gr.Dropdown(
                choices=[("", "")], value="", label=say("page.municipality"), elem_id="municipality", min_width=200
            )
            add = gr.Button(say("page.add-municipality"), elem_id="municipality-add", min_width=0)
            as_of = date_field(say("page.as-of-label"), "law-date")
            status = html("", "status", min_width=260)
            # Kept in the browser, so that another language or a reload is about the same municipality.
            remembered = gr.BrowserState("", storage_key="kotoapuri-municipality", secret=NAME)
        beside = gr.Column(elem_id="whose")
        moved = gr.State(0)
        writer = html(writer_html(say, settings), "writer")

        def refresh(chosen: str | None) -> tuple[Any, Any]:
            names = _municipalities(backend)
            now = chosen if chosen in names else names[0] if len(names) == 1 else ""
            choices = [(say("page.no-municipality"), ""), *((name, name) for name in names)]
            return gr.Dropdown(choices=choices, value=now), _progress(backend, say, now)

        page = Page(backend, settings, say, models_status, municipality, moved, as_of, refresh, status, writer)
        with beside:
            build_whose(page, add)
        build_first_visit(page)
        with gr.Tabs(elem_id="tabs"):
            for name, build in tabs:
                with gr.Tab(say(f"page.tab.{name}"), id=name, elem_id=f"tab-{name}") as tab:
                    build(page, tab)
        municipality.change(
            lambda chosen: (refresh(chosen)[1], chosen),
            inputs=municipality,
            outputs=[status, remembered],
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        blocks.load(
            lambda chosen: (*refresh(chosen), writer_html(say, backend.settings)),
            inputs=remembered,
            outputs=[municipality, status, writer],
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
    return blocks  # type: ignore[no-any-return]


def _header(say: Words) -> str:
    links = "".join(
        f"<a href='/language/{code}' lang='{code}' hreflang='{code}'{_HERE if code == say.language else ''}>{name}</a>"
        for code, name in LANGUAGES.items()
    )
    return (
        f"<header data-tabs='{escape(say('page.more-tabs'))}' data-upload='{escape(say('page.upload'))}'>"
        f"<div class='name'><h1>{say('page.name')}</h1>"
        f"<nav class='languages' aria-label='{escape(say('page.languages'))}'>{links}</nav></div>"
        f"<p>{say('page.tagline')}</p><p class='limits'>{say('page.limits')}</p></header>"
    )


def _municipalities(backend: Backend) -> list[str]:
    try:
        return list(dict.fromkeys(backend.municipalities.known()))
    except AssistantError:
        return []  # the tabs say what is wrong with the workspace; the bar has nothing to choose from


def _progress(backend: Backend, say: Words, municipality: str) -> str:
    """How many of the plan's sections are drafted."""
    plan = plan_named(DEFAULT)
    try:
        drafted = backend.planning.workbook.heads(municipality or None, plan.id)
    except AssistantError as error:
        return f"<p>{escape(say.message(str(error)))}</p>"
    done, total = len(drafted), len(plan.sections)
    label = escape(say("page.progress", done=done, total=total))
    if not municipality and not done:  # what is kept under no name stays behind when a name is told
        return f"<p>{escape(say('page.name-it'))}</p>"
    return f"<p id='how-far'>{label}</p><progress max='{total}' value='{done}' aria-labelledby='how-far'></progress>"


def writer_html(say: Words, settings: Settings) -> str:
    """Who writes, and whether text leaves this machine."""
    if not settings.model:
        return f"<p>{escape(say('page.no-model'))}</p>"
    if not is_remote(settings):
        return f"<p>{escape(say('page.model-local', model=settings.model))}</p>"
    text = escape(say("page.model-remote", recipient=recipient(settings), model=settings.model))
    return f"<p role='note' class='notice'>{text}</p>"


def recipient(settings: Settings) -> str:
    """Whom text is sent to with a chat model elsewhere."""
    provider = settings.model.partition(":")[0]
    host = urlsplit(settings.model_base_url).hostname
    return f"{provider} ({host})" if host else provider
