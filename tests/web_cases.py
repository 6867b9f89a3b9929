"""What tests of the web app share: the callbacks of a part of the page, and the real page in headless Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import expect

# A machine that does much else is slow, and that is no failure: what never comes still fails.
expect.set_options(timeout=20_000)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
BROWSER_MARKS = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio"),  # its own use of pandas
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH; Debian: apt-get install chromium"),
]


def in_a_browser(test: Any) -> Any:
    """Marks a test of the real page."""
    for mark in BROWSER_MARKS:
        test = mark(test)
    return test


@contextmanager
def served(backend: Any, settings: Any = None) -> Iterator[str]:
    """The address at which the app answers from a backend, until the test is over."""
    from assistant.settings import Settings
    from assistant.web.serving import build_app, open_listener

    listener = open_listener("127.0.0.1", 0)
    app = build_app(backend, settings or getattr(backend, "settings", None) or Settings())
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1, ws="none"))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        serving.join(timeout=10)


def violations(page: Any, within: str = "") -> list[str]:
    """What axe has against a page, or against a part of it."""
    page.evaluate(AXE)
    found = page.evaluate(
        """within => axe.run(within || document, {resultTypes: ["violations"]}).then(found => found.violations.map(
        found => `${found.impact} ${found.id}: ${found.nodes.map(one => one.target + " " + one.html).join("; ")}`))""",
        within,
    )
    return [str(one) for one in found]


def callbacks(
    build: Callable[[Any, Any], None], backend: Any, language: str = "en", **settings: Any
) -> dict[str, Callable[..., Any]]:
    """The callbacks of a tab or another part of the page, by name."""
    import gradio as gr

    from assistant.settings import Settings
    from assistant.web.page import Page
    from assistant.words import words

    with gr.Blocks() as blocks:
        municipality = gr.Dropdown(choices=[""], value="", allow_custom_value=True)
        as_of, status, writer = gr.HTML(""), gr.HTML(""), gr.HTML("")
        page = Page(
            backend=backend, settings=Settings(**settings), say=words(language), models_status=lambda: "ready",
            municipality=municipality, moved=gr.State(0), as_of=as_of, refresh=lambda m: (m, ""), status=status,
            writer=writer,
        )  # fmt: skip
        with gr.Tabs(), gr.Tab("Tab") as tab:
            build(page, tab)
    return {str(one.name): one.fn for one in blocks.fns.values() if one.fn}
