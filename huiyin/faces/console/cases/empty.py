"""What an empty list says, and the ways on from there (users.md 4.7)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.desk.cases import queries
from huiyin.desk.cases.queries import Filters, Scope
from huiyin.desk.clocks.models import Clock
from huiyin.faces.console.cases.asking import Asked
from huiyin.faces.console.cases.words import language
from huiyin.faces.parts.guard import Acting
from huiyin.faces.parts.templatetags.parts import due_words
from huiyin.rulebook.words import rule_name


def empty_list(who: Acting, asked: Asked, now: datetime) -> dict[str, Any]:
    """The text of a list that holds nothing, and its buttons: filters too narrow, nothing yet, or all done and what comes next."""
    if asked.chosen():
        ways = [{"label": _("清除筛选"), "url": asked.page}, {"label": _("仅看本月"), "url": f"{asked.page}?since=month&state=all"}]
        return {"text": _("没有符合条件的工单。"), "actions": ways}
    first = not queries.ledger(Scope(who.organisation_id, who.codes), Filters(), now, size=1)
    text = _("还没有工单。") if first else " ".join(filter(None, (_("没有待办的工单。今天的待办都处理完了。"), _next_duty(who, now))))
    register = {"label": _("登记第一张") if first else _("登记一张"), "url": reverse("console:register")}
    return {"text": text, "actions": [register] if who.may("register") else []}


def _next_duty(who: Acting, now: datetime) -> str:
    """The duty of the post's role that is due next, in a sentence; nothing where none is known."""
    owed = Clock.objects.filter(organisation_id=who.organisation_id, kind="duty", state="running", unit_code__in=who.codes)
    found = owed.filter(responsible=who.role, due_at__gt=now).order_by("due_at").first()
    said = {"due": due_words(found.due_at, now), "what": rule_name(found.rule, language())} if found else {}
    return _("下一项：%(due)s 前 %(what)s。") % said if said else ""
