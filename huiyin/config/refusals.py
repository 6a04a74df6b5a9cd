"""Tells in words what the entrance refused: as a problem document to programs, as a page to people, each in their language."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from huiyin.config.entrance import REFUSED, Refusal
from huiyin.faces.api.problems import TITLES, Problem, respond

_PROGRAMS = "/api/"
_TOLD: Mapping[str, tuple[str, object, object]] = {
    "strange_address": ("malformed", _("地址不符"), _("请求行里的地址与 Host 不是同一个。请用一致的地址重发。")),
    "no_length": ("malformed", _("没有说明长度"), _("内容要带 Content-Length 发送，不接受 Transfer-Encoding。请更正后重发。")),
    "too_large": ("too_large", _("内容太大"), _("内容超过 %(most)s MB。请缩小或拆分后重发。")),
    "too_slow": ("too_slow", _("内容来得太慢"), _("内容没有及时收完，没有保存。请检查网络后重发。")),
    "broken_off": ("malformed", _("内容没有收完整"), _("连接在内容收完之前断开，没有保存。请重发。")),
    "later": ("later", _("请稍后再试"), _("此刻正在接收的文件太多，没有保存。请稍后重发。")),
}
"""By the reason: the code of the problem, a title and a sentence."""


class Refusals:
    """Answers what the entrance refused; it stands before all that would look at the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The refusal in words, or the answer of what comes behind."""
        refusal = request.META.get(REFUSED)
        return tell(request, refusal) if isinstance(refusal, Refusal) else self.get_response(request)


def tell(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer that tells a refusal."""
    code, title, sentence = _TOLD[refusal.why]
    most = {"most": refusal.most // (1024 * 1024)}
    if request.path.startswith(_PROGRAMS):
        with translation.override("zh-hans"):
            return respond(request, Problem(code, str(sentence) % most))
    status = TITLES[code][0]
    with translation.override(translation.get_language_from_request(request)):
        told = {"status": status, "title": title, "sentence": str(sentence) % most}
        return HttpResponse(render_to_string("parts/error_refused.html", told), status=status)
