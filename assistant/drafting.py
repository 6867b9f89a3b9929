"""A section of a plan, drafted: what law and guidance ask, what the municipality's own documents say, what is open.

What the law asks comes from the facts that prompts/plans/ names, as far as they hold on the day; facts of the
municipality come from its own documents, its figures and what was typed, and from nowhere else. Another municipality's
programme is pointed to, never quoted. Every statement passes the same verification as an answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import currency
from assistant.checklist import Checklist, answer_item
from assistant.citing import Citing, Numbering
from assistant.copying.workspace import Comparisons
from assistant.errors import AssistantError
from assistant.index import VectorIndex
from assistant.needs import needs
from assistant.notices import fallback_notice, verification_notices
from assistant.official import official_first
from assistant.own import (
    FIGURES,
    NOTES,
    PROFILE,
    OwnText,
    tells_a_duty,
)
from assistant.own_evidence import OwnEvidence
from assistant.plan import Section
from assistant.precedence import in_force_first
from assistant.question import read_question
from assistant.retrieval import Retriever
from assistant.store import Store
from assistant.types import (
    BlockRole,
    Cell,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Currency,
    Draft,
    DraftBlock,
    DraftStatement,
    Example,
    Hit,
    Kind,
    Notice,
    Override,
    Passage,
    Placeholder,
    Question,
    Quote,
    SectionDraft,
    Source,
    Statement,
    Support,
    UnitKind,
    WarningCode,
    Wishes,
)
from assistant.verification import Fault, Verdict, Verified, verify_draft
from assistant.writing import extractive
from assistant.writing.section import (
    Gap,
    RawBlock,
    Row,
    Table,
    asked_blocks,
    columns,
    objectives_block,
    own_blocks,
    quote,
    row_gap,
)

_log = logging.getLogger(__name__)

_ADDED_GUIDANCE, _ADDED_LAW = 2, 3  # passages of documents that somebody added, beside the facts of the corpus
_EXAMPLES, _ALIKE = 3, 0.5  # programmes pointed to, and the least cosine of a passage of theirs to a section
_POPULATION = "immigrant-numbers"  # the need of the section that tells of the population
_BRIEF = 1  # statements of law and of guidance where a section is to be short


DEFAULT_WISHES = Wishes()


class Drafter:
    """Drafts sections from one workspace."""

    def __init__(
        self,
        store: Store,
        index: VectorIndex,
        retriever: Retriever,
        sources: Callable[[], Sequence[Source]],
        comparisons: Comparisons,
        *,
        question_chars: int,
    ) -> None:
        self._store, self._index, self._retriever = store, index, retriever
        self._comparisons = comparisons
        self._sources = sources
        self._question_chars = question_chars

    def own_evidence(self, own: OwnText, as_of: str) -> OwnEvidence:
        """What the municipality's own documents show on a day."""
        others = {
            s.municipality for s in self._sources()
            if s.kind in (Kind.OWN, Kind.PROGRAMME) and s.municipality and s.source_id not in own.ids
        }  # fmt: skip
        return OwnEvidence(own, self._store, self._index, as_of=as_of, others=sorted(others))

    def draft(
        self,
        section: Section,
        own: OwnText,
        evidence: OwnEvidence,
        *,
        as_of: str,
        wishes: Wishes = DEFAULT_WISHES,
        notices: Sequence[Notice] = (),
        model: SectionModel | None = None,
        notes: Callable[[Passage], bool] = lambda passage: True,
    ) -> SectionDraft:
        """Draft one section.

        Args:
            section: Of a plan.
            own: What speaks for the municipality.
            evidence: What that shows, as `own_evidence` gives it for the same day.
            as_of: ISO date on which the law is taken.
            wishes: How it is to be written.
            notices: To stand before those of the draft.
            model: A chat model that writes instead of the extractive writer.
            notes: Which of the notes the section takes though none of its needs asks for them.
        """
        citing = Citing(self._store, self._sources, own.typed)
        question = Question(section.title, as_of, "en", section.title, (section.title,))
        required = self._facts(section.requires, question)
        recommended = self._facts(section.recommends, question)
        law, guidance = self._added(section, as_of, known=[h.passage for h in (*required, *recommended)])
        required += law if not required else []
        recommended += guidance
        if wishes.brief:
            required, recommended = required[:_BRIEF], recommended[:_BRIEF]
        blocks = asked_blocks(section, required, recommended, citing)
        shown = {need: evidence.shown(needs()[need], for_draft=True) for need in section.needs}
        typed = _typed_for(section, own, notes)
        blocks += own_blocks(
            section, needs(), shown, citing, may_be_said=evidence.may_be_said, notes=typed,
            near=evidence.nearest(section, typed),
            chapter=[*evidence.chapter(section), *evidence.rest_of_theme(section)], along=evidence.along(section),
            brief=wishes.brief,
        )  # fmt: skip
        if section.objectives:
            indicators = self._facts(section.indicators, question)
            proposed = indicators[wishes.indicator % len(indicators)].passage if indicators else None
            example = quote(proposed.source_id, proposed.text, proposed.start, proposed.end) if proposed else None
            blocks.append(objectives_block(evidence.objectives(section), example))
        writer, said = extractive.NAME, list(notices)
        written: dict[int, list[DraftStatement]] = {}
        if model:
            try:
                said += model.notices
                written = _written(section, blocks, model, brief=wishes.brief)
                writer = model.name
            except AssistantError as error:
                _log.warning("%s", error)
                said.append(fallback_notice(model.name, str(error)))
        writing = _Writing(section, citing)
        for n, block in enumerate(blocks):
            writing.take(block, written.get(n, ()))
        if model and writer != extractive.NAME and not writing.held:
            writer = extractive.NAME
            said.append(fallback_notice(model.name, f"Nothing that {model.name} wrote stands in the sources"))
        citations = writing.numbering.citations(citing, as_of)
        statements = [s for block in writing.blocks for s in block.statements]
        # What is still to fill in is our own wording: left blank, so that a copy on both sides of it stays what it is.
        texts = [s.text if s.citations or "[TO FILL" not in s.text else " " * len(s.text) for s in statements]
        copying = self._copying("\n\n".join(texts), own)
        cited = [s for s in statements if s.citations]
        return SectionDraft(
            section=section.id, title=section.title, municipality=own.municipality, as_of=as_of,
            writer=writer, blocks=tuple(writing.blocks), placeholders=tuple(writing.placeholders.values()),
            citations=citations,
            warnings=(
                *said,
                *_not_yet(section, as_of),
                *left_out_of_notes(own, cited={c.source_id for c in citations}),
                *_nothing_own(own),
                *citing.warnings(question, cited, _as_own(citations, own)),
                *verification_notices(Verdict(tuple(writing.repaired), tuple(writing.dropped))),
                *copying.warnings,
            ),
            copying=copying,
            plan=section.plan, status="" if _not_yet(section, as_of) else section.status,
            examples=tuple(self._examples(section, own, as_of)),
            wishes=wishes, notes=own.notes,
        )  # fmt: skip

    def checklist(
        self,
        checklist: Checklist,
        own: OwnText,
        evidence: OwnEvidence,
        *,
        as_of: str,
        overrides: Mapping[str, Override],
    ) -> ChecklistAnswer:
        """Answer a checklist; takes what `draft` takes, and what a person has said of items, by id."""
        citing, numbering = Citing(self._store, self._sources, own.typed), Numbering()
        question = Question(checklist.title, as_of, "en", checklist.title, (checklist.title,))
        facts = {p.fact.id: p for p in self._store.facts() if p.fact}
        known = {s.source_id for s in self._sources()}
        items = [
            answer_item(
                item,
                [evidence.shown(needs()[need]) for need in item.needs],
                [facts[i] for i in item.asks if i in facts and facts[i].source_id in known],
                citing,
                numbering,
                overrides.get(item.id),
            )
            for item in checklist.items
        ]
        citations = numbering.citations(citing, as_of)
        shown = [s for item in items for s in item.statements]
        of_own = [c for c in _as_own(citations, own) if c.source_id in own.ids]
        return ChecklistAnswer(
            checklist.id, checklist.title, own.municipality, as_of, tuple(items), citations,
            tuple(citing.warnings(question, shown, of_own)),
        )  # fmt: skip

    def _copying(self, text: str, own: OwnText) -> CopyingCheck:
        """What a draft shares with programmes of other municipalities: an own document may have copied before."""
        return self._comparisons.of(own.ids).check(text)

    def _facts(self, ids: Sequence[str], question: Question) -> list[Hit]:
        """Facts of the corpus by id that hold on the day, in the order given; official words in their place."""
        sources = {s.source_id: s for s in self._sources()}
        facts = {p.fact.id: p for p in self._store.facts() if p.fact}
        hits = [
            Hit(p, sources[p.source_id], -float(n), currency=currency.currency(sources[p.source_id], question.as_of, p))
            for n, p in enumerate(facts[i] for i in ids if i in facts)
            if p.source_id in sources
        ]
        hits = in_force_first(hits, question) if any(h.currency.may_hold for h in hits) else hits
        return official_first(
            hits, question, list(sources.values()), passages=self._store.passages, text=self._store.text
        )

    def _added(self, section: Section, as_of: str, known: Sequence[Passage]) -> tuple[list[Hit], list[Hit]]:
        """Law and guidance out of documents that somebody added, for the section's queries; best first."""
        if not any(s.kind in (Kind.LAW, Kind.GUIDANCE) and not s.bundled for s in self._sources()):
            return [], []
        found: dict[str, Hit] = {}
        for query in section.queries["en"]:
            read = read_question(
                f"What is said on {query}?", as_of=as_of, language="en", max_chars=self._question_chars
            )
            evidence = self._retriever.retrieve(read, k=12, bundled=False)
            for hit in evidence.hits if evidence.sufficient else ():
                if not hit.currency.may_hold or hit.source.early or hit.passage.kind is UnitKind.LEAD_IN:
                    continue
                if any(extractive.same_matter(hit.passage, p, "en") for p in known):
                    continue
                if hit.passage.id not in found or found[hit.passage.id].score < hit.score:
                    found[hit.passage.id] = hit
        best = sorted(found.values(), key=lambda h: -h.score)
        law = [h for h in best if h.source.kind is Kind.LAW][:_ADDED_LAW]
        return law, [h for h in best if h.source.kind is Kind.GUIDANCE][:_ADDED_GUIDANCE]

    def _examples(self, section: Section, own: OwnText, as_of: str) -> list[Example]:
        """Programmes of other municipalities on the same subject: where to read, none of their words."""
        others = [
            s for s in self._sources() if s.kind is Kind.PROGRAMME and s.source_id not in own.ids and s.municipality
        ]
        wanted = self._index.statements([section.title, *section.queries["en"]])
        found: list[tuple[float, Example]] = []
        for source in others:
            passages = [p for p in self._store.passages(source.source_id) if p.kind is not UnitKind.INSTRUCTION]
            if not passages:
                continue
            vectors = self._index.vectors(passages)
            likeness, best = max(
                ((float((wanted @ vectors[p.id]).max()), p) for p in passages), key=lambda pair: pair[0]
            )
            if likeness >= _ALIKE:
                found.append((likeness, _example(source, best, as_of)))
        found.sort(key=lambda pair: -pair[0])
        return [example for _, example in found[:_EXAMPLES]]


