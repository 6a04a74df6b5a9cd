"""An organisation is never without an administrator: nobody else could give posts any more."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from huiyin.core.moments import BadText, in_shanghai
from huiyin.desk.people.models import Post, Staff

ADMINISTRATORS: Final = frozenset({"admin"})


def administers(staff: Staff, at: datetime) -> bool:
    """Whether the person holds the post of an administrator at the moment."""
    day = in_shanghai(at).date()
    return Post.objects.filter(staff=staff, role__in=ADMINISTRATORS, from_on__lte=day).exclude(until_on__lt=day).exists()


def refuse_without(organisation_id: UUID, at: datetime) -> None:
    """To be asked after a change, in its transaction and after ``touch`` of places, whose lock lets two at once come one after the other.

    Raises BadText unless somebody active still is an administrator until further notice.
    """
    day = in_shanghai(at).date()
    standing = Post.objects.filter(staff__is_active=True, role__in=ADMINISTRATORS, from_on__lte=day, until_on=None)
    if not standing.filter(unit__organisation_id=organisation_id).exists():
        raise BadText(
            "found the last administrator, expected another one who stays; make somebody else an administrator first",
            "这是最后一名系统管理员；请先任命另一名长期任职的系统管理员",
        )
