"""What a change makes of a draft: accepted, left out, put into other words, filled in, carried into a new draft.

Records in, records out: nothing is read, checked or kept here; `kept_drafts.py` does that. Whether other words still
rest on the quotes is asked of whoever calls (`Check`); what does not becomes the person's own words, which cite nothing
and are no fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from assistant.errors import AssistantError
from assistant.passages import sentence_spans
from assistant.shown import GAP_MARK
from assistant.text import collapse, shortened
from assistant.types import (
    BlockRole,
    Cell,
    Citation,
    DraftBlock,
    Notice,
    Original,
    SectionDraft,
    Statement,
    StatementState,
    Support,
)
from assistant.writing.section import ROW_GAP, row_question

_T = TypeVar("_T")

FROM_ANSWERS = "Added from answers"  # the heading of what a person took over from answers
CHARS = 5_000  # of one statement or cell: a page; more than that is a section, not a statement

_WHOLE_SENTENCE = re.compile(r"[A-ZÅÄÖ0-9“”].*\s\S+\s\S+\s\S+.*[.!?]", re.DOTALL)  # four words at least
# Own words there would be read as law, or as official guidance.
_SOURCES_ALONE = (BlockRole.REQUIREMENTS, BlockRole.RECOMMENDATIONS)

Place = tuple[int, int]  # number of a block and of a statement in it, both from 0
# A text and the numbers of the citations that it may rest on → those that it does rest on, none where it does not.
Check = Callable[[str, Sequence[int]], tuple[tuple[int, ...], Support]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a section is."""

    statements: int  # that can be accepted: all but open questions and what was left out
    accepted: int
    open: int  # questions still to fill in


# What stands together, and how far it is.


def unit_at(block: DraftBlock, number: int) -> tuple[Statement, ...]:
    """A statement with those that were parted from it when a person changed it."""
    end = number + 1
    while end < len(block.statements) and block.statements[end].continues:
        end += 1
    return block.statements[number:end]


def units(block: DraftBlock) -> Iterator[tuple[int, tuple[Statement, ...]]]:
    """(number of the first statement, what stands together) of a block, in order."""
    for number, statement in enumerate(block.statements):
        if not statement.continues:
            yield number, unit_at(block, number)


def is_open(block: DraftBlock, number: int) -> bool:
    """Whether something of a statement or row is still to fill in."""
    if number < len(block.rows):
        return any(GAP_MARK.search(cell.text) for cell in block.rows[number])
    return any(GAP_MARK.search(statement.text) for statement in unit_at(block, number))


def standing(draft: SectionDraft) -> Standing:
    """How far a section is."""
    found = [(block, number, unit[0]) for block in draft.blocks for number, unit in units(block)]
    closed = [
        head for block, number, head in found
        if head.state is not StatementState.LEFT_OUT and not is_open(block, number)
    ]  # fmt: skip
    accepted = sum(head.state is StatementState.ACCEPTED for head in closed)
    return Standing(len(closed), accepted, len(draft.placeholders))


def words_at(draft: SectionDraft, place: Place) -> str:
    """The words of a statement; raises AssistantError where there is none."""
    return "\n".join(s.text for s in unit_at(_block(draft, place), place[1]))


def decided(unit: Sequence[Statement]) -> bool:
    """Whether a person has accepted, left out or changed a statement."""
    return any(s.state is not StatementState.DRAFTED or s.original or s.own_words for s in unit)


def same_at(one: SectionDraft, other: SectionDraft, place: Place) -> bool:
    """Whether the same statement stands at a place of two versions of a section."""
    (b, n), both = place, (one, other)
    if not all(b < len(draft.blocks) and n < len(draft.blocks[b].statements) for draft in both):
        return False
    first, second = (draft.blocks[b] for draft in both)
    rows = [block.rows[n : n + 1] for block in (first, second)]
    return first.heading == second.heading and unit_at(first, n) == unit_at(second, n) and rows[0] == rows[1]


# What a person does.


def accept(draft: SectionDraft, places: Sequence[Place]) -> SectionDraft:
    """Accept statements; an open question among them is passed over, as there is nothing to accept yet."""
    for place in places:
        block = _block(draft, place)
        if not is_open(block, place[1]):
            draft = _set(draft, place, _in_state(unit_at(block, place[1]), StatementState.ACCEPTED))
    return draft


def leave_out(draft: SectionDraft, place: Place) -> SectionDraft:
    """Leave a statement out of every file; it stays in the draft to be taken back."""
    unit = unit_at(_block(draft, place), place[1])
    return _settled(_set(draft, place, _in_state(unit, StatementState.LEFT_OUT)))


