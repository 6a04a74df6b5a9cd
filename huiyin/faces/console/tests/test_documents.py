"""Weekly summaries from making to handing in, signing in a batch, circulars; PDF by a form that counts the print."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.recurrence import period_of
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Document
from huiyin.desk.facts.models import Fact
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.conftest import House


@pytest.fixture
def week() -> str:
    return period_of("week", timezone.now()).name


@pytest.fixture
def month() -> str:
    return period_of("month", timezone.now()).name


@pytest.fixture
def summary(house: House, week: str) -> Document:
    """The week's summary of the project with a case on it, made by the liaison."""
    house.register("水管爆裂", ago=timedelta(minutes=1))
    house.browser("zhao").post("/summaries/make", {"unit": "CY", "period": week})
    return Document.objects.get(kind="weekly_summary", unit_code="CY")


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_who_has_not_made_a_summary_is_seen_at_once(house: House) -> None:
    page = text_of(house.browser("wu"), "/summaries")
    assert page.count("未编制") == 2 and "已报送 0 个" in page


def test_the_summary_is_signed_by_both_and_handed_in(house: House, summary: Document) -> None:
    assert "水管爆裂" in text_of(house.browser("qian"), f"/documents/{summary.number}")
    house.browser("qian").post(f"/documents/{summary.number}/sign")
    assert "还差 1 个签字" in text_of(house.browser("zhao"), f"/documents/{summary.number}")
    house.browser("sun").post(f"/documents/{summary.number}/sign")
    house.browser("zhao").post(f"/documents/{summary.number}/submit")
    summary.refresh_from_db()
    assert summary.state == "submitted"
    assert "已报送 1 个" in text_of(house.browser("wu"), "/summaries")


def test_the_branch_head_signs_several_at_once(house: House, summary: Document, week: str) -> None:
    house.browser("wang").post("/summaries/make", {"unit": "LY", "period": week})
    numbers = list(Document.objects.filter(state="waiting_signatures").values_list("number", flat=True))
    browser = house.browser("sun")
    assert "2 份待你签字" in text_of(browser, "/summaries")
    browser.post("/summaries/sign", {"document": numbers, "period": week})
    assert "份待你签字" not in text_of(browser, "/summaries")


def test_who_does_not_sign_cannot_sign(house: House, summary: Document) -> None:
    assert house.browser("zhao").post(f"/documents/{summary.number}/sign").status_code == 404
    assert house.browser("wu").post("/summaries/sign", {"document": [summary.number]}).status_code == 404
    assert house.browser("wang").get(f"/documents/{summary.number}").status_code == 404
    assert house.browser("zhao").get(f"/documents/{summary.number}/pdf").status_code == 404


def test_the_print_is_a_pdf_and_is_counted(house: House, summary: Document) -> None:
    response = house.browser("qian").post(f"/documents/{summary.number}/pdf")
    assert response.content.startswith(b"%PDF") and summary.number in response.headers["Content-Disposition"]
    summary.refresh_from_db()
    assert summary.prints == 1


def test_a_wrong_week_is_refused_with_words(house: House) -> None:
    response = house.browser("zhao").post("/summaries/make", {"unit": "CY", "period": "2026-03"}, follow=True)
    assert "请选择一周" in response.content.decode()


def test_the_quality_department_reports_the_week_to_the_leader(house: House, week: str) -> None:
    house.browser("wu").post("/summaries/report", {"period": week})
    assert Fact.objects.get(event="weekly_summary_reported").details["to"] == ["leader_in_charge"]


def test_the_circular_is_issued_inside_the_company_once(house: House, month: str) -> None:
    stage.second_complaint(house, house.register("门禁失灵", ago=timedelta(minutes=5)), ago=timedelta(minutes=1))
    browser = house.browser("wu")
    browser.post("/circulars/publish", {"unit": "WY", "period": month})
    again = browser.post("/circulars/publish", {"unit": "WY", "period": month}, follow=True)
    assert "该月通报已发布" in again.content.decode()
    issued = Document.objects.get(kind="monthly_circular")
    page = text_of(house.browser("qian"), f"/documents/{issued.number}")
    assert "排名" in page and "翠园一期" in page


def test_duties_lead_to_the_week_that_is_owed(house: House) -> None:
    stage.watch()
    clock = Clock.objects.filter(kind="duty", period__contains="W", unit_code="CY").first()
    if clock is not None:
        assert text_of(house.browser("zhao"), f"/summaries?unit=CY&period={clock.period}")
