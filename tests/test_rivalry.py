"""How much passages speak of needs beside their rivals."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.needs import needs
from assistant.rivalry import beside_rivals, english, taught


def sign(scores: list[list[float]], name: str) -> np.ndarray:
    """One sign of the log odds, of passages by needs."""
    names = ["value", "ahead", "rank", "ahead of needs", "rank of needs"]
    values = np.array(scores)
    return beside_rivals(values, np.zeros(values.shape))[..., names.index(name)]


def test_passage_is_told_from_the_best_other_one() -> None:
    assert sign([[1.0], [4.0], [2.0]], "ahead").ravel() == pytest.approx([-3, 2, -2])
    assert sign([[1.0, 4.0, 2.0]], "ahead of needs").ravel() == pytest.approx([-3, 2, -2])
    assert sign([[1.0, 4.0, 2.0]], "rank of needs").ravel() == pytest.approx([1 / 3, 1, 1 / 2])


def test_rank_among_few_passages_counts_little() -> None:
    few, many = [[float(n)] for n in range(5)], [[float(n)] for n in range(100)]
    assert sign(few, "rank")[-1, 0] == pytest.approx(0.1)
    assert sign(many, "rank")[-1, 0] == pytest.approx(1)


def test_no_passage_has_no_signs() -> None:
    nothing = np.zeros((0, len(needs())))
    assert len(beside_rivals(nothing, taught([]))) == 0


@pytest.mark.parametrize(
    ("text", "language", "need"),
    [
        ("We called the regional centre's specialist for advice before we began.", "en", "regional-centre-contact"),
        ("Kielitaito testataan kirjallisesti ja suullisesti koulutuksen lopussa.", "fi", "language-test"),
        ("Budgeten har pengar för åtgärderna.", "sv", "budget-link"),
    ],
)
def test_sentences_of_all_languages_teach_what_speaks_of_a_need(text: str, language: str, need: str) -> None:
    found = taught([english(text, language)])[0]
    assert list(needs())[int(found.argmax())] == need
