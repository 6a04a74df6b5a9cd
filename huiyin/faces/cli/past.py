"""Replaying the stored past under a draft, for ``huiyin rehearse --past FROM..TO --with DRAFT_FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from huiyin.core.moments import BadText, closing_of, opening_of
from huiyin.core.rules import Adopted, Regulation
from huiyin.faces.cli.house import open_house, organisation_named, with_database
from huiyin.rehearsal.past import Change, Comparison, compare
from huiyin.rulebook.load import BadRulebook, load_folder

_WHAT: Final[Mapping[str, tuple[str, str]]] = {
    "limit": ("时限", "limits"),
    "lateness": ("超时", "late"),
    "warning": ("预警", "warnings"),
    "points": ("扣分", "points"),
    "refusal": ("拒绝", "refused"),
}


def run_past(args: argparse.Namespace) -> int:
    """0: replayed, with or without changes; 2: a bad call or a draft that cannot be taken."""
    try:
        since, until = _days(args.past)
        drafts = [load_folder(Path(folder)) for folder in args.drafts or ()]
    except (ValueError, BadRulebook, FileNotFoundError) as error:
        print(f"huiyin rehearse: {error}", file=sys.stderr)
        return 2
    if not drafts:
        print("huiyin rehearse: --past needs a draft to compare with: --with DRAFT_FOLDER", file=sys.stderr)
        return 2
    return with_database(lambda _: _replay(since, until, drafts, args))


def _days(text: str) -> tuple[datetime, datetime]:
    first, dots, last = text.partition("..")
    try:
        days = _day(first), _day(last)
    except ValueError:
        dots = ""
        days = date.min, date.min
    if not dots or days[0] > days[1]:
        raise ValueError(f"found --past {text!r}; expected two days, the earlier first, such as 2026-01-01..2026-03-31")
    return opening_of(days[0]), closing_of(days[1])


def _day(text: str) -> date:
    """The day, written as 2026-01-01. Raises ValueError for any other form, and for a year in which no case can lie."""
    day = date.fromisoformat(text)
    if text != day.isoformat() or not 2000 <= day.year <= 2100:
        raise ValueError(text)
    return day


def _replay(since: datetime, until: datetime, drafts: list[Regulation], args: argparse.Namespace) -> int:
    open_house()
    from django.utils import timezone

    from huiyin.desk.places.queries import tree
    from huiyin.rehearsal.stored import house_of, numbers_of, past_of

    try:
        organisation = organisation_named(args.organisation).id
    except BadText as error:
        print(f"huiyin rehearse: {error}", file=sys.stderr)
        return 2
    # What is still to come is no past: limits that end later are not late yet.
    until = min(until, timezone.now())
    if until <= since:
        print(f"huiyin rehearse: found --past {args.past!r}, expected days that have begun", file=sys.stderr)
        return 2
    units, now = house_of(organisation, until - timedelta(microseconds=1))
    draft = tuple(_changed(now, drafts))
    if draft == now:
        adopted = ", ".join(one.regulation.stem for one in now) or "none"
        print(f"huiyin rehearse: none of the drafts is of a regulation that is adopted ({adopted})", file=sys.stderr)
        return 2
    comparison = compare(past_of(organisation, since, until), units, now, draft, until)
    told = _numbered(comparison, numbers_of(organisation))
    names = tree(organisation).names
    print(json.dumps(_as_json(told), ensure_ascii=False) if args.json else _told(told, names, english=args.english))
    return 0


def _numbered(comparison: Comparison, numbers: Mapping[str, str]) -> Comparison:
    """The same with the numbers of the cases in the place of their ids."""
    changes = (replace(one, cases=tuple(numbers.get(case, case) for case in one.cases)) for one in comparison.changes)
    return replace(comparison, changes=tuple(changes))


def _changed(now: Iterable[Adopted], drafts: list[Regulation]) -> Iterable[Adopted]:
    by_stem = {draft.stem: draft for draft in drafts}
    for one in now:
        draft = by_stem.get(one.regulation.stem)
        yield replace(one, regulation=draft) if draft else one


def _told(comparison: Comparison, names: Mapping[str, tuple[str, str]], *, english: bool) -> str:
    """The changes, project by project, a line for each clause."""
    lines = [
        f"{comparison.cases} cases and {comparison.facts} facts were replayed under the rules in force and under the draft."
        if english
        else f"{comparison.cases} 张工单、{comparison.facts} 条事实已按现行制度和草案各演一遍。"
    ]
    if not comparison.changes:
        return "\n".join([*lines, "No difference." if english else "没有差别。"])
    unit = None
    for one in comparison.changes:
        if one.unit != unit:
            unit = one.unit
            lines += ["", f"{names[unit][english]} ({unit})" if unit in names else unit or "—"]
        lines.append(f"  {one.clause:<14} {_WHAT[one.what][english]}  {_difference(one, english=english)}  {_about(one, english=english)}")
    return "\n".join(lines)


def _difference(one: Change, *, english: bool) -> str:
    if one.moved is None:
        return f"{one.before} → {one.after}"
    least, most = (_shift(span, english=english) for span in one.moved)
    shift = least if least == most else f"{least} ~ {most}"
    both = f"{one.before} → {one.after}" if one.before != one.after else str(one.after)
    return f"{both} ending otherwise: {shift}" if english else f"{both} 项到期时间变动：{shift}"


def _shift(span: timedelta, *, english: bool) -> str:
    """A span in words, with whether it is sooner or later."""
    minutes = abs(round(span.total_seconds() / 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    words = ("d", "h", "min") if english else ("天", "小时", "分钟")
    long = " ".join(f"{number}{word}" for number, word in zip((days, hours, rest), words, strict=True) if number)
    if english:
        return f"{long or '0min'} {'sooner' if span < timedelta() else 'later'}"
    return f"{'提前' if span < timedelta() else '推后'} {long or '0分钟'}"


def _about(one: Change, *, english: bool) -> str:
    named = ", ".join(one.cases[:3]) if english else "、".join(one.cases[:3])
    more = (f" and {len(one.cases) - 3} more" if english else f" 等{len(one.cases)}项") if len(one.cases) > 3 else ""
    return f"({named}{more})" if english else f"（{named}{more}）"


def _as_json(comparison: Comparison) -> dict[str, object]:
    changes = [
        {
            "unit": one.unit,
            "clause": one.clause,
            "what": one.what,
            "before": str(one.before),
            "after": str(one.after),
            "moved_minutes": [span.total_seconds() / 60 for span in one.moved] if one.moved else None,
            "cases": list(one.cases),
        }
        for one in comparison.changes
    ]
    return {"facts": comparison.facts, "cases": comparison.cases, "changes": changes}
