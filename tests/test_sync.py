"""Downloading official texts: what is fetched, what is refused, and that no server can do harm or hold it up.

A local server plays the internet. The code under test asks only https addresses on public hosts; the transport given
to it here leads every request to that server, whatever address it was pinned to.
"""

from __future__ import annotations

import asyncio
import datetime
import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from filelock import FileLock
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.corpus import CORPUS
from assistant.documents import read_document
from assistant.errors import WorkspaceBusy, WorkspaceError
from assistant.passages import split_document
from assistant.settings import Settings
from assistant.sync import Fetched, Limits, _resolve, fetch
from assistant.types import UnitKind

ACT = """\
<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="statute">
<meta><identification source="#x"><FRBRWork><FRBRthis value="/akn/fi/act/2099/7"/></FRBRWork></identification></meta>
<preface><p><docNumber>7/2099</docNumber> <docTitle>Laki mallikuntien esimerkeistä</docTitle></p></preface>
<preamble><formula name="enacting"><p>Eduskunnan päätöksen mukaisesti säädetään:</p></formula></preamble>
<body><hcontainer name="contentAuthoritative">
<chapter eId="chp_1"><num>1 luku</num><heading>Yleiset säännökset</heading>
<section eId="chp_1__sec_1"><num>1 §</num><heading>Lain tarkoitus</heading>
<subsection><content><p>Tämän lain tarkoituksena on edistää esimerkkejä.</p></content></subsection></section>
<section eId="chp_1__sec_2"><num>2 §</num><heading>Määritelmät</heading>
<subsection><intro><p>Tässä laissa tarkoitetaan:</p></intro>
<paragraph><num>1)</num><content><p>mallikunnalla kuntaa, jota ei ole;</p></content></paragraph>
<paragraph><num>2)</num><content><p>esimerkillä keksittyä tekstiä.</p></content></paragraph></subsection></section>
</chapter>
<chapter eId="chp_5"><num>5 luku</num><heading>Mallikunnan tehtävät</heading>
<section eId="chp_5__sec_45"><num>45 §</num><heading>Esimerkkien suunnittelu</heading>
<subsection><content><p>Mallikunta laatii esimerkkisuunnitelman.</p></content></subsection>
<subsection><content><p>Suunnitelma hyväksytään mallikunnanvaltuustossa.</p></content></subsection></section>
<section eId="chp_5__sec_45a"><num>45 a §</num><heading>Seuranta</heading>
<subsection><content><p>Suunnitelman toteutumista seurataan vuosittain.</p></content></subsection></section>
</chapter>
<chapter eId="chp_9"><num>9 luku</num><heading>Erinäiset säännökset</heading>
<section eId="chp_9__sec_101"><num>101 §</num><heading>Voimaantulo</heading>
<subsection><content><p>Tämä laki tulee voimaan 1 päivänä tammikuuta 2099.</p></content></subsection></section>
</chapter></hcontainer></body></act></akomaNtoso>
""".encode()
PAGE = b"<!DOCTYPE html>\n<html lang='en'><head><title>Guide</title></head><body><p>Guidance.</p></body></html>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
XML_TYPE, HTML_TYPE, PDF_TYPE = "application/xml;charset=UTF-8", "text/html; charset=utf-8", "application/pdf"
PUBLIC = "93.184.215.14"
HURRIED = Limits(read_s=0.4, whole_s=0.8)

Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the routes of its site."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        site = self.server.site
        site.asked.append((self.path, dict(self.headers)))
        route = site.routes[self.path]
        reply = route.pop(0) if len(route) > 1 else route[0]
        try:
            reply(self)
        except OSError:
            site.hung_up.set()  # the client had enough
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Site

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up or refuses the certificate is what the tests are about."""


class LocalTransport(httpx.AsyncBaseTransport):
    """Leads a request to the local server, and notes where it would have gone."""

    def __init__(self, site: Site, *, scheme: str = "http", verify: ssl.SSLContext | bool = False) -> None:
        self._site, self._scheme, self._inner = site, scheme, httpx.AsyncHTTPTransport(verify=verify)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.scheme == "https"
        self._site.pinned.append((request.url.host, request.extensions["sni_hostname"]))
        request.url = request.url.copy_with(scheme=self._scheme, host="127.0.0.1", port=self._site.port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


class Site:
    """The internet of a test: pages by path, addresses by name, and what was asked."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.routes: dict[str, list[Reply]] = {}
        self.names: dict[str, list[str]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.pinned: list[tuple[str, str]] = []
        self.slept: list[float] = []
        self.hung_up = threading.Event()

    def resolve(self, host: str) -> list[str]:
        return self.names.get(host, [PUBLIC])

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def put(self, path: str, *replies: Reply) -> None:
        self.routes[path] = list(replies)

    def fetch(
        self, addresses: Mapping[str, str | None], *, limits: Limits | None = None, **others: Any
    ) -> list[Fetched]:
        options = {"resolve": self.resolve, "connect": lambda: LocalTransport(self), "sleep": self.sleep} | others
        done = fetch(addresses, self.folder, limits=limits, **options)
        for one in done:
            assert one.message.startswith(one.source_id)
            assert len(one.message.splitlines()) == 1
            assert one.message.isprintable()
            assert len(one.message) < 800
        return done

    def fetch_one(self, path: str = "/text", *, limits: Limits | None = None) -> Fetched:
        address = path if "//" in path or not path.startswith("/") else f"https://law.example{path}"
        [done] = self.fetch({"act": address}, limits=limits)
        return done

    def refusal(self, path: str = "/text", *, limits: Limits | None = None) -> str:
        done = self.fetch_one(path, limits=limits)
        assert (done.status, done.path) == ("failed", None)
        assert not [p for p in self.folder.iterdir() if p.name not in ("sync.lock", "state.json")]
        return done.message


def serve(server: Server) -> Server:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = serve(Server(("127.0.0.1", 0), Handler))
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(server: Server, tmp_path: Path) -> Site:
    server.site = Site(tmp_path / "official", server.server_port)
    return server.site


def text(body: bytes = ACT, kind: str | None = XML_TYPE, status: int = 200, **headers: str) -> Reply:
    """A reply with a body; header names with _ for -."""

    def reply(handler: Handler) -> None:
        handler.send_response(status)
        if kind is not None:
            handler.send_header("Content-Type", kind)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def redirect(location: str, status: int = 302) -> Reply:
    return text(b"", status=status, Location=location)


def test_act_page_and_programme_are_saved_under_their_source_ids(site: Site) -> None:
    site.put("/act", text())
    site.put("/page", text(PAGE, HTML_TYPE))
    site.put("/plan.pdf", text(PDF, PDF_TYPE))
    progress: list[tuple[int, int, str]] = []
    done = site.fetch(
        {
            "act-7-2099": "https://law.example/act",
            "guide": "https://tem.example/page",
            "plan": "https://k.example/plan.pdf",
        },
        report=lambda *step: progress.append(step),
    )
    assert [(one.status, one.path and one.path.name) for one in done] == [
        ("new", "act-7-2099.xml"),
        ("new", "guide.html"),
        ("new", "plan.pdf"),
    ]
    assert [one.path.read_bytes() for one in done if one.path] == [ACT, PAGE, PDF]
    steps = ["downloading act-7-2099", "downloading guide", "downloading plan", "done"]
    assert progress == [(n, 3, step) for n, step in enumerate(steps)]
    assert site.slept == [0.5, 0.5]


def test_host_that_cannot_be_reached_is_not_asked_again(site: Site) -> None:
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        if host == "down.example":
            raise OSError("no such name")
        return [PUBLIC]

    site.put("/text", text())
    urls = {"a": "https://down.example/text", "b": "https://down.example/text", "c": "https://law.example/text"}
    done = site.fetch(urls, resolve=resolve)
    assert [one.status for one in done] == ["failed", "failed", "new"]
    assert asked == ["down.example", "law.example"]
    assert "down.example could not be reached for the source before. Check the network" in done[1].message
    assert site.slept == []  # nobody was hurried


def test_host_that_refuses_connections_is_not_asked_for_the_next_source(site: Site) -> None:
    class Refusing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            tried.append(request.headers["Host"])
            raise httpx.ConnectError("refused")

    tried: list[str] = []
    urls = {"a": "https://law.example/text", "b": "https://law.example/other"}
    done = site.fetch(urls, connect=Refusing)
    assert [one.status for one in done] == ["failed", "failed"]
    assert tried == ["law.example"] * Limits().attempts


def test_stopped_run_leaves_the_rest_out_and_keeps_what_is_there(site: Site) -> None:
    site.put("/text", text())
    urls = {"a": "https://law.example/text", "b": "https://law.example/text"}
    done = site.fetch(urls, stopped=lambda: len(site.asked) == 1)
    assert [(one.source_id, one.status) for one in done] == [("a", "new")]
    assert done[0].path
    assert done[0].path.read_bytes() == ACT


def test_request_names_the_host_and_says_who_asks(site: Site) -> None:
    site.put("/text", text())
    site.fetch_one()
    assert site.pinned == [(PUBLIC, "law.example")]
    [(_, headers)] = site.asked
    assert headers["Host"] == "law.example"
    assert headers["User-Agent"].startswith("Kotoapuri")
    assert headers["Accept-Encoding"] == "gzip"
    assert "Cookie" not in headers


def test_downloaded_act_is_read_and_split_into_numbered_sections(site: Site) -> None:
    site.put("/text", text())
    done = site.fetch_one()
    assert done.path
    document = read_document(done.path, settings=Settings())
    passages = split_document(document, "act")
    assert document.title == "Laki mallikuntien esimerkeistä (7/2099)"
    assert document.language == "fi"
    assert all(document.text[p.start : p.end] == p.text for p in passages)
    sections = {p.text: p.section for p in passages if p.kind is not UnitKind.INSTRUCTION}
    assert sections["Tämän lain tarkoituksena on edistää esimerkkejä."] == "1(1)"
    assert sections["mallikunnalla kuntaa, jota ei ole;"] == "2(1)"
    assert sections["Mallikunta laatii esimerkkisuunnitelman."] == "45(1)"
    assert sections["Suunnitelma hyväksytään mallikunnanvaltuustossa."] == "45(2)"
    assert sections["Suunnitelman toteutumista seurataan vuosittain."] == "45 a(1)"
    assert sections["Tämä laki tulee voimaan 1 päivänä tammikuuta 2099."] == "101(1)"
    headings = {p.text: p.headings for p in passages}
    assert headings["Suunnitelman toteutumista seurataan vuosittain."][-2:] == (
        "5 luku Mallikunnan tehtävät",
        "45 a § Seuranta",
    )


def test_zipped_answer_is_unpacked(site: Site) -> None:
    packed = gzip.compress(ACT)
    site.put("/text", text(packed, Content_Encoding="gzip", Content_Length=str(len(packed))))
    done = site.fetch_one()
    assert done.path
    assert done.path.read_bytes() == ACT


# Where redirects may lead.


def test_three_redirects_are_followed(site: Site) -> None:
    site.put("/text", redirect("/1", 301))
    site.put("/1", redirect("https://other.example/2", 307))
    site.put("/2", redirect("3", 308))
    site.put("/3", text())
    assert site.fetch_one().status == "new"
    assert [sni for _, sni in site.pinned] == ["law.example", "law.example", "other.example", "other.example"]


@pytest.mark.parametrize("location", ["/text", "", "https://law.example/text"])
def test_redirects_without_end_are_refused(site: Site, location: str) -> None:
    site.put("/text", redirect(location))
    assert "more than 3 redirects" in site.refusal()
    assert len(site.asked) == 4


def test_redirect_without_an_address_is_refused(site: Site) -> None:
    site.put("/text", text(b"", status=302))
    assert "more than 3 redirects" in site.refusal()


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("http://law.example/text", "only plain https addresses"),
        ("file:///etc/passwd", "only plain https addresses"),
        ("ftp://law.example/text", "only plain https addresses"),
        ("data:text/html,<html>", "only plain https addresses"),
        ("javascript:alert(1)", "only plain https addresses"),
        ("https://law.example:8443/text", "only plain https addresses"),
        ("https://user:secret@law.example/text", "only plain https addresses"),
        ("https://127.0.0.1/text", "not on the public internet"),
        ("https://127.1/text", "not on the public internet"),
        ("https://2130706433/text", "not on the public internet"),
        ("https://0x7f000001/text", "not on the public internet"),
        ("https://017700000001/text", "not on the public internet"),
        ("https://0177.0.0.1/text", "leads to none"),
        ("https://169.254.169.254/latest/meta-data/", "not on the public internet"),
        ("https://[::1]/text", "not on the public internet"),
        ("https://[::ffff:127.0.0.1]/text", "not on the public internet"),
        ("https://[::ffff:93.184.215.14]/text", "not on the public internet"),
        ("https://localhost/text", "not on the public internet"),
        ("https://inner.example/text", "not on the public internet"),
        ("https://[::1/text", "leads to none"),
        ("https://" + "a" * 300 + ".example/", "does not resolve"),
    ],
)
def test_redirect_to_where_nothing_is_asked_is_refused(site: Site, location: str, says: str) -> None:
    """Numbers and localhost are resolved as the system does it, which needs no network."""

    def resolve(host: str) -> list[str]:
        return [PUBLIC] if host == "law.example" else ["10.1.2.3"] if host == "inner.example" else _resolve(host)

    site.put("/text", redirect(location))
    [direct] = site.fetch({"act": location}, resolve=resolve)
    [after] = site.fetch({"act": "https://law.example/text"}, resolve=resolve)
    for done in (direct, after):
        assert done.status == "failed"
        assert says in done.message
        assert "manifest.jsonl" in done.message
    assert [path for path, _ in site.asked] == ["/text"]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.0.1", "168.63.129.16",
        "169.254.169.254", "172.16.0.1", "172.31.255.1", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "224.0.1.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "fc00::1",
        "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_address_that_is_not_public_is_never_asked(site: Site, address: str) -> None:
    site.put("/text", text())
    for found in ([address], [PUBLIC, address], [address, PUBLIC]):
        site.names["law.example"] = found
        assert "not on the public internet" in site.refusal()
    assert not site.pinned


