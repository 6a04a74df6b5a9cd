"""Numbers: without gaps and never twice, however many register at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from huiyin.core.moments import BadText
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.actions.numbering import BLOCK, LARGEST_BLOCK, block_after, next_number
from huiyin.desk.cases.models import Case, NumberSlot
from huiyin.desk.places.models import Unit

AT = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_numbers_without_a_gap(project: Unit) -> None:
    organisation = project.organisation_id
    numbers: list[str] = []

    def work(which: int) -> None:
        for turn in range(4):
            try:
                with transaction.atomic():
                    made = register(organisation, Registration("repair", project.code, story="漏水"), by=None, at=AT)
                    if (which + turn) % 3 == 0:
                        raise BadText("thought better of it", "改主意了")
            except BadText:
                continue
            numbers.append(made.number)
        connection.close()

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == len(set(numbers)) == Case.objects.count() > 16
    # What a case that did not come about had claimed is free again, and is given next.
    given, free = {int(one[-4:]) for one in numbers}, set(NumberSlot.objects.values_list("number", flat=True))
    assert given | free == set(range(1, max(free | given) + 1)) and not given & free
    holes = sorted(one for one in free if one < max(given))
    later = [register(organisation, Registration("repair", project.code, story="漏水"), by=None, at=AT).number for _ in holes]
    assert [int(one[-4:]) for one in later] == holes


@pytest.mark.django_db
def test_each_kind_of_record_has_its_letters_and_each_day_begins_anew(project: Unit) -> None:
    def number(record: str, day: int) -> str:
        form = Registration(record, project.code, story="……好")
        return register(project.organisation_id, form, by=None, at=AT.replace(day=day)).number

    made = [number("complaint", 1), number("praise", 1), number("complaint", 2), number("complaint", 2)]
    assert made == ["TS2604010001", "BY2604010001", "TS2604020001", "TS2604020002"]


@pytest.mark.django_db
def test_the_blocks_of_a_busy_day_grow_and_none_of_its_numbers_is_left_out(project: Unit) -> None:
    blocks, last = [], 0
    while last < 10 * LARGEST_BLOCK:
        blocks.append(block_after(last))
        last += blocks[-1]
    assert blocks == sorted(blocks) and (blocks[0], blocks[-1]) == (BLOCK, LARGEST_BLOCK)
    # Five blocks of the least size, then one that is a quarter of what the day has had.
    made = [next_number(project.organisation_id, "TS", AT.date()) for _ in range(170)]
    assert made == [f"TS260401{number:04d}" for number in range(1, 171)]
    assert set(NumberSlot.objects.values_list("number", flat=True)) == set(range(171, 201))
