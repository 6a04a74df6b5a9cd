"""查进度: number and query code show the person what became of their case, and nothing that is kept inside the house."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.actions import Registered, Registration, move, register
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal.actions import By
from huiyin.desk.messaging.models import Message
from huiyin.desk.messaging.queries import worded
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.tracking.access import WRONG_CODES
from huiyin.desk.tracking.queries import may_rate, may_withdraw

pytestmark = pytest.mark.django_db
EARLY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CLERK = By("admin")


class Given:
    """A project under the group's measures and a complaint about its lift, half an hour old, by somebody who has number and code."""

    def __init__(self) -> None:
        organisation = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=EARLY)
        company = places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=CLERK, at=EARLY)
        self.unit: Unit = places.add_unit(
            organisation.id, "CY", "project", "翠园一期", by=CLERK, at=EARLY, parent=company.id, name_en="Cuiyuan I"
        )
        adopt(company, "group_platform", "1", date(2020, 1, 1), by=CLERK, at=EARLY)
        self.staff = people.add_staff(organisation.id, "zhao", "赵对接", by=CLERK, at=EARLY)
        self.at = timezone.now() - timedelta(minutes=30)
        form = Registration(
            "complaint", "CY", story="电梯停运，里面关着人", by_role="group_cc_agent", channel="call_centre_400",
            severity={"GP": "general"}, contact_name="王芳", contact_phone="13800138000", place="3-2-1501",
        )  # fmt: skip
        self.made: Registered = register(organisation.id, form, by=None, at=self.at, dispatch_to="CY", dispatched_by="group_cc_agent")
        self.organisation = organisation

    def move(self, key: str, role: str = "unit_liaison", minutes: int = 5, **details: Any) -> None:
        """The unit does something, some minutes after the receipt."""
        at = self.at + timedelta(minutes=minutes)
        move(self.organisation.id, self.made.case_id, key, details, by=self.staff.pk, post_role=role, unit="CY", at=at)

    def browser(self, language: str = "zh-hans") -> Client:
        """The person's phone, already let in."""
        client = Client(headers={"Accept-Language": language})
        assert client.post(reverse("track"), {"number": self.made.number, "code": self.made.query_code}).status_code == 302
        return client


@pytest.fixture
def given() -> Given:
    return Given()


def test_the_person_sees_what_was_done_and_what_comes_next(given: Given) -> None:
    given.move("accept")
    before = given.browser().get(reverse("tracked")).content.decode()
    assert "下一步：" in before and "前与您联系" in before
    given.move("contact", minutes=10, text="业主说要投诉到底，态度激动")
    given.move("note", minutes=11, text="此人多次投诉，谨慎应对")
    given.move("public_reply", minutes=12, text="维保单位今天 17:00 前到场，换好钢丝绳后试运行。")
    page = given.browser().get(reverse("tracked")).content.decode()
    assert given.made.number in page and "处理中" in page and "翠园一期" in page
    assert "已交翠园一期办理" in page and "承办人员已接单" in page and "已与您联系" in page
    assert "换好钢丝绳后试运行" in page
    assert "前与您联系" not in page
    for inside in ("态度激动", "谨慎应对", "赵对接", "王芳", "13800138000", "138****8000", "1501", "GP-"):
        assert inside not in page


def test_a_wrong_code_and_an_unknown_number_look_alike_and_are_counted(given: Given) -> None:
    wrong = f"{(int(given.made.query_code) + 1) % 1_000_000:06d}"
    client = Client()
    first = client.post(reverse("track"), {"number": given.made.number, "code": wrong})
    other = client.post(reverse("track"), {"number": "TS9901010001", "code": wrong})
    assert first.status_code == other.status_code == 404
    plain = first.content.decode().replace(given.made.number, "TS9901010001")
    assert _without_token(plain) == _without_token(other.content.decode())
    for _ in range(WRONG_CODES - 1):
        client.post(reverse("track"), {"number": given.made.number, "code": wrong})
    locked = client.post(reverse("track"), {"number": given.made.number, "code": given.made.query_code})
    assert locked.status_code == 429 and "明天再查" in locked.content.decode()


