"""Put a backup in place of everything in the database."""

import argparse
import sys
from pathlib import Path

from huiyin.faces.cli.house import open_house, say, with_database
from huiyin.faces.cli.outbox import UNTIL_TOLD
from huiyin.plumbing import postgres


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and the word that says you mean it."""
    parser.add_argument("file", type=Path, help="what 'huiyin backup' wrote")
    parser.add_argument("--replace", action="store_true", help="yes, replace everything that is in the database")


def run(args: argparse.Namespace) -> int:
    """0 when the database holds the backup and nothing else, on any error what it held before; 1 when a file in it is not what it was."""
    if not args.replace:
        print("huiyin: this replaces everything in the database. Say --replace if you mean it.", file=sys.stderr)
        return 2

    def read(address: str) -> int:
        postgres.restore(address, args.file.resolve())
        say(f"Restored {args.file}. Run 'huiyin migrate' if an older version wrote it.")
        say(f"Nothing leaves from the restored house, while the one that was backed up may live. {UNTIL_TOLD}")
        return _files_are_whole()

    return with_database(read)


def _files_are_whole() -> int:
    open_house()
    from huiyin.desk.files import queries

    count, unlike = queries.checked()
    if unlike:
        keys = ", ".join(str(key) for _organisation, key in unlike[:20])
        print(
            f"huiyin: {len(unlike)} of {count} files are not what was kept: {keys}. Take an older backup, or tell whose they are.",
            file=sys.stderr,
        )
        return 1
    say(f"All {count} files that people sent are what was kept.")
    return 0
