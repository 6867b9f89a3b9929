"""What stands below the bar: a municipality is added, and what was made before one was named moves to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from plan_cases import DAY, HERE, MALLIKYLA, OTHER, open_assistant
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import HOSTILE, Tags

from assistant import example
from assistant.assistant import Assistant
from assistant.errors import WorkspaceBusy
from assistant.plan import DEFAULT
from assistant.web.page import Page
from assistant.web.whose import build_whose
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

SAY = words("en")
SECTION = "good-relations"


def _whose(page: Page, tab: gr.Tab) -> None:
    build_whose(page, gr.Button("Add"))


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    """Begun before anybody named a municipality: a document, a figure, a draft in two versions."""
    with open_assistant(tmp_path / "workspace", corpus="none") as opened:
        folder = tmp_path / "files"
        folder.mkdir()
        (folder / "strategy.md").write_text(MALLIKYLA[0][1], encoding="utf-8")
        opened.add([folder / "strategy.md"], kind="own")
        opened.municipalities.add_figure(
            None, name="Residents", value="9,700", date="2025", source="Statistics Finland"
        )
        for _ in range(2):
            opened.planning.redraft(SECTION, as_of=DAY, who="the web app")
        yield opened


def test_drafts_documents_and_figures_move_with_the_named_municipality(assistant: Assistant) -> None:
    call = callbacks(_whose, assistant)
    assert call["show"]("")[0].visible is False
    said = call["added"]("  Mallikylä ")
    assert "Mallikylä is chosen now" in said[0]
    assert said[3] == HERE
    offer, line, button = call["show"](HERE)
    assert offer.visible is True
    assert "drafted sections 1, documents 1, figures 1." in line
    assert button.value == "Move to Mallikylä"
    told = call["moved"](HERE, 0)
    assert "Moved to Mallikylä, with every version: drafted sections 1" in told[0]
    assert told[1].visible is False
    assert told[-1] == 1
    assert [v.number for v in assistant.planning.workbook.versions(HERE, DEFAULT, SECTION)] == [1, 2]
    assert [source.municipality for source in assistant.sources()] == [HERE]
    # What moved goes on as what was made there: the next version follows, and rests on the document.
    version = assistant.planning.redraft(SECTION, municipality=HERE, as_of=DAY, who="the web app")
    assert version.number == 3
    assert version.draft.citations


def test_what_the_municipality_has_of_its_own_stays_and_is_named(assistant: Assistant, tmp_path: Path) -> None:
    call = callbacks(_whose, assistant)
    call["added"](HERE)
    assistant.planning.redraft(SECTION, municipality=HERE, as_of=DAY, who="the web app")
    assistant.add([tmp_path / "files" / "strategy.md"], kind="own", municipality=HERE)
    told = call["moved"](HERE, 0)[0]
    assert "because Mallikylä has its own: Good relations" in told
    assert len(assistant.planning.workbook.versions(None, DEFAULT, SECTION)) == 2
    assert [source.municipality for source in assistant.sources()] == [None, HERE]
    assert call["show"](HERE)[0].visible is False  # nothing is left that could move


def test_nothing_is_offered_to_the_example_which_goes_with_all_it_has(assistant: Assistant) -> None:
    assert callbacks(_whose, assistant)["show"](example.name())[0].visible is False


def test_municipality_that_is_known_is_chosen_and_keeps_what_it_told(assistant: Assistant) -> None:
    assistant.municipalities.tell(HERE, population=9_700)
    call = callbacks(_whose, assistant)
    assert call["added"]("MALLIKYLÄ")[3] == HERE
    profile = assistant.planning.workbook.profile(HERE)
    assert profile is not None
    assert profile.population == 9_700
    call["added"](OTHER)
    assert {HERE, OTHER} <= set(assistant.municipalities.known())
    assert "Give the name" in call["added"]("   ")[0]


def test_move_that_cannot_be_made_is_told_and_nothing_is_moved(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = callbacks(_whose, assistant)
    call["added"](HERE)

    def busy(*_: object) -> None:
        raise WorkspaceBusy("Another process is writing to the workspace /x. Wait until it has ended, then try again.")

    with monkeypatch.context() as patched:
        patched.setattr(assistant, "_writing", busy)
        told = call["moved"](HERE, 0)
    assert "role='alert'" in told[0]
    assert told[1].visible is True
    assert assistant.planning.workbook.versions(HERE, DEFAULT, SECTION) == []
    assert "Moved to" in call["moved"](HERE, 0)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_line_is_there_in_every_language_and_no_name_acts_on_the_page(assistant: Assistant, language: str) -> None:
    call = callbacks(_whose, assistant, language)
    for html in (call["added"](HOSTILE)[0], call["show"](HOSTILE)[1], call["moved"](HOSTILE[:100], 0)[0]):
        assert not {name for name, _ in Tags(html).tags} & {"script", "img", "a"}


@in_a_browser
def test_municipality_is_added_by_keyboard_and_takes_over_what_was_begun(assistant: Assistant) -> None:
    from playwright.sync_api import expect, sync_playwright

    with served(assistant) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page: Any = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(address)
        page.get_by_role("tab", name="Draft", exact=True).click()
        expect(page.locator("#draft-outline")).to_contain_text("1 of 15 sections drafted")
        page.get_by_role("button", name="Add a municipality").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label(SAY("page.municipality-name"))).to_be_focused()
        page.keyboard.type(HERE)
        assert violations(page) == []
        page.keyboard.press("Enter")
        expect(page.get_by_label("Municipality", exact=True)).to_have_value(HERE)
        expect(page.locator("#draft-outline")).to_contain_text("0 of 15 sections drafted")
        assert violations(page) == []
        page.get_by_role("button", name="Move to Mallikylä").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#whose-result [role=status]")).to_contain_text("Moved to Mallikylä")
        expect(page.locator("#whose-result [role=status]")).to_be_focused()
        expect(page.locator("#draft-outline")).to_contain_text("1 of 15 sections drafted")
        expect(page.locator("#how-far")).to_contain_text("1 of 15")
        expect(page.get_by_role("button", name="Move to Mallikylä")).to_be_hidden()
        browser.close()
