"""What is said in the chat beside questions: draft this section, make it shorter, what does the checklist lack.

A request is recognised by its verb and what it names, in three languages; everything else is a question. Which section
is meant is decided by the words of its title and headings; where none or several fit, the names are offered instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.checklist import Checklist, checklists
from assistant.errors import QuestionError
from assistant.gloss import gloss
from assistant.own import same_name
from assistant.plan import DEFAULT, Section, plans
from assistant.text import content_stems, normalise


class Revision(Enum):
    """How the draft before is to be changed."""

    SHORTER = "shorter"
    LONGER = "longer"
    OTHER_INDICATOR = "other indicator"


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Draft a section; several where the words fit them alike, none where they fit no section."""

    sections: tuple[Section, ...]
    municipality: str | None
    whole: bool = False  # the whole plan, which the chat does not draft

    @property
    def section(self) -> Section:
        """The one that is meant; raises QuestionError with the names to choose from."""
        if len(self.sections) == 1:
            return self.sections[0]
        if self.whole:
            raise QuestionError(
                "The chat drafts one section at a time: write “Draft the section on …”. The whole plan as a Word file: "
                "python -m assistant draft --all --out plan.docx"
            )
        some = self.sections or plans()[DEFAULT].sections
        names = "; ".join(section.title for section in some)
        raise QuestionError(f"Which section is meant? Write “Draft the section on …” with one of these: {names}.")


@dataclass(frozen=True, slots=True)
class ChecklistRequest:
    """Answer a checklist."""

    checklist: Checklist
    municipality: str | None


Request = DraftRequest | ChecklistRequest | Revision

_DRAFT = re.compile(
    r"^(?:please |could you |can you |would you |now |and |then |ok |okay )*"
    r"(?:draft|re-?draft|write|compose|prepare|luonnostele|kirjoita|laadi|tee luonnos"
    r"|skriv|utforma|gör (?:ett )?utkast)\b"
)
_SECTION = re.compile(r"\b(?:sections?|chapters?|luku\w*|luvu\w*|osio\w*|avsnitt\w*|kapit\w+)\b")
_CHECKLIST = re.compile(r"\b(?:checklists?|check list|tarkistuslista\w*|checklist\w*|kontrollist\w*)\b")
# "What does the checklist say of the coordinator?" asks; "what do we lack", "go through it" want it answered.
_OURS = re.compile(
    r"\b(?:we|us|our|ours)\b|\b(?:lack|missing|gaps?|still (?:open|to do)|go through|fill in|answer|run)\b"
    r"|\b(?:meiltä|meidän|meillä|puuttu\w*|käy läpi|täytä)\b|\b(?:oss|vår\w*|saknar|saknas|gå igenom|fyll i)\b"
)
_REVISIONS = {
    Revision.SHORTER: re.compile(
        r"\b(?:shorter|shorten|too long|more concise|briefer|cut it|lyhyempi|lyhennä|tiivistä|kortare|korta)\b"
    ),
    Revision.LONGER: re.compile(r"\b(?:longer|more detail\w*|in full|pidempi|pidennä|laajemmin|längre|utförligare)\b"),
    Revision.OTHER_INDICATOR: re.compile(
        r"\b(?:other|another|different|next|toista|toinen|eri|vaihda|en annan|annan|byt)\b.{0,20}"
        r"\b(?:indicator|indikaattor\w*|mittari\w*|indikator\w*)"
    ),
}
# "Is a shorter plan allowed by law?" asks; "Could you draft ...?" does not.
_ASKS = re.compile(
    r"^(?!(?:can|could|would|will) you\b)(?:is|are|does|do|did|has|have|can|could|must|may|should|who|what|which|when|"
    r"where|why|how|onko|voiko|saako|pitääkö|kuka|mikä|mitä|milloin|miten|miksi|är|får|måste|kan|vem|vad|vilken|när|hur|varför)\b"
    r"|^(?!(?:please |and |now |then )*(?:can|could|would|will) you\b).*\?$"
)
_WRITE_DOWN = re.compile(
    r"^(?:please )?(?:write down|prepare the (?:meeting|minutes)|write (?:a|an) (?:letter|e-?mail|poem))\b"
)
_WHOLE = re.compile(
    r"\b(?:whole|entire|complete|full) plan\b|\ball (?:the )?sections\b|\bkoko suunnitelma\w*|\bhela planen\b"
)
_ALONE_WORDS = 5  # "make it shorter" where nothing was drafted is told so; a longer text is a question
_REVISION_WORDS = 14  # a longer text is a question of its own
_LEAST, _LEAST_ALONE, _TIE = 0.5, 1.0, 0.1  # a heading's word is enough with the word "section", a title's without
_OLD = re.compile(r"\b(?:1386|old (?:law|act|programme|checklist)|former|earlier|vanha\w*|gaml\w+)\b")
_PACKAGE = re.compile(
    r"\b(?:service package|integration programme|section 13|kotoutumisohjelma\w*|integrationsprogram\w*)\b"
)


