"""A year of a unit in words: each step of the reckoning with the clause that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from huiyin.core.assessed import EXCELLENT, REWARDED_RANK, UNQUALIFIED, Assessed, Year, year_set
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.templatetags.parts import moment
from huiyin.reports.yearly.reading import YearOf
from huiyin.rulebook.words import class_name, role_name

Step = tuple[str, str]
"""A sentence, and the clause that it follows from."""
NOT_FULFILLED: Final = "standard_not_fulfilled"


def plain(amount: Decimal) -> str:
    """An amount without noughts at its end: 10, 7.5, -20."""
    return f"{amount.normalize():f}" if amount else "0"


def signed(amount: Decimal) -> str:
    """An amount with its sign: +10, -20, 0."""
    return f"+{plain(amount)}" if amount > 0 else plain(amount)


def class_word(of: YearOf, key: str) -> str:
    """What a grade, or the mark of a year, is called by the regulation."""
    return class_name("marks", key, language(), of.assessment.adopted.regulation.stem)


def steps(of: YearOf, one: Assessed) -> list[Step]:
    """The reckoning of a unit's year, in the order of the regulation."""
    return [*_counts(of, one), _excess(of, one), _repeats(of, one), _praise(of, one), _score(of, one), _grade(of, one), _rank(of, one)]


def _clause(of: YearOf, figure: str) -> str:
    return of.assessment.rule.clauses.get(figure, "")


def _counts(of: YearOf, one: Assessed) -> Iterator[Step]:
    clause = _clause(of, "count")
    if one.last is None:
        yield _("%(year)s年（上年）的件数没有记录，也没有补录。") % {"year": one.year - 1}, clause
    else:
        yield _("%(year)s年（上年，基数）%(n)s 件：%(how)s。") % _counted(one.year - 1, one.last), clause
    yield _("%(year)s年（本年）%(n)s 件：%(how)s。") % _counted(one.year, one.this), clause


def _counted(year: int, had: Year) -> dict[str, object]:
    if not had.entered:
        return {"year": year, "n": had.complaints, "how": _("平台登记")}
    last = had.entered[-1]
    told = {"at": moment(last.at), "role": role_name(last.by, language())}
    return {"year": year, "n": had.complaints, "how": _("%(role)s于 %(at)s 补录") % told}


def _excess(of: YearOf, one: Assessed) -> Step:
    rule, clause = of.assessment.rule, _clause(of, "excess")
    if not one.compared:
        start = year_set(of.assessment.adopted, rule.first_compared)
        if start is None:
            return _("还没有填写从哪一年开始对比，本年不对比，不减分。"), clause
        return _("从 %(start)s 年开始对比，本年不对比，不减分。") % {"start": start}, clause
    if one.last is None:
        return _("没有上年件数，无法对比，不减分。"), clause
    if not one.excess:
        return _("没有超出上年，不减分。"), clause
    said = {"n": one.excess, "each": plain(rule.excess_points), "points": plain(-one.for_excess), "word": class_word(of, NOT_FULFILLED)}
    return _("超出上年 %(n)s 件，每件减 %(each)s 分，减 %(points)s 分；%(word)s。") % said, clause


def _repeats(of: YearOf, one: Assessed) -> Step:
    clause = _clause(of, "repeat")
    if not one.this.repeated:
        return _("没有确认过同一问题再次投诉，不减分。"), clause
    said = {"n": len(one.this.repeated), "each": plain(of.assessment.rule.repeat_points), "points": plain(-one.for_repeats)}
    return _("同一问题再次投诉 %(n)s 件，每件减 %(each)s 分，减 %(points)s 分。") % said, clause


def _praise(of: YearOf, one: Assessed) -> Step:
    clause, times = _clause(of, "praise"), len(one.this.praised)
    if not times:
        return _("没有经领导确认的表扬，不加分。"), clause
    if not one.for_praise:
        return _("表扬 %(n)s 次；本年有同一问题再次投诉，不评优秀，不加分。") % {"n": times}, clause
    return _("表扬 %(n)s 次，一年奖励一次，加 %(points)s 分。") % {"n": times, "points": plain(one.for_praise)}, clause


def _score(of: YearOf, one: Assessed) -> Step:
    rule, clause = of.assessment.rule, _clause(of, "score")
    taken = [f"− {plain(-each)}" for each in (one.for_excess, one.for_repeats) if each]
    given = [f"+ {plain(one.for_praise)}"] if one.for_praise else []
    if one.before_floor < rule.floor:
        said = {"sum": " ".join([plain(rule.full), *taken]), "left": plain(one.before_floor), "floor": plain(rule.floor)}
        told = _("减分后 %(sum)s = %(left)s，最低 %(floor)s 分，按 %(floor)s 分计") % said
        return _("成绩：%(told)s，得 %(score)s 分。") % {"told": " ".join([told, *given]), "score": plain(one.score)}, clause
    told = " ".join([plain(rule.full), *taken, *given])
    return _("成绩：%(told)s，得 %(score)s 分。") % {"told": told, "score": plain(one.score)}, clause


def _grade(of: YearOf, one: Assessed) -> Step:
    why = {
        UNQUALIFIED: _("有同一问题再次投诉"),
        EXCELLENT: _("没有再次投诉，并赢得表扬"),
    }.get(one.grade, _("没有再次投诉"))
    return _("等级：%(grade)s（%(why)s）。") % {"grade": class_word(of, one.grade), "why": why}, _clause(of, one.grade)


def _rank(of: YearOf, one: Assessed) -> Step:
    said = {"rank": one.rank, "of": len(of.units), "most": REWARDED_RANK}
    told = _("第 %(rank)s 名，共 %(of)s 个单位；前 %(most)s 名，列入奖励。") if one.rewarded else _("第 %(rank)s 名，共 %(of)s 个单位。")
    return told % said, _clause(of, "rank")
