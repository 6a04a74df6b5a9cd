"""Every write about robots: put up, on and off, taken away; the digests that they tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from huiyin.core.moments import SHANGHAI, BadText, in_shanghai
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.messaging.actions import Outcome, Sent, TryAgain
from huiyin.desk.messaging.queries import sends_from_here
from huiyin.desk.places.models import Unit
from huiyin.desk.robots.models import Robot
from huiyin.desk.robots.queries import digest, worded
from huiyin.plumbing import cipher
from huiyin.plumbing.text import clean_text

MORNING, AFTERNOON = time(8, 3), time(15, 4)
"""Not on the full hour, at which everybody sends; the makers ask for it."""
AGAIN: Final = timedelta(minutes=5)
GIVEN_UP: Final = timedelta(hours=1)
"""So long after its moment a digest is still tried; later it would tell what is no longer so."""
LANGUAGES: Final = ("zh-hans", "en")
MOST_NAME: Final = 40
_ABOUT_KEY: Final = b"huiyin: robots of chat groups"


class Chat(Protocol):
    """A maker's robots: what people call them, what an address has to be like, and how a text is posted."""

    @property
    def label(self) -> Any:
        """What people call them."""

    @property
    def example(self) -> str:
        """What an address looks like."""

    def check(self, address: str, secret: str) -> None:
        """Raises BadText for what cannot work."""

    def send(self, address: str, secret: str, text: str, at: datetime) -> Outcome:
        """Post the text."""


def chats() -> Mapping[str, Chat]:
    """The makers that the settings name: HUIYIN_ROBOTS maps a kind to the dotted path of a ``Chat``."""
    named: Mapping[str, str] = getattr(settings, "HUIYIN_ROBOTS", {})
    return {kind: import_string(path) for kind, path in named.items()}


@transaction.atomic
def put_up(
    unit: Unit, kind: str, name: str, address: str, secret: str, *, morning: bool, afternoon: bool, language: str, by: By, at: datetime
) -> Robot:
    """Let a robot tell its group what the unit has to do. Raises BadText for a kind, an address, a secret or times that cannot be."""
    chat = chats().get(kind)
    if chat is None or language not in LANGUAGES:
        raise BadText(f"found the kind {kind[:20]!r}, expected one of {', '.join(chats())}; choose one", "请选择机器人所在的平台")
    if not (morning or afternoon):
        raise BadText("found no time of the day, expected morning, afternoon or both; choose one", "请选择推送时间：早上、下午或两者")
    chat.check(address.strip(), secret.strip())
    made = Robot(organisation_id=unit.organisation_id, unit=unit, kind=kind, language=language, morning=morning, afternoon=afternoon)
    made.name = clean_text(" ".join(name.split()), most=MOST_NAME, field="name")
    made.sealed = cipher.hide({"address": address.strip(), "secret": secret.strip()}, _key(), made.pk.bytes)
    made.next_at = made.slot_at = next_slot(made, at)
    made.save(force_insert=True)
    _enter(made, "robots.put_up", by, at)
    return made


@transaction.atomic
def switch(robot: Robot, *, on: bool, by: By, at: datetime) -> None:
    """Let the robot tell from now on, or no longer."""
    robot.next_at = robot.slot_at = next_slot(robot, at) if on else None
    robot.trouble = ""
    robot.save(update_fields=["next_at", "slot_at", "trouble"])
    _enter(robot, "robots.on" if on else "robots.off", by, at)


@transaction.atomic
def take_away(robot: Robot, *, by: By, at: datetime) -> None:
    """Forget the robot with its address and secret."""
    _enter(robot, "robots.take_away", by, at)
    robot.delete()


def tell_now(robot: Robot, *, by: By, at: datetime) -> Outcome:
    """Tell the digest of this moment, to try the robot; also where there is nothing to do. Not to be called inside a transaction."""
    outcome = _send(robot, at)
    with transaction.atomic():
        _enter(robot, "robots.tell_now", by, at)
    return outcome


def tell_due(now: datetime) -> int:
    """Let every robot tell whose moment has come; returns how many groups took a digest. Any number of workers may call it."""
    if not sends_from_here():
        return 0
    taken = 0
    for key in Robot.objects.filter(next_at__lte=now).values_list("pk", flat=True):
        # Claimed by its next try: who dies meanwhile leaves a robot that is tried again.
        if Robot.objects.filter(pk=key, next_at__lte=now).update(next_at=now + AGAIN):
            taken += _tell(Robot.objects.select_related("unit", "organisation").get(pk=key), now)
    return taken


def _tell(robot: Robot, now: datetime) -> bool:
    over = robot.slot_at is None or now - robot.slot_at > GIVEN_UP
    if over or digest(robot, now).empty:
        robot.next_at = robot.slot_at = next_slot(robot, now)
        robot.save(update_fields=["next_at", "slot_at"])
        return False
    outcome = _send(robot, now)
    if isinstance(outcome, Sent):
        robot.told_at, robot.trouble = now, ""
    else:
        robot.trouble = outcome.why[:300]
    if isinstance(outcome, TryAgain):
        robot.next_at = now + (outcome.after or AGAIN)
    else:
        robot.next_at = robot.slot_at = next_slot(robot, now)
    robot.save(update_fields=["next_at", "slot_at", "told_at", "trouble"])
    return isinstance(outcome, Sent)


def _send(robot: Robot, now: datetime) -> Outcome:
    chat = chats().get(robot.kind)
    try:
        said = cipher.show(robot.sealed, _key(), robot.pk.bytes)
    except cipher.WrongKey:
        return TryAgain("not set up")
    if chat is None:
        return TryAgain("not set up")
    return chat.send(said["address"], said["secret"], worded(robot, digest(robot, now), now), now)


def next_slot(robot: Robot, after: datetime) -> datetime:
    """The next moment after ``after`` at which the robot tells."""
    day = in_shanghai(after).date()
    times = [one for one, chosen in ((MORNING, robot.morning), (AFTERNOON, robot.afternoon)) if chosen]
    slots = (datetime.combine(day + timedelta(days=days), one, SHANGHAI) for days in (0, 1) for one in times)
    return next(slot for slot in slots if slot > after)


def _enter(robot: Robot, action: str, by: By, at: datetime) -> None:
    body = {"unit": robot.unit.code, "kind": robot.kind, "name": robot.name}
    write_now(robot.organisation_id, action, by=by, at=at, subject=f"robot:{robot.pk}", body=body)


def _key() -> bytes:
    return cipher.key_from(settings.SECRET_KEY, _ABOUT_KEY)
