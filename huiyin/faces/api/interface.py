"""The interface as OpenAPI 3.1 describes it: every address with what it takes, gives and refuses."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.security import HttpBearer
from pydantic import BaseModel

import huiyin
from huiyin.faces.api import files, intake, moves, reads, schemas
from huiyin.faces.api.guard import problem_of
from huiyin.faces.api.problems import PROBLEM_TYPE, TITLES, respond


class _Bearer(HttpBearer):
    """Says in the description that a key is needed; who calls is found out by the address itself, with its scope."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return token

    def __call__(self, request: HttpRequest) -> Any:
        return True


class _Interface(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name under which programs made from the description call it."""
        return str(operation.view_func.__name__)


api = _Interface(
    title="回音 Huiyin",
    version=huiyin.__version__,
    description="投诉、建议、求助与报修的受理、转派与查询。写入须带 Idempotency-Key；错误为 application/problem+json。",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=_Bearer(),
)


def _refuse(request: HttpRequest, error: Any) -> HttpResponse:
    return respond(request, problem_of(error, request))


def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI 3.1 document. Out: 200 as JSON."""
    return HttpResponse(_document(), content_type="application/json")


@lru_cache(maxsize=1)
def _document() -> bytes:
    return json.dumps(api.get_openapi_schema(path_prefix="/api"), ensure_ascii=False, default=str).encode()


for _kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(_kind, _refuse)


def _described(shape: type[BaseModel] | None = None, *, key: bool = True, refusals: tuple[int, ...] = ()) -> dict[str, Any]:
    """What ninja cannot see: the body that the strict reader takes, the idempotency key, and the refusals."""
    told: dict[str, Any] = {"responses": {status: _refusal(status) for status in refusals}}
    if shape is not None:
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": shape.model_json_schema()}}}
    if shape is not None and key:
        told["parameters"] = [_KEY]
    return told


_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "One for each request, kept for seven days: the same request again gets the same answer.",
    "schema": {"type": "string", "pattern": "^[!-~]{8,128}$"},
}


def _refusal(status: int) -> dict[str, Any]:
    codes = [code for code, (known, _) in TITLES.items() if known == status]
    return {
        "description": ", ".join(codes),
        "content": {PROBLEM_TYPE: {"schema": schemas.Problem.model_json_schema()}},
    }


_WRITE = (400, 401, 403, 408, 409, 413, 415, 422, 503)
_READ = (400, 401, 403, 422, 503)


@api.post(
    "/v1/handovers",
    response={200: schemas.Registered, 201: schemas.Registered},
    url_name="handovers",
    openapi_extra=_described(schemas.Handover, refusals=_WRITE),
)
def post_handover(request: HttpRequest) -> Any:
    """Hand a case over from a call centre to a unit: registered and dispatched in one act."""
    return intake.hand_over(request)


@api.post(
    "/v1/messages/sms",
    response={200: schemas.Registered, 201: schemas.Registered},
    url_name="sms",
    openapi_extra=_described(schemas.Message, refusals=_WRITE),
)
def post_sms(request: HttpRequest) -> Any:
    """Deliver a resident's SMS."""
    return intake.take_sms(request)


@api.post(
    "/v1/messages/online",
    response={200: schemas.Registered, 201: schemas.Registered},
    url_name="online",
    openapi_extra=_described(schemas.Message, refusals=_WRITE),
)
def post_online(request: HttpRequest) -> Any:
    """Deliver a message of the online customer-service system."""
    return intake.take_online(request)


@api.post(
    "/v1/cases",
    response={200: schemas.Registered, 201: schemas.Registered},
    url_name="cases",
    openapi_extra=_described(schemas.NewCase, refusals=_WRITE),
)
def post_case(request: HttpRequest) -> Any:
    """Register a case without dispatching it."""
    return intake.register_case(request)


@api.get("/v1/cases", response=schemas.CaseList, url_name="cases", openapi_extra=_described(refusals=_READ))
def get_cases(request: HttpRequest, filters: Query[reads.CaseFilters]) -> Any:
    """List cases, the latest received first."""
    return reads.list_cases(request, filters)


