"""Tables in PDFs: rows with their headers where lines or columns of figures tell them, and none where they do not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from pypdf import PdfReader
from reportlab.lib.colors import black, grey
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle
from test_documents import check_invariants, outline, read_bytes
from test_documents_files import CATALOG, make_docx, raw_pdf

from assistant.passages import split_document
from assistant.types import Document, UnitKind

STYLE = getSampleStyleSheet()["BodyText"]
PROSE = "Esimerkkilä laatii suunnitelman yhdessä naapurikuntien kanssa, ja valtuusto hyväksyy sen joka neljäs vuosi."
HEADER = ["Tavoite", "Toimenpide", "Vastuu", "Aikataulu", "Mittari"]
MEASURES = [
    ["Työllisyys paranee", "Alkukartoitus tehdään kuukauden kuluessa", "Työllisyysalue", "2026–2027", "Osuus, 60 %"],
    ["Kielitaito vahvistuu", "Perheryhmä joka kunnanosassa Äijälästä Öystiin", "Koulu", "Syksy 2026", "Ryhmiä 6"],
    ["Osallisuus", "Kumppanuuspöytä kokoontuu; kysely asukkaille", "Hyvinvointi", "2026–", ""],
]
FIGURES = [
    ["Mittari", "2023", "2024", "2025"],
    ["Vieraskielisiä", "1 204", "1 356", "1 498"],
    ["Osuus väestöstä, %", "6,1", "6,9", "7,6"],
    ["Muuttovoitto", "+112", "–", "−14"],
]
GRID = [("GRID", (0, 0), (-1, -1), 0.5, black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
BANDS = [("LINEABOVE", (0, 0), (-1, -1), 0.5, grey), ("LINEBELOW", (0, -1), (-1, -1), 0.5, grey)]


def plan(rows: Sequence[Sequence[str]], style: Sequence[tuple[object, ...]], *, repeat: int = 1) -> bytes:
    """A PDF with prose, one table whose cells are wrapped, prose, and a running header and page number."""
    buffer = io.BytesIO()
    cells = [[Paragraph(cell, STYLE) for cell in row] for row in rows]
    widths = [100, 120, 90, 70, 80][: len(rows[0])]
    table = Table(cells, colWidths=widths, repeatRows=repeat, style=TableStyle(style))

    def running(canvas: object, page: object) -> None:
        canvas.drawString(60, 815, "Mallikylän kunta")  # type: ignore[attr-defined]
        canvas.drawString(300, 20, str(page.page))  # type: ignore[attr-defined]

    story = [Paragraph(PROSE, STYLE), table, Paragraph(PROSE, STYLE)]
    SimpleDocTemplate(buffer).build(story, onFirstPage=running, onLaterPages=running)
    return buffer.getvalue()


def drawn(*pages: str, rotate: int = 0) -> bytes:
    """A PDF out of operators; /F1 is Helvetica."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [CATALOG, f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for number, content in enumerate(pages):
        resources = "/Resources << /Font << /F1 3 0 R >> >>"
        place = f"/MediaBox [0 0 595 842] /Rotate {rotate} /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {place} {resources} >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return raw_pdf(*objects)


def at(x: float, y: float, text: str, size: float = 10) -> str:
    text = text.replace("–", "\\226")  # as WinAnsiEncoding has it
    return f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n"


def column_rows(xs: Sequence[float], y: float, rows: Sequence[Sequence[str]], step: float = 14) -> str:
    """Rows of text at the same places, one below the other."""
    return "".join(
        at(x, y - step * number, cell)
        for number, row in enumerate(rows)
        for x, cell in zip(xs, row, strict=True)
        if cell
    )


