"""What an added document says of a section of the Integration Act, where the section says no such thing.

"Whoever refuses the agreement of section 42 is fined 50,000 euros": quoted word for word, with its source, it is wrong
advice all the same. Our digest holds Act 681/2023 section by section, as enacted and as in force, and says what it does
not ask for. So what an added document claims of a section is held against all that the digest says of it: a time, a sum
or a sanction that stands nowhere there has no ground, nor has a duty of which the digest says that it is none. Statutes
that somebody adds are not judged: they are the law.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.currency import NEW_ACT, OLD_ACT
from assistant.gloss import gloss
from assistant.lexicon import NUMBERS, tokens, unit_of
from assistant.question import SECTION
from assistant.text import collapse, content_stems, shortened
from assistant.types import Hit, Kind, Notice, Passage, Unfounded, WarningCode

_OF_ONE = 2  # sections: what a fact on more of them says may be of any of them
_NEAR = 3  # passages before a sanction in which the Act is named that it is said to be of
_BEFORE = 8  # passages before a sentence in which the section that it goes on about is looked for
_NAMES_ACT = re.compile(
    rf"{NEW_ACT}|\b(?:new )?Integration Act\b|\bAct on the Promotion of (?:Immigrant )?Integration\b"
    r"|\b(?:laki|lain|laissa|lakia) kotoutumisen edistämisestä\b|\bkotoutumisl(?:aki|ai)\w*"
    r"|\blag(?:en)? om främjande av integration\b|\bintegrationslagen\w*",
    re.IGNORECASE,
)
_ACT_NUMBER = re.compile(r"(?<![\d/])\d{1,4}/(?:19|20)\d\d\b")
_THE_ACT = re.compile(
    r"\b(?:the (?:new )?(?:integration )?Act|the law|by law|statutory|(?:kotoutumis)?la(?:in|ki|issa)|lakisääteinen|"
    r"(?:integrations)?lag(?:en|s)?)\b"
    rf"|{NEW_ACT}",
    re.IGNORECASE,
)
_PINPOINT = re.compile(rf"Act {NEW_ACT}((?:,? (?:ss?\.|with|and|as enacted|in Act \d+/\d+)|[ ,\d()a-h-])+)")
# "every second year", "joka toinen vuosi", "vartannat år"; "each January" comes round once a year.
_EACH = {"EACH", "varje", "vart", "var"}  # and "joka", which is a pronoun too
_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|\w+kuussa|"
    r"januari|februari|mars|maj|juni|juli|augusti|oktober)$"
)
_SECOND = {"second": 2, "other": 2, "third": 3, "fourth": 4, "fifth": 5, "toinen": 2, "kolmas": 3, "neljäs": 4,
           "annat": 2, "tredje": 3, "fjärde": 4, "femte": 5}  # fmt: skip
_RECURRING = {**dict.fromkeys("annually yearly annual vuosittain vuosittainen vuosittaista vuosittaisen vuotuinen "
                              "vuotuista vuotuisen årligen årlig årlige årligt årliga".split(), (1, "years")),
              **dict.fromkeys("halfyearly sixmonthly puolivuosittain".split(), (6, "months")),
              "monthly": (1, "months"), "kuukausittain": (1, "months"), "weekly": (1, "weeks"),
              "biennially": (2, "years"), "twoyearly": (2, "years"),
              "fouryearly": (4, "years")}  # fmt: skip
_EVERY_SECOND = {"varannan", "vartannat"}
# "three-year", "kolmivuotinen", "treårig": hyphens are gone from keys.
_COMPOUND = re.compile(
    r"(?P<number>[a-zåäö]+?)(?P<unit>year|month|week|day|vuoti(?=nen|s\w)|åri(?=g))(?:nen|s\w+|g\w*)?$"
)
_PARTS_FI = {"kaksi": "2", "kolmi": "3", "neli": "4", "viisi": "5"}
_UNITS_IN_COMPOUNDS = {"vuoti": "years", "åri": "years"}
_PER = {"om", "per", "i"}
_TIMES = {"days", "weeks", "months", "years"}
_ONCE, _INTERVALS = {"once", "kerran", "gång", *_EACH}, {"intervals", "interval", "välein", "mellanrum"}
_SANCTION = re.compile(
    r"\b(?:a|the|of) fines?\b|\bfined\b|\bpenalt(?:y|ies)\b|\bpunish\w+|\bsanction\w*"
    r"|\b(?:is|be|are) (?:null and )?void\b"
    r"|\b(?:delay|late|penalty) (?:charge|fee|payment)s?\b|\bsurcharges?\b|\bon pain of\b"
    r"|\b(?:myöhästymis|viivästys|seuraamus|laiminlyönti)maksu\w*|\buhalla\b"
    r"|\b(?:förseningsavgift|sanktionsavgift|straffavgift)\w*|\bvid äventyr\b"
    r"|\bcriminal offence\b|\bprosecut\w+|\bimprison\w+"
    r"|\b(?:uhka)?sak(?:ko|on|koa|kona|kojen)\b|\bsakotet\w+|\brangais\w+|\bsanktio\w*|\bmität(?:ön|tömä\w*)"
    r"|\bböter\b|\bbötfäll\w+|\bvite\b|\bstraff\w*|\bsanktion\w*|\bogiltig\w*",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:under|by|according to|as) (?:sub)?section\b|§:n mukaan|\benligt\b.{0,30}§", re.IGNORECASE)
_MUST_FI = re.compile(r"\bon\b.{1,60}?\b\w{2,}t[aä]v[aä]\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:no(?! longer)|not(?! only)|nor|neither|never|none|ei|eikä|eivät|inte|ingen|inga|inget|varken)\b",
    re.IGNORECASE,
)
_NO_SANCTION = re.compile(rf"{_DENIES.pattern}[^,;:.]{{1,40}}?(?:{_SANCTION.pattern})", re.IGNORECASE)
_CLAUSES = re.compile(r"[;:–](?!\w)|,?\s(?:and|but|ja|mutta|och|men)\s")
_OUR_READING = re.compile(r"\bon our reading\b", re.IGNORECASE)  # no word of the Act
_OF_NOTHING = frozenset("accord section act municip integr plan must shall law promot immigr year second".split())
_MANY = 99
_SHOWN = 240  # characters of a claim in its warning
_SHARED, _SHARE = 2, 0.5  # words that a duty and its denial have in common: how many, and of those of the duty


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence claims of Act 681/2023 without ground in our digest of it."""

    section: str  # "45"; empty where the Act as a whole is meant
    denied_by: Passage | None = None  # the fact that says the opposite


