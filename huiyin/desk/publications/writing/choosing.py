"""Which cases a notice tells: those of the classes that the regulations publish, and matters that several households share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from huiyin.core.conditions import Condition
from huiyin.core.questions import Count
from huiyin.core.recurrence import period_named
from huiyin.core.rules import Adopted, MarkRule, PaperRule, PublicationRule, RefusalRule, Regulation
from huiyin.core.secrecy import STORY
from huiyin.desk.cases.access import OPEN, veils, withheld
from huiyin.desk.cases.lifecycle import ACCEPTANCE, DISPATCH, HOLD, PROGRESS, VISIT, VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import House
from huiyin.desk.matters.steps import channels, named_outlets

ISSUED_EVENT: Final = "monthly_publication_issued"
WITHDRAWN_EVENT: Final = "monthly_publication_withdrawn"
NOTHING_EVENT: Final = "nothing_to_publish_recorded"
CUSTOMERS: Final = "customers"
ISSUE: Final = "issue"
_TOLD: Final = ("case_closed", "complainant_replied", "problem_solved", "complaint_handled")
"""Acts whose text says what became of a case; what was done says it best, the closing least."""


_STATES: Final[Mapping[str, str]] = {
    DISPATCH: "已受理，待安排",
    ACCEPTANCE: "已受理，待接单",
    PROGRESS: "正在处理",
    HOLD: "暂缓处理，条件具备后继续",
    VISIT: "已处理，待回访确认",
}
"""How far a case that is not closed has come, as a notice to the customers tells it; people mend it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that is to be published, why ("CP:public_part", or "issue"), and what is proposed to be said of it."""

    case: Case
    why: str
    text: str


def publishing(organisation_id: UUID, unit_code: str, at: datetime) -> list[Adopted]:
    """The regulations in force for the unit that make a month's cases public to customers."""
    return [one for one in House.of(organisation_id).adopted(unit_code, at) if _publishes(one.regulation)]


def _publishes(regulation: Regulation) -> bool:
    rules = regulation.by_event.get(ISSUED_EVENT, ())
    return any(isinstance(rule, PublicationRule) and rule.audience == CUSTOMERS for rule in rules)


def owing_units(organisation_id: UUID, codes: Iterable[str], at: datetime) -> list[str]:
    """Those of the units that write such notices: the ones that owe the publication of a month under a regulation in force."""
    house = House.of(organisation_id)
    found = []
    for code in codes:
        kinds = {kind for one in house.adopted(code, at) if _publishes(one.regulation) for kind in _owing_kinds(one.regulation)}
        unit = house.units.by_code[code]
        if unit.kind in kinds or ("adopter" in kinds and any(one.unit == code for one in house.adopted(code, at))):
            found.append(code)
    return found


def _owing_kinds(regulation: Regulation) -> frozenset[str]:
    rules = regulation.by_event.get(ISSUED_EVENT, ())
    kinds = frozenset(kind for rule in rules for kind in getattr(rule, "owed_by", ()))
    return kinds or frozenset({"adopter"})


def outlets_of(adopted: Iterable[Adopted]) -> Mapping[str, Mapping[str, str]]:
    """By which ways a notice may be put up, by key, the usual one first: those that the clauses name for it, else all of publication."""
    regulations = [one.regulation for one in adopted]
    listed = named_outlets(regulations, ISSUED_EVENT) or channels(regulations, ("publication",))
    return {one.key: {"zh": one.name[0], "en": one.name[1]} for one in listed}


def usual_outlets(adopted: Iterable[Adopted]) -> list[str]:
    """Where a notice is put up unless somebody says otherwise: the first of the ways that the clauses name."""
    return [one.key for one in named_outlets([one.regulation for one in adopted], ISSUED_EVENT)[:1]]


