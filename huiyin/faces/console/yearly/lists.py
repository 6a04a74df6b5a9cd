"""The list behind each figure of a year: complaints, the numbers that were entered, repeats with the earlier complaint, praise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huiyin.core.assessed import NO_YEAR, Assessed, Told, Year
from huiyin.desk.cases.lifecycle import VOID
from huiyin.desk.cases.models import Case
from huiyin.faces.console.acts import unit_names
from huiyin.faces.console.warnings.queries import cases_of
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.ids import read_id
from huiyin.reports.yearly.reading import YearOf
from huiyin.rulebook.words import class_name, role_name

LABELS: Final[Mapping[str, Any]] = {
    "received": _("本年件数"),
    "void": _("其中撤诉或作废"),
    "base": _("上年件数"),
    "excess": _("超出"),
    "repeated": _("同一问题再次投诉"),
    "praised": _("表扬"),
    "cases": _("全年投诉"),
    "reviewed": _("已审核"),
    "left": _("未审核"),
}
"""What each figure is called."""


def of_unit(one: Assessed, what: str) -> Sequence[Told]:
    """What a unit's figure counts. Raises KeyError for another figure."""
    return _void(one) if what == "void" else _OF_UNIT[what](one)


def _void(one: Assessed) -> Sequence[Told]:
    """The complaints of the year that were taken back or were none: they count, and are shown apart (UL-5.1a)."""
    ids = _ids([told.case for told in one.this.received])
    void = {str(key) for key in Case.objects.filter(id__in=ids, status=VOID).values_list("id", flat=True)}
    return tuple(told for told in one.this.received if told.case in void)


def _excess(one: Assessed) -> Sequence[Told]:
    """The last ones of the year are those beyond the number of the year before; of a number that was entered nobody knows which."""
    return one.this.received[-one.excess :] if one.excess and not one.this.entered else ()


_OF_UNIT: Final[Mapping[str, Callable[[Assessed], Sequence[Told]]]] = {
    "received": lambda one: one.this.received,
    "base": lambda one: (one.last or NO_YEAR).received,
    "excess": _excess,
    "repeated": lambda one: one.this.repeated,
    "praised": lambda one: one.this.praised,
}


def entered(one: Assessed, what: str) -> Sequence[Told]:
    """The numbers that were entered for the year that the figure is of; the last one stands for its complaints."""
    years: Mapping[str, Year] = {"received": one.this, "excess": one.this, "base": one.last or NO_YEAR}
    return years.get(what, NO_YEAR).entered


def of_review(who: Acting, of: YearOf, what: str) -> Sequence[Told]:
    """The complaints of the year that the post reaches: all, those reviewed, or those left. Raises KeyError for another figure."""
    review = of.review
    done = tuple(one for one in review.cases if one.case in review.reviewed)
    wanted = {"cases": review.cases, "reviewed": done, "left": review.left}[what]
    known = cases_of(who, _ids([one.case for one in wanted]))
    return [one for one in wanted if "unit_code" in known.get(UUID(one.case), {})]


def _ids(cases: Sequence[str]) -> list[UUID]:
    return [found for one in cases if (found := read_id(one)) is not None]


def channels_of(of: YearOf, listed: Sequence[Told]) -> dict[str, str]:
    """By which channel each case of a list came in, by case; a case of which nothing is known is left out."""
    found = Case.objects.filter(organisation_id=of.assessment.organisation_id, id__in=_ids([one.case for one in listed]))
    return {str(key): channel or "" for key, channel in found.values_list("id", "channel")}


def rows(who: Acting, of: YearOf, listed: Sequence[Told], language: str) -> list[dict[str, Any]]:
    """The things of a list as its rows: the case with its number, state and review, when it was, the earlier case of a repeat."""
    known = cases_of(who, _ids([case for one in listed for case in (one.case, one.beside)]))
    names, channels = unit_names(who), channels_of(of, listed)
    stem = of.assessment.adopted.regulation.stem

    def case(key: str) -> Mapping[str, Any]:
        found = read_id(key)
        return known.get(found, {}) if found is not None else {}

    return [
        {
            "at": one.at,
            "case": case(one.case),
            "unit": names.get(case(one.case).get("unit_code", ""), ""),
            "channel": class_name("channels", channel, language, stem) if (channel := channels.get(one.case)) else "",
            "earlier": case(one.beside),
            "reviewed_at": of.review.reviewed.get(one.case),
            "by": role_name(one.by, language, (stem,)) if one.by else "",
            "number": one.beside,
        }
        for one in listed
    ]
