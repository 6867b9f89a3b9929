"""What both kinds of Word file are made of: headings, statements with notes, marks to fill in, boxes, tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from docx.document import Document as WordDocument
from docx.enum.text import WD_COLOR_INDEX
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from assistant.export._footnotes import Footnotes
from assistant.export._layout import add_field, new_document, text_width
from assistant.export._text import (
    CopiedPassage,
    Line,
    cited,
    clean,
    copied_words,
    in_words,
    is_rtl,
    is_unsupported,
    lines_of,
    one_line,
    shown_address,
    split_marks,
)
from assistant.export.labels import gap_text, placeholder_words
from assistant.shown import Copied
from assistant.types import Cell, Citation, Placeholder, Plot, Statement
from assistant.words import Words

Place = WordDocument | _Cell  # where paragraphs go

_RED, _GREY = RGBColor(0x9C, 0x1C, 0x1C), RGBColor(0x55, 0x55, 0x55)
_LINE = "B8C0CC"  # of table borders
_COPIED = "404040"  # of the line beside what follows another programme; dark enough for a printer without colours
HEADER_FILL = "E3E9F1"
_EMU_PER_TWIP = 635
_KEPT_CHARS = 900  # a row with more text than this may break over pages: about a third of a page of a narrow column
_CELL_INDENT, _ITEM_INDENT = 7, 17  # points: what a line at its left takes in a cell, where list items begin
_PROGRAM = "Kotoapuri"  # who asks in the comments


class WordWriter:
    """A document in the making, with its notes and the places of its marks."""

    def __init__(
        self,
        *,
        title: str,
        author: str,
        footer: str,
        placeholders: Mapping[str, Placeholder],
        marks: Mapping[str, str],
        say: Words,
        landscape: bool = False,
    ) -> None:
        self.document = new_document(title=title, author=author, footer=footer, say=say, landscape=landscape)
        self.width = text_width(self.document)
        self.say = say
        self._notes = Footnotes(self.document, say)
        self._placeholders, self._marks = placeholders, marks
        self._bookmarks: dict[str, str] = {}  # of the first place where an id stands
        self._copied: dict[tuple[int, int], str] = {}  # bookmarks of passages that follow other programmes
        self._bookmark_count = 0
        self._table_count = self._figure_count = 0

    def content(self) -> bytes:
        """The finished file."""
        buffer = BytesIO()
        self.document.save(buffer)
        return buffer.getvalue()

    def heading(self, text: str, level: int, *, numbered: bool = True, bookmark: str = "") -> Paragraph:
        """A heading that the navigation pane shows."""
        paragraph = self.document.add_heading(one_line(text), level)
        if level == 1 and not numbered:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = 0
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.first_line_indent = 0
        if bookmark:
            self._bookmark(paragraph._p[-1], paragraph._p[-1], bookmark)
        return _turned(paragraph, text)

    def paragraph(self, place: Place, text: str, style: str, *, bold: bool = False) -> Paragraph:
        """A paragraph of our own words or of a person's; its marks are highlighted."""
        paragraph = place.add_paragraph(style=style)
        self._text(paragraph, one_line(text), bold=bold)
        return paragraph

    def statement(
        self, place: Place, statement: Statement, citations: Sequence[Citation], style: str
    ) -> list[Paragraph]:
        """A statement with its notes; list lines become list items, and what no source supports says so.

        Args:
            place: The document or a cell.
            statement: As drafted.
            citations: Of its section.
            style: Of a paragraph: "Body Text", "Ground Text" or "Table Text"; list items take its twin.
        """
        flagged = is_unsupported(statement, citations)
        text = gap_text(statement.text, self.say)
        own = statement.own_words
        return self._lines(place, text, statement.citations, citations, style, flagged=flagged, own_words=own)

    def cell_text(
        self, place: _Cell, cell: Cell, citations: Sequence[Citation], *, flagged: bool = False, bold: bool = False
    ) -> list[Paragraph]:
        """The content of a cell of a table in a draft, in a cell of the file."""
        return self._lines(
            place, cell.text or "–", cell.citations, citations, "Table Text", flagged=flagged, bold=bold,
            own_words=cell.own_words,
        )  # fmt: skip

    def _lines(
        self, place: Place, text: str, numbers: Sequence[int], citations: Sequence[Citation], style: str, *,
        flagged: bool, bold: bool = False, own_words: bool = False,
    ) -> list[Paragraph]:  # fmt: skip
        bullet = {"Body Text": "List Bullet"}.get(style, style.replace("Text", "Bullet"))
        paragraphs = []
        lines = lines_of(text) or [Line("–", False)]
        for number, line in enumerate(lines):
            paragraph = place.add_paragraph(style=bullet if line.is_item else style)
            paragraphs.append(paragraph)
            if flagged and number == 0:
                mark = paragraph.add_run(f"{self.say('export.unsupported')} ")
                mark.bold, mark.font.color.rgb = True, _RED
            self._text(paragraph, line.text, bold=bold)
            paragraph.paragraph_format.keep_with_next = (
                True if number + 1 < len(lines) and not line.is_item else None  # a lead-in stays with its list
            )
        if own_words:
            mark = paragraphs[-1].add_run(f" {self.say('export.own-words')}")
            mark.font.color.rgb = _GREY
        if lines[-1].is_item and style == "Body Text":
            paragraphs[-1].paragraph_format.space_after = Pt(8)  # what follows is no part of the list
        for citation in cited(numbers, citations):
            self._notes.add(paragraphs[-1], citation, may_be_cut=style == "Ground Text")
        return paragraphs

    def copied(self, paragraphs: Sequence[Paragraph], found: Sequence[Copied], section: int) -> None:
        """Mark a statement that follows another programme: a double line at its left, and a comment for each passage.

        Args:
            paragraphs: All of the statement.
            found: What it follows; nothing is marked where that is nothing.
            section: Number of the section, so that the list of these passages finds them.
        """
        runs = [run for paragraph in paragraphs for run in paragraph.runs if run.text]
        if not found or not runs:  # without runs it is a row of nothing but open questions
            return
        for one in found:
            comment = "\n".join(copied_words(one, self.say))
            self.document.add_comment([runs[0], runs[-1]], comment, author=_PROGRAM, initials="K")
            if not one.again:
                name = self._copied[section, one.number] = f"copied_{len(self._copied) + 1}"
                self._bookmark(runs[0]._r, runs[0]._r, name)
        for paragraph in paragraphs:
            style = paragraph.style.name if paragraph.style and paragraph.style.name else ""
            is_item = style.endswith("Bullet")
            space = 10 if is_item else 4  # in points; a bullet stands 6 further in than text, and its line does not
            if style.startswith(("Table", "Ground")):  # beside the text of a cell there is no room for a line
                paragraph.paragraph_format.left_indent = Pt(_CELL_INDENT + _ITEM_INDENT * is_item)
            border = parse_xml(
                f'<w:pBdr {nsdecls("w")}><w:left w:val="double" w:sz="6" w:space="{space}" w:color="{_COPIED}"/>'
                "</w:pBdr>"
            )
            paragraph._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDERS)

    def _text(self, paragraph: Paragraph, text: str, *, bold: bool = False) -> None:
        for stretch, id in split_marks(text):
            run = paragraph.add_run(stretch if id is None else in_words(stretch, self._marks))
            run.bold = True if bold else None
            if id is not None:
                self._mark(run, id)
            elif is_rtl(stretch):
                run.font.rtl = True
        _turned(paragraph, text)

    def _mark(self, run: Run, id: str) -> None:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if id not in self._bookmarks:
            self._bookmarks[id] = f"open_{len(self._bookmarks) + 1}"
            self._bookmark(run._r, run._r, self._bookmarks[id])
        if asked := self._placeholders.get(id):
            question, who, where = map(one_line, placeholder_words(asked, self.say))
            lines = [question]
            lines += [self.say("export.who-knows", text=who)] if who else []
            lines += [self.say("export.where-to-find", text=where)] if where else []
            self.document.add_comment(run, "\n".join(lines), author=_PROGRAM, initials="K")

    def mark_link(self, cell: _Cell, id: str, mark: str) -> None:
        """A mark in a list of open points, as a link to where it stands first."""
        run = cell.add_paragraph(style="Table Text").add_run(clean(mark))
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        if name := self._bookmarks.get(id):
            _link(run, name)

    def copied_link(self, cell: _Cell, passage: CopiedPassage) -> None:
        """The beginning of a passage in the list of those that follow other programmes, as a link to it."""
        name = self._copied.get(passage.key)
        run = cell.add_paragraph(style="Table Text").add_run(passage.beginning, "Hyperlink" if name else None)
        if name:
            _link(run, name)

    def web_link(self, paragraph: Paragraph, url: str) -> None:
        """An address at the end of a paragraph; only what `web_address` let through."""
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self.document.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        run = paragraph.add_run(shown_address(url), style="Hyperlink")
        run._r.addprevious(link)
        link.append(run._r)

    def contents(self, heading: str, entries: Sequence[tuple[str, str]], hint: str) -> None:
        """A table of contents that reads before its first update; Word gives page numbers only on an update.

        Args:
            heading: Above it.
            entries: Text and bookmark of each heading of level 1.
            hint: Stands inside the field, so that an update takes it away.
        """
        title = self.document.add_paragraph(heading, style="TOC Heading")
        title.paragraph_format.page_break_before = True
        paragraphs = [title]
        for text, bookmark in entries:
            paragraph = self.document.add_paragraph(style="toc 1")
            link = OxmlElement("w:hyperlink")
            link.set(qn("w:anchor"), bookmark)
            link.set(qn("w:history"), "1")
            link.append(paragraph.add_run(text)._r)
            paragraph._p.append(link)
            paragraphs.append(paragraph)
        paragraphs.append(self.document.add_paragraph(hint, style="Note"))
        first, last = paragraphs[1], paragraphs[-1]
        add_field(first, r'TOC \o "1-1" \h \z \u', "")
        field = list(first._p)[-5:]  # begin, instruction, separate, an empty run, end
        last._p.append(field[4])
        first._p.remove(field[3])
        for at, run in enumerate(field[:3]):
            first._p.insert(1 + at, run)
        block = parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
            "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent/></w:sdt>"
        )
        title._p.addprevious(block)
        block.find(qn("w:sdtContent")).extend([p._p for p in paragraphs])

    def table(self, shares: Sequence[float], columns: Sequence[str] = (), *, span: bool = False) -> Table:
        """A table over the width of the text.

        Args:
            shares: Of the width, one for each column.
            columns: The words of the header row, which is repeated on each page; empty for none.
            span: Whether the header row is one cell with the first of these words.
        """
        table: Table = self.document.add_table(rows=0, cols=len(shares), style="Table Grid")
        table.autofit = False
        whole = sum(shares)
        widths = [round(self.width * share / whole) for share in shares]
        for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
            column.w = Emu(width)
        _set_table(table, self.width)
        if columns and span:
            self.band(table, columns[0], header=True)
        elif columns:
            for cell, text in zip(cells_of(self.row(table, header=True)), columns, strict=True):
                shade(cell, HEADER_FILL)
                self.paragraph(cell, text, "Table Heading")
        return table

    def row(self, table: Table, *, text_chars: int = 0, header: bool = False) -> _Row:
        """A row of empty cells, which hold no paragraph yet; it stays whole unless its text is long."""
        row: _Row = table.add_row()  # type: ignore[no-untyped-call]
        for cell, column in zip(cells_of(row), table._tbl.tblGrid.gridCol_lst, strict=True):
            cell.width = Emu(int(column.w or 0))
            for paragraph in cell.paragraphs:
                cell._tc.remove(paragraph._p)
        properties = row._tr.get_or_add_trPr()
        if text_chars <= _KEPT_CHARS:
            properties.append(OxmlElement("w:cantSplit"))
        if header:
            properties.append(OxmlElement("w:tblHeader"))
        return row

    def band(self, table: Table, text: str, *, header: bool = False) -> None:
        """A row of one cell over the whole width: the header of a small table, or of what follows in a long one."""
        row = self.row(table, header=header)
        first, *others = cells_of(row)
        for cell in others:
            row._tr.remove(cell._tc)
        first._tc.grid_span, first.width = len(others) + 1, Emu(self.width)
        shade(first, HEADER_FILL if header else "F4F6F9")
        self.paragraph(first, text, "Table Heading")

    def box(self, fill: str, edge: str, label: str) -> Table:
        """A shaded box with a bar at its side, set apart from the municipality's own text; the label comes first."""
        table = self.table([1])
        set_borders(table, edge)
        table._tbl.tblPr.append(parse_xml(f'<w:tblDescription {nsdecls("w")} w:val="{_attribute(label)}"/>'))
        self.paragraph(self.box_cell(table, fill), label, "Ground Label")
        return table

    def box_cell(self, table: Table, fill: str, *, text_chars: int = 0) -> _Cell:
        """The next part of a box; a part stays whole on a page unless its text is long."""
        cell = cells_of(self.row(table, text_chars=text_chars))[0]
        shade(cell, fill)
        return cell

    def caption(self, text: str) -> None:
        """The numbered line above a table."""
        self._table_count += 1
        paragraph = self.document.add_paragraph(f"{self.say('export.table')} ", style="Caption")
        add_field(paragraph, "SEQ Table \\* ARABIC", str(self._table_count))
        paragraph.add_run(f". {one_line(text)}")

    def plot(self, plot: Plot) -> None:
        """A plot with its text alternative, its numbered title above and its source below, all on one page."""
        from assistant.situation.plots import png

        self._figure_count += 1
        caption = self.document.add_paragraph(f"{self.say('export.figure')} ", style="Caption")
        add_field(caption, "SEQ Figure \\* ARABIC", str(self._figure_count))
        caption.add_run(f". {one_line(plot.title)}")
        place = self.document.add_paragraph(style="Body Text")
        place.paragraph_format.keep_with_next = True
        picture = place.add_run().add_picture(BytesIO(png(plot, titled=False)), width=Emu(self.width))
        properties = picture._inline.docPr
        properties.set("descr", one_line(plot.alt))
        properties.set("name", f"{self.say('export.figure')} {self._figure_count}")
        properties.set("title", one_line(plot.title))
        self.paragraph(self.document, plot.source, "Note")

    def gap(self) -> None:
        """A little room, without which two tables would become one."""
        self.document.add_paragraph(style="Gap")

    def _bookmark(self, first: BaseOxmlElement, last: BaseOxmlElement, name: str) -> None:
        self._bookmark_count += 1
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for mark in (start, end):
            mark.set(qn("w:id"), str(self._bookmark_count))
        start.set(qn("w:name"), name)
        first.addprevious(start)
        last.addnext(end)


