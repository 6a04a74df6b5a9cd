"""Put a backup in place of everything in the database."""

import argparse
import sys
from pathlib import Path

from huiyin.faces.cli.house import say, with_database
from huiyin.plumbing import postgres


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and the word that says you mean it."""
    parser.add_argument("file", type=Path, help="what 'huiyin backup' wrote")
    parser.add_argument("--replace", action="store_true", help="yes, replace everything that is in the database")


def run(args: argparse.Namespace) -> int:
    """0 when the database holds the backup and nothing else; on any error it holds what it held before."""
    if not args.replace:
        print("huiyin: this replaces everything in the database. Say --replace if you mean it.", file=sys.stderr)
        return 2

    def read(address: str) -> int:
        postgres.restore(address, args.file.resolve())
        say(f"Restored {args.file}. Run 'huiyin migrate' if an older version wrote it.")
        return 0

    return with_database(read)
