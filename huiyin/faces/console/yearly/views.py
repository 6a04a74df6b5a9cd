"""The yearly assessment: the units of a year side by side, a unit's reckoning in words, the list behind each figure, and its completion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.assessed import REWARDED_RANK, UNQUALIFIED, Assessed
from huiyin.core.moments import in_shanghai
from huiyin.core.rules import StepRule
from huiyin.desk.matters.actions import Act, record_step
from huiyin.desk.matters.steps import Offer, find, of_unit
from huiyin.desk.people.queries import holders, names_of
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, attempt, back_to, only_post, unit_names
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.matters.acting import standing_of
from huiyin.faces.console.yearly import lists, papers, told
from huiyin.faces.parts.guard import acting
from huiyin.faces.parts.templatetags.parts import due
from huiyin.reports.monthly.sheet import workbook
from huiyin.reports.yearly import reading
from huiyin.reports.yearly.reading import Assessment, YearOf
from huiyin.rulebook.words import class_name, role_name

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HERE: Final = "console:yearly"


class Asked:
    """Which year of which assessment a request is about. ``of`` is None where none is in force in reach; Raises Http404 for a year or unit
    that is not there."""

    def __init__(self, request: HttpRequest) -> None:
        self.who, self.now = acting(request), timezone.now()
        self.names = unit_names(self.who)
        told = request.POST if request.method == "POST" else request.GET
        every = reading.in_force(self.who.organisation_id, self.who.codes, self.now)
        wanted = told.get("of", "")
        self.every = every
        self.assessment: Assessment | None = next((one for one in every if _key(one) == wanted), every[0] if every else None)
        self.period = periods.chosen(told.get("year", ""), "year", self.now)
        self.unit = told.get("unit", "")
        if self.unit and self.unit not in self.who.codes:
            raise Http404

    def read(self) -> YearOf | None:
        """The year as the records tell it; None without an assessment."""
        return reading.year_of(self.assessment, int(self.period.name), self.now) if self.assessment else None

    def page(self, **query: Any) -> str:
        """The address of the page for this year."""
        of = _key(self.assessment) if self.assessment and len(self.every) > 1 else ""
        return address(reverse(HERE), year=self.period.name, of=of, **query)


def _key(one: Assessment) -> str:
    return f"{one.adopted.unit}/{one.prefix}:{one.rule.id}"


def yearly(request: HttpRequest) -> HttpResponse:
    """The year: how far the review has come, every unit's figures beside each other, and the reckoning of the one that is chosen."""
    asked = Asked(request)
    found = asked.read()
    before, after = periods.beside(asked.period)
    context: dict[str, Any] = {
        "year": asked.period.name,
        "year_words": periods.words(asked.period.name),
        "before": address(reverse(HERE), year=before.name, unit=asked.unit),
        "after": address(reverse(HERE), year=after.name, unit=asked.unit),
        "may_export": asked.who.may("export"),
    }
    if found is not None:
        context |= _shown(asked, found)
    return render(request, "console/yearly/yearly.html", context)


def _shown(asked: Asked, found: YearOf) -> dict[str, Any]:
    own = _own(asked, found)
    rule = found.assessment.rule
    which = 0 if language().startswith("zh") else 1
    return {
        "found": found,
        "rule_name": rule.name[which],
        "title": found.assessment.adopted.regulation.title[which],
        "clauses": rule.clauses,
        "rows": [_row(asked, found, one) for one in own],
        "chosen": next((_unit(asked, found, one) for one in own if one.unit == asked.unit), None),
        "review": _review(asked, found),
        "changed": [_changed(asked, found, one) for one in found.changed if one.unit in asked.who.codes],
        "rewards": _rewards(asked, found),
        "not_counted": bool(found.units) and not found.units[0].counted,
        "export": address(reverse("console:yearly-export"), year=asked.period.name),
        "sheets": address(reverse("console:yearly-sheet"), year=asked.period.name),
    }


def _own(asked: Asked, found: YearOf) -> list[Assessed]:
    """The units in reach, the best first."""
    return sorted((one for one in found.units if one.unit in asked.who.codes), key=lambda one: (papers.standing(found, one)[1], one.unit))


def _list_url(asked: Asked, what: str, unit: str = "") -> str:
    return address(reverse("console:yearly-list"), year=asked.period.name, unit=unit, what=what)


