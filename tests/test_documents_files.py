"""PDF and DOCX: what comes out of real and made files, and what hostile ones do."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas
from test_documents import check_invariants, outline, read_bytes, refusal

from assistant.documents import read_document
from assistant.errors import DocumentError
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.types import UnitKind

SAMPLES = Path(__file__).resolve().parents[2] / "shared" / "pdf-samples"
SCANS = {"cmyk-image", "grayscale-image", "imagemagick-ASCII85Decode", "imagemagick-CCITTFaxDecode", "imagemagick-lzw"}


def make_pdf(pages: Sequence[Sequence[tuple[float, str]]]) -> bytes:
    """A PDF of lines; each is its size of type and its text, in which leading spaces indent."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842))
    for page in pages:
        y = 800.0
        for size, text in page:
            canvas.setFont("Helvetica", size)
            y -= size * 1.2
            if text:
                canvas.drawString(60 + 6 * (len(text) - len(text.lstrip())), y, text.strip())
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


PLAN = [
    [
        (18, "Esimerkkilän suunnitelma"),
        (10, ""),
        (10, "Esimerkkilä laatii suunnitelman yhdessä naapurikuntien kanssa, ja se sovi-"),
        (10, "tetaan yhteen kunnan muun strategian, kotoutumis- ja työllisyyspalvelujen, EU-"),
        (10, "rahoituksen sekä linja-"),
        (10, "autoliikenteen kanssa."),
        (10, ""),
        (14, "1 Tavoitteet"),
        (10, ""),
        (10, "Tavoitteita on kaksi:"),
        (10, "  • kielitaito"),
        (10, "  • työllisyys"),
        (10, ""),
        (10, "Valtuusto hyväksyy tavoitteet joka vuosi, ja niiden toteutumista joka"),
        (8, "Esimerkkilän kunta 1 (3)"),
    ],
    [
        (10, "kuukausi seuraa työryhmä."),
        (14, "2 Seuranta"),
        (10, ""),
        (10, "Koordinaattori raportoi seurannasta valtuustolle."),
        (8, "Esimerkkilän kunta 2 (3)"),
    ],
    [(10, "Liitteenä on taulukko, jonka luvut ovat Mallikylästä."), (8, "Esimerkkilän kunta 3 (3)")],
]


def test_pdf_lines_become_headings_paragraphs_and_items(tmp_path: Path) -> None:
    document = read_bytes(make_pdf(PLAN), tmp_path, "plan.pdf")
    check_invariants(document)
    assert document.title == "Esimerkkilän suunnitelma"
    assert outline(document) == [
        ("heading", 1, "Esimerkkilän suunnitelma"),
        (
            "paragraph",
            1,
            "Esimerkkilä laatii suunnitelman yhdessä naapurikuntien kanssa, ja se sovitetaan yhteen kunnan muun "
            "strategian, kotoutumis- ja työllisyyspalvelujen, EU-rahoituksen sekä linja-autoliikenteen kanssa.",
        ),
        ("heading", 2, "1 Tavoitteet"),
        ("paragraph", 1, "Tavoitteita on kaksi:"),
        ("item", 1, "kielitaito"),
        ("item", 1, "työllisyys"),
        (
            "paragraph",
            1,
            "Valtuusto hyväksyy tavoitteet joka vuosi, ja niiden toteutumista joka kuukausi seuraa työryhmä.",
        ),
        ("boilerplate", 1, "Esimerkkilän kunta 1 (3)"),
        ("heading", 2, "2 Seuranta"),
        ("paragraph", 1, "Koordinaattori raportoi seurannasta valtuustolle."),
        ("boilerplate", 1, "Esimerkkilän kunta 2 (3)"),
        ("paragraph", 1, "Liitteenä on taulukko, jonka luvut ovat Mallikylästä."),
        ("boilerplate", 1, "Esimerkkilän kunta 3 (3)"),
    ]
    for word, page in (("Tavoitteita", 1), ("toteutumista", 1), ("kuukausi", 2), ("raportoi", 2), ("Liitteenä", 3)):
        assert document.page_of(document.text.index(word)) == page


