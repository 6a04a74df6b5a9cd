"""The stored past of an organisation is the timeline that people lived, and replaying it gives what the platform kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huiyin.core.records import Clock
from huiyin.rehearsal.past import compare
from huiyin.rehearsal.platform import _Play
from huiyin.rehearsal.scenario import read_scenarios
from huiyin.rehearsal.stage import play_facts
from huiyin.rehearsal.stored import house_of, past_of
from huiyin.rulebook.load import FOLDER

pytestmark = pytest.mark.django_db
LIVED = next(
    one
    for one in read_scenarios(FOLDER / "group_platform" / "scenarios.yaml")
    if {"warning_verified", "complaint_handled"} <= {fact.event for fact in one.timeline}
)


@pytest.fixture
def lived() -> _Play:
    """An organisation that has lived the scenario on the platform."""
    play = _Play(LIVED)
    play.run()
    return play


def test_the_stored_past_is_what_people_did_and_not_what_the_platform_found_out(lived: _Play) -> None:
    past = past_of(lived.organisation, LIVED.timeline[0].at, LIVED.until + timedelta(days=1))
    refused = {(one.event, one.at) for one in lived.refusals}
    done = [(one.event, one.at) for one in LIVED.timeline if (one.event, one.at) not in refused]
    assert [(one.event, one.at) for one in past] == done


def test_replaying_the_stored_past_gives_the_clocks_that_the_platform_keeps(lived: _Play) -> None:
    units, adopted = house_of(lived.organisation, LIVED.until)
    past = past_of(lived.organisation, LIVED.timeline[0].at, LIVED.until + timedelta(days=1))
    book = play_facts(past, units, adopted, LIVED.until)
    replayed = {one.key: (one.due_at, one.state) for one in book.records() if isinstance(one, Clock)}
    letters = {letter: str(key) for letter, key in lived.cases.items()}
    kept = {one.key: (one.due_at, one.state) for one in lived.records() if isinstance(one, Clock) and one.case in letters}
    assert kept and kept.items() <= replayed.items()
    assert compare(past, units, adopted, adopted, LIVED.until).changes == ()
