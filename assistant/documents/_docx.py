"""Word files: headings by style, lists by numbering, tables in their place; runs in the child process.

Footnotes and endnotes follow the paragraph, list or table that refers to them. Deleted and moved-away text and comments
are not read, inserted text is. The archive is checked before anything is unpacked; macros and external references are
never followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from assistant.documents._canonical import Builder, finish, join_cells
from assistant.documents._text import split_mark
from assistant.errors import DocumentError
from assistant.types import BlockKind, Document

_MAX_UNPACKED = 200_000_000  # bytes
_MAX_RATIO = 100  # for members above a megabyte; small ones compress well for good reasons
_MAX_MEMBERS = 10_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|otsikko|rubrik)\s*([1-9])$", re.I)
_TITLE_STYLE = re.compile(r"(?:title|otsikko|rubrik)$", re.I)
_CONTENTS_STYLE = re.compile(r"(?:toc|sisluet|sisällysluettelo|innehåll)\s*\d$", re.I)
_LIST_STYLE = re.compile(
    r"(?:list (?:bullet|number)|(?:merkitty |numeroitu )?luettelo|punktlista|numrerad lista)\s*(\d?)$", re.I
)
_REMOVED = (_W + "del", _W + "moveFrom", _FALLBACK)
_SKIPPED = frozenset((*_REMOVED, *(_W + tag for tag in ("delText", "instrText", "pPr", "rPr", "commentReference"))))
_REFERENCES = {_W + "footnoteReference": _W + "footnote", _W + "endnoteReference": _W + "endnote"}


@dataclass(slots=True)
class _Body:
    """The text as it is being read, and the notes that the text read so far refers to."""

    styles: dict[str, Any]
    notes: dict[tuple[str, str], Any]  # (tag, id) -> element; each is taken out when it is read
    builder: Builder = field(default_factory=Builder)
    pending: list[Any] = field(default_factory=list)

    @property
    def last_kind(self) -> BlockKind | None:
        return self.builder.blocks[-1].kind if self.builder.blocks else None


def check_archive(content: bytes, name: str) -> None:
    """Refuse what is no DOCX, and archives made to exhaust the machine, from the directory of the archive alone."""
    try:
        members = ZipFile(BytesIO(content)).infolist()
    except (BadZipFile, ValueError, OverflowError, OSError, NotImplementedError) as error:
        raise DocumentError(f"{name}: a damaged ZIP or DOCX file. Open it in Word and save it again.") from error
    names = {member.filename for member in members}
    if "word/document.xml" not in names:
        what = next(
            (
                what
                for start, what in (("xl/", "an Excel file"), ("ppt/", "a PowerPoint file"))
                if any(n.startswith(start) for n in names)
            ),
            "an OpenDocument file" if "mimetype" in names else "a ZIP archive",
        )
        raise DocumentError(f"{name}: this is {what}, which is not read. Save the text in it as a DOCX or PDF.")
    unpacked = sum(member.file_size for member in members)
    bomb = any(m.file_size > 1_000_000 and m.file_size > _MAX_RATIO * max(1, m.compress_size) for m in members)
    strange = any(".." in n.split("/") or n.startswith(("/", "\\")) or "\\.." in n or ":" in n for n in names)
    if len(members) > _MAX_MEMBERS or unpacked > _MAX_UNPACKED or bomb or strange:
        raise DocumentError(
            f"{name}: packed in a way that can harm the machine (too much, too many or misplaced files in it). "
            "Open it in Word and save it again."
        )


def read_docx(content: bytes, name: str) -> Document:
    """Read the body of a Word file."""
    from docx import Document as open_docx
    from lxml.etree import LxmlError  # type: ignore[import-untyped]

    check_archive(content, name)
    damaged = f"{name}: a damaged DOCX file. Open it in Word and save it again."
    try:
        with ZipFile(BytesIO(content)) as archive:
            for member in archive.namelist():
                if member.endswith((".xml", ".rels")) and _has_dtd(archive.read(member)):
                    raise DocumentError(
                        f"{name}: defines XML entities, which no Word file does. Save it again in Word."
                    )
        file = open_docx(BytesIO(content))
        body = _Body({style.style_id: style for style in file.styles}, _notes(file.part))
    except (
        BadZipFile,
        LxmlError,
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise DocumentError(damaged) from error
    _walk(file.element.body, body)
    _add_notes(body)
    return finish(body.builder.text, body.builder.blocks, name, title=file.core_properties.title)


def _notes(part: Any) -> dict[tuple[str, str], Any]:
    """The footnotes and endnotes of a document; the lines that separate them from the text are never referred to."""
    from docx.oxml import parse_xml

    related = [r for r in part.rels.values() if r.reltype.endswith(("/footnotes", "/endnotes")) and not r.is_external]
    notes = (note for relation in related for note in parse_xml(relation.target_part.blob))
    return {(note.tag, note.get(_W + "id", "")): note for note in notes if note.tag in _REFERENCES.values()}


def _has_dtd(xml: bytes) -> bool:
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or "<!DOCTYPE".encode("utf-16-le") in xml


def _walk(container: Any, body: _Body) -> None:
    """Write paragraphs and tables in document order, also those inside content controls and insertions."""
    for child in container:
        if child.tag == _W + "p":
            _add_paragraph(child, body)
        elif child.tag == _W + "tbl":
            _add_table(child, body)
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "moveTo", _W + "customXml"):
            _walk(child, body)


def _add_paragraph(paragraph: Any, body: _Body) -> None:
    kind, level = _structure(paragraph, body.styles)
    text, carried = _text(paragraph, body)
    mark, item = split_mark(text.strip(), bullets_only=True)  # a bullet typed by hand
    if kind is BlockKind.PARAGRAPH and mark:
        kind = BlockKind.ITEM
    # A list or table stays with what introduces it, and with the end of the sentence that it interrupts.
    after_text = body.last_kind is BlockKind.PARAGRAPH
    if text.strip() and (kind is BlockKind.HEADING or (kind is BlockKind.PARAGRAPH and after_text)):
        _add_notes(body)
    if kind is BlockKind.ITEM:
        body.builder.add(kind, item, level=level, mark=mark)
    else:
        body.builder.add(kind, " ".join(text.split()) if kind is BlockKind.HEADING else text, level=level)
    body.pending += carried
    for box in paragraph.iter(_W + "txbxContent"):  # text boxes of this paragraph, not of those in them
        if next(box.iterancestors(_W + "p", *_REMOVED)) is paragraph:
            _walk(box, body)


def _add_notes(body: _Body) -> None:
    """Write the notes that wait, as paragraphs."""
    for note in body.pending:
        for paragraph in note.iter(_W + "p"):
            if next(paragraph.iterancestors(*_REMOVED), None) is None:
                text = _text(paragraph, body)[0].strip()
                # In lower case it would pass for the end of the sentence that the list before it interrupts.
                is_tail = body.last_kind is BlockKind.ITEM and text[:1].islower()
                body.builder.add(BlockKind.PARAGRAPH, f"* {text}" if is_tail else text)
    body.pending.clear()


def _structure(paragraph: Any, styles: dict[str, Any]) -> tuple[BlockKind, int]:
    """What a paragraph is, with the rank of a heading or the depth of an item: its own properties, else its style's."""
    properties = [paragraph.find(_W + "pPr")]
    style_id = paragraph.find(f"{_W}pPr/{_W}pStyle")
    style = styles.get(style_id.get(_W + "val")) if style_id is not None else None
    names: list[str] = []
    for _ in range(20):  # styles may name each other in a circle
        if style is None:
            break
        names += [style.name or "", style.style_id or ""]
        properties.append(style.element.find(_W + "pPr"))
        style = style.base_style
    for name in names:
        if match := _HEADING_STYLE.match(name):
            return BlockKind.HEADING, int(match.group(1)) + 1
        if _TITLE_STYLE.match(name):
            return BlockKind.HEADING, 1
        if _CONTENTS_STYLE.match(name):
            return BlockKind.BOILERPLATE, 1
    outline = _first(properties, f"{_W}outlineLvl")
    if outline is not None and outline < 9:
        return BlockKind.HEADING, outline + 2
    numbering = _first(properties, f"{_W}numPr/{_W}numId")
    listed = next((match for name in names if (match := _LIST_STYLE.match(name))), None)
    if numbering == 0 or not (numbering or listed):  # 0 takes the numbering of the style away
        return BlockKind.PARAGRAPH, 1
    depth = (_first(properties, f"{_W}numPr/{_W}ilvl") or 0) + 1
    return BlockKind.ITEM, max(depth, int(listed.group(1) or 1)) if listed else depth


