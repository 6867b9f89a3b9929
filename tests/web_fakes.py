"""A stand-in for `Assistant` that answers at once, for tests of what calls it, and a reader of the HTML made of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from pathlib import Path

from assistant.errors import QuestionError, SourceNotFound
from assistant.types import (
    Added,
    AddReport,
    Answer,
    ChecklistAnswer,
    Citation,
    Currency,
    Kind,
    Notice,
    SectionDraft,
    Source,
    Statement,
    Support,
    Surroundings,
    Turn,
    WarningCode,
)

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
        self.indexed = [GUIDANCE]
        self.contexts = {QUOTE: ("The heading\n\n", QUOTE, " If necessary, it must cooperate.")}
        self.warmed = threading.Event()

    def reply(
        self, text: str, *, as_of: str | None = None, conversation: Sequence[Turn] = (), who: str
    ) -> Answer | SectionDraft | ChecklistAnswer:
        """Answer at once."""
        self.asked.append((text, as_of, len(conversation)))
        answer = self.answers.get(text, None) or cited_answer(text, as_of or "2026-11-22")
        if isinstance(answer, Exception):
            raise answer
        return answer

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
    ) -> AddReport:
        """Take .md and .txt, refuse the rest."""
        self.added.append(([path.name for path in paths], kind, municipality))
        files = []
        for done, path in enumerate(paths):
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

    def warm_up(self) -> None:
        """Nothing to load."""
        self.warmed.set()

    def close(self) -> None:
        """Nothing to let go of."""
        self.closed = True
