"""The questions over the bundled corpus are sound, and each kind of fault in an answer turns the figure it should."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fakes import HashedWords

from assistant import Assistant
from assistant.corpus import bundled_documents
from assistant.settings import Settings
from assistant.types import Answer, Citation, Currency, Kind, Notice, Statement, Support, WarningCode
from eval import bundled
from eval.bundled import HALVES, Case, asserts, cites, load_cases, measure
from eval.seed_pages import CASES

NAMES = sorted(path.stem.removeprefix("bundled-") for path in CASES.glob("bundled-*.jsonl"))
DAY = "2026-11-21"


# The questions.


@pytest.mark.parametrize("name", NAMES)
def test_every_question_is_in_one_half(name: str) -> None:
    rows = [json.loads(line) for line in (CASES / f"bundled-{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    halves = {half: load_cases(name, half) for half in HALVES}
    assert halves["test"] or halves["test2"]
    assert all(
        [row["id"] for row in rows if row["half"] == half] == [case.id for case in halves[half]] for half in HALVES
    )
    assert sum(map(len, halves.values())) == len(rows)
    asked = {(case.question.casefold(), case.as_of) for cases in halves.values() for case in cases}
    assert len(asked) == len(rows)


def test_ids_are_unique_and_there_are_enough_questions() -> None:
    cases = {name: [case for half in HALVES for case in load_cases(name, half)] for name in NAMES}
    ids = [case.id for of_name in cases.values() for case in of_name]
    assert len(set(ids)) == len(ids)
    assert {"corpus", "traps", "languages"} <= set(NAMES)
    assert len(cases["corpus"]) >= 150


@pytest.mark.parametrize("name", NAMES)
def test_every_question_can_be_measured(name: str) -> None:
    for case in (case for half in HALVES for case in load_cases(name, half)):
        assert case.question.strip(), case.id
        assert case.language in ("en", "fi", "sv"), case.id
        assert case.as_of is None or date.fromisoformat(case.as_of).isoformat() == case.as_of, case.id
        assert set(case.warnings) | set(case.unwanted) <= set(WarningCode), case.id
        assert not set(case.warnings) & set(case.unwanted), case.id
        # A pattern that matches nothing said would always be found.
        assert not any(pattern.search("") for pattern in (*case.vital, *case.forbidden)), case.id
        assert case.vital or case.sources or case.warnings or case.unwanted or name == "far", case.id


def test_every_source_that_a_question_wants_is_in_the_corpus() -> None:
    found: list[Citation] = []
    for source, document in bundled_documents():
        pinpoints = {block.fact.pinpoint for block in document.blocks if block.fact}
        found += [
            citation(source.source_id, source.kind, pinpoint, law_basis=source.law_basis) for pinpoint in pinpoints
        ]
    wanted = {source for name in NAMES for half in HALVES for case in load_cases(name, half) for source in case.sources}
    assert len(wanted) > 5
    assert {source for source in wanted if not any(cites(c, source) for c in found)} == set()


# What is asserted.

GROUP = re.compile(r"(?:must|shall) (?:appoint|set up) a cooperation group", re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The municipality must appoint a cooperation group.", True),
        ("Each spring the council meets. The municipality shall set up a cooperation group. It meets twice.", True),
        ("Section 48 of Act 681/2023: the municipality must appoint a cooperation group.", True),  # a present Act
        ("Plan first.\nThe municipality must appoint a cooperation group.", True),
        ("From 1 January 2025 the municipality must appoint a cooperation group.", True),
        # The excuse must be in the sentence or in the one after it.
        ("It is not for the State. The municipality must appoint a cooperation group.", True),
        ("The municipality must appoint a cooperation group. It has members. Section 48 was repealed.", True),
        ("The municipality may appoint a cooperation group.", False),
        ("", False),
        # Denied.
        ("No municipality must appoint a cooperation group.", False),
        ("It is wrong that the municipality must appoint a cooperation group.", False),
        ("The municipality doesn't hear that it must appoint a cooperation group.", False),
        ("Must the municipality say that it must appoint a cooperation group?", False),
        # Of another time, or no rule.
        ("Until 2023 the municipality must appoint a cooperation group.", False),
        ("As enacted, section 48 says that the municipality must appoint a cooperation group.", False),
        ("Under Act 1386/2010 the municipality must appoint a cooperation group.", False),
        ("The bill says that the municipality must appoint a cooperation group.", False),
        ("It is good practice, some write, that one must appoint a cooperation group.", False),
        # Corrected by the next sentence.
        ("The municipality must appoint a cooperation group. This has never been in force.", False),
        ("The municipality must appoint a cooperation group. Act 1100/2024 has repealed it.", False),
        ("The municipality must appoint a cooperation group. That section was repealed before it began.", False),
        ("The municipality must appoint a cooperation group. That holds no longer.", False),
        ("The municipality must appoint a cooperation group. So it stood in the Act as enacted.", False),
    ],
)
def test_forbidden_sentence_counts_where_it_is_said_as_a_duty_of_today(text: str, expected: bool) -> None:
    assert asserts(GROUP, text) is expected
    assert asserts(GROUP, text, DAY) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The municipality must appoint a cooperation group.", True),
        ("In 2024 the municipality must appoint a cooperation group.", True),  # that is the day
        ("Under Act 1386/2010 the municipality must appoint a cooperation group.", True),
        ("The municipality must appoint a cooperation group. It has never met.", True),
        ("From 1 January 2025 the municipality must appoint a cooperation group.", False),
        ("Act 681/2023 says that the municipality must appoint a cooperation group.", False),
        ("Under the new Act the municipality must appoint a cooperation group.", False),
        ("The municipality must appoint a cooperation group. Act 681/2023 has not begun.", False),
        ("The municipality must appoint a cooperation group. That is not yet so.", False),
        ("No municipality must appoint a cooperation group.", False),
    ],
)
def test_before_the_new_act_its_rules_are_those_of_another_time(text: str, expected: bool) -> None:
    assert asserts(GROUP, text, "2024-12-31") is expected


def test_new_act_is_of_the_day_from_its_first_day() -> None:
    text = "From 1 January 2025 the municipality must appoint a cooperation group."
    assert [asserts(GROUP, text, day) for day in ("2024-12-31", "2025-01-01")] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "The municipality must appoint a cooperation group without delay.",
        "The municipality must appoint a cooperation group, not later than in May 2026.",
        "The municipality must appoint a cooperation group and draft a plan of ten pages.",
        "The municipality must appoint a cooperation group\nThe library is not in it.",
        "Each year:\n- the municipality must appoint a cooperation group\n- it hears the old",
    ],
)
def test_word_that_denies_nothing_is_no_excuse(text: str) -> None:
    assert asserts(GROUP, text, DAY)


# What is cited.


def citation(
    source_id: str, kind: Kind = Kind.GUIDANCE, pinpoint: str = "Planning", *, law_basis: str | None = None
) -> Citation:
    return Citation(
        id=1, source_id=source_id, kind=kind, title="T", publisher=None, url=None, municipality=None,
        pinpoint=pinpoint, quote="Q.", written=None, law_basis=law_basis, currency=Currency.CURRENT, digest=True,
        start=0, end=2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of", "wanted", "expected"),
    [
        (citation("act-681-2023", Kind.LAW), "681/2023", True),
        (citation("decree-872-2024", Kind.LAW), "872/2024", True),
        (citation("guide", pinpoint="Act 681/2023, s. 13(1)"), "681/2023", True),
        (citation("guide", law_basis="681/2023"), "681/2023", False),  # rests on the Act, is not it
        (citation("guide"), "guidance", True),
        (citation("esimerkkila", Kind.PROGRAMME), "programme", True),
        (citation("guide"), "guide", True),
        (citation("act-681-2023", Kind.LAW), "81/2023", False),
        (citation("act-681-2023", Kind.LAW), "681/2022", False),
        (citation("act-681-2023", Kind.LAW, law_basis="681/2023"), "1386/2010", False),
        (citation("guide", law_basis="1386/2010"), "681/2023", False),
        (citation("esimerkkila", Kind.PROGRAMME), "guidance", False),
        (citation("guide"), "681/2023", False),
    ],
)
def test_citation_is_of_a_source_by_act_kind_or_id(of: Citation, wanted: str, expected: bool) -> None:
    assert cites(of, wanted) is expected


# What is measured.

LAW = """\
# Act 681/2023

