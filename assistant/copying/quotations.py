"""Which words of a text are marked as a quotation, and of whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.copying.words import Words
from assistant.own import names_municipality

# Opening and closing marks as Finnish, Swedish and English texts have them; of a straight quote both are the same.
_MARKED = re.compile(
    r"“[^“”]{15,1500}”|”[^”]{15,1500}”|„[^“”„]{15,1500}[“”]|»[^«»]{15,1500}[»«]|«[^«»]{15,1500}»|\"[^\"]{15,1500}\"|‘[^‘]{15,1500}?’(?![A-Za-zÅÄÖåäö])"
    r"|(?<!\w)’[^’\n]{15,1500}’(?![A-Za-zÅÄÖåäö])|‚[^‚‘’]{15,1500}[‘’]|‹[^‹›]{15,1500}›|›[^‹›]{15,1500}[‹›]"
    r"|(?<!\w)'[^\n]{15,1500}?'(?![A-Za-zÅÄÖåäö])|(?:^>[^\n]*(?:\n|$))+",
    re.MULTILINE,
)
_AROUND = 300  # characters before and behind a quotation in which its source is named
_NOTE = re.compile(r"[.,;\s]*(?:\[\^?(\w{1,3})\]|([¹²³⁴-⁹]+)|\((\d{1,3})\))")


class Quotations:
    """The marked quotations of one text whose source is named beside them or in their note."""

    def __init__(self, text: str, said: Words, municipalities: Sequence[str]) -> None:
        """Look for quotations of programmes of these municipalities."""
        self.words: NDArray[np.bool_] = np.zeros(len(said), dtype=bool)
        self._of: list[tuple[int, int, frozenset[str]]] = []
        for found in _MARKED.finditer(text):
            told = _told_beside(text, *found.span())
            named = frozenset(m for m in set(municipalities) if names_municipality(told, m))
            if named:
                inside = (said.starts >= found.start()) & (said.ends <= found.end())
                self.words |= inside
                self._of.append((found.start(), found.end(), named))

    def names(self, start: int, end: int, municipality: str) -> bool:
        """Whether a quotation within this stretch is told to be of a municipality."""
        return any(first < end and start < last and municipality in named for first, last, named in self._of)


def _told_beside(text: str, first: int, last: int) -> str:
    """The words around a quotation, and the note that it refers to."""
    told = f"{text[max(0, first - _AROUND) : first]} {text[last : last + _AROUND]}"
    if note := _NOTE.match(text, last):
        number = re.escape(next(g for g in note.groups() if g))
        notes = re.findall(rf"(?:^|(?<=[.\s])){number}[\]).:]{{0,2}}\s+[^\n]*", text[note.end() :], re.MULTILINE)
        told = " ".join([told, *notes, *re.findall(rf"\[\^{number}\]:[^\n]*", text)])
    return told
