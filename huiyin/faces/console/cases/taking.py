"""What the regulations in force ask when a case is taken in: by which act it begins, classes and channels of each, further facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from huiyin.core.facts import FIRST_EVENTS
from huiyin.core.rules import Adopted, Regulation, StepRule, Words
from huiyin.desk.cases.lifecycle import RECEIVED
from huiyin.desk.facts.queries import House
from huiyin.desk.matters.steps import Field, Offer, Subject, fields_of, intake_channels, schemes
from huiyin.desk.people.access import Standing
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.matters.forms import make, said, value_of
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import event_name

ASKED_ANYWAY: Final = frozenset({"channel", "category", "customer", "household", "text", "phone", "record", "reason", "missing_parts"})
"""What the registration asks by fields of its own, or writes into the story."""
PREFIX: Final = "more-"


class Taking:
    """The acts by which people take cases in at the unit, under the regulations in force there, with what each asks."""

    def __init__(self, who: Acting, unit: str, at: datetime) -> None:
        house = House.of(who.organisation_id)
        self.who, self.adopted = who, house.adopted(unit, at) if unit in house.units.by_code else ()
        self.steps: dict[str, list[tuple[Adopted, StepRule]]] = {}
        for adopted in self.adopted:
            for rule in adopted.regulation.rules:
                if isinstance(rule, StepRule) and rule.about == "case" and rule.event in FIRST_EVENTS:
                    self.steps.setdefault(rule.event, []).append((adopted, rule))
        subject = Subject(house, "case", unit, self.adopted)
        self.asked = {event: self._asked(event, subject, at) for event in self.steps}

    def _asked(self, event: str, subject: Subject, at: datetime) -> dict[str, Field]:
        rules = self.steps[event]
        names = dict.fromkeys(name for _, rule in rules for name in (*rule.asks, *rule.requires) if name not in ASKED_ANYWAY)
        offer = Offer(event, event, (), tuple(rules), tuple(names))
        return {one.name: one for one in fields_of(offer, subject, at)}

    @property
    def regulations(self) -> list[Regulation]:
        """The regulations in force, each once."""
        return list({one.regulation.stem: one.regulation for one in self.adopted}.values())

    def events(self) -> list[tuple[str, str]]:
        """The acts by which a case may begin other than by the usual one of its kind."""
        usual = frozenset(RECEIVED.values())
        return [(event, event_name(event, language())) for event in self.steps if event not in usual]

    def event_of(self, record: str, chosen: str) -> str:
        """The act by which the case begins: the one that was chosen, else the usual one of the kind of record, or the one by which the
        regulations that class this kind take it in."""
        if chosen in self.steps:
            return chosen
        usual = RECEIVED[record]
        return usual if usual in self.steps else next(self._for_kind(record), usual)

    def _for_kind(self, record: str) -> Iterator[str]:
        """The acts that begin several kinds of record, this one among them."""
        for event, rules in self.steps.items():
            for adopted, rule in rules:
                classed = adopted.regulation.source["classes"].get("record", ())
                if "record" in rule.asks and any(one["key"] == record for one in classed):
                    yield event

    def record_of(self, record: str, chosen: str) -> str:
        """What kind of record the case is: that of the chosen act, unless that one begins several kinds."""
        asks = {name for _, rule in self.steps.get(chosen, ()) for name in rule.asks}
        return FIRST_EVENTS[chosen] if chosen in self.steps and "record" not in asks else record

    def fields(self) -> dict[str, forms.Field]:
        """A field for each further fact that any of the acts asks, none of them needed: a regulation that needs one says so."""
        found: dict[str, forms.Field] = {}
        for asked in self.asked.values():
            for one in asked.values():
                for name, field in make(one, self.who).items():
                    field.required = False
                    found.setdefault(f"{PREFIX}{name}", field)
        return found

    def details(self, event: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        """The further facts that the act asks, as they were filled in."""
        own = {name.removeprefix(PREFIX): value for name, value in cleaned.items() if name.startswith(PREFIX)}
        told = {name: value_of(one, own) for name, one in self.asked.get(event, {}).items()}
        return {name: value for name, value in told.items() if value not in (None, "", [], {})}

    def mind(self) -> list[tuple[str, list[tuple[str, Words]]]]:
        """What whoever takes a case in bears in mind, by kind of record: the clauses with their words."""
        found: dict[str, dict[tuple[str, Words], None]] = {}
        for event, rules in self.steps.items():
            found.setdefault(FIRST_EVENTS[event], {}).update(dict.fromkeys(one for _, rule in rules for one in rule.mind))
        return [(record, list(said)) for record, said in found.items() if said]

    def asks(self, event: str, name: str) -> bool:
        """Whether one of the regulations asks ``name`` when the act is done."""
        return any(name in (*rule.asks, *rule.requires) for _, rule in self.steps.get(event, ()))

    def asks_anywhere(self, name: str) -> bool:
        """Whether one of the regulations asks ``name`` when a case is taken in."""
        return any(self.asks(event, name) for event in self.steps)

    def role(self, event: str, standing: Standing) -> str:
        """Under which role the person takes the case in: one that the regulations give the act to, else the own one."""
        for adopted, rule in self.steps.get(event, ()):
            if roles := standing.may_act_as(adopted.regulation, rule.by):
                return roles[0]
        return self.who.role


def class_fields(regulations: list[Regulation], name: str, label: str) -> dict[str, forms.Field]:
    """A select for each regulation that has classes of the scheme for cases, called "category.CP"; nothing where fewer than two have."""
    groups = schemes(regulations, name)
    if len(groups) < 2:
        return {}
    return {
        f"{name}.{group.prefix}": forms.ChoiceField(
            label=f"{label}（{said(group.title)}）",
            required=False,
            choices=[("", _("未分类")), *((one.key, said(one.name)) for one in group.choices)],
        )
        for group in groups
    }


def channel_fields(regulations: list[Regulation]) -> dict[str, forms.Field]:
    """A select for each regulation that names its own ways of intake, where several do: a case may count as another one for each."""
    found = [(one, intake_channels(one)) for one in regulations]
    found = [(one, listed) for one, listed in found if listed]
    if len(found) < 2:
        return {}
    return {
        f"channel.{one.prefix}": forms.ChoiceField(
            label=_("渠道（%(title)s）") % {"title": said(one.title)},
            required=False,
            choices=[("", _("同上")), *((each.key, said(each.name)) for each in listed)],
        )
        for one, listed in found
    }
