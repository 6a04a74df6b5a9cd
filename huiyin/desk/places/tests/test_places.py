"""Units are known at once to everybody; a home is found however its room is written."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions, queries
from huiyin.desk.places.models import Organisation, Unit
from huiyin.desk.places.rooms import BadRoom, parse_room, shown


@pytest.mark.parametrize(
    "text",
    ["3-2-1501", "3栋2单元1501室", "３－２－１５０１", " 3 栋 2 单元 1501 ", "3号楼2单元1501", "03-02-1501", "3—2—1501"],
)
def test_all_ways_of_writing_a_room_are_one(text: str) -> None:
    assert parse_room(text) == "3-2-1501"


def test_a_bed_of_a_dormitory_is_a_room() -> None:
    assert parse_room("竹园5-312-2床") == "竹园5-312-2"


@pytest.mark.parametrize("text", ["", "  ", "栋", "3-2-1501; DROP", "1" * 60])
def test_what_is_no_room_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadRoom, match="expected a room such as 3-2-1501"):
        parse_room(text)


def test_a_room_is_shown_in_words() -> None:
    assert shown("3-2-1501") == "3栋2单元1501室"
    assert shown("3-2-1501", "en") == "3-2-1501"


def test_a_home_is_found_by_any_writing_and_by_its_room_where_only_one_has_it(project: Unit, at: datetime, clerk: By) -> None:
    actions.add_households(project, [("3-2-1501", None), ("3-1-1502", None), ("4-1-1502", None)], by=clerk, at=at)

    found = queries.find_household(project.id, "3栋2单元1501室")

    assert found is not None and found.code == "3-2-1501"
    assert queries.find_household(project.id, "1501") == found
    assert queries.find_household(project.id, "1502") is None
    assert queries.find_household(project.id, "？") is None


def test_a_home_stands_once_in_a_unit(project: Unit, at: datetime, clerk: By) -> None:
    actions.add_household(project, "3-2-1501", by=clerk, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.add_household(project, "3栋2单元1501室", by=clerk, at=at)


def test_the_tree_shows_each_change_at_once(project: Unit, at: datetime, clerk: By) -> None:
    before = queries.units(project.organisation_id)
    actions.count_households(project, 700, by=clerk, at=at)
    actions.add_unit(project.organisation_id, "CY2", "project", "翠园二期", by=clerk, at=at, parent=project.parent_id)

    after = queries.units(project.organisation_id)

    assert before.path("CY") == ("CY", "FG", "WY")
    assert (before.households("WY"), after.households("WY")) == (604, 700)
    assert after.path("CY2") == ("CY2", "FG", "WY")


def test_what_was_rolled_back_is_not_remembered(project: Unit, at: datetime, clerk: By) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.rename_unit(project, "错名", by=clerk, at=at)
        queries.tree(project.organisation_id)
        raise RuntimeError
    assert queries.tree(project.organisation_id).names["CY"][0] == "翠园一期"


def test_a_unit_of_an_unknown_kind_or_below_a_stranger_is_refused(project: Unit, at: datetime, clerk: By) -> None:
    other = actions.add_organisation("other", "别家", by=clerk, at=at)
    with pytest.raises(BadText, match="expected one of"):
        actions.add_unit(project.organisation_id, "X", "castle", "城堡", by=clerk, at=at)
    with pytest.raises(BadText, match="same organisation"):
        actions.add_unit(other.id, "X", "project", "项目", by=clerk, at=at, parent=project.id)


def test_every_write_stands_in_the_journal(organisation: Organisation, project: Unit) -> None:
    assert [entry.action for entry in journal.entries_of(organisation.id, "unit:CY")] == ["places.add_unit"]
    assert journal.verify(organisation.id).ok
