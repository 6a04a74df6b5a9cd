"""Work has begun with its first act, for staff and for who complained, where no regulation asks that it is accepted first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.cases.actions import move
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.faces.console.tests.regulated import SITE, Regulated, regulated

pytestmark = pytest.mark.django_db


def _acts(house: Regulated, case_id: str, *events: str) -> None:
    at = timezone.now()
    for number, event in enumerate(events):
        then = at + timedelta(seconds=number)
        told = {"to": ["responsible_person"], "text": "已办"}
        store(house.organisation.id, [Fact(event, then, case_id, by="property_supervisor", details=told)], by=house.person.pk, at=then)


def test_work_that_nobody_has_to_accept_has_begun_with_its_first_act() -> None:
    house = regulated("apartment_complaints")
    case = Case.objects.get(number=house.case(category={"AC": "service_quality"}).number)
    move(house.organisation.id, case.id, "dispatch", {}, by=house.person.pk, post_role="cs_staff", unit=SITE, at=timezone.now())
    case.refresh_from_db()
    assert case.status == "pending_acceptance"
    _acts(house, str(case.id), "complaint_assigned")
    case.refresh_from_db()
    assert case.status == "pending_acceptance"
    _acts(house, str(case.id), "investigation_started")
    case.refresh_from_db()
    assert (case.status, case.handler_id) == ("in_progress", house.person.pk)
    assert "处理中" in house.browser().get(f"/cases/{case.number}").content.decode()
