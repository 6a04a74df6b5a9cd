"""Rules laid out by what they ask: what several rules of a regulation ask first is asked once, and a no passes over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from huiyin.core.answers import Test
from huiyin.core.conditions import ALWAYS, Condition
from huiyin.core.facts import Fact
from huiyin.core.questions import Question
from huiyin.core.records import Refusal
from huiyin.core.refusals import Refuse, Refusing
from huiyin.core.rules import Adopted, Rule
from huiyin.core.work import Work

Follow = Callable[[Work, Adopted, Any, Fact], None]
_MOVED: Final = frozenset({"marked", "not_marked"})
"""Questions that another rule of the same fact may give another answer: they are asked right before their own rule is followed."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A rule that refuses a fact where all ``tests`` say yes and ``refuse`` finds something against it."""

    tests: tuple[Test, ...]
    refuse: Refuse
    rule: Refusing


@dataclass(frozen=True, slots=True)
class Step:
    """A rule that is followed ``when`` its condition holds; where it does not, the ``clock`` of this name ``lapse``s if it is owed."""

    follow: Follow
    rule: Rule
    when: Condition = ALWAYS
    clock: str = ""
    lapse: Follow | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """Where all ``tests`` say yes, its ``step`` is followed, or what is ``below``. Where one says no, the ``clocks`` of its ``steps`` (its
    own or all below) are owed no more."""

    tests: tuple[Test, ...]
    step: Step | None
    below: tuple[Node, ...]
    steps: tuple[Step, ...]
    clocks: frozenset[str]


def first_refusal(work: Work, adopted: Adopted, guards: Iterable[Guard], fact: Fact) -> Refusal | None:
    """The refusal of ``fact`` by the first of the ``guards`` that refuses it; None where none does."""
    scene = work.scene
    for guard in guards:
        for test in guard.tests:
            if not test(scene):
                break
        else:
            refusal = guard.refuse(work, adopted, guard.rule, fact)
            if refusal is not None:
                return refusal
    return None


def follow_nodes(work: Work, adopted: Adopted, nodes: Iterable[Node], fact: Fact) -> None:
    """Follow the rules of ``adopted`` that are laid out as ``nodes``, each whose condition holds, in their order."""
    scene = work.scene
    for node in nodes:
        for test in node.tests:
            if not test(scene):
                if node.clocks and not node.clocks.isdisjoint(work.owed()):
                    _lapse(work, adopted, node, fact)
                break
        else:
            if node.step is None:
                follow_nodes(work, adopted, node.below, fact)
            else:
                node.step.follow(work, adopted, node.step.rule, fact)


def _lapse(work: Work, adopted: Adopted, node: Node, fact: Fact) -> None:
    for step in node.steps:
        if step.lapse is not None and step.clock in work.owed():
            step.lapse(work, adopted, step.rule, fact)


def laid_out(steps: Sequence[Step]) -> tuple[Node, ...]:
    """The ``steps`` of one regulation as nodes: neighbours that begin with the same questions share them."""
    return tuple(_nodes([(0, step) for step in steps]))


def _nodes(waiting: Sequence[tuple[int, Step]]) -> Iterable[Node]:
    """Nodes for steps of which so many questions have been asked already."""
    for first, together in groupby(waiting, key=_next):
        several = list(together)
        if first is None or first.about in _MOVED or len(several) == 1:
            for asked, step in several:
                yield Node(step.when.tests[asked:], step, (), (step,), _clocks([step]))
            continue
        asked, one = several[0]
        below = tuple(_nodes([(asked + 1, step) for _, step in several]))
        steps = tuple(step for _, step in several)
        yield Node(one.when.tests[asked : asked + 1], None, below, steps, _clocks(steps))


def _clocks(steps: Iterable[Step]) -> frozenset[str]:
    return frozenset(step.clock for step in steps if step.clock)


def _next(waiting: tuple[int, Step]) -> Question | None:
    """The question that is asked next before the step is followed; None where all have been asked."""
    asked, step = waiting
    return step.when.questions[asked] if asked < len(step.when.questions) else None
