"""The duty screen on a telephone: steps by the thumb, a basement without a net, an answer that is lost, and a device that is left."""

from __future__ import annotations

import re
from datetime import date
from time import sleep

import pytest
from playwright.sync_api import Error, Locator, Page, Route, expect

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.models import Fact
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
WAITING = """async () => (await self.huiyinStore.store("waiting", "readonly", (all) => all.getAll())).length"""
KEPT = """async () => (await self.huiyinStore.store("kept", "readonly", (all) => all.getAll())).map(
  (one) => ({ url: one.url, clear: Boolean(one.bytes) }))"""
LEFT = """async () => ({
  caches: await caches.keys(),
  rows: (await Promise.all((await indexedDB.databases()).map((one) => new Promise((done) => {
    const asked = indexedDB.open(one.name);
    asked.onsuccess = () => {
      const base = asked.result, names = [...base.objectStoreNames];
      if (!names.length) { done([]); return; }
      const all = base.transaction(names), counts = names.map((name) => all.objectStore(name).count());
      all.oncomplete = () => done(counts.map((each) => each.result));
    };
  })))).flat() })"""


@pytest.fixture
def office(house: House) -> House:
    """The house with a project under the help procedure, an officer and a shift leader."""
    adopt(house.units["CY"], "resident_help", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    for login, name, phone, *roles in (
        ("ying", "应小荷", "13900010003", "pa_officer", "receiver"),
        ("tie", "铁振东", "13900010005", "security_shift_leader", "security_dept", "gate_guard"),
    ):
        made = people.add_staff(house.organisation.id, login, name, by=CLERK, at=EARLY, phone=phone)
        for role in roles:
            people.give_post(made, house.units["CY"], role, date(2025, 1, 1), by=CLERK, at=EARLY)
        house.staff[login] = made
    return house


def on_duty(enter: Enter, login: str = "ying") -> Page:
    """The duty screen on the person's telephone, kept by the worker."""
    page = enter(login)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/duty")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def call_in(page: Page) -> Case:
    """A patient is reported on the screen; the case, once it has arrived."""
    page.get_by_text("＋ 新的求助或险情").click()
    page.get_by_text("急救病人求助", exact=True).click()
    page.get_by_label("地点").fill("3-2-1501")
    page.get_by_label("来电人电话").fill("13812345678")
    page.get_by_role("button", name="登记，开始计时").click()
    expect(page.locator(".run .run-title")).to_contain_text("急救病人求助")
    return Case.objects.get()


def settled(page: Page) -> None:
    """Everything that waited has been sent, also where the page is loaded anew meanwhile."""
    for _turn in range(200):
        try:
            left = page.evaluate(WAITING)
        except Error:
            left = None
        if left == 0:
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("found acts that wait, expected all of them sent")
    expect(page.locator("#outbox")).to_be_hidden()


def tap(page: Page, button: Locator) -> None:
    """Press, until it is noted on the device."""
    button.click()
    expect(page.locator("#outbox")).to_be_visible()


def kept(page: Page, *urls: str) -> None:
    """Wait until the worker has kept these pages, and nothing of them in clear."""
    for _turn in range(200):
        found = page.evaluate(KEPT)
        if {one["url"] for one in found} >= set(urls):
            assert not any(one["clear"] for one in found)
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"found {found} kept, expected {urls}")


