"""Checklists as data, and how an item's status follows from what the documents say of its needs."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_cases import DAY, HERE, open_assistant

from assistant.assistant import Assistant
from assistant.checklist import (
    Checklist,
    Item,
    _checklist,
    answer_item,
    beside_denials,
    checklist_named,
    checklists,
    names_enough,
    part_patterns,
    status_of,
)
from assistant.citing import Citing, Numbering
from assistant.corpus import bundled_documents
from assistant.errors import AssistantError, CorpusError
from assistant.matching import OwnPassage, Shown
from assistant.needs import needs
from assistant.own import typed_notes
from assistant.own_evidence import _on_the_field, _tells_of_others, glossed, is_not_yet
from assistant.plan import plans
from assistant.settings import PROJECT_ROOT
from assistant.standing import Standing
from assistant.text import LANGUAGES, normalise
from assistant.types import ItemStatus, Kind, Override, Passage, Source, Support, UnitKind
from assistant.verification import SourceText

# The plan in which the elements of each checklist have their sections.
PLAN_OF = {"plan": "plan", "programme-1386": "programme-1386", "service-package": "plan"}
ITEMS = [(checklist, item) for checklist in checklists().values() for item in checklist.items]


@pytest.fixture(scope="module")
def fact_ids() -> set[str]:
    return {block.fact.id for _, document in bundled_documents() for block in document.blocks if block.fact}


# The data.


def test_both_generations_are_there() -> None:
    assert set(checklists()) == set(PLAN_OF)
    assert checklists()["plan"].law_basis == "681/2023"
    assert checklists()["programme-1386"].law_basis == "1386/2010"
    assert all(checklist.url.startswith("https://") for checklist in checklists().values())


def test_ids_of_items_are_unique_and_begin_with_no_number_alone() -> None:
    ids = [item.id for _, item in ITEMS]
    assert len(set(ids)) == len(ids) >= 100
    # Stable ids, as people's word on an item is kept under them: a letter first, so that no spreadsheet makes a date.
    assert all(one[0].isalpha() for one in ids)


@pytest.mark.parametrize(("checklist", "item"), ITEMS, ids=[item.id for _, item in ITEMS])
def test_every_item_has_its_section_and_its_needs(checklist: Checklist, item: Item, fact_ids: set[str]) -> None:
    sections = {section.id: section for section in plans()[PLAN_OF[checklist.id]].sections}
    assert item.section in sections
    assert item.needs or item.id.startswith("old-P.")  # how a programme reads is for a person to say
    assert all(need in needs() for need in item.needs)
    assert item.text.strip()
    assert item.next_step.strip()
    assert item.law != "duty" or item.law_note.strip()  # which section, so that the reader can look
    assert [fact for fact in item.asks if fact not in fact_ids] == []


@pytest.mark.parametrize("checklist", checklists().values(), ids=checklists())
def test_what_items_need_is_asked_for_in_their_plan(checklist: Checklist) -> None:
    asked = {need for section in plans()[PLAN_OF[checklist.id]].sections for need in section.needs}
    assert {need for item in checklist.items for need in item.needs} - asked == set()


@pytest.mark.parametrize("name", ["plan", " PLAN ", "Planning the promotion of municipal integration"])
def test_checklist_is_found_by_id_or_title(name: str) -> None:
    assert checklist_named(name).id == "plan"


@pytest.mark.parametrize("name", ["plans", "", "x" * 5000])
def test_unknown_checklist_is_told_with_the_names_there_are(name: str) -> None:
    with pytest.raises(AssistantError, match="plan, programme-1386, service-package") as raised:
        checklist_named(name)
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("old", "new"), [('needs = ["', 'needs = ["no-such-need", "'), ('law = "', 'law = "perhaps '), ("text =", "txt =")]
)
def test_damaged_checklist_is_told_with_its_file(old: str, new: str) -> None:
    text = (PROJECT_ROOT / "prompts" / "checklists" / "plan.toml").read_text(encoding="utf-8")
    with pytest.raises(CorpusError, match=r"prompts/checklists/plan\.toml"):
        _checklist("plan", text.replace(old, new, 1))


def test_parts_have_words_in_every_language_and_each_is_asked_for() -> None:
    assert {part for _, item in ITEMS for part in item.parts} == set(part_patterns())
    assert all(set(by_language) == set(LANGUAGES) for by_language in part_patterns().values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", part_patterns())
def test_part_is_known_by_its_own_words_and_told_from_those_beside_it(part: str, language: str) -> None:
    rows = tomllib.loads((PROJECT_ROOT / "prompts" / "parts.toml").read_text(encoding="utf-8"))
    words = {
        other: [normalise(w.replace("*", "")) for w in by_language[language]] for other, by_language in rows.items()
    }
    pattern = part_patterns()[part][language]
    assert any(pattern.search(w) for w in words[part])
    # The parts of one item may share a word ("school"), and have others by which they are told apart.
    beside = {other for _, item in ITEMS if part in item.parts for other in item.parts if other != part}
    assert [other for other in beside if all(pattern.search(w) for w in words[other])] == []


@pytest.mark.parametrize(
    ("part", "language", "text", "expected"),
    [
        ("county", "fi", "Hyvinvointialueelle lähetettiin kutsu.", True),
        ("county", "fi", "Kela kutsuttiin.", False),
        ("companies", "sv", "Företagarna bjöds in.", True),
        ("age", "fi", "Heistä 29 prosenttia oli alle 18-vuotiaita.", True),
        ("seventy-hours", "en", "The course has 72 hours.", True),
        ("seventy-hours", "en", "The course lasts 52 hours.", False),
        ("seventy-hours", "fi", "Kurssi on 70 tuntia.", True),
    ],
)
def test_part_is_known_by_its_words(part: str, language: str, text: str, expected: bool) -> None:
    assert bool(part_patterns()[part][language].search(normalise(text))) is expected


# Statuses.

TYPED = typed_notes(
    "The coordinator leads the work.\n\nA timetable was approved.\n\nNo group has been set up.", HERE, DAY
)
assert TYPED is not None
NOTES: SourceText = TYPED


def shown(standing: Standing, n: int = 0) -> Shown:
    return Shown(NOTES.passages[n], NOTES.source, standing, 1.0)


SHOWN, PLANNED, DENIED = (shown(standing) for standing in (Standing.SHOWN, Standing.PLANNED, Standing.DENIED))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([[SHOWN]], ItemStatus.MET),
        ([[SHOWN], [SHOWN, PLANNED]], ItemStatus.MET),
        ([[SHOWN], [PLANNED]], ItemStatus.PARTLY),
        ([[SHOWN], []], ItemStatus.PARTLY),
        ([[SHOWN], [DENIED]], ItemStatus.PARTLY),
        ([[PLANNED]], ItemStatus.PARTLY),
        ([[PLANNED], []], ItemStatus.PARTLY),
        ([[DENIED]], ItemStatus.NO_EVIDENCE),
        ([[], []], ItemStatus.NO_EVIDENCE),
        ([], ItemStatus.NO_EVIDENCE),
    ],
)
def test_item_is_met_only_where_everything_is_shown(found: list[list[Shown]], expected: ItemStatus) -> None:
    assert status_of(found) is expected


def speaking(text: str, standing: Standing, score: float, kind: UnitKind = UnitKind.SENTENCE) -> Shown:
    passage = Passage("s:0-9", "s", 0, 9, text, kind, 0, 0)
    return Shown(passage, Source("s", Kind.OWN, "Minutes", language="en"), standing, score)


MENTIONED = speaking("The board appointed a group for the election.", Standing.SHOWN, -1.0)
SURELY = speaking("Kela and the employment area were invited.", Standing.SHOWN, 3.0)
NO_GROUP = speaking("No cooperation group has been set up.", Standing.DENIED, 1.0)
NO_COMPANIES = speaking("Companies were not invited.", Standing.DENIED, 1.5)
SCHOOLS = speaking("Associations and schools were invited.", Standing.SHOWN, 0.0)
DRAFTED = speaking("A joint assessment is being drafted.", Standing.PLANNED, 5.0)


@pytest.mark.parametrize(
    ("found", "asked", "expected"),
    [
        ([SURELY], (), Standing.SHOWN),
        ([MENTIONED], (), Standing.SHOWN),
        ([MENTIONED, NO_GROUP], (), Standing.DENIED),
        ([replace(DRAFTED, score=0.0), NO_GROUP], (), Standing.DENIED),
        ([SURELY, replace(NO_GROUP, score=9.0)], (), Standing.PLANNED),  # sure, but not all
        ([SURELY, NO_GROUP], (), Standing.SHOWN),
        ([SCHOOLS, NO_COMPANIES], (), Standing.DENIED),
        ([SCHOOLS, NO_COMPANIES], ("associations", "schools", "companies"), Standing.PLANNED),
        ([replace(SCHOOLS, score=-0.5), DRAFTED], (), Standing.PLANNED),
        ([SURELY, DRAFTED], (), Standing.SHOWN),
        ([SCHOOLS, replace(DRAFTED, score=1.0)], (), Standing.SHOWN),
    ],
)
def test_denial_or_nearer_plan_takes_what_it_speaks_of(
    found: list[Shown], asked: tuple[str, ...], expected: Standing
) -> None:
    for order in (found, found[::-1]):
        assert beside_denials(order, asked)[0].standing is expected


@given(st.lists(st.tuples(st.sampled_from(Standing), st.floats(-1.2, 8)), max_size=6))
def test_weighing_never_makes_more_of_a_passage(rows: list[tuple[Standing, float]]) -> None:
    found = [speaking(f"Sentence {n}.", how, score) for n, (how, score) in enumerate(rows)]
    before = {s.passage.text: s.standing for s in found}
    after = beside_denials(found)
    assert len(after) == len(found)
    assert all(s.standing <= before[s.passage.text] for s in after)
    assert [s.standing for s in after] == sorted((s.standing for s in after), reverse=True)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with open_assistant(tmp_path_factory.mktemp("checklist") / "workspace", corpus="none") as opened:
        yield opened


@pytest.fixture(scope="module")
def citing(assistant: Assistant) -> Citing:
    return Citing(assistant._store, assistant.sources, [NOTES])


ITEM = next(item for item in checklists()["plan"].items if len(item.needs) == 2)


def test_item_that_is_met_quotes_what_shows_it(citing: Citing) -> None:
    numbering = Numbering()
    answer = answer_item(ITEM, [[SHOWN], [shown(Standing.SHOWN, 1)]], [], citing, numbering, None)
    assert (answer.status, answer.missing) == (ItemStatus.MET, ())
    assert [(s.text, s.support) for s in answer.statements] == [
        ("The coordinator leads the work.", Support.QUOTED), ("A timetable was approved.", Support.QUOTED)
    ]  # fmt: skip
    assert [c.source_id for c in numbering.citations(citing, DAY)] == [NOTES.source.source_id] * 2


def test_item_whose_passages_cannot_be_quoted_is_not_met(citing: Citing) -> None:
    passage = NOTES.passages[0]
    invented = Passage("typed:notes:0-9", passage.source_id, 0, 9, "Not there", passage.kind, 0, 0)
    one = Shown(invented, NOTES.source, Standing.SHOWN, 9.0)
    answer = answer_item(ITEM, [[one], [one]], [], citing, Numbering(), None)
    assert (answer.status, answer.statements) == (ItemStatus.NO_EVIDENCE, ())


def test_what_is_missing_is_asked_and_the_next_step_says_so(citing: Citing) -> None:
    answer = answer_item(ITEM, [[SHOWN], []], [], citing, Numbering(), None)
    second = needs()[ITEM.needs[1]].asks
    assert (answer.status, answer.missing) == (ItemStatus.PARTLY, (second,))
    assert second in answer.next_step
    assert ITEM.next_step in answer.next_step


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Kela, the wellbeing services county and the employment area were invited."], True),
        (["Kela was invited.", "The wellbeing services county was.", "So was the employment area."], True),
        (["Kela and the employment area were invited."], False),
        ([], False),
    ],
)
def test_passages_that_show_an_item_must_name_its_parts(citing: Citing, texts: list[str], expected: bool) -> None:
    item = next(item for item in checklists()["plan"].items if item.parts[:1] == ("kela",))
    found = [[speaking(text, Standing.SHOWN, 1.0) for text in texts]]
    assert names_enough(item, found, citing) is expected


def test_item_of_which_a_part_is_not_named_is_partly_met(citing: Citing) -> None:
    item = replace(next(i for i in checklists()["plan"].items if i.parts[:1] == ("kela",)), needs=ITEM.needs[:1])
    answer = answer_item(item, [[SHOWN]], [], citing, Numbering(), None)
    assert (answer.status, len(answer.statements)) == (ItemStatus.PARTLY, 1)


def test_denial_is_quoted_and_shows_nothing(citing: Citing) -> None:
    answer = answer_item(ITEM, [[shown(Standing.DENIED, 2)], []], [], citing, Numbering(), None)
    assert answer.status is ItemStatus.NO_EVIDENCE
    assert [s.text for s in answer.statements] == ["No group has been set up."]
    assert answer.next_step == ITEM.next_step


def test_passage_that_shows_two_needs_is_quoted_once(citing: Citing) -> None:
    answer = answer_item(ITEM, [[SHOWN], [SHOWN]], [], citing, Numbering(), None)
    assert len(answer.statements) == 1


@pytest.mark.parametrize("found", [[[SHOWN], [SHOWN]], [[], []]])
def test_word_of_a_person_changes_nothing_of_what_the_documents_show(
    citing: Citing, found: Sequence[Sequence[Shown]]
) -> None:
    said = Override(ItemStatus.MET, "Minutes of May.", "Aino", "2026-11-01T12:00:00+00:00")
    without = answer_item(ITEM, found, [], citing, Numbering(), None)
    answer = answer_item(ITEM, found, [], citing, Numbering(), said)
    assert answer.override == said
    assert (answer.status, answer.statements, answer.missing) == (without.status, without.statements, without.missing)


def test_no_item_is_met_without_a_passage_that_shows_it(tmp_path: Path) -> None:
    # Every English statement of the needs, so that many items are met.
    text = "\n\n".join(dict.fromkeys(need.says["en"][0] for need in needs().values()))
    path = tmp_path / "everything.md"
    path.write_text(f"# Work on integration in {HERE}\n\n{text}\n", encoding="utf-8")
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        assistant.add([path], kind="own", municipality=HERE)
        for name in checklists():
            answer = assistant.checklist(name, as_of=DAY)
            cited = {c.id for c in answer.citations}
            met = [item for item in answer.items if item.status is ItemStatus.MET]
            assert len(met) > len(answer.items) / 3
            for item in met:
                assert item.statements
                assert all(s.citations and set(s.citations) <= cited for s in item.statements)
                assert all(s.support is not Support.UNSUPPORTED for s in item.statements)


# What a passage shows by itself.


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Naapurila on ehdottanut yhteistä suunnitelmaa.", "fi", True),
        ("Neuvottelut ovat kesken.", "fi", True),
        ("Ohjauspiste avattiin lokakuussa 2025.", "fi", False),
        ("Vuonna 2024 kuntaan muutti 230 henkilöä.", "fi", False),
        ("Toimenpiteitä toteutetaan vuosina 2025–2028.", "fi", False),
        ("Kunnan ja järjestöjen kesken on sovittu työnjaosta.", "fi", False),
        ("Toimikunta kokoontuu parhaillaan viikoittain.", "fi", False),
        ("Ohjausta annetaan vuonna 2024 aloitetussa palvelupisteessä.", "fi", False),
        ("Palvelu järjestetään vuoden 2010 lain mukaan.", "fi", False),
        ("Suunnitelman toimenpiteet kirjoitetaan strategiaan.", "fi", False),
        ("The first report is due in February 2026.", "en", True),
        ("The contract is still to be negotiated.", "en", True),
        ("The report was handed to the board in February 2026.", "en", False),
        ("Servicechefen har i uppdrag att skriva en beskrivning.", "sv", True),
        ("Rådgivningen öppnades hösten 2024.", "sv", False),
        ("Kommunens enkät våren 2025 besvarades av 40 personer.", "sv", False),
        ("Arbetet pågår och kurser ordnas varje vecka.", "sv", False),
    ],
)
def test_what_is_under_way_or_proposed_is_not_yet(text: str, language: str, expected: bool) -> None:
    assert is_not_yet(text, language, as_of="2026-11-22") is expected


@pytest.mark.parametrize(
    ("text", "language", "before", "after"),
    [
        ("Ohjauspiste avataan lokakuussa 2025.", "fi", "2025-09-30", "2025-10-01"),
        ("Lokakuun 2025 alussa avataan ohjauspiste.", "fi", "2025-09-30", "2025-10-01"),
        ("Arvio tehdään erikseen syksyllä 2026.", "fi", "2026-06-01", "2026-11-22"),
        ("Vuonna 2026 laaditaan kysely.", "fi", "2025-12-31", "2026-01-01"),
        ("Kysely laaditaan vuoden 2026 loppuun mennessä.", "fi", "2026-11-22", "2026-12-31"),
        ("Kysely laaditaan viimeistään vuonna 2026.", "fi", "2026-11-22", "2026-12-31"),
        ("Rådgivningen öppnas hösten 2026.", "sv", "2026-05-31", "2026-11-22"),
        ("Kartläggningen görs i mars 2027.", "sv", "2027-02-28", "2027-03-01"),
        ("Kartläggningen görs före utgången av 2026.", "sv", "2026-11-22", "2027-01-01"),
        ("The system is taken into use on 1 March 2027.", "en", "2026-11-22", "2027-03-02"),
    ],
)
def test_present_beside_a_date_is_a_plan_until_that_day(text: str, language: str, before: str, after: str) -> None:
    assert is_not_yet(text, language, as_of=before)
    assert not is_not_yet(text, language, as_of=after)


@pytest.mark.parametrize(
    ("text", "heading", "expected"),
    [
        ("Grannkommunen Luftslottet köper kurserna.", "Tjänster", True),
        ("The neighbouring town Luftslott has a plan.", "Background", True),
        ("Ryhmiä on kolme.", "Muiden kuntien kuulumisia", True),
        ("Naapurikunta ja Mallikylä järjestävät kurssin yhdessä.", "Palvelut", False),
        ("Kunnalla on ohjauspiste.", "Seuranta", False),
    ],
)
def test_doing_of_another_municipality_shows_nothing(text: str, heading: str, expected: bool) -> None:
    passage = Passage("s:0-9", "s", 0, len(text), text, UnitKind.SENTENCE, 0, 0, headings=("Title", heading))
    assert _tells_of_others(passage, "Mallikylä") is expected


def test_municipalities_are_known_by_the_documents_of_the_workspace(tmp_path: Path) -> None:
    texts = ["Keskusnäs organises integration courses.", "Luoti organises integration courses."]
    with open_assistant(tmp_path / "workspace", corpus="none") as assistant:
        for whose in (HERE, "Luoti"):
            path = tmp_path / f"{whose}.md"
            path.write_text(f"# Integration in {whose}\n\n" + "\n\n".join(texts) + "\n", encoding="utf-8")
            assistant.add([path], kind="own", municipality=whose)
        own, day = assistant.planning._municipalities.own_text(HERE, "", DAY)
        evidence = assistant.planning._drafter.own_evidence(own, day)
        assert [one.passage.text for one in evidence.passages if evidence.may_be_said(one.passage)] == texts[:1]


def test_section_that_names_the_field_counts_whole_and_others_do_not() -> None:
    def passage(n: int, text: str, heading: str) -> Passage:
        return Passage(f"s:{n}", "s", n, n + 1, text, UnitKind.SENTENCE, n, n, headings=("Wellbeing plan", heading))

    chapter = [passage(0, "Integration is planned with residents.", "7 Newcomers")]
    chapter += [passage(n, "The panel met four times.", "7 Newcomers") for n in range(1, 8)]
    roads = [passage(n, "The road is paved.", "8 Roads") for n in range(8, 60)]
    kept = _on_the_field([*chapter, *roads], Source("s", Kind.OWN, "Wellbeing plan", language="en"))
    assert kept == chapter


def test_subtitle_that_names_the_field_tells_that_the_document_is_on_it() -> None:
    def passage(n: int, text: str) -> Passage:
        headings = ("Wellbeing plan",) if n == 0 else ("Wellbeing plan", f"Part {n}")
        return Passage(f"s:{n}", "s", n, n + 1, text, UnitKind.SENTENCE, n, n, headings=headings)

    whole = [passage(0, "Part 6. People who move in from abroad"), *(passage(n, "It is so.") for n in range(1, 60))]
    assert _on_the_field(whole, Source("s", Kind.OWN, "Wellbeing plan", language="en")) == whole


def test_gloss_of_a_passage_keeps_its_place_and_says_it_in_english() -> None:
    text = "Kotoutumisen seurantaraportti käsiteltiin valtuustossa."
    passage = Passage("s:0-9", "s", 0, 9, text, UnitKind.SENTENCE, 0, 0, headings=("Seuranta",))
    own = OwnPassage(passage, Source("s", Kind.OWN, "Suunnitelma", language="fi"), np.zeros(1, dtype=np.float32))
    english = glossed(own)
    assert (english.passage.id, english.source.language) == ("s:0-9", "en")
    assert {"integration", "council"} <= set(english.passage.text.split())
    assert own.passage.text == text
