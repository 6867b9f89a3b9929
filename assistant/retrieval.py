"""Finds the passages that answer a question: full text and vectors give candidates, one linear score orders them.

The score is a weighted sum of five signals, each standardised over the candidates of one question; the weights are
fitted on the development half of eval/cases (see eval/fit.py, which also shows what each signal is worth). Also
decides whether there is enough to answer from, and which names, years and Acts of the question no source mentions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedder
from assistant.index import VectorIndex
from assistant.question import named_in
from assistant.store import Store
from assistant.text import LANGUAGES, content_stems, stems
from assistant.types import Evidence, Hit, Kind, Passage, Question, Source, UnitKind

_CANDIDATES = 60  # of each search; their paragraphs and lists come along whole
_LEXICAL_WEIGHTS = (1.0, 0.5)  # BM25 of a passage's own words, and of its headings and lead-in
_PREFIX_LETTERS = 6  # a Finnish stem this long or longer also finds words that begin with all but its last two letters

FEATURES = ("cosine", "context_bm25", "group_bm25", "group_cosine", "list_cosine")
# Fitted by eval/fit.py on the 60 answerable questions of eval/cases/seeds-dev.jsonl (five pages).
WEIGHTS = np.array([0.68, 0.25, 0.56, 0.54, 0.24])

# Whether there is enough to answer from: a line in (best cosine, coverage), fitted by eval/fit.py on the same half.
_ENOUGH = (6.07, 4.19, -3.1)
_NUMBER_WITHIN = 8  # a number further down the ranking answers something else


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the searches brought, with the signals of each passage."""

    passages: list[Passage]
    features: NDArray[np.float64]  # (n_passages, n_features), standardised over the passages
    cosines: NDArray[np.float64]  # (n_passages,) question to passage
    coverages: NDArray[np.float64]  # (n_passages,) share of the question's words in passage, paragraph and headings


class Retriever:
    """Searches one workspace."""

    def __init__(self, store: Store, index: VectorIndex, embedder: Embedder) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder

    def warm_up(self) -> None:
        """Load the model and open the index."""
        self._index.search(self._embedder.embed_queries(["integration"]), k=1)

    def retrieve(self, question: Question, *, k: int = 60, bundled: bool = True) -> Evidence:
        """Find evidence for a question, best first.

        Args:
            question: As read.
            k: How many passages at most.
            bundled: Whether the bundled corpus answers too.

        Returns:
            Evidence; `sufficient` is False where the sources do not seem to answer, `missing` says which names, years
            or Acts of the question none of them mentions.
        """
        sources = {s.source_id: s for s in self._store.sources() if bundled or not s.bundled}
        missing = self._missing(question, sources)
        found = self.candidates(question, sources)
        if not found.passages:
            return Evidence(question, (), missing, sufficient=False)
        scores = found.features @ WEIGHTS
        order = np.argsort(-scores, kind="stable")[:k]
        hits = tuple(
            Hit(
                found.passages[i],
                sources[found.passages[i].source_id],
                float(scores[i]),
                float(found.cosines[i]),
                float(found.coverages[i]),
            )
            for i in order
        )
        enough = not missing and is_enough(found) and not self.lacks_number(question, hits)
        return Evidence(question, hits, missing, sufficient=enough)

    def candidates(self, question: Question, sources: dict[str, Source]) -> Candidates:
        """Passages worth a look, with their signals; in reading order, source by source."""
        texts = list(dict.fromkeys([question.search_text, *question.parts]))
        vectors = self._embedder.embed_queries(texts)
        passages = self._gather(texts, vectors, sources)
        if not passages:
            return Candidates([], np.zeros((0, len(FEATURES))), np.zeros(0), np.zeros(0))
        by_id = self._index.vectors(passages)
        cosines = np.stack([by_id[p.id] for p in passages]) @ vectors[0]
        groups = _Groups(passages)
        lexical = _Lexical(self._store, passages, groups, [sources[p.source_id].language for p in passages])
        is_item = np.array([p.kind in (UnitKind.ITEM, UnitKind.TAIL, UnitKind.ROW) for p in passages], dtype=float)
        columns = [
            _standard(cosines),
            _standard(lexical.context(question.search_text)),
            _standard(np.max([lexical.group(part) for part in question.parts], axis=0)),
            _standard(groups.highest(cosines)),
            _standard(cosines) * is_item * float(question.asks_list),
        ]
        coverages = np.max([lexical.coverage(part) for part in question.parts], axis=0)
        return Candidates(passages, np.stack(columns, axis=1), cosines, coverages)

    def _gather(self, texts: Sequence[str], vectors: NDArray[np.float32], sources: dict[str, Source]) -> list[Passage]:
        ids: dict[str, None] = {}
        for ranking in self._index.search(vectors, k=_CANDIDATES):
            ids.update(dict.fromkeys(passage_id for passage_id, _ in ranking))
        for text in texts:
            for language in LANGUAGES:
                found = self._store.search(
                    search_terms(text, language), language, k=_CANDIDATES, weights=_LEXICAL_WEIGHTS
                )
                ids.update(dict.fromkeys(passage_id for passage_id, _ in found))
        hits = [p for p in self._store.passages_by_id(ids) if p.source_id in sources]
        groups = sorted({(p.source_id, p.group) for p in hits})
        order = {source_id: n for n, source_id in enumerate(sources)}
        whole = [p for key in groups for p in self._store.group(*key) if p.kind is not UnitKind.INSTRUCTION]
        return sorted(whole, key=lambda p: (order[p.source_id], p.position))

    def _missing(self, question: Question, sources: dict[str, Source]) -> tuple[str, ...]:
        names = named_in(question, is_word=self._embedder.knows)
        titles = " ".join(f"{s.title} {s.municipality or ''} {s.law_basis or ''}" for s in sources.values()).lower()
        return tuple(
            name for name, wanted in names.items() if wanted.lower() not in titles and not self._mentions(wanted)
        )

    def _mentions(self, wanted: str) -> bool:
        number = wanted.removeprefix("§ ")
        for language in LANGUAGES:
            terms = stems(number, language)
            if wanted.startswith("§"):
                section = stems({"en": "section", "fi": "pykälä", "sv": "paragraf"}[language], language)[0]
                there = all(self._store.frequency(term, language) for term in (*terms, section))
            else:
                there = self._store.frequency(" ".join(terms), language) > 0  # the words together, in this order
            if there:
                return True
        return False

    @staticmethod
    def lacks_number(question: Question, hits: Sequence[Hit]) -> bool:
        """Whether only a number answers the question and no passage near the top has one."""
        return question.asks_quantity and not any(_has_number(hit.passage) for hit in hits[:_NUMBER_WITHIN])


