"""Each building's duty room has an opinion book of its own: entered apart, numbered apart, and missing apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.desk.cases.models import Mark
from huiyin.desk.facts.actions import store
from huiyin.desk.people import actions as people
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.models import Entry
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.faces.console.tests.regulated import ABOVE, Regulated, regulated

pytestmark = pytest.mark.django_db
BOOK = "SA:opinion-book-entries"


@dataclass
class Centre:
    """A centre with the cluster C1 and its buildings H1 and H2, and a person with every post of the regulation at the centre."""

    house: Regulated
    units: dict[str, Unit]
    browser: Client

    def week_opens(self) -> None:
        """A week opens for the whole centre."""
        at = timezone.now() - timedelta(hours=1)
        store(self.house.organisation.id, [Fact("week_opened", at, unit=ABOVE, by="platform")], by=None, at=at)

    def page(self, address: str, **query: str) -> str:
        """The text of a page that is there."""
        answer = self.browser.get(address, query)
        assert answer.status_code == 200
        return answer.content.decode()

    def write(self, unit: str, content: str) -> int:
        """Somebody enters what was written in the book of the unit; the answer's status comes back."""
        said = {"unit": unit, "register": BOOK, "v-written_at": "2026-03-04 20:15", "v-content": content}
        return int(self.browser.post("/registers/add", said).status_code)


@pytest.fixture
def centre() -> Centre:
    house = regulated("student_apartment")
    units: dict[str, Unit] = {}
    for code, kind, name, parent in (
        ("C1", "cluster", "梅竹组团", house.units[ABOVE]),
        ("H1", "building", "梅苑", None),
        ("H2", "building", "竹苑", None),
    ):
        above = parent or units["C1"]
        units[code] = places.add_unit(house.organisation.id, code, kind, name, by=CLERK, at=EARLY, parent=above.pk)
    for role in ("building_manager", "building_duty_officer", "cluster_supervisor"):
        people.give_post(house.person, units["C1"], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return Centre(house, units, house.browser())


def _each(page: str) -> dict[str, str]:
    """The rows of the table of books, by the name of the building."""
    table = page.split('id="each"')[1].split("</table>")[0]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in table.split("<tr>")[2:]]
    return {row[0]: " ".join(row[1:]) for row in rows}


def test_a_building_without_a_book_is_seen_as_that_building(centre: Centre) -> None:
    step = reverse("console:unit-step", args=["H1", "opinion_book_set_up"])
    assert centre.browser.post(step, {"role": "building_manager", "text": "挂在窗口"}).status_code == 302
    centre.week_opens()
    (mark,) = Mark.objects.filter(mark="opinion_book_missing")
    assert (mark.unit_code, mark.clause, mark.ended_at) == ("H2", "SA-1b", None)
    rows = _each(centre.page("/registers/list", unit="C1", register=BOOK))
    assert list(rows) == ["竹苑", "梅苑"] and "值班室没有意见簿" in rows["竹苑"] and "值班室没有意见簿" not in rows["梅苑"]
    assert "值班室没有意见簿" in centre.page(reverse("console:unit", args=["H2"]))
    assert "值班室没有意见簿" not in centre.page(reverse("console:unit", args=["H1"]))
    gone = reverse("console:unit-step", args=["H1", "opinion_book_withdrawn"])
    assert centre.browser.post(gone, {"role": "building_manager", "reason": "遗失"}).status_code == 302
    back = reverse("console:unit-step", args=["H2", "opinion_book_set_up"])
    assert centre.browser.post(back, {"role": "building_manager"}).status_code == 302
    rows = _each(centre.page("/registers/list", unit="C1", register=BOOK))
    assert "值班室没有意见簿" in rows["梅苑"] and "值班室没有意见簿" not in rows["竹苑"]


def test_each_building_writes_its_own_book_and_the_cluster_reads_them_all(centre: Centre) -> None:
    assert [centre.write("H1", "晾衣杆加高"), centre.write("H2", "热水延时"), centre.write("H2", "换门锁")] == [302, 302, 302]
    assert [(one.unit_code, one.label) for one in Entry.objects.order_by("unit_code", "number")] == [
        ("H1", "2026-001"), ("H2", "2026-001"), ("H2", "2026-002"),
    ]  # fmt: skip
    assert centre.write("C1", "不知哪栋") == 422 and Entry.objects.count() == 3
    above = centre.page("/registers/list", unit="C1", register=BOOK)
    assert "新登记" not in above and "晾衣杆加高" in above and "换门锁" in above
    assert {name: row.split()[0] for name, row in _each(above).items()} == {"梅苑": "1", "竹苑": "2"}
    own = centre.page("/registers/list", unit="H1", register=BOOK)
    assert "新登记" in own and "晾衣杆加高" in own and "换门锁" not in own


def test_a_centre_whose_buildings_are_no_units_keeps_one_book_itself(centre: Centre) -> None:
    id_, now = centre.house.organisation.id, timezone.now()
    kept = {code: queries.book_of(id_, code, BOOK, now) for code in (ABOVE, "C1", "P1", "H1")}
    assert {code: bool(book and book.in_force) for code, book in kept.items()} == {ABOVE: False, "C1": False, "P1": True, "H1": True}
