"""Messages: the outbox of those that still have to leave, and the inbox of the staff."""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments

WAITING, SENT, FAILED, DEAD = "waiting", "sent", "failed", "dead"
STATES = (WAITING, SENT, FAILED, DEAD)
INAPP = "inapp"


class Message(models.Model):
    """A message to one person over one channel. It waits until its channel has taken it; ``key`` makes it one of its
    kind.

    ``failed``: the channel refused it for good. ``dead``: tried often enough. ``title`` and ``body`` are empty unless
    somebody wrote them; otherwise they are worded from ``topic`` and ``params`` when the message is read or sent, in
    the reader's language. ``lease`` is the sender's who tries to send it until ``next_try_at``; ``reference`` is what the
    other side calls it.
    """

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    key = models.CharField(max_length=300)
    to_staff = models.UUIDField(null=True)
    to_resident = models.UUIDField(null=True)
    to_address = models.CharField(max_length=320, blank=True)
    channel = models.CharField(max_length=20)
    topic = models.CharField(max_length=80)
    clause = models.CharField(max_length=80, blank=True)
    level = models.CharField(max_length=20, blank=True)
    case_id = models.UUIDField(null=True)
    unit_code = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=200, blank=True)
    body = models.CharField(max_length=20000, blank=True)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    leave_after_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10)
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    notice_key = models.CharField(max_length=300, blank=True, default="", db_default="")
    to_role = models.CharField(max_length=80, blank=True, default="", db_default="")
    rule = models.CharField(max_length=120, blank=True, default="", db_default="")
    issue = models.CharField(max_length=120, blank=True, default="", db_default="")
    notice_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    reference = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        indexes = [
            models.Index(fields=["next_try_at"], name="messaging_waiting", condition=Q(state=WAITING)),
            models.Index(fields=["to_staff", "id"], name="messaging_inbox", condition=Q(channel=INAPP)),
            models.Index(fields=["to_staff"], name="messaging_unread", condition=Q(channel=INAPP, read_at=None)),
            models.Index(fields=["organisation_id", "case_id"], name="messaging_case"),
        ]
        constraints = [
            UniqueConstraint(fields=["organisation_id", "key"], name="messaging_key_once"),
            CheckConstraint(condition=Q(state__in=STATES), name="messaging_state"),
            # What waits has a next try, so that nothing can wait for ever unseen.
            CheckConstraint(condition=~Q(state=WAITING) | Q(next_try_at__isnull=False), name="messaging_waiting_is_tried"),
            *sane_moments("messaging_message", "created_at", "leave_after_at", "sent_at", "next_try_at", "read_at"),
        ]


class Way(models.Model):
    """How an organisation uses one channel: whether it is on, its settings, and under ``sealed`` those that are secret."""

    pk = models.CompositePrimaryKey("organisation_id", "channel")
    organisation_id = models.UUIDField()
    channel = models.CharField(max_length=20)
    on = models.BooleanField(default=False)
    settings = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = sane_moments("messaging_way", "set_at")
