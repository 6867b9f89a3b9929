"""What is typed in the chat is a request for a draft or a checklist, a wish for the draft before, or a question."""

from __future__ import annotations

import pytest

from assistant.checklist import checklists
from assistant.errors import QuestionError
from assistant.plan import Section, plans
from assistant.requests import ChecklistRequest, DraftRequest, Request, Revision, read_request, sections_for

KNOWN = ["Mallikylä", "Esimerkkilä"]


def read(text: str, language: str, *, drafted: bool = False) -> Request | None:
    return read_request(text, language, municipalities=KNOWN, drafted=drafted)


@pytest.mark.parametrize(
    ("language", "text", "section", "municipality"),
    [
        ("en", "Draft the section on good relations for Mallikylä", "good-relations", "Mallikylä"),
        ("en", "please draft the section on housing", "wellbeing-health-housing", None),
        ("en", "Could you write the chapter about employment and education?", "employment-and-education", None),
        ("en", "Draft section situation-picture for Esimerkkilä", "situation-picture", "Esimerkkilä"),
        ("en", "Draft the section on good relations for Uusikylä.", "good-relations", "Uusikylä"),
        ("en", "Draft the old programme section on cooperation", "1386-cooperation", None),
        ("fi", "Luonnostele luku hyvistä väestösuhteista", "good-relations", None),
        ("fi", "Kirjoita osio asumisesta Mallikylälle", "wellbeing-health-housing", "Mallikylä"),
        ("sv", "Skriv avsnittet om goda befolkningsrelationer", "good-relations", None),
    ],
)
def test_request_for_a_draft_names_its_section(
    language: str, text: str, section: str, municipality: str | None
) -> None:
    request = read(text, language)
    assert isinstance(request, DraftRequest)
    assert (request.section.id, request.municipality) == (section, municipality)


@pytest.mark.parametrize(
    ("language", "text", "checklist"),
    [
        ("en", "What does the checklist say we lack?", "plan"),
        ("en", "Go through the old checklist with us", "programme-1386"),
        ("en", "Run the checklist of the service package for us", "service-package"),
        ("fi", "Mitä meiltä puuttuu tarkistuslistan mukaan?", "plan"),
        ("sv", "Vad saknas enligt checklistan?", "plan"),
    ],
)
def test_request_for_a_checklist_names_it(language: str, text: str, checklist: str) -> None:
    assert read(text, language) == ChecklistRequest(checklists()[checklist], None)


def test_checklist_is_answered_for_the_municipality_that_is_named() -> None:
    request = read("What does the checklist say Esimerkkilä is missing?", "en")
    assert isinstance(request, ChecklistRequest)
    assert request.municipality == "Esimerkkilä"


REVISIONS = [
    ("en", "make it shorter", Revision.SHORTER),
    ("en", "That is too long.", Revision.SHORTER),
    ("en", "longer please", Revision.LONGER),
    ("en", "use the other indicator", Revision.OTHER_INDICATOR),
    ("fi", "Tee siitä lyhyempi", Revision.SHORTER),
    ("fi", "käytä toista mittaria", Revision.OTHER_INDICATOR),
    ("sv", "gör den kortare", Revision.SHORTER),
    ("sv", "byt indikator", Revision.OTHER_INDICATOR),
]


@pytest.mark.parametrize(("language", "text", "expected"), REVISIONS)
def test_wish_changes_the_draft_before(language: str, text: str, expected: Revision) -> None:
    assert read(text, language, drafted=True) is expected


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, text, _ in REVISIONS])
def test_wish_without_a_draft_before_it_is_still_a_wish(language: str, text: str) -> None:
    # So that the reader is told that there is nothing to change, and not answered with whatever is "shorter".
    assert isinstance(read(text, language), Revision)


@pytest.mark.parametrize(
    "text",
    [
        "Is a shorter plan allowed by law?",
        "Does the law name any other indicator than these?",
        "Write down who is responsible for integration training",
        "Prepare the plan: who should take part?",
        "Prepare the meeting of the working group",
        "Write a letter to the regional centre",
    ],
)
def test_questions_and_other_errands_are_no_requests(text: str) -> None:
    assert read(text, "en", drafted=True) is None


def test_whole_plan_is_not_drafted_in_the_chat_and_this_is_said() -> None:
    request = read("Draft the whole plan for Mallikylä", "en")
    assert isinstance(request, DraftRequest)
    with pytest.raises(QuestionError, match="one section at a time"):
        _ = request.section


@pytest.mark.parametrize("drafted", [False, True])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "What must a municipality plan?"),
        ("en", "How do we draft a plan?"),
        ("en", "Who drafts the section on good relations?"),
        ("en", "What does the checklist say of the coordinator?"),
        ("en", "Is a checklist compulsory?"),
        ("en", "Which section of the Act speaks of good relations?"),
        ("en", "Is the shorter integration training enough for everyone who needs it under the Act in force today?"),
        ("fi", "Mikä on kotoutumissuunnitelma?"),
        ("fi", "Kuka laatii suunnitelman?"),
        ("fi", "Mitä tarkistuslistassa sanotaan koordinaattorista?"),
        ("sv", "Vad är en integrationsplan?"),
        ("sv", "Vem skriver avsnittet om goda relationer?"),
        ("en", ""),
        ("en", "?!"),
        ("en", "draf " * 2000),
    ],
)
def test_question_is_no_request(language: str, text: str, drafted: bool) -> None:
    assert read(text, language, drafted=drafted) is None


def test_new_request_after_a_draft_is_no_wish_for_it() -> None:
    request = read("Draft the section on communication", "en", drafted=True)
    assert isinstance(request, DraftRequest)
    assert request.section.id == "communication-and-updating"


def test_request_that_fits_no_section_offers_all_names() -> None:
    request = read("Draft the section on football", "en")
    assert request == DraftRequest((), None)
    with pytest.raises(QuestionError) as error:
        _ = request.section
    assert all(section.title in str(error.value) for section in plans()["plan"].sections)
    assert "\n" not in str(error.value)


def test_words_that_fit_several_sections_offer_those() -> None:
    found = tuple(plans()["plan"].sections[:2])
    with pytest.raises(QuestionError, match=f"{found[0].title}; {found[1].title}"):
        _ = DraftRequest(found, None).section


@pytest.mark.parametrize("section", [s for p in plans().values() for s in p.sections], ids=lambda s: str(s.id))
def test_section_is_found_by_its_id(section: Section) -> None:
    assert sections_for(f"Draft {section.id} for Mallikylä", least=0.5) == [section]


@pytest.mark.parametrize("section", plans()["plan"].sections, ids=lambda s: str(s.id))
def test_section_is_found_by_its_title(section: Section) -> None:
    assert section in sections_for(f"Draft the section {section.title}", least=0.5)
