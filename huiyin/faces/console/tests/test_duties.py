"""The submission calendar: what is late stands first, each duty says who, until when and where it is done."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.clocks.models import Clock
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import House


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
    assert "/summaries?unit=CY&amp;period=" in page and "去编制" in page


def test_every_figure_of_the_calendar_opens_its_list(watched: House) -> None:
    browser = watched.browser("wu")
    page = text_of(browser, "/duties")
    figures = re.findall(r'<nav class="figures".*?</nav>', page, re.DOTALL)[0]
    for url, count in re.findall(r'<a href="([^"]+)"[^>]*>[^<]+<strong>(\d+)</strong>', figures):
        listed = text_of(browser, "/duties" + unescape(url)).split('<form class="filters"', 1)[1]
        assert listed.count("<tr><th scope=\"row\">") == int(count)


def test_the_month_can_be_turned_and_others_are_not_there(watched: House) -> None:
    browser = watched.browser("qian")
    assert "2026年3月" in text_of(browser, "/duties?month=2026-03")
    assert "每日查看平台投诉" not in text_of(browser, "/duties")
    for wrong in ("month=2026-13", "month=2026-W11", "unit=LY", "state=lost", "view=tree"):
        assert browser.get(f"/duties?{wrong}").status_code == 404


def test_daily_duties_are_shown_on_demand(watched: House) -> None:
    page = text_of(watched.browser("wu"), "/duties?daily=1&view=list")
    assert "每日查看平台投诉" in page
