"""Cases as they now stand, and what is counted about them. What happened to a case stands in its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.desk.cases.lifecycle import OPEN_STATES, STATES, VOID_REASONS
from huiyin.plumbing.columns import sane_moments

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = models.Field


class TextArray(_Field):
    """A list of codes. Written by SQL of our own only."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "text[]"


class Lexemes(_Field):
    """What a case is found by: single characters, pairs and words."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "tsvector"


class Case(models.Model):
    """A case (工单) as it now stands. ``editions`` are the regulations, by stem, under which it began and stays.

    ``secrets`` says which parts are hidden under which rule; what stood there is in ``Secret``.
    ``destroyed_at`` is when everything that said who it was went; nothing more is said of it from then on.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    number = models.CharField(max_length=24)
    record = models.CharField(max_length=40)
    status = models.CharField(max_length=30)
    unit_code = models.CharField(max_length=40)
    path = TextArray()
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    channel = models.CharField(max_length=60, blank=True)
    category = models.JSONField(default=dict)
    severity = models.JSONField(default=dict)
    marks = models.JSONField(default=list)
    issue = models.CharField(max_length=120, blank=True)
    household_id = models.UUIDField(null=True)
    household_code = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=800, blank=True)
    resident_id = models.UUIDField(null=True)
    contact_name = models.CharField(max_length=800, blank=True)
    contact_phone = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=1600, blank=True)
    story = models.TextField(max_length=80000, blank=True)
    wish = models.CharField(max_length=16000, blank=True)
    confidential = models.BooleanField(default=False)
    secrets = models.JSONField(default=list)
    urgency = models.CharField(max_length=20, blank=True)
    urged_count = models.PositiveIntegerField(default=0)
    reopened_count = models.PositiveIntegerField(default=0)
    void_reason = models.CharField(max_length=20, blank=True)
    joined_to = models.UUIDField(null=True)
    external_numbers = models.JSONField(default=dict)
    editions = models.JSONField(default=dict)
    query_code = models.CharField(max_length=6)
    search = Lexemes()
    handler_id = models.UUIDField(null=True)
    department = models.CharField(max_length=80, blank=True)
    follower = models.CharField(max_length=80, blank=True)
    on_hold_until_at = models.DateTimeField(null=True)
    last_act_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "unit_code"], name="cases_open", condition=Q(status__in=OPEN_STATES)),
            models.Index(fields=["organisation_id", "received_at", "id"], name="cases_received"),
            models.Index(fields=["organisation_id", "unit_code", "received_at"], name="cases_of_unit"),
            models.Index(fields=["organisation_id", "unit_code", "household_code", "received_at"], name="cases_of_household"),
            models.Index(fields=["organisation_id", "resident_id"], name="cases_of_resident"),
            models.Index(fields=["organisation_id", "joined_to"], name="cases_joined_to", condition=Q(joined_to__isnull=False)),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "number"], name="cases_number_once"),
            CheckConstraint(condition=Q(status__in=STATES), name="cases_status"),
            CheckConstraint(condition=Q(void_reason__in=("", *VOID_REASONS)), name="cases_void_reason"),
            CheckConstraint(condition=Q(query_code__regex=r"^[0-9]{6}$"), name="cases_query_code"),
            *sane_moments("cases_case", "received_at", "entered_at", "on_hold_until_at", "last_act_at", "closed_at", "destroyed_at"),
        ]


class Reminded(models.Model):
    """A limit of which those who have to keep it were reminded, as it was due then: moved to another end, it reminds again."""

    pk = models.CompositePrimaryKey("organisation_id", "clock")
    organisation_id = models.UUIDField()
    clock = models.CharField(max_length=300)
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="cases_reminded_due")]
        constraints = sane_moments("cases_reminded", "due_at")


class Secret(models.Model):
    """What was taken out of a case because it is secret: the hidden ``parts``, the ``texts`` that stood in its columns, and the ``words``
    that are hidden wherever they stand. Nothing but ``access`` reads it."""

    pk = models.CompositePrimaryKey("organisation_id", "case_id")
    organisation_id = models.UUIDField()
    case_id = models.UUIDField()
    parts = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    words = models.JSONField(default=list)


class Mark(models.Model):
    """A class that a case or thing has by a regulation's definition (major, invalid, hot …), from ``at`` until ``ended_at``; ``key``
    begins with the regulation's prefix. ``period`` is that of a class of a period."""

    pk = models.CompositePrimaryKey("organisation_id", "key")
    organisation_id = models.UUIDField()
    key = models.CharField(max_length=300)
    mark = models.CharField(max_length=40)
    clause = models.CharField(max_length=80)
    case_id = models.UUIDField()
    unit_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    period = models.CharField(max_length=40, null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fact_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "case_id"], name="cases_marks_of_case")]
        constraints = sane_moments("cases_mark", "at", "ended_at")


class Tally(models.Model):
    """A complaint of a household about an issue in a year, as it counts for one unit; ``left_at`` when it counts no more."""

    pk = models.CompositePrimaryKey("organisation_id", "scope_unit", "case_id")
    organisation_id = models.UUIDField()
    scope_unit = models.CharField(max_length=40)
    issue = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField()
    household = models.CharField(max_length=100)
    case_id = models.UUIDField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "issue", "year", "scope_unit", "household"], name="cases_tally_count"),
        ]
        constraints = sane_moments("cases_tally", "left_at")


class NumberSequence(models.Model):
    """The last number issued on a day for a type of record."""

    pk = models.CompositePrimaryKey("organisation_id", "type", "day_on")
    organisation_id = models.UUIDField()
    type = models.CharField(max_length=4)
    day_on = models.DateField()
    last = models.PositiveIntegerField()


class NumberSlot(models.Model):
    """A number that was issued and is free: it goes when a case takes it, and comes back when that case does not come about."""

    pk = models.CompositePrimaryKey("organisation_id", "type", "day_on", "number")
    organisation_id = models.UUIDField()
    type = models.CharField(max_length=4)
    day_on = models.DateField()
    number = models.PositiveIntegerField()


class Draft(models.Model):
    """What somebody has typed into a form and not yet sent."""

    pk = models.CompositePrimaryKey("staff_id", "form")
    organisation_id = models.UUIDField()
    staff_id = models.UUIDField()
    form = models.CharField(max_length=120)
    body = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = sane_moments("cases_draft", "saved_at")


class MonthFigure(models.Model):
    """One thing that counts in a figure of a unit and month: so a figure is a number of rows, and always opens the list behind it."""

    pk = models.CompositePrimaryKey("organisation_id", "figure", "subject")
    organisation_id = models.UUIDField()
    figure = models.CharField(max_length=40)
    subject = models.CharField(max_length=340)
    unit_code = models.CharField(max_length=40)
    month = models.CharField(max_length=7)
    case_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "month", "unit_code", "figure"], name="cases_figures")]
        constraints = sane_moments("cases_monthfigure", "at")
