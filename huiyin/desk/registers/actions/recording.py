"""Acts and entries, one for the other: what an entry records is stored as a fact, and what is recorded as a fact stands in the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from huiyin.core.facts import ELSEWHERE, ENTRY, Fact
from huiyin.core.moments import in_shanghai, opening_of
from huiyin.core.records import Entered
from huiyin.core.registering import FROM_ACT
from huiyin.core.rules import Recorded, RegisterField, RegisterRule
from huiyin.core.subjects import NAMED, first_subject
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.keepers import Context, Keeper
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.actions import read_details
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.models import Resident
from huiyin.desk.people.queries import names_of
from huiyin.desk.registers.actions.correcting import told_again
from huiyin.desk.registers.actions.writing import amend, close, make
from huiyin.desk.registers.columns import BadEntry, read_value
from huiyin.desk.registers.models import Act, Entry
from huiyin.desk.registers.queries import rule_of
from huiyin.plumbing.ids import read_id
from huiyin.plumbing.rows import Table
from huiyin.rulebook.load import vocabulary
from huiyin.rulebook.words import event_name, role_name

_PLATFORM: Final = "platform"
_LAST_MINUTE: Final = time(23, 59)
_ACTS: Final = Table(
    "registers_act",
    (("organisation_id", "uuid"), ("entry_id", "uuid"), ("event", "text"), ("at", "timestamptz"), ("fact_id", "uuid")),
    ("organisation_id", "entry_id", "event"),
)


def record_acts(
    entry: Entry, values: Mapping[str, str], *, by: By, at: datetime, told_at: datetime | None = None, closing: bool = False,
    elsewhere: bool = False,
) -> None:  # fmt: skip
    """Store the acts that the entry records once it says ``values``, and has not recorded yet. ``at`` is when that is entered, ``told_at``
    when it happened, where a person says so. ``closing``: the entry is being closed. ``elsewhere``: it was done before it came to us.

    To be called before anything is locked for the entry. Raises Refused where a regulation forbids an act, BadEntry, BadText.
    """
    rule = rule_of(entry.register)
    done = set(Act.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id).values_list("event", flat=True))
    facts = []
    for one in rule.records:
        fresh = one.event not in done or _is_again(one, entry.values, values)
        if one.way != FROM_ACT and fresh and _is_done(rule, one, values, closing) and not _is_told(entry, one, values):
            beside = _beside(entry) if one.whole else []
            if not all(_same_month(one, values, row) for row in beside):
                continue
            moment = _moment(rule, one, values, told_at if not closing else None, at)
            differs = any(row.get(one.unlike[0]) != row.get(one.unlike[1]) for row in (values, *beside)) if one.unlike else False
            fact = _fact(entry, rule, one, values, by, moment, dict(one.unlike_says) if differs else {})
            if not one.only_known or _is_known(entry.organisation_id, fact):
                facts.append(fact if not elsewhere else _elsewhere(fact))
    if facts:
        store(entry.organisation_id, facts, by=by.person, at=at)


def correct_acts(
    entry: Entry, values: Mapping[str, str], *, by: By, at: datetime, told_at: datetime | None = None, closing: bool = False
) -> None:
    """Put right the acts that the entry has recorded, where it says something else of them once it says ``values``: each is told again, as
    a fact that stands in the place of the earlier one (``core.facts.PUTS_RIGHT``), so that limits follow.

    Raises BadEntry, BadText where an act cannot be put right so; Refused.
    """
    rule = rule_of(entry.register)
    acts = {one.event: one for one in Act.objects.filter(organisation_id=entry.organisation_id, entry_id=entry.id)}
    facts = []
    for one in rule.records:
        if (act := acts.get(one.event)) is None or _is_again(one, entry.values, values):
            continue
        refuse_undone(rule, one, entry.values, values, closing=closing)
        tells = {column: detail for column, detail in one.tells if entry.values.get(column) != values.get(column)}
        moves = entry.values.get(one.at) != values.get(one.at) if one.at else told_at not in (None, entry.at)
        if tells or moves:
            moment = _moment(rule, one, values, told_at, at) if moves else act.at
            kinds = {field.key: field.kind for field in rule.fields}
            told = {detail: _told(detail, values.get(column, ""), kinds[column]) for column, detail in tells.items()}
            facts.append(told_again(entry, act, read_details(told), set(told), by, moment))
    if facts:
        store(entry.organisation_id, facts, by=by.person, at=at)


def refuse_undone(rule: RegisterRule, one: Recorded, before: Mapping[str, str], values: Mapping[str, str], *, closing: bool) -> None:
    """Raise BadEntry where the act was done by what the entry says, and would not be by what it is to say: it cannot be taken back so."""
    if not _is_done(rule, one, before, closing) or _is_done(rule, one, values, closing):
        return
    changed = [field for field in rule.fields if field.key in one.columns and before.get(field.key) != values.get(field.key)]
    said = event_name(one.event, "zh"), event_name(one.event, "en")
    raise BadEntry(
        {
            field.key: (
                f"{field.name[1]} ({field.key}): found a change by which “{said[1]}” would not have been done, expected it put right; "
                "say what is right instead, or make a new entry",
                f"{field.name[0]}：这一栏已记为“{said[0]}”，不能清空或改成未办；请更正为正确的内容，或另记一条",
            )
            for field in changed
        }
    )


def _is_again(one: Recorded, before: Mapping[str, str], values: Mapping[str, str]) -> bool:
    """Whether the entry tells of the act anew: it was done on a later day than the entry said until now."""
    return one.again and bool(values.get(one.at)) and values.get(one.at, "") > before.get(one.at, "")


def _beside(entry: Entry) -> list[Mapping[str, str]]:
    """What the other open entries of the unit's register say."""
    rows = Entry.objects.filter(organisation_id=entry.organisation_id, register=entry.register, unit_code=entry.unit_code)
    return list(rows.filter(closed_at=None, destroyed_at=None).exclude(id=entry.id).values_list("values", flat=True))


