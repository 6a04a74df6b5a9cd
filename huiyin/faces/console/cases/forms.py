"""The form of a move: its fields follow from what the move's row in ``lifecycle`` needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.core.moments import BadText, parse_moment
from huiyin.core.rules import Regulation
from huiyin.desk.adoptions.terms import PLAIN
from huiyin.desk.cases.lifecycle import VOID_REASONS, Field, Move
from huiyin.faces.console.cases.words import as_map, classes_of, language
from huiyin.rulebook.words import detail_name

Choices = Sequence[tuple[str, Any]]
MOST_TEXT: Final = 4000

RESULTS: Final[Mapping[str, Choices]] = {
    "return_visit": (
        ("satisfied", gettext_lazy("满意")),
        ("not_satisfied", gettext_lazy("不满意，重新办理")),
        ("not_reached", gettext_lazy("未联系上")),
    ),
    "decide_extension": (("granted", gettext_lazy("同意")), ("refused", gettext_lazy("不同意"))),
    "decide_suggestion": (("adopted", gettext_lazy("采纳")), ("not_adopted", gettext_lazy("不采纳"))),
    "void": (
        ("misfiled", gettext_lazy("误登")),
        ("duplicate", gettext_lazy("重复登记")),
        ("withdrawn", gettext_lazy("投诉人撤诉")),
        ("non_liability", gettext_lazy("非责任")),
    ),
}
"""What a move's ``result`` may be."""


PLAIN_TERMS: Final[Mapping[str, str]] = {key: word[0] for key, word in PLAIN.items()}


class MomentField(forms.Field):
    """A moment as people type it: the browser's own field, or 2026-02-13 17:00 in one of the usual ways."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value: Any) -> Any:
        """The aware moment. Raises ValidationError with the sentence of ``parse_moment``."""
        if value in self.empty_values:
            return None
        try:
            return parse_moment(str(value).replace("T", " "))
        except BadText as error:
            raise forms.ValidationError(getattr(error, "zh", "") or str(error)) from None


class Around:
    """What the fields of a move choose from: the regulations of the case, the units in reach, the departments, the roles, the people."""

    def __init__(
        self,
        regulations: Sequence[Regulation],
        units: Choices,
        departments: Choices,
        roles: Choices,
        issues: Choices = (),
        terms: Mapping[str, str] = PLAIN_TERMS,
        people: Choices = (),
    ) -> None:
        self.regulations, self.units, self.departments, self.roles, self.issues = regulations, units, departments, roles, issues
        self.terms, self.people = terms, people


class ClassesField(forms.MultipleChoiceField):
    """Classes chosen from ``words.classes_of``: by radio buttons where one regulation classes, by boxes where several do.

    Its value is the map that facts carry: prefix → key.
    """

    def __init__(self, regulations: Sequence[Regulation], scheme: str, **more: Any) -> None:
        widget = forms.RadioSelect if len(regulations) < 2 else forms.CheckboxSelectMultiple
        super().__init__(choices=classes_of(regulations, scheme), widget=widget, **more)

    def to_python(self, value: Any) -> list[str]:
        """The choices as a list, also where the browser sent a single one."""
        return list(super().to_python([value] if isinstance(value, str) and value else value or []))

    def clean(self, value: Any) -> Any:
        """The map of the choices."""
        return as_map(super().clean(value))


class MoveForm(forms.Form):
    """The fields that a move needs, labelled as the vocabulary names them."""

    def __init__(self, move: Move, around: Around, data: Any = None) -> None:
        super().__init__(data, auto_id="m-%s")
        self.move = move
        for need in move.needs:
            self.fields[need.name] = _field(move, need, around)
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.widget.attrs["autofocus"] = True

    def details(self) -> dict[str, Any]:
        """What was said, as the details of a fact; what was left empty is left out."""
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], {})}


def _field(move: Move, need: Field, around: Around) -> forms.Field:
    made = _MAKERS.get(need.kind, _text)(move, need, around)
    made.required, made.label = need.required, _label(move, need, around.terms)
    made.error_messages["required"] = _("请填写%(field)s") % {"field": made.label}
    return made


def _label(move: Move, need: Field, terms: Mapping[str, str]) -> str:
    own = {"unit": _("转给哪个单位"), "into": _("并入的工单号"), "new_case": _("拆出的工单号"), "issue": _("同一问题")}
    if need.name == "text":
        return {"contact": _("联系情况"), "return_visit": _("%(customer)s意见") % terms, "urge": _("催办内容")}.get(move.key, _("内容"))
    return own.get(need.name) or detail_name(need.name, language(), move.events[0] if move.events else "")


def _text(_move: Move, _need: Field, _around: Around) -> forms.Field:
    return forms.CharField(max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 3}))


def _key(move: Move, need: Field, around: Around) -> forms.Field:
    if need.name == "result" and move.key in RESULTS:
        return forms.ChoiceField(choices=RESULTS[move.key], widget=forms.RadioSelect)
    if need.name == "department" and around.departments:
        return forms.ChoiceField(choices=around.departments, widget=forms.RadioSelect)
    return forms.CharField(max_length=80)


def _map(_move: Move, need: Field, around: Around) -> forms.Field:
    return ClassesField(around.regulations, need.name)


def _keys(_move: Move, need: Field, around: Around) -> forms.Field:
    choices = [
        (str(one["key"]), one["zh" if language().startswith("zh") else "en"])
        for found in around.regulations
        for one in found.source["classes"].get(need.name, ())
    ]
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)


def _roles(_move: Move, _need: Field, around: Around) -> forms.Field:
    return forms.MultipleChoiceField(choices=around.roles, widget=forms.CheckboxSelectMultiple)


def _people(_move: Move, _need: Field, around: Around) -> forms.Field:
    return forms.MultipleChoiceField(choices=around.people, widget=forms.CheckboxSelectMultiple)


def _unit(_move: Move, need: Field, around: Around) -> forms.Field:
    choices = around.units if need.required else (("", _("原单位")), *around.units)
    return forms.ChoiceField(choices=choices)


def _moment(_move: Move, _need: Field, _around: Around) -> forms.Field:
    return MomentField()


_MAKERS: Final[Mapping[str, Callable[[Move, Field, Around], forms.Field]]] = {
    "key": _key,
    "map": _map,
    "keys": _keys,
    "roles": _roles,
    "people": _people,
    "unit": _unit,
    "moment": _moment,
}
assert set(dict(RESULTS["void"])) == set(VOID_REASONS)
