"""What people wrote or decided in a workspace (profile, figures, tables, drafts, overrides), in a SQLite file.

Apart from the index (`store.py`), which can be made again from the documents: this cannot. So nothing is overwritten:
rows are added, the latest counts, and a figure or table that was removed is only marked. The exceptions are a
checklist's answer, which the program gave and can give again: the latest is kept; a conversation, which whoever had
it may take out; and `forget`, for an example. A workbook of an older format is brought forward (`_STEPS`), never
refused.

Records are kept as `as_json` writes them and read back by `read_record`. A field added to a record in `types.py` needs
a default, or a step here that puts it into what is kept. Identity codes and account numbers are masked before anything
is written, also in a contact, whose telephone number and e-mail address stay.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import uuid4

from assistant.conversations import TITLE_CHARS, Asked, Conversation, Feedback, Judged
from assistant.database import Database
from assistant.errors import AssistantError, WorkspaceError
from assistant.personal_data import mask_text
from assistant.text import collapse, normalise, shortened
from assistant.types import (
    ChecklistAnswer,
    Figure,
    Holding,
    ItemStatus,
    Override,
    Profile,
    SectionDraft,
    SituationTable,
    Version,
    VersionHead,
    as_json,
)

_T = TypeVar("_T")

# The step at place n brings a workbook from format n to n + 1. A step that has been released is never changed: files
# that it made are out there. Statements end in ";" at the end of a line.
_STEPS = (
    """
