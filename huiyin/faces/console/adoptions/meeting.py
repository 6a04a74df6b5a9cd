"""Where a regulation meets those in force: what they say differently, and which matters they share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from huiyin.core.conflicts import MARK, Conflict, Side, conflicts
from huiyin.core.moments import opening_of
from huiyin.core.precedence import level_of
from huiyin.core.rules import Adopted
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.shown import clause_url
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.load import regulation
from huiyin.rulebook.meetings import meetings
from huiyin.rulebook.text import clauses as texts
from huiyin.rulebook.words import class_name, detail_name, event_name, limit_words

LEVELS: Final = {"group": _("集团"), "company": _("公司"), "branch": _("分公司"), "unit": _("单位")}
CONFLICTS: Final = {"limit": _("时限"), "duty": _("周期职责"), "mark": _("认定")}
BINDS: Final = {"new": _("新采用的"), "standing": _("已采用的"), "both": _("两者各自有效"), "earlier": _("逐单看，先到期者")}
WHY: Final = {
    "level": _("集团规定优先于公司规定，公司规定优先于单位规定"),
    "stricter": _("同级规定以更严者为准"),
    "each": _("同级的周期职责各按其日办理"),
    "own": _("各制度分别认定，互不换算"),
}


def said(words: tuple[str, str]) -> str:
    """The words of the pair in the language in use."""
    return words[0 if language().startswith("zh") else 1]


def standing(who: Acting, day: date) -> tuple[Adopted, ...]:
    """What is adopted anywhere in the organisation and has not ended on the day."""
    found = adopted_for(who.organisation_id, opening_of(day))
    return tuple(one for one in found if one.until_on is None or day <= one.until_on)


def held(who: Acting, day: date) -> set[str]:
    """The stems of what is adopted anywhere in the organisation on the day."""
    return {one.regulation.stem for one in standing(who, day)}


def meets(who: Acting, new: Adopted, day: date) -> list[dict[str, Any]]:
    """Where the new regulation and those in force on the day say different things: both sides, which binds and why; a row for each limit
    or duty of the new one and each verdict, and one for all the ways in which a class of the same name comes about."""
    units = places.units(who.organisation_id)
    rows: dict[tuple[str, ...], list[Conflict]] = {}
    for one in conflicts(new, standing(who, day), units):
        own = () if one.kind == MARK else (one.new.rule.id, one.binds, one.why)
        rows.setdefault((one.kind, one.matter, *sorted(one.to), *own), []).append(one)
    return [_row(who, together) for together in rows.values()]


def _row(who: Acting, together: Sequence[Conflict]) -> dict[str, Any]:
    first = together[0]
    stem = first.new.adopted.regulation.stem
    theirs: dict[tuple[str, str], list[Side]] = {}
    for one in together:
        theirs.setdefault((one.standing.adopted.regulation.stem, one.standing.adopted.unit), []).append(one.standing)
    return {
        "kind": str(CONFLICTS[first.kind]),
        "matter": class_name("marks", first.matter, language(), stem) if first.kind == MARK else event_name(first.matter, language()),
        "new": _sides((one.new for one in together), first.kind),
        "standing": [_regulation(who, sides, first.kind) for sides in theirs.values()],
        "binds": str(BINDS[first.binds]),
        "why": str(WHY[first.why]),
    }


def _regulation(who: Acting, sides: Sequence[Side], kind: str) -> dict[str, Any]:
    adopted = sides[0].adopted
    return {
        "title": said(adopted.regulation.title),
        "unit": unit_word(who.organisation_id, adopted.unit),
        "level": str(LEVELS[level_of(adopted, places.units(who.organisation_id))]),
        "sides": _sides(sides, kind),
    }


def _sides(sides: Iterable[Side], kind: str) -> list[dict[str, Any]]:
    once = {(one.adopted.unit, one.rule.id): one for one in sides}
    return [
        {
            "clause": one.clause,
            "url": clause_url(one.clause),
            "name": said(one.rule.name),
            "value": "" if kind == MARK else _value(one.value),
        }
        for one in once.values()
    ]


def _value(text: str) -> str:
    named = limit_words(text, language())
    return detail_name(text, language()) if named == text else named


def matters(adopted: Iterable[str], of: str = "") -> list[dict[str, Any]]:
    """The matters on which regulations of these stems meet (those of the one ``of`` only, where it is named): clauses and what holds."""
    names = sorted(set(adopted), key=lambda stem: (stem != of, stem))
    titles = {stem: said(regulation(stem).title) for stem in names}
    found = ((one, one.among(names)) for one in meetings())
    return [
        {
            "name": said(one.name),
            "how": said(one.how),
            "sides": [{"title": titles[stem], "clauses": _named(stem, sides[stem])} for stem in names if stem in sides],
        }
        for one, sides in found
        if sides and (not of or of in sides)
    ]


def _named(stem: str, numbers: Iterable[str]) -> list[dict[str, str]]:
    names = {one.id: one.name(language()) for one in texts(stem)}
    return [{"clause": one, "url": clause_url(one), "name": names[one]} for one in numbers]
