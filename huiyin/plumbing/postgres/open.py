"""One way to a database, whoever serves it: one named by the environment, one that runs already, or our own."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from huiyin.plumbing.postgres.binaries import OLDEST_MAJOR
from huiyin.plumbing.postgres.folders import data_folder, local_address
from huiyin.plumbing.postgres.server import GLANCE_SECONDS, PATIENCE_SECONDS, AlreadyStarted, Server, ServerFailed

ADDRESS_VARIABLE = "HUIYIN_DATABASE_URL"


@dataclass(frozen=True)
class Database:
    """A database that takes connections: its address, and our server if it is ours."""

    address: str
    server: Server | None


def database_address(environ: Mapping[str, str] = os.environ) -> str:
    """The address to connect to: HUIYIN_DATABASE_URL, else that of the database in the data folder, running or not."""
    return environ.get(ADDRESS_VARIABLE) or local_address(data_folder(environ))


@contextmanager
def open_database(data: Path | None = None) -> Iterator[Database]:
    """A running database for a `with` block, published to this process and its children by HUIYIN_DATABASE_URL.

    data: the folder to use if no address is given by the environment (default: `data_folder()`).
    Raises ServerFailed if the named server cannot be reached or is older than version 15, or ours does not start.
    """
    if address := os.environ.get(ADDRESS_VARIABLE):
        _check(address)
        yield Database(address, None)
        return
    folder = data or data_folder()
    # Not "whoever answers": a server that outlived its starter answers too, and nobody would stop it.
    try:
        server = Server(folder).start()
    except AlreadyStarted:
        _await(local_address(folder))
        with _published(local_address(folder)):
            yield Database(local_address(folder), None)
        return
    with _ended(server), _published(server.address):
        yield Database(server.address, server)


@contextmanager
def _ended(server: Server) -> Iterator[None]:
    try:
        yield
    finally:
        server.stop()


@contextmanager
def _published(address: str) -> Iterator[None]:
    os.environ[ADDRESS_VARIABLE] = address
    try:
        yield
    finally:
        os.environ.pop(ADDRESS_VARIABLE, None)


def _await(address: str) -> None:
    """Another process is starting the server: wait until it takes connections. Raises ServerFailed after a minute."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise ServerFailed(f"Another process holds the database, but it does not answer: {error}") from error
        time.sleep(GLANCE_SECONDS)


def _check(address: str) -> None:
    shown = psycopg.conninfo.make_conninfo(address, password="***")
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.OperationalError as error:
        raise ServerFailed(
            f"{ADDRESS_VARIABLE} names {shown}, which does not answer: {error}. "
            "Start that server, mend the address, or unset the variable to use the database that Huiyin brings along."
        ) from error
    if version < OLDEST_MAJOR:
        raise ServerFailed(f"{ADDRESS_VARIABLE} names PostgreSQL {version}, expected {OLDEST_MAJOR} or newer. Use a newer server.")
