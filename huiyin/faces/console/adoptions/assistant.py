"""What the assistant shows of a regulation before it is adopted: what it starts, where it meets those in force, what it leaves open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.core.conflicts import Conflict, Side, conflicts, counted
from huiyin.core.moments import BadText, opening_of
from huiyin.core.precedence import level_of
from huiyin.core.rules import Adopted, Regulation
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.faces.console.adoptions import inputs
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.parts.guard import Acting
from huiyin.rehearsal.past import Comparison, compare
from huiyin.rehearsal.stored import numbers_of, past_of
from huiyin.rulebook import settings
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.meetings import meetings
from huiyin.rulebook.text import clauses as texts
from huiyin.rulebook.words import class_name, detail_name, event_name, limit_words

MOST_FACTS: Final = 20_000
KINDS: Final = {
    "property_group": _("物业集团"),
    "property_company": _("物业公司"),
    "management_office": _("物业管理处"),
    "apartment_manager": _("公寓管理方"),
    "university": _("高校后勤"),
    "student_housing": _("学生公寓"),
}
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
LEVELS: Final = {"group": _("集团"), "company": _("公司"), "branch": _("分公司"), "unit": _("单位")}
CONFLICTS: Final = {"limit": _("时限"), "duty": _("周期职责"), "mark": _("认定")}
BINDS: Final = {"new": _("新采用的"), "standing": _("已采用的"), "both": _("两者各自有效"), "earlier": _("逐单看，先到期者")}
WHY: Final = {
    "level": _("集团规定优先于公司规定，公司规定优先于单位规定"),
    "stricter": _("同级规定以更严者为准"),
    "each": _("同级的周期职责各按其日办理"),
    "own": _("各制度分别认定，互不换算"),
}
WHAT: Final = {"limit": _("时限"), "lateness": _("超时"), "warning": _("预警"), "points": _("扣分"), "refusal": _("拒绝")}


def entry(stem: str) -> dict[str, Any]:
    """A regulation as the assistant lists it: whom it is for, and how many of what it starts."""
    found = regulation(stem)
    counts = counted(found.rules)
    kind = str(found.source["organisation_kind"])
    return {
        "stem": stem,
        "title": _said(found.title),
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


def _said(words: tuple[str, str]) -> str:
    return words[0 if language().startswith("zh") else 1]


def standing(who: Acting, day: date) -> tuple[Adopted, ...]:
    """What is adopted anywhere in the organisation and has not ended on the day."""
    found = adopted_for(who.organisation_id, opening_of(day))
    return tuple(one for one in found if one.until_on is None or day <= one.until_on)


def held(who: Acting, day: date) -> set[str]:
    """The stems of what is adopted anywhere in the organisation on the day."""
    return {one.regulation.stem for one in standing(who, day)}


def draft(of: Regulation, unit: str, chosen: Mapping[str, Mapping[str, Any]]) -> Adopted:
    """The regulation as it would be adopted."""
    return Adopted(of, unit, load_workdays(), settings=chosen)


def meets(who: Acting, new: Adopted, day: date) -> list[dict[str, Any]]:
    """Where the new regulation and one in force say different things: both clauses, both values, which binds and why."""
    units = places.units(who.organisation_id)
    return [_conflict(who, one) for one in conflicts(new, standing(who, day), units)]


def matters(adopted: Iterable[str], of: str = "") -> list[dict[str, Any]]:
    """The matters on which regulations of these stems meet (those of the one ``of`` only, where it is named): clauses and what holds."""
    names = sorted(set(adopted), key=lambda stem: (stem != of, stem))
    titles = {stem: _said(regulation(stem).title) for stem in names}
    found = ((one, one.among(names)) for one in meetings())
    return [
        {
            "name": _said(one.name),
            "how": _said(one.how),
            "sides": [{"title": titles[stem], "clauses": _named(stem, sides[stem])} for stem in names if stem in sides],
        }
        for one, sides in found
        if sides and (not of or of in sides)
    ]


def _named(stem: str, numbers: Iterable[str]) -> list[dict[str, str]]:
    names = {one.id: one.name(language()) for one in texts(stem)}
    return [{"clause": one, "url": clause_url(one), "name": names[one]} for one in numbers]


def _conflict(who: Acting, one: Conflict) -> dict[str, Any]:
    units = places.units(who.organisation_id)
    stem = one.new.adopted.regulation.stem
    matter = class_name("marks", one.matter, language(), stem) if one.kind == "mark" else event_name(one.matter, language())
    sides = [_side(side, one.kind) | {"level": str(LEVELS[level_of(side.adopted, units)])} for side in (one.new, one.standing)]
    return {
        "kind": str(CONFLICTS[one.kind]),
        "matter": matter,
        "new": sides[0],
        "standing": sides[1] | {"unit": unit_word(who.organisation_id, one.standing.adopted.unit)},
        "binds": str(BINDS[one.binds]),
        "why": str(WHY[one.why]),
    }


def _side(side: Side, kind: str) -> dict[str, Any]:
    value = " / ".join(event_name(part, language()) for part in side.value.split(" / ")) if kind == "mark" else _value(side.value)
    return {
        "clause": side.clause,
        "url": clause_url(side.clause),
        "title": _said(side.adopted.regulation.title),
        "name": _said(side.rule.name),
        "value": value,
    }


def _value(text: str) -> str:
    named = limit_words(text, language())
    return detail_name(text, language()) if named == text else named


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


def rehearse(who: Acting, new: Adopted, days: int, now: datetime) -> dict[str, Any]:
    """The past of so many days replayed with and without the new regulation: every change by unit and clause, with its cases.

    Raises BadText where there are more facts than a page can replay.
    """
    units = places.units(who.organisation_id)
    facts = past_of(who.organisation_id, now - timedelta(days=days), now)
    if len(facts) > MOST_FACTS:
        raise BadText(
            f"found {len(facts)} facts in {days} days, expected at most {MOST_FACTS}; choose fewer days or use huiyin rehearse --past",
            f"{days}天内有{len(facts)}条记录，页面最多试算{MOST_FACTS}条；请缩短天数，或用命令 huiyin rehearse --past",
        )
    before = adopted_for(who.organisation_id, now)
    kept = tuple(one for one in before if (one.regulation.stem, one.unit) != (new.regulation.stem, new.unit))
    return _compared(who, compare(facts, units, before, (*kept, replace(new, from_on=None)), now), who.organisation_id)


def _compared(who: Acting, found: Comparison, organisation_id: UUID) -> dict[str, Any]:
    numbers = numbers_of(organisation_id)
    changes = [
        {
            "unit": unit_word(organisation_id, one.unit) if one.unit else "--",
            "clause": one.clause,
            "url": clause_url(one.clause),
            "what": str(WHAT[one.what]),
            "before": one.before,
            "after": one.after,
            "cases": [numbers[case] for case in one.cases if case in numbers][:5],
            "more": max(0, len(one.cases) - 5),
        }
        for one in found.changes
        if not one.unit or one.unit in who.codes
    ]
    return {"facts": found.facts, "cases": found.cases, "changes": changes}


def since_when(who: Acting, rows: Iterable[Adoption], day: date) -> list[dict[str, Any]]:
    """What is adopted since when, by whom and at which level, with the choices made; those that have ended last."""
    by_key = {(one.regulation.stem, one.unit, one.from_on): one for one in adopted_for(who.organisation_id, opening_of(day))}
    units = places.units(who.organisation_id)
    found = []
    for row in rows:
        held = by_key.get((row.regulation, row.unit.code, row.from_on))
        if held is not None:
            level = str(LEVELS[level_of(held, units)])
            found.append({"row": row, "title": _said(held.regulation.title), "level": level, "settings": _made(row, held), "held": held})
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
