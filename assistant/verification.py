"""Turns a draft into statements and citations that hold: nothing passes as sound that its source does not say.

Deterministic, and no model is asked. A quote must stand in its source; it is then widened to whole sentences, because a
quote can be cut so that it loses its "not" or its "if", and to the words that introduce a list item. Every sentence of
a statement must be one of these sentences with words left out: all its words in the same order, nothing added but
articles and the like, and nothing left out but members of an enumeration, list items, asides, and what another form of
the same word, number, date or modal replaces. So numbers, names, negations, modals, conditions, actors and directions
need no rules of their own; they only decide what the reader is told.

Strict on purpose: a sound paraphrase that fails loses its wording, not its content. What fails is replaced by the
source's own words where its quotes hold, and dropped where they do not; the reader is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import accumulate

from assistant import lexicon
from assistant.lexicon import Token, same, tokens
from assistant.passages import sentence_spans
from assistant.text import collapse, normalise
from assistant.types import Draft, DraftStatement, Kind, Passage, Quote, Source, Support, UnitKind

# A shorter quote pins nothing down, unless it is a whole passage. The prompt asks for four words.
_QUOTE_WORDS, _QUOTE_CHARS = 3, 12
_QUOTE_LIMIT = 4_000  # characters; nobody quotes more, and the search would be slow
_TOKENS = 400  # a longer sentence is not compared: the time to do so grows with the square


class Fault(Enum):
    """Why a statement does not agree with its quotes."""

    UNCITED = "it has no citation"
    QUOTE_NOT_FOUND = "its quote does not stand in the source"
    NUMBER = "a number or date is not in its quotes"
    ACT = "an Act or section is not in its quotes"
    NAME = "a name is not in its quotes"
    NEGATION = "its quotes deny what it affirms, or the reverse"
    MODAL = "its quotes differ on must, should or may"
    ORDER = "its quotes have another order of who does what"
    CONTENT = "its words are not in its quotes"
    OMISSION = "it leaves out what its quotes limit it to"
    ROLE = "a duty rests on another municipality's programme"


@dataclass(frozen=True, slots=True)
class Span:
    """A quote found in its source, widened to whole passages."""

    source_id: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A statement with the spans that support it."""

    text: str
    spans: tuple[Span, ...]
    support: Support
    repaired: Fault | None = None  # set where the source's own words stand in for what was written


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of a draft."""

    statements: tuple[Verified, ...]
    dropped: tuple[tuple[str, Fault], ...] = ()  # text and why


@dataclass(frozen=True, slots=True)
class SourceText:
    """What verification needs of a source."""

    source: Source
    text: str
    passages: Sequence[Passage]  # all of them, in reading order


def verify_draft(draft: Draft, source_text: Callable[[str], SourceText | None]) -> Verdict:
    """Check every statement of a draft against the sources it cites.

    Args:
        draft: From any writer.
        source_text: Gives the source of an id; None where there is none.
    """
    kept: list[Verified] = []
    dropped: list[tuple[str, Fault]] = []
    for statement in draft.statements:
        result = _verify_statement(statement, source_text)
        if isinstance(result, Fault):
            dropped.append((statement.text, result))
        elif not any(collapse(result.text) == collapse(other.text) for other in kept):
            kept.append(result)
    return Verdict(tuple(kept), tuple(dropped))


def _verify_statement(statement: DraftStatement, source_text: Callable[[str], SourceText | None]) -> Verified | Fault:
    if not collapse(statement.text) or not statement.quotes:
        return Fault.UNCITED
    cited: dict[str, tuple[SourceText, set[int]]] = {}  # source id -> source, positions of the passages it rests on
    for quote in statement.quotes:
        source = source_text(quote.source_id)
        found = locate(quote, source, near=statement.text) if source else None
        if source is None or found is None:
            # One bad quote among good ones still means that the writer made something up.
            return Fault.QUOTE_NOT_FOUND
        positions = cited.setdefault(quote.source_id, (source, set()))[1]
        positions.update(p.position for passage in found for p in (*_needed(passage, source), passage))
    evidence = [(source, [p for p in source.passages if p.position in chosen]) for source, chosen in cited.values()]
    spans = tuple(span for source, passages in evidence for span in _spans(source, passages))
    quoted = len(spans) == 1 and collapse(statement.text) == collapse(spans[0].text)
    foreign = any(_is_foreign_duty(statement.text, source) for source, _ in evidence)
    fault = None if quoted and not foreign else find_fault(statement.text, evidence)
    if fault is None:
        return Verified(statement.text, spans, Support.QUOTED if quoted else Support.SUPPORTED)
    return _in_own_words(evidence, fault)


# Where a quote stands, and what belongs to it.


def locate(quote: Quote, source: SourceText, *, near: str = "") -> list[Passage] | None:
    """The passages that a quote stands in; None where it does not stand there or may not be quoted.

    White space and the shape of quotation marks, apostrophes and hyphens do not count. A quote counts only where
    passages cover it: page leftovers and sentences that address an assistant are in the text but are no evidence.

    Args:
        quote: As the writer gave it.
        source: The source that it names.
        near: Where the quote stands in several places, the one whose words are nearest to these.
    """
    wanted = collapse(quote.text).strip('"“”„»« …')
    if not wanted or (quote.start is None and len(wanted) > _QUOTE_LIMIT):
        return None
    if quote.start is not None and quote.end is not None:
        as_given = collapse(source.text[quote.start : quote.end]) == collapse(quote.text)
        places = [(quote.start, quote.end)] if as_given else []
    else:
        places = [m.span() for m in re.finditer(_pattern(wanted), source.text, re.IGNORECASE)]
    found = [passages for start, end in places if (passages := _passages_at(source, start, end, wanted))]
    said = set(_words(near))
    return max(found, key=lambda ps: len(said & {w for p in ps for w in _words(p.text)}), default=None)


def _pattern(wanted: str) -> str:
    alike = {c: f"[{group}]" for group in ("'’‘", '"“”„', "\\-‐‑–") for c in group if c != "\\"}
    return r"\s+".join("".join(alike.get(c) or re.escape(c) for c in word) for word in wanted.split(" "))


def _passages_at(source: SourceText, start: int, end: int, wanted: str) -> list[Passage] | None:
    text = source.text
    if (start and text[start - 1].isalnum() and text[start].isalnum()) or (
        end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    ):
        return None  # cut mid-word
    passages = [p for p in source.passages if p.start < end and p.end > start]
    if not passages or any(p.kind is UnitKind.INSTRUCTION for p in passages):
        return None
    ends = [start, *(p.end for p in passages)]
    starts = [*(p.start for p in passages), end]
    if any(_has_words(text[a:b]) for a, b in zip(ends, starts, strict=True)):
        return None
    whole = passages[0].start >= start and passages[-1].end <= end + 1
    return passages if whole or (len(wanted) >= _QUOTE_CHARS and len(wanted.split()) >= _QUOTE_WORDS) else None


def _has_words(gap: str) -> bool:
    """Whether a gap between passages holds more than bullets and list numbers."""
    return re.search(r"[^\W\d_]{2,}", gap) is not None


def _needed(passage: Passage, source: SourceText) -> list[Passage]:
    """What a list item, table row or tail cannot be read without: what introduces it, and what ends its sentence."""
    group = [p for p in source.passages if p.group == passage.group and p.kind is not UnitKind.INSTRUCTION]
    tails = [p for p in group if p.kind is UnitKind.TAIL]
    if tails and passage.kind in (UnitKind.ITEM, UnitKind.TAIL):
        items = [p for p in group if passage.kind is UnitKind.TAIL and p.kind is UnitKind.ITEM]
        return [*[p for p in group if p.kind is UnitKind.LEAD_IN], *items, *tails]
    return [lead] if (lead := _lead_in(passage, group)) else []


def _lead_in(passage: Passage, group: Sequence[Passage]) -> Passage | None:
    """The lead-in of an item or row; None where it has none, or needs none: whole sentences under a heading."""
    if passage.kind not in (UnitKind.ITEM, UnitKind.ROW):
        return None
    leads = [
        p
        for p in group
        if p.kind is UnitKind.LEAD_IN and p.position < passage.position and passage.lead_in.endswith(collapse(p.text))
    ]
    whole = collapse(passage.text).endswith((".", "?", "!"))
    return leads[-1] if leads and (leads[-1].text.rstrip().endswith(":") or not whole) else None


def _spans(source: SourceText, passages: Sequence[Passage]) -> list[Span]:
    """Passages that follow each other make one span."""
    runs: list[tuple[int, int]] = []
    for p in passages:
        if (
            runs
            and not source.text[runs[-1][1] : p.start].strip(" \t\n\r\xa0•-–*·◦▪o")
            and _adjoins(p, source, runs[-1])
        ):
            runs[-1] = (runs[-1][0], p.end)
        else:
            runs.append((p.start, p.end))
    return [Span(source.source.source_id, start, end, source.text[start:end]) for start, end in runs]


def _adjoins(passage: Passage, source: SourceText, run: tuple[int, int]) -> bool:
    before = next((p for p in source.passages if p.position == passage.position - 1), None)
    return before is not None and before.end == run[1] and before.group == passage.group


def _in_own_words(evidence: Sequence[tuple[SourceText, list[Passage]]], fault: Fault) -> Verified | Fault:
    """The quotes themselves in place of a statement that does not agree with them."""
    lines: list[str] = []
    spans: list[Span] = []
    for source, quoted in evidence:
        passages = [p for p in _with_lists(quoted, source) if not _is_foreign_duty(p.text, source)]
        before = None
        for p in passages:
            text = collapse(p.text)
            if before and p.kind is before.kind is UnitKind.SENTENCE and p.group == before.group:
                lines[-1] += f" {text}"
            else:
                lines.append(f"- {text}" if p.kind in (UnitKind.ITEM, UnitKind.ROW) and _needed(p, source) else text)
            before = p
        spans += _spans(source, passages)
    if not lines:
        return fault
    text = "\n".join(lines)
    is_quote = len(spans) == 1 and collapse(text) == collapse(spans[0].text)
    return Verified(text, tuple(spans), Support.QUOTED if is_quote else Support.SUPPORTED, repaired=fault)


def _with_lists(passages: list[Passage], source: SourceText) -> list[Passage]:
    """A lead-in quoted alone says nothing: its whole list comes with it."""
    for lead in [p for p in passages if p.kind is UnitKind.LEAD_IN]:
        group = [p for p in source.passages if p.group == lead.group]
        items = [p for p in group if _lead_in(p, group) == lead or p.kind is UnitKind.TAIL]
        if not any(p in passages for p in items):
            passages = [p for p in source.passages if p in passages or p in items]
    return passages


def _is_foreign_duty(text: str, source: SourceText) -> bool:
    """Whether a text of another municipality's programme says that something must be: an example makes no duty."""
    return source.source.kind is Kind.PROGRAMME and _is_duty(tokens(text, source.source.language))


