"""Cuts a document into passages: sentences, list items and table rows that know their headings and lead-in.

Everything quotable is a span of the document's text; nothing is rewritten here. Page leftovers are left out, and a
sentence that addresses an assistant becomes a passage that is never searched or quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.addressed import addresses_machine
from assistant.personal_data import MASK
from assistant.types import Block, BlockKind, Document, Passage, UnitKind

# Finnish, Swedish and English abbreviations: those that never end a sentence, and those that end one only before a
# capital letter.
_NEVER_FINAL = frozenset(
    (
        "ks esim mm vrt n s t v ts nk ns os puh klo prof tri toim huom t.ex bl.a jfr dvs s.k kl ca f.d fr.o.m "
        "t.o.m resp nr e.g i.e cf no art sec vol p pp mr mrs ms dr st vs approx"
    ).split()
)
_SOMETIMES_FINAL = frozenset(("ym yms jne mom kpl luk kap m.m m.fl osv etc para subs").split())

_SHORTEST = 10  # a shorter sentence joins the next

_BOUNDARY = re.compile(r"[.!?…][\"”’')\]]*(?=\s)")
_STARTS_SENTENCE = re.compile(rf"[\"“”'(\[]*(?:[^\W\d_]|\d|§|[•–-]|{MASK})")
_LAST_WORD = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)\.?$")

# "published at Approximately 2/3 of …": the page lost a link, and two sentences ran together.
_LOST_LINK = re.compile(
    r"(?<=\s)(?:at|from|via|osoitteessa|osoitteesta|på adressen)\s+"
    r"(?=(?:Approximately|About|The|This|These|It|In|Many|Some|You|For|If|Noin|Tämä|Ungefär|Den|Det)\s)"
)
_DANGLING = re.compile(r"\s+(?:at|from|via|osoitteessa|osoitteesta|på adressen)\s*$")

_WORDS = re.compile(r"[^\W\d_]{2,}")

_NAMES_LAW = re.compile(r"\b\d{1,4}/(?:19|20)\d\d\b|§|\bsections? \d", re.IGNORECASE)

# "Note the following.": an instruction that goes on in the next block.
_ANNOUNCES = re.compile(
    r"\b(?:the following|as follows|below|is this|seuraav\w+|tässä|näin|följande|nedan|så här)\b[^.!?]{0,20}[.:!]?$"
    r"|:$",
    re.IGNORECASE,
)
_SECTION = re.compile(r"^(?:(\d+(?:\s?[a-z])?)\s*§|(?:Section|Sec\.)\s+(\d+(?:\s?[a-z])?)\b)")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Split a stretch of text into sentences; Finnish, Swedish and English.

    Args:
        text: The whole text.
        start: First character of the stretch.
        end: End of the stretch, exclusive; the end of the text by default.

    Returns:
        (start, end) of each sentence in `text`, stripped of white space, in order, none empty.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for cut in _cuts(text, start, end):
        if cut - begin < _SHORTEST:
            continue  # "NOTE!" says nothing alone
        spans.append((begin, cut))
        begin = cut
    spans.append((begin, end))
    return [span for raw in spans if (span := _strip(text, *raw))]


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    found = [m.end() for m in _BOUNDARY.finditer(text, start, end) if _ends_sentence(text, start, m.start(), m.end())]
    found += [m.end() for m in _LOST_LINK.finditer(text, start, end)]
    yield from sorted(found)


def _ends_sentence(text: str, start: int, mark: int, after: int) -> bool:
    following = text[after : after + 40].lstrip()
    if not following:
        return False
    first = following.lstrip("\"“”'([")[:1]
    if not _STARTS_SENTENCE.match(following) or first.islower():
        return False
    if text[mark] != ".":
        return True
    last = _LAST_WORD.search(text[max(start, mark - 30) : mark])
    if last is None:
        return True
    word = last.group(1)
    if word.isdigit():
        # "1. Municipality decides": a number at the beginning is a number of the list. "1. tammikuuta" went above.
        return text[start:mark].strip() != word
    if word.lower() in _NEVER_FINAL:
        # "t" and "v" are abbreviations, "T. Virtanen" an initial; "kunta A." can end a sentence only before nothing.
        return False
    if len(word) == 1 and word.isupper():
        return False
    return not (word.lower() in _SOMETIMES_FINAL and first.isdigit())


def _strip(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def split_document(document: Document, source_id: str) -> list[Passage]:
    """Cut a document into passages in reading order.

    A list keeps its lead-in (the sentence before it, the list item above it, or the heading where nothing stands
    between) and its items follow one by one; paragraph, list with lead-in, and table are each one `group`.
    """
    return list(_Splitter(document, source_id).passages())


class _Splitter:
    """Walks the blocks of one document, holding where it stands: headings, group, lead-ins, section."""

    def __init__(self, document: Document, source_id: str) -> None:
        self.document = document
        self.source_id = source_id
        self.headings: list[tuple[int, str, Block]] = []
        self.lead_ins: dict[int, str] = {}  # depth of the list that a lead-in introduces -> its words
        self.group = -1
        self.position = 0
        self.section: str | None = None
        self.subsection = 0
        self.after_heading = False
        self.instructed = False  # whether an instruction to a machine stands before in the same block
        self.announced = False  # whether the last one tells of what comes in the next

    def passages(self) -> Iterator[Passage]:
        blocks = [b for b in self.document.blocks if b.kind is not BlockKind.BOILERPLATE]
        for i, block in enumerate(blocks):
            self.instructed, self.announced = self.announced, False
            following = blocks[i + 1] if i + 1 < len(blocks) else None
            match block.kind:
                case BlockKind.HEADING:
                    yield from self._heading(block, following)
                case BlockKind.PARAGRAPH:
                    yield from self._paragraph(block, following, blocks[i - 1] if i else None)
                case BlockKind.FACT:
                    self.group += 1
                    yield replace(self._passage(block.start, block.end, UnitKind.SENTENCE), fact=block.fact)
                case BlockKind.ITEM:
                    yield from self._item(block, following)
                case BlockKind.ROW:
                    yield from self._row(block, blocks[i - 1] if i else None)

    def _heading(self, block: Block, following: Block | None) -> Iterator[Passage]:
        text = self._text(block.start, block.end)
        self.headings = [h for h in self.headings if h[0] < block.level]
        if section := _SECTION.match(text):
            self.section, self.subsection = section.group(1) or section.group(2), 0
        elif not any(_SECTION.match(h[1]) for h in self.headings):
            self.section = None
        self.group += 1
        self.lead_ins = {}
        if _introduces_list(following) and following is not None:
            yield self._passage(block.start, block.end, UnitKind.LEAD_IN)
            self.lead_ins[following.level] = text
        self.headings.append((block.level, text, block))

    def _paragraph(self, block: Block, following: Block | None, before: Block | None) -> Iterator[Passage]:
        in_list = before is not None and before.kind is BlockKind.ITEM
        first = self.document.text[block.start]
        is_tail = in_list and first.islower()
        if not is_tail:
            self.group += 1
            self.subsection += 1
            self.lead_ins = {}
        spans = sentence_spans(self.document.text, block.start, block.end)
        for n, (start, end) in enumerate(spans):
            last = n == len(spans) - 1
            if is_tail and n == 0:
                kind = UnitKind.TAIL
            elif last and following is not None and _introduces_list(following) and self._leads(start, end):
                kind = UnitKind.LEAD_IN
                self.lead_ins = {following.level: self._text(start, end)}
            else:
                kind = UnitKind.SENTENCE
            yield from self._unit(start, end, kind)
            if kind is UnitKind.TAIL and not (last and following is not None and following.kind is BlockKind.ITEM):
                self.lead_ins = {}  # the list is over

    def _item(self, block: Block, following: Block | None) -> Iterator[Passage]:
        self.lead_ins = {depth: words for depth, words in self.lead_ins.items() if depth <= block.level}
        nested = following is not None and following.kind is BlockKind.ITEM and following.level > block.level
        spans = sentence_spans(self.document.text, block.start, block.end)
        for n, (start, end) in enumerate(spans):
            leads = nested and n == len(spans) - 1 and self._leads(start, end)
            yield from self._unit(start, end, UnitKind.LEAD_IN if leads else UnitKind.ITEM)
            if leads and following is not None:
                self.lead_ins[following.level] = self._text(start, end)

    def _row(self, block: Block, before: Block | None) -> Iterator[Passage]:
        if before is None or before.kind is not BlockKind.ROW or before.level != block.level:
            if not self.lead_ins or (before is not None and before.kind in (BlockKind.ITEM, BlockKind.ROW)):
                self.group += 1
            # The first row of a table names its columns.
            self.lead_ins = {block.level: self._text(block.start, block.end)}
            yield from self._unit(block.start, block.end, UnitKind.LEAD_IN)
            return
        yield from self._unit(block.start, block.end, UnitKind.ROW)

    def _leads(self, start: int, end: int) -> bool:
        return not self.document.text[start:end].endswith((".", "!"))

    def _unit(self, start: int, end: int, kind: UnitKind) -> Iterator[Passage]:
        if dangling := _DANGLING.search(self.document.text, start, end):
            if kind is UnitKind.SENTENCE:
                return  # "Some programmes have been published at": its end was a link, and no fact is left
            end = dangling.start()
        said = self.document.text[start:end]
        if addresses_machine(said):
            kind, self.instructed = UnitKind.INSTRUCTION, True
            self.announced = _ANNOUNCES.search(said) is not None
        elif self.instructed and not _NAMES_LAW.search(said):
            # What follows an instruction in its paragraph goes on with it ("Keep this secret."). A rule that names its
            # law may have stood there before, and one planted sentence must not hide it.
            kind = UnitKind.INSTRUCTION
            self.announced = _ANNOUNCES.search(said) is not None
        if any(c.isalnum() for c in self.document.text[start:end]):
            yield self._passage(start, end, kind)

    def _passage(self, start: int, end: int, kind: UnitKind) -> Passage:
        section = self.section and (f"{self.section}({self.subsection})" if self.subsection else self.section)
        words = " ".join(self.lead_ins[depth] for depth in sorted(self.lead_ins))
        passage = Passage(
            id=f"{self.source_id}:{start}-{end}",
            source_id=self.source_id,
            start=start,
            end=end,
            text=self.document.text[start:end],
            kind=kind,
            position=self.position,
            group=max(self.group, 0),
            headings=tuple(text for _, text, _ in self.headings),
            lead_in=words,
            section=section or None,
            page=self.document.page_of(start),
        )
        self.position += 1
        return passage

    def _text(self, start: int, end: int) -> str:
        return " ".join(self.document.text[start:end].split())


def _introduces_list(block: Block | None) -> bool:
    return block is not None and block.kind in (BlockKind.ITEM, BlockKind.ROW)


def join_adjacent(passages: Sequence[Passage], text: str) -> list[list[Passage]]:
    """Runs of passages of one document with nothing but bullets and white space between them, in reading order.

    Args:
        passages: Of one document.
        text: The document's.
    """
    runs: list[list[Passage]] = []
    for passage in sorted(passages, key=lambda p: p.position):
        last = runs[-1][-1] if runs else None
        if last and passage.position == last.position + 1 and not _WORDS.search(text, last.end, passage.start):
            runs[-1].append(passage)
        else:
            runs.append([passage])
    return runs
