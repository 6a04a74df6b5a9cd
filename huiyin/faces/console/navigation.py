"""What stands at the left, and where one begins: one table, by the post in use. Two levels, at most eight items in the first.

An entry stands there if the post may use its page and something makes that useful (``useful``). A group of which one entry is left is
that entry; an entry that a role has in the first level does not stand in its group again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.desk.cases.queries import Scope, overdue_count
from huiyin.desk.duties.queries import late_count
from huiyin.desk.people import access
from huiyin.faces.console import useful
from huiyin.faces.console.useful import Use
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.routes import ROUTES, SIGNED_IN


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: its words, the name of its address and what follows that, its keys, and when it is somebody's.

    ``right`` is asked for beside that of the page itself, ``use`` says what makes the page useful (None: it always is), ``late`` counts
    what is overdue there.
    """

    label: Any
    page: str
    query: str = ""
    key: str = ""
    right: str = ""
    use: Use | None = None
    late: Callable[[Acting, datetime], int] | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one word."""

    label: Any
    entries: tuple[Entry, ...]


MOST_COUNTED: Final = 100


def _overdue_cases(who: Acting, now: datetime) -> int:
    return overdue_count(Scope(who.organisation_id, who.codes), now, most=MOST_COUNTED)


def _late_duties(who: Acting, now: datetime) -> int:
    return late_count(who.organisation_id, who.codes, now, most=MOST_COUNTED)


_HOME: Final = Entry(_("工作台"), "console:workbench", key="g w")
_APPROVALS: Final = Entry(_("待审批"), "console:approvals", key="g p", use=useful.APPROVALS)
_CASES: Final = Entry(_("工单"), "console:queue", key="g d")
_ON_DUTY: Final = Entry(_("值班"), "console:duty", key="g z", use=useful.COURSES)
_REGISTER: Final = Entry(_("快速登记"), "console:register", key="g r")
_LATE: Final = Entry(_("超时工单"), "console:queue", "?due=overdue", late=_overdue_cases)
_TODAY: Final = Entry(_("今日台账"), "console:ledger", "?since=today&state=all", right="register")
_LEDGER: Final = Entry(_("工单台账"), "console:ledger")
_UNDISPATCHED: Final = Entry(_("待派与滞留"), "console:queue", "?state=pending_dispatch", right="dispatch")
_TO_TELL: Final = Entry(_("待回访"), "console:queue", "?state=pending_return_visit", right="return_visit")
_SUGGESTIONS: Final = Entry(_("建议办理"), "console:suggestions", use=useful.SUGGESTIONS)
_STATEMENTS: Final = Entry(_("非责任审核"), "console:statements", use=useful.STATEMENTS)
_TOPICS: Final = Entry(_("同一事项"), "console:topics")
_WARNINGS: Final = Entry(_("预警中心"), "console:warnings", key="g y", use=useful.WARNINGS)
_ISSUES: Final = Entry(_("同类问题监测"), "console:issues", use=useful.ISSUES)
_SCORES: Final = Entry(_("扣分台账"), "console:scores", use=useful.SCORES)
_YEARLY: Final = Entry(pgettext_lazy("navigation", "年度考核"), "console:yearly", use=useful.YEARLY)
_UNIT: Final = Entry(_("本单位"), "console:own-unit", key="g u")
_MATTERS: Final = Entry(_("办理事项"), "console:matters", key="g s", use=useful.MATTERS)
_REGISTERS: Final = Entry(pgettext_lazy("navigation", "台账"), "console:registers", key="g t", use=useful.REGISTERS)
_ROSTERS: Final = Entry(_("值班排班"), "console:rosters", use=useful.ROSTERS)
_FORMS: Final = Entry(_("打印表单"), "console:forms", use=useful.FORMS)
_OVERVIEW: Final = Entry(_("监控台"), "console:overview", key="g o")
_DUTIES: Final = Entry(_("报送日历"), "console:duties", key="g b", use=useful.DUTIES, late=_late_duties)
_SUMMARIES: Final = Entry(_("周汇总"), "console:summaries", use=useful.SUMMARIES)
_CIRCULARS: Final = Entry(_("月度通报"), "console:circulars", use=useful.CIRCULARS)
_PUBLICATIONS: Final = Entry(_("对外公布"), "console:publications", use=useful.PUBLICATIONS)
_REPORTS: Final = Entry(_("月度报告"), "console:reports")
_INSPECTIONS: Final = Entry(_("督导检查"), "console:inspections", key="g i", use=useful.INSPECTIONS)
_TASKS: Final = Entry(_("整改"), "console:inspection-tasks", use=useful.INSPECTIONS)
_SURVEYS: Final = Entry(_("满意度调查"), "console:surveys", key="g v", use=useful.SURVEYS)
_RULEBOOK: Final = Entry(_("制度与时限"), "console:rulebook")
_WORKDAYS: Final = Entry(_("工作日历"), "console:workdays")
_ADOPTIONS: Final = Entry(_("采用制度"), "console:adoptions")
_KEPT: Final = Entry(_("保存与销毁"), "console:kept", use=useful.KEPT)
_VIEWINGS: Final = Entry(_("查阅记录"), "console:viewings")
_IMPORTS: Final = Entry(_("导入台账"), "console:imports")
_STAFF: Final = Entry(_("人员与岗位"), "console:staff")
_STRUCTURE: Final = Entry(pgettext_lazy("navigation", "单位"), "console:structure")
_HOMES: Final = Entry(_("房屋"), "console:homes")
_RESIDENTS: Final = Entry(_("名册"), "console:residents")
_QR_POINTS: Final = Entry(_("二维码点位"), "console:qr-points")
_KEYS: Final = Entry(_("接口密钥"), "console:keys")
_CHANNELS: Final = Entry(_("消息渠道"), "console:channels")

_MESSAGES: Final = Entry(_("消息"), "console:messages")

_DESK: Final = Group(_("工作台"), (_HOME, _APPROVALS))
_CASEWORK: Final = Group(
    _("工单"), (_CASES, _ON_DUTY, _REGISTER, _LATE, _TODAY, _LEDGER, _UNDISPATCHED, _TO_TELL, _SUGGESTIONS, _STATEMENTS, _TOPICS)
)
_ALARMS: Final = Group(_("预警督办"), (_WARNINGS, _ISSUES, _SCORES))
_OWN: Final = Group(_("本单位"), (_UNIT, _MATTERS, _REGISTERS, _ROSTERS, _FORMS, _QR_POINTS))
_REPORTING: Final = Group(_("报送与通报"), (_OVERVIEW, _DUTIES, _SUMMARIES, _CIRCULARS, _PUBLICATIONS, _REPORTS))
_CHECKING: Final = Group(_("检查与满意度"), (_INSPECTIONS, _TASKS, _SURVEYS, _YEARLY))
_ADMINISTRATION: Final = (_STAFF, _STRUCTURE, _HOMES, _RESIDENTS, _KEYS)
_RULES: Final = Group(_("制度与档案"), (_RULEBOOK, _WORKDAYS, _ADOPTIONS, _IMPORTS, _KEPT, _VIEWINGS, *_ADMINISTRATION, _CHANNELS))
GROUPS: Final = (_DESK, _CASEWORK, _ALARMS, _OWN, _REPORTING, _CHECKING, _RULES)

_OWN_AND_CHECKED: Final = Group(_OWN.label, (*_OWN.entries, *_CHECKING.entries))
_OTHER_WORK: Final = Group(_OWN.label, tuple(one for group in (_CASEWORK, _ALARMS, _OWN, _REPORTING, _CHECKING) for one in group.entries))
_BY_ROLE: Final[tuple[tuple[frozenset[str], tuple[Entry | Group, ...]], ...]] = (
    (
        access.COUNTER,
        (
            _REGISTER,
            _TODAY,
            _TO_TELL,
            Group(_CASEWORK.label, (*_CASEWORK.entries, *_ALARMS.entries)),
            _DESK,
            _OWN_AND_CHECKED,
            _REPORTING,
            _RULES,
        ),
    ),
    (
        frozenset({"group_cc_supervisor", "cc_supervisor"}),
        (_DESK, _UNDISPATCHED, _ALARMS, _STATEMENTS, _CASEWORK, _REPORTING, _OWN_AND_CHECKED, _RULES),
    ),
    (access.CALL_CENTRE, (_REGISTER, _DESK, _CASEWORK, _ALARMS, _REPORTING, _OWN, _CHECKING, _RULES)),
    (access.LIAISONS, (_DESK, _CASEWORK, _REGISTER, _ALARMS, _REPORTING, _OWN, _CHECKING, _RULES)),
    (access.HEADS | access.MANAGERS, (_HOME, _CASEWORK, _ALARMS, _APPROVALS, _REPORTING, _OWN, _CHECKING, _RULES)),
    (access.BRANCH_HEADS, (_OVERVIEW, _ALARMS, _DESK, _CASEWORK, _REPORTING, _CHECKING, _OWN, _RULES)),
    (access.QUALITY, (_OVERVIEW, _CASEWORK, _ALARMS, _REPORTING, _CHECKING, _DESK, _OWN, _RULES)),
    (access.LEADERS, (_DESK, _OVERVIEW, _ALARMS, _REPORTING, _CASEWORK, _CHECKING, _OWN, _RULES)),
    (access.ADMINS, (*_ADMINISTRATION, _RULES, _DESK, _OTHER_WORK)),
    (access.INSPECTORS, (_CHECKING, _DESK, _CASEWORK, _ALARMS, _REPORTING, _OWN, _RULES)),
)
_EVERYBODY: Final = (_DESK, _CASEWORK, _OWN, _ALARMS, _REPORTING, _CHECKING, _RULES)
_STARTS_AT: Final = ((access.COUNTER, "console:register"), (access.ADMINS, "console:staff"))

NEW_CASES: Final = (
    ("complaint", _("投诉"), "n t"),
    ("repair", _("报修"), "n b"),
    ("help_request", _("求助"), "n q"),
    ("suggestion", _("建议"), "n j"),
)


def first_level(role: str) -> tuple[Entry | Group, ...]:
    """The first level for the role, before anybody asks what is useful."""
    return next((items for roles, items in _BY_ROLE if role in roles), _EVERYBODY)


def bars_for(who: Acting, path: str, whole: str, now: datetime) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The navigation for the post in use, and the bar at the foot of a phone. ``path`` and ``whole`` are the address that is open, without
    its query and with it.

    An item of the first level is an entry, or a group with its ``entries``; a group is ``open`` where the page that is open is one of them.
    """
    listed = first_level(who.role)
    entries = [one for one in dict.fromkeys(_entries(listed)) if _open_to(who, one)]
    found = useful.useful(who, (one.use for one in entries if one.use), now)
    shown = {one: _as_item(who, one, now) for one in entries if one.use is None or one.use in found}
    current = _current({one: item["url"] for one, item in shown.items()}, path, whole)
    if current is not None:
        shown[current]["current"] = True
    side = [made for one in listed if (made := _first(one, listed, shown)) is not None]
    return side, _bottom(who, path, shown[_LATE]["late"] if _LATE in shown else 0, _ON_DUTY in shown)


