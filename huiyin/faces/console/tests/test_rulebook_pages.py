"""The pages of the regulations: every clause with what honours it, the duties of each level, the missing documents, the calendar."""

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.desk.adoptions.actions import set_setting
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.facts.models import Fact
from huiyin.faces.console.rulebook import workdays
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.faces.console.tests.regulated import regulated
from huiyin.rulebook.load import regulation, stems
from huiyin.rulebook.text import clauses

STEM = "group_platform"


@pytest.fixture
def browser(house: House) -> Client:
    return house.browser("wu")


def text_of(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_clause_stands_on_the_page(browser: Client) -> None:
    page = text_of(browser, f"/rulebook/{STEM}")
    assert [clause.id for clause in clauses(STEM) if f'id="{clause.id}"' not in page or clause.name("zh-hans") not in page] == []
    assert [clause.id for clause in clauses(STEM) if clause.reading_zh and clause.reading_zh not in page.replace("&quot;", '"')] == []


def test_every_rule_stands_beside_a_clause_that_it_follows_from(browser: Client) -> None:
    page = text_of(browser, f"/rulebook/{STEM}")
    assert [rule.id for rule in regulation(STEM).rules if rule.name[0] not in page] == []


def test_a_rule_is_said_in_words(browser: Client) -> None:
    page = re.sub(r"<[^>]+>|\s", "", text_of(browser, f"/rulebook/{STEM}"))
    assert "时限10分钟" in page
    assert "责任各单位对接人员" in page
    assert "起算" in page and "complaint_transferred_to_unit" not in page


def test_a_target_is_said_beside_its_limit(browser: Client) -> None:
    page = re.sub(r"<[^>]+>|\s", "", text_of(browser, "/rulebook/office_feedback"))
    assert "时限15分钟·目标5分钟·完成人员到达现场" in page


def test_the_named_documents_are_flagged_when_missing(browser: Client) -> None:
    named = regulation(STEM).source["documents_named"]
    for address in ("/rulebook", f"/rulebook/{STEM}"):
        page = text_of(browser, address)
        assert [one["key"] for one in named if one["zh"] not in page] == []
        assert "缺件" in page


def test_the_page_lists_the_duties_of_each_level(browser: Client) -> None:
    of, page = regulation(STEM), text_of(browser, f"/rulebook/{STEM}?part=duties")
    assert [level for level in ("集团", "公司", "分公司", "项目") if f"<h2>{level}</h2>" not in page] == []
    assert [role for role, names in of.role_names.items() if f"<h3>{names[0]}</h3>" not in page] == []
    liaison = page.split(of.role_names["unit_liaison"][0], 1)[1]
    assert "接单启动流程" in liaison.split("</section>")[0]


def test_the_page_speaks_english(house: House) -> None:
    house.staff["wu"].language = "en"
    house.staff["wu"].save()
    page = text_of(house.browser("wu"), f"/rulebook/{STEM}")
    page = page.replace("&#x27;", "'")
    assert clauses(STEM)[0].en.split(";")[0] in page
    assert [clause.id for clause in clauses(STEM) if clause.name("en") not in page or clause.name("zh-hans") in page] == []


def test_the_settings_in_force_stand_on_the_page(house: House) -> None:
    adoption = Adoption.objects.get(regulation=STEM)
    set_setting(adoption, "GP-10.1.3.5a", "following_by_day", 5, date(2026, 1, 1), by=CLERK, at=EARLY)
    page = text_of(house.browser("wu"), f"/rulebook/{STEM}?part=adoption")
    assert "翠园物业公司 5" in page
    assert "2025-01-01" in page


def test_the_quality_department_enters_how_a_clause_is_read(house: House) -> None:
    response = house.browser("wu").post("/rulebook/readings", {"clause": "GP-8.1.2b", "text": "红色预警的投诉都算重大投诉"}, follow=True)
    assert response.redirect_chain[-1][0] == f"/rulebook/{STEM}#GP-8.1.2b"
    for login in ("wu", "zhao", "wang"):
        page = text_of(house.browser(login), f"/rulebook/{STEM}")
        section = page.split('id="GP-8.1.2b"', 1)[1].split("</section>")[0]
        assert "红色预警的投诉都算重大投诉" in section and "品质管理部 吴品质" in section and f"{timezone.localdate():%Y-%m-%d}" in section
    fact = Fact.objects.get(event="reading_entered")
    assert (fact.unit_code, fact.by_role, fact.by_person) == ("WY", "quality_dept", house.staff["wu"].pk)


def test_nobody_else_enters_a_reading_and_none_is_empty_or_of_no_clause(house: House) -> None:
    for login in ("zhao", "qian", "zhou"):
        assert house.browser(login).post("/rulebook/readings", {"clause": "GP-8.1.2b", "text": "另有看法"}).status_code == 404
        assert "录入解释" not in text_of(house.browser(login), f"/rulebook/{STEM}")
    for clause, text in (("GP-8.1.2b", " "), ("GP-99", "解释"), ("GP-8.1.2b", "长" * 4001), ("", "")):
        response = house.browser("wu").post("/rulebook/readings", {"clause": clause, "text": text}, follow=True)
        assert "toast error" in response.content.decode()
    assert not Fact.objects.filter(event="reading_entered").exists()


def test_a_clause_number_leads_to_its_place(browser: Client) -> None:
    response = browser.get("/rulebook/clauses/GP-10.1.3.1")
    assert response.headers["Location"] == f"/rulebook/{STEM}#GP-10.1.3.1"
    for unknown in ("GP-99", "XX-1", "-"):
        assert browser.get(f"/rulebook/clauses/{unknown}").status_code == 404
    assert browser.get("/rulebook/no-such-thing").status_code == 404


def test_the_calendar_shows_days_off_and_make_up_days_with_the_notice(browser: Client) -> None:
    page = text_of(browser, "/rulebook/calendar?year=2026")
    sheet = workdays.sheet(2026)
    assert sheet is not None and sheet["notices"][0]["title"] in page
    assert page.count("<small>班</small>") == len([day for day, _ in sheet["makeup_days"] if day.year == 2026])


def test_the_calendar_says_which_notice_is_missing(browser: Client) -> None:
    last = max(workdays.years())
    page = text_of(browser, f"/rulebook/calendar?year={last}")
    missing = [year for year in (2026, 2027) if f"{year} 年放假安排尚未导入" in page]
    assert all(year not in workdays.years() for year in missing)
    assert browser.get("/rulebook/calendar?year=1800").status_code == 404


def shown_texts(page: str) -> str:
    """What a reader sees of a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL))))


RAW = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b(?:un)?marked:|\b[a-z]+:[a-z_]+\b")
"""Keys as only the rules' language writes them: words joined by underscores, or kinds with colons."""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("stem", stems())
def test_every_clause_of_every_regulation_stands_on_its_page(stem: str, language: str) -> None:
    house = regulated(stem)
    house.person.language = language
    house.person.save()
    browser, of = house.browser(), regulation(stem)
    page = text_of(browser, f"/rulebook/{stem}")
    parts = unescape(" ".join(re.findall(r'class="rule-parts">(.*?)</span></li>', page, re.DOTALL)))
    seen = re.sub(r"\s", "", shown_texts(page))
    index = 0 if language.startswith("zh") else 1

    def missing(text: str) -> bool:
        return re.sub(r"\s", "", text) not in seen

    assert [clause.id for clause in clauses(stem) if f'id="{clause.id}"' not in page or missing(clause.name(language))] == []
    assert [clause.id for clause in clauses(stem) if missing(clause.words(language)) or missing(clause.reading(language))] == []
    assert [rule.id for rule in of.rules if missing(rule.name[index])] == []
    # What an English page says of a rule in Chinese was left untranslated; a class that is only named in Chinese stands in quotes.
    assert language != "en" or re.findall(r"[\u4e00-\u9fff]+", re.sub(r"“[^”]*”", "", parts)) == []
    for part in ("clauses", "duties", "adoption"):
        told = shown_texts(text_of(browser, f"/rulebook/{stem}?part={part}"))
        # What shows a clause names tests and scenarios as they are called.
        assert sorted(set(RAW.findall(re.sub(r"tests?/\S+|\S+\.py\S*", "", told)))) == []
