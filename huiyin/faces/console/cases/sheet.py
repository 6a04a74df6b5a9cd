"""The list of cases as a workbook (工单台账): the picked ones, or all that the filters of the address find."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import Filters, Line
from huiyin.faces.console.cases import ledger
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.columns import COLUMNS, WHOLE, Layout
from huiyin.faces.console.cases.listing import scope_of
from huiyin.faces.console.cases.together import MOST
from huiyin.faces.console.scores.sheets import workbook
from huiyin.faces.parts.guard import Acting, acting

MOST_ROWS: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: HttpRequest) -> HttpResponse:
    """The workbook, with the columns and in the order that are asked for; names and numbers are masked as on the pages."""
    who, now = acting(request), timezone.now()
    layout = Layout.asked(request.GET, only_open=False, usual=WHOLE)
    numbers = dict.fromkeys(request.GET.getlist("case"))
    if numbers:
        found = [
            line for number in list(numbers)[:MOST] for line in queries.ledger(scope_of(who), Filters(number=number[:40]), now, size=1)
        ]
    else:
        found = _asked_for(request, who, now)
    heading = [_("序号"), *(str(COLUMNS[key].label) for key in layout.keys)]
    made = workbook(_("工单台账"), heading, ([str(place), *cells] for place, cells in enumerate(layout.rows(who, found, now), 1)))
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="cases-{now:%Y%m%d}.xlsx"'})


def _asked_for(request: HttpRequest, who: Acting, now: datetime) -> list[Line]:
    """What the list with these filters holds: of a ledger in its order; of a list of open cases these alone, of one of its groups that."""
    if "cols" in request.GET or "sort" in request.GET:
        asked, layout = ledger.asked_of(request, who)
        return ledger.lines_of(who, asked, layout, now, size=MOST_ROWS)
    asked = Asked(request.GET, who, reverse("console:queue"))
    lines = (queries.ledger if asked.closed else queries.queue)(scope_of(who), asked.filters, now, size=MOST_ROWS)
    return [line for line in lines if not asked.due or line.group == asked.due]
