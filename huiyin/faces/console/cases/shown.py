"""Cases, clocks, warnings and facts as the pages show them: names for keys, one word for a state, what binds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.facts import PERSONS_BEHIND
from huiyin.core.known import Units
from huiyin.core.moments import in_shanghai
from huiyin.core.precedence import Binding, bindings
from huiyin.core.records import Clock, Ground
from huiyin.core.rules import Adopted, ClockRule, RefusalRule
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.queries import holders, names_of
from huiyin.desk.places import rooms
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.cases.words import (
    CLOCK_STATES,
    WARNING_STATES,
    channel_word,
    class_words,
    language,
    mark_word,
    record_word,
    role_word,
    staff_words,
    unit_word,
)
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.words import calendar_name, detail_name, event_name, explain, limit_words, regulation_of, rule_name, say

_MARKS: Final = {"met": "✓", "late": "✓", "overdue": "!", "running": "·", "cancelled": "–", "exempt": "–"}
_CLASSES: Final = {"met": "met", "late": "met", "overdue": "breached"}
_LEVELS: Final = ("red", "yellow", "blue")
WHY_IT_BINDS: Final = {
    "only": gettext_lazy("这一事项只有本制度定了时限"),
    "level": gettext_lazy("同一事项，集团规定优先于公司规定，公司规定优先于单位规定"),
    "stricter": gettext_lazy("同一事项，同级规定以先到期者为准"),
}
RESPONSIBLE: Final = ("principal_responsible", "first_responsible", "liaison")
"""Who answers for a case: the terms of its regulations, each with the role whose holder it is."""


def room(code: str) -> str:
    """A room as the page shows it."""
    return rooms.shown(code, language())


def place_of(case: Case) -> str:
    """Where: the room, else the place as it was said, else the unit alone."""
    where = room(case.household_code) if case.household_code and rooms.split_code(case.household_code)[0] else case.place
    return " ".join(part for part in (unit_word(case.organisation_id, case.unit_code), where or case.household_code) if part)


def secret_title(secrets: Sequence[Mapping[str, Any]]) -> str:
    """What stands where the title of a case is secret; nothing for a case without secrets."""
    clauses = "、".join(dict.fromkeys(str(one["clause"]) for one in secrets))
    return _("〔%(clauses)s 保密〕") % {"clauses": clauses} if clauses else ""


def head(_who: Acting, case: Case) -> dict[str, Any]:
    """What stands in the identity bar and the story."""
    person = read_id(case.follower)
    posts = "、".join(role_word(one, case.editions) for one in case.follower.split("、") if one)
    follower = names_of([person]).get(person, "") if person else posts
    return {
        "id": case.id,
        "number": case.number,
        "url": reverse("console:case", args=[case.number]),
        "title": case.title or secret_title(case.secrets) or case.number,
        "record": record_word(case.record, case.editions),
        "category": class_words("category", case.category, case.editions),
        "severity": class_words("severity", case.severity, case.editions),
        "status": case.status,
        "marks": [
            {"word": mark_word(one, case.editions), "major": one == "major"} for one in sorted(case.marks, key=lambda one: one != "major")
        ],
        "place": place_of(case),
        "unit": unit_word(case.organisation_id, case.unit_code),
        "contact_name": case.contact_name,
        "contact_phone": case.contact_phone.split("、")[0],
        "confidential": case.confidential,
        "story": hide_phones_in(case.story),
        "wish": hide_phones_in(case.wish),
        "channel": channel_word(case.channel, case.editions),
        "received_at": case.received_at,
        "entered_at": case.entered_at,
        "late_entry": case.entered_at - case.received_at > timedelta(minutes=1),
        "urged_count": case.urged_count,
        "reopened_count": case.reopened_count,
        "version": case.version,
        "follower": follower,
    }


def clocks(
    found: Iterable[Clock], adopted: Sequence[Adopted], editions: Iterable[str], now: datetime, units: Units | None = None
) -> list[dict[str, Any]]:
    """The limits of a case, the open ones first by their end, each with its regulation; the next open one that binds is marked as binding.

    Where several of them are for one matter, the one that binds under the regulations ``adopted`` (by units of the tree ``units``) names
    the others with their clauses and says why it goes before them, and each of these names it (GP-13.2).
    """
    found, stems_of = tuple(found), tuple(editions)
    met = bindings(found, adopted, units)
    behind = {clock.key for one in met for clock in one.over}
    ordered = sorted(
        found, key=lambda clock: (not clock.open, clock.due_at is None, clock.due_at or clock.starts_at, _place_in_rules(clock))
    )
    binding = next((clock.key for clock in ordered if clock.open and clock.due_at and clock.key not in behind), None)
    return [_clock(clock, stems_of, clock.key == binding, now, adopted) | _precedence(clock, met, adopted) for clock in ordered]


def together(lines: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of ``clocks`` with those of one rule that stand alike (a week for each of several complaints) beneath the first of them.

    A line has the others in its ``alike``; the binding one is nobody else's.
    """
    found: dict[tuple[str, str, bool], list[dict[str, Any]]] = {}
    for line in lines:
        found.setdefault((line["rule"], line["state"], line["binding"]), []).append(line)
    return [{**first, "alike": others} for first, *others in found.values()]


