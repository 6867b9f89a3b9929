"""A rule of another time on which a question rests is found; a question that rests on none brings none up."""

from __future__ import annotations

import pytest

from assistant.premises import premise
from assistant.question import read_question
from assistant.types import Currency, Hit, Kind, Passage, Source, UnitKind

OLD, NEW = "1386/2010", "681/2023"
WEEKS = (
    "Section 3 of Act 1386/2010 gave three weeks for writing the card.",
    "Section 4 of Act 681/2023 has the card written without delay.",
)
YEARLY = (
    "Section 5 of Act 1386/2010 had the card looked through once a year; since 1 January 2025 it is every six months.",
    "The card is looked through every six months (section 6 of Act 681/2023). Yearly was the old rule.",
)
SUM = ("A municipality was paid EUR 480 for each card.", "No sum is paid for a card of its own under Act 681/2023.")
BODY = (
    "Section 9 of Act 1386/2010 let the municipality open a home for the young.",
    "The county opens a home for the young.",
)


def hit(text: str, currency: Currency, *, score: float = 0.0, basis: str = NEW, kind: Kind = Kind.LAW) -> Hit:
    source = Source(f"act-{basis[:4]}", kind, f"Act {basis}", law_basis=basis, bundled=True)
    passage = Passage(f"{text[:9]}:0-9", source.source_id, 0, len(text), text, UnitKind.SENTENCE, 0, 0)
    return Hit(passage, source, score, currency=currency)


def found(question: str, *hits: Hit, language: str = "en", as_of: str = "2026-11-22") -> str | None:
    read = read_question(question, as_of=as_of, language=language, max_chars=4000)
    resting = premise(sorted(hits, key=lambda h: -h.score), read)
    return resting.passage.text if resting else None


def both(pair: tuple[str, str], *, below: float = 0.5) -> tuple[Hit, Hit]:
    """The rule that ended, and the one in force that scores best."""
    return hit(pair[0], Currency.OUTDATED, score=-below, basis=OLD), hit(pair[1], Currency.CURRENT)


@pytest.mark.parametrize(
    ("language", "question", "rules"),
    [
        ("en", "The card has to be written in 3 wks, who can help us?", WEEKS),
        ("fi", "Ehdimmekö kirjoittaa kortin kolmessa viikossa?", WEEKS),
        ("sv", "Vem skriver kortet inom tre veckor?", WEEKS),
        ("en", "In which season do towns look the card through once a year?", YEARLY),
        ("fi", "Kuka käy kortin läpi kerran vuodessa?", YEARLY),
        ("sv", "Vem går igenom kortet en gång per år?", YEARLY),
        ("en", "Where do I send the bill of 480 e a card?", SUM),
        ("en", "We open a home for the young, as always. Which form is used?", BODY),
        ("fi", "Nuorten koti avataan, näin tehtiin ennenkin. Mikä lomake?", BODY),
        ("sv", "Kommunen har alltid öppnat hemmet för unga. Vilken blankett?", BODY),
    ],
)
def test_rule_that_has_ended_is_found_under_a_question(language: str, question: str, rules: tuple[str, str]) -> None:
    assert found(question, *both(rules), language=language) == rules[0]


@pytest.mark.parametrize(
    ("question", "rules"),
    [
        ("How soon must the card be written?", WEEKS),
        ("How often is the card looked through, at the least?", YEARLY),
        ("Is the card looked through every six months?", YEARLY),  # the time of the rule in force
        ("Which sum is paid for a card?", SUM),
        ("Who opens a home for the young?", BODY),
        ("May we always open a home for the young?", BODY),
        ("Which forms are used to open a home for the young?", BODY),
        ("What did Act 1386/2010 say of three weeks?", WEEKS),  # asked for by its Act
    ],
)
def test_question_that_takes_nothing_for_granted_rests_on_nothing(question: str, rules: tuple[str, str]) -> None:
    assert found(question, *both(rules)) is None


def test_time_that_a_nearer_rule_in_force_gives_is_one_of_the_day() -> None:
    same = hit("The list is checked within three weeks.", Currency.CURRENT, score=0.2)
    assert found("Is the list checked in three weeks?", *both(WEEKS), same) is None
    elsewhere = hit("The fee is paid within three weeks.", Currency.CURRENT, score=-1.5)
    assert found("Is the card written in three weeks?", *both(WEEKS), elsewhere) == WEEKS[0]


def test_what_lies_far_off_or_is_no_rule_is_not_brought_up() -> None:
    question = "The card has to be written in three weeks, who helps?"
    assert found(question, *both(WEEKS, below=5.0)) is None
    assert found(question, hit(WEEKS[0], Currency.OUTDATED, basis=OLD, score=1)) is None  # nothing in force speaks
    programme = hit(WEEKS[0], Currency.OUTDATED, basis=OLD, kind=Kind.PROGRAMME)
    assert found(question, programme, hit(WEEKS[1], Currency.CURRENT)) is None


def test_rule_to_come_is_found_under_a_question_of_an_earlier_day() -> None:
    coming = hit("Decree 1/2024 asks for at least 33 hours.", Currency.NOT_IN_FORCE_YET, score=0.5)
    today = hit("Basic information is given with the permit.", Currency.CURRENT, basis=OLD)
    question = "Do the 33 hours bind the course that starts now?"
    assert found(question, coming, today, as_of="2024-11-01") == coming.passage.text
    assert found(question, coming, today) is None
    assert found("Which hours bind the course?", coming, today, as_of="2024-11-01") is None
