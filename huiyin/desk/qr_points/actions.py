"""Every write about points: put up, closed, opened again; what a stranger brings by one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max

from huiyin.core.moments import BadText
from huiyin.core.rules.regulation import Regulation
from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.attachments import actions as attachments
from huiyin.desk.attachments.actions import Prepared
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.people.queries import find_residents
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.desk.places.rooms import shown
from huiyin.desk.qr_points.models import Brought, QrPoint
from huiyin.desk.qr_points.queries import offered
from huiyin.desk.tracking.actions import person_of
from huiyin.plumbing.text import clean_text

WEB: Final = "web"
"""The office's own word for what comes by a page, where no regulation has one."""
REGISTERED: Final = "register"
MOST_PHOTOS: Final = 3
MOST_OF_A_PLACE: Final = 60
_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LONG: Final = 10


@dataclass(frozen=True, slots=True)
class Said:
    """What a stranger says: one of the kinds of record that are offered there, where, what, and – if they like – who they are."""

    record: str
    place: str
    story: str
    name: str = ""
    phone: str = ""
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the stranger is given: the case, its number and query code."""

    organisation_id: UUID
    case_id: UUID
    number: str
    query_code: str


@transaction.atomic
def put_up(unit: Unit, place: str, *, by: By, at: datetime) -> QrPoint:
    """Make a point of the unit at a place (60 characters at most). Raises BadText of the text."""
    called = clean_text(" ".join(place.split()), most=MOST_OF_A_PLACE, field="place")
    # Two at once would take the same number: the row of the unit is the lock.
    Unit.objects.select_for_update().get(pk=unit.pk)
    last = QrPoint.objects.filter(unit=unit).aggregate(last=Max("number"))["last"] or 0
    made = QrPoint.objects.create(
        organisation_id=unit.organisation_id, unit=unit, number=last + 1, code=_code(), place=called, made_by=by.person, at=at
    )
    _enter(made, "qr_points.put_up", by, at)
    return made


def _code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_LONG))


@transaction.atomic
def set_open(point: QrPoint, is_open: bool, *, by: By, at: datetime) -> None:
    """Close a point – its code says so and takes nothing – or open it again; nothing happens where it is so already."""
    if QrPoint.objects.filter(pk=point.pk, open=not is_open).update(open=is_open):
        _enter(point, "qr_points.open" if is_open else "qr_points.close", by, at)


def scanned(point: QrPoint) -> None:
    """Count that the point's page was opened."""
    QrPoint.objects.filter(pk=point.pk).update(scans=F("scans") + 1)


@transaction.atomic
def bring(point: QrPoint, said: Said, once: UUID, photos: Sequence[Prepared] = (), *, at: datetime) -> Receipt:
    """Register what a stranger says at a point, with photos; sent again under the same ``once`` it is the case that it was.

    Raises BadText (of the moments for a kind that is not offered, a closed point or unit, too many photos; of the text for words that
    cannot be taken), BadPhone, Refused, TooMuchToday.
    """
    locked = QrPoint.objects.select_for_update(of=("self",)).select_related("unit").get(pk=point.pk)
    if before := Brought.objects.filter(once=once).first():
        return _receipt(before.organisation_id, before.case_id)
    regulations = regulations_of(locked.organisation_id, locked.unit.code, at)
    _check(locked, said, photos, offered(regulations))
    role = person_of(tuple(one.stem for one in regulations))
    made = cases.register(locked.organisation_id, _registration(locked, said, regulations, role), by=None, at=at)
    if photos:
        attachments.add(locked.organisation_id, made.case_id, photos, by=By(role), at=at, act=REGISTERED, for_customer=True)
    Brought.objects.create(organisation_id=locked.organisation_id, point=locked, once=once, case_id=made.case_id, at=at)
    return _receipt(locked.organisation_id, made.case_id)


def _check(point: QrPoint, said: Said, photos: Sequence[Prepared], kinds: Sequence[str]) -> None:
    if not (point.open and point.unit.open):
        raise BadText(
            "found a point that is closed, expected one that is in use; ring the office up", "这个二维码已停用；请致电服务电话反映"
        )
    if said.record not in kinds:
        raise BadText(f"found the kind {said.record[:40]!r}, expected one of {', '.join(kinds)}; choose one", "请选择要反映的类型")
    if len(photos) > MOST_PHOTOS:
        raise BadText(
            f"found {len(photos)} photos, expected at most {MOST_PHOTOS}; send fewer",
            f"一次最多传 {MOST_PHOTOS} 张照片，现在有 {len(photos)} 张；请去掉几张",
        )
    if any(not one.small for one in photos):
        raise BadText("found a file that is no picture, expected photos; leave it out", "只能传照片；请去掉其他文件")


def _registration(point: QrPoint, said: Said, regulations: Sequence[Regulation], role: str) -> Registration:
    home = places.find_household(point.unit_id, said.place) if said.place.strip() else None
    own = {one.prefix: key for one in regulations if (key := _by_page(one))}
    return Registration(
        record=said.record,
        unit=point.unit.code,
        channel=next(iter(own.values()), WEB),
        channels={one.prefix: own.get(one.prefix, WEB) for one in regulations} if len(own) > 1 else {},
        story=clean_text(said.story, most=2000, field="story"),
        household_id=home.pk if home else None,
        household_code=home.code if home else "",
        place=shown(home.code) if home else said.place,
        contact_name=said.name,
        contact_phone=said.phone,
        confidential=said.confidential,
        by_role=role,
        details={"customer": customer} if (customer := _customer(point, said)) else {},
    )


def _customer(point: QrPoint, said: Said) -> str:
    """Who it is: the one resident who has the telephone, else the person by the name they give, if any. Raises BadPhone."""
    found = find_residents(point.organisation_id, said.phone) if said.phone else []
    return str(found[0].pk) if len(found) == 1 else said.name


def _by_page(regulation: Regulation) -> str:
    """What the regulation calls a page that people write on themselves; empty where it knows none."""
    return next((str(one["key"]) for one in regulation.source.get("channels", ()) if one.get("taken_at") == WEB), "")


def _receipt(organisation_id: UUID, case_id: UUID) -> Receipt:
    case = Case.objects.only("number", "query_code").get(organisation_id=organisation_id, id=case_id)
    return Receipt(organisation_id, case_id, case.number, case.query_code)


def _enter(point: QrPoint, action: str, by: By, at: datetime) -> None:
    body = {"unit": point.unit.code, "number": point.number, "place": point.place}
    write_now(point.organisation_id, action, by=by, at=at, subject=f"point:{point.pk}", body=body)
