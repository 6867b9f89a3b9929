"""Finds the passages that answer a question: full text and vectors give candidates, one linear score orders them.

The score is a weighted sum of signals, each standardised over the candidates of one question: five for all candidates,
and for the best of them a sixth, the late interaction of question and passage tokens (MaxSim: Khattab & Zaharia,
SIGIR 2020). The weights are fitted on the development questions of eval/cases (see eval/fit.py, which also shows what
each signal is worth). Also decides whether there is enough to answer from, and which names, years and Acts of the
question no source mentions.
"""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.embedding import Embedder, Vectors
from assistant.glossary import equivalents
from assistant.index import VectorIndex, embedded_text
from assistant.question import EXPECTED, named_in
from assistant.store import Store
from assistant.text import LANGUAGES, content_stems, stems
from assistant.types import Evidence, Hit, Kind, Passage, Question, Source, UnitKind

_CANDIDATES = 60  # of each search; their paragraphs and lists come along whole
_LEXICAL_WEIGHTS = (1.0, 0.5)  # BM25 of a passage's own words, and of its headings and lead-in
_SYNONYM = 0.4  # what a synonym counts beside the word itself
_PREFIX_LETTERS = 6  # a Finnish stem this long or longer also finds words that begin with all but its last two letters

FEATURES = ("cosine", "context_bm25", "group_bm25", "group_cosine", "list_cosine", "max_sim")
# Fitted by eval/fit.py on the 110 answerable questions of eval/cases/seeds-dev.jsonl and seeds-dev2.jsonl (five pages).
FIRST_WEIGHTS = np.array([0.72, 0.18, 0.66, 0.45, 0.2])  # to choose what is reranked
WEIGHTS = np.array([0.16, 0.13, 0.49, 0.34, 0.16, 0.71])
_RERANKED = 24  # 16 to 64 find the same (within 1 point, 110 questions); each costs some milliseconds
_NOT_RERANKED = -1.5
_TOKENS_KEPT = 2_000  # passages, about 70 kB each

