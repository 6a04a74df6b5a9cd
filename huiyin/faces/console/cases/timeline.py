"""What happened on a case, newest first, sorted for people: talks, work, the system's own findings, papers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.facts import LIMIT_PASSED, WARNING_CONFIRMED, WARNING_DISMISSED
from huiyin.core.moments import in_shanghai
from huiyin.core.rules import MarkRule
from huiyin.desk.cases.lifecycle import RATED, RECALLED
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.queries import Held, names_of, posts_held
from huiyin.desk.places import queries as places
from huiyin.desk.tracking.queries import ANSWERS
from huiyin.faces.console.cases.told import told
from huiyin.faces.console.cases.words import language, mark_word, role_word
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.words import event_name, regulation_of, rule_name

TALKS: Final = frozenset(
    {
        "complainant_contacted", "contact_attempted", "customer_contacted", "public_reply_given", "return_visit_done",
        "case_urged", RATED, "second_complaint_started", "note_added", "suggestion_replied", "complainant_replied", "reminder_sent",
    }
)  # fmt: skip
VERIFIED: Final = "warning_verified"
"""By this act somebody decides on a warning; the reckoning then finds it confirmed or dismissed."""
PAPERS: Final = frozenset({"document_filed", "non_responsibility_statement_submitted"})
INTERNAL: Final = frozenset({"note_added", "supervision_recorded", "follow_up_entered", "reminder_sent"})
PUBLIC: Final = ANSWERS
HANDOVERS: Final = frozenset(
    {
        "case_dispatched", "complaint_transferred_to_unit", "suggestion_transferred_to_unit", "case_transferred",
        "case_reassigned", "complaint_returned_by_unit", "unit_added", RECALLED,
    }
)  # fmt: skip
"""By these a case goes from one hand to another."""

_NOT_DONE: Final = frozenset({("return_visit_done", "not_satisfied"), (RATED, "not_solved")})
FIGURES: Final[Mapping[str, Callable[[Fact], bool]]] = {
    "handovers": lambda fact: fact.event in HANDOVERS,
    "urged": lambda fact: fact.event == "case_urged",
    "reopened": lambda fact: fact.event == "case_reopened" or (fact.event, fact.details.get("result")) in _NOT_DONE,
}
"""What the page counts of a case, with what each figure counts; its list is the timeline of exactly these."""
TABS: Final = (
    ("all", gettext_lazy("全部")),
    ("talk", gettext_lazy("沟通")),
    ("work", gettext_lazy("处理")),
    ("system", gettext_lazy("系统")),
    ("paper", gettext_lazy("附件")),
)


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
    persons, known = {fact.by_person for fact in facts if fact.by_person}, tuple(editions)
    names, held = names_of(persons), posts_held(persons)
    ordered = sorted(said_once(facts), key=lambda fact: (fact.at, fact.number))
    by_number = {fact.number: fact for fact in facts}
    back = {fact.details.get("takes_back") for fact in facts}
    own = [_entry(organisation_id, fact, names, held, known, by_number) for fact in ordered]
    told = [*_one_press(own, back), *(dict(one) for one in beside)]
    for one in told:
        one["taken_back"] = one.get("number") in back
        if one["taken_back"]:
            one["figures"] = []
    return sorted(reversed(told), key=lambda one: one["at"], reverse=True)


def _one_press(told: Sequence[dict[str, Any]], back: Collection[Any]) -> list[dict[str, Any]]:
    """The entries with one for what the same press of a button stored at one moment and that stands under one tab: it says all of it, its
    words once. It goes by the number of the last, by which it can be taken back; what was taken back stands by itself."""
    found: list[dict[str, Any]] = []
    for one in told:
        last = found[-1] if found else None
        if last is None or not one["own"] or any(last[name] != one[name] for name in ("at", "entered_at", "own", "who")):
            found.append(one)
            continue
        one["lines"] = [line for line in one["lines"] if line not in last["lines"]]
        plain = not (one["lines"] or one["figures"] or last["figures"] or {one["number"], last["number"]} & set(back))
        if plain and one["kind"] == last["kind"]:
            last["title"] = _("%(one)s、%(other)s") % {"one": last["title"], "other": one["title"]}
            last["number"] = one["number"]
        else:
            found.append(one)
    return found


def said_once(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without those that only say again, for the reckoning, what a mark put at the same moment, or the act of a person that
    decided it, says to people."""
    marked = {(fact.event, fact.at) for fact in facts if fact.derived}
    decided = {(str(fact.details.get("level")), fact.at) for fact in facts if fact.event == VERIFIED}
    return [fact for fact in facts if not (fact.derived and (_is_marked(fact, marked) or _is_decided(fact, decided)))]


def _is_marked(fact: Fact, marked: Collection[tuple[str, datetime]]) -> bool:
    return any((mark, fact.at) in marked for mark in _marks_that_make(fact.event))


