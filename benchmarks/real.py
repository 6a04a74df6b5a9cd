"""Whole real files through the real import: `python -m benchmarks real`. Every row of every file is accounted for.

The data is in ../shared/data (its README says whence); nothing of it is in the product. Citizens' messages come in as a ledger does; the
requests of cities are replayed, each entered at its own time, in the order of these times. The mappings are those of the handbook.
HUIYIN_BENCH_REAL names the mappings to take, if not all ("leader-board boston311").
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.table import show
from huiyin.faces.cli.house import open_house, with_database

if TYPE_CHECKING:
    from huiyin.desk.places.models import Organisation

TOP: Final = Path(__file__).resolve().parents[1]
DATA, MAPPINGS = TOP.parent / "shared" / "data", TOP / "docs" / "how-to" / "mappings"
AT: Final = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
FILES: Final = (
    ("teddy2020/a3_stream.csv", "teddy2020-stream", False),
    ("teddy2020/a4_with_replies.csv", "teddy2020-replies", False),
    ("leader_board_zj/messages.csv", "leader-board", False),
    ("requests_311/nyc311_arrivals_2026-04-13.csv", "nyc311", True),
    ("requests_311/sf311_sample_10000.csv", "sf311", True),
    ("requests_311/boston311_100_with_target_dates.csv", "boston311", True),
)
"""A file, its mapping, and whether it is replayed."""
_HEAD: Final = ("file", "in the file", "read", "taken", "refused", "existing", "cases", "accounted for", "seconds", "rows/s")


def run() -> int:
    """Bring every file in and print what became of its rows; 1 when a row is not accounted for."""
    folder = tempfile.mkdtemp(prefix="huiyin-real-")
    os.environ["HUIYIN_DATA"] = folder
    try:
        return with_database(_bring_all)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _bring_all(_address: str) -> int:
    open_house()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    organisation, rows, reasons, whole = _organisation(), [], [], True
    wanted = os.environ.get("HUIYIN_BENCH_REAL", "").split()
    for file, mapping, replay in (one for one in FILES if not wanted or one[1] in wanted):
        row, why = _bring(organisation, DATA / file, MAPPINGS / f"{mapping}.yaml", replay)
        rows.append(row)
        reasons += [[file, str(count), text] for text, count in why.most_common()]
        whole &= row[7] == "yes"
        print(" ".join(row), flush=True)
    show("real files through the import", _HEAD, rows)
    show("why rows were refused", ("file", "rows", "reason"), reasons)
    return 0 if whole else 1


def _organisation() -> Organisation:
    """A company with a project, under a regulation that has been in force since before the requests that are replayed."""
    from huiyin.desk.adoptions.actions import adopt
    from huiyin.desk.journal.actions import By
    from huiyin.desk.places import actions as places
    from huiyin.rulebook.load import regulation

    by = By("admin")
    made = places.add_organisation("real", "实测集团", by=by, at=AT)
    company = places.add_unit(made.id, "WY", "property_company", "物业公司", by=by, at=AT)
    places.add_unit(made.id, "XM", "project", "项目", by=by, at=AT, parent=company.id, households_count=800)
    adopt(company, "group_platform", str(regulation("group_platform").source["version"]), date(2026, 1, 1), by=by, at=AT)
    return made


def _bring(organisation: Organisation, path: Path, mapping: Path, replay: bool) -> tuple[list[str], Counter[str]]:
    from huiyin.channels.sheets import running
    from huiyin.channels.sheets.mappings import read_mapping
    from huiyin.desk.cases.models import Case
    from huiyin.desk.imports import queries
    from huiyin.desk.journal.actions import By

    if not path.is_file():
        raise SystemExit(f"benchmarks real: found no {path}, expected the shared data beside the checkout; put it there")
    by, told, before = By("admin"), read_mapping(mapping, {"unit": "XM"}), Case.objects.count()
    began = time.perf_counter()
    file = running.open_file(path.name, path.read_bytes(), told, replay=replay)
    begun = running.begin(file, organisation.id, by=by, at=AT, replay=replay)
    counts = running.carry_on(begun, told, by=by, at=AT, progress=lambda done: print(f"{path.name}: {done}", end="\r", file=sys.stderr))
    seconds = time.perf_counter() - began
    there, cases = _rows_in(path), Case.objects.count() - before
    whole = there == counts["read"] == counts["taken"] + counts["refused"] + counts["existing"] and cases == counts["taken"]
    figures = [counts[name] for name in ("read", "taken", "refused", "existing")]
    why = Counter(_kind(en) for row in queries.refused(begun) for _zh, en in row.errors)
    measured = [f"{seconds:.0f}", f"{counts['read'] / seconds:.0f}"]
    return [path.name, *map(str, [there, *figures, cases]), "yes" if whole else "NO", *measured], why


def _rows_in(path: Path) -> int:
    """How many rows the file has, counted by the standard library."""
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(any(cell.strip() for cell in row) for row in csv.reader(file)) - 1


def _kind(reason: str) -> str:
    """A reason without what was found in the row."""
    return "".join("N" if sign.isdigit() else sign for sign in reason)[:110]
