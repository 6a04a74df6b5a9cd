"""Changing one's own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib import auth, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from huiyin.desk.people.doors import accounts, knocks
from huiyin.faces.console.acts import back_to
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.navigation import home_of
from huiyin.faces.console.organisation.forms import PasswordForm
from huiyin.faces.parts.guard import acting

MOST_TRIES: Final = 8
TRIES_COUNT_FOR: Final = timedelta(minutes=10)


@sensitive_post_parameters("old", "new", "again")
@sensitive_variables("form", "said")
def password(request: HttpRequest) -> HttpResponse:
    """The form; sent: the old password and the new one twice. This session goes on, all others of the person end."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        messages.success(request, _("密码已修改；在其他设备上的登录已失效"))
        return back_to(home_of(acting(request)))
    return render(request, "console/organisation/password.html", {"form": form}, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, form: PasswordForm) -> bool:
    who, now, said = acting(request), timezone.now(), form.cleaned_data
    if knocks.counted("password", str(who.staff.pk), TRIES_COUNT_FOR, at=now) >= MOST_TRIES:
        form.add_error("old", _("尝试次数过多，请 10 分钟后再试"))
    elif not who.staff.check_password(said["old"]):
        knocks.count("password", str(who.staff.pk), TRIES_COUNT_FOR, at=now)
        form.add_error("old", _("原密码不对，请检查大小写和输入法后再试"))
    else:
        try:
            accounts.change_password(who.staff, said["new"], said["again"], by=who.by, at=now)
        except SAID as error:
            form.add_error("new", tell(error))
        else:
            knocks.forget("password", str(who.staff.pk), TRIES_COUNT_FOR, at=now)
            auth.update_session_auth_hash(request, who.staff)
            return True
    return False


URLS = [path("password", password, name="password")]
