"""Reading a regulation: strict, polite, and the only way from files to rules."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from huiyin.core.conditions import Condition
from huiyin.core.facts import Fact
from huiyin.core.known import Case
from huiyin.core.questions import Scene
from huiyin.core.rules import ClockRule, Honour, Regulation, Rule, StepRule, WarningRule
from huiyin.plumbing.strict_yaml import BadYaml, Sheet, read_yaml
from huiyin.rulebook.check import Checker
from huiyin.rulebook.index import heard_by, index_rules
from huiyin.rulebook.qualify import identified_in, qualify
from huiyin.rulebook.schema import SHEETS, RuleSheet, Scheme

FOLDER = Path(__file__).parent
_HEADING = re.compile(r"^## (\S+)", re.MULTILINE)


class BadRulebook(ValueError):
    """A regulation that cannot be taken: every problem with its file and line, what was found and what would be right."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@lru_cache(maxsize=1)
def stems() -> tuple[str, ...]:
    """The stems of all regulations of the rulebook, in order of name."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/source.yaml")))


def folder_of(stem: str) -> Path:
    """The folder of the regulation ``stem``. Raises BadRulebook for a stem that is not known, naming those that are."""
    if stem not in stems():
        raise BadRulebook([f"found regulation {stem!r}; the rulebook holds: {', '.join(stems())}"])
    return FOLDER / stem


@lru_cache(maxsize=64)
def regulation(stem: str) -> Regulation:
    """The regulation ``stem`` of the rulebook. Raises BadRulebook with all problems found."""
    return load_folder(folder_of(stem))


def load_folder(folder: Path) -> Regulation:
    """The regulation in ``folder``, also a draft that lies elsewhere; raises BadRulebook with all problems found."""
    try:
        source, rules = read_yaml(folder / "source.yaml"), read_yaml(folder / "rules.yaml")
        headings = _HEADING.findall((folder / "text.md").read_text(encoding="utf-8"))
    except (BadYaml, OSError, UnicodeDecodeError) as error:
        raise BadRulebook([str(error)]) from None
    return _Builder(folder, source, rules, tuple(headings)).build()


@lru_cache(maxsize=1)
def vocabulary() -> Mapping[str, Mapping[str, Any]]:
    """The closed vocabulary: ``events``, ``facts`` and ``settings``, each key with its names."""
    value: Mapping[str, Mapping[str, Any]] = read_yaml(FOLDER / "vocabulary.yaml").value
    return value


@lru_cache(maxsize=1)
def addressed_if_missing() -> Mapping[str, tuple[str, ...]]:
    """By role those who are addressed where nobody holds it, as its regulation names them."""
    roles = (role for stem in stems() for role in regulation(stem).source["roles"])
    return {role["key"]: tuple(role["if_missing"]) for role in roles if role.get("if_missing")}


class _Builder:
    """One regulation being read; ``problems`` collects what is wrong, so that all of it is reported at once."""

    def __init__(self, folder: Path, source: Sheet, rules: Sheet, clauses: tuple[str, ...]) -> None:
        self.folder, self.source, self.sheet, self.clauses = folder, source, rules, clauses
        self.head: Mapping[str, Any] = source.value
        self.problems: list[str] = []
        self.scheme = _scheme(self.head)

    def build(self) -> Regulation:
        """The regulation. Raises BadRulebook when anything is wrong with it."""
        sheets = list(self._sheets())
        Checker(self.head, self.clauses, vocabulary(), self._complain).check(sheets)
        built = [(sheet, self._rule(number, sheet)) for number, sheet in sheets]
        if self.problems:
            raise BadRulebook(self.problems)
        rules = tuple(_with_looks([rule for _, rule in built if isinstance(rule, Rule)]))
        return self._regulation(rules, tuple(rule for _, rule in built if isinstance(rule, Honour)))

    def _regulation(self, rules: tuple[Rule, ...], honours: tuple[Honour, ...]) -> Regulation:
        head, roles = self.head, self.head["roles"]
        by_event = index_rules(self.scheme.prefix, rules, VOID_MARKS)
        return Regulation(
            stem=str(head["regulation"]),
            prefix=self.scheme.prefix,
            edition=f"{head['version']}-{self._digest()}",
            title=(head["title"]["zh"], head["title"]["en"]),
            level=str(head["level"]),
            in_force_from=date.fromisoformat(head["in_force_from"]),
            rules=rules,
            by_event=by_event,
            by_id={rule.id: rule for rule in rules},
            heard=heard_by(self.scheme.prefix, rules, by_event),
            stands_in={role["key"]: tuple(role["stands_in"]) for role in roles},
            role_levels={role["key"]: role["level"] for role in roles},
            role_names={role["key"]: (role["zh"], role["en"]) for role in roles},
            held_by={role["key"]: role["held_by"] for role in roles if role.get("held_by")},
            void_marks=VOID_MARKS,
            honours=honours,
            clauses=self.clauses,
            settings=_defaults(head),
            source=head,
        )

    def _digest(self) -> str:
        raw = (self.folder / "rules.yaml").read_bytes() + (self.folder / "source.yaml").read_bytes()
        return hashlib.sha256(raw).hexdigest()[:8]

    def _complain(self, path: tuple[str | int, ...], what: str) -> None:
        self.problems.append(f"{self.folder.name}/{self.sheet.file}:{self.sheet.line_of(path)}: {what}")

    def _sheets(self) -> Iterator[tuple[int, RuleSheet]]:
        identified = identified_in(self.sheet.value or [])
        for number, raw in enumerate(self.sheet.value or []):
            value = qualify(raw, self.scheme.prefix, identified)
            kind = next(iter(value), "") if isinstance(value, dict) else ""
            if kind not in SHEETS:
                self._complain((number,), f"found a rule that begins with {kind!r}; a rule begins with one of: {', '.join(SHEETS)}")
                continue
            try:
                yield number, SHEETS[kind].model_validate(value)
            except ValidationError as error:
                for one in error.errors():
                    path = (number, *(part for part in one["loc"] if isinstance(part, (str, int))))
                    self._complain(path, f"{'.'.join(map(str, one['loc']))}: {one['msg']}; found {str(one['input'])[:80]!r}")

    def _rule(self, number: int, sheet: RuleSheet) -> Rule | Honour | None:
        try:
            return _named(sheet.rule(self.scheme))
        except ValueError as error:
            self._complain((number,), str(error))
            return None


VOID_MARKS = frozenset({"invalid"})
"""Marks that take a case out of the clocks, counts and warnings of the regulation that put them, and of no other one (X18). What takes it
out of all of them is no mark but an event (``core.known.GONE``)."""

UNCOUNTED = frozenset({"complaint_withdrawn", "case_voided"})
"""Events that take a case out of the tallies. A joined one goes on in another case, but its household has complained all the same."""


@lru_cache(maxsize=1)
def tallying() -> tuple[tuple[frozenset[str], tuple[Condition, ...]], ...]:
    """Of each regulation that counts households: the marks that take a case out (declared invalid by it), and which cases it counts."""
    found: list[tuple[frozenset[str], tuple[Condition, ...]]] = []
    for one in map(regulation, stems()):
        counted = tuple(rule.when for rule in one.rules if isinstance(rule, WarningRule) and rule.ratio)
        if counted:
            found.append((one.void_names, counted))
    return tuple(found)


@lru_cache(maxsize=1)
def marks_of_secrets() -> frozenset[str]:
    """The marks, with their regulations, under which something of a case is hidden."""
    return frozenset(f"{one.prefix}/{rule.mark}" for one in map(regulation, stems()) for rule in one.secrets)


def counts_in_tallies(case: Case) -> bool:
    """Whether the case's household counts among those that complained of its issue: it is one of which a share is reckoned, and stands."""
    if case.ended_by(UNCOUNTED):
        return False
    scene = Scene(case, Fact("", case.received_at, case.key))
    return any(case.marks.keys().isdisjoint(void) and any(one.holds(scene) for one in counted) for void, counted in tallying())


