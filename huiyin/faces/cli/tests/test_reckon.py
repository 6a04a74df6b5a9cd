"""`huiyin reckon`, called the way people call it: as a command of its own."""

import csv
import io
import json
import subprocess
import sys

import pytest

from huiyin.faces.cli.reckon import main


def test_the_due_time_comes_first_and_the_reckoning_below(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["2026-02-13 10:00", "3 workdays"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2026-02-25 24:00"
    assert lines[2] == "  第1个工作日：2026-02-14（周六），调休上班"


def test_the_reckoning_comes_in_english_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["2026-02-13 10:00", "2 days", "--english"]) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "2026-02-15 10:00",
        "  Starts 2026-02-13 (Fri) 10:00",
        "  2 days (48 hours) pass, around the clock",
    ]


def test_json_holds_all_that_a_clock_keeps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["2026-12-30 10:00", "5 workdays", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"from", "limit", "due", "provisional", "steps", "calendar_edition"}
    assert answer["due"] == "2027-01-07T00:00:00+08:00"
    assert answer["provisional"] is True
    assert set(answer["steps"][0]) == {"zh", "en"}


@pytest.mark.parametrize(
    ("arguments", "first_line"),
    [
        (["2026-02-13 10:00", "immediately"], "无到期时间"),
        (["2026-02-13 10:00", "immediately", "--tolerance", "30 minutes"], "2026-02-13 10:30"),
        (["2026-02-13 10:00", "3 workdays", "--calendar", "weekends"], "2026-02-18 24:00"),
        (["2026-02-13 19:30", "1 hours", "--calendar", "gp_liaison_mobile_0800_2000_daily"], "2026-02-14 08:30"),
        (["2026-02-13 19:30", "3 workdays", "--calendar", "gp_liaison_mobile_0800_2000_daily"], "2026-02-25 24:00"),
        (["2026-12-30 10:00", "5 workdays"], "2027-01-06 24:00（暂定）"),
        (["2026年2月13日 上午10点", "same day"], "2026-02-13 24:00"),
    ],
)
def test_what_may_be_asked(arguments: list[str], first_line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    assert capsys.readouterr().out.splitlines()[0] == first_line


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["2026-02-13 10:00"],
        ["2026-02-30 10:00", "3 workdays"],
        ["2026-02-13 10:00", "3 wrokdays"],
        ["2026-02-13 10:00", "3 workdays", "--calendar", "mars"],
        ["2026-02-13 10:00", "promptly", "--tolerance", "promptly"],
        ["2026-02-13 10:00", "3 workdays", "--stdin"],
    ],
)
def test_a_bad_call_exits_2_and_says_why(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.strip()


def _rows(sheet: bytes, *arguments: str) -> tuple[int, list[dict[str, str]]]:
    command = [sys.executable, "-m", "huiyin.faces.cli.reckon", "--stdin", *arguments]
    done = subprocess.run(command, input=sheet, capture_output=True, check=False)
    text = done.stdout.decode("utf-8", errors="surrogateescape")
    return done.returncode, list(csv.DictReader(io.StringIO(text)))


def test_every_row_of_a_sheet_gets_its_due_time() -> None:
    sheet = "\ufefffrom,limit,备注,calendar\r\n2026-02-13 10:00,3 workdays,甲,\r\n2026-02-13 10:00,3 workdays,乙,weekends\r\n"
    code, rows = _rows(sheet.encode())
    assert code == 0
    assert [(row["备注"], row["due"], row.get("error", "")) for row in rows] == [
        ("甲", "2026-02-26 00:00", ""),
        ("乙", "2026-02-19 00:00", ""),
    ]


def test_a_row_may_name_the_hours_of_duty_of_a_regulation() -> None:
    hours = "gp_liaison_mobile_0800_2000_daily"
    code, rows = _rows(f"from,limit,calendar\n2026-02-13 19:30,1 hours,{hours}\n2026-02-13 19:30,1 hours,24x7\n".encode())
    assert (code, [row["due"] for row in rows]) == (0, ["2026-02-14 08:30", "2026-02-13 20:30"])


def test_a_bad_row_does_not_stop_the_rest() -> None:
    sheet = (
        "from,limit\n2026-02-30 10:00,3 workdays\n2026-02-13 10:00\n2026-02-13 10:00,soon\n\n"
        '2026-02-13 10:00,immediately\n2026-02-13 10:00:30,"15 minutes"\n'
    )
    code, rows = _rows(sheet.encode())
    assert code == 1
    assert [row["due"] for row in rows] == ["", "", "", "", "2026-02-13 10:15:30"]
    assert [bool(row["error"]) for row in rows] == [True, True, True, False, False]


def test_a_tolerance_holds_for_every_row_and_old_answers_are_replaced() -> None:
    code, rows = _rows(b"due,from,limit\nold,2026-02-13 10:00,promptly\n", "--tolerance", "1 hours")
    assert code == 0
    assert rows == [{"from": "2026-02-13 10:00", "limit": "promptly", "due": "2026-02-13 11:00"}]


def test_bytes_that_are_not_utf_8_pass_through() -> None:
    code, rows = _rows(b"from,limit,note\n2026-02-13 10:00,1 days,\xb0\xa1\n")
    assert code == 0
    assert rows[0]["note"].encode("utf-8", errors="surrogateescape") == b"\xb0\xa1"


@pytest.mark.parametrize("sheet", [b"", b"a,b\n1,2\n", b"from,from,limit\n"])
def test_a_sheet_without_its_header_is_a_bad_call(sheet: bytes) -> None:
    assert _rows(sheet)[0] == 2


def test_the_command_loads_no_web_framework() -> None:
    asked = "import sys, huiyin.faces.cli.reckon; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "False"
