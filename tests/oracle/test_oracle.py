"""The product and the oracle agree on the due moments of random limits, and the oracle says what the conventions say."""

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.oracle.comparing import disagreements
from tests.oracle.oracle import HOLIDAYS, SHANGHAI, NoAnswer, due_moment, read_workdays

RANDOM_LIMITS = 2_000


def at(text: str) -> datetime:
    """``2026-03-02 09:00`` in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def workdays() -> frozenset[date]:
    """The workdays of the shared folder; without them there is nothing to compare with, which is a failure."""
    assert HOLIDAYS.is_dir(), f"the holidays are missing: expected {HOLIDAYS}; put ../shared beside the repository"
    return read_workdays()


def test_the_product_and_the_oracle_agree_on_random_limits(workdays: frozenset[date]) -> None:
    assert workdays
    assert list(disagreements(RANDOM_LIMITS)) == []


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-03-13 16:00", "48 hours", "2026-03-15 16:00"),
        ("2026-03-02 09:00:30", "10 minutes", "2026-03-02 09:10:30"),
        ("2026-03-02 09:00", "2 days", "2026-03-04 09:00"),
        ("2026-03-02 09:00", "1 weeks", "2026-03-09 09:00"),
        ("2026-03-02 09:00", "same day", "2026-03-03 00:00"),
        ("2026-01-31 09:00", "1 months", "2026-03-01 00:00"),
        ("2024-02-29 09:00", "1 years", "2025-03-01 00:00"),
        ("2026-02-13 14:05", "3 workdays", "2026-02-26 00:00"),
        ("2026-05-30 08:00", "at least 3 months before", "2026-03-01 00:00"),
        ("2026-03-20 19:30", "at least 3 days before", "2026-03-17 19:30"),
    ],
)
def test_the_oracle_reads_numbers_as_the_conventions_do(workdays: frozenset[date], start: str, limit: str, due: str) -> None:
    assert due_moment(at(start), limit, workdays) == at(due)


@pytest.mark.parametrize("limit", ["immediately", "promptly"])
def test_at_once_has_no_due_moment_of_its_own(limit: str) -> None:
    assert due_moment(at("2026-03-02 09:00"), limit) is None


@pytest.mark.parametrize("limit", ["soon", "3 fortnights", "at least 2 workdays before", "1 workdays"])
def test_the_oracle_says_when_it_has_no_answer(limit: str) -> None:
    with pytest.raises(NoAnswer):
        due_moment(at("2026-03-02 09:00"), limit)


def test_missing_holidays_are_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"the holidays are missing: .* put \.\./shared beside the repository"):
        read_workdays(tmp_path)
