"""A whole Huiyin on data of its own: PostgreSQL that syncs to the disk, the web server, the watchers; and the ways to kill each part."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from huiyin.faces.cli.background import is_answering
from huiyin.plumbing.postgres import ADDRESS_VARIABLE, Server
from tests.faults.processes import Kept, await_true, children_of, kill_for_certain, workers_of

# Above are the numbers that the kernel lends to connections going out: one of them could hold ours while we restart.
PORTS = range(18_000, 28_000)
WATCHERS = 2
WEB_WORKERS = 2
OUTAGE_SECONDS = 0.3

WATCH = (sys.executable, "-m", "huiyin", "watch")


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the seeding left in the house: the organisation, the unit that gets the complaints, a key for programs."""

    organisation: str
    unit: str
    api_key: str


@dataclass
class House:
    """A house in a folder of its own. Use it as a context manager; `watch` is the command of a watcher."""

    folder: Path
    watch: Sequence[str] = WATCH
    web: bool = True
    watchers: int = WATCHERS
    log_name: str = "house.log"
    environ: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self.port = free_port()
        self.server = Server(self.folder)
        self.server.start()
        self.environ = {**os.environ, **self.environ, ADDRESS_VARIABLE: self.server.address, "HUIYIN_DATA": str(self.folder)}
        self.kept = Kept(self.environ, self.folder / self.log_name)
        try:
            self.run("-m", "huiyin", "migrate")
        except BaseException:
            self.server.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kept.stop()
        self.server.stop()

    def run(self, *words: str) -> str:
        """Run Python with these words in the house to its end; returns what it printed. Raises AssertionError if it fails."""
        done = subprocess.run([sys.executable, *words], env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}: {done.stdout[-2000:]} {done.stderr[-3000:]}"
        return done.stdout

    def seed(self, **counts: int) -> Seeded:
        """Set an organisation up and give it cases whose limits pass in the past and in the next moments."""
        words = [word for name, count in counts.items() for word in (f"--{name}", str(count))]
        return Seeded(**json.loads(self.run("-m", "tests.faults.seeding", *words).splitlines()[-1]))

    def open(self) -> None:
        """Start the web server and the watchers and wait until the house answers."""
        words: dict[str, Sequence[str]] = {f"watch-{number}": self.watch for number in range(self.watchers)}
        if self.web:
            python = (sys.executable, "-m", "huiyin", "web")
            words["web"] = (*python, "--port", str(self.port), "--workers", str(WEB_WORKERS))
        self.kept.start(words)
        if self.web:
            self.await_answer()

    def await_answer(self) -> None:
        """Wait until the web server answers."""
        await_true(f"an answer at port {self.port}; {self.last_words()}", lambda: is_answering(self.port), 60)

    def last_words(self) -> str:
        """The end of what the processes said."""
        log = self.folder / self.log_name
        return log.read_text(errors="replace")[-1500:] if log.exists() else "no log yet"

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection as the superuser to the house's database."""
        address = psycopg.conninfo.make_conninfo(self.server.superuser_address, dbname="huiyin")
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self.connection() as connection:
            return connection.execute(sql, params).fetchall()


class Kills:
    """The ways to kill a part of a house. Each returns True only with proof that a living process has gone."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self.house = house
        self.chance = chance

    def web_worker(self) -> bool:
        """One worker of the web server; its master starts another."""
        workers = workers_of(self.house.kept.number_of("web"))
        return bool(workers) and kill_for_certain([self.chance.choice(workers)])

    def web_master(self) -> bool:
        """The master of the web server."""
        return kill_for_certain([self.house.kept.number_of("web")])

    def watcher(self) -> bool:
        """One of the watchers, most often in the middle of a batch."""
        return kill_for_certain([self.house.kept.number_of(f"watch-{self.chance.randrange(WATCHERS)}")])

    def backend(self) -> bool:
        """The server process of one connection: PostgreSQL then ends all the others and recovers."""
        try:
            found = self.house.rows(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'huiyin' AND backend_type = 'client backend' "
                "ORDER BY (state = 'idle'), random() LIMIT 1"
            )
        except psycopg.OperationalError:
            return False
        return bool(found) and kill_for_certain([found[0][0]])

    def database(self) -> bool:
        """The postmaster and all its children at once; after a moment of darkness it is started again."""
        server = self.house.server
        assert server.process is not None
        master = server.process.pid
        hit = kill_for_certain([master, *children_of(master)])
        server.stop()
        time.sleep(self.chance.random() * OUTAGE_SECONDS)
        server.start()
        return hit


def free_port() -> int:
    """A port of this machine that nobody listens on, outside the range of outgoing connections."""
    chance = random.Random(os.getpid() ^ time.monotonic_ns())
    while True:
        port = chance.choice(PORTS)
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) != 0:
                return port
