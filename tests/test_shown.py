"""What a reader is told of a source: whose words it is, and where its link leads."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from web_fakes import GUIDANCE, citation

from assistant.corpus import CORPUS, manifest
from assistant.export._text import source_words
from assistant.shown import link_words, page_of, told_kind, told_publisher
from assistant.types import Citation, Currency, Kind, Surroundings
from assistant.web import rendering, source_html
from assistant.words import words

SAY = words("en")
ADVICE = "A plan is best kept short, is our advice."
OURS = replace(GUIDANCE, publisher="Kotoapuri, from studies")


@pytest.mark.parametrize(
    ("kind", "publisher", "quote", "digest", "told"),
    [
        (Kind.GUIDANCE, "Ministry of Examples", "The checklist asks for an owner.", True, "guidance"),
        (Kind.GUIDANCE, "Ministry of Examples", ADVICE, True, "advice"),
        (Kind.GUIDANCE, "Ministry of Examples", "Name an owner; a date is our suggestion.", True, "advice"),
        (Kind.GUIDANCE, "Kotoapuri, from studies", "Few plans name an owner.", True, "advice"),
        (Kind.GUIDANCE, "Kotoapuri", "Which services do newcomers miss?", False, "advice"),  # questions to residents
        (Kind.LAW, "Statute Book", "Section 45 of Act 681/2023 asks for planning.", True, "law"),
        (Kind.LAW, "Statute Book", "On our reading section 45 of Act 681/2023 asks for it.", True, "law-read"),
        (Kind.LAW, "Statute Book; comparison by Kotoapuri", "The old document ended.", True, "law-read"),
        # Others say "our" too, of themselves.
        (Kind.GUIDANCE, "Ministry of Examples", "Our advice to municipalities: plan together.", False, "guidance"),
        (Kind.OWN, None, "It is our view that the plan works.", False, "own"),
        (Kind.PROGRAMME, "Town of Mallikylä", "On our reasoning the plan does not transfer.", True, "programme"),
    ],
)
def test_own_advice_is_told_apart_from_what_authorities_say(
    kind: Kind, publisher: str | None, quote: str, digest: bool, told: str
) -> None:
    source = replace(GUIDANCE, kind=kind, publisher=publisher)
    assert told_kind(replace(citation(1, source=source, quote=quote), digest=digest)) == told


def test_advice_on_a_page_of_an_authority_is_not_told_as_published_by_it() -> None:
    assert told_publisher(citation(1, quote=ADVICE), SAY) == f"Kotoapuri, from {GUIDANCE.publisher}"
    assert told_publisher(citation(1), SAY) == GUIDANCE.publisher
    assert told_publisher(citation(1, source=OURS, quote=ADVICE), SAY) == "Kotoapuri, from studies"


@pytest.mark.parametrize(
    ("url", "kind", "words_of_link"),
    [
        ("https://finlex.fi/fi/lainsaadanto/2023/681", Kind.LAW, "Open the official page"),
        ("https://pxdata.stat.fi/PxWeb/api/v1/en", Kind.GUIDANCE, "Open the official page"),
        ("https://www.news.example/a/reform", Kind.GUIDANCE, "Open the source (news.example)"),
        ("https://notfinlex.fi/a", Kind.LAW, "Open the source (notfinlex.fi)"),
        ("https://mallikyla.example/plan.pdf", Kind.PROGRAMME, "Open the original"),
    ],
)
def test_link_is_called_official_only_on_the_page_of_an_authority(url: str, kind: Kind, words_of_link: str) -> None:
    cited = citation(1, source=replace(GUIDANCE, kind=kind, url=url))
    assert (page_of(cited), link_words(cited, SAY)) == (url, words_of_link)


@pytest.mark.parametrize("url", ["https://vtv.fi", "https://vtv.fi/", "https://www.vtv.fi/#top"])
def test_summary_has_no_link_to_a_mere_front_page(url: str) -> None:
    cited = citation(1, source=replace(GUIDANCE, url=url))
    assert page_of(cited) is None
    assert page_of(replace(cited, digest=False)) == url  # of a document that somebody added it is what they gave
    assert source_words(cited, SAY).url is None


OUTDATED = replace(citation(1, currency=Currency.OUTDATED), law_basis=None)
UNKNOWN = replace(citation(1, currency=Currency.UNKNOWN), written=None)


@pytest.mark.parametrize(
    ("cited", "told", "in_a_note"),
    [
        (
            replace(OUTDATED, ends="2998-12-31"),
            "Tells what is known until 31 December 2998",
            "Tells what is known until",
        ),
        (replace(OUTDATED, ends="2025-12-31"), "Outdated on 1 January 2999", "Outdated"),
        (OUTDATED, "Outdated on 1 January 2999", "Outdated"),
        (UNKNOWN, "Not known: the source bears no date", "Undated: not known"),
        (replace(UNKNOWN, written="2024"), "Not known<", "Not known whether"),
        (replace(UNKNOWN, quote=ADVICE), "Advice that is tied to no day", None),
        (citation(1), "Current on 1 January 2999", None),
    ],
)
def test_card_and_note_judge_the_age_of_a_source_alike(cited: Citation, told: str, in_a_note: str | None) -> None:
    assert told in rendering.card(SAY, 1, cited, None, "2999-01-01")
    details = source_words(cited, SAY).details
    about_age = [one for one in details if one.startswith(("Outdated", "Undated", "Not known", "Tells", "Advice"))]
    assert [one.startswith(in_a_note or "?") for one in about_age] == [True] * (in_a_note is not None)


def test_facts_of_one_undated_page_on_one_duty_are_worth_the_same() -> None:
    facts = [
        json.loads(line)
        for line in (CORPUS / "facts" / "good-ethnic-relations.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert {fact["valid_from"] for fact in facts} == {"2025-01-01"}


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_card_list_and_note_call_advice_by_its_name(language: str) -> None:
    say = words(language)
    name = say("answer.kind.advice")
    cited = citation(1, source=OURS, quote=ADVICE)
    card = rendering.card(say, 1, cited, Surroundings(OURS, "", ADVICE, ""), "2026-11-23")
    listed = source_html.source_list(say, [OURS], day="2026-11-23")
    head = source_html.document_head(say, OURS, "2026-11-23")
    assert all(name in told for told in (card, listed, head))
    for told in (card, listed, head):
        assert say("answer.kind.guidance") not in told
        assert say("answer.official-page") not in told
        assert say("answer.digest") not in told
    details = source_words(cited, say).details
    assert name in details
    assert say("export.our-digest") not in details


def test_every_source_of_ours_in_the_corpus_is_told_as_ours() -> None:
    ours = {row.source_id for row in manifest().values() if told_kind(row.digest()) == "advice"}
    assert ours == {"indicator-guide", "open-points", "plan-chapters", "programme-comparison", "programme-weaknesses"}
