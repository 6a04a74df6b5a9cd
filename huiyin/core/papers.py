"""Papers that a clause asks for, publications, and the people who have to be told."""

from __future__ import annotations

from huiyin.core.facts import Fact
from huiyin.core.records import Notice, Paper, Publication
from huiyin.core.recurrence import period_of
from huiyin.core.rules import Adopted, NoticeRule, PaperRule, PublicationRule
from huiyin.core.work import Work, subject_of

MISSING, INCOMPLETE, COMPLETE = "missing", "incomplete", "complete"


def follow_paper(work: Work, adopted: Adopted, rule: PaperRule, fact: Fact) -> None:
    """Keep the state of the paper: missing from the moment it is owed, then incomplete or complete as it was handed in."""
    filed = fact.event == "document_filed" and fact.details.get("clause") in rule.cites
    if not filed and fact.event != rule.on and set(rule.owed_from).isdisjoint(work.names):
        return
    if not work.holds(rule.when, adopted, fact):
        return
    period = fact.text("period")
    subject = fact.case if fact.case else f"{fact.unit}/{period or fact.at.date()}"
    level = fact.text("level")
    key = f"{adopted.regulation.prefix}:{rule.id}|{subject}" + (f":{level}" if level else "")
    handed_in = filed or fact.event == rule.on
    if not handed_in and key in work.papers:
        return
    parts = tuple(str(part) for part in fact.details.get("missing_parts") or ())
    state = MISSING if not handed_in else INCOMPLETE if parts else COMPLETE
    work.keep(Paper(key, rule.cites[0], rule.form, fact.case, work.unit_of(fact), period, state, fact.at, parts if handed_in else ()))


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
    """Tell everybody whom the rule names, or whom the act itself addressed."""
    if not work.holds(rule.when, adopted, fact):
        return
    unit = work.unit_of(fact)
    issue = fact.text("issue") if fact.case is None else None
    addressed = sorted(fact.to()) if rule.to_addressed and fact.to() else rule.to
    subject = subject_of(fact.case, unit, issue, fact.at)
    for role in addressed:
        work.keep(
            Notice(
                key=f"{adopted.regulation.prefix}:{rule.id}|{subject}|{role}|{fact.at.isoformat()}",
                clause=rule.cites[0],
                rule=f"{adopted.regulation.prefix}:{rule.id}",
                to=role,
                unit=unit,
                case=fact.case,
                issue=issue,
                level=fact.text("level"),
                at=fact.at,
                topic=rule.topic,
            )
        )
