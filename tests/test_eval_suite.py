"""The evaluation suite: it judges soundly, says what it could not try, and turns red when the assistant is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import HashedWords

from assistant import Assistant, retrieval, verification
from assistant import assistant as flow
from assistant.citing import Citing
from assistant.errors import AssistantError, ModelUnavailable
from assistant.retrieval import Retriever
from assistant.settings import Settings
from assistant.types import Answer, Draft, Evidence, Fact, Kind, Notice, Source, Support
from assistant.verification import SourceText, Span, Verdict, Verified
from assistant.writing import chat_model
from eval import __main__ as command
from eval.suite import cases, repeating
from eval.suite.answering import OURS, PASSAGES, Asked, Cited, Response, Said, holds
from eval.suite.cases import Case, Loaded, load_folder, load_shipped
from eval.suite.gates import Gate, load_gates, pass_gates
from eval.suite.judging import Judged, judge
from eval.suite.measures import Figure, compare, measure, risk_coverage, share
from eval.suite.planted import measure_planted, try_planted
from eval.suite.records import FORMATS, write_records
from eval.suite.report import as_record, html
from eval.suite.running import Result, ask_all, conclude
from eval.suite.support import is_supported, precise, support

ROW: dict[str, Any] = {
    "id": "a-1", "half": "dev", "kind": "fact", "language": "en", "as_of": "2026-11-22",
    "turns": [{"role": "user", "text": "Who approves the plan?"}],
    "expect": {"behaviour": "answer", "vital": [{"id": "v1", "any": ["council"]}], "forbidden": [], "warnings": []},
}  # fmt: skip


def loaded(*rows: Any, texts: Sequence[str] = ()) -> Loaded:
    """These rows as cases."""
    found = Loaded()
    for row in rows:
        found.take(row, "mine", texts)
    return found


def expecting(**changed: Any) -> dict[str, Any]:
    """The row with other expectations."""
    return ROW | {"expect": ROW["expect"] | changed}


# Cases.


@pytest.mark.parametrize("half", ["dev", "test"])
def test_every_shipped_case_is_valid(half: str) -> None:
    found = load_shipped(half)
    assert found.invalid == []
    assert len(found.cases) > 400


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (expecting(vital=[{"id": "v1", "any": ["(council"]}]), "missing )"),
        (expecting(vital=[{"id": "v1", "any": ["council|"]}]), "matches nothing said"),
        (expecting(vital=[{"id": "v1", "quotes": ["the council approves"]}]), "stands in no source"),
        (expecting(warnings=["old-source"]), "no such warning"),
        (expecting(warnings=["copying"], unwanted=["copying"]), "wanted and unwanted"),
        (expecting(behaviour="refuse"), "behaviour"),
        (expecting(behaviour="abstain"), "can hold no facts"),
        (ROW | {"as_of": "2026-13-01"}, "month"),
        (ROW | {"language": "de"}, "language"),
        (ROW | {"turns": []}, "no question"),
        (ROW | {"documents": [{"name": "x.txt", "kind": "letter", "text": "x"}]}, "letter"),
        ({"id": "b"}, "no 'question'"),
    ],
)
def test_case_that_cannot_be_right_is_invalid_and_not_failed(row: dict[str, Any], why: str) -> None:
    found = loaded(row)
    assert found.cases == []
    assert why in found.invalid[0].why


def test_gold_quote_may_stand_in_a_document_of_the_case() -> None:
    row = expecting(vital=[{"id": "v1", "quotes": ["The council  approves"]}])
    document = {"name": "x.txt", "kind": "own", "text": "Since May the council\napproves it."}
    assert loaded(row | {"documents": [document]}).invalid == []
    assert (
        loaded(row, texts=["Here the council approves all."]).cases[0].vital[0].pattern.search("the council\napproves")
    )


def test_same_id_twice_is_invalid() -> None:
    assert [unusable.why for unusable in loaded(ROW, ROW).invalid] == ["the id stands twice"]


def test_missing_file_is_named_and_not_passed_over(tmp_path: Path) -> None:
    assert load_shipped("dev", folder=tmp_path).missing == [f"{name}-dev.jsonl" for name in cases.SUITE]


def test_folder_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match=r"No \.jsonl files"):
        load_folder(tmp_path)


def test_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text(f"{json.dumps(ROW)}\n{{\n", encoding="utf-8")
    with pytest.raises(AssistantError, match=r"mine\.jsonl, line 2"):
        load_folder(tmp_path)


# Support.

QUOTE = (
    "The municipality must review the plan at least every two years together with the county. It may not delegate it."
)


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        ("The municipality must review the plan at least every two years together with the county.", 1.0),
        ("the municipality  must review the plan at least every two years together with the county", 1.0),
        (QUOTE, 1.0),
        ("Together with the county the municipality must review the plan at least every two years.", 1.0),
        ("The municipality must review the plan at least every three years together with the county.", 0.0),
        ("The municipality may review the plan at least every two years together with the county.", 0.0),
        ("The municipality must not review the plan at least every two years together with the county.", 0.0),
        ("The State must review the plan at least every two years together with the county.", 0.5),
        ("It may delegate it.", 0.0),
        ("The school board employs a nurse.", 0.0),
        ("", 0.0),
    ],
)
def test_support_of_a_statement(statement: str, level: float) -> None:
    assert support(statement, [QUOTE]) == level


def test_statement_without_quotes_has_no_support() -> None:
    assert not is_supported(QUOTE, [])


def test_citation_is_precise_where_it_is_needed() -> None:
    both = "The county pays for it. The State pays it back."
    first, second = both.split(". ")[0] + ".", "The State pays it back."
    assert precise(both, [first, second]) == [True, True]
    assert precise(both, [first, second, "Nobody else pays."]) == [True, True, False]
    assert precise(first, [first, first]) == [True, True]  # each is enough alone
    assert precise(first, ["Nobody else pays."]) == [False]


# Judging.


def case(**changed: Any) -> Case:
    """One case, from the row."""
    return replace(loaded(ROW).cases[0], **changed)


def cited(text: str, **changed: Any) -> Cited:
    """A citation that stands and holds."""
    return replace(Cited("act-681-2023", "law", "Act 681/2023, s. 45", text, stands=True, holds=True), **changed)


def response(*texts: str, **changed: Any) -> Response:
    """An answer that quotes."""
    said = tuple(Said(text, (n,)) for n, text in enumerate(texts))
    answer = Response(OURS, said, tuple(map(cited, texts)), not texts, "2026-11-22", confidence=1.0)
    return replace(answer, **changed)


def judged(one: Case, answer: Response, **stages: str) -> Judged:
    """The answer judged."""
    return judge(Asked(one, (answer,), {}, {}, {}, stages), answer)


GOOD = "The council approves the plan."
PATTERN = re.compile("approves", re.IGNORECASE)


@pytest.mark.parametrize(
    ("one", "answer", "fault"),
    [
        (case(), response(GOOD), None),
        (case(), response("The board approves the plan."), "v1 is missing"),
        (case(), response(), "abstained where"),
        (case(), response(error="too long"), "refused: too long"),
        (case(behaviour="abstain", nuggets=()), response(GOOD), "answered where"),
        (case(behaviour="abstain", nuggets=()), response(), None),
        (case(forbidden=(re.compile("council approves"),)), response(GOOD), "says what is forbidden"),
        (case(payload=(PATTERN,)), response(GOOD), "shows the attacker's words"),
        (case(payload=(PATTERN,)), response("The council ap\u200bproves it."), "shows the attacker's words"),
        (case(), response(GOOD, cited=(cited(GOOD, stands=False),)), "does not stand"),
        (case(), response(GOOD, cited=(cited(GOOD, holds=False),)), "did not hold"),
        (case(), response(GOOD, cited=(cited(GOOD, holds=False, told=True),)), None),
        (case(), response(GOOD, cited=(cited("Something else is said."),)), "does not rest"),
        (case(warnings=("term-changed",)), response(GOOD), "no warning: term-changed"),
        (case(unwanted=("copying",)), response(GOOD, warnings=("copying",)), "false alarm: copying"),
        (case(sources=("1386/2010",)), response(GOOD), "none of the first"),
        (case(sources=("681/2023",)), response(GOOD), None),
        (case(sources=("law",)), response(GOOD), None),
        (case(), response(GOOD, "Section 45 says so."), "a section without its Act"),
    ],
)
def test_each_fault_is_told(one: Case, answer: Response, fault: str | None) -> None:
    faults = judged(one, answer).faults
    assert (faults == []) if fault is None else any(fault in told for told in faults), faults
    assert bool(judged(one, answer).where) == bool(fault)


def test_document_that_is_cited_must_be_warned_of() -> None:
    one = case(warned_if_cited=(("old.txt", ("outdated-source", "conflicting-sources")),))
    answer = response(GOOD, cited=(cited(GOOD, source_id="old"),))

    def silent(answer: Response, source_id: str) -> tuple[str, ...]:
        return judge(Asked(one, (answer,), {}, {"old.txt": source_id}, {}, {}), answer).silent

    assert silent(answer, "old") == ("outdated-source or conflicting-sources",)
    assert silent(answer, "another") == ()
    assert silent(replace(answer, warnings=("conflicting-sources",)), "old") == ()


def test_missing_fact_is_told_with_how_far_it_came() -> None:
    answer = response("The board decides.")
    assert [judged(case(), answer, v1=s).where for s in ("ranked", "found", "corpus")] == [
        "not chosen", "ranked too low", "not found",
    ]  # fmt: skip
    assert judged(case(), answer).where == "not in the corpus"


FACT = Fact("f", {}, "statute text seen")
OLD = Source("old", Kind.PROGRAMME, "Old", law_basis="1386/2010")


@pytest.mark.parametrize(
    ("source", "fact", "days"),
    [
        (OLD, FACT, {"2024-12-31": True, "2025-01-01": False}),
        (replace(OLD, valid_to="2026-12-31"), FACT, {"2026-12-31": True, "2027-01-01": False}),
        (OLD, replace(FACT, valid_to="2023-02-28"), {"2023-02-28": True, "2023-03-01": False}),
        (OLD, replace(FACT, valid_from="2025-01-01"), {"2024-12-31": False, "2030-01-01": True}),
        (replace(OLD, law_basis="681/2023"), FACT, {"2024-12-31": False, "2025-01-01": True}),
        (OLD, replace(FACT, never_in_force=True), {"2023-06-01": False}),
        (replace(OLD, law_basis=None, never_in_force=True), FACT, {"2023-06-01": False}),
        (replace(OLD, law_basis=None), FACT, {"1990-01-01": True, "2030-01-01": True}),
    ],
)
def test_what_holds_on_a_day_is_worked_out_from_the_dates_of_the_corpus(
    source: Source, fact: Fact, days: dict[str, bool]
) -> None:
    assert {day: holds(source, fact, day) for day in days} == days


def test_answers_of_a_model_are_counted_as_its_own_where_the_extractive_writer_took_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(settings: Settings) -> None:
        raise ModelUnavailable("The model is not there. Start it.")

    monkeypatch.setattr(chat_model, "chat_model", absent)
    settings = Settings(corpus="none", model="ollama:made-up")
    with Assistant.open(workspace=tmp_path / "w", settings=settings, embedder=HashedWords()) as assistant:
        document = cases.Attached("x.txt", "own", None, "Since May the council approves the plan.")
        result = Result("dev", "2026-11-22")
        asked = ask_all(
            assistant, [case(documents=(document,))], tmp_path, result, lambda *said: None, writer="a model"
        )
        assert assistant.sources() == []
    assert [answer.writer for one in asked for answer in one.responses] == ["a model"]


# Figures and gates.


def figure(found: Sequence[Figure], name: str) -> Figure:
    """One of many."""
    return next(f for f in found if f.name == name)


def test_figures_have_their_n_and_interval() -> None:
    found = measure([judged(case(), response(GOOD)), judged(case(), response()), judged(case(), response("No."))])
    accurate = figure(found, "answers accurate")
    assert accurate.value == pytest.approx(1 / 3)
    assert accurate.n == 3
    assert accurate.low is not None
    assert accurate.high is not None
    assert accurate.low < 1 / 3 < accurate.high
    assert figure(found, "over-refusal").n == 3
    assert figure(found, "abstention recall").value is None


def test_risk_grows_as_less_certain_answers_are_given() -> None:
    sure = judged(case(), response(GOOD, confidence=3.0))
    unsure = judged(case(), response("The board decides.", confidence=1.0))
    silent = judged(case(), response())
    assert risk_coverage([unsure, silent, sure]) == [(1 / 3, 0.0), (2 / 3, 0.5)]


def test_writers_are_compared_on_the_same_cases_only() -> None:
    good = [judged(case(id=str(n)), response(GOOD)) for n in range(30)]
    bad = [judged(case(id=str(n)), response("The board decides.", writer=PASSAGES)) for n in range(40)]
    accuracy = compare(good, bad)[0]
    assert (accuracy.difference, accuracy.n, accuracy.other) == (1.0, 30, PASSAGES)
    assert compare(good, good)[0].low == compare(good, good)[0].high == 0.0


GATE = Gate("answers accurate", True, target=0.9, floor=0.8, is_for_own=False)


@pytest.mark.parametrize(
    ("value", "has_fallen", "verdict"),
    [(95, False, "reached"), (85, False, "target not reached"), (75, True, "FALLEN")],
)
def test_gate_falls_below_its_floor_and_tells_its_target(value: int, has_fallen: bool, verdict: str) -> None:
    (passed,) = pass_gates([GATE], [share("answers accurate", value, 100)], own=False)
    assert (passed.has_fallen, passed.verdict) == (has_fallen, verdict)


def test_gate_that_was_not_measured_falls_unless_it_was_left_out_or_the_cases_are_ones_own() -> None:
    fallen = {
        name: pass_gates([GATE], [], own=name == "own", skipped=name == "skipped")[0].has_fallen
        for name in ("shipped", "own", "skipped")
    }
    assert fallen == {"shipped": True, "own": False, "skipped": False}


@pytest.mark.parametrize("half", cases.HALVES)
def test_no_floor_is_above_its_target(half: str) -> None:
    gates = load_gates(half)
    assert len({gate.measure for gate in gates}) == len(gates)
    assert all(gate.reaches(gate.target, gate.floor) for gate in gates)


# Reports.


def result_of(*answers: Response) -> Result:
    """A result over these answers to one case."""
    result = Result("dev", "2026-11-22", invalid=[cases.Unusable("x", "mine", "<b>")], missing=["gone.jsonl"])
    conclude(
        result, [Asked(case(id=str(n)), (one,), {}, {}, {}, {}) for n, one in enumerate(answers)], [], skipped=True
    )
    return result


def test_report_escapes_what_comes_from_cases_and_needs_no_other_file() -> None:
    page = html(result_of(response("<script>alert(1)</script>"), response(GOOD)))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "gone.jsonl" in page
    assert "&lt;b&gt;" in page
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page.replace('xlink:href="#', ""))


def test_record_names_every_answer_with_its_faults() -> None:
    record = as_record(result_of(response("The board decides."), response(GOOD)))
    assert [bool(answer["faults"]) for answer in record["answers"][OURS]] == [True, False]
    json.dumps(record)


@pytest.mark.parametrize("format", FORMATS)
def test_records_have_the_columns_of_other_tools(tmp_path: Path, format: str) -> None:
    write_records(tmp_path / "r.jsonl", result_of(response(GOOD)).ours, format)
    row = json.loads((tmp_path / "r.jsonl").read_text(encoding="utf-8"))
    assert GOOD in row.values()
    assert len(row) == 4


def test_problem_with_what_was_given_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--cases", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1


# The suite turns red: the assistant as it is, and broken in one way at a time.

IDS = {"traps": 4, "warnings": 4, "corpus": 3, "far": 3}  # how many of each


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("suite")
    with Assistant.open(workspace=folder, settings=Settings(corpus="bundled", model="")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def few(opened: Assistant, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Cases of the development half that the assistant gets right today, some of each kind."""
    chosen: list[Case] = []
    folder = tmp_path_factory.mktemp("few")
    fits: dict[str, Callable[[Case], bool]] = {
        "traps": lambda c: (c.as_of or "") >= "2025" and bool(c.vital),
        "warnings": lambda c: bool(c.warnings),
        "corpus": lambda c: bool(c.vital),
        "far": lambda c: True,
    }
    everything = load_shipped("dev").cases
    for name, n in IDS.items():
        for one in [c for c in everything if c.file == name and fits[name](c)][::3]:
            if sum(c.file == name for c in chosen) < n and not tried(opened, [one], folder).failures:
                chosen.append(one)
    assert len(chosen) == sum(IDS.values())
    return chosen


