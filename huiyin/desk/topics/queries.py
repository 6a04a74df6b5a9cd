"""Reads of matters: which cases of a unit may be one, proposed from what they say; what people made of it.

A unit's cases of ``DAYS`` days (the latest ``MOST`` at most) go through a stream in the order of their receipt. The stream is kept in the
memory of the process and takes in only what is new, until a case of old or a decision of people changes what it was made from.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID

from huiyin.desk.cases.models import Case
from huiyin.desk.topics.likeness.comparing import Message
from huiyin.desk.topics.likeness.grouping import Settings, Stream, Topic
from huiyin.desk.topics.models import Joined, Parted
from huiyin.plumbing.phones import hide_phones_in

DAYS: Final = 180
MOST: Final = 400
_TITLE: Final = 40
"""Characters of a story that stand in for the title of a case without one."""
_STREAMS_KEPT: Final = 32
_COLUMNS: Final = (
    "id", "number", "title", "story", "place", "household_code", "resident_id", "contact_phone", "contact_name", "received_at", "issue",
    "status", "unit_code",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of a unit that may be one matter. ``issue`` is the matter that people have put some of them into, ``settled`` whether all of
    them. ``alert_at``: when enough distinct complainants had come within the days of the settings; None: not yet."""

    unit_code: str
    cases: Sequence[Mapping[str, Any]]
    complainants: int
    households: int
    first_at: datetime
    last_at: datetime
    alert_at: datetime | None
    issue: str
    settled: bool

    @property
    def name(self) -> str:
        """What the matter is called: as people call it, else as its first case."""
        return self.issue or title_of(self.cases[0])


@dataclass(slots=True)
class _Held:
    """A stream with what it was made from."""

    stream: Stream
    made_from: tuple[Any, ...]
    cases: dict[str, Mapping[str, Any]]


_held: OrderedDict[tuple[UUID, str, Settings], _Held] = OrderedDict()
_lock: Final = Lock()


def title_of(row: Mapping[str, Any]) -> str:
    """The title of a case, or the beginning of its story; its number where neither may be told."""
    return str(row["title"] or row["story"] or row["number"]).strip().split("\n")[0][:_TITLE]


def person_of(row: Mapping[str, Any]) -> str:
    """Who complained, as far as a case tells: the resident, else the telephone, else the home, else the name, else nobody else."""
    phone = "".join(one for one in str(row["contact_phone"]) if one.isdigit())
    return str(row["resident_id"] or phone or row["household_code"] or row["contact_name"] or row["id"])


def groups(organisation_id: UUID, units: Collection[str], at: datetime, settings: Settings | None = None) -> list[Group]:
    """The proposed matters of two or more cases of the units, alerts first, then the latest; what people have settled stands among them."""
    found = []
    for unit in sorted(units):
        held = _stream(organisation_id, unit, at, settings or Settings())
        if held is not None:
            found += [_group(unit, topic, held.cases) for topic in held.stream.topics.values() if len(topic.messages) > 1]
    found.sort(key=lambda one: one.last_at, reverse=True)
    return sorted(found, key=lambda one: (one.settled, one.alert_at is None))


def group_of(organisation_id: UUID, unit: str, case_id: UUID, at: datetime, settings: Settings | None = None) -> Group | None:
    """The proposed matter that a case of the unit stands in, itself included; None if it stands alone or is too old."""
    held = _stream(organisation_id, unit, at, settings or Settings())
    topic = held.stream.topic_of(str(case_id)) if held else None
    return _group(unit, topic, held.cases) if held and topic and len(topic.messages) > 1 else None


def near(
    organisation_id: UUID, unit: str, words: str, at: datetime, *, place: str = "", most: int = 3, settings: Settings | None = None
) -> list[Group]:
    """The matters of the unit that a complaint in these words would fit, the likest first: also those of a single case so far."""
    held = _stream(organisation_id, unit, at, settings or Settings())
    if held is None or not words.strip():
        return []
    message = Message("", at, "", words.strip().split("\n")[0][:_TITLE], words, place)
    return [_group(unit, topic, held.cases) for topic, _score in held.stream.likest(message, most)]


def joined(organisation_id: UUID, units: Collection[str], most: int = 200) -> list[Joined]:
    """The cases that people have put into matters, the latest first."""
    return list(Joined.objects.filter(organisation_id=organisation_id, unit_code__in=units, undone_at=None).order_by("-at", "id")[:most])


def parted(organisation_id: UUID, units: Collection[str], most: int = 100) -> list[tuple[Parted, str, str]]:
    """The pairs that people have parted, the latest first, each with the numbers of its two cases."""
    standing = Parted.objects.filter(organisation_id=organisation_id, unit_code__in=units, taken_back_at=None)
    rows = list(standing.order_by("-at", "case_id", "other_id")[:most])
    keys = {key for row in rows for key in (row.case_id, row.other_id)}
    named = numbers(organisation_id, list(keys))
    return [(row, named.get(row.case_id, ""), named.get(row.other_id, "")) for row in rows]


