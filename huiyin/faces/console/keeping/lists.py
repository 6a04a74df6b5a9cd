"""The destruction lists: what may be put on one, what waits on one for its second signature, and what was destroyed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Min
from django.urls import reverse

from huiyin.core.moments import BadText
from huiyin.desk.documents import actions as documents
from huiyin.desk.documents.models import Document
from huiyin.desk.keeping import queries
from huiyin.desk.keeping.models import Destruction, LegalHold
from huiyin.desk.people.queries import names_of
from huiyin.desk.registers import actions as registers
from huiyin.desk.registers.models import Entry
from huiyin.desk.registers.queries import rule_of
from huiyin.faces.console.cases.ending import destroyed
from huiyin.faces.console.cases.words import language, unit_word
from huiyin.faces.parts.guard import Acting

MOST = 500


def over(who: Acting, today: date) -> list[dict[str, Any]]:
    """By register and unit, and by kind of paper and unit, what may be proposed: how much it is, and since when the oldest is there."""
    return [one for one in (*_entries(who, today), *_papers(who, today)) if one["count"]]


def _entries(who: Acting, today: date) -> Iterator[dict[str, Any]]:
    rows = Entry.objects.filter(organisation_id=who.organisation_id, unit_code__in=who.codes, destroyed_at=None, case_id=None)
    for register, unit, oldest, _count in rows.values_list("register", "unit_code").annotate(Min("at"), Count("id")).order_by("register"):
        ids = proposable(who, "entry", register, unit, today)
        yield _group("entry", register, unit, register_name(register), ids, oldest, who)


def _papers(who: Acting, today: date) -> Iterator[dict[str, Any]]:
    for unit in sorted(who.codes):
        ids = documents.over(who.organisation_id, [unit], today)
        kinds = Document.objects.filter(organisation_id=who.organisation_id, id__in=ids).order_by("made_at")
        first: dict[str, Document] = {}
        for one in kinds:
            first.setdefault(one.kind, one)
        for kind, one in first.items():
            yield _group("paper", kind, unit, one.title, proposable(who, "paper", kind, unit, today), one.made_at, who)


def _group(of: str, register: str, unit: str, name: str, ids: list[UUID], oldest: Any, who: Acting) -> dict[str, Any]:
    return {
        "of": of,
        "register": register,
        "unit": unit,
        "unit_name": unit_word(who.organisation_id, unit),
        "name": name,
        "count": len(ids),
        "oldest": oldest,
    }


def proposable(who: Acting, of: str, register: str, unit: str, today: date) -> list[UUID]:
    """The entries of the register, or the papers of the kind, whose time is over and that are on no list yet; of a unit in reach."""
    if unit not in who.codes:
        return []
    if of == "entry":
        ids = registers.over(who.organisation_id, register, [unit], today)
    else:
        found = documents.over(who.organisation_id, [unit], today)
        kept = Document.objects.filter(organisation_id=who.organisation_id, id__in=found, kind=register).values_list("id", flat=True)
        ids = [one for one in found if one in set(kept)]
    listed = set(Destruction.objects.filter(organisation_id=who.organisation_id, about_id__in=ids).values_list("about_id", flat=True))
    return [one for one in ids if one not in listed]


def register_name(register: str) -> str:
    """What a register is called in the language of the page; its key where no regulation has it any more."""
    try:
        return rule_of(register).name[0 if language().startswith("zh") else 1]
    except BadText:
        return register


def waiting(who: Acting) -> list[dict[str, Any]]:
    """The lists that wait for a second signature, each with its things."""
    rows = list(queries.waiting(who.organisation_id, who.codes)[:MOST])
    names = names_of(one.proposed_by for one in rows)
    return [
        {
            "id": first.list_id,
            "row": first,
            "things": things,
            "clauses": sorted({clause for row in several for clause in row.clauses}),
            "proposed_by": names.get(first.proposed_by, ""),
            "may_sign": first.proposed_by != who.staff.pk,
        }
        for first, several, things in _lists(who, rows)
    ]


def done(who: Acting) -> list[dict[str, Any]]:
    """What was destroyed, the latest first: by whom, under which clauses."""
    rows = list(queries.done(who.organisation_id, who.codes)[:MOST])
    names = names_of(person for one in rows for person in (one.proposed_by, one.signed_by) if person)
    return [{"things": things, **destroyed(first, names)} for first, _several, things in _lists(who, rows)]


def _lists(who: Acting, rows: Iterable[Destruction]) -> Iterator[tuple[Destruction, list[Destruction], list[dict[str, str]]]]:
    """The rows by list: the first of each, all of them, and how each is shown."""
    by_list: dict[tuple[UUID, Any], list[Destruction]] = {}
    for one in rows:
        # Of one list some things may have been destroyed later than the others.
        by_list.setdefault((one.list_id, one.signed_at), []).append(one)
    titles = titles_of(who, [one for several in by_list.values() for one in several])
    for several in by_list.values():
        yield several[0], several, [thing(who, one, titles) for one in several]


def titles_of(who: Acting, rows: Iterable[Destruction | LegalHold]) -> dict[UUID, str]:
    """The titles of the papers among the rows, by their ids."""
    papers = [one.about_id for one in rows if one.of == "paper"]
    return dict(Document.objects.filter(organisation_id=who.organisation_id, id__in=papers).values_list("id", "title"))


def thing(who: Acting, row: Destruction | LegalHold, titles: Mapping[UUID, str]) -> dict[str, str]:
    """How a case, an entry or a paper of a row is shown: its name, the address of its page where the person reaches it, its unit."""
    if row.of == "entry":
        name, url = f"{register_name(row.register)} {row.number}", reverse("console:registers-entry", args=[row.about_id])
    elif row.of == "paper":
        name, url = f"{titles.get(row.about_id, row.register)} {row.number}", reverse("console:document", args=[row.number])
    else:
        name, url = row.number, reverse("console:case", args=[row.number])
    return {"name": name, "url": url if who.may("see_cases") else "", "unit": unit_word(who.organisation_id, row.unit_code)}
