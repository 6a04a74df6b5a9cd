"""What the records tell that a declared form may ask: of a case, of a thing with its facts, of a unit in a period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from huiyin.core.facts import LIMIT_PASSED, Fact
from huiyin.core.moments import in_shanghai
from huiyin.core.records import CANCELLED, DISMISSED, EXEMPT, LATE, OVERDUE, WITHDRAWN
from huiyin.core.recurrence import Period, period_named
from huiyin.core.rules import Regulation
from huiyin.desk.cases import access
from huiyin.desk.cases.lifecycle import STATE_NAMES
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.papers import says
from huiyin.desk.documents.papers.filling import CLOCK_STATES, Names, cases_of, names
from huiyin.desk.facts.queries import facts_of_case, facts_of_unit
from huiyin.desk.matters.models import Figure, Matter
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.desk.places.rooms import shown
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.names import mask_name
from huiyin.plumbing.phones import hide_phones_in, mask_phone
from huiyin.rulebook.load import vocabulary
from huiyin.rulebook.words import class_name, event_name

_SAYS_ITSELF: Final = frozenset(
    {"text", "result", "reason", "to", "by", "unit", "case", "clause", "means", "via", "period", "level", "record"}
)
"""Details that mean something else with each act: a form's field of that name is not the last of them."""
_TELLS: Final[Mapping[str, tuple[str, ...]]] = {
    "result": ("complaint_handled", "help_handling_recorded", "case_closed"),
    "results": ("complaint_handled",),
    "measures": ("handling_plan_submitted", "first_handling_plan_recorded", "solution_reported", "group_solution_received"),
    "plan": ("handling_plan_submitted", "first_handling_plan_recorded"),
    "solution": ("warning_solution_reported", "solution_reported", "first_handling_plan_recorded"),
    "cause": ("complaint_analysis_completed", "investigation_completed", "non_responsibility_claimed"),
    "investigation": ("investigation_completed",),
    "analysis": ("complaint_analysis_completed",),
    "finding": ("inspection_closed", "finding_recorded"),
    "follow_up": ("return_visit_done", "follow_up_done"),
    "feedback": ("satisfaction_confirmed", "return_visit_done"),
    "report": ("guards_reported_back", "entrance_reception_reported", "care_ended"),
}
"""The acts whose words tell a field, the nearest first."""
_COURSES: Final = frozenset({"process_and_result", "present_handling", "handling", "course"})
KNOWN_OF_CASES: Final = frozenset(
    {
        "number", "received_at", "channel", "content", "class", "severity", "state", "result", "customer", "complainant", "contact", "text",
        "clocks_met", "warning", "replied_at", "written_at", "student", "building", "source", "passed_to", "type", "record", "date", "time",
        "resident", "matter", "handling_department", "resident_unit", "taking_department", "recorder", "form_number", "subject",
    }
)  # fmt: skip
"""Fields of a list that each of a period's cases can tell."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is printed for: a case, or a thing, or the unit ``unit`` alone, in a period where one is named.

    ``names`` says that names and telephones may stand there in full: somebody gave a reason.
    """

    organisation_id: UUID
    unit: str
    at: datetime
    case: Case | None = None
    thing: Matter | None = None
    period: str = ""
    names: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is known for one form: values by field key, the number, the unit's name, a line above; the cases of the period, the figures of
    an inspection by clause."""

    values: Mapping[str, str]
    courses: str
    number: str
    unit: str
    lead: str
    of_unit: bool
    of_thing: bool
    cases: Sequence[Mapping[str, str]] = field(default=())
    figures: Mapping[str, str] = field(default_factory=dict)

    def value(self, key: str, name: str) -> str:
        """What stands in the field: what is known of it; the course of events where its name asks how the matter was handled."""
        if key in _COURSES and "处理" in name and self.courses:
            return self.courses
        return self.values.get(key, "")


def known_of(subject: Subject, of: Regulation | None = None) -> Known:
    """What the records tell of the subject, in the classes of the regulation ``of`` whose form asks. Raises BadLimit for a period that is
    none."""
    words = names(subject.organisation_id, subject.at, of)
    if subject.case is not None:
        values, courses = _of_case(subject, subject.case, words)
        return Known(values, courses, str(subject.case.number), words.unit(subject.case.unit_code), "", False, False)
    if subject.thing is not None:
        facts = _heard(subject.organisation_id, subject.thing)
        values = _told(subject.organisation_id, facts, words) | {
            key: subject.thing.name for key in ("number", "activity", str(subject.thing.about), "name")
        }
        lead = f"{subject.thing.name}　{says.on_day(subject.thing.began_at)}起"
        told = Figure.objects.filter(organisation_id=subject.organisation_id, case_id=subject.thing.id)
        figures = {clause: f"{amount.normalize():f}" for clause, amount in told.values_list("clause", "amount")}
        unit = words.unit(subject.thing.unit_code)
        return Known(values, _course(facts, words), subject.thing.name, unit, lead, False, True, (), figures)
    return _of_unit(subject, words)


def _heard(organisation_id: UUID, thing: Matter) -> list[Fact]:
    """What the thing has heard, without what is secret of the cases that it heard of."""
    facts = facts_of_case(organisation_id, thing.id)
    told = access.told_of_cases(organisation_id, (one.details for one in facts))
    return [replace(one, details=details) for one, details in zip(facts, told, strict=True)]


def _of_case(subject: Subject, case: Case, words: Names) -> tuple[dict[str, str], str]:
    veil = access.veil(case)
    if veil.papers:
        return {**dict.fromkeys(("number", "form_number"), str(case.number)), "content": access.story_of(case)}, ""
    facts = veil.facts(facts_of_case(subject.organisation_id, case.id))
    values = {**_told(subject.organisation_id, facts, words), **_plain(subject, case, words)}
    for key, events in _TELLS.items():
        if text := _last_words(facts, events):
            values[key] = text
    clocks = Clock.objects.filter(organisation_id=case.organisation_id, case_id=case.id).exclude(state__in=(CANCELLED, EXEMPT))
    lines = [_clock_line(one, words) for one in clocks.order_by("due_at", "key")]
    values |= {"clocks_met": "\n".join(lines), "timeliness": "\n".join(lines), "warning": _warnings(case)}
    return values, _course(facts, words)


def _plain(subject: Subject, case: Case, words: Names) -> dict[str, str]:
    """What the case's own row tells."""
    story, received = hide_phones_in(access.story_of(case)), in_shanghai(case.received_at)
    name, phone = _person(subject, case)
    home = shown(case.household_code, "zh") if case.household_code else str(case.place)
    department, closed = words.word(str(case.department)), says.moment(case.closed_at)
    values = {
        "number": str(case.number),
        "form_number": str(case.number),
        "record": class_name("record", str(case.record), "zh"),
        "channel": words.word(str(case.channel)),
        "class": words.classes(case.category),
        "severity": words.classes(case.severity),
        "state": STATE_NAMES[case.status][0],
        "demand": hide_phones_in(str(case.wish)),
        "place": str(case.place) or home,
        "contact": "　".join(one for one in (name, phone) if one),
        "phone": phone,
        "closing": closed,
        "completed_at": closed,
        "complained_on": says.on_day(case.received_at),
        "complained_time": f"{received:%H:%M}",
        "date": says.on_day(case.received_at),
        "time": f"{received:%H:%M}",
    }
    same = {
        story: ("content", "problem", "matter", "text", "nonconformity"),
        says.moment(case.received_at): ("received_at", "complained_at", "written_at"),
        name: ("name", "resident_name", "customer", "complainant", "resident", "student"),
        home: ("household", "dwelling_unit", "resident_unit", "address"),
        department: ("department", "handling_department", "taking_department", "responsible", "passed_to", "handle_by"),
        values["channel"]: ("source",),
        values["class"]: ("type", "subject"),
    }
    return values | {key: text for text, keys in same.items() for key in keys if text}


