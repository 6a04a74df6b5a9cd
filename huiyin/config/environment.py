"""Reads the environment for the settings."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError, conninfo

DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
YES = {"1", "true", "yes", "on"}
NO = {"", "0", "false", "no", "off"}


def flag(variable: str, *, default: bool = False) -> bool:
    """A yes or no. Raises ImproperlyConfigured for other words: a slip must not turn a guard off."""
    value = os.environ.get(variable, "").strip().lower()
    if not value:
        return default
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{variable} is {value!r}, expected 1 or 0. Set it to one of these or unset it.")
    return value in YES


def number(variable: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds. Raises ImproperlyConfigured for anything else."""
    value = os.environ.get(variable, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{variable} is {value!r}, expected a whole number from {least} to {most}. Set it to one or unset it.")
    return int(value)


def names(variable: str, default: str) -> list[str]:
    """A list of words by commas."""
    return [word.strip() for word in os.environ.get(variable, default).split(",") if word.strip()]


def origins(hosts: list[str], port: str, *, https: bool) -> list[str]:
    """The origins of these hosts at another port, for the content security policy; none if there is no such port.

    Numbers of IPv6 are left out: the policy's grammar has no place for their brackets.
    """
    if not port:
        return []
    scheme = "https" if https else "http"
    return [f"{scheme}://{host}:{port}" for host in hosts if not host.startswith("[")]


def secret_key(data: Path) -> str:
    """HUIYIN_SECRET_KEY, else what `secret_key` in the data folder holds, made at first need for us alone."""
    if given := os.environ.get("HUIYIN_SECRET_KEY"):
        return given
    file = data / "secret_key"
    data.mkdir(parents=True, exist_ok=True)
    # Written beside its place and linked: two processes that start at once agree on the first one's key.
    fresh = data / f"secret_key.{os.getpid()}"
    if not file.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as writing:
            writing.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text().strip()


def database_options(address: str) -> dict[str, Any]:
    """Django's description of the database at `address`, with connections kept for HUIYIN_CONNECTION_SECONDS (60).

    Raises ImproperlyConfigured if the address is not one of PostgreSQL's.
    """
    try:
        parts = conninfo.conninfo_to_dict(address)
    except ProgrammingError as error:
        raise ImproperlyConfigured(
            f"HUIYIN_DATABASE_URL is not an address of PostgreSQL ({error}). "
            "Write it as postgresql://user:password@host:5432/database, or unset it to use our own."
        ) from error
    known = {DJANGO_NAMES[key]: value for key, value in parts.items() if key in DJANGO_NAMES}
    rest = {key: value for key, value in parts.items() if key not in DJANGO_NAMES}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": int(os.environ.get("HUIYIN_CONNECTION_SECONDS", "60")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": rest,
        **known,
    }
