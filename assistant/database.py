"""A SQLite file of a workspace: a connection for each thread, transactions, and errors that a reader can act on."""

from __future__ import annotations

import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assistant.errors import WorkspaceError


class Database(ABC):
    """One open file. Safe to use from several threads."""

    _pragmas: tuple[str, ...] = ()  # of each connection, beside those of all

    def __init__(self, path: Path) -> None:
        """Take the file at `path`; the first connection opens it."""
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._guard = threading.RLock()

    @abstractmethod
    def _unusable(self, error: object) -> WorkspaceError:
        """What to say of a file that is damaged or cannot be used."""

    @abstractmethod
    def _unchanged(self, error: object) -> WorkspaceError:
        """What to say of a transaction that could not be made."""

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            # FULL: what was acknowledged survives a power cut, not only a crash of the program.
            for pragma in ("synchronous = FULL", *self._pragmas):
                connection.execute(f"PRAGMA {pragma}")
            self._local.connection = connection
            with self._guard:
                self._connections.append(connection)
        return connection

    def close(self) -> None:
        """Close every connection; the file cannot be used through this object afterwards."""
        with self._guard:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
        self._local = threading.local()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection: sqlite3.Connection | None = None
        try:
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            if connection is not None and connection.in_transaction:
                connection.execute("ROLLBACK")
            if not isinstance(error, sqlite3.Error):
                raise
            if type(error) is sqlite3.DatabaseError:  # what SQLite calls a damaged file
                raise self._unusable(error) from error
            raise self._unchanged(error) from error

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        """What a query reads; a damaged file is told in one line whichever query meets it."""
        try:
            return self._connection.execute(query, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._unusable(error) from error
