"""An answer is put together from whole sentences and lists, the law first, nothing twice, and no longer than asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.documents import read_document
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import (
    NOT_ESTABLISHED,
    Document,
    Draft,
    Evidence,
    Fact,
    Hit,
    Kind,
    Passage,
    Question,
    Source,
    UnitKind,
)
from assistant.writing import extractive

QUESTION = Question("Who?", "2026-11-21", "en", "Who?", ("Who?",))

PLAN = """\
# Plan

## Approval

The council approves the plan every fourth year. It is published on the website. The board prepares the matter.

## Group

The group includes:

- the school,
- the library:
  - its staff
  - its board
- the parish and
- the police.

It meets in spring.

## Content

The plan describes

- the aims,
- the measures and
- the indicators

of integration work in the town. Nothing else is needed.

## Who takes part?

- Residents take part in the evenings.
- Employers take part in the mornings.

| Year | Meetings |
|---|---|
| 2024 | 3 |
| 2025 | 4 |
"""


class Library:
    """Documents as the writer sees them."""

    def __init__(self, folder: Path, texts: dict[str, str], kinds: dict[str, Kind] | None = None) -> None:
        self.documents: dict[str, Document] = {}
        self.passages: dict[str, list[Passage]] = {}
        self.sources: dict[str, Source] = {}
        for name, text in texts.items():
            path = folder / f"{name}.md"
            path.write_text(text, encoding="utf-8")
            document = self.documents[name] = read_document(path, settings=Settings())
            self.passages[name] = split_document(document, name)
            kind = (kinds or {}).get(name, Kind.GUIDANCE)
            self.sources[name] = Source(name, kind, document.title, language=document.language)

    def passage(self, beginning: str) -> Passage:
        (found,) = [p for passages in self.passages.values() for p in passages if p.text.startswith(beginning)]
        return found

    def group(self, source_id: str, number: int) -> Sequence[Passage]:
        return [p for p in self.passages[source_id] if p.group == number]

    def write(self, *beginnings: str, scores: Sequence[float] = (), chars: int = 2_000) -> Draft:
        return self.write_passages([self.passage(b) for b in beginnings], scores=scores, chars=chars)

    def write_passages(
        self,
        passages: Sequence[Passage],
        *,
        scores: Sequence[float] = (),
        chars: int = 2_000,
        question: Question = QUESTION,
    ) -> Draft:
        scores = scores or [1.0] * len(passages)
        hits = tuple(Hit(p, self.sources[p.source_id], score) for p, score in zip(passages, scores, strict=True))
        return extractive.write_answer(
            Evidence(question, hits), group=self.group, text=lambda name: self.documents[name].text, chars=chars
        )


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("plan"), {"plan": PLAN})


def texts(draft: Draft) -> list[str]:
    return [statement.text for statement in draft.statements]


def test_item_brings_the_words_that_introduce_it(plan: Library) -> None:
    assert texts(plan.write("the parish")) == ["The group includes:\n- the parish"]


def test_items_of_one_list_become_one_list_in_reading_order(plan: Library) -> None:
    draft = plan.write("the police", "the school")
    assert texts(draft) == ["The group includes:\n- the school\n- the police."]
    assert [quote.text for quote in draft.statements[0].quotes] == [
        "The group includes:\n\n• the school,",
        "the police.",
    ]


def test_nested_item_brings_its_own_lead_in(plan: Library) -> None:
    (text,) = texts(plan.write("its staff"))
    assert text.splitlines()[-2:] == ["the library:", "- its staff"]


@pytest.mark.parametrize("beginning", ["the aims", "the measures", "of integration work"])
def test_sentence_that_a_list_interrupts_is_whole(plan: Library, beginning: str) -> None:
    (text,) = texts(plan.write(beginning))
    assert text.splitlines() == [
        "The plan describes",
        "- the aims",
        "- the measures",
        "- the indicators",
        "of integration work in the town.",
    ]


def test_sentence_that_a_list_interrupts_is_left_out_where_it_does_not_fit(plan: Library) -> None:
    assert texts(plan.write("The board prepares", "the aims", chars=80)) == ["The board prepares the matter."]


def test_sentence_after_an_interrupted_one_stands_alone(plan: Library) -> None:
    assert texts(plan.write("Nothing else")) == ["Nothing else is needed."]


def test_lead_in_alone_is_no_statement(plan: Library) -> None:
    assert texts(plan.write("The group includes:", "The board prepares")) == ["The board prepares the matter."]


def test_whole_sentences_under_a_heading_read_as_prose(plan: Library) -> None:
    assert texts(plan.write("Residents take part", "Employers take part")) == [
        "Residents take part in the evenings.",
        "Employers take part in the mornings.",
    ]


def test_row_brings_the_names_of_its_columns(plan: Library) -> None:
    (row,) = [p for p in plan.passages["plan"] if p.kind is UnitKind.ROW and "2025" in p.text]
    (text,) = texts(plan.write_passages([row]))
    columns, line = text.splitlines()
    assert "Meetings" in columns
    assert "2025" in line
    assert "2024" not in text


def test_sentence_that_points_back_brings_the_one_before(plan: Library) -> None:
    assert texts(plan.write("It is published")) == [
        "The council approves the plan every fourth year. It is published on the website."
    ]


def test_sentences_that_follow_each_other_are_one_quote(plan: Library) -> None:
    draft = plan.write("The board prepares", "The council approves", "It is published")
    (statement,) = draft.statements
    (quote,) = statement.quotes
    assert quote.text == statement.text == plan.documents["plan"].text[quote.start : quote.end]


def test_same_thing_is_said_once(tmp_path: Path) -> None:
    texts_ = {
        "one": "# One\n\nThe municipal council approves the integration plan every fourth year.\n",
        "two": "# Two\n\nEvery fourth year the municipal council approves the integration plan.\n",
        "three": "# Three\n\nThe regional centre monitors the work in its area.\n",
    }
    library = Library(tmp_path, texts_)
    assert texts(library.write("The municipal council", "Every fourth", "The regional")) == [
        "The municipal council approves the integration plan every fourth year.",
        "The regional centre monitors the work in its area.",
    ]


def test_passage_found_twice_is_written_once(plan: Library) -> None:
    assert len(plan.write("The board prepares", "The board prepares").statements) == 1


def test_law_stands_before_guidance_before_own_before_others(tmp_path: Path) -> None:
    texts_ = {
        "other": "# Other\n\nEsimerkkilä has a coordinator of its own.\n",
        "own": "# Own\n\nMallikylä appoints two contact persons.\n",
        "guide": "# Guide\n\nPlanning begins with a situation picture.\n",
        "law": "# Law\n\nThe municipality shall coordinate local work.\n",
    }
    kinds = {"law": Kind.LAW, "own": Kind.OWN, "other": Kind.PROGRAMME}
    library = Library(tmp_path, texts_, kinds)
    draft = library.write("Esimerkkilä", "Mallikylä", "Planning", "The municipality", scores=[4, 3, 2, 1])
    assert [statement.quotes[0].source_id for statement in draft.statements] == ["law", "guide", "own", "other"]


def test_better_source_of_one_role_stands_first_and_each_keeps_reading_order(tmp_path: Path) -> None:
    library = Library(
        tmp_path,
        {
            "one": "# One\n\nPlanning begins in spring.\n",
            "two": "# Two\n\nFirst comes the survey.\n\nLast comes the report.\n",
        },
    )
    assert texts(library.write("Last comes", "Planning", "First comes", scores=[3, 2, 1])) == [
        "First comes the survey.",
        "Last comes the report.",
        "Planning begins in spring.",
    ]


def test_answer_stays_below_its_length_and_better_passages_go_first(plan: Library) -> None:
    draft = plan.write("Nothing else", "The council approves", "Residents take part", scores=[3, 2, 1], chars=70)
    assert texts(draft) == ["Nothing else is needed.", "Residents take part in the evenings."]


def test_best_passage_is_written_however_long(plan: Library) -> None:
    assert texts(plan.write("The council approves", chars=5)) == ["The council approves the plan every fourth year."]


def test_passages_far_below_the_best_are_left_out(plan: Library) -> None:
    draft = plan.write("The board prepares", "Nothing else", scores=[9.0, 1.0])
    assert texts(draft) == ["The board prepares the matter."]


@pytest.mark.parametrize("certainty", [NOT_ESTABLISHED, "statute text seen"])
@pytest.mark.parametrize("place", range(6))
def test_what_is_not_established_is_told_only_near_the_best(plan: Library, certainty: str, place: int) -> None:
    beginnings = ["The council approves", "The board prepares", "Nothing else", "Residents take part", "Employers take"]
    passages = [plan.passage(beginning) for beginning in beginnings]
    passages.insert(place, replace(plan.passage("It meets in spring"), fact=Fact("open", {}, certainty)))
    told = " ".join(texts(plan.write_passages(passages)))
    assert ("It meets in spring." in told) is (certainty != NOT_ESTABLISHED or place < 4)


@pytest.mark.parametrize(
    ("expects", "score", "told"), [((), 1.0, True), (("a date",), 1.6, True), (("a date",), 1.0, False)]
)
def test_last_open_point_must_be_near_where_the_question_asks_for_one_thing(
    plan: Library, expects: tuple[str, ...], score: float, told: bool
) -> None:
    beginnings = ["The council approves", "The board prepares", "Nothing else"]
    open_point = replace(plan.passage("It meets in spring"), fact=Fact("open", {}, NOT_ESTABLISHED))
    passages = [*map(plan.passage, beginnings), open_point]
    draft = plan.write_passages(passages, scores=[2.0, 2.0, 2.0, score], question=replace(QUESTION, expects=expects))
    assert ("It meets in spring." in texts(draft)) is told


@pytest.mark.parametrize(
    ("kind", "bundled", "told"), [(Kind.GUIDANCE, False, True), (Kind.OWN, False, False), (Kind.GUIDANCE, True, False)]
)
def test_the_law_stands_beside_guidance_that_somebody_added(
    tmp_path: Path, kind: Kind, bundled: bool, told: bool
) -> None:
    texts_of = {"page": "A client is directed to a service within three months.\n", "act": "It is one month.\n"}
    library = Library(tmp_path, texts_of, {"page": kind, "act": Kind.LAW})
    library.sources["page"] = replace(library.sources["page"], bundled=bundled)
    library.sources["act"] = replace(library.sources["act"], bundled=True)
    rule = replace(library.passage("It is one month"), fact=Fact("act/1", {}, "statute text seen"))
    said = texts(library.write_passages([library.passage("A client"), rule], scores=[0.0, -2.5]))
    assert ("It is one month." in said) is told


def test_no_evidence_gives_no_statement(plan: Library) -> None:
    assert plan.write() == Draft("extractive", ())


@hypothesis_settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), chars=st.integers(20, 900))
def test_any_choice_is_quoted_verbatim_and_never_cut(plan: Library, data: st.DataObject, chars: int) -> None:
    passages = plan.passages["plan"]
    chosen = data.draw(st.lists(st.sampled_from(passages), max_size=6))
    draft = plan.write_passages(chosen, chars=chars)
    ends = {p.end for p in passages}
    starts = {p.start for p in passages}
    for statement in draft.statements:
        for quote in statement.quotes:
            assert quote.text == plan.documents["plan"].text[quote.start : quote.end]
            assert quote.start in starts
            assert quote.end in ends
        said = collapse(statement.text.replace("\n- ", " "))
        assert said
        if "The plan describes" in said:
            assert "the aims the measures the indicators of integration work in the town." in said
    written = [line for text in texts(draft) for line in text.splitlines()]
    assert len(written) == len(set(written))
