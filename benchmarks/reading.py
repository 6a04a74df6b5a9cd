"""Times the reads behind the queue and the page of a case in a house: `python -m benchmarks.reading ROUNDS`.

The last line is JSON: what each took, in milliseconds, after one unmeasured read.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import datetime

from huiyin.core.moments import SHANGHAI
from huiyin.faces.cli.house import open_house


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1])
    print(json.dumps({name: _times_ms(read, rounds) for name, read in reads().items()}))


def reads() -> dict[str, Callable[[], object]]:
    """The reads by name; Django and the database must be there."""
    open_house()
    from huiyin.desk.cases import queries
    from huiyin.desk.cases.models import Case
    from huiyin.desk.places.models import Unit

    unit = Unit.objects.get(code="CY")
    scope = queries.Scope(unit.organisation_id, frozenset(Unit.objects.values_list("code", flat=True)))
    now = datetime.now(SHANGHAI)
    everything = queries.Filters()
    closed = Case.objects.filter(status="closed").order_by("received_at").values_list("id", flat=True)[0]
    later = queries.ledger(scope, everything, now, order="closed")[-1].cursor
    return {
        "queue, first page": lambda: queries.queue(scope, everything, now),
        "queue, counts": lambda: queries.queue_counts(scope, everything, now),
        "case page": lambda: queries.case_page(unit.organisation_id, closed),
        "ledger, first page": lambda: queries.ledger(scope, everything, now),
        "ledger by number": lambda: queries.ledger(scope, everything, now, order="number", rising=True),
        "ledger by closing, a later page": lambda: queries.ledger(scope, everything, now, later, order="closed"),
        "ledger of open cases by urging": lambda: queries.ledger(scope, everything, now, order="urged"),
        "words in open cases": lambda: queries.queue(scope, queries.Filters(words="电梯"), now),
    }


def _times_ms(read: Callable[[], object], rounds: int) -> list[float]:
    times = []
    read()
    for _ in range(rounds):
        began = time.perf_counter()
        read()
        times.append((time.perf_counter() - began) * 1000)
    return times


if __name__ == "__main__":
    main()
