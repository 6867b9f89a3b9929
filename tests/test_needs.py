"""What is to be found out of a municipality: the data are complete, and their own statements match their own terms."""

from __future__ import annotations

import json

import pytest

from assistant import needs as module
from assistant.errors import CorpusError
from assistant.needs import GAP, Need, alternatives, needs, says_how_many
from assistant.settings import PROJECT_ROOT
from assistant.text import LANGUAGES, normalise

FOLDER = PROJECT_ROOT / "prompts" / "needs"


@pytest.mark.parametrize("need", needs().values(), ids=needs())
def test_need_is_complete(need: Need) -> None:
    for text in (need.asks, need.who_knows, need.where_to_find, need.missing):
        assert text.strip() == text != ""
    assert need.asks.endswith("?")
    assert len(GAP.findall(need.missing)) == 1
    for language in LANGUAGES:
        assert need.says[language]
        assert all(text.strip() for text in need.wordings(language))
        assert all(need.terms[language])
    assert set(need.says) == set(need.terms) == set(LANGUAGES)


@pytest.mark.parametrize("need", needs().values(), ids=needs())
def test_terms_compile_and_match_no_empty_text(need: Need) -> None:
    for language in LANGUAGES:
        assert len(need.patterns[language]) == len(need.terms[language])
        for pattern in (*need.patterns[language], *filter(None, [need.exceptions.get(language)])):
            assert not pattern.search("")
            assert not pattern.search("xyzzy")


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_of_needs_match_their_own_terms(language: str) -> None:
    tried, missed = 0, []
    for need in needs().values():
        for text in need.says[language]:
            tried += 1
            said = normalise(text)
            exception = need.exceptions.get(language)
            if (exception and exception.search(said)) or not all(p.search(said) for p in need.patterns[language]):
                missed.append(f"{need.id}: {text}")
    assert tried > 200
    assert len(missed) <= 0.1 * tried, missed


def test_need_that_asks_for_a_figure_gives_statements_with_figures() -> None:
    texts = [text for need in needs().values() if need.number for text in need.says["en"]]
    assert sum(map(says_how_many, texts)) >= 0.9 * len(texts)


def test_examples_are_well_formed() -> None:
    lines = (FOLDER / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for number, row in enumerate(rows, start=1):
        assert set(row) >= {"need", "language", "wanted", "text"}, number
        assert row["need"] in needs(), number
        assert row["language"] in LANGUAGES, number
        assert row["wanted"] in ("shown", "planned", "denied", "other"), number
        assert row["text"].strip() == row["text"] != "", number
    assert len({(row["need"], row["language"], row["text"]) for row in rows}) == len(rows)


def test_example_on_another_matter_is_no_wording_of_the_need() -> None:
    rows = [json.loads(line) for line in (FOLDER / "examples.jsonl").read_text(encoding="utf-8").splitlines()]
    for row in rows:
        said = row["text"] in needs()[row["need"]].wordings(row["language"])
        assert said is (row["wanted"] != "other"), row["text"]


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("coordinat*", "The coordinators meet.", True),
        ("coordinat*", "A subcoordinator.", False),
        ("cooperation group", "A COOPERATION GROUP", True),
        ("cooperation group", "cooperation groups", False),
        ("how * measure*", "how it is measured", True),
        ("how * measure*", "how many of all the things are ever measured", False),  # more than three words between
        ("early-stage", "early stage", True),
        ("early-stage", "early‑stage", True),  # a hyphen that does not break
        ("c++", "cxx", False),  # no pattern of its own
    ],
)
def test_phrase_matches_whole_words_with_any_ending_after_a_star(phrase: str, text: str, expected: bool) -> None:
    assert bool(alternatives([phrase]).search(normalise(text))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("812 residents speak another language.", True),
        ("The share is 6.4 %.", True),
        ("Two thirds answered, a quarter did not.", True),
        ("Puolet vastasi.", True),
        ("The plan of 2025 was approved on 12 May 2025 under section 45 of Act 681/2023.", False),
        ("Hallitus päätti 3.2.2025.", False),
        ("Nobody counted them.", False),
    ],
)
def test_figure_says_how_many_and_is_no_date_or_section(text: str, expected: bool) -> None:
    assert says_how_many(text) is expected


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"terms": {"en": [["a"]], "fi": [["b"]]}}, "sv"),
        ({"terms": {"en": [[]], "fi": [["b"]], "sv": [["c"]]}}, "missing"),
        ({"says": {"en": [], "fi": ["b"], "sv": ["c"]}}, "missing"),
        ({"missing": "No gap."}, "TO FILL"),
        ({"missing": "[TO FILL] and [TO FILL]."}, "TO FILL"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_damaged_need_is_told_with_its_place(change: dict[str, object], named: str) -> None:
    sound: dict[str, object] = {
        "id": "x", "asks": "Who?", "who_knows": "A", "where_to_find": "B", "missing": "It is [TO FILL].",
        "says": {"en": ["a"], "fi": ["b"], "sv": ["c"]}, "terms": {"en": [["a"]], "fi": [["b"]], "sv": [["c"]]},
    }  # fmt: skip
    assert module._need(sound, "needs.toml").id == "x"
    with pytest.raises(CorpusError, match=rf"(?s)needs\.toml, need 'x'.*{named}"):
        module._need(sound | change, "needs.toml")
