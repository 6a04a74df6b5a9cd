"""Bringing a ledger in through the pages: the columns, the verdict on each row, the watch that takes them, the result."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from huiyin.channels.sheets import running
from huiyin.channels.sheets.files import read_table
from huiyin.desk.cases.models import Case
from huiyin.desk.imports.jobs import KEPT_FOR, drop_old_uploads
from huiyin.desk.imports.models import Import, SavedMapping, Upload
from huiyin.desk.journal.models import Entry
from huiyin.faces.console.tests.conftest import House

HEAD = "投诉编号,接诉时间,小区名称,工单类型,投诉内容,联系电话,备注"
GOOD = "A1,2026-02-03 10:00,翠园一期,投诉,电梯停运两天，请速修 13812345678,13812345678,急"
BAD = "A2,2026-02-30 10:00,翠园一期,投诉,水管漏水,13812345678,"
ODD = "A3,2026-02-04 10:00,绿洲花园,来信,路灯不亮,,"
LEDGER = "\n".join((HEAD, GOOD, BAD, ODD))
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
SENT = {
    "source": "旧台账", "column-0": "source_id", "column-1": "at", "column-2": "unit", "column-3": "record", "column-4": "story",
    "column-5": "contact_phone", "asked": ["unit", "record"], "word-unit-0": "CY", "word-unit-1": "LY", "word-record-0": "complaint",
    "constant-channel": "call_centre_400", "do": "preview",
}  # fmt: skip


def _upload(browser: Client, text: str = LEDGER, name: str = "台账2026.csv", coding: str = "utf-8") -> UUID:
    answer = browser.post("/imports/upload", {"file": SimpleUploadedFile(name, text.encode(coding))})
    assert answer.status_code == 302 and "/imports/files/" in answer["Location"], answer["Location"]
    return UUID(answer["Location"].rsplit("/", 1)[1])


def _map(browser: Client, upload: UUID, **more: Any) -> str:
    return str(browser.post(f"/imports/files/{upload}", SENT | more)["Location"])


def _page(browser: Client, address: str) -> str:
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def _figure(page: str, show: str) -> str:
    found = re.search(rf'href="\?show={show}"[^>]*>[^<]*<strong>(\d+)', page)
    return found[1] if found else ""


@pytest.mark.parametrize("coding", ["utf-8", "gbk"])
def test_columns_and_words_are_guessed_and_what_is_lacking_is_asked_for(house: House, coding: str) -> None:
    browser = house.browser("wu")
    page = _page(browser, f"/imports/files/{_upload(browser, coding=coding)}")
    for number, field in enumerate(("source_id", "at", "unit", "record", "story", "contact_phone", "")):
        select = re.search(rf'name="column-{number}".*?</select>', page, re.DOTALL)
        assert select is not None
        assert re.findall(r'value="(\w+)" selected', select[0]) == ([field] if field else [])
    assert "还缺：渠道" in page and "138****5678" in page and "13812345678" not in page
    # 来信 is no word of ours: it is asked what it means; the names of units are known.
    words = page[page.index('id="words"') :]
    assert re.search(r"翠园一期</label><select[^>]*>.*?value=\"CY\" selected", words) and not re.search(r"来信</label>.*?selected", words)


def test_without_what_is_lacking_there_is_no_preview(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser)
    assert _map(browser, upload, **{"constant-channel": ""}) == f"/imports/files/{upload}"
    assert "还缺：渠道" in _page(browser, f"/imports/files/{upload}/preview")
    assert browser.post(f"/imports/files/{upload}/begin")["Location"] == f"/imports/files/{upload}" and not Import.objects.exists()


def test_words_that_were_not_shown_yet_are_asked_for_before_the_preview(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser, LEDGER.replace("工单类型", "别的"))
    assert _map(browser, upload, asked=["unit"]) == f"/imports/files/{upload}"
    assert "请说明" in _page(browser, f"/imports/files/{upload}")


def test_every_row_gets_its_verdict_and_nothing_is_brought_in_yet(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser)
    page = _page(browser, _map(browser, upload))
    assert (_figure(page, "taken"), _figure(page, "refused"), _figure(page, "existing")) == ("1", "2", "0")
    assert "没有这一天" in page and "“来信”不在对应表中" in page and "导入正确的 1 行" in page and "下载错误的 2 行" in page
    assert "13812345678" not in page and not Case.objects.exists()
    only = _page(browser, f"/imports/files/{upload}/preview?show=taken")
    assert "A1" in only and "A2" not in only


def test_the_wrong_rows_are_their_own_file_with_the_reason_and_come_in_once_corrected(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser)
    _map(browser, upload)
    answer = browser.get(f"/imports/files/{upload}/wrong")
    table = read_table("wrong.csv", answer.content)
    assert table.header == (*HEAD.split(","), "错误原因") and [row.cells[0] for row in table.rows] == ["A2", "A3"]
    assert "%E9%94%99%E8%AF%AF%E8%A1%8C.csv" in answer["Content-Disposition"]
    _begun(browser, upload)
    corrected = answer.content.decode("utf-8-sig").replace("2026-02-30", "2026-02-28").replace("来信", "投诉")
    again = _upload(browser, corrected, "台账2026-错误行.csv")
    page = _page(browser, f"/imports/files/{again}")
    assert "错误原因" not in page and 'value="台账2026"' in page
    page = _page(browser, _map(browser, again))
    assert (_figure(page, "taken"), _figure(page, "refused")) == ("2", "0")


def _begun(browser: Client, upload: UUID) -> Import:
    address = browser.post(f"/imports/files/{upload}/begin")["Location"]
    return Import.objects.get(id=address.rsplit("/", 1)[1])


def test_the_watch_takes_the_rows_and_the_page_tells_how_far_it_is(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser)
    _map(browser, upload)
    begun = _begun(browser, upload)
    page = _page(browser, f"/imports/{begun.id}?show=waiting")
    assert "正在导入：0 / 3 行" in page and 'hx-trigger="every 2s"' in page and _figure(page, "waiting") == "3"
    assert not Upload.objects.exists() and not Case.objects.exists()
    assert running.carry_on_unattended(lambda: timezone.now()) == 1
    page = _page(browser, f"/imports/{begun.id}")
    assert "正在导入" not in page and 'hx-trigger="every' not in page
    assert (_figure(page, "taken"), _figure(page, "refused")) == ("1", "2")
    case = Case.objects.get()
    assert (case.unit_code, case.external_numbers) == ("CY", {"旧台账": "A1"})
    assert f"/cases/{case.number}" in _page(browser, f"/imports/{begun.id}?show=taken")
    assert "台账2026.csv" in _page(browser, "/imports")
    told = set(Entry.objects.filter(action__startswith="imports.").values_list("action", flat=True))
    assert {"imports.upload", "imports.map", "imports.begin", "imports.drop", "imports.end"} <= told


def test_rows_that_are_there_already_are_skipped(house: House) -> None:
    browser = house.browser("wu")
    first = _upload(browser, "\n".join((HEAD, GOOD)))
    _map(browser, first)
    _begun(browser, first)
    running.carry_on_unattended(lambda: timezone.now())
    second = _upload(browser, "\n".join((HEAD, GOOD, GOOD.replace("A1", "A9"))), "另一份.csv")
    page = _page(browser, _map(browser, second))
    assert (_figure(page, "taken"), _figure(page, "existing")) == ("1", "1") and "已存在，跳过" in page
    # The very same file by the same mapping is the import that it was.
    third = _upload(browser, "\n".join((HEAD, GOOD)))
    _map(browser, third)
    assert "已经导入过" in _page(browser, browser.post(f"/imports/files/{third}/begin")["Location"]) and Import.objects.count() == 1


def test_a_saved_mapping_fills_the_next_ledger_of_its_kind_in(house: House) -> None:
    browser = house.browser("wu")
    upload = _upload(browser)
    assert _map(browser, upload, do="save", name="月台账") == f"/imports/files/{upload}"
    assert SavedMapping.objects.get().name == "月台账"
    other = _upload(house.browser("zhou"), LEDGER.replace("A1", "B1"), "三月.csv")
    page = _page(house.browser("zhou"), f"/imports/files/{other}")
    assert "月台账" in page and "还缺" not in page and 'value="旧台账"' in page
    renamed = _upload(browser, LEDGER.replace("投诉编号", "号"))
    _page(browser, "/imports")
    assert "月台账" not in _page(browser, f"/imports/files/{renamed}")


def test_a_file_is_its_owners_alone_and_is_gone_after_a_week(house: House) -> None:
    upload = _upload(house.browser("wu"))
    for address in ("", "/preview", "/wrong"):
        assert house.browser("zhou").get(f"/imports/files/{upload}{address}").status_code == 404
    for login in ("qian", "zhao", "li"):
        assert house.browser(login).get("/imports").status_code == 404
    assert drop_old_uploads(timezone.now()) == 0
    assert drop_old_uploads(timezone.now() + KEPT_FOR + timedelta(minutes=1)) == 1 and not Upload.objects.exists()


def test_what_is_no_ledger_is_told_at_once(house: House) -> None:
    browser = house.browser("wu")
    for name, data, told in (("a.pdf", b"%PDF", "不接受 .pdf 文件"), ("a.csv", b"", "文件是空的"), ("a.csv", b"a,a\n1,2", "列名重复")):
        answer = browser.post("/imports/upload", {"file": SimpleUploadedFile(name, data)}, follow=True)
        assert told in answer.content.decode() and not Upload.objects.exists()


def test_the_template_goes_round(house: House) -> None:
    browser = house.browser("wu")
    data = browser.get("/imports/template").content
    head, example = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    row = ["M-1" if cell == "示例-0001" else "翠园一期" if name == "单位编号" else cell for name, cell in zip(head, example, strict=True)]
    text = "\n".join(",".join(map(str, one)) for one in (head, example, row))
    page = _page(browser, f"/imports/files/{_upload(browser, text, '模板.csv')}/preview")
    assert (_figure(page, "taken"), _figure(page, "refused")) == ("1", "0") and "模板的示例行没有导入" in page