def _is_duty(said: Sequence[Token]) -> bool:
    return any(token.key == "MUST" for token in said)


def _words(text: str) -> list[str]:
    return normalise(text).split()


# Whether a statement is its quotes with words left out.


@dataclass(frozen=True, slots=True)
class _Basis:
    """One sentence of a source, or a lead-in with its items: what a sentence of a statement must be made from."""

    source: Source
    parts: tuple[tuple[Token, ...], ...]  # the sentence; or lead-in, items and tail
    optional: tuple[bool, ...]  # which parts can be left out whole: the items
    context: frozenset[str]  # words of title, headings and section number


def find_fault(statement: str, evidence: Sequence[tuple[SourceText, list[Passage]]]) -> Fault | None:
    """The way in which a statement does not agree with the passages that it rests on; None where it agrees."""
    bases = [basis for source, passages in evidence for basis in _bases(source, passages)]
    if len(evidence) == 1 and _is_arrangement(statement, *evidence[0]):
        return None
    blocks = _blocks(statement)
    for block in blocks:
        if not any(_agrees(block, basis) for basis in bases):
            pieces = [piece for line in block.splitlines() for piece in _sentences(line)]
            for piece in pieces:
                if not any(_agrees(piece, basis) for basis in bases):
                    return _explain(piece, bases)
    return None if blocks else Fault.CONTENT


