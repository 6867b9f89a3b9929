"""The pipeline of LangChain's retrieval tutorials on the same cases: what its reader would see.

Chunks of 1,000 characters, the packaged embedding model, the best four, as in eval/bench.py. Without a chat model the
chunks are the answer. It runs in a process of its own, beside the questions.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval import bench
from eval.suite.cases import Case

TUTORIAL = "tutorial"
_K = 4  # the tutorial's own number


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a source, or of a document of the case."""

    source_id: str  # or the name of the document
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What the pipeline gave for one case."""

    chunks: tuple[Chunk, ...]
    seconds: float


def retrieve_chunks(texts: Mapping[str, str], cases: Sequence[Case]) -> dict[tuple[str, str], Retrieved]:
    """The best chunks for the last question of every case, by file and id of the case.

    Args:
        texts: The sources by id.
        cases: Their documents are there for the one case only.
    """
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    found = {}
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        named = {str(pages / f"{n}.txt"): source_id for n, source_id in enumerate(texts)}
        for path, source_id in named.items():
            Path(path).write_text(texts[source_id], encoding="utf-8")
        pipeline = bench._Tutorial(Path(folder) / "index", "model")
        pipeline.index([Path(path) for path in named])
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200, add_start_index=True)
        for case in cases:
            documents = [Document(d.text, metadata={"source": d.name}) for d in case.documents]
            ids = pipeline.store.add_documents(splitter.split_documents(documents)) if documents else []
            began = time.perf_counter()
            best = pipeline.store.similarity_search(case.question, k=_K)
            seconds = time.perf_counter() - began
            chunks = tuple(
                Chunk(named.get(d.metadata["source"], d.metadata["source"]), d.metadata["start_index"], d.page_content)
                for d in best
            )
            found[case.file, case.id] = Retrieved(chunks, seconds)
            if ids:
                pipeline.store.delete(ids)
    return found
