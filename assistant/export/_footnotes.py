"""Footnotes of a Word file, which python-docx cannot make: the part, its styles and the references to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from assistant.export._text import SourceWords, shown_address, source_words
from assistant.types import Citation
from assistant.words import Words

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.text.paragraph import Paragraph

_EMPTY = f"""<w:footnotes {nsdecls("w", "r")}>
  <w:footnote w:type="separator" w:id="-1"><w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr>
    <w:r><w:separator/></w:r></w:p></w:footnote>
  <w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:pPr><w:spacing w:after="0" w:line="240"
    w:lineRule="auto"/></w:pPr><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>
</w:footnotes>"""


_BOOKMARKS_FROM = 1_000_000  # out of the way of the other bookmarks of a document

_Key = tuple[tuple[str, str | None], bool]  # a source, and whether its note stands in text that may be cut


@dataclass(slots=True)
class _First:
    """The first note on a source."""

    number: int
    reference: BaseOxmlElement  # in the text
    told: set[str]  # what the notes have said of the source so far


class Footnotes:
    """The notes of one document, numbered from 1 in order of reference.

    The first note on a source says everything of it; a later one names it with its place and points to the first. Text
    that may be cut has first notes of its own, so that cutting it leaves no other note pointing nowhere.
    """

    def __init__(self, document: WordDocument, say: Words) -> None:
        self._say = say
        package = document.part.package
        assert package is not None
        self._part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, parse_xml(_EMPTY), package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = document.settings.element
        declared = parse_xml(
            f'<w:footnotePr {nsdecls("w")}><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        )
        settings.find(qn("w:compat")).addprevious(declared)
        self._count = 0
        self._first: dict[_Key, _First] = {}
        self._marked: set[int] = set()  # notes whose reference has a bookmark

    def add(self, paragraph: Paragraph, citation: Citation, *, may_be_cut: bool = False) -> None:
        """Put a reference at the end of a paragraph, and the note that it refers to."""
        self._count += 1
        words = source_words(citation, self._say)
        reference = _run("FootnoteReference")
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), str(self._count))
        reference.append(mark)
        if len(paragraph._p) and _is_reference(paragraph._p[-1]):
            paragraph._p.append(_run("FootnoteReference", "\u2002"))
        paragraph._p.append(reference)
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), str(self._count))
        body = OxmlElement("w:p")
        properties, style = OxmlElement("w:pPr"), OxmlElement("w:pStyle")
        style.set(qn("w:val"), "FootnoteText")
        properties.append(style)
        number = _run("FootnoteReference")
        number.append(OxmlElement("w:footnoteRef"))
        body.extend((properties, number, _run(text=" ")))
        key = (words.key, may_be_cut)
        if (first := self._first.get(key)) is None:
            self._first[key] = _First(self._count, reference, set(words.details))
            body.extend(self._whole(words))
        else:
            body.extend(self._again(words, first))
        note.append(body)
        self._part.element.append(note)

    def _whole(self, words: SourceWords) -> list[BaseOxmlElement]:
        place = f", {words.place}. " if words.place else ". "
        rest = place + "".join(f"{_stopped(detail)} " for detail in words.details)
        runs = [_run(text=words.title, italic=True), _run(text=rest if words.url else rest.rstrip())]
        if words.url:
            link = OxmlElement("w:hyperlink")
            link.set(qn("r:id"), self._part.relate_to(words.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
            link.append(_run("Hyperlink", shown_address(words.url)))
            runs.append(link)
        return runs

    def _again(self, words: SourceWords, first: _First) -> list[BaseOxmlElement]:
        name = f"_RefNote{first.number}"
        if first.number not in self._marked:
            self._marked.add(first.number)
            start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
            for mark in (start, end):
                mark.set(qn("w:id"), str(_BOOKMARKS_FROM + first.number))
            start.set(qn("w:name"), name)
            first.reference.addprevious(start)
            first.reference.addnext(end)
        news = [detail for detail in words.details if detail in words.cautions or detail not in first.told]
        first.told.update(news)
        place = f", {words.place}" if words.place else ""
        return [
            _run(text=words.title, italic=True),
            _run(text=f"{place} ({self._say('export.see-note')} "),
            *field_runs(f"NOTEREF {name} \\h", str(first.number)),
            _run(text=" ".join([").", *(_stopped(detail) for detail in news)])),
        ]


def field_runs(instruction: str, shown: str) -> list[BaseOxmlElement]:
    """A field as Word stores it, with the text that stands until it is updated."""
    runs = []
    for kind in ("begin", None, "separate"):
        run = _run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = f" {instruction} "
        run.append(mark)
        runs.append(run)
    end = _run()
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), "end")
    end.append(mark)
    return [*runs, _run(text=shown), end]


def _run(style: str = "", text: str = "", *, italic: bool = False) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    if style or italic:
        properties = OxmlElement("w:rPr")
        if style:
            named = OxmlElement("w:rStyle")
            named.set(qn("w:val"), style)
            properties.append(named)
        if italic:
            properties.append(OxmlElement("w:i"))
        run.append(properties)
    if text:
        words = OxmlElement("w:t")
        words.set(qn("xml:space"), "preserve")
        words.text = text
        run.append(words)
    return run


def _is_reference(element: BaseOxmlElement) -> bool:
    return element.find(qn("w:footnoteReference")) is not None or element.tag == qn("w:bookmarkEnd")


def _stopped(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."
