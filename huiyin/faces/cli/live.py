"""Serve the live updates of open pages (the database must run: 'huiyin up' sees to that)."""

import argparse
import os

from huiyin.faces.cli.background import default_port
from huiyin.faces.cli.web import become_server

# Each open page holds one stream.
STREAMS = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: where to listen."""
    parser.add_argument("--host", default=os.environ.get("HUIYIN_BIND", "127.0.0.1"), help="address to listen on")
    parser.add_argument("--port", type=int, default=default_port() + 1, help="port to listen on")


def run(args: argparse.Namespace) -> int:
    """Become the server; it does not come back."""
    # Kept connections and an asynchronous server exhaust PostgreSQL.
    os.environ["HUIYIN_CONNECTION_SECONDS"] = "0"
    place = ["--host", args.host, "--port", str(args.port), "--workers", "1", "--backpressure", str(STREAMS)]
    become_server(["--interface", "asgi", *place, "huiyin.config.live:application"])
    return 0
