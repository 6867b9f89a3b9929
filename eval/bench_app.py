"""How long a user of the web app waits: `python -m eval.bench_app [--json FILE] [--only PART...]`.

Parts:
    start  from the beginning of the process to the first page, in a workspace that is there already
    ask    from the click to the first text of an answer, and to the whole of it; every question is another one
    tabs   from the click to a tab that is there and stands still, the first visit apart from later ones
    users  twenty users at once beside one alone, and the server's memory
    add    from choosing a PDF of 100 pages to its place among the sources

The app runs in a process of its own, over a new workspace with the bundled corpus and no chat model, and the page in
headless Chromium, as users have them. `users` sends what the page sends, for want of twenty browsers: the question, and
once its answer is there, what comes beside it (questions to go on with, the list of conversations). Times are taken
from the clock on the wall, so whatever else the machine does is in them: compare within one run, and on an idle
machine. What this does not measure: whether answers are right; see eval/.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx

from assistant.errors import AssistantError
from assistant.words import words
from eval import bundled
from eval.bench import write_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from rich.console import Console

PARTS = ("start", "ask", "tabs", "users", "add")
TABS = ("draft", "checklist", "situation", "review", "sources", "settings", "ask")  # the one that stands open is last
TURNS = 5  # questions in one conversation
USERS = 20
HERE = "Esimerkkilä"  # the municipality of the example, made up
_REPEATS = {"start": 5, "ask": 25, "tabs": 5, "add": 3}
_PAGES, _LINES, _LINE_CHARS = 100, 28, 90  # of the PDF; 2,500 characters a page, as programmes have
_PATIENCE_S = 300.0
_ROOT = Path(__file__).resolve().parent.parent
_SAY = words("en")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run", "--disable-quic"]  # fmt: skip

# Put into the page before its own scripts: when something was clicked or chosen, when the page last changed, and how
# many requests are under way. The heartbeat is left out: it stays open for as long as the page does.
_WATCH = """(() => {
  const seen = (window.seen = { click: 0, file: 0, changed: 0, waiting: 0 });
  const touch = () => { seen.changed = performance.now(); };
  const fetched = window.fetch;
  window.fetch = async (...given) => {
    if (String(given[0]?.url ?? given[0]).includes("/heartbeat/")) return fetched(...given);
    seen.waiting += 1;
    const end = () => { seen.waiting -= 1; touch(); };
    try {
      const answer = await fetched(...given);
      answer.clone().arrayBuffer().then(end, end);
      return answer;
    } catch (error) { end(); throw error; }
  };
  addEventListener("click", () => { seen.click = performance.now(); }, true);
  addEventListener("change", (event) => { if (event.target.type === "file") seen.file = performance.now(); }, true);
  new MutationObserver(touch).observe(document, { subtree: true, childList: true, attributes: true,
                                                  characterData: true });
})();"""
# Milliseconds from the click or choice to the first frame in which each condition holds; a condition is a JavaScript
# expression. Looking begins before the click, so that nothing is missed.
_LOOK = """([what, ...conditions]) => {
  const begun = performance.now(), met = conditions.map(() => 0);
  const tests = conditions.map((one) => new Function(`return ${one}`));
  window.found = new Promise((done) => {
    const look = () => {
      const now = performance.now();
      if (seen[what] > begun) tests.forEach((test, n) => { met[n] ||= test() ? now : 0; });
      if (met.every(Boolean)) done(met.map((one) => one - seen[what]));
      else requestAnimationFrame(look);
    };
    look();
  });
}"""
# The tab is there, and nothing has changed or been under way for a while; the time is that of the last change.
_QUIET_MS = 250
_SETTLED = """(tab) => {
  const begun = performance.now();
  let shown = 0;
  window.found = new Promise((done) => {
    const look = () => {
      const now = performance.now(), last = Math.max(seen.changed, shown, seen.click);
      if (seen.click > begun && document.getElementById(tab)?.offsetHeight > 0) shown ||= now;
      if (shown && !seen.waiting && now - last > QUIET) done([Math.max(seen.changed, shown) - seen.click]);
      else requestAnimationFrame(look);
    };
    look();
  });
}""".replace("QUIET", str(_QUIET_MS))
_ANSWER = "[...document.querySelectorAll('.turn')].pop()"


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one thing took, each time that it was done."""

    part: str
    what: str
    times_ms: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """Half of the times are below."""
        return statistics.median(self.times_ms)

    @property
    def p95_ms(self) -> float:
        """95 per cent of the times are below; of few times, near the longest."""
        if len(self.times_ms) == 1:
            return self.times_ms[0]
        return statistics.quantiles(self.times_ms, n=20, method="inclusive")[-1]


