"""The sections of a plan: every fact that they name exists and holds, every need exists, ids are unique."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from plan_cases import DAY

from assistant.corpus import bundled_documents
from assistant.currency import currency
from assistant.errors import AssistantError, CorpusError
from assistant.needs import needs
from assistant.passages import split_document
from assistant.plan import DEFAULT, STATUSES, Section, _plan, plan_named, plans, section_named
from assistant.settings import PROJECT_ROOT
from assistant.text import LANGUAGES
from assistant.types import NOT_ESTABLISHED, Currency, Kind, Passage, Source

SECTIONS = [section for plan in plans().values() for section in plan.sections]
CURRENT = [section for section in SECTIONS if section.plan == DEFAULT]
THEMES = (  # that issue 4 asks of the plan
    "strategy", "situation", "employment", "wellbeing", "participation", "language", "relations", "programme",
    "children", "protection", "staff", "cooperation", "part in", "follow-up", "communication",
)  # fmt: skip


def names(section: Section) -> str:
    return f"{section.plan}/{section.id}"


@pytest.fixture(scope="module")
def facts() -> dict[str, tuple[Source, Passage]]:
    """All facts of the corpus by id."""
    return {
        passage.fact.id: (source, passage)
        for source, document in bundled_documents()
        for passage in split_document(document, source.source_id)
        if passage.fact
    }


@pytest.mark.parametrize("section", SECTIONS, ids=names)
def test_section_is_complete(section: Section) -> None:
    assert section.title.strip()
    assert section.purpose.strip()
    assert section.status in STATUSES
    assert section.parts
    assert all(part.heading.strip() and part.needs for part in section.parts)
    assert all(need in needs() for need in section.needs)
    assert len(set(section.needs)) == len(section.needs)
    assert all(section.queries[language] for language in LANGUAGES)


@pytest.mark.parametrize("section", SECTIONS, ids=names)
def test_every_fact_that_a_section_names_is_in_the_corpus(
    section: Section, facts: dict[str, tuple[Source, Passage]]
) -> None:
    named = [*section.requires, *section.recommends, *section.indicators]
    assert [fact for fact in named if fact not in facts] == []
    assert [fact for fact, n in Counter((*section.requires, *section.recommends)).items() if n > 1] == []


def test_facts_named_are_those_of_the_files_of_the_corpus() -> None:
    named = {fact for s in SECTIONS for fact in (*s.requires, *s.recommends, *s.indicators)}
    for source_id in {fact.partition("/")[0] for fact in named}:
        lines = (PROJECT_ROOT / "corpus" / "facts" / f"{source_id}.jsonl").read_text(encoding="utf-8").splitlines()
        there = {json.loads(line)["id"] for line in lines}
        assert {fact for fact in named if fact.partition("/")[0] == source_id} <= there


@pytest.mark.parametrize("section", CURRENT, ids=names)
def test_what_the_plan_calls_required_is_law_in_force(
    section: Section, facts: dict[str, tuple[Source, Passage]]
) -> None:
    assert section.requires
    for name in section.requires:
        source, passage = facts[name]
        assert passage.fact is not None
        assert source.kind is Kind.LAW, name
        assert currency(source, DAY, passage).may_hold, name
        assert passage.fact.certainty != NOT_ESTABLISHED, name


@pytest.mark.parametrize("section", CURRENT, ids=names)
def test_what_the_plan_calls_recommended_was_not_stopped_before_it_began(
    section: Section, facts: dict[str, tuple[Source, Passage]]
) -> None:
    for name in section.recommends:
        source, passage = facts[name]
        assert currency(source, DAY, passage) is not Currency.NEVER_IN_FORCE, name
        assert source.kind is not Kind.PROGRAMME, name


@pytest.mark.parametrize("section", [s for s in SECTIONS if s not in CURRENT], ids=names)
def test_section_of_the_old_programme_is_marked_as_old_law(section: Section) -> None:
    assert section.status == "old-law"


def test_plan_says_that_no_separate_document_is_asked_for() -> None:
    assert (plan_named("plan").law_basis, plan_named("programme-1386").law_basis) == ("681/2023", "1386/2010")
    assert "no separate document" in plan_named("plan").about
    assert not any(section.status == "old-law" for section in CURRENT)
    assert next(iter(plans())) == DEFAULT


def test_ids_of_sections_are_unique_and_so_are_titles_within_a_plan() -> None:
    ids = [section.id for section in SECTIONS]
    assert len(set(ids)) == len(ids)
    for plan in plans().values():
        titles = [section.title.casefold() for section in plan.sections]
        assert len(set(titles)) == len(titles)


def test_title_that_both_plans_have_is_of_the_law_in_force() -> None:
    assert [section_named(section.title) for section in CURRENT] == CURRENT


@pytest.mark.parametrize("theme", THEMES)
def test_plan_has_a_section_or_part_on_every_theme(theme: str) -> None:
    said = [f"{s.title} {' '.join(part.heading for part in s.parts)} {s.purpose}".lower() for s in CURRENT]
    assert any(theme in text for text in said)


def test_old_plan_has_ten_elements() -> None:
    assert len(plan_named("programme-1386").sections) == 10


@pytest.mark.parametrize("name", ["good-relations", "GOOD-relations", " Good relations  between population groups "])
def test_section_is_found_by_id_or_title(name: str) -> None:
    assert section_named(name).id == "good-relations"


@pytest.mark.parametrize("name", ["good relation", "", "x" * 5000, "a\nb"])
def test_unknown_section_is_told_in_one_line_with_what_to_do(name: str) -> None:
    with pytest.raises(AssistantError, match="draft --list") as raised:
        section_named(name)
    assert len(str(raised.value)) < 300
    assert "\n" not in str(raised.value)


def test_near_names_are_offered() -> None:
    with pytest.raises(AssistantError, match="Did you mean good-relations"):
        section_named("good-relation")


def test_unknown_plan_is_told_with_the_names_there_are() -> None:
    with pytest.raises(AssistantError, match="plan, programme-1386"):
        plan_named("strategy")


@pytest.mark.parametrize(
    ("old", "new"),
    [('status = "duty"', 'status = "maybe"'), ("requires = [", "requires = ["), ('title = "Basis', 'heading = "Basis')],
)
def test_damaged_plan_is_told_with_its_file(old: str, new: str) -> None:
    text = (PROJECT_ROOT / "prompts" / "plans" / "plan.toml").read_text(encoding="utf-8")
    broken = text.replace(old, new, 1) if old != new else text.replace('requires = ["', 'requires = [1, "', 1)
    with pytest.raises(CorpusError, match=r"prompts/plans/plan\.toml"):
        _plan("plan", broken)


def test_no_section_offers_an_indicator_first_that_a_small_municipality_cannot_measure(
    facts: dict[str, tuple[Source, Passage]],
) -> None:
    for section in SECTIONS:
        for fact in section.indicators[:1]:
            assert "mainly for the whole country" not in facts[fact][1].text.split(".")[0], section.id
