"""The worker that keeps pages on a person's device for a time without a net."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse


def worker(_request: HttpRequest) -> HttpResponse:
    """The worker's script. It stands at the root of the site, because a worker answers only for what is below it. Raises FileNotFoundError
    where the installation lacks it."""
    found = finders.find("parts/js/worker.js")
    if not isinstance(found, str):
        raise FileNotFoundError("found no parts/js/worker.js among the static files, expected the worker's script; install the house again")
    return HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
