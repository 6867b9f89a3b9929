"""Municipality, plan and model of this workspace."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant import example
from assistant.conversations import write_feedback
from assistant.errors import AssistantError
from assistant.own import same_name
from assistant.settings import Settings, is_remote
from assistant.types import Profile, Source
from assistant.web import rendering
from assistant.web.first_visit import build_removal, emptied, filling
from assistant.web.page import Page, html, recipient, writer_html
from assistant.web.pieces import decimal, escape
from assistant.words import LANGUAGES, Words

# As a profile has them; the screen shows them in the reader's language.
_NATIONAL_LANGUAGES = ("Finnish", "Swedish", "Finnish and Swedish")
_TEXTS = ("employment_area", "wellbeing_county", "regional_centre", "contact")
_DATES = ("population_date", "plan_from", "plan_to")
_TRIAL_S = 20
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")

# The link has its address only after the page has drawn it anew.
_DOWNLOAD = "() => setTimeout(() => document.getElementById('settings-feedback-file')?.click(), 150)"

_log = logging.getLogger(__name__)


def build_settings(page: Page, tab: gr.Tab) -> None:
    """Lay out the tab that is being built."""
    with gr.Row(elem_id="settings"):
        with gr.Column(scale=3, min_width=300):
            _build_profile(page)
        with gr.Column(scale=3, min_width=300):
            _build_model(page, tab)
            _build_rest(page, tab)


def _build_profile(page: Page) -> None:
    say = page.say
    html(f"<h2>{escape(say('settings.profile'))}</h2><p>{escape(say('settings.profile-about'))}</p>", "profile-about")
    name = gr.Textbox(
        label=say("settings.name"), info=say("settings.name-hint"), max_length=100, elem_id="profile-name"
    )
    with gr.Row():
        population = gr.Number(
            label=say("settings.population"), value=None, precision=0, minimum=0, min_width=160, elem_id="population"
        )
        population_date = _text(say, "population_date", hint=True)
    languages = gr.Dropdown(
        choices=[
            (say("settings.not-told"), ""),
            *((say(f"settings.languages.{_slug(x)}"), x) for x in _NATIONAL_LANGUAGES),
        ],
        value="",
        label=say("settings.languages-label"),
        elem_id="profile-languages",
    )
    with gr.Row():
        plan_from, plan_to = _text(say, "plan_from", hint=True), _text(say, "plan_to", hint=True)
    employment_area, wellbeing_county = _text(say, "employment_area"), _text(say, "wellbeing_county")
    regional_centre, contact = _text(say, "regional_centre"), _text(say, "contact", hint=True)
    with gr.Row(elem_id="profile-actions"):
        save_button = gr.Button(say("settings.save"), variant="primary", min_width=120, elem_id="profile-save")
        result = html("", "profile-result", min_width=160)
    saved = gr.State("")  # the name that was saved last: what is told of it stays when the bar goes over to it
    fields = [
        name, population, languages, population_date, plan_from, plan_to, employment_area, wellbeing_county,
        regional_centre, contact,
    ]  # fmt: skip

    def fill(municipality: str | None, just_saved: str) -> tuple[Any, ...]:
        whose = page.whose(municipality)
        try:
            told = page.backend.planning.workbook.profile(whose) if whose else None
        except AssistantError as error:
            return (*(gr.skip() for _ in fields), rendering.message(say.message(str(error)), error=True))
        said = gr.skip() if whose and same_name(whose, just_saved) else ""
        return (*_shown(say, told or Profile(whose or "")), said)

    def save(typed: str, count: float | None, spoken: str, *rest: str) -> tuple[Any, ...]:
        try:
            told = _told(count, spoken, rest)
            if not typed.strip():
                raise AssistantError(say("settings.name-missing"))
            profile = page.backend.municipalities.tell(" ".join(typed.split()), **told)
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), gr.skip(), gr.skip(), gr.skip()
        except Exception:
            _log.exception("A profile could not be kept")
            return rendering.message(say("page.failed"), error=True), gr.skip(), gr.skip(), gr.skip()
        return rendering.message(say("settings.saved", name=profile.name)), profile.name, *page.refresh(profile.name)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # Of another municipality only: what somebody is typing is not lost by looking at another tab.
    page.municipality.change(
        fill, inputs=[page.municipality, saved], outputs=[*fields, result], queue=False, **quiet
    )  # fmt: skip
    save_button.click(save, inputs=fields, outputs=[result, saved, page.municipality, page.status], **quiet)


def _text(say: Words, field: str, *, hint: bool = False) -> gr.Textbox:
    key = field.replace("_", "-")
    return gr.Textbox(
        label=say(f"settings.{key}"),
        info=say(f"settings.{key}-hint") if hint else None,
        max_length=300,
        min_width=160,
        elem_id=f"profile-{key}",
    )


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _shown(say: Words, profile: Profile) -> tuple[Any, ...]:
    """The values of the fields, in their order."""
    choices = [
        (say("settings.not-told"), ""),
        *((say(f"settings.languages.{_slug(x)}"), x) for x in _NATIONAL_LANGUAGES),
    ]
    if profile.languages not in dict(choices).values():
        choices.append((profile.languages, profile.languages))  # told on the command line in other words
    dates = (getattr(profile, field) or "" for field in _DATES)
    texts = (getattr(profile, field) for field in _TEXTS)
    languages = gr.Dropdown(choices=choices, value=profile.languages)
    return profile.name, profile.population, languages, *dates, *texts


def _told(population: float | None, languages: str, rest: Sequence[str]) -> dict[str, Any]:
    """What the form tells, as `Municipalities.tell` takes it; an empty field takes back what was told before."""
    given = [" ".join(text.split()) for text in rest]
    dates: dict[str, str | None] = {field: text or None for field, text in zip(_DATES, given, strict=False)}
    texts = dict(zip(_TEXTS, given[len(_DATES) :], strict=True))
    count = None if population is None else int(population)
    return {"population": count, "languages": languages or "", **dates, **texts}


def _build_model(page: Page, tab: gr.Tab) -> None:
    backend, say = page.backend, page.say
    html(f"<h2>{escape(say('settings.model-heading'))}</h2>", "model-about")
    now = html("", "model-now")
    model = gr.Textbox(
        label=say("settings.model"), info=say("settings.model-hint"), max_length=200, elem_id="model-name"
    )
    address = gr.Textbox(
        label=say("settings.address"), info=say("settings.address-hint"), max_length=500, elem_id="model-address"
    )
    goes = html("", "model-goes")
    with gr.Row(elem_id="model-actions"):
        test_button = gr.Button(say("settings.test"), min_width=110, elem_id="model-test")
        use_button = gr.Button(say("settings.use"), min_width=230, elem_id="model-use")
        none_button = gr.Button(say("settings.none"), min_width=200, elem_id="model-none")
    result = html("", "model-result")
    html(_for_good(say), "model-for-good")

    def show() -> str:
        return f"<p>{escape(_model_now(say, backend.settings))}</p>"

    def where(typed: str, base_url: str) -> str:
        """Where text would go; nothing while the address is being typed."""
        if not typed.strip():
            return ""
        try:
            wanted = backend.with_model(typed, base_url)
        except AssistantError:
            return ""
        if is_remote(wanted):
            return f"<p role='note' class='notice'>{escape(say('settings.goes-out', recipient=recipient(wanted)))}</p>"
        return f"<p>{escape(say('settings.stays'))}</p>"

    def test(typed: str, base_url: str, request: gr.Request) -> Iterator[tuple[str, Any]]:
        problem = _refused(say, request) or ("" if typed.strip() else say("settings.model-missing"))
        if problem:
            yield rendering.message(problem, error=True), gr.skip()
            return
        yield rendering.message(say("settings.testing", seconds=_TRIAL_S)), gr.Button(interactive=False)
        try:
            trial = backend.try_model(typed, base_url, timeout_s=_TRIAL_S)
        except AssistantError as error:
            told = rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("The chat model could not be tried")
            told = rendering.message(say("page.failed"), error=True)
        else:
            told = rendering.message(
                say("settings.tested", seconds=decimal(say, trial.seconds), reply=trial.reply)
                if trial.reply
                else say("settings.tested-empty", seconds=decimal(say, trial.seconds))
            )
        yield told, gr.Button(interactive=True)

    def use(typed: str, base_url: str, request: gr.Request) -> tuple[Any, ...]:
        problem = _refused(say, request) or ("" if typed.strip() else say("settings.model-missing"))
        return changed(problem, typed, base_url, say("settings.used"))

    def none(request: gr.Request) -> tuple[Any, ...]:
        return changed(_refused(say, request), "", "", say("settings.none-used"))

    def changed(problem: str, typed: str, base_url: str, told: str) -> tuple[Any, ...]:
        try:
            if problem:
                raise AssistantError(problem)
            backend.use_model(typed, base_url)
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), gr.skip(), gr.skip()
        except Exception:
            _log.exception("The chat model could not be changed")
            return rendering.message(say("page.failed"), error=True), gr.skip(), gr.skip()
        return rendering.message(told), show(), writer_html(say, backend.settings)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([tab.select], show, outputs=now, queue=False, **quiet)
    gr.on(
        [model.change, address.change], where, inputs=[model, address], outputs=goes, queue=False,
        trigger_mode="always_last", **quiet,
    )  # fmt: skip
    test_button.click(test, inputs=[model, address], outputs=[result, test_button], **quiet)
    use_button.click(use, inputs=[model, address], outputs=[result, now, page.writer], **quiet)
    none_button.click(none, outputs=[result, now, page.writer], **quiet)


def _refused(say: Words, request: gr.Request) -> str:
    """Why this visitor may not change or try the model; empty where they may.

    It changes what happens to everybody's text, and lets this machine call an address: for who sits at it alone.
    """
    host = request.client.host if request.client else ""
    return "" if host in _THIS_MACHINE else say("settings.elsewhere")


def _model_now(say: Words, settings: Settings) -> str:
    if not settings.model:
        return say("settings.now-none")
    if is_remote(settings):
        return say("settings.now-remote", model=settings.model, recipient=recipient(settings))
    return say("settings.now-local", model=settings.model)


def _for_good(say: Words) -> str:
    names = "".join(
        f"<li><code>{name}</code> {escape(say(f'settings.variable.{key}'))}</li>"
        for name, key in (
            ("KOTOAPURI_MODEL", "model"),
            ("KOTOAPURI_MODEL_BASE_URL", "address"),
            ("KOTOAPURI_MODEL_API_KEY", "key"),
        )
    )
    summary, about = escape(say("settings.for-good")), escape(say("settings.for-good-about"))
    return f"<details><summary>{summary}</summary><p>{about}</p><ul>{names}</ul></details>"


def _build_rest(page: Page, tab: gr.Tab) -> None:
    backend, say = page.backend, page.say
    html(_languages(say), "settings-languages")
    holds = html("", "settings-holds")
    with gr.Row(elem_id="settings-feedback-actions"):
        feedback_button = gr.Button(say("settings.feedback"), min_width=200, elem_id="settings-feedback")
        feedback_file = gr.DownloadButton(visible="hidden", elem_id="settings-feedback-file")
    feedback_result = html("", "settings-feedback-result")
    html(
        f"<h2>{escape(say('settings.example'))}</h2><p>{escape(say('settings.example-about'))}</p>", "settings-example"
    )
    with gr.Row(elem_id="settings-example-actions"):
        put_in = gr.Button(say("example.put-in"), min_width=340, elem_id="settings-example-in")
        take_out = gr.Button(say("example.take-out"), visible=False, min_width=220, elem_id="settings-example-out")
    removal = build_removal(page, take_out, "settings-example", tab.select)
    result = html("", "settings-example-result")

    def show() -> tuple[Any, ...]:
        try:
            is_in = example.is_in(backend)
            told = _holds(say, backend.sources(), backend.settings, str(backend.workspace))
        except AssistantError as error:
            return rendering.message(say.message(str(error)), error=True), gr.skip(), gr.skip()
        return told, gr.Button(visible=not is_in, interactive=True), gr.Button(visible=is_in, interactive=True)

    def fill(chosen: str | None) -> Iterator[tuple[Any, ...]]:
        for line, outcome in filling(page):
            if outcome is None:
                yield line, gr.skip(), gr.Button(interactive=False), gr.skip(), gr.skip(), gr.skip()
            else:
                yield line, *show(), *page.refresh(example.name() if outcome else chosen)

    def feedback() -> tuple[Any, str]:
        try:
            judged = backend.planning.workbook.judged()
            if not judged:
                return gr.skip(), rendering.message(say("settings.feedback-none"))
            with tempfile.TemporaryDirectory(prefix="kotoapuri-") as folder:
                path = Path(folder) / "feedback.jsonl"
                n = write_feedback(judged, path)
                # Gradio serves this folder, and empties it by itself.
                served = gr.processing_utils.save_file_to_cache(path, feedback_file.GRADIO_CACHE)
        except AssistantError as error:
            return gr.skip(), rendering.message(say.message(str(error)), error=True)
        except Exception:
            _log.exception("What readers said of answers could not be written to a file")
            return gr.skip(), rendering.message(say("page.failed"), error=True)
        return gr.DownloadButton(value=served), rendering.message(say("settings.feedback-saved", n=n))

    def empty(chosen: str | None) -> tuple[Any, ...]:
        return emptied(page), *show(), *page.refresh(chosen)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    shown = [holds, put_in, take_out]
    feedback_button.click(feedback, outputs=[feedback_file, feedback_result], **quiet).success(
        fn=None, js=_DOWNLOAD, api_visibility="private"
    )
    gr.on([tab.select, page.municipality.change], show, outputs=shown, queue=False, **quiet)
    outputs = [result, *shown, page.municipality, page.status]
    put_in.click(fill, inputs=page.municipality, outputs=outputs, concurrency_limit=1, **quiet)
    removal(empty, outputs)


def _languages(say: Words) -> str:
    links = "".join(
        f"<li><a href='/language/{code}' lang='{code}' hreflang='{code}'"
        f"{' aria-current=true' if code == say.language else ''}>{name}</a></li>"
        for code, name in LANGUAGES.items()
    )
    day = f"<a href='#law-date'>{escape(say('settings.to-law-date'))}</a>"
    return (
        f"<h2>{escape(say('settings.language-and-law'))}</h2><ul class='languages'>{links}</ul>"
        f"<p>{escape(say('settings.law-date'))} {day}</p>"
    )


def _holds(say: Words, sources: Sequence[Source], settings: Settings, folder: str) -> str:
    added = [source for source in sources if not source.bundled]
    rows = {
        "folder": folder,
        "added": say("settings.documents", n=len(added), passages=sum(source.passages for source in added)),
        "bundled": say(
            "settings.documents", n=len(sources) - len(added), passages=sum(s.passages for s in sources if s.bundled)
        ),
        "embedding": say("settings.embedding-default")
        if settings.embedding_model == "default"
        else settings.embedding_model,
    }
    told = "".join(
        f"<dt>{escape(say(f'settings.holds.{key}'))}</dt><dd>{escape(text)}</dd>" for key, text in rows.items()
    )
    return f"<h2>{escape(say('settings.holds-heading'))}</h2><dl>{told}</dl>"
