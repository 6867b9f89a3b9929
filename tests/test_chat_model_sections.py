"""A chat model that writes sections of a plan: what holds stays, what lies gives way, blocks stay apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fakes import HashedWords
from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableLambda

from assistant import Assistant
from assistant.errors import MalformedDraft, ModelUnavailable
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import BlockRole, Quote, SectionDraft, Support, WarningCode
from assistant.writing import chat_model
from assistant.writing.chat_model import ModelSection, write_section

SETTINGS = Settings(model="stub:one", model_timeout_s=5.0)
LAW, OWN = "The municipality must plan good relations.", "Mallikylä has 12 trained mediators since 2024."
BLOCKS = [("Law", [Quote("law", LAW, 5, 5 + len(LAW))]), ("Today", [Quote("own", OWN, 0, len(OWN))])]
DOCUMENT = """# Good relations in Mallikylä

Twelve neighbourhood mediators have been trained in Mallikylä to bring residents of different backgrounds together.

A cooperation group for integration was appointed on 3 March 2025 and meets four times a year.
"""


def section_of(*blocks: tuple[int, list[tuple[str, list[tuple[int, str]]]]]) -> ModelSection:
    return ModelSection.model_validate(
        {
            "blocks": [
                {
                    "block": n,
                    "statements": [
                        {"text": text, "quotes": [{"passage": p, "quote": q} for p, q in quotes]}
                        for text, quotes in statements
                    ],
                }
                for n, statements in blocks
            ]
        }
    )


class Stub:
    """Structured output from a function of the prompt."""

    def __init__(self, reply: Callable[[str], object]) -> None:
        self.reply = reply
        self.prompts: list[str] = []

    def with_structured_output(self, schema: type, *, method: str) -> RunnableLambda[str, object]:
        def ask(prompt: str) -> object:
            self.prompts.append(prompt)
            return self.reply(prompt)

        return RunnableLambda(ask)


def write(reply: Callable[[str], object]) -> Any:
    model = cast(BaseChatModel, Stub(reply))
    return write_section("Good relations", "What it is for.", BLOCKS, model, brief=False, settings=SETTINGS)


def test_statement_is_quoted_from_its_own_block() -> None:
    law, today = write(lambda _: section_of((1, [(LAW, [(1, LAW)])]), (2, [(OWN, [(2, OWN)])])))
    assert [q.source_id for q in law[0].quotes] == ["law"]
    assert (today[0].quotes[0].source_id, today[0].quotes[0].start) == ("own", 0)


def test_quote_of_another_block_names_no_source() -> None:
    law, _ = write(lambda _: section_of((1, [(OWN, [(2, OWN)])])))
    assert law[0].quotes[0].source_id == ""


@pytest.mark.parametrize("number", [0, 3, 99])
def test_block_that_was_not_asked_for_is_left_out(number: int) -> None:
    assert write(lambda _: section_of((number, [(LAW, [(1, LAW)])]))) == [[], []]


def test_endless_section_is_refused() -> None:
    with pytest.raises(MalformedDraft, match="far more"):
        write(lambda _: section_of((1, [("x" * 2_000, [(1, LAW)])])))


def test_other_form_is_refused() -> None:
    with pytest.raises(MalformedDraft, match="form asked for"):
        write(lambda _: "Once upon a time")


# Through the whole of a draft.


@pytest.fixture
def drafted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Callable[[str], object]], SectionDraft]]:
    path = tmp_path / "good-relations.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    settings = Settings(workspace=tmp_path / "workspace", model="ollama:stub", model_timeout_s=5.0)
    with Assistant.open(settings=settings, embedder=HashedWords()) as assistant:
        assistant.add([path], kind="own", municipality="Mallikylä")

        def draft(reply: Callable[[str], object]) -> SectionDraft:
            monkeypatch.setattr(chat_model, "chat_model", lambda _: Stub(reply))
            return assistant.draft("good-relations")

        yield draft


def _given(prompt: str) -> list[tuple[int, int, str]]:
    """Block, number and text of each quote of a prompt."""
    found, block = [], 0
    for line in prompt.splitlines():
        if heading := re.match(r"Block (\d+):", line):
            block = int(heading[1])
        elif quote := re.match(r"\[(\d+)\] (.*)", line):
            found.append((block, int(quote[1]), quote[2]))
    return found


def _faithful(prompt: str) -> ModelSection:
    given = _given(prompt)
    return section_of(*((b, [(text, [(n, text)])]) for b, n, text in given))


def test_faithful_model_writes_the_section(drafted: Callable[[Callable[[str], object]], SectionDraft]) -> None:
    draft = drafted(_faithful)
    assert draft.writer == "ollama:stub"
    assert any("Twelve neighbourhood mediators" in s.text for b in draft.blocks for s in b.statements)
    assert all(s.citations or "[TO FILL" in s.text for b in draft.blocks for s in b.statements)
    assert not [w for w in draft.warnings if w.code is WarningCode.UNSUPPORTED]


def test_lie_is_replaced_by_the_words_of_the_source(drafted: Callable[[Callable[[str], object]], SectionDraft]) -> None:
    def lie(prompt: str) -> ModelSection:
        return section_of(*((b, [(text.replace("Twelve", "Ninety"), [(n, text)])]) for b, n, text in _given(prompt)))

    draft = drafted(lie)
    text = " ".join(s.text for b in draft.blocks for s in b.statements)
    assert "Ninety" not in text
    assert "Twelve neighbourhood mediators" in text
    assert any(w.code is WarningCode.UNSUPPORTED for w in draft.warnings)


def test_duty_cannot_move_into_the_municipality_s_own_text(
    drafted: Callable[[Callable[[str], object]], SectionDraft],
) -> None:
    def mix(prompt: str) -> ModelSection:
        given = _given(prompt)
        law = next((n, text) for b, n, text in given if b == 1)
        last = max(b for b, _, _ in given)
        return section_of((last, [(law[1], [law])]))

    draft = drafted(mix)
    own = [b for b in draft.blocks if b.role is BlockRole.OWN]
    law_sources = {c.id for c in draft.citations if c.kind == "law"}
    assert own
    assert not any(set(s.citations) & law_sources for b in own for s in b.statements)
    assert any("Twelve neighbourhood mediators" in s.text for b in own for s in b.statements)


@pytest.mark.parametrize(
    "reply",
    [lambda _: section_of(), lambda _: "no section", lambda _: (_ for _ in ()).throw(ConnectionError("refused"))],
)
def test_silent_or_broken_model_leaves_the_extractive_section(
    drafted: Callable[[Callable[[str], object]], SectionDraft], reply: Callable[[str], object]
) -> None:
    draft = drafted(reply)
    assert any("Twelve neighbourhood mediators" in s.text for b in draft.blocks for s in b.statements)
    assert all(s.support is not Support.UNSUPPORTED or "[TO FILL" in s.text for b in draft.blocks for s in b.statements)
    quotes = {c.source_id: c.quote for c in draft.citations}
    assert all(collapse(quote) for quote in quotes.values())


def test_model_that_does_not_answer_is_told_in_one_line(
    drafted: Callable[[Callable[[str], object]], SectionDraft],
) -> None:
    def fail(_: str) -> object:
        raise ModelUnavailable("The chat model ollama:stub did not answer within 5 seconds.")

    draft = drafted(fail)
    assert draft.writer == "extractive"
    assert any("ollama:stub" in w.message for w in draft.warnings)
