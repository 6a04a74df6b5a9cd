"""What a list is asked for: the parts of its address as filters, and the filters as parts of an address again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.moments import opening_of
from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.cases.lifecycle import OPEN_STATES, STATES
from huiyin.desk.cases.queries import LATER, OVERDUE, TODAY, WITHIN_AN_HOUR, WITHOUT_LIMIT, Filters, Line
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.words import classes_of, marks_of, records_of, terms, unit_word
from huiyin.faces.console.lists.menu import PAGES
from huiyin.faces.console.periods import is_reckoned
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.templatetags.parts import STATES as STATE_WORDS
from huiyin.faces.parts.templatetags.parts import WARNING_LEVELS

DUES: Final = {
    OVERDUE: gettext_lazy("已超时"),
    WITHIN_AN_HOUR: gettext_lazy("1小时内"),
    TODAY: gettext_lazy("今天"),
    LATER: gettext_lazy("明天及以后"),
    WITHOUT_LIMIT: gettext_lazy("无时限"),
}
NEVER: Final = "9999-01-01 00:00+00"
"""When a case without a limit is due, in a cursor of the queue."""
SINCE: Final = {
    "today": gettext_lazy("今天"),
    "yesterday": gettext_lazy("昨天"),
    "week": gettext_lazy("本周"),
    "last_week": gettext_lazy("上周"),
    "month": gettext_lazy("本月"),
    "last_month": gettext_lazy("上月"),
    "quarter": gettext_lazy("本季度"),
}
CLOSED_LISTS: Final = frozenset({"all", *STATES}) - frozenset(OPEN_STATES)
"""States that only the ledger shows: there no clock orders the list, the latest received comes first."""
_NAMES: Final = PAGES["queue"][1]


def days_since(word: str, today: date) -> tuple[date, date] | None:
    """The first day of a span and the day after its last: weeks begin on Monday. None for an unknown word."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    quarter = first.replace(month=3 * ((today.month - 1) // 3) + 1)
    tomorrow = today + timedelta(days=1)
    spans = {
        "today": (today, tomorrow),
        "yesterday": (today - timedelta(days=1), today),
        "week": (monday, tomorrow),
        "last_week": (monday - timedelta(days=7), monday),
        "month": (first, tomorrow),
        "last_month": (before, first),
        "quarter": (quarter, tomorrow),
    }
    return spans.get(word)


class Asked:
    """The filters of an address, for a post. What it does not know or cannot read is left out, never an error."""

    def __init__(
        self, given: Mapping[str, Any], who: Acting, page: str, fixed: Filters | None = None, beside: Mapping[str, str] | None = None
    ) -> None:
        self.who, self.page, self.beside = who, page, dict(beside or {})
        self.said = {name: str(given[name])[:200] for name in _NAMES if given.get(name)}
        self.due = self.said.get("due", "") if self.said.get("due") in DUES else ""
        self.state = self.said.get("state", "")
        self.closed = self.state in CLOSED_LISTS
        self.filters = self._filters(fixed or Filters())
        self.title = _("全部工单") if self.state == "all" else _("工单队列")

    @property
    def query(self) -> str:
        """The filters, and what stands ``beside`` them, as the query of an address."""
        return urlencode({**self.said, **self.beside})

    @property
    def url(self) -> str:
        """The address of this very list."""
        return self.at(self.page)

    def at(self, page: str) -> str:
        """The same filters at another address."""
        return f"{page}?{self.query}" if self.query else page

    def only_open(self) -> Filters:
        """The filters for the ledger: a list that names no state is one of open cases."""
        return self.filters if self.closed else replace(self.filters, open=True)

    def place(self, line: Line) -> str:
        """Where a line of the ledger stands in this list, as the cursor of what follows it."""
        return line.cursor if self.closed else f"{line.due_at.isoformat() if line.due_at else NEVER}|{line.case_id}"

    def with_(self, **more: str) -> str:
        """This list with further parts in the address."""
        return f"{self.page}?{urlencode({**self.said, **self.beside, **more})}"

    def _filters(self, fixed: Filters) -> Filters:
        since, until = self._span()
        asked = replace(
            fixed,
            status=(self.state,) if self.state in STATES else fixed.status,
            record=fixed.record or self.said.get("record", ""),
            units=self._units(),
            category=self.said.get("category", ""),
            warning=self.said.get("warning", ""),
            household_code=self.said.get("household", ""),
            issue=self.said.get("issue", ""),
            mark=self.said.get("mark", ""),
            words=self.said.get("q", ""),
            received_from=since,
            received_until=until,
        )
        return asked

    def _units(self) -> frozenset[str] | None:
        if not (code := self.said.get("unit")):
            return None
        return frozenset(unit.code for unit in places.units(self.who.organisation_id).below(code))

    def _span(self) -> tuple[datetime | None, datetime | None]:
        days = days_since(self.said.get("since", ""), timezone.localdate())
        if days:
            return opening_of(days[0]), opening_of(days[1])
        first, last = _day(self.said.get("from", "")), _day(self.said.get("until", ""))
        return opening_of(first) if first else None, opening_of(last + timedelta(days=1)) if last else None

    def chosen(self) -> list[dict[str, str]]:
        """The filters in words, each with the address of the list without it."""
        labels = {field["name"]: dict(field["choices"]) for field in self.fields() if field["choices"]}
        found = []
        for name, value in self.said.items():
            rest = urlencode({one: said for one, said in {**self.said, **self.beside}.items() if one != name})
            label = str(labels.get(name, {}).get(value, value))
            found.append({"label": label, "without": f"{self.page}?{rest}" if rest else self.page})
        return found

    def fields(self) -> list[dict[str, Any]]:
        """The fields of the filter form with their choices and present values."""
        regulations = regulations_of(self.who.organisation_id, self._home(), timezone.now())
        categories = [(value.partition(":")[2], label) for value, label in classes_of(regulations, "category")]
        marks = marks_of(regulations)
        states = [("", _("未办结")), ("all", _("全部")), *STATE_WORDS.items()]
        return [
            self._field("q", _("关键字"), kind="search"),
            self._field("unit", self._unit_word(), [("", _("全部")), *self._unit_choices()]),
            self._field("record", _("类型"), [("", _("全部")), *records_of(regulations)]),
            *([self._field("category", _("类别"), [("", _("全部")), *dict(categories).items()])] if categories else []),
            self._field("state", _("状态"), states),
            *([self._field("mark", _("标记"), [("", _("全部")), *marks.items()])] if marks else []),
            self._field("warning", _("预警"), [("", _("全部")), *WARNING_LEVELS.items()]),
            self._field("due", _("到期"), [("", _("全部")), *DUES.items()]),
            self._field("since", _("受理时间"), [("", _("不限")), *SINCE.items()]),
        ]

    def _field(self, name: str, label: str, choices: list[tuple[str, Any]] | None = None, kind: str = "text") -> dict[str, Any]:
        return {"name": name, "label": label, "choices": choices or [], "type": kind, "value": self.said.get(name, "")}

    def _unit_word(self) -> str:
        return terms(self.who.organisation_id, self._home(), timezone.now())["unit"].capitalize()

    def _home(self) -> str:
        return self.said.get("unit") or (self.who.post.unit.code if self.who.post else "")

    def _unit_choices(self) -> list[tuple[str, str]]:
        names = places.tree(self.who.organisation_id).names
        return [(code, unit_word(self.who.organisation_id, code)) for code in names if code in self.who.codes]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if is_reckoned(found) else None
