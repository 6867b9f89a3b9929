"""Writes an answer out of the sources' own sentences: no model, nothing that is not in a source.

Takes the best passages while they fit the length of an answer, lets list items bring the words that introduce them,
and arranges the whole by role of source and reading order. A sentence interrupted by a list is taken whole or not at
all, and the same thing is said once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.passages import join_adjacent
from assistant.precedence import order_by_role
from assistant.text import collapse, content_stems
from assistant.types import NOT_ESTABLISHED, Draft, DraftStatement, Evidence, Hit, Kind, Passage, Quote, UnitKind

NAME = "extractive"

_SAME = 0.8  # share of content words in common from which two passages say the same
# Passages that score this far below the best are left out even where there is room: those of documents, and facts of
# the corpus, whose scores lie closer. Development sets, facts asked for that are in the answer: of 679 on pages 76.9 %
# in 875 characters at 3.5, 77.0 % in 887 at 4; of 85 questions on the corpus 89 % in 901 at 2, 88 % in 856 at 1.7.
_FALL, _FALL_OF_FACTS = 3.5, 1.8
# What is not established is told where it answers: further down it would cast doubt on an answer that needs none. Of
# 29 development questions that ask for it as many are told so as without a bound, of 34 that do not none, not one.
_OPEN_WITHIN = 4  # of the best passages
# Where the question asks for a number or a date, which the best then give, the last of these must score near them: the
# three that development questions ask for lie within 0.63, the one that is known to be a false alarm at 0.9.
_OPEN_LAST_WITHIN = 0.7
_MOSTLY, _WHOLE_LIST = 0.5, 1.15  # a list asked for is completed where at most half is missing, to this length
_LIST_MARK = "- "
_ENDS_OPEN = re.compile(r"[\s,;]+(?:and|or|ja|tai|sekä|och|eller)?[\s,;]*$")
_ALTERNATIVES = re.compile(r"[,;]?\s+(?:or|tai|eller)\s*$")
# Sentences that lean on the one before them.
_LEANS = re.compile(
    r"^(?:This|These|They|Others?|The (?:two|former|latter)|Until it|Those|"
    r"It|Its|Such|In addition|Alternatively|However|That is why|Therefore|Nevertheless|Also|"
    r"Tämä|Tällä|Nämä|Se|Ne|Lisäksi|Kuitenkin|Siksi|Detta|Denna|Dessa|De|Dessutom|Därför)\b"
    r"|^.{0,40}\b(?:this|these|that) (?:task|aim|duty|obligation|requirement|purpose|end)s?\b"
)


def write_answer(
    evidence: Evidence,
    *,
    group: Callable[[str, int], Sequence[Passage]],
    text: Callable[[str], str],
    chars: int,
) -> Draft:
    """Choose and arrange the statements that answer a question.

    Args:
        evidence: Best first.
        group: Gives the passages of one paragraph, list or table: (source id, group number).
        text: Gives the whole text of a source.
        chars: The length to stay below; at least one statement is written.
    """
    question = evidence.question
    chosen = _choose(evidence.hits, group, chars, asks_list=question.asks_list, expects=bool(question.expects))
    statements = [
        DraftStatement(words, tuple(Quote(source_id, text(source_id)[start:end], start, end) for start, end in spans))
        for source_id, words, spans in _arrange(chosen, evidence.hits, text)
    ]
    return Draft(NAME, tuple(statements))


def quote_passages(
    passages: Sequence[Passage], group: Callable[[str, int], Sequence[Passage]], text: Callable[[str], str]
) -> list[DraftStatement]:
    """Passages of one source as statements, with what they cannot be read without, in reading order."""
    wanted = {q.id: q for p in passages for q in with_company(p, group(p.source_id, p.group))}
    groups: dict[int, list[Passage]] = {}
    for p in sorted(wanted.values(), key=lambda p: p.position):
        groups.setdefault(p.group, []).append(p)
    source_id = passages[0].source_id
    whole = text(source_id)
    return [
        DraftStatement(piece.text, tuple(Quote(source_id, whole[start:end], start, end) for start, end in piece.spans))
        for members in groups.values()
        for piece in _pieces(members, whole)
    ]


def same_matter(a: Passage, b: Passage, language: str) -> bool:
    """Whether two passages say the same."""
    return _overlap(set(content_stems(a.text, language)), set(content_stems(b.text, language))) >= _SAME


def _choose(
    hits: Sequence[Hit],
    group: Callable[[str, int], Sequence[Passage]],
    chars: int,
    *,
    asks_list: bool,
    expects: bool,
) -> dict[str, Passage]:
    chosen: dict[str, Passage] = {}
    said: list[set[str]] = []
    used = 0
    # What is not in force never silences what is: the distance is to the best of that.
    best = next((h.score for h in [*(h for h in hits if h.currency.may_hold), *hits]), 0.0)
    beside = _law_beside_guidance(hits)
    for n, hit in enumerate(hits):
        if hit.passage.id in chosen or hit.passage.kind is UnitKind.LEAD_IN:
            continue
        is_last = expects and n == _OPEN_WITHIN - 1
        is_aside = n >= _OPEN_WITHIN or (is_last and hit.score < best - _OPEN_LAST_WITHIN)
        if is_aside and hit.passage.fact and hit.passage.fact.certainty == NOT_ESTABLISHED:
            continue
        fall = _FALL_OF_FACTS if (hit.passage.fact or hit.stands_for) and hit is not beside else _FALL
        if chosen and hit.score < best - fall:
            continue
        content = set(content_stems(hit.passage.text, hit.source.language))
        if any(_overlap(content, earlier) >= _SAME for earlier in said):
            continue
        wanted = [
            p for p in with_company(hit.passage, group(hit.passage.source_id, hit.passage.group)) if p.id not in chosen
        ]
        length = sum(len(collapse(p.text)) + len(_LIST_MARK) + 1 for p in wanted)
        if chosen and used + length > chars:
            continue
        chosen.update({p.id: p for p in wanted})
        said.append(content)
        used += length
    if asks_list:
        for group_key in {(p.source_id, p.group) for p in chosen.values()}:
            missing = _missing_items(group(*group_key), chosen)
            length = sum(len(collapse(p.text)) + len(_LIST_MARK) + 1 for p in missing)
            if missing and used + length <= chars * _WHOLE_LIST:
                chosen.update({p.id: p for p in missing})
                used += length
    return chosen


def _law_beside_guidance(hits: Sequence[Hit]) -> Hit | None:
    """The law's own word where guidance that somebody added answers best: a page may say what no law says."""
    if not hits or hits[0].source.bundled or hits[0].source.kind is not Kind.GUIDANCE:
        return None
    return next((h for h in hits if h.source.bundled and h.source.kind is Kind.LAW and h.currency.may_hold), None)


