"""Reading a file into a `Document`: what it is is decided by its content, never by its name alone.

PDF and DOCX are parsed in a child process with limits on time and memory (`_child`); the rest here. Nothing is fetched,
run or recognised from images: a scan without a text layer is refused, and so is everything that is not one of the
formats below, each in one line that says what to do.
"""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents._canonical import canonical
from assistant.documents._language import detect_language
from assistant.documents._plain import as_document
from assistant.errors import DocumentError
from assistant.personal_data import mask_document, mask_text
from assistant.types import Document

if TYPE_CHECKING:  # pydantic would double the start of every child process
    from assistant.settings import Settings

__all__ = ["as_document", "detect_language", "read_document", "read_in_place"]

_SUFFIXES = {
    ".txt": "text",
    ".md": "Markdown",
    ".markdown": "Markdown",
    ".html": "HTML",
    ".htm": "HTML",
    ".pdf": "PDF",
    ".docx": "DOCX",
    ".xml": "XML",
}
_USUAL_SUFFIX = {"text": ".txt", "Markdown": ".md", "HTML": ".html", "PDF": ".pdf", "DOCX": ".docx", "XML": ".xml"}
_ACCEPTED = ".pdf, .docx, .html, .md, .txt or Akoma Ntoso .xml"
# What other files begin with, for a refusal that helps.
_FOREIGN = (
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or password-protected Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program file"),
    (b"MZ\x90", "a program file (.exe)"),
)
_HTML_START = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_XML_START = re.compile(r"\s*<(?:\?xml\s|(?:[\w.-]+:)?akomaNtoso\b)")
_HTML_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|body|head|main|article|section|title|span|br)\b", re.I)


def read_document(path: Path, *, settings: Settings) -> Document:
    """Read one file: canonical text with personal data masked, structure, pages and language.

    Raises:
        DocumentError: The file cannot be read or is not what it says it is; one line with what to do.
    """
    return _read(path, settings)[0]


def read_in_place(path: Path, *, settings: Settings) -> Document:
    """Read one file as `read_document` does, but of a text or Markdown file keep the offsets as they are in the file.

    Raises:
        DocumentError: The file cannot be read or is not what it says it is; one line with what to do.
    """
    document, found, content = _read(path, settings)
    if found not in ("text", "Markdown"):
        return document
    from assistant.documents._encoding import decode

    text = decode(content, path.name).replace("\r\n", "\n").replace("\r", "\n")
    return replace(as_document(text), title=document.title)


def _read(path: Path, settings: Settings) -> tuple[Document, str, bytes]:
    """The document, what its format is, and the bytes that it was read from."""
    name = re.sub(r"\s+", " ", mask_text(canonical(path.name))).strip()[:100] or "file"
    content = _content(path, name, settings)
    wanted = _SUFFIXES.get(path.suffix.lower())
    found = _found(content, name, wanted)
    if wanted is None:
        raise DocumentError(
            f'{name}: files named "{path.suffix[:12]}" are not read. The content is {found}: '
            f"rename it to {_USUAL_SUFFIX[found]}, or save it as {_ACCEPTED}."
        )
    if found != wanted:
        raise DocumentError(
            f"{name}: the name says {wanted}, but the content is {found}. "
            f"Rename it to {_USUAL_SUFFIX[found]}, or save it again as {wanted}."
        )
    document = _parse(wanted, content, name, settings)
    if len(document.text) > settings.max_text_chars:
        raise DocumentError(
            f"{name}: {len(document.text):,} characters of text, more than the limit of {settings.max_text_chars:,}. "
            "Split the file, or raise KOTOAPURI_MAX_TEXT_CHARS."
        )
    return mask_document(document), wanted, content


def _content(path: Path, name: str, settings: Settings) -> bytes:
    """The bytes of the file, at most as many as the settings allow."""
    limit = settings.max_file_mb * 1_000_000
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DocumentError(f"{name}: this is a folder. Name the files in it one by one.")
        if not stat.S_ISREG(mode):
            raise DocumentError(f"{name}: not a regular file. Save the document as an ordinary file.")
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError as error:
        raise DocumentError(f"{name}: no such file. Check the path.") from error
    except PermissionError as error:
        raise DocumentError(f"{name}: no permission to read it. Change its permissions, or copy it.") from error
    except (OSError, ValueError, RuntimeError) as error:  # link loops, names too long, NUL in a name, bad disks
        reason = getattr(error, "strerror", None) or "invalid path"
        raise DocumentError(f"{name}: cannot be opened ({reason}). Check the path, or copy the file.") from error
    if not content:
        raise DocumentError(f"{name}: the file is empty. Save or download it again.")
    if len(content) > limit:
        raise DocumentError(f"{name}: larger than {settings.max_file_mb} MB. Split it, or raise KOTOAPURI_MAX_FILE_MB.")
    return content


def _found(content: bytes, name: str, wanted: str | None) -> str:
    """The format of the content; where several fit (text and Markdown), the wanted one."""
    for start, what in _FOREIGN:
        if content.startswith(start):
            raise DocumentError(f"{name}: this is {what}, which is not read. Save it as {_ACCEPTED}.")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        from assistant.documents._docx import check_archive

        check_archive(content, name)
        return "DOCX"
    if b"%PDF-" in content[:1024]:
        return "PDF"
    from assistant.documents._encoding import decode

    text = decode(content[:1_000_000], name, whole=len(content) <= 1_000_000)
    if _HTML_START.match(text):
        return "HTML"
    if _XML_START.match(text) or (wanted == "XML" and text.lstrip().startswith("<")):
        return "XML"
    if wanted == "HTML" and _HTML_TAG.search(text):
        return "HTML"
    return "Markdown" if wanted == "Markdown" else "text"


def _parse(found: str, content: bytes, name: str, settings: Settings) -> Document:
    """Hand the content to the reader of its format; each imports what it needs, so that this module stays light."""
    if found in ("PDF", "DOCX"):
        from assistant.documents._child import parse_in_child

        return parse_in_child(found, content, name, settings)
    if found == "XML":
        from assistant.documents._akoma_ntoso import read_akoma_ntoso

        return read_akoma_ntoso(content, name)
    from assistant.documents._encoding import decode

    text = decode(content, name)
    if found == "text":
        from assistant.documents._text import read_text

        return read_text(text, name)
    from assistant.documents._html import read_html, read_markdown

    return read_html(text, name) if found == "HTML" else read_markdown(text, name)