def test_a_patient_is_helped_step_by_step_with_the_thumb(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing stands out at the side"
    run = page.locator(f"#run-{found.number}")
    big = run.locator(".next .big:visible")
    box = run.get_by_role("button", name="联系拨打120急救电话").bounding_box()
    assert box is not None and box["height"] >= 56
    run.get_by_role("button", name="联系拨打120急救电话").click()
    expect(run.locator(".next > .next-name")).to_contain_text("答复求助住户")
    big.first.click()
    expect(run.locator(".next > .next-name")).to_contain_text("拨打120")
    expect(run.locator('a[href="tel:120"]').first).to_be_visible()
    big.first.click()
    expect(run.locator(".next > .next-name")).to_contain_text("告诉住户入口有人接应")
    settled(page)
    events = list(Fact.objects.filter(case_id=found.id, derived=False).order_by("number").values_list("event", flat=True))
    assert events[-3:] == ["emergency_course_chosen", "resident_answered", "emergency_120_called"]


def test_news_do_not_take_a_button_away_under_the_thumb(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    settled(page)
    box = page.locator(f"#run-{found.number}").get_by_role("button", name="联系拨打120急救电话").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    with page.expect_response("**/duty*"):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('live:cases', { bubbles: true }))")
    page.wait_for_timeout(300)
    with page.expect_response("**/duty*"):
        page.mouse.up()
    expect(page.locator("#outbox")).to_be_visible()
    assert page.evaluate(WAITING) == 1


def test_news_that_come_while_older_ones_are_fetched_are_not_lost(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    # A stream that is open and silent: nobody asks by the clock.
    page.add_init_script("window.EventSource = class { close() {} }")
    page.reload()
    found = call_in(page)
    settled(page)
    run = page.locator(f"#run-{found.number}")
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)
        if len(asked) > 1:
            route.continue_()

    page.context.route("**/duty", hold)
    before = page.content()
    page.evaluate("document.body.dispatchEvent(new CustomEvent('live:poll', { bubbles: true }))")
    page.wait_for_timeout(200)
    assert len(asked) == 1
    tap(page, run.get_by_role("button", name="联系拨打120急救电话"))
    page.locator("#outbox").get_by_role("button", name="立即上传").click()
    settled(page)
    if len(asked) == 1:
        asked[0].fulfill(body=before, content_type="text/html")
    expect(run.locator(".next > .next-name")).to_contain_text("答复求助住户")


def test_a_wrong_tap_is_taken_back_before_it_is_sent(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    settled(page)
    run = page.locator(f"#run-{found.number}")
    tap(page, run.get_by_role("button", name="派人帮助短时护理"))
    page.locator("#outbox").get_by_role("button", name="撤销").click()
    expect(run.get_by_role("button", name="联系拨打120急救电话")).to_be_visible()
    assert page.evaluate(WAITING) == 0
    assert not Fact.objects.filter(event="emergency_course_chosen").exists()


def test_the_screen_stands_after_a_reload_without_a_net_and_acts_wait(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    settled(page)
    page.reload()
    expect(page.locator(".run")).to_have_count(1)
    kept(page, "/duty", f"/cases/{found.number}")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-offline]")).to_contain_text(re.compile(r"离线 · 最后更新 \d\d:\d\d"))
    run = page.locator(f"#run-{found.number}")
    run.get_by_role("button", name="联系拨打120急救电话").click()
    expect(run.locator(".noted")).to_be_visible()
    expect(page.locator("#outbox")).to_contain_text("未上传")
    page.goto(f"/cases/{found.number}")
    expect(page.locator("h1").first).to_contain_text("急救病人求助")
    expect(page.locator("#outbox")).to_contain_text("未上传")
    assert not Fact.objects.filter(event="emergency_course_chosen").exists()
    page.context.set_offline(False)
    settled(page)
    fact = Fact.objects.get(event="emergency_course_chosen")
    assert fact.entered_at >= fact.at


def test_without_a_net_one_step_follows_the_other(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    run = page.locator(f"#run-{found.number}")
    for button in ("联系拨打120急救电话", "已答复住户"):
        tap(page, run.get_by_role("button", name=button))
        settled(page)
    page.reload()
    kept(page, "/duty")
    page.context.set_offline(True)
    page.reload()
    for word in ("已拨打120", "已告知入口有人接应", "已通知保安班长"):
        run.locator(".big:visible", has_text=word).click()
    expect(run.locator(".noted")).to_have_count(3)
    sent: list[Route] = []

    def hold_up_the_first(route: Route) -> None:
        sent.append(route)
        if len(sent) == 1:
            sleep(1.5)
        route.continue_()

    page.context.route("**/steps/*", hold_up_the_first)
    page.context.set_offline(False)
    settled(page)
    told = list(Fact.objects.filter(case_id=found.id, derived=False).order_by("at", "number").values_list("event", flat=True))
    assert told[-3:] == ["emergency_120_called", "reception_promised_to_resident", "security_shift_leader_informed"]


def test_an_act_whose_answer_was_lost_is_sent_again_and_happens_once(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    settled(page)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.context.route("**/steps/*", lose)
    page.locator(f"#run-{found.number}").get_by_role("button", name="联系拨打120急救电话").click()
    page.locator("#outbox").get_by_role("button", name="立即上传").click()
    expect(page.locator("#outbox")).to_contain_text("未上传")
    page.locator("#outbox").get_by_role("button", name="立即上传").click()
    settled(page)
    assert lost == [200]
    assert Fact.objects.filter(event="emergency_course_chosen").count() == 1


def test_what_is_refused_stays_with_its_reason_and_can_be_taken_away(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    found = call_in(page)
    settled(page)
    page.context.set_offline(True)
    page.locator(f"#run-{found.number}").get_by_role("button", name="联系拨打120急救电话").click()
    expect(page.locator("#outbox")).to_contain_text("未上传")
    # Meanwhile the officer's post has ended.
    office.staff["ying"].posts.update(until_on=date(2025, 6, 1))
    people.give_post(office.staff["ying"], office.units["LY"], "unit_liaison", date(2025, 1, 1), by=CLERK, at=EARLY)
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_contain_text("这一步现在不能办")
    page.locator("#outbox").get_by_role("button", name="去掉").click()
    settled(page)
    assert not Fact.objects.filter(event="emergency_course_chosen").exists()


def test_nothing_is_left_on_the_device_after_logout(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    call_in(page)
    settled(page)
    page.reload()
    kept(page, "/duty")
    page.locator(".top-tools summary", has_text="应小荷").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_label("账号")).to_be_visible()
    left = page.evaluate(LEFT)
    assert left["caches"] in ([], ["huiyin-shell"]) and sum(left["rows"]) == 0
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/duty")


def test_who_signs_in_next_finds_nothing_of_the_one_before(enter: Enter, office: House) -> None:
    page = on_duty(enter)
    call_in(page)
    settled(page)
    page.reload()
    kept(page, "/duty")
    other = enter("tie")
    page.context.add_cookies([{"name": one["name"], "value": one["value"], "url": page.url} for one in other.context.cookies()])
    page.goto("/messages")
    for _turn in range(200):
        if page.evaluate("self.huiyinStore.about('owner')") == str(office.staff["tie"].pk):
            break
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT) == [] and page.evaluate("self.huiyinStore.about('owner')") == str(office.staff["tie"].pk)
