"""An organisation under one regulation alone, with somebody who holds every post of it: what the tests over all regulations share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.facts.actions import store
from huiyin.desk.people import actions as people
from huiyin.desk.people.access import RIGHTS
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit
from huiyin.faces.console.cases.forms import MomentField
from huiyin.faces.console.matters.forms import CaseField, DayField
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.rulebook.load import regulation

SITE = "P1"
ABOVE = "CO"
KINDS = {"property_group": "group", "university": "university_logistics_office", "student_housing": "student_apartment_centre"}


@dataclass
class Regulated:
    """The organisation: CO that has adopted the regulation, P1 below it, and a person who holds every post of the regulation at CO."""

    regulation: Regulation
    organisation: Organisation
    units: dict[str, Unit]
    person: Staff

    def browser(self) -> Client:
        """The person's browser, signed in."""
        client = Client()
        client.force_login(self.person)
        return client

    def case(self, record: str = "complaint", **more: Any) -> cases.Registered:
        """A case of the site, received yesterday."""
        listed = [one["key"] for one in self.regulation.source.get("channels", ()) if one.get("use", "intake") == "intake"]
        said = {"channel": str(listed[0]) if listed else "", "details": {"customer": "王女士"}, "by_role": "", **more}
        form = Registration(record, SITE, story="电梯停运", **said)
        return cases.register(self.organisation.id, form, by=self.person.pk, at=timezone.now() - timedelta(days=1))

    def happens(self, event: str, **details: Any) -> None:
        """Something happens at the site."""
        at = timezone.now() - timedelta(hours=1)
        store(self.organisation.id, [Fact(event, at, unit=SITE, by="platform", details=details)], by=None, at=at)


def regulated(stem: str) -> Regulated:
    """An organisation that lives under the regulation ``stem``."""
    found = regulation(stem)
    organisation = places.add_organisation(stem.replace("_", "-"), "组织", by=CLERK, at=EARLY)
    top = places.add_unit(
        organisation.id, ABOVE, KINDS.get(str(found.source["organisation_kind"]), "property_company"), "上级", by=CLERK, at=EARLY
    )
    kind = "centre" if any("centre" in str(getattr(rule, "owed_by", "")) for rule in found.rules) else "project"
    site = places.add_unit(organisation.id, SITE, kind, "现场", by=CLERK, at=EARLY, parent=top.pk, households_count=100)
    adopt(top, stem, str(found.source["version"]), date(2025, 1, 1), by=CLERK, at=EARLY)
    person = people.add_staff(organisation.id, "everybody", "全能", by=CLERK, at=EARLY)
    # One begins in the post given first: here the one that may do most.
    rights = {role: sum(role in roles for roles in RIGHTS.values()) for role, level in found.role_levels.items() if level != "outside"}
    for role in sorted(rights, key=lambda one: -rights[one]):
        people.give_post(person, top, role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return Regulated(found, organisation, {ABOVE: top, SITE: site}, person)


def filled(form: forms.Form, case_number: str = "") -> dict[str, Any]:
    """Valid values for every field of the form."""
    kept = {"name": form.fields["name"].initial} if "name" in form.fields else {}
    asked = {name: field for name, field in form.fields.items() if name not in ("happened_at", "missing_parts")}
    return {**{name: _value(field, case_number) for name, field in asked.items()}, **kept}


def _value(field: forms.Field, case_number: str) -> Any:
    tomorrow = timezone.localtime() + timedelta(days=1)
    keys = [str(key) for key in dict(getattr(field, "choices", ()))]
    if isinstance(field, forms.MultipleChoiceField):
        return keys[:2]
    if isinstance(field, forms.ChoiceField):
        return next((key for key in keys if key), "")
    if isinstance(field, MomentField):
        return f"{tomorrow:%Y-%m-%dT%H:%M}"
    if isinstance(field, DayField):
        return f"{tomorrow + timedelta(days=60):%Y-%m-%d}"
    if isinstance(field, CaseField):
        return case_number
    if isinstance(field, forms.DecimalField | forms.IntegerField):
        return "3"
    if isinstance(field, forms.BooleanField):
        return ""
    return field.initial or "2026-01" if "20" in str(field.help_text) else "甲"
