"""What a municipality's own documents show: of each need, of each section's chapter, of its objectives."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from assistant.gloss import gloss
from assistant.index import VectorIndex
from assistant.matching import (
    ENOUGH,
    ENOUGH_FOR_A_DRAFT,
    Matcher,
    OwnPassage,
    Shown,
    in_order,
    is_label,
    sentences,
    weighed,
)
from assistant.needs import Need, needs, says_how_many
from assistant.own import (
    PROFILE,
    OwnText,
    addresses_a_reader,
    is_over,
    names_municipality,
    of_the_field,
    speaks_of_elsewhere,
    tells_a_duty,
)
from assistant.own_theme import of_theme
from assistant.plan import DEFAULT, Section, plan_named
from assistant.rivalry import beside_rivals, taught
from assistant.standing import Standing, is_unknown, standing
from assistant.store import Store
from assistant.text import content_stems, normalise
from assistant.types import (
    Passage,
    Source,
    UnitKind,
)
from assistant.verification import SourceText
from assistant.writing import extractive
from assistant.writing.section import (
    shown_by_tables,
    states_objective,
)

Statements = Callable[[Sequence[str]], NDArray[np.float32]]  # vectors of statements, (n, dim), unit length

_TYPED = 4.0  # log odds
# Log odds, for a checklist, that a paragraph under a title on the theme speaks of it; a denial there takes a part.
_BY_TITLE = 0.5
# Log odds from which a sentence typed for a section stands under the part of its nearest need: what was typed for it is
# about it, and what is open there stays open.
_NEAR_FOR_A_NOTE = -4.5
_SENTENCES_BEFORE = 2  # of the paragraph, that tell what a sentence speaks of
_OBJECTIVE_NEAR = 0.3  # least cosine of an objective to the section that it is sorted to
# Of any other sentence; below it stand, in the example's documents, who was present and where figures are from.
_NEAR = 0.4
# Words of headings that every chapter may have.
_GENERIC = set(
    content_stems(
        "integration immigrants immigration plan planning municipality services service work person persons", "en"
    )
)

_LABEL_WORDS = 4
# Under way, proposed or asked for, whatever the day.
_NOT_YET = {
    "en": re.compile(
        r"\b(?:is|are) (?:due|scheduled|expected to|still to|yet to)\b"
        r"|\b(?:has|have) (?:proposed|suggested|asked whether)\b|\bat the (?:planning|drafting) stage\b|\bunfinished\b"
    ),
    "fi": re.compile(
        r"\b(?:on|ovat) (?:ehdottanut|ehdottaneet|esittänyt|tiedustellut|kysynyt)\b"
        r"|\bon aloitettu\b.*\bjatkuu\b|\b(?:on|ovat)(?: vielä)? kesken\b"
        r"|(?:^|[,;] |\bja )tarkoitus on\b|\bkäynnistetään\b"
    ),
    "sv": re.compile(r"\bhar (?:föreslagit|frågat|i uppdrag)\b|\bär under arbete\b|\bhåller på att\b"),
}
# A present beside a month, season or year: "avataan lokakuussa 2025", and no "kuntaan muutti". A plan if that time is
# still to come.
_PASSIVE = r"\w+(?:[aeiouyäös]t|d|ll|nn|rr)(?:aan|ään)"
_TIME = (
    r"((?:viimeistään )?(?:\w+kuussa|\w+kuun|syksyllä|keväällä|kesällä|talvella|vuonna|vuoden|viimeistään)"
    r"(?: \w+)? 20\d\d(?: lop\w+| mennessä)?)\b(?!\s*[-–])"
)
_DATED = {
    "en": re.compile(r"\b(?:is|are) taken into use ((?:on|in|by) (?:\w+ ){0,4}20\d\d)\b(?!\s*[-–])"),
    "fi": re.compile(rf"\b{_PASSIVE}\b(?: \w+){{0,4}}? {_TIME}|\b{_TIME} (?:\w+ ){{0,4}}{_PASSIVE}\b"),
    "sv": re.compile(
        r"\b(?:\w+as|inleds|genomförs|görs|bereds|hålls|fastställs|tillsätts) (?:\w+ ){0,3}"
        r"((?:i|våren|hösten|sommaren|under|före|senast|år|från) (?:\w+ ){0,2}20\d\d)\b(?!\s*[-–])"
    ),
}
# By month, the words that name it or the season that begins with it.
_BEGINNINGS = [
    re.compile(rf"\b(?:{words})")
    for words in (
        "jan|tammik", "feb|helmik", "mar(?:ch|s)|maalisk|kevää|våren|spring", "apr|huhtik", "ma[yj]|toukok",
        "jun|kesäk|kesäl|sommar|summer", "jul|heinäk", "aug|elok", "sep|syysk|syksy|höst|autumn", "o[ck]t|lokak",
        "nov|marrask", "dec|jouluk|talve|vinter|winter",
    )
]  # fmt: skip
_DEADLINE = re.compile(r"\b(?:viimeistään|lop\w+|mennessä|by|före|senast|slutet)\b")
# Least share of the passages under one heading that are about the field, from which all of them count as on it. Set by
# agreement in `python -m eval.checklists`, halves dev and dev2.
_OF_A_SECTION = 0.06
_OTHERS = re.compile(
    r"\b(?:other|neighbouring) municipalit|\b(?:naapurikun|muiden kuntien|muissa kunnissa|muista kunnista)"
    r"|\b(?:grannkommun|andra kommuner)",
    re.IGNORECASE,
)
_NEIGHBOUR = re.compile(r"(?:The neighbouring (?:municipality|town|city)|(?:Naapurikun(?:ta|na[sl])|Grannkommun)\w*)\b")


# Of the log odds of a Finnish or Swedish passage in its own language, of those of its gloss as an English passage, and
# a constant. Fitted on the examples (`python -m eval.needs --fit`): average precision over five folds goes from 0.48
# to 0.64. Glosses of the Finnish and Swedish sentences beside the English ones bring it to 0.72, and cost seven of the
# 272 items of the development halves.
WITH_GLOSS = np.array([0.47, 0.75, 0.88])
# Of what `rivalry.beside_rivals` gives, and a constant: log odds that a passage speaks of a need. Fitted on which
# passages the keys of nine made-up municipalities quote (`python -m eval.fit_evidence`). With each of them left out in
# turn, 353 of the 465 items of dev, dev2 and dev3 agree, and 179 of 218 "met" are right.
WITH_RIVALS = np.array([0.11, 0.1, 2.72, 0.04, 1.27, -1.76, 0.54, 1.08, -0.05, 1.18, -0.35, -3.24])


class GlossingMatcher(Matcher):
    """Weighs Finnish and Swedish passages by their English gloss too.

    The embedding model reads English only, and most sentences on each need are English: "asukasraati kokoontui" shares
    no word with any Finnish one, and its gloss is near to several.
    """

    def __init__(self, own: Sequence[OwnPassage], statements: Statements, *, as_of: str) -> None:
        """Weigh every passage for every need; `statements` gives the vectors of English sentences and glosses."""
        known = statements(sentences("en"))
        super().__init__(own, known, as_of=as_of)
        english = [o if o.source.language == "en" else glossed(o) for o in self._own]
        rows = [n for n, o in enumerate(self._own) if o.source.language != "en"]
        if rows:
            glosses = [english[n] for n in rows]
            meaning = statements([o.passage.text for o in glosses]) @ known.T
            scores = np.stack([self._scores[rows], weighed(glosses, "en", meaning)], axis=-1)
            self._scores[rows] = scores @ WITH_GLOSS[:-1] + WITH_GLOSS[-1]
        self.signs = beside_rivals(self._scores, taught([o.passage.text for o in english]))
        self._among = np.maximum(self._scores, self.signs @ WITH_RIVALS[:-1] + WITH_RIVALS[-1])

    def find_among(self, need: Need) -> list[Shown]:
        """The passages that speak of a need by themselves, or beside the rest of the documents, in no order."""
        scores = self._among[:, list(needs()).index(need.id)]
        return self._above(need, scores, np.full(len(scores), ENOUGH))


def glossed(one: OwnPassage) -> OwnPassage:
    """A passage as its English gloss says it, for matching only; its vector is still to be made."""
    p, language = one.passage, one.source.language
    english = replace(
        p,
        text=gloss(p.text, language) or p.text,
        headings=tuple(gloss(h, language) for h in p.headings),
        lead_in=gloss(p.lead_in, language),
    )
    source = replace(one.source, title=gloss(one.source.title, language), language="en")
    return OwnPassage(english, source, one.vector, gloss(one.before, language))


class OwnEvidence:
    """What a municipality's own documents show, need by need."""

    def __init__(self, own: OwnText, store: Store, index: VectorIndex, *, as_of: str, others: Sequence[str]) -> None:
        """Read the passages; `others` are names of other municipalities."""
        self._index, self._as_of = index, as_of
        texts = [SourceText(s, store.text(s.source_id), store.passages(s.source_id)) for s in own.sources]
        # What a municipality told of itself places it, and is evidence of nothing.
        typed = [one for one in own.typed if one.source.source_id != PROFILE]
        every = [(p, one.source) for one in typed for p in one.passages]
        every += [(p, one.source) for one in texts for p in _on_the_field(one.passages, one.source)]
        readings = _readings([p for p, _ in every])
        # The headings of a table are no sentence: "Required resources | Municipality" tells no duty.
        pairs = [
            (p, source)
            for p, source in every
            if p.kind is not UnitKind.INSTRUCTION
            and not tells_a_duty(p.text if p.kind is UnitKind.ROW else readings[p.id])
        ]
        self._quotable = {
            p.id
            for p, _ in pairs
            # Each alone too: "Mallikylä offers: - mediation as in Naapurila" names both.
            if not any(speaks_of_elsewhere(text, own.municipality, others) for text in (p.text, readings[p.id]))
            and not _tells_of_others(p, own.municipality)
        }
        vectors = index.vectors([p for p, _ in pairs]) if pairs else {}
        self.passages = [OwnPassage(p, s, vectors[p.id], _before(p, pairs[:n])) for n, (p, s) in enumerate(pairs)]
        self._matcher = GlossingMatcher(self.passages, index.statements, as_of=as_of)
        self._tables = shown_by_tables(self.passages)
        self._opened = _opened_by_labels(self.passages)
        self._has_current = any(not is_over(s, as_of) for s in own.sources)
        self._typed = {one.source.source_id for one in own.typed}
        self._shown: dict[tuple[str, bool], list[Shown]] = {}
        self._themed: dict[str, list[OwnPassage]] = {}

    def shown(self, need: Need, *, for_draft: bool = False) -> list[Shown]:
        """What speaks of a need, best first; figures of other places are left out.

        For a draft, which a person edits, that includes what is not sure enough for a checklist.
        """
        key = (need.id, for_draft)
        if key not in self._shown:
            known = self._for_draft(need) if for_draft else self._for_checklist(need)
            self._shown[key] = sorted(known, key=lambda s: (-s.standing, -s.score))
        return self._shown[key]

    def _for_draft(self, need: Need) -> list[Shown]:
        found = in_order([*self._matcher.find(need, for_draft=True), *self._tables.get(need.id, ())])
        there = {s.passage.id for s in found}
        found += [s for s in self._by_theme(need, ENOUGH_FOR_A_DRAFT) if s.passage.id not in there]
        known = [
            self._as_of_today(s)
            for s in found
            if self.may_be_said(s.passage)
            and not addresses_a_reader(s.passage.text)
            and not self._is_superseded(s.source)
        ]
        # What a person typed goes before what a document says.
        return [replace(s, score=s.score + _TYPED) if s.source.source_id in self._typed else s for s in known]

    def _for_checklist(self, need: Need) -> list[Shown]:
        """What speaks of a need, each with what it says alone; how they weigh together is the checklist's to say."""
        rows = self._tables.get(need.id, [])
        if 2 * sum(s.standing is Standing.DENIED for s in rows) < len(rows):
            rows = [s for s in rows if s.standing is not Standing.DENIED]  # one measure of five is still open
        among = self._matcher.find_among(need)
        there = {s.passage.id for s in among}
        themed = [s for s in self._by_theme(need, _BY_TITLE) if s.passage.id not in there]
        found = [self._unlabelled(s) for s in (*among, *themed, *rows)]
        return [
            replace(s, standing=self._alone(need, s)) for s in found if s is not None and self.may_be_said(s.passage)
        ]

    def _by_theme(self, need: Need, by_title: float) -> list[Shown]:
        """What speaks of a need in texts whose title names the theme of a section with that need.

        There a passage counts that comes as near as a draft asks, though a need of another section be nearer; and for
        the need that the theme itself answers, the beginning of each paragraph that is near to no other one, with
        the log odds `by_title`.
        """
        found: dict[str, Shown] = {}
        for section in plan_named(DEFAULT).sections:
            for one in self.themed(section) if need.id in section.needs else ():
                scores = self._matcher.scores(one.passage)
                nearest = max(section.needs, key=lambda n: scores[n])
                if scores[nearest] >= ENOUGH_FOR_A_DRAFT:
                    score = scores[need.id] if nearest == need.id else None
                else:
                    answers = section.theme == need.id and self._begins_to_tell(one, section)
                    score = by_title if answers else None
                if score is not None and (shown := self._matcher.shown(need, one, score)):
                    found[one.passage.id] = shown
        return list(found.values())

    def themed(self, section: Section) -> list[OwnPassage]:
        """The sentences and items of documents and chapters whose title names the theme of a section, in reading order.

        Of a title that names two themes each takes what is nearer to its needs.
        """
        if section.id not in self._themed:
            rivals = {s.id: s.needs for s in plan_named(section.plan).sections}
            themes = of_theme(section, self.passages)
            found = [one for one in self.passages if one.passage.id in themes and self._is_text(one)]
            for one in list(found):
                scores = self._matcher.scores(one.passage)
                best = max(themes[one.passage.id], key=lambda s: max(scores[n] for n in rivals[s]))
                if best != section.id:
                    found.remove(one)
            self._themed[section.id] = found
        return self._themed[section.id]

    def along(self, section: Section) -> dict[str, list[Passage]]:
        """By id of a passage, what its paragraph goes on with in a text on the theme of a section.

        What says that something is not so, or stands where another need asks for it, is no part of it.
        """
        shown = {s.passage.id for need in section.needs for s in self.shown(needs()[need], for_draft=True)}
        found: dict[str, list[Passage]] = {}
        head: Passage | None = None
        for one in self.themed(section):
            p = one.passage
            follows = head is not None and (head.source_id, head.group) == (p.source_id, p.group)
            if p.id in shown:
                head = p
            elif not follows or p.kind is not UnitKind.SENTENCE or not self._tells(one, section):
                head = None
            elif head:
                found.setdefault(head.id, []).append(p)
        return found

    def rest_of_theme(self, section: Section) -> list[Passage]:
        """What is told in texts on the theme of a section, in reading order: nothing denied, no figure of another's."""
        found: list[Passage] = []
        left_out: Passage | None = None
        for one in self.themed(section):
            p = one.passage
            # What goes on from a denial ("She is to propose one by March") says nothing without it.
            goes_on = left_out is not None and (left_out.source_id, left_out.group) == (p.source_id, p.group)
            if (goes_on and p.kind is UnitKind.SENTENCE) or not self._tells(one, section):
                left_out = p
            else:
                found.append(p)
        return found

    def _tells(self, one: OwnPassage, section: Section) -> bool:
        if standing(one.passage.text, one.source.language, as_of=self._as_of) is Standing.DENIED:
            return False
        scores = self._matcher.scores(one.passage)
        return not any(n.number and n.id not in section.needs and scores[n.id] >= ENOUGH for n in needs().values())

    def _begins_to_tell(self, one: OwnPassage, section: Section) -> bool:
        how = standing(one.passage.text, one.source.language, as_of=self._as_of)
        return not one.before and how is Standing.SHOWN and self._tells(one, section)

    def _is_text(self, one: OwnPassage) -> bool:
        """Whether a passage is running text of an own document that may stand in a plan today."""
        return (
            one.source.source_id not in self._typed
            and one.passage.kind in (UnitKind.SENTENCE, UnitKind.ITEM)
            and self.may_be_said(one.passage)
            and not is_label(one.passage)
            and not addresses_a_reader(one.passage.text)
            and not self._is_superseded(one.source)
        )

    def nearest(self, section: Section, passages: Sequence[Passage]) -> dict[str, str]:
        """By id of a passage the need of a section that it is nearest to; those that are near to none are left out."""
        found: dict[str, str] = {}
        for p in passages:
            scores = self._matcher.scores(p)
            need = max(section.needs, key=lambda n: scores[n])
            if scores[need] >= _NEAR_FOR_A_NOTE:
                found[p.id] = need
        return found

    def _unlabelled(self, shown: Shown) -> Shown | None:
        """What a label ("Ohjaus ja neuvonta.") opens, in its place; None where nothing of it may be said."""
        opened = self._opened.get(shown.passage.id)
        if opened is None:
            return shown
        how = standing(opened.text, shown.source.language, as_of=self._as_of)
        return replace(shown, passage=opened, standing=how)

    def _alone(self, need: Need, shown: Shown) -> Standing:
        """What a passage shows by itself."""
        text, language = shown.passage.text, shown.source.language
        how = self._as_of_today(shown).standing
        if not need.denials_show and is_unknown(text, language):
            return Standing.DENIED  # "the numbers of those who came for work have not been obtained"
        if how is Standing.SHOWN and not need.plans_show and is_not_yet(text, language, as_of=self._as_of):
            return Standing.PLANNED
        return how

    def _as_of_today(self, shown: Shown) -> Shown:
        """What a document whose period has ended shows, was so at most."""
        over = is_over(shown.source, self._as_of)
        return replace(shown, standing=min(shown.standing, Standing.PLANNED)) if over else shown

    def may_be_said(self, passage: Passage) -> bool:
        """Whether neither a passage nor what is quoted with it tells of another place or of a duty."""
        return passage.id in self._quotable

    def _is_superseded(self, source: Source) -> bool:
        """Whether a document's period has ended and there are others: yesterday's plan is not today's text."""
        return self._has_current and is_over(source, self._as_of)

    def is_asked_for(self, passage: Passage) -> bool:
        """Whether some need of a plan asks for a passage."""
        return any(s.passage.id == passage.id for n in needs().values() for s in self.shown(n, for_draft=True))

    def chapter(self, section: Section) -> list[Passage]:
        """Passages of own documents under a heading on the subject of a section, in reading order."""
        wanted = set(content_stems(section.title, "en")) - _GENERIC
        return [
            one.passage
            for one in self.passages
            if one.source.source_id not in self._typed
            and any(_is_heading_on(h, one.source.language, wanted) for h in one.passage.headings[1:])
            and self.may_be_said(one.passage)
            and not is_label(one.passage)
            and not addresses_a_reader(one.passage.text)
            and not self._is_superseded(one.source)
        ]

    def objectives(self, section: Section) -> list[tuple[Passage, Source]]:
        """Passages that state an objective of this section rather than of another one of the plan, in reading order."""
        stating = [one for one in self.passages if states_objective(one.passage, one.source.language)]
        stating = [
            one for one in stating
            if not self._is_superseded(one.source)
            and self.may_be_said(one.passage)
            and not addresses_a_reader(one.passage.text)
        ]  # fmt: skip
        if not stating:
            return []
        rivals = [s for s in plan_named(section.plan).sections if s.objectives]
        vectors = np.stack([one.vector for one in stating])
        likeness = np.stack([(vectors @ self._of_section(s).T).max(axis=1) for s in rivals])  # (n_sections, n_stating)
        for n, rival in enumerate(rivals):
            named = {s.passage.id for need in rival.needs for s in self.shown(needs()[need])}
            likeness[n] += [0.15 if one.passage.id in named else 0.0 for one in stating]
        mine = next((n for n, s in enumerate(rivals) if s.id == section.id), None)
        if mine is None:
            return []
        return [
            (one.passage, one.source)
            for one, best, value in zip(stating, likeness.argmax(axis=0), likeness.max(axis=0), strict=True)
            if best == mine and value >= _OBJECTIVE_NEAR
        ]

    def of_section(self, section: Section) -> list[OwnPassage]:
        """Every sentence and list item of own documents that belongs to a section, in reading order.

        What its needs ask for, its chapters, texts whose title names its theme, and what no need of any section asks
        for but is nearest to this one. Rows are left out: they say little outside their table.
        """
        wanted = {s.passage.id for need in section.needs for s in self.shown(needs()[need], for_draft=True)}
        wanted |= {p.id for p in self.chapter(section)} | {one.passage.id for one in self.themed(section)}
        every = [one for one in self.passages if self._is_text(one)]
        loose = [one for one in every if one.passage.id not in wanted and not self.is_asked_for(one.passage)]
        if loose:
            sections = plan_named(section.plan).sections
            vectors = np.stack([one.vector for one in loose])
            likeness = np.stack([(vectors @ self._of_section(s).T).max(axis=1) for s in sections])
            mine = next((n for n, s in enumerate(sections) if s.id == section.id), -1)
            wanted |= {
                one.passage.id
                for one, best, value in zip(loose, likeness.argmax(axis=0), likeness.max(axis=0), strict=True)
                if best == mine and value >= _NEAR
            }
        return [one for one in every if one.passage.id in wanted]

    def _of_section(self, section: Section) -> np.ndarray:
        return self._index.statements([section.title, *section.queries["en"]])


