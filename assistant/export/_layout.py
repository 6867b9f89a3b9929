"""An empty Word document in our typography: page, styles, lists, footer, properties.

Starts from python-docx's template and takes out what is foreign in it: its thumbnail, table styles and author.
Arial, because both Word and LibreOffice have it or one of the same widths.
"""

from __future__ import annotations

from datetime import UTC, datetime

from docx import Document as open_word
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from assistant.export._footnotes import field_runs
from assistant.words import Words

# Of the language that Word checks the spelling in.
_LOCALES = {"en": "en-GB", "fi": "fi-FI", "sv": "sv-FI"}
_FONT = "Arial"
_INK = RGBColor(0x1F, 0x3A, 0x5F)
_GREY = RGBColor(0x55, 0x55, 0x55)
_SIDE, _TOP, _BOTTOM = Cm(2.5), Cm(2.2), Cm(2.0)
_BULLETS, _NUMBERS = 90, 91  # our list definitions, out of the way of the template's
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Kotoapuri</Application></Properties>"
)
# Paragraph styles: name, base, size in points, spacing before and after, what else. What Word knows by a name keeps it.
_STYLES: tuple[tuple[str, str | None, float, float, float, str], ...] = (
    ("Normal", None, 10.5, 0, 6, ""),
    ("Body Text", "Normal", 10.5, 0, 6, ""),
    ("List Bullet", "Normal", 10.5, 0, 3, "bullet"),
    ("Title", "Normal", 28, 0, 10, "ink bold next"),
    ("Subtitle", "Normal", 13, 0, 8, "grey"),
    ("Heading 1", "Normal", 18, 26, 6, "ink bold next number"),
    ("Heading 2", "Normal", 12.5, 14, 5, "ink bold next"),
    ("TOC Heading", "Normal", 18, 0, 12, "ink bold next"),
    ("toc 1", "Normal", 10.5, 0, 5, "toc"),
    ("Caption", "Normal", 9, 10, 4, "grey bold next"),
    ("Note", "Normal", 9, 0, 6, "grey"),
    ("Cover Text", "Normal", 11, 2, 2, ""),
    ("Ground Label", "Normal", 8, 3, 3, "grey bold next"),
    ("Ground Text", "Normal", 9, 2, 2, ""),
    ("Ground Bullet", "Normal", 9, 1, 1, "bullet"),
    ("Table Heading", "Normal", 9, 2, 2, "ink bold next"),
    ("Table Text", "Normal", 9, 2, 2, ""),
    ("Table Bullet", "Normal", 9, 1, 1, "bullet"),
    ("Gap", "Normal", 4, 0, 0, ""),
    ("Footer", "Normal", 8, 0, 0, "grey"),
    ("footnote text", "Normal", 8, 0, 1, ""),
    ("annotation text", "Normal", 9, 0, 2, ""),
)
_OWN_STYLES = {"Note", "Cover Text", "Gap", "Ground Label", "Ground Text", "Ground Bullet"} | {
    f"Table {part}" for part in ("Heading", "Text", "Bullet")
}
_CHARACTER_STYLES = {
    "footnote reference": '<w:vertAlign w:val="superscript"/>',
    "Hyperlink": '<w:color w:val="0B4F9E"/><w:u w:val="single"/>',
    "annotation reference": '<w:sz w:val="16"/><w:szCs w:val="16"/>',
}


def new_document(*, title: str, author: str, footer: str, say: Words, landscape: bool = False) -> WordDocument:
    """An empty document; what is added to it needs no further formatting than its style.

    Args:
        title: For the properties of the file.
        author: Whose document it is; no program or library stands there.
        footer: What stands at the foot of each page, left of the page number.
        say: The language of the document.
        landscape: Whether the page lies on its long side.
    """
    document = open_word()
    _drop_foreign(document)
    _set_styles(document, _LOCALES[say.language])
    _set_page(document, footer, landscape, say)
    properties = document.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:255], author[:255], author[:255]
    properties.comments = properties.keywords = ""
    properties.language = _LOCALES[say.language]
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    properties.revision = 1
    return document


def text_width(document: WordDocument) -> int:
    """The width between the margins, in EMU."""
    section = document.sections[0]
    widths = section.page_width, section.left_margin, section.right_margin
    page, left, right = (int(width or 0) for width in widths)
    return page - left - right


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """A field at the end of a paragraph."""
    paragraph._p.extend(field_runs(instruction, shown))


def _drop_foreign(document: WordDocument) -> None:
    package = document.part.package
    assert package is not None
    for owner, ends in ((package, ("thumbnail",)), (document.part, ("customXml", "stylesWithEffects"))):
        for id, rel in list(owner.rels.items()):
            if rel.reltype.endswith(ends):
                del owner.rels[id]
    for part in package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            part._blob = _APP.encode()
    styles = document.styles.element
    for style in list(styles):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in ("TableNormal", "TableGrid"):
            styles.remove(style)
    # Mode 15 is Word 2013 and later; under 14 Word opens the file in "compatibility mode".
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for zoom in document.settings.element.iter(qn("w:zoom")):
        zoom.set(qn("w:percent"), "100")  # the template leaves out what the standard requires