@pytest.mark.parametrize("address", ["8.8.8.8", "193.166.3.2", "2001:4860:4860::8888", "64:ff9b::8.8.8.8"])
def test_public_address_is_asked(site: Site, address: str) -> None:
    site.names["law.example"] = [address]
    site.put("/text", text())
    assert site.fetch_one().status == "new"
    assert [httpx.URL(f"https://[{address}]" if ":" in address else f"https://{address}").host] == [
        host for host, _ in site.pinned
    ]


def test_name_that_changes_its_address_after_the_check_gains_nothing(site: Site) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    site.put("/text", text())
    [done] = site.fetch({"act": "https://law.example/text"}, resolve=lambda host: next(answers))
    assert done.status == "new"
    assert site.pinned == [(PUBLIC, "law.example")]
    assert next(answers) == ["127.0.0.1"]  # it was not asked for a second time


def test_name_that_does_not_resolve_is_named(site: Site) -> None:
    def resolve(host: str) -> list[str]:
        raise OSError("Temporary failure in name resolution")

    site.put("/text", text())
    [done] = site.fetch({"act": "https://nowhere.example/text"}, resolve=resolve)
    assert done.status == "failed"
    assert "the name nowhere.example does not resolve" in done.message


def test_name_without_an_address_is_refused(site: Site) -> None:
    site.names["law.example"] = []
    assert "not on the public internet" in site.refusal()


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "law",
        "//law.example/x",
        "https://",
        "https:///text",
        "\x00",
        "https://exa mple/",
        "é",
        "https://a/\ud800",
    ],
)
def test_row_without_a_usable_address_fails_alone(site: Site, address: str | None) -> None:
    site.put("/text", text())
    bad, good = site.fetch({"bad": address, "good": "https://law.example/text"})
    assert (bad.status, good.status) == ("failed", "new")


