"""Settings of a way: secrets are sealed, never told again, and not sent to another address than the one they were typed for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from huiyin.core.moments import BadText
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.messaging import actions
from huiyin.desk.messaging.models import Way
from huiyin.desk.places.models import Organisation
from huiyin.plumbing.cipher import WrongKey

SECRET = "geheim-7391"
MAIL = {"host": "mail.example.com", "security": "tls", "from_address": "notice@example.com", "login": "notice", "password": SECRET}


def _set(organisation: Organisation, clerk: By, at: datetime, **changed: str) -> Way:
    return actions.set_way(organisation.pk, "email", {**MAIL, **changed}, on=True, by=clerk, at=at)


def test_a_secret_stands_nowhere_in_the_database(organisation: Organisation, clerk: By, at: datetime) -> None:
    _set(organisation, clerk, at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(w)::text FROM messaging_way w")
        assert SECRET not in cursor.fetchone()[0]
    assert not any(SECRET in str(one.body) for one in Entry.objects.all())
    assert actions.settings_of(organisation.pk, "email")[1]["password"] == SECRET


def test_left_empty_a_secret_stays(organisation: Organisation, clerk: By, at: datetime) -> None:
    _set(organisation, clerk, at)
    _set(organisation, clerk, at, password="", from_name="客服中心")
    assert actions.settings_of(organisation.pk, "email")[1]["password"] == SECRET


@pytest.mark.parametrize("moved", [{"host": "mail.elsewhere.example"}, {"port": "2525"}, {"security": "starttls"}])
def test_a_secret_does_not_follow_to_another_address(organisation: Organisation, clerk: By, at: datetime, moved: dict[str, Any]) -> None:
    _set(organisation, clerk, at)
    _set(organisation, clerk, at, password="", **moved)
    assert actions.settings_of(organisation.pk, "email")[1]["password"] == ""


def test_sealed_in_another_house_it_does_not_open(organisation: Organisation, clerk: By, at: datetime, settings: Any) -> None:
    _set(organisation, clerk, at)
    settings.SECRET_KEY = "another house"
    with pytest.raises(WrongKey):
        actions.settings_of(organisation.pk, "email")
    _set(organisation, clerk, at, password="typed again")
    assert actions.settings_of(organisation.pk, "email")[1]["password"] == "typed again"


@pytest.mark.parametrize(
    "wrong",
    [
        {"host": ""}, {"host": "mail server"}, {"port": "99999"}, {"security": "maybe"}, {"security": "none"},
        {"from_address": "nobody"}, {"from_address": "a@b.c\nBcc: x@y.zz"}, {"reply_to": "@"}, {"site": "ftp://here"},
    ],
)  # fmt: skip
def test_settings_that_cannot_work_are_refused(organisation: Organisation, clerk: By, at: datetime, wrong: dict[str, str]) -> None:
    with pytest.raises(BadText):
        _set(organisation, clerk, at, **wrong)
    assert not Way.objects.exists()
