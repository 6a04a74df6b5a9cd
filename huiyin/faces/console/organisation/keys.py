"""Keys for programs: made and shown this once, listed with their last use, revoked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from huiyin.desk.people import actions
from huiyin.desk.people.doors.keys import ROLE_SCOPE, SCOPES
from huiyin.desk.people.models import ApiKey
from huiyin.desk.places import queries as places
from huiyin.faces.console.acts import attempt, back_to, only_post, unit_names
from huiyin.faces.console.cases.errors import SAID, tell
from huiyin.faces.console.cases.words import language
from huiyin.faces.console.organisation.forms import KeyForm
from huiyin.faces.console.organisation.offered import role_choices, unit_choices
from huiyin.faces.parts.guard import Acting, acting
from huiyin.rulebook.words import is_chinese, role_name


@sensitive_variables("text")
def keys(request: HttpRequest) -> HttpResponse:
    """The keys, those in use first; sent: a new one, whose text stands on this one page and nowhere else."""
    who = acting(request)
    form = _form(who, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, who, form, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    unit = places.unit(who.organisation_id, said["unit"])
    scopes = [*said["scopes"], *(f"{ROLE_SCOPE}{role}" for role in said["roles"])]
    try:
        made, text = actions.make_api_key(unit, said["name"], scopes, by=who.by, at=timezone.now())
    except SAID as error:
        form.add_error("name", tell(error))
        return _page(request, who, form, status=422)
    base = request.build_absolute_uri("/api/v1/")
    return _page(request, who, _form(who, None), made=made, text=text, base=base, unit=unit.code)


def _form(who: Acting, sent: Any) -> KeyForm:
    roles = role_choices(who, timezone.localdate(), offices=False)
    return KeyForm(sent, units=unit_choices(who), roles=roles, words=language())


def _page(request: HttpRequest, who: Acting, form: KeyForm, status: int = 200, **more: Any) -> HttpResponse:
    rows = ApiKey.objects.filter(organisation_id=who.organisation_id, unit__in=who.reach).select_related("unit")
    names, said = unit_names(who), 0 if is_chinese(language()) else 1
    listed = [
        {
            "key": row,
            "unit": names.get(row.unit.code, row.unit.code),
            "scopes": [SCOPES[one][said] for one in row.scopes if one in SCOPES],
            "roles": [role_name(one.removeprefix(ROLE_SCOPE), language()) for one in row.scopes if one.startswith(ROLE_SCOPE)],
        }
        for row in sorted(rows, key=lambda row: (row.revoked_at is not None, row.name, row.made_at))
    ]
    return render(request, "console/organisation/keys.html", {"form": form, "rows": listed, **more}, status=status)


def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take a key out of use at once."""
    only_post(request)
    who = acting(request)
    found = ApiKey.objects.filter(organisation_id=who.organisation_id, unit__in=who.reach, pk=key).first()
    if found is None:
        raise Http404
    attempt(request, lambda: actions.revoke_api_key(found, by=who.by, at=timezone.now()), _("密钥已停用"))
    return back_to(reverse("console:keys"))


URLS = [
    path("organisation/keys", keys, name="keys"),
    path("organisation/keys/<uuid:key>/revoke", revoke, name="key-revoke"),
]