@pytest.mark.parametrize("source_id", ["../act", "a/b", "", "Act", "act.xml", "act\n"])
def test_source_id_that_is_no_file_name_writes_nothing(site: Site, source_id: str) -> None:
    site.put("/text", text())
    [done] = fetch(
        {source_id: "https://law.example/text"}, site.folder,
        resolve=site.resolve, connect=lambda: LocalTransport(site), sleep=site.sleep,
    )  # fmt: skip
    assert done.status == "failed"
    assert [p.name for p in site.folder.parent.rglob("*")] == ["official", "sync.lock"]


@given(location=st.text(), relative=st.booleans())
@example(location="\\\\law.example\\x", relative=False)
@example(location="https://law.example@127.0.0.1/", relative=False)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
def test_whatever_a_server_redirects_to_ends_in_a_record(tmp_path: Path, location: str, relative: bool) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.host == PUBLIC
        assert request.url.scheme == "https"
        return httpx.Response(302, headers={b"Location": location.encode("utf-8", "replace")})

    async def sleep(seconds: float) -> None:
        pass

    [done] = fetch(
        {"act": "https://law.example/" if relative else location}, tmp_path,
        resolve=lambda host: [PUBLIC], connect=lambda: httpx.MockTransport(answer), sleep=sleep,
    )  # fmt: skip
    assert done.status == "failed"
    assert done.message.isprintable()
    assert len(done.message) < 800


