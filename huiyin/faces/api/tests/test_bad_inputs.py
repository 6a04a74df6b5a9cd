"""Bad inputs of reliability §3 that reach the interface, by their numbers: each is refused in words, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from huiyin.desk.cases.models import Case
from huiyin.faces.api.tests.conftest import Post
from huiyin.faces.api.tests.test_handover import TOLD, body_of

Get = Callable[..., Any]
FAMILY = "👨‍👩‍👧‍👦"


def with_story(text: str) -> bytes:
    """A hand-over whose story is ``text`` as it would stand inside the JSON."""
    return json.dumps({**TOLD, "story": "@@"}).encode().replace(b"@@", text.encode())


def told(**more: Any) -> bytes:
    return json.dumps({**TOLD, **more}, ensure_ascii=False).encode()


REFUSED: list[tuple[str, bytes, int]] = [
    ("B001 U+0000", with_story(r"a\u0000b"), 422),
    ("B002 lone surrogate", with_story(r"\ud800"), 400),
    ("B003 not UTF-8", b"\xff\xfe\x00", 400),
    ("B004 NaN", b'{"unit": NaN}', 400),
    ("B004 -Infinity", b'{"unit": -Infinity}', 400),
    ("B004 1e400", b'{"unit": 1e400}', 400),
    ("B005 doubled key", b'{"unit": "CY", "unit": "HY", "story": "x"}', 400),
    ("B006 deep nesting", b'{"unit": ' + b"[" * 100_000, 400),
    ("B007 5,000 digits", b'{"unit": ' + b"9" * 5000 + b"}", 400),
    ("B008 too large", told(story="x" * 2_100_000), 413),
    ("B013 is_staff", told(is_staff=True), 422),
    ("B013 status", told(status="closed"), 422),
    ("B013 approved_by", told(approved_by="x"), 422),
    ("B028 201 characters", told(title="标" * 201), 422),
    ("B028 a number for a text", told(title=2**31), 422),
    ("B030 invisible only", told(story="\u200b\u2060\ufeff\u3164"), 422),
    ("B031 ideographic space only", told(story="\u3000"), 422),
    ("B034 500 marks on a letter", told(story="a" + "\u0301" * 500), 422),
    ("B040 a line too long", told(story="x" * 20_001), 422),
    ("B041 U+FFFF", told(story="a\uffff"), 422),
    ("B041 private use", told(story="a\ue000"), 422),
    ("B051 12 digits", told(contact_phone="138001380001"), 422),
    ("B051 no such mobile", told(contact_phone="23800138000"), 422),
    ("B053 digits lost", told(contact_phone="1.38E+10"), 422),
    ("B059 masked number", told(contact_phone="138****8000"), 422),
    ("B061 51 characters", told(contact_name="王" * 51), 422),
    ("B070 30 February", told(received_at="2026-02-30 10:00"), 422),
    ("B070 minute 60", told(received_at="2026-02-03 10:60"), 422),
    ("B071 week date", told(received_at="2026-W01-1"), 422),
    ("B071 basic format", told(received_at="20260101T0000"), 422),
    ("B072 ambiguous", told(received_at="3/2/2026"), 422),
    ("B074 year 9999", told(received_at="9999-12-31T23:59Z"), 422),
    ("B074 year 1", told(received_at="0001-01-01 00:00"), 422),
    ("B075 infinity", told(received_at="infinity"), 422),
    ("B076 in the future", told(received_at="2099-01-01 10:00"), 422),
    ("B077 epoch", told(received_at=1_760_000_000_000), 422),
    ("B078 zone +99:99", told(received_at="2026-01-01T10:00+99:99"), 422),
    ("an array", b"[]", 400),
    ("nothing", b" ", 400),
    ("unknown class", told(category="nonsense"), 422),
    ("unknown scheme", told(category={"ZZ": "cleaning"}), 422),
    ("no room", told(household="???"), 422),
]


@pytest.mark.parametrize(("body", "status"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_a_bad_body_is_refused_and_leaves_nothing(post: Post, body: bytes, status: int) -> None:
    response = post("handovers", body)
    answer = body_of(response)
    assert response.status_code == status, answer
    assert response["Content-Type"] == "application/problem+json"
    assert set(answer) >= {"type", "title", "status", "detail", "code", "message", "field", "request_id"}
    assert not Case.objects.exists()


def test_b013_the_first_strange_key_is_named(post: Post) -> None:
    assert body_of(post("handovers", told(created_at="x", deadline="y")))["field"] == "created_at"


TAKEN: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("B026 line break and log text", {"story": "停水\r\n2026-11-21 admin login ok"}, {"story": "停水\n2026-11-21 admin login ok"}),
    ("B027 formula", {"contact_name": "=HYPERLINK(1)"}, {"contact_name": "=HYPERLINK(1)"}),
    ("B032 direction control", {"title": "invoice\u202egpj.exe"}, {"title": "invoice\u202egpj.exe"}),
    ("B033 Arabic name", {"contact_name": "محمد"}, {"contact_name": "محمد"}),
    ("B035 families", {"title": FAMILY * 50}, {"title": FAMILY * 50}),
    ("B036 NFD", {"title": "Cafe\u0301"}, {"title": "Caf\u00e9"}),
    ("B037 rare characters", {"contact_name": "𠮷㛃𬭛"}, {"contact_name": "𠮷㛃𬭛"}),
    ("B038 full-width digits", {"contact_phone": "１３８００１３８０００"}, {"contact_phone": "+8613800138000"}),
    ("B043 markup", {"story": "<img src=x onerror=alert(1)>{{7*7}}%s"}, {"story": "<img src=x onerror=alert(1)>{{7*7}}%s"}),
    ("B044 separators", {"story": "a\u2028b</script>]]>--"}, {"story": "a\u2028b</script>]]>--"}),
    ("B045 Tibetan and Mongolian", {"story": "བོད་ཡིག ᠮᠣᠩᠭᠣᠯ"}, {"story": "བོད་ཡིག ᠮᠣᠩᠭᠣᠯ"}),
    ("B050 international form", {"contact_phone": "0086138-0013-8000"}, {"contact_phone": "+8613800138000"}),
    ("B052 service number", {"contact_phone": "12345"}, {"contact_phone": "12345"}),
    ("B055 Hong Kong", {"contact_phone": "+852 5123 4567"}, {"contact_phone": "+85251234567"}),
    ("B056 two numbers", {"contact_phone": "13800138000/13900139000"}, {"contact_phone": "+8613800138000、+8613900139000"}),
    ("B057 anonymous", {"contact_phone": "匿名"}, {"contact_phone": ""}),
    ("B061 long name", {"contact_name": "阿卜杜热依木·买买提"}, {"contact_name": "阿卜杜热依木·买买提"}),
]


@pytest.mark.parametrize(("sent", "kept"), [case[1:] for case in TAKEN], ids=[case[0] for case in TAKEN])
def test_what_is_strange_but_right_is_kept_as_sent(post: Post, sent: dict[str, Any], kept: dict[str, Any]) -> None:
    response = post("handovers", {**TOLD, **sent})
    assert response.status_code == 201, response.content
    case = Case.objects.get()
    assert {name: getattr(case, name) for name in kept} == kept


@pytest.mark.parametrize(
    ("sent", "hour"),
    [
        ("2026-01-03 15:00", 7),  # B073: without a zone it is Shanghai time
        ("2026年1月3日 下午3点", 7),  # B072
        ("2026-01-03T15:00:00+14:00", 1),  # B078
    ],
)
def test_b072_moments_that_people_write_are_read(post: Post, sent: str, hour: int) -> None:
    assert post("handovers", {**TOLD, "received_at": sent}).status_code == 201
    assert Case.objects.get().received_at.hour == hour


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", ""])
def test_b011_another_content_type_is_refused(post: Post, kind: str) -> None:
    assert post("handovers", told(), content_type=kind).status_code == 415


def test_b010_packed_bodies_are_refused(post: Post) -> None:
    assert post("handovers", gzip.compress(told()), headers={"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("unit=CY&unit=HY", 400),  # B012
        ("_connector=OR%201=1%20OR", 400),  # B014
        ("owner__password__startswith=a", 400),
        ("ordering=t;drop", 400),
        ("page=0", 400),
        ("size=0", 422),  # B016
        ("size=1000000000", 422),
        ("size=１", 422),
        ("words=" + "a" * 201, 422),  # B017
        ("words=%25", 200),
        ("words=_", 200),
        ("words=%5C%27%27%3B--", 200),
        ("words=(a%2B)%2B%24", 200),  # B018
        ("words=%00", 422),
        ("channel=%00", 422),
        ("status=nonsense", 422),
        ("unit=ZZ", 422),
        ("received_from=infinity", 422),
        ("open=perhaps", 422),
    ],
)
def test_strict_queries(get: Get, query: str, status: int) -> None:
    response = get(f"cases?{query}")
    assert response.status_code == status, response.content


def test_b017_signs_of_search_are_taken_as_they_are(post: Post, get: Get) -> None:
    post("handovers", {**TOLD, "story": "楼道灯不亮"})
    assert body_of(get("cases?words=%25"))["items"] == []
    assert len(body_of(get("cases?words=楼道"))["items"]) == 1


@pytest.mark.parametrize("number", ["abc", "-1", str(2**70), "true", "1e3", "１", "TS２５０５２１００３７", "TS2505210037", "a%2Fb", "%00"])
def test_b015_what_is_no_number_of_a_case_is_not_found(get: Get, number: str) -> None:
    response = get(f"cases/{number}")
    assert (response.status_code, body_of(response)["code"]) == (404, "not_found")


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "DELETE", "PUT"])
def test_b022_other_methods_are_refused(client: Client, key: str, method: str) -> None:
    response = client.generic(method, "/api/v1/cases", headers={"Authorization": f"Bearer {key}"})
    assert (response.status_code, response["Allow"]) == (405, "GET, POST, HEAD")


def test_the_head_of_what_can_be_read_is_told(client: Client, key: str) -> None:
    assert client.head("/api/v1/cases", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_b022_a_method_in_a_header_is_ignored(post: Post) -> None:
    assert post("handovers", TOLD, headers={"X-HTTP-Method-Override": "DELETE"}).status_code == 201


def test_b024_a_foreign_host_is_refused(post: Post) -> None:
    assert post("handovers", TOLD, headers={"Host": "evil.example"}).status_code == 400


def test_b025_addresses_that_clients_claim_are_ignored(post: Post) -> None:
    assert post("handovers", TOLD, headers={"X-Forwarded-For": "<script>", "CF-Connecting-IP": "127.0.0.1"}).status_code == 201


@pytest.mark.parametrize("sent", ["", "Basic abc", "Bearer ", "Bearer hy_nonsense", "Bearer \x00"])
def test_without_a_valid_key_nobody_comes_in(client: Client, company: object, sent: str) -> None:
    response = client.get("/api/v1/cases", headers={"Authorization": sent})
    assert (response.status_code, response["WWW-Authenticate"][:6]) == (401, "Bearer")