def _example(source: Source, passage: Passage, as_of: str) -> Example:
    old = currency.currency(source, as_of) is Currency.OUTDATED
    ended = f" It was written under Act {currency.OLD_ACT}, which has ended." if old else ""
    caution = (
        f"It rests on residents, services and partners of its own.{ended} Read how the subject was gone about; take "
        "over neither text nor figures."
    )
    return Example(
        source.source_id, source.municipality or "", source.title, source.written,
        f"page {passage.page}" if passage.page else "", source.url, caution,
    )  # fmt: skip


def _as_own(citations: Sequence[Citation], own: OwnText) -> list[Citation]:
    """Citations for the warnings: of a municipality's programme that is its own, nothing warns its reader."""
    return [replace(c, kind=Kind.OWN) if c.source_id in own.ids else c for c in citations]


def _typed_for(section: Section, own: OwnText, notes: Callable[[Passage], bool]) -> list[Passage]:
    """What was typed and must stand in the section: notes, and where the population is told of figures and profile."""
    wanted = [NOTES] + [PROFILE, FIGURES] * (_POPULATION in section.needs)
    return [
        p for one in own.typed if one.source.source_id in wanted for p in one.passages
        if p.kind is not UnitKind.INSTRUCTION and not tells_a_duty(p.text)
        and (one.source.source_id != NOTES or notes(p))
    ]  # fmt: skip