def _set_styles(document: WordDocument, locale: str) -> None:
    _set_language(document, locale)
    _define_lists(document)
    names = {style.name for style in document.styles}
    for name, mark in _CHARACTER_STYLES.items():
        added = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER, builtin=True).element
        added.set(qn("w:styleId"), _style_id(name))
        added.get_or_add_rPr().extend(parse_xml(f"<w:r {nsdecls('w')}>{mark}</w:r>"))
    for name, base, size, before, after, traits in _STYLES:
        if name in names:
            style = document.styles[name]
        else:
            style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name not in _OWN_STYLES)
            style.element.set(qn("w:styleId"), _style_id(name))
        assert isinstance(style, ParagraphStyle)
        _set_style(document, style, base, size, before, after, traits.split())


def _style_id(name: str) -> str:
    """The id that Word gives to a style; python-docx counts on it for comments."""
    return name.replace("annotation", "comment").title().replace(" ", "")


def _set_style(
    document: WordDocument, style: ParagraphStyle, base: str | None, size: float, before: float, after: float,
    traits: list[str],
) -> None:  # fmt: skip
    element = style.element
    for tag in ("w:rPr", "w:pPr"):
        if (old := element.find(qn(tag))) is not None:
            element.remove(old)
    style.base_style = document.styles[base] if base else None
    style.hidden, style.unhide_when_used, style.quick_style = False, False, True
    font, layout = style.font, style.paragraph_format
    font.name, font.size = _FONT, Pt(size)
    fonts = element.rPr.rFonts
    for script in ("w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    element.rPr.append(_with_value("w:szCs", str(round(size * 2))))
    font.bold = True if "bold" in traits else None
    if "ink" in traits or "grey" in traits:
        font.color.rgb = _INK if "ink" in traits else _GREY
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    layout.line_spacing = 1.0 if size < 10 or size > 12 else 1.15
    layout.widow_control = True
    if "next" in traits:
        layout.keep_with_next = layout.keep_together = True
    if "bullet" in traits:
        _number(element, _BULLETS)
    if "number" in traits:
        _number(element, _NUMBERS)
    if "toc" in traits:
        layout.tab_stops.add_tab_stop(Cm(1.0))
        layout.tab_stops.add_tab_stop(Cm(16.0), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        layout.left_indent, layout.first_line_indent = Cm(1.0), -Cm(1.0)
    if style.name in ("Heading 1", "Heading 2"):
        element.pPr.append(_with_value("w:outlineLvl", "0" if style.name == "Heading 1" else "1"))
        style.next_paragraph_style = document.styles["Body Text"]


def _number(style: BaseOxmlElement, number: int) -> None:
    numbering = style.get_or_add_pPr().get_or_add_numPr()
    numbering.get_or_add_numId().val = number


def _with_value(tag: str, value: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    element.set(qn("w:val"), value)
    return element


def _set_language(document: WordDocument, locale: str) -> None:
    styles = document.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    fonts = next(defaults.iter(qn("w:rFonts")))
    fonts.attrib.clear()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)
    for language in [*defaults.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))]:
        language.set(qn("w:val"), locale)


def _define_lists(document: WordDocument) -> None:
    """Bullets, and the numbers of sections; each as a definition of its own."""
    numbering = document.part.numbering_part.element
    definitions = (
        (_BULLETS, "ListBullet", "bullet", "•", 'w:left="340" w:hanging="227"'),
        (_NUMBERS, "Heading1", "decimal", "%1", 'w:left="567" w:hanging="567"'),
    )
    first = numbering.find(qn("w:num"))
    for number, style, kind, text, indent in definitions:
        first.addprevious(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
                f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:pStyle w:val="{style}"/>'
                f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr><w:ind {indent}/></w:pPr></w:lvl>'
                "</w:abstractNum>"
            )
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )


def _set_page(document: WordDocument, footer: str, landscape: bool, say: Words) -> None:
    section = document.sections[0]
    width, height = Cm(21.0), Cm(29.7)
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(2.0) if landscape else _SIDE
    section.top_margin, section.bottom_margin = _TOP, _BOTTOM
    section.footer_distance = section.header_distance = Cm(1.0)
    paragraph = section.footer.paragraphs[0]
    paragraph.paragraph_format.tab_stops.add_tab_stop(Emu(text_width(document)), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(f"{footer}\t{say('export.page')} ")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(f" {say('export.page-of')} ")
    add_field(paragraph, "NUMPAGES", "1")