def _is_heading_on(heading: str, language: str, wanted: set[str]) -> bool:
    """Whether a heading is on a subject: half of its words at least, and no other plan's or step's business."""
    english = heading if language == "en" else gloss(heading, language)
    said = set(content_stems(english, "en")) - _GENERIC
    return bool(said) and len(said & wanted) >= max(1, len(said) / 2)


def _readings(passages: Sequence[Passage]) -> dict[str, str]:
    """By id, each passage with all that is quoted with it: what a list begins with, what "it" points back to."""
    groups: dict[tuple[str, int], list[Passage]] = {}
    for p in passages:
        groups.setdefault((p.source_id, p.group), []).append(p)
    return {
        p.id: " ".join(
            [p.lead_in] * (p.kind is UnitKind.ROW)
            + [q.text for q in extractive.with_company(p, groups[p.source_id, p.group])]
        )
        for p in passages
    }


def is_not_yet(text: str, language: str, *, as_of: str) -> bool:
    """Whether a sentence tells of what is under way, proposed or set for a day to come, beyond what `standing` knows.

    "Tehdään syksyllä 2027" stands in the present and is a plan: what had been done would be told in the past. Of a
    time that has begun by the day nobody can tell, so it is taken as it stands.
    """
    said = normalise(text)
    if _NOT_YET[language].search(said):
        return True
    times = (time for found in _DATED[language].finditer(said) for time in found.groups() if time)
    return any(_month_of(time) > as_of[:7] for time in times)


