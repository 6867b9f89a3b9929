"""The web app without a browser: rendering, headers, limits, starting and stopping."""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from web_fakes import GUIDANCE, HOSTILE, QUOTE, FakeAssistant, Tags, abstention, citation, cited_answer

from assistant import shown
from assistant.conversations import Conversation, Feedback
from assistant.errors import QuestionError
from assistant.settings import Settings
from assistant.types import Currency, Kind, Notice, Source, Statement, Support, Surroundings, WarningCode
from assistant.web import rendering
from assistant.web.rendering import Exchange
from assistant.web.serving import FIRST, build_app
from assistant.words import LANGUAGES, words

SAY = words("en")
ROOT = Path(__file__).resolve().parent.parent


def _exchange(number: int = 1, **changes: object) -> Exchange:
    answer = replace(cited_answer("Must we plan?"), **changes)  # type: ignore[arg-type]
    places = tuple(Surroundings(GUIDANCE, "before ", c.quote, " after") for c in answer.citations)
    return Exchange(number, answer.question, answer, places)


def test_every_mark_leads_to_its_card_and_back() -> None:
    exchanges = (_exchange(1), _exchange(2))
    tags = Tags(rendering.transcript(SAY, exchanges) + rendering.source_panel(SAY, exchanges)).tags
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    links = [attributes["href"] or "" for _, attributes in tags if (attributes.get("href") or "").startswith("#")]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {"cite-1-1", "cite-2-2", "mark-1-2"} <= {link[1:] for link in links}


def test_mark_is_named_after_its_source() -> None:
    assert f"aria-label='Citation 1: {GUIDANCE.title}'" in rendering.transcript(SAY, (_exchange(),))


def test_list_lines_become_a_list() -> None:
    html = rendering.transcript(SAY, (_exchange(),))
    assert "<p>Municipalities will record:</p><ul><li>the objectives,</li><li>the measures <span" in html


def test_unsupported_statement_is_marked_as_such() -> None:
    assert re.search(
        f"class='unsupported'><b>{SAY('answer.unsupported')}</b><p>Every municipality",
        rendering.transcript(SAY, (_exchange(),)),
    )


def test_statement_whose_citation_is_missing_is_shown_as_unsupported() -> None:
    html = rendering.transcript(SAY, (_exchange(statements=(Statement("Sound?", (99,), Support.QUOTED),)),))
    assert f"<b>{SAY('answer.unsupported')}</b><p>Sound?" in html
    assert "99" not in html


def test_statements_appear_one_by_one_and_warnings_with_the_last() -> None:
    html = rendering.transcript(SAY, (_exchange(),), shown=1)
    assert QUOTE in html
    assert "objectives" not in html
    assert "role='note'" not in html


@pytest.mark.parametrize("code", list(WarningCode))
def test_every_warning_has_plain_words(code: WarningCode) -> None:
    html = rendering.transcript(SAY, (_exchange(warnings=(Notice(code, "The message.", (1,)),)),))
    assert f"role='note' class='notice' aria-label='{SAY.of('answer.warning', code)}'" in html
    assert "The message." in html
    assert "href='#cite-1-1'" in html


def test_abstention_says_what_was_looked_for_and_has_no_writer() -> None:
    exchange = Exchange(1, "fee", abstention("fee"))
    html = rendering.transcript(SAY, (exchange,))
    assert f"<b>{SAY('answer.not-found')}</b><p>No source tells the fee." in html
    assert SAY("answer.writer-extractive") not in html
    assert SAY("answer.sources-none") in rendering.source_panel(SAY, (exchange,))


@pytest.mark.parametrize("writer", ["extractive", "openai:gpt-<x>"])
def test_answer_says_who_wrote_it_and_for_which_day(writer: str) -> None:
    text = Tags(rendering.transcript(SAY, (_exchange(writer=writer),))).text
    assert "Law as of 22 November 2026" in text
    assert ("no language model wrote this" in text) if writer == "extractive" else (f"chat model {writer}" in text)


