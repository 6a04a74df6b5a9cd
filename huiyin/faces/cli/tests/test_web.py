"""The bounds of the web server."""

import argparse
import resource

import pytest

from huiyin.faces.cli.web import arrival_seconds, room_for


@pytest.mark.parametrize(
    ("limits", "room", "raised_to"),
    [
        ((1024, 524_288), 2000, 4200),
        ((1024, 1024), 412, None),
        ((300_000, 524_288), 2000, None),
        ((1024, resource.RLIM_INFINITY), 2000, 4200),
        ((resource.RLIM_INFINITY, resource.RLIM_INFINITY), 2000, None),
    ],
)
def test_as_many_connections_are_taken_as_there_are_files(
    monkeypatch: pytest.MonkeyPatch, limits: tuple[int, int], room: int, raised_to: int | None
) -> None:
    raised: list[int] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _kind: limits)
    monkeypatch.setattr(resource, "setrlimit", lambda _kind, wanted: raised.append(wanted[0]))
    assert (room_for(2000), raised) == (room, [] if raised_to is None else [raised_to])


def test_the_time_to_arrive_is_whole_seconds_up_to_a_minute() -> None:
    assert [arrival_seconds(text) for text in ("1", "60")] == [1, 60]
    for text in ("0", "61", "1.5", "-1", "３", ""):
        with pytest.raises(argparse.ArgumentTypeError, match="from 1 to 60"):
            arrival_seconds(text)
