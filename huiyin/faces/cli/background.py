"""A server in the background: where it notes its process, how to start it, see it and end it."""

import contextlib
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from huiyin.plumbing.postgres import house_id

PATIENCE_SECONDS = 600
GLANCE_SECONDS = 0.1


@dataclass(frozen=True)
class Place:
    """Where a server keeps its data and on which port of this machine it answers (0: not known)."""

    data: Path
    port: int

    @property
    def address(self) -> str:
        """What people type into a browser."""
        return f"http://localhost:{self.port}/"

    @property
    def note(self) -> Path:
        """The file with the number of the process and its port."""
        return self.data / "up.pid"

    @property
    def log(self) -> Path:
        """The file with what a server in the background says."""
        return self.data / "up.log"


def default_port() -> int:
    """HUIYIN_PORT, else 8400."""
    return int(os.environ.get("HUIYIN_PORT", "8400"))


def is_answering(port: int, house: str = "") -> bool:
    """Whether a Huiyin answers on this port of this machine: any, or the house with this id."""
    found = answering_house(port)
    return bool(found) and house in ("", found)


def answering_house(port: int) -> str:
    """The id of the house that answers on this port of this machine; empty where none does."""
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        said = answer.read(200).decode(errors="replace").split()
        return said[1] if answer.status == http.HTTPStatus.OK and len(said) == 2 and said[0] == "ok" else ""
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


class AlreadyRuns(Exception):
    """Another process serves the house of this folder."""


@contextmanager
def only_one(data: Path) -> Iterator[TextIO]:
    """Be the one process that serves the house of the folder during a `with` block, by holding its note. Raises AlreadyRuns.

    The note, the number of the process and its port once it is written there, is how `huiyin down` and a second `up` find it.
    """
    data.mkdir(parents=True, exist_ok=True)
    with Place(data, 0).note.open("a+", encoding="ascii") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRuns from None
        note.truncate(0)
        try:
            yield note
        finally:
            Place(data, 0).note.unlink(missing_ok=True)


def told_at(address: str) -> str:
    """The line by which a house says where it answers."""
    return f"回音 Huiyin: {address}"


def start(data: Path, options: list[str]) -> int:
    """Start `huiyin up` in the background and wait until it has said where it answers: 0, or 2 with its last words if it ends before, or
    says nothing for ten minutes."""
    place = Place(data, 0)
    place.data.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "huiyin", "up", *options]
    with place.log.open("wb") as log:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    heard, until = 0, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        found, said = running(data), place.log.read_text(errors="replace")
        if len(said) > heard:
            heard, until = len(said), time.monotonic() + PATIENCE_SECONDS
        if found is not None and told_at(found.address) in said and is_answering(found.port, house_id(data)):
            # The logins follow the address at once.
            time.sleep(GLANCE_SECONDS)
            print(place.log.read_text(errors="replace"), flush=True)
            print(f"It goes on in the background; 'huiyin down' ends it. It writes to {place.log}")
            # It outlives us by intent: Python would warn of a child that nobody waited for.
            process.returncode = 0
            return 0
        time.sleep(GLANCE_SECONDS)
    if process.poll() is None:
        process.terminate()
    print(f"huiyin: it did not start. {place.log} ends with:\n{_tail(place.log)}", file=sys.stderr)
    return 2


def end(data: Path) -> int:
    """End the server that noted itself in the folder and wait for it: 0, also if none ran; 1 if it would not end."""
    noted = _noted(data)
    if noted is None:
        print(f"Nothing runs in {data}.")
        return 0
    number, port = noted
    os.kill(number, signal.SIGTERM)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if _noted(data) is None:
            print("Ended.")
            return 0
        time.sleep(GLANCE_SECONDS)
    print(f"huiyin: process {number} did not end. Look at {Place(data, port).log}, or end it by 'kill -9 {number}'.", file=sys.stderr)
    return 1


def running(data: Path) -> Place | None:
    """Where the server that noted itself in the folder answers, or will once it has started; None where none runs."""
    noted = _noted(data)
    return Place(data, noted[1]) if noted else None


def _noted(data: Path) -> tuple[int, int] | None:
    """Number and port that the process which serves the house has noted; what a crash left behind is held by nobody."""
    with contextlib.suppress(FileNotFoundError, ValueError), Place(data, 0).note.open("r+", encoding="ascii") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            number, port = map(int, note.read().split())
            return number, port
    return None


def _tail(file: Path) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-20:])