def _without_token(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrf" not in line]


def test_one_address_cannot_try_many_numbers(given: Given) -> None:
    client = Client()
    tries = [client.post(reverse("track"), {"number": f"TS26010100{n:02d}", "code": "000000"}).status_code for n in range(61)]
    assert set(tries[:60]) == {404} and tries[60] == 429


def test_number_and_code_are_taken_as_people_type_them(given: Given) -> None:
    full_width = "".join(chr(ord(one) + 0xFEE0) for one in given.made.query_code)
    said = {"number": f" {given.made.number.lower()} ", "code": f"{full_width} "}
    assert Client().post(reverse("track"), said).status_code == 302
    assert Client().post(reverse("track"), {"number": given.made.number, "code": "１２３４５６七"}).status_code == 404


def test_urging_is_kept_on_the_case_and_shown_to_staff(given: Given) -> None:
    browser = given.browser()
    answer = browser.post(reverse("tracked"), {"words": "晚上十点还在响"}, follow=True)
    assert "已转告承办人员" in answer.content.decode() and "晚上十点还在响" in answer.content.decode()
    fact = Fact.objects.get(event="case_urged")
    assert (fact.details, fact.by_person, fact.by_role) == ({"text": "晚上十点还在响"}, None, "owner")
    assert Case.objects.get(id=given.made.case_id).urged_count == 1
    again = browser.post(reverse("tracked"), {"words": "还有", "x": "1"})
    assert again.status_code == 429 and "四小时内已经催过" in again.content.decode()
    assert Fact.objects.filter(event="case_urged").count() == 1


def test_a_hold_tells_its_reason_and_until_when(given: Given) -> None:
    given.move("accept")
    given.move("hold", minutes=10, reason="等配件到货", new_date=given.at + timedelta(days=2))
    page = given.browser().get(reverse("tracked")).content.decode()
    assert "暂停办理" in page and "等配件到货" in page and "至 " in page and "处理中" in page


def test_what_ended_can_be_read_but_not_urged(given: Given) -> None:
    browser = given.browser()
    at = given.at + timedelta(minutes=20)
    said = {"reason": "电话里说不用了"}
    move(given.organisation.id, given.made.case_id, "withdraw", said, by=None, post_role="group_cc_agent", unit="WY", at=at)
    page = browser.get(reverse("tracked")).content.decode()
    assert "已按您的意思撤销" in page and "催一下" not in page and "下一步" not in page and "电话里说" not in page
    assert browser.post(reverse("tracked"), {"words": "x"}).status_code == 409


def test_without_number_and_code_there_is_nothing(given: Given) -> None:
    stranger = Client()
    assert stranger.get(reverse("tracked")).headers["Location"] == reverse("track")
    stranger.cookies["huiyin_tracked"] = f"{given.organisation.id}:{given.made.case_id}:forged"
    assert stranger.get(reverse("tracked")).headers["Location"] == reverse("track")
    browser = given.browser()
    browser.post(reverse("track-leave"))
    assert browser.get(reverse("tracked")).headers["Location"] == reverse("track")


def test_the_page_is_complete_in_english(given: Given) -> None:
    given.move("accept")
    page = given.browser("en").get(reverse("tracked")).content.decode()
    assert "In progress" in page and "Handed to Cuiyuan I" in page
    assert not [char for char in page.split("<body", 1)[1].replace("中文", "") if "\u4e00" <= char <= "\u9fff"]


def test_words_that_cannot_be_kept_are_refused_in_the_language_of_the_page(given: Given) -> None:
    for language, why in (("zh-hans", "含有无法保存的字符 U+0007"), ("en", "found the character U+0007, which cannot be kept")):
        answer = given.browser(language).post(reverse("tracked"), {"words": "还在响\x07"})
        assert answer.status_code == 422 and why in answer.content.decode()
    assert not Fact.objects.filter(event="case_urged").exists()


def test_a_destroyed_case_is_gone(given: Given) -> None:
    browser = given.browser()
    Case.objects.filter(id=given.made.case_id).update(destroyed_at=timezone.now())
    assert browser.get(reverse("tracked")).headers["Location"] == reverse("track")
    told = {"number": given.made.number, "code": given.made.query_code}
    assert Client().post(reverse("track"), told).status_code == 404


def _done(given: Given) -> None:
    given.move("accept")
    given.move("handle", minutes=20, text="已换钢丝绳")


def _told(given: Given, topic: str) -> list[tuple[Any, str]]:
    found = Message.objects.filter(topic=topic, case_id=given.made.case_id).order_by("created_at")
    return [(one.to_staff, " · ".join(worded(one, "zh-hans"))) for one in found]


def test_who_has_the_case_in_hand_hears_that_it_is_urged(given: Given) -> None:
    people.give_post(given.staff, given.unit, "unit_liaison", date(2026, 1, 1), by=CLERK, at=EARLY)
    given.browser().post(reverse("tracked"), {"words": "晚上十点还在响"})
    assert [(who, "晚上十点还在响" in said) for who, said in _told(given, "case.urged")] == [(given.staff.pk, True)]


def test_solved_is_kept_with_its_grade_and_leaves_the_visit_to_the_staff(given: Given) -> None:
    _done(given)
    browser = given.browser()
    assert "问题解决了吗" in browser.get(reverse("tracked")).content.decode()
    page = browser.post(
        reverse("tracked"), {"rate": "solved", "rating": "very_satisfied", "words": "师傅很快"}, follow=True
    ).content.decode()
    assert "谢谢您的评价" in page and "您说已经解决，评价：很满意" in page and "师傅很快" in page and "问题解决了吗" not in page
    fact = Fact.objects.get(event="case_rated")
    assert fact.details == {"result": "solved", "rating": "very_satisfied", "text": "师傅很快"} and fact.by_role == "owner"
    assert Case.objects.get(id=given.made.case_id).status == "pending_return_visit"
    (told,) = _told(given, "case.rated_solved")
    assert told[0] == given.staff.pk and "很满意" in told[1]
    assert browser.post(reverse("tracked"), {"rate": "not_solved"}).status_code == 409
    assert Fact.objects.filter(event="case_rated").count() == 1


def test_not_solved_takes_the_case_back_to_work_until_it_is_done_again(given: Given) -> None:
    _done(given)
    browser = given.browser()
    page = browser.post(reverse("tracked"), {"rate": "not_solved", "words": "又停了"}, follow=True).content.decode()
    assert "处理中" in page and "您说没有解决" in page and "问题解决了吗" not in page
    case = Case.objects.get(id=given.made.case_id)
    assert (case.status, case.reopened_count) == ("in_progress", 1)
    assert ["又停了" in said for _who, said in _told(given, "case.rated_not_solved")] == [True]
    given.move("handle", minutes=29, text="再次更换")
    assert "问题解决了吗" in browser.get(reverse("tracked")).content.decode()


@pytest.mark.parametrize(
    "sent", [{"rate": "maybe"}, {"rate": ""}, {"rate": "solved", "rating": "grand"}, {"rate": "solved", "words": "x" * 1001}]
)
def test_what_is_not_offered_is_no_rating(given: Given, sent: dict[str, str]) -> None:
    _done(given)
    assert given.browser().post(reverse("tracked"), sent).status_code == 422
    assert not Fact.objects.filter(event="case_rated").exists()


def test_a_closed_case_is_rated_for_thirty_days_and_stays_closed(given: Given) -> None:
    _done(given)
    given.move("return_visit", minutes=25, result="satisfied")
    browser = given.browser()
    assert "您对这次办理满意吗" in browser.get(reverse("tracked")).content.decode()
    assert browser.post(reverse("tracked"), {"rate": "not_solved"}).status_code == 422
    assert browser.post(reverse("tracked"), {"rate": "", "rating": "fair"}).status_code == 302
    assert Case.objects.get(id=given.made.case_id).status == "closed"
    case = Case.objects.get(id=given.made.case_id)
    Fact.objects.filter(event="case_rated").delete()
    assert may_rate(case, given.at + timedelta(days=29)) and not may_rate(case, given.at + timedelta(days=31))


def test_the_person_takes_the_case_back_and_no_call_for_help(given: Given) -> None:
    browser = given.browser()
    page = browser.post(reverse("tracked"), {"withdraw": "1", "words": "自己好了"}, follow=True).content.decode()
    assert "已撤销。如问题仍在" in page and "已按您的意思撤销" in page and "催一下" not in page and "确认撤销" not in page
    case = Case.objects.get(id=given.made.case_id)
    assert (case.status, case.void_reason) == ("void", "withdrawn")
    assert browser.post(reverse("tracked"), {"withdraw": "1"}).status_code == 409
    case.status, case.record = "in_progress", "help_request"
    assert not may_withdraw(case)
