"""Walking through the pages as somebody: every address of the URLconf, searches, and where their links lead."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator

from django.test import Client
from django.utils import timezone

from tests.access.addresses import every_address, told_to
from tests.access.world import BOOK, SHARED, Drawer, text_of, undone

LINK = re.compile(r"""(?:href|hx-get|action)="(/[^"#]*|\\?[^"#]*)""")
MOST_PAGES = 50
NOT_FOLLOWED = ("/static/", "/live", "/logout", "/rulebook")


def begin(drawer: Drawer) -> Iterator[str]:
    """Every page of the URLconf with the drawer's things in it, and searches for what all drawers have in common."""
    for one in every_address("console"):
        query = told_to(one.name, drawer)[0]
        yield one.of(drawer) + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")
    for words in (SHARED, "氏家中", "欧阳", "端木", "7777", "2340", "1-1-1107", "TS", "陈无岗"):
        yield f"/search?q={words}"
        yield f"/cases?state=all&q={words}"
    for phone in ("13912340001", "13712347771"):
        yield f"/register/household?contact_phone={phone}&unit={drawer.unit.code}"
    for unit in ("CY", "LY", "WY"):
        yield f"/register/household?place=2-2-2207&unit={unit}"
        yield f"/register/similar?story={SHARED}&unit={unit}"
        yield f"/cases?state=all&unit={unit}"
        yield f"/overview/list?figure=received&unit={unit}"
        yield f"/scores?period=all&unit={unit}"
        yield f"/scores/export?period=all&unit={unit}"
        yield f"/registers?unit={unit}"
        yield f"/forms?unit={unit}&period={timezone.now():%Y-%m}"
        yield from (f"/registers/{page}?unit={unit}&register={BOOK}" for page in ("list", "print", "export"))
    yield from ("/scores/export?period=all", "/scores/assessment?period=all", "/scores?period=all", "/overview/list?figure=due")


def pages(client: Client, begin_at: Iterable[str], most: int = MOST_PAGES) -> Iterator[tuple[str, str]]:
    """The address and text of each of these pages, then of those that they lead to, each once."""
    waiting, seen = deque(begin_at), set[str]()
    most += len(waiting)
    while waiting and len(seen) < most:
        address = waiting.popleft()
        if address in seen:
            continue
        seen.add(address)
        with undone():
            answer = client.get(address)
        assert answer.status_code < 500, address
        text = text_of(answer)
        yield address, text
        for found in LINK.findall(text):
            link = html.unescape(found)
            if not link.startswith(NOT_FOLLOWED) and (link.startswith("/") or not address.startswith("/rulebook")):
                waiting.append(address.partition("?")[0] + link if link.startswith("?") else link)
