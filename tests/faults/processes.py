"""Processes to be killed, and the proof that they were."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from huiyin.plumbing.processes import command_of

PATIENCE_SECONDS = 30
GLANCE_SECONDS = 0.01
PAUSE_SECONDS = 0.2


def await_true(what: str, holds: Callable[[], bool], patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until it holds. Raises TimeoutError that says what did not come about."""
    until = time.monotonic() + patience_seconds
    while not holds():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {patience_seconds:g} s for this, in vain: {what}")
        time.sleep(GLANCE_SECONDS)


def is_gone(number: int) -> bool:
    """Whether no process has this number, or only the remains of one that nobody has fetched yet."""
    try:
        text = Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return True
    return text.rpartition(")")[2].split()[0] in "ZX"


def children_of(number: int) -> list[int]:
    """The numbers of the living children of a process."""
    try:
        found = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except OSError:
        return []
    return [int(one) for one in found if not is_gone(int(one))]


def kill_for_certain(numbers: Sequence[int]) -> bool:
    """Kill -9 them in order and wait until all have gone. False when the first one had gone before: that kill hit nothing."""
    if not numbers or is_gone(numbers[0]):
        return False
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    await_true(f"processes {numbers} vanish after kill -9", lambda: all(is_gone(one) for one in numbers))
    return True


class Kept:
    """Processes that are started again whenever they end, each in a group of its own, as the supervisor of the house does."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        self.environ = dict(environ)
        self.log = log
        self.words: dict[str, Sequence[str]] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.starts = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="keeper")

    def start(self, words: Mapping[str, Sequence[str]]) -> None:
        """Start them all, by name."""
        self.words = dict(words)
        for name in self.words:
            self._launch(name)
        self._thread.start()

    def number_of(self, name: str) -> int:
        """The number of the process that now runs under the name."""
        with self._lock:
            return self.running[name].pid

    def stop(self) -> None:
        """End them all for good: politely, then with their groups."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_SECONDS)
            self._end_group(process)

    def _look_after(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            for name, process in list(self.running.items()):
                if process.poll() is not None:
                    self._end_group(process)
                    self._launch(name)

    def _launch(self, name: str) -> None:
        with self._lock, self.log.open("ab") as log:
            self.starts += 1
            self.running[name] = subprocess.Popen(
                self.words[name], env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _end_group(self, process: subprocess.Popen[bytes]) -> None:
        # Workers that outlive their master would go on serving and hold the port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def workers_of(master: int) -> list[int]:
    """The worker processes of a web server, without the helper that Python starts beside them."""
    return [one for one in children_of(master) if "resource_tracker" not in command_of(one)]
