"""Live updates of open pages: `/live` is a stream of server-sent events, served by a small asynchronous process of its own.

One connection to PostgreSQL a process LISTENs on the channel `huiyin`. Each piece of news is a JSON object
`{"organisation": id, "unit": code, "topic": word, "ids": [text]}`; it goes, without the organisation, to the open pages of people
whose post reaches the unit. News says only that something changed: the page asks for the thing itself, where access is checked again.
Nothing here is a promise: what is missed (a slow page, a lost connection) is made good by the topic `poll`, at which pages look afresh.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import django
from psycopg import AsyncConnection, Error, conninfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.http.request import split_domain_port, validate_host  # noqa: E402

from huiyin.config.environment import DJANGO_NAMES  # noqa: E402
from huiyin.config.live_access import Reach, reach_of  # noqa: E402

CHANNEL: Final = "huiyin"
PATH: Final = "/live"
KEEP_ALIVE_SECONDS: Final = 15
# Every so many keep-alives the session is looked up again: who logged out, or lost a post, gets no more news.
LOOK_AGAIN_AFTER: Final = 4
MOST_STREAMS: Final = 4000
MOST_STREAMS_OF_A_PERSON: Final = 20
MOST_WAITING: Final = 100
LISTEN_AGAIN_SECONDS: Final = 1.0
LOOKUPS_AT_ONCE: Final = 2
LOOK_AFRESH: Final = b'data: {"topic": "poll", "ids": []}\n\n'

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
log = logging.getLogger(__name__)


@dataclass(eq=False)
class Stream:
    """One open page: whom it belongs to, what it may hear of, and the pieces that wait to be sent."""

    reach: Reach
    waiting: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def put(self, piece: bytes) -> None:
        """Add a piece; a page that does not keep up loses what waits and is told to look afresh."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            piece = LOOK_AFRESH
        self.waiting.put_nowait(piece)


class Hub:
    """The open streams of this process and the one connection that listens for them."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self.of_person: Counter[UUID] = Counter()
        self.listening: asyncio.Task[None] | None = None
        # The scope of a post is worked out by the rooms, which are synchronous: few threads, so few connections.
        self.lookups = ThreadPoolExecutor(LOOKUPS_AT_ONCE, "live-lookup")

    async def reach_of(self, session_key: str) -> Reach | None:
        """What the session may hear of, looked up now; None if it is nobody's."""
        return await asyncio.get_running_loop().run_in_executor(self.lookups, reach_of, session_key)

    def join(self, reach: Reach) -> Stream | None:
        """Open a stream, or None when there are too many."""
        if len(self.streams) >= MOST_STREAMS or self.of_person[reach.staff_id] >= MOST_STREAMS_OF_A_PERSON:
            return None
        if self.listening is None or self.listening.done():
            self.listening = asyncio.get_running_loop().create_task(self._listen())
        stream = Stream(reach)
        self.streams.add(stream)
        self.of_person[reach.staff_id] += 1
        return stream

    def leave(self, stream: Stream) -> None:
        """Close a stream."""
        self.streams.discard(stream)
        self.of_person[stream.reach.staff_id] -= 1
        self.of_person += Counter()

    def tell(self, payload: str) -> None:
        """Hand a piece of news to those who may hear of it; what is not news in our form is noted and dropped."""
        try:
            news = json.loads(payload)
            organisation_id, unit, topic = UUID(news["organisation"]), str(news["unit"]), str(news["topic"])
            ids = [str(one) for one in news.get("ids", ())]
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("dropped news that is not {organisation, unit, topic, ids}: %.200s", payload)
            return
        piece = b"data: " + json.dumps({"topic": topic, "ids": ids, "unit": unit}).encode() + b"\n\n"
        self._put(piece, (stream for stream in self.streams if stream.reach.hears(organisation_id, unit)))

    def _put(self, piece: bytes, streams: Iterable[Stream]) -> None:
        for stream in list(streams):
            stream.put(piece)

    async def _listen(self) -> None:
        while True:
            try:
                async with await AsyncConnection.connect(_address(), autocommit=True) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    # What was said while nobody listened is lost: all pages look for themselves.
                    self._put(LOOK_AFRESH, self.streams)
                    async for news in connection.notifies():
                        self.tell(news.payload)
            except Error as error:
                log.warning("the database does not answer, listening again soon: %s", error)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def close(self) -> None:
        """End the listening."""
        if self.listening is not None:
            self.listening.cancel()
            with suppress(asyncio.CancelledError):
                await self.listening
        self.lookups.shutdown(wait=False, cancel_futures=True)


