"""Several regulations on one case: every limit with its regulation, the binding one with its reason, classes and words of each."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.models import Fact as FactRow
from huiyin.desk.people.models import Unmasking
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import regulated

FROM = date(2025, 1, 1)


@pytest.fixture
def several(house: House) -> House:
    """The company has adopted two further regulations beside the group's."""
    for stem in ("community_publication", "customer_relations"):
        adopt(house.units["WY"], stem, "1", FROM, by=CLERK, at=EARLY)
    return house


def _page(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return str(answer.content.decode())


def test_every_limit_names_its_regulation_and_the_binding_one_its_reason(several: House) -> None:
    made = several.register(category={"GP": "engineering_repair", "CR": "property_management"}, channel="phone")
    page = _page(several.browser("zhao"), f"/cases/{made.number}")
    clocks = page[page.index('id="clocks"') : page.index('id="schemes"')]
    rows = clocks.split('<div class="clock ')[1:]
    titles = ("集团客服信息平台物业服务类信息管理办法", "小区客户投诉信息发布要求", "顾客关系督导标准")
    assert all(any(title in row for title in titles) for row in rows)
    assert "这一事项只有本制度定了时限" in clocks
    together = [row for row in rows if "优先于" in row or "让位于" in row]
    reply, behind = (next(row for row in together if f">{clause}</a> · " in row) for clause in ("CP-1.2a", "CR-2.1.3.3a"))
    assert "以此为准" in reply and "优先于" in reply and "同级规定以先到期者为准" in reply
    assert "让位于" in behind and "以此为准" not in behind.split("让位于")[0]


def test_each_regulation_has_its_own_classes_on_the_case(several: House) -> None:
    made = several.register(category={"GP": "engineering_repair", "CR": "property_management"})
    page = _page(several.browser("zhao"), f"/cases/{made.number}")
    schemes = page[page.index('id="schemes"') : page.index("</dl>", page.index('id="schemes"'))]
    assert all(f">{prefix}</a>" in schemes for prefix in ("GP", "CP", "CR"))
    assert "涉及物业管理" in schemes and "一般" in schemes and "未定级" in schemes


def test_attempts_in_vain_are_shown_and_stop_no_limit(several: House) -> None:
    made = several.register(ago=timedelta(hours=2))
    several.move(made.case_id, "accept", "zhao", timedelta(hours=1, minutes=55))
    several.move(made.case_id, "attempt", "zhao", timedelta(hours=1), reason="关机")
    page = _page(several.browser("zhao"), f"/cases/{made.number}")
    told = page[page.index('id="attempts"') :][:600]
    assert "尝试联系业主 1 次未果" in told and "时限照计" in told


def test_a_case_under_one_regulation_has_none_of_this(house: House) -> None:
    page = _page(house.browser("zhao"), f"/cases/{house.register().number}")
    assert 'id="schemes"' not in page and "只有本制度定了时限" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stem", "customer", "unit"),
    [("university_logistics", "师生", "中心"), ("resident_complaints", "住户", "管理处"), ("office_feedback", "客户", "管理处")],
)
def test_pages_say_the_words_of_the_units_regulation(stem: str, customer: str, unit: str) -> None:
    place = regulated(stem)
    made, browser = place.case(), place.browser()
    page = _page(browser, f"/cases/{made.number}")
    assert "业主" not in page and f"<h2>{customer}</h2>" in page
    assert f">{unit}</label>" in _page(browser, "/cases")


VIEWING = "/cases/{}/unmask/contact_phone"


def test_a_view_without_the_consent_of_a_clause_is_refused_and_leaves_nothing(several: House) -> None:
    made = several.register(contact_name="王小芳", contact_phone="13812345678")
    browser, address = several.browser("zhao"), VIEWING.format(made.number)
    answer = browser.post(address, {"reason": "contact"}).content.decode()
    assert "CR-2.3.0.1b" in answer and "13812345678" not in answer
    assert "用途 联系业主办理本单" in answer
    assert not Unmasking.objects.exists() and not FactRow.objects.filter(event="customer_data_viewed").exists()


