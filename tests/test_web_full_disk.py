"""The real page over a full disk: it says so in words, nothing is lost or half written, and all goes on afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from plan_cases import HERE, MALLIKYLA, add, open_assistant
from playwright.sync_api import Page, expect, sync_playwright
from web_cases import BROWSER_MARKS, CHROMIUM, FLAGS, served

from assistant.assistant import Assistant
from assistant.errors import WorkspaceError
from assistant.plan import DEFAULT
from assistant.words import words

SAY = words("en")
SECTION = "good-relations"
NOT_SAVED = "Check that the disk has free space"
QUESTION = "Who coordinates the planning of integration in Mallikylä?"
ANSWER = "is coordinated by the education branch"

pytestmark = [*BROWSER_MARKS, pytest.mark.xdist_group("full-disk")]


@dataclass
class Disk:
    """A small disk of its own."""

    folder: Path

    def fill(self) -> None:
        """Leave no byte free; nor room in the write-ahead logs, which SQLite writes anew from their beginning."""
        for path in (self.folder / "workspace").glob("*.sqlite"):
            with closing(sqlite3.connect(path, timeout=30)) as connection:
                assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        size = 1 << 20
        with (self.folder / "filler").open("wb", buffering=0) as file:
            while size:
                try:
                    file.write(bytes(size))
                except OSError:
                    size //= 2

    def free(self) -> None:
        """Make room."""
        (self.folder / "filler").unlink(missing_ok=True)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    folder = tmp_path_factory.mktemp("small-disk")
    if not shutil.which("mount") or os.geteuid() != 0:
        pytest.skip("a small disk needs mount and root")
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield Disk(folder)
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture(scope="module")
def assistant(disk: Disk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """A workspace on that disk, with documents and a drafted section."""
    with open_assistant(disk.folder / "workspace", corpus="none") as opened:
        add(opened, tmp_path_factory.mktemp("files"), MALLIKYLA)
        opened.planning.draft(SECTION, municipality=HERE, who="a test")
        yield opened


@pytest.fixture(scope="module")
def start(assistant: Assistant) -> Iterator[Page]:
    with served(assistant) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(locale="en-GB").new_page()
        page.set_default_timeout(30_000)
        page.goto(address)
        yield page
        browser.close()


@pytest.fixture
def page(start: Page, disk: Disk) -> Iterator[Page]:
    """The page anew; the disk is full from the moment at which it is there, until the test makes room or ends."""
    disk.free()
    start.reload()
    start.get_by_label(SAY("ask.question-label")).wait_for()
    expect(start.get_by_label(SAY("page.municipality"), exact=True)).to_have_value(HERE)
    disk.fill()
    yield start
    disk.free()


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=SAY(f"page.tab.{name}"), exact=True).click()


def refused(page: Page, tab: str) -> None:
    """The tab says what went wrong and what to do, in one line."""
    told = page.locator(f"#tab-{tab} [role=alert]", has_text=NOT_SAVED).first
    expect(told).to_be_visible(timeout=60_000)
    assert len(told.inner_text().strip().splitlines()) == 1
    assert "Traceback" not in page.locator("body").inner_text()


def is_whole(assistant: Assistant) -> None:
    """Both files are sound, and every source has all its passages."""
    for name in ("kotoapuri.sqlite", "workbook.sqlite"):
        with closing(sqlite3.connect(f"file:{assistant.workspace / name}?mode=ro", uri=True)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for source in assistant.sources():
        assert len(assistant.passages(source.source_id)) == source.passages


def ask(page: Page, *, turn: int) -> None:
    page.get_by_label(SAY("ask.question-label")).fill(QUESTION)
    page.get_by_role("button", name=SAY("ask.send"), exact=True).click()
    expect(page.locator(".turn")).to_have_count(turn)
    expect(page.locator(".turn").last.locator(".made")).to_be_visible(timeout=60_000)
    expect(page.locator(".turn .answer").last).to_contain_text(ANSWER)


def test_question_is_answered_and_says_that_it_is_not_kept(page: Page, assistant: Assistant, disk: Disk) -> None:
    ask(page, turn=1)
    expect(page.locator(".turn").last).to_contain_text(SAY("ask.not-kept"))
    expect(page.locator(".turn").last).to_contain_text(NOT_SAVED)
    assert assistant.planning.workbook.conversations() == []
    disk.free()
    ask(page, turn=2)
    expect(page.locator(".turn").last).not_to_contain_text(NOT_SAVED)
    assert [one.questions for one in assistant.planning.workbook.conversations()] == [1]
    is_whole(assistant)


def test_statement_is_not_accepted_and_can_be_afterwards(page: Page, assistant: Assistant, disk: Disk) -> None:
    workbook = assistant.planning.workbook
    before = workbook.versions(HERE, DEFAULT, SECTION)
    open_tab(page, "draft")
    page.locator(f"#draft-open-{SECTION}").click()
    accept = page.locator(".editor .unit").get_by_role("button", name="Accept").first
    accept.click()
    refused(page, "draft")
    assert workbook.versions(HERE, DEFAULT, SECTION) == before
    disk.free()
    accept.click()
    expect(page.locator(".unit-state", has_text="Accepted").first).to_be_visible()
    assert [version.number for version in workbook.versions(HERE, DEFAULT, SECTION)] == [1, 2]
    is_whole(assistant)


def test_section_is_not_drafted_by_half(page: Page, assistant: Assistant, disk: Disk) -> None:
    open_tab(page, "draft")
    page.locator("#draft-open-basis").click()
    page.locator("#draft-do-draft").click()
    refused(page, "draft")
    assert assistant.planning.workbook.draft(HERE, DEFAULT, "basis") is None
    disk.free()
    page.locator("#draft-do-draft").click()
    expect(page.locator(".editor[data-section=basis] .unit").first).to_be_visible(timeout=60_000)
    is_whole(assistant)


def test_checklist_is_not_answered_by_half(page: Page, assistant: Assistant, disk: Disk) -> None:
    open_tab(page, "checklist")
    page.locator("#checklist-answer").click()
    refused(page, "checklist")
    assert assistant.planning.workbook.checklist(HERE, "plan") is None
    disk.free()
    page.locator("#checklist-answer").click()
    expect(page.locator("#checklist-list tbody tr").first).to_be_visible(timeout=60_000)
    assert assistant.planning.workbook.checklist(HERE, "plan") is not None


def test_figure_and_profile_are_not_saved_and_what_was_typed_stays(
    page: Page, assistant: Assistant, disk: Disk
) -> None:
    workbook = assistant.planning.workbook
    open_tab(page, "situation")
    for name, text in (("name", "Pupils"), ("value", "12"), ("date", "2025"), ("source", "School register")):
        page.locator(f"#figure-{name} :is(textarea, input)").fill(text)
    page.locator("#figure-add").click()
    refused(page, "situation")
    expect(page.locator("#figure-value :is(textarea, input)")).to_have_value("12")
    open_tab(page, "settings")
    page.locator("#profile-name :is(textarea, input)").fill(HERE)
    page.locator("#profile-save").click()
    refused(page, "settings")
    assert (workbook.figures(HERE), workbook.profile(HERE)) == ([], None)
    disk.free()
    page.locator("#profile-save").click()
    expect(page.locator("#tab-settings [role=status]", has_text="Saved").first).to_be_visible()
    open_tab(page, "situation")
    page.locator("#figure-add").click()
    expect(page.locator("#situation-figure-result")).to_contain_text("added")
    assert [figure.value for figure in workbook.figures(HERE)] == ["12"]
    assert workbook.profile(HERE) is not None


def test_document_is_not_added_and_can_be_afterwards(
    page: Page, assistant: Assistant, disk: Disk, tmp_path: Path
) -> None:
    before = assistant.sources()
    path = tmp_path / "decision.md"
    sentences = (f"The sauna number {n} of Mallikylä opens for newcomers on Tuesdays at 17." for n in range(400))
    path.write_text("# Decision\n\n" + "\n\n".join(sentences), encoding="utf-8")
    open_tab(page, "sources")
    page.locator("#files input[type=file]").set_input_files(path)
    expect(page.locator("#files")).to_contain_text("decision")
    page.locator("#add").click()
    refused(page, "sources")
    assert assistant.sources() == before
    expect(page.locator("#files")).to_contain_text("decision")  # to be tried again without choosing it anew
    is_whole(assistant)
    disk.free()
    page.locator("#add").click()
    expect(page.locator("#added [role=status]")).to_contain_text("1 added", timeout=60_000)
    is_whole(assistant)
    assert assistant.ask("When does the sauna number 7 of Mallikylä open for newcomers?").citations


def test_file_that_the_upload_folder_has_no_room_for_is_refused_in_words_and_leaves_the_room_to_others(
    start: Page, assistant: Assistant, disk: Disk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.free()
    uploads = disk.folder / "uploads"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(uploads))
    large, small = tmp_path / "large.txt", tmp_path / "small.txt"
    large.write_bytes(b"x" * (20 << 20))
    small.write_bytes(b"x" * (1 << 20))
    browser = start.context.browser
    assert browser is not None
    with served(assistant) as address:
        page = browser.new_page(locale="fi-FI")
        page.goto(address)
        page.get_by_role("tab", name=words("fi")("page.tab.sources"), exact=True).click()

        def upload(path: Path) -> int:
            with page.expect_response(lambda answer: "/upload?" in answer.url) as answered:
                page.locator("#files input[type=file]").set_input_files(path)
            return answered.value.status

        assert upload(large) == 507
        told = page.get_by_test_id("toast-body")
        expect(told).to_contain_text(words("fi")("page.upload-full", folder=uploads))
        assert upload(small) == 200
        page.close()
    shutil.rmtree(uploads)


def test_document_is_neither_corrected_nor_removed(page: Page, assistant: Assistant, disk: Disk) -> None:
    before = assistant.sources()
    disk.free()
    open_tab(page, "sources")
    page.locator("#indexed button.open", has_text="everyday life").click()
    page.locator("#correct").click()
    page.locator("#correct-title :is(textarea, input)").fill("Another title")
    disk.fill()
    page.locator("#save-correction").click()
    refused(page, "sources")
    page.locator("#remove").click()
    page.locator("#remove-really").click()
    refused(page, "sources")
    assert assistant.sources() == before
    is_whole(assistant)
    disk.free()
    page.locator("#remove").click()
    page.locator("#remove-really").click()
    expect(page.locator("#sources-said [role=status]")).to_be_visible()
    assert len(assistant.sources()) == len(before) - 1
    is_whole(assistant)


def test_vector_index_on_a_full_disk_is_left_as_it_is(assistant: Assistant, disk: Disk) -> None:
    assistant.ask(QUESTION)
    files = {path for path in (assistant.workspace / "chroma").rglob("*") if path.is_file()}
    waiting = assistant._store.count_searchable(ready=False)
    disk.fill()
    try:
        with pytest.raises(WorkspaceError, match=r"Nothing was changed in the workspace .* the disk is full") as full:
            assistant.remove(assistant.sources()[0].source_id)
        assert len(str(full.value).splitlines()) == 1
        assert SAY.message(str(full.value))
        assert words("fi").message(str(full.value)).startswith("Työtilassa")
        assert files <= {path for path in (assistant.workspace / "chroma").rglob("*") if path.is_file()}
        assert assistant._store.count_searchable(ready=False) == waiting  # not thrown away to be made anew
        assert ANSWER in str(assistant.ask(QUESTION).statements)
    finally:
        disk.free()
    assert ANSWER in str(assistant.ask(QUESTION).statements)
