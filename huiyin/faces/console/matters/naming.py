"""Cases that say which thing they are about, on the page of the thing; and the things that a case says, on the page of the case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse

from huiyin.core.subjects import thing_key
from huiyin.desk.cases.models import Case
from huiyin.desk.matters import queries
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import OPENED
from huiyin.faces.console.cases import shown as cases
from huiyin.faces.console.cases.listing import scope_of
from huiyin.faces.console.cases.words import record_word, unit_word
from huiyin.faces.console.matters import shown
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in


def cases_naming(who: Acting, found: Matter) -> list[dict[str, Any]]:
    """The cases in reach that say that they are about the thing, the latest first."""
    scope = scope_of(who)
    named = queries.naming(who.organisation_id, found.about, found.name)
    rows = Case.objects.filter(organisation_id=who.organisation_id, id__in=named, unit_code__in=scope.units).exclude(status="void")
    return [
        {
            "number": one.number,
            "record": record_word(one.record),
            "title": hide_phones_in(one.title) or cases.secret_title(one.secrets) or one.number,
            "unit": unit_word(who.organisation_id, one.unit_code),
            "received_at": one.received_at,
            "status": one.status,
            "url": reverse("console:case", args=[one.number]),
        }
        for one in rows.order_by("-received_at")
    ]


def things_named(who: Acting, case_id: UUID) -> list[dict[str, str]]:
    """The things that the case says it is about, each with the address of its page, where the post reaches it."""
    named = queries.named_by(who.organisation_id, case_id, OPENED)
    return [{"kind": shown.kind_word(kind), "name": name, "url": _page(who, kind, name)} for kind, name in named.items()]


def _page(who: Acting, kind: str, name: str) -> str:
    keys = [thing_key(kind, unit, name) for unit in who.codes]
    row = Matter.objects.filter(organisation_id=who.organisation_id, key__in=keys, unit_code__in=list(who.codes)).first()
    if row is None:
        return ""
    return shown.page_of(who, kind, row.id) or reverse("console:matter", args=[row.id])
