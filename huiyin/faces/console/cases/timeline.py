"""What happened on a case, newest first, sorted for people: talks, work, the system's own findings, papers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.facts import LIMIT_PASSED
from huiyin.desk.facts.actions import is_stand_in
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.queries import names_of
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.forms import RESULTS
from huiyin.faces.console.cases.words import case_words, class_words, customer_word, language, mark_word, role_word, staff_words, unit_word
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.load import vocabulary
from huiyin.rulebook.words import detail_name, event_name, moment_words, rule_name

TALKS: Final = frozenset(
    {
        "complainant_contacted", "contact_attempted", "customer_contacted", "public_reply_given", "return_visit_done",
        "case_urged", "second_complaint_started", "note_added", "suggestion_replied", "complainant_replied", "reminder_sent",
    }
)  # fmt: skip
PAPERS: Final = frozenset({"document_filed", "non_responsibility_statement_submitted"})
INTERNAL: Final = frozenset({"note_added", "supervision_recorded", "follow_up_entered", "reminder_sent"})
PUBLIC: Final = frozenset({"public_reply_given", "suggestion_replied", "complainant_replied"})
HANDOVERS: Final = frozenset(
    {
        "case_dispatched", "complaint_transferred_to_unit", "suggestion_transferred_to_unit", "case_transferred",
        "case_reassigned", "complaint_returned_by_unit", "unit_added",
    }
)  # fmt: skip
"""By these a case goes from one hand to another."""

TABS: Final = (
    ("all", gettext_lazy("全部")),
    ("talk", gettext_lazy("沟通")),
    ("work", gettext_lazy("处理")),
    ("system", gettext_lazy("系统")),
    ("paper", gettext_lazy("附件")),
)
_SAID_ELSEWHERE: Final = frozenset({"record", "channel", "customer", "household", "clock", "level", "case", "by", "entered_at"})
_RESULT_WORDS: Final[Mapping[str, Any]] = {key: word for choices in RESULTS.values() for key, word in choices}


def kind_of(fact: Fact) -> str:
    """Under which tab a fact stands."""
    if fact.derived or fact.event == LIMIT_PASSED:
        return "system"
    if fact.event in PAPERS:
        return "paper"
    return "talk" if fact.event in TALKS else "work"


def entries(
    organisation_id: UUID, facts: Sequence[Fact], editions: Iterable[str], beside: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """The facts as entries, newest first, among them those that tell of something ``beside`` the facts."""
    names, known = names_of(fact.by_person for fact in facts if fact.by_person), tuple(editions)
    ordered = sorted(facts, key=lambda fact: (fact.at, fact.number))
    told = [*(_entry(organisation_id, fact, names, known) for fact in ordered), *(dict(one) for one in beside)]
    return sorted(reversed(told), key=lambda one: one["at"], reverse=True)


def lines_with_numbers(organisation_id: UUID, facts: Iterable[Fact], editions: Iterable[str]) -> list[str]:
    """The lines of the entries, oldest first, in which a number is hidden: as they were written."""
    known = tuple(editions)
    return [line for fact in facts for line in _lines(organisation_id, fact, known) if hide_phones_in(line) != line]


def lines_beneath(
    organisation_id: UUID, facts: Iterable[Fact], veiled: Callable[[Mapping[str, Any]], Mapping[str, Any]], editions: Iterable[str]
) -> Iterator[str]:
    """The lines of the entries, oldest first, that are not shown because something in them is secret: as they were written."""
    known = tuple(editions)
    for fact in facts:
        for name, value in fact.details.items():
            if veiled({name: value}) != {name: value}:
                one = Fact(event=fact.event, details={name: value}, derived=fact.derived)
                yield from (f"{event_name(fact.event, language())}：{line}" for line in _lines(organisation_id, one, known))


def _entry(organisation_id: UUID, fact: Fact, names: Mapping[UUID, str], editions: tuple[str, ...]) -> dict[str, Any]:
    who = names.get(fact.by_person, "") if fact.by_person else ""
    own = fact.derived or fact.event == LIMIT_PASSED
    role = role_word(fact.by_role, editions) if fact.by_role and not own else ""
    return {
        "at": fact.at,
        "entered_at": fact.entered_at if fact.entered_at - fact.at > timedelta(minutes=1) and not own else None,
        "kind": kind_of(fact),
        "title": _title(fact),
        "who": " ".join(part for part in (who, role) if part) or (_("系统") if own else ""),
        "internal": fact.event in INTERNAL,
        "public": fact.event in PUBLIC,
        "lines": [hide_phones_in(line) for line in _lines(organisation_id, fact, editions)],
    }


def _title(fact: Fact) -> str:
    if fact.event == LIMIT_PASSED or fact.event.startswith(f"{LIMIT_PASSED}:"):
        return _("时限已过：%(name)s") % {"name": _clock_name(str(fact.details.get("clock", "")))}
    if fact.event == "marked":
        return _("认定为%(mark)s") % {"mark": mark_word(str(fact.details.get("mark", "")))}
    level = str(fact.details.get("level") or "")
    return f"{event_name(fact.event, language())}{f' · {_level(level)}' if level else ''}"


def _level(level: str) -> str:
    from huiyin.faces.parts.templatetags.parts import warning_level

    return warning_level(level)


def _clock_name(key: str) -> str:
    parts = key.split("|")
    return rule_name(parts[1], language()) if len(parts) > 1 else key


def _lines(organisation_id: UUID, fact: Fact, editions: tuple[str, ...]) -> Iterable[str]:
    if fact.event in ("case_transferred", "unit_added", *HANDOVERS) and fact.unit_code:
        names = places.tree(organisation_id).names.get(fact.unit_code)
        if names:
            yield names[0] if language().startswith("zh") else names[1]
    if fact.event == LIMIT_PASSED or fact.derived:
        return
    for name, value in fact.details.items():
        if is_stand_in(value) or (isinstance(value, list) and any(map(is_stand_in, value))):
            continue
        if name in ("text", "reason") and value:
            yield str(value) if name == "text" else f"{detail_name(name, language())}：{value}"
        elif name not in _SAID_ELSEWHERE and value not in (None, "", [], {}):
            yield f"{detail_name(name, language())}：{_value(organisation_id, name, value, editions)}"


def _value(organisation_id: UUID, name: str, value: Any, editions: tuple[str, ...]) -> str:
    kind = vocabulary()["facts"].get(name, {}).get("kind")
    if name in ("category", "severity") and isinstance(value, dict):
        return class_words(name, value, editions)
    if kind == "people":
        return staff_words(value)
    if kind == "cases":
        return case_words(organisation_id, value)
    if kind == "roles":
        return "、".join(role_word(one, editions) for one in (value if isinstance(value, list) else [value]))
    if kind == "moment" and parse_datetime(str(value)):
        return moment_words(str(value), language())
    if name in ("unit", "customer"):
        return (unit_word if name == "unit" else customer_word)(organisation_id, str(value))
    if name == "department":
        return role_word(str(value), editions)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(_RESULT_WORDS.get(str(value), value)) if name == "result" else str(value)


def handovers(facts: Iterable[Fact]) -> list[Fact]:
    """The facts by which the case went from one hand to another."""
    return [fact for fact in facts if fact.event in HANDOVERS]


def idle_since(facts: Iterable[Fact], now: datetime) -> timedelta | None:
    """How long nobody has done anything about the case: since the last act of a person or a channel, not of the reckoning."""
    acts = [fact.at for fact in facts if not fact.derived and fact.event != LIMIT_PASSED]
    return max(now - max(acts), timedelta()) if acts else None
