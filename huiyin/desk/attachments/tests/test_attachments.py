"""Files of a case: kept once, counted, looked at with a trace, taken away with a reason, never on a case that is held or destroyed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from pytest_django import Settings

from huiyin.core.moments import BadText
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.attachments import access, actions, queries
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case
from huiyin.desk.conftest import GivePost
from huiyin.desk.files.models import Kept
from huiyin.desk.journal.actions import By, Destroyed
from huiyin.desk.journal.queries import entries_of
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.plumbing.files import BadFile
from huiyin.plumbing.files.tests.samples import MAKER, PDF, PLACE, SVG, jpeg, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(company: Unit, project: Unit, clerk: By, at: datetime) -> Case:
    adopt(company, "group_platform", "1", date(2020, 1, 1), by=clerk, at=at)
    return _case(project, at)


def _case(project: Unit, at: datetime) -> Case:
    form = Registration("complaint", project.code, story="厨房漏水", channel="call_centre_400", by_role="group_cc_agent")
    made = register(project.organisation_id, form, by=None, at=at)
    return Case.objects.get(id=made.case_id)


@pytest.fixture
def liaison(project: Unit, with_post: GivePost) -> Staff:
    return with_post("zhao", project, "unit_liaison")


def _add(case: Case, *files: actions.Prepared, by: By, at: datetime, act: str = "") -> list[Attachment]:
    return actions.add(case.organisation_id, case.id, files, by=by, at=at, act=act)


def test_a_photo_comes_back_drawn_anew_and_a_paper_as_it_was(case: Case, clerk: By, at: datetime) -> None:
    photo, paper = _add(
        case, actions.prepare("../现场\u200b.png", jpeg(exif=PLACE)), actions.prepare("合同.pdf", PDF), by=clerk, at=at, act="note"
    )
    assert (photo.name, photo.kind, photo.small, photo.act) == ("现场.jpg", "image/jpeg", True, "note")
    assert (paper.name, paper.kind, paper.small, paper.size) == ("合同.pdf", "application/pdf", False, len(PDF))
    seen = actions.look(photo, by=clerk, at=at)
    assert seen.startswith(b"\xff\xd8\xff") and MAKER not in seen and len(seen) == photo.size
    assert actions.small_picture(photo).startswith(b"\xff\xd8\xff")
    assert actions.look(paper, by=clerk, at=at) == PDF


def test_the_same_file_twice_is_one_also_in_one_go(case: Case, clerk: By, at: datetime) -> None:
    one = actions.prepare("a.pdf", PDF)
    first = _add(case, one, replace(one, name="b.pdf"), by=clerk, at=at)
    again = _add(case, one, by=clerk, at=at + timedelta(hours=1))
    assert [made.id for made in first] == [made.id for made in again] and Kept.objects.count() == 1
    other = _case(Unit.objects.get(code="CY"), at)
    assert _add(other, one, by=clerk, at=at)[0].id != first[0].id
    assert queries.counts(case.organisation_id, [case.id, other.id]) == {case.id: 1, other.id: 1}


def test_who_added_looked_and_took_away_stands_in_the_journal(case: Case, clerk: By, liaison: Staff, at: datetime) -> None:
    by = By("unit_liaison", liaison.pk)
    (made,) = _add(case, actions.prepare("a.pdf", PDF), by=by, at=at)
    actions.look(made, by=clerk, at=at + timedelta(minutes=1), program="呼叫中心")
    actions.take_away(made, "传错了", by=by, at=at + timedelta(hours=1))
    entries = sorted(entries_of(case.organisation_id, f"case:{case.id}"), key=lambda one: one.at)
    told = [one for one in entries if one.action.startswith("attachments.")]
    assert [(one.action, one.by_person, one.body["name"]) for one in told] == [
        ("attachments.add", liaison.pk, "a.pdf"), ("attachments.look", None, "a.pdf"), ("attachments.take_away", liaison.pk, "a.pdf"),
    ]  # fmt: skip
    assert (told[1].body["program"], told[2].body["reason"]) == ("呼叫中心", "传错了")


def test_what_was_taken_away_has_no_bytes_and_may_come_again(case: Case, clerk: By, at: datetime) -> None:
    one = actions.prepare("a.pdf", PDF)
    (made,) = _add(case, one, by=clerk, at=at)
    gone = actions.take_away(made, "传错了", by=clerk, at=at)
    assert actions.take_away(made, "再撤", by=clerk, at=at).removed_why == gone.removed_why == "传错了"
    assert not Kept.objects.exists() and queries.counts(case.organisation_id, [case.id]) == {}
    with pytest.raises(access.NotFound):
        access.fetch(case, made.id)
    assert _add(case, one, by=clerk, at=at)[0].id != made.id
    assert len(queries.of_case(case.organisation_id, case.id)) == 2


def test_nothing_is_taken_away_from_a_case_under_legal_hold_or_without_a_reason(
    case: Case, clerk: By, liaison: Staff, at: datetime
) -> None:
    (made,) = _add(case, actions.prepare("a.pdf", PDF), by=clerk, at=at)
    by = By("quality_head", liaison.pk)
    keeping.preserve(case.organisation_id, "case", case.id, "诉讼", by=by, at=at)
    with pytest.raises(BadText, match="legal hold"):
        actions.take_away(made, "传错了", by=clerk, at=at)
    keeping.release(case.organisation_id, "case", case.id, "结案", by=by, at=at)
    with pytest.raises(ValueError, match="reason"):
        actions.take_away(made, "  ", by=clerk, at=at)
    assert Kept.objects.count() == 1


def test_one_bad_file_is_told_by_its_name_and_nothing_of_it_is_kept(settings: Settings) -> None:
    settings.ATTACHMENT_MOST_BYTES = 1024 * 1024
    for name, data, code in (
        ("页面.jpg", SVG, "wrong_type"),
        ("大.pdf", b"%PDF-" + bytes(1024 * 1024), "too_large"),
        ("坏.jpg", jpeg()[:200], "invalid"),
    ):
        with pytest.raises(BadFile) as refused:
            actions.prepare(name, data)
        assert (refused.value.code, refused.value.zh.startswith(f"“{name}”")) == (code, True)


def test_a_case_takes_so_many_files_and_no_more(case: Case, clerk: By, at: datetime, settings: Settings) -> None:
    settings.ATTACHMENTS_MOST = 2
    files = [actions.prepare(f"{number}.txt", f"第{number}份".encode()) for number in range(3)]
    with pytest.raises(BadText, match="found 3 files"):
        _add(case, *files, by=clerk, at=at)
    assert not Attachment.objects.exists(), "all or none"
    _add(case, *files[:2], by=clerk, at=at)
    settings.ATTACHMENTS_MOST, settings.ATTACHMENTS_MOST_BYTES = 9, 20
    with pytest.raises(BadText, match="MB"):
        _add(case, files[2], by=clerk, at=at)


def test_a_file_is_its_cases_alone(case: Case, project: Unit, clerk: By, at: datetime) -> None:
    (made,) = _add(case, actions.prepare("a.png", picture()), by=clerk, at=at)
    other = _case(project, at)
    assert access.fetch(case, made.id).id == made.id
    for wrong, key in ((other, made.id), (case, UUID(int=7))):
        with pytest.raises(access.NotFound):
            access.fetch(wrong, key)


def test_the_files_of_a_case_that_holds_secrets_are_hidden(case: Case, clerk: By, liaison: Staff, at: datetime) -> None:
    (made,) = _add(case, actions.prepare("a.pdf", PDF), by=clerk, at=at)
    case.secrets = [{"rule": "XX:none", "clause": "XX-1", "parts": [], "words": 1}]
    with pytest.raises(access.NotFound):
        access.fetch(case, made.id)
    with pytest.raises(access.NotFound):
        access.fetch_secret(case, made.id, staff_id=liaison.pk, role="unit_liaison", at=at)


def test_a_destroyed_case_takes_no_file(case: Case, clerk: By, at: datetime) -> None:
    Case.objects.filter(id=case.id).update(destroyed_at=at)
    with pytest.raises(Destroyed):
        _add(case, actions.prepare("a.pdf", PDF), by=clerk, at=at)
