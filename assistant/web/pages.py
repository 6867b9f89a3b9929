"""Pages of added PDFs as pictures, at /page/SOURCE_ID/NUMBER?quote=...: beside the Gradio app, checked as it is."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import quote as quoted

from assistant.errors import AssistantError
from assistant.types import Citation, Source
from assistant.web.backend import Backend
from assistant.words import LANGUAGES, words

if TYPE_CHECKING:
    from fastapi import FastAPI

_QUOTE_CHARS = 2_000  # an address of more may be refused on its way; what is marked then is the quote's beginning
_HEADERS = {
    "Cache-Control": "private, max-age=600",
    "Cross-Origin-Resource-Policy": "same-origin",  # no other site may show our documents
}

_log = logging.getLogger(__name__)


def page_address(source_id: str, page: int, quote: str = "") -> str:
    """The address of the picture of a page."""
    marked = f"?quote={quoted(quote[:_QUOTE_CHARS], safe='')}" if quote else ""
    return f"/page/{quoted(source_id, safe='')}/{page}{marked}"


def page_picture_url(citation: Citation, source: Source | None) -> str | None:
    """The address of the page that a citation stands on; None where no page of its source can be shown."""
    if source is None or not source.original or citation.page is None:
        return None
    return page_address(citation.source_id, citation.page, citation.quote)


def add_pages(app: FastAPI, backend: Backend, language_cookie: str) -> None:
    """Put the route on the server; whatever is asked for and is not there is told in one line, as 404."""
    from fastapi import Request
    from fastapi.responses import PlainTextResponse, Response

    def page_picture(request: Request, source_id: str, number: str, quote: str = "") -> Response:
        chosen = request.cookies.get(language_cookie)
        say = words(chosen if chosen in LANGUAGES else "en")
        if not (number.isascii() and number.isdigit() and len(number) < 7):
            return PlainTextResponse(say("sources.page-unknown"), 404)
        try:
            picture = backend.page_picture(source_id, int(number), quote[:_QUOTE_CHARS])
        except AssistantError as error:
            return PlainTextResponse(say.message(str(error)), 404)
        except Exception:
            _log.exception("Page %s of %s could not be drawn", number, source_id)
            return PlainTextResponse(say("page.failed"), 500)
        return Response(picture, media_type="image/png", headers=_HEADERS)

    # Not as a decorator: the names of its types are known inside this function alone.
    page_picture.__annotations__ |= {"request": Request, "return": Response}
    app.add_api_route("/page/{source_id}/{number}", page_picture, methods=["GET"], response_class=Response)