def test_every_address_of_the_manifest_can_be_asked(site: Site) -> None:
    lines = (CORPUS / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    addresses = {row["source_id"]: row["download"] for row in map(json.loads, lines) if row["download"]}
    assert addresses
    done = site.fetch(addresses, connect=lambda: httpx.MockTransport(lambda request: httpx.Response(404)))
    assert [one.message for one in done if "answers with status 404" not in one.message] == []


# Servers that err, are busy, or take their time.


@pytest.mark.parametrize("status", [204, 206, 300, 304, 400, 401, 403, 404, 410, 418, 451])
def test_refusal_of_a_server_is_named_and_not_tried_again(site: Site, status: int) -> None:
    site.put("/text", text(b"" if status in (204, 304) else b"<html>No</html>", HTML_TYPE, status))
    assert f"status {status}" in site.refusal()
    assert len(site.asked) == 1


def test_failure_is_passed_over_and_the_others_are_fetched(site: Site) -> None:
    site.put("/text", text())
    site.put("/gone", text(b"No", HTML_TYPE, 404))
    site.names["inner.example"] = ["192.168.0.1"]
    done = site.fetch({
        "one": "https://law.example/gone", "two": "https://law.example/text", "three": "https://inner.example/text",
        "four": "https://law.example/text",
    })  # fmt: skip
    assert [one.status for one in done] == ["failed", "new", "failed", "new"]
    assert done[0].message == (
        "one, https://law.example/gone: the server answers with status 404. "
        "Open it in a browser; if it has moved, correct `download` in corpus/manifest.jsonl."
    )


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry_After": "7"}, [7.0]),
        ({"Retry_After": "0"}, [0.0]),
        ({"Retry_After": "86400"}, [10.0]),
        ({"Retry_After": "9" * 400}, [10.0]),
        ({"Retry_After": "-5"}, [1.0]),
        ({"Retry_After": "soon"}, [1.0]),
        ({"Retry_After": "Wed, 21 Oct 2015 07:28:00 GMT"}, [0.0]),
        ({"Retry_After": "Wed, 21 Oct 2099 07:28:00 -0000"}, [1.0]),
        ({"Retry_After": "Wed, 21 Oct 2099 07:28:00 GMT"}, [10.0]),
        ({}, [1.0]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_busy_server_is_asked_again_after_the_time_it_names(
    site: Site, status: int, headers: dict[str, str], waits: list[float]
) -> None:
    site.put("/text", text(b"busy", HTML_TYPE, status, **headers), text())
    assert site.fetch_one().status == "new"
    assert site.slept == waits


def test_retry_after_a_date_is_waited_for(site: Site) -> None:
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=6)
    site.put("/text", text(b"", status=429, Retry_After=format_datetime(soon, usegmt=True)), text())
    assert site.fetch_one().status == "new"
    assert 3 < site.slept[0] <= 6


def test_server_that_recovers_from_an_error_is_asked_again(site: Site) -> None:
    site.put("/text", text(b"", status=500), text(b"", status=502), text())
    assert site.fetch_one().status == "new"
    assert site.slept == [1.0, 2.0]


def test_server_that_stays_busy_is_given_up(site: Site) -> None:
    site.put("/text", text(b"", status=429))
    message = site.refusal()
    assert "status 429" in message
    assert "try again later" in message
    assert len(site.asked) == 3


def test_next_attempt_asks_the_next_address(site: Site) -> None:
    site.names["law.example"] = [PUBLIC, "2606:4700::1111"]
    site.put("/text", text(b"", status=500), text(b"", status=500), text())
    assert site.fetch_one().status == "new"
    assert [host for host, _ in site.pinned] == [PUBLIC, "2606:4700::1111", PUBLIC]


def test_connection_that_breaks_is_tried_again(site: Site) -> None:
    site.put("/text", text(ACT[:500], Content_Length=str(len(ACT))), text())
    assert site.fetch_one().status == "new"
    assert len(site.asked) == 2


def test_server_that_does_not_listen_is_named(site: Site) -> None:
    site.port = 9  # discard; nothing answers there
    assert "the connection failed" in site.refusal()
    assert len(site.pinned) == 3


def drip(pieces: bytes, *, every_s: float, head: bytes = b"") -> Reply:
    """Sends a beginning, then a byte at a time for as long as anyone listens."""

    def reply(handler: Handler) -> None:
        handler.wfile.write(head)
        while True:
            for byte in pieces:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(every_s)

    return reply


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (lambda handler: time.sleep(3), "the connection failed (ReadTimeout)"),
        (drip(b"X-Slow: yes\r\n", every_s=0.05, head=b"HTTP/1.1 200 OK\r\n"), "not done after 0.8 s"),
        (
            drip(b" ", every_s=0.05, head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>"),
            "not done after 0.8 s",
        ),
    ],
    ids=["silence", "headers drip", "body drips"],
)
def test_slow_server_holds_nobody_up(site: Site, reply: Reply, says: str) -> None:
    site.put("/text", reply)
    limits = Limits(read_s=0.2) if "Timeout" in says else HURRIED
    started = time.monotonic()
    assert says in site.refusal(limits=limits)
    assert time.monotonic() - started < 10


