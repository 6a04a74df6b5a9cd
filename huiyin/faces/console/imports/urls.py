"""The addresses of the import of ledgers."""

from __future__ import annotations

from django.urls import path

from huiyin.faces.console.imports import mapping, preview, result, views

URLS = [
    path("imports", views.overview, name="imports"),
    path("imports/template", views.template, name="imports-template"),
    path("imports/upload", views.upload, name="imports-upload"),
    path("imports/files/<uuid:upload>", mapping.edit, name="imports-map"),
    path("imports/files/<uuid:upload>/drop", views.drop, name="imports-drop"),
    path("imports/files/<uuid:upload>/preview", preview.verdicts, name="imports-preview"),
    path("imports/files/<uuid:upload>/wrong", preview.wrong, name="imports-wrong"),
    path("imports/files/<uuid:upload>/begin", preview.begin, name="imports-begin"),
    path("imports/<uuid:brought>", result.result, name="import"),
    path("imports/<uuid:brought>/passwords", result.passwords, name="import-passwords"),
    path("imports/<uuid:brought>/wrong", result.wrong, name="import-wrong"),
]
