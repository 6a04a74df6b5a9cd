"""Staff with their posts, rosters and presence; residents with their phones and homes; unmaskings and API keys."""

from __future__ import annotations

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from huiyin.plumbing.columns import sane_moments

"""Kinds of duty that somebody has to be on."""
AFTER_ACT = ("stay", "next", "list")
"""After an act: on the case, at the next one of the list, back at the list."""
LIVES_AS = ("owner", "renter", "family")
ALL, PRESSING, NONE = "all", "pressing", "none"
WISHES = (ALL, PRESSING, NONE)
"""Which messages somebody wants outside the house too."""


class StaffManager(BaseUserManager["Staff"]):
    """Finds accounts by login for Django's authentication. Accounts are made by ``actions.add_staff`` only."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The account with this login, however it is capitalised."""
        return self.get(login=(username or "").strip().lower())


class Staff(AbstractBaseUser):
    """A person who works in the console. What they may do comes from their posts, see ``access``.

    ``last_post`` is the post that they last chose to act under.
    ``after_act`` is where they want to be once their turn on a case is over: one of AFTER_ACT. ``by_email`` and ``by_sms`` are
    which messages they want there beside the app: one of WISHES.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="staff")
    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, default="zh-hans")
    density = models.CharField(max_length=20, default="normal")
    theme = models.CharField(max_length=20, default="system")
    must_change_password = models.BooleanField(default=False, db_default=False)
    last_post = models.ForeignKey("people.Post", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    after_act = models.CharField(max_length=10, default="stay", db_default="stay")
    email = models.CharField(max_length=254, blank=True, default="", db_default="")
    by_email = models.CharField(max_length=10, default=ALL, db_default=ALL)
    by_sms = models.CharField(max_length=10, default=PRESSING, db_default=PRESSING)

    objects = StaffManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            # One script and one case: no two logins that look alike.
            CheckConstraint(condition=Q(after_act__in=AFTER_ACT), name="people_staff_after_act"),
            CheckConstraint(condition=Q(by_email__in=WISHES, by_sms__in=WISHES), name="people_staff_wishes"),
            CheckConstraint(condition=Q(login__regex=r"^[a-z0-9][a-z0-9._@-]{1,63}$"), name="people_staff_login_plain"),
            *sane_moments("people_staff", "last_login"),
        ]

    def __str__(self) -> str:
        return self.name


class SecondStep(models.Model):
    """What somebody has besides the password: the secret that an app on their telephone makes codes from, sealed.

    ``taken`` is the step of time (30 s) of the last code that was taken: no code is taken twice. ``spare`` are digests of the codes for
    when the telephone is not there; each is taken once.
    """

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, primary_key=True, related_name="second_step")
    sealed = models.CharField(max_length=400)
    since_at = models.DateTimeField()
    taken = models.BigIntegerField(default=0)
    spare = models.JSONField(default=list)

    class Meta:
        constraints = sane_moments("people_secondstep", "since_at")


class Post(models.Model):
    """A role that somebody holds at a unit, from a day to a day (the last included; none: until further notice).

    ``place`` counts the posts of a person in the order in which they were given. ``classes`` are the classes of cases that this holder is
    responsible for ("AC:hygiene"), where a regulation gives each class somebody (AC-3.2.2a).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=80)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0, db_default=0)
    classes = models.JSONField(default=list, db_default=[], blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "role"], name="people_post_role")]
        constraints = [
            CheckConstraint(condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="people_post_span"),
            UniqueConstraint(fields=["staff", "unit", "role", "from_on"], name="people_post_once"),
        ]


class Roster(models.Model):
    """Who is to be on a duty of a unit, on a day from minute to minute (0 to 1440); a night shift is two rows."""

    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="rosters")
    duty = models.CharField(max_length=20)
    day_on = models.DateField()
    from_minute = models.PositiveSmallIntegerField()
    until_minute = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="rosters")

    class Meta:
        indexes = [models.Index(fields=["unit", "day_on", "duty"], name="people_roster_day")]
        constraints = [
            CheckConstraint(condition=Q(until_minute__lte=1440, until_minute__gt=F("from_minute")), name="people_roster_minutes"),
        ]


class Presence(models.Model):
    """Somebody signed in to a duty of a unit, and out again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="presences")
    duty = models.CharField(max_length=20)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="presences")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "duty", "opened_at"], name="people_presence_unit")]
        constraints = [
            CheckConstraint(condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="people_presence_span"),
            UniqueConstraint(fields=["unit", "duty", "staff"], condition=Q(closed_at=None), name="people_presence_open_once"),
            *sane_moments("people_presence", "opened_at", "closed_at"),
        ]


class Resident(models.Model):
    """A person who lives in or owns a home, or who has only written to us. ``title`` is 先生, 女士 or empty."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=2000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"], name="people_resident_name")]

    def __str__(self) -> str:
        return self.name


class ResidentPhone(models.Model):
    """A telephone of a resident: ``e164`` by which numbers are compared (service numbers: their digits), ``shown`` as
    it was written.
    """

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="phones")
    e164 = models.CharField(max_length=20)
    shown = models.CharField(max_length=60)
    can_sms = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["e164"], name="people_phone_e164")]
        constraints = [UniqueConstraint(fields=["resident", "e164"], name="people_phone_once")]


class LivingManager(models.Manager["Living"]):
    """Finds ties to homes."""

    def standing(self) -> models.QuerySet[Living]:
        """The ties that have not ended."""
        return self.filter(until_on=None)


class Living(models.Model):
    """A resident's tie to a home: owner, renter or member of the family, from the day of moving in (none: not known) to that of moving
    out (none: it has not ended). Ended ties are the history of the home."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="homes")
    household = models.ForeignKey("places.Household", on_delete=models.PROTECT, related_name="residents")
    kind = models.CharField(max_length=20)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    objects = LivingManager()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(kind__in=LIVES_AS), name="people_living_kind"),
            CheckConstraint(condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")), name="people_living_span"),
            UniqueConstraint(fields=["resident", "household", "kind"], condition=Q(until_on=None), name="people_living_once"),
        ]


class Unmasking(models.Model):
    """Somebody looked at one field that is shown masked, with the reason they gave."""

    pk = models.CompositePrimaryKey("organisation_id", "id")
    organisation_id = models.UUIDField()
    id = models.UUIDField()
    staff_id = models.UUIDField()
    field = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "subject", "at"], name="people_unmasking_subject")]
        constraints = sane_moments("people_unmasking", "at")


class ApiKey(models.Model):
    """A key for programs. Only its SHA-256 is kept; ``prefix`` is what people recognise it by; it acts for ``unit``
    and below.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("places.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    prefix = models.CharField(max_length=20)
    digest = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    unit = models.ForeignKey("places.Unit", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = sane_moments("people_apikey", "made_at", "revoked_at", "last_used_at")

    def __str__(self) -> str:
        return self.name


class Knock(models.Model):
    """How often somebody knocked at a door that needs no account, in the span that began at ``at``; ``who`` is a digest of the door and of
    the network address, login or number."""

    pk = models.CompositePrimaryKey("who", "at")
    who = models.CharField(max_length=64)
    at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["at"], name="people_knock_age")]
        constraints = sane_moments("people_knock", "at")
