"""The duty screen of an office as the tests use it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

PATIENT = "RH|help_request|emergency_patient"


def opened(house: House) -> House:
    """The house whose project lives under the help and feedback procedures, with an officer, a shift leader and a responder."""
    for stem in ("resident_help", "office_feedback"):
        adopt(house.units["CY"], stem, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    for login, name, phone, *roles in (
        ("ying", "应小荷", "13900010003", "pa_officer", "receiver"),
        ("tie", "铁振东", "13900010005", "security_shift_leader", "security_dept", "gate_guard"),
        ("xie", "解师傅", "13900010004", "responder"),
    ):
        made = people.add_staff(house.organisation.id, login, name, by=CLERK, at=EARLY, phone=phone)
        for role in roles:
            people.give_post(made, house.units["CY"], role, date(2025, 1, 1), by=CLERK, at=EARLY)
        house.staff[login] = made
    return house


def begun(house: House, kind: str = PATIENT, **said: str) -> Case:
    """A case taken in on the duty screen by the officer."""
    told = {"kind": kind, "place": "3栋2单元1501", "phone": "13812345678", "story": "", **said}
    answer = house.browser("ying").post("/duty/new", told, headers={"X-Outbox": "1"})
    assert answer.status_code == 200, answer.content.decode()
    return Case.objects.order_by("-id")[0]


def run_of(browser: Client, number: str) -> dict[str, Any]:
    """The case as the duty screen shows it."""
    context = browser.get("/duty").context
    return next(one for one in (*context["runs"], *context["rest"]) if one["number"] == number)


def next_of(browser: Client, number: str) -> str:
    """The event of the first step that waits."""
    return str(run_of(browser, number)["first"]["next"]["event"])
