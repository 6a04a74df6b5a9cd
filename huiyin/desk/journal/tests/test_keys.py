"""What people said stands in the journal under a key; when the key is thrown away the words are gone and the proof holds."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from huiyin.desk.journal import actions, queries
from huiyin.desk.journal.actions import By, Destroyed
from huiyin.plumbing.rows import Rows

WORDS = {"story": "鹅卵石小径三号楼漏水", "phone": "13900001234"}
CLERK = By("clerk", uuid4())


def _say(organisation: UUID, case: UUID, at: datetime, body: dict[str, str] | None = None) -> UUID:
    key = actions.key_of(organisation, case, at)
    return actions.write_now(organisation, "test.say", by=CLERK, at=at, subject=f"case:{case}", body=body or WORDS, key=key)


def _stored(organisation: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, ' ') FROM journal_entry e WHERE organisation_id = %s", [organisation])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_words_are_hidden_in_the_entry_and_read_with_the_key(at: datetime) -> None:
    organisation, case = uuid4(), uuid4()
    _say(organisation, case, at)
    assert "鹅卵石" not in _stored(organisation) and "13900001234" not in _stored(organisation)
    assert queries.entries_of(organisation, f"case:{case}")[0].body == WORDS


@pytest.mark.django_db
def test_the_same_words_never_look_the_same(at: datetime) -> None:
    organisation, case = uuid4(), uuid4()
    ids = [_say(organisation, case, at) for _ in range(2)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT body ->> 'hidden') FROM journal_entry WHERE id = ANY(%s)", [ids])
        assert cursor.fetchone()[0] == 2


@pytest.mark.django_db
def test_without_the_key_the_journal_holds_and_says_who_destroyed_the_words(at: datetime) -> None:
    organisation, case, other = uuid4(), uuid4(), uuid4()
    for one in (case, other):
        _say(organisation, one, at)
    actions.seal(organisation, at)
    head = queries.head(organisation)
    assert actions.shred(organisation, case, by=CLERK, at=at, clauses=["RH-4.10b"])
    assert not actions.shred(organisation, case, by=CLERK, at=at, clauses=["RH-4.10b"])
    found = queries.entries_of(organisation, f"case:{case}")[0].body
    assert queries.is_destroyed(found)
    assert found[queries.DESTROYED] == {"at": at.isoformat(), "by": str(CLERK.person), "clauses": ["RH-4.10b"]}
    assert queries.entries_of(organisation, f"case:{other}")[0].body == WORDS
    assert queries.verify(organisation, head).ok
    actions.seal(organisation, at)
    assert queries.verify(organisation, head).ok


@pytest.mark.django_db
def test_nothing_more_is_said_about_what_was_destroyed(at: datetime) -> None:
    organisation, case = uuid4(), uuid4()
    actions.shred(organisation, case, by=CLERK, at=at, clauses=[])
    with pytest.raises(Destroyed, match="destroyed"):
        actions.key_of(organisation, case, at)


@pytest.mark.django_db
def test_hidden_words_open_in_their_own_entry_only(at: datetime) -> None:
    organisation, case = uuid4(), uuid4()
    one, other = (_say(organisation, case, at, {"n": str(number)}) for number in range(2))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entry SET body = (SELECT body FROM journal_entry WHERE id = %s) WHERE id = %s", [one, other])
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    with pytest.raises(ValueError, match="do not open"):
        queries.entries_of(organisation, f"case:{case}")


@pytest.mark.django_db
def test_entries_from_before_there_were_keys_read_and_hold_as_ever(at: datetime) -> None:
    organisation, case = uuid4(), uuid4()
    actions.write_now(organisation, "test.say", by=CLERK, at=at, subject=f"case:{case}", body=WORDS)
    _say(organisation, case, at)
    assert [one.body for one in queries.entries_of(organisation, f"case:{case}")] == [WORDS, WORDS]
    assert queries.verify(organisation).ok


@pytest.mark.django_db
def test_of_two_keys_for_one_case_the_first_stays(at: datetime) -> None:
    organisation, case, rows = uuid4(), uuid4(), Rows()
    first = actions.key_of(organisation, case, at)
    actions.new_key(rows, organisation, case, at)
    with connection.cursor() as cursor:
        rows.flush(cursor)
    assert actions.key_of(organisation, case, at) == first
    assert "secret" not in repr(first)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_key SET key = decode(repeat('00', 32), 'hex')",
        "UPDATE journal_key SET about_id = gen_random_uuid()",
        "DELETE FROM journal_key",
        "TRUNCATE journal_key",
    ],
)
def test_the_database_refuses_to_lose_or_exchange_a_key(statement: str, at: datetime) -> None:
    actions.key_of(uuid4(), uuid4(), at)
    with pytest.raises(DatabaseError, match="thrown away"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
