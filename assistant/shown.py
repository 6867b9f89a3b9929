"""How dates, addresses, gaps of tables, who speaks in a source and what follows another programme are shown.

The same on screen and in files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from assistant.text import collapse
from assistant.types import Cell, Citation, Currency, Kind, Match, SectionDraft, Source
from assistant.words import Words, catalogue, words

GAP_MARK = re.compile(r"\[TO FILL: ([^\[\]\n]{1,200})\]")
# In a file the mark says what is missing, in the language of the file; in a draft it holds an id, and is English.
_TO_FILL = "|".join(re.escape(text) for text in {"TO FILL", *catalogue()["export.to-fill"].values()})
FILE_MARK = re.compile(rf"\[(?:{_TO_FILL}): ([^\[\]\n]{{1,200}})\]")
# What our digest adds to its source says so itself: "our suggestion is an agreement", "on our reading".
_OURS = re.compile(
    r"\b[Oo]ur (?:own )?(?:advice|assumption|calculation|comparison|inference|reading|reasoning|suggestion|view)\b"
    r"|\bwe (?:suggest|advise)\b|\bKotoapuri\b"
)
# Where Acts, ministries and agencies publish, of the addresses that the corpus names.
_OFFICIAL_SITES = frozenset(
    "finlex.fi eduskunta.fi riksdagen.fi valtioneuvosto.fi tem.fi kotoutuminen.fi kotouttaminen.fi suomi.fi stat.fi "
    "tilastokeskus.fi thl.fi terveytemme.fi sotkanet.fi oph.fi keha-keskus.fi ely-keskus.fi tyomarkkinatori.fi "
    "yhdenvertaisuus.fi sisainenturvallisuus.fi vtv.fi migri.fi".split()
)
_PASSAGE_CHARS = 600  # of another programme's words beside a statement: a paragraph, enough to compare


@dataclass(frozen=True, slots=True)
class Copied:
    """That a statement follows a programme of another municipality."""

    match: Match
    number: int  # of the match in the draft's copying check, from 0
    again: bool  # an earlier statement of the draft follows the same passage, and has shown it


def copied_statements(draft: SectionDraft) -> dict[tuple[int, int], list[Copied]]:
    """Which statements the matches of the draft's own copying check touch.

    A question that is still open is of our own words: it is passed over where a match runs on across it.

    Returns:
        By number of the block and of the statement in it, both from 0, the matches in order; no key has none.
    """
    found: dict[tuple[int, int], list[Copied]] = {}
    matches = draft.copying.matches if draft.copying else ()
    shown: set[int] = set()
    start = 0
    for block_number, block in enumerate(draft.blocks if matches else ()):
        for statement_number, statement in enumerate(block.statements):
            is_question = not statement.citations and GAP_MARK.search(statement.text)
            for number, match in enumerate(matches):
                shared = statement.text[max(match.start - start, 0) : max(match.end - start, 0)]
                if any(char.isalnum() for char in shared) and not is_question:
                    copied = Copied(match, number, number in shown)
                    found.setdefault((block_number, statement_number), []).append(copied)
                    shown.add(number)
            start += len(statement.text) + len("\n\n")  # as the check joined them
    return found


def their_words(match: Match) -> str:
    """The words of the other programme on one line; of a long passage the beginning."""
    text = " ".join(match.source_text.split())
    return text if len(text) <= _PASSAGE_CHARS else f"{text[:_PASSAGE_CHARS].rsplit(' ', 1)[0]} …"


def readable_date(written: str | None) -> str:
    """An ISO date, month or year as people write it in English; anything else as it stands."""
    return words("en").date(written)


def web_address(url: str | None) -> str | None:
    """An address that may become a link: http or https with a host, no white space; None for everything else."""
    if not url or len(url) > 2000 or re.search(r"[\s\x00-\x20\x7f-\x9f<>\"\ud800-\udfff\\^`{|}]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host and not parts.username else None


def told_kind(of: Citation | Source) -> str:
    """The kind of a source or quote as a reader is told it: its own, or "advice" and "law-read" where we speak.

    A source of ours is advice; a fact of our digest of another's page is where it says so, and of an Act it is the Act
    with our reading of it.
    """
    said = f"{of.quote} {of.pinpoint}" if isinstance(of, Citation) else ""
    speaks = of.digest and _OURS.search(f"{of.publisher or ''} {said}") is not None
    if of.kind is Kind.LAW and speaks:
        return "law-read"
    is_ours = (of.publisher or "").startswith("Kotoapuri")
    return "advice" if of.kind is Kind.GUIDANCE and (is_ours or speaks) else of.kind.value


def told_publisher(citation: Citation, say: Words) -> str:
    """Who published a source; of our own advice on somebody's page, that it is ours."""
    publisher = citation.publisher or ""
    if told_kind(citation) != "advice" or "Kotoapuri" in publisher:
        return publisher
    return say("answer.ours-from", publisher=publisher) if publisher else "Kotoapuri"


