"""The official text in the place of our digest, where both are at the same pinpoint.

Who writes a plan has to quote the Act, not our words about it. So where `sync` has fetched the official text, or
somebody has added it, a fact of our digest of an Act or decree ("Act 681/2023, s. 45(1)") gives way to the words of
that very section and subsection, and they stand where the fact was found. They are the words that held when the fact
holds: where a later Act has replaced the section, they are looked for in that Act, and where the wording of the day is
in no text that we have, the fact stays. So what is no longer in force, or never was, is not quoted as current.

The digest also stays
- for a reader of another language: who asks in English may not read Finnish, so our English words are quoted, and their
  citation links to the official text;
- where it says more than one place does: an overview of several sections, an amendment in an Act that is not here;
- where it says that something is not established, or how we read it;
- beside the official words, where it says what nobody sees in them: that a section names no deadline, lays down no
  approval, or has a note on what may have changed since.

A web page has no numbered places. Of our digest of a page, a fact gives way where words of the page itself match the
question at least as well and are worth the same on the day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant import currency
from assistant.text import content_stems
from assistant.types import OFFICIAL, Currency, Hit, Kind, Passage, Question, Source, UnitKind

_SEEN = "statute text seen"  # the certainty of a fact that was read in the text itself
# Two of five facts of Act 681/2023 say one of these; some of them tell a duty, and stay needlessly.
_NOT_IN_THE_TEXT = re.compile(
    r"\b(?:(?<!may )(?<!must )not(?! only)|no|nothing|nobody|none|neither|never|nowhere)\b", re.IGNORECASE
)
_OUR_READING = re.compile(r"\b(?:our reading|replaced|repealed)\b", re.IGNORECASE)
# Half the subsections of Act 681/2023 are shorter than 310 characters, four of five shorter than 480. Of a longer
# place the words nearest to the question are taken up to this length; at least one sentence or item.
_PLACE_CHARS = 480
_NUMBER = r"\d+(?: [a-z]\b)?"
_PINPOINT = re.compile(
    rf"(?:Act|Decree) (?P<act>\d+/\d{{4}})(?: as enacted(?: on [^,]+)?)?, s\. (?P<section>{_NUMBER})"
    r"(?:\((?P<from>\d+)\)(?:-\((?P<to>\d+)\)|\((?P<item>\d+)\))?)?"
    r"(?:, items? (?P<item_from>\d+)(?:(?:-| and )(?P<item_to>\d+))?)?(?: as enacted)?"
)
_ITEM_MARK = re.compile(r"(?:^|\n)\s*(?:- )?(\d+)\)\s*$")


@dataclass(frozen=True, slots=True)
class Pinpoint:
    """A place in an Act or decree."""

    act: str  # its number, such as "681/2023"
    section: str  # "45" or "32 a"
    subsections: range | None = None  # None where the whole section is meant
    items: range | None = None


def read_pinpoint(text: str) -> Pinpoint | None:
    """The one place that a pinpoint of our digest names; None where it names another thing, or more."""
    found = _PINPOINT.fullmatch(text)
    if found is None:
        return None
    items = _range(found["item"] or found["item_from"], found["item_to"])
    return Pinpoint(found["act"], found["section"], _range(found["from"], found["to"]), items)


def _range(first: str | None, last: str | None) -> range | None:
    return range(int(first), int(last or first) + 1) if first else None


def official_first(
    hits: Sequence[Hit],
    question: Question,
    sources: Sequence[Source],
    *,
    passages: Callable[[str], Sequence[Passage]],
    text: Callable[[str], str],
) -> list[Hit]:
    """The hits, with official texts in the place of our digest of them.

    Args:
        hits: Best first.
        question: As read.
        sources: All there are.
        passages: Gives those of a source, in reading order.
        text: Gives the whole text of a source.
    """
    texts = [s for s in sources if _is_official(s) and s.language == question.language]
    if not texts:
        return list(hits)
    places = _Places(question, texts, passages, text, {h.passage.id: h.score for h in hits})
    pages = [h for h in hits if h.source in texts]
    result: list[Hit] = []
    taken: set[str] = set()
    for hit in hits:
        if hit.passage.id in taken or any(_says_it(page, hit) for page in pages):
            continue
        official = places.of(hit)
        words = places.nearest([h for h in official if h.passage.id not in taken])
        for h in words if official and not _says_more(hit, official) else [hit, *words]:
            taken.add(h.passage.id)
            result.append(h)
    return result


def _says_more(hit: Hit, words: Sequence[Hit]) -> bool:
    """Whether a fact of our digest says what the official words do not show, nor the open point that they carry."""
    fact = hit.passage.fact
    noted = fact is not None and bool(fact.note) and hit.currency.may_hold
    return bool(_NOT_IN_THE_TEXT.search(hit.passage.text)) or (noted and words[0].currency is not Currency.UNKNOWN)


def _is_official(source: Source) -> bool:
    """Whether a source is an official text: fetched by `sync`, or an Act that somebody added, by its title."""
    return source.source_id.endswith(OFFICIAL) or (
        source.kind is Kind.LAW and not source.bundled and currency.act_number(source.title) is not None
    )


def _says_it(page: Hit, hit: Hit) -> bool:
    """Whether an official page is to be quoted instead of a fact of our digest of it."""
    return (
        hit.source.kind is not Kind.LAW
        and page.source.source_id == f"{hit.source.source_id}{OFFICIAL}"
        and page.score >= hit.score
        and _worth_the_same(page.currency, hit.currency)
    )


def _worth_the_same(a: Currency, b: Currency) -> bool:
    return a is b or (a.may_hold and b.may_hold)


@dataclass(frozen=True, slots=True)
class _Places:
    """Finds the official words for the facts that were found for one question."""

    question: Question
    sources: Sequence[Source]
    passages: Callable[[str], Sequence[Passage]]
    text: Callable[[str], str]
    scores: Mapping[str, float]  # of the passages that were found anyway

    def of(self, hit: Hit) -> list[Hit]:
        """The official words at the pinpoint of a fact, worth on the day what the fact is; empty where it stays."""
        fact = hit.passage.fact
        if fact is None or hit.source.kind is not Kind.LAW or fact.certainty != _SEEN:
            return []
        pinpoint = read_pinpoint(fact.pinpoint)
        if pinpoint is None or _OUR_READING.search(hit.passage.text):
            return []
        for act, printed in _where(pinpoint):
            source = next((s for s in self.sources if s.kind is Kind.LAW and currency.act_number(s.title) == act), None)
            words = [
                replace(hit, passage=passage, source=source, currency=worth, stands_for=fact)
                for passage in (self._at(pinpoint, source.source_id, printed) if source else ())
                if source
                and _worth_the_same(worth := currency.currency(source, self.question.as_of, passage), hit.currency)
            ]
            if len({h.passage.section for h in words}) > 1:
                # Which subsection the fact is about cannot be told: only what is on the question is taken for it.
                words = [h for h in words if h.passage.id in self.scores or self._shared(h)]
            if words:
                return words
        return []

    def _at(self, pinpoint: Pinpoint, source_id: str, printed: Sequence[int] | None) -> Iterator[Passage]:
        section = [
            (p, number)
            for p in self.passages(source_id)
            for name, number in [_split(p.section or "")]
            # A lead-in comes with its items.
            if name == pinpoint.section and p.kind not in (UnitKind.INSTRUCTION, UnitKind.LEAD_IN)
        ]
        places = list(dict.fromkeys(number for _, number in section))
        # Where it cannot be told which of the printed subsections is which, the words nearest to the question speak.
        told = not printed or len(printed) == len(places)
        numbers = dict(zip(places, (printed if told else None) or places, strict=True))
        whole = self.text(source_id) if pinpoint.items else ""
        item = None
        for p, place in section:
            if mark := _ITEM_MARK.search(whole, max(0, p.start - 12), p.start):
                item = int(mark.group(1))
            inside = not told or pinpoint.subsections is None or numbers[place] in pinpoint.subsections
            if inside and (pinpoint.items is None or (p.kind is UnitKind.ITEM and item in pinpoint.items)):
                yield p

    def nearest(self, words: Sequence[Hit]) -> list[Hit]:
        """As much of a place as is quoted, in reading order: first what was found anyway, then what shares most words
        with the question.
        """
        kept: list[Hit] = []
        for hit in sorted(words, key=lambda h: (-self.scores.get(h.passage.id, float("-inf")), -self._shared(h))):
            if kept and sum(len(h.passage.text) for h in [*kept, hit]) > _PLACE_CHARS:
                break
            kept.append(hit)
        return sorted(kept, key=lambda h: h.passage.position)

    def _shared(self, hit: Hit) -> int:
        language = self.question.language
        asked = set(content_stems(self.question.search_text, language))
        return len(asked & set(content_stems(hit.passage.text, language)))


def _where(pinpoint: Pinpoint) -> Iterator[tuple[str, Sequence[int] | None]]:
    """The Acts in which the words of a place may stand, with the subsections that are printed there; None is all."""
    yield pinpoint.act, None
    for row in currency.amendments(pinpoint.act, pinpoint.section):
        printed = row["subsections"]
        if printed is None or (pinpoint.subsections and set(pinpoint.subsections) <= set(printed)):
            yield row["by"], printed


def _split(section: str) -> tuple[str, int]:
    """A section and the number of the subsection; 0 where there is none."""
    name, _, subsection = section.partition("(")
    return name, int(subsection.rstrip(")") or 0)
