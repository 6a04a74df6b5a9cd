"""How a case of the demonstration goes: from a story and a plot to the acts with their moments. Nothing here writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from huiyin.plumbing.strict_yaml import read_yaml

AGENT, SUPERVISOR, CENTRE = "group_cc_agent", "group_cc_supervisor", "group_cc"
LIAISON, MANAGER, HANDLER, DESK = "unit_liaison", "project_manager", "handler", "front_desk"
BRANCH, QUALITY, HEAD = "branch_head", "quality_dept", "quality_head"
FOLLOWER, FOLLOWED_UP = "designated_person", "follow_up_done"
CENTRE_OF_SITE, REPLIED = "service_centre", "complainant_replied"
HEAD_OF_SITE, NAMED = "department_head", "follower_named"
RECORDED = frozenset({FOLLOWED_UP, REPLIED, NAMED})
"""Acts that are recorded as a regulation asks, beside the moves of the lifecycle."""
_HERE = Path(__file__).resolve().parent
_DAY_END = 18
_FOLLOWED_UP, _IN_SUBSTANCE, _REPLIED, _NAMED = 0.94, 0.9, 0.8, 0.9


@dataclass(frozen=True, slots=True)
class Step:
    """An act on a case: when, which move, in which role, what is said."""

    at: datetime
    move: str
    role: str
    details: Mapping[str, Any] = field(default_factory=dict)


@lru_cache(maxsize=1)
def stories() -> Mapping[str, Any]:
    """The file ``stories.yaml`` as it was read."""
    found: Mapping[str, Any] = read_yaml(_HERE / "stories.yaml").value
    return found


@dataclass(slots=True)
class Tale:
    """The acts of one case as they are told, in order. ``now`` is the moment of the last act."""

    story: Mapping[str, Any]
    received_at: datetime
    random: Random
    steps: list[Step] = field(default_factory=list)
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        """Begin at the receipt."""
        self.now = self.received_at

    @property
    def serious(self) -> bool:
        """Whether the problem is a serious one: a day instead of four hours for the solution."""
        return bool(self.story.get("severity") == "serious")

    def minutes(self, least: int, most: int) -> timedelta:
        """Some minutes from ``least`` to ``most``."""
        return timedelta(minutes=self.random.randint(least, most), seconds=self.random.randint(1, 55))

    def phrase(self, kind: str) -> str:
        """One of the phrases of that kind."""
        return str(self.random.choice(stories()[kind]))

    def act(self, at: datetime, move: str, role: str, **details: Any) -> datetime:
        """Add an act; returns its moment."""
        self.steps.append(Step(at, move, role, details))
        self.now = max(self.now, at)
        return at


Plot = Callable[[Tale], None]


def accepted(tale: Tale, late: bool = False) -> datetime:
    """The unit accepts the case within ten minutes, or too late."""
    return tale.act(tale.received_at + (tale.minutes(14, 55) if late else tale.minutes(2, 8)), "accept", LIAISON)


def contacted(tale: Tale, since: datetime, late: bool = False) -> datetime:
    """Department, contact and first plan within the hour after ``since``, or the contact too late; returns the moment of the contact."""
    department = stories()["departments"][tale.story["category"]]
    tale.act(since + tale.minutes(3, 25), "fix_department", LIAISON, department=department)
    if late or tale.random.random() < 0.08:
        tale.act(since + tale.minutes(10, 30), "attempt", LIAISON, reason=tale.phrase("attempt"))
    # A contact that answers in substance is a reply for the other regulations too; one in ten only says that we have heard.
    said = {"text": tale.phrase("contact"), "substance": tale.random.random() < _IN_SUBSTANCE}
    at = tale.act(since + (tale.minutes(75, 170) if late else tale.minutes(20, 55)), "contact", LIAISON, **said)
    tale.act(since + tale.minutes(30, 57), "first_plan", LIAISON, text=tale.story["plan"])
    if not said["substance"] and tale.random.random() < _REPLIED:
        tale.act(at + tale.minutes(40, 300), REPLIED, CENTRE_OF_SITE, text=tale.story["plan"])
    return at


def solved(tale: Tale, since: datetime, late: bool = False, days: int = 0) -> datetime:
    """The solution is reported in time after the contact, or too late; returns the moment by which it is promised."""
    if tale.serious:
        span = tale.minutes(26 * 60, 34 * 60) if late else tale.minutes(5 * 60, 22 * 60)
    else:
        span = tale.minutes(260, 500) if late else tale.minutes(60, 225)
    at = since + span
    promised = _evening(at, days or tale.random.randint(*((3, 6) if tale.serious else (1, 3))))
    tale.act(at, "report_solution", LIAISON, text=tale.story["plan"], promised_at=promised)
    return promised


def _evening(at: datetime, days_later: int) -> datetime:
    return (at + timedelta(days=days_later)).replace(hour=_DAY_END, minute=0, second=0, microsecond=0)


def handled(tale: Tale, by: datetime) -> datetime:
    """The problem is done on the day of ``by``, in working hours and not after it."""
    at = by - timedelta(hours=8) + tale.minutes(5, 7 * 60)
    at = tale.act(max(at, tale.now + tale.minutes(20, 60)), "handle", HANDLER, text=tale.story["result"])
    if tale.random.random() < _FOLLOWED_UP:
        tale.act(at + tale.minutes(30, 300), FOLLOWED_UP, FOLLOWER, result="satisfied", text=tale.phrase("satisfied"))
    return at


def visited(tale: Tale, result: str = "satisfied") -> datetime:
    """Somebody calls the resident afterwards, in the daytime; satisfied closes the case."""
    at = tale.now + tale.minutes(90, 20 * 60)
    if not 9 <= at.hour < 20:
        at = (at + timedelta(hours=14)).replace(hour=tale.random.randint(9, 17))
    role = tale.random.choice((AGENT, LIAISON))
    return tale.act(max(at, tale.now + timedelta(minutes=5)), "return_visit", role, result=result, text=tale.phrase(result))


def ended(tale: Tale) -> None:
    """The last acts: the visit, sometimes the file."""
    visited(tale)
    if tale.random.random() < 0.15:
        tale.act(tale.now + timedelta(days=tale.random.randint(7, 20)), "archive", LIAISON)


def _followed(tale: Tale, chance: float = 0.35) -> None:
    if tale.random.random() < chance:
        role = tale.random.choice((MANAGER, MANAGER, BRANCH))
        tale.act(tale.now + tale.minutes(20, 120), "follow_up", role, text=tale.phrase("follow_up"))


def in_time(tale: Tale) -> None:
    """Everything within its limits."""
    promised = solved(tale, contacted(tale, accepted(tale)))
    _followed(tale)
    handled(tale, promised)
    ended(tale)


def accepted_late(tale: Tale) -> None:
    """Accepted after the ten minutes; the rest in time."""
    promised = solved(tale, contacted(tale, accepted(tale, late=True)))
    handled(tale, promised)
    ended(tale)


def contacted_late(tale: Tale) -> None:
    """The resident heard from us after the hour."""
    promised = solved(tale, contacted(tale, accepted(tale), late=True))
    _followed(tale)
    handled(tale, promised)
    ended(tale)


def reported_late(tale: Tale) -> None:
    """The solution came after its limit."""
    promised = solved(tale, contacted(tale, accepted(tale)), late=True)
    handled(tale, promised)
    ended(tale)


def handled_after(days: int) -> Plot:
    """A plot in which the problem is done that many days after what was promised, with urgings meanwhile."""

    def plot(tale: Tale) -> None:
        promised = solved(tale, contacted(tale, accepted(tale)))
        for number in range(1, min(days, 9), 3):
            tale.act(promised + timedelta(days=number, hours=tale.random.randint(-7, 1)), "urge", AGENT, text=tale.phrase("urge"))
            _followed(tale, 0.8)
        handled(tale, promised + timedelta(days=days, hours=-1))
        ended(tale)

    return plot


def held(tale: Tale) -> None:
    """On hold for some days for a reason, then done in time."""
    promised = solved(tale, contacted(tale, accepted(tale)), days=7)
    until = tale.now + timedelta(days=3)
    tale.act(tale.now + tale.minutes(30, 200), "hold", LIAISON, reason=tale.phrase("hold"), new_date=until)
    tale.act(until, "resume", LIAISON)
    handled(tale, promised)
    ended(tale)


def reopened(tale: Tale) -> None:
    """The resident is not satisfied the first time."""
    promised = solved(tale, contacted(tale, accepted(tale)))
    handled(tale, promised)
    visited(tale, "not_satisfied")
    handled(tale, tale.now + timedelta(days=1))
    ended(tale)


def complained_twice(tale: Tale) -> None:
    """The resident is not satisfied and starts the second complaint: a blue warning."""
    promised = solved(tale, contacted(tale, accepted(tale)))
    handled(tale, promised)
    visited(tale, "not_satisfied")
    tale.act(tale.now + tale.minutes(5, 20), "second_complaint", AGENT, text=tale.phrase("second"))
    handled(tale, tale.now + timedelta(days=2))
    ended(tale)


def withdrawn(tale: Tale) -> None:
    """The resident takes the complaint back."""
    contacted(tale, accepted(tale))
    tale.act(tale.now + tale.minutes(120, 900), "withdraw", AGENT, reason=tale.phrase("withdrawn"))


def not_ours(tale: Tale) -> None:
    """The unit's statement of non-responsibility is accepted: the complaint is invalid for the group, and still followed to its end."""
    promised = _stated(tale)
    tale.act(tale.now + tale.minutes(600, 1500), "accept_statement", CENTRE, text=tale.phrase("statement_accepted"))
    handled(tale, max(promised, tale.now + timedelta(days=1)))
    ended(tale)


