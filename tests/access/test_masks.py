"""Names and numbers of residents are hidden everywhere, until somebody says why they look, which is kept."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client

from huiyin.desk.cases.models import Case
from huiyin.desk.journal.models import Entry
from huiyin.desk.people.models import ResidentPhone, Unmasking
from tests.access.crawl import begin, pages
from tests.access.world import World, text_of

IN_STORY, IN_WISH, IN_NOTE = "13577770001", "13577770002", "13577770003"
"""Numbers that people wrote into the story, the wish and a note."""


@pytest.fixture
def told(world: World) -> World:
    """The world, with numbers written where nobody asks for them."""
    form = {
        "record": "complaint", "unit": "CY", "contact_name": "诸葛小明", "contact_phone": "13577770000", "place": "3-2-1501",
        "story": f"请打{IN_STORY}找我\n水泵房夜间异响", "wish": f"或打 {IN_WISH[:3]} {IN_WISH[3:7]} {IN_WISH[7:]}", "dispatch": "on",
        "category": "GP:cleaning", "category.GP": "cleaning",
    }  # fmt: skip
    client = world.browser("zhao")
    number = client.post("/register", form)["Location"].rpartition("/")[2]
    client.post(f"/cases/{number}/words", {"mode": "internal", "text": f"家属电话{IN_NOTE}"})
    case = Case.objects.get(organisation_id=world.house.organisation.id, number=number)
    world.drawers["told"] = replace(world.drawers["mine"], case=case, contact="诸葛小明", phone="13577770000")
    return world


def _hidden(told: World) -> list[str]:
    mine, own = told.drawers["mine"], told.drawers["told"]
    residents = ("王小芳", "13812345678", "端木魑菊")
    return [mine.contact, mine.phone, own.contact, own.phone, *residents, IN_STORY, IN_WISH, IN_NOTE, "135 7777 0002"]


@pytest.mark.parametrize("login", ["zhao", "qian", "wu"])
def test_no_page_or_workbook_shows_a_whole_name_or_number(told: World, login: str) -> None:
    shown, masked = [], 0
    for address, text in pages(told.browser(login), begin(told.drawers["told"]), most=25):
        shown += [(address, one) for one in _hidden(told) if one in text and one not in address]
        masked += "135****0000" in text
    assert shown == []
    assert masked >= 2


def test_no_answer_to_a_program_shows_a_whole_name_or_number(told: World) -> None:
    own = told.drawers["told"]
    client = Client(headers={"Authorization": f"Bearer {own.key}"})
    told_all = "".join(text_of(client.get(f"/api/v1/cases{more}")) for more in ("", f"/{own.case.number}", f"/{own.case.number}/clocks"))
    told_all += text_of(client.get("/api/v1/warnings"))
    assert own.case.number in told_all and "135****0000" in told_all
    assert [one for one in _hidden(told) if one in told_all] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("contact_name", "诸葛小明"), ("contact_phone", "13577770000"), ("story", IN_STORY), ("wish", "135 7777 0002"), ("timeline", IN_NOTE)],
)
def test_one_field_is_shown_for_one_reason_which_is_kept_first(told: World, field: str, value: str) -> None:
    address = f"/cases/{told.drawers['told'].case.number}/unmask/{field}"
    client = told.browser("zhao")
    for refused in (client.get(address), client.post(address), client.post(address, {"reason": "curiosity"})):
        assert value not in refused.content.decode()
    assert not Unmasking.objects.exists()
    assert value in client.post(address, {"reason": "contact"}).content.decode()
    kept = Unmasking.objects.get()
    assert (kept.field, kept.staff_id, kept.subject) == (field, told.people["zhao"].pk, f"case:{told.drawers['told'].case.id}")
    assert Entry.objects.filter(organisation_id=kept.organisation_id, action="people.unmask", subject=kept.subject).count() == 1


@pytest.mark.parametrize("login", ["wang", "sun", "guest", "none", ""])
def test_who_may_not_look_leaves_no_trace_and_sees_nothing(told: World, login: str) -> None:
    answer = told.browser(login).post(f"/cases/{told.drawers['told'].case.number}/unmask/contact_phone", {"reason": "contact"})
    assert answer.status_code == (302 if not login else 404) and "13577770000" not in answer.content.decode()
    assert not Unmasking.objects.exists()


def test_a_field_that_is_no_mask_cannot_be_unmasked(told: World) -> None:
    address = f"/cases/{told.drawers['told'].case.number}/unmask/"
    client, names = told.browser("zhao"), ("query_code", "id", "pk")
    assert {client.post(f"{address}{name}", {"reason": "contact"}).status_code for name in names} == {404}


def test_a_masked_number_that_is_sent_back_is_refused_and_what_is_kept_stays(told: World) -> None:
    before = (Case.objects.count(), sorted(ResidentPhone.objects.values_list("e164", flat=True)))
    form = {"record": "complaint", "unit": "CY", "contact_phone": "135****0000", "place": "3-2-1501", "story": "同一件事"}
    page = told.browser("zhao").post("/register", form)
    assert page.status_code == 422 and "隐藏后的号码" in page.content.decode()
    headers = {"Authorization": f"Bearer {told.drawers['told'].key}", "Idempotency-Key": "masked-0001"}
    sent = {"unit": "CY", "record": "complaint", "channel": "call_centre_400", "story": "同一件事", "contact_phone": "135****0000"}
    answer = Client().post("/api/v1/cases", json.dumps(sent), content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "contact_phone")
    assert before == (Case.objects.count(), sorted(ResidentPhone.objects.values_list("e164", flat=True)))
    assert Case.objects.get(pk=told.drawers["told"].case.pk).contact_phone == "+8613577770000"
