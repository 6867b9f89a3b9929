"""The tab of the situation picture: files and typed figures, what they show, and into the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from plan_cases import open_assistant
from situation_cases import HERE, OTHER, ages_xlsx, moves_csv, origins_json, px_csv, write
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import HOSTILE, Tags

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.situation.indicators import mapping
from assistant.types import Series, SituationTable
from assistant.web.situation import MAX_FILES, SECTION, build_situation
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas


@dataclass
class Opened:
    """The tab over a small workspace, as functions by name."""

    assistant: Assistant
    call: dict[str, Callable[..., Any]]

    def show(self, municipality: str = HERE) -> str:
        """The lists and the picture."""
        shown = self.call["show"](municipality)
        return "".join(part for part in shown if isinstance(part, str))

    def add(self, *paths: Path, municipality: str = HERE, **origin: str) -> tuple[Any, ...]:
        """What is shown when files have been read."""
        given = [origin.get(name, "") for name in ("source", "table", "url", "date")]
        *_, last = self.call["add"]([str(path) for path in paths], *given, municipality)
        return tuple(last)

    def figure(self, **given: str) -> tuple[Any, ...]:
        """What is shown when a figure was typed."""
        values = [given.get(name, "") for name in ("name", "value", "date", "source", "note")]
        return tuple(self.call["add_figure"](HERE, *values))

    def insert(self) -> str:
        """What is said when the picture was put into the plan."""
        *_, last = self.call["insert"](HERE)
        return str(last[0])


def _opened(assistant: Assistant, language: str = "en") -> Opened:
    return Opened(assistant, callbacks(build_situation, assistant, language))


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Opened]:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        assistant.municipalities.tell(HERE, population=21_920)
        yield _opened(assistant)


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    return write(tmp_path / "11rm.csv", px_csv())


def test_without_figures_it_says_where_to_get_them(tab: Opened) -> None:
    text = Tags(tab.show()).text
    assert "StatFin 11rm" in text
    assert "Add the file here" in text
    assert "No table has been added yet." in text
    assert tab.call["show"](HERE)[-1].visible is False


def test_good_files_are_kept_and_each_bad_one_is_told_in_a_line(tab: Opened, csv: Path, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", "nothing;here\nat;all\n")
    foreign = write(tmp_path / "far.csv", px_csv(municipality=OTHER))
    told, left, tables, *_ = tab.add(bad, csv, foreign)
    Tags(told)
    assert "role='alert'" in told
    assert "bad.csv: there are no numbers in it." in told
    assert "far.csv" in told
    assert "not of Esimerkkilä" in told
    assert "Residents: foreign-language residents, by language (6), 2014–2025" in told
    assert "Small groups that are not shown, to protect people: 2" in told
    assert [table.file for table in tab.assistant.municipalities.tables(HERE)] == ["11rm.csv"]
    assert "table 11rm" in tables
    assert left is None
    assert not csv.exists()  # an upload is not kept twice


def test_progress_names_each_file(tab: Opened, csv: Path, tmp_path: Path) -> None:
    moves = write(tmp_path / "11a2.csv", moves_csv())
    steps = [step[0] for step in tab.call["add"]([str(csv), str(moves)], "", "", "", "", HERE)]
    assert "Reading 11rm.csv (1 of 2)" in steps[0]
    assert "Reading 11a2.csv (2 of 2)" in steps[1]
    assert "11rm.csv</b>" in steps[1]


@pytest.mark.parametrize(
    ("count", "origin", "told"),
    [
        (0, {}, "Choose one or more files"),
        (MAX_FILES + 1, {}, f"at most {MAX_FILES}"),
        (2, {"table": "11rm"}, "goes with one file"),
        (1, {"url": "ftp://x"}, "no web address"),
        (1, {"date": "2026-13-01"}, "is no day"),
        (1, {"municipality": "Keksilä"}, "Nothing of Keksilä"),
    ],
)
def test_what_cannot_be_is_told_and_the_files_stay(
    tab: Opened, tmp_path: Path, count: int, origin: dict[str, str], told: str
) -> None:
    paths = [write(tmp_path / f"{n}.csv", px_csv()) for n in range(count)]
    shown, left, *_ = tab.add(*paths, **origin)
    assert "role='alert'" in shown
    assert told in shown
    assert tab.assistant.municipalities.tables(HERE) == []
    assert all(path.exists() for path in paths)
    assert left is not None


def test_unknown_source_is_told_once_and_can_be_given_beside_the_table(tab: Opened, tmp_path: Path) -> None:
    said, _, tables, _, picture, *_ = tab.add(ages_xlsx(tmp_path / "ages.xlsx", source=False))
    assert f"{said}{tables}{picture}".count("The source is not known") == 1
    assert "no known source" not in picture
    assert "<img" not in tab.show()
    (number,) = (a["data-table"] for name, a in Tags(tables).tags if name == "form")
    event = gr.EventData(None, {"number": number, "source": " ", "table": "", "url": "", "date": ""})
    assert "Say who publishes the figures" in tab.call["tell_source"](HERE, event)[0]
    event = gr.EventData(None, {"number": number, "source": "Statistics Finland", "table": "11rt"})
    assert "The source was saved" in tab.call["tell_source"](HERE, event)[0]
    assert "Statistics Finland, table 11rt" in tab.show()
    assert "<img" in tab.show()
    assert len(tab.assistant.municipalities.tables(HERE)) == 1


def test_one_file_that_cannot_be_read_is_told_of_one(tab: Opened, csv: Path, tmp_path: Path) -> None:
    told, *_ = tab.add(write(tmp_path / "bad.csv", "nothing;here\nat;all\n"))
    assert "nothing was kept" in told
    assert "the others" not in told
    told, *_ = tab.add(csv)
    assert "The file was read." in told


@pytest.mark.parametrize(("language", "caption"), [("fi", "Lähde: Tilastokeskus"), ("sv", "Källa: Tilastokeskus")])
def test_picture_and_what_is_inserted_are_in_the_language_of_the_page(
    tab: Opened, csv: Path, language: str, caption: str
) -> None:
    page = _opened(tab.assistant, language)
    page.add(csv)
    shown = Tags(page.show()).text
    assert caption in shown
    assert "Source:" not in shown
    assert "At the end of" not in shown
    page.insert()
    version = tab.assistant.planning.workbook.draft(HERE, "plan", SECTION)
    assert version is not None
    assert "At the end of" not in str(version.draft)
    assert caption in str(version.draft.plots)


def test_picture_has_its_plots_in_words_and_every_sentence_its_source(tab: Opened, csv: Path) -> None:
    *_, button, _, _ = tab.add(csv)
    assert button.visible is True
    tags = Tags(tab.show())
    images = [attributes for name, attributes in tags.tags if name == "img"]
    assert len(images) == 2
    assert all((image["src"] or "").startswith("data:image/svg+xml;base64,") for image in images)
    assert all((image["alt"] or "").startswith(("Line chart.", "Bar chart.")) for image in images)
    assert "Source: Tilastokeskus, väestörakenne" in tags.text
    targets = {attributes["id"] for _, attributes in tags.tags if attributes.get("id")}
    marks = [attributes["href"] or "" for _, attributes in tags.tags if attributes.get("class") == "mark"]
    assert marks
    assert {mark.removeprefix("#") for mark in marks} <= targets
    assert "Not supported" not in tags.text


def test_removed_table_is_gone_from_list_and_picture(tab: Opened, csv: Path) -> None:
    tab.add(csv)
    number = tab.assistant.municipalities.tables(HERE)[0].id
    tables, _, picture, button, *_ = tab.call["remove_table"](HERE, gr.EventData(None, {"number": str(number)}))
    assert "The table was removed" in tables
    assert "There are no figures yet" in picture
    assert button.visible is False


@pytest.mark.parametrize("number", ["99", "-1", "x", "9" * 30, "", "<b>"])
def test_number_that_nothing_has_is_told_in_words(tab: Opened, csv: Path, number: str) -> None:
    tab.add(csv)
    event = gr.EventData(None, {"number": number})
    assert "role='alert'" in tab.call["remove_table"](HERE, event)[0]
    assert "role='alert'" in tab.call["remove_figure"](HERE, event)[1]
    assert len(tab.assistant.municipalities.tables(HERE)) == 1


@pytest.mark.parametrize("missing", ["name", "value", "date", "source"])
def test_incomplete_figure_is_told_and_what_was_typed_stays(tab: Opened, missing: str) -> None:
    given = {"name": "Pupils", "value": "34", "date": "2026", "source": "School register"}
    told, _, *fields = tab.figure(**(given | {missing: ""}))
    assert "role='alert'" in told
    assert all(isinstance(field, dict) for field in fields)  # left as they are
    assert tab.assistant.municipalities.figures(HERE) == []


def test_typed_figure_is_listed_with_its_source_and_removed(tab: Opened) -> None:
    told, listed, *fields = tab.figure(name=HOSTILE, value="34", date="2026-09", source="School register", note="n")
    assert "was added" in told
    assert fields == [""] * 5
    tags = Tags(listed)
    assert "September 2026 · School register" in tags.text
    assert not {"script", "img"} & {name for name, _ in tags.tags}
    number = tab.assistant.municipalities.figures(HERE)[0].id
    listed = tab.call["remove_figure"](HERE, gr.EventData(None, {"number": str(number)}))[1]
    assert "The figure was removed" in listed
    assert "No figure has been typed yet" in listed


def test_picture_goes_into_the_plan_and_again_beside_what_was_there(tab: Opened, csv: Path) -> None:
    tab.add(csv)
    assert "The section “Situation picture” was drafted" in tab.insert()
    first = tab.assistant.kept_drafts.versions(SECTION, municipality=HERE)[-1]
    assert first.draft.plots
    tab.assistant.planning.draft(SECTION, municipality=HERE, notes="Families moved here.", who="somebody")
    assert "as version 3. Version 2 is kept" in tab.insert()
    last = tab.assistant.kept_drafts.versions(SECTION, municipality=HERE)[-1]
    assert last.draft.notes == "Families moved here."
    assert last.beside == ()


@pytest.mark.parametrize(
    "place", ["planning.situation", "municipalities.tables", "planning.draft", "municipalities.add_tables"]
)
def test_unforeseen_error_is_logged_and_told_without_its_details(
    tab: Opened,
    csv: Path,
    tmp_path: Path,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tab.add(csv)

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    part, method = place.split(".")
    monkeypatch.setattr(getattr(tab.assistant, part), method, crash)
    shown = tab.show() + tab.insert() + str(tab.add(write(tmp_path / "again.csv", px_csv()))[0])
    assert "has been logged" in shown
    assert "secret" not in shown
    assert "secret detail" in caplog.text


def test_of_several_municipalities_one_must_be_chosen(tab: Opened, csv: Path, tmp_path: Path) -> None:
    tab.add(csv)
    tab.assistant.municipalities.tell(OTHER, population=9_000)
    assert "Name one of them" in tab.show("")
    assert "Name one of them" in tab.add(write(tmp_path / "b.csv", px_csv()), municipality="")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_table_has_words_in_every_language(tab: Opened, language: str) -> None:
    groups = ["all", *mapping().groups]
    series = [Series(measure, groups[n % len(groups)], by, "", "persons", ())
              for n, measure in enumerate(mapping().measures)
              for by in ("", "age", "sex", "activity", "language", "country")]  # fmt: skip
    say = words(language)
    for one in series:
        assert say.of("situation.measure", one.measure) != one.measure
        assert say.of("situation.group", one.group) != one.group
        assert not one.by or say(f"situation.by.{one.by}", count=1)
    table = SituationTable(0, "a.csv", "", HERE, None, None, None, None, "2026-11-22", ())
    tab.assistant.planning.workbook.add_table(table)
    Tags(_opened(tab.assistant, language).show())


# In the browser.


@pytest.fixture
def address(tab: Opened) -> Iterator[str]:
    with served(tab.assistant, Settings(corpus="none")) as at:
        yield at


@in_a_browser
def test_files_become_plots_and_go_into_the_plan(address: str, tab: Opened, tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    given = [
        write(tmp_path / "11rm.csv", px_csv()), write(tmp_path / "159t.json", origins_json()),
        write(tmp_path / "bad.csv", "nothing;here\nat;all\n"),
    ]  # fmt: skip
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        page.get_by_role("tab", name="Situation").click()
        expect(page.locator("#situation-picture")).to_contain_text("There are no figures yet")
        page.locator("#situation-files input[type=file]").set_input_files(given)
        expect(page.locator("#situation-files")).to_contain_text("bad")
        page.get_by_role("button", name="Read the files").click()
        expect(page.locator("#situation-result [role=alert]")).to_contain_text("Not every file could be read")
        expect(page.locator("#situation-result")).to_contain_text("there are no numbers in it")
        plot = page.get_by_role("img", name="Line chart.").first
        expect(plot).to_be_visible()
        assert plot.evaluate("image => image.complete && image.naturalWidth > 0")
        page.get_by_role("button", name="Insert into the plan").click()
        expect(page.locator("#situation-insert-result")).to_contain_text("was drafted with these figures")
        page.locator("#figure-name textarea, #figure-name input").fill("Pupils")
        page.get_by_role("button", name="Add the figure").click()
        expect(page.locator("#situation-figure-result [role=alert]")).to_be_visible()
        expect(page.locator("#figure-name textarea, #figure-name input")).to_have_value("Pupils")
        page.get_by_role("button", name="Remove: ").last.press("Enter")
        told = page.locator("#situation-tables [data-told]")
        expect(told).to_contain_text("The table was removed.")
        expect(told).to_be_focused()
        for width, theme in ((1280, "light"), (375, "dark")):
            page.set_viewport_size({"width": 1280, "height": 900})  # a phone has the tab in a menu
            page.goto(f"{address}?__theme={theme}")
            page.get_by_role("tab", name="Situation").click()
            expect(plot).to_be_visible()
            page.set_viewport_size({"width": width, "height": 900})
            assert violations(page, "#tab-situation") == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert problems == []
    assert len(tab.assistant.kept_drafts.versions(SECTION, municipality=HERE)) == 1
