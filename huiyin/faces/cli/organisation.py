"""Found an organisation in an empty house with its first administrator; or give somebody a password who cannot log in any more."""

from __future__ import annotations

import argparse
import sys

from huiyin.faces.cli.house import open_house, say, with_database

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


def run(args: argparse.Namespace) -> int:
    """Do it and print the password for one login. Out: 0 done, 2 the code or login is taken, unknown or cannot be used."""

    def answer(_address: str) -> int:
        from django.core.management import call_command

        open_house()
        call_command("migrate", interactive=False, verbosity=0)
        return _do(args)

    return with_database(answer)


def _do(args: argparse.Namespace) -> int:
    from huiyin.core.moments import BadText

    try:
        login, password = _found(args) if args.verb == "found" else _reset(args)
    except BadText as error:
        print(f"huiyin organisation: {error}", file=sys.stderr)
        return 2
    say(f"login {login}, password for one login: {password}")
    return 0


def _found(args: argparse.Namespace) -> tuple[str, str]:
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
        return login, accounts.reset_password(first, by=by, at=at)


def _reset(args: argparse.Namespace) -> tuple[str, str]:
    from django.utils import timezone

    from huiyin.core.moments import BadText
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.doors import accounts
    from huiyin.desk.people.models import Staff

    one = Staff.objects.filter(login=args.login.strip().lower(), is_active=True).first()
    if one is None:
        raise BadText(f"found no account {args.login[:64]!r} in use, expected one; correct the login", "没有这个在用账号；请核对")
    return one.login, accounts.reset_password(one, by=By(ROLE), at=timezone.now())
