"""Files of a case through the interface: once for a key, whole or not at all, listed, fetched, nobody else's."""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.models import Case
from huiyin.desk.journal.models import Entry
from huiyin.desk.places.models import Unit
from huiyin.faces.api.tests.conftest import Post, make_key, post_json
from huiyin.plumbing.files.tests.samples import HTML, MAKER, PDF, PLACE, giant, jpeg

BINARY = "application/octet-stream"


@pytest.fixture
def number(post: Post) -> str:
    answer = post("handovers", {"unit": "CY", "story": "电梯停运"})
    return str(json.loads(answer.content)["number"])


def send(post: Post, number: str, data: bytes, name: str = "a.pdf", **more: Any) -> Any:
    query = urlencode({"name": name, **more.pop("query", {})})
    return post(f"cases/{number}/attachments?{query}", data, content_type=more.pop("content_type", BINARY), **more)


def test_a_file_is_kept_listed_and_fetched(post: Post, get: Post, number: str) -> None:
    answer = send(post, number, jpeg(exif=PLACE), "../现场13812345678.png", query={"audience": "customer"})
    told = json.loads(answer.content)
    assert answer.status_code == 201 and told["case"] == number
    assert (told["name"], told["kind"], told["audience"]) == ("现场138****5678.jpg", "image/jpeg", "customer")
    listed = json.loads(get(f"cases/{number}/attachments").content)
    assert listed == {"items": [{name: value for name, value in told.items() if name != "case"}], "withheld": 0}
    fetched = get(f"cases/{number}/attachments/{told['id']}")
    assert fetched["Content-Disposition"].startswith("attachment; filename*=utf-8''") and fetched["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in fetched["Content-Security-Policy"] and MAKER not in fetched.content
    assert hashlib.sha256(fetched.content).hexdigest() == told["sha256"]
    assert Entry.objects.filter(action="attachments.look").count() == 1


def test_the_same_request_again_gets_the_same_answer_and_another_under_its_key_none(post: Post, number: str) -> None:
    first = send(post, number, PDF, once="attach-0001")
    again = send(post, number, PDF, once="attach-0001")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert send(post, number, PDF, "b.pdf", once="attach-0001").status_code == 409
    assert send(post, number, PDF + b"\n%%EOF", once="attach-0001").status_code == 409
    same = send(post, number, PDF, "c.pdf")
    assert json.loads(same.content)["id"] == json.loads(first.content)["id"] and Attachment.objects.count() == 1


def test_what_came_otherwise_than_it_was_sent_is_not_kept(post: Post, number: str) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    for data in (PDF[: len(PDF) * 9 // 10], PDF[40:] + PDF[:40], PDF + PDF):
        assert send(post, number, data, query={"sha256": digest}).status_code == 422
    assert not Attachment.objects.exists()
    assert send(post, number, PDF, query={"sha256": digest.upper()}).status_code == 201


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (HTML, "x.jpg", 415), (giant(10_000, 10_000), "x.png", 422), (jpeg((200, 200))[:600], "x.jpg", 422),
        (b"%PDF-" + bytes(1024 * 1024), "x.pdf", 413),
    ],
)  # fmt: skip
def test_a_bad_file_is_a_problem_with_a_sentence(post: Post, number: str, settings: Settings, data: bytes, name: str, status: int) -> None:
    settings.ATTACHMENT_MOST_BYTES = 1024 * 1024
    answer = send(post, number, data, name)
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["message"].endswith("。") and not Attachment.objects.exists()


def test_only_the_bytes_themselves_are_taken(post: Post, number: str) -> None:
    assert send(post, number, PDF, content_type="multipart/form-data; boundary=x").status_code == 415
    assert send(post, number, PDF, headers={"Content-Encoding": "gzip"}).status_code == 415
    assert json.loads(post(f"cases/{number}/attachments", PDF, content_type=BINARY).content)["name"] == "附件.pdf"
    assert send(post, number, PDF, query={"audience": "all"}).status_code == 422
    assert send(post, number, PDF, query={"folder": "x"}).status_code == 400


def test_others_cases_and_guessed_ids_are_not_there_and_a_scope_is_asked_for(
    client: Client, company: Unit, post: Post, number: str
) -> None:
    made = json.loads(send(post, number, PDF).content)["id"]
    beside = make_key(Unit.objects.get(organisation_id=company.organisation_id, code="HY"))
    reader = make_key(company, "cases.read")
    for address in (f"cases/{number}/attachments", f"cases/{number}/attachments/{made}"):
        assert client.get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {beside}"}).status_code == 404
        assert client.get(f"/api/v1/{address}", headers={"Authorization": f"Bearer {reader}"}).status_code == 200
    assert send(post, number, PDF, key=beside).status_code == 404
    assert post_json(client, f"cases/{number}/attachments?name=a.pdf", PDF, reader, content_type=BINARY).status_code == 403
    unknown = f"/api/v1/cases/{number}/attachments/00000000-0000-0000-0000-000000000007"
    assert client.get(unknown, headers={"Authorization": f"Bearer {reader}"}).status_code == 404


def test_of_a_case_that_holds_secrets_only_the_count_is_told(post: Post, get: Post, number: str) -> None:
    made = json.loads(send(post, number, PDF, "底价.pdf").content)["id"]
    Case.objects.update(secrets=[{"rule": "RH:company-secret-hidden", "clause": "RH-4.3.4", "parts": [], "words": 1}])
    answer = get(f"cases/{number}/attachments")
    assert json.loads(answer.content) == {"items": [], "withheld": 1}
    assert get(f"cases/{number}/attachments/{made}").status_code == 404


def test_a_program_sends_no_more_in_a_day_than_is_allowed(post: Post, number: str, settings: Settings) -> None:
    settings.PERSON_FILES_A_DAY = 1
    assert send(post, number, PDF, "a.pdf").status_code == 201
    answer = send(post, number, jpeg(), "b.jpg")
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (429, "too_many") and int(answer["Retry-After"]) == told["retry_after"]
    assert "每天最多 1 个" in told["message"] and "at most 1 a day" in told["message_en"]
