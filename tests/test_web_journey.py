"""A coordinator's jobs in the real app, from the first visit to the exported plan, one after the other.

One workspace and one browser, as one person would have them. The first three jobs are done in every language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from web_cases import BROWSER_MARKS, CHROMIUM, FLAGS, served

from assistant.assistant import Assistant
from assistant.plan import DEFAULT
from assistant.settings import Settings
from assistant.words import words

HERE, SECTION = "Esimerkkilä", "good-relations"
OWN_WORDS = "The plan is a paper of its own, approved with the budget."
LOCALES = {"en": "en-GB", "fi": "fi-FI", "sv": "sv-FI"}
QUESTIONS = {
    "en": "Must the municipality still have an integration programme as a document?",
    "fi": "Onko kunnan pakko tehdä kotouttamisohjelma?",
    "sv": "Måste kommunen ha en separat plan för integrationsfrämjande?",
}
SAY = words("en")

pytestmark = [*BROWSER_MARKS, pytest.mark.model, pytest.mark.xdist_group("journey")]


@dataclass
class Visit:
    """The running app, and what the pages did that they should not have done."""

    address: str
    assistant: Assistant
    problems: list[str] = field(default_factory=list)  # console errors, and requests that left the machine

    def page(self, context: BrowserContext) -> Page:
        """A page that is watched, with the start page open in the browser's language."""
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("console", lambda said: self.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._check(request.url))
        page.goto(f"{self.address}/")
        page.get_by_role("heading", level=1, name="Kotoapuri").wait_for()
        return page

    def _check(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.problems.append(url)


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    settings = Settings(corpus="bundled", model="")
    with (
        Assistant.open(workspace=tmp_path_factory.mktemp("journey"), settings=settings) as assistant,
        served(assistant) as at,
    ):
        yield Visit(at, assistant)


@pytest.fixture(scope="module")
def contexts() -> Iterator[dict[str, BrowserContext]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield {language: browser.new_context(locale=locale) for language, locale in LOCALES.items()}
        browser.close()


@pytest.fixture
def page(visit: Visit, contexts: dict[str, BrowserContext]) -> Iterator[Page]:
    page = visit.page(contexts["en"])
    yield page
    page.close()
    assert visit.problems == []


def open_tab(page: Page, name: str, language: str = "en") -> None:
    page.get_by_role("tab", name=words(language)(f"page.tab.{name}"), exact=True).click()


@pytest.mark.parametrize("language", LOCALES)
def test_1_first_visit_is_in_the_language_of_the_browser_and_offers_an_example(
    visit: Visit, contexts: dict[str, BrowserContext], language: str
) -> None:
    say = words(language)
    page = visit.page(contexts[language])
    expect(page.get_by_role("heading", name=say("example.heading-new"))).to_be_visible()
    if language == "sv":  # the last of them takes it
        page.get_by_role("button", name=say("example.put-in")).click()
        expect(page.get_by_role("heading", name=say("example.heading-in"))).to_be_visible(timeout=90_000)
        expect(page.get_by_label(say("page.municipality"), exact=True)).to_have_value(HERE)
    page.close()
    assert visit.problems == []


@pytest.mark.parametrize("language", LOCALES)
def test_2_question_is_answered_and_a_citation_opens_its_source(
    visit: Visit, contexts: dict[str, BrowserContext], language: str
) -> None:
    say = words(language)
    page = visit.page(contexts[language])
    page.get_by_label(say("ask.question-label")).fill(QUESTIONS[language])
    page.get_by_role("button", name=say("ask.send"), exact=True).click()
    expect(page.locator(".turn .made").first).to_be_visible(timeout=90_000)
    expect(page.locator(".turn .answer")).to_contain_text("681/2023")
    page.locator(".turn a.mark").first.click()
    card = page.locator(".card.shown")
    expect(card.locator("mark")).to_be_visible()
    expect(card).to_contain_text(say("answer.kind.law"))
    quote = card.locator("mark").inner_text()
    card.get_by_role("button", name=say("answer.look-up")).click()
    expect(page.locator("#reading mark")).to_have_text(quote)
    expect(page.locator("#reading [tabindex]")).to_be_focused()
    if language == "fi":
        open_tab(page, "ask", language)
        page.locator(".foreign button").click()
        expect(page.locator("#fetch")).to_be_focused()
        open_tab(page, "ask", language)
        card.get_by_role("button", name=say("answer.look-up")).click()  # a second time, from the list
        expect(page.locator("#reading mark")).to_have_text(quote)
    page.close()
    assert visit.problems == []


@pytest.mark.parametrize("language", LOCALES)
def test_3_section_is_drafted_from_the_outline(
    visit: Visit, contexts: dict[str, BrowserContext], language: str
) -> None:
    page = visit.page(contexts[language])
    section = {"en": SECTION, "fi": "basis", "sv": "cooperation-and-responsibilities"}[language]
    open_tab(page, "draft", language)
    page.locator(f"#draft-open-{section}").click()
    page.locator("#draft-do-draft").click()
    expect(page.locator(".editor .unit").first).to_be_visible(timeout=60_000)
    expect(page.locator(f"#draft-open-{section}")).to_contain_text(words(language)("plans.section." + section))
    page.close()
    assert visit.problems == []


def test_4_statement_is_accepted_and_an_open_point_filled(visit: Visit, page: Page) -> None:
    open_tab(page, "draft")
    page.locator(f"#draft-open-{SECTION}").click()
    units = page.locator(".editor .unit")
    first = page.locator(f"#{units.nth(0).get_attribute('id')}")
    first.get_by_role("button", name="Accept").click()
    expect(first.locator(".unit-state")).to_have_text("Accepted")
    page.locator("#draft-open-basis").click()
    expect(page.locator(".editor[data-section=basis]")).to_be_visible()
    gap = page.locator(".editor [data-do='fill']").first
    place = page.locator(f"#{gap.get_attribute('id')}")
    box = page.locator(f"#{(gap.get_attribute('id') or '').removesuffix('-do')}")
    box.fill(OWN_WORDS)
    place.click()
    expect(page.locator(".editor")).to_contain_text(OWN_WORDS)
    kept = visit.assistant.planning.workbook.draft(HERE, DEFAULT, "basis")
    assert kept is not None
    assert OWN_WORDS in str(kept.draft)


def test_5_answer_is_put_into_the_draft(visit: Visit, page: Page) -> None:
    page.get_by_label(SAY("ask.question-label")).fill("What does the law mean by good relations?")
    page.get_by_role("button", name=SAY("ask.send"), exact=True).click()
    expect(page.locator(".turn .made").last).to_be_visible(timeout=60_000)
    turn = page.locator(".turn").last
    turn.locator("button[data-do='choose']").click()
    page.locator(".turn select").last.select_option(SECTION)
    page.locator(".turn button[data-do='put']").last.click()
    expect(page.locator(".turn").last).to_contain_text("Added at the end of the section", timeout=60_000)
    kept = visit.assistant.planning.workbook.draft(HERE, DEFAULT, SECTION)
    assert kept is not None
    assert kept.number >= 3


def test_6_checklist_is_answered_and_an_item_settled_by_a_person(page: Page) -> None:
    open_tab(page, "checklist")
    page.locator("#checklist-answer").click()
    rows = page.locator("#checklist-list tbody tr")
    expect(rows.first).to_be_visible(timeout=60_000)
    assert rows.count() >= 40


def test_7_figures_show_as_plots_and_go_into_the_plan(visit: Visit, page: Page) -> None:
    open_tab(page, "situation")
    expect(page.get_by_role("img").first).to_be_visible(timeout=60_000)
    page.locator("#insert").click()
    expect(page.locator("#situation-insert-result")).to_contain_text("drafted with these figures", timeout=60_000)
    kept = visit.assistant.planning.workbook.draft(HERE, DEFAULT, "situation-picture")
    assert kept is not None
    assert kept.draft.plots


def test_8_plan_as_drafted_is_reviewed_and_checked_for_copying(page: Page) -> None:
    open_tab(page, "review")
    page.locator("#review-way label").last.click()
    page.locator("#review-check").click()
    expect(page.locator("#review-found")).to_contain_text("Copying", timeout=120_000)
    expect(page.locator("#review-found mark, #review-found [id^=place-]").first).to_be_visible()


def test_9_document_is_added_and_answers_at_once(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "decision.md"
    path.write_text("# Decision\n\nThe sauna of Esimerkkilä opens for newcomers on Tuesdays at 17.\n", encoding="utf-8")
    open_tab(page, "sources")
    page.locator("#files input[type=file]").set_input_files(path)
    expect(page.locator("#files")).to_contain_text("decision")
    page.locator("#add-municipality textarea, #add-municipality input").fill(HERE)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#added [role=status]")).to_contain_text("1 added", timeout=60_000)
    open_tab(page, "ask")
    page.get_by_label(SAY("ask.question-label")).fill("When does the sauna of Esimerkkilä open for newcomers?")
    page.get_by_role("button", name=SAY("ask.send"), exact=True).click()
    expect(page.locator(".turn .answer").last).to_contain_text("Tuesdays at 17", timeout=60_000)


def test_10_older_version_is_compared_and_the_plan_exported_as_word(visit: Visit, page: Page, tmp_path: Path) -> None:
    open_tab(page, "draft")
    page.locator(f"#draft-open-{SECTION}").click()
    page.locator("#draft-versions summary").first.click()
    page.locator("#draft-compare").click()
    expect(page.locator("#draft-versions ins, #draft-versions del").first).to_be_visible(timeout=30_000)
    page.get_by_label(SAY("draft.export-what"), exact=True).click()
    page.get_by_role("option", name=SAY("draft.export-plan")).click()
    with page.expect_download(timeout=120_000) as download:
        page.locator("#draft-export").click()
    path = tmp_path / "plan.docx"
    download.value.save_as(path)
    text = "\n".join(p.text for p in Document(str(path)).paragraphs)
    assert HERE in text
    assert "Good relations between population groups" in text
    assert OWN_WORDS in text
