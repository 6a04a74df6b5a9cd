"""What stands at the left, and where one begins: by the post in use (users.md 5.1), as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.desk.people import access
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.routes import ROUTES, SIGNED_IN


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: its words, the page it opens (name of the address, and what follows it), and its keys."""

    label: Any
    page: str
    query: str = ""
    key: str = ""


_HOME: Final = Item(_("工作台"), "console:workbench", key="g w")
_CASES: Final = Item(_("工单"), "console:queue", key="g d")
_REGISTER: Final = Item(_("快速登记"), "console:register", key="g r")
_TODAY: Final = Item(_("今日台账"), "console:ledger", "?since=today&state=all")
_TO_TELL: Final = Item(_("待回访"), "console:queue", "?state=pending_return_visit")
_UNDISPATCHED: Final = Item(_("待派与滞留"), "console:queue", "?state=pending_dispatch")
_LATE: Final = Item(_("超时工单"), "console:queue", "?due=overdue")
_WARNINGS: Final = Item(_("预警督办"), "console:warnings", key="g y")
_SUGGESTIONS: Final = Item(_("建议办理"), "console:suggestions")
_STATEMENTS: Final = Item(_("非责任审核"), "console:statements")
_DUTIES: Final = Item(_("报送日历"), "console:duties", key="g b")
_PUBLICATIONS: Final = Item(_("客户公布"), "console:publications")
_REPORTS: Final = Item(_("月度报告"), "console:reports")
_SUMMARIES: Final = Item(_("周汇总"), "console:summaries")
_SCORES: Final = Item(_("扣分台账"), "console:scores")
_OVERVIEW: Final = Item(_("监控台"), "console:overview", key="g o")
_ROSTERS: Final = Item(_("值班排班"), "console:rosters")
_REGISTERS: Final = Item(pgettext_lazy("navigation", "台账"), "console:registers", key="g t")
_MATTERS: Final = Item(_("办理事项"), "console:matters", key="g s")
_APPROVALS: Final = Item(_("待审批"), "console:approvals", key="g p")
_TOPICS: Final = Item(_("同一事项"), "console:topics")
_UNIT: Final = Item(_("本单位"), "console:own-unit", key="g u")
_INSPECTIONS: Final = Item(_("督导检查"), "console:inspections", key="g i")
_SURVEYS: Final = Item(_("满意度调查"), "console:surveys", key="g v")
_CHECKING: Final = (_INSPECTIONS, _SURVEYS)
_RULEBOOK: Final = Item(_("制度与时限"), "console:rulebook")
_MESSAGES: Final = Item(_("消息"), "console:messages")
_REPORTING: Final = (_DUTIES, _PUBLICATIONS, _REPORTS)

_KEPT: Final = Item(_("保存与销毁"), "console:kept")
_ADOPTIONS: Final = Item(_("采用制度"), "console:adoptions")
_STAFF: Final = Item(_("人员与岗位"), "console:staff")
_STRUCTURE: Final = Item(pgettext_lazy("navigation", "单位"), "console:structure")
_HOMES: Final = Item(_("房屋"), "console:homes")
_RESIDENTS: Final = Item(pgettext_lazy("navigation", "住户"), "console:residents")
_KEYS: Final = Item(_("接口密钥"), "console:keys")

