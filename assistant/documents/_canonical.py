"""The canonical text of a document and its blocks: what every reader builds and nobody changes afterwards."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.documents._boilerplate import mark_boilerplate
from assistant.documents._language import detect_language
from assistant.errors import DocumentError
from assistant.types import Block, BlockKind, Document

# Characters that are invisible, reorder what is seen, or smuggle text past the reader: soft hyphen, zero-width and
# bidirectional controls, variation selectors, tags, lone surrogates and the control characters but tab and newline.
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_HYPHEN = re.compile("(?<=[0-9])\xad(?=\\s?[0-9])")  # a soft hyphen between digits divides no word: "2024\xad2026"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Symbol-font bullets, and the ligatures that a PDF may hold in place of letters.
_LETTERS = str.maketrans(
    {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl"}
    | {"\ufb03": "ffi", "\ufb04": "ffl"}
)


def canonical(text: str) -> str:
    """NFC, newline as the one line end, one kind of space, nothing invisible."""
    text = _REMOVED.sub("", _HYPHEN.sub("-", _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))))
    return unicodedata.normalize("NFC", text.translate(_LETTERS))


class Builder:
    """Collects blocks in reading order and writes the text that they are spans of."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def add(self, kind: BlockKind, text: str, *, level: int = 1, mark: str = "") -> int | None:
        """Append one block, `mark` (a bullet or number) before its span; its start, or None where there is no text."""
        if not (text := canonical(text).strip()):
            return None
        compact = (BlockKind.ITEM, BlockKind.ROW)
        tight = self.blocks and kind == self.blocks[-1].kind and kind in compact
        self._write(("\n" if tight else "\n\n") if self.blocks else "")
        if kind is BlockKind.ITEM:
            self._write("  " * (level - 1) + (mark or "•") + " ")
        start = self._length
        self._write(text)
        self.blocks.append(Block(kind, start, self._length, level))
        return start

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def join_cells(cells: Iterable[str]) -> str:
    """One table row; an empty cell is a dash, so that columns keep their place. Empty where all cells are."""
    texts = [" ".join(cell.split()) for cell in cells]
    return " | ".join(text or "–" for text in texts) if any(texts) else ""


def finish(
    text: str, blocks: Sequence[Block], name: str, *, title: str | None = None, page_starts: Sequence[int] = ()
) -> Document:
    """Make the document: boilerplate marked, heading levels in order, title and language found.

    Args:
        text: Canonical text.
        blocks: In reading order; heading levels may be any ranks, smaller is higher.
        name: Of the file, for the error and as the last resort for a title.
        title: What the file calls itself in its metadata, used where no heading is the title.
        page_starts: Offsets of the pages.
    """
    marked = _relevel(mark_boilerplate(text, blocks))
    content = [block for block in marked if block.kind is not BlockKind.BOILERPLATE]
    if not any(re.search(r"\w", text[block.start : block.end]) for block in content):
        raise DocumentError(f"{name}: no text in it. Check that it is the right file.")
    headings = [block for block in content if block.kind is BlockKind.HEADING]
    first = next((block for block in headings if block.level == 1), None)
    if first is not None:
        title = text[first.start : first.end]
    elif not (title and title.strip()):
        chosen = (headings or content)[0]
        title = text[chosen.start : chosen.end]
    shown = re.sub(r"\s+", " ", canonical(title)).strip().rstrip(":").rstrip()[:200]
    return Document(shown or name, text, tuple(marked), detect_language(text), tuple(page_starts))


def _relevel(blocks: Sequence[Block]) -> list[Block]:
    """Heading ranks to levels without gaps: 1 for the one title, 2 and on below it.

    The highest rank is the title's where it stands once and among the first headings; where several headings share it
    ("1 Introduction", "2 Aims"), they are sections of a document without a title heading.
    """
    ranks = [block.level for block in blocks if block.kind is BlockKind.HEADING]
    if not ranks:
        return list(blocks)
    top = min(ranks)
    shift = 1 if ranks.count(top) == 1 and top in ranks[:3] else 2
    level_of = {rank: number + shift for number, rank in enumerate(sorted(set(ranks)))}
    return [replace(b, level=level_of[b.level]) if b.kind is BlockKind.HEADING else b for b in blocks]
