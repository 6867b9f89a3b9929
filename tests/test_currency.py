"""A source is worth what its Act and dates say on a day; names that ended are told of, with what took their place."""

from __future__ import annotations

import re

import pytest

from assistant.currency import NEW_ACT_FROM, changed_terms, currency, dated, names_never_begun, open_point, successions
from assistant.types import Currency, Fact, Kind, Passage, Source, UnitKind


def source(
    *,
    law_basis: str | None = None,
    written: str | None = None,
    valid_from: str | None = None,
    valid_to: str | None = None,
    digest: bool = False,
    never_in_force: bool = False,
) -> Source:
    return Source(
        "x", Kind.GUIDANCE, "X", law_basis=law_basis, written=written, valid_from=valid_from, valid_to=valid_to,
        digest=digest, never_in_force=never_in_force,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of", "as_of", "expected"),
    [
        (source(law_basis="681/2023"), "2024-12-31", Currency.NOT_IN_FORCE_YET),
        (source(law_basis="681/2023"), "2025-01-01", Currency.CURRENT),
        (source(law_basis="1386/2010"), "2011-08-31", Currency.NOT_IN_FORCE_YET),
        (source(law_basis="1386/2010"), "2024-12-31", Currency.CURRENT),
        (source(law_basis="1386/2010"), "2025-01-01", Currency.OUTDATED),
        # Its own dates go before those of its Act.
        (source(law_basis="681/2023", valid_to="2025-12-31"), "2026-01-01", Currency.OUTDATED),
        (source(law_basis="681/2023", valid_from="2027-01-01"), "2026-11-21", Currency.NOT_IN_FORCE_YET),
        (source(valid_from="2024-01-01", valid_to="2027-12-31"), "2027-12-31", Currency.CURRENT),
        (source(law_basis="681/2023", never_in_force=True), "2026-11-21", Currency.NEVER_IN_FORCE),
        (source(), "2026-11-21", Currency.UNKNOWN),
        (source(written="2019"), "2026-11-21", Currency.UNKNOWN),
    ],
)
def test_source_is_worth_what_its_dates_say(of: Source, as_of: str, expected: Currency) -> None:
    assert currency(of, as_of) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kunta suunnittelee lain 681/2023 45 §:n mukaan.", "681/2023"),
        ("Act 1386/2010 requires a programme.", "1386/2010"),
        ("Act 681/2023 took the place of Act 1386/2010.", "681/2023"),
        ("Kunnan kotouttamisohjelma hyväksytään valtuustossa.", "1386/2010"),
        ("The municipal integration programme is approved by the council.", "1386/2010"),
        ("The local government pilot serves jobseekers.", "1386/2010"),  # ended with the old Act
        ("The ELY Centre gives advice.", None),  # went on under the new Act
        ("The council approves the plan.", None),
    ],
)
def test_act_that_a_text_was_written_under_is_read_from_it(text: str, expected: str | None) -> None:
    assert dated(source(), text).law_basis == expected


@pytest.mark.parametrize(
    ("of", "text", "expected"),
    [
        (source(law_basis="681/2023", written="2024-05-01"), "", True),
        (source(law_basis="681/2023", written="2024"), "", True),
        (source(law_basis="681/2023", written=NEW_ACT_FROM), "", False),
        (source(law_basis="681/2023"), "The Act will enter into force on 1 January 2025.", True),
        (source(law_basis="681/2023"), "Laki tulee voimaan 1.1.2025.", True),
        (source(law_basis="681/2023"), "The Act entered into force on 1 January 2025.", False),
        (source(law_basis="681/2023"), "The municipality shall report to the ELY Centre every two years.", True),
        (source(law_basis="681/2023"), "The municipality will appoint a cooperation group.", True),
        (source(law_basis="681/2023", written="2026"), "Some municipalities appoint a cooperation group.", False),
        (source(law_basis="1386/2010", written="2019"), "", False),
    ],
)
def test_guidance_from_before_the_new_act_is_told_apart(of: Source, text: str, expected: bool) -> None:
    assert dated(of, text).early is expected


