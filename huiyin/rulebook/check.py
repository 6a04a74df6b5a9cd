"""What a strict reader asks of the rules of a regulation: every word known, every reference met, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from huiyin.core.facts import LIMIT_KEPT, LIMIT_PASSED, MARKED, WARNING_CONFIRMED, WARNING_DISMISSED, WARNING_RAISED, YEAR_CLOSED
from huiyin.core.rules import Ceiling
from huiyin.core.subjects import CLOSED
from huiyin.rulebook.schema import RegisterSheet, RuleSheet, StandardSheet
from huiyin.rulebook.schema.figures import AssessmentSheet
from huiyin.rulebook.schema.proofs import ProofSheet, SoughtSheet

Path = tuple[str | int, ...]
_EVENT_KEYS = frozenset({"event", "starts", "ends", "on", "served_by", "sent_by", "answered_by", "asked_on", "owed_from", "owed_until",
                         "identifies", "happened", "not_happened", "taken_back_on", "withdrawn_on", "ends_on", "lapses_on",
                         "until_happened", "exempt_by", "owed_again_by", "undone_by", "counts_from", "done_once", "finished_by",
                         "reopened_by", "handed_by", "later"})  # fmt: skip
_SETTING_KEYS = (
    "tolerance", "within_setting", "following_setting", "calendar_setting", "responsible_setting", "if_setting", "issues_not_in",
    "period_setting", "of_setting", "limits_setting", "at_least_setting", "keep_setting", "first_year", "first_compared", "once_if",
    "cleared_setting",
)  # fmt: skip
_PROSE = frozenset({"name", "why", "said", "fact", "fact_not", "told", "told_not", "person",
                    "unit", "since", "not_since", "until_said", "before",
                    "at_least_said", "fields", "check", "variants", "form", "tells", "says", "where"})  # fmt: skip
"""Keys under which stand texts, values of details, or words that are looked at elsewhere."""
_ROLE_KEYS = frozenset({"responsible", "to", "of", "all_of", "only_by", "calls"})
_FOUND_OUT = (
    WARNING_RAISED, WARNING_CONFIRMED, WARNING_DISMISSED, MARKED, f"un{MARKED}", "approved", LIMIT_PASSED, LIMIT_KEPT, YEAR_CLOSED,
    *CLOSED.values(),
)  # fmt: skip


class Checker:
    """Checks the sheets of one regulation; every problem goes to ``complain`` with the path of the thing in the file."""

    def __init__(
        self,
        head: Mapping[str, Any],
        clauses: tuple[str, ...],
        vocabulary: Mapping[str, Mapping[str, Any]],
        complain: Callable[[Path, str], None],
    ) -> None:
        self.complain = complain
        self.events = frozenset(vocabulary["events"])
        self.clauses = frozenset(clauses)
        self.roles = frozenset(role["key"] for role in head["roles"])
        self.facts = frozenset(vocabulary["facts"])
        self.settings = frozenset((one["clause"], one["key"]) for one in head.get("settings", ()))
        self.calendars = frozenset({"24x7", "workdays", *(one["key"] for one in head.get("calendars", ()))})
        self.prefix = str(head["prefix"])
        self.classes = {
            "record": frozenset(one["key"] for one in head["classes"].get("record", ())),
            "channel": frozenset(one["key"] for one in head.get("channels", ())),
            "category": frozenset(one["key"] for one in head["classes"].get("category", ())),
            "severity": frozenset(one["key"] for one in head["classes"].get("severity", ())),
        }

    def check(self, sheets: list[tuple[int, RuleSheet]]) -> None:
        """Look at every sheet, and at how they refer to each other."""
        seen: dict[str, int] = {}
        for number, sheet in sheets:
            # What is stored names a rule by its id alone, whatever kind it is of.
            identity = sheet.identity()
            if sheet.kind != "honour" and identity in seen:
                self.complain((number,), f"found the rule {identity!r} a second time; give each rule an id of its own, whatever its kind")
            if sheet.kind != "honour":
                seen[identity] = number
            self._check_words(number, sheet.model_dump(exclude_none=True))
        clocks = {str(getattr(sheet, "clock", "")) for _, sheet in sheets}
        registers = {sheet.identity(): sheet for _, sheet in sheets if isinstance(sheet, RegisterSheet)}
        steps = {sheet.identity() for _, sheet in sheets if sheet.kind == "step"}
        duties, retentions = ({sheet.identity() for _, sheet in sheets if sheet.kind == kind} for kind in ("duty", "retention"))
        marks = {str(getattr(sheet, "puts", "")) for _, sheet in sheets}
        for number, sheet in sheets:
            self._check_clocks(number, sheet, clocks)
            if isinstance(sheet, RegisterSheet):
                self._check_register(number, sheet, registers)
            if isinstance(sheet, StandardSheet):
                self._check_proofs(number, sheet, registers)
            for turn in getattr(sheet, "turns", ()):
                if turn.step not in steps:
                    self._unknown((number, "turns"), "step", turn.step, steps)
            if sheet.kind == "handover" and (duty := str(getattr(sheet, "duty", ""))) not in duties:
                self._unknown((number, "duty"), "duty", duty, duties)
            if (kept_by := getattr(sheet, "kept_by", "")) and sheet.kind == "handover" and kept_by not in retentions:
                self._unknown((number, "kept_by"), "retention", kept_by, retentions)
            self._check_named(number, sheet, marks, set(registers))

    def _check_named(self, number: int, sheet: RuleSheet, marks: set[str], registers: set[str]) -> None:
        """The channels of a publication, the mark and the register of an assessment are there."""
        outlets = getattr(sheet, "outlets", ()) if sheet.kind == "publication" else ()
        wanted = [("outlets", "channel", one, set(self.classes["channel"])) for one in outlets]
        if sheet.kind == "publication":
            wanted += [("page", "channel", getattr(sheet, "page", ""), set(self.classes["channel"]))]
            wanted += [("lists", "register", getattr(sheet, "lists", ""), registers)]
        if isinstance(sheet, AssessmentSheet):
            wanted += [("reviewed", "mark", sheet.reviewed, marks), ("rewards", "register", sheet.rewards, registers)]
        for key, kind, word, known in wanted:
            if word and word not in known:
                self._unknown((number, key), kind, word, known)

    def _check_clocks(self, number: int, sheet: RuleSheet, clocks: set[str]) -> None:
        overdue = getattr(sheet, "overdue", None)
        named = [overdue.clock] if overdue else []
        for clock in (*named, *getattr(sheet, "else_due_of", ())):
            if clock not in clocks:
                self._unknown((number,), "clock", clock, clocks)

    def _check_register(self, number: int, sheet: RegisterSheet, registers: Mapping[str, RegisterSheet]) -> None:
        if sheet.at_most is not None:
            self._check_ceiling(number, sheet, sheet.at_most.ceiling(), registers)
        for place, one in enumerate(sheet.records):
            for detail in (*one.tells.values(), *one.says):
                if detail not in self.facts:
                    self._unknown((number, "records", place), "detail", detail, self.facts)

    def _check_ceiling(self, number: int, own: RegisterSheet, ceiling: Ceiling, registers: Mapping[str, RegisterSheet]) -> None:
        """Every column that the ceiling names is there, of the right kind, and filled in where nothing can be compared without it."""
        path = (number, "at_most")
        if (other := registers.get(ceiling.register)) is None:
            self._unknown(path, "register", ceiling.register, set(registers))
            return
        wanted = [(own, ceiling.amount, "number", True), (own, ceiling.day, "day", True), (own, ceiling.quantity, "number", False)]
        wanted += [(other, ceiling.most, "number", True), (other, ceiling.since, "day", True), (other, ceiling.until, "day", False)]
        wanted += [(sheet, key, "", True) for pair in ceiling.same for sheet, key in zip((own, other), pair, strict=True)]
        for sheet, key, kind, required in wanted:
            column = next((one for one in sheet.fields if one.key == key), None)
            if column is None and key:
                self._unknown(path, f"column of {sheet.called}", key, {one.key for one in sheet.fields})
            elif column is not None and ((kind and column.kind != kind) or (required and not column.required)):
                found = f"{column.kind}{', required' if column.required else ''}"
                self.complain(
                    path, f"found the column {key!r} of {sheet.called} as {found}; expected {kind or 'one'}{', required' * required}"
                )

    def _check_proofs(self, number: int, standard: StandardSheet, registers: Mapping[str, RegisterSheet]) -> None:
        """Every register and column that a proof names is there; what its records are like is checked as conditions are."""
        for place, proof in enumerate(standard.proofs):
            path = (number, "proofs", place)
            self._check_words_at(path, proof.of.model_dump(exclude_defaults=True))
            for register, column in _columns(proof):
                own = registers.get(register)
                if own is None:
                    self._unknown(path, "register", register, set(registers))
                elif column and column not in (known := {one.key for one in own.fields}):
                    self._unknown(path, f"column of {register}", column, known)
            for role in (one.role for one in (proof.of, *proof.needs) if one.role):
                if role not in self.roles:
                    self._unknown(path, "role", role, self.roles)

    def _check_words(self, number: int, value: Mapping[str, Any]) -> None:
        self._check_words_at((number,), value)
        for key, setting in _settings(value):
            if setting not in self.settings:
                self._unknown((number, key), "setting", " ".join(setting), {" ".join(one) for one in self.settings})

    def _check_words_at(self, at: Path, value: Mapping[str, Any]) -> None:
        for path, key, word in _words(at, "", value):
            if key in ("cites", "clause", "taken_back_clause", "items") and word not in self.clauses:
                self._unknown(path, "clause", word, self.clauses)
            elif key in _EVENT_KEYS and not self._is_event(word):
                self._unknown(path, "event", word, self.events)
            elif key in _ROLE_KEYS and word not in self.roles:
                self._unknown(path, "role", word, self.roles)
            elif key == "calendar" and word not in self.calendars:
                self._unknown(path, "calendar", word, self.calendars)
            elif key in self.classes and word not in self.classes[key]:
                self._unknown(path, key, word, self.classes[key])

    def _is_event(self, word: str) -> bool:
        stem = word.rpartition("/")[2].split(":")[0]
        return stem in self.events or stem in _FOUND_OUT

    def _unknown(self, path: Path, kind: str, word: str, known: frozenset[str] | set[str]) -> None:
        near = get_close_matches(word, sorted(known), n=1, cutoff=0.4)
        hint = f"; the nearest known is {near[0]!r}" if near else ""
        self.complain(path, f"found the unknown {kind} {word!r}{hint}")


def _columns(proof: ProofSheet) -> Iterator[tuple[str, str]]:
    """The registers that a proof names with their columns; of the acts' details nothing."""
    for sought in (proof.of, *proof.needs):
        if proof.register_:
            yield proof.register_, ""
            yield from ((proof.register_, column) for column in _own_columns(sought))
        if (entry := sought.entry) is not None:
            yield entry.register_, ""
            yield from ((entry.register_, column) for column in (entry.names, *entry.where, *entry.filled, *entry.valid))


def _own_columns(sought: SoughtSheet) -> Iterator[str]:
    yield from (*sought.where, *sought.filled, *sought.differ, *sought.differ.values(), *sought.passed, *sought.not_passed)
    yield from sought.unnamed


def _settings(value: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Every setting that a rule reads, with the key that names it."""
    for holder in (value, value.get("ratio") or {}):
        for key in _SETTING_KEYS:
            if holder.get(key):
                yield key, (str(holder[key][0]), str(holder[key][1]))


def _words(path: Path, key: str, value: Any) -> Iterator[tuple[Path, str, str]]:
    """Every text in ``value`` with its path and the key that it stands under."""
    if isinstance(value, str):
        yield path, key, value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            under = key if key in ("items",) else str(name)
            if name not in _PROSE and not (name == "of" and isinstance(one, Mapping)):
                yield from _words((*path, str(name)), under, one)
            elif name in ("until_said", "before", "at_least_said"):
                yield (*path, str(name)), "event", str(one["event"])
    elif isinstance(value, (list, tuple)):
        for number, one in enumerate(value):
            yield from _words((*path, number), key, one)
