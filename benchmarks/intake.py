"""Durable intake over HTTP, with all limits that the regulation starts, against the bare stack that writes as many rows.

Both run under the same server on the same database (synced to the disk), in turn. The ratio is what this product adds to the bare
stack: 0.5 is aimed at, below 0.25 is a failure.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.load import Round, body_of, send_for
from benchmarks.table import show
from huiyin.faces.cli.web import CONNECTIONS, server_bounds
from tests.faults.clients import Line
from tests.faults.house import WEB_WORKERS, House, Seeded, free_port
from tests.faults.processes import Kept, await_true

CLIENTS = (1, 8, 32)
ROUNDS = 3
_WRITTEN = "xmin::text::bigint > %s AND xmin::text::bigint < %s"
SECONDS = 3.0
AIM, LEAST = 0.5, 0.25


def run() -> int:
    """Measure and print; 1 when the ratio is below 0.25 at any number of clients."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-bench-"))
    try:
        with House(folder, watchers=0) as house:
            return _compare(house, house.seed())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compare(house: House, seeded: Seeded) -> int:
    house.open()
    send_for(2, 4, house.port, seeded.api_key, seeded.unit)
    written = _make_bare_tables(house, seeded)
    with ExitStack() as stack:
        port = free_port()
        bare = Kept({**house.environ, "BARE_ROWS": str(house.folder / "rows.json")}, house.folder / "bare.log")
        bare.start({"bare": _server("benchmarks.bare:application", port)})
        stack.callback(bare.stop)
        await_true("an answer of the bare stack", lambda: _answers(port), 30)
        send_for(2, 4, port, "none", seeded.unit)
        pairs = {clients: _alternate(house.port, port, seeded, clients) for clients in CLIENTS}
    return _judge(pairs, written)


def _alternate(ours: int, bare: int, seeded: Seeded, clients: int) -> list[tuple[Round, Round]]:
    both = (bare, "none"), (ours, seeded.api_key)
    return [
        (rounds[0], rounds[1])
        for rounds in ([send_for(SECONDS, clients, port, key, seeded.unit) for port, key in both] for _ in range(ROUNDS))
    ]


def _judge(pairs: dict[int, list[tuple[Round, Round]]], written: dict[str, int]) -> int:
    rows, worst = [], 1.0
    for clients, rounds in pairs.items():
        bare, ours = (statistics.median(one[side].rate for one in rounds) for side in (0, 1))
        ratio = statistics.median(one[1].rate / one[0].rate for one in rounds)
        worst = min(worst, ratio)
        waits = [f"{statistics.median(one[1].median_ms for one in rounds):.1f}", f"{max(one[1].p99_ms for one in rounds):.0f}"]
        rows.append([clients, f"{bare:.0f}", f"{ours:.0f}", f"{ratio:.2f}", *waits])
    counted = ", ".join(f"{table} {count}" for table, count in written.items())
    show(f"intake: rows of one hand-over: {counted}", ("clients", "bare/s", "ours/s", "ratio", "median ms", "p99 ms"), rows)
    print(f"  worst ratio {worst:.2f}; aimed at {AIM}, never below {LEAST}: {'holds' if worst >= LEAST else 'FAILS'}")
    return 0 if worst >= LEAST else 1


def _make_bare_tables(house: House, seeded: Seeded) -> dict[str, int]:
    """Tables of the same columns and a plain key, and the file of the rows of one hand-over; returns how many of each table."""
    after, until = _one_hand_over(house, seeded)
    file, counts = [], {}
    with house.connection() as connection:
        connection.execute("CREATE SCHEMA bare AUTHORIZATION huiyin")
        for (table,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall():
            columns = _columns(connection, table)
            listed = ", ".join(f'"{name}"::text' for name, _ in columns)
            rows = connection.execute(f'SELECT {listed} FROM "{table}" WHERE {_WRITTEN}', [after, until]).fetchall()
            if rows:
                shape = ", ".join(f'"{name}" {kind}' for name, kind in columns)
                connection.execute(f'CREATE TABLE bare."{table}" (bare_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {shape})')
                file.append([table, columns, [list(row) for row in rows]])
                counts[table] = len(rows)
        connection.execute("GRANT ALL ON ALL TABLES IN SCHEMA bare TO huiyin")
    (house.folder / "rows.json").write_text(json.dumps(file))
    return counts


def _one_hand_over(house: House, seeded: Seeded) -> tuple[int, int]:
    """Hand one complaint over; returns the transactions before and after it. Its savepoints have numbers of their own between them."""
    number = "SELECT pg_current_xact_id()::text::bigint"
    line = Line(house.port, seeded.api_key)
    before = int(house.rows(number)[0][0])
    answer = line.post("bench-measured", body_of("bench-measured", seeded.unit, random.Random(1)))
    after = int(house.rows(number)[0][0])
    line.close()
    if answer is None or answer.status != 201:
        raise RuntimeError(f"found {answer}, expected a hand-over that is taken; see {house.last_words()}")
    return before, after


def _columns(connection: Any, table: str) -> list[list[str]]:
    sql = (
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 "
        "AND NOT a.attisdropped ORDER BY a.attnum"
    )
    return [[name, kind] for name, kind in connection.execute(sql, [f'public."{table}"']).fetchall()]


def _server(application: str, port: int) -> tuple[str, ...]:
    place = ("--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB_WORKERS))
    return (sys.executable, "-m", "granian", "--interface", "rsgi", *place, *server_bounds(CONNECTIONS, 30), application)


def _answers(port: int) -> bool:
    line = Line(port, "none")
    answer = line.post("first", json.dumps({"external_number": "first"}))
    line.close()
    return answer is not None and answer.status == 201