def _missing_items(group: Sequence[Passage], chosen: Mapping[str, Passage]) -> list[Passage]:
    """What is left of a list most of which was chosen."""
    items = [p for p in group if p.kind is UnitKind.ITEM]
    missing = [p for p in items if p.id not in chosen]
    return missing if len(missing) <= len(items) * _MOSTLY else []


def with_company(passage: Passage, group: Sequence[Passage]) -> list[Passage]:
    """A passage with what it cannot be read without: all that is quoted with it."""
    if any(p.kind is UnitKind.TAIL for p in group) and passage.kind is not UnitKind.SENTENCE:
        # Lead-in, items and tail are one sentence; what follows the tail is not.
        return [p for p in group if p.kind in (UnitKind.LEAD_IN, UnitKind.ITEM, UnitKind.TAIL)]
    before = [p for p in group if p.position < passage.position]
    if passage.kind in (UnitKind.ITEM, UnitKind.ROW):
        leads = [p for p in before if p.kind is UnitKind.LEAD_IN and _introduces(p, passage)]
        if any(_ALTERNATIVES.search(p.text) for p in group if p.kind is UnitKind.ITEM):
            # Items joined by "or" are one condition: a part of them says something else.
            return [*leads[-1:], *(p for p in group if p.kind is UnitKind.ITEM and p.lead_in == passage.lead_in)]
        return [*leads[-1:], passage]
    company = [passage]
    while before and before[-1].position == company[0].position - 1 and _leans(company[0]):
        company.insert(0, before.pop())
    return company


def _leans(passage: Passage) -> bool:
    """Whether a sentence says little without the one before it: it points back, or is one question of several."""
    return _LEANS.match(passage.text) is not None or passage.text.endswith("?")


