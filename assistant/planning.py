"""A municipality's plan in the making: sections drafted and kept, checklists answered, what it told of itself, files.

Needs no question to the network and no lock of the index: it reads the documents and writes into the workbook only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant import export
from assistant.checklist import checklist_named
from assistant.drafting import DEFAULT_WISHES, Drafter, SectionModel
from assistant.errors import AssistantError
from assistant.index import VectorIndex
from assistant.notices import question_notices, remote_notice
from assistant.own import OwnText, chosen_municipality, own_sources, typed_figures, typed_notes, typed_profile
from assistant.own_evidence import OwnEvidence
from assistant.personal_data import mask_text
from assistant.plan import DEFAULT, Section, plan_named, section_named
from assistant.question import read_question
from assistant.requests import Revision
from assistant.retrieval import Retriever
from assistant.settings import Settings, is_remote
from assistant.store import Store
from assistant.types import (
    ChecklistAnswer,
    DraftStatement,
    Figure,
    ItemStatus,
    Kind,
    Override,
    Passage,
    Profile,
    Quote,
    SectionDraft,
    Source,
    Version,
    Wishes,
)
from assistant.workbook import Workbook
from assistant.writing import chat_model


class Planning:
    """The plan of one workspace."""

    def __init__(
        self,
        store: Store,
        index: VectorIndex,
        retriever: Retriever,
        sources: Callable[[], Sequence[Source]],
        ready: Callable[[], None],
        *,
        settings: Settings,
        folder: Path,
    ) -> None:
        """Open the workbook in `folder`; `ready` brings the index up to date."""
        self.workbook = Workbook(folder / "workbook.sqlite")
        self._settings, self._sources, self._ready = settings, sources, ready
        self._drafter = Drafter(store, index, retriever, sources, question_chars=settings.question_chars)

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
        draft = self._drafts([section_named(section)], municipality, notes, as_of, wishes)[0]
        if who is not None:
            self._keep(draft, who, wishes, base)
        return draft

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
        drafts = self._drafts(plan_named(plan).sections, municipality, notes, as_of, DEFAULT_WISHES, progress)
        for draft in drafts if who is not None else ():
            self._keep(draft, who or "", DEFAULT_WISHES, None)
        return drafts

    def _drafts(
        self,
        sections: Sequence[Section],
        municipality: str | None,
        notes: str,
        as_of: str | None,
        wishes: Wishes,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> list[SectionDraft]:
        own, day = self._own(municipality, notes, as_of)
        if self._settings.corpus == "none" and not self._sources() and not own.typed:
            raise AssistantError(
                "The workspace is empty, so there is nothing to draft from. Add documents with: python -m assistant "
                "add FILE --kind own, and leave KOTOAPURI_CORPUS at bundled for law and guidance."
            )
        evidence = self._drafter.own_evidence(own, day)
        notices = question_notices(masked=mask_text(notes) != notes, what="The notes")
        model = self._model()
        drafts = []
        for n, section in enumerate(sections):
            if progress:
                progress(n, len(sections), section.title)
            # Of a whole plan the last section takes the notes that no section asks for, so that each stands once.
            if len(sections) == 1:
                takes: Callable[[Passage], bool] = _always
            else:
                takes = partial(_if_unasked, evidence) if section is sections[-1] else _never
            drafts.append(
                self._drafter.draft(
                    section, own, evidence, as_of=day, wishes=wishes, notices=notices, model=model, notes=takes
                )
            )
        return drafts

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
        if base is None:
            newest = self.workbook.draft(draft.municipality, draft.plan, draft.section)
            base = newest.number if newest else None
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

    # What the municipality told of itself.

    def tell(self, name: str, **told: Any) -> Profile:
        """The profile of a municipality, with what is told now; nothing told changes nothing."""
        before = self.workbook.profile(name)
        if told.get("population", 0) < 0:
            raise AssistantError(f"A population of {told['population']} cannot be. Give a number from 0 on.")
        first, last = (told.get(k) or (getattr(before, k) if before else None) for k in ("plan_from", "plan_to"))
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

    # Files.

    def export_plan(self, drafts: Sequence[SectionDraft], path: Path) -> None:
        """Write drafts to a .docx or .md file; raises AssistantError in one line where that cannot be."""
        export.write_plan(drafts, path, **self._about(drafts))

    def markdown(self, drafts: Sequence[SectionDraft]) -> str:
        """Drafts as Markdown."""
        return export.plan_markdown(drafts, **self._about(drafts))

    def _about(self, drafts: Sequence[SectionDraft]) -> dict[str, Any]:
        plan = plan_named(drafts[0].plan)
        whole = len(drafts) > 1
        profile = self.workbook.profile(drafts[0].municipality) if drafts[0].municipality else None
        return {
            "title": plan.title if whole else drafts[0].title,
            "profile": profile,
            "plan_about": plan.about if whole else "",
        }

    # Whose plan.

    def municipalities(self) -> list[str]:
        """Those that the workspace knows, from profiles and own documents."""
        known = [p.name for p in self.workbook.profiles()]
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
        )
        return OwnText(
            name, tuple(own_sources(self._sources(), name)), tuple(t for t in typed if t), mask_text(notes)
        ), day


def _always(passage: Passage) -> bool:
    return True


def _never(passage: Passage) -> bool:
    return False


def _if_unasked(evidence: OwnEvidence, passage: Passage) -> bool:
    return not evidence.is_asked_for(passage)