def cells_of(row: _Row) -> tuple[_Cell, ...]:
    """The cells of a row; `Table.cell` would walk the whole table each time."""
    return row.cells


def shade(cell: _Cell, fill: str) -> None:
    """The colour behind a cell, as six hexadecimal digits."""
    properties = cell._tc.get_or_add_tcPr()
    properties.append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>'))


def keep_together(table: Table) -> None:
    """Keep the rows of a small table on one page."""
    for row in table.rows[:-1]:
        for cell in cells_of(row):
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.keep_with_next = True


def set_borders(table: Table, edge: str) -> None:
    """Only a bar on the left."""
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    for side in borders:
        bar = side.tag == qn("w:left")
        side.set(qn("w:val"), "single" if bar else "nil")
        if bar:
            side.set(qn("w:sz"), "24")
            side.set(qn("w:color"), edge)


def _set_table(table: Table, width: int) -> None:
    """Fixed widths, thin grey lines and room inside the cells; in the order in which Word wants the properties."""
    properties = table._tbl.tblPr
    for tag in ("w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:tblLayout", "w:tblCellMar", "w:tblLook"):
        if (old := properties.find(qn(tag))) is not None:
            properties.remove(old)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = "".join(
        f'<w:{side} w:w="{twips}" w:type="dxa"/>'
        for side, twips in (("top", 40), ("left", 110), ("bottom", 40), ("right", 110))
    )
    content = (
        f'<w:tblW w:w="{width // _EMU_PER_TWIP}" w:type="dxa"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar><w:tblLook w:val="0020"/>'
    )
    properties.extend(parse_xml(f"<w:tblPr {nsdecls('w')}>{content}</w:tblPr>"))


def _link(run: Run, bookmark: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark)
    link.set(qn("w:history"), "1")
    run._r.addprevious(link)
    link.append(run._r)


def _turned(paragraph: Paragraph, text: str) -> Paragraph:
    """A paragraph whose text runs from right to left runs so as a whole."""
    if is_rtl(text):
        properties = paragraph._p.get_or_add_pPr()
        properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
    return paragraph


_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId",
    "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
_AFTER_BORDERS = (
    "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct",
    "w:autoSpaceDE", "w:autoSpaceDN", "w:bidi", *_AFTER_BIDI,
)  # fmt: skip


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
