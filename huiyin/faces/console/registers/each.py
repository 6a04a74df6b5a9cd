"""A register that each unit of a kind keeps for itself: every such unit in reach, what its book holds, and what stands against it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse

from huiyin.core.subjects import thing_key
from huiyin.desk.cases.models import Mark
from huiyin.desk.facts.queries import thing_id
from huiyin.desk.registers import queries
from huiyin.desk.registers.queries import Book
from huiyin.faces.console.acts import address, unit_names
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import class_name


def rows(who: Acting, book: Book, codes: Collection[str]) -> list[dict[str, Any]]:
    """A row for each of the units; those of which the register's own clauses say that something is wrong stand first."""
    names = unit_names(who)
    kept = queries.kept_by_each(who.organisation_id, book, codes)
    marks = _marks(who, book, [one.unit for one in kept])
    found = [
        {
            "unit": names.get(one.unit, one.unit),
            "entries": one.entries,
            "open": one.still_open if book.rule.closes else None,
            "last_at": one.last_at,
            "marks": marks.get(one.unit, []),
            "url": address(reverse("console:registers-list"), unit=one.unit, register=book.key),
            "unit_url": reverse("console:unit", args=[one.unit]),
        }
        for one in kept
    ]
    return sorted(found, key=lambda row: not row["marks"])


def _marks(who: Acting, book: Book, codes: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By unit the marks that stand on the unit itself under a clause of the register."""
    ids = {thing_id(who.organisation_id, thing_key("unit", None, code)): code for code in codes}
    standing = Mark.objects.filter(organisation_id=who.organisation_id, case_id__in=ids, clause__in=book.rule.cites, ended_at=None)
    found: dict[str, list[dict[str, Any]]] = {}
    for one in standing.order_by("at", "key"):
        name = class_name("marks", one.mark, language(), book.regulation.stem)
        found.setdefault(ids[one.case_id], []).append({"name": name, "since": one.at, "clause": one.clause})
    return found
