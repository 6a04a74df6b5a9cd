"""Reads about papers, publications and documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.cases.access import MASK, OPEN, veils
from huiyin.desk.documents.models import WAITING, Document, Paper, Publication, Signature
from huiyin.desk.documents.papers import says
from huiyin.desk.documents.papers.declared import Form, forms_of
from huiyin.desk.facts.queries import House
from huiyin.desk.people.models import Staff
from huiyin.desk.people.queries import names_of

CODES = {"weekly_summary": "P08", "monthly_circular": "P14", "warning_notice": "P19", "solution_report": "P20", "statement": "P22"}
TEMPLATES = {"weekly_summary": "weekly", "monthly_circular": "circular", "customer_notice": "notice"}
SIGNERS = {
    "project_manager": "项目经理",
    "branch_head": "分公司负责人",
    "unit_head": "单位负责人",
    "group_cc_supervisor": "客服中心主管",
    "group_cc": "客服中心审核",
    "quality_head": "品质管理部负责人",
    "receiver": "签收",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents: every part that is given must fit."""

    kinds: tuple[str, ...] = ()
    units: frozenset[str] | None = None
    states: tuple[str, ...] = ()
    period: str = ""
    case_id: UUID | None = None


def find(organisation_id: UUID, wanted: Filter) -> QuerySet[Document]:
    """The documents that ``wanted`` describes, the latest first."""
    rows = Document.objects.filter(organisation_id=organisation_id)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.units is not None:
        rows = rows.filter(unit_code__in=wanted.units)
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    if wanted.period:
        rows = rows.filter(period=wanted.period)
    if wanted.case_id is not None:
        rows = rows.filter(case_id=wanted.case_id)
    return rows.order_by("-made_at", "-id")


def to_sign(staff: Staff, roles_at: Mapping[str, frozenset[str]]) -> list[Document]:
    """The documents that wait for the person's signature; ``roles_at`` are the unit codes by the roles they hold there."""
    rows = Document.objects.filter(organisation_id=staff.organisation_id, state=WAITING).order_by("made_at", "id")
    waiting = [one for one in rows if any(role in one.signers and one.unit_code in units for role, units in roles_at.items())]
    signed = signatures_of(staff.organisation_id, [one.id for one in waiting])
    return [one for one in waiting if _still_to_sign(one, roles_at, signed.get(one.id, []))]


def _still_to_sign(document: Document, roles_at: Mapping[str, frozenset[str]], signed: Iterable[Signature]) -> bool:
    missing = set(document.signers) - {one.role for one in signed}
    return any(role in missing and document.unit_code in units for role, units in roles_at.items())


def signatures_of(organisation_id: UUID, document_ids: Iterable[UUID]) -> Mapping[UUID, list[Signature]]:
    """The signatures by document, in the order in which they were made."""
    found: dict[UUID, list[Signature]] = {}
    rows = Signature.objects.filter(organisation_id=organisation_id, document_id__in=list(document_ids))
    for one in rows.order_by("at", "role"):
        found.setdefault(one.document_id, []).append(one)
    return found


def signed_roles(document: Document) -> set[str]:
    """The roles that have signed the document."""
    rows = Signature.objects.filter(organisation_id=document.organisation_id, document_id=document.id)
    return set(rows.values_list("role", flat=True))


def body_of(document: Document) -> dict[str, Any]:
    """The body of the document, frozen as it was made, without what has become secret since of the cases that it tells of."""
    body: dict[str, Any] = document.body
    told = [UUID(one) for one in body.get("cases", ())]
    found = veils(document.organisation_id, [document.case_id, *told])
    own = found.get(document.case_id) if document.case_id else None
    if own is not None:
        fields = [{**one, "text": MASK} if own.papers else own.body(one) for one in body.get("fields", ())]
        body = {**own.body(body), "fields": fields}
    for name in ("rows", "lines"):
        if found and len(body.get(name, ())) == len(told):
            body = {**body, name: [found.get(case, OPEN).body(one) for case, one in zip(told, body[name], strict=True)]}
    return body


def printable(document: Document) -> tuple[str, dict[str, Any]]:
    """The template of the document and the data that it prints, but for who prints it and when."""
    signed = {one.role: one for one in signatures_of(document.organisation_id, [document.id]).get(document.id, [])}
    who = names_of(one.staff_id for one in signed.values())
    cells = []
    for role in document.signers:
        one = signed.get(role)
        name, at = (who.get(one.staff_id, ""), says.on_day(one.at)) if one else ("", "")
        cells.append({"label": SIGNERS.get(role, role), "name": name, "at": at})
    data = {
        "unit": "",
        "lead": "",
        "notes": [],
        "fields": [],
        **body_of(document),
        "code": CODES.get(document.kind, ""),
        "revision": "A/0",
        "title": document.title,
        "number": document.number,
        "signatures": cells,
    }
    return "form" if document.destroyed_at else TEMPLATES.get(document.kind, "form"), data


def forms_for(organisation_id: UUID, unit_code: str, at: datetime) -> list[Form]:
    """The forms that the regulations in force for the unit at ``at`` declare, in their order: any may be printed for a case, a thing,
    or the unit and a period.
    """
    return [form for one in House.of(organisation_id).adopted(unit_code, at) for form in forms_of(one.regulation)]


def papers_of_case(organisation_id: UUID, case_id: UUID) -> list[Paper]:
    """The papers that clauses ask for on the case, in the order in which they came to be owed."""
    return list(Paper.objects.filter(organisation_id=organisation_id, case_id=case_id).order_by("at", "key"))


def papers_of_period(organisation_id: UUID, unit_codes: Iterable[str], period: str) -> list[Paper]:
    """The papers of the units for the period."""
    rows = Paper.objects.filter(organisation_id=organisation_id, unit_code__in=list(unit_codes), period=period)
    return list(rows.order_by("unit_code", "key"))


def publications(organisation_id: UUID, *, unit_codes: Iterable[str] | None = None, period: str = "") -> QuerySet[Publication]:
    """What was made public or circulated, the latest first."""
    rows = Publication.objects.filter(organisation_id=organisation_id)
    if unit_codes is not None:
        rows = rows.filter(unit_code__in=list(unit_codes))
    return (rows.filter(period=period) if period else rows).order_by("-at", "-id")
