"""Serve the live updates of open pages (the database must run: 'huiyin up' sees to that)."""

import argparse
import os

from huiyin.faces.cli.background import default_port
from huiyin.faces.cli.web import add_place, become_server

# Each open page holds one stream.
STREAMS = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options: where to listen, how long a request may take to arrive."""
    add_place(parser, default_port() + 1)


def run(args: argparse.Namespace) -> int:
    """Become the server; it does not come back."""
    # Kept connections and an asynchronous server exhaust PostgreSQL.
    os.environ["HUIYIN_CONNECTION_SECONDS"] = "0"
    become_server(["--interface", "asgi", "--workers", "1", "huiyin.config.live:application"], args, STREAMS)
    return 0
