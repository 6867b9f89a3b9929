"""What the workbook keeps of people's work, whoever writes at once, is killed, or damages the file."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import workbook
from assistant.errors import AssistantError, WorkspaceError
from assistant.types import (
    BlockRole,
    Cell,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Currency,
    DraftBlock,
    Example,
    Figure,
    ItemAnswer,
    ItemStatus,
    Kind,
    Match,
    Notice,
    Override,
    Placeholder,
    Profile,
    SectionDraft,
    SituationTable,
    Statement,
    Support,
    Version,
    WarningCode,
    as_json,
)
from assistant.workbook import Workbook, read_record

ROOT = Path(__file__).resolve().parent.parent
CODE, ACCOUNT = "131052-308T", "FI21 1234 5600 0007 85"  # the examples of the DVV and of the banks
PROFILE = Profile(
    "Mallikylä", 24_300, "2025-12-31", "Finnish and Swedish", "Malli area", "Malli county", "Mallila", "2026",
    "2029-12", "Maija, maija@mallikyla.example, 050 123 4567",
)  # fmt: skip
ROW = (Cell("One", (1,)), Cell("[TO FILL: good-relations.owner]"))
STATEMENT = Statement("The council approves it.\n- A list", (1,), Support.QUOTED)
CITATION = Citation(
    1, "act-681-2023", Kind.LAW, "Act", "Finlex", "https://example.org/681", None, "section 33",
    "The council approves it.", "2023-04", "681/2023", Currency.CURRENT, False, 10, 34, 4, "statute text seen",
    "A note",
)  # fmt: skip
DRAFT = SectionDraft(
    section="good-relations",
    title="Good relations – hyvät suhteet",
    municipality="Mallikylä",
    as_of="2026-10-01",
    writer="extractive",
    blocks=(
        DraftBlock("What the law asks", BlockRole.REQUIREMENTS, (STATEMENT, replace(STATEMENT, citations=()))),
        DraftBlock("Objectives", BlockRole.OBJECTIVES, (), ("Goal", "Owner"), (ROW, ROW)),
    ),
    placeholders=(Placeholder("good-relations.owner", "Who?", "The office", "The budget"),),
    citations=(CITATION, replace(CITATION, id=2, url=None, page=None, certainty=None, note=None)),
    warnings=(Notice(WarningCode.OUTDATED_SOURCE, "Old.", (2,)), Notice(WarningCode.COPYING, "Copied.")),
    copying=CopyingCheck(700, 7, 0.01, (Match(0, 7, "as they", "theirs", "Naapurila", "As they", "verbatim"),)),
    plan="programme",
    status="duty",
    examples=(Example("naapuri", "Naapuri", "Programme", None, "page 3", None, "Another size"),),
)  # fmt: skip
ANSWER = ChecklistAnswer(
    checklist="act-33",
    title="Contents",
    municipality="Mallikylä",
    as_of="2026-10-01",
    items=(
        ItemAnswer("a", "Is it approved?", ItemStatus.MET, (STATEMENT,), "Nothing"),
        ItemAnswer(
            "b", "Is it followed?", ItemStatus.PARTLY, (), "Ask", "group", "duty", "note", (STATEMENT,), "monitoring",
            ("How?",), Override(ItemStatus.MET, "Seen", "Maija", "2026-10-01T08:00:00+00:00"),
        ),
    ),
    citations=(CITATION,),
    warnings=(Notice(WarningCode.UNSUPPORTED, "Unsure."),),
)  # fmt: skip
WHERE = ("Mallikylä", "programme", "good-relations")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workbook.sqlite"


@pytest.fixture
def book(path: Path) -> Workbook:
    return Workbook(path)


def save(book: Workbook, words: str = "", *, base: int | None = None, who: str = "Maija", **changed: Any) -> Version:
    return book.save_draft(replace(DRAFT, title=words, **changed), who=who, why="drafted", base=base)


def one_line(refused: pytest.ExceptionInfo[AssistantError]) -> str:
    message = str(refused.value)
    assert message.strip()
    assert len(message.splitlines()) == 1
    return message


def statements(path: Path, *queries: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for query in queries:
            connection.execute(query)


# Records.


def test_everything_comes_back_as_it_was_saved_also_when_opened_again(book: Workbook) -> None:
    book.save_profile(PROFILE)
    version = book.save_draft(DRAFT, who="Maija", why="drafted", base=None)
    book.save_checklist(ANSWER)
    book.close()
    again = Workbook(book.path)
    assert again.profile("Mallikylä") == PROFILE
    assert version.draft == DRAFT
    assert again.draft(*WHERE) == version
    found = again.checklist("Mallikylä", "act-33")
    assert found is not None
    assert found[1] == ANSWER


_DRAFTS = st.builds(SectionDraft, copying=st.none() | st.builds(CopyingCheck, share=st.just(0.5)))


@settings(max_examples=40, deadline=None)
@given(
    st.one_of(
        st.from_type(Profile), st.from_type(Figure), st.from_type(Override), st.from_type(ChecklistAnswer),
        st.builds(Version, draft=_DRAFTS),
    )
)  # fmt: skip
def test_any_record_is_read_as_it_was_written(record: Any) -> None:
    assert read_record(type(record), json.loads(json.dumps(as_json(record)))) == record


def test_field_of_a_newer_version_is_left_out_and_one_that_is_missing_has_its_default() -> None:
    assert read_record(Profile, {"name": "Malli", "mayor": {"name": "Maija"}}) == Profile("Malli")


@pytest.mark.parametrize(
    ("kind", "value", "named"),
    [
        (Profile, ["Malli"], "Profile is list"),
        (Profile, {}, "name"),
        (Profile, {"name": None}, "Profile.name is NoneType"),
        (Profile, {"name": "Malli", "population": "many"}, "Profile.population is str"),
        (Profile, {"name": "Malli", "population": True}, "Profile.population is bool"),
        (Profile, {"name": "Malli", "population": 1.5}, "Profile.population is float"),
        (Override, {"status": "done", "note": "", "who": "", "at": ""}, "done"),
        (DraftBlock, {"heading": "", "role": "own", "columns": "Goal"}, "DraftBlock.columns is str"),
        (DraftBlock, {"heading": "", "role": "own", "rows": [[{"text": 1}]]}, r"DraftBlock.rows\[0\]\[0\].text is int"),
    ],
)
def test_value_that_does_not_fit_is_named(kind: type[Any], value: Any, named: str) -> None:
    with pytest.raises((TypeError, ValueError), match=named):
        read_record(kind, value)


def test_personal_data_is_masked_in_every_text_and_nowhere_in_the_file(book: Workbook) -> None:
    book.save_profile(replace(PROFILE, contact=f"Maija {CODE}, maija@mallikyla.example, 050 123 4567"))
    figure = book.add_figure(None, name="Costs", value="7", date="2025", source=f"Of {CODE}", note=f"Paid to {ACCOUNT}")
    table = DraftBlock("Table", BlockRole.OWN, columns=("Who",), rows=((Cell(CODE),),))
    draft = replace(
        DRAFT,
        title=CODE,
        blocks=(table,),
        copying=CopyingCheck(9, 9, 1.0, (Match(0, 9, CODE, "theirs", "Naapurila", CODE, "verbatim"),)),
    )
    version = book.save_draft(draft, who=f"Maija {CODE}", why=CODE, base=None)
    book.override(None, "act-33", "a", ItemStatus.MET, note=f"Seen by {CODE}", who=CODE)
    book.clear_override(None, "act-33", "a", who=CODE, note=CODE)
    book.save_checklist(replace(ANSWER, warnings=(Notice(WarningCode.COPYING, CODE),)))
    profile = book.profile("Mallikylä")
    assert profile is not None
    assert profile.contact == "Maija ██████-████, maija@mallikyla.example, 050 123 4567"
    assert figure.source == "Of ██████-████"
    assert book.figures(None) == [figure]
    assert version.who == "Maija ██████-████"
    assert version.draft.blocks[0].rows[0][0].text == "██████-████"
    book.close()
    kept = book.path.read_bytes()
    assert CODE.encode() not in kept
    assert ACCOUNT.encode() not in kept


def test_what_has_no_utf8_is_kept_all_the_same(book: Workbook) -> None:
    save(book, "half \ud83d", municipality="Mal\udce4")
    found = book.latest_drafts("Mal\udce4", "programme")
    assert [version.draft.title for version in found] == ["half \ud83d"]


# Profiles.


def test_latest_profile_counts_and_the_earlier_ones_are_kept(book: Workbook) -> None:
    assert book.profile("Mallikylä") is None
    book.save_profile(PROFILE)
    book.save_profile(replace(PROFILE, population=25_000))
    assert book.profiles() == [book.profile("Mallikylä")] == [replace(PROFILE, population=25_000)]
    history = book.profile_history("Mallikylä")
    assert [profile.population for _, profile in history] == [24_300, 25_000]
    assert all(at.endswith("+00:00") for at, _ in history)


@pytest.mark.parametrize("name", ["MALLIKYLÄ", "  mallikylä\n", "Mallikyla\u0308"])
def test_name_is_the_same_whatever_its_case_spacing_and_unicode_form(book: Workbook, name: str) -> None:
    book.save_profile(PROFILE)
    assert book.profile(name) == PROFILE
    book.save_profile(replace(PROFILE, name=name))
    assert len(book.profiles()) == 1
    assert len(book.profile_history("Mallikylä")) == 2


def test_profile_without_a_name_is_refused(book: Workbook) -> None:
    with pytest.raises(AssistantError, match="no name") as refused:
        book.save_profile(Profile("  "))
    one_line(refused)


def test_only_profile_gives_the_name_to_use(book: Workbook) -> None:
    assert book.municipality() is None
    book.save_profile(PROFILE)
    assert book.municipality() == "Mallikylä"
    book.save_profile(Profile("Toinen"))
    assert book.municipality() is None


# Figures.


def test_figures_are_listed_as_given_with_numbers_that_never_return(book: Workbook) -> None:
    one = book.add_figure(
        "Malli", name=" Residents\n in all", value="1,240", date="2025-12-31", source="Statistics Finland"
    )
    two = book.add_figure("Malli", name="Share", value="6.2 %", date="2025-12", source="Own count", note="Rounded")
    other = book.add_figure("Toinen", name="Share", value="٣", date=" 2025 ", source="Own count")
    assert one == Figure(1, "Residents in all", "1,240", "2025-12-31", "Statistics Finland")
    assert (other.date, other.id) == ("2025", 3)
    assert book.figures("malli") == [one, two]
    book.remove_figure("MALLI", two.id)
    assert book.figures("Malli") == [one]
    assert book.figures("Toinen") == [other]
    book.remove_figure("Toinen", other.id)
    assert book.add_figure("Malli", name="x", value="1", date="2025", source="x").id == 4
    rows = book._rows("SELECT id, removed IS NULL FROM figures ORDER BY id")
    assert rows == [(1, 1), (2, 0), (3, 0), (4, 1)]  # marked, not deleted


@pytest.mark.parametrize("wrong", [0, 2, -1, 10**30])
def test_figure_that_is_not_there_cannot_be_removed(book: Workbook, wrong: int) -> None:
    book.add_figure("Malli", name="Share", value="6.2 %", date="2025", source="Own count")
    with pytest.raises(AssistantError, match=f"No figure of Malli has the number {wrong}.*List") as refused:
        book.remove_figure("Malli", wrong)
    one_line(refused)


def test_figure_of_another_municipality_or_removed_before_cannot_be_removed(book: Workbook) -> None:
    figure = book.add_figure("Malli", name="Share", value="6.2 %", date="2025", source="Own count")
    with pytest.raises(AssistantError, match="List"):
        book.remove_figure(None, figure.id)
    book.remove_figure("Malli", figure.id)
    with pytest.raises(AssistantError, match="List"):
        book.remove_figure("Malli", figure.id)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": " \n"}, "no name"),
        ({"value": ""}, "no value"),
        ({"source": "\u00a0"}, "no source"),
        ({"value": "many"}, "'many' has no digit"),
        ({"value": "²"}, "no digit"),
        ({"date": ""}, "'' is no date.*YYYY-MM-DD"),
        ({"date": "31.12.2025"}, "is no date"),
        ({"date": "2025-13"}, "is no date"),
        ({"date": "2025-02-29"}, "is no date"),
        ({"date": "0000"}, "is no date"),
        ({"date": "2025-1"}, "is no date"),
        ({"date": "20251231"}, "is no date"),
        ({"date": "２０２５"}, "is no date"),
        ({"date": "2025\n" * 50}, "is no date"),
        ({"name": "x" * 301}, "name has 301 characters.*300"),
        ({"value": "1" * 61}, "value has 61"),
        ({"source": "x" * 501}, "source has 501"),
        ({"note": "x" * 2_001}, "note has 2,001 characters.*2,000"),
        ({"name": "a\x00b"}, "name holds a control character"),
        ({"value": "1\x1b[2J"}, "value holds a control character"),
        ({"note": "\udcff"}, "note holds a control character"),
    ],
)
def test_figure_that_cannot_be_kept_says_in_one_line_what_to_mend(
    book: Workbook, given: dict[str, str], told: str
) -> None:
    right = {"name": "Share", "value": "6.2 %", "date": "2025", "source": "Own count"}
    with pytest.raises(AssistantError, match=told) as refused:
        book.add_figure("Malli", **(right | given))
    assert len(one_line(refused)) < 250
    assert book.figures("Malli") == []


def test_texts_of_a_figure_may_be_as_long_as_they_may_be(book: Workbook) -> None:
    longest = {"name": "x" * 300, "value": "1" * 60, "source": "x" * 500, "note": "x" * 2_000}
    assert book.add_figure(None, date="2025", **longest).note == "x" * 2_000


# Drafts.


def test_versions_are_numbered_within_their_section(book: Workbook) -> None:
    assert book.draft(*WHERE) is None
    assert book.versions(*WHERE) == []
    for words in ("one", "two"):
        save(book, words, base=None if words == "one" else 1)
    save(book, "other section", section="housing")
    save(book, "other plan", plan="plan")
    save(book, "nobody's", municipality=None)
    assert [(v.number, v.draft.title, v.beside) for v in book.versions(*WHERE)] == [(1, "one", ()), (2, "two", ())]
    assert book.draft(*WHERE) == book.versions(*WHERE)[1] == book.draft("MALLIKYLÄ", *WHERE[1:], 2)
    for missing in (0, -1, 3, 10**30):
        assert book.draft(*WHERE, missing) is None
    assert [v.draft.title for v in book.latest_drafts("Mallikylä", "programme")] == ["two", "other section"]
    assert [v.draft.title for v in book.latest_drafts("Mallikylä", "plan")] == ["other plan"]
    nobodys = book.latest_drafts(None, "programme")
    assert nobodys == book.latest_drafts("", "programme")
    assert nobodys[0].draft.municipality is None


@pytest.mark.parametrize(
    ("base", "beside"), [(None, (1, 2, 3)), (0, (1, 2, 3)), (1, (2, 3)), (3, ()), (4, (1, 2, 3)), (-1, (1, 2, 3))]
)
def test_version_names_those_that_its_writer_did_not_see(
    book: Workbook, base: int | None, beside: tuple[int, ...]
) -> None:
    for n in range(3):
        save(book, str(n), base=n)
    assert save(book, "mine", base=base).beside == beside
    latest = book.draft(*WHERE)
    assert latest is not None
    assert (latest.number, latest.beside) == (4, beside)


def test_two_tabs_at_once_lose_nothing(book: Workbook) -> None:
    save(book, "seen by both")
    left, right = save(book, "left", base=1), save(book, "right", base=1)
    assert (left.beside, right.beside) == ((), (2,))
    assert [v.draft.title for v in book.versions(*WHERE)] == ["seen by both", "left", "right"]


def test_going_back_is_a_new_version_with_the_old_content(book: Workbook) -> None:
    for n, words in enumerate(("one", "two", "three")):
        save(book, words, base=n)
    back = book.go_back(*WHERE, 1, who="Matti")
    assert (back.number, back.who, back.why, back.beside) == (4, "Matti", "back to version 1", ())
    assert back.draft == replace(DRAFT, title="one")
    assert [v.draft.title for v in book.versions(*WHERE)] == ["one", "two", "three", "one"]


@pytest.mark.parametrize("number", [0, 2, -1, 10**30])
def test_going_back_to_a_version_that_is_not_there_says_which_are(book: Workbook, number: int) -> None:
    with pytest.raises(AssistantError, match="None was saved yet"):
        book.go_back(*WHERE, number, who="Matti")
    save(book)
    with pytest.raises(AssistantError, match=f"no version {number}. There are versions 1 to 1") as refused:
        book.go_back(*WHERE, number, who="Matti")
    one_line(refused)
    assert len(book.versions(*WHERE)) == 1


# Checklists.


def test_word_of_a_person_counts_until_it_is_taken_back_and_stays_in_the_history(book: Workbook) -> None:
    first = book.override("Malli", "act-33", "a", ItemStatus.MET, note=" In the minutes ", who="Maija")
    assert (first.note, first.who, first.at[-6:]) == ("In the minutes", "Maija", "+00:00")
    second = book.override("malli", "act-33", "a", ItemStatus.PARTLY, note="Half of it", who="Matti")
    other = book.override("Malli", "act-33", "b", ItemStatus.NO_EVIDENCE, note="Not seen", who="Matti")
    book.override(None, "act-33", "c", ItemStatus.MET, note="Nobody's", who="Matti")
    book.override("Malli", "other", "c", ItemStatus.MET, note="Another list", who="Matti")
    assert book.overrides("Malli", "act-33") == {"a": second, "b": other}
    book.clear_override("Malli", "act-33", "a", who="Maija", note="Mistaken")
    assert book.overrides("Malli", "act-33") == {"b": other}
    *said, (taken, cleared) = book.override_history("Malli", "act-33", "a")
    assert said == [(first, False), (second, False)]
    assert (taken.status, taken.note, taken.who, cleared) == (ItemStatus.PARTLY, "Mistaken", "Maija", True)
    again = book.override("Malli", "act-33", "a", ItemStatus.MET, note="After all", who="Maija")
    assert book.overrides("Malli", "act-33")["a"] == again
    assert len(book.override_history("Malli", "act-33", "a")) == 4


def test_word_without_a_note_is_refused_and_so_is_clearing_what_nobody_said(book: Workbook) -> None:
    with pytest.raises(AssistantError, match="note on item 'a' is empty") as empty:
        book.override("Malli", "act-33", "a", ItemStatus.MET, note=" \n", who="Maija")
    with pytest.raises(AssistantError, match="nothing to clear") as nothing:
        book.clear_override("Malli", "act-33", "a", who="Maija")
    one_line(empty)
    one_line(nothing)
    assert book.override_history("Malli", "act-33", "a") == []


def test_latest_answer_of_a_checklist_is_kept_with_its_time(book: Workbook) -> None:
    assert book.checklist("Mallikylä", "act-33") is None
    book.save_checklist(ANSWER)
    book.save_checklist(replace(ANSWER, as_of="2027-01-01"))
    book.save_checklist(replace(ANSWER, municipality=None))
    found = book.checklist("MALLIKYLÄ", "act-33")
    assert found is not None
    assert (found[0][-6:], found[1].as_of) == ("+00:00", "2027-01-01")
    assert book.checklist("Mallikylä", "other") is None
    assert book.checklist(None, "act-33") is not None


# Formats.

# Format 1 as it was released, with what it held: never to be changed here, so that such files stay readable.
FORMAT_1 = (
    "CREATE TABLE profiles (row INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, "
    "record TEXT NOT NULL)",
    "CREATE TABLE figures (id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, removed TEXT, "
    "record TEXT NOT NULL)",
    "CREATE TABLE drafts (municipality TEXT NOT NULL, plan TEXT NOT NULL, section TEXT NOT NULL, "
    "number INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (municipality, plan, section, number))",
    "CREATE TABLE overrides (row INTEGER PRIMARY KEY, municipality TEXT NOT NULL, checklist TEXT NOT NULL, "
    "item TEXT NOT NULL, cleared INTEGER NOT NULL, record TEXT NOT NULL)",
    "CREATE TABLE checklists (municipality TEXT NOT NULL, checklist TEXT NOT NULL, at TEXT NOT NULL, "
    "record TEXT NOT NULL, PRIMARY KEY (municipality, checklist))",
    """INSERT INTO profiles VALUES (1, 'malli', '2026-10-01T08:00:00+00:00', '{"name": "Malli", "population": 900}')""",
    "INSERT INTO figures VALUES (1, 'malli', '2026-10-01T08:00:00+00:00', NULL, "
    """'{"id": 1, "name": "Share", "value": "6 %", "date": "2025", "source": "Own", "note": ""}')""",
    "INSERT INTO drafts VALUES ('malli', 'plan', 'housing', 1, "
    """'{"number": 1, "at": "2026-10-01T08:00:00+00:00", "who": "Maija", "why": "drafted", "beside": [], "draft":
    {"section": "housing", "title": "Housing", "municipality": "Malli", "as_of": "2026-10-01", "writer": "extractive",
    "blocks": [{"heading": "Own", "role": "own", "statements": [{"text": "Homes.", "citations": [],
    "support": "unsupported"}]}]}}')""",
    "INSERT INTO overrides VALUES (1, 'malli', 'act-33', 'a', 0, "
    """'{"status": "met", "note": "Seen", "who": "Maija", "at": "2026-10-01T08:00:00+00:00"}')""",
    "PRAGMA user_version = 1",
)


