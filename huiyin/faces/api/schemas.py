"""What travels: the bodies that the interface takes and gives. Bodies that come in are strict: no key more, no type guessed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from huiyin.core.moments import in_shanghai

# Graphemes are counted later: a family of emoji is one of 200, and eleven characters long.
Line = Annotated[str, Field(max_length=2400)]
Story = Annotated[str, Field(max_length=20_000)]
Code = Annotated[str, Field(min_length=1, max_length=40)]
Word = Annotated[str, Field(min_length=1, max_length=80)]
ExternalNumber = Annotated[str, Field(max_length=120)]
_TWICE = (
    "The number that your own system gave it. The same report sent again under it, whatever its Idempotency-Key, is answered with the case "
    "that is there (200); another report under it is refused with that case's number (409, `already_there`)."
)
Classes = Annotated[
    Word | dict[Word, Word],
    Field(description="A class for every regulation, or one for each by the prefix of its clauses."),
]
Moment = Annotated[
    str,
    Field(
        max_length=40,
        description="`2026-02-13 10:00`, ISO 8601 or `2026年2月3日 下午3点`; without a zone it is Shanghai time.",
        examples=["2026-02-13T10:00:00+08:00"],
    ),
]
Shown = Annotated[datetime, AfterValidator(in_shanghai)]
"""A moment in an answer: always with Shanghai's offset, whatever zone it is stored in."""


class Taken(BaseModel):
    """A body that comes in."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(Taken):
    """What every report of a resident tells."""

    story: Annotated[Story, Field(min_length=1, description="What the person says.", examples=["3栋电梯停运两天，无人处理"])]
    title: Line = ""
    wish: Annotated[Story, Field(description="What the person asks for.")] = ""
    household: Annotated[Line, Field(description="The home, such as `3-2-1501` or `3栋2单元1501室`.")] = ""
    place: Line = ""
    contact_name: Line = ""
    contact_phone: Annotated[Line, Field(description="One or several numbers, or `匿名`.", examples=["138 0013 8000"])] = ""
    category: Classes | None = None
    severity: Classes | None = None
    issue: Annotated[Line, Field(description="The code of a problem that several households share.")] = ""
    urgent: bool = False
    confidential: bool = False
    received_at: Annotated[Moment | None, Field(description="When it was received, if not now.")] = None
    external_number: Annotated[ExternalNumber, Field(description=_TWICE)] = ""


class Handover(Told):
    """A complaint, repair or suggestion that a call centre has taken in and hands over to a unit, in one act."""

    unit: Annotated[Code, Field(description="The code of the unit that has to handle it.", examples=["CY"])]
    record: Annotated[Literal["complaint", "repair", "suggestion"], Field(description="What kind of record it is.")] = "complaint"


class Message(Told):
    """What a resident wrote to another system. Without ``unit`` the home is found by the telephone number."""

    unit: Annotated[Code | None, Field(description="Needed unless the number belongs to residents of one unit.")] = None
    record: Annotated[Code, Field(description="The kind of record.", examples=["complaint"])] = "complaint"
    external_number: Annotated[ExternalNumber, Field(min_length=1, description=_TWICE)]


class NewCase(Told):
    """A case as a counter registers it; not yet handed to anybody."""

    unit: Code
    record: Annotated[Code, Field(examples=["complaint"])]
    channel: Annotated[Code, Field(description="The channel by which it came.", examples=["call_centre_400"])]


class Move(Taken):
    """A step of a case. ``details`` are the fields that the move needs, by the names of its form."""

    move: Annotated[Code, Field(description="The name of the move, as `moves` of the case lists it.", examples=["urge"])]
    details: dict[str, Any] = Field(default_factory=dict)
    role: Annotated[Code | None, Field(description="In which role it is done.")] = None
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The version of the case that you saw.")] = None
    at: Annotated[Moment | None, Field(description="When it was done, if not now.")] = None


class DuplicatesQuestion(Taken):
    """What a report that is being written is about."""

    unit: Code
    words: Annotated[str, Field(max_length=2000)]
    household: Line = ""
    place: Line = ""


class Warned(BaseModel):
    """Something that has to be put right on a case that was taken all the same."""

    code: Annotated[
        Literal["category_missing"], Field(description="category_missing: no handling limit runs before the case has its class.")
    ]
    field: Annotated[str, Field(description="What to give, as this interface calls it: category.GP.")]
    regulation: Annotated[str, Field(description="The prefix of the regulation that times by class.")]
    message: str


class Registered(BaseModel):
    """The case that now exists."""

    number: str
    query_code: Annotated[str, Field(description="With it and the number the resident may follow the case.")]
    status: str
    unit: str
    record: str
    received_at: Shown
    due: Annotated[list[dict[str, Any]], Field(description="The limits that run: clause, due, responsible.")]
    notes: Annotated[list[str], Field(description="What is remarkable: received long ago, or before any regulation was in force.")]
    warnings: Annotated[list[Warned], Field(description="What has to be put right; empty where nothing has.")]


class Moved(BaseModel):
    """The case after the move."""

    number: str
    status: str
    version: int
    due: list[dict[str, Any]]


class ClockList(BaseModel):
    """All limits of a case, in the order in which they began."""

    items: list[ClockShown]


class AttachmentShown(BaseModel):
    """A file of a case. Pictures are drawn anew: ``kind``, ``size`` and ``sha256`` are those of what is kept."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    audience: str
    added_at: Shown


