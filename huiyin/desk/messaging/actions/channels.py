"""What a channel is: a way out of the house that takes a parcel and says what became of it. The settings name them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel has taken the message; ``reference`` is its own number for it, if any."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class TryAgain:
    """The channel could not take it now. ``after`` asks for a longer pause than usual."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The channel will never take it: a wrong number, a closed account."""

    why: str


Outcome = Sent | TryAgain | Refused


@dataclass(frozen=True, slots=True)
class Saying:
    """One message as it leaves: worded in the addressee's language, and its values for those who word it themselves."""

    topic: str
    title: str
    body: str = ""
    params: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to one address at once. ``key`` is the same at every try, so that the other side can tell doubles by it; ``house`` is what
    the organisation is called, ``at`` the moment of this try, ``settings`` those of the way, secrets included."""

    key: str
    house: str
    address: str
    language: str
    at: datetime
    sayings: tuple[Saying, ...]
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A setting of a channel: what people read beside it, and how it is typed. A secret is kept sealed and never shown again.

    ``leads``: it says where the secrets go, so whoever changes it types them anew.
    """

    name: str
    label: Any
    hint: Any = ""
    kind: Literal["text", "number", "choice", "secret"] = "text"
    choices: Sequence[tuple[str, Any]] = ()
    needed: bool = False
    default: str = ""
    leads: bool = False


class Sender(Protocol):
    """What hands parcels over. It asks the database for nothing: everything that it needs is in the parcel.

    ``reach`` is what of a person it needs; up to ``together`` messages to one address leave in one parcel.
    """

    @property
    def reach(self) -> Literal["email", "mobile"]:
        """What of a person it needs."""

    @property
    def together(self) -> int:
        """How many messages to one address may leave in one parcel."""

    def send(self, parcel: Parcel) -> Outcome:
        """Hand the parcel over."""


class Channel(Sender, Protocol):
    """A way out of the house with its settings, which an administrator enters."""

    @property
    def label(self) -> Any:
        """What people call it."""

    @property
    def fields(self) -> Sequence[Field]:
        """Its settings, in the order in which they are asked for."""

    def check(self, chosen: Mapping[str, str]) -> None:
        """Look at settings before they are kept. Raises BadText for those that cannot work."""

    def takes(self, topic: str, params: Mapping[str, Any], chosen: Mapping[str, str]) -> bool:
        """Whether it can say a message of this topic, with the settings that are not secret."""

    def trial(self, language: str) -> Saying:
        """The message that an administrator sends to try the way."""


def configured_channels() -> Mapping[str, Channel]:
    """The ways out that the settings name: HUIYIN_CHANNELS maps a channel's name to the dotted path of a ``Channel``."""
    named: Mapping[str, str] = getattr(settings, "HUIYIN_CHANNELS", {})
    return {name: import_string(path) for name, path in named.items()}
