"""What a municipality's own documents show: of each need, of each section's chapter, of its objectives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from assistant.gloss import gloss
from assistant.index import VectorIndex
from assistant.matching import Matcher, OwnPassage, Shown, in_order, is_label, sentences
from assistant.needs import Need, needs
from assistant.own import (
    PROFILE,
    OwnText,
    addresses_a_reader,
    is_over,
    of_the_field,
    speaks_of_elsewhere,
    tells_a_duty,
)
from assistant.plan import Section, plan_named
from assistant.standing import Standing
from assistant.store import Store
from assistant.text import content_stems
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

_TYPED = 4.0  # log odds
_SENTENCES_BEFORE = 2  # of the paragraph, that tell what a sentence speaks of
_OBJECTIVE_NEAR = 0.3  # least cosine of an objective to the section that it is sorted to
# Words of headings that every chapter may have.
_GENERIC = set(
    content_stems(
        "integration immigrants immigration plan planning municipality services service work person persons", "en"
    )
)


class OwnEvidence:
    """What a municipality's own documents show, need by need."""

    def __init__(self, own: OwnText, store: Store, index: VectorIndex, *, as_of: str, others: Sequence[str]) -> None:
        """Read the passages; `others` are names of other municipalities."""
        self._index, self._as_of = index, as_of
        texts = [SourceText(s, store.text(s.source_id), store.passages(s.source_id)) for s in own.sources]
        # What a municipality told of itself places it, and is evidence of nothing.
        typed = [one for one in own.typed if one.source.source_id != PROFILE]
        every = [(p, one.source) for one in typed for p in one.passages]
        every += [(p, one.source) for one in texts for p in of_the_field(one.passages, one.source)]
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
        }
        vectors = index.vectors([p for p, _ in pairs]) if pairs else {}
        self.passages = [OwnPassage(p, s, vectors[p.id], _before(p, pairs[:n])) for n, (p, s) in enumerate(pairs)]
        self._matcher = Matcher(self.passages, index.statements(sentences("en")), as_of=as_of)
        self._tables = shown_by_tables(self.passages)
        self._has_current = any(not is_over(s, as_of) for s in own.sources)
        self._typed = {one.source.source_id for one in own.typed}
        self._shown: dict[tuple[str, bool], list[Shown]] = {}

    def shown(self, need: Need, *, for_draft: bool = False) -> list[Shown]:
        """What speaks of a need, best first; figures of other places are left out.

        For a draft, which a person edits, that includes what is not sure enough for a checklist.
        """
        key = (need.id, for_draft)
        if key not in self._shown:
            found = in_order([*self._matcher.find(need, for_draft=for_draft), *self._tables.get(need.id, ())])
            known = [
                replace(s, standing=min(s.standing, Standing.PLANNED)) if is_over(s.source, self._as_of) else s
                for s in found
                if self.may_be_said(s.passage)
                and not (for_draft and (addresses_a_reader(s.passage.text) or self._is_superseded(s.source)))
            ]
            if for_draft:  # what a person typed goes before what a document says
                known = [replace(s, score=s.score + _TYPED) if s.source.source_id in self._typed else s for s in known]
            self._shown[key] = sorted(known, key=lambda s: (-s.standing, -s.score))
        return self._shown[key]

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


def _before(passage: Passage, earlier: Sequence[tuple[Passage, Source]]) -> str:
    """What stands before a sentence in its paragraph."""
    if passage.kind is not UnitKind.SENTENCE:
        return ""
    same = takewhile(
        lambda pair: pair[0].group == passage.group and pair[0].source_id == passage.source_id, reversed(earlier)
    )
    return " ".join(p.text for p, _ in list(same)[:_SENTENCES_BEFORE])
