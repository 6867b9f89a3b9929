"""The measurement of the web app: that it counts what it says it counts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from web_cases import in_a_browser, served
from web_fakes import FakeAssistant

from assistant.errors import AssistantError
from assistant.settings import PROJECT_ROOT
from assistant.types import Answer
from assistant.web import sources
from assistant.web.source_html import source_list
from eval import bench_app
from eval.bench_app import TABS, TURNS, Results, Server, Timing

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

SLOW_S = 0.4


class SlowAssistant(FakeAssistant):
    """Takes a while to answer, and a while again to find questions to go on with."""

    def reply(self, text: str, **options: Any) -> Any:
        """Answer later."""
        time.sleep(SLOW_S)
        return super().reply(text, **options)

    def follow_ups(self, answer: Answer, **options: Any) -> list[str]:
        """Give what was set, later."""
        time.sleep(SLOW_S)
        return super().follow_ups(answer, **options)


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Server, SlowAssistant]]:
    fake = SlowAssistant()
    with served(fake) as address:
        server = Server(address, os.getpid(), 0.0)
        server.wait_until_ready()
        yield server, fake


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with bench_app.chromium() as found:
        yield found


def by_what(timings: list[Timing]) -> dict[str, Timing]:
    return {timing.what: timing for timing in timings}


# What is counted.


def test_median_and_p95_are_of_the_times() -> None:
    timing = Timing("ask", "x", tuple(float(n) for n in range(101)))
    assert (timing.median_ms, timing.p95_ms) == (50.0, 95.0)
    assert Timing("add", "x", (7.0,)).p95_ms == 7.0


def test_questions_are_enough_and_all_different() -> None:
    found = bench_app.questions()
    assert len(found) == len(set(found)) >= 2 * bench_app._REPEATS["ask"] + bench_app.USERS * TURNS
    assert found == bench_app.questions()


def test_pdf_has_its_pages_and_says_that_it_is_made_up(tmp_path: Path) -> None:
    files = [bench_app.write_pdf(tmp_path / f"{seed}.pdf", pages=4, seed=seed) for seed in (1, 2)]
    texts = [[page.extract_text() for page in PdfReader(file).pages] for file in files]
    assert [len(pages) for pages in texts] == [4, 4]
    assert all("Made-up text for a measurement, Esimerkkilä" in text for pages in texts for text in pages)
    assert all(1_500 < len(text) < 3_000 for pages in texts for text in pages)
    assert not set(texts[0]) & set(texts[1])  # the same content would not be added a second time


def test_answer_of_one_user_is_counted_to_its_end_and_what_comes_beside_it_is_not(
    site: tuple[Server, SlowAssistant],
) -> None:
    server, fake = site
    fake.asked.clear()
    began = time.perf_counter()
    load = bench_app.ask_at_once(server, ["first", "second"], 1)
    seconds = time.perf_counter() - began
    assert [question for question, _, _ in fake.asked] == ["first", "second"]
    assert [earlier for _, _, earlier in fake.asked] == [0, 1]  # in one conversation
    assert all(taken / 1000 >= SLOW_S for taken in load.times_ms)
    # The questions to go on with were asked for and waited for, and are not in the times.
    assert seconds - sum(load.times_ms) / 1000 >= 2 * SLOW_S
    assert load.errors == ()


def test_users_ask_at_once_each_in_conversations_of_five(site: tuple[Server, SlowAssistant]) -> None:
    server, fake = site
    fake.asked.clear()
    load = bench_app.ask_at_once(server, [f"question {n}" for n in range(2 * TURNS + 2)], 2)
    assert len(load.times_ms) == 2 * TURNS + 2
    assert sorted(earlier for _, _, earlier in fake.asked) == sorted([*range(TURNS), 0] * 2)
    assert len({question for question, _, _ in fake.asked}) == 2 * TURNS + 2


def test_question_without_an_answer_is_an_error_and_the_others_go_on(site: tuple[Server, SlowAssistant]) -> None:
    load = bench_app.ask_at_once(site[0], ["one", "crash", "two"], 1)
    assert len(load.times_ms) == 2
    (error,) = load.errors
    assert error.startswith("crash ")


def test_memory_and_time_of_a_process_are_told() -> None:
    server = Server("", os.getpid(), 0.0)
    before = server.cpu_s()
    until = time.process_time() + 0.1
    while time.process_time() < until:
        pass
    assert 0.05 < server.cpu_s() - before < 1
    assert 10 < server.memory_mb() <= server.memory_mb(peak=True)


# In the browser.


@in_a_browser
def test_answers_are_timed_from_the_click_every_question_on_its_own(
    site: tuple[Server, SlowAssistant], browser: Browser
) -> None:
    server, fake = site
    fake.asked.clear()
    began = time.perf_counter()
    timings = by_what(bench_app.ask_times(browser, server, [f"question {n}" for n in range(TURNS + 1)]))
    seconds = time.perf_counter() - began
    assert [question for question, _, _ in fake.asked] == [f"question {n}" for n in range(TURNS + 1)]
    assert [earlier for _, _, earlier in fake.asked] == [*range(TURNS), 0]
    first, whole = timings["click → first text of the answer"], timings["click → whole answer"]
    assert len(first.times_ms) == len(whole.times_ms) == TURNS + 1
    assert all(SLOW_S <= a / 1000 <= b / 1000 for a, b in zip(first.times_ms, whole.times_ms, strict=True))
    assert seconds - sum(whole.times_ms) / 1000 >= (TURNS + 1) * SLOW_S  # what comes beside an answer is not in it


@in_a_browser
def test_question_that_fails_ends_the_measurement_in_words(
    site: tuple[Server, SlowAssistant], browser: Browser
) -> None:
    with pytest.raises(AssistantError, match="did not answer: crash"):
        bench_app.ask_times(browser, site[0], ["crash"])


@in_a_browser
def test_every_tab_is_timed_until_what_it_loads_is_there(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plan_cases import open_assistant

    with open_assistant(tmp_path / "workspace", corpus="none") as assistant, served(assistant) as address:

        def slowly(*given: Any, **options: Any) -> str:
            time.sleep(2 * SLOW_S)
            return source_list(*given, **options)

        monkeypatch.setattr(sources, "source_list", slowly)
        timings = by_what(bench_app.tab_times(browser, Server(address, os.getpid(), 0.0), 1))
        assert len(timings) == 2 * len(TABS) == 14
        assert all(len(timing.times_ms) == 1 for timing in timings.values())
        for visit in ("first", "later"):
            assert timings[f"Sources, {visit} visit"].median_ms >= 2 * SLOW_S * 1000
            assert timings[f"Ask, {visit} visit"].median_ms < timings[f"Sources, {visit} visit"].median_ms


@in_a_browser
def test_added_pdf_is_timed_from_its_choice_to_its_place_in_the_list(tmp_path: Path, browser: Browser) -> None:
    from plan_cases import open_assistant

    with open_assistant(tmp_path / "workspace", corpus="none") as assistant, served(assistant) as address:
        server = Server(address, os.getpid(), 0.0)
        timings = by_what(bench_app.add_times(browser, server, tmp_path, 2, pages=2))
        added = assistant.sources()
    assert [source.source_id for source in added] == ["measured-0", "measured-1"]
    (word,) = (timing for what, timing in timings.items() if "first word" in what)
    (listed,) = (timing for what, timing in timings.items() if "listed" in what)
    assert len(word.times_ms) == len(listed.times_ms) == 2
    assert all(0 < a < b for a, b in zip(word.times_ms, listed.times_ms, strict=True))


# The command.


@pytest.mark.model
def test_app_is_begun_in_a_process_of_its_own_and_ended(tmp_path: Path) -> None:
    with bench_app.serving(tmp_path / "workspace", corpus="none") as server:
        assert server.pid != os.getpid()
        assert server.started_ms > 100
        server.wait_until_ready()
        assert server.memory_mb() > 50
    assert not Path(f"/proc/{server.pid}").exists()


def test_app_that_does_not_start_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    (tmp_path / "workspace" / "kotoapuri.sqlite").write_text("no database", encoding="utf-8")
    with (
        pytest.raises(AssistantError, match=r"The app did not start: .*cannot be used") as refused,
        bench_app.serving(tmp_path / "workspace", corpus="none"),
    ):
        pass
    assert len(str(refused.value).splitlines()) == 1


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eval.bench_app", *arguments]
    return subprocess.run(command, cwd=PROJECT_ROOT, env=os.environ | environment, capture_output=True, text=True)


def test_machine_without_a_browser_is_told_at_once_in_one_line(tmp_path: Path) -> None:
    told = run("--only", "ask", PATH=str(tmp_path))
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.strip() == "There is no Chromium on PATH. Install it; on Debian: apt-get install chromium"


def test_unknown_part_is_wrong_usage() -> None:
    told = run("--only", "lunch")
    assert told.returncode == 2
    assert "invalid choice: 'lunch'" in told.stderr


def test_table_and_file_tell_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = Results([Timing("ask", "click → whole answer", (100.0, 300.0))], {"after them": 812.4}, {"x": 250.0})
    monkeypatch.setattr(bench_app, "measure", lambda parts, folder, say: results)
    path = tmp_path / "figures.json"
    assert bench_app.main(["--json", str(path)]) == 0
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["timings"] == [
        {
            "part": "ask", "what": "click → whole answer", "n": 2, "median_ms": 200.0, "p95_ms": 290.0,
            "times_ms": [100.0, 300.0],
        }
    ]  # fmt: skip
    assert told["memory_mb"] == {"after them": 812.4}
    assert told["errors"] == []
    assert told["cores"] == os.cpu_count()
    shown = capsys.readouterr().out
    assert re.search(r"click → whole answer +│ +2 │ +200 │ +290 ", shown)
    assert "812 MB after them" in shown
    assert "Questions that were not answered: 0." in shown


def test_run_with_an_unanswered_question_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        bench_app, "measure", lambda parts, folder, say: Results(cpu_ms={"x": 1.0}, errors=["Who pays? No answer"])
    )
    assert bench_app.main([]) == 1
    assert "Questions that were not answered: 1. Who pays?" in capsys.readouterr().out
