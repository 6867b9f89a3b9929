"""Bytes to text: a BOM, strict UTF-8, UTF-16 without a BOM, what the page declares, and only then a guess."""

from __future__ import annotations

import codecs
import re

from assistant.errors import DocumentError

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_NORDIC = re.compile(r"[A-Za-z0-9åäöÅÄÖéÉüÜšžŠŽæøÆØ§°€–—…‘’‚“”„•·«»½´\xa0\xad\s!-/:-@\[-`{-~]*")
_CANDIDATES = ["cp1252", "iso8859_15", "mac_roman", "cp850", "cp1250", "cp1251", "cp1256", "utf_16", "utf_32"]


def decode(content: bytes, name: str, *, whole: bool = True) -> str:
    """Decode a text file; `whole` is False for the start of one, which may end inside a character."""
    from charset_normalizer import from_bytes

    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, errors="replace")
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content, final=whole)
    except UnicodeDecodeError:
        text = ""
    zeros = content[:4096].count(0)
    if text and not zeros:
        return text
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):  # every other byte of Latin script is zero
        if zeros > len(content[:4096]) // 3 and content[offset:4096:2].count(0) >= 0.95 * zeros:
            return content.decode(encoding, errors="replace")
    if zeros or sum(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in content[:4096]) > len(content) // 100:
        raise DocumentError(f"{name}: neither text nor a format that is read. Save it as a PDF, DOCX or text file.")
    if declared := _DECLARED.search(content[:2048]):
        try:
            return content.decode(declared.group(1).decode("ascii"))
        except (LookupError, UnicodeDecodeError, ValueError):
            pass  # declared wrongly: decide by the bytes, as for a file that declares nothing
    western = content.decode("cp1252", errors="replace")
    if _NORDIC.fullmatch(western):  # short Finnish texts are too little for statistics
        return western
    guess = from_bytes(content[:200_000], cp_isolation=_CANDIDATES).best()
    if guess is None:
        raise DocumentError(f"{name}: the character encoding cannot be told. Save it again as UTF-8.")
    return content.decode(guess.encoding, errors="replace")
