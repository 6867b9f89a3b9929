"""The workspace's database: documents, passages, their full-text index and their vectors, in one SQLite file.

What is here is the truth; the vector index can always be rebuilt from it. A document, its passages and their full text
change in one transaction. Readers never wait for a writer (write-ahead log).
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.database import Database
from assistant.errors import SourceNotFound, WorkspaceError
from assistant.text import LANGUAGES, stems, words
from assistant.types import Document, Fact, Kind, Passage, Source, UnitKind, as_json

_T = TypeVar("_T")

_SCHEMA_VERSION = 5

# By what is in them, files are kept as they came (`originals`); a source without a row has none.
_ORIGINALS = """CREATE TABLE originals (
    source_id TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, digest TEXT NOT NULL
) WITHOUT ROWID"""
_SCHEMA = f"""
{_ORIGINALS};
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    source_id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, publisher TEXT, url TEXT, municipality TEXT,
    language TEXT NOT NULL, written TEXT, law_basis TEXT, valid_from TEXT, valid_to TEXT, digest INTEGER NOT NULL,
    never_in_force INTEGER NOT NULL, early INTEGER NOT NULL, bundled INTEGER NOT NULL, content_hash TEXT NOT NULL,
    passages INTEGER NOT NULL, personal_data INTEGER NOT NULL,
    searchable INTEGER NOT NULL, vectors_ready INTEGER NOT NULL, page_starts TEXT NOT NULL, text TEXT NOT NULL
);
CREATE INDEX sources_by_content ON sources (content_hash);
CREATE INDEX sources_waiting ON sources (source_id) WHERE vectors_ready = 0;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source_id TEXT NOT NULL REFERENCES sources ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, position INTEGER NOT NULL,
    group_number INTEGER NOT NULL, headings TEXT NOT NULL, lead_in TEXT NOT NULL, section TEXT, page INTEGER,
    text TEXT NOT NULL, fact TEXT
);
CREATE INDEX passages_by_group ON passages (source_id, group_number, position);
CREATE TABLE vocabulary (
    language TEXT NOT NULL, word TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (language, word)
) WITHOUT ROWID;
CREATE TABLE vectors (
    fingerprint TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (text_hash, fingerprint)
);
""" + "".join(
    f'CREATE VIRTUAL TABLE passages_{x} USING fts5 (body, context, tokenize = "unicode61 remove_diacritics 0");\n'
    f'CREATE VIRTUAL TABLE questions_{x} USING fts5 (body, tokenize = "unicode61 remove_diacritics 0");\n'
    for x in LANGUAGES
)

_SOURCE_COLUMNS = (
    "source_id, kind, title, publisher, url, municipality, language, written, law_basis, valid_from, valid_to, digest, "
    "never_in_force, early, bundled, passages, personal_data, "
    "EXISTS (SELECT 1 FROM originals o WHERE o.source_id = sources.source_id)"
)
_PASSAGE_COLUMNS = (
    'id, source_id, start, "end", text, kind, position, group_number, headings, lead_in, section, page, fact'
)


class Store(Database):
    """One open workspace database. Safe to use from several threads."""

    _pragmas = ("foreign_keys = ON",)

    def __init__(self, path: Path) -> None:
        """Open or create the database at `path`; raises WorkspaceError where it is damaged or cannot be used."""
        super().__init__(path)
        self._cache: dict[object, Any] = {}  # what was counted or listed, while the documents stay as they are
        self._cached_generation = -1
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._create()
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise self._unusable(error) from error
        except WorkspaceError:
            self.close()
            raise

    def _create(self) -> None:
        connection = self._connection
        if self._version(connection) == _SCHEMA_VERSION:
            return  # the usual case: a reader does not wait for whoever is writing
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        try:
            version = self._version(connection)  # again: another process may have made it meanwhile
            if version == 0:
                for statement in _SCHEMA.split(";\n"):
                    if statement.strip():
                        connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            elif version == 4:  # kept no files, and was otherwise the same
                connection.execute(_ORIGINALS)
                connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
            elif version != _SCHEMA_VERSION:
                raise WorkspaceError(
                    f"The workspace {self.path.parent} was made by another version of Kotoapuri (format {version}, "
                    f"not {_SCHEMA_VERSION}). Name a new one with --workspace and add the documents again."
                )
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def _unusable(self, error: object) -> WorkspaceError:
        return WorkspaceError(
            f"The workspace {self.path.parent} cannot be used ({error}). "
            "Check that the folder can be read and written and is a workspace, or name another with --workspace."
        )

    def _unchanged(self, error: object) -> WorkspaceError:
        return WorkspaceError(
            f"Nothing was changed in the workspace {self.path.parent}: {error}. "
            "Check that the disk has free space and that the folder can be written, then try again."
        )

    def _cached(self, key: object, read: Callable[[], _T]) -> _T:
        """What `read` gives, kept until the documents change."""
        generation = self.generation
        with self._guard:
            if self._cached_generation != generation:
                self._cache, self._cached_generation = {}, generation
            elif key in self._cache:
                return self._cache[key]  # type: ignore[no-any-return]
        value = read()
        with self._guard:
            if self._cached_generation == generation:
                self._cache[key] = value
        return value

    # Meta data of the workspace.

    def get(self, key: str) -> str | None:
        """The value kept under a key."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def put(self, key: str, value: str) -> None:
        """Keep a value under a key."""
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def generation(self) -> int:
        """Grows by one with every change of the indexed documents."""
        return int(self.get("generation") or 0)

    # Sources and passages.

    def add(
        self,
        source: Source,
        document: Document,
        passages: Sequence[Passage],
        *,
        content_hash: str,
        original: str | None = None,
        in_place: bool = False,
    ) -> list[Passage]:
        """Add a document with its passages and their full text in one transaction.

        Args:
            source: What is known of it; a second one of the same id is refused, unless it is to take the place.
            document: As read.
            passages: As split.
            content_hash: By which the same content is known again.
            original: Digest of the file, where that is kept.
            in_place: Whether one of the same id goes in the same transaction.

        Returns:
            The passages of the document that went.
        """
        replaced = self.passages(source.source_id) if in_place else []
        with self._transaction() as connection:
            if replaced:
                self._take_out(connection, self.source(source.source_id), replaced)
            connection.execute(
                "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
                (
                    source.source_id, source.kind.value, source.title, source.publisher, source.url,
                    source.municipality, source.language, source.written, source.law_basis, source.valid_from,
                    source.valid_to, source.digest, source.never_in_force, source.early, source.bundled, content_hash,
                    len(passages), len(document.masked),
                    sum(p.kind is not UnitKind.INSTRUCTION for p in passages), json.dumps(document.page_starts),
                    document.text,
                ),
            )  # fmt: skip
            if original:
                connection.execute("INSERT INTO originals VALUES (?, ?)", (source.source_id, original))
            for p in passages:
                cursor = connection.execute(
                    "INSERT INTO passages VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        p.id, p.source_id, p.start, p.end, p.kind.value, p.position, p.group,
                        json.dumps(p.headings, ensure_ascii=False), p.lead_in, p.section, p.page, p.text,
                        json.dumps(as_json(p.fact), ensure_ascii=False) if p.fact else None,
                    ),
                )  # fmt: skip
                if p.kind is not UnitKind.INSTRUCTION:
                    connection.execute(
                        f"INSERT INTO passages_{source.language} (rowid, body, context) VALUES (?, ?, ?)",
                        (
                            cursor.lastrowid,
                            " ".join(stems(p.text, source.language)),
                            " ".join(stems(p.context, source.language)),
                        ),
                    )
                for language, asked in p.fact.questions.items() if p.fact else ():
                    connection.execute(
                        f"INSERT INTO questions_{language} (rowid, body) VALUES (?, ?)",
                        (cursor.lastrowid, " ".join(stems(" ".join(asked), language))),
                    )
            self._count_words(connection, source.language, passages, 1)
            self._touch(connection)
        return replaced

    def remove(self, source_id: str) -> list[Passage]:
        """Take a source out; returns the passages it had. Raises SourceNotFound."""
        source = self.source(source_id)
        passages = self.passages(source_id)
        with self._transaction() as connection:
            self._take_out(connection, source, passages)
            self._touch(connection)
        return passages

    def describe(self, *described: tuple[Source, str]) -> None:
        """Put what is known of sources in place of what was known, in one transaction.

        Args:
            described: Of each source what is known now, and its content hash; its text, and who it is, stay.
        """
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE sources SET kind = ?, title = ?, municipality = ?, written = ?, law_basis = ?, valid_from = ?, "
                "valid_to = ?, early = ?, content_hash = ? WHERE source_id = ?",
                [
                    (
                        source.kind.value, source.title, source.municipality, source.written, source.law_basis,
                        source.valid_from, source.valid_to, source.early, content_hash, source.source_id,
                    )
                    for source, content_hash in described
                ],
            )  # fmt: skip
            self._touch(connection)

    def original(self, source_id: str) -> str | None:
        """Digest of the file that is kept of a source; None where none is."""
        rows = self._rows("SELECT digest FROM originals WHERE source_id = ?", (source_id,))
        return str(rows[0][0]) if rows else None

    def originals(self) -> set[str]:
        """Digests of all files that are kept."""
        return {str(row[0]) for row in self._rows("SELECT digest FROM originals")}

    def _take_out(self, connection: sqlite3.Connection, source: Source, passages: Sequence[Passage]) -> None:
        rows = connection.execute("SELECT row FROM passages WHERE source_id = ?", (source.source_id,)).fetchall()
        for table in (f"passages_{source.language}", *(f"questions_{x}" for x in LANGUAGES)):
            connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", rows)
        connection.execute("DELETE FROM sources WHERE source_id = ?", (source.source_id,))
        self._count_words(connection, source.language, passages, -1)

    @staticmethod
    def _count_words(connection: sqlite3.Connection, language: str, passages: Sequence[Passage], sign: int) -> None:
        counts = Counter(word for p in passages for word in words(f"{p.context} {p.text}"))
        connection.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?) ON CONFLICT (language, word) DO UPDATE SET n = n + excluded.n",
            [(language, word, sign * n) for word, n in counts.items()],
        )
        if sign < 0:
            connection.executemany(
                "DELETE FROM vocabulary WHERE language = ? AND word = ? AND n <= 0",
                [(language, word) for word in counts],
            )

    def vocabulary(self, language: str) -> frozenset[str]:
        """The words of all passages of a language, normalised; read once for each generation."""
        query = "SELECT word FROM vocabulary WHERE language = ?"
        return self._cached(
            ("vocabulary", language), lambda: frozenset(str(row[0]) for row in self._rows(query, (language,)))
        )

    @staticmethod
    def _touch(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT INTO meta VALUES ('generation', '1') "
            "ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"
        )

    def sources(self, *, bundled: bool | None = None) -> list[Source]:
        """All sources in the order in which they were added; only (not) bundled ones where asked."""
        query = f"SELECT {_SOURCE_COLUMNS} FROM sources ORDER BY rowid"
        every = self._cached("sources", lambda: [_source(row) for row in self._rows(query)])
        return [s for s in every if bundled is None or s.bundled == bundled]

    def source(self, source_id: str) -> Source:
        """One source; raises SourceNotFound."""
        rows = self._rows(f"SELECT {_SOURCE_COLUMNS} FROM sources WHERE source_id = ?", (source_id,))
        if not rows:
            raise SourceNotFound(f"No source has the id {source_id!r}. The command `sources` lists those there are.")
        return _source(rows[0])

    def has_source(self, source_id: str) -> bool:
        """Whether a source has this id."""
        return bool(self._rows("SELECT 1 FROM sources WHERE source_id = ?", (source_id,)))

    def source_with_content(self, content_hash: str) -> Source | None:
        """The source that has this very content, if one does."""
        rows = self._rows(f"SELECT {_SOURCE_COLUMNS} FROM sources WHERE content_hash = ?", (content_hash,))
        return _source(rows[0]) if rows else None

    def text(self, source_id: str) -> str:
        """The whole text of a source; raises SourceNotFound."""
        rows = self._rows("SELECT text FROM sources WHERE source_id = ?", (source_id,))
        if not rows:
            raise SourceNotFound(f"No source has the id {source_id!r}. The command `sources` lists those there are.")
        return str(rows[0][0])

    def passages(self, source_id: str) -> list[Passage]:
        """All passages of a source in reading order."""
        query = f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE source_id = ? ORDER BY position"
        return self._cached(("passages", source_id), lambda: [_passage(row) for row in self._rows(query, (source_id,))])

    def group(self, source_id: str, group: int) -> list[Passage]:
        """The passages of one paragraph, list or table in reading order."""
        rows = self._rows(
            f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE source_id = ? AND group_number = ? ORDER BY position",
            (source_id, group),
        )
        return [_passage(row) for row in rows]

    def groups(self, keys: Iterable[tuple[str, int]]) -> list[Passage]:
        """The passages of several paragraphs, lists or tables, (source id, group number) each; in no certain order."""
        found: list[Passage] = []
        wanted = list(keys)
        for i in range(0, len(wanted), 400):  # SQLite takes 999 parameters
            part = wanted[i : i + 400]
            marks = ", ".join(["(?, ?)"] * len(part))
            rows = self._rows(
                f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE (source_id, group_number) IN (VALUES {marks})",
                [value for key in part for value in key],
            )
            found += [_passage(row) for row in rows]
        return found

    def passages_by_id(self, ids: Iterable[str]) -> list[Passage]:
        """Passages with these ids, in no particular order; unknown ids are left out."""
        return self._passages_where("id", ids)

    def passages_with_text(self, texts: Iterable[str]) -> list[Passage]:
        """Passages whose own words are one of these, in no particular order."""
        return self._passages_where("text", texts)

    def _passages_where(self, column: str, values: Iterable[str]) -> list[Passage]:
        found: list[Passage] = []
        wanted = list(dict.fromkeys(values))
        for i in range(0, len(wanted), 500):  # SQLite takes 999 parameters
            part = wanted[i : i + 500]
            marks = ", ".join("?" * len(part))
            rows = self._rows(f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE {column} IN ({marks})", part)
            found += [_passage(row) for row in rows]
        return found

    def search(
        self, terms: Sequence[str], language: str, *, k: int, bundled: bool | None = None, weights: tuple[float, float]
    ) -> list[tuple[str, float]]:
        """Rank passages of one language by BM25 over their stems.

        Args:
            terms: Stems in that language; a passage needs one of them. A trailing "*" matches a beginning.
            language: en, fi or sv.
            k: How many to return.
            bundled: Only (not) bundled sources, where given.
            weights: Of a passage's own words and of those of its headings and lead-in.

        Returns:
            (passage id, score), best first; higher is better.
        """
        query = _any_of(terms)
        if not query:
            return []
        table = f"passages_{language}"
        join = "" if bundled is None else f"JOIN sources s ON s.source_id = p.source_id AND s.bundled = {int(bundled)}"
        rows = self._rows(
            f"SELECT p.id, -bm25({table}, ?, ?) AS score FROM {table} JOIN passages p ON p.row = {table}.rowid {join} "
            f"WHERE {table} MATCH ? ORDER BY score DESC, p.row LIMIT ?",
            (*weights, query, k),
        )
        return [(str(passage_id), float(score)) for passage_id, score in rows]

    def facts(self) -> list[Passage]:
        """All passages that are facts of the bundled corpus, in order; read once for each generation."""
        query = f"SELECT {_PASSAGE_COLUMNS} FROM passages WHERE fact IS NOT NULL ORDER BY row"
        return self._cached("facts", lambda: [_passage(row) for row in self._rows(query)])

    def frequency(self, term: str, language: str, *, of: str = "passages") -> int:
        """How many passages of a language hold a stem, in their text or context; or how many facts in their questions.

        Args:
            term: A stem, or several in a row; a trailing "*" matches a beginning.
            language: en, fi or sv.
            of: "passages" or "questions".
        """
        table = f"{of}_{language}"
        words = f'"{term[:-1]}" *' if term.endswith("*") else f'"{term}"'
        query = f"SELECT count(*) FROM {table} WHERE {table} MATCH ?"
        return self._cached(("frequency", table, term), lambda: int(self._rows(query, (words,))[0][0]))

    def count(self, language: str | None = None) -> int:
        """How many passages can be searched, in one language or in all."""
        where, parameters = ("", ()) if language is None else (" WHERE language = ?", (language,))
        query = f"SELECT coalesce(sum(searchable), 0) FROM sources{where}"
        return self._cached(("count", language), lambda: int(self._rows(query, parameters)[0][0]))

    def content_hashes(self) -> dict[str, str]:
        """What tells the content of each source from any other, by source id."""
        query = "SELECT source_id, content_hash FROM sources"
        return self._cached(("hashes",), lambda: {str(i): str(h) for i, h in self._rows(query)})

    # Vectors: kept by the model and the words that were embedded, so that nothing is embedded twice.

    def vectors(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Vectors by text hash, (dim,) float32 each; unknown hashes are left out."""
        kept = self.tokens(fingerprint, hashes)
        return {key: np.frombuffer(vector, dtype=np.float32) for key, vector in kept.items()}

    def tokens(self, fingerprint: str, hashes: Sequence[str]) -> dict[str, bytes]:
        """Encoded token vectors by text hash; they are kept like vectors, under a fingerprint of their own."""
        found: dict[str, bytes] = {}
        for i in range(0, len(hashes), 500):
            part = list(hashes[i : i + 500])
            marks = ", ".join("?" * len(part))
            query = f"SELECT text_hash, vector FROM vectors WHERE fingerprint = ? AND text_hash IN ({marks})"
            found.update(self._rows(query, (fingerprint, *part)))
        return found

    def has_vectors(self, fingerprint: str, hashes: Sequence[str]) -> set[str]:
        """Those of these text hashes whose vectors are kept."""
        found: set[str] = set()
        for i in range(0, len(hashes), 500):
            part = list(hashes[i : i + 500])
            marks = ", ".join("?" * len(part))
            query = f"SELECT text_hash FROM vectors WHERE fingerprint = ? AND text_hash IN ({marks})"
            found.update(str(row[0]) for row in self._rows(query, (fingerprint, *part)))
        return found

    def put_vectors(self, vectors: Mapping[str, Mapping[str, NDArray[np.float32] | bytes]]) -> None:
        """Keep vectors and encoded token vectors, by fingerprint and text hash, in one transaction."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [
                    (fingerprint, key, v if isinstance(v, bytes) else np.asarray(v, dtype=np.float32).tobytes())
                    for fingerprint, by_hash in vectors.items()
                    for key, v in by_hash.items()
                ],
            )

    def drop_vectors(self, hashes: Sequence[str]) -> None:
        """Forget the vectors of these text hashes, of every model."""
        with self._transaction() as connection:
            connection.executemany("DELETE FROM vectors WHERE text_hash = ?", [(key,) for key in hashes])

    def without_vectors(self) -> list[str]:
        """Ids of added sources whose passages are not all in the vector index yet, in the order in which they came."""
        query = "SELECT source_id FROM sources WHERE vectors_ready = 0 AND NOT bundled ORDER BY rowid"
        return [str(row[0]) for row in self._rows(query)]

    def count_searchable(self, *, ready: bool) -> int:
        """How many searchable passages belong to added sources that are, or are not, in the vector index yet."""
        query = f"SELECT coalesce(sum(searchable), 0) FROM sources WHERE vectors_ready = {int(ready)} AND NOT bundled"
        return int(self._rows(query)[0][0])

    def mark_vectors(self, source_ids: Sequence[str], *, ready: bool) -> None:
        """Note that the passages of these sources are, or are not, in the vector index."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE sources SET vectors_ready = ? WHERE source_id = ?", [(int(ready), s) for s in source_ids]
            )


def _any_of(terms: Sequence[str]) -> str:
    return " OR ".join(f'"{term[:-1]}" *' if term.endswith("*") else f'"{term}"' for term in terms)


def _source(row: Sequence[object]) -> Source:
    (
        source_id,
        kind,
        title,
        publisher,
        url,
        municipality,
        language,
        written,
        law_basis,
        start,
        end,
        digest,
        never,
        early,
        bundled,
        n,
        masked,
        original,
    ) = row
    return Source(
        source_id=str(source_id), kind=Kind(str(kind)), title=str(title), publisher=_text(publisher), url=_text(url),
        municipality=_text(municipality), language=str(language), written=_text(written), law_basis=_text(law_basis),
        valid_from=_text(start), valid_to=_text(end), digest=bool(digest), never_in_force=bool(never),
        early=bool(early), bundled=bool(bundled), passages=int(str(n)),
        personal_data=int(str(masked)), original=bool(original),
    )  # fmt: skip


def _passage(row: Sequence[object]) -> Passage:
    passage_id, source_id, start, end, text, kind, position, group, headings, lead_in, section, page, fact = row
    return Passage(
        id=str(passage_id), source_id=str(source_id), start=int(str(start)), end=int(str(end)), text=str(text),
        kind=UnitKind(str(kind)), position=int(str(position)), group=int(str(group)),
        headings=tuple(json.loads(str(headings))), lead_in=str(lead_in), section=_text(section),
        page=None if page is None else int(str(page)), fact=_fact(str(fact)) if fact else None,
    )  # fmt: skip


def _fact(text: str) -> Fact:
    row = json.loads(text)
    return Fact(**row | {"questions": {x: tuple(asked) for x, asked in row["questions"].items()}})


def _text(value: object) -> str | None:
    return None if value is None else str(value)