def _same_month(one: Recorded, values: Mapping[str, str], row: Mapping[str, str]) -> bool:
    return row.get(one.at, "")[:7] == values.get(one.at, "")[:7]


def _is_done(rule: RegisterRule, one: Recorded, values: Mapping[str, str], closing: bool) -> bool:
    if any(values.get(column) != wanted for column, wanted in one.where):
        return False
    if closing and one.closes:
        return True
    flags = {field.key for field in rule.fields if field.kind == "flag"}
    return all(values.get(key) == "true" if key in flags else key in values for key in (*one.once, *filter(None, (one.at,))))


def _is_told(entry: Entry, one: Recorded, values: Mapping[str, str]) -> bool:
    """Whether another entry has told of the same act already: one meeting, of which several opinions are entered."""
    if not one.one_per:
        return False
    same = {f"values__{key}": values.get(key) for key in one.one_per}
    others = Entry.objects.filter(organisation_id=entry.organisation_id, register=entry.register, unit_code=entry.unit_code, **same)
    told = Act.objects.filter(organisation_id=entry.organisation_id, event=one.event)
    return told.filter(entry_id__in=others.values_list("id", flat=True)).exists()


def _moment(rule: RegisterRule, one: Recorded, values: Mapping[str, str], told_at: datetime | None, at: datetime) -> datetime:
    """When the act was done. A day that is told without a time has passed by its end, or is the present one."""
    told = values.get(one.at)
    if not told:
        return told_at or at
    field = next(field for field in rule.fields if field.key == one.at)
    if field.kind == "moment":
        moment = datetime.fromisoformat(told)
    else:
        day = date.fromisoformat(told)
        moment = at if day == in_shanghai(at).date() else opening_of(day + timedelta(days=1)) - timedelta(seconds=1)
    if moment > at:
        en = f"{field.name[1]} ({field.key}): found {told}, expected a time that has come by now; enter it when it is done"
        raise BadEntry({field.key: (en, f"{field.name[0]}：{told} 还没有到；办了再登记")})
    return moment


def _fact(
    entry: Entry, rule: RegisterRule, one: Recorded, values: Mapping[str, str], by: By, moment: datetime, more: Mapping[str, str]
) -> Fact:
    event, _, clause = one.event.partition(":")
    kinds = {field.key: field.kind for field in rule.fields}
    told = {detail: _told(detail, values[column], kinds[column]) for column, detail in one.tells if column in values}
    under = {"clause": clause} if clause else {}
    details = {**read_details({**dict(one.says), **told, **under, **more}), ENTRY: str(entry.id)}
    return Fact(event, moment, None, entry.unit_code, by.role, details)


def _told(detail: str, value: str, kind: str) -> str:
    """The value of a column as a form would send the detail: a limit that is told as a day lasts until its end."""
    known = vocabulary()["facts"][detail]["kind"]
    return f"{value} {_LAST_MINUTE:%H:%M}" if (kind, known) == ("day", "moment") else value