def passage(text: str, *, section: str | None = None, fact: Fact | None = None) -> Passage:
    return Passage("x:0-1", "x", 0, 1, text, UnitKind.SENTENCE, 0, 0, section=section, fact=fact)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Municipalities have an obligation to plan, develop and monitor integration.", Currency.NEVER_IN_FORCE),
        ("The measures are recorded in a separate action plan with indicators.", Currency.NEVER_IN_FORCE),
        ("The municipality reports to the ELY Centre every two years.", Currency.NEVER_IN_FORCE),
        ("The municipality will appoint a multi-sectoral cooperation group.", Currency.NEVER_IN_FORCE),
        ("Immigrants have the same right to services as others.", Currency.CURRENT),
        ("The cooperation group may be set up by several municipalities.", Currency.CURRENT),
    ],
)
def test_duty_that_never_began_is_known_in_a_page_from_before(text: str, expected: Currency) -> None:
    early = dated(source(law_basis="681/2023", written="2024-05-01"), text)
    assert currency(early, "2025-06-01", passage(text)) is expected
    later = dated(source(law_basis="681/2023", written="2025-05-01"), text)
    assert currency(later, "2025-06-01", passage(text)) is Currency.CURRENT


def test_guidance_lasts_as_long_as_the_bodies_it_sends_to() -> None:
    page = dated(source(), "Ask the ELY Centre of your area.")
    assert (currency(page, "2025-12-31"), currency(page, "2026-01-01")) == (Currency.CURRENT, Currency.OUTDATED)
    history = dated(source(written="2026-03-01"), "Ask the ELY Centre of your area.")
    assert history.valid_to is None
    own = dated(Source("x", Kind.OWN, "X"), "We asked the ELY Centre.")
    assert own.valid_to is None


@pytest.mark.parametrize(
    ("section", "as_of", "expected"),
    [
        ("45(2)", "2026-11-22", Currency.NEVER_IN_FORCE),  # the whole section was replaced before the start
        ("48(1)", "2025-01-01", Currency.NEVER_IN_FORCE),
        ("13(3)", "2025-01-01", Currency.NEVER_IN_FORCE),
        ("13(2)", "2025-01-01", Currency.CURRENT),  # only subsections 1 and 3 were changed
        ("63(3)", "2025-03-31", Currency.CURRENT),  # repealed from 1 April 2025
        ("63(3)", "2025-04-01", Currency.OUTDATED),
        ("46(1)", "2026-11-22", Currency.CURRENT),
        (None, "2026-11-22", Currency.CURRENT),
    ],
)
def test_section_that_a_later_act_replaced_is_not_current(section: str | None, as_of: str, expected: Currency) -> None:
    act = Source("act", Kind.LAW, "681/2023 Laki kotoutumisen edistämisestä", law_basis="681/2023")
    assert currency(act, as_of, passage("Kunnan on.", section=section)) is expected
    amending = Source("amending", Kind.LAW, "1100/2024 Laki lain muuttamisesta", law_basis="681/2023")
    assert currency(amending, "2026-11-22", passage("Kunnan on.", section=section)) is Currency.CURRENT


@pytest.mark.parametrize(
    ("title", "section", "as_of", "expected"),
    [
        # By Act 936/2022 from 2023; the Act itself went on until the end of 2024.
        ("Laki (1386/2010)", "31(1)", "2022-12-31", Currency.CURRENT),
        ("Laki (1386/2010)", "31(1)", "2023-01-01", Currency.OUTDATED),
        ("Laki (1386/2010)", "87(1)", "2011-12-31", Currency.CURRENT),
        ("Laki (1386/2010)", "87(1)", "2012-01-01", Currency.OUTDATED),  # the first of several Acts counts
        ("Laki (1386/2010)", "32(1)", "2024-12-31", Currency.CURRENT),
        ("Laki (681/2023)", "42(1)", "2025-12-31", Currency.CURRENT),
        ("Laki (681/2023)", "42(1)", "2026-01-01", Currency.UNKNOWN),  # Act 721/2025, whose words were not read
        ("Laki (681/2023)", "46(1)", "2026-01-01", Currency.CURRENT),
        # Act 1100/2024 prints subsections 1 and 4 of section 102; Act 721/2025 changed subsection 4 again.
        ("Laki (1100/2024)", "102(2)", "2025-12-31", Currency.CURRENT),
        ("Laki (1100/2024)", "102(2)", "2026-01-01", Currency.UNKNOWN),
    ],
)
def test_text_of_an_act_ends_with_the_first_act_that_changed_it(
    title: str, section: str, as_of: str, expected: Currency
) -> None:
    basis = "1386/2010" if "1386" in title else "681/2023"
    act = Source("act", Kind.LAW, title, law_basis=basis)
    assert currency(act, as_of, passage("Kunnan on.", section=section)) is expected


def test_words_of_an_amending_act_that_were_not_read_are_an_open_point() -> None:
    act = Source("act", Kind.LAW, "Laki (681/2023)", law_basis="681/2023")
    assert "Act 721/2025 amended section 42 of Act 681/2023" in str(
        open_point(act, "2026-01-01", passage("Kunnan on.", section="42(1)"))
    )
    assert open_point(act, "2025-12-31", passage("Kunnan on.", section="42(1)")) is None
    assert open_point(act, "2026-01-01", passage("Kunnan on.", section="46(1)")) is None
    assert open_point(act, "2026-01-01", passage("Kunnan on.", section="45(1)")) is None  # Act 1100/2024 was read


