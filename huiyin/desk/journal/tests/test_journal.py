"""The journal takes entries and nothing else, and shows whatever was done to it behind its back."""

from __future__ import annotations

import json
import threading
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal import actions, digest, jobs, queries
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.queries import Head
from huiyin.plumbing.rows import Rows


def _write(organisation_id: UUID, at: datetime, **more: Any) -> UUID:
    return actions.write_now(organisation_id, "test.write", by=By("tester", uuid4()), at=at, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET action = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "UPDATE journal_seal SET number = 7",
        "DELETE FROM journal_seal",
        "TRUNCATE journal_seal",
    ],
)
def test_the_database_refuses_to_change_or_remove(statement: str, at: datetime) -> None:
    _write(uuid4(), at)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db
def test_every_kind_of_value_reads_back_as_it_was_sealed(at: datetime) -> None:
    organisation = uuid4()
    body = {"字": "𠮷\x00\ud800", "数": 10**30, "小数": 1.5, "日": at.date(), "时": at, "号": uuid4(), "列": [None, True, {"a": {}}]}
    _write(organisation, at, subject="case:1", body=body, clauses=["GP-9.1.1"], entered_at=at + timedelta(microseconds=7))
    _write(organisation, at)

    # Journals of other tests may still wait: nothing ever removes them.
    assert jobs.seal_all(at) >= 2
    assert queries.verify(organisation).ok


def test_a_number_that_took_the_place_of_its_text_is_seen(at: datetime) -> None:
    row = actions.entry_row(uuid4(), "test.write", by=By("tester"), at=at, body={"amount": 1.5})
    assert row["body"] == {"amount": "1.5"} and digest.of_entry(row) == row["digest"]
    assert digest.of_entry({**row, "body": {"amount": 1.5}}) != row["digest"]


@pytest.mark.django_db
def test_entries_leave_with_the_other_rows_of_an_action(at: datetime) -> None:
    organisation, rows = uuid4(), Rows()
    for number in range(3):
        actions.write(rows, organisation, "test.write", by=By("tester"), at=at, body={"number": number})
    with connection.cursor() as cursor:
        assert rows.flush(cursor) == 3
    assert queries.verify(organisation) == queries.Verdict(True, 3, 0, 3, None)


@pytest.mark.django_db
def test_seals_take_up_to_so_many_entries_and_follow_each_other(at: datetime) -> None:
    organisation = uuid4()
    for _ in range(5):
        _write(organisation, at)

    assert [actions.seal(organisation, at, most=2) for _ in range(4)] == [2, 2, 1, 0]
    assert queries.verify(organisation) == queries.Verdict(True, 5, 3, 0, None)
    assert organisation not in queries.organisations_waiting()


@pytest.mark.django_db
def test_an_exported_head_reads_back(at: datetime) -> None:
    organisation = uuid4()
    lines: list[str] = []
    assert not jobs.export_head(organisation, lines.append)
    _write(organisation, at)
    actions.seal(organisation, at)

    assert jobs.export_head(organisation, lines.append)
    assert Head.from_json(lines[0]) == queries.head(organisation)
    with pytest.raises(ValueError, match="expected the line"):
        Head.from_json(json.dumps({"number": 1}))


@pytest.mark.django_db
def test_what_does_not_fit_is_refused_before_it_is_written(at: datetime) -> None:
    with pytest.raises(BadText, match="shorten it"):
        _write(uuid4(), at, subject="x" * 201)
    with pytest.raises(TypeError, match="cannot keep"):
        _write(uuid4(), at, body={"what": object()})
    with pytest.raises(ValueError, match="zone"):
        _write(uuid4(), at.replace(tzinfo=None))


@pytest.mark.django_db(transaction=True)
def test_an_entry_whose_transaction_ends_late_is_sealed_all_the_same(at: datetime) -> None:
    organisation = uuid4()
    written, may_end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            _write(organisation, at)
            written.set()
            may_end.wait(30)
        connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    written.wait(30)
    _write(organisation, at + timedelta(seconds=5))
    early = actions.seal(organisation, at)
    may_end.set()
    slow.join()

    assert (early, actions.seal(organisation, at)) == (1, 1)
    assert queries.verify(organisation) == queries.Verdict(True, 2, 2, 0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["infinity", "-infinity", "1999-12-31T23:59:59+00", "2101-01-01T00:00:00+00"])
def test_no_moment_lies_outside_the_years_we_reckon_in(moment: str, at: datetime) -> None:
    row = actions.entry_row(uuid4(), "test.write", by=By("tester"), at=at)
    rows = Rows()
    rows.put(actions.TABLE, {**row, "at": moment})
    with pytest.raises(DatabaseError, match="journal_entry_at_sane"), connection.cursor() as cursor:
        rows.flush(cursor)
