"""Hiding the middle of numbers and names (users.md 2.10). Without Django, so that papers and exports can use it."""

import re
import unicodedata

from huiyin.plumbing.names import SURNAMES_OF_TWO

HIDDEN = "****"
TITLES = ("女士", "先生", "小姐", "老师", "同学", "师傅")
FEWEST_DIGITS_SHOWN = 7

_MOBILE = re.compile(r"(?:\+?86)?(1\d{10})")
_LANDLINE = re.compile(r"(0\d{2,3}|400)-?(\d{3,4}-?\d{3,4})")


def masked_phone(number: str) -> str:
    """Return `number` with its middle hidden.

    Mobiles keep three and four digits, landlines their area code and the last four, other numbers the last four,
    numbers of fewer than seven digits nothing. Full-width digits, spaces, dashes and +86 are understood.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", number))
    if mobile := _MOBILE.fullmatch(plain.replace("-", "")):
        digits = mobile[1]
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    if landline := _LANDLINE.fullmatch(plain):
        return f"{landline[1]}-{HIDDEN}{landline[2][-4:]}"
    digits = re.sub(r"\D", "", plain)
    return HIDDEN + digits[-4:] if len(digits) >= FEWEST_DIGITS_SHOWN else HIDDEN


def masked_name(name: str) -> str:
    """Return `name` with its given name hidden: 王芳 → 王*, 王小芳 → 王*芳, 欧阳小芳 → 欧**芳, Ann Lee → A**.

    With a title the surname and the title stay: 王女士 → 王女士, 万小明先生 → 万先生, 欧阳娜娜女士 → 欧阳女士.
    """
    name = name.strip()
    if not name:
        return ""
    if not re.fullmatch(r"[㐀-鿿·]+", name):
        return name[0] + "**"
    if name.endswith(TITLES) and len(name) > 2:
        return name[: 2 if name[:2] in SURNAMES_OF_TWO else 1] + name[-2:]
    if len(name) <= 2:
        return name[0] + "*" * (len(name) - 1) if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]
