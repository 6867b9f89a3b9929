"""Writes an answer with a chat model through LangChain; what it writes is a draft that verification takes apart.

The only module that calls a chat model. The model sees numbered passages and returns statements with quotes; an
unknown number or an invented quote is not corrected here, it fails verification.
"""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, Field

from assistant.errors import AssistantError, MalformedDraft, ModelUnavailable
from assistant.prompts import fill_prompt
from assistant.settings import Settings
from assistant.text import shortened
from assistant.types import Draft, DraftStatement, Evidence, Hit, ModelTrial, Quote

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_PASSAGES = 24  # what fits a small local model's window with room for the answer
_STATEMENTS = 20
_STATEMENT_CHARS = 1_500
_QUOTES = 12  # per statement
_LANGUAGES = {"en": "English", "fi": "Finnish", "sv": "Swedish"}
# The other methods send the schema along; this one only promises some JSON, and wants the word in the prompt.
_JSON_FORM = """
Answer with one JSON object of this form and nothing else:
{form}
"""
_STATEMENTS_FORM = (
    '"statements": [{"text": "the statement", "quotes": [{"passage": 1, "quote": "words copied from it"}]}]'
)
_FORMS = {
    "ModelAnswer": f"{{{_STATEMENTS_FORM}}}",
    "ModelSection": f'{{"blocks": [{{"block": 1, {_STATEMENTS_FORM}}}]}}',
}


_Form = TypeVar("_Form", bound=BaseModel)


class ModelQuote(BaseModel):
    """A stretch of a passage."""

    passage: int = Field(description="number of the passage")
    quote: str = Field(description="words copied from that passage, letter by letter")


class ModelStatement(BaseModel):
    """One statement of the answer."""

    text: str = Field(description="the statement")
    quotes: list[ModelQuote] = Field(description="what it rests on; at least one")


class ModelAnswer(BaseModel):
    """The answer: statements in reading order, none where the passages do not answer."""

    statements: list[ModelStatement]


class ModelBlock(BaseModel):
    """One block of a section."""

    block: int = Field(description="number of the block")
    statements: list[ModelStatement]


class ModelSection(BaseModel):
    """A section: its blocks in the order given."""

    blocks: list[ModelBlock]


def chat_model(settings: Settings) -> BaseChatModel:
    """The configured chat model; raises AssistantError with what to do where the setting is wrong."""
    os.environ.setdefault("LANGSMITH_TRACING", "false")
    provider, _, name = settings.model.partition(":")
    if not name:
        raise AssistantError(
            f"KOTOAPURI_MODEL={settings.model!r} names no provider. Write provider:model, for example ollama:qwen3:8b."
        )
    options: dict[str, Any] = {"timeout": settings.model_timeout_s, "max_retries": 1, "temperature": 0}
    if settings.model_base_url:
        options["base_url"] = settings.model_base_url
    if settings.model_api_key:
        options["api_key"] = settings.model_api_key
    elif provider == "openai" and settings.model_base_url:
        options["api_key"] = "none"  # local servers want some key, any key
    if provider == "ollama":
        options = {k: v for k, v in options.items() if k in ("base_url", "temperature")}
        options["client_kwargs"] = {"timeout": settings.model_timeout_s}
    try:
        from langchain.chat_models import init_chat_model

        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except Exception as error:  # an unknown provider, a package that is missing, an option that it does not take
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise AssistantError(
            f"The chat model {settings.model!r} cannot be set up ({reason}). Check KOTOAPURI_MODEL and "
            "KOTOAPURI_MODEL_BASE_URL, or unset KOTOAPURI_MODEL to answer without one."
        ) from error
    return model


def write_answer(evidence: Evidence, model: BaseChatModel, *, settings: Settings) -> Draft:
    """Let the model write an answer from the evidence.

    Raises:
        ModelUnavailable: It did not answer in time, or at all.
        MalformedDraft: It answered with something that is no draft.
    """
    hits = evidence.hits[:_PASSAGES]
    question = evidence.question
    prompt = fill_prompt(
        "answer",
        language=_LANGUAGES[question.language],
        as_of=question.as_of,
        question=question.search_text if question.is_follow_up else question.text,
        passages="\n".join(_passage(n, hit) for n, hit in enumerate(hits, start=1)),
    )
    answer = _ask(model, prompt, settings, ModelAnswer)
    _check_length(answer.statements, settings)
    passages = [hit.passage for hit in hits]
    given = [(p.source_id, p.text, p.start) for p in passages]
    statements = [DraftStatement(_plain(s.text), _quotes(s, given)) for s in answer.statements if s.text.strip()]
    return Draft(settings.model, tuple(statements))


def try_model(settings: Settings) -> ModelTrial:
    """Ask the configured model one made-up question in the form that answers have.

    Raises:
        AssistantError: It cannot be set up.
        ModelUnavailable: It did not answer in time, or at all.
        MalformedDraft: It answered in another form, which answers would not be read from either.
    """
    began = time.monotonic()
    model = chat_model(settings)
    prompt = fill_prompt(
        "answer",
        language=_LANGUAGES["en"],
        as_of="2026-01-01",
        question="On which day is the library of Esimerkkilä open?",
        passages="[1] own of Esimerkkilä, Opening hours\nThe library of Esimerkkilä is open on Saturdays.\n",
    )
    answer = _ask(model, prompt, settings, ModelAnswer)
    reply = " ".join(_plain(statement.text) for statement in answer.statements)
    return ModelTrial(shortened(reply, 200), time.monotonic() - began)


