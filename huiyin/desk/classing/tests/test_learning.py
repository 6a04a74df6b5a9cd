"""Classes learnt from closed cases: what is proposed, what is not, and that corrections count."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from huiyin.core.moments import SHANGHAI
from huiyin.desk.cases.actions import Registration, register
from huiyin.desk.cases.models import Case
from huiyin.desk.classing import queries
from huiyin.desk.classing.jobs import learn_due
from huiyin.desk.classing.learning import learn, load
from huiyin.desk.classing.models import Learnt
from huiyin.desk.places.models import Unit

DIRTY = [f"{number}栋楼道垃圾没有清理，地面很脏" for number in range(30)]
BROKEN = [f"{number}栋电梯停运，按钮没有反应" for number in range(30)]


def test_what_was_learnt_is_kept_as_bytes_and_tells_how_certain_it_is() -> None:
    made = learn([*DIRTY, *BROKEN], ["cleaning"] * 30 + ["repair"] * 30)
    again = load(made.dump())
    guess = again.guess("五栋楼道里垃圾没有清理")
    assert (guess.key, again.learnt_from) == ("cleaning", 60) and guess.certainty > 0.8
    assert again.guess("完全无关的一句话").certainty < guess.certainty
    with pytest.raises(ValueError, match="no classer was kept in"):
        load(b"something else")


def test_one_class_is_nothing_to_learn_from() -> None:
    with pytest.raises(ValueError, match="found 1 classes"):
        learn([*DIRTY, "电梯"], ["cleaning"] * 30 + ["repair"])


@pytest.mark.django_db
def test_learning_waits_for_enough_cases_and_learns_corrections(adopted: UUID, project: Unit) -> None:
    at = datetime(2026, 4, 1, 9, 0, tzinfo=SHANGHAI)
    assert learn_due(at) == 0 and queries.propose(adopted, ["GP"], DIRTY[0]) == []
    for key, stories in (("cleaning", DIRTY), ("engineering_repair", BROKEN)):
        for story in stories:
            form = Registration("complaint", project.code, story=story, category={"GP": key}, by_role="group_cc_agent")
            register(adopted, form, by=None, at=at)
    Case.objects.update(status="closed", closed_at=at)
    assert learn_due(at) == 1 and learn_due(at + timedelta(days=2)) == 0
    (proposal,) = queries.propose(adopted, ["GP", "CP"], "五栋楼道里垃圾没有清理")
    assert (proposal.prefix, proposal.key, proposal.cases) == ("GP", "cleaning", 60)
    assert queries.propose(adopted, ["GP"], "五栋楼道里垃圾没有清理", least=1.01) == []
    # Somebody corrects the class of all of them, and another one is closed: that is learnt the next day.
    Case.objects.filter(category={"GP": "cleaning"}).update(category={"GP": "greening"}, closed_at=at + timedelta(hours=1))
    assert learn_due(at + timedelta(hours=2)) == 0
    assert learn_due(at + timedelta(days=2)) == 1
    assert queries.propose(adopted, ["GP"], "五栋楼道里垃圾没有清理")[0].key == "greening"
    assert Learnt.objects.count() == 1
