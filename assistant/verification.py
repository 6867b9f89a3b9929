"""Turns a draft into statements and citations that hold: nothing passes as sound that its source does not say.

Deterministic: every quote must stand in its source, and every statement must agree with its quotes in numbers, dates,
Acts and sections, names, negation, and must / should / may, in who does what, and in its content words. What fails is
replaced by the source's own words where its quotes hold, and dropped where they do not; the reader is told. Strict on
purpose: a sound paraphrase that fails loses its wording, not its content. No model is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.passages import sentence_spans
from assistant.text import collapse, content_stems, normalise, stems, words
from assistant.types import Draft, DraftStatement, Kind, Passage, Quote, Source, Support, UnitKind

_QUOTE_CHARS = 12  # a shorter quote pins nothing down, unless it is a whole passage
# 0.8 as in the published rule of thumb for content-stem coverage; what falls below is shown in the source's words.
_COVERAGE = 0.8
_ORDER = 0.7  # shared words in the same order: below it, who does what to whom may have changed places


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
    ROLE = "a duty rests on another municipality's programme"


@dataclass(frozen=True, slots=True)
class Span:
    """A quote found in its source."""

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
    spans: list[Span] = []
    kinds: set[Kind] = set()
    for quote in statement.quotes:
        found = source_text(quote.source_id)
        span = locate(quote, found) if found else None
        if span is None:
            # One bad quote among good ones still means that the writer made something up.
            return Fault.QUOTE_NOT_FOUND
        assert found is not None
        kinds.add(found.source.kind)
        if span not in spans:
            spans.append(span)
    if len(spans) == 1 and collapse(statement.text) == collapse(spans[0].text):
        fault = _role_fault(statement.text, kinds)
        return fault or Verified(statement.text, tuple(spans), Support.QUOTED)
    fault = find_fault(statement.text, [span.text for span in spans]) or _role_fault(statement.text, kinds)
    if fault is None:
        return Verified(statement.text, tuple(spans), Support.SUPPORTED)
    if fault is Fault.ROLE:
        return fault
    return _in_own_words(spans, fault)


def _in_own_words(spans: Sequence[Span], fault: Fault) -> Verified:
    """The quotes themselves in place of a statement that does not agree with them."""
    ordered = sorted(spans, key=lambda s: (s.source_id, s.start))
    text = " ".join(collapse(span.text) for span in ordered)
    support = Support.QUOTED if len(ordered) == 1 else Support.SUPPORTED
    return Verified(text, tuple(ordered), support, repaired=fault)


def locate(quote: Quote, source: SourceText) -> Span | None:
    """Find a quote in its source, white space apart; None where it does not stand there or may not be quoted.

    A quote counts only where passages cover it: page leftovers and sentences that address an assistant are in the text
    but are no evidence.
    """
    wanted = collapse(quote.text)
    if not wanted:
        return None
    if quote.start is not None and quote.end is not None:
        places = [(quote.start, quote.end)] if collapse(source.text[quote.start : quote.end]) == wanted else []
    else:
        pattern = r"\s+".join(re.escape(word) for word in wanted.split(" "))
        places = [m.span() for m in re.finditer(pattern, source.text)]
    for start, end in places:
        whole = any(p.start == start and p.end == end for p in source.passages)
        if (whole or len(wanted) >= _QUOTE_CHARS) and _is_quotable(source, start, end):
            return Span(source.source.source_id, start, end, source.text[start:end])
    return None


def _is_quotable(source: SourceText, start: int, end: int) -> bool:
    if _cuts_word(source.text, start, end):
        return False
    open_from = start
    for p in source.passages:
        if p.end <= start or p.start >= end:
            continue
        if p.kind is UnitKind.INSTRUCTION or _has_words(source.text[open_from : max(open_from, p.start)]):
            return False
        open_from = max(open_from, p.end)
    return not _has_words(source.text[open_from:end])


def _cuts_word(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return before or after


def _has_words(gap: str) -> bool:
    """Whether a gap between passages holds more than bullets and list numbers."""
    return re.search(r"[^\W\d_]{2,}", gap) is not None


# What a statement says, reduced to what must agree.

_NUMBER_WORDS = {
    word: str(value)
    for value, group in enumerate(
        (
            "zero nolla noll", "one yksi yhden ett", "two kaksi kahden två", "three kolme kolmen tre", "four neljä neljän fyra",
            "five viisi viiden fem", "six kuusi kuuden sex", "seven seitsemän sju", "eight kahdeksan åtta",
            "nine yhdeksän nio", "ten kymmenen tio", "eleven yksitoista elva", "twelve kaksitoista tolv",
        )
    )
    for word in group.split()
    if word not in ("one", "yksi", "yhden", "ett")  # pronouns and articles more often than numbers
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january tammikuu januari", "february helmikuu februari", "march maaliskuu mars", "april huhtikuu",
            "may_ toukokuu maj", "june kesäkuu juni", "july heinäkuu juli", "august elokuu augusti",
            "september syyskuu", "october lokakuu oktober", "november marraskuu", "december joulukuu",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATE_IN_WORDS = re.compile(
    r"\b(\d{1,2})\.?\s+(?:of\s+)?(" + "|".join(name.rstrip("_") for name in _MONTHS) + r")\w{0,4}\s+(\d{4})\b"
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,/:–-]\d+)*(?:\s?%)?")
_NEGATIONS = frozenset(
    (
        "not no never nor neither without cannot cant dont doesnt isnt arent shouldnt mustnt wont neednt "
        "didnt none nobody nothing ei eivät en et emme ette älä älköön eikä ilman inte ej icke aldrig utan "
        "ingen inga inget"
    ).split()
)
_MUST = frozenset(
    (
        "must shall required requires obliged obligation obligations obligatory mandatory duty duties have_to "
        "has_to need_to needs_to pitää täytyy tulee on_oltava velvollinen velvollisuus velvoite måste ska "
        "skall skyldig skyldighet"
    ).split()
)
_SHOULD = frozenset(
    (
        "should ought advisable recommended recommend recommends recommendation pitäisi tulisi suositellaan "
        "bör rekommenderas"
    ).split()
)
_MAY = frozenset(
    ("may can could might possible allowed permitted optional voi voivat saa saavat voidaan kan får").split()
)
_TWO_WORDS = re.compile(r"\b(have|has|need|needs|on)\s+(to|oltava)\b")
_NAME = re.compile(r"(?<![.!?:\n])\s([A-ZÅÄÖ][\w’'-]+)")
_TERM_EXTRAS = frozenset(["also", "ja", "och", "as", "well"])


def _numbers(text: str) -> set[str]:
    text = normalise(text)
    text = _DATE_IN_WORDS.sub(lambda m: f"{m.group(1)}.{_month(m.group(2))}.{m.group(3)}", text)
    found = {m.group().replace(" ", "").replace(",", ".").replace("–", "-") for m in _NUMBER.finditer(text)}
    return found | {_NUMBER_WORDS[word] for word in words(text) if word in _NUMBER_WORDS}


def _month(name: str) -> int:
    return _MONTHS.get(name) or _MONTHS[f"{name}_"]


def _modal(text: str) -> set[str]:
    tokens = set(words(_TWO_WORDS.sub(r"\1_\2", normalise(text)).replace("_", "zz")))
    classes = {"must": _MUST, "should": _SHOULD, "may": _MAY}
    return {name for name, group in classes.items() if tokens & {word.replace("_", "zz") for word in group}}


def _negations(text: str) -> int:
    plain = normalise(text).replace("n't", " not")
    return sum(word in _NEGATIONS for word in words(plain))


def _names(text: str) -> set[str]:
    return {normalise(m.group(1)).removesuffix("'s") for m in _NAME.finditer(text)}


def _content(text: str) -> list[str]:
    """Content stems by all three stemmers' languages at once: only equality between statement and quote matters."""
    return content_stems(text, "en")


