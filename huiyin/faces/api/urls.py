"""The addresses of the interface, each behind the guard. What may stand in a query is what the description says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.urls import URLPattern, path, re_path

from huiyin.faces.api.guard import guarded, nothing_here
from huiyin.faces.api.interface import api, description

app_name = "api"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
"""A parameter as Django writes it, with its converter; OpenAPI writes {name}."""


def _queries() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """For each route and method the names of its query parameters."""
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return {
        route.strip("/"): {
            method.upper(): frozenset(one["name"] for one in told.get("parameters", ()) if one["in"] == "query")
            for method, told in methods.items()
        }
        for route, methods in paths.items()
    }


def _addresses() -> list[URLPattern]:
    queries = _queries()
    found = {"openapi.json": path("openapi.json", guarded(description, {"GET": frozenset()}), name="description")}
    for one in api.urls[0]:
        route = str(one.pattern)
        known = queries.get(_PARAMETER.sub(r"{\1}", route).strip("/"))
        if known and isinstance(one, URLPattern):
            found[route] = path(route, guarded(one.callback, known), name=one.name)
    return [*found.values(), re_path("", guarded(nothing_here, {}), name="nothing")]


urlpatterns = _addresses()
