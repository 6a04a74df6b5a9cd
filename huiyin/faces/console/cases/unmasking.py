"""Looking at what is masked: the purposes one may have, and what the regulations of the unit ask before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from huiyin.core.facts import Fact
from huiyin.core.rules import RefusalRule, StepRule
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.queries import House
from huiyin.desk.people import actions as people
from huiyin.faces.console.cases.words import terms
from huiyin.faces.parts.guard import Acting

VIEWED: Final = "customer_data_viewed"
PURPOSES: Final[Mapping[str, str]] = {
    "contact": gettext_noop("联系%(customer)s办理本单"),
    "verify": gettext_noop("核对%(customer)s身份"),
    "inspect": gettext_noop("监督检查"),
    "legal": gettext_noop("依法依规调取"),
}
"""Why somebody may look. A consent that holds for a purpose names it in these Chinese words, the unit's own term in them."""


def reasons(who: Acting, unit: str, at: datetime) -> list[tuple[str, str]]:
    """The purposes to choose from, in the language of the page and the terms of the unit."""
    said = terms(who.organisation_id, unit, at)
    return [(key, _(text) % said if "%(" in text else _(text)) for key, text in PURPOSES.items()]


def purpose_of(who: Acting, unit: str, key: str, at: datetime) -> str:
    """The purpose as it is stored and as a consent names it: in Chinese, whoever looks."""
    chinese = {name: word[0] for name, word in terms_of(who.organisation_id, unit, at).items()}
    with override("zh-hans"):
        return PURPOSES[key] % chinese if "%(" in PURPOSES[key] else PURPOSES[key]


def view(who: Acting, unit: str, field: str, subject: str, customer: str, key: str, at: datetime) -> None:
    """Keep who looks at which field of whom and why, before it is shown; nothing is kept where it is refused.

    Under a regulation with a rule about views the view is a fact of the unit first (unit, customer, purpose, by role), and the rule may
    refuse it: raises Refused with its clause. Raises BadText without a reason.
    """
    purpose = purpose_of(who, unit, key, at)
    with transaction.atomic():
        if _ruled(who, unit, at):
            details = {"customer": customer, "purpose": purpose}
            store(who.organisation_id, [Fact(VIEWED, at, unit=unit, by=who.role, details=details)], by=who.staff.pk, at=at)
        people.unmask(who.organisation_id, who.staff, field, subject, purpose, by=who.by, at=at)


def _ruled(who: Acting, unit: str, at: datetime) -> bool:
    adopted = House.of(who.organisation_id).adopted(unit, at)
    waiting = (rule for one in adopted for rule in one.regulation.rules)
    return any((isinstance(rule, RefusalRule) and VIEWED in rule.event) or (isinstance(rule, StepRule) and rule.event == VIEWED) for rule in waiting)
