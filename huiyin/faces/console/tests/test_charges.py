"""What is charged held against the published rates, on the pages: flagged at once, found again, proposed to the inspection."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.inspections.models import Finding
from huiyin.desk.matters.models import Matter
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.faces.console.tests.conftest import EARLY, House

RATES, CHARGES = "CR:charges", "CR:home-service-charges"
TODAY = timezone.localdate


@pytest.fixture
def charged(house: House) -> House:
    """The house under the customer relations standard: a rate of 80 yuan since a month, two charges of yesterday, one of them 100."""
    take_up(house.units["WY"], "customer_relations", EARLY)
    browser, yesterday = house.browser("zhao"), str(TODAY() - timedelta(days=1))
    _add(browser, RATES, charge="入户疏通", rate_yuan="80", per="次", valid_from=str(TODAY() - timedelta(days=30)))
    for household, yuan in (("3-2-1501", "80"), ("3-2-1502", "100")):
        _add(browser, CHARGES, household=household, charge="入户疏通", charged_yuan=yuan, charged_on=yesterday)
    return house


def _add(browser: Client, register: str, **values: str) -> None:
    said: dict[str, Any] = {"unit": "CY", "register": register, **{f"v-{key}": value for key, value in values.items()}}
    assert browser.post("/registers/add", said).status_code == 302


def _page(browser: Client, address: str, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_charge_above_the_rate_is_flagged_and_proposed_to_the_inspection(charged: House) -> None:
    quality = charged.browser("wu")
    audit = _page(quality, "/inspections/audit", unit="CY").replace("&amp;", "&")
    link = re.search(r'href="(/inspections/evidence\?[^"]*rule=CR%3Ahome-service-charges&[^"]*)"[^>]*>([^<]*)', audit)
    assert link and "2 条记录中 1 条超出或没有标准" in link[2]
    behind = _page(quality, link[1])
    above = Entry.objects.get(compared="above")
    assert f"/registers/entries/{above.id}" in behind and "超出 20：“收费公示清单”" in behind and behind.count("<tr>") == 2
    quality.post("/inspections/open", {"unit": "CY"})
    inspection = Matter.objects.get(about="inspection")
    said = {"clause": "CR-4.2.2.2", "rule": "CR:home-service-charges", "count": "1", "text": "多收"}
    quality.post(f"/inspections/{inspection.id}/findings", said)
    told = Finding.objects.get().told[0]
    assert (told["rule"], told["kind"], told["bad"], told["whole"]) == ("CR:home-service-charges", "entry", 1, 2)


def test_the_register_shows_how_each_charge_stands_and_lists_the_wrong_ones(charged: House) -> None:
    browser = charged.browser("zhao")
    assert "超出 1" in _page(browser, "/registers", unit="CY")
    listed = _page(browser, "/registers/list", unit="CY", register=CHARGES)
    assert "超出 20：“收费公示清单”" in listed and "符合：“收费公示清单”" in listed and "已有：入户疏通" in listed
    wrong = _page(browser, "/registers/list", unit="CY", register=CHARGES, wrong="1")
    assert "超出 20" in wrong and "符合：" not in wrong
    above, rate = Entry.objects.get(compared="above"), Entry.objects.get(register=RATES)
    page = _page(browser, f"/registers/entries/{above.id}")
    assert "超出 20" in page and f'href="/registers/entries/{rate.id}"' in page
    assert "核对" not in _page(browser, f"/registers/entries/{rate.id}")
    for address in ("print", "export"):
        assert browser.get(f"/registers/{address}", {"unit": "CY", "register": CHARGES}).status_code == 200
    text = browser.get("/registers/export", {"unit": "CY", "register": CHARGES, "kind": "csv"}).content.decode("utf-8-sig")
    assert "核对" in text.splitlines()[0] and "超出 20" in text
    assert "核对" in _page(browser, "/registers/print", unit="CY", register=CHARGES)


def test_the_rulebook_says_what_the_charges_are_held_against(charged: House) -> None:
    page = re.sub(r"<[^>]+>|\s", "", _page(charged.browser("wu"), "/rulebook/customer_relations"))
    assert "实收（元）不高于“收费公示清单”当日有效的标准（元）" in page
