"""Every write about imports: a file begun, its rows taken one by one, the end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from huiyin.core.facts import ELSEWHERE, Fact
from huiyin.core.moments import BadText
from huiyin.desk.cases.actions import Registered, Registration, register
from huiyin.desk.facts.actions import Refused, store
from huiyin.desk.imports.intake import Reason
from huiyin.desk.imports.intake.entries import Entry
from huiyin.desk.imports.intake.known import Known
from huiyin.desk.imports.models import (
    CASES,
    DONE,
    EXISTING,
    OPEN,
    REFUSED,
    TAKEN,
    UPDATED,
    WAITING,
    Import,
    ImportRow,
    SavedMapping,
    Upload,
)
from huiyin.desk.imports.queries import counts, known_ids
from huiyin.desk.journal.actions import By, write_now
from huiyin.plumbing.ids import new_id
from huiyin.plumbing.phones import BadPhone
from huiyin.plumbing.text import BadText as BadLine
from huiyin.plumbing.text import clean_text

CLOSED_BY_IMPORT = "history"
AT_ONCE = Reason("与同时进行的另一次导入冲突；请再导入一次", "another import took the same row in the same moment; import it again")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """A row before it is taken: its number in the file, what stood in it by column, what has to be said of it, and when it happened."""

    number: int
    raw: Mapping[str, str]
    notes: tuple[Reason, ...] = ()
    errors: tuple[Reason, ...] = ()
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Old:
    """A case as another ledger had it: the registration, its id there, and when it was closed (None: it is still open)."""

    form: Registration
    source_id: str
    closed_at: datetime | None = None
    dispatch: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def begin(
    organisation_id: UUID,
    *,
    file_name: str,
    digest: bytes,
    source: str,
    mapping: Mapping[str, Any],
    header: Iterable[str],
    lines: Iterable[Line],
    by: By,
    at: datetime,
    notes: Iterable[Reason] = (),
    as_it_came: bool = False,
    unattended: bool = False,
    unit_code: str = "",
) -> Import:
    """The import of a file, with all its rows waiting (those with errors are refused). A file that was begun before is gone on with; one of
    homes, residents or staff that has ended is begun again. With ``unattended`` the watch takes its rows, at ``unit_code`` and below it.
    """
    of = str(mapping.get("of", CASES))
    told = {"organisation_id": organisation_id, "of": of, "digest": _digest(organisation_id, of, digest)}
    if found := Import.objects.filter(**told).first():
        return found
    made = Import.objects.create(
        **told,
        id=new_id(at),
        file_name=file_name[:260],
        source=source,
        mapping=dict(mapping),
        header=list(header),
        notes=list(notes),
        as_it_came=as_it_came,
        unattended=unattended,
        unit_code=unit_code,
        by_person=by.person,
        by_role=by.role,
        begun_at=at,
    )
    _keep_rows(made, lines, by)
    return made


def _digest(organisation_id: UUID, of: str, digest: bytes) -> bytes:
    """By what the file is known again; of homes, residents and staff only until such an import has ended."""
    if of == CASES:
        return digest
    earlier = Import.objects.filter(organisation_id=organisation_id, of=of, state=DONE).count()
    return hashlib.sha256(digest + str(earlier).encode()).digest()


def _keep_rows(made: Import, lines: Iterable[Line], by: By) -> None:
    count = len(ImportRow.objects.bulk_create((_row(made, line) for line in lines), batch_size=_BATCH))
    body = {"file": made.file_name, "source": made.source, "rows": count, "sha256": bytes(made.digest).hex()}
    write_now(made.organisation_id, "imports.begin", by=by, at=made.begun_at, subject=f"import:{made.id}", body=body)


def _row(one: Import, line: Line) -> ImportRow:
    return ImportRow(
        organisation_id=one.organisation_id,
        import_id=one.id,
        number=line.number,
        raw=dict(line.raw),
        verdict=REFUSED if line.errors else WAITING,
        errors=list(line.errors),
        notes=list(line.notes),
        source=one.source,
        happened_at=line.happened_at,
    )


def take(row: ImportRow, old: Old, *, by: By, at: datetime) -> str:
    """Register the case of a waiting row, in one transaction with its verdict; returns the verdict.

    A row whose source id has become a case before is ``existing``; one that cannot be registered is ``refused`` with the reason, and the
    others go on. ``at`` is when it is entered; its own time stands in the form. Taken twice, it is taken once.
    """

    def register_it() -> str:
        if known := known_ids(row.organisation_id, row.source, [old.source_id]):
            return _settle(row, EXISTING, source_id=old.source_id, case_id=known[old.source_id])
        made = _register(row, old, by, at)
        return _settle(row, TAKEN, source_id=old.source_id, case_id=made.case_id)

    return _taken(row, register_it)


def enter(row: ImportRow, entry: Entry, known: Known, *, by: By, at: datetime) -> str:
    """Let a waiting row become its home, resident or account, or change that one, in one transaction with its verdict; returns the verdict.

    What stands so already is ``existing``. ``known`` hears of what was done. A row that cannot be taken is ``refused`` with the reason.
    """

    def write() -> str:
        verdict = entry.decide(known)
        about = None if verdict == EXISTING else entry.write(known, by, at)
        return _settle(row, verdict, about_id=about)

    verdict = _taken(row, write)
    if verdict in (TAKEN, UPDATED):
        row.refresh_from_db(fields=["about_id"])
        if row.about_id is not None:
            entry.note(known, row.about_id)
    return verdict


def _taken(row: ImportRow, write: Callable[[], str]) -> str:
    """The verdict that ``write`` gives the row while it is ours alone; refused with the reason where that cannot be."""
    try:
        with transaction.atomic():
            return write() if _claim(row) else _verdict_of(row)
    except Refused as error:
        why = error.refusal
        return refuse(row, Reason(f"{why.why_zh}（{why.clause}）", f"{why.why_en} ({why.clause})"))
    except (BadLine, BadPhone) as error:
        return refuse(row, Reason(error.message_zh, error.message_en))
    except BadText as error:
        return refuse(row, Reason(error.zh, error.en))
    except IntegrityError:
        # Another import took the same id in the same moment.
        return refuse(row, AT_ONCE)


def _claim(row: ImportRow) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verdict FROM imports_importrow WHERE organisation_id = %s AND import_id = %s AND number = %s FOR UPDATE",
            [row.organisation_id, row.import_id, row.number],
        )
        found = cursor.fetchone()
    return found is not None and found[0] == WAITING


def _verdict_of(row: ImportRow) -> str:
    return ImportRow.objects.values_list("verdict", flat=True).get(pk=row.pk)


def _register(row: ImportRow, old: Old, by: By, at: datetime) -> Registered:
    made = register(
        row.organisation_id,
        old.form,
        by=by.person,
        at=at,
        dispatch_to=old.form.unit if old.dispatch else None,
        dispatched_by=by.role,
    )
    if old.closed_at is not None:
        # Closed where it came from: here it is history, and nobody has to act on it.
        details = {"reason": CLOSED_BY_IMPORT, ELSEWHERE: True, **old.details}
        fact = Fact("case_closed", old.closed_at, str(made.case_id), old.form.unit, by.role, details, at)
        store(row.organisation_id, [fact], by=by.person, at=at)
    return made


def _settle(
    row: ImportRow, verdict: str, *, source_id: str | None = None, case_id: UUID | None = None, about_id: UUID | None = None
) -> str:
    ImportRow.objects.filter(pk=row.pk).update(verdict=verdict, source_id=source_id, case_id=case_id, about_id=about_id)
    return verdict


def refuse(row: ImportRow, *reasons: Reason) -> str:
    """Refuse a waiting row with the reasons; one that has a verdict keeps it. Returns the verdict."""
    changed = ImportRow.objects.filter(pk=row.pk, verdict=WAITING).update(verdict=REFUSED, errors=list(reasons))
    return REFUSED if changed else _verdict_of(row)


@transaction.atomic
def end(one: Import, *, by: By, at: datetime) -> Import:
    """Say that every row has its verdict; an import that has ended stays as it is. Raises BadText while rows wait."""
    found = counts(one)
    if found[WAITING]:
        raise BadText(
            f"found {found[WAITING]} rows without a verdict; take them first",
            f"还有 {found[WAITING]} 行未处理；请先处理",
        )
    if Import.objects.filter(pk=one.pk, state=OPEN).update(state=DONE, ended_at=at):
        write_now(one.organisation_id, "imports.end", by=by, at=at, subject=f"import:{one.id}", body=dict(found))
    one.refresh_from_db()
    return one


def retry_refused(one: Import, *, at: datetime) -> int:
    """Let the refused rows wait again, after a mapping, a unit or a room was added; returns how many."""
    again = ImportRow.objects.filter(organisation_id=one.organisation_id, import_id=one.id, verdict=REFUSED)
    Import.objects.filter(pk=one.pk).update(state=OPEN, ended_at=None, begun_at=at)
    return again.update(verdict=WAITING, errors=[])


@transaction.atomic
def forget_lines(one: Import, *, by: By, at: datetime) -> None:
    """Forget what stood in the rows of an import; verdicts and reasons stay. Without its header it is known to have been forgotten."""
    ImportRow.objects.filter(organisation_id=one.organisation_id, import_id=one.id).update(raw={})
    Import.objects.filter(pk=one.pk).update(header=[])
    write_now(one.organisation_id, "imports.forget_lines", by=by, at=at, subject=f"import:{one.id}", body={"file": one.file_name})


@transaction.atomic
def keep_upload(organisation_id: UUID, file_name: str, data: bytes, mapping: Mapping[str, Any], *, by: By, at: datetime) -> Upload:
    """Keep a file that a person handed over until its mapping is drawn up. Raises ValueError without a person."""
    if by.person is None:
        raise ValueError("found nobody, expected the person who hands the file over")
    made = Upload(
        organisation_id=organisation_id,
        id=new_id(at),
        file_name=file_name[:260],
        data=data,
        mapping=dict(mapping),
        by_person=by.person,
        at=at,
    )
    made.save(force_insert=True)
    body = {"file": made.file_name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    write_now(organisation_id, "imports.upload", by=by, at=at, subject=f"upload:{made.id}", body=body)
    return made


@transaction.atomic
def map_upload(upload: Upload, mapping: Mapping[str, Any], *, by: By, at: datetime) -> None:
    """Keep the mapping of a file as it is now drawn up."""
    Upload.objects.filter(pk=upload.pk).update(mapping=dict(mapping))
    write_now(upload.organisation_id, "imports.map", by=by, at=at, subject=f"upload:{upload.id}", body={"file": upload.file_name})


@transaction.atomic
def drop_upload(upload: Upload, *, by: By, at: datetime) -> None:
    """Let a file go: its rows are kept, nobody wants it, or it has waited too long."""
    if Upload.objects.filter(pk=upload.pk).delete()[0]:
        write_now(upload.organisation_id, "imports.drop", by=by, at=at, subject=f"upload:{upload.id}", body={"file": upload.file_name})


@transaction.atomic
def save_mapping(organisation_id: UUID, name: str, mapping: Mapping[str, Any], *, by: By, at: datetime) -> SavedMapping:
    """Keep a mapping under a name; the one of that name is replaced. Raises BadText of the text for a name that may not be."""
    called = clean_text(name, most=60, field="name")
    told = {"mapping": dict(mapping), "by_person": by.person, "at": at}
    made, _new = SavedMapping.objects.update_or_create(
        organisation_id=organisation_id, name=called, defaults=told, create_defaults={**told, "id": new_id(at)}
    )
    write_now(organisation_id, "imports.save_mapping", by=by, at=at, subject=f"mapping:{made.id}", body={"name": called})
    return made
