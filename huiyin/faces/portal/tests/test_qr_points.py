"""The page of a point: a stranger's words become a case, with a receipt; what cannot be taken keeps what was typed."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.actions import By
from huiyin.desk.places import actions as places
from huiyin.desk.qr_points import actions
from huiyin.desk.qr_points.models import QrPoint
from huiyin.faces.portal.qr_points import MOST_SENT

pytestmark = pytest.mark.django_db
EARLY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
CLERK = By("admin")
SAID = {"record": "complaint", "place": "3栋大堂", "story": "灯不亮三天了"}


@pytest.fixture
def point() -> QrPoint:
    organisation = places.add_organisation("cuiyuan", "翠园集团", by=CLERK, at=EARLY)
    unit = places.add_unit(organisation.id, "CY", "project", "翠园一期", by=CLERK, at=EARLY, name_en="Cuiyuan I")
    adopt(unit, "group_platform", "1", date(2020, 1, 1), by=CLERK, at=EARLY)
    return actions.put_up(unit, "3栋大堂", by=CLERK, at=EARLY)


def page_of(point: QrPoint) -> str:
    return reverse("qr-point", args=[point.code])


def photo() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "#446688").save(made, "JPEG")
    made.seek(0)
    made.name = "灯.jpg"
    return made


def test_the_place_is_filled_in_and_what_is_sent_gets_a_number_and_leads_to_the_progress(point: QrPoint) -> None:
    browser = Client()
    page = browser.get(page_of(point)).content.decode()
    assert "翠园一期" in page and 'value="3栋大堂"' in page
    point.refresh_from_db()
    assert point.scans == 1
    assert browser.post(page_of(point), SAID).headers["Location"] == reverse("qr-receipt")
    case = Case.objects.get()
    receipt = browser.get(reverse("qr-receipt")).content.decode()
    assert case.number in receipt and case.query_code in receipt
    assert case.number in browser.get(reverse("tracked")).content.decode()
    assert Client().get(reverse("qr-receipt")).status_code == 302, "nobody else sees the receipt"


def test_the_same_form_sent_twice_is_one_case(point: QrPoint) -> None:
    sent = {**SAID, "once": "0198c0de-0000-7000-8000-000000000001"}
    assert Client().post(page_of(point), sent).status_code == Client().post(page_of(point), sent).status_code == 302
    assert Case.objects.count() == 1


def test_photos_come_with_it_and_nothing_else(point: QrPoint) -> None:
    assert Client().post(page_of(point), {**SAID, "photos": [photo(), photo()]}).status_code == 302
    assert Attachment.objects.get().kind == "image/jpeg", "the same photo is kept once"
    paper = io.BytesIO(b"%PDF-1.4 1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>")
    paper.name = "a.pdf"
    refused = Client().post(page_of(point), {**SAID, "photos": [paper]})
    assert refused.status_code == 422 and "灯不亮三天了" in refused.content.decode()
    many = Client().post(page_of(point), {**SAID, "photos": [photo() for _ in range(4)]})
    assert many.status_code == 422 and "最多传 3 张" in many.content.decode()
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"story": ""}, "内容为空"), ({"record": ""}, "请选择"), ({"phone": "12"}, "12"), ({"story": "字" * 2001}, "2000")],
)
def test_what_cannot_be_taken_says_why_and_keeps_the_words(point: QrPoint, changed: dict[str, str], told: str) -> None:
    answer = Client().post(page_of(point), {**SAID, **changed})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page
    assert (changed.get("story") or "灯不亮三天了") in page or "story" in changed
    assert not Case.objects.exists()


def test_an_unknown_code_is_not_there_a_closed_one_says_so_and_too_many_wait(point: QrPoint) -> None:
    assert Client().get(reverse("qr-point", args=["NOSUCHCODE"])).status_code == 404
    for _turn in range(MOST_SENT):
        assert Client().post(page_of(point), SAID).status_code == 302
    assert Client().post(page_of(point), SAID).status_code == 429
    actions.set_open(point, False, by=CLERK, at=EARLY)
    closed = Client().get(page_of(point))
    assert closed.status_code == 410 and "已停用" in closed.content.decode()


def test_the_page_is_there_in_english(point: QrPoint) -> None:
    page = Client(headers={"Accept-Language": "en"}).get(page_of(point)).content.decode()
    assert "Cuiyuan I" in page and "Where" in page