class StatuteFacts:
    """What the digest says of each section of Act 681/2023."""

    def __init__(self, facts: Sequence[Passage]) -> None:
        """Takes all facts of the bundled corpus."""
        self._facts = facts
        self._amounts: dict[str, set[tuple[float, str, bool]]] = {}
        self._words: dict[str, tuple[set[str], set[str]]] = {}

    @cached_property
    def _by_section(self) -> dict[str, list[Passage]]:
        found: dict[str, list[Passage]] = {}
        for passage in self._facts:
            sections = {*_sections_of(passage.fact.pinpoint if passage.fact else "")}
            for section in sections if len(sections) <= _OF_ONE else ():
                found.setdefault(section, []).append(passage)
        return found

    def on(self, section: str) -> list[Passage]:
        """The facts on a section, or on all of them where none is named."""
        if section:
            return self._by_section.get(section, [])
        return list({passage.id: passage for passages in self._by_section.values() for passage in passages}.values())

    def amounts(self, section: str) -> set[tuple[float, str, bool]]:
        """The times, sums and shares that the digest gives of a section."""
        if section not in self._amounts:
            self._amounts[section] = {amount for p in self.on(section) for amount in amounts(p.text, "en")}
        return self._amounts[section]

    def words(self, fact: Passage) -> tuple[set[str], set[str]]:
        """What a fact says, and what it says is not asked for, as stems without those that stand everywhere."""
        if fact.id not in self._words:
            denied = {s for part in _denied(fact.text) for s in content_stems(part, "en")} - _OF_NOTHING
            self._words[fact.id] = {*content_stems(fact.text, "en")} - _OF_NOTHING, denied
        return self._words[fact.id]

    def subsections(self, section: str) -> int:
        """How many subsections of a section the digest knows; very many where it knows too few to tell."""
        pinpoints = " ".join(p.fact.pinpoint for p in self.on(section) if p.fact)
        numbers = re.findall(rf"\bs\. {section}\((\d+)\)(?:-\((\d+)\))?", pinpoints)
        known = {int(n) for pair in numbers for n in pair if n}
        return max(known) if len(known) > 1 else _MANY


