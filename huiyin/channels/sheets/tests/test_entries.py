"""Homes, residents and staff come in from a sheet: each row with its verdict, the same again changes nothing, a change is an update."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from huiyin.channels.sheets import running
from huiyin.channels.sheets.files import read_table
from huiyin.channels.sheets.kinds import HOMES, KINDS, RESIDENTS, STAFF, Kind
from huiyin.channels.sheets.running import File
from huiyin.channels.sheets.templates import make_template
from huiyin.channels.sheets.tests.conftest import AT, CLERK
from huiyin.channels.sheets.words import guess, guess_columns, known_words
from huiyin.desk.imports import queries
from huiyin.desk.imports.intake import Door
from huiyin.desk.imports.jobs import KEPT_FOR, forget_old_lists
from huiyin.desk.imports.models import Import
from huiyin.desk.people.actions import add_staff, move_out
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import Living, Post, Resident, Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Household, Organisation

HOMES_OF_CY = ("小区,房号,建筑面积", "翠园一期,3栋2单元1501室,89.1", "翠园一期,3-2-1502,", "翠园一期,电梯旁边!,70", "别处,3-2-1503,70")


def _file(organisation: Organisation, kind: Kind, lines: Sequence[str]) -> File:
    data = "\n".join(lines).encode()
    door = Door.of(organisation.id, AT)
    mapping = guess(read_table("a.csv", data), kind.key, known_words(organisation.id, door.reach, AT), kind)
    return running.open_file("a.csv", data, mapping)


def _bring(organisation: Organisation, kind: Kind, lines: Sequence[str]) -> tuple[Import, dict[str, int]]:
    file = _file(organisation, kind, lines)
    seen = [one.kind for one in running.preview(file, Door.of(organisation.id, AT), None)]
    begun = running.begin(file, organisation.id, by=CLERK, at=AT)
    counted = dict(running.carry_on(begun, file.mapping, by=CLERK, at=AT))
    # What was foretold is what came.
    assert {kind: seen.count(kind) for kind in set(seen)} == {kind: n for kind, n in counted.items() if n and kind != "read"}
    return begun, counted


def _homes(organisation: Organisation) -> None:
    _bring(organisation, HOMES, HOMES_OF_CY)


def test_homes_come_in_and_what_is_wrong_is_said(organisation: Organisation) -> None:
    begun, counted = _bring(organisation, HOMES, HOMES_OF_CY)
    assert (counted["taken"], counted["refused"]) == (2, 2)
    assert dict(Household.objects.values_list("code", "area_m2")) == {"3-2-1501": Decimal("89.10"), "3-2-1502": None}
    wrong = running.error_file(begun).decode("utf-8-sig")
    assert "电梯旁边!" in wrong and "别处" in wrong and "89.1" not in wrong and "错误原因" in wrong


def test_the_same_homes_again_are_no_doubles_and_another_area_is_an_update(organisation: Organisation) -> None:
    _homes(organisation)
    assert _bring(organisation, HOMES, HOMES_OF_CY)[1]["existing"] == 2
    counted = _bring(organisation, HOMES, ("小区,房号,面积", "CY,3-2-1502,101.5", "CY,3-2-1501,89.10", "CY,3-2-1502,102"))[1]
    assert (counted["updated"], counted["existing"], counted["taken"]) == (2, 1, 0)
    assert Household.objects.get(code="3-2-1502").area_m2 == 102 and Household.objects.count() == 2


PEOPLE = (
    "小区,房号,姓名,性别,住户类型,手机",
    "翠园一期,3-2-1501,王小明,男,业主,13800138000",
    "翠园一期,3-2-1501,李红,女,家属,13800138001、025-86540000",
    "翠园一期,3-2-1502,王小明,男,业主,13800138000",
    "翠园一期,9-9-909,赵六,男,业主,",
    "翠园一期,3-2-1502,钱七,男,业主,打不通",
)


def test_residents_come_with_their_numbers_and_one_person_may_have_two_homes(organisation: Organisation) -> None:
    _homes(organisation)
    counted = _bring(organisation, RESIDENTS, PEOPLE)[1]
    assert (counted["taken"], counted["updated"], counted["refused"]) == (2, 1, 2)
    wang = Resident.objects.get(name="王小明")
    assert wang.title == "先生" and wang.phones.count() == 1
    assert sorted(wang.homes.values_list("household__code", flat=True)) == ["3-2-1501", "3-2-1502"]
    assert Resident.objects.get(name="李红").phones.count() == 2


def test_residents_again_are_updated_and_not_doubled(organisation: Organisation) -> None:
    _homes(organisation)
    _bring(organisation, RESIDENTS, PEOPLE)
    assert _bring(organisation, RESIDENTS, PEOPLE)[1] == {"read": 5, "waiting": 0, "taken": 0, "updated": 0, "refused": 2, "existing": 3}
    changed = (PEOPLE[0], "翠园一期,3-2-1501,李红,女,租户,13800138009")
    assert _bring(organisation, RESIDENTS, changed)[1]["updated"] == 1
    hong = Resident.objects.get(name="李红")
    assert hong.phones.count() == 3 and hong.homes.get(until_on=None).kind == "renter"
    # That she was family there before is kept.
    assert hong.homes.filter(kind="family", until_on=AT.date()).exists()


def test_who_moved_out_comes_back_by_a_later_sheet(organisation: Organisation) -> None:
    _homes(organisation)
    _bring(organisation, RESIDENTS, PEOPLE[:2])
    move_out(Living.objects.get(), AT.date(), by=CLERK, at=AT)
    assert _bring(organisation, RESIDENTS, PEOPLE[:2])[1]["updated"] == 1
    assert Resident.objects.count() == 1 and Living.objects.count() == 2 and Living.objects.standing().count() == 1


WORKERS = (
    "工号,姓名,办公电话,部门,岗位",
    "wangxm,王小明,025-86540000,翠园一期,系统管理员",
    "lihong,李红,,翠园一期,项目经理",
    "lihong,李红,,WY,project_manager",
    "taken,外人,,,",
    "赵六,赵六,,,",
    "qian,钱七,,翠园一期,",
)


def test_staff_come_with_posts_and_get_passwords_once(organisation: Organisation) -> None:
    other = places.add_organisation("other", "别家", by=CLERK, at=AT)
    add_staff(other.id, "taken", "别家的人", by=CLERK, at=AT)
    begun, counted = _bring(organisation, STAFF, WORKERS)
    assert (counted["taken"], counted["updated"], counted["refused"]) == (2, 1, 3)
    assert set(Post.objects.values_list("staff__login", "unit__code", "role")) == {
        ("wangxm", "CY", "admin"), ("lihong", "CY", "project_manager"), ("lihong", "WY", "project_manager"),
    }  # fmt: skip
    made = Staff.objects.get(login="lihong")
    assert not made.has_usable_password() and Staff.objects.get(login="taken").organisation_id == other.id
    given = accounts.first_passwords(organisation.id, queries.made_by(begun), by=CLERK, at=AT)
    assert [one.login for one, _ in given] == ["lihong", "wangxm"]
    made.refresh_from_db()
    assert made.check_password(given[0][1]) and made.must_change_password
    assert accounts.first_passwords(organisation.id, queries.made_by(begun), by=CLERK, at=AT) == []


def test_staff_again_are_updated_by_what_is_told(organisation: Organisation) -> None:
    _bring(organisation, STAFF, WORKERS[:3])
    assert _bring(organisation, STAFF, WORKERS[:3])[1]["existing"] == 2
    assert _bring(organisation, STAFF, ("账号,姓名,电话", "WangXM,王晓明,"))[1]["updated"] == 1
    one = Staff.objects.get(login="wangxm")
    assert (one.name, one.phone) == ("王晓明", "025-86540000") and one.posts.count() == 1


def test_one_that_was_stopped_goes_on_where_it_stopped(organisation: Organisation) -> None:
    lines = ("小区,房号", *(f"CY,1-1-{number}" for number in range(101, 111)))
    file = _file(organisation, HOMES, lines)
    begun = running.begin(file, organisation.id, by=CLERK, at=AT)
    asked = iter([False] * 4 + [True] * 9)
    running.carry_on(begun, file.mapping, by=CLERK, at=AT, stopped=lambda: next(asked))
    assert Household.objects.count() == 4 and running.begin(file, organisation.id, by=CLERK, at=AT).pk == begun.pk
    assert running.carry_on(begun, file.mapping, by=CLERK, at=AT)["taken"] == 10 and Household.objects.count() == 10


@pytest.mark.parametrize("kind", [HOMES, RESIDENTS, STAFF])
@pytest.mark.parametrize("chinese", [True, False])
def test_a_template_is_read_by_its_own_headings_without_its_example(organisation: Organisation, kind: Kind, chinese: bool) -> None:
    words = known_words(organisation.id, frozenset(("CY", "WY")), AT)
    book = make_template({field: [names[0] for names in words[field].values()] for field in kind.by_key}, kind, chinese=chinese)
    header = [str(cell) for cell in CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()[0]]
    assert list(guess_columns(header, kind).values()) == list(kind.fields)
    mapping = guess(read_table("a.xlsx", book), kind.key, words, kind)
    assert running.open_file("a.xlsx", book, mapping).table.rows == ()


def test_every_field_of_every_kind_has_two_names() -> None:
    for kind in KINDS.values():
        assert {*kind.required, *kind.by_key, *kind.constants, *kind.shown, kind.marks} <= kind.fields.keys()
        assert all(len(names) == 2 and all(names) for names in kind.fields.values())


def test_a_week_later_the_list_is_forgotten_and_the_people_stay(organisation: Organisation) -> None:
    _homes(organisation)
    begun, _counted = _bring(organisation, RESIDENTS, PEOPLE)
    assert forget_old_lists(AT + KEPT_FOR) == 0
    assert forget_old_lists(AT + 2 * KEPT_FOR) == 2 and forget_old_lists(AT + 2 * KEPT_FOR) == 0
    assert all(row.raw == {} for row in queries.all_rows(begun)) and queries.counts(begun)["taken"] == 2
    assert Resident.objects.count() == 2
