"""Forms that regulations declare are printed: for a case, a thing, or a unit and period, filled with what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from huiyin.desk.documents.papers import declared, press, says
from huiyin.desk.documents.papers.known import Subject, known_of
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal.actions import By
from huiyin.desk.people.queries import names_of


@transaction.atomic
def print_form(
    form_key: str,
    subject: Subject,
    *,
    by: By,
    given: Mapping[str, str] | None = None,
    rows: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """The form ``form_key`` ("CR:activity_plan") as PDF, filled with what the records tell of the subject; the rest is room to write.

    ``given`` is what a register's entry tells, by field, ``rows`` the entries of a list. The journal keeps who printed what for which
    subject. Raises BadText for a form that no regulation declares, BadLimit for a period that is none.
    """
    form = declared.form_named(form_key)
    paper = declared.fill(form, known_of(subject, form.regulation), given or {}, rows)
    name = names_of([by.person]).get(by.person, "") if by.person else ""
    about = f"case:{subject.case.id}" if subject.case else f"matter:{subject.thing.id}" if subject.thing else f"unit:{subject.unit}"
    body = {"form": form.key, "unit": subject.unit, "period": subject.period, "names": subject.names}
    journal.write_now(
        subject.organisation_id, "documents.print_form", by=by, at=subject.at, subject=about, clauses=[form.clause], body=body
    )
    return press.pdf("declared", declared.printed([paper], name, says.moment(subject.at)))
