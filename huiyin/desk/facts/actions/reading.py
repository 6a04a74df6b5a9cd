"""What may be stored as a fact: events and classes that are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.moments import BadText
from huiyin.core.rules import Adopted
from huiyin.plumbing.ids import read_id
from huiyin.rulebook.load import vocabulary


class BadFact(BadText):
    """A fact that cannot be stored: an unknown event, or about nothing."""


def check_classes(adopted: Sequence[Adopted], fact: Fact) -> None:
    """Raise BadFact if ``fact`` names a category or severity that the regulation, whose prefix it names, does not have."""
    for one in adopted:
        classes: Mapping[str, Any] = one.regulation.source.get("classes", {})
        for name in ("category", "severity"):
            given = fact.details.get(name)
            told = given.get(one.regulation.prefix) if isinstance(given, Mapping) else None
            if told is None:
                continue
            known = [each["key"] for each in (*classes.get(name, ()), *classes.get("marks", ()))]
            named = told if isinstance(told, (list, tuple)) else [told]
            for key in (each for each in named if classes.get(name) and each not in known):
                listed = [each["key"] for each in classes[name]]
                raise BadFact(
                    f"found the {name} {str(key)[:40]!r}, expected one of {', '.join(listed)} of {one.regulation.stem}; choose one",
                    f"{one.regulation.title[0]}没有“{str(key)[:40]}”这一类；请从 {'、'.join(listed)} 中选择",
                )


def check_cases(fact: Fact) -> None:
    """Raise BadFact if a detail that names cases holds something that is the id of none."""
    kinds = vocabulary()["facts"]
    for name, value in fact.details.items():
        if kinds.get(name, {}).get("kind") != "cases":
            continue
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if read_id(one) is None:
                raise BadFact(
                    f"found {str(one)[:40]!r} among the {kinds[name]['en']}, expected ids of cases; choose them from the list",
                    f"“{kinds[name]['zh']}”中的“{str(one)[:40]}”不是工单；请从列表中选择",
                )
