"""The entrance by itself, without a server: what it hands on, what it holds back, and how a refusal is told."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from granian.rsgi import ProtocolError  # type: ignore[attr-defined]

from huiyin.config import entrance
from huiyin.config.entrance import IN_MEMORY_BYTES, REFUSED, Entrance, Environ, Refusal, Spool, environ_of
from huiyin.config.web import most_bytes

MEGABYTE = 1024 * 1024


@dataclass
class Scope:
    """The head of a request, as granian tells it."""

    headers: Any = field(default_factory=dict)
    method: str = "POST"
    path: str = "/"
    query_string: str = ""
    http_version: str = "1.1"
    scheme: str = "http"
    server: str = "127.0.0.1:8400"
    client: str = "127.0.0.1:50000"
    authority: str | None = None


@dataclass
class Rest:
    """The rest of the request, in pieces, and the answer. A broken one ends before its time."""

    pieces: list[bytes]
    broken: bool = False
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    async def __call__(self) -> bytes:
        if self.broken:
            raise ProtocolError
        return b"".join(self.pieces)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        yield b""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answers.append((status, dict(headers), body))


def echo(environ: Environ, start_response: Any) -> list[bytes]:
    """Tells what arrived: the refusal, or the digest of the body."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    refused = environ.get(REFUSED)
    body = environ["wsgi.input"].read()
    return [refused.why.encode() if refused else hashlib.sha256(body).hexdigest().encode(), b""]


def sent(pieces: list[bytes], *, length: int | None = None, broken: bool = False, **scope: Any) -> Rest:
    """Send a request through an entrance."""
    size = sum(map(len, pieces)) if length is None else length
    rest = Rest(pieces, broken)
    made = Entrance(echo, most_bytes=lambda _path: 3 * MEGABYTE, seconds=30)
    headers = {"host": "localhost", "content-length": str(size), **scope.pop("headers", {})}

    async def send() -> None:
        made.__rsgi_init__(asyncio.get_running_loop())
        await made.__rsgi__(Scope(headers, **scope), rest)  # type: ignore[arg-type]

    asyncio.run(send())
    return rest


@pytest.mark.parametrize("size", [0, 1, IN_MEMORY_BYTES, IN_MEMORY_BYTES + 1, 3 * MEGABYTE])
def test_a_body_arrives_as_it_was_sent(size: int) -> None:
    body = random.Random(size).randbytes(size)
    pieces = [body[start : start + 50_000] for start in range(0, size, 50_000)]
    [(status, headers, told)] = sent(pieces).answers
    assert (status, headers, told.decode()) == (200, {"Content-Type": "text/plain"}, hashlib.sha256(body).hexdigest())
    assert Spool.together == 0


@pytest.mark.parametrize("size", [10, IN_MEMORY_BYTES + 10])
def test_a_body_that_broke_off_is_given_to_nobody(size: int) -> None:
    [(_status, _headers, told)] = sent([b"x" * (size - 1)], length=size, broken=True).answers
    assert told == b"broken_off"
    assert Spool.together == 0


@pytest.mark.parametrize(
    ("why", "request_"),
    [
        ("too_large", {"length": 3 * MEGABYTE + 1}),
        ("no_length", {"headers": {"transfer-encoding": "chunked"}}),
        ("strange_address", {"authority": "evil.example"}),
    ],
)
def test_what_is_refused_goes_on_without_its_body_and_is_hung_up_on(why: str, request_: dict[str, Any]) -> None:
    [(_status, headers, told)] = sent([b"{}"], **request_).answers
    assert (told.decode(), headers["Connection"]) == (why, "close")


def test_a_full_disk_is_nobodys_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "MOST_BYTES_ON_DISK", MEGABYTE)
    monkeypatch.setattr(Spool, "together", MEGABYTE - 100_000)
    assert sent([b"x" * 50_000] * 3).answers[0][2] == b"later"
    assert sent([b"x" * 100]).answers[0][2] != b"later"
    assert Spool.together == MEGABYTE - 100_000


def test_the_head_is_told_as_wsgi_wants_it() -> None:
    class Headers:
        def items(self) -> list[tuple[str, str]]:
            pairs = [("host", "localhost"), ("cookie", "a=1"), ("cookie", "b=2"), ("accept", "x"), ("accept", "y")]
            return [*pairs, ("x_forwarded_proto", "https"), ("content-type", "text/plain")]

    told = environ_of(Scope(Headers(), path="/案", query_string="a=%E6", client="[::1]:50000"))  # type: ignore[arg-type]
    assert told["PATH_INFO"].encode("latin-1").decode() == "/案"
    assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"], told["CONTENT_TYPE"]) == ("a=1; b=2", "x,y", "text/plain")
    assert (told["REMOTE_ADDR"], told["SERVER_NAME"], told["SERVER_PORT"]) == ("::1", "127.0.0.1", "8400")
    assert "HTTP_X_FORWARDED_PROTO" not in told


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/api/v1/handovers", 2),
        ("/login", 2),
        ("/no/such/address", 2),
        ("/registers/bring", 64),
        ("/register", 64),
        ("/cases/TS1/files", 64),
        ("/cases/TS1/words", 64),
        ("/cases/TS1/moves/accept", 64),
        ("/cases/TS1/steps/x", 64),
        ("/api/v1/cases/TS1/attachments", 64),
        ("/cases/TS1/unmask/story", 2),
    ],
)
def test_only_addresses_for_files_take_large_bodies(path: str, most: int) -> None:
    assert most_bytes(path) == most * MEGABYTE


REFUSALS = [
    (Refusal("strange_address"), 400, "malformed", "不是同一个", "not that of Host"),
    (Refusal("no_length"), 400, "malformed", "Content-Length", "Content-Length"),
    (Refusal("too_large", 64 * MEGABYTE), 413, "too_large", "64 MB", "64 MB"),
    (Refusal("too_slow"), 408, "too_slow", "没有及时收完", "did not arrive in time"),
    (Refusal("broken_off"), 400, "malformed", "收完之前断开", "broke off"),
    (Refusal("later"), 503, "later", "稍后重发", "Send it again later"),
]


@pytest.mark.parametrize(("refusal", "status", "code", "chinese", "english"), REFUSALS, ids=[one[0].why for one in REFUSALS])
def test_a_refusal_is_told_in_the_words_of_the_house(refusal: Refusal, status: int, code: str, chinese: str, english: str) -> None:
    client = Client()
    page = client.post("/login", headers={"Accept-Language": "en"}, **{REFUSED: refusal})  # type: ignore[arg-type]
    assert (page.status_code, english in page.text) == (status, True)
    assert chinese in client.post("/login", headers={"Accept-Language": "zh-CN"}, **{REFUSED: refusal}).text  # type: ignore[arg-type]
    answer = client.post("/api/v1/handovers", headers={"Accept-Language": "en"}, **{REFUSED: refusal})  # type: ignore[arg-type]
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"], chinese in told["message"]) == (status, code, True)
    assert set(told) >= {"type", "title", "status", "code", "message", "field", "request_id"}
