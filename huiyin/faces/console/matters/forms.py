"""The form of an act: its fields are those that the regulations ask for, labelled as the vocabulary names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django import forms
from django.http import Http404
from django.utils.translation import gettext as _

from huiyin.core.rules import Words
from huiyin.desk.matters.actions import Act
from huiyin.desk.matters.steps import Choice, Field, Group, Offer
from huiyin.faces.console.cases.find import fetch
from huiyin.faces.console.cases.forms import MomentField
from huiyin.faces.console.cases.words import language, role_word, unit_word
from huiyin.faces.console.matters import handing
from huiyin.faces.parts.guard import Acting

MOST_TEXT: Final = 4000
MOST_LINE: Final = 200
Choices = list[tuple[str, str]]


def said(words: Words) -> str:
    """The words in the language of the page."""
    return words[0 if language().startswith("zh") else 1]


class ActForm(forms.Form):
    """What an act is asked, under which role it is done, and when it happened. ``named`` is what is fixed in it, with labels.

    ``names`` is the detail by which a new thing is named: then the form asks for its name and has ``proposed`` ready.
    """

    def __init__(self, offer: Offer, fields: Sequence[Field], who: Acting, data: Any = None, proposed: str = "", names: str = "") -> None:
        super().__init__(data, auto_id="a-%s")
        self.offer, self.asked, self.who = offer, [one for one in fields if one.kind != "fixed" and one.name != names], who
        self.fixed = {one.name: one.initial for one in fields if one.kind == "fixed" and one.name != names}
        self.named = [(said(one.label), str(one.initial)) for one in fields if one.kind == "fixed" and one.name != names]
        if names:
            self.fields["name"] = _line(_("名称或编号"), True, initial=proposed)
        for one in self.asked:
            self.fields |= make(one, who)
        for one, other in self._wanted():
            _want(self.fields[one.name], one, other)
        self.fields["role"] = _roles(offer)
        self.fields["happened_at"] = MomentField(label=_("发生时间（不填即现在）"), required=False)
        first = next(iter(self.fields.values()))
        first.widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        """Where classes are asked that have to be said, one of them is."""
        cleaned = super().clean() or {}
        for one in self.asked:
            parts = [name for name in self.fields if name.startswith(f"{one.name}.")]
            if one.required and parts and not any(cleaned.get(name) not in (None, "") for name in parts):
                self.add_error(parts[0], _("请填写%(field)s") % {"field": said(one.label)})
        for one, other in self._wanted():
            if str(cleaned.get(other.name, "")) in one.wanted.answers and cleaned.get(one.name) in (None, "", []):  # type: ignore[union-attr]
                self.add_error(one.name, _("请填写%(field)s") % {"field": said(one.label)})
        return cleaned

    def _wanted(self) -> list[tuple[Field, Field]]:
        """What has to be said where another field says so, each with that one."""
        by_name = {one.name: one for one in self.asked if one.name in self.fields}
        return [(one, by_name[one.wanted.name]) for one in by_name.values() if one.wanted and one.wanted.name in by_name]

    def act(self) -> Act:
        """What was said, as the desk takes it."""
        cleaned = self.cleaned_data
        details: dict[str, Any] = dict(self.fixed)
        for one in self.asked:
            value = value_of(one, cleaned)
            if value not in (None, "", [], {}):
                details[one.name] = value
        return Act(cleaned["role"], details, cleaned.get("happened_at"))

    def act_about(self, names: Mapping[str, str]) -> Act:
        """The same of a thing that goes by these names."""
        act = self.act()
        return replace(act, details={**act.details, **names})


def _want(field: forms.Field, asked: Field, other: Field) -> None:
    """Says at the field when it has to be filled in, to people and to the script that asks for it before the form is sent."""
    assert asked.wanted is not None
    named = {one.key: said(one.name) for one in other.choices} or {"true": _("是"), "false": _("否")}
    answers = "、".join(word for key, word in named.items() if key in asked.wanted.answers)
    field.help_text = _("“%(field)s”选“%(answers)s”时必填") % {"field": said(other.label), "answers": answers}
    field.widget.attrs |= {"data-wanted-by": other.name, "data-wanted": " ".join(sorted(asked.wanted.answers))}


def value_of(asked: Field, cleaned: Mapping[str, Any]) -> Any:
    """What was said to one thing that is asked: of several fields the map of those that were filled in."""
    if asked.kind not in ("map", "numbers"):
        return cleaned.get(asked.name)
    parts = {name.partition(".")[2]: value for name, value in cleaned.items() if name.startswith(f"{asked.name}.")}
    return {key: int(value) if asked.kind == "numbers" else value for key, value in parts.items() if value not in (None, "")}


class CaseField(forms.CharField):
    """Another case, by its number; its value is the case's id."""

    def __init__(self, who: Acting, **more: Any) -> None:
        super().__init__(max_length=40, **more)
        self.who = who

    def clean(self, value: Any) -> Any:
        """The id as text. Raises ValidationError for a number that the post does not reach."""
        number = super().clean(value).strip()
        if not number:
            return ""
        try:
            return str(fetch(self.who, number).id)
        except Http404:
            raise forms.ValidationError(_("没有编号为 %(number)s 的工单；请核对后再填。") % {"number": number}) from None


