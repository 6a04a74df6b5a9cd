"""The columns of the ledger of cases (工单台账): which there are, which are asked for in which order, and by which one it is sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import ORDERS, Line
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.forms import RESULTS
from huiyin.faces.console.cases.words import channel_word, class_words, mark_word, record_word, role_word, unit_word
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.templatetags.parts import mask_name, mask_phone, state_word
from huiyin.rulebook.words import edition_of


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger as cells are made of it. ``happened`` says when each of the asked events was, and its last result."""

    organisation_id: UUID
    line: Line
    now: datetime
    happened: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)

    @property
    def said(self) -> Mapping[str, Any]:
        """The columns of the case."""
        return self.line.columns


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what stands in it, whether that is a number, and the event whose time it tells, if it does."""

    label: Any
    cell: Callable[[Row], str]
    number: bool = False
    event: str = ""


def _when(event: str) -> Callable[[Row], str]:
    return lambda row: moment(row.happened[event][0]) if event in row.happened else ""


def moment(at: Any) -> str:
    """A moment as ledgers write it; nothing for none."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _place(row: Row) -> str:
    return shown.room(row.said["household_code"]) if row.said["household_code"] else str(row.said["place"])


def _rating(row: Row) -> str:
    result = row.happened.get("return_visit_done", (None, ""))[1]
    return str(dict(RESULTS["return_visit"]).get(result, result))


def _whose(row: Row) -> str:
    return role_word(row.line.responsible, edition_of(row.line.rule)) if row.line.responsible else ""


def _late(row: Row) -> str:
    return _("是") if row.line.due_at and row.line.due_at <= row.now else ""


def _invalid(row: Row) -> str:
    return _("无效") if "invalid" in row.said["marks"] or row.said["void_reason"] == "non_liability" else ""


COLUMNS: Final[Mapping[str, Column]] = {
    "number": Column(gettext_lazy("单号"), lambda row: row.said["number"]),
    "received": Column(gettext_lazy("受理时间"), lambda row: moment(row.said["received_at"])),
    "channel": Column(gettext_lazy("渠道"), lambda row: channel_word(row.said["channel"])),
    "unit": Column(gettext_lazy("单位"), lambda row: unit_word(row.organisation_id, row.said["unit_code"])),
    "place": Column(gettext_lazy("位置"), _place),
    "contact": Column(gettext_lazy("联系人"), lambda row: mask_name(row.said["contact_name"]) if row.said["contact_name"] else ""),
    "phone": Column(gettext_lazy("电话"), lambda row: mask_phone(row.said["contact_phone"]) if row.said["contact_phone"] else ""),
    "record": Column(gettext_lazy("类型"), lambda row: record_word(row.said["record"], row.said["editions"])),
    "class": Column(gettext_lazy("类别"), lambda row: class_words("category", row.said["category"], ())),
    "level": Column(gettext_lazy("严重程度"), lambda row: class_words("severity", row.said["severity"], ())),
    "marks": Column(gettext_lazy("标记"), lambda row: "、".join(mark_word(one, row.said["editions"]) for one in row.said["marks"])),
    "title": Column(gettext_lazy("内容"), lambda row: row.said["title"] or shown.secret_title(row.said["secrets"])),
    "dept": Column(
        gettext_lazy("责任部门"), lambda row: role_word(row.said["department"], row.said["editions"]) if row.said["department"] else ""
    ),
    "state": Column(gettext_lazy("状态"), lambda row: str(state_word(row.said["status"]))),
    "whose": Column(gettext_lazy("轮到"), _whose),
    "due": Column(gettext_lazy("到期"), lambda row: moment(row.line.due_at)),
    "late": Column(gettext_lazy("是否超时"), _late),
    "urged": Column(gettext_lazy("催办"), lambda row: str(row.said["urged_count"]), number=True),
    "redone": Column(gettext_lazy("重办"), lambda row: str(row.said["reopened_count"]), number=True),
    "closed": Column(gettext_lazy("办结时间"), lambda row: moment(row.said["closed_at"])),
    "last": Column(gettext_lazy("最近办理"), lambda row: moment(row.said["last_act_at"])),
    "taken": Column(gettext_lazy("接单"), _when("order_accepted"), event="order_accepted"),
    "called": Column(gettext_lazy("联系"), _when("complainant_contacted"), event="complainant_contacted"),
    "plan": Column(gettext_lazy("方案"), _when("solution_reported"), event="solution_reported"),
    "visit": Column(gettext_lazy("回访"), _when("return_visit_done"), event="return_visit_done"),
    "rating": Column(gettext_lazy("满意度"), _rating, event="return_visit_done"),
    "valid": Column(gettext_lazy("是否无效"), _invalid),
}
WHOLE: Final = tuple(COLUMNS)[: tuple(COLUMNS).index("closed") + 1]
"""What goes out where no columns are asked for."""
USUAL: Final = ("number", "received", "unit", "place", "contact", "record", "class", "title", "state", "whose", "due", "urged", "closed")
"""What a ledger shows where no columns are asked for."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a ledger in their order, and by what it is sorted: the latest received first, unless something else is asked for."""

    keys: tuple[str, ...]
    order: str = "received"
    rising: bool = False

    @classmethod
    def asked(cls, given: Mapping[str, Any], only_open: bool, usual: Sequence[str] = USUAL) -> Layout:
        """The layout that the parts ``cols`` and ``sort`` of an address ask for; what they say that there is not is left out.

        Orders that all cases cannot be put in are for lists of open cases alone.
        """
        named = str(given.get("cols", ""))[:300].split(",")
        keys = tuple(dict.fromkeys(key for key in named if key in COLUMNS)) or tuple(usual)
        sort = str(given.get("sort", ""))[:20]
        order = sort.removeprefix("-")
        if order not in ORDERS or (ORDERS[order].open_only and not only_open):
            return cls(keys)
        return cls(keys, order, not sort.startswith("-"))

    @property
    def query(self) -> dict[str, str]:
        """The layout as parts of an address; what is usual goes without saying."""
        cols = {"cols": ",".join(self.keys)} if self.keys != USUAL else {}
        return cols if (self.order, self.rising) == ("received", False) else cols | {"sort": self.sort(self.order, self.rising)}

    @staticmethod
    def sort(order: str, rising: bool) -> str:
        """An order as the part ``sort`` of an address."""
        return order if rising else f"-{order}"

    def rows(self, who: Acting, lines: Iterable[Line], now: datetime) -> list[list[str]]:
        """The cells of each line. The times of events are read in one statement, if one of the columns tells them."""
        kept, chosen = list(lines), [COLUMNS[key] for key in self.keys]
        events = sorted({one.event for one in chosen if one.event})
        happened = queries.milestones(who.organisation_id, [line.case_id for line in kept], events) if events else {}
        rows = (Row(who.organisation_id, line, now, happened.get(line.case_id, {})) for line in kept)
        return [[str(one.cell(row)) for one in chosen] for row in rows]
