"""What stands before every address of the interface: strict queries, and one form for every refusal."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from django.db import DatabaseError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import ValidationError
from pydantic import BaseModel
from pydantic import ValidationError as BadShape

from huiyin.core.moments import BadText as Unreadable
from huiyin.desk.facts.actions import Refused
from huiyin.desk.files.actions import TooMuchToday
from huiyin.faces.api.problems import Problem, request_id, respond
from huiyin.plumbing.files import BadFile
from huiyin.plumbing.phones import BadPhone
from huiyin.plumbing.text import BadText

Shape = TypeVar("Shape", bound=BaseModel)
View = Callable[..., HttpResponse]
_log = logging.getLogger(__name__)
_NOT_THERE = "没有找到。请核对编号。"


def guarded(view: View, queries: Mapping[str, frozenset[str]]) -> View:
    """``view`` behind the guard. ``queries`` names, for each method, the query parameters that it takes."""

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "HEAD" and "GET" in queries:
                # The same answer, of which the server sends the head alone.
                request.method = "GET"
            if queries and request.method not in queries:
                taken = "、".join(sorted(queries))
                raise Problem(
                    "method_not_allowed",
                    f"此地址不接受 {request.method}，只接受 {taken}。",
                    allow=[*sorted(queries), *(["HEAD"] if "GET" in queries else [])],
                )
            if queries:
                refuse_strange_queries(request, queries[str(request.method)])
            response = view(request, *args, **kwargs)
        except Exception as error:
            response = respond(request, problem_of(error, request))
        response["X-Request-ID"] = request_id(request)
        response["Cache-Control"] = "no-store"
        return response

    # Keys travel in a header that no foreign page can make a browser send.
    return csrf_exempt(answer)


def nothing_here(_request: HttpRequest) -> HttpResponse:
    """The answer of every address below the interface that is none. Raises Http404."""
    raise Http404


def refuse_strange_queries(request: HttpRequest, known: frozenset[str]) -> None:
    """Raises Problem 400 for a query parameter that is not known or comes twice."""
    for name, values in request.GET.lists():
        if name not in known:
            choices = f"可用：{'、'.join(sorted(known))}" if known else "此地址没有查询参数"
            raise Problem("unknown_filter", f"没有这个查询参数。{choices}。", name[:80])
        if len(values) > 1:
            raise Problem("doubled_parameter", "同一查询参数出现了多次。请只保留一个。", name)
        if "\0" in values[0]:
            raise Problem("invalid", "查询参数中有不能使用的字符 U+0000。请删去。", name)


def problem_of(error: Exception, request: HttpRequest) -> Problem:
    """What the sender is told of an error. An error that nobody foresaw is logged, and told as a fault without its insides."""
    return next(_problems(error), None) or _fault(error, request)


def _problems(error: Exception) -> Iterator[Problem]:
    """The problem of an error that was foreseen; none for others."""
    if isinstance(error, Problem):
        yield error
    elif isinstance(error, Http404):
        yield Problem("not_found", _NOT_THERE)
    elif isinstance(error, Refused):
        clause = error.refusal.clause
        yield Problem("refused", f"{error.refusal.why_zh}（{clause}）。", None, clause=clause, message_en=error.refusal.why_en)
    elif isinstance(error, BadText):
        yield Problem("invalid", error.message_zh, error.field)
    elif isinstance(error, BadFile):
        yield Problem(error.code, f"{error.zh}。")
    elif isinstance(error, BadPhone):
        yield Problem("invalid", error.message_zh, "contact_phone")
    elif isinstance(error, TooMuchToday):
        yield Problem("too_many", f"{error.zh}。", None, message_en=f"{error.en}.", retry_after=error.seconds)
    elif isinstance(error, Unreadable):
        yield Problem("invalid", error.zh, getattr(error, "field", None), choices=list(getattr(error, "choices", ())))
    elif isinstance(error, BadShape):
        yield _bad_shape(error.errors()[0])
    elif isinstance(error, ValidationError):
        yield _bad_shape(error.errors[0])


def _fault(error: Exception, request: HttpRequest) -> Problem:
    if isinstance(error, OperationalError):
        _log.error("request %s: the database does not answer: %s", request_id(request), error)
        return Problem("later", "数据库暂时没有响应，请求没有保存。请稍后重发（使用同一个 Idempotency-Key）。", retry_after=5)
    kind = "database" if isinstance(error, DatabaseError) else "code"
    _log.exception("request %s failed (%s)", request_id(request), kind)
    return Problem("fault", "系统内部出错，请求没有保存。请把 request_id 告诉管理员。")


_WORDS: Mapping[str, str] = {
    "missing": "缺少此项。请填写。",
    "extra_forbidden": "没有这一项。请删去。",
    "string_too_long": "内容过长，最多 {max_length} 个字。请缩短。",
    "string_too_short": "内容过短，至少 {min_length} 个字。请补充。",
    "string_type": "应为文字（加引号）。请更正。",
    "bool_type": "应为 true 或 false。请更正。",
    "int_type": "应为整数。请更正。",
    "int_parsing": "应为整数。请更正。",
    "dict_type": "应为对象 {{…}}。请更正。",
    "less_than_equal": "最大为 {le}。请改小。",
    "greater_than_equal": "最小为 {ge}。请改大。",
}


def _bad_shape(found: Mapping[str, Any]) -> Problem:
    """The problem of one finding of pydantic; only names that were sent, or that we ask for, are named."""
    path = [str(part) for part in found["loc"] if part not in ("body", "query", "path")]
    field = ".".join(part[:80] for part in path[-3:]) or None
    if choices := _choices(found):
        return Problem("invalid", f"不是可用的值。请从 {'、'.join(choices)} 中选择。", field, choices=choices)
    words = _WORDS.get(str(found["type"]), "不是可用的值。请对照 /api/openapi.json 更正。")
    return Problem("invalid", words.format(**found.get("ctx", {})), field)


def _choices(found: Mapping[str, Any]) -> list[str]:
    """The words that a field takes, where it takes only some."""
    expected = str(found.get("ctx", {}).get("expected", "")) if found["type"] in ("literal_error", "enum") else ""
    return re.findall(r"'([^']*)'", expected)


def read_shape(shape: type[Shape], body: dict[str, Any]) -> Shape:
    """The body as ``shape``. Raises Problem 422 naming the first key, in the order sent, that does not belong to it."""
    for name in body:
        if name not in shape.model_fields:
            raise Problem("invalid", "没有这一项。请删去。", name[:80])
    return shape.model_validate(body)
