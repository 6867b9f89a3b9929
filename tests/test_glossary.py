"""Official terms are found across languages, everyday words beside them, and nothing where nothing is meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import glossary
from assistant.errors import CorpusError
from assistant.text import LANGUAGES, stems

CORPUS = Path(__file__).resolve().parents[1] / "corpus"


@pytest.mark.parametrize(
    ("text", "language", "target", "expected"),
    [
        ("Mitä kotoutumislaki sanoo?", "fi", "en", "Integration Act"),
        ("Mitä kotoutumislaissa sanotaan?", "fi", "en", "Integration Act"),
        ("Vad säger integrationslagen?", "sv", "en", "Integration Act"),
        ("What does the Integration Act say?", "en", "fi", "kotoutumislaki"),
        ("What does the Integration Act say?", "en", "sv", "integrationslagen"),
        ("Kuka hyväksyy suunnitelman?", "fi", "en", "approve"),
        ("Vem godkänner planen?", "sv", "en", "approve"),
        ("Kunnan suunnitelma", "fi", "sv", "kommun"),
        ("Does Migri decide?", "en", "fi", "Maahanmuuttovirasto"),
        ("our town", "en", "en", "municipality"),
    ],
)
def test_words_are_found_in_the_other_language(text: str, language: str, target: str, expected: str) -> None:
    assert expected in glossary.equivalents(text, language, target)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_without_a_term_have_no_equivalent(language: str) -> None:
    assert glossary.equivalents("xyzzy 12345", language, "en") == []
    assert glossary.equivalents("", language, "en") == []


def test_english_words_are_matched_whole() -> None:
    assert glossary.equivalents("integration", "en", "fi")
    assert glossary.equivalents("integer", "en", "fi") == []


def test_synonyms_leave_out_the_word_itself() -> None:
    assert "town" not in glossary.equivalents("our town", "en", "en")


def test_equivalents_follow_the_order_of_the_text_and_are_named_once() -> None:
    found = glossary.equivalents("town plan town", "en", "en")
    assert found.index("municipality") < found.index("programme")
    assert len(found) == len(set(found))


def test_half_of_a_term_does_not_stand_for_it() -> None:
    assert "elinkeino-, liikenne- ja ympäristökeskus" in glossary.equivalents("ELY Centre", "en", "fi")
    assert "elinkeino-, liikenne- ja ympäristökeskus" not in glossary.equivalents("a centre", "en", "fi")


def test_term_within_a_name_is_not_what_the_name_means() -> None:
    assert "Maahanmuuttovirasto" in glossary.equivalents("Migri", "en", "fi", whole=True)
    assert glossary.equivalents("section 48", "en", "en")
    assert glossary.equivalents("section 48", "en", "en", whole=True) == []


def test_compound_is_not_taken_for_the_word_that_it_begins_with() -> None:
    # "kommunallagen" is the Local Government Act, "kommunförsök" a pilot: neither is what "kommun" says.
    found = glossary.equivalents("kommunens plan", "sv", "en")
    assert "municipality" in found
    assert "Local Government Act" not in found


@pytest.mark.parametrize("file", ["glossary.jsonl", "synonyms.jsonl"])
def test_every_row_has_words_that_can_be_matched(file: str) -> None:
    for number, line in enumerate((CORPUS / file).read_text(encoding="utf-8").splitlines(), start=1):
        row = json.loads(line)
        assert row["en"], f"{file}, line {number}"
        for language in LANGUAGES:
            assert all(stems(term, language) for term in row.get(language, ())), f"{file}, line {number}"


def test_damaged_glossary_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "glossary.jsonl").write_text('{"en": [', encoding="utf-8")
    monkeypatch.setattr(glossary, "PROJECT_ROOT", tmp_path)
    glossary.rows_of.cache_clear()
    glossary._terms.cache_clear()
    try:
        with pytest.raises(CorpusError, match=r"corpus/glossary\.jsonl cannot be read .* Install Kotoapuri again"):
            glossary.equivalents("plan", "en", "fi")
    finally:
        glossary.rows_of.cache_clear()
        glossary._terms.cache_clear()