@api.get("/v1/cases/{number}", response=schemas.CasePage, url_name="case", openapi_extra=_described(refusals=(*_READ, 404)))
def get_case(request: HttpRequest, number: str) -> Any:
    """Show a case."""
    return reads.show_case(request, number)


@api.post(
    "/v1/cases/{number}/moves",
    response=schemas.Moved,
    url_name="moves",
    openapi_extra=_described(schemas.Move, refusals=(*_WRITE, 404)),
)
def post_move(request: HttpRequest, number: str) -> Any:
    """Move a case on: accept, contact, urge, close …"""
    return moves.move_case(request, number)


@api.get(
    "/v1/cases/{number}/clocks",
    response=schemas.ClockList,
    url_name="clocks",
    openapi_extra=_described(refusals=(*_READ, 404)),
)
def get_clocks(request: HttpRequest, number: str) -> Any:
    """List the limits of a case."""
    return reads.list_clocks(request, number)


@api.post(
    "/v1/cases/{number}/attachments",
    response={201: schemas.AttachmentKept},
    url_name="attachments",
    openapi_extra={
        **_described(refusals=(*_WRITE, 404, 429)),
        "requestBody": {"required": True, "content": {files.AS_IT_IS: {"schema": {"type": "string", "format": "binary"}}}},
        "parameters": [_KEY],
    },
)
def post_attachment(request: HttpRequest, number: str, told: Query[files.Sent]) -> Any:
    """Add a file to a case: a photo (JPEG, PNG, WebP, GIF), a PDF, an Office document, a text or a recording, as the body itself."""
    return files.add_attachment(request, number, told)


@api.get(
    "/v1/cases/{number}/attachments",
    response=schemas.AttachmentList,
    url_name="attachments",
    openapi_extra=_described(refusals=(*_READ, 404)),
)
def get_attachments(request: HttpRequest, number: str) -> Any:
    """List the files of a case."""
    return files.list_attachments(request, number)


@api.get(
    "/v1/cases/{number}/attachments/{uuid:attachment}",
    url_name="attachment",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file, to be kept under its name.",
                "content": {files.AS_IT_IS: {"schema": {"type": "string", "format": "binary"}}},
            },
            **_described(refusals=(*_READ, 404))["responses"],
        }
    },
)
def get_attachment(request: HttpRequest, number: str, attachment: UUID) -> Any:
    """Fetch a file of a case."""
    return files.fetch_attachment(request, number, attachment)


@api.get("/v1/warnings", response=schemas.WarningList, url_name="warnings", openapi_extra=_described(refusals=_READ))
def get_warnings(request: HttpRequest, filters: Query[reads.WarningFilters]) -> Any:
    """List warnings, the latest first."""
    return reads.list_warnings(request, filters)


@api.get("/v1/units", response=schemas.UnitList, url_name="units", openapi_extra=_described(refusals=_READ))
def get_units(request: HttpRequest) -> Any:
    """List the units."""
    return reads.list_units(request)


@api.get("/v1/duties", response=schemas.DutyList, url_name="duties", openapi_extra=_described(refusals=_READ))
def get_duties(request: HttpRequest, filters: Query[reads.DutyFilters]) -> Any:
    """List recurring duties, the next one due first."""
    return reads.list_duties(request, filters)


@api.post(
    "/v1/suggestions-of-duplicates",
    response=schemas.DuplicateList,
    url_name="duplicates",
    openapi_extra=_described(schemas.DuplicatesQuestion, key=False, refusals=(400, 401, 403, 413, 415, 422, 503)),
)
def post_duplicates(request: HttpRequest) -> Any:
    """Ask which cases may be about the same."""
    return reads.suggest_duplicates(request)


@api.get("/v1/health", response=schemas.Health, url_name="health", auth=None, openapi_extra=_described(refusals=(400, 503)))
def get_health(request: HttpRequest) -> Any:
    """Say that the interface is there."""
    return reads.health(request)
