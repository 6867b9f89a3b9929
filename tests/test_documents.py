"""Reading files: what is taken, what is refused and how, and what holds for every document."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.documents import detect_language, read_document
from assistant.documents._canonical import canonical
from assistant.errors import DocumentError
from assistant.settings import Settings
from assistant.types import Document

DATA = Path(__file__).parent / "data"
FIXTURES = ["esimerkkilan-suunnitelma.txt", "mallikyla-plan.md", "mallby-sida.html", "esimerkkilaki.xml"]
OUTSIDE_BLOCKS = re.compile(r"(?:[\W_]|o|\d{1,3}(?: ?[a-z])?[.)]|[a-zåäö]\)|[ivx]{2,4}\))*")


def check_invariants(document: Document) -> None:
    """What passages and citations rest on."""
    position = 0
    for block in document.blocks:
        text = document.text[block.start : block.end]
        assert position <= block.start < block.end <= len(document.text)
        assert text == text.strip()
        assert block.level >= 1
        assert OUTSIDE_BLOCKS.fullmatch(document.text[position : block.start])
        position = block.end
    assert OUTSIDE_BLOCKS.fullmatch(document.text[position:])
    assert document.blocks
    assert document.title
    assert "\n" not in document.title
    assert document.text == canonical(document.text)
    assert list(document.page_starts) == sorted(document.page_starts)
    assert document.language in ("en", "fi", "sv")


def read_bytes(content: bytes, tmp_path: Path, name: str) -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return read_document(path, settings=Settings())


def outline(document: Document) -> list[tuple[str, int, str]]:
    """Kind, level and text of every block."""
    return [(block.kind.value, block.level, document.text[block.start : block.end]) for block in document.blocks]


def refusal(path: Path, settings: Settings | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(path, settings=settings or Settings())
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", FIXTURES)
def test_invariants_hold_for_every_text_format(name: str) -> None:
    check_invariants(read_document(DATA / name, settings=Settings()))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("page.pdf", b"<!DOCTYPE html><html><body><p>Hello there.</p></body></html>", "the content is HTML"),
        ("plan.docx", b"%PDF-1.7\n", "the content is PDF"),
        ("plan.pdf", b"Plain words of a plan.", "the content is text"),
        ("plan.txt", b"<html><body>Words</body></html>", "the content is HTML"),
        ("plan.md", b'<?xml version="1.0"?><kunta/>', "the content is XML"),
        ("plan.html", b"No tag at all in this one.", "the content is text"),
        ("plan.csv", b"year,number\n2024,3\n", 'named ".csv" are not read'),
        ("plan", b"Words without a suffix.", "rename it to .txt"),
        ("image.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG image"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or password-protected Office file"),
        ("note.txt", b"{\\rtf1 words}", "an RTF file"),
        ("noise.txt", bytes(range(256)) * 4, "neither text nor a format that is read"),
        ("noise.txt", b"a\x00b\x00\x01\x02\x03 words", "neither text nor a format that is read"),
        ("empty.pdf", b"", "the file is empty"),
        ("blank.txt", b" \n\t\n", "no text in it"),
        ("rule.txt", b"-----\n\n* * *\n!\n", "no text in it"),
        ("rule.md", b"---\n", "no text in it"),
        ("leftovers.txt", b"Skip to content\n\nBack to top\n", "no text in it"),
        ("other.xml", b'<?xml version="1.0"?><kunta><p>teksti</p></kunta>', "not Akoma Ntoso"),
        ("broken.xml", b'<?xml version="1.0"?><akomaNtoso><act>', "damaged XML"),
        ("laughs.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]><akomaNtoso>&a;</akomaNtoso>', "entities"),
        ("deep.html", b"<html>" + b"<div>" * 5000 + b"words", "nested too deeply"),
        ("deep.xml", b"<akomaNtoso><body>" + b"<p>" * 5000 + b"x" + b"</p>" * 5000 + b"</body></akomaNtoso>", "nested"),
    ],
)
def test_unreadable_file_is_refused_in_one_line(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    message = refusal(tmp_path / name)
    assert message.startswith(f"{name}: ")
    assert says in message


def test_missing_file_folder_and_link_loop_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    assert "no such file" in refusal(tmp_path / "none.txt")
    assert "a folder" in refusal(tmp_path)
    assert "cannot be opened" in refusal(loop)
    assert "cannot be opened" in refusal(tmp_path / ("x" * 300 + ".txt"))
    assert "cannot be opened" in refusal(tmp_path / "nul\0.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes need POSIX")
def test_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a regular file" in refusal(tmp_path / "pipe.txt")


def test_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "plan.txt").write_text("words")
    monkeypatch.setattr(Path, "open", denied)  # tests may run as root, who may read everything
    assert "no permission" in refusal(tmp_path / "plan.txt")


def test_limits_on_file_and_text_are_kept(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("kunta " * 200_000)
    assert "larger than 1 MB" in refusal(tmp_path / "long.txt", Settings(max_file_mb=1))
    assert "more than the limit of 1,000" in refusal(tmp_path / "long.txt", Settings(max_text_chars=1_000))


def test_file_name_with_newline_and_override_gives_one_readable_line(tmp_path: Path) -> None:
    name = "plan\n\u202efdp.exe.txt"
    (tmp_path / name).write_bytes(b"")
    assert refusal(tmp_path / name).startswith("plan fdp.exe.txt: ")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859-1", "iso8859-15"]
)
def test_nordic_letters_survive_every_usual_encoding(encoding: str, tmp_path: Path) -> None:
    text = "Työryhmä käsittelee älykkäitä öljyjä.\r\nÅland är med."
    document = read_bytes(text.encode(encoding), tmp_path, "plan.txt")
    assert document.text == text.replace("\r\n", "\n")


def test_encoding_declared_by_a_page_is_used(tmp_path: Path) -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Привет, Эспоо</p></body></html>'
    assert read_bytes(page.encode("cp1251"), tmp_path, "page.html").text == "Привет, Эспоо"


def test_invisible_and_reordering_characters_are_removed(tmp_path: Path) -> None:
    hidden = "ko\u00adtou\u200btu\u2060mis\u202eoh\U000e0041jelma\ufeff\x0csivu a\u0308iti 45\u00a0§"
    document = read_bytes(hidden.encode(), tmp_path, "plan.txt")
    assert document.text == "kotoutumisohjelma\nsivu äiti 45 §"


def test_soft_hyphen_between_digits_is_a_hyphen() -> None:
    text = canonical("2024\u00ad2026, 2024\u00ad\n2026, 45\u00ad ja ko\u00adtou\u00adtuminen")
    assert text == "2024-2026, 2024-\n2026, 45 ja kotoutuminen"


@given(st.text())
def test_canonical_text_is_stable(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert unicodedata.is_normalized("NFC", once)


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "",
                "- item",
                "  • nested item",
                "1. First thing",
                "2) second",
                "## Heading",
                "A short heading",
                "| a | b |",
            ]
        ),
        st.sampled_from(
            ["|---|---|", "<p>kappale</p>", "<ul><li>a<ul><li>b", "Lue lisää", "o", "•", "1.", "45 § Kunta"]
        ),
    ),
    max_size=12,
)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, suffix=st.sampled_from([".txt", ".md", ".html"]))
@example(lines=["1.", "Kunta suunnittelee", "", "teksti."], suffix=".txt")
@example(lines=["•", "•", "- ", "o"], suffix=".txt")
def test_any_text_is_read_with_its_invariants_or_refused(lines: list[str], suffix: str, tmp_path: Path) -> None:
    try:
        document = read_bytes("\n".join(lines).encode("utf-8", "ignore"), tmp_path, f"file{suffix}")
    except DocumentError:
        return
    check_invariants(document)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=400),
    suffix=st.sampled_from([".txt", ".md", ".html", ".xml", ".pdf", ".docx", ""]),
    start=st.sampled_from([b"", b"<html>", b'<?xml version="1.0"?>', b"PK\x03\x04", b"\xff\xfe", b"<akomaNtoso>"]),
)
def test_arbitrary_bytes_are_read_or_refused(content: bytes, suffix: str, start: bytes, tmp_path: Path) -> None:
    try:
        document = read_bytes(start + content, tmp_path, f"file{suffix}")
    except DocumentError:
        return
    check_invariants(document)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kuka hyväksyy ohjelman?", "fi"),
        ("Mitä suunnitelmassa pitää olla?", "fi"),
        ("Saako naapurikunnan ohjelmaa kopioida?", "fi"),
        ("Milloin laki tuli voimaan?", "fi"),
        ("kotoutumissuunnitelman sisältö", "fi"),
        ("kotouttamisohjelma", "fi"),
        ("mista luvut loytyvat", "fi"),
        ("Vem godkänner planen?", "sv"),
        ("Vad ska planen innehålla?", "sv"),
        ("Får man kopiera en annan kommuns program?", "sv"),
        ("När trädde lagen i kraft?", "sv"),
        ("vilka uppgifter har kommunen", "sv"),
        ("Hur ofta uppdateras den?", "sv"),
        ("who approves it", "en"),
        ("What must the plan contain?", "en"),
        ("May we copy Mallikylä's programme?", "en"),
        ("What is a kotoutumisohjelma?", "en"),
        ("ELY Centre tasks", "en"),
        ("indicators for monitoring", "en"),
        ("681/2023", "en"),
        ("", "en"),
    ],
)
def test_language_of_short_questions(text: str, language: str) -> None:
    assert detect_language(text) == language