def test_with_the_consent_the_view_is_a_fact_and_stands_in_the_log(several: House) -> None:
    made = several.register(contact_name="王小芳", contact_phone="13812345678")
    now = timezone.now()
    consent = {"clause": "CR-2.3.0.1b", "approver": "department_head", "to": ["unit_liaison"], "standing": True}
    consent |= {"purpose": "联系业主办理本单"}
    store(several.organisation.id, [Fact("approval_given", now, unit="CY", by="department_head", details=consent)], by=None, at=now)
    answer = several.browser("zhao").post(VIEWING.format(made.number), {"reason": "contact"}).content.decode()
    assert "13812345678" in answer
    fact = FactRow.objects.filter(event="customer_data_viewed").earliest("number")
    assert (fact.unit_code, fact.by_role, fact.details["purpose"]) == ("CY", "unit_liaison", "联系业主办理本单")
    assert Unmasking.objects.get().reason == "联系业主办理本单"


@pytest.mark.django_db
def test_an_anonymous_complaint_is_taken_in_without_a_name_and_is_marked_so() -> None:
    place = regulated("apartment_complaints")
    channel = next(str(one["key"]) for one in place.regulation.source["channels"] if one.get("use", "intake") == "intake")
    sent = {"unit": "P1", "record": "complaint", "story": "楼上深夜装修", "channel": channel, "more-anonymous": "true"}
    answer = place.browser().post("/register", sent)
    assert answer.status_code == 302, re.findall(r"(?s)field-error.{0,300}", answer.content.decode())
    made = Case.objects.get()
    assert (made.contact_name, made.resident_id) == ("", None) and "anonymous" in made.marks


def _shown(page: str) -> tuple[str, str]:
    """What the registration shows at once, and what stands behind “more”."""
    form = page[page.index('id="intake"') : page.index('class="form-actions"')]
    head, _more, rest = form.partition("data-more")
    more, _end, tail = rest.partition("</details>")
    return head + tail, more


def _fields(part: str) -> set[str]:
    plain = {name for name in re.findall(r'<(?:input|select|textarea)[^>]*? name="([^"]+)"', part)}
    return plain - {"csrfmiddlewaretoken", "urgent", "confidential", "dispatch", "files", "camera"}


@pytest.mark.parametrize("login", ["li", "zheng"])
def test_where_regulations_meet_six_fields_stand_and_the_rest_is_one_step_away(several: House, login: str) -> None:
    page = several.browser(login).get("/register").content.decode()
    head, more = _shown(page)
    hidden_unit = 'type="hidden" name="unit"' in head
    shown = _fields(head) - ({"unit"} if hidden_unit else set())
    assert len(shown) <= 6 and {"contact_phone", "place", "record", "story"} <= shown, shown
    assert {"wish", "channel"} <= _fields(more) and not _fields(head) & _fields(more)
    # What the group's rules demand of a complaint that goes out stands in front, so nothing has to open.
    assert "category.GP" in shown and " open>" not in page[page.index("data-more") :].partition("<summary")[0]


def test_what_a_rule_demands_opens_the_rest(several: House) -> None:
    page = (
        several.browser("li")
        .post("/register", {"unit": "CY", "record": "complaint", "story": "漏水", "channel.CP": "nothing"})
        .content.decode()
    )
    assert " open>" in page[page.index("data-more") :].partition("<summary")[0]


def test_what_the_reckoning_found_says_under_which_regulation(several: House) -> None:
    made = several.register(category={"GP": "engineering_repair"}, channel="phone", details={"service_error": True, "claim_yuan": 1200})
    page = _page(several.browser("zhao"), f"/cases/{made.number}")
    timeline = page[page.index('id="timeline"') :]
    assert timeline.count("认定为重大投诉 · CP") == timeline.count("认定为重大投诉 · CR") == 1, "what is found is told once"
