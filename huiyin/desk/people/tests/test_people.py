"""Who is addressed, who may do what and where, which hours nobody covers, and who a telephone belongs to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError, transaction

from huiyin.core.moments import BadText
from huiyin.desk.conftest import TODAY, GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.people import access, actions, queries
from huiyin.desk.people.doors.keys import digest_of
from huiyin.desk.people.models import Post, Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit
from huiyin.plumbing.phones import BadPhone

NINE, NOON, SIX, EIGHT_PM = 540, 720, 1080, 1200


def _holders(unit: Unit, role: str, day: date = TODAY) -> list[str]:
    return [Staff.objects.get(pk=one).login for one in queries.holders(unit.organisation_id, role, unit.code, day)]


def test_a_role_is_held_at_the_unit_or_at_the_nearest_one_above(project: Unit, branch: Unit, with_post: GivePost) -> None:
    with_post("far", branch, "quality_dept")
    assert _holders(project, "quality_dept") == ["far"]
    with_post("near", project, "quality_dept")
    assert _holders(project, "quality_dept") == ["near"]
    assert _holders(branch, "quality_dept") == ["far"]


def test_a_class_has_the_responsible_person_nearest_above_as_long_as_the_post_lasts(
    project: Unit, branch: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    for login, unit, classes in (("far", branch, ["AC:hygiene"]), ("near", project, ["AC:noise"])):
        held = Post.objects.get(staff=with_post(login, unit, "unit_liaison"))
        actions.give_classes(held, classes, by=clerk, at=at)

    def responsible(of: str, day: date = TODAY) -> list[str]:
        found = queries.responsible_for(project.organisation_id, project.code, [of], day)
        return [Staff.objects.get(pk=one).login for one in found]

    assert responsible("AC:hygiene") == ["far"], "nobody nearer is responsible for it"
    assert responsible("AC:noise") == ["near"] and responsible("AC:cooking") == []
    actions.end_post(held, TODAY, by=clerk, at=at)
    assert responsible("AC:noise") == ["near"] and responsible("AC:noise", TODAY + timedelta(days=1)) == []


def test_a_department_acts_for_the_unit_that_it_belongs_to(
    project: Unit, company: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    places.add_unit(company.organisation_id, "PZ", "department", "品质管理部", by=clerk, at=at, parent=company.id)
    department = Unit.objects.get(code="PZ")
    head = with_post("head", department, "quality_head")

    assert _holders(project, "quality_head") == ["head"]
    assert access.may(head, "verify_warning", project, on_day=TODAY)


def test_without_a_liaison_the_project_manager_is_addressed(project: Unit, with_post: GivePost) -> None:
    with_post("manager", project, "project_manager")
    assert _holders(project, "unit_liaison") == ["manager"]
    with_post("liaison", project, "unit_liaison")
    assert _holders(project, "unit_liaison") == ["liaison"]
    assert _holders(project, "branch_head") == []


def test_a_post_holds_from_its_first_to_its_last_day(project: Unit, with_post: GivePost) -> None:
    with_post("wang", project, "branch_head", from_on=date(2026, 1, 1), until_on=date(2026, 1, 31))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    assert [_holders(project, "branch_head", day) for day in days] == [[], ["wang"], ["wang"], []]


def test_who_is_disabled_or_has_lost_the_post_may_do_nothing_from_then_on(
    project: Unit, with_post: GivePost, at: datetime, clerk: By
) -> None:
    staff = with_post("li", project, "unit_liaison")
    other = with_post("zhao", project, "unit_liaison")
    assert access.may(staff, "accept", project, on_day=TODAY)

    actions.disable_staff(staff, by=clerk, at=at)
    actions.end_post(other.posts.get(), TODAY - timedelta(days=1), by=clerk, at=at)

    assert _holders(project, "unit_liaison") == []
    assert not access.may(staff, "accept", project, on_day=TODAY)
    assert not access.may(other, "accept", project, on_day=TODAY)


def test_the_scope_of_a_post_is_its_unit_and_everything_below(project: Unit, branch: Unit, company: Unit, with_post: GivePost) -> None:
    head = with_post("head", branch, "branch_head")
    agent = with_post("agent", project, "group_cc_agent")

    assert access.scope_of(head, head.posts.get()) == {branch.id, project.id}
    assert access.scope_of(agent, agent.posts.get()) == {company.id, branch.id, project.id}
    assert access.scope_of(agent, head.posts.get()) == frozenset()
    assert not access.may(head, "see_cases", company, on_day=TODAY)
    assert [unit.code for unit in access.units(head, "see_cases", on_day=TODAY)] == ["CY", "FG"]


def test_a_right_comes_from_the_role_of_the_post_one_acts_under(project: Unit, branch: Unit, with_post: GivePost) -> None:
    both = with_post("both", project, "unit_liaison")
    with_post("both", branch, "branch_head")
    liaison, head = both.posts.get(role="unit_liaison"), both.posts.get(role="branch_head")

    assert access.may(both, "sign_summary", project, on_day=TODAY)
    assert not access.may(both, "sign_summary", project, on_day=TODAY, post=liaison)
    assert "accept" not in access.verbs(both, project, on_day=TODAY, post=head)
    assert set(access.roles_at(both, project, on_day=TODAY)) == {"unit_liaison", "branch_head"}
    assert not access.may(both, "fly", project, on_day=TODAY)


def test_nobody_reaches_into_another_organisation(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    other = places.add_organisation("other", "别家", by=clerk, at=at)
    stranger = actions.add_staff(other.id, "stranger", "外人", by=clerk, at=at)
    with pytest.raises(BadText, match="another organisation"):
        actions.give_post(stranger, project, "admin", TODAY, by=clerk, at=at)
    assert not access.may(stranger, "see_cases", project, on_day=TODAY)
    assert queries.holders(other.id, "admin", project.code, TODAY) == ()


def test_the_hours_that_nobody_covers_show(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    wang = with_post("wang", project, "unit_liaison")
    actions.plan_duty(project, "liaison_mobile", TODAY, [(NOON, SIX, wang), (NINE, NOON, wang)], by=clerk, at=at)
    actions.plan_duty(project, "service_phone", TODAY, [(0, 1440, wang)], by=clerk, at=at)

    gaps = queries.gaps(project, TODAY, {"liaison_mobile": (480, EIGHT_PM), "service_phone": (0, 1440), "quality_desk": (510, 1050)})

    assert gaps["liaison_mobile"] == ((480, NINE), (SIX, EIGHT_PM))
    assert gaps["service_phone"] == ()
    assert gaps["quality_desk"] == ((510, 1050),)
    assert queries.on_roster(project, "liaison_mobile", TODAY, NOON) == (wang.id,)


def test_signing_in_twice_is_once_and_out_twice_is_once(project: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    wang = with_post("wang", project, "unit_liaison")
    first = actions.open_presence(wang, project, "liaison_online", by=clerk, at=at)
    assert actions.open_presence(wang, project, "liaison_online", by=clerk, at=at + timedelta(hours=1)) == first
    actions.close_presence(first, by=clerk, at=at + timedelta(hours=8))
    actions.close_presence(first, by=clerk, at=at + timedelta(hours=9))
    first.refresh_from_db()
    assert first.closed_at == at + timedelta(hours=8)


@pytest.mark.parametrize("login", ["аdmin", "王伟", "a", "a b", "<script>", "-x"])
def test_a_login_that_could_be_mistaken_is_refused(login: str, organisation: Organisation, at: datetime, clerk: By) -> None:
    with pytest.raises(BadText, match="Latin letters"):
        actions.add_staff(organisation.id, login, "某人", by=clerk, at=at)


def test_a_person_logs_in_however_the_login_is_capitalised(organisation: Organisation, at: datetime, clerk: By) -> None:
    staff = actions.add_staff(organisation.id, "Ｗang.Fang", "王芳", by=clerk, at=at, password="correct horse 9")
    assert authenticate(username="WANG.fang", password="correct horse 9") == staff
    assert authenticate(username="wang.fang", password="wrong") is None
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_staff(organisation.id, "WANG.FANG", "王方", by=clerk, at=at)


@pytest.mark.parametrize("asked", ["138 0013 8000", "+86 13800138000", "１３８００１３８０００", "138-0013-8000"])
def test_a_resident_is_found_by_a_number_however_it_is_written(asked: str, organisation: Organisation, at: datetime, clerk: By) -> None:
    person = actions.add_resident(organisation.id, "王芳", by=clerk, at=at, phone="13800138000/021-61234567转801", title="女士")
    assert queries.find_residents(organisation.id, asked) == [person]
    assert person.phones.count() == 2


def test_people_without_a_number_are_not_one_person(organisation: Organisation, at: datetime, clerk: By) -> None:
    for phone in ("无", "匿名", "11111111111"):
        actions.add_resident(organisation.id, "", by=clerk, at=at, phone=phone)
    assert queries.find_residents(organisation.id, "无") == []


def test_a_masked_number_changes_nothing(organisation: Organisation, at: datetime, clerk: By) -> None:
    person = actions.add_resident(organisation.id, "王芳", by=clerk, at=at, phone="13800138000")
    with pytest.raises(BadPhone):
        actions.add_phone(person, "138****8000", by=clerk, at=at)
    assert [phone.e164 for phone in person.phones.all()] == ["+8613800138000"]


def test_residents_of_units_out_of_reach_look_absent(project: Unit, branch: Unit, with_post: GivePost, at: datetime, clerk: By) -> None:
    near = with_post("near", project, "unit_liaison")
    other = places.add_unit(branch.organisation_id, "CY2", "project", "翠园二期", by=clerk, at=at, parent=branch.id)
    far = with_post("far", other, "unit_liaison")
    person = actions.add_resident(project.organisation_id, "王芳", by=clerk, at=at)
    actions.move_in(person, places.add_household(project, "1-1-101", by=clerk, at=at), "owner", by=clerk, at=at)

    assert list(access.residents(near, on_day=TODAY)) == [person]
    assert list(access.residents(far, on_day=TODAY)) == []


def test_looking_behind_a_mask_needs_a_reason_and_is_kept(project: Unit, with_post: GivePost, at: datetime) -> None:
    wang = with_post("wang", project, "unit_liaison")
    by = By("unit_liaison", wang.id)
    with pytest.raises(BadText, match="reason"):
        actions.unmask(project.organisation_id, wang, "phone", "resident:1", "  ", by=by, at=at)
    assert actions.unmask(project.organisation_id, wang, "phone", "resident:1", "回访", by=by, at=at).at == at


def test_a_key_is_known_by_its_digest_until_it_is_revoked(project: Unit, at: datetime, clerk: By) -> None:
    key, text = actions.make_api_key(project, "400平台", ["cases:write"], by=clerk, at=at)
    assert queries.api_key(digest_of(text)) == key
    assert text.encode() not in bytes(key.digest) and text != key.prefix
    actions.revoke_api_key(key, by=clerk, at=at)
    assert queries.api_key(digest_of(text)) is None
