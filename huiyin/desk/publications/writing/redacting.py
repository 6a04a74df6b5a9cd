"""What may not stand in a public notice: names, telephone numbers, homes, numbers of identity cards, secrets; each told by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from huiyin.plumbing.phones import PRIVATE_IN_TEXT

NAME, NUMBER, HOME, SECRET = "name", "number", "home", "secret"
_TITLES: Final = "先生|女士|小姐|太太|阿姨|大爷|大妈|老师|同学|师傅"
_CALLED: Final = re.compile(rf"[\u4e00-\u9fff]{{1,2}}?(?:{_TITLES})")
_NOBODY: Final = re.compile(r"^(?:某|该|各|一位|这位|有位|业主|住户|顾客|客户|居民|租户|物业)")
_LATIN: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][\w'-]+")
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９－", "0123456789-")
_ROOMS: Final = (
    re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{1,4}(?:-[0-9A-Za-z]{1,4}){1,2}-[0-9]{2,4}(?![0-9])"),
    re.compile(r"(?:[0-9一二三四五六七八九十]{1,4}(?:栋|幢|座|号楼|单元|门|楼|层)){0,3}[0-9]{3,4}\s*(?:室|房|户|号房|宿舍)"),
    re.compile(r"[0-9一二三四五六七八九十]{1,3}单元\s*[0-9]{3,4}(?![0-9])"),
    re.compile(r"(?<![A-Za-z])(?:[Rr]oom|[Ff]lat|[Aa]pt\.?)\s*[0-9]{2,4}[A-Za-z]?"),
)
_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a text that may not be published: what it is, from which letter to before which, and how it reads."""

    kind: str
    start: int
    end: int
    text: str


def found_in(text: str, names: Iterable[str] = (), homes: Iterable[str] = (), masks: Iterable[str] = ()) -> list[Found]:
    """Everything of ``text`` that may not be published, in its order, none within another.

    ``names`` are those of people, ``homes`` the codes of homes that are known and must not appear however they are written around;
    ``masks`` is what stands in the place of secrets: people have to word it otherwise.
    """
    plain = text.translate(_FULL_WIDTH)
    secret = [found for mask in masks for found in _all(SECRET, re.compile(re.escape(mask)), plain)]
    every = [*_numbers(plain), *_homes(plain, homes), *_names(plain, names), *secret]
    kept: list[Found] = []
    for one in sorted(every, key=lambda found: (found.start, -found.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(Found(one.kind, one.start, one.end, text[one.start : one.end]))
    return kept


def _numbers(text: str) -> Iterator[Found]:
    for pattern in PRIVATE_IN_TEXT:
        yield from _all(NUMBER, pattern, text)


def _homes(text: str, homes: Iterable[str]) -> Iterator[Found]:
    for pattern in _ROOMS:
        yield from (one for one in _all(HOME, pattern, text) if not _DATE.fullmatch(one.text))
    # The code of a home that is only a number ("12") would be found in every text.
    for home in {one for one in homes if len(one) > 3}:
        yield from _all(HOME, re.compile(rf"(?<![0-9A-Za-z]){re.escape(home)}(?![0-9A-Za-z])"), text)


def _names(text: str, names: Iterable[str]) -> Iterator[Found]:
    for name in {one.strip() for one in names}:
        if len(name) > 1:
            yield from _all(NAME, re.compile(re.escape(name)), text)
    for pattern in (_CALLED, _LATIN):
        yield from (one for one in _all(NAME, pattern, text) if not _NOBODY.search(one.text))


def _all(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    return (Found(kind, match.start(), match.end(), match[0]) for match in pattern.finditer(text))
