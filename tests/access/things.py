"""An inspection and a survey for a drawer, done by the rooms' own actions: what further addresses of the matrix are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from huiyin.channels.robots import WECOM
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.core.facts import Fact
from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.attachments import actions as attachments
from huiyin.desk.cases.models import Case
from huiyin.desk.facts.actions import store
from huiyin.desk.imports import actions as imports
from huiyin.desk.imports.intake import Reason
from huiyin.desk.imports.models import TAKEN, ImportRow
from huiyin.desk.inspections import actions as inspections
from huiyin.desk.inspections.models import Finding
from huiyin.desk.journal.actions import By
from huiyin.desk.matters.actions import Act, open_matter
from huiyin.desk.matters.models import Matter
from huiyin.desk.matters.steps import find, of_name
from huiyin.desk.people.access import RIGHTS, Standing
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.desk.qr_points import actions as qr_points
from huiyin.desk.robots import actions as robots
from huiyin.desk.surveys import actions as surveys
from huiyin.desk.surveys import queries
from huiyin.faces.console.cases.unmasking import PURPOSES
from huiyin.faces.console.tests.conftest import CLERK, PEOPLE
from huiyin.plumbing.files import PNG, Picture
from huiyin.plumbing.ids import new_id
from huiyin.rulebook.load import regulation

STANDARD, PROPOSED, PROPOSING = "CR-2.1.1.2", "CR-2.1.3.3", "CR:respond"
"""A standard that the drawer's inspection found unmet; one that the live records may propose, and the limit by which they do."""
PICTURE = Picture(PNG, b"\x89PNG\r\n\x1a\n" + bytes(64), b"", 1, 1)
"""A picture as it is kept, whatever is drawn in it."""
INSPECTOR = Standing(("quality_dept", "quality_specialist"), frozenset(RIGHTS))


@dataclass(frozen=True)
class Things:
    """What a drawer holds of inspections, surveys, files and ledgers: ids, of the finding and its photo too."""

    inspection: UUID
    finding: UUID
    photo: UUID
    survey: UUID
    file: UUID
    upload: UUID
    brought: UUID


def things(case: Case, unit: Unit, manager: Staff, seed: str) -> Things:
    """An inspection of the unit with a finding and its photo, a survey with a questionnaire, under regulations in force from today; and a
    photo of the case."""
    for stem in ("customer_relations", "satisfaction_survey"):
        adopt(unit, stem, str(regulation(stem).source["version"]), timezone.localdate(), by=CLERK, at=timezone.now())
    _let_look(unit)
    robots.put_up(
        unit, "wecom", f"{seed}氏工作群", WECOM.example.replace("…", "a1b2"), "", morning=True, afternoon=True, language="zh-hans",
        by=By("admin"), at=timezone.now(),
    )  # fmt: skip
    qr_points.put_up(unit, f"{seed}氏楼下", by=By("project_manager", manager.pk), at=timezone.now())
    finding = _finding(_inspection(unit, manager), manager, seed)
    photo = inspections.add_photo(finding, PICTURE, by=By("quality_dept", manager.pk), at=timezone.now())
    return Things(
        finding.inspection_id, finding.id, photo.id, _survey(unit, manager, seed), _file(case, manager, seed), *_ledger(case, manager, seed)
    )


def _file(case: Case, manager: Staff, seed: str) -> UUID:
    """A photo of the case, under a name that tells whose it is."""
    sent = attachments.Prepared(f"{seed}氏家中.png", PNG, PICTURE.data, PICTURE.data, seed)
    made = attachments.add(case.organisation_id, case.id, [sent], by=By("project_manager", manager.pk), at=timezone.now())
    return made[0].id


def _ledger(case: Case, manager: Staff, seed: str) -> tuple[UUID, UUID]:
    """A ledger that waits for its mapping, and one that was brought in: a row of it is the case, another was refused."""
    now, by = timezone.now(), By("project_manager", manager.pk)
    raw = {"编号": f"{seed}1", "时间": "2026-01-05 10:00", "内容": f"{seed}氏家中 {case.contact_phone}"}
    mapping = SheetMapping(source=f"{seed}台账", columns={"编号": "source_id", "时间": "at", "内容": "story"}).model_dump()
    data = "\n".join((",".join(raw), ",".join(raw.values()))).encode()
    kept = imports.keep_upload(case.organisation_id, f"{seed}.csv", data, mapping, by=by, at=now)
    lines = [imports.Line(2, raw), imports.Line(3, raw, (), (Reason(f"{seed}氏有误", f"{seed} is wrong"),))]
    begun = imports.begin(
        case.organisation_id, file_name=f"{seed}旧.csv", digest=seed.encode().ljust(32), source=f"{seed}台账", mapping=mapping,
        header=list(raw), lines=lines, by=by, at=now, unattended=True, unit_code=case.unit_code,
    )  # fmt: skip
    ImportRow.objects.filter(import_id=begun.id, number=2).update(verdict=TAKEN, case_id=case.id, source_id=raw["编号"])
    return kept.id, begun.id


def _let_look(unit: Unit) -> None:
    """The head's standing consent to every purpose for every post: whether a view needs one, the tests of keeping ask."""
    now = timezone.now()
    terms = {name: word[0] for name, word in terms_of(unit.organisation_id, unit.code, now).items()}
    roles = sorted({role for _name, _unit, role in PEOPLE.values()})
    purposes = [text % terms if "%(" in text else text for text in PURPOSES.values()]
    told = {"clause": "CR-2.3.0.1b", "approver": "department_head", "to": roles, "standing": True}
    facts = [Fact("approval_given", now, unit=unit.code, by="department_head", details={**told, "purpose": each}) for each in purposes]
    store(unit.organisation_id, facts, by=None, at=now)


def _inspection(unit: Unit, manager: Staff) -> Matter:
    by, now = By("quality_dept", manager.pk), timezone.now()
    made = inspections.open_inspection(unit.organisation_id, unit.code, standing=INSPECTOR, by=by, at=now)
    return Matter.objects.get(organisation_id=unit.organisation_id, id=made)


def _finding(inspection: Matter, manager: Staff, seed: str) -> Finding:
    now = timezone.now()
    report = inspections.Report(id=new_id(now), clause=STANDARD, text=f"{seed}氏当班无人接听")
    return inspections.record_finding(inspection, report, standing=INSPECTOR, by=By("quality_dept", manager.pk), at=now)


def _survey(unit: Unit, manager: Staff, seed: str) -> UUID:
    now, by = timezone.now(), By("quality_specialist", manager.pk)
    subject = of_name(unit.organisation_id, "survey", unit.code, f"{seed}氏调查", now)
    offer = find(subject, INSPECTOR, now, "survey_opened")
    assert offer is not None
    told: dict[str, Any] = {**subject.names, "category": {"SS": "midterm_survey"}}
    made = open_matter(subject, offer, Act(offer.roles[0], told), standing=INSPECTOR, by=manager.pk, at=now)[0]
    survey = Matter.objects.get(organisation_id=unit.organisation_id, id=made)
    surveys.begin_questionnaire(survey, queries.declared((regulation("satisfaction_survey"),)).subjects, by=by, at=now)
    return made
