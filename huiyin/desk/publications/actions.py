"""Every write about notices: written, mended, handed in, approved or returned, issued, put up, withdrawn; or that there is nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from huiyin.core.facts import Fact
from huiyin.core.follow import Outcome
from huiyin.core.moments import BadText, in_shanghai
from huiyin.core.recurrence import period_named
from huiyin.desk.cases.lifecycle import VOID
from huiyin.desk.cases.models import Case
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.documents.papers import says
from huiyin.desk.facts.actions import store
from huiyin.desk.facts.actions.forgetting import NOTE, Forgotten
from huiyin.desk.files import actions as keeping
from huiyin.desk.files import queries as kept
from huiyin.desk.files.models import POSTING, Kept
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.places import queries as places
from huiyin.desk.publications import queries
from huiyin.desk.publications.models import APPROVED, DRAFT, ISSUED, WAITING, WITHDRAWN, Line, Notice, Posting
from huiyin.desk.publications.writing import choosing
from huiyin.desk.publications.writing.choosing import CUSTOMERS, ISSUED_EVENT, NOTHING_EVENT, WITHDRAWN_EVENT
from huiyin.plumbing.files import Picture
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.text import clean_text

NUMBERED: Final = "GB"
KIND: Final = "customer_notice"
_MOST_TEXT: Final = 4000
_ADDED: Final = "added"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in which role."""

    person: UUID
    role: str

    @property
    def by(self) -> By:
        """The same, for the journal."""
        return By(self.role, self.person)


@transaction.atomic
def draft(organisation_id: UUID, unit_code: str, period: str, *, by: Actor, at: datetime) -> Notice:
    """Write the notice of the month from the cases that belong into it; the one that there is comes back as it stands.

    Raises BadText for a period that is no month or has not begun, or a unit under no regulation that publishes.
    """
    month = period_named(period)
    if month.kind != "month" or month.opens_at > at:
        raise BadText(
            f"found the period {period!r}, expected a month that has begun such as 2026-03; choose one", "请选择已开始的月份，例如 2026-03"
        )
    publishing = choosing.publishing(organisation_id, unit_code, at)
    if not publishing:
        raise BadText(
            f"found the unit {unit_code!r}, expected one whose regulations publish to customers; choose such a unit",
            "该单位采用的制度没有要求对外公布；请选择其他单位",
        )
    standing = Notice.objects.filter(organisation_id=organisation_id, unit_code=unit_code, period=period).exclude(state=WITHDRAWN).first()
    if standing is not None:
        return standing
    made = Notice(
        organisation_id=organisation_id, id=new_id(at), unit_code=unit_code, period=period, state=DRAFT, lead=_lead(period), made_at=at,
        made_by=by.person, outlets=choosing.usual_outlets(publishing),
    )  # fmt: skip
    made.save(force_insert=True)
    for place, one in enumerate(choosing.candidates(organisation_id, unit_code, period, at), 1):
        _line(made, one.case, place, one.why, one.text)
    _journal(made, "publications.draft", by, at)
    return made


def _lead(period: str) -> str:
    return f"现将{says.period(period)}受理、办结的有关投诉、建议及处理情况公布如下，欢迎监督。"


def _line(notice: Notice, case: Case, place: int, why: str, text: str) -> None:
    Line(
        organisation_id=notice.organisation_id, notice_id=notice.id, case_id=case.id, place=place, why=why, text=text[:_MOST_TEXT]
    ).save(force_insert=True)  # fmt: skip


@transaction.atomic
def add_case(notice: Notice, number: str, units: Collection[str], *, by: Actor, at: datetime) -> None:
    """Add a case of the unit that was not chosen by itself. Raises BadText for a number that none of its open cases has."""
    locked = _locked(notice, (DRAFT,))
    own = Case.objects.filter(organisation_id=locked.organisation_id, unit_code=locked.unit_code, number=number.strip())
    case = own.filter(unit_code__in=list(units)).exclude(status=VOID).first()
    known = queries.lines(locked)
    if case is None or not choosing.may_be_told(case) or any(one.case_id == case.id for one in known):
        raise BadText(
            f"found the number {number[:24]!r}, expected a case of this unit that is not in the notice yet; correct it",
            f"“{number[:24]}”不是本单位可加入的工单，或已在公布稿中；请更正",
        )
    _line(locked, case, len(known) + 1, _ADDED, choosing.proposed(case, ""))
    _journal(locked, "publications.add_case", by, at, case=str(case.id))


