"""The account that PostgreSQL runs under. It refuses root, so root uses `nobody` or a user namespace."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ORDINARY_ACCOUNT = "nobody"
NAMESPACE = ("unshare", "-U", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True)
class Account:
    """How a program is run: as ourselves, as another user (uid and gid), or behind a prefix of words."""

    uid: int | None = None
    gid: int | None = None
    prefix: tuple[str, ...] = ()

    def run(self, words: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run to the end. Out: the finished process, both its outputs as text in `stdout`, whatever its exit code."""
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(self._words(words), text=True, check=False, **self._as({**both, **options}))

    def start(self, words: Sequence[str | Path], **options: Any) -> "subprocess.Popen[bytes]":
        """Start as a child in a session of its own: Ctrl-C at the terminal reaches us, and we end it in order."""
        return subprocess.Popen(self._words(words), start_new_session=True, **self._as(options))

    def give(self, folder: Path) -> None:
        """Make the folder belong to the account, for it alone."""
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def reaches(self, folder: Path) -> bool:
        """Whether the account may walk down to the folder."""
        return self.uid is None or all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))

    def _words(self, words: Sequence[str | Path]) -> list[str]:
        return [*self.prefix, *(str(word) for word in words)]

    def _as(self, options: Mapping[str, Any]) -> dict[str, Any]:
        who: dict[str, Any] = {} if self.uid is None else {"user": self.uid, "group": self.gid, "extra_groups": []}
        # The working folder of root is often one that nobody can enter.
        return {"cwd": "/", **who, **options}


@cache
def find_account() -> Account:
    """The account for PostgreSQL on this machine: ourselves, else `nobody`, else a user namespace of our own.

    Raises PermissionError if we are root and neither can be had.
    """
    if os.geteuid() != 0:
        return Account()
    try:
        entry = pwd.getpwnam(ORDINARY_ACCOUNT)
    except KeyError:
        entry = None
    if entry is not None:
        account = Account(uid=entry.pw_uid, gid=entry.pw_gid)
        if _works(account):
            return account
    account = Account(prefix=NAMESPACE)
    if shutil.which(NAMESPACE[0]) and _works(account):
        return account
    raise PermissionError(
        "PostgreSQL refuses to run as root, and neither the account 'nobody' nor a user namespace can be used here. "
        "Run this as an ordinary user, or set HUIYIN_DATABASE_URL to a running PostgreSQL 15 or newer."
    )


def _works(account: Account) -> bool:
    try:
        return account.run(["true"]).returncode == 0
    except OSError:
        return False
