"""`huiyin reckon`: when a limit ends, and the reckoning; for one limit, or for every row of a CSV."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, TextIO

from huiyin.core import steps
from huiyin.core.calendars import DutyHours, Workdays
from huiyin.core.limits import AtOnce, Due, Limit, Span, Unit, due_at, due_in_hours, parse_limit, reckon
from huiyin.core.moments import BadText, parse_moment
from huiyin.rulebook.calendars.load import countries, load_workdays
from huiyin.rulebook.load import regulation, stems

DEFAULT_CALENDAR: Final = "cn"
# What regulations call the calendar of a limit: hours run around the clock on any calendar, workdays on the country's.
_NAMES_OF_REGULATIONS: Final = {"workdays": "cn", "24x7": "cn"}
_ANSWERS: Final = ("due", "error")


class BadCall(BadText):
    """The command was called in a way that it cannot follow."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.description = "计算时限何时届满，并写出计算过程 / when a limit ends, and why"
    parser.add_argument("moment", nargs="?", metavar="FROM", help='起算时刻 / start, "2026-02-13 10:00"')
    parser.add_argument("limit", nargs="?", metavar="LIMIT", help='时限 / limit, "3 workdays"')
    parser.add_argument("--tolerance", help='容忍期 / what "immediately" and "promptly" mean, "30 minutes"')
    parser.add_argument(
        "--calendar",
        default=DEFAULT_CALENDAR,
        help="日历 / calendar: cn, workdays, 24x7, weekends, or the key of a regulation's hours of duty",
    )
    parser.add_argument("--english", action="store_true", help="用英文写计算过程 / the reckoning in English")
    parser.add_argument("--json", action="store_true", help="输出 JSON / answer in JSON")
    parser.add_argument("--stdin", action="store_true", help="从标准输入读取 CSV / read CSV (from,limit) from standard input")


def run(args: argparse.Namespace) -> int:
    """Do it. Exit code 0: answered; 1: a row of the CSV could not be; 2: a bad call, told on standard error."""
    try:
        if args.stdin:
            return _answer_rows(args)
        return _answer_one(args)
    except BadText as reason:
        print(reason.en if args.english else reason.zh, file=sys.stderr)
        return 2


def _answer_one(args: argparse.Namespace) -> int:
    if args.moment is None or args.limit is None:
        raise BadCall(
            'expected a start and a limit: huiyin reckon "2026-02-13 10:00" "3 workdays", or --stdin',
            '请给出起算时刻和时限：huiyin reckon "2026-02-13 10:00" "3 workdays"，或使用 --stdin',
        )
    start, limit, calendar = parse_moment(args.moment), parse_limit(args.limit), _calendar(args.calendar)
    due = _reckoned(limit, start, calendar, _tolerance(args.tolerance))
    if args.json:
        print(json.dumps(_as_json(start, limit, due, calendar.workdays), ensure_ascii=False))
    else:
        _print_words(due, calendar.workdays, english=args.english)
    return 0


def _reckoned(limit: Limit, start: datetime, calendar: Calendar, tolerance: Limit | None) -> Due:
    """As ``reckon`` says; minutes and hours on a calendar of duty run in its hours alone."""
    due = reckon(limit, start, calendar.workdays, tolerance=tolerance)
    at = _due_at(limit, start, calendar, tolerance)
    if calendar.hours is None or at is None or not _runs_by_the_clock(limit, tolerance):
        return due
    zh, en = calendar.names
    only = steps.Step(f"只在 {calendar.hours} 内计时（{zh}）", f"Only the time within {calendar.hours} counts ({en})")
    return Due(at, (due.steps[0], only, steps.ends(at, passed=False)), due.provisional)


def _due_at(limit: Limit, start: datetime, calendar: Calendar, tolerance: Limit | None) -> datetime | None:
    if calendar.hours is None or not _runs_by_the_clock(limit, tolerance):
        return due_at(limit, start, calendar.workdays, tolerance)
    return due_in_hours(tolerance if isinstance(limit, AtOnce) and tolerance else limit, start, calendar.hours, calendar.workdays)


def _runs_by_the_clock(limit: Limit, tolerance: Limit | None) -> bool:
    counted = tolerance if isinstance(limit, AtOnce) else limit
    return isinstance(counted, Span) and counted.unit in (Unit.MINUTES, Unit.HOURS)


def _as_json(start: datetime, limit: Limit, due: Due, workdays: Workdays) -> dict[str, object]:
    return {
        "from": start.isoformat(),
        "limit": str(limit),
        "due": due.at.isoformat() if due.at else None,
        "provisional": due.provisional,
        "steps": [{"zh": step.zh, "en": step.en} for step in due.steps],
        "calendar_edition": workdays.edition,
    }


def _print_words(due: Due, workdays: Workdays, *, english: bool) -> None:
    if due.at is None:
        print("no due time" if english else "无到期时间")
    else:
        day, time = steps.written(due.at)
        mark = (" (provisional)" if english else "（暂定）") if due.provisional else ""
        print(f"{day.isoformat()} {time}{mark}")
    for step in due.steps:
        print(f"  {step.en if english else step.zh}")
    print(f"  {'Calendar' if english else '日历'} {workdays.edition}")


