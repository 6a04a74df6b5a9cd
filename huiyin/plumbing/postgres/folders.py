"""Where the data lies and where the socket: paths short enough, and open enough for PostgreSQL's account."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

import huiyin
from huiyin.plumbing.postgres.account import Account, find_account

SYSTEM_FOLDER = Path("/var/lib/huiyin")
DATABASE = "huiyin"
OWNER = "huiyin"
# The kernel keeps 108 bytes for the path of a socket; macOS keeps 104.
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"


def checkout() -> Path:
    """The folder that holds the package `huiyin`."""
    return Path(huiyin.__file__).resolve().parent.parent


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of everything that must be kept: HUIYIN_DATA, else `var/` in the checkout, else one under /var/lib.

    The last is for root with a checkout that PostgreSQL's account cannot walk into, such as one below /root.
    """
    if named := environ.get("HUIYIN_DATA"):
        return Path(named).expanduser().resolve()
    top = checkout()
    if os.geteuid() == 0 and not find_account().reaches(top):
        return SYSTEM_FOLDER / _short_name(top)
    return top / "var"


def house_id(data: Path | None = None) -> str:
    """A short name for the house whose data lies in the folder (the one in use): it tells two houses of one machine apart."""
    return _short_name(data or data_folder())


def prepare_data_folder(data: Path, account: Account) -> None:
    """Make the folder; PostgreSQL's account may pass through it to its own part, others may read nothing in it.

    Raises PermissionError if the account cannot reach it.
    """
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700 if account.uid is None else 0o711)
    if not account.reaches(data):
        raise PermissionError(
            f"PostgreSQL runs as the user {account.uid}, which may not enter every folder above {data}. "
            "Set HUIYIN_DATA to a folder that it can reach, for example one below /var/lib."
        )


def socket_folder(data: Path) -> Path:
    """The folder of the socket: inside the data folder, or under the temporary one if that path is too long."""
    inside = data / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) < LONGEST_SOCKET_PATH:
        return inside
    return Path(tempfile.gettempdir()) / f"huiyin-{os.geteuid()}-{_short_name(data)}"


def local_address(data: Path, *, database: str = DATABASE, user: str = OWNER) -> str:
    """The address of the database that lies in this data folder, running or not."""
    return f"postgresql://{user}@/{database}?host={quote(str(socket_folder(data)), safe='')}"


def _short_name(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
