"""The proof that nothing in the journal was changed, and that every key which is gone was thrown away by somebody."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from huiyin.desk.journal import digest
from huiyin.desk.journal.actions import TABLE
from huiyin.desk.journal.queries.heads import Head
from huiyin.desk.journal.queries.reading import KeyMissing, Ring
from huiyin.plumbing.cipher import WrongKey

_COLUMNS = tuple(name for name, _ in TABLE.columns)
_SELECTED = ", ".join(f"e.{name}::text" if name in ("clauses", "body") else f"e.{name}" for name in _COLUMNS)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found: how many entries and seals were read, how many wait for a seal, and the first bad
    one in words.
    """

    ok: bool
    entries: int
    seals: int
    unsealed: int
    first_bad: str | None


@dataclass(slots=True)
class _Tally:
    entries: int = 0
    seals: int = 0
    unsealed: int = 0


class _Bad(Exception):
    """The first thing that is wrong."""


def verify(organisation_id: UUID, exported: Head | None = None) -> Verdict:
    """Work out every digest of the organisation's journal again, in one snapshot, a few seals at a time.

    Finds an entry that was altered, removed, added behind the writer's back or moved, a seal likewise, and with
    ``exported`` (a head that was kept elsewhere) a chain that was cut short or written anew. A key that was exchanged
    or is gone without an entry about it is found too; entries whose key was thrown away hold as all others do.
    """
    tally = _Tally()
    try:
        with _snapshot():
            ring = Ring(organisation_id)
            _check_chain(ring, exported, tally)
            _check_unsealed(ring, tally)
            _check_keys(ring)
    except _Bad as bad:
        return Verdict(False, tally.entries, tally.seals, tally.unsealed, str(bad))
    return Verdict(True, tally.entries, tally.seals, tally.unsealed, None)