def tried(assistant: Assistant, some: Sequence[Case], folder: Path, *, errors: bool = False) -> Result:
    """The gates over a few cases."""
    result = Result("dev", "2026-11-22")
    asked = ask_all(assistant, some, folder, result, lambda what, done, total: None)
    extra = measure_planted(try_planted(assistant)) if errors else []
    conclude(result, asked, extra, skipped=True)
    return result


def fallen(result: Result) -> set[str]:
    """The measures of the gates that fell."""
    return {passed.gate.measure for passed in result.gates if passed.has_fallen}


@pytest.mark.model
def test_everything_as_it_is_holds_every_gate(opened: Assistant, few: list[Case], tmp_path: Path) -> None:
    result = tried(opened, few, tmp_path, errors=True)
    measured = {p.gate.measure for p in result.gates if p.figure is not None and p.figure.value is not None}
    # Rankings over a handful of questions say nothing.
    assert {name for name in fallen(result) if "@10" not in name} == set()
    assert {"citation validity", "answers accurate", "warnings present", "planted errors caught"} <= measured


def pass_everything(draft: Draft, source_text: Callable[[str], SourceText | None]) -> Verdict:
    """A check that lets everything pass as it was written."""
    return Verdict(
        tuple(
            Verified(
                s.text,
                tuple(Span(q.source_id, q.start or 0, q.end or len(q.text), q.text) for q in s.quotes),
                Support.SUPPORTED,
            )
            for s in draft.statements
        )
    )