def ours_after_all(tale: Tale) -> None:
    """The statement is refused: the unit goes on."""
    promised = _stated(tale)
    tale.act(tale.now + tale.minutes(600, 1000), "refuse_statement", CENTRE, reason=tale.phrase("statement_refused"))
    handled(tale, max(promised, tale.now + timedelta(days=1)))
    ended(tale)


def _stated(tale: Tale) -> datetime:
    reason = tale.phrase("non_responsibility")
    promised = solved(tale, contacted(tale, accepted(tale)), days=5)
    tale.act(tale.now + tale.minutes(20, 60), "claim_non_responsibility", MANAGER, reason=reason)
    tale.act(tale.received_at + tale.minutes(30 * 60, 44 * 60), "submit_statement", MANAGER, reason=reason, text=reason)
    return promised


def by_the_groups_solution(tale: Tale) -> None:
    """The group hands a solution down; it is carried out measure by measure under the eye of the quality department."""
    promised = solved(tale, contacted(tale, accepted(tale)), days=6)
    at = tale.act(
        tale.now + tale.minutes(300, 900),
        "group_solution",
        LIAISON,
        text="\n".join(stories()["measures"]),
    )
    for number, measure in enumerate(stories()["measures"], 1):
        tale.act(at + timedelta(days=number), "measure_done", LIAISON, text=measure)
    tale.act(at + timedelta(days=2, hours=3), "supervise", QUALITY, text=tale.phrase("supervision"))
    handled(tale, max(promised, tale.now + timedelta(hours=10)))
    ended(tale)


