"""How long a paper has to be kept: the longest of all regulations of its unit that say so, and of the thing that it is about (X15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from huiyin.core.moments import BadText, in_shanghai, opening_of
from huiyin.core.records import Retention as Kept
from huiyin.desk.cases.models import Case
from huiyin.desk.documents.models import DRAFT, WAITING, Document
from huiyin.desk.keeping.kinds import Due, Held, Kind
from huiyin.desk.keeping.queries import check_free, check_over, kept_by, longest, over_of, times_for
from huiyin.desk.matters.models import Retention

_OPEN: Final = (DRAFT, WAITING)


def due(organisation_id: UUID, document_id: UUID, today: date) -> Due:
    """The paper, locked for us, whose times of keeping are over. Raises BadText for one that is not here or destroyed already, that goes
    with its case, still waits for signatures, or has to be kept longer."""
    found = _locked(organisation_id, document_id)
    check_free(organisation_id, DESTROYABLE.name, found.number, found.id)
    if _goes_with_a_case(found):
        raise BadText(
            f"found the paper {found.number} of a case, expected one of no case; it goes with the case",
            f"文书{found.number}属于工单，随该工单一并销毁",
        )
    if found.state in _OPEN:
        raise BadText(
            f"found the paper {found.number} not finished, expected a signed or withdrawn one; sign or withdraw it first",
            f"文书{found.number}尚未签齐或撤回，不得销毁",
        )
    until, clauses = last_day(found, today)
    check_over(DESTROYABLE.name, found.number, until, clauses, today)
    return Due(found.number, found.kind, found.unit_code, until, clauses)


def hold(organisation_id: UUID, document_id: UUID) -> Held:
    """The paper, locked for us, to be kept from being destroyed. Raises BadText for one that is not here, destroyed, or goes with its
    case."""
    found = _locked(organisation_id, document_id)
    if _goes_with_a_case(found):
        raise BadText(
            f"found the paper {found.number} of a case, expected one of no case; hold the case",
            f"文书{found.number}属于工单；请保全该工单",
        )
    return Held(found.number, found.kind, found.unit_code)


DESTROYABLE: Final = Kind("paper", ("文书", "paper"), "documents", due, hold)


def _locked(organisation_id: UUID, document_id: UUID) -> Document:
    found = Document.objects.select_for_update().filter(organisation_id=organisation_id, id=document_id).first()
    if found is None:
        raise BadText("found no such paper here, expected one; look at the list again", "没有这份文书；请刷新后再选")
    if found.destroyed_at is not None:
        raise BadText(f"found the paper {found.number} destroyed already; nothing is left to do", f"文书{found.number}已销毁")
    return found


def _goes_with_a_case(found: Document) -> bool:
    if found.case_id is None:
        return False
    return Case.objects.filter(organisation_id=found.organisation_id, id=found.case_id, destroyed_at=None).exists()


def last_day(found: Document, today: date) -> tuple[date, tuple[str, ...]]:
    """The last day on which the paper has to be kept, and the clauses that say so. Raises BadText where one keeps it for good, where its
    time is not set, and where there is none."""
    times = times_for(found.organisation_id, found.unit_code, "papers", opening_of(today))
    ended = in_shanghai(found.withdrawn_at or found.issued_at or found.made_at)
    kept = kept_by(times, DESTROYABLE.name, found.number, found.id, found.unit_code, ended)
    rows = Retention.objects.filter(organisation_id=found.organisation_id, case_id=found.case_id) if found.case_id else ()
    kept += [Kept(one.key, one.clause, str(one.case_id), one.unit_code, one.at, one.until_on) for one in rows]
    return longest(DESTROYABLE.name, found.number, kept)


def over(organisation_id: UUID, unit_codes: Iterable[str], today: date) -> list[UUID]:
    """The papers of no case whose times of keeping are over, the oldest first, at most 500 of each unit; one that is on a list is among
    them. What still needs one of them is found out when it is proposed."""
    return [key for unit in unit_codes for key in _over(organisation_id, unit, today)]


def _over(organisation_id: UUID, unit_code: str, today: date) -> list[UUID]:
    opens = opening_of(today)
    times = times_for(organisation_id, unit_code, "papers", opens)
    return over_of(times, DESTROYABLE.name, unit_code, _ended(organisation_id, unit_code, opens), today)


def _ended(organisation_id: UUID, unit_code: str, before: datetime) -> QuerySet[Document, tuple[UUID, datetime]]:
    cases = Case.objects.filter(organisation_id=organisation_id).values("id")
    rows = Document.objects.filter(organisation_id=organisation_id, unit_code=unit_code, destroyed_at=None, made_at__lt=before)
    rows = rows.exclude(state__in=_OPEN).exclude(case_id__isnull=False, case_id__in=cases)
    ended = rows.annotate(end=Coalesce("withdrawn_at", "issued_at", "made_at")).order_by("end", "id")
    return ended.values_list("id", "end")