def left_out_of_notes(own: OwnText, *, cited: Collection[str]) -> list[Notice]:
    """Says which typed sentences do not stand in a draft, and why; of cited notes instructions are told elsewhere."""
    passages = [p for one in own.typed if one.source.source_id == NOTES for p in one.passages]
    found = []
    if duties := [p.text for p in passages if p.kind is not UnitKind.INSTRUCTION and tells_a_duty(p.text)]:
        message = (
            f"Left out of what you typed: “{duties[0]}”{' and more' * (len(duties) > 1)}. What the law asks is for the "
            "law to say; approval by the council every four years, or a report every two, is asked by no law in force."
        )
        found.append(Notice(WarningCode.NEVER_IN_FORCE, message))
    if any(p.kind is UnitKind.INSTRUCTION for p in passages):
        message = (
            "Sentences of what you typed address an assistant. They were not followed and do not stand in the draft."
        )
        found.append(Notice(WarningCode.INSTRUCTIONS_IN_SOURCE, message))
    return found


def _not_yet(section: Section, as_of: str) -> list[Notice]:
    """Says that the plan's own Act had not begun on the day."""
    if as_of >= currency.NEW_ACT_FROM or section.status == "old-law":
        return []
    message = (
        f"On {as_of} Act {currency.NEW_ACT} had not begun; Act {currency.OLD_ACT} was in force. The sections of that "
        "time are those of the plan programme-1386: draft --list names them."
    )
    return [Notice(WarningCode.NOT_IN_FORCE_YET, message)]


