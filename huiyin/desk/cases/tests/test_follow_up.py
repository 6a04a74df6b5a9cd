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
    do("remind", "quality_dept", to=["unit_liaison"], text="请今日回复业主")
    do("urge", "quality_dept", 20, text="业主来电催促")
    assert told(adopted, complaint, "reminder_sent") == [("quality_dept", "请今日回复业主")]
    assert Case.objects.get(id=complaint.case_id).urged_count == 1


def test_cases_without_a_follow_up_are_listed(adopted: UUID, complaint: Registered, project: Unit, do: Do) -> None:
    scope = Scope(adopted, frozenset({project.code}))
    without = queries.queue(scope, Filters(followed=False), NOON)
    assert [one.case_id for one in without] == [complaint.case_id]
    do("name_follower", "quality_dept", to=["quality_head"])
    assert queries.queue(scope, Filters(followed=False), NOON) == []
    assert len(queries.queue(scope, Filters(followed=True), NOON)) == 1


def test_the_groups_solution_is_carried_out_measure_by_measure(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("accept")
    do("group_solution", minute=20, text="更换灯具，并查全楼线路")
    do("measure_done", minute=30, text="灯具已换")
    do("measure_done", minute=40, text="线路已查")
    assert told(adopted, complaint, "group_solution_received") == [("unit_liaison", "更换灯具，并查全楼线路")]
    assert [text for _, text in told(adopted, complaint, "measure_done")] == ["灯具已换", "线路已查"]


def test_supervision_is_recorded_on_the_case(adopted: UUID, complaint: Registered, do: Do) -> None:
    do("supervise", "quality_dept", text="三日内办结并报我部")
    assert told(adopted, complaint, "supervision_recorded") == [("quality_dept", "三日内办结并报我部")]
