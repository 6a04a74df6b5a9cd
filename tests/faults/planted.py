"""A planted fault: a watcher that first notes its looks as done and then acts on them, as many schedulers do.

It stands here and not in the product, to show that the harness of this folder finds what such an order loses. It acts by the product's own
way in, so that the order is the only thing wrong with it. `python -m tests.faults.planted` runs it in place of `huiyin watch`.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house
from huiyin.plumbing.processes import stop_on_signals

AT_ONCE = 20
PAUSE_SECONDS = 0.2
SLOW_SECONDS = 0.15
"""How long an act takes, as one does that reaches over a network: long enough that the kills find some of them undone."""
_MARK = (
    "WITH due AS (SELECT organisation_id, key, look_at FROM clocks_clock WHERE look_at <= %s AND case_id IS NOT NULL "
    "ORDER BY look_at LIMIT %s FOR UPDATE SKIP LOCKED) UPDATE clocks_clock c SET look_at = NULL FROM due d "
    "WHERE c.organisation_id = d.organisation_id AND c.key = d.key "
    "RETURNING c.organisation_id, c.key, c.case_id, c.unit_code, d.look_at"
)
_UNMARK = "UPDATE clocks_clock SET look_at = %s WHERE organisation_id = %s AND key = %s"


def main() -> None:
    """Watch, in the wrong order, until told to stop."""
    open_house()
    with stop_on_signals() as stop:
        while not stop.is_set():
            marked = _mark(datetime.now(SHANGHAI))
            for row in marked:
                time.sleep(SLOW_SECONDS)
                _act(row)
            if not marked:
                time.sleep(PAUSE_SECONDS)


def _mark(now: datetime) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_MARK, [now, AT_ONCE])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _act(row: tuple[Any, ...]) -> None:
    from django.db import connection, transaction

    from huiyin.desk.facts.actions import store

    organisation_id, key, case_id, unit, look_at = row
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_UNMARK, [look_at, organisation_id, key])
        passed = Fact(LIMIT_PASSED, look_at, str(case_id), unit, "platform", {"clock": key})
        store(organisation_id, [passed], by=None, at=datetime.now(SHANGHAI))


if __name__ == "__main__":
    main()
