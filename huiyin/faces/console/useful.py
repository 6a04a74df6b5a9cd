"""Whether a room of the console is of use to a post: a regulation in force at a unit in reach asks for it, or something is kept there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeVar

from django.db.models import Model

from huiyin.core.records import NEEDED
from huiyin.core.rules import (
    Adopted,
    ApprovalRule,
    AssessmentRule,
    CourseRule,
    DutyRule,
    IndicatorRule,
    PublicationRule,
    RegisterRule,
    RetentionRule,
    RosterRule,
    Rule,
    ScoreRule,
    WarningRule,
)
from huiyin.desk.approvals.models import Approval
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.models import Clock
from huiyin.desk.documents.actions import CIRCULAR, WEEKLY
from huiyin.desk.documents.models import Document
from huiyin.desk.duties.calendar.rosters import rosters_of
from huiyin.desk.duties.queries import DUTY
from huiyin.desk.facts.models import Fact
from huiyin.desk.facts.queries import House
from huiyin.desk.inspections.access import INSPECTION
from huiyin.desk.matters.models import Figure, Matter, Retention
from huiyin.desk.matters.steps.offering import approvers_of
from huiyin.desk.people.access import Standing
from huiyin.desk.people.models import Roster
from huiyin.desk.publications.models import Notice
from huiyin.desk.publications.writing.choosing import CUSTOMERS, ISSUED_EVENT
from huiyin.desk.registers.models import Entry
from huiyin.desk.scores.models import Entry as Points
from huiyin.desk.surveys.access import SURVEY
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.matters.pages import LISTED_BY_ITSELF
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.prepared import prepared_cursor

CLAIMED: Final = "non_responsibility_claimed"
WEEKLY_EVENT: Final = "weekly_signed_summary_submitted"
_R = TypeVar("_R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a post reaches: its role and rights, the codes of its units, and the kinds that these are of."""

    role: str
    rights: frozenset[str]
    codes: frozenset[str]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """What makes a room useful: ``asked`` by a regulation in force, or (``kept``) the statement that finds rows there, whatever is in
    force now."""

    asked: Callable[[Adopted, Reach], bool]
    kept: str = ""


def _rule(
    kind: type[_R], fits: Callable[[Adopted, _R, Reach], bool] = lambda _adopted, _one, _reach: True
) -> Callable[[Adopted, Reach], bool]:
    def asked(adopted: Adopted, reach: Reach) -> bool:
        return any(isinstance(one, kind) and fits(adopted, one, reach) for one in adopted.regulation.rules)

    return asked


def _event(*names: str) -> Callable[[Adopted, Reach], bool]:
    def asked(adopted: Adopted, _reach: Reach) -> bool:
        return any(name in adopted.regulation.by_event for name in names)

    return asked


def _rows(model: type[Model], wanted: str = "true") -> str:
    """The statement that finds rows of the model which are as ``wanted`` (SQL) at the units in reach; ``_kept`` says of whom."""
    # Asked at every page, so written out: building it of querysets each time costs more than asking it.
    table = model._meta.db_table
    return f"SELECT 1 FROM {table} WHERE organisation_id = %(organisation)s AND unit_code = ANY(%(codes)s) AND {wanted}"


def _either(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(one) for one in sorted(values))})"


def _owes(adopted: Adopted, rule: DutyRule | RosterRule, reach: Reach) -> bool:
    """Whether a unit in reach owes the duty, or keeps the roster."""
    return not reach.kinds.isdisjoint(rule.owed_by) or ("adopter" in rule.owed_by and adopted.unit in reach.codes)


def _decides(adopted: Adopted, rule: ApprovalRule, reach: Reach) -> bool:
    """Whether the role may take the decision, or writes down what people outside decide."""
    standing = Standing((reach.role,), reach.rights)
    return bool(standing.may_act_as(adopted.regulation, approvers_of(adopted, rule), deciding=True))