def feared(tale: Tale) -> None:
    """It may reach the press: a red warning; reported to the leader, followed by a named person, done in two weeks."""
    promised = solved(tale, contacted(tale, accepted(tale)), days=9)
    tale.act(tale.now + tale.minutes(20, 90), "mark_escalation", QUALITY, consequences=["media_report"], reason=tale.phrase("feared"))
    tale.act(tale.now + tale.minutes(12, 40), "report_major", QUALITY, text=tale.phrase("reported_major"))
    tale.act(tale.now + tale.minutes(20, 50), "name_follower", QUALITY, to=["quality_dept"])
    for number in range(1, 5):
        tale.act(tale.now + timedelta(days=1, minutes=number), "follow_up", QUALITY, text=tale.phrase("follow_up"))
    handled(tale, promised)
    ended(tale)


def decided(tale: Tale) -> None:
    """A suggestion: decided and answered within two days, then closed."""
    accepted(tale)
    if tale.random.random() < _NAMED:
        tale.act(tale.now + tale.minutes(10, 90), NAMED, HEAD_OF_SITE, to=["cs_staff"])
    adopted = tale.story["adopted"] == "yes"
    said = {} if adopted else {"reason": tale.story["reason"]}
    result = "adopted" if adopted else "not_adopted"
    tale.act(tale.now + tale.minutes(180, 1500), "decide_suggestion", LIAISON, result=result, **said)
    tale.act(tale.now + tale.minutes(30, 600), "reply_suggestion", LIAISON, text=tale.story["result"], **said)
    tale.act(tale.now + tale.minutes(10, 300), "close_suggestion", LIAISON)


def taken_note_of(tale: Tale) -> None:
    """Praise or an opinion: accepted, answered, done."""
    tale.act(tale.now + tale.minutes(30, 400), "accept", LIAISON)
    tale.act(tale.now + tale.minutes(30, 400), "public_reply", LIAISON, text=tale.phrase("thanks"))
    tale.act(tale.now + tale.minutes(10, 60), "handle", LIAISON, text=tale.phrase("passed_on"))
    visited(tale)


COMPLAINT_PLOTS: tuple[tuple[Plot, int], ...] = (
    (in_time, 118),
    (accepted_late, 9),
    (contacted_late, 7),
    (reported_late, 9),
    (handled_after(1), 6),
    (handled_after(4), 5),
    (handled_after(8), 4),
    (handled_after(17), 3),
    (held, 5),
    (reopened, 5),
    (complained_twice, 4),
    (withdrawn, 3),
    (not_ours, 3),
    (ours_after_all, 2),
    (by_the_groups_solution, 5),
    (feared, 2),
)
"""The plots of complaints and how many of each a history has."""
