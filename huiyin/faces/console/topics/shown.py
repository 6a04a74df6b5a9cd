"""Proposed matters as the templates show them, and what stands beside a case and beside the registration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from huiyin.desk.cases.models import Case
from huiyin.desk.topics import access, actions, queries
from huiyin.desk.topics.queries import Group
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases import shown
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in

MOST_BESIDE = 8


def group_shown(group: Group, names: Mapping[str, str]) -> dict[str, Any]:
    """A proposed matter: its name, its unit, its cases, how many people and homes, from when to when, and since when it is an alert."""
    return {
        "name": hide_phones_in(group.name),
        "issue": group.issue,
        "unit": names.get(group.unit_code, group.unit_code),
        "cases": [case_shown(row) for row in group.cases],
        "complainants": group.complainants,
        "households": group.households,
        "first_at": group.first_at,
        "last_at": group.last_at,
        "alert_at": group.alert_at,
        "settled": group.settled,
        "url": address(reverse("console:queue"), unit=group.unit_code, issue=group.issue, state="all") if group.issue else "",
    }


def case_shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A case of a proposed matter; telephone numbers in its words are hidden."""
    return {
        "number": row["number"],
        "title": hide_phones_in(queries.title_of(row)),
        "place": shown.room(row["household_code"]) if row["household_code"] else hide_phones_in(row["place"]),
        "received_at": row["received_at"],
        "status": row["status"],
        "issue": row["issue"],
        "url": reverse("console:case", args=[row["number"]]),
    }


def beside_case(who: Acting, case: Case, now: datetime) -> dict[str, Any]:
    """What the case's page shows of the matter that it may belong to: other cases, and whether the post may decide; empty for none."""
    if case.status == "void" or case.unit_code not in who.codes:
        return {}
    group = queries.group_of(who.organisation_id, case.unit_code, case.id, now)
    others = [row for row in group.cases if row["id"] != case.id] if group else []
    if group is None or not others:
        return {}
    return {
        "may": who.may(actions.RIGHT),
        "name": hide_phones_in(group.name),
        "cases": [{**case_shown(row), "same": row["issue"] == case.issue != ""} for row in others[-MOST_BESIDE:][::-1]],
        "count": len(group.cases),
        "complainants": group.complainants,
        "alert_at": group.alert_at,
        "settled": group.settled,
        "joined": bool(case.issue) and any(row["issue"] == case.issue for row in others),
        "all_url": address(reverse("console:topics"), unit=case.unit_code),
    }


def beside_words(who: Acting, unit: str, words: str, place: str, now: datetime) -> list[dict[str, Any]]:
    """The matters of the unit that somebody who says this may be talking of, while it is being written down."""
    if unit not in who.codes:
        return []
    names: Mapping[str, str] = {}
    return [group_shown(one, names) for one in queries.near(who.organisation_id, unit, words, now, place=place)]


def put_with(who: Acting, case_id: UUID, numbers: Sequence[str], now: datetime) -> str:
    """Put a case that was just registered into the matter of those with these numbers; returns the matter's name. Raises NotFound of
    ``desk.topics.access``, BadTopic, BadText, Refused."""
    assert who.post is not None
    others = access.case_ids(who.organisation_id, numbers, who.codes)
    name = queries.name_among(who.organisation_id, others)
    post = actions.Post(who.staff.pk, who.role, who.post.unit.code)
    return actions.confirm(who.organisation_id, [case_id, *others], name, post=post, at=now)