APPROVALS: Final = Use(_rule(ApprovalRule, _decides), _rows(Approval, f"state = '{NEEDED}' AND of ? %(role)s"))
CIRCULARS: Final = Use(
    _rule(PublicationRule, lambda _adopted, one, _reach: one.on == ISSUED_EVENT and one.audience != CUSTOMERS),
    _rows(Document, f"kind = '{CIRCULAR}'"),
)
COURSES: Final = Use(_rule(CourseRule, lambda _adopted, one, _reach: one.on_duty))
DUTIES: Final = Use(_rule(DutyRule, _owes), _rows(Clock, f"kind = '{DUTY}'"))
FORMS: Final = Use(lambda adopted, _reach: bool(adopted.regulation.source.get("forms")), _rows(Document))
INSPECTIONS: Final = Use(_rule(IndicatorRule), _rows(Matter, f"about = '{INSPECTION}'"))
ISSUES: Final = Use(_rule(WarningRule, lambda _adopted, one, _reach: one.ratio is not None), _rows(WarningSignal, "case_id IS NULL"))
KEPT: Final = Use(_rule(RetentionRule), _rows(Retention))
MATTERS: Final = Use(
    _rule(Rule, lambda _adopted, one, _reach: one.about in LISTED_BY_ITSELF), _rows(Matter, _either("about", LISTED_BY_ITSELF))
)
PUBLICATIONS: Final = Use(
    _rule(PublicationRule, lambda _adopted, one, _reach: one.on == ISSUED_EVENT and one.audience == CUSTOMERS), _rows(Notice)
)
REGISTERS: Final = Use(_rule(RegisterRule), _rows(Entry))
ROSTERS: Final = Use(
    lambda adopted, reach: any(_owes(adopted, one, reach) for one in rosters_of(adopted.regulation)),
    f"SELECT 1 FROM {Roster._meta.db_table} WHERE unit_id = ANY(%(reach)s)",
)
SCORES: Final = Use(_rule(ScoreRule), _rows(Points))
STATEMENTS: Final = Use(_event(CLAIMED), _rows(Fact, f"event = '{CLAIMED}'"))
SUGGESTIONS: Final = Use(
    lambda adopted, _reach: any(one["key"] == "suggestion" for one in adopted.regulation.source["classes"].get("record", ())),
    _rows(Case, "record = 'suggestion'"),
)
SUMMARIES: Final = Use(
    _rule(DutyRule, lambda _adopted, one, _reach: one.served_by.event == WEEKLY_EVENT), _rows(Document, f"kind = '{WEEKLY}'")
)
SURVEYS: Final = Use(_rule(Rule, lambda _adopted, one, _reach: one.about == SURVEY), _rows(Matter, f"about = '{SURVEY}'"))
WARNINGS: Final = Use(_rule(WarningRule), _rows(WarningSignal))
YEARLY: Final = Use(_rule(AssessmentRule), _rows(Figure, "rank IS NOT NULL"))


def useful(who: Acting, uses: Iterable[Use], at: datetime) -> frozenset[Use]:
    """Those of ``uses`` that are of use to the post now; one statement at most asks what is kept."""
    house = House.of(who.organisation_id)
    reached = frozenset(code for one in who.codes for code in house.units.path(one))
    kinds = frozenset(house.units.by_code[code].kind for code in who.codes)
    binding = tuple(one for one in house.adopted_anywhere(at) if one.unit in reached)
    wanted = tuple(dict.fromkeys(uses))
    asked = _asked(binding, Reach(who.role, who.rights, who.codes, kinds), wanted)
    return asked | _kept(who, [one for one in wanted if one not in asked])


@lru_cache(maxsize=512)
def _asked(binding: tuple[Adopted, ...], reach: Reach, uses: tuple[Use, ...]) -> frozenset[Use]:
    return frozenset(one for one in uses if any(one.asked(adopted, reach) for adopted in binding))


def _kept(who: Acting, uses: list[Use]) -> frozenset[Use]:
    asked = [one for one in uses if one.kept] if who.codes else []
    if not asked:
        return frozenset()
    of = {"organisation": who.organisation_id, "codes": list(who.codes), "reach": list(who.reach), "role": who.role}
    with prepared_cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'EXISTS ({one.kept})' for one in asked)}", of)
        found = cursor.fetchone()
    return frozenset(one for one, there in zip(asked, found, strict=True) if there)
