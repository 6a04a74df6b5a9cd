"""Homes, residents and staff by a sheet through the pages: offered to who manages them, previewed, taken, passwords shown once."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.channels.sheets import running
from huiyin.desk.imports.models import Import
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Household
from huiyin.faces.console.tests.conftest import House

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def _upload(browser: Client, of: str, text: str) -> str:
    answer = browser.post("/imports/upload", {"of": of, "file": SimpleUploadedFile("名册.csv", text.encode())})
    assert "/imports/files/" in answer["Location"], browser.get(answer["Location"]).content.decode()
    return str(answer["Location"])


def _taken(browser: Client, there: str) -> str:
    answer = browser.post(f"{there}/begin")
    running.carry_on_unattended(lambda: AT)
    return str(answer["Location"])


def test_homes_are_previewed_and_brought_in(house: House, admin: Client) -> None:
    page = admin.get("/imports", {"of": "homes"}).content.decode()
    assert 'name="of" value="homes"' in page and "?of=homes" in page
    there = _upload(admin, "homes", "小区,房号,面积\n翠园一期,7-1-101,88\n翠园一期,一楼大堂!,88\n翠园一期,3-2-1501,91\n")
    assert re.search(r'value="household" selected', admin.get(there).content.decode())
    sent = {"column-0": "unit", "column-1": "household", "column-2": "area", "asked": ["unit"], "word-unit-0": "CY", "do": "preview"}
    assert admin.post(there, sent)["Location"] == f"{there}/preview"
    page = admin.get(f"{there}/preview").content.decode()
    assert "将更新" in page and "一楼大堂" in page and "导入正确的 2 行" in page and not Household.objects.filter(code="7-1-101").exists()
    assert "一楼大堂" in admin.get(f"{there}/wrong").content.decode("utf-8-sig")
    result = admin.get(_taken(admin, there)).content.decode()
    assert Household.objects.filter(code="7-1-101").exists() and "已更新" in result
    assert Household.objects.get(code="3-2-1501", unit__code="CY").area_m2 == 91


def test_accounts_get_passwords_that_are_shown_once(house: House, admin: Client) -> None:
    there = _upload(admin, "staff", "账号,姓名,单位,岗位\nxin.ren,新人,翠园一期,前台接待员\n")
    address = _taken(admin, there)
    assert "首次登录密码" in admin.get(address).content.decode()
    answer = admin.post(f"{address}/passwords")
    found = re.search(r"<code>([a-z0-9-]{14})</code>", answer.content.decode())
    assert found is not None and Staff.objects.get(login="xin.ren").check_password(found[1])
    assert "no-store" in answer["Cache-Control"]
    again = admin.post(f"{address}/passwords").content.decode()
    assert found[1] not in again and "都已有密码" in again
    assert "首次登录密码" not in admin.get(address).content.decode()


@pytest.mark.parametrize("of", ["homes", "residents", "staff", "cats"])
def test_who_only_brings_cases_in_brings_no_registers_in(house: House, admin: Client, of: str) -> None:
    quality = house.browser("wu")
    assert quality.get("/imports").status_code == 200 and "?of=homes" not in quality.get("/imports").content.decode()
    assert quality.get("/imports", {"of": of}).status_code == 404
    assert quality.get("/imports/template", {"of": of}).status_code == 404
    file = SimpleUploadedFile("名册.csv", "账号,姓名\nxin,新人\n".encode())
    assert quality.post("/imports/upload", {"of": of, "file": file}).status_code == 404
    if of == "staff":
        address = _taken(admin, _upload(admin, of, "账号,姓名\nxin,新人\n"))
        assert quality.get(address).status_code == 404 and quality.post(f"{address}/passwords").status_code == 404
        assert Import.objects.get().of == "staff"