def _tolerance(text: str | None) -> Limit | None:
    if text is None:
        return None
    tolerance = parse_limit(text)
    # Asking for the due time of "immediately" shows at once whether the tolerance has a length.
    due_at(AtOnce("immediately"), parse_moment("2026-01-01 00:00"), _calendar(DEFAULT_CALENDAR).workdays, tolerance)
    return tolerance


@dataclass(frozen=True, slots=True)
class Calendar:
    """The workdays that a limit counts, and the hours of duty in which its minutes and hours run, with their names."""

    workdays: Workdays
    hours: DutyHours | None = None
    names: tuple[str, str] = ("", "")


@lru_cache(maxsize=1)
def _of_duty() -> Mapping[str, Calendar]:
    """The calendars of duty that the regulations name, by key."""
    named = [one for stem in stems() for one in regulation(stem).source.get("calendars", ())]
    workdays = load_workdays(DEFAULT_CALENDAR)
    return {str(one["key"]): Calendar(workdays, DutyHours.parse(one["hours"], one["days"]), (one["zh"], one["en"])) for one in named}


def _calendar_names() -> tuple[str, ...]:
    return (*countries(), *_NAMES_OF_REGULATIONS, "weekends", *_of_duty())


@lru_cache(maxsize=64)
def _calendar(name: str) -> Calendar:
    if name == "weekends":
        return Calendar(Workdays(frozenset(), frozenset(), frozenset(range(2000, 2201)), "weekends"))
    if found := _of_duty().get(name):
        return found
    if name not in _calendar_names():
        raise BadCall(
            f"found calendar {name!r}; expected one of: {', '.join(_calendar_names())}",
            f"没有名为“{name}”的日历；可用：{'、'.join(_calendar_names())}",
        )
    return Calendar(load_workdays(_NAMES_OF_REGULATIONS.get(name, name)))


def _answer_rows(args: argparse.Namespace) -> int:
    if args.json or args.moment is not None:
        raise BadCall(
            "--stdin takes neither a start nor a limit nor --json; leave them out",
            "--stdin 不能与起算时刻、时限或 --json 同时使用；请去掉",
        )
    tolerance = _tolerance(args.tolerance)
    _calendar(args.calendar)
    rows = _rows(_as_utf8(sys.stdin))
    header = next(rows, [])
    if isinstance(header, str) or not {"from", "limit"} <= set(header) or len(set(header)) < len(header):
        raise BadCall(
            f"found the header {header}; expected from,limit and whatever else, each name once",
            "CSV 首行须含 from,limit 两列，且列名不得重复",
        )
    return _write_rows(header, rows, tolerance, args)


def _write_rows(header: list[str], rows: Iterator[list[str] | str], tolerance: Limit | None, args: argparse.Namespace) -> int:
    kept = [index for index, name in enumerate(header) if name not in _ANSWERS]
    answered: list[list[str]] = []
    failed = False
    for row in rows:
        cells = row if isinstance(row, list) else []
        try:
            answer = (_due_of_row(header, row, tolerance, args.calendar), "")
        except BadText as reason:
            answer = ("", reason.en if args.english else reason.zh)
            failed = True
        answered.append([*(cells[index] if index < len(cells) else "" for index in kept), *answer])
    # The column of errors is there only where there are some: what went in comes back with a column `due`.
    columns = len(kept) + (2 if failed else 1)
    sheet = csv.writer(_as_utf8(sys.stdout), lineterminator="\n")
    sheet.writerows(row[:columns] for row in [[*(header[index] for index in kept), *_ANSWERS], *answered])
    return 1 if failed else 0


def _due_of_row(header: list[str], row: list[str] | str, tolerance: Limit | None, calendar: str) -> str:
    if isinstance(row, str):
        raise BadCall(f"found a row that is no CSV ({row}); correct its quotes", f"此行不是有效的 CSV（{row}）；请核对引号")
    if len(row) != len(header):
        raise BadCall(
            f"found {len(row)} cells; expected {len(header)}, as in the header; correct the commas",
            f"此行有 {len(row)} 列，应与首行一致为 {len(header)} 列；请核对逗号",
        )
    cells = dict(zip(header, row, strict=True))
    found = _calendar(cells.get("calendar", "").strip() or calendar)
    due = _due_at(parse_limit(cells["limit"]), parse_moment(cells["from"]), found, tolerance)
    return "" if due is None else due.strftime("%Y-%m-%d %H:%M:%S" if due.second else "%Y-%m-%d %H:%M")


def _rows(stream: TextIO) -> Iterator[list[str] | str]:
    """Every row that is not blank; a row that cannot be read comes as the reader's reason."""
    reader = csv.reader(stream)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as reason:
            yield str(reason)
        else:
            if row:
                yield row


def _as_utf8(stream: TextIO) -> TextIO:
    """The stream in UTF-8, whatever the machine's own; bytes that are none pass through as they are."""
    if isinstance(stream, io.TextIOWrapper):
        reading = stream.readable()
        encoding = "utf-8-sig" if reading else "utf-8"
        stream.reconfigure(encoding=encoding, errors="surrogateescape", newline="" if reading else "\n")
    return stream


def main(argv: Sequence[str] | None = None) -> int:
    """The command by itself: `python -m huiyin.faces.cli.reckon`."""
    parser = argparse.ArgumentParser(prog="huiyin reckon")
    add_arguments(parser)
    return run(parser.parse_args(argv))


if __name__ == "__main__":
    sys.exit(main())
