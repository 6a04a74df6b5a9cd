"""Reading the text of a PDF that our press made: by the maps from glyphs to letters that it carries."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_PAIR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_NEXT = re.compile(rb"/(f\d+) [\d.]+ Tf|(\()|<([0-9A-Fa-f]+)>")
_SAID = re.compile(rb"/ActualText\s*(?:<[0-9A-Fa-f]*>|\((?:\\.|[^\\()])*\))", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """All text of the pages in the order in which it is drawn, without spaces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {name: _letters(objects, int(number)) for name, number in _FONT.findall(pdf)}
    streams = (_unpacked(body) for body in objects.values())
    return "".join(_drawn(_SAID.sub(b"", one), fonts) for one in streams if b" Tf" in one).replace(" ", "").replace("\u200b", "")


def _unpacked(body: bytes) -> bytes:
    found = _STREAM.search(body)
    try:
        # A checksum that ends in a carriage return loses it to the line's end: what is packed is whole all the same.
        return zlib.decompressobj().decompress(found[1]) if found else b""
    except zlib.error:
        return b""


def _letters(objects: dict[int, bytes], font: int) -> dict[int, str]:
    named = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(font, b""))
    pairs = _PAIR.findall(_unpacked(objects[int(named[1])])) if named else []
    return {int(code, 16): bytes.fromhex(letter.decode()).decode("utf-16-be") for code, letter in pairs}


def _drawn(stream: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    letters: dict[int, str] = {}
    text, place = "", 0
    while found := _NEXT.search(stream, place):
        place = found.end()
        if found[1]:
            letters = fonts.get(found[1], {})
        elif found[2]:
            place = _end_of(stream, place)
            text += _read(_ESCAPE.sub(_sign, stream[found.end() : place - 1]), letters)
        else:
            text += _read(bytes.fromhex(found[3].decode()), letters)
    return text


def _end_of(stream: bytes, place: int) -> int:
    """Behind the bracket that closes a string: brackets in pairs stand in it as they are."""
    depth = 1
    while depth:
        sign = stream[place : place + 1]
        depth += (sign == b"(") - (sign == b")")
        place += 2 if sign == b"\\" else 1
    return place


def _read(raw: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(raw[at : at + 2], "big"), "") for at in range(0, len(raw), 2))


def _sign(found: re.Match[bytes]) -> bytes:
    one = found[1]
    return bytes([int(one, 8)]) if one.isdigit() else _SIGNS.get(one, one)
