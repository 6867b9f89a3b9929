"""What a file holds beside the text of the plan: notes, source lines, captions, lists of contents, boxes on the law.

Notes and source lines tell where a figure is from, so they are kept apart and not thrown away. The rest is no text of
the municipality's own and says nothing of its plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.review.signs import Signs
from assistant.text import normalise
from assistant.types import BlockKind, Document

# "Source: ...", "Kuvio 2. ...", "(see note 3)", a bare address, "the title, 2. Its heading", "the title, subsection 4".
_NOTE = re.compile(
    r"^(?:sources?|lähteet|lähde|källor|källa)\s*:|\(see note \d+\)|\bOur digest\."
    r"|^(?:figure|table|chart|map|kuvio|kuva|taulukko|kaavio|kartta|figur|tabell|diagram|bild|karta)\s+\d+\s*[.:]"
    r"|^(?:https?://|www\.)\S+$|^[^.!?|]{4,120}, (?:\d{1,2}\.(?:\d+\.?)? [A-ZÅÄÖ][^.!?]*|(?:sub)?section \d+)\.$",
    re.IGNORECASE,
)
_OF_LAW = re.compile(
    r"\b\d{1,4}/(?:19|20)\d\d\b|\b(?:finlex|kotoutuminen|tem|stm|valtioneuvosto)\.fi\b|§", re.IGNORECASE
)
_DIGEST = re.compile(r"\bOur digest\.")
_TWO_SENTENCES = re.compile(r"[.!?]\s+[A-ZÅÄÖ]")
_NUMBERING = re.compile(r"^[\d.\s]+")


@dataclass(frozen=True, slots=True)
class Asides:
    """Places of blocks in `Document.blocks`."""

    left_out: frozenset[int]
    notes: frozenset[int]


def find_asides(document: Document, signs: Signs) -> Asides:
    """What of a document is no text of the plan."""
    left_out, notes = set(), set()
    inside = 0  # level of the heading under which nothing is the plan's; 0: none
    blocks, texts = document.blocks, [document.text[b.start : b.end] for b in document.blocks]
    titles = _cited_titles(texts)
    for n, (block, text) in enumerate(zip(blocks, texts, strict=True)):
        if block.kind is BlockKind.HEADING:
            if inside and block.level > inside:
                continue
            inside = block.level if _is_aside(n, texts, signs) else 0
        elif inside:
            left_out.add(n)
        elif block.kind is not BlockKind.ROW and (_NOTE.search(text) or text.partition(", ")[0] in titles):
            notes.add(n)
            if _DIGEST.search(text):
                left_out |= _indicators_before(n, document, texts, signs)
            if n and _OF_LAW.search(text) and not _TWO_SENTENCES.search(texts[n - 1]):
                left_out.add(n - 1)  # a sentence of the law or of guidance, with its source
    return Asides(frozenset(left_out), frozenset(notes))


def _indicators_before(n: int, document: Document, texts: list[str], signs: Signs) -> set[int]:
    """Rows on indicators in the table before a draft's notes on guidance: they tell what guidance offers."""
    end = n
    while end and document.blocks[end - 1].kind is not BlockKind.ROW:
        end -= 1
        if document.blocks[end].kind is BlockKind.HEADING:
            return set()
    start = end
    while start and document.blocks[start - 1].kind is BlockKind.ROW:
        start -= 1
    return {
        row for row in range(start, end)
        if signs.signs["indicator_column"].fullmatch(normalise(texts[row].partition("|")[0].strip()))
    }  # fmt: skip


def _cited_titles(texts: list[str]) -> set[str]:
    """Titles that later notes of a draft repeat: the first note of each source stands without "see note"."""
    return {text.partition(", ")[0] for text in texts if "(see note " in text and ", " in text}


def _is_aside(n: int, texts: list[str], signs: Signs) -> bool:
    heading = _NUMBERING.sub("", normalise(texts[n]))
    first = texts[n + 1] if n + 1 < len(texts) else ""
    return bool(signs.headings["aside"].fullmatch(heading) or signs.signs["not_ours"].search(normalise(first)))
