"""The reader is warned of everything in the sources that needs it, and of nothing else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.notices import fallback_notice, source_notices, verification_notices
from assistant.types import (
    Citation,
    Currency,
    Fact,
    Kind,
    Notice,
    Passage,
    Question,
    Statement,
    Support,
    UnitKind,
    WarningCode,
)
from assistant.verification import Fault, Verdict, Verified

TODAY, BEFORE = "2026-11-21", "2024-06-01"
LAST_DAY, FIRST_DAY = "2024-12-31", "2025-01-01"


def citation(number: int = 1, **fields: Any) -> Citation:
    """A citation of current guidance of Mallikylä but for the fields given."""
    sound = Citation(
        id=number, source_id=f"guide-{number}", kind=Kind.GUIDANCE, title=f"Guide {number}", publisher="Mallikylä",
        url=None, municipality=None, pinpoint="Planning", quote="The council decides.", written="2025-06-01",
        law_basis="681/2023", currency=Currency.CURRENT, digest=True, start=0, end=20, certainty="official guidance",
    )  # fmt: skip
    return replace(sound, **fields)


LAW = citation(1, source_id="act-681-2023", kind=Kind.LAW, title="Act 681/2023", certainty="statute text seen")
OLD = citation(
    2, source_id="act-1386-2010", kind=Kind.LAW, title="Act 1386/2010", law_basis="1386/2010",
    currency=Currency.OUTDATED,
)  # fmt: skip
NEVER = citation(3, source_id="act-681-2023-as-enacted", title="Act as enacted", currency=Currency.NEVER_IN_FORCE)


def notices(
    *citations: Citation,
    question: str = "Who decides on the plan?",
    statements: Sequence[str] = ("The council decides.",),
    as_of: str = TODAY,
    early: Collection[str] = (),
    instructing: Collection[str] = (),
    masked: Collection[str] = (),
    acts: tuple[str, ...] = (),
    expects: tuple[str, ...] = (),
    premise: Passage | None = None,
) -> list[Notice]:
    asked = Question(question, as_of, "en", question, (question,), acts=acts, expects=expects)
    said = [Statement(text, (n,), Support.QUOTED) for n, text in enumerate(statements, start=1)]
    return list(
        source_notices(
            asked, said, citations, early=early, instructing=instructing, municipalities={"Esimerkkilä and Mallikylä"},
            masked=masked, premise=premise,
        )
    )  # fmt: skip


def codes(found: Sequence[Notice]) -> list[WarningCode]:
    return [notice.code for notice in found]


def one(found: Sequence[Notice], code: WarningCode) -> Notice:
    (notice,) = [notice for notice in found if notice.code is code]
    return notice


def test_sound_answer_calls_for_no_warning() -> None:
    assert notices(LAW, citation(2)) == []
    assert notices(citation(1, kind=Kind.OWN, municipality="Mallikylä", certainty=None)) == []
    assert notices(citation(1, currency=Currency.UNKNOWN)) == []
    assert notices() == []


# The law on the day.


def test_outdated_source_is_told_of_with_its_act_and_the_day() -> None:
    (notice,) = notices(OLD)
    assert notice.code is WarningCode.OUTDATED_SOURCE
    assert notice.citations == (2,)
    assert (
        "“Act 1386/2010” was written under Act 1386/2010, which is no longer in force on 2026-11-21" in notice.message
    )


def test_outdated_source_of_no_repealed_act_was_for_a_time_that_is_over() -> None:
    (notice,) = notices(citation(1, law_basis=None, currency=Currency.OUTDATED))
    assert (notice.code, notice.citations) == (WarningCode.OUTDATED_SOURCE, (1,))
    assert "for a time that is over on 2026-11-21" in notice.message
    assert "1386/2010" not in notice.message


def test_what_ends_on_a_day_to_come_is_not_told_as_past_and_contradicts_nothing() -> None:
    reform = citation(2, title="Reform", currency=Currency.OUTDATED, ends="2998-12-31")
    (notice,) = notices(LAW, reform, as_of="2999-01-01")
    assert (notice.code, notice.citations) == (WarningCode.OUTDATED_SOURCE, (2,))
    assert "“Reform” tells what is known of the time until 2998-12-31. What holds on 2999-01-01" in notice.message
    past = replace(reform, ends="2025-12-31")
    assert "for a time that is over" in one(notices(past), WarningCode.OUTDATED_SOURCE).message


def test_outdated_sources_are_named_once_each() -> None:
    notice = one(notices(OLD, replace(OLD, id=5), LAW), WarningCode.OUTDATED_SOURCE)
    assert notice.citations == (2, 5)
    assert notice.message.count("“Act 1386/2010”") == 1
    assert "681/2023" not in notice.message


def test_page_that_is_outdated_for_another_reason_is_not_said_to_be_of_the_old_act() -> None:
    page = citation(1, title="Page of Mallikylä", currency=Currency.OUTDATED)
    for notice in notices(OLD, page):
        assert not ("Page of Mallikylä" in notice.message and "written under Act 1386/2010" in notice.message)


@pytest.mark.parametrize(
    ("statements", "acts", "cited"),
    [
        (("Section 31 of Act 1386/2010 let it.", "Section 8 applies."), (), (1,)),  # the answer begins with it
        (("Section 8 applies.", "Section 31 of Act 1386/2010 let it."), ("1386/2010",), (2,)),  # it is asked about
        (("Section 8 applies.", "Section 31 of Act 1386/2010 let it."), (), None),
        (("Section 8 applies.", "Nothing else does."), ("1386/2010",), None),
    ],
)
def test_what_is_told_of_the_old_act_for_comparison_is_outdated(
    statements: tuple[str, str], acts: tuple[str, ...], cited: tuple[int, ...] | None
) -> None:
    found = notices(LAW, citation(2), statements=statements, acts=acts)
    assert [notice.citations for notice in found if notice.code is WarningCode.OUTDATED_SOURCE] == [cited] * bool(cited)
    assert not notices(LAW, citation(2), statements=statements, acts=acts, as_of=BEFORE)


def test_fact_that_was_never_in_force_binds_nobody() -> None:
    (notice,) = notices(NEVER)
    assert (notice.code, notice.citations) == (WarningCode.NEVER_IN_FORCE, (3,))
    assert "“Act as enacted”" in notice.message
    assert "Nobody has to follow them" in notice.message


def test_answer_that_begins_with_a_rule_that_never_began_is_warned_of() -> None:
    said = (
        "The report of section 45 of Act 681/2023 as enacted was removed before 1 January 2025 and was never in force."
    )
    assert one(notices(LAW, statements=[said]), WarningCode.NEVER_IN_FORCE).citations == (1,)
    second = notices(LAW, citation(2), statements=["The council decides.", said])
    assert one(second, WarningCode.NEVER_IN_FORCE).citations == (2,)
    third = ["The council decides.", "The board prepares.", said]
    assert codes(notices(LAW, citation(2), citation(3), statements=third)) == []


@pytest.mark.parametrize(
    "said",
    [
        "No group has to be set up: section 48 of Act 681/2023 was repealed before the Act began on 1 January 2025.",
        "Act 1100/2024 took that rule out of section 45 of Act 681/2023 before it began, so it never bound anybody.",
        "The earlier version spoke of an obligation that never came into force.",
        "There is no such plan: sections 15 and 17 were repealed before 1 January 2025.",
    ],
)
def test_each_way_of_saying_that_a_rule_never_began_is_warned_of(said: str) -> None:
    assert one(notices(LAW, statements=[said]), WarningCode.NEVER_IN_FORCE).citations == (1,)


@pytest.mark.parametrize(
    "said",
    [
        "The plan must be made before the client begins a course.",
        "Periods that began before 1 January 2025 run out in 2027.",
        "The assessment is never made twice for the same reason.",
        "Section 5 was replaced in 2026.",
    ],
)
def test_other_words_of_before_and_never_call_for_no_warning(said: str) -> None:
    assert codes(notices(LAW, statements=[said])) == []


def test_rule_of_another_act_that_never_began_is_not_said_to_be_of_this_one() -> None:
    assert codes(notices(LAW, statements=["Section 3 of Act 392/2023 as enacted was never in force."])) == []


@pytest.mark.parametrize(
    "said",
    [
        "The peer-support group never began.",
        "The pilot was dropped by the board before it began.",
        "The draft bill was discussed by the board.",
    ],
)
def test_what_a_municipality_tells_of_itself_is_no_rule(said: str) -> None:
    own = citation(1, kind=Kind.OWN, municipality="Mallikylä", digest=False, certainty=None)
    assert codes(notices(own, statements=[said])) == []


def test_reform_that_is_only_planned_takes_no_duty_away() -> None:
    said = "In September 2025 the Government announced an aim for 1 January 2027; no amending Act was seen."
    notice = one(notices(LAW, statements=[said]), WarningCode.NOT_IN_FORCE_YET)
    assert notice.citations == (1,)
    assert "The Act in force holds until an amending Act begins" in notice.message
    assert codes(notices(LAW, statements=["The aim of the Act is integration."])) == []


@pytest.mark.parametrize(
    ("question", "warned"),
    [
        ("Can we leave integration out of the budget, since the duty ends in 2027?", True),
        ("Poistetaanko kunnan velvollisuudet?", True),
        ("Avskaffas kommunens skyldigheter?", True),
        ("What must the budget of the municipality tell of integration?", False),
    ],
)
def test_question_of_the_reform_is_told_wherever_the_answer_says_that_it_is_planned(
    question: str, warned: bool
) -> None:
    told = ["The budget tells of it.", "So does the strategy.", "Removing the duties was a Government aim and a draft."]
    cited = [replace(LAW, id=n) for n in (1, 2, 3)]
    found = codes(notices(*cited, question=question, statements=told))
    assert (WarningCode.NOT_IN_FORCE_YET in found) == warned


@pytest.mark.parametrize(
    "question",
    [
        "The page says every year, the news says every six months. Which one applies?",
        "Older guidance says on request, newer guidance says must. Whom should we believe?",
        "One copy says it is set up, another that it may be. Which do we follow?",
        "Our two checklists contradict each other on this, which is right?",
        "Vanha sivu sanoo kerran vuodessa, uusi sivu puolivuosittain. Kumpi pätee?",
        "En sida säger varje år, en annan var sjätte månad. Vilken gäller?",
    ],
)
def test_sources_that_the_reader_knows_to_differ_are_weighed(question: str) -> None:
    notice = one(notices(LAW, question=question), WarningCode.CONFLICTING_SOURCES)
    assert "“Act 681/2023” holds on 2026-11-21" in notice.message
    assert notice.citations == (1,)
    bare = one(notices(citation(1), question=question), WarningCode.CONFLICTING_SOURCES)
    assert "No Act in force is cited" in bare.message
    assert bare.citations == ()


@pytest.mark.parametrize(
    "question",
    [
        "What does the law say about who decides?",
        "Which authority says whether the plan is right?",
        "My director says we must have a plan. Is it true?",
        "What do newer pages say about the plan?",
        "Mitä laki sanoo suunnitelmasta?",
        "Vad säger lagen om planen?",
        "Mitä kumppanien pitää noudattaa suunnitelmassa?",
        "Onko kunnan ja alueen ristiriitatilanteisiin menettelyä?",
        "How do we resolve conflicts between groups, and who leads?",
        "Vad säger lagen om andra barn och vilken skola?",
    ],
)
def test_question_of_one_source_is_no_report_of_a_conflict(question: str) -> None:
    assert WarningCode.CONFLICTING_SOURCES not in codes(notices(LAW, question=question))


@pytest.mark.parametrize(
    "question",
    [
        "When is our report due that comes every two years?",
        "Which indicators must the action plan hold?",
        "Is the cooperation group compulsory?",
        "Who makes the multi-sectoral assessment?",
        "Onko kahden vuoden välein annettava raportti pakko tehdä?",
        "Ska rapporten lämnas vartannat år?",
    ],
)
def test_question_that_takes_a_removed_duty_for_granted_is_told_so(question: str) -> None:
    assert one(notices(LAW, question=question), WarningCode.NEVER_IN_FORCE).citations == ()
    assert WarningCode.NEVER_IN_FORCE not in codes(notices(LAW, question=question, as_of=BEFORE))


@pytest.mark.parametrize(
    "question",
    [
        "May we set up a group?",
        "Which indicators are good?",
        "Who reports to the council every year?",
        "Justeras avgiften vartannat år?",
    ],
)
def test_question_of_something_else_is_not_told_of_removed_duties(question: str) -> None:
    assert WarningCode.NEVER_IN_FORCE not in codes(notices(LAW, question=question))


def test_page_from_before_the_new_act_may_describe_duties_that_never_began() -> None:
    page = citation(1)
    (notice,) = notices(page, citation(2), early={page.source_id, "guide-9"})
    assert (notice.code, notice.citations) == (WarningCode.NEVER_IN_FORCE, (1,))
    assert "“Guide 1” was written before Act 681/2023 began" in notice.message
    assert "“Guide 2”" not in notice.message
    # What is cited decides, not what is indexed.
    assert notices(page, early={"guide-9"}) == []


def test_fact_that_never_began_and_early_page_are_told_of_apart() -> None:
    found = notices(NEVER, citation(4), early={"guide-4"})
    assert [(notice.code, notice.citations) for notice in found] == [
        (WarningCode.NEVER_IN_FORCE, (3,)),
        (WarningCode.NEVER_IN_FORCE, (4,)),
    ]


def test_rule_of_a_later_day_is_no_duty_yet() -> None:
    (notice,) = notices(replace(LAW, currency=Currency.NOT_IN_FORCE_YET), as_of=BEFORE)
    assert (notice.code, notice.citations) == (WarningCode.NOT_IN_FORCE_YET, (1,))
    assert "“Act 681/2023” was not in force on 2024-06-01" in notice.message


@pytest.mark.parametrize(("other", "code"), [(OLD, "outdated-source"), (NEVER, "never-in-force")])
def test_law_in_force_holds_where_sources_disagree(other: Citation, code: str) -> None:
    found = notices(LAW, other)
    assert codes(found) == [WarningCode(code), WarningCode.CONFLICTING_SOURCES]
    conflict = one(found, WarningCode.CONFLICTING_SOURCES)
    assert conflict.citations == (1, other.id)
    assert f"“{other.title}” says what does not hold on 2026-11-21" in conflict.message
    assert "“Act 681/2023” holds, because it is the law in force on that day" in conflict.message


def test_one_law_in_force_is_named_in_a_conflict() -> None:
    decree = citation(9, kind=Kind.LAW, title="Decree 1/2025")
    assert one(notices(decree, OLD, LAW), WarningCode.CONFLICTING_SOURCES).citations == (9, 2)


@pytest.mark.parametrize(
    "cited",
    [
        [LAW, citation(2)],  # both hold
        [citation(1), OLD],  # guidance in force does not decide between them
        [replace(LAW, currency=Currency.UNKNOWN), OLD],
        [LAW, citation(2, currency=Currency.NOT_IN_FORCE_YET)],
        [OLD, NEVER],
    ],
)
def test_without_law_in_force_and_something_that_is_not_there_is_no_conflict(cited: list[Citation]) -> None:
    assert WarningCode.CONFLICTING_SOURCES not in codes(notices(*cited))


# What is not known, and whose it is.


def test_open_point_is_told_with_the_note_of_the_fact() -> None:
    note = "Ask the KEHA Centre which form it takes."
    open_point = citation(2, certainty="not established", note=note)
    found = notices(citation(1, note="Of no matter here."), open_point, replace(open_point, id=3))
    (notice,) = found
    assert (notice.code, notice.citations) == (WarningCode.NOT_ESTABLISHED, (2, 3))
    assert notice.message == f"Part of this could not be established. {note}"


def test_open_point_without_note_sends_to_the_official_source() -> None:
    (notice,) = notices(citation(1, certainty="not established"))
    assert "Check the official source" in notice.message


@pytest.mark.parametrize("certainty", ["statute text seen", "bill", "official guidance", "press", None])
def test_established_fact_is_no_open_point(certainty: str | None) -> None:
    assert notices(citation(1, certainty=certainty, note="Read in 2025.")) == []


def test_other_municipalities_are_named_with_the_year() -> None:
    esimerkkila = citation(1, kind=Kind.PROGRAMME, municipality="Esimerkkilä", written="2022")
    undated = citation(3, kind=Kind.PROGRAMME, municipality="Toinen Mallikylä", written=None)
    (notice,) = notices(esimerkkila, citation(2), undated, replace(esimerkkila, id=4))
    assert (notice.code, notice.citations) == (WarningCode.OTHER_MUNICIPALITY, (1, 3, 4))
    assert "programme: Esimerkkilä (2022), Toinen Mallikylä (undated). " in notice.message
    assert "do not copy its text, figures or measures" in notice.message


def test_municipality_named_in_our_digest_is_another_one() -> None:
    named = citation(quote="In Esimerkkilä the council asked for plain language.")
    notice = one(notices(named), WarningCode.OTHER_MUNICIPALITY)
    assert "Esimerkkilä" in notice.message
    assert "Mallikylä" not in notice.message
    assert WarningCode.OTHER_MUNICIPALITY not in codes(notices(replace(named, kind=Kind.LAW)))
    assert WarningCode.OTHER_MUNICIPALITY not in codes(notices(replace(named, digest=False)))
    assert WarningCode.OTHER_MUNICIPALITY not in codes(notices(replace(named, quote="Esimerkkiläisiä on monta.")))


def test_programme_of_no_named_municipality_is_called_by_its_title() -> None:
    (notice,) = notices(citation(1, kind=Kind.PROGRAMME, title="Programme of Esimerkkilä", written="2022"))
    assert "programme: Programme of Esimerkkilä (2022). " in notice.message


@pytest.mark.parametrize("kind", [Kind.LAW, Kind.GUIDANCE, Kind.OWN])
def test_source_that_is_no_programme_is_no_other_municipalitys(kind: Kind) -> None:
    assert notices(citation(1, kind=kind, municipality="Esimerkkilä")) == []


# Names that ended.


def test_ended_name_in_the_question_is_told_of_without_a_citation() -> None:
    (notice,) = notices(citation(1), question="Does the ELY Centre still decide on the plan?")
    assert (notice.code, notice.citations) == (WarningCode.TERM_CHANGED, ())
    assert "Economic Development Centre" in notice.message


def test_ended_name_in_statements_is_told_of_once_with_its_citations() -> None:
    statements = ["The ELY Centre gives advice.", "The council decides.", "The ELY Centres pay."]
    (notice,) = notices(citation(1), citation(2), citation(3), statements=statements)
    assert (notice.code, notice.citations) == (WarningCode.TERM_CHANGED, (1, 3))
    assert notices(citation(1), statements=statements, question="What of the ELY Centre?") == [notice]


def test_two_ended_names_are_two_warnings() -> None:
    found = notices(citation(1), statements=["The TE Office asks the ELY Centre."])
    assert codes(found) == [WarningCode.TERM_CHANGED] * 2
    assert len({notice.message for notice in found}) == 2


@pytest.mark.parametrize(
    ("text", "as_of"),
    [
        ("The ELY Centre gives advice.", "2025-12-31"),  # its last day
        ("The TE Office gives advice.", LAST_DAY),
        ("The Economic Development Centre took over from the ELY Centre.", TODAY),  # names what followed
        ("The Economic Development Centre gives advice.", TODAY),
        ("A lovely centre gives advice.", TODAY),
    ],
)
def test_name_in_use_is_no_changed_term(text: str, as_of: str) -> None:
    assert notices(citation(1), statements=[text], question=text, as_of=as_of) == []


# The two meanings of "integration programme".


@pytest.mark.parametrize(
    "question",
    [
        "What must our integration programme contain?",
        "Are integration programs compulsory?",
        "Integration programme: who approves it?",
        "Pitääkö kunnalla olla kotouttamisohjelma?",
        "Måste kommunen ha ett integrationsprogram?",
    ],
)
def test_question_of_the_integration_programme_is_told_of_its_two_meanings(question: str) -> None:
    found = [n for n in notices(citation(1), question=question) if "has named two things" in n.message]
    (notice,) = found
    assert (notice.code, notice.citations) == (WarningCode.TERM_CHANGED, ())
    for named in ("kotouttamisohjelma) of Act 1386/2010, section 32", "kotoutumisohjelma) of Act 681/2023, section 13"):
        assert named in notice.message
    assert not [n for n in notices(citation(1), question=question, as_of=LAST_DAY) if "two things" in n.message]
    assert [n for n in notices(citation(1), question=question, as_of=FIRST_DAY) if "two things" in n.message]


@pytest.mark.parametrize(
    "question",
    [
        "What is in the Government integration programme?",
        "What is in the government's integration programme?",
        "Which state integration programme is in force?",
        "What does our integration plan contain?",
        "Mitä kotoutumisohjelma sisältää?",  # the name of the package only
        "What is in the Government’s integration programme?",
        "Mitä valtion kotouttamisohjelma sisältää?",
        "Vad innehåller statens integrationsprogram?",
    ],
)
def test_question_of_something_else_is_not_told_of_the_two_meanings(question: str) -> None:
    assert "two things" not in " ".join(notice.message for notice in notices(citation(1), question=question))


def test_integration_programme_in_a_statement_only_needs_no_two_meanings() -> None:
    assert notices(citation(1), statements=["The integration programme has six parts."]) == []


# Documents that address an assistant.


def test_source_that_addresses_an_assistant_is_told_of_once() -> None:
    trap = citation(1, source_id="trap", title="Trap of Mallikylä")
    found = notices(trap, citation(2), replace(trap, id=3), instructing={"trap", "not-cited"})
    (notice,) = found
    assert (notice.code, notice.citations) == (WarningCode.INSTRUCTIONS_IN_SOURCE, (1, 3))
    assert notice.message.startswith("Trap of Mallikylä holds sentences that address an assistant")
    assert notices(citation(2), instructing={"trap"}) == []


def test_each_source_that_addresses_an_assistant_has_a_warning_of_its_own() -> None:
    found = notices(citation(1), citation(2), instructing={"guide-1", "guide-2"})
    assert [(notice.code, notice.citations) for notice in found] == [
        (WarningCode.INSTRUCTIONS_IN_SOURCE, (1,)),
        (WarningCode.INSTRUCTIONS_IN_SOURCE, (2,)),
    ]


def test_sources_with_personal_data_are_named_once() -> None:
    found = notices(citation(1), citation(2), citation(3), masked={"guide-1", "guide-3", "not-cited"})
    (notice,) = found
    assert (notice.code, notice.citations) == (WarningCode.PERSONAL_DATA, (1, 3))
    assert notices(citation(2), masked={"guide-1"}) == []


def test_every_warning_that_sources_can_call_for_is_given_in_one_order() -> None:
    cited = [
        LAW, OLD, NEVER, citation(4), citation(5, currency=Currency.NOT_IN_FORCE_YET),
        citation(6, certainty="not established"), citation(7, kind=Kind.PROGRAMME, municipality="Esimerkkilä"),
    ]  # fmt: skip
    question = "Does the TE Office follow the integration programme?"
    found = notices(*cited, question=question, early={"guide-4"}, instructing={"guide-4"}, masked={"guide-4"})
    assert codes(found) == [
        WarningCode.OUTDATED_SOURCE, WarningCode.NEVER_IN_FORCE, WarningCode.NEVER_IN_FORCE,
        WarningCode.NOT_IN_FORCE_YET, WarningCode.CONFLICTING_SOURCES, WarningCode.NOT_ESTABLISHED,
        WarningCode.OTHER_MUNICIPALITY, WarningCode.TERM_CHANGED, WarningCode.TERM_CHANGED,
        WarningCode.INSTRUCTIONS_IN_SOURCE, WarningCode.PERSONAL_DATA,
    ]  # fmt: skip
    assert all(set(notice.citations) <= {c.id for c in cited} for notice in found)
    assert all(notice.message.endswith(".") for notice in found)


# What verification did, and who wrote.


def test_repaired_and_dropped_statements_are_counted_with_the_reasons() -> None:
    repaired = Verified("The council decides.", (), Support.QUOTED, Fault.NUMBER)
    verdict = Verdict(
        (repaired, replace(repaired, text="The board prepares."), Verified("It is so.", (), Support.QUOTED)),
        (("The mayor decides.", Fault.NAME), ("All pay.", Fault.UNCITED)),
    )
    first, second = verification_notices(verdict)
    assert codes([first, second]) == [WarningCode.UNSUPPORTED] * 2
    assert first.message.startswith("2 statement(s) did not agree with their sources (a number or date is not in")
    assert second.message == "2 statement(s) were left out: a name is not in its quotes; it has no citation."


def test_verified_draft_calls_for_no_warning() -> None:
    assert verification_notices(Verdict((Verified("It is so.", (), Support.QUOTED),))) == []
    assert verification_notices(Verdict(())) == []


@pytest.mark.parametrize("why", ["The model did not answer", "The model did not answer."])
def test_reader_is_told_that_the_extractive_writer_took_over(why: str) -> None:
    notice = fallback_notice("made-up:model", why)
    assert notice.code is WarningCode.UNSUPPORTED
    assert notice.message.startswith("The model did not answer. The answer below")
    assert "instead of by made-up:model" in notice.message


def test_never_in_force_counts_further_down_where_it_is_on_what_was_asked() -> None:
    told = ["The budget tells of it.", "So does the strategy.",
            "Cooperation with companies stood in Act 681/2023 as enacted, never in force."]  # fmt: skip
    cited = [replace(LAW, id=n) for n in (1, 2, 3)]
    asked = "Must we weigh cooperation with companies?"
    assert WarningCode.NEVER_IN_FORCE in codes(notices(*cited, question=asked, statements=told))
    assert WarningCode.NEVER_IN_FORCE not in codes(notices(*cited, question="Which paint is best?", statements=told))


@pytest.mark.parametrize(("as_of", "warned"), [("2025-02-10", True), ("2025-05-10", False), ("9999-01-01", False)])
def test_rule_that_begins_after_a_past_day_is_no_duty_on_it(as_of: str, warned: bool) -> None:
    found = codes(notices(LAW, as_of=as_of, statements=["The State stops repaying on 1 April 2025."]))
    assert (WarningCode.NOT_IN_FORCE_YET in found) == warned


@pytest.mark.parametrize(
    "question",
    [
        "The page says we buy it, the Act says the authority does. They can't both be right, can they?",
        "The English and the Finnish page differ. Which list is the law?",
        "Sivulla on neljä vuotta, laissa kaksi. Kumpi pitää?",
    ],
)
def test_more_ways_of_asking_which_of_two_sources_holds(question: str) -> None:
    assert WarningCode.CONFLICTING_SOURCES in codes(notices(LAW, question=question))


# What the question rests on.


def fact_of(cited: Citation, **fields: Any) -> Passage:
    fact = Fact("x/1", {}, "statute text seen", **fields)
    return Passage("x:0-20", cited.source_id, cited.start, cited.end, cited.quote, UnitKind.SENTENCE, 0, 0, fact=fact)


def test_rule_that_the_question_rests_on_is_named_with_its_last_day_and_is_no_conflict() -> None:
    old = replace(OLD, pinpoint="Act 1386/2010, s. 5")
    premise = fact_of(old, valid_to="2022-12-31")
    (notice,) = notices(LAW, old, statements=["The card is free.", "It cost EUR 480."], premise=premise)
    assert (notice.code, notice.citations) == (WarningCode.OUTDATED_SOURCE, (2,))
    assert "ended on 2022-12-31: “Act 1386/2010”, Act 1386/2010, s. 5" in notice.message
    undated = one(notices(LAW, old, premise=fact_of(old)), WarningCode.OUTDATED_SOURCE)
    assert "ended on 2024-12-31" in undated.message
    # Another source of the former Act is told of as always.
    other = replace(OLD, id=3, source_id="decree", start=90, end=95)
    assert codes(notices(LAW, old, other, premise=premise)) == [
        WarningCode.OUTDATED_SOURCE, WarningCode.OUTDATED_SOURCE, WarningCode.CONFLICTING_SOURCES,
    ]  # fmt: skip


def test_rule_to_come_that_the_question_rests_on_is_not_yet_one() -> None:
    coming = citation(2, kind=Kind.LAW, title="Decree 1/2024", currency=Currency.NOT_IN_FORCE_YET)
    (notice,) = notices(LAW, coming, premise=fact_of(coming, valid_from="2025-01-01"), as_of="2024-11-01")
    assert (notice.code, notice.citations) == (WarningCode.NOT_IN_FORCE_YET, (2,))
    assert "had not begun on 2024-11-01" in notice.message
    assert "begins on 2025-01-01" in notice.message


def test_statement_on_the_section_asked_about_counts_wherever_it_stands() -> None:
    said = ["The county plans.", "The county trains.", "Own aims of section 49 of Act 681/2023 never applied."]
    cited = (LAW, citation(2), citation(3))
    assert one(
        notices(*cited, statements=said, question="Must the county set aims under section 49?"),
        WarningCode.NEVER_IN_FORCE,
    ).citations == (3,)
    for other in ("Must the county set aims?", "Must the county do what section 4 says?"):
        assert codes(notices(*cited, statements=said, question=other)) == []


def test_sums_of_a_year_to_come_were_not_seen() -> None:
    year = date.today().year + 1
    question = f"How many euros a person do we get in the year {year}?"
    told = one(
        notices(LAW, statements=["It is EUR 480 a year."], question=question, expects=("a number",)),
        WarningCode.NOT_ESTABLISHED,
    )
    assert (told.citations, str(year) in told.message) == ((1,), True)
    for said in ("It is paid yearly.", f"It is EUR 480 in {year}."):
        assert codes(notices(LAW, statements=[said], question=question, expects=("a number",))) == []
    assert codes(notices(LAW, statements=["It is EUR 480 a year."], question=question)) == []  # asks for no number
    now = f"How many euros a person do we get in the year {year - 1}?"
    assert codes(notices(LAW, statements=["It is EUR 480 a year."], question=now, expects=("a number",))) == []


@pytest.mark.parametrize(
    "question",
    [
        "Esimerkkilä has a fine chapter on work; may we use the same with our name on it?",
        "Can we copy the measures of mallikylä?",
        "Voiko Mallikylän tavoitteet lainata sellaisinaan?",
        "Får vi låna målen av Mallikylä?",
    ],
)
def test_taking_over_from_another_municipality_is_warned_of_without_a_quote(question: str) -> None:
    assert codes(notices(LAW, question=question)) == [WarningCode.OTHER_MUNICIPALITY]


@pytest.mark.parametrize(
    "question",
    ["Who decides in Mallikylä?", "Can we copy the measures of Muukylä?", "Is the same rule in force?"],
)
def test_naming_a_municipality_or_taking_over_the_law_is_no_borrowing(question: str) -> None:
    assert codes(notices(LAW, question=question)) == []


@pytest.mark.parametrize(
    "question",
    [
        "Two lawyers, two answers: one has it at a month, the other at a year. Who is right?",
        "The leaflet says six weeks, the form says eight. I need a single line for the board.",
        "One handbook: yearly. Another: never. Which one counts?",
        "Toisella sivulla on 30 euroa, toisella 40. Kumpaa uskon?",
        "Kouluttaja sanoo kuukausi, esite kirjoittaa vuosi. Mihin luottaa?",
        "Två olika svar har vi fått. Vilket är rätt?",
    ],
)
def test_two_accounts_of_one_thing_are_weighed_whoever_gives_them(question: str) -> None:
    assert codes(notices(LAW, question=question)) == [WarningCode.CONFLICTING_SOURCES]


@pytest.mark.parametrize(
    "question",
    [
        "One client moves away and another stays. Who tells them?",
        "The Act says what a plan is. Who writes it?",
        "Kaksi asiakasta muuttaa, kuka auttaa?",
        "Vilka två delar har planen?",
    ],
)
def test_two_of_a_kind_are_no_conflict(question: str) -> None:
    assert codes(notices(LAW, question=question)) == []


@pytest.mark.parametrize(
    "question",
    [
        "Which early-stage services are in the integration programme?",
        "Does a choir for those settling in count towards the integration programme?",
        "How long does the State's own integration programme run?",
    ],
)
def test_programme_that_can_be_only_one_of_the_two_is_not_explained(question: str) -> None:
    assert codes(notices(LAW, question=question)) == []
    assert codes(notices(LAW, question="Who approves the integration programme?")) == [WarningCode.TERM_CHANGED]


def test_statement_that_names_the_former_act_tells_its_time_itself() -> None:
    said = "Initial assessments of Act 1386/2010 can be claimed until 31 December 2026."
    assert codes(notices(LAW, citation(2), statements=["Claim in two years.", said])) == []
    bare = "Initial assessments can be claimed until 31 December 2026."
    assert codes(notices(LAW, citation(2), statements=["Claim in two years.", bare])) == [WarningCode.TERM_CHANGED]