def check_format_1(book: Workbook) -> None:
    """What `FORMAT_1` held is there, and more can be added."""
    assert book.municipality() == "Malli"
    assert [figure.name for figure in book.figures("Malli")] == ["Share"]
    version = book.draft("Malli", "plan", "housing")
    assert version is not None
    assert version.draft.blocks[0].statements == (Statement("Homes.", (), Support.UNSUPPORTED),)
    assert book.overrides("Malli", "act-33")["a"].status is ItemStatus.MET
    assert book.save_draft(version.draft, who="Matti", why="drafted", base=1).number == 2
    assert book._rows("PRAGMA user_version") == [(len(workbook._STEPS),)]
    assert book._rows("PRAGMA journal_mode") == [("wal",)]


def test_new_workbook_is_of_the_latest_format_and_leaves_nothing_beside_it(path: Path) -> None:
    book = Workbook(path)
    assert book._rows("PRAGMA user_version") == [(len(workbook._STEPS),)]
    assert book._rows("PRAGMA journal_mode") == [("wal",)]
    assert book._rows("PRAGMA synchronous") == [(2,)]
    save(book)
    book.close()
    assert [file.name for file in path.parent.iterdir()] == ["workbook.sqlite"]


def test_workbook_of_format_0_is_brought_forward(path: Path) -> None:
    statements(path, "PRAGMA page_size = 1024", "VACUUM")
    assert path.stat().st_size
    book = Workbook(path)
    assert book._rows("PRAGMA user_version") == [(len(workbook._STEPS),)]
    assert save(book).number == 1


