"""Registering a case: the number, the promise, the first facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText
from huiyin.desk.cases.lifecycle import DISPATCHED, RECEIVED
from huiyin.desk.facts.actions import store_cases
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.phones import hide_phones_in, read_phones
from huiyin.plumbing.rows import Rows
from huiyin.plumbing.text import clean_optional_text

URGENCIES = ("", "normal", "urgent", "emergency")


@dataclass(frozen=True, slots=True)
class Registration:
    """What a form, an import or a channel says about a new case. ``received_at`` is when it reached us (None: now).

    ``category`` and ``severity`` are keys by the prefix of a regulation ({"GP": "cleaning"}). ``channels`` are those of the regulations
    that name another channel than ``channel``, by prefix. ``details`` are further facts of the
    vocabulary that travel with the event. ``external_numbers`` are numbers that others gave it, by whom.
    """

    record: str
    unit: str
    channel: str = ""
    story: str = ""
    title: str = ""
    wish: str = ""
    category: Mapping[str, str] = field(default_factory=dict)
    severity: Mapping[str, str] = field(default_factory=dict)
    issue: str = ""
    household_id: UUID | None = None
    household_code: str = ""
    place: str = ""
    resident_id: UUID | None = None
    contact_name: str = ""
    contact_phone: str = ""
    confidential: bool = False
    urgency: str = ""
    received_at: datetime | None = None
    event: str = ""
    by_role: str | None = None
    external_numbers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Registered:
    """What the person who registered is told. ``outcome`` is that of the last fact stored."""

    case_id: UUID
    number: str
    query_code: str
    outcome: Outcome


def register(
    organisation_id: UUID,
    form: Registration,
    *,
    by: UUID | None,
    at: datetime,
    dispatch_to: str | None = None,
    dispatched_by: str | None = None,
    rows: Rows | None = None,
    also: Callable[[Rows, Registered], None] | None = None,
    savepoint: bool = True,
) -> Registered:
    """Register a case, and with ``dispatch_to`` (a unit's code) dispatch it at once, in one transaction.

    ``at`` is when it is entered. ``rows`` are further rows of the same action (an import's line); ``also`` puts some that need to know what
    was registered (an idempotency answer). ``savepoint``: as in ``facts.actions.store_cases``.
    Raises BadText (an unknown record or urgency), BadText and BadPhone of ``plumbing`` for texts and numbers, BadFact, Refused.
    """
    about = _about(form)
    case_id = new_id(at)
    facts = [_received(form, case_id, at)]
    if dispatch_to is not None:
        facts.append(_dispatched(form, case_id, dispatch_to, dispatched_by or form.by_role, facts[0].at, at))

    def told(outcomes: Sequence[Outcome], kept: Mapping[str, Mapping[str, Any]]) -> Registered:
        row = kept[str(case_id)]
        return Registered(case_id, row["number"], row["query_code"], outcomes[-1])

    def with_it(rows: Rows, outcomes: Sequence[Outcome], kept: Mapping[str, Mapping[str, Any]]) -> None:
        if also is not None:
            also(rows, told(outcomes, kept))

    begun = {str(case_id): about}
    return told(*store_cases(organisation_id, facts, by=by, at=at, rows=rows, about=begun, also=with_it, savepoint=savepoint))


def _received(form: Registration, case_id: UUID, at: datetime) -> Fact:
    said = {
        "record": form.record,
        "channel": {"*": form.channel, **form.channels} if form.channels else form.channel,
        "category": dict(form.category),
        "severity": dict(form.severity),
        "issue": form.issue,
        "household": form.household_code,
        "customer": str(form.resident_id) if form.resident_id else "",
    }
    details = {**{name: value for name, value in said.items() if value}, **form.details}
    event = form.event or RECEIVED[form.record]
    return Fact(event, form.received_at or at, str(case_id), form.unit, form.by_role, details, at)


def _dispatched(form: Registration, case_id: UUID, unit: str, role: str | None, received_at: datetime, at: datetime) -> Fact:
    event = DISPATCHED.get(form.record, "case_dispatched")
    return Fact(event, max(received_at, at) if form.received_at is None else at, str(case_id), unit, role, {}, at)


def _about(form: Registration) -> dict[str, Any]:
    if form.record not in RECEIVED:
        raise BadText(
            f"found the kind of record {form.record[:40]!r}, expected one of {', '.join(RECEIVED)}; choose one",
            f"没有“{form.record[:40]}”这类工单；请从 {'、'.join(RECEIVED)} 中选择",
        )
    if form.urgency not in URGENCIES:
        raise BadText(
            f"found the urgency {form.urgency[:40]!r}, expected one of {', '.join(URGENCIES[1:])}; choose one",
            f"没有“{form.urgency[:40]}”这种紧急程度；请从 {'、'.join(URGENCIES[1:])} 中选择",
        )
    return {
        "channel": form.channel,
        "issue": form.issue,
        "household_id": form.household_id,
        "household_code": form.household_code,
        "resident_id": form.resident_id,
        "confidential": form.confidential,
        "urgency": form.urgency,
        "external_numbers": dict(form.external_numbers),
        "contact_phone": "、".join(one.number for one in read_phones(form.contact_phone)) if form.contact_phone else "",
        **_texts(form),
    }


def _texts(form: Registration) -> dict[str, str]:
    longest = {"place": 200, "contact_name": 200, "title": 200, "story": 10_000, "wish": 2_000}
    texts = {name: clean_optional_text(getattr(form, name), most=most, field=name) for name, most in longest.items()}
    # A title goes into lists, messages and papers, where nobody gives a reason for seeing a number; the story keeps it.
    texts["title"] = hide_phones_in(texts["title"]) or hide_phones_in(texts["story"].strip().split("\n", 1)[0])[:60]
    return texts
