"""The made-up municipalities of tests/data/municipalities as files of the formats that a real one has.

`NAME.docx.md` and `NAME.pdf.md` are written in Markdown, so that a reader of the tests can read them, and are turned
into Word and PDF files here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from markdown_it import MarkdownIt

from assistant.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "tests" / "data" / "municipalities"
NAMES = {
    "esimerkkila": "Esimerkkilä", "nayttoniemi": "Näyttöniemi", "kuvitteela": "Kuvitteela", "mallikyla": "Mallikylä",
}  # fmt: skip


@dataclass(slots=True)
class _Piece:
    """A heading, paragraph, list item or table."""

    kind: str  # "h1" to "h3", "p", "li" or "table"
    text: str = ""
    rows: list[list[str]] = field(default_factory=list)


def documents(municipality: str, folder: Path) -> list[Path]:
    """The own documents of a municipality as files; what is Markdown for Word or PDF is turned into it in `folder`."""
    paths = []
    for source in sorted((FOLDER / municipality).iterdir()):
        name = source.name
        if name.endswith(".docx.md"):
            paths.append(_to_word(list(_pieces(source)), folder / name.removesuffix(".md")))
        elif name.endswith(".pdf.md"):
            paths.append(_to_pdf(list(_pieces(source)), folder / name.removesuffix(".md")))
        elif source.suffix in (".md", ".txt", ".html"):
            paths.append(source)
    return paths


def _pieces(path: Path) -> Iterator[_Piece]:
    tokens = MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8"))
    kind = "p"
    rows: list[list[str]] | None = None
    in_item = 0
    for n, token in enumerate(tokens):
        if token.type == "heading_open":
            kind = token.tag
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            in_item += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            in_item -= 1
        elif token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "table_close":
            yield _Piece("table", rows=rows or [])
            rows = None
        elif token.type == "inline":
            text = " ".join(c.content for c in token.children or [] if c.content).replace("  ", " ")
            if rows is not None:
                rows[-1].append(text)
            else:
                yield _Piece("li" if in_item and kind == "p" else kind, text)
        if n and token.type == "heading_close":
            kind = "p"


def _to_word(pieces: Sequence[_Piece], path: Path) -> Path:
    import docx

    document = docx.Document()
    for piece in pieces:
        if piece.kind == "table":
            table = document.add_table(rows=0, cols=len(piece.rows[0]))
            for row in piece.rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        elif piece.kind.startswith("h"):
            document.add_heading(piece.text, level=int(piece.kind[1]))
        else:
            document.add_paragraph(piece.text, style="List Bullet" if piece.kind == "li" else None)
    document.save(str(path))
    return path


def _to_pdf(pieces: Sequence[_Piece], path: Path) -> Path:
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

    styles = getSampleStyleSheet()
    story: list[Flowable] = []
    for piece in pieces:
        if piece.kind == "table":
            cells = [[Paragraph(escape(text), styles["BodyText"]) for text in row] for row in piece.rows]
            story += [Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.grey)]), Spacer(1, 8)]
        elif piece.kind.startswith("h"):
            story.append(Paragraph(escape(piece.text), styles[f"Heading{piece.kind[1]}"]))
        else:
            bullet = "•" if piece.kind == "li" else None
            story += [Paragraph(escape(piece.text), styles["BodyText"], bulletText=bullet), Spacer(1, 4)]
    SimpleDocTemplate(str(path), pagesize=A4).build(story)
    return path
