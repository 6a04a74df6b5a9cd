"""What follows from the answers of a survey: means, shares of the satisfied, what displeases most, what matters most. Pure functions.

The rate of satisfaction is the share of the two highest grades (5 and 4 points) among the valid answers. An answer as a whole has the grade
next to the mean of its grades. How much a question matters is told by how it goes with the rest of the same answers (their correlation).
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SATISFIED: Final = 4
DISPLEASED: Final = 2
Grades = Mapping[str, int]
"""The points (5 to 1) that one answer gives, by question."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Of ``count`` grades the mean, how many each grade got (by points), and the share of the two highest in percent; None without any."""

    count: int
    mean: float | None
    by_grade: Mapping[int, int]
    share: float | None

    @property
    def satisfied(self) -> int:
        """How many gave one of the two highest grades."""
        return sum(count for points, count in self.by_grade.items() if points >= SATISFIED)


def figure(grades: Sequence[int]) -> Figure:
    """The figure of these grades."""
    by_grade = {points: grades.count(points) for points in (5, 4, 3, 2, 1)}
    if not grades:
        return Figure(0, None, by_grade, None)
    satisfied = by_grade[5] + by_grade[4]
    return Figure(len(grades), sum(grades) / len(grades), by_grade, 100 * satisfied / len(grades))


def of_questions(answers: Sequence[Grades], questions: Sequence[str]) -> Figure:
    """The figure of some questions over all answers; a question that an answer leaves out counts in none."""
    return figure([answer[one] for answer in answers for one in questions if one in answer])


def whole_grade(answer: Grades) -> int | None:
    """The grade of an answer as a whole: the mean of its grades, a half upward; None for an answer without any."""
    return math.floor(sum(answer.values()) / len(answer) + 0.5) if answer else None


def whole(answers: Sequence[Grades]) -> Figure:
    """The figure of the answers as wholes: what the rate of satisfaction of the survey is."""
    return figure([grade for answer in answers if (grade := whole_grade(answer)) is not None])


@dataclass(frozen=True, slots=True)
class Bar:
    """A cause of displeasure in a Pareto chart: how many grades of 2 or less, and the percent of all of these up to here."""

    key: str
    count: int
    up_to_here: float


def pareto(answers: Sequence[Grades], groups: Mapping[str, Sequence[str]]) -> list[Bar]:
    """What displeases, most first: the low grades in each group of questions; groups without any are left out."""
    counts = {key: sum(1 for one in answers for each in questions if one.get(each, 5) <= DISPLEASED) for key, questions in groups.items()}
    ordered = sorted(((key, count) for key, count in counts.items() if count), key=lambda one: -one[1])
    total, so_far, bars = sum(count for _, count in ordered), 0, []
    for key, count in ordered:
        so_far += count
        bars.append(Bar(key, count, 100 * so_far / total))
    return bars


@dataclass(frozen=True, slots=True)
class Point:
    """A group of questions in the quadrant: how much it matters (-1 to 1), its mean, and which quarter it stands in.

    Quarters: improve (matters, displeases), keep (matters, pleases), later (neither), enough (pleases without mattering much).
    """

    key: str
    importance: float
    mean: float
    quarter: str


def quadrant(answers: Sequence[Grades], groups: Mapping[str, Sequence[str]]) -> list[Point]:
    """The groups that can be placed, parted at the mean of their importance and of their means; three answers are the least."""
    found: list[tuple[str, float, float]] = []
    for key, questions in groups.items():
        pairs = [pair for answer in answers if (pair := _own_and_rest(answer, questions)) is not None]
        importance = correlation(pairs)
        if importance is not None:
            found.append((key, importance, sum(own for own, _ in pairs) / len(pairs)))
    if not found:
        return []
    middle = sum(one[1] for one in found) / len(found), sum(one[2] for one in found) / len(found)
    return [Point(key, importance, mean, _quarter(importance >= middle[0], mean >= middle[1])) for key, importance, mean in found]


def _quarter(matters: bool, pleases: bool) -> str:
    if matters:
        return "keep" if pleases else "improve"
    return "enough" if pleases else "later"


def _own_and_rest(answer: Grades, questions: Sequence[str]) -> tuple[float, float] | None:
    own = [answer[one] for one in questions if one in answer]
    rest = [grade for key, grade in answer.items() if key not in questions]
    return (sum(own) / len(own), sum(rest) / len(rest)) if own and rest else None


def correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Pearson's correlation of the pairs; None for fewer than three, or where one side never changes."""
    if len(pairs) < 3:
        return None
    first, second = sum(one for one, _ in pairs) / len(pairs), sum(two for _, two in pairs) / len(pairs)
    both = sum((one - first) * (two - second) for one, two in pairs)
    spread = math.sqrt(sum((one - first) ** 2 for one, _ in pairs) * sum((two - second) ** 2 for _, two in pairs))
    return both / spread if spread > 1e-12 else None


def draw(weights: Mapping[str, int], size: int, seed: str) -> list[str]:
    """``size`` of the keys without repeating, drawn by their weights: the same keys, weights and seed give the same draw.

    A key of weight w comes before the others w times as often (Efraimidis and Spirakis). Raises ValueError for a weight below 1.
    """
    if any(weight < 1 for weight in weights.values()):
        raise ValueError("found a weight below 1, expected 1 for a home without a case and 1 more for each case")
    # Repeatable on purpose: whoever doubts a draw can draw again by its seed.
    chance = random.Random(seed)
    keys = {key: math.log(1 - chance.random()) / weights[key] for key in sorted(weights)}
    return sorted(sorted(weights, key=lambda one: (-keys[one], one))[: max(0, size)])
