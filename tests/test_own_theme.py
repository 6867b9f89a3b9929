"""Documents whose title names a section's theme: what they tell belongs there, though no sentence names the theme."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from plan_cases import HERE, add, open_assistant

from assistant.assistant import Assistant
from assistant.plan import plan_named
from assistant.types import BlockRole, ItemStatus, SectionDraft

PEOPLE = "At the end of 2025 Mallikylä had 640 foreign-language residents, 5.9 per cent of the population."
SUPPER = "Since March 2024 the parish and the allotment society cook a Thursday supper in the old dairy."
GUESTS = "Some 35 guests came to each of the 40 evenings."
DRIVERS = (
    "In 2025 all 22 bus drivers and caretakers of the municipality rehearsed how to step in when somebody is mocked."
)
NO_CLUBS = "Not done so far: no agreement with the riding club, and nothing at all in Takakylä."
TO_COME = "She is to name somebody by May 2027."
ENGLISH = "\n\n".join(
    ["# Good relations work in Mallikylä 2024–2026", PEOPLE, f"{SUPPER} {GUESTS}", DRIVERS, f"{NO_CLUBS} {TO_COME}"]
)
FINNISH = """# Omakielinen toiminta Mallikylässä 2024–2026

Vanhalla meijerillä kudotaan mattoja kolmella kielellä joka toinen keskiviikko.

Thaikieliselle ryhmälle ei ole löytynyt ohjaajaa.
"""
SWEDISH = """# Goda befolkningsrelationer i Mallikylä 2025

Sedan våren 2025 lagar pensionärsföreningen och de nyinflyttade torsdagssoppa i mejeriet.

Med ridklubben finns inget avtal.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("theme")
    with open_assistant(folder / "workspace") as opened:
        names = (("good.md", ENGLISH), ("omakieli.md", FINNISH), ("goda.md", SWEDISH))
        add(opened, folder, [(name, text, "own", HERE) for name, text in names])
        yield opened


@pytest.fixture(scope="module")
def draft(assistant: Assistant) -> SectionDraft:
    return assistant.draft("good-relations", municipality=HERE)


def own_texts(draft: SectionDraft) -> dict[str, str]:
    return {b.heading: "\n".join(s.text for s in b.statements) for b in draft.blocks if b.role is BlockRole.OWN}


def test_what_a_document_on_the_theme_tells_stands_under_the_need_that_it_answers(draft: SectionDraft) -> None:
    measures = own_texts(draft)["Measures for good relations"]
    assert f"{SUPPER} {GUESTS}" in measures  # a paragraph is told as one
    assert DRIVERS in measures
    assert "torsdagssoppa" in measures
    assert "good-relations.good-relations-measures" not in {p.id for p in draft.placeholders}


def test_what_is_not_done_is_no_measure_and_takes_what_follows_from_it_along(draft: SectionDraft) -> None:
    texts = "\n".join(own_texts(draft).values())
    assert not any(told in texts for told in (NO_CLUBS, TO_COME, "ridklubben"))


def test_every_passage_of_a_document_on_the_theme_that_the_text_lacks_is_listed(
    assistant: Assistant, draft: SectionDraft
) -> None:
    unused = {one.passage.text for one in assistant.kept_drafts.unused(draft) or ()}
    assert {PEOPLE, NO_CLUBS, TO_COME, "Med ridklubben finns inget avtal."} <= unused
    assert not {SUPPER, GUESTS, DRIVERS} & unused


def test_title_in_finnish_names_the_theme(assistant: Assistant) -> None:
    draft = assistant.draft("own-language-and-culture", municipality=HERE)
    assert "kudotaan mattoja" in own_texts(draft)["Support for own language and culture"]
    assert "Thaikieliselle" not in "\n".join(own_texts(draft).values())


def test_document_on_one_theme_is_quoted_in_no_section_on_another(assistant: Assistant) -> None:
    draft = assistant.draft("protection", municipality=HERE)
    assert not any(told in "\n".join(own_texts(draft).values()) for told in (SUPPER, "mattoja", "torsdagssoppa"))


def test_checklist_takes_what_stands_under_the_theme_and_a_denial_leaves_a_part_of_it(assistant: Assistant) -> None:
    items = {item.id: item for item in assistant.checklist("plan", municipality=HERE).items}
    assert items["plan-4.10"].status is not ItemStatus.NO_EVIDENCE
    shown = {s.text for s in items["plan-4.3"].statements}
    assert SUPPER not in shown  # who did something is no record of who is responsible


def test_theme_is_a_need_of_its_section_and_titles_have_words_in_all_languages() -> None:
    for section in plan_named("plan").sections:
        assert not section.theme or section.theme in section.needs
        assert set(section.titled) in (set(), {"en", "fi", "sv"})
