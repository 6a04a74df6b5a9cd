"""Two projects and a second organisation, each with a full drawer: cases, warnings, points, papers, letters, a program with its key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client
from django.utils import timezone

from huiyin.core.facts import Fact
from huiyin.core.recurrence import period_of
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.cases import actions as cases
from huiyin.desk.cases.actions import Registration
from huiyin.desk.cases.models import Case
from huiyin.desk.documents import actions as documents
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.queries import thing_id
from huiyin.desk.journal.actions import By
from huiyin.desk.lists import actions as lists
from huiyin.desk.people import actions as people
from huiyin.desk.people.doors.keys import SCOPES
from huiyin.desk.people.models import Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit
from huiyin.desk.publications import actions as publications
from huiyin.desk.registers import actions as registers
from huiyin.desk.scores.actions import appeal
from huiyin.desk.scores.models import Appeal, Entry
from huiyin.desk.warnings.actions import verify
from huiyin.desk.warnings.models import WarningSignal
from huiyin.faces.console.tests.conftest import CLERK, EARLY, House, build_house
from huiyin.rulebook.load import regulation
from tests.access.things import Things, things

SHARED = "水泵房夜间异响"
"""Words that the stories of all drawers have in common: what one searches for to find one's neighbours."""
BOOK, HIDDEN_COLUMN = "CP:dereliction_findings", "person"
"""A register that every drawer has an entry of, under the regulation in force for its unit from today on, and one of its columns."""
MOVES = ("role:unit_liaison", "role:group_cc_agent")


@dataclass(frozen=True)
class Drawer:
    """What belongs to one project and to nobody else. ``canaries`` are texts that stand nowhere else in the world."""

    unit: Unit
    case: Case
    warning: str
    document: str
    entry: Entry
    appeal: Appeal
    matter: UUID
    line: UUID
    sheet: UUID
    notice: UUID
    things: Things
    key: str
    contact: str
    phone: str
    canaries: tuple[str, ...]


@dataclass
class World:
    """The house with its drawers by name (mine: CY, theirs: LY, abroad: CY of another organisation) and further people."""

    house: House
    drawers: dict[str, Drawer] = field(default_factory=dict)
    people: dict[str, Staff] = field(default_factory=dict)

    def browser(self, login: str) -> Client:
        """Somebody's browser, which answers a fault with its page instead of raising it; nobody's for an empty login."""
        client = Client(raise_request_exception=False)
        if login:
            client.force_login(self.people[login])
        return client


def build_world() -> World:
    """The world as it stands after a complaint was made twice and nobody answered."""
    house = build_house()
    world = World(house, people=dict(house.staff))
    world.people["none"] = people.add_staff(house.organisation.id, "none", "陈无岗", by=CLERK, at=EARLY)
    world.people["gone"] = _posted(house.organisation, house.units["CY"], "gone", "unit_liaison")
    world.people["head"] = _posted(house.organisation, house.units["PZ"], "head", "quality_head")
    abroad, company = _organisation_abroad()
    unit = places.add_unit(abroad.id, "CY", "project", "异邦花园", by=CLERK, at=EARLY, parent=company.pk, households_count=99)
    world.people["guest"] = _posted(abroad, unit, "guest", "unit_liaison")
    world.people["admin"] = _posted(house.organisation, house.units["JT"], "admin", "admin")
    world.people["boss"] = _posted(abroad, unit, "boss", "admin")
    world.people["ruler"] = _posted(abroad, unit, "ruler", "project_manager")
    for name, of, at, person in (
        ("mine", house.organisation, house.units["CY"], "qian"), ("theirs", house.organisation, house.units["LY"], "qian"),
        ("abroad", abroad, unit, "ruler"),
    ):  # fmt: skip
        world.drawers[name] = _drawer(of, at, world.people[person], len(world.drawers) + 1)
    people.disable_staff(world.people["gone"], by=CLERK, at=EARLY)
    return world


def _organisation_abroad() -> tuple[Organisation, Unit]:
    made = places.add_organisation("yibang", "异邦集团", by=CLERK, at=EARLY)
    company = places.add_unit(made.id, "WY", "property_company", "异邦物业公司", by=CLERK, at=EARLY)
    adopt(company, "group_platform", "1", date(2025, 1, 1), by=CLERK, at=EARLY)
    return made, company