def undo(draft: SectionDraft, place: Place) -> SectionDraft:
    """Take the last decision back: what was left out stands again, other words give way to those as drafted."""
    block = _block(draft, place)
    unit = unit_at(block, place[1])
    head = unit[0]
    if head.state is StatementState.LEFT_OUT:
        back = StatementState.ACCEPTED if head.original and not is_open(block, place[1]) else StatementState.DRAFTED
        return _settled(_set(draft, place, _in_state(unit, back)))
    if head.original is None:
        return _set(draft, place, _in_state(unit, StatementState.DRAFTED))
    was = head.original
    return _settled(_set(draft, place, (Statement(was.text, was.citations, was.support),), was.cells or None))


def reword(draft: SectionDraft, place: Place, texts: Sequence[str], check: Check) -> SectionDraft:
    """Put a statement or row into other words.

    Of a statement, sentences that still rest on its quotes keep their citations; those that do not part from them and
    cite nothing. Of a row, a cell whose words change is a person's own words.

    Args:
        draft: Of the section.
        place: Of the statement.
        texts: One text, of a row one for each column.
        check: Says which of the statement's citations a text rests on.

    Raises:
        AssistantError: There is nothing left, or too much; or own words would stand under what law or guidance says.
    """
    block = _block(draft, place)
    if place[1] < len(block.rows):
        return _reword_row(draft, place, [collapse(_typed(text)) for text in texts], check)
    text = "\n".join(line for line in (collapse(line) for line in _typed(texts[0]).splitlines()) if line)
    if not text:
        raise AssistantError("Nothing is left of the statement. Type what is to stand there, or leave it out.")
    unit = unit_at(block, place[1])
    head = unit[0]
    original = head.original or Original(head.text, head.citations, head.support)
    if text == original.text:
        return _settled(_set(draft, place, (Statement(text, original.citations, original.support),)))
    numbers = tuple(dict.fromkeys((*original.citations, *(n for s in unit for n in s.citations))))
    pieces = _pieces(text, numbers, check)
    own = next((piece for piece, cited, _ in pieces if not cited), "")
    if own and block.role in _SOURCES_ALONE:
        raise AssistantError(
            f"Under “{block.heading}” stands only what its sources say, and they do not say: “{shortened(own, 120)}” "
            "Keep to the cited words, leave the statement out, or write this in another part of the section."
        )
    state = StatementState.DRAFTED if GAP_MARK.search(text) else StatementState.ACCEPTED
    made = tuple(
        Statement(
            piece, cited, support, state, own_words=not cited, original=None if at else original, continues=at > 0
        )
        for at, (piece, cited, support) in enumerate(pieces)
    )  # fmt: skip
    return _settled(_set(draft, place, made))


def filled_in(text: str, gap: str, answer: str) -> str:
    """A text with an open question answered in its place; an answer that is a whole sentence takes the place of its."""
    mark = f"[TO FILL: {gap}]"
    before, found, after = text.partition(mark)
    if not found:
        raise AssistantError("This question is no longer open in the text. Open the section again to see it as it is.")
    answer = answer.strip()
    if not answer:
        raise AssistantError("Nothing was typed. Type the answer as it is to stand in the sentence.")
    if _WHOLE_SENTENCE.fullmatch(answer):
        start, end = next(span for span in sentence_spans(text) if span[0] <= len(before) < span[1])
        return f"{text[:start]}{answer}{text[end:]}"
    if after.startswith(".") and answer.endswith("."):
        answer = answer[:-1]
    return f"{before}{answer}{after}"


def put_in(
    draft: SectionDraft,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    warnings: Sequence[Notice] = (),
    *,
    heading: str = FROM_ANSWERS,
) -> SectionDraft:
    """Put statements at the end of what stands under a heading, which is made where there is none yet.

    What stands there already is not repeated.

    Args:
        draft: Of the section.
        statements: With numbers of `citations`.
        citations: Numbered from 1.
        warnings: That these citations call for; one that the draft has already is not repeated.
        heading: Of the municipality's own text; a table of this name takes no statements.
    """
    there = next(
        (n for n, b in enumerate(draft.blocks) if b.heading == heading and b.role is BlockRole.OWN and not b.rows), None
    )
    block = DraftBlock(heading, BlockRole.OWN) if there is None else draft.blocks[there]
    used = {number for statement in statements for number in statement.citations}
    all_citations, numbers = _joined(draft.citations, [c for c in citations if c.id in used])
    said = {collapse(s.text) for s in block.statements}
    fresh = tuple(
        replace(_renumbered(s, numbers), state=StatementState.ACCEPTED)
        for s in statements if collapse(s.text) not in said
    )  # fmt: skip
    block = replace(block, statements=(*block.statements, *fresh))
    blocks = (*draft.blocks, block) if there is None else _with(draft.blocks, there, block)
    told = {(w.code, w.message) for w in draft.warnings}
    notices = tuple(
        replace(w, citations=tuple(numbers[n] for n in w.citations if n in numbers))
        for w in warnings if (w.code, w.message) not in told
    )  # fmt: skip
    return replace(draft, blocks=blocks, citations=all_citations, warnings=(*draft.warnings, *notices))


