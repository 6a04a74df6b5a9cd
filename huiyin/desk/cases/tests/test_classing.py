"""Classes of a case: exactly one of the regulation's own, the last one given."""

from __future__ import annotations

import pytest

from huiyin.desk.cases.actions import Registered
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.tests.conftest import Do
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.actions import BadFact

pytestmark = pytest.mark.django_db
SIX = ("customer_service", "engineering_repair", "public_order", "cleaning", "greening", "other")


def test_a_case_has_exactly_one_of_six_classes(complaint: Registered, do: Do) -> None:
    do("accept")
    for one in SIX:
        do("class", category={"GP": one})
        assert Case.objects.get(id=complaint.case_id).category == {"GP": one}
    with pytest.raises(BadFact, match="expected one of customer_service"):
        do("class", category={"GP": "lifts"})
    assert Case.objects.get(id=complaint.case_id).category == {"GP": "other"}


def test_another_class_is_another_clock_from_the_same_start(complaint: Registered, do: Do) -> None:
    do("accept")
    do("contact", minute=20)
    do("class", minute=25, category={"GP": "cleaning"})
    do("class", minute=30, category={"GP": "public_order"})
    states = dict(Clock.objects.filter(case_id=complaint.case_id).values_list("rule", "state"))
    assert states["GP:solution-cleaning-general"] == "cancelled"
    assert states["GP:solution-order-general"] == "running"


def test_major_stands_beside_general_and_serious(complaint: Registered, do: Do) -> None:
    do("set_severity", "group_cc", severity={"GP": "serious"})
    do("set_severity", "group_cc", 20, severity={"GP": "major"})
    assert Case.objects.get(id=complaint.case_id).marks == ["major"]