def test_table_of_contents_is_boilerplate(tmp_path: Path) -> None:
    lines = [
        "Mallikylä plan",
        "",
        "Contents",
        "1 Aims ........ 3",
        "2 Measures ..... 5",
        "",
        "1 Aims",
        "",
        "They are few.",
    ]
    document = read_bytes(make_pdf([[(10, line) for line in lines]]), tmp_path, "plan.pdf")
    assert [kind for kind, _, _ in outline(document)].count("boilerplate") == 3
    assert outline(document)[-1] == ("paragraph", 1, "They are few.")


def test_page_without_text_does_not_shift_the_pages_after_it(tmp_path: Path) -> None:
    pages = [[(10, "First page of Mallikylä.")], [(10, "")], [(10, "Third page of Mallby.")], [(10, "")]]
    document = read_bytes(make_pdf(pages), tmp_path, "plan.pdf")
    assert len(document.page_starts) == 4
    assert document.page_of(document.text.index("First")) == 1
    assert document.page_of(document.text.index("Third")) == 3


def test_numbered_headings_at_the_top_of_pages_are_no_running_headers(tmp_path: Path) -> None:
    pages = [[(10, f"Toimenpide {number}"), (10, ""), (10, f"Kunta tekee asian {number}.")] for number in (1, 2, 4, 7)]
    document = read_bytes(make_pdf(pages), tmp_path, "plan.pdf")
    assert "boilerplate" not in [kind for kind, _, _ in outline(document)]


