"""A year as paper and as workbook: each unit's sheet with its reckoning and its cases, and the units side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from huiyin.core.assessed import Assessed
from huiyin.desk.documents.papers import says
from huiyin.desk.documents.papers.declared import printed
from huiyin.desk.documents.papers.forms import field
from huiyin.desk.documents.papers.press import pdf
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.yearly import lists, told
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.templatetags.parts import moment
from huiyin.reports.monthly.sheet import Cell, Table
from huiyin.reports.yearly.reading import YearOf

_SIGNERS: Final = ("审核人", "部门负责人", "主管领导")


def sheets(of: YearOf, units: Sequence[Assessed], *, by: str, at: datetime) -> bytes:
    """The sheets of the units as one PDF, a page each at least. Papers are Chinese, whatever language the person reads."""
    names = places.tree(of.assessment.organisation_id).names
    with override("zh-hans"):
        made = [_sheet(of, one, {code: name[0] for code, name in names.items()}) for one in units]
        return pdf("declared", printed(made, by, says.moment(at)))


def _sheet(of: YearOf, one: Assessed, names: Mapping[str, str]) -> dict[str, Any]:
    score, rank = standing(of, one)
    state = _("已定稿") if one.unit in of.kept else _("未定稿")
    fields = [
        field("被考核单位", names.get(one.unit, one.unit)),
        field("考核年度", f"{one.year}年"),
        field("考核成绩", f"{told.plain(score)} 分"),
        field("等级", told.class_word(of, one.grade)),
        field("名次", f"第 {rank} 名，共 {len(of.units)} 个单位"),
        field("状态", state),
    ]
    return {
        "code": of.assessment.rule.clauses.get("score", of.assessment.prefix),
        "revision": "A/0",
        "title": f"{of.assessment.rule.name[0]}表",
        "number": f"{one.unit}-{one.year}",
        "unit": names.get(of.assessment.adopted.unit, of.assessment.adopted.unit),
        "lead": "",
        "fields": fields,
        "columns": ["怎么算的", "依据"],
        "rows": [[text, clause] for text, clause in told.steps(of, one)],
        "signatures": [{"label": label, "name": "", "at": ""} for label in _SIGNERS],
        "seal": True,
        "notes": [f"依据：{of.assessment.adopted.regulation.title[0]}"],
    }


def standing(of: YearOf, one: Assessed) -> tuple[Any, int]:
    """Score and rank of a unit: what was kept when the year was completed, else as the records tell them now."""
    kept = of.kept.get(one.unit)
    return (kept.score, kept.rank or one.rank) if kept else (one.score, one.rank)


def tables(who: Acting, of: YearOf, units: Sequence[Assessed], names: Mapping[str, str]) -> list[Table]:
    """The sheets of the workbook: the units side by side, the reckoning of each, and the list behind each figure."""
    lead = f"{of.assessment.rule.name[0 if language().startswith('zh') else 1]} {of.period.name}"
    heads = [str(lists.LABELS[one]) for one in ("base", "received", "excess", "repeated", "praised")]
    points = [_("超出减分"), _("再次投诉减分"), _("表扬加分"), _("成绩"), _("等级"), _("名次")]
    lines = [[names.get(one.unit, one.unit), text, clause] for one in units for text, clause in told.steps(of, one)]
    return [
        Table(_("各单位"), lead, [_("单位"), *heads, *points], [_line(of, one, names) for one in units]),
        Table(_("怎么算的"), lead, [_("单位"), _("怎么算的"), _("条款")], lines),
        *_lists(who, of, units, names, lead),
    ]


def _line(of: YearOf, one: Assessed, names: Mapping[str, str]) -> list[Cell]:
    score, rank = standing(of, one)
    counts: list[Cell] = [
        "" if one.last is None else one.last.complaints, one.this.complaints, one.excess, len(one.this.repeated), len(one.this.praised),
    ]  # fmt: skip
    points: list[Cell] = [float(one.for_excess), float(one.for_repeats), float(one.for_praise), float(score)]
    return [names.get(one.unit, one.unit), *counts, *points, told.class_word(of, one.grade), rank]


def _lists(who: Acting, of: YearOf, units: Sequence[Assessed], names: Mapping[str, str], lead: str) -> Iterator[Table]:
    heads = [_("单位"), _("时间"), _("单号"), _("内容"), _("前一件"), _("年度审核")]
    for what in ("received", "repeated", "praised"):
        rows: list[list[Cell]] = [
            [
                names.get(one.unit, one.unit),
                moment(row["at"]),
                str(row["case"].get("number", "")),
                str(row["case"].get("title", "")),
                str(row["earlier"].get("number", "")),
                moment(row["reviewed_at"]) if row["reviewed_at"] else "",
            ]
            for one in units
            for row in lists.rows(who, of, lists.of_unit(one, what), language())
        ]
        yield Table(str(lists.LABELS[what]), lead, heads, rows)
