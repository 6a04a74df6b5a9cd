"""What a program or a file says about a new case, read into a registration: every word is checked against what the unit knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from huiyin.core.moments import BadText, in_shanghai, parse_moment
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.cases.actions import Registration
from huiyin.desk.cases.lifecycle import RECEIVED
from huiyin.desk.facts.queries import House
from huiyin.desk.places import queries as places
from huiyin.desk.places.rooms import BadRoom, parse_room
from huiyin.plumbing.phones import BadPhone, read_phones
from huiyin.plumbing.text import BadText as BadLine
from huiyin.plumbing.text import clean_optional_text

FUTURE_TOLERATED = timedelta(minutes=5)
LONG_AGO = timedelta(days=3 * 366)
_ANY = "*"


class Reason(NamedTuple):
    """Why a row cannot be taken, in both languages."""

    zh: str
    en: str


class BadField(BadText):
    """Something that cannot be taken: ``field`` is its name, ``choices`` what could stand there."""

    def __init__(self, field: str, en: str, zh: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(en, zh, choices)
        self.field = field


@dataclass(frozen=True, slots=True)
class Words:
    """The words that hold at a unit on a day: its channels, and its categories and severities by the prefix of the regulation."""

    channels: frozenset[str]
    category: Mapping[str, frozenset[str]]
    severity: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where something comes in: the organisation as it stands, the units that may be named, and when."""

    organisation_id: UUID
    edition: UUID
    reach: frozenset[str]
    at: datetime

    @classmethod
    def of(cls, organisation_id: UUID, at: datetime, unit: str | None = None) -> Door:
        """The door to ``unit`` and everything below it; to the whole organisation without one. Asks the database once."""
        edition = places.edition(organisation_id)
        return cls(organisation_id, edition, _reach(organisation_id, edition, unit), at)


@lru_cache(maxsize=512)
def _reach(organisation_id: UUID, edition: UUID, unit: str | None) -> frozenset[str]:
    units = places.units(organisation_id, edition)
    return frozenset(units.by_code if unit is None else (one.code for one in units.below(unit)))


def words_of(organisation_id: UUID, edition: UUID, unit: str, on_day: date) -> Words:
    """The words that the regulations adopted for the unit know on that day."""
    return _words(organisation_id, edition, unit, on_day)


@lru_cache(maxsize=4096)
def _words(organisation_id: UUID, edition: UUID, unit: str, on_day: date) -> Words:
    path = places.units(organisation_id, edition).path(unit)
    noon = in_shanghai(datetime.fromisoformat(f"{on_day}T12:00:00+08:00"))
    # Words hold before a regulation does: an old ledger is sorted by the classes of today.
    found = [one.regulation for one in adopted_for(organisation_id, noon, edition) if one.unit in path]
    scales = {name: {one.prefix: _keys(one.source, name) for one in found if _keys(one.source, name)} for name in ("category", "severity")}
    channels = frozenset(one["key"] for regulation in found for one in regulation.source.get("channels", ()))
    return Words(channels, scales["category"], scales["severity"])


def _keys(source: Mapping[str, Any], name: str) -> frozenset[str]:
    classes = source.get("classes", {})
    marks = classes.get("marks", ()) if name == "severity" else ()
    return frozenset(one["key"] for one in (*classes.get(name, ()), *marks))


def read_registration(door: Door, told: Mapping[str, Any]) -> Registration:
    """The registration that ``told`` asks for.

    In: fields of ``Registration`` as text (classes as one key, or by prefix), ``received_at`` as text or an aware datetime, ``household``
    as people write a home.

    Raises BadField naming what cannot be taken. Nothing is made up: what is not told stays empty.
    """
    unit = unit_of(door, str(told.get("unit") or ""))
    received_at = read_received(told.get("received_at"), door.at)
    words = words_of(door.organisation_id, door.edition, unit, in_shanghai(received_at or door.at).date())
    household_id, household_code = _household(door, unit, str(told.get("household") or ""))
    return Registration(
        record=_one_of("record", str(told.get("record") or ""), frozenset(RECEIVED)),
        unit=unit,
        channel=_one_of("channel", str(told.get("channel") or ""), words.channels),
        story=_text(told, "story", 10_000, needed=True),
        title=_text(told, "title", 200),
        wish=_text(told, "wish", 2000),
        category=_classes("category", told.get("category"), words.category),
        severity=_classes("severity", told.get("severity"), words.severity),
        issue=_text(told, "issue", 120),
        household_id=household_id,
        household_code=household_code,
        place=_text(told, "place", 200),
        contact_name=_text(told, "contact_name", 50),
        contact_phone=_phone(str(told.get("contact_phone") or "")),
        confidential=bool(told.get("confidential")),
        urgency="urgent" if told.get("urgent") else "",
        received_at=received_at,
        by_role=told.get("by_role"),
        external_numbers=dict(told.get("external_numbers") or {}),
    )


