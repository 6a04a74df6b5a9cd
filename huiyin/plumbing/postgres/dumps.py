"""Backup and restore in PostgreSQL's own portable format, which another major version can read."""

import os
import subprocess
from pathlib import Path

from psycopg import conninfo

from huiyin.plumbing.postgres.account import Account
from huiyin.plumbing.postgres.binaries import find_binaries


class DumpFailed(Exception):
    """pg_dump or pg_restore gave up; the text holds what it said."""


def backup(address: str, file: Path) -> Path:
    """Write the whole database at `address` to `file` (custom format, readable by us alone). Out: the file.

    The file appears under its name only when it is whole. Raises DumpFailed.
    """
    partial = file.with_name(f"{file.name}.partial")
    partial.touch(mode=0o600)
    try:
        _run("pg_dump", address, ["--format=custom", "--no-owner", "--no-privileges", f"--file={partial}"])
        _keep(partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return file


def restore(address: str, file: Path) -> None:
    """Put a backup in place of what the database at `address` holds: all of it in one transaction, or nothing.

    Raises FileNotFoundError, DumpFailed.
    """
    if not file.is_file():
        raise FileNotFoundError(f"Found no backup at {file}. Name a file that 'huiyin backup' wrote.")
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", address, [*options, str(file)])


def _run(program: str, address: str, options: list[str]) -> None:
    # The password goes by the environment: other users can read the words of a command.
    parts = conninfo.conninfo_to_dict(address)
    password = parts.pop("password", None)
    environ = dict(os.environ) | ({"PGPASSWORD": str(password)} if password else {})
    words = [
        str(find_binaries(Account()).program(program)),
        f"--dbname={conninfo.make_conninfo('', **parts)}",
        *options,
    ]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DumpFailed(f"{program} ended with {done.returncode} and said: {done.stderr.strip()}")


def _keep(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
