"""Inspections in the console: findings in one tap, taken back, sent twice; what the records propose; the sheet; rectification; scope."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from huiyin.desk.files.models import Kept
from huiyin.desk.inspections.models import Finding, Photo, Rejection
from huiyin.desk.journal.models import Entry
from huiyin.desk.matters.models import Figure, Matter
from huiyin.desk.registers.tests.conftest import take_up
from huiyin.faces.console.tests.conftest import EARLY, House
from huiyin.faces.console.tests.stage import watch
from huiyin.plumbing.files.tests.samples import MAKER, PLACE, jpeg

SHOPS, PHONE_HOURS = "CR-6.1.2.1", "CR-2.1.1.2"


@pytest.fixture
def inspected(house: House) -> House:
    """The house, whose company inspects its projects by the customer relations standard."""
    take_up(house.units["WY"], "customer_relations", EARLY)
    return house


@pytest.fixture
def begun(inspected: House) -> tuple[House, Client, Matter]:
    """An inspection of the project, just begun by the quality department."""
    browser = inspected.browser("wu")
    assert browser.post("/inspections/open", {"unit": "CY"}).status_code == 302
    return inspected, browser, Matter.objects.get(about="inspection")


def _find(browser: Client, inspection: Matter, clause: str, **more: Any) -> Any:
    return browser.post(f"/inspections/{inspection.id}/findings", {"clause": clause, **more})


def _left(browser: Client, inspection: Matter) -> str:
    found = re.search(r"<output data-left>([^<]*)<", browser.get(f"/inspections/{inspection.id}").content.decode())
    assert found
    return found[1]


def test_a_finding_takes_its_points_and_gives_them_back_when_withdrawn(begun: tuple[House, Client, Matter]) -> None:
    _, browser, inspection = begun
    assert _left(browser, inspection) == "35"
    _find(browser, inspection, PHONE_HOURS, text="夜间无人接听，来电13812345678")
    page = browser.get(f"/inspections/{inspection.id}").content.decode()
    assert _left(browser, inspection) == "34.9" and "夜间无人接听" in page and "13812345678" not in page
    finding = Finding.objects.get()
    browser.post(f"/inspections/{inspection.id}/withdraw", {"finding": str(finding.id), "reason": "看错了"})
    assert _left(browser, inspection) == "35"
    assert "看错了" in browser.get(f"/inspections/{inspection.id}").content.decode()


def test_the_same_finding_sent_twice_is_one_and_the_script_gets_the_standard_back(begun: tuple[House, Client, Matter]) -> None:
    _, browser, inspection = begun
    sent = {"Idempotency-Key": str(uuid4()), "X-Waited": "7200000", "X-Outbox": "1"}
    for _turn in range(2):
        answer = browser.post(f"/inspections/{inspection.id}/findings", {"clause": PHONE_HOURS}, headers=sent)
        assert answer.status_code == 200 and answer["X-Left"] == "34.9"
        assert f'id="s-{PHONE_HOURS}"' in answer.content.decode() and "×1" in answer.content.decode()
    assert Finding.objects.count() == 1
    assert Finding.objects.get().at < timezone.now() - timedelta(minutes=119)
    wrong = browser.post(f"/inspections/{inspection.id}/findings", {"clause": "CR-99"}, headers={"X-Outbox": "1"})
    assert wrong.status_code == 422 and "请从检查表中选择" in wrong.content.decode()


def test_shops_count_each_once_to_the_cap_of_the_row(begun: tuple[House, Client, Matter]) -> None:
    _, browser, inspection = begun
    for shop in ("甲店", "甲店", "乙店"):
        _find(browser, inspection, SHOPS, merchant=shop)
    assert _left(browser, inspection) == "34.8"
    first = Finding.objects.filter(merchant="乙店").get()
    browser.post(f"/inspections/{inspection.id}/withdraw", {"finding": str(first.id)})
    assert _left(browser, inspection) == "34.9"


def test_what_only_a_look_on_site_shows_is_found_under_its_standard(begun: tuple[House, Client, Matter]) -> None:
    _, browser, inspection = begun
    page = browser.get(f"/inspections/{inspection.id}").content.decode()
    for part in ("CR-6.1.2.3a", "CR-6.1.2.3c", "CR-6.1.2.5a", "CR-6.1.2.5b"):
        assert f'<option value="{part}">' in page
        _find(browser, inspection, part, merchant=f"{part}店", text="现场查看")
    assert Finding.objects.count() == 4 and _left(browser, inspection) == "34.6"
    sheet = browser.get(f"/inspections/{inspection.id}/sheet").content.decode()
    assert "CR-6.1.2.5b" in sheet and "CR-6.1.2.3b店" not in sheet


def test_a_photo_is_told_by_its_bytes_kept_with_all_files_and_stands_on_the_sheet(begun: tuple[House, Client, Matter]) -> None:
    house, browser, inspection = begun
    _find(browser, inspection, PHONE_HOURS, photo=SimpleUploadedFile("x.png", b"<svg onload=alert(1)>" + bytes(99), "image/png"))
    assert not Finding.objects.exists(), "what is no picture stops the whole finding"
    _find(browser, inspection, PHONE_HOURS, photo=SimpleUploadedFile("x.txt", b"\xff\xd8\xff" + bytes(5 * 1024 * 1024), "text/plain"))
    assert not Finding.objects.exists()
    _find(browser, inspection, PHONE_HOURS, photo=SimpleUploadedFile("x.txt", jpeg(exif=PLACE), "text/plain"))
    photo = Photo.objects.get()
    file = Kept.objects.get(of="finding", of_id=photo.finding_id)
    kept = bytes(file.data)
    assert file.id == photo.id and photo.kind == "image/jpeg" and kept.startswith(b"\xff\xd8\xff") and MAKER not in kept
    address = f"/inspections/{inspection.id}/photo?photo={photo.id}"
    assert address in browser.get(f"/inspections/{inspection.id}/sheet").content.decode()
    answer = browser.get(address)
    assert answer.content == kept and answer["Content-Type"] == "image/jpeg" and "sandbox" in answer["Content-Security-Policy"]
    assert house.browser("wang").get(address).status_code == 404
    assert Entry.objects.filter(action="inspections.add_photo").count() == 1


def test_closing_keeps_the_figures_and_nothing_is_found_afterwards(begun: tuple[House, Client, Matter]) -> None:
    house, browser, inspection = begun
    _find(browser, inspection, PHONE_HOURS)
    assert browser.post(f"/inspections/{inspection.id}/close")["Location"].endswith("/sheet")
    assert Figure.objects.get(clause="CR-0b").amount == Decimal("34.9")
    _find(browser, inspection, PHONE_HOURS, text="太晚了")
    assert Finding.objects.count() == 1
    listed = browser.get("/inspections").content.decode()
    assert "34.9 / 35" in listed and "吴品质" in listed and "已结束" in listed
    sheet = browser.get(f"/inspections/{inspection.id}/sheet").content.decode()
    assert PHONE_HOURS in sheet and "-0.1" in sheet
    compared = browser.get("/inspections/compare").content.decode()
    assert "34.9 / 35" in compared and inspection.name in compared
    # The manager of the project reads it, and records nothing.
    assert house.browser("qian").get(f"/inspections/{inspection.id}").status_code == 200
    assert _find(house.browser("qian"), inspection, PHONE_HOURS).status_code == 404
    assert house.browser("wang").get(f"/inspections/{inspection.id}").status_code == 404


def test_late_answers_are_proposed_with_their_list_and_counted_or_not_by_a_person(inspected: House) -> None:
    numbers = [inspected.register(f"楼道灯不亮 {number}", ago=timedelta(days=9)).number for number in range(2)]
    watch()
    browser = inspected.browser("wu")
    audit = browser.get("/inspections/audit", {"unit": "CY"}).content.decode()
    link = re.search(r'href="(/inspections/evidence\?[^"]*rule=CR%3Arespond&[^"]*)"[^>]*>2 项中 2 项逾期', audit.replace("&amp;", "&"))
    assert link, audit
    behind = browser.get(link[1]).content.decode()
    assert all(number in behind for number in numbers) and behind.count("已超时") == 2
    browser.post("/inspections/open", {"unit": "CY"})
    inspection = Matter.objects.get(about="inspection")
    page = browser.get(f"/inspections/{inspection.id}").content.decode()
    assert "确认扣分" in page
    _find(browser, inspection, "CR-2.1.3.3", rule="CR:respond")
    finding = Finding.objects.get()
    assert (finding.told[0]["rule"], finding.told[0]["bad"], finding.told[0]["whole"]) == ("CR:respond", 2, 2)
    assert "2 项中 2 项逾期" in browser.get(f"/inspections/{inspection.id}/sheet").content.decode()
    other = re.search(r'name="clause" value="([^"]+)"><input type="hidden" name="rule" value="([^"]+)"><input name="reason"', page)
    assert other
    refused = {"clause": other[1], "rule": other[2]}
    browser.post(f"/inspections/{inspection.id}/reject", refused)
    assert not Rejection.objects.exists(), "a reason is asked"
    browser.post(f"/inspections/{inspection.id}/reject", refused | {"reason": "系统停用期间"})
    assert Rejection.objects.get().reason == "系统停用期间"
    assert "系统停用期间" in browser.get(f"/inspections/{inspection.id}").content.decode()


def test_a_finding_is_put_right_by_somebody_until_a_day(begun: tuple[House, Client, Matter]) -> None:
    house, browser, inspection = begun
    _find(browser, inspection, PHONE_HOURS, text="夜间无人接听")
    finding, manager = Finding.objects.get(), house.browser("qian")
    assert "夜间无人接听" in manager.get("/inspections/tasks").content.decode()
    yesterday = timezone.localdate() - timedelta(days=1)
    manager.post("/inspections/tasks", {"finding": str(finding.id), "responsible": "前台主管", "due_on": str(yesterday)})
    assert "逾期" in manager.get("/inspections/tasks").content.decode()
    manager.post("/inspections/tasks", {"finding": str(finding.id), "act": "done", "note": ""})
    assert Finding.objects.get().done_at is None
    manager.post("/inspections/tasks", {"finding": str(finding.id), "act": "done", "note": "排了夜班"})
    assert "夜间无人接听" not in manager.get("/inspections/tasks").content.decode()
    assert "排了夜班" in manager.get("/inspections/tasks?state=done").content.decode()
    assert {"inspections.set_task", "inspections.finish_task"} <= set(Entry.objects.values_list("action", flat=True))
    assert house.browser("wang").post("/inspections/tasks", {"finding": str(finding.id), "act": "done", "note": "x"}).status_code == 404
