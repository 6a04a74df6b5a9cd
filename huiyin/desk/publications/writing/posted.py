"""The public page of a unit: what it has made public to its customers by the outlet that the regulation calls its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huiyin.core.questions import values_of
from huiyin.core.rules import Adopted, PublicationRule, RegisterRule
from huiyin.desk.adoptions.queries import adopted_for
from huiyin.desk.facts.models import Fact
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries as registers
from huiyin.desk.registers.columns.values import show_value

MOST: Final = 12
_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Posted:
    """One publication: under which rule, of which unit and period, when, in which words; and the entries that it lists."""

    rule: PublicationRule
    unit: str
    period: str
    at: datetime
    text: str
    columns: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence[str]] = ()


def of_code(organisation: str, code: str) -> Unit | None:
    """The unit with this code of the organisation with that one; None where there is none that is open."""
    return Unit.objects.filter(organisation__code=organisation, code=code, open=True).select_related("organisation").first()


def posted(unit: Unit, at: datetime, *, chinese: bool) -> list[Posted]:
    """What the unit and those above it have made public on their page, as it stands: of each period the last word, the latest first."""
    path = places.units(unit.organisation_id).path(unit.code)
    found: list[Posted] = []
    for adopted in adopted_for(unit.organisation_id, at):
        rules = [rule for rule in adopted.regulation.rules if isinstance(rule, PublicationRule) and rule.page]
        if adopted.unit in path and rules:
            found += [one for rule in rules for one in _of_rule(adopted, rule, unit, path, chinese=chinese)]
    return found


def has_page(unit: Unit, at: datetime) -> bool:
    """Whether anything stands on the page of the unit."""
    return bool(posted(unit, at, chinese=True))


def _of_rule(adopted: Adopted, rule: PublicationRule, unit: Unit, path: Sequence[str], *, chinese: bool) -> list[Posted]:
    facts = Fact.objects.filter(
        organisation_id=unit.organisation_id, unit_code__in=path, case_id=None, event=rule.on, derived=False
    ).order_by("-at", "-number")[:_LOOKED_AT]
    latest: dict[tuple[str, str], Posted | None] = {}
    columns, rows = _listed(adopted, rule, unit, path, chinese=chinese)
    for fact in facts:
        details = fact.details
        period = str(details.get("period") or "") if not rule.lists else ""
        if str(details.get("audience") or rule.audience) != rule.audience or (fact.unit_code, period) in latest:
            continue
        # Made public otherwise since: what stood on the page before is no longer the last word.
        here = rule.page in values_of(details.get("outlets"))
        text = str(details.get("text") or "")
        latest[fact.unit_code, period] = Posted(rule, fact.unit_code, period, fact.at, text, columns, rows) if here else None
    return [one for one in latest.values() if one is not None][:MOST]


def _listed(
    adopted: Adopted, rule: PublicationRule, unit: Unit, path: Sequence[str], *, chinese: bool
) -> tuple[list[tuple[str, str]], list[list[str]]]:
    """The columns and entries of the register that goes out with it; without those that are about another place."""
    register = adopted.regulation.by_id.get(rule.lists)
    if not isinstance(register, RegisterRule):
        return [], []
    wanted = registers.Filter(register=f"{adopted.regulation.prefix}:{rule.lists}", units=frozenset(path), open_only=True)
    entries = [one for one in registers.find(unit.organisation_id, wanted).order_by("at", "number") if _is_here(one.values, rule, unit)]
    shown = [field for field in register.fields if any(one.values.get(field.key) for one in entries)]
    names = [(field.name[0], field.name[1]) for field in shown]
    return names, [[show_value(field, one.values.get(field.key), chinese=chinese) for field in shown] for one in entries]


def _is_here(values: Mapping[str, str], rule: PublicationRule, unit: Unit) -> bool:
    """Whether the entry belongs on the page of the unit: it names no place, this one, or the unit is none of the places."""
    named = values.get(rule.place, "") if rule.place else ""
    return not named or unit.kind != rule.place or named in (unit.name, unit.name_en)
