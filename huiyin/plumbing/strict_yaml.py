"""YAML read strictly: every scalar stays the text that was written, and everything that surprises people is refused with its line.

Plain YAML readers turn ``no`` into False, ``8:30`` into a number and let the last of two equal keys win. Here scalars are text (empty
and ``~`` are None), doubled keys, anchors, aliases, tags and second documents are errors, and size and depth are limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml import events as parts

LARGEST_BYTES = 256 * 1024
DEEPEST = 20
_BREAKS = ("\x85", "\u2028", "\u2029")


class BadYaml(ValueError):
    """A file that cannot be taken: ``file``, ``line`` (from 1), and what was found and would be right."""

    def __init__(self, file: str, line: int, what: str) -> None:
        super().__init__(f"{file}:{line}: {what}")
        self.file, self.line, self.what = file, line, what


@dataclass(slots=True)
class Sheet:
    """A file as read: its ``value`` (dictionaries, lists, text, None) and the ``lines`` on which each path stands."""

    file: str
    value: Any
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def line_of(self, path: tuple[str | int, ...]) -> int:
        """The line of ``path``, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(path: Path, *, largest_bytes: int = LARGEST_BYTES) -> Sheet:
    """The sheet in the file ``path``. Raises BadYaml with the line of whatever is not allowed, FileNotFoundError if there is none."""
    raw = path.read_bytes()
    return parse_yaml(raw, path.name, largest_bytes=largest_bytes)


def parse_yaml(raw: bytes, file: str, *, largest_bytes: int = LARGEST_BYTES) -> Sheet:
    """The sheet in ``raw`` (UTF-8, with or without a byte order mark); ``file`` is the name used in errors."""
    if len(raw) > largest_bytes:
        raise BadYaml(file, 1, f"found {len(raw)} bytes; at most {largest_bytes} are read. Split the file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BadYaml(file, line, "found bytes that are not UTF-8; save the file as UTF-8") from None
    if "\t" in text and any(line.startswith("\t") for line in text.splitlines()):
        number = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith("\t"))
        raise BadYaml(file, number, "found a tab at the beginning of a line; indent with spaces")
    if unseen := next((one for one in _BREAKS if one in text), ""):
        number = text[: text.index(unseen)].count("\n") + 1
        raise BadYaml(file, number, f"found the unseen line break U+{ord(unseen):04X}; replace it by a space or a real line break")
    sheet = Sheet(file, None)
    try:
        # The parser written in C, for its events only: what a scalar means is decided here, and every start of a process reads the rules.
        reader = _Reader(file, sheet.lines, iter(yaml.parse(text, Loader=yaml.CSafeLoader)))
        sheet.value = reader.document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "this is not YAML"
        raise BadYaml(file, (mark.line + 1) if mark else 1, str(problem)) from None
    return sheet


class _Reader:
    """Builds the value from the parser's events."""

    def __init__(self, file: str, lines: dict[tuple[str | int, ...], int], events: Iterator[Any]) -> None:
        self.file, self.lines, self.events = file, lines, events

    def document(self) -> Any:
        """The one document of the stream; an empty file gives None."""
        self._skip(parts.StreamStartEvent)
        event = next(self.events)
        if isinstance(event, parts.StreamEndEvent):
            return None
        value = self._value(next(self.events), ())
        self._skip(parts.DocumentEndEvent)
        event = next(self.events)
        if not isinstance(event, parts.StreamEndEvent):
            raise self._bad(event, "found a second document (---); put each into a file of its own")
        return value

    def _skip(self, kind: type) -> None:
        event = next(self.events)
        if not isinstance(event, kind):
            raise self._bad(event, "this place of the file cannot be read")

    def _bad(self, event: Any, what: str) -> BadYaml:
        return BadYaml(self.file, _line(event), what)

    def _value(self, event: Any, path: tuple[str | int, ...]) -> Any:
        self.lines[path] = _line(event)
        if isinstance(event, parts.AliasEvent) or getattr(event, "anchor", None):
            raise self._bad(event, "found an anchor or alias (& or *); write the value out")
        if len(path) > DEEPEST:
            raise self._bad(event, f"found more than {DEEPEST} levels; flatten the file")
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("", "None") and not _implied(event):
            raise self._bad(event, f"found the tag {tag}; values have no tags here")
        if isinstance(event, parts.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, parts.SequenceStartEvent):
            return self._sequence(path)
        plain = event.style is None or event.style == ""
        return None if plain and event.value in ("", "~", "null") else event.value

    def _mapping(self, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, parts.MappingEndEvent):
                return found
            if not isinstance(event, parts.ScalarEvent):
                raise self._bad(event, "found a key that is not a word; keys are plain words")
            key = str(event.value)
            if key in found:
                first = self.lines[(*path, key)]
                raise self._bad(event, f"found the key {key!r} a second time; it stands already on line {first}. Keep one of them")
            line = _line(event)
            found[key] = self._value(next(self.events), (*path, key))
            self.lines[(*path, key)] = line
        return found

    def _sequence(self, path: tuple[str | int, ...]) -> list[Any]:
        found: list[Any] = []
        for event in self.events:
            if isinstance(event, parts.SequenceEndEvent):
                return found
            found.append(self._value(event, (*path, len(found))))
        return found


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _implied(event: Any) -> bool:
    """Whether the parser itself supplied the tag."""
    implicit = event.implicit
    return bool(any(implicit) if isinstance(implicit, tuple) else implicit)