def test_waits_and_attempts_count_towards_the_whole_time(site: Site) -> None:
    site.put("/text", text(b"", status=503, Retry_After="9"))
    [done] = site.fetch({"act": "https://law.example/text"}, limits=HURRIED, sleep=asyncio.sleep)
    assert "not done after 0.8 s" in done.message


def test_endless_body_is_cut_off_at_the_limit(site: Site) -> None:
    sent = 0

    def reply(handler: Handler) -> None:
        nonlocal sent
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")
        while True:
            sent += handler.wfile.write(b"x" * 100_000)

    site.put("/text", reply)
    assert "larger than 1 MB" in site.refusal(limits=Limits(size_bytes=1_000_000))
    assert site.hung_up.wait(5)
    assert sent < 30_000_000  # what the buffers of the system swallow


def test_zip_bomb_is_cut_off_at_the_limit(site: Site) -> None:
    bomb = gzip.compress(b"<html>" + b"x" * 30_000_000)
    site.put("/text", text(bomb, HTML_TYPE, Content_Encoding="gzip"))
    assert "larger than 20 MB" in site.refusal()


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate", "x"])
def test_packing_that_was_not_asked_for_is_refused(site: Site, encoding: str) -> None:
    site.put("/text", text(ACT, Content_Encoding=encoding))
    assert "not asked for" in site.refusal()


