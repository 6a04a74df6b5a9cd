"""What a text is compared by: pairs to fours of its characters, and the names of places in it. No Django."""

from __future__ import annotations

import re
from typing import Final

LEAST, MOST = 2, 4
MOST_READ: Final = 600
"""Characters of a text that are read: what it is about stands at its beginning, and long letters all resemble each other."""

_UNIT = re.compile(r"[一-鿿]|[a-z0-9]+")
_BREAK = re.compile(r"[^一-鿿a-z0-9]+")
_LOOSE = re.compile(r"[\s·•.．]+")
_ENDINGS: Final = (
    r"小区|花园|家园|学院|大学|中学|小学|学校|医院|社区|街道|公寓|广场|公司|集团|车站|地铁站|之城|新城|号楼|单元"
    r"|[路街道镇村乡苑园城府湾郡墅里庄站港岛山湖栋幢座]"
)
_PLACE = re.compile(_ENDINGS)
_REGION = re.compile(r"[A-Za-z]\d*[市区县]")
"""Districts whose name has been taken out of a text: A市, A3区. They tell nothing apart."""
_FEWEST = 2


def tidy(text: str) -> str:
    """The text without white space and the points that stand inside names (伊景园·滨河苑)."""
    return _LOOSE.sub("", text)


def terms(text: str) -> frozenset[str]:
    """All runs of two to four characters of a tidy text that no punctuation parts; a number or Latin word counts as one character.

    >>> sorted(terms("K9县，门"))
    ['k9', 'k9县']
    """
    found: set[str] = set()
    for part in _BREAK.split(text.lower()):
        units = _UNIT.findall(part)
        found.update(one for one in units if len(one) > _FEWEST or (len(one) == _FEWEST and not one.isdigit()))
        for size in range(LEAST, MOST + 1):
            found.update("".join(units[at : at + size]) for at in range(len(units) - size + 1))
    return frozenset(found)


def places(text: str) -> frozenset[str]:
    """The ends of what looks like names of places in a tidy text: the two characters before 小区, 学院, 路 … and its first one.

    >>> places("南湖路森宇家园油烟扰民") == {"南湖路", "森宇家"}
    True
    """
    found: set[str] = set()
    for part in re.split(r"\W+", _REGION.sub("，", text)):
        for end in _PLACE.finditer(part):
            before = part[max(0, end.start() - _FEWEST) : end.start()]
            if len(before) == _FEWEST:
                found.add(before + end.group(0)[0])
    return frozenset(found)
