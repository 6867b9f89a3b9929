"""The law on the day: what a source, a passage or a name is worth on a date, and what has taken its place.

The data are in corpus/: validity of sources and facts in the manifest and in facts/, ended bodies and terms in
successions.jsonl, sections of an Act that a later Act replaced or repealed in amendments.jsonl. For a document that
somebody adds, the signs in its text tell under which law it was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from assistant.errors import CorpusError
from assistant.settings import PROJECT_ROOT
from assistant.types import Currency, Fact, Kind, Passage, Source

# Act 1386/2010 ended and Act 681/2023 began: Act 681/2023, section 101.
NEW_ACT_FROM = "2025-01-01"
OLD_ACT, NEW_ACT = "1386/2010", "681/2023"
OLD_ACT_UNTIL = "2024-12-31"
_PERIODS = {OLD_ACT: ("2011-09-01", OLD_ACT_UNTIL), NEW_ACT: (NEW_ACT_FROM, None)}
# The plan document of Act 1386/2010. Under Act 681/2023 the same English words name a package of services, but pages
# written under it name that Act too.
_OLD_DOCUMENT = re.compile(r"\b(?:municipal integration programmes?|kotouttamisohjelma\w*)\b", re.IGNORECASE)
_SINCE_NEW_ACT = re.compile(r"\b20(?:2[5-9]|[3-9]\d)\b")  # a year in which Act 681/2023 is in force
# "which will enter into force on 1 January 2025": written before that day.
_BEFORE_NEW_ACT = re.compile(
    r"(?:will enter into force|enters into force|tulee voimaan|träder i kraft)[^.]{0,30}?"
    r"(?:1 January 2025|1\.1\.2025|1 januari 2025|1\. tammikuuta 2025|2025 alusta)"
)
# Duties of Act 681/2023 as enacted that Act 1100/2024 removed before the Act began: sections 13(3), 15, 17, 21, 45(2)
# and 48. Who describes one of them wrote in 2023 or 2024, or copies from somebody who did.
_TWO_YEARLY = r"(?:every (?:two|second|other) years?|two-yearly|biennial)"
_MULTI_SECTORAL = (
    r"\bmulti-?sectoral (?:assessment|(?:integration )?plan)\b|\bmonialai\w+ (?:arvioin|kotoutumissuunnitel)"
)
_NEVER = re.compile(
    r"\bplan(?:ning)?, develop(?:ment|ing)?,? and (?:monitor|follow)|suunnitel\w+, kehittä\w+ ja seura"
    r"|\b(?:with|including) indicators\b|\bindikaattoreineen\b"
    r"|\b(?:responsible (?:parties|bodies)|measures|objectives)\b.{0,120}\b(?:action plan|planning document)\b"
    r"|\b(?:action plan|planning document)\b.{0,120}\b(?:responsible (?:parties|bodies)|measures|objectives)\b"
    rf"|\breport\w*\b.{{0,60}}\b{_TWO_YEARLY}|vähintään kahden vuoden välein"
    r"|\b(?:will|must|shall|to) (?:appoint|establish|set up)\b.{0,40}\bcooperation group"
    r"|\bcooperation group\b.{0,40}\b(?:is|will be|must be|shall be|are) (?:appointed|established|set up)\b"
    r"|\byhteistyöryhmä\b.{0,30}\b(?:asetetaan|on asetettava)\b"
    rf"|{_MULTI_SECTORAL}"
    r"|\bdocument (?:describing|that describes) the (?:municipal )?integration programme",
    re.IGNORECASE,
)
# A question that takes one of them for granted.
_DUTY = (
    r"(?:must|have to|has to|ha(?:ve|s) the duty|compulsory|obligatory|mandatory|required?|obliged?|owe|due|pakko|"
    r"pakollinen|måste)"
)
_ASKS_OF_NEVER = re.compile(
    rf"\breports?\b.{{0,40}}\b{_TWO_YEARLY}|\b{_TWO_YEARLY}\b.{{0,30}}\breports?\b"
    rf"|\b{_DUTY}\b.{{0,60}}\b(?:cooperation group|action plan|indicators)\b"
    rf"|\b(?:cooperation group|action plan|indicators)\b.{{0,60}}\b{_DUTY}\b"
    rf"|{_MULTI_SECTORAL}"
    # A report to the State, and the paper on the service package that section 13(3) would have asked for.
    r"|\breports?\b.{0,50}\b(?:regional centre|ELY|KEHA|Economic Development Centre)\b.{0,40}"
    r"\b(?:second|two|every) year"
    r"|\b(?:paper|document)\b.{0,80}\bsection 13\b|\bsection 13\b.{0,60}\b(?:paper|document)\b"
    r"|\btavoittee\w*.{0,30}\b(?:teemoittain|mittari\w*|indikaattori\w*)\b.{0,60}"
    r"\b(?:pitää|pakko|on (?:kirjattava|oltava))\b"
    r"|\bmål\b.{0,40}\b(?:per tema|indikatorer|mätare)\b.{0,60}\b(?:måste|ska|krävs)\b"
    r"|\bkahden vuoden välein\b.{0,40}\brapor|\brapor\w+.{0,40}\bkahden vuoden välein\b"
    r"|\bvartannat år\b.{0,40}\brapport|\brapport\w*.{0,40}\bvartannat år\b",
    re.IGNORECASE,
)
# Endings of the words that ended names consist of, and the forms that they take; "=" is the ending itself. No stemmer:
# it makes one word of several, and what is found here is told to the reader as outdated.
_INFLECTED = tuple(
    (re.compile(rf"(?:{ending})$", re.IGNORECASE), forms)
    for ending, forms in (
        ("minen", r"mi(?:nen|s(?:en|ta|een|essa|esta|eksi|ella|elle|ena))"),
        (r"(?<=t|k|m|v)us|(?<=a)us", r"u(?:s|ks\w{1,6}|sta)"),
        ("tuki", r"tu(?:ki|kea|keen|kena|en|essa|esta|ella|elle|eksi)"),
        ("laki", r"la(?:ki|kia|kiin|kina|in|issa|ista|illa|iksi)"),
        ("kunta", r"kun(?:ta\w{0,3}|na\w{1,4}|ti\w{1,3})"),
        ("hyvät", r"hyv(?:ät|i\w{1,5})"),
        ("etniset", r"etnis(?:et|t\w{1,3}|i\w{1,5})"),
        ("suhteet", r"suhte(?:et|i\w{2,5})"),
        ("virasto|toimisto|rekisteri|ohjelma|suunnitelma|kokeilu|strategia|sosiaalitoimi", r"=\w{0,6}"),
        ("central|byrå|verk|försök|kartläggning|stöd|register|relationer", r"=\w{0,5}"),
    )
)
_SECTION = re.compile(
    r"\b(?:sections?|sec\.|pykälä\w*|paragraf\w*)\s+(\d+)\b(?! [a-h]\b)|(?<!\d)(\d+)\s*§", re.IGNORECASE
)
_OTHER_ACT = re.compile(
    rf"(?<![\d/])(?!{NEW_ACT}|1100/2024)\d{{1,4}}/(?:19|20)\d\d\b"
    r"|\b(?!(?:New |Immigrant )?Integration )[A-Z]\w+(?: [A-Z]\w+)* (?:Act|Decree)\b"
    r"|(?i:\b(?!kotoutumis)\w{3,}la(?:ki|kia|in|issa|ista)\b|\b(?!integrations)\w{3,}lagen\b"
    r"|\b(?:old|former|previous|repealed|2010) (?:integration )?(?:act|law)\b"
    r"|\b(?:vanha\w*|aiem\w+|entis\w+|kumot\w+) la(?:ki|in|issa|ista)\b|\b(?:gamla|tidigare|upphävda) lagen\b)"
)
_ACT_NUMBER = re.compile(r"(?<!\d)(\d{1,4}/\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Succession:
    """A body or term that ended, and what took its place."""

    term: str
    variants: tuple[str, ...]
    ended: str  # ISO date, its last day
    since: str | None  # ISO date, first day of the successor
    successor: str
    message: str  # for the reader
    exceptions: tuple[str, ...] = ()  # longer names that contain a variant and are not outdated


def currency(source: Source, as_of: str, passage: Passage | None = None) -> Currency:
    """What a source, or one passage of it, is worth on a day (ISO date)."""
    fact = passage.fact if passage else None
    if source.never_in_force or (fact and fact.never_in_force):
        return Currency.NEVER_IN_FORCE
    start, end = _period(source, fact)
    if passage and not fact and (row := _changed_by(source, passage)):
        if row["since"] <= (start or NEW_ACT_FROM):
            return Currency.NEVER_IN_FORCE
        if as_of >= row["since"]:
            return Currency.UNKNOWN if _is_unread(row) else Currency.OUTDATED
    elif passage and not fact and source.early and _NEVER.search(f"{passage.lead_in} {passage.text}"):
        return Currency.NEVER_IN_FORCE
    if end and as_of > end:
        return Currency.OUTDATED
    if fact and fact.pending:
        return Currency.NOT_IN_FORCE_YET
    if start and as_of < start:
        return Currency.NOT_IN_FORCE_YET
    return Currency.CURRENT if start or end else Currency.UNKNOWN


def ends(source: Source, as_of: str, passage: Passage | None = None) -> str | None:
    """The last day (ISO date) of what a source or passage tells, where that is over on a day; None where it is not."""
    _, end = _period(source, passage.fact if passage else None)
    return end if end and as_of > end else None


def _period(source: Source, fact: Fact | None) -> tuple[str | None, str | None]:
    start, end = _PERIODS.get(source.law_basis or "", (None, None))
    start, end = source.valid_from or start, source.valid_to or end
    if fact:
        # A page of the old law can hold a fact of the new: what begins after its source has ended goes on.
        outlives = fact.valid_from and end and fact.valid_from > end
        start, end = fact.valid_from or start, fact.valid_to or (None if outlives else end)
    return start, end


def asks_of_never(question: str) -> bool:
    """Whether a question takes for granted a duty of Act 681/2023 as enacted that Act 1100/2024 removed."""
    return _ASKS_OF_NEVER.search(question) is not None or names_never_begun(question)


def names_never_begun(question: str) -> bool:
    """Whether a question names a section of Act 681/2023 that was repealed as a whole before it began.

    One with no Act beside it is of this Act; of another, where the question names another.
    """
    if _OTHER_ACT.search(question):
        return False
    return any((a or b) in _never_begun() for a, b in _SECTION.findall(question))


@cache
def _never_begun() -> frozenset[str]:
    return frozenset(
        row["section"]
        for row in _amendments()
        if row["act"] == NEW_ACT
        and row["change"] == "repealed"
        and not row["subsections"]
        and row["since"] <= NEW_ACT_FROM
    )


def dated(source: Source, text: str) -> Source:
    """A source with what its text tells of its age: the Act it rests on, whether it is older than that, its last day.

    What the person who adds it has said goes before what the text shows.
    """
    basis = source.law_basis or _law_basis_of(text)
    if not source.law_basis and source.kind is Kind.OWN and _SINCE_NEW_ACT.search(text):
        basis = None  # a municipality's own document of today may tell of what the old Act asked
    early = basis == NEW_ACT and source.kind is Kind.GUIDANCE and _is_early(source.written, text)
    last_day = source.valid_to
    if source.kind is Kind.GUIDANCE and not last_day and basis != OLD_ACT:
        # Guidance that speaks of a body as working was right for as long as that body was.
        since = source.written or (NEW_ACT_FROM if basis == NEW_ACT else "")
        last_day = min((s.ended for s in changed_terms(text, "9999-12-31") if s.ended >= since), default=None)
    return replace(source, law_basis=basis, early=early, valid_to=last_day)


def _law_basis_of(text: str) -> str | None:
    if NEW_ACT in text:
        return NEW_ACT
    if (
        OLD_ACT in text
        or _OLD_DOCUMENT.search(text)
        or any(
            s.ended == _PERIODS[OLD_ACT][1] and _pattern(s).search(text) for s in successions()
        )  # ended with the Act
    ):
        return OLD_ACT
    return None


def _is_early(written: str | None, text: str) -> bool:
    if written:
        return written < NEW_ACT_FROM
    return _BEFORE_NEW_ACT.search(text) is not None or _NEVER.search(text) is not None


def open_point(source: Source, as_of: str, passage: Passage) -> str | None:
    """What is not established of a passage of an Act on a day, for the reader: how a later Act worded it."""
    row = _changed_by(source, passage)
    if row is None or not _is_unread(row) or as_of < row["since"]:
        return None
    return (
        f"Act {row['by']} amended section {row['section']} of Act {row['act']} in {row['since'][:4]}, as far as is "
        "known to put the new names of authorities in; the wording quoted is the one before. Check Finlex."
    )


def _is_unread(row: dict[str, Any]) -> bool:
    """Whether only the list of what the amending Act changed was seen, not its words."""
    return row.get("read") is False


def _changed_by(source: Source, passage: Passage) -> dict[str, Any] | None:
    """By what a later Act first replaced or repealed a passage of the text of an Act; None where none did."""
    if source.kind is not Kind.LAW or source.digest or not passage.section:
        return None
    act = act_number(source.title)
    section, _, subsection = passage.section.partition("(")
    number = int(subsection.rstrip(")")) if subsection else None
    if any(row["by"] == act and row["section"] == section and row["subsections"] for row in _amendments()):
        number = None  # an amending Act that prints some subsections only: their places tell no numbers
    return min(amendments(act, section, number), key=lambda row: str(row["since"]), default=None)


def act_number(title: str) -> str | None:
    """The number of an Act or decree in its title, such as "681/2023"."""
    found = _ACT_NUMBER.search(title)
    return found.group(1) if found else None


def amendments(act: str | None, section: str, subsection: int | None = None) -> list[dict[str, Any]]:
    """The rows of amendments.jsonl that change a section, or one of its subsections where that is known."""
    return [
        row
        for row in _amendments()
        if row["act"] == act
        and row["section"] == section
        and (subsection is None or row["subsections"] is None or subsection in row["subsections"])
    ]


@cache
def _amendments() -> tuple[dict[str, Any], ...]:
    return tuple(_read("amendments.jsonl"))


def changed_terms(text: str, as_of: str) -> list[Succession]:
    """The bodies and terms in a text that had ended by a day; not those whose successor the text names beside them."""
    return [
        s
        for s in successions()
        if as_of > s.ended and _pattern(s).search(_without(text, s.exceptions)) and not _names_successor(text, s)
    ]


def _names_successor(text: str, succession: Succession) -> bool:
    name = succession.successor.partition(" (")[0].lower()
    return bool(name) and name in text.lower()


def _without(text: str, exceptions: Sequence[str]) -> str:
    for exception in exceptions:
        text = re.sub(_forms(exception), " ", text, flags=re.IGNORECASE)
    return text


@cache
def successions() -> tuple[Succession, ...]:
    """All successions of the corpus; raises CorpusError where the file is missing or damaged."""
    try:
        return tuple(
            Succession(
                row["term"], tuple(row["variants"]), row["ended"], row["since"], row["successor"] or "", row["message"],
                tuple(row.get("exceptions") or ()),
            )
            for row in _read("successions.jsonl")
            if row["ended"]
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise CorpusError(f"corpus/successions.jsonl lacks {error}. Install Kotoapuri again.") from error


def _read(name: str) -> list[dict[str, Any]]:
    try:
        text = (PROJECT_ROOT / "corpus" / name).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise CorpusError(f"corpus/{name} cannot be read ({error!r}). Install Kotoapuri again.") from error


@cache
def _pattern(succession: Succession) -> re.Pattern[str]:
    names = sorted({succession.term, *succession.variants}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(_forms(name) for name in names) + r")(?!\w)", re.IGNORECASE)


@cache
def _forms(name: str) -> str:
    """A pattern of a name as people write it: without capitals, inflected, with or without its hyphen."""
    if name.isupper():
        return rf"(?-i:{re.escape(name)}(?::?[a-zåäö]{{1,6}})?)"  # "AVI" and "avi" are not the same word
    return " ".join(_forms_of_word(word) for word in name.split())


def _forms_of_word(word: str) -> str:
    beginning, ending = word, ""
    for known, forms in _INFLECTED:
        if found := known.search(word):
            beginning, ending = word[: found.start()], forms.replace("=", found[0])
            break
    plain = re.sub(r"(?<=\w)\\-(?=\w)", "[- ]?", re.escape(beginning))
    return re.sub("centre(?=s?$)", "cent(?:re|er)", plain) + ending
