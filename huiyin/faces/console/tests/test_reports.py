"""The monthly report: one set of figures from cut-off to cut-off, by everything that classes a case, on the page and in the workbook."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import escape
from io import BytesIO
from uuid import UUID

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huiyin.core.facts import Fact
from huiyin.core.moments import parse_moment
from huiyin.core.recurrence import period_of
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.facts.actions import store
from huiyin.faces.console.tests.regulated import ABOVE, SITE, Regulated, regulated
from huiyin.reports.monthly import figures

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Regulated:
    return regulated("community_publication")


def _received(site: Regulated, moment: str, category: str = "", channel: str = "phone") -> None:
    at = parse_moment(moment)
    said = {"CP": category} if category else {}
    form = Registration("complaint", SITE, story="电梯停运", channel=channel, category=said, by_role="service_centre")
    cases.register(site.organisation.id, form, by=site.person.pk, at=at)


def test_a_report_runs_from_cut_off_to_cut_off(site: Regulated) -> None:
    owed, spans = figures.spans(site.organisation.id, SITE, "2026-03", AT)
    assert [(one.clause, one.by_day) for one in owed] == [("CP-2.1d", 28)]
    march, february = spans[:2]
    assert (march.opens_at, march.closes_at) == (parse_moment("2026-03-01 00:00"), parse_moment("2026-03-29 00:00"))
    assert february.closes_at == march.opens_at and len(spans) == figures.MONTHS_SHOWN


def test_a_complaint_on_the_day_after_the_cut_off_belongs_to_the_next_report(site: Regulated) -> None:
    for moment in ("2026-03-28 23:59", "2026-03-29 00:00"):
        _received(site, moment)
    later = parse_moment("2026-04-20 09:00")
    _owed, (april, march, *_) = figures.spans(site.organisation.id, SITE, "2026-04", later)
    assert [figures.by_unit(site.organisation.id, [SITE], one, later)[SITE].received for one in (march, april)] == [1, 1]


def test_several_clauses_share_one_set_of_figures_with_the_earliest_day() -> None:
    house = regulated("resident_complaints")
    owed, [span, *_] = figures.spans(house.organisation.id, SITE, "2026-02", AT)
    assert owed[0].by_day == 30 and span.closes_at == parse_moment("2026-03-01 00:00")


def test_figures_are_counted_by_channel_class_and_limits(site: Regulated) -> None:
    _received(site, "2026-03-02 09:00", "public_part")
    _received(site, "2026-03-02 10:00", "public_part", "mail")
    _received(site, "2026-03-02 11:00")
    _owed, [span, *_] = figures.spans(site.organisation.id, SITE, "2026-03", AT)
    found = figures.by_unit(site.organisation.id, [SITE], span, AT)[SITE]
    assert (found.received, found.still_open) == (3, 3)
    assert found.by["channel"] == {"phone": 2, "mail": 1} and found.by["category/CP"]["public_part"] == 2
    assert found.due == found.kept + found.missed > 0


def test_the_workbook_holds_the_figures_of_the_page(site: Regulated) -> None:
    site.case()
    month = period_of("month", timezone.now() - timedelta(days=1)).name
    page = site.browser().get(f"/reports?unit={ABOVE}&month={month}")
    assert page.status_code == 200 and "CP-2.1d" in page.content.decode()
    made = site.browser().get(f"/reports/export?unit={ABOVE}&month={month}")
    book = CalamineWorkbook.from_filelike(BytesIO(made.content))
    assert len(book.sheet_names) >= 4
    units = book.get_sheet_by_index(0).to_python()
    assert units[-1][0] == "合计" and units[-1][1] == page.context["whole"]["cells"][0]["count"]


def test_the_shares_within_target_and_within_limit_open_their_lists() -> None:
    office = regulated("office_feedback")
    repair = {"record": "repair", "channel": "hotline_24h", "category": {"OF": "utility_repair"}}
    for number, arrived in enumerate((5, 6, 15, 16)):
        for event, minutes, said in (("repair_reported", 0, repair), ("responder_arrived", arrived, {})):
            at = parse_moment(f"2026-03-0{number + 1} 09:00") + timedelta(minutes=minutes)
            fact = Fact(event, at, str(UUID(int=number + 1)), SITE, "responder", said)
            store(office.organisation.id, [fact], by=None, at=at)
    browser = office.browser()
    page = browser.get("/reports?month=2026-03").content.decode()
    (aim,) = browser.get("/reports?month=2026-03").context["aims"]
    assert (aim["clause"], aim["due"]["count"]) == ("OF-6.1", 4)
    assert [(one["name"], one["count"], one["share"]) for one in aim["parts"]] == [("in_target", 1, "25.0%"), ("in_limit", 3, "75.0%")]
    assert "目标与期限" in page and 'data-figure="in_target"' in page
    whole, kept = browser.get("/reports?month=2026-03").context["whole"], {one["name"]: one["count"] for one in aim["parts"]}["in_limit"]
    assert f'data-figure="kept" data-count="{whole["kept"]}" href="{escape(whole["rate_url"])}">{whole["rate"]}</a>' in page
    assert f"<span data-total>{kept}</span>" in browser.get(whole["rate_url"]).content.decode()
    for one in (aim["due"], *aim["parts"]):
        listed = browser.get(one["url"]).content.decode()
        assert f"<span data-total>{one['count']}</span>" in listed and "水电维修赶到现场" in listed and "目标 2026-03-01 09:05" in listed
    book = CalamineWorkbook.from_filelike(BytesIO(browser.get("/reports/export?month=2026-03").content))
    (sheet,) = (name for name in book.sheet_names if "目标与期限" in name)
    assert book.get_sheet_by_name(sheet).to_python()[-1] == ["水电维修赶到现场", "OF-6.1", 4, 1, "25.0%", 3, "75.0%"]


def test_a_report_without_targets_says_nothing_of_them(site: Regulated) -> None:
    _received(site, "2026-03-02 09:00")
    assert "目标与期限" not in site.browser().get("/reports?month=2026-03").content.decode()


def test_what_is_not_in_reach_has_no_report(site: Regulated) -> None:
    for wrong in ("unit=NOPE", "month=2026-W11", "month=x"):
        assert site.browser().get(f"/reports?{wrong}").status_code == 404
    for wrong in ("what=nothing", "what=received&by=title&key=x", "what=received&by=category&key=x"):
        assert site.browser().get(f"/reports/list?{wrong}").status_code in (200, 404)
    assert site.browser().get("/reports/list?what=nothing").status_code == 404


def test_the_row_of_a_unit_sums_those_below_it_and_opens_their_cases(site: Regulated) -> None:
    _received(site, f"{timezone.now() - timedelta(minutes=5):%Y-%m-%d %H:%M}")
    browser = site.browser()
    answer = browser.get("/reports")
    assert f"row={SITE}&amp;what=received" in answer.content.decode()
    counted = {row["unit"]: [cell["count"] for cell in row["cells"]] for row in answer.context["rows"]}
    names = answer.context["rows"][0]["unit"], answer.context["rows"][-1]["unit"]
    assert len(counted) >= 2 and counted[names[0]] == counted[names[1]] == [cell["count"] for cell in answer.context["whole"]["cells"]]
    lists = {
        said: browser.get(f"/reports/list?what=received&{said}").content.decode()
        for said in (f"unit={ABOVE}", f"row={ABOVE}", f"row={SITE}")
    }
    assert [page.count('href="/cases/TS') for page in lists.values()] == [1, 1, 1]
    assert browser.get("/reports/list?what=received&row=NOPE").status_code == 404
