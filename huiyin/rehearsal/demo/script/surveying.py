"""A survey in a script: questionnaire, draw, answers of the homes, result and report, each by the platform's own action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from huiyin.desk.facts.queries import House
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.models import Matter
from huiyin.desk.people.access import Standing
from huiyin.desk.places import queries as places
from huiyin.desk.surveys import actions, queries
from huiyin.rehearsal.demo.life import Life

_BEST: Final = 5
_WORK: Final = timedelta(hours=10)
_ONE_IN: Final = 8
"""One home in so many writes something below the questions."""


@dataclass(slots=True)
class Surveying:
    """A survey while it is held. ``counted`` is what a script may say of it: $homes, $asked, $focus, $answered."""

    life: Life
    organisation_id: UUID
    key: str
    counted: dict[str, str]

    @property
    def survey(self) -> Matter:
        """The survey as it stands."""
        return Matter.objects.get(organisation_id=self.organisation_id, key=self.key)

    def hold(self, what: str, said: Mapping[str, Any], standing: Standing, by: By, at: datetime) -> None:
        """Do a part of it: "questionnaire", "sample", "answers", "result", "report". Raises KeyError for another, BadText as the acts."""
        parts = {"questionnaire": self._questionnaire, "sample": self._sample, "answers": self._answers, "report": self._report}
        if what == "answers":
            actions.open_to_public(self.survey, True, role=standing.roles[0], by=by, at=at)
        if what == "result":
            actions.complete(self.survey, self._declared(at).grades, standing=standing, by=by, at=at)
        else:
            parts[what](said, by, at)

    def _declared(self, at: datetime) -> queries.Declared:
        adopted = House.of(self.organisation_id).adopted(self.survey.unit_code, at)
        return queries.declared([one.regulation for one in adopted])

    def _questionnaire(self, said: Mapping[str, Any], by: By, at: datetime) -> None:
        actions.begin_questionnaire(self.survey, self._declared(at).subjects, by=by, at=at)

    def _sample(self, said: Mapping[str, Any], by: By, at: datetime) -> None:
        survey = self.survey
        units = [one.code for one in places.units(self.organisation_id).below(survey.unit_code)]
        found = actions.draw_sample(survey, units, float(said["percent"]), int(said["focus_from"]), str(said["seed"]), by=by, at=at)
        self.counted |= dict(zip(("$homes", "$asked", "$focus"), map(str, found), strict=True))

    def _answers(self, said: Mapping[str, Any], by: By, at: datetime) -> None:
        """So many of a hundred homes answer over the following days, by link or on paper; ``grades`` weighs five points to one."""
        random, survey = self.life.random, self.survey
        questionnaire = queries.questionnaire_of(survey)
        keys = [str(one["key"]) for part in (questionnaire.sections if questionnaire else ()) for one in part["questions"]]
        weights, words = [int(one) for one in said["grades"]], list(said["words"])
        codes = sorted(queries.invitations(survey).values_list("code", flat=True))
        answering = sorted(random.sample(codes, round(len(codes) * int(said["share"]) / 100)))
        for code in answering:
            grades = _grades(random, keys, weights)
            told = random.choice(words) if random.randrange(_ONE_IN) == 0 else ""
            day = at + timedelta(days=random.randrange(int(said["days"])))
            moment = day.replace(hour=9) + _WORK * random.random()
            self.life.plan(max(moment, at), _answer(survey, code, grades, told, by, on_paper=random.random() < 0.4))
        self.counted["$answered"] = str(len(answering))

    def _report(self, said: Mapping[str, Any], by: By, at: datetime) -> None:
        parts = {name: str(text) for name, text in said.items() if name != "causes"}
        actions.write_report(self.survey, parts, str(said.get("causes", "")), by=by, at=at)


def _grades(random: Random, keys: list[str], weights: list[int]) -> dict[str, int]:
    """A home's grades lie around its own mood; the last questions fare a little worse."""
    mood = random.choices(range(_BEST, 0, -1), weights)[0]
    drawn = {
        key: mood + random.choice((-1, 0, 0, 0, 1)) - (random.randrange(3) == 0) * (number >= len(keys) - 2)
        for number, key in enumerate(keys)
    }
    return {key: min(_BEST, max(1, grade)) for key, grade in drawn.items()}


def _answer(survey: Matter, code: str, grades: Mapping[str, int], told: str, by: By, *, on_paper: bool) -> Any:
    if on_paper:
        return lambda at: actions.enter_answer(survey, survey.unit_code, grades, told, by=by, at=at, code=code)
    return lambda at: actions.answer_by_code(code, grades, told, at=at)
