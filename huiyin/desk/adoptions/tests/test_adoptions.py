"""A regulation is in force for a unit from a day on, with settings that are dated too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from huiyin.core.moments import BadText
from huiyin.desk.adoptions import actions, queries
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit

GP, FIRST = "group_platform", date(2026, 1, 1)
CLAUSE, KEY = "GP-10.2.3a", "decider"


@pytest.fixture
def adoption(company: Unit, at: datetime, clerk: By) -> Adoption:
    """The company has adopted the group's regulation from 2026-01-01."""
    return actions.adopt(company, GP, "1", FIRST, by=clerk, at=at)


def test_an_adoption_is_what_the_reckoning_asks_for(adoption: Adoption, at: datetime) -> None:
    (found,) = queries.adopted_for(adoption.organisation_id, at)
    assert (found.regulation.prefix, found.unit, found.from_on, found.until_on) == ("GP", "WY", FIRST, None)
    assert found.setting(CLAUSE, KEY) == "unit_liaison"
    assert found.workdays.is_workday(date(2026, 2, 14))


def test_a_setting_holds_from_its_day_on_and_the_past_stays(adoption: Adoption, at: datetime, clerk: By) -> None:
    actions.set_setting(adoption, CLAUSE, KEY, "project_manager", date(2026, 2, 10), by=clerk, at=at)
    actions.set_setting(adoption, CLAUSE, KEY, "branch_head", date(2026, 3, 1), by=clerk, at=at)

    def standing(moment: datetime) -> object:
        return queries.adopted_for(adoption.organisation_id, moment)[0].setting(CLAUSE, KEY)

    # 16:00 UTC is midnight in Shanghai.
    midnight = datetime(2026, 2, 9, 16, 0, tzinfo=UTC)
    moments = (midnight - timedelta(seconds=1), midnight, midnight + timedelta(days=30))
    assert [standing(moment) for moment in moments] == ["unit_liaison", "project_manager", "branch_head"]


def test_a_closed_adoption_stays_known_for_the_cases_that_began_under_it(adoption: Adoption, at: datetime, clerk: By) -> None:
    actions.close_adoption(adoption, date(2026, 6, 30), by=clerk, at=at)
    again = actions.adopt(adoption.unit, GP, "1", date(2026, 7, 1), by=clerk, at=at)

    spans = [(one.from_on, one.until_on) for one in queries.adopted_for(adoption.organisation_id, at)]

    assert spans == [(FIRST, date(2026, 6, 30)), (date(2026, 7, 1), None)]
    assert [entry.action for entry in journal.entries_of(again.organisation_id, f"adoption:{again.id}")] == ["adoptions.adopt"]


def test_what_cannot_be_adopted_is_refused_with_what_can(adoption: Adoption, company: Unit, at: datetime, clerk: By) -> None:
    with pytest.raises(BadText, match="expected '1'"):
        actions.adopt(company, GP, "99", FIRST, by=clerk, at=at)
    with pytest.raises(BadText, match="in force for WY since 2026-01-01"):
        actions.adopt(company, GP, "1", date(2026, 5, 1), by=clerk, at=at)
    with pytest.raises(BadText, match=r"GP-10\.2\.3a decider"):
        actions.set_setting(adoption, "GP-1a", "colour", "red", FIRST, by=clerk, at=at)
