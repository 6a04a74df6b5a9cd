"""The kinds of rule in ``rules.yaml`` that reckon figures: shares, inspections, assessments, retention; and what of a case is secret."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from huiyin.core import rules as core
from huiyin.core.limits import parse_limit
from huiyin.rulebook.schema.parts import Names, RuleSheet, SaidSheet, Scheme, Setting, Strict, When, Words
from huiyin.rulebook.schema.proofs import OnSiteSheet, ProofSheet


class PartSheet(Strict):
    """A number of a share: a detail of the last act of an event, the sum of keys of a map, or a number of different values."""

    event: str
    detail: str
    keys: Names = ()
    distinct: bool = False

    def part(self) -> core.Part:
        """The part of the core."""
        return core.Part(self.event, self.detail, self.keys, self.distinct)


class ShareSheet(RuleSheet):
    """A thing is marked by a share of two numbers."""

    kind: ClassVar[str] = "share"
    share: str
    on: Names
    part: PartSheet
    whole: PartSheet
    reached: str
    below: str
    when: When = When()
    at_least: Decimal | None = None
    at_least_setting: Setting | None = None
    at_least_said: SaidSheet | None = None
    over: bool = False

    def rule(self, scheme: Scheme) -> core.ShareRule:
        """The share rule of the core."""
        if sum(one is not None for one in (self.at_least, self.at_least_setting, self.at_least_said)) != 1:
            raise ValueError(f"share {self.share} needs exactly one of at_least, at_least_setting, at_least_said")
        said = self.at_least_said
        return core.ShareRule(
            *self.head(),
            about=self.about,
            on=self.on,
            part=self.part.part(),
            whole=self.whole.part(),
            reached=self.reached,
            below=self.below,
            when=self.when.condition(scheme),
            at_least=self.at_least,
            at_least_setting=self.at_least_setting,
            at_least_said=core.Said(said.event, said.detail) if said else None,
            over=self.over,
        )


class IndicatorSheet(RuleSheet):
    """A first-level indicator of an inspection."""

    kind: ClassVar[str] = "indicator"
    indicator: str
    points: Decimal = Field(gt=0)
    total: str

    def rule(self, scheme: Scheme) -> core.IndicatorRule:
        """The indicator rule of the core."""
        return core.IndicatorRule(*self.head(), about="inspection", points=self.points, total=self.total)


class StandardSheet(RuleSheet):
    """A standard of an inspection."""

    kind: ClassVar[str] = "standard"
    standard: str
    indicator: str
    points: Decimal = Field(ge=0)
    per_occurrence: bool = False
    cap: Decimal | None = None
    row: str = ""
    same_as: str | None = None
    once_if: Setting | None = None
    per: str = ""
    parts: Names = ()
    check: Words | None = None
    applies: When = When()
    proofs: tuple[ProofSheet, ...] = ()
    not_by: Names = ()
    on_site: OnSiteSheet | None = None

    def rule(self, scheme: Scheme) -> core.StandardRule:
        """The standard rule of the core. Raises ValueError for a proof of another standard's clause, or two of the same name."""
        own = {*self.cites[:1], *self.parts}
        if strange := [one.proof for one in self.proofs if one.clause not in own]:
            raise ValueError(
                f"the proofs {', '.join(strange)} prove no clause of {self.standard}; expected one of {', '.join(sorted(own))}"
            )
        if len({one.proof for one in self.proofs}) < len(self.proofs):
            raise ValueError(f"standard {self.standard} names a proof twice; each has a name of its own")
        return core.StandardRule(
            *self.head(),
            about="inspection",
            indicator=self.indicator,
            points=self.points,
            per_occurrence=self.per_occurrence,
            cap=self.cap,
            row=self.row,
            same_as=self.same_as,
            once_if=self.once_if,
            per=self.per,
            parts=self.parts,
            check=self.check.pair() if self.check else ("", ""),
            applies=self.applies.condition(scheme),
            proofs=tuple(one.proof_of() for one in self.proofs),
            not_by=frozenset(self.not_by),
            on_site=self.on_site.on_site() if self.on_site else None,
        )


