"""Keys for programs: make one (its text is shown this once), list them, revoke one."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from huiyin.faces.cli.house import open_house, organisation_named, say, with_database

if TYPE_CHECKING:
    from huiyin.desk.places.models import Organisation

# The role under which the machine's owner acts, who is nobody in person.
ROLE = "admin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--organisation", metavar="CODE", help="needed if the house has several")
    verbs = parser.add_subparsers(dest="verb", required=True)
    make = verbs.add_parser("make", help="make a key and print its text, which is kept nowhere")
    make.add_argument("name", help="whose it is, such as '400'")
    make.add_argument("--unit", required=True, metavar="CODE", help="the unit that it reaches, with all below")
    make.add_argument("--scope", action="append", required=True, metavar="SCOPE", help="what it may do; may be repeated")
    make.add_argument("--role", action="append", default=[], metavar="ROLE", help="a post in which it acts; may be repeated")
    verbs.add_parser("list", help="all keys with their last use")
    revoke = verbs.add_parser("revoke", help="take a key out of use at once")
    revoke.add_argument("name", help="its name")


def run(args: argparse.Namespace) -> int:
    """Do it. Out: 0 done, 2 the organisation, unit, scope, role or key cannot be used."""

    def answer(_address: str) -> int:
        open_house()
        return _do(args)

    return with_database(answer)


def _do(args: argparse.Namespace) -> int:
    from huiyin.core.moments import BadText
    from huiyin.plumbing.text import BadText as BadName

    verbs = {"make": _make, "list": _list, "revoke": _revoke}
    try:
        verbs[args.verb](organisation_named(args.organisation), args)
    except (BadText, BadName) as error:
        print(f"huiyin keys: {error}", file=sys.stderr)
        return 2
    return 0


def _make(organisation: Organisation, args: argparse.Namespace) -> None:
    from django.utils import timezone

    from huiyin.core.moments import BadText
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.access import RIGHTS
    from huiyin.desk.people.actions import make_api_key
    from huiyin.desk.people.doors.keys import ROLE_SCOPE, SCOPES
    from huiyin.desk.places.queries import unit

    roles = frozenset().union(*RIGHTS.values())
    for wanted, known, called in ((args.scope, SCOPES, "scope"), (args.role, roles, "role")):
        if strange := sorted(set(wanted) - set(known)):
            said = f"found the {called} {strange[0]!r}, expected one of {', '.join(sorted(known))}; choose one of these"
            raise BadText(said, said)
    scopes = [*args.scope, *(f"{ROLE_SCOPE}{role}" for role in args.role)]
    _made, text = make_api_key(unit(organisation.id, args.unit), args.name, scopes, by=By(ROLE), at=timezone.now())
    say(text)


def _list(organisation: Organisation, _args: argparse.Namespace) -> None:
    from huiyin.desk.people.models import ApiKey

    for key in ApiKey.objects.filter(organisation=organisation).select_related("unit").order_by("name", "made_at"):
        used = f"last used {key.last_used_at.isoformat(timespec='minutes')}" if key.last_used_at else "never used"
        state = f"revoked {key.revoked_at.isoformat(timespec='minutes')}" if key.revoked_at else used
        say(f"{key.prefix}…  {key.name}  {key.unit.code}  {' '.join(key.scopes)}  {state}")


def _revoke(organisation: Organisation, args: argparse.Namespace) -> None:
    from django.utils import timezone

    from huiyin.core.moments import BadText
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.actions import revoke_api_key
    from huiyin.desk.people.models import ApiKey

    key = ApiKey.objects.filter(organisation=organisation, name=args.name, revoked_at=None).first()
    if key is None:
        said = f"found no key in use named {args.name!r}, expected one that 'huiyin keys list' shows; correct the name"
        raise BadText(said, said)
    revoke_api_key(key, by=By(ROLE), at=timezone.now())
    say(f"revoked {key.prefix}… {key.name}")
