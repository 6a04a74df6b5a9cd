"""The bytes of files: kept with their hash, within what a person may send in a day, thrown away; and photos of old brought in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from huiyin.desk.files import queries
from huiyin.desk.files.actions import Owner, TooMuchToday, keep, throw_away
from huiyin.desk.files.models import CASE, FINDING, Kept
from huiyin.desk.files.moving import bring_in
from huiyin.desk.journal.actions import By
from huiyin.plumbing.ids import new_id

pytestmark = pytest.mark.django_db
HOUSE, THING = UUID(int=1), UUID(int=2)
LI, WANG, PROGRAM = By("unit_liaison", UUID(int=3)), By("unit_liaison", UUID(int=4)), By("call_centre")
OWNER = Owner(HOUSE, CASE, THING)


def _keep(data: bytes, at: datetime, by: By = LI) -> Kept:
    return keep(OWNER, new_id(at), data, b"small", by=by, at=at)


def test_a_file_comes_back_as_it_was_and_an_altered_one_is_found(at: datetime) -> None:
    made = _keep(b"one", at)
    assert made.sha256 == hashlib.sha256(b"one").hexdigest()
    assert (queries.data_of(HOUSE, made.id), queries.small_of(HOUSE, made.id)) == (b"one", b"small")
    assert queries.checked() == (1, [])
    Kept.objects.filter(id=made.id).update(data=b"two")
    assert queries.checked() == (1, [(HOUSE, made.id)])
    throw_away(HOUSE, made.id)
    for read in (queries.data_of, queries.small_of, throw_away):
        with pytest.raises(Kept.DoesNotExist):
            read(HOUSE, made.id)


def test_nobody_sends_more_in_a_day_than_is_allowed(at: datetime, settings: Settings) -> None:
    settings.PERSON_FILES_A_DAY = 2
    _keep(b"1", at)
    _keep(b"2", at)
    with pytest.raises(TooMuchToday, match="found 3 files sent today with these, expected at most 2 a day") as refused:
        _keep(b"3", at)
    assert "您今天共上传 3 个文件，每天最多 2 个" in refused.value.zh
    _keep(b"of another", at, WANG)
    _keep(b"of a program", at, PROGRAM)
    with pytest.raises(TooMuchToday):
        _keep(b"still the same day", at + timedelta(seconds=refused.value.seconds - 2))
    _keep(b"tomorrow", at + timedelta(seconds=refused.value.seconds))


def test_nobody_sends_more_bytes_in_a_day_than_is_allowed(at: datetime, settings: Settings) -> None:
    settings.PERSON_BYTES_A_DAY = 1024 * 1024
    _keep(bytes(1024 * 1024), at)
    with pytest.raises(TooMuchToday, match="found 2 MB sent today with these, expected at most 1 MB a day"):
        _keep(b"1", at)
    assert Kept.objects.count() == 1


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """The data folder of a house in which photos lay beside the database."""
    settings.DATA_DIR = tmp_path
    (tmp_path / "files" / "inspections").mkdir(parents=True)
    return tmp_path / "files" / "inspections"


def _photo(folder: Path, data: bytes, at: datetime, name: str) -> Any:
    (folder / name).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    return SimpleNamespace(
        organisation_id=HOUSE, id=new_id(at), finding_id=THING, path=f"inspections/{name}", sha256=digest, at=at, by_person=LI.person
    )  # fmt: skip


def test_photos_of_the_data_folder_come_in_whole_and_leave_it(
    folder: Path, at: datetime, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    whole, altered, lost = (_photo(folder, name.encode(), at, name) for name in ("whole", "altered", "lost"))
    (folder / "altered").write_bytes(b"other")
    (folder / "lost").unlink()
    with django_capture_on_commit_callbacks(execute=True):
        bring_in(apps, FINDING, [whole, altered, lost], "finding_id")
        assert (folder / "whole").exists(), "the file stays until the database has it for good"
    made = Kept.objects.get()
    assert (made.id, made.of, made.of_id, bytes(made.data), made.by_person) == (whole.id, FINDING, THING, b"whole", LI.person)
    assert [path.name for path in folder.iterdir()] == ["altered"]
    assert "other bytes than were kept" in caplog.text and "no file" in caplog.text
