"""An act told again because the entry that records it was corrected: the new fact stands in the place of the earlier one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import ENTRY, INSTEAD_OF, PUTS_RIGHT, Fact
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.records import MET
from huiyin.core.recurrence import period_named
from huiyin.core.subjects import DUTY, first_subject
from huiyin.desk.clocks.models import Clock
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.facts.queries import details_back
from huiyin.desk.journal.actions import By
from huiyin.desk.registers.models import Act, Entry
from huiyin.rulebook.words import event_name

_OF_PERSONS: Final = ("household:", "customer:")


def told_again(entry: Entry, act: Act, told: Mapping[str, Any], changed: Collection[str], by: By, moment: datetime) -> Fact:
    """The fact that puts ``act`` right: what it said, with the details ``changed`` as they are ``told`` now (absent: not said any more),
    done at the ``moment``.

    Raises BadText where the act would be another thing's, where somebody's limit hangs on whom it named, or where it has served a period
    of a duty in which it would not have been done.
    """
    own = FactRow.objects.get(organisation_id=entry.organisation_id, id=act.fact_id)
    same = {"organisation_id": own.organisation_id, "event": own.event, "at": own.at, "entered_at": own.entered_at, "details": own.details}
    heard = list(FactRow.objects.filter(**same, derived=False))
    before = {name: value for name, value in details_back(own.details).items() if name not in (ENTRY, PUTS_RIGHT, INSTEAD_OF)}
    details = {**{name: value for name, value in before.items() if name not in changed}, **told}
    first, then = (first_subject(Fact(own.event, own.at, None, entry.unit_code, None, one)) for one in (before, details))
    if first.key != then.key:
        named = (first.key or "").rpartition("/")[2]
        raise BadText(
            f"found another name for what “{event_name(own.event, 'en')}” of {entry.label} is about, expected {named!r}; make a new entry",
            f"{entry.label} 的“{event_name(own.event, 'zh')}”已记在“{named}”名下，不能改记到另一件上；请另记一条",
        )
    _refuse_held(entry, heard, own, set(changed), moment)
    puts = {ENTRY: str(entry.id), PUTS_RIGHT: in_shanghai(own.at).isoformat(), INSTEAD_OF: [str(one.id) for one in heard]}
    return Fact(own.event, moment, None, entry.unit_code, by.role, {**details, **puts})


def _refuse_held(entry: Entry, heard: Collection[FactRow], own: FactRow, changed: set[str], moment: datetime) -> None:
    # A duty that was met stays met by the first fact that told of it.
    ids = {one.id for one in heard} | {UUID(one) for one in own.details.get(INSTEAD_OF, ())}
    ids |= set(
        FactRow.objects.filter(organisation_id=own.organisation_id, event=own.event, details__entry=str(entry.id)).values_list(
            "id", flat=True
        )
    )
    clocks = Clock.objects.filter(organisation_id=entry.organisation_id, fact_id__in=ids)
    persons = [one.case_id for one in heard if one.about.startswith(_OF_PERSONS)]
    if changed & {"household", "customer"} and clocks.filter(case_id__in=[one for one in persons if one]).exists():
        raise BadText(
            f"found a limit of the home or person that {entry.label} named, expected none; make a new entry for the right one",
            f"{entry.label} 原来所记的人名下已有时限随之起止，不能改记到别人名下；请另记一条",
        )
    for clock in clocks.filter(kind=DUTY).exclude(period=None):
        period = period_named(str(clock.period))
        until = period.closes_at if clock.state != MET or clock.due_at is None else min(period.closes_at, clock.due_at)
        if not period.opens_at <= moment <= until:
            raise BadText(
                f"found {in_shanghai(moment):%Y-%m-%d}, expected a day in {clock.period}, whose duty {entry.label} has served; "
                "correct the day, or make a new entry",
                f"{entry.label} 已作为 {clock.period} 的定期工作完成，不能改到 {in_shanghai(moment):%Y-%m-%d}，该日不在这一期；请另记一条",
            )