def check_words(door: Door, told: Mapping[str, str]) -> None:
    """Look at what is told of all rows alike: the unit, and by the words that it knows now the kind, the channel and the classes.

    Raises BadField: no row could be taken.
    """
    if "record" in told:
        _one_of("record", told["record"], frozenset(RECEIVED))
    if "unit" not in told:
        return
    words = words_of(door.organisation_id, door.edition, unit_of(door, told["unit"]), in_shanghai(door.at).date())
    if "channel" in told:
        _one_of("channel", told["channel"], words.channels)
    _classes("category", told.get("category"), words.category)
    _classes("severity", told.get("severity"), words.severity)


def unit_of(door: Door, code: str) -> str:
    """The code, if it is that of a unit in reach. Raises BadField."""
    # A unit out of reach and one that does not exist are told in the same words.
    if code not in door.reach:
        raise BadField(
            "unit",
            f"found the unit {code[:40]!r}, expected the code of a unit; look it up in the list of units",
            f"没有编号为“{code[:40]}”的单位；请在单位列表中查找编号",
        )
    return code


def read_received(value: Any, at: datetime, field: str = "received_at") -> datetime | None:
    """The moment when something was received, or None for now. Raises BadField for what is no moment or lies in the future."""
    if value in (None, ""):
        return None
    try:
        moment = value if isinstance(value, datetime) else parse_moment(str(value))
    except BadText as error:
        raise BadField(field, error.en, error.zh, error.choices) from None
    if moment > at + FUTURE_TOLERATED:
        raise BadField(
            field,
            f"found {moment.isoformat()}, which lies in the future; give when it happened",
            f"“{moment:%Y-%m-%d %H:%M}”在将来；请填写实际发生的时间",
        )
    return min(moment, at)


def remarks(door: Door, unit: str, received_at: datetime, entered_at: datetime) -> list[tuple[str, str]]:
    """What is remarkable about the time when a case of the unit was received, in Chinese and in English; nothing as a rule."""
    found = []
    if entered_at - received_at > LONG_AGO:
        found.append(("受理时间比登记早三年以上，请核对。", "Received more than three years before it was entered: check the time."))
    house = House(door.organisation_id, door.edition, places.units(door.organisation_id, door.edition))
    if not house.adopted(unit, received_at):
        found.append(
            (
                "受理时本单位没有生效的制度：自派单起按派单时生效的制度办理，此前没有时限。",
                "No regulation was in force at the unit when it was received: from its dispatch on those of that day govern it.",
            )
        )
    return found


def _one_of(field: str, key: str, known: frozenset[str]) -> str:
    if known and key not in known:
        choices = tuple(sorted(known))
        raise BadField(
            field,
            f"found {key[:40]!r}, expected one of {', '.join(choices)}; choose one",
            f"“{key[:40]}”不是可用的值；请从 {'、'.join(choices)} 中选择",
            choices,
        )
    return key


def _classes(field: str, value: Any, known: Mapping[str, frozenset[str]]) -> dict[str, str]:
    if not value:
        return {}
    if isinstance(value, Mapping):
        for prefix in value:
            _one_of(f"{field}.{str(prefix)[:40]}", str(prefix), frozenset(known))
        return {str(prefix): _one_of(f"{field}.{prefix}", str(key), known.get(str(prefix), frozenset())) for prefix, key in value.items()}
    if not known:
        return {_ANY: str(value)}
    _one_of(field, str(value), frozenset().union(*known.values()))
    return {prefix: str(value) for prefix, keys in known.items() if value in keys}


def _household(door: Door, unit: str, text: str) -> tuple[UUID | None, str]:
    if not text.strip():
        return None, ""
    try:
        code = parse_room(text)
    except BadRoom as error:
        raise BadField("household", error.en, error.zh) from None
    home = places.find_household(places.tree(door.organisation_id, door.edition).ids[unit], text)
    return (home.pk, home.code) if home is not None else (None, code)


def _text(told: Mapping[str, Any], field: str, most: int, *, needed: bool = False) -> str:
    try:
        text = clean_optional_text(str(told.get(field) or ""), most=most, field=field)
    except BadLine as error:
        raise BadField(field, error.message_en, error.message_zh) from None
    if needed and not text:
        raise BadField(field, f"found nothing in {field}; say what it is about", "内容为空；请填写")
    return text


def _phone(text: str) -> str:
    try:
        read_phones(text)
    except BadPhone as error:
        raise BadField("contact_phone", error.message_en, error.message_zh) from None
    return text