CREATE TABLE profiles (row INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX profiles_by_municipality ON profiles (municipality);
CREATE TABLE figures (
    id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, removed TEXT, record TEXT NOT NULL
);
CREATE TABLE drafts (
    municipality TEXT NOT NULL, plan TEXT NOT NULL, section TEXT NOT NULL, number INTEGER NOT NULL,
    record TEXT NOT NULL, PRIMARY KEY (municipality, plan, section, number)
);
CREATE TABLE overrides (
    row INTEGER PRIMARY KEY, municipality TEXT NOT NULL, checklist TEXT NOT NULL, item TEXT NOT NULL,
    cleared INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE INDEX overrides_by_item ON overrides (municipality, checklist, item);
CREATE TABLE checklists (
    municipality TEXT NOT NULL, checklist TEXT NOT NULL, at TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (municipality, checklist)
);
""",
    """
CREATE TABLE tables (
    id INTEGER PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, removed TEXT, record TEXT NOT NULL
);
""",
    """
CREATE TABLE asked (
    conversation TEXT NOT NULL, number INTEGER NOT NULL, municipality TEXT NOT NULL, at TEXT NOT NULL,
    searched TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (conversation, number)
);
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, municipality TEXT NOT NULL, at TEXT NOT NULL, questions INTEGER NOT NULL, record TEXT NOT NULL
);
CREATE TABLE feedback (
    row INTEGER PRIMARY KEY, municipality TEXT NOT NULL, conversation TEXT NOT NULL, number INTEGER NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX feedback_by_answer ON feedback (conversation, number);
""",
)

_LIMITS = {"name": 300, "value": 60, "source": 500, "note": 2_000}  # characters of the texts of a figure
NOTE_CHARS = 2_000  # of a reader's note on an answer
SEARCH_WORDS = 20  # of a search for conversations; SQLite takes 999 parameters
_IDS = frozenset({"id", "source_id", "section", "plan", "checklist", "url", "digest"})  # fields that are no free text
_OF_ONE = "municipality = ? AND plan = ? AND section = ?"


class Workbook(Database):
    """One open workbook. Safe to use from several threads, and from several processes at once.

    A municipality of None stands for a workspace that names none; names are the same whatever their case and spacing.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the workbook at `path`; raises WorkspaceError where it is damaged or cannot be used."""
        super().__init__(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                self._create()
            elif path.stat().st_size < 512:  # the smallest page; SQLite takes a file of one byte or none for a new one
                raise sqlite3.DatabaseError("the file is cut off")
            self._migrate(self._connection)
        except BaseException as error:
            self.close()
            if not isinstance(error, (OSError, sqlite3.Error)):
                raise
            raise self._unusable(error) from error

    def _create(self) -> None:
        """Make a new workbook elsewhere and give it its name at once: an empty file is then always a damaged one."""
        made = self.path.with_name(f"{self.path.name}.{uuid4().hex}")
        try:
            with closing(sqlite3.connect(made, isolation_level=None)) as connection:
                self._migrate(connection)
            try:
                os.link(made, self.path)
            except FileExistsError:
                pass  # another process was quicker
            except OSError:  # a file system without links
                if not self.path.exists():
                    made.rename(self.path)
        finally:
            made.unlink(missing_ok=True)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if self._format(connection) == len(_STEPS):
            return  # the usual case: a reader does not wait for whoever is writing
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")  # where it fails, the connection is closed, and all is as it was
        for step in _STEPS[self._format(connection) :]:  # again: another process may have done it meanwhile
            for statement in step.split(";\n"):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(_STEPS)}")
        connection.execute("COMMIT")

    def _format(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > len(_STEPS):
            raise WorkspaceError(
                f"The workbook {self.path} was written by a newer version of Kotoapuri (format {version}; this one "
                f"reads up to {len(_STEPS)}). Nothing was changed. Update Kotoapuri, or name another workspace with "
                "--workspace."
            )
        return version

    def _unusable(self, error: object) -> WorkspaceError:
        return WorkspaceError(
            f"The workbook {self.path} cannot be used ({error}). Check that the folder can be read and written; if the "
            "file is damaged, put a copy of it back from a backup, or name another workspace with --workspace."
        )

    def _unchanged(self, error: object) -> WorkspaceError:
        return WorkspaceError(
            f"Nothing was saved in the workbook {self.path}: {error}. "
            "Check that the disk has free space and that the folder can be written, then try again."
        )

    def _connect(self) -> sqlite3.Connection:
        # "rw": a workbook that has gone since it was opened is told, not begun anew.
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None, check_same_thread=False)

    def _records(self, kind: type[_T], query: str, parameters: Sequence[object] = ()) -> list[_T]:
        return [self._read(kind, row[0]) for row in self._rows(f"SELECT record FROM {query}", parameters)]

    def _read(self, kind: type[_T], text: str) -> _T:
        try:
            return read_record(kind, json.loads(text))
        except (TypeError, ValueError, RecursionError) as error:
            raise self._unusable(f"a {kind.__name__} in it is not as it was written: {error}") from error

    # What a municipality told of itself.

    def profile(self, municipality: str | None) -> Profile | None:
        """The latest profile of a municipality."""
        history = self.profile_history(municipality)
        return history[-1][1] if history else None

    def profiles(self) -> list[Profile]:
        """The latest profile of each municipality, by name."""
        latest = "SELECT max(row) FROM profiles GROUP BY municipality"
        return self._records(Profile, f"profiles WHERE row IN ({latest}) ORDER BY municipality")

    def profile_history(self, municipality: str | None) -> list[tuple[str, Profile]]:
        """(when, profile) of each time that a municipality's profile was saved, oldest first."""
        rows = self._rows("SELECT at, record FROM profiles WHERE municipality = ? ORDER BY row", (_key(municipality),))
        return [(at, self._read(Profile, text)) for at, text in rows]

    def save_profile(self, profile: Profile) -> None:
        """Keep a profile as the latest of its municipality."""
        if not _key(profile.name):
            raise AssistantError("The profile has no name. Give the name of the municipality.")
        with self._transaction() as connection:
            values = (_key(profile.name), _now(), _written(profile)[0])
            connection.execute("INSERT INTO profiles (municipality, at, record) VALUES (?, ?, ?)", values)

    def municipality(self) -> str | None:
        """The name to use where none is given: that of the only profile; None where there are none or several."""
        profiles = self.profiles()
        return profiles[0].name if len(profiles) == 1 else None

    def forget(self, municipality: str) -> None:
        """Take out everything that is kept of a municipality, its history too: of an example that somebody tried.

        Numbers of its figures and tables may be given again afterwards.
        """
        if not _key(municipality):
            raise AssistantError("Name the municipality that is to be taken out.")
        key = (_key(municipality),)
        with self._transaction() as connection:
            # A conversation goes whole or not at all, whatever was chosen while it went on.
            theirs = "conversation IN (SELECT id FROM conversations WHERE municipality = ?)"
            for table in ("asked", "feedback"):
                connection.execute(f"DELETE FROM {table} WHERE {theirs}", key)
            for table in ("profiles", "figures", "drafts", "overrides", "checklists", "tables", "conversations"):
                connection.execute(f"DELETE FROM {table} WHERE municipality = ?", key)

    # What was made before a municipality was named.

    def holding(self, municipality: str | None) -> Holding:
        """What is kept of a municipality, or under no name; documents are not the workbook's."""
        key = _key(municipality)
        sections = self._rows("SELECT DISTINCT plan, section FROM drafts WHERE municipality = ? ORDER BY 1, 2", (key,))
        every = "SELECT checklist FROM {} WHERE municipality = ?"
        query = f"{every.format('checklists')} UNION {every.format('overrides')} ORDER BY 1"
        return Holding(
            tuple((str(plan), str(section)) for plan, section in sections),
            tuple(str(row[0]) for row in self._rows(query, (key, key))),
            len(self.figures(municipality)),
            len(self.tables(municipality)),
        )

    def unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """What is kept under no name and may go under that of a municipality, and what it has of its own already.

        A section has one line of versions, and a checklist one answer: those of the municipality stay as they are. A
        table of a file that it has too is not counted.
        """
        if not _key(municipality):
            raise AssistantError("Name the municipality that it is to be moved to.")
        held, theirs = self.holding(None), self.holding(municipality)
        moves = replace(
            held,
            sections=tuple(one for one in held.sections if one not in theirs.sections),
            checklists=tuple(one for one in held.checklists if one not in theirs.checklists),
            tables=held.tables - len(self._tables_of_both(municipality)),
        )
        stays = Holding(
            tuple(one for one in held.sections if one in theirs.sections),
            tuple(one for one in held.checklists if one in theirs.checklists),
        )
        return moves, stays

    def name_unnamed(self, municipality: str) -> tuple[Holding, Holding]:
        """Move what is kept under no name to a municipality, with every version; gives what `unnamed` gave before.

        One transaction: all of it is moved, or nothing. Conversations stay: what was asked while no municipality was
        chosen was answered for none.
        """
        key = _key(municipality)
        with self._transaction() as connection:
            found = self.unnamed(municipality)
            moves, _ = found
            for plan, section in moves.sections:
                self._rename(
                    connection, "drafts", ("draft", "municipality"), municipality, _OF_ONE, ("", plan, section)
                )
            for checklist in moves.checklists:
                of_one = ("municipality = ? AND checklist = ?", ("", checklist))
                self._rename(connection, "checklists", ("municipality",), municipality, *of_one)
                connection.execute(f"UPDATE overrides SET municipality = ? WHERE {of_one[0]}", (key, *of_one[1]))
            connection.execute("UPDATE figures SET municipality = ? WHERE municipality = ''", (key,))
            for table in self._tables_of_both(municipality):
                connection.execute("UPDATE tables SET removed = ? WHERE id = ?", (_now(), table.id))
            self._rename(connection, "tables", ("municipality",), municipality, "municipality = ?", ("",))
        return found

    def _tables_of_both(self, municipality: str) -> list[SituationTable]:
        """Tables under no name whose file the municipality has too: the table that it has takes their place."""
        theirs = {table.digest for table in self.tables(municipality) if table.digest}
        return [table for table in self.tables(None) if table.digest in theirs]

    @staticmethod
    def _rename(
        connection: sqlite3.Connection,
        table: str,
        field: Sequence[str],
        municipality: str,
        where: str,
        values: Sequence[str],
    ) -> None:
        """Move rows to a municipality, whose name stands in their records too; everything else in these stays."""
        for row, text in connection.execute(f"SELECT rowid, record FROM {table} WHERE {where}", values).fetchall():
            record = json.loads(text)
            inner = record
            for name in field[:-1]:
                inner = inner[name]
            inner[field[-1]] = mask_text(collapse(municipality))
            query = f"UPDATE {table} SET municipality = ?, record = ? WHERE rowid = ?"
            connection.execute(query, (_key(municipality), json.dumps(record), row))

    # Figures.

    def figures(self, municipality: str | None) -> list[Figure]:
        """The figures of a municipality that were not removed, in the order in which they were given."""
        there = "figures WHERE municipality = ? AND removed IS NULL"
        return self._records(Figure, f"{there} ORDER BY id", (_key(municipality),))

    def add_figure(
        self, municipality: str | None, *, name: str, value: str, date: str, source: str, note: str = ""
    ) -> Figure:
        """Keep a figure, white space collapsed; raises AssistantError that says what to mend."""
        given = {"name": name, "value": value, "source": source, "note": note}
        texts = {what: _figure_text(what, text) for what, text in given.items()}
        if not any(character.isdecimal() for character in texts["value"]):
            raise AssistantError(f"The figure's value {texts['value']!r} has no digit. Give it as it is to be printed.")
        day = _figure_date(date)
        with self._transaction() as connection:
            # No row is ever deleted, so no id is ever used again.
            number = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM figures").fetchone()[0])
            text, figure = _written(Figure(id=number, date=day, **texts))
            values = (number, _key(municipality), _now(), text)
            connection.execute("INSERT INTO figures (id, municipality, at, record) VALUES (?, ?, ?, ?)", values)
        return figure

    def remove_figure(self, municipality: str | None, id: int) -> None:
        """Mark a figure as removed; it is listed no more."""
        if id not in {figure.id for figure in self.figures(municipality)}:
            of = f"of {collapse(municipality)} " if municipality else ""
            raise AssistantError(f"No figure {of}has the number {id}. List the figures to see their numbers.")
        with self._transaction() as connection:
            connection.execute("UPDATE figures SET removed = ? WHERE id = ? AND removed IS NULL", (_now(), id))

    # Tables of figures.

    def tables(self, municipality: str | None) -> list[SituationTable]:
        """The tables of a municipality that were not removed, in the order in which they were added."""
        there = "tables WHERE municipality = ? AND removed IS NULL"
        return self._records(SituationTable, f"{there} ORDER BY id", (_key(municipality),))

    def table_municipalities(self) -> list[str]:
        """Those that tables are kept of, as the last table of each writes its name."""
        latest = "SELECT max(id) FROM tables WHERE removed IS NULL GROUP BY municipality"
        found = self._records(SituationTable, f"tables WHERE id IN ({latest}) ORDER BY id")
        return [table.municipality for table in found if table.municipality]

    def add_table(self, table: SituationTable) -> SituationTable:
        """Keep a table under a number of its own; the same file added before is marked as removed."""
        key, at = _key(table.municipality), _now()
        same = [one.id for one in self.tables(table.municipality) if one.digest == table.digest]
        with self._transaction() as connection:
            for id in same:
                connection.execute("UPDATE tables SET removed = ? WHERE id = ?", (at, id))
            number = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM tables").fetchone()[0])
            text, kept = _written(replace(table, id=number))
            connection.execute(
                "INSERT INTO tables (id, municipality, at, record) VALUES (?, ?, ?, ?)", (number, key, at, text)
            )
        return kept

    def remove_table(self, id: int) -> None:
        """Mark a table as removed; it is listed no more, and no sentence comes from it."""
        # As text: SQLite takes no integer of more than 64 bits.
        if not self._rows("SELECT 1 FROM tables WHERE id = ? AND removed IS NULL", (str(id),)):
            raise AssistantError(f"No table has the number {id}. List them with: python -m assistant situation list")
        with self._transaction() as connection:
            connection.execute("UPDATE tables SET removed = ? WHERE id = ? AND removed IS NULL", (_now(), str(id)))

    # Drafted sections.

    def save_draft(self, draft: SectionDraft, *, who: str, why: str, base: int | None) -> Version:
        """Keep a draft as the next version of its section, whatever others have saved meanwhile.

        Args:
            draft: Its municipality, plan and section say where it belongs.
            who: Who saves it.
            why: "drafted", "made shorter".
            base: Number of the version that the writer saw; None, or one that is not there, where it saw none.

        Returns:
            The version as kept. `beside` names all versions after `base`, of whom they may be.
        """
        with self._transaction() as connection:
            return self._append(connection, draft, who, why, base)

    def _append(
        self, connection: sqlite3.Connection, draft: SectionDraft, who: str, why: str, base: int | None
    ) -> Version:
        where = (_key(draft.municipality), draft.plan, draft.section)
        query = f"SELECT coalesce(max(number), 0) FROM drafts WHERE {_OF_ONE}"
        last = int(connection.execute(query, where).fetchone()[0])
        seen = base if base is not None and 0 < base <= last else 0
        beside = tuple(range(seen + 1, last + 1))
        text, version = _written(Version(last + 1, _now(), who, why, draft, beside))
        connection.execute("INSERT INTO drafts VALUES (?, ?, ?, ?, ?)", (*where, version.number, text))
        return version

    def draft(self, municipality: str | None, plan: str, section: str, number: int | None = None) -> Version | None:
        """A version of a section: that of a number, or the latest; None where it is not there."""
        query, values = f"drafts WHERE {_OF_ONE}", [_key(municipality), plan, section]
        if number is not None:
            # As text, which the column makes a number again: SQLite takes no integer of more than 64 bits.
            query, values = f"{query} AND number = ?", [*values, str(number)]
        return next(iter(self._records(Version, f"{query} ORDER BY number DESC LIMIT 1", values)), None)

    def versions(self, municipality: str | None, plan: str, section: str) -> list[Version]:
        """All versions of a section, oldest first."""
        return self._records(Version, f"drafts WHERE {_OF_ONE} ORDER BY number", (_key(municipality), plan, section))

    def latest_drafts(self, municipality: str | None, plan: str) -> list[Version]:
        """The latest version of each section of a plan, by the section's id."""
        key = "municipality, plan, section"
        latest = f"SELECT {key}, max(number) FROM drafts WHERE municipality = ? AND plan = ? GROUP BY section"
        query = f"drafts WHERE ({key}, number) IN ({latest}) ORDER BY section"
        return self._records(Version, query, (_key(municipality), plan))

    def heads(self, municipality: str | None, plan: str, section: str | None = None) -> list[VersionHead]:
        """All versions of a section, oldest first, or the latest of each section of a plan; without their text.

        Reading the text takes some milliseconds a version, which a list of hundreds would make felt.
        """
        where, values = "municipality = ? AND plan = ?", [_key(municipality), plan]
        if section is not None:
            where, values = f"{where} AND section = ?", [*values, section]
        parts = ", ".join(f"json_extract(record, '$.{name}')" for name in ("at", "who", "why", "beside"))
        rows = self._rows(f"SELECT section, number, {parts} FROM drafts WHERE {where} ORDER BY section, number", values)
        found = [
            VersionHead(one, number, at, who, why, tuple(json.loads(beside or "[]")))
            for one, number, at, who, why, beside in rows
        ]
        return found if section is not None else list({head.section: head for head in found}.values())

    def go_back(self, municipality: str | None, plan: str, section: str, number: int, *, who: str) -> Version:
        """Keep the content of an earlier version as a new one."""
        with self._transaction() as connection:
            old, latest = (self.draft(municipality, plan, section, n) for n in (number, None))
            if old is None or latest is None:
                there = f"There are versions 1 to {latest.number}." if latest else "None was saved yet."
                raise AssistantError(f"Section {section!r} of the plan {plan!r} has no version {number}. {there}")
            return self._append(connection, old.draft, who, f"back to version {number}", latest.number)

    # People's word on checklist items.

    def override(
        self, municipality: str | None, checklist: str, item: str, status: ItemStatus, *, note: str, who: str
    ) -> Override:
        """Keep a person's word on an item; the note that says why is required."""
        if not note.strip():
            raise AssistantError(f"The note on item {item!r} is empty. Say there what the status rests on.")
        said = Override(status, note.strip(), who, _now())
        return self._say(municipality, checklist, item, said, cleared=False)

    def clear_override(self, municipality: str | None, checklist: str, item: str, *, who: str, note: str = "") -> None:
        """Take back a person's word on an item; what was said stays in the history."""
        held = self.overrides(municipality, checklist).get(item)
        if held is None:
            raise AssistantError(f"Nobody has set item {item!r} of the checklist {checklist!r}: nothing to clear.")
        back = replace(held, note=note.strip(), who=who, at=_now())
        self._say(municipality, checklist, item, back, cleared=True)

    def _say(
        self, municipality: str | None, checklist: str, item: str, override: Override, *, cleared: bool
    ) -> Override:
        text, override = _written(override)
        with self._transaction() as connection:
            query = "INSERT INTO overrides (municipality, checklist, item, cleared, record) VALUES (?, ?, ?, ?, ?)"
            connection.execute(query, (_key(municipality), checklist, item, cleared, text))
        return override

    def overrides(self, municipality: str | None, checklist: str) -> dict[str, Override]:
        """What people's word on a checklist is now, by item."""
        latest = "SELECT max(row) FROM overrides WHERE municipality = ? AND checklist = ? GROUP BY item"
        query = f"SELECT item, record FROM overrides WHERE row IN ({latest}) AND NOT cleared ORDER BY row"
        return {item: self._read(Override, text) for item, text in self._rows(query, (_key(municipality), checklist))}

    def override_history(self, municipality: str | None, checklist: str, item: str) -> list[tuple[Override, bool]]:
        """(what was said, whether that took it back) of an item, oldest first.

        Of a taking back, the status is the one that was taken back; who, when and the note are its own.
        """
        where = "municipality = ? AND checklist = ? AND item = ?"
        query = f"SELECT record, cleared FROM overrides WHERE {where} ORDER BY row"
        rows = self._rows(query, (_key(municipality), checklist, item))
        return [(self._read(Override, text), bool(cleared)) for text, cleared in rows]

    # Checklists as answered.

    def save_checklist(self, answer: ChecklistAnswer) -> None:
        """Keep a checklist's answer in place of the one before."""
        values = (_key(answer.municipality), answer.checklist, _now(), _written(answer)[0])
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO checklists VALUES (?, ?, ?, ?)", values)

    def checklist(self, municipality: str | None, checklist: str) -> tuple[str, ChecklistAnswer] | None:
        """(when, the answer) of a checklist as answered last."""
        query = "SELECT at, record FROM checklists WHERE municipality = ? AND checklist = ?"
        rows = self._rows(query, (_key(municipality), checklist))
        return (rows[0][0], self._read(ChecklistAnswer, rows[0][1])) if rows else None

    # Conversations, and what readers said of answers.

    def keep_asked(self, conversation: str, asked: Asked, *, municipality: str | None) -> Asked:
        """Keep a question and what came of it as the next of a conversation, which begins with its first.

        Args:
            conversation: Its id, which whoever begins it makes up (`uuid4().hex`).
            asked: Its number and time are given here, and come back with it.
            municipality: Whose plan it is about.
        """
        at = _now()
        with self._transaction() as connection:
            query = "SELECT coalesce(max(number), 0) + 1 FROM asked WHERE conversation = ?"
            number = int(connection.execute(query, (conversation,)).fetchone()[0])
            text, kept = _written(replace(asked, number=number, at=at, feedback=None))
            values = (conversation, number, _key(municipality), at, _searched(kept), text)
            connection.execute("INSERT INTO asked VALUES (?, ?, ?, ?, ?, ?)", values)
            rows = connection.execute("SELECT record FROM conversations WHERE id = ?", (conversation,)).fetchall()
            before = self._read(Conversation, rows[0][0]) if rows else None
            title = before.title if before else shortened(kept.question, TITLE_CHARS)
            whose = before.municipality if before else collapse(municipality or "") or None
            text, _ = _written(Conversation(conversation, title, whose, at, number))
            row = (conversation, _key(whose), at, number, text)
            connection.execute("INSERT OR REPLACE INTO conversations VALUES (?, ?, ?, ?, ?)", row)
        return kept

    def conversations(self, words: str = "", *, limit: int = 200) -> list[Conversation]:
        """Conversations in which all words stand, in a question or an answer; the newest first."""
        wanted = _plain(words).split()[:SEARCH_WORDS]
        holds = " AND ".join(["instr(searched, ?)"] * len(wanted))
        where = f"WHERE id IN (SELECT conversation FROM asked WHERE {holds})" if wanted else ""
        query = f"conversations {where} ORDER BY at DESC, rowid DESC LIMIT ?"
        return self._records(Conversation, query, [*wanted, limit])

    def conversation(self, id: str) -> list[Asked]:
        """The questions of a conversation with what came of them then, oldest first; raises AssistantError."""
        found = self._records(Asked, "asked WHERE conversation = ? ORDER BY number", (id,))
        if not found:
            raise AssistantError("This conversation is not there any more. Somebody has removed it meanwhile.")
        said = self._feedback_of(id)
        return [replace(asked, feedback=said.get(asked.number)) for asked in found]

    def remove_conversation(self, id: str) -> None:
        """Take a conversation out for good, with what was said of its answers."""
        with self._transaction() as connection:
            for table, column in (("feedback", "conversation"), ("asked", "conversation"), ("conversations", "id")):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (id,))

    def keep_feedback(self, conversation: str, number: int, *, helpful: bool, note: str = "") -> Feedback:
        """Keep what a reader says of an answer; of one answer the latest counts."""
        text, feedback = _written(Feedback(helpful, collapse(note)[:NOTE_CHARS], _now()))
        with self._transaction() as connection:
            query = "SELECT municipality FROM asked WHERE conversation = ? AND number = ?"
            rows = connection.execute(query, (conversation, number)).fetchall()
            if not rows:
                raise AssistantError("This answer is not kept, so nothing can be said of it. Ask the question again.")
            columns = "(municipality, conversation, number, record)"
            values = (rows[0][0], conversation, number, text)
            connection.execute(f"INSERT INTO feedback {columns} VALUES (?, ?, ?, ?)", values)
        return feedback

    def judged(self) -> list[Judged]:
        """Every answer of which somebody said something, oldest conversation first."""
        ids = [
            row[0] for row in self._rows("SELECT conversation FROM feedback GROUP BY conversation ORDER BY min(row)")
        ]
        found = []
        for id in ids:
            turns = self.conversation(id)
            for n, asked in enumerate(turns):
                if asked.answer and asked.feedback:
                    found.append(Judged(id, asked, tuple(turn.question for turn in turns[:n] if turn.answer)))
        return found

    def _feedback_of(self, conversation: str) -> dict[int, Feedback]:
        query = "SELECT number, record FROM feedback WHERE conversation = ? ORDER BY row"
        return {number: self._read(Feedback, text) for number, text in self._rows(query, (conversation,))}


def read_record(kind: type[_T], value: Any) -> _T:
    """The record that `as_json` made `value` from; raises ValueError or TypeError where it does not fit.

    Fields that `kind` does not have are left out: a newer version wrote them. Of a field of type Any, what is there.
    """
    return _value(kind, value, kind.__name__)  # type: ignore[no-any-return]


def _value(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if origin in (Union, UnionType) and len(arguments) == 2 and NoneType in arguments:
        return None if value is None else _value(next(x for x in arguments if x is not NoneType), value, where)
    if origin is tuple and arguments[1:] == (...,) and isinstance(value, list):
        return tuple(_value(arguments[0], part, f"{where}[{n}]") for n, part in enumerate(value))
    if isinstance(kind, type) and is_dataclass(kind) and isinstance(value, dict):
        types = _field_types(kind)
        return kind(**{name: _value(types[name], value[name], f"{where}.{name}") for name in types if name in value})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if kind in (str, int, float, bool) and (type(value) is kind or (kind is float and type(value) is int)):
        return value
    raise ValueError(f"{where} is {type(value).__name__}, not {kind}")


@cache
def _field_types(kind: Any) -> dict[str, Any]:
    types = get_type_hints(kind)
    return {field.name: types[field.name] for field in fields(kind)}


def _written(record: _T) -> tuple[str, _T]:
    """A record as it is kept, and as it will be read: personal data masked; what could not be read is not written."""
    value = _masked(as_json(record))
    # ASCII: a lone surrogate, which a file name or a paste may bring, has no UTF-8.
    return json.dumps(value), read_record(type(record), value)


def _masked(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in _IDS else mask_text(value)
    if isinstance(value, dict):
        return {key: _masked(part, key) for key, part in value.items()}
    return [_masked(part, name) for part in value] if isinstance(value, list) else value


def _searched(asked: Asked) -> str:
    """The words by which a conversation is found."""
    parts = [asked.question]
    if asked.answer:
        parts += [statement.text for statement in asked.answer.statements]
    if asked.draft:
        parts += [asked.draft.title, *(s.text for block in asked.draft.blocks for s in block.statements)]
    if asked.checklist:
        parts.append(asked.checklist.title)
    return _plain(collapse(" ".join(parts)))


def _plain(text: str) -> str:
    """A text as it is searched: normal form, and half a character, which no file can hold, as its escape."""
    return normalise(text).encode(errors="backslashreplace").decode()


def _key(municipality: str | None) -> str:
    """A name as names are compared: one Unicode form, white space collapsed, case folded."""
    name = unicodedata.normalize("NFC", collapse(municipality or "")).casefold()
    return unicodedata.normalize("NFC", name).encode(errors="backslashreplace").decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _figure_text(what: str, text: str) -> str:
    text = mask_text(collapse(text))
    if not text and what != "note":
        raise AssistantError(f"The figure has no {what}. Give its name, value, date and source.")
    if len(text) > _LIMITS[what]:
        raise AssistantError(f"The figure's {what} has {len(text):,} characters. Shorten it to {_LIMITS[what]:,}.")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise AssistantError(f"The figure's {what} holds a control character: {text[:60]!r}. Type it anew.")
    return text


def _figure_date(text: str) -> str:
    text = text.strip()
    try:
        if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text, re.ASCII):
            raise ValueError(text)
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) != 7 else f"{text}-01")
    except ValueError:
        raise AssistantError(
            f"The figure's date {text[:20]!r} is no date. Write YYYY, YYYY-MM or YYYY-MM-DD."
        ) from None
    return text
