"""Two houses of one machine never share a port: the port is claimed first, and who holds it is told."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from huiyin.faces.cli import background, ports, up
from huiyin.faces.cli.background import Place
from huiyin.plumbing.postgres import house_id


@pytest.fixture
def free(monkeypatch: pytest.MonkeyPatch) -> int:
    """The first of several ports in a row that nobody listens on; it is the usual one."""
    monkeypatch.delenv(ports.LIVE_PORT, raising=False)
    for start in range(29_000, 30_000, 10):
        if all(_nobody_at(port) for port in range(start, start + 10)):
            monkeypatch.setenv("HUIYIN_PORT", str(start))
            return start
    raise AssertionError("found no ten free ports in a row")


def _nobody_at(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def stranger(free: int) -> Iterator[int]:
    """A program that listens on the usual port and shares it with whoever comes, as granian does."""
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind(("127.0.0.1", free))
        listening.listen()
        yield free


def test_a_free_port_is_claimed_and_given_back(free: int, tmp_path: Path) -> None:
    for _time in range(2):
        with ports.claimed(tmp_path, None) as port:
            assert port == free


def test_another_program_on_the_port_sends_the_house_to_the_next_free_one(
    stranger: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "answering_house", lambda _port: "")
    with ports.claimed(tmp_path, None) as port:
        assert port == stranger + 1


def test_a_port_that_was_asked_for_is_not_changed_in_silence(stranger: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "answering_house", lambda _port: "")
    with pytest.raises(ports.PortTaken, match=f"found port {stranger} held by another program"), ports.claimed(tmp_path, stranger):
        pass


def test_two_houses_that_start_together_get_ports_apart(free: int, tmp_path: Path) -> None:
    with ports.claimed(tmp_path / "one", None) as one, ports.claimed(tmp_path / "two", None) as two:
        # Each also has the port above it, for the live updates.
        assert (one, two) == (free, free + 2)
    with (
        ports.claimed(tmp_path / "one", None),
        pytest.raises(ports.PortTaken, match=house_id(tmp_path / "one")),
        ports.claimed(tmp_path / "two", free),
    ):
        pass


def test_the_same_house_is_not_started_twice(
    free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(up, "data_folder", lambda: tmp_path)
    told = argparse.Namespace(port=None, workers=1, detach=False, empty=True)
    with background.only_one(tmp_path) as note:
        assert (up.run(told), background.running(tmp_path)) == (0, None)
        note.write(f"4711 {free}")
        note.flush()
        # Wherever it answers: it may have had to take another port than the usual one.
        assert (up.run(told), background.running(tmp_path)) == (0, Place(tmp_path, free))
    assert f"Huiyin is being started at http://localhost:{free}/" in capsys.readouterr().out
    assert background.running(tmp_path) is None


def test_what_a_crash_left_behind_is_nobody(tmp_path: Path) -> None:
    Place(tmp_path, 0).note.write_text(f"{os.getpid()} 8400")
    assert background.running(tmp_path) is None


def test_up_on_a_port_that_is_taken_says_so_in_a_sentence(stranger: int, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "huiyin", "up", "--empty", "--port", str(stranger)]
    done = subprocess.run(words, env={"HUIYIN_DATA": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"huiyin: found port {stranger} held by another program")


@pytest.mark.django_db
def test_the_sign_of_life_says_which_house_it_is(client: Client) -> None:
    assert client.get("/healthz").content.decode() == f"ok {house_id()}\n"
