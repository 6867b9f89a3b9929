"""The Draft tab: what its buttons do, what goes wrong, and that nothing typed or decided is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from plan_cases import DAY, HERE, MALLIKYLA, MEETINGS, PROGRAMME, add, copied, copy_of_made, made_with
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from web_cases import CHROMIUM, FLAGS, in_a_browser, served, violations
from web_fakes import HOSTILE, Tags

from assistant import editing
from assistant.assistant import Assistant
from assistant.errors import IndexStale, WorkspaceError
from assistant.matching import OwnPassage
from assistant.plan import DEFAULT, plan_named, section_named
from assistant.shown import GAP_MARK
from assistant.types import (
    BlockRole,
    Cell,
    DraftBlock,
    Placeholder,
    SectionDraft,
    Statement,
    Support,
    Version,
    VersionHead,
)
from assistant.web import draft_editor
from assistant.web.draft import Chosen, _chosen_before, _Work
from assistant.words import LANGUAGES, words

SECTION = "good-relations"
SAY = words("en")
THEIRS = (
    "Neighbourhood mediation by Sovintola is in use in all rental areas and supports good relations between "
    "population groups."
)
UNUSED = "The sauna of Myllytupa is warmed for everybody on the last Friday of the month."
CHAPTER = """# Everyday life in Mallikylä

## Good relations

