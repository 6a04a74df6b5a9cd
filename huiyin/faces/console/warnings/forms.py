"""What the acts on a warning need to be told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huiyin.core.rules import Regulation
from huiyin.desk.people import access
from huiyin.rulebook.words import role_name


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class Verification(forms.Form):
    """True or false alarm; a false alarm needs its reason."""

    result = forms.ChoiceField(label=_("核实结果"), choices=[("confirmed", _("属实")), ("dismissed", _("误报"))])
    reason = forms.CharField(label=_("说明"), required=False, max_length=4000, widget=_area(), help_text=_("误报须写明原因"))

    def clean(self) -> dict[str, Any]:
        """What was said, if it is whole."""
        said = super().clean() or {}
        if said.get("result") == "dismissed" and not said.get("reason"):
            self.add_error("reason", _("请写明为什么是误报"))
        return said


class Solution(forms.Form):
    """The unit's answer to a warning: what will be done, by when, by whom."""

    solution = forms.CharField(label=_("解决方案"), max_length=4000, widget=_area(4))
    promised_at = forms.DateTimeField(
        label=_("完成时间"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    responsible = forms.CharField(label=_("责任人"), required=False, max_length=200)


class Departments(forms.Form):
    """The departments that a red warning concerns."""

    departments = forms.MultipleChoiceField(label=_("相关职能部门"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, of: Regulation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["departments"].choices = departments_of(of)  # type: ignore[attr-defined]


class JointSolution(forms.Form):
    """The joint solution to a red warning, with everybody who worked on it."""

    solution = forms.CharField(label=_("联合解决方案"), max_length=4000, widget=_area(4))
    contributors = forms.MultipleChoiceField(label=_("参与制定的部门"), widget=forms.CheckboxSelectMultiple)
    promised_at = forms.DateTimeField(
        label=_("完成时间"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, of: Regulation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["contributors"].choices = [*departments_of(of), *_offices_of(of)]  # type: ignore[attr-defined]


def departments_of(of: Regulation) -> list[tuple[str, str]]:
    """The roles that stand for departments in the regulation, with their names: those that stand in for the departments concerned."""
    standing = (one for role in of.role_names if role in access.DEPARTMENTS for one in of.stands_in.get(role, ()))
    return [(role, role_name(role, get_language() or "zh-hans", (of.stem,))) for role in dict.fromkeys(standing)]


def _offices_of(of: Regulation) -> list[tuple[str, str]]:
    """The other roles inside the organisation that may work on a joint solution."""
    taken = {role for role, _name in departments_of(of)} | access.DEPARTMENTS | access.CALL_CENTRE
    roles = [role for role, level in of.role_levels.items() if level != "outside" and role not in taken]
    return [(role, role_name(role, get_language() or "zh-hans", (of.stem,))) for role in roles]
