"""Plain text and Markdown as they stand: headings and tables are known, and the marks of Markdown keep their room.

`read_markdown` leaves the marks out, so that passages read well. Here the offsets are those of the text as it was typed
(but for what `canonical` removes: nobody sees it), so that what is found in a text can be shown in it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.documents._canonical import canonical
from assistant.documents._text import read_text
from assistant.errors import AssistantError
from assistant.personal_data import mask_document
from assistant.types import Block, BlockKind, Document

_MARK = re.compile(r"(?m)^(#{1,6})(?=[ \t]+\S)")  # of a heading in Markdown
_RULE_OF_TABLE = re.compile(r"(?m)^[ \t]*\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+(?:[ \t]*:?-{2,}:?[ \t]*)?\|?[ \t]*$")
_ROW = re.compile(r"(?m)^[ \t]*\|[ \t]*(\S.*?\S)[ \t]*\|[ \t]*$")  # of a table in Markdown


def as_document(text: str) -> Document:
    """A typed or pasted text as a document; headings and tables of Markdown are known, and offsets stay.

    Raises:
        AssistantError: There is no text in it.
    """
    if not any(c.isalnum() for c in text):
        raise AssistantError("There is no text to review. Give the text of a plan, or name a file.")
    plain = _blank(_RULE_OF_TABLE, canonical(text))
    marks = {m.start(): len(m.group()) for m in _MARK.finditer(plain)}
    plain = _blank(_MARK, plain)
    rows = [Block(BlockKind.ROW, *m.span(1)) for m in _ROW.finditer(plain)]
    document = read_text(_blank(_ROW, plain), "the text")
    blocks = [*(_with_level(b, plain, marks) for b in document.blocks), *rows]
    return mask_document(replace(document, text=plain, blocks=tuple(sorted(blocks, key=lambda b: b.start))))


def _blank(what: re.Pattern[str], text: str) -> str:
    return what.sub(lambda m: " " * len(m.group()), text)


def _with_level(block: Block, text: str, marks: dict[int, int]) -> Block:
    """A block that stands alone on a line with a heading's mark is a heading."""
    line = text.rfind("\n", 0, block.start) + 1
    if line in marks and "\n" not in text[block.start : block.end]:
        return replace(block, kind=BlockKind.HEADING, level=marks[line])
    return block
