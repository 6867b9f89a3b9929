"""The LangChain retriever: passages with what a citation needs, and nothing where the sources do not answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes import HashedWords
from langchain_core.documents import Document as LangChainDocument
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from assistant import Assistant
from assistant.documents import read_document
from assistant.errors import QuestionError
from assistant.langchain_retriever import KotoapuriRetriever
from assistant.settings import Settings

GUIDE = """\
# Guide to integration planning

The municipal council approves the integration plan every fourth year.

## Group

The cooperation group includes:

- the school
- the parish
"""
QUESTION = "Who approves the integration plan?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(workspace=tmp_path / "workspace", corpus="none", model="", embedding_model="default")


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


@pytest.fixture
def assistant(settings: Settings, guide: Path) -> Iterator[Assistant]:
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        report = opened.add([guide], kind="guidance", url="https://example.org/guide", law_basis="1386/2010")
        assert not report.failed
        yield opened


def test_document_carries_what_a_citation_needs(assistant: Assistant) -> None:
    document = KotoapuriRetriever(assistant=assistant, as_of="2026-11-21").invoke(QUESTION)[0]
    assert document.page_content == "The municipal council approves the integration plan every fourth year."
    assert set(document.metadata) >= {"start", "end", "score"}
    expected = {
        "source_id": "guide", "title": "Guide to integration planning", "kind": "guidance",
        "url": "https://example.org/guide", "pinpoint": "Guide to integration planning", "currency": "outdated",
    }  # fmt: skip
    assert document.metadata | expected == document.metadata
    assert document.id == f"guide:{document.metadata['start']}-{document.metadata['end']}"
    json.dumps(document.metadata)  # traces and stores take plain values only


def test_currency_is_that_of_the_day_asked_about(assistant: Assistant) -> None:
    (document, *_) = KotoapuriRetriever(assistant=assistant, as_of="2024-06-01").invoke(QUESTION)
    assert document.metadata["currency"] == "current"


def test_list_item_comes_with_its_lead_in_and_spans_slice_back(
    assistant: Assistant, guide: Path, settings: Settings
) -> None:
    documents = KotoapuriRetriever(assistant=assistant).invoke("Who belongs to the cooperation group?")
    assert "The cooperation group includes:\nthe school" in [document.page_content for document in documents]
    text = read_document(guide, settings=settings).text
    for document in documents:
        passage = text[document.metadata["start"] : document.metadata["end"]]
        assert document.page_content == passage or document.page_content.endswith(f"\n{passage}")
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)


def test_no_more_than_k_documents(assistant: Assistant) -> None:
    assert len(KotoapuriRetriever(assistant=assistant).invoke(QUESTION)) > 1
    assert len(KotoapuriRetriever(assistant=assistant, k=1).invoke(QUESTION)) == 1
    with pytest.raises(ValidationError):
        KotoapuriRetriever(assistant=assistant, k=0)


def test_nothing_is_returned_where_the_sources_do_not_answer(assistant: Assistant) -> None:
    assert KotoapuriRetriever(assistant=assistant).invoke("How many reception places does Turku have in 2027?") == []


def test_question_without_words_is_refused(assistant: Assistant) -> None:
    with pytest.raises(QuestionError):
        KotoapuriRetriever(assistant=assistant).invoke("?")


def test_retriever_works_in_a_chain(assistant: Assistant) -> None:
    seen: list[Any] = []

    def cite(documents: list[LangChainDocument]) -> str:
        return "\n".join(f"[{document.metadata['source_id']}] {document.page_content}" for document in documents)

    def note(prompt: Any) -> Any:
        seen.append(prompt.to_string())
        return prompt

    retriever = KotoapuriRetriever(assistant=assistant, k=2)
    prompt = ChatPromptTemplate.from_template("{context}\n\nQuestion: {question}")
    model = FakeListChatModel(responses=["The council [guide]."])
    chain = (
        {"context": retriever | RunnableLambda(cite), "question": RunnablePassthrough()}
        | prompt
        | RunnableLambda(note)
        | model
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "The council [guide]."
    assert asyncio.run(chain.ainvoke(QUESTION)) == "The council [guide]."
    assert seen[0] == seen[1]
    assert "[guide] The municipal council approves the integration plan every fourth year." in seen[0]
    assert seen[0].endswith(f"Question: {QUESTION}")
