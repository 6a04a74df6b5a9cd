"""What is marked as secret of a case: nobody gets to see it by the way; who is cleared opens it for a reason, which is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.recurrence import period_of
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.attachments import actions as attachments
from huiyin.desk.cases.models import Case
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.papers.known import Subject, known_of
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.queries import thing_id
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.matters.models import Matter
from huiyin.desk.messaging.models import Message
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Unmasking
from huiyin.desk.publications import actions as publications
from huiyin.desk.publications import queries as published
from huiyin.faces.console.cases.unmasking import PURPOSES
from huiyin.faces.console.tests.conftest import CLERK, EARLY
from huiyin.plumbing.files.tests.samples import PDF
from tests.access.crawl import begin, pages
from tests.access.world import World, text_of

STORY, WISH, NOTE, NAME = "招标底价魃九十万", "想知道底价魈是否含税", "电话里说到供货商魍六家", "司徒魅兰"
SECRET = (STORY, WISH, NOTE)
PLAIN = "门厅的灯也不亮"
POSTS = {
    "guan": "office_manager", "ban": "pa_supervisor", "pao": "pa_officer",
    "zhu": "property_supervisor", "ke": "cs_staff", "yuan": "employee",
}  # fmt: skip


def _world(world: World, stem: str, record: str, story: str) -> Case:
    """The world under one more regulation, with its posts filled, and a case at 翠园一期 with a note, papers and a line of a notice."""
    house = world.house
    adopt(house.units["WY"], stem, "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    for login, role in POSTS.items():
        world.people[login] = people.add_staff(house.organisation.id, login, f"员工{login}", by=CLERK, at=EARLY)
        people.give_post(world.people[login], house.units["CY"], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    made = house.register(story, record, wish=WISH, contact_name=NAME, contact_phone="13977776666", household_code="3-2-1501")
    case = house.case(made.number)
    assert world.browser("zhao").post(f"/cases/{case.number}/words", {"mode": "internal", "text": NOTE}).status_code == 302
    week = period_of("week", timezone.now()).name
    paper = documents.make_weekly_summary(house.organisation.id, "CY", week, by=None, at=timezone.now(), role="unit_liaison")
    by = publications.Actor(world.people["qian"].pk, "project_manager")
    notice = published.notices(house.organisation.id, ["CY"])[0]
    publications.add_case(notice, case.number, ["CY"], by=by, at=timezone.now())
    world.drawers["secret"] = replace(world.drawers["mine"], case=case, document=str(paper.number), notice=notice.id)
    return case


def _step(world: World, login: str, case: Case, step: str, **told: Any) -> None:
    answer = world.browser(login).post(f"/cases/{case.number}/steps/{step}", {"role": POSTS[login], **told})
    assert answer.status_code == 302, answer.content.decode()


def _found(world: World, login: str, secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Where the person comes upon one of the texts; words that were typed into an address are told again."""
    seen = pages(world.browser(login), _begin(world), most=25)
    return [(address, one) for address, text in seen for one in secrets if one in text and one not in address]


def _begin(world: World) -> Iterator[str]:
    yield from begin(world.drawers["secret"])
    yield from (f"/search?q={words}" for words in (STORY[:4], "底价", "供货商", "司徒"))
    yield from ("/messages", "/topics", "/cases?state=all&q=底价", "/cases?state=all")


@pytest.fixture
def asked(world: World) -> Case:
    """An inquiry that an officer has put to the supervisor, who has got a message about it."""
    case = _world(world, "resident_help", "inquiry", f"{STORY}\n{PLAIN}")
    _step(world, "pao", case, "supervisor_asked", text=NOTE)
    assert Message.objects.filter(case_id=case.id, to_staff=world.people["ban"].pk, params__summary__contains=STORY).exists()
    return case


@pytest.fixture
def inquiry(world: World, asked: Case) -> Case:
    """The same, after the officer has marked it as touching company secrets."""
    _step(world, "pao", asked, "company_secret_marked", reason="涉及招标")
    asked.refresh_from_db()
    return asked


def test_what_everybody_came_upon_nobody_comes_upon_after_the_mark(world: World, asked: Case) -> None:
    before = _found(world, "zhao", SECRET)
    assert {one for _address, one in before} == set(SECRET) and len(before) > 8, "the crawl found too little to mean anything"
    _step(world, "pao", asked, "company_secret_marked", reason="涉及招标")
    assert _found(world, "zhao", SECRET) == []
    page = world.browser("zhao").get(f"/cases/{asked.number}").content.decode()
    assert asked.number in page and "RH-4.3.4" in page and "涉及公司机密，只有本单位指定的岗位可以查看" in page


@pytest.mark.parametrize("login", ["wu", "ban"])
def test_no_page_search_message_or_workbook_tells_what_touches_company_secrets(world: World, inquiry: Case, login: str) -> None:
    assert _found(world, login, SECRET) == []
    assert not Message.objects.filter(case_id=inquiry.id, params__has_key="summary").exists()


