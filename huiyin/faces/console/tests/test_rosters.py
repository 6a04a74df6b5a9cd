"""Rosters: gaps are flagged, plans are typed and carried on, people sign in and out, a project without a liaison stands out."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.duties.calendar.rosters import kept_by
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.actions import end_post
from huiyin.desk.people.models import Post, Presence, Roster
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import regulated


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def form(house: House, since: str, until: str, **more: str) -> dict[str, object]:
    staff = str(house.staff["zhao"].pk)
    about = {"unit": "CY", "duty": "liaison_mobile", "day": f"{timezone.localdate()}"}
    return {**about, "from": [since], "until": [until], "staff": [staff], **more}


def test_uncovered_hours_are_flagged(house: House) -> None:
    browser = house.browser("zhao")
    assert "缺 08:00–20:00" in text_of(browser, "/rosters?unit=CY&duty=liaison_mobile")
    browser.post("/rosters/day", form(house, "08:00", "18:30"))
    page = text_of(browser, "/rosters?unit=CY&duty=liaison_mobile")
    assert "赵对接 08:00–18:30" in page and "缺 18:30–20:00" in page


def test_the_days_gone_by_of_this_month_alone_are_told_apart(house: House) -> None:
    browser, today = house.browser("zhao"), timezone.localdate()
    page = text_of(browser, "/rosters?unit=CY&duty=liaison_mobile")
    assert page.count(' past"') == today.day - 1
    assert ("显示已过的日子" in page) is (today.day > 1)
    before = today.replace(day=1) - timedelta(days=1)
    assert ' past"' not in text_of(browser, f"/rosters?unit=CY&duty=liaison_mobile&month={before:%Y-%m}")


def test_a_plan_is_carried_to_the_following_days(house: House) -> None:
    until = timezone.localdate() + timedelta(days=4)
    house.browser("zhao").post("/rosters/day", form(house, "8:00", "20：00", carry=f"{until}"))
    assert Roster.objects.filter(duty="liaison_mobile", from_minute=480, until_minute=1200).count() == 5


def test_wrong_times_are_refused_and_what_was_typed_stays(house: House) -> None:
    for since, until in (("20:00", "08:00"), ("8点", "20:00"), ("08:00", "24:30")):
        response = house.browser("zhao").post("/rosters/day", form(house, since, until))
        assert response.status_code == 422
        assert f'value="{since}"' in response.content.decode() and "跨夜请分两天填写" in response.content.decode()
    assert not Roster.objects.exists()


def test_a_person_signs_in_and_out(house: House) -> None:
    browser = house.browser("zhao")
    browser.post("/rosters/sign", {"unit": "CY", "duty": "liaison_mobile", "act": "in"})
    assert "签退" in text_of(browser, "/rosters?unit=CY&duty=liaison_mobile")
    assert Presence.objects.get().closed_at is None
    browser.post("/rosters/sign", {"unit": "CY", "duty": "liaison_mobile", "act": "out"})
    assert Presence.objects.get().closed_at is not None


def test_an_uncovered_hour_of_the_telephone_is_flagged(house: House) -> None:
    browser, phone = house.browser("zhao"), "/rosters?unit=CY&duty=service_phone"
    assert "缺 00:00–24:00" in text_of(browser, phone)
    browser.post("/rosters/day", form(house, "00:00", "23:00", duty="service_phone"))
    assert "缺 23:00–24:00" in text_of(browser, phone)
    assert '翠园一期 客服电话24小时值班</a> <span class="late">23:00–24:00' in text_of(house.browser("wu"), "/rosters")


def test_missed_calls_are_recorded_and_listed(house: House) -> None:
    browser, at = house.browser("zhao"), timezone.localtime().replace(second=0, microsecond=0)
    assert "本月没有登记未接来电" in text_of(browser, "/rosters?unit=CY")
    said = {"unit": "CY", "duty": "service_phone", "missed_at": f"{at:%Y-%m-%dT%H:%M}", "count": "3"}
    browser.post("/rosters/missed", said)
    page = text_of(browser, "/rosters?unit=CY").split('id="missed"')[1].split("</ul>")[0]
    assert f"{at:%Y-%m-%d %H:%M}" in page and "3 个未接" in page
    tomorrow = f"{at + timedelta(days=1):%Y-%m-%dT%H:%M}"
    for wrong in ({"count": "0"}, {"count": "many"}, {"count": "1000"}, {"missed_at": ""}, {"missed_at": tomorrow}):
        assert "toast error" in browser.post("/rosters/missed", said | wrong, follow=True).content.decode()
    assert browser.post("/rosters/missed", said | {"unit": "LY"}).status_code == 404
    assert "toast error" in house.browser("wu").post("/rosters/missed", said | {"unit": "WY", "duty": ""}, follow=True).content.decode()
    assert Fact.objects.filter(event="phone_missed").count() == 1


def test_one_link_leads_to_today_from_any_month(house: House) -> None:
    page = house.browser("zhao").get("/rosters?month=2026-01").content.decode()
    address = re.search(r'href="([^"]+)#today"', page)
    assert address is not None and 'id="today"' not in page
    assert house.browser("zhao").get("/rosters" + address[1].replace("&amp;", "&")).content.decode().count('id="today"') == 1


def test_a_project_without_a_liaison_is_flagged(house: House) -> None:
    browser = house.browser("wu")
    assert "未指定对接人员的项目" not in text_of(browser, "/rosters")
    end_post(Post.objects.get(staff=house.staff["wang"]), date(2026, 2, 1), by=CLERK, at=EARLY)
    assert "派单将直接送达其负责人：绿洲花园" in text_of(browser, "/rosters")


def test_other_units_and_unknown_duties_are_not_there(house: House) -> None:
    browser = house.browser("zhao")
    for wrong in ("unit=LY", "duty=quality_desk", "month=2026-W11"):
        assert browser.get(f"/rosters?unit=CY&{wrong}").status_code == 404
    assert house.browser("zheng").get("/rosters").status_code == 404


@pytest.mark.django_db
def test_an_office_without_duties_of_hours_keeps_the_roster_of_its_hotline() -> None:
    house = regulated("office_feedback")
    browser = house.browser()
    page = text_of(browser, "/rosters")
    assert "24小时投诉热线值班" in page and "缺 00:00–24:00" in page and "值班排班" in text_of(browser, "/")
    about = {"unit": "P1", "duty": "service_phone"}
    shift = {"from": ["00:00"], "until": ["21:00"], "staff": [str(house.person.pk)]}
    browser.post("/rosters/day", {**about, "day": f"{timezone.localdate()}", **shift})
    page = text_of(browser, "/rosters")
    assert "缺 21:00–24:00" in page and "未接来电" in page
    for act in ("in", "out"):
        browser.post("/rosters/sign", {**about, "act": act})
    assert Presence.objects.get().closed_at is not None
    assert not Fact.objects.filter(event__startswith="phone_duty").exists(), "nothing in this regulation follows from signing in"


def test_the_telephone_of_two_regulations_is_one_roster(house: House) -> None:
    adopt(house.units["WY"], "office_feedback", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    kept = kept_by(house.units["CY"], timezone.localdate())
    assert [key for key in kept if key == "service_phone"] == ["service_phone"]
    # Signing in serves the duty of the one that asks for it.
    assert kept["service_phone"].staffed.opened_by == "phone_duty_opened" and kept["service_phone"].span == (0, 1440)