# Whether there is enough to answer from: a line in what `strength` gives, fitted by eval/fit.py on the same questions.
_LEAST_COSINE, _LEAST_MAX_SIM = 0.25, 0.3
_ENOUGH = (23.65, 1.23, 8.32, -18.9, -3.6)
# A number answers a question of quantity where its passage is near the top and says something of what is asked.
_EXPECTED_WITHIN, _EXPECTED_COSINE, _EXPECTED_COVERAGE = 12, 0.4, 0.5


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the searches brought, with the signals of each passage."""

    passages: list[Passage]
    features: NDArray[np.float64]  # (n_passages, n_features), standardised over the passages
    cosines: NDArray[np.float64]  # (n_passages,) question to passage
    max_sims: NDArray[np.float64]  # (n_passages,) late interaction; 0 where it was not computed
    background: float  # highest cosine of the question, or a part of it, to a matter of corpus/background.txt
    coverages: NDArray[np.float64]  # (n_passages,) share of the question's words in passage, paragraph and headings


class Retriever:
    """Searches one workspace."""

    def __init__(self, store: Store, index: VectorIndex, embedder: Embedder) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._tokens: dict[str, Vectors] = {}  # embedded text -> its token vectors, oldest first
        self._tokens_guard = threading.Lock()

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
        enough = not missing and is_enough(found) and not self.lacks_expected(question, hits)
        return Evidence(question, hits, missing, sufficient=enough)

    def candidates(self, question: Question, sources: dict[str, Source]) -> Candidates:
        """Passages worth a look, with their signals; in reading order, source by source."""
        texts = list(dict.fromkeys([question.search_text, *question.parts]))
        # The default model knows English only: for others the glossary says what the question is about.
        english = (
            "" if question.language == "en" else ", ".join(equivalents(question.search_text, question.language, "en"))
        )
        vectors = self._embedder.embed_queries([*texts, english] if english else texts)
        passages = self._gather(question, texts, vectors, sources)
        if not passages:
            return Candidates([], np.zeros((0, len(FEATURES))), np.zeros(0), np.zeros(0), 0.0, np.zeros(0))
        by_id = self._index.vectors(passages)
        asked = vectors[[0, -1]] if english else vectors[:1]
        cosines = (np.stack([by_id[p.id] for p in passages]) @ asked.T).max(axis=1)
        groups = _Groups(passages)
        languages = [sources[p.source_id].language for p in passages]
        lexical = _Lexical(self._store, passages, groups, languages, question.language)
        is_item = np.array([p.kind in (UnitKind.ITEM, UnitKind.TAIL, UnitKind.ROW) for p in passages], dtype=float)
        columns = [
            _standard(cosines),
            _standard(lexical.context(question.search_text)),
            _standard(np.max([lexical.group(part) for part in question.parts], axis=0)),
            _standard(groups.highest(cosines)),
            _standard(cosines) * is_item * float(question.asks_list),
        ]
        coverages = np.max([lexical.coverage(part) for part in question.parts], axis=0)
        first = np.stack(columns, axis=1)
        best = np.argsort(-(first @ FIRST_WEIGHTS), kind="stable")[:_RERANKED]
        max_sims = np.zeros(len(passages))
        max_sims[best] = self._max_sims(english or question.search_text, [passages[i] for i in best])
        late = np.full(len(passages), _NOT_RERANKED)
        late[best] = _standard(max_sims[best])
        background = float((self._index.background() @ vectors.T).max(initial=0.0))
        return Candidates(passages, np.column_stack([first, late]), cosines, max_sims, background, coverages)

    def _max_sims(self, text: str, passages: Sequence[Passage]) -> NDArray[np.float64]:
        """Mean over the question's tokens of the cosine of the nearest token in each passage with its context."""
        (asked,) = self._embedder.embed_tokens([text])
        texts = [embedded_text(p) for p in passages]
        with self._tokens_guard:
            missing = list(dict.fromkeys(t for t in texts if t not in self._tokens))
            self._tokens.update(zip(missing, self._embedder.embed_tokens(missing), strict=True) if missing else ())
            while len(self._tokens) > _TOKENS_KEPT:
                self._tokens.pop(next(iter(self._tokens)))
            tokens = [self._tokens[t] if t in self._tokens else asked[:0] for t in texts]
        return np.array([float((asked @ t.T).max(axis=1).mean()) if len(asked) and len(t) else 0.0 for t in tokens])

    def _gather(
        self, question: Question, texts: Sequence[str], vectors: NDArray[np.float32], sources: dict[str, Source]
    ) -> list[Passage]:
        bundled = None if any(s.bundled for s in sources.values()) else False
        ids: dict[str, None] = {}
        for ranking in self._index.search(vectors, k=_CANDIDATES):
            ids.update(dict.fromkeys(passage_id for passage_id, _ in ranking))
        for text in texts:
            for language in LANGUAGES:
                terms = search_terms(text, language, question.language)
                found = self._store.search(terms, language, k=_CANDIDATES, bundled=bundled, weights=_LEXICAL_WEIGHTS)
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
            name
            for name, wanted in names.items()
            if wanted.lower() not in titles and not self._mentions(wanted) and not self._means(name, question.language)
        )

    def _means(self, name: str, language: str) -> bool:
        """Whether a name is another word for something that a source mentions: "Migri"."""
        return any(
            self._mentions(term.lower()) for x in LANGUAGES for term in equivalents(name, language, x, whole=True)
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
    def lacks_expected(question: Question, hits: Sequence[Hit]) -> bool:
        """Whether the question asks for a number, a date or the like, and no passage near the top has one."""
        near = [h for h in hits[:_EXPECTED_WITHIN] if h.cosine >= _EXPECTED_COSINE or h.coverage >= _EXPECTED_COVERAGE]
        return any(not any(EXPECTED[what][1].search(h.passage.text) for h in near) for what in question.expects)


def strength(found: Candidates) -> tuple[float, float, float, float]:
    """How well the candidates match the question: best cosine, coverage and late interaction, and what speaks against.

    The last is the cosine to the nearest of the matters that people ask about and that guidance on planning is not
    about: a question nearer to one of them than to any passage is most likely not answered by the sources.
    """
    return (
        float(found.cosines.max(initial=0.0)),
        float(found.coverages.max(initial=0.0)),
        float(found.max_sims.max(initial=0.0)),
        found.background,
    )


def is_enough(found: Candidates) -> bool:
    """Whether the candidates match the question well enough to answer from."""
    cosine, _, max_sim, _ = strength(found)
    if cosine < _LEAST_COSINE or max_sim < _LEAST_MAX_SIM:
        return False  # the line was fitted on questions near the field; far outside it, it says nothing
    return float(np.dot([*strength(found), 1.0], _ENOUGH)) > 0


def search_terms(text: str, language: str, asked_in: str) -> list[str]:
    """The stems by which passages of a language are searched; a long Finnish stem also as a beginning.

    Args:
        text: The question.
        language: Of the passages.
        asked_in: The language of the question. Where it is another, the glossary's terms come along.
    """
    terms = list(dict.fromkeys(content_stems(text, language)))
    if language != asked_in:
        terms += [stem for term in equivalents(text, asked_in, language) for stem in content_stems(term, language)]
    if language == "fi":
        # Consonant gradation and compounds: "kotouttamissuunnitelma", "suunnitelman", "suunnitelmat".
        terms += [f"{t[:-2]}*" for t in terms if len(t) >= _PREFIX_LETTERS]
    return terms


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

    def __init__(
        self, store: Store, passages: Sequence[Passage], groups: _Groups, languages: Sequence[str], asked_in: str
    ) -> None:
        self._store = store
        self._asked_in = asked_in
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
        weights = {language: self._idf(text, language, synonym=0.0) for language in self._count}
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

    def _idf(self, text: str, language: str, *, synonym: float = _SYNONYM) -> dict[str, float]:
        n = self._count[language]
        weights: dict[str, float] = {}
        factors = dict.fromkeys(content_stems(text, language), 1.0) if language == self._asked_in else {}
        for term in equivalents(text, self._asked_in, language):
            for stem in content_stems(term, language):
                factors.setdefault(stem, synonym if language == self._asked_in else 1.0)
        for term in content_stems(text, language):
            factors.setdefault(term, 1.0)  # names and numbers are the same in all languages
        for term, factor in factors.items():
            if (term, language) not in self._frequencies:
                self._frequencies[term, language] = self._store.frequency(term, language)
            df = self._frequencies[term, language]
            if df or language == self._asked_in:
                weights[term] = factor * math.log(1 + (n - df + 0.5) / (df + 0.5))
        return weights


def order_by_role(kind: Kind) -> int:
    """Law before guidance before the municipality's own documents before other municipalities' programmes."""
    return (Kind.LAW, Kind.GUIDANCE, Kind.OWN, Kind.PROGRAMME).index(kind)
