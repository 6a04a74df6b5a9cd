"""An organisation to bring files into, and files to bring in."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
import xlsxwriter

from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation
from huiyin.rulebook.load import regulation

CLERK = By("admin")
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LEDGER = SheetMapping(
    source="old-ledger",
    columns={"编号": "source_id", "时间": "at", "内容": "story", "电话": "contact_phone", "项目": "unit", "办结": "closed_at"},
    constants={"record": "complaint", "channel": "call_centre_400"},
)
HEADER = ("编号", "时间", "内容", "电话", "项目", "办结")

MakeBook = Callable[..., bytes]


@pytest.fixture
def organisation(db: None) -> Organisation:
    """A company with the project CY, under a regulation from 2026 on."""
    made = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=AT)
    company = places.add_unit(made.id, "WY", "property_company", "物业公司", by=CLERK, at=AT)
    places.add_unit(made.id, "CY", "project", "翠园一期", by=CLERK, at=AT, parent=company.id, households_count=604)
    version = regulation("group_platform").source["version"]
    adopt(company, "group_platform", version, date(2026, 1, 1), by=CLERK, at=AT)
    return made


def csv_of(*rows: Sequence[str]) -> bytes:
    """A CSV file with the ledger's header."""
    return "\n".join(",".join(row) for row in (HEADER, *rows)).encode()


def row_of(number: int, **more: str) -> tuple[str, ...]:
    """A good row of the ledger, changed by ``more``."""
    told = {
        "编号": f"L{number:05d}",
        "时间": "2025-03-04 10:00",
        "内容": f"第{number}件：电梯停运",
        "电话": "13800138000",
        "项目": "CY",
        "办结": "",
        **more,
    }
    return tuple(told[name] for name in HEADER)


@pytest.fixture
def make_book() -> MakeBook:
    """Makes an .xlsx of rows; ``into`` may be changed before it is closed."""

    def make(rows: Sequence[Sequence[Any]], change: Callable[[Any, Any], None] = lambda _book, _page: None, **options: Any) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
        page, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(number, column, cell, day)
                else:
                    page.write(number, column, cell)
        change(book, page)
        book.close()
        return out.getvalue()

    return make
