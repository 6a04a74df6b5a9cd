"""Files of a case, by the keyboard at a desk and on a telephone; nothing in them ever runs in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Dialog, Page, expect

from huiyin.desk.attachments.models import Attachment
from huiyin.faces.console.tests.conftest import House
from huiyin.plumbing.files.tests.samples import HTML, PDF, PLACE, jpeg
from tests.journeys.conftest import Enter

pytestmark = pytest.mark.browser
PHONE: Any = {"width": 390, "height": 844}


def file(name: str, data: bytes) -> Any:
    """A file as somebody chooses it; the browser takes its kind from the name."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": data}


def _tab_until(page: Page, script: str, most: int = 60) -> None:
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(() => {{ const at = document.activeElement; return {script}; }})()"):
            return
    raise AssertionError(f"found no way to {script} by Tab")


def test_files_are_added_to_a_case_and_taken_away_by_the_keyboard_alone(enter: Enter, house: House) -> None:
    made = house.register("电梯停运三小时")
    page = enter("zhao")
    page.goto(f"/cases/{made.number}")
    _tab_until(page, 'at.tagName === "SUMMARY" && at.textContent.trim() === "添加附件"')
    page.keyboard.press("Enter")
    _tab_until(page, 'at.id === "case-files"', 2)
    page.set_input_files("#case-files", [file("现场.jpg", jpeg((800, 600), exif=PLACE)), file("检测报告.pdf", PDF)])
    _tab_until(page, 'at.tagName === "BUTTON" && at.textContent.trim() === "添加附件"', 3)
    page.keyboard.press("Enter")
    expect(page.locator(".attachment")).to_have_count(2)
    small = page.locator(".attachment img")
    assert small.evaluate("img => img.decode().then(() => img.naturalWidth)") == 320
    expect(page.locator("#timeline")).to_contain_text("添加附件 2 个")
    _tab_until(page, 'at.tagName === "SUMMARY" && at.textContent.trim() === "撤下"')
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("传错了")
    page.keyboard.press("Enter")
    expect(page.locator(".attachment")).to_have_count(1)
    expect(page.locator("#timeline")).to_contain_text("传错了")


def test_on_a_telephone_a_photo_goes_with_the_words_and_what_is_too_large_is_told_before_it_is_sent(enter: Enter, house: House) -> None:
    made = house.register("厨房漏水")
    page = enter("zhao")
    page.set_viewport_size(PHONE)
    page.goto(f"/cases/{made.number}")
    page.locator(".composer details summary").click()
    camera = page.locator("#words-camera")
    expect(camera).to_be_visible()
    assert camera.get_attribute("capture") == "environment" and camera.get_attribute("accept") == "image/*"
    page.locator("#words-files").set_input_files(file("太大.pdf", b"%PDF-" + bytes(21 * 1024 * 1024)))
    expect(page.locator(".composer [data-files-error]")).to_contain_text("“太大.pdf”超过 20 MB")
    camera.set_input_files(file("IMG_0000.HEIC", bytes(100)))
    expect(page.locator(".composer [data-files-error]")).to_contain_text("“IMG_0000.HEIC”是 HEIC 照片，不能接受，没有选上")
    camera.set_input_files(file("IMG_0001.jpg", jpeg((400, 300))))
    expect(page.locator(".composer [data-files-error]")).to_be_hidden()
    page.fill("#words", "到场，已关总阀")
    page.get_by_role("button", name="存为内部备注").click()
    expect(page.locator(".attachment")).to_have_count(1)
    expect(page.locator("#timeline")).to_contain_text("添加附件 1 个（随“内部备注”）")
    expect(page.locator("#words")).to_have_value("")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], "nothing stands out at the side"
    page.goto("/cases")
    expect(page.locator(f'[data-row="{made.number}"]')).to_contain_text("附件 1")


def test_nothing_in_a_file_runs_and_a_paper_is_only_kept(enter: Enter, house: House) -> None:
    made, page = house.register("厨房漏水"), enter("zhao")
    ran: list[str] = []

    def told(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", told)
    page.goto(f"/cases/{made.number}")
    page.locator("#files summary", has_text="添加附件").click()
    page.set_input_files("#case-files", [file("<img src=x onerror=alert(1)>.jpg", jpeg() + HTML), file("x.pdf", PDF)])
    page.locator("#files form").last.get_by_role("button", name="添加附件").click()
    expect(page.locator(".attachment")).to_have_count(2)
    photo, paper = Attachment.objects.get(kind="image/jpeg"), Attachment.objects.get(kind="application/pdf")
    address = f"/cases/{made.number}/files/"
    page.goto(f"{address}{photo.id}")
    assert page.evaluate("document.contentType") == "image/jpeg"
    page.goto(f"/cases/{made.number}")
    with page.expect_download() as kept:
        page.locator(f'a[href="{address}{paper.id}"]').first.click()
    assert kept.value.suggested_filename == "x.pdf" and kept.value.path().read_bytes() == PDF
    assert ran == []
