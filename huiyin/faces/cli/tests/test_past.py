"""试算: the stored past under a draft, told project by project and clause by clause, from the command line."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.clocks.watch import look
from huiyin.desk.conftest import at, branch, clerk, company, organisation, project
from huiyin.desk.journal.actions import By
from huiyin.desk.places.models import Unit
from huiyin.faces.cli.main import main
from huiyin.rulebook.load import FOLDER

__all__ = ["at", "branch", "clerk", "company", "organisation", "project"]
NINE = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
def number(company: Unit, project: Unit, clerk: By, at: datetime) -> str:
    """The number of a complaint that nobody took care of for a day."""
    adopt(company, "group_platform", "1", date(2018, 1, 1), by=clerk, at=at)
    form = Registration("complaint", project.code, channel="call_centre_400", story="楼道脏", category={"GP": "cleaning"})
    made = register(company.organisation_id, form, by=None, at=NINE, dispatch_to=project.code)
    while look(NINE + timedelta(days=1)):
        pass
    return made.number


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The measures with five minutes to start work instead of ten."""
    folder = tmp_path / "group_platform"
    shutil.copytree(FOLDER / "group_platform", folder)
    rules = (folder / "rules.yaml").read_text(encoding="utf-8")
    (folder / "rules.yaml").write_text(rules.replace("within: 10 minutes", "within: 5 minutes"), encoding="utf-8")
    return folder


def test_it_says_by_how_much_limits_move_for_each_project(
    number: str, project: Unit, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", "--past", "2026-03-01..2026-03-02", "--with", str(draft)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert f"{project.name} ({project.code})" in told
    (line,) = (one for one in told if "GP-10.1.3.1 " in one)
    assert "提前 5分钟" in line and number in line
    assert main(["rehearse", "--past", "2026-03-01..2026-03-02", "--with", str(draft), "--english"]) == 0
    assert "5min sooner" in capsys.readouterr().out
    assert main(["rehearse", "--past", "2026-03-01..2026-03-02", "--with", str(draft), "--json"]) == 0
    (change,) = (one for one in json.loads(capsys.readouterr().out)["changes"] if one["clause"] == "GP-10.1.3.1")
    assert (change["unit"], change["moved_minutes"]) == (project.code, [-5, -5])


def test_what_is_still_to_come_is_not_replayed(number: str, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tomorrow = datetime.now(SHANGHAI).date() + timedelta(days=1)
    assert main(["rehearse", "--past", f"{tomorrow}..2100-01-01", "--with", str(draft)]) == 2
    assert "days that have begun" in capsys.readouterr().err


@pytest.mark.parametrize(
    "days", ["2026-03-02..2026-03-01", "2026-03-01", "20260301..20260302", "2026-02-30..2026-03-01", "0001-01-01..9999-12-31", ""]
)
def test_other_days_are_refused(days: str, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rehearse", f"--past={days}", "--with", str(draft)]) == 2
    assert capsys.readouterr().err.startswith("huiyin rehearse: found")


@pytest.mark.parametrize("words", [["--organisation", "nowhere"], ["--with", "/nowhere"]])
def test_an_organisation_or_a_draft_that_is_not_there_is_told(
    number: str, draft: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with_draft = [] if "--with" in words else ["--with", str(draft)]
    assert main(["rehearse", "--past", "2026-03-01..2026-03-02", *with_draft, *words]) == 2
    assert capsys.readouterr().err.startswith("huiyin rehearse: ")
