"""The web app in headless Chromium: what a visitor sees, and that nothing of it leaves the machine."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright
from web_fakes import GUIDANCE, QUOTE, FakeAssistant, citation, cited_answer

from assistant.errors import WorkspaceBusy
from assistant.settings import Settings
from assistant.types import Added, Notice, Statement, Support, WarningCode
from assistant.web import strings
from assistant.web.serving import build_app, open_listener

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
FIND_VIOLATIONS = """() => axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations.map(
  found => `${found.impact} ${found.id}: ${found.nodes.map(node => node.target + " " + node.html).join("; ")}`))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio"),  # its own use of pandas
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH; Debian: apt-get install chromium"),
]


@dataclass
class Site:
    """A running app with its fake, and what the page did that it should not have done."""

    address: str
    fake: FakeAssistant
    leaks: list[str] = field(default_factory=list)  # requests that reached the other server
    leak_address: str = ""
    problems: list[str] = field(default_factory=list)  # console errors and requests elsewhere


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    fake = FakeAssistant()
    listener = open_listener("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(build_app(fake, Settings()), log_level="error", timeout_graceful_shutdown=1, ws="none")
    )
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    serving.start()
    site = Site(f"http://127.0.0.1:{listener.getsockname()[1]}", fake)

    class Recorder(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.leaks.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    elsewhere = ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=elsewhere.serve_forever, daemon=True).start()
    site.leak_address = f"http://127.0.0.1:{elsewhere.server_port}/leak"
    yield site
    elsewhere.shutdown()
    server.should_exit = True
    serving.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The app at desktop width, or at that of the test's parameter; afterwards no error and no request elsewhere."""
    width = getattr(request, "param", 1280)
    page = browser.new_page(viewport={"width": width, "height": 800})
    site.problems.clear()
    page.on("console", lambda said: site.problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: site.problems.append(str(error)))
    page.on("request", lambda sent: None if _is_ours(sent.url, site) else site.problems.append(sent.url))
    page.goto(site.address)
    page.get_by_label(strings.QUESTION_LABEL).wait_for()
    yield page
    page.close()
    assert site.problems == []
    assert site.leaks == []


def _is_ours(url: str, site: Site) -> bool:
    return url.startswith((f"{site.address}/", "data:", f"blob:{site.address}/"))


def _ask(page: Page, question: str) -> None:
    page.get_by_label(strings.QUESTION_LABEL).fill(question)
    page.get_by_label(strings.QUESTION_LABEL).press("Enter")
    expect(page.locator(".turn h3").last).to_contain_text(question)
    expect(page.locator(".turn").last.locator(".made, .failed")).to_be_visible()


def test_mark_opens_the_quote_in_its_place(page: Page) -> None:
    _ask(page, "Must we plan?")
    answer = page.locator(".turn .answer")
    expect(answer).to_contain_text(QUOTE)
    assert page.locator("[role=log]").count() == 1
    assert page.locator("[role=note]").count() == 2
    card = page.get_by_role("article", name=f"[1] {GUIDANCE.title}")
    expect(card.locator("mark")).to_have_text(QUOTE)
    expect(card.locator("blockquote")).to_contain_text("If necessary, it must cooperate.")
    mark = answer.get_by_role("link", name=f"Citation 1: {GUIDANCE.title}").first
    mark.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_focused()
    expect(card).to_be_in_viewport()
    assert "shown" in (card.get_attribute("class") or "")
    card.get_by_role("link", name=strings.BACK).click()
    expect(mark).to_be_focused()


