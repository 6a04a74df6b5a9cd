"""The queue: what breaks next stands first; and lists, words, duplicates, drafts, and what is not yours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases import access, queries
from huiyin.desk.cases.actions import Registration, forget_draft, register, save_draft
from huiyin.desk.cases.models import Draft
from huiyin.desk.cases.queries import Filters, Scope
from huiyin.desk.clocks.watch import look
from huiyin.desk.conftest import GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=SHANGHAI)


def take_in(unit: Unit, at: datetime, record: str = "complaint", dispatch: bool = True, **said: Any) -> UUID:
    form = Registration(record, unit.code, channel="call_centre_400", by_role="group_cc_agent", **{"story": "电梯停运", **said})
    made = register(unit.organisation_id, form, by=None, at=at, dispatch_to=unit.code if dispatch else None)
    return made.case_id


def test_what_breaks_next_stands_first_and_what_has_no_limit_last(adopted: UUID, project: Unit) -> None:
    without = take_in(project, NOW - timedelta(hours=9), record="inquiry", dispatch=False)
    soon = take_in(project, NOW)
    later = take_in(project, NOW - timedelta(hours=1), record="suggestion")
    late = take_in(project, NOW - timedelta(minutes=30))
    look(NOW)
    scope = Scope(adopted, frozenset({project.code}))

    lines = queries.queue(scope, Filters(), NOW)
    assert [one.case_id for one in lines] == [late, soon, later, without]
    assert [one.group for one in lines] == ["overdue", "within_an_hour", "later", "without_limit"]
    assert lines[0].clause == "GP-10.1.3.1"
    assert queries.queue_counts(scope, Filters(), NOW) == {
        "overdue": 1,
        "within_an_hour": 1,
        "today": 0,
        "later": 1,
        "without_limit": 1,
    }


def test_pages_of_the_queue_join_without_gap_or_double(adopted: UUID, project: Unit) -> None:
    made = {take_in(project, NOW - timedelta(minutes=number % 3)) for number in range(7)}
    scope = Scope(adopted, frozenset({project.code}))
    for read in (queries.queue, queries.ledger):
        seen: list[UUID] = []
        after = ""
        while lines := read(scope, Filters(), NOW, after, 3):
            seen += [one.case_id for one in lines]
            after = lines[-1].cursor
        assert len(seen) == 7
        assert set(seen) == made


def test_a_case_is_found_by_its_words_class_and_number(adopted: UUID, project: Unit) -> None:
    lift = take_in(project, NOW, story="小区电梯停运三天", category={"GP": "engineering_repair"})
    take_in(project, NOW, story="楼道有垃圾", category={"GP": "cleaning"})
    scope = Scope(adopted, frozenset({project.code}))
    asked = (
        Filters(words="电梯"),
        Filters(category="engineering_repair"),
        Filters(number="ts2604010001"),
        Filters(words="' & | 电梯", open=True),
    )
    for filters in asked:
        assert [one.case_id for one in queries.ledger(scope, filters, NOW)] == [lift]
    assert queries.ledger(scope, Filters(open=False), NOW) == []
    assert queries.ledger(Scope(adopted, frozenset()), Filters(), NOW) == []


def test_the_same_home_or_the_same_words_may_be_the_same_matter(adopted: UUID, project: Unit) -> None:
    home = take_in(project, NOW, story="厨房漏水", household_code="3-2-1501")
    words = take_in(project, NOW, story="小区电梯停运三天")
    take_in(project, NOW, story="保安态度差")
    at = NOW + timedelta(days=1)
    found = queries.suggest_duplicates(adopted, project.code, "3-2-1501", "电梯停运", at)
    assert [one["id"] for one in found] == [home, words]
    lamp = take_in(project, NOW, story="灯坏了", place="3栋大堂")
    assert [one["id"] for one in queries.suggest_duplicates(adopted, project.code, "", "又黑了", at, place="3栋大堂 ")] == [lamp]
    assert queries.suggest_duplicates(adopted, project.code, "", "物业费", at) == []


def test_every_figure_opens_the_list_behind_it(adopted: UUID, project: Unit) -> None:
    case = take_in(project, NOW)
    look(NOW + timedelta(minutes=11))
    scope = Scope(adopted, frozenset({project.code}))
    assert queries.figures(scope, ["2026-04"]) == {(project.code, "2026-04"): {"received_complaint": 1, "late": 1}}
    assert queries.behind_figure(scope, "2026-04", "late") == [case]


def test_what_is_not_yours_looks_absent(adopted: UUID, project: Unit, branch: Unit, with_post: GivePost, clerk: By, at: datetime) -> None:
    other = places.add_unit(adopted, "P2", "project", "翠园二期", by=clerk, at=at, parent=branch.id)
    case = take_in(project, NOW)
    mine, theirs = with_post("wang", project, "unit_liaison"), with_post("li", other, "unit_liaison")
    day = NOW.date()
    assert access.fetch(mine, case, on_day=day).id == case
    with pytest.raises(access.NotFound):
        access.fetch(theirs, case, on_day=day)
    with pytest.raises(access.NotFound):
        access.fetch_by_number(theirs, "TS2604010001", on_day=day)
    buttons = access.moves(mine, access.fetch_by_number(mine, "ts2604010001", on_day=day), on_day=day)
    assert buttons[0].key == "accept"
    assert access.moves(theirs, access.fetch(mine, case, on_day=day), on_day=day) == ()


def test_a_draft_is_kept_until_its_form_is_sent(adopted: UUID, project: Unit, with_post: GivePost) -> None:
    staff = with_post("wang", project, "unit_liaison")
    save_draft(adopted, staff.pk, "register", {"story": "电"}, at=NOW)
    save_draft(adopted, staff.pk, "register", {"story": "电梯"}, at=NOW)
    assert Draft.objects.get(staff_id=staff.pk).body == {"story": "电梯"}
    assert forget_draft(staff.pk, "register")
    assert not forget_draft(staff.pk, "register")