def _month_of(time: str) -> str:
    """The month, as "2026-10", with which a time begins, or with which a deadline ends."""
    year = re.findall(r"20\d\d", time)[-1]
    named = next((n for n, words in enumerate(_BEGINNINGS, start=1) if words.search(time)), None)
    return f"{year}-{named or (12 if _DEADLINE.search(time) else 1):02}"


def _opened_by_labels(passages: Sequence[OwnPassage]) -> dict[str, Passage]:
    """By id of a short opening ("Ohjaus ja neuvonta.") of a paragraph or item, the sentence that it opens."""
    groups: dict[tuple[str, int], list[Passage]] = {}
    for one in passages:
        groups.setdefault((one.passage.source_id, one.passage.group), []).append(one.passage)
    return {
        p.id: following
        for group in groups.values()
        for p, following in pairwise(group)
        if len(p.text.split()) < _LABEL_WORDS and p.text.endswith((".", ":")) and not says_how_many(p.text)
    }


def _on_the_field(passages: Sequence[Passage], source: Source) -> list[Passage]:
    """The passages of a document that are about the field, and those that share their heading.

    A chapter of a wellbeing plan names its subject once, and goes on with "the panel" and "the report".
    """
    kept = {p.id for p in of_the_field(passages, source)}
    sections: dict[tuple[str, ...], list[Passage]] = {}
    for p in passages:
        sections.setdefault(p.headings, []).append(p)
    return [
        p
        for p in passages
        if p.id in kept or sum(q.id in kept for q in sections[p.headings]) >= _OF_A_SECTION * len(sections[p.headings])
    ]


def _tells_of_others(passage: Passage, municipality: str | None) -> bool:
    """Whether a passage stands under a heading on other municipalities, or begins with one that it does not name."""
    if any(_OTHERS.search(heading) for heading in passage.headings[-1:]):
        return True
    here = municipality is not None and names_municipality(passage.text, municipality)
    return not here and _NEIGHBOUR.match(passage.text) is not None


def _before(passage: Passage, earlier: Sequence[tuple[Passage, Source]]) -> str:
    """What stands before a sentence in its paragraph."""
    if passage.kind is not UnitKind.SENTENCE:
        return ""
    same = takewhile(
        lambda pair: pair[0].group == passage.group and pair[0].source_id == passage.source_id, reversed(earlier)
    )
    return " ".join(p.text for p, _ in list(same)[:_SENTENCES_BEFORE])
