"""Play scenarios through and say which hold: on the core alone, or through the real platform with the time handed in."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from huiyin.faces.cli.house import open_house, with_database
from huiyin.rehearsal.run import Result, on_core, rehearse
from huiyin.rehearsal.scenario import BadScenario
from huiyin.rulebook.load import BadRulebook


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="FILE_OR_FOLDER", help="scenario files, or folders of them")
    parser.add_argument("--on", choices=("core", "platform"), default="core", help="the core alone (default), or the real platform")
    parser.add_argument("--json", action="store_true", help="one JSON object per scenario")
    parser.add_argument("--past", metavar="FROM..TO", help="replay the stored facts of these days (2026-01-01..2026-03-31)")
    parser.add_argument("--with", dest="drafts", action="append", type=Path, metavar="DRAFT_FOLDER", help="a changed regulation")
    parser.add_argument("--english", action="store_true", help="with --past: the report in English")
    parser.add_argument("--organisation", metavar="CODE", help="whose past is replayed, where there are several")


def run(args: argparse.Namespace) -> int:
    """Rehearse. 0: all hold; 1: one does not; 2: a bad file or call."""
    if args.past:
        from huiyin.faces.cli.past import run_past

        return run_past(args)
    if not args.paths:
        print("huiyin rehearse: found no file; name scenario files or folders, or --past FROM..TO --with DRAFT_FOLDER", file=sys.stderr)
        return 2
    try:
        if args.on == "platform":
            return with_database(lambda _: _on_platform(args))
        return _report(rehearse(args.paths, on_core), as_json=args.json)
    except (BadScenario, BadRulebook) as error:
        print(error, file=sys.stderr)
        return 2


def _on_platform(args: argparse.Namespace) -> int:
    open_house()
    from django.core.management import call_command

    from huiyin.rehearsal.platform import platform_stage

    call_command("migrate", verbosity=0)
    with platform_stage() as play:
        return _report(rehearse(args.paths, play), as_json=args.json)


def _report(results: Iterator[Result], *, as_json: bool) -> int:
    failed = 0
    for result in results:
        failed += not result.passed
        print(json.dumps(result.as_json(), ensure_ascii=False) if as_json else _told(result))
    return 1 if failed else 0


def _told(result: Result) -> str:
    line = f"{'holds' if result.passed else 'DIFFERS'}  {result.scenario.file}:{result.scenario.line}  {result.scenario.name}"
    for one in result.differences:
        line += f"\n    line {one.line}: expected {one.expected}"
        line += "".join(f"\n        found {near}" for near in one.nearest) or "\n        found nothing of the kind"
    return line
