"""An amount held against what another register allows on its day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from huiyin.core.ceilings import ABOVE, NOTHING, WITHIN, Allowance, compare
from huiyin.core.rules import Ceiling

CEILING = Ceiling("charged", "on", "rates", "rate", "since", (("item", "service"),), "quantity", "until")


def _rate(key: str, rate: str, since: str, until: str = "", *, closed: str = "", distance: int = 0, service: str = "疏通") -> Allowance:
    values = {"service": service, "rate": rate, "since": since, **({"until": until} if until else {})}
    return Allowance(key, values, date.fromisoformat(closed) if closed else None, distance)


def _charge(charged: str, on: str = "2026-03-15", **more: str) -> dict[str, str]:
    return {"item": "疏通", "charged": charged, "on": on, **more}


RATES = (_rate("old", "80", "2026-01-01"), _rate("new", "100", "2026-03-01"))


@pytest.mark.parametrize(
    ("charge", "state", "by", "over"),
    [
        (_charge("100"), WITHIN, "new", "0"),
        (_charge("100.01"), ABOVE, "new", "0.01"),
        (_charge("90", "2026-02-28"), ABOVE, "old", "10"),
        (_charge("100", "2026-03-01"), WITHIN, "new", "0"),
        (_charge("80", "2026-01-01"), WITHIN, "old", "0"),
        (_charge("80", "2025-12-31"), NOTHING, None, "0"),
        (_charge("300", quantity="3"), WITHIN, "new", "0"),
        (_charge("310", quantity="3"), ABOVE, "new", "10"),
        ({**_charge("1"), "item": "换锁"}, NOTHING, None, "0"),
    ],
)
def test_the_rate_valid_on_the_day_counts(charge: dict[str, str], state: str, by: str | None, over: str) -> None:
    found = compare(CEILING, charge, RATES)
    assert (found.state, found.by.key if found.by else None, found.over) == (state, by, Decimal(over))


def test_a_rate_ends_with_its_last_day_or_the_day_on_which_it_was_closed() -> None:
    for rate in (_rate("a", "80", "2026-01-01", "2026-03-14"), _rate("a", "80", "2026-01-01", closed="2026-03-14")):
        assert compare(CEILING, _charge("80", "2026-03-14"), [rate]).state == WITHIN
        assert compare(CEILING, _charge("80", "2026-03-15"), [rate]).state == NOTHING


def test_the_units_own_rate_goes_before_one_from_above_and_the_last_of_a_day_before_the_first() -> None:
    company, own = _rate("company", "50", "2026-03-10", distance=2), _rate("own", "60", "2026-01-01")
    found = compare(CEILING, _charge("55"), [company, own])
    assert (found.state, found.by) == (WITHIN, own)
    twice = [_rate("first", "50", "2026-01-01"), _rate("second", "70", "2026-01-01")]
    assert compare(CEILING, _charge("60"), twice).by == twice[1]


def test_width_case_and_blanks_make_no_other_service() -> None:
    rate = _rate("a", "80", "2026-01-01", service="ＡＣ 清洗")
    assert compare(CEILING, {**_charge("80"), "item": "ac清洗"}, [rate]).state == WITHIN
