"""The journal is verified from the command line, against heads that were kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.journal import actions
from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation
from huiyin.faces.cli.main import main

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def organisation(db: None) -> Organisation:
    """An organisation with two seals."""
    made = places.add_organisation("cuiyuan", "翠园集团", by=By("admin"), at=AT)
    actions.seal(made.id, AT)
    actions.write_now(made.id, "test.write", by=By("tester"), at=AT)
    actions.seal(made.id, AT)
    return made


@contextmanager
def _superuser() -> Iterator[CursorWrapper]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER USER")
        yield cursor


def test_a_whole_journal_is_whole(organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "verify"]) == 0
    assert capsys.readouterr().out == "cuiyuan: whole (2 entries, 2 seals, 0 unsealed)\n"


def test_a_tail_that_was_cut_is_missed_by_the_head_that_was_kept(
    organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "head"]) == 0
    kept = tmp_path / "heads"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    with _superuser() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE id IN (SELECT unnest(entries) FROM journal_seal WHERE number = 2)")
        cursor.execute("DELETE FROM journal_seal WHERE number = 2")

    assert main(["journal", "verify"]) == 0
    assert main(["journal", "verify", "--head", str(kept)]) == 1
    assert "seal 2: missing, the chain was cut" in capsys.readouterr().out


def test_an_altered_entry_is_named(organisation: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    with _superuser() as cursor:
        cursor.execute("UPDATE journal_entry SET by_role = 'nobody' RETURNING id")
        altered = {str(row[0]) for row in cursor.fetchall()}

    assert main(["journal", "verify"]) == 1
    said = capsys.readouterr().out
    assert any(f"ALTERED: entry {one}: altered (seal 1 covers it)" in said for one in altered)


def test_a_file_that_holds_no_heads_is_refused(organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "heads").write_text("[]", encoding="utf-8")
    assert main(["journal", "verify", "--head", str(tmp_path / "heads")]) == 2
    assert "expected the line that 'huiyin journal head' printed" in capsys.readouterr().err


def test_what_the_journal_says_of_a_case_is_shown_and_of_a_destroyed_one_who_destroyed_it(
    organisation: Organisation, capsys: pytest.CaptureFixture[str]
) -> None:
    places.add_unit(organisation.id, "CY", "project", "翠园一期", by=By("admin"), at=AT)
    made = register(organisation.id, Registration("complaint", "CY", channel="phone", details={"text": "鹅卵石小径漏水"}), by=None, at=AT)
    assert main(["journal", "show", made.number.lower()]) == 0
    assert "鹅卵石小径漏水" in capsys.readouterr().out
    somebody = people.add_staff(organisation.id, "zhu", "朱品质", by=By("admin"), at=AT)
    actions.shred(organisation.id, made.case_id, by=By("quality_head", somebody.pk), at=AT, clauses=["GP-8.3.2b"])
    assert main(["journal", "show", made.number]) == 0
    said = capsys.readouterr().out
    assert "destroyed on 2026-02-02" in said and "朱品质" in said and "GP-8.3.2b" in said and "鹅卵石" not in said
    assert main(["journal", "show", "TS0000000"]) == 2
