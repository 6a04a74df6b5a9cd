"""Whoever scans a code says what is the matter there: one case, by the channel that the regulations call a page, with its point."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from huiyin.core.moments import BadText
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import Refused
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.qr_points import actions, queries
from huiyin.desk.qr_points.models import QrPoint
from huiyin.desk.qr_points.queries import OFFERED
from huiyin.plumbing.text import BadText as BadLine
from huiyin.rulebook.load import regulation, stems

pytestmark = pytest.mark.django_db
AT = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
CLERK = By("admin")
SAID = actions.Said("complaint", "3栋大堂", "灯不亮三天了")


@pytest.fixture
def unit() -> Unit:
    organisation = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=AT)
    company = places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=CLERK, at=AT)
    return places.add_unit(organisation.id, "CY", "project", "翠园一期", by=CLERK, at=AT, parent=company.id)


@pytest.fixture
def point(unit: Unit) -> QrPoint:
    adopt(unit, "group_platform", "1", date(2020, 1, 1), by=CLERK, at=AT)
    return actions.put_up(unit, " 3栋   大堂 ", by=CLERK, at=AT)


def test_a_point_has_a_number_of_its_unit_and_a_code_that_nobody_guesses(unit: Unit, point: QrPoint) -> None:
    other = actions.put_up(unit, "电梯", by=CLERK, at=AT)
    assert (point.number, other.number, point.place) == (1, 2, "3栋 大堂")
    assert len(point.code) == 10 and point.code != other.code
    assert [one.action for one in journal.entries_of(unit.organisation_id, f"point:{point.pk}")] == ["qr_points.put_up"]
    with pytest.raises(BadLine):
        actions.put_up(unit, "  ", by=CLERK, at=AT)


def test_what_is_said_becomes_a_case_of_the_unit_and_sent_again_it_is_the_same(point: QrPoint) -> None:
    once = uuid4()
    made = actions.bring(point, SAID, once, at=AT)
    assert actions.bring(point, SAID, once, at=AT) == made
    case = Case.objects.get()
    assert (case.unit_code, case.record, case.channel, case.place, case.status) == (
        "CY", "complaint", "online_system", "3栋大堂", "pending_dispatch",
    )  # fmt: skip
    assert queries.counted([point.pk]) == {point.pk: 1} and queries.cases_of(point) == [case]
    assert (made.number, made.query_code) == (case.number, case.query_code)


def test_the_home_that_is_named_is_known(unit: Unit, point: QrPoint) -> None:
    places.add_household(unit, "3-2-1501", by=CLERK, at=AT)
    actions.bring(point, actions.Said("repair", "3栋2单元1501", "漏水", "王芳", "13800138000"), uuid4(), at=AT)
    case = Case.objects.get()
    assert (case.household_code, case.contact_name, case.contact_phone) == ("3-2-1501", "王芳", "+8613800138000")


def test_what_cannot_be_taken_is_told_and_nothing_stands(unit: Unit, point: QrPoint) -> None:
    with pytest.raises(BadText, match="kind"):
        actions.bring(point, actions.Said("emergency", "", "着火"), uuid4(), at=AT)
    with pytest.raises(BadLine):
        actions.bring(point, actions.Said("complaint", "", " "), uuid4(), at=AT)
    actions.set_open(point, False, by=CLERK, at=AT)
    with pytest.raises(BadText, match="closed"):
        actions.bring(point, SAID, uuid4(), at=AT)
    actions.set_open(point, True, by=CLERK, at=AT)
    places.close_unit(unit, by=CLERK, at=AT)
    with pytest.raises(BadText, match="closed"):
        actions.bring(point, SAID, uuid4(), at=AT)
    assert not Case.objects.exists()


@pytest.mark.parametrize("stem", stems())
def test_every_kind_that_is_offered_can_be_brought_under_every_regulation(unit: Unit, stem: str) -> None:
    adopt(unit, stem, str(regulation(stem).source["version"]), date(2020, 1, 1), by=CLERK, at=AT)
    point = actions.put_up(unit, "大堂", by=CLERK, at=AT)
    kinds = queries.offered([regulation(stem)])
    for record in kinds:
        actions.bring(point, actions.Said(record, "大堂", "请看一下", "王芳", "13800138000"), uuid4(), at=AT)
    assert Case.objects.count() == len(kinds)
    # Praise under UL is confirmed by a leader first (UL-5.4a).
    assert set(OFFERED) - set(kinds) == ({"praise"} if stem == "university_logistics" else set())


def test_where_a_regulation_asks_who_it_is_nobody_stays_nameless(unit: Unit) -> None:
    adopt(unit, "university_logistics", "1", date(2020, 1, 1), by=CLERK, at=AT)
    point = actions.put_up(unit, "食堂", by=CLERK, at=AT)
    with pytest.raises(Refused, match=r"UL-3\.3b"):
        actions.bring(point, SAID, uuid4(), at=AT)
