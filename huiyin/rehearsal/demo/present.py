"""How things stand at present in the demonstration: open cases in every group of the queue, and what waits for somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from huiyin.core.moments import in_shanghai
from huiyin.rehearsal.demo.history import Homes
from huiyin.rehearsal.demo.life import Life
from huiyin.rehearsal.demo.plots import AGENT, HANDLER, LIAISON, MANAGER, QUALITY, Tale, stories
from huiyin.rehearsal.demo.rounds import Rounds, at_hour

_FIRST_PROJECT = "GYL"
_UNITS = ("GYL", "YLY", "GYL", "SFY", "WJT", "GYL", "MYF")

Stand = Callable[[Tale, datetime], None]
"""Tells a tale up to how it stands at the present."""


def _ago(now: datetime, *, minutes: int = 0, hours: int = 0, days: int = 0) -> datetime:
    return now - timedelta(minutes=minutes, hours=hours, days=days)


def _waits(tale: Tale, now: datetime) -> None:
    """Dispatched, not accepted."""


def _accepted(tale: Tale, now: datetime) -> None:
    tale.act(tale.received_at + timedelta(minutes=5), "accept", LIAISON)


def _contacted(tale: Tale, now: datetime) -> None:
    _accepted(tale, now)
    tale.act(
        tale.received_at + timedelta(minutes=12), "fix_department", LIAISON, department=stories()["departments"][tale.story["category"]]
    )
    tale.act(tale.received_at + timedelta(minutes=20), "contact", LIAISON, text=tale.phrase("contact"))
    tale.act(tale.received_at + timedelta(minutes=31), "first_plan", LIAISON, text=tale.story["plan"])


def _promised(days_from_now: int) -> Stand:
    def stand(tale: Tale, now: datetime) -> None:
        _contacted(tale, now)
        promised = at_hour((now + timedelta(days=days_from_now)).date(), 18)
        tale.act(tale.received_at + timedelta(minutes=100), "report_solution", LIAISON, text=tale.story["plan"], promised_at=promised)

    return stand


def _handled(tale: Tale, now: datetime) -> None:
    _promised(1)(tale, now)
    tale.act(_ago(now, hours=2), "handle", HANDLER, text=tale.story["result"])


def _on_hold(tale: Tale, now: datetime) -> None:
    _promised(4)(tale, now)
    tale.act(_ago(now, hours=5), "hold", LIAISON, reason=tale.phrase("hold"), new_date=now + timedelta(days=3))


def _complained_again(tale: Tale, now: datetime) -> None:
    _promised(1)(tale, now)
    tale.act(_ago(now, hours=4), "handle", HANDLER, text=tale.story["result"])
    tale.act(_ago(now, minutes=55), "return_visit", AGENT, result="not_satisfied", text=tale.phrase("not_satisfied"))
    tale.act(_ago(now, minutes=40), "second_complaint", AGENT, text=tale.phrase("second"))


def _stated(tale: Tale, now: datetime) -> None:
    _promised(2)(tale, now)
    reason = tale.phrase("non_responsibility")
    tale.act(_ago(now, hours=6), "claim_non_responsibility", MANAGER, reason=reason)
    tale.act(_ago(now, hours=3), "submit_statement", MANAGER, reason=reason, text=reason)


def _feared(tale: Tale, now: datetime) -> None:
    _promised(5)(tale, now)
    tale.act(
        _ago(now, minutes=25),
        "mark_escalation",
        QUALITY,
        consequences=["media_report", "group_visit"],
        reason=tale.phrase("feared"),
    )


def _urged(tale: Tale, now: datetime) -> None:
    _promised(-2)(tale, now)
    tale.act(_ago(now, hours=3), "urge", AGENT, text=tale.phrase("urge"))


STANDS: tuple[tuple[timedelta, str, Stand], ...] = (
    (timedelta(minutes=3), "general", _waits),
    (timedelta(minutes=4), "general", _waits),
    (timedelta(minutes=26), "general", _waits),
    (timedelta(minutes=31), "general", _accepted),
    (timedelta(minutes=44), "serious", _accepted),
    (timedelta(hours=3, minutes=50), "general", _contacted),
    (timedelta(hours=1, minutes=20), "general", _contacted),
    (timedelta(hours=2), "serious", _contacted),
    (timedelta(hours=9), "serious", _contacted),
    (timedelta(hours=6), "general", _contacted),
    (timedelta(hours=20), "general", _promised(1)),
    (timedelta(hours=26), "general", _promised(0)),
    (timedelta(days=2), "general", _promised(3)),
    (timedelta(days=4), "general", _urged),
    (timedelta(hours=30), "general", _handled),
    (timedelta(hours=22), "general", _handled),
    (timedelta(days=2, hours=3), "general", _on_hold),
    (timedelta(days=2, hours=5), "general", _complained_again),
    (timedelta(hours=34), "general", _stated),
    (timedelta(days=1, hours=2), "serious", _feared),
)
"""For each open case how long ago it came, how bad the problem is, and how far it has got."""


def plan(life: Life, homes: Homes, rounds: Rounds) -> None:
    """Plan the open cases of the present, a case that nobody has dispatched yet, and a summary that waits for its second signature."""
    complaints = stories()["complaint"]
    for number, (ago, severity, stand) in enumerate(STANDS):
        fitting = [one for one in complaints if one["severity"] == severity and one["category"] not in ("greening", "other")]
        unit = _UNITS[number % len(_UNITS)]
        _tell(life, homes, fitting[(number * 7) % len(fitting)], unit, ago, stand)
    _tell(life, homes, complaints[-3], _FIRST_PROJECT, timedelta(days=3), _contacted)
    _tell(life, homes, complaints[4], _FIRST_PROJECT, timedelta(minutes=9), _waits, dispatch=False)
    _tell(life, homes, stories()["suggestion"][0], _FIRST_PROJECT, timedelta(hours=29), _accepted, record="suggestion")
    _tell(life, homes, stories()["repair"][2], _FIRST_PROJECT, timedelta(minutes=50), _accepted, record="repair")
    _plan_summary(life, rounds)


def _tell(
    life: Life,
    homes: Homes,
    story: Mapping[str, Any],
    unit: str,
    ago: timedelta,
    stand: Stand,
    *,
    record: str = "complaint",
    dispatch: bool = True,
) -> None:
    tale = Tale(story, in_shanghai(life.until - ago), life.random)
    stand(tale, in_shanghai(life.until))
    life.tell(tale, life.random.choice(homes[unit]), record=record, dispatch=dispatch)


def _plan_summary(life: Life, rounds: Rounds) -> None:
    unit = life.house.units[_FIRST_PROJECT]

    def summarise(at: datetime) -> None:
        made = rounds.make_summary(unit, at)
        life.plan(at + timedelta(minutes=15), lambda later: rounds.sign(made, MANAGER, later))

    life.plan(in_shanghai(life.until) - timedelta(minutes=48), summarise)
