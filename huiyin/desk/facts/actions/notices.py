"""Keeping notices: everybody who holds the role gets a message; a role that nobody holds leaves one to nobody, so that it is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from huiyin.core.facts import PERSONS_BEHIND
from huiyin.core.moments import in_shanghai
from huiyin.core.questions import values_of
from huiyin.core.records import RUNNING, Notice
from huiyin.core.steps import written
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.desk.facts.queries import moment
from huiyin.desk.messaging.actions import TABLE as MESSAGES
from huiyin.desk.messaging.actions import copies_of, row_of
from huiyin.desk.people.queries import holders
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.rows import Rows, Table
from huiyin.rulebook.words import rule_name

_OURS = (("notice_key", "text"), ("to_role", "text"), ("rule", "text"), ("issue", "text"), ("notice_at", "timestamptz"))
_COLUMNS = (*MESSAGES.columns, *_OURS)
TABLE = Table(MESSAGES.name, _COLUMNS, MESSAGES.key, frozenset(name for name, _ in _COLUMNS))
_TOLD = ("number", "title", "household_code", "record")


def said_again(acts: Iterable[Iterable[Any]]) -> frozenset[str]:
    """Of the records of acts that are stored together the keys of the notices about a case that a later act gives again, to the same post
    under the same clause: what is entered and passed on at once is one thing to whoever gets it."""
    found: set[str] = set()
    last: dict[tuple[Any, ...], tuple[int, str]] = {}
    for place, records in enumerate(acts):
        for one in records:
            if isinstance(one, Notice) and one.case is not None:
                before = last.get(about := (one.case, one.to, one.unit, one.clause, one.level, one.persons))
                if before is not None and before[0] < place:
                    found.add(before[1])
                last[about] = place, one.key
    return frozenset(found)


def messages_of(context: Context, notice: Notice) -> Iterator[dict[str, Any]]:
    """The rows of the messages that the notice gives: one for each person whom the act named, else for each holder of the role on the day,
    else one to nobody."""
    day = in_shanghai(notice.at).date()
    named = tuple(person for one in notice.persons if (person := read_id(one)) is not None)
    held = named or holders(context.organisation_id, notice.to, notice.unit, day, context.edition)
    # Whom a case complains about in person is not told of it where somebody else holds the post as well.
    about = {person for name in PERSONS_BEHIND.values() for person in values_of(context.case.told.get(name) if context.case else None)}
    found: tuple[UUID | None, ...] = tuple(one for one in held if str(one) not in about) or held
    for staff_id in found or (None,):
        row = {
            **row_of(
                context.organisation_id,
                notice.key if staff_id else f"{notice.key}?",
                notice.topic,
                at=max(notice.at, context.entered_at),
                to_staff=staff_id,
                clause=notice.clause,
                level=notice.level or "",
                case_id=UUID(notice.case) if notice.case else None,
                unit_code=notice.unit,
                params=_params(context, notice),
            ),
            "notice_key": notice.key,
            "to_role": notice.to,
            "rule": notice.rule,
            "issue": notice.issue or "",
            "notice_at": notice.at,
        }
        yield row
        # A copy gives no notice of its own.
        yield from ({**copy, "notice_key": ""} for copy in copies_of(row, context.edition))


def _params(context: Context, notice: Notice) -> Mapping[str, Any]:
    told = {name: context.row.get(name) for name in _TOLD}
    params = {
        "number": told["number"],
        "summary": told["title"],
        "room": told["household_code"],
        "record": told["record"],
        "issue": notice.issue,
        "at": notice.at.isoformat(),
        **_next_limit(context, notice),
    }
    return {name: value for name, value in params.items() if value}


def _next_limit(context: Context, notice: Notice) -> Mapping[str, Any]:
    """What runs for whoever is told, from this act on: the limit that ends first, and when."""
    theirs = [one for one in context.limits if one.state == RUNNING and one.due_at is not None and one.responsible == notice.to]
    first = min(theirs, key=lambda one: (one.due_at or notice.at, one.key), default=None)
    if first is None or first.due_at is None:
        return {}
    due = "{:%Y-%m-%d} {}".format(*written(in_shanghai(first.due_at).replace(second=0, microsecond=0)))
    return {"due": due, "clock": {"zh": rule_name(first.rule, "zh-hans"), "en": rule_name(first.rule, "en")}}


def _first(context: Context, notice: Notice) -> Mapping[str, Any]:
    return next(messages_of(context, notice))


def _others(rows: Rows, context: Context, notice: Notice) -> None:
    messages = messages_of(context, notice)
    next(messages)
    for row in messages:
        rows.put(TABLE, row)


def record_of(row: Mapping[str, Any]) -> Notice | None:
    """The notice that a message gives, None for a message that comes from no notice. Several messages may give the same."""
    if not row["notice_key"]:
        return None
    return Notice(
        key=row["notice_key"],
        clause=row["clause"],
        rule=row["rule"],
        to=row["to_role"],
        unit=row["unit_code"],
        case=row["case_id"],
        issue=row["issue"] or None,
        level=row["level"] or None,
        at=moment(row["notice_at"]),
        topic=row["topic"],
    )


NOTICE_KEEPER = Keeper(Notice, TABLE, _first, record_of, also=_others)
