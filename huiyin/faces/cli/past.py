"""Replaying the stored past under a draft, for ``huiyin rehearse --past FROM..TO --with DRAFT_FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

from huiyin.core.moments import closing_of, opening_of
from huiyin.core.rules import Adopted, Regulation
from huiyin.faces.cli.house import open_house, with_database
from huiyin.rehearsal.past import Comparison, compare
from huiyin.rulebook.load import BadRulebook, load_folder

_WHAT = {"limit": "时限", "lateness": "超时", "warning": "预警", "points": "扣分", "refusal": "拒绝"}


def run_past(args: argparse.Namespace) -> int:
    """0: replayed, with or without changes; 2: a bad call or a draft that cannot be taken."""
    try:
        since, until = _days(args.past)
        drafts = [load_folder(Path(folder)) for folder in args.drafts or ()]
    except (ValueError, BadRulebook) as error:
        print(f"huiyin rehearse: {error}", file=sys.stderr)
        return 2
    if not drafts:
        print("huiyin rehearse: --past needs a draft to compare with: --with DRAFT_FOLDER", file=sys.stderr)
        return 2
    return with_database(lambda _: _replay(since, until, drafts, args))


def _days(text: str) -> tuple[datetime, datetime]:
    first, dots, last = text.partition("..")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        dots = ""
        days = date.min, date.min
    if not dots or days[0] > days[1]:
        raise ValueError(f"found --past {text!r}; expected two days, the earlier first, such as 2026-01-01..2026-03-31")
    return opening_of(days[0]), closing_of(days[1])


def _replay(since: datetime, until: datetime, drafts: list[Regulation], args: argparse.Namespace) -> int:
    open_house()
    from huiyin.desk.places.models import Organisation
    from huiyin.rehearsal.stored import house_of, numbers_of, past_of

    found = Organisation.objects.filter(**({"code": args.organisation} if args.organisation else {})).order_by("code")
    if len(found) != 1:
        codes = ", ".join(found.values_list("code", flat=True)) or "none"
        print(f"huiyin rehearse: found the organisations {codes}; name one with --organisation CODE", file=sys.stderr)
        return 2
    units, now = house_of(found[0].id, until - timedelta(microseconds=1))
    draft = tuple(_changed(now, drafts))
    if draft == now:
        adopted = ", ".join(one.regulation.stem for one in now) or "none"
        print(f"huiyin rehearse: none of the drafts is of a regulation that is adopted ({adopted})", file=sys.stderr)
        return 2
    comparison = compare(past_of(found[0].id, since, until), units, now, draft, until)
    told = _numbered(comparison, numbers_of(found[0].id))
    print(json.dumps(_as_json(told), ensure_ascii=False) if args.json else _told(told))
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


def _told(comparison: Comparison) -> str:
    lines = [f"{comparison.cases} 张工单、{comparison.facts} 条事实已按现行制度和草案各演一遍。"]
    if not comparison.changes:
        return "\n".join([*lines, "没有差别。"])
    for one in comparison.changes:
        about = "、".join(one.cases[:3]) + (f" 等{len(one.cases)}项" if len(one.cases) > 3 else "")
        lines.append(f"{one.unit or '—':<8} {one.clause:<14} {_WHAT[one.what]}  {one.before} → {one.after}  （{about}）")
    return "\n".join(lines)


def _as_json(comparison: Comparison) -> dict[str, object]:
    changes = [
        {
            "unit": one.unit,
            "clause": one.clause,
            "what": one.what,
            "before": str(one.before),
            "after": str(one.after),
            "cases": list(one.cases),
        }
        for one in comparison.changes
    ]
    return {"facts": comparison.facts, "cases": comparison.cases, "changes": changes}