@transaction.atomic
def mend(
    notice: Notice, lead: str, texts: Mapping[UUID, str], included: Collection[UUID], outlets: Collection[str], *, by: Actor, at: datetime
) -> None:
    """Let the draft say this: the lead, the text of each case, which of them stay in, and where it will be put up.

    Raises BadText for an outlet that no regulation names, or a text that is too long or empty though its case stays in.
    """
    locked = _locked(notice, (DRAFT,))
    named = choosing.outlets_of(choosing.publishing(locked.organisation_id, locked.unit_code, at))
    if unknown := set(outlets) - set(named):
        raise BadText(
            f"found the outlets {sorted(unknown)}, expected some of {sorted(named)}; choose these", "没有这种公布途径；请从所列途径中选择"
        )
    locked.lead = clean_text(lead, most=_MOST_TEXT, field="lead")
    locked.outlets = [one for one in named if one in outlets]
    locked.save(update_fields=["lead", "outlets"])
    for line in queries.lines(locked):
        stays, text = line.case_id in included, texts.get(line.case_id, line.text)
        line.included = stays
        line.text = clean_text(text, most=_MOST_TEXT, field="text") if stays else text[:_MOST_TEXT]
        line.save(update_fields=["included", "text"])
    _journal(locked, "publications.mend", by, at, included=len(included))


@transaction.atomic
def hand_in(notice: Notice, *, by: Actor, at: datetime) -> None:
    """Ask for the approval of the draft. Raises BadText where a text holds what may not be published, or nothing is left to publish."""
    locked = _locked(notice, (DRAFT,))
    _refuse_unfit(locked)
    locked.state, locked.handed_in_at, locked.handed_in_by, locked.returned_why = WAITING, at, by.person, ""
    locked.save(update_fields=["state", "handed_in_at", "handed_in_by", "returned_why"])
    _journal(locked, "publications.hand_in", by, at)


@transaction.atomic
def approve(notice: Notice, *, by: Actor, at: datetime) -> None:
    """Approve what was handed in. Raises BadText for the person who wrote it or handed it in: a second one has to read it."""
    locked = _locked(notice, (WAITING,))
    if by.person in (locked.handed_in_by, locked.made_by):
        raise BadText(
            "found the person who wrote the notice, expected a second one; let somebody else approve it",
            "公布稿须由另一人审批；起草、送审人不能审批",
        )
    _refuse_unfit(locked)
    locked.state, locked.approved_at, locked.approved_by = APPROVED, at, by.person
    locked.save(update_fields=["state", "approved_at", "approved_by"])
    _journal(locked, "publications.approve", by, at)


@transaction.atomic
def send_back(notice: Notice, why: str, *, by: Actor, at: datetime) -> None:
    """Return the notice to be mended, with the reason. Raises BadText without one."""
    locked = _locked(notice, (WAITING, APPROVED))
    locked.returned_why = clean_text(why, most=2000, field="why")
    locked.state, locked.approved_at, locked.approved_by = DRAFT, None, None
    locked.save(update_fields=["returned_why", "state", "approved_at", "approved_by"])
    _journal(locked, "publications.send_back", by, at, why=locked.returned_why)


@transaction.atomic
def issue(notice: Notice, *, by: Actor, at: datetime) -> Document:
    """Issue the approved notice: it gets its number, its paper is frozen, and the fact serves the month's duty.

    Raises BadText where a text holds what may not be published (names may have come since); Refused with the clause.
    """
    locked = _locked(notice, (APPROVED,))
    _refuse_unfit(locked)
    details = {"period": locked.period, "audience": CUSTOMERS, "outlets": list(locked.outlets)}
    facts = [Fact(ISSUED_EVENT, at, unit=locked.unit_code, by=by.role, details=details)]
    store(locked.organisation_id, facts, by=by.person, at=at)
    title = f"{says.period(locked.period)}投诉处理情况公布"
    made = documents.make(
        locked.organisation_id, KIND, NUMBERED, title, locked.unit_code, _body(locked, at), (), by=by.person, role=by.role, at=at,
        period=locked.period,
    )  # fmt: skip
    made = documents.publish(made, by=by.person, role=by.role, at=at)
    locked.state, locked.issued_at, locked.document_id = ISSUED, at, made.id
    locked.save(update_fields=["state", "issued_at", "document_id"])
    _journal(locked, "publications.issue", by, at, number=made.number)
    return made


def _body(notice: Notice, at: datetime) -> dict[str, Any]:
    tree = places.tree(notice.organisation_id)
    named = choosing.outlets_of(choosing.publishing(notice.organisation_id, notice.unit_code, at))
    told = [one for one in queries.lines(notice) if one.included]
    return {
        "organisation": tree.names[notice.unit_code][0],
        "lead": notice.lead,
        "lines": [one.text for one in told],
        "cases": [str(one.case_id) for one in told],
        "outlets": "、".join(named[one]["zh"] for one in notice.outlets if one in named),
        "issued": says.day(in_shanghai(at)),
    }


def _refuse_unfit(notice: Notice) -> None:
    texts = queries.checked(notice)
    if len(texts) < 2:
        raise BadText(
            "found no case in the notice, expected one at least; add one, or record that there is nothing",
            "公布稿中没有任何事项；请加入工单，或登记本月无须公布",
        )
    found = [one.text for text in texts for one in text.found]
    if found:
        raise BadText(
            f"found {len(found)} names, homes or numbers in the notice, expected none; take them out of the marked texts",
            f"公布稿中有 {len(found)} 处姓名、房号、电话或证件号；请在标出的地方改掉",
        )


