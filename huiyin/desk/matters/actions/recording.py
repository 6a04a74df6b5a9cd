"""Recording an act that a regulation asks for, about a case, a thing or a unit; and opening a thing with its first act."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from huiyin.core.approvals import ASKING, DECISIONS
from huiyin.core.facts import CONVERTED, Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText, in_shanghai, parse_moment
from huiyin.core.records import Refusal
from huiyin.core.rules import ApprovalRule
from huiyin.core.subjects import NAMED, thing_key
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.facts.queries import thing_id
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import Offer, Subject
from huiyin.desk.people.access import Standing
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text
from huiyin.rulebook.load import vocabulary

MOST_OF_A_TEXT: Final = 10_000
MOST_OF_A_NAME: Final = 80
LETTERS: Final[Mapping[str, str]] = {
    "survey": "SV", "inspection": "IN", "activity": "AC", "forum": "FM", "merchant": "MR", "charge": "CH", "item": "IT", "handover": "HO",
    "register": "RG",
}  # fmt: skip
"""The letters that the name of a new thing begins with."""


@dataclass(frozen=True, slots=True)
class Act:
    """What a form says: the role under which the person acts, what travels with the act, when it happened (None: now).

    ``carried`` are the columns of the case that begins with the act, where one does (a request that goes on as something else).
    """

    role: str
    details: Mapping[str, Any] = field(default_factory=dict)
    happened_at: datetime | None = None
    carried: Mapping[str, Any] = field(default_factory=dict)


def record_step(subject: Subject, offer: Offer, act: Act, *, standing: Standing, by: UUID | None, at: datetime) -> Outcome:
    """Record the act that is offered about the subject; returns what followed from it. ``at`` is when it is entered.

    Raises BadText for what cannot be read or lies in the future, Refused where a regulation forbids it, BadFact.
    """
    if act.role not in offer.roles:
        raise BadText(
            f"found the role {act.role[:40]!r}, expected one of {', '.join(offer.roles)}; choose one of these",
            "您不能以这个岗位办理；请从列出的岗位中选择",
        )
    happened_at = act.happened_at or at
    if happened_at > at:
        raise BadText(
            f"found an act at {happened_at:%Y-%m-%d %H:%M}, expected one that has happened by {at:%Y-%m-%d %H:%M}; enter the real time",
            "发生时间不能晚于现在；请填写实际发生的时间",
        )
    told = read_details(act.details)
    unit = str(told.pop("unit", "") or subject.unit)
    decider = _decider(offer, act.role, told, standing)
    begun: dict[str, Mapping[str, Any]] = {}
    if offer.event == CONVERTED:
        made = str(new_id(at))
        told["new_case"], begun[made] = made, act.carried
    fact = Fact(offer.event, happened_at, subject.key if subject.about == "case" else None, unit, decider, told, at)
    if offer.decides:
        _not_own(subject, offer, fact, by, at)
    return store(subject.organisation_id, [fact], by=by, at=at, about=begun)[-1]


def _decider(offer: Offer, role: str, told: dict[str, Any], standing: Standing) -> str:
    """The role that acts. A decision names its approver; what people outside decide is written down by one of us."""
    if offer.event not in DECISIONS:
        return role
    told["approver"] = role
    return role if role in standing.roles or not standing.roles else standing.roles[0]


def _not_own(subject: Subject, offer: Offer, fact: Fact, by: UUID | None, at: datetime) -> None:
    """Raise Refused where the person decides on what they have submitted themselves (D15)."""
    if by is None or subject.id is None:
        return
    for _, rule in offer.rules:
        if not isinstance(rule, ApprovalRule):
            continue
        asking = [one.partition(":")[0] for one in rule.asked_on]
        rows = FactRow.objects.filter(organisation_id=subject.organisation_id, case_id=subject.id, derived=False)
        asked = rows.filter(event__in=asking) | rows.filter(event=ASKING, details__clause__in=list(rule.cites))
        last = asked.order_by("-number").first()
        if last is not None and last.by_person == by:
            why = "不能审批自己提交的事项；请由其他有权的人决定", "nobody decides on what they have submitted; somebody else has to"
            raise Refused(Refusal(rule.cites[0], fact.event, fact.at, *why), subject.organisation_id, fact, by, at)


def open_matter(subject: Subject, offer: Offer, act: Act, *, standing: Standing, by: UUID | None, at: datetime) -> tuple[UUID, Outcome]:
    """Begin the thing that ``subject`` names with its first act; returns its id and what followed. Raises BadText if there is one of
    that name already, and as ``record_step``."""
    made = subject.id
    if made is None or subject.about not in NAMED:
        raise BadText(f"found {subject.about}, expected one of {', '.join(NAMED)}; such things begin by themselves", "这类事项不需要新建")
    with transaction.atomic():
        if subject.case is not None or Matter.objects.filter(organisation_id=subject.organisation_id, id=made).exists():
            name = next(iter(subject.names.values()))
            en = f"found that there is {name!r} already; choose another name, or open that one"
            raise BadText(en, f"“{name}”已经存在；请换一个名称或编号")
        outcome = record_step(subject, offer, act, standing=standing, by=by, at=at)
    return made, outcome


def read_name(text: str) -> str:
    """The name of a new thing as it is kept. Raises BadText for an empty or long one, or one with a slash, which parts names."""
    name = clean_text(text, most=MOST_OF_A_NAME, field="name").strip()
    if "/" in name or "|" in name:
        raise BadText(f"found {name!r}, expected a name without / and |; write it otherwise", "名称里不能有“/”或“|”；请换一种写法")
    return name


def new_name(organisation_id: UUID, about: str, unit: str, at: datetime) -> str:
    """A name that no thing of the kind has at the unit: SV-2026-001, the next number of the year."""
    stem = f"{LETTERS[about]}-{in_shanghai(at).year}-"
    rows = Matter.objects.filter(organisation_id=organisation_id, about=about, name__startswith=stem)
    taken = [int(found[1]) for one in rows.values_list("name", flat=True) if (found := re.fullmatch(re.escape(stem) + r"(\d+)", one))]
    number = max(taken, default=0) + 1
    # One that only its past knows (its row came later) must not be met either.
    while Matter.objects.filter(id=thing_id(organisation_id, thing_key(about, unit, f"{stem}{number:03d}"))).exists():
        number += 1
    return f"{stem}{number:03d}"


def read_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as facts carry them, each by the kind that the vocabulary gives it; what is empty is left out.

    Raises BadText that names the detail, what was found, and what was expected.
    """
    kinds = vocabulary()["facts"]
    told: dict[str, Any] = {}
    for name, value in details.items():
        if value in (None, "", [], (), {}):
            continue
        if name not in kinds:
            en = f"found the detail {name[:40]!r}, expected one of the vocabulary; look it up there"
            raise BadText(en, f"“{name[:40]}”不是已知的事项内容")
        told[name] = _READERS[kinds[name]["kind"]](name, value)
    return told