def _is_arrangement(statement: str, source: SourceText, passages: Sequence[Passage]) -> bool:
    """Whether a statement is whole passages in reading order, as the extractive writer puts them."""
    if _is_foreign_duty(statement, source):
        return False
    language = source.source.language
    wanted = [(t.key, t.sep == "and") for p in passages for t in tokens(p.text, language)]
    trimmed = [(t.key, t.sep == "and") for p in passages for t in _without_open_end(p, language)]
    said = [(t.key, t.sep == "and") for t in tokens(statement, language)]
    return said in (wanted, trimmed)


def _without_open_end(passage: Passage, language: str) -> Sequence[Token]:
    found = tokens(passage.text, language)
    return found[:-1] if passage.kind is UnitKind.ITEM and found and found[-1].key == "OR" else found


def _bases(source: SourceText, passages: Sequence[Passage]) -> Iterator[_Basis]:
    language = source.source.language
    for p in passages:
        group = [q for q in passages if q.group == p.group]
        if p.kind is UnitKind.TAIL or (p.kind is UnitKind.ITEM and _needed(p, source)) or _lead_in(p, group):
            continue  # says nothing without its lead-in, below
        parts = [p]
        if p.kind is UnitKind.LEAD_IN:
            tails = [q for q in group if q.kind is UnitKind.TAIL]
            items = [q for q in group if q.kind in (UnitKind.ITEM, UnitKind.ROW) and (tails or _lead_in(q, group) == p)]
            parts = [p, *items, *tails]
        words = " ".join([source.source.title, source.source.publisher or "", p.section or "", *p.headings])
        yield _Basis(
            source.source,
            tuple(tokens(q.text, language) for q in parts),
            tuple(q.kind in (UnitKind.ITEM, UnitKind.ROW) and q is not p for q in parts),
            frozenset(t.key for t in tokens(words, language)) | lexicon.ATTRIBUTION_WORDS,
        )


