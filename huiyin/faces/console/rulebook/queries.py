"""What the pages of the regulations show, gathered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from huiyin.core.rules import Honour, Regulation, Rule
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.adoptions.queries import settings_on
from huiyin.faces.console.rulebook import posts, readings, seen
from huiyin.faces.console.rulebook.names import either, joined, level_name
from huiyin.faces.console.rulebook.says import Told, duties_of_role, tell
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook import settings, words
from huiyin.rulebook.coverage import clauses_of
from huiyin.rulebook.showing import covered
from huiyin.rulebook.text import Clause, clauses

HONOURS = {
    "page": _("页面"), "role": _("岗位"), "register": _("台账"), "report": _("统计"), "form": _("表单"),
    "workflow": _("流程"), "calendar": _("日历"), "setting": _("设定"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A rule in words, the page on which it is at work, and the list of what it has left; empty where the post may not open them."""

    told: Told
    url: str
    records_url: str


@dataclass(frozen=True, slots=True)
class Honoured:
    """How a clause is honoured without a rule of its own: by what, its name, and the page where one sees it."""

    kind: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A clause as the page shows it, with its rules, what else honours it, what shows it, and what it leaves open."""

    clause: Clause
    name: str
    words: str
    reading: str
    rules: tuple[Seen, ...]
    honours: tuple[Honoured, ...]
    shown: tuple[str, ...]
    settings: tuple[dict[str, Any], ...]
    documents: tuple[dict[str, Any], ...] = field(default=())
    entered: tuple[dict[str, Any], ...] = field(default=())


def rows(of: Regulation, who: Acting, day: date) -> list[Row]:
    """Every clause of the regulation in the order of the original."""
    language, by_clause = get_language() or "zh-hans", _rules_by_clause(of, who)
    shown, left_open = covered(of.stem), settings_of(of, who.organisation_id, day)
    entered = readings.entered(who.organisation_id)
    return [
        Row(
            clause=clause,
            name=clause.name(language),
            words=clause.words(language),
            reading=clause.reading(language),
            rules=tuple(by_clause.get(clause.id, ())),
            honours=tuple(_honoured(honour, of, who) for honour in of.honours if clause.id in honour.cites),
            shown=shown[clause.id].shown if clause.id in shown else (),
            settings=tuple(one for one in left_open if one["clause"] == clause.id),
            documents=tuple(one for one in named_documents(of) if one["clause"] == clause.id),
            entered=tuple(one | {"role": words.role_name(one["role"], language, (of.stem,))} for one in entered.get(clause.id, ())),
        )
        for clause in clauses(of.stem)
    ]


def _rules_by_clause(of: Regulation, who: Acting) -> dict[str, list[Seen]]:
    adopted = bool(adoptions_of(of, who.organisation_id))
    found: dict[str, list[Seen]] = {}
    for rule in of.rules:
        told = _seen(rule, of, who, adopted=adopted)
        for clause in dict.fromkeys(clauses_of(rule)):
            found.setdefault(clause, []).append(told)
    return found


def _seen(rule: Rule, of: Regulation, who: Acting, *, adopted: bool) -> Seen:
    """Of a regulation that nobody follows there is nothing to be seen yet but its words."""
    return Seen(tell(rule, of), *((seen.page_of(rule, of, who), seen.records_of(rule, of, who)) if adopted else ("", "")))


def _honoured(honour: Honour, of: Regulation, who: Acting) -> Honoured:
    return Honoured(str(HONOURS.get(honour.kind, honour.kind)), either(honour.name), seen.page_of_honour(honour, of, who))


def named_documents(of: Regulation) -> list[dict[str, Any]]:
    """The documents that the regulation leans on: name, clause, and whether a copy is attached."""
    return [
        {"name": either(one), "clause": one["clause"], "attached": one["attached"] == "true"}
        for one in of.source.get("documents_named", ())
    ]


def adoptions_of(of: Regulation, organisation_id: UUID) -> list[Adoption]:
    """Who in the organisation follows the regulation, from when to when; the earliest first."""
    found = Adoption.objects.filter(organisation_id=organisation_id, regulation=of.stem)
    return list(found.select_related("unit").order_by("from_on", "id"))


def settings_of(of: Regulation, organisation_id: UUID, day: date) -> list[dict[str, Any]]:
    """What the text leaves open: its name, what holds by itself, and what each adopting unit has chosen on the day."""
    adopted = adoptions_of(of, organisation_id)
    standing = [(adoption.unit.name, settings_on(adoption.settings, day)) for adoption in adopted]
    return [
        {
            "clause": one["clause"],
            "name": either(one),
            "default": _value(of, one, one["default"]),
            "chosen": [(unit, _value(of, one, chosen[one["clause"]][one["key"]])) for unit, chosen in standing
                       if one["key"] in chosen.get(one["clause"], {})],
        }
        for one in of.source.get("settings", ())
    ]  # fmt: skip


def _value(of: Regulation, one: Mapping[str, Any], value: Any) -> str:
    return gettext("未设定") if value in (None, []) else settings.said(of.stem, one, value, get_language() or "zh-hans")


def duties_by_level(of: Regulation, who: Acting, day: date) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """For each level, from the top, its roles with who holds them and what each has to do."""
    adopters = [one.unit.code for one in adoptions_of(of, who.organisation_id)]
    held = posts.held(of, adopters, who, day)
    for level in dict.fromkeys(of.role_levels.values()):
        yield level_name(level), [_role(of, role) | {"held": held.get(role, [])} for role, own in of.role_levels.items() if own == level]


def _role(of: Regulation, role: str) -> dict[str, Any]:
    grouped: dict[str, list[Told]] = {}
    for as_what, told in duties_of_role(of, role):
        grouped.setdefault(as_what, []).append(told)
    stands_in = joined(either(of.role_names[one]) for one in of.stands_in[role])
    return {"key": role, "name": either(of.role_names[role]), "stands_in": stands_in, "duties": grouped}