def _bad(name: str, value: Any, en: str, zh: str) -> BadText:
    known = vocabulary()["facts"][name]
    return BadText(f"found {name} {str(value)[:40]!r}, expected {en}; correct it", f"{known['zh']}“{str(value)[:40]}”应为{zh}；请改正")


def _text(name: str, value: Any) -> str:
    return clean_text(str(value), most=MOST_OF_A_TEXT, field=name)


def _number(name: str, value: Any) -> int | Decimal:
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise _bad(name, value, "a number", "数字") from None
    if not number.is_finite() or number < 0 or number >= Decimal(10) ** 12:
        raise _bad(name, value, "a number from 0 to 999999999999", "0 至 999999999999 的数")
    return int(number) if number == number.to_integral_value() else number


def _moment(name: str, value: Any) -> datetime:
    return value if isinstance(value, datetime) and value.tzinfo is not None else parse_moment(str(value).replace("T", " "))


def _day(name: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise _bad(name, value, "a day such as 2026-03-31", "日期，如 2026-03-31") from None


def _flag(name: str, value: Any) -> bool:
    found = {"true": True, "false": False}.get(str(value).lower())
    if found is None:
        raise _bad(name, value, "true or false", "是或否")
    return found


def _keys(name: str, value: Any) -> list[str]:
    several = value if isinstance(value, list | tuple) else re.split(r"[、，,;；\n]", str(value))
    return [_text(name, one).strip() for one in several if str(one).strip()]


def _roles(name: str, value: Any) -> str | list[str]:
    return str(value) if isinstance(value, str) else [str(one) for one in value]


def _map(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(name, value, "keys with their values", "逐项填写的内容")
    return {str(key): one if isinstance(one, int | Decimal) else _text(name, one) for key, one in value.items() if one not in (None, "")}


_READERS: Final[Mapping[str, Callable[[str, Any], Any]]] = {
    "text": _text,
    "key": _text,
    "number": _number,
    "moment": _moment,
    "day": _day,
    "flag": _flag,
    "keys": _keys,
    "roles": _roles,
    "people": _keys,
    "cases": _keys,
    "map": _map,
}
