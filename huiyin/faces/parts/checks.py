"""Start-up refuses an address that the table of routes does not know, and a row whose right nobody has heard of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.desk.people.access import RIGHTS
from huiyin.faces.parts.routes import ANYONE, BY_KEY, ROUTES, SIGNED_IN


@register()
def every_address_has_its_row(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """An error for each address without a row, and for each row that names no right of ``people.access``."""
    missing = [
        Error(
            f"found the address {pattern!r} named {name!r}, expected a row for it in the table of routes",
            hint="Add it to ROUTES in huiyin/faces/parts/routes.py with the right that it asks for.",
            id="parts.E001",
        )
        for name, pattern in addresses(get_resolver())
        if name not in ROUTES
    ]
    unknown = [
        Error(f"found the right {route.right!r} for {name!r}, expected one of people.access.RIGHTS", id="parts.E002")
        for name, route in ROUTES.items()
        if route.right not in RIGHTS and route.right not in (ANYONE, SIGNED_IN, BY_KEY)
    ]
    return [*missing, *unknown]


def addresses(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """The name, with its namespace, and the pattern of every address below ``resolver``."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = (*namespaces, one.namespace) if one.namespace else namespaces
            yield from addresses(one, inner)
        elif isinstance(one, URLPattern):
            yield ":".join((*namespaces, one.name or "")), str(one.pattern)
