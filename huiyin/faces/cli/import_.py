"""Bring a sheet in: every row becomes a case (or a home, a resident, an account), or is refused with its reason."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from huiyin.faces.cli.house import open_house, organisation_named, say, with_database

if TYPE_CHECKING:
    from huiyin.channels.sheets.kinds import Kind
    from huiyin.channels.sheets.mappings import SheetMapping
    from huiyin.channels.sheets.running import File
    from huiyin.desk.imports.intake import Door
    from huiyin.desk.places.models import Organisation

# The role under which rows come in that nobody in person registered.
ROLE = "admin"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="an .xlsx or .csv (UTF-8, GBK, UTF-16)")
    kinds = ("cases", "homes", "residents", "staff")
    parser.add_argument("--of", choices=kinds, help="what its rows are (default: what the mapping says, else cases)")
    parser.add_argument("--mapping", type=Path, metavar="FILE", help="YAML: which column is which field (default: by the headings)")
    parser.add_argument("--organisation", metavar="CODE", help="needed if the house has several")
    parser.add_argument("--unit", metavar="CODE", help="the unit of all rows, where the mapping names no column for it")
    parser.add_argument("--preview", action="store_true", help="say what would become of each row; nothing is stored")
    parser.add_argument("--errors", type=Path, metavar="OUT", help="write the refused rows with their reasons")
    parser.add_argument("--replay", action="store_true", help="enter every row at its own time, in the order of these times")
    parser.add_argument(
        "--passwords", type=Path, metavar="OUT", help="with --of staff: write a password for the first login of each new account"
    )


def run(args: argparse.Namespace) -> int:
    """Do it. Out: 0 every row was taken or there before, 1 rows were refused, 2 the file, mapping or organisation cannot be used."""

    def answer(_address: str) -> int:
        open_house()
        return _import(args)

    return with_database(answer)


def _import(args: argparse.Namespace) -> int:
    from huiyin.channels.sheets import running
    from huiyin.core.moments import BadText

    try:
        organisation = organisation_named(args.organisation)
        mapping = _mapping(args, organisation)
        file = running.open_file(args.file.name, args.file.read_bytes(), mapping, replay=args.replay)
    except (BadText, OSError) as error:
        print(f"huiyin import: {error}", file=sys.stderr)
        return 2
    for note in file.table.notes:
        say(f"注意：{note.zh}")
    if file.table.unsure:
        say(f"注意：文件没有说明编码，按 {file.table.encoding} 读取；如有乱码，请在映射中写明 encoding")
    return _preview(file, organisation) if args.preview else _take(file, organisation, args)


def _mapping(args: argparse.Namespace, organisation: Organisation) -> SheetMapping:
    """The mapping that is meant, if a row could be taken by it. Raises BadText with what it lacks, or what there is not, before any row is
    read."""
    from django.utils import timezone

    from huiyin.channels.sheets import mappings
    from huiyin.channels.sheets.kinds import CASES, KINDS
    from huiyin.core.moments import BadText
    from huiyin.desk.imports.intake import BadField, Door, check_words

    wanted = args.of or CASES.key
    told, door = {"unit": args.unit} if args.unit else {}, Door.of(organisation.id, timezone.now())
    try:
        made = mappings.read_mapping(args.mapping, told) if args.mapping else _by_its_headings(args.file, door, told, KINDS[wanted])
        if args.of not in (None, made.of):
            raise BadText(
                f"found a mapping of {made.of}, expected one of {args.of}; correct its 'of', or --of", f"对照表的 of 是 {made.of}"
            )
        check_words(door, made.constants)
    except mappings.BadMapping as error:
        hint = f"; or name the unit of all rows by --unit CODE, there are: {_units(organisation)}" if "unit" in error.lacking else ""
        raise BadText(f"{error.en}{hint}", error.zh) from None
    except BadField as error:
        hint = f"; there are: {_units(organisation)}" if error.field == "unit" else ""
        raise BadText(f"{error.field} of all rows: {error.en}{hint}", error.zh) from None
    return made


def _by_its_headings(file: Path, door: Door, told: Mapping[str, str], kind: Kind) -> SheetMapping:
    """The mapping of a file whose columns are called as in our template, or as ledgers usually call them."""
    from huiyin.channels.sheets import mappings, words
    from huiyin.channels.sheets.files import read_table

    known = words.known_words(door.organisation_id, door.reach, door.at)
    source = "template" if kind.key == "cases" else kind.key
    guessed = words.guess(read_table(file.name, file.read_bytes()), source, known, kind)
    return mappings.complete(guessed.with_constants(told), file.name)


def _units(organisation: Organisation) -> str:
    from huiyin.desk.places.queries import tree

    return ", ".join(f"{code} ({names[0]})" for code, names in tree(organisation.id).names.items())


def _preview(file: File, organisation: Organisation) -> int:
    from django.utils import timezone

    from huiyin.channels.sheets.running import preview
    from huiyin.desk.imports.intake import Door
    from huiyin.desk.imports.models import VERDICTS

    counted = dict.fromkeys(VERDICTS, 0)
    for verdict in preview(file, Door.of(organisation.id, timezone.now())):
        counted[verdict.kind] += 1
        if verdict.errors:
            say(f"第 {verdict.number} 行：{'；'.join(one.zh for one in verdict.errors)}")
    return _account({"read": sum(counted.values()), **counted})


def _take(file: File, organisation: Organisation, args: argparse.Namespace) -> int:
    from django.utils import timezone

    from huiyin.channels.sheets import running
    from huiyin.desk.imports import queries
    from huiyin.desk.journal.actions import By
    from huiyin.desk.people.doors import accounts

    by, at = By(ROLE), timezone.now()
    begun = running.begin(file, organisation.id, by=by, at=at, replay=args.replay)
    counted = running.carry_on(begun, file.mapping, by=by, at=at, progress=lambda done: say(f"… {done}") if done % 1000 == 0 else None)
    for row in queries.refused(begun)[:20]:
        say(f"第 {row.number} 行：{'；'.join(zh for zh, _en in row.errors)}")
    if args.errors and counted["refused"]:
        args.errors.write_bytes(running.error_file(begun))
    if args.passwords and file.mapping.of == "staff":
        given = accounts.first_passwords(organisation.id, queries.made_by(begun), by=by, at=timezone.now())
        args.passwords.touch(mode=0o600)
        args.passwords.write_text("".join(f"{one.login}\t{one.name}\t{password}\n" for one, password in given), encoding="utf-8")
        say(f"{len(given)} 个首次登录密码写入 {args.passwords}")
    return _account(counted)


def _account(counted: Mapping[str, int]) -> int:
    """Say where every row is; the figures add up to what was read."""
    updated = f"，更新 {counted['updated']}" if counted["updated"] else ""
    say(f"读入 {counted['read']} 行：导入 {counted['taken']}{updated}，拒绝 {counted['refused']}，已存在 {counted['existing']}")
    return 1 if counted["refused"] else 0
