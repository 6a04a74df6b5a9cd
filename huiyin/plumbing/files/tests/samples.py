"""Files as people and attackers send them, made here: nothing is kept as a file."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

from PIL import Image

MAKER: Final = b"SERIAL-7731"
PLACE: Final[Mapping[int, Any]] = {0x010F: MAKER.decode(), 0x8825: {1: "N", 2: (31.0, 14.0, 7.31), 3: "E", 4: (121.0, 28.0, 7.31)}}
"""What a telephone writes into a photo: who made it, and where it was taken."""
XMP: Final = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MAKER + b"</x:xmpmeta>"
PDF: Final = b"%PDF-1.7\n1 0 obj <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>> endobj\ntrailer <<>>\n%%EOF\n"
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'
HTML: Final = b"<!DOCTYPE html><script>alert(1)</script>"
ELF: Final = b"\x7fELF\x02\x01\x01" + bytes(200)


def jpeg(size: tuple[int, int] = (80, 60), *, exif: Mapping[int, Any] | None = None, turn: int = 1) -> bytes:
    """A photo whose upper left corner is red; with what the camera said of it, and the way it was held."""
    made = Image.new("RGB", size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    said = Image.Exif()
    said[0x0112] = turn
    for name, value in (exif or {}).items():
        said[name] = value
    return _saved(made, "JPEG", exif=said.tobytes(), xmp=XMP if exif else b"", comment=MAKER if exif else b"", quality=95)


def picture(mode: str = "RGB", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return _saved(Image.new(mode, size), kind)


def frames(count: int, kind: str = "GIF") -> bytes:
    """A picture that moves: as many frames, each of another grey."""
    made = [Image.new("L", (30, 20), number % 256) for number in range(count)]
    return _saved(made[0], kind, save_all=True, append_images=made[1:])


def _saved(made: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    made.save(file, kind, **more)
    return file.getvalue()


def giant(width: int, height: int) -> bytes:
    """A hundred bytes that say they are a PNG of so many points."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"")
    parts = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (head, body))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def packed(*names: str) -> bytes:
    """An archive with these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name in names:
            book.writestr(name, "x")
    return file.getvalue()


DOCX: Final = packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
ARCHIVE: Final = packed("a.class")
"""A document with a macro; an archive that is none."""
