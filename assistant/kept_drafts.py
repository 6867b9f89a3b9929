"""Kept drafts in a person's hands: their versions, what is changed in them, and what of them goes into files.

Each change is checked against the quotes and for copying, and kept as the next version. What it makes of a draft is in
`editing.py`, how versions are kept in `workbook.py`; how sections are drafted in `planning.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from assistant import editing
from assistant.citing import Citing, Numbering
from assistant.editing import Check, Place
from assistant.errors import AssistantError
from assistant.matching import OwnPassage
from assistant.municipalities import Municipalities
from assistant.needs import needs
from assistant.own import own_sources
from assistant.passages import sentence_spans
from assistant.plan import DEFAULT, plan_named, section_named
from assistant.planning import Planning
from assistant.text import collapse
from assistant.types import (
    Answer,
    Citation,
    Draft,
    DraftStatement,
    Kind,
    Notice,
    Question,
    Quote,
    SectionDraft,
    Source,
    Support,
    Version,
    WarningCode,
)
from assistant.verification import Verified, verify_draft
from assistant.writing import extractive
from assistant.writing.section import NOTED


class KeptDrafts:
    """The kept drafts of one workspace."""

    def __init__(
        self, planning: Planning, municipalities: Municipalities, sources: Callable[[], Sequence[Source]]
    ) -> None:
        """Change what `planning` drafted and keep it in its workbook."""
        self._planning, self._municipalities, self._sources = planning, municipalities, sources
        self._workbook = planning.workbook

    # Versions, and what of the latest goes into files.

    def versions(self, section: str, *, municipality: str | None = None) -> list[Version]:
        """The kept versions of a section, oldest first."""
        wanted = section_named(section)
        return self._workbook.versions(self._municipalities.chosen(municipality), wanted.plan, wanted.id)

    def go_back(self, section: str, number: int, *, municipality: str | None = None, who: str) -> Version:
        """Make an older version the newest again; those in between stay."""
        wanted, whose = section_named(section), self._municipalities.chosen(municipality)
        return self._workbook.go_back(whose, wanted.plan, wanted.id, number, who=who)

    def for_export(
        self, plan: str = DEFAULT, *, municipality: str | None = None, section: str = ""
    ) -> list[SectionDraft]:
        """The latest drafts of a plan, or of one section, in its order and without what was left out."""
        kept = self._workbook.latest_drafts(self._municipalities.chosen(municipality), plan)
        latest = {version.draft.section: version.draft for version in kept}
        wanted = [one.id for one in plan_named(plan).sections if section in ("", one.id)]
        found = [latest[one] for one in wanted if one in latest]
        return [
            draft if (shorter := editing.finished(draft)) is draft else self._planning.compared(shorter)
            for draft in found
        ]  # fmt: skip

    # What a person does.

    def accept(
        self, section: str, places: Sequence[Place], *, municipality: str | None = None, who: str, seen: int
    ) -> Version:
        """Accept statements of a section, as one version.

        Args:
            section: Id or title.
            places: Of the statements in the version that the person saw.
            municipality: Whose plan.
            who: Whose version it is.
            seen: Number of the version that the person saw.

        Raises:
            AssistantError: There is no such version or statement; says what to do.
        """
        return self._change(
            section, municipality, who, seen, "accepted", places, lambda draft: editing.accept(draft, places)
        )

    def leave_out(
        self, section: str, place: Place, *, municipality: str | None = None, who: str, seen: int
    ) -> Version:  # fmt: skip
        """Leave a statement out of what goes into files; takes what `accept` takes."""
        return self._change(
            section, municipality, who, seen, "left out", [place], lambda draft: editing.leave_out(draft, place)
        )

    def undo(self, section: str, place: Place, *, municipality: str | None = None, who: str, seen: int) -> Version:
        """Take the last decision on a statement back; takes what `accept` takes."""
        return self._change(
            section, municipality, who, seen, "taken back", [place], lambda draft: editing.undo(draft, place)
        )

    def reword(
        self,
        section: str,
        place: Place,
        texts: Sequence[str],
        *,
        municipality: str | None = None,
        who: str,
        seen: int,
    ) -> Version:
        """Put a statement, or the cells of a row, into other words; takes what `accept` takes.

        What agrees with the quotes of the statement keeps its citations; the rest stands as the person's own words.
        """

        def change(draft: SectionDraft) -> SectionDraft:
            return editing.reword(draft, place, texts, self._check(draft))

        return self._change(section, municipality, who, seen, "edited", [place], change)

    def fill_in(
        self,
        section: str,
        place: Place,
        gap: str,
        answer: str,
        *,
        sentence: str | None = None,
        municipality: str | None = None,
        who: str,
        seen: int,
    ) -> Version:
        """Answer an open question where it stands in a statement; takes what `accept` takes, and:

        Args:
            section: Id or title.
            place: Of the statement.
            gap: Id of the question.
            answer: As it is to stand in the sentence.
            sentence: The sentence with its mark in the language of the answer; as it was drafted by default.
            municipality: Whose plan.
            who: Whose version it is.
            seen: Number of the version that the person saw.
        """

        def change(draft: SectionDraft) -> SectionDraft:
            text = editing.filled_in(sentence or editing.words_at(draft, place), gap, answer)
            return editing.reword(draft, place, [text], self._check(draft))

        return self._change(section, municipality, who, seen, "filled in", [place], change)

    def put_into_draft(
        self,
        section: str,
        answer: Answer,
        *,
        municipality: str | None = None,
        who: str,
        statements: Sequence[int] | None = None,
    ) -> Version:
        """Put statements of an answer at the end of a section under a heading of their own; drafts it first if need be.

        Args:
            section: Id or title.
            answer: To a question. Each statement is checked once more against its quotes.
            municipality: Whose plan.
            who: Whose version it is.
            statements: Numbers of statements, from 0; by default all that may stand in a plan. What is left out of
                these is told among the warnings of the draft.

        Raises:
            AssistantError: A statement that was asked for, or each of the answer, may not stand in a plan: another
                municipality's programme gave it, or no source supports it.
        """
        wanted = section_named(section)
        whose = self._municipalities.chosen(municipality)
        chosen = range(len(answer.statements)) if statements is None else statements
        if not chosen or any(not 0 <= n < len(answer.statements) for n in chosen):
            raise AssistantError(
                f"There is nothing to put into the draft: the answer has {len(answer.statements)} statements. "
                "Choose an answer that tells something."
            )
        own = {s.source_id for s in own_sources(self._sources(), whose)}
        by_id = {c.id: c for c in answer.citations}
        refused = [
            reason for n in chosen if (reason := _refusal([by_id[i] for i in answer.statements[n].citations], own))
        ]
        if refused and (statements is not None or len(refused) == len(chosen)):
            raise AssistantError(refused[0])
        newest = self._workbook.draft(whose, wanted.plan, wanted.id)
        if newest is None:
            newest = self._planning.redraft(wanted.id, municipality=whose, as_of=answer.as_of, who=who)
        draft = newest.draft
        citing = self._planning.citing(draft)
        numbering = Numbering()
        kept = []
        for n in chosen:
            statement = answer.statements[n]
            quotes = [by_id[i] for i in statement.citations]
            if _refusal(quotes, own):
                continue
            verdict = verify_draft(
                Draft(answer.writer, (DraftStatement(statement.text, tuple(map(_quote, quotes))),)), citing.source_text
            )
            if not verdict.statements:
                raise AssistantError(
                    f"A source of “{statement.text[:60]}” has changed or was taken out since the answer was given. "
                    "Ask the question again."
                )
            kept.append(numbering.statement(verdict.statements[0]))
        citations = numbering.citations(citing, draft.as_of)
        question = Question(wanted.title, draft.as_of, "en", wanted.title, (wanted.title,))
        warnings = list(citing.warnings(question, kept, citations))
        warnings += [Notice(WarningCode.OTHER_MUNICIPALITY, reason) for reason in dict.fromkeys(refused)]
        changed = self._planning.compared(editing.put_in(draft, kept, citations, warnings))
        return self._workbook.save_draft(changed, who=who, why="put in from an answer", base=newest.number)

    def unused(self, draft: SectionDraft, *, wait: bool = True) -> list[OwnPassage] | None:
        """What the municipality's own documents say on the section of a draft and its text does not.

        The first time it takes seconds; without `wait` None is given then, and at once.
        """
        evidence = self._planning.own_evidence(draft, wait=wait)
        if evidence is None:
            return None
        cited = [(c.source_id, c.start, c.end) for c in draft.citations]
        said = collapse(" ".join(s.text for block in draft.blocks for s in block.statements))
        return [
            one for one in evidence.of_section(section_named(draft.section))
            if collapse(one.passage.text) not in said
            and not any(
                source_id == one.passage.source_id and one.passage.start < end and start < one.passage.end
                for source_id, start, end in cited
            )
        ]  # fmt: skip

    def put_in_passage(
        self, section: str, passage: str, *, municipality: str | None = None, who: str, seen: int
    ) -> Version:
        """Put one of the `unused` passages into a section, under the heading that asks for it.

        Takes what `accept` takes, and:

        Args:
            section: Id or title.
            passage: Its id.
            municipality: Whose plan.
            who: Whose version it is.
            seen: Number of the version that the person saw.
        """
        wanted = section_named(section)

        def change(draft: SectionDraft) -> SectionDraft:
            one = next((one for one in self.unused(draft) or () if one.passage.id == passage), None)
            citing, numbering = self._planning.citing(draft), Numbering()
            quoted = extractive.quote_passages([one.passage], citing.group, citing.text) if one else []
            verdict = verify_draft(Draft(extractive.NAME, tuple(quoted)), citing.source_text)
            if not verdict.statements:
                raise AssistantError(
                    "This passage stands in the section already, or its document has gone. Open the section again."
                )
            put = [numbering.statement(verified) for verified in verdict.statements]
            citations = numbering.citations(citing, draft.as_of)
            question = Question(wanted.title, draft.as_of, "en", wanted.title, (wanted.title,))
            warnings = list(citing.warnings(question, put, citations))
            evidence = self._planning.own_evidence(draft)
            asked = (
                part.heading for part in wanted.parts for need in part.needs
                if evidence and any(s.passage.id == passage for s in evidence.shown(needs()[need], for_draft=True))
            )  # fmt: skip
            return editing.put_in(draft, put, citations, warnings, heading=next(asked, NOTED))

        return self._change(section, municipality, who, seen, "put in from a document", [], change)

    def _change(
        self,
        section: str,
        municipality: str | None,
        who: str,
        seen: int,
        why: str,
        places: Sequence[Place],
        change: Callable[[SectionDraft], SectionDraft],
    ) -> Version:
        """Keep what a change makes of a section.

        Where somebody else has saved a version meanwhile, the change is made in theirs if the statements are the same
        there, and else in the version that was seen: both stay, and `beside` of the new one names theirs.
        """
        wanted, whose = section_named(section), self._municipalities.chosen(municipality)
        newest = self._workbook.draft(whose, wanted.plan, wanted.id)
        base = newest if newest and newest.number == seen else self._workbook.draft(whose, wanted.plan, wanted.id, seen)
        if newest is None or base is None:
            raise AssistantError(f"The section “{wanted.title}” has no version {seen}. Open it again, or draft it.")
        same = all(editing.same_at(base.draft, newest.draft, place) for place in places)
        start = newest.draft if same else base.draft
        changed = change(start)
        if editing.text_to_compare(changed) != editing.text_to_compare(start):
            changed = self._planning.compared(changed)
        return self._workbook.save_draft(changed, who=who, why=why, base=seen)

    def _check(self, draft: SectionDraft) -> Check:
        """Says which citations of a draft a text rests on."""
        citing, by_id = self._planning.citing(draft), {c.id: c for c in draft.citations}

        def check(text: str, numbers: Sequence[int]) -> tuple[tuple[int, ...], Support]:
            found = [by_id[n] for n in numbers if n in by_id]
            verified = _holding(text, found, citing)
            if verified is None:
                return (), Support.UNSUPPORTED
            needed = tuple(c.id for c in found if len(found) == 1 or _rests_on(text, c, citing))
            return needed or tuple(c.id for c in found), verified.support

        return check


def _quote(citation: Citation) -> Quote:
    return Quote(citation.source_id, citation.quote, citation.start, citation.end)


def _holding(text: str, citations: Sequence[Citation], citing: Citing) -> Verified | None:
    """A text that agrees with its quotes as it stands; None where it does not."""
    statement = DraftStatement(text, tuple(map(_quote, citations)))
    found = verify_draft(Draft(extractive.NAME, (statement,)), citing.source_text).statements
    return found[0] if found and found[0].repaired is None else None


def _rests_on(text: str, citation: Citation, citing: Citing) -> bool:
    """Whether a sentence of a text agrees with one quote alone, so that the text needs it."""
    sentences = [line[start:end] for line in text.splitlines() for start, end in sentence_spans(line)]
    return any(_holding(sentence, [citation], citing) for sentence in sentences)


def _refusal(citations: Sequence[Citation], own: Collection[str]) -> str:
    """Why a statement with these citations may not stand in a plan; empty where it may."""
    theirs = [c for c in citations if c.kind is Kind.PROGRAMME and c.source_id not in own]
    if theirs:
        whose = theirs[0].municipality or "another municipality"
        return (
            f"A statement is drawn from the programme of {whose}, which is an example and no source of text for this "
            "plan. Put the other statements in, and write this one in your own words."
        )
    if not citations:
        return "A statement has no source. Write it in your own words in the draft, or ask for a source."
    return ""
