"""The one class a caller meets: documents in, checked answers out. The flow of the design, line by line.

Importing this module is cheap: models, Chroma and parsers are imported when they are first needed.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from assistant import corpus
from assistant.citing import Citing, Numbering
from assistant.copying.workspace import Comparisons
from assistant.disagreement import Disagreement, disagreement_notice, disagreements
from assistant.documents import detect_language
from assistant.embedding import Embedder, SentenceTransformerEmbedder
from assistant.errors import (
    AssistantError,
    QuestionError,
    WorkspaceBusy,
    WorkspaceError,
)
from assistant.follow_ups import near_questions
from assistant.index import VectorIndex
from assistant.intake import Intake, described
from assistant.kept_drafts import KeptDrafts
from assistant.legal_claims import claim_notice
from assistant.municipalities import Municipalities
from assistant.notices import changes, fallback_notice, question_notices, remote_notice, verification_notices
from assistant.originals import Originals
from assistant.personal_data import mask_text
from assistant.planning import Planning
from assistant.question import counted_place, mend_word, read_question
from assistant.requests import DraftRequest, Revision, read_request
from assistant.retrieval import Retriever, programme_places
from assistant.settings import Settings, is_remote
from assistant.shown import web_address
from assistant.store import Store
from assistant.text import collapse, shortened
from assistant.types import (
    Added,
    AddReport,
    Answer,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Document,
    Draft,
    Evidence,
    Holding,
    Kind,
    ModelTrial,
    Notice,
    Passage,
    Review,
    SectionDraft,
    Source,
    Surroundings,
    Turn,
    WarningCode,
)
from assistant.verification import Span, Verdict, verify_draft
from assistant.workbook import Workbook
from assistant.writing import chat_model, extractive

if TYPE_CHECKING:
    from assistant.sync import Progress

_log = logging.getLogger(__name__)
_INDEXED_AT_ONCE = 2_000  # passages that may wait for the vector index while documents are added; a kill loses none
_ANSWERS_KEPT = 64  # whose findings wait for `follow_ups`, called at once: room for many users at the same moment


class Assistant:
    """One open workspace: its documents, and answers from them."""

    def __init__(self, settings: Settings, *, embedder: Embedder | None = None) -> None:
        """Use `Assistant.open`; `embedder` is for tests."""
        self.settings = settings
        self._configured = settings  # as the program was started; `use_model` changes `settings` alone
        self.workspace = settings.workspace.expanduser().resolve()
        self._store = Store(self.workspace / "kotoapuri.sqlite")
        self._embedder: Embedder = embedder or SentenceTransformerEmbedder(settings)
        self._index = VectorIndex(self.workspace / "chroma", self._store, self._embedder)
        self._originals = Originals(self.workspace / "originals", self._store, settings)
        self._intake = Intake(self._store, self._index, self._originals, settings)
        self._retriever = Retriever(self._store, self._index, self._embedder)
        self._citing = Citing(self._store, self.sources)
        self._comparisons = Comparisons(self._store, self.sources, self._embedder, self.workspace / "words")
        workbook = Workbook(self.workspace / "workbook.sqlite")
        self.municipalities = Municipalities(workbook, self._store, self.sources, self._ready, settings)
        self.planning = Planning(
            self._store, self._index, self._retriever, self.sources, self._ready, self._comparisons, workbook,
            self.municipalities, settings,
        )  # fmt: skip
        self.kept_drafts = KeptDrafts(self.planning, self.municipalities, self.sources)
        # Of the latest answers: question, day and language, and what was found in law and guidance.
        self._found: deque[tuple[tuple[str, str, str], list[Passage]]] = deque(maxlen=_ANSWERS_KEPT)
        self._prepared = False
        self._preparing = threading.Lock()

    @classmethod
    def open(
        cls, *, workspace: Path | str | None = None, settings: Settings | None = None, embedder: Embedder | None = None
    ) -> Assistant:
        """Open a workspace, made where there is none; raises WorkspaceError where it cannot be used."""
        settings = settings or Settings()
        if workspace is not None:
            settings = settings.model_copy(update={"workspace": Path(workspace)})
        return cls(settings, embedder=embedder)

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the workspace's files."""
        self._index.close()
        self._store.close()
        self.planning.workbook.close()

    # Documents.

    def add(
        self,
        paths: Sequence[Path | str],
        *,
        kind: Kind | str,
        municipality: str | None = None,
        title: str | None = None,
        url: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
        progress: Progress | None = None,
        each: Callable[[Added], None] = lambda added: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> AddReport:
        """Read, split and index documents; a bad one is reported and the others are still added.

        Args:
            paths: Files; one document each.
            kind: law, guidance, programme or own.
            municipality: Whose programme or own document it is; a programme needs it.
            title: Instead of the document's own; for a single file.
            url: Where the official text stands.
            written: ISO date (or year, or year and month) of writing.
            law_basis: "681/2023" or "1386/2010"; read from the text by default.
            progress: Called with (done, total, what).
            each: Called with what became of each file as soon as that is known.
            stopped: Asked before each file; once it says so, the rest is left out of the report.

        Raises:
            WorkspaceBusy: Another process writes to this workspace.
            AssistantError: An option makes no sense; nothing was added.
        """
        about = described(
            kind, municipality=municipality, title=title, url=url, written=written, law_basis=law_basis, n=len(paths)
        )
        self._prepare()
        report = progress or (lambda done, total, what: None)
        files = []
        with self._writing():
            self._index.check_model()
            for n, path in enumerate(map(Path, paths)):
                if stopped():
                    break
                report(n, len(paths), mask_text(path.name))
                files.append(self._intake.add(path, about, partial(report, n, len(paths))))
                each(files[-1])
                self._index.update(at_least=_INDEXED_AT_ONCE)
            self._index.update()
            self._originals.sweep()
            self._comparisons.prepare()
            report(len(paths), len(paths), "done")
        return AddReport(tuple(files))

    def sources(self) -> list[Source]:
        """What is indexed, in the order in which it was added; the bundled corpus first."""
        self._prepare()
        return [s for s in self._store.sources() if self._bundled or not s.bundled]

    def remove(self, source_id: str) -> None:
        """Take a source out.

        Raises:
            SourceNotFound: There is none of this id.
            WorkspaceError: It belongs to the bundled corpus.
            WorkspaceBusy: Another process writes to this workspace.
        """
        self._prepare()
        if self._store.source(source_id).bundled:
            raise WorkspaceError(
                f"{source_id} belongs to the bundled corpus. Set KOTOAPURI_CORPUS=none to leave the whole corpus out."
            )
        with self._writing():
            self._index.remove(self._store.remove(source_id))
            self._originals.sweep()

    def describe(
        self,
        source_id: str,
        *,
        title: str,
        kind: Kind | str,
        municipality: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
    ) -> Source:
        """Correct what is known of a document that was added; takes what `add` takes, and the index stays as it is.

        Raises:
            SourceNotFound: There is none of this id.
            WorkspaceError: It belongs to the corpus.
            WorkspaceBusy: Another process writes to this workspace.
            AssistantError: Something makes no sense; nothing was changed.
        """
        about = described(
            kind, municipality=municipality, title=title.strip(), url=None, written=written, law_basis=law_basis, n=1
        )
        self._prepare()
        with self._writing():
            source = self._intake.describe(source_id, about)
            self._comparisons.prepare()
        return source

    def unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """What is kept under no municipality and may move to this one, and what it has of its own already."""
        return _with_documents(self.planning.workbook.unnamed(municipality), *self._intake.unnamed(municipality))

    def name_unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """Move what is kept under no municipality to this one; gives what `unnamed` gave before.

        What people wrote moves in one transaction, then the documents in another: where the second cannot be made, what
        `unnamed` gives afterwards is left, and doing it again moves that. Conversations stay.

        Raises:
            WorkspaceBusy: Another process writes to this workspace; nothing was moved.
            WorkspaceError: Nothing was moved, or what people wrote and no document.
        """
        self._prepare()
        with self._writing():
            own, same = self._intake.unnamed(municipality)
            found = self.planning.workbook.name_unnamed(municipality)
            if own:
                self._store.describe(*own)
                self._comparisons.prepare()
        return _with_documents(found, own, same)

    def passages(self, source_id: str) -> list[Passage]:
        """All passages of a source in reading order; raises SourceNotFound."""
        self._store.source(source_id)
        return self._store.passages(source_id)

    def page_picture(self, source_id: str, page: int, quote: str = "") -> bytes:
        """A page of a PDF that was added, as a PNG with the quote marked on it.

        Raises:
            SourceNotFound: There is none of this id.
            DocumentError: There is no such page, or it cannot be drawn; says what to do.
        """
        return self._originals.picture(source_id, page, quote)

    def sync(
        self,
        source_ids: Sequence[str] = (),
        *,
        progress: Progress | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> AddReport:
        """Download the official texts that the manifest names and index them; one that fails is reported.

        Args:
            source_ids: Sources of the bundled corpus; all that have an official text by default.
            progress: Called with (done, total, what).
            stopped: Asked before each source; once it says so, the rest is left for another time. What was downloaded
                is kept, and the next run indexes it.

        Raises:
            SourceNotFound: The manifest names no official text for a source; nothing was downloaded.
            WorkspaceBusy: Another process downloads, or writes to this workspace.
        """
        from assistant.sync import fetch

        if not self._bundled:
            raise AssistantError("There is no corpus whose texts could be downloaded. Set KOTOAPURI_CORPUS=bundled.")
        rows = corpus.official_texts(source_ids)
        report = progress or (lambda done, total, what: None)
        self._prepare()
        addresses = {source_id: row.download for source_id, row in rows.items()}
        # Reading and writing go on meanwhile.
        fetched = fetch(addresses, self.workspace / "official", report=report, stopped=stopped)
        files = []
        with self._writing():
            self._index.check_model()
            for n, one in enumerate(fetched):
                if stopped():
                    break
                within = partial(report, n, len(fetched))
                within(f"indexing {one.source_id}")
                files.append(self._intake.add_official(rows[one.source_id], one, within))
                self._index.update(at_least=_INDEXED_AT_ONCE)
            self._index.update()
        return AddReport(tuple(files))

    def rebuild(self, progress: Progress | None = None) -> None:
        """Make the vector index anew, with the embedding model of the settings."""
        report = progress or (lambda done, total, what: None)
        with self._writing():
            self._load_corpus(report)
            self._index.rebuild(lambda done, total: report(done, total, "passages"))
            if self._bundled:
                self._index.facts()  # minutes with another model: here, not at a question
            self._prepared = True

    # Answers.

    def ask(
        self,
        question: str,
        *,
        as_of: str | None = None,
        language: str | None = None,
        conversation: Sequence[Turn] = (),
    ) -> Answer:
        """Answer a question with citations, or abstain; personal data in the question is masked.

        Args:
            question: As the user put it.
            as_of: ISO date on which the law is taken; by default the day that the question names, or today.
            language: en, fi or sv; the question's own by default.
            conversation: Earlier turns, oldest first.

        Raises:
            QuestionError: The question or an option cannot be used.
            IndexStale: The workspace was indexed with another embedding model.
        """
        evidence = self.retrieve(question, as_of=as_of, language=language, conversation=conversation)
        read = evidence.question
        notices = question_notices(masked=mask_text(question) != question)
        notices += [claim_notice(claim) for claim in evidence.unfounded if claim.is_near]
        if not evidence.sufficient:
            return self._abstain(evidence, "extractive", notices)
        self._found.append(((read.text, read.as_of, read.language), _in_law_and_guidance(evidence)))
        draft, said = self._write(evidence)
        notices += said
        disagreeing = list(disagreements(evidence))
        draft = self._with_both(draft, disagreeing, evidence)
        verdict = verify_draft(draft, self._citing.source_text)
        if not verdict.statements and draft.writer != extractive.NAME:
            notices.append(fallback_notice(draft.writer, f"Nothing that {draft.writer} wrote stands in the sources"))
            draft = self._write_extractive(evidence)
            verdict = verify_draft(draft, self._citing.source_text)
        if not verdict.statements:
            return self._abstain(evidence, draft.writer, notices)
        return self._answer(evidence, draft.writer, verdict, notices, disagreeing)

    def retrieve(
        self,
        question: str,
        *,
        as_of: str | None = None,
        language: str | None = None,
        conversation: Sequence[Turn] = (),
        k: int = 60,
    ) -> Evidence:
        """Read a question and find evidence for it, best first: what `ask` does before it writes.

        Takes what `ask` takes, and `k`: how many passages at most.
        """
        if as_of is not None and not isinstance(as_of, str):
            raise QuestionError("The date must be text, written as YYYY-MM-DD.")
        self._ready()
        vocabulary = self._store.vocabulary("en")
        read = read_question(
            mask_text(question),
            as_of=as_of,
            language=language,
            conversation=[replace(turn, question=mask_text(turn.question)) for turn in conversation],
            max_chars=self.settings.question_chars,
            mend=lambda word: mend_word(word, vocabulary, self._embedder.knows),
        )
        return self._retriever.retrieve(read, k=k, bundled=self._bundled)

    def cite(self, passage: Passage, *, as_of: str, number: int = 1) -> Citation:
        """A passage as a citation."""
        span = Span(passage.source_id, passage.start, passage.end, passage.text)
        return self._citing.citation(number, span, as_of)

    def _write(self, evidence: Evidence) -> tuple[Draft, list[Notice]]:
        settings = self.settings  # one model from here to the end, whatever `use_model` does meanwhile
        if not settings.model:
            return self._write_extractive(evidence), []
        notices = []
        try:
            model = chat_model.chat_model(settings)
            if is_remote(settings):
                notices.append(remote_notice(settings, "The question and the passages found were"))
            return chat_model.write_answer(evidence, model, settings=settings), notices
        except AssistantError as error:
            _log.warning("%s", error)
            return self._write_extractive(evidence), [*notices, fallback_notice(settings.model, str(error))]

    def _write_extractive(self, evidence: Evidence) -> Draft:
        return extractive.write_answer(
            evidence, group=self._group_of(evidence), text=self._store.text, chars=self.settings.answer_chars
        )

    def _group_of(self, evidence: Evidence) -> Callable[[str, int], Sequence[Passage]]:
        """The paragraphs and lists of the sources, without what the evidence leaves out."""
        left_out = {claim.hit.passage.id for claim in evidence.unfounded}
        return lambda source_id, number: [p for p in self._store.group(source_id, number) if p.id not in left_out]

    def _with_both(self, draft: Draft, disagreeing: Sequence[Disagreement], evidence: Evidence) -> Draft:
        """What contradicts an answer stands in it, too, and what the question took for granted, whoever wrote it."""
        quotes = [quote for statement in draft.statements for quote in statement.quotes]
        premise = [evidence.premise] if evidence.premise else []
        beside = [
            statement
            for hit in [*(h for found in disagreeing for h in (found.one, found.other)), *premise]
            if not any(
                q.source_id == hit.passage.source_id and collapse(hit.passage.text) in collapse(q.text) for q in quotes
            )
            for statement in extractive.quote_passages([hit.passage], self._group_of(evidence), self._store.text)
        ]
        return replace(draft, statements=(*draft.statements, *beside))

    def _answer(
        self,
        evidence: Evidence,
        writer: str,
        verdict: Verdict,
        notices: list[Notice],
        disagreeing: Sequence[Disagreement],
    ) -> Answer:
        question, premise = evidence.question, evidence.premise
        numbering = Numbering()
        statements = [numbering.statement(verified) for verified in verdict.statements]
        citations = numbering.citations(self._citing, question.as_of)
        notices = [
            *notices,
            *self._citing.warnings(question, statements, citations, premise=premise.passage if premise else None),
            *(disagreement_notice(found, citations) for found in disagreeing),
            *verification_notices(verdict),
        ]
        return Answer(
            question.text,
            question.as_of,
            question.language,
            writer,
            False,
            tuple(statements),
            citations,
            tuple(notices),
        )

    def _abstain(self, evidence: Evidence, writer: str, notices: Sequence[Notice] = ()) -> Answer:
        question = evidence.question
        if evidence.missing:
            looked = f"No indexed source mentions {', '.join(evidence.missing)}."
        elif not self.sources():
            looked = "No document is indexed yet. Add documents with: python -m assistant add FILE --kind guidance"
        elif place := counted_place(question, programme_places(self.sources())):
            looked = (
                f"No indexed source gives this figure of {place}. Statistics Finland has open tables of population by "
                "municipality, language, citizenship and origin (StatFin, vaerak): add one on the tab Situation."
            )
        else:
            looked = "The indexed sources do not seem to answer this."
        message = (
            f"{looked} Looked for: “{shortened(question.search_text, 160)}” in {len(self.sources())} sources. "
            "Ask it in other words, add a document that answers it, or ask the Economic Development Centre of your "
            "area or the Ministry of Economic Affairs and Employment."
        )
        return Answer(
            question.text, question.as_of, question.language, writer, True,
            warnings=(Notice(WarningCode.NOT_ESTABLISHED, message), *notices, *changes(question)),
        )  # fmt: skip

    def reply(
        self, text: str, *, as_of: str | None = None, conversation: Sequence[Turn] = (), who: str
    ) -> Answer | SectionDraft | ChecklistAnswer:
        """Answer a question of a conversation, or do what is asked for: draft, revise, answer a checklist.

        Takes what `ask` takes, and `who` is to be named for the versions of drafts.
        """
        drafted = next((turn.draft for turn in reversed(conversation) if turn.draft), None)
        request = read_request(
            text, detect_language(text), municipalities=self.municipalities.known(), drafted=drafted is not None
        )
        if request is None:
            # A request names no topic that the next question would go on with.
            return self.ask(text, as_of=as_of, conversation=[turn for turn in conversation if turn.answer])
        if isinstance(request, Revision):
            if drafted is None:
                raise QuestionError("There is no draft to change yet. Write “Draft the section on …” first.")
            return self.planning.revise(drafted, request, who=who)
        # The day that the request names, as with a question.
        day = as_of or read_question(text, as_of=None, language=None, max_chars=self.settings.question_chars).as_of
        if isinstance(request, DraftRequest):
            return self.planning.draft(request.section.id, municipality=request.municipality, as_of=day, who=who)
        return self.checklist(request.checklist.id, municipality=request.municipality, as_of=day)

    def follow_ups(self, answer: Answer, *, conversation: Sequence[Turn] = (), k: int = 3) -> list[str]:
        """Up to `k` questions near an answer that the corpus answers too, in the answer's language.

        Args:
            answer: From `ask`.
            conversation: Its turns, that of the answer included, as they are there when one of the questions is asked.
            k: How many at most.
        """
        if answer.abstained or not self._bundled:
            return []
        key = (answer.question, answer.as_of, answer.language)
        found = next((passages for asked, passages in reversed(self._found.copy()) if asked == key), None)
        if found is None:  # many answers ago, or before the program was started again
            evidence = self.retrieve(answer.question, as_of=answer.as_of, language=answer.language)
            found = _in_law_and_guidance(evidence)
        questions: list[str] = []
        asked = [turn.question for turn in conversation]
        for question in near_questions(answer, self._store.facts(), found, asked=asked):
            would_be = self.retrieve(question, as_of=answer.as_of, conversation=conversation, k=1)
            # One that leans on the question before it reads as a riddle on its own.
            if would_be.sufficient and not would_be.question.is_follow_up:
                questions.append(question)
            if len(questions) == k:
                break
        return questions

    # Plans and checklists: what the contract names; the rest is in `planning`, `kept_drafts`, `municipalities`.

    def draft(self, section: str, **options: Any) -> SectionDraft:
        """Draft a section of a plan; takes what `Planning.draft` takes."""
        return self.planning.draft(section, **options)

    def checklist(self, name: str, **options: Any) -> ChecklistAnswer:
        """Answer a checklist from the municipality's own documents; takes what `Planning.checklist` takes."""
        return self.planning.checklist(name, **options)

    def check_copying(self, text: str, *, municipality: str | None = None) -> CopyingCheck:
        """Find what a text shares with others' programmes; takes what `Planning.check_copying` takes."""
        return self.planning.check_copying(text, municipality=municipality)

    def review(self, text: str | Document, *, municipality: str | None = None, as_of: str | None = None) -> Review:
        """Hold a plan against the known weaknesses of such plans.

        Args:
            text: The plan, or a document as `read` gives it.
            municipality: Whose plan it is; by default the one that the text names.
            as_of: ISO date on which the law is taken; today by default.

        Raises:
            AssistantError: There is too little or too much text; says what to do.
        """
        from assistant.documents import as_document
        from assistant.review import read_plan, review_plan

        day = read_question("Plan?", as_of=as_of, language="en", max_chars=self.settings.question_chars).as_of
        document = as_document(text) if isinstance(text, str) else text
        others = {s.municipality for s in self.sources() if s.kind is Kind.PROGRAMME and s.municipality}
        name = " ".join(mask_text(municipality or "").split())[:100] or None
        plan = read_plan(document, municipality=name, others=sorted(others), as_of=day)
        return review_plan(plan, facts=self._store.facts() if self._bundled else (), citing=self._citing)

    def read(self, path: Path | str) -> Document:
        """Read a file without adding it, so that offsets of a text or Markdown file are those of the file.

        Raises:
            DocumentError: It cannot be read; says what to do.
        """
        from assistant.documents import read_in_place

        return read_in_place(Path(path), settings=self.settings)

    def surroundings(self, citation: Citation, *, chars: int = 400) -> Surroundings:
        """A quote in its place: up to `chars` characters of the source before and after it."""
        text = self._store.text(citation.source_id)
        return Surroundings(
            self._store.source(citation.source_id),
            text[max(0, citation.start - chars) : citation.start],
            text[citation.start : citation.end],
            text[citation.end : citation.end + chars],
        )

    # The chat model.

    def with_model(self, model: str, base_url: str = "") -> Settings:
        """The settings with another chat model, which is neither asked nor put to use.

        Args:
            model: "provider:name"; empty for none.
            base_url: Where it is served; empty for the provider's own address.

        Raises:
            AssistantError: The address is none.
        """
        model, base_url = model.strip(), base_url.strip()
        if base_url and not web_address(base_url):
            raise AssistantError(f"{shortened(base_url, 80)} is no web address. Begin it with http:// or https://.")
        base_url = base_url if model else ""
        before = self._configured
        is_same = (model.partition(":")[0], base_url) == (before.model.partition(":")[0], before.model_base_url)
        # The key of the environment goes where the environment says, and nowhere else that somebody types.
        key = before.model_api_key if is_same else ""
        return before.model_copy(update={"model": model, "model_base_url": base_url, "model_api_key": key})

    def try_model(self, model: str, base_url: str = "", *, timeout_s: float = 20.0) -> ModelTrial:
        """Ask a chat model one made-up question as answers are asked; nothing of the workspace is sent.

        Takes what `with_model` takes.

        Raises:
            AssistantError: It cannot be set up, did not answer in `timeout_s` seconds, or not in the form asked for.
        """
        settings = self.with_model(model, base_url)
        return chat_model.try_model(settings.model_copy(update={"model_timeout_s": timeout_s}))

    def use_model(self, model: str, base_url: str = "") -> None:
        """Let another chat model write from now on, until the program ends; takes what `with_model` takes.

        Raises:
            AssistantError: It cannot be set up; the one of before goes on.
        """
        settings = self.with_model(model, base_url)
        if settings.model:
            chat_model.chat_model(settings)
        self.settings = settings
        self.planning.use(settings)

    # The workspace.

    def _ready(self) -> None:
        """Bring the index up to date; raises IndexStale where it was made with another model."""
        self._prepare()
        self._index.check_model()

    @property
    def _bundled(self) -> bool:
        return self.settings.corpus == "bundled"

    def warm_up(self) -> None:
        """Load models and index now, so that the first question need not wait."""
        self._prepare()
        self._retriever.warm_up()

    def _prepare(self) -> None:
        """Bring the bundled corpus and the vector index up to date, once; skipped while another process does."""
        with self._preparing:
            if self._prepared:
                return
            stale = self._bundled and self._store.get("corpus") != corpus.corpus_digest()
            behind = bool(self._store.without_vectors()) or self._index.is_unfinished
            # Only looked at here: a model that was changed is refused by the command that needs it.
            if stale or (behind and self._store.get("embedding") in (None, self._embedder.fingerprint)):
                try:
                    with self._writing():
                        self._load_corpus(lambda done, total, what: None)
                        self._index.update()
                except WorkspaceBusy:
                    _log.info("Another process is writing to the workspace; answering from what is there.")
                    return
            self._prepared = True

    def _load_corpus(self, report: Progress) -> None:
        if self._bundled and self._store.get("corpus") != corpus.corpus_digest():
            self._intake.add_corpus(report)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the only writer of this workspace; readers go on."""
        lock = FileLock(self.workspace / "writing.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise WorkspaceBusy(
                f"Another process is writing to the workspace {self.workspace}. "
                "Wait until it has ended, then try again."
            ) from None
        except OSError as error:
            raise WorkspaceError(
                f"The workspace {self.workspace} cannot be written ({error}). Check the folder's permissions."
            ) from error
        try:
            self._index.heal()
            yield
        finally:
            lock.release()


def _in_law_and_guidance(evidence: Evidence) -> list[Passage]:
    return [hit.passage for hit in evidence.hits if hit.source.kind in (Kind.LAW, Kind.GUIDANCE)]


def _with_documents(
    kept: tuple[Holding, Holding], own: Sequence[tuple[Source, str]], same: Sequence[Source]
) -> tuple[Holding, Holding]:
    """What the workbook holds that moves and that stays, each with the titles of its documents."""
    moves, stays = kept
    return (
        replace(moves, documents=tuple(source.title for source, _ in own)),
        replace(stays, documents=tuple(source.title for source in same)),
    )