def _precedence(clock: Clock, met: Iterable[Binding], adopted: Sequence[Adopted]) -> dict[str, Any]:
    """What the limit goes before, or what it stands behind, and why; empty where it meets no other."""
    for one in met:
        why = str(WHY_IT_BINDS[one.why])
        if clock == one.clock:
            return {"binds": True, "over": [_source(other, adopted) for other in one.over], "behind": None, "why_it_binds": why}
        if clock in one.over:
            return {"binds": False, "over": [], "behind": _source(one.clock, adopted), "why_it_binds": why}
    return {"binds": False, "over": [], "behind": None, "why_it_binds": ""}


def _title(rule: str, adopted: Sequence[Adopted]) -> str:
    """The title of the regulation of a rule ("GP:start-work"): as adopted, else as the rulebook holds it."""
    prefix = rule.partition(":")[0]
    found = next((one.regulation for one in adopted if one.regulation.prefix == prefix), None) or regulation_of(rule)
    return found.title[0 if language().startswith("zh") else 1] if found else ""


def _source(clock: Clock, adopted: Sequence[Adopted]) -> dict[str, Any]:
    clause = clock.cites[0] if clock.cites else ""
    return {
        "clause": clause,
        "url": clause_url(clause),
        "title": _title(clock.rule, adopted),
        "due_at": clock.due_at,
    }


def _place_in_rules(clock: Clock) -> int:
    """Of limits that end together the one that the regulation names first comes first."""
    found = regulation_of(clock.rule)
    names = list(found.by_id) if found else []
    key = clock.rule.partition(":")[2]
    return names.index(key) if key in names else len(names)


def ends_with(rule: str) -> str:
    """The event that ends the limit of a rule given with its prefix."""
    found = regulation_of(rule)
    one = found.by_id.get(rule.partition(":")[2]) if found else None
    return one.ends.event if isinstance(one, ClockRule) else ""


def still_owed(rule: str) -> str:
    """What is still wanted of a complaint that one regulation has declared invalid: under which other one, and what ends that limit."""
    found, event = regulation_of(rule), ends_with(rule)
    if found is None or not event:
        return ""
    said = {"title": found.title[0 if language().startswith("zh") else 1], "act": event_name(event, language())}
    return _("已判无效，仍待“%(act)s”（%(title)s）") % said


def _clock(clock: Clock, editions: tuple[str, ...], binding: bool, now: datetime, adopted: Sequence[Adopted]) -> dict[str, Any]:
    passed = clock.state == "running" and clock.due_at is not None and clock.due_at < now
    state = "overdue" if passed else clock.state
    why = explain(clock, language())
    return {
        "key": clock.key,
        "rule": clock.rule,
        "regulation": _title(clock.rule, adopted),
        "name": rule_name(clock.rule, language()),
        "clause": clock.cites[0] if clock.cites else "",
        "clause_url": clause_url(clock.cites[0]) if clock.cites else "",
        "limit": limit_words(clock.limit, language()),
        "calendar": calendar_name(clock.calendar, language()),
        "responsible": role_word(clock.responsible, editions),
        "starts_at": clock.starts_at,
        "due_at": clock.due_at,
        "target_at": clock.target_at,
        "in_target": bool(clock.target_at and clock.stopped_at and clock.stopped_at <= clock.target_at),
        "stopped_at": clock.stopped_at,
        "met_at": clock.stopped_at if clock.due_at and state in ("met", "late") else None,
        "open": clock.open,
        "state": str(CLOCK_STATES.get(state, state)),
        "state_class": _CLASSES.get(state, ""),
        "mark": _MARKS.get(state, "·"),
        "binding": binding,
        "provisional": clock.provisional,
        "why": why or [_("没有留下计算步骤，可从时间线的先后核对。")],
    }


