"""What is kept of a survey beside its facts: the questionnaire, who is asked under which code, and the answers."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments

PAPER, LINK = "paper", "link"
WAYS = (PAPER, LINK)


class Questionnaire(models.Model):
    """The questionnaire of a survey, and its report as it is written. ``matter_id`` is the id of the survey (matters).

    ``sections`` are the subjects in order, each with its key, its names and its questions ({key, zh, en}); ``seed`` is that of the draw,
    by which it can be repeated; ``public`` lets the codes be answered by link. ``causes`` is the tree of causes, one a line, indented.
    """

    pk = models.CompositePrimaryKey("organisation_id", "matter_id")
    organisation_id = models.UUIDField()
    matter_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    sections = models.JSONField(default=list)
    public = models.BooleanField(default=False)
    seed = models.CharField(max_length=40, blank=True)
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    focus_from = models.PositiveIntegerField(default=2)
    drawn_at = models.DateTimeField(null=True)
    report = models.JSONField(default=dict)
    causes = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = sane_moments("surveys_questionnaire", "drawn_at", "changed_at")


class Invitation(models.Model):
    """A home that is asked, and the code under which it answers once. ``opinions`` are its cases of the half-year before the draw."""

    pk = models.CompositePrimaryKey("organisation_id", "code")
    organisation_id = models.UUIDField()
    code = models.CharField(max_length=16, unique=True)
    matter_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    household_code = models.CharField(max_length=40)
    opinions = models.PositiveIntegerField(default=0)
    focus = models.BooleanField(default=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "matter_id"], name="surveys_asked")]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "matter_id", "unit_code", "household_code"], name="surveys_asked_once"),
            *sane_moments("surveys_invitation", "answered_at"),
        ]


class Answer(models.Model):
    """A questionnaire that came back. ``grades`` are points (5 to 1) by question; who answered stands nowhere in it."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    matter_id = models.UUIDField()
    unit_code = models.CharField(max_length=40)
    way = models.CharField(max_length=10)
    grades = models.JSONField(default=dict)
    words = models.CharField(max_length=16000, blank=True)
    valid = models.BooleanField(default=True)
    invalid_why = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()
    by_person = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "matter_id", "unit_code"], name="surveys_answers")]
        constraints = [
            CheckConstraint(condition=Q(way__in=WAYS), name="surveys_way"),
            CheckConstraint(condition=Q(valid=True) | ~Q(invalid_why=""), name="surveys_invalid_why"),
            *sane_moments("surveys_answer", "at"),
        ]
