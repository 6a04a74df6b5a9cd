"""The texts of messages by topic (users.md 5.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Texts = tuple[str, str, str, str]
"""Title and body in Chinese, title and body in English."""

TOPICS: Final[Mapping[str, Texts]] = {
    "case.accepted": (
        "已受理 {number}",
        "{unit}{room} · {category} · 承诺{due}前联系{customer}",
        "Accepted {number}",
        "{unit} {room} · {category} · promised to contact the {customer} by {due}",
    ),
    "case.dispatched": (
        "新{record} {room} {summary}",
        "{number} · {due}前{clock}",
        "New {record} {room} {summary}",
        "{number} · {clock} by {due}",
    ),
    "case.returned": (
        "退单待裁定 {number}",
        "{unit}退回：{reason} · 第{count}次 · 时限未停，剩{left}",
        "Returned, to adjudicate {number}",
        "returned by {unit}: {reason} · time no. {count} · the clock runs on, {left} left",
    ),
    "case.adjudicated": (
        "已裁定 {number} 由{unit}办理",
        "依据：{clause} · 方案限{due}",
        "Adjudicated {number}: {unit}",
        "under {clause} · plan due {due}",
    ),
    "case.transferred": (
        "转入工单 {number}",
        "由{from_unit}转来 · {reason}",
        "Transferred to you {number}",
        "from {from_unit} · {reason}",
    ),
    "case.progress": (
        "有新进展 {number}",
        "{summary} · {customer}可见",
        "Progress {number}",
        "{summary} · the {customer} sees it",
    ),
    "case.held": ("已挂起 {number}", "{reason} · 预计{due}恢复", "On hold {number}", "{reason} · to resume {due}"),
    "case.extension_requested": (
        "延期待批 {number}",
        "原{due} 申请至{new_due} · {reason}",
        "Extension to decide {number}",
        "from {due} to {new_due} · {reason}",
    ),
    "case.extended": ("已延期 {number}", "新时限{due} · {reason}", "Extended {number}", "now due {due} · {reason}"),
    "case.urged": (
        "{customer}催办第{count}次 {number}",
        "{room} · “{words}”",
        "Urged by {customer}, no. {count} {number}",
        '{room} · "{words}"',
    ),
    "case.rated_not_solved": (
        "{customer}说没有解决 {number}",
        "{room} · “{words}” · 请重新办理",
        "Not solved, says the {customer} {number}",
        '{room} · "{words}" · handle it again',
    ),
    "case.rated_solved": (
        "{customer}确认已解决 {number}",
        "{rating} · {room} · “{words}”",
        "Solved, says the {customer} {number}",
        '{rating} · {room} · "{words}"',
    ),
    "case.withdrawn": (
        "{customer}已撤销 {number}",
        "{room} · “{words}”",
        "Withdrawn by the {customer} {number}",
        '{room} · "{words}"',
    ),
    "case.resolved": (
        "待回访 {number}",
        "{unit}已完成 · 照片{photos}张 · 今天内告知{customer}",
        "To visit again {number}",
        "done by {unit} · {photos} photos · tell the {customer} today",
    ),
    "case.reopened": (
        "重办（二次投诉） {number}",
        "不满意原因：{reason} · 请重新办理",
        "Reopened (complained again) {number}",
        "why: {reason} · handle it again",
    ),
    "case.closed": (
        "已办结 {number}",
        "用时{spent} · {satisfaction}",
        "Closed {number}",
        "took {spent} · {satisfaction}",
    ),
    "case.voided": (
        "无效投诉成立 {number}",
        "审核{name} · 请告知{customer}",
        "Found invalid {number}",
        "checked by {name} · tell the {customer}",
    ),
    "contact.logged": (
        "已联系{customer} {number}",
        "{time} · 要求：{request}",
        "Owner contacted {number}",
        "{time} · asks: {request}",
    ),
    "contact.failed": (
        "{customer}未接通 {number}",
        "第{count}次 · 建议{time}再拨",
        "Owner not reached {number}",
        "attempt {count} · try again {time}",
    ),
    "plan.submitted": (
        "方案待审 {number}",
        "{summary} · 完成{due} · 上报{name}",
        "Plan to check {number}",
        "{summary} · to be done {due} · by {name}",
    ),
    "plan.rejected": (
        "方案被退回 {number}",
        "{reason} · 请{due}前重报",
        "Plan sent back {number}",
        "{reason} · submit again by {due}",
    ),
    "solution.reported": (
        "解决方案已上报 {number}",
        "{solution} · 所需时间{time_required} · 上报{name}",
        "Solution reported {number}",
        "{solution} · time required {time_required} · by {name}",
    ),
    "clock.due_soon": (
        "临期 {number} 剩{left}",
        "{clock} · {due}前",
        "Due soon {number}, {left} left",
        "{clock} · by {due}",
    ),
    "clock.breached": (
        "超时 {number} {clock}",
        "应于{due}前 · 已超{late} · 距预警{left} · {clause}",
        "Overdue {number} {clock}",
        "was due {due} · late by {late} · {left} to the warning · {clause}",
    ),
    "warning.raised": (
        "待核实 {level}预警 {number}",
        "{unit} · {reason} · 请{due}前核实 · {clause}",
        "To verify: {level} warning {number}",
        "{unit} · {reason} · verify by {due} · {clause}",
    ),
    "warning.confirmed": (
        "{level}预警 待上报方案 {number}",
        "{reason} · {due}前上报 · 扣{points}分 · {clause}",
        "{level} warning {number}: report the solution",
        "{reason} · report by {due} · {points} points off · {clause}",
    ),
    "warning.forwarded": (
        "{level}预警 {unit} {number}",
        "{reason} · {households} · {due}前上报解决方案及完成时间 · {clause}",
        "{level} warning {unit} {number}",
        "{reason} · {households} · report solution and completion time by {due} · {clause}",
    ),
    "warning.dismissed": (
        "预警不成立 {number}",
        "{reason} · 核实{name}",
        "Warning dismissed {number}",
        "{reason} · verified by {name}",
    ),
    "warning.answer_overdue": (
        "预警逾期未报 {number}",
        "{unit} · 逾期{late} · {clause}",
        "Warning not answered {number}",
        "{unit} · late by {late} · {clause}",
    ),
    "warning.released": (
        "预警解除 {number}",
        "{reason} · 历时{spent}",
        "Warning released {number}",
        "{reason} · took {spent}",
    ),
    "major.reported": (
        "重大投诉 {unit} {number}",
        "{reason} · {due}前报品质管理部 · {clause}",
        "Major complaint {unit} {number}",
        "{reason} · to the quality department by {due} · {clause}",
    ),
    "hot.detected": (
        "热点投诉 {issue} {unit}",
        "本月{count}位不同{customer} · {due}前报送",
        "Hot complaint {issue} {unit}",
        "complaints of {count} different people this month · report by {due}",
    ),
    "summary.due": (
        "周汇总待提交 {unit}",
        "{period} · {count}件 · {due}前提交签字版 · {clause}",
        "Weekly summary due {unit}",
        "{period} · {count} cases · submit the signed copy by {due} · {clause}",
    ),
    "duty.due_soon": (
        "{duty}即将到期",
        "{unit} · {period} · {due}前 · {clause}",
        "{duty} due soon",
        "{unit} · {period} · by {due} · {clause}",
    ),
    "duty.overdue": (
        "{duty}逾期 {unit}",
        "应于{due}前完成 · {period} · {clause}",
        "{duty} overdue {unit}",
        "was due {due} · {period} · {clause}",
    ),
    "statement.to_check": (
        "非责任说明待审 {number}",
        "{unit} · {reason} · 提交{name} · {clause}",
        "Non-liability statement to check {number}",
        "{unit} · {reason} · by {name} · {clause}",
    ),
    "statement.checked": (
        "非责任说明{result} {number}",
        "{reason} · 审核{name}",
        "Non-liability statement {result} {number}",
        "{reason} · checked by {name}",
    ),
    "suggestion.due": (
        "建议待结论 {number}",
        "剩{left} · 采纳与否均须答复",
        "Suggestion to decide {number}",
        "{left} left · adopted or not, it is answered",
    ),
    "suggestion.decided": (
        "建议{result} {number}",
        "{reason} · 决定{name} · 请答复{customer}",
        "Suggestion {result} {number}",
        "{reason} · decided by {name} · answer the {customer}",
    ),
    "signature.requested": (
        "{paper}待签字 {unit}",
        "{count}件 · 超时{late_count}件 · {due}前",
        "{paper} to sign {unit}",
        "{count} cases · {late_count} late · by {due}",
    ),
    "approval.asked": (
        "待审批 {number}",
        "{subject} · 申请{name} · {due}前 · {clause}",
        "To approve {number}",
        "{subject} · asked by {name} · by {due} · {clause}",
    ),
    "approval.decided": (
        "审批{result} {number}",
        "{subject} · {reason}",
        "Approval {result} {number}",
        "{subject} · {reason}",
    ),
    "score.entered": (
        "扣分 {amount}分 {unit}",
        "{number} · {clause} · 如有异议可申诉",
        "Deduction {amount} {unit}",
        "{number} · {clause} · you may appeal",
    ),
    "score.appealed": (
        "扣分申诉待裁定 {unit}",
        "{number} · {reason}",
        "Appeal to decide {unit}",
        "{number} · {reason}",
    ),
    "help.emergency": (
        "紧急求助 {subject} {room}",
        "{phone} · 已通知{name} · 请立即到场",
        "Emergency {subject} {room}",
        "{phone} · {name} told · go there now",
    ),
    "supervision.issued": (
        "督办 {number} {subject}",
        "责任{unit} · 限{due} · 请签收",
        "Supervision order {number} {subject}",
        "{unit} answers · by {due} · please sign for it",
    ),
    "instruction.given": (
        "领导批示 {number}",
        "{name}：“{words}” · 限{due}反馈",
        "Instruction {number}",
        '{name}: "{words}" · report back by {due}',
    ),
    "notice.published": (
        "公示已发布 {unit}{period}",
        "{count}项 · 请拍照登记张贴",
        "Notice published {unit} {period}",
        "{count} items · photograph it where it is posted",
    ),
    "export.ready": (
        "导出完成 {file}",
        "{count}行 · 7天内下载",
        "Export ready {file}",
        "{count} rows · download within 7 days",
    ),
    "job.failed": ("任务失败 {job}", "{reason} · 错误编号{code}", "Job failed {job}", "{reason} · error {code}"),
    "message.undelivered": (
        "消息未送达 {number}",
        "{channel} · 已试{count}次 · {reason} · 请改用电话联系",
        "Message not delivered {number}",
        "{channel} · tried {count} times · {reason} · call instead",
    ),
    "customer.accepted": (
        "受理告知 {number}",
        "已受理，可凭单号查询进度",
        "Accepted {number}",
        "accepted; the number shows how it goes on",
    ),
    "customer.done": ("处理完毕告知 {number}", "已处理完毕，请确认", "Done {number}", "done; please confirm"),
    "message.failing": (
        "{channel}发送失败",
        "{reason} · 站内消息照常送达 · 请在“消息渠道”检查设置、重新发送",
        "{channel} cannot be sent",
        "{reason} · messages in the app arrive as always · check the settings under “Message channels” and send again",
    ),
}

FALLBACK: Final[Texts] = (
    "有一条新消息 {number}",
    "{unit} · {clause} · 请打开查看",
    "A new message {number}",
    "{unit} · {clause} · open it to see",
)

RULE: Final[Texts] = (
    "{what}",
    "{number} · {unit} · {room} · {summary} · {issue}",
    "{what}",
    "{number} · {unit} · {room} · {summary} · {issue}",
)
"""What a rule of a regulation tells: the rule's own name, whole, and what it is about."""
