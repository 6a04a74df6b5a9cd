"""Looking at what is masked: the purposes one may have, and what the regulations of the unit ask before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from huiyin.core.facts import Fact
from huiyin.core.rules import RefusalRule, StepRule
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.facts.queries import House
from huiyin.desk.people import actions as people
from huiyin.faces.console.cases.errors import tell
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


def view(who: Acting, unit: str, field: str, subject: str, customer: str, key: str, at: datetime, case: UUID | None = None) -> None:
    """Keep who looks at which field of whom and why, before it is shown; nothing is kept where it is refused.

    Under a regulation with a rule about views the view is a fact first, of the unit or of the case as the rule has it (customer, purpose,
    by role), and the rule may refuse it: raises Refused with its clause. Raises BadText without a reason.
    """
    purpose = purpose_of(who, unit, key, at)
    with transaction.atomic():
        details = {"customer": customer, "purpose": purpose}
        ruled = _ruled(who, unit, at)
        facts = [Fact(VIEWED, at, unit=unit, by=who.role, details=details)] if ruled - {"case"} else []
        facts += [Fact(VIEWED, at, str(case), by=who.role, details=details)] if case and "case" in ruled else []
        if facts:
            store(who.organisation_id, facts, by=who.staff.pk, at=at)
        people.unmask(who.organisation_id, who.staff, field, subject, purpose, by=who.by, at=at)


def _ruled(who: Acting, unit: str, at: datetime) -> set[str]:
    """What the rules about views are about: the unit, a case."""
    adopted = House.of(who.organisation_id).adopted(unit, at)
    rules = [rule for one in adopted for rule in one.regulation.rules]
    steps = {rule.about for rule in rules if isinstance(rule, StepRule) and rule.event == VIEWED}
    return steps | {rule.about for rule in rules if isinstance(rule, RefusalRule) and VIEWED in rule.event}


def refused(who: Acting, unit: str, customer: str, key: str, error: Exception, at: datetime) -> str:
    """The sentence of a refusal, with what a consent has to name for the view to be allowed."""
    if not isinstance(error, Refused):
        return tell(error)
    asked = {"customer": customer, "purpose": purpose_of(who, unit, key, at)}
    return f"{tell(error)} {_('申请同意时请写明：姓名 %(customer)s，用途 %(purpose)s') % asked}"
