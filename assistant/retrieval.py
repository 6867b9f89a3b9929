"""Finds the passages that answer a question: full text and vectors give candidates, a linear score orders them.

There are two pools, each with signals and weights of its own: documents that were added, and the facts of the bundled
corpus, which carry the questions that they answer. A signal is standardised over the candidates of a question; for the
best candidates there is one more, the late interaction of question and passage tokens (MaxSim: Khattab & Zaharia,
SIGIR 2020). The weights are fitted on the development questions of eval/cases (see eval/fit.py, which also shows what
each signal is worth). Also decides whether there is enough to answer from, and which names, years and Acts of the
question no source mentions.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant import currency
from assistant.bm25 import Bm25, bag_of, search_terms
from assistant.embedding import Embedder, Vectors
from assistant.gloss import gloss
from assistant.glossary import equivalents
from assistant.index import FactVectors, VectorIndex, without_former_names
from assistant.legal_claims import StatuteFacts, unfounded
from assistant.official import official_first
from assistant.precedence import in_order
from assistant.premises import premise
from assistant.question import EXPECTED, asks_whether_it_goes_on, counted_place, named_in, people_in
from assistant.store import Store
from assistant.text import LANGUAGES, stems
from assistant.tokens import max_sims
from assistant.types import NOT_ESTABLISHED, Evidence, Hit, Kind, Passage, Question, Source, UnitKind
from assistant.wording import Wordings

Array = NDArray[np.float64]

_CANDIDATES = 60  # of each search; their paragraphs and lists come along whole
_LEXICAL_WEIGHTS = (1.0, 0.5)  # BM25 of a passage's own words, and of its headings and lead-in


@dataclass(frozen=True, slots=True)
class Scoring:
    """How the passages of one pool are scored; all numbers from eval/fit.py."""

    features: tuple[str, ...]  # signals, the last two for the best candidates only
    first: Array  # weights of all but the last two, which choose what gets them
    weights: Array
    enough: tuple[float, ...]  # a line in what `strength` gives, and a constant


DOCUMENTS = Scoring(
    (
        "cosine",
        "part_cosine",
        "context_bm25",
        "group_bm25",
        "group_cosine",
        "list_cosine",
        "asks",
        "max_sim",
        "part_max_sim",
    ),
    first=np.array([0.62, 0.34, 0.1, 0.54, 0.35, 0.09, -0.28]),
    weights=np.array([0.2, 0.01, 0.06, 0.33, 0.34, 0.08, -0.22, 0.45, 0.37]),
    enough=(21.0, 1.49, 3.63, -13.03, 0.0, -2.47),
)
# The same for a question in Finnish or Swedish: the default model knows neither, so full text decides.
DOCUMENTS_FOREIGN = replace(
    DOCUMENTS,
    first=np.array([0.1, 0.0, 0.5, 1.0, 0.1, 0.0, -0.2]),
    weights=np.array([0.1, 0.0, 0.5, 1.0, 0.1, 0.0, -0.2, 0.0, 0.0]),
    enough=(0.0, 8.0, 0.0, 0.0, 0.0, -3.2),
)
FACTS = Scoring(
    (
        "cosine",
        "part_cosine",
        "context_bm25",
        "own_bm25",
        "question_cosine",
        "question_wording",
        "max_sim",
        "part_max_sim",
    ),
    first=np.array([0.26, 0.22, 0.0, 0.32, 0.44, 0.1]),
    weights=np.array([0.16, 0.13, 0.0, 0.17, 0.36, 0.05, 0.31, 0.1]),
    enough=(10.65, 2.54, -2.22, -9.39, 18.51, -12.25),
)
# A question in Finnish or Swedish, as its gloss says it, and by the wording of stored questions in its language.
FACTS_FOREIGN = replace(
    FACTS,
    first=np.array([0.19, 0.17, 0.28, 0.06, 0.48, 0.37]),
    weights=np.array([0.18, 0.16, 0.27, 0.04, 0.47, 0.33, 0.03, 0.07]),
    enough=(22.19, 3.98, -4.12, -2.84, 3.59, -8.5),
)
_RERANKED = 24  # 16 to 64 find the same (within 1 point, 110 questions)
_NOT_RERANKED = -1.5

# Far outside the field a line fitted on questions near it says nothing.
_LEAST_COSINE, _LEAST_MAX_SIM = 0.25, 0.3
_OPEN = 0.35  # what it counts that a fact says that something is not established: it must not be lost behind others
# What was made under the former Act and is asked whether it goes on: "an agreement of 2022, does it still count?" What
# is not established of the change from one Act to the other is told then, though more is known of today's rule. 0.8
# brings it into the answers of two questions of dev3 and hard; other values were not tried.
_CARRIED = 0.8
# A number answers a question of quantity where its passage is near the top and says something of what is asked.
# What a chapter can hold touches every matter, and answers those who ask what to write or measure.
_ON_WRITING, _ASIDE = "plan-chapters", 1.0
_ASKS_ON_WRITING = re.compile(
    r"\b(?:chapters?|parts?|sections?(?! \d)|headings?|write|writing|written|contain|include|content|mention|belongs?|"
    r"goes into|put in|say about|says? of|tell about|drafts?|measur\w+|indicators?|figures?)\b"
    r"|\b(?:luku|luvu\w+|osio\w*|osa|osassa|kappale\w*|kirjoit\w+|kirjat\w+|sisäl\w+|kerro\w*|kuvat\w+|mitat\w+|mitata|"
    r"mittar\w+|luvut)\b"
    r"|\b(?:kapit\w+|avsnitt\w*|del|delen|skriv\w*|innehåll\w*|berätta\w*|mät\w*|indikator\w*|siffror\w*)\b",
    re.IGNORECASE,
)
_CLAIMS_WITHIN = 12  # hits: of a claim that is ranked lower the reader need not be told
_EXPECTED_WITHIN, _EXPECTED_COSINE, _EXPECTED_COVERAGE = 12, 0.4, 0.5
# A number of people: no year, no day, no section.
_COUNT = re.compile(
    r"(?<![\d./])(?<!section )(?<!sections )(?!(?:19|20)\d\d(?!\d))\d+(?:[ ,.]\d+)*(?![/\d])"
    r"(?! (?:January|February|March|April|May|June|July|August|September|October|November|December)\b|\. ?\w+kuuta)"
)
_DATE = re.compile(r"\b\d{1,2}\.\d{1,2}\.(?:\d{4})?")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the searches brought of one pool, with the signals of each passage."""

    scoring: Scoring
    passages: list[Passage]
    features: Array  # (n_passages, n_features), standardised over the passages
    cosines: Array  # (n_passages,) question to passage
    max_sims: Array  # (n_passages,) late interaction; 0 where it was not computed
    background: float  # highest cosine of the question, or a part of it, to a matter of corpus/background.txt
    coverages: Array  # (n_passages,) share of the question's words in passage, paragraph and headings
    likeness: Array  # (n_passages,) to the nearest stored question, by vector or by wording; 0 in documents


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with its vectors, as the embedding model understands it: one for English only gets a gloss."""

    question: Question
    texts: list[str]  # the whole and its parts
    english: list[str]  # the same in English; of a question in another language a gloss
    vectors: Vectors  # (n_texts, dim), the whole first
    tokens: list[Vectors]  # (n_tokens, dim), turned, of the whole and of each part

    @property
    def parts(self) -> list[str]:
        """The parts of the question in English."""
        return [self.english[self.texts.index(part)] for part in self.question.parts]


class Retriever:
    """Searches one workspace."""

    def __init__(self, store: Store, index: VectorIndex, embedder: Embedder) -> None:
        self._store = store
        self._index = index
        self._embedder = embedder
        self._worded: dict[str, tuple[FactVectors, NDArray[np.int64], Wordings]] = {}
        self._known: tuple[FactVectors, StatuteFacts] | None = None
        self._guard = threading.Lock()

    def warm_up(self) -> None:
        """Load the model and open the index."""
        self._index.search(self._embedder.embed_queries(["integration"]), k=1)
        self._index.facts()

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
        if missing := self._missing(question, sources):
            return Evidence(question, (), missing, sufficient=False)
        # However little else a question says: our digest knows what became of a section that never began.
        is_known = question.as_of >= currency.NEW_ACT_FROM and currency.names_never_begun(question.text)
        pools = [
            pool
            for pool in self.candidates(question, sources)
            if is_enough(pool) or (is_known and pool.scoring.features is FACTS.features)
        ]
        if not pools:
            return Evidence(question, (), sufficient=False)
        hits = sorted(
            (hit for pool in pools for hit in self._hits(pool, question, sources)), key=lambda hit: -hit.score
        )
        taken_for_granted = premise(hits, question)
        hits = in_order(hits, question)[:k]
        claims = tuple(unfounded(hits, self._statute(), self._store.passages, near=_CLAIMS_WITHIN))
        if claims:
            hits = [hit for hit in hits if all(hit is not claim.hit for claim in claims)]
        enough = bool(hits) and not self.lacks_expected(question, hits, programme_places(sources.values()))
        quoted = official_first(
            hits, question, list(sources.values()), passages=self._store.passages, text=self._store.text
        )
        return Evidence(question, tuple(quoted[:k]), sufficient=enough, unfounded=claims, premise=taken_for_granted)

    def _statute(self) -> StatuteFacts:
        facts = self._index.facts()
        with self._guard:
            if self._known is None or self._known[0] is not facts:
                self._known = facts, StatuteFacts(facts.passages)
            return self._known[1]

    def _hits(self, pool: Candidates, question: Question, sources: dict[str, Source]) -> list[Hit]:
        """Scored so that pools can be mixed: log of how likely the pool answers, times the passage's share in it."""
        scores = pool.features @ pool.scoring.weights
        whole = float(np.logaddexp.reduce(scores))
        answers = -float(np.logaddexp(0, -margin(pool)))
        carried = (
            _CARRIED if question.as_of >= currency.NEW_ACT_FROM and asks_whether_it_goes_on(question.text) else 0.0
        )
        aside = 0.0 if _ASKS_ON_WRITING.search(question.text) else _ASIDE
        return [
            Hit(
                passage,
                sources[passage.source_id],
                float(scores[i])
                - whole
                + answers
                + carried * _is_of_the_change(passage)
                + _OPEN * _is_open(passage)
                - aside * _is_on_writing(passage),
                float(pool.cosines[i]),
                float(max(pool.coverages[i], pool.likeness[i])),
                currency.currency(sources[passage.source_id], question.as_of, passage),
            )
            for i, passage in enumerate(pool.passages)
        ]

    def candidates(self, question: Question, sources: dict[str, Source]) -> list[Candidates]:
        """Passages worth a look in each pool that is not empty, with their signals."""
        texts = list(dict.fromkeys([question.search_text, *question.parts]))
        english = texts if question.language == "en" else [gloss(text, question.language) or text for text in texts]
        vectors, tokens = self._embedder.embed_question(english if self._embedder.english_only else texts)
        code = self._index.token_code
        turned = [code.turned(t) for t in tokens]
        parts = [turned[texts.index(part)] for part in question.parts]
        asked = _Asked(question, texts, english, vectors, [turned[0], *parts])
        pools = [self._documents(asked, sources)]
        if any(s.bundled for s in sources.values()):
            pools.append(self._facts(asked, sources))
        return [pool for pool in pools if pool.passages]

    def _documents(self, asked: _Asked, sources: dict[str, Source]) -> Candidates:
        question = asked.question
        scoring = DOCUMENTS if question.language == "en" else DOCUMENTS_FOREIGN
        own = {source_id: s for source_id, s in sources.items() if not s.bundled}
        passages = self._gather(asked, own) if own else []
        if not passages:
            return _nothing(scoring)
        by_id = self._index.vectors(passages)
        stacked = np.stack([by_id[p.id] for p in passages])
        cosines = stacked @ asked.vectors[0]
        groups = _Groups(passages)
        languages = [own[p.source_id].language for p in passages]
        lexical = Bm25(self._store, languages, question.language)
        contexts = [bag_of(p.context, x) for p, x in zip(passages, languages, strict=True)]
        own_words = groups.together([bag_of(p.text, x) for p, x in zip(passages, languages, strict=True)])
        asks = np.array([p.text.endswith("?") for p in passages], dtype=float)
        is_item = np.array([p.kind in (UnitKind.ITEM, UnitKind.TAIL, UnitKind.ROW) for p in passages], dtype=float)
        columns = [
            _standard(cosines),
            _standard((stacked @ asked.vectors.T).max(axis=1)),
            _standard(lexical.bm25(question.search_text, contexts)),
            _standard(np.max([lexical.bm25(part, own_words) for part in question.parts], axis=0)),
            _standard(groups.highest(cosines)),
            _standard(cosines) * is_item * float(question.asks_list),
            asks,
        ]
        coverages = np.max([lexical.coverage(part, own_words, contexts) for part in question.parts], axis=0)
        return self._reranked(scoring, asked, passages, columns, cosines, coverages, np.zeros(len(passages)))

    def _facts(self, asked: _Asked, sources: dict[str, Source]) -> Candidates:
        question = asked.question
        facts = self._index.facts()
        cosines = facts.vectors @ asked.vectors[0]
        part_cosines = (facts.vectors @ asked.vectors.T).max(axis=1)
        # A stored question asks one thing: the nearest to the whole or to any part of the question counts.
        nearest = (facts.questions @ asked.vectors.T).max(axis=1)
        question_cosines = np.full(len(facts.passages), -1.0)
        np.maximum.at(question_cosines, facts.owners, nearest)
        worded = np.zeros(len(facts.passages))
        owners, wordings = self._wordings(facts, question.language)
        np.maximum.at(worded, owners, wordings.similarities(asked.texts))
        chosen = {*np.argsort(-worded)[:_CANDIDATES].tolist()}
        chosen |= {*np.argsort(-cosines)[:_CANDIDATES].tolist(), *np.argsort(-question_cosines)[:_CANDIDATES].tolist()}
        row = {p.id: n for n, p in enumerate(facts.passages)}
        for text in asked.english:
            terms = search_terms(text, "en", "en")
            found = self._store.search(terms, "en", k=_CANDIDATES, bundled=True, weights=_LEXICAL_WEIGHTS)
            chosen.update(row[passage_id] for passage_id, _ in found)
        rows = sorted(chosen)
        passages = [facts.passages[n] for n in rows]
        language = question.language
        scoring = FACTS if language == "en" else FACTS_FOREIGN
        if not passages:
            return _nothing(scoring)
        cosines = cosines[rows].astype(float)
        likeness = question_cosines[rows] if language == "en" else worded[rows]
        lexical = Bm25(self._store, ["en"] * len(passages), "en")
        stored = Bm25(self._store, [language] * len(passages), language, of="questions")
        contexts, words = (
            [bag_of(p.context, "en") for p in passages],
            [bag_of(without_former_names(p.text), "en") for p in passages],
        )
        asked_words = [_stored_words(p, language) for p in passages]
        columns = [
            _standard(cosines),
            _standard(part_cosines[rows].astype(float)),
            _standard(lexical.bm25(asked.english[0], contexts)),
            _standard(np.max([lexical.bm25(part, words) for part in asked.parts], axis=0)),
            _standard(question_cosines[rows]),
            _standard(worded[rows]),
        ]
        coverages = np.max(
            [lexical.coverage(part, words, contexts) for part in asked.parts]
            + [stored.coverage(part, asked_words) for part in question.parts],
            axis=0,
        )
        return self._reranked(scoring, asked, passages, columns, cosines, coverages, likeness)

    def _wordings(self, facts: FactVectors, language: str) -> tuple[NDArray[np.int64], Wordings]:
        """The stored questions of a language, and the number of the fact that each belongs to; made once."""
        with self._guard:
            held = self._worded.get(language)
            if held is None or held[0] is not facts:
                asked = [
                    (n, text)
                    for n, p in enumerate(facts.passages)
                    for text in (p.fact.questions.get(language, ()) if p.fact else ())
                ]
                owners = np.array([n for n, _ in asked], dtype=np.int64)
                held = self._worded[language] = facts, owners, Wordings([text for _, text in asked], language)
            return held[1], held[2]

    def _reranked(
        self,
        scoring: Scoring,
        asked: _Asked,
        passages: list[Passage],
        columns: Sequence[Array],
        cosines: Array,
        coverages: Array,
        likeness: Array,
    ) -> Candidates:
        first = np.stack(columns, axis=1)
        best = np.argsort(-(first @ scoring.first), kind="stable")[:_RERANKED]
        late = np.full((len(passages), 2), _NOT_RERANKED)
        sims = np.zeros(len(passages))
        found = max_sims(asked.tokens, self._index.tokens([passages[i] for i in best]))  # (n_texts, n_best)
        sims[best] = found[0]
        late[best, 0] = _standard(found[0])
        late[best, 1] = _standard(found[1:].max(axis=0))
        matters = self._index.background(far=scoring.features is FACTS.features)
        background = float((matters @ asked.vectors.T).max(initial=0.0))
        features = np.column_stack([first, late])
        return Candidates(scoring, passages, features, cosines, sims, background, coverages, likeness)

    def _gather(self, asked: _Asked, sources: dict[str, Source]) -> list[Passage]:
        ids: dict[str, None] = {}
        for ranking in self._index.search(asked.vectors, k=_CANDIDATES):
            ids.update(dict.fromkeys(passage_id for passage_id, _ in ranking))
        for text in asked.texts:
            for language in {s.language for s in sources.values()}:
                terms = search_terms(text, language, asked.question.language)
                found = self._store.search(terms, language, k=_CANDIDATES, bundled=False, weights=_LEXICAL_WEIGHTS)
                ids.update(dict.fromkeys(passage_id for passage_id, _ in found))
        hits = [p for p in self._store.passages_by_id(ids) if p.source_id in sources]
        groups = sorted({(p.source_id, p.group) for p in hits})
        order = {source_id: n for n, source_id in enumerate(sources)}
        whole = [p for p in self._store.groups(groups) if p.kind is not UnitKind.INSTRUCTION]
        return sorted(whole, key=lambda p: (order[p.source_id], p.position))

    def _missing(self, question: Question, sources: dict[str, Source]) -> tuple[str, ...]:
        names = named_in(question, is_word=self._embedder.knows)
        titles = " ".join(f"{s.title} {s.municipality or ''} {s.law_basis or ''}" for s in sources.values()).lower()
        return tuple(
            name
            for name, wanted in names.items()
            if wanted.lower() not in titles
            and not self._mentions(wanted)
            # "Kela Migri": names in a row, each a term of its own.
            and not all(self._means(word, question.language) for word in name.split())
            and not self._means(name, question.language)
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
                phrase = " ".join(terms)  # the words together, in this order
                there = any(self._store.frequency(phrase, language, of=x) > 0 for x in ("passages", "questions"))
            if there:
                return True
        return False

    @staticmethod
    def lacks_expected(question: Question, hits: Sequence[Hit], places: Collection[str] = ()) -> bool:
        """Whether the question asks for a number, a date or the like, and no passage near the top has one."""
        near = [h for h in hits[:_EXPECTED_WITHIN] if h.cosine >= _EXPECTED_COSINE or h.coverage >= _EXPECTED_COVERAGE]
        if place := counted_place(question, places):
            # What holds everywhere, or elsewhere, is no figure of that place.
            near = [h for h in near if _counts_in(h.passage, h.source, place)]
        return any(not any(_holds(what, h) for h in near) for what in question.expects)


def _holds(what: str, hit: Hit) -> bool:
    """Whether a passage has what a question asks for: a number, a date, a name."""
    # In an added document a name may stand without the title that tells a person from a body.
    names_one = what == "a person's name" and not hit.source.bundled and people_in(hit.passage.text)
    return bool(names_one or EXPECTED[what][1].search(hit.passage.text))


def strength(found: Candidates) -> tuple[float, float, float, float, float]:
    """How well the candidates match the question: best cosine, coverage and late interaction, what speaks against, and
    the best likeness to a stored question.

    What speaks against is the cosine to the nearest of the matters that people ask about and that guidance on planning
    is not about: a question nearer to one of them than to any passage is most likely not answered by the sources.
    """
    return (
        float(found.cosines.max(initial=0.0)),
        float(found.coverages.max(initial=0.0)),
        float(found.max_sims.max(initial=0.0)),
        found.background,
        float(found.likeness.max(initial=0.0)),
    )


def margin(found: Candidates) -> float:
    """Log-odds that the candidates answer the question."""
    return float(np.dot([*strength(found), 1.0], found.scoring.enough))


def is_enough(found: Candidates) -> bool:
    """Whether the candidates match the question well enough to answer from."""
    cosine, _, max_sim, _, likeness = strength(found)
    far = max(cosine, likeness) < _LEAST_COSINE or max(max_sim, likeness) < _LEAST_MAX_SIM
    if far and found.scoring is not DOCUMENTS_FOREIGN:
        return False
    return margin(found) > 0


def _is_on_writing(passage: Passage) -> bool:
    return passage.source_id == _ON_WRITING


def _is_of_the_change(passage: Passage) -> bool:
    """Whether a passage says that something of the change from the former Act is not established."""
    return _is_open(passage) and currency.OLD_ACT in passage.text


def _is_open(passage: Passage) -> bool:
    return passage.fact is not None and passage.fact.certainty == NOT_ESTABLISHED


def programme_places(sources: Iterable[Source]) -> set[str]:
    """The municipalities whose programmes are there, one by one: "Kotka and Hamina" are two."""
    whose = {s.municipality for s in sources if s.municipality and s.kind is Kind.PROGRAMME}
    return {name for names in whose for name in re.split(r", | and ", names) if name[:1].isupper()}


def _counts_in(passage: Passage, source: Source, place: str) -> bool:
    """Whether a passage gives a number of a place."""
    of = f"{source.title} {source.municipality or ''} {' '.join(passage.headings)} {passage.text}"
    return place[: max(3, len(place) - 2)] in of and _COUNT.search(_DATE.sub(" ", passage.text)) is not None


def _stored_words(passage: Passage, language: str) -> Mapping[str, int]:
    asked = passage.fact.questions.get(language, ()) if passage.fact else ()
    return bag_of(" ".join(asked), language)


def _nothing(scoring: Scoring) -> Candidates:
    none = np.zeros(0)
    return Candidates(scoring, [], np.zeros((0, len(scoring.features))), none, none, 0.0, none, none)


def _standard(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std()) + 1e-6
    return np.asarray((values - values.mean()) / spread, dtype=np.float64)


class _Groups:
    """Paragraphs and lists among the candidates."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.members: dict[tuple[str, int], list[int]] = {}
        for i, p in enumerate(passages):
            self.members.setdefault((p.source_id, p.group), []).append(i)

    def together(self, bags: Sequence[Mapping[str, int]]) -> list[Mapping[str, int]]:
        """For each passage all words of its group."""
        result = list(bags)
        for members in self.members.values():
            whole: Counter[str] = Counter()
            for i in members:
                whole.update(bags[i])
            for i in members:
                result[i] = whole
        return result

    def highest(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each passage the highest value in its group."""
        result = values.copy()
        for members in self.members.values():
            result[members] = values[members].max()
        return result
