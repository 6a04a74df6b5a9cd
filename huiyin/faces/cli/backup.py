"""Write the whole database to a file that this and newer versions can restore."""

import argparse
from pathlib import Path

from huiyin.faces.cli.house import say, with_database
from huiyin.plumbing import postgres


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to write."""
    parser.add_argument("file", type=Path, help="the file to write; readable by you alone")


def run(args: argparse.Namespace) -> int:
    """0 when the file is whole on the disk."""

    def write(address: str) -> int:
        file = postgres.backup(address, args.file.resolve())
        say(f"Wrote {file.stat().st_size} bytes to {file}: all of the house, with every file that people sent.")
        return 0

    return with_database(write)
