import re
from datetime import date, timedelta

import pytest

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.faces.console.cases.intake import TAKEN_AT, usual_channel
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.rulebook.load import regulation, stems


def test_six_fields_make_a_case_with_number_code_and_promise(house: House) -> None:
    sent = {
        "contact_phone": "138 1234 5678",
        "place": "3栋2单元1501室",
        "unit": "CY",
        "record": "complaint",
        "category": "GP:engineering_repair",
        "story": "电梯困人后停运",
        "channel": "call_centre_400",
        "dispatch": "on",
    }
    page = house.browser("li").post("/register", sent, follow=True).content.decode()
    made = Case.objects.get()
    assert (made.household_code, made.category, made.status, made.contact_phone) == (
        "3-2-1501", {"GP": "engineering_repair"}, "pending_acceptance", "+8613812345678",
    )  # fmt: skip
    assert made.number in page and made.query_code in page
    assert "接单启动流程" in page and "GP-10.1.3.1" in page


def test_the_words_alone_are_enough(house: House) -> None:
    assert house.browser("li").post("/register", {"unit": "CY", "record": "complaint", "story": "楼道灯不亮"}).status_code == 302
    assert Case.objects.get().status == "pending_dispatch"


def test_without_words_the_form_says_what_to_write_and_keeps_the_rest(house: House) -> None:
    page = house.browser("li").post("/register", {"unit": "CY", "record": "repair", "place": "3-2-1501", "story": ""}).content.decode()
    assert "请填写内容：发生了什么" in page and 'value="3-2-1501"' in page
    assert not Case.objects.exists()


def test_a_number_that_is_none_is_not_taken(house: House) -> None:
    page = house.browser("li").post("/register", {"unit": "CY", "record": "repair", "contact_phone": "12ab", "story": "漏水"})
    text = page.content.decode()
    assert 'id="i-contact_phone_error"' in text and 'value="12ab"' in text


def test_the_telephone_finds_the_household_and_its_open_case(house: House) -> None:
    made = house.register("电梯停运", household_code="3-2-1501", household_id=house.home.pk)
    part = house.browser("li").get("/register/household?unit=CY&contact_phone=13812345678").content.decode()
    assert "3栋2单元1501室" in part and "王*芳" in part and made.number in part
    assert "13812345678" not in part


def test_the_same_matter_is_found_while_typing_and_urged_with_one_click(house: House) -> None:
    made = house.register("电梯停运三小时没人修")
    clerk = house.browser("li")
    part = clerk.get("/register/similar?unit=CY&story=电梯停运三小时了").content.decode()
    assert made.number in part and "催办这一单" in part
    clerk.post("/register", {"unit": "CY", "record": "complaint", "story": "还没修好", "urge": made.number})
    assert house.case(made.number).urged_count == 1
    assert Case.objects.count() == 1


def test_a_second_caller_is_registered_and_joined_at_once(house: House) -> None:
    made = house.register("电梯停运")
    house.browser("li").post("/register", {"unit": "CY", "record": "complaint", "story": "电梯又停了", "join": made.number})
    second = Case.objects.exclude(number=made.number).get()
    assert (second.status, second.void_reason, second.joined_to) == ("void", "duplicate", made.case_id)


def test_nothing_is_registered_for_a_project_out_of_reach(house: House) -> None:
    page = house.browser("li").post("/register", {"unit": "LY", "record": "complaint", "story": "漏水"}).content.decode()
    assert not Case.objects.exists() and "有几处需要改" in page


def test_cases_of_strangers_are_not_offered(house: House) -> None:
    made = house.register("电梯停运三小时没人修", unit="LY", ago=timedelta(minutes=5))
    part = house.browser("li").get("/register/similar?unit=LY&story=电梯停运三小时没人修").content.decode()
    assert made.number not in part


def _preset(house: House, login: str) -> str:
    page = house.browser(login).get("/register").content.decode()
    found = re.search(r'<select name="channel".*?<option value="(\w+)" selected', page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("stem", "counter"), [("resident_complaints", "in_person"), ("community_publication", "face_to_face")])
def test_the_channel_is_preset_by_the_post_whatever_is_in_force(house: House, stem: str, counter: str) -> None:
    """A visit at the counter is no case of the call centre, with its ten minutes, because nobody changed the preset."""
    adopt(house.units["FG"], stem, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    assert (_preset(house, "li"), _preset(house, "zheng")) == (counter, "call_centre_400")


def test_where_no_regulation_has_a_word_for_it_the_office_has_its_own(house: House) -> None:
    assert (_preset(house, "li"), _preset(house, "zhao")) == ("counter", "counter")
    assert usual_channel([], "group_cc_agent") == "phone"


def test_every_place_that_a_regulation_names_is_known() -> None:
    named = [one for stem in stems() for one in regulation(stem).source.get("channels", ()) if "taken_at" in one]
    assert named and all(one["taken_at"] in TAKEN_AT and one.get("use", "intake") == "intake" for one in named)


def test_what_goes_out_at_once_needs_the_class_that_decides_on_its_limits(house: House) -> None:
    browser, said = house.browser("li"), {"unit": "CY", "record": "complaint", "story": "楼道灯不亮"}
    without = browser.post("/register", {**said, "dispatch": "on"})
    assert without.status_code == 422 and "按类别计时" in without.content.decode() and not Case.objects.exists()
    assert browser.post("/register", {**said, "dispatch": "on", "proposed": ["GP:engineering_repair"]}).status_code == 302
    assert browser.post("/register", said).status_code == 302
    number = Case.objects.get(category={}).number
    page = house.browser("zheng").get(f"/cases/{number}").content.decode()
    assert 'id="unclassed"' in page and "处理时限还没有起算" in page