def _row(asked: Asked, found: YearOf, one: Assessed) -> dict[str, Any]:
    score, rank = papers.standing(found, one)
    cells = (
        ("base", "" if one.last is None else one.last.complaints, None),
        ("received", one.this.complaints, None),
        ("excess", one.excess, one.for_excess),
        ("repeated", len(one.this.repeated), one.for_repeats),
        ("praised", len(one.this.praised), one.for_praise),
    )
    return {
        "code": one.unit,
        "unit": asked.names.get(one.unit, one.unit),
        "url": f"{asked.page(unit=one.unit)}#reckoning",
        "cells": [
            {
                "name": name,
                "label": str(lists.LABELS[name]),
                "count": count,
                "url": _list_url(asked, name, one.unit),
                "points": told.signed(points) if points else "",
                "apart": _apart(asked, one) if name == "received" else None,
            }
            for name, count, points in cells
        ],
        "score": told.plain(score),
        "rank": rank,
        "grade": told.class_word(found, one.grade),
        "bad": one.grade == UNQUALIFIED,
        "not_fulfilled": "" if one.fulfilled else told.class_word(found, told.NOT_FULFILLED),
        "rewarded": 0 < rank <= REWARDED_RANK,
        "sheet": address(reverse("console:yearly-sheet"), year=asked.period.name, unit=one.unit),
    }


def _apart(asked: Asked, one: Assessed) -> dict[str, Any] | None:
    """The complaints that count and were taken back or were none; nothing where there are none."""
    count = len(lists.of_unit(one, "void"))
    return {"label": str(lists.LABELS["void"]), "count": count, "url": _list_url(asked, "void", one.unit)} if count else None


def _unit(asked: Asked, found: YearOf, one: Assessed) -> dict[str, Any]:
    steps = [{"text": text, "clause": clause} for text, clause in told.steps(found, one)]
    return {**_row(asked, found, one), "steps": steps, "close": asked.page()}


def _changed(asked: Asked, found: YearOf, one: Assessed) -> str:
    kept = found.kept[one.unit]
    said = {"unit": asked.names.get(one.unit, one.unit), "kept": told.plain(kept.score), "rank": kept.rank}
    now = {"score": told.plain(one.score), "now": one.rank}
    return _("%(unit)s：定稿 %(kept)s 分、第 %(rank)s 名，按现在的记录 %(score)s 分、第 %(now)s 名") % {**said, **now}


def _review(asked: Asked, found: YearOf) -> dict[str, Any]:
    """How far the review has come, whose it is and till when; and the act that completes it, for whom it is offered."""
    of, review = found.assessment, found.review
    counts = {name: len(lists.of_review(asked.who, found, name)) for name in ("cases", "reviewed", "left")}
    people = holders(of.organisation_id, _responsible(of), of.adopted.unit, in_shanghai(asked.now).date())
    completed = review.completed
    by = names_of([completed.person]) if completed and completed.person else {}
    return {
        "figures": [
            {"label": str(lists.LABELS[name]), "count": n, "url": _list_url(asked, name), "name": name} for name, n in counts.items()
        ],
        "left": counts["left"],
        "role": role_name(_responsible(of), language(), (of.adopted.regulation.stem,)),
        "people": "、".join(names_of(people).values()),
        "due": due(review.duty.due_at) if review.duty and review.duty.due_at else "",
        "over": found.is_over(asked.now),
        "ends": due(found.period.closes_at),
        "completed_at": completed.at if completed else None,
        "completed_by": by.get(completed.person, "") if completed and completed.person else "",
        "clause": _clause_of(of),
        "may": _offer(asked, found) is not None,
    }


def _responsible(of: Assessment) -> str:
    return next((role for one in _completing(of) for role in one.by), "")


def _clause_of(of: Assessment) -> str:
    return next((one.cites[0] for one in _completing(of)), "")


def _completing(of: Assessment) -> list[StepRule]:
    """The acts of the regulation that complete the review."""
    return [one for one in of.adopted.regulation.rules if isinstance(one, StepRule) and one.event == of.rule.on]


def _offer(asked: Asked, found: YearOf) -> Offer | None:
    unit = found.assessment.adopted.unit
    if unit not in asked.who.codes:
        return None
    subject = of_unit(asked.who.organisation_id, unit, asked.now)
    return find(subject, standing_of(asked.who, unit), asked.now, found.assessment.rule.on)


def _rewards(asked: Asked, found: YearOf) -> dict[str, Any]:
    """What was given to the first ones, as the register says, and the way to it."""
    of = found.assessment
    if not of.rewards or of.adopted.unit not in asked.who.codes:
        return {}
    entries = [one.values for one in reading.rewards_of(of, found.year)]
    return {"entries": entries, "url": address(reverse("console:registers-list"), unit=of.adopted.unit, register=of.rewards)}