class AssessmentSheet(RuleSheet):
    """A yearly assessment of units."""

    kind: ClassVar[str] = "assessment"
    assessment: str
    on: str
    unit_kind: str
    full: Decimal
    excess_points: Decimal
    repeat_points: Decimal
    praise_points: Decimal
    floor: Decimal
    first_year: Setting
    first_compared: Setting
    clauses: dict[str, str]
    reviewed: str = ""
    rewards: str = ""

    def rule(self, scheme: Scheme) -> core.AssessmentRule:
        """The assessment rule of the core."""
        return core.AssessmentRule(
            *self.head(),
            about="house",
            on=self.on,
            kind=self.unit_kind,
            full=self.full,
            excess_points=self.excess_points,
            repeat_points=self.repeat_points,
            praise_points=self.praise_points,
            floor=self.floor,
            first_year=self.first_year,
            first_compared=self.first_compared,
            clauses=dict(self.clauses),
            reviewed=self.reviewed,
            rewards=self.rewards,
        )


class FigureSheet(RuleSheet):
    """A figure that an act makes."""

    kind: ClassVar[str] = "figure"
    figure: str
    on: str
    amount: Decimal

    def rule(self, scheme: Scheme) -> core.FigureRule:
        """The figure rule of the core."""
        return core.FigureRule(*self.head(), about=self.about, on=self.on, amount=self.amount)


class RetentionSheet(RuleSheet):
    """How long something is kept: so long, "permanent", "as told" by the act (``keep_detail``), or "as set" by the organisation
    (``keep_setting``). ``record``: a register of cases of this kind, which are kept as long as it. Without ``on`` a handover keeps; with
    ``each`` every entry (of these ``registers``, or all) or paper is kept from its own end on."""

    kind: ClassVar[str] = "retention"
    retention: str
    on: Names = ()
    keep: str
    why: Words
    when: When = When()
    called: str = ""
    keep_detail: str | None = None
    keep_setting: Setting | None = None
    record: Names = ()
    each: tuple[Literal["entries", "papers"], ...] = ()
    registers: Names = ()

    def rule(self, scheme: Scheme) -> core.RetentionRule:
        """The retention rule of the core. Raises ValueError where "as set" stands without a setting, or the other way round; where
        ``registers`` are named and no entries meant."""
        if (self.keep == "as set") != (self.keep_setting is not None):
            raise ValueError(
                f"found keep {self.keep!r} with keep_setting {self.keep_setting}; 'as set' goes with a setting, nothing else does"
            )
        if self.registers and "entries" not in self.each:
            raise ValueError(f"found registers {', '.join(self.registers)} without each: [entries]; add it, or leave out the registers")
        keep = None if self.keep in ("permanent", "as told", "as set") else parse_limit(self.keep)
        when = self.when.condition(scheme)
        return core.RetentionRule(
            *self.head(),
            about=self.about,
            on=self.on,
            keep=keep,
            why=self.why.pair(),
            when=when,
            register=self.called,
            keep_detail=self.keep_detail,
            keep_setting=self.keep_setting,
            records=self.record,
            each=self.each,
            registers=self.registers,
        )


class NamedSheet(Strict):
    """Acts by which people name what is secret: the detail with the parts of the case, and the one with words that stand in it."""

    event: Names
    parts: str
    words: str


class SecretSheet(RuleSheet):
    """What of a case is not shown to everybody."""

    kind: ClassVar[str] = "secret"
    secret: str
    marked: str
    hides: tuple[Literal["story", "wish", "contact", "records", "papers"], ...] = ()
    named_by: NamedSheet | None = None
    cleared_setting: Setting
    why: Words

    def rule(self, scheme: Scheme) -> core.SecretRule:
        """The secret rule of the core."""
        named = self.named_by
        if not (self.hides or named):
            raise ValueError(f"secret {self.secret} hides nothing; give hides, named_by or both")
        return core.SecretRule(
            *self.head(),
            mark=self.marked,
            hides=self.hides,
            cleared_setting=self.cleared_setting,
            why=self.why.pair(),
            named_by=named.event if named else (),
            parts=named.parts if named else "",
            words=named.words if named else "",
        )
