"""Who may do what, and where: one table of rights by role, and the scope of a post. What is not yours looks absent.

The rights are coarse; whether a regulation allows an act at this moment is the reckoning's to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from huiyin.core.rules import Regulation
from huiyin.desk.people.doors.administrators import ADMINISTRATORS
from huiyin.desk.people.models import Post, Resident, Staff
from huiyin.desk.people.queries import posts_of
from huiyin.desk.places import queries as places
from huiyin.desk.places.models import Unit

CALL_CENTRE: Final = frozenset({"group_cc", "group_cc_agent", "group_cc_supervisor", "cc_supervisor", "agent", "info_officer_1"})
COUNTER: Final = frozenset({"front_desk", "receptionist", "cs_staff", "receiver", "recorder", "building_duty_officer", "service_centre"})
LIAISONS: Final = frozenset({"unit_liaison", "liaison", "info_officer_2", "named_contact", "pa_officer", "responsible_person"})
HANDLERS: Final = frozenset(
    {
        "handler",
        "responder",
        "form_taker",
        "departments",
        "designated_person",
        "guard",
        "patrol_team",
        "building_manager",
        "security_dept",
        "security_shift_leader",
        "security_duty_cadre",
        "gate_guard",
        "carer",
        "service_worker",
        "spot_checked_staff",
        "staff_at_fault",
        "employee",
        "surveyor",
        "survey_group",
        "collector",
        "department",
    }
)
HEADS: Final = frozenset(
    {
        "dept_head",
        "department_head",
        "department_manager",
        "department_supervisor",
        "dept_supervisor",
        "cluster_supervisor",
        "pa_supervisor",
    }
)
MANAGERS: Final = frozenset(
    {
        "project_manager",
        "unit_head",
        "office_manager",
        "management_office",
        "property_supervisor",
        "centre_director",
        "deputy_director",
        "centre",
        "management_team",
    }
)
BRANCH_HEADS: Final = frozenset({"branch_head", "branch_gm", "operations_manager", "management_representative", "survey_leader"})
QUALITY: Final = frozenset({"quality_dept", "quality_head", "quality_manager", "quality_specialist", "quality", "supervision_dept"})
LEADERS: Final = frozenset(
    {"company_gm", "general_manager", "leader_in_charge", "office_leader", "gm_office", "superior_department", "superior_unit"}
)
DEPARTMENTS: Final = frozenset(
    {"related_departments", "customer_service_dept", "engineering_dept", "order_dept", "legal_dept", "audit_dept"}
)
SITE_OFFICES: Final = frozenset({"service_centre"})
"""Offices of a site that take things in at the counter and also owe its reports and notices."""
RESPONDERS: Final = frozenset({"responder"})
"""Staff of an office who go to the scene, and enter there what they are told."""
INSPECTORS: Final = frozenset({"inspector", "audit_dept"})
ADMINS: Final = ADMINISTRATORS
LEGAL: Final = frozenset({"legal_dept"})

OFFICES: Final = ("admin", "front_desk", "handler", "dept_head", "inspector")
"""Posts that every organisation has, whatever it has adopted."""
WHOLE_ORGANISATION: Final = CALL_CENTRE - {"info_officer_1"} | ADMINS
"""Roles whose scope is the whole organisation, wherever their post stands."""

_DESK = CALL_CENTRE | COUNTER | LIAISONS
_UNIT = LIAISONS | HEADS | MANAGERS
_ABOVE = BRANCH_HEADS | QUALITY | LEADERS
_ALL = _DESK | HANDLERS | _UNIT | _ABOVE | DEPARTMENTS | INSPECTORS

RIGHTS: Final[Mapping[str, frozenset[str]]] = {
    "see_cases": _ALL,
    "see_people": _DESK | _UNIT | HANDLERS | QUALITY,
    "unmask": _DESK | _UNIT | QUALITY,
    "see_scores": _UNIT | _ABOVE | DEPARTMENTS | INSPECTORS | CALL_CENTRE,
    "see_reports": _UNIT | _ABOVE | DEPARTMENTS | INSPECTORS | CALL_CENTRE | SITE_OFFICES,
    "see_journal": QUALITY | INSPECTORS | LEADERS | LEGAL | ADMINS,
    "register": _DESK | _UNIT | QUALITY | RESPONDERS,
    # A case ends before it is handled only where cases are taken in: never by the unit that it is about.
    "end_case": CALL_CENTRE | COUNTER | QUALITY,
    "dispatch": CALL_CENTRE | COUNTER | _UNIT | QUALITY,
    "accept": _UNIT | HANDLERS,
    "return_dispatch": _UNIT | HANDLERS,
    "transfer": CALL_CENTRE | _UNIT | QUALITY,
    "adjudicate": CALL_CENTRE | QUALITY,
    "contact": _DESK | _UNIT | HANDLERS,
    "plan": _UNIT | HANDLERS,
    "report_solution": _UNIT | HANDLERS | BRANCH_HEADS,
    "handle": _UNIT | HANDLERS | DEPARTMENTS,
    "hold": _UNIT | HANDLERS,
    "extend": _UNIT | BRANCH_HEADS,
    "approve": HEADS | MANAGERS | _ABOVE | CALL_CENTRE,
    "return_visit": _DESK | _UNIT | QUALITY,
    "close": _DESK | _UNIT | QUALITY,
    "reopen": _DESK | _UNIT | QUALITY,
    "archive": LIAISONS | MANAGERS | QUALITY,
    "urge": CALL_CENTRE | COUNTER | HEADS | MANAGERS | DEPARTMENTS | _ABOVE,
    "instruct": _ABOVE,
    "supervise": QUALITY | LEADERS,
    "preserve": QUALITY,
    "report_major": LIAISONS | MANAGERS | BRANCH_HEADS | QUALITY,
    "verify_warning": CALL_CENTRE | QUALITY,
    "forward_warning": QUALITY,
    "answer_warning": LIAISONS | MANAGERS | BRANCH_HEADS | DEPARTMENTS,
    "confirm_invalid": CALL_CENTRE | QUALITY,
    "claim_non_responsibility": LIAISONS | MANAGERS | BRANCH_HEADS,
    "submit_statement": MANAGERS | BRANCH_HEADS,
    "check_statement": CALL_CENTRE | QUALITY,
    "decide_suggestion": LIAISONS | MANAGERS | HEADS | QUALITY,
    "sign_summary": MANAGERS | BRANCH_HEADS,
    "submit_summary": LIAISONS | MANAGERS,
    "publish": LIAISONS | MANAGERS | QUALITY | DEPARTMENTS | SITE_OFFICES,
    "withdraw_publication": MANAGERS | QUALITY,
    "inspect": QUALITY | INSPECTORS,
    "survey": QUALITY | MANAGERS | BRANCH_HEADS | HEADS | DEPARTMENTS | {"survey_group", "department"},
    "keep_register": _DESK | _UNIT | HANDLERS | QUALITY | DEPARTMENTS,
    "appeal": MANAGERS | BRANCH_HEADS | HEADS,
    "decide_appeal": QUALITY | LEADERS,
    "on_duty": LIAISONS | MANAGERS | QUALITY | COUNTER | HANDLERS | SITE_OFFICES,
    "manage_roster": LIAISONS | MANAGERS | QUALITY | SITE_OFFICES,
    "import_cases": CALL_CENTRE | QUALITY | ADMINS,
    "export": _UNIT | _ABOVE | CALL_CENTRE,
    "share_views": _UNIT | _ABOVE | CALL_CENTRE,
    "enter_reading": frozenset({"quality_dept", "quality_head"}),
    "manage_people": ADMINS,
    "manage_places": ADMINS,
    "manage_adoptions": ADMINS | {"quality_head", "quality_manager"},
    "manage_qr_points": _UNIT | QUALITY | COUNTER | ADMINS | SITE_OFFICES,
    "manage_keys": ADMINS,
    "manage_channels": ADMINS,
}
"""Which roles have the right to do what. A verb that does not stand here is nobody's."""


