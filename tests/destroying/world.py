"""A complaint that lives through every room of the desk by the real actions, with words in it that stand nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from huiyin.core.facts import Fact
from huiyin.core.moments import SHANGHAI
from huiyin.desk.adoptions import actions as adoptions
from huiyin.desk.attachments import actions as attachments
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registered, Registration
from huiyin.desk.cases.models import Case
from huiyin.desk.clocks.watch import look
from huiyin.desk.documents import actions as documents
from huiyin.desk.facts.actions import keep_answer, store
from huiyin.desk.journal.actions import By
from huiyin.desk.keeping import actions as keeping
from huiyin.desk.lists import actions as lists
from huiyin.desk.messaging import actions as messaging
from huiyin.desk.messaging.tests.lines import Line
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit
from huiyin.desk.publications import actions as publications
from huiyin.desk.publications import queries as notices
from huiyin.desk.registers import actions as registers
from huiyin.desk.scores import actions as scores
from huiyin.desk.scores.models import Entry as Points
from huiyin.desk.topics import actions as topics
from huiyin.desk.warnings import actions as warnings
from huiyin.desk.warnings.models import WarningSignal
from huiyin.plumbing.files import read_picture
from huiyin.plumbing.files.tests.samples import PDF, jpeg
from huiyin.plumbing.rows import Rows
from huiyin.rulebook.load import regulation

ADMIN = By("admin")
SET_UP = datetime(2026, 1, 1, 9, tzinfo=SHANGHAI)
NINE = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
ENDED = NINE + timedelta(days=30)
"""When the watch has looked at everything."""
AFTER = datetime(2031, 1, 6, 10, tzinfo=SHANGHAI)
"""When all times of keeping are over."""
KEPT = {"group_platform": ("GP-8.3.2b", "3 years"), "customer_relations": ("CR-2.1.2.1a", "2 years")}
ADOPTED = ("group_platform", "customer_relations", "community_publication")
HOME = "鹤77-9-903"
MATTER = "鹭鸶桥积水"
WORDS = {
    "name": "欧阳鹭鸶", "phone": "13977770123", "home": HOME, "place": "鸬鹚巷转角", "title": "鹈鹕路漏水",
    "story": "鸳鸯楼渗水三天", "wish": "请鹡鸰师傅上门", "number": "WX-鹧鸪-01", "matter": MATTER, "contact": "鸲鹆已致电",
    "plan": "蜂鸟方案", "solution": "鹦鹉对策", "report": "鹩哥说明", "visit": "鹌鹑满意", "note": "鹗鹰备注", "urge": "鹮鸟催促",
    "verify": "鹬蚌属实", "answer": "鹳雀答复", "appeal": "鹭岛申诉", "decision": "鹤岗裁定", "finding": "鹞子核查",
    "grounds": "鸮形依据", "cause": "雉鸡原因", "message": "鸢尾短信", "draft": "鸥鸟草稿", "hold": "鸨母保全", "release": "鸩酒解除",
    "view": "鸱鸺查看", "register": "鹣鲽登记", "published": "鹫峰公布", "saved": f"{HOME}鹪鹩",
    "file": "鸾凤照片", "paper": "鹇鹡合同", "gone": "鸲鹉撤下", "why": "鹧鹕传错", "said": "鹧鸪录音内容",
}  # fmt: skip
"""Words that stand nowhere but in this case."""


@dataclass(slots=True)
class World:
    """The organisation, its people by login, and the case."""

    organisation: Organisation
    company: Unit
    site: Unit
    staff: dict[str, Staff]
    made: Registered | None = None

    @property
    def id(self) -> UUID:
        """The organisation's id."""
        return self.organisation.id

    @property
    def case(self) -> UUID:
        """The case's id."""
        assert self.made is not None
        return self.made.case_id

    @property
    def number(self) -> str:
        """The case's number."""
        assert self.made is not None
        return self.made.number

    def by(self, login: str) -> By:
        """A person as the journal knows them, in the role of their post."""
        person = self.staff[login]
        return By(person.posts.get().role, person.pk)

    def does(self, move: str, login: str, at: datetime, **details: Any) -> None:
        """A move of the person on the case."""
        post = self.staff[login].posts.get()
        cases.move(
            self.id, self.case, move, details, by=self.staff[login].pk, post_role=post.role, unit=post.unit.code, at=at
        )  # fmt: skip


