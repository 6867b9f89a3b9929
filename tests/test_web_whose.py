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
from assistant.errors import WorkspaceBusy, WorkspaceError
from assistant.plan import DEFAULT
from assistant.types import Holding
from assistant.web.page import Page
from assistant.web.whose import build_whose, held_words
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
    assert "1 drafted section, 1 document, 1 figure." in line
    assert button.value == "Move to Mallikylä"
    told = call["moved"](HERE, 0)
    assert "Moved to Mallikylä, with every version: 1 drafted section, 1 document, 1 figure." in told[0]
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


def test_move_that_stops_between_its_halves_tells_what_moved_and_goes_on_when_pressed_again(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = callbacks(_whose, assistant)
    call["added"](HERE)

    def full(*_: object) -> None:
        raise WorkspaceError("Nothing was changed in the workspace /x: disk full. Check that the disk has free space.")

    with monkeypatch.context() as patched:
        patched.setattr(assistant._store, "describe", full)
        told = call["moved"](HERE, 0)
    assert "role='alert'" in told[0]
    assert "Moved to Mallikylä, with every version: 1 drafted section, 1 figure. Not moved yet: 1 document." in told[0]
    assert "disk full" in told[0]
    assert told[1].visible is True
    assert "chosen: 1 document." in told[2]
    assert told[-1] == 1  # the tabs show what has moved
    assert len(assistant.planning.workbook.versions(HERE, DEFAULT, SECTION)) == 2
    assert [source.municipality for source in assistant.sources()] == [None]
    told = call["moved"](HERE, 1)
    assert "Moved to Mallikylä, with every version: 1 document." in told[0]
    assert told[1].visible is False
    assert [source.municipality for source in assistant.sources()] == [HERE]


def test_failure_after_everything_has_moved_says_so(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    call = callbacks(_whose, assistant)
    call["added"](HERE)

    def crash() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(assistant._comparisons, "prepare", crash)
    told = call["moved"](HERE, 0)
    assert "Moved to Mallikylä, with every version: 1 drafted section, 1 document, 1 figure." in told[0]
    assert SAY("page.unnamed-fault") in told[0]
    assert "Nothing was changed" not in told[0]
    assert told[1].visible is False
    assert told[-1] == 1


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 drafted section, 1 document, 1 figure, 1 table of figures, 1 checklist",
         "3 drafted sections, 2 documents, 4 figures, 5 tables of figures, 2 checklists"),
        ("fi", "1 luonnosteltu luku, 1 asiakirja, 1 lukutieto, 1 tilastotaulukko, 1 tarkistuslista",
         "3 luonnosteltua lukua, 2 asiakirjaa, 4 lukutietoa, 5 tilastotaulukkoa, 2 tarkistuslistaa"),
        ("sv", "1 avsnitt med utkast, 1 dokument, 1 sifferuppgift, 1 statistiktabell, 1 checklista",
         "3 avsnitt med utkast, 2 dokument, 4 sifferuppgifter, 5 statistiktabeller, 2 checklistor"),
    ],
)  # fmt: skip
def test_what_is_held_reads_as_a_sentence(language: str, one: str, many: str) -> None:
    say, section = words(language), ("programme", "housing")
    assert held_words(say, Holding((section,), ("plan",), 1, 1, ("a",))) == one
    assert held_words(say, Holding((section,) * 3, ("plan",) * 2, 4, 5, ("a", "b"))) == many
    assert held_words(say, Holding()) == ""


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