def _person(subject: Subject, case: Case) -> tuple[str, str]:
    """The name and the numbers of the complainant, in full only where a reason was given and the case is not confidential."""
    if case.confidential:
        return "", ""
    if subject.names:
        return str(case.contact_name), str(case.contact_phone)
    return mask_name(str(case.contact_name)), "、".join(mask_phone(one) for one in str(case.contact_phone).split("、") if one)


def _clock_line(clock: Clock, words: Names) -> str:
    due = f"，限{says.moment(clock.due_at)}" if clock.due_at else ""
    return f"{clock.cites[0]} {words.rules.get(clock.rule, clock.rule)}{due}，{CLOCK_STATES[clock.state]}"


def _warnings(case: Case) -> str:
    rows = WarningSignal.objects.filter(organisation_id=case.organisation_id, case_id=case.id).exclude(state__in=(DISMISSED, WITHDRAWN))
    return "、".join(says.LEVELS.get(one.level, one.level) for one in rows.order_by("raised_at"))


def _told(organisation_id: UUID, facts: Iterable[Fact], words: Names) -> dict[str, str]:
    """The last value of every detail that acts have told, in words."""
    return {
        key: _named(organisation_id, key, value) or _words(value, words)
        for fact in facts
        if not fact.derived and fact.event != LIMIT_PASSED
        for key, value in fact.details.items()
        if key not in _SAYS_ITSELF and value not in (None, "", [], {})
    }