def _blocks(statement: str) -> list[str]:
    """Sentences of a statement; a list stays together with the line that introduces it."""
    blocks: list[str] = []
    in_list = False
    for line in filter(None, map(str.strip, statement.splitlines())):
        if (line.startswith("- ") and blocks) or (in_list and line[:1].islower()):
            blocks[-1] += f"\n{line}"
        else:
            blocks += _sentences(line)
        in_list = line.startswith("- ")
    return blocks


def _sentences(line: str) -> list[str]:
    line = line.strip().removeprefix("- ").lstrip("•– ")
    return [line[start:end] for start, end in sentence_spans(line)]


def _agrees(text: str, basis: _Basis) -> bool:
    language = basis.source.language
    said = tokens(text, language)
    if not said or len(said) > _TOKENS or sum(map(len, basis.parts)) > _TOKENS:
        return False
    if basis.source.kind is Kind.PROGRAMME and _is_duty(said):
        return False
    return any(_is_made_from(order, form) for form in (basis, *_unattributed(basis)) for order in _orders(said, form))


def _unattributed(basis: _Basis) -> Iterator[_Basis]:
    """The same sentence without an opening "Under the Act,"; where a number says which Act, it stays."""
    first, *others = basis.parts
    cut = next((i for i, t in enumerate(first) if i and t.sep == ","), 0)
    if cut and first[0].key in lexicon.ATTRIBUTIONS and {t.key for t in first[1:cut]} <= lexicon.LAWS:
        yield replace(basis, parts=((first[cut]._replace(sep=""), *first[cut + 1 :]), *others))


def _orders(said: tuple[Token, ...], basis: _Basis) -> Iterator[tuple[Token, ...]]:
    """A statement as it stands, without naming its source, and with an opening clause put elsewhere."""
    yield said
    language, first = basis.source.language, basis.parts[0]
    cut = next((i for i, t in enumerate(said) if i and t.sep == ","), 0)
    named = next((i for i, t in enumerate(said) if t.key not in basis.context), 0)
    named = cut if 0 < cut < named else named
    # "Under section 45": only with its number; "according to the municipality" would be somebody else's word.
    numbered = any(t.key[-1].isdigit() for t in said[:named])
    if numbered and (said[0].key in lexicon.ATTRIBUTIONS or said[named - 1].key == "mukaan"):
        yield said[named:]
    if cut and (said[0].key in lexicon.MOVABLE or said[0].key in lexicon.LIMITS[language]):
        moved, rest = (said[0]._replace(sep=","), *said[1:cut]), (said[cut]._replace(sep=""), *said[cut + 1 :])
        for i in range(1, len(rest) + 1):
            yield (*rest[:i], *moved, *rest[i:])
    # The other way round: the source's sentence opens with the clause.
    k = next((i for i, t in enumerate(first) if i and t.sep == ","), 0)
    if first and first[0].key.startswith("IF") and first[0].key.isupper():
        k = 1
    for i in range(1, len(said) - k + 1) if k else ():
        if all(same(a.key, b.key, language) for a, b in zip(said[i : i + k], first[:k], strict=True)):
            yield (*said[i : i + k], *said[:i], *said[i + k :])


