"""A server in the background: where it notes its process, how to start it, see it and end it."""

import contextlib
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

from huiyin.plumbing.processes import command_of

PATIENCE_SECONDS = 600
GLANCE_SECONDS = 0.1


@dataclass(frozen=True)
class Place:
    """Where a server keeps its data and on which port of this machine it answers."""

    data: Path
    port: int

    @property
    def address(self) -> str:
        """What people type into a browser."""
        return f"http://localhost:{self.port}/"

    @property
    def note(self) -> Path:
        """The file with the number of the process."""
        return self.data / "up.pid"

    @property
    def log(self) -> Path:
        """The file with what a server in the background says."""
        return self.data / "up.log"


def default_port() -> int:
    """HUIYIN_PORT, else 8400."""
    return int(os.environ.get("HUIYIN_PORT", "8400"))


def is_answering(port: int) -> bool:
    """Whether Huiyin answers on this port of this machine."""
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def note_of(place: Place) -> Iterator[None]:
    """Keep the number of this process on file for the length of a `with` block, so that `huiyin down` finds it."""
    place.data.mkdir(parents=True, exist_ok=True)
    place.note.write_text(str(os.getpid()))
    try:
        yield
    finally:
        place.note.unlink(missing_ok=True)


def start(place: Place, options: list[str]) -> int:
    """Start `huiyin up` in the background and wait until it answers: 0, or 2 with its last words if it ends before."""
    place.data.mkdir(parents=True, exist_ok=True)
    words = [sys.executable, "-m", "huiyin", "up", "--port", str(place.port), *options]
    with place.log.open("wb") as log:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if is_answering(place.port):
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


def end(place: Place) -> int:
    """End the server that noted itself here and wait for it: 0, also if none ran; 1 if it would not end."""
    number = running_process(place)
    if number is None:
        print(f"Nothing runs in {place.data}.")
        return 0
    os.kill(number, signal.SIGTERM)
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if running_process(place) is None:
            print("Ended.")
            return 0
        time.sleep(GLANCE_SECONDS)
    print(f"huiyin: process {number} did not end. Look at {place.log}, or end it by 'kill -9 {number}'.", file=sys.stderr)
    return 1


def running_process(place: Place) -> int | None:
    """The number of the noted process if it still is a Huiyin: after a crash the number may be anybody's."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        number = int(place.note.read_text())
        if "huiyin up" in command_of(number):
            return number
    return None


def _tail(file: Path) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-20:])
