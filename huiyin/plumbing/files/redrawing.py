"""Draws one picture anew, in a process of its own with narrow limits: bytes in by standard input, a line of JSON and two pictures out.

Run as a script: if a picture breaks the decoder, it breaks this process and nothing else. What is drawn holds colours and nothing more:
no EXIF, no place, no number of a camera, no hidden small picture, nothing behind its end.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from contextlib import suppress
from typing import Any, Final

from PIL import Image

MOST_PIXELS: Final = 40_000_000
MOST_PIXELS_OF: Final = {"WEBP": 16_000_000}
"""Less where a decoder holds the picture several times over: one process stays below 300 MB."""
LONG_SIDE: Final = 1600
SMALL_SIDE: Final = 320
_MOST_MEMORY: Final = 1024 * 1024 * 1024
_MOST_SECONDS: Final = 20
_TIMES_LARGER: Final = 4
"""How much larger than as JPEG a picture may be to stay a PNG."""
_ROWS: Final = 64
"""Of how many rows a strip is made, after reducing."""
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""By what the camera said of the way it was held: how to turn the picture."""


def main() -> None:
    """Read, draw, write. What goes wrong stands in the line of JSON."""
    data = sys.stdin.buffer.read()
    _limit()
    try:
        told, pictures = _drawn(data)
    except Exception as error:
        told, pictures = {"error": "broken", "why": type(error).__name__}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pictures)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, _MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def _drawn(data: bytes) -> tuple[dict[str, Any], bytes]:
    # The limit below is lower than the one of Pillow, which only warns at first.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "WEBP")) as found:
        width, height = found.size
        most = MOST_PIXELS_OF.get(str(found.format), MOST_PIXELS)
        if width * height > most:
            return {"error": "pixels", "width": width, "height": height, "most": most}, b""
        turn = _turn(found)
        # A JPEG is decoded to the half, quarter or eighth that is still large enough.
        found.draft("RGB", _within(found.size))
        picture = _reduced(found)
        drawn = found.format in ("PNG", "GIF")
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    if turn is not None:
        picture = picture.transpose(turn)
    as_png, whole = _smallest(picture, drawn=drawn)
    told = {"png": as_png, "width": picture.width, "height": picture.height, "whole": len(whole)}
    picture.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return told, whole + _file(_on_white(picture), "JPEG")


def _within(size: tuple[int, int]) -> tuple[int, int]:
    """The size that a picture of ``size`` is made small to."""
    scale = min(1, LONG_SIDE / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _smallest(picture: Image.Image, *, drawn: bool) -> tuple[bool, bytes]:
    """Whether it is a PNG, and the file: what one sees through is one, what was ``drawn`` may be (a picture of a screen keeps its sharp
    edges); but a photo that was saved as PNG is many times larger than as JPEG, and slower."""
    if picture.mode == "RGBA":
        return True, _file(picture, "PNG")
    photo = _file(picture, "JPEG")
    whole = _file(picture, "PNG") if drawn else b""
    return (True, whole) if drawn and len(whole) <= _TIMES_LARGER * len(photo) else (False, photo)


def _turn(found: Image.Image) -> Image.Transpose | None:
    with suppress(Exception):
        return _TURNS.get(found.getexif().get(_ORIENTATION, 1))
    return None


def _reduced(found: Image.Image) -> Image.Image:
    """The picture, of several frames the first, at most some thousand points wide: in strips, so that only what it was decoded to is
    ever held whole. Raises what a decoder raises."""
    found.load()
    factor = max(1, max(found.size) // (2 * LONG_SIDE))
    if factor == 1:
        return _colours(found)
    strips = [
        _colours(found.crop((0, top, found.width, min(top + _ROWS * factor, found.height)))).reduce(factor)
        for top in range(0, found.height, _ROWS * factor)
    ]
    picture = Image.new(strips[0].mode, (strips[0].width, sum(one.height for one in strips)))
    for number, strip in enumerate(strips):
        picture.paste(strip, (0, number * _ROWS))
    return picture


def _colours(part: Image.Image) -> Image.Image:
    """In grey, in colour, or in colour with transparency."""
    if part.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight.
        return part.convert("F").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in part.info or part.mode in ("RGBA", "LA", "PA"):
        return part.convert("RGBA")
    return part.convert("L" if part.mode in ("L", "1", "F") else "RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _file(picture: Image.Image, kind: str) -> bytes:
    """The picture as a file, from its colours alone: what else its file told stays behind."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    file = io.BytesIO()
    bare.save(file, kind, **({"quality": 85} if kind == "JPEG" else {"compress_level": 3}))
    return file.getvalue()


if __name__ == "__main__":
    main()
