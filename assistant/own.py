"""What a municipality says of itself: its own documents, its figures, its profile and notes typed for a draft.

Whatever was typed becomes a source like a file, so that it is matched, quoted and cited in the same way, as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.currency import OLD_ACT
from assistant.documents import detect_language
from assistant.errors import AssistantError
from assistant.needs import says_how_many
from assistant.passages import split_document
from assistant.personal_data import mask_text
from assistant.text import collapse
from assistant.types import Block, BlockKind, Document, Figure, Kind, Passage, Profile, Source
from assistant.verification import SourceText

NOTES, FIGURES, PROFILE = "typed:notes", "typed:figures", "typed:profile"
_NOTES_CHARS = 20_000
# A period in a title or file name: "2021-2024".
_PERIOD = re.compile(r"\b(20\d\d)\s*[-–—]\s*(20\d\d)\b")
# A duty told by a municipal document may be one that ended or never began: what the law asks is for the law to say.
_LAW = re.compile(
    r"\b\d{1,4}/(?:19|20)\d\d\b|\bsections? \d|§|\b(?:by|under|the|in|of) (?:law|the acts?|statutes?|legislation)\b"
    r"|\bthe acts?\b|\bintegration act\b|\bstatutory\b|\blegally\b|\blak(?:i|in|iin|ia)\b|\blakisääteis\w+"
    r"|\bkoto(?:utumis|uttamis)la[ik]\w+|\blag(?:en|ens|stadgad\w*)\b|\bintegrationslagen\b",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:must|shall|ha(?:s|ve) to|(?:is|are) (?:required|obliged|bound) to|obligatory|compulsory|mandatory|required"
    r"|obligations?|dut(?:y|ies))\b|\btäytyy\b|\bon pakko\b|\bpakolli\w+|\bvelvo\w+"
    r"|\bon(?: \w+){0,6} \w+(?:tava|tävä)\b"
    r"|\bmåste\b|\bobligatorisk\w*|\bskyldig\w*|\bska enligt\b",
    re.IGNORECASE,
)
# "The law requires": said of a law, and as often of anything else.
_ASKS = re.compile(
    r"\b(?:requires?|obliges?|demands?|lays down|prescribes?)\b|\bedellyttä\w+|\bvaatii\b|\bkräver\b|\bförutsätter\b"
    r"|\bförpliktar\b|\bålägger\b",
    re.IGNORECASE,
)
# Told as a habit, without a "must": approval in the council every four years, a report every two.
_FOUR = r"(?:four years|fourth year|neljän vuoden|neljässä vuodessa|neljäs vuosi|fyra år|fjärde år)"
_TWO = (
    r"(?:two years|second year|other year|kahden vuoden|kahdessa vuodessa|toinen vuosi|vartannat år|vart annat år"
    r"|andra år)"
)
_COUNCIL = r"(?:council|valtuusto\w*|fullmäktige)"
_REPORTS = r"(?:report\w*|rapor\w+|rapport\w*)"
_ENDED = re.compile(
    rf"\b{_COUNCIL}\b.{{0,90}}\b{_FOUR}\b|\b{_FOUR}\b.{{0,90}}\b{_COUNCIL}\b"
    rf"|\b{_REPORTS}\b.{{0,110}}\b{_TWO}\b|\b{_TWO}\b.{{0,110}}\b{_REPORTS}\b",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"\b(?:municipality|council|board|programme|plan|report|cooperation group)s?\b"
    r"|\b(?:kun(?:ta|nan)|valtuusto\w*|hallitu\w+|ohjelma\w*|suunnitelma\w*|raportti\w*|yhteistyöryhmä\w*)\b"
    r"|\b(?:kommun(?:en)?|fullmäktige|styrelsen|program\w*|plan(?:en)?|rapport\w*|samarbetsgrupp\w*)\b",
    re.IGNORECASE,
)


def same_name(a: str | None, b: str | None) -> bool:
    """Whether two names are of one municipality."""
    return _plain(a or "") == _plain(b or "")


def _plain(name: str) -> str:
    return collapse(unicodedata.normalize("NFC", name)).casefold()


def own_sources(sources: Sequence[Source], municipality: str | None) -> list[Source]:
    """The sources that speak for a municipality: its own documents, and programmes of its own."""
    return [
        s
        for s in sources
        if (s.kind is Kind.OWN and None in (municipality, s.municipality))
        or (s.kind in (Kind.OWN, Kind.PROGRAMME) and municipality and same_name(s.municipality, municipality))
    ]


def chosen_municipality(wanted: str | None, known: Sequence[str]) -> str | None:
    """Which municipality is meant, as it is written in the workspace.

    Args:
        wanted: As asked; None where nothing was said.
        known: Those that the workspace knows from profiles and own documents.

    Raises:
        AssistantError: There are several and none was named, or none of this name.
    """
    names = list({_plain(name): name for name in known}.values())
    if wanted is None or not wanted.strip():
        if len(names) > 1:
            raise AssistantError(f"The workspace holds several municipalities. Name one of them: {', '.join(names)}.")
        return names[0] if names else None
    for name in names:
        if same_name(name, wanted):
            return name
    if names:
        raise AssistantError(
            f"Nothing of {mask_text(collapse(wanted))[:60]} is in the workspace, which holds {', '.join(names)}. Check "
            "the name, or add its documents with --kind own --municipality."
        )
    return mask_text(collapse(wanted))[:100]


@dataclass(frozen=True, slots=True)
class OwnText:
    """Everything that speaks for a municipality, and what was typed of it."""

    municipality: str | None
    sources: tuple[Source, ...]
    typed: tuple[SourceText, ...]
    notes: str = ""  # as typed, personal data masked

    @property
    def ids(self) -> set[str]:
        """Of all sources."""
        return {s.source_id for s in self.sources} | {t.source.source_id for t in self.typed}


def is_over(source: Source, as_of: str) -> bool:
    """Whether the period that a document names in its title has ended by the day."""
    periods = [end for _, end in _PERIOD.findall(f"{source.title} {source.source_id}")]
    return bool(periods) and max(periods) < as_of[:4]


def tells_a_duty(text: str) -> bool:
    """Whether a sentence of a municipal document tells what the law asks, or rests on the Act that ended."""
    if OLD_ACT in text or _ENDED.search(text):
        return True
    law = _LAW.search(text) is not None
    return (law and _ASKS.search(text) is not None) or (
        _DUTY.search(text) is not None and (law or _BODY.search(text) is not None)
    )


def of_the_field(passages: Sequence[Passage], source: Source) -> list[Passage]:
    """The passages of a document that are about immigrants or integration, by their words or headings.

    Minutes deal with roads and elections too; of a short document, or one mostly on the field, every passage is taken.
    """
    if len(passages) < _LONG:
        return list(passages)
    said = [_FIELD.search(f"{p.text} {' '.join(p.headings[1:])} {p.lead_in}") is not None for p in passages]
    # "Part 6. People who move in from abroad" under the title tells it as the title would.
    first = passages[0]
    subtitle = first.text if len(first.headings) < 2 and len(first.text.split()) <= _SUBTITLE_WORDS else ""
    if _FIELD.search(f"{source.title} {subtitle}") or sum(said) >= _MOSTLY * len(said):
        return list(passages)
    groups = {(p.headings, p.group) for p, is_on_it in zip(passages, said, strict=True) if is_on_it}
    return [p for p in passages if (p.headings, p.group) in groups]


def addresses_a_reader(text: str) -> bool:
    """Whether a sentence speaks to a customer ("You can ask for a change"): a web page's voice, not a plan's."""
    return _TO_A_READER.search(text) is not None


def speaks_of_elsewhere(text: str, municipality: str | None, others: Sequence[str]) -> bool:
    """Whether a passage, with all that is quoted with it, tells of another municipality, the county or the country.

    A sentence that names this municipality too may tell of work done together, unless it gives a figure or says what
    the other one has.

    Args:
        text: Of an own document.
        municipality: Whose document it is.
        others: Names of other municipalities that the workspace knows. How a word ends tells no place: "Kela offers",
            "Sivistystoimialalla on".
    """
    named = [name for name in others if names_municipality(text, name)]
    if municipality is None or not names_municipality(text, municipality):
        return bool(named) or _ELSEWHERE.search(text) is not None
    having = [word for found in _HAS.findall(text) for word in found if word]
    theirs = " ".join(word for word in having if not names_municipality(word, municipality))
    return bool(named) and (says_how_many(text) or any(names_municipality(theirs, name) for name in named))


def names_municipality(text: str, municipality: str) -> bool:
    """Whether a text names a municipality, in most cases of Finnish: "Esimerkkilän", "Tarinajoen", "Näyttöniemessä".

    Told from its basic form and how that changes, as others' names stand beside it: `same_place` of the review, which
    compares words in any case by what they share, would find Keksilä in "Keksimaan" and Luoti in "Luotsilla".
    """
    return any(
        re.search(rf"\b(?:{'|'.join(map(re.escape, _stems(name)))})\w{{0,6}}\b", text)
        for name in re.split(r", | and ", municipality)
        if name[:1].isupper()
    )


# How the last part of a place name changes before an ending: "joki", "joen".
_GRADES = {
    "joki": "joe", "mäki": "mäe", "lahti": "lahde", "vesi": "vede", "ranta": "ranna", "lampi": "lamme",
    "kangas": "kankaa", "pelto": "pello", "silta": "silla", "virta": "virra", "kaupunki": "kaupungi", "rinne": "rintee",
    "niitty": "niity", "lähde": "lähtee", "kallas": "kaltaa", "kaarre": "kaartee", "laakso": "laakso",
    "penkki": "penki", "korpi": "korve", "suvanto": "suvanno",
}  # fmt: skip


def _stems(name: str) -> list[str]:
    """The beginnings that forms of a place name share."""
    # Whole but for a last "i": "Turk" would find Turkish, "Luot" what is trusted.
    found = [name[:-1] if len(name) > 5 and name[-1] == "i" else name]
    found += [
        name[: -len(end)] + grade for end, grade in _GRADES.items() if name.endswith(end) and len(name) > len(end)
    ]
    return found


_TO_A_READER = re.compile(
    r"\b(?:you|your|yours)\b|^(?:yes|no|welcome|hello|hi)\b[,!. ]|\?$"
    r"|\b(?:sinä|sinun|sinulla|sinulle|voit|saat|kysy|varaa|soita|tule|tervetuloa|ota yhteyttä)\b"
    r"|\b(?:du|dig|din|ditt|dina|välkommen|kontakta|ring|boka)\b",
    re.IGNORECASE,
)
# Who or what place has something: "Naapurila has a centre", "Naapurilassa on", "i Norrsund finns".
_HAS = re.compile(
    r"\b(\w+) (?:has|have|had|arranges?|offers?|expects?|receives?|received|runs|keeps|uses|provides?)\b"
    r"|\b(\w+)(?:ss[aä]|ll[aä]) (?:on|oli|järjest\w+)\b|\bi (\w+) (?:finns|fanns|ordnas)\b"
)
_LONG = 40  # passages, below which nobody adds a document that is not on the field
_MOSTLY = 0.6  # share of passages on the field from which a document is on it
_SUBTITLE_WORDS = 20  # of a first line that is no running text yet
_FIELD = re.compile(
    r"\b(?:integrat|immigra|migrant|migration|refugee|asylum|newcomer|multicultur|multilingu|ukrain)\w*"
    r"|\bforeign[- ](?:language|born|background|citizen|nation|origin)\w*|\bnew (?:residents|arrivals)\b"
    r"|\bfrom abroad\b"
    r"|\bcivic orientation\b|\bpopulation groups\b|\bgood relations\b|\bracis\w+|\bdiscriminat\w+|\bbackgrounds\b"
    r"|\b(?:kotout|maahanmuut|maahan muut|vieraskiel|pakolai|turvapaik|monikul|monikiel|ukrain)\w*|\bulkomaa\w*"
    r"|\byhteiskuntaorientaatio\w*|\bväestöryhm\w*"
    r"|\b(?:integration|invandr|inflytt|flykting|nyanländ|asylsök|mångkult|flerspråk|ukrain)\w*|\butländsk\w*"
    r"|\bfrämmande språk\w*|\bmed annat modersmål\b|\bbefolkningsgrupp\w*",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:in|across|throughout|to|of) (?:the (?:whole )?(?:county|region|country|province)|all of Finland|Finland)\b"
    r"|\bthe whole of the\b|\bthe \w+ region as a whole\b"
    r"|\b(?:nationally|nationwide|the national (?:average|figure)|in the (?:neighbouring|next) municipalit\w+)\b"
    r"|\b(?:koko maassa|koko maan|valtakunnallisesti|maakunnassa|hyvinvointialueella|naapurikunnassa)\b"
    r"|\b(?:i hela landet|nationellt|i landskapet|i grannkommunen)\b",
    re.IGNORECASE,
)


# What was typed.


def typed_notes(notes: str, municipality: str | None, day: str) -> SourceText | None:
    """Notes as a source; None where there are none. Raises AssistantError where they are too long."""
    if len(notes) > _NOTES_CHARS:
        raise AssistantError(
            f"The notes hold {len(notes):,} characters; at most {_NOTES_CHARS:,} are read. Save them as a file and add "
            "it with --kind own."
        )
    lines = [collapse(mask_text(_printable(line))) for line in notes.splitlines()]
    return _typed(NOTES, "Notes typed for this draft", [line for line in lines if line], municipality, day)


def typed_figures(figures: Sequence[Figure], municipality: str | None, day: str) -> SourceText | None:
    """The municipality's figures as a source, a sentence each."""
    lines = [f"{f.name}: {f.value} on {f.date} ({f.source})." if len(f.date) > 7 else
             f"{f.name}: {f.value} in {f.date} ({f.source})." for f in figures]  # fmt: skip
    return _typed(FIGURES, f"Figures given by {municipality or 'the municipality'}", lines, municipality, day)