_BY_ROLE: Final[tuple[tuple[frozenset[str], tuple[Item, ...]], ...]] = (
    (access.COUNTER, (_REGISTER, _TODAY, _TO_TELL, _CASES, _MATTERS, _UNIT, _REGISTERS, *_REPORTING, _ROSTERS, _MESSAGES)),
    (
        frozenset({"group_cc_supervisor", "cc_supervisor"}),
        (_HOME, _UNDISPATCHED, _WARNINGS, _STATEMENTS, _CASES, _REGISTER, _OVERVIEW, _RULEBOOK),
    ),
    (access.CALL_CENTRE, (_REGISTER, _HOME, _CASES, _UNDISPATCHED, _WARNINGS, _STATEMENTS, _RULEBOOK)),
    (
        access.LIAISONS,
        (_HOME, _CASES, _REGISTER, _MATTERS, _UNIT, _SUGGESTIONS, _SUMMARIES, _TOPICS, _WARNINGS, *_REPORTING, _REGISTERS, _ROSTERS),
    ),
    (access.HANDLERS, (_HOME, _CASES, _MATTERS, _UNIT, _REGISTERS, _MESSAGES)),
    (
        access.HEADS,
        (_HOME, _APPROVALS, _CASES, _LATE, _MATTERS, _UNIT, _SUGGESTIONS, _TOPICS, _WARNINGS, *_REPORTING, *_CHECKING, _REGISTERS),
    ),
    (
        access.MANAGERS,
        (
            _HOME,
            _APPROVALS,
            _CASES,
            _MATTERS,
            _UNIT,
            _TOPICS,
            _WARNINGS,
            _SUGGESTIONS,
            _SUMMARIES,
            *_REPORTING,
            *_CHECKING,
            _REGISTERS,
            _SCORES,
            _ROSTERS,
        ),
    ),
    (
        access.BRANCH_HEADS,
        (
            _OVERVIEW,
            _HOME,
            _APPROVALS,
            _CASES,
            _MATTERS,
            _UNIT,
            _TOPICS,
            _WARNINGS,
            _SUMMARIES,
            *_REPORTING,
            *_CHECKING,
            _REGISTERS,
            _SCORES,
            _RULEBOOK,
        ),
    ),
    (
        access.QUALITY,
        (
            _OVERVIEW,
            _CASES,
            _HOME,
            _APPROVALS,
            _MATTERS,
            _UNIT,
            _TOPICS,
            _WARNINGS,
            _STATEMENTS,
            *_REPORTING,
            *_CHECKING,
            _REGISTERS,
            _SCORES,
            _RULEBOOK,
            _ADOPTIONS,
            _KEPT,
        ),
    ),
    (access.ADMINS, (_STAFF, _STRUCTURE, _HOMES, _RESIDENTS, _KEYS, _RULEBOOK, _ADOPTIONS, _KEPT, _HOME, _MESSAGES)),
    (access.LEADERS, (_HOME, _APPROVALS, _OVERVIEW, _WARNINGS, _CASES, _MATTERS, _UNIT, _SCORES, *_REPORTING, *_CHECKING, _RULEBOOK)),
)
_EVERYBODY: Final = (_HOME, _CASES, _MATTERS, _UNIT, _WARNINGS, _REGISTERS, *_CHECKING, _OVERVIEW, _RULEBOOK, _ADOPTIONS, _KEPT, _MESSAGES)
_STARTS_AT: Final = ((access.COUNTER, "console:register"), (access.ADMINS, "console:staff"))

NEW_CASES: Final = (
    ("complaint", _("投诉"), "n t"),
    ("repair", _("报修"), "n b"),
    ("help_request", _("求助"), "n q"),
    ("suggestion", _("建议"), "n j"),
)


def items_for(who: Acting) -> list[dict[str, Any]]:
    """The entries of the navigation for the post in use; pages that are not its own, or not there, are left out."""
    listed = next((items for roles, items in _BY_ROLE if who.role in roles), _EVERYBODY)
    return [
        {"label": item.label, "url": address + item.query, "key": item.key}
        for item in listed
        if _open_to(who, item.page) and (address := _address(item.page))
    ]


def phone_items_for(who: Acting) -> list[dict[str, Any]]:
    """The bar at the foot of a phone: to do, cases, registration where one may register, messages."""
    bar = (
        (_("待办"), "console:workbench", "todo"),
        (_("工单"), "console:queue", "cases"),
        (_("登记"), "console:register", "register"),
        (_("消息"), "console:messages", "messages"),
    )
    return [{"label": label, "url": _address(page), "icon": icon} for label, page, icon in bar if _open_to(who, page)]


def home_of(who: Acting) -> str:
    """Where the person begins: the counter at the registration, who administers with the people, others at the workbench."""
    return reverse(next((page for roles, page in _STARTS_AT if who.role in roles), "console:workbench"))


def mark_current(items: list[dict[str, Any]], path: str, whole: str) -> list[dict[str, Any]]:
    """The entries with the one marked that is open: the same address with its query, else the one that the path begins with."""
    exact = [item for item in items if item["url"] == whole]
    fitting = [item for item in items if "?" not in item["url"] and _holds(item["url"], path)]
    current = (exact or fitting)[:1]
    return [{**item, "current": item in current} for item in items]


def _holds(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(f"{address}/"))


def _open_to(who: Acting, page: str) -> bool:
    route = ROUTES.get(page)
    return route is not None and (route.right == SIGNED_IN or route.right in who.rights)


@lru_cache(maxsize=256)
def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