def test_fact_has_dates_of_its_own() -> None:
    old = source(law_basis="1386/2010")
    four_years = Fact("x/1", {}, "statute text seen", valid_from="2011-09-01", valid_to="2019-12-31")
    three_years = Fact("x/2", {}, "statute text seen", valid_from="2020-01-01")
    assert currency(old, "2015-01-01", passage("Four.", fact=four_years)) is Currency.CURRENT
    assert currency(old, "2021-01-01", passage("Four.", fact=four_years)) is Currency.OUTDATED
    assert currency(old, "2015-01-01", passage("Three.", fact=three_years)) is Currency.NOT_IN_FORCE_YET
    assert currency(old, "2025-01-01", passage("Three.", fact=three_years)) is Currency.OUTDATED
    never = Fact("x/3", {}, "statute text seen", never_in_force=True)
    assert currency(old, "2021-01-01", passage("Never.", fact=never)) is Currency.NEVER_IN_FORCE


@pytest.mark.parametrize(
    ("text", "as_of", "expected"),
    [
        ("The ELY Centre gives advice.", "2025-12-31", []),
        ("The ELY Centre gives advice.", "2026-01-01", ["ELY Centre"]),
        ("ELY-keskus neuvoo kuntaa.", "2026-11-21", ["ELY Centre"]),
        ("NTM-centralen ger råd.", "2026-11-21", ["ELY Centre"]),
        ("The TE Office advises.", "2026-11-21", ["TE Office"]),
        ("A lovely centre gives advice.", "2026-11-21", []),
        # As people write: without capitals, inflected, without the hyphen.
        ("whom at the ely centre do i ring", "2026-11-21", ["ELY Centre"]),
        ("Soitin Ely keskukseen ja ELYyn.", "2026-11-21", ["ELY Centre"]),
        ("Kysy AVIsta.", "2026-11-21", ["Regional State Administrative Agency (AVI)"]),
        ("Avi avi on äänitaulu.", "2026-11-21", []),
        ("Good Ethnic Relations Day", "2026-11-21", ["good ethnic relations"]),
        ("Hyviä etnisiä suhteita edistetään.", "2026-11-21", ["good ethnic relations"]),
        ("Kuntaan osoittamisesta päätetään.", "2026-11-21", ["placement in a municipality (kuntaan osoittaminen)"]),
        ("Alkukartoituksessa kysytään.", "2026-11-21", ["initial assessment (alkukartoitus)"]),
        ("Regionförvaltningsverkets råd", "2026-11-21", ["Regional State Administrative Agency (AVI)"]),
        # Other words that begin alike, and a longer name in a form of its own.
        ("Our integration assistant does family integration planning.", "2026-11-21", []),
        ("Työllisyys-, kehittämis- ja hallintokeskuksen ohje", "2026-11-21", []),
        # Who names the successor beside it knows.
        ("The Economic Development Centre took the tasks of the ELY Centre.", "2026-11-21", []),
    ],
)
def test_name_that_ended_is_found_from_the_day_after(text: str, as_of: str, expected: list[str]) -> None:
    assert [change.term for change in changed_terms(text, as_of)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Does section 48 bind us?", True),
        ("Sitooko 48 § meitä?", True),
        ("Gäller 17 § i integrationslagen?", True),
        ("Kotoutumislain 21 § ja perheet", True),
        ("Does section 45 bind us?", False),  # rewritten, not repealed
        ("Does section 148 bind us?", False),
        ("What does section 48 of Act 1386/2010 pay?", False),
        ("What is in section 15 of the Local Government Act?", False),
        ("Mitä kuntalain 15 § sanoo?", False),
        ("Vad står i 15 § i kommunallagen?", False),
    ],
)
def test_section_that_never_began_is_known_by_its_number(text: str, expected: bool) -> None:
    assert names_never_begun(text) is expected


def test_longer_name_that_is_still_in_use_is_no_change() -> None:
    excepted = [(s, exception) for s in successions() for exception in s.exceptions]
    assert excepted
    for succession, exception in excepted:
        terms = [change.term for change in changed_terms(f"It says: {exception}.", "2026-11-21")]
        assert succession.term not in terms


def test_every_succession_ends_on_a_day_and_says_so() -> None:
    assert len(successions()) > 10
    for succession in successions():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", succession.ended)
        assert succession.since is None or succession.since > succession.ended
        assert succession.message.endswith(".")
