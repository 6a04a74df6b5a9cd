"""What the assistant shows of a regulation before it is adopted: what it starts, where it meets those in force, what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.core.conflicts import counted
from huiyin.core.moments import BadText, opening_of
from huiyin.core.precedence import level_of
from huiyin.core.rules import Adopted, Regulation
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.people.access import does_something
from huiyin.desk.people.queries import holders
from huiyin.desk.places import queries as places
from huiyin.faces.console.adoptions import inputs
from huiyin.faces.console.adoptions.meeting import LEVELS, said
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook import settings
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import role_name

KINDS: Final = {
    "property_group": _("物业集团"),
    "property_company": _("物业公司"),
    "management_office": _("物业管理处"),
    "apartment_manager": _("公寓管理方"),
    "university": _("高校后勤"),
    "student_housing": _("学生公寓"),
}
OUTSIDE: Final = "outside"
WITHIN: Final[Mapping[str, tuple[str, ...]]] = {
    "property_group": ("property_company", "management_office"),
    "property_company": ("management_office",),
}
"""The kinds of organisation that one of a kind has within it: their regulations are adopted by its companies and offices."""
STARTS: Final = (
    ("ClockRule", _("时限")), ("DutyRule", _("周期职责")), ("RegisterRule", _("台账")), ("ApprovalRule", _("审批")),
    ("NoticeRule", _("通知")), ("MarkRule", _("认定")), ("PaperRule", _("文书")), ("PublicationRule", _("公布")),
    ("RefusalRule", _("禁止")), ("WarningRule", _("预警依据")), ("StandardRule", _("检查标准")), ("RetentionRule", _("保存")),
    ("RosterRule", _("值班排班")),
)  # fmt: skip


def entry(stem: str) -> dict[str, Any]:
    """A regulation as the assistant lists it: whom it is for, and how many of what it starts."""
    found = regulation(stem)
    counts = counted(found.rules)
    kind = str(found.source["organisation_kind"])
    return {
        "stem": stem,
        "title": said(found.title),
        "kind": kind,
        "kind_word": str(KINDS.get(kind, kind)),
        "version": str(found.source["version"]),
        "in_force_from": found.in_force_from,
        "clauses": len(found.clauses),
        "url": reverse("console:regulation", args=[stem]),
        "starts": [(str(label), counts[name]) for name, label in STARTS if counts.get(name)],
    }


def fitting(kind: str) -> list[dict[str, Any]]:
    """The regulations for this kind of organisation first, then those for the kinds within it, then the others; ``fits`` says which."""
    order = (kind, *WITHIN.get(kind, ()))
    listed = [one | {"fits": _fits(str(one["kind"]), kind)} for one in map(entry, stems())]
    return sorted(listed, key=lambda one: (order.index(one["kind"]) if one["kind"] in order else len(order), one["stem"]))


def _fits(own: str, kind: str) -> str:
    if own == kind:
        return str(_("适合"))
    return str(_("适合所辖%(kind)s")) % {"kind": KINDS[own]} if own in WITHIN.get(kind, ()) else ""


def draft(of: Regulation, unit: str, chosen: Mapping[str, Mapping[str, Any]]) -> Adopted:
    """The regulation as it would be adopted."""
    return Adopted(of, unit, load_workdays(), settings=chosen)


def unheld(who: Acting, of: Regulation, unit: str, day: date) -> list[str]:
    """The posts of the regulation's own people that nobody holds on the day for the unit or any below it: what is theirs would lie."""
    codes = [one.code for one in places.units(who.organisation_id).below(unit)]
    own = [role for role, level in of.role_levels.items() if level != OUTSIDE and does_something(role)]
    empty = [role for role in own if not any(holders(who.organisation_id, role, code, day) for code in codes)]
    return [role_name(role, language(), (of.stem,)) for role in empty]


def questions(stem: str, sent: QueryDict | None = None) -> list[dict[str, Any]]:
    """What the regulation leaves open, as the fields of the form: what is offered, and whether it has to be ticked to hold."""
    return [
        {
            "tick": f"take-{number}",
            "clause": one["clause"],
            "url": clause_url(one["clause"]),
            "label": one["zh" if language().startswith("zh") else "en"],
            "must_tick": settings.must_be_ticked(one),
            "ticked": bool(sent and sent.get(f"take-{number}")),
            "field": inputs.shown(
                stem, one, f"set-{number}", inputs.typed(one, sent, f"set-{number}") if sent is not None else settings.offered(one)
            ),
        }
        for number, one in enumerate(settings.declared(stem))
    ]


def chosen(stem: str, sent: QueryDict) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The settings that were chosen, by clause and key, and the sentences of what cannot be taken.

    A proposal that the text itself does not make is taken only where it is ticked; a value that is the default is left to it.
    """
    found: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    for number, one in enumerate(settings.declared(stem)):
        if settings.must_be_ticked(one) and not sent.get(f"take-{number}"):
            continue
        try:
            value = settings.read_setting(one, inputs.typed(one, sent, f"set-{number}"))
        except BadText as error:
            wrong.append(error.zh if language().startswith("zh") else error.en)
            continue
        if value not in (None, [], {}) and value != one["default"]:
            found.setdefault(one["clause"], {})[one["key"]] = value
    return found, wrong


def since_when(who: Acting, rows: Iterable[Adoption], day: date) -> list[dict[str, Any]]:
    """What is adopted since when, by whom and at which level, with the choices made; those that have ended last."""
    by_key = {(one.regulation.stem, one.unit, one.from_on): one for one in adopted_for(who.organisation_id, opening_of(day))}
    units = places.units(who.organisation_id)
    found = []
    for row in rows:
        held = by_key.get((row.regulation, row.unit.code, row.from_on))
        if held is not None:
            level = str(LEVELS[level_of(held, units)])
            found.append({"row": row, "title": said(held.regulation.title), "level": level, "settings": _made(row, held), "held": held})
    return sorted(found, key=lambda one: (one["row"].until_on is not None and one["row"].until_on < day, one["row"].from_on))


def _made(row: Adoption, held: Adopted) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            "clause": one["clause"],
            "url": clause_url(one["clause"]),
            "label": one["zh" if language().startswith("zh") else "en"],
            "field": inputs.shown(
                row.regulation,
                one,
                "value",
                settings.offered({**one, "default": held.setting(one["clause"], one["key"])}),
                f"v-{row.pk}-{number}",
            ),
            "history": [
                {"from_on": each["from_on"], "said": settings.said(row.regulation, one, each["value"], language())}
                for each in row.settings
                if (each["clause"], each["key"]) == (one["clause"], one["key"])
            ],
        }
        for number, one in enumerate(settings.declared(row.regulation))
    ]
