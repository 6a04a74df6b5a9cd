"""Serve the pages and the programming interface (the database must run: 'huiyin up' sees to that)."""

import argparse
import os
import resource
import sys

from huiyin.faces.cli.background import default_port
from huiyin.plumbing.processes import end_with_parent

# A connection that waits, for a slow sender or for its next request, holds no thread: there may be many.
CONNECTIONS = 2000
# What comes above waits in the queue of the socket.
WAITING = 1024
HEAD_BYTES = 64 * 1024
# Beside its socket a connection may need a temporary file for its body; the rest is the database, logs, Python's own.
FILES_OF_A_CONNECTION, OTHER_FILES = 2, 200
ARRIVAL_SECONDS = "HUIYIN_ARRIVAL_SECONDS"
LONGEST_ARRIVAL_SECONDS = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: where to listen, how many processes, how long a request may take to arrive."""
    add_place(parser, default_port())
    parser.add_argument("--workers", type=int, default=2, help="processes")


def add_place(parser: argparse.ArgumentParser, port: int) -> None:
    """The options that the servers share."""
    parser.add_argument("--host", default=os.environ.get("HUIYIN_BIND", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=port, help="port to listen on")
    told = f"how long a head, or a body slower than 32 kB a second, may take ({ARRIVAL_SECONDS}, 30)"
    parser.add_argument("--arrival-seconds", type=arrival_seconds, default=os.environ.get(ARRIVAL_SECONDS, "30"), help=told)


def arrival_seconds(text: str) -> int:
    """The number that the text says. Raises ArgumentTypeError unless it is a whole one from 1 to 60."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_ARRIVAL_SECONDS:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"found {text!r}, expected whole seconds from 1 to {LONGEST_ARRIVAL_SECONDS}; set --arrival-seconds or {ARRIVAL_SECONDS}"
    )


def run(args: argparse.Namespace) -> int:
    """Become the server; it does not come back."""
    become_server(["--interface", "rsgi", "--workers", str(args.workers), "huiyin.config.web:application"], args, CONNECTIONS)
    return 0


def become_server(words: list[str], args: argparse.Namespace, connections: int) -> None:
    """Put granian in place of this process. It starts its own dead workers again and ends them within ten seconds."""
    end_with_parent()
    os.environ[ARRIVAL_SECONDS] = str(args.arrival_seconds)
    place = ["--host", args.host, "--port", str(args.port)]
    bounds = server_bounds(room_for(connections), args.arrival_seconds)
    common = ["--respawn-failed-workers", "--workers-kill-timeout", "8"]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *common, *place, *bounds, *words])


def server_bounds(connections: int, seconds: int) -> list[str]:
    """granian's words for what we serve and where it ends.

    Only HTTP/1: when granian has to find out which one is spoken, a connection that says nothing stays open for ever. Its
    "backpressure" counts connections, idle ones too; its time for a head is also that of an idle connection.
    """
    spoken = ["--http", "1", "--no-ws", "--log-level", "warning"]
    head = ["--http1-header-read-timeout", str(seconds * 1000), "--http1-buffer-size", str(HEAD_BYTES)]
    return [*spoken, *head, "--backpressure", str(connections), "--backlog", str(WAITING)]


def room_for(connections: int) -> int:
    """Raise the number of files that this process may open; returns how many of the connections then have room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections * FILES_OF_A_CONNECTION + OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(1, min(connections, (allowed - OTHER_FILES) // FILES_OF_A_CONNECTION))