def ruling(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Lines across at `ys` and down at `xs`, both ascending."""
    across = "".join(f"{xs[0]} {y} m {xs[-1]} {y} l S\n" for y in ys)
    return across + "".join(f"{x} {ys[0]} m {x} {ys[-1]} l S\n" for x in xs)


def rows_of(document: Document) -> list[str]:
    return [text for kind, _, text in outline(document) if kind == "row"]


def joined(rows: Sequence[Sequence[str]]) -> list[str]:
    return [" | ".join(cell or "–" for cell in row) for row in rows]


@pytest.mark.parametrize("style", [GRID, BANDS, [("INNERGRID", (0, 0), (-1, -1), 0.5, black)]])
def test_ruled_table_becomes_rows_that_know_their_header(style: list[tuple[object, ...]], tmp_path: Path) -> None:
    document = read_bytes(plan([HEADER, *MEASURES], style), tmp_path, "plan.pdf")
    check_invariants(document)
    header, *rows = joined([HEADER, *MEASURES])
    assert [block[2] for block in outline(document)] == ["Mallikylän kunta", PROSE, header, *rows, PROSE, "1"]
    passages = [passage for passage in split_document(document, "plan") if passage.kind is UnitKind.ROW]
    assert [(passage.text, passage.lead_in) for passage in passages] == [(row, header) for row in rows]
    assert all(document.text[passage.start : passage.end] == passage.text for passage in passages)


@pytest.mark.parametrize("repeat", [0, 1])
def test_table_over_pages_goes_on_without_its_header_and_without_running_lines(repeat: int, tmp_path: Path) -> None:
    measures = [[f"{row[0]} {number}", *row[1:]] for number in range(12) for row in MEASURES]
    document = read_bytes(plan([HEADER, *measures], GRID, repeat=repeat), tmp_path, "plan.pdf")
    check_invariants(document)
    assert len(document.page_starts) > 2
    header, *rows = joined([HEADER, *measures])
    assert rows_of(document) == [header, *rows]
    passages = [passage for passage in split_document(document, "plan") if passage.kind is UnitKind.ROW]
    assert {passage.lead_in for passage in passages} == {header}
    assert [passage.page for passage in passages] == sorted(passage.page or 0 for passage in passages)
    assert {passage.page for passage in passages} >= {1, 2}
    for number, start in enumerate(document.page_starts[1:], start=2):
        assert document.page_of(start) == number
        assert document.text[start:].startswith(tuple(rows))


def test_row_that_a_page_break_cuts_is_joined(tmp_path: Path) -> None:
    first = column_rows([60, 205], 86, [["Tavoite", "Toimenpide"], ["Kielitaito", "Ryhmiä päiväko-"]])
    second = column_rows([205], 785, [["deissa ja kouluissa"]]) + column_rows([60, 205], 765, [["Työ", "Neuvonta"]])
    pages = (first + ruling([55, 200, 500], [66, 82, 98]), second + ruling([55, 200, 500], [760, 779, 797]))
    document = read_bytes(drawn(*pages, at(60, 700, PROSE)), tmp_path, "plan.pdf")
    assert rows_of(document) == [
        "Tavoite | Toimenpide",
        "Kielitaito | Ryhmiä päiväkodeissa ja kouluissa",
        "Työ | Neuvonta",
    ]
    assert document.page_of(document.text.index("Työ |")) == 2


def test_merged_cells_belong_to_every_row_and_column_that_they_cover(tmp_path: Path) -> None:
    rows = [
        ["Taulukko 1. Osallistujat", "", "", ""],
        ["Tavoite", "Toimi", "Osallistujia", ""],
        ["", "", "2024", "2025"],
        ["Kieli", "Kahvila", "12", "15"],
        ["", "Kurssi", "ei tietoa", ""],
    ]
    spans = [((0, 0), (3, 0)), ((0, 1), (0, 2)), ((1, 1), (1, 2)), ((2, 1), (3, 1)), ((0, 3), (0, 4)), ((2, 4), (3, 4))]
    document = read_bytes(plan(rows, [*GRID, *(("SPAN", *span) for span in spans)]), tmp_path, "plan.pdf")
    assert rows_of(document) == [
        "Tavoite | Toimi | Osallistujia 2024 | Osallistujia 2025",
        "Kieli | Kahvila | 12 | 15",
        "Kieli | Kurssi | ei tietoa | ei tietoa",
    ]
    assert ("paragraph", 1, "Taulukko 1. Osallistujat") in outline(document)


@pytest.mark.parametrize("align", ["LEFT", "RIGHT", "CENTER"])
@pytest.mark.parametrize("rules", [[], [("LINEBELOW", (0, 0), (-1, 0), 1, black), ("BOX", (0, 0), (-1, -1), 1, black)]])
def test_figures_in_columns_become_rows_without_lines_between_them(
    align: str, rules: list[tuple[object, ...]], tmp_path: Path
) -> None:
    buffer = io.BytesIO()
    table = Table(FIGURES, style=TableStyle([*rules, ("ALIGN", (1, 0), (-1, -1), align)]))
    SimpleDocTemplate(buffer).build([Paragraph(PROSE, STYLE), table, Paragraph(PROSE, STYLE)])
    document = read_bytes(buffer.getvalue(), tmp_path, "plan.pdf")
    assert [block[2] for block in outline(document)] == [PROSE, *joined(FIGURES), PROSE]


def test_bands_of_one_box_are_parted_where_each_figure_has_its_line(tmp_path: Path) -> None:
    style = [("BOX", (0, 0), (-1, -1), 1, black), ("LINEBELOW", (0, 0), (-1, 0), 1, black)]
    style += [("LINEAFTER", (column, 0), (column, -1), 1, black) for column in range(3)]
    buffer = io.BytesIO()
    SimpleDocTemplate(buffer).build([Table(FIGURES, style=TableStyle(style))])
    assert rows_of(read_bytes(buffer.getvalue(), tmp_path, "plan.pdf")) == joined(FIGURES)


def test_cells_shown_in_one_text_object_or_by_one_operator_are_told_apart(tmp_path: Path) -> None:
    moved = "BT /F1 10 Tf 60 700 Td (Mittari) Tj 200 0 Td (2023) Tj 80 0 Td (2024) Tj -280 -14 Td (Asukkaita) Tj "
    moved += "200 0 Td (1 200) Tj 80 0 Td (1 300) Tj -280 -14 Td (Muuttaneita) Tj 200 0 Td (88) Tj 80 0 Td (97) Tj ET "
    kerned = "BT /F1 10 Tf 60 500 Td [(Arvio)-12000(2023)-5000(2024)] TJ 0 -14 Td [(Tuloja)-11700(20)-6100(30)] TJ "
    kerned += "0 -14 Td [(Menoja)-11500(12)-6100(13)] TJ ET "
    assert rows_of(read_bytes(drawn(moved + at(60, 600, PROSE) + kerned), tmp_path, "plan.pdf")) == [
        "Mittari | 2023 | 2024",
        "Asukkaita | 1 200 | 1 300",
        "Muuttaneita | 88 | 97",
        "Arvio | 2023 | 2024",
        "Tuloja | 20 | 30",
        "Menoja | 12 | 13",
    ]


def test_long_labels_and_headers_over_two_lines_are_joined(tmp_path: Path) -> None:
    rows = [
        ["", "Muutos", "Arvo"],
        ["Mittari", "2023–2024", "2024"],
        ["Vieraskielisten lasten", "1,2", "90"],
        ["osuus perusopetuksessa", "", ""],
        ["Asukkaita", "-3,4", "1300"],
    ]
    document = read_bytes(drawn(column_rows([60, 250, 350], 700, rows, 12)), tmp_path, "plan.pdf")
    assert rows_of(document) == [
        "Mittari | Muutos 2023–2024 | Arvo 2024",
        "Vieraskielisten lasten osuus perusopetuksessa | 1,2 | 90",
        "Asukkaita | -3,4 | 1300",
    ]


def test_words_cut_between_operators_and_numbers_of_notes_are_read_right(tmp_path: Path) -> None:
    text = at(60, 690, "Kunta") + at(205, 690, "Asukkaita") + at(60, 670, "Esimerkki") + at(103.36, 670, "kunta")
    text += at(205, 670, "1200") + at(228, 674, "1", 6)
    document = read_bytes(drawn(text + ruling([55, 200, 400], [664, 684, 704])), tmp_path, "plan.pdf")
    assert rows_of(document) == ["Kunta | Asukkaita", "Esimerkkikunta | 1200 1"]


def test_table_on_a_turned_page_is_read(tmp_path: Path) -> None:
    content = column_rows([60, 305], 500, MEASURES_SHORT, 20) + ruling([55, 300, 600], [455, 475, 494, 515])
    document = read_bytes(drawn(f"q 0 1 -1 0 595 0 cm\n{content} Q", rotate=90), tmp_path, "plan.pdf")
    assert rows_of(document) == joined(MEASURES_SHORT)


MEASURES_SHORT = [["Tavoite", "Vastuu"], ["Kieli", "Koulu"], ["Asuminen", "Kaavoitus"]]


def test_table_right_below_another_keeps_its_own_header(tmp_path: Path) -> None:
    content = column_rows([60, 205], 700, MEASURES_SHORT, 20) + ruling([55, 200, 400], [655, 675, 694, 715])
    figures = [row[:3] for row in FIGURES[:2]]
    content += column_rows([60, 205, 305], 630, figures, 20) + ruling([55, 200, 300, 400], [605, 624, 645])
    passages = split_document(read_bytes(drawn(content), tmp_path, "plan.pdf"), "plan")
    assert [(p.text, p.lead_in) for p in passages if p.kind is UnitKind.ROW] == [
        ("Kieli | Koulu", "Tavoite | Vastuu"),
        ("Asuminen | Kaavoitus", "Tavoite | Vastuu"),
        ("Vieraskielisiä | 1 204 | 1 356", "Mittari | 2023 | 2024"),
    ]
    assert len({p.group for p in passages}) == 2


TWO_COLUMNS = [[f"Palsta yksi jatkuu rivillä {n} näin", f"Palsta kaksi jatkuu rivillä {n} näin"] for n in range(9)]
CONTENTS = [["Sisällys", "Sivu"], *([f"{n} Luku jossa on asiaa", str(n + 2)] for n in range(1, 9))]
LEADERS = [["Sisällys", "2024"], *([f"{n} Luku {'.' * 60}", str(20 - n)] for n in range(1, 9))]
AGENDA = [["18.00", "Avaus"], ["18.10", "Kahvi"], ["18.30", "Keskustelu"], ["20.00", "Päätös"]]
FORM = [["Nimi", "Päivä"], *[["", ""]] * 6]
LETTERHEAD = [["Esimerkkilän kunta", "Pöytäkirja"], ["Kunnanhallitus", "15.6.2026"]]
BOXES = ruling([50, 290], [600, 800]) + ruling([310, 550], [600, 800])
CHART = ruling([50, 150, 250, 350], [500, 550, 600, 650]) + "".join(at(30, y, str(y)) for y in (500, 550, 600))

WEEK = [[*[""] * n, "Koe", "Retki", *[""] * (5 - n)] for n in range(5)]
# In the corner below on the left no line parts three squares of nine: what they hold is in no row and no column.
CORNER = "50 660 m 500 660 l S 50 640 m 500 640 l S 200 620 m 500 620 l S 50 600 m 500 600 l S "
CORNER += "50 600 m 50 660 l S 200 620 m 200 660 l S 350 600 m 350 660 l S 500 600 m 500 660 l S "


@pytest.mark.parametrize(
    "content",
    [
        column_rows([60, 320], 780, TWO_COLUMNS),
        column_rows([60, 320], 780, TWO_COLUMNS) + BOXES,
        column_rows([60, 320], 780, TWO_COLUMNS) + ruling([50, 300, 560], [640, 795]),
        column_rows([60, 320], 780, TWO_COLUMNS) + "".join(f"50 {y} m 560 {y} l S\n" for y in (640, 690, 740, 795)),
        column_rows([60, 500], 700, CONTENTS),
        column_rows([60, 500], 700, LEADERS),
        column_rows([60, 120], 700, AGENDA),
        column_rows([60, 320], 700, FORM, 20) + ruling([55, 300, 500], [575, 595, 615, 635, 655, 675, 694, 715]),
        column_rows(range(60, 410, 50), 700, WEEK, 20) + ruling(range(55, 410, 50), [615, 635, 655, 675, 694, 715]),
        column_rows([60, 205, 355], 645, [["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]], 20) + CORNER,
        column_rows([60, 400], 800, LETTERHEAD) + at(60, 700, PROSE),
        column_rows([60], 480, [["Osuus väestöstä vuosina 2023 ja 2024"]]) + CHART,
        column_rows([60, 200, 300], 700, [["Oulu", "12", "15"], ["Vaasa", "10", "11"]]),  # figures without a header
    ],
)
def test_what_is_no_table_is_read_as_lines(content: str, tmp_path: Path) -> None:
    assert rows_of(read_bytes(drawn(content), tmp_path, "plan.pdf")) == []


def test_running_header_in_a_frame_is_no_table(tmp_path: Path) -> None:
    frame = column_rows([60, 400], 800, LETTERHEAD) + ruling([55, 390, 550], [780, 796, 812])
    texts = ["Kunta edistää kotoutumista.", "Valtuusto päättää suunnitelmasta.", "Luvut ovat liitteessä."]
    document = read_bytes(drawn(*(frame + at(60, 700, text) for text in texts)), tmp_path, "plan.pdf")
    assert rows_of(document) == []
    assert [text for kind, _, text in outline(document) if kind == "paragraph"] == texts


def test_pdf_and_word_give_the_same_rows(tmp_path: Path) -> None:
    content = column_rows([60, 205, 305], 700, [["Mittari", "2024", "2026"], ["Osuus", "", "12 %"]], 20)
    document = read_bytes(drawn(content + ruling([55, 200, 300, 400], [674, 694, 715])), tmp_path, "plan.pdf")
    assert rows_of(document) == rows_of(read_bytes(make_docx(), tmp_path, "plan.docx"))


def test_words_from_right_to_left_keep_their_order(tmp_path: Path) -> None:
    letters = "<< /Type /Encoding /Differences [65 /afii57415 /afii57416 /afii57418] >>"
    font = f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding {letters} >>"
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
    )
    shown = "BT /F1 10 Tf 60 700 Td (A) Tj (B) Tj (C) Tj ET"
    pages = "<< /Type /Pages /Count 1 /Kids [4 0 R] >>"
    stream = f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream"
    content = raw_pdf(CATALOG, pages, font, page, stream)
    assert read_bytes(content, tmp_path, "plan.pdf").text == PdfReader(io.BytesIO(content)).pages[0].extract_text()
