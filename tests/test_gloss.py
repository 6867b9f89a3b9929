"""Finnish and Swedish questions come out as English words that say what is asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import glossary
from assistant.errors import CorpusError
from assistant.gloss import gloss, in_other_words
from assistant.text import words

LEXICON = Path(__file__).resolve().parents[1] / "corpus" / "lexicon.jsonl"


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Kuka maksaa tulkin, jos asiakas ei tule ajalle?", "fi", {"pay", "interpreter", "client", "time"}),
        ("Missä ajokortti uusitaan?", "fi", {"renew", "driving", "licence"}),
        ("Montako tuntia opetusta on vuodessa?", "fi", {"hour", "teaching", "year"}),
        ("När måste kommunen ansöka om ersättning?", "sv", {"municipality", "compensation"}),
        ("Hur planterar man ett träd?", "sv", {"plant", "tree"}),
    ],
)
def test_gloss_says_what_is_asked_about(text: str, language: str, said: set[str]) -> None:
    assert said <= set(words(gloss(text, language)))


@pytest.mark.parametrize(
    ("compound", "language", "parts"),
    [
        ("työmarkkinaselvitys", "fi", {"work", "market"}),
        ("kaupunginkirjastoauto", "fi", {"library"}),
        ("kommunarkiv", "sv", {"municipality"}),
    ],
)
def test_compound_is_said_by_its_parts(compound: str, language: str, parts: set[str]) -> None:
    assert parts & set(words(gloss(compound, language)))


def test_official_term_of_several_words_is_one_term() -> None:
    assert "Finnish Supervisory Agency" in gloss("Mitä lupa- ja valvontavirasto valvoo?", "fi")


def test_names_and_numbers_stay_and_unknown_words_go() -> None:
    found = gloss("Paljonko Mallikylä maksoi xyzzyblorb 45 §:n mukaan vuonna 2024?", "fi").split()
    assert {"Mallikylä", "45", "2024"} <= set(found)
    assert not {"xyzzyblorb", "Xyzzyblorb"} & set(found)


@pytest.mark.parametrize("text", ["", "???", "🙂🙂", "ja se on"])
def test_nothing_to_say_is_an_empty_gloss(text: str) -> None:
    assert gloss(text, "fi") == ""


def test_endless_word_is_not_cut_up() -> None:
    assert gloss("kunta" * 800, "fi") == ""
    assert gloss("kunnan " + "a" * 4_000, "fi") == "municipality"


def test_only_english_is_glossed() -> None:
    assert "interpreter" in in_other_words("tulkki", "fi", "en")
    assert "tulkki" not in in_other_words("tulkki", "fi", "sv")
    assert in_other_words("xyzzy", "en", "en") == []


def test_every_row_of_the_lexicon_can_be_used() -> None:
    for number, line in enumerate(LEXICON.read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        assert set(row) == {"en", "fi", "sv"}, number
        assert row["en"], number
        assert row["fi"] or row["sv"], number
        assert all(words(term) for terms in row.values() for term in terms), number


def test_damaged_lexicon_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "lexicon.jsonl").write_text("{", encoding="utf-8")
    monkeypatch.setattr(glossary, "PROJECT_ROOT", tmp_path)
    glossary.rows_of.cache_clear()
    try:
        with pytest.raises(CorpusError, match=r"corpus/lexicon\.jsonl cannot be read .* Install Kotoapuri again"):
            glossary.rows_of("lexicon.jsonl")
    finally:
        glossary.rows_of.cache_clear()
