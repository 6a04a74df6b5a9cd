"""A scenario as its file tells it, read strictly: every unknown word is an error with file, line and the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from huiyin.core.facts import Fact
from huiyin.core.known import Unit
from huiyin.core.moments import BadMoment, parse_moment
from huiyin.plumbing.strict_yaml import BadYaml, Sheet, read_yaml
from huiyin.rehearsal.organisation import KINDS, standard_units
from huiyin.rulebook.load import regulation, stems, vocabulary

LARGEST_BYTES = 2 * 1024 * 1024
_KEYS = ("scenario", "cites", "adopt", "organisation", "posts", "settings", "timeline", "until", "expect", "expect_not")
_TRAITS = ("floor_area_m2", "delivered_on", "site", "phased")
_UNIT_KEYS = ("code", "kind", "parent", "households", *_TRAITS)
LINE_KINDS = (
    "clock",
    "duty",
    "classified",
    "warning",
    "notice",
    "approval",
    "refused",
    "score",
    "document",
    "published",
    "retained",
    "hidden",
)
_LINE_KEYS = frozenset({
    "case", "unit", "starts", "due", "state", "stopped", "responsible", "period", "clause", "at", "issue", "to", "of", "event", "amount",
    "name", "until", "register", "target", "level", "inspection", "survey", "activity", "forum", "merchant", "charge", "item", "handover",
    "rank", "channel", "part",
})  # fmt: skip
_LIST_OF_ROLES = frozenset({"to", "via", "signed_by"})


class BadScenario(ValueError):
    """A scenario file that cannot be taken: every problem with file and line."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What is adopted: the regulation's stem, the unit (None: the usual one), the first day of force (None: always)."""

    stem: str
    unit: str | None = None
    from_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An expectation: its kind, the word after the kind, the keys it names, and where it stands."""

    kind: str
    word: str
    keys: Mapping[str, Any]
    number: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. ``timeline`` holds the facts in order; ``until`` is where the watch stops. ``posts`` names the persons who hold a role,
    everywhere in the organisation, where it matters who they are."""

    name: str
    file: str
    line: int
    cites: tuple[str, ...]
    adopt: tuple[Adoption, ...]
    units: tuple[Unit, ...]
    settings: Mapping[str, Mapping[str, Any]]
    timeline: tuple[Fact, ...]
    until: datetime
    expect: tuple[Line, ...] = ()
    expect_not: tuple[Line, ...] = ()
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_scenarios(path: Path) -> tuple[Scenario, ...]:
    """All scenarios of the file ``path``. Raises BadScenario with everything that is wrong with it."""
    try:
        sheet = read_yaml(path, largest_bytes=LARGEST_BYTES)
    except (BadYaml, OSError) as error:
        raise BadScenario(str(error)) from None
    reader = _Reader(path, sheet)
    scenarios = reader.all()
    if reader.problems:
        raise BadScenario("\n".join(reader.problems))
    return scenarios


