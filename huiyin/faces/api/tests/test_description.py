"""What the interface does is what its description says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huiyin.faces.api.tests.conftest import make_house, make_key

DESCRIPTION = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


def test_the_description_is_openapi_3_1_and_names_every_address(client: Client) -> None:
    told = json.loads(client.get("/api/openapi.json").content)
    assert told["openapi"].startswith("3.1")
    assert len(told["paths"]) == 14
    assert all(
        "Idempotency-Key" in json.dumps(one) for path, one in told["paths"].items() if path.endswith(("handovers", "moves", "attachments"))
    )


def test_its_parameters_are_what_openapi_knows(client: Client) -> None:
    told = json.loads(client.get("/api/openapi.json").content)
    acts = [act for one in told["paths"].values() for act in one.values()]
    members = {name for act in acts for parameter in act.get("parameters", ()) for name in parameter}
    # Examples stand in the schema there: those of a parameter would have to be named objects.
    assert members <= {"name", "in", "required", "description", "schema", "deprecated"}
    ids = [act["operationId"] for act in acts]
    assert len(set(ids)) == len(ids) and "post_handover" in ids


@pytest.fixture
def whole_key(db: None) -> Iterator[str]:
    """A key of a house, once for all examples of an address; requests leave the test's connection open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_key(make_house())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@DESCRIPTION.parametrize()
@settings(max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_description_knows(case: schemathesis.Case[Any], whole_key: str) -> None:
    response = case.call(headers={"Authorization": f"Bearer {whole_key}"})
    case.validate_response(response, checks=list(CHECKS))
