"""Names of people: how they are masked."""

import regex

_PAIRS = "欧阳司马上官诸葛夏侯东方皇甫尉迟公孙慕容令狐长孙宇文司徒司空轩辕端木南宫西门独孤百里申屠闻人赫连澹台濮阳太史公冶宗政"
SURNAMES_OF_TWO = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
_GRAPHEME = regex.compile(r"\X")
MOST_STARS = 3


def mask_name(name: str) -> str:
    """王* for 王 and 王芳, 王** for 王小明, 欧阳** for 欧阳娜娜, 阿*** for long names; nothing for no name."""
    letters = _GRAPHEME.findall(name.strip())
    if not letters:
        return ""
    shown = 2 if "".join(letters[:2]) in SURNAMES_OF_TWO and len(letters) > 2 else 1
    return "".join(letters[:shown]) + "*" * min(max(len(letters) - shown, 1), MOST_STARS)
