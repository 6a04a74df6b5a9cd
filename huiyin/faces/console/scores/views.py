"""The deductions ledger (扣分台账), appeals against its entries, and its exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.core.recurrence import Period
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import KINDS
from huiyin.desk.scores import actions, queries
from huiyin.desk.scores.models import Appeal, Entry
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address, attempt, back_to, chosen_units, only_post, unit_names
from huiyin.faces.console.rulebook.names import UNIT_KINDS
from huiyin.faces.console.scores.sheets import workbook
from huiyin.faces.console.warnings.queries import cases_of
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import regulation_of, say

MOST = 1000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _wanted(request: HttpRequest, who: Acting) -> tuple[queries.Filter, Period | None]:
    units = chosen_units(who, request.GET.get("unit", ""))
    if request.GET.get("period") == "all" or request.GET.get("warning") or request.GET.get("appeals"):
        return queries.Filter(units=units), None
    month = periods.chosen(request.GET.get("period", ""), "month", timezone.now())
    return queries.Filter(units=units, from_at=month.opens_at, until_at=month.closes_at), month


def _entries(request: HttpRequest, who: Acting, wanted: queries.Filter) -> list[Entry]:
    rows = queries.ledger(who.organisation_id, wanted)
    if number := request.GET.get("warning", ""):
        found = WarningSignal.objects.filter(organisation_id=who.organisation_id, number=number).values_list("key", flat=True)
        rows = rows.filter(warning__in=list(found))
    if request.GET.get("appeals") == "undecided":
        waiting = queries.appeals(who.organisation_id, units=who.codes, undecided=True)
        rows = rows.filter(id__in=list(waiting.values_list("entry_id", flat=True)))
    if level := request.GET.get("level", ""):
        if level not in KINDS:
            raise Http404
        kinds = _kinds(who)
        rows = rows.filter(unit_code__in=[code for code in who.codes if kinds[code] == level])
    return list(rows)


def _kinds(who: Acting) -> Mapping[str, str]:
    """The kind of each unit, which is the level on which it keeps its account."""
    return {code: unit.kind for code, unit in places.units(who.organisation_id).by_code.items()}


def ledger(request: HttpRequest) -> HttpResponse:
    """The entries of a month, or of all months, with the sums of exactly these, level by level; totals per unit that open their entries."""
    who = acting(request)
    wanted, month = _wanted(request, who)
    every = _entries(request, who, wanted)
    chosen = {name: request.GET.get(name, "") for name in ("unit", "period", "warning", "appeals", "ledger", "level")}
    kinds = _kinds(who)
    ledgers = _ledgers(every, kinds, chosen)
    entries = [one for one in every if chosen["ledger"] in ("", _ledger_of(one))]
    names = unit_names(who)
    context: dict[str, Any] = {
        "rows": _rows(who, entries[:MOST]),
        "count": len(entries),
        "sums": _sums(entries, kinds, chosen),
        "totals": _totals(entries, names, kinds, chosen) if len(ledgers) < 2 or chosen["ledger"] else [],
        "ledgers": ledgers,
        "one_ledger": len(ledgers) < 2 or bool(chosen["ledger"]),
        "chosen": chosen,
        "units": names.items(),
        "month": month,
        "month_words": periods.words(month.name) if month else "",
        "undecided": queries.appeals(who.organisation_id, units=who.codes, undecided=True).count(),
        "export": address(reverse("console:scores-export"), **chosen),
        "assessment": address(reverse("console:scores-assessment"), **chosen) if _assessed(who) else "",
        "may_export": who.may("export"),
    }
    if month:
        before, after = periods.beside(month)
        context |= {"before": address("", **{**chosen, "period": before.name}), "after": address("", **{**chosen, "period": after.name})}
    return render(request, "console/scores/ledger.html", context)


def _ledger_of(entry: Entry) -> str:
    """The prefix of the regulation in whose ledger the entry stands."""
    return entry.clause.partition("-")[0]


def _sums(entries: Sequence[Entry], kinds: Mapping[str, str], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The sum of each level of unit, from the top: a warning charges units of several levels, so levels are never added up."""
    found: dict[str, list[Decimal]] = {}
    for one in entries:
        found.setdefault(kinds[one.unit_code], []).append(one.amount)
    return [
        {
            "level": str(UNIT_KINDS.get(kind, kind)),
            "amount": sum(found[kind], Decimal(0)),
            "count": len(found[kind]),
            "url": address("", **{**chosen, "level": kind}),
        }
        for kind in KINDS
        if kind in found
    ]


