"""The kinds of rule in ``rules.yaml``: one model each, and how it becomes a rule of the core."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from huiyin.core import rules as core
from huiyin.core.limits import elapsed, is_shorter, parse_limit
from huiyin.core.recurrence import parse_recurrence
from huiyin.rulebook.schema.parts import (
    Ends,
    EndsOrMore,
    Names,
    RuleSheet,
    SaidSheet,
    Scheme,
    Setting,
    Starts,
    Strict,
    When,
    Words,
)


class ClockSheet(RuleSheet):
    """A limit on a case."""

    kind: ClassVar[str] = "clock"
    clock: str
    starts: Starts
    ends: EndsOrMore
    within: str | None = None
    target: str | None = Field(default=None, description="a better time than `within`, shown beside it; nothing follows from missing it")
    before: SaidSheet | None = None
    restarts_on: Names = ()
    repeats: bool = False
    until_happened: Names = ()
    counts_from: str | None = None
    one_per: str | None = Field(default=None, description="half-yearly …: of the moments `before` in one such period only the last counts")
    within_setting: Setting | None = None
    until_said: SaidSheet | None = None
    else_due_of: Names = ()
    tolerance: Setting | None = None
    at_most: str | None = Field(default=None, description="the longest tolerance that the organisation may set")
    when: When = When()
    responsible: str
    calendar: str = "24x7"
    calendar_setting: Setting | None = None
    responsible_setting: Setting | None = None
    level: str | None = None
    again: bool = False

    def rule(self, scheme: Scheme) -> core.ClockRule:
        """The clock rule of the core."""
        if not (self.within or self.within_setting or self.until_said):
            raise ValueError(f"clock {self.clock} has no length; give within, within_setting or until_said")
        self._check_target()
        said, before = self.until_said, self.before
        return core.ClockRule(
            *self.head(),
            about=self.about,
            starts=tuple(start.start() for start in self.starts),
            ends=self.ends[0].end(),
            or_ends=tuple(one.end() for one in self.ends[1:]),
            before=core.Said(before.event, before.detail) if before else None,
            restarts_on=self.restarts_on,
            repeats=self.repeats,
            until_happened=frozenset(self.until_happened),
            counts_from=self.counts_from,
            within=parse_limit(self.within) if self.within else None,
            target=parse_limit(self.target) if self.target else None,
            one_per=parse_recurrence(self.one_per).period_kind if self.one_per else None,
            when=self.when.condition(scheme),
            responsible=self.responsible,
            calendar=self.calendar,
            until_said=core.Said(said.event, said.detail, frozenset(said.to)) if said else None,
            else_due_of=self.else_due_of,
            tolerance=self.tolerance,
            at_most=parse_limit(self.at_most) if self.at_most else None,
            within_setting=self.within_setting,
            calendar_setting=self.calendar_setting,
            responsible_setting=self.responsible_setting,
            per_level=self.level,
            again=self.again,
        )

    def _check_target(self) -> None:
        if self.target is not None and (self.repeats or not self.within or not is_shorter(self.target, self.within)):
            raise ValueError(
                f"clock {self.clock}: found the target {self.target!r} of the limit {self.within!r}; expected a shorter span "
                "of the same kind, of a clock that does not repeat, such as target: 5 minutes beside within: 15 minutes"
            )


class OverdueSheet(Strict):
    """A clock that is still owed so long after its due moment."""

    clock: str
    by: str


class RatioSheet(Strict):
    """A share of the households of a unit of this kind."""

    scope: str
    at_least_percent: int = Field(ge=1, le=100)
    if_setting: tuple[str, str, str] | None = None
    issues_not_in: Setting | None = None


class WarningSheet(RuleSheet):
    """A ground for a warning."""

    kind: ClassVar[str] = "warning"
    warning: str
    level: str
    when: When = When()
    on: str | None = None
    overdue: OverdueSheet | None = None
    ratio: RatioSheet | None = None

    def rule(self, scheme: Scheme) -> core.WarningRule:
        """The warning rule of the core."""
        if sum(one is not None for one in (self.on, self.overdue, self.ratio)) != 1:
            raise ValueError(f"warning {self.warning} needs exactly one of on, overdue, ratio")
        late, share = self.overdue, self.ratio
        return core.WarningRule(
            *self.head(),
            level=self.level,
            when=self.when.condition(scheme),
            on=self.on,
            overdue=core.Overdue(late.clock, elapsed(late.by)) if late else None,
            ratio=core.Ratio(share.scope, share.at_least_percent, share.if_setting, share.issues_not_in) if share else None,
        )


class LevelSheet(RuleSheet):
    """The life of the warnings of a level."""

    kind: ClassVar[str] = "level"
    level: str
    sent_by: Ends
    answered_by: Ends
    withdrawn_on: str | None = None

    def rule(self, scheme: Scheme) -> core.LevelRule:
        """The level rule of the core."""
        return core.LevelRule(
            *self.head(),
            level=self.level,
            sent_by=self.sent_by.end(),
            answered_by=self.answered_by.end(),
            withdrawn_on=self.withdrawn_on,
        )


class NoticeSheet(RuleSheet):
    """Somebody who has to be told."""

    kind: ClassVar[str] = "notice"
    notice: str
    on: Names
    to: Names
    topic: str
    when: When = When()
    to_addressed: bool = False

    def rule(self, scheme: Scheme) -> core.NoticeRule:
        """The notice rule of the core."""
        when = self.when.condition(scheme)
        return core.NoticeRule(
            *self.head(), about=self.about, on=self.on, to=self.to, when=when, topic=self.topic, to_addressed=self.to_addressed
        )


class ApprovalSheet(RuleSheet):
    """A decision that belongs to certain posts."""

    kind: ClassVar[str] = "approval"
    approval: str
    of: Names
    asked_on: Names = ()
    submitted_by: Names = ()
    in_turn: bool = False
    of_setting: Setting | None = None
    limits_setting: Setting | None = None
    same: Names = ()
    once: bool = True
    when: When = When()
    decided_by: str = "approval"
    level: str | None = None
    given_if: Names = ()
    must_be_asked: bool = False
    binds: Names = ()

    def rule(self, scheme: Scheme) -> core.ApprovalRule:
        """The approval rule of the core."""
        if self.binds and self.in_turn:
            raise ValueError(f"approval {self.approval} binds what one decides on; found in_turn, where several do: leave one of them out")
        return core.ApprovalRule(
            *self.head(),
            about=self.about,
            in_turn=self.in_turn,
            of_setting=self.of_setting,
            limits_setting=self.limits_setting,
            same=self.same,
            once=self.once and not self.same,
            when=self.when.condition(scheme),
            of=self.of,
            asked_on=self.asked_on,
            submitted_by=self.submitted_by,
            decided_by=self.decided_by,
            level=self.level,
            given_if=frozenset(self.given_if),
            must_be_asked=self.must_be_asked,
            binds=self.binds,
        )


class UnlessWarning(Strict):
    """The act is allowed while the warning of the level is in one of these states."""

    level: str
    states: Names


class RefusalSheet(RuleSheet):
    """An act that is not allowed."""

    kind: ClassVar[str] = "refusal"
    refusal: str
    event: Names
    when: When = When()
    why: Words
    unless_warning: UnlessWarning | None = None
    only_by: Names = ()

    def rule(self, scheme: Scheme) -> core.RefusalRule:
        """The refusal rule of the core."""
        unless = (self.unless_warning.level, frozenset(self.unless_warning.states)) if self.unless_warning else None
        return core.RefusalRule(
            *self.head(),
            about=self.about,
            event=self.event,
            when=self.when.condition(scheme),
            why=self.why.pair(),
            unless_warning=unless,
            only_by=self.only_by,
        )


class MarkSheet(RuleSheet):
    """A class that a case gets by definition."""

    kind: ClassVar[str] = "mark"
    mark: str
    puts: str
    on: Names
    when: When = When()
    ends_on: Names = ()
    ends_when: When = When()
    lapses_on: Names = ()
    identifies: str | None = None

    def rule(self, scheme: Scheme) -> core.MarkRule:
        """The mark rule of the core."""
        when = self.when.condition(scheme)
        return core.MarkRule(
            *self.head(),
            about=self.about,
            mark=self.puts,
            on=self.on,
            when=when,
            ends_on=self.ends_on,
            ends_when=self.ends_when.condition(scheme),
            lapses_on=self.lapses_on,
            identifies=self.identifies,
        )


class ScoreSheet(RuleSheet):
    """Points for a confirmed warning."""

    kind: ClassVar[str] = "score"
    score: str
    level: str
    amount: Decimal = Field(ge=-100, le=100, decimal_places=2)
    units: Names
    items: dict[str, Names] = Field(default_factory=dict)
    taken_back_on: str | None = None
    taken_back_clause: str | None = None

    def rule(self, scheme: Scheme) -> core.ScoreRule:
        """The score rule of the core."""
        return core.ScoreRule(
            *self.head(),
            level=self.level,
            amount=self.amount,
            units=self.units,
            items=dict(self.items),
            taken_back_on=self.taken_back_on,
            taken_back_clause=self.taken_back_clause,
        )


class PaperSheet(RuleSheet):
    """A paper that is handed in."""

    kind: ClassVar[str] = "paper"
    paper: str
    on: str | None = None
    when: When = When()
    owed_from: Names = ()
    done_by: str | None = None
    begun_by: Names = ()
    owed_until: Names = ()

    def rule(self, scheme: Scheme) -> core.PaperRule:
        """The paper rule of the core."""
        when = self.when.condition(scheme)
        return core.PaperRule(
            *self.head(),
            about=self.about,
            form=self.paper,
            on=self.on,
            when=when,
            owed_from=self.owed_from,
            done_by=self.done_by,
            begun_by=self.begun_by,
            owed_until=self.owed_until,
        )


class PublicationSheet(RuleSheet):
    """Something made public."""

    kind: ClassVar[str] = "publication"
    publication: str
    on: str
    audience: str
    outlets: Names = ()
    page: str = ""
    lists: str = ""
    place: str = ""

    def rule(self, scheme: Scheme) -> core.PublicationRule:
        """The publication rule of the core."""
        return core.PublicationRule(
            *self.head(),
            about=self.about,
            on=self.on,
            audience=self.audience,
            outlets=self.outlets,
            page=self.page,
            lists=self.lists,
            place=self.place,
        )
