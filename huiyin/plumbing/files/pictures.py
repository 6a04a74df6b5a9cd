"""Pictures that come in: each is drawn anew in a process of its own, so that nothing but its colours stays."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huiyin.plumbing.files.kinds import BadFile, kind_of

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
_SECONDS: Final = 30
_SCRIPT: Final = Path(__file__).with_name("redrawing.py")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: JPEG or PNG, at most 1600 points on its long side, and the same small, as JPEG."""

    kind: str
    data: bytes
    small: bytes
    width: int
    height: int


def read_picture(data: bytes, name: str = "", *, most_bytes: int) -> Picture:
    """The picture drawn anew. Raises BadFile: too_large, wrong_type for what is no picture, invalid for one that is broken or has too
    many points (told by its head, before anything is decoded)."""
    if len(data) > most_bytes:
        most = most_bytes // 1048576
        raise BadFile(
            "too_large", f"found a photo of more than {most} MB, expected less; make it smaller", f"照片超过 {most} MB；请缩小后再传"
        )
    if not kind_of(data, name).picture:
        raise BadFile("wrong_type", "found a file that is no picture, expected one; choose a photo", "文件不是照片；请重新选择")
    return redraw(data)


def redraw(data: bytes) -> Picture:
    """The picture drawn anew. Raises BadFile (invalid) for one that is broken or has too many points."""
    told, files = _drawn(data)
    if told.get("error") == "pixels":
        size, most = f"{told['width']}×{told['height']}", int(told["most"]) // 1_000_000
        raise BadFile(
            "invalid",
            f"found a picture of {size} points, expected at most {most} million; make it smaller",
            f"图片为 {size} 像素，最多 {most}00 万像素；请缩小后再传",
        )
    if "error" in told:
        raise BadFile(
            "invalid", "found a picture that cannot be read to its end; send it again", "图片已损坏或不完整，无法读取；请重新上传"
        )
    whole = int(told["whole"])
    return Picture(PNG if told["png"] else JPEG, files[:whole], files[whole:], int(told["width"]), int(told["height"]))


def _drawn(data: bytes) -> tuple[dict[str, Any], bytes]:
    words = [sys.executable, "-I", str(_SCRIPT)]
    try:
        done = subprocess.run(words, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return {"error": "slow"}, b""
    line, newline, files = done.stdout.partition(b"\n")
    if done.returncode != 0 or not newline:
        return {"error": "broken"}, b""
    told: dict[str, Any] = json.loads(line)
    return told, files
