"""Taking back one's own last act (撤销), for pages: what may be taken back until when, what that costs, and doing it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from huiyin.desk.cases import actions
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.lifecycle import BY_KEY, Move
from huiyin.desk.cases.models import Case
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.moving import label_of
from huiyin.faces.parts.guard import Acting

STAYS: Final = timedelta(seconds=20)
"""So long a message with the button stays; in the timeline the button stays as long as the act may be taken back."""


def offer(who: Acting, found: Case, now: datetime) -> dict[str, Any] | None:
    """The person's own last act on the case as a page offers it: ``can`` it be taken back, and if not, what to do ``instead``.

    None where it is not the person's, not the last one, or too long ago.
    """
    last = actions.last_act(found, who.staff.pk, now)
    if last is None:
        return None
    label = label_of(found, last.move)
    return {
        "number": found.number,
        "fact": last.number,
        "label": label,
        "until": last.until,
        "can": last.counter is not None and last.move.right in who.rights,
        "cost": _("已起算的时限继续计算，已发出的消息不会收回。"),
        "cannot": _cannot(who, found, last.move, label),
        "url": reverse("console:case-undo", args=[found.number]),
        "stays": int(STAYS.total_seconds()),
    }


def _cannot(who: Acting, found: Case, move: Move, label: str) -> str:
    right = BY_KEY.get(move.instead)
    offered = right is not None and any(one.key == right.key for one in moves_with(found, who.rights))
    if right is None or not offered:
        return _("“%(act)s”不能撤销。") % {"act": label}
    return _("“%(act)s”不能撤销；需要更正请用“%(instead)s”。") % {"act": label, "instead": label_of(found, right)}


def take_back(who: Acting, found: Case, fact: str) -> tuple[Move | None, str]:
    """Take back the act whose fact has the number ``fact``; returns the move that it was, or None and the sentence of what went wrong."""
    if who.post is None:
        return None, _("您今天没有岗位，请联系系统管理员。")
    try:
        move = actions.take_back(
            who.organisation_id, found.id, int(fact) if fact.isdecimal() else 0, by=who.staff.pk, post_role=who.role,
            unit=who.post.unit.code, at=timezone.now(),
        )  # fmt: skip
    except SAID as error:
        return None, tell(error)
    return move, ""
