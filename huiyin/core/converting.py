"""A request that turns out to be something else goes on as that, with the moment at which it was first received (X25)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huiyin.core.facts import CONVERTED, Fact
from huiyin.core.known import Case

_CARRIED: Final = ("channel", "category", "severity", "department", "text", "issue")
_FIRST_EVENT: Final[Mapping[str, str]] = {
    "complaint": "complaint_received",
    "repair": "repair_reported",
    "emergency": "incident_reported",
    "inquiry": "oral_inquiry_received",
}


def goes_on_as(fact: Fact, case: Case | None) -> Fact | None:
    """The first fact of the case that the converted ``case`` goes on as; None for any other fact.

    It happened when the request was received, and is entered when it was converted. ``into`` says what it becomes, ``new_case`` the key.
    """
    if fact.event != CONVERTED or case is None or not fact.text("new_case"):
        return None
    into = str(fact.details.get("into"))
    event = _FIRST_EVENT.get(into, "complaint_received")
    if into == "inquiry" and "written_inquiry" in _channels(fact):
        event = "written_inquiry_received"
    details: dict[str, Any] = {name: fact.details[name] for name in _CARRIED if fact.details.get(name)}
    details |= {name: case.plain[name] for name in ("customer", "household") if name in case.plain}
    details |= {"record": into, "earlier": case.key}
    return Fact(event, case.received_at, fact.text("new_case"), case.unit, fact.by, details, fact.entered_at or fact.at)


def _channels(fact: Fact) -> tuple[Any, ...]:
    """The channel that the fact tells: one for all regulations, or one for each."""
    told = fact.details.get("channel")
    return tuple(told.values()) if isinstance(told, Mapping) else (told,)
