"""A municipality's plan in the making: sections drafted, checklists answered, the situation picture, files.

Needs no question to the network and no lock of the index: it reads the documents and writes into the workbook only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant import editing, export
from assistant.checklist import checklist_named
from assistant.citing import Citing
from assistant.copying.workspace import Comparisons
from assistant.drafting import DEFAULT_WISHES, Drafter, SectionModel
from assistant.errors import AssistantError
from assistant.export import labels
from assistant.index import VectorIndex
from assistant.municipalities import Municipalities
from assistant.notices import question_notices, remote_notice
from assistant.own import OwnText, own_sources
from assistant.own_evidence import OwnEvidence
from assistant.personal_data import mask_text
from assistant.plan import DEFAULT, Section, plan_named, section_named
from assistant.requests import Revision
from assistant.retrieval import Retriever
from assistant.settings import Settings, is_remote
from assistant.situation.picture import Picture, picture_section, put_into
from assistant.store import Store
from assistant.types import (
    ChecklistAnswer,
    CopyingCheck,
    DraftStatement,
    ItemStatus,
    Notice,
    Override,
    Passage,
    Quote,
    SectionDraft,
    Source,
    Version,
    WarningCode,
    Wishes,
)
from assistant.words import LANGUAGES, words
from assistant.workbook import Workbook
from assistant.writing import chat_model

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
        workbook: Workbook,
        municipalities: Municipalities,
        settings: Settings,
    ) -> None:
        """Draft from `sources` into `workbook`; `ready` brings the index up to date."""
        self.workbook = workbook
        self._comparisons, self._municipalities = comparisons, municipalities
        self._settings, self._sources, self._ready, self._store = settings, sources, ready, store
        self._evidence: tuple[object, OwnEvidence] | None = None  # with what it was made from
        self._drafter = Drafter(store, index, retriever, sources, comparisons, question_chars=settings.question_chars)

    def use(self, settings: Settings) -> None:
        """Go on with other settings: those of the chat model may change while the program runs."""
        self._settings = settings

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
        language: str = "en",
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
            language: Of what is said of figures: en, fi or sv. What is quoted stays in the language of its source.

        Raises:
            AssistantError: There is no such section, or the municipality is not clear; says what to do.
        """
        draft = next(self._drafts([section_named(section)], municipality, notes, as_of, wishes, language))
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
        drafts = list(
            self._drafts(plan_named(plan).sections, municipality, notes, as_of, DEFAULT_WISHES, progress=progress)
        )
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
        language: str = "en",
    ) -> list[Version]:
        """Draft the sections of a plan of which no version is kept; each is kept as soon as it is drafted.

        Takes what `draft` takes, and `stopped`: asked before each section; once it says so, the rest is left as it is.
        """
        there = {v.draft.section for v in self.workbook.latest_drafts(self._municipalities.chosen(municipality), plan)}
        missing = [section for section in plan_named(plan).sections if section.id not in there]
        versions: list[Version] = []
        if not missing:
            return versions
        drafts = self._drafts(missing, municipality, "", as_of, DEFAULT_WISHES, language, progress)
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
        language: str = "en",
    ) -> Version:
        """Draft a section and keep it; takes what `draft` takes. What a person decided in the last version stands."""
        draft = next(self._drafts([section_named(section)], municipality, notes, as_of, wishes, language))
        return self._keep(draft, who, wishes, base)

    def _drafts(
        self,
        sections: Sequence[Section],
        municipality: str | None,
        notes: str,
        as_of: str | None,
        wishes: Wishes,
        language: str = "en",
        progress: Callable[[int, int, str], None] | None = None,
    ) -> Iterator[SectionDraft]:
        own, day = self._municipalities.own_text(municipality, notes, as_of, language=language)
        picture = self._municipalities.picture(own.municipality, language=language)
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
                draft = self.compared(self._with_picture(draft, own, picture, day))
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
            draft = draft if merged == draft else self.compared(merged)
            base = newest.number if base is None else base
        why = "made shorter" if wishes.brief else "other indicator" if wishes.indicator else "drafted"
        return self.workbook.save_draft(draft, who=who, why=why, base=base)

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

    def own_evidence(self, draft: SectionDraft, *, wait: bool = True) -> OwnEvidence | None:
        """What the municipality's own documents show on the day of a draft.

        That takes seconds and an index that is up to date, so the last is kept; without `wait` None is given where
        another one is wanted.
        """
        kept = self._evidence
        if kept is None or kept[0] != self._evidence_key(draft):
            if not wait:
                return None
            own, day = self._municipalities.own_text(draft.municipality, "", draft.as_of)
            key = self._evidence_key(draft)  # as it is once the index is up to date
            kept = self._evidence = key, self._drafter.own_evidence(replace(own, typed=()), day)
        return kept[1]

    def _evidence_key(self, draft: SectionDraft) -> tuple[object, ...]:
        """What the evidence of a draft is made from; needs no index."""
        whose = self._municipalities.chosen(draft.municipality)
        return whose, tuple(own_sources(self._sources(), whose)), draft.as_of, self._store.generation

    # What a draft is checked with.

    def citing(self, draft: SectionDraft) -> Citing:
        """The sources of a draft, with what was typed for it."""
        own, _ = self._municipalities.own_text(draft.municipality, draft.notes, draft.as_of)
        pictures = [self._municipalities.picture(own.municipality, language=language) for language in LANGUAGES]
        of_tables = [one for picture in pictures for one in (*picture.own, *picture.beside) if one not in own.typed]
        return Citing(self._store, self._sources, (*own.typed, *of_tables))

    def compared(self, draft: SectionDraft) -> SectionDraft:
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
        own, day = self._municipalities.own_text(municipality, "", as_of)
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
        whose = self._municipalities.chosen(municipality)
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
        known = self._municipalities.known()
        if municipality is None and len(known) > 1:
            counts = {name: text.count(name) for name in known}
            best = max(known, key=lambda name: counts[name])
            return best if counts[best] else None
        return self._municipalities.chosen(municipality)

    # The situation picture.

    def situation(
        self, municipality: str | None = None, *, whole_country: bool = False, language: str = "en"
    ) -> SectionDraft:
        """The situation picture alone: what the figures show and cannot show, what to ask, and the plots.

        Args:
            municipality: Whose; by default the one that the workspace knows.
            whole_country: Whether shares are set beside those of the whole country, where a table has them.
            language: Of its sentences, plots and questions: en, fi or sv.

        Raises:
            AssistantError: There is no table, or it is not clear whose; says what to do.
        """
        own, day = self._municipalities.own_text(municipality, "", None)
        if not self.workbook.tables(own.municipality):
            whose = f" of {own.municipality}" if own.municipality else ""
            raise AssistantError(
                f"No table of figures{whose} is kept. Add one with: python -m assistant situation add FILE"
            )
        picture = self._municipalities.picture(own.municipality, whole_country=whole_country, language=language)
        section = next(s for s in plan_named(DEFAULT).sections if _POPULATION in s.needs)
        return self._with_picture(picture_section(section, own.municipality, as_of=day), own, picture, day)

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


def _always(passage: Passage) -> bool:
    return True


def _never(passage: Passage) -> bool:
    return False


def _if_unasked(evidence: OwnEvidence, passage: Passage) -> bool:
    return not evidence.is_asked_for(passage)
