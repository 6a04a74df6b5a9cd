"""The clauses of a regulation in our own words: what stands in its ``text.md``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huiyin.rulebook.load import folder_of

_HEADING = re.compile(r"^## (\S+) ?(.*)$", re.MULTILINE)
_MARKS = (("EN: ", "en"), ("读法：", "reading_zh"), ("Reading: ", "reading_en"))


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: its number, its short name, what it asks, and how we read it where the original leaves a question open."""

    id: str
    name_zh: str
    name_en: str
    zh: str
    en: str
    reading_zh: str = ""
    reading_en: str = ""

    def name(self, language: str) -> str:
        """Its short name, in Chinese for a language that begins with zh, else in English; Chinese while it has no English one."""
        return self.name_zh if language.startswith("zh") else self.name_en or self.name_zh

    def words(self, language: str) -> str:
        """What it asks, in Chinese for a language that begins with zh, else in English."""
        return self.zh if language.startswith("zh") else self.en

    def reading(self, language: str) -> str:
        """How it is read; empty where the original is plain."""
        return self.reading_zh if language.startswith("zh") else self.reading_en


def clauses(stem: str) -> tuple[Clause, ...]:
    """All clauses of the regulation ``stem`` in the order of the original. Raises BadRulebook for an unknown stem."""
    return _clauses(folder_of(stem) / "text.md")


def preamble(stem: str, language: str) -> str:
    """What the regulation is about as a whole, in one paragraph."""
    head = _HEADING.split(_text(folder_of(stem) / "text.md"))[0]
    paragraphs = [one for one in _paragraphs(head) if not one.startswith("# ")]
    english = [one.removeprefix("EN: ") for one in paragraphs if one.startswith("EN: ")]
    chinese = [one for one in paragraphs if not one.startswith("EN: ")]
    return "\n".join(chinese if language.startswith("zh") else english)


@lru_cache(maxsize=64)
def _clauses(path: Path) -> tuple[Clause, ...]:
    pieces = _HEADING.split(_text(path))[1:]
    return tuple(_clause(*pieces[start : start + 3]) for start in range(0, len(pieces), 3))


@lru_cache(maxsize=64)
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _clause(number: str, heading: str, body: str) -> Clause:
    parts: dict[str, list[str]] = {"zh": [], "en": [], "reading_zh": [], "reading_en": []}
    current = "zh"
    for paragraph in _paragraphs(body):
        mark, current = next(((mark, part) for mark, part in _MARKS if paragraph.startswith(mark)), ("", current))
        parts[current].append(paragraph.removeprefix(mark))
    chinese, _, english = heading.partition(" / ")
    return Clause(number, chinese.strip(), english.strip(), **{part: "\n".join(found) for part, found in parts.items()})


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        if joined := " ".join(line.strip() for line in paragraph.strip().splitlines()):
            yield joined