def told_currency(citation: Citation) -> str:
    """What a quote is told to be worth, by name: its currency, or more closely why that is not known or is over.

    "until" is what ends on a day to come, before the one asked about; "undated" a source that bears no date. What we
    advise is "advice" where no day bears on it.
    """
    if citation.currency is Currency.OUTDATED and citation.ends and citation.ends >= date.today().isoformat():
        return "until"
    if citation.currency is Currency.UNKNOWN and told_kind(citation) == "advice":
        return "advice"
    is_undated = citation.currency is Currency.UNKNOWN and citation.kind is Kind.GUIDANCE and not citation.written
    return "undated" if is_undated else citation.currency.value


def page_of(of: Citation | Source) -> str | None:
    """The address of a source that may become a link; of our digest none that leads to the front page of a site."""
    url = web_address(of.url)
    if not url:
        return None
    parts = urlsplit(url)
    return None if of.digest and not parts.path.strip("/") and not parts.query else url


def link_words(of: Citation | Source, say: Words) -> str:
    """What the link to the page of a source is called: official only where an authority speaks on its own page."""
    if of.kind in (Kind.OWN, Kind.PROGRAMME):
        return say("answer.original-page")
    site = (urlsplit(web_address(of.url) or "").hostname or "").removeprefix("www.")
    is_official = site in _OFFICIAL_SITES or any(site.endswith(f".{one}") for one in _OFFICIAL_SITES)
    if is_official and told_kind(of) != "advice":
        return say("answer.official-page")
    return say("answer.source-page", site=site)


def place_in(title: str, pinpoint: str) -> str:
    """A pinpoint without the heading that only repeats the title of its source: "page 3"; it may be empty."""
    said, name = collapse(pinpoint), collapse(title)
    if not said.casefold().startswith(name.casefold()):
        return said
    rest = said[len(name) :]
    return rest.removeprefix(", ") if not rest or rest.startswith(", ") else said


def source_line(title: str, pinpoint: str) -> str:
    """A source with the place in it; a title is not said twice."""
    return ", ".join(part for part in (title, place_in(title, pinpoint)) if part)


def with_gaps_together(columns: Sequence[str], row: Sequence[Cell]) -> list[tuple[str, Cell]]:
    """Cells with their columns, in order; those that hold nothing but one and the same gap become one, at the end."""
    told: list[tuple[str, Cell]] = []
    gaps: dict[str, list[str]] = {}
    for column, cell in zip(columns, row, strict=False):
        if GAP_MARK.fullmatch(cell.text.strip()):
            gaps.setdefault(cell.text.strip(), []).append(column)
        else:
            told.append((column, cell))
    for mark, named in gaps.items():
        rest = [name[:1].lower() + name[1:] for name in named[1:]]
        told.append((", ".join([named[0], *rest]), Cell(mark)))
    return told
