"""Accounts of people: passwords that are used once, one's own password, coming back, the post one begins with, and how pages look."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By, write_now
from huiyin.desk.people.actions import set_password
from huiyin.desk.people.models import WISHES, Post, Staff
from huiyin.desk.places.actions import touch
from huiyin.plumbing.addresses import is_email, plain_email
from huiyin.plumbing.text import clean_optional_text, clean_text

FEWEST, MOST = 8, 128
"""Characters of a password."""
_PLAIN: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that look alike."""
_MOST_NAME, _MOST_PHONE = 50, 40


def one_time_password() -> str:
    """A password for one login that can be told on the telephone: three groups of four letters and digits, 60 bits."""
    return "-".join("".join(secrets.choice(_PLAIN) for _ in range(4)) for _ in range(3))


@transaction.atomic
def reset_password(staff: Staff, *, by: By, at: datetime) -> str:
    """Give the account a password for one login and return it; it is kept nowhere. All its sessions end.

    Raises BadText for one's own account, which changes its password itself.
    """
    if by.person == staff.pk:
        raise BadText("found your own account, expected another's; use “Change my password”", "不能重设自己的密码；请使用“修改密码”")
    password = one_time_password()
    set_password(staff, password, by=by, at=at, once=True)
    return password


@transaction.atomic
def first_passwords(organisation_id: UUID, ids: Collection[UUID], *, by: By, at: datetime) -> list[tuple[Staff, str]]:
    """Give each of these accounts that never had a password one for a single login; returns them with it, in the order of their logins.

    Those out of use, and the own one, are left out. Asked again, it gives nothing: a password is kept nowhere.
    """
    rows = Staff.objects.select_for_update().filter(organisation_id=organisation_id, pk__in=ids, is_active=True).order_by("login")
    return [(one, reset_password(one, by=by, at=at)) for one in rows if not one.has_usable_password() and one.pk != by.person]


def change_password(staff: Staff, password: str, again: str, *, by: By, at: datetime) -> None:
    """Let the person have another password, typed twice. All their other sessions end.

    Raises BadText for fewer than 8 or more than 128 characters, the login itself, the password in use, or two that differ.
    """
    if not FEWEST <= len(password) <= MOST:
        raise BadText(
            f"found {len(password)} characters, expected {FEWEST} to {MOST}; choose another password",
            f"新密码为{len(password)}个字符，应为{FEWEST}至{MOST}个字符；请重新填写",
        )
    if password.strip().lower() == staff.login:
        raise BadText("found the login as the password, expected another; choose one", "密码不能与账号相同；请重新填写")
    if password != again:
        raise BadText("found two passwords that differ, expected the same twice; type both again", "两次填写的新密码不一致；请重新填写")
    if staff.check_password(password):
        raise BadText("found the password in use, expected another one; choose one", "新密码与原密码相同；请换一个密码")
    set_password(staff, password, by=by, at=at)


@transaction.atomic
def enable_staff(staff: Staff, *, by: By, at: datetime) -> str:
    """Take the account into use again; returns a password for one login."""
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    touch(staff.organisation_id)
    write_now(staff.organisation_id, "people.enable_staff", by=by, at=at, subject=f"staff:{staff.id}")
    return reset_password(staff, by=by, at=at)


@transaction.atomic
def describe_staff(staff: Staff, name: str, *, by: By, at: datetime, name_en: str = "", phone: str = "", email: str | None = None) -> Staff:
    """Keep the person's names, office telephone and mail address (None: it stays).

    Raises BadText (of plumbing) for an empty name or one above 50 characters, BadText for what is no mail address.
    """
    after = {
        "name": clean_text(name, most=_MOST_NAME, field="name"),
        "name_en": clean_optional_text(name_en, most=_MOST_NAME, field="name_en"),
        "phone": clean_optional_text(phone, most=_MOST_PHONE, field="phone"),
    }
    if email is not None:
        after["email"] = read_email(email)
    before = {field: getattr(staff, field) for field in after}
    for field, value in after.items():
        setattr(staff, field, value)
    staff.save(update_fields=list(after))
    touch(staff.organisation_id)
    write_now(
        staff.organisation_id, "people.describe_staff", by=by, at=at, subject=f"staff:{staff.id}", body={"before": before, "after": after}
    )
    return staff


def read_email(text: str) -> str:
    """The mail address as it is kept, empty for none. Raises BadText for anything else."""
    email = plain_email(text)
    if email and not is_email(email):
        raise BadText(
            f"found the mail address {email[:80]!r}, expected one such as wang@example.com; correct it",
            f"“{email[:80]}”不是邮箱地址；请更正，如 wang@example.com",
        )
    return email


@transaction.atomic
def choose_wishes(staff: Staff, *, by_email: str, by_sms: str, by: By, at: datetime) -> Staff:
    """Keep which messages the person wants by mail and by SMS beside the app. Raises BadText for anything but one of WISHES."""
    if by_email not in WISHES or by_sms not in WISHES:
        raise BadText("found another wish, expected one of those offered; choose one", "请选择列出的选项")
    staff.by_email, staff.by_sms = by_email, by_sms
    staff.save(update_fields=["by_email", "by_sms"])
    touch(staff.organisation_id)
    body = {"by_email": by_email, "by_sms": by_sms}
    write_now(staff.organisation_id, "people.choose_wishes", by=by, at=at, subject=f"staff:{staff.id}", body=body)
    return staff


@transaction.atomic
def use_post(staff: Staff, post: Post, *, by: By, at: datetime) -> None:
    """Keep which of their posts the person acts under: they begin with it next time."""
    staff.last_post = post
    staff.save(update_fields=["last_post"])
    body = {"unit": post.unit.code, "role": post.role}
    write_now(staff.organisation_id, "people.use_post", by=by, at=at, subject=f"staff:{staff.id}", body=body)


@transaction.atomic
def choose_looks(
    staff: Staff, *, by: By, at: datetime, language: str = "", density: str = "", theme: str = "", after_act: str = ""
) -> Staff:
    """Keep the person's choice of language, density, theme and where to be after an act; what is empty stays."""
    given = {"language": language, "density": density, "theme": theme, "after_act": after_act}
    chosen = {name: value for name, value in given.items() if value}
    for name, value in chosen.items():
        setattr(staff, name, value)
    if chosen:
        staff.save(update_fields=list(chosen))
        write_now(staff.organisation_id, "people.choose_looks", by=by, at=at, subject=f"staff:{staff.id}", body=chosen)
    return staff
