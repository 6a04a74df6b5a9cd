"""Files of a case in the console: added, shown, opened, taken away; bad ones told in words; nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case
from huiyin.desk.files.models import Kept
from huiyin.desk.journal.models import Entry
from huiyin.desk.people.doors import accounts
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House
from huiyin.plumbing.files.tests.samples import ELF, HTML, MAKER, PDF, PLACE, SVG, giant, jpeg


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/octet-stream")


def send(client: Client, case: Case, *files: SimpleUploadedFile, **more: Any) -> Any:
    return client.post(f"/cases/{case.number}/files", {"files": list(files), **more})


@pytest.fixture
def case(house: House) -> Case:
    return house.case(house.register().number)


@pytest.fixture
def zhao(house: House) -> Client:
    return house.browser("zhao")


def test_a_photo_and_a_paper_stand_on_the_page_in_the_timeline_in_the_row_and_on_paper(case: Case, zhao: Client) -> None:
    answer = send(zhao, case, upload("现场13812345678.jpg", jpeg(exif=PLACE)), upload("检测报告.pdf", PDF))
    assert answer.status_code == 302 and answer["Location"].endswith("#files")
    photo, paper = Attachment.objects.order_by("kind")[1], Attachment.objects.order_by("kind")[0]
    page = zhao.get(f"/cases/{case.number}").content.decode()
    for told in ("检测报告.pdf", "现场138****5678.jpg", f"/files/{photo.id}/small", "赵对接", "添加附件 2 个", "仅内部可见"):
        assert told in page, told
    assert f"/files/{paper.id}/small" not in page and "13812345678" not in page
    tab = zhao.get(f"/cases/{case.number}?tab=paper").content.decode()
    assert "<strong>添加附件 2 个<" in tab and "<strong>添加附件 2 个<" not in zhao.get(f"/cases/{case.number}?tab=talk").content.decode()
    assert "附件 2</span>" in zhao.get("/cases").content.decode()
    assert "检测报告.pdf" in zhao.get(f"/cases/{case.number}/print").content.decode()


def test_a_paper_is_only_ever_kept_and_a_photo_is_shown_without_what_the_camera_said(case: Case, zhao: Client) -> None:
    send(zhao, case, upload("现场.jpg", jpeg(exif=PLACE)), upload("合同 终稿.pdf", PDF))
    for one in Attachment.objects.all():
        answer = zhao.get(f"/cases/{case.number}/files/{one.id}")
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "no-store"
        shown = one.kind == "image/jpeg"
        assert answer["Content-Disposition"].startswith("inline" if shown else "attachment") and answer["Content-Type"] == one.kind
        assert "filename*=utf-8''" in answer["Content-Disposition"]
        assert MAKER not in answer.content and (shown or answer.content == PDF)
    small = zhao.get(f"/cases/{case.number}/files/{Attachment.objects.get(kind='image/jpeg').id}/small")
    assert small["Content-Type"] == "image/jpeg" and "sandbox" in small["Content-Security-Policy"]
    assert Entry.objects.filter(action="attachments.look").count() == 2, "the small picture on the page is no look"


def test_they_come_with_the_registration_and_with_the_words_of_an_act(house: House, zhao: Client) -> None:
    said = {"record": "complaint", "unit": "CY", "story": "电梯停运", "category": "GP:engineering_repair"}
    form = {**said, "dispatch": "on", "files": [upload("门口.jpg", jpeg())]}
    number = zhao.post("/register", form)["Location"].rpartition("/")[2]
    case = house.case(number)
    assert Attachment.objects.get(case_id=case.id).act == "register"
    zhao.post(f"/cases/{number}/words", {"mode": "internal", "text": "看过了", "files": [upload("a.pdf", PDF)]})
    zhao.post(f"/cases/{number}/moves/accept", {"version": ""})
    zhao.post(f"/cases/{number}/moves/contact", {"text": "已联系", "camera": [upload("b.jpg", jpeg((90, 90)))]})
    zhao.post(f"/cases/{number}/words", {"mode": "reply", "text": "请看照片", "files": [upload("c.jpg", jpeg((99, 99)))]})
    found = {one.act: one.for_customer for one in Attachment.objects.filter(case_id=case.id)}
    assert found == {"register": False, "note": False, "contact": False, "public_reply": True}
    page = zhao.get(f"/cases/{number}").content.decode()
    assert "添加附件 1 个（随登记）" in page and "添加附件 1 个（随“内部备注”）" in page


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("x.jpg", HTML, 415), ("x.jpg", SVG, 415), ("x.jpg", ELF, 415), ("x.jpg", b"alert(1);" * 9, 415), ("x.svg", SVG, 415),
        ("x.jpg", giant(50_000, 50_000), 422), ("x.jpg", jpeg((200, 200))[:500], 422), ("x.pdf", PDF[:40], 422), ("x.jpg", b"", 422),
        ("x.heic", b"\0\0\0\x20ftypheic" + bytes(99), 415), ("x.pdf", b"%PDF-" + bytes(1024 * 1024), 413),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_in_words_and_nothing_of_the_act_is_kept(
    case: Case, zhao: Client, settings: Settings, name: str, data: bytes, status: int
) -> None:
    settings.ATTACHMENT_MOST_BYTES = 1024 * 1024
    answer = send(zhao, case, upload("好.pdf", PDF), upload(name, data))
    assert answer.status_code == status and f"“{name}”" in answer.content.decode()
    words = zhao.post(f"/cases/{case.number}/words", {"mode": "internal", "text": "随附", "files": [upload(name, data)]})
    assert f"“{name}”" in words.content.decode() and "随附" in words.content.decode()
    form = {"record": "complaint", "unit": "CY", "story": "另一件事", "files": [upload(name, data)]}
    registered = zhao.post("/register", form)
    assert f"“{name}”" in registered.content.decode() and "请重新选择" in registered.content.decode()
    assert not Attachment.objects.exists() and Case.objects.count() == 1
    assert not Entry.objects.filter(action="facts.note_added").exists()


def test_no_file_at_all_is_told_too_and_a_page_in_english_says_it_in_english(house: House, case: Case, zhao: Client) -> None:
    answer = zhao.post(f"/cases/{case.number}/files", {})
    assert answer.status_code == 422 and "没有选择文件" in answer.content.decode()
    staff = house.staff["zhao"]
    staff.language = "en"
    staff.save()
    assert "found a file of a kind that is not taken" in send(zhao, case, upload("x.jpg", HTML)).content.decode()


def test_who_added_it_or_supervises_takes_it_away_and_its_trace_stays(house: House, case: Case, zhao: Client) -> None:
    send(zhao, case, upload("传错.pdf", PDF))
    one = Attachment.objects.get()
    address = f"/cases/{case.number}/files/{one.id}"
    assert house.browser("qian").post(f"{address}/remove", {"why": "不想留"}).status_code == 404
    assert f"{address}/remove" not in house.browser("qian").get(f"/cases/{case.number}").content.decode()
    zhao.post(f"{address}/remove", {"why": " "})
    assert Kept.objects.count() == 1, "a reason is needed"
    assert house.browser("wu").post(f"{address}/remove", {"why": "含他人隐私"}).status_code == 302
    assert not Kept.objects.exists() and zhao.get(address).status_code == 404
    page = zhao.get(f"/cases/{case.number}").content.decode()
    assert "撤下附件" in page and "含他人隐私" in page and address not in page


def test_others_and_guessed_ids_are_not_there(house: House, case: Case, zhao: Client) -> None:
    send(zhao, case, upload("a.jpg", jpeg()))
    other, one = house.case(house.register("另一件").number), Attachment.objects.get()
    for client, number in ((house.browser("wang"), case.number), (zhao, other.number)):
        for tail in ("", "/small"):
            assert client.get(f"/cases/{number}/files/{one.id}{tail}").status_code == 404
        assert client.post(f"/cases/{number}/files/{one.id}/remove", {"why": "x"}).status_code == 404
    assert zhao.get(f"/cases/{case.number}/files/00000000-0000-0000-0000-000000000007").status_code == 404
    house.staff["zhao"].is_active = False
    house.staff["zhao"].save()
    assert zhao.get(f"/cases/{case.number}/files/{one.id}")["Location"].startswith("/login")


def test_nobody_sends_more_files_in_a_day_than_is_allowed_and_is_told_until_when(
    house: House, case: Case, zhao: Client, settings: Settings
) -> None:
    settings.PERSON_FILES_A_DAY = 1
    assert send(zhao, case, upload("a.pdf", PDF)).status_code == 302
    refused = send(zhao, case, upload("b.jpg", jpeg()))
    assert refused.status_code == 429 and 0 < int(refused["Retry-After"]) <= 86401
    assert "您今天共上传 2 个文件，每天最多 1 个" in refused.content.decode()
    accounts.choose_looks(house.staff["zhao"], by=CLERK, at=EARLY, language="en")
    assert "found 2 files sent today with these, expected at most 1 a day" in send(zhao, case, upload("b.jpg", jpeg())).content.decode()
    assert Kept.objects.count() == 1
