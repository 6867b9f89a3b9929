"""Cases put to the assistant, and what came back in a form that every writer's answers share.

While a case is asked, the assistant's own retriever is watched: the rankings and the confidence behind an answer cost
no second search that way.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant import Assistant, retrieval
from assistant.bm25 import search_terms
from assistant.errors import AssistantError
from assistant.gloss import gloss
from assistant.retrieval import Candidates
from assistant.text import collapse
from assistant.types import Answer, Evidence, Fact, Passage, Question, Source, Turn, WarningCode, as_json
from eval.suite.cases import Attached, Case

OURS, PASSAGES = "extractive", "passages"
RANKINGS = ("lexical", "dense", "fused", "as answered")
_DEPTH = 10  # of a ranking
_PLAIN = 5  # passages of the plain baseline: about as many characters as an answer
_OPEN = "9999-12-31"
_IN_FORCE = {"1386/2010": ("2011-09-01", "2024-12-31"), "681/2023": ("2025-01-01", _OPEN)}
_TELLS = {
    WarningCode.OUTDATED_SOURCE, WarningCode.NEVER_IN_FORCE, WarningCode.NOT_IN_FORCE_YET,
    WarningCode.CONFLICTING_SOURCES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """One citation of an answer, or one passage or chunk shown."""

    source_id: str
    kind: str
    pinpoint: str
    quote: str
    stands: bool  # word for word where it says it does
    holds: bool | None  # on the day, by the dates of the corpus; None where it has none
    told: bool = False  # the reader is told that it does not hold


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of an answer, with the citations under it."""

    text: str
    citations: tuple[int, ...]  # places in `Response.cited`


@dataclass(frozen=True, slots=True)
class Response:
    """What one writer gave for one case."""

    writer: str
    said: tuple[Said, ...]
    cited: tuple[Cited, ...]
    abstained: bool
    as_of: str
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    confidence: float | None = None  # log-odds that the sources answer; None where a writer has none
    error: str = ""  # the one line with which the question was refused
    contexts: tuple[str, ...] = ()  # what the writer was given
    record: str = ""  # the whole answer, to be compared byte by byte

    @property
    def text(self) -> str:
        """What a reader reads of it."""
        return "\n".join(said.text for said in self.said)

    def quotes(self, said: Said) -> list[str]:
        """What stands under a statement."""
        return [self.cited[n].quote for n in said.citations]


@dataclass(frozen=True, slots=True)
class Asked:
    """A case with the answers of the writers in one process, and what was found for it."""

    case: Case
    responses: tuple[Response, ...]
    rankings: Mapping[str, Sequence[str]]  # ids of passages, best first, by way of ranking
    attached: Mapping[str, str]  # source ids of the documents of the case, by name
    # Ids of the facts of the corpus that hold a fact asked for, by that; by "" where only a section is asked for.
    right: Mapping[str, frozenset[str]]
    stages: Mapping[str, str]  # for each vital fact how far it came: "corpus", "found", "ranked" or nowhere: ""


class Corpus:
    """The bundled facts by place: what holds on a day is worked out from their dates alone."""

    def __init__(self, assistant: Assistant) -> None:
        self.sources = {s.source_id: s for s in assistant.sources() if s.bundled}
        self.passages: list[Passage] = list(assistant._store.facts()) if self.sources else []
        self._by_source: dict[str, list[Passage]] = {}
        for passage in self.passages:
            self._by_source.setdefault(passage.source_id, []).append(passage)

    def holds(self, source_id: str, start: int, end: int, as_of: str) -> bool | None:
        """Whether all facts of a stretch hold on a day; None where the source is not of the corpus."""
        if (source := self.sources.get(source_id)) is None:
            return None
        facts = [p.fact for p in self._by_source.get(source_id, ()) if p.start < end and start < p.end]
        return all(holds(source, fact, as_of) for fact in facts or [None])


def holds(source: Source, fact: Fact | None, as_of: str) -> bool:
    """The dates of a fact go before those of its source, and those before the dates of the Act it was written under."""
    if source.never_in_force or (fact and fact.never_in_force):
        return False
    first, last = _IN_FORCE.get(source.law_basis or "", ("", _OPEN))
    first, last = source.valid_from or first, source.valid_to or last
    if fact:
        goes_on = fact.valid_from is not None and fact.valid_from > last  # it began after its source had ended
        first, last = fact.valid_from or first, fact.valid_to or (_OPEN if goes_on else last)
    return first <= as_of <= last


