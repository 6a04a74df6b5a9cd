"""The survey of the demonstration is really held: drawn, answered by homes, reckoned from the answers, reported."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.facts.models import Fact
from huiyin.desk.matters.models import Matter
from huiyin.desk.messaging.models import Message
from huiyin.desk.surveys import queries
from huiyin.rehearsal import demo
from huiyin.rehearsal.demo.organisation import MAIN, sheet
from huiyin.rulebook.load import regulation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 15, 20, tzinfo=SHANGHAI)
DAYS = 67


def test_what_the_survey_says_is_what_homes_answered() -> None:
    told = sheet(MAIN)
    tales = [one for one in told["tales"] if one.get("about") == "survey" and one["units"] == ["DC"]]
    # The survey is held under the one regulation, the measures after it are the other's.
    only = [one for one in told["adoptions"] if one["regulation"] in ("satisfaction_survey", "customer_relations")]
    alone = {**told, "code": "OTHER", "adoptions": only, "tales": tales, "chores": [], "entries": []}
    life = demo.live(alone, NOW, lambda _: None, DAYS)
    assert [one for one in life.refused if "correct the script" in one] == []
    survey = Matter.objects.get(about="survey")
    returned, found = queries.returned(survey), queries.questionnaire_of(survey)
    assert found is not None and found.report.keys() >= {"introduction", "conclusion"}
    assert 0 < returned.answered < returned.asked
    reckoned = queries.evaluation(survey, found, queries.declared([regulation("satisfaction_survey")]).grades)
    assert reckoned.valid == returned.answered and reckoned.words
    acts = {fact.event: fact.details for fact in Fact.objects.filter(case_id=survey.id, derived=False)}
    assert acts["sample_drawn"]["sample"] == returned.asked
    assert acts["opinion_survey_completed"]["count"] == returned.answered
    assert acts["measure_done"]["text"] == "晚班增设停车引导岗" and "survey_closed" in acts
    assert not Message.objects.filter(channel="inapp", read_at=None, created_at__lt=NOW - timedelta(days=2)).exclude(to_staff=None).exists()