def _sections_of(pinpoint: str) -> Iterator[str]:
    """Every section of the Act that a pinpoint of the digest names: "Act 681/2023, ss. 30-32, s. 45(3)"."""
    for found in _PINPOINT.finditer(pinpoint):
        plain = re.sub(r"\([^)]*\)|in Act \d+/\d+", " ", found[1])
        for first, last in re.findall(r"(\d+(?: [a-h]\b)?)(?:-(\d+))?", plain):
            if last and first.isdigit():
                yield from (str(n) for n in range(int(first), int(last) + 1))
            else:
                yield first


def unfounded(
    hits: Iterable[Hit], statute: StatuteFacts, passages: Callable[[str], Sequence[Passage]], *, near: int = 12
) -> Iterator[Unfounded]:
    """Those of the hits that claim of a section of Act 681/2023 what our digest of it does not know.

    Args:
        hits: Of added documents and of ours, best first; only the former are judged.
        statute: What is known.
        passages: Gives those of a source, in reading order.
        near: How many of the hits are near the top.
    """
    for n, hit in enumerate(hits):
        # What never began or has ended is quoted as that, with what is in force beside it.
        if hit.source.bundled or hit.source.kind is Kind.LAW or not hit.currency.may_hold:
            continue
        if claim := _claim_of(hit, statute, passages(hit.source.source_id)):
            yield Unfounded(hit, claim.section, collapse(hit.passage.text), claim.denied_by, is_near=n < near)


def _claim_of(hit: Hit, statute: StatuteFacts, passages: Sequence[Passage]) -> Claim | None:
    if not may_claim(hit.passage.text) or hit.source.law_basis == OLD_ACT:
        return None
    before = [p.text for p in passages if p.position < hit.passage.position]
    after = [p.text for p in passages if p.position > hit.passage.position]
    named = (*reversed(after), hit.source.title, *hit.passage.headings)
    language, is_guidance = hit.source.language, hit.source.kind is Kind.GUIDANCE
    return claim_in(hit.passage.text, language, statute, before=before, named=named, is_guidance=is_guidance)


def may_claim(text: str) -> bool:
    """Whether a sentence names a section, the law or a sanction: no other is judged."""
    return any(sign.search(text) for sign in (SECTION, _SANCTION, _THE_ACT))


