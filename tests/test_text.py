"""Words are matched by their stems, whatever their case, hyphens and apostrophes; nothing that is shown is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text import LANGUAGES, collapse, content_stems, normalise, shortened, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Co-operation and CO\u2011OPERATION", ["cooperation", "and", "cooperation"]),  # with a non-breaking hyphen
        ("the municipality’s plan", ["the", "municipality", "plan"]),
        ("Act 681/2023 began on 1.1.2025.", ["act", "681/2023", "began", "on", "1.1.2025"]),
        ("Ääni, öljy ja Åbo", ["ääni", "öljy", "ja", "åbo"]),
        ("ELY-keskus", ["elykeskus"]),
        ("e_mail @ 2 %", ["e", "mail", "2"]),
        ("", []),
    ],
)
def test_words_are_read_without_case_hyphens_and_apostrophes(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "municipalities", "municipality"),
        ("en", "The Council’s plans", "the council plan"),
        ("fi", "suunnitelman", "suunnitelma"),
        ("fi", "kunnat", "kunnan"),
        ("sv", "kommunerna", "kommun"),
        ("sv", "planerna", "planer"),
    ],
)
def test_inflected_words_share_a_stem(language: str, one: str, other: str) -> None:
    assert stems(one, language) == stems(other, language)


def test_stems_of_one_language_are_not_those_of_another() -> None:
    assert stems("kommunerna", "en") != stems("kommun", "en")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Who is it that approves the plan?", stems("approves plan", "en")),
        ("fi", "Kuka sen hyväksyy ja milloin?", stems("hyväksyy milloin", "fi")),
        ("sv", "Vem är det som godkänner planen?", stems("godkänner planen", "sv")),
        ("en", "Don't we know what's there?", []),
    ],
)
def test_stop_words_carry_no_content(language: str, text: str, expected: list[str]) -> None:
    assert content_stems(text, language) == expected


def test_repeated_words_are_kept_in_order() -> None:
    assert content_stems("plan council plan", "en") == stems("plan council plan", "en")


def test_white_space_is_collapsed_to_single_spaces() -> None:
    assert collapse(" a\n\n b\u00a0\tc ") == "a b c"


@given(st.text(max_size=60))
def test_normal_form_does_not_depend_on_case_and_words_are_stable(text: str) -> None:
    assert normalise(collapse(text)) == normalise(normalise(collapse(text)))
    assert words(" ".join(words(text))) == words(text)
    for language in LANGUAGES:
        assert len(content_stems(text, language)) <= len(stems(text, language)) == len(words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ten  chars\n", "ten chars"),
        ("exactly ten", "exactly t…"),
        ("four five six", "four five…"),
        ("", ""),
    ],
)
def test_long_text_is_cut_with_a_mark_and_is_no_longer_than_it_may_be(text: str, expected: str) -> None:
    assert shortened(text, 10) == expected
