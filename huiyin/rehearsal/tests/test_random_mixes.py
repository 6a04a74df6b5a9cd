"""Whatever regulations an organisation mixes, and whatever happens in it: the core alone and the platform give the same records."""

from __future__ import annotations

import os

import pytest

from huiyin.rehearsal.lives import acts_of, life
from huiyin.rehearsal.mixes import difference, told
from huiyin.rehearsal.platform import play_on_platform
from huiyin.rehearsal.run import on_core
from huiyin.rulebook.load import stems

MIXES = int(os.environ.get("HUIYIN_MIXES", "24"))
"""How many lives are played; ``python -m huiyin.rehearsal.mixes`` plays as many as are wanted."""


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(1, MIXES + 1))
def test_a_random_life_under_mixed_regulations_gives_the_same_records_both_ways(seed: int) -> None:
    found = difference(life(seed), on_core, play_on_platform)
    assert found is None, told(found)


def test_a_life_is_always_the_same_and_its_mixes_reach_every_regulation() -> None:
    assert life(7) == life(7)
    assert {one.stem for seed in range(1, MIXES + 1) for one in life(seed).adopt} == set(stems())


@pytest.mark.parametrize("stem", stems())
def test_lives_know_the_acts_of_every_regulation(stem: str) -> None:
    assert len(acts_of(stem)) > 5
