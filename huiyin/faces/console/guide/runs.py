"""What runs: cases on which a course of a regulation goes on, each with its next step, whom to ring up for it, what nobody does."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.urls import reverse

from huiyin.core.courses import Course, Stage
from huiyin.desk.cases import queries
from huiyin.desk.cases.models import Case
from huiyin.desk.cases.queries import Filters, Line
from huiyin.desk.facts.queries import House
from huiyin.desk.matters.steps import Offer, Subject, courses_of, of_cases, offers, records_with_courses
from huiyin.faces.console.cases import shown
from huiyin.faces.console.cases.listing import scope_of
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.console.guide.awaited import awaited
from huiyin.faces.console.guide.callers import Callers
from huiyin.faces.console.matters.acting import form_of, place_of, standing_of
from huiyin.faces.console.matters.flow import said_by, told_barred
from huiyin.faces.console.matters.forms import ActForm, said
from huiyin.faces.parts.guard import Acting
from huiyin.rulebook.words import event_name, rule_name

MOST: Final = 30
"""So many cases stand on the screen at once: more nobody looks after."""
MOST_BUTTONS: Final = 6
MOST_AHEAD: Final = 3
"""Of so many cases the steps after the next one stand ready for a time without a net."""
_ABOUT_THE_ACT: Final = frozenset({"role", "happened_at"})


def running(who: Acting, now: datetime) -> list[dict[str, Any]]:
    """The cases in reach on which a course runs, the one whose limit breaks next first, without a limit the latest; those that wait for
    no step stand last."""
    lines = _lines(who, now)
    subjects = of_cases(who.organisation_id, [one.case_id for one in lines], now)
    rows = {one.id: one for one in Case.objects.filter(organisation_id=who.organisation_id, id__in=list(subjects))}
    callers = Callers(who.organisation_id, now)
    here = [line for line in lines if line.case_id in rows]
    found = [
        _Run(who, now, line, rows[line.case_id], subjects[line.case_id], callers, ahead=number < MOST_AHEAD).told()
        for number, line in enumerate(here)
    ]
    return sorted((one for one in found if one["courses"]), key=lambda one: not one["waits"])


def binding_in(who: Acting, now: datetime) -> list[Any]:
    """The adoptions that bind a unit in reach."""
    house = House.of(who.organisation_id)
    reached = frozenset(code for one in who.codes for code in house.units.path(one))
    return [one for one in house.adopted_anywhere(now) if one.unit in reached]


def _lines(who: Acting, now: datetime) -> list[Line]:
    records = records_with_courses(binding_in(who, now))
    found = [line for one in records for line in queries.queue(scope_of(who), Filters(record=one), now, size=MOST)]
    found.sort(key=lambda one: one.columns["received_at"], reverse=True)
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or now))[:MOST]


class _Run:
    """One case with the courses that run on it."""

    def __init__(self, who: Acting, now: datetime, line: Line, row: Case, subject: Subject, callers: Callers, *, ahead: bool) -> None:
        self.who, self.now, self.line, self.row, self.subject, self.callers, self.ahead = who, now, line, row, subject, callers, ahead
        self.courses = [one for one in courses_of(subject, now) if one.rule.on_duty]
        self.place = place_of(row, subject)
        standing = standing_of(who, subject.unit)
        self.offered = offers(subject, standing, now, whenever=True)
        self.offers = {id(rule): one for one in self.offered for _adopted, rule in one.rules}

    def told(self) -> dict[str, Any]:
        """The case as the screen shows it: the first step that waits is the big one."""
        told = [self._course(one) for one in self.courses]
        place = next((number for number, one in enumerate(told) if one["next"]), None)
        first = told[place] if place is not None else None
        if first is not None and place is not None and self.ahead:
            first["then"] = self._then(self.courses[place])
        decisions = awaited(self.subject, self.offered, self.callers, self.row.number)
        return {
            **shown.head(self.who, self.row),
            "due_at": self.line.due_at,
            "limit": rule_name(self.line.rule, language()) if self.line.rule else "",
            "clause": self.line.clause,
            "clause_url": shown.clause_url(self.line.clause) if self.line.clause else "",
            "first": first,
            "others": [one for one in told if one["next"] and one is not first],
            "courses": told,
            "awaited": decisions,
            "waits": first is not None or bool(decisions),
            "never": list({(one["clause"], one["words"]): one for course in told if course["next"] for one in course["never"]}.values()),
            "unmask_url": reverse("console:case-unmask", args=[self.row.number, "contact_phone"]) if self.who.may("unmask") else "",
        }

    def _then(self, course: Course) -> list[dict[str, Any]]:
        """The steps after the next one, ready to be done: without a net nobody can ask which one follows."""
        return [self._stage(course, one, ready=True) for one in course.stages if one.stand == "later" and not one.turn.optional]

    def _course(self, course: Course) -> dict[str, Any]:
        stages = [self._stage(course, one) for one in course.stages]
        done = [one for one in stages if one["stand"] == "done"]
        return {
            "name": said(course.rule.name),
            "clause": course.rule.cites[0],
            "clause_url": shown.clause_url(course.rule.cites[0]),
            "next": next((one for one in stages if one["stand"] == "next"), None),
            "possible": [one for one in stages if one["stand"] == "possible"],
            "stages": stages,
            "done": len(done),
            "count": len([one for one in stages if one["stand"] != "skipped"]),
            "never": said_by(course.rule.never),
        }

    def _stage(self, course: Course, stage: Stage, *, ready: bool = False) -> dict[str, Any]:
        step, offer, stem = stage.step, self.offers.get(id(stage.step)), course.adopted.regulation.stem
        clause = next((one for one in step.cites if one in course.rule.cites), step.cites[0])
        waits = ready or stage.stand in ("next", "possible")
        return {
            "label": said(step.name),
            "done": event_name(step.event, language()),
            "event": step.event,
            "clause": clause,
            "clause_url": shown.clause_url(clause),
            "stand": stage.stand,
            "done_at": stage.done_at,
            "mind": said_by(step.mind),
            "who": "、".join(role_word(role, [stem]) for role in step.by),
            "calls": [one for role in stage.turn.calls for one in self.callers.of(role, self.subject.unit, stem)] if waits else [],
            "dials": stage.turn.dials,
            "url": reverse("console:case-step", args=[self.row.number, offer.key]) if offer else "",
            "barred": [] if ready or not waits or offer is None else told_barred(offer, self.subject, self.now),
            "act": Acted(self._form(offer, stage), stage, course.adopted.regulation.prefix) if offer and waits else None,
        }

    def _form(self, offer: Offer, stage: Stage) -> ActForm:
        form = form_of(self.who, self.place, offer, self.now)
        # Several forms stand on the page: the names of their fields have to differ.
        form.auto_id = f"{self.row.number}-{stage.turn.step}-%s"
        for field in form.fields.values():
            field.widget.attrs.pop("autofocus", None)
        return form


class Acted:
    """How a step is done with the thumb: ``way`` is "tap" (nothing has to be said), "pick" (one thing is chosen of a few), or "form"."""

    def __init__(self, form: ActForm, stage: Stage, prefix: str) -> None:
        self.form = form
        says = dict(stage.turn.says)
        roles = form.fields["role"].choices  # type: ignore[attr-defined]
        self.hidden = [("role", form.fields["role"].initial), *((name, text) for name, text in says.items() if name in form.fields)]
        asked = [form[name] for name in form.fields if name not in says and name not in _ABOUT_THE_ACT]
        needed = [one for one in asked if one.field.required]
        # What the case goes on as is classed by other regulations: the own one has classed it already.
        classes = [one for one in asked if one.name.startswith("category.") and one.name != f"category.{prefix}"]
        # What one answer makes necessary stands beside the question.
        wanted = {one.name: attrs["data-wanted-by"] for one in asked if "data-wanted-by" in (attrs := one.field.widget.attrs)}
        beside = {*wanted, *wanted.values()}
        self.first = [
            one for one in asked if one in needed or one in classes or one.name in beside or isinstance(one.field.widget, forms.RadioSelect)
        ]
        self.pick = needed[0] if len(needed) == 1 and _few(needed[0].field) else None
        self.more = {key for one in asked if self.pick and wanted.get(one.name) == self.pick.name for key in _wanting(one)}
        if self.pick and len(self.more) == 1:
            form.initial[self.pick.name] = next(iter(self.more))
        self.way = "pick" if self.pick else "form" if needed or classes else "tap"
        self.later = [one for one in asked if one not in self.first] + [form["happened_at"]] + ([form["role"]] if len(roles) > 1 else [])
        self.roles = len(roles) > 1

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """What may be picked with one press."""
        return [one for one in self._choices if one[0] not in self.more]

    @property
    def otherwise(self) -> str:
        """The answers with which more has to be said: they have the form."""
        return "、".join(word for key, word in self._choices if key in self.more)

    @property
    def _choices(self) -> list[tuple[str, str]]:
        return [(str(key), str(word)) for key, word in self.pick.field.choices if key] if self.pick else []  # type: ignore[attr-defined]


def _wanting(field: forms.BoundField) -> list[str]:
    """The answers to the other question with which the field has to be filled in."""
    return str(field.field.widget.attrs["data-wanted"]).split(" ")


def _few(field: forms.Field) -> bool:
    choices = getattr(field, "choices", ())
    return isinstance(field, forms.ChoiceField) and 0 < len([key for key, _word in choices if key]) <= MOST_BUTTONS
