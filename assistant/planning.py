"""A municipality's plan in the making: sections drafted and kept, checklists answered, what it told of itself, files.

Needs no question to the network and no lock of the index: it reads the documents and writes into the workbook only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from assistant import editing, export
from assistant.checklist import checklist_named
from assistant.citing import Citing, Numbering
from assistant.copying.workspace import Comparisons
from assistant.drafting import DEFAULT_WISHES, Drafter, SectionModel
from assistant.editing import Check, Place
from assistant.errors import AssistantError
from assistant.export import labels
from assistant.index import VectorIndex
from assistant.notices import question_notices, remote_notice
from assistant.own import OwnText, chosen_municipality, own_sources, typed_figures, typed_notes, typed_profile
from assistant.own_evidence import OwnEvidence
from assistant.passages import sentence_spans
from assistant.personal_data import mask_text
from assistant.plan import DEFAULT, Section, plan_named, section_named
from assistant.question import read_question
from assistant.requests import Revision
from assistant.retrieval import Retriever
from assistant.settings import Settings, is_remote
from assistant.situation.intake import described, read_situation_table
from assistant.situation.picture import Picture, build_picture, picture_section, put_into
from assistant.store import Store
from assistant.types import (
    Answer,
    ChecklistAnswer,
    Citation,
    CopyingCheck,
    Draft,
    DraftStatement,
    Figure,
    ItemStatus,
    Kind,
    Notice,
    Override,
    Passage,
    Profile,
    Question,
    Quote,
    SectionDraft,
    SituationTable,
    Source,
    Support,
    Version,
    WarningCode,
    Wishes,
)
from assistant.verification import Verified, verify_draft
from assistant.words import words
from assistant.workbook import Workbook
from assistant.writing import chat_model, extractive

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_POPULATION = "immigrant-numbers"  # the need of the section that takes the situation picture


class Planning:
    """The plan of one workspace."""

    def __init__(
        self,
        store: Store,
        index: VectorIndex,
        retriever: Retriever,
        sources: Callable[[], Sequence[Source]],
        ready: Callable[[], None],
        comparisons: Comparisons,
        *,
        settings: Settings,
        folder: Path,
    ) -> None:
        """Open the workbook in `folder`; `ready` brings the index up to date."""
        self.workbook = Workbook(folder / "workbook.sqlite")
        self._comparisons = comparisons
        self._settings, self._sources, self._ready, self._store = settings, sources, ready, store
        self._drafter = Drafter(store, index, retriever, sources, comparisons, question_chars=settings.question_chars)

    def use(self, settings: Settings) -> None:
        """Go on with other settings: those of the chat model may change while the program runs."""
        self._settings = settings

    def close(self) -> None:
        """Let go of the workbook."""
        self.workbook.close()

    # Drafts.

    def draft(
        self,
        section: str,
        *,
        municipality: str | None = None,
        notes: str = "",
        as_of: str | None = None,
        wishes: Wishes = DEFAULT_WISHES,
        who: str | None = None,
        base: int | None = None,
    ) -> SectionDraft:
        """Draft a section of a plan: what is asked, what the municipality's own documents say, what is open.

        Args:
            section: Id or title, as `plan.plans` names them.
            municipality: Whose plan it is; by default the one that the workspace knows.
            notes: Typed for this draft; they are cited as such.
            as_of: ISO date on which the law is taken; today by default.
            wishes: How it is to be written.
            who: Keeps the draft as a version of theirs; nothing is kept by default.
            base: The version that they saw; the newest by default.

        Raises:
            AssistantError: There is no such section, or the municipality is not clear; says what to do.
        """
        draft = next(self._drafts([section_named(section)], municipality, notes, as_of, wishes))
        return draft if who is None else self._keep(draft, who, wishes, base).draft

    def draft_plan(
        self,
        plan: str = DEFAULT,
        *,
        municipality: str | None = None,
        notes: str = "",
        as_of: str | None = None,
        who: str | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> list[SectionDraft]:
        """Draft every section of a plan; takes what `draft` takes."""
        drafts = list(self._drafts(plan_named(plan).sections, municipality, notes, as_of, DEFAULT_WISHES, progress))
        return drafts if who is None else [self._keep(draft, who, DEFAULT_WISHES, None).draft for draft in drafts]

    def draft_rest(
        self,
        plan: str = DEFAULT,
        *,
        municipality: str | None = None,
        as_of: str | None = None,
        who: str,
        progress: Callable[[int, int, str], None] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> list[Version]:
        """Draft the sections of a plan of which no version is kept; each is kept as soon as it is drafted.

        Takes what `draft` takes, and `stopped`: asked before each section; once it says so, the rest is left as it is.
        """
        there = {v.draft.section for v in self.workbook.latest_drafts(self._municipality(municipality), plan)}
        missing = [section for section in plan_named(plan).sections if section.id not in there]
        versions: list[Version] = []
        if not missing:
            return versions
        drafts = self._drafts(missing, municipality, "", as_of, DEFAULT_WISHES, progress)
        while not stopped() and (draft := next(drafts, None)):
            versions.append(self._keep(draft, who, DEFAULT_WISHES, None))
        return versions

    def redraft(
        self,
        section: str,
        *,
        municipality: str | None = None,
        notes: str = "",
        as_of: str | None = None,
        wishes: Wishes = DEFAULT_WISHES,
        who: str,
        base: int | None = None,
    ) -> Version:
        """Draft a section and keep it; takes what `draft` takes. What a person decided in the last version stands."""
        draft = next(self._drafts([section_named(section)], municipality, notes, as_of, wishes))
        return self._keep(draft, who, wishes, base)

    def _drafts(
        self,
        sections: Sequence[Section],
        municipality: str | None,
        notes: str,
        as_of: str | None,
        wishes: Wishes,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Iterator[SectionDraft]:
        own, day = self._own(municipality, notes, as_of)
        picture = self._picture(own.municipality)
        if self._settings.corpus == "none" and not self._sources() and not own.typed:
            raise AssistantError(
                "The workspace is empty, so there is nothing to draft from. Add documents with: python -m assistant "
                "add FILE --kind own, and leave KOTOAPURI_CORPUS at bundled for law and guidance."
            )
        evidence = self._drafter.own_evidence(own, day)
        notices = question_notices(masked=mask_text(notes) != notes, what="The notes")
        model = self._model()
        for n, section in enumerate(sections):
            if progress:
                progress(n, len(sections), section.title)
            # Of a whole plan the last section takes the notes that no section asks for, so that each stands once.
            if len(sections) == 1:
                takes: Callable[[Passage], bool] = _always
            else:
                takes = partial(_if_unasked, evidence) if section is sections[-1] else _never
            takes_figures = bool(picture.own) and _POPULATION in section.needs
            draft = self._drafter.draft(
                section, own, self._without_figures(own, picture, day) if takes_figures else evidence, as_of=day,
                wishes=wishes, notices=notices, model=model, notes=takes,
            )  # fmt: skip
            if _POPULATION in section.needs:  # its text has changed since it was compared
                draft = self._compared(self._with_picture(draft, own, picture, day))
            yield draft

    def _without_figures(self, own: OwnText, picture: Picture, day: str) -> OwnEvidence:
        """What everything but the tables shows: in the situation picture, each figure stands once, in its place."""
        typed = tuple(one for one in own.typed if one not in picture.own)
        return self._drafter.own_evidence(replace(own, typed=typed), day)

    def _with_picture(self, draft: SectionDraft, own: OwnText, picture: Picture, day: str) -> SectionDraft:
        citing = Citing(self._store, self._sources, (*own.typed, *picture.own, *picture.beside))
        return put_into(draft, picture, citing, as_of=day)

    def _model(self) -> SectionModel | None:
        """The configured chat model as a writer of sections; None without one."""
        settings = self._settings
        if not settings.model:
            return None
        notices = [remote_notice(settings, "The material of the section was")] if is_remote(settings) else []

        def write(
            title: str, purpose: str, blocks: Sequence[tuple[str, Sequence[Quote]]], brief: bool
        ) -> list[list[DraftStatement]]:
            model = chat_model.chat_model(settings)
            return chat_model.write_section(title, purpose, blocks, model, brief=brief, settings=settings)

        return SectionModel(settings.model, write, tuple(notices))

    def _keep(self, draft: SectionDraft, who: str, wishes: Wishes, base: int | None) -> Version:
        newest = self.workbook.draft(draft.municipality, draft.plan, draft.section)
        if newest:
            merged = editing.carried_over(newest.draft, draft)
            draft = draft if merged == draft else self._compared(merged)
            base = newest.number if base is None else base
        why = "made shorter" if wishes.brief else "other indicator" if wishes.indicator else "drafted"
        return self.workbook.save_draft(draft, who=who, why=why, base=base)

    def versions(self, section: str, *, municipality: str | None = None) -> list[Version]:
        """The kept versions of a section, oldest first."""
        wanted = section_named(section)
        return self.workbook.versions(self._municipality(municipality), wanted.plan, wanted.id)

    def go_back(self, section: str, number: int, *, municipality: str | None = None, who: str) -> Version:
        """Make an older version the newest again; those in between stay."""
        wanted = section_named(section)
        return self.workbook.go_back(self._municipality(municipality), wanted.plan, wanted.id, number, who=who)

    def revise(self, draft: SectionDraft, revision: Revision, *, who: str | None = None) -> SectionDraft:
        """Draft a section again, otherwise than it was."""
        wishes = draft.wishes
        if revision is Revision.OTHER_INDICATOR:
            wishes = replace(wishes, indicator=wishes.indicator + 1)
        else:
            wishes = replace(wishes, brief=revision is Revision.SHORTER)
        return self.draft(
            draft.section, municipality=draft.municipality, notes=draft.notes, as_of=draft.as_of, wishes=wishes, who=who
        )

    # Drafts in a person's hands.

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
        whose = self._municipality(municipality)
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
        newest = self.workbook.draft(whose, wanted.plan, wanted.id)
        if newest is None:
            newest = self.redraft(wanted.id, municipality=whose, as_of=answer.as_of, who=who)
        draft = newest.draft
        citing = self._citing(draft)
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
        changed = self._compared(editing.put_in(draft, kept, citations, warnings))
        return self.workbook.save_draft(changed, who=who, why="put in from an answer", base=newest.number)

    def for_export(
        self, plan: str = DEFAULT, *, municipality: str | None = None, section: str = ""
    ) -> list[SectionDraft]:
        """The latest drafts of a plan, or of one section, in its order and without what was left out."""
        latest = {v.draft.section: v for v in self.workbook.latest_drafts(self._municipality(municipality), plan)}
        wanted = [one.id for one in plan_named(plan).sections if section in ("", one.id)]
        found = [latest[one].draft for one in wanted if one in latest]
        return [
            draft if (shorter := editing.finished(draft)) is draft else self._compared(shorter) for draft in found
        ]  # fmt: skip

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
        wanted, whose = section_named(section), self._municipality(municipality)
        newest = self.workbook.draft(whose, wanted.plan, wanted.id)
        base = newest if newest and newest.number == seen else self.workbook.draft(whose, wanted.plan, wanted.id, seen)
        if newest is None or base is None:
            raise AssistantError(f"The section “{wanted.title}” has no version {seen}. Open it again, or draft it.")
        same = all(editing.same_at(base.draft, newest.draft, place) for place in places)
        start = newest.draft if same else base.draft
        changed = change(start)
        if editing.text_to_compare(changed) != editing.text_to_compare(start):
            changed = self._compared(changed)
        return self.workbook.save_draft(changed, who=who, why=why, base=seen)

    def _check(self, draft: SectionDraft) -> Check:
        """Says which citations of a draft a text rests on."""
        citing, by_id = self._citing(draft), {c.id: c for c in draft.citations}

        def check(text: str, numbers: Sequence[int]) -> tuple[tuple[int, ...], Support]:
            found = [by_id[n] for n in numbers if n in by_id]
            verified = _holding(text, found, citing)
            if verified is None:
                return (), Support.UNSUPPORTED
            needed = tuple(c.id for c in found if len(found) == 1 or _rests_on(text, c, citing))
            return needed or tuple(c.id for c in found), verified.support

        return check

    def _citing(self, draft: SectionDraft) -> Citing:
        """The sources of a draft, with what was typed for it."""
        own, _ = self._own(draft.municipality, draft.notes, draft.as_of)
        return Citing(self._store, self._sources, (*own.typed, *self._picture(own.municipality).beside))

    def _compared(self, draft: SectionDraft) -> SectionDraft:
        """A draft with its copying check made again."""
        own = own_sources(self._sources(), draft.municipality)
        check = self._comparisons.of({s.source_id for s in own}).check(editing.text_to_compare(draft))
        before = draft.copying.warnings if draft.copying else ()
        warnings = (*(w for w in draft.warnings if w not in before), *check.warnings)
        return replace(draft, copying=check, warnings=warnings)

    # Checklists.

    def checklist(self, name: str, *, municipality: str | None = None, as_of: str | None = None) -> ChecklistAnswer:
        """Answer a checklist from the municipality's own documents; the answer is kept in the workbook.

        Args:
            name: As `checklist.checklists` names them.
            municipality: Whose documents; by default the one that the workspace knows.
            as_of: ISO date of the answer; today by default.

        Raises:
            AssistantError: There is no such checklist, or nothing to answer it from; says what to do.
        """
        checklist = checklist_named(name)
        own, day = self._own(municipality, "", as_of)
        if not own.ids:
            raise AssistantError(
                f"There is no document of {own.municipality or 'the municipality'} to answer a checklist from. Add "
                "some with: python -m assistant add FILE --kind own --municipality NAME"
            )
        overrides = self.workbook.overrides(own.municipality, checklist.id)
        evidence = self._drafter.own_evidence(own, day)
        answer = self._drafter.checklist(checklist, own, evidence, as_of=day, overrides=overrides)
        self.workbook.save_checklist(answer)
        return answer

    def override(
        self, checklist: str, item: str, status: str, *, municipality: str | None = None, note: str, who: str
    ) -> Override | None:
        """Put a person's word on an item beside what the documents show; an empty status takes it back."""
        wanted = checklist_named(checklist)
        if item not in {one.id for one in wanted.items}:
            raise AssistantError(
                f"The checklist {wanted.id} has no item {item[:40]!r}. Its items are listed by `checklist`."
            )
        whose = self._municipality(municipality)
        if not status:
            self.workbook.clear_override(whose, wanted.id, item, who=who, note=note)
            return None
        if status not in list(ItemStatus):
            raise AssistantError(f"The status {status[:40]!r} is not known. Use one of: {', '.join(ItemStatus)}.")
        return self.workbook.override(whose, wanted.id, item, ItemStatus(status), note=note, who=who)

    # Copying.

    def check_copying(self, text: str, *, municipality: str | None = None) -> CopyingCheck:
        """Find what a text shares with programmes of other municipalities.

        Args:
            text: Of a plan.
            municipality: Whose text it is, so that its own earlier programmes are no copying; by default the one that
                the workspace knows, of several the one that the text names most.

        Raises:
            AssistantError: The workspace knows no municipality of this name; says which there are.
        """
        self._ready()
        own = own_sources(self._sources(), self._whose(text, municipality))
        check = self._comparisons.of({s.source_id for s in own}).check(text)
        if check.compared_with:
            return check
        message = (
            "No programme of another municipality is in the workspace, so nothing was compared. Add some with: python "
            "-m assistant add FILE --kind programme --municipality NAME"
        )
        return replace(check, warnings=(Notice(WarningCode.NOT_ESTABLISHED, message),))

    def _whose(self, text: str, municipality: str | None) -> str | None:
        known = self.municipalities()
        if municipality is None and len(known) > 1:
            counts = {name: text.count(name) for name in known}
            best = max(known, key=lambda name: counts[name])
            return best if counts[best] else None
        return self._municipality(municipality)

    # What the municipality told of itself.

    def tell(self, name: str, **told: Any) -> Profile:
        """The profile of a municipality, with what is told now; nothing told changes nothing."""
        before = self.workbook.profile(name)
        if (told.get("population") or 0) < 0:
            raise AssistantError(f"A population of {told['population']} cannot be. Give a number from 0 on.")
        for field in ("population_date", "plan_from", "plan_to"):
            if told.get(field) and not _DAY.fullmatch(told[field]):
                raise AssistantError(f"{told[field][:20]!r} is no date. Write YYYY, YYYY-MM or YYYY-MM-DD.")
        first, last = (told.get(k, getattr(before, k) if before else None) for k in ("plan_from", "plan_to"))
        if first and last and first > last:
            raise AssistantError(f"The plan would end ({last}) before it begins ({first}). Change one of them.")
        if told:
            self.workbook.save_profile(replace(before or Profile(name), **told))
        elif before is None:
            raise AssistantError(
                f"Nothing is told of {name[:60]} yet. Tell it with: python -m assistant municipality NAME --population "
                "NUMBER"
            )
        return self.workbook.profile(name) or Profile(name)

    def figures(self, municipality: str | None = None) -> list[Figure]:
        """The figures that the municipality gave."""
        return self.workbook.figures(self._municipality(municipality))

    def add_figure(self, municipality: str | None, **figure: str) -> Figure:
        """Keep a figure; takes what `Workbook.add_figure` takes."""
        return self.workbook.add_figure(self._municipality(municipality), **figure)

    def remove_figure(self, municipality: str | None, number: int) -> None:
        """Take a figure out."""
        self.workbook.remove_figure(self._municipality(municipality), number)

    # Figures out of files, and the picture that they give.

    def tables(self, municipality: str | None = None) -> list[SituationTable]:
        """The tables that were added, of a municipality or, where none is named, of all."""
        names = [municipality] if municipality else [*self.workbook.table_municipalities(), None]
        return [table for name in names for table in self.workbook.tables(name)]

    def add_tables(
        self,
        paths: Sequence[Path],
        *,
        municipality: str | None = None,
        source: str | None = None,
        table: str | None = None,
        date_: str | None = None,
        url: str | None = None,
    ) -> list[SituationTable | AssistantError]:
        """Read files of figures and keep what they tell of the municipality; a bad one is told, the others are kept.

        Args:
            paths: CSV, Excel or JSON-stat files, a table each.
            municipality: Whose row is taken; by default the one that the workspace knows, or the only one in the file.
            source: Who publishes the figures, where the files do not say so.
            table: Id of the table, of a single file.
            date_: ISO date on which the source updated it.
            url: Where the table stands.

        Raises:
            AssistantError: An option makes no sense; nothing was added.
        """
        given = described(source=source, table=table, date_=date_, url=url, n=len(paths))
        name = self._municipality(municipality)
        added: list[SituationTable | AssistantError] = []
        for path in paths:
            try:
                found = read_situation_table(
                    path, name, given, named=municipality is not None, today=date.today().isoformat(),
                    settings=self._settings,
                )  # fmt: skip
                added.append(self.workbook.add_table(found))
            except AssistantError as error:
                added.append(error)
        return added

    def remove_table(self, number: int) -> None:
        """Take a table out."""
        self.workbook.remove_table(number)

    def situation(self, municipality: str | None = None, *, whole_country: bool = False) -> SectionDraft:
        """The situation picture alone: what the figures show and cannot show, what to ask, and the plots.

        Args:
            municipality: Whose; by default the one that the workspace knows.
            whole_country: Whether shares are set beside those of the whole country, where a table has them.

        Raises:
            AssistantError: There is no table, or it is not clear whose; says what to do.
        """
        own, day = self._own(municipality, "", None)
        if not self.workbook.tables(own.municipality):
            whose = f" of {own.municipality}" if own.municipality else ""
            raise AssistantError(
                f"No table of figures{whose} is kept. Add one with: python -m assistant situation add FILE"
            )
        picture = self._picture(own.municipality, whole_country=whole_country)
        section = next(s for s in plan_named(DEFAULT).sections if _POPULATION in s.needs)
        return self._with_picture(picture_section(section, own.municipality, as_of=day), own, picture, day)

    def _picture(self, municipality: str | None, *, whole_country: bool = False) -> Picture:
        known = {s.source_id for s in self._sources()}
        facts = [p for p in self._store.facts() if p.source_id in known]
        return build_picture(self.workbook.tables(municipality), municipality, facts, whole_country=whole_country)

    # Files.

    def export_plan(self, drafts: Sequence[SectionDraft], path: Path, *, language: str = "en") -> None:
        """Write drafts to a .docx or .md file; raises AssistantError in one line where that cannot be.

        Args:
            drafts: In the order of the plan.
            path: Of the file.
            language: Of our own words in it: en, fi or sv. What is quoted stays in the language of its source.
        """
        export.write_plan(drafts, path, **self._about(drafts, language))

    def export_picture(self, draft: SectionDraft, path: Path, *, language: str = "en") -> None:
        """Write a situation picture to a .docx or .md file, or into a folder with its plots."""
        export.write_picture(draft, path, **self._about([draft], language))

    def markdown(self, drafts: Sequence[SectionDraft], *, language: str = "en") -> str:
        """Drafts as Markdown."""
        return export.plan_markdown(drafts, **self._about(drafts, language))

    def _about(self, drafts: Sequence[SectionDraft], language: str) -> dict[str, Any]:
        plan = plan_named(drafts[0].plan)
        whole = len(drafts) > 1
        profile = self.workbook.profile(drafts[0].municipality) if drafts[0].municipality else None
        say = words(language)
        title = labels.plan_title(plan.id, plan.title, say) if whole else labels.section_title(drafts[0], say)
        about = labels.plan_about(plan.id, plan.about, say) if whole else ""
        return {"title": title, "profile": profile, "plan_about": about, "say": say}

    # Whose plan.

    def municipalities(self) -> list[str]:
        """Those that the workspace knows, from profiles, tables and own documents."""
        known = [p.name for p in self.workbook.profiles()] + self.workbook.table_municipalities()
        return known + [s.municipality for s in self._sources() if s.kind is Kind.OWN and s.municipality]

    def _municipality(self, wanted: str | None) -> str | None:
        return chosen_municipality(wanted, self.municipalities())

    def _own(self, municipality: str | None, notes: str, as_of: str | None) -> tuple[OwnText, str]:
        """What speaks for a municipality, and the day."""
        self._ready()
        day = read_question("Plan?", as_of=as_of, language="en", max_chars=self._settings.question_chars).as_of
        name = self._municipality(municipality)
        typed = (
            typed_notes(notes, name, day),
            typed_figures(self.workbook.figures(name), name, day),
            typed_profile(self.workbook.profile(name) if name else None, day),
            *self._picture(name).own,
        )
        return OwnText(
            name, tuple(own_sources(self._sources(), name)), tuple(t for t in typed if t), mask_text(notes)
        ), day


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


def _always(passage: Passage) -> bool:
    return True


def _never(passage: Passage) -> bool:
    return False


def _if_unasked(evidence: OwnEvidence, passage: Passage) -> bool:
    return not evidence.is_asked_for(passage)
