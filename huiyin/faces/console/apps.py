from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The Django app of the staff's pages."""

    name = "huiyin.faces.console"
    label = "console"
