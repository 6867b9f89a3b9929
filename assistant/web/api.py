"""The same jobs for programs: named endpoints for gradio_client, and tools for MCP clients where `mcp` is installed.

Each takes and gives plain JSON, the shapes of the command line's `--json`. Nothing that they write is kept as a version
of the plan, and nothing is added or removed through them.
"""

from __future__ import annotations

import logging
from asyncio import to_thread
from collections.abc import Awaitable, Callable
from functools import wraps
from importlib.util import find_spec
from typing import Any, ParamSpec, TypeVar

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError
from assistant.types import as_json
from assistant.web.backend import Backend

_P = ParamSpec("_P")
_T = TypeVar("_T")

NAME = "Kotoapuri"
MOST_PASSAGES = 60  # of a search

_log = logging.getLogger(__name__)


def has_mcp() -> bool:
    """Whether the extra `kotoapuri[mcp]` is installed."""
    return find_spec("mcp") is not None


def add_api(blocks: gr.Blocks, backend: Backend) -> None:
    """Put the endpoints on a page."""
    for n, event in blocks.fns.items():
        event.api_name = f"event-{n}"  # Gradio names the page's own events too, and would number ours after them
    with blocks:
        for function in endpoints(backend):
            api(_told(function), api_name=function.__name__)


def mcp_server(backend: Backend, *, local: bool) -> Any:
    """The same functions as tools for MCP clients, over streamable HTTP at /mcp.

    Not Gradio's own server: that gives its clients what Python prints of a record, which is no JSON.

    Args:
        backend: Does the work, in threads.
        local: Whether only this machine is served, so that requests which name another host are refused.
    """
    from mcp.server.fastmcp import FastMCP
    from mcp.server.transport_security import TransportSecuritySettings

    hosts = ["127.0.0.1", "localhost", "[::1]"]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=local,
        allowed_hosts=[*hosts, *(f"{host}:*" for host in hosts)],
        allowed_origins=[f"http://{host}:*" for host in hosts],
    )
    server = FastMCP(NAME, stateless_http=True, json_response=True, transport_security=security)
    for function in endpoints(backend):
        server.add_tool(_in_thread(_told(function)))
    return server


def _in_thread(function: Callable[_P, _T]) -> Callable[_P, Awaitable[_T]]:
    @wraps(function)
    async def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        return await to_thread(function, *args, **kwargs)

    return call


def endpoints(backend: Backend) -> list[Callable[..., Any]]:
    """The functions that are offered; their names, types and help are what programs see."""

    def ask(question: str, as_of: str = "", language: str = "") -> dict[str, Any]:
        """Answer a question on municipal integration work in Finland with checked citations, or abstain.

        Args:
            question: In English, Finnish or Swedish.
            as_of: Date on which the law is taken, YYYY-MM-DD; today where empty.
            language: en, fi or sv; the question's own where empty.
        """
        return _json(backend.ask(question, as_of=as_of or None, language=language or None))

    def draft(section: str, municipality: str = "", notes: str = "", as_of: str = "") -> dict[str, Any]:
        """Draft one section of a municipality's integration plan from law, guidance and its own documents.

        Args:
            section: Its id, such as good-relations.
            municipality: Whose plan; the one that the workspace knows where empty.
            notes: What the documents do not say; cited as typed.
            as_of: Date on which the law is taken, YYYY-MM-DD; today where empty.
        """
        return _json(backend.draft(section, municipality=municipality or None, notes=notes, as_of=as_of or None))

    def checklist(name: str, municipality: str = "", as_of: str = "") -> dict[str, Any]:
        """Answer a checklist on a municipality's integration plan from its own documents.

        Args:
            name: Its id, such as plan.
            municipality: Whose documents; the one that the workspace knows where empty.
            as_of: Date of the answer, YYYY-MM-DD; today where empty.
        """
        return _json(backend.checklist(name, municipality=municipality or None, as_of=as_of or None))

    def check_copying(text: str, municipality: str = "") -> dict[str, Any]:
        """Find what a text shares with integration programmes of other municipalities.

        Args:
            text: Of a plan.
            municipality: Whose text it is; the one that the workspace knows, or that the text names most, where empty.
        """
        return {**_json(backend.check_copying(text, municipality=municipality or None)), "text": text}

    def review(text: str, municipality: str = "", as_of: str = "") -> dict[str, Any]:
        """Hold an integration plan against the known weaknesses of such plans.

        Args:
            text: The plan.
            municipality: Whose plan it is; the one that the text names where empty.
            as_of: Date on which the law is taken, YYYY-MM-DD; today where empty.
        """
        return _json(backend.review(text, municipality=municipality or None, as_of=as_of or None))

    def sources() -> list[dict[str, Any]]:
        """List every source that answers may rest on: law, guidance, programmes and own documents."""
        return [_json(source) for source in backend.sources()]

    def search(query: str, passages: int = 10, as_of: str = "", language: str = "") -> list[dict[str, Any]]:
        """Find passages of the sources for a question or some words, best first, each as a citation.

        Args:
            query: In English, Finnish or Swedish.
            passages: How many at most, 1 to 60.
            as_of: Date on which the law is taken, YYYY-MM-DD; today where empty.
            language: en, fi or sv; that of the query where empty.
        """
        if not 1 <= passages <= MOST_PASSAGES:
            raise AssistantError(f"{passages} passages cannot be given. Ask for 1 to {MOST_PASSAGES}.")
        evidence = backend.retrieve(query, as_of=as_of or None, language=language or None, k=passages)
        day = evidence.question.as_of
        return [
            _json(backend.cite(hit.passage, as_of=day, number=n))
            for n, hit in enumerate(evidence.hits[:passages], start=1)
        ]

    return [ask, draft, checklist, check_copying, review, sources, search]


def _json(record: Any) -> dict[str, Any]:
    given: dict[str, Any] = as_json(record)
    return given


def _told(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """The function with what it raises in one line that a caller may read."""

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            _log.exception("The endpoint %s failed", function.__name__)
            raise gr.Error(
                "Something went wrong in the program, and it has been logged.", print_exception=False
            ) from error

    return call