def does_something(role: str) -> bool:
    """Whether a post of this role has any right."""
    return any(role in roles for roles in RIGHTS.values())


def scope_of(staff: Staff, post: Post) -> frozenset[UUID]:
    """The ids of the units that the post reaches: its unit and everything below; the whole organisation for the roles
    of the centre.

    A department of a company or branch reaches what the unit above it reaches. Empty for somebody else's post, an
    inactive account, or a unit of another organisation.
    """
    if post.staff_id != staff.pk or not staff.is_active or post.unit.organisation_id != staff.organisation_id:
        return frozenset()
    tree = places.tree(staff.organisation_id)
    if post.role in WHOLE_ORGANISATION:
        return frozenset(tree.ids.values())
    top = post.unit.code
    if post.role in QUALITY | LEADERS | DEPARTMENTS:
        path = tree.units.path(top)
        top = next((code for code in path if tree.units.by_code[code].kind != "department"), top)
    return frozenset(tree.ids[unit.code] for unit in tree.units.below(top))


def reach(staff: Staff, verb: str, *, on_day: date, post: Post | None = None) -> frozenset[UUID]:
    """The ids of all units where the person may do ``verb`` on the day, by all their posts, or by the one post they
    act under.
    """
    roles = RIGHTS.get(verb, frozenset())
    posts = [one for one in posts_of(staff, on_day) if one.role in roles and (post is None or one.pk == post.pk)]
    return frozenset().union(*(scope_of(staff, one) for one in posts))