def _is_made_from(said: tuple[Token, ...], basis: _Basis) -> bool:
    """Whether all that is said stands in the basis in the same order, and what lies between may be left out."""
    source = [token for part in basis.parts for token in part]
    starts = [0, *accumulate(map(len, basis.parts))]
    reached: dict[int, None] = {-1: None}  # places in the source at which all that was said so far can have ended
    for token in said:
        here: dict[int, None] = {}
        for j, other in enumerate(source):
            if not same(token.key, other.key, basis.source.language):
                continue
            for p in reached:
                joins = token.sep != "and" or any(source[k].sep or k in starts for k in range(p + 1, j + 1))
                if p < j and joins and _may_leave_out(source, starts, basis, p + 1, j):
                    here[j] = None
                    break
        reached = here
        if not reached:
            return False
    return any(_may_leave_out(source, starts, basis, p + 1, len(source)) for p in reached)


def _may_leave_out(source: Sequence[Token], starts: Sequence[int], basis: _Basis, begin: int, end: int) -> bool:
    """Whether source[begin:end] can go without changing what the rest says."""
    for n, optional in enumerate(basis.optional):
        a, b = max(begin, starts[n]), min(end, starts[n + 1])
        if a >= b or (optional and (a, b) == (starts[n], starts[n + 1])):
            continue
        if not _is_aside(source, a, b, starts[n], starts[n + 1], basis.source.language):
            return False
    return True


def _is_aside(source: Sequence[Token], a: int, b: int, start: int, end: int, language: str) -> bool:
    """Whether source[a:b] is a member of an enumeration, a clause beside others, or an aside, and limits nothing.

    Args:
        source: The tokens of the basis.
        a: First token left out.
        b: First token after it.
        start: Where the sentence or item begins.
        end: Where it ends.
        language: Of the source.
    """
    run = source[a:b]
    if a == start or any(t.key in lexicon.LIMITS[language] for t in run):
        return False
    after = Token("", ",") if b == end else source[b]
    if run[0].sep and run[0].key in ("WHICH", "EG") and len(run) > 1:
        return after.sep == ","
    rest = next((k for k in range(b, end) if source[k].sep == "and"), end)
    if any(t.key in ("OR", "EG") for t in [source[a - 1], *run, *source[b:rest]]):
        return False  # one of several alternatives is not what the source says
    if source[a - 1].proper and run[0].proper:
        return False  # part of a name: "Centre for Economic Development, Transport and the Environment"
    if run[0].key in lexicon.PREPOSITIONS or any("/" in t.key for t in run):
        return False  # where, when or for whom; and a section does not lose its Act
    if b == end:
        return bool(run[0].sep)
    # "plans, develops and" before "monitors", ", counties and organisations" before "in planning": only single words.
    # What is longer may hold another actor: "approves the plan, and the board prepares it and reports".
    single = all(t.sep for t in run[1:])
    if run[0].sep:
        return single and (bool(after.sep) or after.key in lexicon.PREPOSITIONS)
    return single and after.sep == "and"


def _explain(text: str, bases: Sequence[_Basis]) -> Fault:
    """What to tell the reader of a sentence that agrees with none of its quotes."""

    def strange(basis: _Basis) -> list[Token]:
        given = [t.key for part in basis.parts for t in part]
        said = tokens(text, basis.source.language)
        return [t for t in said if not any(same(t.key, key, basis.source.language) for key in given)]

    if not bases:
        return Fault.CONTENT
    if any(b.source.kind is Kind.PROGRAMME and _is_duty(tokens(text, b.source.language)) for b in bases):
        return Fault.ROLE
    nearest = min(bases, key=lambda basis: len(strange(basis)))
    odd = [t.key for t in strange(nearest)]
    given = {t.key for part in nearest.parts for t in part}
    said = {t.key for t in tokens(text, nearest.source.language)}
    if any("/" in key or key == "§" for key in odd):
        return Fault.ACT
    if any(key[-1].isdigit() for key in odd):
        return Fault.NUMBER
    if (given ^ said) & lexicon.NEGATIONS:
        return Fault.NEGATION
    if (said - given) & lexicon.MODALS or (not said & lexicon.MODALS and given & lexicon.MODALS):
        return Fault.MODAL
    if any(re.search(rf"(?<!^)\b{re.escape(key)}", normalise(text)) and key.title() in text for key in odd):
        return Fault.NAME
    if odd:
        return Fault.CONTENT
    return Fault.OMISSION if (given - said) & lexicon.LIMITS[nearest.source.language] else Fault.ORDER