@dataclass(frozen=True, slots=True)
class Server:
    """The running app."""

    address: str
    pid: int
    started_ms: float  # from the beginning of the process to its first page

    def memory_mb(self, *, peak: bool = False) -> float:
        """Resident memory of the process now, or the most that it ever had."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:" if peak else "VmRSS:")[1].split()[0]) / 1024

    def cpu_s(self) -> float:
        """Seconds that the process has used of any core."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait_until_ready(self) -> None:
        """Wait for the models."""
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            models = str(httpx.get(f"{self.address}/health").json()["models"])
            if models == "ready":
                return
            if models.startswith("failed"):
                raise AssistantError(f"The app cannot load its models: {models}. Run python app.py to see why.")
            time.sleep(0.05)
        raise AssistantError(f"The app did not load its models in {_PATIENCE_S:.0f} s. Run python app.py to see why.")


@dataclass(frozen=True, slots=True)
class Load:
    """What users' questions took, and what they took of the server."""

    times_ms: tuple[float, ...]  # of each whole answer
    errors: tuple[str, ...]  # one for each question that was not answered
    cpu_ms: float  # of the server, for each question with all that comes beside its answer


# The server.


@contextmanager
def serving(workspace: Path, *, corpus: str = "bundled") -> Iterator[Server]:
    """The app over a workspace, in a process of its own, until the block is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    workspace.mkdir(parents=True, exist_ok=True)
    log = workspace.with_name(f"{workspace.name}.log")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KOTOAPURI_", "GRADIO_"))}
    given = {"KOTOAPURI_CORPUS": corpus, "HF_HUB_OFFLINE": "1", "GRADIO_TEMP_DIR": f"{workspace}-uploads"}
    command = [sys.executable, "app.py", "--port", str(port), "--workspace", str(workspace)]
    address = f"http://127.0.0.1:{port}"
    with log.open("w", encoding="utf-8") as output:
        began = time.perf_counter()
        child = subprocess.Popen(command, cwd=_ROOT, env=kept | given, stdout=output, stderr=output)
        try:
            _await_page(address, child, log)
            yield Server(address, child.pid, (time.perf_counter() - began) * 1000)
        finally:
            child.terminate()
            try:
                child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _await_page(address: str, child: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and child.poll() is None:
        try:
            # The port is taken before the page is made: the request waits for it, so asking again costs no time.
            if httpx.get(f"{address}/", timeout=_PATIENCE_S).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.005)
    told = log.read_text(encoding="utf-8").strip().splitlines()[-1:]
    raise AssistantError(f"The app did not start: {' '.join(told) or 'it said nothing'}. Run python app.py to see why.")


def start_times(workspace: Path, n: int, *, corpus: str = "bundled") -> list[Timing]:
    """Begin `n` processes one after the other; the workspace has been served before."""
    shown, ready = [], []
    for _ in range(n):
        began = time.perf_counter()
        with serving(workspace, corpus=corpus) as server:
            shown.append(server.started_ms)
            server.wait_until_ready()
            ready.append((time.perf_counter() - began) * 1000)
    return [
        Timing("start", "process begins → first page", tuple(shown)),
        Timing("start", "process begins → models loaded", tuple(ready)),
    ]


# The page.


def chromium_path() -> str:
    """Where Chromium is; raises AssistantError where it, or what drives it, is missing."""
    if find_spec("playwright") is None:
        raise AssistantError("Playwright is missing. Install it with: pip install -e .[dev]")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        raise AssistantError("There is no Chromium on PATH. Install it; on Debian: apt-get install chromium")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium; raises AssistantError where there is none."""
    found = chromium_path()
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        except Error as error:
            raise AssistantError(f"{found} cannot be started ({str(error).splitlines()[0]}). Reinstall it.") from error
        yield browser
        browser.close()


