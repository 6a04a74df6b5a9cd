"""Reads about notices: a notice with its lines, what in them may not be published, where it was put up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from huiyin.desk.cases.access import MASK, OPEN, veils
from huiyin.desk.cases.models import Case
from huiyin.desk.people.models import Resident, Staff
from huiyin.desk.places.models import Household
from huiyin.desk.publications.models import WAITING, Line, Notice, Posting
from huiyin.desk.publications.writing.redacting import Found, found_in

LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Checked:
    """A text of the notice ("lead", or the id of a case) with what was found in it."""

    key: str
    text: str
    found: Sequence[Found]


def notices(organisation_id: UUID, units: Iterable[str], period: str = "") -> QuerySet[Notice]:
    """The notices of the units, the latest month first."""
    rows = Notice.objects.filter(organisation_id=organisation_id, unit_code__in=list(units))
    return (rows.filter(period=period) if period else rows).order_by("-period", "unit_code", "-made_at")


def notices_to_approve(organisation_id: UUID, units: Iterable[str], person: UUID) -> list[Notice]:
    """The notices of the units that wait for approval and that the person neither wrote nor handed in, the longest waiting first."""
    rows = notices(organisation_id, units).filter(state=WAITING).exclude(made_by=person).exclude(handed_in_by=person)
    return list(rows.order_by("handed_in_at", "id"))


def lines(notice: Notice) -> list[Line]:
    """Its lines in their order, those left out among them; what has become secret since of their cases is masked."""
    found = list(Line.objects.filter(organisation_id=notice.organisation_id, notice_id=notice.id).order_by("place", "case_id"))
    hidden = veils(notice.organisation_id, [one.case_id for one in found])
    for one in found:
        one.text = hidden.get(one.case_id, OPEN).text(one.text)
    return found


def cases_of(found: Sequence[Line]) -> Mapping[UUID, Case]:
    """The cases of the lines, by id."""
    if not found:
        return {}
    rows = Case.objects.filter(organisation_id=found[0].organisation_id, id__in=[one.case_id for one in found])
    return {one.id: one for one in rows}


def postings(notice: Notice) -> list[Posting]:
    """Where it was put up, the first first."""
    return list(Posting.objects.filter(organisation_id=notice.organisation_id, notice_id=notice.id).order_by("posted_at", "id"))


def checked(notice: Notice) -> list[Checked]:
    """Every text that would be published, with what may not stand in it; a notice may go on when nothing was found in any."""
    included = [one for one in lines(notice) if one.included]
    names, homes = _names(notice, included), _homes(notice)
    texts = [(LEAD, notice.lead), *((str(one.case_id), one.text) for one in included)]
    secret = {str(one) for one in veils(notice.organisation_id, [line.case_id for line in included])}
    masks = {key: (MASK,) if key in secret else () for key, _text in texts}
    return [Checked(key, text, found_in(text, names, homes, masks[key])) for key, text in texts]


def _names(notice: Notice, included: Sequence[Line]) -> frozenset[str]:
    """The names that must not appear: of whoever complained, of everybody who lives there, of everybody who works here."""
    found = {one.contact_name for one in cases_of(included).values()}
    living = Resident.objects.filter(organisation_id=notice.organisation_id, homes__household__unit__code=notice.unit_code)
    residents = [one.resident_id for one in cases_of(included).values() if one.resident_id]
    found |= set(living.values_list("name", flat=True))
    found |= set(Resident.objects.filter(organisation_id=notice.organisation_id, id__in=residents).values_list("name", flat=True))
    found |= set(Staff.objects.filter(organisation_id=notice.organisation_id).values_list("name", flat=True))
    return frozenset(found)


def _homes(notice: Notice) -> frozenset[str]:
    homes = Household.objects.filter(organisation_id=notice.organisation_id, unit__code=notice.unit_code)
    return frozenset(homes.values_list("code", flat=True))
