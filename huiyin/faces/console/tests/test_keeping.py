"""What is kept until when, destroying by two persons after the longest time, holds, and the log of who looked at whose data."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from huiyin.desk.adoptions.actions import adopt, set_setting
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.cases.actions import Registered
from huiyin.desk.cases.models import Case
from huiyin.desk.journal import queries as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.keeping.models import Destruction, LegalHold
from huiyin.desk.people import actions as people
from huiyin.desk.registers.actions import add_entry
from huiyin.desk.registers.models import Entry
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.stage import solved


def _set_time(house: House, time: str) -> None:
    """The organisation sets the time that the group's regulation leaves open."""
    adopted = Adoption.objects.get(organisation=house.organisation, regulation="group_platform")
    set_setting(adopted, "GP-8.3.2b", "keep", time, date(2025, 1, 1), by=CLERK, at=EARLY)


def _old(house: House) -> Registered:
    """A case closed more than a year ago."""
    return solved(house, ago=timedelta(days=400), took=timedelta(days=1))


def _list() -> str:
    return str(Destruction.objects.get().list_id)


def _second(house: House) -> None:
    made = people.add_staff(house.organisation.id, "zhu", "朱品质", by=CLERK, at=EARLY)
    people.give_post(made, house.units["PZ"], "quality_head", timezone.localdate() - timedelta(days=9), by=CLERK, at=EARLY)
    house.staff["zhu"] = made


def _destroyed(house: House) -> Registered:
    _set_time(house, "30 days")
    case = _old(house)
    _second(house)
    house.browser("wu").post("/keeping/propose", {"number": case.number, "reason": "保存期满"})
    house.browser("zhu").post("/keeping/sign", {"list": _list()})
    return case


def test_after_the_longest_time_two_different_persons_destroy_what_says_who_it_was(house: House) -> None:
    _set_time(house, "30 days")
    case = _old(house)
    _second(house)
    first, second = house.browser("wu"), house.browser("zhu")
    assert case.number in first.get("/keeping?state=over").content.decode()
    first.post("/keeping/propose", {"number": case.number, "reason": "保存期满"})
    first.post("/keeping/sign", {"list": _list()})
    assert Destruction.objects.get().signed_at is None and house.case(case.number).story
    assert "须由另一人签署" in first.get("/keeping").content.decode()
    second.post("/keeping/sign", {"list": _list()})
    left = Case.objects.get(id=case.case_id)
    assert (left.number, left.story, left.title, left.contact_name, left.household_code) == (case.number, "", "", "", "")
    actions = [one.action for one in journal.entries_of(house.organisation.id, f"case:{case.case_id}")]
    assert {"cases.propose_destruction", "cases.destroy"} <= set(actions)
    done = second.get("/keeping").content.decode().split('id="done"')[1]
    assert all(word in done for word in (case.number, "吴品质", "朱品质", "GP-8.3.2b", "保存期满"))


def test_the_page_of_a_destroyed_case_says_so_and_offers_nothing(house: House) -> None:
    case = _destroyed(house)
    page = house.browser("wu").get(f"/cases/{case.number}").content.decode()
    said = page.split('id="destroyed"')[1].split("</div>")[0]
    assert all(word in said for word in ("已销毁", "吴品质", "朱品质", "GP-8.3.2b", "保存期满"))
    assert 'id="household"' not in page and 'id="words"' not in page and "~" not in page.split('id="timeline"')[1].split("</ol>")[0]
    assert house.browser("zhao").post(f"/cases/{case.number}/unmask/story", {"reason": "contact"}).status_code == 404
    printed = house.browser("wu").get(f"/cases/{case.number}/print").content.decode()
    assert "已销毁" in printed and "路灯不亮" not in printed


def test_nothing_is_destroyed_before_its_time(house: House) -> None:
    _set_time(house, "3 years")
    case = _old(house)
    browser = house.browser("wu")
    browser.post("/keeping/propose", {"number": case.number, "reason": "清理"})
    assert "期满前不得销毁" in browser.get("/keeping").content.decode()
    assert not Destruction.objects.exists()