def strength(found: Candidates) -> tuple[float, float]:
    """How well the candidates match the question: (best cosine, best coverage)."""
    return float(found.cosines.max(initial=0.0)), float(found.coverages.max(initial=0.0))


def is_enough(found: Candidates) -> bool:
    """Whether the candidates match the question well enough to answer from."""
    cosine, coverage = strength(found)
    return _ENOUGH[0] * cosine + _ENOUGH[1] * coverage + _ENOUGH[2] > 0


def search_terms(text: str, language: str) -> list[str]:
    """The stems by which a question is searched; a long Finnish stem also as a beginning, for gradation and compounds."""
    terms = list(dict.fromkeys(content_stems(text, language)))
    if language == "fi":
        terms += [f"{t[:-2]}*" for t in terms if len(t) >= _PREFIX_LETTERS]
    return terms


_NUMBER_WORDS = frozenset(
    (
        "one two three four five six seven eight nine ten twelve annual annually yearly monthly half third "
        "quarter yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen vuosittain puolet "
        "kolmannes en två tre fyra fem sex sju åtta nio tio årligen hälften"
    ).split()
)


def _has_number(passage: Passage) -> bool:
    words = passage.text.lower().replace("-", " ").split()
    return any(c.isdigit() for c in passage.text) or any(word.strip(".,;:()") in _NUMBER_WORDS for word in words)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std()) + 1e-6
    return np.asarray((values - values.mean()) / spread, dtype=np.float64)


class _Groups:
    """Paragraphs and lists among the candidates."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.members: dict[tuple[str, int], list[int]] = {}
        for i, p in enumerate(passages):
            self.members.setdefault((p.source_id, p.group), []).append(i)

    def highest(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each passage the highest value in its group."""
        result = values.copy()
        for members in self.members.values():
            result[members] = values[members].max()
        return result


class _Lexical:
    """BM25 over the candidates, with document frequencies of the whole store."""

    def __init__(self, store: Store, passages: Sequence[Passage], groups: _Groups, languages: Sequence[str]) -> None:
        self._store = store
        self._languages = languages
        self._frequencies: dict[tuple[str, str], int] = {}
        self._contexts = [Counter(content_stems(p.context, x)) for p, x in zip(passages, self._languages, strict=True)]
        own = [Counter(content_stems(p.text, x)) for p, x in zip(passages, self._languages, strict=True)]
        self._groups: list[Counter[str]] = [Counter()] * len(passages)
        for members in groups.members.values():
            together: Counter[str] = Counter()
            for i in members:
                together.update(own[i])
            for i in members:
                self._groups[i] = together
        self._count = {language: max(1, store.count(language)) for language in set(self._languages)}

    def context(self, text: str) -> NDArray[np.float64]:
        """BM25 of a text in the headings and lead-in of each passage."""
        return self._bm25(text, self._contexts)

    def group(self, text: str) -> NDArray[np.float64]:
        """BM25 of a text in the paragraph or list of each passage."""
        return self._bm25(text, self._groups)

    def coverage(self, text: str) -> NDArray[np.float64]:
        """Share of a text's content words, weighted by idf, in each passage's paragraph, headings and lead-in."""
        result = np.zeros(len(self._groups))
        weights = {language: self._idf(text, language) for language in self._count}
        for i, language in enumerate(self._languages):
            idf = weights[language]
            total = sum(idf.values())
            there = sum(w for term, w in idf.items() if self._groups[i][term] or self._contexts[i][term])
            result[i] = there / total if total else 0.0
        return result

    def _bm25(self, text: str, bags: Sequence[Counter[str]], *, k1: float = 1.2, b: float = 0.5) -> NDArray[np.float64]:
        idf = {language: self._idf(text, language) for language in self._count}
        lengths = np.array([sum(bag.values()) for bag in bags], dtype=float)
        damping = k1 * (1 - b + b * lengths / max(1.0, lengths.mean()))
        scores = np.zeros(len(bags))
        for i, bag in enumerate(bags):
            for term, weight in idf[self._languages[i]].items():
                if n := bag[term]:
                    scores[i] += weight * n * (k1 + 1) / (n + damping[i])
        return scores

    def _idf(self, text: str, language: str) -> dict[str, float]:
        n = self._count[language]
        weights = {}
        for term in dict.fromkeys(content_stems(text, language)):
            if (term, language) not in self._frequencies:
                self._frequencies[term, language] = self._store.frequency(term, language)
            df = self._frequencies[term, language]
            weights[term] = math.log(1 + (n - df + 0.5) / (df + 0.5))
        return weights


def order_by_role(kind: Kind) -> int:
    """Law before guidance before the municipality's own documents before other municipalities' programmes."""
    return (Kind.LAW, Kind.GUIDANCE, Kind.OWN, Kind.PROGRAMME).index(kind)
