"""The submission calendar: what is late stands first, each duty says who, until when and where it is done."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.recurrence import period_of
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import store
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.faces.console.duties import feeds
from huiyin.faces.console.duties.lines import prepared_at
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import House
from huiyin.faces.console.tests.regulated import SITE, regulated
from huiyin.rulebook.words import rule_name


@pytest.fixture
def watched(house: House) -> House:
    """The house after three weeks: its periods are open, some duties are late."""
    now = timezone.now()
    house.register("水管爆裂", ago=timedelta(days=21))
    stage.watch(now - timedelta(days=21))
    stage.watch(now)
    return house


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_what_is_late_stands_first_with_its_way_to_be_done(watched: House) -> None:
    page = text_of(watched.browser("wu"), "/duties")
    late = Clock.objects.filter(kind="duty", state="overdue", period__contains="W", due_at__lt=timezone.now())
    assert late.exists()
    assert page.index("逾期未报") < page.index('class="calendar"')
    assert "/summaries?unit=CY&amp;period=" in page and "去办理" in page


def test_every_figure_of_the_calendar_opens_its_list(watched: House) -> None:
    browser = watched.browser("wu")
    page = text_of(browser, "/duties")
    figures = re.findall(r'<nav class="figures".*?</nav>', page, re.DOTALL)[0]
    for url, count in re.findall(r'<a href="([^"]+)"[^>]*>[^<]+<strong>(\d+)</strong>', figures):
        listed = text_of(browser, "/duties" + unescape(url))
        assert listed.count('<tr><th scope="row">') == int(count)


def test_the_month_can_be_turned_and_others_are_not_there(watched: House) -> None:
    browser = watched.browser("qian")
    assert "2026年3月" in text_of(browser, "/duties?month=2026-03")
    assert "每日查看平台投诉" not in text_of(browser, "/duties")
    for wrong in ("month=2026-13", "month=2026-W11", "unit=LY", "state=lost", "view=tree"):
        assert browser.get(f"/duties?{wrong}").status_code == 404


def test_daily_duties_are_shown_on_demand(watched: House) -> None:
    page = text_of(watched.browser("wu"), "/duties?daily=1&view=list")
    assert "每日查看平台投诉" in page


def test_the_calendar_shows_what_is_to_come_next_month(watched: House) -> None:
    later = period_of("month", timezone.now() + timedelta(days=35)).name
    page = text_of(watched.browser("wu"), f"/duties?month={later}&view=list&state=coming")
    assert "将开始" in page and rule_name("GP:weekly-signed-summary", "zh-hans") in page


def test_a_unit_without_a_month_shows_all_that_it_owes_now(watched: House) -> None:
    page = watched.browser("wu").get("/duties?unit=CY")
    owed = Clock.objects.filter(kind="duty", unit_code="CY", state__in=("running", "overdue"))
    assert page.context["listed_count"] == owed.count() > 0


def test_a_person_subscribes_to_their_own_calendar_and_takes_it_back(watched: House) -> None:
    browser = watched.browser("zhao")
    url = re.findall(r'value="(http[^"]+\.ics)"', browser.post("/duties/feed/make").content.decode())[0]
    path = url.partition("testserver")[2]
    response = Client().get(path)
    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("text/calendar") and response.headers["Cache-Control"] == "private, no-store"
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    unfolded = text.replace("\r\n ", "")
    uids = re.findall(r"UID:(.+)\r", unfolded)
    assert len(uids) == len(set(uids)) > 5 and "翠园一期" in unfolded and "绿洲花园" not in unfolded
    assert "X-WR-CALNAME:报送日历 赵对接" in unfolded
    # Each event leads to the month in which it stands.
    events = unfolded.split("BEGIN:VEVENT")[1:]
    assert all(re.search(r"DTSTART[^:]*:(\d{4})(\d\d)[\s\S]*URL:.*&month=\1-\2\r", one) for one in events)
    browser.post("/duties/feed/revoke")
    assert Client().get(path).status_code == 404
    assert "地址" in text_of(browser, "/duties")


def test_only_who_adopts_regulations_sets_the_reminders(watched: House) -> None:
    assert watched.browser("zhao").post("/duties/reminders", {"days": "5"}).status_code == 404


@pytest.mark.django_db
def test_a_report_that_waits_for_its_approval_says_so_on_the_calendar() -> None:
    house = regulated("customer_relations")
    Unit.objects.filter(code=SITE, organisation_id=house.organisation.id).update(site="residential")
    places.touch(house.organisation.id)
    quarter = period_of("quarter", timezone.now())
    opened = Fact("quarter_opened", quarter.opens_at, unit="CO", by="platform", details={"period": quarter.name})
    store(house.organisation.id, [opened], by=None, at=quarter.opens_at)
    house.happens("service_report_submitted", period=quarter.name, to=["department_head"])
    page = text_of(house.browser(), f"/duties?month={quarter.name[:4]}-{quarter.opens_at.month:02d}&view=list")
    assert "去审批" in page and "CR-2.1.2.4b" in page


@pytest.mark.parametrize("login", ["zhao", "qian", "sun", "wu", "zhou"])
def test_the_way_to_do_a_duty_leads_to_a_page_that_the_post_may_open(watched: House, login: str) -> None:
    browser = watched.browser(login)
    page = text_of(browser, "/duties?view=list&daily=1")
    ways = {unescape(url) for url in re.findall(r'<a class="button" href="(/[^"]+)">', page)}
    assert [url for url in sorted(ways) if browser.get(url).status_code >= 400] == []


@pytest.mark.django_db
def test_a_quarterly_duty_is_not_done_at_the_notices_of_the_month() -> None:
    regulated("customer_relations")
    clock = Clock(rule="CR:service-report-notice", unit_code=SITE, period="2026-Q4")
    assert prepared_at(clock) == f"/units/{SITE}"


def test_the_calendar_speaks_up_in_the_morning_and_not_at_midnight() -> None:
    days = (timedelta(days=3), timedelta(days=1))
    assert feeds._reminders(date(2026, 3, 28), days) == (timedelta(hours=63), timedelta(hours=15))
    assert feeds._reminders(datetime(2026, 3, 27, 17, 0, tzinfo=UTC), days) == days
