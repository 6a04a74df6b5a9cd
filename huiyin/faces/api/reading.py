"""The strict reader of JSON bodies: what two readers might understand differently is refused, before anything else sees it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.request import RawPostDataException, UnreadablePostError

from huiyin.faces.api.problems import Problem

MOST_BYTES = 2 * 1024 * 1024
DEEPEST = 32
MOST_DIGITS = 18
_SURROGATE = re.compile("[\ud800-\udfff]")
_BRACKETS_OR_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def read_body(request: HttpRequest) -> tuple[bytes, dict[str, Any]]:
    """The bytes of the body and the JSON object in it. Raises Problem: 415 for another type or an encoding, 413 above 2 MB, 400, 422."""
    _refuse_other_types(request)
    raw = _bytes_of(request)
    return raw, read_object(raw)


def _refuse_other_types(request: HttpRequest) -> None:
    kind, _, parameter = request.META.get("CONTENT_TYPE", "").partition(";")
    charset = parameter.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in ("", "utf-8", "utf8"):
        raise Problem("wrong_type", "只接受 application/json（UTF-8）。请设置 Content-Type: application/json 后重发。")
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() not in ("", "identity"):
        raise Problem("wrong_type", "不接受压缩的内容（Content-Encoding）。请不压缩重发。")


def _bytes_of(request: HttpRequest) -> bytes:
    too_large = Problem("too_large", "内容超过 2 MB。请拆分后分次发送。")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Problem("malformed", "Content-Length 不是数字。请更正后重发。")
    if int(length) > MOST_BYTES:
        raise too_large
    try:
        raw = request.body
    except RequestDataTooBig:
        raise too_large from None
    except (UnreadablePostError, RawPostDataException, OSError):
        raise Problem("malformed", "请求内容没有收完整。请重发（使用同一个 Idempotency-Key）。") from None
    if length != "0" and len(raw) < int(length):
        raise Problem("malformed", "请求内容没有收完整。请重发（使用同一个 Idempotency-Key）。")
    return raw


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object that ``raw`` holds.

    Raises Problem 400: bytes that are no UTF-8, no JSON, doubled keys, NaN and infinities, numbers too long or too large, nesting
    deeper than 32, half of a surrogate pair, anything but an object; 422: U+0000 in a text.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem("malformed", f"第 {error.start + 1} 个字节起不是 UTF-8。请以 UTF-8 编码重发。") from None
    _refuse_depth(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Problem("malformed", f"不是有效的 JSON（第 {error.lineno} 行第 {error.colno} 列）。请更正后重发。") from None
    except RecursionError:
        raise Problem("malformed", f"嵌套超过 {DEEPEST} 层。请减少层数。") from None
    if not isinstance(value, dict):
        raise Problem("malformed", "内容应为一个 JSON 对象 {…}。请更正后重发。")
    # A text can hold a NUL or half a pair only by an escape: bodies without one need no second look.
    if "\\u" in text:
        _refuse_characters(value)
    return value


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for found in _BRACKETS_OR_TEXT.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > DEEPEST:
            raise Problem("malformed", f"嵌套超过 {DEEPEST} 层。请减少层数。")


def _refuse_characters(value: dict[str, Any]) -> None:
    for field, text in _texts(value, None):
        if _SURROGATE.search(text):
            raise Problem("malformed", "文字中有不成对的代理字符（\\ud800 至 \\udfff）。请删去后重发。", field)
        if "\0" in text:
            raise Problem("invalid", "文字中有不能保存的字符 U+0000。请删去后重发。", field)


def _texts(value: Any, field: str | None) -> Iterator[tuple[str | None, str]]:
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield None, key
            yield from _texts(one, field or key)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, field)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        doubled = next(key for key, count in counted.items() if count > 1)
        raise Problem("malformed", f"“{_shown(doubled)}”出现了两次。请只保留一个。", _shown(doubled))
    return made


def _shown(key: str) -> str:
    """A key as sent, short enough and fit for an answer."""
    return _SURROGATE.sub("□", key[:80]).replace("\0", "□")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Problem("malformed", f"数字超过 {MOST_DIGITS} 位。编号请作为文字（加引号）发送。")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")) or len(digits) > 40:
        raise Problem("malformed", "数字过大或过长。请更正后重发。")
    return value


def _constant(name: str) -> NoReturn:
    raise Problem("malformed", f"{name} 不是 JSON 中的数。请更正后重发。")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer, parse_float=_decimal, parse_constant=_constant)
