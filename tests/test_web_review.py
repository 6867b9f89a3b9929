"""The tab of review and copying: findings in their places, the list beside, the file, and every bad case in words."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from plan_cases import HERE, MALLIKYLA, NAAPURILA, PROGRAMME, SURVEY, copy_of_made, made_with, open_assistant
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import HOSTILE, Tags, citation

from assistant.assistant import Assistant
from assistant.documents import as_document
from assistant.export.findings import finding_title, findings_csv
from assistant.types import CopyingCheck, Finding, Match, Review
from assistant.web.review import build_review
from assistant.web.review_html import found_html
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

made = made_with(*MALLIKYLA, PROGRAMME)
assistant = pytest.fixture(copy_of_made)

SAY = words("en")
TEXT = "# Plan\n\nMany people have moved here. Work is hard to find.\n\n- Courses are held.\n- Meetings are held.\n"


def _finding(start: int, end: int, **changes: Any) -> Finding:
    made = Finding(
        1, start, end, TEXT[start:end], "Why.", "Do it.", (1,), "figure-undated", "A figure without its year", "advice"
    )
    return replace(made, **changes)


def _match(start: int, end: int, **changes: Any) -> Match:
    made = Match(
        start, end, TEXT[start:end], "n", "Naapurila", "their words", "near", title="Programme", pinpoint="Work",
        what_to_do="Write it anew.",
    )  # fmt: skip
    return replace(made, **changes)


def _review(*findings: Finding) -> Review:
    return Review("Plan", HERE, "2026-11-22", "en", len(TEXT), findings, (citation(1),))


def _copying(*matches: Match, compared: int = 1, shared: tuple[Match, ...] = ()) -> CopyingCheck:
    return CopyingCheck(len(TEXT), 20, 0.123, matches, shared, compared_with=compared)


def _at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def _shown(review: Review | None, copying: CopyingCheck | None, language: str = "en") -> str:
    return found_html(words(language), as_document(TEXT), review, copying)


def test_every_number_leads_to_its_entry_and_back() -> None:
    tags = Tags(
        _shown(_review(_finding(*_at("Many people")), _finding(0, 0)), _copying(_match(*_at("Work is hard"))))
    ).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] or "" for _, attributes in tags if (attributes.get("href") or "").startswith("#")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {"#review-1", "#place-review-1", "#copy-1", "#place-copy-1"} <= set(links)
    assert "#place-review-2" not in links  # missing from the whole plan: it has no place


def test_text_stands_whole_with_overlapping_places_marked() -> None:
    one, two = _at("Many people have moved"), _at("moved here. Work is hard")
    html = _shown(_review(_finding(*one)), _copying(_match(*two)))
    plan = html.split("<div class='plan'")[1]
    assert "data-for='review-1'>Many people have </mark>" in plan
    assert "class='advice copying' data-for='review-1 copy-1'>moved</mark>" in plan
    assert "class='copying' data-for='copy-1'> here. Work is hard</mark>" in plan
    text = Tags(f"<div{plan.removesuffix('</section></div>')}").text
    assert "moved" in text
    assert "to find." in text
    assert plan.count("<li>") == 2


def test_place_that_runs_over_blocks_is_marked_in_each() -> None:
    plan = _shown(_review(_finding(TEXT.index("Work"), TEXT.index("Meetings") + 8)), None).split("class='plan'")[1]
    assert plan.count("<mark") == 3
    assert plan.count("id='place-review-1'") == 1


def test_several_places_of_one_finding_all_lead_to_it() -> None:
    places = (_at("Many people"), _at("Courses"))
    plan = _shown(_review(_finding(places[0][0], places[1][1], places=places)), None).split("class='plan'")[1]
    assert plan.count("href='#review-1'") == 2
    assert plan.count("<mark") == 2


def test_summary_says_what_was_found_and_what_was_not_compared() -> None:
    assert "No known weakness" in _shown(_review(), _copying())
    assert "nothing follows another" in _shown(_review(), _copying())
    assert "12.3% of the text" in _shown(None, _copying(_match(0, 4)))
    assert "12,3 % tekstistä" in _shown(None, _copying(_match(0, 4)), "fi")
    assert "Add some in the tab Sources" in _shown(_review(), _copying(compared=0))


def test_what_is_shared_and_no_copying_stands_apart() -> None:
    shared = (_match(0, 4, excuse="own"), _match(0, 4, excuse="quotation"), _match(0, 4, excuse="common"))
    html = _shown(None, _copying(shared=shared))
    assert "Shared, and no copying (3)" in html
    for excuse in ("Words of law", "From your own earlier plan", "Marked as a quotation"):
        assert excuse in html
    assert "<mark" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_text_stays_text_in_every_language(language: str) -> None:
    document = as_document(f"Word {HOSTILE} word")
    end = len(document.text)
    source = replace(citation(1), title=HOSTILE, quote=HOSTILE, pinpoint=HOSTILE, url="javascript:alert(1)")
    finding = _finding(0, end, title=HOSTILE, why=HOSTILE, what_to_do=HOSTILE, kind=HOSTILE, text=HOSTILE)
    match = _match(0, end, text=HOSTILE, source_text=HOSTILE, municipality=HOSTILE, title=HOSTILE, pinpoint=HOSTILE)
    review = replace(_review(finding, finding), citations=(source,))
    html = found_html(words(language), document, review, _copying(match, shared=(replace(match, excuse="own"),)))
    tags = Tags(html)
    assert {"script", "img"}.isdisjoint({name for name, _ in tags.tags})
    assert not any(name.startswith("on") for _, attributes in tags.tags for name in attributes)
    assert not any("javascript" in (attributes.get("href") or "") for _, attributes in tags.tags)
    assert HOSTILE in tags.text


@pytest.mark.parametrize(
    ("kind", "title", "finnish"),
    [
        ("figure-undated", "A figure without its year", "Luku ilman vuotta"),
        ("figure-undated", "A figure without its year (and 2 more)", "Luku ilman vuotta (ja 2 muuta)"),
        ("old-word", "An outdated word: immigrant adviser", "Vanhentunut sana: immigrant adviser"),
        ("unheard-of", "A title of later", "A title of later"),
    ],
)
def test_titles_are_told_in_the_language_of_the_reader(kind: str, title: str, finnish: str) -> None:
    finding = _finding(0, 4, kind=kind, title=title)
    assert finding_title(SAY, finding) == title
    assert finding_title(words("fi"), finding) == finnish


def test_csv_has_a_row_for_each_finding_and_no_formula() -> None:
    finding = _finding(0, 4, text="=1+1", what_to_do="@SUM(A1)")
    content = findings_csv(SAY, _review(finding), _copying(_match(0, 4, text="-2", source_text="\t=2")))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in rows] == ["Number", "1", "C1"]
    assert rows[1][4] == "'=1+1"
    assert rows[1][6] == "'@SUM(A1)"
    assert rows[2][4] == "'-2"


@dataclass
class Opened:
    """The tab over a small workspace, as functions by name."""

    assistant: Assistant
    call: dict[str, Callable[..., Any]]

    def check(self, way: str, upload: str | None = None, typed: str = "", whose: str = HERE) -> tuple[list[str], str]:
        """Press the button: what was said step by step, and what was found."""
        steps = list(self.call["check"](way, upload, typed, whose, ""))
        assert steps[-1][3].interactive is True  # the button comes back
        return [str(step[0]) for step in steps], steps[-1][1] if isinstance(steps[-1][1], str) else ""


def _opened(assistant: Assistant) -> Opened:
    return Opened(assistant, callbacks(build_review, assistant))


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Opened]:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        yield _opened(assistant)


@pytest.fixture
def filled(assistant: Assistant) -> Opened:
    return _opened(assistant)


@pytest.mark.parametrize(
    ("way", "said"),
    [("upload", "Choose a file first"), ("typed", "Paste the text first"), ("drafts", "No section is drafted")],
)
def test_nothing_given_is_told_in_words(empty: Opened, way: str, said: str) -> None:
    steps, found = empty.check(way, typed="  ")
    assert said in steps[-1]
    assert "role='alert'" in steps[-1]
    assert not found


def test_programme_of_another_municipality_is_found_copied(filled: Opened) -> None:
    steps, found = filled.check("typed", typed=NAAPURILA)
    assert [n for n in (1, 2, 3) if f"Step {n} of 3" in "".join(steps)] == [1, 2, 3]
    assert "In Naapurila" in found
    assert "class='number copying'" in found


def test_file_is_read_and_kept_for_another_check(filled: Opened, tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text(SURVEY, encoding="utf-8")
    for _ in range(2):
        _, found = filled.check("upload", str(path))
        assert "Population and everyday life" in found


def test_unreadable_file_is_told_in_words(filled: Opened, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(b"MZ\x90 no plan")
    steps, _ = filled.check("upload", str(path))
    assert "a program file (.exe)" in steps[-1]


def test_error_takes_away_what_was_found_in_the_text_before(filled: Opened, tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.write_bytes(b"")
    steps = list(filled.call["check"]("upload", str(path), "", HERE, ""))
    told, found, table, _, _, export = steps[-1]
    assert "role='alert'" in told
    assert (found, table, export.visible) == ("", b"", False)


def test_own_summaries_are_told_from_programmes_to_compare_with(empty: Opened) -> None:
    assert "only our own summaries" in empty.call["noted"]("typed", "")
    assert "Our summaries" in SAY("sources.group.bundled-programme")


def test_text_too_short_for_a_review_is_still_compared(filled: Opened) -> None:
    steps, found = filled.check("typed", typed="Meetings are held every week.")
    assert "fewer than 20 words" in steps[-1]
    assert "Copying: nothing follows" in found


def test_plan_as_drafted_is_checked_without_what_law_and_guidance_say(filled: Opened) -> None:
    assert "0 of" not in filled.call["noted"]("drafts", HERE)
    filled.assistant.planning.draft("good-relations", municipality=HERE, who="Aino")
    assert "1 of 15 sections" in filled.call["noted"]("drafts", HERE)
    _, found = filled.check("drafts")
    assert "Good relations between population groups" in found
    assert "Village evenings at Myllytupa" in found
    assert "What the law requires" not in found


def test_without_programmes_it_says_where_to_add_them(empty: Opened) -> None:
    assert "add some in the tab Sources" in empty.call["noted"]("typed", "")


def test_own_programme_is_none_to_compare_with(filled: Opened) -> None:
    assert filled.call["noted"]("typed", HERE) == ""
    assert "add some" in filled.call["noted"]("typed", "Naapurila")


def test_unforeseen_error_is_logged_and_told_without_its_details(
    filled: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(filled.assistant, "review", crash)
    steps, _ = filled.check("typed", typed=NAAPURILA)
    assert "has been logged" in steps[-1]
    assert "secret" not in steps[-1]
    assert "secret detail" in caplog.text


def test_what_was_found_goes_into_a_file(filled: Opened) -> None:
    assert "Check a text first" in filled.call["exported"](b"")[1]
    content = list(filled.call["check"]("typed", None, NAAPURILA, HERE, ""))[-1][2]
    button, said = filled.call["exported"](content)
    assert "downloaded" in said
    assert Path(str(button.value if isinstance(button.value, str) else button.value["path"])).read_bytes() == content


@dataclass
class Site:
    """A running app, whose review waits where that is told."""

    address: str
    may_review: threading.Event


@pytest.fixture
def site(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    may_review = threading.Event()
    review = assistant.review

    def when_allowed(*given: Any, **options: Any) -> Review:
        may_review.wait(20)
        return review(*given, **options)

    monkeypatch.setattr(assistant, "review", when_allowed)
    with served(assistant) as at:
        yield Site(at, may_review)
        may_review.set()


@in_a_browser
def test_findings_are_reached_from_the_text_and_back_by_keyboard_and_filtered(site: Site) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(site.address)
        page.get_by_role("tab", name="Review and copying").click()
        page.get_by_label("Text that I paste").check()
        page.get_by_label("The text of the plan, or of a chapter").fill(NAAPURILA)
        check = page.get_by_role("button", name="Check the text")
        check.click()
        expect(page.locator("#review-result")).to_contain_text("Step 2 of 3")
        expect(check).to_be_disabled()
        page.get_by_role("button", name="Stop").click()
        expect(page.locator("#review-result")).to_contain_text("Stopped")
        expect(page.get_by_label("The text of the plan, or of a chapter")).to_have_value(NAAPURILA)
        site.may_review.set()
        check.click()
        place = page.locator("#place-copy-1")
        place.focus()
        page.keyboard.press("Enter")
        entry = page.locator("#copy-1")
        expect(entry).to_be_focused()
        expect(entry).to_be_in_viewport()
        entry.get_by_role("link", name="Show in the text: finding C1").press("Enter")
        expect(place).to_be_focused()
        page.get_by_label("Weight").select_option("advice")
        expect(entry).to_be_hidden()
        expect(place).to_be_hidden()
        expect(page.locator("#review-1")).to_be_visible()
        page.get_by_label("Weight").select_option("")
        expect(entry).to_be_visible()
        with page.expect_download() as told:
            page.get_by_role("button", name="Save what was found").click()
        assert told.value.suggested_filename == "findings.csv"
        found = violations(page)
        assert found == []
        assert problems == []
        browser.close()
