"""Every address of the house, made from the URLconf: with the things of a drawer in it, and with things that nobody has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.lists.models import SavedView
from huiyin.desk.messaging.models import Message
from huiyin.desk.people.models import ApiKey, Resident, Staff
from huiyin.desk.qr_points.models import QrPoint
from huiyin.desk.robots.models import Robot
from tests.access.things import PROPOSED, PROPOSING, STANDARD
from tests.access.world import BOOK, HIDDEN_COLUMN, Drawer, a_row

ABSENT: Final[Mapping[str, Any]] = {
    "number": "TS0001010001", "letter": UUID(int=7), "entry": UUID(int=7), "appeal": UUID(int=7),
    "stem": "no_such_regulation", "move": "accept", "field": "contact_phone", "what": "withdraw",
    "line": UUID(int=7), "sheet": UUID(int=7), "matter": UUID(int=7), "code": "NOPE", "step": "hot_complaint_reported",
    "secret": "no-such-secret", "adoption": UUID(int=7), "case": UUID(int=7), "notice": UUID(int=7), "posting": UUID(int=7),
    "file": UUID(int=7), "attachment": UUID(int=7), "view": UUID(int=7),
    "upload": UUID(int=7), "brought": UUID(int=7),
    "staff": UUID(int=7), "place": UUID(int=7),
    "resident": UUID(int=7), "qr_point": UUID(int=7), "key": UUID(int=7), "channel": "pigeon",
    "robot": UUID(int=7),
}  # fmt: skip
EVERYBODYS: Final = frozenset({"clause", "clause-shown", "regulation", "adoption-plan", "adoption-adopt"})
"""Addresses that name something which is everybody's to read."""
ONES_OWN: Final = frozenset({"unit", "unit-step", "channel"})
"""Addresses that name a unit by its code, or a way out by its name, which says something else in each organisation: whose it is,
test_matters and test_channels ask."""
_KEPT: Final[Mapping[str, Callable[[Drawer], UUID]]] = {
    "staff": lambda drawer: Staff.objects.filter(posts__unit=drawer.unit).order_by("login")[0].pk,
    "place": lambda drawer: drawer.unit.pk,
    "resident": lambda drawer: Resident.objects.get(homes__household__unit=drawer.unit, name__startswith="端木").pk,
    "qr_point": lambda drawer: QrPoint.objects.get(unit=drawer.unit).pk,
    "robot": lambda drawer: Robot.objects.get(unit=drawer.unit).pk,
    "key": lambda drawer: ApiKey.objects.get(unit=drawer.unit, revoked_at=None).pk,
}
"""How the administrator's things are found in a drawer, by the name of the parameter."""
STEPS: Final = {"case-step": "approval_requested:GP-10.2.4c", "unit-step": "monthly_publication_issued"}


@dataclass(frozen=True)
class Address:
    """A named address and the parameters that its pattern takes."""

    name: str
    takes: tuple[str, ...]

    @property
    def names_a_thing(self) -> bool:
        """Whether it names something that belongs to somebody."""
        return bool(self.takes) and self.name.partition(":")[2] not in EVERYBODYS | ONES_OWN

    def of(self, drawer: Drawer) -> str:
        """The address of the drawer's thing."""
        return reverse(self.name, kwargs={one: _thing(self.name, one, drawer) for one in self.takes})

    def of_nobody(self) -> str:
        """The same address for a thing that does not exist."""
        return reverse(self.name, kwargs={one: ABSENT[one] for one in self.takes})


def every_address(face: str) -> list[Address]:
    """The addresses of a face (console, api), as the URLconf has them."""
    return sorted({one for one in _found(get_resolver()) if one.name.startswith(f"{face}:")}, key=lambda one: one.name)