def _trait(key: str, value: Any) -> Any:
    if key == "delivered_on":
        return _day(value)
    return str(value).lower() == "true" if key == "phased" else value


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@dataclass(slots=True)
class _Reader:
    path: Path
    sheet: Sheet
    problems: list[str] = field(default_factory=list)

    def all(self) -> tuple[Scenario, ...]:
        """Every scenario that can be read; the others leave their problems."""
        value = self.sheet.value
        if not isinstance(value, list):
            self._bad((), "found no list; a scenario file is a list of scenarios, each beginning with '- scenario: …'")
            return ()
        found = [self._scenario((number,), one) for number, one in enumerate(value)]
        return tuple(one for one in found if one is not None)

    def _bad(self, at: tuple[str | int, ...], what: str) -> None:
        self.problems.append(f"{self.path.name}:{self.sheet.line_of(at)}: {what}")

    def _known(self, at: tuple[str | int, ...], kind: str, word: Any, known: Iterable[str]) -> None:
        words = sorted(known)
        if str(word) not in words:
            near = get_close_matches(str(word), words, n=1, cutoff=0.4)
            self._bad(at, f"found the unknown {kind} {word!r}" + (f"; the nearest known is {near[0]!r}" if near else ""))

    def _scenario(self, at: tuple[str | int, ...], value: Any) -> Scenario | None:
        if not isinstance(value, dict) or "scenario" not in value or not value.get("timeline"):
            self._bad(at, "found a scenario without a name or a timeline; both are needed")
            return None
        before = len(self.problems)
        for key in value:
            self._known((*at, key), "key", key, _KEYS)
        adopt = self._adoptions((*at, "adopt"), value.get("adopt") or [])
        timeline = tuple(self._fact((*at, "timeline", n), one) for n, one in enumerate(value["timeline"]))
        units = self._units((*at, "organisation"), value.get("organisation"))
        for role in value.get("posts") or {}:
            self._known(
                (*at, "posts", role), "role", role, {key for one in adopt if one.stem in stems() for key in regulation(one.stem).role_names}
            )
        expect, expect_not = (self._lines((*at, key), value.get(key) or []) for key in ("expect", "expect_not"))
        if len(self.problems) > before:
            return None
        until = self._moment((*at, "until"), value["until"]) if value.get("until") else timeline[-1].at
        settings = {clause: dict(keys) for clause, keys in (value.get("settings") or {}).items()}
        cites = tuple(value.get("cites") or ())
        line = self.sheet.line_of(at)
        posts = {str(role): tuple(map(str, persons)) for role, persons in (value.get("posts") or {}).items()}
        return Scenario(value["scenario"], self.path.name, line, cites, adopt, units, settings, timeline, until, expect, expect_not, posts)

    def _adoptions(self, at: tuple[str | int, ...], value: list[Any]) -> tuple[Adoption, ...]:
        found = []
        for number, one in enumerate(value):
            sheet = {"regulation": one} if isinstance(one, str) else one
            for key in sheet:
                self._known((*at, number), "key", key, ("regulation", "unit", "from"))
            self._known((*at, number), "regulation", sheet.get("regulation"), stems())
            from_on = date.fromisoformat(sheet["from"]) if sheet.get("from") else None
            found.append(Adoption(str(sheet.get("regulation")), sheet.get("unit"), from_on))
        for adoption in found:
            if adoption.stem in stems():
                regulation(adoption.stem)
        return tuple(found)

    def _units(self, at: tuple[str | int, ...], value: Any) -> tuple[Unit, ...]:
        if value is None:
            return standard_units()
        units = []
        for number, one in enumerate(value):
            for key in one:
                self._known((*at, number, key), "key", key, _UNIT_KEYS)
            self._known((*at, number, "kind"), "kind of unit", one.get("kind"), KINDS)
            traits = {key: _trait(key, one[key]) for key in _TRAITS if key in one}
            units.append(Unit(one["code"], one["kind"], one.get("parent"), int(one.get("households") or 0), traits))
        return tuple(units)

    def _moment(self, at: tuple[str | int, ...], text: Any) -> datetime:
        try:
            return parse_moment(str(text))
        except BadMoment as error:
            self._bad(at, str(error))
            return datetime.fromisoformat("2000-01-01T00:00+08:00")

    def _fact(self, at: tuple[str | int, ...], value: Any) -> Fact:
        words = vocabulary()
        self._known((*at, "event"), "event", value.get("event"), words["events"])
        details: dict[str, Any] = {}
        for key, one in value.items():
            if key in ("at", "event", "case", "unit", "by", "by_person", "entered_at"):
                continue
            self._known((*at, key), "key", key, words["facts"])
            details[key] = self._detail((*at, key), key, one)
        entered = self._moment((*at, "entered_at"), value["entered_at"]) if value.get("entered_at") else None
        when = self._moment((*at, "at"), value.get("at"))
        return Fact(
            str(value.get("event")),
            when,
            value.get("case"),
            value.get("unit"),
            value.get("by"),
            details,
            entered,
            person=value.get("by_person"),
        )

    def _detail(self, at: tuple[str | int, ...], key: str, value: Any) -> Any:
        kind = vocabulary()["facts"].get(key, {}).get("kind")
        if kind == "moment" and value:
            return self._moment(at, value)
        if kind == "day" and value:
            return _day(value)
        if key in _LIST_OF_ROLES and isinstance(value, str):
            return [value]
        return value

    def _lines(self, at: tuple[str | int, ...], value: list[Any]) -> tuple[Line, ...]:
        found = []
        for number, one in enumerate(value):
            kind = next(iter(one), "")
            self._known((*at, number), "kind of expectation", kind, LINE_KINDS)
            keys: dict[str, Any] = {}
            for key, word in list(one.items())[1:]:
                self._known((*at, number, key), "key", key, _LINE_KEYS)
                timed = key in ("at", "due", "target", "starts", "stopped")
                keys[key] = self._moment((*at, number, key), word) if timed else word
            found.append(Line(kind, str(one[kind]), keys, self.sheet.line_of((*at, number))))
        return tuple(found)
