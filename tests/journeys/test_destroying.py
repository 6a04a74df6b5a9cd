"""Entries and papers whose time is over go on a list and are destroyed by two persons, in a wide window and on a telephone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from huiyin.desk.people.models import Staff
from huiyin.desk.registers.models import Entry
from huiyin.faces.console.tests.conftest import House
from huiyin.faces.console.tests.test_keeping import _check, _second
from tests.journeys.conftest import WIDE, Enter

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def _fits(page: Page) -> None:
    """Nothing stands out at the side; in a wide window the panes scroll, never the frame with them."""
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if size is WIDE:
            assert page.evaluate("document.documentElement.scrollHeight") <= size["height"]


def test_two_persons_destroy_the_entries_of_a_register(enter: Enter, house: House) -> None:
    for days in (400, 410, 420, 430, 500):
        old = _check(house, timedelta(days=days))
    _second(house)
    Staff.objects.filter(login="zhu").update(language="en")
    first = enter("wu")
    first.goto("/keeping")
    over = first.locator("#over")
    expect(over).to_contain_text("5 件，最早")
    _fits(first)
    over.get_by_placeholder("销毁理由").fill("保存期满")
    over.get_by_role("button", name="列入销毁清单").click()
    waiting = first.locator("#waiting")
    expect(waiting).to_contain_text("共 5 件")
    expect(waiting).to_contain_text("须由另一人签署")
    second = enter("zhu")
    second.goto("/keeping")
    expect(second.locator("#waiting")).to_contain_text("5 in all")
    _fits(second)
    second.locator("#waiting").get_by_role("button", name="Sign and destroy").click()
    expect(second.locator("#done")).to_contain_text("CR-2.1.1.4b")
    _fits(second)
    assert Entry.objects.filter(destroyed_at=None).count() == 0
    second.goto(f"/registers/entries/{old.id}")
    expect(second.locator("#destroyed")).to_contain_text("This entry is destroyed")
    _fits(second)
    expect(second.get_by_text("慕容督导")).to_have_count(0)
