"""The tab of the checklists: what it shows, what a person may say, and that nothing typed or kept is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from plan_cases import HERE, MALLIKYLA, OTHER, PROGRAMME, add, copy_of_made, made_with, open_assistant
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import HOSTILE, Tags, citation

from assistant.assistant import Assistant
from assistant.checklist import Item, checklists
from assistant.export._text import counts
from assistant.settings import Settings
from assistant.types import Currency, ItemAnswer, ItemStatus
from assistant.web.checklist import _quote, build_checklist
from assistant.web.pieces import moment
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

ITEM = "plan-1.1"  # which the documents of Mallikylä show
OPEN = "plan-1.6"  # which they do not

made = made_with(*MALLIKYLA, then=lambda opened: opened.checklist("plan"))
assistant = pytest.fixture(copy_of_made)


@dataclass
class Opened:
    """The tab over a small workspace, as functions by name."""

    assistant: Assistant
    call: dict[str, Callable[..., Any]]

    def show(self, status: str = "", search: str = "", checklist: str = "plan", municipality: str = HERE) -> str:
        """Everything that the tab shows."""
        result, summary, _, listing = self.call["show"](municipality, checklist, status, search)
        return f"{result}{summary}{listing}"

    def answer(self, municipality: str = HERE) -> list[tuple[Any, ...]]:
        """Press the button."""
        return list(self.call["answer"](municipality, "", "plan", "", ""))

    def say(self, **given: str) -> str:
        """Send what a person says of an item."""
        event = gr.EventData(None, given)
        return str(self.call["override"](HERE, "plan", "", "", event)[2])


def _opened(assistant: Assistant, language: str = "en") -> Opened:
    return Opened(assistant, callbacks(build_checklist, assistant, language))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Opened]:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        yield _opened(assistant)


@pytest.fixture
def filled(assistant: Assistant) -> Opened:
    return _opened(assistant)


def _unanswered(item: Item) -> ItemAnswer:
    return ItemAnswer(
        item.id, item.text, ItemStatus.NO_EVIDENCE, (), item.next_step, item.group, item.law, item.law_note,
        section=item.section,
    )  # fmt: skip


def _row(html: str, item: str) -> str:
    """The row of an item."""
    return next(row for row in html.split("<tr ")[1:] if f"data-item='{item}'" in row)


def test_without_documents_it_says_which_to_add_and_where(empty: Opened) -> None:
    text = Tags(empty.show(municipality="")).text
    assert "Not answered yet" in text
    assert "in the tab Sources" in text
    assert "municipal strategy" in text


def test_with_documents_it_says_how_to_begin(filled: Opened) -> None:
    assert "Documents of your own that are in Sources: 2." in filled.show(checklist="service-package")


def test_kept_answer_is_shown_at_once_with_its_evidence(filled: Opened) -> None:
    shown = filled.show()
    Tags(shown)  # all is closed
    row = _row(shown, ITEM)
    assert "✓" in row
    assert "Shown" in row
    assert "Aino Esimerkki" in row
    assert "Municipal work on integration in Mallikylä, Coordination" in row
    assert "Belongs to the section “Cooperation and responsibilities”" in row
    assert "Answered on" in shown
    assert "never says that a thing was not done" in shown
    assert "41 of 41 points are listed." in shown


def test_answering_says_how_much_there_is_to_do_and_that_the_answer_is_kept(filled: Opened) -> None:
    first, last = filled.answer()
    assert "41 points" in first[0]
    assert first[-1].interactive is False
    assert "answered and kept" in last[0]
    assert last[-1].interactive is True


def test_answering_without_documents_is_told_in_words_and_the_button_comes_back(empty: Opened) -> None:
    last = empty.answer("")[-1]
    assert "role='alert'" in last[0]
    assert "no document" in last[0]
    assert last[-1].interactive is True


def test_unforeseen_error_is_logged_and_told_without_its_details(
    filled: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(filled.assistant.planning, "checklist", crash)
    last = filled.answer()[-1]
    assert "has been logged" in last[0]
    assert "secret" not in last[0]
    assert "secret detail" in caplog.text


def test_of_several_municipalities_one_must_be_chosen(filled: Opened, tmp_path: Path) -> None:
    add(filled.assistant, tmp_path / "more", [("n.md", PROGRAMME[1], "own", OTHER)])
    assert "Name one of them" in filled.answer("")[-1][0]
    assert "Not answered yet" in filled.show(municipality=OTHER)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"status": "met", "note": " ", "who": "Coordinator"}, "Write what the status rests on"),
        ({"status": "met", "note": "Board 12 May", "who": ""}, "Write your name or role"),
        ({"status": "met", "note": "", "who": ""}, "such as a decision and its date, and your name or role"),
        ({"status": "", "note": "", "who": ""}, "Write your name or role"),
        ({"status": "", "note": "", "who": "Coordinator"}, "nothing to clear"),
        ({"status": "splendid", "note": "n", "who": "Coordinator"}, "is not known"),
    ],
)
def test_incomplete_word_of_a_person_is_told_in_its_row_and_nothing_is_saved(
    filled: Opened, given: dict[str, str], told: str
) -> None:
    row = _row(filled.say(item=OPEN, **given), OPEN)
    assert "role='alert'" in row
    assert told in row
    assert "data-said" not in row
    assert filled.assistant.planning.workbook.override_history(HERE, "plan", OPEN) == []


def test_unknown_item_is_refused(filled: Opened) -> None:
    filled.say(item="plan-99", status="met", note="n", who="w")
    assert filled.assistant.planning.workbook.overrides(HERE, "plan") == {}


def test_word_of_a_person_stands_beside_what_the_documents_show(filled: Opened) -> None:
    row = _row(filled.say(item=OPEN, status="met", note="Board 12 May 2026, section 4", who="Coordinator"), OPEN)
    assert "data-said" in row
    assert "Saved." in row
    assert row.index("A person says") < row.index("Board 12 May") < row.index("In the documents")
    assert "No evidence found" in row[row.index("In the documents") :]
    filled.answer()
    assert "Board 12 May" in _row(filled.show(), OPEN)
    assert "Settled by a person: 1" in filled.show()


def test_what_was_taken_back_stays_in_the_history(filled: Opened) -> None:
    filled.say(item=OPEN, status="partly", note="Board 12 May", who="Coordinator")
    row = _row(filled.say(item=OPEN, status="", note="", who="Director"), OPEN)
    assert "A person says" not in row
    history = row[row.index("class='history'") :]
    assert history.index("Director") < history.index("Board 12 May")


def test_row_stays_in_sight_though_the_filter_no_longer_fits_it(filled: Opened) -> None:
    event = gr.EventData(None, {"item": OPEN, "status": "met", "note": "n", "who": "w"})
    listing = filled.call["override"](HERE, "plan", ItemStatus.NO_EVIDENCE.value, "", event)[2]
    assert "Saved." in _row(listing, OPEN)
    assert f"data-item='{OPEN}'" not in filled.show(ItemStatus.NO_EVIDENCE.value)


def test_filters_go_by_status_by_person_and_by_words(filled: Opened) -> None:
    answer = filled.assistant.planning.workbook.checklist(HERE, "plan")
    assert answer is not None
    for status in ItemStatus:
        expected = sum(item.status is status for item in answer[1].items)
        assert filled.show(status.value).count("<tr role='row' class=") == expected > 0
    assert "No point fits" in filled.show("by-a-person")
    filled.say(item=OPEN, status="met", note="n", who="w")
    assert filled.show("by-a-person").count("data-item=") == 1
    assert f"data-item='{ITEM}'" in filled.show(search="AINO convenes")
    assert f"data-item='{OPEN}'" not in filled.show(search="AINO convenes")


def test_hostile_text_stays_text(filled: Opened) -> None:
    shown = filled.say(item=OPEN, status="met", note=HOSTILE, who=HOSTILE[:90])
    tags = Tags(shown)
    assert not {"script", "img"} & {name for name, _ in tags.tags}
    assert "<script>alert(1)</script>" in tags.text


@pytest.mark.parametrize("suffix", ["docx", "csv"])
def test_export_holds_the_word_of_a_person_as_it_is_now(filled: Opened, suffix: str) -> None:
    filled.say(item=OPEN, status="met", note="Board 12 May", who="Coordinator")
    file, told = filled.call["write"](HERE, "plan", suffix)
    assert "ready" in told
    path = Path(file.value["path"] if isinstance(file.value, dict) else file.value)
    assert path.name == f"mallikylä-checklist-plan.{suffix}"
    if suffix == "csv":
        assert "Board 12 May" in path.read_text(encoding="utf-8-sig")


def test_page_and_file_count_the_same(filled: Opened, tmp_path: Path) -> None:
    filled.say(item=OPEN, status="met", note="Board 12 May", who="Coordinator")
    kept = filled.assistant.planning.workbook.checklist(HERE, "plan")
    assert kept is not None
    given = filled.assistant.planning.workbook.overrides(HERE, "plan")
    answer = replace(kept[1], items=tuple(replace(i, override=given.get(i.id)) for i in kept[1].items))
    page = filled.show()
    for label, count in counts(answer, words("en"))[: len(ItemStatus)]:
        assert f"{label}: {count}<" in page


def test_quote_of_our_own_summary_says_so() -> None:
    say = words("en")
    assert say("answer.digest") in _quote(say, replace(citation(1), digest=True), "en")
    assert say("answer.digest") not in _quote(say, replace(citation(1), digest=False), "fi")


def test_age_without_a_day_has_no_space_before_its_colon() -> None:
    old = replace(citation(1), currency=Currency.OUTDATED)
    assert "Föråldrad: skriven" in _quote(words("sv"), old, "fi")


def test_times_are_those_of_finland_and_say_so() -> None:
    assert moment(words("fi"), "2026-07-01T21:30:00+00:00") == {"date": "2.7.2026", "time": "00.30 (Suomen aikaa)"}
    assert moment(words("en"), "2026-12-01T10:05:00Z")["time"] == "12:05 (Finnish time)"


def test_there_is_nothing_to_export_before_an_answer(empty: Opened) -> None:
    assert "role='alert'" in empty.call["write"]("", "plan", "csv")[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_checklist_is_shown_in_every_language(filled: Opened, language: str) -> None:
    tab = _opened(filled.assistant, language)
    kept = filled.assistant.planning.workbook.checklist(HERE, "plan")
    assert kept is not None
    for name, checklist in checklists().items():
        items = tuple(_unanswered(item) for item in checklist.items)
        answer = replace(kept[1], checklist=name, items=kept[1].items if name == "plan" else items)
        filled.assistant.planning.workbook.save_checklist(answer)
        tags = Tags(tab.show(checklist=name))
        rows = [attributes for tag, attributes in tags.tags if tag == "form"]
        assert len(rows) == len(checklist.items)
        ids = [attributes["id"] for _, attributes in tags.tags if attributes.get("id")]
        assert len(ids) == len(set(ids))


# In the browser.


@pytest.fixture
def address(filled: Opened) -> Iterator[str]:
    with served(filled.assistant, Settings(corpus="none")) as at:
        yield at


@in_a_browser
def test_rows_are_worked_through_by_keyboard_and_nothing_typed_is_lost(address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB", accept_downloads=True)
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        page.get_by_role("tab", name="Checklist").click()
        own = page.locator(f"details[data-key='{OPEN}:own']")
        own.locator("summary").press("Enter")
        note = own.get_by_label("What it rests on")
        note.fill("Board 12 May")
        # Another filter puts other rows in its place and back again.
        page.get_by_role("radio", name="Shown", exact=True).check()
        expect(own).to_have_count(0)
        assert set(page.locator("#checklist-list textarea").evaluate_all("all => all.map(one => one.value)")) == {""}
        page.get_by_role("radio", name="All", exact=True).check()
        expect(note).to_be_visible()
        expect(note).to_have_value("Board 12 May")
        own.get_by_label("Status").select_option("met")
        own.get_by_role("button", name="Save").press("Enter")
        expect(own.get_by_role("alert")).to_contain_text("Write your name")
        expect(note).to_have_value("Board 12 May")
        own.get_by_label("Your name").fill("Coordinator")
        own.get_by_label("Your name").press("Enter")
        expect(own.get_by_role("status")).to_contain_text("Saved.")
        expect(own.locator("summary")).to_be_focused()
        expect(note).to_have_value("")
        row = page.locator("tr", has=own)
        expect(row).to_contain_text("Board 12 May")
        page.get_by_label("Find words").fill("aino")
        expect(page.locator("#checklist-list tbody tr")).not_to_have_count(41)
        with page.expect_download() as download:
            page.get_by_role("button", name="Word file").click()
        assert download.value.suggested_filename == "mallikylä-checklist-plan.docx"
        with page.expect_download() as download:
            page.get_by_role("button", name="Excel file").click()
        assert "Board 12 May" in download.value.path().read_text(encoding="utf-8-sig")
        for width, theme in ((1280, "light"), (375, "dark")):
            page.set_viewport_size({"width": 1280, "height": 900})  # a phone has the tab in a menu
            page.goto(f"{address}?__theme={theme}")
            page.get_by_role("tab", name="Checklist").click()
            own.locator("summary").click()
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page, "#tab-checklist") == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert problems == []
