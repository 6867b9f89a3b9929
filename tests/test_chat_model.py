"""A chat model that lies, dawdles or breaks: the reader gets what the sources say, and is told."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal, cast

import pytest
from fakes import HashedWords
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.runnables import RunnableLambda
from statement_cases import HOSTILE_DEVELOPMENT, HOSTILE_HELD_OUT, SOURCES, Case

from assistant import Assistant
from assistant.errors import AssistantError, MalformedDraft, ModelUnavailable
from assistant.settings import Settings
from assistant.text import collapse
from assistant.types import Answer, Evidence, Hit, Kind, Passage, Question, Source, UnitKind, WarningCode
from assistant.writing.chat_model import ModelAnswer, chat_model, write_answer

TIMEOUT_S = 2.0
Method = Literal["json_schema", "function_calling", "json_mode"]
METHODS: list[Method] = ["json_schema", "function_calling", "json_mode"]
KINDS = {"prog": Kind.PROGRAMME, "own": Kind.OWN}

# With a model of our own making.

SOURCE = Source("page", Kind.GUIDANCE, "A page")
TEXT = "The council approves the plan every year."
PASSAGE = Passage("page:10-51", "page", 10, 10 + len(TEXT), TEXT, UnitKind.SENTENCE, 0, 0, headings=("A page",))
EVIDENCE = Evidence(
    Question("Who approves the plan?", "2026-11-21", "en", "Who approves the plan?", ("Who approves the plan?",)),
    (Hit(PASSAGE, SOURCE, 1.0),),
)


class StubModel:
    """What `write_answer` needs of a chat model: structured output, from a function."""

    def __init__(self, reply: Callable[[str], object]) -> None:
        self.reply = reply
        self.prompts: list[str] = []
        self.methods: list[str] = []

    def with_structured_output(self, schema: type, *, method: str) -> RunnableLambda[str, object]:
        self.methods.append(method)

        def ask(prompt: str) -> object:
            self.prompts.append(prompt)
            return self.reply(prompt)

        return RunnableLambda(ask)


def ask_stub(reply: Callable[[str], object], **options: Any) -> tuple[Any, StubModel]:
    stub = StubModel(reply)
    settings = Settings(model="stub:one", model_timeout_s=options.pop("timeout", 5.0), **options)
    return write_answer(EVIDENCE, cast(BaseChatModel, stub), settings=settings), stub


def answer_of(*statements: tuple[str, list[tuple[int, str]]]) -> ModelAnswer:
    return ModelAnswer.model_validate(
        {
            "statements": [
                {"text": text, "quotes": [{"passage": n, "quote": quote} for n, quote in quotes]}
                for text, quotes in statements
            ]
        }
    )


def test_prompt_holds_question_date_and_numbered_passages() -> None:
    _, stub = ask_stub(lambda _: answer_of())
    (prompt,) = stub.prompts
    assert "Who approves the plan?" in prompt
    assert "2026-11-21" in prompt
    assert f"[1] guidance, A page (A page)\n{TEXT}\n" in prompt


def test_quote_is_looked_for_in_the_passage_it_names() -> None:
    draft, _ = ask_stub(lambda _: answer_of(("The council approves it.", [(1, "council approves the plan")])))
    (quote,) = draft.statements[0].quotes
    assert (quote.source_id, quote.start, quote.end) == ("page", 14, 39)


@pytest.mark.parametrize("number", [0, -1, 2, 99])
def test_unknown_passage_number_names_no_source(number: int) -> None:
    draft, _ = ask_stub(lambda _: answer_of(("The council approves it.", [(number, "council approves the plan")])))
    assert draft.statements[0].quotes[0].source_id == ""


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("The plan is approved [1].", "The plan is approved ."),
        ("See [the page](http://x.example/).", "See the page."),
        ("A <b>bold</b> ![image](http://x.example/a.png) claim [2, 3]", "A bold image claim"),
        ("It holds:\n- one\n* two\n• three", "It holds:\n- one\n- two\n- three"),
        ("Two\nlines  of   text", "Two lines of text"),
    ],
)
def test_statement_loses_marks_and_links_and_keeps_its_list(written: str, kept: str) -> None:
    draft, _ = ask_stub(lambda _: answer_of((written, [(1, TEXT)])))
    assert draft.statements[0].text == kept


def test_json_mode_is_told_the_form() -> None:
    for method in METHODS:
        _, stub = ask_stub(lambda _: answer_of(), model_method=method)
        assert stub.methods == [method]
        assert ("Answer with one JSON object" in stub.prompts[0]) is (method == "json_mode")


@pytest.mark.parametrize(
    "reply",
    [
        None,
        "text",
        {"statements": []},
        answer_of(*[("x", [(1, TEXT)])] * 21),
        answer_of(("x" * 1_501, [(1, TEXT)])),
        answer_of(("x", [(1, TEXT)] * 13)),
    ],
    ids=["nothing", "text", "a dict", "many statements", "a long statement", "many quotes"],
)
def test_what_is_no_draft_is_refused(reply: object) -> None:
    with pytest.raises(MalformedDraft):
        ask_stub(lambda _: reply)


def raise_(error: Exception) -> Callable[[str], object]:
    def reply(_: str) -> object:
        raise error

    return reply


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("no JSON"), MalformedDraft),
        (AttributeError("'str' object has no attribute 'choices'"), MalformedDraft),
        (ConnectionError("refused"), ModelUnavailable),
        (RuntimeError(""), ModelUnavailable),
        (OSError("two\nlines"), ModelUnavailable),
    ],
)
def test_errors_become_ours_in_one_line(error: Exception, expected: type[AssistantError]) -> None:
    with pytest.raises(expected) as caught:
        ask_stub(raise_(error))
    assert "stub:one" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_slow_model_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match=r"within 0\.2 seconds"):
        ask_stub(lambda _: time.sleep(2), timeout=0.2)
    assert time.monotonic() - started < 1.5


def test_model_without_structured_output_is_refused_in_one_line() -> None:
    model = FakeListChatModel(responses=["{}"])
    with pytest.raises(AssistantError):
        write_answer(EVIDENCE, model, settings=Settings(model="fake:list", model_timeout_s=5))


@pytest.mark.parametrize(
    ("model", "hint"),
    [("gpt", "names no provider"), ("nobody:none", "cannot be set up"), (":", "names no provider")],
)
def test_wrong_setting_is_said_in_one_line(model: str, hint: str) -> None:
    with pytest.raises(AssistantError, match=hint) as caught:
        chat_model(Settings(model=model))
    assert "\n" not in str(caught.value)


# With a server that speaks the OpenAI protocol.


@dataclass
class Server:
    """What the stub server does next, and what it was asked."""

    behaviour: str = "answer"
    statements: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)
    prompts: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    unseen: int = 0  # quotes whose passage was not in the prompt
    url: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def content(self) -> str:
        passages = {
            words: int(number) for number, words in re.findall(r"^\[(\d+)\] .*\n(.+)$", self.prompts[-1], re.MULTILINE)
        }

        def number(source: str, quote: str) -> int:
            of_source = {words: n for words, n in passages.items() if words in collapse(SOURCES.get(source, ""))}
            for words, n in of_source.items():
                if quote and (quote in words or words in quote):
                    return n
            self.unseen += 1
            return next(iter(of_source.values()), 99)

        statements = [
            {"text": text, "quotes": [{"passage": number(*quote), "quote": quote[1]} for quote in quotes]}
            for text, quotes in self.statements
        ]
        return json.dumps({"statements": statements}, ensure_ascii=False)


def handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["content-length"])))
            server.requests.append(request)
            server.prompts.append("\n".join(m["content"] for m in request["messages"]))
            with contextlib.suppress(OSError):  # the client has given up
                self.reply(request)

        def reply(self, request: dict[str, Any]) -> None:
            match server.behaviour:
                case "answer":
                    self.send_completion(request, server.content())
                case "silence":
                    server.stop.wait(10)
                case "drip":
                    self.send_response(200)
                    self.send_header("content-type", "application/json")
                    self.end_headers()
                    while not server.stop.wait(0.2):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                case "500":
                    self.send(500, b'{"error": {"message": "Traceback (most recent call last)"}}')
                case "429":
                    self.send(429, b'{"error": {"message": "slow down"}}', **{"Retry-After": "3600"})
                case "web page":
                    self.send(200, b"<html><body>Log in to the guest network</body></html>", content_type="text/html")
                case "truncated":
                    self.send(200, b'{"id": "1", "object": "chat.completion", "choices": [{"mess')
                case "truncated content":
                    self.send_completion(request, '{"statements": [{"text": "The municipality must')
                case "empty":
                    self.send_completion(request, "")
                case "no choices":
                    self.send(200, b'{"id": "1", "object": "chat.completion", "choices": []}')
                case "wrong schema":
                    self.send_completion(request, '{"answer": "Yes.", "statements": "none"}')
                case "prose":
                    self.send_completion(request, "Certainly! The municipality must do so.")
                case "megabyte":
                    statement = {"text": "The municipality must. " * 50_000, "quotes": []}
                    self.send_completion(request, json.dumps({"statements": [statement]}))
                case "many":
                    self.send_completion(request, json.dumps({"statements": [{"text": "x", "quotes": []}] * 20_000}))

        def send(self, status: int, body: bytes, content_type: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def send_completion(self, request: dict[str, Any], content: str) -> None:
            message: dict[str, Any] = {"role": "assistant", "content": content}
            if "tools" in request:
                function = {"name": request["tools"][0]["function"]["name"], "arguments": content}
                calls = [{"id": "call_1", "type": "function", "function": function}]
                message = {"role": "assistant", "content": None, "tool_calls": calls}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            completion = {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice]}
            self.send(200, json.dumps(completion).encode())

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), handler(state))
    http.daemon_threads = True
    state.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield state
    state.stop.set()
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    pages = tmp_path_factory.mktemp("pages")
    with Assistant.open(settings=Settings(workspace=folder, corpus="none"), embedder=HashedWords()) as assistant:
        for name, text in SOURCES.items():
            path = pages / f"{name}.md"
            path.write_text(text, encoding="utf-8")
            kind = KINDS.get(name, Kind.GUIDANCE)
            assistant.add([path], kind=kind, municipality="Esimerkkilä" if kind is Kind.PROGRAMME else None)
    return folder


@pytest.fixture
def assistant(workspace: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Assistant]:
    monkeypatch.setenv("KOTOAPURI_MODEL", "openai:stub")
    monkeypatch.setenv("KOTOAPURI_MODEL_BASE_URL", server.url)
    settings = Settings(workspace=workspace, corpus="none", model_timeout_s=TIMEOUT_S)
    with Assistant.open(settings=settings, embedder=HashedWords()) as opened:
        yield opened


QUESTION = "By when must the municipality draw up an action plan for promoting integration?"
QUOTE = "The municipality must draw up an action plan for promoting integration by 30 June 2026."
NOTICE = "sources' own sentences"


def codes(answer: Answer) -> list[WarningCode]:
    return [warning.code for warning in answer.warnings]


@pytest.mark.parametrize("method", METHODS)
def test_good_answer_reaches_the_reader(assistant: Assistant, server: Server, method: Method) -> None:
    assistant.settings = assistant.settings.model_copy(update={"model_method": method})
    written = "The municipality shall draw up an action plan for promoting integration by 30.6.2026."
    server.statements = [(written, [("en", QUOTE)])]
    answer = assistant.ask(QUESTION)
    assert (answer.writer, answer.abstained) == ("openai:stub", False)
    assert [s.text for s in answer.statements] == [written]
    assert [c.quote for c in answer.citations] == [QUOTE]
    assert WarningCode.UNSUPPORTED not in codes(answer)
    wants = {"json_schema": "response_format", "function_calling": "tools", "json_mode": "response_format"}
    assert wants[method] in server.requests[-1]


@pytest.mark.parametrize(
    "behaviour",
    [
        "silence",
        "drip",
        "500",
        "429",
        "web page",
        "truncated",
        "truncated content",
        "empty",
        "no choices",
        "wrong schema",
        "prose",
        "megabyte",
        "many",
    ],
)
def test_model_that_fails_costs_no_answer(assistant: Assistant, server: Server, behaviour: str) -> None:
    server.behaviour = behaviour
    started = time.monotonic()
    answer = assistant.ask(QUESTION)
    assert time.monotonic() - started < TIMEOUT_S + 3
    assert server.requests
    check_fell_back(answer)


def check_fell_back(answer: Answer) -> None:
    assert (answer.writer, answer.abstained) == ("extractive", False)
    assert QUOTE in " ".join(s.text for s in answer.statements)
    (notice,) = [w.message for w in answer.warnings if w.code is WarningCode.UNSUPPORTED]
    assert NOTICE in notice
    assert "openai:stub" in notice
    assert "Traceback" not in notice or "500" in notice


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("behaviour", ["empty", "wrong schema", "prose", "web page"])
def test_every_method_survives_nonsense(
    assistant: Assistant,
    server: Server,
    behaviour: str,
    method: Method,
) -> None:
    assistant.settings = assistant.settings.model_copy(update={"model_method": method})
    server.behaviour = behaviour
    check_fell_back(assistant.ask(QUESTION))


def test_connection_refused_costs_no_answer(assistant: Assistant) -> None:
    assistant.settings = assistant.settings.model_copy(update={"model_base_url": "http://127.0.0.1:9/v1"})
    started = time.monotonic()
    check_fell_back(assistant.ask(QUESTION))
    assert time.monotonic() - started < TIMEOUT_S + 3


def test_model_that_says_nothing_costs_no_answer(assistant: Assistant, server: Server) -> None:
    server.statements = []
    check_fell_back(assistant.ask(QUESTION))


def questions(case: Case) -> Sequence[str]:
    words = " ".join(quote for _, quote in case.quotes) or case.text
    return [f"What about this: {words.rstrip('.:?')}?", f"{case.text.rstrip('.')}?"]


def test_no_hostile_statement_reaches_the_reader(assistant: Assistant, server: Server) -> None:
    asked, through = 0, []
    for case in [*HOSTILE_DEVELOPMENT, *HOSTILE_HELD_OUT]:
        server.statements = [(case.text, list(case.quotes))]
        for question in questions(case):
            before, unseen = len(server.requests), server.unseen
            answer = assistant.ask(question, language="en")
            if len(server.requests) == before:
                continue  # it abstained; the other question may find something
            asked += server.unseen == unseen
            # Where nothing can be kept, the extractive writer's words may be the same: they are verbatim.
            if answer.writer != "extractive" and collapse(case.text) in [collapse(s.text) for s in answer.statements]:
                through.append(case)
            assert answer.abstained or WarningCode.UNSUPPORTED in codes(answer), case
            break
    assert through == []
    assert asked >= 100  # with the passage that it quotes before it


def test_model_on_this_machine_is_not_announced_as_remote(assistant: Assistant, server: Server) -> None:
    server.statements = [(QUOTE, [("en", QUOTE)])]
    assert WarningCode.REMOTE_MODEL not in codes(assistant.ask(QUESTION))
