"""Whose plan it is, versions of drafts and going back, drafting again otherwise, overrides of checklists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import plan_cases
import pytest
from plan_cases import DAY, HERE, MALLIKYLA, NAAPURILA, OTHER, PROGRAMME, add, open_assistant

from assistant.assistant import Assistant
from assistant.errors import AssistantError, QuestionError
from assistant.kept_drafts import KeptDrafts
from assistant.municipalities import Municipalities
from assistant.planning import Planning
from assistant.requests import Revision
from assistant.types import BlockRole, ChecklistAnswer, ItemStatus, Profile, SectionDraft, Turn, Wishes

SECTION = "good-relations"

made = plan_cases.made_with(*MALLIKYLA)
assistant = pytest.fixture(plan_cases.copy_of_made)
planning = pytest.fixture(plan_cases.planning_of)
kept_drafts = pytest.fixture(plan_cases.kept_drafts_of)


@pytest.fixture
def municipalities(assistant: Assistant) -> Municipalities:
    return assistant.municipalities


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Assistant]:
    with open_assistant(tmp_path / "empty", corpus="none") as opened:
        yield opened


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Over the bundled corpus, with documents of two municipalities."""
    folder = tmp_path_factory.mktemp("planning")
    with open_assistant(folder / "workspace") as opened:
        add(opened, folder, [*MALLIKYLA, ("own.md", NAAPURILA, "own", OTHER)])
        yield opened


