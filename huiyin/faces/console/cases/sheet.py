"""The list of cases as a workbook (工单台账): the picked ones, or all that the filters of the address find."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import Filters, Line
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.listing import scope_of
from huiyin.faces.console.cases.together import MOST
from huiyin.faces.console.cases.words import channel_word, class_words, mark_word, record_word, role_word, unit_word
from huiyin.faces.console.scores.sheets import workbook
from huiyin.faces.parts.guard import Acting, acting
from huiyin.faces.parts.templatetags.parts import mask_name, state_word

MOST_ROWS: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: HttpRequest) -> HttpResponse:
    """The workbook, the latest received first; names are masked as on the pages."""
    who, now = acting(request), timezone.now()
    numbers = dict.fromkeys(request.GET.getlist("case"))
    if numbers:
        found = [
            line for number in list(numbers)[:MOST] for line in queries.ledger(scope_of(who), Filters(number=number[:40]), now, size=1)
        ]
    else:
        found = _asked_for(request, who, now)
    heading = [
        _("序号"), _("单号"), _("受理时间"), _("渠道"), _("单位"), _("位置"), _("联系人"), _("类型"), _("类别"), _("严重程度"), _("标记"),
        _("内容"), _("责任部门"), _("状态"), _("轮到"), _("到期"), _("是否超时"), _("催办"), _("重办"), _("办结时间"),
    ]  # fmt: skip
    made = workbook(_("工单台账"), heading, _rows(who, found, now))
    return HttpResponse(made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="cases-{now:%Y%m%d}.xlsx"'})


def _asked_for(request: HttpRequest, who: Acting, now: datetime) -> list[Line]:
    """What the list with these filters holds: of a list of open cases the open ones alone, of one of its groups that group."""
    asked = Asked(request.GET, who, reverse("console:queue"))
    lines = (queries.ledger if asked.closed else queries.queue)(scope_of(who), asked.filters, now, size=MOST_ROWS)
    return [line for line in lines if not asked.due or line.group == asked.due]


def _rows(who: Acting, lines: Iterable[Line], now: datetime) -> Iterable[list[str]]:
    for number, line in enumerate(lines, 1):
        said = line.columns
        yield [
            str(number),
            said["number"],
            _moment(said["received_at"]),
            channel_word(said["channel"]),
            unit_word(who.organisation_id, said["unit_code"]),
            shown.room(said["household_code"]) if said["household_code"] else said["place"],
            mask_name(said["contact_name"]) if said["contact_name"] else "",
            record_word(said["record"]),
            class_words("category", said["category"], ()),
            class_words("severity", said["severity"], ()),
            "、".join(map(mark_word, said["marks"])),
            said["title"] or shown.secret_title(said["secrets"]),
            role_word(said["department"]) if said["department"] else "",
            str(state_word(said["status"])),
            role_word(line.responsible) if line.responsible else "",
            _moment(line.due_at),
            _late(line, now),
            str(said["urged_count"]),
            str(said["reopened_count"]),
            _moment(said["closed_at"]),
        ]


def _late(line: Line, now: datetime) -> str:
    return _("是") if line.due_at and line.due_at <= now else ""


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
