"""End what 'huiyin up' started."""

import argparse

from huiyin.faces.cli import background
from huiyin.plumbing.postgres import data_folder


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It takes no options."""


def run(_args: argparse.Namespace) -> int:
    """End it and wait: 0 if nothing runs any more, 1 if it would not end."""
    return background.end(data_folder())
