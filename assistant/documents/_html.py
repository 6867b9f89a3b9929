"""Web pages and Markdown: headings, nested lists and tables survive; navigation and whatever is hidden does not.

trafilatura finds the main text of a page but drops the structure that passages follow, so the tree is walked here.
Markdown is turned into HTML by markdown-it and read the same way.
"""

from __future__ import annotations

import re
from typing import Any

from assistant.documents._canonical import Builder, canonical, finish, join_cells
from assistant.documents._text import split_mark
from assistant.errors import DocumentError
from assistant.types import BlockKind, Document

_DROPPED_TAGS = """script style noscript template nav footer aside form button select input textarea label svg math
    iframe object embed video audio canvas dialog head menu map link meta del s"""
_BLOCK_TAGS = """p div section article main header body html ul ol li dl dt dd table caption thead tbody tfoot tr td th
    blockquote pre figure figcaption address fieldset details summary hr center hgroup h1 h2 h3 h4 h5 h6"""
_DROPPED = frozenset(_DROPPED_TAGS.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_DROPPED_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"])
_DROPPED_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|screen-reader-text|cookies?|cookie-?(?:banner|consent|notice)|breadcrumbs?"
    r"|skip-?link|share-?(?:buttons|links))(?:$|[\s_-])",
    re.I,
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?\s*(?:;|!|$)|font-size\s*:\s*0(?:\D|$)", re.I
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_FRONT_MATTER = re.compile(r"\A---\n(?:\w[\w-]*:.*\n|[ \t#].*\n|- .*\n)*---\n")


def read_markdown(raw: str, name: str) -> Document:
    """Read Markdown; links leave their text, comments and front matter nothing."""
    from markdown_it import MarkdownIt

    text = _FRONT_MATTER.sub("", canonical(raw))
    markdown = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    environment: dict[str, Any] = {}
    tokens = markdown.parse(text, environment)
    for token in tokens:
        if token.type == "ordered_list_open" and token.markup == ")":  # statutes number items "1)"
            token.attrSet("class", "bracket")
    return read_html(markdown.renderer.render(tokens, markdown.options, environment), name)


def read_html(raw: str, name: str) -> Document:
    """Read a web page, its main part where it names one."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

    if not raw.strip():
        raise DocumentError(f"{name}: no text in it. Check that it is the right file.")
    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
        root = document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", raw.replace("\0", "")), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise DocumentError(f"{name}: damaged HTML. Save the page again, or copy its text into a .txt file.") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError(f"{name}: HTML nested too deeply to read whole. Copy its text into a .txt file.")
    title = root.findtext(".//title")
    mains = [el for el in root.xpath("//main | //*[@role='main']") if not _is_dropped(el)]
    main = mains[0] if len(mains) == 1 and len(" ".join(mains[0].itertext()).split()) >= 20 else root
    builder = Builder()
    h1 = root.xpath("//h1[not(ancestor::nav or ancestor::footer or ancestor::aside)]")
    if main is not root and len(h1) == 1 and main not in h1[0].iterancestors():
        builder.add(BlockKind.HEADING, _flat(h1[0]))
    _walk(main, builder)
    return finish(builder.text, builder.blocks, name, title=title)


def _walk(root: Any, builder: Builder) -> None:
    """Write the blocks below an element in reading order; without recursion, as pages may nest without end."""
    from lxml import etree

    buffer: list[str] = []
    lists: list[Any] = []  # the open lists, outermost first
    heading: int | None = None
    pending = ""  # the number of the item that has begun and has no text yet
    numbers: list[int] = []

    def flush() -> None:
        nonlocal pending
        text = re.sub(r"[ \t]*\n[ \t]*", "\n", "".join(buffer)).strip()
        buffer.clear()
        for part in re.split(r"\n{2,}|\n(?=[•▪◦–-] )", text) if heading is None else [text.replace("\n", " ")]:
            if not part.strip():
                continue
            mark, body = ("", part) if heading is not None else split_mark(part, bullets_only=not lists)
            if heading is not None:
                builder.add(BlockKind.HEADING, part, level=heading)
            elif lists or mark:
                builder.add(BlockKind.ITEM, body, level=max(1, _depth(lists)), mark=mark or pending)
                pending = ""
            else:
                builder.add(BlockKind.PARAGRAPH, part)

    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if element is not root and _is_dropped(element):
                walk.skip_subtree()
                continue
            if tag == "table" and _is_data_table(element):
                flush()
                _add_rows(element, builder)
                walk.skip_subtree()
                continue
            if tag in _BLOCKS:
                flush()
            if tag in ("ul", "ol", "dl"):
                lists.append(element)
                numbers.append(int(start) if (start := element.get("start", "1")).isdecimal() and len(start) < 6 else 1)
            elif tag == "li" and lists:
                pending = _number(lists[-1], numbers[-1])
                numbers[-1] += 1
            elif tag in _HEADINGS:
                heading = _HEADINGS[tag]
            buffer.append("\n" if tag == "br" else _collapse(element.text, keep_lines=tag == "pre"))
        else:
            if tag in _BLOCKS:
                flush()
            if tag in ("ul", "ol", "dl") and lists and lists[-1] is element:
                lists.pop()
                numbers.pop()
            elif tag in _HEADINGS:
                heading = None
            if element is not root:
                buffer.append(_collapse(element.tail))
    flush()


def _number(parent: Any, number: int) -> str:
    """What a browser shows before an item."""
    if parent.tag != "ol":
        return "•"
    letter = parent.get("type") in ("a", "A") and number <= 26
    shown = chr(ord(parent.get("type")) + number - 1) if letter else str(number)
    return shown + (")" if parent.get("class") == "bracket" else ".")


def _depth(lists: list[Any]) -> int:
    """Depth of nesting; a list that is all there is in an item ("- 1) text" in Markdown) adds none."""
    depth = len(lists)
    for inner in lists[1:]:
        item = inner.getparent()
        if item is not None and item.tag == "li" and item.index(inner) == 0 and not (item.text or "").strip():
            depth -= 1
    return depth


def _is_dropped(element: Any) -> bool:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _DROPPED:
        return not (
            tag in ("button", "label") and element.getparent() is not None and element.getparent().tag in _HEADINGS
        )
    if tag == "header":  # of the site, unless it holds the heading of the page
        return not element.xpath(".//h1 | ancestor::main | ancestor::article")
    role = (element.get("role") or "").lower()
    return (
        role in _DROPPED_ROLES
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
        or (
            tag not in ("html", "body", "main")
            and bool(_DROPPED_CLASS.search(f"{element.get('class', '')} {element.get('id', '')}"))
        )
    )


def _is_data_table(table: Any) -> bool:
    """Whether a table holds data and is no layout: no table, heading or long text in a cell, two columns or more."""
    if table.xpath(".//table | .//h1 | .//h2 | .//h3"):
        return False
    return any(len(row.xpath("./td | ./th")) > 1 for row in table.iter("tr"))


def _add_rows(table: Any, builder: Builder) -> None:
    for caption in table.xpath("./caption"):
        builder.add(BlockKind.PARAGRAPH, _flat(caption))
    for row in table.iter("tr"):
        if not _is_dropped(row):
            builder.add(
                BlockKind.ROW, join_cells(_flat(cell) for cell in row.xpath("./td | ./th") if not _is_dropped(cell))
            )


def _flat(element: Any) -> str:
    """The visible text of an element as one line."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, el in walk:
        tag = el.tag if isinstance(el.tag, str) else ""
        if event == "start" and el is not element and _is_dropped(el):
            walk.skip_subtree()
            continue
        parts.append(" " if tag in _BLOCKS or tag == "br" else "")
        text = el.text if event == "start" else el.tail if el is not element else None
        parts.append(text or "")
    return " ".join("".join(parts).split())


def _collapse(text: str | None, *, keep_lines: bool = False) -> str:
    return (text or "") if keep_lines else re.sub(r"\s+", " ", text or "")
