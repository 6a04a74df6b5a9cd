"""A case that came out of another ledger is destroyed with the rows that it came from, however often it was brought in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.desk.cases.actions import Registration
from huiyin.desk.imports import actions as imports
from huiyin.desk.imports.actions import Line, Old
from huiyin.desk.imports.intake import Reason
from huiyin.desk.imports.models import EXISTING, TAKEN, ImportRow
from huiyin.desk.keeping import actions as keeping
from tests.destroying.world import ADMIN, AFTER, NINE, WORDS, World, found_in_tables, settle

pytestmark = pytest.mark.django_db


def _brought_in(world: World, file: str) -> ImportRow:
    raw = {"姓名": WORDS["name"], "电话": WORDS["phone"], "内容": WORDS["story"], "编号": WORDS["number"]}
    begun = imports.begin(
        world.id, file_name=f"{file}.csv", digest=file.encode().ljust(32), source="old", mapping={}, header=list(raw),
        lines=[Line(1, raw, (Reason(WORDS["place"], ""),))], by=ADMIN, at=NINE,
    )  # fmt: skip
    row = ImportRow.objects.get(import_id=begun.id)
    form = Registration(
        "complaint", "CY", channel="call_centre_400", story=WORDS["story"], contact_name=WORDS["name"], contact_phone=WORDS["phone"],
        external_numbers={"old": WORDS["number"]}, received_at=NINE - timedelta(days=9), by_role="admin",
    )  # fmt: skip
    imports.take(row, Old(form, WORDS["number"], NINE - timedelta(days=1), details={"result": "solved"}), by=ADMIN, at=NINE)
    row.refresh_from_db()
    return row


def test_the_rows_of_a_destroyed_case_say_nothing_more() -> None:
    world = settle()
    first, again = _brought_in(world, "one"), _brought_in(world, "two")
    assert (first.verdict, again.verdict) == (TAKEN, EXISTING) and first.case_id == again.case_id
    assert found_in_tables(WORDS)["imports_importrow"] == {"name", "phone", "story", "number", "place"}
    assert first.case_id is not None
    keeping.propose(world.id, "case", first.case_id, "期满", by=world.by("wu"), at=AFTER)
    keeping.destroy(world.id, "case", first.case_id, by=world.by("zhu"), at=AFTER)
    assert found_in_tables(WORDS) == {}
