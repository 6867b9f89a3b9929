"""Downloads the official texts that the corpus manifest names, so that they can be read and indexed.

Every address is taken for hostile, also those that a server redirects to: https only, on the usual port, to a host
whose addresses are all public. A host is resolved once for each request and the connection goes to the address that
was checked (a second look-up could lead elsewhere); name and certificate stay those of the host. What comes must be
Akoma Ntoso, HTML or PDF, by its header and by its content. This module does not read, index or run what it fetches,
and it connects directly: a proxy would do the resolving.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal

import httpx
from filelock import FileLock, Timeout
from pydantic import BaseModel, Field, TypeAdapter
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential

from assistant.errors import WorkspaceBusy, WorkspaceError

Status = Literal["new", "changed", "unchanged", "failed"]
Progress = Callable[[int, int, str], None]  # done, total, what

_LATER = "Check the network connection and try again later."
_MEND = "Open it in a browser; if it has moved, correct `download` in corpus/manifest.jsonl."
_HEADERS = {
    "User-Agent": "Kotoapuri (sync of official texts)",  # Finlex wants one
    "Accept": "application/xml, application/akn+xml, text/html, application/xhtml+xml, application/pdf",
    "Accept-Encoding": "gzip",
}
# Metadata services of Azure and Oracle, on addresses that Python 3.11 takes for public.
_METADATA = IPv4Network("168.63.129.16"), IPv4Network("192.0.0.0/24")
_NAT64 = IPv6Network("64:ff9b::/96")

# Suffix: content types, what the content begins with, and what its last bytes hold unless it was cut short.
_PROLOGUE = rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*"  # atomic: no backtracking
_XML = re.compile(_PROLOGUE + rb"<(?:[\w.-]+:)?akomaNtoso[\s>]", re.S), re.compile(rb"akomaNtoso\s*>")
_HTML = re.compile(_PROLOGUE + rb"<(?:!doctype\s+)?html\b", re.S | re.I), re.compile(rb"")  # the end tag is optional
_PDF = re.compile(rb"%PDF-"), re.compile(rb"%%EOF")
_FORMATS = {
    ".xml": (("application/xml", "text/xml", "application/akn+xml"), *_XML),
    ".html": (("text/html", "application/xhtml+xml"), *_HTML),
    ".pdf": (("application/pdf",), *_PDF),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is asked of a server, and how much it may ask of us."""

    size_bytes: int = 20_000_000
    connect_s: float = 10.0
    read_s: float = 20.0  # without a single byte
    whole_s: float = 60.0  # one source with its redirects, attempts and waits
    redirects: int = 3
    attempts: int = 3
    wait_s: float = 10.0  # longest wait between attempts, whatever Retry-After says
    pause_s: float = 0.5  # between sources: Finlex answers 429 to those who hurry


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one source."""

    source_id: str
    status: Status
    path: Path | None  # the file as it stands now: after a failure the copy from before, if there is one
    message: str  # one line: what, which, and for "failed" what to do


class _Seen(BaseModel):
    """What a server said of the copy that we hold, to ask later whether it has changed."""

    address: str  # after redirects
    sha256: str
    conditions: dict[str, Annotated[str, Field(pattern=r"^[ -~]+$")]]  # headers of the next request


_Page = tuple[str, bytes, _Seen]  # suffix, content, origin
_STATE = TypeAdapter(dict[str, _Seen])


class _Refused(Exception):
    """Not to be had; asking again would not help."""


class _Busy(_Refused):
    """Worth another attempt, after so many seconds if the server named them."""

    after_s: float | None = None


def fetch(
    addresses: Mapping[str, str | None],
    folder: Path,
    *,
    limits: Limits | None = None,
    report: Progress = lambda done, total, what: None,
    stopped: Callable[[], bool] = lambda: False,
    resolve: Callable[[str], list[str]] | None = None,
    connect: Callable[[], httpx.AsyncBaseTransport] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> list[Fetched]:
    """Download each source into `folder` as SOURCE_ID.xml, .html or .pdf; one that fails leaves the others alone.

    A file is replaced whole or not at all. Not to be called where an event loop already runs.

    Args:
        addresses: Source id to the address of its official text.
        folder: Made where there is none; also holds what the servers said of each file.
        limits: On size, time and number of requests.
        report: Called with (done, total, what).
        stopped: Asked before each source; once it says so, the others are left out of the result.
        resolve, connect, sleep: Host name to IP addresses, transport of one request, wait; for tests.

    Raises:
        WorkspaceBusy: Another process downloads into this folder.
        WorkspaceError: The folder cannot be written.
    """
    lock = FileLock(folder / "sync.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise WorkspaceBusy(f"Another process downloads into {folder}. Wait until it has ended.") from None
    except OSError as error:
        raise WorkspaceError(f"{folder} cannot be written ({error.strerror}). Check its permissions.") from error
    try:
        connect = connect or partial(httpx.AsyncHTTPTransport, verify=httpx.create_ssl_context())
        downloads = _Downloads(folder, limits or Limits(), resolve or _resolve, connect, sleep)
        with suppress(OSError, ValueError):  # missing or damaged: everything is asked for anew
            downloads.state = _STATE.validate_json((folder / "state.json").read_bytes())
        return asyncio.run(downloads.fetch(addresses, report, stopped))
    finally:
        lock.release()


@dataclass(slots=True)
class _Downloads:
    """One run: the folder with what is known of its files, and the ways out to the network."""

    folder: Path
    limits: Limits
    resolve: Callable[[str], list[str]]
    connect: Callable[[], httpx.AsyncBaseTransport]
    sleep: Callable[[float], Awaitable[None]]
    state: dict[str, _Seen] = field(default_factory=dict)
    asked: str = ""  # the host that the last source was asked of
    unreachable: set[str] = field(default_factory=set)  # hosts: without a network a run ends soon, not after an hour

    async def fetch(
        self, addresses: Mapping[str, str | None], report: Progress, stopped: Callable[[], bool]
    ) -> list[Fetched]:
        done: list[Fetched] = []
        for source_id, address in addresses.items():
            if stopped():
                break
            report(len(done), len(addresses), f"downloading {source_id}")
            if self.asked:
                await self.sleep(self.limits.pause_s)
            self.asked = ""
            done.append(await self._one(source_id, address))
        report(len(done), len(done), "done")
        return done

    async def _one(self, source_id: str, address: str | None) -> Fetched:
        old = None
        try:
            if not re.fullmatch(r"[a-z0-9-]+", source_id) or not address:
                raise _Refused("the manifest names no official text to download. Take this source out of the command.")
            old = next((path for path in map(partial(self._path, source_id), _FORMATS) if path.is_file()), None)
            seen = self.state.get(source_id)
            if not (old and seen and seen.sha256 == hashlib.sha256(old.read_bytes()).hexdigest()):
                seen = None  # what the server said was of another file
            async with asyncio.timeout(self.limits.whole_s):
                found = await self._attempts(address, seen)
            return self._keep(source_id, old, *found) if found else _fetched(source_id, "unchanged", old)
        except TimeoutError:
            problem = f"not done after {self.limits.whole_s:g} s. {_LATER}"
        except OSError as error:
            problem = f"the file cannot be read or written ({error.strerror}). Check {self.folder} and its disk."
        except httpx.HTTPError as error:
            if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                self.unreachable.add(self.asked)
            problem = f"the connection failed ({str(error)[:200] or type(error).__name__}). {_LATER}"
        except _Refused as error:
            problem = str(error)
        return _fetched(
            source_id, "failed", old, f"{problem}{' The copy from before is kept.' if old else ''}", address
        )

    async def _attempts(self, address: str, seen: _Seen | None) -> _Page | None:
        def wait_s(tries: RetryCallState) -> float:
            error = tries.outcome.exception() if tries.outcome else None
            if isinstance(error, _Busy) and error.after_s is not None:
                return min(max(0.0, error.after_s), self.limits.wait_s)
            return float(wait_exponential(max=self.limits.wait_s)(tries))

        async for attempt in AsyncRetrying(
            stop=stop_after_attempt(self.limits.attempts),
            wait=wait_s,
            retry=retry_if_exception_type((_Busy, httpx.TransportError)),
            sleep=self.sleep,
            reraise=True,
        ):
            with attempt:
                return await self._get(address, seen, attempt.retry_state.attempt_number - 1)
        raise AssertionError("the last attempt returns or raises")

    async def _get(self, address: str, seen: _Seen | None, attempt: int) -> _Page | None:
        """The page behind an address and its redirects; None where it is the one that was seen."""
        try:
            url = httpx.URL(address)
            for _ in range(self.limits.redirects + 1):
                known = seen if seen and seen.address == str(url) else None
                async with self._open(url, known, attempt) as response:
                    if response.status_code not in (301, 302, 303, 307, 308):
                        return await self._read(str(url), response, known)
                    url = url.join(response.headers.get("Location", ""))
        except (httpx.InvalidURL, ValueError) as error:
            raise _Refused(f"this is no address, or leads to none ({str(error)[:100]}). {_MEND}") from error
        raise _Refused(f"more than {self.limits.redirects} redirects. {_MEND}")

    @asynccontextmanager
    async def _open(self, url: httpx.URL, known: _Seen | None, attempt: int) -> AsyncIterator[httpx.Response]:
        """Ask a checked address under the name of its host, over a connection of its own."""
        if url.scheme != "https" or url.port not in (None, 443) or url.userinfo or not url.host:
            raise _Refused(f"it leads to {str(url)[:100]}, and only plain https addresses are asked. {_MEND}")
        host = url.raw_host.decode("ascii")
        if host in self.unreachable:
            raise _Refused(f"{host[:100]} could not be reached for the source before. {_LATER}")
        try:
            ips = await asyncio.get_running_loop().run_in_executor(None, self.resolve, host)
        except (OSError, UnicodeError) as error:
            self.unreachable.add(host)
            raise _Refused(f"the name {host[:100]} does not resolve. {_LATER} {_MEND}") from error
        if not ips or not all(map(_is_public, ips)):
            raise _Refused(f"{host[:100]} ({', '.join(ips)[:100]}) is not on the public internet. {_MEND}")
        self.asked = host
        pinned = url.copy_with(host=ips[attempt % len(ips)])
        headers = {**_HEADERS, "Host": url.netloc.decode("ascii"), **(known.conditions if known else {})}
        timeout = httpx.Timeout(self.limits.read_s, connect=self.limits.connect_s).as_dict()
        request = httpx.Request("GET", pinned, headers=headers, extensions={"sni_hostname": host, "timeout": timeout})
        # No client: it would heed proxies and cookies, and read the address of a redirect before we have checked it.
        async with self.connect() as transport, aclosing(await transport.handle_async_request(request)) as response:
            yield response

    async def _read(self, address: str, response: httpx.Response, known: _Seen | None) -> _Page | None:
        status, headers = response.status_code, response.headers
        if status == 304 and known:
            return None
        if status == 429 or status >= 500:
            busy = _Busy(f"the server answers with status {status}. {_LATER}")
            busy.after_s = _seconds(headers.get("Retry-After", ""))
            raise busy
        if status != 200:
            raise _Refused(f"the server answers with status {status}. {_MEND}")
        if headers.get("Content-Encoding", "").lower() not in ("", "identity", "gzip"):  # others unpack to any size
            raise _Refused(f"packed in a way that was not asked for. {_MEND}")
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > self.limits.size_bytes:
                raise _Refused(f"larger than {self.limits.size_bytes / 1e6:g} MB. Download it by hand and `add` it.")
        suffix = _suffix(headers.get("Content-Type", ""), body)
        asked = {"If-None-Match": headers.get("ETag", ""), "If-Modified-Since": headers.get("Last-Modified", "")}
        conditions = {name: value for name, value in asked.items() if re.fullmatch(r"[ -~]+", value)}
        digest = hashlib.sha256(body).hexdigest()
        return suffix, bytes(body), _Seen(address=address, sha256=digest, conditions=conditions)

    def _keep(self, source_id: str, old: Path | None, suffix: str, body: bytes, seen: _Seen) -> Fetched:
        path = self._path(source_id, suffix)
        same = path == old and old.read_bytes() == body
        if not same:
            _write(path, body)
            for other in _FORMATS.keys() - {suffix}:
                self._path(source_id, other).unlink(missing_ok=True)
        self.state[source_id] = seen
        _write(self.folder / "state.json", _STATE.dump_json(self.state, indent=1))
        return _fetched(source_id, "unchanged" if same else "changed" if old else "new", path)

    def _path(self, source_id: str, suffix: str) -> Path:
        return self.folder / f"{source_id}{suffix}"


def _resolve(host: str) -> list[str]:
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)))


def _is_public(address: str) -> bool:
    """Whether an address is one of the public internet; an IPv6 address that wraps an IPv4 address is none."""
    ip: IPv4Address | IPv6Address = ip_address(address)
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped or ip.sixtofour or ip.is_site_local:
            return False
        if ip in _NAT64:  # how a network without IPv4 reaches IPv4 hosts
            ip = IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in net for net in _METADATA))


def _suffix(content_type: str, body: bytearray) -> str:
    """The suffix for what header and content agree on."""
    stated = content_type.partition(";")[0].strip().lower()[:100]
    if not body:
        raise _Refused(f"the answer is empty. {_MEND}")
    for suffix, (types, begins, ends) in _FORMATS.items():
        if stated in types:
            if not begins.match(body[:8192]):  # an empty list, as XML, is Finlex's word for an Act it does not have
                raise _Refused(f"called {stated}, but the content is another thing, or an empty list. {_MEND}")
            if not ends.search(body[-2048:]):
                raise _Refused(f"the document breaks off. {_LATER}")
            return suffix
    raise _Refused(f"the content is {stated or 'of no stated type'}, not Akoma Ntoso, HTML or PDF. {_MEND}")


def _seconds(retry_after: str) -> float | None:
    """Seconds to wait by a Retry-After header: a number or a date."""
    with suppress(ValueError, TypeError):
        if retry_after.isdecimal():
            return float(retry_after)
        return (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds()
    return None


def _write(path: Path, content: bytes) -> None:
    """Replace a file; a kill at any moment leaves the old one or the new one."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _fetched(
    source_id: str, status: Status, path: Path | None, problem: str = "", address: str | None = None
) -> Fetched:
    """A record with its message: one line without control characters, whatever a server said."""
    message = f"{source_id}, {(address or 'no address')[:200]}: {problem}" if problem else f"{source_id}: {status}"
    plain = "".join(c if c.isprintable() else " " for c in message)
    return Fetched(source_id, status, path, " ".join(plain.split()))