def listed(request: HttpRequest) -> HttpResponse:
    """The complaints, numbers or praise that a figure counts."""
    asked, what = Asked(request), request.GET.get("what", "cases")
    found = asked.read()
    if found is None:
        return back_to(reverse(HERE))
    one = next((each for each in found.units if each.unit == asked.unit), None)
    if what not in lists.LABELS or (asked.unit and one is None) or (one is None) != (what in ("cases", "reviewed", "left")):
        raise Http404
    shown = lists.of_unit(one, what) if one else lists.of_review(asked.who, found, what)
    by_channel = lists.channels_of(found, shown)
    if channel := request.GET.get("channel", ""):
        shown = [each for each in shown if by_channel.get(each.case) == channel]
    context = {
        "label": str(lists.LABELS[what]),
        "channels": _channels(asked, found, what, by_channel, channel),
        "what": what,
        "where": asked.names.get(asked.unit, ""),
        "year_words": periods.words(asked.period.name),
        "rows": lists.rows(asked.who, found, shown, language()),
        "entered": lists.rows(asked.who, found, lists.entered(one, what), language()) if one else [],
        "back": asked.page(unit=asked.unit),
    }
    return render(request, "console/yearly/list.html", context)


def _channels(asked: Asked, found: YearOf, what: str, by_channel: Mapping[str, str], chosen: str) -> list[dict[str, Any]]:
    """The channels of a list's cases, each with how many there are and the address of these alone; the whole list first."""
    stem, counted = found.assessment.adopted.regulation.stem, Counter(filter(None, by_channel.values()))
    names = [("", _("全部渠道"), len(by_channel))]
    names += [(key, class_name("channels", key, language(), stem), n) for key, n in sorted(counted.items())]
    here = {"year": asked.period.name, "unit": asked.unit, "what": what}
    return [
        {"label": label, "count": n, "url": address(reverse("console:yearly-list"), **here, channel=key), "current": key == chosen}
        for key, label, n in names
    ]


def export(request: HttpRequest) -> HttpResponse:
    """The year as a workbook: the units side by side, the reckoning of each, and the lists behind the figures."""
    asked = Asked(request)
    found = asked.read()
    if found is None:
        return back_to(reverse(HERE))
    made = workbook(papers.tables(asked.who, found, _own(asked, found), asked.names))
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="assessment-{found.year}.xlsx"'})


def sheet(request: HttpRequest) -> HttpResponse:
    """The sheet of a unit (of every unit in reach, where none is named) as PDF."""
    asked = Asked(request)
    found = asked.read()
    own = [one for one in _own(asked, found) if asked.unit in ("", one.unit)] if found else []
    if found is None or not own:
        return back_to(reverse(HERE))
    made = papers.sheets(found, own, by=asked.who.staff.name, at=asked.now)
    name = f'inline; filename="assessment-{found.year}{"-" + asked.unit if asked.unit else ""}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


def complete(request: HttpRequest) -> HttpResponse:
    """Complete the review of a year that is over; where complaints are left, only when that is said to be meant."""
    only_post(request)
    asked = Asked(request)
    found = asked.read()
    if found is None:
        return back_to(reverse(HERE))
    if (offer := _offer(asked, found)) is None:
        raise Http404
    if why := _why_not(found, asked.now, sure=request.POST.get("sure") == "yes"):
        messages.error(request, why)
        return back_to(asked.page())
    _complete(request, asked, found, offer)
    return back_to(asked.page())


def _why_not(found: YearOf, now: datetime, *, sure: bool) -> str:
    """Why the review cannot be completed yet; empty where it can."""
    if not found.is_over(now):
        said = {"year": periods.words(found.period.name), "day": due(found.period.closes_at)}
        return _("%(year)s还没有结束，%(day)s 以后才能完成全年审核。") % said
    if found.review.left and not sure:
        return _("还有 %(n)s 件投诉没有逐件审核；请先审核，或勾选“仍要完成”。") % {"n": len(found.review.left)}
    return ""


def _complete(request: HttpRequest, asked: Asked, found: YearOf, offer: Offer) -> None:
    unit = found.assessment.adopted.unit
    subject, standing = of_unit(asked.who.organisation_id, unit, asked.now), standing_of(asked.who, unit)
    act = Act(offer.roles[0], {"period": found.period.name})
    done = _("%(year)s全年审核已完成，考核成绩已定稿") % {"year": periods.words(found.period.name)}
    attempt(request, lambda: record_step(subject, offer, act, standing=standing, by=asked.who.staff.pk, at=asked.now), done)


URLS = [
    path("scores/yearly", yearly, name="yearly"),
    path("scores/yearly/list", listed, name="yearly-list"),
    path("scores/yearly/export", export, name="yearly-export"),
    path("scores/yearly/sheet", sheet, name="yearly-sheet"),
    path("scores/yearly/complete", complete, name="yearly-complete"),
]
