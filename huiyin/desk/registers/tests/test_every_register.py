"""Every register that a clause asks for is kept: an entry is taken and listed, one that lacks a required column is refused by its name."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from huiyin.core.moments import BadText
from huiyin.core.rules import RegisterRule
from huiyin.desk.journal.models import Entry as Written
from huiyin.desk.places.models import Unit
from huiyin.desk.registers import queries
from huiyin.desk.registers.actions import add_entry, amend_entry, close_entry
from huiyin.desk.registers.columns import BadEntry, show_value
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.tests.conftest import KEEPER, filled, registers_of, take_up, typed, with_registers


@pytest.mark.parametrize("stem", with_registers())
def test_every_register_of_every_regulation_takes_an_entry(project: Unit, at: datetime, stem: str) -> None:
    take_up(project, stem, at)
    kept = {book.key: book for book in queries.books_of(project.organisation_id, project.code, at)}
    for key, rule in registers_of(stem):
        assert kept[key].rule.cites == rule.cites and kept[key].in_force
        if rule.of_cases is not None:
            with pytest.raises(BadText, match="kept of cases"):
                add_entry(project.organisation_id, key, "CY", {}, by=KEEPER, at=at)
            continue
        _takes(project.organisation_id, key, rule, at)
        _refuses_what_lacks_a_column(project.organisation_id, key, rule, at)
        _is_amended_and_closed(project.organisation_id, key, rule, at)
    entered = {key for key, book in kept.items() if book.rule.of_cases is None}
    assert queries.counts(project.organisation_id, [project.code]).keys() == entered


def _takes(organisation_id: UUID, key: str, rule: RegisterRule, at: datetime) -> None:
    # Whether a regulation forbids what the entry records is another question: this was done elsewhere.
    made = add_entry(organisation_id, key, "CY", filled(rule), by=KEEPER, at=at, elsewhere=True)
    [listed] = queries.find(organisation_id, queries.Filter(key, frozenset({"CY"})))
    assert (listed.id, listed.label, listed.by_role) == (made.id, "2026-001", KEEPER.role)
    for field in rule.fields:
        shown = show_value(field, listed.values[field.key])
        assert shown == ("12.5" if field.kind == "number" else typed(field)), (key, field.key)
    written = Written.objects.get(subject=f"entry:{made.id}")
    assert set(written.clauses) == set(rule.cites)


def _refuses_what_lacks_a_column(organisation_id: UUID, key: str, rule: RegisterRule, at: datetime) -> None:
    required = [field for field in rule.fields if field.required]
    assert required, f"{key} has no column that must be filled in: an empty entry would be taken"
    for field in required:
        with pytest.raises(BadEntry) as refused:
            add_entry(organisation_id, key, "CY", filled(rule) | {field.key: " "}, by=KEEPER, at=at)
        assert list(refused.value.problems) == [field.key] and field.name[0] in refused.value.zh
    assert Entry.objects.filter(register=key).count() == 1


def _values(entry: Entry) -> dict[str, str]:
    return dict(Entry.objects.get(id=entry.id).values)


def _is_amended_and_closed(organisation_id: UUID, key: str, rule: RegisterRule, at: datetime) -> None:
    [entry] = Entry.objects.filter(organisation_id=organisation_id, register=key)
    later = at + timedelta(days=2)
    # A column by which an act was done is not emptied.
    done_by = {key for one in rule.records for key in (one.at, *one.once, *(column for column, _ in one.where))}
    optional = next((field for field in rule.fields if not field.required and field.key not in done_by), None)
    if optional is not None:
        amended = amend_entry(entry, {optional.key: ""}, "误填", by=KEEPER, at=later)
        assert [one.values.get(optional.key) for one in queries.versions_of(amended)] == [entry.values[optional.key], None]
    if rule.closes:
        assert [age for _, age in queries.open_entries(organisation_id, key, ["CY"], later)] == [(later - entry.at).days]
        first = {field.key: typed(field) for field in rule.lacks_to_close(_values(entry))}
        if first:
            with pytest.raises(BadEntry) as refused:
                close_entry(entry, "已办完", by=KEEPER, at=later)
            assert list(refused.value.problems) == list(first)
        close_entry(entry, "已办完", by=KEEPER, at=later, sent=first)
    assert queries.open_entries(organisation_id, key, ["CY"], later) == []