@pytest.mark.parametrize("currency", list(Currency))
@pytest.mark.parametrize("kind", list(Kind))
def test_card_shows_what_a_reader_must_know_of_a_source(currency: Currency, kind: Kind) -> None:
    cited = citation(1, currency=currency, source=replace(GUIDANCE, kind=kind, municipality="Lahti"))
    html = rendering.source_panel(SAY, (_exchange(citations=(cited,)),))
    text = Tags(html).text
    for told in (
        "Lahti",
        "Ministry of",
        "1 May 2024",
        "Act 681/2023",
        SAY("answer.digest"),
        SAY.of("answer.kind", kind),
    ):
        assert told in text
    assert SAY(f"answer.currency.{currency}", date="22 November 2026") in text
    assert f"before <mark>{QUOTE}</mark> after" in html


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_english_quotes_to_another_question_are_explained_once_above_the_answer(language: str) -> None:
    say = words(language)
    quoted = Statement(QUOTE, (1,), Support.QUOTED)
    asked = _exchange(language=language, statements=(quoted, quoted), citations=(citation(1),))
    told = rendering.transcript(say, (asked,))
    assert told.count(say(f"answer.in-english.{language}")) == 1
    assert told.index("class='foreign'") < told.index("class='answer'")
    assert ("data-fetch" in told) == (language == "fi")  # the texts that can be fetched are in Finnish


@pytest.mark.parametrize(
    "exchange",
    [
        {"language": "en"},
        {"language": "fi", "citations": (replace(citation(1), digest=False),)},
        {"language": "fi", "statements": (Statement("Suomeksi.", (1,), Support.SUPPORTED),)},
    ],
)
def test_answer_in_the_language_of_the_question_needs_no_such_word(exchange: dict[str, Any]) -> None:
    shown = {"statements": (Statement(QUOTE, (1,), Support.QUOTED),), "citations": (citation(1),), **exchange}
    assert "class='foreign'" not in rendering.transcript(SAY, (_exchange(**shown),))


def test_card_leads_to_its_document_where_that_is_there() -> None:
    button = f"data-document='{GUIDANCE.source_id}' data-at='0'"
    place = Surroundings(GUIDANCE, "", QUOTE, "")
    assert button in rendering.card(SAY, 1, citation(1), place, "2026-11-22")
    assert "data-document" not in rendering.card(SAY, 1, citation(1), None, "2026-11-22")


def test_context_is_cut_at_whole_words() -> None:
    place = Surroundings(GUIDANCE, f"cut {'b' * 240} ", QUOTE, f" {'a' * 240} cut")
    html = rendering.source_panel(SAY, (replace(_exchange(citations=(citation(1),)), surroundings=(place,)),))
    assert f"<blockquote lang='en' aria-label='{SAY('answer.quote-in-place')}'>… {'b' * 240} <mark>" in html
    assert f"</mark> {'a' * 240} …</blockquote>" in html


def test_quote_is_shown_even_where_its_source_is_gone() -> None:
    exchange = replace(_exchange(), surroundings=(None, None))
    assert f"<mark>{QUOTE}</mark>" in rendering.source_panel(SAY, (exchange,))


def test_panel_keeps_earlier_answers_but_shows_the_latest() -> None:
    html = rendering.source_panel(SAY, (_exchange(1), Exchange(2, "failed", error="No."), _exchange(3)))
    assert html.count("class='cards latest'") == 1
    assert html.index("cite-1-1") < html.index("latest") < html.index("cite-3-1")


def test_personal_data_is_told_of_where_a_document_is_quoted() -> None:
    exchange = _exchange()
    held = replace(exchange, surroundings=(Surroundings(replace(GUIDANCE, personal_data=2), "", QUOTE, ""),) * 2)
    assert rendering.source_panel(SAY, (held,)).count(SAY("answer.masked")) == 2
    assert SAY("answer.masked") not in rendering.source_panel(SAY, (exchange,))