def read_request(text: str, language: str, *, municipalities: Sequence[str], drafted: bool) -> Request | None:
    """What is asked for; None where it is a question.

    Args:
        text: As typed.
        language: en, fi or sv.
        municipalities: That the workspace knows.
        drafted: Whether the turn before was a draft, which can be revised.
    """
    said = normalise(" ".join(text.split()))
    asks = _ASKS.search(said) is not None
    if not asks and len(said.split()) <= _REVISION_WORDS:
        for revision, pattern in _REVISIONS.items():
            if pattern.search(said) and (drafted or len(said.split()) <= _ALONE_WORDS):
                return revision
    whose = _municipality(text, municipalities)
    if _DRAFT.search(said) and not asks and not _WRITE_DOWN.search(said):
        if _WHOLE.search(said):
            return DraftRequest((), whose, whole=True)
        names_section = _SECTION.search(said) is not None
        english = text if language == "en" else gloss(text, language)
        fitting = sections_for(english, without=whose or "", least=_LEAST if names_section else _LEAST_ALONE)
        if fitting or names_section:
            return DraftRequest(tuple(fitting), whose)
    if _CHECKLIST.search(said) and _OURS.search(said):
        old, package = _OLD.search(said), _PACKAGE.search(said)
        name = "programme-1386" if old else "service-package" if package else "plan"
        return ChecklistRequest(checklists()[name], whose)
    return None


def sections_for(text: str, *, without: str = "", least: float) -> list[Section]:
    """The sections whose title, headings and queries a text names best, where they score at least so much.

    Of the plan of the law in force, unless the text asks for the old one.
    """
    said = set(content_stems(text, "en")) - set(content_stems(without, "en"))
    plan = plans()["programme-1386" if _OLD.search(normalise(text)) else "plan"]
    scores = []
    for section in plan.sections:
        if section.id in text.lower().split():
            return [section]
        title = set(content_stems(section.title, "en"))
        rest = set(content_stems(" ".join([*section.queries["en"], *(part.heading for part in section.parts)]), "en"))
        scores.append(2 * len(said & title) / max(1, len(title)) ** 0.5 + 0.5 * len(said & (rest - title)))
    best = max(scores)
    if best < least:
        return []
    return [s for s, score in zip(plan.sections, scores, strict=True) if score >= best - _TIE]


def _municipality(text: str, known: Sequence[str]) -> str | None:
    """The municipality that a text names: a known one in any case, or the words after "for" where none is."""
    for name in known:
        if re.search(rf"\b{re.escape(name[: max(4, len(name) - 1)])}\w{{0,6}}", text, re.IGNORECASE):
            return name
    found = re.search(r"\b(?:for|of|för)\s+((?:[A-ZÅÄÖ][\wåäöÅÄÖ-]+)(?:\s+[A-ZÅÄÖ][\w-]+)?)\s*[.?!]?$", text)
    if found and not any(same_name(found[1], name) for name in known):
        return found[1]
    return None
