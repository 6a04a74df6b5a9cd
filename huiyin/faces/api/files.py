"""Files of a case through the interface: sent as they are, listed, fetched."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final, Literal
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from pydantic import BaseModel, Field

from huiyin.core.moments import in_shanghai
from huiyin.desk.attachments import access, actions, queries
from huiyin.desk.attachments.models import Attachment
from huiyin.desk.journal.actions import By, Destroyed
from huiyin.faces.api.keys import Caller, caller_of
from huiyin.faces.api.moves import case_of
from huiyin.faces.api.once import Answer, once
from huiyin.faces.api.problems import Problem
from huiyin.faces.parts.files import served
from huiyin.plumbing.phones import hide_phones_in

AS_IT_IS: Final = "application/octet-stream"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}|")


class Sent(BaseModel):
    """What the query says of the file whose bytes are the body."""

    name: str = Field("", max_length=400, description="What the file is called, with its ending: 现场.jpg.")
    audience: Literal["internal", "customer"] = Field("internal", description="Who may see it.")
    sha256: str = Field("", max_length=64, description="The SHA-256 of the bytes in hexadecimal; if given, other bytes are refused.")


def add_attachment(request: HttpRequest, number: str, told: Sent) -> HttpResponse:
    """Keep the body as a file of the case. Out: 201 with the file; the same bytes again are the same file."""
    caller = caller_of(request, "cases.write")
    case, at, raw = case_of(caller, number), timezone.now(), _bytes_of(request)
    if not _DIGEST.fullmatch(told.sha256.lower()):
        raise Problem("invalid", "应为 64 位十六进制。请更正。", "sha256")
    if told.sha256 and told.sha256.lower() != hashlib.sha256(raw).hexdigest():
        raise Problem("invalid", "收到的内容与 sha256 不符，没有保存。请重发。", "sha256")

    # Drawn before anything of the database is held.
    sent = actions.prepare(told.name, raw)

    def work(_remember: Any) -> Answer:
        try:
            made = actions.add(case.organisation_id, case.id, [sent], by=_by(caller), at=at, for_customer=told.audience == "customer")[0]
        except Destroyed:
            raise Problem("conflict", "工单已销毁，不能再添加附件。") from None
        return 201, {"case": case.number, **_shown(made)}

    # What the query says belongs to the request as much as its body does.
    return once(request, caller, request.META.get("QUERY_STRING", "").encode() + b"\n" + raw, at, work)


def _bytes_of(request: HttpRequest) -> bytes:
    """The body. Raises Problem: 415 for another type or an encoding, 413 above the size of a file, 400 where it broke off."""
    if request.META.get("CONTENT_TYPE", "").strip().lower() != AS_IT_IS:
        raise Problem("wrong_type", f"只接受 {AS_IT_IS}：请求内容就是文件本身，名称写在 name 参数里。")
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").lower() not in ("", "identity"):
        raise Problem("wrong_type", "不接受压缩的内容（Content-Encoding）。请不压缩重发。")
    most, length = settings.ATTACHMENT_MOST_BYTES, request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Problem("malformed", "Content-Length 不是数字。请更正后重发。")
    if int(length) > most:
        raise Problem("too_large", f"文件超过 {most // 1048576} MB。请缩小或拆分后重发。")
    try:
        raw = request.read(most + 1)
    except (UnreadablePostError, OSError):
        raw = b""
    if len(raw) < int(length):
        raise Problem("malformed", "请求内容没有收完整。请重发（使用同一个 Idempotency-Key）。")
    return bytes(raw)


def list_attachments(request: HttpRequest, number: str) -> dict[str, Any]:
    """The files of the case; of a case that holds secrets only how many there are."""
    case = case_of(caller_of(request, "cases.read"), number)
    standing = [one for one in queries.of_case(case.organisation_id, case.id) if one.removed_at is None]
    hidden = access.are_hidden(case)
    return {"items": [] if hidden else [_shown(one) for one in standing], "withheld": len(standing) if hidden else 0}


def _shown(one: Attachment) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "name": hide_phones_in(one.name),
        "kind": one.kind,
        "size": one.size,
        "sha256": one.sha256,
        "audience": "customer" if one.for_customer else "internal",
        "added_at": in_shanghai(one.at).isoformat(timespec="seconds"),
    }


def fetch_attachment(request: HttpRequest, number: str, attachment: UUID) -> HttpResponse:
    """The bytes of a file, which is entered. Raises Http404: not there, not theirs, taken away, or hidden."""
    caller = caller_of(request, "cases.read")
    case = case_of(caller, number)
    try:
        one = access.fetch(case, attachment)
        data = actions.look(one, by=_by(caller), at=timezone.now(), program=caller.key_name)
    except access.NotFound:
        raise Http404 from None
    return served(data, one.kind, hide_phones_in(one.name))


def _by(caller: Caller) -> By:
    return By(caller.role or "")
