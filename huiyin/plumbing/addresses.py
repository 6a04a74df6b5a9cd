"""Mail addresses, as people in a company have them."""

import re
import unicodedata
from typing import Final

EMAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+=-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}")
"""Stricter than the standard, so that nothing else slips through."""
MOST: Final = 254


def is_email(text: str) -> bool:
    """Whether the text is one mail address and nothing else."""
    return len(text) <= MOST and EMAIL.fullmatch(text) is not None


def plain_email(text: str) -> str:
    """The address as it is kept: half width, without the spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()