def _named(organisation_id: UUID, key: str, value: Any) -> str:
    """Members of staff by their names, cases by their numbers; empty for a detail that names neither."""
    kind = vocabulary()["facts"].get(key, {}).get("kind")
    if kind not in ("people", "cases"):
        return ""
    ids = {str(one): read_id(one) for one in (value if isinstance(value, list | tuple) else [value])}
    wanted = [one for one in ids.values() if one is not None]
    names: Mapping[UUID, str] = (
        names_of(wanted) if kind == "people" else dict(Case.objects.filter(id__in=wanted).values_list("id", "number"))
    )
    return "、".join(names.get(key, one) if key is not None else one for one, key in ids.items())


def _words(value: Any, words: Names) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return says.moment(value)
    if isinstance(value, date):
        return says.day(value)
    if isinstance(value, Mapping):
        return "、".join(dict.fromkeys(_words(one, words) for one in value.values()))
    if isinstance(value, list | tuple):
        return "、".join(_words(one, words) for one in value)
    return hide_phones_in(words.word(str(value)))


def _last_words(facts: Sequence[Fact], events: tuple[str, ...]) -> str:
    for event in events:
        for fact in reversed(facts):
            said = next((text for name in ("text", "reason", "substance") if (text := fact.text(name))), "")
            if fact.event == event and said:
                return hide_phones_in(said)
    return ""


def _course(facts: Iterable[Fact], words: Names) -> str:
    """What was done, an act a line: when, what, in which words."""
    acts = [fact for fact in facts if not fact.derived and fact.event != LIMIT_PASSED]
    lines = (f"{says.short_moment(fact.at)} {event_name(fact.event, 'zh')}　{hide_phones_in(fact.text('text') or '')}" for fact in acts)
    return "\n".join(line.strip() for line in lines)


def _of_unit(subject: Subject, words: Names) -> Known:
    period = period_named(subject.period) if subject.period else None
    values: dict[str, str] = {"unit": words.unit(subject.unit)}
    cases: list[Case] = []
    if period is not None:
        codes = [one.code for one in places.units(subject.organisation_id).below(subject.unit)]
        cases = list(cases_of(subject.organisation_id, codes, period))
        values |= _told(
            subject.organisation_id, facts_of_unit(subject.organisation_id, subject.unit, period.opens_at, period.closes_at), words
        )
        values |= _counted(subject, cases, period, words)
    lead = f"期间：{says.period(period.name)}" if period else ""
    rows = [_of_case(subject, one, words)[0] for one in cases]
    return Known(values, "", subject.period, words.unit(subject.unit), lead, True, False, rows)


def _counted(subject: Subject, cases: Sequence[Case], period: Period, words: Names) -> dict[str, str]:
    """What a report of the period says: how many, of which classes and channels, how timely, how many are done."""
    late = set(
        Clock.objects.filter(organisation_id=subject.organisation_id, case_id__in=[one.id for one in cases], state__in=(LATE, OVERDUE))
        .order_by()
        .values_list("case_id", flat=True)
    )
    new = [one for one in cases if one.received_at >= period.opens_at]
    closed = [one for one in cases if one.closed_at is not None and one.closed_at < period.closes_at]
    by_class = _list_counts(words.counted_as(one.category) for one in cases)
    named = says.period(period.name)
    return {
        **{key: named for key in ("period", "month", "quarter", "day")},
        "new": str(len(new)),
        "open": str(len(cases) - len(closed)),
        "closed": str(len(closed)),
        "count": str(len(cases)),
        "numbers": str(len(cases)),
        "by_class": by_class,
        "types": by_class,
        "by_channel": _list_counts(words.word(str(one.channel)) for one in cases),
        "timeliness": f"{len(cases)} 件中 {len(late)} 件有时限逾期" if cases else "",
        "results": f"已办结 {len(closed)} 件，未办结 {len(cases) - len(closed)} 件" if cases else "",
        "cases": "、".join(str(one.number) for one in cases),
    }


def _list_counts(keys: Iterable[str]) -> str:
    return "；".join(f"{key or '未分类'} {count} 件" for key, count in Counter(keys).most_common())
