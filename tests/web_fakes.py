"""A stand-in for `Assistant` that answers at once, for tests of what calls it, and a reader of the HTML made of it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.errors import DocumentError, ModelUnavailable, QuestionError, SourceNotFound
from assistant.settings import Settings
from assistant.types import (
    Added,
    AddReport,
    Answer,
    ChecklistAnswer,
    Citation,
    Currency,
    Holding,
    Kind,
    ModelTrial,
    Notice,
    Passage,
    SectionDraft,
    Source,
    Statement,
    Support,
    Surroundings,
    Turn,
    UnitKind,
    WarningCode,
)
from assistant.workbook import Workbook

GUIDANCE = Source(
    source_id="koto24-planning",
    kind=Kind.GUIDANCE,
    title="Municipality plans and develops the promotion of integration in cooperation",
    publisher="Ministry of Economic Affairs and Employment",
    url="https://kotoutuminen.fi/en/planning",
    written="2024-05-01",
    law_basis="681/2023",
    digest=True,
    bundled=True,
    passages=41,
)
QUOTE = "Municipalities have a general obligation to plan, develop and monitor the promotion of integration."

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>![](http://evil.example/x)[a](javascript:alert(1))'\"${1}{{2}}"


class Tags(HTMLParser):
    """Gathers the tags, attributes and text of HTML, and checks that all is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def citation(
    number: int, *, quote: str = QUOTE, source: Source = GUIDANCE, currency: Currency = Currency.CURRENT
) -> Citation:
    """A citation of a source."""
    return Citation(
        id=number,
        source_id=source.source_id,
        kind=source.kind,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        municipality=source.municipality,
        pinpoint="Municipality plans and develops",
        quote=quote,
        written=source.written,
        law_basis=source.law_basis,
        currency=currency,
        digest=source.digest,
        start=0,
        end=len(quote),
    )


def cited_answer(question: str, as_of: str = "2026-11-22") -> Answer:
    """An answer with two supported statements, an unsupported one and a warning."""
    second = "objectives,"
    return Answer(
        question=question,
        as_of=as_of,
        language="en",
        writer="extractive",
        abstained=False,
        statements=(
            Statement(QUOTE, (1,), Support.QUOTED),
            Statement("Municipalities will record:\n- the objectives,\n- the measures", (2, 1), Support.QUOTED),
            Statement("Every municipality has 12 coordinators.", (2,), Support.UNSUPPORTED),
        ),
        citations=(citation(1), citation(2, quote=second, currency=Currency.OUTDATED)),
        warnings=(
            Notice(WarningCode.OUTDATED_SOURCE, "The page was written before Act 681/2023 began.", (2,)),
            Notice(WarningCode.UNSUPPORTED, "One statement is not supported by its quotes.", (2,)),
        ),
    )


def abstention(question: str) -> Answer:
    """An answer that says that nothing was found."""
    message = "No source tells the fee. Looked for: fee, swimming. Ask the municipality's sports services."
    warning = Notice(WarningCode.NOT_ESTABLISHED, message)
    return Answer(question, "2026-11-22", "en", "extractive", abstained=True, warnings=(warning,))


