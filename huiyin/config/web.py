"""What the web server serves: the pages and the interface for programs, behind the entrance."""

import os

from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
django = get_wsgi_application()

from django.conf import settings  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402

from huiyin.config.entrance import Entrance  # noqa: E402
from huiyin.faces.parts.routes import MOST_BYTES_WITH_FILE, ROUTES  # noqa: E402
from huiyin.rulebook.load import regulation, stems  # noqa: E402

# No command of Django starts this server, so nobody else asks: an address without its row in the table of routes is not served.
if found := [str(one) for one in run_checks() if one.is_serious()]:
    raise SystemCheckError("\n".join(found))


def most_bytes(path: str) -> int:
    """How large a body the address takes: more where people send a file."""
    try:
        route = ROUTES.get(resolve(path).view_name)
    except Resolver404:
        route = None
    return MOST_BYTES_WITH_FILE if route is not None and route.file else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


# Read once before anybody asks: otherwise each thread of a fresh process would read all regulations for itself, and the first ones wait.
for stem in stems():
    regulation(stem)

application = Entrance(django, most_bytes=most_bytes, seconds=settings.ARRIVAL_SECONDS)
