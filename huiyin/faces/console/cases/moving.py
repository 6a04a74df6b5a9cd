"""Making a move on a case from a page: what its form chooses from, what it is called, doing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.adoptions.queries import regulations_of
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.attachments.actions import Prepared
from huiyin.desk.cases import actions
from huiyin.desk.cases.lifecycle import Move
from huiyin.desk.cases.models import Case
from huiyin.desk.matters.steps.choices import staff
from huiyin.desk.people.access import RIGHTS
from huiyin.faces.console import sending
from huiyin.faces.console.cases import files
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.forms import Around
from huiyin.faces.console.cases.intake import units_for
from huiyin.faces.console.cases.words import language, role_word, terms
from huiyin.faces.parts.guard import Acting


def around(who: Acting, cases: Sequence[Case]) -> Around:
    """What the fields of a move may choose from, for the cases together: what any of them knows. In: at least one case."""
    first = cases[0]
    places = {(one.unit_code, one.received_at): one.editions for one in cases}
    found = {
        one.stem: one
        for (unit, at), editions in places.items()
        for one in regulations_of(who.organisation_id, unit, at)
        if one.stem in editions
    }
    regulations = list(found.values())
    roles = sorted(
        {role for one in regulations for role in one.role_names if one.role_levels[role] != "outside"} & set().union(*RIGHTS.values())
    )
    departments = [role for one in regulations for role in one.stands_in.get("related_departments", ())]
    named = [(role, role_word(role, first.editions)) for role in roles]
    index = 0 if language().startswith("zh") else 1
    people = [(one.key, one.name[index]) for one in staff(who.organisation_id, first.unit_code, timezone.now())]
    said = terms(who.organisation_id, first.unit_code, first.received_at)
    return Around(
        regulations, units_for(who), [(one, role_word(one, first.editions)) for one in departments], named, terms=said, people=people
    )


def label_of(found: Case, move: Move) -> str:
    """What the move is called on a button, in the terms of the case's unit."""
    chinese, english = move.named(terms_of(found.organisation_id, found.unit_code, found.received_at))
    return chinese if language().startswith("zh") else english[0].upper() + english[1:]


def make(
    who: Acting,
    found: Case,
    chosen: Move,
    details: Mapping[str, Any],
    version: str,
    sent: Sequence[Prepared] = (),
    request: HttpRequest | None = None,
) -> str:
    """Do the move on the case as it was seen in ``version`` and keep the files ``sent`` with it, both or neither; returns the sentence of
    what went wrong, or nothing. ``request`` says when it was done on a device that had no net; what it sends twice is done once."""
    if who.post is None:
        return _("您今天没有岗位，请联系系统管理员。")
    said, now = dict(details), timezone.now()
    for need in chosen.needs:
        if need.kind == "case" and need.name in said:
            named = str(said[need.name]).strip()
            try:
                said[need.name] = str(fetch(who, named).id)
            except Http404:
                return _("没有单号为“%(number)s”的工单，或不在您的范围内。请核对单号。") % {"number": named[:40]}
    try:
        happened_at = sending.done_in_turn(request, who, found.id, now, found.received_at) if request else now
        with transaction.atomic():
            if request:
                sending.once(request, who, now)
            actions.move(
                who.organisation_id, found.id, chosen.key, said, by=who.staff.pk, post_role=who.role, unit=who.post.unit.code,
                at=now, version=int(version) if version.isdecimal() else None, happened_at=happened_at,
            )  # fmt: skip
            files.keep(who, found.id, sent, chosen.key, now)
    except sending.AlreadyDone:
        return ""
    except SAID as error:
        return tell(error)
    return ""
