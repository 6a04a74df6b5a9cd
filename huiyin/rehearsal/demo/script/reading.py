"""Reading a script: tales (cases, things, acts of a unit), chores that come round, entries of registers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_LENGTH: Final = re.compile(r"(\d+)([mhd])")
_MOMENT: Final = re.compile(r"-(\d+)d (\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment counted back from the present: so many days ago, at this time of the day."""

    days: int
    hour: int
    minute: int


@dataclass(frozen=True, slots=True)
class Deed:
    """One act: how long after the one before it (between ``least`` and ``most``), what is done, by whom, in whose name where that is
    somebody outside (``role``), with which details, in how many of a hundred tales (``chance``).

    What is done is the key of an offered act; "press" and a move of the lifecycle; "file" and the clause of a paper; "hold" and a part
    of a survey; "inspect" and a part of an inspection; "publish" and a part of the notice to the customers; "enter" and a register;
    "look" and a masked field of the case; "preserve" for the legal hold; "go on" with the case as which the request goes on.
    """

    least: timedelta
    most: timedelta
    do: str
    by: str
    say: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""
    chance: int = 100


@dataclass(frozen=True, slots=True)
class Tale:
    """What happens several times in the same way. ``about``: a case, a kind of thing, "unit" or "issue".

    ``times``: how often in a history of the usual length, at moments of its own; ``at``: besides at these; ``ago``: and so long before the
    present, so that it still runs when somebody looks. ``slow``: in how many of a
    hundred of them everything takes longer. A case or thing begins with ``begin`` (of a case the usual event of its record if empty).
    """

    about: str
    times: int
    at: tuple[Ago, ...]
    ago: tuple[timedelta, ...]
    by: str
    acts: tuple[Deed, ...]
    units: tuple[str, ...]
    begin: str
    record: str
    channels: tuple[str, ...]
    classes: Mapping[str, Mapping[str, str]]
    say: Mapping[str, Any]
    issue: str
    name: str
    stories: tuple[tuple[str, str], ...]
    slow: int
    dispatch: bool


@dataclass(frozen=True, slots=True)
class Chore:
    """What serves duties that come round: the acts, for each unit and period of the duties ``serves`` (as clocks name their rule); and what
    hands papers in: the acts about each case that owes one of the ``papers`` (by clause).

    ``missed``: in how many of a hundred periods or cases it is forgotten, ``late``: a duty done a day too late, a paper some days later;
    ``lead``: how long before the end of a duty.
    """

    serves: tuple[str, ...]
    papers: tuple[str, ...]
    acts: tuple[Deed, ...]
    missed: int
    late: int
    lead: timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a register, made at these moments, at each of the units; with ``closed`` it is closed so long after with ``note``, and
    ``returned`` fills columns then."""

    register: str
    units: tuple[str, ...]
    at: tuple[Ago, ...]
    by: str
    values: Mapping[str, Any]
    closed: timedelta | None
    note: str
    returned: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Completion:
    """What is filled in later where entries of a register lack it (those that an act has made, mostly): ``values``, so long ``after`` the
    entry; in ``missed`` of a hundred it is forgotten."""

    register: str
    by: str
    values: Mapping[str, Any]
    after: timedelta
    missed: int


@dataclass(frozen=True, slots=True)
class Script:
    """Everything that a file tells."""

    tales: tuple[Tale, ...]
    chores: tuple[Chore, ...]
    lines: tuple[Line, ...]
    completions: tuple[Completion, ...] = ()


def read_script(told: Mapping[str, Any]) -> Script:
    """The script in a sheet's ``tales`` (with the ``courses`` that several of them take), ``chores``, ``entries`` and ``completions``.

    Raises ValueError, KeyError for what cannot be read.
    """
    return Script(
        tuple(_tale(one, told.get("courses", {})) for one in told.get("tales", ())),
        tuple(_chore(one) for one in told.get("chores", ())),
        tuple(_line(one) for one in told.get("entries", ())),
        tuple(_completion(one) for one in told.get("completions", ())),
    )


def _tale(told: Mapping[str, Any], courses: Mapping[str, Any]) -> Tale:
    course = courses[told["course"]] if "course" in told else ()
    return Tale(
        about=told.get("about", "case"),
        times=int(told.get("times", "0")),
        at=tuple(_ago(one) for one in told.get("at", ())),
        ago=tuple(length(one) for one in told.get("ago", ())),
        by=told.get("by", ""),
        acts=tuple(_deed(one) for one in (*course, *told.get("acts", ()))),
        units=tuple(told.get("units", ())),
        begin=told.get("begin", ""),
        record=told.get("record", "complaint"),
        channels=tuple(told.get("channels", ("",))),
        classes=told.get("classes", {}),
        say=told.get("say", {}),
        issue=told.get("issue", ""),
        name=told.get("name", ""),
        stories=tuple((title, story) for title, story in told.get("stories", (("", ""),))),
        slow=int(told.get("slow", "10")),
        dispatch=told.get("dispatch", "no") == "yes",
    )


def _chore(told: Mapping[str, Any]) -> Chore:
    return Chore(
        tuple(told.get("serves", ())),
        tuple(told.get("papers", ())),
        tuple(_deed(one) for one in told["acts"]),
        int(told.get("missed", "4")),
        int(told.get("late", "4")),
        length(told.get("lead", "2d")),
    )


def _completion(told: Mapping[str, Any]) -> Completion:
    return Completion(told["register"], told["by"], told["values"], length(told.get("after", "1d")), int(told.get("missed", "10")))


def _line(told: Mapping[str, Any]) -> Line:
    closed = length(told["closed"]) if "closed" in told else None
    ago = tuple(_ago(one) for one in told["at"])
    return Line(
        told["register"], tuple(told["units"]), ago, told["by"], told["values"], closed, told.get("note", ""), told.get("returned", {})
    )


def _deed(told: Mapping[str, Any]) -> Deed:
    least, _, most = told.get("in", "0m").partition("-")
    return Deed(
        length(least if least[-1] in _UNITS else least + most[-1]),
        length(most or least),
        told["do"],
        told["by"],
        told.get("say", {}),
        told.get("as", ""),
        int(told.get("chance", "100")),
    )


def length(text: str) -> timedelta:
    """The length of time that ``text`` (30m, 4h, 2d) tells. Raises ValueError for anything else."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(f"found the length {text!r}, expected one such as 30m, 4h or 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _ago(text: str) -> Ago:
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(f"found the moment {text!r}, expected one such as “-12d 09:30”: so many days ago, at this time")
    return Ago(int(found[1]), int(found[2]), int(found[3]))