def test_workbook_of_format_1_is_readable_for_ever(path: Path) -> None:
    statements(path, *FORMAT_1, "PRAGMA journal_mode = WAL")
    check_format_1(Workbook(path))


def test_workbook_of_format_1_is_brought_forward_step_by_step(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements(path, *FORMAT_1)
    steps = (
        "ALTER TABLE figures ADD COLUMN unit TEXT;\nUPDATE figures SET unit = 'persons';\n",
        "UPDATE profiles SET record = json_set(record, '$.languages', 'Finnish');\n",
    )
    monkeypatch.setattr(workbook, "_STEPS", (*workbook._STEPS[:1], *steps))
    opened: list[Workbook] = []
    together = threading.Barrier(3)

    def open_at_once() -> None:
        together.wait()
        opened.append(Workbook(path))

    threads = [threading.Thread(target=open_at_once) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3  # each step was taken once: a second time, the first would fail
    check_format_1(opened[0])
    assert opened[0].profiles()[0].languages == "Finnish"
    assert opened[0]._rows("SELECT unit FROM figures") == [("persons",)]


def test_step_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    statements(path, *FORMAT_1, "PRAGMA journal_mode = WAL")
    before = path.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "_STEPS", (workbook._STEPS[0], "DELETE FROM drafts;\nSELECT 1 FROM nowhere;\n"))
        with pytest.raises(WorkspaceError, match="nowhere") as refused:
            Workbook(path)
    one_line(refused)
    assert path.read_bytes() == before
    check_format_1(Workbook(path))


def test_workbook_of_a_newer_format_is_refused_and_left_as_it_is(path: Path) -> None:
    statements(path, *FORMAT_1, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(WorkspaceError, match=r"newer version of Kotoapuri \(format 99.*Update") as refused:
        Workbook(path)
    one_line(refused)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["workbook.sqlite"]


# Several at once, killed.

_SAVE = """
import sys
from pathlib import Path
from assistant.types import BlockRole, DraftBlock, SectionDraft, Statement, Support
from assistant.workbook import Workbook

path, who, times = sys.argv[1:]
book, number = Workbook(Path(path)), None
for n in range(int(times)):
    said = Statement(f"{who} {n} " * 200, (), Support.UNSUPPORTED)
    blocks = (DraftBlock("Own", BlockRole.OWN, (said,)),)
    draft = SectionDraft("good-relations", f"{who} {n}", "Mallikylä", "2026-10-01", who, blocks, plan="programme")
    number = book.save_draft(draft, who=who, why="drafted", base=number).number
    print(number, who, n, flush=True)
"""


def start_saving(path: Path, who: str, times: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _SAVE, str(path), who, str(times)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def check_whole(path: Path, acknowledged: list[str]) -> None:
    """The file is sound, its versions are numbered without a gap, and every acknowledged one is there as saved."""
    with closing(Workbook(path)) as book:
        assert book._rows("PRAGMA integrity_check") == [("ok",)]
        versions = book.versions(*WHERE)
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    kept = {f"{v.number} {v.draft.title}" for v in versions}
    assert kept >= set(acknowledged)
    assert all(v.draft.blocks[0].statements[0].text == f"{v.draft.title} " * 200 for v in versions)


def test_two_processes_that_begin_a_workbook_and_save_at_once_lose_nothing(path: Path) -> None:
    children = [start_saving(path, who, 150) for who in ("left", "right")]
    told = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0], told
    acknowledged = [line for output, _ in told for line in output.splitlines()]
    assert len(set(acknowledged)) == 300
    check_whole(path, acknowledged)
    with closing(Workbook(path)) as book:
        versions = book.versions(*WHERE)
    for version in versions:  # each names exactly what the other had saved since its own last version
        own = [v.number for v in versions[: version.number - 1] if v.who == version.who]
        assert version.beside == tuple(range((own[-1] if own else 0) + 1, version.number))
    assert len(versions) == 300
    assert [file.name for file in path.parent.iterdir()] == ["workbook.sqlite"]


def test_workbook_that_another_process_begins_meanwhile_is_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = os.link

    def begin_first(made: Path, name: Path) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(os, "link", link)
            with closing(Workbook(name)) as quicker:
                save(quicker, "quicker")
        link(made, name)

    monkeypatch.setattr(os, "link", begin_first)
    book = Workbook(path)
    assert [v.draft.title for v in book.versions(*WHERE)] == ["quicker"]
    assert save(book).number == 2


def test_threads_that_save_at_once_lose_nothing(book: Workbook) -> None:
    told: dict[str, list[int]] = {"left": [], "right": []}
    errors: list[BaseException] = []

    def save_many(who: str) -> None:
        try:
            for n in range(40):
                told[who].append(save(book, f"{who} {n}", who=who).number)
                book.add_figure(None, name=f"{who} {n}", value="1", date="2025", source="x")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=save_many, args=(who,)) for who in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(told["left"] + told["right"]) == list(range(1, 81))
    versions = book.versions(*WHERE)
    assert [v.number for v in versions] == list(range(1, 81))
    for who, numbers in told.items():
        assert [versions[n - 1].draft.title for n in numbers] == [f"{who} {n}" for n in range(40)]
    assert [figure.id for figure in book.figures(None)] == list(range(1, 81))


def test_killed_process_loses_no_acknowledged_version(path: Path) -> None:
    draw = random.Random(7)
    acknowledged: list[str] = []
    for n in range(14):
        child = start_saving(path, f"round{n}", 1_000_000)
        if n > 3:  # some are killed before or while they open the workbook
            assert child.stdout is not None
            acknowledged.append(child.stdout.readline().rstrip("\n"))
        time.sleep(draw.uniform(0, 0.25))
        child.send_signal(signal.SIGKILL)
        output, _ = child.communicate(timeout=30)
        assert child.returncode == -signal.SIGKILL
        acknowledged += [line.rstrip("\n") for line in output.splitlines(keepends=True) if line.endswith("\n")]
        check_whole(path, acknowledged)
    assert len(acknowledged) > 50


# Damage, no permission, no room.


def filled(path: Path) -> bytes:
    """The bytes of a closed workbook of some hundred pages."""
    with closing(Workbook(path)) as book:
        for n in range(60):
            save(book, f"{n} " * 2_000, base=n)
    return path.read_bytes()


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"not a database at all, only some words" * 40, b"SQLite format 3\0" + b"\xff" * 5_000, b"\0" * 8_192],
)
def test_file_that_is_no_workbook_is_refused_and_not_overwritten(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match="--workspace") as refused:
        Workbook(path)
    assert str(path) in one_line(refused)
    assert path.read_bytes() == content


