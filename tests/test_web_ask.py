"""The callbacks of the Ask tab: answers kept, opened again, judged; and what a browser should not send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr
import pytest
from web_fakes import GUIDANCE, QUOTE, FakeAssistant, Tags, citation, cited_answer

from assistant.conversations import Asked
from assistant.errors import WorkspaceError
from assistant.settings import Settings
from assistant.types import Statement, Support, Surroundings
from assistant.web import rendering
from assistant.web.ask import KEPT_EXCHANGES, Talk
from assistant.web.page import build_page
from assistant.web.rendering import Exchange
from assistant.words import LANGUAGES, words

SAY = words("en")
TALK = "0" * 32
FULL = WorkspaceError("Nothing was saved in the workbook x: the disk is full. Check that the disk has free space.")


class Tab:
    """The callbacks of a page by name, and what they show by the id of the component."""

    def __init__(self, fake: FakeAssistant) -> None:
        self.fake = fake
        blocks = build_page(fake, Settings(), SAY, lambda: "ready")
        self._callbacks: dict[str, Callable[..., Any]] = {
            one.fn.__name__: one.fn
            for one in blocks.fns.values()
            if one.fn and one.fn.__module__ == "assistant.web.ask"
        }

    def all(self, name: str, *inputs: object) -> list[dict[str, Any]]:
        """What a callback shows, one step after the other."""
        given = self._callbacks[name](*inputs)
        steps = [given] if isinstance(given, dict) else list(given)
        return [{getattr(one, "elem_id", "") or "talk": value for one, value in step.items()} for step in steps]

    def last(self, name: str, *inputs: object) -> dict[str, Any]:
        """What it shows in the end."""
        return self.all(name, *inputs)[-1]


@pytest.fixture(scope="module")
def built() -> Tab:
    return Tab(FakeAssistant())  # a page takes a second to build


@pytest.fixture
def tab(built: Tab) -> Iterator[Tab]:
    """The page with nothing kept."""
    contexts = dict(built.fake.contexts)
    yield built
    for kept in built.fake.planning.workbook.conversations():
        built.fake.planning.workbook.remove_conversation(kept.id)
    built.fake.put.clear()
    built.fake.contexts = contexts


def pressed(action: str, value: object, text: str = "") -> gr.EventData:
    return gr.EventData(None, {"action": action, "value": value, "text": text})


def asked(tab: Tab, question: str, talk: Talk | None = None) -> Talk:
    given = tab.last("ask", question, "", "", talk or Talk())["talk"]
    assert isinstance(given, Talk)
    return given


def test_answer_is_kept_as_it_arrives_with_the_chosen_municipality(tab: Tab) -> None:
    first, *_, last = tab.all("ask", " Must we plan? ", "", "Mallikylä", Talk())
    assert first["question"] == ""
    assert first["talk"].waiting.question == "Must we plan?"
    (kept,) = tab.fake.planning.workbook.conversations()
    assert (kept.id, kept.title, kept.municipality) == (last["talk"].id, "Must we plan?", "Mallikylä")
    assert last["talk"].exchanges[0].at


def test_answer_is_shown_though_it_cannot_be_kept(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> Asked:
        raise FULL

    monkeypatch.setattr(tab.fake.planning.workbook, "keep_asked", full)
    shown = Tags(tab.last("ask", "Must we plan?", "", "", Talk())["conversation"]).text
    assert QUOTE in shown
    assert f"{SAY('ask.not-kept')} Nothing was saved" in shown
    assert SAY("ask.helpful") not in shown  # nothing can be said of what is not kept
    assert SAY("ask.put") in shown


def test_question_that_the_next_one_overtakes_stays_to_be_seen(tab: Tab) -> None:
    first = tab.all("ask", "Must we plan?", "", "", Talk())[0]["talk"]
    assert first.waiting.question == "Must we plan?"
    shown = tab.last("ask", "Who approves it?", "", "", first)
    text = Tags(shown["conversation"]).text
    assert "Must we plan?" in text
    assert SAY("ask.overtaken") in text
    assert [e.question for e in shown["talk"].exchanges] == ["Must we plan?", "Who approves it?"]
    assert shown["talk"].waiting is None


@pytest.mark.parametrize("question", ["bad date", "crash"])
def test_question_that_fails_is_not_kept_and_comes_back(tab: Tab, question: str) -> None:
    last = tab.last("ask", question, "", "", Talk())
    assert last["question"] == question
    assert tab.fake.planning.workbook.conversations() == []
    assert SAY("ask.not-answered") in last["spoken"]


def test_long_conversation_shows_its_end_and_keeps_all(tab: Tab) -> None:
    talk = Talk()
    for n in range(KEPT_EXCHANGES + 2):
        talk = asked(tab, f"question {n}", talk)
    assert len(talk.exchanges) == KEPT_EXCHANGES
    assert len(tab.fake.planning.workbook.conversation(talk.id)) == KEPT_EXCHANGES + 2
    opened = tab.last("open_earlier", Talk(), pressed("open", talk.id))["talk"]
    assert [one.number for one in opened.exchanges] == [one.number for one in talk.exchanges]


@pytest.mark.parametrize("value", [None, "", "2", "-1", 10**30, "\ud800", {"a": 1}, ["1"]])
@pytest.mark.parametrize("action", ["helpful", "not-right", "note", "choose", "put", "close", "drop", None, 5])
def test_what_belongs_to_no_answer_does_nothing(tab: Tab, action: Any, value: object) -> None:
    talk = Talk(TALK, (Exchange(1, "Must we plan?", cited_answer("Must we plan?")),))
    assert set(tab.last("act", "", talk, pressed(action, value))) == {"spoken"}
    assert tab.fake.planning.workbook.judged() == []
    assert tab.fake.put == []


def test_section_that_does_not_exist_is_told_and_the_answer_stays(tab: Tab) -> None:
    talk = asked(tab, "Must we plan?")
    last = tab.last("act", "", talk, pressed("put", 1, "no-such-section"))
    assert "There is no section" in last["conversation"]
    assert QUOTE in last["conversation"]
    assert tab.fake.put == []


def test_unforeseen_fault_is_told_without_its_detail(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(*_: object, **__: object) -> object:
        raise RuntimeError("secret detail")

    talk = asked(tab, "Must we plan?")
    workbook = tab.fake.planning.workbook
    for name in ("keep_feedback", "conversation", "remove_conversation"):
        monkeypatch.setattr(workbook, name, crash)
    shown = [
        tab.last("act", "", talk, pressed("helpful", 1))["conversation"],
        tab.last("open_earlier", talk, pressed("open", talk.id))["spoken"],
        tab.last("remove", "", talk, pressed("remove", talk.id))["spoken"],
    ]
    for html in shown:
        assert SAY("page.failed") in html
        assert "secret detail" not in html
    assert caplog.text.count("RuntimeError: secret detail") == 3


def test_feedback_that_cannot_be_kept_is_told(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> object:
        raise FULL

    talk = asked(tab, "Must we plan?")
    monkeypatch.setattr(tab.fake.planning.workbook, "keep_feedback", full)
    last = tab.last("act", "", talk, pressed("helpful", 1))
    assert "the disk is full" in last["conversation"]
    assert "aria-pressed='true'" not in last["conversation"]


def test_choosing_a_section_goes_on_while_the_answer_is_judged(tab: Tab) -> None:
    talk = tab.last("act", "", asked(tab, "Must we plan?"), pressed("choose", 1))["talk"]
    talk = tab.last("act", "", talk, pressed("helpful", 1))["talk"]
    assert talk.exchanges[0].choosing
    assert talk.exchanges[0].feedback.helpful
    assert not tab.last("act", "", talk, pressed("close", 1))["talk"].exchanges[0].choosing


def test_conversation_that_another_tab_removed_is_told(tab: Tab) -> None:
    talk = asked(tab, "Must we plan?")
    tab.fake.planning.workbook.remove_conversation(talk.id)
    assert "not there any more" in tab.last("open_earlier", Talk(), pressed("open", talk.id))["spoken"]
    assert "This answer is not kept" in tab.last("act", "", talk, pressed("helpful", 1))["conversation"]


def test_stop_with_nothing_to_stop_changes_nothing(tab: Tab) -> None:
    talk = asked(tab, "Must we plan?")
    assert set(tab.last("stop", "typed", talk)) == {"stop"}


def test_stopping_keeps_what_was_typed_meanwhile(tab: Tab) -> None:
    talk = Talk(TALK, (Exchange(1, "slow"),))
    assert tab.last("stop", "", talk)["question"] == "slow"
    assert tab.last("stop", "another one", talk)["question"] == "another one"
    assert tab.last("stop", "", talk)["talk"].exchanges == ()


def test_quote_whose_source_has_changed_is_shown_as_it_was_quoted(tab: Tab) -> None:
    tab.fake.contexts[QUOTE] = ("now", "other words stand here", "now")
    html = tab.last("ask", "Must we plan?", "", "", Talk())["panel"]
    assert f"<mark>{QUOTE}</mark>" in html
    assert "other words stand here" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_another_language_than_the_page_are_marked(language: str) -> None:
    say = words(language)
    finnish = replace(GUIDANCE, language="fi")
    answer = replace(
        cited_answer("?"),
        language="sv",
        statements=(
            Statement("Kunta suunnittelee.", (1,), Support.QUOTED),
            Statement("Skrivet.", (1,), Support.SUPPORTED),
        ),
        citations=(citation(1),),
        warnings=(),
    )
    exchange = Exchange(1, "?", answer, (Surroundings(finnish, "", QUOTE, ""),))
    html = rendering.transcript(say, (exchange,))
    for code, text in (("fi", "Kunta suunnittelee."), ("sv", "Skrivet.")):
        attribute = "" if code == language else f" lang='{code}'"
        assert f"<p{attribute}>{text}" in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_to_choose_from_are_named_in_the_language_of_the_page(language: str) -> None:
    exchange = Exchange(1, "?", cited_answer("?"), choosing=True)
    html = rendering.transcript(words(language), (exchange,))
    assert f"<option value='good-relations'>{words(language)('plans.section.good-relations')}</option>" in html
    assert html.count("<optgroup") == 2
