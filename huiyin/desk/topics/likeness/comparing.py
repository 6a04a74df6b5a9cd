"""How alike two messages are: rare runs of characters in common, and titles contained in each other. No Django.

Each message is its runs of characters, weighed by how rare they were when it came (inverse document frequency over what came before it and
a background), those of its title three times. Likeness mixes the cosine of these weights with how far the title of each message is
contained in the other one; it lies between 0 and 1.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from huiyin.desk.topics.likeness.terms import MOST_READ, places, terms, tidy

_TITLE_COUNTS: Final = 3.0
_ALONE: Final = 0.2
_COSINE, _CONTAINED = 0.6, 0.4
_COMMON_SHARE, _OFTEN_SHARE, _FEW = 0.2, 0.03, 50
"""A run in more than a fifth of all messages tells nothing; one in more than three of a hundred is weighed but not looked up: what shares
nothing rarer is about something else. While so few messages have it, neither holds."""
_ASSUMED: Final = 1000
"""As many messages with other words are thought before the first, so that a word said twice in a young stream counts as rare too."""
_FAINT: Final = 0.03


@dataclass(frozen=True, slots=True)
class Message:
    """What came in: ``key`` names it, ``person`` who wrote it. ``place``: where it is about, if known. ``issue``: the matter that people
    have put it into, empty if nobody has."""

    key: str
    at: datetime
    person: str
    title: str
    text: str
    place: str = ""
    issue: str = ""


@dataclass(slots=True)
class Read:
    """A message as it is compared: its ``runs`` with their raw weights, those ``told`` in its text, those of its title with their rarity,
    its places, all its words.

    ``length`` (squared) and ``titled`` sum up the runs, those that no other message has by ``_ALONE`` only: what nobody else says tells
    little of whom it is like. ``near`` is the likeness to each earlier message that is at all like it, by the number of that one.
    """

    number: int
    message: Message
    runs: frozenset[str]
    told: frozenset[str]
    raw: Mapping[str, float]
    title: Mapping[str, float]
    places: frozenset[str]
    whole: str
    length: float = 0.0
    titled: float = 0.0
    near: dict[int, float] = field(default_factory=dict)

    def share(self, run: str) -> None:
        """Count a run in full that another message turns out to have too."""
        self.length += (1 - _ALONE) * self.raw[run] ** 2
        self.titled += (1 - _ALONE) * self.title.get(run, 0.0)


class Comparer:
    """Compares each message with all before it. ``background``: texts of the same kind that tell which words are common."""

    def __init__(self, background: Iterable[str] = ()) -> None:
        self.known: list[Read] = []
        self._frequency: Counter[str] = Counter()
        self._seen = 0
        self._posted: dict[str, list[Read]] = defaultdict(list)
        for text in background:
            self._frequency.update(terms(tidy(text)[:MOST_READ]))
            self._seen += 1

    def rarity(self, run: str) -> float:
        """The inverse document frequency of a run so far."""
        return math.log((self._seen + _ASSUMED) / (self._frequency.get(run, 0) + 1))

    def read(self, message: Message) -> Read:
        """The message beside those before it; nothing is kept of it."""
        title, text = tidy(message.title), tidy(message.text)[:MOST_READ]
        in_title, in_text = terms(title), terms(text)
        often = max(_FEW, _COMMON_SHARE * self._seen)
        rare = {run: self.rarity(run) for run in in_title | in_text if self._frequency.get(run, 0) <= often}
        made = Read(
            number=len(self.known),
            message=message,
            runs=in_title | in_text,
            told=in_text,
            raw={run: idf * (_TITLE_COUNTS * (run in in_title) + (run in in_text)) for run, idf in rare.items()},
            title={run: rare[run] for run in in_title if run in rare},
            places=places(f"{tidy(message.place)}，{title}"),
            whole=f"{tidy(message.place)}，{title}。{text}",
        )
        made.length, made.titled = _ALONE * sum(one * one for one in made.raw.values()), _ALONE * sum(made.title.values())
        for run in made.raw:
            if run in self._posted:
                made.share(run)
        self._compare(made)
        return made

    def keep(self, read: Read) -> None:
        """From now on later messages are compared with this one too."""
        self._frequency.update(read.runs)
        self._seen += 1
        for run in read.raw:
            posted = self._posted[run]
            if len(posted) == 1:
                posted[0].share(run)
            posted.append(read)
        self.known.append(read)

    def likeness(self, one: int, other: int) -> float:
        """How alike two kept messages were when the later of them came, by their numbers."""
        return self.known[max(one, other)].near.get(min(one, other), 0.0)

    def _compare(self, read: Read) -> None:
        products: dict[int, float] = defaultdict(float)
        mine: dict[int, float] = defaultdict(float)
        theirs: dict[int, float] = defaultdict(float)
        often = max(_FEW, _OFTEN_SHARE * self._seen)
        for run, weight in read.raw.items():
            posted = self._posted.get(run)
            if posted is None or len(posted) > often:
                continue
            titled = read.title.get(run, 0.0)
            for other in posted:
                number = other.number
                products[number] += weight * other.raw[run]
                if titled:
                    mine[number] += titled
                if run in other.title:
                    theirs[number] += other.title[run]
        for number, product in products.items():
            likeness = self._mixed(read, self.known[number], product, mine[number], theirs[number])
            if likeness > _FAINT:
                read.near[number] = likeness

    def _mixed(self, read: Read, other: Read, product: float, mine: float, theirs: float) -> float:
        cosine = product / math.sqrt(read.length * (other.length or math.inf)) if read.length else 0.0
        contained = min(mine / (read.titled or 1.0), theirs / (other.titled or 1.0))
        return _COSINE * min(1.0, cosine) + _CONTAINED * min(1.0, contained)
