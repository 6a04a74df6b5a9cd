"""Every write about matters: cases put together, taken out again, parted, and that taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Final
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.desk.cases.actions.moving import reaches
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.people.access import RIGHTS
from huiyin.desk.places import queries as places
from huiyin.desk.topics.models import Joined, Parted
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

MOST_OF_A_NAME: Final = 80
MOST_CASES: Final = 500
RIGHT: Final = "register"
"""Who may put a case into a matter: whoever may set its issue by hand."""


class BadTopic(BadText):
    """Cases that cannot be put together, taken out or parted as asked."""


@dataclass(frozen=True, slots=True)
class Post:
    """Under which post somebody acts: the person, the role, and the code of its unit."""

    person: UUID | None
    role: str
    unit: str


def confirm(organisation_id: UUID, case_ids: Sequence[UUID], issue: str, *, post: Post, at: datetime) -> str:
    """Put the cases into the matter ``issue``: an ``issue_set`` on each that is not in it yet, which the regulations count. Returns the
    matter's name as it was kept.

    What was parted among them stands together again. Raises BadTopic for fewer than two cases, cases of several units, a void one, or a
    post that may not; BadText for the name; Refused where a regulation forbids it.
    """
    name = clean_text(issue.strip(), most=MOST_OF_A_NAME, field="issue")
    with transaction.atomic():
        cases = _fetch(organisation_id, case_ids, post, least=2)
        for case in cases:
            if case.issue != name:
                _join(case, name, post, at)
        keys = {case.id for case in cases}
        Parted.objects.filter(
            organisation_id=organisation_id, case_id__in=keys, other_id__in=keys, taken_back_at=None
        ).update(taken_back_at=at)  # fmt: skip
    return name


def _join(case: Case, name: str, post: Post, at: datetime) -> None:
    standing = Joined.objects.filter(organisation_id=case.organisation_id, case_id=case.id, undone_at=None)
    standing.update(undone_at=at)
    _set_issue(case, name, post, at)
    Joined.objects.create(
        organisation_id=case.organisation_id, id=new_id(at), case_id=case.id, unit_code=case.unit_code, issue=name, was=case.issue,
        at=at, by_person=post.person, by_role=post.role,
    )  # fmt: skip


def _set_issue(case: Case, name: str, post: Post, at: datetime) -> None:
    store(case.organisation_id, [Fact("issue_set", at, str(case.id), None, post.role, {"issue": name}, at)], by=post.person, at=at)


def undo(organisation_id: UUID, case_ids: Sequence[UUID], *, post: Post, at: datetime) -> int:
    """Take the cases out of the matters that people put them into: each stands again where it stood before. Returns how many.

    Cases that nobody put into a matter stay as they are. Raises BadTopic as ``confirm``, Refused.
    """
    with transaction.atomic():
        cases = {case.id: case for case in _fetch(organisation_id, case_ids, post, least=1)}
        rows = Joined.objects.select_for_update().filter(organisation_id=organisation_id, case_id__in=cases, undone_at=None)
        joined = list(rows)
        for row in joined:
            case = cases[row.case_id]
            # Whoever has put it elsewhere since meant that.
            if case.issue == row.issue:
                _set_issue(case, row.was, post, at)
        rows.update(undone_at=at)
    return len(joined)


def part(organisation_id: UUID, case_ids: Sequence[UUID], others: Sequence[UUID] = (), *, post: Post, at: datetime) -> int:
    """Remember that each of the cases is another matter than each of the others; without others, than each other. Returns how many pairs.

    Raises BadTopic as ``confirm``.
    """
    with transaction.atomic():
        cases = {case.id: case for case in _fetch(organisation_id, [*case_ids, *others], post, least=2)}
        asked = ((one, other) for one in case_ids for other in others) if others else combinations(case_ids, 2)
        pairs = sorted({(min(one, other), max(one, other)) for one, other in asked if one != other})
        rows = [
            Parted(
                organisation_id=organisation_id, case_id=one, other_id=other, unit_code=cases[one].unit_code, at=at,
                by_person=post.person, by_role=post.role,
            )
            for one, other in pairs
        ]  # fmt: skip
        Parted.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["organisation_id", "case_id", "other_id"],
            update_fields=["unit_code", "at", "by_person", "by_role", "taken_back_at"],
        )  # fmt: skip
        numbers = sorted(case.number for case in cases.values())
        _note(organisation_id, "topics.part", numbers, len(pairs), post, at)
    return len(pairs)


def take_back(organisation_id: UUID, case_id: UUID, other_id: UUID, *, post: Post, at: datetime) -> bool:
    """Take back that two cases were parted: they may be proposed together again. Returns whether they were parted. Raises BadTopic."""
    with transaction.atomic():
        cases = _fetch(organisation_id, [case_id, other_id], post, least=2)
        one, other = min(case_id, other_id), max(case_id, other_id)
        rows = Parted.objects.filter(organisation_id=organisation_id, case_id=one, other_id=other, taken_back_at=None)
        found = bool(rows.update(taken_back_at=at))
        if found:
            _note(organisation_id, "topics.take_back", sorted(case.number for case in cases), 1, post, at)
    return found


def _note(organisation_id: UUID, action: str, numbers: Sequence[str], pairs: int, post: Post, at: datetime) -> None:
    by = By(post.role, post.person)
    journal.write_now(organisation_id, action, by=by, at=at, subject=f"case:{numbers[0]}", body={"cases": list(numbers), "pairs": pairs})


def _fetch(organisation_id: UUID, case_ids: Sequence[UUID], post: Post, *, least: int) -> list[Case]:
    """The cases in the order of their receipt, if the post may put them into matters."""
    wanted = set(case_ids)
    cases = list(Case.objects.filter(organisation_id=organisation_id, id__in=wanted).exclude(status="void").order_by("received_at", "id"))
    if len(cases) != len(wanted) or not least <= len(wanted) <= MOST_CASES:
        raise BadTopic(
            f"found {len(cases)} standing cases of {len(wanted)} asked for, expected all of {least} to {MOST_CASES}; choose them again",
            f"所选 {len(wanted)} 张工单中有 {len(cases)} 张可用；请重新选择至少 {least} 张未作废的工单",
        )
    if len({case.unit_code for case in cases}) > 1:
        raise BadTopic("found cases of several units, expected those of one; choose again", "所选工单不属于同一单位；请分别选择")
    units = places.units(organisation_id)
    if post.role not in RIGHTS[RIGHT] or not reaches(units, post.role, post.unit, cases[0].unit_code):
        raise BadTopic(
            f"found the post {post.role} at {post.unit}, expected one with the right {RIGHT} reaching {cases[0].unit_code}; ask one",
            "您的岗位不能对这些工单做问题归类；请由有权的岗位办理",
        )
    return cases