# What a draft is checked for copying with, and what goes into files.


def text_to_compare(draft: SectionDraft) -> str:
    """The statements as the copying check takes them: what is left blank keeps its length, so that offsets hold.

    Blank are open questions, which are our own wording, and what was left out.
    """
    texts = []
    for statement in (s for block in draft.blocks for s in block.statements):
        is_question = not statement.citations and "[TO FILL" in statement.text
        blank = is_question or statement.state is StatementState.LEFT_OUT
        texts.append(" " * len(statement.text) if blank else statement.text)
    return "\n\n".join(texts)


def finished(draft: SectionDraft) -> SectionDraft:
    """A section without what was left out; its copying check must be made again where that is something."""
    blocks = []
    for block in draft.blocks:
        kept = [n for n, s in enumerate(block.statements) if s.state is not StatementState.LEFT_OUT]
        rows = tuple(block.rows[n] for n in kept) if block.rows else ()
        if kept or not block.statements:
            blocks.append(replace(block, statements=tuple(block.statements[n] for n in kept), rows=rows))
    if tuple(blocks) == draft.blocks:
        return draft
    used = {n for block in blocks for s in block.statements for n in s.citations}
    return replace(
        draft,
        blocks=tuple(blocks),
        citations=tuple(c for c in draft.citations if c.id in used),
        warnings=tuple(w for w in draft.warnings if not w.citations or used & set(w.citations)),
    )


# From an older draft into a new one.


def carried_over(old: SectionDraft, new: SectionDraft) -> SectionDraft:
    """A new draft in which what a person decided in the old one stands: accepted, changed, put in, left out.

    A statement takes the place of the one that it was drafted as, where the new draft has that too; otherwise it
    stands at the same part of the section, which is made where it is not there any more.
    """
    kept = [
        (block, number, unit) for block in old.blocks for number, unit in units(block) if decided(unit)
    ]  # fmt: skip
    if not kept:
        return new
    used = {
        n for _, _, unit in kept for s in unit for n in (*s.citations, *(s.original.citations if s.original else ()))
    }
    citations, numbers = _joined(new.citations, [c for c in old.citations if c.id in used])
    merged = _Merged(new)
    for block, number, unit in kept:
        row = block.rows[number] if number < len(block.rows) else ()
        merged.take(block, unit, row, numbers)
    told = {(w.code, w.message) for w in new.warnings}
    notices = [
        replace(w, citations=tuple(numbers[n] for n in w.citations if n in numbers))
        for w in old.warnings
        if used & set(w.citations) and (w.code, w.message) not in told
    ]
    joined = replace(new, blocks=tuple(merged.blocks), citations=citations, warnings=(*new.warnings, *notices))
    return _settled(joined, old)


class _Merged:
    """The blocks of a new draft, into which what was decided in an older one is put."""

    def __init__(self, new: SectionDraft) -> None:
        self.blocks = list(new.blocks)
        self._after: dict[int, int] = {}  # number of a block → where the next statement without a place of its own goes

    def take(
        self, block: DraftBlock, unit: Sequence[Statement], row: Sequence[Cell], numbers: Mapping[int, int]
    ) -> None:
        """Put one statement, or row, in its place."""
        head = unit[0]
        was = head.original or Original(head.text, head.citations, head.support, tuple(row))
        at = self._block_of(block)
        if at is None:
            if head.state is StatementState.LEFT_OUT:
                return  # nothing to leave out any more
            at = len(self.blocks)
            self.blocks.append(replace(block, statements=(), rows=()))
        target = self.blocks[at]
        place = next((n for n, s in units(target) if collapse(s[0].text) == collapse(was.text)), None)
        if place is None and head.state is StatementState.LEFT_OUT:
            return
        cells = tuple(replace(c, citations=tuple(numbers[n] for n in c.citations)) for c in row)
        if place is None and row:
            place = _same_row(target, was.cells)
        statements, rows = list(target.statements), list(target.rows)
        start = place if place is not None else min(self._after.get(at, 0), len(statements))
        taken = 0 if place is None else 1
        statements[start : start + taken] = [_renumbered(s, numbers) for s in unit]
        if row:
            rows[start : start + taken] = [cells]
        self.blocks[at] = replace(target, statements=tuple(statements), rows=tuple(rows))
        self._after[at] = start + len(unit)

    def _block_of(self, block: DraftBlock) -> int | None:
        for n, one in enumerate(self.blocks):
            if one.heading == block.heading and one.columns == block.columns:
                return n
        return None


