"""Printing the forms that regulations declare: chosen for a case or a unit, filled in, masked, refused to others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.desk.documents.tests.reading import text_of
from huiyin.desk.journal.models import Entry
from huiyin.desk.people.models import Unmasking
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.faces.console.tests.conftest import EARLY, House

FORM = "RC:complaint_form"


@pytest.fixture
def forms(house: House) -> House:
    """The house, whose company has adopted the office's complaint rules too."""
    take_up(house.units["WY"], "resident_complaints", EARLY)
    return house


def _case(house: House) -> str:
    more: dict[str, Any] = {"contact_name": "王小芳", "contact_phone": "13812345678", "household_code": "3-2-1501"}
    return house.register("电梯停运三小时", ago=timedelta(minutes=5), **more).number


def test_a_case_has_its_forms_and_prints_them_with_names_hidden(forms: House) -> None:
    number, browser = _case(forms), forms.browser("zhao")
    page = browser.get("/forms", {"case": number}).content.decode()
    assert "住户投诉意见表" in page and "RC-5.2" in page
    answer = browser.post("/forms/print", {"case": number, "form": FORM})
    text = text_of(answer.content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "住户投诉意见表" in text and "电梯停运三小时" in text and number in text
    assert "13812345678" not in text and "王小芳" not in text and not Unmasking.objects.exists()
    assert Entry.objects.filter(action="documents.print_form").count() == 1


def test_names_stand_in_full_for_a_reason_that_is_kept(forms: House) -> None:
    number = _case(forms)
    text = text_of(forms.browser("zhao").post("/forms/print", {"case": number, "form": FORM, "reason": "contact"}).content)
    assert "13812345678" in text and "王小芳" in text and Unmasking.objects.get().field == "form"


def test_a_record_book_of_a_month_lists_the_cases_that_it_is_kept_of(forms: House) -> None:
    _case(forms)
    take_up(forms.units["WY"], "university_logistics", EARLY)
    month = f"{timezone.localtime():%Y-%m}"
    told = {"unit": "CY", "period": month, "form": "UL:record_book"}
    text = text_of(forms.browser("zhao").post("/forms/print", told).content)
    assert "电梯停运三小时" in text and "专用记录本" in text and "王小芳" not in text


def test_what_is_not_ones_own_looks_absent(forms: House) -> None:
    number, other = _case(forms), forms.browser("wang")
    strange: tuple[dict[str, str], ...] = ({"unit": "LY", "period": "2026-99"}, {"matter": "7"}, {"matter": str(forms.organisation.id)})
    for asked in ({"case": number}, {"unit": "CY"}, *strange):
        assert other.get("/forms", asked).status_code == 404
        assert other.post("/forms/print", asked | {"form": FORM}).status_code == 404
    assert forms.browser("zhao").post("/forms/print", {"case": number, "form": "CR:activity_plan"}).status_code == 404
    assert forms.browser("zhao").get("/forms/print").status_code == 404
