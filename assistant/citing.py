"""From checked spans to numbered citations, and the warnings that their sources call for.

Sources are those of the workspace, and what a person typed: notes, figures and what a municipality told of itself are
read like documents, and cited as typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant import currency
from assistant.notices import source_notices
from assistant.store import Store
from assistant.text import collapse
from assistant.types import (
    NOT_ESTABLISHED,
    Citation,
    Currency,
    Kind,
    Notice,
    Passage,
    Question,
    Source,
    Statement,
    UnitKind,
)
from assistant.verification import SourceText, Span, Verified


class Citing:
    """The sources of one answer or draft, as verification and citations need them."""

    def __init__(self, store: Store, sources: Callable[[], Sequence[Source]], typed: Sequence[SourceText] = ()) -> None:
        """Prepare for one answer.

        Args:
            store: Of the workspace.
            sources: Gives those that may be cited.
            typed: What a person typed, as sources.
        """
        self._store = store
        self._sources = sources
        self._typed = {one.source.source_id: one for one in typed}

    def source_text(self, source_id: str) -> SourceText | None:
        """A source with its text and passages; None where there is none of this id."""
        if source_id in self._typed:
            return self._typed[source_id]
        known = {s.source_id: s for s in self._sources()}
        if source_id not in known:
            return None
        return SourceText(known[source_id], self._store.text(source_id), self._store.passages(source_id))

    def group(self, source_id: str, number: int) -> Sequence[Passage]:
        """The passages of one paragraph, list or table."""
        if source_id in self._typed:
            return [p for p in self._typed[source_id].passages if p.group == number]
        return self._store.group(source_id, number)

    def text(self, source_id: str) -> str:
        """The whole text of a source."""
        return self._typed[source_id].text if source_id in self._typed else self._store.text(source_id)

    def citation(self, number: int, span: Span, as_of: str) -> Citation:
        """A checked span as a citation."""
        typed = self._typed.get(span.source_id)
        source = typed.source if typed else self._store.source(span.source_id)
        passages = typed.passages if typed else self._store.passages(span.source_id)
        inside = [p for p in passages if p.start < span.end and p.end > span.start]
        fact = inside[0].fact if inside else None
        certainty, note = (fact.certainty, fact.note) if fact else (None, None)
        if inside and (open_point := currency.open_point(source, as_of, inside[0])):
            certainty, note = NOT_ESTABLISHED, open_point
        worth = currency.currency(source, as_of, inside[0] if inside else None)
        return Citation(
            id=number, source_id=source.source_id, kind=source.kind, title=source.title, publisher=source.publisher,
            url=fact.url if fact and fact.url else source.url, municipality=source.municipality,
            pinpoint=fact.pinpoint if fact and fact.pinpoint else pinpoint(inside, digest=source.digest),
            quote=collapse(span.text), written=source.written, law_basis=source.law_basis,
            currency=worth, digest=source.digest, start=span.start, end=span.end,
            page=inside[0].page if inside else None, certainty=certainty, note=note,
            ends=currency.ends(source, as_of, inside[0] if inside else None) if worth is Currency.OUTDATED else None,
        )  # fmt: skip

    def warnings(
        self,
        question: Question,
        statements: Sequence[Statement],
        citations: Sequence[Citation],
        *,
        premise: Passage | None = None,
    ) -> Iterator[Notice]:
        """What the reader is warned of because of the sources cited, and of the `premise` of the question."""
        cited = {c.source_id: source for c in citations if (source := self.source_text(c.source_id))}
        return source_notices(
            question,
            statements,
            citations,
            early={s for s, found in cited.items() if found.source.early},
            instructing={
                s for s, found in cited.items() if any(p.kind is UnitKind.INSTRUCTION for p in found.passages)
            },
            municipalities={s.municipality for s in self._sources() if s.kind is Kind.PROGRAMME and s.municipality},
            masked={s for s, found in cited.items() if found.source.personal_data},
            premise=premise,
        )


class Numbering:
    """Numbers citations from 1 in the order of their first use."""

    def __init__(self) -> None:
        self.numbers: dict[Span, int] = {}

    def of(self, spans: Sequence[Span]) -> tuple[int, ...]:
        """The numbers of these spans, new ones where they are new."""
        for span in spans:
            self.numbers.setdefault(span, len(self.numbers) + 1)
        return tuple(self.numbers[span] for span in spans)

    def statement(self, verified: Verified) -> Statement:
        """A checked statement with the numbers of its citations."""
        return Statement(verified.text, self.of(verified.spans), verified.support)

    def citations(self, citing: Citing, as_of: str) -> tuple[Citation, ...]:
        """All that were numbered, in order."""
        return tuple(citing.citation(n, span, as_of) for span, n in self.numbers.items())


def pinpoint(passages: Sequence[Passage], *, digest: bool) -> str:
    """Heading, subsection and page. A digest names its section in the heading; its paragraphs are no subsections."""
    if not passages:
        return ""
    first = passages[0]
    parts = [first.headings[-1]] if first.headings else []
    if not digest and first.section and "(" in first.section:
        parts.append(f"subsection {first.section.partition('(')[2].rstrip(')')}")
    if first.page:
        parts.append(f"page {first.page}")
    return ", ".join(parts) or "beginning"
