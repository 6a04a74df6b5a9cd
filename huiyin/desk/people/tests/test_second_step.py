"""The second step: codes of the telephone and spare ones, each taken once, by our clock; nobody guesses them by the thousand."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.test import override_settings

from huiyin.core.moments import BadText
from huiyin.desk.conftest import GivePost
from huiyin.desk.journal.actions import By
from huiyin.desk.journal.models import Entry
from huiyin.desk.people.doors import second_step
from huiyin.desk.people.models import SecondStep, Staff
from huiyin.desk.places.models import Unit

STEP = timedelta(seconds=30)


def shown(secret: str, at: datetime) -> str:
    """What the person's app shows at the moment, by the standard's own reckoning."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(at.timestamp())).decode()


@pytest.fixture
def wang(project: Unit, with_post: GivePost) -> Staff:
    """Somebody who works at the project."""
    return with_post("wang", project, "unit_liaison")


@pytest.fixture
def secret(wang: Staff, at: datetime) -> str:
    """The secret in the app of wang, who has set the second step up at ``at``."""
    return set_up(wang, at)[0]


def set_up(staff: Staff, at: datetime) -> tuple[str, list[str]]:
    proposed = second_step.propose(staff)
    codes = second_step.set_up(staff, proposed.sealed, shown(proposed.secret, at), by=By("", staff.pk), at=at)
    return proposed.secret, codes


def test_the_code_that_the_app_shows_is_taken_and_no_code_twice(wang: Staff, secret: str, at: datetime) -> None:
    later = at + 10 * STEP
    second_step.prove(wang, f" {shown(secret, later)[:3]} {shown(secret, later)[3:]} ", at=later)
    with pytest.raises(BadText, match="used"):
        second_step.prove(wang, shown(secret, later), at=later + STEP / 2)
    second_step.prove(wang, shown(secret, later + STEP), at=later + STEP)


def test_the_code_of_the_set_up_lets_nobody_in(wang: Staff, secret: str, at: datetime) -> None:
    with pytest.raises(BadText, match="used"):
        second_step.prove(wang, shown(secret, at), at=at)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_telephone_may_be_half_a_minute_wrong(wang: Staff, secret: str, at: datetime, steps: int, good: bool) -> None:
    later = at + 10 * STEP
    if good:
        second_step.prove(wang, shown(secret, later + steps * STEP), at=later)
    else:
        with pytest.raises(BadText, match="wrong"):
            second_step.prove(wang, shown(secret, later + steps * STEP), at=later)


def test_an_older_code_is_not_taken_after_a_newer_one(wang: Staff, secret: str, at: datetime) -> None:
    later = at + 10 * STEP
    second_step.prove(wang, shown(secret, later + STEP), at=later)
    with pytest.raises(BadText):
        second_step.prove(wang, shown(secret, later), at=later)


def test_a_spare_code_is_taken_once_however_it_is_typed(wang: Staff, at: datetime) -> None:
    _secret, codes = set_up(wang, at)
    assert len(set(codes)) == second_step.SPARE_CODES
    second_step.prove(wang, codes[0].upper().replace("-", " "), at=at)
    with pytest.raises(BadText):
        second_step.prove(wang, codes[0], at=at)
    assert len(SecondStep.objects.get(staff=wang).spare) == second_step.SPARE_CODES - 1
    assert Entry.objects.filter(action="people.spare_code_used", subject=f"staff:{wang.pk}", body__left=7).exists()
    renewed = second_step.renew_spare_codes(wang, by=By("", wang.pk), at=at)
    with pytest.raises(BadText):
        second_step.prove(wang, codes[1], at=at)
    second_step.prove(wang, renewed[1], at=at)


def test_what_is_kept_opens_nothing(wang: Staff, at: datetime) -> None:
    secret, codes = set_up(wang, at)
    row = SecondStep.objects.get(staff=wang)
    told = f"{row.sealed}{row.spare}{list(Entry.objects.values_list('body', flat=True))}"
    assert secret not in told and not any(code in told for code in codes)
    with override_settings(SECRET_KEY="of another house"):
        with pytest.raises(BadText):
            second_step.prove(wang, shown(secret, at + 10 * STEP), at=at + 10 * STEP)
        second_step.prove(wang, codes[0], at=at)


def test_codes_are_not_guessed(wang: Staff, secret: str, at: datetime) -> None:
    later = at + 10 * STEP
    for _ in range(second_step.MOST_TRIES):
        with pytest.raises(BadText, match="wrong"):
            second_step.prove(wang, "000000" if shown(secret, later) != "000000" else "111111", at=later)
    with pytest.raises(BadText, match="tries"):
        second_step.prove(wang, shown(secret, later), at=later)
    second_step.prove(wang, shown(secret, later + timedelta(minutes=10)), at=later + timedelta(minutes=10))


def test_nothing_is_set_up_by_a_wrong_code_a_proposal_of_somebody_else_or_a_second_time(
    wang: Staff, project: Unit, with_post: GivePost, at: datetime
) -> None:
    li, proposed = with_post("li", project, "front_desk"), second_step.propose(wang)
    with pytest.raises(BadText, match="wrong"):
        second_step.set_up(wang, proposed.sealed, shown(proposed.secret, at + 10 * STEP), by=By("", wang.pk), at=at)
    with pytest.raises(BadText, match="not yours"):
        second_step.set_up(li, proposed.sealed, shown(proposed.secret, at), by=By("", li.pk), at=at)
    set_up(wang, at)
    with pytest.raises(BadText, match="stands"):
        second_step.set_up(wang, proposed.sealed, shown(proposed.secret, at), by=By("", wang.pk), at=at)
    assert (
        second_step.of(li) is None
        and second_step.take_off(wang, by=By("admin"), at=at)
        and not second_step.take_off(wang, by=By("admin"), at=at)
    )
