"""Who may act on a warning now: the acts that would be accepted of the post in use, and, where none would, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language, gettext_lazy

from huiyin.core.moments import in_shanghai
from huiyin.core.records import RAISED
from huiyin.core.rules import Regulation
from huiyin.desk.facts.actions.foreseeing import Standing
from huiyin.desk.people import access
from huiyin.desk.people.queries import holders, names_of
from huiyin.desk.warnings import offering
from huiyin.desk.warnings.models import WarningSignal
from huiyin.desk.warnings.queries import answering
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import is_chinese, role_name

RIGHTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys((offering.CONFIRM, offering.DISMISS, offering.CONFIRM_AND_SEND, offering.SEND), ("verify_warning",)),
    offering.FORWARD: ("forward_warning",),
    offering.ANSWER: ("answer_warning",),
    offering.ANSWER_TOGETHER: ("answer_warning", "forward_warning"),
}
"""The rights of which one is needed to come to the act at all; what the regulation says of it is asked besides."""
WORDS: Final = {
    offering.CONFIRM: gettext_lazy("核实"),
    offering.SEND: gettext_lazy("下发责任单位"),
    offering.FORWARD: gettext_lazy("转发相关职能部门"),
    offering.ANSWER: gettext_lazy("上报方案及完成时间"),
    offering.ANSWER_TOGETHER: gettext_lazy("上报联合解决方案"),
}


def offered(warning: WarningSignal, standing: Standing, role: str, now: datetime) -> frozenset[str]:
    """The acts that come next and would be accepted of the role."""
    found = offering.accepted(warning, standing, role, now)
    return frozenset(act for act in found if any(role in access.RIGHTS[right] for right in RIGHTS[act]))


def to_verify(who: Acting, warnings: Iterable[WarningSignal], now: datetime) -> Mapping[UUID, frozenset[str]]:
    """What of each warning that waits for it the post in use may verify, by its id."""
    waiting = [one for one in warnings if one.state == RAISED] if who.may("verify_warning") else []
    standings = offering.standings(waiting, now)
    return {one.id: offered(one, standings[one.id], who.role, now) for one in waiting if one.id in standings}


def turn(who: Acting, warning: WarningSignal, of: Regulation, now: datetime) -> dict[str, Any]:
    """The acts that the post in use is offered; where there are none though something is due: what, whose turn that is, and whether it is
    that of another post of the same person."""
    standing, due = offering.standings([warning], now).get(warning.id), offering.due(warning)
    if standing is None or not due:
        return {"offered": frozenset()}
    mine = offered(warning, standing, who.role, now)
    if mine:
        return {"offered": mine}
    roles = [role for role in of.role_names if offered(warning, standing, role, now)]
    owing = [one.responsible for one in answering([warning]) if one.responsible in roles]
    others = [post.role for post in who.posts if offered(warning, standing, post.role, now)]
    return {
        "offered": mine,
        "due": next((word for act, word in WORDS.items() if act in due), ""),
        "whose": _named(warning, of, owing or roles, now),
        "other_post": role_name(others[0], _language()) if others else "",
    }


def _named(warning: WarningSignal, of: Regulation, roles: Iterable[str], now: datetime) -> str:
    """The roles with the names of those who hold them; where nobody holds any, the roles alone."""
    day = in_shanghai(now).date()
    held = {role: holders(warning.organisation_id, role, warning.unit_code, day) for role in roles}
    names = names_of({one for several in held.values() for one in several})
    mark, around = ("、", "{}（{}）") if is_chinese(_language()) else (", ", "{} ({})")
    words = {role: role_name(role, _language(), (of.stem,)) for role in held}
    told = [
        around.format(words[role], mark.join(names[one] for one in several if one in names)) for role, several in held.items() if several
    ]
    return mark.join(told or words.values())


def _language() -> str:
    return get_language() or "zh-hans"