def test_damaged_packing_is_refused(site: Site) -> None:
    site.put("/text", text(ACT, Content_Encoding="gzip"))
    assert "the connection failed" in site.refusal()


def test_largest_body_allowed_is_taken(site: Site) -> None:
    site.put("/text", text(PAGE, HTML_TYPE))
    assert site.fetch_one(limits=Limits(size_bytes=len(PAGE))).status == "new"


# What the content must be.


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b'{"a": 1}', "application/json", "the content is application/json"),
        (b"\x89PNG\r\n", "image/png", "the content is image/png"),
        (b"MZ\x90", "application/octet-stream", "the content is application/octet-stream"),
        (PDF, "application/octet-stream", "the content is application/octet-stream"),
        (b"Words", "text/plain", "the content is text/plain"),
        (b"Words", "x" * 5_000, "the content is xxx"),
        (PAGE, None, "of no stated type"),
        (PAGE, "", "of no stated type"),
        (PAGE, XML_TYPE, "called application/xml"),
        (PAGE, PDF_TYPE, "called application/pdf"),
        (ACT, HTML_TYPE, "called text/html"),
        (ACT, PDF_TYPE, "called application/pdf"),
        (PDF, HTML_TYPE, "called text/html"),
        (b"MZ\x90 <html>", HTML_TYPE, "called text/html"),
        (b"Not a word of markup", HTML_TYPE, "called text/html"),
        (b"<?xml version='1.0'?><kunta/>", XML_TYPE, "called application/xml"),
        # What Finlex answers, with status 200, for an Act that it does not have.
        (b"<AknXmlList><Results/></AknXmlList>", XML_TYPE, "or an empty list"),
        (b"", XML_TYPE, "the answer is empty"),
        (b"", None, "the answer is empty"),
        (ACT[:-40], XML_TYPE, "breaks off"),
        (PDF[:-8], PDF_TYPE, "breaks off"),
        (b"<?a?>" * 5_000, XML_TYPE, "called application/xml"),
        (b"<!--" * 5_000, HTML_TYPE, "called text/html"),
    ],
)
def test_content_that_is_not_what_it_should_be_is_refused(site: Site, body: bytes, kind: str | None, says: str) -> None:
    site.put("/text", text(body, kind))
    assert says in site.refusal()
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    ("body", "kind", "suffix"),
    [
        (b"\xef\xbb\xbf" + ACT, "text/xml", ".xml"),
        (b"<!-- Finlex -->\n" + ACT[ACT.index(b"<akoma") :], "application/akn+xml", ".xml"),
        (b"<akn:akomaNtoso xmlns:akn='x'></akn:akomaNtoso>", XML_TYPE, ".xml"),
        (b"\r\n<HTML><p>Old</HTML>", "TEXT/HTML;charset=iso-8859-1", ".html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", "application/xhtml+xml", ".html"),
        (PDF + b"\r\n" * 20, PDF_TYPE, ".pdf"),
    ],
)
def test_usual_forms_of_the_three_formats_are_taken(site: Site, body: bytes, kind: str, suffix: str) -> None:
    site.put("/text", text(body, kind))
    done = site.fetch_one()
    assert done.path
    assert (done.status, done.path.suffix) == ("new", suffix)


