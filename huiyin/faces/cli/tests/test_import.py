"""The command that brings files in says what it needs before it reads a row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.faces.cli import import_
from huiyin.faces.cli.main import main
from huiyin.rulebook.load import regulation

AT, CLERK = datetime(2026, 2, 2, 1, 0, tzinfo=UTC), By("admin")
MAPPING = """
source: board
columns: {tid: source_id, date: at, content: story}
constants: {record: complaint, channel: online_system}
"""
ROWS = "tid,date,content\n1,2026-01-05 10:00,电梯停运\n2,2026-01-32 10:00,路灯不亮\n"


@pytest.fixture
def folder(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two organisations, a ledger and its mapping."""
    for code, name in (("one", "甲集团"), ("two", "乙集团")):
        made = places.add_organisation(code, name, by=CLERK, at=AT)
        company = places.add_unit(made.id, "WY", "property_company", "物业公司", by=CLERK, at=AT)
        places.add_unit(made.id, "XM", "project", "桂语里", by=CLERK, at=AT, parent=company.id)
        adopt(company, "group_platform", str(regulation("group_platform").source["version"]), date(2026, 1, 1), by=CLERK, at=AT)
    (tmp_path / "board.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "rows.csv").write_text(ROWS, encoding="utf-8")
    # The tests' database is open already.
    monkeypatch.setattr(import_, "with_database", lambda action: action(""))
    return tmp_path


def _said(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main(["import", str(folder / "rows.csv"), "--mapping", str(folder / "board.yaml"), *options])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_with_several_organisations_it_says_which_there_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in ((), ("--organisation", "none")):
        code, said = _said(folder, capsys, *options)
        assert code == 2 and "--organisation CODE" in said and "one (甲集团), two (乙集团)" in said


def test_a_unit_that_nobody_named_or_that_is_not_there_is_told_before_any_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, told in (((), "nothing gives the field(s) unit"), (("--unit", "CY"), "found the unit 'CY'")):
        code, said = _said(folder, capsys, "--organisation", "one", *options)
        assert code == 2 and told in said and "XM (桂语里)" in said and "第 2 行" not in said
    (folder / "board.yaml").write_text(MAPPING.replace("online_system", "pigeon"), encoding="utf-8")
    code, said = _said(folder, capsys, "--organisation", "one", "--unit", "XM")
    assert code == 2 and "channel of all rows: found 'pigeon'" in said


def test_with_both_named_the_good_rows_come_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _said(folder, capsys, "--organisation", "two", "--unit", "XM")
    assert code == 1 and "读入 2 行：导入 1，拒绝 1，已存在 0" in said and "没有这一天" in said
    assert Case.objects.get().unit_code == "XM"