def clause_url(clause: str) -> str:
    """The page that shows the clause's text, if there is one."""
    stem = next((one for one in stems() if clause in regulation(one).clauses), "")
    try:
        return f"{reverse('console:regulation', args=[stem])}#{clause}" if stem else ""
    except NoReverseMatch:
        return ""


def warnings(found: Iterable[WarningSignal], grounds: Mapping[UUID, Sequence[Ground]]) -> list[dict[str, Any]]:
    """The warnings on a case, the gravest first, each with its grounds in words."""
    rows = sorted(found, key=lambda one: (_LEVELS.index(one.level) if one.level in _LEVELS else 9, one.raised_at))
    return [
        {
            "level": one.level,
            "number": one.number,
            "state": str(WARNING_STATES.get(one.state, one.state)),
            "raised_at": one.raised_at,
            "url": _warning_url(one),
            "grounds": [
                {"clause": ground.clause, "why": "；".join(say(ground.reckoning, language())) or rule_name(ground.rule, language())}
                for ground in grounds.get(one.id, ())
            ],
        }
        for one in rows
    ]


def _warning_url(warning: WarningSignal) -> str:
    try:
        return reverse("console:warning", args=[warning.number]) if warning.number else ""
    except NoReverseMatch:
        return ""


def persons(case: Case, now: datetime) -> list[dict[str, str]]:
    """Who answers for the case: for each part what its regulations call it and who holds that role today, and who took the order.

    A part that nobody holds is shown once, and only where no other regulation of the case has somebody for it.
    """
    index, day = 0 if language().startswith("zh") else 1, in_shanghai(now).date()
    held = [
        (
            part,
            (str(term["zh"]), str(term["en"]))[index],
            str(term["role"]),
            holders(case.organisation_id, term["role"], case.unit_code, day),
        )
        for part in RESPONSIBLE
        for stem in case.editions
        if "role" in (term := regulation(stem).source["terms"].get(part, {}))
    ]
    names = names_of([*(one for _part, _word, _role, ids in held for one in ids), *filter(None, [case.handler_id])])
    filled = {part for part, _word, _role, ids in held if ids}
    found: dict[str, dict[str, str]] = {}
    for part, word, role, ids in held:
        shown = {"part": word, "role": role_word(role, case.editions), "names": "、".join(names[one] for one in ids if one in names)}
        if ids or part not in filled:
            found.setdefault(f"{part} {shown['names']}", shown)
    listed = list(found.values())
    if case.handler_id:
        listed.append({"part": _("接单人"), "role": "", "names": names.get(case.handler_id, "")})
    if case.department:
        listed.append({"part": _("责任部门"), "role": "", "names": role_word(case.department, case.editions)})
    return listed


def concerned(facts: Iterable[Fact], adopted: Iterable[Adopted]) -> list[dict[str, str]]:
    """Whom the case complains about in person, as they were named last, with the clause under which they stand aside."""
    told = {name: one.details[name] for one in facts for name in PERSONS_BEHIND.values() if one.details.get(name)}
    rules = [rule for one in adopted for rule in one.regulation.rules if isinstance(rule, RefusalRule)]
    asking = {asked.name: rule.cites[0] for rule in reversed(rules) for asked in rule.when.questions if asked.about == "person"}
    return [
        {
            "part": detail_name(name, language()),
            "role": _("回避") if name in asking else "",
            "names": staff_words(value),
            "clause": asking.get(name, ""),
        }
        for name, value in told.items()
    ]


def level_of(found: Iterable[WarningSignal]) -> str:
    """The gravest level among the warnings that stand."""
    standing = {one.level for one in found if one.state not in ("dismissed", "withdrawn")}
    return next((level for level in _LEVELS if level in standing), "")


def brief(case: Mapping[str, Any], binding: Mapping[str, Any] | None, last: Mapping[str, Any] | None, address: str) -> str:
    """The case in a few lines for a chat group (复制简报): no number, no full name."""
    from huiyin.faces.parts.templatetags.parts import mask_name, moment, state_word

    lines = [
        f"【{case['record']}】{case['number']} {case['title']}",
        f"{case['place']} · {mask_name(case['contact_name'])} · {state_word(case['status'])}",
    ]
    if binding:
        lines.append(
            _("轮到 %(who)s：%(what)s，%(due)s 前")
            % {"who": binding["responsible"], "what": binding["name"], "due": moment(binding["due_at"])}
        )
    if last:
        lines.append(_("最近：%(at)s %(what)s") % {"at": moment(last["at"]), "what": " ".join([last["title"], *last["lines"][:1]])})
    return "\n".join([*lines, address])