# Pages that stay, change or go.


def test_unchanged_page_is_not_sent_again(site: Site) -> None:
    def reply(handler: Handler) -> None:
        if handler.headers["If-None-Match"] == '"v1"' and handler.headers["If-Modified-Since"] == "Mon":
            text(b"", status=304)(handler)
        else:
            text(ETag='"v1"', Last_Modified="Mon")(handler)

    site.put("/text", redirect("https://law.example/real"))
    site.put("/real", reply)
    first, second = site.fetch_one(), site.fetch_one()
    assert (first.status, second.status) == ("new", "unchanged")
    assert second.path == first.path
    asked = [(path, "If-None-Match" in headers) for path, headers in site.asked]
    assert asked == [("/text", False), ("/real", False), ("/text", False), ("/real", True)]


def test_page_sent_again_with_the_same_content_is_unchanged(site: Site) -> None:
    site.put("/text", text())
    first = site.fetch_one()
    assert first.path
    before = first.path.stat().st_mtime_ns
    assert site.fetch_one().status == "unchanged"
    assert first.path.stat().st_mtime_ns == before


def test_changed_page_replaces_the_copy(site: Site) -> None:
    site.put("/text", text(ETag='"v1"'), text(ACT.replace(b"45", b"46"), ETag='"v2"'))
    first, second = site.fetch_one(), site.fetch_one()
    assert second.status == "changed"
    assert second.path == first.path
    assert second.path
    assert b"46 \xc2\xa7" in second.path.read_bytes()
    assert site.asked[1][1]["If-None-Match"] == '"v1"'
    site.fetch_one()
    assert site.asked[2][1]["If-None-Match"] == '"v2"'


def test_page_that_becomes_another_format_leaves_one_file(site: Site) -> None:
    site.put("/text", text(PAGE, HTML_TYPE), text(PDF, PDF_TYPE))
    site.fetch_one()
    done = site.fetch_one()
    assert done.status == "changed"
    assert sorted(p.name for p in site.folder.iterdir()) == ["act.pdf", "state.json", "sync.lock"]


def test_copy_altered_by_hand_is_fetched_anew(site: Site) -> None:
    site.put("/text", text(ETag='"v1"'))
    first = site.fetch_one()
    assert first.path
    first.path.write_bytes(b"<html>mine</html>")
    assert site.fetch_one().status == "changed"
    assert first.path.read_bytes() == ACT
    assert "If-None-Match" not in site.asked[1][1]


def test_page_that_fails_later_keeps_its_copy(site: Site) -> None:
    site.put("/text", text(), text(b"gone", HTML_TYPE, 404), text(PAGE[:-90], XML_TYPE), text(ETag='"v"'))
    first = site.fetch_one()
    for _ in range(2):
        later = site.fetch_one()
        assert (later.status, later.path) == ("failed", first.path)
        assert later.message.endswith("The copy from before is kept.")
        assert first.path
        assert first.path.read_bytes() == ACT
    assert site.fetch_one().status == "unchanged"


