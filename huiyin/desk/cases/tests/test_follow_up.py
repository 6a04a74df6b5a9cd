"""Who follows a case, who reminds, who supervises, and how the group's solution is carried out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases import queries
from huiyin.desk.cases.actions import Registered
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import Filters, Scope
from huiyin.desk.cases.tests.conftest import Do
from huiyin.desk.facts.queries import facts_of_case
from huiyin.desk.places.models import Unit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=SHANGHAI)


def told(organisation_id: UUID, case: Registered, event: str) -> list[tuple[str | None, str | None]]:
    facts = facts_of_case(organisation_id, case.case_id)
    return [(one.by, one.text("text")) for one in facts if one.event == event]


def test_a_follower_is_named_and_enters_follow_ups(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("name_follower", "quality_dept", to=["quality_head"])
    do("follow_up", "quality_head", text="已催项目到场")
    do("follow_up", "quality_head", 30, text="现场已修好")
    assert Case.objects.get(id=complaint.case_id).follower == "quality_head"
    assert told(adopted, complaint, "follow_up_entered") == [
        ("quality_head", "已催项目到场"),
        ("quality_head", "现场已修好"),
    ]


def test_a_department_follows_and_reminds(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("follow_up", "engineering_dept", text="配件明日到")
    do("remind", "engineering_dept", to=["unit_liaison"], text="请今日回复业主")
    do("urge", "quality_dept", 20, text="业主来电催促")
    do("follow_up", "engineering_dept", 30, text="配件已到，今日安装")
    assert told(adopted, complaint, "follow_up_entered") == [
        ("engineering_dept", "配件明日到"),
        ("engineering_dept", "配件已到，今日安装"),
    ]
    assert told(adopted, complaint, "reminder_sent") == [("engineering_dept", "请今日回复业主")]
    assert Case.objects.get(id=complaint.case_id).urged_count == 1


def test_cases_without_a_follow_up_are_listed(adopted: UUID, complaint: Registered, project: Unit, do: Do) -> None:
    scope = Scope(adopted, frozenset({project.code}))
    without = queries.queue(scope, Filters(followed=False), NOON)
    assert [one.case_id for one in without] == [complaint.case_id]
    do("name_follower", "quality_dept", to=["quality_head"])
    assert len(queries.queue(scope, Filters(followed=False), NOON)) == 1
    do("follow_up", "project_manager", text="已到现场查看")
    assert queries.queue(scope, Filters(followed=False), NOON) == []
    assert len(queries.queue(scope, Filters(followed=True), NOON)) == 1


def test_the_groups_solution_is_carried_out_measure_by_measure(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("accept")
    assert queries.measures(adopted, complaint.case_id) == ()
    do("group_solution", minute=20, text="更换灯具\n查全楼线路")
    do("measure_done", minute=30, text="更换灯具")
    first, second = queries.measures(adopted, complaint.case_id)
    assert (first.text, first.done_at, second) == ("更换灯具", NOON.replace(hour=9, minute=30), queries.Measure("查全楼线路"))
    do("measure_done", minute=40, text="查全楼线路", reason="只查了二单元，其余下周查")
    assert all(one.done_at for one in queries.measures(adopted, complaint.case_id))
    assert queries.measures(adopted, complaint.case_id)[1].deviation == "只查了二单元，其余下周查"


def test_supervision_is_recorded_on_the_case(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("supervise", "quality_dept", text="三日内办结并报我部")
    assert told(adopted, complaint, "supervision_recorded") == [("quality_dept", "三日内办结并报我部")]
