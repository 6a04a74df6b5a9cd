"""How an organisation uses the channels: settings, those that are secret sealed under a key that is not in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.messaging.actions.channels import Channel, Outcome, Parcel, Sent, TryAgain, configured_channels
from huiyin.desk.messaging.models import Way
from huiyin.desk.places.actions import touch
from huiyin.plumbing import cipher
from huiyin.plumbing.ids import new_id

_ABOUT_KEY: Final = b"huiyin: secrets of message channels"
_MANY: Final = 512
SECRET: Final = "secret"


@transaction.atomic
def set_way(organisation_id: UUID, name: str, chosen: Mapping[str, str], *, on: bool, by: By, at: datetime) -> Way:
    """Keep how the organisation uses the channel. A secret that is left empty stays as it was, unless what it is sent to has changed.

    Raises BadText for settings with which the channel cannot work, a needed one that is missing, and a secret to be typed anew.
    """
    channel = configured_channels()[name]
    way = Way.objects.select_for_update().filter(organisation_id=organisation_id, channel=name).first()
    before = way.settings if way else {}
    plain = {one.name: chosen.get(one.name, "").strip() for one in channel.fields if one.kind != SECRET}
    moved = any(one.leads and before.get(one.name, "") != plain[one.name] for one in channel.fields if one.kind != SECRET)
    kept = {} if way is None or moved else _opened(way)
    secrets = {one.name: chosen.get(one.name, "") or kept.get(one.name, "") for one in channel.fields if one.kind == SECRET}
    _refuse_missing(channel, {**plain, **secrets}, moved and way is not None)
    channel.check({**plain, **secrets})
    values = {"on": on, "settings": plain, "sealed": cipher.hide(secrets, _key(), _place(organisation_id, name)), "set_at": at}
    made, _new = Way.objects.update_or_create(organisation_id=organisation_id, channel=name, defaults=values)
    touch(organisation_id)
    body = {"on": on, "settings": plain, "secrets_typed": sorted(one for one in secrets if chosen.get(one))}
    write_now(organisation_id, "messaging.set_way", by=by, at=at, subject=f"channel:{name}", body=body)
    return made


def _refuse_missing(channel: Channel, chosen: Mapping[str, str], moved: bool) -> None:
    for one in channel.fields:
        if one.needed and not chosen[one.name]:
            anew = "，服务器地址已更改，须重新填写" if moved and one.kind == SECRET else ""
            raise BadText(f"found no {one.name}, expected one; type it (again, if the address has changed)", f"请填写“{one.label}”{anew}")


@transaction.atomic
def switch_way(organisation_id: UUID, name: str, *, on: bool, by: By, at: datetime) -> bool:
    """Turn a way that was set up on or off; False if it was never set up. What waits for one that is off is not sent."""
    if not Way.objects.filter(organisation_id=organisation_id, channel=name).update(on=on, set_at=at):
        return False
    touch(organisation_id)
    write_now(organisation_id, "messaging.switch_way", by=by, at=at, subject=f"channel:{name}", body={"on": on})
    return True


@lru_cache(maxsize=_MANY)
def ways_on(organisation_id: UUID, _edition: UUID) -> Mapping[str, Mapping[str, str]]:
    """The channels that the organisation has turned on, with their settings that are not secret; remembered per edition."""
    known = configured_channels()
    rows = Way.objects.filter(organisation_id=organisation_id, on=True, channel__in=list(known)).order_by("channel")
    return {row.channel: row.settings for row in rows}


def ways_of(organisation_id: UUID) -> Mapping[str, Way]:
    """The ways that the organisation has set up, by channel."""
    return {one.channel: one for one in Way.objects.filter(organisation_id=organisation_id)}


def try_way(organisation_id: UUID, name: str, address: str, language: str, house: str, *, by: By, at: datetime) -> Outcome:
    """Send one message to the address at once and return what became of it, whether the way is on or not. Not to be called inside a
    transaction: nothing is held while the other side thinks. Raises BadText where nothing is set up."""
    channel = configured_channels()[name]
    try:
        _on, chosen = settings_of(organisation_id, name)
    except cipher.WrongKey:
        chosen = {}
    if not chosen:
        raise BadText("found no settings that can be read, expected some; enter and save them first", "请先填写并保存渠道设置")
    parcel = Parcel(f"trial:{new_id(at)}", house, address, language, at, (channel.trial(language),), chosen)
    try:
        outcome = channel.send(parcel)
    except Exception as error:
        outcome = TryAgain(f"{type(error).__name__}: {error}")
    body = {"taken": isinstance(outcome, Sent)}
    with transaction.atomic():
        write_now(organisation_id, "messaging.try_way", by=by, at=at, subject=f"channel:{name}", body=body)
    return outcome


def settings_of(organisation_id: UUID, name: str) -> tuple[bool, Mapping[str, str]]:
    """Whether the way is on, and all its settings with the secrets; empty where it was never set up.

    Raises cipher.WrongKey where the secrets were sealed under the key of another house.
    """
    way = Way.objects.filter(organisation_id=organisation_id, channel=name).first()
    if way is None:
        return False, {}
    return way.on, {**way.settings, **_unsealed(way)}


def _opened(way: Way) -> Mapping[str, str]:
    try:
        return _unsealed(way)
    except cipher.WrongKey:
        # Sealed under the key of another house: whoever changes the settings types the secrets again.
        return {}


def _unsealed(way: Way) -> Mapping[str, str]:
    found: Mapping[str, str] = cipher.show(way.sealed, _key(), _place(way.organisation_id, way.channel))
    return found


def _place(organisation_id: UUID, name: str) -> bytes:
    return organisation_id.bytes + name.encode()


def _key() -> bytes:
    return cipher.key_from(settings.SECRET_KEY, _ABOUT_KEY)