@pytest.mark.parametrize(
    "damaged",
    [
        b"", b"{", b"[]", b"null", b'{"act": 1}', b'{"act": {"address": "x"}}', b"\xff\xfe", b"[" * 100_000,
        b'{"act": {"address": "https://law.example/text", "sha256": "", "conditions": {"If-None-Match": "a\\nX: y"}}}',
    ],
)  # fmt: skip
def test_damaged_state_costs_no_more_than_a_download(site: Site, damaged: bytes) -> None:
    site.put("/text", text(ETag='"v1"'))
    site.fetch_one()
    (site.folder / "state.json").write_bytes(damaged)
    assert site.fetch_one().status == "unchanged"
    assert "If-None-Match" not in site.asked[1][1]
    site.fetch_one()
    assert site.asked[2][1]["If-None-Match"] == '"v1"'


def test_etag_that_cannot_be_sent_back_is_left_out(site: Site) -> None:
    site.put("/text", text(ETag='"v\xe9"', Last_Modified=""))
    site.fetch_one()
    assert site.fetch_one().status == "unchanged"
    assert not {"If-None-Match", "If-Modified-Since"} & site.asked[1][1].keys()


# The folder.


def test_folder_that_cannot_be_made_is_named(site: Site) -> None:
    site.folder.write_text("a file is in the way")
    with pytest.raises(WorkspaceError, match="official cannot be written"):
        site.fetch({"act": "https://law.example/text"})
    assert not site.asked


def test_read_only_folder_is_named_before_anything_is_asked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the system's refusal is played."""

    def refuse(self: FileLock, **options: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(WorkspaceError, match=r"cannot be written \(Permission denied\)"):
        site.fetch({"act": "https://law.example/text"})
    assert not site.asked


def test_two_downloads_into_one_folder_are_refused(site: Site) -> None:
    site.folder.mkdir()
    with FileLock(site.folder / "sync.lock"), pytest.raises(WorkspaceBusy, match="Another process"):
        fetch({}, site.folder)


def test_file_that_cannot_be_written_is_named_and_the_others_go_on(site: Site) -> None:
    site.put("/text", text())
    site.folder.mkdir()
    (site.folder / ".act.xml.part").mkdir()
    act, other = site.fetch({"act": "https://law.example/text", "other": "https://law.example/text"})
    assert "cannot be read or written (Is a directory)" in act.message
    assert (act.status, other.status) == ("failed", "new")


@pytest.mark.parametrize("kill_at", ["fsync", "replace"])
def test_killed_download_leaves_the_old_file_whole(site: Site, monkeypatch: pytest.MonkeyPatch, kill_at: str) -> None:
    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    site.put("/text", text(), text(ACT.replace(b"45", b"46")))
    first = site.fetch_one()
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync" if kill_at == "fsync" else "pathlib.Path.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            site.fetch_one()
    assert first.path
    assert first.path.read_bytes() == ACT
    assert not list(site.folder.glob("*.part"))
    assert site.fetch_one().status == "changed"
    assert sorted(p.name for p in site.folder.iterdir()) == ["act.xml", "state.json", "sync.lock"]


# Certificates.


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that a host of this name made for itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / f"{name}.pem", folder / f"{name}.key"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return cert_path, key_path


@pytest.mark.parametrize(("name", "trusted"), [("law.example", True), ("other.example", True), ("law.example", False)])
def test_certificate_is_that_of_the_host_and_not_of_the_address(tmp_path: Path, name: str, trusted: bool) -> None:
    cert, key = certificate(tmp_path, name)
    asked_names: list[str | None] = []
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(cert, key)
    serving.sni_callback = lambda socket, asked, context: asked_names.append(asked)
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = serving.wrap_socket(server.socket, server_side=True)
    server.site = site = Site(tmp_path / "official", server.server_port)
    site.put("/text", text())
    serve(server)
    verify = ssl.create_default_context(cafile=cert if trusted else None)
    try:
        [done] = site.fetch(
            {"act": "https://law.example/text"}, connect=lambda: LocalTransport(site, scheme="https", verify=verify)
        )
    finally:
        server.shutdown()
        server.server_close()
    assert set(asked_names) == {"law.example"}
    if name == "law.example" and trusted:
        assert done.status == "new"
    else:
        assert done.status == "failed"
        assert "CERTIFICATE_VERIFY_FAILED" in done.message
        assert not site.asked