def settle() -> World:
    """A company with a branch and a project under three regulations, with times of keeping where the texts leave them open."""
    organisation = places.add_organisation("heyuan", "合园集团", by=ADMIN, at=SET_UP)
    company = places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=ADMIN, at=SET_UP)
    branch = places.add_unit(organisation.id, "FG", "branch", "第一分公司", by=ADMIN, at=SET_UP, parent=company.id)
    site = places.add_unit(organisation.id, "CY", "project", "合园一期", by=ADMIN, at=SET_UP, parent=branch.id, households_count=20)
    for stem in ADOPTED:
        made = adoptions.adopt(company, stem, str(regulation(stem).source["version"]), date(2026, 1, 1), by=ADMIN, at=SET_UP)
        if stem in KEPT:
            clause, time = KEPT[stem]
            adoptions.set_setting(made, clause, "keep", time, date(2026, 1, 1), by=ADMIN, at=SET_UP)
    posts = (
        ("agent", company, "group_cc_agent"), ("head", company, "group_cc_supervisor"), ("li", site, "unit_liaison"),
        ("qian", site, "project_manager"), ("wu", company, "quality_head"), ("zhu", company, "quality_manager"),
        ("wang", site, "service_centre"),
    )  # fmt: skip
    staff = {}
    for login, unit, role in posts:
        staff[login] = people.add_staff(organisation.id, login, login, by=ADMIN, at=SET_UP)
        people.give_post(staff[login], unit, role, date(2026, 1, 1), by=ADMIN, at=SET_UP)
    store(organisation.id, [Fact("month_opened", NINE.replace(day=1, hour=0), unit="WY", by="platform", details={"period": "2026-03"})],
          by=None, at=NINE.replace(day=1))  # fmt: skip
    return World(organisation, company, site, staff)


def complain(world: World) -> None:
    """The complaint comes in with every word that a form takes, and its answer is kept for the sender."""

    def remember(rows: Rows, made: Registered) -> None:
        keep_answer(rows, world.id, "key-1", bytes(32), 201, {"number": made.number, "title": WORDS["title"]}, at=NINE)

    world.made = cases.register(world.id, form(), by=world.staff["agent"].pk, at=NINE, dispatch_to="CY", also=remember)


def form(**more: Any) -> Registration:
    """What the form says."""
    said = {
        "channel": "call_centre_400", "story": WORDS["story"], "title": WORDS["title"], "wish": WORDS["wish"],
        "category": {"GP": "cleaning", "CP": "public_part"}, "severity": {"GP": "general"}, "household_code": HOME, "place": WORDS["place"],
        "contact_name": WORDS["name"], "contact_phone": WORDS["phone"], "external_numbers": {"hotline": WORDS["number"]},
        "by_role": "group_cc_agent", "details": {"customer": WORDS["name"], "text": WORDS["story"]},
    }  # fmt: skip
    return Registration("complaint", "CY", **{**said, **more})


def live(world: World) -> None:
    """It is handled, warned of, answered, appealed, written about, published, held and let go, and closed."""

    def at(hours: float) -> datetime:
        return NINE + timedelta(hours=hours)

    world.does("accept", "li", at(0.1))
    world.does("contact", "li", at(0.2), text=WORDS["contact"])
    world.does("urge", "head", at(0.3), text=WORDS["urge"])
    world.does("first_plan", "li", at(0.5), text=WORDS["plan"])
    post = topics.Post(world.staff["wu"].pk, "quality_head", "WY")
    other = cases.register(world.id, form(**_plain()), by=None, at=at(0.6))
    topics.confirm(world.id, [world.case, other.case_id], MATTER, post=post, at=at(0.7))
    topics.undo(world.id, [other.case_id], post=post, at=at(0.8))
    world.does("second_complaint", "head", at(1), text=WORDS["story"])
    _warn(world, at)
    _write(world, at)
    world.does("report_solution", "li", at(6), text=WORDS["report"], promised_at=at(30))
    world.does("handle", "li", at(20), text=WORDS["solution"])
    world.does("return_visit", "li", at(21), result="satisfied", text=WORDS["visit"])
    world.does("note", "wu", at(22), text=WORDS["note"])
    _send_files(world, at(22.5))
    _publish(world, at(23))
    keeping.preserve(world.id, "case", world.case, WORDS["hold"], by=world.by("wu"), at=at(24))
    keeping.release(world.id, "case", world.case, WORDS["release"], by=world.by("zhu"), at=at(25))
    while look(ENDED, organisation_id=world.id):
        pass


def _plain() -> dict[str, Any]:
    return {
        "story": "另一件", "title": "另一件", "wish": "", "household_code": "1-1-101", "place": "", "contact_name": "", "contact_phone": "",
        "external_numbers": {}, "details": {"customer": "R2"},
    }  # fmt: skip


def _warn(world: World, at: Any) -> None:
    blue = WarningSignal.objects.get(organisation_id=world.id, case_id=world.case, level="blue")
    head, manager = world.staff["head"].pk, world.staff["qian"].pk
    warnings.verify_and_send(world.id, blue.id, by=head, role="group_cc_supervisor", at=at(2), reason=WORDS["verify"])
    documents.make_warning_notice(world.id, blue.id, by=head, at=at(2.1))
    answered: dict[str, Any] = {"by": manager, "role": "project_manager", "at": at(3), "responsible": WORDS["name"]}
    warnings.report_solution(world.id, blue.id, WORDS["answer"], at(40), **answered)
    documents.make_solution_report(world.id, blue.id, WORDS["cause"], by=manager, at=at(3.1))
    entry = Points.objects.get(organisation_id=world.id, unit_code="CY")
    appeal = scores.appeal(world.id, entry.id, WORDS["appeal"], by=manager, role="project_manager", at=at(4))
    scores.decide_appeal(
        world.id, appeal.id, upheld=False, answer=WORDS["decision"], by=world.staff["wu"].pk, role="quality_head", at=at(4.5)
    )  # fmt: skip


