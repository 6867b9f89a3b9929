"""What becomes of an upload that the disk has no room for: HTTP 507 in words, and nothing of the file stays.

Gradio itself answers 500 with no word, and leaves what it has written, which keeps the disk full.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import Request
from fastapi.responses import PlainTextResponse, Response
from gradio.route_utils import GradioMultiPartParser

from assistant.words import Words

_log = logging.getLogger(__name__)


def when_disk_is_full(say: Words) -> Callable[[Request, Exception], Awaitable[Response]]:
    """A handler of the OSErrors of a page in one language; Gradio's upload box shows what it answers."""

    async def told(request: Request, error: Exception) -> Response:
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if not (full and request.url.path.endswith("/gradio_api/upload")):
            raise error
        _log.error("An upload was refused: %s", error)
        _remove_what_was_written(error)
        return PlainTextResponse(say("page.upload-full", folder=request.app.uploaded_file_dir), 507)

    return told


def _remove_what_was_written(error: Exception) -> None:
    """Remove the files of an upload that failed; its parser, which knows them, does so for its own errors alone."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for one in frame.f_locals.values():
            if isinstance(one, GradioMultiPartParser):
                for file in one._files_to_close_on_error:
                    with contextlib.suppress(OSError):  # what is still to be written has no room either
                        file.close()
                    Path(file.name).unlink(missing_ok=True)
