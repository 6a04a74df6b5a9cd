"""What people add by hand to a line of a register of cases: a signature, a remark."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By
from huiyin.desk.registers.actions.entries import kept
from huiyin.desk.registers.actions.writing import amend, make
from huiyin.desk.registers.columns import read_values
from huiyin.desk.registers.columns.of_cases import by_hand, cases_in
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import Filter
from huiyin.plumbing.text import clean_text

FIRST = "补登"
"""The reason of who fills in what was empty."""


@transaction.atomic
def add_by_hand(case: Case, register: str, sent: Mapping[str, Any], reason: str, *, by: By, at: datetime) -> Entry:
    """Let the case's line say what is ``sent`` (by column, "" empties one). What stood there stays among its versions; who changes it
    says why.

    Raises BadText for a register that is not kept of cases, or a change without a reason; BadEntry, which names every column that is wrong.
    """
    rule = kept(case.organisation_id, register, case.unit_code, at)
    stands = cases_in(case.organisation_id, Filter(register, frozenset({case.unit_code}))).filter(id=case.id).exists()
    if not stands or case.destroyed_at is not None:
        raise BadText(
            f"found the case {case.number}, expected one that stands in the register of cases {register} and is kept; choose another",
            f"工单{case.number}不在“{rule.name[0]}”中，或已销毁，不能补登",
        )
    found = Entry.objects.select_for_update().filter(organisation_id=case.organisation_id, register=register, case_id=case.id).first()
    values = read_values(by_hand(rule), {**(found.values if found else {}), **sent})
    if found is None:
        return make(case.organisation_id, register, case.unit_code, rule, values, by, at, case.received_at, case=case.id)
    changed = any(values.get(key) != value for key, value in found.values.items())
    why = clean_text(reason.strip(), most=2000, field="reason") if changed or reason.strip() else FIRST
    return amend(found, values, why, by, at)
