"""The figures of a survey, by hand; and that a draw can be repeated and prefers those with many opinions."""

from __future__ import annotations

import pytest

from huiyin.desk.surveys import reckoning


def test_the_rate_is_the_share_of_the_two_highest_grades_and_a_half_goes_up() -> None:
    answers = [{"a": 5, "b": 4}, {"a": 4, "b": 3}, {"a": 2, "b": 1}, {}]
    whole = reckoning.whole(answers)
    # 4.5 → 5, 3.5 → 4, 1.5 → 2; the empty one counts nowhere.
    assert (whole.count, whole.by_grade[5], whole.by_grade[4], whole.by_grade[2]) == (3, 1, 1, 1)
    assert whole.share == pytest.approx(200 / 3) and whole.mean == pytest.approx(11 / 3)
    assert reckoning.of_questions(answers, ["b"]).share == pytest.approx(100 / 3)
    assert reckoning.figure([]).share is None


def test_the_pareto_chart_ranks_what_displeases_and_adds_up_to_a_hundred() -> None:
    answers = [{"a": 1, "b": 5, "c": 2}, {"a": 2, "b": 3, "c": 4}, {"a": 2, "b": 4, "c": 5}]
    bars = reckoning.pareto(answers, {"A": ["a"], "B": ["b"], "C": ["c"]})
    assert [(one.key, one.count, round(one.up_to_here)) for one in bars] == [("A", 3, 75), ("C", 1, 100)]


def test_what_goes_with_the_rest_matters_and_is_placed_in_its_quarter() -> None:
    answers = [
        {"heat": 1, "rest": 1, "play": 5},
        {"heat": 2, "rest": 3, "play": 5},
        {"heat": 3, "rest": 4, "play": 4},
        {"heat": 4, "rest": 5, "play": 5},
    ]
    points = {one.key: one for one in reckoning.quadrant(answers, {"heat": ["heat"], "play": ["play"], "rest": ["rest"]})}
    assert points["heat"].quarter == "improve" and points["play"].quarter == "enough"
    assert reckoning.quadrant(answers[:2], {"heat": ["heat"]}) == []
    assert reckoning.correlation([(1, 5), (2, 5), (3, 5)]) is None


def test_a_draw_is_repeatable_without_doubles_and_prefers_weight() -> None:
    weights = {f"h{number:03d}": 21 if number < 10 else 1 for number in range(200)}
    first = reckoning.draw(weights, 50, "2026-秋")
    assert first == reckoning.draw(dict(reversed(weights.items())), 50, "2026-秋") and len(set(first)) == 50
    assert first != reckoning.draw(weights, 50, "2026-冬")
    heavy = sum(1 for seed in range(200) for one in reckoning.draw(weights, 20, str(seed)) if weights[one] > 1)
    # By chance 20 of 200 homes would hold 200 × 20 × 10 / 200 = 200 of the ten heavy ones.
    assert heavy > 1000
    assert reckoning.draw(weights, 500, "x") == sorted(weights)
    with pytest.raises(ValueError, match="weight below 1"):
        reckoning.draw({"a": 0}, 1, "x")
