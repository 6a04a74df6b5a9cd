"""Addresses: the pages of the staff, the programming interface, the choice of language, the worker of devices, what needs no account."""

from django.urls import URLPattern, URLResolver, include, path

from huiyin.config.health import healthz
from huiyin.faces.parts.device import worker

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("worker.js", worker, name="worker"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("huiyin.faces.api.urls")),
    path("", include("huiyin.faces.portal.urls")),
    path("", include("huiyin.faces.console.urls")),
]

handler404 = "huiyin.faces.parts.errors.absent"
handler500 = "huiyin.faces.parts.errors.failed"
