"""The bare stack to compare with: one Django view without anything around it, that writes given rows in one transaction.

The file named by BARE_ROWS holds, as JSON, a list of [table, [[column, type]…], [row…]]; each request inserts all of them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from huiyin.config.environment import database_options

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    DATABASES={"default": database_options(os.environ["HUIYIN_DATABASE_URL"])},
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bare",
    USE_TZ=True,
)
django.setup()


def _statements() -> list[tuple[str, list[list[str | None]]]]:
    found = []
    for table, columns, rows in json.loads(Path(os.environ["BARE_ROWS"]).read_text()):
        names = ", ".join(f'"{name}"' for name, _ in columns)
        values = ", ".join(f"%s::{kind}" for _, kind in columns)
        found.append((f'INSERT INTO bare."{table}" ({names}) VALUES ({values})', rows))
    return found


STATEMENTS = _statements()


def take(request: HttpRequest) -> HttpResponse:
    """Read the body, write the rows, answer."""
    from django.db import connection, transaction

    told: dict[str, Any] = json.loads(request.body)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, rows in STATEMENTS:
            cursor.executemany(statement, rows)
    answer = json.dumps({"number": told["external_number"]})
    return HttpResponse(answer, status=201, content_type="application/json")


urlpatterns = [path("api/v1/handovers", take)]

from django.core.wsgi import get_wsgi_application  # noqa: E402

from huiyin.config.entrance import Entrance  # noqa: E402

application = Entrance(get_wsgi_application(), most_bytes=lambda _path: 2 * 1024 * 1024, seconds=30)
