"""What the pages of the import share: the file at hand, where its rows may go, words for columns and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from huiyin.channels.sheets.kinds import CASES, KINDS, Kind
from huiyin.channels.sheets.mappings import SheetMapping
from huiyin.channels.sheets.templates import told
from huiyin.channels.sheets.verdicts import shown
from huiyin.channels.sheets.words import Names, known_words
from huiyin.desk.imports import access
from huiyin.desk.imports.intake import Door
from huiyin.desk.imports.models import Upload
from huiyin.desk.places import queries as places
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8"
LONGEST_SHOWN: Final = 60
AT_ONCE: Final = 100
"""Rows on a page."""


def is_chinese() -> bool:
    """Whether the page is in Chinese."""
    return language().startswith("zh")


def labels(kind: Kind) -> Mapping[str, str]:
    """The fields of a kind of sheet with their names in the language of the page."""
    return kind.labels(chinese=is_chinese())


def offered_kinds(who: Acting) -> list[Kind]:
    """What the person may bring in: cases; homes, residents and staff only who manages them."""
    return [kind for kind in KINDS.values() if kind.key == CASES.key or who.may(access.MANAGES)]


def kind_of(who: Acting, key: str) -> Kind:
    """The kind of sheet that is meant (cases where none is). Raises Http404 for one that is not the person's to bring in."""
    found = next((kind for kind in offered_kinds(who) if kind.key == (key or CASES.key)), None)
    if found is None:
        raise Http404
    return found


def name_of(names: tuple[str, ...]) -> str:
    """The name, of a Chinese and an English one, in the language of the page."""
    return names[0] if is_chinese() else names[1] or names[0]


def words_for(who: Acting) -> dict[str, Names]:
    """The words that hold at the units that the post reaches."""
    return known_words(who.organisation_id, who.codes, timezone.now())


def unit_of(who: Acting) -> str:
    """The code of the unit at which and below which the post may make cases; empty: everywhere in the organisation."""
    tree = places.units(who.organisation_id)
    return next((code for code in sorted(who.codes) if frozenset(one.code for one in tree.below(code)) == who.codes), "")


def door_of(who: Acting) -> Door:
    """Where the rows of a file may go, now."""
    return Door.of(who.organisation_id, timezone.now(), unit_of(who) or None)


def fetch_upload(who: Acting, upload: UUID) -> Upload:
    """The file that the person has handed over. Raises Http404 for one that is not theirs or not there any more."""
    found = access.uploads(who.staff).filter(id=upload).first()
    if found is None:
        raise Http404
    kind_of(who, mapping_of(found).of)
    return found


def mapping_of(upload: Upload) -> SheetMapping:
    """The mapping of a file as far as it is drawn up."""
    return SheetMapping.model_validate(upload.mapping)


def row_of(raw: Mapping[str, str], mapping: SheetMapping) -> list[str]:
    """What a row says, as pages may show it: the fields that its kind shows, cut, telephones hidden."""
    return [hide_phones_in(_cells(raw, mapping, field))[:LONGEST_SHOWN] for field in mapping.kind.shown]


def called(mapping: SheetMapping) -> str:
    """What a ledger is called; a list of homes, residents or staff by what it is."""
    return mapping.source if mapping.kind is CASES else name_of(mapping.kind.page)


def headings(kind: Kind) -> list[str]:
    """The headings of ``row_of``."""
    return [labels(kind)[field] for field in kind.shown]


def _cells(raw: Mapping[str, str], mapping: SheetMapping, field: str) -> str:
    found = " ".join(shown(raw[column]) for column in mapping.columns_of(field) if raw.get(column))
    return found or mapping.constants.get(field, "")


def in_words(reasons: Any) -> list[str]:
    """Reasons or notes in the language of the page."""
    return [told([one], chinese=is_chinese()) for one in reasons]


def file_kind(name: str) -> str:
    """What a file of rows is served as, by its name."""
    return XLSX if name.endswith("xlsx") else CSV


def wrong_name(file_name: str, kind: str) -> str:
    """The name of the file with the rows that were refused."""
    stem = file_name.rpartition(".")[0] or file_name
    return f"{stem}-{'错误行' if is_chinese() else 'refused'}.{'xlsx' if kind == 'xlsx' else 'csv'}"