def may(staff: Staff, verb: str, unit: Unit, *, on_day: date, post: Post | None = None) -> bool:
    """Whether the person may do ``verb`` at the unit on the day."""
    return unit.pk in reach(staff, verb, on_day=on_day, post=post)


def verbs(staff: Staff, unit: Unit, *, on_day: date, post: Post | None = None) -> frozenset[str]:
    """Everything that the person may do at the unit on the day: which buttons a page shows."""
    held = [one for one in posts_of(staff, on_day) if post is None or one.pk == post.pk]
    roles = {one.role for one in held if unit.pk in scope_of(staff, one)}
    return frozenset(verb for verb, allowed in RIGHTS.items() if allowed & roles)


def roles_at(staff: Staff, unit: Unit, *, on_day: date) -> tuple[str, ...]:
    """The roles in which the person may act at the unit on the day, in the order of their posts."""
    held = (one.role for one in posts_of(staff, on_day) if unit.pk in scope_of(staff, one))
    return tuple(dict.fromkeys(held))


AT_WORK: Final = frozenset({"register", "handle", "keep_register"})
"""Who has one of these rights is at work on what happens at the unit."""
LEADING: Final = HEADS | MANAGERS | BRANCH_HEADS | QUALITY | LEADERS | CALL_CENTRE
"""Posts for which nobody below them acts, where they have not been filled either."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person is at one unit on a day: the roles of their posts that reach it, that of the post in use first, and the rights that
    the post in use has there. Without a role or a right they are nobody there."""

    roles: tuple[str, ...]
    rights: frozenset[str]

    def may_act_as(self, regulation: Regulation, wanted: Collection[str], *, deciding: bool = False) -> tuple[str, ...]:
        """The roles under which the person may do what the regulation gives to ``wanted`` (nobody: to whoever is at work on it).

        Those are the own ones that are wanted or stand in for one (D15). Whoever is at work at the unit also acts for its working posts,
        a manager for all posts of the own unit; nobody takes a decision for somebody else, but writes down what people outside decided.
        """
        at_work = not self.rights.isdisjoint(AT_WORK)
        if not wanted:
            return self.roles[:1] if at_work else ()
        own = [role for role in self.roles if any(regulation.may_act_as(one, role) for one in wanted)]
        for one in wanted if at_work else ():
            level = regulation.role_levels.get(one, "")
            if level == "outside" or (not deciding and level == "project" and self._acts_for(one)):
                own.append(one)
        return tuple(dict.fromkeys(own))

    def _acts_for(self, role: str) -> bool:
        return role not in LEADING or not MANAGERS.isdisjoint(self.roles)


NOBODY: Final = Standing((), frozenset())


def standing_at(staff: Staff, unit: Unit, *, on_day: date, post: Post | None = None) -> Standing:
    """What the person is at the unit on the day; ``post`` is the one in use. Nobody where that does not reach the unit."""
    if post is None or unit.pk not in scope_of(staff, post):
        return NOBODY
    roles = (post.role, *roles_at(staff, unit, on_day=on_day))
    return Standing(tuple(dict.fromkeys(roles)), verbs(staff, unit, on_day=on_day, post=post))


def units(staff: Staff, verb: str, *, on_day: date, post: Post | None = None) -> QuerySet[Unit]:
    """The units where the person may do ``verb``, in the order of papers."""
    return Unit.objects.filter(pk__in=reach(staff, verb, on_day=on_day, post=post))


def residents(staff: Staff, *, on_day: date, post: Post | None = None) -> QuerySet[Resident]:
    """The residents whom the person may see: those with a home in reach, and those of the organisation without a
    home.
    """
    reached = reach(staff, "see_people", on_day=on_day, post=post)
    if not reached:
        return Resident.objects.none()
    theirs = Q(homes__household__unit_id__in=reached) | Q(homes=None)
    return Resident.objects.filter(theirs, organisation_id=staff.organisation_id).distinct()