def _found(resolver: URLResolver, space: str = "") -> Iterator[Address]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _found(one, f"{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern):
            yield Address(f"{space}{one.name}", tuple(sorted(one.pattern.converters)))


def _thing(name: str, parameter: str, drawer: Drawer) -> Any:
    if parameter == "number":
        kinds = {"warning": drawer.warning, "document": drawer.document, "clause": "GP-10.1.3.1"}
        return kinds.get(name.partition(":")[2].partition("-")[0], drawer.case.number)
    if parameter == "letter":
        return Message.objects.filter(organisation_id=drawer.unit.organisation_id, unit_code=drawer.unit.code).exclude(to_staff=None)[0].id
    if parameter == "view":
        return SavedView.objects.get(organisation_id=drawer.unit.organisation_id, shared_with=drawer.unit).pk
    if parameter == "step":
        return STEPS.get(name.partition(":")[2], ABSENT["step"])
    if parameter in _KEPT:
        return _KEPT[parameter](drawer)
    things = {"entry": drawer.entry.id, "appeal": drawer.appeal.id, "stem": "group_platform"}
    matters = {"inspection": drawer.things.inspection, "survey": drawer.things.survey}
    things |= {"matter": matters.get(name.partition(":")[2].partition("-")[0], drawer.matter)}
    things |= {"code": drawer.unit.code, "line": drawer.line, "sheet": drawer.sheet}
    if parameter == "adoption":
        return Adoption.objects.filter(organisation_id=drawer.unit.organisation_id)[0].id
    things |= {"case": drawer.case.id, "notice": drawer.notice, "file": drawer.things.file, "attachment": drawer.things.file}
    things |= {"channel": "email", "upload": drawer.things.upload, "brought": drawer.things.brought}
    if parameter == "field" and name.partition(":")[2] == "registers-unmask":
        return HIDDEN_COLUMN
    return things.get(parameter, ABSENT[parameter])


def told_to(name: str, drawer: Drawer) -> tuple[dict[str, str], dict[str, str]]:
    """The query and the form with which an address does something sensible with what is in the drawer."""
    now, unit = timezone.now(), drawer.unit.code
    week, day = f"{now:%G-W%V}", f"{timezone.localdate(now)}"
    queries = {"roster-day": {"unit": unit, "day": day}, "overview-list": {"figure": "open"}, "search": {"q": "5678"}}
    queries["cases-print"] = {"case": drawer.case.number}
    queries["report-list"] = {"unit": unit, "what": "received"}
    kept = {"unit": unit, "register": BOOK}
    queries |= {"inspection-evidence": {"unit": unit, "rule": PROPOSING}, "inspection-photo": {"photo": str(drawer.things.photo)}}
    queries["registers-case"] = {"register": "CR:work-information-book"}
    queries |= dict.fromkeys(("registers-list", "registers-export", "registers-template", "registers-print"), kept)
    forms = {
        "registers-add": kept | {f"v-{key}": value for key, value in a_row("某").items()}, "registers-bring": kept,
        "form-print": {"unit": unit, "form": "CP:special_report"},
        "inspection-open": {"unit": unit}, "inspection-find": {"clause": STANDARD},
        "inspection-reject": {"clause": PROPOSED, "rule": PROPOSING, "reason": "已改"},
        "inspection-withdraw": {"finding": str(drawer.things.finding), "reason": "看错"},
        "publication-draft": {"unit": unit, "period": f"{now:%Y-%m}"}, "publication-nothing": {"unit": unit, "period": f"{now:%Y-%m}"},
        "summary-make": {"unit": unit, "period": week}, "circular-publish": {"unit": "WY"}, "roster-sign": {"unit": unit, "act": "in"},
        "score-decide": {"decision": "upheld", "answer": "属实"}, "score-appeal": {"reason": "不属实"},
        "views": {"page": "queue", "name": "未办结", "record": "complaint"}, "view": {"do": "rename", "name": "改名"},
        "cases-together": {"move": "note", "case": drawer.case.number},
        "case-undo": {"fact": "1"}, "cases-together-undo": {"undo": f"{drawer.case.number}:1"},
        "topics-act": {"do": "undo", "case": drawer.case.number},
        "case-unmask": {"reason": "contact"}, "adoption-setting": {"number": "0"},
        "warning-verify": {"result": "confirmed"}, "case-words": {"mode": "internal", "text": "看过"},
        "channel": {"do": "off"}, "wishes": {"by_email": "all", "by_sms": "none"},
        "case-file-remove": {"why": "传错"}, "document-act": {"why": "有误"},
    }  # fmt: skip
    short = name.partition(":")[2]
    return queries.get(short, {}), forms.get(short, {})
