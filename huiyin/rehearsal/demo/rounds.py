"""What comes round in the demonstration: duties of each day, warnings to verify and answer, appeals, weekly summaries, circulars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.core.recurrence import period_of
from huiyin.desk.cases import actions as cases
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.duties import actions as duties
from huiyin.desk.facts.actions import store
from huiyin.desk.places.models import Unit
from huiyin.desk.scores import actions as scores
from huiyin.desk.scores.models import Appeal, Entry
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.models import WarningSignal
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.plots import BRANCH, HEAD, LIAISON, MANAGER, QUALITY, SUPERVISOR, stories

_COMPANY, _DESK = "WY", "PZ"
_ABSENT_PERCENT = 2
# What was raised in the last hours before the present waits to be verified.
_LEFT_WAITING = timedelta(hours=20)
_PRESENCE_DAYS = 2
_APPEALS, _APPEAL_TAKES = 5, timedelta(days=6, hours=3)


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of the day in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


@dataclass(slots=True)
class Rounds:
    """All that comes round, planned day by day."""

    life: Life
    seen: int = 0
    asked: set[str] = field(default_factory=set)

    def plan_day(self, day: date) -> None:
        """Plan the day's duties and rounds, and on its day the week's and the month's work."""
        self._plan_duties(day)
        for hour in (10, 15):
            self.life.plan(at_hour(day, hour, 30), self._look_at_warnings)
        if day.weekday() == 4:
            self._plan_week(day)
        if day.day == 6:
            self.life.plan(at_hour(day, 10), self._publish_last_month)
        if day.weekday() == 1:
            self.life.plan(at_hour(day, 9, 40), self._appeal)

    def _plan_duties(self, day: date) -> None:
        """The liaisons arrive and leave, the quality department reviews: mostly. The last days keep who was present, too."""
        life, random = self.life, self.life.random
        recent = day > life.until.date() - timedelta(days=_PRESENCE_DAYS)
        arrived, left = (self._mostly_all() for _ in range(2))
        at = at_hour(day, 7, random.randint(48, 59))
        life.plan(at, partial(self._arrive, arrived) if recent else partial(self._keep, arrived, ("liaison_online",)))
        at = at_hour(day, 19, random.randint(55, 59))
        closed = ("liaison_duty_closed", "phone_duty_closed")
        life.plan(at, partial(self._leave, arrived) if recent else partial(self._keep, left, closed))
        if random.randrange(100) >= _ABSENT_PERCENT:
            staff = life.house.holder(QUALITY, _COMPANY)
            events = ("complaints_reviewed", "desk_closed")
            company = [life.house.units[_COMPANY]]
            life.plan(at_hour(day, 17, random.randint(5, 25)), partial(self._keep, company, events, role=QUALITY, by=staff.pk))

    def _mostly_all(self) -> list[Unit]:
        return [unit for unit in self.life.house.projects if self.life.random.randrange(100) >= _ABSENT_PERCENT]

    def _keep(self, units: Sequence[Unit], events: Sequence[str], at: datetime, *, role: str = LIAISON, by: UUID | None = None) -> None:
        """The facts of the units' duties, all in one act."""
        details = {"period": period_of("day", at).name}
        facts = [Fact(event, at, unit=unit.code, by=role, details=details) for unit in units for event in events]
        store(self.life.house.organisation_id, facts, by=by, at=at)

    def _arrive(self, units: Sequence[Unit], at: datetime) -> None:
        for unit in units:
            staff = self.life.house.holder(LIAISON, unit.code)
            for kind in ("liaison_online", "liaison_mobile", "service_phone"):
                duties.sign_in(self.life.house.organisation_id, kind, unit.code, by=staff, role=LIAISON, at=at)

    def _leave(self, units: Sequence[Unit], at: datetime) -> None:
        for unit in units:
            staff = self.life.house.holder(LIAISON, unit.code)
            for kind in ("liaison_mobile", "service_phone", "liaison_online"):
                duties.sign_out(self.life.house.organisation_id, kind, unit.code, by=staff, role=LIAISON, at=at)

    # ── warnings ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _look_at_warnings(self, at: datetime) -> None:
        """The supervisor verifies what was raised and sends it on; every seventh is dismissed."""
        if at > self.life.until - _LEFT_WAITING:
            return
        raised = WarningSignal.objects.filter(
            organisation_id=self.life.house.organisation_id, state="raised", raised_at__lt=at - timedelta(minutes=20)
        )
        for signal in raised.order_by("raised_at", "key"):
            self.seen += 1
            self._verify(signal, at, dismiss=self.seen % 7 == 5)

    def _verify(self, signal: WarningSignal, at: datetime, *, dismiss: bool) -> None:
        organisation_id = self.life.house.organisation_id
        role = HEAD if signal.level == warnings.RED else SUPERVISOR
        staff = self.life.house.holder(role, _COMPANY)
        if dismiss:
            reason = str(stories()["dismissed"][0])
            warnings.verify(organisation_id, signal.id, warnings.DISMISSED, by=staff.pk, role=role, at=at, reason=reason)
        elif signal.level == warnings.RED:
            warnings.verify(organisation_id, signal.id, warnings.CONFIRMED, by=staff.pk, role=role, at=at)
            to = ("engineering_dept", "customer_service_dept")
            warnings.forward_to_departments(organisation_id, signal.id, to, by=staff.pk, role=role, at=at + timedelta(minutes=1))
            self._report_major(signal, at)
            self.life.plan(at + timedelta(hours=20), lambda later: self._answer_red(signal, later))
        else:
            warnings.verify_and_send(organisation_id, signal.id, by=staff.pk, role=role, at=at)
            hours = 30 if self.seen % 5 == 4 else self.life.random.randint(3, 21)
            self.life.plan(at + timedelta(hours=hours), lambda later: self._answer(signal, later))

    def _report_major(self, signal: WarningSignal, at: datetime) -> None:
        """Tell the leader of the major complaint, if nobody has, and name who follows it."""
        if signal.case_id is None:
            return
        staff, place = self.life.house.post(QUALITY, _COMPANY)
        said: tuple[tuple[str, dict[str, Any]], ...] = (
            ("report_major", {"text": stories()["reported_major"][0]}),
            ("name_follower", {"to": [QUALITY]}),
        )
        for number, (key, details) in enumerate(said):
            cases.move(
                signal.organisation_id,
                signal.case_id,
                key,
                details,
                by=staff.pk,
                post_role=QUALITY,
                unit=place,
                at=at + timedelta(minutes=number + 2),
            )

    def _answer(self, signal: WarningSignal, at: datetime) -> None:
        staff = self.life.house.holder(MANAGER, signal.unit_code)
        solution = str(self.life.random.choice(stories()["warning_solution"]))
        promised = at_hour((at + timedelta(days=3)).date(), 18)
        warnings.report_solution(signal.organisation_id, signal.id, solution, promised, by=staff.pk, role=MANAGER, at=at)

    def _answer_red(self, signal: WarningSignal, at: datetime) -> None:
        staff = self.life.house.holder("engineering_dept", _COMPANY)
        contributors = ("engineering_dept", "customer_service_dept", QUALITY)
        solution = str(self.life.random.choice(stories()["warning_solution"]))
        promised = at_hour((at + timedelta(days=5)).date(), 18)
        warnings.report_red_solution(
            signal.organisation_id, signal.id, solution, contributors, by=staff.pk, role="engineering_dept", at=at, promised_at=promised
        )

    # ── appeals ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _appeal(self, at: datetime) -> None:
        """A project appeals against a deduction of the week; the head of quality decides within the week."""
        projects = [one.code for one in self.life.house.projects]
        charged = Entry.objects.filter(organisation_id=self.life.house.organisation_id, counters=None, amount__lt=0)
        found = charged.filter(unit_code__in=projects)
        recent = found.filter(at__gt=at - timedelta(days=9)).exclude(key__in=self.asked).order_by("at", "key").first()
        if recent is None or (len(self.asked) >= _APPEALS and at < self.life.until - _APPEAL_TAKES):
            return
        self.asked.add(recent.key)
        staff = self.life.house.holder(MANAGER, recent.unit_code)
        reason = str(stories()["appeal"][len(self.asked) % 2])
        made = scores.appeal(recent.organisation_id, recent.id, reason, by=staff.pk, role=MANAGER, at=at)
        upheld = len(self.asked) % 2 == 1
        self.life.plan(at + _APPEAL_TAKES, lambda later: self._decide(made, upheld, later))

    def _decide(self, made: Appeal, upheld: bool, at: datetime) -> None:
        staff = self.life.house.holder(HEAD, _COMPANY)
        answer = str(stories()["appeal_upheld" if upheld else "appeal_refused"])
        scores.decide_appeal(made.organisation_id, made.id, upheld=upheld, answer=answer, by=staff.pk, role=HEAD, at=at)

    # ── papers ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _plan_week(self, friday: date) -> None:
        """Each project's signed summary on Friday: most in time, some on Saturday, some never; then the company's to the leader."""
        for number, unit in enumerate(self.life.house.projects):
            fate = self.life.random.randrange(100)
            this_week = friday > self.life.until.date() - timedelta(days=5)
            if fate < 4 or (number == 0 and this_week):
                continue
            late = timedelta(hours=18 if fate < 13 else 0)
            made = at_hour(friday, 14, self.life.random.randint(5, 40)) + late
            self.life.plan(made, partial(self._summarise, unit))
        self.life.plan(at_hour(friday + timedelta(days=1), 11), self._report_week)

    def _summarise(self, unit: Unit, at: datetime) -> None:
        made = self.make_summary(unit, at)
        self.life.plan(at + timedelta(minutes=35), lambda later: self.sign(made, MANAGER, later))
        self.life.plan(at + timedelta(minutes=80), lambda later: self.sign(made, BRANCH, later))
        self.life.plan(at + timedelta(minutes=95), lambda later: self._submit(made, later))

    def make_summary(self, unit: Unit, at: datetime) -> Document:
        """Write the summary of the unit for the week of ``at``."""
        staff = self.life.house.holder(LIAISON, unit.code)
        period = period_of("week", at).name
        return documents.make_weekly_summary(unit.organisation_id, unit.code, period, by=staff.pk, at=at)

    def sign(self, made: Document, role: str, at: datetime) -> None:
        """Sign the summary in the role."""
        documents.sign(made, role, by=self.life.house.holder(role, made.unit_code).pk, at=at)

    def _submit(self, made: Document, at: datetime) -> None:
        documents.submit_weekly_summary(made, by=self.life.house.holder(LIAISON, made.unit_code).pk, at=at)

    def _report_week(self, at: datetime) -> None:
        staff = self.life.house.holder(QUALITY, _COMPANY)
        period = period_of("week", at).name
        documents.report_weekly_summary(self.life.house.organisation_id, _COMPANY, period, by=staff.pk, at=at)

    def _publish_last_month(self, at: datetime) -> None:
        staff = self.life.house.holder(QUALITY, _COMPANY)
        period = period_of("month", at - timedelta(days=10)).name
        documents.publish_monthly_circular(self.life.house.organisation_id, _COMPANY, period, by=staff.pk, at=at)
