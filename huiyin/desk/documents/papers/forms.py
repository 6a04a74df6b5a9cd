"""What stands on the form sheets: the warning notice (P19), the report of a solution (P20), the statement of non-responsibility (P22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from huiyin.desk.cases.access import story_of
from huiyin.desk.cases.models import Case
from huiyin.desk.documents.papers import says
from huiyin.desk.documents.papers.filling import Names
from huiyin.desk.facts.models import Fact
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.phones import hide_phones_in

NONE = "无"
ANSWER_WITHIN = "自下发之时起1日内，将解决方案及完成时间上报品质管理部和客服中心。"
RED_ANSWER = "由相关职能部门会同责任单位制定联合解决方案，上报总经理。"


def field(label: str, text: str, *, wide: bool = False, tall: int = 0) -> dict[str, Any]:
    """A box of the grid. ``wide`` takes the whole line; ``tall`` is the room left below the text in mm."""
    return {"label": label, "text": text or NONE, "wide": wide, "tall": tall}


def warning_notice(warning: WarningSignal, case: Case | None, known: Names, due_at: datetime | None) -> dict[str, Any]:
    """The body of the notice of a warning: level, clauses, facts of each ground, who answers by when."""
    grounds = [ground_line(ground, known) for ground in warning.grounds]
    fields = [
        *_about(warning, case, known),
        field("产生时间", says.moment(warning.raised_at)),
        field("核实时间", says.moment(warning.verified_at)),
        field("核实人岗位", known.word(warning.verified_by or "")),
        field("下发时间", says.moment(warning.sent_at)),
        field("事实及依据", "\n".join(grounds), wide=True, tall=10),
        field("投诉内容", hide_phones_in(story_of(case)) if case else f"同类问题：{warning.issue}", wide=True, tall=10),
        field("回复限", f"限{says.moment(due_at)}前" if due_at else NONE, wide=True),
        field("回复要求", RED_ANSWER if warning.level == "red" else ANSWER_WITHIN, wide=True),
    ]
    return {"unit": known.unit(warning.unit_code), "fields": fields, "notes": []}


def ground_line(ground: Mapping[str, Any], known: Names) -> str:
    """A ground in one line: its clause, what the rule is called, when it came true."""
    at = says.moment(datetime.fromisoformat(ground["at"]))
    rule = known.rules.get(ground["rule"]) or known.rules.get(f"{str(ground['clause']).split('-')[0]}:{ground['rule']}") or ""
    return f"{ground['clause']} {rule}（{at}）"


def _about(warning: WarningSignal, case: Case | None, known: Names) -> list[dict[str, Any]]:
    return [
        field("预警级别", f"{says.LEVELS.get(warning.level, warning.level)}色预警"),
        field("预警编号", warning.number or ""),
        field("责任单位", known.unit(warning.unit_code)),
        field("工单编号", str(case.number) if case else NONE),
    ]


def solution_report(warning: WarningSignal, case: Case | None, answer: Fact | None, known: Names, cause: str) -> dict[str, Any]:
    """The body of the report of a solution, from the answer that was given; with room to write where there is none yet."""
    said = answer.details if answer else {}
    promised = said.get("promised_at")
    fields = [
        *_about(warning, case, known),
        field("原因", cause, wide=True, tall=25),
        field("解决方案", str(said.get("solution") or ""), wide=True, tall=30),
        field("责任人", str(said.get("responsible_person") or "")),
        field("完成时间", says.moment(datetime.fromisoformat(promised)) if promised else ""),
        field("所需资源", str(said.get("resources") or ""), wide=True, tall=10),
        field("参与部门", "、".join(known.word(str(one)) for one in said.get("contributors", ())), wide=True),
    ]
    clauses = "、".join(dict.fromkeys(str(ground["clause"]) for ground in warning.grounds))
    return {"unit": known.unit(warning.unit_code), "fields": fields, "notes": [f"预警依据：{clauses}"]}


def statement(case: Case, known: Names, *, findings: str, grounds: str, evidence: Sequence[str], conclusion: str) -> dict[str, Any]:
    """The body of the statement of non-responsibility: the case, what was found, on what grounds, the evidence, the conclusion."""
    fields = [
        field("工单编号", str(case.number)),
        field("受理时间", says.moment(case.received_at)),
        field("责任单位", known.unit(case.unit_code)),
        field("类别", known.classes(case.category)),
        field("诉求", hide_phones_in(story_of(case)), wide=True, tall=10),
        field("核查情况", findings, wide=True, tall=20),
        field("依据", grounds, wide=True, tall=10),
        field("证据清单", numbered(evidence), wide=True, tall=10),
        field("结论", conclusion, wide=True, tall=10),
    ]
    return {"unit": known.unit(case.unit_code), "fields": fields, "notes": []}


def numbered(lines: Iterable[str]) -> str:
    """The lines with 1. 2. 3. before them."""
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