def _address() -> str:
    described = settings.DATABASES["default"]
    named = {key: described[name] for key, name in DJANGO_NAMES.items() if described.get(name)}
    return conninfo.make_conninfo(**named, **described.get("OPTIONS", {}))


hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: `/live` streams, `/healthz` says that the process lives, all else is not there."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _answer(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        if kind == "lifespan.shutdown":
            await hub.close()
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _answer(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["path"] == "/healthz":
        return await _say(send, 200, "ok")
    if scope["path"] != PATH or scope["method"] != "GET":
        return await _say(send, 404, "not found")
    host, _ = split_domain_port(headers.get("host", ""))
    if not host or not validate_host(host, settings.ALLOWED_HOSTS):
        return await _say(send, 400, "this name is not one of HUIYIN_HOSTS")
    origin = headers.get("origin", "")
    if origin and not _is_ours(origin, host):
        return await _say(send, 403, "open the page from its own site")
    cors = _cors(origin)
    key = _session_key(headers.get("cookie", ""))
    reach = await hub.reach_of(key) if key else None
    if reach is None:
        return await _say(send, 401, "log in first", cors)
    stream = hub.join(reach)
    if stream is None:
        return await _say(send, 503, "too many open pages; they ask by themselves for now", [*cors, (b"retry-after", b"60")])
    try:
        await _serve(stream, key, cors, receive, send)
    finally:
        hub.leave(stream)


def _is_ours(origin: str, host: str) -> bool:
    """Whether a page of this very host asks: the port may differ, because the pages are served on another one."""
    parts = urlsplit(origin)
    scheme = "https" if settings.HTTPS else "http"
    return parts.scheme == scheme and (f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname) == host


def _cors(origin: str) -> list[tuple[bytes, bytes]]:
    if not origin:
        return []
    allow = (b"access-control-allow-origin", origin.encode("latin-1"))
    return [allow, (b"access-control-allow-credentials", b"true"), (b"vary", b"origin")]


def _session_key(cookies: str) -> str:
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found else ""


async def _say(send: Send, status: int, text: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, (b"cache-control", b"no-store"), *headers]})
    await send({"type": "http.response.body", "body": text.encode() + b"\n"})


async def _serve(stream: Stream, key: str, cors: list[tuple[bytes, bytes]], receive: Receive, send: Send) -> None:
    kind = (b"content-type", b"text/event-stream; charset=utf-8")
    # Without the last one nginx would keep the pieces back.
    headers = [kind, (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no"), *cors]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
    gone = asyncio.create_task(_until_gone(receive))
    sending = asyncio.create_task(_send_pieces(stream, key, send))
    try:
        await asyncio.wait({gone, sending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (gone, sending):
            task.cancel()
        await asyncio.gather(gone, sending, return_exceptions=True)
    with suppress(Exception):
        # The other side may be gone already, and then nobody is there to be told.
        await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_pieces(stream: Stream, key: str, send: Send) -> None:
    loop = asyncio.get_running_loop()
    look_again_at = loop.time() + LOOK_AGAIN_AFTER * KEEP_ALIVE_SECONDS
    while True:
        try:
            piece = await asyncio.wait_for(stream.waiting.get(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            piece = b":\n\n"
        if loop.time() >= look_again_at:
            found = await hub.reach_of(key)
            if found is None:
                return
            stream.reach, look_again_at = found, loop.time() + LOOK_AGAIN_AFTER * KEEP_ALIVE_SECONDS
        await send({"type": "http.response.body", "body": piece, "more_body": True})
