"""A figure on a page is the number of rows of the list that it opens, whatever regulation the organisation lives under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from html import unescape
from typing import Any

import pytest
from django.core.paginator import Page
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.recurrence import PERIOD_KINDS, period_of
from huiyin.core.rules import RegisterRule
from huiyin.desk.facts.actions import store
from huiyin.desk.journal.actions import By
from huiyin.desk.registers.actions import add_entry
from huiyin.faces.console.tests import stage
from huiyin.faces.console.tests.regulated import ABOVE, SITE, Regulated, regulated
from huiyin.rulebook.load import stems

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/overview",
    "/duties",
    "/duties?daily=1&view=list",
    "/warnings",
    "/matters",
    f"/units/{SITE}",
    f"/units/{ABOVE}",
    "/registers",
    "/reports",
)
FIGURE = re.compile(r'<a [^>]*data-figure="([\w-]+)"(?: data-count="(\d+)")? href="([^"]+)"[^>]*>([^<]*)</a>')
IN_NAV = re.compile(r'<a href="([^"]+)"[^>]*>([^<]*)<strong>(\d+)</strong></a>')
TILE = re.compile(r'<a class="tile [^"]*" href="([^"]+)"><span class="muted">([^<]*)</span><strong>(\d+)</strong></a>')
CELL = re.compile(r'<td class="number"><a href="([^"]+)">(\d+)</a></td>')


@dataclass(frozen=True)
class Figure:
    """A number on a page: what it is called, how much, and the address that it opens."""

    name: str
    count: int
    url: str


@pytest.mark.parametrize("stem", stems())
def test_every_figure_opens_its_list(stem: str) -> None:
    house = regulated(stem)
    _lived(house)
    browser, found = house.browser(), {}
    behind = cache(partial(rows_behind, browser))
    for page in PAGES:
        here = browser.get(page, follow=True)
        assert here.status_code == 200, page
        for figure in figures_on(here.content.decode()):
            url = figure.url if figure.url.startswith("/") else page.partition("?")[0] + figure.url
            found[f"{page} {figure.name} {url}"] = (figure.count, behind(url))
    assert {what: (shown, listed) for what, (shown, listed) in found.items() if shown != listed} == {}
    assert sum(shown for shown, _ in found.values()) > len(PAGES)


def figures_on(page: str) -> Iterator[Figure]:
    """The numbers of a page that are links."""
    yield from (Figure(name, int(count or shown), unescape(url)) for name, count, url, shown in FIGURE.findall(page))
    for nav in re.findall(r'<(?:nav|span) class="figures".*?</(?:nav|span)>', page, re.DOTALL):
        yield from (Figure(label.strip(), int(count), unescape(url)) for url, label, count in IN_NAV.findall(nav))
    yield from (Figure(label, int(count), unescape(url)) for url, label, count in TILE.findall(page))
    yield from (Figure("cell", int(count), unescape(url)) for url, count in CELL.findall(page))


def rows_behind(browser: Client, url: str) -> int:
    """How many rows the list at the address has, on all of its pages."""
    response = browser.get(url)
    assert response.status_code == 200, url
    context: Any = response.context
    if "shown" in context and isinstance(context["shown"], str):
        return len([one for one in context["shown"].split(",") if one])
    for name in ("page", "listed_count", "letters", "rows", "entries"):
        if name in context:
            rows = context[name]
            if isinstance(rows, int):
                return rows
            return rows.paginator.count if isinstance(rows, Page) else len(rows)
    raise AssertionError(f"{url} is no list")


def _lived(house: Regulated) -> None:
    """Some cases of different ages, one said to be of a class, the periods opened, an entry in each register."""
    now = timezone.now()
    classes = [str(one["key"]) for one in house.regulation.source["classes"].get("category", ()) if one.get("of", "case") == "case"]
    records = [str(one["key"]) for one in house.regulation.source["classes"].get("record", ())] or ["complaint"]
    for record in records[:4]:
        house.case(record)
    house.case(records[0], category={house.regulation.prefix: classes[0]} if classes else {})
    for kind in PERIOD_KINDS:
        opened = period_of(kind, now - timedelta(days=40))
        event = "half_year_opened" if kind == "half" else f"{kind}_opened"
        fact = Fact(event, opened.opens_at, unit=ABOVE, by="platform", details={"period": opened.name})
        store(house.organisation.id, [fact], by=None, at=opened.opens_at)
    # A register of cases has its lines already; what the others tell happened before it came to us.
    for rule in [one for one in house.regulation.rules if isinstance(one, RegisterRule) and one.of_cases is None][:4]:
        sent = {field.key: _entered(field) for field in rule.fields}
        key = f"{house.regulation.prefix}:{rule.id}"
        for unit in (ABOVE, SITE):
            add_entry(house.organisation.id, key, unit, sent, by=By(rule.kept_by, house.person.id), at=now, elsewhere=True)
    stage.watch(now)


def _entered(field: Any) -> str:
    return {"number": "3", "day": "2026-03-01", "moment": "2026-03-01T09:00", "flag": "true"}.get(
        field.kind, str(next(iter(field.choices), ("甲",))[0]) if field.kind == "choice" else "甲"
    )