def test_older_answer_keeps_its_sources_and_a_new_question_shows_its_own(page: Page) -> None:
    _ask(page, "first question")
    _ask(page, "fee")
    expect(page.locator(".abstained")).to_contain_text("No source tells the fee.")
    expect(page.locator("#panel")).to_contain_text(strings.SOURCES_NONE)
    expect(page.locator("#cite-1-1")).to_be_hidden()
    page.locator("#turn-1 a.mark").first.click()
    expect(page.locator("#cite-1-1")).to_be_visible()
    _ask(page, "third question")
    _ask(page, "fourth question")
    expect(page.locator("#turn-4 h3")).to_be_in_viewport()
    expect(page.locator("#cite-4-1 h3")).to_be_in_viewport()  # the panel stays beside a long conversation
    page.locator("#turn-4 a.mark").last.click()
    expect(page.locator("#cite-4-2 h3")).to_be_in_viewport()
    expect(page.locator("#turn-4 a.mark").last).to_be_in_viewport()
    expect(page.locator("#cite-1-1")).to_be_hidden()


def test_follow_up_knows_the_conversation_until_a_new_one_begins(page: Page, site: Site) -> None:
    page.get_by_role("button", name=strings.EXAMPLES[0]).click()
    expect(page.locator(".turn .made")).to_be_visible()
    expect(page.get_by_role("button", name=strings.EXAMPLES[0])).to_be_hidden()
    page.get_by_label(strings.AS_OF_LABEL).fill("2024-06-30")
    page.get_by_label(strings.AS_OF_LABEL).blur()
    _ask(page, "and then?")
    assert site.fake.asked[-2:] == [(strings.EXAMPLES[0], None, 0), ("and then?", "2024-06-30", 1)]
    expect(page.locator(".turn .made").last).to_contain_text("Law as of 30 June 2024")
    page.get_by_role("button", name=strings.NEW_CONVERSATION).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("button", name=strings.EXAMPLES[0])).to_be_visible()
    _ask(page, "afresh")
    assert site.fake.asked[-1][2] == 0


@pytest.mark.parametrize(("question", "words"), [("bad date", "is no date"), ("crash", "Something went wrong")])
def test_error_is_told_in_words_and_the_question_comes_back(page: Page, question: str, words: str) -> None:
    _ask(page, "before")
    _ask(page, question)
    expect(page.locator(".turn .failed")).to_contain_text(words)
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.get_by_label(strings.QUESTION_LABEL)).to_have_value(question)
    expect(page.locator(".turn")).to_have_count(2)


def test_hostile_source_and_answer_do_nothing(page: Page, site: Site) -> None:
    url = site.leak_address
    hostile = (
        f"<script>fetch('{url}?script')</script><img src='{url}?img' onerror=\"fetch('{url}?onerror')\">"
        f"![x]({url}?markdown) [link](javascript:alert(1)) <a href='{url}?a' ping='{url}?ping'>x</a>"
        f"<style>@import '{url}?css';</style>${{fetch('{url}?template')}} {{{{value}}}} `${{1}}`"
    )
    source = replace(GUIDANCE, title=hostile, publisher=hostile, url=f"javascript:fetch('{url}?url')")
    site.fake.contexts[hostile] = (hostile, hostile, hostile)
    site.fake.answers["hostile"] = replace(
        cited_answer(hostile),
        statements=(Statement(hostile, (1,), Support.QUOTED),),
        citations=(citation(1, quote=hostile, source=source),),
        warnings=(Notice(WarningCode.INSTRUCTIONS_IN_SOURCE, hostile, (1,)),),
    )
    _ask(page, "hostile")
    expect(page.locator(".answer")).to_contain_text(hostile)
    expect(page.locator("#panel mark")).to_have_text(hostile)
    assert page.locator("#conversation :is(img, script, style), #panel :is(img, script, style)").count() == 0
    assert page.locator("#panel a[target=_blank], a[href^=javascript]").count() == 0
    time.sleep(0.3)  # for a request that should not come


