"""The call centre hands over: one act, one case, one answer for one key."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import reconcile
from huiyin.desk.facts.models import Fact
from huiyin.desk.people.actions import make_api_key, revoke_api_key
from huiyin.desk.people.doors.keys import digest_of
from huiyin.desk.people.models import ApiKey
from huiyin.desk.places.actions import close_unit, reopen_unit
from huiyin.desk.places.models import Unit
from huiyin.faces.api import keys
from huiyin.faces.api.tests.conftest import CLERK, EVERYTHING, SET_UP_AT, Post, make_house, make_key, post_json

TOLD = {
    "unit": "CY",
    "story": "3栋电梯停运两天，无人处理",
    "category": "engineering_repair",
    "severity": "general",
    "household": "3-2-1501",
}
Get = Callable[..., Any]


def body_of(response: Any) -> Any:
    return json.loads(response.content)


def test_a_handover_is_registered_and_dispatched_in_one_act(post: Post) -> None:
    response = post("handovers", {**TOLD, "contact_phone": "138 0013 8000", "external_number": "GT-1"})
    answer = body_of(response)
    assert response.status_code == 201, answer
    assert answer["status"] == "pending_acceptance" and answer["number"].startswith("TS")
    case = Case.objects.get(number=answer["number"])
    assert (case.channel, case.category, case.contact_phone) == ("call_centre_400", {"GP": "engineering_repair"}, "+8613800138000")
    events = list(Fact.objects.filter(case_id=case.id).order_by("number").values_list("event", flat=True))
    assert events[:2] == ["complaint_received", "complaint_transferred_to_unit"]
    assert answer["due"] and answer["due"][0]["clause"].startswith("GP-")


def test_a_suggestion_comes_by_the_same_door(post: Post) -> None:
    answer = body_of(post("handovers", {"unit": "CY", "record": "suggestion", "story": "建议增设晾衣架"}))
    assert answer["record"] == "suggestion" and answer["number"].startswith("JY")


def test_a_repair_is_handed_over_as_well(post: Post) -> None:
    """GP-9.2.1c: complaint, repair or suggestion."""
    response = post("handovers", {"unit": "CY", "record": "repair", "story": "水管漏水"})
    answer = body_of(response)
    assert response.status_code == 201, answer
    assert (answer["record"], answer["status"], answer["number"][:2]) == ("repair", "pending_acceptance", "BX")


def test_a_word_that_is_not_taken_is_refused_in_a_sentence_with_those_that_are(post: Post) -> None:
    refused = post("handovers", {**TOLD, "record": "praise"})
    answer = body_of(refused)
    assert (refused.status_code, answer["field"], answer["choices"]) == (422, "record", ["complaint", "repair", "suggestion"])
    assert answer["message"] == "不是可用的值。请从 complaint、repair、suggestion 中选择。"


def test_a_case_from_before_every_regulation_is_taken_flagged_and_governed_from_its_dispatch_on(post: Post, company: Unit) -> None:
    answer = body_of(post("handovers", {**TOLD, "received_at": "2010-03-01 09:00"}))
    assert [one[:13] for one in answer["notes"]] == ["受理时间比登记早三年以上，", "受理时本单位没有生效的制度"]
    assert answer["due"] and answer["due"][0]["clause"].startswith("GP-")
    assert list(Case.objects.get(number=answer["number"]).editions) == ["group_platform"]
    assert reconcile(company.organisation_id, timezone.now()) == []


def test_before_its_dispatch_such_a_case_has_no_limits(post: Post) -> None:
    told = {**TOLD, "record": "complaint", "channel": "call_centre_400", "received_at": "2019-12-31 09:00"}
    answer = body_of(post("cases", told))
    assert answer["due"] == [] and "自派单起" in answer["notes"][-1]
    moved = body_of(post(f"cases/{answer['number']}/moves", {"move": "dispatch", "role": "group_cc_agent", "details": {"unit": "CY"}}))
    assert moved["due"] and list(Case.objects.get(number=answer["number"]).editions) == ["group_platform"]


def test_nothing_is_remarked_on_an_ordinary_case(post: Post) -> None:
    assert body_of(post("handovers", TOLD))["notes"] == []


@pytest.mark.parametrize(("path", "channel"), [("messages/sms", "gm_sms"), ("messages/online", "online_system")])
def test_messages_of_other_systems_become_cases(post: Post, path: str, channel: str) -> None:
    response = post(path, {"unit": "CY", "story": "楼道灯不亮", "external_number": "M-1"})
    assert response.status_code == 201, response.content
    assert Case.objects.get(number=body_of(response)["number"]).channel == channel


def test_the_same_report_under_one_number_is_one_case_whatever_its_key(post: Post) -> None:
    told = {"unit": "CY", "story": "楼道灯不亮", "external_number": "S1"}
    first, again = post("messages/sms", told), post("messages/sms", told)
    assert (first.status_code, again.status_code) == (201, 200)
    assert body_of(again) == body_of(first)
    assert Case.objects.count() == 1


def test_another_report_under_a_number_that_is_there_is_told_the_case(post: Post) -> None:
    told = {"unit": "CY", "story": "楼道灯不亮", "external_number": "S1"}
    number = body_of(post("messages/sms", told))["number"]
    other = post("messages/sms", {**told, "story": "电梯也停了"})
    assert (other.status_code, body_of(other)["code"], body_of(other)["number"]) == (409, "already_there", number)
    assert number in body_of(other)["message"] and Case.objects.count() == 1


def test_two_senders_may_happen_on_the_same_number(post: Post, company: Unit) -> None:
    told = {"unit": "CY", "story": "楼道灯不亮", "external_number": "S1"}
    other = make_api_key(company, "另一个系统", EVERYTHING, by=CLERK, at=SET_UP_AT)[1]
    assert (post("messages/sms", told).status_code, post("messages/sms", told, key=other).status_code) == (201, 201)


def test_a_case_is_found_by_the_number_that_its_sender_gave_it(post: Post, get: Get) -> None:
    number = body_of(post("handovers", {**TOLD, "external_number": "GT-7781"}))["number"]
    assert [one["number"] for one in body_of(get("cases?words=GT-7781"))["items"]] == [number]


def test_b019_the_same_key_gives_the_same_answer_and_another_body_is_refused(post: Post) -> None:
    first = post("handovers", TOLD, once="key-00000001")
    again = post("handovers", TOLD, once="key-00000001")
    other = post("handovers", {**TOLD, "story": "另一件事"}, once="key-00000001")
    assert (first.content, first.status_code) == (again.content, again.status_code)
    assert (other.status_code, body_of(other)["code"]) == (409, "key_reused")
    assert Case.objects.count() == 1


def test_a_refused_request_may_be_corrected_under_its_key(post: Post) -> None:
    assert post("handovers", {**TOLD, "unit": "XX"}, once="key-00000002").status_code == 422
    assert post("handovers", TOLD, once="key-00000002").status_code == 201


def test_without_a_key_nothing_is_written(client: Client, key: str) -> None:
    sent = json.dumps(TOLD)
    response = client.post("/api/v1/handovers", sent, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert (response.status_code, body_of(response)["code"]) == (400, "key_missing")
    assert not Case.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_b020_twenty_at_once_with_one_key_are_one_case_and_twenty_equal_answers() -> None:
    company = make_house()
    key = make_key(company)

    def send(_number: int) -> tuple[int, bytes]:
        try:
            response = post_json(Client(), "handovers", TOLD, key, once="key-at-once")
            return response.status_code, response.content
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        answers = set(threads.map(send, range(20)))
    assert len(answers) == 1 and next(iter(answers))[0] == 201
    assert Case.objects.count() == 1


def test_a_case_is_moved_on_and_an_old_version_is_refused(post: Post, get: Get) -> None:
    number = body_of(post("handovers", TOLD))["number"]
    version = body_of(get(f"cases/{number}"))["version"]
    moved = post(f"cases/{number}/moves", {"move": "accept", "role": "project_manager", "version": version})
    assert moved.status_code == 200, moved.content
    assert body_of(moved)["status"] == "in_progress"
    stale = post(f"cases/{number}/moves", {"move": "contact", "role": "project_manager", "version": version})
    assert (stale.status_code, body_of(stale)["version"]) == (409, body_of(moved)["version"])
    twice = post(f"cases/{number}/moves", {"move": "accept", "role": "project_manager"})
    assert (twice.status_code, body_of(twice)["code"]) == (409, "conflict")


def test_a_solution_needs_what_its_form_needs(post: Post) -> None:
    number = body_of(post("handovers", TOLD))["number"]
    post(f"cases/{number}/moves", {"move": "accept", "role": "project_manager"})
    told = {"move": "report_solution", "role": "project_manager", "details": {"text": "换门机", "promised_at": "明天"}}
    refused = post(f"cases/{number}/moves", told)
    assert (refused.status_code, body_of(refused)["field"]) == (422, "details.promised_at")
    done = post(f"cases/{number}/moves", {**told, "details": {"text": "换门机", "promised_at": "2030-02-13 10:00"}})
    assert done.status_code == 200, done.content


def test_a_case_of_another_unit_looks_absent(company: Unit, post: Post, get: Get) -> None:
    number = body_of(post("handovers", TOLD))["number"]
    other = Unit.objects.get(organisation_id=company.organisation_id, code="HY")
    stranger = make_key(other)
    assert get(f"cases/{number}", key=stranger).status_code == 404
    there, nowhere = get(f"cases/{number}", key=stranger), get("cases/TS2601010001", key=stranger)
    assert {**body_of(there), "request_id": ""} == {**body_of(nowhere), "request_id": ""}
    assert body_of(post("handovers", TOLD, key=stranger))["message"] == body_of(post("handovers", {**TOLD, "unit": "XX"}))[
        "message"
    ].replace("XX", "CY")


def test_a_key_without_the_scope_is_told_so_and_a_revoked_one_is_seen_at_once(
    company: Unit, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert post("handovers", TOLD, key=make_key(company, "units.read")).status_code == 403
    text = make_key(company)
    assert post("handovers", TOLD, key=text).status_code == 201
    revoke_api_key(ApiKey.objects.order_by("-pk").get(digest=digest_of(text)), by=CLERK, at=SET_UP_AT)
    assert keys.SEEN_FOR_SECONDS < 1
    monkeypatch.setattr(keys, "SEEN_FOR_SECONDS", 0)
    assert post("handovers", TOLD, key=text).status_code == 401


def test_pages_follow_each_other_without_gap_or_double(post: Post, get: Get) -> None:
    for number in range(5):
        post("handovers", {**TOLD, "story": f"第{number}件", "received_at": f"2026-02-0{number + 1} 10:00"})
    found, cursor = [], ""
    while True:
        page = body_of(get(f"cases?size=2{f'&cursor={cursor}' if cursor else ''}"))
        found += [one["title"] for one in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == ["第4件", "第3件", "第2件", "第1件", "第0件"]


def test_a_cursor_of_another_question_or_made_by_hand_is_refused(post: Post, get: Get) -> None:
    for number in range(3):
        post("handovers", {**TOLD, "story": f"第{number}件"})
    cursor = body_of(get("cases?size=1"))["next_cursor"]
    assert get(f"cases?size=1&record=complaint&cursor={cursor}").status_code == 422
    assert get(f"cases?cursor={cursor}x").status_code == 422
    assert get("cases?cursor=abc").status_code == 422


def test_what_is_read_is_masked(post: Post, get: Get) -> None:
    told = {**TOLD, "contact_name": "欧阳娜娜", "contact_phone": "13800138000", "story": "请打13900139000找我"}
    number = body_of(post("handovers", told))["number"]
    shown = body_of(get(f"cases/{number}"))
    assert (shown["contact_name"], shown["contact_phone"]) == ("欧阳**", "138****8000")
    assert "13900139000" not in shown["story"]
    assert shown["clocks"][0]["clauses"][0].startswith("GP-")


def test_moments_are_told_by_the_clock_of_shanghai(post: Post, get: Get) -> None:
    taken = body_of(post("handovers", {**TOLD, "received_at": "2026-02-13T02:00:00Z"}))
    read = body_of(get(f"cases/{taken['number']}"))
    assert taken["received_at"] == read["received_at"] == "2026-02-13T10:00:00+08:00"
    assert all(clock["starts_at"].endswith("+08:00") for clock in read["clocks"])


def test_other_lists_are_there(post: Post, get: Get) -> None:
    number = body_of(post("handovers", TOLD))["number"]
    limits = body_of(get(f"cases/{number}/clocks"))["items"]
    assert limits and all(one["regulation"] == "group_platform" for one in limits)
    assert {one["precedence"]["why"] for one in limits if one["precedence"]["binds"]} <= {"only", "level", "stricter"}
    assert {unit["code"] for unit in body_of(get("units"))["items"]} == {"WY", "CY", "HY"}
    assert body_of(get("warnings"))["items"] == []
    assert body_of(get("duties?size=5"))["next_cursor"] is None
    assert body_of(get("health"))["status"] == "ok"
    near = body_of(post("suggestions-of-duplicates", {"unit": "CY", "words": "电梯停运", "household": "3栋2单元1501室"}))
    assert [one["number"] for one in near["items"]] == [number]


def test_without_its_class_the_answer_says_that_no_handling_limit_runs(post: Post) -> None:
    told = {name: value for name, value in TOLD.items() if name != "category"}
    answer = body_of(post("handovers", told))
    (warned,) = answer["warnings"]
    assert (warned["code"], warned["field"], warned["regulation"]) == ("category_missing", "category.GP", "GP")
    assert "处理时限还没有起算" in warned["message"] and answer["due"]
    assert body_of(post("handovers", {**told, "category": "engineering_repair"}))["warnings"] == []
    assert body_of(post("handovers", {**told, "record": "suggestion"}))["warnings"] == []


def test_a_closed_unit_takes_no_new_case_until_it_is_opened_again(post: Post, company: Unit) -> None:
    unit = Unit.objects.get(organisation_id=company.organisation_id, code="CY")
    close_unit(unit, by=CLERK, at=SET_UP_AT)
    keys._seen.clear()
    refused = post("handovers", TOLD)
    assert refused.status_code == 422 and body_of(refused)["field"] == "unit" and "已停用" in refused.content.decode()
    assert not Case.objects.exists()
    reopen_unit(unit, by=CLERK, at=SET_UP_AT)
    keys._seen.clear()  # A key is remembered for seconds, with the units as they were.
    assert post("handovers", TOLD).status_code == 201
