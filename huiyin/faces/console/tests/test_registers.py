"""Registers in the console: overview, entering with errors beside the fields, amending, closing, files in and out, masks, scope."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huiyin.core.facts import Fact
from huiyin.desk.adoptions.actions import set_setting
from huiyin.desk.adoptions.models import Adoption
from huiyin.desk.facts.actions import store
from huiyin.desk.people.models import Unmasking
from huiyin.desk.registers.models import Entry, Version
from huiyin.desk.registers.queries import rule_of
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House

MERCHANTS, KEYS = "CR:merchants", "CR:customer-keys"
SHOP: dict[str, Any] = {
    "v-merchant": "晨光便利店", "v-shop": "1-101", "v-head": "周明", "v-phone": "13912345678", "v-moved_in_on": "2026-01-15",
}  # fmt: skip


@pytest.fixture
def registers(house: House) -> House:
    """The house, whose company has adopted the customer relations standard too."""
    take_up(house.units["WY"], "customer_relations", EARLY)
    return house


def _of(register: str, unit: str = "CY", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "register": register, **more}


def _add(browser: Client, **more: Any) -> Entry:
    answer = browser.post("/registers/add", _of(MERCHANTS, **{**SHOP, **more}))
    assert answer.status_code == 302, re.findall(r'field-error"[^>]*>(.*?)</div>', answer.content.decode())
    return Entry.objects.latest("entered_at")


def _page(browser: Client, address: str, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_overview_groups_the_registers_with_their_counts(registers: House) -> None:
    _add(registers.browser("zhao"))
    page = _page(registers.browser("wu"), "/registers", unit="WY")
    assert "商户名册" in page and "钥匙" in page and "CR-6.1.2.1a" in page
    assert re.search(r"register=CR%3Amerchants&amp;open=1\">1<", page)
    # What stands above the adopting company keeps no register of its own and sees those below.
    assert "商户名册" in _page(registers.browser("zhou"), "/registers", unit="JT")
    assert "新登记" not in _page(registers.browser("zhou"), "/registers/list", **_of(MERCHANTS, unit="JT"))


def test_wrong_columns_are_told_beside_their_fields_and_what_was_typed_stays(registers: House) -> None:
    typed = _of(MERCHANTS, **SHOP | {"v-employees": "三人", "v-head": ""})
    answer = registers.browser("zhao").post("/registers/add", typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and not Entry.objects.exists()
    assert "“三人”不对，应为数字" in page and "未填写" in page and 'value="晨光便利店"' in page


def test_names_and_telephones_are_hidden(registers: House) -> None:
    browser = registers.browser("zhao")
    made = _add(browser)
    for address in (f"entries/{made.id}", f"list?unit=CY&register={MERCHANTS}", f"print?unit=CY&register={MERCHANTS}"):
        page = _page(browser, f"/registers/{address}")
        assert "139****5678" in page and "13912345678" not in page
    # This regulation asks for a consent before anybody looks.
    refused = browser.post(f"/registers/entries/{made.id}/unmask/phone", {"reason": "contact"}).content.decode()
    assert "13912345678" not in refused and not Unmasking.objects.exists()


def test_a_hidden_value_is_shown_for_a_reason_that_is_kept(house: House) -> None:
    take_up(house.units["WY"], "student_apartment", EARLY)
    book, browser = "SA:contacts", house.browser("zhao")
    entry = next(field.choices[0][0] for field in rule_of(book).fields if field.key == "entry")
    browser.post("/registers/add", _of(book, **{"v-entry": entry, "v-name": "陈大文", "v-phone": "13912345678"}))
    made = Entry.objects.get()
    address = f"/registers/entries/{made.id}"
    assert "陈大文" not in _page(browser, address)
    shown = browser.post(f"{address}/unmask/phone", {"reason": "contact"})
    assert "13912345678" in shown.content.decode() and Unmasking.objects.get().subject == f"entry:{made.id}"


def test_an_amendment_leaves_hidden_values_as_they_were(registers: House) -> None:
    browser = registers.browser("zhao")
    made = _add(browser)
    said = SHOP | {"v-phone": "", "v-business": "便利店", "reason": "补填"}
    browser.post(f"/registers/entries/{made.id}/amend", said)
    made.refresh_from_db()
    assert (made.values["phone"], made.values["business"], made.version) == ("13912345678", "便利店", 2)
    assert "补填" in _page(browser, f"/registers/entries/{made.id}")
    refused = browser.post(f"/registers/entries/{made.id}/amend", said | {"reason": "", "v-business": "超市"})
    assert refused.status_code == 422 and "超市" in refused.content.decode() and Version.objects.count() == 2


def test_a_merchant_who_left_is_closed_with_the_day(registers: House) -> None:
    browser = registers.browser("zhao")
    made = _add(browser)
    assert "天未销账" in _page(browser, "/registers/list", **_of(MERCHANTS, open=1))
    browser.post(f"/registers/entries/{made.id}/close", {"note": "合同到期", "v-moved_out_on": "2026-02-01"})
    made.refresh_from_db()
    assert made.closed_at is not None and made.values["moved_out_on"] == "2026-02-01"
    assert "没有符合条件的记录" in _page(browser, "/registers/list", **_of(MERCHANTS, open=1))


def test_entries_are_filtered_by_month_and_words(registers: House) -> None:
    browser = registers.browser("zhao")
    _add(browser)
    assert "晨光便利店" in _page(browser, "/registers/list", **_of(MERCHANTS, month="2026-01", q="晨光"))
    for other in ({"month": "2026-02"}, {"q": "理发"}):
        assert "晨光便利店" not in _page(browser, "/registers/list", **_of(MERCHANTS, **other))


def test_files_go_out_masked_and_nothing_typed_runs(registers: House) -> None:
    _add(registers.browser("zhao"), **{"v-merchant": "=HYPERLINK(1)"})
    query = _of(MERCHANTS)
    book = CalamineWorkbook.from_filelike(io.BytesIO(registers.browser("qian").get("/registers/export", query).content))
    head, row = book.get_sheet_by_index(0).to_python()
    assert dict(zip(head, row, strict=True))["商户"] == "=HYPERLINK(1)" and "139****5678" in row
    text = registers.browser("qian").get("/registers/export", query | {"kind": "csv"}).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in next(row for row in list(csv.reader(io.StringIO(text)))[1:])


def test_a_file_gets_a_verdict_on_each_row_and_is_then_taken(registers: House) -> None:
    browser = registers.browser("zhao")
    text = "户,key,把数,收取日期,交来人,经办人,颜色\n3-2-1501,大门,2,2026/1/31,王小芳,李接待,红\n3-2-1502,大门,两,2026-01-31,赵,李接待,\n"
    head = registers_head(browser)
    text = text.replace("户,key,把数,收取日期,交来人,经办人", ",".join(head[:6]))
    file = SimpleUploadedFile("keys.csv", text.encode("gb18030"))
    answer = browser.post("/registers/bring", _of(KEYS, file=file), follow=True)
    page, address = answer.content.decode(), answer.redirect_chain[-1][0]
    assert "“两”不对" in page and "可导入" in page and "颜色" in page and not Entry.objects.exists()
    browser.post(address)
    browser.post(address)
    assert [entry.values["household"] for entry in Entry.objects.all()] == ["3-2-1501"]


def registers_head(browser: Client) -> list[str]:
    """The names of the columns as the template has them."""
    text = browser.get("/registers/template", _of(KEYS, kind="csv")).content.decode("utf-8-sig")
    return next(csv.reader(io.StringIO(text)))


def test_what_is_not_a_file_of_rows_is_refused_with_words(registers: House) -> None:
    browser = registers.browser("zhao")
    for name, data in (("a.csv", b"\x89PNG"), ("a.xlsx", b"x"), ("a.csv", "别的,列\n1,2\n".encode())):
        answer = browser.post("/registers/bring", _of(KEYS, file=SimpleUploadedFile(name, data)), follow=True)
        assert "toast error" in answer.content.decode()
    assert "toast error" in browser.post("/registers/bring", _of(KEYS), follow=True).content.decode()


def test_another_projects_registers_look_absent(registers: House) -> None:
    made = _add(registers.browser("zhao"))
    other = registers.browser("wang")
    for address in (f"/registers/entries/{made.id}", f"/registers/list?unit=CY&register={MERCHANTS}", "/registers?unit=CY"):
        assert other.get(address).status_code == 404
    assert other.post("/registers/add", _of(MERCHANTS, **SHOP)).status_code == 404
    assert other.post(f"/registers/entries/{made.id}/amend", SHOP | {"reason": "x"}).status_code == 404
    assert "晨光" not in _page(other, "/registers/list", **_of(MERCHANTS, unit="LY"))


def test_who_may_not_keep_registers_reads_them(registers: House) -> None:
    made = _add(registers.browser("zhao"))
    head = registers.browser("sun")
    assert "新登记" not in _page(head, "/registers/list", **_of(MERCHANTS))
    assert "更正原因" not in _page(head, f"/registers/entries/{made.id}")
    assert head.post("/registers/add", _of(MERCHANTS, **SHOP)).status_code == 404


def test_pages_speak_english(registers: House) -> None:
    browser = registers.browser("zhao")
    _add(browser)
    staff = registers.staff["zhao"]
    staff.language = "en"
    staff.save()
    page = _page(browser, "/registers/list", **_of(MERCHANTS))
    assert "New entry" in page and "days" in page and "Export CSV" in page


def test_an_entry_says_what_it_was_recorded_as(registers: House) -> None:
    browser = registers.browser("zhao")
    assert "登记即同时记为办理：商户已入驻" in _page(browser, "/registers/list", **_of(MERCHANTS))
    made = _add(browser)
    page = _page(browser, f"/registers/entries/{made.id}")
    assert "已记为办理" in page and "商户已入驻" in page
    refused = browser.post("/registers/add", _of("CR:key-uses", **{
        "v-household": "3-2-1501", "v-used": "key", "v-used_by": "李师傅", "v-used_at": "2026-01-06T09:00", "v-reason": "关水",
    }))  # fmt: skip
    assert refused.status_code == 422 and "CR-7.3.0.4b" in refused.content.decode()


def test_what_an_act_left_open_waits_to_be_filled_in(registers: House) -> None:
    fact = Fact("merchant_moved_in", EARLY, None, "CY", "service_centre", {"merchant": "面馆"})
    store(registers.organisation.id, [fact], by=None, at=timezone.now())
    browser, made = registers.browser("zhao"), Entry.objects.get()
    assert "待补" in _page(browser, "/registers/list", **_of(MERCHANTS))
    assert "由办理记录自动登记，请补上：铺位、负责人" in _page(browser, f"/registers/entries/{made.id}")
    answer = browser.post(
        f"/registers/entries/{made.id}/amend",
        {"v-merchant": "面馆", "v-moved_in_on": "2026-01-15", "v-shop": "1-5", "v-head": "", "reason": "补登"},
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.values["shop"] == "1-5"


def test_a_register_of_cases_shows_them_and_takes_what_is_added_by_hand(registers: House) -> None:
    take_up(registers.units["WY"], "resident_help", EARLY)
    case = registers.register("家中停电", record="help_request", contact_name="王小芳", contact_phone="13812345678")
    browser, asked = registers.browser("zhao"), _of("RH:help_requests")
    page = _page(browser, "/registers/list", **asked)
    assert "本台账由工单自动登记" in page and case.number in page and "王小芳" not in page and "新登记" not in page
    assert re.search(r"register=RH%3Ahelp_requests\">1<", _page(browser, "/registers", unit="CY"))
    here = f"/registers/cases/{case.case_id}"
    assert case.number in _page(browser, here, register="RH:help_requests")
    assert browser.post(f"{here}?register=RH:help_requests", {"v-handler_signature": "裴师傅"}).status_code == 302
    assert "裴师傅" in _page(browser, "/registers/list", **asked) and "裴师傅" in _page(browser, "/registers/print", **asked)
    [_, row] = list(csv.reader(io.StringIO(browser.get("/registers/export", asked | {"kind": "csv"}).content.decode("utf-8-sig"))))
    assert case.number in row and "裴师傅" in row
    assert browser.get(here, {"register": "CR:merchants"}).status_code == 404
    entry = Entry.objects.get()
    assert browser.get(f"/registers/entries/{entry.id}").headers["Location"].startswith(here)
    assert browser.post("/registers/add", asked).status_code == 422


def test_of_the_stages_that_the_company_listed_those_without_a_record_are_seen(registers: House) -> None:
    browser, register = registers.browser("zhao"), "CR:committee-founding"
    assert "尚无记录" not in _page(browser, "/registers/list", **_of(register)), "nothing is listed yet"
    adoption = Adoption.objects.get(regulation="customer_relations")
    stages = ["成立筹备组", "候选人公示", "首次业主大会"]
    set_setting(adoption, "CR-5.1.0.1a", "stages", stages, EARLY.date(), by=CLERK, at=timezone.now())
    assert f"阶段：{'、'.join(stages)}。" in _page(browser, "/registers/list", **_of(register))
    for stage in stages[1:]:
        sent = {"v-stage": stage, "v-done_on": "2026-01-15", "v-record": "已公示"}
        assert browser.post("/registers/add", _of(register, **sent)).status_code == 302
    page = _page(browser, "/registers/list", **_of(register))
    assert re.search(r"尚无记录：成立筹备组<", page)
    assert (
        browser.post("/registers/add", _of(register, **{"v-stage": stages[0], "v-done_on": "2026-01-10", "v-record": "公告"})).status_code
        == 302
    )
    assert "都已有记录。" in _page(browser, "/registers/list", **_of(register))


def test_an_entry_is_closed_once_it_says_what_the_register_asks_and_the_form_says_so(registers: House) -> None:
    browser = registers.browser("zhao")
    sent = {"v-title": "外墙检测报告", "v-sender": "服务中心", "v-receiver": "业委会", "v-sent_on": "2026-01-22"}
    assert browser.post("/registers/add", _of("CR:committee-papers", **sent)).status_code == 302
    made = Entry.objects.latest("entered_at")
    closing = browser.get(f"/registers/entries/{made.id}").context["close_form"]
    assert [name for name, field in closing.fields.items() if field.required] == ["v-signed_by", "v-signed_on", "note"]
    refused = browser.post(f"/registers/entries/{made.id}/close", {"note": "已签收", "v-signed_by": "业委会秘书"})
    assert refused.status_code == 422 and list(refused.context["close_form"].errors) == ["v-signed_on"]
    assert Entry.objects.get(id=made.id).closed_at is None
    browser.post(f"/registers/entries/{made.id}/close", {"note": "已签收", "v-signed_by": "业委会秘书", "v-signed_on": "2026-01-23"})
    assert Entry.objects.get(id=made.id).closed_at is not None
