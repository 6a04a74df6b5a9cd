"""An organisation that has adopted a regulation, and a program with a key."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from huiyin.desk.adoptions.actions import adopt
from huiyin.desk.journal.actions import By
from huiyin.desk.people.actions import make_api_key
from huiyin.desk.people.doors.keys import SCOPES
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Unit
from huiyin.rulebook.load import regulation

CLERK = By("admin")
SET_UP_AT = datetime(2026, 1, 1, tzinfo=UTC)
EVERYTHING = (*SCOPES, "role:group_cc_agent", "role:project_manager")

Post = Callable[..., Any]
_numbers = itertools.count()


def make_house(code: str = "cuiyuan") -> Unit:
    """A company with the project CY, under a regulation; returns the company."""
    organisation = places.add_organisation(code, "翠园集团", by=CLERK, at=SET_UP_AT)
    company = places.add_unit(organisation.id, "WY", "property_company", "物业公司", by=CLERK, at=SET_UP_AT)
    for project in ("CY", "HY"):
        places.add_unit(
            organisation.id, project, "project", f"{project}小区", by=CLERK, at=SET_UP_AT, parent=company.id, households_count=604
        )
    version = regulation("group_platform").source["version"]
    adopt(company, "group_platform", version, date(2020, 1, 1), by=CLERK, at=SET_UP_AT)
    return company


def make_key(unit: Unit, *scopes: str) -> str:
    """The text of a new key for the unit."""
    return make_api_key(unit, f"呼叫中心 {next(_numbers)}", scopes or EVERYTHING, by=CLERK, at=SET_UP_AT)[1]


def post_json(client: Client, path: str, body: Any, key: str, *, once: str | None = None, **more: Any) -> Any:
    """Send ``body`` (bytes as they are, anything else as JSON) to the interface."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": once or f"test-{next(_numbers):08d}", **more.pop("headers", {})}
    kind = more.pop("content_type", "application/json")
    return client.post(f"/api/v1/{path}", raw, content_type=kind, headers=headers, **more)


@pytest.fixture
def company(db: None) -> Unit:
    """The company whose key the tests use."""
    return make_house()


@pytest.fixture
def project(company: Unit) -> Unit:
    """The project CY."""
    return Unit.objects.get(organisation_id=company.organisation_id, code="CY")


@pytest.fixture
def key(company: Unit) -> str:
    """A key that may do everything."""
    return make_key(company)


@pytest.fixture
def post(client: Client, key: str) -> Post:
    """Posts to the interface: ``post("handovers", {...})``."""

    def send(path: str, body: Any, **more: Any) -> Any:
        return post_json(client, path, body, more.pop("key", key), **more)

    return send


@pytest.fixture
def get(client: Client, key: str) -> Post:
    """Reads from the interface: ``get("cases?size=2")``."""

    def read(path: str, **more: Any) -> Any:
        return client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {more.get('key', key)}"})

    return read
