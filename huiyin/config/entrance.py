"""The entrance of the web server: a request is taken in whole, within limits of size and time, before it holds one of the few threads.

granian reads the head of a request and calls the entrance on the event loop (its interface RSGI). There a slow sender costs a connection
and what it has sent, nothing else. Only what has arrived whole goes on to the WSGI application in a thread; what is refused goes to it as
well, without its body and with the reason in the environ, so that the refusal is told in the words of the house. A refused connection is
closed.

| bound | constant |
|---|---|
| size of a body | `most_bytes`, which the application names for each address |
| time of a body | `seconds`, and one more for each LEAST_BYTES_A_SECOND that came |
| memory | a body above IN_MEMORY_BYTES goes to a temporary file |
| disk | all these files together hold MOST_BYTES_ON_DISK in a process |

granian does not tell that a chunked body broke off, nor that one came with a length as well, so a body must come with its length alone.
"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar, Final, Protocol

from granian.rsgi import ProtocolClosed, ProtocolError, Scope  # type: ignore[attr-defined]

# A request holds a thread and a connection to the database while it is worked on; what comes above waits, whole.
THREADS: Final = 4
IN_MEMORY_BYTES: Final = 64 * 1024
MOST_BYTES_ON_DISK: Final = 1024 * 1024 * 1024
LEAST_BYTES_A_SECOND: Final = 32 * 1024
REFUSED: Final = "huiyin.refused"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_NAMES: dict[str, str] = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_ALWAYS: Final = {
    "SCRIPT_NAME": "",
    "HTTP_HOST": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class Rest(Protocol):
    """What granian gives beside the head: the body, whole or in pieces (an empty one when it broke off), and the way back."""

    async def __call__(self) -> bytes:
        """The whole body. Raises ProtocolError or ProtocolClosed when it broke off."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Send the answer."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: `strange_address`, `no_length`, `too_large` (above ``most`` bytes), `too_slow`, `broken_off`, `later`."""

    why: str
    most: int = 0


class Refused(Exception):
    """A request is not taken in."""

    def __init__(self, why: str, most: int = 0) -> None:
        super().__init__(why)
        self.refusal = Refusal(why, most)


class Entrance:
    """What granian calls. ``most_bytes`` says how large a body an address takes, ``seconds`` how long one may take to arrive."""

    def __init__(self, answer: Application, *, most_bytes: Callable[[str], int], seconds: float) -> None:
        self.answer = answer
        self.most_bytes = most_bytes
        self.seconds = seconds
        # Lighter than an executor, whose futures cost as much as the whole hand-over.
        self.waiting: SimpleQueue[tuple[Environ, Rest, asyncio.Future[None]]] = SimpleQueue()

    def __rsgi_init__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """Begin to work."""
        for number in range(THREADS):
            threading.Thread(target=self._work, name=f"web-{number}", daemon=True).start()

    async def __rsgi__(self, scope: Scope, rest: Rest) -> None:
        """Take one request in, have it answered, send the answer."""
        environ = environ_of(scope)
        with ExitStack() as at_end:
            try:
                _refuse_strange_heads(scope, environ)
                environ["wsgi.input"] = await self._body(environ, scope.path, rest, at_end)
            except Refused as refused:
                # Not the error itself: its traceback would keep the request, and so the connection, after the answer.
                environ.update({REFUSED: refused.refusal, "CONTENT_LENGTH": "0", "wsgi.input": io.BytesIO()})
            answered = asyncio.get_running_loop().create_future()
            self.waiting.put((environ, rest, answered))
            await answered

    async def _body(self, environ: Environ, path: str, rest: Rest, at_end: ExitStack) -> IO[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length == 0:
            return io.BytesIO()
        # What fits into memory, every address takes.
        if length > IN_MEMORY_BYTES and length > (most := self.most_bytes(path)):
            raise Refused("too_large", most)
        try:
            if length > IN_MEMORY_BYTES:
                return await self._spool(length, rest, at_end)
            async with asyncio.timeout(self.seconds):
                return io.BytesIO(await rest())
        except TimeoutError:
            raise Refused("too_slow") from None
        except (ProtocolClosed, ProtocolError):
            raise Refused("broken_off") from None

    async def _spool(self, length: int, rest: Rest, at_end: ExitStack) -> IO[bytes]:
        until = asyncio.get_running_loop().time() + self.seconds
        spool = Spool()
        at_end.callback(spool.close)
        async with asyncio.timeout_at(until) as limit:
            async for piece in rest:
                spool.add(piece)
                limit.reschedule(until + spool.size / LEAST_BYTES_A_SECOND)
        if spool.size < length:
            raise Refused("broken_off")
        spool.file.seek(0)
        return spool.file

    def _work(self) -> None:
        # A request that is done must not stay in a variable: granian closes a connection only when nobody holds its body any more.
        while True:
            self._work_off(*self.waiting.get())

    def _work_off(self, environ: Environ, rest: Rest, answered: asyncio.Future[None]) -> None:
        try:
            self._answer(environ, rest)
        except BaseException as error:
            answered.get_loop().call_soon_threadsafe(answered.set_exception, error)
        else:
            answered.get_loop().call_soon_threadsafe(answered.set_result, None)

    def _answer(self, environ: Environ, rest: Rest) -> None:
        """Answer one request. The whole answer is handed over at once: who reads it slowly holds no thread."""
        told: list[tuple[int, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            told[:] = [(int(status[:3]), headers)]

        pieces = self.answer(environ, start_response)
        try:
            body = b"".join(pieces)
        finally:
            if (close := getattr(pieces, "close", None)) is not None:
                close()
        status, headers = told[0]
        if REFUSED in environ:
            headers = [*headers, ("Connection", "close")]
        rest.response_bytes(status, headers, body)


class Spool:
    """A temporary file for a body, counted in itself and together with all others of the process."""

    together: ClassVar[int] = 0

    def __init__(self) -> None:
        self.file = TemporaryFile()  # noqa: SIM115
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Write a piece. Raises Refused when all the files together would hold too much."""
        self.size += len(piece)
        Spool.together += len(piece)
        if Spool.together > MOST_BYTES_ON_DISK:
            raise Refused("later")
        self.file.write(piece)

    def close(self) -> None:
        """Remove the file and give its place back."""
        Spool.together -= self.size
        self.file.close()


def environ_of(scope: Scope) -> Environ:
    """The WSGI environ of a request, without its body. Header names with an underscore are left out: they could pass for others."""
    environ: Environ = dict(_ALWAYS)
    for name, value in scope.headers.items():
        key = _NAMES.get(name)
        if key is None:
            if "_" in name:
                continue
            key = "HTTP_" + name.upper().replace("-", "_")
        if environ.get(key):
            value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
        environ[key] = value
    host, _, port = scope.server.rpartition(":")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = host.strip("[]"), port
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    environ["SERVER_PROTOCOL"] = "HTTP/" + scope.http_version
    environ["REQUEST_METHOD"] = scope.method
    # WSGI wants the bytes of the path, each as a character.
    environ["PATH_INFO"] = scope.path.encode("utf-8", "surrogateescape").decode("latin-1")
    environ["QUERY_STRING"] = scope.query_string
    environ["wsgi.url_scheme"] = scope.scheme
    return environ


def _refuse_strange_heads(scope: Scope, environ: Environ) -> None:
    """Raise Refused for a body without a length, and for an address in the request line that is not that of Host."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        raise Refused("no_length")
    if scope.authority is not None and scope.authority != environ["HTTP_HOST"]:
        raise Refused("strange_address")
