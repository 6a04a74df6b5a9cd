"""The input that fits each thing that a regulation leaves open: a number with its unit, posts to tick, an amount for each, a choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from huiyin.core.limits import LARGEST_NUMBER
from huiyin.faces.console.cases.words import language
from huiyin.rulebook import settings

DAYS: Final = "days"
_SHAPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("limit", "keeping"), "span"),
    **dict.fromkeys(("number", "percent", "day_of_month", "year"), "number"),
    **dict.fromkeys(("role", "choice", "calendar", "flag"), "select"),
    **dict.fromkeys(("list", "texts", "issue_codes"), "lines"),
    "roles": "several",
    "limits": "amounts",
    "text": "text",
}
BOUNDS: Final = {"number": (0, 1_000_000), "percent": (1, 100), "day_of_month": (1, 31), "year": (2000, 2100)}


def _shape(one: Mapping[str, Any]) -> str:
    if one["kind"] == "period":
        return "select" if one.get("choices") else "period"
    return _SHAPES[str(one["kind"])]


def shown(stem: str, one: Mapping[str, Any], name: str, text: str, ident: str = "") -> dict[str, Any]:
    """The input called ``name`` that holds ``text``, as the template ``_setting.html`` draws it; ``ident`` where several have the name."""
    shape = _shape(one)
    lines = text.splitlines()
    field: dict[str, Any] = {
        "name": name,
        "id": ident or name,
        "shape": shape,
        "value": text,
        "choices": settings.choices(stem, one, language()),
    }
    if shape == "span":
        number, unit = ("", text) if text == settings.SAME_DAY else (text.rpartition(" ")[0], text.rpartition(" ")[2])
        return field | {"number": number, "unit": unit, "units": settings.units(one, language()), "most": max(LARGEST_NUMBER.values())}
    if shape == "period":
        number = text.removesuffix(f" {DAYS}") if text.endswith(f" {DAYS}") else ""
        choices = [*settings.periods(language()), (DAYS, _("每若干日"))]
        return field | {"number": number, "value": DAYS if number else text, "choices": choices, "most": max(LARGEST_NUMBER.values())}
    if shape == "several":
        return field | {"ticked": [key for key, _name in field["choices"] if key in lines]}
    if shape == "amounts":
        given = {role: amount.strip() for role, _sign, amount in (line.partition(":") for line in lines)}
        return field | {"rows": [(key, word, given.get(key, "")) for key, word in field["choices"]]}
    if shape == "number":
        least, most = BOUNDS[str(one["kind"])]
        return field | {"least": least, "most": most, "percent": one["kind"] == "percent"}
    return field


def typed(one: Mapping[str, Any], sent: QueryDict, name: str) -> str:
    """What was typed into the input, as the one text that ``settings.read_setting`` reads; empty where nothing was."""
    shape, value = _shape(one), sent.get(name, "").strip()
    if shape == "span":
        unit = sent.get(f"{name}-unit", "")
        return unit if unit == settings.SAME_DAY else f"{value} {unit}".strip() if value else ""
    if shape == "period" and value == DAYS:
        return f"{sent.get(f'{name}-days', '').strip()} {DAYS}"
    if shape == "several":
        return "\n".join(sent.getlist(name))
    if shape == "amounts":
        amounts = ((role, sent.get(f"{name}-{role}", "").strip()) for role in one["roles"])
        return "\n".join(f"{role}: {amount}" for role, amount in amounts if amount)
    return value
