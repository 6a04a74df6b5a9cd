from django.apps import AppConfig


class PartsConfig(AppConfig):
    """The Django app that carries the shared templates, static files and filters."""

    name = "huiyin.faces.parts"
    label = "parts"
