"""The tab Settings and the box of a first visit: what they keep, what they refuse, and that the bar follows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from plan_cases import HERE, MALLIKYLA, add, open_assistant
from web_cases import CHROMIUM, FLAGS, callbacks, in_a_browser, served, violations
from web_fakes import HOSTILE, FakeAssistant, Tags, cited_answer

from assistant import example
from assistant.assistant import Assistant
from assistant.conversations import Asked
from assistant.errors import AssistantError, ModelUnavailable
from assistant.settings import Settings
from assistant.types import Profile
from assistant.web import settings as tab_of_settings
from assistant.web.first_visit import build_first_visit
from assistant.web.page import Page, writer_html
from assistant.words import LANGUAGES, words
from assistant.writing import chat_model

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

SAY = words("en")
FROM_HERE = SimpleNamespace(client=SimpleNamespace(host="127.0.0.1"))
FROM_ELSEWHERE = SimpleNamespace(client=SimpleNamespace(host="192.0.2.7"))
Build = Callable[..., None]


def _profile(page: Page, tab: gr.Tab) -> None:
    tab_of_settings._build_profile(page)


def _first_visit(page: Page, tab: gr.Tab) -> None:
    build_first_visit(page)


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    with open_assistant(tmp_path / "workspace", corpus="none") as opened:
        yield opened


def _form(**changes: Any) -> list[Any]:
    """What stands in the fields, in their order."""
    fields: dict[str, Any] = {
        "name": HERE, "population": 9700, "languages": "Finnish", "population_date": "2025-12-31", "plan_from": "2027",
        "plan_to": "2030", "employment_area": "Keksilä", "wellbeing_county": "Mallimaa", "regional_centre": "",
        "contact": "Aino Esimerkki",
    }  # fmt: skip
    return list({**fields, **changes}.values())


def test_profile_is_kept_and_comes_back_into_its_fields(assistant: Assistant) -> None:
    call = callbacks(_profile, assistant)
    said, saved, chosen, _ = call["save"](*_form())
    assert "Saved: Mallikylä" in said
    assert "role='status'" in said
    assert saved == chosen == HERE
    assert assistant.planning.workbook.profile(HERE) == Profile(
        HERE, 9700, "2025-12-31", "Finnish", "Keksilä", "Mallimaa", "", "2027", "2030", "Aino Esimerkki"
    )
    shown = call["fill"](HERE, "")
    assert shown[-1] == ""
    assert call["fill"](HERE, HERE)[-1] != ""  # what was just told of it stays
    assert [getattr(one, "value", one) for one in shown[:-1]] == _form()


def test_emptied_field_takes_back_what_was_told(assistant: Assistant) -> None:
    call = callbacks(_profile, assistant)
    call["save"](*_form())
    call["save"](*_form(population=None, plan_from="", contact="", languages="", plan_to="2020"))
    kept = assistant.planning.workbook.profile(HERE)
    assert kept is not None
    assert (kept.population, kept.plan_from, kept.contact, kept.languages) == (None, None, "", "")
    assert kept.plan_to == "2020"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "Give the name"),
        ({"population": -1}, "cannot be"),
        ({"plan_from": "2031"}, "before it begins"),
        ({"plan_from": "next year"}, "is no date"),
        ({"population_date": "31.12.2025"}, "is no date"),
    ],
)
def test_profile_that_cannot_be_is_told_and_nothing_is_kept(
    assistant: Assistant, changes: dict[str, Any], said: str
) -> None:
    told = callbacks(_profile, assistant)["save"](*_form(**changes))
    assert said in told[0]
    assert "role='alert'" in told[0]
    assert assistant.planning.workbook.profiles() == []


def test_language_told_in_other_words_stays_to_choose(assistant: Assistant) -> None:
    assistant.municipalities.tell(HERE, languages="Finnish, Swedish and Northern Sami")
    languages = callbacks(_profile, assistant)["fill"](HERE, "")[2]
    assert languages.value == "Finnish, Swedish and Northern Sami"


def test_model_is_used_until_the_program_ends_and_the_bar_follows(assistant: Assistant) -> None:
    call = callbacks(tab_of_settings._build_model, assistant)
    said, now, bar = call["use"]("ollama:tiny", "http://127.0.0.1:1/", FROM_HERE)
    assert "in use" in said
    assert "on this machine" in now
    assert "ollama:tiny" in bar
    assert assistant.settings.model == "ollama:tiny"
    assert assistant.planning._settings.model == "ollama:tiny"
    said, now, bar = call["none"](FROM_HERE)
    assert "No language model" in said
    assert assistant.settings.model == ""
    assert "Nothing leaves this machine" in bar


def test_where_text_would_go_is_told_before_anything_is_sent(assistant: Assistant) -> None:
    where = callbacks(tab_of_settings._build_model, assistant)["where"]
    assert where("", "") == ""
    assert "would be sent to openai (model.example)" in where("openai:x", "https://model.example/v1")
    assert "Nothing would leave" in where("ollama:x", "")
    assert where("openai:x", "model") == ""  # half an address


def test_model_is_neither_tried_nor_changed_from_another_machine(assistant: Assistant) -> None:
    call = callbacks(tab_of_settings._build_model, assistant)
    assert "only on the machine" in call["use"]("ollama:tiny", "", FROM_ELSEWHERE)[0]
    assert "only on the machine" in list(call["test"]("ollama:tiny", "", FROM_ELSEWHERE))[-1][0]
    assert "only on the machine" in call["none"](FROM_ELSEWHERE)[0]
    assert assistant.settings.model == ""


@pytest.mark.parametrize(
    ("model", "address", "said"),
    [
        ("", "", "Write which model"),
        ("tiny", "", "names no provider"),
        ("nobody:tiny", "", "cannot be set up"),
        ("ollama:tiny", "localhost", "is no web address"),
        ("ollama:tiny", "http://127.0.0.1:1/", "could not be asked"),
    ],
)
def test_model_that_cannot_be_asked_is_told_in_one_line(
    assistant: Assistant, model: str, address: str, said: str
) -> None:
    told = list(callbacks(tab_of_settings._build_model, assistant)["test"](model, address, FROM_HERE))[-1]
    assert said in told[0]
    assert "\n" not in told[0]


def test_test_tells_what_came_and_how_long_it_took() -> None:
    call = callbacks(tab_of_settings._build_model, FakeAssistant())
    assert "answered in 0.4 seconds: “On Saturdays.”" in list(call["test"]("ollama:tiny", "", FROM_HERE))[-1][0]
    assert "could not be asked" in list(call["test"]("ollama:broken", "", FROM_HERE))[-1][0]


def test_key_of_the_environment_goes_nowhere_that_somebody_typed(tmp_path: Path) -> None:
    settings = Settings(
        workspace=tmp_path,
        corpus="none",
        model="openai:good",
        model_base_url="https://ours.example/",
        model_api_key="key",
    )
    with Assistant.open(settings=settings) as assistant:
        assert assistant.with_model("openai:other", "https://ours.example/").model_api_key == "key"
        assert assistant.with_model("openai:good", "https://theirs.example/").model_api_key == ""
        assert assistant.with_model("openai:good").model_api_key == ""
        assistant.use_model("")
        assert assistant.settings.model_api_key == ""
        assert assistant.with_model("openai:good", "https://ours.example/").model_api_key == "key"


def test_trial_sends_no_word_of_the_workspace_and_ends_in_time(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add(assistant, tmp_path / "files", MALLIKYLA)
    sent: list[str] = []
    waiting = threading.Event()

    class Silent:
        def with_structured_output(self, form: type, method: str) -> Any:
            def invoke(prompt: str) -> Any:
                sent.append(prompt)
                if len(sent) == 1:
                    return form(statements=[{"text": "On Saturdays.", "quotes": []}])
                return waiting.wait(5)

            return SimpleNamespace(invoke=invoke)

    monkeypatch.setattr(chat_model, "chat_model", lambda settings: Silent())
    assert assistant.try_model("ollama:tiny").reply == "On Saturdays."
    assert HERE not in sent[0]
    with pytest.raises(ModelUnavailable, match=r"within 0.1 seconds"):
        assistant.try_model("ollama:tiny", timeout_s=0.1)
    waiting.set()


def test_feedback_goes_into_a_file_once_there_is_some(assistant: Assistant) -> None:
    feedback = callbacks(tab_of_settings._build_rest, assistant)["feedback"]
    assert "Nobody has judged" in feedback()[1]
    book = assistant.planning.workbook
    book.keep_asked("talk", Asked("Must we plan?", answer=cited_answer("Must we plan?")), municipality=HERE)
    book.keep_feedback("talk", 1, helpful=True)
    button, said = feedback()
    assert "Judged answers in it: 1" in said
    assert "feedback" in str(button.value)


def test_what_the_program_holds_is_told(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "files", MALLIKYLA)
    told = Tags(callbacks(tab_of_settings._build_rest, assistant)["show"]()[0]).text
    assert str(assistant.workspace) in told
    assert "Documents: 2, passages: " in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_there_in_every_language(assistant: Assistant, language: str) -> None:
    for build in (tab_of_settings.build_settings, _first_visit):
        call = callbacks(build, assistant, language)
        for shown in call["show"]():
            if isinstance(shown, str):
                Tags(shown)
    Tags(writer_html(words(language), Settings(model=f"openai:{HOSTILE}")))


def test_example_goes_in_with_its_steps_and_out_again(assistant: Assistant) -> None:
    call = callbacks(_first_visit, assistant)
    assert call["show"]()[0].visible is True
    steps = list(call["fill"](""))
    assert sum("Reading: " in step[0] for step in steps) == 5
    assert "The example is in" in steps[-1][0]
    assert steps[-1][-2] == example.name()
    box, about, put_in, take_out = call["show"]()
    assert (box.visible, put_in.visible, take_out.visible) == (True, False, True)
    assert "How many foreign-language residents" in about
    asked = call["ask"]()
    assert asked[0].visible is True
    assert "5 documents, 1 table of figures" in asked[1]
    assert asked[2].visible is False
    assert example.is_in(assistant)  # nothing goes before somebody says yes
    assert [getattr(one, "visible", one) for one in call["keep"]()] == [False, "", True]
    assert "The example is out" in call["empty"]("")[0]
    assert assistant.sources() == []


def test_box_does_not_stand_where_there_is_work_already(assistant: Assistant, tmp_path: Path) -> None:
    add(assistant, tmp_path / "files", MALLIKYLA)
    assert callbacks(_first_visit, assistant)["show"]()[0].visible is False


@pytest.mark.parametrize(
    ("error", "said"), [(AssistantError("The disk is full."), "The disk is full."), (RuntimeError("secret"), "logged")]
)
def test_example_that_cannot_go_in_is_told_in_words(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(assistant, "add", fail)
    last = list(callbacks(_first_visit, assistant)["fill"](""))[-1]
    assert said in last[0]
    assert "role='alert'" in last[0]
    assert "secret" not in last[0]


@pytest.fixture
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as at:
        yield at


@in_a_browser
def test_question_before_the_removal_gives_way_when_the_button_is_shown_anew(
    assistant: Assistant, address: str
) -> None:
    from playwright.sync_api import expect, sync_playwright

    example.put_in(assistant)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(address)
        remove, question = page.locator("#settings-example-out"), page.locator("#settings-example-ask")
        page.get_by_role("tab", name="Settings").click()
        expect(page.locator("#profile-name :is(textarea, input)")).to_have_value("Esimerkkilä")
        page.wait_for_timeout(1000)  # the municipality that the page begins with closes the question, too
        remove.click()
        expect(question).to_contain_text("5 documents")
        expect(remove).to_be_hidden()
        page.get_by_role("tab", name="Sources").click()
        page.get_by_role("tab", name="Settings").click()
        expect(remove).to_be_visible()
        expect(question).to_be_hidden()
        assert example.is_in(assistant)
        browser.close()


@in_a_browser
def test_first_visitor_tries_the_example_changes_settings_and_removes_it(address: str) -> None:
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en-GB")
        page.goto(address)
        page.get_by_role("button", name="Try it with an example municipality").first.click()
        box = page.locator("#first-visit")
        expect(box).to_contain_text("You are trying the example", timeout=30_000)
        expect(page.get_by_label("Municipality", exact=True)).to_have_value("Esimerkkilä")
        question = "Who coordinates the planning of integration in Esimerkkilä?"
        box.get_by_role("button", name=question).click()
        expect(page.locator("#question textarea, #question input")).to_have_value(question)
        page.get_by_role("tab", name="Settings").click()
        expect(page.get_by_label("Residents", exact=True)).to_have_value("12480")
        page.get_by_label("Contact", exact=False).fill("Aino Esimerkki")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#profile-result [role=status]")).to_contain_text("Saved: Esimerkkilä")
        button, told = (page.locator(one).bounding_box() for one in ("#profile-save", "#profile-result"))
        assert button
        assert told
        assert abs(button["y"] + button["height"] / 2 - told["y"] - told["height"] / 2) < 20
        page.locator("#model-name textarea, #model-name input").fill("openai:x")
        expect(page.locator("#model-goes")).to_contain_text("text leaves this machine")
        page.locator("#model-address textarea, #model-address input").fill("http://127.0.0.1:1/v1")
        page.get_by_role("button", name="Use it until the program ends").click()
        expect(page.locator("#writer")).to_contain_text("“openai:x” on this machine")
        page.get_by_role("button", name="Back to no language model").click()
        expect(page.locator("#writer")).to_contain_text("without a language model")
        found = violations(page)
        assert found == []
        box.get_by_role("button", name="Remove the example").focus()
        page.keyboard.press("Enter")
        expect(box.locator("#example-ask")).to_contain_text(
            "everything kept for it, for good: 5 documents, 1 table of figures"
        )
        keep = box.get_by_role("button", name="Keep it")
        expect(keep).to_be_focused()
        assert violations(page) == []
        page.keyboard.press("Enter")
        expect(keep).to_be_hidden()
        expect(box.get_by_role("button", name="Remove the example")).to_be_focused()
        page.keyboard.press("Enter")
        expect(keep).to_be_focused()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        expect(box).to_contain_text("New here?")
        expect(page.locator("#example-in")).to_be_focused()
        expect(box.locator("#example-ask")).to_be_hidden()
        expect(page.get_by_label("Municipality", exact=True)).to_have_value("Not chosen")
        name = page.locator("#profile-name :is(textarea, input)")
        expect(name).to_have_value("")
        name.fill(HERE)  # the bar goes over to it
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_label("Municipality", exact=True)).to_have_value(HERE)
        page.wait_for_timeout(500)
        expect(page.locator("#profile-result [role=status]")).to_contain_text("Saved: Mallikylä")
        expect(page.locator("#profile-result [role=status]")).to_be_in_viewport()
        browser.close()