@transaction.atomic
def withdraw(notice: Notice, why: str, *, by: Actor, at: datetime) -> None:
    """Take the notice back, issued or not, with the reason; what was issued stays to be seen, and is owed again until the month's day.

    Raises BadText without a reason.
    """
    locked = _locked(notice, (DRAFT, WAITING, APPROVED, ISSUED))
    said = clean_text(why, most=2000, field="why")
    if locked.document_id is not None:
        paper = Document.objects.get(organisation_id=locked.organisation_id, id=locked.document_id)
        documents.withdraw(paper, said, by=by.person, role=by.role, at=at)
        details = {"period": locked.period, "audience": CUSTOMERS, "reason": said}
        store(locked.organisation_id, [Fact(WITHDRAWN_EVENT, at, unit=locked.unit_code, by=by.role, details=details)], by=by.person, at=at)
    locked.state, locked.withdrawn_at, locked.withdrawn_by, locked.returned_why = WITHDRAWN, at, by.person, said
    locked.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "returned_why"])
    _journal(locked, "publications.withdraw", by, at, why=said)


@transaction.atomic
def put_up(notice: Notice, place: str, posted_at: datetime, photo: Picture | None, *, by: Actor, at: datetime) -> Posting:
    """Keep where and when the issued notice was put up, with a photo if there is one.

    Raises BadText for a moment to come or before the notice was issued, or an empty place; TooMuchToday.
    """
    locked = _locked(notice, (ISSUED,))
    if locked.issued_at is None or not locked.issued_at <= posted_at <= at:
        raise BadText(
            "found a moment before the notice was issued or to come, expected one between; correct it",
            "张贴时间须在发布之后、现在之前；请更正",
        )
    key = new_id(at)
    made = Posting(
        organisation_id=locked.organisation_id, id=key, notice_id=locked.id, place=clean_text(place, most=400, field="place"),
        posted_at=posted_at, by_person=by.person, by_role=by.role, entered_at=at,
    )  # fmt: skip
    if photo is not None:
        file = keeping.keep(keeping.Owner(locked.organisation_id, POSTING, key), key, photo.data, photo.small, by=by.by, at=at)
        made.kind, made.sha256 = photo.kind, file.sha256
    made.save(force_insert=True)
    _journal(locked, "publications.put_up", by, at, place=made.place, sha256=made.sha256)
    return made


def read_photo(posting: Posting) -> bytes:
    """The picture as it was kept. Raises Kept.DoesNotExist where there is none, or none any more."""
    return kept.data_of(posting.organisation_id, posting.id)


def nothing_to_publish(organisation_id: UUID, unit_code: str, period: str, *, by: Actor, at: datetime) -> list[Outcome]:
    """Keep that the month has nothing that had to be published. Raises BadText for a period that is no month; Refused with the clause
    where there is something."""
    if period_named(period).kind != "month":
        raise BadText(f"found the period {period!r}, expected a month such as 2026-03; choose a month", "请选择一个月，例如 2026-03")
    fact = Fact(NOTHING_EVENT, at, unit=unit_code, by=by.role, details={"period": period})
    return list(store(organisation_id, [fact], by=by.person, at=at))


def _locked(notice: Notice, states: Collection[str]) -> Notice:
    locked = Notice.objects.select_for_update().get(organisation_id=notice.organisation_id, id=notice.id)
    if locked.state not in states:
        raise BadText(
            f"found the notice {locked.state}, expected it {' or '.join(states)}; look again", "公布稿的状态已变化；请刷新后再处理"
        )
    return locked


def _journal(notice: Notice, action: str, by: Actor, at: datetime, **more: Any) -> None:
    body = {"unit": notice.unit_code, "period": notice.period, "state": notice.state, **more}
    write_now(notice.organisation_id, action, by=by.by, at=at, subject=f"notice:{notice.id}", body=body)


def forget_notices(cursor: Any, forgotten: Forgotten) -> None:
    """What notices said of a case that is forgotten, also those that were issued; and the photos on which these can be read."""
    for line in Line.objects.filter(organisation_id=forgotten.organisation_id, case_id=forgotten.about_id):
        notice = Notice.objects.get(organisation_id=forgotten.organisation_id, id=line.notice_id)
        if notice.document_id is not None and line.text:
            documents.forget_lines(forgotten, notice.document_id, frozenset({line.text}))
        if line.included:
            _forget_photos(notice)
        line.text = NOTE
        line.save(update_fields=["text"])


def forget_notice(cursor: Any, forgotten: Forgotten) -> None:
    """Where the paper that is forgotten is a notice to the customers: all that it said, and the photos of it."""
    for notice in Notice.objects.filter(organisation_id=forgotten.organisation_id, document_id=forgotten.about_id):
        Line.objects.filter(organisation_id=notice.organisation_id, notice_id=notice.id).exclude(text="").update(text=NOTE)
        Notice.objects.filter(pk=notice.pk).update(lead=NOTE if notice.lead else "")
        _forget_photos(notice)


def _forget_photos(notice: Notice) -> None:
    hung = Posting.objects.filter(organisation_id=notice.organisation_id, notice_id=notice.id)
    Kept.objects.filter(organisation_id=notice.organisation_id, of=POSTING, of_id__in=hung.values("id")).delete()
    hung.update(kind="")