def test_print_api_papers_and_notices_say_that_it_is_secret_instead(world: World, inquiry: Case) -> None:
    printed = world.browser("zhao").get(f"/cases/{inquiry.number}/print").content.decode()
    assert "RH-4.3.4" in printed and not [one for one in SECRET if one in printed]
    client = Client(headers={"Authorization": f"Bearer {world.drawers['mine'].key}"})
    told = [text_of(client.get(f"/api/v1/cases{more}")) for more in ("", f"/{inquiry.number}", "?words=底价")]
    assert not [one for one in SECRET for text in told if one in text]
    assert inquiry.number not in told[2]
    [withheld] = client.get(f"/api/v1/cases/{inquiry.number}").json()["withheld"]
    assert (withheld["clause"], withheld["parts"]) == ("RH-4.3.4", ["papers", "records", "story", "wish"])
    form = known_of(Subject(inquiry.organisation_id, "CY", timezone.now(), case=inquiry))
    assert (form.values["content"], form.courses) == ("〔RH-4.3.4 保密〕", "")
    with pytest.raises(ValueError, match="found 1 names"):
        by = publications.Actor(world.people["qian"].pk, "project_manager")
        publications.hand_in(published.notices(inquiry.organisation_id, ["CY"])[0], by=by, at=timezone.now())


@pytest.mark.parametrize("login", ["zhao", "qian", "pao", "wu", "wang"])
def test_who_is_not_cleared_opens_nothing_and_leaves_no_trace(world: World, inquiry: Case, login: str) -> None:
    client, address = world.browser(login), f"/cases/{inquiry.number}/secret"
    assert {client.get(address).status_code, client.post(address, {"reason": "contact"}).status_code} == {404}
    assert address not in client.get(f"/cases/{inquiry.number}").content.decode()
    for field in ("story", "wish", "timeline"):
        assert not [
            one for one in SECRET if one in client.post(f"/cases/{inquiry.number}/unmask/{field}", {"reason": "contact"}).content.decode()
        ]
    assert not Unmasking.objects.filter(field="secret").exists()


@pytest.mark.parametrize("login", ["guan", "ban"])
def test_who_is_cleared_opens_it_for_a_reason_that_is_kept_first(world: World, inquiry: Case, login: str) -> None:
    client, address = world.browser(login), f"/cases/{inquiry.number}/secret"
    assert address in client.get(f"/cases/{inquiry.number}").content.decode()
    for refused in (client.get(address), client.post(address), client.post(address, {"reason": "curiosity"})):
        assert refused.status_code == 200 and STORY not in refused.content.decode()
    assert not Unmasking.objects.exists()
    shown = client.post(address, {"reason": "inspect"}).content.decode()
    assert [one for one in (*SECRET, PLAIN) if one not in shown] == []
    kept = Unmasking.objects.get()
    assert (kept.field, kept.staff_id, kept.subject, kept.reason) == ("secret", world.people[login].pk, f"case:{inquiry.id}", "监督检查")
    assert Entry.objects.filter(organisation_id=kept.organisation_id, action="people.unmask", subject=kept.subject).count() == 1
    assert inquiry.number in world.browser("wu").get("/keeping/viewings").content.decode()


def test_what_is_written_after_the_mark_is_as_secret_as_what_was_before(world: World, inquiry: Case) -> None:
    later = "书面答复底价魆七十万"
    assert world.browser("pao").post(f"/cases/{inquiry.number}/words", {"mode": "internal", "text": later}).status_code == 302
    assert _found(world, "zhao", (later, *SECRET)) == []
    assert later in world.browser("guan").post(f"/cases/{inquiry.number}/secret", {"reason": "inspect"}).content.decode()