def claim_in(
    text: str, language: str, statute: StatuteFacts, *, before: Sequence[str], named: Sequence[str], is_guidance: bool
) -> Claim | None:
    """What a sentence claims of Act 681/2023 without ground there; None where it claims nothing, or has ground.

    Args:
        text: The sentence.
        language: Of the sentence.
        statute: What is known.
        before: The sentences before it, in reading order: they tell which Act and which section it goes on about.
        named: Where else the Act may be named, the nearest last: the text after it, the title, the headings.
        is_guidance: Whether a sanction is one of the Act where the sentences right before it tell of that.
    """
    clauses = _CLAUSES.split(text)
    sanction = _SANCTION.search(text) and not _NO_SANCTION.search(text)
    duties = [c for c in clauses if _lays_down(c, language) and not _DENIES.search(c)]
    if not _is_of_act([*named, *before, text]):
        return None
    if not (sections := _sections_in(text)) and sanction:
        sections = next((s for said in reversed(before[-_BEFORE:]) if (s := _sections_in(said))), [])
    on_the_act = [text, *(before[-_NEAR:] if sanction and is_guidance else ())]
    if not sections and (sanction or duties) and any(_THE_ACT.search(said) for said in on_the_act):
        sections = [""]
    for found in sections:
        # "Under section 22 a plan": the letter is no part of the number where the Act has no such section.
        section = found if statute.on(found) else found.partition(" ")[0]
        facts = statute.on(section)
        if not facts:
            continue
        if any(n > statute.subsections(section) for n in _subsections_in(text, section)):
            return Claim(section)
        if sanction and not any(_SANCTION.search(p.text) and not _NO_SANCTION.search(p.text) for p in facts):
            return Claim(section)
        if not (duties or _UNDER.search(text)):
            continue
        known = statute.amounts(section)
        # What is said to recur must recur there; what is not may.
        if any(a not in known and (a[2] or (*a[:2], True) not in known) for a in amounts(text, language)):
            return Claim(section)
        for duty in duties:
            if denial := _denial(duty, language, statute, section):
                return Claim(section, denial)
    return None


def _is_of_act(said: Sequence[str]) -> bool:
    """Whether the Act named last is Act 681/2023, and the last of the texts names no other beside it."""
    if any(number != NEW_ACT for number in _ACT_NUMBER.findall(said[-1])):
        return False
    for text in reversed(said):
        named = [*_NAMES_ACT.finditer(text), *_ACT_NUMBER.finditer(text)]
        if named:
            return _NAMES_ACT.fullmatch(max(named, key=lambda m: m.end())[0]) is not None
    return any(_THE_ACT.search(text) for text in said)


def _subsections_in(text: str, section: str) -> list[int]:
    """The subsections that a text names of a section: "section 45(5)", "45 §:n 5 momentti", "45 § 5 mom."."""
    if not section:
        return []
    pattern = rf"\b{section}\s?\((\d+)\)|\b{section}, subsection (\d+)|\b{section} §(?::n)? (\d+) mom"
    return [int(n) for groups in re.findall(pattern, text) for n in groups if n]


def _sections_in(text: str) -> list[str]:
    return [re.sub(r"(?<=\d)(?=[a-h])", " ", (a or b)) for a, b in SECTION.findall(text)]


def amounts(text: str, language: str) -> set[tuple[float, str, bool]]:
    """Times, sums and shares that a text gives: number, unit, whether it comes round again.

    A year is twelve months: "every second year" and "at intervals of 24 months" are one.
    """
    found: set[tuple[float, str, bool]] = set()
    keys = [token.key for token in tokens(text, language)]
    for n, key in enumerate(keys):
        before, after = keys[max(0, n - 2) : n], keys[n + 1 : n + 3]
        if key in _RECURRING:
            found.add(_amount(*_RECURRING[key], recurs=True))
        elif key in _EVERY_SECOND and after and (unit := unit_of(after[0])):
            found.add(_amount(2, unit, recurs=True))
        elif (key in _EACH or (key, language) == ("WHICH", "fi")) and after and not after[0].isdigit():
            number = _SECOND.get(after[0], 1)
            word = after[number > 1] if len(after) > (number > 1) else ""
            if unit := "years" if _MONTH.match(word) else unit_of(word):
                found.add(_amount(number, unit, recurs=True))
        elif key in _ONCE and (unit := next((unit_of(w) for w in after if w not in _PER), "")) in _TIMES:
            found.add(_amount(1, unit, recurs=True))  # "once a year", "minst en gång om året"
        elif compound := _COMPOUND.match(key):
            word = compound["number"]
            if count := _PARTS_FI.get(word) or NUMBERS.get(word):
                unit = _UNITS_IN_COMPOUNDS.get(compound["unit"]) or unit_of(compound["unit"])
                found.add(_amount(float(count), unit, recurs=False))
        elif re.fullmatch(r"\d+(?:\.\d+)?", key):
            # "EUR 2,052 a year" is a sum, no time; "700 e" is one as people write it.
            is_sum = (before and unit_of(before[-1]) == "euros") or after[:1] == ["e"]
            unit = "euros" if is_sum else unit_of(after[0]) if after else ""
            if unit and not (unit == "years" and 1900 <= float(key) < 2100):
                recurs = not _ONCE.isdisjoint(before) or not _INTERVALS.isdisjoint([*before, *after])
                found.add(_amount(float(key), unit, recurs=recurs))
    return found