@contextmanager
def _snapshot() -> Iterator[None]:
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            # Sealers go on meanwhile; without one snapshot an entry could be seen in neither place.
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _stream(sql: str, params: Sequence[Any]) -> Generator[tuple[Any, ...], None, None]:
    """The rows of a query through a cursor of the server's, so that memory stays small however long the journal is."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(_AT_ONCE):
            yield from rows


def _check_chain(ring: Ring, exported: Head | None, tally: _Tally) -> None:
    organisation_id = ring.organisation_id
    previous, met = digest.FIRST, exported is None
    seals = _stream(
        "SELECT number, sealed_at, entries, marks, previous, digest FROM journal_seal WHERE organisation_id = %s ORDER BY number",
        [organisation_id],
    )
    with closing(seals):
        for number, sealed_at, entries, marks, before, kept in seals:
            _check_place(number, tally.seals + 1, bytes(before), previous)
            digests = _check_entries(ring, number, entries, bytes(marks))
            previous = digest.of_seal(organisation_id, number, sealed_at, previous, zip(entries, digests, strict=True))
            if previous != bytes(kept):
                raise _Bad(f"seal {number}: it was altered (its digest does not fit)")
            if exported is not None and number == exported.number:
                met = _check_head(exported, previous)
            tally.seals, tally.entries = number, tally.entries + len(entries)
    if exported is not None and not met:
        raise _Bad(f"seal {tally.seals + 1}: missing, the chain was cut (the exported head is seal {exported.number})")


def _check_place(number: int, expected: int, before: bytes, previous: bytes) -> None:
    if number != expected:
        raise _Bad(f"seal {expected}: missing (the next is seal {number})")
    if before != previous:
        raise _Bad(f"seal {number}: it does not follow from the seal before")


def _check_head(exported: Head, found: bytes) -> bool:
    if found.hex() != exported.digest:
        raise _Bad(f"seal {exported.number}: it is not the one that was exported (the chain was written anew)")
    return True


def _check_entries(ring: Ring, number: int, ids: Sequence[UUID], marks: bytes) -> list[bytes]:
    """The digests of the entries of a seal, worked out from their columns; raises _Bad at the first that is not as it
    was sealed.
    """
    found = _entries(ring.organisation_id, ids)
    ring.fetch(row["body"] for row in found.values())
    if len(marks) != len(ids) * digest.MARK_BYTES or len(set(ids)) != len(ids):
        raise _Bad(f"seal {number}: its list of entries was altered")
    digests = []
    for place, entry_id in enumerate(ids):
        row = found.get(entry_id)
        if row is None:
            raise _Bad(f"entry {entry_id}: removed (seal {number} names it)")
        made = digest.of_entry(row)
        mark = marks[place * digest.MARK_BYTES : (place + 1) * digest.MARK_BYTES]
        if made != bytes(row["digest"]) or made[: digest.MARK_BYTES] != mark:
            raise _Bad(f"entry {entry_id}: altered (seal {number} covers it)")
        _check_opens(ring, row)
        digests.append(made)
    return digests


def _entries(organisation_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SELECTED} FROM journal_entry e WHERE e.organisation_id = %s AND e.id = ANY(%s)",
            [organisation_id, list(ids)],
        )
        return {row["id"]: row for row in map(_row, cursor.fetchall())}


def _row(values: Sequence[Any]) -> Mapping[str, Any]:
    row = dict(zip(_COLUMNS, values, strict=True))
    return {**row, "clauses": json.loads(row["clauses"]), "body": json.loads(row["body"])}


def _check_opens(ring: Ring, row: Mapping[str, Any]) -> None:
    try:
        ring.opened(row["id"], row["body"])
    except WrongKey:
        raise _Bad(f"entry {row['id']}: the key of {row['body']['under']} does not open it, it was exchanged") from None
    except KeyMissing as missing:
        raise _Bad(f"entry {row['id']}: the key of {missing} was removed") from None


def _check_keys(ring: Ring) -> None:
    if lost := ring.lost():
        raise _Bad(f"key of {lost}: gone, and no entry says who threw it away")


def _check_unsealed(ring: Ring, tally: _Tally) -> None:
    """What no seal covers must wait for one, whole, and nothing else may wait."""
    organisation_id = ring.organisation_id
    sealed = "SELECT unnest(entries) AS id FROM journal_seal WHERE organisation_id = %s"
    _refuse_any(f"SELECT id FROM ({sealed}) s GROUP BY id HAVING count(*) > 1 LIMIT 1", [organisation_id], "sealed twice")
    _refuse_any(
        "SELECT u.entry_id FROM journal_unsealed u LEFT JOIN journal_entry e "
        "ON e.organisation_id = u.organisation_id AND e.id = u.entry_id "
        f"LEFT JOIN ({sealed}) s ON s.id = u.entry_id "
        "WHERE u.organisation_id = %s AND (e.id IS NULL OR s.id IS NOT NULL) ORDER BY 1 LIMIT 1",
        [organisation_id, organisation_id],
        "it waits for a seal, but was removed or is sealed",
    )
    rows = _stream(
        f"SELECT {_SELECTED}, u.entry_id FROM journal_entry e "
        f"LEFT JOIN ({sealed}) s ON s.id = e.id "
        "LEFT JOIN journal_unsealed u ON u.organisation_id = e.organisation_id AND u.entry_id = e.id "
        "WHERE e.organisation_id = %s AND s.id IS NULL",
        [organisation_id, organisation_id],
    )
    with closing(rows):
        for *values, waiting in rows:
            row = _row(values)
            if waiting is None:
                raise _Bad(f"entry {row['id']}: added behind the writer's back, or its seal was removed")
            if digest.of_entry(row) != bytes(row["digest"]):
                raise _Bad(f"entry {row['id']}: altered (it waits for a seal)")
            _check_opens(ring, row)
            tally.unsealed, tally.entries = tally.unsealed + 1, tally.entries + 1


def _refuse_any(sql: str, params: Sequence[Any], why: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if row := cursor.fetchone():
            raise _Bad(f"entry {row[0]}: {why}")
