"""The forms that regulations declare, and what stands on each when it is printed for a case, a thing, or a unit and period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from huiyin.core.moments import BadText
from huiyin.core.rules import ClockRule, DutyRule, IndicatorRule, PaperRule, RegisterRule, Regulation, StandardRule, Words
from huiyin.desk.documents.papers.known import KNOWN_OF_CASES, Known
from huiyin.rulebook.words import limit_words, regulation_of

EMPTY_ROWS: Final = 8
"""So many rows a list has at least, to be filled in by hand."""
_LONG: Final = 18
_HEIGHT: Final = 14
_SIGNERS: Final = ("填表人", "负责人")
_SHORT_ENDINGS: Final = ("_at", "_on", "_by", "_yuan", "_date", "_time")
_SHORT: Final = frozenset(
    {
        "number", "channel", "class", "severity", "state", "period", "quarter", "month", "day", "date", "time", "version", "phone",
        "contact", "household", "recorder", "count", "new", "open", "closed", "place", "name", "resident", "customer", "complainant",
        "student", "resident_name", "dwelling_unit", "resident_unit", "department", "taking_department", "handling_department", "card",
        "entry", "holder", "on", "building", "school", "leader", "return_rate", "sample", "record", "source", "passed_to",
        "complainant_kind", "unit_head",
    }
)  # fmt: skip
"""Columns that half a line is enough for."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its regulation declares it: its key ("CR:activity_plan"), clause, names, fields (key, names), and the number of the
    regulation's own forms, where it gives one. ``about`` is the kind of thing that it is filled in for; ``listing`` says that it is a
    running list: for a unit and period it has a row for each case or entry.
    """

    key: str
    clause: str
    name: Words
    fields: tuple[tuple[str, Words], ...]
    regulation: Regulation
    about: str
    listing: bool
    number: str = ""


def forms_of(found: Regulation) -> tuple[Form, ...]:
    """The forms that the regulation declares, in its own order."""
    return tuple(_form(found, one) for one in found.source.get("forms", ()))


def _form(found: Regulation, told: Mapping[str, Any]) -> Form:
    about = next((rule.about for rule in found.rules if isinstance(rule, PaperRule) and rule.form == told["key"]), "case")
    fields = tuple((str(one["key"]), (str(one["zh"]), str(one["en"]))) for one in told["fields"])
    lists = any(isinstance(rule, RegisterRule | DutyRule) and told["clause"] in rule.cites for rule in found.rules)
    return Form(
        key=f"{found.prefix}:{told['key']}",
        clause=str(told["clause"]),
        name=(str(told["zh"]), str(told["en"])),
        fields=fields,
        regulation=found,
        about=about,
        listing=lists and sum(key in KNOWN_OF_CASES for key, _ in fields) > 1,
        number=str(told.get("number", "")),
    )


def form_named(key: str) -> Form:
    """The form by its key. Raises BadText for a key that no regulation declares."""
    found = regulation_of(key)
    form = next((one for one in forms_of(found) if one.key == key), None) if found else None
    if form is None:
        raise BadText(
            f"found the form {key[:80]!r}, expected one such as XY:activity_plan; choose one of those that the regulations declare",
            f"没有“{key[:80]}”这张表单；请从制度所列的表单中选择",
        )
    return form


def fill(form: Form, known: Known, given: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """What stands on the form: a paper as ``declared.typ`` takes it.

    ``known`` is what the records tell, ``given`` what a register's entry tells of the same, ``rows`` the entries of a list (else its rows
    are the cases of the unit's period). What nobody knows is room to write.
    """
    lists = form.listing and known.of_unit
    own_rows = _rows_of_rules(form, known) if known.of_unit or form.about == "inspection" else []
    in_rows = set(own_rows[0]) if own_rows else KNOWN_OF_CASES if lists else set()
    listed = [(key, name) for key, name in form.fields if key in in_rows and (own_rows or key not in known.values)]
    columns = {key for key, _ in listed}
    fields = [_box(key, name, given.get(key) or known.value(key, name[0])) for key, name in form.fields if key not in columns]
    signed = [name[0] for key, name in form.fields if _is_signature(key) and key not in columns]
    body: Sequence[Mapping[str, str]] = own_rows or rows or (known.cases if lists else ())
    return {
        "code": form.number or form.clause,
        "revision": "A/0",
        "title": form.name[0],
        "number": known.number,
        "unit": known.unit,
        "lead": known.lead,
        "fields": [one for one in fields if one is not None],
        "columns": [name[0] for _, name in listed],
        "rows": _padded([[row.get(key, "") for key, _ in listed] for row in body], len(listed)),
        "signatures": [{"label": label, "name": "", "at": ""} for label in signed or _SIGNERS],
        "seal": known.of_unit or known.of_thing,
        "notes": [f"依据：{form.clause} {form.regulation.title[0]}"],
    }


def _padded(rows: list[list[str]], width: int) -> list[list[str]]:
    return [*rows, *([""] * width for _ in range(EMPTY_ROWS - len(rows)))] if width else []


def _is_signature(key: str) -> bool:
    return key.endswith("signature")


def _box(key: str, name: Words, text: str) -> dict[str, Any] | None:
    if _is_signature(key):
        return None
    short = key in _SHORT or key.endswith(_SHORT_ENDINGS)
    wide = not short or len(text) > _LONG
    return {"label": name[0], "text": text, "wide": wide, "tall": 0 if text or not wide else _HEIGHT}


def _rows_of_rules(form: Form, known: Known) -> list[dict[str, str]]:
    """The rows of a form that lists what the regulation itself says: the standards of an inspection, the limits of handling."""
    keys = {key for key, _ in form.fields}
    if {"standard", "deduction"} <= keys:
        return _standards(form.regulation, known)
    if keys == {"type", "time", "remark"}:
        limits = [one for one in form.regulation.rules if isinstance(one, ClockRule) and one.within is not None]
        return [{"type": one.name[0], "time": limit_words(str(one.within), "zh"), "remark": one.cites[0]} for one in limits]
    return []


def _standards(found: Regulation, known: Known) -> list[dict[str, str]]:
    levels = {rule.cites[0]: rule.name[0] for rule in found.rules if isinstance(rule, IndicatorRule)}
    return [
        {
            "level1": levels.get(rule.indicator, ""),
            "level2": "",
            "level3": rule.cites[0],
            "standard": rule.name[0],
            "method": rule.check[0],
            "deduction": _deduction(rule),
            "finding": "",
            "points": known.figures.get(rule.cites[0], ""),
        }
        for rule in found.rules
        if isinstance(rule, StandardRule)
    ]


def _deduction(rule: StandardRule) -> str:
    each = "每处" if rule.per_occurrence else ""
    most = f"，最多{rule.cap.normalize():f}分" if rule.cap is not None else ""
    return f"{each}扣{rule.points.normalize():f}分{most}"


def printed(papers: Sequence[Mapping[str, Any]], by: str, at_words: str) -> dict[str, Any]:
    """Papers as ``declared.typ`` takes them: one document, with who prints it and when."""
    title = papers[0]["title"] if papers else ""
    foot = {"by": by, "at": at_words, "count": None}
    return {"title": title, "papers": [*papers], "printed": foot}
