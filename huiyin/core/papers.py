"""Papers that a clause asks for, publications, and the people who have to be told."""

from __future__ import annotations

from huiyin.core.facts import ASSIGNEE, PUTS_RIGHT, Fact
from huiyin.core.questions import values_of
from huiyin.core.records import Notice, Paper, Publication
from huiyin.core.recurrence import period_of
from huiyin.core.rules import Adopted, NoticeRule, PaperRule, PublicationRule
from huiyin.core.work import Work, subject_of

MISSING, INCOMPLETE, COMPLETE, RELEASED = "missing", "incomplete", "complete", "released"
_RANK = {RELEASED: 0, MISSING: 0, INCOMPLETE: 1, COMPLETE: 2}


def follow_paper(work: Work, adopted: Adopted, rule: PaperRule, fact: Fact) -> None:
    """Keep the state of the paper: missing from the moment it is owed, then incomplete or complete as it was handed in; released where it
    is missing and owed no more."""
    state = _state_after(work, rule, fact)
    if state is None:
        return
    period = fact.text("period")
    subject = fact.case if fact.case else f"{fact.unit}/{period or fact.at.date()}"
    level = fact.text("level")
    key = f"{adopted.regulation.prefix}:{rule.id}|{subject}" + (f":{level}" if level else "")
    before = work.papers.get(key)
    if before is not None and _RANK[state] < _RANK[before.state] and not _handed_in(rule, fact):
        return
    if before is not None and before.state in (INCOMPLETE, COMPLETE) and fact.at < before.at:
        return  # Entered late: what was handed in after it stands.
    if before is not None and state == before.state == MISSING:
        return
    if state == RELEASED and (before is None or before.state != MISSING):
        return
    parts = tuple(str(part) for part in fact.details.get("missing_parts") or ()) if state == INCOMPLETE else ()
    work.keep(Paper(key, rule.cites[0], rule.form, fact.case, work.unit_of(fact), period, state, fact.at, parts))


def _handed_in(rule: PaperRule, fact: Fact) -> bool:
    return fact.event == rule.on or (fact.event == "document_filed" and fact.details.get("clause") in rule.cites)


def _state_after(work: Work, rule: PaperRule, fact: Fact) -> str | None:
    """The state that the fact brings the paper into; None where it does not concern it."""
    if _handed_in(rule, fact):
        return INCOMPLETE if fact.details.get("missing_parts") else COMPLETE
    if rule.done_by is not None and rule.done_by in work.names:
        return COMPLETE
    if work.met(rule.begun_by):
        return INCOMPLETE
    if work.met(rule.owed_from):
        return MISSING
    return RELEASED if work.met(rule.owed_until) else None


def follow_publication(work: Work, adopted: Adopted, rule: PublicationRule, fact: Fact) -> None:
    """Keep the publication, if it was made for the audience that the rule means."""
    audience = fact.text("audience") or rule.audience
    if audience != rule.audience:
        return
    period = fact.text("period") or period_of("month", fact.at).name
    for clause in rule.cites:
        key = f"{clause}|{work.unit_of(fact)}|{period}" + (f"|{fact.case}" if fact.case else "")
        work.keep(Publication(key, clause, work.unit_of(fact), period, fact.at, audience))


def follow_notice(work: Work, adopted: Adopted, rule: NoticeRule, fact: Fact) -> None:
    """Tell everybody whom the rule names, or whom the act itself addressed; of an act that is put right they have heard."""
    if PUTS_RIGHT in fact.details:
        return
    unit = work.unit_of(fact)
    issue = fact.text("issue") if fact.case is None else None
    addressed = sorted(fact.to()) if rule.to_addressed and fact.to() else rule.to
    subject, name = subject_of(fact.case, unit, issue, fact.at), f"{adopted.regulation.prefix}:{rule.id}"
    persons = tuple(sorted(values_of(fact.details.get(ASSIGNEE)))) if rule.to_addressed else ()
    for role in addressed:
        key = f"{name}|{subject}|{role}|{work.written(fact.at)}"
        work.keep(Notice(key, rule.cites[0], name, role, unit, fact.case, issue, fact.text("level"), fact.at, rule.topic, persons))
