"""What all pages without an account share: who knocks too often has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language

from huiyin.core.moments import BadText
from huiyin.desk.facts.actions import Refused
from huiyin.desk.people.doors import knocks
from huiyin.plumbing import text
from huiyin.plumbing.files import BadFile
from huiyin.plumbing.phones import BadPhone

WRONG: Final = (BadText, text.BadText, BadPhone, BadFile, Refused)
TOO_MANY: Final = 429
MOST_KNOCKS: Final = 60
WITHIN: Final = timedelta(minutes=10)


def may_knock(request: HttpRequest, now: datetime) -> bool:
    """Count the request for its network address; False where that has knocked too often in these ten minutes."""
    return knocks.count("portal", request.META.get("REMOTE_ADDR", ""), WITHIN, at=now) <= MOST_KNOCKS


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def sentence(error: Exception) -> str:
    """What is wrong with what was sent – one of the errors WRONG – as a sentence for the page."""
    if isinstance(error, BadText | BadFile):
        return error.zh if chinese() else error.en
    if isinstance(error, text.BadText | BadPhone):
        return error.message_zh if chinese() else error.message_en
    assert isinstance(error, Refused)
    return error.refusal.why_zh if chinese() else error.refusal.why_en
