"""Drafts and checklists on screen: marks lead to cards, gaps are marked, and nothing of a document acts on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from web_fakes import GUIDANCE, HOSTILE, Tags, citation

from assistant.export import labels
from assistant.types import (
    BlockRole,
    Cell,
    ChecklistAnswer,
    CopyingCheck,
    DraftBlock,
    Example,
    ItemAnswer,
    ItemStatus,
    Kind,
    Match,
    Notice,
    Override,
    Placeholder,
    SectionDraft,
    Statement,
    Support,
    Surroundings,
    WarningCode,
)
from assistant.web import rendering
from assistant.web.draft_html import checklist_html, draft_html
from assistant.web.rendering import Exchange
from assistant.words import words

SAY = words("en")
GAP = Placeholder("good-relations.group-relations", "How do groups get on?", "The youth workers", "Surveys")


def draft(**changes: object) -> SectionDraft:
    """A section with a block of each kind but for the fields given."""
    whole = SectionDraft(
        section="good-relations",
        title="Good relations",
        municipality="Mallikylä",
        as_of="2026-11-22",
        writer="extractive",
        blocks=(
            DraftBlock("What the law requires", BlockRole.REQUIREMENTS, (Statement("We plan.", (1,), Support.QUOTED),)),
            DraftBlock(
                "Relations today",
                BlockRole.OWN,
                (
                    Statement("People meet.", (2, 1), Support.QUOTED),
                    Statement(f"Groups get on {GAP.mark}.", (), Support.UNSUPPORTED),
                    Statement("Everyone is happy.", (), Support.UNSUPPORTED),
                ),
            ),
            DraftBlock(
                "Objectives",
                BlockRole.OBJECTIVES,
                (Statement("Trust", (2,), Support.SUPPORTED),),
                ("Change aimed at", "Measure", "Target"),
                ((Cell("Trust grows", (2,)), Cell("Evenings", (2,)), Cell(GAP.mark)),),
            ),
        ),
        placeholders=(GAP,),
        citations=(citation(1), citation(2)),
        warnings=(Notice(WarningCode.TERM_CHANGED, "A term has changed.", (1,)),),
        status="duty",
        examples=(
            Example("vaasa", "Vaasa", "Programme of Vaasa", "2023", "page 4", "https://vaasa.example/p", "A city."),
        ),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def item(name: str, status: ItemStatus, **changes: object) -> ItemAnswer:
    statements = () if status is ItemStatus.NO_EVIDENCE else (Statement("It is so.", (1,), Support.QUOTED),)
    answer = ItemAnswer(name, f"Item {name} is there.", status, statements, f"Do {name} next.", law="advice")
    return replace(answer, **changes)  # type: ignore[arg-type]


def checklist(*items: ItemAnswer, **changes: object) -> ChecklistAnswer:
    whole = ChecklistAnswer("plan", "Planning", "Mallikylä", "2026-11-22", items, (citation(1),))
    return replace(whole, **changes)  # type: ignore[arg-type]


THREE = (item("a", ItemStatus.MET), item("b", ItemStatus.PARTLY), item("c", ItemStatus.NO_EVIDENCE))


def exchange(number: int, answer: SectionDraft | ChecklistAnswer) -> Exchange:
    places = tuple(Surroundings(GUIDANCE, "before ", c.quote, " after") for c in answer.citations)
    return Exchange(number, "Draft it", answer, places)


# Marks and cards.


@pytest.mark.parametrize("answer", [draft(), checklist(*THREE)], ids=["draft", "checklist"])
def test_every_mark_leads_to_its_card_and_back(answer: SectionDraft | ChecklistAnswer) -> None:
    exchanges = (exchange(1, answer), exchange(2, answer))
    tags = Tags(rendering.transcript(SAY, exchanges) + rendering.source_panel(SAY, exchanges)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] or "" for _, attributes in tags if (attributes.get("href") or "").startswith("#")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {"cite-1-1", "cite-2-1", "mark-1-1", "mark-2-1"} <= {link[1:] for link in links}


def test_mark_of_a_draft_is_named_after_its_source() -> None:
    assert f"aria-label='Citation 1: {GUIDANCE.title}'" in draft_html(SAY, 1, draft())


def test_one_mark_a_row_is_enough() -> None:
    row = re.search(r"<tbody>(.*)</tbody>", draft_html(SAY, 1, draft()), re.DOTALL)
    assert row is not None
    assert row[1].count("class='mark'") == 1


def test_citation_that_is_not_there_gives_no_mark() -> None:
    html = draft_html(
        SAY, 1, draft(blocks=(DraftBlock("Own", BlockRole.OWN, (Statement("Sound?", (99,), Support.QUOTED),)),))
    )
    assert f"<b>{SAY('answer.unsupported')}</b><p>Sound?" in html
    assert "99" not in html


# What a reader must see.


def test_gap_is_marked_in_sentences_and_cells_and_asked_below() -> None:
    html = draft_html(SAY, 1, draft())
    assert html.count(f"<mark class='gap'>{GAP.mark}</mark>") == 2
    assert f"<p>Groups get on <mark class='gap'>{GAP.mark}</mark>.</p>" in html
    for text in (GAP.question, GAP.who_knows, GAP.where_to_find, SAY("draft.to-fill", n=1)):
        assert text in html


def test_gap_is_no_unsupported_statement_but_a_statement_without_source_is() -> None:
    html = draft_html(SAY, 1, draft())
    assert re.findall(r"<div class='unsupported'><b>[^<]*</b><p>([^<]*?) *</p>", html) == ["Everyone is happy."]


@pytest.mark.parametrize("status", labels.SECTION_STATUSES)
def test_draft_says_who_asks_for_its_content_and_for_which_day_the_law_is_taken(status: str) -> None:
    text = Tags(draft_html(SAY, 1, draft(status=status))).text
    assert labels.SECTION_STATUSES[status] in text
    assert "Law as of 22 November 2026" in text
    assert SAY("answer.writer-extractive") in text
    assert "chat model openai:x" in Tags(draft_html(SAY, 1, draft(writer="openai:x"))).text


def test_law_and_guidance_stand_apart_from_the_municipality() -> None:
    html = draft_html(SAY, 1, draft())
    assert re.findall(r"<section class='ground'><h5>([^<]+)</h5>", html) == [
        "What the law requires", SAY("draft.examples-elsewhere")
    ]  # fmt: skip


def test_example_is_named_with_its_year_and_its_caution() -> None:
    html = draft_html(SAY, 1, draft())
    assert (
        "<a href='https://vaasa.example/p' target='_blank' rel='noopener noreferrer'>Programme of Vaasa (2023)" in html
    )
    assert "<small>A city.</small>" in html


def test_warnings_of_a_draft_have_plain_words() -> None:
    html = draft_html(SAY, 1, draft())
    assert f"aria-label='{SAY.of('answer.warning', WarningCode.TERM_CHANGED)}'" in html
    assert "A term has changed." in html


def test_draft_without_municipality_or_blocks_is_a_page_too() -> None:
    empty = draft(municipality=None, blocks=(), placeholders=(), citations=(), warnings=(), examples=(), status="")
    tags = Tags(draft_html(SAY, 1, empty))
    assert "Good relations" in tags.text
    assert "None" not in tags.text


# What follows another programme.


def copied(
    answer: SectionDraft, *stretches: str, degree: str = "near", theirs: str = "Their people meet."
) -> SectionDraft:
    """The draft with a copying check that found these stretches of its text."""
    text = "\n\n".join(s.text for block in answer.blocks for s in block.statements)
    matches = tuple(
        Match(
            text.index(stretch), text.index(stretch) + len(stretch), stretch, "naapurila", "Naapurila", theirs, degree,
            title="Programme 2022–2025", pinpoint="9 Good relations", what_to_do="Say what is yours.",
        )
        for stretch in stretches
    )  # fmt: skip
    return replace(answer, copying=CopyingCheck(len(text), 1, 0.1, matches, compared_with=1))


def test_statement_that_follows_another_programme_is_marked_with_a_box_below() -> None:
    html = draft_html(SAY, 1, copied(draft(), "People meet."))
    box = re.search(
        r"<div class='copied'><p>People meet\..*?</p>(<div role='note' class='theirs'.*?</div>)</div>", html
    )
    assert box is not None
    name = "Follows the programme of Naapurila, lightly edited"
    assert f"aria-label='{name}'" in box[1]
    text = Tags(box[1]).text
    for told in (
        name,
        "Programme 2022–2025, 9 Good relations",
        "Their people meet.",
        "What to do: Say what is yours.",
    ):
        assert told in text
    assert html.count("class='copied'") == 1


@pytest.mark.parametrize(("degree", "said"), labels.COPYING_DEGREES.items())
def test_box_says_how_close_the_words_are(degree: str, said: str) -> None:
    assert f"Follows the programme of Naapurila, {said}</b>" in draft_html(
        SAY, 1, copied(draft(), "We plan.", degree=degree)
    )


def test_passage_over_several_statements_shows_its_words_once_and_passes_over_open_questions() -> None:
    across = f"People meet.\n\nGroups get on {GAP.mark}.\n\nEveryone"
    html = draft_html(SAY, 1, copied(draft(), across))
    assert html.count("class='copied'") == 2
    assert html.count("Their people meet.") == 1
    assert f"{SAY('draft.copied-again', place='Programme 2022–2025, 9 Good relations')}" in Tags(html).text
    assert f"</div><p>Groups get on <mark class='gap'>{GAP.mark}</mark>.</p>" in html


def test_rows_that_follow_another_programme_have_their_boxes_below() -> None:
    html = draft_html(SAY, 1, copied(draft(), "Trust"))
    assert "<tr class='copied'>" in html
    below = html.partition("</table></div>")[2]
    assert "<small>Row 1: Trust grows</small><b>Follows the programme of Naapurila" in below
    wide = DraftBlock("Objectives", BlockRole.OBJECTIVES, (Statement("Trust", (2,), Support.SUPPORTED),),
                      tuple("abcde"), ((Cell("Trust", (2,)), *(Cell(GAP.mark) for _ in range(4))),))  # fmt: skip
    assert "<div class='copied'><dl class='objective'>" in draft_html(SAY, 1, copied(draft(blocks=(wide,)), "Trust"))


def test_draft_that_follows_nothing_has_no_box() -> None:
    assert "copied" not in draft_html(SAY, 1, copied(draft()))


# Checklists.


def test_checklist_counts_and_shows_what_is_lacking_first() -> None:
    html = checklist_html(SAY, 1, checklist(*THREE))
    text = Tags(html).text
    assert "no evidence found 1, " in text or ", no evidence found 1" in text
    assert text.index("Item c") < text.index("Item b") < text.index("Item a")
    assert html.count("<details open>") == 2
    assert SAY("checklist.no-evidence") in text


def test_next_step_is_told_of_what_is_not_shown_only() -> None:
    text = Tags(checklist_html(SAY, 1, checklist(*THREE))).text
    assert "Do c next." in text
    assert "Do b next." in text
    assert "Do a next." not in text


def test_word_of_a_person_counts_and_stands_with_their_name() -> None:
    said = Override(ItemStatus.MET, "Board, 3 March.", "Aino", "2026-11-01T12:00:00+00:00")
    html = checklist_html(SAY, 1, checklist(item("c", ItemStatus.NO_EVIDENCE, override=said)))
    assert f"<summary>{labels.ITEM_STATUSES[ItemStatus.MET]} (1)</summary>" in html
    assert "<b>Aino:</b> Board, 3 March." in html


# What a document or a person may hold.


HOSTILE_CITATION = citation(
    1, quote=HOSTILE, source=replace(GUIDANCE, title=HOSTILE, url="javascript:alert(1)", municipality=HOSTILE)
)
HOSTILE_STATEMENT = Statement(f"{HOSTILE}\n- {HOSTILE}", (1,), Support.QUOTED)
HOSTILE_DRAFT = draft(
    title=HOSTILE,
    municipality=HOSTILE,
    writer=HOSTILE,
    status=HOSTILE,
    blocks=(
        DraftBlock(HOSTILE, BlockRole.OWN, (HOSTILE_STATEMENT, Statement(HOSTILE + GAP.mark, (), Support.UNSUPPORTED))),
        DraftBlock(HOSTILE, BlockRole.OWN, (), (HOSTILE,) * 2, ((Cell(HOSTILE, (1,)), Cell(f"[TO FILL: {HOSTILE}]")),)),
        DraftBlock(HOSTILE, BlockRole.OBJECTIVES, (), (HOSTILE,), ((Cell("[TO FILL: <b onclick=alert(1)>]"),),)),
    ),
    copying=CopyingCheck(
        9, 9, 1.0, (Match(0, 1000, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "near", 0, 0, HOSTILE, HOSTILE, HOSTILE),) * 2,
    ),
    placeholders=(Placeholder(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
    citations=(HOSTILE_CITATION,),
    warnings=(Notice(WarningCode.COPYING, HOSTILE, (1,)),),
    examples=(Example(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE),),
)  # fmt: skip
HOSTILE_CHECKLIST = checklist(
    ItemAnswer(
        HOSTILE, HOSTILE, ItemStatus.PARTLY, (HOSTILE_STATEMENT,), HOSTILE, HOSTILE, HOSTILE, HOSTILE,
        override=Override(ItemStatus.PARTLY, HOSTILE, HOSTILE, HOSTILE),
    ),
    title=HOSTILE, municipality=HOSTILE, citations=(HOSTILE_CITATION,),
    warnings=(Notice(WarningCode.COPYING, HOSTILE, (1,)),),
)  # fmt: skip


@pytest.mark.parametrize("answer", [HOSTILE_DRAFT, HOSTILE_CHECKLIST], ids=["draft", "checklist"])
def test_nothing_of_a_document_or_a_person_acts_on_the_page(answer: SectionDraft | ChecklistAnswer) -> None:
    one = replace(exchange(1, answer), question=HOSTILE)
    tags = Tags(rendering.transcript(SAY, (one,)) + rendering.source_panel(SAY, (one,)))
    names = {name for name, _ in tags.tags}
    assert not names & {"script", "img", "iframe", "object", "style", "form", "input", "svg"}
    for name, attributes in tags.tags:
        assert not [key for key in attributes if key.startswith("on")], name
        assert "javascript:" not in (attributes.get("href") or "")
    assert "<script>alert(1)</script>" in tags.text  # shown as text
    assert answer.citations[0].kind is Kind.GUIDANCE


def test_hostile_parts_are_shown_whole() -> None:
    tags = Tags(draft_html(SAY, 1, HOSTILE_DRAFT))
    assert tags.text.count("alert(1)") >= 3 * 15
    marks = [attributes for name, attributes in tags.tags if name == "mark"]
    assert marks
    assert all(attributes == {"class": "gap"} for attributes in marks)
