"""Reads about messages. An inbox is its owner's alone: everything here asks for the person first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.messaging.models import DEAD, FAILED, INAPP, WAITING, Message
from huiyin.desk.messaging.texts import CHANNELS, reason, said, words
from huiyin.desk.people.models import Staff
from huiyin.desk.places import queries as places
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.words import rule_name

PLACE: Final = (
    "concat_ws('.', (SELECT system_identifier FROM pg_control_system()), "
    "(SELECT oid FROM pg_database WHERE datname = current_database()), 'messaging_message'::regclass::oid)"
)
"""This database and no copy of it, in SQL: a cluster, a database in it, and the table of messages, which a restored backup makes anew."""


def sends_from_here() -> bool:
    """Whether messages leave from this database. From one that a backup was restored into none does, until somebody says so: the house that
    was backed up may live, and what waits in the copy may have left there."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT FROM messaging_home WHERE place = {PLACE})")
        return bool(cursor.fetchone()[0])


def waiting() -> int:
    """How many messages of all organisations wait to leave."""
    return Message.objects.filter(state=WAITING).count()


@dataclass(frozen=True, slots=True)
class Copy:
    """What became of a message on a way out of the house: what the way is called, the state, when it left or is tried next, and why not."""

    called: str
    state: str
    at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as its reader sees it, worded in their language."""

    id: UUID
    topic: str
    title: str
    body: str
    clause: str
    level: str
    case_id: UUID | None
    unit_code: str
    at: datetime
    read_at: datetime | None
    copies: tuple[Copy, ...] = ()


def worded(message: Message, language: str) -> tuple[str, str]:
    """Title and body: as somebody wrote them, else by topic in ``language``. The clause and unit of the message, and the terms in force
    there when it was written, fill their holes.
    """
    chinese, english = terms_of(message.organisation_id, message.unit_code, message.created_at)["customer"]
    told = {
        "clause": message.clause,
        "level": message.level,
        "unit": _unit(message),
        "customer": {"zh": chinese, "en": english},
        "what": {"zh": rule_name(message.rule, "zh-hans"), "en": rule_name(message.rule, "en")} if message.rule else "",
    }
    params = {**told, **message.params}
    title, body = words(message.topic, params, language)
    return message.title or title, message.body or body


def told(message: Message, language: str) -> Mapping[str, str]:
    """The values of a message in words, for who words it from a registered text: its level, unit and what its ``params`` tell."""
    chinese = language.startswith("zh")
    return said({"level": message.level, "unit": _unit(message), "clause": message.clause, **message.params}, chinese=chinese)


def _unit(message: Message) -> Mapping[str, str]:
    code = message.unit_code
    chinese, english = places.tree(message.organisation_id).names.get(code, (code, code)) if code else ("", "")
    return {"zh": chinese, "en": english}


def inbox(
    staff: Staff,
    *,
    topic: str = "",
    unread: bool = False,
    before: UUID | None = None,
    most: int = 50,
    language: str = "",
    units: frozenset[str] | None = None,
) -> list[Letter]:
    """The person's messages, the latest first; ``before`` is the id of the last one of the page before.

    ``topic`` may be a whole topic or its first word ("warning"). ``units``: only what is about these or about no unit; None: everything.
    """
    rows = _to(staff, units)
    if topic:
        rows = rows.filter(Q(topic=topic) | Q(topic__startswith=f"{topic}."))
    if unread:
        rows = rows.filter(read_at=None)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows.order_by("-id")[:most])
    language = language or staff.language
    copies = _copies(staff, found, language)
    return [_letter(row, language, copies.get(_cause(row), ())) for row in found]


def _letter(row: Message, language: str, copies: tuple[Copy, ...]) -> Letter:
    title, body = worded(row, language)
    return Letter(row.id, row.topic, title, body, row.clause, row.level, row.case_id, row.unit_code, row.created_at, row.read_at, copies)


def _cause(message: Message) -> str:
    return message.key.rpartition(">")[0]


def _copies(staff: Staff, letters: Sequence[Message], language: str) -> Mapping[str, tuple[Copy, ...]]:
    """What of these messages went, or should have gone, to the person outside the house, by what it is about."""
    outside = Message.objects.filter(organisation_id=staff.organisation_id, to_staff=staff.pk).exclude(channel=INAPP)
    keys = [f"{_cause(one)}>{name}:{staff.pk}" for one in letters for name in CHANNELS]
    found: dict[str, tuple[Copy, ...]] = {}
    for row in outside.filter(key__in=keys).order_by("channel"):
        copy = Copy(channel_name(row.channel, language), row.state, row.sent_at or row.next_try_at, reason(row.error, language))
        found[_cause(row)] = (*found.get(_cause(row), ()), copy)
    return found


def told_to_customer(organisation_id: UUID, case_id: UUID, language: str) -> list[tuple[str, Copy]]:
    """What the person who brought the case was told outside the house, the latest last: what it was called, and what became of it.

    Who may see the case has to be asked before.
    """
    rows = Message.objects.filter(organisation_id=organisation_id, case_id=case_id, to_staff=None).exclude(channel=INAPP)
    return [
        (
            words(row.topic, {}, language)[0],
            Copy(
                channel_name(row.channel, language), row.state, row.sent_at or row.next_try_at, hide_phones_in(reason(row.error, language))
            ),
        )
        for row in rows.order_by("id")
    ]


def channel_name(channel: str, language: str) -> str:
    """What a way out of the house is called."""
    return CHANNELS.get(channel, (channel, channel))[0 if language.startswith("zh") else 1]


def unread_count(staff: Staff, units: frozenset[str] | None = None) -> int:
    """How many messages of the person are unread; ``units`` as for ``inbox``."""
    return _to(staff, units).filter(read_at=None).count()


def _to(staff: Staff, units: frozenset[str] | None) -> QuerySet[Message]:
    rows = Message.objects.filter(to_staff=staff.pk, channel=INAPP)
    return rows if units is None else rows.filter(unit_code__in=[*units, ""])


def about_case(organisation_id: UUID, case_id: UUID) -> list[Message]:
    """All messages about a case, the latest first; who may see the case has to be asked before."""
    return list(Message.objects.filter(organisation_id=organisation_id, case_id=case_id).order_by("-id"))


def by_channel(organisation_id: UUID) -> Mapping[str, Mapping[str, int]]:
    """How many messages of each channel out of the house are in each state."""
    rows = Message.objects.filter(organisation_id=organisation_id).exclude(channel=INAPP).order_by()
    found: dict[str, dict[str, int]] = {}
    for channel, state, count in rows.values_list("channel", "state").annotate(Count("id")):
        found.setdefault(channel, {})[state] = count
    return found


def lost(organisation_id: UUID, most: int = 200) -> list[Message]:
    """The messages that could not be delivered, the latest first."""
    return list(Message.objects.filter(organisation_id=organisation_id, state__in=(FAILED, DEAD)).order_by("-id")[:most])


def by_state(organisation_id: UUID) -> Mapping[str, int]:
    """How many messages of the organisation are in each state."""
    rows = Message.objects.filter(organisation_id=organisation_id).order_by().values_list("state").annotate(Count("id"))
    return dict(rows)
