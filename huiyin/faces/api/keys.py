"""Who calls: the API key of the request, its scopes, and the units that it reaches."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from huiyin.desk.people.doors.keys import ROLE_SCOPE, digest_of, note_use
from huiyin.desk.people.queries import api_key
from huiyin.desk.places import queries as places
from huiyin.faces.api.problems import Problem

SEEN_FOR_SECONDS = 0.8
"""How long a key that was looked up is believed: a revoked one works for less than a second more."""
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that calls: its key, organisation, scopes, and the code of the unit whose cases it reaches, with all below.

    ``edition`` is that of the organisation when the key was looked up, less than a second ago.
    """

    key_id: UUID
    key_name: str
    organisation_id: UUID
    unit_code: str
    scopes: frozenset[str]
    edition: UUID

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in which the program may act, in order of name."""
        return tuple(sorted(one.removeprefix(ROLE_SCOPE) for one in self.scopes if one.startswith(ROLE_SCOPE)))

    @property
    def role(self) -> str | None:
        """The role in which it acts when it names none."""
        return next(iter(self.roles), None)

    @property
    def reach(self) -> frozenset[str]:
        """The codes of all units that the key reaches."""
        return _below(self.organisation_id, self.unit_code, self.edition)


@lru_cache(maxsize=512)
def _below(organisation_id: UUID, unit_code: str, edition: UUID) -> frozenset[str]:
    return frozenset(unit.code for unit in places.units(organisation_id, edition).below(unit_code))


_seen: dict[bytes, tuple[float, Caller]] = {}


def caller_of(request: HttpRequest, scope: str) -> Caller:
    """The caller, if the key of the Authorization header has the scope. Raises Problem 401 or 403."""
    kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "bearer" or not text.strip():
        raise Problem("not_signed_in", "请求头 Authorization 中没有密钥。请写为 Bearer hy_…。")
    caller = _look_up(digest_of(text.strip()))
    if scope not in caller.scopes:
        raise Problem("not_allowed", f"此密钥没有“{scope}”权限。请向管理员申请。")
    return caller


def _look_up(digest: bytes) -> Caller:
    now = time.monotonic()
    if (found := _seen.get(digest)) is not None and now - found[0] < SEEN_FOR_SECONDS:
        return found[1]
    _seen.pop(digest, None)
    key = api_key(digest)
    if key is None:
        raise Problem("not_signed_in", "密钥无效或已停用。请向管理员核对。")
    note_use(key, timezone.now())
    caller = Caller(key.pk, key.name, key.organisation_id, key.unit.code, frozenset(key.scopes), key.organisation.edition)
    if len(_seen) >= _MOST_REMEMBERED:
        _seen.clear()
    _seen[digest] = (now, caller)
    return caller
