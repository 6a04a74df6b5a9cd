"""Cases that may be one matter: beside the registration, on the case's page, on their own page; and classes proposed while registering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from huiyin.desk.cases.actions import Registered
from huiyin.desk.cases.models import Case
from huiyin.desk.classing.actions import learn
from huiyin.faces.console.tests.conftest import House

pytestmark = pytest.mark.django_db
SMOKE = ("翠湖路夜宵摊油烟扰民，每天到凌晨", "翠湖路的夜宵摊油烟直排，影响休息", "夜宵摊在翠湖路排油烟，睡不着")


@pytest.fixture
def smoke(house: House) -> list[Registered]:
    """Three people complain of the same stall, another one of a lift, and a neighbour's project has a stall too."""
    house.register("三栋电梯停运三小时没有人来修", ago=timedelta(days=5))
    house.register(SMOKE[0], unit="LY", contact_name="赵六", ago=timedelta(days=4))
    return [house.register(story, contact_name=f"张{day}", ago=timedelta(days=day)) for day, story in zip((3, 2, 1), SMOKE, strict=True)]


def _page(house: House, login: str, address: str) -> str:
    return house.browser(login).get(address).content.decode()


def _act(house: House, login: str, do: str, cases: list[Registered], others: list[Registered] | None = None, **more: Any) -> Any:
    sent = {"do": do, "case": [one.number for one in cases], "other": [one.number for one in others or []], **more}
    return house.browser(login).post("/topics/act", sent)


def test_proposed_matters_are_listed_confirmed_and_undone(house: House, smoke: list[Registered]) -> None:
    page = _page(house, "zhao", "/topics")
    assert all(one.number in page for one in smoke) and "3 张工单 · 3 名投诉人" in page and "多人反映" in page
    assert _act(house, "zhao", "confirm", smoke, issue="翠湖路夜宵摊").status_code == 302
    assert {house.case(one.number).issue for one in smoke} == {"翠湖路夜宵摊"}
    page = _page(house, "zhao", "/topics")
    assert "已确认" in page and "撤销归类" in page and "确认为同一事项" not in page
    _act(house, "zhao", "undo", smoke[:1])
    assert [house.case(one.number).issue for one in smoke] == ["", "翠湖路夜宵摊", "翠湖路夜宵摊"]


def test_what_is_another_matter_is_remembered_and_can_be_taken_back(house: House, smoke: list[Registered]) -> None:
    _act(house, "zhao", "part", smoke[:1], smoke[1:])
    assert 'id="topic"' not in _page(house, "zhao", f"/cases/{smoke[0].number}")
    page = _page(house, "zhao", "/topics")
    assert "2 张工单" in page and "已确认不是同一事项" in page
    for other in smoke[1:]:
        _act(house, "zhao", "take_back", smoke[:1], [other])
    assert "3 张工单" in _page(house, "zhao", "/topics")


def test_the_case_shows_what_may_be_the_same_matter(house: House, smoke: list[Registered]) -> None:
    page = _page(house, "zhao", f"/cases/{smoke[1].number}")
    assert "可能同一事项" in page and smoke[0].number in page and smoke[2].number in page
    answer = _act(house, "zhao", "confirm", smoke[1:2], smoke[:1], next=f"/cases/{smoke[1].number}")
    assert answer.url == f"/cases/{smoke[1].number}"
    assert house.case(smoke[0].number).issue == house.case(smoke[1].number).issue == SMOKE[0]
    assert "撤销本单归类" in _page(house, "zhao", f"/cases/{smoke[1].number}")
    assert _act(house, "zhao", "undo", smoke[1:2], next="https://elsewhere.example/").url == "/topics"


def test_another_units_cases_look_absent(house: House, smoke: list[Registered]) -> None:
    neighbour = Case.objects.get(unit_code="LY").number
    assert neighbour not in _page(house, "zhao", "/topics") and smoke[0].number not in _page(house, "wang", "/topics")
    assert _page(house, "wang", "/topics?unit=CY") == "" or house.browser("wang").get("/topics?unit=CY").status_code == 404
    answer = house.browser("zhao").post("/topics/act", {"do": "confirm", "case": [smoke[0].number, neighbour], "issue": "夜宵摊"})
    assert answer.status_code == 404 and house.case(smoke[0].number).issue == ""


def test_whoever_may_not_set_issues_sees_and_does_not_decide(house: House, smoke: list[Registered]) -> None:
    assert "确认为同一事项" not in _page(house, "sun", "/topics")
    assert _act(house, "sun", "confirm", smoke, issue="夜宵摊").status_code == 404


def test_the_registration_proposes_the_matter_and_joins_it(house: House, smoke: list[Registered]) -> None:
    said = {"unit": "CY", "story": "翠湖路夜宵摊又在排油烟，受不了"}
    beside = house.browser("li").get("/register/similar", said).content.decode()
    assert 'name="same"' in beside and f'value="{smoke[2].number}"' in beside
    form = {**said, "record": "complaint", "channel": "counter", "same": smoke[2].number}
    answer = house.browser("li").post("/register", form, follow=True)
    assert answer.status_code == 200 and "已归入同一事项" in answer.content.decode()
    made = Case.objects.get(story=said["story"])
    assert made.issue == house.case(smoke[2].number).issue != ""


def test_the_registration_proposes_the_class_of_past_cases_and_a_person_takes_it(house: House) -> None:
    stories = {"cleaning": "{}栋楼道垃圾没有清理，地面很脏", "engineering_repair": "{}栋电梯停运，按钮没有反应"}
    for key, story in stories.items():
        for number in range(1, 25):
            case = house.register(story.format(number), category={"GP": key}, ago=timedelta(days=3))
            Case.objects.filter(id=case.case_id).update(status="closed", closed_at=timezone.now())
    asked = {"unit": "CY", "story": "九栋楼道里的垃圾没有人清理"}
    assert "建议类别" not in house.browser("li").get("/register/similar", asked).content.decode(), "nothing has been learnt yet"
    assert learn(house.organisation.id, timezone.now()) == {"GP": 48}
    beside = house.browser("li").get("/register/similar", asked).content.decode()
    assert "建议类别" in beside and 'value="GP:cleaning"' in beside
    form = {**asked, "record": "complaint", "channel": "counter"}
    house.browser("li").post("/register", {**form, "proposed": "GP:cleaning"})
    assert Case.objects.get(story=asked["story"]).category == {"GP": "cleaning"}


def test_who_ticks_no_case_is_told_to_tick_one(house: House, smoke: list[Registered]) -> None:
    browser = house.browser("qian")
    assert browser.post("/topics/act", {"do": "confirm", "issue": "油烟"}).status_code == 302
    assert "请至少勾选一张工单" in browser.get("/topics").content.decode()