def _nothing_own(own: OwnText) -> list[Notice]:
    if own.ids:
        return []
    whose = own.municipality or "the municipality"
    message = (
        f"No document, figure or note of {whose} is in the workspace, so everything about {whose} is still to fill in. "
        "Add its documents with: python -m assistant add FILE --kind own"
    )
    return [Notice(WarningCode.NOT_ESTABLISHED, message)]


@dataclass(frozen=True, slots=True)
class SectionModel:
    """A chat model that writes sections."""

    name: str
    write: Callable[[str, str, Sequence[tuple[str, Sequence[Quote]]], bool], list[list[DraftStatement]]]
    notices: tuple[Notice, ...] = ()


def _written(
    section: Section, blocks: Sequence[RawBlock], model: SectionModel, *, brief: bool
) -> dict[int, list[DraftStatement]]:
    """What the model made of the prose of each block, by the number of the block."""
    material = {
        n: (block.heading, [q for s in block.content if isinstance(s, DraftStatement) for q in s.quotes])
        for n, block in enumerate(blocks)
        if block.role is not BlockRole.OBJECTIVES
    }
    material = {n: (heading, quotes) for n, (heading, quotes) in material.items() if quotes}
    written = model.write(section.title, section.purpose, list(material.values()), brief)
    return dict(zip(material, written, strict=True))


