"""Reads about surveys: what a questionnaire has to hold, who may be asked, how many have answered, and the figures of the answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, QuerySet

from huiyin.core.moments import in_shanghai, opening_of
from huiyin.core.rules import PaperRule, Regulation, ShareRule, StepRule, Words
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.places.models import Household
from huiyin.desk.surveys import reckoning
from huiyin.desk.surveys.access import SURVEY
from huiyin.desk.surveys.models import Answer, Invitation, Questionnaire
from huiyin.rulebook.load import regulation, stems

LOOKED_BACK: Final = timedelta(days=183)
"""Whose opinions of so long before a draw count: half a year."""
COMPLETED: Final = "opinion_survey_completed"
PLAN: Final = "survey_plan_submitted"
QUESTIONNAIRE: Final = "questionnaire_submitted"
REPORT: Final = "survey_report_submitted"


@dataclass(frozen=True, slots=True)
class Named:
    """A key with its names; ``points`` of a grade."""

    key: str
    name: Words
    points: int = 0


@dataclass(frozen=True, slots=True)
class Declared:
    """What regulations say of questionnaires: grades, the subjects that each asks about, further ones; and the parts of the report."""

    grades: tuple[Named, ...]
    subjects: tuple[Named, ...]
    further: tuple[Named, ...]
    parts: tuple[Mapping[str, Any], ...]


def declared(regulations: Sequence[Regulation]) -> Declared:
    """What the regulations of a survey declare; what none of them says is taken from the first of all that does."""
    every = [*regulations, *(regulation(stem) for stem in stems())]
    return Declared(
        grades=_classes(every, "grades"),
        subjects=_classes(every, "subjects"),
        further=_classes(every, "further_subjects"),
        parts=next((parts for one in every if (parts := _parts(one))), ()),
    )


def _classes(regulations: Iterable[Regulation], name: str) -> tuple[Named, ...]:
    found = next((listed for one in regulations if (listed := one.source["classes"].get(name))), ())
    return tuple(Named(str(one["key"]), (str(one["zh"]), str(one["en"])), int(one.get("points", 0))) for one in found)


def _parts(found: Regulation) -> tuple[Mapping[str, Any], ...]:
    """The parts of the paper that the report hands in, as its form names them."""
    papers = {rule.form for rule in found.rules if isinstance(rule, PaperRule) and rule.on == REPORT}
    return next((tuple(form["fields"]) for form in found.source.get("forms", ()) if form["key"] in papers), ())


def asks_for(regulations: Iterable[Regulation], event: str) -> bool:
    """Whether one of the regulations has somebody do this act."""
    return any(isinstance(rule, StepRule) and rule.event == event for one in regulations for rule in one.rules)


def numbered(regulations: Iterable[Regulation], event: str) -> tuple[str, ...]:
    """The numbers of the forms that the event hands in: under these the papers are kept as records."""
    papers = [(one, rule.form) for one in regulations for rule in one.rules if isinstance(rule, PaperRule) and rule.on == event]
    listed = [form for one, key in papers for form in one.source.get("forms", ()) if form["key"] == key and form.get("number")]
    return tuple(dict.fromkeys(str(form["number"]) for form in listed))


def goal(regulations: Iterable[Regulation]) -> tuple[str, Decimal] | None:
    """The clause and the percent of the satisfied that the first of the regulations aims at; None where none does."""
    for one in regulations:
        for rule in one.rules:
            if isinstance(rule, ShareRule) and rule.part.event == COMPLETED and rule.at_least is not None:
                return rule.cites[0], rule.at_least
    return None


def questionnaire_of(survey: Matter) -> Questionnaire | None:
    """The questionnaire of the survey, if there is one yet."""
    return Questionnaire.objects.filter(organisation_id=survey.organisation_id, matter_id=survey.id).first()


def listed(organisation_id: UUID, units: Collection[str], most: int = 200) -> list[Matter]:
    """The surveys of the units, the latest first."""
    rows = Matter.objects.filter(organisation_id=organisation_id, about=SURVEY, unit_code__in=list(units))
    return list(rows.order_by("-began_at")[:most])


def homes(organisation_id: UUID, units: Collection[str]) -> list[tuple[str, str]]:
    """Every home of the units: its unit's code and its own."""
    rows = Household.objects.filter(organisation_id=organisation_id, unit__code__in=list(units))
    return list(rows.order_by("unit__document_order", "unit__code", "code").values_list("unit__code", "code"))


def opinions(organisation_id: UUID, units: Collection[str], until: datetime) -> Mapping[tuple[str, str], int]:
    """How many cases each home of the units has had in the half-year before ``until``, most first; homes without any are left out."""
    since = opening_of(first_day(until))
    rows = Case.objects.filter(organisation_id=organisation_id, unit_code__in=list(units), received_at__gte=since, received_at__lt=until)
    rows = rows.exclude(household_code="").exclude(status="void")
    counted = rows.order_by().values_list("unit_code", "household_code").annotate(number=Count("id"))
    ordered = sorted(counted, key=lambda one: (-one[2], one[0], one[1]))
    return {(unit, home): number for unit, home, number in ordered}


