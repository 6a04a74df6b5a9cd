"""Who mends what the records lack, and by which act: said beside each figure of the self-audit and each record behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.core.rules import ApprovalRule, ClockRule, DutyRule, PaperRule, Proof, RegisterRule, Regulation, Rule, Sought, StepRule
from huiyin.core.rules.proofs import ENTRY
from huiyin.desk.people.queries import holders, names_in
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import address
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import event_name, rule_name

HEAD = "department_head"
"""Who names people to posts where a proof asks that somebody is named."""


def doers(regulation: Regulation, key: str) -> tuple[str, ...]:
    """The roles that mend what lacks under the rule or proof ``key`` (without the prefix), the first one first; empty where anybody may."""
    if (proof := regulation.proof(key)) is not None:
        return _of_proof(regulation, proof[1])
    rule = regulation.by_id.get(key)
    if isinstance(rule, ClockRule | DutyRule):
        return (rule.responsible,)
    if isinstance(rule, ApprovalRule):
        return rule.of
    if isinstance(rule, RegisterRule):
        return (rule.kept_by,)
    return _of_paper(regulation, rule) if isinstance(rule, PaperRule) else ()


def _of_paper(regulation: Regulation, rule: PaperRule) -> tuple[str, ...]:
    """Who hands the paper in; where nobody is named, who keeps a register or does a step under the same clauses."""
    if rule.on and (found := _by_step(regulation, (rule.on,))):
        return found
    beside = [other for other in regulation.rules if not set(rule.cites).isdisjoint(other.cites)]
    kept = [(other.kept_by,) for other in beside if isinstance(other, RegisterRule)]
    return next(iter([*kept, *(other.by for other in beside if isinstance(other, StepRule) and other.by)]), ())


def _of_proof(regulation: Regulation, proof: Proof) -> tuple[str, ...]:
    need = proof.needs[0]
    register = proof.register or (need.entry.register if need.entry else "")
    kept = regulation.by_id.get(register)
    if isinstance(kept, RegisterRule):
        return (kept.kept_by,)
    if need.approved:
        asked = (rule for rule in regulation.rules if isinstance(rule, ApprovalRule) and need.approved in rule.cites)
        return next((rule.of for rule in asked), ())
    if need.role:
        return (HEAD,) if HEAD in regulation.role_names else ()
    return _by_step(regulation, (*need.happened, *need.later))


def _by_step(regulation: Regulation, events: Iterable[str]) -> tuple[str, ...]:
    wanted = set(events)
    steps = (rule for rule in regulation.rules if isinstance(rule, StepRule) and rule.event in wanted and rule.by)
    return next((rule.by for rule in steps), ())


class People:
    """Who holds which role on a day; a page that asks often looks the names up once."""

    def __init__(self, who: Acting, day: date) -> None:
        self.organisation_id, self.day = who.organisation_id, day
        self.edition = places.edition(who.organisation_id)

    def of(self, roles: Sequence[str], unit: str) -> str:
        """The first role with the names of who holds it for the unit; the role alone where nobody does."""
        if not roles:
            return ""
        held = holders(self.organisation_id, roles[0], unit, self.day, self.edition)
        return f"{role_word(roles[0])} {'、'.join(self._names[one] for one in held if one in self._names)}".strip()

    @cached_property
    def _names(self) -> Mapping[UUID, str]:
        return names_in(self.organisation_id)


def act(regulation: Regulation, key: str) -> str:
    """What is done to mend a record that lacks something under the rule or proof, in a few words."""
    if (proof := regulation.proof(key)) is not None:
        return _act_of(regulation, proof[1], proof[1].needs[0])
    rule = regulation.by_id.get(key)
    if isinstance(rule, ClockRule):
        steps = [one.id for one in regulation.rules if isinstance(one, StepRule) and one.event == rule.ends.event]
        return rule_name(f"{regulation.prefix}:{steps[0]}", language()) if steps else event_name(rule.ends.event, language())
    if isinstance(rule, DutyRule | PaperRule):
        return rule_name(f"{regulation.prefix}:{rule.id}", language())
    return _("审批") if isinstance(rule, ApprovalRule) else _("核对更正") if isinstance(rule, RegisterRule) else ""


def _act_of(regulation: Regulation, proof: Proof, need: Sought) -> str:
    if proof.each == ENTRY:
        return _("补填或更正")
    if need.entry:
        return _("登记到“%(register)s”") % {"register": rule_name(f"{regulation.prefix}:{need.entry.register}", language())}
    if need.role:
        return _("指定 %(role)s") % {"role": role_word(need.role)}
    if need.approved:
        return _("审批")
    events = [*sorted(need.happened), *sorted(need.later)]
    steps = [rule.id for rule in regulation.rules if isinstance(rule, StepRule) and rule.event in events]
    if steps:
        return rule_name(f"{regulation.prefix}:{steps[0]}", language())
    return event_name(events[0], language()) if events else _("补填或更正")


def where(regulation: Regulation, key: str, unit: str) -> str:
    """The page on which it is done, where that is not the record's own: the register that lacks an entry."""
    found = regulation.proof(key)
    if found is None or found[1].each == ENTRY or not (entry := found[1].needs[0].entry):
        return ""
    return address(reverse("console:registers-list"), unit=unit, register=f"{regulation.prefix}:{entry.register}")


def rule_of(regulation: Regulation, key: str) -> Rule | Proof | None:
    """The rule or proof with this key; None where there is none."""
    found = regulation.proof(key)
    return found[1] if found else regulation.by_id.get(key)


def clause_of(rule: Rule | Proof) -> str:
    """The clause under which it is shown."""
    return rule.clause if isinstance(rule, Proof) else rule.cites[0]
