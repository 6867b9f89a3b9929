"""Planted errors: statements of the corpus with one thing changed, put before the assistant's check as a writer would.

Caught is what is not shown as it was written; a sound statement that is not shown as written is a false refusal. The
suite's own view of support (`support.py`) is tried on the same statements. An evaluation that cannot fail is worthless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant import Assistant, verification
from assistant.text import collapse
from assistant.types import Draft, DraftStatement, Kind, Passage, Quote
from eval.suite.measures import Figure, share
from eval.suite.support import is_supported

_FACTS = 140  # of law and guidance, evenly over the corpus: more than 400 planted errors


@dataclass(frozen=True, slots=True)
class Planted:
    """A statement with the quotes that a writer claims for it."""

    error: str  # "" where it is sound
    text: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of it."""

    planted: Planted
    is_shown: bool  # by the assistant, as it was written
    is_borne: bool  # as the suite's own view has it


def _next_number(match: re.Match[str]) -> str:
    return str(int(match[0]) + 1)


_CHANGES: dict[str, tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...]] = {
    "number": ((r"(?<![\d./(-])\d{1,3}(?=\s*(?:%|per cent|days?|weeks?|months?|years?|euros?|hours?))", _next_number),
               (r"\b(two|four|five)\b", "three"), (r"\bthree\b", "six"), (r"\bsix\b", "twelve")),
    "date": ((r"\b\d{1,2}(?= (?:January|March|May|July|August|October|December) \d{4})",
              lambda m: str(int(m[0]) % 28 + 1)), (r"(?<=\w )20\d\d\b(?!/)", _next_number)),
    "act number": ((r"\b681/2023\b", "618/2023"), (r"\b1386/2010\b", "1368/2010"), (r"\b1100/2024\b", "1010/2024")),
    "section": ((r"(?<=\bsection )\d+", _next_number),),
    "negation": ((r"\b(must|may|does|do|is|are|was|has) not\b", r"\1"), (r"\bis (?!not|no)", "is not "),
                 (r"\bmust (?!not)", "must not "), (r"\bare (?!not|no)", "are not ")),
    "modal": ((r"\bmust\b", "may"), (r"\bshould\b", "must"), (r"\bmay\b", "must"), (r"\bcan\b", "must")),
    "actor": ((r"\b[Tt]he municipality\b", "the wellbeing services county"),
              (r"\b[Mm]unicipalities\b", "Wellbeing services counties"),
              (r"\b[Tt]he employment authority\b", "the municipality")),
    "added": ((r"\.$", " and every resident."),),
}  # fmt: skip


def plant(passages: Sequence[Passage]) -> Iterator[Planted]:
    """Sound statements and their changed versions, the same for the same corpus."""
    chosen = passages[:: max(1, len(passages) // _FACTS)]
    for passage, other in zip(chosen, [*chosen[1:], *chosen[:1]], strict=True):
        quote = Quote(passage.source_id, passage.text, passage.start, passage.end)
        bare = Quote(passage.source_id, collapse(passage.text))
        text = collapse(passage.text)
        yield Planted("", text, (quote,))
        yield Planted("", text.replace("-", "‑").replace("'", "’"), (bare,))
        for error, changes in _CHANGES.items():
            changed = next((new for old, by in changes if (new := re.sub(old, by, text, count=1)) != text), None)
            if changed:
                yield Planted(error, changed, (bare,))
        yield Planted("swapped citation", text, (Quote(other.source_id, other.text, other.start, other.end),))
        yield Planted("no citation", text, ())
        invented = re.sub(r"\w+", "planning", text, count=4)
        yield Planted("invented quote", invented, (Quote(passage.source_id, invented),))


def try_planted(assistant: Assistant) -> list[Tried]:
    """Put every planted statement before the check."""
    kinds = {s.source_id: s.kind for s in assistant.sources()}
    facts = [p for p in assistant._store.facts() if kinds[p.source_id] in (Kind.LAW, Kind.GUIDANCE)]
    tried = []
    for planted in plant(facts):
        draft = Draft("planted", (DraftStatement(planted.text, planted.quotes),))
        verdict = verification.verify_draft(draft, assistant._citing.source_text)
        shown = any(collapse(s.text) == collapse(planted.text) for s in verdict.statements)
        quotes = [
            quote.text
            for quote in planted.quotes
            if collapse(quote.text) in collapse(assistant._store.text(quote.source_id))
        ]
        tried.append(Tried(planted, shown, is_supported(planted.text, quotes)))
    return tried


def measure_planted(tried: Sequence[Tried]) -> list[Figure]:
    """What was caught, over all and by error; sound statements refused; the same of the suite's own view."""
    errors = [t for t in tried if t.planted.error]
    sound = [t for t in tried if not t.planted.error]
    figures = [
        share("planted errors caught", sum(not t.is_shown for t in errors), len(errors)),
        share("sound statements refused", sum(not t.is_shown for t in sound), len(sound)),
        share("planted errors that the suite sees", sum(not t.is_borne for t in errors), len(errors)),
        share("sound statements that the suite doubts", sum(not t.is_borne for t in sound), len(sound)),
    ]
    for error in dict.fromkeys(t.planted.error for t in errors):
        some = [t for t in errors if t.planted.error == error]
        figures.append(share(f"planted errors caught: {error}", sum(not t.is_shown for t in some), len(some)))
    return figures