@dataclass(slots=True)
class _Watch:
    """What the retriever did last."""

    pools: list[Candidates] = field(default_factory=list)
    evidence: Evidence | None = None


@contextmanager
def _watched(assistant: Assistant) -> Iterator[_Watch]:
    retriever = assistant._retriever
    candidates, retrieve = retriever.candidates, retriever.retrieve
    watch = _Watch()

    def watched_candidates(question: Question, sources: dict[str, Source]) -> list[Candidates]:
        watch.pools = candidates(question, sources)
        return watch.pools

    def watched_retrieve(question: Question, *, k: int = 60, bundled: bool = True) -> Evidence:
        watch.pools, watch.evidence = [], None
        watch.evidence = retrieve(question, k=k, bundled=bundled)
        return watch.evidence

    with (
        patch.object(retriever, "candidates", watched_candidates),
        patch.object(retriever, "retrieve", watched_retrieve),
    ):
        yield watch


class Asker:
    """Puts cases to one open assistant."""

    def __init__(self, assistant: Assistant, folder: Path, *, writer: str = OURS) -> None:
        """Get ready.

        Args:
            assistant: Open.
            folder: Holds the documents of cases for as long as they are needed.
            writer: Whom answers are counted for, also where the extractive writer takes over from a model.
        """
        self._assistant = assistant
        self._folder = folder
        self._writer = writer
        self.corpus = Corpus(assistant)
        self._named: dict[tuple[str, ...], list[Passage]] = {}

    def ask(self, case: Case, *, baseline: bool = True) -> Asked:
        """Ask the whole conversation and keep the last answer.

        Raises:
            AssistantError: A document of the case cannot be read.
        """
        with self._attached(case.documents) as attached, _watched(self._assistant) as watch:
            answer: Answer | None = None
            error = ""
            turns: list[Turn] = []
            for text in case.turns:
                began = time.perf_counter()
                try:
                    answer = self._assistant.ask(text, as_of=case.as_of, conversation=turns)
                    turns.append(Turn(text, answer))
                    error = ""
                except AssistantError as refusal:
                    answer, error = None, str(refusal)
                seconds = time.perf_counter() - began
            responses = [self._response(case, answer, error, seconds, watch)]
            if baseline:
                responses.append(self._plain(watch, responses[0].as_of, seconds))
            return Asked(
                case, tuple(responses), self._rankings(watch), attached, self._right(case),
                self._stages(case, watch, attached.values()),
            )  # fmt: skip

    def _response(self, case: Case, answer: Answer | None, error: str, seconds: float, watch: _Watch) -> Response:
        if answer is None:
            return Response(self._writer, (), (), True, case.as_of or "", (), seconds, error=error, record=error)
        day = case.as_of or answer.as_of  # the day of the case, whatever the assistant made of it
        told = {n for warning in answer.warnings if warning.code in _TELLS for n in warning.citations}
        place = {c.id: n for n, c in enumerate(answer.citations)}
        cited = tuple(
            Cited(
                c.source_id, c.kind.value, c.pinpoint, c.quote,
                collapse(self._assistant._store.text(c.source_id)[c.start : c.end]) == c.quote,
                self.corpus.holds(c.source_id, c.start, c.end, day), c.id in told,
            )
            for c in answer.citations
        )  # fmt: skip
        said = tuple(Said(s.text, tuple(place[n] for n in s.citations if n in place)) for s in answer.statements)
        hits = watch.evidence.hits if watch.evidence else ()
        return Response(
            self._writer, said, cited, answer.abstained, day, tuple(str(w.code) for w in answer.warnings),
            seconds, _confidence(watch), "", tuple(hit.passage.text for hit in hits[:_DEPTH]),
            repr(as_json(answer)),
        )  # fmt: skip

    def _plain(self, watch: _Watch, as_of: str, seconds: float) -> Response:
        """The best passages of the same ranking as they are: no date, no threshold, no check, no warning."""
        scored = [(_score(pool, n), pool.passages[n]) for pool in watch.pools for n in range(len(pool.passages))]
        best = [passage for _, passage in sorted(scored, key=lambda one: -one[0])[:_PLAIN]]
        sources = {s.source_id: s for s in self._assistant.sources()}
        cited = tuple(
            Cited(
                p.source_id, sources[p.source_id].kind.value, p.fact.pinpoint if p.fact else p.section or "",
                collapse(p.text), True, self.corpus.holds(p.source_id, p.start, p.end, as_of),
            )
            for p in best
        )  # fmt: skip
        said = tuple(Said(p.text, (n,)) for n, p in enumerate(best))
        return Response(PASSAGES, said, cited, not best, as_of, (), seconds, contexts=tuple(p.text for p in best))

    def _rankings(self, watch: _Watch) -> dict[str, list[str]]:
        """Facts of the corpus by full text, by vectors, by the score of both, and as the answer was written from."""
        pool = next((p for p in watch.pools if p.passages and p.passages[0].fact), None)
        if pool is None or watch.evidence is None:
            return {name: [] for name in RANKINGS}
        question = watch.evidence.question
        english = question.search_text
        if question.language != "en":
            english = gloss(english, question.language) or english
        lexical = self._assistant._store.search(
            search_terms(english, "en", "en"), "en", k=_DEPTH, bundled=True, weights=retrieval._LEXICAL_WEIGHTS
        )
        return {
            "lexical": [passage_id for passage_id, _ in lexical],
            "dense": _best(pool, pool.cosines),
            "fused": _best(pool, pool.features @ pool.scoring.weights),
            "as answered": [hit.passage.id for hit in watch.evidence.hits if hit.passage.fact][:_DEPTH],
        }

    def _right(self, case: Case) -> dict[str, frozenset[str]]:
        if not case.nuggets and not case.sections:
            return {}
        if case.sources not in self._named:
            # Which facts are of the sources named is asked of many cases; patterns are tried on those only.
            named = replace(case, nuggets=(), sections=())
            self._named[case.sources] = [p for p in self.corpus.passages if not case.sources or named.is_right(p)]
        passages = self._named[case.sources]
        if not case.nuggets:
            ids = frozenset(p.id for p in passages if case.is_right(p))
            return {"": ids} if ids else {}
        by_nugget = {n.id: frozenset(p.id for p in passages if n.pattern.search(p.text)) for n in case.vital}
        return {nugget: ids for nugget, ids in by_nugget.items() if ids}

    def _stages(self, case: Case, watch: _Watch, attached: Collection[str]) -> dict[str, str]:
        hits = [hit.passage.text for hit in watch.evidence.hits] if watch.evidence else []
        found = [passage.text for pool in watch.pools for passage in pool.passages]
        everything = [*(p.text for p in self.corpus.passages), *map(self._assistant._store.text, attached)]
        stages = {}
        for nugget in case.vital:
            for name, texts in (("ranked", hits), ("found", found), ("corpus", everything)):
                if any(nugget.pattern.search(text) for text in texts):
                    stages[nugget.id] = name
                    break
        return stages

    @contextmanager
    def _attached(self, documents: Sequence[Attached]) -> Iterator[dict[str, str]]:
        """Add documents, and take them out afterwards; gives their ids by name."""
        index = self._assistant._index
        ids: dict[str, str] = {}
        facts = index.facts() if documents and self.corpus.passages else None
        try:
            for document in documents:
                path = self._folder / Path(document.name).name
                path.write_text(document.text, encoding="utf-8")
                added = self._assistant.add([path], kind=document.kind, municipality=document.municipality).files[0]
                path.unlink()
                if added.source_id is None:
                    raise AssistantError(f"{document.name} cannot be added: {added.message}")
                ids[document.name] = added.source_id
            if facts is not None:
                # The facts are the same as before; read anew they would take a second a case.
                index._facts = self._assistant._store.generation, facts
            yield ids
        finally:
            for source_id in ids.values():
                self._assistant.remove(source_id)
            if facts is not None:
                index._facts = self._assistant._store.generation, facts


def _confidence(watch: _Watch) -> float | None:
    return max((retrieval.margin(pool) for pool in watch.pools), default=None)


def _score(pool: Candidates, n: int) -> float:
    """Comparable between pools, as the assistant's own: how likely the pool answers, times the passage's share."""
    scores = pool.features @ pool.scoring.weights
    return float(scores[n] - np.logaddexp.reduce(scores) - np.logaddexp(0, -retrieval.margin(pool)))


def _best(pool: Candidates, scores: Any) -> list[str]:
    return [pool.passages[int(n)].id for n in np.argsort(-scores, kind="stable")[:_DEPTH]]


def is_stale(cited: Cited) -> bool:
    """Whether a citation does not hold on the day and nobody says so."""
    return cited.holds is False and not cited.told