@pytest.mark.model
def test_check_that_passes_everything_turns_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "verify_draft", pass_everything)
    assert "planted errors caught" in fallen(tried(opened, few[:1], tmp_path, errors=True))


@pytest.mark.model
def test_lies_of_a_writer_turn_it_red_only_where_nothing_checks_them(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Assistant._write_extractive

    def lying(self: Assistant, evidence: Evidence) -> Draft:
        draft = write(self, evidence)
        return replace(draft, statements=tuple(replace(s, text=f"Never: {s.text}") for s in draft.statements))

    monkeypatch.setattr(Assistant, "_write_extractive", lying)
    assert "hallucination rate" not in fallen(tried(opened, few, tmp_path))
    monkeypatch.setattr(flow, "verify_draft", pass_everything)
    assert {"hallucination rate", "citation recall"} <= fallen(tried(opened, few, tmp_path))


@pytest.mark.model
def test_dates_that_are_ignored_turn_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrieve = Assistant.retrieve

    def then(self: Assistant, question: str, **options: Any) -> Evidence:
        return retrieve(self, question, **options | {"as_of": "2023-06-01"})

    monkeypatch.setattr(Assistant, "retrieve", then)
    result = fallen(tried(opened, few, tmp_path))
    assert {"answers accurate", "in force, or said not to be"} & result


@pytest.mark.model
def test_answers_that_never_abstain_turn_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "is_enough", lambda found: True)
    monkeypatch.setattr(Retriever, "_missing", lambda self, question, sources: ())
    monkeypatch.setattr(Retriever, "lacks_expected", staticmethod(lambda question, hits, places: False))
    assert "abstention recall" in fallen(tried(opened, few, tmp_path))