def test_policy_keeps_images_and_requests_of_other_servers_out(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.goto(site.address)
    page.evaluate("url => { document.body.append(Object.assign(new Image(), {src: url})) }", site.leak_address)
    fetching = "url => fetch(url, {mode: 'no-cors'}).then(() => 'sent', () => 'blocked')"
    assert page.evaluate(fetching, site.leak_address) == "blocked"
    time.sleep(0.3)
    page.close()
    assert site.leaks == []


def test_documents_are_added_listed_and_taken_out(page: Page, site: Site, tmp_path: Path) -> None:
    good, bad = tmp_path / "Plan of Ylöjärvi.md", tmp_path / "scan.pdf"
    good.write_text("# Plan\n", encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7 nothing")
    page.get_by_role("button", name=strings.DOCUMENTS).click()
    expect(page.locator("#indexed")).to_contain_text(GUIDANCE.title)
    page.get_by_role("button", name=strings.ADD, exact=True).click()
    expect(page.locator("#added")).to_contain_text(strings.NO_FILES)
    page.locator("#files input[type=file]").set_input_files([good, bad])
    expect(page.locator("#files")).to_contain_text("scan")
    page.get_by_role("radio", name=strings.KIND_CHOICES[3][0]).check()
    page.get_by_role("button", name=strings.ADD, exact=True).click()
    expect(page.locator("#added")).to_contain_text(strings.MUNICIPALITY_MISSING)
    page.get_by_role("textbox", name=f"{strings.MUNICIPALITY_LABEL} {strings.MUNICIPALITY_HINT}").fill("Ylöjärvi")
    page.get_by_role("button", name=strings.ADD, exact=True).click()
    expect(page.locator("#added .added")).to_contain_text("Added: Plan of Yl")
    expect(page.locator("#added .failed")).to_contain_text("no text layer. Run OCR.")
    names, kind, municipality = site.fake.added[-1]
    assert (len(names), kind, municipality) == (2, "programme", "Ylöjärvi")
    expect(page.locator("#indexed")).to_contain_text(strings.KINDS[site.fake.indexed[-1].kind])
    page.get_by_label(strings.REMOVE_LABEL).click()
    page.get_by_role("option").first.click()
    page.get_by_role("button", name=strings.REMOVE).click()
    expect(page.locator("#indexed tbody tr")).to_have_count(1)
    assert [source.source_id for source in site.fake.indexed] == [GUIDANCE.source_id]


def test_official_texts_are_fetched_with_progress_and_what_came_of_each(page: Page, site: Site) -> None:
    site.fake.may_fetch.clear()
    page.get_by_role("button", name=strings.DOCUMENTS).click()
    page.get_by_role("button", name=strings.FETCH, exact=True).click()
    expect(page.locator("#fetched")).to_contain_text("Official texts, 2 of 2: downloading number 2")
    expect(page.get_by_role("button", name=strings.FETCH, exact=True)).to_be_disabled()
    site.fake.may_fetch.set()
    expect(page.locator("#fetched")).to_contain_text("1 new, 0 changed, 0 unchanged, 1 not fetched.")
    expect(page.locator("#fetched .failed")).to_contain_text("the name does not resolve")
    expect(page.locator("#fetched .new")).to_be_hidden()
    page.locator("#fetched summary", has_text=strings.FETCH_DONE).click()
    expect(page.locator("#fetched .new")).to_contain_text("New: Laki 112 passages")
    expect(page.get_by_role("button", name=strings.FETCH, exact=True)).to_be_enabled()
    expect(page.get_by_role("button", name=strings.FETCH_STOP)).to_be_hidden()


def test_fetching_is_stopped_and_says_that_nothing_is_lost(page: Page, site: Site) -> None:
    site.fake.may_fetch.clear()
    page.get_by_role("button", name=strings.DOCUMENTS).click()
    page.get_by_role("button", name=strings.FETCH, exact=True).click()
    expect(page.locator("#fetched")).to_contain_text("downloading number 2")
    page.get_by_role("button", name=strings.FETCH_STOP).click()
    expect(page.locator("#fetched")).to_contain_text(strings.FETCH_STOPPED)
    expect(page.locator("#fetched")).to_contain_text("1 new, 0 changed")
    expect(page.get_by_role("button", name=strings.FETCH, exact=True)).to_be_enabled()


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Added("", None, "Laki 1", 0, "failed", "act-1: the name does not resolve."), strings.FETCH_OFFLINE),
        (WorkspaceBusy("Another process downloads. Wait until it has ended."), "Wait until it has ended."),
        (RuntimeError("secret detail"), strings.FETCH_FAILED),
    ],
)
def test_fetching_that_fails_is_told_in_words(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch, result: Added | Exception, words: str
) -> None:
    monkeypatch.setattr(site.fake, "fetched", [result])
    page.get_by_role("button", name=strings.DOCUMENTS).click()
    page.get_by_role("button", name=strings.FETCH, exact=True).click()
    expect(page.locator("#fetched")).to_contain_text(words)
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.get_by_role("button", name=strings.FETCH, exact=True)).to_be_enabled()


