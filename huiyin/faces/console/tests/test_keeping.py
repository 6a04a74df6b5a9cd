"""What is kept until when, destroying by two persons after the longest time, and the log of who looked at whose data."""

from __future__ import annotations

from datetime import timedelta

from django.core.management import call_command
from django.utils import timezone

from huiyin.desk.cases.actions import Registered
from huiyin.desk.cases.models import Case, Destruction
from huiyin.desk.facts.models import Fact
from huiyin.desk.journal import queries as journal
from huiyin.desk.matters.models import Retention
from huiyin.desk.people import actions as people
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.stage import solved


def _kept(house: House, case: Registered, days: int | None, clause: str = "GP-1a") -> None:
    """A time of keeping under the group's regulation that ends so many days from today (None: never)."""
    fact = Fact.objects.filter(case_id=case.case_id).earliest("number")
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    Retention.objects.create(
        organisation_id=house.organisation.id, key=f"GP:kept|{clause}", clause=clause, case_id=case.case_id, unit_code="CY",
        at=fact.at, until_on=until, fact_id=fact.id,
    )  # fmt: skip


def _second(house: House) -> None:
    made = people.add_staff(house.organisation.id, "zhu", "朱品质", by=CLERK, at=EARLY)
    people.give_post(made, house.units["PZ"], "quality_head", timezone.localdate() - timedelta(days=9), by=CLERK, at=EARLY)
    house.staff["zhu"] = made


def test_after_the_longest_time_two_different_persons_destroy_what_says_who_it_was(house: House) -> None:
    case = solved(house, ago=timedelta(days=9), took=timedelta(days=1))
    _kept(house, case, -1)
    _second(house)
    first, second = house.browser("wu"), house.browser("zhu")
    first.post(f"/keeping/{case.case_id}/propose", {"reason": "保存期满"})
    first.post(f"/keeping/{case.case_id}/sign")
    assert Destruction.objects.get().signed_at is None and house.case(case.number).story
    assert "须由另一人签署" in first.get("/keeping").content.decode()
    second.post(f"/keeping/{case.case_id}/sign")
    left = Case.objects.get(id=case.case_id)
    assert (left.number, left.story, left.title, left.contact_name, left.household_code) == (case.number, "", "", "", "")
    actions = [one.action for one in journal.entries_of(house.organisation.id, f"case:{case.case_id}")]
    assert {"cases.propose_destruction", "cases.destroy"} <= set(actions)
    assert case.number in second.get("/keeping").content.decode().split('id="done"')[1]


def test_nothing_is_destroyed_before_its_time_and_of_several_the_longest_counts(house: House) -> None:
    case = solved(house, ago=timedelta(days=9), took=timedelta(days=1))
    _kept(house, case, -1)
    _kept(house, case, 30, "GP-2a")
    browser = house.browser("wu")
    browser.post(f"/keeping/{case.case_id}/propose", {"reason": "清理"})
    assert "期满前不得销毁" in browser.get("/keeping").content.decode()
    assert not Destruction.objects.exists()


def test_what_is_kept_for_good_or_has_no_time_is_not_destroyed(house: House) -> None:
    forever, without = (solved(house, ago=timedelta(days=9), took=timedelta(days=days)) for days in (1, 2))
    _kept(house, forever, None)
    browser = house.browser("wu")
    browser.post(f"/keeping/{forever.case_id}/propose", {"reason": "清理"})
    assert "须长期保存" in browser.get("/keeping").content.decode()
    browser.post(f"/keeping/{without.case_id}/propose", {"reason": "清理"})
    assert "没有规定保存期限" in browser.get("/keeping").content.decode()
    assert not Destruction.objects.exists()


def test_the_log_tells_who_looked_at_what_and_why(house: House) -> None:
    case = house.register(contact_name="王小芳", contact_phone="13812345678")
    house.browser("zhao").post(f"/cases/{case.number}/unmask/contact_phone", {"reason": "contact"})
    page = house.browser("wu").get("/keeping/viewings").content.decode()
    assert "赵对接" in page and case.number in page and "联系业主办理本单" in page and "13812345678" not in page
    assert house.browser("li").get("/keeping/viewings").status_code == 404


def test_the_models_have_their_migration(house: House) -> None:
    call_command("makemigrations", "cases", check=True, dry_run=True, verbosity=0)