@pytest.mark.model
def test_swapped_citations_turn_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def swapped(self: Assistant, question: str, **options: Any) -> Answer:
        answer = ask(self, question, **options)
        numbers = [s.citations for s in answer.statements]
        turned = [*numbers[1:], *numbers[:1]]
        return replace(
            answer,
            statements=tuple(replace(s, citations=n) for s, n in zip(answer.statements, turned, strict=True)),
        )

    monkeypatch.setattr(Assistant, "ask", swapped)
    assert {"citation recall", "citation precision", "hallucination rate"} <= fallen(tried(opened, few, tmp_path))


@pytest.mark.model
def test_quotes_under_other_numbers_turn_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = Assistant.ask

    def swapped(self: Assistant, question: str, **options: Any) -> Answer:
        answer = ask(self, question, **options)
        quotes = [c.quote for c in answer.citations]
        turned = [*quotes[1:], *quotes[:1]]
        return replace(
            answer, citations=tuple(replace(c, quote=q) for c, q in zip(answer.citations, turned, strict=True))
        )

    monkeypatch.setattr(Assistant, "ask", swapped)
    assert "citation validity" in fallen(tried(opened, few, tmp_path))


@pytest.mark.model
def test_warnings_that_are_dropped_turn_it_red(
    opened: Assistant, few: list[Case], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*args: object, **options: object) -> Iterator[Notice]:
        return iter(())

    monkeypatch.setattr(Citing, "warnings", silent)
    assert "warnings present" in fallen(tried(opened, few, tmp_path))


def test_refused_question_is_repeated_as_its_refusal() -> None:
    class Refuses:
        def ask(self, text: str, *, as_of: str | None) -> Any:
            raise AssistantError(f"no words in {text}")

    assert repeating.answers(cast(Any, Refuses()), [("?!", None)]) == ["no words in ?!"]
