"""The web server: FastAPI with the Gradio app mounted, its limits and its security headers.

Heavy libraries wait: the port answers as soon as Gradio is there, and a background thread loads the models.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import inspect
import logging
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import AssistantError
from assistant.settings import Settings
from assistant.web.backend import Backend
from assistant.words import LANGUAGES, words

# Nothing of a page may be fetched from, or sent to, anywhere but here: a link to an image in a hostile document would
# otherwise carry words of the conversation away. 'unsafe-eval' and 'unsafe-inline' are what Gradio's own scripts need.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "frame-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
OFFLINE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",  # Gradio would keep every question in the browser
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "TOKENIZERS_PARALLELISM": "false",
}
NAME = "Kotoapuri"
FIRST = "en"  # the language of the page at "/"
LANGUAGE_COOKIE = "kotoapuri-language"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
AFTER_S = 0.5
SHUTDOWN_S = 3  # a browser tab keeps a stream open and would never let the server end

if TYPE_CHECKING:
    from fastapi import FastAPI

_log = logging.getLogger(__name__)


class WarmUp:
    """Loads the models once, beside the server; `status` is "loading", "ready" or "failed: ..."."""

    def __init__(self, backend: Backend) -> None:
        self.status = "loading"
        self._backend = backend

    def start(self) -> None:
        """Start loading; returns at once."""
        threading.Thread(target=self._run, name="warm-up", daemon=True).start()

    def _run(self) -> None:
        try:
            self._backend.warm_up()
            self.status = "ready"
        except AssistantError as error:
            _log.error("%s", error)
            self.status = f"failed: {error}"
        except Exception:
            _log.exception("The models could not be loaded")
            self.status = "failed: see the log"


def build_app(backend: Backend, settings: Settings, *, host: str = "127.0.0.1") -> Any:
    """Build the whole web app as a FastAPI application; loading the models starts when it starts."""
    gr = _import_gradio()
    from fastapi import FastAPI
    from fastapi.responses import RedirectResponse
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from assistant.web.api import add_api, has_mcp, mcp_server
    from assistant.web.page import build_page
    from assistant.web.pages import add_pages

    warm_up = WarmUp(backend)
    tools = mcp_server(backend, local=host in LOOPBACK) if has_mcp() else None

    def build(language: str) -> Any:
        blocks = build_page(backend, settings, words(language), lambda: warm_up.status)
        if language == FIRST:  # one page for programs; what they read is English
            add_api(blocks, backend)
        return blocks

    def build_apart(language: str) -> FastAPI:
        page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        _mount(gr, page, build(language), settings, language)
        return page

    others = OtherPages([language for language in LANGUAGES if language != FIRST], build_apart)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            if tools:
                await stack.enter_async_context(tools.session_manager.run())
            building = asyncio.create_task(others.build(stack, then=warm_up.start))
            yield
            await building

    app = FastAPI(title=NAME, docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)

    @app.api_route("/health", methods=["GET", "HEAD"])
    def health() -> dict[str, str]:
        return {"status": "ok", "models": warm_up.status}

    @app.get("/language/{code}")
    def choose_language(code: str) -> RedirectResponse:
        language = code if code in LANGUAGES else "en"
        answer = RedirectResponse(_path(language), status_code=303)
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, httponly=True, samesite="lax")
        return answer

    add_pages(app, backend, LANGUAGE_COOKIE)
    if tools:
        app.router.routes.extend(tools.streamable_http_app().routes)  # at /mcp
    _mount(gr, app, build(FIRST), settings, FIRST)
    if host in LOOPBACK:  # keeps another site from reaching this machine's documents by a name that resolves to it
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost", "[::1]"])
    app.add_middleware(LanguagePaths, others=others)
    app.add_middleware(SecurityHeaders)
    return app


def _path(language: str) -> str:
    return "/" if language == FIRST else f"/{language}/"


def _mount(gr: Any, app: FastAPI, blocks: Any, settings: Settings, language: str) -> None:
    from assistant.web.uploads import when_disk_is_full

    handlers = {OSError: when_disk_is_full(words(language))}
    blocks.queue(default_concurrency_limit=4, max_size=64)
    gr.mount_gradio_app(
        app,
        blocks,
        path=_path(language).rstrip("/") or "/",
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None, "exception_handlers": handlers},
        footer_links=[],
        run_history=False,
        max_file_size=f"{settings.max_file_mb}mb",
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,  # it hands out what Python prints of a record; ours hands out JSON
        theme=_theme(gr),
        css_paths=sorted(Path(__file__).with_name("style").glob("*.css")),
        js=Path(__file__).with_name("page.js").read_text(encoding="utf-8"),
    )
    # Gradio 6.31 sets this in launch() alone, and without it lets a visitor name any file of this machine as an upload.
    blocks.has_launched = True


class OtherPages:
    """The pages in the other languages: made while the first one is already served, which halves the start.

    Gradio keeps what is being built in one place for the whole process, so an event that runs meanwhile would put its
    components into a page that is being built: events wait for the end of it, reading the first page does not.
    """

    def __init__(self, languages: Sequence[str], build: Callable[[str], Any]) -> None:
        self._languages, self._build = languages, build
        self._pages: dict[str, Any] = {}
        self._built: asyncio.Event | None = None  # None where nothing is to be waited for

    async def build(self, stack: contextlib.AsyncExitStack, *, then: Callable[[], None]) -> None:
        """Make them one after the other, start each in `stack`, and go on with what shall come after."""
        self._built = asyncio.Event()
        await asyncio.sleep(AFTER_S)  # whoever waits for the start gets the first page first
        try:
            for language in self._languages:
                page = await asyncio.to_thread(self._build, language)
                await stack.enter_async_context(page.router.lifespan_context(page))
                self._pages[language] = page
        except Exception:
            _log.exception("A page could not be built; English is served")
        finally:
            self._built.set()
            then()

    async def app_for(self, path: str, method: str) -> Any:
        """The page that a path belongs to, once it is there; None for the first page, once its events may run."""
        language = path.strip("/").partition("/")[0]
        if self._built and (language in self._languages or method not in ("GET", "HEAD")):
            await self._built.wait()
        return self._pages.get(language)


class LanguagePaths:
    """Leads a browser to the page in its language, and to the address that the page's own links need; plain ASGI."""

    def __init__(self, app: Any, *, others: OtherPages) -> None:
        self._app, self._others = app, others

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        from starlette.requests import Request
        from starlette.responses import RedirectResponse

        answer = self._app
        if scope["type"] == "http":
            request, path = Request(scope), scope["path"]
            here = next((code for code in LANGUAGES if path in (_path(code), _path(code).rstrip("/"))), "")
            there = here if scope["method"] == "GET" else ""
            if there == FIRST:
                chosen = request.cookies.get(LANGUAGE_COOKIE)
                there = chosen if chosen in LANGUAGES else _preferred(request.headers.get("accept-language", ""))
            if there and path != _path(there):
                query = f"?{request.url.query}" if request.url.query else ""
                answer = RedirectResponse(f"{_path(there)}{query}", status_code=307)
            else:
                answer = await self._others.app_for(path, scope["method"]) or answer
        await answer(scope, receive, send)