def _introduces(lead: Passage, item: Passage) -> bool:
    """Whether an item needs its lead-in: not where that is a heading over whole sentences."""
    words = collapse(lead.text)
    return item.lead_in.endswith(words) and (
        words.endswith(":") or item.text[:1].islower() or not collapse(item.text).endswith((".", "?", "!"))
    )


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / max(1, min(len(a), len(b))) if min(len(a), len(b)) >= 4 else float(a == b and bool(a))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement to be, at its place in its source."""

    position: int
    text: str
    spans: tuple[tuple[int, int], ...]


def _arrange(
    chosen: dict[str, Passage], hits: Sequence[Hit], text: Callable[[str], str]
) -> list[tuple[str, str, tuple[tuple[int, int], ...]]]:
    """Statements as (source id, text, spans of the source): what is in force first, then by role of source.

    Within a role the best source comes first (of the corpus: the best section of a source), then reading order.
    """
    rank: dict[tuple[str, ...], int] = {}
    found: dict[str, Hit] = {}
    for n, hit in enumerate(hits):
        found.setdefault(hit.passage.source_id, hit)
        if hit.passage.id in chosen:
            rank.setdefault(_place(hit.passage), n)
    stale = {hit.passage.id for hit in hits if not hit.currency.may_hold}
    groups: dict[tuple[str, int], list[Passage]] = {}
    for p in sorted(chosen.values(), key=lambda p: p.position):
        groups.setdefault((p.source_id, p.group), []).append(p)
    pieces = [
        (
            any(p.id in stale for p in members),
            order_by_role(found[source_id].source.kind),
            rank.get(_place(members[0]), len(hits)),
            piece,
            source_id,
        )
        for (source_id, _), members in groups.items()
        for piece in _pieces(members, text(source_id))
    ]
    pieces.sort(key=lambda x: (*x[:3], x[3].position))
    return [(source_id, piece.text, piece.spans) for *_, piece, source_id in pieces]


def _place(passage: Passage) -> tuple[str, ...]:
    """What reads on as one: a source, or in the corpus a section of it."""
    return (passage.source_id, *passage.headings[-1:]) if passage.fact else (passage.source_id,)


def _pieces(members: Sequence[Passage], text: str) -> list[_Piece]:
    if any(p.kind is not UnitKind.SENTENCE for p in members):
        return _list(members, text)
    return _prose(members, text)


def _prose(members: Sequence[Passage], text: str) -> list[_Piece]:
    """Sentences that follow each other become one statement with one quote."""
    return [
        _Piece(run[0].position, " ".join(collapse(p.text) for p in run), (_span(run),))
        for run in join_adjacent(members, text)
    ]


def _list(members: Sequence[Passage], text: str) -> list[_Piece]:
    """A list becomes one statement of several lines, quoted in as few runs as there are."""
    if len(members) == 1:
        return _prose(members, text)
    lines: list[str] = []
    items = 0
    for p in members:
        words = collapse(p.text)
        if lines and p.kind in (UnitKind.ITEM, UnitKind.LEAD_IN) and _continues(members, p):
            lines[-1] += f" {words}"
        elif p.kind in (UnitKind.LEAD_IN, UnitKind.TAIL, UnitKind.SENTENCE):
            lines.append(words)
        else:
            lines.append(_LIST_MARK + _ENDS_OPEN.sub("", words))
            items += 1
    if items == len(lines) and all(line.endswith((".", "?", "!")) for line in lines):
        # Whole sentences under a heading need no list: they read as prose, each with its own quote.
        return [piece for p in members for piece in _prose([p], text)]
    return [_Piece(members[0].position, "\n".join(lines), tuple(_span(run) for run in join_adjacent(members, text)))]


def _continues(members: Sequence[Passage], passage: Passage) -> bool:
    """Whether a sentence stands in the same list item as the one before it: nothing but a space between them."""
    before = next((p for p in members if p.position == passage.position - 1), None)
    return before is not None and before.kind is UnitKind.ITEM and passage.start - before.end <= 1


def _span(run: Sequence[Passage]) -> tuple[int, int]:
    # Between the passages of a run there are bullets and white space only; verification holds it to that.
    return run[0].start, run[-1].end
