"""The drill: a house with cases, files and photos is backed up and restored elsewhere; every table and file is the same, the journal proves
whole, and no message leaves from the copy until somebody says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import conninfo, sql

from huiyin.desk.files import actions as files
from huiyin.desk.files.models import FINDING
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal import queries
from huiyin.desk.messaging import actions as messaging
from huiyin.desk.messaging.models import FAILED, SENT, WAITING, Message
from huiyin.desk.messaging.tests.lines import Line
from huiyin.faces.cli.main import main
from huiyin.plumbing.files.tests.samples import jpeg
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.postgres import ADDRESS_VARIABLE
from tests.destroying.world import ENDED, World, complain, live, settle

COPY = "huiyin_drill"


@pytest.fixture
def world(transactional_db: None) -> World:
    """A house that has lived: a case with a photo and a paper, a notice that was photographed, a photo of a finding; a message waits."""
    world = settle()
    complain(world)
    live(world)
    owner = files.Owner(world.id, FINDING, new_id(ENDED))
    files.keep(owner, new_id(ENDED), jpeg(), jpeg((8, 8)), by=world.by("wu"), at=ENDED)
    messaging.put_now(world.id, "waits", "case.progress", at=ENDED, channel="sms", to_address="+8613800138000")
    while journal.seal(world.id, ENDED):
        pass
    return world


def _address(database: str) -> str:
    own = connection.settings_dict
    parts = {"user": own["USER"], "password": own["PASSWORD"], "host": own["HOST"], "port": own["PORT"], "dbname": database}
    return conninfo.make_conninfo("", **{name: value for name, value in (own["OPTIONS"] | parts).items() if value})


@pytest.fixture
def copy(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of an empty database beside that of the house."""

    def manage(words: str) -> None:
        with psycopg.connect(_address("postgres"), autocommit=True) as server:
            server.execute(sql.SQL(words).format(sql.Identifier(COPY)))

    manage("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    manage("CREATE DATABASE {}")
    yield COPY
    connection.close()
    manage("DROP DATABASE {} WITH (FORCE)")


@contextmanager
def _in(database: str) -> Iterator[None]:
    """Work in another database, as its own process would."""
    with pytest.MonkeyPatch.context() as patch:
        connection.close()
        patch.setitem(connection.settings_dict, "NAME", database)
        patch.setenv(ADDRESS_VARIABLE, _address(database))
        yield
        connection.close()


def _told(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _digests() -> dict[str, str]:
    """A digest of all rows of each table."""
    tables = _told("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
    each = "SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {} t"
    return {str(name): str(_told(each.format(f'"{name}"'))[0][0]) for (name,) in tables}


def _hashes() -> list[tuple[Any, ...]]:
    return _told("SELECT id, of, sha256, encode(sha256(data), 'hex'), encode(sha256(small), 'hex') FROM files_kept ORDER BY id")


def _sent() -> list[str]:
    line = Line()
    messaging.send_due(ENDED, channels={"sms": line})
    return [one.key for one in line.parcels]


def test_a_house_comes_back_whole_with_every_file_and_sends_nothing_until_told(
    world: World, copy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, file = str(connection.settings_dict["NAME"]), tmp_path / "house.backup"
    head, before, hashes = queries.head(world.id), _digests(), _hashes()
    assert len(before) > 60 and sorted(of for _id, of, *_ in hashes) == ["case", "case", "finding", "posting"]
    with _in(own):
        assert main(["outbox"]) == 0
        assert main(["backup", str(file)]) == 0
    with _in(copy):
        assert main(["restore", str(file), "--replace"]) == 0
        assert "All 4 files that people sent are what was kept" in capsys.readouterr().out
        assert _digests() == before
        assert _hashes() == hashes and all(kept == data for _id, _of, kept, data, _small in hashes)
        found = queries.verify(world.id, head)
        assert found.ok and found.entries > 50 and found.unsealed == 0, found.first_bad
        assert _sent() == [] and main(["outbox"]) == 1
        assert Message.objects.get(key__startswith="waits").state == WAITING
        assert main(["outbox", "open"]) == 0
        assert _sent() == ["waits>sms:+8613800138000"] and main(["outbox"]) == 0
        assert main(["restore", str(file), "--replace"]) == 0
        assert _sent() == [], "restored once more, it is muzzled once more"
        assert main(["outbox", "open", "--discard"]) == 0
        assert _sent() == [] and Message.objects.get(key__startswith="waits").state == FAILED
        entries = queries.entries_of(world.id, f"organisation:{world.id}")
        assert [(one.action, one.body["discarded"]) for one in entries if one.action.startswith("messaging.")] == [
            ("messaging.open_outbox", True)
        ]
        assert main(["outbox", "close"]) == 0 and main(["outbox"]) == 1
    with _in(own):
        assert _sent() == ["waits>sms:+8613800138000"], "the house itself goes on"
    assert Message.objects.get(key__startswith="waits").state == SENT


def test_a_file_that_is_not_what_was_kept_is_told_when_it_is_restored(
    world: World, copy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own, file = str(connection.settings_dict["NAME"]), tmp_path / "house.backup"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE files_kept SET data = 'other' WHERE of = 'finding' RETURNING id")
        altered = cursor.fetchone()[0]
    with _in(own):
        assert main(["backup", str(file)]) == 0
    with _in(copy):
        assert main(["restore", str(file), "--replace"]) == 1
    assert f"1 of 4 files are not what was kept: {altered}" in capsys.readouterr().err
