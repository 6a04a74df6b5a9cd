"""What the rulebook's keys mean to people: events, roles, classes, limits, and the steps of a reckoning as sentences.

Everything comes from the vocabulary and the regulations' own sheets. A key that nobody has named is shown as it is, never hidden.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from huiyin.core.limits import BadLimit, Due, parse_limit, reckon
from huiyin.core.moments import in_shanghai
from huiyin.core.records import Clock, Reckoning
from huiyin.core.rules import ApprovalRule, Regulation
from huiyin.core.steps import day_en, day_zh
from huiyin.rulebook.calendars.load import load_workdays
from huiyin.rulebook.load import regulation, stems, vocabulary

_UNITS_ZH: Final = {
    "minutes": "分钟", "hours": "小时", "days": "日", "workdays": "个工作日",
    "weeks": "周", "months": "个月", "years": "年",
}  # fmt: skip
_PLAIN_ZH: Final = {"same day": "当日", "immediately": "立即", "promptly": "及时"}
_FOUND_OUT: Final = {
    "warning_raised": ("预警已产生", "warning raised"),
    "warning_confirmed": ("预警已核实成立", "warning confirmed"),
    "warning_dismissed": ("预警已解除", "warning dismissed"),
}
"""Events that nobody records: the reckoning finds them out, so the vocabulary of facts does not hold them."""
_OWN_DETAILS: Final = {
    "solution": ("解决方案", "solution"),
    "contributors": ("参与部门", "departments that took part"),
    "decider": ("核实岗位", "verified by"),
    "elsewhere": ("在原台账中", "in the old ledger"),
}
"""Details that the pages themselves take in and no rule asks for."""
_OWN_ROLES: Final = {
    "front_desk": ("前台接待员", "Receptionist"),
    "handler": ("处理人", "Handler"),
    "dept_head": ("部门负责人", "Head of department"),
    "inspector": ("督导检查员", "Inspector"),
    "admin": ("系统管理员", "Administrator"),
    "watch": ("系统", "System"),
    "platform": ("系统", "System"),
}
"""Posts that every office has, and who acts where nobody does."""
_CALENDARS: Final = {"24x7": ("不分昼夜", "around the clock"), "workdays": ("工作日", "workdays")}
_SPAN: Final = re.compile(r"(\d+) (\w+)")
_ONE: Final = re.compile(r"\b1 (minute|hour|day|workday|week|month|year)s\b")
_BEFORE: Final = re.compile(r"at least (\d+ \w+) before")


def is_chinese(language: str) -> bool:
    """Whether texts are wanted in Chinese; anything else is answered in English."""
    return language.lower().startswith("zh")


def _chosen(names: Mapping[str, Any] | Sequence[str] | None, language: str, otherwise: str) -> str:
    if names is None:
        return otherwise
    if isinstance(names, Mapping):
        return str(names["zh" if is_chinese(language) else "en"])
    return names[0] if is_chinese(language) else names[1]


@lru_cache(maxsize=1)
def _by_prefix() -> Mapping[str, Regulation]:
    return {found.prefix: found for found in map(regulation, stems())}


def regulation_of(key: str) -> Regulation | None:
    """The regulation that a clause ("GP-10.1.3.1") or a rule ("GP:start-work") belongs to; None for an unknown prefix."""
    return _by_prefix().get(re.split(r"[-:]", key, maxsplit=1)[0])


def edition_of(key: str) -> tuple[str, ...]:
    """The stem of the regulation that a clause or a rule belongs to, as what words are looked up by; empty for an unknown prefix."""
    found = regulation_of(key)
    return (found.stem,) if found else ()


def event_name(event: str, language: str) -> str:
    """The name of an event: with or without a level ("warning_raised:red"), and of what a regulation finds out ("GP/marked:major")."""
    owner, _slash, bare = event.rpartition("/")
    stem, _colon, what = bare.partition(":")
    if stem in _FINDINGS and what:
        said = _FINDINGS[stem](owner, what, language)
        return _chosen(said, language, event)
    events = vocabulary()["events"]
    return _chosen(events.get(bare) or events.get(stem) or _FOUND_OUT.get(stem), language, event)


def _marked(owner: str, mark: str, language: str) -> tuple[str, str]:
    name = _mark_name(owner, mark, language)
    return f"认定为{name}", f"identified as {name}"


def _unmarked(owner: str, mark: str, language: str) -> tuple[str, str]:
    name = _mark_name(owner, mark, language)
    return f"不再是{name}", f"no longer {name}"


def _mark_name(owner: str, mark: str, language: str) -> str:
    found = regulation_of(owner) if owner else None
    return class_name("marks", mark, language, found.stem if found else "")


def _approved(_owner: str, clause: str, language: str) -> tuple[str, str]:
    name = decision_name(clause, language)
    return f"{name} 审批通过", f"{name} approved"


def _passed(_owner: str, rule: str, language: str) -> tuple[str, str]:
    name = rule_name(rule, language)
    return f"“{name}”超过时限", f"limit of “{name}” passed"


def _kept(_owner: str, rule: str, language: str) -> tuple[str, str]:
    name = rule_name(rule, language)
    return f"补录后“{name}”未超时限", f"limit of “{name}” kept after all"


_FINDINGS: Final[Mapping[str, Callable[[str, str, str], tuple[str, str]]]] = {
    "marked": _marked,
    "unmarked": _unmarked,
    "approved": _approved,
    "limit_passed": _passed,
    "limit_kept": _kept,
}


def decision_name(clause: str, language: str) -> str:
    """What the decision under the clause is about, as the regulation names it; the clause itself where no rule asks for one."""
    found = regulation_of(clause)
    rules = found.rules if found else ()
    rule = next((one for one in rules if isinstance(one, ApprovalRule) and clause in one.cites), None)
    return _chosen(rule.name, language, clause) if rule else clause


def detail_name(detail: str, language: str, event: str = "") -> str:
    """The name of something that travels with an event; some are called otherwise in some of them."""
    known = vocabulary()["facts"].get(detail) or _OWN_DETAILS.get(detail)
    own = known.get("in_acts", {}).get(event) if isinstance(known, Mapping) else None
    return _chosen(own or known, language, detail)


def part_name(part: str, language: str) -> str:
    """The name of a part of a case that may be secret (``core.secrecy.PARTS``)."""
    return _chosen(vocabulary()["values"].get(part), language, part)


def value_name(value: str, language: str) -> str:
    """The word for a key that details may be and that no regulation lists among its classes."""
    return _chosen(vocabulary()["values"].get(value), language, value)


def rule_name(rule: str, language: str) -> str:
    """The name of a rule given with its prefix ("GP:start-work"), or of a proof of a standard ("CR:check-2-1-2-3/handed-on")."""
    found, key = regulation_of(rule), rule.partition(":")[2]
    if (proof := found.proof(key) if found else None) is not None:
        return _chosen(proof[1].name, language, rule)
    return _chosen(found.by_id[key].name, language, rule) if found and key in found.by_id else rule


def form_name(form: str, clause: str, language: str) -> str:
    """The name of a form by its key, as the regulation of the clause declares it."""
    found = regulation_of(clause)
    listed = found.source.get("forms", ()) if found else ()
    return next((_chosen(one, language, form) for one in listed if one["key"] == form), form)


def role_name(role: str, language: str, editions: Iterable[str] = ()) -> str:
    """The name of a role: that of the regulations named by ``editions`` (stems) first, else the usual one, else that of any regulation."""
    first = [regulation(stem).role_names for stem in editions if stem in stems()]
    others = (found.role_names for found in _by_prefix().values())
    return next((_chosen(names[role], language, role) for names in (*first, _OWN_ROLES, *others) if role in names), role)


def class_name(scheme: str, key: str, language: str, stem: str = "") -> str:
    """The name of a class (scheme: record, category, severity, marks …; or "channels") of one regulation, else of any."""
    wanted = [regulation(stem)] if stem in stems() else list(_by_prefix().values())
    for found in wanted:
        for one in _listed(found, scheme):
            if one["key"] == key:
                return _chosen(one, language, key)
    return key


def _listed(found: Regulation, scheme: str) -> Sequence[Mapping[str, Any]]:
    return tuple(found.source.get("channels", ()) if scheme == "channels" else found.source["classes"].get(scheme, ()))


def classes(stem: str, scheme: str, language: str, of: str = "") -> list[tuple[str, str]]:
    """The keys of a scheme of the regulation with their names, in its own order; ``of``: only those for this kind of thing."""
    listed = (one for one in _listed(regulation(stem), scheme) if not of or one.get("of", "case") == of)
    return [(str(one["key"]), _chosen(one, language, str(one["key"]))) for one in listed]


def calendar_name(calendar: str, language: str) -> str:
    """The name of a calendar that a limit is counted by."""
    if calendar in _CALENDARS:
        return _chosen(_CALENDARS[calendar], language, calendar)
    for found in _by_prefix().values():
        for one in found.source.get("calendars", ()):
            if one["key"] == calendar:
                return _chosen(one, language, calendar)
    return calendar


def limit_words(limit: str, language: str) -> str:
    """A limit as people say it: "4 hours" → 4小时; the name of a detail comes back named, a recurrence as it is."""
    if limit in vocabulary()["facts"]:
        return detail_name(limit, language)
    if not is_chinese(language):
        return _ONE.sub(r"1 \1", limit)
    if match := _BEFORE.fullmatch(limit):
        return f"至少提前{limit_words(match[1], language)}"
    if match := _SPAN.fullmatch(limit):
        return f"{match[1]}{_UNITS_ZH.get(match[2], match[2])}"
    return _PLAIN_ZH.get(limit, limit)


def moment_words(moment: str | datetime, language: str) -> str:
    """A moment as people who check it read it: 2026-02-13（周五）14:05."""
    at = in_shanghai(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
    day = day_zh(at.date()) if is_chinese(language) else day_en(at.date()) + " "
    return f"{day}{at:%H:%M:%S}" if at.second else f"{day}{at:%H:%M}"


def _entry(language: str, clause: str, amount: str) -> tuple[str, str]:
    return f"记入 {clause}：{amount} 分", f"entered under {clause}: {amount} points"


def _setting(language: str, clause: str, key: str, value: str) -> tuple[str, str]:
    said = limit_words(value, language)
    return f"{clause} 由本单位设定：{said}", f"set by this organisation under {clause}: {said}"


def _from(language: str, event: str, moment: str) -> tuple[str, str]:
    name, at = event_name(event, language), moment_words(moment, language)
    return f"自“{name}”起算：{at}", f"runs from “{name}”: {at}"


def _said(language: str, event: str, detail: str, moment: str) -> tuple[str, str]:
    name, what, at = event_name(event, language), detail_name(detail, language), moment_words(moment, language)
    return f"“{name}”时所报的{what}：{at}", f"{what} given with “{name}”: {at}"


def _due_of(language: str, clause: str, moment: str) -> tuple[str, str]:
    at = moment_words(moment, language)
    return f"在此之前按 {clause} 的时限：{at}", f"until then the limit of {clause} holds: {at}"


def _over(language: str, limit: str, moment: str) -> tuple[str, str]:
    span, at = limit_words(limit, language), moment_words(moment, language)
    return f"超过规定时限满 {span}：{at}", f"{span} over the limit: {at}"


def _period(language: str, period: str, moment: str) -> tuple[str, str]:
    at = moment_words(moment, language)
    return f"所属期间 {period}，自 {at} 起", f"for the period {period}, from {at}"


def _households(_language: str, counted: str, everyone: str, percent: str) -> tuple[str, str]:
    return (
        f"同一问题涉及 {counted} 户，共 {everyone} 户，达到 {percent}%",
        f"{counted} of {everyone} households raised the same issue, the threshold is {percent}%",
    )


def _act(language: str, event: str, moment: str) -> tuple[str, str]:
    name, at = event_name(event, language), moment_words(moment, language)
    return f"{name}：{at}", f"{name}: {at}"


def _plus(language: str, limit: str) -> tuple[str, str]:
    span = limit_words(limit, language)
    return f"再加 {span}", f"plus {span}"


def _limit(language: str, limit: str) -> tuple[str, str]:
    span = limit_words(limit, language)
    return f"时限 {span}", f"limit: {span}"


def _target(language: str, target: str, moment: str) -> tuple[str, str]:
    span, at = limit_words(target, language), moment_words(moment, language)
    return f"目标 {span}：{at}（只作对照，不计超时）", f"target: {span}, {at} (beside the limit; missing it is not late)"


_SENTENCES: Final[Mapping[str, Callable[..., tuple[str, str]]]] = {
    "from": _from,
    "plus": _plus,
    "limit": _limit,
    "target": _target,
    "setting": _setting,
    "said": _said,
    "due_of": _due_of,
    "over": _over,
    "households": _households,
    "act": _act,
    "entry": _entry,
    "period": _period,
}


def say(reckoning: Reckoning | Iterable[Sequence[str]], language: str) -> list[str]:
    """The steps of a reckoning (``core.records.Reckoning``, also as JSON gives it back) as sentences, one a step, in order.

    A step of an unknown kind, or with other parts than it should have, is given as its parts: nothing is left out.
    """
    return [_sentence(tuple(map(str, step)), language) for step in reckoning]


def _sentence(step: tuple[str, ...], language: str) -> str:
    try:
        return _SENTENCES[step[0]](language, *step[1:])[0 if is_chinese(language) else 1]
    except (KeyError, TypeError, ValueError, IndexError):
        return " · ".join(step)


def explain(clock: Clock, language: str) -> list[str]:
    """Why a clock ends when it does: what it runs from, then the limit counted out day by day, in sentences."""
    told = say(clock.reckoning, language)
    due = _counted(clock)
    if due is None:
        return told
    return [*told, *(step.zh if is_chinese(language) else step.en for step in due.steps)]


def _counted(clock: Clock) -> Due | None:
    if clock.kind != "clock" or not any(step[0] == "limit" for step in clock.reckoning):
        return None
    try:
        found = reckon(parse_limit(clock.limit), clock.starts_at, load_workdays())
    except BadLimit:
        return None
    # A day off announced later, or a limit changed by the desk, would tell another story than the clock's own.
    return found if clock.due_at is not None and found.at == clock.due_at else None
