"""How ``rules.yaml`` says what proves a standard of an inspection."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from huiyin.core import rules as core
from huiyin.core.limits import Span, parse_limit
from huiyin.rulebook.schema.parts import About, Names, Strict, Words

_FITS = {
    "case": {"record", "channel", "marked", "not_marked", "happened", "entry"},
    "act": {"happened", "later", "several", "where", "filled", "approved", "entry"},
    "entry": {"where", "filled", "closed", "differ", "passed", "not_passed", "unnamed"},
    "site": {"marked", "not_marked", "happened", "role", "roster", "entry"},
}
"""What may be asked of each kind of record."""


class EntrySoughtSheet(Strict):
    """An entry that has to be there."""

    register_: str = Field(alias="register")
    names: str = ""
    where: dict[str, Names] = Field(default_factory=dict)
    filled: Names = ()
    current: bool = False
    valid: Names = Field(default=(), max_length=2)
    least: int = Field(default=1, ge=1)

    def sought(self) -> core.EntrySought:
        """The entry of the core."""
        return core.EntrySought(self.register_, self.names, _pairs(self.where), self.filled, self.current, self.valid, self.least)


class SoughtSheet(Strict):
    """What a record has to be like."""

    record: Names = ()
    channel: Names = ()
    marked: Names = ()
    not_marked: Names = ()
    happened: Names = ()
    later: Names = ()
    several: Names = ()
    where: dict[str, Names] = Field(default_factory=dict)
    filled: Names = ()
    closed: bool = False
    differ: dict[str, str] = Field(default_factory=dict)
    passed: dict[str, str] = Field(default_factory=dict)
    not_passed: dict[str, str] = Field(default_factory=dict)
    approved: str = ""
    role: str = ""
    roster: str = ""
    entry: EntrySoughtSheet | None = None
    unnamed: Names = ()

    def asks(self) -> set[str]:
        """The names of what it asks."""
        return {name for name, one in self if one not in ((), "", False, None) and one != {}}

    def sought(self) -> core.Sought:
        """What is sought, as the core has it. Raises ValueError for a length that is no number of days, weeks, months or years."""
        for length in (*self.passed.values(), *self.not_passed.values()):
            if length != core.TODAY and not isinstance(parse_limit(length), Span):
                raise ValueError(f"found the length {length!r}, expected {core.TODAY!r} or one such as 30 days, 3 months")
        return core.Sought(
            record=frozenset(self.record),
            channel=frozenset(self.channel),
            marked=frozenset(self.marked),
            not_marked=frozenset(self.not_marked),
            happened=frozenset(self.happened),
            later=frozenset(self.later),
            several=self.several,
            where=_pairs(self.where),
            filled=self.filled,
            closed=self.closed,
            differ=tuple(self.differ.items()),
            passed=tuple(self.passed.items()),
            not_passed=tuple(self.not_passed.items()),
            approved=self.approved,
            role=self.role,
            roster=self.roster,
            entry=self.entry.sought() if self.entry else None,
            unnamed=self.unnamed,
        )


def _pairs(told: dict[str, tuple[str, ...]]) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((name, frozenset(values)) for name, values in told.items())


def _listed(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else [value]


class ProofSheet(Strict):
    """A named rule of evidence."""

    proof: str
    clause: str
    name: Words
    each: Literal["case", "act", "entry", "site"]
    about: About | None = None
    event: Names = ()
    register_: str = Field(default="", alias="register")
    of: SoughtSheet = SoughtSheet()
    needs: Annotated[tuple[SoughtSheet, ...], BeforeValidator(_listed)] = Field(min_length=1)

    def proof_of(self) -> core.Proof:
        """The proof of the core. Raises ValueError where its parts do not go together."""
        if (self.each == "act") != bool(self.event and self.about) or (self.each == "entry") != bool(self.register_):
            raise ValueError(
                f"the proof {self.proof} is of each {self.each}: an act has about and event, an entry a register, others neither"
            )
        for sheet in (self.of, *self.needs):
            if odd := sheet.asks() - _FITS[self.each]:
                raise ValueError(f"the proof {self.proof} asks {', '.join(sorted(odd))} of each {self.each}; that has none")
        return core.Proof(
            id=self.proof,
            clause=self.clause,
            name=self.name.pair(),
            each=self.each,
            of=self.of.sought(),
            needs=tuple(one.sought() for one in self.needs),
            about=self.about or "",
            event=frozenset(self.event),
            register=self.register_,
        )


class OnSiteSheet(Strict):
    """What only a look on the spot shows."""

    look: Words
    sample: Words | None = None

    def on_site(self) -> core.OnSite:
        """The look of the core."""
        return core.OnSite(self.look.pair(), self.sample.pair() if self.sample else ("", ""))
