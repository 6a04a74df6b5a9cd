"""The demonstration is built organisation by organisation beside a live house: whole or not at all, and no other one is disturbed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from huiyin.core.moments import in_shanghai
from huiyin.desk.clocks.actions import begin_openings
from huiyin.desk.clocks.models import Opening
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation
from huiyin.rehearsal import demo
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.organisation import FOUNDER, MAIN, found, sheet, sheets

NOW = datetime(2026, 5, 20, 7, 0, tzinfo=UTC)
CODES = [str(one["code"]) for one in sheets()]


def _quick(told: Mapping[str, Any], _now: datetime, _progress: Callable[[str], None], _days: int, _every: float) -> None:
    """An organisation founded and not lived."""
    found(told, NOW, NOW.date())


def _silent(_line: str) -> None:
    """Says nothing."""


@pytest.fixture
def quick(db: None, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Organisations are founded without being lived."""
    monkeypatch.setattr(demo, "live", _quick)
    return monkeypatch


def test_one_after_the_other_with_their_logins_until_none_is_missing(quick: pytest.MonkeyPatch) -> None:
    first = demo.build_next(NOW, progress=_silent)
    assert sheet(MAIN)["password"] in first[0] and "hy_" in first[-2]
    assert demo.standing() == CODES[:1]
    others = []
    while lines := demo.build_next(NOW, progress=_silent):
        others.append(lines[0])
    assert [sheets()[number]["name"]["zh"] in line for number, line in enumerate(others, 1)] == [True] * 4
    assert demo.standing() == CODES and demo.missing() == []


def test_one_that_broke_off_leaves_nothing_and_is_built_afresh(quick: pytest.MonkeyPatch) -> None:
    demo.build_next(NOW, progress=_silent)

    def breaks(*told: Any) -> None:
        _quick(*told)
        raise KeyboardInterrupt

    quick.setattr(demo, "live", breaks)
    with pytest.raises(KeyboardInterrupt):
        demo.build_next(NOW, progress=_silent)
    assert demo.standing() == CODES[:1] and Organisation.objects.count() == 1
    quick.setattr(demo, "live", _quick)
    demo.build_next(NOW, progress=_silent)
    assert demo.standing() == CODES[:2]


def test_a_house_of_others_is_left_as_it_is(quick: pytest.MonkeyPatch) -> None:
    places.add_organisation("ours", "我们", by=FOUNDER, at=NOW)
    assert demo.build_next(NOW, progress=_silent) == [] and demo.standing() == [] and demo.missing() == []


def test_the_login_says_what_is_being_built_while_somebody_builds(quick: pytest.MonkeyPatch) -> None:
    name = sheets()[1]["name"]["zh"]
    demo.build_next(NOW, progress=_silent)
    with connection.cursor() as cursor:
        # The lock of the one who built is held until the test's own transaction ends; so it is read as if that still built.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [demo.LOCK],
        )
        assert cursor.fetchone() == (1,)
    page = Client().get("/login").content.decode()
    assert "正在建立" in page and name in page and sheets()[0]["name"]["zh"] not in page.split("正在建立")[1].partition("</p>")[0]
    quick.setattr(demo, "LOCK", 1)
    assert "正在建立" not in Client().get("/login").content.decode()


def test_the_life_of_one_lets_nothing_pass_at_another(db: None) -> None:
    house = found(sheet("nanhu"), NOW - timedelta(days=3), NOW.date() - timedelta(days=9))
    other = found(sheet("cuihu"), NOW - timedelta(days=3), NOW.date() - timedelta(days=9))
    for one in (house, other):
        begin_openings(one.organisation_id, NOW - timedelta(days=3))
    before = Opening.objects.get(pk=other.organisation_id).look_at
    Life(house, in_shanghai(NOW), Random(1)).live(lambda _at: None)
    assert Opening.objects.get(pk=other.organisation_id).look_at == before
    assert Opening.objects.get(pk=house.organisation_id).look_at > NOW
