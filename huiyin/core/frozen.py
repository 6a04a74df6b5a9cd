"""What is never changed once it is made, and is made in great numbers: facts, cases, the records that follow.

The type checker holds every such class to be frozen: no assignment to one of its fields passes it. At run time nothing stands guard, since
``dataclass`` keeps its guard by making each object four times as slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:
    from dataclasses import dataclass

    def record(*, frozen: bool, slots: bool) -> Any:
        """A frozen ``dataclass`` without the guard: equal ones have the same hash, as if it were there."""
        return dataclass(eq=True, unsafe_hash=frozen, slots=slots)


__all__ = ["record"]
