"""Finds Finnish personal identity codes and bank account numbers, and masks them letter by letter.

Documents are masked as they are read and questions as they are asked, so nothing behind that (index, vectors, quotes,
prompts, logs, exports) has ever seen them. A mask is as long as what it hides, so spans, pages and verbatim quotes
hold; and it is no word of any language, so it is neither searched for nor found.

- Identity codes, by date, century sign (also those of 2023) and control character. Where a file lost the sign, only
  with a letter for the last character: ten digits may be a telephone number.
- Finnish IBANs, by their checksum. Whose an account is cannot be told, and no integration plan rests on one.

Left as they are: names, e-mail addresses and telephone numbers, which in municipal documents mostly are those of
officials, public and wanted; and what cannot be told from other numbers: client numbers of the Immigration Service
(eight digits), passports, residence permits, account numbers of the old form. By chance, one of 31 numbers that look
like an identity code and begin with a date is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from assistant.types import Document

MASK = "█"  # in place of each letter and digit

_DASHES = "\\-\xad\u2010-\u2015\u2212\ufe58\ufe63\uff0d"  # what files and keyboards put in place of a hyphen
_GAP = "[\\s\u200b\u2060\ufeff]?"
_IDENTITY_CODE = re.compile(
    rf"(?<!\d)(\d{{6}})(?:{_GAP}([+{_DASHES}A-FU-Y]){_GAP}|{_GAP})(\d{{3}})([A-Y]|\d(?!\d))", re.I
)
_CONTROL = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_ACCOUNT = re.compile(rf"(?<![^\W_])FI(\d{{2}}(?:[\s{_DASHES}]?\d){{14}})(?!\d)", re.I)
_FI = "1518"  # F and I as ISO 7064 counts letters


def mask_text(text: str) -> str:
    """The text with personal data masked; as long as before."""
    return _mask(text, find_personal_data(text))


def mask_document(document: Document) -> Document:
    """The document with personal data masked, and where that was; all spans stay."""
    found = find_personal_data(document.text)
    masked = tuple(start for start, _ in found)
    return replace(document, title=mask_text(document.title), text=_mask(document.text, found), masked=masked)


def find_personal_data(text: str) -> list[tuple[int, int]]:
    """(start, end) of each identity code and account number in a text, in order, none overlapping."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((*_identity_codes(text), *_accounts(text))):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, done = [], 0
    for start, end in spans:
        parts += [text[done:start], re.sub(r"[^\W_]", MASK, text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def _identity_codes(text: str) -> Iterator[tuple[int, int]]:
    for match in _IDENTITY_CODE.finditer(text):
        day, sign, number, control = match.groups()
        known = sign is not None or control.isalpha()
        # 000 and 001 are given to nobody; 900 to 999 are temporary codes.
        if known and int(number) >= 2 and _is_date(day, sign) and _CONTROL[int(day + number) % 31] == control.upper():
            yield match.span()


def _is_date(day: str, sign: str | None) -> bool:
    century = 1800 if sign == "+" else 2000 if sign is None or sign.upper() in "ABCDEF" else 1900
    try:
        date(century + int(day[4:]), int(day[2:4]), int(day[:2]))
    except ValueError:
        return False
    return True


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    for match in _ACCOUNT.finditer(text):
        digits = re.sub(r"\D", "", match.group(1))
        if int(digits[2:] + _FI + digits[:2]) % 97 == 1:
            yield match.span()