@pytest.mark.parametrize("page", [375], indirect=True)
def test_phone_does_not_scroll_sideways(page: Page) -> None:
    long = "Maahanmuuttajienkotoutumisenedistämissuunnitelmavalmistelutyöryhmä" * 2
    _ask(page, long)
    page.get_by_role("button", name=strings.DOCUMENTS).click()
    expect(page.locator("#indexed")).to_contain_text(GUIDANCE.title)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.get_by_label(strings.AS_OF_LABEL).bounding_box()
    assert box
    assert box["width"] >= 140
    page.locator("a.mark").first.click()
    expect(page.locator("#cite-1-1")).to_be_in_viewport()


def _barriers(page: Page) -> list[str]:
    """What axe-core calls a serious or critical barrier on the page as it stands."""
    page.wait_for_timeout(300)  # colours that fade in
    found: list[str] = page.evaluate(FIND_VIOLATIONS)
    return [violation for violation in found if violation.startswith(("serious", "critical"))]


@pytest.mark.parametrize(
    ("page", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")], indirect=["page"]
)
def test_nothing_bars_people_with_disabilities(
    page: Page, site: Site, scheme: Literal["light", "dark"], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.fake, "indexed", list(site.fake.indexed))  # what is added here goes again
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.reload()
    page.get_by_label(strings.QUESTION_LABEL).wait_for()
    assert page.locator(".dark").count() == (scheme == "dark")
    page.evaluate(AXE)
    assert _barriers(page) == []

    _ask(page, "Must we plan?")
    page.locator("a.mark").first.click()
    expect(page.locator("#cite-1-1")).to_be_focused()
    assert _barriers(page) == []

    _ask(page, "fee")
    _ask(page, "bad date")
    assert _barriers(page) == []

    page.get_by_role("button", name=strings.DOCUMENTS).click()
    expect(page.locator("#indexed")).to_contain_text(GUIDANCE.title)
    page.get_by_role("button", name=strings.ADD, exact=True).click()
    expect(page.locator("#added")).to_contain_text(strings.NO_FILES)
    assert _barriers(page) == []

    (tmp_path / "plan.md").write_text("# Plan\n", encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files(tmp_path / "plan.md")
    expect(page.locator("#files")).to_contain_text("plan")
    page.get_by_role("button", name=strings.ADD, exact=True).click()
    expect(page.locator("#added .added")).to_be_visible()
    site.fake.may_fetch.set()
    page.get_by_role("button", name=strings.FETCH, exact=True).click()
    expect(page.locator("#fetched .failed")).to_be_visible()
    page.get_by_label(strings.REMOVE_LABEL).click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert _barriers(page) == []


def test_check_for_barriers_can_fail(page: Page) -> None:
    page.evaluate(AXE)
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('#ask').replaceChildren()")
    assert {violation.split()[1] for violation in _barriers(page)} == {"color-contrast:", "button-name:"}