## 46 § Approval

The municipal council approves the integration plan under section 46 of Act 681/2023.
"""
GUIDE = "# Advice of Mallikylä\n\n## Library\n\nThe library of Mallikylä keeps a list of open meetings.\n"
CASE = Case(
    "made-up-1", "Who approves the integration plan?", "en", DAY, (re.compile("council"), re.compile("46")), (GROUP,),
    ("681/2023",), (), (), (),
)  # fmt: skip
RIGHT = {
    "vital facts": 1.0, "answers accurate": 1.0, "a right source in the first five": 1.0, "warnings present": None,
    "answers that say what is forbidden": 0.0, "answers silent on what is not in force": 0.0,
    "answers with a false alarm": None, "added pages cited and warned of": None,
    "answers with a section without Act": 0.0, "citations valid": 1.0, "refused": 0.0,
}  # fmt: skip
ACCURATE = "answers accurate"

Change = Callable[[Answer], Answer]


class Altered(Assistant):
    """Answers, then lets a test change the answer."""

    change: Change = staticmethod(lambda answer: answer)

    def ask(self, *args: Any, **kwargs: Any) -> Answer:
        """As an Assistant does, but for the change."""
        return self.change(super().ask(*args, **kwargs))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Altered]:
    folder = tmp_path_factory.mktemp("bundled")
    settings = Settings(workspace=folder / "workspace", corpus="none", model="", answer_chars=90)  # one statement
    (folder / "act-681-2023.md").write_text(LAW, encoding="utf-8")
    (folder / "guide.md").write_text(GUIDE, encoding="utf-8")
    with Altered.open(settings=settings, embedder=HashedWords()) as assistant:
        assert isinstance(assistant, Altered)
        assert not assistant.add([folder / "act-681-2023.md"], kind="law").failed
        assert not assistant.add([folder / "guide.md"], kind="guidance").failed
        yield assistant


@pytest.fixture
def figures(opened: Altered, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, float | None]]:
    def measured(change: Change = lambda answer: answer, case: Case = CASE) -> dict[str, float | None]:
        monkeypatch.setattr(opened, "change", change)
        result = measure(opened, [case])
        return {name: value["value"] for name, value in result.items() if isinstance(value, dict)}

    return measured


def with_text(text: str) -> Change:
    """The answer with one more statement."""
    return lambda answer: replace(
        answer, statements=(*answer.statements, Statement(text, (1,), Support.SUPPORTED))
    )  # fmt: skip


def with_words(old: str, new: str) -> Change:
    """The answer with other words in its statements; its citations stay."""
    return lambda answer: replace(
        answer, statements=tuple(replace(s, text=s.text.replace(old, new)) for s in answer.statements)
    )


def with_citation(**fields: Any) -> Change:
    """The answer with other fields in its first citation."""
    return lambda answer: replace(answer, citations=(replace(answer.citations[0], **fields), *answer.citations[1:]))


def with_notice(code: WarningCode) -> Change:
    """The answer with one more warning."""
    return lambda answer: replace(answer, warnings=(*answer.warnings, Notice(code, "Said.", (1,))))


def abstaining(answer: Answer) -> Answer:
    return Answer(answer.question, answer.as_of, answer.language, answer.writer, True)


def both(*changes: Change) -> Change:
    """One change after the other."""

    def change(answer: Answer) -> Answer:
        for one in changes:
            answer = one(answer)
        return answer

    return change


Figures = Callable[..., dict[str, float | None]]


def test_right_answer_counts(figures: Figures, opened: Altered) -> None:
    assert figures() == RIGHT
    result = measure(opened, [CASE])
    assert result["failures"] == []
    assert result["characters"] == len(
        "The municipal council approves the integration plan under section 46 of Act 681/2023."
    )
    assert result["citations valid"]["n"] == 1


SILENT = "answers silent on what is not in force"


@pytest.mark.parametrize(
    ("change", "turned"),
    [
        (with_words("council", "board"), {"vital facts": 0.5, ACCURATE: 0.0}),
        (with_text("The municipality must appoint a cooperation group."),
         {"answers that say what is forbidden": 1.0, ACCURATE: 0.0}),
        (with_citation(quote="The municipal council approves the integration plan under section 47 of Act 681/2023."),
         {"citations valid": 0.0, ACCURATE: 0.0}),
        (with_citation(start=0), {"citations valid": 0.0, ACCURATE: 0.0}),
        (with_citation(source_id="guide"),
         {"citations valid": 0.0, ACCURATE: 0.0, "a right source in the first five": 0.0}),
        *[(with_citation(currency=state), {SILENT: 1.0, ACCURATE: 0.0})
          for state in (Currency.OUTDATED, Currency.NEVER_IN_FORCE, Currency.NOT_IN_FORCE_YET)],
        # A warning of something else does not tell of it.
        (both(with_citation(currency=Currency.OUTDATED), with_notice(WarningCode.NOT_IN_FORCE_YET)),
         {SILENT: 1.0, ACCURATE: 0.0}),
        (with_text("See section 45 too."), {"answers with a section without Act": 1.0}),
        (abstaining, {"refused": 1.0, ACCURATE: 0.0, "vital facts": 0.0, "a right source in the first five": 0.0,
                      "citations valid": None}),
    ],
)  # fmt: skip
def test_fault_turns_its_figure_and_no_other(figures: Figures, change: Change, turned: dict[str, float | None]) -> None:
    assert figures(change) == {**RIGHT, **turned}


@pytest.mark.parametrize(
    "change",
    [
        with_text("No municipality must appoint a cooperation group."),
        with_text("Section 45 of Act 681/2023 is about planning."),
        *[
            both(with_citation(currency=state), with_notice(code))
            for state, code in (
                (Currency.OUTDATED, WarningCode.OUTDATED_SOURCE),
                (Currency.NEVER_IN_FORCE, WarningCode.NEVER_IN_FORCE),
                (Currency.NOT_IN_FORCE_YET, WarningCode.NOT_IN_FORCE_YET),
            )
        ],
        with_citation(currency=Currency.UNKNOWN),
    ],
)
def test_what_is_no_fault_turns_nothing(figures: Figures, change: Change) -> None:
    assert figures(change) == RIGHT


def test_right_source_must_be_among_the_first_five(figures: Figures, opened: Altered) -> None:
    (other,) = [c for c in opened.ask("Who keeps a list of open meetings?").citations if c.source_id == "guide"]

    def after(n: int) -> Change:
        return lambda answer: replace(answer, citations=(other,) * n + answer.citations)

    assert figures(after(4)) == RIGHT
    assert figures(after(5)) == {**RIGHT, "a right source in the first five": 0.0}


def test_warning_that_a_question_wants_is_counted(figures: Figures) -> None:
    wanting = replace(CASE, warnings=("term-changed", "outdated-source"))
    assert figures(case=wanting) == {**RIGHT, "warnings present": 0.0}
    assert figures(with_notice(WarningCode.TERM_CHANGED), wanting) == {**RIGHT, "warnings present": 0.5}


def test_warning_that_a_question_does_not_want_is_a_false_alarm(figures: Figures) -> None:
    unwanting = replace(CASE, unwanted=("term-changed",))
    assert figures(case=unwanting) == {**RIGHT, "answers with a false alarm": 0.0}
    assert figures(with_notice(WarningCode.TERM_CHANGED), unwanting) == {**RIGHT, "answers with a false alarm": 1.0}


def test_added_page_that_is_cited_must_be_warned_of(opened: Altered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "change", lambda answer: answer)
    ids = [source.source_id for source in opened.sources()]
    assert measure(opened, [CASE], pages=ids)["added pages cited and warned of"]["value"] == 0.0
    warn = Notice(WarningCode.OUTDATED_SOURCE, "Said.", tuple(range(1, 9)))
    monkeypatch.setattr(opened, "change", lambda answer: replace(answer, warnings=(warn,)))
    assert measure(opened, [CASE], pages=ids)["added pages cited and warned of"]["value"] == 1.0


def test_question_without_sources_does_not_count_among_sources(figures: Figures) -> None:
    assert figures(case=replace(CASE, sources=()))["a right source in the first five"] is None


def test_abstention_from_a_question_with_a_source_is_not_accurate(figures: Figures) -> None:
    assert figures(abstaining, replace(CASE, vital=()))[ACCURATE] == 0.0


def test_warning_of_another_citation_does_not_tell_of_this_one(figures: Figures) -> None:
    def change(answer: Answer) -> Answer:
        of_another = Notice(WarningCode.NEVER_IN_FORCE, "Said.", (2,))
        return replace(with_citation(currency=Currency.NEVER_IN_FORCE)(answer), warnings=(of_another,))

    assert figures(change) == {**RIGHT, SILENT: 1.0, ACCURATE: 0.0}


def test_question_is_asked_for_its_day(opened: Altered, monkeypatch: pytest.MonkeyPatch) -> None:
    days: list[str] = []

    def remember(answer: Answer) -> Answer:
        days.append(answer.as_of)
        return answer

    monkeypatch.setattr(opened, "change", remember)
    measure(opened, [CASE, replace(CASE, as_of="2024-06-01"), replace(CASE, as_of=None)])
    assert days == [DAY, "2024-06-01", date.today().isoformat()]


def test_shares_are_over_all_questions(opened: Altered, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened, "change", lambda answer: answer)
    nowhere = replace(CASE, id="made-up-2", question="How do I bake bread with rye?", vital=(re.compile("oven"),))
    result = measure(opened, [CASE, nowhere, CASE])
    assert (result[ACCURATE]["value"], result[ACCURATE]["n"]) == (0.6667, 3)
    assert (result["vital facts"]["value"], result["vital facts"]["n"]) == (0.8, 5)
    assert result["refused"]["value"] == 0.3333
    (failure,) = result["failures"]
    assert (failure["id"], failure["missing"], failure["refused"]) == ("made-up-2", ["oven"], True)


def test_failure_tells_what_was_wrong(opened: Altered, monkeypatch: pytest.MonkeyPatch) -> None:
    change = both(
        with_words("council", "board"),
        with_text("The municipality must appoint a cooperation group. Section 48 says so."),
        with_citation(currency=Currency.OUTDATED),
    )
    monkeypatch.setattr(opened, "change", change)
    (failure,) = measure(opened, [replace(CASE, warnings=("term-changed",))])["failures"]
    assert failure["missing"] == ["council"]
    assert failure["wrong"] == [GROUP.pattern]
    assert failure["unwarned"] == ["term-changed"]
    assert failure["bare"] == ["The municipality must appoint a cooperation group. Section 48 says so."]
    assert failure["unsaid"] == [
        "The municipal council approves the integration plan under section 46 of Act 681/2023."
    ]
    json.dumps(failure)


@pytest.mark.parametrize(
    ("change", "case"),
    [
        (with_words("council", "board"), CASE),
        (with_text("See section 45 too."), CASE),
        (with_text("So it is."), replace(CASE, warnings=("term-changed",))),
        (with_text("So it is."), replace(CASE, sources=("1386/2010",))),
    ],
)
def test_one_shortfall_is_enough_to_be_listed(
    opened: Altered, monkeypatch: pytest.MonkeyPatch, change: Change, case: Case
) -> None:
    monkeypatch.setattr(opened, "change", change)
    assert [failure["id"] for failure in measure(opened, [case])["failures"]] == [CASE.id]


def test_command_prints_the_figures_and_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def small(**options: Any) -> Assistant:
        assert options["settings"].corpus == "bundled"
        settings = Settings(workspace=tmp_path / "workspace", corpus="none", model="")
        return Assistant(settings, embedder=HashedWords())

    monkeypatch.setattr(Assistant, "open", small)
    monkeypatch.setattr(bundled, "load_cases", lambda name, half: [replace(CASE, id=f"{name}-{half}")])
    options = ["traps", "--half", "test", "--failures", "--json", str(tmp_path / "out.json")]
    monkeypatch.setattr(sys, "argv", ["bundled", *options])
    bundled.main()
    out = capsys.readouterr().out
    assert out.startswith("traps (test half, 1 questions)")
    assert re.search(r"answers accurate +0\.000", out)
    assert '"id": "traps-test"' in out
    written = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert written["refused"]["value"] == 1.0
