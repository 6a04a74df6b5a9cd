"""Which messages are about one matter: a stream in the order of time, one message in, the topic that it joins or begins out. No Django.

The promise: nothing is known of classes or labels; a message is compared with what came before it and with nothing else; messages that
name different places are not put together however alike their words are; what people have parted stays apart, and what people have put
together stays together. The thresholds are general ones (``Settings``); ``python -m benchmarks topics`` says how good they are.

A topic is offered to a message by the mean likeness of its three nearest members (``comparing``), moved up or down by how much of the
topic's core, what half of its messages share, the message has. Two topics that have become alike are one from then on.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from huiyin.desk.topics.likeness.comparing import Comparer, Message, Read


@dataclass(frozen=True, slots=True)
class Settings:
    """``join``: how alike a message must be to join a topic, ``merge``: two topics to become one (both 0 to 1). ``core``: how much the
    core of a topic counts, from ``core_from`` of it on. A topic whose messages are less than ``tight`` alike asks for more, ``strict``
    times what it lacks. A topic is an alert once ``persons`` distinct persons wrote within ``days``."""

    join: float = 0.2
    merge: float = 0.34
    core: float = 0.3
    core_from: float = 0.15
    tight: float = 0.2
    strict: float = 3.0
    persons: int = 3
    days: int = 365


@dataclass(slots=True)
class Topic:
    """Messages that seem to be about one matter, in the order in which they came. ``alert_at``: when enough persons had written."""

    number: int
    messages: list[Message] = field(default_factory=list)
    alert_at: datetime | None = None

    @property
    def persons(self) -> frozenset[str]:
        """Who wrote."""
        return frozenset(one.person for one in self.messages)

    @property
    def issues(self) -> frozenset[str]:
        """The matters that people have put messages of this topic into."""
        return frozenset(one.issue for one in self.messages if one.issue)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a message: its topic, the numbers of the topics that went into it, and whether the topic became an alert now."""

    topic: Topic
    merged: tuple[int, ...] = ()
    alerted: bool = False


_NEAREST, _CANDIDATES, _LEAST_MEAN = 3, 6, 0.05
_FEW: Final = 5
_CORE_FEWEST, _CORE_SHARE, _CORE_RARE = 3, 0.5, 2.0
_PLACE_SHARE, _LATEST = 0.25, 8
_MOST_ELSEWHERE: Final = 0.3


