"""People at work in a small organisation and the pages as they read them: what the tests of single kinds of organisation share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from huiyin.desk.cases.models import Case
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Staff
from huiyin.desk.places.models import Unit
from huiyin.faces.console.tests.conftest import CLERK, EARLY

Posts = Mapping[str, tuple[str, str]]
"""Who holds which post: login → code of the unit and role."""


@dataclass
class Office:
    """People by login, each with their one post."""

    staff: dict[str, Staff]
    posts: Posts

    def browser(self, login: str) -> Client:
        """Somebody's browser, signed in."""
        client = Client()
        client.force_login(self.staff[login])
        return client

    def register(self, login: str, **said: str) -> Case:
        """A case as somebody's registration sends it."""
        answer = self.browser(login).post("/register", said)
        assert answer.status_code == 302, answer.content.decode()
        return Case.objects.get(number=answer["Location"].rpartition("/")[2])

    def does(self, login: str, case: Case, step: str, **said: Any) -> str:
        """Somebody records an act; the page that comes of it, without tags."""
        told = {"role": self.posts[login][1], **said}
        return plain(self.browser(login).post(f"/cases/{case.number}/steps/{step}", told, follow=True).content.decode())

    def moves(self, login: str, case: Case, move: str, **said: Any) -> None:
        """Somebody presses a button of the case."""
        assert self.browser(login).post(f"/cases/{case.number}/moves/{move}", said).status_code in (200, 302)

    def page(self, login: str, address: str) -> str:
        """A page as somebody reads it."""
        answer = self.browser(login).get(address)
        assert answer.status_code == 200, address
        return plain(answer.content.decode())


def plain(text: str) -> str:
    """The text of a page without tags and spaces."""
    return re.sub(r"<[^>]+>|\s", "", text)


def staffed(units: Mapping[str, Unit], posts: Posts) -> dict[str, Staff]:
    """The people of ``posts`` by login, each given their post in one of the units."""
    made = {}
    for login, (unit, role) in posts.items():
        made[login] = people.add_staff(units[unit].organisation_id, login, f"{login}某", by=CLERK, at=EARLY)
        people.give_post(made[login], units[unit], role, date(2025, 1, 1), by=CLERK, at=EARLY)
    return made
