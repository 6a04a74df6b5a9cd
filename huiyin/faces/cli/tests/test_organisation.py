"""An organisation is founded from the command line, and keys are made, listed and revoked there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import ApiKey, SecondStep, Staff
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Organisation, Unit
from huiyin.faces.cli.main import main

AT = datetime(2026, 2, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def founded(db: None, capsys: pytest.CaptureFixture[str]) -> str:
    """The password that the founding of an organisation printed."""
    assert main(["organisation", "found", "lan", "兰园物业", "--english", "Lanyuan", "--kind", "property_company", "--login", "Guan"]) == 0
    return capsys.readouterr().out.split()[-1]


def test_the_first_administrator_logs_in_and_begins_with_the_people(founded: str) -> None:
    one = authenticate(username="guan", password=founded)
    assert isinstance(one, Staff) and one.must_change_password
    browser = Client()
    browser.post("/login", {"username": "guan", "password": founded})
    browser.post("/password", {"old": founded, "new": "a new word", "again": "a new word"})
    assert browser.get("/organisation/staff").status_code == 200
    assert Organisation.objects.get().units.get().kind == "property_company"


def test_what_is_taken_is_refused(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["organisation", "found", "lan", "另一个", "--login", "other"]) == 2
    assert main(["organisation", "found", "other", "另一个", "--login", "guan"]) == 2
    assert capsys.readouterr().err.count("taken") == 2 and Organisation.objects.count() == 1


def test_who_cannot_log_in_any_more_gets_a_password(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["organisation", "password", "GUAN"]) == 0
    assert authenticate(username="guan", password=capsys.readouterr().out.split()[-1]) is not None
    assert main(["organisation", "password", "nobody"]) == 2


def test_a_key_is_made_listed_and_revoked(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    make = ["keys", "make", "400", "--unit", "lan", "--scope", "units.read", "--role", "group_cc_agent"]
    assert main(make) == 0
    text = capsys.readouterr().out.strip()
    assert Client().get("/api/v1/units", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    assert main(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert "400" in listed and "units.read" in listed and text not in listed
    assert main(["keys", "revoke", "400"]) == 0 and main(["keys", "revoke", "400"]) == 2
    assert ApiKey.objects.get().revoked_at is not None


@pytest.mark.parametrize("wrong", [["--unit", "NOPE"], ["--scope", "everything"], ["--role", "emperor"], ["--organisation"]])
def test_a_key_for_what_is_not_there_is_refused(founded: str, capsys: pytest.CaptureFixture[str], wrong: list[str]) -> None:
    front = ["--organisation", "nope"] if wrong == ["--organisation"] else []
    more = [] if front else wrong
    make = ["keys", *front, "make", "400", "--unit", "lan", "--scope", "units.read", *more]
    assert main(make) == 2 and "huiyin keys: " in capsys.readouterr().err
    assert not ApiKey.objects.exists()


def test_a_unit_is_closed_and_opened_again_and_somebody_moves_out(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    unit = Unit.objects.get()
    home = places.add_household(unit, "3-2-1501", by=By("admin"), at=AT)
    one = people.add_resident(unit.organisation_id, "王小明", by=By("admin"), at=AT)
    people.move_in(one, home, "owner", by=By("admin"), at=AT)
    for verb, is_open in (("close", False), ("reopen", True)):
        assert main(["organisation", verb, unit.code]) == 0
        assert Unit.objects.get().open is is_open
    out = ["organisation", "move-out", "王小明", "3栋2单元1501室", "--unit", unit.code, "--on", "2026-03-01"]
    assert main(out) == 0 and one.homes.get().until_on == date(2026, 3, 1)
    assert main(out) == 2 and "who lives there" in capsys.readouterr().err
    assert main(["organisation", "close", "nowhere"]) == 2


def test_who_has_lost_telephone_and_spare_codes_logs_in_by_password_again(founded: str, capsys: pytest.CaptureFixture[str]) -> None:
    SecondStep.objects.create(staff=Staff.objects.get(login="guan"), sealed="sealed", since_at=AT)
    assert main(["organisation", "second-step-off", "Guan"]) == 0 and not SecondStep.objects.exists()
    assert main(["organisation", "second-step-off", "guan"]) == 0 and "already" in capsys.readouterr().out
    assert main(["organisation", "second-step-off", "nobody"]) == 2