class AttachmentKept(AttachmentShown):
    """The file that the case now has."""

    case: Annotated[str, Field(description="The number of the case.")]


class AttachmentList(BaseModel):
    """The files of a case, in the order in which they came. ``withheld``: how many are hidden because something of the case is secret."""

    items: list[AttachmentShown]
    withheld: int


class Problem(BaseModel):
    """A refusal (RFC 9457) with a sentence in Chinese."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str
    detail: str
    message: str
    field: str | None = None
    request_id: str


class PrecedenceShown(BaseModel):
    """How a limit stands to others for the same matter: whether it binds, why (only, level, stricter), and the rules of the others."""

    binds: bool
    why: str
    others: list[str]


class ClockShown(BaseModel):
    """A limit of a case."""

    rule: str
    regulation: str = ""
    precedence: PrecedenceShown | None = None
    clauses: list[str]
    case_number: str | None = None
    state: str
    starts_at: Shown
    due_at: Shown | None
    target_at: Shown | None = None
    stopped_at: Shown | None
    responsible: str
    limit: str
    calendar: str
    period: str | None = None
    unit: str | None = None
    provisional: bool = False
    reckoning: list[list[str]] = []


class Withheld(BaseModel):
    """Parts of a case that are secret and left out, the clause that says so, and why."""

    clause: str
    parts: list[str]
    why: str


class CaseShown(BaseModel):
    """A case in a list, with the limit that breaks next. The name is masked; of a confidential case it is left out."""

    number: str
    record: str
    status: str
    unit: str
    channel: str
    title: str
    category: dict[str, Any]
    severity: dict[str, Any]
    marks: list[str]
    received_at: Shown
    closed_at: Shown | None
    contact_name: str
    household: str
    withheld: list[Withheld]
    urged_count: int
    version: int
    due_at: Shown | None
    clause: str
    responsible: str


class CasePage(CaseShown):
    """A case with its story, limits and the moves that are open to it."""

    story: str
    wish: str
    entered_at: Shown
    contact_phone: str
    external_numbers: dict[str, str]
    clocks: list[ClockShown]
    moves: list[str]
    destroyed_at: Shown | None


class CaseList(BaseModel):
    """A page of cases, newest first."""

    items: list[CaseShown]
    next_cursor: str | None


class WarningShown(BaseModel):
    """A warning with its grounds."""

    number: str
    level: str
    state: str
    unit: str
    case_number: str | None
    issue: str | None
    raised_at: Shown
    verified_at: Shown | None
    sent_at: Shown | None
    answered_at: Shown | None
    grounds: list[dict[str, Any]]


class WarningList(BaseModel):
    """A page of warnings, newest first."""

    items: list[WarningShown]
    next_cursor: str | None


class UnitShown(BaseModel):
    """A unit of the organisation."""

    code: str
    kind: str
    parent: str | None
    name: str
    name_en: str
    households: int


class UnitList(BaseModel):
    """All units that the key reaches."""

    items: list[UnitShown]


class DutyList(BaseModel):
    """A page of the recurring duties, the next one due first."""

    items: list[ClockShown]
    next_cursor: str | None


class DuplicateList(BaseModel):
    """Cases that may be about the same, the likeliest first."""

    items: list[dict[str, Any]]


class Health(BaseModel):
    """A sign of life."""

    status: str
    version: str