def typed_profile(profile: Profile | None, day: str) -> SourceText | None:
    """What the municipality told of itself as a source, a sentence each."""
    if profile is None:
        return None
    return _typed(PROFILE, f"Profile of {profile.name}", list(_sentences(profile)), profile.name, day)


def _sentences(profile: Profile) -> Iterator[str]:
    name = profile.name
    if profile.population is not None:
        when = f" on {profile.population_date}" if profile.population_date else ""
        yield f"{name} has {profile.population:,} residents{when}."
    if profile.languages:
        yield f"The language of {name} is {profile.languages}."
    if profile.employment_area:
        yield f"{name} belongs to the employment area of {profile.employment_area}."
    if profile.wellbeing_county:
        yield f"{name} belongs to the wellbeing services county of {profile.wellbeing_county}."
    if profile.regional_centre:
        yield f"The regional centre of {name} is the {profile.regional_centre}."
    if profile.contact:
        yield f"The contact for integration in {name} is {profile.contact}."


def _typed(source_id: str, title: str, lines: Sequence[str], municipality: str | None, day: str) -> SourceText | None:
    if not lines:
        return None
    text = "\n\n".join(lines)
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 2
    document = Document(title, text, tuple(blocks), detect_language(text))
    passages = split_document(document, source_id)
    source = Source(
        source_id, Kind.OWN, title, municipality=municipality, language=document.language, written=day,
        passages=len(passages),
    )  # fmt: skip
    return SourceText(source, text, passages)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text if not 0xD800 <= ord(c) <= 0xDFFF)
