"""Who may open which page: one table, a row for every address. An address without a row stops the start-up.

A row names a right of ``desk.people.access.RIGHTS``, or one of the three words below. Whether the *thing* that an address names is the
person's to see is asked by the room's ``access``; here it is only whether the post in use may open such pages at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ANYONE: Final = "anyone"
SIGNED_IN: Final = "signed in"
BY_KEY: Final = "by key"
"""Programs show their key to the interface itself, which checks its scopes."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a page asks of the post in use, and whether it takes writes. A page that takes none answers them with 405."""

    right: str
    writes: bool = False


ROUTES: Final[dict[str, Route]] = {
    "healthz": Route(ANYONE),
    "set_language": Route(ANYONE, writes=True),
    # people: coming and going
    "console:login": Route(ANYONE, writes=True),
    "console:logout": Route(SIGNED_IN, writes=True),
    "console:post": Route(SIGNED_IN, writes=True),
    "console:looks": Route(SIGNED_IN, writes=True),
    "console:workbench": Route(SIGNED_IN),
    "console:messages": Route(SIGNED_IN, writes=True),
    "console:message": Route(SIGNED_IN, writes=True),
    "console:search": Route(SIGNED_IN),
    # cases: registration
    "console:register": Route("register", writes=True),
    "console:register-household": Route("register"),
    "console:register-similar": Route("register"),
    "console:registered": Route("register"),
    # cases: the queue and one case
    "console:queue": Route("see_cases"),
    "console:queue-news": Route("see_cases"),
    "console:case": Route("see_cases"),
    "console:case-print": Route("see_cases"),
    "console:case-move": Route("see_cases", writes=True),
    "console:case-unmask": Route("unmask", writes=True),
    "console:case-words": Route("see_cases", writes=True),
    "console:statements": Route("check_statement"),
    "console:suggestions": Route("decide_suggestion"),
}
"""By the name of an address, with its namespace."""
