from importlib import import_module

from django.apps import AppConfig


class PartsConfig(AppConfig):
    """The Django app that carries the shared templates, static files, filters, and the table of routes with its guard."""

    name = "huiyin.faces.parts"
    label = "parts"

    def ready(self) -> None:
        """Have the table of routes checked at start-up."""
        import_module("huiyin.faces.parts.checks")
