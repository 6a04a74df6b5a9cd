"""The kinds of rule in ``rules.yaml`` that reckon figures or keep registers: shares, inspections, assessments, retention, registers;
and what of a case is secret."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from huiyin.core import rules as core
from huiyin.core.limits import parse_limit
from huiyin.rulebook.schema.parts import Names, RuleSheet, SaidSheet, Scheme, Setting, Strict, When, Words


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

    def rule(self, scheme: Scheme) -> core.StandardRule:
        """The standard rule of the core."""
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
    (``keep_setting``). ``record``: a register of cases of this kind, which are kept as long as it. Without ``on`` a handover keeps."""

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

    def rule(self, scheme: Scheme) -> core.RetentionRule:
        """The retention rule of the core. Raises ValueError where "as set" stands without a setting, or the other way round."""
        if (self.keep == "as set") != (self.keep_setting is not None):
            raise ValueError(
                f"found keep {self.keep!r} with keep_setting {self.keep_setting}; 'as set' goes with a setting, nothing else does"
            )
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


class ChoiceSheet(Strict):
    """One answer of a field."""

    key: str
    zh: str
    en: str


class FieldSheet(Strict):
    """A column of a register."""

    key: str
    zh: str
    en: str
    kind: Literal["text", "number", "day", "moment", "flag", "choice"] = "text"
    required: bool = False
    choices: tuple[ChoiceSheet, ...] = ()

    def field(self) -> core.RegisterField:
        """The field of the core."""
        choices = tuple((one.key, (one.zh, one.en)) for one in self.choices)
        return core.RegisterField(self.key, (self.zh, self.en), self.kind, self.required, choices)


class CeilingSheet(Strict):
    """What no entry may exceed: its amount of a day, per quantity, against the most in another register, in the entry that says the same
    and is valid on that day."""

    amount: str
    day: str
    quantity: str = ""
    register_: str = Field(alias="register")
    most: str
    since: str
    until: str = ""
    same: dict[str, str] = Field(min_length=1)

    def ceiling(self) -> core.Ceiling:
        """The ceiling of the core."""
        same = tuple(self.same.items())
        return core.Ceiling(self.amount, self.day, self.register_, self.most, self.since, same, self.quantity, self.until)


class RegisterSheet(RuleSheet):
    """A register or form that a unit keeps."""

    kind: ClassVar[str] = "register"
    called: str = Field(alias="register")
    fields: tuple[FieldSheet, ...] = Field(min_length=1)
    kept_by: str
    closes: bool = False
    group: str = ""
    at_most: CeilingSheet | None = None
    kept_in: Names = ()

    def identity(self) -> str:
        """The word after the kind."""
        return self.called

    def rule(self, scheme: Scheme) -> core.RegisterRule:
        """The register rule of the core."""
        fields = tuple(one.field() for one in self.fields)
        keys = [one.key for one in fields]
        if len(set(keys)) < len(keys):
            raise ValueError(f"register {self.called} names a field twice; each field has a key of its own")
        at_most = self.at_most.ceiling() if self.at_most else None
        return core.RegisterRule(
            *self.head(),
            about=self.about,
            fields=fields,
            kept_by=self.kept_by,
            closes=self.closes,
            group=self.group,
            at_most=at_most,
            kept_in=frozenset(self.kept_in),
        )
