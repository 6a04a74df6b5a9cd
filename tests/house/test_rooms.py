"""Every room of the desk has the same files, and nobody below the faces asks what time it is."""

from pathlib import Path

import pytest

from tests.house.sources import TOP, calls_in, python_files, shown

SAME_EVERYWHERE = {
    "__init__",
    "apps",
    "models",
    "actions",
    "queries",
    "access",
    "jobs",
    "tests",
    "migrations",
    "__pycache__",
}
BELOW_FACES = ("core", "rulebook", "plumbing", "desk", "channels", "reports", "rehearsal")
MAY_ASK = {"jobs", "watch"}
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "datetime.datetime.now",
    "datetime.date.today",
    "date.today",
    "timezone.now",
    "timezone.localtime",
    "timezone.localdate",
    "time.time",
    "time.localtime",
    "time.gmtime",
}
ROOMS = sorted(path for path in (TOP / "huiyin" / "desk").iterdir() if path.is_dir() and path.name != "__pycache__")


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_has_the_files_of_every_room_and_at_most_one_of_its_own_trade(room: Path) -> None:
    own = {path.stem for path in room.iterdir()} - SAME_EVERYWHERE
    assert len(own) <= 1, f"found {sorted(own)} in {shown(room)}; make one folder of them or move what does not belong"


def test_below_the_faces_the_moment_is_handed_in() -> None:
    askers = [
        f"{shown(path)}:{line} {name}"
        for path in python_files()
        if path.relative_to(TOP).parts[1] in BELOW_FACES and "tests" not in path.parts
        if not MAY_ASK & {path.stem, path.parent.name}
        for line, name, _call in calls_in(path)
        if name in CLOCKS
    ]
    assert askers == []