def _first(properties: list[Any], path: str) -> int | None:
    for item in properties:
        found = item.find(path) if item is not None else None
        if found is not None and (value := found.get(_W + "val", "")).isdecimal():
            return int(value)
    return None


def _add_table(table: Any, body: _Body) -> None:
    """A table as rows; one of a single column is layout and is read as text."""
    rows = [list(_children(row, "tc")) for row in _children(table, "tr")]
    if all(len(row) <= 1 for row in rows):
        for row in rows:
            for cell in row:
                _walk(cell, body)
        return
    for row in rows:
        cells = []
        for cell in row:
            paragraphs = [p for p in cell.iter(_W + "p") if next(p.iterancestors(*_REMOVED), None) is None]
            texts = [_text(paragraph, body) for paragraph in paragraphs]
            cells.append(" ".join(text for text, _ in texts))
            body.pending += [note for _, carried in texts for note in carried]
        body.builder.add(BlockKind.ROW, join_cells(cells))


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Children of a kind, also inside content controls; rows and cells that were deleted are left out."""
    for child in element:
        if child.tag == _W + tag:
            if child.find(f"{_W}trPr/{_W}del") is None and child.find(f"{_W}tcPr/{_W}cellDel") is None:
                yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "customXml"):
            yield from _children(child, tag)


def _text(paragraph: Any, body: _Body) -> tuple[str, list[Any]]:
    """The text a reader sees, and its notes: insertions, not deletions; hidden text and field codes left out."""
    parts: list[str] = []
    carried: list[Any] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag in _SKIPPED or element.tag == _W + "p":
            continue
        if element.tag == _W + "t":
            parts.append(element.text or "")
        elif element.tag in (_W + "tab", _W + "ptab"):
            parts.append(" ")
        elif element.tag in (_W + "br", _W + "cr"):
            parts.append("\n")
        elif element.tag == _W + "noBreakHyphen":
            parts.append("-")
        elif element.tag in _REFERENCES:
            note = body.notes.pop((_REFERENCES[element.tag], element.get(_W + "id", "")), None)
            carried += [note] if note is not None else []
        elif element.tag == _W + "r" and element.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        else:
            stack.extend(reversed(element))
    return "".join(parts), carried
