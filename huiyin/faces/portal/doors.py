"""What all pages without an account share: who knocks too often has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest
from django.utils.translation import get_language

from huiyin.core.moments import BadText
from huiyin.desk.people.doors import knocks
from huiyin.plumbing import text

TOO_MANY: Final = 429
MOST_KNOCKS: Final = 60
WITHIN: Final = timedelta(minutes=10)


def may_knock(request: HttpRequest, now: datetime) -> bool:
    """Count the request for its network address; False where that has knocked too often in these ten minutes."""
    return knocks.count("portal", request.META.get("REMOTE_ADDR", ""), WITHIN, at=now) <= MOST_KNOCKS


def chinese() -> bool:
    """Whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def sentence(error: BadText | text.BadText) -> str:
    """What is wrong with what was sent, as a sentence for the page."""
    if isinstance(error, BadText):
        return error.zh if chinese() else error.en
    return error.message_zh if chinese() else error.message_en
