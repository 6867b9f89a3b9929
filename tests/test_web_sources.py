"""The tab of the sources: the list and its filters, a document to read, adding with what became of each file."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import plan_cases
import pytest
from plan_cases import HERE, MALLIKYLA, MEETINGS, NUMBERS, OTHER, PROGRAMME, add, open_assistant
from test_page_image import FIRST, SECOND, pdf
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import GUIDANCE, HOSTILE, FakeAssistant, Tags

from assistant.assistant import Assistant
from assistant.errors import WorkspaceBusy
from assistant.types import Added, Kind, Notice, Passage, Source, UnitKind, WarningCode
from assistant.web import source_html
from assistant.web.source_html import AT_ONCE, Taking
from assistant.web.sources import MAX_FILES, build_sources
from assistant.words import LANGUAGES, words

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

SAY = words("en")
DAY = "2026-11-22"
VISITOR = SimpleNamespace(session_hash="visitor")

made = plan_cases.made_with(*MALLIKYLA, PROGRAMME)
assistant = pytest.fixture(plan_cases.copy_of_made)


@dataclass
class Opened:
    """The tab over a backend, as functions by name."""

    backend: Any
    call: dict[str, Callable[..., Any]]

    def show(self, search: str = "", kind: str = "", day: str = "") -> str:
        """The list."""
        return str(self.call["show"](search, kind, day))

    def open(self, source_id: str) -> tuple[Any, ...]:
        """Open a document."""
        given: tuple[Any, ...] = self.call["open_document"]("", gr.EventData(None, {"source": source_id}))
        return given

    def turn(self, source_id: str, **where: object) -> str:
        """Show another part of it."""
        return str(self.call["turn"](source_id, gr.EventData(None, where))[1])

    def add(self, paths: list[Path], kind: str = "own", municipality: str = "", whose: str = "") -> list[Any]:
        """Add files; each thing that was shown meanwhile."""
        given = [str(path) for path in paths]
        return list(self.call["add"](given, kind, municipality, "", "", whose, "", "", "", VISITOR))

    def correct(self, source_id: str, title: str, kind: str = "own", written: str = "") -> tuple[Any, ...]:
        """Save a correction."""
        given: tuple[Any, ...] = self.call["correct"](source_id, title, kind, HERE, written, "", "", HERE)
        return given

    def remove(self, source_id: str) -> tuple[Any, ...]:
        """Remove for good."""
        given: tuple[Any, ...] = self.call["remove"](source_id, "", "", "", HERE)
        return given


def _opened(backend: Any, language: str = "en") -> Opened:
    return Opened(backend, callbacks(build_sources, backend, language, max_file_mb=1))


@pytest.fixture
def fake() -> Opened:
    return _opened(FakeAssistant())


@pytest.fixture
def filled(assistant: Assistant) -> Opened:
    return _opened(assistant)


# The list.


def test_list_tells_of_each_source_what_one_must_know() -> None:
    added = replace(
        GUIDANCE, source_id="plan", title="Plan", kind=Kind.PROGRAMME, municipality=OTHER, law_basis="1386/2010",
        written="2019", digest=False, bundled=False, passages=7, personal_data=1,
    )  # fmt: skip
    text = Tags(source_html.source_list(SAY, [GUIDANCE, added], day=DAY)).text
    for told in (
        "2 of 2 documents", "Added documents (1)", "Guidance, comes with the program (1)", OTHER, "Written 2019",
        "Act 1386/2010", "Passages: 7", "✕ Outdated on 22 November 2026", "✓ Valid on 22 November 2026",
        "Our own summary", "Personal data masked",
    ):  # fmt: skip
        assert told in text


@pytest.mark.parametrize(
    ("search", "kind", "shown"),
    [
        ("", "", {"strategy", "survey", "naapurila"}),
        ("", "own", {"strategy", "survey"}),
        ("NAAPURILA 2022", "", {"naapurila"}),
        ("mallikylä", "programme", set()),
        ("no such words", "", set()),
    ],
)
def test_filter_shows_what_fits(search: str, kind: str, shown: set[str], filled: Opened) -> None:
    html = filled.show(search, kind)
    assert {name for name in ("strategy", "survey", "naapurila") if f"data-source='{name}'" in html} == shown
    assert f"{len(shown)} of 3 documents" in html
    assert ("No document fits" in html) == (not shown)


def test_bundled_sources_are_folded_and_opened_by_a_filter(fake: Opened) -> None:
    assert "<details><summary><h3>Guidance" in fake.show()
    assert "None of your own documents is here yet" in fake.show()
    assert "<details open><summary><h3>Guidance" in fake.show("municipality")


def test_empty_workspace_says_what_to_add_first(tmp_path: Path) -> None:
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        assert "Add your municipality’s own documents first" in _opened(assistant).show()


def test_hundreds_of_sources_are_listed_at_once() -> None:
    many = [replace(GUIDANCE, source_id=f"s{n}", title=f"Source {n}") for n in range(400)]
    assert source_html.source_list(SAY, many, day=DAY).count("class='open'") == 400


def test_trouble_of_the_workspace_is_told_in_the_list(fake: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> list[Source]:
        raise WorkspaceBusy("Another process is writing. Wait.")

    def broken() -> list[Source]:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(fake.backend, "sources", busy)
    assert "role='alert'" in fake.show()
    assert "Another process is writing. Wait." in fake.show()
    monkeypatch.setattr(fake.backend, "sources", broken)
    assert "secret" not in fake.show()
    assert SAY("page.failed") in fake.show()


# A document.


def test_document_is_read_in_order_under_its_headings(filled: Opened) -> None:
    said, chosen, *_, text, _, _ = filled.open("survey")
    assert (said, chosen) == ("", "survey")
    parsed = Tags(text)
    levels = [int(tag[1]) for tag, _ in parsed.tags if tag in ("h3", "h4", "h5", "h6")]
    assert levels[0] == 3
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert parsed.text.index(NUMBERS) < parsed.text.index(MEETINGS)


def test_document_that_went_meanwhile_is_told(filled: Opened) -> None:
    assert "no longer there" in filled.open("gone")[0]
    assert "no longer there" in filled.turn("gone", start=0)
    assert "no longer there" in filled.call["begin_correcting"]("gone")[-1]


def _long(n: int) -> list[Passage]:
    return [
        Passage(f"s:{i}", "s", i, i + 1, f"Sentence {i}.", UnitKind.SENTENCE, i, i, ("Plan", f"Part {i // 50}"), page=1)
        for i in range(n)
    ]


def test_long_document_is_shown_in_parts_and_a_place_is_looked_up() -> None:
    passages = _long(AT_ONCE * 2 + 5)
    first = source_html.reading(SAY, GUIDANCE, passages)
    assert f"Passages 1 to {AT_ONCE} of {len(passages)}" in first
    assert f"data-start='{AT_ONCE}'" in first
    last = source_html.reading(SAY, GUIDANCE, passages, start=AT_ONCE * 2, at=AT_ONCE * 2 + 3)
    assert f"<mark>Sentence {AT_ONCE * 2 + 3}.</mark>" in last
    assert last.count("tabindex") == 1
    assert "There is no text to show" in source_html.reading(SAY, GUIDANCE, passages, start=10_000)


def test_citation_opens_its_document_at_the_place_of_the_quote(filled: Opened) -> None:
    last = filled.backend.passages("survey")[-1]
    event = gr.EventData(None, {"source": "survey", "at": last.start})
    text = str(filled.call["open_document"]("", event)[8])
    assert f"<span id='passage-{last.position}' tabindex='-1'><mark>" in text
    assert "<mark>" not in str(filled.open("survey")[8])


def test_words_are_found_wherever_they_stand(filled: Opened) -> None:
    html, searched = filled.call["search"]("survey", "village EVERY", False)
    assert searched
    assert "Passages found: 1, shown: 1" in html
    assert "<mark>village</mark>" in html
    assert "data-at=" in html
    assert "Passages found: 0" in filled.call["search"]("survey", "unheard-of", False)[0]
    assert filled.call["search"]("survey", " ", False)[0] == gr.skip()  # the part that was turned to stays
    assert NUMBERS in filled.call["search"]("survey", " ", True)[0]


@pytest.mark.parametrize("where", [{"start": -5}, {"start": "x", "at": "y"}, {}, {"start": 0, "at": "999999"}])
def test_nonsense_from_a_browser_shows_the_beginning(where: dict[str, object], filled: Opened) -> None:
    assert NUMBERS in filled.turn("survey", **where)


def test_pages_of_a_pdf_are_offered_as_pictures_where_it_is_kept() -> None:
    kept = source_html.reading(SAY, replace(GUIDANCE, source_id="a:b", original=True), _long(3))
    assert "<img loading='lazy' alt='Page 1 of" in kept
    assert "src='/page/a%3Ab/1'" in kept
    assert "<img" not in source_html.reading(SAY, GUIDANCE, _long(3))


def test_sentence_that_speaks_to_a_machine_is_shown_as_such() -> None:
    spoken = replace(_long(1)[0], kind=UnitKind.INSTRUCTION)
    assert "<s>Sentence 0.</s> <small>(speaks to a machine" in source_html.reading(SAY, GUIDANCE, [spoken])


# Correcting and removing.


def test_details_are_corrected(filled: Opened) -> None:
    told, head, *_ = filled.correct("survey", "Everyday life", written="2025")
    assert "The details are corrected." in told
    assert "Everyday life" in head
    assert "Everyday life" in filled.show()


def test_wrong_correction_is_told_and_what_was_typed_stays(filled: Opened) -> None:
    before = filled.show()
    for title, written in (("", ""), ("Survey", "last year")):
        told, *rest = filled.correct("survey", title, written=written)
        assert "role='alert'" in told
        assert all(one == gr.skip() for one in rest)
    assert filled.show() == before


def test_removing_is_asked_first_and_then_done(filled: Opened) -> None:
    question = filled.call["ask_first"]("survey")[0]
    assert "Remove “Population and everyday life in Mallikylä”?" in question
    assert "data-source='survey'" in filled.show()
    assert "The document is removed." in filled.remove("survey")[1]
    assert "data-source='survey'" not in filled.show()
    assert "role='alert'" in filled.remove("survey")[0]


# Adding.


def _write(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_text(f"# {path.stem}\n\n{MEETINGS} {path.stem}\n", encoding="utf-8")
    return paths


def test_each_file_is_told_of_and_the_good_ones_are_kept(filled: Opened, tmp_path: Path) -> None:
    paths = _write(tmp_path, "memo.md", "scan.pdf", "notes.txt")
    shown = filled.add(paths, whose=HERE)
    assert "Adding: 0 of 3 files done" in shown[0][0]
    assert any("<b>Reading</b>: scan.pdf" in one[0] for one in shown)
    last = Tags(shown[-1][0]).text
    assert "2 added, 0 already there, 1 not added." in last
    assert "Not added: scan.pdfthe name says PDF, but the content is text." in last
    assert shown[-1][1] is None  # the box is empty
    assert not any(path.exists() for path in paths)
    assert {s.municipality for s in filled.backend.sources() if s.source_id in ("memo", "notes")} == {HERE}


def test_same_document_twice_is_said(filled: Opened, tmp_path: Path) -> None:
    filled.add(_write(tmp_path, "memo.md"))
    (again,) = _write(tmp_path, "memo.md")
    assert "the same content is there already as memo" in filled.add([again])[-1][0]


def test_stopped_adding_keeps_the_other_files_in_the_box(
    filled: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = _write(tmp_path, "a.md", "b.md", "c.md")
    whole = filled.backend.add

    def stopping_after_one(given: Any, *, each: Callable[[Added], None], **options: Any) -> Any:
        def told(one: Added) -> None:
            each(one)
            button = filled.call["stop_adding"](VISITOR)
            assert button.interactive is False

        return whole(given, each=told, **options)

    monkeypatch.setattr(filled.backend, "add", stopping_after_one)
    last = filled.add(paths)[-1]
    assert last[1] == [str(path) for path in paths[1:]]
    assert "The other files are still chosen" in last[0]
    assert "<b>Not added yet</b>: b.md" in last[0]
    assert [path.exists() for path in paths] == [False, True, True]


@pytest.mark.parametrize(
    ("error", "told"),
    [(WorkspaceBusy("Another process is writing. Wait."), "Wait."), (RuntimeError("secret"), "has been logged")],
)
def test_trouble_while_adding_loses_no_file(
    error: Exception, told: str, fake: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(fake.backend, "add", fail)
    paths = _write(tmp_path, "memo.md")
    last = fake.add(paths)[-1]
    assert told in last[0]
    assert "role='alert'" in last[0]
    assert "secret" not in last[0]
    assert last[1] == [str(paths[0])]
    assert paths[0].exists()
    assert (last[2].interactive, last[3].visible) == (True, False)


def test_what_cannot_be_added_is_said_before_anything_begins(fake: Opened, tmp_path: Path) -> None:
    (large,) = _write(tmp_path, "large.txt")
    large.write_bytes(b"x" * 1_000_001)
    paths = _write(tmp_path, *(f"{n}.md" for n in range(MAX_FILES + 1)))
    for given, kind, problem in (
        ([], "own", "Choose one or more files first."),
        (paths, "own", f"add at most {MAX_FILES} at a time"),
        ([large], "own", "large.txt is larger than 1 MB"),
        (paths[:1], "programme", "Name the municipality"),
    ):
        (only,) = fake.add(given, kind)
        assert problem in only[0]
        assert only[1] == gr.skip()
    assert fake.backend.added == []


# Words.


def test_hostile_text_stays_text() -> None:
    source = Source(HOSTILE, Kind.GUIDANCE, HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    passage = Passage(HOSTILE, HOSTILE, 0, 9, HOSTILE, UnitKind.ITEM, 0, 0, (HOSTILE,), page=1)
    added = Added(HOSTILE, None, HOSTILE, 0, "failed", HOSTILE, (Notice(WarningCode.PERSONAL_DATA, HOSTILE),))
    parts = (
        source_html.source_list(SAY, [source], day=DAY),
        source_html.document_head(SAY, source, DAY),
        source_html.reading(SAY, replace(source, original=True), [passage]),
        source_html.found_passages(SAY, replace(source, original=True), [passage], HOSTILE.split()[0]),
        source_html.files_being_added(SAY, [Taking(HOSTILE), Taking(HOSTILE, HOSTILE), Taking(HOSTILE, "", added)]),
        source_html.fetched_texts(SAY, [added]),
    )
    for html in parts:
        parsed = Tags(html.replace("<img loading='lazy'", "<wbr").replace("<wbr", "<br"))
        assert not {tag for tag, _ in parsed.tags} & {"script", "img", "iframe", "svg", "style", "form"}
        for _, attributes in parsed.tags:
            assert not any(name.startswith("on") for name in attributes)
            assert (attributes.get("href") or "#").startswith("#")
            assert (attributes.get("src") or "/page/%3Cscript").startswith("/page/%3Cscript")


@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_has_its_words_in_every_language(language: str, tmp_path: Path) -> None:
    opened = _opened(FakeAssistant(), language)
    assert opened.show()
    assert opened.open(GUIDANCE.source_id)[8]
    assert opened.add(_write(tmp_path, "memo.md", "scan.pdf"))[-1][0]
    assert opened.remove("memo")


# In a browser.


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("sources")
    with open_assistant(folder / "workspace", corpus="none") as assistant:
        add(assistant, folder / "files", MALLIKYLA)
        with served(assistant) as at:
            yield at


@in_a_browser
def test_document_is_added_read_looked_up_corrected_and_removed(address: str, tmp_path: Path) -> None:
    from playwright.sync_api import expect, sync_playwright

    path = pdf(tmp_path / "meetings.pdf", ((FIRST,), (SECOND,)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        problems: list[str] = []
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))

        def check() -> None:
            for width, theme in ((1280, "light"), (375, "dark"), (375, "light"), (1280, "dark")):
                page.set_viewport_size({"width": width, "height": 900})
                page.evaluate("dark => document.body.classList.toggle('dark', dark)", theme == "dark")
                page.wait_for_timeout(250)  # colours that fade
                assert violations(page, "#tab-sources") == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.set_viewport_size({"width": 1280, "height": 900})
            page.evaluate("document.body.classList.remove('dark')")

        page.goto(address)
        page.get_by_role("tab", name="Sources").click()
        expect(page.locator("#indexed li")).to_have_count(2)
        page.locator("#files input[type=file]").set_input_files(path)
        expect(page.locator("#files")).to_contain_text("meetings")
        page.locator("#add-municipality textarea, #add-municipality input").fill(HERE)
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("#added [role=status]")).to_contain_text("1 added, 0 already there, 0 not added.")
        expect(page.locator("#indexed li")).to_have_count(3)
        check()

        page.locator("#indexed button.open[data-source=meetings]").press("Enter")
        expect(page.locator("#document-title")).to_be_focused()
        page.get_by_label("Find in the document").fill("cafés week")
        expect(page.locator("#reading .found li")).to_have_count(1)
        page.locator("#reading .found summary").press("Enter")
        picture = page.locator("#reading .found img")
        expect(picture).to_have_js_property("complete", True)
        expect(picture).to_have_js_property("naturalWidth", 1_100)
        check()
        page.get_by_role("button", name="Show in its place").press("Enter")
        expect(page.locator("#reading .found")).to_have_count(0)  # two marks at once would end the next wait
        expect(page.locator("#reading mark")).to_have_text(SECOND)
        expect(page.locator("#reading [tabindex]")).to_be_focused()
        expect(page.get_by_label("Find in the document")).to_have_value("")

        page.get_by_role("button", name="Correct the details").press("Enter")
        title = page.locator("#correct-title").get_by_label("Title")
        expect(title).to_be_focused()
        title.fill("")
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        expect(page.locator("#document-said [role=alert]")).to_contain_text("The title is empty")
        title.fill("Meetings of Mallikylä")
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        expect(page.locator("#document-title")).to_have_text("Meetings of Mallikylä")
        expect(page.locator("#document-said [role=status]")).to_contain_text("corrected")

        page.get_by_role("button", name="Remove", exact=True).press("Enter")
        expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
        check()
        page.get_by_role("button", name="No, keep it").press("Enter")
        expect(page.get_by_role("button", name="Remove", exact=True)).to_be_focused()
        page.get_by_role("button", name="Back to the documents").press("Enter")
        expect(page.locator("#indexed button.open[data-source=meetings]")).to_be_focused()
        page.locator("#indexed button.open[data-source=meetings]").press("Enter")
        page.get_by_role("button", name="Remove", exact=True).press("Enter")
        page.get_by_role("button", name="Yes, remove").press("Enter")
        expect(page.locator("#sources-said")).to_contain_text("The document is removed.")
        expect(page.locator("#indexed li")).to_have_count(2)
        browser.close()
    assert problems == []