class FakeAssistant:
    """Answers from `answers`, else with `cited_answer`; remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | SectionDraft | ChecklistAnswer | Exception] = {
            "fee": abstention("fee"),
            "bad date": QuestionError("“2025-13-01” is no date. Write it as year-month-day."),
            "crash": RuntimeError("secret detail"),
        }
        self.asked: list[tuple[str, str | None, int]] = []
        self.added: list[tuple[list[str], str, str | None]] = []
        self.fetched: list[Added | Exception] = [
            Added("act.xml", "act-1:official", "Laki 1", 12, "new"),
            Added("", None, "Opas", 0, "failed", "guide, https://tem.example/: the name does not resolve. Try later."),
        ]
        self.may_fetch = threading.Event()  # until it is set, the second source is waited for
        self.closed = False
        self.next_questions = ["Who approves the plan?", "How is it followed up?"]
        self.may_answer = threading.Event()  # cleared, it keeps answers waiting
        self.may_answer.set()
        self.indexed = [GUIDANCE]
        self.contexts = {QUOTE: ("The heading\n\n", QUOTE, " If necessary, it must cooperate.")}
        self.warmed = threading.Event()
        self.put: list[tuple[str, str, str | None]] = []  # what went into the draft: section, question, municipality
        self.refuses = ""  # why nothing may
        self._folder = tempfile.TemporaryDirectory()
        self.settings = Settings(model="", corpus="bundled")
        self.workspace = Path(self._folder.name)
        self.planning: Any = SimpleNamespace(workbook=Workbook(Path(self._folder.name) / "workbook.sqlite"))
        self.kept_drafts: Any = SimpleNamespace(put_into_draft=self.put_into_draft)
        self.municipalities: Any = SimpleNamespace(known=list)

    def reply(
        self, text: str, *, as_of: str | None = None, conversation: Sequence[Turn] = (), who: str
    ) -> Answer | SectionDraft | ChecklistAnswer:
        """Answer at once."""
        self.asked.append((text, as_of, len(conversation)))
        self.may_answer.wait(30)
        answer = self.answers.get(text, None) or cited_answer(text, as_of or "2026-11-22")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def follow_ups(self, answer: Answer, *, conversation: Sequence[Turn] = (), k: int = 3) -> list[str]:
        """Give what was set."""
        return [] if answer.abstained else self.next_questions[:k]

    def put_into_draft(self, section: str, answer: Answer, *, municipality: str | None, who: str) -> Any:
        """Say that it is version 7, or why it may not go there."""
        if self.refuses:
            raise QuestionError(self.refuses)
        self.put.append((section, answer.question, municipality))
        return SimpleNamespace(number=7)

    def add(
        self,
        paths: Sequence[Path],
        *,
        kind: str,
        municipality: str | None = None,
        title: str | None = None,
        url: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
        progress: Callable[[int, int, str], None] | None = None,
        each: Callable[[Added], None] = lambda added: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> AddReport:
        """Take .md and .txt, refuse the rest."""
        self.added.append(([path.name for path in paths], kind, municipality))
        files = []
        for done, path in enumerate(paths):
            if stopped():
                break
            if progress:
                progress(done, len(paths), path.name)
            if path.suffix in (".md", ".txt"):
                source = Source(
                    path.stem, Kind(kind), path.stem, municipality=municipality, written=written, passages=3
                )
                self.indexed.append(source)
                files.append(Added(str(path), path.stem, path.stem, 3, "added"))
            else:
                files.append(Added(str(path), None, path.name, 0, "failed", f"{path.name}: no text layer. Run OCR."))
            each(files[-1])
        return AddReport(tuple(files))

    def sync(
        self,
        source_ids: Sequence[str] = (),
        *,
        progress: Callable[[int, int, str], None] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> AddReport:
        """Give what was set, one after the other."""
        files: list[Added] = []
        for done, one in enumerate(self.fetched):
            if progress:
                progress(done, len(self.fetched), f"downloading number {done + 1}")
            while done and not (self.may_fetch.wait(0.02) or stopped()):
                pass
            if stopped():
                break
            if isinstance(one, Exception):
                raise one
            files.append(one)
        return AddReport(tuple(files))

    def sources(self) -> list[Source]:
        """List what is indexed."""
        return list(self.indexed)

    def remove(self, source_id: str) -> None:
        """Take one out."""
        if all(source.source_id != source_id for source in self.indexed):
            raise SourceNotFound(f"No source has the id {source_id!r}.")
        self.indexed = [source for source in self.indexed if source.source_id != source_id]

    def surroundings(self, citation: Citation, *, chars: int = 400) -> Surroundings:
        """Give the context that was set, else none."""
        before, quote, after = self.contexts.get(citation.quote, ("", citation.quote, ""))
        return Surroundings(GUIDANCE, before, quote, after)

    def with_model(self, model: str, base_url: str = "") -> Settings:
        """The settings with another chat model."""
        return self.settings.model_copy(update={"model": model, "model_base_url": base_url})

    def try_model(self, model: str, base_url: str = "", *, timeout_s: float = 20.0) -> ModelTrial:
        """Answer at once, or say that it cannot be asked."""
        if "broken" in model:
            raise ModelUnavailable(f"The chat model {model} could not be asked (connection refused).")
        return ModelTrial("On Saturdays.", 0.4)

    def use_model(self, model: str, base_url: str = "") -> None:
        """Take it."""
        self.settings = self.with_model(model, base_url)

    def describe(
        self,
        source_id: str,
        *,
        title: str,
        kind: str,
        municipality: str | None = None,
        written: str | None = None,
        law_basis: str | None = None,
    ) -> Source:
        """Put it in place of what was known."""
        place = next(n for n, source in enumerate(self.indexed) if source.source_id == source_id)
        self.indexed[place] = replace(
            self.indexed[place], title=title, kind=Kind(kind), municipality=municipality, written=written,
            law_basis=law_basis,
        )  # fmt: skip
        return self.indexed[place]

    def unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """Nothing."""
        return Holding(), Holding()

    def name_unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """Nothing."""
        return Holding(), Holding()

    def passages(self, source_id: str) -> list[Passage]:
        """One for each source."""
        return [Passage(f"{source_id}:0-9", source_id, 0, len(QUOTE), QUOTE, UnitKind.SENTENCE, 0, 0)]

    def page_picture(self, source_id: str, page: int, quote: str = "") -> bytes:
        """Of no source."""
        raise DocumentError(f"{source_id}: no PDF is kept of it, so its pages cannot be shown. Its text can be read.")

    # What only programs call; tested with the real one.
    ask: Any = None
    retrieve: Any = None
    cite: Any = None
    draft: Any = None
    checklist: Any = None
    check_copying: Any = None
    read: Any = None
    review: Any = None

    def warm_up(self) -> None:
        """Nothing to load."""
        self.warmed.set()

    def close(self) -> None:
        """Nothing to let go of."""
        self.closed = True