def _same_row(block: DraftBlock, cells: Sequence[Cell]) -> int | None:
    """The row of a new draft that a row takes the place of: the one on the same subject, or one of nothing but gaps."""
    for n, row in enumerate(block.rows):
        if block.statements[n].state is not StatementState.DRAFTED:
            continue
        first = collapse(row[0].text)
        if first == collapse(cells[0].text) or GAP_MARK.fullmatch(first):
            return n
    return None


def _joined(
    citations: Sequence[Citation], more: Sequence[Citation]
) -> tuple[tuple[Citation, ...], dict[int, int]]:  # fmt: skip
    """Citations with others behind them, and by the number of each of these what it is now; the same place is one."""
    joined = list(citations)
    by_place = {(c.source_id, c.start, c.end, c.quote): c.id for c in citations}
    last = max((c.id for c in citations), default=0)
    numbers = {}
    for citation in more:
        key = (citation.source_id, citation.start, citation.end, citation.quote)
        if key not in by_place:
            last += 1
            by_place[key] = last
            joined.append(replace(citation, id=last))
        numbers[citation.id] = by_place[key]
    return tuple(joined), numbers


def _renumbered(statement: Statement, numbers: Mapping[int, int]) -> Statement:
    original = statement.original
    if original:
        cells = tuple(replace(c, citations=tuple(numbers[n] for n in c.citations)) for c in original.cells)
        original = replace(original, citations=tuple(numbers[n] for n in original.citations), cells=cells)
    return replace(statement, citations=tuple(numbers[n] for n in statement.citations), original=original)


# The parts of the above.


def _block(draft: SectionDraft, place: Place) -> DraftBlock:
    b, n = place
    if not (0 <= b < len(draft.blocks) and 0 <= n < len(draft.blocks[b].statements)):
        raise AssistantError(
            "This statement is not in the section any more. Open the section again to see it as it is now."
        )
    return draft.blocks[b]


def _set(
    draft: SectionDraft, place: Place, statements: Sequence[Statement], row: Sequence[Cell] | None = None
) -> SectionDraft:
    """A draft with what stands at a place replaced."""
    b, n = place
    block = draft.blocks[b]
    size = len(unit_at(block, n))
    changed = replace(block, statements=(*block.statements[:n], *statements, *block.statements[n + size :]))
    if row is not None:
        changed = replace(changed, rows=_with(block.rows, n, tuple(row)))
    return replace(draft, blocks=_with(draft.blocks, b, changed))


def _with(items: Sequence[_T], at: int, item: _T) -> tuple[_T, ...]:
    return (*items[:at], item, *items[at + 1 :])


def _in_state(unit: Sequence[Statement], state: StatementState) -> tuple[Statement, ...]:
    return tuple(replace(statement, state=state) for statement in unit)


def _settled(draft: SectionDraft, before: SectionDraft | None = None) -> SectionDraft:
    """A draft whose open questions are those that stand in its text; `before` is one that text was taken from."""
    standing_marks: set[str] = set()
    for block in draft.blocks:
        for n, statement in enumerate(block.statements):
            if statement.state is not StatementState.LEFT_OUT:
                cells = [cell.text for cell in block.rows[n]] if n < len(block.rows) else []
                standing_marks.update(m[1] for text in (statement.text, *cells) for m in GAP_MARK.finditer(text))
    known = {p.id: p for p in (*draft.placeholders, *draft.closed)}
    if before:
        known = {p.id: p for p in before.placeholders if p.id in standing_marks} | known
        known |= {p.id: p for p in before.closed if p.id not in known}
    for id, question in _questions_of_rows(draft):
        if id in known:
            known[id] = replace(known[id], question=question)
    return replace(
        draft,
        placeholders=tuple(p for p in known.values() if p.id in standing_marks),
        closed=tuple(p for p in known.values() if p.id not in standing_marks),
    )


