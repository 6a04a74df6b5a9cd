"""The files of a case as its page shows them, and as they come with a form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.core.moments import BadText
from huiyin.desk.adoptions.terms import terms_of
from huiyin.desk.attachments import access, actions
from huiyin.desk.attachments.actions import Prepared
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.cases.access import moves_with
from huiyin.desk.cases.lifecycle import BY_KEY
from huiyin.desk.cases.models import Case
from huiyin.desk.people.queries import names_of
from huiyin.faces.console.cases.timeline import PUBLIC
from huiyin.faces.console.cases.words import language, role_word
from huiyin.faces.parts import files as parts
from huiyin.faces.parts.guard import Acting
from huiyin.plumbing.phones import hide_phones_in
from huiyin.rulebook.words import event_name

FIELDS: Final = ("files", "camera")
"""The fields of a form by which files come: chosen, and taken with the camera."""
REGISTERED: Final = "register"
"""What stands in the place of a move where files come with the registration."""


def sent_files(request: HttpRequest) -> list[Prepared]:
    """The files that came with a form, fit to be kept. Raises BadFile for the first that is not, BadText for too many at
    once, TooMuchToday."""
    found = parts.sent_files(request, *FIELDS)
    if len(found) > settings.ATTACHMENTS_MOST:
        raise BadText(
            f"found {len(found)} files, expected at most {settings.ATTACHMENTS_MOST}; send fewer",
            f"一次选了 {len(found)} 个文件，最多 {settings.ATTACHMENTS_MOST} 个；请少选一些",
        )
    return [actions.prepare(one.name or "", one.read(settings.ATTACHMENT_MOST_BYTES + 1)) for one in found]


def keep(who: Acting, case_id: UUID, files: Sequence[Prepared], act: str, at: datetime) -> None:
    """Keep the files with the case, which came with ``act``: a move, or an event. The customer may see those that come with words for
    them. Raises as ``actions.add`` does."""
    if files:
        events = BY_KEY[act].events if act in BY_KEY else (act,)
        actions.add(who.organisation_id, case_id, files, by=who.by, at=at, act=act, for_customer=not PUBLIC.isdisjoint(events))


def limits() -> dict[str, Any]:
    """What the forms say of how large files may be; the page's script counts by it before anything is sent."""
    return {"file_most_bytes": settings.ATTACHMENT_MOST_BYTES, "file_most": settings.ATTACHMENT_MOST_BYTES // 1048576}


def context(who: Acting, case: Case, rows: Sequence[Attachment]) -> dict[str, Any]:
    """What the page of the case shows of its files, and where more are sent to, for a post that may add."""
    standing = [one for one in rows if one.removed_at is None]
    hidden = access.are_hidden(case)
    adds = any(move.key == "note" for move in moves_with(case, who.rights))
    lines = [] if hidden else _lines(who, case, standing)
    return {
        "files": lines,
        "file_photos": [one for one in lines if one["small_url"]],
        "file_papers": [one for one in lines if not one["small_url"]],
        "files_hidden": len(standing) if hidden else 0,
        "files_url": reverse("console:case-files", args=[case.number]) if adds else "",
        **limits(),
    }


def _lines(who: Acting, case: Case, rows: Sequence[Attachment]) -> list[dict[str, Any]]:
    names = names_of(one.by_person for one in rows if one.by_person)
    return [line(who, case, one, names.get(one.by_person, "") if one.by_person else role_word(one.by_role, case.editions)) for one in rows]


def line(who: Acting, case: Case, one: Attachment, by: str) -> dict[str, Any]:
    """A file as a list shows it; numbers of telephones in its name are hidden."""
    address = [case.number, one.id]
    removes = access.may_remove(one, who.staff.pk, supervises=who.may("supervise")) and case.destroyed_at is None
    return {
        "name": hide_phones_in(one.name),
        "size": one.size,
        "at": one.at,
        "by": by,
        "id": one.id,
        "public": one.for_customer,
        "url": reverse("console:case-file", args=address),
        "small_url": reverse("console:case-file-small", args=address) if one.small else "",
        "remove_url": reverse("console:case-file-remove", args=address) if removes else "",
    }


def entries(who: Acting, case: Case, rows: Sequence[Attachment]) -> list[dict[str, Any]]:
    """What the timeline tells of the files: an entry for each time that some were added, and for each that was taken away."""
    people = (person for one in rows for person in (one.by_person, one.removed_by))
    hidden, names = access.are_hidden(case), names_of(filter(None, people))
    added = groupby(rows, key=lambda one: (one.at, one.by_person, one.by_role, one.act, one.for_customer))
    told = [_added(who, case, key, list(several), names, hidden=hidden) for key, several in added]
    gone = [_gone(one, names, hidden=hidden) for one in rows if one.removed_at is not None]
    return [*told, *gone]


def _added(who: Acting, case: Case, key: Any, rows: list[Attachment], names: Any, *, hidden: bool) -> dict[str, Any]:
    at, person, role, act, public = key
    standing = [] if hidden else [one for one in rows if one.removed_at is None]
    by = names.get(person, "") if person else ""
    return _entry(
        at,
        _("添加附件 %(count)s 个") % {"count": len(rows)} + _with(case, act),
        " ".join(part for part in (by, role_word(role, case.editions) if role else "") if part),
        internal=not public,
        files=[line(who, case, one, by) for one in standing],
    )


def _with(case: Case, act: str) -> str:
    """With which act the files came, in words."""
    if act in ("", REGISTERED):
        return _("（随登记）") if act else ""
    if act not in BY_KEY:
        return _("（随“%(act)s”）") % {"act": event_name(act, language())}
    chinese, english = BY_KEY[act].named(terms_of(case.organisation_id, case.unit_code, case.received_at))
    return _("（随“%(act)s”）") % {"act": chinese if language().startswith("zh") else english}


def _gone(one: Attachment, names: Any, *, hidden: bool) -> dict[str, Any]:
    said = [] if hidden else [hide_phones_in(one.name), hide_phones_in(one.removed_why)]
    entry = _entry(one.removed_at, _("撤下附件"), names.get(one.removed_by, ""), internal=True, files=[])
    return {**entry, "lines": said}


def _entry(at: Any, title: str, who: str, *, internal: bool, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "at": at, "entered_at": None, "kind": "paper", "title": title, "who": who, "internal": internal, "public": not internal,
        "lines": [], "files": files,
    }  # fmt: skip