def _posted(organisation: Organisation, unit: Unit, login: str, role: str) -> Staff:
    made = people.add_staff(organisation.id, login, f"员工{login}", by=CLERK, at=EARLY)
    people.give_post(made, unit, role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return made


def _drawer(organisation: Organisation, unit: Unit, manager: Staff, place: int) -> Drawer:
    seed = "魑魍魉"[place - 1]
    contact, phone, room = f"欧阳{seed}兰", f"1391234000{place}", f"{place}-{place}-{place}{place}07"
    resident = people.add_resident(organisation.id, f"端木{seed}菊", by=CLERK, at=EARLY, phone=f"1371234777{place}")
    people.move_in(resident, places.add_household(unit, room, by=CLERK, at=EARLY), "owner", by=CLERK, at=EARLY)
    # Each organisation counts its numbers by itself, a day at a time: on different days none has the number of another.
    now = timezone.now() - timedelta(days=place)
    form = Registration(
        "complaint", unit.code, story=f"{SHARED}，{seed}氏家中", wish=f"赔付{seed}氏", category={"GP": "engineering_repair"},
        severity={"GP": "general"}, channel="call_centre_400", contact_name=contact, contact_phone=phone, household_code=room,
        by_role="group_cc_agent", received_at=now - timedelta(days=3),
    )  # fmt: skip
    made = cases.register(organisation.id, form, by=None, at=now - timedelta(days=3), dispatch_to=unit.code)
    case = Case.objects.get(organisation_id=organisation.id, id=made.case_id)
    warning = _warned(organisation, case, manager, now - timedelta(days=2))
    entry = Entry.objects.filter(organisation_id=organisation.id, unit_code=unit.code)[0]
    week = f"{now - timedelta(days=3):%G-W%V}"
    paper = documents.make_weekly_summary(organisation.id, unit.code, week, by=None, at=now, role="unit_liaison")
    said: dict[str, Any] = {"by": manager.pk, "role": "project_manager", "at": now}
    complaint = appeal(organisation.id, entry.id, f"并非{seed}氏所述", **said)
    _, key = people.make_api_key(unit, f"程序{seed}", (*SCOPES, *MOVES), by=CLERK, at=EARLY)
    matter = _matter(organisation, unit, f"{seed}氏议题")
    canaries = (seed, contact, phone, f"1371234777{place}", room, case.number)
    line, sheet = _register(organisation, unit, seed)
    papers, notice = (str(warning.number), str(paper.number)), _notice(case, manager)
    own = things(case, unit, manager, seed)
    there = Staff.objects.filter(posts__unit=unit).exclude(login="gone").order_by("login")[0]
    lists.save_view(there, "queue", f"{seed}氏视图", {"q": f"{seed}氏"}, by=CLERK, at=now, shared_with=unit)
    return Drawer(unit, case, *papers, entry, complaint, matter, line, sheet, notice, own, key, contact, phone, canaries)


def _notice(case: Case, manager: Staff) -> UUID:
    """The draft of a notice to the customers that tells of the case."""
    now, by = timezone.now(), publications.Actor(manager.pk, "project_manager")
    made = publications.draft(case.organisation_id, case.unit_code, period_of("month", now).name, by=by, at=now)
    publications.add_case(made, case.number, [case.unit_code], by=by, at=now)
    return made.id


def a_row(seed: str) -> dict[str, str]:
    """A row of the register BOOK."""
    told = f"{seed}氏未到场"
    return {"number": "7", "person": f"员工{seed}", "found_on": "2026-01-05", "finding": told, "rule_applied": told}


def _register(organisation: Organisation, unit: Unit, seed: str) -> tuple[UUID, UUID]:
    """An entry of the register, and a file of rows that waits to be taken."""
    now, by = timezone.now(), By("service_centre")
    made = registers.add_entry(organisation.id, BOOK, unit.code, a_row(seed), by=by, at=now)
    rows = [registers.Line(2, a_row(seed) | {"number": "8"})]
    return made.id, registers.look_at_rows(organisation.id, BOOK, unit.code, f"{seed}.csv", rows, by=by, at=now).id


def _matter(organisation: Organisation, unit: Unit, issue: str) -> UUID:
    """A thing with a past of its own: an issue that is heard under a regulation that is in force for the unit from today on."""
    now, stem = timezone.now(), "community_publication"
    adopt(unit, stem, str(regulation(stem).source["version"]), timezone.localdate(), by=CLERK, at=now)
    told = Fact("hot_complaint_reported", now, unit=unit.code, by="service_centre", details={"issue": issue})
    store(organisation.id, [told], by=None, at=now)
    return thing_id(organisation.id, f"issue:{unit.code}/{issue}")


def _warned(organisation: Organisation, case: Case, verifier: Staff, then: datetime) -> WarningSignal:
    """The customer complains again: a blue warning, which is true and costs the project and the branch a point."""
    again = Fact("second_complaint_started", then, case=str(case.id), unit=case.unit_code, by="group_cc_agent")
    store(organisation.id, [again], by=None, at=then)
    found = WarningSignal.objects.get(organisation_id=organisation.id, case_id=case.id)
    verify(organisation.id, found.id, "confirmed", by=verifier.pk, role="group_cc_supervisor", at=timezone.now())
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is undone, so that one request does not disturb the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def text_of(answer: Any) -> str:
    """All that an answer tells: its head, and its body; of a workbook the texts of its cells; of a picture its head alone."""
    from io import BytesIO
    from zipfile import ZipFile

    head = "\n".join(f"{name}: {value}" for name, value in answer.items())
    if str(answer.get("Content-Type", "")).startswith("image/"):
        return head
    if answer.content[:2] != b"PK":
        return f"{head}\n{answer.content.decode()}"
    with ZipFile(BytesIO(answer.content)) as book:
        return "\n".join([head, *(book.read(name).decode(errors="replace") for name in book.namelist())])