def _is_decided(fact: Fact, decided: Collection[tuple[str, datetime]]) -> bool:
    event, _colon, level = fact.event.rpartition("/")[2].partition(":")
    found = event in (WARNING_CONFIRMED, WARNING_DISMISSED)
    return found and (level or str(fact.details.get("level")), fact.at) in decided


def _marks_that_make(event: str) -> Iterator[str]:
    owner, _slash, made = event.rpartition("/")
    of = regulation_of(f"{owner}-") if owner else None
    for rule in of.rules if of else ():
        if isinstance(rule, MarkRule) and rule.identifies and rule.identifies.rpartition("/")[2] == made:
            yield f"{owner}/marked:{rule.mark}"


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
                said = event_name(fact.event, language())
                yield from (_("%(name)s：%(value)s") % {"name": said, "value": line} for line in _lines(organisation_id, one, known))


def _entry(
    organisation_id: UUID,
    fact: Fact,
    names: Mapping[UUID, str],
    held: Mapping[tuple[UUID, str], Sequence[Held]],
    editions: tuple[str, ...],
    by_number: Mapping[int, Fact],
) -> dict[str, Any]:
    who = names.get(fact.by_person, "") if fact.by_person else ""
    own = fact.derived or fact.event == LIMIT_PASSED
    role = _role(fact, held, editions) if fact.by_role and not own else ""
    # What is about a unit has no number of its own (0): only an act that says so takes another one back.
    took = by_number.get(fact.details["takes_back"]) if "takes_back" in fact.details else None
    return {
        "number": fact.number,
        "own": None if own else fact.by_person,
        "at": fact.at,
        "entered_at": fact.entered_at if fact.entered_at - fact.at > timedelta(minutes=1) and not own else None,
        "kind": kind_of(fact),
        "figures": [name for name, counts in FIGURES.items() if counts(fact)],
        "title": _("撤销：%(act)s") % {"act": _title(took, editions)} if took else _title(fact, editions),
        "who": " ".join(part for part in (who, role) if part) or (_("系统") if own else ""),
        "internal": fact.event in INTERNAL,
        "public": fact.event in PUBLIC,
        "lines": [hide_phones_in(line) for line in _lines(organisation_id, fact, editions)],
    }


def _role(fact: Fact, held: Mapping[tuple[UUID, str], Sequence[Held]], editions: tuple[str, ...]) -> str:
    """Under which role somebody acted, and that they only stood in for it where it was not a post of their own on that day."""
    word, day = role_word(fact.by_role, editions), in_shanghai(fact.at).date()
    own = fact.by_person is None or any(one.on(day) for one in held.get((fact.by_person, fact.by_role), ()))
    return word if own else _("代%(role)s") % {"role": word}


def _title(fact: Fact, editions: tuple[str, ...]) -> str:
    if fact.event == LIMIT_PASSED or fact.event.startswith(f"{LIMIT_PASSED}:"):
        return _("时限已过：%(name)s") % {"name": clock_name(str(fact.details.get("clock", "")))}
    if fact.event == "marked":
        return _("认定为%(mark)s") % {"mark": mark_word(str(fact.details.get("mark", "")), editions)}
    level = str(fact.details.get("level") or "")
    # What the reckoning found says under which regulation: several may class one case, each by its own definition.
    under = fact.event.partition("/")[0] if fact.derived and "/" in fact.event else ""
    return " · ".join(part for part in (event_name(fact.event, language()), _level(level) if level else "", under) if part)


def _level(level: str) -> str:
    from huiyin.faces.parts.templatetags.parts import warning_level

    return warning_level(level)


def clock_name(key: str) -> str:
    """What the limit with this key is called."""
    parts = key.split("|")
    return rule_name(parts[1], language()) if len(parts) > 1 else key


def _lines(organisation_id: UUID, fact: Fact, editions: tuple[str, ...]) -> Iterable[str]:
    if fact.event in ("case_transferred", "unit_added", *HANDOVERS) and fact.unit_code:
        names = places.tree(organisation_id).names.get(fact.unit_code)
        if names:
            yield names[0] if language().startswith("zh") else names[1]
    if fact.event == LIMIT_PASSED or fact.derived:
        return
    for key, name, value in told(organisation_id, fact.details, editions, fact.event):
        yield value if key == "text" else _("%(name)s：%(value)s") % {"name": name, "value": value}


def counted(told: Sequence[Mapping[str, Any]], address: str) -> list[dict[str, Any]]:
    """How often the case was handed on, urged, begun anew; each figure opens its part of the timeline."""
    names = {"handovers": _("交接次数"), "urged": _("催办"), "reopened": _("重办")}
    return [
        {
            "name": name,
            "count": sum(figure in one.get("figures", ()) for one in told),
            "url": f"{address}?only={figure}#timeline",
        }
        for figure, name in names.items()
    ]


def idle_since(facts: Iterable[Fact], now: datetime) -> timedelta | None:
    """How long nobody has done anything about the case: since the last act of a person or a channel, not of the reckoning."""
    acts = [fact.at for fact in facts if not fact.derived and fact.event != LIMIT_PASSED]
    return max(now - max(acts), timedelta()) if acts else None