def _first(item: Entry | Group, listed: Sequence[Entry | Group], shown: dict[Entry, dict[str, Any]]) -> dict[str, Any] | None:
    if isinstance(item, Entry):
        return shown.get(item)
    entries = [shown[one] for one in item.entries if one in shown and one not in listed]
    if len(entries) < 2:
        return entries[0] if entries else None
    counts = [one["late"] for one in entries if one["late"]]
    return {"label": item.label, "entries": entries, "late": sum(counts), "open": any(one["current"] for one in entries)}


def _as_item(who: Acting, one: Entry, now: datetime) -> dict[str, Any]:
    late = one.late(who, now) if one.late else 0
    return {"label": one.label, "url": _address(one.page) + one.query, "key": one.key, "late": late, "current": False}


def _entries(listed: Sequence[Entry | Group]) -> Iterator[Entry]:
    for item in listed:
        yield from (item,) if isinstance(item, Entry) else item.entries


def _bottom(who: Acting, path: str, late: int, on_duty: bool) -> list[dict[str, Any]]:
    """To do, the duty screen where it is useful, cases, registration where one may register, messages."""
    duty = ((_ON_DUTY, _("值班"), "duty"),) if on_duty else ()
    rest = ((_CASES, _("工单"), "cases"), (_REGISTER, _("登记"), "register"), (_MESSAGES, _("消息"), "messages"))
    bar = ((_HOME, _("待办"), "todo"), *duty, *rest)
    there = [(one, label, icon) for one, label, icon in bar if _open_to(who, one)]
    current = _current({one: _address(one.page) for one, _label, _icon in there}, path, path)
    return [
        {"label": label, "url": _address(one.page), "icon": icon, "late": late if one is _CASES else 0, "current": one is current}
        for one, label, icon in there
    ]


def home_of(who: Acting) -> str:
    """Where the person begins: the counter at the registration, who administers with the people, others at the workbench."""
    return reverse(next((page for roles, page in _STARTS_AT if who.role in roles), "console:workbench"))


def _current(addresses: dict[Entry, str], path: str, whole: str) -> Entry | None:
    """The entry that is open: the same address with its query, else the longest one without a query that the path begins with."""
    exact = next((one for one, url in addresses.items() if url == whole), None)
    fitting = [one for one, url in addresses.items() if "?" not in url and _holds(url, path)]
    return exact or max(fitting, key=lambda one: len(addresses[one]), default=None)


def _holds(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(f"{address}/"))


def _open_to(who: Acting, one: Entry) -> bool:
    route = ROUTES.get(one.page)
    may = route is not None and (route.right == SIGNED_IN or route.right in who.rights) and (not one.right or one.right in who.rights)
    return may and bool(_address(one.page))


@lru_cache(maxsize=256)
def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
