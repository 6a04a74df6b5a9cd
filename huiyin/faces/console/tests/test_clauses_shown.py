"""From every clause one comes to the page, the records, the worked example or the test that honours it; who holds its posts."""

import re
from datetime import timedelta
from html import escape

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.rules import RetentionRule
from huiyin.desk.facts.actions import store
from huiyin.desk.people.actions import end_post
from huiyin.desk.people.models import Post
from huiyin.faces.console.tests.conftest import CLERK, House
from huiyin.faces.console.tests.regulated import SITE, regulated
from huiyin.faces.console.tests.test_rulebook_pages import RAW, STEM, shown_texts, text_of
from huiyin.rulebook.load import regulation, stems

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(house: House) -> Client:
    return house.browser("wu")


def test_from_a_clause_one_comes_to_the_page_the_records_and_the_examples(browser: Client) -> None:
    page = text_of(browser, f"/rulebook/{STEM}")
    section = page.split('id="GP-9.1.2b"', 1)[1].split("</section>")[0].replace("&amp;", "&")
    duties = re.search(r'href="(/duties\?rule=GP%3Aservice-phone[^"]*)"', section)
    records = re.search(r'href="(/inspections/evidence\?[^"]*GP%3Aservice-phone[^"]*)"', section)
    assert duties and records and "/rulebook/clauses/GP-9.1.2b/shown" in section
    assert browser.get(duties[1]).status_code == 200 and "客服电话24小时值班" in text_of(browser, records[1])
    shown = shown_texts(text_of(browser, "/rulebook/clauses/GP-10.1.3.1/shown"))
    assert "必须有" in shown and "起算" in shown and "状态 按时完成" in shown
    assert browser.get("/rulebook/clauses/GP-99/shown").status_code == 404


@pytest.mark.parametrize("stem", stems())
def test_every_page_that_a_clause_leads_to_opens(stem: str) -> None:
    browser, of = regulated(stem).browser(), regulation(stem)
    page = text_of(browser, f"/rulebook/{stem}").split("<main", 1)[1].split("</main>")[0].replace("&amp;", "&")
    links = sorted(one for one in re.findall(r'href="(/[^"#]*)"', page) if "/shown" not in one)
    # One of each page is enough: the rest of the address says which rule.
    pages = {re.sub(r"(register|rule)=[^&]*", r"\1=", one): one for one in links}
    assert {one: code for one in pages.values() if (code := browser.get(one, follow=True).status_code) != 200} == {}
    led = {rule.id for rule in of.rules if re.search(rf'<a href="[^"]+">{re.escape(escape(rule.name[0]))}</a>', page)}
    # What is kept until when is for those alone who may read the journal.
    assert [rule.id for rule in of.rules if rule.id not in led and not isinstance(rule, RetentionRule)] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("stem", stems())
def test_what_shows_a_clause_is_told_in_words(stem: str, language: str) -> None:
    house = regulated(stem)
    house.person.language = language
    house.person.save()
    browser = house.browser()
    for clause in regulation(stem).clauses[::9]:
        page = text_of(browser, f"/rulebook/clauses/{clause}/shown")
        told = page.split('id="examples"', 1)[-1].split('id="tests"')[0] if 'id="examples"' in page else ""
        assert sorted(set(RAW.findall(shown_texts(told)))) == [], clause
        assert 'id="examples"' in page or "def test_" in page, clause


def test_the_duties_say_who_holds_each_post_and_which_is_vacant() -> None:
    house = regulated("university_logistics")
    browser, address = house.browser(), "/rulebook/university_logistics?part=duties"
    panel = text_of(browser, address).split("<h3>二级信息管理员</h3>")[1].split("</section>")[0]
    assert "现场 全能" in shown_texts(panel) and "空缺" not in panel
    day = timezone.localdate() - timedelta(days=1)
    end_post(Post.objects.get(staff=house.person, role="info_officer_2"), day, by=CLERK, at=timezone.now())
    page = text_of(browser, address)
    panel = page.split("<h3>二级信息管理员</h3>")[1].split("</section>")[0]
    assert "现场 空缺" in shown_texts(panel) and page.count("空缺") == 1


@pytest.mark.parametrize(
    ("stem", "there", "not_there"),
    [("university_logistics", "全组织年度", "商户"), ("student_apartment", "单位", "房屋交付"), ("customer_relations", "商户", "楼栋")],
)
def test_only_kinds_of_things_that_a_regulation_speaks_of_are_offered(stem: str, there: str, not_there: str) -> None:
    page = text_of(regulated(stem).browser(), "/matters")
    offered = re.findall(r'<option value="[a-z]+">([^<]+)</option>', page.split('id="kind"')[1].split("</select>")[0])
    assert there in offered and not_there not in offered


def test_the_past_of_a_unit_takes_nothing_back() -> None:
    house = regulated("student_apartment")
    for text in ("座谈会意见答复", "网站公布"):
        fact = Fact("results_fed_back", timezone.now(), unit=SITE, by="centre", details={"text": text, "outlets": ["公告栏"]})
        store(house.organisation.id, [fact], by=house.person.pk, at=timezone.now())
    page = text_of(house.browser(), "/units/P1")
    assert "座谈会意见答复" in page and "网站公布" in page and "撤销：" not in page
