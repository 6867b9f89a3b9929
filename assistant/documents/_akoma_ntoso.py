"""Akoma Ntoso, the XML in which Finlex publishes statutes: chapters, sections, subsections and numbered items.

Only what a reader of the statute sees is taken; metadata (`meta`), notes and references to images are not.
"""

from __future__ import annotations

from typing import Any

from assistant.documents._canonical import Builder, finish, join_cells
from assistant.errors import DocumentError
from assistant.types import BlockKind, Document

_RANKS = {"book": 2, "part": 2, "title": 2, "chapter": 3, "subchapter": 4, "hcontainer": 4, "section": 5, "article": 5}
_ITEMS = frozenset(["paragraph", "subparagraph", "point", "indent", "item"])
_DROPPED = frozenset(["meta", "authorialNote", "img", "coverPage", "noteRef", "attachments"])
_TEXT = frozenset(
    ["p", "block", "longTitle", "docTitle", "heading", "subheading", "crossHeading", "span", "listIntroduction"]
)


def read_akoma_ntoso(content: bytes, name: str) -> Document:
    """Read a statute; other XML is refused."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DocumentError(
            f"{name}: the XML defines entities or a DTD, which is not read. Save it without."
        ) from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise DocumentError(f"{name}: damaged XML. Download it again.") from error
    if _tag(root) != "akomaNtoso":
        raise DocumentError(
            f"{name}: XML, but not Akoma Ntoso (its root is <{_tag(root)[:40]}>). Save it as a PDF, DOCX or text file."
        )
    builder = Builder()
    title = next((text for el in root.iter() if _tag(el) == "docTitle" and (text := _flat(el))), None)
    number = next((text for el in root.iter() if _tag(el) == "docNumber" and (text := _flat(el))), "")
    if title:
        builder.add(BlockKind.HEADING, title if number in title else f"{title} ({number})", level=1)
    try:
        for part in root.iter():
            if _tag(part) in ("preamble", "body", "mainBody", "conclusions"):
                _walk(part, builder, 0)
    except RecursionError as error:
        raise DocumentError(f"{name}: nested too deeply to be a statute. Download it again.") from error
    return finish(builder.text, builder.blocks, name, title=title)


def _walk(element: Any, builder: Builder, depth: int, mark: str = "") -> None:
    """Write the blocks below an element; `depth` is that of list items, 0 outside them."""
    tag = _tag(element)
    if tag in _DROPPED:
        return
    if tag in _TEXT or not len(element):
        kind = BlockKind.ITEM if depth else BlockKind.PARAGRAPH
        builder.add(kind, _flat(element), level=max(1, depth), mark=mark)
        return
    if tag == "tr":
        builder.add(BlockKind.ROW, join_cells(_flat(cell) for cell in element))
        return
    parts = {_tag(child): child for child in reversed(element)}
    if tag in _ITEMS:
        depth, mark = depth + 1, _flat(parts["num"]) if "num" in parts else ""
    elif tag in _RANKS:
        heading = " ".join(_flat(parts[part]) for part in ("num", "heading") if part in parts)
        builder.add(BlockKind.HEADING, heading, level=_RANKS[tag])
    for child in element:
        if _tag(child) == "num" or (_tag(child) == "heading" and tag in _RANKS):
            continue
        before = len(builder.blocks)
        _walk(child, builder, depth, mark)
        if len(builder.blocks) > before:
            mark = ""  # the number stands before the first text of an item


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _flat(element: Any) -> str:
    """The text of an element as one line, without notes."""
    if _tag(element) in _DROPPED:
        return ""
    parts = [element.text or ""]
    for child in element:
        parts += [" " if _tag(child) in ("br", "eol", "p") else "", _flat(child), child.tail or ""]
    return " ".join("".join(parts).split())