@contextmanager
def visit(browser: Browser, server: Server) -> Iterator[Page]:
    """A page of a visitor who has never been here, watched."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_S * 1000)
    page.add_init_script(_WATCH)
    page.goto(f"{server.address}/")
    page.get_by_label(_SAY("ask.question-label")).wait_for()
    page.wait_for_function(
        f"() => !seen.waiting && performance.now() - seen.changed > {2 * _QUIET_MS}"
    )  # what it loads once it is shown is here
    yield page
    context.close()


def _found(page: Page) -> list[float]:
    return [float(one) for one in page.evaluate("window.found")]


def ask_times(browser: Browser, server: Server, questions: Sequence[str]) -> list[Timing]:
    """Ask in conversations of five, as somebody who types one question, reads, and types the next."""
    first, whole = [], []
    for n in range(0, len(questions), TURNS):
        with visit(browser, server) as page:
            for turn, question in enumerate(questions[n : n + TURNS], start=1):
                page.get_by_label(_SAY("ask.question-label")).fill(question)
                last = f"document.querySelectorAll('.turn').length === {turn} && {_ANSWER}"
                text = f"({last})?.querySelector?.('.answer, .abstained, .failed')?.innerText"
                page.evaluate(_LOOK, ["click", text, f"({last})?.querySelector?.('.made, .failed')"])
                page.locator("#ask").click()
                to_text, to_end = _found(page)
                if page.locator(".turn").last.locator(".failed").count():
                    raise AssistantError(f"The app did not answer: {question} Ask it with python -m assistant ask.")
                first.append(to_text)
                whole.append(to_end)
                _until_still(page)
    return [
        Timing("ask", "click → first text of the answer", tuple(first)),
        Timing("ask", "click → whole answer", tuple(whole)),
    ]


def _until_still(page: Page) -> None:
    """Wait for what comes beside an answer, as whoever reads it does."""
    page.wait_for_function(f"() => !seen.waiting && performance.now() - seen.changed > {_QUIET_MS}")


def put_example_in(browser: Browser, server: Server) -> None:
    """Put the example in, so that the tabs have something to show."""
    with visit(browser, server) as page:
        page.get_by_role("button", name=_SAY("example.put-in")).click()
        page.get_by_role("heading", name=_SAY("example.heading-in")).wait_for()


def tab_times(browser: Browser, server: Server, n: int) -> list[Timing]:
    """Go through all tabs, twice, in `n` new pages."""
    times: dict[tuple[str, str], list[float]] = {(tab, when): [] for tab in TABS for when in ("first", "later")}
    for _ in range(n):
        with visit(browser, server) as page:
            for when in ("first", "later"):
                for tab in TABS:
                    page.evaluate(_SETTLED, f"tab-{tab}")
                    page.locator(f"#tab-{tab}-button").click()
                    times[tab, when] += _found(page)
    return [
        Timing("tabs", f"{_SAY(f'page.tab.{tab}')}, {when} visit", tuple(taken)) for (tab, when), taken in times.items()
    ]


def write_pdf(path: Path, *, pages: int = _PAGES, seed: int = 0) -> Path:
    """A PDF of made-up text that says on each page that it is."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    with tempfile.TemporaryDirectory() as folder:
        texts = write_pages(Path(folder), 1 + pages * _LINES * _LINE_CHARS // 4_000, seed=seed)
        paragraphs = [line for text in texts for line in text.read_text(encoding="utf-8").splitlines() if line]
    lines = [line for paragraph in paragraphs for line in textwrap.wrap(paragraph.lstrip("# "), _LINE_CHARS)]
    canvas = Canvas(str(path), pagesize=A4)
    for page in range(pages):
        canvas.drawString(60, 800, f"Made-up text for a measurement, {HERE} {seed}, page {page + 1}.")
        for n, line in enumerate(lines[page * _LINES : (page + 1) * _LINES]):
            canvas.drawString(60, 770 - 26 * n, line)
        canvas.showPage()
    canvas.save()
    return path


def add_times(browser: Browser, server: Server, folder: Path, n: int, *, pages: int = _PAGES) -> list[Timing]:
    """Add `n` PDFs through the page, one after the other, pressing the button as soon as the file is there."""
    first, listed = [], []
    for number in range(n):
        path = write_pdf(folder / f"measured-{number}.pdf", pages=pages, seed=number)
        with visit(browser, server) as page:
            page.evaluate(_SETTLED, "tab-sources")
            page.locator("#tab-sources-button").click()
            _found(page)
            page.locator("#add-municipality textarea, #add-municipality input").fill(HERE)
            row = f"document.querySelector('#indexed [data-source=\"{path.stem}\"]')"
            page.evaluate(_LOOK, ["file", "document.querySelector('#added')?.innerText.trim()", row])
            page.locator("#files input[type=file]").set_input_files(path)
            page.locator("#files", has_text=path.stem).wait_for()
            page.locator("#add").click()
            to_text, to_row = _found(page)
            first.append(to_text)
            listed.append(to_row)
    return [
        Timing("add", f"{pages} pages: file chosen → first word of progress", tuple(first)),
        Timing("add", f"{pages} pages: file chosen → listed among the sources", tuple(listed)),
    ]


# Many at once.


def ask_at_once(server: Server, questions: Sequence[str], users: int) -> Load:
    """Share questions out among users who all begin at once, in conversations of five.

    Each asks the next as soon as all that came with the one before is there: nobody stops to read.
    """
    asking = _Asking.read(server)
    together = threading.Barrier(users)
    times: list[float] = []
    errors: list[str] = []

    def ask(own: Sequence[str]) -> None:
        with httpx.Client(base_url=server.address, timeout=_PATIENCE_S) as client:
            together.wait()
            session = ""
            for n, question in enumerate(own):
                session = session if n % TURNS else uuid4().hex
                try:
                    times.append(asking.ask(client, session, question))
                except (AssistantError, httpx.HTTPError) as error:
                    errors.append(f"{question} {error}")

    before = server.cpu_s()
    with ThreadPoolExecutor(max_workers=users) as pool:
        for done in [pool.submit(ask, questions[n::users]) for n in range(users)]:
            done.result()
    return Load(tuple(times), tuple(errors), (server.cpu_s() - before) * 1000 / len(questions))


@dataclass(frozen=True, slots=True)
class _Asking:
    """The page's own events, as its scripts send them: a question, and what follows its answer."""

    question: dict[str, Any]
    following: tuple[dict[str, Any], ...]
    names: dict[int, str]  # of the components, by Gradio's number

    @classmethod
    def read(cls, server: Server) -> _Asking:
        config = httpx.get(f"{server.address}/config", timeout=_PATIENCE_S).json()
        names = {one["id"]: str(one["props"].get("elem_id") or one["type"]) for one in config["components"]}
        events = config["dependencies"]
        button = next(id for id, name in names.items() if name == "ask")
        question = next(event for event in events if [button, "click"] in event["targets"])
        states = {id for id in question["outputs"] if names[id] == "state"}
        following = [
            event
            for event in events
            if event["backend_fn"]
            and (
                event["trigger_after"] == question["id"]
                or any(id in states and what == "change" for id, what in event["targets"])
            )
        ]
        return cls(question, tuple(following), names)

    def ask(self, client: httpx.Client, session: str, question: str) -> float:
        """Milliseconds to the whole answer; raises AssistantError where none comes."""
        began = time.perf_counter()
        told = self._send(client, session, self.question, question)
        taken = (time.perf_counter() - began) * 1000
        if "class='made'" not in told.rpartition("class='turn'")[2]:  # the turns before it have theirs
            raise AssistantError(f"No answer to: {question} The app said: {told[-300:]}")
        for event in self.following:
            self._send(client, session, event, "")
        return taken

    def _send(self, client: httpx.Client, session: str, event: dict[str, Any], question: str) -> str:
        """What the server says until the event has ended."""
        data = [None if self.names[id] == "state" else question if self.names[id] == "question" else ""
                for id in event["inputs"]]  # fmt: skip
        sent = {"data": data, "fn_index": event["id"], "session_hash": session, "event_data": None,
                "trigger_id": event["targets"][0][0] if event["targets"] else None}  # fmt: skip
        if not event["queue"]:
            return client.post("/gradio_api/run/predict", json=sent).raise_for_status().text
        client.post("/gradio_api/queue/join", json=sent).raise_for_status()
        told = []
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as answer:
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    message = json.loads(line.removeprefix("data:"))
                    told.append(line)
                    if message["msg"] == "process_completed":
                        if not message["success"]:
                            raise AssistantError(f"The app failed: {line[:300]}")
                        break
        return "\n".join(told)


# The run.


def questions() -> list[str]:
    """Questions as a coordinator would ask, all different, three languages mixed: those of the development cases."""
    found = [case.question for name in ("corpus", "languages", "traps") for case in bundled.load_cases(name, "dev")]
    mixed = list(dict.fromkeys(found))
    random.Random(0).shuffle(mixed)
    return mixed


@dataclass(slots=True)
class Results:
    """What a run found."""

    timings: list[Timing] = field(default_factory=list)
    memory_mb: dict[str, float] = field(default_factory=dict)  # of the server, by when
    cpu_ms: dict[str, float] = field(default_factory=dict)  # of the server for each question, by who asked
    errors: list[str] = field(default_factory=list)  # questions that were not answered


def measure(parts: Sequence[str], folder: Path, say: Callable[[str], None]) -> Results:
    """Do these parts, one after the other, over one new workspace."""
    in_a_browser = bool({"ask", "tabs", "add"} & set(parts))
    if in_a_browser:
        chromium_path()  # before minutes have gone by
    workspace, asked = folder / "workspace", questions()
    found = Results()
    say("making a workspace")
    with serving(workspace) as server:
        server.wait_until_ready()
    if "start" in parts:
        say("start")
        found.timings += start_times(workspace, _REPEATS["start"])
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium()) if in_a_browser else None
        server = stack.enter_context(serving(workspace))
        server.wait_until_ready()
        n = _REPEATS["ask"]
        if browser and "ask" in parts:
            say("ask")
            found.timings += ask_times(browser, server, asked[:n])
        if "users" in parts:
            found.memory_mb["before the users"] = server.memory_mb()
            shares = {1: asked[n : 2 * n], USERS: asked[2 * n : 2 * n + USERS * TURNS]}
            for users, own in shares.items():
                who = "one user alone" if users == 1 else f"{users} users at once"
                say(who)
                load = ask_at_once(server, own, users)
                if load.times_ms:
                    found.timings.append(Timing("users", f"{who}: sent → whole answer", load.times_ms))
                found.cpu_ms[who] = load.cpu_ms
                found.errors += load.errors
            found.memory_mb["after them"] = server.memory_mb()
            found.memory_mb["at most until then"] = server.memory_mb(peak=True)
        if browser and "tabs" in parts:
            say("tabs")
            put_example_in(browser, server)
            found.timings += tab_times(browser, server, _REPEATS["tabs"])
        if browser and "add" in parts:
            say("add")
            found.timings += add_times(browser, server, folder, _REPEATS["add"])
            found.memory_mb[f"at most, with {_REPEATS['add']} PDFs added"] = server.memory_mb(peak=True)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and print its table; 1 with one line where it cannot be run."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_app", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures here as well")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args(arguments)
    from rich.console import Console

    console, progress = Console(), Console(stderr=True)
    loads, began = [os.getloadavg()[0]], time.perf_counter()
    try:
        with progress.status("") as status, tempfile.TemporaryDirectory(prefix="kotoapuri-bench-") as folder:
            found = measure(options.only, Path(folder), lambda part: status.update(f"Measuring: {part}"))
        loads.append(os.getloadavg()[0])
        seconds = time.perf_counter() - began
        record = {
            "date": time.strftime("%Y-%m-%d"),
            "python": sys.version.split()[0],
            "cores": os.cpu_count(),
            "load_before": round(loads[0], 2),
            "load_after": round(loads[1], 2),
            "seconds": round(seconds, 1),
            "timings": [_figures(timing) for timing in found.timings],
            "memory_mb": {when: round(mb, 1) for when, mb in found.memory_mb.items()},
            "server_cpu_ms_per_question": {who: round(ms, 1) for who, ms in found.cpu_ms.items()},
            "errors": found.errors,
        }
        if options.json:
            options.json.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except (AssistantError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _print(console, found)
    console.print(
        f"{seconds:.0f} s on {os.cpu_count()} cores; {loads[0]:.1f} processes wanted a core before the run, "
        f"{loads[1]:.1f} at its end. On a machine that was not idle before, others are in the times."
    )
    return 1 if found.errors else 0


def _figures(timing: Timing) -> dict[str, Any]:
    return {
        "part": timing.part, "what": timing.what, "n": len(timing.times_ms), "median_ms": round(timing.median_ms, 1),
        "p95_ms": round(timing.p95_ms, 1), "times_ms": [round(one, 1) for one in timing.times_ms],
    }  # fmt: skip


def _print(console: Console, found: Results) -> None:
    from rich.table import Table

    table = Table(title="The web app: how long a user waits, in milliseconds")
    for column in ("part", "what", "n", "median", "p95"):
        table.add_column(column, justify="left" if column in ("part", "what") else "right")
    part = ""
    for one in found.timings:
        if part not in ("", one.part):
            table.add_section()
        name, part = "" if one.part == part else one.part, one.part
        table.add_row(name, one.what, str(len(one.times_ms)), f"{one.median_ms:,.0f}", f"{one.p95_ms:,.0f}")
    console.print(table)
    if found.memory_mb:
        told = ", ".join(f"{mb:,.0f} MB {when}" for when, mb in found.memory_mb.items())
        console.print(f"Memory of the server: {told}.")
    if found.cpu_ms:
        told = ", ".join(f"{ms:,.0f} ms ({who})" for who, ms in found.cpu_ms.items())
        console.print(f"Of a core for each question, with all that comes beside its answer: {told}.")
        console.print(f"Questions that were not answered: {len(found.errors)}. {' '.join(found.errors)[:500]}".rstrip())


if __name__ == "__main__":
    sys.exit(main())
