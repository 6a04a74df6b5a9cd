"""Prove that the journal was not altered, print its heads to keep elsewhere, or show what it says of a case."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huiyin.faces.cli.house import open_house, with_database

if TYPE_CHECKING:
    from huiyin.desk.journal.queries import Head

_MOST = 100_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="work out every digest again; exit code 1 if anything was altered")
    verify.add_argument("--head", type=Path, metavar="FILE", help="heads that were printed earlier and kept elsewhere")
    verbs.add_parser("head", help="print the last seal of each organisation, one line of JSON each")
    show = verbs.add_parser("show", help="print the entries about a case, oldest first; of destroyed ones who destroyed them")
    show.add_argument("number", help="the number of the case")


def run(args: argparse.Namespace) -> int:
    """Do it. Out: 0 all whole or shown, 1 something was altered, 2 the heads cannot be read or there is no such case."""

    def answer(_address: str) -> int:
        open_house()
        if args.verb == "show":
            return _show(args.number)
        return _print_heads() if args.verb == "head" else _verify(args.head)

    return with_database(answer)


def _organisations() -> list[tuple[UUID, str]]:
    from huiyin.desk.places.models import Organisation

    return list(Organisation.objects.order_by("code").values_list("id", "code"))


def _print_heads() -> int:
    from huiyin.desk.journal import queries

    for organisation_id, _ in _organisations():
        if (head := queries.head(organisation_id)) is not None:
            print(head.as_json())
    return 0


def _verify(file: Path | None) -> int:
    try:
        heads = _read_heads(file) if file else {}
    except (OSError, ValueError) as error:
        print(f"huiyin journal: {error}", file=sys.stderr)
        return 2
    names = dict(_organisations())
    # An organisation that was kept elsewhere and is here no more has lost its journal, too.
    whole = [_verify_one(one, names.get(one, str(one)), heads.get(one)) for one in {**names, **heads}]
    return 0 if all(whole) else 1


def _show(number: str) -> int:
    from huiyin.desk.cases.models import Case
    from huiyin.desk.journal import queries

    found = list(Case.objects.filter(number=number.strip().upper()))
    for case in found:
        for one in reversed(queries.entries_of(case.organisation_id, f"case:{case.id}", most=_MOST)):
            said = json.dumps(one.body, ensure_ascii=False, sort_keys=True)
            if queries.is_destroyed(one.body):
                said = _destroyed(one.body[queries.DESTROYED])
            print(one.at.isoformat(), one.action, one.by_role, ",".join(one.clauses), said)
    if not found:
        print(f"huiyin journal: found no case {number[:40]!r}, expected a number such as TS2603020001; correct it", file=sys.stderr)
    return 0 if found else 2


def _destroyed(gone: Mapping[str, Any]) -> str:
    from huiyin.desk.people.queries import names_of

    names = names_of([UUID(gone["by"])] if gone["by"] else [])
    return f"destroyed on {gone['at']} by {', '.join(names.values()) or gone['by']} under {', '.join(gone['clauses'])}"


def _read_heads(file: Path) -> dict[UUID, Head]:
    from huiyin.desk.journal.queries import Head

    heads = [Head.from_json(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {head.organisation_id: head for head in sorted(heads, key=lambda head: head.number)}


def _verify_one(organisation_id: UUID, name: str, head: Head | None) -> bool:
    from huiyin.desk.journal import queries

    found = queries.verify(organisation_id, head)
    counted = f"{found.entries} entries, {found.seals} seals, {found.unsealed} unsealed"
    print(f"{name}: {'whole' if found.ok else 'ALTERED: ' + str(found.first_bad)} ({counted})")
    return found.ok
