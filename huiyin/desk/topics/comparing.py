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

from huiyin.desk.topics.terms import MOST_READ, places, terms, tidy

_TITLE_COUNTS: Final = 3.0
_COSINE, _CONTAINED = 0.6, 0.4
_COMMON: Final = 1.5
"""Inverse document frequency: a run in more than about a fifth of all messages tells nothing."""
_LOOKED_UP: Final = 2.5
"""Runs in more than a twelfth of them are weighed but not looked up: what shares nothing rarer is about something else."""
_FAINT: Final = 0.03
_FEW: Final = 20
"""Before so many messages nobody knows which runs are common."""


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
    """A message as it is compared. ``weights`` have length one; ``title`` gives the share of each of the title's runs in its rarity;
    ``near`` the likeness to each earlier message that is at all like it, by the number of that one."""

    number: int
    message: Message
    runs: frozenset[str]
    title: Mapping[str, float]
    weights: Mapping[str, float]
    places: frozenset[str]
    whole: str
    near: dict[int, float] = field(default_factory=dict)


class Comparer:
    """Compares each message with all before it. ``background``: texts of the same kind that tell which words are common."""

    def __init__(self, background: Iterable[str] = ()) -> None:
        self.known: list[Read] = []
        self._frequency: Counter[str] = Counter()
        self._seen = 0
        self._posted: dict[str, list[int]] = defaultdict(list)
        for text in background:
            self._frequency.update(terms(tidy(text)[:MOST_READ]))
            self._seen += 1

    def rarity(self, run: str) -> float:
        """The inverse document frequency of a run so far, 0 for one that every message has."""
        return math.log((self._seen + 1) / (self._frequency.get(run, 0) + 1))

    def read(self, message: Message) -> Read:
        """The message beside those before it; nothing is kept of it."""
        title, text = tidy(message.title), tidy(message.text)[:MOST_READ]
        in_title, in_text = terms(title), terms(text)
        least = _COMMON if self._seen >= _FEW else 0.0
        rare = {run: idf for run in in_title | in_text if (idf := self.rarity(run)) > least}
        raw = {run: idf * (_TITLE_COUNTS * (run in in_title) + (run in in_text)) for run, idf in rare.items()}
        length = math.sqrt(sum(one * one for one in raw.values())) or 1.0
        total = sum(rare.get(run, 0.0) for run in in_title) or 1.0
        made = Read(
            number=len(self.known),
            message=message,
            runs=in_title | in_text,
            title={run: rare[run] / total for run in in_title if run in rare},
            weights={run: one / length for run, one in raw.items()},
            places=places(f"{tidy(message.place)}，{title}"),
            whole=f"{tidy(message.place)}，{title}。{text}",
        )
        self._compare(made)
        return made

    def keep(self, read: Read) -> None:
        """From now on later messages are compared with this one too."""
        self._frequency.update(read.runs)
        self._seen += 1
        for run in read.weights:
            self._posted[run].append(read.number)
        self.known.append(read)

    def likeness(self, one: int, other: int) -> float:
        """How alike two kept messages were when the later of them came, by their numbers."""
        return self.known[max(one, other)].near.get(min(one, other), 0.0)

    def _compare(self, read: Read) -> None:
        cosine: dict[int, float] = defaultdict(float)
        mine: dict[int, float] = defaultdict(float)
        theirs: dict[int, float] = defaultdict(float)
        few = self._seen < _FEW
        for run, weight in read.weights.items():
            if not few and self.rarity(run) < _LOOKED_UP:
                continue
            share = read.title.get(run, 0.0)
            for number in self._posted.get(run, ()):
                other = self.known[number]
                cosine[number] += weight * other.weights[run]
                mine[number] += share
                theirs[number] += other.title.get(run, 0.0)
        for number, one in cosine.items():
            likeness = _COSINE * one + _CONTAINED * min(mine[number], theirs[number])
            if likeness > _FAINT:
                read.near[number] = likeness
