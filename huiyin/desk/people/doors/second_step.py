"""The second step of a login: a code of six digits that an app on the person's telephone makes anew every 30 seconds (RFC 6238), or one of
the spare codes for when the telephone is not there. Each code is taken once."""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.people.doors import knocks
from huiyin.desk.people.doors.accounts import one_time_password
from huiyin.desk.people.models import SecondStep, Staff
from huiyin.plumbing import cipher
from huiyin.plumbing.text import plain_digits

STEP_SECONDS: Final = 30
DIGITS: Final = 6
CLOCK_MAY_DIFFER: Final = 1
"""Steps by which the telephone's clock may be before or behind ours."""
SPARE_CODES: Final = 8
MOST_TRIES: Final = 8
TRIES_COUNT_FOR: Final = timedelta(minutes=10)
_SECRET_BYTES: Final = 20
_ABOUT_KEY: Final = b"huiyin: secrets of second steps"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret that is not anybody's yet: ``secret`` as people type it, ``address`` as apps read it from a QR code, ``sealed`` as the page
    hands it back."""

    secret: str
    address: str
    sealed: str


def propose(staff: Staff, sealed: str = "") -> Proposal:
    """A new secret for the person, or the one that was proposed before as ``sealed``. Raises BadText where that does not open."""
    raw = _proposed(staff, sealed) if sealed else os.urandom(_SECRET_BYTES)
    address = _app(raw).get_provisioning_uri(staff.login, staff.organisation.name)
    return Proposal(base64.b32encode(raw).decode(), address, sealed or _sealed(staff, raw))


def set_up(staff: Staff, sealed: str, code: str, *, by: By, at: datetime) -> list[str]:
    """Let the person log in with codes of the proposed secret from now on; ``code`` shows that their app has it. Returns the spare codes,
    which are kept nowhere.

    Raises BadText for a code that is not the secret's, or a second step that stands already.
    """
    raw = _proposed(staff, sealed)
    with transaction.atomic():
        Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
        if SecondStep.objects.filter(staff=staff).exists():
            raise BadText(
                "found a second step that stands, expected none; take it off first", "两步验证已经启用；要更换手机，请先关闭再重新设置"
            )
        step = _step_of(raw, code, at)
        if step is None:
            raise _wrong()
        codes = [one_time_password() for _ in range(SPARE_CODES)]
        SecondStep.objects.create(staff=staff, sealed=sealed, since_at=at, taken=step, spare=[_digest(staff.pk, one) for one in codes])
        write_now(staff.organisation_id, "people.second_step_set_up", by=by, at=at, subject=f"staff:{staff.id}")
    return codes


def prove(staff: Staff, code: str, *, at: datetime) -> None:
    """Take the code of the app, or a spare one. Not to be called inside a transaction: a try counts also where it is refused.

    Raises BadText for a wrong or used code, and for more than 8 tries in ten minutes.
    """
    if knocks.count("second-step", str(staff.pk), TRIES_COUNT_FOR, at=at) > MOST_TRIES:
        raise BadText(
            f"found more than {MOST_TRIES} tries, expected fewer; wait ten minutes, or ask an administrator",
            "尝试次数过多，请 10 分钟后再试，或请管理员关闭两步验证",
        )
    if not _taken(staff, code, at):
        raise _wrong()
    knocks.forget("second-step", str(staff.pk), TRIES_COUNT_FOR, at=at)


@transaction.atomic
def renew_spare_codes(staff: Staff, *, by: By, at: datetime) -> list[str]:
    """Give the person new spare codes; those before are no longer taken. Raises SecondStep.DoesNotExist without a second step."""
    one = SecondStep.objects.select_for_update().get(staff=staff)
    codes = [one_time_password() for _ in range(SPARE_CODES)]
    one.spare = [_digest(staff.pk, code) for code in codes]
    one.save(update_fields=["spare"])
    write_now(staff.organisation_id, "people.spare_codes_renewed", by=by, at=at, subject=f"staff:{staff.id}")
    return codes


@transaction.atomic
def take_off(staff: Staff, *, by: By, at: datetime) -> bool:
    """Let the password do again; False if it did already."""
    if not SecondStep.objects.filter(staff=staff).delete()[0]:
        return False
    write_now(staff.organisation_id, "people.second_step_taken_off", by=by, at=at, subject=f"staff:{staff.id}")
    return True


def of(staff: Staff) -> SecondStep | None:
    """The person's second step, if they have one."""
    return SecondStep.objects.filter(staff=staff).first()


def _proposed(staff: Staff, sealed: str) -> bytes:
    raw = _opened(staff, sealed)
    if raw is None:
        raise BadText("found a proposal that is not yours or was altered, expected ours; begin anew", "页面已失效；请重新开始设置")
    return raw


@transaction.atomic
def _taken(staff: Staff, code: str, at: datetime) -> bool:
    one = SecondStep.objects.select_for_update().filter(staff=staff).first()
    if one is None:
        return False
    raw = _opened(staff, one.sealed)
    step = None if raw is None else _step_of(raw, code, at)
    if step is not None:
        if step <= one.taken:
            return False
        one.taken = step
        one.save(update_fields=["taken"])
        return True
    digest = _digest(staff.pk, code)
    if digest not in one.spare:
        return False
    one.spare = [each for each in one.spare if each != digest]
    one.save(update_fields=["spare"])
    body = {"left": len(one.spare)}
    write_now(staff.organisation_id, "people.spare_code_used", by=By("", staff.pk), at=at, subject=f"staff:{staff.id}", body=body)
    return True


def _step_of(raw: bytes, code: str, at: datetime) -> int | None:
    """The step of time whose code this is, the clocks differing by one at the most; None where it is none of theirs."""
    typed = _plain(code).encode()
    now, app = int(at.timestamp()) // STEP_SECONDS, _app(raw)
    near = range(now - CLOCK_MAY_DIFFER, now + CLOCK_MAY_DIFFER + 1)
    found = [step for step in near if compare_digest(app.generate(step * STEP_SECONDS), typed)]
    return found[-1] if found else None


def _app(raw: bytes) -> TOTP:
    # SHA-1 is what the apps on people's telephones reckon with; as a keyed hash it is sound.
    return TOTP(raw, DIGITS, SHA1(), STEP_SECONDS)


def _sealed(staff: Staff, raw: bytes) -> str:
    return cipher.hide(base64.b64encode(raw).decode(), cipher.key_from(settings.SECRET_KEY, _ABOUT_KEY), staff.pk.bytes)


def _opened(staff: Staff, sealed: str) -> bytes | None:
    try:
        found = cipher.show(sealed, cipher.key_from(settings.SECRET_KEY, _ABOUT_KEY), staff.pk.bytes)
    except cipher.WrongKey:
        # Sealed under the key of another house: the spare codes are taken still.
        return None
    return base64.b64decode(found)


def _plain(code: str) -> str:
    return "".join(plain_digits(code).replace("-", " ").split()).lower()


def _digest(staff_id: UUID, code: str) -> str:
    return hashlib.sha256(f"{staff_id}|{_plain(code)}".encode()).hexdigest()


def _wrong() -> BadText:
    return BadText(
        f"found a code that is wrong or used, expected the {DIGITS} digits that the app shows now, or a spare code; type those",
        "验证码不对或已用过；请填写手机应用上此刻显示的6位数字，或一个未用过的备用码",
    )
