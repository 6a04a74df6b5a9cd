"""The open pages hear of changes: a hint, after the commit, many at once."""

from __future__ import annotations

import json
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from huiyin.desk.facts.actions.announcing import CHANNEL, tell


@pytest.mark.django_db(transaction=True)
def test_news_of_one_unit_and_topic_is_one_message() -> None:
    organisation = uuid4()
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        tell([(organisation, "P1", "cases", "TS1"), (organisation, "P1", "cases", "TS2"), (organisation, "P2", "warnings", "")])
        heard = [json.loads(one.payload) for one in listener.notifies(timeout=5, stop_after=2)]
    assert heard == [
        {"organisation": str(organisation), "unit": "P1", "topic": "cases", "ids": ["TS1", "TS2"]},
        {"organisation": str(organisation), "unit": "P2", "topic": "warnings", "ids": []},
    ]
