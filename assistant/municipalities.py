"""The municipalities of a workspace: which there are, what each told of itself, and its figures.

Nothing is drafted here. What is told goes into the workbook, and what speaks for a municipality comes out of it and of
its documents, as sources for whoever drafts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.own import OwnText, chosen_municipality, own_sources, typed_figures, typed_notes, typed_profile
from assistant.personal_data import mask_text
from assistant.question import read_question
from assistant.settings import Settings
from assistant.situation.intake import described, read_situation_table
from assistant.situation.picture import Picture, build_picture
from assistant.store import Store
from assistant.types import Figure, Kind, Profile, SituationTable, Source
from assistant.workbook import Workbook

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)


class Municipalities:
    """What one workspace knows of its municipalities."""

    def __init__(
        self,
        workbook: Workbook,
        store: Store,
        sources: Callable[[], Sequence[Source]],
        ready: Callable[[], None],
        settings: Settings,
    ) -> None:
        """Know what `workbook` and `sources` hold; `ready` brings the index up to date."""
        self._workbook, self._store, self._sources = workbook, store, sources
        self._ready, self._settings = ready, settings

    # Which is meant.

    def known(self) -> list[str]:
        """Those that the workspace knows, from profiles, tables and own documents."""
        known = [p.name for p in self._workbook.profiles()] + self._workbook.table_municipalities()
        return known + [s.municipality for s in self._sources() if s.kind is Kind.OWN and s.municipality]

    def chosen(self, wanted: str | None) -> str | None:
        """Which is meant, as the workspace writes it; raises AssistantError where that is not clear."""
        return chosen_municipality(wanted, self.known())

    # What each told of itself.

    def tell(self, name: str, **told: Any) -> Profile:
        """The profile of a municipality, with what is told now; nothing told changes nothing."""
        before = self._workbook.profile(name)
        if (told.get("population") or 0) < 0:
            raise AssistantError(f"A population of {told['population']} cannot be. Give a number from 0 on.")
        for field in ("population_date", "plan_from", "plan_to"):
            if told.get(field) and not _DAY.fullmatch(told[field]):
                raise AssistantError(f"{told[field][:20]!r} is no date. Write YYYY, YYYY-MM or YYYY-MM-DD.")
        first, last = (told.get(k, getattr(before, k) if before else None) for k in ("plan_from", "plan_to"))
        if first and last and first > last:
            raise AssistantError(f"The plan would end ({last}) before it begins ({first}). Change one of them.")
        if told:
            self._workbook.save_profile(replace(before or Profile(name), **told))
        elif before is None:
            raise AssistantError(
                f"Nothing is told of {name[:60]} yet. Tell it with: python -m assistant municipality NAME --population "
                "NUMBER"
            )
        return self._workbook.profile(name) or Profile(name)

    def figures(self, municipality: str | None = None) -> list[Figure]:
        """The figures that the municipality gave."""
        return self._workbook.figures(self.chosen(municipality))

    def add_figure(self, municipality: str | None, **figure: str) -> Figure:
        """Keep a figure; takes what `Workbook.add_figure` takes."""
        return self._workbook.add_figure(self.chosen(municipality), **figure)

    def remove_figure(self, municipality: str | None, number: int) -> None:
        """Take a figure out."""
        self._workbook.remove_figure(self.chosen(municipality), number)

    # Figures out of files.

    def tables(self, municipality: str | None = None) -> list[SituationTable]:
        """The tables that were added, of a municipality or, where none is named, of all."""
        names = [municipality] if municipality else [*self._workbook.table_municipalities(), None]
        return [table for name in names for table in self._workbook.tables(name)]

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
        name = self.chosen(municipality)
        added: list[SituationTable | AssistantError] = []
        for path in paths:
            try:
                found = read_situation_table(
                    path, name, given, named=municipality is not None, today=date.today().isoformat(),
                    settings=self._settings,
                )  # fmt: skip
                added.append(self._workbook.add_table(found))
            except AssistantError as error:
                added.append(error)
        return added

    def tell_source(
        self, number: int, *, source: str, table: str | None = None, url: str | None = None, date_: str | None = None
    ) -> SituationTable:
        """Say afterwards where a kept table comes from; it is kept anew, under a number of its own.

        Raises:
            AssistantError: No such table is kept, or what is said makes no sense; one line with what to do.
        """
        kept = next((one for one in self.tables() if one.id == number), None)
        if kept is None:
            raise AssistantError(
                f"No table has the number {number}. List them with: python -m assistant situation list"
            )
        if not source.strip():
            raise AssistantError("Say who publishes the figures, such as Statistics Finland.")
        given = described(source=source, table=table, date_=date_, url=url, n=1)
        told = replace(
            kept, source=given.source, table_id=given.table_id or kept.table_id, url=given.url or kept.url,
            date=given.updated or kept.date,
        )  # fmt: skip
        return self._workbook.add_table(told)

    def remove_table(self, number: int) -> None:
        """Take a table out."""
        self._workbook.remove_table(number)

    # What speaks for a municipality.

    def own_text(
        self, municipality: str | None, notes: str, as_of: str | None, *, language: str = "en"
    ) -> tuple[OwnText, str]:
        """What speaks for a municipality, with notes typed for one draft, and the day that is meant."""
        self._ready()
        day = read_question("Plan?", as_of=as_of, language="en", max_chars=self._settings.question_chars).as_of
        name = self.chosen(municipality)
        typed = (
            typed_notes(notes, name, day),
            typed_figures(self._workbook.figures(name), name, day),
            typed_profile(self._workbook.profile(name) if name else None, day),
            *self.picture(name, language=language).own,
        )
        return OwnText(
            name, tuple(own_sources(self._sources(), name)), tuple(t for t in typed if t), mask_text(notes)
        ), day

    def picture(self, municipality: str | None, *, whole_country: bool = False, language: str = "en") -> Picture:
        """What its tables show and cannot show; `whole_country` sets shares beside those of the whole country."""
        known = {s.source_id for s in self._sources()}
        facts = [p for p in self._store.facts() if p.source_id in known]
        tables = self._workbook.tables(municipality)
        return build_picture(tables, municipality, facts, whole_country=whole_country, language=language)
