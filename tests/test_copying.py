"""What a text shares word for word with another municipality's programme, and what everybody may share."""

from __future__ import annotations

import pytest

from assistant.copying import RUN_WORDS, Compared, check_copying
from assistant.types import Kind, Source, WarningCode

THEIRS = (
    "Naapurila opens a meeting place called Tervahovi in the old dairy, where forty volunteers teach\nFinnish weekly."
)
ACT = "The municipality has the general and coordinating responsibility for planning integration at the local level."


def programme(text: str) -> Compared:
    return Compared(Source("naapurila", Kind.PROGRAMME, "Programme", municipality="Naapurila"), text)


def law(text: str) -> Compared:
    return Compared(Source("act", Kind.LAW, "Act"), text)


def test_copied_sentence_is_found_at_its_offsets() -> None:
    text = f"We begin. {THEIRS} We end."
    found = check_copying(text, [programme(THEIRS)], [])
    (match,) = found.matches
    assert text[match.start : match.end] == match.text
    assert match.text.startswith("Naapurila opens")
    assert (match.municipality, match.degree) == ("Naapurila", "verbatim")
    assert found.copied_characters == match.end - match.start
    assert found.share == pytest.approx(found.copied_characters / len(text))
    assert [w.code for w in found.warnings] == [WarningCode.COPYING]


def test_case_punctuation_and_line_breaks_do_not_hide_a_copy() -> None:
    text = THEIRS.upper().replace(",", ";").replace("\n", "   ")
    assert check_copying(text, [programme(THEIRS)], []).matches


@pytest.mark.parametrize(("words", "found"), [(RUN_WORDS - 1, 0), (RUN_WORDS, 1)])
def test_a_run_counts_from_eight_words_on(words: int, found: int) -> None:
    text = " ".join(THEIRS.split()[:words])
    assert len(check_copying(f"Other words stand here. {text}", [programme(THEIRS)], []).matches) == found


def test_words_of_the_act_are_listed_apart() -> None:
    found = check_copying(ACT, [programme(ACT)], [law(ACT)])
    assert found.matches == ()
    assert len(found.shared_with_law_or_guidance) == 1
    assert (found.copied_characters, found.warnings) == (0, ())


def test_copy_that_only_begins_with_words_of_the_act_is_a_copy() -> None:
    text = f"{ACT} {THEIRS}"
    assert check_copying(text, [programme(text)], [law(ACT)]).matches


@pytest.mark.parametrize("text", ["", "   ", "one two", "!!!"])
def test_nothing_to_compare_is_no_copy(text: str) -> None:
    found = check_copying(text, [programme(THEIRS)], [])
    assert (found.characters, found.copied_characters, found.share) == (len(text), 0, 0.0)