def one_line(error: pytest.ExceptionInfo[AssistantError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 400
    return text


# Whose plan.


def test_only_municipality_is_the_one_meant(planning: Planning, municipalities: Municipalities) -> None:
    assert municipalities.known() == [HERE, HERE]
    assert planning.draft(SECTION, as_of=DAY).municipality == HERE
    assert planning.draft(SECTION, as_of=DAY, municipality="mallikylä ").municipality == HERE


def test_several_municipalities_are_named_in_the_error(bundled: Assistant) -> None:
    for call in (lambda: bundled.draft(SECTION), lambda: bundled.checklist("plan"), bundled.municipalities.figures):
        with pytest.raises(AssistantError) as error:
            call()
        assert HERE in one_line(error)
        assert OTHER in one_line(error)


def test_unknown_municipality_is_refused(planning: Planning) -> None:
    with pytest.raises(AssistantError, match=f"Uusikylä.*{HERE}.*--municipality") as error:
        planning.draft(SECTION, municipality="Uusikylä")
    one_line(error)


def test_municipality_that_told_of_itself_is_known_without_documents(empty: Assistant) -> None:
    empty.municipalities.tell("Uusikylä", population=900)
    assert empty.draft(SECTION).municipality == "Uusikylä"


def test_programmes_of_others_make_no_municipality_of_the_workspace(planning: Planning, tmp_path: Path) -> None:
    with open_assistant(tmp_path / "other", corpus="none") as other:
        add(other, tmp_path / "files", [*MALLIKYLA, PROGRAMME])
        assert set(other.municipalities.known()) == {HERE}
        assert other.draft(SECTION, as_of=DAY).municipality == HERE


def test_figures_of_one_municipality_are_not_in_the_draft_of_another(bundled: Assistant) -> None:
    bundled.municipalities.add_figure(
        OTHER, name="Foreign-language residents of the municipality",
        value="987,654, or 8.4 per cent of the population", date="2025", source="Statistics Finland",
    )  # fmt: skip
    assert "987,654" not in repr(bundled.draft("situation-picture", municipality=HERE))
    assert "987,654" in repr(bundled.draft("situation-picture", municipality=OTHER))


# What cannot be done.


def test_empty_workspace_says_what_to_add(empty: Assistant) -> None:
    with pytest.raises(AssistantError, match=r"empty.*add FILE --kind own.*KOTOAPURI_CORPUS") as error:
        empty.draft(SECTION)
    one_line(error)


def test_checklist_without_documents_says_what_to_add(empty: Assistant) -> None:
    with pytest.raises(AssistantError, match=r"no document.*--kind own --municipality") as error:
        empty.checklist("plan")
    one_line(error)


@pytest.mark.parametrize("as_of", ["2025-13-01", "yesterday", ""])
def test_date_that_is_none_is_refused(planning: Planning, as_of: str) -> None:
    for call in (planning.draft, planning.checklist):
        with pytest.raises(QuestionError):
            call(SECTION if call == planning.draft else "plan", as_of=as_of)


@pytest.mark.parametrize("notes", ["x" * 100_000, "word " * 20_000])
def test_notes_that_are_too_long_are_refused_and_nothing_is_kept(
    planning: Planning, kept_drafts: KeptDrafts, notes: str
) -> None:
    with pytest.raises(AssistantError, match="100,000 characters") as error:
        planning.draft(SECTION, notes=notes, who="Aino")
    one_line(error)
    assert kept_drafts.versions(SECTION) == []


# Versions.


def test_draft_is_kept_only_in_somebodys_name(planning: Planning, kept_drafts: KeptDrafts) -> None:
    planning.draft(SECTION, as_of=DAY)
    assert kept_drafts.versions(SECTION) == []
    draft = planning.draft(SECTION, as_of=DAY, who="Aino")
    (version,) = kept_drafts.versions(SECTION)
    assert (version.number, version.who, version.why, version.draft) == (1, "Aino", "drafted", draft)


def test_every_version_is_kept_and_an_older_one_becomes_the_newest(planning: Planning, kept_drafts: KeptDrafts) -> None:
    first = planning.draft(SECTION, as_of=DAY, who="Aino")
    second = planning.draft(SECTION, as_of=DAY, notes="Mediation is in use in all rental areas.", who="Bertta")
    assert first != second
    back = kept_drafts.go_back(SECTION, 1, who="Aino")
    assert (back.number, back.draft, back.why) == (3, first, "back to version 1")
    assert [v.draft for v in kept_drafts.versions(SECTION)] == [first, second, first]


@pytest.mark.parametrize("number", [0, 2, -1, 10**30])
def test_going_back_to_a_version_that_is_not_there_is_refused(
    planning: Planning, kept_drafts: KeptDrafts, number: int
) -> None:
    planning.draft(SECTION, as_of=DAY, who="Aino")
    with pytest.raises(AssistantError, match="There are versions 1 to 1") as error:
        kept_drafts.go_back(SECTION, number, who="Aino")
    one_line(error)
    assert len(kept_drafts.versions(SECTION)) == 1


def test_draft_that_was_begun_before_another_was_saved_is_kept_beside_it(
    planning: Planning, kept_drafts: KeptDrafts
) -> None:
    planning.draft(SECTION, as_of=DAY, who="Aino")
    planning.draft(SECTION, as_of=DAY, who="Bertta", base=1)
    planning.draft(SECTION, as_of=DAY, who="Aino", base=1)  # another tab, which saw the first
    assert [v.beside for v in kept_drafts.versions(SECTION)] == [(), (), (2,)]


def test_whole_plan_is_kept_section_by_section(planning: Planning, kept_drafts: KeptDrafts) -> None:
    told: list[tuple[int, int]] = []
    drafts = planning.draft_plan(
        "programme-1386", as_of=DAY, who="Aino", progress=lambda n, total, what: told.append((n, total))
    )
    assert told == [(n, 10) for n in range(10)]
    assert all(draft.status == "old-law" for draft in drafts)
    assert all(len(kept_drafts.versions(draft.section)) == 1 for draft in drafts)


# Otherwise than it was.


def roles(draft: SectionDraft, role: BlockRole) -> int:
    return sum(len(block.statements) for block in draft.blocks if block.role is role)


def test_draft_is_made_shorter_and_long_again(bundled: Assistant) -> None:
    draft = bundled.draft(SECTION, municipality=HERE, as_of=DAY, notes="Mediation is in use in all rental areas.")
    short = bundled.planning.revise(draft, Revision.SHORTER, who="Aino")
    assert roles(short, BlockRole.REQUIREMENTS) < roles(draft, BlockRole.REQUIREMENTS)
    assert (short.notes, short.as_of, short.municipality) == (draft.notes, DAY, HERE)
    assert bundled.planning.revise(short, Revision.LONGER) == draft
    assert bundled.kept_drafts.versions(SECTION, municipality=HERE)[-1].why == "made shorter"


def test_other_indicator_is_another_one_and_the_rest_stays(bundled: Assistant) -> None:
    draft = bundled.draft("participation-equality", municipality=HERE, as_of=DAY)
    other = bundled.planning.revise(draft, Revision.OTHER_INDICATOR)
    assert other.wishes == Wishes(indicator=1)
    (old,), (new,) = ([b.rows[0] for b in d.blocks if b.role is BlockRole.OBJECTIVES] for d in (draft, other))
    changed = [n for n, (a, b) in enumerate(zip(old, new, strict=True)) if a.text != b.text]
    names = next(b.columns for b in draft.blocks if b.role is BlockRole.OBJECTIVES)
    assert [names[n] for n in changed] == ["Indicator"]
    assert [b for b in other.blocks if b.role is BlockRole.OWN] == [b for b in draft.blocks if b.role is BlockRole.OWN]


# In the conversation.


def test_conversation_drafts_revises_and_answers_checklists(bundled: Assistant) -> None:
    asked = f"Draft the section on good relations for {HERE}"
    draft = bundled.reply(asked, as_of=DAY, who="the web app")
    assert isinstance(draft, SectionDraft)
    assert (draft.section, draft.municipality) == (SECTION, HERE)
    short = bundled.reply("make it shorter", conversation=[Turn(asked, draft=draft)], who="the web app")
    assert isinstance(short, SectionDraft)
    assert short.wishes.brief
    answer = bundled.reply(f"What does the checklist say we lack in {HERE}?", as_of=DAY, who="the web app")
    assert isinstance(answer, ChecklistAnswer)
    assert (answer.checklist, answer.municipality) == ("plan", HERE)
    kept = [v.who for v in bundled.kept_drafts.versions(SECTION, municipality=HERE)]
    assert kept[-2:] == ["the web app", "the web app"]


def test_request_that_fits_no_section_offers_the_names(assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match="Good relations between population groups") as error:
        assistant.reply("Draft the section on football", who="the web app")
    assert "\n" not in str(error.value)


# Checklists.


def item(answer: ChecklistAnswer, name: str) -> tuple[ItemStatus, ItemStatus | None]:
    (one,) = [i for i in answer.items if i.id == name]
    return one.status, one.override.status if one.override else None


def test_word_of_a_person_stands_beside_the_evidence_until_it_is_taken_back(planning: Planning) -> None:
    before = item(planning.checklist("plan", as_of=DAY), "plan-1.2")
    assert before == (ItemStatus.NO_EVIDENCE, None)
    planning.override("plan", "plan-1.2", "met", note="Board, 3 March.", who="Aino")
    assert item(planning.checklist("plan", as_of=DAY), "plan-1.2") == (ItemStatus.NO_EVIDENCE, ItemStatus.MET)
    assert planning.override("plan", "plan-1.2", "", note="", who="Aino") is None
    assert item(planning.checklist("plan", as_of=DAY), "plan-1.2") == before


@pytest.mark.parametrize(
    ("name", "status", "note", "told"),
    [
        ("no-such", "met", "Why.", "no item 'no-such'"),
        ("plan-1.2", "done", "Why.", "met, partly, no-evidence"),
        ("plan-1.2", "met", "  ", "note"),
        ("plan-1.2", "", "", "nothing to clear"),
        ("x" * 5000, "met", "Why.", "no item"),
    ],
)
def test_override_that_makes_no_sense_is_refused(
    planning: Planning, name: str, status: str, note: str, told: str
) -> None:
    with pytest.raises(AssistantError, match=told) as error:
        planning.override("plan", name, status, note=note, who="Aino")
    one_line(error)


def test_answer_of_a_checklist_is_kept(planning: Planning) -> None:
    answer = planning.checklist("plan", as_of=DAY)
    kept = planning.workbook.checklist(HERE, "plan")
    assert kept is not None
    assert kept[1] == answer


# What was told.


def test_profile_keeps_what_was_told_before(municipalities: Municipalities) -> None:
    municipalities.tell(HERE, population=9700)
    assert municipalities.tell(HERE, languages="Finnish") == Profile(HERE, population=9700, languages="Finnish")
    assert municipalities.tell(HERE).population == 9700


def test_profile_of_nobody_is_no_empty_profile(planning: Planning, municipalities: Municipalities) -> None:
    with pytest.raises(AssistantError, match="Nothing is told of Uusikylä") as error:
        municipalities.tell("Uusikylä")
    one_line(error)
    assert planning.workbook.profiles() == []


# Files.


@pytest.mark.parametrize("name", ["plan.docx", "plan.md"])
def test_plan_is_written_with_its_title_and_profile(
    planning: Planning, municipalities: Municipalities, tmp_path: Path, name: str
) -> None:
    municipalities.tell(HERE, population=9700, contact="Aino Esimerkki")
    drafts = planning.draft_plan(as_of=DAY)
    planning.export_plan(drafts, tmp_path / name)
    assert (tmp_path / name).stat().st_size > 5_000
    text = planning.markdown(drafts)
    assert text.startswith("# Plan for promoting integration")
    assert "no separate document" in text
    assert planning.markdown(drafts[:1]).startswith(f"# {drafts[0].title}")
