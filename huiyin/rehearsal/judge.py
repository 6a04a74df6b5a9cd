"""Records as scenarios name them, and whether they are what a scenario expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from huiyin.core import records as core
from huiyin.core.known import Case
from huiyin.core.rules import Adopted
from huiyin.core.secrecy import Hidden, is_cleared
from huiyin.core.subjects import PERIODS, THINGS
from huiyin.rehearsal.scenario import Line, Scenario
from huiyin.rulebook.load import regulation
from huiyin.rulebook.words import form_name

Found = Mapping[str, Any]
"""A record: ``kind``, ``words`` (what a line of that kind may name it by) and its keys."""
_DUTY_STATES = {core.RUNNING: "open", core.MET: "done"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that does not hold: where it stands, what was expected, and the nearest records."""

    line: int
    expected: str
    nearest: tuple[str, ...]


def found_in(
    records: Iterable[core.Record], refusals: Iterable[core.Refusal], until: datetime, classes: Iterable[Found] = ()
) -> tuple[Found, ...]:
    """All records as scenarios name them, as they stand at ``until``; ``classes`` are
    those that people gave, and what is hidden."""
    found = [one for record in records for one in _as_found(record, until)]
    found += [{"kind": "refused", "words": (one.clause,), "event": one.event, "at": one.at, "why": one.why_zh} for one in refusals]
    found += classes
    return tuple(sorted(found, key=lambda one: (str(one["kind"]), str(one))))


def _as_found(record: core.Record, until: datetime) -> Iterator[Found]:
    if isinstance(record, core.Clock):
        yield from _clock(record, until)
    elif isinstance(record, core.WarningSignal):
        about = {"case": record.case, "unit": record.unit, "issue": record.issue, "state": record.state}
        for ground in record.grounds:
            yield {"kind": "warning", "words": (record.level,), "clause": ground.clause, "at": record.raised_at, **about}
    elif isinstance(record, core.Notice):
        keys = {"to": record.to, "unit": record.unit, "issue": record.issue, "at": record.at, **thing(record.case)}
        yield {"kind": "notice", "words": (record.clause,), **keys}
    elif isinstance(record, core.Approval):
        for role in record.of:
            about = {"unit": record.unit, "issue": record.issue, "period": record.period, **thing(record.case)}
            yield {"kind": "approval", "words": (record.clause,), "of": role, "state": record.state, **about}
    elif isinstance(record, core.Score):
        entry = {"amount": record.amount, "at": record.at, "case": record.case, "issue": record.issue}
        yield {"kind": "score", "words": (record.clause, *record.items), "unit": record.unit, **entry}
    elif isinstance(record, core.Mark):
        about = {"unit": record.unit, **thing(record.case)}
        about |= {"unit": record.unit, "period": record.period} if record.period else {}
        if record.ended_at is not None and record.ended_at <= record.at:
            return  # An act entered late showed that it never stood.
        yield {"kind": "classified", "words": (record.mark,), "clause": record.clause, "at": record.at, **about}
    elif isinstance(record, core.Paper):
        about = {"unit": record.unit, "period": record.period, **thing(record.case)}
        yield {
            "kind": "document",
            "words": (record.clause,),
            "name": form_name(record.name, record.clause, "zh-hans"),
            "state": record.state,
            **about,
        }
    elif isinstance(record, core.Figure):
        entry = {"amount": record.amount, "at": record.at, "unit": record.unit, "period": record.period, "rank": record.rank}
        yield {"kind": "score", "words": (record.clause,), **entry, **thing(record.case)}
    elif isinstance(record, core.Retention):
        about = {"unit": record.unit, "register": record.register, "period": record.period, **thing(record.case)}
        yield {"kind": "retained", "words": (record.clause,), "until": str(record.until or "permanent"), **about}
    elif isinstance(record, core.Publication):
        yield {"kind": "published", "words": (record.clause,), "unit": record.unit, "period": record.period, "at": record.at}


def _clock(record: core.Clock, until: datetime) -> Iterator[Found]:
    """A clock or duty; one that has not begun by ``until`` is not there yet, and one due just then is not past it."""
    if record.starts_at > until or (record.state == core.CANCELLED and record.stopped_at and record.starts_at > record.stopped_at):
        return
    state = core.RUNNING if record.state == core.OVERDUE and record.due_at == until else record.state
    if record.kind == "duty":
        state = _DUTY_STATES.get(state, state)
    keys = {"unit": record.unit, "period": record.period, "starts": record.starts_at, "due": record.due_at, **thing(record.case)}
    if record.kind == "duty":
        keys["channel"] = record.level
    else:
        keys["target"] = record.target_at
    stopped = record.stopped_at
    yield {
        "kind": record.kind, "words": record.cites, "state": state, "stopped": stopped, "responsible": record.responsible, **keys
    }  # fmt: skip


