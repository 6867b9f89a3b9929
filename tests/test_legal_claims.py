"""What an added document claims of a section of Act 681/2023 is held against all that the digest says of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import currency
from assistant.assistant import Assistant
from assistant.corpus import bundled_documents
from assistant.documents import read_document
from assistant.legal_claims import StatuteFacts, amounts, claim_notice, unfounded
from assistant.passages import split_document
from assistant.settings import PROJECT_ROOT, Settings
from assistant.types import Currency, Hit, Kind, Source, Unfounded, WarningCode
from assistant.words import words

SEEDS = PROJECT_ROOT.parent / "shared" / "seeds"
PAGE = "Planning in Mallikylä\n\nAct 681/2023 began on 1 January 2025, and the municipality plans under it.\n\n{}\n"


@pytest.fixture(scope="module")
def statute() -> StatuteFacts:
    """The bundled digest of the Act."""
    documents = list(bundled_documents())
    return StatuteFacts([p for source, d in documents for p in split_document(d, source.source_id) if p.fact])


def claims(
    text: str,
    statute: StatuteFacts,
    folder: Path,
    kind: Kind = Kind.GUIDANCE,
    *,
    on_the_day: Currency = Currency.CURRENT,
) -> list[Unfounded]:
    """What is found in a page of its own."""
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    document = read_document(path, settings=Settings())
    source = currency.dated(Source("page", kind, "Page", language=document.language), document.text)
    passages = split_document(document, "page")
    return list(
        unfounded([Hit(p, source, 0.0, currency=on_the_day) for p in passages], statute, lambda source_id: passages)
    )


@pytest.mark.parametrize(
    ("sentence", "section", "is_denied"),
    [
        ("A plan that section 45 asks for and that is late leads to a fine of 20,000 euros.", "45", False),
        ("Under section 22 of Act 681/2023 a plan must be reviewed once in five years.", "22", False),
        ("Section 45 obliges the council, which must approve the integration plan every third year.", "45", False),
        ("Under section 45 the municipality must appoint a cooperation group.", "45", True),
        ("Enligt 45 § i lag 681/2023 ska planen skickas in vart femte år.", "45", False),
        ("According to the Act whoever plans together with a neighbour is punished.", "", False),
        ("The Integration Act requires that the council must approve the integration plan.", "", True),
    ],
)  # fmt: skip
def test_claim_without_ground_is_found(
    sentence: str, section: str, is_denied: bool, statute: StatuteFacts, tmp_path: Path
) -> None:
    (found,) = claims(PAGE.format(sentence), statute, tmp_path)
    assert (found.section, found.denied_by is not None) == (section, is_denied)
    assert found.says == sentence


@pytest.mark.parametrize(
    ("sentence", "is_denied"),
    [
        ("Suunnitelma on 45 §:n mukaan tarkistettava joka kolmas vuosi.", False),
        ("Kunnanvaltuuston on 45 §:n mukaan hyväksyttävä kotoutumissuunnitelma.", True),
        ("Joka ei tee sopimusta 42 §:n mukaan, maksaa uhkasakon.", False),
    ],
)
def test_claim_without_ground_is_found_in_finnish(
    sentence: str, is_denied: bool, statute: StatuteFacts, tmp_path: Path
) -> None:
    page = (
        f"Kotoutumisen suunnittelu\n\nLaki 681/2023 tuli voimaan 1.1.2025, ja kunta toimii sen mukaan.\n\n{sentence}\n"
    )
    (found,) = claims(page, statute, tmp_path)
    assert found.says == sentence
    assert (found.denied_by is not None) == is_denied


@pytest.mark.parametrize(
    "sentence",
    [
        "Under section 22 of Act 681/2023 a plan must be reviewed at least every six months.",
        "Under section 45 the municipality must develop integration in multi-sectoral cooperation.",
        "Section 45 of Act 681/2023 contains no sanction and no fine.",
        "Kunnan on 45 §:n mukaan otettava valtakunnalliset tavoitteet huomioon suunnittelussa.",
        "We spent 20,000 euros on the planning of section 45 in 2025.",  # what was done is no claim of the law
        "Under section 10 of Act 410/2015 a report must be made every fifth year.",  # another Act
        "Every unit must report to the board each January.",  # a rule of the municipality's own
        "The Act and its plans must be known to every branch of the municipality.",
        "The law (2024) says that the municipality must develop integration in cooperation.",
        "A parking fine of 60 euros is given in the yard of the town hall.",
    ],
)  # fmt: skip
def test_what_the_section_says_and_what_is_no_claim_of_it_stay(
    sentence: str, statute: StatuteFacts, tmp_path: Path
) -> None:
    assert claims(PAGE.format(sentence), statute, tmp_path) == []


def test_statute_is_not_judged(statute: StatuteFacts, tmp_path: Path) -> None:
    text = PAGE.format("Under section 22 of Act 681/2023 a plan must be reviewed once in five years.")
    assert claims(text, statute, tmp_path, Kind.LAW) == []
    assert claims(text, statute, tmp_path, Kind.OWN) != []


def test_page_of_rules_that_never_began_is_quoted_as_that(statute: StatuteFacts, tmp_path: Path) -> None:
    text = PAGE.format("Under section 45 the municipality must appoint a cooperation group.")
    assert claims(text, statute, tmp_path) != []
    assert claims(text, statute, tmp_path, on_the_day=Currency.NEVER_IN_FORCE) == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the official pages of ../shared/seeds are not here")
def test_official_pages_claim_nothing_without_ground(statute: StatuteFacts, tmp_path: Path) -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        found = claims(path.read_text(encoding="utf-8"), statute, tmp_path)
        assert [claim.says for claim in found] == [], path.name


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("every second year", "en", {(24, "months", True)}),
        ("at intervals of 24 months", "en", {(24, "months", True)}),
        ("each January", "en", {(12, "months", True)}),
        ("within two weeks, EUR 700", "en", {(2, "weeks", False), (700, "euros", False)}),
        ("in the year 2025", "en", set()),
        ("EUR 2,052 a year", "en", {(2052, "euros", False)}),
        (
            "700 e for each, a three-year plan in 2 wks, looked at once a year",
            "en",
            {(12, "months", True), (700, "euros", False), (36, "months", False), (2, "weeks", False)},
        ),
        ("once every four years, an annual look", "en", {(48, "months", True), (12, "months", True)}),
        ("kerran vuodessa, kolmivuotinen", "fi", {(12, "months", True), (36, "months", False)}),
        ("en gång om året, en tvåårig plan", "sv", {(12, "months", True), (24, "months", False)}),
        ("four times a year, once they began", "en", {(4, "times", False)}),
        ("neljän vuoden välein ja vuosittain", "fi", {(48, "months", True), (12, "months", True)}),
        ("vartannat år, inom tre månader", "sv", {(24, "months", True), (3, "months", False)}),
    ],
)
def test_times_and_sums_are_read(text: str, language: str, wanted: set[tuple[float, str, bool]]) -> None:
    assert amounts(text, language) == wanted


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(workspace=tmp_path / "workspace")) as opened:
        yield opened


def test_answer_leaves_the_claim_out_and_warns(assistant: Assistant, tmp_path: Path) -> None:
    claim = "Every municipality must sign the agreement of section 42, and who refuses is fined 50,000 euros."
    page = tmp_path / "places.txt"
    page.write_text(
        "Municipal places\n\nThe agreement of section 42 of Act 681/2023 deals with receiving people who have "
        f"international protection. {claim} The agreement usually covers several years.\n",
        encoding="utf-8",
    )
    assistant.add([page], kind="guidance")
    answer = assistant.ask("Is the agreement on municipal places compulsory for a municipality?")
    assert answer.statements
    assert not any("50,000" in s.text for s in answer.statements)
    (warning,) = [w for w in answer.warnings if w.code is WarningCode.CONFLICTING_SOURCES]
    assert "Municipal places" in warning.message
    assert "50,000 euros" in warning.message


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize(
    "sentence",
    [
        "Whoever breaks the Act is punished.",
        "The Integration Act requires that the council must approve the integration plan.",
        "Under section 45 the municipality must appoint a cooperation group.",
        "Under section 22 a plan must be reviewed once in five years.",
    ],
)
def test_warning_has_a_translation(sentence: str, language: str, statute: StatuteFacts, tmp_path: Path) -> None:
    (found,) = claims(PAGE.format(sentence), statute, tmp_path)
    message = claim_notice(found).message
    assert words(language).message(message) != message
    assert "section  of" not in message
