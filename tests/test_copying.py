"""What a text shares with another municipality's programme, in which degree, and what everybody may share."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.copying import RUN_WORDS, Compared, Comparison, read_meaning, read_words
from assistant.embedding import Vectors
from assistant.types import CopyingCheck, Kind, Source, WarningCode

THEIRS = (
    "Naapurila opens a meeting place called Tervahovi in the old dairy, where forty volunteers teach\nFinnish weekly. "
    "Every Thursday the harbour master drives two minibuses from the reception barracks to the dairy and back. "
    "Whoever has attended ten evenings receives a key of their own and may bring a neighbour along for supper."
)
OURS = (
    "Esimerkkilä is a municipality of four villages. The library lends sewing machines. The working group met in the "
    "fire station, because the town hall was being painted."
)
ACT = "The municipality has the general and coordinating responsibility for planning integration at the local level."


def no_model(texts: Sequence[str]) -> Vectors:
    """All texts are at right angles, so that nothing is found by its meaning alone."""
    return np.eye(len(texts), 400, dtype=np.float32)


def programme(text: str, municipality: str = "Naapurila") -> Compared:
    words = read_words(text)
    source = Source(municipality.lower(), Kind.PROGRAMME, "Programme", municipality=municipality)
    return Compared(source, words, read_meaning(text, words), lambda: text)


def check(text: str, *theirs: Compared, common: str = "", own: str = "") -> CopyingCheck:
    comparison = Comparison(
        list(theirs) or [programme(THEIRS)], [read_words(common)] if common else [],
        [read_words(own)] if own else [], embed=no_model,
    )  # fmt: skip
    return comparison.check(text)


def test_copied_sentence_is_found_at_its_offsets() -> None:
    text = f"{OURS}\n\n{THEIRS}\n\nWe end here."
    found = check(text)
    (match,) = found.matches
    assert text[match.start : match.end] == match.text == THEIRS
    assert (match.municipality, match.degree, match.title) == ("Naapurila", "verbatim", "Programme")
    assert THEIRS[match.source_start : match.source_end] == match.source_text == THEIRS
    assert "quotation" in match.what_to_do
    assert found.copied_characters == len(THEIRS)
    assert found.share == pytest.approx(len(THEIRS) / len(text))
    assert [w.code for w in found.warnings] == [WarningCode.COPYING]


HIDDEN = {
    "case and punctuation": THEIRS.upper().replace(",", ";").replace("\n", "   "),
    "hyphens at line ends": THEIRS.replace("volunteers", "volun-\nteers").replace("harbour", "har-\nbour"),
    "soft hyphens": THEIRS.replace("ee", "e\u00ade").replace("in", "i\u200bn"),
    "Cyrillic letters": THEIRS.replace("a", "а").replace("o", "о").replace("e", "е"),
    "full-width letters": "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in THEIRS),
    "decomposed letters": THEIRS.replace("ä", "a\u0308"),
    "digits for letters": THEIRS.replace("dairy", "da1ry").replace("volunteers", "v0lunteers"),
    "other names": THEIRS.replace("Naapurila", "Esimerkkilä").replace("Tervahovi", "Puurohovi"),
    "other numbers": THEIRS.replace("forty", "thirty").replace("two", "three").replace("ten", "eight"),
    "another order": " ".join(reversed([s + "." for s in THEIRS.replace("\n", " ").rstrip(".").split(". ")])),
    "every fifth word": THEIRS.replace("meeting", "gathering")
    .replace("weekly", "each week")
    .replace("drives", "takes"),
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN.keys())
def test_what_hides_a_copy_does_not(text: str) -> None:
    found = check(f"{OURS}\n\n{text}\n\nWe end here.")
    covered = sum(m.end - m.start for m in found.matches)
    assert covered >= 0.9 * len(text)
    assert covered <= len(text) + 2


@pytest.mark.parametrize("text", [OURS, "", "   ", "one two", "!!!", "\u00ad\u200b", "|||\n|||", "# Heading"])
def test_own_text_is_no_copy(text: str) -> None:
    found = check(text)
    assert (found.characters, found.copied_characters, found.share, found.matches) == (len(text), 0, 0.0, ())


def test_few_words_that_stand_together_are_no_copy() -> None:
    words = THEIRS.split()
    assert not check(f"{OURS} The school has {' '.join(words[4 : 4 + RUN_WORDS - 2])} of its own.").matches


def test_run_of_telling_words_within_an_own_sentence_is_a_copy_of_these_words_only() -> None:
    run = "the harbour master drives two minibuses from the reception barracks to the dairy"
    text = f"{OURS} It was agreed that on most weekdays {run} unless the road is closed by the spring flood."
    (match,) = check(text).matches
    assert match.text.strip(".") in text
    assert run in match.text


def test_two_sources_sewn_together_are_two_matches() -> None:
    other = (
        "Keksilä pays the driving lessons of every nurse who moves to the archipelago. The ferry company keeps two "
        "cabins free for visiting grandmothers on the last weekend of each month."
    )
    text = f"{OURS}\n\n{THEIRS} {other}"
    found = check(text, programme(THEIRS), programme(other, "Keksilä"))
    assert [m.municipality for m in found.matches] == ["Naapurila", "Keksilä"]
    assert "Naapurila, Keksilä" in found.warnings[0].message


def test_words_of_law_and_guidance_are_listed_apart() -> None:
    found = check(f"{OURS} {ACT}", programme(ACT), common=ACT)
    assert found.matches == ()
    assert [m.excuse for m in found.shared_with_law_or_guidance] == ["common"]
    assert (found.copied_characters, found.warnings) == (0, ())


def test_copy_that_only_begins_with_words_of_the_act_is_a_copy() -> None:
    text = f"{ACT} {THEIRS}"
    assert check(text, programme(text), common=ACT).matches


def test_own_earlier_programme_is_no_copy() -> None:
    found = check(f"{OURS} {THEIRS}", own=f"Our plan of 2021.\n\n{THEIRS}\n\nIt ended in 2025, and much was done.")
    assert found.matches == ()
    assert [m.excuse for m in found.shared_with_law_or_guidance] == ["own"]


def test_draft_that_was_added_as_an_own_document_does_not_excuse_itself() -> None:
    text = f"{OURS} {THEIRS}"
    assert check(text, own=text).matches


QUOTED = THEIRS.replace("\n", " ")


@pytest.mark.parametrize(
    "text",
    [
        f"The programme of Naapurila (2022) says: “{QUOTED}” We do otherwise.",
        f"Naapurilan ohjelmassa sanotaan: ”{QUOTED}” Meillä tehdään toisin.",
        f"I Naapurilas program står: »{QUOTED}» Vi gör på annat sätt.",
        f"A neighbour puts it well: “{QUOTED}”¹ We do otherwise.\n\n¹ Naapurila, Integration Programme, 2022.",
        f"A neighbour puts it well: “{QUOTED}”[^1] We do otherwise.\n\n[^1]: Naapurila, Integration Programme.",
        f"From Naapurila's programme:\n\n> {QUOTED}\n\nWe do otherwise.",
    ],
)
def test_marked_quotation_with_its_source_is_no_copy(text: str) -> None:
    found = check(text)
    assert found.matches == ()
    assert {m.excuse for m in found.shared_with_law_or_guidance} == {"quotation"}


@pytest.mark.parametrize(
    "text",
    [
        f"Somebody has put it well: “{QUOTED}” We agree.",
        f"The programme of Keksilä says: “{QUOTED}” We agree.",
        f"Naapurila has a programme. {OURS} {OURS} {QUOTED}",
    ],
)
def test_quotation_without_its_source_is_a_copy(text: str) -> None:
    assert check(text, programme(THEIRS), programme("Keksilä has a plan of another kind.", "Keksilä")).matches


@pytest.mark.parametrize(
    "text",
    [
        "Our partners are Kela, the Finnish Immigration Service, the police, the wellbeing services county, the "
        "employment authority, the Finnish Red Cross and the Mannerheim League for Child Welfare.",
        "Yhteistyökumppaneita ovat Kela, Maahanmuuttovirasto, poliisi, hyvinvointialue, työllisyysalue, Suomen "
        "Punainen Risti, Mannerheimin Lastensuojeluliitto ja seurakunta.",
        "Contents 1 Introduction 2 Operating environment 3 Objectives and measures 4 Cooperation 5 Follow-up 6 "
        "Communication Annexes",
        "Kiintiöpakolaisella tarkoitetaan henkilöä, jolle YK:n pakolaisjärjestö on myöntänyt pakolaisaseman ja joka "
        "otetaan Suomeen pakolaiskiintiössä.",
    ],
)
def test_names_contents_and_definitions_are_everybodys(text: str) -> None:
    found = check(f"{OURS}\n\n{text}", programme(f"{THEIRS}\n\n{text}"))
    assert found.matches == ()


def test_without_programmes_nothing_is_compared() -> None:
    found = Comparison([], embed=no_model).check(THEIRS)
    assert (found.compared_with, found.matches, found.characters) == (0, (), len(THEIRS))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [*THEIRS.split(". "), *OURS.split(". "), "\u00ad", "-\n", "“", "[1]", "| a | b |", "# x", "äö"]
        ),
        max_size=12,
    ),
    st.sampled_from([" ", ". ", "\n", "\n\n", "\u2028"]),
)
def test_every_match_is_a_stretch_of_both_texts(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    found = check(text)
    for match in (*found.matches, *found.shared_with_law_or_guidance):
        assert text[match.start : match.end] == match.text
        assert THEIRS[match.source_start : match.source_end] == match.source_text
    assert 0 <= found.copied_characters <= found.characters == len(text)
    firsts = [m.start for m in found.matches]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize(
    "text",
    [
        "1 Abc" + " " * 100_000,
        "'abc defghi jklmno pqr " * 5_000,
        "1. Abc\n" * 20_000,
        "> \n" * 30_000,
        "a\u00ad" * 60_000,
    ],
    ids=["spaces", "quotes", "numbers", "marks", "soft hyphens"],
)
def test_no_text_keeps_the_check_busy(text: str) -> None:
    started = time.perf_counter()
    check(text)
    assert time.perf_counter() - started < 10
