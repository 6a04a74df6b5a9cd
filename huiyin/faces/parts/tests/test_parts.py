from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from huiyin.faces.parts.templatetags import parts

STATIC = Path(parts.__file__).parents[1] / "static" / "parts"
SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday.
NOW = datetime(2025, 5, 21, 14, 30, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


def at(day: int, hour: int = 9, minute: int = 0, *, month: int = 5, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (at(21, 15, 40), "今天 15:40"),
        (at(22, 10), "明天 10:00"),
        (at(20, 23, 59), "昨天 23:59"),
        (at(23, 17), "周五 17:00"),
        (at(25, 17), "周日 17:00"),
        (at(26, 9), "05-26 09:00"),
        (at(19, 9), "05-19 09:00"),
        (at(2, 9, month=1, year=2026), "2026-01-02 09:00"),
        (datetime(2025, 5, 21, 16, 30, tzinfo=ZoneInfo("UTC")), "明天 00:30"),
        (None, "--"),
    ],
)
def test_a_due_moment_is_named_by_the_nearest_word_that_cannot_be_misread(due_at: datetime | None, words: str) -> None:
    assert parts.due_words(due_at, NOW) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=1, minutes=20), "剩 1小时20分"),
        (timedelta(minutes=35, seconds=50), "剩 35分"),
        (timedelta(days=2, minutes=10), "剩 2天"),
        (timedelta(seconds=40), "剩 不到1分"),
        (timedelta(0), "剩 不到1分"),
        (-timedelta(days=3, hours=4, minutes=59), "超时 3天4小时"),
        (-timedelta(hours=2), "超时 2小时"),
    ],
)
def test_time_left_is_told_in_its_two_greatest_units(left: timedelta, words: str) -> None:
    assert parts.left_words(NOW + left, NOW) == words


def test_the_same_words_exist_in_english() -> None:
    with translation.override("en"):
        assert parts.left_words(NOW + timedelta(hours=1, minutes=20), NOW) == "1 h 20 min left"
        assert parts.left_words(NOW - timedelta(days=3, hours=4), NOW) == "3 d 4 h late"
        assert parts.due_words(at(23, 17), NOW) == "Fri 17:00"
        assert parts.due_words(NOW + timedelta(days=1), NOW).startswith("tomorrow "), "it stands within a sentence"
        assert parts.state_word("pending_return_visit") == "Awaiting return visit"
        assert parts.warning_level("red") == "Red warning"


def test_a_limit_that_was_met_says_by_how_much() -> None:
    assert parts.met_words(at(21, 14), at(21, 14, 12)) == "提前 12分"
    assert parts.met_words(at(21, 14, 3), at(21, 14)) == "晚 3分"
    assert parts.met_words(None, NOW) == "--"


def test_a_limit_turns_soon_in_its_last_fifteen_minutes_and_late_after_its_moment() -> None:
    assert parts.lateness(NOW + timedelta(minutes=16), NOW) == ""
    assert parts.lateness(NOW + timedelta(minutes=15), NOW) == "soon"
    assert parts.lateness(NOW, NOW) == "soon"
    assert parts.lateness(NOW - timedelta(seconds=1), NOW) == "late"


def test_moments_and_days_are_shown_in_shanghai() -> None:
    assert parts.moment(datetime(2025, 5, 21, 6, 30, tzinfo=ZoneInfo("UTC"))) == "2025-05-21 14:30"
    assert parts.moment(None) == "--"
    assert parts.short_day(date(2025, 3, 1), NOW) == "03-01"
    assert parts.short_day(date(2024, 3, 1), NOW) == "2024-03-01"
    assert parts.short_day(datetime(2024, 12, 31, 17, tzinfo=ZoneInfo("UTC")), NOW) == "01-01"


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an aware one"):
        parts.moment(datetime(2025, 5, 21, 14, 30))


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138-1234-5678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("0755-88888888", "0755-****8888"),
        ("400-000-1234", "400-****1234"),
        ("85212345678", "****5678"),
        ("95598", "****"),
        ("", "--"),
        (None, "--"),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str | None, masked: str) -> None:
    assert parts.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王芳", "王*"),
        ("王小芳", "王*芳"),
        ("欧阳小芳", "欧**芳"),
        ("王女士", "王女士"),
        ("王芳女士", "王女士"),
        ("万小明先生", "万先生"),
        ("欧阳娜娜女士", "欧阳女士"),
        ("欧阳先生", "欧阳先生"),
        ("先生", "先*"),
        ("Ann Lee", "A**"),
        ("芳", "*"),
        ("", "--"),
    ],
)
def test_given_names_are_hidden(name: str, masked: str) -> None:
    assert parts.mask_name(name) == masked


def test_states_have_eight_words_for_staff_and_fewer_for_residents() -> None:
    assert len(set(map(parts.state_word, parts.STATES))) == 8
    assert parts.resident_state_word("pending_dispatch") == parts.resident_state_word("pending_acceptance") == "已受理"
    assert parts.RESIDENT_STATES.keys() == parts.STATES.keys()


def test_a_warning_is_shape_and_word() -> None:
    badge = render_to_string("parts/_warning.html", {"level": "yellow"})
    assert "▲" in badge
    assert "黄色预警" in badge


def test_a_countdown_carries_its_moment_for_the_script() -> None:
    shown = render_to_string("parts/_countdown.html", {"due": at(21, 14, 35), "now": NOW})
    assert 'data-due="2025-05-21T14:35:00+08:00"' in shown
    assert 'class="soon"' in shown
    assert "剩 5分" in shown


def test_a_list_of_many_pages_links_the_near_ones() -> None:
    page = Paginator(range(500), 10).page(20)
    shown = render_to_string("parts/_pagination.html", {"page": page, "page_query": "state=closed"})
    assert "第 191–200 条，共 500 条" in shown
    assert 'href="?state=closed&amp;page=21"' in shown
    assert "page=35" not in shown


def test_the_shell_keeps_to_its_own_scripts_and_styles() -> None:
    page = Template('{% extends "parts/base.html" %}{% block main %}<h1>台账</h1>{% endblock %}')
    shown = page.render(Context({"organisation": "云栖物业", "now": NOW, "navigation": [{"label": "工单", "url": "/"}]}))
    assert "<h1>台账</h1>" in shown
    assert not [word for word in ("style=", "onclick=", "http://", "https://", "<style", "<script>") if word in shown]


def test_both_ways_into_the_dark_give_the_same_colours() -> None:
    tokens = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    by_system, by_choice = (
        tokens.split(mark)[1].split("}")[0].split() for mark in (':root:not([data-theme="light"]) {', '\n[data-theme="dark"] {')
    )
    assert by_system == by_choice


def test_the_styles_stay_small() -> None:
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in STATIC.glob("css/*.css")) <= 900


def test_seconds_are_for_the_reckoning_and_not_for_the_page() -> None:
    due_at = datetime(2026, 11, 22, 19, 31, 11, 751217, tzinfo=SHANGHAI)
    assert parts.due(due_at) == "2026-11-22 19:31"
    assert parts.due_words(due_at, due_at) == "今天 19:31"


@pytest.mark.parametrize(("language", "shown"), [("zh-hans", "桂语里"), ("en", "Guiyuli")])
def test_a_unit_is_named_in_the_language_of_the_page(language: str, shown: str) -> None:
    with translation.override(language):
        assert parts.named(SimpleNamespace(name="桂语里", name_en="Guiyuli")) == shown
        assert parts.named(SimpleNamespace(name="桂语里", name_en="")) == "桂语里"
