"""What the administrator types: keys, people, posts, units, homes, residents, passwords."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huiyin.core.moments import BadText
from huiyin.desk.people.actions import read_login
from huiyin.desk.people.doors.accounts import FEWEST, MOST, read_email
from huiyin.desk.people.doors.keys import SCOPES
from huiyin.desk.people.models import LIVES_AS, Staff
from huiyin.desk.places.models import KINDS
from huiyin.faces.console.cases.errors import sentence
from huiyin.faces.console.organisation.offered import Choices
from huiyin.rulebook.words import is_chinese

LIVING: Final = {"owner": _("业主"), "renter": _("租户"), "family": _("家属")}
KIND_WORDS: Final = {
    "group": _("集团"), "property_company": _("物业公司"), "department": _("部门"), "branch": _("分公司"), "project": _("项目"),
    "management_office": _("管理处"), "service_centre": _("服务中心"), "centre": _("中心"), "cluster": _("片区"), "building": _("楼栋"),
    "community": _("社区"), "campus": _("校区"), "office": _("办公室"), "university_logistics_office": _("高校后勤处"),
    "student_apartment_centre": _("学生公寓中心"),
}  # fmt: skip
_TITLES: Final = [("", "--"), ("先生", _("先生")), ("女士", _("女士"))]
_NONE: Final = ("", "--")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _password(label: Any, use: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": use})
    return forms.CharField(label=label, strip=False, max_length=MOST, widget=widget, **more)


class KeyForm(forms.Form):
    """A key for programs: its name, the unit it reaches with all below, what it may do, and in which posts it acts."""

    name = forms.CharField(label=_("名称"), max_length=60, help_text=_("写明是哪个系统，如“400 平台”"))
    unit = forms.ChoiceField(label=_("单位"), help_text=_("只能看到和登记该单位及下属单位的工单"))
    scopes = forms.MultipleChoiceField(label=_("权限"), widget=forms.CheckboxSelectMultiple)
    roles = forms.MultipleChoiceField(
        label=_("办理岗位"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("密钥登记和办理工单时以什么岗位的身份；只读取数据可不选"),
    )

    def __init__(self, *args: Any, units: Choices, roles: Choices, words: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["roles"].choices = roles  # type: ignore[attr-defined]
        said = 0 if is_chinese(words) else 1
        self.fields["scopes"].choices = [(scope, names[said]) for scope, names in SCOPES.items()]  # type: ignore[attr-defined]


class PersonForm(forms.Form):
    """A person's names, telephone and mail address."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    name_en = forms.CharField(label=_("英文名"), max_length=50, required=False)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False, help_text=_("填手机号可接收短信提醒"))
    email = forms.CharField(label=_("邮箱"), max_length=254, required=False, help_text=_("用于接收消息邮件"))

    def clean_email(self) -> str:
        """The address as it is kept."""
        try:
            return read_email(self.cleaned_data["email"])
        except BadText as error:
            raise forms.ValidationError(sentence(error)) from error


class NewPersonForm(PersonForm):
    """A new person, with the login that nobody has yet."""

    login = forms.CharField(label=_("账号"), max_length=64, help_text=_("2至64个英文字母、数字或 . _ @ -；定下后不能更改"))
    field_order = ("name", "login", "name_en", "phone", "email")

    def clean_login(self) -> str:
        """The login as it is kept."""
        try:
            login = read_login(self.cleaned_data["login"])
        except BadText as error:
            raise forms.ValidationError(sentence(error)) from error
        if Staff.objects.filter(login=login).exists():
            raise forms.ValidationError(_("账号“%(login)s”已被使用；请换一个") % {"login": login})
        return login


class PostForm(forms.Form):
    """A post that is given: role, unit, from which day to which."""

    role = forms.ChoiceField(label=pgettext_lazy("post", "岗位"))
    unit = forms.ChoiceField(label=_("单位"))
    from_on = _day(_("任职日期"))
    until_on = _day(_("最后一天"), required=False, help_text=_("长期任职可不填"))

    def __init__(self, *args: Any, units: Choices, roles: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [_NONE, *units]  # type: ignore[attr-defined]
        self.fields["role"].choices = [_NONE, *roles]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What was said, if its days make sense."""
        said = super().clean() or {}
        since, until = said.get("from_on"), said.get("until_on")
        for name, day in (("from_on", since), ("until_on", until)):
            if day and not _FIRST <= day <= _LAST:
                self.add_error(name, _("请填写2000年至2100年之间的日期"))
        if since and until and until < since:
            self.add_error("until_on", _("最后一天早于任职日期；请核对"))
        return said


class PasswordForm(forms.Form):
    """One's own password: the one in use, and the new one twice. Nothing that is typed is changed."""

    old = _password(_("原密码"), "current-password")
    new = _password(_("新密码"), "new-password", min_length=FEWEST, help_text=_("8至128个字符，可用空格；不能与账号相同"))
    again = _password(_("再次填写新密码"), "new-password")


class UnitForm(forms.Form):
    """A unit's names and the number of its own households."""

    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    households = forms.IntegerField(
        label=_("户数"), min_value=0, max_value=1_000_000, help_text=_("只计本单位直接服务的户数；用于计算涉及户数的比例")
    )


class NewUnitForm(UnitForm):
    """A new unit: its code, its kind and the unit above it too."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9_-]*\Z",
        label=_("编号"),
        max_length=40,
        help_text=_("英文字母、数字、- 或 _；用于导入和接口，定下后不能更改"),
        error_messages={"invalid": _("编号只能用英文字母、数字、- 或 _，并以字母或数字开头")},
    )
    kind = forms.ChoiceField(label=_("类型"), choices=[(kind, KIND_WORDS[kind]) for kind in KINDS])
    parent = forms.ChoiceField(label=_("上级单位"), required=False)
    field_order = ("name", "code", "kind", "parent", "name_en", "households")

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["parent"].choices = [("", _("（最上级）")), *units]  # type: ignore[attr-defined]
        self.fields["households"].initial = 0


class HomesForm(forms.Form):
    """Homes of a unit, a line each: the room, and its floor area where it is known."""

    unit = forms.ChoiceField(label=_("单位"))
    rooms = forms.CharField(
        label=pgettext_lazy("room", "房号"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一户，如 3-2-1501；知道面积的，空一格写平方米数，如 3-2-1501 98.5"),
    )

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [_NONE, *units]  # type: ignore[attr-defined]


class TieForm(forms.Form):
    """Which home somebody has, and as what."""

    unit = forms.ChoiceField(label=_("单位"))
    room = forms.CharField(label=pgettext_lazy("room", "房号"), max_length=60, help_text=_("如 3-2-1501；须先在“房屋”中添加"))
    kind = forms.ChoiceField(label=_("身份"), choices=[(kind, LIVING[kind]) for kind in LIVES_AS])
    from_on = _day(_("迁入日期"), required=False, help_text=_("不清楚可不填"))

    def __init__(self, *args: Any, units: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["unit"].choices = [_NONE, *units]  # type: ignore[attr-defined]


class ResidentForm(TieForm):
    """A new resident with a home."""

    name = forms.CharField(label=_("姓名"), max_length=50)
    title = forms.ChoiceField(label=_("称呼"), choices=_TITLES, required=False)
    phone = forms.CharField(label=_("电话"), max_length=200, required=False, help_text=_("可填多个，用顿号隔开"))
    field_order = ("name", "title", "phone", "unit", "room", "kind", "from_on")
