from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "huiyin.desk.keeping"
    label = "keeping"