@pytest.mark.parametrize("share", [0.0001, 0.001, 0.1, 0.5, 0.99])
def test_truncated_file_is_refused_and_not_overwritten(path: Path, share: float) -> None:
    content = filled(path)
    content = content[: int(len(content) * share)]
    path.write_bytes(content)
    with pytest.raises(WorkspaceError, match=r"cannot be used.*backup") as refused:
        Workbook(path)
    one_line(refused)
    assert path.read_bytes() == content


def test_damage_that_a_query_meets_is_told_in_one_line(path: Path) -> None:
    content = filled(path)
    path.write_bytes(content[:4_096] + b"\xaa" * (len(content) - 8_192) + content[-4_096:])
    book = Workbook(path)
    for ask in (lambda: book.versions(*WHERE), lambda: save(book), lambda: book.go_back(*WHERE, 1, who="")):
        with pytest.raises(WorkspaceError, match=r"cannot be used.*backup") as refused:
            ask()
        one_line(refused)


@pytest.mark.parametrize("record", ["{", "[]", '{"name": 5}', "[" * 100_000])
def test_record_that_was_changed_from_outside_is_told_in_one_line(book: Workbook, record: str) -> None:
    book.save_profile(PROFILE)
    book._connection.execute("UPDATE profiles SET record = ?", (record,))
    with pytest.raises(WorkspaceError, match="a Profile in it is not as it was written") as refused:
        book.profile("Mallikylä")
    one_line(refused)


