"""The entry of the web server."""

import os

from django.core.checks import run_checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
application = get_wsgi_application()

# No command of Django starts this server, so nobody else asks: an address without its row in the table of routes is not served.
if found := [str(one) for one in run_checks() if one.is_serious()]:
    raise SystemCheckError("\n".join(found))
