"""The PDF files that were added, kept as they came so that a page of them can be shown beside its text.

A file is named after what is in it and appears whole or not at all; which source it belongs to stands in the store. Of
a document in which personal data was masked none is kept: a picture would show what the text hides.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections import OrderedDict
from pathlib import Path

from assistant.documents._page_image import draw_page
from assistant.errors import DocumentError, WorkspaceError
from assistant.settings import Settings
from assistant.store import Store

_PICTURES = 32  # kept in memory, of 0.1 to 0.4 MB each: a reader comes back to a citation
_AT_ONCE = 2  # pages that are drawn at a time; the others wait


class Originals:
    """The kept files of one workspace. Safe to use from several threads."""

    def __init__(self, folder: Path, store: Store, settings: Settings) -> None:
        """`folder` holds these files and nothing else."""
        self._folder, self._store, self._settings = folder, store, settings
        self._pictures: OrderedDict[tuple[str, int, str], bytes] = OrderedDict()
        self._guard = threading.Lock()
        self._drawing = threading.BoundedSemaphore(_AT_ONCE)

    def keep(self, content: bytes) -> str:
        """Keep a file; returns the digest under which the store is to name it."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        half = path.with_name(f".{digest}.{os.getpid()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                half.unlink(missing_ok=True)
            raise WorkspaceError(
                f"The file could not be kept in the workspace {self._folder.parent} ({error.strerror}). "
                "Check that the disk has free space and that the folder can be written, then try again."
            ) from error
        return digest

    def sweep(self) -> None:
        """Remove the files that no source names: of a source that went, or left by a run that was killed."""
        with contextlib.suppress(OSError):
            wanted = {self._path(digest) for digest in self._store.originals()}
            for path in set(self._folder.iterdir()) - wanted:
                path.unlink(missing_ok=True)

    def picture(self, source_id: str, page: int, quote: str) -> bytes:
        """A page of a source as a PNG with the quote marked.

        Raises:
            SourceNotFound: There is no such source.
            DocumentError: Nothing is kept of it, or the page cannot be drawn; says what to do.
        """
        title = self._store.source(source_id).title
        digest = self._store.original(source_id)
        if digest is None:
            raise DocumentError(f"{title}: no PDF is kept of it, so its pages cannot be shown. Its text can be read.")
        key = (digest, page, quote)
        with self._drawing:
            with self._guard:
                if key in self._pictures:
                    self._pictures.move_to_end(key)
                    return self._pictures[key]
            try:
                content = self._path(digest).read_bytes()
            except OSError as error:
                raise DocumentError(
                    f"{title}: its PDF is missing from the workspace ({error.strerror}). Remove it and add it again."
                ) from error
            picture = draw_page(content, page, quote=quote, name=title, settings=self._settings)
            with self._guard:
                self._pictures[key] = picture
                while len(self._pictures) > _PICTURES:
                    self._pictures.popitem(last=False)
        return picture

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.pdf"
