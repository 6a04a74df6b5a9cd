"""Found an organisation; passwords and second steps of accounts; close a unit or open it again; note who moved out."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING

from huiyin.faces.cli.house import open_house, organisation_named, say, with_database

if TYPE_CHECKING:
    from huiyin.desk.people.models import Staff

# The role under which the machine's owner acts, who is nobody in person.
ROLE = "admin"
KINDS = {
    "property_group": "group",
    "property_company": "property_company",
    "management_office": "management_office",
    "apartment_manager": "property_company",
    "university": "university_logistics_office",
    "student_housing": "student_apartment_centre",
}
"""What an organisation may be, and the kind of its topmost unit."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    found = verbs.add_parser("found", help="add an organisation, its topmost unit and an administrator")
    found.add_argument("code", help="a short code of Latin letters; the topmost unit has it too")
    found.add_argument("name", help="its name")
    found.add_argument("--english", default="", metavar="NAME", help="its English name")
    found.add_argument("--kind", choices=sorted(KINDS), default="property_group")
    found.add_argument("--login", default="admin", help="the administrator's login (admin)")
    found.add_argument("--person", default="系统管理员", metavar="NAME", help="the administrator's name")
    password = verbs.add_parser("password", help="give an account a password for one login")
    password.add_argument("login")
    second = verbs.add_parser(
        "second-step-off", help="let an account log in with its password alone: its telephone and spare codes are lost"
    )
    second.add_argument("login")
    for verb, told in (("close", "take no new cases for a unit"), ("reopen", "take new cases for a closed unit again")):
        unit = verbs.add_parser(verb, help=told)
        unit.add_argument("unit", metavar="CODE", help="the unit's code")
        unit.add_argument("--organisation", metavar="CODE", help="needed if the house has several")
    out = verbs.add_parser("move-out", help="note that somebody has moved out of a home")
    out.add_argument("name", help="the resident's name")
    out.add_argument("room", help="the home, such as 3-2-1501")
    out.add_argument("--unit", metavar="CODE", required=True, help="the unit of the home")
    out.add_argument("--on", metavar="DAY", type=date.fromisoformat, help="the day, as 2026-03-31 (today)")
    out.add_argument("--organisation", metavar="CODE", help="needed if the house has several")


def run(args: argparse.Namespace) -> int:
    """Do it and say what was done. Out: 0 done, 2 a code, login, home or day is taken, unknown or cannot be used."""

    def answer(_address: str) -> int:
        from django.core.management import call_command

        open_house()
        call_command("migrate", interactive=False, verbosity=0)
        return _do(args)

    return with_database(answer)


def _do(args: argparse.Namespace) -> int:
    from huiyin.core.moments import BadText

    ways = {
        "found": _found,
        "password": _reset,
        "second-step-off": _second_step_off,
        "close": _open,
        "reopen": _open,
        "move-out": _move_out,
    }
    try:
        said = ways[args.verb](args)
    except BadText as error:
        print(f"huiyin organisation: {error}", file=sys.stderr)
        return 2
    say(said)
    return 0


def _told(login: str, password: str) -> str:
    return f"login {login}, password for one login: {password}"


def _found(args: argparse.Namespace) -> str:
    from django.db import transaction
    from django.utils import timezone

    from huiyin.core.moments import BadText
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people import actions
    from huiyin.desk.people.doors import accounts
    from huiyin.desk.people.models import Staff
    from huiyin.desk.places import actions as places
    from huiyin.desk.places.models import Organisation

    by, at, login = By(ROLE), timezone.now(), actions.read_login(args.login)
    for taken, what in (
        (Organisation.objects.filter(code=args.code).exists(), f"code {args.code!r}"),
        (Staff.objects.filter(login=login).exists(), f"login {login!r}"),
    ):
        if taken:
            raise BadText(f"found the {what}, which is taken, expected another; choose one", f"{what} 已被使用；请换一个")
    with transaction.atomic():
        made = places.add_organisation(args.code, args.name, by=by, at=at, kind=args.kind, name_en=args.english)
        top = places.add_unit(made.id, args.code, KINDS[args.kind], args.name, by=by, at=at, name_en=args.english)
        first = actions.add_staff(made.id, login, args.person, by=by, at=at)
        actions.give_post(first, top, "admin", timezone.localdate(at), by=by, at=at)
        return _told(login, accounts.reset_password(first, by=by, at=at))


def _account(login: str) -> Staff:
    from huiyin.core.moments import BadText
    from huiyin.desk.people.models import Staff

    one = Staff.objects.filter(login=login.strip().lower(), is_active=True).first()
    if one is None:
        raise BadText(f"found no account {login[:64]!r} in use, expected one; correct the login", "没有这个在用账号；请核对")
    return one


def _reset(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.doors import accounts

    one = _account(args.login)
    return _told(one.login, accounts.reset_password(one, by=By(ROLE), at=timezone.now()))


def _second_step_off(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.doors import second_step

    one = _account(args.login)
    if not second_step.take_off(one, by=By(ROLE), at=timezone.now()):
        return f"{one.login} logged in with the password alone already"
    return f"{one.login} logs in with the password alone until they set the second step up again"


def _open(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from huiyin.desk.journal.actions import By
    from huiyin.desk.places import actions, queries

    unit = queries.unit(organisation_named(args.organisation).id, args.unit)
    act = actions.close_unit if args.verb == "close" else actions.reopen_unit
    act(unit, by=By(ROLE), at=timezone.now())
    return f"{unit.code} ({unit.name}) takes {'no new cases' if args.verb == 'close' else 'new cases again'}"


def _move_out(args: argparse.Namespace) -> str:
    from django.utils import timezone

    from huiyin.core.moments import BadText
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.actions import move_out
    from huiyin.desk.people.models import Living
    from huiyin.desk.places import queries

    unit, at = queries.unit(organisation_named(args.organisation).id, args.unit), timezone.now()
    home = queries.find_household(unit.pk, args.room)
    ties = Living.objects.standing().filter(household=home, resident__name=args.name) if home else Living.objects.none()
    if not ties:
        raise BadText(
            f"found nobody called {args.name[:40]!r} in {args.room[:40]!r} at {unit.code}, expected who lives there; correct name or home",
            f"{unit.code} 的“{args.room[:40]}”没有登记叫“{args.name[:40]}”的人；请核对姓名和房号",
        )
    day = args.on or timezone.localdate(at)
    for tie in ties:
        move_out(tie, day, by=By(ROLE), at=at)
    return f"{args.name} moved out of {home.code if home else ''} at {unit.code} on {day}; what was registered stays"
