"""The shape of duties in ``rules.yaml``: what comes back, who is on it, who signs, what is handed over for it."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from huiyin.core import rules as core
from huiyin.core.calendars import DutyHours
from huiyin.core.recurrence import parse_recurrence
from huiyin.rulebook.schema.parts import (
    EndsOrMore,
    Names,
    RuleSheet,
    Scheme,
    Setting,
    Strict,
    When,
)

_ROSTER_KEY = "^[a-z_]{1,20}$"


class SignatureSheet(Strict):
    """Who must have signed for an act to count, and the clause that says so."""

    detail: str
    all_of: Names
    clause: str


class StaffedSheet(Strict):
    """How a duty of hours is staffed: the key of its roster, the acts of signing in and out."""

    key: str = Field(pattern=_ROSTER_KEY)
    opened_by: str
    closed_by: str = ""
    telephone: bool = False


class BeforeSheet(Strict):
    """The detail whose day a duty must come before, and the half of the year in which that day has to lie."""

    detail: str
    within: str = Field(alias="in", pattern="^H[12]$")


class DutySheet(RuleSheet):
    """A duty that comes back."""

    kind: ClassVar[str] = "duty"
    duty: str
    recurs: str
    opens_with: Names
    owed_by: Names
    served_by: EndsOrMore
    responsible: str
    calendar: str = "24x7"
    counts_if: When = When()
    signatures: SignatureSheet | None = None
    following_setting: Setting | None = None
    following_by_day: int | None = Field(default=None, ge=1, le=31)
    owed_if: When = When()
    period_setting: Setting | None = None
    period_detail: str = "period"
    due_detail: str | None = None
    due_before: BeforeSheet | None = None
    no_due: bool = False
    variants: dict[str, Names] = Field(default_factory=dict)
    exempt_by: str | None = None
    exempt_where: Names = ()
    owed_again_by: Names = ()
    undone_by: Names = ()
    staffed: StaffedSheet | None = None
    within_hours: bool = False
    done_once: str | None = None

    def rule(self, scheme: Scheme) -> core.DutyRule:
        """The duty rule of the core. Raises ValueError for one that is staffed and has no hours."""
        signed = self.signatures
        if (self.staffed or self.within_hours) and parse_recurrence(self.recurs).hours is None:
            raise ValueError(f"duty {self.duty} has hours and recurs {self.recurs!r}; write them, such as daily 08:00-20:00")
        return core.DutyRule(
            *self.head(),
            about=self.about,
            recurs=parse_recurrence(self.recurs),
            opens_with=self.opens_with,
            owed_by=frozenset(self.owed_by),
            served_by=self.served_by[0].end(),
            or_served_by=tuple(one.end() for one in self.served_by[1:]),
            owed_if=self.owed_if.condition(scheme),
            period_setting=self.period_setting,
            period_detail=self.period_detail,
            due_detail=self.due_detail,
            due_before=(self.due_before.detail, self.due_before.within) if self.due_before else None,
            no_due=self.no_due,
            variants=next(((name, tuple(keys)) for name, keys in self.variants.items()), None),
            exempt_by=self.exempt_by,
            exempt_where=frozenset(self.exempt_where),
            owed_again_by=frozenset(self.owed_again_by),
            undone_by=frozenset(self.undone_by),
            following_by_day=self.following_by_day,
            responsible=self.responsible,
            calendar=self.calendar,
            counts_if=self.counts_if.condition(scheme),
            signatures=core.Signatures(signed.detail, signed.all_of, signed.clause) if signed else None,
            following_setting=self.following_setting,
            staffed=core.Staffed(**self.staffed.model_dump()) if self.staffed else None,
            within_hours=self.within_hours,
            done_once=self.done_once,
        )


class RosterSheet(RuleSheet):
    """Hours of every day for which a roster has to name somebody, where the text asks for no signing in."""

    kind: ClassVar[str] = "roster"
    roster: str = Field(pattern=_ROSTER_KEY)
    hours: str
    owed_by: Names
    responsible: str
    telephone: bool = False

    def rule(self, scheme: Scheme) -> core.RosterRule:
        """The roster rule of the core. Raises ValueError for hours that are none."""
        return core.RosterRule(
            *self.head(),
            about="unit",
            hours=DutyHours.parse(self.hours, "daily"),
            owed_by=frozenset(self.owed_by),
            responsible=self.responsible,
            staffed=core.Staffed(self.roster, telephone=self.telephone),
        )


class HandoverSheet(RuleSheet):
    """What a unit hands over of what it has finished, a period at a time."""

    kind: ClassVar[str] = "handover"
    handover: str
    duty: str
    finished_by: Names
    reopened_by: Names = ()
    of: dict[str, Names] = Field(default_factory=dict)
    handed_by: str
    names: str
    form: str
    identifies: str
    ready_by: Names = ()
    kept_by: str = ""

    def rule(self, scheme: Scheme) -> core.HandoverRule:
        """The handover rule of the core."""
        return core.HandoverRule(
            *self.head(),
            about="unit",
            duty=self.duty,
            finished_by=self.finished_by,
            reopened_by=self.reopened_by,
            of=tuple((name, frozenset(values)) for name, values in self.of.items()),
            handed_by=self.handed_by,
            names=self.names,
            form=self.form,
            identifies=self.identifies.rpartition("/")[2],
            ready_by=self.ready_by,
            kept_by=self.kept_by,
        )