class Stream:
    """Takes messages one by one. ``background``: texts that tell which words are common; they are in no topic. ``apart``: for each key
    those that people have said are another matter."""

    def __init__(
        self, settings: Settings | None = None, *, background: Iterable[str] = (), apart: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.apart = apart or {}
        self.topics: dict[int, Topic] = {}
        self._comparer = Comparer(background)
        self._of: dict[int, int] = {}
        self._keys: dict[str, int] = {}
        self._members: dict[int, list[int]] = {}
        self._within: dict[int, float] = {}
        self._counts: dict[int, Counter[str]] = {}
        self._core: dict[int, tuple[Mapping[str, float], float]] = {}

    def take(self, message: Message) -> Taken:
        """Put the message into the topic that it joins or begins. Raises ValueError for a key that was taken before."""
        if message.key in self._keys:
            raise ValueError(f"found the message {message.key!r} again, expected each key once; take it only once")
        read = self._comparer.read(message)
        offers = self._offers(read)
        fitting = (number for score, number in offers if score >= self._least(number) and self._fits(read, number))
        number = self._put_by_people(message)
        if number is None:
            number = next(fitting, None)
        number = self._begin(read) if number is None else self._join(read, number)
        merged = self._merge(number, [other for _score, other in offers if other != number])
        topic = self.topics[number]
        return Taken(topic, merged, self._alert(topic, message.at))

    def likest(self, message: Message, most: int = 5) -> list[tuple[Topic, float]]:
        """The topics that the message would fit, the likest first, each with its score; nothing is kept of the message."""
        read = self._comparer.read(message)
        found = [(score, number) for score, number in self._offers(read) if score >= self._least(number) and self._fits(read, number)]
        return [(self.topics[number], score) for score, number in found[:most]]

    def topic_of(self, key: str) -> Topic | None:
        """The topic that a message stands in; None for one that was not taken."""
        return self.topics[self._of[self._keys[key]]] if key in self._keys else None

    def likeness(self, key: str) -> Mapping[str, float]:
        """How alike each other message of its topic is to the one with this key (0 to 1), by key. Raises KeyError for an unknown one."""
        number = self._keys[key]
        others = (other for other in self._members[self._of[number]] if other != number)
        return {self._comparer.known[other].message.key: self._comparer.likeness(number, other) for other in others}

    def _offers(self, read: Read) -> list[tuple[float, int]]:
        """The topics that come into question, the best first, each with its score."""
        of_topic: dict[int, list[float]] = defaultdict(list)
        for number, likeness in read.near.items():
            of_topic[self._of[number]].append(likeness)
        found = []
        for topic, likenesses in of_topic.items():
            counted = min(_NEAREST, len(self._members[topic]))
            mean = sum(sorted(likenesses, reverse=True)[:counted]) / counted
            if mean >= _LEAST_MEAN:
                found.append((mean + self._core_bonus(read, topic), topic))
        return sorted(found, reverse=True)[:_CANDIDATES]

    def _score(self, member: int, topic: int) -> float:
        """How well a message that stands elsewhere would fit the topic as it is now."""
        likenesses = sorted((self._comparer.likeness(member, other) for other in self._members[topic]), reverse=True)[:_NEAREST]
        return sum(likenesses) / len(likenesses) + self._core_bonus(self._comparer.known[member], topic)

    def _least(self, topic: int) -> float:
        """How alike a message must be to join the topic: the more, the less its own messages are alike, else one grows without end by what
        hangs together only at its edges (a district's name, a turn of speech)."""
        size = len(self._members[topic])
        if size < _CORE_FEWEST:
            return self.settings.join
        alike = (self._within[topic] - size) / (size * (size - 1))
        return self.settings.join + self.settings.strict * max(0.0, self.settings.tight - alike)

    def _core_bonus(self, read: Read, topic: int) -> float:
        core, total = self._core.get(topic, ({}, 0.0))
        if not total:
            return 0.0
        has = sum(weight for run, weight in core.items() if run in read.runs) / total
        return self.settings.core * (has - self.settings.core_from)

    def _put_by_people(self, message: Message) -> int | None:
        """The topic that people have put others of the message's issue into, unless they also parted them."""
        if not message.issue:
            return None
        parted = self.apart.get(message.key, frozenset())
        for number, topic in self.topics.items():
            if message.issue in topic.issues and not any(one.key in parted for one in topic.messages):
                return number
        return None

    def _fits(self, read: Read, topic: int) -> bool:
        """Whether the message may stand with the topic's: no other matter by what people said, no other place by what it says."""
        there, message = self.topics[topic], read.message
        if message.issue and there.issues and message.issue not in there.issues:
            return False
        parted = self.apart.get(message.key, frozenset())
        if parted and any(one.key in parted for one in there.messages):
            return False
        return not self._elsewhere(read, self._members[topic])

    def _elsewhere(self, read: Read, members: Sequence[int]) -> bool:
        """Whether the message names other places than these: none of theirs stands in it, and none of its own in the latest of them."""
        if not read.places:
            return False
        known = self._comparer.known
        named = Counter(place for number in members for place in known[number].places)
        usual = [place for place, times in named.items() if times >= _PLACE_SHARE * len(members)]
        if not usual or any(place in read.whole for place in usual):
            return False
        return not any(place in known[number].whole for place in read.places for number in members[-_LATEST:])

    def _begin(self, read: Read) -> int:
        number = read.number
        self.topics[number] = Topic(number)
        self._members[number], self._within[number], self._counts[number] = [], 0.0, Counter()
        return self._join(read, number)

    def _join(self, read: Read, topic: int) -> int:
        self._comparer.keep(read)
        self._within[topic] += 1.0 + 2 * sum(read.near.get(number, 0.0) for number in self._members[topic])
        self._members[topic].append(read.number)
        self._counts[topic].update(read.told)
        self.topics[topic].messages.append(read.message)
        self._of[read.number] = self._keys[read.message.key] = topic
        self._keys[read.message.key] = read.number
        self._find_core(topic)
        return topic

    def _find_core(self, topic: int) -> None:
        """What the texts of half of the topic's messages share and is rare, each run with its weight. A turn of speech that only stands in
        titles (咨询…的问题) says nothing of what they are about."""
        size = len(self._members[topic])
        if size < _CORE_FEWEST:
            return
        rarity, least = self._comparer.rarity, max(2.0, _CORE_SHARE * size)
        core = {run: idf for run, times in self._counts[topic].items() if times >= least and (idf := rarity(run)) > _CORE_RARE}
        self._core[topic] = (core, sum(core.values()))

    def _merge(self, topic: int, others: Sequence[int]) -> tuple[int, ...]:
        gone = tuple(other for other in others if self._swallow(topic, other))
        if gone:
            self._find_core(topic)
        return gone

    def _swallow(self, topic: int, other: int) -> bool:
        """Take the other topic in if the two are one matter; returns whether they are."""
        mine, theirs = self._members[topic], self._members[other]
        between = sum(self._comparer.likeness(a, b) for a in mine for b in theirs)
        alike = between >= self.settings.merge * math.sqrt(self._within[topic] * self._within[other])
        if not (alike or self._would_join(other, topic)) or not self._may_be_one(topic, other):
            return False
        self._within[topic] += self._within.pop(other) + 2 * between
        self._counts[topic].update(self._counts.pop(other))
        self._core.pop(other, None)
        self._of.update(dict.fromkeys(self._members.pop(other), topic))
        mine.extend(theirs)
        mine.sort()
        gone, here = self.topics.pop(other), self.topics[topic]
        here.alert_at = min((one for one in (gone.alert_at, here.alert_at) if one is not None), default=None)
        here.messages = [self._comparer.known[number].message for number in mine]
        return True

    def _would_join(self, other: int, topic: int) -> bool:
        """Whether the few messages of the other topic would join this one if they came now, when it is clearer what it is about."""
        mine, theirs = self._members[topic], self._members[other]
        if len(theirs) > _FEW or len(mine) < max(_CORE_FEWEST, len(theirs) + 1):
            return False
        least = self._least(topic)
        return all(self._score(member, topic) >= least for member in theirs)

    def _may_be_one(self, topic: int, other: int) -> bool:
        known, mine, theirs = self._comparer.known, self.topics[topic], self.topics[other]
        if mine.issues and theirs.issues and not mine.issues & theirs.issues:
            return False
        keys = {one.key for one in mine.messages}
        if any(self.apart.get(one.key, frozenset()) & keys for one in theirs.messages):
            return False
        elsewhere = sum(self._elsewhere(known[number], self._members[topic]) for number in self._members[other])
        return elsewhere <= _MOST_ELSEWHERE * len(self._members[other])

    def _alert(self, topic: Topic, at: datetime) -> bool:
        """Whether the topic becomes an alert with the message that has just come in; that moment is kept, however old the others are."""
        if topic.alert_at is not None or not is_hot(topic.messages, self.settings):
            return False
        topic.alert_at = at
        return True


def is_hot(messages: Sequence[Message], settings: Settings) -> bool:
    """Whether enough distinct persons have written within some span of so many days."""
    span = timedelta(days=settings.days)
    ordered = sorted(messages, key=lambda one: one.at)
    return any(
        len({one.person for one in ordered[: index + 1] if last.at - one.at <= span}) >= settings.persons
        for index, last in enumerate(ordered)
    )
