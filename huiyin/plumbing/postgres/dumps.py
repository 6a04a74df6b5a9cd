"""Backup and restore in PostgreSQL's own portable format, which another major version can read."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from psycopg import OperationalError, connect, conninfo

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
    """Put a backup in place of what the database at `address` holds, also of what the backup knows nothing of: all in one transaction, or
    nothing.

    Raises FileNotFoundError, DumpFailed.
    """
    if not file.is_file():
        raise FileNotFoundError(f"Found no backup at {file}. Name a file that 'huiyin backup' wrote.")
    reading, plain = _words("pg_restore", None, ["--no-owner", "--no-privileges", "--file=-", str(file)])
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    writing, environ = _words("psql", address, [*options, f"--command={_EMPTY}", "--file=-"])
    with (
        subprocess.Popen(writing, env=environ, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as into,
        subprocess.Popen(reading, env=plain, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as out,
    ):
        assert into.stdin is not None and out.stdout is not None and out.stderr is not None and into.stderr is not None
        taken = True
        try:
            into.stdin.writelines(_preamble(out.stdout, _parameters(address)))
            shutil.copyfileobj(out.stdout, into.stdin)
        except BrokenPipeError:
            taken = False
        out.stdout.close()
        said = out.stderr.read().decode(errors="replace").strip()
        # What is read to its end is committed: a backup that broke off must not come to it.
        if out.wait() != 0 and taken:
            into.kill()
            raise DumpFailed(f"pg_restore ended with {out.returncode} and said: {said}")
        with suppress(BrokenPipeError):
            into.stdin.close()
        refused = into.stderr.read().decode(errors="replace").strip()
        if into.wait() != 0:
            raise DumpFailed(f"psql ended with {into.returncode} and said: {refused}")


def _preamble(out: IO[bytes], known: set[str]) -> Iterator[bytes]:
    """The lines before the first object, without the settings that this server does not know: an older one than that which wrote."""
    for line in out:
        setting = _SETTING.match(line)
        if setting is None or setting[1].decode() in known:
            yield line
        if setting is None and line.strip() and not line.startswith(_PREAMBLE):
            return


def _parameters(address: str) -> set[str]:
    """The names of the settings that the server at ``address`` has. Raises DumpFailed if it does not answer."""
    try:
        with connect(address) as connection:
            return {row[0] for row in connection.execute("SELECT name FROM pg_settings")}
    except OperationalError as error:
        raise DumpFailed(f"the database does not answer: {error}") from error


_SETTING = re.compile(rb"SET (\w+) = ")
_PREAMBLE = (b"--", b"SELECT pg_catalog.set_config(", b"\\restrict ")
_EMPTY = """
DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT c.oid::regclass AS name, c.relkind AS kind FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND c.relkind IN ('v', 'm', 'r', 'p') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP %s IF EXISTS %s CASCADE',
            CASE one.kind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, one.name);
    END LOOP;
    FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
    END LOOP;
    FOR one IN SELECT c.oid::regclass AS name FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
        EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', one.name);
    END LOOP;
END $$
"""
"""Takes all away that is ours, and nothing that belongs to an extension."""


def _run(program: str, address: str, options: list[str]) -> None:
    words, environ = _words(program, address, options)
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DumpFailed(f"{program} ended with {done.returncode} and said: {done.stderr.strip()}")


def _words(program: str, address: str | None, options: list[str]) -> tuple[list[str], dict[str, str]]:
    """The words of the command and its environment. The password goes by that: other users can read the words of a command."""
    words = [str(find_binaries(Account()).program(program))]
    environ = dict(os.environ)
    if address is not None:
        parts = conninfo.conninfo_to_dict(address)
        if password := parts.pop("password", None):
            environ["PGPASSWORD"] = str(password)
        words.append(f"--dbname={conninfo.make_conninfo('', **parts)}")
    return [*words, *options], environ


def _keep(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())