def test_hostile_text_stays_text_everywhere() -> None:
    source = Source("s", Kind.GUIDANCE, HOSTILE, HOSTILE, "javascript:alert(1)", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    cited = replace(citation(1, source=source, quote=HOSTILE), pinpoint=HOSTILE)
    statements = (Statement(f"{HOSTILE}\n- {HOSTILE}", (1,), Support.QUOTED),)
    notices = (Notice(WarningCode.COPYING, HOSTILE, (1,)),)
    exchange = _exchange(
        citations=(cited,), statements=statements, warnings=notices, writer=HOSTILE, language=HOSTILE, as_of=HOSTILE
    )
    exchange = replace(exchange, question=HOSTILE, surroundings=(Surroundings(source, HOSTILE, HOSTILE, HOSTILE),))
    failed = Exchange(2, HOSTILE, error=HOSTILE)
    earlier = Conversation(HOSTILE, HOSTILE, HOSTILE, "2026-11-22T08:00:00+00:00", 1)
    said = Feedback(False, HOSTILE, earlier.latest)
    kept = replace(exchange, at=earlier.latest, feedback=said, choosing=True, done=HOSTILE, problem=HOSTILE)
    parts = (
        rendering.transcript(SAY, (exchange, failed, Exchange(3, HOSTILE)), waiting=HOSTILE),
        rendering.source_panel(SAY, (exchange, failed)),
        rendering.transcript(SAY, (kept,)),
        rendering.history(SAY, [earlier], searched=True),
        rendering.suggestions(SAY, HOSTILE, [HOSTILE], earlier),
        rendering.spoken(HOSTILE),
        rendering.message(HOSTILE, error=True),
    )
    for html in parts:
        parsed = Tags(html)
        assert HOSTILE in parsed.text
        assert not {tag for tag, _ in parsed.tags} & {"script", "img", "iframe", "svg", "style", "form"}
        for _, attributes in parsed.tags:
            assert not any(name.startswith("on") for name in attributes)
            assert (attributes.get("href") or "#").startswith("#")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://www.finlex.fi/fi/laki?a=1&b=2", True),
        ("http://localhost/x", True),
        ("javascript:alert(1)", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example/x", False),
        ("https:///x", False),
        ("http://[::1", False),  # urlsplit refuses it
        ("file:///etc/passwd", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(url: str | None, kept: bool) -> None:
    assert (shown.web_address(url) is not None) is kept
    cited = citation(1, source=replace(GUIDANCE, url=url))
    html = rendering.source_panel(SAY, (_exchange(citations=(cited,)),))
    assert ("target='_blank' rel='noopener noreferrer'" in html) is kept


@pytest.mark.parametrize(
    ("written", "readable"), [("2024-05-01", "1 May 2024"), ("2024-05", "May 2024"), ("2024", "2024"), (None, "")]
)
def test_date_is_shown_as_exactly_as_it_is_known(written: str | None, readable: str) -> None:
    assert shown.readable_date(written) == readable


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    fake = FakeAssistant()
    with TestClient(build_app(fake, Settings(max_file_mb=1)), base_url="http://localhost") as client:
        assert fake.warmed.wait(5)
        yield client


def test_health_says_whether_the_models_are_ready(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "models": "ready"}


@pytest.mark.parametrize("path", ["/", "/health", "/theme.css", "/nothing-here"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for part in ("default-src 'self'", "img-src 'self' data: blob:", "connect-src 'self'", "frame-ancestors 'none'"):
        assert part in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_another_host_name_is_refused_on_a_loopback_address(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_upload_above_the_limit_is_refused(client: TestClient) -> None:
    def upload(size: int) -> int:
        return client.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * size)}).status_code

    assert upload(1000) == 200
    assert upload(1_100_000) == 413


def test_upload_that_the_disk_has_no_room_for_is_refused_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gradio.route_utils import GradioUploadFile

    number = errno.ENOSPC

    async def write(self: GradioUploadFile, data: bytes) -> None:
        self.file.write(data[:100])
        raise OSError(number, os.strerror(number))

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    monkeypatch.setattr(GradioUploadFile, "write", write)
    app = build_app(FakeAssistant(), Settings())
    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:

        def upload(language: str) -> tuple[int, str]:
            path = "" if language == FIRST else f"/{language}"
            answer = client.post(f"{path}/gradio_api/upload", files={"files": ("a.txt", b"x" * 1000)})
            return answer.status_code, answer.text

        for language in LANGUAGES:
            assert upload(language) == (507, words(language)("page.upload-full", folder=tmp_path))
        number = errno.EDQUOT
        assert upload(FIRST)[0] == 507
        assert list(tmp_path.glob("tmp*")) == []
        number = errno.EIO  # which more room would not mend
        assert upload(FIRST)[0] == 500


@pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas
def test_only_uploaded_files_can_be_added(client: TestClient, tmp_path: Path) -> None:
    private = tmp_path / "private.txt"
    private.write_text("not uploaded")
    config = client.get("/config").json()
    button = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "add")
    event = next(d["id"] for d in config["dependencies"] if [button, "click"] in d["targets"])
    file = {"path": str(private), "orig_name": "private.txt", "meta": {"_type": "gradio.FileData"}}
    body = {"fn_index": event, "session_hash": "s", "data": [[file], "own", "", "", ""]}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 200
    told = client.get("/gradio_api/queue/data", params={"session_hash": "s"}).text
    assert '"success":false' in told
    assert private.exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")
@pytest.mark.parametrize("question", ["Does 010190-900P count?", "crash 010190-900P"])
def test_page_shows_no_identity_code_of_a_question(question: str) -> None:
    fake = FakeAssistant()
    fake.answers[question] = cited_answer("asked") if "count" in question else QuestionError("Not a question.")
    with TestClient(build_app(fake, Settings()), base_url="http://localhost") as client:
        config = client.get("/config").json()
        button = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "ask")
        event = next(d["id"] for d in config["dependencies"] if [button, "click"] in d["targets"])
        body = {"fn_index": event, "trigger_id": button, "session_hash": "q", "data": [question, "", "", None]}
        assert client.post("/gradio_api/queue/join", json=body).status_code == 200
        told = client.get("/gradio_api/queue/data", params={"session_hash": "q"}).text
    assert fake.asked == [(question, None, 0)]  # as asked: the package masks it, and warns
    shown = "".join(re.findall(r"<article.*?</article>", told))
    assert "\\u2588" in shown or "█" in shown
    assert "010190" not in shown


@pytest.mark.parametrize("path", ["/etc/passwd", str(ROOT / "pyproject.toml"), str(ROOT / "app.py")])
def test_files_of_the_machine_are_not_served(client: TestClient, path: str) -> None:
    assert client.get(f"/gradio_api/file={path}").status_code in (403, 404)


def test_nothing_of_the_page_is_offered_as_a_programming_interface(client: TestClient) -> None:
    offered = {"/ask", "/draft", "/checklist", "/check_copying", "/review", "/sources", "/search"}
    assert set(client.get("/gradio_api/info").json()["named_endpoints"]) <= offered
    assert client.get("/fi/gradio_api/info").json()["named_endpoints"] == {}
    assert client.get("/docs").status_code == client.get("/openapi.json").status_code == 404


def test_questions_are_not_kept_in_the_browser_and_nothing_is_reported(client: TestClient) -> None:
    config = client.get("/config").json()
    assert config["run_history"] is False
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []


@pytest.mark.parametrize(
    ("model", "base_url", "expected"),
    [
        ("openai:gpt-5", "", "are sent to openai,"),
        ("openai:local", "http://127.0.0.1:8000/v1", "on this machine"),
        ("openai:gpt-5", "https://llm.example/v1", "are sent to openai (llm.example)"),
        ("ollama:qwen3", "", "on this machine"),
        ("", "", None),
    ],
)
def test_page_says_where_text_goes(model: str, base_url: str, expected: str | None) -> None:
    app = build_app(FakeAssistant(), Settings(model=model, model_base_url=base_url))
    page = str(TestClient(app, base_url="http://localhost").get("/config").json()["components"])
    assert (expected in page) if expected else ("chat model" not in page)


def test_bad_addresses_are_refused_in_one_line() -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        cases = [
            (["--port", port], "in use"),
            (["--port", "70000"], "does not exist"),
            (["--port", "x"], "not a number"),
            (["--host", "203.0.113.7", "--port", "0"], "no address of this machine"),
        ]
        running = [
            subprocess.Popen([sys.executable, "app.py", *arguments], cwd=ROOT, stderr=subprocess.PIPE, text=True)
            for arguments, _ in cases
        ]
        for process, (_, told) in zip(running, cases, strict=True):
            _, errors = process.communicate(timeout=30)
            assert process.returncode == 1
            assert told in errors
            assert errors.count("\n") == 1


_SERVE = """
import sys
sys.path.insert(0, "tests")
from web_fakes import FakeAssistant
from assistant.settings import Settings
from assistant.web.serving import open_listener, serve
class Checked(FakeAssistant):
    def warm_up(self):
        print("heavy:", [m for m in ("torch", "chromadb", "sentence_transformers", "langchain") if m in sys.modules])
listener = open_listener("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
serve(Checked(), Settings(), listener, "127.0.0.1")
print("ended")
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM ends a process at once elsewhere")
def test_sigterm_ends_the_server_though_a_tab_is_open_and_heavy_imports_wait() -> None:
    command = [sys.executable, "-c", _SERVE]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        address = f"http://127.0.0.1:{process.stdout.readline().strip()}"
        with urllib.request.urlopen(f"{address}/", timeout=30) as page:
            assert page.status == 200
        with urllib.request.urlopen(f"{address}/gradio_api/heartbeat/tab", timeout=30) as stream:
            assert stream.readline()
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            output, errors = process.communicate(timeout=15)
            assert time.monotonic() - started < 6
        assert process.returncode == 0
        assert "heavy: []" in output
        assert "ended" in output
        assert errors == ""
    finally:
        process.kill()