def numbers(organisation_id: UUID, case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The numbers of cases by id; ids of no case are left out."""
    return dict(Case.objects.filter(organisation_id=organisation_id, id__in=set(case_ids)).values_list("id", "number"))


def name_among(organisation_id: UUID, case_ids: Sequence[UUID]) -> str:
    """What the matter of these cases is called: as most of them are called already, else as the first of them in time."""
    mine = Case.objects.filter(organisation_id=organisation_id, id__in=set(case_ids)).order_by("received_at", "id")
    rows = list(mine.values("issue", "title", "story", "number"))
    issues = [str(row["issue"]) for row in rows if row["issue"]]
    if issues:
        return max(dict.fromkeys(issues), key=issues.count)
    return next((hide_phones_in(title_of(row)) or str(row["number"]) for row in rows), "")


def _group(unit: str, topic: Topic, cases: Mapping[str, Mapping[str, Any]]) -> Group:
    rows = [cases[one.key] for one in sorted(topic.messages, key=lambda one: (one.at, one.key))]
    issues = [str(row["issue"]) for row in rows if row["issue"]]
    return Group(
        unit_code=unit,
        cases=rows,
        complainants=len(topic.persons),
        households=len({row["household_code"] for row in rows if row["household_code"]}),
        first_at=rows[0]["received_at"],
        last_at=rows[-1]["received_at"],
        alert_at=topic.alert_at,
        issue=max(set(issues), key=issues.count) if issues else "",
        settled=len(issues) == len(rows) and len(set(issues)) == 1,
    )


def _stream(organisation_id: UUID, unit: str, at: datetime, settings: Settings) -> _Held | None:
    """The unit's stream with all its recent cases taken in, but for those that hold something secret: that is compared with nothing."""
    recent = Case.objects.filter(organisation_id=organisation_id, unit_code=unit, received_at__gt=at - timedelta(days=DAYS), secrets=[])
    recent = recent.filter(received_at__lte=at).exclude(status="void")
    light = list(recent.order_by("-received_at", "-id").values_list("id", "issue")[:MOST])[::-1]
    if not light:
        return None
    pairs = Parted.objects.filter(organisation_id=organisation_id, unit_code=unit, taken_back_at=None)
    apart = tuple(pairs.order_by("case_id", "other_id").values_list("case_id", "other_id"))
    made_from = (apart, tuple(light))
    key = (organisation_id, unit, settings)
    with _lock:
        held = _held.get(key)
        if held is None or held.made_from != made_from:
            held = _fed(held, recent, made_from, settings)
            _held[key] = held
        _held.move_to_end(key)
        while len(_held) > _STREAMS_KEPT:
            _held.popitem(last=False)
    _refresh(held, recent)
    return held


def _fed(held: _Held | None, recent: Any, made_from: tuple[Any, ...], settings: Settings) -> _Held:
    apart, light = made_from
    known = _still_known(held, apart, light)
    if held is None or not known:
        held = _Held(Stream(settings, apart=_by_key(apart)), (apart, ()), {})
    rows = {row["id"]: row for row in recent.filter(id__in=[key for key, _issue in light[known:]]).values(*_COLUMNS)}
    for key, _issue in light[known:]:
        if (row := rows.get(key)) is not None:
            held.cases[str(key)] = row
            held.stream.take(_message(row))
    held.made_from = made_from
    return held


def _still_known(held: _Held | None, apart: tuple[Any, ...], light: tuple[Any, ...]) -> int:
    """How many of the cases the held stream has taken in already; 0 where it has to be made anew.

    Cases that have become too old only since then may stay in it for a while: each new case pushes one out.
    """
    if held is None or held.made_from[0] != apart or light[0] not in held.made_from[1]:
        return 0
    still = held.made_from[1][held.made_from[1].index(light[0]) :]
    return len(still) if light[: len(still)] == still and len(held.cases) - len(still) <= MOST // 4 else 0


def _refresh(held: _Held, recent: Any) -> None:
    """What changes in a case without changing what it is about: its state."""
    for key, status in recent.filter(id__in=[row["id"] for row in held.cases.values()]).values_list("id", "status"):
        row = held.cases[str(key)]
        if row["status"] != status:
            held.cases[str(key)] = {**row, "status": status}


def _message(row: Mapping[str, Any]) -> Message:
    title = title_of(row)
    return Message(str(row["id"]), row["received_at"], person_of(row), title, str(row["story"]), str(row["place"]), str(row["issue"]))


def _by_key(pairs: Sequence[tuple[UUID, UUID]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        found.setdefault(str(one), set()).add(str(other))
        found.setdefault(str(other), set()).add(str(one))
    return {key: frozenset(others) for key, others in found.items()}