def test_a_thing_that_has_heard_of_the_case_tells_no_more_of_it_than_the_case(world: World) -> None:
    adopt(world.house.units["WY"], "resident_complaints", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    case = _world(world, "apartment_complaints", "complaint", PLAIN)
    done = "已按魆合同价退款"
    store(
        case.organisation_id, [Fact("complaint_handled", timezone.now(), str(case.id), details={"text": done})], by=None, at=timezone.now()
    )
    address = f"/matters/{thing_id(case.organisation_id, 'unit:CY')}"
    assert done in world.browser("zhao").get(address).content.decode()
    thing = Matter.objects.get(id=thing_id(case.organisation_id, "unit:CY"))
    about = Subject(case.organisation_id, "CY", timezone.now(), thing=thing)
    assert done in known_of(about).courses
    _step(world, "ke", case, "confidential_part_marked", confidential="business_secret", part=["records"])
    assert done not in world.browser("zhao").get(address).content.decode() and done not in known_of(about).courses


def test_marked_parts_of_a_complaint_are_hidden_and_the_rest_stays(world: World) -> None:
    case = _world(world, "apartment_complaints", "complaint", f"{PLAIN}。{STORY}")
    assert {one for _address, one in _found(world, "yuan", (STORY, WISH))} == {STORY, WISH}
    address = f"/cases/{case.number}/steps/confidential_part_marked"
    refused = world.browser("ke").post(address, {"role": "cs_staff", "confidential": "business_secret"}).content.decode()
    assert "AC-5.2b" in refused and "没有指明保密的是哪一部分" in refused
    _step(world, "ke", case, "confidential_part_marked", confidential="business_secret", part=["wish"], passage=STORY, reason="商业秘密")
    assert _found(world, "yuan", (STORY, WISH)) == []
    page = world.browser("yuan").get(f"/cases/{case.number}").content.decode()
    assert f"{PLAIN}。****" in page and NOTE in page and "AC-5.2b" in page
    assert world.browser("yuan").post(f"/cases/{case.number}/secret", {"reason": "contact"}).status_code == 404
    shown = world.browser("zhu").post(f"/cases/{case.number}/secret", {"reason": "contact"}).content.decode()
    assert f"{PLAIN}。{STORY}" in shown and WISH in shown


def test_the_files_of_what_touches_company_secrets_are_hidden_with_their_names(world: World, asked: Case) -> None:
    name, now = "标书魅底价", timezone.now()
    sent = attachments.Prepared(f"{name}.pdf", "application/pdf", PDF, b"", "0" * 64)
    made = attachments.add(asked.organisation_id, asked.id, [sent], by=By("pa_officer", world.people["pao"].pk), at=now)[0]
    address, page = f"/cases/{asked.number}/files/{made.id}", f"/cases/{asked.number}"
    assert world.browser("zhao").get(address).content == PDF and name in world.browser("zhao").get(page).content.decode()
    _step(world, "pao", asked, "company_secret_marked", reason="涉及招标")
    assert _found(world, "zhao", (name,)) == []
    assert "1 个附件不显示" in world.browser("zhao").get(page).content.decode()
    client = Client(headers={"Authorization": f"Bearer {world.drawers['mine'].key}"})
    assert client.get(f"/api/v1{page}/attachments").json() == {"items": [], "withheld": 1}
    for tail in ("", "/small"):
        assert {world.browser(login).get(f"{address}{tail}").status_code for login in ("zhao", "pao", "guan")} == {404}
    assert world.browser("zhao").post(f"{address}/secret", {"reason": "inspect"}).status_code == 404
    cleared = world.browser("guan")
    assert name in cleared.post(f"{page}/secret", {"reason": "inspect"}).content.decode()
    assert {cleared.get(f"{address}/secret").status_code, cleared.post(f"{address}/secret", {"reason": "x"}).status_code} == {404}
    opened = cleared.post(f"{address}/secret", {"reason": "inspect"})
    assert opened.content == PDF and opened["Content-Disposition"].startswith("attachment")
    looked = Entry.objects.filter(organisation_id=asked.organisation_id, action="attachments.look", subject=f"case:{asked.id}")
    assert [one.by_person for one in looked.order_by("at")] == [world.people["zhao"].pk, world.people["guan"].pk]
    assert Unmasking.objects.filter(field="secret", staff_id=world.people["guan"].pk).count() == 2


def test_who_complains_may_be_the_secret_and_counts_all_the_same(world: World) -> None:
    case = _world(world, "apartment_complaints", "complaint", PLAIN)
    _step(world, "ke", case, "confidential_part_marked", confidential="private", part=["contact"], reason="保护反映人")
    case.refresh_from_db()
    assert (case.contact_name, case.contact_phone, case.household_code, case.resident_id) == ("", "", "", None)
    pages_of_it = (f"/cases/{case.number}{more}" for more in ("", "/print", "/steps/progress_told_to_customer"))
    told = [world.browser("ke").get(one).content.decode() for one in pages_of_it]
    assert not [one for one in ("司徒", "6666", "1501", "3-2-1501") for text in told if one in text]
    address = f"/cases/{case.number}/secret"
    # Who the customer is, is a customer's data too: another regulation asks for a consent to look at those.
    refused = world.browser("zhu").post(address, {"reason": "inspect"}).content.decode()
    assert "CR-2.3.0.1b" in refused and NAME not in refused
    told_as = {"clause": "CR-2.3.0.1b", "approver": "department_head", "to": ["property_supervisor"], "standing": True}
    consent = {**told_as, "purpose": PURPOSES["inspect"]}
    now = timezone.now()
    store(case.organisation_id, [Fact("approval_given", now, unit="CY", by="department_head", details=consent)], by=None, at=now)
    shown = world.browser("zhu").post(address, {"reason": "inspect"}).content.decode()
    assert NAME in shown and "+8613977776666" in shown and "3-2-1501" in shown
