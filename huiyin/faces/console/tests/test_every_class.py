"""Every channel by which a regulation takes cases in, and every class that it gives to cases, can be chosen at the registration."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import SITE, regulated
from huiyin.rulebook.load import regulation, stems

pytestmark = pytest.mark.django_db


def _form(house: Any) -> Any:
    return house.browser().get(reverse("console:register"), {"unit": SITE}).context["form"]


@pytest.mark.parametrize("stem", stems())
def test_every_channel_of_a_regulation_is_offered_at_registration(stem: str) -> None:
    house = regulated(stem)
    wanted = {str(one["key"]) for one in house.regulation.source.get("channels", ()) if one.get("use", "intake") == "intake"}
    assert wanted <= set(dict(_form(house).fields["channel"].choices))


@pytest.mark.parametrize("stem", stems())
def test_every_category_of_a_regulation_is_offered_at_registration(stem: str) -> None:
    house = regulated(stem)
    found = house.regulation
    listed = found.source["classes"].get("category", ())
    field = _form(house).fields.get("category")
    offered = {value for value, _label in field.choices} if field else set()
    assert offered == {f"{found.prefix}:{one['key']}" for one in listed if one.get("of", "case") == "case"}


def _adopt_publication(house: House) -> None:
    version = str(regulation("community_publication").source["version"])
    adopt(house.units["CY"], "community_publication", version, EARLY.date(), by=CLERK, at=EARLY)


def test_several_regulations_each_class_a_case_in_their_own_way(house: House) -> None:
    """A unit under two regulations: a select for each, and the case carries what was chosen under both."""
    _adopt_publication(house)
    browser = house.browser("li")
    form: Any = browser.get(reverse("console:register")).context["form"]
    assert {"category.GP", "category.CP", "channel.GP", "channel.CP"} <= set(form.fields)
    sent = {
        "unit": "CY", "record": "complaint", "story": "噪音", "channel": "counter",
        "category.GP": "public_order", "category.CP": "common_issue", "channel.CP": "phone",
    }  # fmt: skip
    assert browser.post(reverse("console:register"), sent).status_code == 302
    made = Case.objects.get(story="噪音")
    assert (made.category, made.channel) == ({"GP": "public_order", "CP": "common_issue"}, "counter")


def test_what_a_regulation_asks_besides_is_asked_and_kept(house: House) -> None:
    """The amount claimed makes the complaint major under the regulation that asks for it."""
    _adopt_publication(house)
    browser = house.browser("li")
    sent = {
        "unit": "CY", "record": "complaint", "story": "车被刮", "channel": "counter",
        "more-claim_yuan": "1000", "more-service_error": "true",
    }  # fmt: skip
    assert browser.post(reverse("console:register"), sent).status_code == 302
    assert "major" in Case.objects.get(story="车被刮").marks


def test_a_kind_of_record_beyond_complaints_begins_with_its_own_act() -> None:
    house = regulated("resident_help")
    sent = {"unit": SITE, "record": "inquiry", "event": "written_inquiry_received", "story": "物业费怎么算", "channel": "written_inquiry"}
    assert house.browser().post(reverse("console:register"), sent).status_code == 302
    made = Case.objects.get(story="物业费怎么算")
    assert (made.record, made.number[:2]) == ("inquiry", "ZX")


def test_a_survey_class_is_none_for_cases() -> None:
    form = _form(regulated("satisfaction_survey"))
    assert "category" not in form.fields