def classes_given(cases: Iterable[Case], stems_adopted: Iterable[str]) -> Iterator[Found]:
    """The classes that people gave to cases: shown under the clauses that say which classes there are."""
    cases = tuple(cases)
    for stem in stems_adopted:
        rules = regulation(stem)
        known = {one["key"] for one in rules.source.get("classes", {}).get("category", ())}
        clauses = tuple(clause for honour in rules.honours if honour.kind == "class" for clause in honour.cites)
        for case in cases:
            given = case.happened.get("category_set")
            for (at, _), told in zip(given.times, given.told, strict=True) if given else ():
                for key in _keys_of(told.get("category"), rules.prefix) & known:
                    about = {"unit": case.unit, **thing(case.key)}
                    yield {"kind": "classified", "words": (key,), "clause": clauses, "at": at, **about}


def hidden_found(case: str, found: Iterable[Hidden], adopted: Sequence[Adopted]) -> Iterator[Found]:
    """What is secret of a case, a record for each rule: the parts that are hidden (and "passage" for words), and ``of`` the roles of the
    regulation that do not get to see them."""
    for one in found:
        of = next(each.regulation for each in adopted if one.rule.startswith(f"{each.regulation.prefix}:"))
        roles = tuple(role for role in of.role_names if not is_cleared(adopted, one.rule, role))
        parts = (*sorted(one.parts), *(("passage",) if one.words else ()))
        yield {"kind": "hidden", "words": (one.clause,), "case": case, "part": parts, "of": roles}


def _keys_of(value: Any, prefix: str) -> set[str]:
    value = value.get(prefix) if isinstance(value, Mapping) else value
    return set(map(str, value)) if isinstance(value, (list, tuple)) else {str(value)}


def thing(key: str | None) -> dict[str, Any]:
    """How scenarios name a case or thing: a case by its letter, a survey, an activity … by its name, a month by its unit and period."""
    about, _, name = str(key or "").partition(":")
    if about not in THINGS:
        return {"case": key}
    unit, _, rest = name.rpartition("/") if about != "register" else (*name.split("/", 1)[:1], "", "")
    if about in PERIODS:
        return {"unit": unit, "period": rest}
    if about in ("unit", "house"):
        return {"unit": name}
    return {about: rest} if about != "register" else {}


def judge(scenario: Scenario, found: tuple[Found, ...]) -> tuple[Difference, ...]:
    """Every line of ``scenario`` that does not hold among the records ``found``."""
    missing = [_difference(line, found) for line in scenario.expect if not _holds(line, found)]
    surplus = [
        Difference(line.number, f"nothing like {_told(line)}", tuple(_shown(one) for one in _matching(line, found))[:3])
        for line in scenario.expect_not
        if _holds(line, found)
    ]
    return tuple(missing + surplus)


def _holds(line: Line, found: tuple[Found, ...]) -> bool:
    if line.kind == "score":
        return _score_holds(line, found)
    return any(True for _ in _matching(line, found))


def _score_holds(line: Line, found: tuple[Found, ...]) -> bool:
    """``amount`` is the sum of the clause's entries that the other keys leave; no entry is no record."""
    keys = {key: value for key, value in line.keys.items() if key != "amount"}
    entries = list(_matching(Line(line.kind, line.word, keys, line.number), found))
    if not entries:
        return False
    total = sum((one["amount"] for one in entries), Decimal())
    return "amount" not in line.keys or total == Decimal(str(line.keys["amount"]))


def _matching(line: Line, found: tuple[Found, ...]) -> Iterator[Found]:
    for one in found:
        if one["kind"] == line.kind and line.word in one["words"] and all(_equal(one, k, v) for k, v in line.keys.items()):
            yield one


def _equal(one: Found, key: str, value: Any) -> bool:
    has = one.get(key)
    if isinstance(has, tuple):
        return value in has
    if isinstance(value, datetime):
        return isinstance(has, datetime) and (has == value or has.replace(second=0, microsecond=0) == value)
    if key == "amount" and "amount" in one:
        return bool(Decimal(str(value)) == one["amount"])
    if key == "period" and one["kind"] == "score" and not one.get("period"):
        return str(one["at"].date()).startswith(str(value)[:7])
    return str(has) == str(value) if has is not None else value is None


def _difference(line: Line, found: tuple[Found, ...]) -> Difference:
    near = [one for one in found if one["kind"] == line.kind and line.word in one["words"]]
    near = near or [one for one in found if one["kind"] == line.kind]
    near.sort(key=lambda one: -sum(_equal(one, key, value) for key, value in line.keys.items()))
    return Difference(line.number, _told(line), tuple(_shown(one) for one in near[:3]))


def _told(line: Line) -> str:
    return ", ".join([f"{line.kind}: {line.word}", *(f"{key}: {_text(value)}" for key, value in line.keys.items())])


def _shown(one: Found) -> str:
    keys = (f"{key}: {_text(value)}" for key, value in one.items() if key not in ("kind", "words") and value is not None)
    return ", ".join([f"{one['kind']}: {one['words'][0]}", *keys])


def _text(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)
