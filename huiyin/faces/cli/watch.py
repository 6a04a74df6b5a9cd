"""Watch the clocks: find the limits that pass and store what follows from them."""

import argparse

from huiyin.faces.cli.house import open_house, with_database
from huiyin.plumbing.processes import end_with_parent, stop_on_signals


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """Watch until SIGINT or SIGTERM, then finish the clock at hand: 0."""
    end_with_parent()
    return with_database(_watch)


def _watch(_address: str) -> int:
    open_house()
    from huiyin.desk.clocks.watch import run_worker

    with stop_on_signals() as stop:
        run_worker(stop=stop)
    return 0
