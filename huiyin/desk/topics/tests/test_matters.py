"""Proposals from a unit's cases, and what people make of them: confirmed, undone, parted, taken back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from huiyin.desk.cases.models import Case, Tally
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.models import Entry
from huiyin.desk.places.models import Unit
from huiyin.desk.topics import actions, queries
from huiyin.desk.topics.actions import BadTopic, Post
from huiyin.desk.topics.tests.conftest import BEGAN, Complain

pytestmark = pytest.mark.django_db
NOW = BEGAN + timedelta(days=10)
SMOKE = ("翠湖路夜宵摊油烟扰民，每天到凌晨", "翠湖路的夜宵摊油烟直排，影响休息", "夜宵摊在翠湖路排油烟，睡不着")


@pytest.fixture
def smoke(complain: Complain) -> list[UUID]:
    """Three households complain of the same stall; another one of a lift."""
    complain("三栋电梯停运三小时没有人来修", "3-2-1501", day=0)
    return [complain(story, f"1-1-10{day}", day=day).case_id for day, story in enumerate(SMOKE, start=1)]


def test_cases_of_one_matter_are_proposed_with_their_complainants(adopted: UUID, project: Unit, smoke: list[UUID]) -> None:
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert [row["id"] for row in group.cases] == smoke
    assert (group.complainants, group.households, group.issue, group.settled) == (3, 3, "", False)
    assert group.alert_at == BEGAN + timedelta(days=3), "the third complainant makes it an alert"
    assert group.name == SMOKE[0]
    assert queries.group_of(adopted, project.code, smoke[0], NOW) == group
    (fitting,) = queries.near(adopted, project.code, "翠湖路夜宵摊又排油烟了", NOW)
    assert fitting.cases == group.cases
    assert queries.groups(adopted, {"FG"}, NOW) == []


def test_confirming_sets_the_issue_that_regulations_count_and_undoing_restores_it(
    adopted: UUID, project: Unit, smoke: list[UUID], liaison: Post
) -> None:
    assert actions.confirm(adopted, smoke, " 翠湖路夜宵摊 ", post=liaison, at=NOW) == "翠湖路夜宵摊"
    assert set(Case.objects.filter(id__in=smoke).values_list("issue", flat=True)) == {"翠湖路夜宵摊"}
    counted = Tally.objects.filter(issue="翠湖路夜宵摊", scope_unit=project.code, left_at=None)
    assert counted.values("household").distinct().count() == 3
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert group.settled and group.issue == "翠湖路夜宵摊"
    assert actions.undo(adopted, smoke[:1], post=liaison, at=NOW + timedelta(hours=1)) == 1
    assert Case.objects.get(id=smoke[0]).issue == ""
    assert counted.values("household").distinct().count() == 2
    assert Fact.objects.filter(event="issue_set").count() == 4
    assert {row.case_id for row in queries.joined(adopted, {project.code})} == set(smoke[1:])
    assert actions.undo(adopted, smoke[:1], post=liaison, at=NOW + timedelta(hours=2)) == 0, "undone once"


def test_what_was_parted_is_not_proposed_together_until_that_is_taken_back(
    adopted: UUID, project: Unit, smoke: list[UUID], liaison: Post
) -> None:
    assert actions.part(adopted, smoke[:1], smoke[1:], post=liaison, at=NOW) == 2
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert [row["id"] for row in group.cases] == smoke[1:]
    assert Entry.objects.filter(action="topics.part").count() == 1
    for other in smoke[1:]:
        assert actions.take_back(adopted, smoke[0], other, post=liaison, at=NOW)
    assert not actions.take_back(adopted, smoke[0], smoke[1], post=liaison, at=NOW)
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert len(group.cases) == 3


def test_a_new_case_is_taken_in_and_a_void_one_goes(adopted: UUID, project: Unit, smoke: list[UUID], complain: Complain) -> None:
    queries.groups(adopted, {project.code}, NOW)
    fourth = complain("翠湖路夜宵摊油烟呛人", "2-1-201", day=4).case_id
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert [row["id"] for row in group.cases] == [*smoke, fourth]
    Case.objects.filter(id=smoke[1]).update(status="void")
    (group,) = queries.groups(adopted, {project.code}, NOW)
    assert [row["id"] for row in group.cases] == [smoke[0], smoke[2], fourth]


def test_cases_are_put_together_by_posts_that_may_and_within_one_unit(
    adopted: UUID, project: Unit, smoke: list[UUID], liaison: Post
) -> None:
    with pytest.raises(BadTopic, match="expected one with the right register"):
        actions.confirm(adopted, smoke, "夜宵摊", post=Post(None, "handler", project.code), at=NOW)
    with pytest.raises(BadTopic, match="expected one with the right register"):
        actions.confirm(adopted, smoke, "夜宵摊", post=Post(None, "unit_liaison", "ELSE"), at=NOW)
    with pytest.raises(BadTopic, match="found 1 standing cases of 1"):
        actions.confirm(adopted, smoke[:1], "夜宵摊", post=liaison, at=NOW)
    assert not Fact.objects.filter(event="issue_set").exists()