def _roles(offer: Offer) -> forms.Field:
    choices = [(role, role_word(role, [one.regulation.stem for one, _rule in offer.rules])) for role in offer.roles]
    return forms.ChoiceField(label=_("经办岗位"), choices=choices, initial=choices[0][0])


def _line(label: str, required: bool, most: int = MOST_LINE, **more: Any) -> forms.Field:
    return forms.CharField(label=label, required=required, max_length=most, error_messages=_wanted(label), **more)


def _wanted(label: str) -> dict[str, str]:
    return {"required": _("请填写%(field)s") % {"field": label}}


def _named(choices: Iterable[Choice]) -> Choices:
    return [(one.key, said(one.name)) for one in choices]


def _open(choices: Choices) -> Choices:
    return [("", _("请选择")), *choices]


Made = dict[str, forms.Field]
"""Fields of a form by name: most things that are asked are one, a class of each of several regulations is one each."""


def _one(asked: Field, _who: Acting) -> Made:
    return {asked.name: _line(said(asked.label), asked.required, initial=asked.initial)}


def _long(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    widget = forms.Textarea(attrs={"rows": 3, **({"readonly": True} if asked.bound else {})})
    field = forms.CharField(
        label=label, required=asked.required, max_length=MOST_TEXT, widget=widget, error_messages=_wanted(label), initial=asked.initial
    )
    if asked.bound:
        field.help_text = _("这是审核同意的内容，照此办理；要改动，请重新报审")
    return {asked.name: field}


def _seen(asked: Field, _who: Acting) -> Made:
    return {asked.name: forms.CharField(required=False, max_length=MOST_LINE, widget=forms.HiddenInput, initial=asked.initial)}


def _number(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    field = forms.DecimalField(
        label=label, required=asked.required, min_value=0, max_digits=14, decimal_places=2, error_messages=_wanted(label)
    )
    return {asked.name: field}


def _moment(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    return {asked.name: MomentField(label=label, required=asked.required, error_messages=_wanted(label))}


class DayField(forms.DateField):
    """A day, by the browser's own field or as 2026-03-31."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def to_python(self, value: Any) -> date | None:
        """The day; one that the calendar knows but nobody reckons with is refused."""
        found = super().to_python(value)
        if found is not None and not 1950 <= found.year < 2100:
            raise forms.ValidationError(_("年份应在 1950 至 2099 之间；请核对后再填。"))
        return found


def _day(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    return {asked.name: DayField(label=label, required=asked.required, error_messages=_wanted(label))}


def _flag(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    choices = [*([] if asked.required else [("", _("未说明"))]), ("true", _("是")), ("false", _("否"))]
    field = forms.ChoiceField(
        label=label, required=asked.required, choices=choices, widget=forms.RadioSelect, error_messages=_wanted(label)
    )
    return {asked.name: field}


def _choice(asked: Field, _who: Acting) -> Made:
    label, initial = said(asked.label), asked.initial
    field = forms.ChoiceField(label=label, required=asked.required, initial=initial, error_messages=_wanted(label))
    offered = _named(asked.choices)
    return {asked.name: _reading(field, asked, offered if initial else _open(offered))}


def _reading(field: forms.ChoiceField, asked: Field, offered: Choices) -> forms.ChoiceField:
    """The field that offers these choices and reads those too for which the act will be refused."""
    field.choices = [*offered, *_named(asked.barred)]
    field.widget.choices = offered
    return field


def _person(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    choices = _open(_named(asked.choices))
    return {
        asked.name: forms.ChoiceField(
            label=label, required=asked.required, initial=asked.initial, choices=choices, error_messages=_wanted(label)
        )
    }


def _choices(asked: Field, _who: Acting) -> Made:
    label = said(asked.label)
    field = forms.MultipleChoiceField(
        label=label,
        required=asked.required,
        initial=asked.initial,
        widget=forms.CheckboxSelectMultiple,
        error_messages=_wanted(label),
    )
    return {asked.name: _reading(field, asked, _named(asked.choices))}


def _list(asked: Field, _who: Acting) -> Made:
    return {asked.name: _line(said(asked.label), asked.required, MOST_TEXT, help_text=_("多项之间用顿号分开"))}


def _classes(asked: Field, _who: Acting) -> Made:
    several = len(asked.groups) > 1
    return {f"{asked.name}.{group.prefix}": _group(asked, group, several) for group in asked.groups}


def _group(asked: Field, group: Group, several: bool) -> forms.Field:
    label = f"{said(asked.label)}（{said(group.title)}）" if several else said(asked.label)
    required = asked.required and not several
    return forms.ChoiceField(label=label, required=required, choices=_open(_named(group.choices)), error_messages=_wanted(label))


def _numbers(asked: Field, _who: Acting) -> Made:
    title = said(asked.label)
    return {
        f"{asked.name}.{one.key}": forms.IntegerField(
            label=f"{title}：{said(one.name)}",
            required=asked.required,
            min_value=0,
            max_value=10**9,
            error_messages=_wanted(said(one.name)),
        )
        for one in asked.choices
    }


def _unit(asked: Field, who: Acting) -> Made:
    choices = [(code, unit_word(who.organisation_id, code)) for code in sorted(who.codes)]
    label = said(asked.label)
    field = forms.ChoiceField(label=label, required=asked.required, choices=_open(choices), error_messages=_wanted(label))
    return {asked.name: field}


def _case(asked: Field, who: Acting) -> Made:
    label = said(asked.label)
    return {asked.name: CaseField(who, label=label, required=asked.required, help_text=_("填工单编号"), error_messages=_wanted(label))}


def _cases(asked: Field, who: Acting) -> Made:
    """Cases to be ticked by their numbers: those whose form is complete are."""
    label, (listed, complete) = said(asked.label), handing.choices(who, (one.key for one in asked.choices))
    widget = forms.CheckboxSelectMultiple
    field = forms.MultipleChoiceField(label=label, required=asked.required, choices=listed, initial=complete, widget=widget)
    return {asked.name: field}


def _period(asked: Field, _who: Acting) -> Made:
    proposed = "、".join(one.key for one in asked.choices[:4])
    hint = _("如 %(examples)s") % {"examples": proposed} if proposed else ""
    return {asked.name: _line(said(asked.label), asked.required, 40, initial=asked.initial, help_text=hint)}


_MAKERS: Final[Mapping[str, Callable[[Field, Acting], Made]]] = {
    "long": _long,
    "number": _number,
    "moment": _moment,
    "day": _day,
    "flag": _flag,
    "choice": _choice,
    "choices": _choices,
    "person": _person,
    "list": _list,
    "map": _classes,
    "numbers": _numbers,
    "unit": _unit,
    "case": _case,
    "cases": _cases,
    "period": _period,
    "seen": _seen,
}


def make(asked: Field, who: Acting) -> Made:
    """The fields of a form for one thing that is asked."""
    return _MAKERS.get(asked.kind, _one)(asked, who)
