"""Keeps child processes alive until told to stop."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SUPERVISED = "HUIYIN_SUPERVISED"
GLANCE_SECONDS = 0.2
GRACE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30
# Who lived this long did not die of its start.
HEALTHY_SECONDS = 30
_SIGNAL_AT_DEATH_OF_PARENT = 1


@dataclass
class Child:
    """A process to keep alive: a name for people, the words of the command, what its environment has besides ours.

    ``after``: it is not started before that is set. ``done_with``: the codes by which it says that it has done its work and need not be
    started again (none: it works for ever).
    """

    name: str
    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    after: threading.Event | None = None
    done_with: frozenset[int] = frozenset()
    process: "subprocess.Popen[bytes] | None" = None
    started_at_seconds: float = 0
    start_at_seconds: float = 0
    pause_seconds: float = 0.5
    done: bool = False


def keep_alive(children: Sequence[Child], stop: threading.Event, say: Callable[[str], None]) -> None:
    """Start the children, start again each that dies (with growing pauses) until `stop` is set, then end them all.

    Each gets SIGTERM, ten seconds of grace, then SIGKILL for its whole group.
    """
    try:
        while not stop.is_set():
            for child in children:
                _look_after(child, say)
            stop.wait(GLANCE_SECONDS)
    finally:
        _end(children)


@contextmanager
def stop_on_signals() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C and by SIGTERM, for the length of a `with` block."""
    stop = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda _number, _frame: stop.set()) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def is_supervised() -> bool:
    """Whether this process is one of those that ``keep_alive`` looks after."""
    return os.environ.get(SUPERVISED) == "1"


def end_with_parent() -> None:
    """Ask the kernel (Linux) for SIGTERM when the supervisor of this process dies, however it dies."""
    if is_supervised() and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SIGNAL_AT_DEATH_OF_PARENT, signal.SIGTERM)


def command_of(number: int) -> str:
    """The command line of a running process, words parted by spaces; empty if there is none or only its remains."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{number}/cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            return ""
    words = ["ps", "-ww", "-o", "args=", "-p", str(number)]
    answer = subprocess.run(words, capture_output=True, text=True, check=False)
    return "" if "<defunct>" in answer.stdout else answer.stdout


def _look_after(child: Child, say: Callable[[str], None]) -> None:
    moment = time.monotonic()
    if child.process is None:
        waits = child.after is not None and not child.after.is_set()
        if moment >= child.start_at_seconds and not waits and not child.done:
            child.started_at_seconds = moment
            environ = {**os.environ, **child.environ, SUPERVISED: "1"}
            child.process = subprocess.Popen(child.words, env=environ, start_new_session=True)
        return
    code = child.process.poll()
    if code is None:
        return
    child.process = None
    if code in child.done_with:
        child.done = True
        return
    longer = 0.5 if moment - child.started_at_seconds > HEALTHY_SECONDS else child.pause_seconds * 2
    child.pause_seconds = min(longer, LONGEST_PAUSE_SECONDS)
    child.start_at_seconds = moment + child.pause_seconds
    say(f"{child.name} ended with {code}; starting it again in {child.pause_seconds:g} s")


def _end(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, until - time.monotonic()))
        # The group and not the process alone: workers must not outlive their master.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