def test_what_is_kept_for_good_or_has_no_time_is_not_destroyed(house: House) -> None:
    without = _old(house)
    browser = house.browser("wu")
    browser.post("/keeping/propose", {"number": without.number, "reason": "清理"})
    assert "还没有设定保存期限" in browser.get("/keeping").content.decode()
    _set_time(house, "30 days")
    adopt(house.units["WY"], "resident_complaints", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    forever = _old(house)
    browser.post("/keeping/propose", {"number": forever.number, "reason": "清理"})
    assert "RC-4.8d：工单" in browser.get("/keeping").content.decode()
    assert not Destruction.objects.exists()


def test_quality_holds_a_case_and_lets_it_go(house: House) -> None:
    _set_time(house, "30 days")
    case = _old(house)
    _second(house)
    first, second = house.browser("wu"), house.browser("zhu")
    first.post("/keeping/preserve", {"number": case.number, "reason": "业主起诉，电话13812345678"})
    held = second.get("/keeping").content.decode().split('id="held"')[1].split('id="done"')[0]
    assert case.number in held and "业主起诉" in held and "13812345678" not in held
    assert 'id="held"' in house.browser("zhao").get(f"/cases/{case.number}").content.decode()
    first.post("/keeping/propose", {"number": case.number, "reason": "期满"})
    assert "须先解除保全" in first.get("/keeping").content.decode() and not Destruction.objects.exists()
    second.post("/keeping/release", {"number": case.number, "reason": "已结案"})
    first.post("/keeping/propose", {"number": case.number, "reason": "期满"})
    assert Destruction.objects.exists() and LegalHold.objects.get().release_reason == "已结案"


def _check(house: House, ago: timedelta, note: str = "慕容督导") -> Entry:
    """An entry of a check that somebody made some time ago."""
    adopted = Adoption.objects.filter(organisation=house.organisation, regulation="customer_relations").first()
    if adopted is None:
        adopted = adopt(house.units["WY"], "customer_relations", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
        set_setting(adopted, "CR-2.1.1.4b", "keep_records", "1 years", date(2025, 1, 1), by=CLERK, at=EARLY)
    at = timezone.now() - ago
    told = {"title": "小区公告", "checked_by": note, "checked_on": f"{timezone.localtime(at):%Y-%m-%d}"}
    return add_entry(house.organisation.id, "CR:information-checks", "CY", told, by=By("service_centre"), at=at, elsewhere=True)


def test_entries_whose_time_is_over_go_on_one_list_and_their_page_says_who_destroyed_them(house: House) -> None:
    old, older, young = _check(house, timedelta(days=400)), _check(house, timedelta(days=500)), _check(house, timedelta(days=300))
    _second(house)
    first, second = house.browser("wu"), house.browser("zhu")
    page = first.get("/keeping").content.decode()
    assert "2 件，最早" in page.split('id="over"')[1].split('id="waiting"')[0]
    sent = {"of": "entry", "register": "CR:information-checks", "unit": "CY", "reason": "保存期满"}
    first.post("/keeping/propose", sent)
    assert {one.about_id for one in Destruction.objects.all()} == {old.id, older.id}
    assert 'id="over"' not in first.get("/keeping").content.decode(), "what is on a list is not offered again"
    second.post("/keeping/sign", {"list": str(Destruction.objects.values_list("list_id", flat=True).distinct().get())})
    told = first.get(f"/registers/entries/{old.id}").content.decode()
    said = told.split('id="destroyed"')[1].split("</div>")[0]
    assert all(word in said for word in ("吴品质", "朱品质", "CR-2.1.1.4b", "保存期满")) and "慕容督导" not in told
    assert "/amend" not in told and "慕容督导" in first.get(f"/registers/entries/{young.id}").content.decode()
    done = second.get("/keeping").content.decode().split('id="done"')[1]
    assert old.label in done and older.label in done and young.label not in done


def test_nobody_proposes_entries_of_a_unit_out_of_reach(house: House) -> None:
    _check(house, timedelta(days=400))
    sent = {"of": "entry", "register": "CR:information-checks", "unit": "XX", "reason": "清理"}
    browser = house.browser("wu")
    browser.post("/keeping/propose", sent)
    assert "没有期满可以列入的" in browser.get("/keeping").content.decode() and not Destruction.objects.exists()


@pytest.mark.parametrize("act", ["propose", "sign", "preserve", "release"])
def test_who_may_not_does_none_of_it_and_a_strange_number_is_nobodys(house: House, act: str) -> None:
    case = _old(house)
    sent = {"number": case.number, "reason": "清理"}
    assert house.browser("zhao").post(f"/keeping/{act}", sent).status_code == 404
    browser = house.browser("wu")
    assert browser.get(f"/keeping/{act}").status_code == 404
    browser.post(f"/keeping/{act}", {**sent, "number": "TS0000000", "list": str(case.case_id)})
    assert "请核对" in browser.get("/keeping").content.decode()
    assert not Destruction.objects.exists() and not LegalHold.objects.exists()


def test_the_log_tells_who_looked_at_what_and_why(house: House) -> None:
    case = house.register(contact_name="王小芳", contact_phone="13812345678")
    house.browser("zhao").post(f"/cases/{case.number}/unmask/contact_phone", {"reason": "contact"})
    page = house.browser("wu").get("/keeping/viewings").content.decode()
    assert "赵对接" in page and case.number in page and "联系业主办理本单" in page and "13812345678" not in page
    assert house.browser("li").get("/keeping/viewings").status_code == 404


def test_the_models_have_their_migration(house: House) -> None:
    call_command("makemigrations", "cases", "keeping", "registers", "documents", check=True, dry_run=True, verbosity=0)


def test_an_entry_is_held_from_its_own_page_and_let_go_on_the_page_of_keeping(house: House) -> None:
    entry = _check(house, timedelta(days=400))
    browser = house.browser("wu")
    assert 'id="hold"' in browser.get(f"/registers/entries/{entry.id}").content.decode()
    sent = {"of": "entry", "about": str(entry.id), "reason": "审计调查"}
    browser.post("/keeping/preserve", sent)
    assert 'id="held"' in browser.get(f"/registers/entries/{entry.id}").content.decode()
    page = browser.get("/keeping").content.decode().split('id="held"')[1].split('id="done"')[0]
    assert entry.label in page and "审计调查" in page
    browser.post("/keeping/propose", {"of": "entry", "register": "CR:information-checks", "unit": "CY", "reason": "期满"})
    assert not Destruction.objects.exists()
    browser.post("/keeping/release", {**sent, "reason": "查清了"})
    assert LegalHold.objects.get().release_reason == "查清了"


def test_nobody_holds_an_entry_out_of_reach(house: House) -> None:
    entry = _check(house, timedelta(days=400))
    Entry.objects.filter(id=entry.id).update(unit_code="XX")
    house.browser("wu").post("/keeping/preserve", {"of": "entry", "about": str(entry.id), "reason": "审计调查"})
    assert not LegalHold.objects.exists()