def _elsewhere(fact: Fact) -> Fact:
    return Fact(fact.event, fact.at, fact.case, fact.unit, fact.by, {**fact.details, ELSEWHERE: True})


def _is_known(organisation_id: UUID, fact: Fact) -> bool:
    subject = first_subject(fact)
    return subject.about in NAMED and Matter.objects.filter(organisation_id=organisation_id, key=subject.key).exists()


def _row(context: Context, record: Entered) -> dict[str, Any] | None:
    """Under which entry the act stands: the one that told of it, else the one that it is added to or makes; None where it is neither,
    and where an act names an entry by a word that is no id of any."""
    entry = read_id(record.entry) if record.entry else _enter(context, record)
    if entry is None:
        return None
    return {
        "organisation_id": context.organisation_id,
        "entry_id": entry,
        "event": record.event,
        "at": record.at,
        "fact_id": context.fact_id,
    }


def _enter(context: Context, record: Entered) -> UUID | None:
    rule = rule_of(record.register)
    one = next(each for each in rule.records if each.event == record.event)
    values = dict(_values(rule, one, record, context))
    by = By(record.by or _PLATFORM, context.by_person)
    found = _entry_for(context.organisation_id, record, one, values)
    if found is None:
        if one.same and not one.begins:
            return None
        made = make(context.organisation_id, record.register, record.unit, rule, values, by, context.entered_at, record.at)
        return made.id
    said = event_name(record.event, "zh")
    # What stands there already was written by somebody who was nearer to it.
    new = {key: value for key, value in values.items() if key not in found.values}
    amend(found, {**found.values, **new}, said, by, context.entered_at)
    if one.closes and rule.closes:
        close(found, said, by, context.entered_at)
    return found.id


def _entry_for(organisation_id: UUID, record: Entered, one: Recorded, values: Mapping[str, str]) -> Entry | None:
    """The last open entry to which the act has to be added: one that says the same, and of what the act adds nothing else yet."""
    if not one.same or any(key not in values for key in one.same):
        return None
    same = {f"values__{key}": values[key] for key in one.same}
    rows = Entry.objects.select_for_update().filter(
        organisation_id=organisation_id, register=record.register, unit_code=record.unit, closed_at=None, destroyed_at=None, **same
    )
    for key, wanted in one.where:
        rows = rows.filter(Q(**{f"values__{key}": wanted}) | ~Q(values__has_key=key))
    told = Act.objects.filter(organisation_id=organisation_id, event=record.event).values_list("entry_id", flat=True)
    return rows.exclude(id__in=told).order_by("-at", "-number").first()


def _values(rule: RegisterRule, one: Recorded, record: Entered, context: Context) -> Iterator[tuple[str, str]]:
    """What the act tells of the register's columns; what cannot stand there is left out, for a person to fill in."""
    fields = {field.key: field for field in rule.fields}
    told: dict[str, Any] = {column: record.details.get(detail) for column, detail in one.tells}
    told |= {column: _said(detail, told[column], fields[column]) for column, detail in one.tells}
    if one.by and context.by_person is not None:
        told[one.by] = names_of([context.by_person]).get(context.by_person)
    if one.at:
        told[one.at] = in_shanghai(record.at) if fields[one.at].kind == "moment" else in_shanghai(record.at).date()
    # An act that is done once all papers are there says that they are.
    flags = ((column, True) for column in one.once if fields[column].kind == "flag")
    for column, value in (*told.items(), *one.where, *flags):
        if value not in (None, "", []):
            read = read_value(fields[column], value)
            if read is not None:
                yield column, read


def _said(detail: str, value: Any, field: RegisterField) -> Any:
    """A detail as a column takes it: how many, where the column is a number; posts, people and cases by their names and numbers; a list in
    a line."""
    several = isinstance(value, list | tuple | set | frozenset)
    if several and field.kind == "number":
        return len(value)
    if isinstance(value, datetime):
        return in_shanghai(value)
    if not several and not isinstance(value, str):
        return value
    kind = vocabulary()["facts"].get(detail, {}).get("kind")
    named = [_name(kind, str(one)) for one in (value if several else [value])]
    return "、".join(named)


def _name(kind: str, value: str) -> str:
    key = read_id(value)
    if kind == "roles":
        return role_name(value, "zh")
    if key is None:
        return value
    if kind == "cases":
        return Case.objects.filter(id=key).values_list("number", flat=True).first() or value
    found = Resident.objects.filter(id=key).first()
    return f"{found.name}{found.title}" if found is not None else value


ACT_KEEPER: Final = Keeper(Entered, _ACTS, _row)
