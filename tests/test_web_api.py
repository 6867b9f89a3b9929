"""What programs call: named endpoints with the JSON of the command line, tools for MCP clients, pages as pictures."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from plan_cases import DAY, HERE, MALLIKYLA, PROGRAMME, add, open_assistant
from test_page_image import FIRST, SECOND, pdf
from web_cases import served
from web_fakes import FakeAssistant

from assistant.assistant import Assistant
from assistant.settings import Settings
from assistant.types import as_json
from assistant.web.api import endpoints, has_mcp
from assistant.web.pages import page_address, page_picture_url
from assistant.web.serving import build_app

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:gradio")  # its own use of pandas

QUESTION = "Who coordinates the planning of integration in Mallikylä?"
PLAN = "Mallikylä supports good relations between population groups. " * 20
NAMES = ["ask", "draft", "checklist", "check_copying", "review", "sources", "search"]


@dataclass
class Running:
    """A running server over a small workspace."""

    assistant: Assistant
    address: str


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("api")
    with open_assistant(folder / "workspace", corpus="none") as assistant:
        add(assistant, folder / "files", [*MALLIKYLA, PROGRAMME])
        assistant.add([pdf(folder / "meetings.pdf")], kind="own", municipality=HERE, title="Meetings")
        with served(assistant) as address:
            yield Running(assistant, address)


@pytest.fixture(scope="module")
def client(running: Running) -> Any:
    from gradio_client import Client

    return Client(running.address, verbose=False)


def test_endpoints_are_these_typed_and_with_one_line_of_help(client: Any) -> None:
    offered = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert sorted(offered) == sorted(f"/{name}" for name in NAMES)
    for endpoint in offered.values():
        assert endpoint["description"].endswith(".")
        assert "\n" not in endpoint["description"]
        assert all(p["python_type"]["type"] in ("str", "int") for p in endpoint["parameters"])
    required = [p["parameter_name"] for p in offered["/draft"]["parameters"] if not p["parameter_has_default"]]
    assert required == ["section"]


def test_endpoints_give_the_json_of_the_command_line(client: Any, running: Running) -> None:
    ours = running.assistant
    cases: list[tuple[str, dict[str, Any], object]] = [
        ("ask", {"question": QUESTION, "as_of": DAY}, ours.ask(QUESTION, as_of=DAY)),
        (
            "draft",
            {"section": "good-relations", "municipality": HERE, "notes": "Trust is 71 per cent.", "as_of": DAY},
            ours.draft("good-relations", municipality=HERE, notes="Trust is 71 per cent.", as_of=DAY),
        ),
        ("checklist", {"name": "plan", "municipality": HERE, "as_of": DAY}, ours.checklist(
            "plan", municipality=HERE, as_of=DAY
        )),
        ("review", {"text": PLAN, "municipality": HERE, "as_of": DAY}, ours.review(PLAN, municipality=HERE, as_of=DAY)),
        ("sources", {}, ours.sources()),
    ]  # fmt: skip
    for name, given, expected in cases:
        assert client.predict(**given, api_name=f"/{name}") == json.loads(json.dumps(as_json(expected))), name
    check = client.predict(text=PROGRAMME[1], api_name="/check_copying")
    expected = as_json(ours.check_copying(PROGRAMME[1]))
    assert check == json.loads(json.dumps({**expected, "text": PROGRAMME[1]}))


def test_search_gives_passages_as_citations_best_first(client: Any, running: Running) -> None:
    found = client.predict(query=QUESTION, passages=3, as_of=DAY, api_name="/search")
    assert [one["id"] for one in found] == [1, 2, 3]
    assert "Aino Esimerkki" in found[0]["quote"]
    for one in found:
        assert running.assistant._store.text(one["source_id"])[one["start"] : one["end"]]


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("ask", {"question": "  "}, "question"),
        ("ask", {"question": QUESTION, "as_of": "yesterday"}, "YYYY-MM-DD"),
        ("draft", {"section": "novel"}, "novel"),
        ("checklist", {"name": "novel"}, "novel"),
        ("review", {"text": "Short."}, "."),
        ("search", {"query": QUESTION, "passages": 0}, "Ask for 1 to 60"),
        ("search", {"query": QUESTION, "passages": 61}, "Ask for 1 to 60"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(client: Any, name: str, given: dict[str, Any], words: str) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError) as refused:
        client.predict(**given, api_name=f"/{name}")
    assert words in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert "Traceback" not in str(refused.value)


def test_nothing_inside_is_told_when_the_program_fails(client: Any, running: Running, monkeypatch: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    from gradio_client.exceptions import AppError

    monkeypatch.setattr(running.assistant, "ask", fail)
    with pytest.raises(AppError, match="Something went wrong in the program") as refused:
        client.predict(question=QUESTION, api_name="/ask")
    assert "secret" not in str(refused.value)


def test_drafts_made_for_programs_are_no_versions_of_the_plan(client: Any, running: Running) -> None:
    client.predict(section="good-relations", municipality=HERE, api_name="/draft")
    assert running.assistant.planning.workbook.latest_drafts(HERE, "plan") == []


def test_every_endpoint_tells_of_each_of_its_parameters() -> None:
    for endpoint in endpoints(FakeAssistant()):
        told = inspect.getdoc(endpoint) or ""
        assert all(f"\n    {name}: " in told for name in inspect.signature(endpoint).parameters)


# MCP.


def test_tools_of_mcp_are_the_endpoints(running: Running) -> None:
    if not has_mcp():
        pytest.skip("the extra kotoapuri[mcp] is not installed")
    import anyio
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def call() -> tuple[list[Any], Any, Any]:
        async with (
            streamablehttp_client(f"{running.address}/mcp") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool("ask", {"question": QUESTION, "as_of": DAY})
            refused = await session.call_tool("search", {"query": QUESTION, "passages": 0})
            return tools, answer, refused

    tools, answer, refused = anyio.run(call)
    assert [tool.name for tool in tools] == NAMES
    assert all(tool.description and set(tool.inputSchema["properties"]) for tool in tools if tool.name != "sources")
    assert not answer.isError
    expected = json.loads(json.dumps(as_json(running.assistant.ask(QUESTION, as_of=DAY))))
    assert json.loads(answer.content[0].text) == answer.structuredContent == expected
    assert refused.isError
    assert "Ask for 1 to 60" in refused.content[0].text


# Pages as pictures.


@pytest.fixture(scope="module")
def web(running: Running) -> Iterator[TestClient]:
    with TestClient(build_app(running.assistant, running.assistant.settings), base_url="http://localhost") as client:
        yield client


def test_page_of_a_citation_is_shown_at_its_address(web: TestClient, running: Running) -> None:
    passage = next(p for p in running.assistant.passages("meetings") if p.page == 2)
    citation = running.assistant.cite(passage, as_of=DAY)
    source = next(s for s in running.assistant.sources() if s.source_id == "meetings")
    address = page_picture_url(citation, source)
    assert address is not None
    shown = web.get(address)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.content.startswith(b"\x89PNG")
    assert shown.content != web.get(page_address("meetings", 2)).content  # the quote is marked
    assert shown.headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'self'" in shown.headers["content-security-policy"]
    assert page_picture_url(citation, None) is None
    assert page_picture_url(citation, replace(source, original=False)) is None
    assert page_picture_url(replace(citation, page=None), source) is None


@pytest.mark.parametrize(
    "path",
    [
        "/page/meetings/0", "/page/meetings/3", "/page/meetings/-1", "/page/meetings/1e3", "/page/meetings/٣",
        "/page/meetings/99999999999999999999", "/page/nothing/1", "/page/strategy/1", "/page/..%2f..%2fetc%2fpasswd/1",
        "/page/%2e%2e/1", "/page/meetings%00/1", "/page/meetings/1/../../x", "/page/'%20OR%201=1/1",
    ],
)  # fmt: skip
def test_page_that_is_not_there_is_404_in_words(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 404
    assert not answer.content.startswith(b"\x89PNG")
    assert "Traceback" not in answer.text


def test_page_is_refused_in_the_language_that_was_chosen(web: TestClient) -> None:
    for language, words in (("fi", "Sellaista sivua ei ole."), ("xx", "There is no such page.")):
        chosen = {"cookie": f"kotoapuri-language={language}"}
        assert web.get("/page/meetings/x", headers=chosen).text == words


def test_pages_are_refused_to_another_host_name(web: TestClient) -> None:
    assert web.get("/page/meetings/1", headers={"host": "evil.example"}).status_code == 400


def test_long_quote_keeps_the_address_short() -> None:
    assert len(page_address("meetings", 1, FIRST * 100 + SECOND)) < 8_000


def test_failure_of_the_program_is_told_without_detail(caplog: pytest.LogCaptureFixture) -> None:
    class Failing(FakeAssistant):
        def page_picture(self, source_id: str, page: int, quote: str = "") -> bytes:
            raise RuntimeError("secret detail")

    answer = TestClient(build_app(Failing(), Settings()), base_url="http://localhost").get("/page/x/1")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "could not be drawn" in caplog.text