def _ledgers(entries: Sequence[Entry], kinds: Mapping[str, str], chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The ledger of each regulation with the sums of its entries: ledgers are separate and never added up (X23)."""
    index = 0 if (get_language() or "zh").startswith("zh") else 1
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(_ledger_of(one), []).append(one)
    return [
        {
            "title": of.title[index] if (of := regulation_of(prefix)) else prefix,
            "sums": _sums(of_it, kinds, {**chosen, "ledger": prefix}),
            "url": address("", **{**chosen, "ledger": prefix}),
            "current": chosen["ledger"] == prefix,
        }
        for prefix, of_it in sorted(found.items())
    ]


def _totals(entries: list[Entry], names: Any, kinds: Mapping[str, str], chosen: dict[str, str]) -> list[dict[str, Any]]:
    found: dict[str, list[Decimal]] = {}
    for one in entries:
        found.setdefault(one.unit_code, []).append(one.amount)
    totals = [
        {
            "unit": names.get(code, code),
            "amount": sum(of, Decimal(0)),
            "url": address("", **{**chosen, "unit": code, "level": kinds[code]}),
        }
        for code, of in found.items()
    ]
    return sorted(totals, key=lambda one: (one["amount"], one["unit"]))


def _rows(who: Acting, entries: Sequence[Entry]) -> list[dict[str, Any]]:
    names, language = unit_names(who), get_language() or "zh-hans"
    cases = cases_of(who, (one.case_id for one in entries if one.case_id))
    numbers = _warning_numbers(who.organisation_id, entries)
    appeals = queries.appeals_of(who.organisation_id, [one.id for one in entries])
    every = [one for of in appeals.values() for one in of]
    people = names_of({one.by for one in every} | {one.decided_by for one in every if one.decided_by})
    back = _taken_back(who.organisation_id, entries)
    return [
        {
            "entry": one,
            "unit": names.get(one.unit_code, one.unit_code),
            "case": cases.get(one.case_id, {}) if one.case_id else {},
            "warning": numbers.get(one.warning or ""),
            "steps": say(one.reckoning, language),
            "appeals": [_appeal(who, each, people) for each in appeals.get(one.id, [])],
            "taken_back": one.key in back,
            "may_appeal": _may_appeal(who, one, appeals.get(one.id, []), one.key in back),
        }
        for one in entries
    ]


def _may_appeal(who: Acting, entry: Entry, appeals: Sequence[Appeal], taken_back: bool) -> bool:
    return who.may("appeal") and not entry.counters and not taken_back and all(one.decided_at for one in appeals)


def _appeal(who: Acting, one: Appeal, people: Any) -> dict[str, Any]:
    return {
        "row": one,
        "by": people.get(one.by, ""),
        "decided_by": people.get(one.decided_by, "") if one.decided_by else "",
        "may_decide": one.decided_at is None and who.may("decide_appeal") and one.by != who.staff.pk,
    }


def _taken_back(organisation_id: UUID, entries: Sequence[Entry]) -> set[str]:
    keys = [one.key for one in entries]
    found = Entry.objects.filter(organisation_id=organisation_id, counters__in=keys).values_list("counters", flat=True)
    return {key for key in found if key}


def _warning_numbers(organisation_id: UUID, entries: Sequence[Entry]) -> dict[str, WarningSignal]:
    keys = {one.warning for one in entries if one.warning}
    return {one.key: one for one in WarningSignal.objects.filter(organisation_id=organisation_id, key__in=keys)}


def _fetch(who: Acting, entry: UUID) -> Entry:
    found = Entry.objects.filter(organisation_id=who.organisation_id, id=entry, unit_code__in=who.codes).first()
    if found is None:
        raise Http404
    return found


def appeal(request: HttpRequest, entry: UUID) -> HttpResponse:
    """Appeal against an entry, with the reason."""
    only_post(request)
    who = acting(request)
    found, reason = _fetch(who, entry), request.POST.get("reason", "")
    said: dict[str, Any] = {"by": who.staff.pk, "role": who.role, "at": timezone.now()}
    attempt(request, lambda: actions.appeal(who.organisation_id, found.id, reason, **said), _("申诉已提交，等待裁定"))
    return back_to(f"{address(reverse('console:scores'), unit=found.unit_code, period='all')}#{found.id}")


def decide(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Decide an appeal of somebody else: upheld, a counter-entry takes the points back; the entry itself stays."""
    only_post(request)
    who = acting(request)
    found = Appeal.objects.filter(organisation_id=who.organisation_id, id=appeal, unit_code__in=who.codes).first()
    upheld = {"upheld": True, "rejected": False}.get(request.POST.get("decision", ""))
    if found is None or upheld is None:
        raise Http404
    said: dict[str, Any] = {"by": who.staff.pk, "role": who.role, "at": timezone.now(), "answer": request.POST.get("answer", "")}
    attempt(request, lambda: actions.decide_appeal(who.organisation_id, found.id, upheld=upheld, **said), _("申诉已裁定"))
    return back_to(f"{address(reverse('console:scores'), unit=found.unit_code, period='all')}#{found.entry_id}")


def export(request: HttpRequest) -> HttpResponse:
    """The entries of the page as a workbook, with the sum of each level."""
    who = acting(request)
    wanted, month = _wanted(request, who)
    entries = _entries(request, who, wanted)
    heading = [_("单位"), _("时间"), _("条款"), _("扣分"), _("工单"), _("预警"), _("说明")]
    rows = [
        (
            row["unit"],
            f"{timezone.localtime(row['entry'].at):%Y-%m-%d %H:%M}",
            row["entry"].clause,
            row["entry"].amount,
            row["case"].get("number", ""),
            row["warning"].number if row["warning"] else "",
            _("冲回") if row["entry"].counters else "",
        )
        for row in _rows(who, entries)
    ]
    sums = [(f"{_('合计')} {one['level']}", "", "", one["amount"]) for one in _sums(entries, _kinds(who), {})]
    return _download(workbook(_("扣分台账"), heading, rows, sums), f"ledger-{month.name if month else 'all'}")


def _assessed(who: Acting) -> frozenset[str]:
    return queries.assessed(one.regulation for one in adopted_for(who.organisation_id, timezone.now()))


def assessment(request: HttpRequest) -> HttpResponse:
    """The rows that enter the branches' own assessment, as the desk gives them, as a workbook."""
    who = acting(request)
    wanted, month = _wanted(request, who)
    heading, *rows = queries.assessment_rows(who.organisation_id, wanted, _assessed(who))
    amounts = heading.index("amount")
    typed = [[Decimal(cell) if place == amounts else cell for place, cell in enumerate(row)] for row in rows]
    named = {"unit": _("单位"), "at": _("时间"), "clause": _("条款"), "amount": _("扣分"), "case": _("工单")}
    named |= {"warning": _("预警"), "counters": _("冲回")}
    return _download(workbook(_("绩效考核"), [named[one] for one in heading], typed), f"assessment-{month.name if month else 'all'}")


def _download(made: bytes, name: str) -> HttpResponse:
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


URLS = [
    path("scores", ledger, name="scores"),
    path("scores/export", export, name="scores-export"),
    path("scores/assessment", assessment, name="scores-assessment"),
    path("scores/<uuid:entry>/appeal", appeal, name="score-appeal"),
    path("scores/appeals/<uuid:appeal>/decide", decide, name="score-decide"),
]
