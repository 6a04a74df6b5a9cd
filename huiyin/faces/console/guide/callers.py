"""Whom to ring up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from huiyin.core.moments import in_shanghai
from huiyin.desk.people.queries import Contact, contacts, on_duty
from huiyin.faces.console.cases.words import language, role_word


class Callers:
    """Whom to ring up for a role at a unit, each looked up once for the screen; those on duty there now come first."""

    def __init__(self, organisation_id: UUID, now: datetime) -> None:
        self.organisation_id, self.here = organisation_id, in_shanghai(now)
        self.found: dict[tuple[str, str], tuple[Contact, ...]] = {}
        self.present: dict[str, frozenset[UUID]] = {}

    def of(self, role: str, unit: str, stem: str) -> Iterator[dict[str, Any]]:
        """Those who hold the role for the unit today; a line without a name where nobody does."""
        if (role, unit) not in self.found:
            found = contacts(self.organisation_id, role, unit, self.here.date())
            self.found[role, unit] = tuple(sorted(found, key=lambda one: one.staff_id not in self._present(unit)))
        word = role_word(role, [stem])
        for one in self.found[role, unit]:
            name = one.name if language().startswith("zh") else one.name_en or one.name
            yield {"role": word, "name": name, "phone": one.phone, "on_duty": one.staff_id in self._present(unit)}
        if not self.found[role, unit]:
            yield {"role": word, "name": "", "phone": "", "on_duty": False}

    def _present(self, unit: str) -> frozenset[UUID]:
        if unit not in self.present:
            minute = self.here.hour * 60 + self.here.minute
            self.present[unit] = on_duty(self.organisation_id, unit, self.here.date(), minute)
        return self.present[unit]
