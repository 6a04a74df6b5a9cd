"""What a file is, told by its bytes: never by its name or by what the sender says.

No file is opened for that: signatures and marks are looked for in the bytes. What is not known here is refused, so that pages, drawings
with scripts, programs and whatever is invented next need no list of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_END_OF_ZIP: Final = b"PK\x05\x06"
_SIZE_OF_END: Final = 22
_TAIL: Final = 65535 + _SIZE_OF_END
_HEAD: Final = 1024
"""In so many bytes PDF readers look for the head of a PDF, and browsers for that of a page."""
_MARKUP: Final = re.compile(rb"^\s*(<|#!|@echo)|<(script|html|svg|body|iframe|object|embed|\?php|!doctype)", re.IGNORECASE)
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


class BadFile(ValueError):
    """A file that is not taken. ``code``: wrong_type (it is nothing that is taken), too_large, or invalid; a sentence in both languages."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.en, self.zh = code, en, zh

    def named(self, name: str) -> BadFile:
        """The same, telling which file it is about."""
        return BadFile(self.code, f"“{name}”: {self.en}", f"“{name}”：{self.zh}")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: how it is served, the endings that its name may have (the first is given to it otherwise)."""

    mime: str
    endings: tuple[str, ...]
    picture: bool = False


_PICTURES: Final = (
    (re.compile(rb"\xff\xd8\xff"), Kind("image/jpeg", (".jpg", ".jpeg"), picture=True)),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), Kind("image/png", (".png",), picture=True)),
    (re.compile(rb"GIF8[79]a"), Kind("image/gif", (".gif",), picture=True)),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), Kind("image/webp", (".webp",), picture=True)),
)
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_PACKED: Final = (
    (b"word/document", Kind(f"{_OOXML}.wordprocessingml.document", (".docx", ".docm"))),
    (b"xl/workbook", Kind(f"{_OOXML}.spreadsheetml.sheet", (".xlsx", ".xlsm"))),
    (b"ppt/presentation", Kind(f"{_OOXML}.presentationml.presentation", (".pptx", ".pptm"))),
    (b"application/vnd.oasis.opendocument.text", Kind("application/vnd.oasis.opendocument.text", (".odt",))),
    (b"application/vnd.oasis.opendocument.spreadsheet", Kind("application/vnd.oasis.opendocument.spreadsheet", (".ods",))),
    (b"application/vnd.oasis.opendocument.presentation", Kind("application/vnd.oasis.opendocument.presentation", (".odp",))),
)
_FIRST_IN_OFFICE: Final = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/", b"mimetype")
_OLD_OFFICE: Final = (
    ("WordDocument", Kind("application/msword", (".doc", ".wps"))),
    ("Workbook", Kind("application/vnd.ms-excel", (".xls", ".et"))),
    ("PowerPoint Document", Kind("application/vnd.ms-powerpoint", (".ppt", ".dps"))),
)
_SOUNDS: Final = (
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2\xfa]"), Kind("audio/mpeg", (".mp3",))),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), Kind("audio/wav", (".wav",))),
    (re.compile(rb"#!AMR"), Kind("audio/amr", (".amr",))),
    (re.compile(rb"\xff[\xf1\xf9]"), Kind("audio/aac", (".aac",))),
    (re.compile(rb"OggS"), Kind("audio/ogg", (".ogg", ".opus", ".oga"))),
)
_SOUND_IN_MP4: Final = Kind("audio/mp4", (".m4a", ".mp4", ".3gp"))
_PDF: Final = Kind("application/pdf", (".pdf",))
_TEXT: Final = Kind("text/plain", (".txt", ".csv", ".log", ".md"))


def kind_of(data: bytes, name: str) -> Kind:
    """The kind of the file. Raises BadFile: invalid for an empty or cut one, wrong_type for what is not taken.

    ``name`` is asked for one thing: what is only text is taken where it is called text, because a script is text too.
    """
    if not data:
        raise BadFile("invalid", "found an empty file, expected one with something in it; choose it again", "文件是空的；请重新选择")
    for asks in (_picture, _pdf, _office, _old_office, _sound, _text):
        if (found := asks(data, name)) is not None:
            return found
    raise _refusal(data)


def _picture(data: bytes, _name: str) -> Kind | None:
    return next((kind for first, kind in _PICTURES if first.match(data)), None)


def _pdf(data: bytes, _name: str) -> Kind | None:
    if not data.startswith(b"%PDF-"):
        return None
    if _ends_as_zip(data):
        raise _two_in_one()
    if b"%%EOF" not in data[-2048:]:
        raise _cut()
    return _PDF


def _office(data: bytes, _name: str) -> Kind | None:
    if not data.startswith(b"PK\x03\x04") or not data[30:].startswith(_FIRST_IN_OFFICE):
        return None
    if b"%PDF-" in data[:_HEAD]:
        raise _two_in_one()
    if not _ends_as_zip(data):
        raise _cut()
    return next((kind for mark, kind in _PACKED if mark in data), None)


def _old_office(data: bytes, _name: str) -> Kind | None:
    if not data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return None
    # An installer of Windows has the same head: the name of the stream tells them apart.
    return next((kind for stream, kind in _OLD_OFFICE if stream.encode("utf-16-le") in data), None)


def _sound(data: bytes, _name: str) -> Kind | None:
    if data[4:8] == b"ftyp":
        return _SOUND_IN_MP4 if b"soun" in data and b"vide" not in data else None
    return next((kind for first, kind in _SOUNDS if first.match(data)), None)


def _text(data: bytes, name: str) -> Kind | None:
    if not name.lower().endswith(_TEXT.endings) or _MARKUP.search(data[:_HEAD].removeprefix(b"\xef\xbb\xbf")):
        return None
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8", "gb18030")
    return _TEXT if any(_reads(data, encoding) for encoding in encodings) else None


def _reads(data: bytes, encoding: str) -> bool:
    try:
        return _CONTROLS.search(data.decode(encoding)) is None
    except UnicodeDecodeError:
        return False


def _ends_as_zip(data: bytes) -> bool:
    """Whether a reader of archives finds the end of one at the end of the bytes."""
    at = data.rfind(_END_OF_ZIP, max(len(data) - _TAIL, 0))
    return at >= 0 and at + _SIZE_OF_END + int.from_bytes(data[at + 20 : at + _SIZE_OF_END], "little") == len(data)


def _cut() -> BadFile:
    return BadFile("invalid", "found a file without its end, expected it whole; send it again", "文件不完整（缺少结尾）；请重新上传")


def _two_in_one() -> BadFile:
    return BadFile(
        "wrong_type",
        "found two kinds of file in one, expected one; save it anew and send it again",
        "一个文件里有两种格式；请另存后重新上传",
    )


_OTHER_PICTURES: Final[tuple[tuple[Callable[[bytes], bool], str], ...]] = (
    (lambda data: data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif"), "HEIC"),
    (lambda data: data[:4] in (b"II*\0", b"MM\0*"), "TIFF"),
)


def _refusal(data: bytes) -> BadFile:
    for fits, called in _OTHER_PICTURES:
        if fits(data):
            return BadFile(
                "wrong_type",
                f"found a picture in {called}, expected JPG, PNG, WebP or GIF; save it as JPG (iPhone: Camera → Formats → Most Compatible)",
                f"不接受 {called} 格式的照片；请另存为 JPG 再上传（iPhone：设置 → 相机 → 格式 → 兼容性最佳）",
            )
    return BadFile(
        "wrong_type",
        "found a file of a kind that is not taken, expected a photo (JPG, PNG, WebP, GIF), PDF, Office document, text or recording",
        "不接受这种文件；可上传照片（JPG、PNG、WebP、GIF）、PDF、Office 文档、文本和录音",
    )
