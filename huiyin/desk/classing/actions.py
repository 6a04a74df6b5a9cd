"""Learning: from the closed cases of an organisation, as people classed them in the end."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from huiyin.desk.cases.models import Case
from huiyin.desk.classing.models import Learnt
from huiyin.desk.journal import actions as journal
from huiyin.desk.journal.actions import By

FEWEST: Final = 40
"""Closed cases of a scheme from which something can be learnt."""
MOST: Final = 20_000
"""The latest closed cases that are learnt from: what was long ago was often classed in other ways."""
_LOCK_SPACE: Final = 0x434C


def learn(organisation_id: UUID, at: datetime) -> dict[str, int]:
    """Learn anew each scheme of classes that enough closed cases have; returns from how many cases, by the regulation's prefix.

    A case counts under the class that it has now, so a class that somebody corrected is learnt as corrected. Void cases do not count.
    Schemes of which only one class was ever given are left out. Whoever learns at the same time waits.
    """
    from huiyin.desk.classing import learning

    made: dict[str, int] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_SPACE, str(organisation_id)])
        for prefix, told in closed(organisation_id).items():
            try:
                classer = learning.learn([text for text, _key in told], [key for _text, key in told]) if len(told) >= FEWEST else None
            except ValueError:
                classer = None
            if classer is None:
                continue
            Learnt.objects.update_or_create(
                organisation_id=organisation_id, prefix=prefix,
                defaults={"made_at": at, "cases": len(told), "right": classer.right_of_held_back, "body": classer.dump()},
            )  # fmt: skip
            made[prefix] = len(told)
        if made:
            journal.write_now(organisation_id, "classing.learn", by=By("watch"), at=at, subject="classes", body={"cases": made})
    return made


def closed(organisation_id: UUID) -> dict[str, list[tuple[str, str]]]:
    """For each scheme, by prefix, what its closed cases said and their class, the latest first, ``MOST`` at most."""
    rows = Case.objects.filter(organisation_id=organisation_id, status__in=("closed", "archived"), destroyed_at=None).exclude(category={})
    found: dict[str, list[tuple[str, str]]] = {}
    for title, story, category in rows.order_by("-received_at", "-id").values_list("title", "story", "category")[:MOST].iterator():
        for prefix, key in category.items():
            found.setdefault(prefix, []).append((said(title, story), str(key)))
    return found


def said(title: str, story: str) -> str:
    """What is learnt from of a case: its title where it has one of its own, and its story."""
    return story if not title or story.startswith(title) else f"{title}。{story}"
