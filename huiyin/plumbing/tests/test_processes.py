"""Children are kept alive, and end with their keeper."""

import sys
import threading
from pathlib import Path

from huiyin.plumbing.processes import Child, keep_alive

DIES = "import sys; open(sys.argv[1], 'a').write('born '); sys.exit(3)"


def test_a_child_that_dies_is_started_again_and_people_are_told(tmp_path: Path) -> None:
    stop = threading.Event()
    told: list[str] = []
    births = tmp_path / "births"

    def say(text: str) -> None:
        told.append(text)
        if len(told) == 2:
            stop.set()

    child = Child("web", [sys.executable, "-c", DIES, str(births)])
    keep_alive([child], stop, say)
    assert births.read_text() == "born born "
    assert told[0] == "web ended with 3; starting it again in 1 s"


def test_a_child_that_has_done_its_work_is_not_started_again_and_begins_when_it_may(tmp_path: Path) -> None:
    stop, may = threading.Event(), threading.Event()
    births, other = tmp_path / "births", tmp_path / "other"
    worker = Child("worker", [sys.executable, "-c", DIES, str(births)], after=may, done_with=frozenset((3,)))
    told: list[str] = []

    def say(text: str) -> None:
        told.append(text)
        if len(told) == 1:
            # The other one has lived and died: the worker could have been born twice by now.
            assert not births.exists()
            may.set()
        if len(told) == 3:
            stop.set()

    keep_alive([worker, Child("other", [sys.executable, "-c", DIES, str(other)])], stop, say)
    assert births.read_text() == "born " and worker.done
    assert all(line.startswith("other ended") for line in told)


def test_all_children_are_gone_at_the_end() -> None:
    stop = threading.Event()
    sleeper = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(600)"])
    keeper = threading.Thread(target=keep_alive, args=([sleeper], stop, print))
    keeper.start()
    while sleeper.process is None:
        stop.wait(0.01)
    stop.set()
    keeper.join()
    assert sleeper.process is not None and sleeper.process.returncode is not None
