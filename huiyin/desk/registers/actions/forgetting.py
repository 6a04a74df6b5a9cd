"""What goes of entries: those that told of a case that is destroyed, and those whose own time of keeping is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from huiyin.desk.facts.actions.forgetting import NOTE, Forgotten
from huiyin.desk.registers.columns import digest_of
from huiyin.desk.registers.models import Entry, Sheet, Version
from huiyin.desk.registers.queries import rule_of

TOLD_BY_AN_ENTRY: Final = (
    "NOT details ? 'case' AND (case_id IS NULL OR about <> '') AND (details ->> 'entry' = %(about_text)s OR EXISTS ("
    "SELECT 1 FROM registers_act a JOIN facts_fact o ON o.organisation_id = a.organisation_id AND o.id = a.fact_id "
    "WHERE a.organisation_id = f.organisation_id AND a.entry_id = %(about)s AND o.event = f.event AND o.at = f.at "
    "AND o.entered_at = f.entered_at AND o.details = f.details))"
)
"""The facts that the entry told or followed from, wherever they were heard; those of a case go with that."""


def forget_entries(cursor: Any, forgotten: Forgotten) -> None:
    """What entries say of a case, in all their versions: those that name its number, that followed from an act on it, or were added to it
    by hand. Their numbers, moments and who made them stay."""
    named = {"organisation": forgotten.organisation_id, "number": forgotten.number}
    cursor.execute(
        "SELECT DISTINCT entry_id FROM registers_version v, jsonb_each_text(v.values) e "
        "WHERE v.organisation_id = %(organisation)s AND e.value = %(number)s "
        "UNION SELECT id FROM registers_entry WHERE organisation_id = %(organisation)s AND case_id = %(about)s "
        "UNION SELECT entry_id FROM registers_act WHERE organisation_id = %(organisation)s AND fact_id = ANY(%(facts)s)",
        named | {"about": forgotten.about_id, "facts": forgotten.facts},
    )
    for (key,) in cursor.fetchall():
        _take_words(forgotten.organisation_id, key, forgotten.number)


def forget_entry(cursor: Any, forgotten: Forgotten) -> None:
    """What the entry itself says, in all its versions, and the files of rows that its register was filled from. Its number, days, numbers
    and choices, and who made it, stay. What was said of it in the journal stands there under its own key and under those of its facts."""
    entry = _take_words(forgotten.organisation_id, forgotten.about_id, "")
    entry.destroyed_at = forgotten.at
    entry.save(update_fields=["destroyed_at"])
    # A file that waits may tell of it too: whoever handed it over hands it over again.
    Sheet.objects.filter(organisation_id=entry.organisation_id, register=entry.register, unit_code=entry.unit_code).update(rows=[])
    forgotten.keys += forgotten.facts


def _take_words(organisation_id: UUID, key: UUID, number: str) -> Entry:
    entry = Entry.objects.get(organisation_id=organisation_id, id=key)
    for version in Version.objects.filter(organisation_id=organisation_id, entry_id=key):
        said, why = _without_words(entry, version.values, number), NOTE if version.reason else ""
        Version.objects.filter(pk=version.pk).update(values=said, reason=why)
    entry.values, entry.words = _without_words(entry, entry.values, number), number
    entry.digest, entry.closing_note = digest_of(entry.values), NOTE if entry.closing_note else ""
    entry.save(update_fields=["values", "words", "digest", "closing_note"])
    return entry


def _without_words(entry: Entry, values: Mapping[str, str], number: str) -> dict[str, str]:
    """The values of a version with a note for every text; days, numbers and choices stay, and the number of the case."""
    texts = {field.key for field in rule_of(entry.register).fields if field.kind == "text"}
    return {key: NOTE if key in texts and value not in ("", number) else value for key, value in values.items()}
