"""Two added documents that answer one question differently: found, named, and nothing else taken for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.disagreement import disagreement_notice, disagreements
from assistant.question import read_question
from assistant.types import Citation, Currency, Evidence, Hit, Kind, Passage, Source, UnitKind, WarningCode


def hit(name: str, text: str, *, municipality: str = "Mallikylä", language: str = "en", **source: object) -> Hit:
    about = Source(name, Kind.OWN, name.title(), municipality=municipality, language=language, **source)  # type: ignore[arg-type]
    return Hit(Passage(f"{name}:0-{len(text)}", name, 0, len(text), text, UnitKind.SENTENCE, 0, 0), about, 1.0)


def found(question: str, *hits: Hit, language: str = "en") -> list[tuple[str, str]]:
    read = read_question(question, as_of="2026-11-22", language=language, max_chars=4000)
    return [d.says for d in disagreements(Evidence(read, hits))]


@pytest.mark.parametrize(
    ("language", "question", "one", "other", "says"),
    [
        ("en", "When does the language café open in Mallikylä?", "The language café opens on 3 March 2027.",
         "The language café opens in the library on 10 April 2027.", ("3 March 2027", "10 April 2027")),
        ("en", "How many interpreters does the municipality employ?", "The municipality employs 4 interpreters.",
         "In all 7 interpreters are employed by the municipality.", ("4", "7")),
        ("en", "How much does the municipality pay for interpreting in 2026?",
         "In 2026 the municipality pays EUR 62,000 for interpreting.",
         "Interpreting: the municipality pays 48 500 euros in 2026 to two.", ("EUR 62,000", "48 500 euros")),
        ("en", "How often does the integration group meet?", "The integration group meets 4 times a year.",
         "The integration group meets 6 times every year.", ("4 times", "6 times")),
        ("fi", "Milloin kotoutumisen yhteyshenkilö aloittaa?", "Kotoutumisen yhteyshenkilö aloittaa 1.8.2026.",
         "Yhteyshenkilö kotoutumisen asioissa aloittaa tammikuussa 2027 tai 15.1.2027.", ("1.8.2026", "15.1.2027")),
        ("fi", "Kuinka paljon rahaa on varattu tulkkaukseen?", "Tulkkaukseen on varattu rahaa 12 000 euroa.",
         "Rahaa on varattu tulkkaukseen yhteensä 15 500 €.", ("12 000 euroa", "15 500 €")),
        ("sv", "När börjar integrationssamordnaren?", "Integrationssamordnaren börjar den 1 augusti 2026.",
         "Den nya integrationssamordnaren börjar 1 januari 2027.", ("1 augusti 2026", "1 januari 2027")),
    ],
)  # fmt: skip
def test_other_value_is_found(language: str, question: str, one: str, other: str, says: tuple[str, str]) -> None:
    assert found(question, hit("a", one, language=language), hit("b", other, language=language), language=language) == [
        says
    ]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("How many interpreters does the municipality employ?", "The municipality employs 4 interpreters.",
         "Four interpreters and a coordinator: the municipality employs 4 interpreters in all."),
        ("How many residents speak a foreign language?", "In 2023 there were 640 who speak a foreign language.",
         "In 2025 there were 812 who speak a foreign language."),
        ("How many residents speak a foreign language?", "812 residents speak a foreign language.",
         "5.7 per cent of the residents speak a foreign language."),
        ("How many residents speak a foreign language?", "812 residents speak a foreign language.",
         "About 800 residents speak a foreign language."),
        ("How many residents speak a foreign language?", "812 residents speak a foreign language.",
         "The school has 43 pupils in preparatory teaching."),
        ("How many residents speak a foreign language?", "1,212 residents speak a foreign language.",
         "1 212 residents speak a foreign language."),
        ("When does the project end?", "The project ends on 31.12.2026.", "The project ends on 31 December 2026."),
        ("Who runs the language café?", "The library runs the language café since 2019.",
         "The association runs the language café since 2024."),
    ],
)  # fmt: skip
def test_what_agrees_or_speaks_of_something_else_is_passed_over(question: str, one: str, other: str) -> None:
    assert found(question, hit("a", one), hit("b", other)) == []


def test_another_municipality_or_the_bundled_corpus_contradicts_nobody() -> None:
    one = hit("a", "The integration group meets 4 times a year.")
    question = "How often does the integration group meet?"
    assert found(question, one, hit("b", "The integration group meets 6 times a year.", municipality="Naapurila")) == []
    assert found(question, one, hit("b", "The integration group meets 6 times a year.", bundled=True)) == []
    assert found(question, one, hit("a", "The integration group meets 6 times a year.")) == []


def test_notice_names_both_and_the_newer() -> None:
    one = hit("minutes", "The integration group meets 4 times a year.", written="2024-03-01")
    other = hit("rules", "The integration group meets 6 times a year.", written="2026-02-01")
    read = read_question("How often does the group meet?", as_of=None, language="en", max_chars=4000)
    (pair,) = disagreements(Evidence(read, (one, other)))
    cited = [
        Citation(n, h.source.source_id, Kind.OWN, h.source.title, None, None, None, "", h.passage.text, None, None,
                 Currency.UNKNOWN, False, 0, 9)
        for n, h in enumerate((one, other), 1)
    ]  # fmt: skip
    notice = disagreement_notice(pair, cited)
    assert notice.code is WarningCode.CONFLICTING_SOURCES
    assert notice.citations == (1, 2)
    assert "Minutes says 4 times, Rules says 6 times" in notice.message
    assert "The newer is Rules (2026-02-01)." in notice.message


@pytest.mark.parametrize(
    ("question", "one", "other", "says"),
    [
        ("Who chairs the integration group?", "The chair of the integration group is Maija Mallikas, a director.",
         "The integration group is chaired by Eino Esimerkki.", ("Maija Mallikas", "Eino Esimerkki")),
        ("How many times did the network meet?", "The network met four times.", "The network met six times in all.",
         ("4 times", "6 times")),
        ("How soon must a client be directed to a service?", "A client is directed to a service within a month.",
         "A client is directed to a service within three months.", ("1 month", "3 months")),
        ("Is childcare arranged in the evening courses?", "Childcare is arranged in the evening courses.",
         "No childcare is arranged in the evening courses.",
         ("“Childcare is arranged in the evening courses”", "“No childcare is arranged in the evening courses”")),
    ],
)  # fmt: skip
def test_other_person_number_word_and_denial_are_found(
    question: str, one: str, other: str, says: tuple[str, str]
) -> None:
    assert found(question, hit("a", one), hit("b", other)) == [says]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who chairs the integration group?", "The chair of the integration group is Maija Mallikas.",
         "The group is chaired by the head of employment services."),
        ("Who chairs the integration group?", "The chair of the integration group is Maija Mallikas.",
         "Maija Mallikas chairs the integration group, with Eino Esimerkki as her deputy."),
        ("Is childcare arranged in the evening courses?", "Childcare is arranged in the evening courses.",
         "No lunch is served in the school on Fridays."),
    ],
)  # fmt: skip
def test_what_goes_together_is_no_disagreement(question: str, one: str, other: str) -> None:
    assert found(question, hit("a", one), hit("b", other)) == []


def test_guidance_is_held_against_the_law_and_what_a_municipality_does_is_not() -> None:
    question = "How soon must a client be directed to a service?"
    law = Source("act", Kind.LAW, "Act 681/2023", digest=True, bundled=True)
    text = "Under section 20(5) of Act 681/2023 a client must be directed to a service within one month."
    rule = Hit(
        Passage("act:0", "act", 0, len(text), text, UnitKind.SENTENCE, 0, 0), law, 0.5, currency=Currency.CURRENT
    )
    said = "A client is directed to a service within three months."
    page = hit("page", said, municipality="")
    guidance = replace(page, source=replace(page.source, kind=Kind.GUIDANCE, municipality=None))
    assert found(question, guidance, rule) == [("3 months", "1 month")]
    assert found(question, hit("own", said), rule) == []
    ended = replace(rule, currency=Currency.OUTDATED)
    assert found(question, guidance, ended) == []
    read = read_question(question, as_of="2026-11-22", language="en", max_chars=4000)
    (one,) = disagreements(Evidence(read, (guidance, rule)))
    message = disagreement_notice(one, ()).message
    assert message.startswith("Page says 3 months, the law in force as our digest has it says 1 month: Act 681/2023.")
