"""Five hundred ways of tampering, chosen at random, by somebody who owns the database: each is found, and nothing else is."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from huiyin.desk.journal import actions, digest, queries
from huiyin.desk.journal.actions import TABLE, By, entry_row
from huiyin.desk.journal.queries import proof
from huiyin.plumbing.rows import Rows

TRIALS = 500
ENTRIES, A_SEAL = 40, 8
COLUMNS = ("action", "at", "entered_at", "by_role", "subject", "body", "clauses", "by_person")


class Attacker:
    """Somebody with every right on the database, who knows how digests are made."""

    def __init__(self, organisation: UUID, at: datetime, dice: random.Random) -> None:
        self.organisation, self.at, self.dice = organisation, at, dice

    def ask(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else []

    def entries(self, where: str = "true") -> list[UUID]:
        rows = self.ask("SELECT id FROM journal_entry e WHERE organisation_id = %s AND " + where + " ORDER BY id", self.organisation)
        return [row[0] for row in rows]

    def sealed(self) -> list[UUID]:
        return self.entries("NOT EXISTS (SELECT 1 FROM journal_unsealed u WHERE u.entry_id = e.id)")

    def seals(self) -> int:
        return int(self.ask("SELECT count(*) FROM journal_seal WHERE organisation_id = %s", self.organisation)[0][0])

    def alter(self, entries: Sequence[UUID], forge: bool) -> None:
        entry, column = self.dice.choice(entries), self.dice.choice(COLUMNS)
        change = {
            "at": "at + interval '1 microsecond'",
            "entered_at": "entered_at - interval '1 day'",
            "body": "body || '{\"n\": -1}'",
            "clauses": "clauses || '[\"GP-1a\"]'",
            "by_person": "gen_random_uuid()",
        }.get(column, f"{column} || '.'")
        self.ask(f"UPDATE journal_entry SET {column} = {change} WHERE id = %s", entry)
        if forge:
            row = proof._entries(self.organisation, [entry])[entry]
            self.ask("UPDATE journal_entry SET digest = %s WHERE id = %s", digest.of_entry(row), entry)

    def alter_plainly(self) -> None:
        self.alter(self.entries(), forge=False)

    def alter_and_forge_the_digest(self) -> None:
        self.alter(self.sealed(), forge=True)

    def alter_only_the_digest(self) -> None:
        self.ask("UPDATE journal_entry SET digest = %s WHERE id = %s", self.dice.randbytes(32), self.dice.choice(self.entries()))

    def remove(self) -> None:
        self.ask("DELETE FROM journal_entry WHERE id = %s", self.dice.choice(self.entries()))

    def add(self) -> None:
        row = entry_row(self.organisation, "test.forged", by=By("attacker"), at=self.at + timedelta(minutes=self.dice.randrange(60)))
        rows = Rows()
        rows.put(TABLE, row)
        with connection.cursor() as cursor:
            rows.flush(cursor)

    def swap_two_entries(self) -> None:
        one, other = self.dice.sample(self.sealed(), 2)
        stranger = uuid4()
        for old, new in ((one, stranger), (other, one), (stranger, other)):
            self.ask("UPDATE journal_entry SET id = %s WHERE id = %s", new, old)

    def swap_two_seals(self) -> None:
        one, other = self.dice.sample(range(1, self.seals() + 1), 2)
        for old, new in ((one, 99), (other, one), (99, other)):
            self.ask("UPDATE journal_seal SET number = %s WHERE number = %s AND organisation_id = %s", new, old, self.organisation)

    def alter_a_seal(self) -> None:
        change = self.dice.choice(
            (
                "sealed_at = sealed_at + interval '1 second'",
                "entries = entries[2:]",
                "entries = array_prepend(entries[2], entries[2:])",
                "previous = sha256(previous)",
                "digest = sha256(digest)",
                "marks = sha256(marks)",
            )
        )
        number = self.dice.randint(1, self.seals())
        self.ask(f"UPDATE journal_seal SET {change} WHERE number = %s AND organisation_id = %s", number, self.organisation)

    def remove_a_seal(self) -> None:
        number = self.dice.randint(1, self.seals())
        self.ask("DELETE FROM journal_seal WHERE number = %s AND organisation_id = %s", number, self.organisation)

    def cut_the_tail(self) -> None:
        first = self.dice.randint(1, self.seals())
        where = "WHERE organisation_id = %s AND number >= %s"
        self.ask(f"DELETE FROM journal_entry WHERE id IN (SELECT unnest(entries) FROM journal_seal {where})", self.organisation, first)
        self.ask(f"DELETE FROM journal_seal {where}", self.organisation, first)

    def write_the_tail_anew(self) -> None:
        self._anew(self.dice.randint(1, self.seals()))

    def write_everything_anew(self) -> None:
        self._anew(1)

    def _anew(self, first: int) -> None:
        where = "WHERE organisation_id = %s AND number >= %s"
        rows = self.ask(f"SELECT unnest(entries) FROM journal_seal {where}", self.organisation, first)
        self.ask(f"DELETE FROM journal_seal {where}", self.organisation, first)
        self.alter([row[0] for row in rows], forge=True)
        for (entry,) in rows:
            self.ask("INSERT INTO journal_unsealed (organisation_id, entry_id) VALUES (%s, %s)", self.organisation, entry)
        while actions.seal(self.organisation, self.at, A_SEAL):
            pass

    def exchange_a_key(self) -> None:
        self.ask("UPDATE journal_key SET key = %s WHERE about_id = %s", self.dice.randbytes(32), self.kept_case())

    def remove_a_key(self) -> None:
        self.ask("DELETE FROM journal_key WHERE about_id = %s", self.kept_case())

    def throw_a_key_away_quietly(self) -> None:
        change = "key = NULL, destroyed_at = made_at"
        self.ask(f"UPDATE journal_key SET {change} WHERE about_id = %s", self.kept_case())

    def kept_case(self) -> UUID:
        found = self.ask("SELECT about_id FROM journal_key WHERE organisation_id = %s AND key IS NOT NULL", self.organisation)
        return UUID(str(self.dice.choice(sorted(found))[0]))

    def ways(self) -> tuple[Callable[[], None], ...]:
        return (
            self.exchange_a_key,
            self.remove_a_key,
            self.throw_a_key_away_quietly,
            self.alter_plainly,
            self.alter_and_forge_the_digest,
            self.alter_only_the_digest,
            self.remove,
            self.add,
            self.swap_two_entries,
            self.swap_two_seals,
            self.alter_a_seal,
            self.remove_a_seal,
            self.cut_the_tail,
            self.write_the_tail_anew,
            self.write_everything_anew,
        )


def _journal(organisation: UUID, at: datetime) -> None:
    """Entries about seven cases, of which four have a key and one of these has lost it by right."""
    cases = [uuid4() for _ in range(7)]
    for number in range(ENTRIES):
        moment = at + timedelta(minutes=number)
        by, case = By("tester", uuid4()), cases[number % 7]
        key = actions.key_of(organisation, case, moment) if number % 7 < 4 and number < ENTRIES - 5 else None
        actions.write_now(organisation, "test.write", by=by, at=moment, subject=f"case:{case}", body={"n": number}, key=key)
        if number == ENTRIES - 5:
            actions.shred(organisation, cases[0], by=by, at=moment, clauses=["GP-8.3.2b"])
        if number % A_SEAL == A_SEAL - 2:
            actions.seal(organisation, moment)


@pytest.mark.django_db
def test_five_hundred_tamperings_are_all_found_and_the_first_bad_row_is_named(at: datetime) -> None:
    organisation = uuid4()
    _journal(organisation, at)
    head = queries.head(organisation)
    attacker = Attacker(organisation, at, random.Random(20260202))
    attacker.ask("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    attacker.ask("ALTER TABLE journal_seal DISABLE TRIGGER USER")
    attacker.ask("ALTER TABLE journal_key DISABLE TRIGGER USER")

    missed = []
    for trial in range(TRIALS):
        way = attacker.ways()[trial % len(attacker.ways())]
        mark = transaction.savepoint()
        way()
        found = queries.verify(organisation, head)
        if found.ok or not (found.first_bad or "").startswith(("entry ", "seal ", "key ")):
            missed.append((trial, way.__name__))
        transaction.savepoint_rollback(mark)
        if trial % 10 == 0 and not queries.verify(organisation, head).ok:
            missed.append((trial, "false alarm"))

    assert missed == []


@pytest.mark.django_db
def test_the_row_that_was_altered_is_the_one_that_is_named(at: datetime) -> None:
    organisation = uuid4()
    _journal(organisation, at)
    attacker = Attacker(organisation, at, random.Random(7))
    attacker.ask("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    entry = attacker.sealed()[11]

    attacker.alter([entry], forge=True)

    assert (queries.verify(organisation).first_bad or "").startswith(f"entry {entry}: altered")
