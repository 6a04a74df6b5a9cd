"""Which fields the registration shows at once, and which stand behind “more that the regulations ask”; when that has to be opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django import forms

from huiyin.desk.cases.lifecycle import RECEIVED
from huiyin.faces.console.cases.taking import PREFIX
from huiyin.rulebook.classed import unclassed

if TYPE_CHECKING:
    from huiyin.faces.console.cases.intake import IntakeForm

MOST: Final = 6
"""So many fields at most are shown at once (users.md 1.3.1)."""
_OWN: Final = {"customer": "contact_name", "channel": "channel", "category": "category", "phone": "contact_phone", "household": "place"}
"""What regulations call the fields that the registration has of its own."""
_ALWAYS: Final = ("contact_phone", "place", "record", "story")


@dataclass(frozen=True, slots=True)
class Asked:
    """A field behind “more”. ``by`` are the kinds of record, and the acts, for which a rule in force demands it; ``on_dispatch``: only of a
    case that goes out at once."""

    field: forms.BoundField
    by: tuple[str, ...] = ()
    on_dispatch: bool = False

    def is_wanted(self, record: str, event: str, *, dispatch: bool) -> bool:
        """Whether a rule demands it of such a case and nothing is filled in."""
        return bool({record, event} & set(self.by)) and (dispatch or not self.on_dispatch) and not self.field.value()


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands where: the person's name and one choice of class if there is room, the rest behind “more”. ``demanded`` are the kinds of
    record that need that class when they go out at once."""

    name: forms.BoundField | None
    category: forms.BoundField | None
    demanded: tuple[str, ...]
    more: tuple[Asked, ...]
    open: bool


def layout_of(form: IntakeForm, *, one_unit: bool) -> Layout:
    """The layout of a registration under the regulations in force."""
    demanded, record = _demanded(form), str(form["record"].value() or "")
    event, dispatch = (
        str(form["event"].value() or "") if "event" in form.fields else "",
        bool(form["dispatch"].value()) and form.may_dispatch,
    )
    room = MOST - len(_ALWAYS) - (0 if one_unit else 1)
    category = _first_class(form, demanded, record)
    room -= category is not None
    name = form["contact_name"] if room > 0 else None
    shown = {*_ALWAYS, "unit", "urgent", "confidential", "dispatch", category.name if category else "", name.name if name else ""}
    more = tuple(
        Asked(form[one], demanded.get(one, ()), one.partition(".")[0] == "category") for one in _in_order(form.fields) if one not in shown
    )
    opens = any(one.field.errors or one.is_wanted(record, event, dispatch=dispatch) for one in more)
    return Layout(name, category, demanded.get(category.name, ()) if category else (), more, opens)


def _in_order(fields: Mapping[str, Any]) -> list[str]:
    """The fields that people know without asking a regulation come last: what a rule demands stands first."""
    last = ("wish", "channel")
    order = ["contact_name", *(one for one in fields if one not in ("contact_name", *last) and not one.startswith("channel."))]
    return [*order, *last, *(one for one in fields if one.startswith("channel."))]


def _first_class(form: IntakeForm, demanded: Mapping[str, tuple[str, ...]], record: str) -> forms.BoundField | None:
    """The one choice of class that every case needs: the only one, or of several that which a rule demands of the usual kind."""
    if "category" in form.fields:
        return form["category"] if form.fields["category"].choices else None  # type: ignore[attr-defined]
    return next((form[one] for one in form.fields if one.startswith("category.") and record in demanded.get(one, ())), None)


def _demanded(form: IntakeForm) -> dict[str, tuple[str, ...]]:
    """Field → the kinds of record and the acts for which a rule in force demands it."""
    found: dict[str, dict[str, None]] = {}
    stems = tuple(one.stem for one in form.taking.regulations)
    for record in RECEIVED:
        for one in unclassed(stems, record, frozenset()):
            name = f"category.{one.prefix}" if f"category.{one.prefix}" in form.fields else "category"
            found.setdefault(name, {})[record] = None
    usual = {event: record for record, event in RECEIVED.items()}
    for event, rules in form.taking.steps.items():
        for asked in (name for _, rule in rules for name in rule.requires):
            name = _OWN.get(asked, f"{PREFIX}{asked}")
            found.setdefault(name, {})[usual.get(event, event)] = None
    return {name: tuple(by) for name, by in found.items() if name in form.fields}
