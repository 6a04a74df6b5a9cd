"""The month's complaint forms for the quality department (RC-4.8e): reckoned from the cases, said on the page, handed over by number."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.moments import in_shanghai
from huiyin.core.recurrence import period_of
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.clocks.watch.reconciling import reconcile
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.faces.console.tests.regulated import SITE, Regulated, regulated

pytestmark = pytest.mark.django_db
ACT = "forms_handed_over_to_quality_dept"


@pytest.fixture
def office() -> Regulated:
    """An office whose month is open, with nothing finished in it yet."""
    house = regulated("resident_complaints")
    opened = period_of("month", timezone.now()).opens_at
    store(house.organisation.id, [Fact("month_opened", opened)], by=None, at=timezone.now())
    return house


def _month() -> str:
    return period_of("month", timezone.now()).name


def _complaint(house: Regulated, *, returned: bool, handled: bool = True, ago: int = 5) -> Case:
    """A complaint of this month: its handling was finished so many minutes ago, its form has come back or not."""
    now = timezone.now()
    made = house.case(severity={"RC": "minor"})
    at = now - timedelta(minutes=ago)
    facts = [Fact(event, at, str(made.case_id), by="dept_supervisor") for event, done in (
        ("complaint_handled", handled), ("form_returned_to_service_centre", returned)) if done]  # fmt: skip
    store(house.organisation.id, facts, by=None, at=now)
    return Case.objects.get(organisation_id=house.organisation.id, id=made.case_id)


def _panel(house: Regulated) -> dict[str, Any]:
    page = house.browser().get(f"/units/{SITE}")
    assert page.status_code == 200
    found = [one for one in page.context["handings"] if one["due_at"] is not None]
    shown: dict[str, Any] = found[0]
    return shown


def _hand_over(house: Regulated, *cases: Case, **more: Any) -> Any:
    told = {"role": "pa_supervisor", "period": _month(), "forms": [str(one.id) for one in cases], **more}
    return house.browser().post(f"/units/{SITE}/steps/{ACT}", told)


def _state(house: Regulated) -> str:
    return str(
        Clock.objects.get(
            organisation_id=house.organisation.id, rule="RC:forms-to-quality-department", unit_code=SITE, period=_month()
        ).state
    )


def _numbers(listed: Any) -> list[str]:
    return [one["number"] for one in listed]


@pytest.fixture(autouse=True)
def before_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests are about a day of the month before its thirtieth; on the last days they stand on an earlier one."""
    now = timezone.now()
    day = in_shanghai(now)
    then = day.replace(day=20, hour=12) if day.day > 27 or day.day < 3 else day
    monkeypatch.setattr(timezone, "now", lambda: then)


def test_the_page_says_how_many_forms_belong_to_the_month_and_which_are_missing(office: Regulated) -> None:
    whole, lacking = _complaint(office, returned=True, ago=9), _complaint(office, returned=False)
    still_open = _complaint(office, returned=False, handled=False)
    panel = _panel(office)
    assert (panel["count"], panel["complete"], panel["done"]) == (2, 1, False)
    assert (_numbers(panel["ready"]), _numbers(panel["incomplete"])) == ([whole.number], [lacking.number])
    page = office.browser().get(f"/units/{SITE}").content.decode()
    assert "应交 2 份，齐全 1 份，已交 0 份" in page and f'href="/cases/{lacking.number}"' in page
    assert still_open.number not in [*_numbers(panel["ready"]), *_numbers(panel["incomplete"])]
    form = office.browser().get(f"/units/{SITE}/steps/{ACT}")
    field = form.context["form"].fields["forms"]
    assert field.choices == [(str(whole.id), f"{whole.number}（齐全）"), (str(lacking.id), f"{lacking.number}（未齐）")]
    assert field.initial == [str(whole.id)] and "应交 2 份" in form.content.decode()


def test_what_is_handed_over_is_kept_by_number_and_the_duty_stays_owed_until_nothing_is_missing(office: Regulated) -> None:
    whole, lacking = _complaint(office, returned=True, ago=9), _complaint(office, returned=False)
    assert _hand_over(office, whole).status_code == 302
    assert FactRow.objects.get(event=ACT, case_id=None).details["forms"] == [str(whole.id)]
    panel = _panel(office)
    assert (_numbers(panel["handed"]), _numbers(panel["incomplete"]), _state(office)) == ([whole.number], [lacking.number], "running")
    page = office.browser().get(f"/units/{SITE}").content.decode()
    assert f"上交的意见表：{whole.number}" in page and "未齐，不能算交齐" in page
    assert _hand_over(office, lacking).status_code == 302
    assert (_state(office), _panel(office)["done"], _panel(office)["count"]) == ("met", True, 2)
    assert [one for one in reconcile(office.organisation.id, timezone.now()) if "forms" in one.key] == []


def test_a_month_without_any_form_is_handed_over_as_empty(office: Regulated) -> None:
    assert _hand_over(office).status_code == 302
    assert _state(office) == "met"


def test_who_ticks_nothing_though_something_is_missing_is_asked_to_choose(office: Regulated) -> None:
    _complaint(office, returned=True)
    answer = _hand_over(office)
    assert answer.status_code == 200 and "请勾选本次上交的" in answer.content.decode()
    assert not FactRow.objects.filter(event=ACT).exists() and _state(office) == "running"


def test_only_what_belongs_to_the_hand_over_can_be_handed_over(office: Regulated) -> None:
    whole, still_open = _complaint(office, returned=True), _complaint(office, returned=False, handled=False)
    assert _hand_over(office, still_open).status_code == 200
    assert _hand_over(office, whole).status_code == 302
    assert _hand_over(office, whole).status_code == 200, "nothing is handed over twice"
