"""The demonstration's key for programs: it opens the interface, and is another in every house."""

from __future__ import annotations

from datetime import UTC, datetime

from huiyin.desk.people.doors.keys import ROLE_SCOPE, SCOPES, digest_of
from huiyin.desk.people.queries import api_key
from huiyin.desk.places import actions as places
from huiyin.rehearsal.demo.organisation import FOUNDER, give_key, sheet

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def test_the_key_that_is_printed_is_kept_by_its_digest_and_drawn_anew(db: None) -> None:
    told = sheet()
    made = places.add_organisation(told["code"], told["name"]["zh"], by=FOUNDER, at=NOW)
    places.add_unit(made.id, told["api_key"]["unit"], "group", told["name"]["zh"], by=FOUNDER, at=NOW)
    lines = give_key(told, NOW)
    text = lines[0].split()[-1]
    key = api_key(digest_of(text))
    assert key is not None and key.unit.code == told["api_key"]["unit"] and text.startswith("hy_")
    assert "handover" in key.scopes and all(one in SCOPES or one.startswith(ROLE_SCOPE) for one in key.scopes)
    assert told["code"] in lines[1] and text not in str(told)
