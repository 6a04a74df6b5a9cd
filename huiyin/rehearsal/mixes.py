"""Random lives played both ways, on the core alone and on the platform: they must give the same records.

``python -m huiyin.rehearsal.mixes 300`` plays three hundred, the seeds from ``--first`` on, and prints each that differs, made short.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import django
from django.core.management import call_command

from huiyin.plumbing.postgres import open_database
from huiyin.rehearsal.judge import Found
from huiyin.rehearsal.lives import life
from huiyin.rehearsal.scenario import Scenario

Play = Callable[[Scenario], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A life that gives other records on one stage than on the other: which records only the one has, and only the other."""

    scenario: Scenario
    only_core: tuple[str, ...]
    only_platform: tuple[str, ...]


def comparable(found: Sequence[Found]) -> list[str]:
    """The records in an order of their own, moments by the clock of one zone, numbers without idle noughts."""
    return sorted(str(sorted((key, _plain(value)) for key, value in one.items() if value is not None)) for one in found)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def difference(scenario: Scenario, core: Play, platform: Play) -> Difference | None:
    """What only one of the two stages gives for the scenario; None where they agree."""
    one, other = comparable(core(scenario)), comparable(platform(scenario))
    if one == other:
        return None
    only = [line for line in one if line not in other], [line for line in other if line not in one]
    return Difference(scenario, tuple(only[0]), tuple(only[1]))


def shortened(found: Difference, core: Play, platform: Play) -> Difference:
    """The same difference with as few regulations and acts as show one."""
    found = _without(found, "adopt", core, platform, least=1)
    return _without(found, "timeline", core, platform, least=1)


def _without(found: Difference, name: str, core: Play, platform: Play, *, least: int) -> Difference:
    place = 0
    while place < len(parts := getattr(found.scenario, name)) and len(parts) > least:
        fewer: Any = {name: (*parts[:place], *parts[place + 1 :])}
        try:
            shorter = difference(replace(found.scenario, **fewer), core, platform)
        except Exception:  # what cannot be played without the part (a case that never began) needs it
            shorter = None
        found, place = (shorter, place) if shorter is not None else (found, place + 1)
    return found


def told(found: Difference) -> str:
    """A difference in words: the regulations, the acts, the records that only one side has."""
    scenario = found.scenario
    lines = [f"{scenario.name}: " + ", ".join(f"{one.stem} at {one.unit} from {one.from_on or 'always'}" for one in scenario.adopt)]
    lines += [f"  settings {dict(scenario.settings)}", f"  units {[one.code for one in scenario.units]}"]
    for one in scenario.timeline:
        lines.append(f"  {one.at:%Y-%m-%d %H:%M} {one.event} case={one.case} unit={one.unit} by={one.by} {dict(one.details)}")
    lines += [f"  until {scenario.until:%Y-%m-%d %H:%M}"]
    lines += [f"  only on the core:     {one}" for one in found.only_core[:6]]
    return "\n".join(lines + [f"  only on the platform: {one}" for one in found.only_platform[:6]])


def play_many(seeds: Sequence[int], say: Callable[[str], None], *, shorten: bool = True) -> int:
    """Play the lives with these numbers both ways; tells of every difference or error, and returns how many there were."""
    from huiyin.rehearsal.platform import play_on_platform
    from huiyin.rehearsal.run import on_core

    bad = 0
    for seed in seeds:
        try:
            found = difference(life(seed), on_core, play_on_platform)
        except Exception as error:
            bad += 1
            say(f"mix {seed}: {type(error).__name__}: {error}")
            continue
        if found is not None:
            bad += 1
            say(told(shortened(found, on_core, play_on_platform) if shorten else found))
    return bad


def main(words: Sequence[str]) -> int:
    """``mixes N [--first SEED]``: 0 where all agree, 1 where some do not."""
    parser = argparse.ArgumentParser(prog="python -m huiyin.rehearsal.mixes", description=__doc__)
    parser.add_argument("number", type=int, nargs="?", default=100)
    parser.add_argument("--first", type=int, default=1)
    asked = parser.parse_args(words)

    with open_database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        bad = play_many(range(asked.first, asked.first + asked.number), lambda text: print(text, flush=True))
    print(f"{asked.number} lives, {bad} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
