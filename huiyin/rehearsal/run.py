"""Rehearsing files of scenarios: which hold, which do not and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from huiyin.core.secrecy import hidden
from huiyin.rehearsal.judge import Difference, Found, classes_given, found_in, hidden_found, judge
from huiyin.rehearsal.scenario import BadScenario, Scenario, read_scenarios
from huiyin.rehearsal.stage import adopted_in, play_on_core

Play = Callable[[Scenario], tuple[Found, ...]]
"""How a scenario is played: the records of it as they stand at its end."""


@dataclass(frozen=True, slots=True)
class Result:
    """How one scenario went."""

    scenario: Scenario
    differences: tuple[Difference, ...]
    records: tuple[Found, ...]

    @property
    def passed(self) -> bool:
        """Whether every line held."""
        return not self.differences

    def as_json(self) -> dict[str, Any]:
        """As ``huiyin rehearse --json`` prints it."""
        differences = [{"line": one.line, "expected": one.expected, "nearest": list(one.nearest)} for one in self.differences]
        records = [{key: _plain(value) for key, value in one.items() if value is not None} for one in self.records]
        return {
            "scenario": self.scenario.name,
            "file": self.scenario.file,
            "passed": self.passed,
            "differences": differences,
            "records": records,
        }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def on_core(scenario: Scenario) -> tuple[Found, ...]:
    """Play ``scenario`` on the core alone."""
    book = play_on_core(scenario)
    adopted = adopted_in(scenario)
    classes = classes_given(book.cases.values(), [one.stem for one in scenario.adopt])
    secret = (found for case in book.cases.values() for found in hidden_found(case.key, hidden(adopted, case), adopted))
    return found_in(book.records(), book.refusals, scenario.until, (*classes, *secret))


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The scenario files that ``paths`` name: files as they are, folders with their .yaml files. Raises BadScenario for nothing there."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.yaml"))
        elif path.is_file():
            yield path
        else:
            raise BadScenario(f"{path}: found nothing there; name a scenario file or a folder of them")


def rehearse(paths: Sequence[Path], play: Play = on_core) -> Iterator[Result]:
    """Play every scenario of ``paths`` and judge it. Raises BadScenario, before anything is played, for a file that cannot be taken."""
    scenarios: list[Scenario] = []
    problems: list[str] = []
    for path in files_in(paths):
        try:
            scenarios += read_scenarios(path)
        except BadScenario as error:
            problems.append(str(error))
    if not scenarios and not problems:
        problems.append(f"{', '.join(map(str, paths))}: found no scenario there; a rehearsal of nothing would hold whatever the rules say")
    if problems:
        raise BadScenario("\n".join(problems))
    for scenario in scenarios:
        records = play(scenario)
        yield Result(scenario, judge(scenario, records), records)