The village hall of Myllytupa has a kitchen for forty. A choir of two schools sings there in spring. The hall keeps a
board of notices in five languages. Chess is played on Mondays. Tools are lent from the shed behind it. A market of
second-hand clothes is held in autumn. Bicycles are mended there in May. The sauna of Myllytupa is warmed for everybody
on the last Friday of the month.
"""
CHOSEN = Chosen(DEFAULT, SECTION)
ME: Any = SimpleNamespace(session_hash="me")
OTHER_TAB: Any = SimpleNamespace(session_hash="other")

made = made_with(
    *MALLIKYLA, PROGRAMME, then=lambda opened: opened.planning.redraft(SECTION, as_of=DAY, who="the web app")
)
assistant = pytest.fixture(copy_of_made)


def work_on(assistant: Assistant, language: str = "en") -> _Work:
    """The callbacks over a workspace."""
    page: Any = SimpleNamespace(
        backend=assistant, say=words(language), whose=lambda chosen: chosen or None, day=lambda chosen: chosen or None,
        refresh=lambda chosen: (chosen, "progress"),
    )  # fmt: skip
    return _Work(page)


@pytest.fixture
def work(assistant: Assistant) -> _Work:
    return work_on(assistant)


def click(work: _Work, do: str, *, who: Any = ME, **more: Any) -> tuple[str, str]:
    """What a button says, and the editor after it; of the latest version if the test names none."""
    given = {"do": do, "section": SECTION, "token": "t1", "version": newest(work).number, **more}
    shown = work.quick(CHOSEN, HERE, DAY, gr.EventData(None, given), who)
    assert len(shown) == 10
    return shown[1], shown[3]


def newest(work: _Work) -> Version:
    version = work._backend.planning.workbook.draft(HERE, DEFAULT, SECTION)
    assert version is not None
    return version


def place_of(work: _Work, text: str) -> str:
    return next(
        f"{b}-{n}" for b, block in enumerate(newest(work).draft.blocks) for n, s in enumerate(block.statements)
        if text in s.text
    )  # fmt: skip


def unit(editor: str, place: str) -> str:
    """The HTML of one statement."""
    return editor.partition(f"id='draft-unit-{place}'")[2].partition("<li id='draft-unit-")[0]


# What is shown.


def test_tab_shows_outline_section_evidence_and_versions(work: _Work) -> None:
    told, outline, editor, side, versions, unused, standing = work.open(CHOSEN, HERE)
    assert told == ""
    for html in (outline, editor, side, versions, unused, standing):
        Tags(html)
    assert outline.count("data-do='open'") == len(plan_named(DEFAULT).sections)
    assert "1 of 15 sections drafted" in outline
    assert f"id='draft-open-{SECTION}' data-do='open' data-section='{SECTION}' aria-current='true'" in outline
    assert MEETINGS in editor
    assert "id='cite-0-1'" in side
    assert "Versions (1)" in versions


def test_section_that_is_not_drafted_says_what_to_do(work: _Work) -> None:
    _, _, editor, side, versions, unused, _ = work.open(Chosen(), HERE)
    assert SAY("draft.empty") in Tags(editor).text
    assert "data-do='draft'" in editor
    assert versions == unused == ""
    assert SAY("draft.evidence-hint") in side


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_titles_and_headings_of_the_plan(assistant: Assistant, language: str) -> None:
    _, outline, editor, *_ = work_on(assistant, language).open(CHOSEN, HERE)
    title = words(language)(f"plans.section.{SECTION}")
    assert title in Tags(outline).text
    assert title in Tags(editor).text
    assert words(language)("draft.accept") in editor


def test_open_question_has_its_box_with_who_knows_and_shows_no_id(work: _Work) -> None:
    editor = work.open(CHOSEN, HERE)[2]
    draft = newest(work).draft
    gap = next(p for p in draft.placeholders if "objective" not in p.id)
    shown = unit(editor, place_of(work, gap.mark))
    for text in (gap.question, gap.who_knows, gap.where_to_find):
        assert text in Tags(f"<li id='{shown.partition('</li>')[0]}</li>").text
    assert "[To fill in]" in shown
    assert gap.mark not in shown.partition("data-fields=")[2].partition("'>")[2]
    assert "data-do='accept'" not in shown


def test_nothing_of_a_document_or_a_person_acts_on_the_page() -> None:
    draft = SectionDraft(
        SECTION, HOSTILE, HOSTILE, DAY, HOSTILE,
        (
            DraftBlock(HOSTILE, BlockRole.OWN, (
                Statement(f"{HOSTILE}\n- {HOSTILE}", (), Support.UNSUPPORTED, own_words=True),
                Statement(f"[TO FILL: x] {HOSTILE}", (), Support.UNSUPPORTED),
            )),
            DraftBlock(HOSTILE, BlockRole.OBJECTIVES, (Statement(HOSTILE, (), Support.UNSUPPORTED),), (HOSTILE,),
                       ((Cell(HOSTILE),),)),
        ),
        (Placeholder("x", HOSTILE, HOSTILE, HOSTILE),), notes=f"</textarea>{HOSTILE}",
    )  # fmt: skip
    version = Version(1, "2026-11-22T12:00:00+00:00", HOSTILE, HOSTILE, draft)
    section = section_named(SECTION)
    html = draft_editor.editor_html(SAY, section, version, HOSTILE, (), done=HOSTILE)
    html += draft_editor.side_html(SAY, version, ())
    heads = [VersionHead(SECTION, n, version.at, HOSTILE, HOSTILE) for n in (1, 2)]
    html += draft_editor.versions_html(SAY, heads, draft_editor.compared_html(SAY, version, version))
    tags = Tags(html)
    assert not {name for name, _ in tags.tags} & {"script", "img", "iframe", "style", "form", "input"}
    assert not [key for _, attributes in tags.tags for key in attributes if key.startswith("on")]


# What the buttons do.


def test_statement_is_accepted_left_out_and_taken_back(work: _Work) -> None:
    place = place_of(work, MEETINGS)
    told, editor = click(work, "accept", place=place)
    assert told == ""
    assert "Accepted" in unit(editor, place)
    editor = click(work, "leave-out", place=place)[1]
    assert SAY("draft.mark.left-out") in unit(editor, place)
    editor = click(work, "undo", place=place)[1]
    assert "data-do='accept'" in unit(editor, place)
    assert [v.why for v in work._backend.kept_drafts.versions(SECTION)] == [
        "drafted",
        "accepted",
        "left out",
        "taken back",
    ]


def test_whole_part_is_accepted_as_one_version(work: _Work) -> None:
    block = int(place_of(work, MEETINGS).partition("-")[0])
    click(work, "accept-part", block=block)
    version = newest(work)
    assert version.number == 2
    open_ones = [s for s in version.draft.blocks[block].statements if s.state.value == "drafted"]
    assert all(GAP_MARK.search(s.text) for s in open_ones)


def test_other_words_say_that_they_cite_nothing_and_whom_they_follow(work: _Work) -> None:
    place = place_of(work, MEETINGS)
    told, editor = click(work, "save", place=place, texts=["We shall meet more often."])
    assert "your own words" in told
    assert SAY("draft.mark.own-words") in unit(editor, place)
    assert "data-done='t1'" in editor
    told, editor = click(work, "save", place=place, texts=[THEIRS])
    assert "It follows the programme of Naapurila" in told
    assert "class='theirs'" in unit(editor, place)


def test_answered_question_stands_in_the_text(work: _Work) -> None:
    gap = next(p for p in newest(work).draft.placeholders if "objective" not in p.id)
    place = place_of(work, gap.mark)
    told, editor = click(work, "fill", place=place, gap=gap.id, answer="not known yet; the survey of 2027 asks")
    assert "Saved: version 2." in told
    assert "not known yet; the survey of 2027 asks" in unit(editor, place)
    told, editor = click(work, "fill", place=place, gap=gap.id, answer="again")
    assert "role='alert'" in told
    assert "data-done='failed:t1'" in editor


@pytest.mark.parametrize(
    "given",
    [
        {"do": "accept"},
        {"do": "accept", "place": "99-99"},
        {"do": "accept", "place": "x"},
        {"do": "accept", "place": "0-0", "version": 99},
        {"do": "accept", "place": "0-0", "version": "1"},
        {"do": "accept-part", "block": -1},
        {"do": "save", "place": "0-0", "texts": [""]},
        {"do": "save", "place": "0-0", "texts": "text"},
        {"do": "save", "place": "0-0", "texts": [None, 3]},
        {"do": "fill", "place": "0-0", "gap": "none", "answer": "x"},
        {"do": "put", "passage": "none"},
        {"do": "put"},
        {"do": "back", "number": 99},
        {"do": "compare", "older": 7, "newer": 8},
        {"do": "nonsense"},
        {"do": "open", "section": "../etc"},
        {},
    ],
)
def test_bad_request_is_told_in_words_and_changes_nothing(work: _Work, given: dict[str, Any]) -> None:
    before = newest(work)
    sent = {"section": SECTION, "token": "t1", "version": before.number, **given}
    shown = work.quick(CHOSEN, HERE, DAY, gr.EventData(None, sent), ME)
    assert "role='alert'" in shown[1]
    assert SAY("page.failed") not in shown[1]
    assert newest(work) == before


def test_unforeseen_error_is_told_without_its_detail(work: _Work, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(work._backend.kept_drafts, "accept", crash)
    told, editor = click(work, "accept", place=place_of(work, MEETINGS))
    assert SAY("page.failed") in told
    assert "secret" not in told + editor
    assert "data-done='failed:t1'" in editor


def test_save_of_another_tab_is_told_and_ones_own_is_not(work: _Work) -> None:
    seen = newest(work).number
    gap = place_of(work, newest(work).draft.placeholders[0].mark)
    place = place_of(work, MEETINGS)
    click(work, "accept", place=place, version=seen)
    told = click(work, "leave-out", place=gap, version=seen)[0]
    assert told == ""  # two clicks of one tab, the second before the first was shown
    told = click(work, "undo", place=gap, who=OTHER_TAB, version=newest(work).number - 1)[0]
    assert "Version 3 (left out" in told
    assert "compare the two under Versions" in told
    assert len(work._backend.kept_drafts.versions(SECTION)) == 4
    work.forget(OTHER_TAB)


def test_versions_are_compared_word_by_word_and_gone_back_to(work: _Work) -> None:
    place = place_of(work, MEETINGS)
    click(work, "save", place=place, texts=[MEETINGS.replace("every week", "every month")])
    shown = work.quick(CHOSEN, HERE, DAY, gr.EventData(None, {"do": "compare", "older": 1, "newer": 2}), ME)
    assert "<del><span class='heard'>Removed: </span>week</del>" in shown[5]
    assert "<ins><span class='heard'>Added: </span>month</ins>" in shown[5]
    told, editor = click(work, "back", number=1)
    assert "Version 3 holds what version 1 held." in told
    assert MEETINGS in editor


# What own documents say besides.


def button_of(unused: str, text: str) -> str:
    """The id of the passage that the button beside a text puts in."""
    row = next(row for row in unused.split("<li>") if text in row)
    return row.partition("data-passage='")[2].partition("'")[0]


@pytest.fixture
def with_chapter(assistant: Assistant, tmp_path: Path) -> _Work:
    """A chapter on the subject that says more than the draft takes."""
    add(assistant, tmp_path / "more", [("chapter.md", CHAPTER, "own", HERE)])
    assistant.planning.redraft(SECTION, as_of=DAY, who="the web app")
    return work_on(assistant)


def test_passages_that_the_draft_did_not_use_are_listed_when_asked_for(with_chapter: _Work) -> None:
    work = with_chapter
    place = place_of(work, MEETINGS)
    closed = work.open(CHOSEN, HERE)[5]
    assert "data-known='0'" in closed
    assert "<li>" not in closed
    shown = work.look(CHOSEN, HERE)
    tags = Tags(shown)
    assert MEETINGS not in tags.text  # it stands in the draft
    assert UNUSED in tags.text
    assert THEIRS not in tags.text  # told of Naapurila
    assert "data-known='1'" in work.open(CHOSEN, HERE)[5]  # known from now on
    click(work, "save", place=place, texts=["We shall meet more often."])
    assert "data-known='1'" in work.open(CHOSEN, HERE)[5]


def test_kept_draft_is_shown_and_changed_with_an_index_that_is_out_of_date(
    with_chapter: _Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = with_chapter
    backend: Any = work._backend

    def stale(*_: object) -> None:
        raise IndexStale("The index was made with another embedding model. Make it anew with: python -m assistant x")

    monkeypatch.setattr(backend._index, "check_model", stale)
    told, _, editor, *_ = work.open(CHOSEN, HERE)
    assert told == ""
    assert MEETINGS in editor
    told, editor = click(work, "accept", place=place_of(work, MEETINGS))
    assert told == ""
    assert "data-done='t1'" in editor
    assert newest(work).number == 3
    closed = work.open(CHOSEN, HERE)[5]
    assert "data-known='0'" in closed
    assert "The index was made with another embedding model" in work.look(CHOSEN, HERE)


def test_change_that_was_kept_is_not_told_as_failed_where_own_documents_cannot_be_read(
    work: _Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise WorkspaceError("The workspace /x cannot be used. Check that it can be read.")

    monkeypatch.setattr(work._backend.kept_drafts, "unused", broken)
    told, editor = click(work, "accept", place=place_of(work, MEETINGS))
    assert told == ""
    assert "data-done='t1'" in editor
    assert "The workspace /x cannot be used" in work.look(CHOSEN, HERE)


def test_passage_is_put_in_as_a_cited_statement_and_goes_from_the_list(with_chapter: _Work) -> None:
    work = with_chapter
    passage = button_of(work.look(CHOSEN, HERE), UNUSED)
    told, editor = click(work, "put", passage=passage)
    assert "Put in under “" in told
    version = newest(work)
    assert version.number == 3
    assert version.why == "put in from a document"
    put = next(s for block in version.draft.blocks for s in block.statements if UNUSED in s.text)
    assert put.citations
    assert put.support is Support.QUOTED
    cited = next(c for c in version.draft.citations if c.id == put.citations[0])
    assert UNUSED in cited.quote
    assert unit(editor, place_of(work, UNUSED))
    assert UNUSED not in Tags(work.open(CHOSEN, HERE)[5]).text
    told, _ = click(work, "put", passage=passage)
    assert "stands in the section already" in told
    assert newest(work).number == 3
    work._backend.planning.redraft(SECTION, as_of=DAY, who="the web app")  # and stays there
    assert UNUSED in " ".join(s.text for block in newest(work).draft.blocks for s in block.statements)


# Drafting and export.


def path_of(button: Any) -> Path:
    """The file behind a download button."""
    return Path(button.value["path"] if isinstance(button.value, dict) else str(button.value))


def last(results: Iterator[tuple[Any, ...]]) -> tuple[Any, ...]:
    return list(results)[-1]


def test_redrafting_keeps_what_was_decided_and_says_so(work: _Work) -> None:
    click(work, "save", place=place_of(work, MEETINGS), texts=["We shall meet more often."])
    given = {"do": "shorter", "section": SECTION, "version": 2, "token": "t2", "notes": "A square was opened in 2026."}
    steps = list(work.long(CHOSEN, HERE, DAY, gr.EventData(None, given), ME))
    assert "Drafting" in steps[0][1]
    assert "What you had accepted, changed or left out stands as it was (1)." in steps[-1][1]
    assert "We shall meet more often." in steps[-1][3]
    assert "data-do='longer'" in steps[-1][3]
    assert newest(work).draft.notes == "A square was opened in 2026."
    assert newest(work).why == "made shorter"


def test_failed_draft_is_told_and_the_notes_stay(work: _Work) -> None:
    given = {"do": "draft", "section": SECTION, "version": 1, "token": "t2", "notes": "x" * 30_000}
    shown = last(work.long(CHOSEN, HERE, DAY, gr.EventData(None, given), ME))
    assert "30,000 characters" in shown[1]
    assert "data-done='failed:t2'" in shown[3]
    assert newest(work).number == 1


def test_rest_of_the_plan_is_drafted_with_each_section_told_and_can_be_stopped(
    work: _Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for n, shown in enumerate(work.draft_all(CHOSEN, HERE, DAY, ME)):
        told.append(str(shown[0]))
        if n == 2:
            work.stop(ME)
    assert any("of 14" in one for one in told)
    assert "Stopped." in told[-1]
    drafted = len(work._backend.planning.workbook.latest_drafts(HERE, DEFAULT))
    assert 1 < drafted < 15
    assert "sections were drafted" in last(work.draft_all(CHOSEN, HERE, DAY, ME))[0]
    assert SAY("draft.draft-all-none") in last(work.draft_all(CHOSEN, HERE, DAY, ME))[0]

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(work._backend.planning, "draft_rest", crash)
    assert SAY("page.failed") in last(work.draft_all(CHOSEN, HERE, DAY, ME))[0]


@pytest.mark.parametrize("kind", ["docx", "md"])
def test_export_warns_of_copying_first_and_leaves_out_what_was_left_out(work: _Work, kind: str) -> None:
    place = place_of(work, MEETINGS)
    other = place_of(work, newest(work).draft.placeholders[0].mark)
    click(work, "save", place=place, texts=[THEIRS])
    told, button = work.export(CHOSEN, HERE, "section", kind)
    assert told.index("Before you pass it on") < told.index("Exported: ")
    assert path_of(button).suffix == f".{kind}"
    click(work, "leave-out", place=place)
    click(work, "leave-out", place=other)
    told, button = work.export(CHOSEN, HERE, "plan", "md")
    text = path_of(button).read_text("utf-8")
    assert THEIRS not in text
    assert "Before you pass it on" not in told


def test_own_words_are_no_fault_in_a_file(work: _Work) -> None:
    click(work, "save", place=place_of(work, MEETINGS), texts=["We shall meet more often."])
    text = work._backend.planning.markdown(work._backend.kept_drafts.for_export(section=SECTION))
    assert "\nWe shall meet more often. (own words)\n" in text


def test_nothing_to_export_is_told_and_gives_no_file_of_before(work: _Work) -> None:
    told, button = work.export(Chosen("programme-1386"), HERE, "plan", "docx")
    assert SAY("draft.export-nothing") in told
    assert button.value is None


def test_how_far_the_section_is_stands_beside_the_export(work: _Work) -> None:
    of = editing.standing(newest(work).draft)
    assert of.open
    before = f"0 of {of.statements} statements of this section accepted, {of.open} open questions"
    assert before in work.open(CHOSEN, HERE)[6]
    click(work, "accept", place=place_of(work, MEETINGS))
    assert f"1 of {of.statements} statements" in work.open(CHOSEN, HERE)[6]
    assert SAY("draft.not-drafted") in work.open(Chosen(), HERE)[6]


@pytest.mark.parametrize(
    ("kept", "chosen"),
    [
        (None, (None, None)),
        ([], (None, None)),
        (["plan"], (None, None)),
        ("md", (None, None)),
        ([1, 2], (None, None)),
        ([["plan"], {}], (None, None)),
        (["plan", "exe"], ("plan", None)),
        (["all", "md"], (None, "md")),
        (["plan", "md"], ("plan", "md")),
    ],
)
def test_browser_may_have_kept_anything_of_the_last_export(kept: Any, chosen: tuple[str | None, str | None]) -> None:
    what, kind = (one or gr.skip() for one in chosen)
    assert _chosen_before(kept) == (what, kind)


# In the browser.


@dataclass
class Site:
    """The running app over a workspace, and what its pages did that they should not have done."""

    address: str
    assistant: Assistant
    problems: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def site(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with copied(made, tmp_path_factory.mktemp("site")) as assistant, served(assistant) as at:
        yield Site(at, assistant)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def open_tab(browser: Browser | BrowserContext, site: Site, *, width: int = 1280, dark: bool = False) -> Page:
    """A page with the section open."""
    size: Any = {"width": width, "height": 900}
    page = browser.new_page() if isinstance(browser, BrowserContext) else browser.new_page(viewport=size)
    page.on("console", lambda said: site.problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: site.problems.append(str(error)))
    page.goto(f"{site.address}/?__theme={'dark' if dark else 'light'}")
    show_section(page)
    return page


def show_section(page: Page) -> None:
    tab = page.get_by_role("tab", name=SAY("page.tab.draft"), exact=True)
    tab.click()
    page.locator(f"#draft-open-{SECTION}").click()
    expect(page.locator(f".editor[data-section={SECTION}]")).to_be_visible()
    expect(page.locator("#draft-title")).to_be_focused()


def statement(page: Page, words: str) -> Locator:
    return page.locator(".unit").filter(has_text=words).first


@in_a_browser
def test_statement_is_read_accepted_and_changed_by_keyboard(browser: Browser, site: Site) -> None:
    page = open_tab(browser, site)
    one = statement(page, MEETINGS)
    name = one.get_attribute("id") or ""
    one = page.locator(f"#{name}")
    one.get_by_role("button", name="Accept").focus()
    expect(page.locator("#draft-side .card.chosen mark")).to_have_text(MEETINGS)
    page.keyboard.press("Enter")
    expect(one.locator(".unit-state")).to_have_text("Accepted")
    expect(one.get_by_role("button", name="Edit")).to_be_focused()
    page.keyboard.press("Enter")
    box = one.get_by_label(SAY("draft.statement-text"))
    expect(box).to_be_focused()
    box.fill("We shall meet on Tuesdays.")
    one.get_by_role("button", name=SAY("draft.save"), exact=True).click()
    expect(one).to_contain_text(SAY("draft.mark.own-words"))
    expect(page.locator("#draft-told [role=status]")).to_contain_text("Saved")
    expect(one.locator(".edit-form")).to_have_count(0)
    one.get_by_role("button", name="Undo").click()
    expect(one).to_contain_text(MEETINGS)
    page.close()
    assert site.problems == []


@in_a_browser
def test_export_takes_one_press_and_knows_the_format_chosen_before(browser: Browser, site: Site) -> None:
    page = open_tab(browser, site)
    bar = page.locator("#draft-export-bar")
    expect(bar).to_contain_text("statements of this section accepted")
    assert bar.bounding_box()["y"] < page.locator("#draft-title").bounding_box()["y"]  # type: ignore[index]
    with page.expect_download() as word:
        page.get_by_role("button", name=SAY("draft.export"), exact=True).click()
    assert word.value.suggested_filename == f"{HERE.lower()}-{SECTION}.docx"
    expect(page.locator("#draft-exported")).to_contain_text("Exported: ")
    page.get_by_label(SAY("draft.export-format"), exact=True).click()
    page.get_by_role("option", name="Markdown").click()
    page.reload()
    show_section(page)
    expect(page.get_by_label(SAY("draft.export-format"), exact=True)).to_have_value("Markdown")
    page.get_by_role("button", name=SAY("draft.export"), exact=True).focus()
    with page.expect_download() as markdown:
        page.keyboard.press("Enter")
    assert markdown.value.suggested_filename == f"{HERE.lower()}-{SECTION}.md"
    page.close()
    assert site.problems == []


@in_a_browser
def test_what_is_typed_survives_a_reload_until_it_is_saved(browser: Browser, site: Site) -> None:
    page = open_tab(browser, site)
    name = statement(page, MEETINGS).get_attribute("id") or ""
    one = page.locator(f"#{name}")
    one.get_by_role("button", name="Edit").click()
    one.get_by_label(SAY("draft.statement-text")).fill("Half a sentence that")
    page.get_by_label(SAY("draft.notes")).fill("A square was opened")
    statement(page, "[To fill in]").get_by_role("button", name="Leave out").click()  # an update of the page meanwhile
    expect(page.locator(".unit.left-out")).to_have_count(1)
    expect(one.get_by_label(SAY("draft.statement-text"))).to_have_value("Half a sentence that")
    page.reload()
    show_section(page)
    expect(one.get_by_label(SAY("draft.statement-text"))).to_have_value("Half a sentence that")
    expect(one).to_contain_text(SAY("draft.typed-kept"))
    expect(page.get_by_label(SAY("draft.notes"))).to_have_value("A square was opened")
    one.get_by_role("button", name=SAY("draft.cancel-edit"), exact=True).click()
    page.get_by_role("button", name=SAY("draft.redraft"), exact=True).click()
    expect(page.locator("#draft-told")).to_contain_text("Drafted", timeout=20_000)
    expect(page.locator(".editor")).to_contain_text("A square was opened")
    page.reload()
    show_section(page)
    expect(page.locator(".edit-form")).to_have_count(0)
    page.close()
    assert site.problems == []


@in_a_browser
def test_two_tabs_tell_of_each_other(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    mine, theirs = open_tab(context, site), open_tab(context, site)
    name = statement(mine, MEETINGS).get_attribute("id") or ""
    theirs.locator(f"#{name}").get_by_role("button", name="Leave out").click()
    expect(theirs.locator(f"#{name}")).to_contain_text(SAY("draft.mark.left-out"))
    one = mine.locator(f"#{name}")
    one.get_by_role("button", name="Edit").click()
    one.get_by_label(SAY("draft.statement-text")).fill("We shall meet on Fridays.")
    one.get_by_role("button", name=SAY("draft.save"), exact=True).click()
    expect(mine.locator("#draft-told")).to_contain_text("compare the two under Versions")
    mine.locator("#draft-versions summary").click()
    mine.get_by_role("button", name=SAY("draft.compare"), exact=True).click()
    expect(mine.locator("#draft-compared ins")).to_contain_text("We shall meet on Fridays.")
    context.close()
    assert site.problems == []


@in_a_browser
def test_passage_of_an_own_document_is_put_in_by_keyboard(browser: Browser, with_chapter: _Work) -> None:
    backend: Any = with_chapter._backend
    with served(backend) as address:
        site = Site(address, backend)
        page = open_tab(browser, site)
        page.locator("#draft-unused-head").focus()
        page.keyboard.press("Enter")
        row = page.locator("#draft-unused li").filter(has_text=UNUSED)
        expect(row).to_be_visible(timeout=20_000)
        assert violations(page) == []
        row.get_by_role("button", name=SAY("draft.put")).focus()
        page.keyboard.press("Enter")
        expect(statement(page, UNUSED)).to_contain_text("Accepted")
        expect(row).to_have_count(0)
        expect(page.locator("#draft-unused-box")).to_have_attribute("open", "")
        expect(page.locator("#draft-unused-head")).to_be_focused()
        page.locator("#draft-unused-head").click()
        expect(page.locator("#draft-unused-box")).not_to_have_attribute("open", "")
        page.close()
        assert site.problems == []


@in_a_browser
def test_answer_on_a_section_that_was_left_is_not_shown_and_the_open_one_is_looked_at(
    browser: Browser, with_chapter: _Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend: Any = with_chapter._backend
    other = "wellbeing-health-housing"
    backend.planning.redraft(other, municipality=HERE, as_of=DAY, who="the web app")
    unused, looked, released = backend.kept_drafts.unused, [], threading.Event()

    def slow(draft: SectionDraft, *, wait: bool = True) -> list[OwnPassage] | None:
        if not wait:
            return None
        looked.append(draft.section)
        if draft.section == SECTION:
            assert released.wait(30)
            return list(unused(draft))
        return []

    monkeypatch.setattr(backend.kept_drafts, "unused", slow)
    with served(backend) as address:
        site = Site(address, backend)
        page = open_tab(browser, site)
        page.locator(f"#draft-open-{other}").click()
        expect(page.locator(f".editor[data-section={other}]")).to_be_visible()
        page.locator(f"#draft-open-{SECTION}").click()
        expect(page.locator(f".editor[data-section={SECTION}]")).to_be_visible()
        page.wait_for_timeout(500)
        assert looked == []  # nobody has opened the box
        page.locator("#draft-unused-head").click()
        expect(page.locator("#draft-unused-box")).to_contain_text(SAY("draft.unused-looking"))
        page.locator(f"#draft-open-{other}").click()
        expect(page.locator(f".editor[data-section={other}]")).to_be_visible()
        page.wait_for_timeout(500)
        released.set()
        expect(page.locator("#draft-unused-box")).to_contain_text(SAY("draft.unused-none"), timeout=20_000)
        page.wait_for_timeout(1_000)  # nothing comes after it
        expect(page.locator("#draft-unused-box")).to_contain_text(SAY("draft.unused-none"))
        expect(page.locator("#draft-unused-box")).to_be_visible()
        assert looked[0] == SECTION
        assert set(looked[1:]) == {other}
        assert len(looked) <= 3
        page.close()
        assert site.problems == []


@in_a_browser
@pytest.mark.parametrize("width", [1280, 375])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_tab_has_no_accessibility_violation(browser: Browser, site: Site, width: int, dark: bool) -> None:
    page = open_tab(browser, site, width=width, dark=dark)
    page.locator("#draft-editor").get_by_role("button", name="Edit").first.click()
    page.locator("#draft-versions summary").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
