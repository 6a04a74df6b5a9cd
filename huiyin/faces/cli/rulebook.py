"""The rulebook: check that every regulation can be taken, whether every clause is honoured and shown, and show a regulation."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable

from huiyin.rulebook.coverage import clauses_of, coverage
from huiyin.rulebook.load import BadRulebook, regulation, stems
from huiyin.rulebook.schema import json_schema


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("what", choices=("check", "coverage", "show", "schema"))
    parser.add_argument("regulation", nargs="?", help="stem of a regulation; all of them where it is left out")
    parser.add_argument("--english", action="store_true", help="names in English")


def run(args: argparse.Namespace) -> int:
    """Do what was asked. 0: all well; 1: a clause is open, or a regulation cannot be taken; 2: an unknown regulation."""
    commands: dict[str, Callable[[str, bool], int]] = {"check": _check, "coverage": _coverage, "show": _show}
    if args.what == "schema":
        print(json.dumps(json_schema(), ensure_ascii=False, indent=2))
        return 0
    if args.regulation and args.regulation not in stems():
        print(f"huiyin rulebook: found {args.regulation!r}; the rulebook holds: {', '.join(stems())}", file=sys.stderr)
        return 2
    try:
        return max(commands[args.what](stem, args.english) for stem in ([args.regulation] if args.regulation else stems()))
    except BadRulebook as error:
        print(error, file=sys.stderr)
        return 1


def _check(stem: str, english: bool) -> int:
    rules = regulation(stem)
    print(f"{stem}: {rules.title[english]}; {len(rules.clauses)} clauses, {len(rules.rules)} rules, edition {rules.edition}")
    return 0


def _coverage(stem: str, english: bool) -> int:
    clauses = coverage(stem)
    for one in clauses:
        mark = "OPEN" if one.open else "ok  "
        shown = "; ".join(one.shown) or "nothing shows it"
        print(f"{mark}  {one.clause:<14} {', '.join(one.honoured) or 'not honoured'}  ←  {shown}")
    left = sum(one.open for one in clauses)
    print(f"{stem}: {len(clauses) - left} of {len(clauses)}")
    return 1 if left else 0


def _show(stem: str, english: bool) -> int:
    rules = regulation(stem)
    print(f"{rules.title[english]}  ({stem}, {rules.edition})")
    for clause in rules.clauses:
        print(f"\n{clause}")
        for rule in rules.rules:
            if clause in clauses_of(rule):
                print(f"  {type(rule).__name__.removesuffix('Rule').lower():<12} {rule.id}: {rule.name[english]}")
        for honour in rules.honours:
            if clause in honour.cites:
                print(f"  {honour.kind:<12} {honour.where}: {honour.name[english]}")
    return 0
