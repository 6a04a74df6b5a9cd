"""What has to be called again and again for classes: learning what has become new."""

from __future__ import annotations

from datetime import datetime

from huiyin.desk.classing import actions, queries
from huiyin.desk.places.models import Organisation


def learn_due(at: datetime) -> int:
    """Learn anew for every organisation where there is something to learn; returns for how many."""
    learnt = 0
    for key in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        if queries.is_due(key, at) and actions.learn(key, at):
            learnt += 1
    return learnt
