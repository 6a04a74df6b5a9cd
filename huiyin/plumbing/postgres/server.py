"""The server as our child: made once, started, stopped. We are its parent, so no zombie stands in its way."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql

from huiyin.plumbing.postgres.account import Account, find_account
from huiyin.plumbing.postgres.binaries import Binaries, find_binaries
from huiyin.plumbing.postgres.folders import DATABASE, OWNER, local_address, prepare_data_folder, socket_folder
from huiyin.plumbing.processes import command_of

SUPERUSER = "postgres"
PATIENCE_SECONDS = 60
GLANCE_SECONDS = 0.01
# A plan that was made while a table was empty is kept until the table has been counted; by itself PostgreSQL looks once a minute.
COUNT_SOON = ("-c", "autovacuum_naptime=10s")
# For throw-away databases only: a crash may lose everything.
FORGETFUL = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class ServerFailed(Exception):
    """PostgreSQL could not be made or started; the text holds its last words."""


class AlreadyStarted(ServerFailed):
    """Another process holds the data folder."""


class Server:
    """One data folder and the server in it. Use it as a context manager, or call `start` and `stop`.

    data: the folder (made if absent). durable: False is for tests that may lose everything in a crash.
    """

    def __init__(self, data: Path, *, durable: bool = True, connections: int = 200) -> None:
        self.data = data
        self.durable = durable
        self.connections = connections
        self.account: Account = find_account()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def cluster(self) -> Path:
        """The folder that PostgreSQL calls its data directory."""
        return self.data / "postgres"

    @property
    def address(self) -> str:
        """Where to connect as the owner of the database, who is no superuser."""
        return local_address(self.data)

    @property
    def superuser_address(self) -> str:
        """Where to connect as the superuser, for upkeep and for tests that play the attacker."""
        return local_address(self.data, database="postgres", user=SUPERUSER)

    def start(self) -> Self:
        """Make the cluster if there is none, start it and wait until it takes connections.

        Raises AlreadyStarted, ServerFailed (other major version, PostgreSQL's own complaint), BinariesMissing,
        PermissionError.
        """
        prepare_data_folder(self.data, self.account)
        self._take_lock()
        try:
            binaries = self._matching_binaries()
            self._end_orphan()
            if not self.cluster.exists():
                self._make_cluster(binaries)
            self._launch(binaries)
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End it fast (open transactions are rolled back) and wait; does nothing if it does not run."""
        if self.process is not None:
            if self.process.poll() is None:
                # In a user namespace and as another user alike, the child keeps the number that we know it by.
                self.process.send_signal(signal.SIGINT)
            self.process.wait()
            self.process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    def _take_lock(self) -> None:
        self._lock = (self.data / "postgres.lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise AlreadyStarted(
                f"The database in {self.data} is already started by another process. Use that one, "
                "end it with 'huiyin down', or set HUIYIN_DATA to another folder."
            ) from None

    def _matching_binaries(self) -> Binaries:
        binaries = find_binaries(self.account)
        written = self.cluster / "PG_VERSION"
        if written.exists() and (major := int(written.read_text().strip())) != binaries.major:
            raise ServerFailed(
                f"The data in {self.data} was written by PostgreSQL {major}, "
                f"the programs at hand are PostgreSQL {binaries.major}. "
                "Back it up with the version of Huiyin that wrote it ('huiyin backup FILE'), move the folder away, "
                "and restore it with this one ('huiyin restore FILE')."
            )
        return binaries

    def _end_orphan(self) -> None:
        """A server whose starter was killed lives on: end it, so that ours is the only one."""
        note = self.cluster / "postmaster.pid"
        if not note.exists():
            return
        number = int(note.read_text().split("\n")[0] or 0)
        mark = f"-D {self.cluster} "
        if mark not in command_of(number):
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGINT)
        until = time.monotonic() + PATIENCE_SECONDS
        while mark in command_of(number):
            if time.monotonic() > until:
                raise ServerFailed(f"Process {number} serves {self.data} and does not end. End it: kill -QUIT {number}")
            time.sleep(GLANCE_SECONDS)

    def _make_cluster(self, binaries: Binaries) -> None:
        # Made beside its place and renamed when whole: a start that was cut off leaves nothing that looks like data.
        fresh = self.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self.account.give(fresh)
        words: list[str | Path] = [
            binaries.program("initdb"),
            "-D",
            fresh,
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--data-checksums",
        ]
        words += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", *([] if self.durable else ["--no-sync"])]
        done = self.account.run(words)
        if done.returncode != 0:
            raise ServerFailed(f"PostgreSQL's initdb ended with {done.returncode} and said: {done.stdout.strip()}")
        fresh.rename(self.cluster)

    def _launch(self, binaries: Binaries) -> None:
        sockets = socket_folder(self.data)
        self._claim(sockets)
        words: list[str | Path] = [binaries.program("postgres"), "-D", self.cluster, "-k", sockets]
        words += ["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "timezone=UTC"]
        words += ["-c", f"max_connections={self.connections}", *COUNT_SOON, *(() if self.durable else FORGETFUL)]
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self._log_path.open("ab") as log:
                self.process = self.account.start(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            if self._becomes_ready(until):
                return
            # After a kill of the server its own children may need a moment to leave the shared memory.
            if "shared memory" not in self._last_words() or time.monotonic() > until:
                raise ServerFailed(f"PostgreSQL did not start; {self._log_path} ends with: {self._last_words()}")
            time.sleep(0.2)

    @property
    def _log_path(self) -> Path:
        return self.data / "postgres.log"

    def _claim(self, sockets: Path) -> None:
        with contextlib.suppress(FileExistsError):
            sockets.mkdir(mode=0o700)
        if sockets.is_symlink() or sockets.stat().st_uid not in {os.geteuid(), self.account.uid}:
            raise ServerFailed(f"The folder {sockets} belongs to somebody else. Remove it, or set HUIYIN_DATA.")
        self.account.give(sockets)

    def _becomes_ready(self, until: float) -> bool:
        note = self.cluster / "postmaster.pid"
        assert self.process is not None
        while time.monotonic() < until:
            if self.process.poll() is not None:
                return False
            with contextlib.suppress(FileNotFoundError):
                lines = note.read_text().split("\n")
                if lines[0] == str(self.process.pid) and lines[7:8] == ["ready   "]:
                    return True
            time.sleep(GLANCE_SECONDS)
        return False

    def _last_words(self) -> str:
        return self._log_path.read_text(errors="replace").strip()[-600:]

    def _make_database(self) -> None:
        with psycopg.connect(self.superuser_address, autocommit=True) as connection:
            if not connection.execute("select 1 from pg_roles where rolname = %s", [OWNER]).fetchone():
                connection.execute(sql.SQL("create role {} login createdb").format(sql.Identifier(OWNER)))
            if not connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone():
                names = sql.Identifier(DATABASE), sql.Identifier(OWNER)
                connection.execute(sql.SQL("create database {} owner {}").format(*names))