class _Writing:
    """Checks blocks one after the other and numbers what they cite."""

    def __init__(self, section: Section, citing: Citing) -> None:
        self._section, self._citing = section, citing
        self.numbering = Numbering()
        self.blocks: list[DraftBlock] = []
        self.placeholders: dict[str, Placeholder] = {}
        self.dropped: list[tuple[str, Fault]] = []
        self.repaired: list[Verified] = []
        self.held = 0  # statements of a chat model that stayed

    def take(self, block: RawBlock, written: Sequence[DraftStatement] = ()) -> None:
        """Check one block and put it behind those before it.

        Args:
            block: As the extractive writer puts it.
            written: What a chat model wrote of its quotes instead; where nothing of that holds, the block's own stays.
        """
        if block.role is BlockRole.OBJECTIVES:
            self._objectives(block)
            return
        held = [verified for one in written if (verified := self._checked(one))]
        self.held += len(held)
        self.repaired += [verified for verified in held if verified.repaired]
        prose: list[Statement] = [self.numbering.statement(verified) for verified in held]
        tables: list[DraftBlock] = []
        for one in block.content:
            if held and isinstance(one, DraftStatement):
                continue
            if isinstance(one, Gap):
                self.placeholders[one.placeholder.id] = one.placeholder
                prose.append(Statement(one.text, (), Support.UNSUPPORTED))
            elif isinstance(one, Table):
                tables.append(self._table(block, one))
            elif isinstance(one, DraftStatement) and (verified := self._checked(one)):
                statement = self.numbering.statement(verified)
                if statement not in prose:
                    prose.append(statement)
        if prose:
            self.blocks.append(DraftBlock(block.heading, block.role, tuple(prose)))
        self.blocks += [table for table in tables if table.rows]

    def _checked(self, statement: DraftStatement) -> Verified | None:
        verdict = verify_draft(Draft(extractive.NAME, (statement,)), self._citing.source_text)
        self.dropped += verdict.dropped
        return verdict.statements[0] if verdict.statements else None

    def _table(self, block: RawBlock, table: Table) -> DraftBlock:
        rows, statements = [], []
        for row in table.rows:
            if (verified := self._checked(row)) is None:
                continue
            numbers = self.numbering.of(verified.spans)
            texts = _cell_texts(row)
            rows.append(tuple(Cell(t, numbers if n == 0 else ()) for n, t in enumerate(texts)))
            words = "; ".join(f"{c}: {t}" for c, t in zip(table.columns, texts, strict=True) if t)
            statements.append(Statement(words, numbers, Support.SUPPORTED))
        return DraftBlock(table.caption or block.heading, block.role, tuple(statements), table.columns, tuple(rows))

    def _objectives(self, block: RawBlock) -> None:
        rows, statements = [], []
        for number, row in enumerate((r for r in block.content if isinstance(r, Row)), start=1):
            cells: dict[str, Cell] = {}
            if row.quote and (verified := self._checked(row.quote)):
                numbers = self.numbering.of(verified.spans)
                cells = {column: Cell(text, numbers) for column, text in row.cells.items()}
            if row.indicator and (verified := self._checked(row.indicator)):
                # A proposal of guidance for the person to take or leave; baseline and target stay open with it.
                cells["Indicator"] = Cell(verified.text, self.numbering.of(verified.spans))
            aim = cells[columns()[0]].text if columns()[0] in cells else ""
            missing = [column for column in columns() if column not in cells]
            if missing:
                gap = row_gap(self._section, number, missing, aim)
                self.placeholders[gap.id] = gap
                cells |= {column: Cell(gap.mark) for column in missing}
            rows.append(tuple(cells[column] for column in columns()))
            cited = tuple(dict.fromkeys(n for cell in rows[-1] for n in cell.citations))
            words = "; ".join(f"{column}: {cells[column].text}" for column in columns())
            statements.append(Statement(words, cited, Support.SUPPORTED if cited else Support.UNSUPPORTED))
        self.blocks.append(DraftBlock(block.heading, block.role, tuple(statements), columns(), tuple(rows)))


def _cell_texts(row: DraftStatement) -> list[str]:
    return [" ".join(cell.split()) for cell in row.text.split(" | ")]
