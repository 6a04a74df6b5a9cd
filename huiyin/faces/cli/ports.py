"""The ports of a house: claimed before anything long happens, so that two houses never answer on the same ones."""

import errno
import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from huiyin.faces.cli.background import answering_house, default_port
from huiyin.plumbing.postgres import house_id

TRIALS = 100
LIVE_PORT = "HUIYIN_LIVE_PORT"


class PortTaken(OSError):
    """The ports that were asked for are held by somebody else. ``house`` is the id of the house that holds them, empty for a stranger."""

    def __init__(self, port: int, house: str = "") -> None:
        holder = f"the Huiyin house {house}" if house else "another program"
        super().__init__(
            f"found port {port} held by {holder}, expected a free one; end that, or choose another port with --port or HUIYIN_PORT"
        )
        self.port, self.house = port, house


def asked_port() -> int | None:
    """The port that HUIYIN_PORT asks for, if it does."""
    return default_port() if os.environ.get("HUIYIN_PORT") else None


@contextmanager
def claimed(data: Path, asked: int | None) -> Iterator[int]:
    """Hold the port of the pages and that of the live updates for the house of ``data`` during a `with` block. Out: the former.

    That is the one ``asked`` for, else the default one or the next free one above it. Raises PortTaken where there is none.
    """
    first = asked or default_port()
    last = first if asked else min(first + TRIALS, 65_534)
    taken: PortTaken | None = None
    for port in range(first, last + 1):
        with ExitStack() as held:
            try:
                _hold(held, data, _ports_from(port))
            except PortTaken as error:
                taken = taken or error
                continue
            yield port
            return
    raise taken or PortTaken(first)


def _ports_from(port: int) -> Sequence[int]:
    return (port,) if os.environ.get(LIVE_PORT) else (port, port + 1)


def _hold(held: ExitStack, data: Path, ports: Sequence[int]) -> None:
    """Lock each port among the houses of this account, and see that nobody listens on it. Raises PortTaken."""
    for port in ports:
        _lock(held, data, port)
        _try_to_listen(port)


def _lock(held: ExitStack, data: Path, port: int) -> None:
    # Granian shares ports with whoever comes, so listening alone tells two houses that start together nothing.
    name = Path(tempfile.gettempdir()) / f"huiyin-{os.geteuid()}-port-{port}"
    file = held.enter_context(name.open("a+", encoding="ascii"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        raise PortTaken(port, file.read()) from None
    file.truncate(0)
    file.write(house_id(data))
    file.flush()


def _try_to_listen(port: int) -> None:
    host = os.environ.get("HUIYIN_BIND", "127.0.0.1")
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen()
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise PortTaken(port, answering_house(port)) from None