def test_workbook_that_has_gone_is_told_and_not_begun_anew(book: Workbook) -> None:
    save(book)
    book.close()
    book.path.unlink()
    with pytest.raises(WorkspaceError) as read:
        book.versions(*WHERE)
    with pytest.raises(WorkspaceError) as written:
        save(book)
    one_line(read)
    one_line(written)
    assert not book.path.exists()


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="cannot be used") as refused:
        Workbook(tmp_path / "file" / "workbook.sqlite")
    one_line(refused)


@pytest.mark.parametrize("there", [True, False])
def test_folder_that_cannot_be_written_is_told_in_one_line(there: bool) -> None:
    script = """
import os, sys
from pathlib import Path
from assistant.errors import WorkspaceError
from assistant.types import Profile
from assistant.workbook import Workbook

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
try:
    Workbook(Path(sys.argv[1])).save_profile(Profile("Malli"))
except WorkspaceError as error:
    print(error)
"""
    folder = Path(tempfile.mkdtemp(prefix="kotoapuri-"))  # pytest's own folders can be entered by their owner alone
    path = folder / "workbook.sqlite"
    try:
        if there:
            Workbook(path).close()
            path.chmod(0o444)
        folder.chmod(0o555)
        before = path.read_bytes() if there else b""
        command = [sys.executable, "-c", script, str(path)]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert (told.returncode, told.stderr) == (0, "")
        assert told.stdout.startswith(("The workbook", "Nothing was saved"))
        assert len(told.stdout.splitlines()) == 1
        assert [file.name for file in folder.iterdir()] == ["workbook.sqlite"] * there
        assert not there or path.read_bytes() == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_full_disk_changes_nothing_and_says_so(book: Workbook) -> None:
    save(book, "before")
    connection = book._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    limit = connection.execute("PRAGMA max_page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(WorkspaceError, match=r"Nothing was saved.*full.*free space") as full:
        save(book, "words " * 20_000, base=1)
    one_line(full)
    assert [v.draft.title for v in book.versions(*WHERE)] == ["before"]
    connection.execute(f"PRAGMA max_page_count = {limit}")
    assert save(book, "words " * 20_000, base=1).number == 2


def test_file_system_without_links_has_its_workbook_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    assert save(Workbook(path)).number == 1


# What was made before a municipality was named.


FIGURE: dict[str, str] = {"name": "Residents", "value": "812", "date": "2025", "source": "Statistics Finland"}


def unnamed(book: Workbook) -> None:
    """Two sections, one of them in two versions, a checklist with a person's word, a figure: all under no name."""
    for words in ("first", "second"):
        save(book, words, municipality=None)
    save(book, "also", municipality=None, section="housing")
    book.save_checklist(replace(ANSWER, municipality=None))
    book.override(None, "act-33", "b", ItemStatus.MET, note="Seen.", who="Maija")
    book.add_figure(None, **FIGURE)


def test_what_is_kept_under_no_name_moves_to_a_municipality_with_every_version(book: Workbook) -> None:
    unnamed(book)
    moves, stays = book.name_unnamed("Mallikylä")
    assert (moves.sections, moves.checklists, moves.figures) == (
        (("programme", "good-relations"), ("programme", "housing")), ("act-33",), 1,
    )  # fmt: skip
    assert not stays
    versions = book.versions(*WHERE)
    assert [(v.number, v.draft.title, v.draft.municipality) for v in versions] == [
        (1, "first", "Mallikylä"), (2, "second", "Mallikylä"),
    ]  # fmt: skip
    kept = book.checklist("mallikylä", "act-33")
    assert kept is not None
    assert kept[1] == replace(ANSWER)
    assert book.overrides("Mallikylä", "act-33")["b"].note == "Seen."
    assert [figure.value for figure in book.figures("Mallikylä")] == ["812"]
    assert not book.unnamed("Mallikylä")[0]
    assert book.versions(None, *WHERE[1:]) == []
    assert book.figures(None) == []


def test_section_and_checklist_that_the_municipality_has_stay_where_they_are_and_are_named(book: Workbook) -> None:
    unnamed(book)
    save(book, "theirs")
    book.override("Mallikylä", "act-33", "a", ItemStatus.PARTLY, note="Half.", who="Aino")
    moves, stays = book.name_unnamed("Mallikylä")
    assert moves.sections == (("programme", "housing"),)
    assert (stays.sections, stays.checklists) == ((("programme", "good-relations"),), ("act-33",))
    assert [v.draft.title for v in book.versions(*WHERE)] == ["theirs"]
    assert [v.draft.title for v in book.versions(None, *WHERE[1:])] == ["first", "second"]
    assert list(book.overrides("Mallikylä", "act-33")) == ["a"]
    assert list(book.overrides(None, "act-33")) == ["b"]


def test_move_that_fails_halfway_moves_nothing(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    unnamed(book)
    before = book.unnamed("Mallikylä")
    rename = Workbook._rename

    def fail(connection: sqlite3.Connection, table: str, *rest: Any) -> None:
        if table == "tables":
            raise sqlite3.OperationalError("disk I/O error")
        rename(connection, table, *rest)

    monkeypatch.setattr(Workbook, "_rename", staticmethod(fail))
    with pytest.raises(WorkspaceError, match="Nothing was saved"):
        book.name_unnamed("Mallikylä")
    assert book.unnamed("Mallikylä") == before
    assert book.versions(*WHERE) == []


def test_table_of_the_same_file_is_kept_once(book: Workbook) -> None:
    table = SituationTable(0, "a.csv", "A", None, None, None, None, None, "2026-11-22", (), digest="d")
    book.add_table(table)
    book.add_table(replace(table, digest="e"))
    book.add_table(replace(table, municipality="Mallikylä"))
    assert book.name_unnamed("Mallikylä")[0].tables == 1
    assert [(one.digest, one.municipality) for one in book.tables("Mallikylä")] == [
        ("e", "Mallikylä"),
        ("d", "Mallikylä"),
    ]
    assert book.tables(None) == []


def test_nothing_is_moved_to_no_name(book: Workbook) -> None:
    with pytest.raises(AssistantError, match="Name the municipality"):
        book.name_unnamed("  ")