def first_day(until: datetime) -> date:
    """The first day of the half-year before ``until``, whose cases count."""
    return in_shanghai(until - LOOKED_BACK).date()


def invitations(survey: Matter) -> QuerySet[Invitation]:
    """Who is asked in the survey."""
    rows = Invitation.objects.filter(organisation_id=survey.organisation_id, matter_id=survey.id)
    return rows.order_by("unit_code", "household_code")


def answers(survey: Matter) -> QuerySet[Answer]:
    """The answers of the survey, in the order in which they came."""
    return Answer.objects.filter(organisation_id=survey.organisation_id, matter_id=survey.id).order_by("at", "id")


@dataclass(frozen=True, slots=True)
class Return:
    """How many are asked and have answered, and the percent that the plan aims at (None: it says none)."""

    asked: int
    answered: int
    aimed_at: float | None

    @property
    def percent(self) -> float | None:
        """The rate of return; None while nobody is asked."""
        return 100 * self.answered / self.asked if self.asked else None


def returned(survey: Matter) -> Return:
    """The rate of return of the survey, as it stands."""
    asked, answered = invitations(survey).count(), answers(survey).count()
    planned = planned_number(survey, "return_percent")
    return Return(asked, answered, planned)


def planned_number(survey: Matter, detail: str) -> float | None:
    """A number that the last plan of the survey says; None where it says none."""
    rows = Fact.objects.filter(organisation_id=survey.organisation_id, case_id=survey.id, event=PLAN, derived=False)
    last = rows.order_by("-number").first()
    value = last.details.get(detail) if last else None
    return float(value) if value not in (None, "") else None


@dataclass(frozen=True, slots=True)
class Line:
    """The figure of a section or question, or of a unit's part of it."""

    key: str
    name: Words
    figure: reckoning.Figure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the valid answers say: as wholes, by section, by question, by unit and section, what displeases, what matters, in words."""

    valid: int
    invalid: int
    whole: reckoning.Figure
    sections: tuple[Line, ...]
    questions: tuple[Line, ...]
    units: Mapping[str, tuple[reckoning.Figure, tuple[Line, ...]]]
    pareto: tuple[reckoning.Bar, ...]
    quadrant: tuple[reckoning.Point, ...]
    words: tuple[str, ...]
    counts: Mapping[str, int]


def evaluation(survey: Matter, questionnaire: Questionnaire, grades: Sequence[Named]) -> Evaluation:
    """The evaluation of the survey as the answers stand now."""
    every = list(answers(survey))
    valid = [one for one in every if one.valid]
    given = [one.grades for one in valid]
    by_unit: dict[str, list[Mapping[str, int]]] = {}
    for one in valid:
        by_unit.setdefault(one.unit_code, []).append(one.grades)
    groups = {str(one["key"]): [str(each["key"]) for each in one["questions"]] for one in questionnaire.sections}
    whole = reckoning.whole(given)
    return Evaluation(
        valid=len(valid),
        invalid=len(every) - len(valid),
        whole=whole,
        sections=_lines(questionnaire.sections, groups, given),
        questions=tuple(line for one in questionnaire.sections for line in _lines(one["questions"], None, given)),
        units={unit: (reckoning.whole(own), _lines(questionnaire.sections, groups, own)) for unit, own in by_unit.items()},
        pareto=tuple(reckoning.pareto(given, groups)),
        quadrant=tuple(reckoning.quadrant(given, groups)),
        words=tuple(one.words for one in valid if one.words),
        counts={one.key: whole.by_grade.get(one.points, 0) for one in grades},
    )


def _lines(
    named: Iterable[Mapping[str, Any]], groups: Mapping[str, Sequence[str]] | None, given: Sequence[Mapping[str, int]]
) -> tuple[Line, ...]:
    return tuple(
        Line(
            str(one["key"]),
            (str(one["zh"]), str(one["en"])),
            reckoning.of_questions(given, groups[str(one["key"])] if groups else [str(one["key"])]),
        )
        for one in named
    )


@dataclass(frozen=True, slots=True)
class Given:
    """A grade as the evaluation counts it: of which answer, for which question (None: for the answer as a whole)."""

    answer: Answer
    question: Words | None
    points: int


def given(survey: Matter, questionnaire: Questionnaire, *, part: str = "", unit: str = "", points: Collection[int] = ()) -> list[Given]:
    """The grades behind a figure of the evaluation, the latest first: of a section or question by its key, of the whole answers without
    ``part``; of one unit, with these points, where they are named. Empty for a part that the questionnaire does not have."""
    asked = [(str(one["key"]), [(str(each["key"]), (str(each["zh"]), str(each["en"]))) for each in one["questions"]])
             for one in questionnaire.sections]  # fmt: skip
    questions = next(
        (listed for key, listed in asked if key == part), [each for _key, listed in asked for each in listed if each[0] == part]
    )
    found: list[Given] = []
    for one in answers(survey).filter(valid=True, **({"unit_code": unit} if unit else {})).order_by("-at", "-id"):
        if part:
            found += [Given(one, name, one.grades[key]) for key, name in questions if key in one.grades]
        elif (grade := reckoning.whole_grade(one.grades)) is not None:
            found.append(Given(one, None, grade))
    return [one for one in found if not points or one.points in points]
