"""The queue (B01): the next clock that breaks comes first; what is asked for stands whole in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.moments import closing_of, in_shanghai
from huiyin.desk.attachments import queries as attachments
from huiyin.desk.cases import queries
from huiyin.desk.cases.lifecycle import OPEN_STATES
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import LATER, OVERDUE, TODAY, WITHIN_AN_HOUR, WITHOUT_LIMIT, Filters, Line, Scope
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.asking import NEVER, Asked
from huiyin.faces.console.cases.empty import empty_list
from huiyin.faces.console.cases.words import language, mark_word, record_word, role_word, unit_word
from huiyin.faces.console.lists.menu import menu
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.classed import unclassed
from huiyin.rulebook.words import edition_of, rule_name

PAGE: Final = 50
MOST_COUNTED: Final = 10_000
INVALID: Final = "invalid"
_LAST_ID: Final = "ffffffff-ffff-ffff-ffff-ffffffffffff"
LABELS: Final = (
    (OVERDUE, gettext_lazy("已超时")),
    (WITHIN_AN_HOUR, gettext_lazy("1小时内")),
    (TODAY, gettext_lazy("今天")),
    (LATER, gettext_lazy("明天及以后")),
    (WITHOUT_LIMIT, gettext_lazy("无时限")),
)


def scope_of(who: Acting) -> Scope:
    """Where the post in use may look."""
    return Scope(who.organisation_id, who.codes)


def queue(request: HttpRequest) -> HttpResponse:
    """The queue with nothing open; for a row at its end (``after``) only the rows that follow."""
    who = acting(request)
    context = queue_context(request, who)
    if request.headers.get("HX-Request") and request.GET.get("after"):
        return render(request, "console/cases/_rows.html", context)
    return render(request, "console/cases/queue.html", context)


def queue_context(request: HttpRequest, who: Acting, page: str = "console:queue", fixed: Filters | None = None) -> dict[str, Any]:
    """The list, its filters and its counts, as the address asks for them."""
    now, asked = timezone.now(), Asked(request.GET, who, reverse(page), fixed)
    lines = lines_of(who, asked, request.GET.get("after", ""), now)
    counts = {} if asked.closed else queries.queue_counts(scope_of(who), asked.filters, now)
    rows = rows_of(who, lines[:PAGE], asked.query)
    return {
        "groups": _groups(rows, asked, counts, request.GET.get("after_group", "")),
        "total": _total(who, asked, counts),
        "shown": ",".join(row["number"] for row in rows),
        "more_url": asked.with_(after=lines[PAGE - 1].cursor, after_group=lines[PAGE - 1].group) if len(lines) > PAGE else "",
        "queue_title": asked.title,
        "queue_url": asked.url,
        "list_url": asked.page,
        "ledger_url": address(reverse("console:ledger"), **{name: said for name, said in asked.said.items() if name != "due"}),
        "news_url": asked.at(reverse("console:queue-news")),
        "chosen": asked.chosen(),
        "filter_fields": asked.fields(),
        "filters_open": False,
        "empty": None if rows else empty_list(who, asked, now),
        "views": menu(who, "queue", asked.said) if fixed is None else None,
    }


def lines_of(who: Acting, asked: Asked, after: str, now: datetime, size: int = PAGE + 1) -> list[Line]:
    """The lines of the list from behind the cursor ``after`` on; from its beginning where that says nothing."""
    scope, after = scope_of(who), after if _is_cursor(after) else ""
    if asked.closed:
        return queries.ledger(scope, asked.filters, now, after, size)
    start, end = _bounds(asked.due, now)
    lines = queries.queue(scope, asked.filters, now, after or start, size)
    return [line for line in lines if end is None or (line.due_at is not None and line.due_at <= end)]


def _is_cursor(text: str) -> bool:
    moment, _sign, key = text.partition("|")
    try:
        return datetime.fromisoformat(moment).tzinfo is not None and bool(UUID(key))
    except ValueError:
        return False


def _bounds(due: str, now: datetime) -> tuple[str, datetime | None]:
    """From which cursor on, and to which moment, a group of the queue runs."""
    hour, midnight = now + timedelta(hours=1), closing_of(in_shanghai(now).date())
    at: Mapping[str, tuple[str, datetime | None]] = {
        OVERDUE: ("", now),
        WITHIN_AN_HOUR: (f"{now.isoformat()}|{_LAST_ID}", hour),
        TODAY: (f"{hour.isoformat()}|{_LAST_ID}", max(midnight, hour)),
        LATER: (f"{max(midnight, hour).isoformat()}|{_LAST_ID}", datetime.fromisoformat("9998-01-01T00:00+00:00")),
        WITHOUT_LIMIT: (f"{NEVER}|00000000-0000-0000-0000-000000000000", None),
    }
    return at.get(due, ("", None))


def counted(who: Acting, asked: Asked) -> int | str:
    """How many cases, ended ones among them, the filters describe; above ten thousand only that there are more."""
    found = queries.ledger_count(scope_of(who), asked.filters, MOST_COUNTED + 1)
    return found if found <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _total(who: Acting, asked: Asked, counts: Mapping[str, int]) -> Any:
    if asked.closed:
        return counted(who, asked)
    return counts.get(asked.due, 0) if asked.due else sum(counts.values())


def _groups(rows: Sequence[dict[str, Any]], asked: Asked, counts: Mapping[str, int], after_group: str) -> list[dict[str, Any]]:
    if asked.closed:
        return [{"rows": rows, "heading": False}]
    return [
        {
            "label": label,
            "late": key == OVERDUE,
            "count": counts.get(key),
            "heading": key != after_group,
            "rows": [row for row in rows if row["group"] == key],
        }
        for key, label in LABELS
    ]


def rows_of(who: Acting, lines: Iterable[Line], query: str = "") -> list[dict[str, Any]]:
    """Lines as rows: what, where, whose turn, until when, how bad. The gravest standing warning of each is read in one statement, and in
    another one how many files each has."""
    kept = list(lines)
    ids = [line.case_id for line in kept]
    levels, files = levels_of(who.organisation_id, ids), attachments.counts(who.organisation_id, ids)
    return [_row(who, line, levels.get(line.case_id, ""), query) | {"files": files.get(line.case_id, 0)} for line in kept]


def _row(who: Acting, line: Line, level: str, query: str) -> dict[str, Any]:
    said = line.columns
    address = reverse("console:case", args=[said["number"]])
    home = shown.room(said["household_code"]) if said["household_code"] else said["place"]
    return {
        "number": said["number"],
        # The count begins anew each day: without the day every first case of a day would be the same.
        "short_number": f"{said['number'][:2]}…{said['number'][-6:]}",
        "url": f"{address}?{query}" if query else address,
        "record": record_word(said["record"], said["editions"]),
        "title": said["title"] or shown.secret_title(said["secrets"]) or said["number"],
        "place": " ".join(filter(None, (unit_word(who.organisation_id, said["unit_code"]), home))),
        "whose": role_word(line.responsible, edition_of(line.rule)),
        "what": rule_name(line.rule, language()) if line.rule else "",
        "due_at": line.due_at,
        "group": line.group,
        "status": said["status"],
        "level": level,
        "marks": [mark_word(mark, said["editions"]) for mark in said["marks"] if mark == "major"],
        "urged_count": said["urged_count"],
        "owed": shown.still_owed(line.rule) if line.rule and INVALID in said["marks"] else "",
        "unclassed": said["status"] in OPEN_STATES
        and bool(unclassed(tuple(said["editions"]), said["record"], frozenset(said["category"]))),
    }


def levels_of(organisation_id: UUID, cases: Sequence[UUID]) -> dict[UUID, str]:
    """The gravest warning that stands on each of the cases."""
    found: dict[UUID, list[WarningSignal]] = {}
    for one in WarningSignal.objects.filter(organisation_id=organisation_id, case_id__in=cases):
        if one.case_id:
            found.setdefault(one.case_id, []).append(one)
    return {case: shown.level_of(several) for case, several in found.items()}


def news(request: HttpRequest) -> HttpResponse:
    """What has changed since the list was made: rows that only changed are replaced where they stand; anything else is announced."""
    who, now = acting(request), timezone.now()
    asked = Asked(request.GET, who, reverse("console:queue"))
    before = [one for one in request.GET.get("shown", "").split(",") if one]
    rows = rows_of(who, lines_of(who, asked, "", now)[:PAGE], asked.query)
    numbers = [row["number"] for row in rows]
    known = [place for place, one in enumerate(numbers) if one in before]
    # A row that comes up from behind the last one of a full page is not new.
    fresh = [one for place, one in enumerate(numbers) if one not in before and (len(before) < PAGE or place < max(known, default=PAGE))]
    moved = not fresh and numbers[: len(before)] != before[:PAGE]
    for row in rows:
        row["same"] = row["number"] in before
    groups = _groups(rows, asked, {}, "")
    context = {"groups": groups, "new_count": len(fresh), "moved": moved, "shown": ",".join(before), "queue_url": asked.url}
    return render(request, "console/cases/_news.html", context)


def related_rows(who: Acting, case: Case, now: datetime, most: int = 6) -> list[dict[str, Any]]:
    """Other cases of the same home and of the same issue that the post reaches, the latest first."""
    found: dict[UUID, Line] = {}
    if case.household_code:
        asked = Filters(units=frozenset({case.unit_code}), household_code=case.household_code)
        found |= {line.case_id: line for line in queries.ledger(scope_of(who), asked, now, size=most)}
    if case.issue:
        found |= {line.case_id: line for line in queries.ledger(scope_of(who), Filters(issue=case.issue), now, size=most)}
    found.pop(case.id, None)
    return rows_of(who, list(found.values())[:most])


def suggestions(request: HttpRequest) -> HttpResponse:
    """The suggestions that wait for a decision, an answer or their closing (B13)."""
    return _filtered(request, "console:suggestions", Filters(record="suggestion"), _("建议办理"))


def statements(request: HttpRequest) -> HttpResponse:
    """The statements of non-responsibility that wait to be checked (B07)."""
    return _filtered(request, "console:statements", Filters(claimed=True), _("非责任审核"))


def _filtered(request: HttpRequest, page: str, fixed: Filters, title: str) -> HttpResponse:
    who = acting(request)
    context = queue_context(request, who, page, fixed)
    return render(request, "console/cases/queue.html", {**context, "queue_title": title})
