"""What a file that came in is called: without ways to other folders, without what nobody sees, with the ending that it has."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

from huiyin.plumbing.files.kinds import Kind
from huiyin.plumbing.text import BLANK_LETTERS

MOST_LETTERS: Final = 100
_PATH: Final = regex.compile(r"[\\/]")
_UNSEEN: Final = regex.compile(rf"[\p{{C}}\u2028\u2029{BLANK_LETTERS}]|\p{{M}}{{9,}}")
_UNFIT: Final = regex.compile(r"[\"<>:|?*]")
_SPACES: Final = regex.compile(r"\s+")
_DEVICE: Final = regex.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_OF_PICTURES: Final = frozenset({"jpg", "jpeg", "jpe", "jfif", "png", "gif", "webp", "heic"})
_UNNAMED: Final = "附件"


def clean_file_name(sent: str) -> str:
    """The last part of the name that was sent, of at most a hundred letters; 附件 where nothing of it is left.

    What nobody sees goes first: otherwise it would hide from the rest of the rules what it stands beside.
    """
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", sent.encode("utf-8", "ignore").decode()))
    plain = _SPACES.sub(" ", _UNFIT.sub("_", _PATH.split(seen)[-1])).strip(" .")
    if _DEVICE.match(plain):
        plain = f"_{plain}"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:MOST_LETTERS].strip(" .") or _UNNAMED
    return f"{stem[: MOST_LETTERS - len(ending) - 1].strip(' .') or _UNNAMED}.{ending}"


def called(sent: str, kind: Kind) -> str:
    """The clean name with an ending of its kind: what it is stands behind whatever it was called."""
    name = clean_file_name(sent)
    if name.lower().endswith(kind.endings):
        return name
    stem, _dot, ending = name.rpartition(".")
    if kind.picture and stem and ending.lower() in _OF_PICTURES:
        name = stem
    return f"{name}{kind.endings[0]}"
