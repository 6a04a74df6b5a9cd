"""Prove that the journal was not altered, or print its heads to keep elsewhere."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from huiyin.faces.cli.house import open_house, with_database

if TYPE_CHECKING:
    from huiyin.desk.journal.queries import Head


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify", help="work out every digest again; exit code 1 if anything was altered")
    verify.add_argument("--head", type=Path, metavar="FILE", help="heads that were printed earlier and kept elsewhere")
    verbs.add_parser("head", help="print the last seal of each organisation, one line of JSON each")


def run(args: argparse.Namespace) -> int:
    """Do it. Out: 0 all whole, 1 something was altered, 2 the heads cannot be read."""

    def answer(_address: str) -> int:
        open_house()
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
