"""The example municipality: it goes in whole, shows what there is to see, and leaves nothing behind."""

from __future__ import annotations

import html
import sqlite3
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from plan_cases import HERE, MALLIKYLA, add, open_assistant
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served

from assistant import example
from assistant.assistant import Assistant
from assistant.conversations import Asked
from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT
from assistant.types import BlockRole, ItemStatus, as_json
from assistant.web.first_visit import build_first_visit
from assistant.web.page import Page
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

FOLDER = PROJECT_ROOT / "corpus" / "example"


def _kept(assistant: Assistant) -> dict[str, Any]:
    """Everything that a workspace holds, the moments of saving aside."""
    with sqlite3.connect(assistant.workspace / "workbook.sqlite") as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    with sqlite3.connect(assistant.workspace / "kotoapuri.sqlite") as connection:
        for table in ("sources", "passages"):
            columns = "source_id, title" if table == "sources" else "id, text"
            rows[table] = connection.execute(f"SELECT {columns} FROM {table} ORDER BY 1").fetchall()
    return {**rows, "sources now": as_json(assistant.sources()), "known": assistant.municipalities.known()}


def test_workspace_is_as_before_once_the_example_is_out(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        add(assistant, tmp_path / "files", MALLIKYLA)
        assistant.municipalities.tell(HERE, population=9_700)
        assistant.planning.draft("good-relations", municipality=HERE, who="Aino")
        before = _kept(assistant)
        example.put_in(assistant)
        name = example.name()
        assistant.planning.draft("good-relations", municipality=name, who="Aino")
        assistant.municipalities.add_figure(name, name="Residents", value="1", date="2025", source="made up")
        assistant.checklist("plan", municipality=name)
        for municipality in (name, HERE):  # the second question of the same conversation, another one chosen
            assistant.planning.workbook.keep_asked("talk", Asked("Who?"), municipality=municipality)
        assistant.planning.override("plan", "plan-1.1", "met", municipality=name, note="Seen.", who="Aino")
        assert _kept(assistant) != before
        assert name in assistant.municipalities.known()
        example.take_out(assistant)
        assert _kept(assistant) == before
        assert not example.is_in(assistant)


def test_new_workspace_is_new_until_something_is_there(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        assert example.is_new(assistant)
        assert not example.is_in(assistant)
        example.put_in(assistant)
        assert not example.is_new(assistant)
        assert example.is_in(assistant)
        example.take_out(assistant)
        assert example.is_new(assistant)
        add(assistant, tmp_path / "files", MALLIKYLA)
        assert not example.is_new(assistant)


def test_example_that_went_in_halfway_comes_out_and_goes_in_again(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:

        def stop(done: int, total: int, title: str) -> None:
            if done == 2:
                raise AssistantError("stopped")

        with pytest.raises(AssistantError, match="stopped"):
            example.put_in(assistant, progress=stop)
        assert example.is_in(assistant)
        example.put_in(assistant)
        n = len(assistant.sources())
        example.put_in(assistant)
        assert len(assistant.sources()) == n == 5
        assert len(assistant.municipalities.tables()) == 1
        example.take_out(assistant)
        assert assistant.sources() == []


def test_documents_of_others_with_such_a_title_stay(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        example.put_in(assistant)
        theirs = assistant.add(
            [FOLDER / "memo.md"], kind="own", municipality=HERE, title="Memo of our own"
        ).files[0].source_id  # fmt: skip
        example.take_out(assistant)
        assert [source.source_id for source in assistant.sources()] == [theirs]


def _first_visit(page: Page, tab: gr.Tab) -> None:
    build_first_visit(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_question_before_it_is_taken_out_reads_well_with_nothing_to_count(tmp_path: Path, language: str) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        asked = callbacks(_first_visit, assistant, language)["ask"]()[1]
        assert html.unescape(asked) == f"<p role='status'>{words(language)('example.take-out-asks-rest')}</p>"


@in_a_browser
def test_question_whether_to_take_it_out_is_gone_for_another_municipality(tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        example.put_in(assistant)
        assistant.municipalities.tell(HERE, population=9_700)
        with served(assistant) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page: Any = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
            page.goto(address)
            box = page.locator("#first-visit")
            box.get_by_role("button", name="Remove the example").click()
            expect(box.locator("#example-ask")).to_contain_text("This removes Esimerkkilä")
            chosen = page.get_by_label("Municipality", exact=True)
            chosen.fill(HERE)
            chosen.press("Enter")
            expect(chosen).to_have_value(HERE)
            expect(box.get_by_role("button", name="Remove the example")).to_be_visible()
            expect(box.locator("#example-ask")).to_be_hidden()
            browser.close()


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_assistant(tmp_path_factory.mktemp("example") / "workspace") as assistant:
        example.put_in(assistant)
        yield assistant


def test_section_on_good_relations_is_worth_seeing(tried: Assistant) -> None:
    draft = tried.draft("good-relations", municipality=example.name())
    said = " ".join(s.text for block in draft.blocks if block.role is BlockRole.OWN for s in block.statements)
    assert "have been calm in Esimerkkilä" in said
    rows = [row for block in draft.blocks for row in block.rows]
    assert "Neighbours' evenings in Keksikylä and Kuvitteenmäki" in [cell.text for row in rows for cell in row]
    assert draft.copying is not None
    assert draft.copying.share > 0  # a sentence of the memo was carried over from Naapurila


def test_situation_picture_has_its_plots(tried: Assistant) -> None:
    picture = tried.planning.situation(example.name())
    assert len(picture.plots) == 2
    assert "864" in picture.plots[0].title


def test_checklist_has_items_of_each_status(tried: Assistant) -> None:
    answer = tried.checklist("plan", municipality=example.name())
    assert {item.status for item in answer.items} == set(ItemStatus)


def test_example_says_that_it_is_made_up() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "made up" in text or "keksitty" in text, path.name
