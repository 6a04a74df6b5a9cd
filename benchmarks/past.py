"""A small past lived through by actions, of which the benchmarks make many: open cases, overdue ones, closed ones.

`python -m benchmarks.past KIND COUNT` runs in a house that is seeded; its last line is JSON: the ids of the cases.
Kinds: fresh (handed over now), late (handed over hours ago and looked at by nobody), closed (from hand-over to the satisfied return visit).
"""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from uuid import UUID

from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house
from tests.faults.seeding import register

AGES = {"fresh": timedelta(minutes=1), "late": timedelta(hours=8), "closed": timedelta(days=20)}


def main() -> None:
    """Live the past and print the ids."""
    kind, count = sys.argv[1], int(sys.argv[2])
    open_house()
    from huiyin.desk.places.models import Organisation

    organisation = Organisation.objects.get().id
    print(json.dumps([str(live(organisation, kind, number, datetime.now(SHANGHAI))) for number in range(count)]))


def live(organisation: UUID, kind: str, number: int, now: datetime) -> UUID:
    """One case of the kind in the project that the seeding made; its id."""
    at = now - AGES[kind] - timedelta(hours=number % 24 if kind == "closed" else 0)
    case = register(organisation, "CY", at, number, random.Random(number))
    if kind == "closed":
        _close(organisation, case, at)
    return case


def _close(organisation: UUID, case: UUID, at: datetime) -> None:
    from huiyin.desk.cases.actions import move

    told: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("accept", 5, {}),
        ("contact", 30, {"text": "已致电"}),
        ("report_solution", 60, {"text": "更换门机，当日完成", "promised_at": at + timedelta(hours=8)}),
        ("handle", 300, {"text": "已修复"}),
        ("return_visit", 600, {"result": "satisfied"}),
    )
    for what, minutes, details in told:
        moment = at + timedelta(minutes=minutes)
        move(organisation, case, what, details, by=None, post_role="unit_liaison", unit="CY", at=moment)


if __name__ == "__main__":
    main()
