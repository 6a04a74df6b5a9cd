"""The records behind one figure of a self-audit or an inspection: which they are, how each stands, and where it is made good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.core.records import LATE, OVERDUE
from huiyin.core.rules import IndicatorRule, Proof, Regulation
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case, Mark
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.models import Paper
from huiyin.desk.facts.models import Fact
from huiyin.desk.inspections.evidence import Record, Site, Span, records
from huiyin.desk.matters.models import Matter
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import rule_of
from huiyin.faces.console import periods
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import CLOCK_STATES, language, unit_word
from huiyin.faces.console.inspections import mending, shown
from huiyin.faces.console.matters.shown import APPROVAL_STATES, PAPER_STATES, kind_word, name_of
from huiyin.faces.console.registers import words
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import class_name, event_name, regulation_of, rule_name

MOST = 500


def evidence_list(request: HttpRequest) -> HttpResponse:
    """The records behind one figure: which limit, duty, decision, paper, case, act, entry or site it was, how it stands, what mends it."""
    who, now = acting(request), timezone.now()
    told = {name: request.GET.get(name, "") for name in ("unit", "rule", "since", "until", "bad")}
    span = shown.span_of(who, told["unit"], told["since"], told["until"], now)
    regulation, key = regulation_of(told["rule"]), told["rule"].partition(":")[2]
    rule = mending.rule_of(regulation, key) if regulation else None
    found = records(who.organisation_id, regulation, key, span, bad_only=bool(told["bad"])) if regulation and rule else None
    if regulation is None or rule is None or found is None:
        raise Http404
    here = reverse("console:inspection-evidence")
    clause = mending.clause_of(rule)
    context = {
        "name": rule_name(told["rule"], language()),
        "clause": clause,
        "clause_url": clause_url(clause),
        "unit_name": unit_word(who.organisation_id, told["unit"]),
        "days": shown.days_of(span),
        "rows": _Rows(who, regulation, key, now).lines(found[:MOST]),
        "count": len(found),
        "most": MOST,
        "bad": bool(told["bad"]),
        "who_mends": mending.People(who, timezone.localdate()).of(mending.doers(regulation, key), told["unit"]),
        "other": address(here, **{**told, "bad": "" if told["bad"] else "1"}),
        "back": _back(regulation, told["unit"], span, clause),
        "audited": _is_inspected(regulation),
        "of_proof": isinstance(rule, Proof),
    }
    return render(request, "console/inspections/evidence.html", context)


def _is_inspected(regulation: Regulation) -> bool:
    return any(isinstance(rule, IndicatorRule) for rule in regulation.rules)


def _back(regulation: Regulation, unit: str, span: Span, clause: str) -> str:
    """The self-audit of a regulation that is inspected, else the clause that the records are shown under."""
    if not _is_inspected(regulation):
        return clause_url(clause)
    return address(reverse("console:inspection-audit"), unit=unit, **shown.days_of(span))


def abouts(who: Acting, found: Iterable[Record]) -> dict[Any, tuple[str, str]]:
    """What the records are about, by id: its name and page."""
    ids = [key for one in found if (key := getattr(one, "case_id", None))]
    own = {"organisation_id": who.organisation_id, "id__in": ids}
    cases = {one.id: (f"{one.number} {one.title}", reverse("console:case", args=[one.number])) for one in Case.objects.filter(**own)}
    things = {
        one.id: (f"{kind_word(one.about)} {name_of(who.organisation_id, one.about, one.name)}", reverse("console:matter", args=[one.id]))
        for one in Matter.objects.filter(**own)
    }
    return cases | things


class _Rows:
    """The lines of one list."""

    def __init__(self, who: Acting, regulation: Regulation, key: str, now: datetime) -> None:
        self.who, self.regulation, self.key, self.now = who, regulation, key, now

    def lines(self, found: Sequence[Record]) -> list[dict[str, Any]]:
        named = abouts(self.who, found)
        return [self._line(one, named) for one in found]

    def _line(self, one: Record, named: dict[Any, tuple[str, str]]) -> dict[str, Any]:
        about, url = self._about(one, named)
        at, state = self._state(one)
        unit = unit_word(self.who.organisation_id, one.unit_code)
        period = periods.words(one.period) if isinstance(one, Clock | Approval | Paper | Mark) and one.period else ""
        return {
            "about": about or period or unit,
            "url": url or reverse("console:unit", args=[one.unit_code]),
            "unit": unit,
            "period": period,
            "due_at": at,
            "state": state,
            **self._mended(one, url or reverse("console:unit", args=[one.unit_code])),
        }

    def _about(self, one: Record, named: dict[Any, tuple[str, str]]) -> tuple[str, str]:
        if isinstance(one, Case):
            return f"{one.number} {one.title}", reverse("console:case", args=[one.number])
        if isinstance(one, Entry):
            return f"{one.label} {_first_words(one)}", reverse("console:registers-entry", args=[one.id])
        return named.get(one.case_id, ("", "")) if not isinstance(one, Site) and one.case_id else ("", "")

    def _state(self, one: Record) -> tuple[datetime | None, str]:
        if isinstance(one, Entry):
            return one.at, words.compared_words(one)
        if isinstance(one, Clock):
            return one.due_at, str(CLOCK_STATES.get(one.state, one.state))
        if isinstance(one, Approval):
            return one.asked_at, str(APPROVAL_STATES.get(one.state, one.state))
        if isinstance(one, Paper):
            return one.at, str(PAPER_STATES.get(one.state, one.state))
        if isinstance(one, Case):
            return one.received_at, _("已 %(days)s 天") % {"days": ((one.closed_at or self.now) - one.received_at).days}
        if isinstance(one, Fact):
            return one.at, event_name(one.event, language())
        return (one.at, class_name("marks", one.mark, language(), self.regulation.stem)) if isinstance(one, Mark) else (None, "")

    def _mended(self, one: Record, page: str) -> dict[str, str]:
        """The act that makes the record good, and the page on which it is done; of what was done too late nothing does."""
        if isinstance(one, Clock) and one.state in (LATE,):
            return {"act": _("已补办，逾期已成事实"), "act_url": ""}
        lacks = getattr(one, "holds", False) is False
        if (isinstance(one, Clock) and one.state != OVERDUE) or not lacks:
            return {"act": "", "act_url": ""}
        return {"act": mending.act(self.regulation, self.key), "act_url": mending.where(self.regulation, self.key, one.unit_code) or page}


def _first_words(entry: Entry) -> str:
    """The first columns of an entry, by which people know it again; names and numbers of telephones are hidden."""
    told = [words.shown(field, entry.values[field.key]) for field in rule_of(entry.register).fields if field.key in entry.values]
    return " · ".join(told[:2])