def _questions_of_rows(draft: SectionDraft) -> Iterator[tuple[str, str]]:
    """By id of its open question, what is still open of each row of a table of objectives."""
    for block in draft.blocks:
        for row in block.rows if block.role is BlockRole.OBJECTIVES else ():
            open_cells = {column: GAP_MARK.fullmatch(c.text) for column, c in zip(block.columns, row, strict=True)}
            missing = [column for column, mark in open_cells.items() if mark]
            id = next((mark[1] for mark in open_cells.values() if mark), "")
            if ROW_GAP in id:
                yield id, row_question(missing, "" if block.columns[0] in missing else row[0].text)


def _typed(text: str) -> str:
    """What a person typed, without what cannot be printed; raises AssistantError where it is too long."""
    if len(text) > CHARS:
        raise AssistantError(
            f"The text holds {len(text):,} characters; a statement has at most {CHARS:,}. Shorten it, or part it."
        )
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text if not 0xD800 <= ord(c) <= 0xDFFF)


def _pieces(text: str, numbers: Sequence[int], check: Check) -> list[tuple[str, tuple[int, ...], Support]]:
    """A text whole where it rests on its quotes, else its sentences in runs that do and runs that do not."""
    cited, support = check(text, numbers)
    if cited:
        return [(text, cited, support)]
    if any(line.startswith("- ") for line in text.splitlines()):
        return [(text, (), Support.UNSUPPORTED)]  # an item says nothing without the line that introduces it
    found: list[tuple[str, tuple[int, ...], Support]] = []
    for line in text.splitlines():
        for n, (start, end) in enumerate(sentence_spans(line)):
            sentence = line[start:end]
            cited, support = check(sentence, numbers)
            if found and found[-1][1] == cited:
                joint = " " if n else "\n"
                found[-1] = (f"{found[-1][0]}{joint}{sentence}", cited, _weaker(found[-1][2], support))
            else:
                found.append((sentence, cited, support))
    return found


def _weaker(one: Support, other: Support) -> Support:
    return Support.UNSUPPORTED if Support.UNSUPPORTED in (one, other) else Support.SUPPORTED


def _reword_row(draft: SectionDraft, place: Place, texts: Sequence[str], check: Check) -> SectionDraft:
    b, n = place
    block = draft.blocks[b]
    head, row = block.statements[n], block.rows[n]
    if len(texts) != len(block.columns):
        raise AssistantError(f"The row has {len(block.columns)} cells, and {len(texts)} were given. Open it again.")
    if not any(texts):
        raise AssistantError("Nothing is left of the row. Type what is to stand there, or leave it out.")
    original = head.original or Original(head.text, head.citations, head.support, row)
    cells = []
    loose: tuple[int, ...] = ()  # citations of a first cell that has other words now: they belong to the cells after it
    for at, (typed, was) in enumerate(zip(texts, original.cells, strict=True)):
        text = typed or (was.text if GAP_MARK.search(was.text) else "")  # a question left unanswered stays open
        if text == collapse(was.text):
            takes = bool(loose) and bool(text) and not GAP_MARK.search(text)
            cells.append(replace(was, citations=tuple(dict.fromkeys((*loose, *was.citations)))) if takes else was)
            loose = () if takes else loose
            continue
        cited, _ = check(text, original.citations) if text else ((), Support.UNSUPPORTED)
        is_gap = GAP_MARK.search(text) is not None
        cells.append(Cell(text, cited, own_words=bool(text) and not cited and not is_gap))
        loose = was.citations if at == 0 and not cited else loose
    if [c.text for c in cells] == [collapse(c.text) for c in original.cells]:
        back = Statement(original.text, original.citations, original.support)
        return _settled(_set(draft, place, (back,), original.cells))
    numbers = tuple(dict.fromkeys(number for cell in cells for number in cell.citations))
    words = "; ".join(f"{column}: {cell.text}" for column, cell in zip(block.columns, cells, strict=True) if cell.text)
    is_gap = any(GAP_MARK.search(cell.text) for cell in cells)
    state = StatementState.DRAFTED if is_gap else StatementState.ACCEPTED
    support = Support.SUPPORTED if numbers else Support.UNSUPPORTED
    statement = Statement(words, numbers, support, state, own_words=not numbers, original=original)
    return _settled(_set(draft, place, (statement,), cells))
