"""Kotoapuri's search as a LangChain retriever, for people who have chains of their own.

Only finding is done here: what a chain makes of the passages is not verified. Where the sources do not answer, no
document is returned, so that a chain has nothing to stretch. No other module imports this one.
"""

from __future__ import annotations

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.assistant import Assistant
from assistant.types import Hit


class KotoapuriRetriever(BaseRetriever):
    """Passages of an open assistant, best first, as LangChain documents.

    `page_content` is the passage, after the words that introduce it where it is a list item or a table row.
    `metadata["start"]` and `["end"]` are the span of the passage itself in the text of its source.
    """

    assistant: Assistant
    k: int = Field(default=10, ge=1)
    as_of: str | None = None  # ISO date on which `currency` is judged; today by default

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        evidence = self.assistant.retrieve(query, as_of=self.as_of, k=self.k)
        if not evidence.sufficient:
            return []
        return [_document(self.assistant, hit, evidence.question.as_of) for hit in evidence.hits]


def _document(assistant: Assistant, hit: Hit, as_of: str) -> LangChainDocument:
    passage = hit.passage
    cited = assistant.cite(passage, as_of=as_of)
    metadata = {
        "source_id": cited.source_id, "title": cited.title, "kind": cited.kind.value, "url": cited.url,
        "municipality": cited.municipality, "pinpoint": cited.pinpoint, "start": cited.start, "end": cited.end,
        "score": hit.score, "currency": cited.currency.value, "digest": cited.digest,
    }  # fmt: skip
    content = f"{passage.lead_in}\n{passage.text}" if passage.lead_in else passage.text
    return LangChainDocument(id=passage.id, page_content=content, metadata=metadata)