def _write(world: World, at: Any) -> None:
    documents.make_statement(
        world.id, world.case, findings=WORDS["finding"], grounds=WORDS["grounds"], evidence_list=[WORDS["place"]],
        conclusion=WORDS["report"], by=None, at=at(4.6),
    )  # fmt: skip
    documents.make_weekly_summary(world.id, "CY", "2026-W10", by=None, at=at(4.7))
    messaging.put_now(
        world.id, f"told:{world.number}", "case.progress", at=at(5), channel="sms", to_address=WORDS["phone"], case_id=world.case,
        body=WORDS["message"], params={"summary": WORDS["title"], "number": world.number},
    )  # fmt: skip
    closed = Line(lambda parcel: messaging.Refused(f"closed: {parcel.address}"))
    messaging.send_due(at(5.1), channels={"sms": closed})
    people.unmask(world.id, world.staff["li"], "story", f"case:{world.case}", WORDS["view"], by=world.by("li"), at=at(5.2))
    may = {"clause": "CR-2.3.0.1b", "standing": True, "to": ["unit_liaison"], "purpose": "contact"}
    viewed = {"customer": HOME, "purpose": "contact", "case": str(world.case)}
    consent = Fact("approval_given", at(5.2), unit="CY", by="department_head", details=may)
    view = Fact("customer_data_viewed", at(5.3), unit="CY", by="unit_liaison", details=viewed)
    store(world.id, [consent, view], by=None, at=at(5.3))
    lists.save_view(world.staff["li"], "queue", WORDS["saved"], {"q": WORDS["name"]}, by=world.by("li"), at=at(5.4))
    cases.save_draft(world.id, world.staff["li"].pk, f"case-{world.number}", {"text": WORDS["draft"]}, at=at(5.4))
    checked = {"title": world.number, "checked_by": WORDS["name"], "checked_on": "2026-03-02", "corrects": WORDS["register"]}
    line = registers.add_entry(world.id, "CR:information-checks", "CY", checked, by=world.by("wang"), at=at(5.5))
    registers.amend_entry(line, {"checked_by": WORDS["register"]}, WORDS["register"], by=world.by("wang"), at=at(5.6))
    case = Case.objects.get(organisation_id=world.id, number=world.number)
    registers.add_by_hand(case, "CR:work-information-book", {"remark": WORDS["register"]}, "", by=world.by("wang"), at=at(5.7))


def _send_files(world: World, at: datetime) -> None:
    """A photo, a paper with words in it, and one that is taken away again."""
    sent = [
        attachments.prepare(f"{WORDS['file']}.jpg", jpeg()),
        attachments.prepare(f"{WORDS['paper']}.txt", WORDS["said"].encode()),
        attachments.prepare(f"{WORDS['gone']}.pdf", PDF),
    ]
    kept = attachments.add(world.id, world.case, sent, by=world.by("li"), at=at, act="note")
    attachments.look(kept[0], by=world.by("qian"), at=at)
    attachments.take_away(kept[2], WORDS["why"], by=world.by("li"), at=at)


def _publish(world: World, at: datetime) -> None:
    writer = publications.Actor(world.staff["wang"].pk, "service_centre")
    reader = publications.Actor(world.staff["qian"].pk, "project_manager")
    notice = publications.draft(world.id, "CY", "2026-03", by=writer, at=at)
    texts = {one.case_id: WORDS["published"] if one.case_id == world.case else "另一件已办" for one in notices.lines(notice)}
    publications.mend(notice, "公布如下", texts, list(texts), ["notice_board"], by=writer, at=at)
    publications.hand_in(notice, by=writer, at=at)
    publications.approve(notice, by=reader, at=at)
    publications.issue(notice, by=writer, at=at)
    publications.put_up(notice, "北门公布栏", at, read_picture(jpeg(), most_bytes=10**6), by=writer, at=at)


def destroy(world: World, at: datetime = AFTER) -> None:
    """Proposed by one person, signed by another."""
    keeping.propose(world.id, "case", world.case, "保存期满", by=world.by("wu"), at=at)
    keeping.destroy(world.id, "case", world.case, by=world.by("zhu"), at=at)


def tables() -> list[str]:
    """Every table of the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
        return sorted(row[0] for row in cursor.fetchall())


def found_in_tables(words: dict[str, str]) -> dict[str, set[str]]:
    """Where each of the words stands, by table, as text or as bytes; escaped in JSON they would stand there too."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in tables():
            for key, word in words.items():
                forms = [word, word.encode().hex(), *([] if word.isascii() else [word.encode("unicode_escape").decode()])]
                cursor.execute(
                    f'SELECT 1 FROM "{table}" t WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) w WHERE strpos(t::text, w) > 0) LIMIT 1',
                    [forms],
                )
                if cursor.fetchone():
                    found.setdefault(table, set()).add(key)
    return found