def _scheme(head: Mapping[str, Any]) -> Scheme:
    classes = head.get("classes", {})
    scales = {name: frozenset(one["key"] for one in classes.get(name, ())) for name in ("category", "severity")}
    severities = [one["key"] for one in classes.get("severity", ())]
    defaults = {"severity": head["default_severity"]} if head.get("default_severity") in severities else {}
    return Scheme(str(head["prefix"]), {name: scale for name, scale in scales.items() if scale}, defaults)


def _defaults(head: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for setting in head.get("settings", ()):
        found.setdefault(setting["clause"], {})[setting["key"]] = setting["default"]
    return found


def _named(rule: Rule | Honour) -> Rule | Honour:
    """A step with the names of what it requires, as its refusal says them."""
    if not isinstance(rule, StepRule) or not rule.requires:
        return rule
    facts = vocabulary()["facts"]
    names = tuple((facts[key]["zh"], facts[key]["en"]) if key in facts else (key, key) for key in rule.requires)
    return replace(rule, required_names=names)


def _with_looks(rules: list[Rule]) -> Iterator[Rule]:
    """Clocks told at which times after their due moment a warning waits for them."""
    for rule in rules:
        if not isinstance(rule, ClockRule):
            yield rule
            continue
        after = {one.overdue.by for one in rules if isinstance(one, WarningRule) and one.overdue and one.overdue.clock == rule.id}
        yield replace(rule, looks_after=tuple(sorted(after)))
