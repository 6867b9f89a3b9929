"""A page of a PDF as a picture with a quote marked on it, drawn by PDFium in a process of its own.

`python -m assistant.documents._page_image PAGE MEMORY_MB CPU_S` takes on standard input a line of JSON, the quote, then
the PDF, and writes a PNG; "no page" where there is none of this number, nothing where it cannot be drawn. A file that
eats time or memory ends that process and no more. PDFium comes without a script engine, and nothing is fetched.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from assistant.documents._child import limit_process, run_child
from assistant.errors import DocumentError

if TYPE_CHECKING:
    from PIL.Image import Image

    from assistant.settings import Settings

_SECONDS = 20.0  # somebody is waiting for it; the pages that were tried take 0.3 s
_MAX_BYTES = 12_000_000
_WIDTH, _HEIGHT = 1_100, 1_600  # pixels; an A4 page at 133 dpi
_MARK, _EDGE = (253, 224, 71), (146, 64, 14)  # yellow under the letters, and a brown line: not by colour alone
_NO_PAGE = b"no page"
_PIECE = 16  # letters: enough to stand in one place of a page only, mostly
_ENOUGH = 48  # letters of a quote in such pieces: they stand there for this quote, not by chance
_SHORT = 12  # letters: a shorter quote may stand in several places, and only one of them is meant
_MOST_PLACES = 5


def draw_page(content: bytes, page: int, *, quote: str, name: str, settings: Settings) -> bytes:
    """Draw a page of a PDF as a PNG, with a quote marked where it stands on it.

    Args:
        content: The PDF.
        page: 1-based as a viewer counts.
        quote: As cited; white space, hyphens and case need not be those of the page. Where it is not found, nothing is
            marked.
        name: Of the document, for messages.
        settings: Limits on time and memory.

    Raises:
        DocumentError: There is no such page, or it cannot be drawn; one line with what to do.
    """
    seconds = min(_SECONDS, settings.parse_timeout_s)
    arguments = [str(page), str(settings.parse_memory_mb), str(max(1, round(seconds)) + 1)]
    given = json.dumps(quote).encode() + b"\n" + content
    advice = "Its text can still be read."
    try:
        done = run_child("assistant.documents._page_image", arguments, given, seconds)
    except subprocess.TimeoutExpired as error:
        raise DocumentError(f"{name}, page {page}: takes longer than {seconds:g} s to draw. {advice}") from error
    except OSError as error:
        raise DocumentError(f"{name}, page {page}: no process could be started to draw it. Try again.") from error
    if done.stdout == _NO_PAGE:
        raise DocumentError(f"{name} has no page {page}. {advice}")
    if done.returncode or not done.stdout.startswith(b"\x89PNG") or len(done.stdout) > _MAX_BYTES:
        raise DocumentError(f"{name}, page {page}: cannot be drawn. {advice}")
    return done.stdout


def main(arguments: Sequence[str]) -> None:
    """Read standard input under limits; write the picture."""
    page, memory_mb, cpu_s = map(int, arguments)
    limit_process(memory_mb, cpu_s)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up in the picture
    quote = json.loads(sys.stdin.buffer.readline())
    with out:
        _draw(sys.stdin.buffer.read(), page, quote, out)


def _draw(content: bytes, number: int, quote: str, out: BinaryIO) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if not 1 <= number <= len(document):
        out.write(_NO_PAGE)
        return
    page = document[number - 1]
    width, height = page.get_size()
    bitmap = page.render(scale=min(_WIDTH / max(width, 1), _HEIGHT / max(height, 1)))
    position = bitmap.get_posconv(page)
    image = bitmap.to_pil().convert("RGB")
    for left, bottom, right, top in _boxes(page, quote):
        (x0, y0), (x1, y1) = position.to_bitmap(left, top), position.to_bitmap(right, bottom)
        _mark(image, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    image.save(out, "PNG")


def _boxes(page: Any, quote: str) -> Iterator[tuple[float, float, float, float]]:
    """Where the quote stands: left, bottom, right and top of each line of it, in points of the page."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    letters: list[str] = []
    places: list[int] = []  # of each letter among the characters of the page
    for i in range(textpage.count_chars()):
        for letter in _letters(chr(raw.FPDFText_GetUnicode(textpage, i))):
            letters.append(letter)
            places.append(i)
    for start, end in places_of(quote, "".join(letters)):
        first, last = places[start], places[end - 1]
        for n in range(textpage.count_rects(first, last - first + 1)):
            yield textpage.get_rect(n)


def places_of(quote: str, letters: str) -> list[tuple[int, int]]:
    """Where a quote stands in the letters of a page, start and end of each place; none where too little of it does.

    The whole quote where it stands together; else the pieces of it that do, as a page break, a table or a footnote may
    part them.
    """
    wanted = _letters(quote)
    whole = list(_all(wanted, letters))
    if whole:
        return whole[:_MOST_PLACES] if len(wanted) >= _SHORT or len(whole) == 1 else []
    pieces = list(_pieces(_letters(part) for part in re.split(r"[|\n\t]+", quote)))
    found = [(piece, at) for piece in pieces for at in [list(_all(piece, letters))] if len(at) == 1]
    if sum(len(piece) for piece, _ in found) < min(_ENOUGH, len(wanted) / 2):
        return []
    return [place for _, at in found for place in at]


def _all(wanted: str, letters: str) -> Iterator[tuple[int, int]]:
    at = letters.find(wanted) if wanted else -1
    while at >= 0:
        yield at, at + len(wanted)
        at = letters.find(wanted, at + len(wanted))


def _pieces(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        n = max(1, len(part) // _PIECE)
        yield from (piece for i in range(n) if (piece := part[i * len(part) // n : (i + 1) * len(part) // n]))


def _letters(text: str) -> str:
    """The letters and digits alone, without accents and in one case: what reading a PDF never changes."""
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if c.isalnum())


def _mark(image: Image, box: tuple[int, int, int, int]) -> None:
    from PIL import Image, ImageChops, ImageDraw

    left, top, right, bottom = (
        max(0, box[0] - 2), max(0, box[1] - 2), min(image.width, box[2] + 2), min(image.height, box[3] + 2)
    )  # fmt: skip
    if left >= right or top >= bottom:
        return
    under = image.crop((left, top, right, bottom))
    image.paste(ImageChops.multiply(under, Image.new("RGB", under.size, _MARK)), (left, top))
    ImageDraw.Draw(image).line((left, bottom - 1, right - 1, bottom - 1), fill=_EDGE, width=2)


if __name__ == "__main__":
    main(sys.argv[1:])
