"""Checklists as data, and how an item's status follows from what the documents say of its needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from plan_cases import DAY, HERE, open_assistant

from assistant.assistant import Assistant
from assistant.checklist import (
    Checklist,
    Item,
    _checklist,
    answer_item,
    checklist_named,
    checklists,
    status_of,
)
from assistant.citing import Citing, Numbering
from assistant.corpus import bundled_documents
from assistant.errors import AssistantError, CorpusError
from assistant.matching import Shown
from assistant.needs import needs
from assistant.own import typed_notes
from assistant.plan import plans
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing
from assistant.types import ItemStatus, Override, Passage, Support
from assistant.verification import SourceText

# The plan in which the elements of each checklist have their sections.
PLAN_OF = {"plan": "plan", "programme-1386": "programme-1386", "service-package": "plan"}
ITEMS = [(checklist, item) for checklist in checklists().values() for item in checklist.items]


@pytest.fixture(scope="module")
def fact_ids() -> set[str]:
    return {block.fact.id for _, document in bundled_documents() for block in document.blocks if block.fact}


# The data.


def test_both_generations_are_there() -> None:
    assert set(checklists()) == set(PLAN_OF)
    assert checklists()["plan"].law_basis == "681/2023"
    assert checklists()["programme-1386"].law_basis == "1386/2010"
    assert all(checklist.url.startswith("https://") for checklist in checklists().values())


def test_ids_of_items_are_unique_and_begin_with_no_number_alone() -> None:
    ids = [item.id for _, item in ITEMS]
    assert len(set(ids)) == len(ids) >= 100
    # Stable ids, as people's word on an item is kept under them: a letter first, so that no spreadsheet makes a date.
    assert all(one[0].isalpha() for one in ids)


@pytest.mark.parametrize(("checklist", "item"), ITEMS, ids=[item.id for _, item in ITEMS])
def test_every_item_has_its_section_and_its_needs(checklist: Checklist, item: Item, fact_ids: set[str]) -> None:
    sections = {section.id: section for section in plans()[PLAN_OF[checklist.id]].sections}
    assert item.section in sections
    assert item.needs or item.id.startswith("old-P.")  # how a programme reads is for a person to say
    assert all(need in needs() for need in item.needs)
    assert item.text.strip()
    assert item.next_step.strip()
    assert item.law != "duty" or item.law_note.strip()  # which section, so that the reader can look
    assert [fact for fact in item.asks if fact not in fact_ids] == []


@pytest.mark.parametrize("checklist", checklists().values(), ids=checklists())
def test_what_items_need_is_asked_for_in_their_plan(checklist: Checklist) -> None:
    asked = {need for section in plans()[PLAN_OF[checklist.id]].sections for need in section.needs}
    assert {need for item in checklist.items for need in item.needs} - asked == set()


@pytest.mark.parametrize("name", ["plan", " PLAN ", "Planning the promotion of municipal integration"])
def test_checklist_is_found_by_id_or_title(name: str) -> None:
    assert checklist_named(name).id == "plan"


@pytest.mark.parametrize("name", ["plans", "", "x" * 5000])
def test_unknown_checklist_is_told_with_the_names_there_are(name: str) -> None:
    with pytest.raises(AssistantError, match="plan, programme-1386, service-package") as raised:
        checklist_named(name)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("old", "new"), [('needs = ["', 'needs = ["no-such-need", "'), ('law = "', 'law = "perhaps '), ("text =", "txt =")]
)
def test_damaged_checklist_is_told_with_its_file(old: str, new: str) -> None:
    text = (PROJECT_ROOT / "prompts" / "checklists" / "plan.toml").read_text(encoding="utf-8")
    with pytest.raises(CorpusError, match=r"prompts/checklists/plan\.toml"):
        _checklist("plan", text.replace(old, new, 1))


# Statuses.

TYPED = typed_notes(
    "The coordinator leads the work.\n\nA timetable was approved.\n\nNo group has been set up.", HERE, DAY
)
assert TYPED is not None
NOTES: SourceText = TYPED


def shown(standing: Standing, n: int = 0) -> Shown:
    return Shown(NOTES.passages[n], NOTES.source, standing, 1.0)


SHOWN, PLANNED, DENIED = (shown(standing) for standing in (Standing.SHOWN, Standing.PLANNED, Standing.DENIED))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([[SHOWN]], ItemStatus.MET),
        ([[SHOWN], [SHOWN, PLANNED]], ItemStatus.MET),
        ([[SHOWN], [PLANNED]], ItemStatus.PARTLY),
        ([[SHOWN], []], ItemStatus.PARTLY),
        ([[SHOWN], [DENIED]], ItemStatus.PARTLY),
        ([[PLANNED]], ItemStatus.PARTLY),
        ([[PLANNED], []], ItemStatus.PARTLY),
        ([[DENIED]], ItemStatus.NO_EVIDENCE),
        ([[], []], ItemStatus.NO_EVIDENCE),
        ([], ItemStatus.NO_EVIDENCE),
    ],
)
def test_item_is_met_only_where_everything_is_shown(found: list[list[Shown]], expected: ItemStatus) -> None:
    assert status_of(found) is expected


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_assistant(tmp_path_factory.mktemp("checklist") / "workspace", corpus="none") as opened:
        yield opened


@pytest.fixture(scope="module")
def citing(assistant: Assistant) -> Citing:
    return Citing(assistant._store, assistant.sources, [NOTES])


ITEM = next(item for item in checklists()["plan"].items if len(item.needs) == 2)


def test_item_that_is_met_quotes_what_shows_it(citing: Citing) -> None:
    numbering = Numbering()
    answer = answer_item(ITEM, [[SHOWN], [shown(Standing.SHOWN, 1)]], [], citing, numbering, None)
    assert (answer.status, answer.missing) == (ItemStatus.MET, ())
    assert [(s.text, s.support) for s in answer.statements] == [
        ("The coordinator leads the work.", Support.QUOTED), ("A timetable was approved.", Support.QUOTED)
    ]  # fmt: skip
    assert [c.source_id for c in numbering.citations(citing, DAY)] == [NOTES.source.source_id] * 2


def test_item_whose_passages_cannot_be_quoted_is_not_met(citing: Citing) -> None:
    passage = NOTES.passages[0]
    invented = Passage("typed:notes:0-9", passage.source_id, 0, 9, "Not there", passage.kind, 0, 0)
    one = Shown(invented, NOTES.source, Standing.SHOWN, 9.0)
    answer = answer_item(ITEM, [[one], [one]], [], citing, Numbering(), None)
    assert (answer.status, answer.statements) == (ItemStatus.NO_EVIDENCE, ())


def test_what_is_missing_is_asked_and_the_next_step_says_so(citing: Citing) -> None:
    answer = answer_item(ITEM, [[SHOWN], []], [], citing, Numbering(), None)
    second = needs()[ITEM.needs[1]].asks
    assert (answer.status, answer.missing) == (ItemStatus.PARTLY, (second,))
    assert second in answer.next_step
    assert ITEM.next_step in answer.next_step


def test_denial_is_quoted_and_shows_nothing(citing: Citing) -> None:
    answer = answer_item(ITEM, [[shown(Standing.DENIED, 2)], []], [], citing, Numbering(), None)
    assert answer.status is ItemStatus.NO_EVIDENCE
    assert [s.text for s in answer.statements] == ["No group has been set up."]
    assert answer.next_step == ITEM.next_step


def test_passage_that_shows_two_needs_is_quoted_once(citing: Citing) -> None:
    answer = answer_item(ITEM, [[SHOWN], [SHOWN]], [], citing, Numbering(), None)
    assert len(answer.statements) == 1


@pytest.mark.parametrize("found", [[[SHOWN], [SHOWN]], [[], []]])
def test_word_of_a_person_changes_nothing_of_what_the_documents_show(
    citing: Citing, found: Sequence[Sequence[Shown]]
) -> None:
    said = Override(ItemStatus.MET, "Minutes of May.", "Aino", "2026-11-01T12:00:00+00:00")
    without = answer_item(ITEM, found, [], citing, Numbering(), None)
    answer = answer_item(ITEM, found, [], citing, Numbering(), said)
    assert answer.override == said
    assert (answer.status, answer.statements, answer.missing) == (without.status, without.statements, without.missing)


def test_no_item_is_met_without_a_passage_that_shows_it(tmp_path: Path) -> None:
    # Every English statement of the needs, so that many items are met.
    text = "\n\n".join(dict.fromkeys(need.says["en"][0] for need in needs().values()))
    path = tmp_path / "everything.md"
    path.write_text(f"# Work on integration in {HERE}\n\n{text}\n", encoding="utf-8")
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        assistant.add([path], kind="own", municipality=HERE)
        for name in checklists():
            answer = assistant.checklist(name, as_of=DAY)
            cited = {c.id for c in answer.citations}
            met = [item for item in answer.items if item.status is ItemStatus.MET]
            assert len(met) > len(answer.items) / 3
            for item in met:
                assert item.statements
                assert all(s.citations and set(s.citations) <= cited for s in item.statements)
                assert all(s.support is not Support.UNSUPPORTED for s in item.statements)
