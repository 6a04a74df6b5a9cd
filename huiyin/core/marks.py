"""Classes that a case gets by a regulation's own definition: major, invalid, withdrawn."""

from __future__ import annotations

from dataclasses import replace

from huiyin.core.facts import MARKED, Fact
from huiyin.core.known import names_of
from huiyin.core.records import Mark
from huiyin.core.rules import Adopted, MarkRule
from huiyin.core.work import Work


def follow_mark(work: Work, adopted: Adopted, rule: MarkRule, fact: Fact) -> None:
    """Put the mark on the case, once at a time, or take it off; what the mark identifies becomes a fact of its own."""
    case = work.case
    if case is None or fact.case is None:
        return
    stem = f"{adopted.regulation.prefix}:{rule.id}|{case.key}|"
    mine = [one for key, one in work.marks.items() if key.startswith(stem)]
    standing = next((one for one in mine if one.ended_at is None), None)
    if rule.ends_on in names_of(fact) and standing is not None:
        work.keep(replace(standing, ended_at=fact.at))
        if not any(one.mark == rule.mark and one.ended_at is None for one in work.marks.values()):
            work.case = replace(case, marks={mark: at for mark, at in case.marks.items() if mark != rule.mark})
            work.find_out(f"un{MARKED}:{rule.mark}", fact)
    elif rule.on in names_of(fact) and standing is None and rule.when.holds(case, fact):
        work.keep(Mark(f"{stem}{len(mine) + 1}", rule.mark, rule.cites[0], case.key, fact.at))
        if case.marked(rule.mark):
            return
        work.case = replace(case, marks={**case.marks, rule.mark: fact.at})
        work.find_out(f"{MARKED}:{rule.mark}", fact)
        if rule.identifies:
            work.find_out(rule.identifies, fact)
