"""What was lost, doubled or made up, and which limits were missed, doubled or found early: counted from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.faults.clients import Sent
from tests.faults.house import House

FIRST_LIMIT = "GP:start-work"
FIRST_LIMIT_AFTER = timedelta(minutes=10)
"""GP-10.1.3.1: a unit starts the work within ten minutes of the transfer. The oracle of the limits knows nothing else."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Requests of the clients' journals against the cases of the house, each list by key."""

    sent: int
    acknowledged: int
    lost: list[str]
    doubled: list[str]
    phantom: list[str]
    indeterminate: list[str]


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that should have passed against what the journal of the house, which has no unique key, says of them."""

    due: int
    missed: list[str]
    doubled: list[str]
    early: list[str]
    stray: list[str]
    worst_lateness_seconds: float


def count_intake(house: House, journals: Mapping[str, Sent]) -> Intake:
    """Compare what clients wrote down with what the house holds. Call it when the house is quiet."""
    kept = _requests(house)
    cases = _cases(house)
    acknowledged = {key for key, sent in journals.items() if sent.answers}
    lost = [key for key in acknowledged if not _stands(journals[key], kept.get(key), cases.get(key, []))]
    doubled = [key for key, stories in cases.items() if len(stories) > 1]
    phantom = [key for key in {*cases, *kept} if key not in journals]
    indeterminate = [key for key in journals if key not in acknowledged and key in cases]
    return Intake(len(journals), len(acknowledged), lost, doubled, phantom, indeterminate)


def _stands(sent: Sent, digest: str | None, stories: list[str]) -> bool:
    return digest == sent.digest and sent.content["story"] in stories


def _requests(house: House) -> dict[str, str]:
    rows = house.rows("SELECT split_part(key, ':', 2), encode(body_digest, 'hex') FROM facts_request")
    return {str(key): str(digest) for key, digest in rows}


def _cases(house: House) -> dict[str, list[str]]:
    """The stories by the number that the client gave its report. The table has no unique key on it, so a double is seen."""
    found: dict[str, list[str]] = {}
    sql = "SELECT e.value, c.story FROM cases_case c, jsonb_each_text(c.external_numbers) e WHERE e.value LIKE 'fault-%'"
    for key, story in house.rows(sql):
        found.setdefault(str(key), []).append(str(story))
    return found


def count_limits(house: House, watched_from: datetime, until: datetime) -> Limits:
    """Every limit that passed by ``until``, against the journal; how late those were noticed that passed from ``watched_from`` on.

    The first limit of each case is worked out here from the transfer alone; the others are taken from the rows of the clocks.
    """
    due = _due_by_oracle(house, until) | _due_by_rows(house, until)
    passed = house.rows(
        "SELECT body #>> '{fact,details,clock}', (body #>> '{fact,at}')::timestamptz, entered_at FROM journal_entry "
        "WHERE action = 'facts.limit_passed'"
    )
    times = Counter((str(key), at) for key, at, _ in passed)
    early = [f"{key} {at}" for key, at, entered_at in passed if entered_at < at]
    missed = [f"{key} {at}" for key, at in due if (key, at) not in times]
    doubled = [f"{key} {at} {count}×" for (key, at), count in times.items() if count > 1]
    # What was overdue before anybody watched says nothing about how fast the watch is.
    lateness = [(entered_at - at).total_seconds() for _, at, entered_at in passed if at >= watched_from]
    return Limits(len(due), missed, doubled, early, _stray(house, times, until), max(lateness, default=0.0))


def _due_by_oracle(house: House, until: datetime) -> set[tuple[str, datetime]]:
    """The first limit of every case that nobody has begun to work on, from the moment it was transferred."""
    rows = house.rows(
        "SELECT t.case_id, t.at FROM facts_fact t WHERE t.event = 'complaint_transferred_to_unit' AND NOT EXISTS ("
        "SELECT 1 FROM facts_fact w WHERE w.organisation_id = t.organisation_id AND w.case_id = t.case_id "
        "AND w.event = 'work_process_started')"
    )
    moments = ((str(case), at + FIRST_LIMIT_AFTER) for case, at in rows)
    return {(f"{case}|{FIRST_LIMIT}|1", at) for case, at in moments if at <= until}


def _due_by_rows(house: House, until: datetime) -> set[tuple[str, datetime]]:
    sql = (
        "SELECT key, due_at FROM clocks_clock WHERE case_id IS NOT NULL AND due_at <= %(until)s AND stopped_at IS NULL "
        "AND state IN ('running', 'overdue')"
    )
    return {(str(key), at) for key, at in house.rows(sql, {"until": until})}


def _stray(house: House, times: Counter[tuple[str, Any]], until: datetime) -> list[str]:
    """Facts without their entry of the journal, and entries without their fact (every change has its entry, every entry its change).

    Only up to ``until``: the watch goes on while both are read, one after the other.
    """
    sql = "SELECT clock_key, at FROM facts_fact WHERE clock_key IS NOT NULL AND at <= %(until)s"
    facts = {(str(key), at) for key, at in house.rows(sql, {"until": until})}
    return [f"{key} {at}" for key, at in facts ^ {one for one in times if one[1] <= until}]


def broken_invariants(house: House) -> list[str]:
    """Invariants that hold whatever was killed, each in one query that finds the rows which break it."""
    found = []
    for name, sql in INVARIANTS.items():
        if rows := house.rows(sql):
            found.append(f"{name}: {len(rows)} rows, the first {rows[0]}")
    return found


INVARIANTS: Mapping[str, str] = {
    "I3 an open clock that is still to pass has a next look": (
        "SELECT key FROM clocks_clock WHERE state = 'running' AND due_at IS NOT NULL AND look_at IS NULL"
    ),
    "I3 a clock that has ended has no next look": (
        "SELECT key FROM clocks_clock WHERE state IN ('met', 'late', 'cancelled', 'exempt') AND look_at IS NOT NULL"
    ),
    "I3 no look was set aside": "SELECT key, error FROM clocks_clock WHERE error <> '' OR set_aside_until IS NOT NULL",
    "I4 a limit passes once": (
        "SELECT clock_key, at FROM facts_fact WHERE clock_key IS NOT NULL GROUP BY organisation_id, clock_key, at HAVING count(*) > 1"
    ),
    "I7 a case has its facts, and they have their case": (
        "SELECT c.id FROM cases_case c LEFT JOIN facts_fact f ON f.organisation_id = c.organisation_id AND f.case_id = c.id "
        "WHERE f.id IS NULL UNION ALL SELECT f.case_id FROM facts_fact f LEFT JOIN cases_case c "
        "ON c.organisation_id = f.organisation_id AND c.id = f.case_id WHERE f.case_id IS NOT NULL AND c.id IS NULL"
    ),
    "I7 a fact that came in has its entry of the journal": (
        "SELECT case_id, f.n, j.n FROM (SELECT case_id, count(*) n FROM facts_fact WHERE NOT derived AND case_id IS NOT NULL GROUP BY 1) f "
        "LEFT JOIN (SELECT substr(subject, 6)::uuid case_id, count(*) n FROM journal_entry "
        "WHERE action LIKE 'facts.%' AND subject LIKE 'case:%' GROUP BY 1) j USING (case_id) WHERE f.n IS DISTINCT FROM j.n"
    ),
    "I8 the facts of a case are numbered without a gap": (
        "SELECT case_id FROM facts_fact WHERE case_id IS NOT NULL GROUP BY organisation_id, case_id "
        "HAVING max(number) <> count(*) OR min(number) <> 1"
    ),
    "I8 each number issued on a day is a case's or is free": (
        "SELECT s.type, s.day_on, s.last, count(*) FILTER (WHERE n.taken) AS taken, count(*) FILTER (WHERE NOT n.taken) AS free "
        "FROM cases_numbersequence s LEFT JOIN (SELECT organisation_id, left(number, 8) AS day, right(number, -8)::int AS number, "
        "true AS taken FROM cases_case UNION ALL SELECT organisation_id, type || to_char(day_on, 'YYMMDD'), number, false "
        "FROM cases_numberslot) n ON n.organisation_id = s.organisation_id AND n.day = s.type || to_char(s.day_on, 'YYMMDD') "
        "GROUP BY s.organisation_id, s.type, s.day_on, s.last HAVING s.last <> count(DISTINCT n.number) OR s.last <> count(n.number)"
    ),
    "I10 a message is sent, waits, or somebody was told": (
        "SELECT key FROM messaging_message WHERE state = 'waiting' AND next_try_at IS NULL"
    ),
    "an open case has an open clock or an overdue one": (
        "SELECT c.number FROM cases_case c WHERE c.status NOT IN ('closed', 'archived', 'void') AND c.record = 'complaint' "
        "AND NOT EXISTS (SELECT 1 FROM clocks_clock k WHERE k.organisation_id = c.organisation_id AND k.case_id = c.id "
        "AND k.state IN ('running', 'overdue'))"
    ),
}