def encrypted(password: str, owner: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([[(10, "Salattu suunnitelma on tässä.")]]))))
    writer.encrypt(password, owner, algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_pdf_that_opens_without_a_password_is_read_and_others_are_not(tmp_path: Path) -> None:
    assert "Salattu" in read_bytes(encrypted("", "owner"), tmp_path, "open.pdf").text
    (tmp_path / "closed.pdf").write_bytes(encrypted("secret", "owner"))
    assert "Remove the password" in refusal(tmp_path / "closed.pdf")


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"


def raw_pdf(*objects: str) -> bytes:
    """A PDF of hand-written objects, numbered from 1; the cross-reference table is left to the reader's repair."""
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n0\n%%EOF".encode("latin-1")


def bomb() -> bytes:
    """A page whose content unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    stream = packed.decode("latin-1")
    pages = "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    font = "/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << {font} >> >>"
    content = f"<< /Length {len(stream)} /Filter /FlateDecode >>\nstream\n{stream}\nendstream"
    return raw_pdf(CATALOG, pages, page, content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7\n", "damaged PDF"),
        (make_pdf(PLAN)[:600], "damaged PDF"),
        (raw_pdf(CATALOG, "<< /Type /Pages /Count 2147483647 /Kids [] >>"), "no pages"),
        (raw_pdf(CATALOG, "<< /Type /Pages /Count 1 /Kids [2 0 R] >>"), "PDF"),
        (bomb(), "unpacks to more than is safe"),
        (make_pdf([[(10, "")]]), "no text layer (scanned?). Run OCR"),
        (raw_pdf(CATALOG, "<< /Type /Pages /Count 1 /Kids " + "[" * 50_000 + " >>"), "PDF"),
    ],
)
def test_bad_pdf_is_refused(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(content)
    assert says in refusal(tmp_path / "bad.pdf")


def heavy_pdf() -> bytes:
    """Two megabytes of text operators: seconds of work out of a small file."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pageCompression=1)
    canvas._code = ["BT /F1 9 Tf (a) Tj ET"] * 300_000
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_parsing_stops_at_the_time_limit(tmp_path: Path) -> None:
    (tmp_path / "heavy.pdf").write_bytes(heavy_pdf())
    assert "takes longer than 0.8 s" in refusal(tmp_path / "heavy.pdf", Settings(parse_timeout_s=0.8))


def test_parsing_stops_at_the_memory_limit(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits on memory need POSIX")
    (tmp_path / "heavy.pdf").write_bytes(heavy_pdf())
    message = refusal(tmp_path / "heavy.pdf", Settings(parse_memory_mb=150))
    assert "more memory than 150 MB" in message


def test_text_limit_holds_inside_the_child(tmp_path: Path) -> None:
    (tmp_path / "plan.pdf").write_bytes(make_pdf(PLAN))
    assert "characters of text" in refusal(tmp_path / "plan.pdf", Settings(max_text_chars=100))


def test_mutated_pdfs_are_read_or_refused(tmp_path: Path) -> None:
    rng = random.Random(20260101)
    paths = []
    for number in range(16):
        content = bytearray(make_pdf(PLAN))
        for _ in range(rng.choice([1, 5, 40])):
            content[rng.randrange(20, len(content))] = rng.randrange(256)
        paths.append(tmp_path / f"mutated-{number}.pdf")
        paths[-1].write_bytes(content if number % 3 else content[: rng.randrange(100, len(content))])
    assert not [outcome for outcome in read_all(paths).values() if "\n" in outcome]


def read_all(paths: Sequence[Path]) -> dict[str, str]:
    """File stem to "read" or to the refusal; two at a time, as each waits for its child."""

    def outcome(path: Path) -> str:
        try:
            check_invariants(read_document(path, settings=Settings()))
        except DocumentError as error:
            return str(error)
        return "read"

    with ThreadPoolExecutor(2) as pool:
        return dict(zip([path.stem for path in paths], pool.map(outcome, paths), strict=True))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample PDFs are not beside the repository")
def test_every_real_pdf_is_read_or_refused_with_its_reason() -> None:
    paths = sorted(SAMPLES.glob("*.pdf"))
    outcomes = read_all(paths)
    refused = {name: message for name, message in outcomes.items() if message != "read"}
    assert {name for name, message in refused.items() if "no text layer" in message} == SCANS
    assert {name for name, message in refused.items() if "password" in message} == {"libreoffice-writer-password"}
    assert len(refused) == len(SCANS) + 1


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample PDFs are not beside the repository")
def test_columns_are_read_one_after_the_other_and_hyphens_go() -> None:
    document = read_document(SAMPLES / "multicolumn.pdf", settings=Settings())
    assert document.title == "Two-Column Document with Lorem Ipsum"
    assert "consectetuer adipiscing elit" in document.text
    assert len(document.page_starts) == 3
    assert not re.search(r"[a-z]-\n", document.text)


def save(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def make_docx() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Template"
    document.add_heading("Esimerkkilän suunnitelma", 0)
    document.add_heading("Tavoitteet", 1)
    changed = document.add_paragraph("Kunta ")._p
    changed.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>ei </w:delText></w:r></w:del>'))
    changed.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2"><w:r><w:t>edistää kotoutumista.</w:t></w:r></w:ins>'))
    changed.append(parse_xml(f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>piilossa</w:t></w:r>"))
    document.add_comment(document.paragraphs[-1].runs, text="Kommentti ei kuulu tekstiin.")
    document.add_paragraph("ensimmäinen", style="List Bullet")
    document.add_paragraph("sisempi", style="List Bullet 2")
    document.add_paragraph("numero", style="List Number")
    table = document.add_table(2, 3)
    for cell, text in zip(table._cells, ["Mittari", "2024", "2026", "Osuus", "", "12 %"], strict=True):
        cell.text = text
    document.styles["Heading 2"].name = "Otsikko 2"
    document.add_paragraph("Seuranta", style="Otsikko 2")
    document.add_paragraph("– käsin tehty luettelo")
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>Ohjausobjekti.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(len(document.element.body) - 1, parse_xml(control))
    box = "<w:txbxContent><w:p><w:r><w:t>Tekstiruutu.</w:t></w:r></w:p></w:txbxContent>"
    run = f"<w:r {nsdecls('w')}><w:t>Kansi.</w:t><w:pict>{box}</w:pict></w:r>"
    document.add_paragraph()._p.append(parse_xml(run))
    return save(document)


def test_docx_keeps_structure_and_leaves_deleted_text_out(tmp_path: Path) -> None:
    document = read_bytes(make_docx(), tmp_path, "plan.docx")
    check_invariants(document)
    assert (document.title, document.language) == ("Esimerkkilän suunnitelma", "fi")
    assert outline(document) == [
        ("heading", 1, "Esimerkkilän suunnitelma"),
        ("heading", 2, "Tavoitteet"),
        ("paragraph", 1, "Kunta edistää kotoutumista."),
        ("item", 1, "ensimmäinen"),
        ("item", 2, "sisempi"),
        ("item", 1, "numero"),
        ("row", 1, "Mittari | 2024 | 2026"),
        ("row", 1, "Osuus | – | 12 %"),
        ("heading", 3, "Seuranta"),
        ("item", 1, "käsin tehty luettelo"),
        ("paragraph", 1, "Ohjausobjekti."),
        ("paragraph", 1, "Kansi."),
        ("paragraph", 1, "Tekstiruutu."),
    ]


def test_text_boxes_are_read_once_and_deleted_ones_not_at_all(tmp_path: Path) -> None:
    document = docx.Document()

    def box(text: str) -> str:
        content = f"<w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent>"
        choice = f'<mc:Choice Requires="wps"><w:drawing>{content}</w:drawing></mc:Choice>'
        old = f"<mc:Fallback><w:pict>{content}</w:pict></mc:Fallback>"  # the same text for old versions of Word
        mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
        return f'<w:r {nsdecls("w")} xmlns:mc="{mc}"><mc:AlternateContent>{choice}{old}</mc:AlternateContent></w:r>'

    paragraph = document.add_paragraph("Kunnan suunnitelma hyväksytään valtuustossa.")._p
    paragraph.append(parse_xml(box("Ruutu kappaleessa.")))
    paragraph.append(parse_xml(f'<w:del {nsdecls("w")} w:id="1">{box("Poistettu ruutu.")}</w:del>'))
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "Vastuu"
    table.cell(0, 1).paragraphs[0]._p.append(parse_xml(box("Ruutu taulukossa.")))
    assert outline(read_bytes(save(document), tmp_path, "plan.docx")) == [
        ("paragraph", 1, "Kunnan suunnitelma hyväksytään valtuustossa."),
        ("paragraph", 1, "Ruutu kappaleessa."),
        ("row", 1, "Vastuu | Ruutu taulukossa."),
    ]


NOTE_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
NOTE_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_notes(document: Any, **notes: Sequence[str]) -> bytes:
    """A Word file with footnotes or endnotes, numbered from 1; each is the XML within its paragraph."""

    def add(members: dict[str, bytes]) -> None:
        for kind, texts in notes.items():
            one = kind.removesuffix("s")
            rule = f'<w:{one} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{one}>'
            mark = f"<w:r><w:{one}Ref/></w:r><w:r><w:t> </w:t></w:r>"
            written = "".join(f'<w:{one} w:id="{n}"><w:p>{mark}{x}</w:p></w:{one}>' for n, x in enumerate(texts, 1))
            members[f"word/{kind}.xml"] = f"<w:{kind} {nsdecls('w')}>{rule}{written}</w:{kind}>".encode()
            part = f'<Override PartName="/word/{kind}.xml" ContentType="{NOTE_TYPES}.{kind}+xml"/></Types>'
            types = members["[Content_Types].xml"].replace(b"</Types>", part.encode())
            link = f'<Relationship Id="x{kind}" Type="{NOTE_RELATIONS}/{kind}" Target="{kind}.xml"/></Relationships>'
            relations = members["word/_rels/document.xml.rels"].replace(b"</Relationships>", link.encode())
            members |= {"[Content_Types].xml": types, "word/_rels/document.xml.rels": relations}

    return rezip(add, save(document))


def refer(paragraph: Any, number: int, kind: str = "footnote", *, deleted: bool = False) -> None:
    """Put a reference to a note at the end of a paragraph."""
    run = f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'
    wrapped = f"<w:del {nsdecls('w')}>{run}</w:del>" if deleted else run.replace("<w:r>", f"<w:r {nsdecls('w')}>", 1)
    paragraph._p.append(parse_xml(wrapped))


def words_of(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_notes_follow_the_text_that_refers_to_them_and_break_no_list(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Suunnitelma", 1)
    first = document.add_paragraph("Kunta seuraa kotoutumista vuosittain")
    refer(first, 1)
    first.add_run(" kahdella mittarilla.")
    refer(document.add_paragraph("Ryhmään kuuluvat:"), 2)
    refer(document.add_paragraph("koulu", style="List Bullet"), 3)
    document.add_paragraph("seurakunta", style="List Bullet")
    document.add_paragraph("sekä kolme järjestöä.")
    refer(document.add_paragraph("Kolmas kappale on tässä."), 1, "endnote")
    document.add_heading("Talous", 1)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Mittari", "2026", "Osuus", "12 %"], strict=True):
        cell.text = text
    refer(table.cell(1, 1).paragraphs[0], 4)
    refer(document.add_paragraph("Poistettu viite ei tuo alaviitettä."), 5, deleted=True)
    deleted = f'{words_of("Laki 681/2023, ")}<w:del w:id="9"><w:r><w:delText>ei </w:delText></w:r></w:del>'
    footnotes = [
        deleted + words_of("45 §."),
        words_of("ks. liite 2."),
        words_of("Myös lukio."),
        words_of("Tilastokeskus 2025."),
        words_of("Tätä ei lueta."),
        words_of("Tähän ei viitata."),
    ]
    read = read_bytes(
        with_notes(document, footnotes=footnotes, endnotes=[words_of("Loppuviite.")]), tmp_path, "plan.docx"
    )
    check_invariants(read)
    assert outline(read) == [
        ("heading", 2, "Suunnitelma"),
        ("paragraph", 1, "Kunta seuraa kotoutumista vuosittain kahdella mittarilla."),
        ("paragraph", 1, "Laki 681/2023, 45 §."),
        ("paragraph", 1, "Ryhmään kuuluvat:"),
        ("item", 1, "koulu"),
        ("item", 1, "seurakunta"),
        ("paragraph", 1, "sekä kolme järjestöä."),
        ("paragraph", 1, "ks. liite 2."),
        ("paragraph", 1, "Myös lukio."),
        ("paragraph", 1, "Kolmas kappale on tässä."),
        ("paragraph", 1, "Loppuviite."),
        ("heading", 2, "Talous"),
        ("row", 1, "Mittari | 2026"),
        ("row", 1, "Osuus | 12 %"),
        ("paragraph", 1, "Poistettu viite ei tuo alaviitettä."),
        ("paragraph", 1, "Tilastokeskus 2025."),
    ]


def test_note_after_a_list_is_no_end_of_its_sentence(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Ryhmään kuuluvat:")
    refer(document.add_paragraph("seurakunta", style="List Bullet"), 1)
    read = read_bytes(with_notes(document, footnotes=[words_of("ks. liite 2.")]), tmp_path, "plan.docx")
    assert outline(read)[-1] == ("paragraph", 1, "* ks. liite 2.")
    passages = split_document(read, "plan")
    assert passages[-1].text.endswith("ks. liite 2.")
    assert [p.kind for p in passages] == [UnitKind.LEAD_IN, UnitKind.ITEM, UnitKind.SENTENCE]


def test_note_of_an_empty_paragraph_is_read(tmp_path: Path) -> None:
    document = docx.Document()
    refer(document.add_paragraph(), 1)
    note = ("paragraph", 1, "Koko luku perustuu lakiin.")
    assert outline(read_bytes(with_notes(document, footnotes=[words_of(note[2])]), tmp_path, "plan.docx")) == [note]


def test_damaged_notes_are_refused(tmp_path: Path) -> None:
    content = with_notes(docx.Document(io.BytesIO(make_docx())), footnotes=["</w:p>"])
    (tmp_path / "plan.docx").write_bytes(content)
    assert "damaged DOCX" in refusal(tmp_path / "plan.docx")


def rezip(change: Callable[[dict[str, bytes]], None], content: bytes = b"") -> bytes:
    """A DOCX, the made one by default, with its members changed."""
    with zipfile.ZipFile(io.BytesIO(content or make_docx())) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_entity(members: dict[str, bytes]) -> None:
    document = members["word/document.xml"]
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    members["word/document.xml"] = document.replace(b"?>", b"?>" + entity, 1).replace(b"Tavoitteet", b"&a;")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (with_entity, "XML entities"),
        (lambda members: members.update({"word/media/bomb.bin": bytes(3_000_000)}), "harm the machine"),
        (lambda members: members.update({"../../outside.txt": b"x"}), "harm the machine"),
        (lambda members: members.update({f"x/{n}": b"" for n in range(10_001)}), "harm the machine"),
        (lambda members: members.update({"word/document.xml": b"<w:document"}), "damaged DOCX"),
        (lambda members: members.pop("[Content_Types].xml"), "damaged DOCX"),
        (lambda members: members.update({"xl/workbook.xml": members.pop("word/document.xml")}), "an Excel file"),
        (lambda members: members.clear(), "ZIP"),
    ],
)
def test_hostile_or_damaged_docx_is_refused(
    change: Callable[[dict[str, bytes]], None], says: str, tmp_path: Path
) -> None:
    (tmp_path / "plan.docx").write_bytes(rezip(change))
    assert says in refusal(tmp_path / "plan.docx")
