"""Accounts: passwords for one login, one's own, going out of use and coming back; the last administrator; posts for oneself."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from huiyin.core.moments import BadText
from huiyin.desk.conftest import TODAY, GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.people import actions
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit


def test_a_password_for_one_login_is_known_to_nobody_and_has_to_be_changed(
    project: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    wang = with_post("wang", project, "unit_liaison")
    first, second = (accounts.reset_password(wang, by=clerk, at=at) for _ in range(2))
    kept = Staff.objects.get(pk=wang.pk)
    assert first != second and kept.check_password(second) and not kept.check_password(first)
    assert kept.must_change_password
    assert not any(second in str(body) for body in Entry.objects.values_list("body", flat=True))


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("seven77", "seven77", "7 characters"),
        ("x" * 129, "x" * 129, "129 characters"),
        ("wangxiaofang", "wangxiaofang", "the login"),
        (" WangXiaofang ", " WangXiaofang ", "the login"),
        ("eight888", "eight889", "differ"),
        ("old one 1", "old one 1", "in use"),
    ],
)
def test_a_password_that_may_not_be_is_refused(
    project: Unit, with_post: GivePost, at: datetime, clerk: By, new: str, again: str, said: str
) -> None:
    wang = with_post("wangxiaofang", project, "unit_liaison")
    actions.set_password(wang, "old one 1", by=clerk, at=at)
    with pytest.raises(BadText, match=said):
        accounts.change_password(wang, new, again, by=clerk, at=at)
    assert Staff.objects.get(pk=wang.pk).check_password("old one 1")


@pytest.mark.parametrize("new", ["  spaces  ", "eight888", "一二三四五六七八", "y" * 128])
def test_a_password_is_taken_as_it_was_typed(project: Unit, with_post: GivePost, at: datetime, clerk: By, new: str) -> None:
    wang = with_post("wang", project, "unit_liaison")
    actions.set_password(wang, "first one 1", by=clerk, at=at, once=True)
    accounts.change_password(wang, new, new, by=clerk, at=at)
    kept = Staff.objects.get(pk=wang.pk)
    assert kept.check_password(new) and not kept.check_password(new.strip() + "!") and not kept.must_change_password


def test_who_is_out_of_use_has_no_password_and_comes_back_with_one_for_one_login(
    project: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    wang = with_post("wang", project, "unit_liaison")
    actions.set_password(wang, "first one 1", by=clerk, at=at)
    before = wang.get_session_auth_hash()
    actions.disable_staff(wang, by=clerk, at=at)
    kept = Staff.objects.get(pk=wang.pk)
    assert not kept.has_usable_password() and kept.get_session_auth_hash() != before
    password = accounts.enable_staff(kept, by=clerk, at=at)
    kept.refresh_from_db()
    assert kept.is_active and kept.check_password(password) and kept.must_change_password


def test_the_last_administrator_stays(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    first = with_post("first", project, "admin")
    with pytest.raises(BadText, match="last administrator"):
        actions.disable_staff(first, by=clerk, at=at)
    first.refresh_from_db()
    with pytest.raises(BadText, match="last administrator"):
        actions.end_post(first.posts.get(), TODAY + timedelta(days=30), by=clerk, at=at)
    assert first.is_active and first.posts.get().until_on is None


@pytest.mark.parametrize("other", ["for a time", "later", "out of use", "none"])
def test_another_administrator_has_to_be_there_now_and_to_stay(
    project: Unit, with_post: GivePost, at: datetime, clerk: By, other: str
) -> None:
    first = with_post("first", project, "admin")
    if other == "for a time":
        with_post("second", project, "admin", until_on=TODAY + timedelta(days=9))
    elif other == "later":
        with_post("second", project, "admin", from_on=TODAY + timedelta(days=1))
    elif other == "out of use":
        second = with_post("second", project, "admin")
        actions.disable_staff(second, by=clerk, at=at)
    with pytest.raises(BadText, match="last administrator"):
        actions.disable_staff(first, by=clerk, at=at)


def test_one_of_two_administrators_may_go(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    first, second = with_post("first", project, "admin"), with_post("second", project, "admin")
    actions.end_post(second.posts.get(), TODAY, by=By("admin", first.pk), at=at)
    assert second.posts.get().until_on == TODAY
    with pytest.raises(BadText, match="last administrator"):
        actions.disable_staff(first, by=clerk, at=at)


def test_nobody_gives_themselves_a_post_or_a_password_or_goes_by_themselves(project: Unit, with_post: GivePost, at: datetime) -> None:
    first = with_post("first", project, "admin")
    with_post("second", project, "admin")
    myself = By("admin", first.pk)
    with pytest.raises(BadText, match="yourself"):
        actions.give_post(first, project, "quality_dept", TODAY, by=myself, at=at)
    with pytest.raises(BadText, match="your own account"):
        accounts.reset_password(first, by=myself, at=at)
    with pytest.raises(BadText, match="your own account"):
        actions.disable_staff(first, by=myself, at=at)
    assert first.posts.count() == 1


def test_a_post_ends_on_no_day_before_it_began(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    wang = with_post("wang", project, "unit_liaison", from_on=date(2026, 1, 10))
    with pytest.raises(BadText, match="2026-01-10"):
        actions.end_post(wang.posts.get(), date(2026, 1, 9), by=clerk, at=at)


def test_two_keys_in_use_have_two_names(project: Unit, at: datetime, clerk: By) -> None:
    key, _ = actions.make_api_key(project, "400平台", ["handover"], by=clerk, at=at)
    with pytest.raises(BadText, match="400平台"):
        actions.make_api_key(project, "400平台", ["handover"], by=clerk, at=at)
    actions.revoke_api_key(key, by=clerk, at=at)
    assert actions.make_api_key(project, "400平台", ["handover"], by=clerk, at=at)[0] != key


def test_a_name_keeps_what_it_was(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    wang = with_post("wang", project, "unit_liaison")
    accounts.describe_staff(wang, "王小芳", by=clerk, at=at, name_en="Wang Xiaofang", phone="0755-1234567")
    body = Entry.objects.filter(action="people.describe_staff").get().body
    assert (body["before"]["name"], body["after"]["name"]) == ("wang", "王小芳")
