"""The administrator's pages: people and posts, one's own password, units, homes, residents, keys for programs."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.adoptions.models import Wording
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.models import Entry
from huiyin.desk.people import actions as people
from huiyin.desk.people.doors import accounts
from huiyin.desk.people.models import ApiKey, Post, Resident, Staff
from huiyin.desk.places.models import Household, Unit
from huiyin.desk.qr_points.models import QrPoint
from huiyin.faces.console.tests.conftest import CLERK, EARLY, PASSWORD, House

NEW = {"name": "何新人", "login": "Xinren", "name_en": "He Xinren", "phone": "0755-2600"}


def _secret(answer: Any, key: str) -> str:
    found = re.search(rf'<code id="{key}">([^<]+)</code>', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def test_a_person_is_added_given_a_post_and_works_after_choosing_a_password(house: House, admin: Client) -> None:
    first = _secret(admin.post("/organisation/staff", NEW), "password-text")
    made = Staff.objects.get(login="xinren")
    post = {"do": "give", "post-role": "unit_liaison", "post-unit": "CY", "post-from_on": "2026-01-01"}
    assert admin.post(f"/organisation/staff/{made.pk}/post", post).status_code == 302
    browser = Client()
    assert browser.post("/login", {"username": "xinren", "password": first}).status_code == 302
    assert browser.get("/cases")["Location"] == "/password"
    assert browser.get("/cases", headers={"HX-Request": "true"})["HX-Redirect"] == "/password"
    assert "一次性密码" in browser.get("/password").content.decode()
    told = {"old": first, "new": "my own words", "again": "my own words"}
    assert browser.post("/password", told).status_code == 302
    assert browser.get("/cases").status_code == 200
    assert Client().post("/login", {"username": "xinren", "password": "my own words"}).status_code == 302
    for action in ("people.add_staff", "people.set_password", "people.give_post"):
        assert Entry.objects.filter(action=action, subject=f"staff:{made.pk}", by_person=house.staff["admin"].pk).exists(), action


def test_a_login_that_somebody_has_is_refused_at_its_field(house: House, admin: Client) -> None:
    answer = admin.post("/organisation/staff", {**NEW, "login": "ZHAO"})
    assert answer.status_code == 422 and "已被使用" in answer.content.decode()
    assert admin.post("/organisation/staff", {**NEW, "login": "何"}).status_code == 422


def test_people_are_found_by_name_login_and_telephone(house: House, admin: Client) -> None:
    admin.post("/organisation/staff", NEW)
    for asked in ("何新", "xinr", "He X", "2600"):
        page = admin.get("/organisation/staff", {"q": asked}).content.decode()
        assert "何新人" in page and "赵对接" not in page
    assert "何新人" not in admin.get("/organisation/staff", {"state": "disabled"}).content.decode()


def test_the_posts_that_are_offered_are_those_of_the_regulations_in_force(house: House, admin: Client) -> None:
    page = admin.get(f"/organisation/staff/{house.staff['zhao'].pk}").content.decode()
    assert 'value="unit_liaison"' in page and 'value="admin"' in page
    # 住户求助 has not been adopted, and whoever is outside the organisation holds no post in it.
    assert 'value="security_shift_leader"' not in page and 'value="complainant"' not in page


def test_a_post_begins_and_ends(house: House, admin: Client) -> None:
    zhao, address = house.staff["zhao"], f"/organisation/staff/{house.staff['zhao'].pk}/post"
    given = {"do": "give", "post-role": "project_manager", "post-unit": "LY", "post-from_on": "2026-01-01"}
    assert admin.post(address, {**given, "post-until_on": "2025-12-31"}).status_code == 422
    assert admin.post(address, given).status_code == 302
    assert admin.post(address, given).status_code == 422
    made = zhao.posts.get(role="project_manager")
    assert made.place == 1
    admin.post(address, {"do": "end", "post": str(made.pk), "until_on": "2025-12-31"})
    made.refresh_from_db()
    assert made.until_on is None
    admin.post(address, {"do": "end", "post": str(made.pk), "until_on": "2026-02-01"})
    made.refresh_from_db()
    assert made.until_on == date(2026, 2, 1)
    assert "已结束" in admin.get(f"/organisation/staff/{zhao.pk}").content.decode()


def test_who_is_put_out_of_use_is_out_at_once_and_old_sessions_do_not_come_back(house: House, admin: Client) -> None:
    browser, address = house.browser("zhao"), f"/organisation/staff/{house.staff['zhao'].pk}"
    assert browser.get("/cases").status_code == 200
    admin.post(address, {"do": "disable"})
    assert browser.get("/cases")["Location"].startswith("/login")
    password = _secret(admin.post(address, {"do": "enable"}), "password-text")
    assert browser.get("/cases")["Location"].startswith("/login")
    assert Client().post("/login", {"username": "zhao", "password": password}).status_code == 302


def test_a_reset_password_ends_the_sessions(house: House, admin: Client) -> None:
    browser = house.browser("zhao")
    admin.post(f"/organisation/staff/{house.staff['zhao'].pk}", {"do": "reset"})
    assert browser.get("/cases")["Location"].startswith("/login")


def test_an_administrator_reads_no_case_and_cannot_let_themselves(house: House, admin: Client) -> None:
    made, myself = house.register(), f"/organisation/staff/{house.staff['admin'].pk}"
    assert admin.get(f"/cases/{made.number}").status_code == 404 and admin.get("/cases").status_code == 404
    give = {"do": "give", "post-role": "quality_dept", "post-unit": "WY", "post-from_on": "2026-01-01"}
    assert admin.post(f"{myself}/post", give).status_code == 422
    assert admin.post(myself, {"do": "reset"}).status_code == 422
    admin.post(myself, {"do": "disable"})
    assert Staff.objects.get(login="admin").is_active and Post.objects.filter(staff__login="admin").count() == 1


def test_the_last_administrator_is_not_taken_away(house: House, admin: Client) -> None:
    second = people.add_staff(house.organisation.id, "second", "副管理员", by=CLERK, at=EARLY)
    people.give_post(second, house.units["WY"], "admin", date(2025, 1, 1), by=CLERK, at=EARLY)
    own = house.staff["admin"].posts.get()
    address = f"/organisation/staff/{house.staff['admin'].pk}/post"
    house.staff["second"] = second
    accounts_of = house.browser("second")
    accounts_of.post(address, {"do": "end", "post": str(own.pk), "until_on": f"{timezone.localdate() - timedelta(days=1)}"})
    assert admin.get("/organisation/staff").status_code == 404
    answer = accounts_of.post(
        f"/organisation/staff/{second.pk}/post", {"do": "end", "post": str(second.posts.get().pk), "until_on": "2027-01-01"}, follow=True
    )
    assert "最后一名系统管理员" in answer.content.decode() and second.posts.get().until_on is None


def test_one_changes_ones_password_with_the_old_one_and_other_sessions_end(house: House) -> None:
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    here, elsewhere = house.browser("zhao"), house.browser("zhao")
    assert "原密码不对" in here.post("/password", {"old": "x", "new": "eight888", "again": "eight888"}).content.decode()
    assert here.post("/password", {"old": PASSWORD, "new": "eight888", "again": "eight889"}).status_code == 422
    assert here.post("/password", {"old": PASSWORD, "new": " eight888 ", "again": " eight888 "}).status_code == 302
    assert here.get("/cases").status_code == 200 and elsewhere.get("/cases")["Location"].startswith("/login")
    assert Client().post("/login", {"username": "zhao", "password": " eight888 "}).status_code == 302


def test_the_old_password_cannot_be_tried_for_ever(house: House) -> None:
    people.set_password(house.staff["zhao"], PASSWORD, by=CLERK, at=EARLY)
    browser, told = house.browser("zhao"), {"old": "x", "new": "eight888", "again": "eight888"}
    for _ in range(8):
        browser.post("/password", told)
    assert "尝试次数过多" in browser.post("/password", {**told, "old": PASSWORD}).content.decode()


def test_one_begins_in_the_post_one_last_chose_else_in_the_first_that_was_given(house: House) -> None:
    zhou = house.staff["zhou"]
    later = people.give_post(zhou, house.units["JT"], "group_cc", date(2025, 1, 1), by=CLERK, at=EARLY)
    assert "主管" in _current_post(house.browser("zhou"))
    house.browser("zhou").post("/post", {"post": str(later.pk)})
    zhou.refresh_from_db()
    assert "主管" not in _current_post(house.browser("zhou"))
    people.end_post(later, timezone.localdate() - timedelta(days=1), by=CLERK, at=EARLY)
    assert house.browser("zhou").get("/").status_code == 200


def _current_post(browser: Client) -> str:
    found = re.search(r'aria-current="true">([^<]+ · [^<]+)</button>', browser.get("/").content.decode())
    assert found
    return found[1]


def test_a_unit_is_added_below_another_renamed_and_counted(house: House, admin: Client) -> None:
    new = {"name": "翠园二期", "code": "CY2", "kind": "project", "parent": "FG", "name_en": "Cuiyuan II", "households": "300"}
    assert admin.post("/organisation/units", new).status_code == 302
    made = Unit.objects.get(code="CY2")
    assert (made.parent, made.households_count, made.name_en) == (house.units["FG"], 300, "Cuiyuan II")
    assert admin.post("/organisation/units", new).status_code == 422
    assert admin.post("/organisation/units", {**new, "code": "a b"}).status_code == 422
    admin.post(f"/organisation/units/{made.pk}", {"do": "describe", "name": "翠园二期北区", "households": "310"})
    made.refresh_from_db()
    assert (made.name, made.households_count) == ("翠园二期北区", 310)
    admin.post(f"/organisation/units/{made.pk}", {"do": "close"})
    made.refresh_from_db()
    assert not made.open
    page = admin.get("/organisation/units").content.decode()
    assert page.index("第一分公司") < page.index("翠园二期北区")


def test_homes_are_added_all_or_none(house: House, admin: Client) -> None:
    new = {"unit": "CY", "rooms": "3-2-1502 98.5\n3栋2单元1503室\n\n４－１－１０１"}
    assert admin.post("/organisation/homes", new).status_code == 302
    found = {home.code: home.area_m2 for home in Household.objects.filter(unit=house.units["CY"])}
    assert set(found) == {"3-2-1501", "3-2-1502", "3-2-1503", "4-1-101"} and str(found["3-2-1502"]) == "98.50"
    for rooms, said in (("5-1-101\n3-2-1501", "已经存在"), ("5-1-101\n05-01-101", "填写了两次"), ("5-1-101\n!!", "不是房号")):
        answer = admin.post("/organisation/homes", {"unit": "CY", "rooms": rooms})
        assert answer.status_code == 422 and said in answer.content.decode()
    assert not Household.objects.filter(code="5-1-101").exists()
    assert "3-2-1503" in admin.get("/organisation/homes", {"unit": "CY", "q": "1503"}).content.decode()


def test_a_resident_has_a_home_and_a_number_that_is_shown_masked(house: House, admin: Client) -> None:
    new = {"name": "江小鱼", "title": "先生", "phone": "13900001234", "unit": "CY", "room": "3栋2单元1501室", "kind": "renter"}
    answer = admin.post("/organisation/residents", new)
    made = Resident.objects.get(name="江小鱼")
    assert answer["Location"] == f"/organisation/residents/{made.pk}" and made.homes.get().kind == "renter"
    page = admin.get("/organisation/residents", {"q": "1234"}).content.decode()
    assert "江小鱼" in page and "139****1234" in page and "13900001234" not in page and "王小芳" not in page
    address = f"/organisation/residents/{made.pk}"
    admin.post(address, {"do": "phone", "phone": "0755-26001234"})
    admin.post(address, {"do": "phone", "phone": "打不通"})
    assert made.phones.count() == 2
    assert admin.post(address, {"do": "move_in", "unit": "LY", "room": "3-2-1501", "kind": "owner"}).status_code == 302
    assert made.homes.count() == 1
    assert admin.post("/organisation/residents", {**new, "room": "9-9-909"}).status_code == 422


def test_who_moves_out_has_a_day_for_it_and_the_home_keeps_its_history(house: House, admin: Client) -> None:
    new = {"name": "江小鱼", "phone": "13900001234", "unit": "CY", "room": "3-2-1501", "kind": "renter", "from_on": "2026-01-03"}
    address = str(admin.post("/organisation/residents", new)["Location"])
    made = Resident.objects.get(name="江小鱼")
    tie, today = made.homes.get(), timezone.localdate()
    assert tie.from_on == date(2026, 1, 3)
    for day in ("", "2026-01-02", str(today + timedelta(days=1)), "2026-02-31"):
        admin.post(address, {"do": "move_out", "tie": str(tie.pk), "until_on": day})
        assert made.homes.get().until_on is None, day
    admin.post(address, {"do": "move_out", "tie": str(tie.pk), "until_on": "2026-03-01"})
    assert made.homes.get().until_on == date(2026, 3, 1) and Entry.objects.filter(action="people.move_out").count() == 1
    page = admin.get(address).content.decode()
    assert "2026-03-01" in page and "确认迁出" not in page and "2026-03-01 迁出" in admin.get("/organisation/residents").content.decode()
    # Whoever calls from this number is not taken for somebody who lives there any more.
    assert "3栋2单元1501室" not in house.browser("li").get("/register/household", {"contact_phone": "13900001234"}).content.decode()
    admin.post(address, {"do": "move_in", "unit": "CY", "room": "3-2-1501", "kind": "renter"})
    assert made.homes.count() == 2


def test_a_closed_unit_takes_no_new_cases_until_it_is_reopened(house: House, admin: Client) -> None:
    there = f"/organisation/units/{house.units['CY'].pk}"
    admin.post(there, {"do": "close"})
    assert not Unit.objects.get(code="CY").open and "恢复接收新工单" in admin.get(there).content.decode()
    admin.post(there, {"do": "reopen"})
    assert Unit.objects.get(code="CY").open and "确认停用" in admin.get(there).content.decode()
    done = Entry.objects.filter(action__in=("places.close_unit", "places.reopen_unit")).order_by("at", "id")
    assert list(done.values_list("action", flat=True)) == ["places.close_unit", "places.reopen_unit"]


def test_a_key_is_shown_once_works_and_is_revoked(house: House, admin: Client) -> None:
    answer = admin.post("/organisation/keys", {"name": "400平台", "unit": "WY", "scopes": ["units.read"], "roles": ["group_cc_agent"]})
    text = _secret(answer, "key-text")
    made = ApiKey.objects.get()
    assert made.scopes == ["role:group_cc_agent", "units.read"]
    assert Client().get("/api/v1/units", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    made.refresh_from_db()
    assert made.last_used_at is not None
    page = admin.get("/organisation/keys").content.decode()
    assert text not in page and "从未使用" not in page and "400平台" in page and "查看单位" in page
    again = admin.post("/organisation/keys", {"name": "400平台", "unit": "WY", "scopes": ["units.read"]})
    assert again.status_code == 422 and ApiKey.objects.count() == 1
    assert admin.get(f"/organisation/keys/{made.pk}/revoke").status_code == 404
    admin.post(f"/organisation/keys/{made.pk}/revoke")
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_a_key_may_nothing_that_is_not_offered(house: House, admin: Client) -> None:
    refused: tuple[dict[str, Any], ...] = ({"scopes": ["everything"]}, {"scopes": []}, {"unit": "NOPE"}, {"roles": ["admin"]})
    for wrong in refused:
        told = {"name": "x", "unit": "WY", "scopes": ["units.read"], **wrong}
        assert admin.post("/organisation/keys", told).status_code == 422
    assert not ApiKey.objects.exists()


def test_the_pages_are_there_in_english(house: House, admin: Client) -> None:
    accounts.choose_looks(house.staff["admin"], by=CLERK, at=EARLY, language="en")
    for page, words in (("staff", "People and posts"), ("units", "Add a unit"), ("homes", "Add homes"), ("keys", "API keys")):
        assert words in admin.get(f"/organisation/{page}").content.decode()


def test_a_password_for_one_login_of_another_account_is_not_taken_for_ones_own(house: House) -> None:
    first = accounts.reset_password(house.staff["zhao"], by=CLERK, at=EARLY)
    browser = Client()
    browser.post("/login", {"username": "zhao", "password": first})
    assert browser.post("/password", {"old": first, "new": first, "again": first}).status_code == 422
    assert browser.get("/messages")["Location"] == "/password"
    assert browser.post("/logout").status_code == 302


def test_the_classes_that_a_post_is_responsible_for_choose_the_person_when_a_case_is_assigned(house: House, admin: Client) -> None:
    adopt(house.units["CY"], "apartment_complaints", "1", EARLY.date(), by=CLERK, at=EARLY)
    for login, role in (("zhe", "responsible_person"), ("ling", "responsible_person"), ("ke", "cs_staff")):
        house.staff[login] = people.add_staff(house.organisation.id, login, f"员工{login}", by=CLERK, at=EARLY)
        people.give_post(house.staff[login], house.units["CY"], role, EARLY.date(), by=CLERK, at=EARLY)
    zhe, post = house.staff["zhe"], house.staff["zhe"].posts.get()
    address = f"/organisation/staff/{zhe.pk}/post"
    assert 'value="AC:hygiene"' in admin.get(f"/organisation/staff/{zhe.pk}").content.decode()
    admin.post(address, {"do": "classes", "post": str(post.pk), "classes": ["AC:hygiene", "XX:none"]})
    post.refresh_from_db()
    assert post.classes == ["AC:hygiene"], "what no regulation offers is not kept"
    assert "负责的类别：环境卫生" in admin.get(f"/organisation/staff/{zhe.pk}").content.decode()
    made = house.register()
    form = f"/cases/{made.number}/steps/complaint_assigned"
    ticked = re.compile(r'<option value="([^"]+)" selected>员工')
    assert ticked.findall(house.browser("ke").get(form).content.decode()) == []
    now = timezone.now()
    store(house.organisation.id, [Fact("category_set", now, str(made.case_id), details={"category": {"AC": "hygiene"}})], by=None, at=now)
    assert ticked.findall(house.browser("ke").get(form).content.decode()) == [str(zhe.pk)]
    other = house.staff["ling"].posts.get()
    admin.post(f"/organisation/staff/{house.staff['ling'].pk}/post", {"do": "classes", "post": str(other.pk), "classes": ["AC:hygiene"]})
    assert ticked.findall(house.browser("ke").get(form).content.decode()) == [], "AC-3.2.2b: of two nobody chooses but a person"
    people.end_post(other, EARLY.date(), by=CLERK, at=EARLY)
    people.end_post(post, EARLY.date(), by=CLERK, at=EARLY)
    assert ticked.findall(house.browser("ke").get(form).content.decode()) == [], "who has left the post is not chosen"


def test_a_unit_chooses_its_words_and_its_pages_say_them(house: House, admin: Client) -> None:
    address, zhao = f"/organisation/units/{house.units['CY'].pk}", house.browser("zhao")
    assert "业主" in zhao.get("/register").content.decode()
    page = admin.get(address).content.decode()
    assert "按制度或通用的说法" in page and 'placeholder="业主"' in page
    assert admin.post(address, {"do": "words", "customer-zh": "租客", "customer-en": "tenant"}).status_code == 302
    page = admin.get(address).content.decode()
    assert "翠园一期选定" in page and 'value="租客"' in page
    said = zhao.get("/register").content.decode()
    assert "租客" in said and "业主" not in said
    long = admin.post(address, {"do": "words", "customer-zh": "租" * 13})
    assert long.status_code == 422 and "租" * 13 in long.content.decode(), "what was typed stays"
    admin.post(address, {"do": "words", "customer-zh": ""})
    assert "业主" in zhao.get("/register").content.decode()
    assert not Wording.objects.exists()


def test_points_are_put_up_printed_and_closed_and_each_figure_opens_its_cases(house: House, admin: Client) -> None:
    zhao = house.browser("zhao")
    assert "还没有点位" in zhao.get("/qr-points").content.decode()
    assert zhao.post("/qr-points", {"unit": "LY", "places": "大堂"}).status_code == 422, "not a unit of theirs"
    assert zhao.post("/qr-points", {"unit": "CY", "places": "3栋大堂\n\n 3栋大堂\n一号电梯"}).status_code == 302
    first, second = QrPoint.objects.order_by("number")
    assert (first.place, second.place) == ("3栋大堂", "一号电梯")
    answer = Client().post(f"/q/{first.code}", {"record": "repair", "place": "3栋大堂", "story": "灯不亮"})
    assert answer.status_code == 302
    assert f'<a href="/qr-points/{first.pk}#cases">1</a>' in zhao.get("/qr-points").content.decode()
    page = zhao.get(f"/qr-points/{first.pk}").content.decode()
    assert Case.objects.get().number in page and f"/q/{first.code}" in page
    sheet = zhao.get("/qr-points/print", {"unit": "CY", "per": "6", "phone": "400-000-0000"}).content.decode()
    assert sheet.count('point-sheet"') == 2 and "请拨 400-000-0000" in sheet and "per-6" in sheet
    zhao.post(f"/qr-points/{first.pk}", {"do": "close"})
    assert zhao.get("/qr-points/print", {"unit": "CY"}).content.decode().count('point-sheet"') == 1
    assert Client().get(f"/q/{first.code}").status_code == 410
    zhao.post(f"/qr-points/{first.pk}", {"do": "open"})
    assert Client().get(f"/q/{first.code}").status_code == 200
    assert zhao.post("/qr-points", {"unit": "CY", "places": "字" * 61}).status_code == 422


def test_what_was_done_is_said_and_leaves_what_failed_stays(house: House, admin: Client) -> None:
    address = f"/organisation/units/{house.units['CY'].pk}"
    done = admin.post(address, {"do": "words", "customer-zh": "租客"}, follow=True).content.decode()
    assert 'class="toast" data-stay="10"' in done
    zhao = house.staff["zhao"]
    post = zhao.posts.earliest("unit__code")
    failed = admin.post(f"/organisation/staff/{zhao.pk}/post", {"do": "end", "post": str(post.pk), "until_on": "1999-01-01"}, follow=True)
    assert 'class="toast error">' in failed.content.decode()