def write_section(
    title: str,
    purpose: str,
    blocks: Sequence[tuple[str, Sequence[Quote]]],
    model: BaseChatModel,
    *,
    brief: bool,
    settings: Settings,
) -> list[list[DraftStatement]]:
    """Let the model write the blocks of a section of a plan, each from its own quotes.

    Args:
        title: Of the section.
        purpose: What it is for.
        blocks: Heading and material of each; what the model says of a block from another one's quotes is refused.
        model: From `chat_model`.
        brief: Whether one or two statements a block are enough.
        settings: Of the run.

    Returns:
        The statements of each block; none where the model left it out.

    Raises:
        ModelUnavailable: It did not answer in time, or at all.
        MalformedDraft: It answered with something that is no draft.
    """
    numbered = [(n, quote) for n, quote in enumerate((q for _, quotes in blocks for q in quotes), start=1)]
    numbers = iter(numbered)
    shown, of_block = [], []
    for n, (heading, quotes) in enumerate(blocks, start=1):
        mine = [next(numbers) for _ in quotes]
        of_block.append({number for number, _ in mine})
        lines = "\n".join(f"[{number}] {' '.join(quote.text.split())}" for number, quote in mine)
        shown.append(f"Block {n}: {heading}\n{lines}\n")
    prompt = fill_prompt(
        "section",
        title=title,
        purpose=purpose,
        length="One or two statements a block are enough." if brief else "",
        blocks="\n".join(shown),
    )
    written = _ask(model, prompt, settings, ModelSection).blocks
    result: list[list[DraftStatement]] = [[] for _ in blocks]
    for block in written:
        _check_length(block.statements, settings)
        if not 1 <= block.block <= len(blocks):
            continue  # from no block that was asked for: nothing to check it against
        allowed = of_block[block.block - 1]
        given = [(q.source_id, q.text, q.start) if n in allowed else ("", "", None) for n, q in numbered]
        result[block.block - 1] += [
            DraftStatement(_plain(s.text), _quotes(s, given)) for s in block.statements if s.text.strip()
        ]
    return result


def _check_length(statements: Sequence[ModelStatement], settings: Settings) -> None:
    if len(statements) > _STATEMENTS or any(
        len(s.text) > _STATEMENT_CHARS or len(s.quotes) > _QUOTES for s in statements
    ):
        raise MalformedDraft(f"The chat model {settings.model} wrote far more than was asked for.")


def _ask(model: BaseChatModel, prompt: str, settings: Settings, form: type[_Form]) -> _Form:
    if settings.model_method == "json_mode":
        prompt += _JSON_FORM.replace("{form}", _FORMS[form.__name__])
    outcome: queue.SimpleQueue[object] = queue.SimpleQueue()

    def ask() -> None:
        try:
            outcome.put(model.with_structured_output(form, method=settings.model_method).invoke(prompt))
        except Exception as error:
            outcome.put(error)

    # The client's own timeout counts from the last byte: a model that drips one byte a second would never end. A daemon
    # thread does not keep the program alive either.
    threading.Thread(target=ask, daemon=True, name="chat-model").start()
    try:
        answer = outcome.get(timeout=settings.model_timeout_s)
    except queue.Empty:
        raise ModelUnavailable(
            f"The chat model {settings.model} did not answer within {settings.model_timeout_s:g} seconds."
        ) from None
    if isinstance(answer, form):
        return answer
    # pydantic's, json's and LangChain's parsing errors are ValueErrors; a web page in place of JSON makes clients
    # stumble over a missing attribute or item. Anything else is the network's or the server's.
    if isinstance(answer, Exception) and not isinstance(answer, (ValueError, LookupError, TypeError, AttributeError)):
        reason = " ".join(str(answer).split())[:200] or type(answer).__name__
        raise ModelUnavailable(f"The chat model {settings.model} could not be asked ({reason}).") from answer
    raise MalformedDraft(f"The chat model {settings.model} did not answer in the form asked for.") from (
        answer if isinstance(answer, Exception) else None
    )


def _passage(number: int, hit: Hit) -> str:
    context = f" ({hit.passage.context})" if hit.passage.context else ""
    role = hit.source.kind.value + (f" of {hit.source.municipality}" if hit.source.municipality else "")
    return f"[{number}] {role}, {hit.source.title}{context}\n{' '.join(hit.passage.text.split())}\n"


def _quotes(statement: ModelStatement, given: Sequence[tuple[str, str, int | None]]) -> tuple[Quote, ...]:
    return tuple(_quote(q, given) for q in statement.quotes)


def _quote(quote: ModelQuote, given: Sequence[tuple[str, str, int | None]]) -> Quote:
    """A quote at its place in what the model was given: source id, text and where that begins in the source."""
    if not 1 <= quote.passage <= len(given) or not given[quote.passage - 1][0]:
        # A quote from no source: verification refuses it and with it the statement.
        return Quote("", quote.quote)
    source_id, text, start = given[quote.passage - 1]
    at = text.find(quote.quote)
    if at < 0 or not quote.quote or start is None:
        return Quote(source_id, quote.quote)  # perhaps from elsewhere in the source, with other line breaks
    return Quote(source_id, quote.quote, start + at, start + at + len(quote.quote))


def _plain(text: str) -> str:
    """Text without citation marks, images, links and HTML: citations are numbered by us. A list keeps its lines."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<[^>]*>|\[\s*\d+(?:\s*,\s*\d+)*\s*\]", "", text)
    lines = [" ".join(line.split()) for line in re.sub(r"\n\s*[•*–-]\s+", "\n\0", text).splitlines()]
    return " ".join(line.replace("\0", "\n- ") for line in lines if line).replace(" \n", "\n").strip()