def _amount(number: float, unit: str, *, recurs: bool) -> tuple[float, str, bool]:
    return (number * 12, "months", recurs) if unit == "years" else (number, unit, recurs)


def _lays_down(clause: str, language: str) -> bool:
    # "Kunnan on 45 §:n mukaan hyväksyttävä": far apart for a phrase of verification.
    far = language == "fi" and _MUST_FI.search(clause)
    return bool(far) or any(token.key == "MUST" for token in tokens(clause, language))


def _denial(text: str, language: str, statute: StatuteFacts, section: str) -> Passage | None:
    """The fact that says that the section does not lay down such a duty, unless another says more of it."""
    english = text if language == "en" else gloss(text, language)
    claimed = {s for s in content_stems(english, "en") if s.isalpha()} - _OF_NOTHING
    best, most, support = None, (0.0, 0), 0.0
    for p in statute.on(section):
        said, denied = statute.words(p)
        if not denied:
            support = max(support, len(claimed & said) / max(len(claimed), 1))
        shared = len(claimed & denied)
        likeness = (shared / max(len(claimed), 1), -len(denied))
        if shared >= _SHARED and likeness > most and not _OUR_READING.search(p.text):
            best, most = p, likeness
    return best if most[0] >= _SHARE and most[0] > support else None


def _denied(text: str) -> Iterator[str]:
    """What a sentence of the digest says is not asked for: from the denial to the end of its clause."""
    for found in _DENIES.finditer(text):
        yield re.split(r"[;:.](?:\s|$)", text[found.start() :])[0]


def claim_notice(claim: Unfounded) -> Notice:
    """The warning that names the document, what it claims, and what is known of the section."""
    title, said = claim.hit.source.title, shortened(claim.says.rstrip("."), _SHOWN)
    denied = claim.denied_by
    if denied and claim.section:
        fact = shortened(denied.text, _SHOWN)
        message = (
            f"“{title}” says of section {claim.section} of Act 681/2023: “{said}”. The section does not: {fact} That "
            "sentence is not quoted here. Check it against the Act, and ask whoever wrote the document."
        )
    elif denied:
        fact = shortened(denied.text, _SHOWN)
        message = (
            f"“{title}” says of Act 681/2023: “{said}”. The Act does not: {fact} That sentence is not quoted here. "
            "Check it against the Act, and ask whoever wrote the document."
        )
    elif claim.section:
        message = (
            f"“{title}” says of section {claim.section} of Act 681/2023: “{said}”. As far as our digest of it goes, "
            "nothing of the kind stands there. That sentence is not quoted here. Check it against the Act, and ask "
            "whoever wrote the document."
        )
    else:
        message = (
            f"“{title}” says of Act 681/2023: “{said}”. As far as our digest of it goes, nothing of the kind stands "
            "there. That sentence is not quoted here. Check it against the Act, and ask whoever wrote the document."
        )
    return Notice(WarningCode.CONFLICTING_SOURCES, message)
