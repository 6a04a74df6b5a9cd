"""The notices to the customers on their pages: from the month's list to the notice board, with what may not stand in it marked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.recurrence import period_of
from huiyin.desk.people import actions as people
from huiyin.desk.publications.models import Line, Notice, Posting
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import SITE, Regulated, regulated

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Regulated:
    return regulated("community_publication")


@pytest.fixture
def second(site: Regulated) -> Client:
    """Somebody else's browser, who may approve."""
    made = people.add_staff(site.organisation.id, "second", "另一人", by=CLERK, at=EARLY)
    people.give_post(made, site.units["CO"], "leader_in_charge", date(2025, 1, 1), by=CLERK, at=EARLY)
    client = Client()
    client.force_login(made)
    return client


def _month() -> str:
    """The month in which the case of ``Regulated.case`` came in."""
    return period_of("month", timezone.now() - timedelta(days=1)).name


def _drafted(site: Regulated) -> Notice:
    site.case(category={"CP": "public_part"}, contact_name="王小芳")
    site.browser().post("/publications/draft", {"unit": SITE, "period": _month()})
    return Notice.objects.get()


def _mended(site: Regulated, notice: Notice, text: str) -> str:
    case = Line.objects.get().case_id
    sent = {"lead": notice.lead, f"text-{case}": text, f"in-{case}": "1", "outlet": ["notice_board"]}
    return site.browser().post(f"/publications/{notice.id}/mend", sent, follow=True).content.decode()


def test_the_notice_goes_from_the_draft_to_the_board(site: Regulated, second: Client) -> None:
    browser = site.browser()
    assert "未起草" in browser.get("/publications").content.decode()
    notice = _drafted(site)
    page = _mended(site, notice, "王小芳反映电梯停运，电话13812345678")
    assert 'data-blocked="2"' in page and "<mark>王小芳</mark>" in page and "<mark>13812345678</mark>" in page
    assert "改掉" in browser.post(f"/publications/{notice.id}/hand-in", follow=True).content.decode()
    assert "data-blocked" not in _mended(site, notice, "电梯停运，已修复")
    browser.post(f"/publications/{notice.id}/hand-in")
    assert browser.post(f"/publications/{notice.id}/approve").status_code == 404
    second.post(f"/publications/{notice.id}/approve")
    page = browser.post(f"/publications/{notice.id}/issue", follow=True).content.decode()
    assert "已发布" in page and "GB" in page
    browser.post(f"/publications/{notice.id}/post", {"place": "北门公布栏"})
    assert Posting.objects.get().place == "北门公布栏"
    assert "北门公布栏" in browser.get(f"/publications/{notice.id}").content.decode()


def test_what_the_regulation_refuses_is_said_with_its_clause(site: Regulated) -> None:
    site.case(category={"CP": "public_part"})
    page = site.browser().post("/publications/nothing", {"unit": SITE, "period": _month()}, follow=True).content.decode()
    assert "CP-1.1c：本月有属于公布范围的投诉或建议" in page


def test_another_organisations_notice_is_not_there(site: Regulated, house: House) -> None:
    notice = _drafted(site)
    stranger = house.browser("wu")
    assert stranger.get(f"/publications/{notice.id}").status_code == 404
    for what in ("mend", "hand-in", "approve", "issue", "withdraw", "nothing-such"):
        assert stranger.post(f"/publications/{notice.id}/{what}").status_code == 404
    assert stranger.post("/publications/draft", {"unit": SITE, "period": _month()}).status_code == 404


def test_handing_in_keeps_what_was_typed_even_where_it_is_kept_back(site: Regulated) -> None:
    notice, case = _drafted(site), Line.objects.get().case_id
    sent = {"lead": "本月办理情况", f"in-{case}": "1", "outlet": ["notice_board"]}
    page = (
        site.browser().post(f"/publications/{notice.id}/hand-in", {**sent, f"text-{case}": "电话13812345678"}, follow=True).content.decode()
    )
    notice.refresh_from_db()
    assert (notice.state, notice.lead) == ("draft", "本月办理情况")
    assert "<mark>13812345678</mark>" in page
    assert f'formaction="/publications/{notice.id}/hand-in"' in page
    site.browser().post(f"/publications/{notice.id}/hand-in", {**sent, f"text-{case}": "电梯停运，已修复"})
    notice.refresh_from_db()
    assert notice.state == "waiting" and Line.objects.get().text == "电梯停运，已修复"


def test_a_notice_that_waits_stands_among_the_decisions_of_who_may_approve_it(site: Regulated, second: Client) -> None:
    notice = _drafted(site)
    _mended(site, notice, "电梯停运，已修复")
    assert f"/publications/{notice.id}" not in second.get("/approvals").content.decode()
    site.browser().post(f"/publications/{notice.id}/hand-in")
    for page in ("/approvals", "/"):
        assert f"/publications/{notice.id}" in second.get(page).content.decode(), page
    assert f"/publications/{notice.id}" not in site.browser().get("/approvals").content.decode(), "nobody approves their own"


def test_a_notice_that_was_taken_back_says_who_did_it_and_why(site: Regulated) -> None:
    notice = _drafted(site)
    page = site.browser().post(f"/publications/{notice.id}/withdraw", {"why": "月份选错了"}, follow=True).content.decode()
    past = page[page.index('id="context"') :]
    assert "撤回原因：月份选错了" in page and "撤回 全能" in past


def test_what_was_done_leaves_by_itself_and_what_was_refused_stays(site: Regulated) -> None:
    notice = _drafted(site)
    done = _mended(site, notice, "电话13812345678").split('id="toasts"')[1]
    assert 'class="toast" data-stay="10"><span>已保存' in done
    refused = site.browser().post(f"/publications/{notice.id}/hand-in", follow=True).content.decode().split('id="toasts"')[1]
    assert 'class="toast error"><span>' in refused and "data-stay" not in refused.split("</div>")[0]