def publishable(regulation: Regulation) -> frozenset[str]:
    """The categories whose cases the regulation publishes.

    They are those for which it does not let a month pass as empty; where it says nothing of that, those that the clause of its public
    paper singles out by a mark.
    """
    refusing = (rule for rule in regulation.by_event.get(NOTHING_EVENT, ()) if isinstance(rule, RefusalRule))
    if counted := frozenset(key for rule in refusing for key in _counted(rule.when)):
        return counted
    papers = {clause for rule in regulation.by_event.get(ISSUED_EVENT, ()) if isinstance(rule, PaperRule) for clause in rule.cites}
    marks = (rule for rule in regulation.rules if isinstance(rule, MarkRule) and papers & set(rule.cites))
    return frozenset(key for rule in marks for key in _categories(rule.when))


def _counted(when: Condition) -> Iterator[str]:
    for question in when.questions:
        if isinstance(question.ask, Count):
            yield from (key for name, keys in question.ask.of if name == "category" for key in keys)


def _categories(when: Condition) -> Iterator[str]:
    for question in when.questions:
        if question.about in ("fact", "category") and question.name in ("category", ""):
            yield from question.answers


def candidates(organisation_id: UUID, unit_code: str, period: str, at: datetime) -> list[Chosen]:
    """The cases of the month that belong into the notice: received or closed in it, of a publishable class or shared by several homes."""
    month = period_named(period)
    wanted = {one.regulation.prefix: publishable(one.regulation) for one in publishing(organisation_id, unit_code, at)}
    own = Case.objects.filter(organisation_id=organisation_id, unit_code=unit_code).exclude(status=VOID)
    received = own.filter(received_at__gte=month.opens_at, received_at__lt=month.closes_at)
    closed = own.filter(closed_at__gte=month.opens_at, closed_at__lt=month.closes_at)
    cases = [one for one in (received | closed).order_by("received_at", "id") if may_be_told(one)]
    shared = _shared(cases)
    told = _results(organisation_id, cases)
    found = ((case, _why(case, wanted) or (ISSUE if case.issue in shared else "")) for case in cases)
    return [Chosen(case, why, proposed(case, told.get(case.id, ""))) for case, why in found if why]


def may_be_told(case: Case) -> bool:
    """Whether anything of the case may be made public: it is not confidential, and what it is about is no secret."""
    return not case.confidential and all(STORY not in one.parts for one in withheld(case.secrets))


def _why(case: Case, wanted: Mapping[str, frozenset[str]]) -> str:
    for prefix, keys in wanted.items():
        given = case.category.get(prefix)
        for key in given if isinstance(given, list) else [given]:
            if key in keys:
                return f"{prefix}:{key}"
    return ""


def _shared(cases: Sequence[Case]) -> frozenset[str]:
    """The issues that several households raised."""
    homes: dict[str, set[Any]] = {}
    for case in cases:
        if case.issue:
            homes.setdefault(case.issue, set()).add(case.household_code or case.id)
    return frozenset(issue for issue, several in homes.items() if len(several) > 1)


def _results(organisation_id: UUID, cases: Sequence[Case]) -> dict[UUID, str]:
    """What is said of how each case was handled: the last text of the act that says it best."""
    found: dict[UUID, str] = {}
    facts = Fact.objects.filter(organisation_id=organisation_id, case_id__in=[one.id for one in cases], event__in=_TOLD)
    hidden = veils(organisation_id, [one.id for one in cases])
    for one in sorted(facts, key=lambda fact: (_TOLD.index(fact.event), fact.at, fact.number)):
        told = hidden.get(one.case_id, OPEN).details(one.details) if one.case_id else one.details
        text = str(told.get("text") or told.get("result_text") or "")
        if one.case_id is not None and text:
            found[one.case_id] = text
    return found


def proposed(case: Case, result: str) -> str:
    """The first wording of what is said of a case: what it was about, and what became of it. People mend it."""
    about = (case.title or case.story).strip()[:400]
    state = "已办结" if case.closed_at else _STATES.get(case.status, "正在处理")
    done = result.strip()[:800]
    said = done if case.closed_at and done else "，".join(filter(None, (state, done)))
    return f"{_stopped(about)}处理情况：{_stopped(said)}"


def _stopped(text: str) -> str:
    """The text with the stop at its end, whether it had one or not."""
    return text if text.endswith(("。", "！", "？", ".", "!", "?")) else f"{text}。"
