"""A way out for tests: it answers as it is told to and keeps what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from huiyin.desk.messaging.actions import Outcome, Parcel, Sent


class Line:
    """A way out to mobiles, or to mailboxes that take several messages in one parcel."""

    def __init__(
        self, answer: Callable[[Parcel], Outcome] = lambda _: Sent(), reach: Literal["email", "mobile"] = "mobile", together: int = 1
    ) -> None:
        self.answer, self.reach, self.together = answer, reach, together
        self.parcels: list[Parcel] = []

    def send(self, parcel: Parcel) -> Outcome:
        """Take the parcel, and answer."""
        self.parcels.append(parcel)
        return self.answer(parcel)
