"""Serve the pages and the programming interface (the database must run: 'huiyin up' sees to that)."""

import argparse
import os
import sys

from huiyin.faces.cli.background import default_port
from huiyin.plumbing.processes import end_with_parent

# A request holds a thread and a connection while it works; what comes above waits in the queue of the socket.
THREADS = 4
AT_ONCE = 32
WAITING = 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: where to listen and how many processes."""
    parser.add_argument("--host", default=os.environ.get("HUIYIN_BIND", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=default_port(), help="port to listen on")
    parser.add_argument("--workers", type=int, default=2, help="processes")


def run(args: argparse.Namespace) -> int:
    """Become the server; it does not come back."""
    limits = ["--blocking-threads", str(THREADS), "--backpressure", str(AT_ONCE), "--backlog", str(WAITING)]
    place = ["--host", args.host, "--port", str(args.port), "--workers", str(args.workers)]
    become_server(["--interface", "wsgi", *place, *limits, "huiyin.config.wsgi:application"])
    return 0


def become_server(words: list[str]) -> None:
    """Put granian in place of this process. It starts its own dead workers again and ends them within ten seconds."""
    end_with_parent()
    common = ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "8", "--log-level", "warning"]
    os.execv(sys.executable, [sys.executable, "-m", "granian", *common, *words])