def _preferred(accept_language: str) -> str:
    """The first of our languages that a browser asks for, by weight; English where it asks for none of them."""
    asked: list[tuple[float, str]] = []
    for part in accept_language.split(","):
        name, _, weight = part.partition(";q=")
        with contextlib.suppress(ValueError):
            asked.append((-float(weight or 1), name.strip()[:2].lower()))
    return next((name for _, name in sorted(asked, key=lambda one: one[0]) if name in LANGUAGES), "en")


class SecurityHeaders:
    """Adds the security headers to every response; plain ASGI, so that streams pass unbuffered."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""

        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *SECURITY_HEADERS]}
            await send(message)

        await self._app(scope, receive, send_with_headers)


def serve(backend: Backend, settings: Settings, listener: socket.socket, host: str) -> None:
    """Serve until SIGINT or SIGTERM."""
    os.environ.update(OFFLINE)
    if settings.embedding_model == "default":  # anything else may have to be fetched from the hub once
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="kotoapuri-uploads-", ignore_cleanup_errors=True) as uploads:
        os.environ["GRADIO_TEMP_DIR"] = uploads
        app = build_app(backend, settings, host=host)
        import uvicorn

        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=SHUTDOWN_S, server_header=False, ws="none"
        )
        server = uvicorn.Server(config)
        # Once it is to end, all that uvicorn reports is the streams of open tabs that it cuts, with a traceback each.
        logging.getLogger("uvicorn.error").addFilter(lambda _: not server.should_exit)
        shown = f"[{host}]" if ":" in host else host
        print(f"{NAME} is at http://{shown}:{port} (Ctrl+C stops it)", flush=True)
        if host not in LOOPBACK:
            print("There is no login: everybody who reaches this address can read all documents.", file=sys.stderr)
        # uvicorn raises the signal again once it has ended; this makes that an ordinary end.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            server.run(sockets=[listener])


def open_listener(host: str, port: int) -> socket.socket:
    """Take the address before anything slow is loaded.

    Raises:
        AssistantError: The address cannot be used; says why and what to do.
    """
    if not 0 <= port <= 65535:
        raise AssistantError(f"Port {port} does not exist. Give one from 1024 to 65535.")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise AssistantError(f"Host {host!r} is unknown. Use 127.0.0.1, or an address of this machine.") from error
    listener = socket.socket(family, kind, protocol)
    if os.name == "posix":  # elsewhere this would let two programs share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)  # here and not later, because two sockets may be bound but only one may listen
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise AssistantError(
                f"Port {port} on {host} is in use. Stop the other program, or give another port with --port."
            ) from error
        if error.errno == errno.EACCES:
            raise AssistantError(f"Port {port} may not be used by this account. Give one above 1023.") from error
        raise AssistantError(f"{host} is no address of this machine. Use 127.0.0.1, or 0.0.0.0 for all.") from error
    return listener


def _theme(gr: Any) -> Any:
    """Gradio's default in blue, with the machine's own fonts and every text at a contrast of 4.5 or more."""
    return gr.themes.Default(primary_hue="blue", font=("system-ui", "sans-serif"), font_mono=("monospace",)).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_title_text_color="*neutral_800",
        block_label_text_color="*neutral_700",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
    )


def _import_gradio() -> Any:
    """Import Gradio in half its time: 1.2 s instead of 2.5 s on two cores.

    On every import Gradio parses the source of each component and writes editor stubs (.pyi) into site-packages. It
    skips a component whose file it cannot find, so the lookup says that for Gradio's classes while it imports.
    """
    with _quick_import():
        import gradio
    return gradio


@contextlib.contextmanager
def _quick_import() -> Iterator[None]:
    getfile = inspect.getfile

    def getfile_outside_gradio(object: Any) -> str:
        if isinstance(object, type) and object.__module__.startswith("gradio."):
            raise OSError("not needed while importing")
        return getfile(object)

    collecting = gc.isenabled()
    gc.disable()  # an import makes no garbage worth looking for; 10 % of the time
    inspect.getfile = getfile_outside_gradio
    try:
        yield
    finally:
        inspect.getfile = getfile
        if collecting:
            gc.enable()
