"""Registers in ``rules.yaml``: their columns, the acts that their entries record, the cases that they are kept of."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from huiyin.core import rules as core
from huiyin.rulebook.schema.parts import Names, RuleSheet, Scheme, Strict


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
    told: str = Field(
        default="", description="in a register of cases: what of the case stands here, or `event.at`, `event.by`, `event.detail`"
    )

    listed_in: tuple[str, str] | None = Field(
        default=None, description="the setting, by clause and key, that lists what has to stand here, each in an entry of its own"
    )

    each: dict[str, str] = Field(
        default_factory=dict, description="each of the choices has to stand here, in an entry whose columns say this"
    )

    def field(self) -> core.RegisterField:
        """The field of the core."""
        choices, each = tuple((one.key, (one.zh, one.en)) for one in self.choices), tuple(self.each.items())
        return core.RegisterField(self.key, (self.zh, self.en), self.kind, self.required, choices, self.told, self.listed_in, each)


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


class UnlikeSheet(Strict):
    """Two columns that should say the same, and what the act says where they do not."""

    columns: Names = Field(min_length=2, max_length=2)
    says: dict[str, str] = Field(min_length=1)


class RecordedSheet(Strict):
    """An act that an entry records."""

    event: str
    tells: dict[str, str] = Field(default_factory=dict, description="columns with the details of the act that say the same")
    says: dict[str, str] = Field(default_factory=dict, description="details that every such act has")
    at: str = Field(default="", description="the column that tells when; empty: when it is entered")
    once: Names = Field(default=(), description="done once these columns are filled in; a flag: with yes")
    where: dict[str, str] = Field(default_factory=dict, description="only where these columns say just this")
    by: str = Field(default="", description="the column for who did it")
    same: Names = Field(default=(), description="added to the last open entry that says the same in these columns")
    begins: bool = Field(default=False, description="with `same`: makes an entry where there is none to add to")
    closes: bool = False
    only_known: bool = Field(default=False, description="nothing is recorded of a thing that is not known")
    one_per: Names = Field(default=(), description="one act for all entries that say the same in these columns")
    way: Literal["both", "from_act", "from_entry"] = "both"
    again: bool = Field(default=False, description="a later day in `at` is a new act")
    whole: bool = Field(default=False, description="one act of all open entries, once each has a day of the same month in `at`")
    unlike: UnlikeSheet | None = Field(default=None, description="what the act says where two columns of any of them differ")

    def recorded(self) -> core.Recorded:
        """The recorded act of the core."""
        return core.Recorded(
            self.event,
            tuple(self.tells.items()),
            says=tuple(self.says.items()),
            at=self.at,
            once=self.once,
            where=tuple(self.where.items()),
            by=self.by,
            same=self.same,
            begins=self.begins,
            closes=self.closes,
            only_known=self.only_known,
            one_per=self.one_per,
            way=self.way,
            again=self.again,
            whole=self.whole,
            unlike=self.unlike.columns if self.unlike else (),
            unlike_says=tuple(self.unlike.says.items()) if self.unlike else (),
        )


class ClosedWithSheet(Strict):
    """What an entry has to say before it is closed."""

    filled: Names = Field(min_length=1)
    where: dict[str, str] = Field(default_factory=dict, description="only of entries whose columns say just this")

    def closed_with(self) -> core.ClosedWith:
        """The columns of the core's rule."""
        return core.ClosedWith(self.filled, tuple(self.where.items()))


class OfCasesSheet(Strict):
    """Which cases a register is kept of."""

    record: Names = Field(min_length=1)
    channel: Names = ()
    happened: str | None = None

    def of_cases(self) -> core.OfCases:
        """The cases of the core's rule."""
        return core.OfCases(frozenset(self.record), frozenset(self.channel), self.happened or "")


class RegisterSheet(RuleSheet):
    """A register or form that a unit keeps."""

    kind: ClassVar[str] = "register"
    called: str = Field(alias="register")
    fields: tuple[FieldSheet, ...] = Field(min_length=1)
    kept_by: str
    closes: bool = False
    closed_with: tuple[ClosedWithSheet, ...] = ()
    group: str = ""
    at_most: CeilingSheet | None = None
    kept_in: Names = ()
    records: tuple[RecordedSheet, ...] = ()
    of_cases: OfCasesSheet | None = None

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
        records = tuple(one.recorded() for one in self.records)
        if missing := sorted({column for one in records for column in one.columns} - set(keys)):
            raise ValueError(
                f"register {self.called} records acts by the columns {', '.join(missing)}; expected some of: {', '.join(keys)}"
            )
        closed_with = tuple(one.closed_with() for one in self.closed_with)
        asked = {column for one in closed_with for column in (*one.filled, *(column for column, _ in one.where))}
        if closed_with and (not self.closes or not asked <= set(keys)):
            raise ValueError(
                f"register {self.called} says with what an entry is closed: {', '.join(sorted(asked))}; "
                f"expected `closes: true` and some of: {', '.join(keys)}"
            )
        if self.of_cases is None and any(one.told for one in self.fields):
            raise ValueError(f"register {self.called} has columns that are told of cases; give of_cases, or leave out `told`")
        return core.RegisterRule(
            *self.head(),
            about=self.about,
            fields=fields,
            kept_by=self.kept_by,
            closes=self.closes,
            group=self.group,
            at_most=at_most,
            kept_in=frozenset(self.kept_in),
            records=records,
            of_cases=self.of_cases.of_cases() if self.of_cases else None,
            closed_with=closed_with,
        )
