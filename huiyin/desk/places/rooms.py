"""How people write a room, and the one way in which we keep it: ``3-2-1501`` (building, entrance, room)."""

from __future__ import annotations

import re
import unicodedata

from huiyin.core.moments import BadText

LONGEST_CODE = 40
_DASHES = re.compile(r"[‐‑‒–—―−~_/、,，.·]")
_WORDS = re.compile(r"号楼|号房|单元|[栋幢座楼门室房号床]")
_CODE = re.compile(r"[0-9A-Za-z\u3400-\u9fff]+(-[0-9A-Za-z\u3400-\u9fff]+)*")


class BadRoom(BadText):
    """A text that names no room."""


def parse_room(text: str) -> str:
    """The code of the room that ``text`` names: ``3栋2单元1501室``, ``３－２－１５０１``, ``03-02-1501`` and
    ``3-2-1501`` are one.

    Raises BadRoom if nothing is left, or something that is no room.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    parts = [_without_zeros(part, last) for part, last in _parts(_WORDS.sub("-", "".join(plain.split())))]
    code = "-".join(parts).upper()
    if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise BadRoom(
            f"found {text[:60]!r}, expected a room such as 3-2-1501; write building, entrance and room with dashes between",
            f"“{text[:60]}”不是房号；请按“栋-单元-室”填写，如 3-2-1501",
        )
    return code


def _parts(text: str) -> list[tuple[str, bool]]:
    parts = [part for part in text.split("-") if part]
    return [(part, number == len(parts) - 1) for number, part in enumerate(parts)]


def _without_zeros(part: str, last: bool) -> str:
    # 0301 may be another room than 301; the building 03 is the building 3.
    return part if last or not part.isdigit() else str(int(part))


def split_code(code: str) -> tuple[str, str, str]:
    """Building, entrance and room of a code; the building or entrance is empty where the code has fewer parts."""
    parts = code.split("-")
    if len(parts) == 1:
        return "", "", parts[0]
    if len(parts) == 2:
        return parts[0], "", parts[1]
    return parts[0], parts[1], "-".join(parts[2:])


def shown(code: str, language: str = "zh") -> str:
    """The room as a page shows it: ``3栋2单元1501室``; in English the code itself."""
    building, entrance, room = split_code(code)
    if not language.startswith("zh"):
        return code
    return f"{building}栋" * bool(building) + f"{entrance}单元" * bool(entrance) + f"{room}室"
