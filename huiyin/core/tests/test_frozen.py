"""Records without a guard behave as frozen ones do: equal by their fields, usable as keys, replaced and not changed."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime

from huiyin.core.moments import SHANGHAI
from huiyin.core.records import Mark

NOON = datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)


def test_equal_records_are_one_key() -> None:
    one, same = (Mark("GP:a|A|1", "major", "GP-1", "A", NOON) for _ in range(2))
    assert one == same and {one: "kept"}[same] == "kept"
    assert one != replace(one, ended_at=NOON)


def test_a_replaced_record_leaves_the_first_as_it_was() -> None:
    one = Mark("GP:a|A|1", "major", "GP-1", "A", NOON)
    assert replace(one, ended_at=NOON).ended_at == NOON and one.ended_at is None


def test_a_record_has_its_fields_and_no_others() -> None:
    one = Mark("GP:a|A|1", "major", "GP-1", "A", NOON)
    assert not hasattr(one, "__dict__") and [field.name for field in fields(one)][:2] == ["key", "mark"]
