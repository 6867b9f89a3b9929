"""The web app in headless Chromium: what a visitor sees, and that nothing of it leaves the machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from web_cases import BROWSER_MARKS, CHROMIUM, FLAGS, served, violations
from web_fakes import GUIDANCE, QUOTE, FakeAssistant, citation, cited_answer

from assistant.types import Notice, Statement, Support, WarningCode
from assistant.words import words

SAY = words("en")


pytestmark = BROWSER_MARKS


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
    with served(fake) as address:
        yield from _watched(Site(address, fake))


def _watched(site: Site) -> Iterator[Site]:
    """The site beside another server that no page may reach."""

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
    page.get_by_label(SAY("ask.question-label")).wait_for()
    yield page
    page.close()
    assert site.problems == []
    assert site.leaks == []


def _is_ours(url: str, site: Site) -> bool:
    return url.startswith((f"{site.address}/", "data:", f"blob:{site.address}/"))


def _ask(page: Page, question: str) -> None:
    page.get_by_label(SAY("ask.question-label")).fill(question)
    page.get_by_label(SAY("ask.question-label")).press("Enter")
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
    card.get_by_role("link", name=SAY("answer.back")).click()
    expect(mark).to_be_focused()


def test_older_answer_keeps_its_sources_and_a_new_question_shows_its_own(page: Page) -> None:
    _ask(page, "first question")
    _ask(page, "fee")
    expect(page.locator(".abstained")).to_contain_text("No source tells the fee.")
    expect(page.locator("#panel")).to_contain_text(SAY("answer.sources-none"))
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
    page.get_by_role("button", name=SAY("ask.example-1"), exact=True).click()
    expect(page.locator(".turn .made")).to_be_visible()
    expect(page.get_by_role("button", name=SAY("ask.example-1"))).to_be_hidden()
    page.get_by_label(SAY("page.as-of-label")).fill("2024-06-30")
    page.get_by_label(SAY("page.as-of-label")).blur()
    _ask(page, "and then?")
    assert site.fake.asked[-2:] == [(SAY("ask.example-1"), None, 0), ("and then?", "2024-06-30", 1)]
    expect(page.locator(".turn .made").last).to_contain_text("Law as of 30 June 2024")
    page.get_by_role("button", name=SAY("ask.new-conversation")).click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_role("button", name=SAY("ask.example-1"), exact=True)).to_be_visible()
    _ask(page, "afresh")
    assert site.fake.asked[-1][2] == 0


@pytest.mark.parametrize(("question", "words"), [("bad date", "is no date"), ("crash", "Something went wrong")])
def test_error_is_told_in_words_and_the_question_comes_back(page: Page, question: str, words: str) -> None:
    _ask(page, "before")
    _ask(page, question)
    expect(page.locator(".turn .failed")).to_contain_text(words)
    expect(page.locator("body")).not_to_contain_text("secret detail")
    expect(page.get_by_label(SAY("ask.question-label"))).to_have_value(question)
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


def test_answer_is_told_once_and_whole(page: Page) -> None:
    page.evaluate(
        """() => {
          window.told = [];
          const region = document.querySelector("#spoken [role=status]");
          const tell = () => told.push(region.innerText);
          new MutationObserver(tell).observe(region, {childList: true, subtree: true, characterData: true});
        }"""
    )
    _ask(page, "Must we plan?")
    expect(page.locator("#spoken [role=status]")).to_contain_text("Sources: 2.")
    assert page.locator("[role=log]").get_attribute("aria-live") == "off"
    live = ":is([aria-live=polite], [aria-live=assertive], [role=status], [role=alert])"
    assert page.locator(f"#conversation {live}").count() == 0
    answers = [text for text in dict.fromkeys(page.evaluate("told")) if text.strip() != SAY("ask.searching")]
    assert len(answers) == 1
    for part in (QUOTE, "Every municipality has 12 coordinators.", SAY("answer.warning.outdated-source")):
        assert part in answers[0]


def test_feedback_is_kept_with_its_note_and_the_focus_stays(page: Page, site: Site) -> None:
    _ask(page, "a question to be judged")
    button = page.get_by_role("button", name=SAY("ask.not-right"))
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_be_focused()
    expect(page.locator("#spoken")).to_contain_text(SAY("ask.thanks"))
    page.get_by_label(SAY("ask.note-label")).fill("The deadline is another one.")
    page.get_by_role("button", name=SAY("ask.note-send")).click()
    expect(page.locator(".turn .kept")).to_contain_text("The deadline is another one.")
    judged = site.fake.planning.workbook.judged()[-1]
    assert judged.asked.question == "a question to be judged"
    assert judged.asked.feedback.note == "The deadline is another one."
    assert not judged.asked.feedback.helpful


def test_earlier_conversations_are_opened_found_and_removed(page: Page, site: Site) -> None:
    _ask(page, "first of a pelican talk")
    _ask(page, "second of a pelican talk")
    page.get_by_role("button", name=SAY("ask.helpful")).last.click()
    expect(page.locator(".turn .kept")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Continue the conversation of").click()
    expect(page.locator(".turn h3")).to_have_text(
        ["You asked first of a pelican talk", "You asked second of a pelican talk"]
    )
    expect(page.locator(".turn .made").last).to_contain_text("Answered on ")
    expect(page.locator("[aria-pressed=true]")).to_have_count(1)
    expect(page.locator("#panel .latest mark").first).to_be_visible()
    _ask(page, "third of it")
    assert site.fake.asked[-1][2] == 2
    page.get_by_role("button", name=SAY("ask.history")).click()
    page.get_by_label(SAY("ask.history-search")).fill("nothing like it")
    expect(page.locator("#history-list")).to_contain_text("No conversation holds all these words.")
    page.get_by_label(SAY("ask.history-search")).fill("SECOND pelican")
    expect(page.locator("#history-list li")).to_have_count(1)
    expect(page.locator("#history-list li")).to_contain_text("questions: 3")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove: first of a pelican talk").click()
    expect(page.locator("#spoken")).to_contain_text(SAY("ask.history-removed"))
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label(SAY("ask.history-search"))).to_be_focused()
    assert site.fake.planning.workbook.conversations("pelican") == []


def test_answer_goes_into_a_section_of_the_draft(page: Page, site: Site) -> None:
    _ask(page, "Must we plan?")
    page.get_by_role("button", name=SAY("ask.put")).click()
    page.get_by_label(SAY("ask.put-section")).select_option("good-relations")
    page.get_by_role("button", name=SAY("ask.put-there")).click()
    expect(page.locator(".turn .kept")).to_contain_text("Good relations")
    expect(page.locator(".turn .kept")).to_contain_text("version 7")
    assert site.fake.put == [("good-relations", "Must we plan?", None)]
    site.fake.refuses = "Another municipality’s programme gave it."
    page.get_by_role("button", name=SAY("ask.put")).click()
    page.get_by_role("button", name=SAY("ask.put-there")).click()
    expect(page.locator(".turn p.failed")).to_contain_text("Another municipality’s programme gave it.")
    site.fake.refuses = ""


def test_answer_that_is_not_awaited_any_more_is_stopped_and_not_kept(page: Page, site: Site) -> None:
    site.fake.may_answer.clear()
    try:
        page.get_by_label(SAY("ask.question-label")).fill("a slow question")
        page.get_by_role("button", name=SAY("ask.send"), exact=True).click()
        expect(page.locator(".turn .waiting")).to_be_visible()
        page.get_by_role("button", name=SAY("ask.stop")).click()
        expect(page.locator("#spoken")).to_contain_text(SAY("ask.stopped"))
        expect(page.get_by_label(SAY("ask.question-label"))).to_have_value("a slow question")
        expect(page.locator(".turn")).to_have_count(0)
        expect(page.get_by_role("button", name=SAY("ask.stop"))).to_be_hidden()
    finally:
        site.fake.may_answer.set()
    _ask(page, "a quick question")
    expect(page.locator(".turn")).to_have_count(1)
    assert site.fake.planning.workbook.conversations("slow") == []


def test_question_near_the_answer_is_offered_and_asked(page: Page, site: Site) -> None:
    _ask(page, "Must we plan?")
    expect(page.locator("#suggestions h3")).to_have_text(SAY("ask.next"))
    page.get_by_role("button", name=site.fake.next_questions[0]).click()
    expect(page.locator(".turn h3").last).to_contain_text(site.fake.next_questions[0])
    expect(page.locator(".turn .made")).to_have_count(2)
    assert site.fake.asked[-1] == (site.fake.next_questions[0], None, 1)


def test_lost_connection_is_told_and_the_question_is_not_lost(browser: Browser, site: Site) -> None:
    page = browser.new_page()
    page.clock.install()
    page.goto(site.address)
    page.get_by_label(SAY("ask.question-label")).wait_for()
    site.fake.may_answer.clear()
    try:
        page.get_by_label(SAY("ask.question-label")).fill("a question on its way")
        page.get_by_role("button", name=SAY("ask.send"), exact=True).click()
        expect(page.locator(".turn .waiting")).to_be_visible()
        page.route("**/health", lambda route: route.abort())
        for _ in range(3):
            page.clock.run_for(16_000)
            page.wait_for_timeout(100)
        expect(page.get_by_role("alert")).to_have_text(SAY("ask.lost"))
        expect(page.get_by_label(SAY("ask.question-label"))).to_have_value("a question on its way")
        page.unroute("**/health")
        page.clock.run_for(16_000)
        expect(page.get_by_role("alert")).to_have_text(SAY("ask.connected"))
    finally:
        site.fake.may_answer.set()
        page.close()


def test_english_words_in_a_finnish_page_are_marked_as_english(browser: Browser, site: Site) -> None:
    finnish = words("fi")
    page = browser.new_page(locale="fi-FI")
    page.goto(site.address)
    expect(page.locator("#panel")).to_contain_text(finnish("ask.languages"))
    page.get_by_label(finnish("ask.question-label")).fill("Onko suunniteltava?")
    page.get_by_label(finnish("ask.question-label")).press("Enter")
    expect(page.locator(".answer p").first).to_contain_text(QUOTE)
    expect(page.locator(".answer p").first).to_have_attribute("lang", "en")
    expect(page.locator("#cite-1-1 h3 span")).to_have_attribute("lang", "en")
    expect(page.locator(".turn .tools button").first).to_have_text(finnish("ask.helpful"))
    page.close()


@pytest.mark.parametrize("page", [375], indirect=True)
def test_phone_does_not_scroll_sideways(page: Page) -> None:
    long = "Maahanmuuttajienkotoutumisenedistämissuunnitelmavalmistelutyöryhmä" * 2
    _ask(page, long)
    page.get_by_role("button", name=SAY("ask.put")).click()
    expect(page.get_by_label(SAY("ask.put-section"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    box = page.get_by_label(SAY("page.as-of-label")).bounding_box()
    assert box
    assert box["width"] >= 140
    page.locator("a.mark").first.click()
    expect(page.locator("#cite-1-1")).to_be_in_viewport()


def _barriers(page: Page) -> list[str]:
    """What axe-core calls a serious or critical barrier on the page as it stands."""
    page.wait_for_timeout(300)  # colours that fade in
    return [violation for violation in violations(page) if violation.startswith(("serious", "critical"))]


@pytest.mark.parametrize(
    ("page", "scheme"), [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")], indirect=["page"]
)
def test_nothing_bars_people_with_disabilities(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.reload()
    page.get_by_label(SAY("ask.question-label")).wait_for()
    assert page.locator(".dark").count() == (scheme == "dark")
    assert _barriers(page) == []

    _ask(page, "Must we plan?")
    page.locator("a.mark").first.click()
    expect(page.locator("#cite-1-1")).to_be_focused()
    assert _barriers(page) == []

    _ask(page, "fee")
    _ask(page, "bad date")
    assert _barriers(page) == []

    page.get_by_role("button", name=SAY("ask.helpful")).first.click()
    page.get_by_role("button", name=SAY("ask.put")).click()
    expect(page.get_by_label(SAY("ask.put-section"))).to_be_visible()
    page.get_by_role("button", name=SAY("ask.history")).click()
    expect(page.locator("#history-list li").first).to_be_visible()
    assert _barriers(page) == []


def test_check_for_barriers_can_fail(page: Page) -> None:
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('#ask').replaceChildren()")
    assert {violation.split()[1] for violation in _barriers(page)} == {"color-contrast:", "button-name:"}
