"""Build the demonstration in an empty house."""

import argparse
import importlib

from huiyin.faces.cli.house import open_house, say, with_database


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """0 when the demonstration stands; prints its logins. A house that is not empty is left as it is."""
    return with_database(_build)


def _build(_address: str) -> int:
    open_house()
    for login in importlib.import_module("huiyin.rehearsal.demo").build(progress=say):
        say(f"  {login}")
    return 0
