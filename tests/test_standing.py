"""A sentence that names a thing may say that it is so, that it is planned, or that it is not."""

from __future__ import annotations

import pytest

from assistant.standing import Standing, is_undecided, is_unknown, standing
from assistant.text import normalise

DAY = "2026-11-22"


@pytest.fixture
def signs_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the signs of the sentence judge, not what the examples taught."""
    monkeypatch.setattr("assistant.standing._learned", lambda language: None)


@pytest.mark.usefixtures("signs_only")
@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "A cooperation group has been set up.", Standing.SHOWN),
        ("en", "A cooperation group has not been set up.", Standing.DENIED),
        ("en", "No cooperation group has been set up.", Standing.DENIED),
        ("en", "A cooperation group will be set up.", Standing.PLANNED),
        ("en", "The agreement is under preparation.", Standing.PLANNED),
        ("en", "The agreement is not yet signed.", Standing.PLANNED),  # denies the signed one, shows the other
        ("en", "The guidance point was closed in 2023 and the trial discontinued.", Standing.DENIED),
        ("en", "The steering group was disbanded.", Standing.DENIED),
        ("en", "A leaflet is being translated.", Standing.PLANNED),
        ("fi", "Hankkeesta luovuttiin.", Standing.DENIED),
        ("fi", "Vastuut jäivät sopimatta.", Standing.DENIED),
        ("fi", "Kutsut lähetetään vasta keväällä.", Standing.PLANNED),
        ("sv", "Delegationen upplöstes.", Standing.DENIED),
        ("sv", "Kommunen har lovat utse en ledare.", Standing.PLANNED),
        # Denials in form only.
        ("en", "Services are open to everyone, not only to immigrants.", Standing.SHOWN),
        ("en", "Guidance is given without an appointment.", Standing.SHOWN),
        ("en", "People who do not speak Finnish get an interpreter.", Standing.SHOWN),
        ("en", "The report is ready no later than in March.", Standing.SHOWN),
        ("fi", "Yhteistyöryhmä on asetettu.", Standing.SHOWN),
        ("fi", "Yhteistyöryhmää ei ole asetettu.", Standing.DENIED),
        ("fi", "Opettajat koulutettiin puuttumaan rasistiseen kiusaamiseen.", Standing.SHOWN),  # to step in
        ("fi", "Kerhoja puuttuu kylistä.", Standing.DENIED),
        ("fi", "Sopimus on valmisteilla.", Standing.PLANNED),
        ("fi", "Ohjausta saa ilman ajanvarausta.", Standing.SHOWN),
        ("fi", "Tulkkausta tarjotaan myös niille, jotka eivät puhu suomea.", Standing.SHOWN),
        ("sv", "Samarbetsgruppen har tillsatts.", Standing.SHOWN),
        ("sv", "Ingen samarbetsgrupp har tillsatts.", Standing.DENIED),
        ("sv", "En samarbetsgrupp ska tillsättas.", Standing.PLANNED),
        ("sv", "Rådgivning ges utan tidsbokning.", Standing.SHOWN),
    ],
)
def test_signs_of_a_sentence_tell_how_it_puts_a_thing(language: str, text: str, expected: Standing) -> None:
    assert standing(text, language, as_of=DAY) is expected


def named(text: str, word: str) -> list[tuple[int, int]]:
    start = normalise(text).index(word)
    return [(start, start + len(word))]


@pytest.mark.usefixtures("signs_only")
def test_denial_in_another_clause_says_nothing_of_what_is_named() -> None:
    text = "A cooperation group has been set up, but no coordinator has been named."
    assert standing(text, "en", named=named(text, "group"), as_of=DAY) is Standing.SHOWN
    assert standing(text, "en", named=named(text, "coordinator"), as_of=DAY) is Standing.DENIED
    assert standing(text, "en", as_of=DAY) is Standing.DENIED


@pytest.mark.usefixtures("signs_only")
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The group begins its work in spring 2027."),
        ("fi", "Ryhmä asetetaan vuoden 2027 aikana."),
        ("sv", "Gruppen börjar våren 2027."),
    ],
)
def test_what_a_later_year_brings_is_planned_until_then(language: str, text: str) -> None:
    assert standing(text, language, as_of=DAY) is Standing.PLANNED
    assert standing(text, language, as_of="2027-06-01") is Standing.SHOWN


@pytest.mark.usefixtures("signs_only")
def test_period_of_a_plan_is_no_year_in_which_something_happens() -> None:
    assert standing("The council approved the programme of 2025–2028.", "en", as_of=DAY) is Standing.SHOWN


def test_plan_shows_where_a_plan_is_looked_for_and_a_denial_never_does() -> None:
    assert standing("The aim is to open a guidance point.", "en", as_of=DAY, plans_show=True) is Standing.SHOWN
    assert standing("No aims have been set.", "en", as_of=DAY, plans_show=True) is Standing.DENIED


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The group was set up in 2024 and meets four times a year.", Standing.SHOWN),
        ("en", "A cooperation group has not been set up.", Standing.DENIED),
        ("en", "A cooperation group will be set up in 2027.", Standing.PLANNED),
        ("en", "The plan is out for comment.", Standing.PLANNED),  # no sign: the examples taught it
        ("fi", "Yhteistyöryhmä on asetettu.", Standing.SHOWN),
        ("fi", "Yhteistyöryhmää ei ole asetettu.", Standing.DENIED),
        ("fi", "Yhteistyöryhmä asetetaan vuonna 2027.", Standing.PLANNED),
        ("sv", "Samarbetsgruppen har tillsatts.", Standing.SHOWN),
        ("sv", "Ingen samarbetsgrupp har tillsatts.", Standing.DENIED),
        ("sv", "En samarbetsgrupp ska tillsättas.", Standing.PLANNED),
    ],
)
def test_signs_and_examples_together_tell_plain_sentences_apart(language: str, text: str, expected: Standing) -> None:
    assert standing(text, language, as_of=DAY) is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "To be decided", True),
        ("en", "TBD", True),
        ("fi", "Päätetään myöhemmin", True),
        ("sv", "Beslutas senare", True),
        ("en", "Education branch", False),
        ("fi", "Sivistystoimi", False),
    ],
)
def test_cell_that_is_still_to_be_filled_is_undecided(language: str, text: str, expected: bool) -> None:
    assert is_undecided(text, language) is expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The use of services has not been studied.", True),
        ("en", "No information is available.", True),
        ("fi", "Palvelujen käyttöä ei ole selvitetty.", True),
        ("sv", "Behoven har inte kartlagts.", True),
        ("en", "There is no preparatory class in the municipality.", False),  # known: there is none
    ],
)
def test_matter_that_nobody_looked_into_is_unknown(language: str, text: str, expected: bool) -> None:
    assert is_unknown(text, language) is expected
