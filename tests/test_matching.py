"""A passage is found for the need that it speaks of, with how it puts it; no weight or threshold is tested here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fakes import HashedWords
from plan_cases import DAY

from assistant.matching import Matcher, OwnPassage, Shown, in_order, is_label, matched, sentences
from assistant.needs import needs
from assistant.own import typed_notes
from assistant.standing import Standing
from assistant.types import Passage, UnitKind


def own(text: str, *, title: str = "Notes") -> list[OwnPassage]:
    """Passages of a document with this text."""
    source = typed_notes(text, "Mallikylä", DAY)
    assert source is not None
    vectors = HashedWords().embed_queries([p.text for p in source.passages])
    described = replace(source.source, title=title)
    return [OwnPassage(p, described, v) for p, v in zip(source.passages, vectors, strict=True)]


def matcher(passages: list[OwnPassage]) -> Matcher:
    return Matcher(passages, HashedWords().embed_queries(sentences("en")), as_of=DAY)


def found(need: str, text: str) -> list[tuple[str, Standing]]:
    return [(s.passage.text, s.standing) for s in matcher(own(text)).find(needs()[need])]


NUMBERS = "At the end of 2025 the municipality had 812 foreign-language residents, 6.4 per cent of the population."
MEETINGS = "Meetings between population groups are organised every week in the library and at village halls."
BREAD = "The bakery sells rye bread and buns on weekdays."


@pytest.mark.parametrize(
    ("need", "text", "expected"),
    [
        ("immigrant-numbers", NUMBERS, Standing.SHOWN),
        ("good-relations-measures", MEETINGS, Standing.SHOWN),
        ("good-relations-measures", "No meetings between population groups are organised.", Standing.DENIED),
        (
            "good-relations-measures",
            "Meetings between population groups will be organised at village halls.",
            Standing.PLANNED,
        ),
        ("good-relations-measures", "Väestöryhmien välisiä kohtaamisia järjestetään kirjastossa.", Standing.SHOWN),
        ("good-relations-measures", "Möten mellan befolkningsgrupper ordnas på biblioteket.", Standing.SHOWN),
    ],
)
def test_sentence_is_found_for_what_it_speaks_of_with_how_it_puts_it(need: str, text: str, expected: Standing) -> None:
    assert found(need, text) == [(text, expected)]


@pytest.mark.parametrize("need", ["immigrant-numbers", "coordinator", "housing", "good-relations-measures"])
def test_sentence_on_another_matter_is_not_found(need: str) -> None:
    assert found(need, BREAD) == []


def test_need_for_a_figure_is_not_shown_without_one() -> None:
    without = "The number of foreign-language residents of the municipality has grown, as has their share."
    assert needs()["immigrant-numbers"].number
    assert found("immigrant-numbers", without) == []


@pytest.mark.parametrize(
    "text",
    [
        "In March 2024 the library and the Red Cross branch opened a weekly language café.",
        "In the spring the Education Department opened early childhood education groups.",
    ],
)
def test_who_did_something_is_no_record_of_who_is_responsible(text: str) -> None:
    assert found("responsible-parties", text) == []


def test_no_passage_gives_nothing() -> None:
    assert all(matcher([]).find(need) == [] for need in needs().values())


def test_most_statements_of_needs_are_found_for_their_need() -> None:
    needs_and_texts = [(need, need.says["en"][0]) for need in needs().values()]
    matching = matcher([one for _, text in needs_and_texts for one in own(text)])
    hits = sum(any(s.passage.text == text for s in matching.find(need)) for need, text in needs_and_texts)
    assert hits >= 0.9 * len(needs_and_texts)


def test_for_a_draft_nothing_is_found_less() -> None:
    matching = matcher([one for text in (NUMBERS, MEETINGS, BREAD) for one in own(text)])
    for need in needs().values():
        sure = {s.passage.text for s in matching.find(need)}
        assert sure <= {s.passage.text for s in matching.find(need, for_draft=True)}


def test_terms_are_found_in_the_passage_and_around_it() -> None:
    need = needs()["coordinator"]
    (inside,) = own("The integration coordinator is responsible for preparing the integration plan.")
    spans, share, alone = matched(need, inside, "en")
    assert spans
    assert 0 < alone <= share <= 1
    (bare,) = own("The Education and Culture Department is responsible for that.", title="Planning of integration")
    assert matched(need, bare, "en")[1] > matched(need, replace(bare, source=inside.source), "en")[1]


def test_named_exception_makes_it_another_matter() -> None:
    exceptions = [need for need in needs().values() if need.unless.get("en")]
    assert exceptions
    for need in exceptions:
        (one,) = own(f"{need.says['en'][0].rstrip('.')} {need.unless['en'][0].replace('*', '')}.")[:1]
        if need.exceptions["en"].search(one.passage.text.lower()):
            assert matched(need, one, "en") == ([], 0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "expected"), [("Homes.", True), ("Homes: 14.", False), ("Homes are found for newcomers.", False)]
)
def test_sentence_of_a_word_or_two_only_names_a_matter(text: str, expected: bool) -> None:
    passage = Passage("x:0-1", "x", 0, len(text), text, UnitKind.SENTENCE, 0, 0)
    assert is_label(passage) is expected


# Several passages on one matter.


def shown(standing: Standing, score: float) -> Shown:
    (one,) = own(f"Passage of {score}.")
    return Shown(one.passage, one.source, standing, score)


def order(*found: Shown) -> list[tuple[Standing, float]]:
    return [(s.standing, s.score) for s in in_order(found)]


def test_what_shows_a_need_comes_first_and_the_best_of_that() -> None:
    weak, strong = shown(Standing.SHOWN, 2), shown(Standing.SHOWN, 3)
    planned, denied = shown(Standing.PLANNED, 9), shown(Standing.DENIED, -1)
    assert order(planned, weak, denied, strong) == [
        (Standing.SHOWN, 3), (Standing.SHOWN, 2), (Standing.PLANNED, 9), (Standing.DENIED, -1)
    ]  # fmt: skip


def test_denial_that_is_as_near_takes_a_part() -> None:
    assert order(shown(Standing.SHOWN, 2), shown(Standing.DENIED, 2))[0] == (Standing.PLANNED, 2)


def test_denial_that_is_much_nearer_takes_all() -> None:
    assert {how for how, _ in order(shown(Standing.SHOWN, 0), shown(Standing.DENIED, 5))} == {Standing.DENIED}


def test_denial_that_is_further_away_takes_nothing() -> None:
    assert order(shown(Standing.SHOWN, 5), shown(Standing.DENIED, 0))[0] == (Standing.SHOWN, 5)


def test_vectors_of_other_languages_are_not_compared() -> None:
    # The default embedding model reads English only: a vector of a Finnish sentence means nothing.
    (one,) = own("Väestöryhmien välisiä kohtaamisia järjestetään kirjastossa.")
    noise = replace(one, vector=np.full_like(one.vector, 1 / np.sqrt(len(one.vector))))
    need = needs()["good-relations-measures"]
    assert [s.score for s in matcher([one]).find(need)] == [s.score for s in matcher([noise]).find(need)] != []
