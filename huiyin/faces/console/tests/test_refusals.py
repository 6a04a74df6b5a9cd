"""An act that a regulation refuses has no effect but its record."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.moments import parse_moment
from huiyin.core.records import Refusal
from huiyin.desk.facts.actions import Refused
from huiyin.faces.console.cases.errors import tell

AT = parse_moment("2026-03-02 09:00")


@pytest.mark.django_db
def test_a_refused_act_stands_in_the_journal_with_its_clause() -> None:
    organisation = uuid4()
    refusal = Refusal("GP-10.1.3.3a", "complaint_returned_by_unit", AT, "不能退单", "cannot be returned")
    fact = Fact("complaint_returned_by_unit", AT, str(uuid4()), "P1", "unit_liaison")
    assert "GP-10.1.3.3a" in tell(Refused(refusal, organisation, fact, None, AT))
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, by_role, subject, body->>'event' FROM journal_entry WHERE organisation_id = %s", [organisation])
        assert cursor.fetchall() == [("facts.refused", "unit_liaison", f"case:{fact.case}", "complaint_returned_by_unit")]