def find_fault(statement: str, quotes: Sequence[str]) -> Fault | None:
    """The first way in which a statement does not agree with its quotes; None where it agrees.

    Args:
        statement: As it would be shown.
        quotes: Verbatim stretches of the sources it cites, all of them.
    """
    joined = "\n".join(quotes)
    said, given = _numbers(statement), _numbers(joined)
    if strange := said - given:
        return Fault.ACT if any("/" in number for number in strange) or "§" in statement else Fault.NUMBER
    known = set(words(joined))
    if any(not set(words(name)) <= known for name in _names(statement)):
        return Fault.NAME
    content = _content(statement)
    in_quotes = set(_content(joined)) | set(stems(joined, "en"))
    if content and sum(stem in in_quotes for stem in content) < _COVERAGE * len(content):
        return Fault.CONTENT
    sentences = [text for quote in quotes for text in _sentences(quote)]
    for sentence in _sentences(statement):
        if fault := _sentence_fault(sentence, sentences):
            return fault
    return None


def _sentence_fault(sentence: str, quoted: Sequence[str]) -> Fault | None:
    """Hold one sentence against the quoted sentences that it rests on."""
    content = _content(sentence)
    if not content:
        return Fault.NEGATION if _negations(sentence) else None
    # The sentences that together say it: the best one, and others while they add words that are still missing.
    missing, basis = set(content), []
    for text in sorted(quoted, key=lambda q: -len(set(content) & set(_content(q)))):
        if gained := missing & set(_content(text)):
            if basis and len(gained) < 2 and len(missing) <= 0.2 * len(set(content)):
                break
            basis.append(text)
            missing -= gained
    if not basis:
        return Fault.CONTENT
    together = " ".join(basis)
    if (_negations(sentence) > 0) != (_negations(basis[0]) > 0) and _negations(sentence) != _negations(together):
        return Fault.NEGATION
    said, given = _modal(sentence), _modal(together)
    if said - given or (given - said and not said and given & {"should", "may"}):
        return Fault.MODAL
    if said and given - said and _modal(basis[0]) - said:
        return Fault.MODAL
    if len(basis) == 1 and not _same_order(content, _content(basis[0])):
        return Fault.ORDER
    return None


def _same_order(content: Sequence[str], quoted: Sequence[str]) -> bool:
    shared = [stem for stem in content if stem in quoted]
    return len(shared) < 4 or _common_subsequence(shared, quoted) >= _ORDER * len(shared)


def _common_subsequence(a: Sequence[str], b: Sequence[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        previous = 0
        for j, y in enumerate(b, start=1):
            previous, row[j] = row[j], previous + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def _sentences(text: str) -> list[str]:
    parts = [part for line in text.splitlines() for part in [line.strip().removeprefix("- ").lstrip("•– ")] if part]
    return [part[start:end] for part in parts for start, end in sentence_spans(part)]


def _role_fault(text: str, kinds: set[Kind]) -> Fault | None:
    """A duty needs law or guidance behind it."""
    return Fault.ROLE if kinds <= {Kind.PROGRAMME} and "must" in _modal(text) else None
