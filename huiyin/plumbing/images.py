"""Pictures that come in: what they are is told by their bytes, never by their name or what the sender says."""

from __future__ import annotations

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
_FIRST: Final = ((b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_SMALLEST: Final = 32


def kind_of(data: bytes) -> str | None:
    """The kind of a picture: image/jpeg or image/png; None for what is neither, or too short to be one."""
    if len(data) < _SMALLEST:
        return None
    return next((kind for first, kind in _FIRST if data.startswith(first)), None)
